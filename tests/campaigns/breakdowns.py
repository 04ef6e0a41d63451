"""Breakdowns of a small study: what is said, and that the mend ends in the same bytes.

python tests/campaigns/breakdowns.py [PART of a name ...]; without parts all are tried.
paper/results/breakdowns.json has the last result of each kind. Each starts from a finished study
in which a sentence was changed, breaks something, runs a command, mends, and runs `study`. It holds
where the command said one screen without a traceback, site/, paper/ and figures/ were wholly as
before or wholly new, what the user put there stands, and the last run made what an undisturbed one
makes. Kinds that mount a small or read-only disk need root.
"""

import contextlib
import fcntl
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import nbformat

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import tiny  # noqa: E402  stands beside the folder of this script

RESULTS = tiny.ROOT / "paper" / "results" / "breakdowns.json"
PUBLISHED = ("site", "paper", "figures")
MADE = (*PUBLISHED, "build/notebooks")  # with today's prose, other than build/executed
PLOT = "import matplotlib.pyplot as plt\nplt.plot([1, 2]);"
KINDS = {}  # name: (the command, a generator function that breaks, yields once, mends)


def kind(name, *command, **options):
    """Register a breakdown: a generator function of the folder that breaks, yields, mends.

    options: `code`, the exit code expected, else anything; `said`, a pattern of what is said.
    """
    def register(function):
        KINDS[name] = (command or ("study",), function, options)
        return function
    return register


# Something else stands where a folder or a file belongs

