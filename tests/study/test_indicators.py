"""The arithmetic of the field against values worked by hand and the numbers of the study."""

import math
import statistics
from fractions import Fraction

import pandas as pd
import pytest

from digital_diplomacy import indicators as measures
from digital_diplomacy.data import pick
from footnoted.number import Number


def n(value, unit="%", country="KAZ", year=2023, printed=None, row="internet_use/new"):
    return Number(value, unit, rows=(f"{country}/{year}/{row}",),
                  printed=str(value) if printed is None else printed)


def frame(rows):
    columns = ["country", "year", "value", "indicator", "source"]
    return pd.DataFrame(rows, columns=columns, dtype=object).astype({"year": int})


def series(values, country="KAZ"):
    """Rows of one country: {year: value}."""
    rows = [(country, year, n(value, "%", country, year), "internet_use", "new")
            for year, value in values.items()]
    return frame(rows)


def section(values, year=2023, unit="index"):
    """A cross-section: {country: value}."""
    rows = [(c, year, n(v, unit, c, year, row="egdi/survey"), "egdi", "survey")
            for c, v in values.items()]
    return frame(rows)


# shares, rates, growth, gaps ----------------------------------------------------------------------

@pytest.mark.parametrize("measure, left, right, text, low, high", [
    (measures.share, n(1, "persons"), n(8, "persons"), "12.5 %",
     Fraction(50) / Fraction("8.5"), Fraction(150) / Fraction("7.5")),
    (measures.share, n(3, "persons", printed=""), n(4, "persons", printed=""), "75.0 %", 75,
     75),
    (measures.rate, n(7, "accounts", printed=""), n(50, "persons", printed=""),
     "14.0 per 100 people", 14, 14),
    (measures.growth, n(50, year=2020, printed=""), n(75, printed=""), "50.0 %", 50, 50),
    (measures.growth, n(50, year=2020, printed=""), n(40, printed=""), "−20.0 %", -20, -20),
    (measures.growth, n(50, year=2020), n(75), "50.0 %",
     (Fraction("74.5") / Fraction("50.5") - 1) * 100,
     (Fraction("75.5") / Fraction("49.5") - 1) * 100),
    (measures.gap, n(92.9), n(89.0, country="UZB"), "3.9 points", Fraction("3.8"), 4),
    (measures.change, n(81.9, year=2019), n(92.9), "11.0 points", Fraction("10.9"),
     Fraction("11.1")),
    (measures.whole, n(30, "persons", printed=""), n(60), "50", 3000 / Fraction("60.5"),
     3000 / Fraction("59.5")),
    (measures.change, n(81, "rank", printed=""), n(24, "rank", year=2024, printed=""),
     "−57 ranks", -57, -57),
])
def test_measures_of_two_numbers(measure, left, right, text, low, high):
    result = measure(left, right)
    assert (str(result), result.low, result.high) == (text, low, high)
    assert set(result.rows) == set(left.rows + right.rows)


def test_measures_take_names_and_plain_numbers():
    assert str(measures.share(part=1, whole=4)) == "25.0 %"
    assert str(measures.gap(92.9, n(89.0))) == "3.90 %"


def test_measures_take_series_row_by_row():
    left = pd.Series([n(92.3, year=2022), n(92.9)], index=[2022, 2023], dtype=object)
    right = pd.Series([n(89.0, country="UZB")], index=[2023], dtype=object)
    gaps = measures.gap(left, right)
    assert [str(gap) for gap in gaps] == ["missing", "3.9 points"]
    assert gaps.index.tolist() == [2022, 2023] and len(gaps[2023].rows) == 2
    assert [str(r) for r in measures.rate(left, Number(50, "persons"))] == [
        "184.6 per 100 people", "185.8 per 100 people"]
    assert str(measures.logit_gap(left, right)[2022]) == "missing"


def test_a_gap_needs_one_year():
    with pytest.raises(ValueError, match="^a gap needs one year: 2022 against 2023; pick both from "
                                         "the same year$"):
        measures.gap(n(1, year=2022), n(1))


