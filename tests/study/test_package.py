"""Both packages as a whole: imports run one way, style, and examples that run."""

import doctest
import importlib
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import matplotlib
import pytest

import digital_diplomacy

matplotlib.use("Agg")
ROOT = Path(__file__).resolve().parents[2]
TOOLS = Path(sys.executable).parent
MODULES = sorted(
    ".".join(path.relative_to(ROOT / "lib").with_suffix("").parts).removesuffix(".__init__")
    for package in ("digital_diplomacy", "footnoted")
    for path in (ROOT / "lib" / package).rglob("*.py"))


def answer(folder, *words):
    """(exit code, what it said) of a tool of the environment."""
    done = subprocess.run([TOOLS / words[0], *words[1:]], cwd=folder, capture_output=True,
                          encoding="utf-8", env={"PYTHONPATH": str(folder / "lib")})
    return done.returncode, done.stdout + done.stderr


def test_ruff_finds_nothing():
    code, said = answer(ROOT, "ruff", "check", "--no-cache", "--output-format", "concise")
    assert code == 0, said


def test_imports_run_one_way():
    code, said = answer(ROOT, "lint-imports", "--no-cache")
    assert code == 0, said


@pytest.mark.parametrize("module, line, contract", [
    ("footnoted/number.py", "import digital_diplomacy", "The toolkit knows nothing of the study"),
    ("footnoted/links.py", "import pandas", "Links and editions start without pandas"),
    ("digital_diplomacy/data.py", "from . import indicators", "The study's imports run one way"),
    ("digital_diplomacy/charts/__init__.py", "from footnoted import edition",
     "No run of a notebook rests on what renders"),
    ("digital_diplomacy/indicators.py", "from footnoted import files", "Only the edges write"),
])
def test_an_import_the_wrong_way_is_noticed(tmp_path, module, line, contract):
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "lib", tmp_path / "lib", ignore=shutil.ignore_patterns("*.egg-info"))
    with (tmp_path / "lib" / module).open("a", encoding="utf-8") as file:
        file.write(f"\n\ndef planted():\n    {line}\n")
    code, said = answer(tmp_path, "lint-imports", "--no-cache")
    assert code == 1 and [line for line in said.splitlines()
                          if line.startswith(contract) and line.endswith("BROKEN")], said


def test_what_may_render_is_one_list():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
        "importlinter"]["contracts"]
    rendering, = (one for one in contracts if one["name"].endswith("rests on what renders"))
    assert rendering["protected_modules"] == rendering["allowed_importers"]


@pytest.mark.parametrize("name", MODULES)
def test_examples_run(real, name):
    failed, _ = doctest.testmod(importlib.import_module(name),
                                optionflags=doctest.NORMALIZE_WHITESPACE)
    assert failed == 0


def test_there_are_examples():
    finder = doctest.DocTestFinder()
    shown = {name for name in MODULES
             for test in finder.find(importlib.import_module(name)) if test.examples}
    assert {"digital_diplomacy.data", "digital_diplomacy.indicators", "footnoted.display",
            "footnoted.number"} <= shown


def test_the_command_line_starts_without_pandas():
    code = "import sys, digital_diplomacy.__main__; print('pandas' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"


def test_every_name_that_notebooks_use_is_there(real):
    for name in digital_diplomacy.__all__:
        assert getattr(digital_diplomacy, name) is not None
