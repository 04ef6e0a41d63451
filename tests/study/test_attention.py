"""Exact intervals against published ones, pooled rates by hand, silence."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import poisson

from digital_diplomacy.data import pick
from digital_diplomacy.speeches import attention
from footnoted.conditions import compare
from footnoted.number import Number


@pytest.mark.parametrize("count, level, low, high, digits", [
    (0, 0.95, 0, 3.689, 3),                      # manual of the R package epitools
    (25, 0.90, 17.38, 34.92, 2), (25, 0.95, 16.18, 36.90, 2),  # GraphPad QuickCalcs, manual
    (25, 0.99, 14.00, 41.00, 2)])
def test_published_poisson_intervals(count, level, low, high, digits):
    assert [round(end, digits) for end in attention.poisson_interval(count, level)] == [low, high]


def test_no_match_by_hand():
    assert attention.poisson_interval(0)[1] == pytest.approx(-math.log(0.025))   # e^−m = 0.025


@given(st.integers(1, 400), st.floats(0.5, 0.999))
def test_each_end_of_a_poisson_interval_leaves_its_tail(count, level):
    low, high = attention.poisson_interval(count, level)
    tail = (1 - level) / 2
    assert poisson.sf(count - 1, low) == pytest.approx(tail, rel=1e-6)
    assert poisson.cdf(count, high) == pytest.approx(tail, rel=1e-6)


@pytest.mark.parametrize("call, message", [
    (lambda: attention.poisson_interval(-1),
     "^a Poisson interval needs a whole number from 0, got -1$"),
    (lambda: attention.poisson_interval(1.5), "needs a whole number from 0, got 1.5$"),
    (lambda: attention.poisson_interval(math.nan), "got nan$"),
    (lambda: attention.poisson_interval(3, 95),
     "^a level lies between 0 and 1, got 95: write 0.95 for")])
def test_what_has_no_interval_is_said(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def counts(values, indicator):
    """Rows of a debate: {(country, year): count}."""
    rows = [(code, code, year, Number(value, "matches", rows=(
        f"{code}/{year}/{indicator}/ungdc",)), indicator, "ungdc")
        for (code, year), value in values.items()]
    columns = ["country", "name", "year", "value", "indicator", "source"]
    return pd.DataFrame(rows, columns=columns, dtype=object).astype({"year": int})


MATCHES = counts({("KAZ", 2020): 0, ("KAZ", 2021): 3, ("UZB", 2020): 0, ("UZB", 2021): 0,
                  ("KGZ", 2021): 0, ("TJK", 2020): 1, ("TJK", 2021): 0}, "debate_digital")
WORDS = counts({("KAZ", 2020): 1000, ("KAZ", 2021): 2000, ("UZB", 2020): 500, ("UZB", 2021): 500,
                ("KGZ", 2021): 1000, ("TJK", 2020): 1000, ("TJK", 2021): 1000}, "debate_words")


def test_rates_are_pooled_over_all_words_of_the_years():
    table = attention.digital_rates(MATCHES, WORDS, 2020, 2021)
    # 3 in 3,000 words are 10 in 10,000; the mean of the yearly rates would be 7.5
    assert table.loc["KAZ"].map(str).tolist() == [
        "2", "3,000 words", "3 matches", "10.0 per 10,000 words", "2.1 per 10,000 words",
        "29.2 per 10,000 words", "1 statements", "1st"]
    assert float(table["High"]["UZB"]) == pytest.approx(36.889, abs=0.001)  # 3.6889 in 1,000 words
    assert float(table["Low"]["UZB"]) == 0
    assert str(table["Statements"]["KGZ"]) == "1"  # a year without a statement counts nowhere
    assert attention.digital_rates(MATCHES, WORDS, 2021, 2021)["Matches"]["TJK"] == 0
    with pytest.raises(ValueError, match="^no statement from 1980 to 1985: the corpus has 1992"):
        attention.digital_rates(MATCHES, WORDS, 1980, 1985)


def test_what_is_pooled_rests_on_the_statements_of_the_years_that_were_asked(small):
    table = attention.digital_rates(MATCHES, WORDS, 2020, 2022)
    matches, words = (f"KAZ/2020-2022/{what}/ungdc#2" for what in ("debate_digital",
                                                                   "debate_words"))
    columns = ("Matches", "Words", "Rate", "Low", "High", "Silent", "Statements")
    assert [table[name]["KAZ"].rows for name in columns] == [
        (matches,), (words,), *[(matches, words)] * 3, (matches,), (matches,)]
    assert table["Rate"]["KGZ"].rows[0] == "KGZ/2020-2022/debate_digital/ungdc#1"
    # a state that spoke once and one that spoke twice were asked the same: they can be compared
    assert compare(table["Low"]["KGZ"], "<", table["High"]["KAZ"]) == "true"


def test_what_is_computed_says_how():
    computed = [*attention.silent_states(MATCHES, [2020, 2021]),
                *attention.world_rate(MATCHES, WORDS, 2021)]
    assert [own.how for own in computed] == [
        "with a statement in each year", "of 3 states, without a match in any year",
        "1 of 3 states", "66.7 % × 66.7 %", "3 matches in 4,500 words", "1 of 4 statements",
        "counted"]


def test_equal_rates_share_the_better_rank():
    ranks = attention.digital_rates(MATCHES, WORDS, 2020, 2021)["Rank"]
    assert ranks.map(str).to_dict() == {"KAZ": "1st", "TJK": "2nd", "UZB": "3rd", "KGZ": "3rd"}
    assert ranks["KGZ"].rows[-1] == "UN193/2020-2021/debate_digital/ungdc#4"


def test_silence_is_of_states_that_spoke_each_year():
    found = attention.silent_states(MATCHES, [2020, 2021])
    # KAZ, UZB and TJK spoke twice: UZB silent; 2/3 silent in 2020, 2/3 in 2021: 4/9 by chance
    assert found.map(str).to_dict() == {"States": "3 states", "Silent": "1 states",
                                        "Share": "33 %", "Independent": "44 %"}
    with pytest.raises(ValueError, match="^no state has a statement in each of 1999, 2020$"):
        attention.silent_states(MATCHES, [1999, 2020])


def test_what_is_usual_in_a_year():
    found = attention.world_rate(MATCHES, WORDS, 2021)
    assert found.map(str).tolist() == ["6.7 per 10,000 words", "25 %", "4 statements"]
    assert found["Rate"].rows == ("UN193/2021/debate_digital/ungdc#4",
                                  "UN193/2021/debate_words/ungdc#4")
    with pytest.raises(ValueError, match="^no statement in 1980"):
        attention.world_rate(MATCHES, WORDS, 1980)


def test_states_are_named_in_order_and_an_absent_one_has_no_row(small):
    rates = attention.digital_rates(MATCHES, WORDS, 2020, 2021)
    table = attention.by_name(rates, ["UZB", "NAM", "KAZ"])
    assert table.index.tolist() == ["Uzbekistan", "Kazakhstan"]


# the study's own numbers --------------------------------------------------------------------------

@pytest.mark.parametrize("country, matches, rate, low, high, rank", [
    ("KAZ", 12, 7.3, 3.8, 12.7, 47), ("UZB", 7, 5.6, 2.2, 11.4, 73), ("TKM", 0, 0, 0, 2.8, 174)])
def test_digital_words_since_2017(real, country, matches, rate, low, high, rank):
    table = attention.digital_rates(pick("debate_digital"), pick("debate_words"), 2017, 2024)
    own = table.loc[country, ["Matches", "Rate", "Low", "High", "Rank"]]
    assert [round(float(cell), 1) for cell in own] == [matches, rate, low, high, rank]
    assert round(table["Rate"].astype(float).median(), 1) == 4.1 and len(table) == 193


def test_silence_of_the_members(real):
    found = attention.silent_states(pick("debate_digital"), range(2020, 2024))
    assert found.map(str).tolist() == ["185 states", "36 states", "19 %", "10 %"]
