"""The tables typed by hand: the article's numbers with their pages, and what the rows refer to.

The list of tokens was read from the text by hand, apart from the table.
"""

import os
import re
from pathlib import Path

import pandas as pd
import pytest

REPOSITORY = Path(__file__).parents[2]
DATA = REPOSITORY / "data"
TYPED = ("facts", "milestones", "recommendations", "terms")
TOKENS = {  # page: its numerals as printed, in the order of the text
    24: "18+ | 18+",
    25: "232 | 2014 | 2012 | 2.0 | 2013 | 89 | 108 | 92",
    26: "10 | 100 | 2 | 2023",
    27: "28 | 193 | 0,8628 | 7 марта 2002 | 2018 | 2022 | 31 января 2017 | 2023 | 17,3 млн | 90% | "
        "2011 | 2021 | 17.10.2023 | 769863 | 3 марта 2021 | 45980 | 12 декабря 2017 | 827 | "
        "P1700000827",
    28: "2023 | 12100 | 26 430 | 14 000 | 11.85 | 2023 | 90,9% | 11,85 млн | 60,8 | 2,30 млн | "
        "2014 | 2017",
    29: "2023 | 2017 | 1117366063 | 2782-3067 | 29",
    30: "2023 | 4 | 10 | 22 | 35 | 92 | 6 | June 13-14, 2019 | 156 | 0",
    31: "156 | 2016 | 2017 | 2021 | 58 | 61 | 39 000 | 3 млн | 242 000 | 3 млн | 16 | 22 | 9 млн | "
        "39 | 2023 | 26,74 млн | 8,84 млн | 2020 | 3611072",
    32: "76,6 | 5,35 млн | 1,94 млн | 2020 | 15,3% | 2023 | 3128 | 26 001 | 2023 | 31,84 млн | "
        "91,2% | 1,65 млн | 4,20 млн | 148 700 | 2015 | 32",
    33: "49 | 50",
}
WORDS = {24: "десять | двух", 25: "второй", 27: "первую | пять", 28: "первый", 30: "два", 31: "пяти",
         33: "В-третьих | В-четвертых | двух | миллионы"}
ILLEGIBLE = {"figure-1-values", "figure-4-values", "figure-5-twitter"}
NUMERAL = re.compile(r"\d+(?:[.,  -]\d+)*")


def table(name):
    """A table of data/ as text."""
    return pd.read_csv(DATA / f"{name}.csv", dtype=str, keep_default_na=False)


@pytest.mark.parametrize("page", sorted({*TOKENS, *WORDS}))
def test_every_number_of_a_page_is_typed_as_often_as_it_is_printed_there(page):
    rows = table("article")
    typed = rows.loc[(rows["page"] == str(page)), "printed"].tolist()
    for listed in (TOKENS, WORDS):
        tokens = listed.get(page, "").split(" | ") if page in listed else []
        lacking = [token for token in set(tokens) if typed.count(token) < tokens.count(token)]
        assert not lacking, f"p. {page}: {lacking} are printed and not typed"


def test_no_number_is_typed_that_the_list_does_not_know():
    rows = table("article")
    known = {(str(page), token) for listed in (TOKENS, WORDS) for page, line in listed.items()
             for token in line.split(" | ")} | {("25", "XX"), ("26", "XXI")}
    unknown = {(row.page, row.printed) for row in rows.itertuples() if row.printed} - known
    assert not unknown


def test_what_is_not_legible_has_a_reason_and_no_value():
    rows = table("article").set_index("id")
    assert set(rows.index[rows["legible"] == "no"]) == ILLEGIBLE
    assert (rows.loc[rows["legible"] != "yes", "reason"] != "").all()
    assert (rows.loc[list(ILLEGIBLE), ["printed", "value"]] == "").all(axis=None)


def test_a_number_without_value_is_a_date_a_serial_number_or_not_legible():
    rows = table("article")
    blank = rows[(rows["value"] == "") & (rows["legible"] == "yes")]
    assert set(blank["unit"]) == {"date", "serial number"}


