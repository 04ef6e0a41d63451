"""What the study costs beside other ways to run the same notebooks: make bench.

    python benchmarks/bench.py [--rounds 5] [--only NAME ...] [--fresh]

All work on copies in a temporary folder, one after the other, in each round the other way round.
Each measure is written to paper/results/bench.json when it is made: stopped, or called with more
rounds, it goes on where it was; of another state of the study it begins anew. The environments of
Jupyter Book and Snakemake are made in build/bench/ (from the package index, once).
"""

import argparse
import contextlib
import csv
import hashlib
import json
import os
import platform
import random
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from importlib.metadata import version
from io import BytesIO
from pathlib import Path

import nbformat
import psutil
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(ROOT / "lib")]

from digital_diplomacy import __main__ as study  # noqa: E402
from digital_diplomacy import data  # noqa: E402
from digital_diplomacy.steps import PROFILES  # noqa: E402
from footnoted.files import read_manifest, write_atomic  # noqa: E402

RESULTS = ROOT / "paper" / "results" / "bench.json"
BEFORE = "07f4a88"  # the commit before steps and kernels were forks
BEFORE_CELLS = "afa159a"  # that at which the cells were measured first
STATES, SEED = 12, 20231017
PROSE = "03-uzbekistan"  # the notebook whose prose is edited
ROW = ("facts", "qalampir_2025_brand")  # a row, by its source, that two notebooks read
READERS = {"04-comparison", "S4-appendix"}
PINNED = {"book": ["jupyter-book==1.0.4.post1", "ipykernel==7.4.0"],
          "snakemake": ["snakemake==9.27.1", "nbconvert==7.17.2", "ipykernel==7.4.0"]}
TOOLS = ("papermill", "nbconvert", "nbclient", "ipykernel", "jupyter_client", "pandas",
         "matplotlib", "seaborn", "typst", "pypandoc_binary")


# The notebooks, and copies of the study

def runs(tree):
    """[(name, notebook, parameters)] of the study in a folder: its chapters and five profiles."""
    folder = Path(tree, "notebooks")
    return [(path.stem, path, {}) for path in sorted(folder.glob("[0-9S]*-*.ipynb"))] + [
        (f"profile-{code.lower()}", folder / "country-profile.ipynb", {"country": code})
        for code in PROFILES]


def drawn():
    """Twelve members of the UN, drawn once and for all."""
    return sorted(random.Random(SEED).sample(sorted(data.names()), STATES))


def sources(tree):
    """The digest of what the study's costs rest on."""
    digest = hashlib.sha256()
    for name in sorted(study.files_of_the_study(tree)):
        if re.match(r"(lib|notebooks|data)/|(dodo\.py|requirements\.lock)$", name):
            digest.update(f"{name}\0".encode() + Path(tree, name).read_bytes())
    return digest.hexdigest()


def copy_of_the_study(tree):
    """A folder with the study as it stands, without its products."""
    products = read_manifest(ROOT / "paper" / "manifest.sha256")
    for name in study.files_of_the_study(ROOT) - products.keys():
        Path(tree, name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, Path(tree, name))


def copy_of_commit(tree, commit):
    """A folder with the study as it was."""
    done = subprocess.run(["git", "archive", commit], cwd=ROOT, capture_output=True)
    if done.returncode:
        sys.exit(f"There is no commit {commit} here. Mend: take the whole history (git clone)")
    with tarfile.open(fileobj=BytesIO(done.stdout)) as archive:
        archive.extractall(tree, filter="data")


# Commands

def environment(tree, *more):
    """The environment of a user who works in a copy; more: folders that go before the PATH."""
    chosen = {key: value for key, value in os.environ.items() if key != "DD_DATA"}
    path = [*map(str, more), str(Path(sys.executable).parent), chosen.get("PATH", os.defpath)]
    return chosen | {"PYTHONPATH": f"{tree}/lib", "PATH": os.pathsep.join(path),
                     "IPYTHONDIR": f"{tree}/ipython"}


