"""Stopped or killed, a run goes on and equals a clean one; `make verify` on a small study."""

import json
import shutil
import signal
import time

import pytest
import tiny
from tiny import dd, state

pytestmark = pytest.mark.slow
MADE = ("site", "paper", "figures", "build/executed", "build/notebooks")


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    folder = tiny.study(tmp_path_factory.mktemp("done"), **tiny.TWO)
    assert dd(folder, "study").returncode == 0
    return folder


@pytest.fixture
def again(done, tmp_path):
    """A copy of the finished study."""
    shutil.copytree(done, tmp_path / "copy")
    return tmp_path / "copy"


@pytest.mark.parametrize("number, when", [
    (signal.SIGINT, tiny.AT_WORK), (signal.SIGKILL, tiny.AT_WORK),
    (signal.SIGKILL, "02-second  run")])
def test_a_stopped_run_goes_on_and_equals_a_clean_one(again, number, when):
    clean = state(again, *MADE)
    for place in ("build", "site", "paper", "figures"):
        shutil.rmtree(again / place, ignore_errors=True)
    assert tiny.stopped(again, number, when, "study") == (-9 if number == signal.SIGKILL else 130)
    assert "tables" in json.loads((again / "build/state.json").read_text(encoding="utf-8"))
    assert "tables: " not in dd(again, "why").stdout  # what ended before stays done
    time.sleep(1.5)  # a kernel of the killed run would still write
    result = dd(again, "study")
    assert result.returncode == 0, result.stderr
    assert state(again, *MADE) == clean


def test_verify_says_which_file_differs(again):
    clean = dd(again, "verify")
    assert clean.returncode == 0, clean.stderr
    assert clean.stdout.splitlines()[-1].startswith("The same: ")
    with (again / "paper/01-first.md").open("a", encoding="utf-8") as file:
        file.write("by hand")
    result = dd(again, "verify")
    assert result.returncode == 1
    assert "paper/01-first.md: changed since it was published" in result.stderr.splitlines()
