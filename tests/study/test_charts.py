"""Figures are read back from what was drawn: data, colours, axes, texts, alt text, bytes."""

import io
from functools import lru_cache
from itertools import combinations

import ledger_rows
import numpy as np
import pandas as pd
import pytest
from matplotlib import colors, pyplot as plt
from matplotlib.text import Annotation, Text
from PIL import Image

from digital_diplomacy import charts
from digital_diplomacy.claims import verdicts
from digital_diplomacy.charts import base, series
from footnoted.number import Number

NAMES = {"KAZ": "Kazakhstan", "UZB": "Uzbekistan", "KGZ": "Kyrgyzstan", "TJK": "Tajikistan",
         "TKM": "Turkmenistan"}
FIVE = list(NAMES)


def lines(values, unit="%", indicator="internet_use", start=2015, step=1, status=None):
    """A frame as `pick` gives it, from {country: [values]}."""
    rows = []
    for code, series_ in values.items():
        for place, value in enumerate(series_):
            year = start + step * place
            rowid = f"{code}/{year}/{indicator}/gapminder_internet_users"
            rows.append({"country": code, "name": NAMES.get(code, code), "year": year, "date": "",
                         "indicator": indicator, "value": Number(value, unit, rows=(rowid,)),
                         "status": (status or {}).get((code, year), ""),
                         "source": "gapminder_internet_users"})
    return remembering(pd.DataFrame(rows), [row["value"] for row in rows])


def remembering(frame, numbers):
    """The frame with Numbers as its values: pandas makes floats of them unless told not to."""
    return frame.assign(value=pd.Series(numbers, index=frame.index, dtype=object))


def world(years, low=30.0, median=50.0, high=70.0):
    return pd.DataFrame({"year": list(years), "low": low, "median": median, "high": high,
                         "n": 180, "source": "gapminder_internet_users"})


TWO = lines({"KAZ": [70.8, 74.6, 76.4, 78.9, 81.9, 85.9, 90.9, 92.3, 92.9, 93.4],
             "UZB": [42.8, 46.8, 48.7, 55.2, 70.4, 71.1, 76.6, 83.9, 89.0]},
            status={("UZB", 2019): "step"})
ALL_FIVE = lines({code: np.linspace(5, 95 - 9 * place, 20) for place, code in enumerate(FIVE)},
                 start=2004, status={("TJK", year): "modelled" for year in range(2010, 2018)})
RANKS = pd.concat([lines({"KAZ": values}, "rank", f"{part}_rank", 2008, 2) for part, values in {
    "egdi": [81, 46, 38, 28, 33, 39, 29, 28, 24], "osi": [94, 24, 21, 23, 31, 32, 11, 8, 10],
    "tii": [94, 89, 77, 47, 48, 58, 61, 64, 41], "hci": [16, 22, 25, 26, 31, 33, 30, 28, 42],
    "epi": [98, 18, 3, 22, 67, 42, 26, 15, 27]}.items()], ignore_index=True)
GAP = pd.DataFrame({"year": range(2003, 2024), "value": [
    0.1, 0.1, -0.4, -3.1, -3.5, 1.9, 6.3, 15.7, 32.0, 38.3, 36.5, 30.5, 28.0, 27.8, 27.7, 23.7,
    11.5, 14.8, 14.3, 8.4, 3.9]})
SD_GAPS = pd.concat([pd.DataFrame({"year": range(2014, 2025, 2), "indicator": part,
                                   "value": values}) for part, values in {
    "tii": [1.34, 1.36, 1.02, 0.88, 0.37, 0.17], "osi": [1.12, 0.29, 0.28, 0.56, 0.79, 0.68],
    "epi": [1.12, -0.31, 0.28, 0.28, 0.76, 0.54]}.items()], ignore_index=True)
ARROWS = pd.DataFrame({"level": [50.0, 80.0], "start": [2015.2, 2018.4], "end": [2017.2, 2021.5]})
MILESTONES = pd.DataFrame([
    ("a", "KAZ", "2001-03-16", "Programme of the national information infrastructure"),
    ("b", "KAZ", "2017-01-31", "Digital Kazakhstan announced"),
    ("c", "KAZ", "2017-12-12", "Digital Kazakhstan approved by the government"),
    ("d", "KAZ", "2018-01-10", "Address: Digital Kazakhstan has been adopted"),
    ("e", "UZB", "2016-12-14", "Five directions for 2017–2021 announced"),
    ("f", "UZB", "2018-04-05", "Decree UP-5400 on the foreign ministry"),
    ("g", "UZB", "2019", "Digital diplomacy becomes a task of the foreign ministry"),
    ("h", "UZB", "2022-08", "Twitter, WeChat and VKontakte unblocked"),
], columns=["id", "country", "date", "short_label"]).assign(
    source="kun_2022", name=lambda frame: frame["country"].map(NAMES))
