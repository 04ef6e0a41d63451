"""Figures are read back from what was drawn: data, colours, axes, texts, alt text, bytes."""

import io
import json
import re
from functools import lru_cache
from itertools import combinations

import ledger_rows
import numpy as np
import pandas as pd
import pytest
import seaborn as sns
from matplotlib import colors
from matplotlib import pyplot as plt
from matplotlib.text import Annotation, Text
from PIL import Image
from tiny import ROOT

import digital_diplomacy as dd
from digital_diplomacy import charts
from digital_diplomacy.charts import dots, style
from digital_diplomacy.charts import lines as chart_lines
from digital_diplomacy.claims import verdicts
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
PAIR = ("Kazakhstan", "Uzbekistan")
SD_GAPS = pd.concat([pd.DataFrame({"year": range(2014, 2025, 2), "indicator": part,
                                   "value": values}) for part, values in {
    "tii": [1.34, 1.36, 1.02, 0.88, 0.37, 0.17], "osi": [1.12, 0.29, 0.28, 0.56, 0.79, 0.68],
    "epi": [1.12, -0.31, 0.28, 0.28, 0.76, 0.54]}.items()], ignore_index=True)
ARROWS = pd.DataFrame({"level": [50.0, 80.0], "start": [2015.2, 2018.4],
                       "end": [2017.2, 2021.5], "years": [2.0, 3.1]})
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
    country="UZB", year="2023", network=["Twitter", "Instagram", "Facebook"])
AUDIENCE = pd.DataFrame([
    ("facebook_audience_low", 2018, "2018-08-03", 1845000, "lower bound"),
    ("facebook_audience_high", 2018, "2018-08-03", 2185000, "incomplete"),
    ("facebook_users", 2018, "", 413026, "active authors"),
    ("instagram_users", 2025, "", 13100000, "")],
    columns=["indicator", "year", "date", "value", "status"]).assign(
    country="KAZ", name="Kazakhstan", source="fb_census_2018")
AUDIENCE = remembering(AUDIENCE, [Number(count, "accounts") for count in AUDIENCE["value"]])
ARTICLE = Number(2300000, "accounts", decimals=2,
                 rows=("KAZ/2023/article:kaz-facebook-users/article_2023",))
PRINTED_SHARE = Number(90.9, "%", "90.85", "90.95")
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
RANK_SETS = pd.DataFrame([
    [code, NAMES[code], year, *(Number(rank, "rank", rows=(f"{code}/{year}/egdi/s",))
                                for rank in ranks)]
    for code, year, *ranks in [("KAZ", 2022, 28, 25, 31, 16, 36), ("UZB", 2022, 69, 64, 76, 64, 79),
                                ("UZB", 2024, 63, 58, 64, 59, 64)]] + [
    ["KGZ", "Kyrgyzstan", 2024, Number(78, "rank", rows=("KGZ/2024/egdi/s",)), 78, 80, None, None]],
    columns="country name year value near_best near_worst weights_best weights_worst".split(),
    dtype=object)


def share(code, period, topic, value, low, high):
    row = f"{code}/{period.replace('–', '-')}/speech:{topic}/ungdc_2024#8"
    return [code, NAMES[code], period, topic, Number(value, "%", low, high, (row,)), 810, 8]


SHARES = pd.DataFrame(
    [share(code, "2017–2024", topic, value + step, value - 3, value + 4 + step)
     for topic, value in (("Nuclear and arms", 5), ("Security", 18), ("Ceremony", 9))
     for step, code in enumerate(("KAZ", "UZB"))],
    columns="country name period topic value sentences statements".split(), dtype=object)
PERIODS = pd.concat([SHARES[SHARES["country"] == "UZB"].assign(period=period) for period in (
    "1992–2000", "2001–2008", "2009–2016", "2017–2024")])


def alphas(topic, alpha, low, high):
    row = f"CA5/1992-2024/speech:{topic}/ungdc_2024#156"
    return [Number(alpha, "", low, high, (row,), 2), low, high]


ALPHAS = pd.DataFrame.from_dict({"Social": alphas("SOC", 0.45, 0.43, 0.48),
                                 "Security": alphas("SEC", 0.71, 0.6, 0.9),
                                 "Sport": [None] * 3}, "index", object, ["Alpha", "Low", "High"])
CUTOFFS = pd.DataFrame([(topic, level, alpha, level == 150, f"CA5/1992-2024/speech:{topic}/u#156")
                        for topic, peak in (("Social", 0.5), ("Security", 0.7), ("Water", 0.3),
                                            ("Ceremony", 0.6))
                        for level, alpha in zip((0, 150, 300), (0.1, peak, 0.2))],
                       columns=["topic", "cutoff", "alpha", "fixed", "row"])

FIGURES = {
    "against_world": lambda: charts.against_world(TWO, world(range(2010, 2024)), "% of people"),
    "against_world, five": lambda: charts.against_world(ALL_FIVE, world(range(2004, 2024)), "%"),
    "panels": lambda: charts.panels(
        {"Internet use, % of people": TWO, "Servers, per million people": ALL_FIVE},
        {"Internet use, % of people": world(range(2004, 2024))}),
    "ranks": lambda: charts.ranks(RANKS),
    "gap_lines": lambda: charts.gap_lines(SD_GAPS, *PAIR),
    "lags": lambda: charts.lags(TWO, ARROWS, "% of people"),
    "shares": lambda: charts.shares(TWO[TWO["country"] == "KAZ"], PRINTED_SHARE, 2023),
    "timeline": lambda: charts.timeline(MILESTONES),
    "timeline, one": lambda: charts.timeline(MILESTONES[MILESTONES["country"] == "UZB"]),
    "concepts": lambda: charts.concepts(MATRIX, ["measured", "in part", "not measured"]),
    "as_printed": lambda: charts.as_printed(PRINTED),
    "verdicts": lambda: charts.verdicts(LEDGER),
    "verdicts, more": lambda: charts.verdicts(pd.concat([LEDGER, LEDGER])),
    "verdicts, few": lambda: charts.verdicts(ledger_rows.frame()),
    "audiences": lambda: charts.audiences(AUDIENCE, {"facebook_users": ARTICLE}),
    "gap_lines, breaks": lambda: charts.gap_lines(SD_GAPS, *PAIR, breaks={2022: "e-participation"}),
    "turns": lambda: charts.turns(TURNS),
    "topic_shares": lambda: charts.topic_shares(SHARES),
    "topic_shares, periods": lambda: charts.topic_shares(PERIODS, by="period"),
    "agreement": lambda: charts.agreement(ALPHAS, {"Social": 0.5, "Security": 0.75}),
    "cutoffs": lambda: charts.cutoffs(CUTOFFS),
    "rank_sets": lambda: charts.rank_sets(RANK_SETS),
}


