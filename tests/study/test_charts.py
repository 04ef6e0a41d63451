"""Figures are read back from what was drawn: data, colours, axes, texts, alt text, bytes."""

import csv
import io
import json
import re
import warnings
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
from digital_diplomacy.claims import ledger, verdicts
from footnoted import display
from footnoted.edition import drawings
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
RANKS = pd.concat([lines({"KAZ": values, "UZB": [value + 40 for value in values]}, "rank",
                         f"{part}_rank", 2008, 2) for part, values in {
    "egdi": [81, 46, 38, 28, 33, 39, 29, 28, 24], "osi": [94, 24, 21, 23, 31, 32, 11, 8, 10],
    "tii": [94, 89, 77, 47, 48, 58, 61, 64, 41], "hci": [16, 22, 25, 26, 31, 33, 30, 28, 42],
    "epi": [98, 18, 3, 22, 67, 42, 26, 15, 27]}.items()], ignore_index=True)
PAIR = ("Kazakhstan", "Uzbekistan")
SD_GAPS = pd.concat([pd.DataFrame({"year": range(2014, 2025, 2), "indicator": part,
                                   "value": values}) for part, values in {
    "tii": [1.34, 1.36, 1.02, 0.88, 0.37, 0.17], "osi": [1.12, 0.29, 0.28, 0.56, 0.79, 0.68],
    "epi": [1.12, -0.31, 0.28, 0.28, 0.76, 0.54]}.items()], ignore_index=True)
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
    source="kun_2022", name=lambda frame: frame["country"].map(NAMES),
    recommendation=["", "", "", "", "", "2", "", "1"])
MATRIX = pd.DataFrame([[1, 0.5, np.nan, 0], [0.5, "", "", 0], [1, np.nan, 0.5, 0]],
                      index=["Digital diplomacy (Dizard 2001)",
                             "Digital diplomacy as change management (Bjola and Holmes 2015)",
                             "Public diplomacy, five components (Cull 2008)"],
                      columns=["capacity", "audience", "attention", "practice"])
def printed(code, id, value, unit="accounts", **bounds):
    return Number(value, unit, rows=(f"{code}/2023/article:{id}/article_2023",), **bounds)


WRITTEN = pd.DataFrame([
    ("KAZ", "Kazakhstan", "Facebook", "drawn", printed("KAZ", "figure-2-facebook", 26430)),
    ("KAZ", "Kazakhstan", "Facebook", "written", printed("KAZ", "kaz-facebook-users", 2300000)),
    *(("KAZ", "Kazakhstan", "Facebook", "audience, Aug 2018",
       Number(count, "accounts", rows=(f"KAZ/2018/facebook_audience_{end}/fb_census_2018",)))
      for end, count in (("low", 1845000), ("high", 2185000))),
    ("UZB", "Uzbekistan", "Instagram", "drawn", printed("UZB", "figure-5-instagram", 3128)),
    ("UZB", "Uzbekistan", "Instagram", "written", printed("UZB", "uzb-instagram-users", 4200000)),
    ("UZB", "Uzbekistan", "Twitter", "drawn", None),
    ("UZB", "Uzbekistan", "Twitter", "written", printed("UZB", "uzb-twitter-users", 148700))],
    columns="country name network what value".split(), dtype=object)
SHARES_PRINTED = {
    "KAZ": printed("KAZ", "kaz-internet-share", 90.9, "%", low="90.85", high="90.95"),
    "UZB": printed("UZB", "uzb-internet-share", 76.6, "%", low="76.55", high="76.65")}
GAP = pd.DataFrame({"Points": [Number(value, "points", rows=(f"KAZ/{year}/internet_use/g",))
                               for year, value in zip(range(2018, 2024), (23, 12, 15, 14, 8, 4))],
                    "Years": [None, Number(4, "years"), Number(-1, "years"), Number(6, "years"),
                              Number(5, "years"), Number(2, "years")]},
                   index=range(2018, 2024), dtype=object)
STANDING = pd.DataFrame([
    [code, NAMES[code], indicator, Number(rank, "rank", rows=(f"{code}/2022/{indicator}/s",)),
     2019 if indicator == "internet_use" else 2022, n]
    for indicator, n, ranks in (("egdi", 193, (28, 69, 81, 129, 137)),
                                ("internet_use", 182, (34, 52, 56, 137)),
                                ("fixed_broadband", 193, (87, 61, 118, 181, 119)))
    for code, rank in zip(FIVE, ranks)],
    columns="country name indicator value year n".split(), dtype=object)
SPOKEN = pd.DataFrame({"year": range(2015, 2019), "n": 190, "value": [
    Number(value, "%", rows=(f"UN193/{year}/debate_digital/u#190",))
    for year, value in zip(range(2015, 2019), (16, 23, 24, 29))]}, dtype=object)