MATRIX = pd.DataFrame([[1, 0.5, np.nan, 0], [0.5, "", "", 0], [1, np.nan, 0.5, 0]],
                      index=["Digital diplomacy (Dizard 2001)",
                             "Digital diplomacy as change management (Bjola and Holmes 2015)",
                             "Public diplomacy, five components (Cull 2008)"],
                      columns=["capacity", "audience", "attention", "practice"])
PRINTED = pd.DataFrame([("figure-5-twitter", "", "", "no"), ("figure-5-instagram", "3128", "3128",
                        "yes"), ("figure-5-facebook", "26 001", "26001", "yes")],
                       columns=["id", "printed", "value", "legible"]).assign(
    country="UZB", year="2023", indicator="")
AUDIENCE = pd.DataFrame([
    ("facebook_audience_low", 2018, "2018-08-03", 1845000, "lower bound"),
    ("facebook_audience_high", 2018, "2018-08-03", 2185000, "incomplete"),
    ("facebook_users", 2018, "", 413026, "active authors"),
    ("instagram_users", 2025, "", 13100000, "")],
    columns=["indicator", "year", "date", "value", "status"]).assign(
    country="KAZ", name="Kazakhstan", source="fb_census_2018")
AUDIENCE = remembering(AUDIENCE, [Number(count, "accounts") for count in AUDIENCE["value"]])
ARTICLE = pd.DataFrame([("kaz-facebook-users", "KAZ", "2023", "facebook_users", "2,30 млн",
                         "2300000")],
                       columns=["id", "country", "year", "indicator", "printed", "value"])
MEMBERS = lines({**{code: [40 + 10 * place] for place, code in enumerate(FIVE)},
                 **{f"X{place:02}": [place % 97] for place in range(150)}}, start=2022)
STANDING = pd.DataFrame([(code, NAMES[code], 2021 if code == "TKM" else 2022, part, rank, 190)
                         for part, places in {"osi": [8, 57, 82, 133, 165],
                                              "hci": [28, 80, 67, 104, 75],
                                              "mobile_subscriptions": [64, 120, 114, 62, 142]
                                              }.items() for code, rank in zip(FIVE, places)],
                        columns=["country", "name", "year", "indicator", "value", "n"])
CLOUD = MEMBERS.assign(x=np.geomspace(300, 90000, len(MEMBERS)),
                       expected=np.linspace(20, 80, len(MEMBERS)))
LEDGER = ledger_rows.frame(ledger_rows.CLAIMS + ledger_rows.many())

TURNS = pd.DataFrame([(part, metric, base, 2024, Number(1.0, rows=(f"KAZ/{base}/{part}/s",)),
                       Number(0.5, rows=(f"KAZ/2024/{part}/s",)), state)
                      for part, states in {"tii": ["narrower"] * 5 + ["wider"],
                                           "osi": ["wider", "crossed", "undecided", "narrower",
                                                   "not estimable", "wider"]}.items()
                      for metric in ("SD", "Ranks", "Log")
                      for base, state in zip(range(2010, 2022, 2), states)],
                     columns=["indicator", "metric", "base", "end", "before", "after", "state"],
                     dtype=object)
PLACES = pd.DataFrame([
    [code, NAMES[code], year, *(Number(place, "rank", rows=(f"{code}/{year}/egdi/s",))
                                for place in places)]
    for code, year, *places in [("KAZ", 2022, 28, 25, 31, 16, 36), ("UZB", 2022, 69, 64, 76, 64, 79),
                                ("UZB", 2024, 63, 58, 64, 59, 64)]] + [
    ["KGZ", "Kyrgyzstan", 2024, Number(78, "rank", rows=("KGZ/2024/egdi/s",)), 78, 80, None, None]],
    columns="country name year value near_best near_worst weights_best weights_worst".split(),
    dtype=object)

