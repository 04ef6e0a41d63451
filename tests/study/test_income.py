"""Residuals on income: lines worked by hand, variants, what is refused, the study's own numbers."""

import math

import pandas as pd
import pytest
from test_ranks import section

from digital_diplomacy import income
from digital_diplomacy.data import pick
from footnoted.number import Number


def dollars(values, year=2021, unit="US dollars"):
    frame = section(values, year, "gdp_per_capita", printed=False)
    frame["value"] = pd.Series([Number(float(value), unit, rows=value.rows)
                                for value in frame["value"]], dtype=object)
    return frame


E = math.e
LADDER = {"KAZ": E, "UZB": E ** 2, "KGZ": E ** 3, "TJK": E ** 4}


def residuals(run):
    return dict(zip(run["country"], map(float, run["residual"])))


def test_a_line_through_its_points_leaves_nothing():
    scores = section({"KAZ": 0.1, "UZB": 0.2, "KGZ": 0.3, "TJK": 0.4})
    run = income.expected(scores, dollars(LADDER))
    assert list(residuals(run).values()) == pytest.approx([0, 0, 0, 0], abs=1e-12)
    assert run["expected"].tolist() == pytest.approx([0.1, 0.2, 0.3, 0.4])


def test_least_squares_by_hand():
    # x 1 2 3 4, y 0 1 1 2: slope 3 ÷ 5, middle (2.5, 1); residuals −0.1, 0.3, −0.3, 0.1
    run = income.expected(section({"KAZ": 0, "UZB": 1, "KGZ": 1, "TJK": 2}), dollars(LADDER))
    assert list(residuals(run).values()) == pytest.approx([-0.1, 0.3, -0.3, 0.1])
    assert [str(place) for place in run["place"]] == ["3rd", "1st", "4th", "2nd"]
    assert str(income.spread(run)) == "0.258"  # √(0.2 ÷ 3)
    assert run["residual"][0].rows == ("KAZ/2022/egdi/survey", "UN193/2022/egdi/survey#4",
                                       "UN193/2021/gdp_per_capita/survey#4")


def test_theil_and_sen_do_not_follow_one_outlier():
    # slopes between pairs of y 1 2 3 40: 1 1 1 13 19 37: median 7; by hand, intercept median y − 7·median x
    run = income.expected(section({"KAZ": 1, "UZB": 2, "KGZ": 3, "TJK": 40}), dollars(LADDER),
                          fit="Theil–Sen")
    assert run["expected"].tolist() == pytest.approx([2.5 - 17.5 + 7 * x for x in (1, 2, 3, 4)])


@pytest.mark.parametrize("fit, power", [("quadratic", 2), ("cubic", 3)])
def test_a_curve_of_its_degree_is_met(fit, power):
    ladder = {code: E ** x for x, code in enumerate(["KAZ", "UZB", "KGZ", "TJK", "NAM", "X"], 1)}
    scores = section({code: 0.001 * x ** power for x, code in enumerate(ladder, 1)})
    run = income.expected(scores, dollars(ladder), fit=fit)
    assert list(residuals(run).values()) == pytest.approx([0] * 6, abs=1e-9)


def test_small_states_are_left_out_and_a_missing_income_too(small):
    people = section({"KAZ": 2e6, "UZB": 1e6, "KGZ": 2e6, "TJK": 3e6, "NAM": 4e6}, indicator="p",
                     printed=False)
    scores = section({"KAZ": 0, "UZB": 1, "KGZ": 1, "TJK": 2, "NAM": 9})
    run = income.expected(scores, dollars(LADDER), people=people)
    assert run["country"].tolist() == ["KAZ", "KGZ", "TJK"]  # a million exactly is not above one


def test_a_doubled_income_moves_its_state_and_the_line(small):
    scores = section({"KAZ": 0, "UZB": 1, "KGZ": 1, "TJK": 2})
    once, twice = (income.expected(scores, dollars(LADDER), doubled=code) for code in (None, "UZB"))
    assert twice["x"][1] == pytest.approx(2 * E ** 2) and twice["x"][0] == once["x"][0]
    assert residuals(twice)["UZB"] < residuals(once)["UZB"]
    assert residuals(twice)["KAZ"] != residuals(once)["KAZ"]