@pytest.mark.parametrize("measure", [measures.change, measures.growth])
def test_a_change_needs_one_country(measure):
    with pytest.raises(ValueError, match="^a change needs one country: KAZ against UZB$"):
        measure(n(1, year=2022), n(2, country="UZB"))


# ranks and cross-sections -------------------------------------------------------------------------

@pytest.mark.parametrize("values, country, text", [
    ({"KAZ": 3, "UZB": 2, "KGZ": 1}, "KAZ", "1st"),
    ({"KAZ": 3, "UZB": 2, "KGZ": 1}, "KGZ", "3rd"),
    ({"KAZ": 2, "UZB": 2, "KGZ": 1}, "UZB", "1st"),  # a tie shares the better rank
    ({"KAZ": 2, "UZB": 2, "KGZ": 1}, "KGZ", "3rd"),
    ({"KAZ": 3, "UZB": 1, "KGZ": 1}, "UZB", "2nd"),
    ({"KAZ": 0.5}, "KAZ", "1st"),
])
def test_rank(small, values, country, text):
    result = measures.rank(section(values), country)
    assert (str(result), result.unit, result.exact) == (text, "rank", True)
    assert result.rows == (f"{country}/2023/egdi/survey",
                           f"UN193/2023/egdi/survey#{len(values)}")


def test_rank_refuses(small):
    with pytest.raises(ValueError, match="^Tajikistan has no value in 2023$"):
        measures.rank(section({"KAZ": 1}), "TJK")
    with pytest.raises(ValueError, match="did you mean 'KAZ'"):
        measures.rank(section({"KAZ": 1}), "KAX")
    several = pd.concat([section({"KAZ": 1}), section({"KAZ": 1}, 2022)])
    with pytest.raises(ValueError, match=r"^a cross-section needs rows of one year, got \[2022, "
                                         r"2023\]: filter by year first$"):
        measures.rank(several, "KAZ")
    with pytest.raises(ValueError, match="got none: filter by year first$"):
        measures.one_year(several[:0])


def test_ranks_of_every_year(small):
    frame = pd.concat([section({"KAZ": 1, "UZB": 2}, 2020), section({"UZB": 2}, 2021),
                       section({"KAZ": 3, "UZB": 2}, 2022)])
    own = measures.ranks(frame, "KAZ")
    assert own["year"].tolist() == [2020, 2022]
    assert [str(rank) for rank in own["value"]] == ["2nd", "1st"]
    assert measures.ranks(frame, "KGZ").empty


@pytest.mark.parametrize("values, median, spread", [
    ({"KAZ": 1, "UZB": 2, "KGZ": 6}, 2, math.sqrt(7)),  # deviations −2, −1, 3; 14 ÷ 2
    ({"KAZ": 1, "UZB": 2, "KGZ": 3, "TJK": 6}, 2.5, math.sqrt(14 / 3)),
])
def test_median_and_standard_deviation(values, median, spread):
    states = section(values)
    assert float(measures.median(states)) == median
    assert float(measures.standard_deviation(states)) == pytest.approx(spread)
    assert measures.median(states).unit == "index"


def test_a_statistic_of_few_names_each_row_and_of_many_the_selection():
    few = section({c: 1 for c in "ABCDEFGHIJ"})
    assert len(measures.median(few).rows) == 10
    many = section({c: 1 for c in "ABCDEFGHIJK"})
    assert measures.median(many).rows == ("UN193/2023/egdi/survey#11",)
    assert measures.standard_deviation(many).how == "standard deviation of 11 states"
    assert str(measures.count_states(many)) == "11"


def test_a_standardized_gap(small):
    frame = section({"KAZ": 6, "UZB": 2, "KGZ": 1})
    result = measures.standardized_gap(frame, "KAZ", "UZB")
    assert float(result) == pytest.approx(4 / math.sqrt(7)) and str(result) == "1.51 SD"
    assert result.low < Fraction(4 / math.sqrt(7)) < result.high
    assert str(measures.standardized_gap(frame, "UZB", "KAZ")) == "−1.51 SD"
    with pytest.raises(ValueError, match="^Tajikistan has no value in 2023$"):
        measures.standardized_gap(frame, "KAZ", "TJK")


