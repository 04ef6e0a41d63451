"""Ranks and the sets around them: values worked by hand, the study's own numbers, properties."""

import pandas as pd
import pytest
from hypothesis import given, strategies as st

from digital_diplomacy import ranks
from digital_diplomacy.data import pick
from footnoted.number import Number

NAMES = {"KAZ": "Kazakhstan", "UZB": "Uzbekistan", "KGZ": "Kyrgyzstan", "TJK": "Tajikistan",
         "NAM": "Namibia"}


def section(values, year=2022, indicator="egdi", printed=True):
    """A cross-section: {country: value}, four decimals as the surveys print them."""
    rows = [(code, NAMES.get(code, code), year, Number(
        value, "index", rows=(f"{code}/{year}/{indicator}/survey",), decimals=4,
        printed=f"{value:.4f}" if printed else ""), indicator, "survey")
        for code, value in values.items()]
    columns = ["country", "name", "year", "value", "indicator", "source"]
    return pd.DataFrame(rows, columns=columns, dtype=object).astype({"year": int})


FIVE = {"KAZ": 0.80, "UZB": 0.795, "KGZ": 0.79, "TJK": 0.60, "NAM": 0.50}


def ints(pair):
    return tuple(map(int, pair))


def test_neighbours_stand_before_and_after_in_order(small):
    table = ranks.neighbours(section(FIVE), "UZB", 1)
    assert table.index.tolist() == ["Kazakhstan", "Uzbekistan", "Kyrgyzstan"]
    assert table["Rank"].map(str).tolist() == ["1st", "2nd", "3rd"]
    assert table["Score"].map(str).tolist() == ["0.8000", "0.7950", "0.7900"]
    assert ranks.neighbours(section(FIVE), "KAZ", 2).index.tolist() == [
        "Kazakhstan", "Uzbekistan", "Kyrgyzstan"]
    assert ranks.neighbours(section(FIVE), "NAM", 1).index.tolist() == ["Tajikistan", "Namibia"]


@pytest.mark.parametrize("values, country, places", [
    (FIVE, "UZB", (2, 2)),
    ({"KAZ": 0.8, "UZB": 0.7999, "KGZ": 0.1}, "UZB", (2, 2)),  # intervals that touch are apart
    ({"KAZ": 0.8, "UZB": 0.8, "KGZ": 0.1}, "UZB", (1, 1)),     # a tie shares the better place
    ({"KAZ": 0.9, "UZB": 0.8, "KGZ": 0.8, "TJK": 0.7}, "KGZ", (2, 2)),
    ({"KAZ": 0.5}, "KAZ", (1, 1))])
def test_rounding_leaves_printed_scores_one_place(small, values, country, places):
    assert ints(ranks.rounded(section(values), country)) == places


def test_rounding_of_coarse_scores_opens_places(small):
    frame = section({"KAZ": 0.8, "UZB": 0.8, "KGZ": 0.8})
    coarse = [Number(0.8, "index", low="0.75", high="0.85", rows=(f"{code}/2022/egdi/survey",))
              for code in ("KAZ", "UZB", "KGZ")]
    coarse[0] = Number(0.81, "index", low="0.76", high="0.86", rows=coarse[0].rows)
    frame["value"] = pd.Series(coarse, dtype=object)
    assert ints(ranks.rounded(frame, "KAZ")) == (1, 3)
    assert ints(ranks.rounded(frame, "UZB")) == (1, 2)  # tied with one, may be above or below one


@pytest.mark.parametrize("country, width, places", [
    ("UZB", 0.005, (1, 3)),  # 0.80 and 0.79 lie exactly at the ends, and count
    ("UZB", 0.0049, (2, 2)), ("KAZ", 0.01, (1, 3)), ("KAZ", 0.009, (1, 2)),
    ("NAM", 0.1, (4, 5)), ("NAM", 0.3, (1, 5))])
def test_a_neighbourhood_counts_scores_within_its_width(small, country, width, places):
    assert ints(ranks.neighbourhood(section(FIVE), country, width)) == places


