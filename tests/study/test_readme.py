"""The pages for readers of the repository: every path, command, figure and id they name exists."""

import csv
import re
import subprocess
import sys
import tomllib
from operator import attrgetter
from pathlib import Path

import nbformat
import pytest
import rules

import digital_diplomacy as dd
from digital_diplomacy import contents
from footnoted.files import file_digest, read_manifest

ROOT = Path(__file__).resolve().parents[2]
PAGES = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "data/README.md"]
MADE = ("site", "build", ".venv")  # by make, and not committed
EXAMPLES = ("RAW/", "07-", "08-", "ann.", "out.", "figures/NOTEBOOK-")  # the reader's own

def page(name):
    return (ROOT / name).read_text(encoding="utf-8")


def links(text):
    """Targets of the links and pictures of a Markdown text."""
    return [target for target in re.findall(r"\]\(([^)\s]+)\)", text)]


def local(text):
    """Targets inside the repository, without their anchors."""
    return [target.partition("#")[0] for target in links(re.sub(r"`[^`]*`", "", text))
            if not re.match(r"[a-z]+:|#", target)]


def commands(text):
    """What stands in backticks and fences, as one text a command."""
    fences = re.findall(r"^```[^\n]*\n(.*?)^```", text, re.M | re.S)
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S))
    return spans + [line.partition(" # ")[0] for fence in fences for line in fence.splitlines()]


def paths(text):
    """Words of commands that name files.

    >>> paths("`make study` reads `data/facts.csv`; `RAW/<source>/x`, `dodo.py` and `dd.table`.")
    ['data/facts.csv', 'dodo.py']
    """
    words = [word.rstrip(".,;:") for command in commands(text) for word in command.split()]
    return [word for word in words if not word.startswith(EXAMPLES) and (
        re.fullmatch(r"\.?[\w-]+(\.[\w-]+)*(/[\w.-]*)+", word)
        or re.fullmatch(r"[\w.-]+\.(py|toml|lock|yml|cff|md|csv|json|ipynb|txt)", word))]


def exists(word, name):
    """True for a file of the repository, as seen from it or from the page that names it."""
    homes = {ROOT, (ROOT / name).parent}
    return word.partition("/")[0] in MADE or any((home / word).exists() for home in homes)


def targets_of_make(texts):
    """Targets that commands name.

    >>> sorted(targets_of_make(["make data RAW=folder", "make RAW=folder study"]))
    ['data', 'study']
    """
    return {target for text in texts
            for target in re.findall(r"\bmake (?:[A-Z]+=\S+ )*([a-z]+)\b", text)}


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(name):
    home = (ROOT / name).parent
    assert [target for target in local(page(name)) if not (home / target).exists()
            and target.partition("/")[0] not in MADE] == []


@pytest.mark.parametrize("name", PAGES)
def test_paths_exist(name):
    assert [word for word in paths(page(name)) if not exists(word, name)] == []


@pytest.mark.parametrize("name", [name for name in PAGES if name != "CHANGELOG.md"])
def test_commands_of_make_exist(name):
    targets = set(re.findall(r"^([a-z]+):", page("Makefile"), re.M))
    assert targets_of_make(commands(page(name))) - targets == set()


def test_commands_of_make_in_the_notebooks_exist():
    """In backticks of the text; in the notes of tables after "by make"."""
    targets = set(re.findall(r"^([a-z]+):", page("Makefile"), re.M))
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        cells = nbformat.read(path, as_version=4).cells
        spans = [command for cell in cells if cell.cell_type == "markdown"
                 for command in commands(cell.source)]
        notes = [found for cell in cells for found in re.findall(r"by (make [a-z]+)", cell.source)]
        assert targets_of_make(spans + notes) - targets == set(), path.name


def test_commands_of_the_package_exist():
    told = subprocess.run([sys.executable, "-m", "digital_diplomacy", "--help"], check=True,
                          capture_output=True, encoding="utf-8").stdout
    known = set(re.findall(r"^    ([a-z]+)\b", told, re.M))
    named = {word for name in PAGES for command in commands(page(name))
             for word in re.findall(r"python -m digital_diplomacy ([a-z]+)", command)}
    assert {"study", "country", "verify"} <= known and named - known == set()


@pytest.mark.parametrize("name", PAGES)
def test_pages_hold_no_leftovers(name):
    assert rules.LEFTOVER.findall(page(name)) + re.findall("^[A-Z]{3,}$", page(name), re.M) == []


# README

def test_readme_shows_a_figure_first():
    (alt, target), = re.findall(r"!\[([^\]]+)\]\(([^)\s]+)\)", page("README.md"))
    assert len(alt) > 20 and (ROOT / target).exists()


def test_readme_leads_to_the_chapters_the_paper_and_the_index():
    told, folder = set(local(page("README.md"))), ROOT / "notebooks"
    stems = [path.stem for path in (*folder.glob("0[0-5]-*"), *folder.glob("S[0-9]-*"))]
    assert len(stems) >= 9
    assert {f"{folder}{stem}{ending}" for stem in stems
            for folder, ending in (("paper/", ".md"), ("notebooks/", ".ipynb"))} <= told
    assert {"paper/paper.pdf", "paper/supplement.pdf", "paper/index.md"} <= told