@pytest.mark.parametrize("left, right, odds", [
    (50, 50, 0), (75, 50, math.log(3)), (50, 75, -math.log(3)), (90, 10, 2 * math.log(9)),
    (61.9, 23.6, math.log(61.9 / 38.1) - math.log(23.6 / 76.4))])
def test_logit_gap(left, right, odds):
    result = measures.logit_gap(n(left), n(right, country="UZB"))
    assert float(result) == pytest.approx(odds)
    assert result.low < odds < result.high and result.unit == ""
    assert len(result.rows) == 2


@pytest.mark.parametrize("percent", [0, 100, -1, 101])
def test_log_odds_end_at_0_and_100(percent):
    with pytest.raises(ValueError, match="^log odds need a share between 0 and 100 %, got "):
        measures.logit(percent)


@pytest.mark.parametrize("left, right", [(0, 50), (50, 100), (100, 0)])
def test_a_share_without_odds_has_no_gap_in_them(left, right):
    gap = measures.logit_gap(n(left), n(right, country="UZB"))
    assert math.isnan(gap) and str(gap) == "none: a share of 0 or 100 % has no log odds"


# time ---------------------------------------------------------------------------------------------

@pytest.mark.parametrize("values, level, when", [
    ({2000: 0, 2010: 50}, 25, 2005.0),
    ({2010: 50, 2000: 0}, 25, 2005.0),  # rows in any order
    ({2000: 0, 2001: 10, 2002: 30}, 15, 2001.25),
    ({2000: 0, 2001: 10, 2002: 30}, 10, 2001.0),  # reached in the year itself
    ({2000: 0, 2004: 40}, 10, 2001.0),  # a gap of years is drawn through
    ({2000: 10, 2001: 30, 2002: 5, 2003: 30}, 20, 2000.5),  # the first time
    ({2000: 10, 2001: 30}, 31, None),  # never
    ({2000: 30, 2001: 40}, 20, None),  # above from the start: nobody knows when
    ({2000: 30, 2001: 10, 2002: 40}, 20, None),
    ({2000: 20, 2001: 40}, 20, None),  # reached in the first year, or before
    ({2000: 20}, 30, None),
    ({}, 30, None),
])
def test_crossing(values, level, when):
    result = measures.crossing(series(values), level)
    assert (result if result is None else float(result)) == (when and pytest.approx(when))


def test_a_crossing_prints_a_year_and_its_two_rows():
    result = measures.crossing(series({2010: 40, 2012: 60, 2013: 70}), n(49))
    assert (str(result), result.unit) == ("2010.9", "year")
    assert result.rows == ("KAZ/2010/internet_use/new", "KAZ/2012/internet_use/new")
    assert result.how == "between 40.0 % in 2010 and 60.0 % in 2012"


@pytest.mark.parametrize("leader, follower, year, lag", [
    ({2000: 10, 2005: 60}, {2004: 35}, 2004, 1.5),  # 35 was passed at 2002.5
    ({2000: 10, 2005: 60}, {2010: 60}, 2010, 5.0),
    ({2000: 10, 2005: 60}, {2001: 40}, 2001, -2.0),  # the follower was first
    ({2000: 10, 2005: 60}, {2004: 61}, 2004, None),
    ({2000: 10, 2005: 60}, {2004: 5}, 2004, None),
    ({2000: 10, 2005: 60}, {2004: 35}, 2005, None),  # no value in that year
    # a level reached twelve years apart, by the definition S(level) = t(follower) − t(leader)
    ({1980: 100, 1990: 200}, {1992: 120, 1997: 150}, 1997, 12.0),
])
def test_time_distance(leader, follower, year, lag):
    result = measures.time_distance(series(leader), series(follower, "UZB"), year)
    assert (result if result is None else float(result)) == (
        lag if lag is None else pytest.approx(lag))


def test_a_time_distance_remembers_three_rows():
    result = measures.time_distance(series({2000: 10, 2005: 60}), series({2004: 35}, "UZB"), 2004)
    assert str(result) == "1.5 years"
    assert result.rows == tuple(f"{row}/internet_use/new" for row in
                                ("UZB/2004", "KAZ/2000", "KAZ/2005"))
    assert result.how == "2004 − 2002.5, when the other had 35.0 %"


