"""Number: arithmetic, units, intervals, how it prints, and that pandas keeps it."""

import copy
import pickle
from fractions import Fraction

import matplotlib
import numpy as np
import pandas as pd
import pytest
import seaborn
from hypothesis import given
from hypothesis import strategies as st

from footnoted.number import Number, exact_number, in_millions, ordinal, sources_of

matplotlib.use("Agg")
HIL, VAL = "HIL/2023/ripe/new", "VAL/2023/ripe/new"
A = Number(92.9, "%", rows=(HIL,), printed="92.9")
B = Number(89.0, "%", rows=(VAL,), printed="89.0")


@pytest.mark.parametrize("value, unit, text, without_unit", [
    (92.8785, "%", "92.9 %", "92.9"),
    (0, "%", "0.0 %", "0.0"),
    (-3.94, "points", "−3.9 points", "−3.9"),
    (-0.04, "points", "0.0 points", "0.0"),  # no minus before a zero
    (0.8628, "index", "0.8628", "0.8628"),
    (12.25, "%", "12.3 %", "12.3"),  # halves away from zero, as sources round them
    (-12.25, "points", "−12.3 points", "−12.3"),
    (1.845, "", "1.85", "1.85"),
    (float("inf"), "%", "inf %", "inf"),
    (28, "rank", "28th", "28"),
    (-57, "ranks", "−57 ranks", "−57"),
    (999_999, "persons", "999,999", "999,999"),
    (1_000_000, "persons", "1 million", "1 million"),
    (17_300_000, "persons", "17.3 million", "17.3 million"),
    (9_996_000, "US dollars", "10 million", "10 million"),
    (999_600_000, "persons", "1,000 million", "1,000 million"),
    (1_438_069_596, "persons", "1,438 million", "1,438 million"),
    (-5_000_000, "persons", "−5 million", "−5 million"),
    (2023, "year", "2023", "2023"),
    (38.76, "per 100 people", "38.8 per 100 people", "38.8"),
    (6914, "per million people", "6,914.0 per million people", "6,914.0"),
    (1.656, "", "1.66", "1.66"),
    (1.337, "SD", "1.34 SD", "1.34"),
    (6.6, "years", "6.6 years", "6.6"),
    (float("nan"), "%", "missing", "nan"),
])
def test_prints(value, unit, text, without_unit):
    assert (str(Number(value, unit)), Number(value, unit).text_without_unit) == (text, without_unit)


def test_a_study_says_what_it_counts(monkeypatch):
    assert str(Number(5, "apples")) == "5.0 apples"
    monkeypatch.setattr("footnoted.number.COUNTED", {"apples"})
    assert [str(Number(n, "apples")) for n in (5, 17_300_000)] == ["5", "17.3 million"]


def test_decimals_may_be_told():
    assert str(Number(2011.04, "year", decimals=1)) == "2011.0"
    assert str(Number(87.55, "%", decimals="2")) == "87.55 %"


