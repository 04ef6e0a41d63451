"""What a cell displays and remembers: the exact content of bundles; findings; figures."""

import datetime
import hashlib
import io
import json
import math
import os
import re
from fractions import Fraction

import by_hand as hand
import matplotlib
import numpy as np
import pandas as pd
import pytest
import seaborn
from by_hand import DIARY
from hypothesis import given
from hypothesis import strategies as st
from matplotlib import pyplot
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox
from PIL import Image, ImageOps

from footnoted import display as show
from footnoted import links
from footnoted.conditions import OPERATORS, compare, require_comparable
from footnoted.number import Number

matplotlib.use("Agg")
HIL, VAL = "HIL/2023/ripe/new", "VAL/2023/ripe/new"
ORIGIN = {HIL: "Hillside, 2023, Ripe apples (new)", VAL: "Valley, 2023, Ripe apples (new)"}


def rounded(value, orchard="HIL", year=2023, unit="%", decimals=1):
    """A number as a source prints it."""
    text = f"{value:.{decimals}f}"
    return Number(value, unit, rows=(f"{orchard}/{year}/ripe/new",), printed=text)


def shares():
    """The shares of ripe apples of 2023."""
    return pd.Series([rounded(92.9), rounded(89.0, "VAL")], index=["HIL", "VAL"], name="ripe",
                     dtype=object)


# numbers -----------------------------------------------------------------------------------------

def test_a_number(orchards, cell):
    hill, valley = shares()
    show.number("gap", hill - valley, label="Gap of ripe apples")
    assert cell.bundle() == {
        "kind": "number", "id": "gap", "cell": cell.hash(), "label": "Gap of ripe apples",
        "text": "3.9 points", "value": 3.9, "low": 3.8, "high": 4.0, "unit": "points",
        "how": "92.9 % − 89.0 %", "rows": [HIL, VAL], "origin": ORIGIN, "sources": {"new": DIARY},
        "untraced": False}
    assert cell.displayed[-1]["text/plain"] == "Gap of ripe apples: 3.9 points"
    assert cell.displayed[-1]["text/html"] == "<p>Gap of ripe apples: 3.9 points</p>"
    assert show.remembered == {"gap": cell.bundle()}
    json.dumps(cell.bundle(), allow_nan=False)


def test_a_number_that_forgot_is_untraced(orchards, cell):
    show.number("mean", shares().mean())
    bundle = cell.bundle()
    assert (bundle["untraced"], bundle["rows"], bundle["sources"]) == (True, [], {})
    assert cell.displayed[-1]["text/plain"] == f"mean: {bundle['text']} (untraced)"


@pytest.mark.parametrize("value", ["nan", "inf", "-inf"])
def test_a_missing_number_is_remembered_as_missing(orchards, cell, value):
    show.number("x", Number(value))
    assert (cell.bundle()["value"], cell.bundle()["low"]) == (None, None)
    assert "untraced" not in cell.displayed[-1]["text/plain"]
    json.dumps(cell.bundle(), allow_nan=False)


def test_labels_are_escaped(orchards, cell):
    show.number("x", 1, label="a < b & c")
    assert cell.displayed[-1]["text/html"] == "<p>a &lt; b &amp; c: 1 (untraced)</p>"


@pytest.mark.parametrize("value, low, high, expected", [
    (1 / 3, None, None, {"value": 0.333333, "low": 0.333333, "high": 0.333334}),
    (2 / 3, "2/3", "2/3", {"value": 0.666667, "low": 0.666666, "high": 0.666667}),
    (-2 / 3, "-2/3", "-2/3", {"value": -0.666667, "low": -0.666667, "high": -0.666666}),
    (92.8785, "92.87845", "92.87855", {"value": 92.8785, "low": 92.8784, "high": 92.8786}),
    (20330104, None, None, {"value": 20330100.0, "low": 20330100.0, "high": 20330200.0}),
    (0, None, None, {"value": 0.0, "low": 0.0, "high": 0.0}),
    (5, None, None, {"value": 5.0, "low": 5.0, "high": 5.0}),
    (float("nan"), None, None, {"value": None, "low": None, "high": None}),
])
def test_six_significant_digits_outward(value, low, high, expected):
    assert show.bounded(Number(value, low=low, high=high)) == expected


@given(st.fractions(-10**9, 10**9))
def test_bounds_are_never_inside(bound):
    low, high = show.outward(bound, down=True), show.outward(bound, down=False)
    assert Fraction(repr(low)) <= bound <= Fraction(repr(high))
    for written in (low, high):
        digits = re.sub(r"e.*|\.0$|[.-]", "", repr(written)).strip("0")
        assert len(digits) <= 6
        assert bound == 0 or abs(Fraction(repr(written)) - bound) <= abs(bound) * Fraction(1, 10**5)


