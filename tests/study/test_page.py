"""The ledger as a page and as JSON: every claim, its verdict in words, its anchor, its filters."""

import csv
import io
import json
import re

import ledger_rows as rows
import lxml.html
import pytest
from jinja2 import UndefinedError

from digital_diplomacy.claims import ledger, verdicts
from digital_diplomacy.claims import page as ledger_page

HELD = rows.held()
BY_ID = {claim["id"]: claim for claim in rows.CLAIMS}


@pytest.fixture(scope="module")
def text():
    return ledger_page.page(HELD)


@pytest.fixture(scope="module")
def page(text):
    return lxml.html.document_fromstring(text)


def said(element):
    """The words of an element, as a reader sees them."""
    return " ".join(element.text_content().split())


def entry(page, name):
    """The whole entry of a claim: the element that opens."""
    return page.get_element_by_id(name).getparent()


# ------------------------------------------------------------------ every claim

def test_every_claim_has_an_anchor_inside_what_it_opens(page):
    assert {one.get("id") for one in page.find_class("entry")} == set(BY_ID)
    assert all(one.getparent().tag == "details" for one in page.find_class("entry"))


def test_ids_are_unique_and_links_to_them_lead_somewhere(page):
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in page.xpath("//a/@href") if link.startswith("#")} <= set(ids)


@pytest.mark.parametrize("name", BY_ID)
def test_the_line_of_a_claim_says_page_statement_verdict_and_marks(page, name):
    claim, line = BY_ID[name], said(entry(page, name).find("summary"))
    at = "pp. 25–26" if "-" in claim["page"] else f"p. {claim['page']}"
    assert line.startswith(f"{at} {' '.join(claim['statement'].split())}")
    for word in (claim["verdict"], *claim["marks"]):
        assert word in line
    assert ("central" in line) == bool(claim["central"])
    assert ("self-evident count" in line) == (claim["apart"] == "self-evident")


@pytest.mark.parametrize("name", BY_ID)
def test_an_entry_says_the_results_with_their_arithmetic(page, name):
    claim, listed = BY_ID[name], page.get_element_by_id(name).find_class("results")[0]
    told = dict(zip(map(said, listed.findall("dt")), map(said, listed.findall("dd"))))
    for key, against in ledger_page.RESULTS.items():
        if key not in ("own", "cited") and claim[key] in ledger_page.UNTESTED:
            assert against[0].upper() + against[1:] not in told
            continue
        found = told[against[0].upper() + against[1:]]
        assert found == claim[key] + (f": {claim[key + '_how']}" if claim[key + "_how"] else "")
    by = f" by the line {claim['line']}" if claim["line"] else ""
    assert told["Verdict"].startswith(f"{claim['verdict']}{by}. ")


@pytest.mark.parametrize("name", BY_ID)
def test_an_entry_says_whatever_its_row_says(page, name):
    claim, told = BY_ID[name], said(page.get_element_by_id(name))
    texts = [*claim["printed"], claim["cites"], claim["looked"], claim["needed"],
             *(ledger_page.in_short(rows.ORIGINS[row]) for row in claim["rows"]),
             *(one["how"] for one in claim["checks"] if one["against"] == "further"),
             *(part for one in claim["checks"] for part in (
                 one["evidence"], one["locator"], one["criterion"], one["inputs"],
                 one["result"]))]
    for source in claim["sources"]:
        texts += rows.SOURCES[source][:3]
    for one in texts:
        assert " ".join(one.split()) in told
    assert "The author’s reply: none is on record here" in told


def test_an_entry_does_not_say_what_is_not_there(page):
    told = said(page.get_element_by_id("uzb-social-share"))
    for heading in ("What is open", "How it was decided", "Sources", "Central", "Looked for"):
        assert heading not in told
    assert "Printed: 5,35 млн, 15,3%." in told and "It cites nothing for this." in told
    assert "Not legible in our copy." in said(page.get_element_by_id("kaz-figure-4"))


def test_stability_is_a_sentence_and_one_choice_is_never_called_stable(page):
    for name, words in {
            "kaz-egdi": "Mislabelled under all 3 admissible choices.",
            "kaz-internet-share": "Mislabelled under 17 of 18 admissible choices; turned by "
                                  "population: mid-year 2022.",
            "kaz-programme-presented": "Not varied", "uzb-social-share": "Not varied"}.items():
        assert words in said(page.get_element_by_id(name)), name
    assert "stable" not in said(page.get_element_by_id("kaz-programme-presented"))


