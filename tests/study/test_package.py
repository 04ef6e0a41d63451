"""The rules of the package: rooms, sizes, and examples that run."""

import ast
import doctest
import importlib
import subprocess
import sys
from pathlib import Path

import matplotlib
import pytest

import digital_diplomacy

matplotlib.use("Agg")
PACKAGE = Path(digital_diplomacy.__file__).parent
FILES = sorted(PACKAGE.rglob("*.py"))
NAMES = [str(path.relative_to(PACKAGE)) for path in FILES]
SCIENCE = ("sources", "states", "raw", "data", "faults", "quantity", "measures", "charts", "show",
           "claims", "links", "audit")
PUBLISHING = {"nbconvert", "doit", "pypandoc", "typst", "papermill"}
WRITERS = {"edition", "site", "page", "steps", "__main__"}
# the one writing function of make data, and that of the coding desk
RAW_TO_TABLE = {"sources": "write", "raw": "write", "desk": "record"}
WRITING = {"write_text", "write_bytes", "to_csv", "to_json", "mkdir", "unlink", "touch", "rmtree", "copyfile", "copytree", "symlink_to"}


def tree(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def room(path):
    """The folder or module of the package that a file belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path):
    """Names of modules that a file imports; those of the package without its name."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module.partition(".")[0] if node.module else ""
            if node.level:
                yield from (alias.name for alias in node.names)


@pytest.mark.parametrize("path", [p for p in FILES if room(p) in SCIENCE and p.stem not in WRITERS],
                         ids=lambda p: str(p.relative_to(PACKAGE)))
def test_science_does_not_know_how_it_is_published(path):
    assert not set(imported(path)) & (PUBLISHING | WRITERS)


def modules():
    return [".".join(["digital_diplomacy", *path.relative_to(PACKAGE).with_suffix("").parts])
            .removesuffix(".__init__") for path in FILES]


@pytest.mark.parametrize("name", modules())
def test_examples_run(real, name):
    module = importlib.import_module(name)
    failed, _ = doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert failed == 0


def test_there_are_examples():
    finder = doctest.DocTestFinder()
    with_examples = {name for name in modules()
                     for test in finder.find(importlib.import_module(name)) if test.examples}
    assert {f"digital_diplomacy.{name}" for name in ("quantity", "data", "faults", "measures",
                                                     "show")} <= with_examples


def opens_for_writing(call):
    """True where a call opens, makes, moves or removes a file."""
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    if name == "open":
        modes = [a.value for a in [*call.args, *(k.value for k in call.keywords)]
                 if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        return any(set(mode) <= set("rwaxbt+") and set(mode) & set("wax+") for mode in modes)
    if name in ("replace", "rename"):  # texts and frames have methods of these names too
        return isinstance(call.func, ast.Attribute) and (
            getattr(call.func.value, "id", "") == "os" or len(call.args) == 1 and not call.keywords)
    return name in WRITING


def writing(path):
    """The functions of a file that write, each with the line."""
    found = set()
    for function in ast.walk(tree(path)):
        if isinstance(function, ast.FunctionDef):
            found |= {function.name for node in ast.walk(function)
                      if isinstance(node, ast.Call) and opens_for_writing(node)}
    return found


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_only_the_edges_write_files(path):
    if path.stem not in WRITERS:
        assert writing(path) <= {RAW_TO_TABLE.get(path.stem)}


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_modules_can_be_read(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) < 400


def length(function):
    """Lines of a function without its docstring."""
    first = function.body[0]
    told = isinstance(first, ast.Expr) and isinstance(getattr(first, "value", None), ast.Constant) \
        and isinstance(first.value.value, str)
    return function.end_lineno - function.lineno + 1 - (
        first.end_lineno - first.lineno + 1 if told else 0)


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_functions_do_one_thing(path):
    if room(path) != "charts":  # drawing excepted
        long = {node.name: length(node) for node in ast.walk(tree(path))
                if isinstance(node, ast.FunctionDef) and length(node) > 30}  # "about 25"
        assert not long


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_lines_fit(path):
    long = [number for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
            if len(line) > 100]
    assert not long


def test_the_package_starts_without_pandas():
    code = "import sys, digital_diplomacy as dd; dd.Number; print('pandas' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"


def test_every_name_that_notebooks_use_is_there(real):
    for name in digital_diplomacy.__all__:
        assert getattr(digital_diplomacy, name) is not None