# findings ----------------------------------------------------------------------------------------

A, B, C = rounded(92.9), rounded(92.8, "VAL"), rounded(93, "NAM", decimals=0)  # C: 92.5 to 93.5


@pytest.mark.parametrize("left, op, right, state", [
    (rounded(92.9), ">", rounded(89.0), "true"),
    (rounded(92.9), "<", rounded(89.0), "false"),
    (rounded(89.0), "<", rounded(92.9), "true"),
    (rounded(89.0), ">", rounded(92.9), "false"),
    (rounded(92.9), "=", rounded(89.0), "false"),
    (rounded(92.9), "≠", rounded(89.0), "true"),
    (A, ">", C, "undecided"), (A, "<", C, "undecided"), (C, ">", A, "undecided"),
    (A, "=", C, "true"), (A, "≠", C, "false"),
    # neighbours touch at 92.85, and are apart
    (A, ">", B, "true"), (B, "<", A, "true"), (A, "<", B, "false"), (B, ">", A, "false"),
    (A, "=", B, "false"), (A, "≠", B, "true"), (B, "=", A, "false"),
    # the same print may hide either order
    (A, ">", A, "undecided"), (A, "<", A, "undecided"), (A, "=", A, "true"),
    # exact numbers
    (5, ">", 5, "false"), (5, "<", 5, "false"), (5, "=", 5, "true"), (5, "≠", 5, "false"),
    (6, ">", 5, "true"), (6, "=", 5, "false"),
    (Number(28, "rank"), "<", Number(29, "rank"), "true"),
    # an exact number on the edge of a rounded one may be it
    (A, ">", 92.85, "undecided"), (92.85, "<", A, "undecided"), (A, "=", 92.85, "true"),
    (92.95, ">", A, "undecided"), (A, ">", 92.95, "false"), (A, ">", 92.8, "true"),
    # missing
    (Number("nan"), ">", 5, "undecided"), (5, "=", Number("nan"), "undecided"),
    (None, ">", 5, "undecided"), (Number("inf"), ">", 5, "undecided"),
])
def test_states_of_a_finding(orchards, cell, left, op, right, state):
    show.finding("x", left, op, right)
    assert cell.bundle()["state"] == state


tenths, width = (st.integers(*ends).map(lambda n: Fraction(n, 10)) for ends in ((-40, 40), (0, 30)))


@given(tenths, width, tenths, width)
def test_states_agree_with_each_other(a, wide, b, broad):
    left, right = Number(float(a), low=a, high=a + wide), Number(float(b), low=b, high=b + broad)
    state = {op: compare(left, op, right) for op in OPERATORS}
    assert {state["="], state["≠"]} == {"true", "false"}
    if "true" in (state[">"], state["<"]):
        assert state["="] == "false" or left.high == right.low or left.low == right.high
    assert [state[">"], state["<"]].count("true") <= 1
    assert state[">"] == compare(right, "<", left)
    if not (left.exact or right.exact):
        assert (state["="] == "false") == ("true" in (state[">"], state["<"]))


def test_a_finding(orchards, cell):
    hill, valley = shares()
    show.finding("ahead", hill, ">", valley, label="Hillside ahead")
    assert cell.bundle() == {
        "kind": "finding", "id": "ahead", "cell": cell.hash(), "label": "Hillside ahead",
        "state": "true", "text": "92.9 % > 89.0 %", "op": ">", "unit": "%",
        "left": {"text": "92.9 %", "value": 92.9, "low": 92.85, "high": 92.95},
        "right": {"text": "89.0 %", "value": 89.0, "low": 88.95, "high": 89.05},
        "rows": [HIL, VAL], "origin": ORIGIN, "sources": {"new": DIARY}, "untraced": False}
    assert cell.displayed[-1]["text/plain"] == "Hillside ahead: 92.9 % > 89.0 %: true"


@pytest.mark.parametrize("left, right, state, text", [
    ([9, 8, 7, 6, 5], [1] * 5, "true", "9 > 1; 8 > 1; 7 > 1; and 2 more"),
    ([9, 8], [1, 8], "false", "8 > 8"),
    ([9, rounded(8.0)], [1, rounded(8.0)], "undecided", "8.0 % > 8.0 %"),
    ([rounded(8.0), 1], [rounded(8.0), 2], "false", "1 > 2"),
    ([9, 8], 7, "true", "9 > 7; 8 > 7"),
    (9, [8, 10], "false", "9 > 10"),
    ([], [], "undecided", "missing > missing"),
    ([9, None], [1, 1], "undecided", "missing > 1"),
    # a plain number has the unit of the other side
    (Number(50.2, "%"), 50, "true", "50.2 % > 50 %"),
    ([Number(2025, "year"), Number(2026, "year")], 2024, "true", "2025 > 2024; 2026 > 2024"),
    (3, Number(2, "rank"), "true", "3rd > 2nd"),
])
def test_findings_of_series(orchards, cell, left, right, state, text):
    sides = [pd.Series(side, dtype=object) if isinstance(side, list) else side
             for side in (left, right)]
    show.finding("x", sides[0], ">", sides[1])
    assert (cell.bundle()["state"], cell.bundle()["text"]) == (state, text)
    json.dumps(cell.bundle(), allow_nan=False)


