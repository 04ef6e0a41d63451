"""The tables typed by hand: the article's numbers with their pages, and what the rows refer to.

The list of tokens was read from the text by hand, apart from the table.
"""

import os
import re
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest

from digital_diplomacy import article, data
from footnoted.number import PERCENT

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
WORDS = {24: "десять | двух", 25: "второй", 27: "первую | пять", 28: "первый", 30: "два",
         31: "пяти",
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
    named = rows[rows["read"] == "no"]
    assert (named["source"] == "article_2023").all() and (named["in_article"] == "yes").all()
    assert named["locator"].str.match(r"pp?\. \d\d").all()


def test_topics_are_the_two_directions_and_four_topics_without_values():
    rows = table("article_topics")
    assert rows.groupby("figure").size().to_dict() == {"3": 2, "4": 4}
    assert (rows["value"] == "").all() and (rows["missing"] != "").all()


def test_each_recommendation_has_what_the_article_offers_and_what_exists():
    rows = table("recommendations")
    for number, group in rows.groupby("recommendation"):
        assert set(group.loc[group["side"] == "article", "source"]) == {"article_2023"}, number
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


# As printed

@pytest.mark.parametrize("claim, text, low", [
    ("kaz-share", "92.9 %", "92.85"), ("uzb-share", "83.3 %", "83.25"),
    ("tjk-share", "50 %", "49.5"),
    ("kaz-people", "17.3 million", "17250000"), ("kaz-rank", "29th", "29")])
def test_a_number_prints_as_the_article_prints_it(small, claim, text, low):
    n = article.printed(claim)
    assert (str(n), n.low) == (text, Fraction(low))
    assert n.rows[0].endswith(f"/article:{claim}/article_2023")


def test_a_number_may_be_read_as_a_count_of_something_else(real):
    own = article.printed("uzb-internet-users")
    lines = article.read_as("uzb-internet-users", "subscriptions")
    assert (lines.unit, own.unit) == ("subscriptions", "persons")
    assert (float(lines), lines.low, lines.high, lines.rows) == (
        float(own), own.low, own.high, own.rows)
    assert lines.how == "printed as persons, read as subscriptions"


def test_a_list_of_ids_gives_a_series(small):
    numbers = article.printed(["kaz-share", "uzb-share"])
    assert list(numbers.index) == ["kaz-share", "uzb-share"]
    assert [str(one) for one in numbers] == ["92.9 %", "83.3 %"]


def test_a_number_in_words_is_exact(study):
    study.set("article", 3, printed="двадцать девятое", unit="")
    assert article.printed("kaz-rank").exact and article.printed("kaz-rank", "cut").exact


@pytest.mark.parametrize("claim, message", [
    ("kaz-shar", "no number 'kaz-shar' of the article: did you mean 'kaz-share'?"),
    ("uzb-topic", "the article's uzb-topic has no value: not legible in our copy")])
def test_numbers_that_are_not_there(small, claim, message):
    with pytest.raises(data.DataError) as error:
        article.printed(claim)
    assert str(error.value) == message


def test_without_being_asked_a_hedge_widens_nothing(study):
    study.set("article", 4, hedge="about")
    assert article.printed("kaz-share").bounds == article.printed("kaz-share", "half", 0).bounds
    assert article.printed(["kaz-share"]).iloc[0].high == Fraction("92.95")


@pytest.mark.parametrize("rounding, low, high", [("half", 92.85, 92.95), ("cut", 92.9, 93)])
def test_how_it_was_rounded_is_a_choice(small, rounding, low, high):
    assert [float(end) for end in article.printed("kaz-share", rounding).bounds] == [low, high]


@pytest.mark.parametrize("value, hedge, units, low, high", [
    ("90", "about", 1, 85, 95), ("90", "about", 2, 80, 100), ("90", "about", 0, 89.5, 90.5),
    ("17.3", "about", 1, 17.25, 17.35), ("39000", "more than", 1, 39000, 40000),
    ("3000000", "more than", 1, 3000000, 4000000), ("92.9", "more than", 1, 92.9, 93.0),
    ("92.9", "", 1, 92.85, 92.95)])
def test_a_hedge_is_worth_units_of_the_last_digit_that_is_not_zero(study, value, hedge, units, low,
                                                                   high):
    study.set("article", 4, printed=value, value=value, hedge=hedge)
    number = article.printed("kaz-share", hedge_units=units)
    assert [float(end) for end in number.bounds] == pytest.approx([low, high])


@pytest.mark.parametrize("text, day", [
    ("7 марта 2002", "2002-03-07"), ("June 13-14, 2019", "2019-06-13"),
    ("17.10.2023", "2023-10-17"),
    ("2023", "2023"), ("12100", None), ("", None)])
def test_dates_as_exact_as_they_are(text, day):
    assert article.date({"printed": text}) == day


def test_every_number_has_an_interval(real):
    rows = data.read("article")
    for number in article.printed(rows.loc[rows["value"] != "", "id"]):
        assert number.low <= number.high and data.origin(number.rows[0])


# Beside ours

def test_compared_with_ours(small):
    frame = article.compared_with_ours()
    assert list(frame.columns) == ["Page", "The article says", "Printed", "This study", "Year",
                                   "Agreement"]
    assert {claim: [str(value) for value in row] for claim, row in zip(frame.index, frame.values)} \
        == {
            "kaz-share": ["5", "nine in ten are online", "92.9 %", "92.9 %", "2023",
                          "within rounding"],
            "kaz-rank": ["7", "a place in the survey", "29th", "28th", "2022", "differs"],
            "kaz-people": ["5", "people online", "17.3 million", "92.9 %", "2023", "other unit"],
            "tjk-share": ["5", "half are online", "50 %", "no open source found", "–",
                          "cannot be said"],
            "uzb-share": ["6", "most are online", "83.3 %", "89.0 %", "2023", "differs"]}


def test_compared_with_ours_of_one_country(small):
    assert article.compared_with_ours("UZB").index.tolist() == ["uzb-share"]
    assert article.compared_with_ours("KGZ").empty


@pytest.mark.parametrize("printed, value, agreement", [
    ("93 %", "93", "within rounding"), ("92.9 %", "92.9", "within rounding"),
    ("92.8 %", "92.8", "differs"), ("93.0 %", "93.0", "differs"), ("92 %", "92", "differs")])
def test_agreement_is_within_rounding(study, printed, value, agreement):
    study.set("article", 4, printed=printed, value=value)
    assert article.compared_with_ours("KAZ").loc["kaz-share", "Agreement"] == agreement


def test_an_older_value_says_its_year_and_no_agreement(study):
    study.set("article", 6, year="2022")
    row = article.compared_with_ours("UZB").loc["uzb-share"]
    assert [*map(str, row[["This study", "Year", "Agreement"]])] == ["71.1 %", "2020", "other year"]


@pytest.mark.parametrize("hedge, agreement", [
    ("", "differs"), ("about", "within rounding"), ("more than", "within rounding")])
def test_a_hedge_widens_a_number(study, hedge, agreement):
    study.set("article", 4, printed="90 %", value="90", hedge=hedge)  # 92.9 % in the source
    assert article.compared_with_ours("KAZ").loc["kaz-share", "Agreement"] == agreement


def test_a_number_without_a_year_is_of_the_articles_year(study):
    study.set("article", 6, year="")
    assert article.compared_with_ours("UZB").loc["uzb-share", "Year"] == "2023"


def test_every_legible_number_is_compared(real):
    rows = data.read("article")
    wanted = rows.loc[(rows["value"] != "") & (rows["indicator"] != ""), "id"]
    assert article.compared_with_ours().index.tolist() == wanted.tolist()


# Against each other

def conflict_sets(result):
    """The conflicts as pairs of sets of names and labels."""
    return [({*one.numbers}, {*one.relations}) for one in result.conflicts]


def repaired(found):
    """Repairs as {name: new text} with their kinds."""
    return [({name: new for name, _, _, new in one.changes},
             [kind for _, kind, _, _ in one.changes])
            for one in found]


@pytest.fixture
def audit(real):
    return article.audit()


def test_kazakhstan_cannot_be_true(audit):
    """17.3 million are 90.9 % of 19.0 million; 11.85 million are 60.8 % of 19.5 million."""
    result = audit.cases["KAZ"]
    found = conflict_sets(result)
    assert result.complete and len(found) == 4
    assert ({"kaz_internet_users", "kaz_internet_share", "kaz_social_media_users",
             "kaz_social_media_share"}, {"kaz-internet-share-of-population",
                                         "kaz-social-media-share-of-population"}) in found
    assert ({"figure_2_instagram", "figure_2_twitter"}, {"kaz-figure-2-order"}) in found
    assert ({"figure_2_facebook", "kaz_facebook_users"}, {"kaz-figure-2-facebook-as-text"}) in found
    assert list(result.sources["kaz_facebook_users"]) == [
        "Kazakhstanskaya Pravda 2019 (2018)", "MEMO 98 2021 (2021-02-08)"]
    last = repaired(result.repairs[2])
    assert last == [({"kaz_internet_users": "17,7 млн"}, ["changed"]),
                    ({"kaz_internet_users": "17,73 млн"}, ["dropped"])]


def test_uzbekistan_conflicts_in_the_order_of_its_figure_only(audit):
    assert conflict_sets(audit.cases["UZB"]) == [({"uzb_facebook_users", "uzb_instagram_users",
                                          "figure_5_facebook", "figure_5_instagram"},
                                         {"uzb-figure-5-order"})]
    assert audit.cases["article"].holds is True


def test_each_number_and_relation_has_its_state(audit):
    # the two smallest repairs change 17.3 million; the shares beside it merely stand in the set
    assert [one for one, state in audit.numbers.items() if state == "inconsistent"] == [
        "kaz-internet-users"]
    for one in ("kaz-internet-share", "kaz-social-media-share", "kaz-social-media-users"):
        assert audit.numbers[one] == "tied to a conflict"
    # whoever reads no figure needs to change nothing in the text
    assert audit.numbers["figure-5-facebook"] == "tied to a conflict"
    assert audit.numbers["uzb-facebook-users"] == audit.numbers["kaz-facebook-users"] == \
        "consistent"
    assert audit.relations["kaz-figure-2-order"] == "tied to a conflict"
    assert audit.numbers["uzb-mobile-share"] == "consistent"
    assert audit.numbers["kaz-egdi"] == audit.relations["kaz-egdi-bounds"] == "consistent"
    assert audit.numbers["uzb-leader-twitter"] == "tied to nothing"
    assert audit.numbers["figure-1-values"] == "tied to nothing"
    assert [*audit.numbers] == data.read("article")["id"].tolist()
    assert {*audit.relations} == {*data.read("relations")["id"]}


def test_hedges_and_the_choice_of_rounding_reach_the_numbers(real):
    ends = [article.numbers_read(rounding) for rounding in ("half", "cut")]
    assert [(float(one[name].low), float(one[name].high)) for name in (
        "kaz_internet_users_share", "kaz_egdi") for one in ends] == [
        (0.85, 0.95), (0.85, 0.95), (0.86275, 0.86285), (0.8628, 0.8629)]


def test_article_numbers_are_exact_where_nothing_was_rounded(real):
    numbers = article.numbers_read()
    exact = {name for name, one in numbers.items() if one.exact}
    assert {"kaz_egdi_rank", "journal_year", "un_members", "kaz_programme_directions",
            "kaz_resolution_address_number", "kaz_resolution_date"} <= exact
    assert not exact & {"kaz_internet_users", "kaz_egdi", "figure_2_source_users",
                        "uzb_mobile_share", "figure_2_facebook", "kaz_social_media_share"}
    assert float(numbers["kaz_social_media_share"].value) == 0.608  # its sign is a word
    values = {row["id"]: row for row in data.read("article").to_dict("records")}
    for name, one in numbers.items():
        row = values[name.replace("_", "-")]
        if row["value"]:
            scale = Fraction(1, 100) if row["unit"] in PERCENT else 1
            assert one.value == Fraction(row["value"]) * scale, name


def test_each_relation_says_why_it_must_hold(real):
    rows = data.read("relations")
    assert (rows["statement"].str.len() > 20).all() and rows["id"].is_unique
    names = {article.variable(one) for one in data.read("article")["id"]}
    for row in rows.itertuples():
        used = set(re.findall(r"[a-z][a-z0-9_]+", row.relation)) - {"rank", "sum"}
        assert used <= names | set(row.unknown.split()), row.id


def test_a_wrong_relation_is_told_with_its_line(real, monkeypatch):
    frame = data.read("relations")
    frame.loc[[0, 2], "relation"] = ["barston_yera <= 2023", "journal_year = 2023"]
    read = data.read
    monkeypatch.setattr(data, "read", lambda name: frame if name == "relations" else read(name))
    with pytest.raises(data.DataError) as error:
        article.relations_read()
    first, second = str(error.value).splitlines()
    assert first.startswith("relations.csv line 2, relation: ")
    assert "did you mean 'barston_year'" in first
    assert second.startswith("relations.csv line 4, relation: ")
    assert second.endswith("write == for equal")


def test_missing_results_say_what_to_run(tmp_path, monkeypatch):
    monkeypatch.setattr("footnoted.running.root", lambda: tmp_path)
    with pytest.raises(data.DataError, match="no paper/results/audit.json: run make campaign"):
        article.audited()


def test_results_of_another_time_say_what_to_run(tmp_path, monkeypatch):
    monkeypatch.setattr("footnoted.running.root", lambda: tmp_path)
    path = tmp_path / "paper" / "results" / "audit.json"
    path.parent.mkdir(parents=True)
    path.write_text("{}")
    with pytest.raises(data.DataError, match="has no 'kinds': run make campaign"):
        article.audited("kinds")