FIGURES = {
    "against_world": lambda: charts.against_world(TWO, world(range(2010, 2024)), "% of people"),
    "against_world, five": lambda: charts.against_world(ALL_FIVE, world(range(2004, 2024)), "%"),
    "panels": lambda: charts.panels(
        {"Internet use, % of people": TWO, "Servers, per million people": ALL_FIVE},
        {"Internet use, % of people": world(range(2004, 2024))},
        log=["Servers, per million people"]),
    "ranks": lambda: charts.ranks(RANKS),
    "gap": lambda: charts.gap(GAP),
    "gap_lines": lambda: charts.gap_lines(SD_GAPS),
    "lags": lambda: charts.lags(TWO, ARROWS, "% of people"),
    "shares": lambda: charts.shares(TWO[TWO["country"] == "KAZ"], "90.9 %", 2023),
    "timeline": lambda: charts.timeline(MILESTONES),
    "timeline, one": lambda: charts.timeline(MILESTONES[MILESTONES["country"] == "UZB"]),
    "concepts": lambda: charts.concepts(MATRIX),
    "as_printed": lambda: charts.as_printed(PRINTED),
    "verdicts": lambda: charts.verdicts(LEDGER),
    "verdicts, more": lambda: charts.verdicts(pd.concat([LEDGER, LEDGER])),
    "verdicts, few": lambda: charts.verdicts(ledger_rows.frame()),
    "audiences": lambda: charts.audiences(AUDIENCE, ARTICLE),
    "distribution": lambda: charts.distribution(MEMBERS, FIVE, "% of people"),
    "standing": lambda: charts.standing(STANDING),
    "scatter": lambda: charts.scatter(CLOUD, FIVE, "US dollars", "%", log=True),
    "gap_lines, breaks": lambda: charts.gap_lines(SD_GAPS, breaks={2022: "e-participation"}),
    "turns": lambda: charts.turns(TURNS),
    "rank_sets": lambda: charts.rank_sets(PLACES),
}


@lru_cache
def figure_of(name):
    """Each figure is drawn once: tests only read it."""
    return FIGURES[name]()


def drawn(ax, label):
    """The line that was drawn under a label."""
    return next(line for line in ax.lines if line.get_label() == label)


def texts_of(figure):
    """Every visible text with its box in pixels (an annotation's box without its arrow)."""
    figure.draw_without_rendering()
    hidden = {label for ax in figure.axes for axis in (ax.xaxis, ax.yaxis)
              for tick in axis.get_major_ticks() + axis.get_minor_ticks()
              for label in (tick.label1, tick.label2) if not inside(axis, tick, label)}
    return [(text.get_text(), Text.get_window_extent(text)) for text in figure.findobj(Text)
            if text.get_visible() and text.get_text().strip() and text not in hidden]


def inside(axis, tick, label):
    """Whether a tick's label is drawn: matplotlib keeps spare ticks beyond the limits."""
    low, high = sorted(axis.get_view_interval())
    return label.get_visible() and low - 1e-9 <= tick.get_loc() <= high + 1e-9


def words(figure):
    return " | ".join(text for text, _ in texts_of(figure))


# ------------------------------------------------------------------ every figure

@pytest.mark.parametrize("name", FIGURES)
def test_no_two_texts_overlap_at_print_size(name):
    for (one, a), (other, b) in combinations(texts_of(figure_of(name)), 2):
        across = min(a.x1, b.x1) - max(a.x0, b.x0)
        down = min(a.y1, b.y1) - max(a.y0, b.y0)
        assert across < 1.5 or down < 1.5, f"{one!r} overlaps {other!r} by {across:.0f}×{down:.0f}"


@pytest.mark.parametrize("name", FIGURES)
def test_no_text_leaves_the_figure(name):
    figure = figure_of(name)
    width, height = figure.bbox.size
    for text, box in texts_of(figure):
        assert box.x0 >= 0 and box.y0 >= 0 and box.x1 <= width and box.y1 <= height, (text, box)


@pytest.mark.parametrize("name", FIGURES)
def test_texts_read_on_a_phone_and_have_contrast(name):
    for text in figure_of(name).findobj(Text):
        if text.get_text().strip() and text.get_visible():
            assert text.get_fontsize() >= 7, text.get_text()
            assert 1.05 / (base.luminance(text.get_color()) + 0.05) >= 4.4, text.get_text()


@pytest.mark.parametrize("name", FIGURES)
def test_figure_remembers_alt_rows_and_sources(name):
    figure = figure_of(name)
    assert {"alt", "rows", "sources"} <= set(figure.study)
    assert len(figure.study["alt"]) > 60 and "\n" not in figure.study["alt"]
    assert "nan" not in figure.study["alt"].lower().replace("finan", "")
    assert figure.get_figwidth() == base.WIDTH
    assert all(row.count("/") == 3 for row in figure.study["rows"])


@pytest.mark.parametrize("name", FIGURES)
def test_same_figure_is_the_same_svg(name):
    def svg(figure):
        stream = io.StringIO()
        figure.savefig(stream, format="svg", metadata={"Date": None})
        return stream.getvalue()
    assert svg(FIGURES[name]()) == svg(FIGURES[name]())


@pytest.mark.parametrize("name", FIGURES)
def test_layout_stays_when_it_is_saved_at_another_size(name):
    figure = figure_of(name)
    before = [ax.get_position().bounds for ax in figure.axes]
    figure.savefig(io.BytesIO(), dpi=80)
    assert [ax.get_position().bounds for ax in figure.axes] == before


