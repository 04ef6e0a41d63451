"""The command that checks a file of printed numbers, as a user runs it."""

import subprocess
import sys
from pathlib import Path

import pytest

import digital_diplomacy as dd
from digital_diplomacy.__main__ import main
from footnoted.consistency import check_file

REPOSITORY = Path(__file__).parents[2]
EXAMPLE = REPOSITORY / "tests" / "paper.toml"


@pytest.fixture
def check(capsys):
    """The command: its exit code, what it prints, what it complains of."""
    def run(*words):
        code = main(["check", *map(str, words)])
        return code, *capsys.readouterr()
    return run


def test_check_a_file_as_a_user_runs_it(tmp_path):
    run = subprocess.run([sys.executable, "-m", "digital_diplomacy", "check", str(EXAMPLE)],
                         capture_output=True, encoding="utf-8", cwd=tmp_path)
    assert run.returncode == 1 and not run.stderr
    assert "abroad 51,600 (two neighbouring digits swapped): agrees with ministry" in run.stdout


def test_check_says_what_agrees(tmp_path, check, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = EXAMPLE.read_text(encoding="utf-8").replace("15,600", "51,600")
    (tmp_path / "good.toml").write_text(text, encoding="utf-8")
    assert check("good.toml") == (0, "These numbers can all be true.\n", "")


def test_the_guide_shows_the_example_and_what_it_says():
    guide = (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert f"```toml\n{EXAMPLE.read_text(encoding='utf-8')}```" in guide
    assert f"```\n{check_file(EXAMPLE)}\n```" in guide


@pytest.mark.parametrize("words, mend", [
    (["none.toml"], "none.toml cannot be read (No such file or directory): name another"),
    ([], "Name a file")])
def test_a_file_that_cannot_be_read(check, words, mend):
    code, said, errors = check(*words)
    assert (code, said) == (2, "") and mend in errors and errors.count("\n") == 1


def test_a_notebook_asks_without_a_file():
    assert dd.consistent({"a": "17", "b": 18}, ["a == b"]).holds is False