def put(path, content=b"a user's own"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def something_else(place, make, stands):
    """A generator function: `place` is moved away, `make` puts a thing there, `stands` asks it."""
    def breakdown(folder):
        path, away = folder / place, folder / "away"
        if path.exists():
            os.replace(path, away)
        make(path)
        yield
        assert stands(path), f"{place} was touched"
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
        if away.exists():
            os.replace(away, path)
    return breakdown


for place in ("build", "site", "figures", "build/executed", "build/rendered", "build/notebooks",
              "build/home", "build/home/jupyter"):
    kind(f"{place} is a file", code=1, said="is a file where a folder belongs")(something_else(
        place, put, lambda path: path.read_bytes() == b"a user's own"))
for place in ("build", "site", "build/executed", "build/home"):
    kind(f"{place} is a link to nowhere", code=1, said="is a link to nowhere")(something_else(
        place, lambda path: path.symlink_to("/nowhere/at/all"), os.path.islink))
for place in ("site/index.html", "paper/01-first.md", "paper/manifest.sha256", "paper/paper.pdf",
              "build/state.json", "build/ledger.json", "build/tables.ok", "build/lock",
              "build/published.sha256", "build/executed/01-first.ipynb",
              "build/rendered/01-first.sha256"):
    kind(f"{place} is a folder", code=1, said="is a folder where a file belongs")(something_else(
        place, lambda path: put(path / "mine"), lambda path: (path / "mine").exists()))


# A garbled file of the study's own: said or noticed, and made again

GARBLES = {"empty": lambda old: b"", "cut in half": lambda old: old[:len(old) // 2],
           "noise": lambda old: random.Random(1).randbytes(len(old) or 99)}


def garbled(place, change):
    def breakdown(folder):
        (folder / place).write_bytes(change((folder / place).read_bytes()))
        yield
    return breakdown


for number, place in enumerate((
        "build/state.json", "build/published.sha256", "paper/manifest.sha256", "build/tables.ok",
        "build/executed/01-first.ipynb", "build/executed/02-second.ipynb", "build/ledger.json",
        "build/notebooks/02-second.ipynb", "build/rendered/02-second.sha256",
        "build/rendered/book.sha256")):
    for how in [*GARBLES] if number < 2 else [[*GARBLES][number % 3]]:
        kind(f"{place} is {how}", code=0)(garbled(place, GARBLES[how]))
for number, text in enumerate((b"[]", b"3", b'{"a": 3}', b'{"tables": {"deps:": 5}}', b"null",
                               b'{"execute:01-first": {"deps:": [1], "x": []}}', b"[" * 99999)):
    kind(f"build/state.json is JSON of another shape, {number + 1}", code=0,
         said="was garbled and is now")(garbled("build/state.json", lambda old, text=text: text))
kind("a manifest that names a table and a file outside", code=0)(garbled(
    "paper/manifest.sha256", lambda old: old + b"".join(
        b"0" * 64 + b"  " + name + b"\n" for name in (b"data/countries.csv", b"../outside",
                                                      b"/tmp/outside", b"site/../dodo.py"))))
kind("measure with a garbled notebook", "measure", code=1, said="Mend: make study")(garbled(
    "build/notebooks/01-first.ipynb", GARBLES["cut in half"]))
kind("claims with a garbled ledger", "claims", code=0)(garbled(
    "build/ledger.json", GARBLES["noise"]))
# verify publishes nothing: the manifest, which is published itself, stays garbled
kind("verify with a garbled manifest", "verify", code=1, said="Mend: make study", mixed=True)(
    garbled("paper/manifest.sha256", GARBLES["noise"]))


# A notebook that ends its kernel, its step, or never ends

def cell(folder, text, name="02-second"):
    """Another last cell for a notebook; how to undo it."""
    path = folder / "notebooks" / f"{name}.ipynb"
    old = path.read_bytes()
    notebook = nbformat.reads(old.decode(), 4)
    notebook.cells[-1].source = text
    nbformat.write(notebook, path)
    return lambda: path.write_bytes(old)


def in_a_cell(text, settings=""):
    def breakdown(folder):
        undo, project = cell(folder, text), folder / "pyproject.toml"
        old = project.read_text(encoding="utf-8")
        project.write_text(old.replace("[tool.footnoted]\n", f"[tool.footnoted]\n{settings}\n"),
                           encoding="utf-8")
        yield
        undo()
        project.write_text(old, encoding="utf-8")
    return breakdown


DIED = {"code": 1, "said": r"02-second\.ipynb, cell 3 .*The kernel died.*Mend: "}
kind("the kernel ends its process", **DIED)(in_a_cell("import os\nos._exit(1)"))
kind("the kernel is killed, as for want of memory", **DIED)(in_a_cell(
    "import os\nos.kill(os.getpid(), 9)"))
kind("the kernel meets a fault of memory", **DIED)(in_a_cell(
    "import ctypes\nctypes.string_at(0)"))
kind("memory is short in a cell", code=1, said="MemoryError.*Mend: ")(in_a_cell(
    "bytes(10 ** 18)"))
kind("the step is killed", code=1, said="execute 02-second was stopped by SIGKILL.*Mend: ")(
    in_a_cell("import os\nos.kill(os.getppid(), 9)"))
kind("a cell never ends", code=1, said="not done after 5 s.*Mend: ")(in_a_cell(
    "while True: pass", "seconds_per_cell = 5"))
kind("a cell that never ends and hears no interrupt", code=1, said="not done after 5 s.*Mend: ")(
    in_a_cell("import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n"
              "while True: time.sleep(1)", "seconds_per_cell = 5"))
kind("a cell asks for input", code=1, said="StdinNotImplementedError.*Mend: ")(in_a_cell("input()"))


def at_start(text):
    """A file that each kernel runs before it answers."""
    def breakdown(folder):
        file = folder / "build/home/ipython/profile_default/startup/00-first.py"
        put(file, text.encode())
        shutil.rmtree(folder / "build/executed")
        yield
        file.unlink()
    return breakdown


kind("the kernel needs 70 s to start", code=0)(at_start("import time\ntime.sleep(70)"))
kind("the kernel dies at its start", code=1, said="its kernel did not start.*Mend: ")(at_start(
    "import os\nos._exit(1)"))


# A disk that is full or read-only, files that may not grow

def mounted(folder, *options):
    subprocess.run(["mount", *options, folder], check=True)


def full(spare):
    """A generator function: the study stands on a disk with `spare` KiB left."""
    def breakdown(folder):
        copy = folder.with_name("copy")
        os.replace(folder, copy)
        folder.mkdir()
        mounted(folder, "-t", "tmpfs", "-o", "size=200m", "tmpfs")
        try:
            shutil.copytree(copy, folder, dirs_exist_ok=True, symlinks=True)
            used = os.statvfs(folder)
            used = (used.f_blocks - used.f_bfree) * used.f_frsize // 1024
            mounted(folder, "-o", f"remount,size={used + spare}k")
            yield
            mounted(folder, "-o", "remount,size=200m")
            yield
        finally:
            shutil.rmtree(copy)
            shutil.copytree(folder, copy, symlinks=True)
            subprocess.run(["umount", "--lazy", folder], check=True)
            folder.rmdir()
            os.replace(copy, folder)
    return breakdown


def read_only(place):
    """A generator function: a folder cannot be written to; a notebook has to run again."""
    def breakdown(folder):
        path, undo = folder / place, cell(folder, "year + 2")
        path.mkdir(exist_ok=True)
        mounted(path, "--bind", path)
        try:
            mounted(path, "-o", "remount,ro,bind")
            yield
        finally:
            subprocess.run(["umount", "--lazy", path], check=True)
            undo()
    return breakdown


if os.name == "posix" and os.geteuid() == 0:
    for spare in (0, 32, 64, 96, 128, 192):
        kind(f"the disk is full, {spare} KiB left")(full(spare))
    for place in ("site", "paper", "figures", "build", "build/executed", "build/rendered", "."):
        kind(f"{place} is read-only", code=1,
             said="may not be read or written .Read-only.*Mend: ")(read_only(place))


def limit(kilobytes):
    def breakdown(folder):
        yield lambda: __import__("resource").setrlimit(
            __import__("resource").RLIMIT_FSIZE, (kilobytes * 1024,) * 2)
    return breakdown


for kilobytes in (1, 30, 100):
    kind(f"no file may be larger than {kilobytes} KiB", code=1, said="Mend: ")(limit(kilobytes))


@kind("there is no folder for temporary files", code=0)
def no_temporary_folder(folder):
    yield {"TMPDIR": "/nowhere"}


# Killed, stopped, or two at once

@kind("another run is at work", code=1, said="Another make study is at work")
def two_at_once(folder):
    with open(folder / "build/lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def killed(number, seconds):
    def breakdown(folder):
        shutil.rmtree(folder / "build")  # so that there is much to do
        yield number, seconds
        time.sleep(1.5)  # a kernel of the killed run would still write
    return breakdown


for name, number in (("killed", signal.SIGKILL), ("ended", signal.SIGTERM),
                     ("interrupted", signal.SIGINT)):
    for at in range(8 if name == "killed" else 2):
        seconds = random.Random(f"{name} {at}").uniform(1, 25)
        kind(f"study is {name} after {seconds:.1f} s")(killed(number, seconds))


def publishing(move, ending):
    """Publishing ends, as by a kill or a fault of the disk, at one of its moves."""
    def breakdown(folder):
        assert tiny.dd(folder, "study", "book").returncode == 0
        code = ("import os, sys\nfrom pathlib import Path\nfrom digital_diplomacy import steps\n"
                f"left, old = [{move}], os.replace\n"
                "def replace(*paths):\n    left[0] -= 1\n"
                f"    if left[0] == -1:\n        {ending}\n    old(*paths)\n"
                "os.replace = replace\n"
                "steps.publish('.', *sorted(map(str, Path('build/rendered').glob('*.sha256'))))")
        done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True,
                              env=tiny.environment(folder), encoding="utf-8")
        assert done.returncode, "it should have ended"
        yield None
    return breakdown


for move in (0, 1, 6, 9):
    kind(f"publishing is killed at move {move + 1}", "why", code=0, said="publish: ", mixed=True)(
        publishing(move, "os.kill(os.getpid(), 9)"))
    kind(f"publishing meets a fault of the disk at move {move + 1}", "why", code=0)(
        publishing(move, "raise OSError(5, 'Input/output error')"))


# Who reads what is said

@kind("what it says meets a full disk", code=1, said="The disk is full.*Mend: ")
def full_output(folder):
    yield {"stdout": "/dev/full"}


@kind("nobody reads what it says", code=0)
def closed_output(folder):
    yield {"stdout": None}


# Git and verify

def git(folder, *words):
    return subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b.c", *words],
                          cwd=folder, capture_output=True, encoding="utf-8", check=True)


@kind("verify in a clone of another owner", "verify", code=0)
def other_owner(folder):
    """In a copy whose run is finished: verify must find all as it is."""
    assert tiny.dd(folder, "study").returncode == 0
    git(folder, "init", "--quiet")
    yield {"GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"}
    shutil.rmtree(folder / ".git")


@kind("verify with a broken .git", "verify", code=0)
def broken_git(folder):
    assert tiny.dd(folder, "study").returncode == 0
    put(folder / ".git", b"gitdir: /nowhere\n")
    yield
    (folder / ".git").unlink()


def edited_unseen(path, old, new):
    """Exchange words of one length in a file and keep its time; then put them back."""
    told, content = path.stat(), path.read_bytes()
    path.write_bytes(content.replace(old, new))
    os.utime(path, ns=(told.st_atime_ns, told.st_mtime_ns))
    yield
    path.write_bytes(content)
    os.utime(path, ns=(told.st_atime_ns, told.st_mtime_ns))


@kind("an edit that keeps size and time, then verify", "verify", code=1,
      said=r"paper/01-first\.md: changed since it was published")
def same_size_and_time(folder):
    assert tiny.dd(folder, "study").returncode == 0
    yield from edited_unseen(folder / "paper/01-first.md", b"First", b"Worst")


@kind("an edit of a notebook that keeps size and time, then verify", "verify", code=1,
      said="the clean build differs")
def same_size_and_time_of_a_notebook(folder):
    assert tiny.dd(folder, "study").returncode == 0
    yield from edited_unseen(folder / "notebooks/01-first.ipynb", b"year + 1", b"year + 3")


# How one is tried

def finished(folder):
    """A study that was run and then changed; what is published before and after, all it makes."""
    notebooks = {"01_first": tiny.cells("# First\n\nA question.", tiny.YEAR, "year + 1", PLOT),
                 "02_second": tiny.TWO["02_second"]}
    study = tiny.study(folder / "study", **notebooks)
    assert tiny.dd(study, "study").returncode == 0
    before = tiny.state(study, *PUBLISHED)
    path = study / "notebooks/01-first.ipynb"
    path.write_text(path.read_text("utf-8").replace("A question", "My question"), "utf-8")
    after = folder / "after"
    shutil.copytree(study, after, symlinks=True)
    assert tiny.dd(after, "study").returncode == 0
    return study, before, tiny.state(after, *PUBLISHED), tiny.state(after, *MADE)


def ran(folder, words, how):
    """What a command said and its exit code; how: what the breakdown asks of the call."""
    options = {"preexec_fn": how if callable(how) else
               lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)}
    given = how if isinstance(how, dict) else {}
    out = subprocess.PIPE
    if "stdout" in given:
        given = dict(given)
        out = open(given.pop("stdout"), "w") if given["stdout"] else None
    env = tiny.environment(folder, **given) | {"PYTHONUNBUFFERED": ""}
    call = [sys.executable, "-m", "digital_diplomacy", *words]
    if isinstance(how, dict) and how.get("stdout", "") is None:
        given.pop("stdout", None)
        call, out = ["bash", "-c", 'set -o pipefail; "$@" | true', "-", *call], subprocess.PIPE
        env = tiny.environment(folder)
    process = subprocess.Popen(call, cwd=folder, env=env, stdout=out, stderr=subprocess.PIPE,
                               encoding="utf-8", errors="replace", start_new_session=True,
                               **options)
    if isinstance(how, tuple):
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(how[1])
        with contextlib.suppress(ProcessLookupError):
            (os.killpg if how[0] == signal.SIGINT else os.kill)(process.pid, how[0])
    said = process.communicate(timeout=600)
    return process.returncode, "\n".join(filter(None, said)).strip()