@pytest.mark.parametrize("name", FIGURES)
def test_nothing_touches_the_edge_of_the_picture(name):
    stream = io.BytesIO()
    figure_of(name).savefig(stream, dpi=87)           # 390 px wide
    grey = np.asarray(Image.open(stream).convert("L"))
    assert grey.shape[1] in (391, 392)
    assert min(grey[0].min(), grey[-1].min(), grey[:, 0].min(), grey[:, -1].min()) > 250


# ------------------------------------------------------------------ one style a country

def test_each_country_has_its_own_colour_marker_and_line():
    for part in ("color", "marker"):
        assert len({str(style[part]) for style in charts.COUNTRIES.values()}) == 5
    assert len({str(charts.COUNTRIES[code]["linestyle"]) for code in FIVE}) == 4   # both cases solid


def test_greys_of_countries_differ():
    def lightness(colour):
        y = base.luminance(colour)
        return 116 * y ** (1 / 3) - 16
    for one, other in combinations(charts.COUNTRIES.values(), 2):
        assert abs(lightness(one["color"]) - lightness(other["color"])) >= 9, (one, other)


def test_a_country_keeps_its_colour_in_every_figure():
    for code, name in list(NAMES.items())[:2]:
        colour = charts.COUNTRIES[code]["color"]
        for figure in ("against_world", "against_world, five", "lags"):
            assert drawn(figure_of(figure).axes[0], name).get_color() == colour
    bars = charts.as_printed(PRINTED.assign(country="KAZ")).axes[0].patches
    assert colors.same_color(bars[1].get_facecolor(), charts.COUNTRIES["KAZ"]["color"])


def test_a_stranger_takes_the_slot_of_kazakhstan():
    assert charts.country_styles(["FRA"])["FRA"] == charts.COUNTRIES["KAZ"]
    assert charts.country_styles(["KAZ", "FRA"])["FRA"] == charts.COUNTRIES["UZB"]
    with pytest.raises(ValueError, match="five at most"):
        charts.country_styles([*FIVE, "FRA"])


def test_importing_charts_styles_a_users_own_plots():
    assert plt.rcParams["svg.hashsalt"] and plt.rcParams["figure.figsize"] == [4.5, 3.0]
    cycle = plt.rcParams["axes.prop_cycle"].by_key()["color"]
    assert [colors.to_hex("#" + colour.strip("#")) for colour in cycle] == [
        style["color"].lower() for style in charts.COUNTRIES.values()]


# ------------------------------------------------------------------ lines

def test_line_is_the_data_and_the_axis_ends_with_it():
    figure = figure_of("against_world")
    ax = figure.axes[0]
    line = drawn(ax, "Kazakhstan")
    mine = TWO[TWO["country"] == "KAZ"]
    assert list(line.get_xdata()) == list(mine["year"])
    assert list(line.get_ydata()) == [float(value) for value in mine["value"]]
    assert ax.spines["left"].get_bounds() == (30.0, 93.4)          # band to the highest value
    assert ax.spines["bottom"].get_bounds() == (2015, 2024)
    low, high = ax.get_ylim()
    assert low < 30 and high > 93.4 and high - low < 1.06 * (93.4 - 30)
    assert ax.get_xticks()[0] == 2015 and ax.get_xticks()[-1] == 2024
    assert all(30 <= tick <= 93.4 for tick in ax.get_yticks())


def test_world_line_is_the_median_and_stays_within_the_years_drawn():
    median = drawn(figure_of("against_world").axes[0], "World median")
    assert list(median.get_xdata()) == list(range(2015, 2024))     # 2010 to 2014 are not drawn
    assert set(median.get_ydata()) == {50.0}


def test_last_point_carries_name_value_and_its_own_year():
    said = words(figure_of("against_world"))
    assert "Kazakhstan\n93.4" in said and "Uzbekistan\n89.0 (2023)" in said
    assert "World median\n50 (2023)" in said


def test_labels_stand_in_the_order_of_their_lines():
    figure = figure_of("against_world, five")
    figure.draw_without_rendering()
    labels = [text for text in figure.axes[0].texts if isinstance(text, Annotation)]
    by_value = sorted(labels, key=lambda text: text.xy[1])
    by_place = sorted(labels, key=lambda text: text.get_position()[1])
    assert [text.get_text() for text in by_value] == [text.get_text() for text in by_place]


def test_modelled_stretch_is_dashed_with_open_markers_and_said():
    figure = figure_of("against_world, five")
    ax = figure.axes[0]
    solid = np.array(drawn(ax, "Tajikistan").get_ydata())
    assert np.isnan(solid[6:14]).all() and not np.isnan(solid[[5, 14]]).any()
    open_ones = [line for line in ax.lines if line.get_markerfacecolor() == "white"]
    assert sorted(line.get_xdata()[0] for line in open_ones) == list(range(2010, 2018))
    assert all(line.get_color() == charts.COUNTRIES["TJK"]["color"] for line in open_ones)
    dashed = [line for line in ax.lines if len(line.get_xdata()) == 3 and line.is_dashed()]
    assert {x for line in dashed for x in line.get_xdata()} == set(range(2009, 2019))
    assert "taken as modelled (Tajikistan 2010–2017)" in words(figure).replace("\n", " ")