@lru_cache
def figure_of(name):
    """Each figure is drawn once: tests only read it."""
    return FIGURES[name]()


def drawn(ax, colour, marker=False):
    """The lines that were drawn in a colour, or the markers."""
    return [line for line in ax.lines if colors.same_color(line.get_color(), colour)
            and (line.get_linestyle() == "None") == marker and len(line.get_xdata()) > 0]


def country(ax, code, marker=False):
    return drawn(ax, charts.COUNTRIES[code]["color"], marker)


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
def test_every_text_can_be_read_on_a_phone(name):
    figure = figure_of(name)
    texts = texts_of(figure)
    for (one, a), (other, b) in combinations(texts, 2):
        across = min(a.x1, b.x1) - max(a.x0, b.x0)
        down = min(a.y1, b.y1) - max(a.y0, b.y0)
        assert across < 1.5 or down < 1.5, f"{one!r} overlaps {other!r} by {across:.0f}×{down:.0f}"
    width, height = figure.bbox.size
    for text, box in texts:
        assert box.x0 >= 0 and box.y0 >= 0 and box.x1 <= width and box.y1 <= height, (text, box)
    for text in figure.findobj(Text):
        if text.get_text().strip() and text.get_visible():
            assert text.get_fontsize() >= 7, text.get_text()
            assert 1.05 / (style.luminance(text.get_color()) + 0.05) >= 4.4, text.get_text()


@pytest.mark.parametrize("name", FIGURES)
def test_figure_remembers_alt_rows_and_sources(name):
    figure = figure_of(name)
    assert {"alt", "rows", "sources"} <= set(figure.study)
    assert len(figure.study["alt"]) > 60 and "\n" not in figure.study["alt"]
    assert "nan" not in figure.study["alt"].lower().replace("finan", "")
    assert figure.get_figwidth() == style.WIDTH
    assert all(row.count("/") == 3 for row in figure.study["rows"])


def svg(figure):
    stream = io.StringIO()
    with plt.rc_context({"svg.hashsalt": "study"}):
        figure.savefig(stream, format="svg", metadata={"Date": None})
    return stream.getvalue()


@pytest.mark.parametrize("name", ["against_world", "cutoffs", "topic_shares", "timeline"])
def test_same_figure_is_the_same_svg(name):
    assert svg(FIGURES[name]()) == svg(FIGURES[name]())


@pytest.mark.parametrize("name", FIGURES)
def test_a_small_picture_is_whole_and_laid_out_as_a_large_one(name):
    figure = figure_of(name)
    before = [ax.get_position().bounds for ax in figure.axes]
    stream = io.BytesIO()
    figure.savefig(stream, dpi=87)                    # 390 px wide
    after = [ax.get_position().bounds for ax in figure.axes]
    assert np.allclose(after, before, atol=0.03)      # letters are a hair wider or narrower
    grey = np.asarray(Image.open(stream).convert("L"))
    assert grey.shape[1] in (391, 392)
    assert min(grey[0].min(), grey[-1].min(), grey[:, 0].min(), grey[:, -1].min()) > 250


# ------------------------------------------------------------------ one style a country

def test_each_country_has_its_own_colour_marker_and_line():
    for part in ("color", "marker"):
        assert len({str(look[part]) for look in charts.COUNTRIES.values()}) == 5
    assert len({str(charts.COUNTRIES[code]["dashes"]) for code in FIVE}) == 4   # both cases solid


def test_greys_of_countries_differ():
    def lightness(colour):
        y = style.luminance(colour)
        return 116 * y ** (1 / 3) - 16
    for one, other in combinations(charts.COUNTRIES.values(), 2):
        assert abs(lightness(one["color"]) - lightness(other["color"])) >= 9, (one, other)


def test_a_country_keeps_its_colour_and_marker_in_every_figure():
    for code in ("KAZ", "UZB"):
        for figure in ("against_world", "against_world, five", "lags"):
            ax = figure_of(figure).axes[0]
            assert country(ax, code)
            assert {line.get_marker() for line in country(ax, code, marker=True)} == {
                charts.COUNTRIES[code]["marker"]}
    bars = charts.as_printed(PRINTED.assign(country="KAZ")).axes[0].patches
    assert colors.same_color(bars[1].get_facecolor(), charts.COUNTRIES["KAZ"]["color"])


def test_a_stranger_takes_the_slot_of_kazakhstan():
    assert charts.country_styles(["FRA"])["FRA"] == charts.COUNTRIES["KAZ"]
    assert charts.country_styles(["KAZ", "FRA"])["FRA"] == charts.COUNTRIES["UZB"]
    with pytest.raises(ValueError, match="five at most"):
        charts.country_styles([*FIVE, "FRA"])


def test_a_figure_looks_the_same_whatever_a_notebook_has_set_and_leaves_it_so():
    def picture():
        stream = io.BytesIO()
        figure = charts.against_world(TWO, world(range(2010, 2024)), "% of people")
        with plt.style.context(charts.STYLE_FILE, after_reset=True):
            figure.savefig(stream)
        return stream.getvalue()
    first = picture()
    with plt.rc_context():
        sns.set_theme("poster")
        before = dict(plt.rcParams)
        assert picture() == first and dict(plt.rcParams) == before
    charts.cutoffs(CUTOFFS)
    assert plt.get_fignums() == []                    # a cell shows no figure twice