def published(folder):
    """What readers see: no drafts, and no folder that stands for something else."""
    return {name: held for name, held in tiny.state(folder, *PUBLISHED).items()
            if not re.search(r"/\.[^/]+\.(new|old)$", name)}


def tried(name, study, before, after, made):
    """One breakdown: its row for the results."""
    words, breakdown, options = KINDS[name]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "study"
        shutil.copytree(study, folder, symlinks=True)
        run, faults = breakdown(folder), []
        how = next(run)
        code, said = ran(folder, words, how)
        seen = published(folder)
        touched = [key for key in before.keys() | after.keys() if key in seen]
        if not options.get("mixed") and len({seen[key] == before[key] for key in touched
                                             if before.get(key) != after.get(key)}) > 1:
            faults.append("published in part")
        if "Traceback" in said or len(said.splitlines()) > 24:
            faults.append("more than one screen")
        if options.get("code", code) != code:
            faults.append(f"exit code {code}")
        if not re.search(options.get("said", ""), said, re.S):
            faults.append("it did not say what it should")
        try:
            next(run, None)
            if name.startswith("the disk is full"):
                again = tiny.dd(folder, "study")
                next(run, None)
            else:
                again = tiny.dd(folder, "study")
        except AssertionError as error:
            faults.append(str(error))
            again = tiny.dd(folder, "study")
        if again.returncode or "Traceback" in again.stderr:
            faults.append(f"after the mend: {again.stderr.strip()[-300:]}")
        found = tiny.state(folder, *MADE)
        if found != made:
            faults.append("after the mend: " + ", ".join(sorted(
                key for key in found.keys() | made.keys() if found.get(key) != made.get(key))))
        said = said.replace(str(folder), "").replace(place, "")
    return {"breakdown": name, "command": " ".join(words), "exit": code,
            "said": [line for line in said.splitlines() if line.strip()][-8:], "faults": faults}