def test_step_is_dotted_into_and_said():
    figure = figure_of("against_world")
    ax = figure.axes[0]
    into = [line for line in ax.lines if list(line.get_xdata()) == [2018, 2019]]
    assert len(into) == 1 and into[0].is_dashed()
    assert any(list(line.get_xdata()) == [2019, 2020] and not line.is_dashed() for line in ax.lines)
    assert "step in the series (Uzbekistan 2019)" in words(figure)


def test_plain_floats_and_missing_optional_columns_work():
    rows = TWO.assign(value=[float(value) for value in TWO["value"]])[
        ["country", "name", "year", "value"]]
    figure = charts.against_world(rows, None, "%")
    assert figure.study["rows"] == [] and figure.study["sources"] == []
    assert "Source" not in words(figure)


def test_alt_text_and_rows_come_from_the_same_data():
    study = figure_of("against_world").study
    for value in ("70.8 % in 2015", "93.4 % in 2024", "89.0 % in 2023", "50 in 2015"):
        assert value in study["alt"]
    assert "KAZ/2024/internet_use/gapminder_internet_users" in study["rows"]
    assert len(study["rows"]) == len(TWO) and study["sources"] == ["gapminder_internet_users"]


def test_panels_share_years_and_have_their_own_unit():
    one, other = figure_of("panels").axes
    assert one.get_xlim() == other.get_xlim()
    assert [ax.get_title(loc="left") for ax in (one, other)] == [
        "Internet use, % of people", "Servers, per million people"]
    assert (one.get_yscale(), other.get_yscale()) == ("linear", "log")
    assert one.get_position().y0 > other.get_position().y1         # stacked for a phone


def test_ranks_have_the_first_place_at_the_top():
    ax = figure_of("ranks").axes[0]
    assert ax.get_ylim() == (193, 1)
    assert list(drawn(ax, "EGDI").get_ydata()) == [81, 46, 38, 28, 33, 39, 29, 28, 24]
    assert drawn(ax, "EGDI").get_color() == charts.COUNTRIES["KAZ"]["color"]
    assert set(ax.get_xticks()) <= set(RANKS["year"])              # only years with a survey
    assert "3rd in 2012" in figure_of("ranks").study["alt"]


def test_gap_has_a_zero_line_and_both_directions():
    figure = figure_of("gap")
    ax = figure.axes[0]
    assert any(set(line.get_ydata()) == {0} for line in ax.lines)
    said = words(figure)
    assert "Kazakhstan ahead" in said and "Uzbekistan ahead" in said
    assert {"38.3", "−3.5", "3.9"} <= set(said.split(" | "))
    always = charts.gap(GAP[GAP["value"] > 0])
    assert "Uzbekistan ahead" not in words(always)


def test_gap_lines_are_the_data_around_zero():
    ax = figure_of("gap_lines").axes[0]
    assert list(drawn(ax, "E-participation (EPI)").get_ydata()) == [
        1.12, -0.31, 0.28, 0.28, 0.76, 0.54]
    assert any(set(line.get_ydata()) == {0} for line in ax.lines)
    assert len({line.get_linestyle() + str(line._dash_pattern) for line in ax.lines[:3]}) == 3


def test_arrows_run_from_year_to_year_at_their_level():
    figure = figure_of("lags")
    arrows = [text for text in figure.axes[0].texts if not text.get_text() and text.arrow_patch]
    assert [(arrow.xyann, arrow.xy) for arrow in arrows] == [
        ((2015.2, 50.0), (2017.2, 50.0)), ((2018.4, 80.0), (2021.5, 80.0))]
    assert {"2 years", "3.1 years"} <= set(words(figure).split(" | "))


def test_printed_share_marks_the_year_that_has_it():
    figure = figure_of("shares")
    ax = figure.axes[0]
    assert list(drawn(ax, "as printed").get_xdata()) == [2021]
    assert "the value of 2021" in figure.study["alt"]
    assert "printed: 90.9 %\nfor 2023 (×)" in words(figure)
    none = charts.shares(TWO[TWO["country"] == "KAZ"], Number(60.0, "%", 59.95, 60.05), 2023)
    assert "no year of the series" in none.study["alt"]


def test_interval_of_a_printed_text_is_half_its_last_digit():
    assert series.interval("91")[1:] == (90.5, 91.5)


# ------------------------------------------------------------------ schemes and dots

