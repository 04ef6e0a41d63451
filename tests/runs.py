"""Runs of the study's notebooks for the tests: those of `make study`, and others by stock tools."""

import contextlib
import fcntl
import functools
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat

from footnoted import edition, links
from footnoted.files import write_atomic

ROOT = Path(__file__).resolve().parents[1]
PROFILE = "profile-kgz"  # the run of country-profile that `executed` answers


def path(name):
    return ROOT / "notebooks" / f"{name}.ipynb"


def read(name):
    """A notebook as it is stored."""
    return nbformat.read(path(name), 4)


@functools.cache
def executed(name):
    """A notebook as `make study` runs it, with today's prose: all tests share it, none changes it.

    What has not changed since the last run is not run again; the first test that asks waits.
    """
    run_what_changed()
    run = PROFILE if name == "country-profile" else name
    return edition.merge(read(name), nbformat.read(ROOT / "build" / "executed" / f"{run}.ipynb", 4))


@contextlib.contextmanager
def alone():
    """While no other process of pytest runs steps of the study itself."""
    (ROOT / "build").mkdir(exist_ok=True)
    with open(ROOT / "build" / "tests.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@functools.cache
def run_what_changed():
    """Those steps of dodo.py that run what `executed` answers, once for all processes of pytest."""
    names = [PROFILE if one.stem == "country-profile" else one.stem
             for one in sorted((ROOT / "notebooks").glob("*.ipynb"))]
    with alone():
        done = subprocess.run([sys.executable, "-m", "digital_diplomacy", "study",
                               *(f"execute:{name}" for name in names)],
                              cwd=ROOT, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr


@functools.cache
def site():
    """The folder of the site of today's notebooks, its two books left out, as `publish` would write
    it: made once for all processes of pytest."""
    from digital_diplomacy import site as pages
    from digital_diplomacy import steps
    names, target = list(steps.plan(ROOT)), ROOT / "build" / "site-of-tests"
    mark = target / f".made-for-{os.environ.get('PYTEST_XDIST_TESTRUNUID', os.getpid())}"
    with alone():
        if mark.exists():
            return target
        steps_needed = ["evidence", "indexes", "countries", *(f"render:{name}" for name in names)]
        made = subprocess.run([sys.executable, "-m", "digital_diplomacy", "study", *steps_needed],
                              cwd=ROOT, capture_output=True, encoding="utf-8")
        assert made.returncode == 0, made.stderr
        shutil.rmtree(target, ignore_errors=True)
        for name in (*names, "evidence", "indexes", "countries"):
            shutil.copytree(ROOT / "build" / "rendered" / name / "site", target,
                            dirs_exist_ok=True)
        notebooks = steps.executed_notebooks(ROOT / "build" / "notebooks" / f"{name}.ipynb"
                                             for name in names)
        ledger = json.loads((ROOT / "build" / "ledger.json").read_text(encoding="utf-8"))
        books = {"paper.pdf": b"%PDF-", "supplement.pdf": b"%PDF-"}
        sizes = {file.relative_to(target).as_posix(): file.stat().st_size
                 for file in target.rglob("*") if file.is_file()} | {
                     name: len(content) for name, content in books.items()}
        for name, content in (books | pages.front_pages(notebooks, sizes, ledger)).items():
            write_atomic(target / name, content)
        mark.touch()
    return target


def papermill(source, out, *given):
    """Plain papermill in another folder, the tables found by the package: the finished process."""
    free = {key: value for key, value in os.environ.items() if key != "DD_DATA"}
    return subprocess.run([sys.executable, "-m", "papermill", "--no-progress-bar", source, out,
                           *given], cwd=out.parent, env=free, capture_output=True, encoding="utf-8")


def finished(source, out, *given):
    """The notebook that plain papermill made of another."""
    done = papermill(source, out, *given)
    assert done.returncode == 0, done.stderr[-3000:]
    return nbformat.read(out, 4)


def bundles(nb):
    """What our verbs showed in a run, in order."""
    return [bundle for cell in links.code_cells(nb) for bundle in links.bundles(cell)]


def troubles(nb):
    """What a run said on stderr, and its errors."""
    return [(cell["id"], output.get("text") or output.get("evalue"))
            for cell in nb["cells"] for output in cell.get("outputs", [])
            if output["output_type"] == "error" or output.get("name") == "stderr"]