# frames -------------------------------------------------------------------------------------------

def test_rates_where_both_are_known():
    counts = series({2018: 20, 2019: 30, 2020: 40}).assign(status="lower bound")
    people = series({2018: 200, 2020: 100, 2021: 100})
    result = measures.rates(counts, people)
    assert result["year"].tolist() == [2018, 2020]
    assert [str(rate) for rate in result["value"]] == ["10.0 per 100 people", "40.0 per 100 people"]
    assert set(result["status"]) == {"lower bound"} and "value_people" not in result


def test_a_change_since_the_row_before_has_none_for_the_first(small):
    yearly = pick("internet_use", "KAZ").set_index("year")["value"]
    first, *later = measures.change(yearly.shift(), yearly)
    assert math.isnan(first) and [str(one) for one in later] == ["4.1 points", "6.9 points"]
    assert math.isnan(measures.change(None, yearly[2023]))


def test_standing(small):
    frames = {"egdi": pick("egdi"), "internet_use": pick("internet_use")}
    table = measures.standing(frames, "UZB", 2023)
    assert list(table.columns) == ["Year", "Value", "Rank", "States", "World median"]
    assert table.loc["egdi"].map(str).tolist() == ["2022", "0.7265", "2nd", "3", "0.7265"]
    assert table.loc["internet_use"].map(str).tolist() == ["2023", "89.0 %", "2nd", "3", "89.0 %"]


def test_standing_tells_what_is_missing(study):
    frames = {"egdi": pick("egdi"), "internet_use": pick("internet_use"),
              "population": pick("population")}
    table = measures.standing(frames, "TJK", 2023)
    assert table["Year"].tolist() == ["none in 2023: not assessed in this survey",
                                      "none in 2023: not published",
                                      "none in 2023: no value in any year"]
    assert table[["Value", "Rank"]].isna().all(axis=None)
    world = table[["States", "World median"]]  # what the others have, is said
    assert world.map(str).loc["egdi"].tolist() == [str(len(pick("egdi", year=2022))),
                                                   str(measures.median(pick("egdi", year=2022)))]
    lonely = measures.standing({"egdi": pick("egdi", "KAZ")}, "TJK", 1995)
    assert lonely.drop(columns="Year").isna().all(axis=None)
    assert all((table[name].map(str) == table["Year"]).all() for name in ("Value", "Rank"))
    assert measures.standing(frames, "KAZ", 2025).loc["egdi", "Year"] == "2022"
    years = {year: measures.standing(frames, "KAZ", year).loc["egdi", "Year"]
             for year in (2026, 2021)}
    assert years == {2026: "none in 2026: the newest is of 2022",
                     2021: "none in 2021: the first is of 2022"}


def test_standing_passes_over_a_year_of_few_states(small):
    whole = {f"X{i}": i / 1000 for i in range(measures.WHOLE_WORLD - 1)}
    frame = pd.concat([section({"KAZ": 0.5, **whole}, 2022), section({"KAZ": 0.6}, 2023)])
    assert measures.standing({"egdi": frame}, "KAZ", 2023).loc["egdi", "Year"] == "2022"
    few = pd.concat([section({"KAZ": 0.5, "UZB": 1}, 2022), section({"KAZ": 0.6}, 2023)])
    assert measures.standing({"egdi": few}, "KAZ", 2023).loc["egdi", "Year"] == "2023"


def test_world_ranks_of_several_countries(small):
    frame = measures.world_ranks({"egdi": pick("egdi")}, ["KAZ", "TJK", "KGZ"], 2023)
    assert frame[["country", "name", "year", "value", "n", "source"]].values.tolist() == [
        ["KAZ", "Kazakhstan", 2022, 1, 3, "survey"],
        ["TJK", "Tajikistan", 2022, pytest.approx(math.nan, nan_ok=True), 3, "survey"],
        ["KGZ", "Kyrgyzstan", 2022, 3, 3, "survey"]]
    assert str(frame["value"][1]) == "none in 2023: not assessed in this survey"
    assert measures.world_ranks({"egdi": pick("egdi")}, ["TJK"], 2023).empty
    assert {states.rows for states in frame["n"]} == {("UN193/2022/egdi/survey#3",)}