@pytest.mark.parametrize("width", [0, -0.01])
def test_a_neighbourhood_needs_a_width(small, width):
    with pytest.raises(ValueError, match="^a neighbourhood needs a width above zero, got "):
        ranks.neighbourhood(section(FIVE), "KAZ", width)


def parts(*columns, year=2022):
    return [section(values, year, name) for name, values in zip(("osi", "tii", "hci"), columns)]


def test_weights_leave_a_state_its_place_that_is_first_on_every_part(small):
    three = parts({"KAZ": 0.9, "UZB": 0.5, "KGZ": 0.1}, {"KAZ": 0.8, "UZB": 0.2, "KGZ": 0.3},
                  {"KAZ": 0.7, "UZB": 0.6, "KGZ": 0.1})
    assert ints(ranks.weighted(three, "KAZ", 1, 500)) == (1, 1)
    assert ints(ranks.weighted(three, "UZB", 1, 500)) == (2, 3)
    assert str(ranks.ahead(three, "KAZ", "UZB", 1, 500)) == "100 %"
    assert str(ranks.ahead(three, "UZB", "KAZ", 1, 500)) == "0 %"


def test_a_share_of_weights_is_the_area_where_the_mean_is_larger(small):
    # with two parts the first weight is uniform: 1·w + 0·(1 − w) > 0·w + 0.5·(1 − w) for w > 1/3
    two = parts({"KAZ": 1.0, "UZB": 0.0}, {"KAZ": 0.0, "UZB": 0.5})
    assert float(ranks.ahead(two, "KAZ", "UZB", 1, 20_000)) == pytest.approx(100 * 2 / 3, abs=1)


def test_weights_near_equal_ones_move_less(small):
    three = parts(*({code: (place * step) % 7 / 7 for place, code in enumerate(NAMES)}
                    for step in (1, 2, 3)))
    spans = [ints(ranks.weighted(three, "KGZ", c)) for c in (300, 10, 1)]
    widths = [worst - best for best, worst in spans]
    assert widths == sorted(widths) and widths[-1] > widths[0]


def test_the_same_seed_draws_the_same_places(small):
    three = parts(FIVE, dict(zip(FIVE, (0.1, 0.9, 0.5, 0.3, 0.2))), FIVE)
    assert ranks.standings(three, 10).equals(ranks.standings(three, 10))
    assert not ranks.standings(three, 10).equals(ranks.standings(three, 10, seed=1))


def test_a_draw_ranks_all_states_once(small):
    drawn = ranks.standings(parts(FIVE, dict(zip(FIVE, (0.1, 0.9, 0.5, 0.3, 0.2)))), 1, 50)
    assert all(sorted(row) == [1, 2, 3, 4, 5] for row in drawn.to_numpy())


def test_weights_refuse(small):
    three = parts({"KAZ": 1.0}, {"KAZ": 1.0})
    with pytest.raises(ValueError, match="^weights need a concentration above zero, got 0$"):
        ranks.standings(three, 0)
    with pytest.raises(ValueError, match="^Uzbekistan has no value in a part of 2022$"):
        ranks.weighted(three, "UZB")
    with pytest.raises(ValueError, match="^Uzbekistan has no value in a part of 2022$"):
        ranks.ahead(three, "KAZ", "UZB")
    with pytest.raises(ValueError, match="^no state has all parts of the index$"):
        ranks.together(parts({"KAZ": 1.0}, {"UZB": 1.0}))
    with pytest.raises(ValueError, match="need one year"):
        ranks.together([section({"KAZ": 1.0}, 2020), section({"KAZ": 1.0}, 2022)])


def test_sets_are_labelled_and_never_called_confidence(small):
    table = ranks.sets(section(FIVE), parts(FIVE, FIVE), "UZB")
    assert table.index.tolist() == [
        "As printed", "Rounding", "Scores within 0.005", "Scores within 0.01",
        "Scores within 0.02", "Weights, Dirichlet(30)", "Weights, Dirichlet(10)",
        "Weights, Dirichlet(1)"]
    assert "confidence" not in " ".join(table.index).lower()
    assert all(len(cell.rows) >= 2 for cell in table.to_numpy().ravel())
    without = ranks.sets(section(FIVE), parts({"KAZ": 1.0}), "UZB")
    assert not [row for row in without.index if row.startswith("Weights")]