@pytest.mark.parametrize("left, op, right, message", [
    (1, ">=", 2, "finding 'x': operator '>=': one of > < = ≠"),
    (rounded(1), ">", rounded(1, unit="index"),
     "finding 'x': 1.0 % and 1.0000 have different units"),
    (rounded(1), ">", Number(1, "rank"), "finding 'x': 1.0 % and 1st have different units"),
    (rounded(1), ">", rounded(1, unit=""), "finding 'x': 1.0 % and 1.00 have different units"),
    (rounded(1), ">", rounded(2, "VAL", 2022),
     "finding 'x': 1.0 % (2023, HIL) and 2.0 % (2022, VAL) share neither year nor subject"),
    (pd.Series([1, 2]), ">", pd.Series([1]), "finding 'x': 2 numbers against 1"),
])
def test_findings_refuse(orchards, cell, left, op, right, message):
    with pytest.raises(ValueError) as caught:
        show.finding("x", left, op, right)
    assert str(caught.value) == message and not cell.displayed


@pytest.mark.parametrize("left, right", [
    (rounded(1), rounded(2, "VAL")), (rounded(1), rounded(2, year=2022)), (rounded(1), Number(2)),
    (rounded(1) - rounded(1, "VAL"), rounded(3, year=2012) - rounded(1, "VAL", 2012))])
def test_findings_compare_one_year_or_one_orchard(left, right):
    require_comparable(left, right)


@pytest.mark.parametrize("held, state, text", [
    ([True, True], "true", "2 of 2"), ([True, False], "false", "1 of 2"),
    ([True, None], "undecided", "1 of 2"), ([None, False], "false", "0 of 2"),
    ([], "undecided", "0 of 0")])
def test_a_condition_over_a_column(orchards, cell, held, state, text):
    show.finding("narrower", pd.Series(held, dtype=object), rows=shares(), label="both")
    bundle = cell.bundle()
    assert (bundle["state"], bundle["text"], bundle["rows"]) == (state, text, [HIL, VAL])


@pytest.mark.parametrize("held, state", [
    (True, "true"), (np.bool_(False), "false"), (pd.NA, "undecided"), (None, "undecided"),
    (float("nan"), "undecided")])
@pytest.mark.parametrize("rows", [shares().to_frame(), shares().iloc[0], [HIL], HIL])
def test_a_condition(orchards, cell, held, state, rows):
    show.finding("x", held, rows=rows)
    bundle = cell.bundle()
    assert bundle["state"] == state and bundle["rows"][0] == HIL
    json.dumps(bundle, allow_nan=False)


def test_a_condition_names_its_rows(orchards, cell):
    with pytest.raises(ValueError, match="finding 'x': say what the condition was read from"):
        show.finding("x", pd.Series([True]))
    assert not cell.displayed


def test_a_condition_whose_rows_hold_no_value_is_undecided(cell):
    show.finding("x", pd.Series([False]), rows=pd.DataFrame({"after": [None]}))
    assert cell.bundle()["state"] == "undecided" and cell.bundle()["rows"] == []


# tables ------------------------------------------------------------------------------------------

def test_a_table(orchards, cell):
    frame = shares().to_frame().rename_axis("orchard")
    frame["Remark"] = ["ahead", None]
    show.table("use", frame, "Ripe apples", note="A dash: nothing to remark.")
    number = {"align": "right", "how": "", "unit": "%"}
    assert cell.bundle() == {
        "kind": "table", "id": "use", "cell": cell.hash(), "label": "Ripe apples",
        "caption": "Ripe apples", "note": "A dash: nothing to remark.",
        "index": ["Hillside", "Valley"], "index_name": "orchard",
        "columns": ["Ripe apples", "Remark"],
        "row_keys": ["HIL", "VAL"], "column_keys": ["ripe", "Remark"],
        "sides": ["right", "left"],
        "cells": [[{"text": "92.9", "prose": "92.9 %", "value": 92.9, "low": 92.85, "high": 92.95,
                    "rows": [HIL], **number},
                   {"text": "ahead", "prose": "ahead", "value": None, "rows": [], "align": "left"}],
                  [{"text": "89.0", "prose": "89.0 %", "value": 89.0, "low": 88.95, "high": 89.05,
                    "rows": [VAL], **number},
                   {"text": "–", "prose": "–", "value": None, "rows": [], "align": "right"}]],
        "rows": [HIL, VAL], "origin": ORIGIN, "sources": {"new": DIARY}, "untraced": False}
    page = cell.displayed[-1]["text/html"]
    assert page.startswith("<p><b>Ripe apples</b></p><table") and ">Hillside</th>" in page
    assert [re.search(rf'text-align: (\w+)">{text}<', page)[1]
            for text in ("92.9", "ahead", "Valley")] == ["right", "left", "left"]
    assert re.search(r"Hillside +92\.9 +ahead", cell.displayed[-1]["text/plain"])
    json.dumps(cell.bundle(), allow_nan=False)