def test_what_is_varied_is_said(page):
    told = said(page.get_element_by_id("kaz-internet-share"))
    assert "What is varied Which count of <people>. Rounded or cut." in told
    assert "What is varied" not in said(page.get_element_by_id("speed"))


def test_every_row_of_a_claim_is_listed_and_leads_to_its_place(monkeypatch):
    names = {f"KAZ/{year}/egdi/un_egdi_2022": f"Row of {year} (file (a); row 1)"
             for year in range(2000, 2020)}
    claim = BY_ID["kaz-egdi"] | {"rows": list(names)}
    held = HELD | {"claims": [claim], "origins": names}
    monkeypatch.setattr(ledger_page.places, "place", lambda row: "")
    entry = lxml.html.document_fromstring(ledger_page.page(held)).find_class("rows")[0]
    assert [said(line) for line in entry][:20] == list(names.values()) and len(entry) == 21
    monkeypatch.setattr(ledger_page.places, "place", lambda row: f"rows/KAZ.html#{row[4:8]}")
    entry = lxml.html.document_fromstring(ledger_page.page(held)).find_class("rows")[0]
    assert [(said(line), line.find("a").get("href")) for line in entry][19] == (
        "Row of 2019", "rows/KAZ.html#2019")


def test_central_claims_stand_first_and_what_stands_apart_last(page):
    kaz = page.xpath("//section[.//h2[@id='page-02-kazakhstan']]")[0]
    assert [one.get("id") for one in kaz.find_class("entry")] == [
        "kaz-egdi", "kaz-internet-share", "kaz-programme-presented", "kaz-figure-4",
        "kaz-directions"]
    assert "5 claims, the 2 central ones first; tested in" in said(kaz)


def test_a_rule_is_a_sentence_and_its_code_one_click_away(page):
    told = said(page.get_element_by_id("kaz-egdi"))
    assert "By rule, against the study’s preferred source: agrees. Rule: agrees where some " \
        "value rounds to the printed number and to the source’s." in told
    links = page.get_element_by_id("kaz-egdi").xpath(".//code/a/@href")
    assert links == ["rules.html#same", "rules.html#on_subject"]
    rules = lxml.html.document_fromstring(ledger_page.rules_page(HELD))
    assert [one.get("id") for one in rules.iter("h2")] == [
        "same", "same_date", "in_year", "on_subject"]  # those that decided, in their order
    assert "def same(printed, found):" in said(rules.find(".//pre"))


# ------------------------------------------------------------------ the top

def test_the_head_leads_with_central_claims_and_has_apart_what_is_no_claim(page):
    top = said(page.get_element_by_id("main"))
    assert "0 of 3 central claims, 1 of 5 claims, 0 of 4 numbers and counts that could be " \
        "decided are right. 5 claims were decided by rule and 1 by reading. 3 of the 9 are " \
        "open" in top
    lines = [[said(cell) for cell in line][:4] for line in
             page.get_element_by_id("page-counts").iter("tr")]
    assert lines == [["Verdict", "Claims", "of these central", "Apart"],
                     ["✓ reproduced", "1", "0", "1"], ["↔ mislabelled", "2", "2", "0"],
                     ["± disputed", "0", "0", "0"], ["≠ contradicted", "1", "1", "0"],
                     ["⨯ inconsistent", "1", "0", "0"],
                     ["∅ unsupported", "2", "1", "0"], ["? not checkable here", "2", "0", "0"],
                     ["All", "9", "4", "1"]]


def test_the_standard_of_evidence_stands_on_the_page_and_each_line_can_be_linked(page):
    line = page.get_element_by_id("standard-preferred")
    assert [said(cell) for cell in line] == ["preferred", "The study's own series.", "The <same>."]
    link, = entry(page, "kaz-programme-presented").xpath(".//a[@href='#standard-preferred']")
    assert link.text == "preferred"