@pytest.mark.parametrize("scores, incomes, options, message", [
    ({"KAZ": 1, "UZB": 2, "KGZ": 3}, LADDER, {"fit": "spline"},
     "^no fit 'spline': one of linear, quadratic, cubic, Theil–Sen$"),
    ({"KAZ": 1, "UZB": 2, "KGZ": 3}, {"KAZ": 0, "UZB": 5, "KGZ": 6}, {},
     "^an income that is not above zero has no logarithm: mend the rows$"),
    ({"KAZ": 1, "UZB": 2}, LADDER, {}, "^a linear fit is not estimable: 2 different incomes$"),
    ({"KAZ": 1, "UZB": 2, "KGZ": 3}, {"KAZ": 5, "UZB": 5, "KGZ": 5}, {},
     "^a linear fit is not estimable: 1 different incomes$"),
    ({"KAZ": 1, "UZB": 2, "KGZ": 3}, LADDER, {"fit": "cubic"}, "^a cubic fit is not estimable")])
def test_what_cannot_be_fitted_is_said(scores, incomes, options, message):
    with pytest.raises(ValueError, match=message):
        income.expected(section(scores), dollars(incomes), **options)


def test_years_may_not_be_mixed():
    two = pd.concat([section({"KAZ": 1}, 2020), section({"UZB": 1, "KGZ": 2, "TJK": 3}, 2022)])
    with pytest.raises(ValueError, match="filter by year first"):
        income.expected(two, dollars(LADDER))


def test_variants_are_rows_and_an_absent_state_has_none(real):
    table = income.variants(pick("egdi", year=2024), pick("gdp_per_capita", year=2023), None,
                            pick("population", year=2022), ["KAZ", "PRK"])
    assert "income of the same year" not in table.index
    assert table["North Korea, residual"].isna().all() and table["North Korea, place"].isna().all()
    assert set(table["States"].astype(int)) == {185, 149}


# the study's own numbers ---------------------------------------------------------------------------

@pytest.mark.parametrize("key, survey, wealth, country, residual, place, n", [
    ("egdi", 2022, 2021, "KAZ", 0.194, 4, 187), ("egdi", 2022, 2021, "UZB", 0.238, 2, 187),
    ("egdi", 2022, 2021, "KGZ", 0.271, 1, 187), ("egdi", 2024, 2023, "KAZ", 0.181, 10, 185),
    ("egdi", 2024, 2023, "UZB", 0.267, 2, 185), ("osi", 2022, 2021, "KAZ", 0.324, 3, 187),
    ("osi", 2022, 2021, "UZB", 0.293, 5, 187), ("osi", 2024, 2023, "KAZ", 0.287, 8, 185),
    ("osi", 2024, 2023, "UZB", 0.276, 11, 185)])
def test_residuals_of_the_cases(real, key, survey, wealth, country, residual, place, n):
    run = income.expected(pick(key, year=survey), pick("gdp_per_capita", year=wealth))
    own = run.set_index("country").loc[country]
    assert (round(float(own["residual"]), 3), int(own["place"]), len(run)) == (residual, place, n)


def test_kazakhstan_in_2024_is_no_outlier(real):
    run = income.expected(pick("egdi", year=2024), pick("gdp_per_capita", year=2023))
    own = run.set_index("country").loc["KAZ", "residual"]
    assert float(own) / float(income.spread(run)) == pytest.approx(1.44, abs=0.005)


def test_variants_of_2022(real):
    table = income.variants(pick("egdi", year=2022), pick("gdp_per_capita", year=2021),
                            pick("gdp_per_capita", year=2022), pick("population", year=2022),
                            ["KAZ", "UZB", "KGZ"])
    assert table["Uzbekistan, place"].astype(int).tolist() == [2, 3, 2, 2, 2, 2, 2, 8]
    assert table["Kazakhstan, place"].astype(int).tolist() == [4, 4, 4, 6, 5, 5, 6, 3]
    assert set(table["Kyrgyzstan, place"].astype(int)) == {1}
    assert round(float(table["Uzbekistan, residual"].iloc[-1]), 3) == 0.155