def test_a_default_index_is_not_printed(orchards, cell):
    show.table("terms", pd.DataFrame({"Term": ["a", "b"]}), "Terms")
    bundle = cell.bundle()
    assert (bundle["index"], bundle["row_keys"]) == ([], ["0", "1"])
    assert "</th><td" not in cell.displayed[-1]["text/html"]
    assert not bundle["untraced"]  # words alone cannot forget


def test_years_without_a_gap_are_printed(orchards, cell):
    """pandas makes a RangeIndex of them, as of a default index."""
    frame = pd.DataFrame({"year": [2020, 2021], "Word": ["a", "b"]}).set_index("year")
    show.table("t", frame, "c")
    assert isinstance(frame.index, pd.RangeIndex)
    assert cell.bundle()["index"] == ["2020", "2021"]


def test_an_index_may_be_hidden_and_still_be_linked(orchards, cell):
    show.table("t", pd.DataFrame({"Word": ["a"]}, index=["HIL"]), "c", index=False,
               sources=["book"])
    assert (cell.bundle()["index"], cell.bundle()["row_keys"]) == ([], ["HIL"])
    assert list(cell.bundle()["sources"]) == ["book"]


def test_a_table_of_plain_numbers_is_untraced(orchards, cell):
    show.table("t", pd.DataFrame({"mean": [1.5]}), "c")
    assert cell.bundle()["untraced"]


@pytest.mark.parametrize("value, text, prose, number, align", [
    (Number("nan", "%", how="none in 2023"), "–", "none in 2023", None, "right"),
    ("words", "words", "words", None, "left"), ("", "", "", None, "left"),
    (None, "–", "–", None, "right"), (float("nan"), "–", "–", None, "right"),
    (pd.NA, "–", "–", None, "right"), (pd.NaT, "–", "–", None, "right"),
    (Number("nan", "%"), "–", "–", None, "right"),
    (2023, "2023", "2023", 2023.0, "right"), (True, "True", "True", 1.0, "right"),
    (1234.5, "1,234.5", "1,234.5", 1234.5, "right"),
    (np.float64(0.25), "0.25", "0.25", 0.25, "right"),
    (Number(28, "rank"), "28", "28th", 28.0, "right"),
    (Number(17.3e6, "persons"), "17.3 million", "17.3 million", 17300000.0, "right"),
    (datetime.date(2018, 4, 5), "2018-04-05", "2018-04-05", None, "left"),
])
def test_cells(value, text, prose, number, align):
    made = show.table_cell(value)
    assert (made["text"], made["prose"], made["value"], made["align"]) == (
        text, prose, number, align)


def test_cells_of_a_column_lead_where_links_say(orchards, cell):
    frame = pd.DataFrame({"said": ["a < b", "c", "d"], "n": [1, 2, 3]}, index=["x", "y", "z"])
    show.table("t", frame, "c", links={"said": ["jams.html#x", None, "https://example.org/z"]})
    assert [row[0].get("to") for row in cell.bundle()["cells"]] == [
        "jams.html#x", None, "https://example.org/z"]
    assert "to" not in cell.bundle()["cells"][0][1]
    page = cell.displayed[-1]["text/html"]  # pages of the site lie beside the notebooks' folder
    assert '<a href="../site/jams.html#x">a &lt; b</a></td>' in page and ">c</td>" in page
    assert '<a href="https://example.org/z">d</a>' in page
    show.table("t", frame, "c", links={"said": "03-valley.ipynb#" + frame.index})
    assert '<a href="03-valley.ipynb#y">c</a>' in cell.displayed[-1]["text/html"]


@pytest.mark.parametrize("given, error", [
    ({"said": ["jams.html"]}, r"links={'said': ...}: 1 targets for 2 rows; its columns: said, n"),
    ({"told": ["jams.html"] * 2}, r"links={'told': ...}: 2 targets for 2 rows; its columns: said"),
    ({"said": ["javascript:x()"] * 2}, r"a link leads to https://…, NAME.html#… or NAME.ipynb#…, "
                                       r"not to 'javascript:x\(\)'")])