def test_the_truth_table_is_folded_out(page):
    fold = page.find_class("truth")[0]
    assert fold.tag == "details" and fold.get("open") is None
    lines = [[said(cell) for cell in line] for line in fold.xpath(".//table")[-1].iter("tr")]
    assert lines[0] == list(rows.TRUTH.columns)
    assert [tuple(line) for line in lines[1:]] == list(verdicts.TRUTH)


def test_a_word_that_is_no_verdict_is_refused():
    claim = BY_ID["kaz-egdi"] | {"verdict": "true"}
    with pytest.raises(UndefinedError, match="no attribute 'true'"):
        ledger_page.page(HELD | {"claims": [claim]})


# ------------------------------------------------------------------ the filter

def test_every_claim_carries_what_the_filter_asks(page):
    for name, claim in BY_ID.items():
        asked = {key.removeprefix("data-"): value for key, value in entry(page, name).items()
                 if key.startswith("data-")}
        assert asked == {"verdict": claim["verdict"], "chapter": claim["chapter"],
                         "country": claim["country"] or "none", "basis": claim["basis"],
                         "central": "yes" if claim["central"] else "",
                         "apart": claim["apart"]}


def test_every_choice_of_the_filter_has_a_label_and_covers_the_claims(page):
    form = page.get_element_by_id("page-filter")
    assert form.get("hidden") is not None   # without its script there is no dead control
    labels = set(form.xpath(".//label/@for"))
    fields = form.xpath(".//select|.//input")
    assert {field.get("id") for field in fields} == labels
    assert {field.get("name") for field in fields} == {
        "words", "verdict", "chapter", "country", "basis", "central"}
    for field in form.iter("select"):
        offered = set(field.xpath("./option/@value")) - {""}
        held = {one.get(f"data-{field.get('name')}") for one in page.find_class("claim")}
        assert held <= offered, field.get("name")
    count = form.find(".//output")
    assert count.get("aria-live") == "polite" and set(count.get("for").split()) == labels


def test_the_script_knows_every_field_of_the_filter(page, text):
    script = (ledger_page.TEMPLATES / "ledger.js").read_text(encoding="utf-8")
    assert script in text   # as written: an escaped script would not run
    fields = json.loads(re.search(r"const fields = (\[.*?\]);", script)[1])
    assert fields == page.xpath("//form//@name")
    for name in set(re.findall(r'(?:getElementById\("|querySelector(?:All)?\("#)([\w-]+)', script)):
        page.get_element_by_id(name)
    for name in re.findall(r'"(?:details|section)\.(\w+)', script):
        assert page.find_class(name)


# ------------------------------------------------------------------ one file, for every reader

def test_the_page_asks_for_no_other_file(page):
    assert not page.xpath("//*[@src] | //link[not(@rel='icon')] | //img | //iframe")
    assert "@import" not in page.find(".//style").text and "url(" not in page.find(".//style").text


def test_markup_in_a_text_stays_text(page, text):
    told = said(page.get_element_by_id("school-anglo-saxon").getparent())
    assert 'The "Anglo-Saxon school" sees < 3 tools & one aim in «мягкая сила».' in told
    assert "chapters 1 and 2 of <Digital>" in told and not page.xpath("//digital")
    assert "31 января 2017" in text and "&amp;#" not in text
    assert not [link for link in page.xpath("//a/@href") if "javascript" in link]
    hostile = BY_ID["kaz-egdi"] | {"statement": '<script>alert("x")</script>',
                                   "country": '"><img src=x>'}
    made = lxml.html.document_fromstring(ledger_page.page(
        HELD | {"claims": [hostile], "countries": HELD["countries"] | {hostile["country"]: "<b>"}}))
    assert len(made.xpath("//script")) == len(page.xpath("//script")) and not made.xpath("//img")
    assert '<script>alert("x")</script>' in said(made.find_class("claim")[0])


def test_headings_go_down_in_steps_and_every_chapter_has_one(page):
    levels = [int(one.tag[1]) for one in page.xpath("//h1|//h2|//h3|//h4")]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(levels, levels[1:]))
    for part in page.find_class("chapter"):
        if part.tag == "section":
            assert part.find("h2").get("id") == part.get("aria-labelledby")


