"""Trends, vintages, rank sets and income: by hand, refusals, the study's numbers."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_diplomacy import comparison
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


# trends and vintages ------------------------------------------------------------------------------

def years(**values):
    """Years of an index: y2010={"KAZ": 0.5, ...}."""
    return pd.concat([section(states, int(year[1:]), "osi") for year, states in values.items()])


GAPS = years(y2010={"KAZ": 0.6, "UZB": 0.4, "KGZ": 0.5}, y2012={"KAZ": 0.5, "UZB": 0.7, "KGZ": 0.6},
             y2014={"KAZ": 0.7, "UZB": 0.6, "KGZ": 0.1})


def test_a_gap_on_three_metrics_by_hand(small):
    table = comparison.gaps(GAPS, "KAZ", "UZB").set_index("year")
    assert [float(gap) for gap in table["SD"]] == pytest.approx(
        [2, -2, 0.1 / math.sqrt((0.7 - 1.4 / 3) ** 2 / 2 + (0.6 - 1.4 / 3) ** 2 / 2
                                + (0.1 - 1.4 / 3) ** 2 / 2)])
    assert table["Ranks"].astype(int).tolist() == [2, -2, 1]
    assert [float(gap) for gap in table["Log"]] == pytest.approx(
        [math.log(1.5) - math.log(4 / 6), -math.log(7 / 3), math.log(7 / 3) - math.log(1.5)])


@pytest.mark.parametrize("left, right, unit, log", [
    (50, 25, "per 100 people", math.log(2)), (25, 50, "%", -math.log(3)), (0.5, 0.25, "index",
     math.log(3)), (1, 0.5, "index", None), (0.5, 0, "index", None), (100, 50, "%", None),
    (0, 5, "per 100 people", None)])
def test_the_log_fits_the_unit(left, right, unit, log):
    found = comparison.log_gap(*(Number(value, unit, rows=(f"{code}/2020/x/s",)) for value, code in
                             ((left, "KAZ"), (right, "UZB"))))
    assert found is None if log is None else float(found) == pytest.approx(log)


@pytest.mark.parametrize("before, after, state", [
    (Number(3), Number(2), "narrower"), (Number(-3), Number(-2), "narrower"),
    (Number(2), Number(3), "wider"), (Number(-2), Number(-3), "wider"),
    (Number(2), Number(-1), "crossed"), (Number(-2), Number(5), "crossed"),
    (Number(2), Number(2), "undecided"), (Number(0), Number(0), "undecided"),
    (Number(0), Number(1), "wider"), (Number(1), Number(0), "narrower"),
    (Number(2.0, low="1.9", high="2.1"), Number(2.05, low="2.0", high="2.1"), "undecided"),
    (Number(2.2, low="2.1", high="2.3"), Number(2.05, low="2.0", high="2.1"), "narrower"),
    (None, Number(2), "not estimable"), (Number(2), None, "not estimable"),
    (math.nan, Number(2), "not estimable")])
def test_a_turn(before, after, state):
    assert comparison.trend(before, after) == state


@given(st.floats(-9, 9), st.floats(-9, 9))
def test_a_turn_does_not_depend_on_who_is_called_first(before, after):
    mirrored = comparison.trend(Number(-before), Number(-after))
    assert comparison.trend(Number(before), Number(after)) == mirrored


def test_turns_run_from_each_base_year_to_the_newest(small):
    table = comparison.trends({"osi": GAPS}, "KAZ", "UZB", range(2009, 2020))
    assert table[["base", "end"]].drop_duplicates().values.tolist() == [[2010, 2014], [2012, 2014]]
    assert table["state"].tolist() == ["narrower", "narrower", "narrower"] + ["crossed"] * 3
    earlier = comparison.trends({"osi": GAPS}, "KAZ", "UZB", [2010, 2014], end=2013)
    assert earlier["end"].tolist() == [2012] * 3 and set(earlier["state"]) == {"crossed"}


def test_a_state_that_lacks_a_year_is_not_estimable_there(small):
    gappy = years(y2010={"KAZ": 0.5, "KGZ": 0.4}, y2012={"KAZ": 0.5, "UZB": 0.4, "KGZ": 0.1},
                  y2014={"KAZ": 0.6, "UZB": 0.4, "KGZ": 0.1})
    table = comparison.trends({"osi": gappy}, "KAZ", "UZB", [2010, 2012])
    assert table.query("base == 2010")["state"].unique().tolist() == ["not estimable"]
    never = comparison.trends({"osi": gappy}, "KAZ", "TJK", [2010])
    assert never["state"].tolist() == ["not estimable"] * 3 and never["end"].isna().all()


def test_states_that_do_not_vary_have_no_gap_in_sd(small):
    flat = years(y2010={"KAZ": 0.5, "UZB": 0.5, "KGZ": 0.5},
                 y2012={"KAZ": 0.5, "UZB": 0.4, "KGZ": 0.1})
    table = comparison.gaps(flat, "KAZ", "UZB")
    assert table["SD"][0] is None and str(table["Ranks"][0]) == "0 ranks"
    states = comparison.trends({"osi": flat}, "KAZ", "UZB", [2010])["state"].tolist()
    assert states == ["not estimable", "wider", "wider"]


def test_what_survives_and_what_depends(small):
    always = years(y2010={"KAZ": 0.9, "UZB": 0.1, "KGZ": 0.5, "TJK": 0.3},
                   y2012={"KAZ": 0.7, "UZB": 0.4, "KGZ": 0.5, "TJK": 0.45},
                   y2014={"KAZ": 0.6, "UZB": 0.5, "KGZ": 0.1, "TJK": 0.9})
    frames = {"osi": GAPS, "tii": always}
    table = comparison.robust_trends(comparison.trends(frames, "KAZ", "UZB", [2010, 2012]))
    assert table.loc["tii"].tolist() == ["2", "2 narrower", "2 narrower", "2 narrower", "narrower",
                                         "–"]
    assert table["Trend"]["osi"] == "depends"
    assert table.loc["osi", "SD"] == "1 narrower, 1 crossed"
    assert table["Turned by"]["osi"] == "2012"  # three say narrower from 2010, three crossed


@pytest.mark.parametrize("states, trend, turned", [
    (["not estimable", "not estimable", "wider"], "wider", "–"),
    (["not estimable"] * 3, "not estimable", "–"),
    (["wider", "wider", "undecided"], "depends", "2012")])
def test_what_is_not_estimable_turns_no_trend(states, trend, turned):
    table = pd.DataFrame({"indicator": "osi", "metric": "SD", "base": [2008, 2010, 2012],
                          "state": states})
    row = comparison.robust_trends(table).loc["osi"]
    assert (row["Trend"], row["Turned by"]) == (trend, turned)


def test_a_jump_of_the_drawn_median_is_found(small):
    frame = pd.concat([section(dict.fromkeys(NAMES, 0.2), 2010, "egdi"),
                       section(dict.fromkeys(NAMES, 0.3), 2012, "egdi"),
                       section(dict.fromkeys(NAMES, 0.5), 2014, "egdi")])
    changes = comparison.median_changes(frame)["Change"]
    assert changes.map(str).tolist() == ["nan", "0.100", "0.200"]
    jumps = comparison.median_jumps
    assert jumps({"egdi": frame}, since=2010) == {2014: "egdi"}
    assert jumps({"egdi": frame}, since=2010, size=0.05) == {2012: "egdi", 2014: "egdi"}
    assert jumps({"egdi": frame}, since=2013, size=0.05) == {2014: "egdi"}
    falling = frame.assign(year=2024 - (frame["year"] - 2010))
    assert jumps({"egdi": falling}, since=2010) == {2022: "egdi"}  # a fall is a jump too


def vintages():
    rows = [("KAZ", 2021, 100, "old"), ("KAZ", 2022, 110, "old"), ("KAZ", 2021, 200, "new"),
            ("KAZ", 2022, 210, "new"), ("UZB", 2022, 5, "new")]
    return pd.DataFrame([(c, y, Number(v, "persons", rows=(f"{c}/{y}/population/{s}",)), s)
                         for c, y, v, s in rows], columns=["country", "year", "value", "source"],
                        dtype=object).astype({"year": int})


def test_sources_that_differ_for_a_cell(small):
    table = comparison.vintage_differences(vintages())
    assert table[["country", "year", "Sources"]].values.tolist() == [["KAZ", 2021, "2"],
                                                                   ["KAZ", 2022, "2"]]
    assert table["Apart"].map(str).tolist() == ["100", "100"]
    assert comparison.vintage_differences(vintages()[:2]).empty


def test_growth_across_vintages_hides_which_is_which(small):
    table = comparison.growth_by_vintage(vintages(), "KAZ", 2021, 2022)
    assert table.map(lambda cell: str(cell)).values.tolist() == [["10.0 %", "110.0 %"],
                                                                 ["−45.0 %", "5.0 %"]]
    with pytest.raises(ValueError, match="^Uzbekistan has no value in 2021 or 2022$"):
        comparison.growth_by_vintage(vintages(), "UZB", 2021, 2022)


# sets of ranks ------------------------------------------------------------------------------------

def test_neighbours_stand_before_and_after_in_order(small):
    table = comparison.neighbours(section(FIVE), "UZB", 1)
    assert table.index.tolist() == ["Kazakhstan", "Uzbekistan", "Kyrgyzstan"]
    assert table["Rank"].map(str).tolist() == ["1st", "2nd", "3rd"]
    assert table["Score"].map(str).tolist() == ["0.8000", "0.7950", "0.7900"]
    assert comparison.neighbours(section(FIVE), "KAZ", 2).index.tolist() == [
        "Kazakhstan", "Uzbekistan", "Kyrgyzstan"]
    last = comparison.neighbours(section(FIVE), "NAM", 1)
    assert last.index.tolist() == ["Tajikistan", "Namibia"]


@pytest.mark.parametrize("values, country, ranks", [
    (FIVE, "UZB", (2, 2)),
    ({"KAZ": 0.8, "UZB": 0.7999, "KGZ": 0.1}, "UZB", (2, 2)),  # intervals that touch are apart
    ({"KAZ": 0.8, "UZB": 0.8, "KGZ": 0.1}, "UZB", (1, 1)),     # a tie shares the better rank
    ({"KAZ": 0.9, "UZB": 0.8, "KGZ": 0.8, "TJK": 0.7}, "KGZ", (2, 2)),
    ({"KAZ": 0.5}, "KAZ", (1, 1))])
def test_rounding_leaves_printed_scores_one_rank(small, values, country, ranks):
    assert ints(comparison.ranks_by_rounding(section(values), country)) == ranks


def test_rounding_of_coarse_scores_opens_ranks(small):
    frame = section({"KAZ": 0.8, "UZB": 0.8, "KGZ": 0.8})
    coarse = [Number(0.8, "index", low="0.75", high="0.85", rows=(f"{code}/2022/egdi/survey",))
              for code in ("KAZ", "UZB", "KGZ")]
    coarse[0] = Number(0.81, "index", low="0.76", high="0.86", rows=coarse[0].rows)
    frame["value"] = pd.Series(coarse, dtype=object)
    assert ints(comparison.ranks_by_rounding(frame, "KAZ")) == (1, 3)
    # tied with one, may be above or below one
    assert ints(comparison.ranks_by_rounding(frame, "UZB")) == (1, 2)


@pytest.mark.parametrize("country, width, ranks", [
    ("UZB", 0.005, (1, 3)),  # 0.80 and 0.79 lie exactly at the ends, and count
    ("UZB", 0.0049, (2, 2)), ("KAZ", 0.01, (1, 3)), ("KAZ", 0.009, (1, 2)),
    ("NAM", 0.1, (4, 5)), ("NAM", 0.3, (1, 5))])
def test_a_neighbourhood_counts_scores_within_its_width(small, country, width, ranks):
    assert ints(comparison.ranks_nearby(section(FIVE), country, width)) == ranks


@pytest.mark.parametrize("width", [0, -0.01])
def test_a_neighbourhood_needs_a_width(small, width):
    with pytest.raises(ValueError, match="^a neighbourhood needs a width above zero, got "):
        comparison.ranks_nearby(section(FIVE), "KAZ", width)


def parts(*columns, year=2022):
    return [section(values, year, name) for name, values in zip(("osi", "tii", "hci"), columns)]


def test_weights_leave_a_state_its_rank_that_is_first_on_every_part(small):
    three = parts({"KAZ": 0.9, "UZB": 0.5, "KGZ": 0.1}, {"KAZ": 0.8, "UZB": 0.2, "KGZ": 0.3},
                  {"KAZ": 0.7, "UZB": 0.6, "KGZ": 0.1})
    assert ints(comparison.ranks_by_weights(three, "KAZ", 1, 500)) == (1, 1)
    assert ints(comparison.ranks_by_weights(three, "UZB", 1, 500)) == (2, 3)
    assert str(comparison.ahead_by_weights(three, "KAZ", "UZB", 1, 500)) == "100 %"
    assert str(comparison.ahead_by_weights(three, "UZB", "KAZ", 1, 500)) == "0 %"


def test_a_share_of_weights_is_the_area_where_the_mean_is_larger(small):
    # with two parts the first weight is uniform: 1·w + 0·(1 − w) > 0·w + 0.5·(1 − w) for w > 1/3
    two = parts({"KAZ": 1.0, "UZB": 0.0}, {"KAZ": 0.0, "UZB": 0.5})
    share = comparison.ahead_by_weights(two, "KAZ", "UZB", 1, 20_000)
    assert float(share) == pytest.approx(100 * 2 / 3, abs=1)
    assert len(share.rows) == 4  # two states on two parts: what was compared, and no other


def test_weights_near_equal_ones_move_less(small):
    three = parts(*({code: (rank * step) % 7 / 7 for rank, code in enumerate(NAMES)}
                    for step in (1, 2, 3)))
    spans = [ints(comparison.ranks_by_weights(three, "KGZ", c)) for c in (300, 10, 1)]
    widths = [worst - best for best, worst in spans]
    assert widths == sorted(widths) and widths[-1] > widths[0]


def test_the_same_seed_draws_the_same_ranks(small):
    three = parts(FIVE, dict(zip(FIVE, (0.1, 0.9, 0.5, 0.3, 0.2))), FIVE)
    assert comparison.weighted_ranks(three, 10).equals(comparison.weighted_ranks(three, 10))
    another = comparison.weighted_ranks(three, 10, seed=1)
    assert not comparison.weighted_ranks(three, 10).equals(another)


def test_a_draw_ranks_all_states_once(small):
    two = parts(FIVE, dict(zip(FIVE, (0.1, 0.9, 0.5, 0.3, 0.2))))
    drawn = comparison.weighted_ranks(two, 1, 50)
    assert all(sorted(row) == [1, 2, 3, 4, 5] for row in drawn.to_numpy())


def test_weights_rest_on_the_states_that_have_all_parts(small):
    three = parts(FIVE, dict(list(FIVE.items())[1:]), FIVE)  # Kazakhstan lacks a part
    best, worst = comparison.ranks_by_weights(three, "UZB", draws=10)
    assert best.rows == worst.rows == (
        *(f"UZB/2022/{part}/survey" for part in ("osi", "tii", "hci")),
        *(f"UN193/2022/{part}/survey#4" for part in ("osi", "tii", "hci")))


def test_weights_refuse(small):
    three = parts({"KAZ": 1.0}, {"KAZ": 1.0})
    with pytest.raises(ValueError, match="^weights need a concentration above zero, got 0$"):
        comparison.weighted_ranks(three, 0)
    with pytest.raises(ValueError, match="^Uzbekistan has no value in a part of 2022$"):
        comparison.ranks_by_weights(three, "UZB")
    with pytest.raises(ValueError, match="^Uzbekistan has no value in a part of 2022$"):
        comparison.ahead_by_weights(three, "KAZ", "UZB")
    with pytest.raises(ValueError, match="^no state has all parts of the index$"):
        comparison.states_with_all(parts({"KAZ": 1.0}, {"UZB": 1.0}))
    with pytest.raises(ValueError, match="need one year"):
        comparison.states_with_all([section({"KAZ": 1.0}, 2020), section({"KAZ": 1.0}, 2022)])


def test_sets_are_labelled_and_never_called_confidence(small):
    table = comparison.rank_sets(section(FIVE), parts(FIVE, FIVE), "UZB")
    assert table.index.tolist() == [
        "As printed", "Rounding", "Scores within 0.005", "Scores within 0.01",
        "Scores within 0.02", "Weights, Dirichlet(30)", "Weights, Dirichlet(10)",
        "Weights, Dirichlet(1)"]
    assert "confidence" not in " ".join(table.index).lower()
    assert all(len(cell.rows) >= 2 for cell in table.to_numpy().ravel())
    without = comparison.rank_sets(section(FIVE), parts({"KAZ": 1.0}), "UZB")
    assert not [row for row in without.index if row.startswith("Weights")]


@given(st.lists(st.integers(0, 10_000), min_size=2, max_size=8, unique=True), st.data())
def test_a_wider_neighbourhood_holds_a_narrower_one_and_the_rank(tmp_path_factory, numbers, data):
    codes = [f"X{rank}" for rank in range(len(numbers) - 1)] + ["KAZ"]
    frame = section({code: number / 10_000 for code, number in zip(codes, numbers)})
    narrow, wide = sorted(data.draw(st.tuples(*[st.floats(1e-4, 0.5)] * 2)))
    own = 1 + sum(number > numbers[-1] for number in numbers)
    (a, b), (c, d) = (ints(comparison.ranks_nearby(frame, "KAZ", width))
                      for width in (narrow, wide))
    assert 1 <= c <= a <= own <= b <= d <= len(numbers)


def test_churn_is_of_members_in_both_surveys():
    frame = pd.concat([section({"KAZ": 5, "UZB": 4, "KGZ": 3, "TJK": 2}, 2020),
                       section({"UZB": 5, "KAZ": 4, "KGZ": 3, "NAM": 9}, 2022)])
    # of 2022 among all: NAM 1, UZB 2, KAZ 3, KGZ 4; moves: KAZ 2, UZB 0, KGZ 1; TJK and NAM apart
    table = comparison.rank_churn(frame)
    assert table.index.tolist() == [2022] and table["Before"].tolist() == ["2020"]
    assert [str(cell) for cell in table.loc[2022, ["Members", "Median", "Ninetieth"]]] == [
        "3 states", "1 ranks", "2 ranks"]
    assert float(table["Ninetieth"][2022]) == pytest.approx(1.8)
    assert [cell.how for cell in table.loc[2022, ["Members", "Median", "Ninetieth"]]] == [
        "with a score in both surveys", "median of |change of rank|, 2020 to 2022, 3 states",
        "90th percentile of |change of rank|, 2020 to 2022, 3 states"]


def test_moves_below_zero_are_rises(small):
    frame = pd.concat([section({"KAZ": 1, "UZB": 2, "KGZ": 3}, 2020),
                       section({"KAZ": 4, "UZB": 2, "KGZ": 3}, 2022)])
    assert comparison.rank_changes(frame, "KAZ").map(str).to_dict() == {2022: "−2 ranks"}
    assert comparison.rank_changes(frame, "NAM").empty


# income -------------------------------------------------------------------------------------------

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
    run = comparison.income_residuals(scores, dollars(LADDER))
    assert list(residuals(run).values()) == pytest.approx([0, 0, 0, 0], abs=1e-12)
    assert run["expected"].tolist() == pytest.approx([0.1, 0.2, 0.3, 0.4])


def test_least_squares_by_hand():
    # x 1 2 3 4, y 0 1 1 2: slope 3 ÷ 5, middle (2.5, 1); residuals −0.1, 0.3, −0.3, 0.1
    scores = section({"KAZ": 0, "UZB": 1, "KGZ": 1, "TJK": 2})
    run = comparison.income_residuals(scores, dollars(LADDER))
    assert list(residuals(run).values()) == pytest.approx([-0.1, 0.3, -0.3, 0.1])
    assert [str(rank) for rank in run["rank"]] == ["3rd", "1st", "4th", "2nd"]
    assert run["residual"][0].rows == ("KAZ/2022/egdi/survey", "KAZ/2021/gdp_per_capita/survey",
                                       "UN193/2022/egdi/survey#4",
                                       "UN193/2021/gdp_per_capita/survey#4")


def test_theil_and_sen_do_not_follow_one_outlier():
    # slopes between pairs of y 1 2 3 40: 1 1 1 13 19 37: median 7; intercept median y − 7·median x
    scores = section({"KAZ": 1, "UZB": 2, "KGZ": 3, "TJK": 40})
    run = comparison.income_residuals(scores, dollars(LADDER), fit="Theil–Sen")
    assert run["expected"].tolist() == pytest.approx([2.5 - 17.5 + 7 * x for x in (1, 2, 3, 4)])


@pytest.mark.parametrize("fit, power", [("quadratic", 2), ("cubic", 3)])
def test_a_curve_of_its_degree_is_met(fit, power):
    ladder = {code: E ** x for x, code in enumerate(["KAZ", "UZB", "KGZ", "TJK", "NAM", "X"], 1)}
    scores = section({code: 0.001 * x ** power for x, code in enumerate(ladder, 1)})
    run = comparison.income_residuals(scores, dollars(ladder), fit=fit)
    assert list(residuals(run).values()) == pytest.approx([0] * 6, abs=1e-9)


def test_small_states_are_left_out_and_a_missing_income_too(small):
    people = section({"KAZ": 2e6, "UZB": 1e6, "KGZ": 2e6, "TJK": 3e6, "NAM": 4e6}, indicator="p",
                     printed=False)
    scores = section({"KAZ": 0, "UZB": 1, "KGZ": 1, "TJK": 2, "NAM": 9})
    run = comparison.income_residuals(scores, dollars(LADDER), people=people)
    assert run["country"].tolist() == ["KAZ", "KGZ", "TJK"]  # a million exactly is not above one


def test_a_doubled_income_moves_its_state_and_the_line(small):
    scores = section({"KAZ": 0, "UZB": 1, "KGZ": 1, "TJK": 2})
    once, twice = (comparison.income_residuals(scores, dollars(LADDER), doubled=code)
                   for code in (None, "UZB"))
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
        comparison.income_residuals(section(scores), dollars(incomes), **options)


def test_years_may_not_be_mixed():
    two = pd.concat([section({"KAZ": 1}, 2020), section({"UZB": 1, "KGZ": 2, "TJK": 3}, 2022)])
    with pytest.raises(ValueError, match="filter by year first"):
        comparison.income_residuals(two, dollars(LADDER))


def test_variants_are_rows_and_an_absent_state_has_none(real):
    table = comparison.income_variants(
        pick("egdi", year=2024), pick("gdp_per_capita", year=2023), None,
        pick("population", year=2022), ["KAZ", "PRK"], doubled="UZB")
    assert "income of the same year" not in table.index
    assert table["North Korea, residual"].isna().all() and table["North Korea, rank"].isna().all()
    assert set(table["States"].astype(int)) == {185, 149}


def test_states_without_a_common_value_have_no_line():
    with pytest.raises(ValueError, match="^a linear fit is not estimable: 0 different incomes$"):
        comparison.income_residuals(section({"KAZ": 1}), dollars({"UZB": 5}))


def test_a_table_of_income_keeps_rows_and_says_how_many_states(small):
    run = comparison.income_residuals(section({"KAZ": 0, "UZB": 1, "KGZ": 1, "TJK": 2}),
                                      dollars({**LADDER, "NAM": 3}))
    table = comparison.income_table({"2022": run}, ["UZB", "NAM"])
    assert table.columns.tolist() == ["Uzbekistan, residual", "Uzbekistan, rank",
                                      "Namibia, residual", "Namibia, rank", "States"]
    assert [str(cell) for cell in table.loc["2022"]] == ["0.300", "1st", "None", "None", "4 states"]
    ids = ("UN193/2022/egdi/survey#4", "UN193/2021/gdp_per_capita/survey#4")  # Namibia has no score
    assert table["States"]["2022"].rows == ids
    assert table["Uzbekistan, rank"]["2022"].rows[2:] == ids


def test_a_fit_of_large_states_rests_on_their_people_too(small):
    people = section({"KAZ": 2e6, "UZB": 1e6, "KGZ": 2e6, "TJK": 3e6}, indicator="p", printed=False)
    scores = section({"KAZ": 0, "UZB": 1, "KGZ": 1, "TJK": 2})
    run = comparison.income_residuals(scores, dollars(LADDER), people=people)
    assert run.attrs["rows"] == ("UN193/2022/egdi/survey#3", "UN193/2021/gdp_per_capita/survey#3",
                                 "UN193/2022/p/survey#3")


# the study's own numbers --------------------------------------------------------------------------

SD = {"tii": [0.43, 0.45, 0.58, 1.34, 1.36, 1.02, 0.88, 0.37, 0.17],
      "osi": [0.21, 0.72, 1.24, 1.12, 0.29, 0.28, 0.56, 0.79, 0.68],
      "epi": [0, 1.13, 2.78, 1.12, -0.31, 0.28, 0.28, 0.76, 0.54]}


@pytest.mark.parametrize("indicator, year, ranks, log", [
    ("tii", 2022, 23, "0.46"), ("tii", 2024, 27, "0.53"), ("osi", 2012, None, "1.30"),
    ("osi", 2022, 49, "1.59"), ("osi", 2024, 49, "1.56"), ("epi", 2016, -20, None)])
def test_gaps_in_ranks_and_log_odds(real, indicator, year, ranks, log):
    row = comparison.gaps(pick(indicator), "KAZ", "UZB").set_index("year").loc[year]
    assert ranks in (None, row["Ranks"]) and row["Ranks"].unit == "ranks"
    assert log in (None, str(row["Log"]))


@pytest.mark.parametrize("key", SD)
def test_gaps_of_the_two_cases_in_sd(real, key):
    table = comparison.gaps(pick(key), "KAZ", "UZB").query("year >= 2008")
    assert [round(float(gap), 2) for gap in table["SD"]] == SD[key]


def test_what_is_told_of_the_two_cases(real):
    frames = {key: pick(key) for key in ("tii", "osi", "hci", "internet_use", "fixed_broadband")}
    table = comparison.trends(frames, "KAZ", "UZB", range(2008, 2023, 2))
    by = dict(list(table.groupby("indicator")))
    assert set(by["tii"].query("base < 2022")["state"]) == {"narrower"}
    assert by["tii"].query("base == 2022")["state"].tolist() == ["narrower", "wider", "wider"]
    assert set(by["internet_use"].query("base > 2008")["state"]) == {"narrower"}
    assert set(by["internet_use"].query("base == 2008")["state"]) == {"wider"}
    assert {"narrower", "wider"} <= set(by["osi"]["state"])
    assert set(by["fixed_broadband"].query("base < 2020")["state"]) == {"crossed"}


def test_vintages_of_the_five(real):
    shares = pick("internet_use", sources="all").query("country == 'TJK' and year == 2022")
    assert comparison.vintage_differences(shares)["Apart"].map(str).tolist() == ["17.0 points"]
    people = pick("population", sources="all")
    people = people[people["source"].str.startswith("wdi_")]
    table = comparison.growth_by_vintage(people, "TKM", 2021, 2022)
    assert table.map(lambda cell: str(cell)).values.tolist() == [["1.4 %", "14.0 %"],
                                                                 ["−9.3 %", "1.9 %"]]


@pytest.mark.parametrize("country, year, near, weights, outer", [
    ("KAZ", 2022, (25, 31), (16, 36), (9, 58)), ("UZB", 2022, (64, 76), (64, 79), (60, 84)),
    ("KAZ", 2024, (22, 27), (20, 28), (10, 40)), ("UZB", 2024, (58, 64), (59, 64), (58, 67))])
def test_sets_of_the_two_cases(real, country, year, near, weights, outer):
    survey = pick("egdi", year=year)
    three = [pick(part, year=year) for part in ("osi", "tii", "hci")]
    table = comparison.rank_sets(survey, three, country)
    assert ints(table.loc["Rounding"]) == (int(table["Best"]["As printed"]),) * 2
    assert ints(table.loc["Scores within 0.01"]) == near
    assert ints(table.loc["Weights, Dirichlet(10)"]) == weights
    assert ints(table.loc["Weights, Dirichlet(1)"]) == outer


@pytest.mark.parametrize("year, share", [(2014, 56), (2016, 97), (2018, 100), (2020, 32),
                                         (2022, 99), (2024, 100)])
def test_weights_that_put_uzbekistan_above_kyrgyzstan(real, year, share):
    three = [pick(part, year=year) for part in ("osi", "tii", "hci")]
    assert float(comparison.ahead_by_weights(three, "UZB", "KGZ")) == pytest.approx(share, abs=1)
    assert str(comparison.ahead_by_weights(three, "KAZ", "UZB", 1)) == "100 %"


def test_churn_since_2014(real):
    table = comparison.rank_churn(pick("egdi").query("year >= 2014"))
    assert table["Median"].astype(int).between(5, 7).all()
    assert table["Ninetieth"].astype(float).between(15, 22).all()


@pytest.mark.parametrize("key, survey, wealth, country, residual, rank, n", [
    ("egdi", 2022, 2021, "KAZ", 0.194, 4, 187), ("egdi", 2022, 2021, "UZB", 0.238, 2, 187),
    ("egdi", 2022, 2021, "KGZ", 0.271, 1, 187), ("egdi", 2024, 2023, "KAZ", 0.181, 10, 185),
    ("egdi", 2024, 2023, "UZB", 0.267, 2, 185), ("osi", 2022, 2021, "KAZ", 0.324, 3, 187),
    ("osi", 2022, 2021, "UZB", 0.293, 5, 187), ("osi", 2024, 2023, "KAZ", 0.287, 8, 185),
    ("osi", 2024, 2023, "UZB", 0.276, 11, 185)])
def test_residuals_of_the_cases(real, key, survey, wealth, country, residual, rank, n):
    run = comparison.income_residuals(pick(key, year=survey), pick("gdp_per_capita", year=wealth))
    own = run.set_index("country").loc[country]
    assert (round(float(own["residual"]), 3), int(own["rank"]), len(run)) == (residual, rank, n)


def test_kazakhstan_in_2024_is_no_outlier(real):
    run = comparison.income_residuals(pick("egdi", year=2024), pick("gdp_per_capita", year=2023))
    own = run.set_index("country").loc["KAZ", "residual"]
    assert float(own) / run["residual"].astype(float).std() == pytest.approx(1.44, abs=0.005)


def test_variants_of_2022(real):
    table = comparison.income_variants(pick("egdi", year=2022), pick("gdp_per_capita", year=2021),
                            pick("gdp_per_capita", year=2022), pick("population", year=2022),
                            ["KAZ", "UZB", "KGZ"], doubled="UZB")
    assert table["Uzbekistan, rank"].astype(int).tolist() == [2, 3, 2, 2, 2, 2, 2, 8]
    assert table["Kazakhstan, rank"].astype(int).tolist() == [4, 4, 4, 6, 5, 5, 6, 3]
    assert set(table["Kyrgyzstan, rank"].astype(int)) == {1}
    assert round(float(table["Uzbekistan, residual"].iloc[-1]), 3) == 0.155


# tables of a chapter for any two states -----------------------------------------------------------

def test_trends_by_base_say_one_word_where_all_metrics_agree():
    table = pd.DataFrame({
        "indicator": ["osi"] * 6 + ["tii"] * 3, "base": [2010] * 3 + [2012] * 3 + [2012] * 3,
        "state": ["wider", "wider", "not estimable", "wider", "narrower", "wider",
                  "not estimable", "not estimable", "not estimable"]})
    told = comparison.trends_by_base(table)
    assert told.loc["osi"].tolist() == ["wider", "depends", "depends"]
    assert pd.isna(told["2010"]["tii"]) and told["Trend"]["tii"] == "not estimable"


def test_sets_of_a_state_without_a_score_say_why(small):
    absent = comparison.rank_sets(section(FIVE), parts(FIVE, FIVE), "FRA")
    there = comparison.rank_sets(section(FIVE), parts(FIVE, FIVE), "UZB")
    assert absent.index.tolist() == there.index.tolist()
    assert absent["Best"].isna().all() and str(absent["Worst"].iloc[0]).startswith("none in 20")


def test_sets_by_survey_are_those_of_each_survey(real):
    index, parts_of = pick("egdi"), [pick(key) for key in ("osi", "tii", "hci")]
    table = comparison.rank_sets_by_survey(index, parts_of, ["KAZ", "PRK"], [2008, 2022])
    assert table["country"].tolist() == ["KAZ", "KAZ", "PRK"]   # not assessed in 2008
    row = table.iloc[1]
    assert [str(row[key]) for key in ("value", "near_best", "near_worst", "weights_best",
                                      "weights_worst")] == ["28th", "25th", "31st", "16th", "36th"]