STATEMENTS = lines({"KAZ": [0, 2, 1, 3], "UZB": [0, 0, 1]}, "matches", "debate_digital")
LEDGER = ledger_rows.frame(ledger_rows.CLAIMS + ledger_rows.many())
BY_GROUP = LEDGER.assign(group=[["Existence", "Numbers and counts"][row % 2]
                                for row in range(len(LEDGER))])

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
    "story": lambda: charts.story(TWO[TWO["year"] <= 2023], SHARES_PRINTED, 2021, 2023),
    "gap_metrics": lambda: charts.gap_metrics(GAP, *PAIR),
    "standing": lambda: charts.standing(STANDING),
    "drawn_and_written": lambda: charts.drawn_and_written(WRITTEN),
    "attention": lambda: charts.attention(SPOKEN, STATEMENTS),
    "timeline": lambda: charts.timeline(MILESTONES),
    "timeline, one": lambda: charts.timeline(MILESTONES[MILESTONES["country"] == "UZB"]),
    "concepts": lambda: charts.concepts(MATRIX, ["measured", "in part", "not measured"]),
    "verdicts": lambda: charts.verdicts(LEDGER),
    "verdicts, more": lambda: charts.verdicts(pd.concat([LEDGER, LEDGER])),
    "verdicts, few": lambda: charts.verdicts(ledger_rows.frame()),
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
            assert 8 <= text.get_fontsize() <= 10.5, text.get_text()
            assert 1.05 / (style.luminance(text.get_color()) + 0.05) >= 4.4, text.get_text()


@pytest.mark.parametrize("name", FIGURES)
def test_figure_remembers_alt_rows_and_sources(name):
    figure = figure_of(name)
    assert {"alt", "rows", "sources"} <= set(figure.study)
    assert len(figure.study["alt"]) > 60 and "\n" not in figure.study["alt"]
    assert "nan" not in figure.study["alt"].lower().replace("finan", "")
    assert figure.get_figwidth() == style.WIDTH
    assert figure.study["note"] == "" or figure.study["note"].endswith(".")
    assert all(row.count("/") == 3 for row in figure.study["rows"])


def points_of(name):
    """What each point of a figure says, with its place in the data of its axes: [(ax, x, y, name,
    value)]."""
    return [(ax, *point[:4]) for ax in figure_of(name).axes for point in getattr(ax, "points", ())]


@pytest.mark.parametrize("name", FIGURES)
def test_points_stand_at_what_is_drawn_and_say_their_values(name, monkeypatch):
    monkeypatch.setattr(display, "study", display.study._replace(facts=lambda row: {}))
    figure = figure_of(name)
    points, data = display.points_of(figure, figure.bbox_inches)
    placed = [one for one in points_of(name) if not pd.isna(one[4]) and not pd.isna(one[1])]
    assert len(points) == len(placed) > 3
    for point, (ax, x, y, words, value) in zip(points, placed):
        assert 0 < point["x"] < 1 and 0 < point["y"] < 1
        assert point["text"].startswith(f"{words}: ") and point["rows"] == list(
            getattr(value, "rows", point["rows"]))
        if isinstance(value, Number):
            assert point["text"] == f"{words}: {value}"
        own = [line.get_xydata() for line in ax.lines] + [
            path.vertices for some in ax.collections for path in some.get_paths()] + [
            some.get_offsets() for some in ax.collections]
        at = np.concatenate([np.asarray(part, float) for part in own if len(part)])
        near = np.abs(ax.transData.transform(at) - ax.transData.transform((x, y))).max(axis=1)
        assert np.nanmin(near) < 0.5 or words.startswith("Gap"), (words, x, y)
    rows = list(csv.DictReader(io.StringIO(data)))
    assert {row["name"] for row in rows} >= {one[3] for one in placed}
    assert all(row["printed"] for row in rows)


def test_a_gap_of_the_story_stands_between_its_lines():
    gaps = {words: (x, y, str(value)) for _, x, y, words, value in points_of("story")
            if words.startswith("Gap")}
    assert gaps == {"Gap, 2021": (2021, (90.9 + 76.6) / 2, "14.3 points"),
                    "Gap, 2023": (2023, (92.9 + 89.0) / 2, "3.9 points")}


@pytest.mark.parametrize("name", FIGURES)
def test_the_colours_of_a_figure_stand_out_from_light_and_dark_pages(name):
    """But for the faint lines and the plates under texts; greys follow ink and paper."""
    drawn = set(re.findall(r"(?:fill|stroke): (#\w{6})", svg(figure_of(name))))
    screen = {"#ffffff": ("#ffffff", "#16181a"), "#000000": ("#000000", "#e6e3dc"),
              **figure_of(name).study["screen"]}
    for colour in drawn - {"#ffffff", style.PALE.lower()}:
        grey = colour[1:3] == colour[3:5] == colour[5:]
        assert grey or colour in screen, colour
        light, dark = screen.get(colour, (colour, None))
        assert drawings.contrast(light, "#ffffff") >= 3, colour
        assert not dark or drawings.contrast(dark, "#16181a") >= 3.5, colour


