"""The toolkit's own page: its example runs, its lists are whole, and no study is named in it."""

import re
from pathlib import Path

import nbformat
import pytest
from nbconvert.utils.exceptions import ConversionException
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

import footnoted
from footnoted import edition, running

FOLDER = Path(footnoted.__file__).parent
PAGE = (FOLDER / "README.md").read_text(encoding="utf-8")
# words of the study that brought the toolkit about
FOREIGN = (r"countr|kazakh|uzbek|un193|egdi|ledger|verdict|government|per 100 people|_page[\"`]|"
           r"\b(?:claims?|articles?|dd\.|make \w+`)")


def block(language):
    """The one fenced block of a language."""
    (text,) = re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.M | re.S)
    return text


@pytest.fixture(scope="module")
def executed(orchard_home):
    """The example as a notebook that has run."""
    path = orchard_home / "peaks.ipynb"
    nbformat.write(new_notebook(
        cells=[new_markdown_cell("# Peaks", id="title"),
               new_code_cell(block("python"), id="code"),
               new_markdown_cell(block("markdown"), id="prose")],
        metadata={"kernelspec": {"name": "python3", "display_name": "", "language": "python"}}),
        path)
    return running.execute(path, "peaks", {})


def test_the_example_is_printed(executed):
    page = edition.html(executed, "peaks")
    assert 'class="number short">238 m</a>' in page
    assert 'class="finding true">higher than</a>' in page
    assert "Rounding leaves it between 237 and 239" in page


@pytest.mark.parametrize("right, wrong, said", [
    ("238 m", "283 m", '"283 m" is now "238 m"'),
    ("#lead", "#leap", "nothing has this id: did you mean 'lead'?")])
def test_a_wrong_sentence_stops_the_build(executed, right, wrong, said):
    executed.cells[2].source = block("markdown").replace(right, wrong)
    with pytest.raises(ConversionException, match=re.escape(said)):
        edition.html(executed, "peaks")


def test_the_settings_that_code_reads_are_listed():
    code = "".join(path.read_text(encoding="utf-8") for path in FOLDER.rglob("*.py"))
    keys = set(re.findall(r"""(?:said|settings\(\))\.get\(["'](\w+)["']""", code))
    listed = set(re.findall(r"`(\w+)`", "".join(re.findall(r"^  \| (`.*?) \|", PAGE, re.M))))
    assert keys == listed


def test_every_module_is_listed():
    modules = {path.stem for path in FOLDER.iterdir()
               if path.suffix == ".py" or (path / "__init__.py").exists()} - {"__init__"}
    listed = set(re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`.*?) \|", PAGE, re.M))))
    assert modules == listed


@pytest.mark.parametrize("path", sorted(
    path for path in FOLDER.rglob("*") if path.suffix in (".py", ".md", ".html", ".css", ".typ")),
    ids=lambda path: path.name)
def test_no_study_is_named(path):
    text = path.read_text(encoding="utf-8")
    assert re.findall(rf".*(?:{FOREIGN}).*", text, re.IGNORECASE) == []