def test_timeline_draws_each_event_at_its_date_and_earlier_is_higher():
    figure = figure_of("timeline")
    ax = figure.axes[0]
    assert len(drawn(ax, "KAZ").get_ydata()) == 4 and len(drawn(ax, "UZB").get_ydata()) == 4
    assert drawn(ax, "KAZ").get_xdata()[0] < 0 < drawn(ax, "UZB").get_xdata()[0]
    assert ax.yaxis_inverted() and drawn(ax, "KAZ").get_ydata()[0] == pytest.approx(2001.2, abs=.02)
    assert "5 Apr 2018: Decree UP-5400" in words(figure).replace("\n", " ")
    assert "UZB/2019/milestones:g/kun_2022" in figure.study["rows"]
    with pytest.raises(ValueError, match="two countries at most"):
        charts.timeline(pd.concat([MILESTONES, MILESTONES.assign(country="KGZ")]))


def test_concepts_leave_practice_empty():
    figure = figure_of("concepts")
    ax = figure.axes[0]
    dots = {(line.get_xdata()[0], line.get_ydata()[0]): line.get_fillstyle()
            for line in ax.lines if len(line.get_xdata()) == 1 and line.get_marker() == "o"}
    assert dots == {(0, 0): "full", (1, 0): "left", (3, 0): "none", (0, 1): "left", (3, 1): "none",
                    (0, 2): "full", (2, 2): "left", (3, 2): "none"}
    assert any(patch.get_hatch() for patch in ax.patches) and "(no data)" in words(figure)


def test_every_claim_is_one_square_in_the_place_of_its_verdict_and_chapter():
    ax = figure_of("verdicts").axes[0]
    weighed = LEDGER[~LEDGER["self_evident"]]
    squares = {line.get_label(): line for line in ax.lines if line.get_marker() == "s"}
    heads = [head.get_text().replace("\n", " ") for head in ax.get_xticklabels()]
    assert heads == ["1 Theory", "2 Kazakhstan", "3 Uzbekistan", "4 Comparison", "5 Conclusions"]
    drawn_at = set()
    for (verdict, chapter), group in weighed.groupby(["verdict", "chapter"]):
        central = sum(map(bool, group["central"]))
        filled = squares[f"{verdict}, {chapter}, central"]
        other = squares[f"{verdict}, {chapter}"]
        assert (len(filled.get_xdata()), len(other.get_xdata())) == (central, len(group) - central)
        assert (filled.get_fillstyle(), other.get_fillstyle()) == ("full", "none")
        place = {(float(x), float(y)) for line in (filled, other) for x, y in line.get_xydata()}
        assert not place & drawn_at and len(place) == len(group)
        drawn_at |= place
        left = ax.get_xticks()[int(chapter[:2]) - 1]
        assert all(left < x < left + 8 for x, _ in place), (verdict, chapter)
    assert len(drawn_at) == len(weighed)
    assert sum(len(line.get_xdata()) for line in squares.values()) == len(weighed)


def test_what_the_article_gets_right_stands_first_and_every_verdict_has_its_count():
    figure = figure_of("verdicts")
    labels = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    weighed = LEDGER[~LEDGER["self_evident"]]
    assert [" ".join(label.split()) for label in labels] == [
        f"{verdicts.SIGN[name]} {name} {len(group)}, central {sum(map(bool, group['central']))}"
        for name in verdicts.MEANING for group in [weighed[weighed["verdict"] == name]]]
    right = (weighed["verdict"] == "reproduced").sum()
    decided = weighed["verdict"].isin(list(verdicts.MEANING)[:4]).sum()
    assert f"Reproduced: {right} of the {decided} that could be decided, {len(weighed)} in all." in \
        figure.study["alt"]
    n = LEDGER["self_evident"].sum()
    assert f"Self-evident counts, left out: {n}." in words(figure)
    top, second = figure.axes[0].get_yticks()[:2]
    assert top < second and figure.axes[0].yaxis_inverted()


def test_squares_do_not_touch_and_read_on_a_phone():
    figure = figure_of("verdicts")
    ax = figure.axes[0]
    across, down = ax.transData.transform([(0, 0), (1, 1)])[1] - ax.transData.transform((0, 0))
    for line in ax.lines:
        if line.get_marker() == "s" and len(line.get_xdata()):
            size = line.get_markersize() + line.get_markeredgewidth()
            assert size * figure.dpi / 72 < min(across, -down), line.get_label()
            assert line.get_markersize() >= 4.5


def test_the_ledgers_figure_remembers_rows_and_sources_of_all_claims():
    study = figure_of("verdicts, few").study
    assert set(study["rows"]) == set(ledger_rows.ORIGINS)
    assert set(study["sources"]) == set(ledger_rows.SOURCES)
    bare = charts.verdicts(ledger_rows.frame()[["chapter", "verdict", "central", "self_evident"]])
    assert bare.study["rows"] == [] and bare.study["sources"] == []