def own_plot():
    """What a reader's own plot looks like: size, colours, lines and letters as drawn."""
    figure, ax = plt.subplots()
    sns.lineplot(pd.DataFrame({"year": [2022, 2023], "users": [1, 2]}, dtype=float), x="year",
                 y="users", ax=ax)
    (line,) = ax.lines
    looks = [*figure.get_size_inches(), figure.dpi, colors.to_hex(line.get_color()),
             line.get_linewidth(), line.get_marker(), ax.xaxis.label.get_size(),
             colors.to_hex(ax.get_facecolor()), *(s.get_visible() for s in ax.spines.values()),
             *ax.get_xlim(), ax.title.get_fontweight(), figure.get_layout_engine()]
    plt.close(figure)
    return looks


@pytest.mark.parametrize("style_of", [
    lambda: None, lambda: sns.set_theme(style="dark", palette="Set2"), charts.set_theme,
    lambda: plt.rcParams.update({"figure.figsize": (8, 2), "lines.linewidth": 5})])
def test_ones_own_plots_look_the_same_before_and_after_a_chart(style_of):
    with plt.rc_context():
        style_of()
        before, settings = own_plot(), dict(plt.rcParams)
        for name in ("against_world", "panels", "ranks"):
            FIGURES[name]()
        assert own_plot() == before and dict(plt.rcParams) == settings


def test_a_figure_names_the_world_s_rows_of_the_years_that_it_draws():
    years = range(2005, 2024)
    held = world(years).assign(rows=[f"UN193/{year}/internet_use/u#180" for year in years])
    drawn = set(TWO["year"])
    grey = [f"UN193/{year}/internet_use/u#180" for year in years if year in drawn]
    for figure in (charts.against_world(TWO, held), charts.panels({"a": TWO}, {"a": held})):
        assert figure.study["rows"][-len(grey):] == grey
        assert not any("/2005/" in row for row in figure.study["rows"])


def test_set_theme_gives_the_style_to_a_users_own_plots():
    with plt.rc_context():
        charts.set_theme()
        assert plt.rcParams["figure.figsize"] == [4.5, 3.0] and plt.rcParams["font.size"] == 9
        cycle = plt.rcParams["axes.prop_cycle"].by_key()["color"]
    assert [colors.to_hex("#" + colour.strip("#")) for colour in cycle] == [
        look["color"].lower() for look in charts.COUNTRIES.values()]


def test_the_worked_cell_that_changes_a_figure_runs(real, cell):
    """The cell of CONTRIBUTING.md: what it sets is drawn, and the rows stay."""
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    code, = re.findall(r"```python\n(drawing = .+?)```", page, re.S)
    chapter = json.loads((ROOT / "notebooks" / "02-kazakhstan.ipynb").read_text(encoding="utf-8"))
    block = ["".join(one["source"]) for one in chapter["cells"] if one["cell_type"] == "code"
             and set(one["metadata"].get("tags", [])) <= {"parameters"}]
    names = {}
    exec("\n".join(block), names)  # as after Run All: no name of the recipe means another thing
    exec(code, names)
    (ax,) = names["drawing"].axes
    assert ax.get_title() == "Kazakhstan online"
    assert [2020, 2020] in [list(line.get_xdata()) for line in ax.lines]
    assert ax.lines[0].get_color() == "black"
    bundle = cell.bundle()
    assert (bundle["width_in"], bundle["height_in"]) == (6, 3.5) and not bundle["untraced"]
    assert ">Kazakhstan online</text>" in bundle["svg_text"]


def test_the_worked_cell_of_a_users_own_figure_runs(real, cell):
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    code, = re.findall(r"```python\n(import seaborn.+?)```", page, re.S)
    names = {"dd": dd}
    exec(code, names)
    heights = {label.get_text(): round(bar.get_height(), 1) for label, bar in
               zip(names["ax"].get_xticklabels(), names["ax"].patches, strict=True)}
    assert heights == {"Kyrgyzstan": 88.5, "Tajikistan": 56.8, "Uzbekistan": 89.0}
    assert cell.bundle()["id"] == "my-figure" and cell.bundle()["untraced"]


def test_a_title_that_a_user_adds_finds_room():
    figure = charts.against_world(TWO)
    figure.axes[0].set_title("A title of one's own")
    (box,) = [box for text, box in texts_of(figure) if text == "A title of one's own"]
    assert box.y1 <= figure.bbox.height
    assert box.y0 >= figure.axes[0].get_window_extent().y1


# ------------------------------------------------------------------ lines

def test_line_and_markers_are_the_data():
    ax = figure_of("against_world").axes[0]
    mine = TWO[TWO["country"] == "KAZ"]
    for (line,) in (country(ax, "KAZ"), country(ax, "KAZ", marker=True)):
        assert list(line.get_xdata()) == list(mine["year"])
        assert list(line.get_ydata()) == [float(value) for value in mine["value"]]


def test_axes_end_with_the_data():
    ax = figure_of("against_world").axes[0]
    assert ax.spines["bottom"].get_bounds() == (2015, 2024)
    low, high = ax.get_ylim()
    assert low < 30 and high > 93.4 and high - low < 1.06 * (93.4 - 30)  # band to highest value
    ticks = ax.get_yticks()
    assert ax.spines["left"].get_bounds() == (ticks[0], ticks[-1])
    assert all(low <= tick <= high for tick in ticks)


def test_world_is_the_median_and_the_band_of_the_years_drawn():
    ax = figure_of("against_world").axes[0]
    (median,) = drawn(ax, style.GREY)
    assert list(median.get_xdata()) == list(range(2015, 2024))     # 2010 to 2014 are not drawn
    assert set(median.get_ydata()) == {50.0}
    (band,) = ax.collections
    box = band.get_paths()[0].get_extents()
    assert (box.x0, box.x1, box.y0, box.y1) == (2015, 2023, 30, 70)