def test_links_of_cells_that_are_none_are_errors(orchards, cell, given, error):
    with pytest.raises(ValueError, match=f"^table 't': {error}"):
        show.table("t", pd.DataFrame({"said": ["a", "b"], "n": [1, 2]}), "c", links=given)


@pytest.mark.parametrize("frame", [
    pd.DataFrame([[1]], columns=pd.MultiIndex.from_tuples([("a", "b")])),
    pd.DataFrame([[1]], index=pd.MultiIndex.from_tuples([("a", "b")]))])
def test_a_table_has_one_level(orchards, cell, frame):
    with pytest.raises(ValueError, match="^table 't': one level of rows and columns, please: "
                                         "flatten them with set_axis$"):
        show.table("t", frame, "c")


def test_a_table_tells_its_keys_as_links_name_them(orchards, cell, capsys):
    show.table("use", shares().to_frame(), "Ripe apples")
    show.keys("use")
    assert [line.split() for line in capsys.readouterr().out.splitlines()] == [
        ["#use/ROW/COLUMN"], ["ROW"], ["hil", "Hillside"], ["val", "Valley"],
        ["COLUMN"], ["ripe", "Ripe", "apples"]]
    rec = links.Record("c", show.remembered, {}, {})
    assert links.find_target(rec, "use/val/ripe").text == "89.0 %"


def test_a_row_without_a_name_is_told_by_its_first_cell(orchards, cell, capsys):
    show.table("t", pd.DataFrame({"Orchard": ["Valley", "Hillside"], "n": [1, 2]}), "c")
    show.keys("t")
    assert ["1", "Hillside"] in [line.split() for line in capsys.readouterr().out.splitlines()]


def test_ids_of_the_kernel_are_told_and_an_unknown_one_has_its_nearest(orchards, cell, capsys):
    show.table("use", shares().to_frame(), "Ripe apples")
    show.number("lead", shares().iloc[0] - shares().iloc[1], "Hillside above Valley")
    show.keys()
    assert capsys.readouterr().out.split("\n")[:2] == ["  use   table: Ripe apples",
                                                       "  lead  number: Hillside above Valley"]
    show.keys("lead")
    assert capsys.readouterr().out == "#lead is a number: it has no cells\n"
    with pytest.raises(LookupError, match="'leda': did you mean 'lead'?"):
        show.keys("leda")


# figures -----------------------------------------------------------------------------------------

def drawing():
    figure, axes = pyplot.subplots(figsize=(4.5, 3))
    axes.plot([2020, 2023], [71.1, 89.0], label="Valley")
    axes.set_title("Online")
    figure.study = {"alt": "A line rises.", "rows": [VAL], "sources": ["new"]}
    return figure


def test_a_figure(orchards, cell):
    figure = drawing()
    show.figure("line", figure, "Ripe apples")
    bundle = cell.bundle()
    assert not pyplot.fignum_exists(figure.number)
    paths, text = bundle.pop("svg_paths"), bundle.pop("svg_text")
    assert bundle == {
        "kind": "figure", "id": "line", "cell": cell.hash(), "label": "Ripe apples",
        "caption": "Ripe apples", "alt": "A line rises.", "note": "", "width_in": 4.5,
        "height_in": 3.0, "rows": [VAL], "origin": {}, "sources": {"new": DIARY},
        "untraced": False, "words": False, "points": [], "csv": "", "screen": {}, "panels": []}
    assert "<text" not in paths and paths.count("<svg") == 1
    assert ">Online</text>" in text
    assert cell.displayed[-1]["image/png"].startswith(b"\x89PNG")
    assert cell.displayed[-1]["text/plain"] == "Ripe apples\nA line rises."
    assert cell.sizes[-1] == {"image/png": {"width": 495}}  # 900: letters of prose size
    assert "<dc:date>" not in paths + text


def test_a_figure_is_the_same_bytes_each_time(orchards, cell):
    for _ in range(2):
        show.figure("line", drawing(), "Ripe apples")
    first, second = cell.displayed
    assert first == second


def test_axes_and_grids_are_figures_too(orchards, cell):
    show.figure("axes", drawing().axes[0], "c")
    grid = seaborn.FacetGrid(pd.DataFrame({"x": [1], "y": [2]}))
    show.figure("grid", grid, "c", alt="One point.")
    assert cell.bundle()["alt"] == "One point." and cell.bundle()["untraced"]
    assert not pyplot.get_fignums()