def write(rows):
    """The results, in the order of the kinds; what is no kind any more is left out."""
    rows = [rows[name] for name in KINDS if name in rows]
    failed = sum(bool(row["faults"]) for row in rows)
    RESULTS.write_text(json.dumps(
        {"about": "make campaign: breakdowns of a small study, what was said, and whether the run "
                  "after the mend made the same bytes", "kinds": len(KINDS), "tried": len(rows),
         "failed": failed, "breakdowns": rows}, indent=1, ensure_ascii=False) + "\n",
        encoding="utf-8")


def main(parts):
    names = [name for part in parts or [""] for name in KINDS if part in name]
    known = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    rows = {row["breakdown"]: row for row in known.get("breakdowns", [])}
    failed = 0
    with tempfile.TemporaryDirectory() as place, ThreadPoolExecutor(2) as pool:
        study, *states = finished(Path(place))
        at_work = [pool.submit(tried, name, study, *states) for name in dict.fromkeys(names)]
        for row in (done.result() for done in as_completed(at_work)):
            rows[row["breakdown"]] = row
            failed += bool(row["faults"])
            write(rows)
            print(f"{'not ' * bool(row['faults'])}as it should: {row['breakdown']} "
                  f"(exit {row['exit']}) {'; '.join(row['faults'])}", flush=True)
            if row["faults"]:
                print("\n".join(f"    {line}" for line in row["said"]), flush=True)
    print(f"{len(at_work)} breakdowns, {failed} not as they should be")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