def test_states_differ_on_dark_pages_too():
    darks = [style.SCREEN[look["color"].lower()][1] for look in charts.COUNTRIES.values()]
    assert len(set(darks)) == len(charts.COUNTRIES) == 5
    for one, other in combinations(darks, 2):
        assert max(abs(a - b) for a, b in zip(drawings.rgb(one), drawings.rgb(other))) > 60


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
    figure.savefig(stream, dpi=63.5)                  # 390 px wide
    after = [ax.get_position().bounds for ax in figure.axes]
    assert np.allclose(after, before, atol=0.03)      # letters are a hair wider or narrower
    grey = np.asarray(Image.open(stream).convert("L"))
    assert grey.shape[1] in (389, 390, 391)
    assert min(grey[0].min(), grey[-1].min(), grey[:, 0].min(), grey[:, -1].min()) > 250


@pytest.mark.parametrize("name", sorted(FIGURES.keys() - {"timeline"}))  # wider than it
def test_a_finished_figure_is_laid_out(name):
    figure = FIGURES[name]()  # no other test's: they save it
    assert not figure.stale
    before = [ax.get_position().bounds for ax in figure.axes]
    figure.get_layout_engine().execute(figure)
    assert np.allclose(before, [ax.get_position().bounds for ax in figure.axes], atol=0.001)


@pytest.mark.parametrize("name", FIGURES)
def test_the_face_of_figures_is_that_of_the_text(name):
    for text in figure_of(name).findobj(Text):
        assert text.get_fontfamily()[0] == "STIXGeneral", text.get_text()


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
        for figure in ("against_world", "against_world, five", "story", "ranks", "panels"):
            ax = figure_of(figure).axes[-1 if figure == "story" else 0]
            assert country(ax, code)
            assert {line.get_marker() for line in country(ax, code, marker=True)} == {
                charts.COUNTRIES[code]["marker"]}


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
        assert plt.rcParams["figure.figsize"][0] == pytest.approx(style.WIDTH, abs=.001)
        assert plt.rcParams["font.size"] == 9
        cycle = plt.rcParams["axes.prop_cycle"].by_key()["color"]
    assert [colors.to_hex("#" + colour.strip("#")) for colour in cycle] == [
        look["color"].lower() for look in charts.COUNTRIES.values()]


def test_the_worked_cell_that_changes_a_figure_runs(real, cell):
    """The cell of CONTRIBUTING.md: what it sets is drawn, and the rows stay."""
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    code, = re.findall(r"```python\n(drawing = .+?)```", page, re.S)
    chapter = json.loads((ROOT / "notebooks" / "02-kazakhstan.ipynb").read_text(encoding="utf-8"))
    block = ["".join(one["source"]) for one in chapter["cells"] if one["cell_type"] == "code"
             and set(one["metadata"].get("tags", [])) <= {"parameters", "site"}]
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


def test_shares_stand_on_an_axis_to_100_and_counts_on_one_from_0():
    for ax in (figure_of("against_world").axes[0], figure_of("story").axes[0],
               figure_of("attention").axes[0], figure_of("panels").axes[0]):
        assert ax.get_ylim() == (0, 100) and list(ax.get_yticks()) == [0, 25, 50, 75, 100]
    servers = figure_of("panels").axes[1]                              # per million people
    assert servers.get_ylim()[0] == 0 and list(servers.get_yticks()) == [0, 20, 40, 60, 80, 100]


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
    assert "Kazakhstan 93.4 (2024)" in said and "Uzbekistan 89.0 (2023)" in said
    assert "World median 50 (2023)" in said
    together = words(charts.against_world(TWO[TWO["year"] <= 2023]))
    assert "Kazakhstan 92.9 |" in together and "Uzbekistan 89.0 |" in together  # one year: the axis