def run(words, tree, env=None):
    """What a command printed. Raises SystemExit with its last lines where it fails."""
    done = subprocess.run([*map(str, words)], cwd=tree, env=env or environment(tree),
                          stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8")
    if done.returncode:
        last = "\n".join((done.stdout + done.stderr).splitlines()[-8:])
        sys.exit(f"{' '.join(map(str, words))} ended with {done.returncode}:\n{last}")
    return done.stdout


def of_the_study(tree, *words):
    return run([sys.executable, "-X", "utf8", "-m", "digital_diplomacy", *words], tree)


class Clock:
    """Seconds that pass within it, and processor seconds that the whole machine is busy."""

    def __enter__(self):
        self.load = round(os.getloadavg()[0], 2)
        self.busy, self.start = busy_seconds(), time.perf_counter()
        return self

    def __exit__(self, *error):
        self.seconds = round(time.perf_counter() - self.start, 3)
        self.busy = round(busy_seconds() - self.busy, 2)

    def read(self):
        return {"seconds": self.seconds, "busy": self.busy, "load": self.load}


def busy_seconds():
    times = psutil.cpu_times()
    return sum(times) - times.idle - times.iowait - times.guest - times.guest_nice


# Contestants: each yields (case, what was measured)

def ours(tree, turn):
    """The study, whole; then each case of a change, told by what it ran."""
    for name in ("build", "site", "paper/paper.pdf"):
        path = tree / name
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    everything = {name for name, *_ in runs(tree)}
    for case, change, wanted in (
            ("cold", lambda: None, everything), ("nothing", lambda: None, set()),
            ("prose", lambda: edit_prose(tree, turn), set()),
            ("row", lambda: edit_row(tree, turn), READERS)):
        change()
        with Clock() as clock:
            said = of_the_study(tree, "study")
        ran = set(re.findall("^(.+)  run$", said, re.M))
        if ran != wanted or (case == "nothing") != ("Nothing to do" in said):
            sys.exit(f"{case} should run {', '.join(sorted(wanted)) or 'no notebook'}, and ran "
                     f"{', '.join(sorted(ran)) or 'none'}: the benchmark's cases need a look")
        yield case, clock.read()
    with Clock() as clock:
        if "countries" in study.parser()[1]:
            of_the_study(tree, "countries", ",".join(drawn()))
        else:
            for code in drawn():
                of_the_study(tree, "country", code)
    yield "states", clock.read()


def edit_prose(tree, turn):
    """One sentence more in the last text of a notebook."""
    path = tree / "notebooks" / f"{PROSE}.ipynb"
    nb = nbformat.read(path, 4)
    cell = [cell for cell in nb.cells if cell.cell_type == "markdown"][-1]
    cell.source += f"\n\nRead again{' and again' * turn}."
    nbformat.write(nb, path)


def edit_row(tree, turn):
    """One word more in the note of a row."""
    table, source = ROW
    path = tree / "data" / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    at = next((row for row in rows if source in row), None)
    if at is None or rows[0][-1] != "note":
        sys.exit(f"data/{table}.csv has no row of {source} with a note: name another in ROW")
    at[-1] = f"{at[-1]} Read again{' and again' * turn}".strip()
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def loop(tree, turn):
    """The loop on the command line: papermill, then nbconvert, for each notebook."""
    yield "cold", command_line(tree, runs(tree))
    profile, = (path for name, path, given in runs(tree) if given == {"country": PROFILES[0]})
    yield "states", command_line(tree, [(code, profile, {"country": code}) for code in drawn()])


def before(tree, turn):
    """The same over the notebooks of the commit before, whose cells were slower."""
    yield "cold", command_line(tree, runs(tree))


def command_line(tree, notebooks):
    out = tree / "out"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    with Clock() as clock:
        for name, path, given in notebooks:
            pairs = [word for key, value in given.items() for word in ("-p", key, value)]
            run(["papermill", "--no-progress-bar", "--cwd", path.parent, path,
                 out / f"{name}.ipynb", *pairs], tree)
            run(["jupyter", "nbconvert", "--to", "html", out / f"{name}.ipynb"], tree)
    return clock.read()


def api(tree, turn):
    """The same by the Python API, all notebooks in one process."""
    profile, = (path for name, path, given in runs(tree) if given == {"country": PROFILES[0]})
    for case, notebooks in (("cold", runs(tree)), ("states", [
            (code, profile, {"country": code}) for code in drawn()])):
        out = tree / "out"
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir()
        given = json.dumps([[name, str(path), values] for name, path, values in notebooks])
        with Clock() as clock:
            run([sys.executable, HERE / "loop.py", out, given], tree)
        yield case, clock.read()


def cells(tree, turn):
    """Processor seconds of the cells of all notebooks, in one warm kernel."""
    named = [f"{path}={given['country']}" if given else path for _, path, given in runs(tree)]
    seconds = json.loads(run([sys.executable, HERE / "cells.py", *named], tree))
    yield "cold", {"seconds": round(sum(seconds.values()), 3), "notebooks": seconds}


def bare(tree, turn):
    """Processor seconds of a script that reads the same tables and draws the same kinds of figures.
    """
    told = run([sys.executable, HERE / "bare.py", tree / "data", tree / "bare"], tree)
    yield "cold", json.loads(told)


def book(tree, turn):
    """Jupyter Book 1 on the same notebooks."""
    place = tree / "book"
    names = parametrized(tree, place)
    (place / "_config.yml").write_text(
        "title: The study\nexecute:\n  execute_notebooks: force\n  timeout: 600\n")
    chapters = "".join(f"- file: {name}\n" for name in names[1:])
    (place / "_toc.yml").write_text(f"format: jb-book\nroot: {names[0]}\nchapters:\n{chapters}")
    home = installed("book")
    with Clock() as clock:
        run([home / "jupyter-book", "build", place], tree, kernel(tree, home))
    made = [name for name in names if (place / "_build" / "html" / f"{name}.html").exists()]
    failed = sorted(place.glob("_build/html/reports/*.err.log"))
    if made != names or failed:
        sys.exit(f"Jupyter Book made {len(made)} of {len(names)} pages, {len(failed)} with errors")
    yield "cold", clock.read()


SNAKEFILE = """
rule all:
    input: expand("html/{{name}}.html", name={names})
rule execute:
    input: "in/{{name}}.ipynb"
    output: touch("run/{{name}}.done")
    log: notebook="run/{{name}}.ipynb"
    notebook: "in/{{wildcards.name}}.ipynb"
rule page:
    input: "run/{{name}}.done"
    output: "html/{{name}}.html"
    shell: "jupyter nbconvert --log-level ERROR --to html --output-dir html run/{{wildcards.name}}.ipynb"
"""  # noqa: E501


def snakemake(tree, turn):
    """Snakemake's notebook: rule on the same notebooks, on both cores."""
    place = tree / "snakemake"
    names = parametrized(tree, place / "in")
    (place / "Snakefile").write_text(SNAKEFILE.format(names=names))
    home = installed("snakemake")
    with Clock() as clock:
        run([home / "snakemake", "--cores", os.cpu_count(), "--quiet", "progress"], place,
            kernel(tree, home))
    yield "cold", clock.read()


def parametrized(tree, place):
    """The notebooks with their parameters in a folder; their names."""
    shutil.rmtree(place.parent if place.name == "in" else place, ignore_errors=True)
    place.mkdir(parents=True)
    for name, path, given in runs(tree):
        nb = load_notebook_node(str(path))
        nb.metadata.language_info = {"name": "python", "file_extension": ".py"}
        nb.metadata.kernelspec = {"name": "python3", "display_name": "Python 3",
                                  "language": "python"}
        nbformat.write(parameterize_notebook(nb, given) if given else nb, place / f"{name}.ipynb")
    return [name for name, *_ in runs(tree)]


def installed(name):
    """The folder of a tool's commands, in an environment of its own."""
    home = ROOT / "build" / "bench" / name
    stamp = home / f".{hashlib.sha256(repr(PINNED[name]).encode()).hexdigest()[:16]}"
    if not stamp.exists():
        print(f"Making an environment for {PINNED[name][0]}", flush=True)
        shutil.rmtree(home, ignore_errors=True)
        run([sys.executable, "-m", "venv", home], ROOT)
        run([home / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check",
             *PINNED[name]], ROOT)
        stamp.touch()
    return home / "bin"


def kernel(tree, home):
    """The environment of a tool whose kernel is the study's."""
    spec = {"argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            "display_name": "Python 3", "language": "python",
            "env": {"PYTHONPATH": f"{tree}/lib"}}
    write_atomic(tree / "jupyter" / "kernels" / "python3" / "kernel.json", json.dumps(spec))
    chosen = environment(tree, home) | {"JUPYTER_PATH": f"{tree}/jupyter"}
    del chosen["PYTHONPATH"]  # the tool's own packages are to be found, not the study's
    return chosen | {"DD_DATA": f"{tree}/data"}


# Contestant: (what it measures, the commit of the copy it works on, its cases)
EACH = {"ours": (ours, None, ("cold", "nothing", "prose", "row", "states")),
        "loop": (loop, None, ("cold", "states")),
        "api": (api, None, ("cold", "states")),
        "cells": (cells, None, ("cold",))}
ONCE = {"before": (before, BEFORE, ("cold",)),
        "cells before": (cells, BEFORE_CELLS, ("cold",)),
        "bare": (bare, None, ("cold",)),
        "book": (book, None, ("cold",)), "snakemake": (snakemake, None, ("cold",))}


def main(arguments):
    """Measure what is not yet measured, round by round."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--rounds", type=int, default=5)
    asked.add_argument("--only", nargs="+", choices=[*EACH, *ONCE], default=[*EACH, *ONCE])
    asked.add_argument("--fresh", action="store_true", help="forget what was measured")
    given = asked.parse_args(arguments)
    results = held(given.fresh)
    try:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            for turn, name in plan(given.rounds):
                if name in given.only:
                    measure(results, Path(folder), turn, name)
    except KeyboardInterrupt:
        sys.exit(f"\nStopped: {RESULTS.relative_to(ROOT)} holds {len(results['measures'])} "
                 "measures; the same command goes on from here")


def plan(rounds):
    """(round, contestant) in the order in which they are measured."""
    for turn in range(1, rounds + 1):
        yield from ((turn, name) for name in (EACH if turn % 2 else reversed(EACH)))
    yield from ((1, name) for name in ONCE)


def held(fresh):
    """What was measured of the study as it stands; else an empty record."""
    machine = {"system": f"{platform.system()} {platform.machine()}", "cores": os.cpu_count(),
               "processor": processor(), "memory_gb": round(psutil.virtual_memory().total / 2**30),
               "python": platform.python_version()}
    new = {"about": "make bench: seconds of the study, and of other ways to run its notebooks",
           "study": sources(ROOT), "machine": machine,
           "tools": {name: version(name) for name in TOOLS} | {
               name.partition("==")[0]: name.partition("==")[2]
               for names in PINNED.values() for name in names[:1]},
           "commits": {"before": BEFORE, "cells before": BEFORE_CELLS}, "states": drawn(),
           "measures": []}
    with contextlib.suppress(OSError, ValueError, KeyError):
        old = json.loads(RESULTS.read_text(encoding="utf-8"))
        if not fresh and all(old[key] == new[key] for key in ("study", "machine")):
            return old
        print("The study or the machine is another one: measured anew.")
    return new


def processor():
    """What the system calls the processor, as far as it says."""
    with contextlib.suppress(OSError):
        if found := re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text()):
            return found[1]
    return platform.processor()


def measure(results, folder, turn, name):
    """Measure the cases of a contestant in a round, unless they are, and write each down."""
    run_it, commit, cases = (EACH | ONCE)[name]
    done = {(one["round"], one["of"], one["case"]) for one in results["measures"]}
    if all((turn, name, case) in done for case in cases):
        return
    results["measures"] = [one for one in results["measures"]
                           if (one["round"], one["of"]) != (turn, name)]  # a part of its cases
    tree = folder / name.replace(" ", "-")
    if not tree.exists():
        copy_of_commit(tree, commit) if commit else copy_of_the_study(tree)
        run([sys.executable, "-m", "compileall", "-q", "lib"], tree)
    for case, measured in run_it(tree, turn):
        results["measures"].append({"round": turn, "of": name, "case": case, **measured,
                                    "when": time.strftime("%Y-%m-%d %H:%M")})
        write_atomic(RESULTS, json.dumps(results, indent=1) + "\n")
        print(f"round {turn}  {name}, {case}  {measured['seconds']:.1f} s", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