def test_last_point_carries_name_value_and_its_own_year():
    said = words(figure_of("against_world"))
    assert "Kazakhstan\n93.4 (2024)" in said and "Uzbekistan\n89.0 (2023)" in said
    assert "World median\n50 (2023)" in said
    together = words(charts.against_world(TWO[TWO["year"] <= 2023]))
    assert "Kazakhstan\n92.9" in together and "Uzbekistan\n89.0" in together  # one year: the axis


def end_labels(figure):
    figure.draw_without_rendering()
    return {text.get_text().partition("\n")[0]: text for text in figure.axes[0].texts
            if isinstance(text, Annotation)}


def test_labels_stand_at_their_lines_ends_in_their_order():
    labels = end_labels(figure_of("against_world, five"))
    assert labels["Turkmenistan"].xy == (2023, 59)
    by_value = sorted(labels, key=lambda name: labels[name].xy[1])
    assert by_value == sorted(labels, key=lambda name: labels[name].get_position()[1])


def test_only_a_label_that_had_to_move_is_joined_to_its_line():
    apart = end_labels(charts.against_world(lines({"KAZ": [90, 60], "UZB": [10, 30]})))
    assert not any(text.arrow_patch.get_visible() for text in apart.values())
    near = end_labels(charts.against_world(lines({"KAZ": [90, 51], "UZB": [10, 50]})))
    assert all(text.arrow_patch.get_visible() for text in near.values())
    earlier = end_labels(charts.against_world(lines({"KAZ": [90, 60, 60], "UZB": [10, 30]})))
    assert earlier["Uzbekistan"].arrow_patch.get_visible()          # its line ends before the axis


def test_modelled_stretch_is_dashed_with_open_markers_and_said():
    figure = figure_of("against_world, five")
    ax = figure.axes[0]
    solid = [set(line.get_xdata()) for line in country(ax, "TJK") if line.get_linewidth() > 1]
    assert solid == [set(range(2004, 2010)), set(range(2018, 2024))]
    (dashed,) = [line for line in country(ax, "TJK") if line.get_linewidth() == 1]
    assert list(dashed.get_xdata()) == list(range(2009, 2019))
    assert tuple(dashed._dash_pattern[1]) == chart_lines.UNCERTAIN["modelled"][0][1]
    (open_ones,) = [line for line in country(ax, "TJK", marker=True)
                    if line.get_markerfacecolor() == "white"]
    assert list(open_ones.get_xdata()) == list(range(2010, 2018))
    assert "taken as modelled (Tajikistan 2010–2017)" in words(figure).replace("\n", " ")


def test_step_is_dotted_into_and_said():
    figure = figure_of("against_world")
    ways = {tuple(line.get_xdata()): line.get_linewidth() for line in
            country(figure.axes[0], "UZB")}
    assert ways == {(2015, 2016, 2017, 2018): 1.8, (2018, 2019): 1.0,
                    (2019, 2020, 2021, 2022, 2023): 1.8}
    assert "step in the series (Uzbekistan 2019)" in words(figure)


def test_a_step_after_a_modelled_year_is_a_step():
    rows = lines({"TJK": [1, 2, 8, 9]}, status={("TJK", 2016): "modelled by the publisher",
                                                ("TJK", 2017): "step: a new survey"})
    parts = chart_lines.stretches(rows).groupby("stretch")
    assert [(part["kind"].iloc[0], *part["year"]) for _, part in parts] == [
        ("modelled", 2015, 2016), ("step", 2016, 2017), ("observed", 2017, 2018)]


def test_a_country_with_one_year_is_a_marker():
    rows = pd.concat([TWO, lines({"TKM": [21.3]}, start=2017)], ignore_index=True)
    ax = charts.against_world(rows).axes[0]
    assert country(ax, "TKM") == []
    assert [list(line.get_xdata()) for line in country(ax, "TKM", marker=True)] == [[2017]]


def test_a_row_without_a_value_is_not_drawn():
    numbers = [*TWO["value"][:9], Number(float("nan"), "%"), *TWO["value"][10:]]
    figure = charts.against_world(remembering(TWO, numbers))
    assert "Kazakhstan: 70.8 % in 2015, 92.9 % in 2023." in figure.study["alt"]
    assert end_labels(figure)["Kazakhstan"].xy == (2023, 92.9)
    assert len(figure.study["rows"]) == len(TWO) - 1


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


def test_the_source_line_counts_many_publishers_and_names_few(real):
    surveys = style.source_line(["undesa_egdi_2008", "undesa_egdi_2024"])
    assert surveys == "Source: UN DESA, 2008–2024"
    two = style.source_line(["undesa_egdi_2024", "gapminder_internet_users"])
    assert two == "Sources: UN DESA, 2024; Gapminder, 2026"
    assert style.source_line(list("abcde")) == "Sources: 5 publishers, listed in the references."


def test_panels_share_years_and_have_their_own_unit():
    one, other = figure_of("panels").axes
    assert one.get_xlim() == other.get_xlim()
    assert [ax.get_title(loc="left") for ax in (one, other)] == [
        "Internet use, % of people", "Servers, per million people"]
    assert one.get_ylim() != other.get_ylim()
    assert one.get_position().y0 > other.get_position().y1         # stacked for a phone


def test_a_frame_without_two_years_has_no_panel_and_the_figure_says_so():
    figure = charts.panels({"Lines": TWO, "Cards": TWO[TWO["year"] == 2020]})
    assert len(figure.axes) == 1 and figure.axes[0].get_title(loc="left") == "Lines"
    for said in (figure.study["alt"], " ".join(words(figure).split())):
        assert "Not drawn, no two years with a value: Cards." in said


