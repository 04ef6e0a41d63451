"""The chapters of one country and the profile, run for other countries and years."""

import re
from functools import cache

import nbformat
import pytest
import rules
import warm
from runs import bundles, read, troubles

from digital_diplomacy import data
from footnoted import edition, links
from footnoted.edition import tree

CASES = ("02-kazakhstan", "03-uzbekistan")
NAMES = {"02-kazakhstan": "Kazakhstan", "03-uzbekistan": "Uzbekistan", "country-profile": None}
FEW = [("02-kazakhstan", "KAZ", 2015), ("03-uzbekistan", "PRK", 2010),
       ("country-profile", "TKM", 2019)]
MORE = [(name, code, year) for name, code in zip(CASES, ("KAZ", "UZB"))
        for year in (2010, 2015, 2019)] + [
    (name, code, year) for name in CASES
    for code, year in (("DEU", 2023), ("PRK", 2023), ("TKM", 2023), ("KGZ", 2010))] + [
    ("02-kazakhstan", "UZB", 2023), ("03-uzbekistan", "KAZ", 2019)] + [
    ("country-profile", code, year) for code, year in (
        ("DEU", 2015), ("PRK", 2023), ("SSD", 2008), ("MCO", 1995), ("USA", 2024), ("NAM", 1990),
        ("TUV", 2003), ("LIE", 2015), ("ERI", 2023), ("SOM", 2018), ("KAZ", 2010), ("UZB", 2023))]
RUNS = [pytest.param(*run, id="-".join(map(str, run))) for run in FEW] + [
    pytest.param(*run, id="-".join(map(str, run)), marks=pytest.mark.slow)
    for run in MORE if run not in FEW]
runs = pytest.mark.parametrize("name, country, year", RUNS)


@cache
def run(name, country, year):
    return warm.run(name, country=country, year=year)


@runs
def test_nothing_fails_or_contradicts_the_prose(real, name, country, year):
    done = run(name, country, year)
    assert troubles(done) == []
    assert links.problems(done, name) == []


@runs
def test_the_page_is_about_its_country_and_leaves_the_argument_out(real, name, country, year):
    done = run(name, country, year)
    page = " ".join(re.sub(r"<[^>]*>", "", edition.html(done, name)).split())
    argument = [part for cell in rules.markdown(read(name)) if "argument" in links.tags(cell)
                for part in re.split(r"\n\s*\n", rules.text(cell)) if not links.find(part)]
    assert not argument or "is left out" in page
    assert [part for part in argument if part.startswith("## ") and part[3:] in page] == []
    assert [part for part in argument if len(part) > 60 and without_marks(part) in page] == []
    assert f": {data.names()[country]}</h1>" in edition.html(done, name).replace("\n", " ")


def without_marks(part):
    """A paragraph as its page prints it, as far as a plain text can tell."""
    return " ".join(tree.typographic_quotes(part.replace("*", "")).split())


@runs
def test_captions_and_names_are_those_of_the_run(real, name, country, year):
    own, others = data.names()[country], set(NAMES.values()) - {None, data.names()[country]}
    shown = [bundle for bundle in bundles(run(name, country, year)) if "caption" in bundle]
    assert len(shown) == 7 and all(own in bundle["caption"] for bundle in shown)
    said = [" ".join([bundle["caption"], bundle.get("note", ""), bundle.get("alt", ""),
                      *bundle.get("index", [])]) for bundle in shown]
    said += [rules.text(cell) for cell in links.printed_cells(run(name, country, year))
             if cell["cell_type"] == "markdown" and name in CASES]  # the profile names them
    assert [text for text in said for other in others if other in text] == []


@runs
def test_tables_of_one_year_are_of_the_run_or_say_why(real, name, country, year):
    """Newest values up to the chapter's year, three years back at most; else a reason."""
    shown = {bundle["id"]: bundle for bundle in bundles(run(name, country, year))}
    assert str(year) in shown["egov"]["caption"]
    for table, until in (("access", year), ("egov", year), ("reach", 2019)):
        for when, value, *_ in shown[table]["cells"]:
            if value["value"] is None:
                assert re.match(rf"none in {until}: .+", when["text"])
            else:
                assert until - 3 <= int(when["text"]) <= until
                assert {row.split("/")[0] for row in value["rows"]} == {country}


def test_a_value_of_another_year_is_that_of_its_year(real):
    """Chapter 2 for 2015 printed 12.7 lines per 100 people beside a typed 2022."""
    shown = {bundle["id"]: bundle for bundle in bundles(run("02-kazakhstan", "KAZ", 2015))}
    lines = dict(zip(shown["access"]["row_keys"], shown["access"]["cells"]))["fixed_broadband"]
    assert [cell["text"] for cell in lines[:3]] == ["2015", "12.7", "69"]
    assert "2022" not in str(shown["access"]["cells"])


def test_a_figure_without_values_says_so(real):
    shown = {bundle["id"]: bundle for bundle in bundles(run("03-uzbekistan", "PRK", 2010))}
    assert "Not drawn, no two years with a value: Fixed broadband" in shown["networks"]["alt"]


@pytest.mark.parametrize("name", NAMES)
def test_no_year_or_name_is_typed_beside_a_value_of_the_block(name):
    assert rules.said_of_other_parameters(read(name)) == []


def test_a_year_typed_beside_a_value_of_the_block_is_noticed():
    nb = read("02-kazakhstan")
    cell = next(cell for cell in nb.cells if cell.id == "networks-q")
    cell.source = "Lines: [14.5 per 100 people](#access/fixed-broadband/value) in 2022."
    assert rules.said_of_other_parameters(nb) == ["networks-q: 2022"]


@pytest.mark.parametrize("given, left_out", [
    ('country = "KAZ"\nyear = 2023', False), ('country = "KAZ"', False), ("year = 2022", True),
    ('country = "UZB"', True)])
def test_the_argument_is_printed_for_its_own_parameters_alone(given, left_out):
    nb = read("02-kazakhstan")
    nb.cells.insert(2, nbformat.v4.new_code_cell(given, metadata={"tags": ["injected-parameters"]}))
    assert links.argument_left_out(nb) is left_out
    argument = [cell for cell in nb.cells if "argument" in links.tags(cell)]
    assert len(argument) > 30
    assert [cell in links.printed_cells(nb) for cell in argument] == [not left_out] * len(argument)