@pytest.mark.parametrize("change", [
    lambda ax: ax.set_title("A title that is much longer than the figure is wide " * 2),
    lambda ax: ax.legend(loc="upper left", bbox_to_anchor=(1.02, 1), title="Which orchard"),
    lambda ax: ax.figure.suptitle("Above\nthe\nfigure", y=1.2),
    lambda ax: ax.set_xlabel("Below the figure", labelpad=80)])
def test_what_stands_outside_a_figure_is_printed_whole(orchards, cell, change):
    figure = drawing()
    change(figure.axes[0])
    show.figure("line", figure, "Ripe apples")
    bundle = cell.bundle()
    assert bundle["width_in"] >= 4.5 and bundle["height_in"] >= 3
    assert bundle["width_in"] > 4.5 or bundle["height_in"] > 3
    picture = Image.open(io.BytesIO(cell.displayed[-1]["image/png"])).convert("L")
    assert picture.size == pytest.approx([bundle["width_in"] * 200, bundle["height_in"] * 200],
                                         abs=1)
    ink = ImageOps.invert(picture).getbbox()  # a margin is left on every side: nothing is cut
    assert ink[0] > 4 and ink[1] > 4
    assert ink[2] < picture.width - 4 and ink[3] < picture.height - 4
    size = re.search(r'viewBox="0 0 (\S+) (\S+)"', bundle["svg_paths"]).groups()
    assert [*map(float, size)] == pytest.approx(
        [bundle["width_in"] * 72, bundle["height_in"] * 72])


def pointed(*points):
    """A figure of 4 by 3 inches whose axes, from 1 to 3 inches across and 0.6 to 2.4 up, hold 0 to
    10 across and 0 to 100 up, and say these points."""
    figure = pyplot.figure(figsize=(4, 3))
    axes = figure.add_axes([0.25, 0.2, 0.5, 0.6])
    axes.set(xlim=(0, 10), ylim=(0, 100))
    axes.points = points
    return figure


def test_a_figure_says_where_its_points_stand_and_what_they_say(orchards, cell):
    hill, valley = shares()
    show.figure("dots", pointed((5, 50, "Middle", hill, hill.rows),
                                (0, 100, "Corner", hill - valley, (hill - valley).rows),
                                (10, 0, "Words", "not asked", ()), (3, 3, "Plain", 4, ()),
                                (1, 1, "Missing", Number(math.nan, how="rain"), ())), "c", alt="x")
    assert cell.bundle()["points"] == [
        {"x": 0.5, "y": 0.5, "text": "Middle: 92.9 %", "rows": [HIL]},
        {"x": 0.25, "y": 0.2, "text": "Corner: 3.9 points", "rows": [HIL, VAL]},
        {"x": 0.75, "y": 0.8, "text": "Words: not asked", "rows": []},
        {"x": 0.4, "y": 0.782, "text": "Plain: 4", "rows": []}]
    assert cell.bundle()["csv"].splitlines() == [
        "name,who,when,what,source,value,unit,printed",
        "Middle,HIL,2023,ripe,new,92.9,%,92.9 %",
        "Corner,HIL VAL,2023,ripe,new,3.9,points,3.9 points",
        "Words,,,,,,,not asked", "Plain,,,,,4,,4"]
    json.dumps(cell.bundle(), allow_nan=False)


def test_a_point_said_twice_is_one_row_and_one_without_a_place_is_no_point(orchards, cell):
    show.figure("dots", pointed((1, 1, "One", 0.5, ()), (2, 2, "One", 0.5, ()),
                                (math.nan, 3, 'The "other", 2023', 1e7, ())), "c", alt="x")
    assert [point["text"] for point in cell.bundle()["points"]] == ["One: 0.50"] * 2
    assert cell.bundle()["csv"].splitlines()[1:] == [
        "One,,,,,0.5,,0.50", '"The ""other"", 2023",,,,,10000000,,"10,000,000"']


@pytest.mark.parametrize("scale, x, share", [("log", 10, 0.25 + 0.5 / 3), ("linear", 500.5, 0.5)])
def test_points_stand_on_the_scale_of_their_axis(orchards, cell, scale, x, share):
    figure = pointed((x, 50, "One", 1, ()))
    figure.axes[0].set(xscale=scale, xlim=(1, 1000))
    show.figure("dots", figure, "c", alt="x")
    assert cell.bundle()["points"][0]["x"] == pytest.approx(share, abs=1e-4)


def test_a_point_of_one_row_knows_its_place(orchards, cell, monkeypatch):
    from footnoted import display
    monkeypatch.setattr(display, "study", display.study._replace(
        facts=lambda row: {"to": f"rows/{row[:3]}.html"}))
    display.figure("x", pointed((1, 50, "One", 0.5, [HIL]), (2, 50, "Two", 0.5, [HIL, VAL])),
                   caption="C", alt="A.")
    one, two = cell.bundle()["points"]
    assert one["to"] == "rows/HIL.html" and "to" not in two