def test_year_ticks_have_both_ends_and_only_years_of_the_data():
    def ticks(years):
        ax = style.new_figure(2)[1]
        style.year_ticks(ax, years)
        return list(ax.get_xticks())
    assert ticks(range(2008, 2025, 2)) == list(range(2008, 2025, 2))
    assert ticks([2003, 2004, 2005, *range(2008, 2025, 2)]) == [2003, 2008, 2012, 2016, 2020, 2024]
    yearly = ticks(range(1990, 2025))
    assert yearly[0] == 1990 and yearly[-1] == 2024 and len(yearly) <= 10
    assert ticks([2019, 2020]) == [2019, 2020]


def test_ranks_have_the_first_at_the_top():
    ax = figure_of("ranks").axes[0]
    assert ax.get_ylim() == (193, 1)
    (egdi,) = country(ax, "KAZ")
    assert list(egdi.get_ydata()) == [81, 46, 38, 28, 33, 39, 29, 28, 24]
    assert egdi.get_linewidth() > max(line.get_linewidth() for line in ax.lines if line != egdi)
    assert set(ax.get_xticks()) <= set(RANKS["year"])              # only years with a survey
    assert "3rd in 2012" in figure_of("ranks").study["alt"]
    assert "place" not in words(figure_of("ranks"))


def test_gap_lines_are_the_data_around_zero_and_told_apart_in_grey():
    figure = figure_of("gap_lines")
    ax = figure.axes[0]
    measures = [line for line in ax.lines if len(line.get_xdata()) == 6]
    assert list(measures[2].get_ydata()) == [1.12, -0.31, 0.28, 0.28, 0.76, 0.54]
    assert any(set(line.get_ydata()) == {0} for line in ax.lines)
    assert len({line.get_linestyle() + str(line._dash_pattern) for line in measures}) == 3
    assert len({line.get_marker() for line in measures}) == 3
    assert "E-participation\n0.540" in words(figure)
    with pytest.raises(ValueError, match="gap_lines: 6 measures; five"):
        many = [SD_GAPS.assign(indicator=f"part_{i}") for i in range(6)]
        charts.gap_lines(pd.concat(many), *PAIR)


def test_a_jump_of_the_world_is_drawn_before_its_survey_and_said():
    figure = figure_of("gap_lines, breaks")
    uprights = [line for line in figure.axes[0].lines if line.get_linestyle() == ":"
                and len(set(line.get_xdata())) == 1]
    assert [line.get_xdata()[0] for line in uprights] == [2021.5]
    assert "2022 e-participation" in words(figure).replace("\n", " ")
    assert "2022 e-participation" in figure.study["alt"]


def test_arrows_run_from_year_to_year_at_their_level():
    figure = figure_of("lags")
    arrows = [text for text in figure.axes[0].texts if not text.get_text() and text.arrow_patch]
    assert [(arrow.xyann, arrow.xy) for arrow in arrows] == [
        ((2015.2, 50.0), (2017.2, 50.0)), ((2018.4, 80.0), (2021.5, 80.0))]
    assert {"2 years", "3.1 years"} <= set(words(figure).split(" | "))
    assert "50 is reached in 2015.2 and 2017.2, 2 years apart." in figure.study["alt"]


def test_a_level_without_an_arrow_is_told():
    """Germany had 10 % online before the lines begin, and half of the arrow at 25 % was drawn."""
    lost = pd.DataFrame([[10, 1998.4, 2000.6, 2.2], [90, 2022.5, None, None]],
                        columns=ARROWS.columns, dtype=object)
    figure = charts.lags(TWO, pd.concat([ARROWS, lost], ignore_index=True))
    assert len([text for text in figure.axes[0].texts if text.arrow_patch
                and not text.get_text()]) == len(ARROWS)
    said = " ".join(words(figure).split())
    for one in (said, figure.study["alt"]):
        assert f"No arrow, crossed before {TWO['year'].min()}: 10 (2.2 years apart)." in one
        assert "No arrow, not crossed by both: 90." in one
    assert "No arrow" not in words(figure_of("lags"))


def test_printed_share_marks_the_year_that_has_it():
    figure = figure_of("shares")
    ax = figure.axes[0]
    points = {line.get_markerfacecolor(): list(line.get_xdata())
              for line in country(ax, "KAZ", marker=True)}
    assert points.pop(charts.COUNTRIES["KAZ"]["color"]) == [2021]
    assert points == {"white": [2015, 2016, 2017, 2018, 2019, 2020, 2022, 2023, 2024]}
    (band,) = ax.patches
    assert (band.get_y(), band.get_y() + band.get_height()) == pytest.approx((90.85, 90.95))
    (cross,) = [line for line in ax.lines if line.get_marker() == "x"]
    assert cross.get_xydata().tolist() == [[2023, pytest.approx(90.9)]]
    assert "the value of 2021" in figure.study["alt"]
    assert "printed: 90.9 %\nfor 2023 (×)" in words(figure)


@pytest.mark.parametrize("value, hits", [(90.849, False), (90.85, True), (90.949, True),
                                         (90.95, False)])
def test_a_share_is_as_printed_where_it_rounds_to_it(value, hits):
    rows = lines({"KAZ": [70.0, value]})
    found = "2016" if hits else "no year of the series"
    assert f"that is the value of {found}." in charts.shares(rows, PRINTED_SHARE).study["alt"]


def test_cutoffs_draw_every_alpha_and_the_fixed_one():
    figure = figure_of("cutoffs")
    assert [ax.get_title("left") for ax in figure.axes] == list(CUTOFFS["topic"].unique())
    line, limit, dot = sorted(figure.axes[1].lines, key=lambda line: -len(line.get_xdata()))
    assert line.get_xydata().tolist() == [[0, 0.1], [0.15, 0.7], [0.3, 0.2]]
    assert list(dot.get_xdata()) == [0.15] and list(limit.get_ydata()) == [0.667, 0.667]
    assert "Security 0.70 at 0.15, at most 0.70" in figure.study["alt"]
    assert "of 156 statements" in figure.study["alt"] and len(figure.study["rows"]) == 4
    shown = [ax.get_title("left") for ax in figure.axes
             if any(label.get_visible() and label.get_text() for label in ax.get_xticklabels())]
    assert shown == ["Security", "Water", "Ceremony"]  # the lowest of each column


