"""What `make` does before each command: sees to it that .venv is what requirements.lock says.

Run by any python3, with its standard library alone. A new environment grows in .venv.new and takes
the place of .venv when it is complete; one process at a time makes it, and others wait.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

LOG = "build/pip.log"
AGAIN = "then make again."
# git calls this for each notebook: it leaves outputs out. A worktree has the .venv of its main
# folder; where there is none git goes on, and says so. Not `required`: else git would stop there.
KEPT = ('--keep-id --extra-keys "metadata.language_info metadata.papermill cell.metadata.papermill '
        'cell.metadata.execution cell.metadata.jupyter"')
FILTER = f"""p=.venv/bin/python
[ -x $p ] || p=$(git rev-parse --git-common-dir)/../.venv/bin/python
[ -x "$p" ] || {{ echo "Outputs of notebooks stay in: there is no .venv. Mend: make env" >&2
exec cat; }}
exec "$p" -I -m nbstripout {KEPT}"""


def main(python):
    """Make what is missing; python: what the user calls it."""
    os.chdir(Path(__file__).resolve().parent)
    version = sys.version.split()[0]
    if sys.version_info < (3, 11):  # noqa: UP036  the user may have an older one
        sys.exit(f"{python} is Python {version}: too old. Install Python 3.11 or newer, "
                 "or name it: make PYTHON=python3.12 study")
    if complete(".venv") and own_package() and not os.path.lexists(".venv.old"):
        return
    if os.path.lexists(".venv") and not os.path.islink(".venv") and not os.path.isdir(".venv"):
        sys.exit(f".venv is a file where a folder belongs. Mend: move it away, {AGAIN}")
    import fcntl
    os.makedirs("build", exist_ok=True)
    with open("build/environment.lock", "w") as lock:  # let go when the last holder ends, or dies
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another make is making .venv: this one waits for it.", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        if not complete(".venv"):
            if not complete(".venv.new"):
                make_new(lock, python, version)
            remove(".venv.old")
            if os.path.lexists(".venv"):
                os.rename(".venv", ".venv.old")
            os.rename(".venv.new", ".venv")
        remove(".venv.old")
        if not own_package():
            install_own(lock, ".venv")
        set_filter()


def stamp(folder, name, *held):
    """The file that says that a folder holds what a lock, or a description, asks for."""
    return Path(folder, f".{name}-{hashlib.sha256(repr(held).encode()).hexdigest()[:16]}")


def lock_stamp(folder):
    """Of another Python or in a moved folder an environment does not work."""
    return stamp(folder, "lock", Path("requirements.lock").read_bytes(), sys.version, os.getcwd())


def package_stamp(folder):
    return stamp(folder, "package", Path("pyproject.toml").read_bytes(), FILTER)


def complete(folder):
    """Whether it holds all of the lock, and its Python is still there."""
    return lock_stamp(folder).exists() and os.access(f"{folder}/bin/python", os.X_OK)


def own_package():
    return package_stamp(".venv").exists()


def remove(path):
    """Delete a folder or a link, or nothing."""
    if os.path.islink(path):
        os.unlink(path)
    elif os.path.lexists(path):
        shutil.rmtree(path)


def make_new(lock, python, version):
    """A complete environment in .venv.new, ready to be .venv; on failure nothing is left of it."""
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        sys.exit(f"{python} cannot make a virtual environment: its module venv or ensurepip is "
                 f"missing. Mend: apt install python3-venv (Debian, Ubuntu), {AGAIN}")
    print("Making .venv from requirements.lock: once, a minute or more.", flush=True)
    remove(".venv.new")
    try:
        base = getattr(sys, "_base_executable", None) or sys.executable
        if logged(lock, LOG, base, "-I", "-m", "venv", ".venv.new"):
            sys.exit(f"{last_lines(LOG)}\nMend: read {LOG}, {AGAIN}")
        # Wheels only: a source build would fail late and obscurely without compilers.
        if logged(lock, LOG, *pip(".venv.new"), "--no-compile", "--only-binary", ":all:",
                  "--require-hashes", "-r", "requirements.lock"):
            sys.exit(reason(Path(LOG).read_text("utf-8", "replace"), version))
        install_own(lock, ".venv.new")
        relocate(".venv.new", ".venv")
        lock_stamp(".venv.new").touch()
    except BaseException:
        shutil.rmtree(".venv.new", ignore_errors=True)
        raise


def pip(folder):
    return (f"{folder}/bin/python", "-I", "-m", "pip", "install", "--disable-pip-version-check")


def install_own(lock, folder):
    """The study's own packages, as they stand in lib/."""
    log = "build/pip-own.log"
    if logged(lock, log, *pip(folder), "--quiet", "--no-deps", "--no-build-isolation", "-e", "."):
        sys.exit(f"{last_lines(log)}\nMend: read {log}, {AGAIN}")
    for old in Path(folder).glob(".package-*"):
        old.unlink()
    package_stamp(folder).touch()