def test_points_stand_in_what_is_printed_not_in_the_figures_own_size(orchards, cell):
    """A title too wide for the figure moves them: the dot itself is where the point says."""
    figure = pointed((5, 50, "One", 1, ()))
    figure.axes[0].set_title("A title that is wider than its figure " * 3, loc="left")
    figure.axes[0].plot(5, 50, "o", color="red", markersize=8)
    show.figure("dots", figure, "c", alt="x")
    point, = cell.bundle()["points"]
    picture = Image.open(io.BytesIO(cell.displayed[-1]["image/png"])).convert("RGB")
    assert picture.getpixel((round(point["x"] * picture.width),
                             round(point["y"] * picture.height))) == (255, 0, 0)
    assert point["x"] < 0.4


def box(left, low, right, high):
    return Bbox([[left, low], [right, high]])


@pytest.mark.parametrize("boxes, panels", [
    ([box(0, 0, 2, 3), box(2.1, 0.75, 4, 3)], [[0, 0, 0.5, 1], [0.525, 0, 0.475, 0.75]]),
    ([box(-1, 0, 1.6, 0.9), box(-1, 1, 1.6, 4)], [[-0.25, 0.7, 0.65, 0.3],
                                                  [-0.25, -1 / 3, 0.65, 1]]),
    ([box(0, 0, 2, 3)], []), ([], []),                                        # it is the whole
    ([box(0, 0, 2.1, 3), box(2, 0, 4, 3)], []),                               # they overlap
    ([box(0, 0, 3, 1), box(0, 1.5, 3, 3)], [])])                              # nearly as wide
def test_panels_are_parts_of_the_picture_that_can_stand_alone(boxes, panels):
    found = show.standing_alone(boxes, box(0, 0, 4, 3))
    assert np.allclose(found, panels, atol=1e-4) and len(found) == len(panels)


@pytest.mark.parametrize("shared, panels", [
    (lambda figure: None, 2), (lambda figure: figure.suptitle("Both"), 0),
    (lambda figure: figure.legend(["a"]), 0), (lambda figure: figure.supylabel("apples"), 0)])
def test_a_figure_with_something_for_all_its_axes_has_no_panels(shared, panels):
    figure, axes = pyplot.subplots(1, 2, figsize=(6, 2))
    axes[0].plot([1, 2])
    shared(figure)
    drawn, boxes = show.measured(figure)
    assert len(boxes) == panels
    assert np.allclose(drawn.extents, figure.get_tightbbox().extents)
    pyplot.close(figure)


def test_alt_text_is_required(orchards, cell):
    with pytest.raises(ValueError, match="^figure 'x': say what it shows in alt=\"...\"$"):
        show.figure("x", pyplot.figure(), "c")
    pyplot.close("all")
    show.figure("x", drawing(), "c", alt="Told otherwise.")
    assert cell.bundle()["alt"] == "Told otherwise."


# proofread ---------------------------------------------------------------------------------------

def test_proofread_says_what_this_run_contradicts(orchard_study, monkeypatch, capsys):
    monkeypatch.setattr(show, "remembered", {"gap": hand.number(), "table": hand.table("table"),
                                             "ahead": hand.finding(state="undecided")})
    stale = hand.notebook("## Gap\n\n[3.8 points](#gap), [ahead](#ahead), [Table 1](#table), 12th, "
                          "[behind](#gap>3), [x](#table/HIL/2022).")
    path = hand.save(stale, orchard_study / "notebooks" / "02-hillside.ipynb")
    os.utime(path, (0, datetime.datetime(2026, 2, 3, 9, 8, 7).timestamp()))
    show.proofread("02-hillside")
    here = "under “Gap”, cell prose: "
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "02-hillside.ipynb, as saved 3 February at 09:08:07"
    assert said[1:4] == [
        here + '"3.8 points" is now "3.9 points" (#gap)',
        here + '"ahead" is undecided: 92.9 % > 89.0 % (#ahead)',
        here + '"behind" says the opposite of its condition, 3.9 points > 3 points: '
               "exchange its sides or its words (#gap>3)"]
    assert "'2022'" in said[4] and "its rows: hil, val; its columns: 2023, remark" in said[4]
    assert said[5].startswith(here + "'12th' has no link: … ")
    assert said[6] == "5 links: 4 to mend; 1 numeral without a link"
    hand.save(hand.notebook("[3.9 points](#gap)"), path)
    show.proofread("02-hillside")
    assert capsys.readouterr().out.splitlines()[-1] == (
        "1 link: 0 to mend; 0 numerals without a link; the prose agrees with this run")
    show.proofread("02-hilside")
    assert capsys.readouterr().out == ("no notebook '02-hilside' to proofread in notebooks/: "
                                       "did you mean '02-hillside'?\n")