# ------------------------------------------------------------------ time

def test_timeline_draws_each_event_at_its_date_and_earlier_is_higher():
    figure = figure_of("timeline")
    ax = figure.axes[0]
    (kaz,), (uzb,) = country(ax, "KAZ", marker=True), country(ax, "UZB", marker=True)
    assert len(kaz.get_ydata()) == len(uzb.get_ydata()) == 4
    assert kaz.get_xdata()[0] < 0.5 < uzb.get_xdata()[0]
    ax = charts.timeline(MILESTONES.sort_values("country", ascending=False)).axes[0]
    assert country(ax, "UZB", marker=True)[0].get_xdata()[0] < 0.5  # the caller's order
    assert ax.yaxis_inverted() and kaz.get_ydata()[0] == pytest.approx(2001.2, abs=.02)
    assert "5 Apr 2018: Decree UP-5400" in words(figure).replace("\n", " ")
    assert "UZB/2019/milestones:g/kun_2022" in figure.study["rows"]
    with pytest.raises(ValueError, match="two countries at most"):
        charts.timeline(pd.concat([MILESTONES, MILESTONES.assign(country="KGZ")]))


def test_events_of_one_country_stand_right_of_the_axis_with_its_name_above():
    figure = figure_of("timeline, one")
    ax = figure.axes[0]
    assert country(ax, "UZB", marker=True)[0].get_xdata()[0] > ax.lines[0].get_xdata()[0]
    assert "Uzbekistan" in words(figure) and "Aug 2022: Twitter, WeChat" in words(figure)


def test_a_date_is_drawn_at_its_decimal_year():
    events = MILESTONES.iloc[:1].assign(date="2018-07-01")
    figure = charts.timeline(events)
    marker = country(figure.axes[0], events["country"].iloc[0], marker=True)[0]
    assert list(marker.get_ydata()) == [pytest.approx(2018 + 181 / 365)]


# ------------------------------------------------------------------ dots

def test_shares_of_topics_are_dots_with_their_intervals_the_largest_first():
    figure = figure_of("topic_shares")
    ax = figure.axes[0]
    assert [label.get_text() for label in ax.get_yticklabels()] == [
        "Security", "Ceremony", "Nuclear and arms"]
    for code in ("KAZ", "UZB"):
        own = SHARES[SHARES["country"] == code].set_index("topic")["value"]
        (dots,) = country(ax, code, marker=True)
        order = [own[topic] for topic in ("Security", "Ceremony", "Nuclear and arms")]
        assert list(dots.get_xdata()) == [float(value) for value in order]
        bars = [tuple(line.get_xdata()) for line in country(ax, code)]
        assert bars == [(float(value.low), float(value.high)) for value in order]
    kaz, uzb = [country(ax, code, marker=True)[0].get_ydata() for code in ("KAZ", "UZB")]
    assert all(kaz < uzb) and ax.yaxis_inverted()                   # in the order of the legend
    assert "Security: Kazakhstan 18.0 % (15.0 to 22.0)" in figure.study["alt"]
    assert "Kazakhstan 810 in 8" in words(figure)
    with pytest.raises(ValueError, match="one period in a figure by country; it has 2017"):
        charts.topic_shares(pd.concat([SHARES, PERIODS]))


def test_periods_are_darker_the_newer_and_the_newest_has_colour():
    ax = figure_of("topic_shares, periods").axes[0]
    dots = [line for line in ax.lines if line.get_linestyle() == "None" and len(line.get_xdata())]
    shades = [style.luminance(line.get_color()) for line in dots]
    assert shades[:3] == sorted(shades[:3], reverse=True)
    assert len({line.get_marker() for line in dots}) == 4
    assert dots[3].get_color() == charts.COUNTRIES["KAZ"]["color"]
    assert "1992–2000 | 2001–2008" in words(figure_of("topic_shares, periods"))


def test_a_dot_outside_its_interval_is_drawn_where_it_is():
    rows = remembering(SHARES.head(2), [Number(5, "%", 6, 9), Number(5, "%", 1, 2)])
    ax = charts.topic_shares(rows).axes[0]
    assert [country(ax, code, marker=True)[0].get_xdata()[0] for code in ("KAZ", "UZB")] == [5, 5]


def test_agreement_has_the_greatest_alpha_first_and_leaves_out_what_has_none():
    figure = figure_of("agreement")
    ax = figure.axes[0]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["Security", "Social"]
    (dots,) = drawn(ax, style.INK, marker=True)
    assert list(dots.get_xdata()) == [0.71, 0.45]
    assert [tuple(line.get_xdata()) for line in drawn(ax, style.INK)] == [(0.6, 0.9), (0.43, 0.48)]
    (best,) = [line for line in ax.lines if line.get_marker() == "D"]
    assert best.get_xydata().tolist() == [[0.75, 0], [0.5, 1]]
    limits = [line.get_xdata()[0] for line in drawn(ax, style.GREY) if line is not best]
    assert limits == [0.667, 0.8]
    assert "Not estimable: Sport." in words(figure).replace("\n", " ")
    assert "Security 0.71 (0.60 to 0.90), Social 0.45" in figure.study["alt"]
    with pytest.raises(ValueError, match="no topic has an alpha"):
        charts.agreement(ALPHAS.tail(1))


def test_concepts_are_dots_by_how_far_they_are_measured():
    figure = figure_of("concepts")
    ax = figure.axes[0]
    fills = {(int(x), int(y)): line.get_fillstyle()
             for line in ax.lines for x, y in line.get_xydata()}
    assert fills == {(0, 0): "full", (1, 0): "left", (3, 0): "none", (0, 1): "left", (3, 1): "none",
                    (0, 2): "full", (2, 2): "left", (3, 2): "none"}
    assert [label.get_text() for label in ax.get_xticklabels()] == [
        "Capacity", "Audience", "Attention", "Practice"]
    said = "Public diplomacy, five components (Cull 2008): capacity measured, attention in part"
    assert said in figure.study["alt"]
    assert figure.study["words"] is True


