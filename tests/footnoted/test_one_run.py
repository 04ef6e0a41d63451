"""How a notebook runs: found, refused, executed, settled, and what a failure says."""

import copy
import io
import json
import os
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from footnoted import running


def notebook(*cells):
    """A notebook: texts that start with # are prose, the first code cell holds parameters."""
    made = new_notebook(metadata={"kernelspec": {
        "name": "python3", "display_name": "Python 3", "language": "python"}})
    for number, text in enumerate(cells):
        cell = new_markdown_cell if text.startswith("#") else new_code_cell
        made.cells.append(cell(text, id=f"cell-{number}"))
    first = next(cell for cell in made.cells if cell.cell_type == "code")
    first.metadata["tags"] = ["parameters"]
    return made


PICKED = notebook("# Apples", "tree: str = 'old'  # its name\nyear: int = 2023\nrows = 7",
                  "(tree, year)")
BROKEN = notebook("# Apples", "year = 2023", "## Ripe\n\n```\n# no heading\n```", "\n".join(
    [f"line = {n}" for n in range(20)] + ["raise KeyError('pear')"]))


def saved(nb, folder, name="apples"):
    path = folder / "notebooks" / f"{name}.ipynb"
    nbformat.write(nb, path)
    return path


# the study

def test_the_study_is_the_nearest_folder_that_says_so(orchard_study, monkeypatch):
    inner = orchard_study / "notebooks" / "drafts"
    inner.mkdir()
    (inner / "pyproject.toml").write_text("[tool.other]\n")
    monkeypatch.chdir(inner)
    assert running.root() == orchard_study
    assert running.settings()["title"] == "Two orchards"


def test_outside_a_study_it_is_the_folder_above_the_package(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert running.root() == Path(running.__file__).parents[2]
    monkeypatch.setattr(running, "__file__", str(tmp_path / "lib/footnoted/running.py"))
    assert running.settings() == {}


def test_the_environment_is_a_list_of_what_is_allowed(tmp_path, monkeypatch):
    for name, value in (("SECRET", "x"), ("LANG", "de_DE"), ("TMPDIR", "/tmp"), ("ASKED", "y")):
        monkeypatch.setenv(name, value)
    made = running.environment(tmp_path, "ASKED", "ABSENT", SET="z")
    assert not {"SECRET", "LANG", "ABSENT"} & made.keys()
    assert (made["TMPDIR"], made["ASKED"], made["SET"]) == ("/tmp", "y", "z")
    assert made["PATH"].split(os.pathsep)[0] == str(Path(sys.executable).parent)
    assert Path(made["HOME"]).is_relative_to(tmp_path) and made["OMP_NUM_THREADS"] == "1"


# notebooks

def test_titles_are_first_headings(orchard_study):
    assert running.titles([saved(PICKED, orchard_study)]) == ["Apples"]


def test_the_digest_of_code_is_of_code_ids_and_tags(orchard_study):
    first = running.code_of(saved(PICKED, orchard_study))
    for change, differs in (("source", True), ("id", True), ("metadata", True)):
        other = copy.deepcopy(PICKED)
        other.cells[2][change] = {"tags": ["x"]} if change == "metadata" else "other"
        assert (running.code_of(saved(other, orchard_study)) != first) == differs
    other = copy.deepcopy(PICKED)
    other.cells[0].source = "# Pears"
    assert running.code_of(saved(other, orchard_study)) == first


@pytest.mark.parametrize("text", ["{", "{}", "[]"])
def test_a_file_that_is_no_notebook_says_so(tmp_path, text):
    (tmp_path / "x.ipynb").write_text(text)
    with pytest.raises(running.StudyError, match="x.ipynb is not a notebook") as caught:
        running.code_of(tmp_path / "x.ipynb")
    assert str(caught.value).splitlines()[-1].startswith("Mend: git checkout ")


def test_two_cells_of_one_id_and_cells_without_one_get_their_own_each_time_alike(tmp_path):
    cells = [{"cell_type": "code", "source": "1"} | more for more in (
        {"id": "a"}, {"id": "a"}, {}, {"id": "not valid"}, {"id": "a-2"})]
    path = tmp_path / "x.ipynb"
    path.write_text("\ufeff" + json.dumps({"nbformat": 4, "nbformat_minor": 2, "cells": cells}),
                    encoding="utf-8")
    read = [running.read_notebook(path) for _ in range(2)]
    assert read[0] == read[1]
    assert [cell["id"] for cell in read[0]["cells"]] == ["a", "a-2", "cell-3", "cell-4", "a-2-2"]
    nbformat.validate(running.as_node(read[0]))
    assert running.code_of(path) == running.code_of(path)


def test_a_notebook_of_format_3_is_read_alike_each_time(tmp_path):
    path = tmp_path / "x.ipynb"
    path.write_text(json.dumps({"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [
        {"metadata": {}, "cells": [
            {"cell_type": "heading", "level": 1, "source": "Old", "metadata": {}},
            {"cell_type": "code", "input": "1", "language": "python", "metadata": {},
             "collapsed": False, "outputs": []}]}]}))
    assert running.titles([path]) == ["Old"] and running.code_of(path) == running.code_of(path)
    assert running.read_notebook(path)["cells"][1]["id"] == "cell-2"


