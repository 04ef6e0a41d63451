"""Gaps from every base year: each sign by hand, what survives, vintages, jumps of the world."""

import math

import pandas as pd
import pytest
from hypothesis import given, strategies as st
from test_ranks import NAMES, section

from digital_diplomacy import trends
from digital_diplomacy.data import pick
from footnoted.number import Number


def years(**values):
    """Years of an index: y2010={"KAZ": 0.5, ...}."""
    return pd.concat([section(states, int(year[1:]), "osi") for year, states in values.items()])


GAPS = years(y2010={"KAZ": 0.6, "UZB": 0.4, "KGZ": 0.5}, y2012={"KAZ": 0.5, "UZB": 0.7, "KGZ": 0.6},
             y2014={"KAZ": 0.7, "UZB": 0.6, "KGZ": 0.1})


def test_a_gap_on_three_metrics_by_hand(small):
    table = trends.gaps(GAPS, "KAZ", "UZB").set_index("year")
    assert [float(gap) for gap in table["SD"]] == pytest.approx(
        [2, -2, 0.1 / math.sqrt((0.7 - 1.4 / 3) ** 2 / 2 + (0.6 - 1.4 / 3) ** 2 / 2
                                + (0.1 - 1.4 / 3) ** 2 / 2)])
    assert table["Places"].astype(int).tolist() == [2, -2, 1]
    assert [float(gap) for gap in table["Log"]] == pytest.approx(
        [math.log(1.5) - math.log(4 / 6), -math.log(7 / 3), math.log(7 / 3) - math.log(1.5)])


@pytest.mark.parametrize("left, right, unit, log", [
    (50, 25, "per 100 people", math.log(2)), (25, 50, "%", -math.log(3)), (0.5, 0.25, "index",
     math.log(3)), (1, 0.5, "index", None), (0.5, 0, "index", None), (100, 50, "%", None),
    (0, 5, "per 100 people", None)])