def end_labels(figure):
    figure.draw_without_rendering()
    return {text.get_text().partition(" ")[0]: text for text in figure.axes[0].texts
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
    assert "taken as modelled (Tajikistan 2010–2017)" in figure.study["note"]


def test_step_is_dotted_into_and_said():
    figure = figure_of("against_world")
    ways = {tuple(line.get_xdata()): line.get_linewidth() for line in
            country(figure.axes[0], "UZB")}
    assert ways == {(2015, 2016, 2017, 2018): 1.5, (2018, 2019): 1.0,
                    (2019, 2020, 2021, 2022, 2023): 1.5}
    assert "step in the series (Uzbekistan 2019)" in figure.study["note"]


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
    assert figure.study["note"] == ""


def test_alt_text_and_rows_come_from_the_same_data():
    study = figure_of("against_world").study
    for value in ("70.8 % in 2015", "93.4 % in 2024", "89.0 % in 2023",
                  "World median: 50.0 % in 2015"):
        assert value in study["alt"]
    assert "KAZ/2024/internet_use/gapminder_internet_users" in study["rows"]
    assert len(study["rows"]) == len(TWO) and study["sources"] == ["gapminder_internet_users"]


def test_the_source_line_counts_many_publishers_and_names_few(real):
    surveys = style.source_line(["undesa_egdi_2008", "undesa_egdi_2024"])
    assert surveys == "Source: UN DESA, 2008–2024."
    two = style.source_line(["undesa_egdi_2024", "gapminder_internet_users"])
    assert two == "Sources: UN DESA, 2024; Gapminder, 2026, from World Bank WDI and ITU."
    assert style.source_line(list("abcde")) == "Sources: a; b; c; d; e."
    assert style.source_line(list("abcdef")) == "Sources: 6 publishers, listed in the references."


def test_panels_share_years_and_have_their_own_unit():
    one, other = figure_of("panels").axes
    assert one.get_xlim() == other.get_xlim()
    assert [ax.get_title(loc="left") for ax in (one, other)] == [
        "Internet use, % of people", "Servers, per million people"]
    assert list(one.get_yticks()) != list(other.get_yticks())
    assert one.get_position().x1 < other.get_position().x0         # side by side


def test_panels_begin_where_a_line_leaves_zero_and_end_above_it():
    early = lines({"KAZ": [0, 0, 0.02, 0.5, 40, 171], "UZB": [0, 0, 0.01, 0.1, 9, 80]}, "cards")
    figure = charts.panels({"Cards": early})
    ax, = figure.axes
    kaz = country(ax, "KAZ")[0]
    assert list(kaz.get_xdata()) == [2018, 2019, 2020]      # 0.5 of 171 lies on the axis
    assert ax.get_ylim() == (0, 200) and list(ax.get_yticks()) == [0, 50, 100, 150, 200]
    assert "KAZ/2016/internet_use/gapminder_internet_users" not in figure.study["rows"]
    assert "Cards, 2018 to 2020" in figure.study["alt"]
    assert chart_lines.first_visible_year(pd.DataFrame(
        {"year": [2017, 2018, 2019], "value": [0.02, 2, 171]})) == 2017  # 2 of 171 stands above it


def test_a_frame_without_two_years_has_no_panel_and_the_figure_says_so():
    figure = charts.panels({"Lines": TWO, "Cards": TWO[TWO["year"] == 2020]})
    assert len(figure.axes) == 1 and figure.axes[0].get_title(loc="left") == "Lines"
    for said in (figure.study["alt"], figure.study["note"]):
        assert "Not drawn, no two years with a value: Cards." in said


@pytest.mark.parametrize("years, ticks", [
    (range(2008, 2025, 2), range(2008, 2025, 2)),
    (range(2000, 2024), range(2003, 2024, 4)),
    ([2003, 2004, 2005, *range(2008, 2025, 2)], range(2004, 2025, 4)),
    ([1990, *range(1998, 2024)], range(1991, 2024, 4)),
    ([2019, 2020], [2019, 2020])])
def test_year_ticks_are_regular_and_end_with_the_last_year(years, ticks):
    ax = style.new_figure(2)[1]
    style.year_ticks(ax, years)
    assert list(ax.get_xticks()) == list(ticks)


def test_ranks_have_a_panel_an_indicator_and_the_first_at_the_top():
    figure = figure_of("ranks")
    assert [ax.get_title(loc="left") for ax in figure.axes] == [
        "EGDI", "Online services", "Infrastructure", "Human capital", "E-participation"]
    for ax in figure.axes:
        assert ax.get_ylim() == (193, 1) and set(ax.get_xticks()) <= set(RANKS["year"])
    ax = figure.axes[0]
    assert list(country(ax, "KAZ")[0].get_ydata()) == [81, 46, 38, 28, 33, 39, 29, 28, 24]
    assert list(country(ax, "UZB")[0].get_ydata()) == [121, 86, 78, 68, 73, 79, 69, 68, 64]
    assert "Kazakhstan\n24" in words(figure) and "Uzbekistan\n64" in words(figure)
    assert "E-participation, Kazakhstan: 98th in 2008, 18th in 2010, 3rd in 2012" \
        in figure.study["alt"]
    assert "place" not in words(figure)


def test_a_single_country_has_its_ranks_too():
    figure = charts.ranks(RANKS[(RANKS["country"] == "UZB")].drop(columns="name").head(9))
    assert len(figure.axes) == 1 and country(figure.axes[0], "UZB") and "UZB\n64" in words(figure)


def test_story_marks_the_gaps_and_leads_the_printed_shares_back_to_their_year():
    figure = figure_of("story")
    whole, near = figure.axes
    for code, share in (("KAZ", 90.9), ("UZB", 76.6)):
        (open_one,) = [line for line in country(near, code, marker=True)
                       if line.get_markerfacecolor() == "white" and len(line.get_xdata()) == 1]
        assert open_one.get_xydata().tolist() == [[2023, share]]
        (arrow,) = [text for text in near.texts if text.arrow_patch and not text.get_text()
                    and text.xy[1] == share]
        assert (arrow.xyann, arrow.xy) == ((2023, share), (2021, share))
    assert list(whole.lines[0].get_xdata()) == list(range(2015, 2024))
    assert set(country(near, "KAZ")[0].get_xdata()) == {2020, 2021, 2022, 2023}
    assert near.get_ylim() == (70, 100) and near.get_yticks()[-1] == 100
    said = words(figure).replace("\n", " ")
    for text in ("gap 14.3 points", "gap 3.9 points", "printed for 2023: 90.9",
                 "printed for 2023: 76.6", "Kazakhstan 92.9", "Uzbekistan 89.0"):
        assert text in said, text
    assert {text.get_text() for text in whole.texts} == {"Kazakhstan", "Uzbekistan"}
    assert "KAZ/2023/article:kaz-internet-share/article_2023" in figure.study["rows"]
    assert "UZB/2021/internet_use/gapminder_internet_users" in figure.study["rows"]
    assert "The gap is 14.3" in figure.study["alt"]


def test_story_takes_any_two_countries_and_a_year_without_a_value():
    rows = lines({"TKM": [5, 9, 14], "FRA": [80, 85, 88]}, start=2019)
    figure = charts.story(rows.assign(name=rows["country"]), {}, belongs=2020, stated=2023)
    assert "gap 76" in words(figure) and "in 2023" not in figure.study["alt"]
    with pytest.raises(ValueError, match="story: a share is printed of UZB, which has no rows"):
        charts.story(rows, {"UZB": SHARES_PRINTED["UZB"]}, 2020, 2021)


def test_gap_has_a_panel_a_metric_with_its_greatest_and_its_last_value():
    figure = figure_of("gap_metrics")
    points, years = figure.axes
    assert [ax.get_title(loc="left") for ax in figure.axes] == ["Points", "Years"]
    assert list(points.lines[0].get_ydata()) == [23, 12, 15, 14, 8, 4]
    assert list(years.lines[0].get_xdata()) == [2019, 2020, 2021, 2022, 2023]   # one is unknown
    assert [text.get_text() for text in years.texts] == ["6.0 in 2021", "2.0\nin 2023"]
    last = years.texts[1]
    assert last.get_position()[0] > 1               # beside the axes: never on the zero line
    for ax in (points, years):
        ticks, (low, high) = ax.get_yticks(), ax.get_ylim()
        assert any(set(line.get_ydata()) == {0} for line in ax.lines)
        assert (low, high) == (ticks[0], ticks[-1]) and len(set(np.diff(ticks))) == 1
    assert points.get_ylim()[0] == 0
    assert figure.study["note"].startswith("Above zero Kazakhstan is ahead, below it Uzbekistan.")
    assert "−1.0 years in 2020" in figure.study["alt"] and len(figure.study["rows"]) == 6
    nothing = charts.gap_metrics(GAP.head(1), *PAIR)
    assert nothing.study["alt"] == "Nothing to draw: no metric of the gap has two years."


def test_attention_has_the_members_share_and_a_mark_a_statement():
    figure = figure_of("attention")
    above, below = figure.axes
    assert list(above.lines[0].get_ydata()) == [16, 23, 24, 29]
    marks = {(code, line.get_markerfacecolor() == "white"): list(line.get_xdata())
             for code in ("KAZ", "UZB") for line in country(below, code, marker=True)}
    assert marks == {("KAZ", False): [2016, 2017, 2018], ("KAZ", True): [2015],
                     ("UZB", False): [2017], ("UZB", True): [2015, 2016]}     # none in 2018
    assert [label.get_text() for label in below.get_yticklabels()] == ["Kazakhstan", "Uzbekistan"]
    assert "Kazakhstan: with a digital word in 2016, 2017, 2018." in figure.study["alt"]
    assert "UN193/2015/debate_digital/u#190" in figure.study["rows"]


def test_shares_of_statements_are_counted_by_year(real):
    shares = dd.speeches.statement_shares(dd.pick("debate_digital")).set_index("year")
    rate = dd.speeches.world_rate(dd.pick("debate_digital"), dd.pick("debate_words"), 2024)
    assert float(shares["value"][2024]) == float(rate["Share"])
    assert shares["value"][2024].rows == rate["Share"].rows and shares["n"][2024] > 180


def test_gap_lines_are_the_data_around_zero_and_told_apart_in_grey():
    figure = figure_of("gap_lines")
    ax = figure.axes[0]
    measures = [line for line in ax.lines if len(line.get_xdata()) == 6]
    assert list(measures[2].get_ydata()) == [1.12, -0.31, 0.28, 0.28, 0.76, 0.54]
    assert any(set(line.get_ydata()) == {0} for line in ax.lines)
    assert len({line.get_linestyle() + str(line._dash_pattern) for line in measures}) == 3
    assert len({line.get_marker() for line in measures}) == 3
    assert "E-participation 0.540" in words(figure)
    for colour, _, dashes in chart_lines.MEASURE_LOOKS:
        assert style.luminance(colour) < 0.2        # none is pale,
        assert dashes == "" or max(dashes) >= 3     # and none dotted like the uprights
    ticks = ax.get_yticks()
    assert ax.get_ylim() == (ticks[0], ticks[-1]) and ticks[-1] > 1.36 and ticks[0] < -0.31
    with pytest.raises(ValueError, match="gap_lines: 6 measures; five"):
        many = [SD_GAPS.assign(indicator=f"part_{i}") for i in range(6)]
        charts.gap_lines(pd.concat(many), *PAIR)


def test_a_jump_of_the_world_is_drawn_before_its_survey_and_said():
    figure = figure_of("gap_lines, breaks")
    uprights = [line for line in figure.axes[0].lines if line.get_linestyle() == ":"
                and len(set(line.get_xdata())) == 1]
    assert [line.get_xdata()[0] for line in uprights] == [2021.5]
    assert uprights[0].get_linewidth() < 0.7
    assert "2022 e-participation" in figure.study["note"]
    assert "2022 e-participation" in figure.study["alt"]


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
    assert shown == ["Social", "Security", "Water", "Ceremony"]  # the lowest of each column


# ------------------------------------------------------------------ time

def test_timeline_draws_each_event_at_its_date_and_earlier_is_higher():
    figure = figure_of("timeline")
    ax = figure.axes[0]
    (kaz,), (uzb, advice) = country(ax, "KAZ", marker=True), country(ax, "UZB", marker=True)
    assert [len(some.get_ydata()) for some in (kaz, uzb, advice)] == [4, 2, 2]
    assert uzb.get_markerfacecolor() == "white" != advice.get_markerfacecolor()
    assert kaz.get_xdata()[0] < 0.5 < uzb.get_xdata()[0]
    ax = charts.timeline(MILESTONES.sort_values("country", ascending=False)).axes[0]
    assert country(ax, "UZB", marker=True)[0].get_xdata()[0] < 0.5  # the caller's order
    assert ax.yaxis_inverted() and kaz.get_ydata()[0] == pytest.approx(2001.2, abs=.02)
    assert "5 Apr 2018: Decree UP-5400 on the foreign ministry (2)" in words(figure)
    assert "Filled: bears on the recommendation" in figure.study["note"]
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
    assert "Kazakhstan 810 in 8" in figure.study["note"]
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
    assert "Not estimable: Sport." in figure.study["note"]
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


def test_every_claim_is_one_square_with_its_verdict_and_group():
    ax = figure_of("verdicts").axes[0]
    weighed = LEDGER[LEDGER["apart"] == ""]
    groups = [name for name in ledger.KINDS if name in set(weighed["group"])]
    assert [head.get_text().replace("\n", " ") for head in ax.get_xticklabels()] == groups
    lines = dict(enumerate(verdicts.MEANING))
    drawn_at = [(lines[np.searchsorted(ax.get_yticks(), y, "right") - 1], some.get_fillstyle(),
                 np.searchsorted(ax.get_xticks(), x), x, y)
                for some in squares(ax) for x, y in some.get_xydata()]
    assert len({(x, y) for *_, x, y in drawn_at}) == len(drawn_at) == len(weighed)
    for verdict in verdicts.MEANING:
        for place, group in enumerate(groups, 1):
            for central, filled in ((True, "full"), (False, "none")):
                own = weighed[(weighed["verdict"] == verdict) & (weighed["group"] == group)
                              & (weighed["central"].map(bool) == central)]
                assert sum(one[:3] == (verdict, filled, place) for one in drawn_at) == len(own)


def test_groups_of_kinds_stand_in_the_order_of_the_ledger():
    heads = [head.get_text() for head in charts.verdicts(BY_GROUP).axes[0].get_xticklabels()]
    assert heads == ["Numbers and counts", "Existence"]


def test_what_the_article_gets_right_stands_first_and_every_verdict_has_its_count():
    figure = figure_of("verdicts")
    labels = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    weighed = LEDGER[LEDGER["apart"] == ""]
    assert [" ".join(label.split()) for label in labels] == [
        f"{name}: {len(group)}, central {sum(map(bool, group['central']))}"
        for name in verdicts.MEANING for group in [weighed[weighed["verdict"] == name]]]
    right = (weighed["verdict"] == "reproduced").sum()
    assert f"One square a claim, {len(weighed)} in all: reproduced {right}, " in figure.study["alt"]
    n = (LEDGER["apart"] != "").sum()
    assert f"Notices, self-evident counts and premises, left out: {n}." in figure.study["note"]
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


def test_the_ledgers_figure_rests_on_the_claims_that_it_draws():
    """What a claim rests on is in its entry; one that stands apart is not drawn."""
    study, claims = figure_of("verdicts, few").study, ledger_rows.frame()
    assert {row.split("/")[2] for row in study["rows"]} == {
        f"claims:{name}" for name in claims[claims["apart"] == ""]["id"]}
    assert study["sources"] == ["article_2023"]
    bare = charts.verdicts(claims[["group", "verdict", "central", "apart"]])
    assert bare.study["rows"] == [] and bare.study["sources"] == []


def test_standing_has_two_states_in_colour_and_three_in_grey_with_their_ranks():
    figure = figure_of("standing")
    ax = figure.axes[0]
    assert [label.get_text() for label in ax.get_yticklabels()] == [
        "EGDI", "Internet use", "Fixed broadband"]
    (kaz,), (uzb,) = country(ax, "KAZ", marker=True), country(ax, "UZB", marker=True)
    assert list(kaz.get_xdata()) == [28, 34, 87] and list(uzb.get_xdata()) == [69, 52, 61]
    greys = [line for shade in dots.SHADES for line in drawn(ax, shade, marker=True)]
    assert [line.get_label() for line in greys] == ["Kyrgyzstan", "Tajikistan", "Turkmenistan"]
    assert len({line.get_marker() for line in (kaz, uzb, *greys)}) == 5
    left, right = ax.get_xlim()
    assert left < 1 < 193 < right and list(ax.get_xticks()) == [1, 50, 100, 150, 193]
    assert [text.get_text() for text in ax.texts] == ["28", "34", "87", "69", "52", "61"]
    assert figure.study["note"].startswith(
        "Right: ranks of Kazakhstan and Uzbekistan. Among the states with a value, 182 to 193. "
        "Year: 2022, except Internet use 2019.")
    assert len(figure.study["rows"]) == 14


def ranked(rows):
    """Rows (country, indicator, rank or None, year) as `world_ranks` gives them."""
    frame = pd.DataFrame(rows, columns=["country", "indicator", "value", "year"])
    return frame.assign(name=frame["country"].map(NAMES), n=180)


def test_a_row_of_ranks_has_its_usual_year_and_names_each_exception_and_what_is_lost():
    figure = charts.standing(ranked([
        *((code, "egdi", rank, 2022) for code, rank in zip(FIVE, (28, 69, 81, 129, 137))),
        *((code, "internet_use", rank, 2023) for code, rank in zip(FIVE, (34, 52, 56, 137, None))),
        *((code, "fixed_broadband", rank, 2022)
          for code, rank in zip(FIVE[:4], (87, 61, 118, 181))),
        ("TKM", "fixed_broadband", 119, 2021)]), notes=["Counted by hand."])
    assert ("Year: 2022, except Internet use 2023; Fixed broadband 2021 for Turkmenistan. "
            "Without a value: Internet use, Turkmenistan. Counted by hand.") in figure.study["note"]


def test_marks_of_a_row_that_would_touch_stand_apart():
    figure = charts.standing(ranked([
        ("KAZ", "egdi", 64, 2022), ("UZB", "egdi", 120, 2022), ("KGZ", "egdi", 119, 2022),
        ("TJK", "egdi", 62, 2022), ("TKM", "egdi", 143, 2022)]))
    down = {line.get_label(): line.get_ydata()[0] for line in figure.axes[0].lines}
    assert down == {"Kazakhstan": 0, "Uzbekistan": 0, "Kyrgyzstan": -0.36, "Tajikistan": -0.36,
                    "Turkmenistan": 0}


def test_what_is_drawn_and_what_is_written_stand_on_one_line():
    figure = figure_of("drawn_and_written")
    ax = figure.axes[0]
    assert ax.get_xscale() == "log"
    assert [label.get_text() for label in ax.get_yticklabels()] == [
        "Kazakhstan, Facebook", "Uzbekistan, Instagram", "Uzbekistan, Twitter"]
    marks = {(float(x), int(y)): line.get_markerfacecolor() == "white"
             for line in ax.lines for x, y in line.get_xydata()}
    assert marks == {(26430, 0): True, (2300000, 0): False, (1845000, 0): False,
                     (2185000, 0): False, (3128, 1): True, (4200000, 1): False, (148700, 2): False}
    ends = [segment[:, 0].tolist() for part in ax.collections for segment in part.get_segments()]
    assert [26430, 2300000] in ends and [1845000, 2185000] in ends and [3128, 4200000] in ends
    said = words(figure)
    for text in ("26,430", "2,300,000", "148,700", "drawn", "written", "audience, Aug 2018"):
        assert text in said or text == "2,300,000" and "2.3 million" in said, text
    assert figure.study["note"].startswith("Without a number: Uzbekistan, Twitter (drawn).")
    assert "UZB/2023/article:figure-5-instagram/article_2023" in figure.study["rows"]
    assert len(figure.study["rows"]) == 7


def test_only_what_is_drawn_and_written_is_joined():
    beyond = WRITTEN.iloc[[0, 1, 2]].assign(value=[10, 100, 1000])
    (ax,) = charts.drawn_and_written(beyond).axes
    (line,) = [segment[:, 0].tolist() for part in ax.collections
               for segment in part.get_segments() if segment[0, 0] != segment[1, 0]]
    assert line == [10, 100]


def signs_of(ax):
    return {(int(x), int(y)): (line.get_marker(), line.get_markerfacecolor())
            for line in ax.lines for x, y in line.get_xydata()}


def test_a_matrix_has_a_panel_a_metric_and_a_sign_for_each_base_year():
    axes = figure_of("turns").axes
    assert [ax.get_title(loc="left") for ax in axes] == [
        "standard deviations", "ranks", "log odds or log ratio"]
    assert sum(len(signs_of(ax)) for ax in axes) == len(TURNS)
    assert [label.get_text() for label in axes[0].get_yticklabels()] == [
        "Infrastructure, to 2024", "Online services, to 2024"]
    assert [label.get_text() for label in axes[0].get_xticklabels()] == ["2010", "2014", "2018"]
    for ax in axes:
        signs = signs_of(ax)
        assert signs[0, 0] == ("v", style.INK) and signs[5, 0] == ("^", "white")
        assert [signs[column, 1][0] for column in range(6)] == ["^", "x", "_", "v", ".", "^"]


def test_a_matrix_is_put_in_words():
    alt = figure_of("turns").study["alt"]
    assert "Infrastructure, ranks: narrower since 2010, 2012, 2014, 2016, 2018" in alt
    assert "the lead changed hands since 2012" in alt and "not estimable since 2018" in alt
    assert len(figure_of("turns").study["rows"]) == 14


def test_a_matrix_leaves_a_year_without_a_survey_empty_and_refuses_other_states():
    some = charts.turns(TURNS[(TURNS["indicator"] == "tii") | (TURNS["base"] > 2012)]).axes
    assert [len(signs_of(ax)) for ax in some] == [10, 10, 10]
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
    (lambda: charts.story(ALL_FIVE, {}, 2021, 2023), "draws 2 countries, the frame has KAZ"),
    (lambda: charts.standing(STANDING.drop(columns="value")), "has no column value"),
    (lambda: charts.drawn_and_written(WRITTEN.assign(what=range(len(WRITTEN)))), "kinds of number"),
    (lambda: charts.concepts(MATRIX.iloc[:0], []), "no rows or no columns"),
    (lambda: charts.verdicts(BY_GROUP.drop(columns="central")), "has no column central"),
    (lambda: charts.verdicts(BY_GROUP.assign(apart="notice")), "no claims with a verdict"),
    (lambda: charts.verdicts(BY_GROUP.assign(verdict="true")), "a verdict of reproduced, "),
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
    (lambda: charts.story(TWO[TWO["country"] == "KAZ"], {}, 2021, 2023), "only Kazakhstan has"),
    (lambda: charts.standing(STANDING.iloc[:0]), "no rows with a value"),
    (lambda: charts.drawn_and_written(WRITTEN.iloc[:0]), "no rows with a value"),
    (lambda: charts.attention(SPOKEN.iloc[:0], STATEMENTS), "no rows with a value"),
    (lambda: charts.timeline(MILESTONES.iloc[:0]), "no rows with a value"),
    (lambda: charts.verdicts(LEDGER.iloc[:0]), "no rows with a value"),
])
def test_a_figure_without_data_says_why(draw, reason):
    figure = draw()
    assert figure.study["alt"].startswith(f"Nothing to draw: {reason}")
    assert " ".join(words(figure).split()) == figure.study["alt"]
    assert figure.study["words"] and figure.study["rows"] == []


