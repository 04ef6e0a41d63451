"""Pages of rows and of sources: each row that a number rests on has its place there."""

import re

import pytest
from lxml import html as markup

from digital_diplomacy import data, evidence, places


@pytest.fixture
def pages(small):
    """The pages of the small study, by file name."""
    return {name: markup.fromstring(text) for name, text in evidence.pages()}


def at(pages, address):
    """The element at an address of the site."""
    name, _, anchor = address.partition("#")
    return pages[name].get_element_by_id(anchor)


def words(element):
    return " ".join(" ".join(element.itertext()).split())


def test_each_observation_has_its_row(pages):
    rows = data.observations()
    assert len(rows) == 18
    for row in rows.to_dict("records"):
        found = words(at(pages, places.place(row["row"])))
        assert data.as_printed(row) in found and row["locator"] in found


def test_a_row_says_year_print_source_and_place(pages):
    row = at(pages, "rows/KAZ.html#internet_use-2018-02-01-blog")
    assert words(row) == "2018-02-01 78,9 % A blog 2018 paragraph 2"
    assert row.xpath(".//a/@href") == ["../sources.html#blog"]
    # a corrected status, a computed and a missing value
    assert "81.9, estimate" in words(at(pages, "rows/KAZ.html#internet_use-2019-old"))
    assert "62.2, computed, modelled" in words(at(pages, "rows/NAM.html#internet_use-2023-new"))
    assert "not published" in words(at(pages, "rows/TJK.html#internet_use-2023-new"))


def test_rows_stand_newest_first(pages):
    years = pages["rows/KAZ.html"].xpath("//h2[@id='internet_use']"
                                          "/following::table[1]//tr/th/text()")
    assert pages["rows/KAZ.html"].xpath("//h2/@id") == [
        "egdi", "egdi_rank", "internet_use", "population"]
    assert [year[:4] for year in years if year[0] == "2"] == [
        "2023", "2023", "2020", "2020", "2019", "2018"]


def test_a_source_says_its_rights_its_address_and_how_to_get_it(pages):
    source = at(pages, "sources.html#new")
    text = words(source)
    for part in ("Bank: Indicators", "Licence CC BY 4.0", "May be redistributed yes",
                 "Read on 2026-11-24", "How to get it again read it", "People using the internet"):
        assert part in text, part
    assert "https://example.org/new" in source.xpath(".//a/@href")
    assert "(6 rows)" in text  # of internet_use: one has no value and says why


def test_an_indicator_of_many_countries_has_a_table_of_its_own(pages, monkeypatch):
    assert "rows/internet_use.html" not in pages
    monkeypatch.setattr(evidence, "MANY", 4)
    made = {name: markup.fromstring(text) for name, text in evidence.pages()}
    page = made["rows/internet_use.html"]
    assert page.xpath("//h2/@id") == ["single-years", "new", "old"]
    cell = page.xpath("//tr[th/a[.='Uzbekistan']]/td/text()")
    assert "71.1" in cell and "89.0" in cell
    assert page.xpath("//th[@id='y2023']") and page.xpath("//th[@id='y2018']")
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))


def test_hostile_cells_stay_text(study):
    study.set("sources", 3, title="<script>alert(1)</script>", publisher_url="javascript:alert(1)")
    study.set("observations", 2, locator="<img src=x onerror=alert(1)>")
    made = {name: markup.fromstring(text) for name, text in evidence.pages()}
    assert not made["sources.html"].xpath("//main//script | //a[starts-with(@href,'javascript')]")
    assert not made["rows/KAZ.html"].xpath("//main//img")
    assert "<img src=x" in made["rows/KAZ.html"].text_content()


def test_every_row_of_the_study_that_a_number_can_rest_on_has_a_place(real):
    """The study's own tables: each kind of row id leads to a page and a place that exist."""
    pages = dict(evidence.pages())
    anchors = {name: set(re.findall(r'\sid="([^"]+)"', text)) for name, text in pages.items()}
    ids = [*data.observations()["row"].sample(400, random_state=1)]
    ids += [data.dated_rowid(table, row) for table in data.SAYS for row in
            data.read(table).to_dict("records")]
    ids += [f"/2026-11-30/absences:{name}/" for name in data.rows_by("absences", "id")]
    ids += ["UN193/2012/epi/undesa_egdi_2012#190", "KAZ/2017-2024/speech:DIG/ungdc_2024#8",
            "CA5/1992-2000/speech:DIG.tool/ungdc_2024#41",
            "UZB/2017-2024/debate_words/ungdc_2024#7"]
    for rowid in ids:
        page, _, anchor = places.place(rowid).partition("#")
        assert anchor in anchors[page], (rowid, page, anchor)
    for text in pages.values():   # what the pages say of each other
        for page, anchor in re.findall(r'href="(?:\.\./)?([\w/]+\.html)#([^"]+)"', text):
            if page in anchors:
                assert anchor in anchors[page], (page, anchor)


def test_a_number_of_the_article_leads_to_its_claim(real):
    claim = places.place("KAZ/2023/article:kaz-internet-share/article_2023")
    assert claim.startswith("ledger.html#")
    assert places.place("/2023/claims:factors-pages/article_2023") == "ledger.html#factors-pages"
