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
    code, said, errors = check("good.toml")
    assert (code, errors) == (0, "")
    assert said.startswith("These numbers can all be true.\n\nRead as:\nusers: 5.4 million is "
                           "5,350,000 to 5,450,000\nshare: about 60 % is 0.55 to 0.65\n")


CASES = REPOSITORY / "tests" / "cases" / "check"


@pytest.mark.parametrize("name, code, words", [
    ("crore", 0, "34.8 lakh crore is 34,750,000,000,000 to 34,850,000,000,000"),
    ("short-scale-B", 0, "$21.1B is 21,050,000,000 to 21,150,000,000 $"),
    ("word-for-percent", 0, "34,1 Prozent is 0.3405 to 0.3415"),
    ("source-is-the-repair", 1, "use: with 67.1 % of the source, April 2024 all can be true"),
    ("whole-numbers", 1, "Whole numbers: total."), ("exact-half", 0, "share: 12 % is 0.115"),
    ("natural_sum", 0, "sum: 10 is 10, exact"), ("junkunit", 2, "',,' is no unit"),
    ("hundred", 2, "unknown unit 'hundred': write the number out")])
def test_cases_from_elsewhere(check, name, code, words):
    found, said, errors = check(CASES / f"{name}.toml")
    assert found == code and words in (errors if code == 2 else said)


@pytest.mark.parametrize("fault", [RecursionError("deep"), MemoryError(), KeyError("rank"),
                                   AssertionError("a\nb")])
def test_whatever_goes_wrong_is_one_line_and_no_answer(check, monkeypatch, fault):
    def broken(path):
        raise fault
    monkeypatch.setattr("footnoted.consistency.check_file", broken)
    code, said, errors = check(EXAMPLE)
    assert (code, said) == (2, "") and errors.count("\n") == 1
    assert f"could not be checked ({type(fault).__name__}" in errors


def test_what_cannot_be_said_is_no_answer(check, tmp_path):
    text = "seconds = 0\n" + EXAMPLE.read_text(encoding="utf-8")
    (tmp_path / "late.toml").write_text(text, encoding="utf-8")
    code, said, _ = check(tmp_path / "late.toml")
    assert code == 2 and "It cannot be said whether" in said


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