@given(st.lists(st.integers(0, 10_000), min_size=2, max_size=8, unique=True), st.data())
def test_a_wider_neighbourhood_holds_a_narrower_one_and_the_rank(tmp_path_factory, numbers, data):
    codes = [f"X{place}" for place in range(len(numbers) - 1)] + ["KAZ"]
    frame = section({code: number / 10_000 for code, number in zip(codes, numbers)})
    narrow, wide = sorted(data.draw(st.tuples(*[st.floats(1e-4, 0.5)] * 2)))
    own = 1 + sum(number > numbers[-1] for number in numbers)
    (a, b), (c, d) = (ints(ranks.neighbourhood(frame, "KAZ", width)) for width in (narrow, wide))
    assert 1 <= c <= a <= own <= b <= d <= len(numbers)


def test_churn_is_of_members_in_both_surveys():
    frame = pd.concat([section({"KAZ": 5, "UZB": 4, "KGZ": 3, "TJK": 2}, 2020),
                       section({"UZB": 5, "KAZ": 4, "KGZ": 3, "NAM": 9}, 2022)])
    # of 2022 among all: NAM 1, UZB 2, KAZ 3, KGZ 4; moves: KAZ 2, UZB 0, KGZ 1; TJK and NAM apart
    table = ranks.churn(frame)
    assert table.index.tolist() == [2022] and table["Before"].tolist() == ["2020"]
    assert [str(cell) for cell in table.loc[2022, ["Members", "Median", "Ninetieth"]]] == [
        "3 states", "1 places", "2 places"]
    assert float(table["Ninetieth"][2022]) == pytest.approx(1.8)


def test_moves_below_zero_are_rises(small):
    frame = pd.concat([section({"KAZ": 1, "UZB": 2, "KGZ": 3}, 2020),
                       section({"KAZ": 4, "UZB": 2, "KGZ": 3}, 2022)])
    assert ranks.moves(frame, "KAZ").map(str).to_dict() == {2022: "−2 places"}
    assert ranks.moves(frame, "NAM").empty


# the study's own numbers ---------------------------------------------------------------------------

@pytest.mark.parametrize("country, year, near, weights, outer", [
    ("KAZ", 2022, (25, 31), (16, 36), (9, 58)), ("UZB", 2022, (64, 76), (64, 79), (60, 84)),
    ("KAZ", 2024, (22, 27), (20, 28), (10, 40)), ("UZB", 2024, (58, 64), (59, 64), (58, 67))])
def test_sets_of_the_two_cases(real, country, year, near, weights, outer):
    survey = pick("egdi", year=year)
    three = [pick(part, year=year) for part in ("osi", "tii", "hci")]
    table = ranks.sets(survey, three, country)
    assert ints(table.loc["Rounding"]) == (int(table["Best"]["As printed"]),) * 2
    assert ints(table.loc["Scores within 0.01"]) == near
    assert ints(table.loc["Weights, Dirichlet(10)"]) == weights
    assert ints(table.loc["Weights, Dirichlet(1)"]) == outer


@pytest.mark.parametrize("year, share", [(2014, 56), (2016, 97), (2018, 100), (2020, 32),
                                         (2022, 99), (2024, 100)])
def test_weights_that_put_uzbekistan_above_kyrgyzstan(real, year, share):
    three = [pick(part, year=year) for part in ("osi", "tii", "hci")]
    assert float(ranks.ahead(three, "UZB", "KGZ")) == pytest.approx(share, abs=1)
    assert str(ranks.ahead(three, "KAZ", "UZB", 1)) == "100 %"


def test_churn_since_2014(real):
    table = ranks.churn(pick("egdi").query("year >= 2014"))
    assert table["Median"].astype(int).between(5, 7).all()
    assert table["Ninetieth"].astype(float).between(15, 22).all()
