"""The article's numbers beside the study's own."""

import pytest

from digital_diplomacy import data
from digital_diplomacy.claims import ledger
from footnoted.number import Number


def test_beside(small):
    frame = ledger.beside()
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


def test_beside_as_of_a_date(small):
    assert ledger.beside("KAZ", as_of=2024).loc["kaz-share", "Agreement"] == "differs"  # 92.3 %
    assert ledger.beside("KAZ", as_of=2020).loc["kaz-share", "Agreement"] == "cannot be said"


def test_years_that_agree(study):
    study.set("article", 6, printed="71.1 %", value="71.1")
    assert ledger.years("UZB")["uzb-share"] == "2020"


def test_beside_of_one_country(small):
    assert ledger.beside("UZB").index.tolist() == ["uzb-share"]
    assert ledger.beside("KGZ").empty


@pytest.mark.parametrize("printed, value, agreement", [
    ("93 %", "93", "within rounding"), ("92.9 %", "92.9", "within rounding"),
    ("92.8 %", "92.8", "differs"), ("93.0 %", "93.0", "differs"), ("92 %", "92", "differs")])
def test_agreement_is_within_rounding(study, printed, value, agreement):
    study.set("article", 2, printed=printed, value=value)
    assert ledger.beside("KAZ").loc["kaz-share", "Agreement"] == agreement


def test_an_older_value_says_its_year_and_no_agreement(study):
    study.set("article", 6, year="2022")
    row = ledger.beside("UZB").loc["uzb-share"]
    assert (str(row["This study"]), row["Year"], row["Agreement"]) == ("71.1 %", "2020", "other year")


@pytest.mark.parametrize("hedge, agreement", [
    ("", "differs"), ("about", "within rounding"), ("more than", "within rounding")])
def test_a_hedge_widens_a_number(study, hedge, agreement):
    study.set("article", 2, printed="90 %", value="90", hedge=hedge)  # 92.9 % in the source
    assert ledger.beside("KAZ").loc["kaz-share", "Agreement"] == agreement


@pytest.mark.parametrize("value, hedge, low, high", [
    (90, "about", 80, 100), (17.3, "about", 17.2, 17.4), (39000, "more than", 39000, 40000),
    (3000000, "more than", 3000000, 4000000), (92.9, "more than", 92.9, 93.0)])
def test_one_unit_of_the_last_digit_that_is_not_zero(value, hedge, low, high):
    number = ledger.hedged(Number(value, "accounts"), hedge)
    assert (float(number.low), float(number.high)) == pytest.approx((low, high))


def test_a_number_without_a_year_is_of_the_articles_year(study):
    study.set("article", 6, year="")
    assert ledger.beside("UZB").loc["uzb-share", "Year"] == "2023"


def test_every_legible_number_of_the_article_stands_beside(real):
    rows = data.read("article")
    wanted = rows.loc[(rows["value"] != "") & (rows["indicator"] != ""), "id"]
    assert ledger.beside().index.tolist() == wanted.tolist()


@pytest.mark.parametrize("words, code, told", [
    ([], 0, "kaz-egdi  p. 27  EGDI of Kazakhstan: 0.8628: reproduced\n"),
    (["--verdict", "mislabelled"], 0, "kaz-internet-share  p. 28  90.9 % use the internet as of "
                                      "2023: mislabelled\n"),
    (["--verdict", "mislabeled"], 2, "No verdict 'mislabeled': did you mean 'mislabelled'?\n")])
def test_claims_are_listed(real, capsys, words, code, told):
    from digital_diplomacy.__main__ import main
    assert main(["claims", *words]) == code
    said = capsys.readouterr()
    assert told in (said.err if code else said.out)
    if code == 0 and words:
        assert "reproduced" not in said.out