def test_count_rests_on_all_rows():
    assert str(measures.count([n(1), n(2, country="UZB"), n(3)])) == "3"
    assert len(measures.count([n(1), n(2, country="UZB"), n(3)]).rows) == 2
    assert str(measures.count([])) == "0"


def test_correlation_of_the_states_that_both_hold():
    left = section({"A": 1, "B": 2, "C": 3, "D": 4})
    right = section({"D": 1, "C": 20, "B": 300, "E": 0}, 2022)
    assert str(measures.correlation(left, right)) == "−1.00"
    assert str(measures.overlap(left, right)) == "3"
    assert measures.correlation(left, right).how == "Spearman, 3 states"
    few = measures.correlation(left[:2], right)
    assert math.isnan(few) and few.how == "a correlation needs three states, 1 have both"
    assert math.isnan(measures.overlap(left[:1], right))


def test_a_selection_names_what_its_numbers_rest_on():
    rate = [Number(1, rows=(f"{c}/2018/accounts/a", f"{c}/2018/people/b")) for c in "ABC"]
    filled = [Number(1, rows=("D/2017-05-01/accounts/z",)), None, 3.5]
    assert measures.selections(rate + filled) == (
        "UN193/2018/accounts/a#3", "UN193/2018/people/b#3", "UN193/2017/accounts/z#1")
    mixed = [Number(1, rows=(row,)) for row in ("A/2020/x/new", "B/2020/x/old", "A/2020/x/new")]
    assert measures.selections(mixed) == ("UN193/2020/x/new+old#2",)


def test_rates_of_the_world_rest_on_counts_and_people(real):
    reach = measures.rates(pick("facebook_audience_low"), pick("population"))
    ids = {row.split("/")[2] for row in measures.median(reach).rows}
    assert ids == {"facebook_audience_low", "population"}


def test_a_statistic_of_several_years_is_refused():
    several = pd.concat([section({"KAZ": 1}), section({"UZB": 2}, 2022)])
    for statistic in (measures.median, measures.standard_deviation, measures.count_states):
        with pytest.raises(ValueError, match="^a cross-section needs rows of one year"):
            statistic(several)


def test_medians_of_years_in_which_the_world_has_values():
    whole = {f"X{i:03}": i for i in range(measures.WHOLE_WORLD)}
    frame = pd.concat([section(whole, 2020), section(dict(list(whole.items())[1:]), 2021)])
    found = measures.medians(frame)
    assert found.index.tolist() == [2020] and float(found[2020]) == (measures.WHOLE_WORLD - 1) / 2
    assert found[2020].rows == (f"UN193/2020/egdi/survey#{measures.WHOLE_WORLD}",)


def test_the_highest_rests_on_all_and_so_do_its_bounds():
    wide, narrow = Number(5, "%", 3, 7, rows=("a",)), Number(5.5, "%", 5, 6, rows=("b",))
    missing = Number(math.nan)
    top = measures.highest([wide, missing, narrow, None])
    assert (float(top), top.low, top.high, top.rows) == (5.5, 5, 7, ("a", "b"))
    exact = Number(5.2, "%")  # not the highest, but no highest of the three lies below it
    assert measures.highest([wide, Number(5.5, "%", 5, 6), exact]).low == exact.low
    least = measures.lowest(pd.Series([wide, narrow], dtype=object))
    assert (float(least), least.low, least.high, least.unit) == (5, 3, 6, "%")
    rows = pd.DataFrame({"x": [wide, narrow], "y": [narrow, narrow]}, index=[1, 2], dtype=object)
    assert [len(own.rows) for own in measures.highest(rows)] == [2, 1]
    assert math.isnan(measures.highest([None, missing]))
    for numbers in ([], [Number(1, "%"), Number(1, "rank")]):
        with pytest.raises(ValueError, match="^highest and lowest need numbers of one unit, got "):
            measures.highest(numbers)


