"""Faults of one sign, each once planted and not noticed: the right value stays as a test."""

import math

import pandas as pd
import pytest

from digital_diplomacy import comparison, indicators
from footnoted.number import Number


def column(*values, unit="%"):
    """Numbers as a column of a frame, a row id each."""
    return pd.Series([Number(value, unit, rows=(f"X/2023/y/{i}",)) for i, value in
                      enumerate(values)], dtype=object)


def frame(values, year=2022, indicator="egdi", unit="index"):
    """A cross-section of made-up states in the columns that `pick` gives."""
    numbers = [Number(value, unit, rows=(f"{code}/{year}/{indicator}/survey",))
               for code, value in values.items()]
    return pd.DataFrame({"country": list(values), "name": list(values), "year": year,
                         "indicator": indicator, "value": pd.Series(numbers, dtype=object),
                         "source": "survey"})


def test_people_are_a_hundredth_of_the_share_times_the_population():
    assert float(indicators.people(Number(50, "%"), Number(200, "persons"))) == 100


@pytest.mark.parametrize("measure, expected", [
    ("growth", [100, 50]), ("share", [50, 200 / 3]), ("gap", [-10, -10]), ("change", [10, 10])])
def test_measures_take_columns_row_by_row(measure, expected):
    found = getattr(indicators, measure)(column(10, 20), column(20, 30))
    assert [float(value) for value in found] == pytest.approx(expected)


def test_the_highest_and_the_lowest_say_which_they_are():
    assert indicators.highest(column(3, 5)).how == "the highest of 2"
    assert indicators.lowest(column(3, 5)).how == "the lowest of 2"


def test_two_values_vary_enough_for_a_gap_in_standard_deviations(small):
    [gap] = comparison.gaps(frame({"KAZ": 0.8, "UZB": 0.6, "KGZ": 0.6}), "KAZ", "UZB")["SD"]
    assert float(gap) == pytest.approx(3 ** 0.5)


def test_trends_stand_in_the_order_of_their_table():
    rows = [[name, "SD", 2020, 2024, None, None, "narrower"] for name in ("tii", "egdi")]
    table = pd.DataFrame(rows, columns=["indicator", "metric", "base", "end", "before", "after",
                                        "state"])
    assert comparison.robust_trends(table).index.tolist() == ["tii", "egdi"]


def test_a_state_of_a_million_people_is_left_out_and_one_more_person_admits_it(small):
    scores = frame({"KAZ": 0.8, "UZB": 0.6, "KGZ": 0.5, "TJK": 0.4, "NAM": 0.3})
    income = frame({"KAZ": 9, "UZB": 7, "KGZ": 5, "TJK": 4, "NAM": 3}, 2021, "gdp", "US dollars")
    people = frame({"KAZ": 2e6, "UZB": 3e6, "KGZ": 4e6, "TJK": 1_000_001, "NAM": 1_000_000}, 2021,
                   "population", "persons")
    left = comparison.income_residuals(scores, income, people=people)
    assert set(left["country"]) == {"KAZ", "UZB", "KGZ", "TJK"}


def test_a_cross_section_of_six_years_names_the_first_five():
    rows = pd.concat([frame({"KAZ": 0.5}, year) for year in range(2010, 2016)])
    with pytest.raises(ValueError, match=r"got \[2010, 2011, 2012, 2013, 2014\]: filter by year"):
        indicators.one_year(rows)


def test_a_cubic_line_bends_three_times_and_no_more(small):
    people = [1, 2, 3, 4, 5, 6]
    codes = ["KAZ", "KGZ", "NAM", "TJK", "UZB"]
    income = frame(dict(zip(codes, (math.e ** x for x in people))), 2021, "gdp", "US dollars")
    cubes = frame({code: x ** 3 for code, x in zip(codes, people)})
    fourths = frame({code: x ** 4 for code, x in zip(codes, people)})
    runs = [comparison.income_residuals(scores, income, "cubic") for scores in (cubes, fourths)]
    least, most = (run["residual"].astype(float).abs().max() for run in runs)
    assert least < 1e-6 and most > 0.01


def test_log_odds_are_taken_up_to_a_hundred_per_cent():
    assert float(indicators.logit_gap(Number(99.5, "%"), Number(50, "%"))) == pytest.approx(
        math.log(199))