def test_proofread_tells_how_an_argument_for_other_parameters_is_published(
        orchard_study, monkeypatch, capsys):
    monkeypatch.setattr(show, "remembered", {})
    argued = hand.notebook("[92.9 %](#gone)")
    argued.metadata["footnoted"] = {"argument": {"orchard": "VAL", "year": 2023}}
    for one in argued.cells:
        if one.id == "prose":
            one.metadata["tags"] = ["argument"]
    hand.save(argued, orchard_study / "notebooks" / "02-hillside.ipynb")
    show.proofread("02-hillside")
    said = capsys.readouterr().out
    assert '"argument": {"orchard": "HIL", "year": 2023}' in said and "0 links: 0 to mend" in said


# the cell ----------------------------------------------------------------------------------------

def test_the_hash_is_of_the_stripped_code(orchards, cell):
    cell.code = "\n  dd.number('x', 1)  \n"
    show.number("x", 1)
    assert cell.bundle()["cell"] == hashlib.sha256(b"dd.number('x', 1)").hexdigest()


def test_without_a_notebook_nothing_is_displayed(orchards, monkeypatch):
    monkeypatch.setattr(show, "remembered", {})
    show.number("x", 1)
    assert show.remembered["x"]["cell"] == hashlib.sha256(b"").hexdigest()


def test_in_a_shell_every_form_is_displayed_at_once(orchards, monkeypatch, tmp_path):
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output
    from traitlets.config import Config
    shell = InteractiveShell.instance(config=Config(HistoryManager={"enabled": False}))
    try:
        with capture_output() as captured:
            shell.run_cell("import footnoted.display as dd\ndd.number('online', 92.5, 'Online')")
    finally:
        InteractiveShell.clear_instance()
    (output,) = captured.outputs
    assert set(output.data) == {show.MIME, "text/plain", "text/html"}
    assert output.data[show.MIME]["text"] == "92.50"


def test_the_last_bundle_of_an_id_counts(orchards, cell):
    show.number("x", 1)
    show.number("x", 2)
    assert show.remembered["x"]["text"] == "2" and len(show.remembered) == 1


def test_a_selection_may_rest_on_several_sources(orchards, cell):
    show.number("n", Number(3, rows=("ALL/2023/ripe/new+old#3",), decimals=0))
    assert list(cell.bundle()["sources"]) == ["new", "old"]


def test_without_a_study_codes_and_rows_stand_as_they_are(cell, monkeypatch):
    monkeypatch.setattr(show, "study", show.Study())
    show.table("t", pd.DataFrame({"ripe": [rounded(92.9)]}, ["HIL"], dtype=object), "c")
    bundle = cell.bundle()
    assert (bundle["index"], bundle["columns"], bundle["origin"]) == (["HIL"], ["ripe"], {HIL: HIL})
    assert bundle["sources"] == {"new": {"publisher": "new", "title": "new"}}


def test_math_is_not_needed_to_read_a_bundle(orchards, cell):
    show.number("x", Number(math.pi, decimals=3))
    assert json.loads(json.dumps(cell.bundle())) == cell.bundle()


def test_a_note_tells_why_numbers_have_no_value():
    reasons = ["none in 2019: not published", "none in 2018: not published", "none in 2017", "",
               "x"]
    frame = pd.DataFrame({"a": [Number(math.nan, how=how) for how in reasons]}, dtype=object)
    show.table("gaps", frame, "Gaps", note="Read on.")
    note = show.remembered["gaps"]["note"]
    assert note == "Read on. No value: not published; none in the source; x."
    show.table("whole", pd.DataFrame({"a": [1, None]}), "Whole")
    assert show.remembered["whole"]["note"] == ""


@pytest.mark.parametrize(("change", "layouts"), [
    (lambda ax: None, 0), (lambda ax: ax.set_title("Another"), 1),
    (lambda ax: ax.lines[0].set_color("black"), 1),
    (lambda ax: ax.figure.set_size_inches(5, 3), 1)])
def test_a_figure_that_was_laid_out_is_so_again_only_where_it_was_changed(
        change, layouts, monkeypatch):
    drawing, done = Figure(layout="constrained"), []
    ax = drawing.subplots()
    ax.plot([1, 2])
    engine = drawing.get_layout_engine()
    engine.execute(drawing)
    drawing.stale = False
    change(ax)
    monkeypatch.setattr(engine, "execute", done.append)
    show.figure("laid-out", drawing, "A caption", alt="A line")
    assert done == [drawing] * layouts