def test_counts_rest_on_all_that_was_asked():
    ages = pd.Series([n(1), n(3, country="UZB"), n(5, country="KGZ")], dtype=object)
    hits = measures.count_where(ages, ages > 2)
    assert (str(hits), hits.how, len(hits.rows)) == ("2", "of 3", 3)
    named = ages.set_axis(["x", "y", "z"])
    assert measures.count_where(named[:1], (named > 2)[::-1]) == 0  # answers are found by name


@pytest.mark.parametrize("answers, lost", [
    (pd.Series([True, False]), "2"), (pd.Series([True, None, math.nan]), "1, 2"),
    (pd.Series([True] * 3, ["x", "y", "z"]), "0, 1, 2")])
def test_a_condition_needs_an_answer_for_each_number(answers, lost):
    with pytest.raises(ValueError, match=f"^a condition on 3 numbers has no answer for {lost}: "):
        measures.count_where(pd.Series([n(1), n(3), n(5)], dtype=object), answers)


def test_a_crossing_needs_one_unit():
    with pytest.raises(ValueError, match="units differ"):
        measures.crossing(series({2000: 10, 2001: 30}), Number(20, "persons", rows=("x/2000/y/z",)))


# the study's own numbers --------------------------------------------------------------------------

@pytest.mark.parametrize("year, text", [
    (2008, "1.9 points"), (2012, "38.3 points"), (2017, "27.7 points"), (2018, "23.7 points"),
    (2019, "11.5 points"), (2020, "14.8 points"), (2021, "14.3 points"), (2022, "8.4 points"),
    (2023, "3.9 points")])
def test_gap_of_people_online(real, year, text):
    values = pick("internet_use", year=year).set_index("country")["value"]
    assert str(measures.gap(values["KAZ"], values["UZB"])) == text


@pytest.mark.parametrize("year, text", [(2012, "2.6 years"), (2018, "6.6 years"),
                                        (2020, "4.9 years"), (2023, "2.4 years")])
def test_lag_of_uzbekistan(real, year, text):
    frame = pick("internet_use")
    kaz, uzb = (frame[frame["country"] == c] for c in ("KAZ", "UZB"))
    assert str(measures.time_distance(kaz, uzb, year)) == text


@pytest.mark.parametrize("country, text", [("KAZ", "2011.0"), ("UZB", "2017.2"),
                                           ("KGZ", "2016.9"), ("TJK", "2021.0")])
def test_half_of_the_people_online(real, country, text):
    assert str(measures.crossing(pick("internet_use", country), 50)) == text


@pytest.mark.parametrize("year, text", [(2012, "1.66"), (2018, "1.11"), (2021, "1.12"),
                                        (2023, "0.48")])
def test_log_odds_of_people_online(real, year, text):
    values = pick("internet_use", year=year).set_index("country")["value"]
    assert str(measures.logit_gap(values["KAZ"], values["UZB"])) == text


@pytest.mark.parametrize("year, kaz, uzb", [
    (2008, "81st", "109th"), (2014, "28th", "100th"), (2018, "39th", "81st"),
    (2022, "28th", "69th"), (2024, "24th", "63rd")])
def test_ranks_recomputed_are_the_printed_ones(real, year, kaz, uzb):
    frame = pick("egdi", year=year)
    assert [str(measures.rank(frame, c)) for c in ("KAZ", "UZB")] == [kaz, uzb]
    assert str(pick("egdi_rank", "KAZ", year)["value"].item()) == kaz


@pytest.mark.parametrize("indicator, country, year, text", [
    ("osi", "KAZ", 2018, "32nd"), ("osi", "KAZ", 2022, "8th"), ("osi", "KAZ", 2024, "10th"),
    ("osi", "UZB", 2024, "59th"), ("tii", "KAZ", 2014, "47th"), ("tii", "UZB", 2024, "68th"),
    ("epi", "KAZ", 2012, "3rd"), ("epi", "UZB", 2016, "47th"), ("epi", "KAZ", 2024, "27th"),
    ("internet_use", "KAZ", 2010, "82nd"), ("internet_use", "UZB", 2010, "112th"),
    ("internet_use", "KAZ", 2023, "34th"), ("internet_use", "UZB", 2023, "52nd"),
    ("fixed_broadband", "UZB", 2022, "61st"), ("fixed_broadband", "KAZ", 2022, "87th")])