def squares(ax):
    return [line for line in ax.lines if line.get_marker() == "s" and len(line.get_xdata())]


def test_every_claim_is_one_square_with_its_verdict_and_chapter():
    ax = figure_of("verdicts").axes[0]
    weighed = LEDGER[LEDGER["apart"] == ""]
    heads = [head.get_text().replace("\n", " ") for head in ax.get_xticklabels()]
    assert heads == ["1 Theory", "2 Kazakhstan", "3 Uzbekistan", "4 Comparison", "5 Conclusions"]
    drawn_at = [(some.get_color(), some.get_fillstyle(), np.searchsorted(ax.get_xticks(), x), x, y)
                for some in squares(ax) for x, y in some.get_xydata()]
    assert len({(x, y) for *_, x, y in drawn_at}) == len(drawn_at) == len(weighed)
    for verdict, colour in dots.VERDICTS.items():
        for place, chapter in enumerate(sorted(weighed["chapter"].unique()), 1):
            for central, filled in ((True, "full"), (False, "none")):
                own = weighed[(weighed["verdict"] == verdict) & (weighed["chapter"] == chapter)
                              & (weighed["central"].map(bool) == central)]
                assert sum(one[:3] == (colour, filled, place) for one in drawn_at) == len(own)


def test_squares_of_a_verdict_stand_between_its_name_and_the_next():
    ax = figure_of("verdicts").axes[0]
    tops = [*(ax.get_yticks() - 0.5), max(ax.get_ylim())]
    for place, verdict in enumerate(verdicts.MEANING):
        heights = [y for some in squares(ax) if some.get_color() == dots.VERDICTS[verdict]
                   for y in some.get_ydata()]
        assert all(tops[place] <= y < tops[place + 1] for y in heights)


def test_what_the_article_gets_right_stands_first_and_every_verdict_has_its_count():
    figure = figure_of("verdicts")
    labels = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    weighed = LEDGER[LEDGER["apart"] == ""]
    assert [" ".join(label.split()) for label in labels] == [
        f"{verdicts.SIGN[name]} {name} {len(group)}, central {sum(map(bool, group['central']))}"
        for name in verdicts.MEANING for group in [weighed[weighed["verdict"] == name]]]
    right = (weighed["verdict"] == "reproduced").sum()
    decided = weighed["verdict"].isin(list(verdicts.MEANING)[:5]).sum()
    said = f"Reproduced: {right} of the {decided} that could be decided, {len(weighed)} in all."
    assert said in figure.study["alt"]
    n = (LEDGER["apart"] != "").sum()
    assert f"Notices, self-evident counts and premises, left out: {n}." in words(figure)
    top, second = figure.axes[0].get_yticks()[:2]
    assert top < second and figure.axes[0].yaxis_inverted()


@pytest.mark.parametrize("name", ["verdicts", "verdicts, more", "verdicts, few"])
def test_squares_do_not_touch_and_read_on_a_phone(name):
    figure = figure_of(name)
    ax = figure.axes[0]
    across, down = ax.transData.transform([(0, 0), (1, 1)])[1] - ax.transData.transform((0, 0))
    for line in squares(ax):
        size = line.get_markersize() + line.get_markeredgewidth()
        assert size * figure.dpi / 72 < min(across, -down)
        assert line.get_markersize() >= 4.5


def test_the_ledgers_figure_remembers_rows_and_sources_of_all_claims():
    study = figure_of("verdicts, few").study
    assert set(study["rows"]) == set(ledger_rows.ORIGINS)
    assert set(study["sources"]) == set(ledger_rows.SOURCES)
    bare = charts.verdicts(ledger_rows.frame()[["chapter", "verdict", "central", "apart"]])
    assert bare.study["rows"] == [] and bare.study["sources"] == []


def test_article_is_drawn_as_printed_and_what_is_lost_is_said():
    figure = figure_of("as_printed")
    bars = figure.axes[0].patches
    assert [bar.get_hatch() for bar in bars] == ["////", None, None]
    assert [bar.get_width() for bar in bars[1:]] == [3128, 26001]
    said = words(figure)
    assert "26 001" in said and "not legible in our copy" in said and "Twitter" in said
    assert "UZB/2023/article:figure-5-facebook/article_2023" in figure.study["rows"]
    assert figure.axes[0].get_xticks()[-1] <= 26001 and figure.axes[0].yaxis_inverted()


def test_audiences_tell_constructs_apart():
    figure = figure_of("audiences")
    ax = figure.axes[0]
    assert ax.get_xscale() == "log"
    (span,) = [part.get_segments()[0] for part in ax.collections]
    assert span[:, 0].tolist() == [1845000, 2185000]
    (cross,) = [line for line in ax.lines if line.get_marker() == "x"]
    assert list(cross.get_xdata()) == [2300000.0]
    (points,) = country(ax, "KAZ", marker=True)
    assert list(points.get_xdata()) == [413026, 13100000]
    said = words(figure).replace("\n", " ")
    assert "2.30 million" in said and "(active authors), 2018" in said and "3 Aug 2018" in said
    assert "Facebook (article), “2023”" in said
    assert "Facebook audience, 3 Aug 2018: 1.85–2.19 million" in figure.study["alt"]
    assert "KAZ/2023/article:kaz-facebook-users/article_2023" in figure.study["rows"]


def test_two_sources_of_one_date_are_no_range():
    other = AUDIENCE.iloc[[3]].assign(source="another", value=[Number(9000000, "accounts")])
    ax = charts.audiences(pd.concat([AUDIENCE, other])).axes[0]
    assert len(ax.collections) == 1 and len(country(ax, "KAZ", marker=True)[0].get_xdata()) == 3