@pytest.mark.parametrize("rank, text", [
    (1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (10, "10th"), (11, "11th"), (12, "12th"),
    (13, "13th"), (21, "21st"), (52, "52nd"), (63, "63rd"), (100, "100th"), (101, "101st"),
    (111, "111th"), (112, "112th"), (113, "113th"), (193, "193rd")])
def test_ordinal(rank, text):
    assert ordinal(rank) == text


@pytest.mark.parametrize("size, decimals, text", [
    (1e6, 0, "1"), (1_654_300, 0, "1.65"), (9_994_000, 0, "9.99"), (9_996_000, 0, "10"),
    (17_340_000, 0, "17.3"), (148_700_000, 0, "149"), (100_000_000, 0, "100"),
    (1_438_069_596, 0, "1,438"), (2_300_000, 2, "2.30"), (17_000_000, 1, "17.0")])
def test_millions(size, decimals, text):
    assert in_millions(size, decimals) == text


def test_number_without_printed_text_is_exact():
    assert Number(0.1).low == Number(0.1).high == Fraction(1, 10)
    assert Number(0.1).exact and not A.exact


@pytest.mark.parametrize("value", ["nan", "inf", "-inf"])
def test_what_is_not_finite_has_no_bounds(value):
    n = Number(value, "%")
    assert (n.low, n.high) == (None, None)
    assert not n.exact


def test_rows_name_years_and_subjects():
    both = A + Number(1, "%", rows=("ALL/2022/weight/diary#193", "VAL/2018-08-03/x/y", HIL))
    assert both.rows == (HIL, "ALL/2022/weight/diary#193", "VAL/2018-08-03/x/y")
    assert both.years == {"2018", "2022", "2023"}
    assert both.subjects == {"ALL", "HIL", "VAL"}


@pytest.mark.parametrize("result, text, low, high", [
    (A + B, "181.9 %", "181.8", "182"),
    (A - B, "3.9 points", "3.8", "4"),
    (B - A, "−3.9 points", "-4", "-3.8"),
    (100 - A, "7.1 %", "7.05", "7.15"),
    (A - 90, "2.9 %", "2.85", "2.95"),
    (A * 2, "185.8 %", "185.7", "185.9"),
    (2 * A, "185.8 %", "185.7", "185.9"),
    (A * -1, "−92.9 %", "-92.95", "-92.85"),
    (A / 2, "46.5 %", "46.425", "46.475"),
    (A / B, "1.04", Fraction("92.85") / Fraction("89.05"), Fraction("92.95") / Fraction("88.95")),
    (-A, "−92.9 %", "-92.95", "-92.85"),
    (abs(B - A), "3.9 points", "3.8", "4"),
    (abs(A), "92.9 %", "92.85", "92.95"),
    (A - A, "0.0 points", "-0.1", "0.1"),  # outer where an observation stands twice
    (A * A, "8,630.41", Fraction("92.85") ** 2, Fraction("92.95") ** 2),
    (sum([A, B]), "181.9 %", "181.8", "182"),
    (0 + A, "92.9 %", "92.85", "92.95"),
    (A + np.float64(1), "93.9 %", "93.85", "93.95"),
    (A * np.int64(2), "185.8 %", "185.7", "185.9"),
    (round(A), "93 %", "92.85", "93"),  # rounding again never makes a number surer
    (round(A, 1), "92.9 %", "92.85", "92.95"),
    (A.to("points"), "92.9 points", "92.85", "92.95"),
])
def test_arithmetic(result, text, low, high):
    assert isinstance(result, Number)
    assert (str(result), result.low, result.high) == (text, Fraction(low), Fraction(high))
    assert HIL in result.rows


@pytest.mark.parametrize("left, right, text", [
    (Number(28, "rank"), Number(24, "rank"), "4 ranks"),
    (Number(24, "rank"), Number(28, "rank"), "−4 ranks"),
    (Number(2017.2, "year", decimals=1), Number(2011, "year"), "6.2 years"),
    (Number(0.8628, "index"), Number(0.7265, "index"), "0.1363"),
    (Number(5, "persons"), Number(2, "persons"), "3")])
def test_unit_of_a_difference(left, right, text):
    assert str(left - right) == text


@pytest.mark.parametrize("left, right, text", [
    (Number(28, "rank"), Number(3, "ranks"), "31st"),
    (Number(90, "%"), Number(2.5, "points"), "92.5 %"),
    (Number(2011, "year"), Number(6.6, "years"), "2017.6")])
def test_a_level_and_its_difference_add(left, right, text):
    assert str(left + right) == text


@pytest.mark.parametrize("left, op, right, words", [
    (A, "+", Number(0.86, "index"), "cannot compute 92.9 % + 0.8600: units differ (%, index)"),
    (A, "-", Number(28, "rank"), "cannot compute 92.9 % − 28th: units differ (%, rank)"),
    (Number(3, "points"), "+", A, "cannot compute 3.0 points + 92.9 %: units differ (points, %)"),
    (A, "-", Number(1, "", rows=("HIL/2023/x/y",)),
     "cannot compute 92.9 % − 1.00: units differ (%, none)"),
])
def test_units_differ(left, op, right, words):
    with pytest.raises(ValueError) as caught:
        left + right if op == "+" else left - right
    assert str(caught.value) == words


def test_division_by_zero():
    with pytest.raises(ZeroDivisionError):
        A / 0
    with pytest.raises(ValueError, match="cannot divide by 0.3: its rounding interval holds zero"):
        A / Number(0.3, low=Fraction(-1, 2), high=Fraction(1, 2), decimals=1)
    with pytest.raises(ValueError, match="its rounding interval holds zero"):
        A / Number(0.3, low=0, high=Fraction(1, 2))


def test_a_product_of_intervals_that_hold_zero():
    wide = Number(1, low=-2, high=3)
    assert ((wide * Number(1, low=-5, high=4)).low, (wide * wide).low) == (-15, -6)


def test_missing_stays_missing():
    assert str(A + float("nan")) == "missing"
    none = Number(float("nan"), "%", how="none in 2023, not published")
    for derived in (none, A + none, none - A, -(2 * none), round(none, 1), none.to("points")):
        assert str(derived) == "none in 2023, not published"
    assert str(none + Number(float("nan"), "%", how="another")) == "none in 2023, not published"
    assert str(Number(float("nan"), "%") + none) == "none in 2023, not published"
    assert (A - Number("nan")).low is None and (Number("inf") * 2).high is None
    assert A.__add__("text") is NotImplemented


def test_how_tells_the_arithmetic():
    assert (A - B).how == "92.9 % − 89.0 %"
    assert ((A - B) / B).how == "(92.9 % − 89.0 %) ÷ 89.0 %"
    assert sum([A]) is A  # nothing is told of the zero that sum starts with
    sums = [sum([A] * n) for n in range(2, 40)]
    assert max(len(total.how) for total in sums) in range(150, 161)
    assert sums[-1].how.endswith(" + 92.9 %")


def test_number_wraps_plain_numbers():
    assert exact_number(A) is A
    assert [str(exact_number(value)) for value in (3, 2.5, 1.0)] == ["3", "2.50", "1"]
    assert str(exact_number(float("nan"))) == "missing"


hundredths = st.integers(-100_000, 100_000).map(lambda n: Fraction(n, 100))


@st.composite
def numbers(draw):
    low, width = draw(hundredths), Fraction(draw(st.integers(0, 1000)), 100)
    inside = low + width * Fraction(draw(st.integers(0, 100)), 100)
    return Number(float(inside), low=low, high=low + width), inside


@given(numbers(), numbers())
def test_bounds_hold_every_sum_difference_product_and_quotient(left, right):
    (a, x), (b, y) = left, right
    assert (a + b).low <= x + y <= (a + b).high
    assert (a - b).low <= x - y <= (a - b).high
    assert (a * b).low <= x * y <= (a * b).high
    assert (-a).low <= -x <= (-a).high
    if b.low > 0 or b.high < 0:
        assert (a / b).low <= x / y <= (a / b).high


@given(numbers(), st.integers(0, 4))
def test_rounding_keeps_the_interval(number_, digits):
    n, x = number_
    assert round(n, digits).low <= x <= round(n, digits).high
    assert float(round(n, digits)) == round(float(n), digits)


@given(numbers(), st.sampled_from(["%", "rank", "persons", ""]))
def test_copies_and_pickles(number_, unit):
    n = Number(number_[0], unit, number_[0].low, number_[0].high, (HIL,), 2, "how", "9")
    for twin in (copy.copy(n), copy.deepcopy(n), pickle.loads(pickle.dumps(n))):
        assert type(twin) is Number and twin == n
        assert vars(twin) | {"_bounds": None} == vars(n) | {"_bounds": None}
        assert (twin.low, twin.high) == (n.low, n.high)


def test_a_printed_number_pickles_with_its_interval():
    assert pickle.loads(pickle.dumps(A)).low == Fraction("92.85")


# pandas ------------------------------------------------------------------------------------------

@pytest.fixture
def frame():
    lines = [("HIL", 2022, 92.3), ("HIL", 2023, 92.9), ("VAL", 2022, 83.9), ("VAL", 2023, 89.0)]
    values = [Number(v, "%", rows=(f"{c}/{y}/ripe/new",), printed=str(v))
              for c, y, v in lines]
    frame = pd.DataFrame(lines, columns=["orchard", "year", "plain"])
    return frame.assign(value=pd.Series(values, dtype=object))


def rows(values):
    return [row for value in values for row in value.rows]


def test_filter_sort_and_query_keep_rows(frame):
    assert rows(frame[frame["value"] > 90]["value"]) == ["HIL/2022/ripe/new", HIL]
    assert rows(frame.query("value < 85")["value"]) == ["VAL/2022/ripe/new"]
    by_value = frame.sort_values("value", ascending=False)["value"]
    assert rows(by_value)[:2] == [HIL, "HIL/2022/ripe/new"]


def test_pivot_melt_merge_concat_keep_rows(frame):
    wide = frame.pivot(index="year", columns="orchard", values="value")
    assert wide.loc[2023, "VAL"].rows == (VAL,)
    long = wide.reset_index().melt("year")
    assert sorted(rows(long["value"])) == sorted(rows(frame["value"]))
    merged = frame.merge(frame, on=["orchard", "year"])
    assert (merged["value_x"] - merged["value_y"]).iloc[3].rows == (VAL,)
    assert len(rows(pd.concat([frame, frame], ignore_index=True)["value"])) == 8


def test_differences_in_frames_keep_rows_and_units(frame):
    wide = frame.pivot(index="year", columns="orchard", values="value")
    gap = wide["HIL"] - wide["VAL"]
    assert [str(n) for n in gap] == ["8.4 points", "3.9 points"]
    assert gap[2023].rows == (HIL, VAL)
    step = wide["VAL"].diff().iloc[1]
    assert (str(step), step.rows) == ("5.1 points", (VAL, "VAL/2022/ripe/new"))
    change = wide["VAL"].pct_change().iloc[1]
    assert isinstance(change, Number) and set(change.rows) == set(step.rows)
    assert float(change) == pytest.approx(5.1 / 83.9)


def test_sum_and_round_keep_rows(frame):
    total = frame["value"].sum()
    assert isinstance(total, Number) and len(total.rows) == 4
    assert (total.low, total.high) == (Fraction("357.9"), Fraction("358.3"))
    rounded = frame["value"].round(0)
    assert [str(n) for n in rounded] == ["92 %", "93 %", "84 %", "89 %"]
    assert rows(rounded) == rows(frame["value"]) == rows(frame.round(0)["value"])


def test_groups_keep_rows(frame):
    assert frame.groupby("orchard")["value"].last()["HIL"].rows == (HIL,)
    assert frame["value"].max().rows == (HIL,)
    assert frame["value"].cumsum().iloc[-1].unit == "%"
    assert frame.groupby("orchard")["value"].sum()["VAL"].unit == "%"


@pytest.mark.parametrize("forget", [
    lambda s: s.mean(), lambda s: s.median(), lambda s: s.astype(float).quantile(0.5),
    lambda s: s.astype(float).describe()["mean"], lambda s: s.astype(float).std(),
    lambda s: np.mean(s)])
def test_statistics_forget(frame, forget):
    result = forget(frame["value"])
    assert isinstance(result, float) and not isinstance(result, Number)


def test_seaborn_draws_numbers(frame):
    from matplotlib import pyplot
    axes = seaborn.lineplot(frame, x="year", y="value", hue="orchard", errorbar=None)
    assert list(axes.lines[0].get_ydata()) == [92.3, 92.9]
    pyplot.close(axes.figure)


@pytest.mark.parametrize("row, sources", [
    ("KAZ/2022/egdi/a", ["a"]), ("UN193/2022/share/b+c#12", ["b", "c"]),
    ("/2020/terms:e/government, who/d", ["d"])])
def test_a_row_id_names_its_sources(row, sources):
    assert sources_of(row) == sources