def test_readme_says_how_to_run_change_and_cite():
    text = page("README.md")
    for said in ("make study", "make test", "make lab", "make country COUNTRY=", "papermill ",
                 "nbconvert --to study_html", "environment.yml", "CITATION.cff", "LICENSE"):
        assert said in text, said


# paper/index.md

def test_the_index_lists_each_figure_and_table_with_what_makes_it():
    """`make study` has written it for these notebooks: else it is out of date."""
    listed = re.findall(r"^\| (figure|table) `([a-z0-9-]+)` \| .+? \| `([a-z0-9-]+)` \|",
                        page("paper/index.md"), re.M)
    shown = [(kind, name, cell["id"]) for path in sorted((ROOT / "notebooks").glob("*.ipynb"))
             for cell in rules.code(nbformat.read(path, 4))
             for kind, name in rules.calls(cell) if kind in ("table", "figure") and name]
    assert sorted(set(shown) - set(listed)) == []
    functions = set(re.findall(r"`((?:[a-z]+\.)+[a-z_]+)`", page("paper/index.md")))
    assert functions and [name for name in functions if not callable(attrgetter(name)(dd))] == []


def test_committed_products_are_those_of_the_manifest():
    manifest = read_manifest(ROOT / "paper" / "manifest.sha256")
    assert {"paper/index.md", "paper/paper.pdf", "paper/supplement.pdf"} <= manifest.keys()
    assert [name for name, value in manifest.items() if file_digest(ROOT / name) != value] == []


def test_what_a_figure_rests_on_follows_from_its_rows_and_its_cell():
    cell = {"id": "lag",
            "source": 'rows = dd.read("terms")\ndd.figure("lag", dd.charts.lags(rows))'}
    bundle = {"kind": "figure", "id": "lag", "caption": "A | B", "rows": [
        "KAZ/2022/egdi/un", "KAZ/2023/egdi/un", "KAZ/1996/speech:KAZ_1996/4/digital/un"]}
    assert contents.row(cell, bundle) == (
        "figure `lag`", "A \\| B", "`lag`", "`read`, `charts.lags`",
        "egdi, data/sentences.csv, data/terms.csv")


# The tables' page, the citation, the changes

def rows(table):
    with (ROOT / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_tables_page_lists_every_table():
    listed = {word for line in page("data/README.md").splitlines() if line.startswith("| `")
              for word in re.findall(r"`([a-z_]+)`", line.split("|")[1])}
    assert {path.stem for path in (ROOT / "data").glob("*.csv")} - listed == set()


def test_the_tables_page_counts_the_rows_of_files_that_are_not_held():
    held = {row["source"]: row["sha256"] for row in rows("sources") if row["path"]}
    copied = [row for row in rows("facts") if row["value"] and held.get(row["source"]) == ""]
    said = page("data/README.md")
    assert f"{len(copied)} rows copied from two files that are not held" in said
    for source in {row["source"] for row in copied}:
        count = sum(row["source"] == source for row in copied)
        assert f"(`{source}`, {count} rows)" in said.replace("\n", " ")
    assert all("file not held" in row["note"] for row in copied)


def test_the_tables_page_explains_what_is_passed_on():
    said = page("data/README.md")
    for column in ("redistribute", "copy_kind"):
        assert all(f"`{row[column]}`" in said for row in rows("sources"))


def test_the_tables_page_tells_every_status():
    said = re.findall(r"`([a-z ]+)`", "\n".join(line for line in page("data/README.md").splitlines()
                                                if line.startswith("| `")))
    used = {row["status"] for name in ("observations", "facts") for row in rows(name)} - {""}
    assert used - set(said) == set()


def test_the_citation_is_valid_and_of_this_version():
    import yaml
    cited = yaml.safe_load(page("CITATION.cff"))
    settings = tomllib.loads(page("pyproject.toml"))
    project, printed = settings["project"], settings["tool"]["footnoted"]
    assert printed["date"] == str(cited["date-released"])  # the paper's page and its file say it
    assert all(author["name"].startswith(printed["author"]) for author in cited["authors"])
    assert {"cff-version", "message", "title", "authors", "version", "date-released"} <= set(cited)
    assert cited["cff-version"] == "1.2.0" and cited["type"] in ("software", "dataset")
    assert str(cited["version"]) == project["version"]
    assert cited["license"] == [project["license"], "CC-BY-4.0"] and project["license"] == "MIT"
    assert "MIT" in page("LICENSE") and "CC BY 4.0" in page("LICENSE")
    assert "doi" not in cited and "orcid" not in page("CITATION.cff").lower()
    object_of_study, *_ = cited["references"]
    assert {"type", "title", "authors", "journal", "year"} <= set(object_of_study)


def test_the_changes_name_this_version_and_its_date():
    import yaml
    cited = yaml.safe_load(page("CITATION.cff"))
    newest = re.search(r"^## (\S+) \((\d{4}-\d\d-\d\d)\)", page("CHANGELOG.md"), re.M)
    assert newest.groups() == (str(cited["version"]), str(cited["date-released"]))


@pytest.mark.parametrize("page_of, noticed", [
    ("`data/fact.csv`", paths), ("[t](data/gone.md)", local), ("`lib/gone.py`", paths)])
def test_a_wrong_path_is_noticed(page_of, noticed):
    found = noticed(page_of)
    assert found and not exists(found[0], "README.md")