def test_a_parameters_cell_may_hold_more_than_literals(orchard_study):
    nb = notebook("# Apples", "import os  # which\n%matplotlib inline\na, b = 1, (2, 3)\n"
                  "year: int = len(os.sep)  # some\nlate = max(1, 2)\nname = 'x'", "a")
    path = saved(nb, orchard_study)
    assert running.defaults(path) == {"a": 1, "b": (2, 3), "name": "x"}
    assert running.typed(path, {"year": "7", "name": "8", "a": "9"}) == {
        "year": 7, "name": "8", "a": 9}
    with pytest.raises(running.CallError, match=r"late is set by an expression, max\(1, 2\)"):
        running.typed(path, {"late": "3"})
    nb.cells[1].source = "x <- 3; y = c(1"   # another language's
    assert running.defaults(saved(nb, orchard_study)) == {}


def test_parameters_are_typed_as_their_notebook_says(orchard_study):
    path = saved(PICKED, orchard_study)
    assert running.defaults(path) == {"tree": "old", "year": 2023, "rows": 7}
    given = {"tree": "7", "year": "-5", "rows": "8"}
    assert running.typed(path, given) == {"tree": "7", "year": -5, "rows": 8}


@pytest.mark.parametrize("given, said", [
    ({"yaer": "2020"}, "apples.ipynb has no parameter 'yaer': did you mean 'year'?"),
    ({"colour": "red"}, "apples.ipynb has no parameter 'colour': one of tree, year, rows."),
    ({"rows": "ten"}, "rows 'ten' is not a whole number: write it as in ROWS=7."),
    ({"year": "soon"}, "year 'soon' is not a whole number: write it as in YEAR=2023."),
])
def test_a_wrong_parameter_is_one_sentence(orchard_study, given, said):
    with pytest.raises(running.CallError) as caught:
        running.typed(saved(PICKED, orchard_study), given)
    assert str(caught.value) == said


# executing

@pytest.fixture(scope="module")
def executed(orchard_home):
    """What a run of PICKED with other parameters gives."""
    (orchard_home / "notebooks").mkdir(exist_ok=True)
    return running.execute(saved(PICKED, orchard_home), "apples", {"tree": "new"})


