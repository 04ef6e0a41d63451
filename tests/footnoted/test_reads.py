"""What a run reads: parts that are noted, files that are seen, modules that its code reaches."""

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import nbformat
import pytest

from footnoted import modules, reads


@pytest.fixture(autouse=True)
def nothing_noted():
    with reads.apart():
        yield


def test_what_is_noted_apart_counts_for_nobody_else():
    reads.note("table:a")
    with reads.apart() as inner:
        reads.note("table:b", "table:c")
    assert inner == {"table:b", "table:c"} and reads.levels[-1] == {"table:a"}


def test_after_an_error_all_that_was_noted_counts():
    with pytest.raises(KeyError), reads.apart():
        reads.note("table:b")
        raise KeyError
    assert reads.levels[-1] == {"table:b"}


def noted_by(folder, code):
    """What a process notes that runs some code in a study's folder."""
    (folder / "pyproject.toml").write_text("[tool.footnoted]\n", encoding="utf-8")
    notes = folder / "build" / "one.noted"
    notes.parent.mkdir(exist_ok=True)
    (folder / "notebooks").mkdir(exist_ok=True)
    env = {**os.environ, reads.NOTES: str(notes),
           "PYTHONPATH": str(Path(reads.__file__).parents[1])}
    subprocess.run([sys.executable, "-c", "import footnoted.reads\n" + textwrap.dedent(code)],
                   cwd=folder / "notebooks", env=env, check=True)
    return notes.read_text(encoding="utf-8").split() if notes.exists() else []


def test_files_that_a_cell_opens_are_noted_once_and_no_others(tmp_path):
    (tmp_path / "mine.csv").write_text("a\n1\n", encoding="utf-8")
    for name in ("build/x.csv", "notebooks/01.ipynb", "notebooks/helper.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("", encoding="utf-8")
    (tmp_path.parent / "elsewhere.csv").write_text("a\n1\n", encoding="utf-8")
    found = noted_by(tmp_path, """
        import pandas
        pandas.read_csv("../mine.csv"), open("../mine.csv").read()
        open("../../elsewhere.csv"), open("../build/x.csv"), open("01.ipynb")
        open("written.csv", "w").write("1")
        import os; os.close(os.open("../written.csv", os.O_WRONLY | os.O_CREAT))
        import sys; sys.path.insert(0, "."); import helper
    """)
    assert [one for one in found if "__pycache__" not in one] == [
        "file:mine.csv", "file:notebooks/helper.py"]


def test_what_a_function_reads_apart_is_not_noted_as_a_file(tmp_path):
    (tmp_path / "mine.csv").write_text("a\n", encoding="utf-8")
    assert noted_by(tmp_path, """
        from footnoted import reads
        with reads.apart():
            open("../mine.csv").read()
        reads.note("table:mine")
    """) == ["table:mine"]


# Modules

def notebook(*cells):
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(one) for one in cells])


@pytest.mark.parametrize(("cells", "found"), [
    (["import footnoted.number as n\nn.Number(1)"], {"footnoted.number"}),
    (["from footnoted import numerals"], {"footnoted", "footnoted.numerals"}),
    (["from footnoted.number import Number as N", "N(1)"], {"footnoted.number"}),
    (["import footnoted", "x = footnoted.links.slug('a')"], {"footnoted", "footnoted.links"}),
    (["%matplotlib inline\n!ls\nimport footnoted"], {"footnoted"}),
    (["x = 1"], set()),
])
def test_modules_that_code_names(cells, found):
    known = modules.import_graph().modules
    assert modules.named_in(notebook(*cells)) & known == found


@pytest.mark.parametrize("code", ["__import__('footnoted.number')", "exec('import footnoted')",
                                  "import importlib\nimportlib.import_module('footnoted')",
                                  "this is no Python"])
def test_code_that_may_reach_anything_rests_on_everything(code):
    everything = {modules.file_of(one) for one in modules.import_graph().modules}
    assert {modules.LIBRARY / one for one in modules.used_by(notebook(code))} == everything


def test_a_module_is_used_with_all_that_it_imports_and_its_packages():
    used = modules.used_by(notebook("from footnoted import number"))
    assert {"footnoted/__init__.py", "footnoted/number.py", "footnoted/numerals.py",
            "footnoted/hints.py"} <= set(used)
    assert "footnoted/display.py" not in used and "footnoted/warm.py" not in used


IMPORTED = "[name for name in __import__('sys').modules if name.split('.')[0] in {}]"


@pytest.mark.slow
@pytest.mark.parametrize("path", sorted(Path(__file__).parents[2].glob("notebooks/*.ipynb")),
                         ids=lambda path: path.stem)
def test_no_notebook_imports_what_it_is_not_said_to_use(path, tmp_path):
    import papermill
    given = nbformat.read(path, 4)
    packages = {one.partition(".")[0] for one in modules.import_graph().modules}
    given.cells.append(nbformat.v4.new_code_cell(
        f"print(__import__('json').dumps({IMPORTED.format(packages)}))"))
    done = papermill.execute_notebook(given, None, progress_bar=False, cwd=str(path.parent))
    imported = json.loads(done.cells[-1].outputs[0].text)
    given.cells.pop()
    files = {str(modules.file_of(one).relative_to(modules.LIBRARY)) for one in imported}
    assert files <= set(modules.used_by(given)) and len(imported) > 10