def test_the_log_fits_the_unit(left, right, unit, log):
    found = trends.log_gap(*(Number(value, unit, rows=(f"{code}/2020/x/s",)) for value, code in
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
    assert trends.turn(before, after) == state


@given(st.floats(-9, 9), st.floats(-9, 9))
def test_a_turn_does_not_depend_on_who_is_called_first(before, after):
    assert trends.turn(Number(before), Number(after)) == trends.turn(Number(-before), Number(-after))


def test_turns_run_from_each_base_year_to_the_newest(small):
    table = trends.turns({"osi": GAPS}, "KAZ", "UZB", range(2009, 2020))
    assert table[["base", "end"]].drop_duplicates().values.tolist() == [[2010, 2014], [2012, 2014]]
    assert table["state"].tolist() == ["narrower", "narrower", "narrower"] + ["crossed"] * 3
    earlier = trends.turns({"osi": GAPS}, "KAZ", "UZB", [2010, 2014], end=2013)
    assert earlier["end"].tolist() == [2012] * 3 and set(earlier["state"]) == {"crossed"}


def test_a_state_that_lacks_a_year_is_not_estimable_there(small):
    gappy = years(y2010={"KAZ": 0.5, "KGZ": 0.4}, y2012={"KAZ": 0.5, "UZB": 0.4, "KGZ": 0.1},
                  y2014={"KAZ": 0.6, "UZB": 0.4, "KGZ": 0.1})
    table = trends.turns({"osi": gappy}, "KAZ", "UZB", [2010, 2012])
    assert table.query("base == 2010")["state"].unique().tolist() == ["not estimable"]
    assert trends.turns({"osi": gappy}, "KAZ", "TJK", [2010]).empty


def test_states_that_do_not_vary_have_no_gap_in_sd(small):
    flat = years(y2010={"KAZ": 0.5, "UZB": 0.5, "KGZ": 0.5}, y2012={"KAZ": 0.5, "UZB": 0.4, "KGZ": 0.1})
    table = trends.gaps(flat, "KAZ", "UZB")
    assert table["SD"][0] is None and str(table["Places"][0]) == "0 places"
    states = trends.turns({"osi": flat}, "KAZ", "UZB", [2010])["state"].tolist()
    assert states == ["not estimable", "wider", "wider"]


def test_what_survives_and_what_depends(small):
    always = years(y2010={"KAZ": 0.9, "UZB": 0.1, "KGZ": 0.5, "TJK": 0.3},
                   y2012={"KAZ": 0.7, "UZB": 0.4, "KGZ": 0.5, "TJK": 0.45},
                   y2014={"KAZ": 0.6, "UZB": 0.5, "KGZ": 0.1, "TJK": 0.9})
    table = trends.survives(trends.turns({"osi": GAPS, "tii": always}, "KAZ", "UZB", [2010, 2012]))
    assert table.loc["tii"].tolist() == ["2", "2 narrower", "2 narrower", "2 narrower", "narrower",
                                         "–"]
    assert table["Told"]["osi"] == "depends"
    assert table.loc["osi", "SD"] == "1 narrower, 1 crossed"
    assert table["Turned by"]["osi"] == "2012"  # three say narrower from 2010, three crossed


def test_counts_of_one_table_can_be_compared(small):
    table = trends.turns({"osi": GAPS}, "KAZ", "UZB", [2010, 2012])
    found, whole = trends.counted(table, "crossed"), trends.counted(table)
    assert (int(found), int(whole)) == (3, 6) and found.rows == whole.rows
    assert int(trends.counted(table, "crossed", "narrower")) == 6
    assert int(trends.counted(table, "wider")) == 0


def test_a_jump_of_the_worlds_median_is_found(small):
    frame = pd.concat([section(dict.fromkeys(NAMES, 0.2), 2010, "egdi"),
                       section(dict.fromkeys(NAMES, 0.3), 2012, "egdi"),
                       section(dict.fromkeys(NAMES, 0.5), 2014, "egdi")])
    assert trends.breaks(frame)["Change"].map(str).tolist() == ["None", "0.100", "0.200"]
    assert trends.jumps({"egdi": frame}, since=2010) == {2014: "egdi"}
    assert trends.jumps({"egdi": frame}, since=2010, size=0.05) == {2012: "egdi", 2014: "egdi"}
    assert trends.jumps({"egdi": frame}, since=2013, size=0.05) == {2014: "egdi"}
    falling = frame.assign(year=2024 - (frame["year"] - 2010))
    assert trends.jumps({"egdi": falling}, since=2010) == {2022: "egdi"}  # a fall is a jump too


def vintages():
    rows = [("KAZ", 2021, 100, "old"), ("KAZ", 2022, 110, "old"), ("KAZ", 2021, 200, "new"),
            ("KAZ", 2022, 210, "new"), ("UZB", 2022, 5, "new")]
    return pd.DataFrame([(c, y, Number(v, "persons", rows=(f"{c}/{y}/population/{s}",)), s)
                         for c, y, v, s in rows], columns=["country", "year", "value", "source"],
                        dtype=object).astype({"year": int})


def test_sources_that_differ_for_a_cell(small):
    table = trends.spread(vintages())
    assert table[["country", "year", "Sources"]].values.tolist() == [["KAZ", 2021, "2"],
                                                                   ["KAZ", 2022, "2"]]
    assert table["Apart"].map(str).tolist() == ["100", "100"]
    assert trends.spread(vintages()[:2]).empty


def test_growth_across_vintages_hides_which_is_which(small):
    table = trends.across(vintages(), "KAZ", 2021, 2022)
    assert table.map(lambda cell: str(cell)).values.tolist() == [["10.0 %", "110.0 %"],
                                                                 ["−45.0 %", "5.0 %"]]
    with pytest.raises(ValueError, match="^Uzbekistan has no value in 2021 or 2022$"):
        trends.across(vintages(), "UZB", 2021, 2022)


# the study's own numbers ---------------------------------------------------------------------------

SD = {"tii": [0.43, 0.45, 0.58, 1.34, 1.36, 1.02, 0.88, 0.37, 0.17],
      "osi": [0.21, 0.72, 1.24, 1.12, 0.29, 0.28, 0.56, 0.79, 0.68],
      "epi": [0, 1.13, 2.78, 1.12, -0.31, 0.28, 0.28, 0.76, 0.54]}


@pytest.mark.parametrize("key", SD)
def test_gaps_of_the_two_cases_in_sd(real, key):
    table = trends.gaps(pick(key), "KAZ", "UZB").query("year >= 2008")
    assert [round(float(gap), 2) for gap in table["SD"]] == SD[key]


def test_what_is_told_of_the_two_cases(real):
    frames = {key: pick(key) for key in ("tii", "osi", "hci", "internet_use", "fixed_broadband")}
    table = trends.turns(frames, "KAZ", "UZB", range(2008, 2023, 2))
    by = dict(list(table.groupby("indicator")))
    assert set(by["tii"].query("base < 2022")["state"]) == {"narrower"}
    assert by["tii"].query("base == 2022")["state"].tolist() == ["narrower", "wider", "wider"]
    assert set(by["internet_use"].query("base > 2008")["state"]) == {"narrower"}
    assert set(by["internet_use"].query("base == 2008")["state"]) == {"wider"}
    assert {"narrower", "wider"} <= set(by["osi"]["state"])
    assert set(by["fixed_broadband"].query("base < 2020")["state"]) == {"crossed"}


def test_vintages_of_the_five(real):
    shares = pick("internet_use", sources="all").query("country == 'TJK' and year == 2022")
    assert trends.spread(shares)["Apart"].map(str).tolist() == ["17.0 points"]
    people = pick("population", sources="all")
    table = trends.across(people[people["source"].str.startswith("wdi_")], "TKM", 2021, 2022)
    assert table.map(lambda cell: str(cell)).values.tolist() == [["1.4 %", "14.0 %"],
                                                                 ["−9.3 %", "1.9 %"]]
