"""The front page, the page of data, and what the search knows."""

import csv
import gzip
import io
import json
import re

import by_hand as hand
import ledger_rows
import lxml.html
import pytest
import yaml
from test_readme import ROOT
from test_site import study  # noqa: F401  a study of one chapter and one profile

from digital_diplomacy import downloads, front, search, site

TEXT = ("An audit of [@pomona]\n\n# Which orchard is riper?\n\nHillside, by "
        "[3.9 points](02-hillside.ipynb#gap): [92.9 %](02-hillside.ipynb#ripe-apples/HIL/2023).\n\n"
        "## Two questions\n\n### Is it ripe?\n\nIt is.\n\n### Is it red?\n\nNo.\n\n"
        "## How to cite\n\nAs you like.\n")


@pytest.fixture
def page(study, tmp_path):  # noqa: F811
    """The front page of the small study with a text of its own, as a tree."""
    (tmp_path / "paper" / "front-page.md").write_text(TEXT.replace("An audit of [@pomona]", "One"))
    made = front.pages(study, {"paper.pdf": 434_753}, {"claims": "9 claims", "data": "2 tables"})
    assert set(made) == {"index.html", "numbers/index.html", "numbers/index.js"}
    return lxml.html.document_fromstring(made["index.html"])


def said(element):
    return " ".join(element.text_content().split())


def test_question_answer_and_ways_stand_in_this_order(page):
    hero, nav = page.find_class("hero")[0], page.find_class("ways")[0]
    assert said(hero).startswith("One Which orchard is riper? Hillside, by 3.9 points: 92.9 %.")
    assert [(a.text, a.get("href")) for a in nav.iter("a")] == [
        ("Read the paper", "paper.pdf"), ("Chapters", "#chapters"),
        ("The article’s claims", "ledger.html"), ("Countries", "#profiles"), ("Data", "data.html")]
    assert [said(one) for one in nav.find_class("asks")] == [
        "One PDF, 435 kB", "1 chapter", "9 claims", "1 profile", "2 tables"]
    assert [a.get("href") for a in hero.find_class("number")] == [
        "numbers/index.html#front-02-hillside-from-gap",
        "numbers/index.html#front-02-hillside-from-ripe-apples-1-1"]


def test_parts_of_the_first_section_stand_side_by_side_and_the_last_one_below_the_lists(page):
    answers = page.find_class("answers")[0]
    assert [said(one) for one in answers] == ["Two questions", "Is it ripe? It is.",
                                              "Is it red? No."]
    heads = [said(one) for one in page.iter("h2")]
    assert heads == ["Two questions", "Chapters", "Profiles of countries", "Download",
                     "How to cite"]


def test_a_way_without_a_page_is_not_offered(study):  # noqa: F811
    made = front.pages({"02-hillside": study["02-hillside"]})["index.html"]
    nav = lxml.html.document_fromstring(made).find_class("ways")[0]
    assert [a.text for a in nav.iter("a")] == ["Chapters"]


def test_the_studys_own_front_page_cites_it_as_the_citation_file_does():
    text = (ROOT / front.TEXT).read_text(encoding="utf-8")
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    place = text.partition("## How to cite")[2]
    assert f"*{cited['title']}.*" in place and str(cited["date-released"])[:4] in place


# ------------------------------------------------------------------ data

@pytest.fixture
def tables(real):
    return downloads.tables()


def test_the_tables_are_those_of_the_data_package_with_their_rows(tables):
    held = {one["name"]: one for one in tables}
    described = json.loads((ROOT / "data/datapackage.json").read_text(encoding="utf-8"))
    assert list(held) == [one["name"] for one in described["resources"]]
    rows = list(csv.reader(io.StringIO(held["facts"]["content"].decode(), newline="")))
    assert held["facts"]["rows"] == len(rows) - 1
    assert [field["name"] for field in held["facts"]["fields"]] == rows[0]


def test_the_page_of_data_offers_what_the_site_holds(tables):
    offered = downloads.files(tables)
    sizes = {name: len(content) for name, content in offered.items()}
    page = lxml.html.document_fromstring(
        downloads.page(tables, sizes | {downloads.ARCHIVE: 1_300_000, "numbers.json": 4_000_000}))
    links = set(page.xpath("//main//a/@href"))
    files = {link for link in links if re.match(r"(data/|digital)", link)}
    assert files == {*offered, downloads.ARCHIVE}
    lines = page.get_element_by_id("table-facts")
    assert [said(lines[i]) for i in (0, 2)] == ["facts.csv", f"{tables[15]['rows']:,}"]
    assert "claims.json" not in links  # not offered, so not described
    assert page.xpath("//h3/@id") == ["keys-numbers"]


def test_the_codebook_has_each_indicator_once_with_its_sources(real):
    rows = [row for _, held in downloads.codebook() for row in held]
    assert len(rows) == len({row["indicator"] for row in rows}) \
        == len(downloads.data.read("indicators"))
    egdi = next(row for row in rows if row["indicator"] == "egdi")
    assert "undesa_egdi_2022" in egdi["sources"] and egdi["sources"] == sorted(egdi["sources"])