def test_world_ranks(real, indicator, country, year, text):
    assert str(measures.rank(pick(indicator, year=year), country)) == text


@pytest.mark.parametrize("year, n", [(2010, 186), (2015, 187), (2023, 178)])
def test_states_with_a_share_of_people_online(real, year, n):
    assert int(measures.count_states(pick("internet_use", year=year))) == n


def test_kazakhstan_leads_on_the_parts_of_every_survey(real):
    for indicator in ("osi", "tii", "hci"):
        values = pick(indicator).pivot(index="year", columns="country", values="value")
        assert (values["KAZ"] > values["UZB"])[values["UZB"].notna()].all()


def test_broadband_crosses_in_2020(real):
    ahead = pick("fixed_broadband").pivot(index="year", columns="country", values="value")
    behind = ahead["UZB"] < ahead["KAZ"]
    assert behind[behind].index.max() == 2019
    assert [str(ahead[c][2020]) for c in ("UZB", "KAZ")] == ["15.8 per 100 people",
                                                             "13.5 per 100 people"]


@pytest.mark.parametrize("left, right, year, rho", [
    ("osi", "tii", 2022, "0.79"), ("osi", "internet_use", 2022, "0.70")])
def test_rank_correlations(real, left, right, year, rho):
    frames = [pick(name, year=year) for name in (left, right)]
    assert str(measures.correlation(*frames)) == rho


def test_the_mean_of_the_gaps_is_the_gap_to_the_mean():
    rows = frame([[code, 2022, n(value, "index", code, 2022, row="egdi/a"), "egdi", "a"]
                  for code, value in {"KAZ": 1, "KGZ": 2, "TJK": 3, "UZB": 6}.items()])
    mean = measures.mean_standardized_gap(rows, "UZB", ["KAZ", "KGZ", "TJK"])
    assert mean.unit == "SD"
    assert float(mean) == pytest.approx((6 - 2) / statistics.stdev([1, 2, 3, 6]))


# a comparison of two, whoever is ahead ------------------------------------------------------------

def test_time_distances_have_a_sign_and_say_where_none_is_known(real):
    use = pick("internet_use")
    kaz, uzb = (measures.time_distances(use, *pair) for pair in (("KAZ", "UZB"), ("UZB", "KAZ")))
    assert str(kaz[2018]) == "6.6 years" and str(uzb[2018]) == "−6.6 years"
    assert kaz[2006] < 0 < uzb[2006]                       # Uzbekistan was ahead
    never = measures.time_distances(use, "NRU", "PRK")
    assert str(never[2011]) == "none: the series of the one ahead starts above it"


def test_deviations_by_year_and_of_one_state_alone(real):
    use = pick("internet_use").query("country in ['KAZ', 'UZB'] and year in [2022, 2023]")
    by_year = measures.deviations(use)
    gap = measures.gap(*use[use["year"] == 2023]["value"])
    assert float(by_year[2023]) == pytest.approx(abs(float(gap)) / math.sqrt(2))
    alone = measures.deviations(use[use["country"] == "KAZ"])[2023]
    assert math.isnan(alone) and str(alone) == "none: standard deviation of one state"


def test_ranks_side_by_side_name_those_of_an_earlier_year(real):
    frames = {key: pick(key) for key in ("internet_use", "fixed_broadband")}
    table = measures.side_by_side(measures.world_ranks(frames, ["UZB", "TKM", "PRK"], 2019))
    assert table.columns.tolist() == ["UZB", "TKM", "PRK", "Year", "States", "Other"]
    assert table.loc["internet_use", ["Year", "Other"]].tolist() == ["2019", "Turkmenistan 2017"]
    assert str(table["PRK"]["fixed_broadband"]).startswith("none in 2019")
    assert pd.isna(table["Other"]["fixed_broadband"])
    assert str(table["UZB"]["internet_use"]) == "76th"