def test_article_is_drawn_as_printed_and_what_is_lost_is_said():
    figure = figure_of("as_printed")
    bars = figure.axes[0].patches
    assert [bar.get_hatch() for bar in bars] == ["////", None, None]
    assert [bar.get_width() for bar in bars[1:]] == [3128, 26001]
    said = words(figure)
    assert "26 001" in said and "not legible in our copy" in said and "Twitter" in said
    assert "UZB/2023/article:figure-5-facebook/article_2023" in figure.study["rows"]
    assert figure.axes[0].spines["bottom"].get_bounds() == (0, 26001)


def test_audiences_tell_constructs_apart():
    figure = figure_of("audiences")
    ax = figure.axes[0]
    assert ax.get_xscale() == "log"
    spans = [tuple(line.get_xdata()) for line in ax.lines if line.get_linewidth() == 5]
    assert spans == [(1845000.0, 2185000.0)]
    cross = [line for line in ax.lines if line.get_marker() == "x"]
    assert [line.get_xdata()[0] for line in cross] == [2300000.0]
    said = words(figure).replace("\n", " ")
    assert "2.30 million" in said and "(active authors), 2018" in said and "3 Aug 2018" in said


def test_distribution_counts_every_member_once():
    ax = figure_of("distribution").axes[0]
    assert sum(patch.get_height() for patch in ax.patches) == len(MEMBERS)
    assert figure_of("distribution").study["rows"] == [
        f"UN193/2022/internet_use/gapminder_internet_users#{len(MEMBERS)}"]
    with pytest.raises(ValueError, match="without a value: FRA"):
        charts.distribution(MEMBERS, ["FRA"])


def test_standing_puts_a_rank_where_it_belongs():
    figure = charts.standing(STANDING[STANDING["indicator"] == "osi"])
    places = {line.get_color(): line.get_xdata()[0] for line in figure.axes[0].lines
              if len(line.get_xdata()) == 1}
    assert places[charts.COUNTRIES["KAZ"]["color"]] == pytest.approx(100 * (190 - 8) / 189)
    assert "Turkmenistan: 2021" in words(figure).replace("\n", " ")  # another year is said
    assert "165" in words(figure).split(" | ")


def test_scatter_draws_the_residual_of_the_named():
    ax = figure_of("scatter").axes[0]
    row = CLOUD[CLOUD["country"] == "UZB"].iloc[0]
    sticks = [line for line in ax.lines if len(line.get_xdata()) == 2
              and line.get_color() == charts.COUNTRIES["UZB"]["color"]]
    assert list(sticks[0].get_ydata()) == [row["expected"], float(row["value"])]


# ------------------------------------------------------------------ what cannot be drawn

EMPTY = TWO.iloc[:0]
ONE_YEAR = TWO[TWO["year"] == 2020]


@pytest.mark.parametrize("draw, message", [
    (lambda: charts.against_world(EMPTY), "against_world: no rows with a value"),
    (lambda: charts.against_world(ONE_YEAR), "only 1 year, 2020"),
    (lambda: charts.against_world(TWO.drop(columns="name")), "has no column name"),
    (lambda: charts.panels({}), "panels: no frame"),
    (lambda: charts.panels({"a": TWO}, {"b": world([2020])}), "no frame called b"),
    (lambda: charts.panels({"a": EMPTY}), "panels, a: no rows"),
    (lambda: charts.ranks(EMPTY), "ranks: no rows"),
    (lambda: charts.ranks(TWO), "the frame has KAZ, UZB"),
    (lambda: charts.gap(GAP.iloc[:1]), "gap: only 1 year"),
    (lambda: charts.gap_lines(SD_GAPS.iloc[:0]), "gap_lines: no rows"),
    (lambda: charts.lags(TWO[TWO["country"] == "KAZ"], ARROWS), "2 countries"),
    (lambda: charts.shares(ONE_YEAR, "90.9"), "only 1 year"),
    (lambda: charts.timeline(MILESTONES.iloc[:0]), "timeline: no rows"),
    (lambda: charts.concepts(MATRIX.iloc[:0]), "no rows or no columns"),
    (lambda: charts.verdicts(LEDGER.iloc[:0]), "verdicts: no rows"),
    (lambda: charts.verdicts(LEDGER.drop(columns="central")), "has no column central"),
    (lambda: charts.verdicts(LEDGER.assign(self_evident=True)), "no claims with a verdict"),
    (lambda: charts.verdicts(LEDGER.assign(verdict="true")), "a verdict of reproduced, "),
    (lambda: charts.as_printed(PRINTED.iloc[:1]), "no value is legible"),
    (lambda: charts.audiences(AUDIENCE.iloc[:0]), "audiences: no rows"),
    (lambda: charts.distribution(TWO, ["KAZ"]), "one year"),
    (lambda: charts.standing(STANDING.iloc[:0]), "standing: no rows"),
    (lambda: charts.scatter(CLOUD, ["FRA"]), "no value for FRA"),
])
def test_what_cannot_be_drawn_says_why(draw, message):
    with pytest.raises(ValueError, match=message):
        draw()