def test_a_matrix_has_a_sign_for_each_base_year_and_metric():
    ax = figure_of("turns").axes[0]
    signs = {(int(x), int(y)): (line.get_marker(), line.get_markerfacecolor())
             for line in ax.lines for x, y in line.get_xydata()}
    assert len(signs) == len(TURNS)
    rows = [label.get_text() for label in ax.get_yticklabels()]
    assert rows == ["Infrastructure, to 2024: SD", "ranks", "log",
                    "Online services, to 2024: SD", "ranks", "log"]
    assert [label.get_text() for label in ax.get_xticklabels()] == [
        str(year) for year in range(2010, 2022, 2)]
    assert signs[0, 0] == ("v", style.INK) and signs[5, 2] == ("^", "white")
    assert [signs[column, 3][0] for column in range(6)] == ["^", "x", "_", "v", ".", "^"]


def test_a_matrix_is_put_in_words():
    alt = figure_of("turns").study["alt"]
    assert "Infrastructure, ranks: narrower since 2010, 2012, 2014, 2016, 2018" in alt
    assert "the lead changed hands since 2012" in alt and "not estimable since 2018" in alt
    assert len(figure_of("turns").study["rows"]) == 14


def test_a_matrix_leaves_a_year_without_a_survey_empty_and_refuses_other_states():
    some = charts.turns(TURNS[(TURNS["indicator"] == "tii") | (TURNS["base"] > 2012)]).axes[0]
    assert sum(len(line.get_xdata()) for line in some.lines) == 30
    with pytest.raises(ValueError, match="^turns: no sign for closer: one of narrower, wider"):
        charts.turns(TURNS.assign(state="closer"))
    assert charts.turns(TURNS[:0]).study["alt"] == "Nothing to draw: no rows with a value."


def test_ranks_carry_both_sets_and_a_missing_set_is_not_drawn():
    figure = figure_of("rank_sets")
    near, weights, dots = figure.axes[0].collections
    ends = [[segment[:, 0].tolist() for segment in part.get_segments() if len(segment)]
            for part in (near, weights)]
    assert ends == [[[25, 31], [64, 76], [58, 64], [78, 80]],
                    [[16, 36], [64, 79], [59, 64]]]
    assert dots.get_offsets().tolist() == [[28, 0], [69, 1], [63, 2], [78, 3]]
    assert near.get_linewidth()[0] >= 2 * weights.get_linewidth()[0]   # told apart in grey
    assert "weights not estimable" in figure.study["alt"]
    assert "confidence" not in words(figure) + figure.study["alt"]
    assert "place" not in words(figure) + figure.study["alt"]
    ax = figure.axes[0]
    assert ax.get_xticks()[0] == 1 and ax.spines["bottom"].get_bounds() == (1, 80)
    assert len(figure.study["rows"]) == 4


# ------------------------------------------------------------------ what cannot be drawn

EMPTY = TWO.iloc[:0]
ONE_YEAR = TWO[TWO["year"] == 2020]


@pytest.mark.parametrize("draw, message", [
    (lambda: charts.against_world(TWO.drop(columns="name")), "has no column name"),
    (lambda: charts.panels({}), "panels: no frame"),
    (lambda: charts.panels({"a": TWO}, {"b": world([2020])}), "no frame called b"),
    (lambda: charts.ranks(TWO), "the frame has KAZ, UZB"),
    (lambda: charts.concepts(MATRIX.iloc[:0], []), "no rows or no columns"),
    (lambda: charts.verdicts(LEDGER.drop(columns="central")), "has no column central"),
    (lambda: charts.verdicts(LEDGER.assign(apart="notice")), "no claims with a verdict"),
    (lambda: charts.verdicts(LEDGER.assign(verdict="true")), "a verdict of reproduced, "),
    (lambda: charts.as_printed(PRINTED.iloc[:1]), "no value is legible"),
])
def test_a_wrong_call_is_refused(draw, message):
    with pytest.raises(ValueError, match=message):
        draw()


@pytest.mark.parametrize("draw, reason", [
    (lambda: charts.against_world(EMPTY), "no rows with a value"),
    (lambda: charts.against_world(ONE_YEAR), "only one year has values, 2020; a line needs two"),
    (lambda: charts.panels({"a": EMPTY}), "no rows with a value"),
    (lambda: charts.ranks(EMPTY), "no rows with a value"),
    (lambda: charts.gap_lines(SD_GAPS.iloc[:0], *PAIR), "no rows with a value"),
    (lambda: charts.lags(TWO[TWO["country"] == "KAZ"], ARROWS), "only Kazakhstan has values"),
    (lambda: charts.shares(ONE_YEAR[:1], PRINTED_SHARE), "only one year has values, 2020"),
    (lambda: charts.timeline(MILESTONES.iloc[:0]), "no rows with a value"),
    (lambda: charts.verdicts(LEDGER.iloc[:0]), "no rows with a value"),
    (lambda: charts.audiences(AUDIENCE.iloc[:0]), "no rows with a value"),
])
def test_a_figure_without_data_says_why(draw, reason):
    figure = draw()
    assert figure.study["alt"].startswith(f"Nothing to draw: {reason}")
    assert " ".join(words(figure).split()) == figure.study["alt"]
    assert figure.study["words"] and figure.study["rows"] == []


def test_lines_without_a_common_level_have_no_arrows():
    figure = charts.lags(TWO, ARROWS.iloc[:0])
    assert "years apart" not in figure.study["alt"] and len(figure.axes[0].lines) > 1


# ------------------------------------------------------------------ labels apart

def test_labels_stand_apart_within_bounds_in_order():
    placed = style.apart([0, 1, 1, 9.8], [2, 2, 2, 2], 0, 10, gap=0.5)
    assert list(placed) == sorted(placed)
    assert (np.diff(placed) >= 2.5 - 1e-9).all() and placed[0] >= 1 and placed[-1] <= 9
    assert style.apart([1, 5], [1, 1]).tolist() == [1, 5]          # nothing moves without need