def test_every_source_has_its_line_of_rights(real):
    lines = downloads.rights()
    assert sum(len(held) for _, _, held in lines) == len(downloads.data.read("sources"))
    assert {may for may, _, _ in lines} <= set(downloads.RIGHTS) and lines[0][0] == "yes"


def test_every_key_of_numbers_json_is_described(study):  # noqa: F811
    found = {key for one in site.numbers(study) for key in one}
    assert found <= set(downloads.NUMBERS)
    unlike = {"missing"}  # only where two rows of a table share their labels
    assert set(downloads.NUMBERS) - found == unlike


# ------------------------------------------------------------------ search

@pytest.fixture
def found(study, tmp_path):  # noqa: F811
    return search.entries(study, ledger_rows.held(), site.numbers(study))


def test_what_can_be_found_and_where_it_leads(found):
    assert found["Pages"] == [("Every claim", "Ledger", "ledger.html"), (
        "Asked and found", "front page", "index.html#front-section-asked-and-found")]
    assert found["Chapters"][0] == ("2 Hillside", "", "02-hillside.html")
    assert ("Kazakhstan's score on the E-Government Development Index is 0.8628.",
            "mislabelled, p. 27", "ledger.html#kaz-egdi") in found["Claims"]
    assert ("Hillside before Valley, 2023", "3.9 points", "numbers/02-hillside.html#from-gap") \
        in found["Numbers"]
    assert {to for *_, to in found["Figures and tables"]} >= {"02-hillside.html#ripe-apples"}
    assert not [to for rows in found.values() for *_, to in rows if "profile-valley.html#" in to]


def test_a_section_of_the_front_page_stands_where_the_search_leads(page, found):
    place = search.further_pages()[-1]
    assert place == ("How to cite", "front page", "index.html#front-section-how-to-cite")
    assert said(page.get_element_by_id("front-section-how-to-cite")) == "How to cite"


def test_a_section_that_stands_twice_is_found_once():
    text = hand.text("# It\n\n## Is it?\n\nNo.\n\n## Is it?\n\nYes.")
    rows = search.headings(hand.nbformat.v4.new_notebook(cells=[text]), "01-it")
    assert rows == [("1 It", "", "01-it.html"), ("Is it?", "It", "01-it.html#section-is-it")]


def test_countries_lead_to_their_profile_or_their_rows(real):
    found = search.described({"profile-kaz": None})
    places = {title: to for title, _, to in found["Countries"]}
    assert len(places) == 193
    assert (places["Kazakhstan"], places["Namibia"]) == ("profile-kaz.html", "rows/NAM.html")
    assert ("People using the internet", "Internet use, %, internet_use",
            "data.html#indicator-internet_use") in found["Indicators"]
    assert len(found["Sources"]) == len(downloads.data.read("sources"))


def test_the_entries_are_a_script_that_the_index_repeats(found):
    script = search.script(found)
    text = re.match(r"const studyEntries=(.*);\n", script)[1]
    assert json.loads(text) == {kind: [list(row) for row in rows] for kind, rows in found.items()}
    page = lxml.html.document_fromstring(search.page(found))
    listed = page.xpath("//ul[@class='index']//a/@href")
    assert listed == [to for kind, rows in found.items() if kind != "Numbers" for *_, to in rows]
    assert f"The {len(found['Numbers'])} numbers" in said(page.get_element_by_id("main"))


def test_markup_in_an_entry_stays_text():
    found = {"Claims": [("</script><b>x", "", "ledger.html#a")]}
    page = lxml.html.document_fromstring(search.page(found))
    assert "</script><b>x" in said(page.get_element_by_id("main")) and not page.xpath("//main//b")


def test_notebooks_of_the_site_have_the_cells_of_their_authors(study):  # noqa: F811
    made = dict(site.pages(study))
    assert [name for name in made if name.endswith(".ipynb")] == ["notebooks/02-hillside.ipynb"]
    bare = json.loads(made["notebooks/02-hillside.ipynb"])
    cells = study["02-hillside"]["cells"]
    assert [cell["source"] for cell in bare["cells"]] == [cell["source"] for cell in cells]
    assert not [cell for cell in bare["cells"] if cell.get("outputs") or cell.get(
        "execution_count")]
    assert any(cell.get("outputs") for cell in cells)  # those of the run stay as they are


# ------------------------------------------------------------------ weight

PAGE, SEARCH = 60_000, 100_000  # bytes, compressed


def weight(text):
    return len(gzip.compress(text.encode(), 9, mtime=0))


def test_what_the_search_loads_and_the_page_of_data_are_light(tables):
    found = search.described({})
    assert weight(search.script(found)) < SEARCH / 2  # numbers, claims and sections are the rest
    assert weight(downloads.page(tables, {one["file"]: 1 for one in tables})) < PAGE