def test_pages_say_how_they_are_known():
    rows = table("article")
    assert rows["page"].astype(int).between(22, 35).all()
    assert rows.groupby("page")["page_basis"].nunique().eq(1).all()
    visible = set(rows.loc[rows["page_basis"] == "foot of page visible", "page"])
    assert visible == {"29", "32"}


def test_indicators_and_sources_exist():
    indicators, sources = set(table("indicators")["indicator"]), set(table("sources")["source"])
    named = set(table("article")["indicator"]) | set(table("facts")["indicator"])
    assert named - {""} <= indicators
    for name in TYPED:
        assert set(table(name)["source"]) <= sources, name


def test_statements_are_english():
    for name, column in (("article", "statement"), ("milestones", "event"),
                         ("terms", "stresses"), ("recommendations", "statement")):
        assert not table(name)[column].str.contains("[А-Яа-яЁё]").any(), name


def test_milestones_are_dated_labelled_and_tied_to_the_article():
    rows = table("milestones")
    lengths = {"year": 4, "month": 7, "day": 10}
    assert (rows["date"].str.len() == rows["precision"].map(lengths)).all()
    assert rows["short_label"].str.len().max() <= 28
    assert set(rows["article"]) - {""} <= set(table("article")["id"])
    alone = rows[rows["source"] == "article_2023"]
    assert alone["locator"].str.endswith("known from the article only").all()


def test_the_presentation_and_the_resolution_are_two_events():
    dates = table("milestones").set_index("id")["date"]
    assert dates[["kaz-address-2017", "kaz-programme-presented", "kaz-resolution-827"]].tolist() \
        == ["2017-01-31", "2017-01-31", "2017-12-12"]


def test_terms_leave_nothing_to_verify():
    rows = table("terms")
    assert not rows.apply(lambda column: column.str.contains("to verify")).any(axis=None)
    named = rows[rows["basis"].str.startswith("named in the article only")]
    assert (named["source"] == "article_2023").all() and (named["in_article"] == "yes").all()
    assert named["locator"].str.match(r"pp?\. \d\d").all()


def test_topics_are_the_two_directions_and_four_topics_without_values():
    rows = table("article_topics")
    assert rows.groupby("figure").size().to_dict() == {"3": 2, "4": 4}
    assert (rows["value"] == "").all() and (rows["missing"] != "").all()


def test_each_recommendation_has_what_the_article_offers_and_what_exists():
    rows = table("recommendations")
    for number, group in rows.groupby("recommendation"):
        assert "article_2023" in set(group["source"]), number
        assert "institution" in set(group["side"]), number
    assert rows["recommendation"].nunique() == 4


def test_each_page_of_literature_has_its_entry():
    """A source `<key>_page` is the copy in which the entry `<key>` of the references was read."""
    references = (REPOSITORY / "paper" / "references.bib").read_text(encoding="utf-8")
    keys = set(re.findall(r"@\w+\{(\w+),", references))
    pages = {s.removesuffix("_page") for s in table("sources")["source"] if s.endswith("_page")}
    methods = {"garwood1936", "clopper1934", "krippendorff2019", "krippendorff2011",
               "freelon2010"}
    assert keys - {"article_2023"} - methods <= pages  # cited for a formula or an example
    assert pages - keys == {"ddi", "diplo", "twiplomacy2014"}  # not literature


def test_the_numerals_stand_in_the_text():
    """Digits, commas and blanks only: letters of the text are often wrong, its digits are not."""
    path = os.environ.get("ARTICLE_TEXT")
    if not path:
        pytest.skip("ARTICLE_TEXT does not name the article's text, which is not in the project")
    text = Path(path).read_text(encoding="utf-8")
    rows = table("article").query("legible == 'yes'")
    lacking = {(row.id, numeral) for row in rows.itertuples()
               for numeral in NUMERAL.findall(row.printed) if numeral not in text}
    assert not lacking