def test_the_page_looks_like_the_others_and_is_among_them(page):
    assert page.get("lang") == "en" and page.find_class("skip")
    assert said(page.find(".//title")).startswith("The ledger: every claim")
    assert page.xpath("//nav[@aria-label='Chapters']//a[@aria-current='page']/text()") == [
        "Claims"]
    assert page.xpath("//nav[@aria-label='Chapters']//a/@href")[1] == "01-theory.html"


def luminance(colour):
    parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear))


def test_verdicts_read_on_their_ground_and_differ_without_colour():
    style = (ledger_page.TEMPLATES / "ledger.css").read_text(encoding="utf-8")
    plain = {"ink": ("#1c1c1c", "#e6e3dc"), "paper": ("#ffffff", "#16181a"),
             "tint": ("#f6f4ef", "#202326")}  # by day and by night, as study.css has them
    for verdict in verdicts.MEANING:
        rule = re.search(rf"\.v-{verdict.split()[0]} {{(.*?)}}", style)[1]
        found = {name: two for name, *two in re.findall(
            r"(?<![-\w])(color|background): light-dark\((#\w+), (#\w+)\)", rule)}
        tint = "tint" if "background: var(--tint)" in rule else "paper"
        for ink, ground in zip(found.get("color", plain["ink"]),
                               found.get("background", plain[tint])):
            light, dark = sorted((luminance(ink), luminance(ground)), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (verdict, ink, ground)
    assert len(set(verdicts.SIGN.values())) == len(verdicts.MEANING) == len(verdicts.SIGN)


# ------------------------------------------------------------------ for machines

def test_claims_json_is_every_row_with_origins_and_address():
    listed = json.loads(ledger_page.claims(HELD), parse_constant=pytest.fail)
    assert [one["id"] for one in listed] == list(BY_ID)
    for one in listed:
        assert {key: one[key] for key in BY_ID[one["id"]]} == BY_ID[one["id"]]
        assert one["origin"] == [rows.ORIGINS[row] for row in one["rows"]]
        assert one["address"] == f"ledger.html#{one['id']}"
    assert "млн" in ledger_page.claims(HELD)   # letters, not escapes


def test_claims_csv_comes_back_as_claims_json_has_it():
    held = HELD | {"claims": [one | {"marks": ["a, b", "c; d"]} for one in rows.CLAIMS]}
    listed = json.loads(ledger_page.claims(held))
    back = list(csv.DictReader(io.StringIO(ledger_page.claims_csv(held), newline="")))
    assert [one["id"] for one in back] == list(BY_ID)
    assert list(back[0]) == [key for key in ledger_page.KEYS if key in listed[0]
                             and key not in ledger_page.JSON_ONLY]
    for cells, one in zip(back, listed):
        for key, cell in cells.items():
            value = one[key]
            if isinstance(value, list):
                assert (cell.split(ledger_page.BETWEEN) if cell else []) == value
            else:
                assert cell == (str(value).lower() if isinstance(value, bool) else value)


def test_every_key_of_claims_json_is_described(real):
    row = ledger.ledger("04-comparison").to_dict("records")[0]
    assert set(ledger_page.KEYS) == {*row, "origin", "address"}
    separator = ledger_page.BETWEEN
    assert not [text for one in ledger.ledger("04-comparison").to_dict("records")
                for value in one.values() if isinstance(value, list)
                for text in value if separator in text]


def test_a_number_that_is_none_never_reaches_json():
    with pytest.raises(ValueError):
        ledger_page.claims(HELD | {"claims": [BY_ID["speed"] | {"page": float("nan")}]})


def test_what_is_gathered_comes_from_the_studys_own_tables(real):
    known = rows.claim("kaz-egdi", "02-kazakhstan", 27, "A score.", "reproduced", country="KAZ",
                       rows=["KAZ/2022/egdi/undesa_egdi_2022"], sources=["undesa_egdi_2022"])
    held = ledger_page.gathered(rows.frame([known]), rows.TRUTH, rows.STANDARD)
    assert held["claims"] == [known] and len(held["truth"]) == len(verdicts.TRUTH)
    assert held["countries"]["UZB"] == "Uzbekistan"
    assert list(held["sources"]) == ["undesa_egdi_2022"]
    told = said(lxml.html.document_fromstring(ledger_page.page(held)).find_class("rows")[0])
    assert "Kazakhstan, 2022, EGDI: 0.86280" in told
    json.dumps(held, allow_nan=False)