def test_a_run_holds_outputs_and_nothing_that_changes(executed):
    done = executed
    assert done.cells[3].outputs[0].data["text/plain"] == "('new', 2023)"
    assert [cell.id for cell in done.cells] == ["cell-0", "cell-1", "injected-parameters", "cell-2"]
    assert set(done.metadata) == {"kernelspec", "language_info"}
    assert set(done.metadata.language_info) == {"name", "file_extension", "pygments_lexer"}
    assert not any({"papermill", "execution"} & cell.metadata.keys() for cell in done.cells)
    assert done.cells[1].metadata.tags == ["parameters"] and done.cells[3].execution_count == 3


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize("stream, moves", [(Terminal(), True), (io.StringIO(), False)])
def test_a_terminal_shows_a_line_that_moves_and_a_log_none(orchard_study, monkeypatch, stream,
                                                           moves):
    import papermill
    ran = []

    def execute_notebook(notebook, *_, progress_bar, **options):
        from tqdm import tqdm
        for _ in tqdm(notebook.cells, **progress_bar):
            ran.append(options["cwd"])
        return notebook
    monkeypatch.setattr(papermill, "execute_notebook", execute_notebook)
    monkeypatch.setattr(sys, "stdout", stream)
    running.execute(saved(PICKED, orchard_study), "apples", {})
    assert ran == [str(orchard_study / "notebooks")] * 3
    assert ("apples  cell 0 of 3" in stream.getvalue()) == moves
    assert "\n" not in stream.getvalue()  # the line goes when the notebook ends


def test_a_failure_is_one_screen_with_place_error_and_mend(orchard_study):
    path = saved(BROKEN, orchard_study)
    with pytest.raises(running.StudyError) as caught:
        running.execute(path, "apples", {})
    lines = str(caught.value).splitlines()
    assert lines[0] == f"apples failed: {path}, cell 2 (id cell-3), under “Ripe”"
    assert lines[2:10] == [f"    line = {n}" for n in range(8)]
    assert lines[10:] == ["", "KeyError: 'pear'", "", "Nothing was picked.",
                          "Mend: look at the tree."]


def test_a_cell_that_ends_the_kernel_is_named(orchard_study, monkeypatch):
    import papermill

    def dead(nb, *given, on_cell_start, **options):
        on_cell_start(cell=nb.cells[1], cell_index=1)
        raise RuntimeError("Kernel died")
    monkeypatch.setattr(papermill, "execute_notebook", dead)
    path = saved(PICKED, orchard_study)
    with pytest.raises(running.StudyError) as caught:
        running.execute(path, "apples", {})
    lines = str(caught.value).splitlines()
    assert lines[0] == f"apples failed: {path}, cell 1 (id cell-1), under “Apples”"
    assert any(line.startswith("The kernel died: the cell took more memory") for line in lines)


@pytest.mark.parametrize("kernel, given", [
    (None, "python3"), ({"name": "conda-env-stats-py", "display_name": "x"}, "python3"),
    ({"name": "ir", "display_name": "R", "language": "R"}, None)])
def test_a_notebook_runs_on_the_studys_kernel_or_is_refused(orchard_study, monkeypatch, kernel,
                                                            given):
    import papermill
    seen = []
    monkeypatch.setattr(papermill, "execute_notebook", lambda nb, *_, **more: seen.append(nb) or nb)
    nb = copy.deepcopy(PICKED)
    nb.metadata = nbformat.from_dict({"kernelspec": kernel} if kernel else {})
    path = saved(nb, orchard_study)
    if given:
        running.execute(path, "apples", {})
        assert seen[0].metadata.kernelspec.name == given
    else:
        with pytest.raises(running.StudyError, match="is written in r, and the study runs Python"):
            running.execute(path, "apples", {})


@pytest.mark.parametrize("reason", ["Kernel died", "Kernel died before replying to kernel_info"])
def test_a_kernel_that_dies_is_one_reason_and_a_mend(orchard_study, monkeypatch, reason):
    import papermill

    def dead(*given, **options):
        raise RuntimeError(reason)
    monkeypatch.setattr(papermill, "execute_notebook", dead)
    with pytest.raises(running.StudyError) as caught:
        running.execute(saved(PICKED, orchard_study), "apples", {})
    assert str(caught.value).splitlines() == [
        f"apples: its kernel did not start ({reason}).",
        "Mend: close other programs, then run the same command again"]