# ------------------------------------------------------------------ labels apart

def test_labels_stand_apart_within_bounds_in_order():
    placed = style.apart([0, 1, 1, 9.8], [2, 2, 2, 2], 0, 10, gap=0.5)
    assert list(placed) == sorted(placed)
    assert (np.diff(placed) >= 2.5 - 1e-9).all() and placed[0] >= 1 and placed[-1] <= 9
    assert style.apart([1, 5], [1, 1]).tolist() == [1, 5]          # nothing moves without need


@pytest.mark.parametrize("code", ["COD", "VCT", "CAF"])
def test_a_long_name_leaves_the_axes_their_room(real, code):
    """Democratic Republic of the Congo: three panels had collapsed to nothing, with a warning."""
    rows = pd.concat([dd.indicators.ranks(dd.pick(part), code) for part in ("egdi", "osi", "tii")])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = charts.ranks(rows)
        figure.draw_without_rendering()
    assert all(ax.get_window_extent().width > 40 for ax in figure.axes)


def test_a_legend_of_long_names_stands_in_several_lines(real):
    codes = ["COD", "VCT", "CAF", "TTO", "STP"]
    figure = charts.standing(dd.indicators.world_ranks({"egdi": dd.pick("egdi")}, codes, 2023))
    figure.draw_without_rendering()
    box = figure.legends[0].get_window_extent()
    assert box.x0 >= 0 and box.x1 <= figure.bbox.x1