# ------------------------------------------------------------------ the placer

def test_spread_keeps_apart_within_bounds_in_order():
    placed = base.spread([0, 1, 1, 9.8], [2, 2, 2, 2], 0, 10, gap=0.5)
    assert list(placed) == sorted(placed)
    assert (np.diff(placed) >= 2.5 - 1e-9).all() and placed[0] >= 1 and placed[-1] <= 9
    assert base.spread([1, 5], [1, 1]).tolist() == [1, 5]          # nothing moves without need


# ------------------------------------------------------------------ the comparison

def test_a_matrix_has_a_sign_for_each_base_year_and_metric():
    ax = figure_of("turns").axes[0]
    points = [line for line in ax.lines if len(line.get_xdata()) == 1 and line.get_marker() != "None"]
    assert len(points) == len(TURNS)
    rows = [label.get_text() for label in ax.get_yticklabels()]
    assert rows == ["Infrastructure, to 2024: SD", "ranks", "log",
                    "Online services, to 2024: SD", "ranks", "log"]
    assert [label.get_text() for label in ax.get_xticklabels()] == [
        str(year) for year in range(2010, 2022, 2)]
    signs = {(int(x.get_xdata()[0]), int(x.get_ydata()[0])): (x.get_marker(), x.get_markerfacecolor())
             for x in points}
    assert signs[0, 0] == ("v", base.INK) and signs[5, 2] == ("^", "white")
    assert [signs[place, 3][0] for place in range(6)] == ["^", "x", "_", "v", ".", "^"]


def test_a_matrix_is_told_in_words():
    alt = figure_of("turns").study["alt"]
    assert "Infrastructure (TII), ranks: narrower since 2010, 2012, 2014, 2016, 2018" in alt
    assert "the lead changed hands since 2012" in alt and "not estimable since 2018" in alt
    assert len(figure_of("turns").study["rows"]) == 14


def test_a_matrix_leaves_a_year_without_a_survey_empty_and_refuses_other_states():
    some = charts.turns(TURNS[(TURNS["indicator"] == "tii") | (TURNS["base"] > 2012)]).axes[0]
    assert sum(len(line.get_xdata()) == 1 and line.get_marker() != "None" for line in some.lines) == 30
    with pytest.raises(ValueError, match="^turns: no sign for closer: one of narrower, wider"):
        charts.turns(TURNS.assign(state="closer"))
    with pytest.raises(ValueError, match="no rows with a value"):
        charts.turns(TURNS[:0])


def test_ranks_carry_both_sets_and_a_missing_set_is_not_drawn():
    ax = figure_of("rank_sets").axes[0]
    bars = {line.get_label(): list(line.get_xdata()) for line in ax.lines if len(line.get_xdata()) == 2}
    assert bars["Kazakhstan 2022, near"] == [25, 31] and bars["Kazakhstan 2022, weights"] == [16, 36]
    assert "Kyrgyzstan 2024, near" in bars and "Kyrgyzstan 2024, weights" not in bars
    dots = [line for line in ax.lines if len(line.get_xdata()) == 1]
    assert [float(dot.get_xdata()[0]) for dot in dots] == [28, 69, 63, 78]
    assert "weights not estimable" in figure_of("rank_sets").study["alt"]
    assert "confidence" not in (words(figure_of("rank_sets")) + figure_of("rank_sets").study["alt"])
    assert ax.get_xticks()[0] == 1 and ax.spines["bottom"].get_bounds() == (1, 80)


def test_thick_and_thin_bars_differ_in_grey_and_on_a_phone():
    ax = figure_of("rank_sets").axes[0]
    widths = {line.get_label().rpartition(", ")[2]: line.get_linewidth() for line in ax.lines
              if len(line.get_xdata()) == 2}
    assert widths["near"] >= 2 * widths["weights"]


def test_a_jump_of_the_world_is_drawn_before_its_survey_and_said():
    figure = figure_of("gap_lines, breaks")
    uprights = [line for line in figure.axes[0].lines if line.get_linestyle() == ":"
                and len(set(line.get_xdata())) == 1]
    assert [line.get_xdata()[0] for line in uprights] == [2021.5]
    assert "2022 e-participation" in words(figure).replace("\n", " ")
    assert "2022 e-participation" in figure.study["alt"]
