"""Chapters under other parameters: the block holds for any, the argument is left out."""

import html
import re
from functools import cache

import pytest
import warm
from runs import bundles, read, troubles

from digital_diplomacy import data
from footnoted import edition, links

CHAPTERS = ["04-comparison", "S1-robustness"]
CHEAP = [(["KGZ", "TJK"], 2023), (["DEU", "FRA"], 2015)]
PAIRS = [
    (["KAZ", "UZB"], 2015),                          # the chapter's own two in another year
    (["UZB", "KAZ"], 2023),                          # in the other order
    (["KAZ", "KGZ"], 2023), (["UZB", "TKM"], 2019),  # one of them, with a neighbour
    (["KAZ", "UZB", "KGZ"], 2019),                   # a third as context
    (["TJK", "TKM", "KGZ", "UZB", "KAZ"], 2023),     # all five
    (["EST", "USA"], 2019), (["DEU", "FRA", "POL", "EST", "USA"], 2023),  # without a neighbour
    (["PRK", "NRU"], 2023), (["SSD", "PRK", "MCO"], 2019)]  # that lack half of the indicators
RUNS = [pytest.param("04-comparison", *one, id=" ".join(map(str, [*one[0], one[1]])))
        for one in CHEAP] + [
    pytest.param(name, *one, marks=pytest.mark.slow, id=" ".join(map(str, [name, *one[0], one[1]])))
    for name in CHAPTERS for one in PAIRS + (CHEAP if name != "04-comparison" else [])]


@cache
def run(name, countries, year):
    """A run that tests share, none changes it; countries: a tuple."""
    return warm.run(name, countries=list(countries), year=year)


def block(nb, kind="markdown"):
    return [cell for cell in nb.cells if cell.cell_type == kind
            and "argument" not in links.tags(cell)]


def sentences(source):
    """The plain sentences of a text, links reduced to their words."""
    words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", source).replace("*", "")
    found = re.split(r"(?<=[.?!])\s+|\n\n", words)
    return [" ".join(one.split()) for one in found if len(one) > 40]


def named(text):
    """The UN members that a text names, the longest name first: "Papua New Guinea" is one."""
    found = set()
    for code, name in sorted(data.names().items(), key=lambda item: -len(item[1])):
        if re.search(rf"\b{re.escape(name)}\b", text):
            found.add(code)
            text = text.replace(name, "")
    return found


@pytest.mark.parametrize("name, countries, year", RUNS)
def test_a_run_with_other_parameters_is_about_them_alone(name, countries, year):
    nb = run(name, tuple(countries), year)
    assert troubles(nb) == [] and links.problems(nb, name) == []
    page = html.unescape(re.sub(r"<[^>]+>", "", edition.html(nb, name)))
    page = " ".join(page.replace("\N{NO-BREAK SPACE}", " ").replace("’", "'").split())
    assert "Run with " in page and "is left out." in page
    assert {data.names()[code] in page for code in countries[:2]} == {True}
    told = [one for cell in nb.cells if cell.cell_type == "markdown"
            and "argument" in links.tags(cell) for one in sentences(cell.source)]
    assert len(told) > 20 and [one for one in told if one.replace("’", "'") in page] == []
    shown = set(data.region(countries))
    for bundle in (one for cell in block(nb, "code") for one in links.bundles(cell)):
        said = f"{bundle.get('caption', '')} {bundle.get('note', '')}"
        assert named(said) <= shown, bundle["id"]
        assert "nan" not in said and "None" not in said
        cells = [cell["text"] for row in bundle.get("cells", []) for cell in row]
        assert "nan" not in cells and "None" not in cells
        if "–" in cells:
            assert re.search(r"No value|dash", bundle["note"]), bundle["id"]


@pytest.mark.parametrize("name", CHAPTERS)
def test_prose_of_the_block_names_no_country_and_links_to_no_year_of_the_parameters(name):
    for cell in block(read(name)):
        assert named(cell.source) == set(), cell.id
    held = run(name, ("DEU", "FRA"), 2015)
    known = {bundle["id"] for bundle in bundles(held)}
    missing = [link for link in links.prose_links(held) if not link.chapter
               and link.target.partition("/")[0] not in known]
    assert missing == []


@pytest.mark.parametrize("countries", [["KAZ"], "KAZ", ["KAZ", "KAZ"], ["KAZ", "ZZZ"],
                                       ["KAZ", "UZB", "KGZ", "TJK", "TKM", "DEU"]])
def test_what_is_no_comparison_is_refused(countries):
    with pytest.raises(data.DataError, match="two countries or more, 5 at most|no UN member 'ZZZ'"):
        data.two(countries)