def logged(lock, log, *words):
    """Run a command into a log, its last line shown: moving on a terminal, else every 30 s.

    The exit code. The command holds the lock too: killed, we leave no pip that meets the next one.
    """
    terminal, start = sys.stdout.isatty(), time.monotonic()
    with open(log, "wb") as out, subprocess.Popen(
            words, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
            env={**os.environ, "PIP_USER": "0"}, pass_fds=[lock.fileno()]) as child:
        while True:
            try:
                child.wait(timeout=1 if terminal else 30)
                break
            except subprocess.TimeoutExpired:
                line = f"{time.monotonic() - start:.0f} s  {last_lines(log, 1)[:66]}"
                print(f"\r\033[K{line}" if terminal else line, end="" if terminal else "\n",
                      flush=True)
    if terminal:
        print("\r\033[K", end="", flush=True)
    return child.returncode


def last_lines(path, count=3):
    lines = Path(path).read_text("utf-8", "replace").strip().splitlines()
    return "\n".join(lines[-count:])


def reason(said, version):
    """Why pip failed, in a sentence with the mend, below its own last words."""
    errors = re.findall("^ERROR.*", said, re.M)[-2:]
    if re.search("No space left|Disk quota exceeded", said):
        why = f"The disk is full. Free 2 GB, {AGAIN}"
    elif re.search(r"connection broken|Connection(Error|Pool)|Failed to establish|name resolution"
                   "|Timeout", said):
        why = f"The package index cannot be reached. Check the network (or the proxy, or pip " \
              f"config), {AGAIN}"
    elif "No matching distribution" in said:
        why = f"requirements.lock has no wheel for this Python ({version}). Use another one, " \
              "such as make PYTHON=python3.12 study"
    else:
        why = f"Mend: read {LOG}, {AGAIN}"
    return "\n".join([*errors, why])


def relocate(folder, place):
    """Write the place where an environment will be into its scripts, which name where they are."""
    here, there = (os.fsencode(os.path.abspath(name)) for name in (folder, place))
    for path in [Path(folder, "pyvenv.cfg"), *Path(folder, "bin").iterdir()]:
        if path.is_file() and not path.is_symlink():
            content = path.read_bytes()
            if here in content:
                path.write_bytes(content.replace(here, there))


def set_filter():
    """Tell git how to leave out the outputs of notebooks."""
    if os.path.exists(".git") and shutil.which("git"):
        for words in (["filter.nbstripout.clean", FILTER], ["filter.nbstripout.smudge", "cat"],
                      ["--unset-all", "filter.nbstripout.required"]):
            subprocess.run(["git", "config", *words], stderr=subprocess.DEVNULL)


if __name__ == "__main__":
    try:
        main(sys.argv[1] if sys.argv[1:] else "python3")
    except KeyboardInterrupt:
        sys.exit("\nStopped; make begins the environment anew.")
    except OSError as error:
        sys.exit(f"The environment cannot be made: {error.filename or 'a file'}: "
                 f"{error.strerror}. Mend this, {AGAIN}")
