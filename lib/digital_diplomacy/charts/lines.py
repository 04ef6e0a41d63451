"""Lines over years: countries against the world, ranks, gaps, time distance, a printed share."""

from itertools import groupby, pairwise
from textwrap import fill

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib import pyplot as plt

from ..data import MEMBERS
from ..indicators import rows_of
from ..speeches.agreement import TENTATIVE
from .style import (
    GIVEN,
    GREY,
    INK,
    LIMIT,
    PALE,
    WIDTH,
    by_country,
    checked,
    country_styles,
    darkened,
    finish,
    in_style,
    labels_beside,
    measure_label,
    new_figure,
    three_rows,
    with_unit,
    without_unit,
    year_ticks,
)

# What is known of a stretch of a line: dashes of an uncertain one, and the words that explain it.
UNCERTAIN = {
    "modelled": ((0, (3.5, 2)), "Open markers, thin dashes: taken as modelled"),
    "step": ((0, (1, 1.4)), "Open marker after a dotted rise: step in the series"),
}
MEASURE_LOOKS = (("#0F0F0F", "o", ""), ("#555555", "s", (5, 1.5)),
                 ("#7A7A7A", "^", (6, 1.5, 1, 1.5)), ("#A3A3A3", "D", (1.2, 1.2)),
                 ("#333333", "v", (1, 2)))


@in_style
def against_world(rows, world=None, ylabel=""):
    """Each country's line over the years on the world's median and quartile band.

    A stretch whose status says modelled is dashed with open markers, a step is dotted into an
    open marker; the last point carries name and value.

    rows: columns of `dd.pick`; world: year, low, median, high, n, rows of `dd.world`, or None.
    ValueError when there is no row or only one year.

    >>> import pandas as pd
    >>> rows = pd.DataFrame({"country": "KAZ", "name": "Kazakhstan", "year": [2022, 2023],
    ...                      "value": [92.3, 92.9]})
    >>> against_world(rows, ylabel="% of people").study["alt"]
    'Lines, 2022 to 2023, % of people. Kazakhstan: 92.3 in 2022, 92.9 in 2023.'
    """
    rows = checked(rows, "against_world", "country", "name", "year", "value", years=2)
    world = within(world, rows["year"])
    figure, ax = new_figure(3.3)
    draw_lines(ax, rows, rows["year"], world)
    ax.set_ylabel(ylabel)
    return finish(figure, f"Lines, {span(rows)}, {ylabel}. {first_and_last(rows, world)}",
                  [*rows_of(rows["value"]), *world_rows(world)], sources_in(rows, world),
                  line_notes([rows], [world]))


@in_style
def panels(frames, medians=None):
    """Small multiples of lines, one under the other, with common years and a unit each.

    frames: {"Fixed broadband, per 100 people": rows, ...}, the title carries the unit; one with
    fewer than two years has no panel, and a note says so; medians: {the same title: frame of
    `dd.world`}. Raises ValueError where there is no frame, or a median without one.
    """
    medians = medians or {}
    unknown = [title for title in medians if title not in frames]
    if not frames or unknown:
        raise ValueError(f"panels: no frame called {', '.join(unknown) or '(none given)'}")
    lines = {title: rows for title, rows in frames.items() if rows["year"].nunique() > 1}
    apart = [f"Not drawn, no two years with a value: {title}." for title in frames
             if title not in lines]
    frames = {title: checked(rows, f"panels, {title}", "country", "name", "year", "value",
                             years=2) for title, rows in (lines or frames).items()}
    years = pd.concat([rows["year"] for rows in frames.values()])
    medians = {title: within(medians.get(title), years) for title in frames}
    figure, axes = new_figure(0.6 + 1.75 * len(frames), len(frames))
    for ax, (title, rows) in zip(np.atleast_1d(axes), frames.items()):
        ax.set_title(title)
        draw_lines(ax, rows, years, medians[title])
        ax.set_ylabel("")
    alt = [f"{title}, {span(rows)}: {first_and_last(rows, medians[title])}"
           for title, rows in frames.items()]
    count = f"{len(frames)} panel{'s' if len(frames) > 1 else ''} of lines."
    return finish(figure, " ".join([count, *alt, *apart]),
                  [*rows_of(pd.concat([rows["value"] for rows in frames.values()])),
                   *world_rows(*medians.values())],
                  sources_in(*frames.values(), *medians.values()),
                  [*line_notes(frames.values(), medians.values()), *apart])


@in_style
def lags(rows, arrows, ylabel=""):
    """Two countries' lines and, at some levels, the years by which one reaches them later.

    rows: two countries, columns of `dd.pick`; arrows: level, start, end (decimal years at
    which each line crosses the level) and years (their distance), none where no level is crossed
    by both.
    """
    rows = checked(rows, "lags", "country", "name", "year", "value", years=2, countries=2)
    if len(arrows):
        arrows = checked(arrows, "lags, arrows", "level", "start", "end", "years")
    figure, ax = new_figure(3.2)
    draw_lines(ax, rows, rows["year"])
    first, last, alt = rows["year"].min(), rows["year"].max(), []
    for level, start, end, years in zip(*(arrows[key] for key in ("level", "start", "end",
                                                                  "years"))):
        ax.annotate("", (float(end), float(level)), (float(start), float(level)), arrowprops={
            "arrowstyle": "-|>", "color": INK, "linewidth": 0.9, "shrinkA": 0, "shrinkB": 0})
        by_axis = min(start, end) - first < 0.2 * (last - first)     # no room left of the arrow
        ax.annotate(f"{without_unit(years)} years",
                    (max(start, end) if by_axis else min(start, end), float(level)),
                    (6, -4) if by_axis else (-6, 3), textcoords="offset points", va="center",
                    ha="left" if by_axis else "right", fontsize=8.5)
        alt.append(f"{without_unit(level)} is reached in {float(start):.1f} and {float(end):.1f}, "
                   f"{without_unit(years)} years apart.")
    ax.set_ylabel(ylabel)
    return finish(figure, f"Lines, {span(rows)}, {ylabel}, with arrows for the distance in time. "
                  f"{first_and_last(rows)} {' '.join(alt)}",
                  rows_of([*rows["value"], *arrows["years"]]), sources_in(rows),
                  line_notes([rows], []))


@in_style
def ranks(rows):
    """Ranks of one country over the surveys, the first at the top, the last at the bottom.

    rows: country, year, indicator, value of `indicators.ranks`, frames of EGDI and its parts one
    under the other. The first indicator has the country's colour, the others are greys. Raises
    ValueError for several countries, one year only, or more than five indicators.
    """
    rows = checked(rows, "ranks", "country", "year", "indicator", "value", years=2, countries=1)
    colour = next(iter(country_styles(rows["country"]).values()))["color"]
    figure, ax = new_figure(3.5)
    alt = draw_measures(ax, "ranks", rows, first=(colour, "o", ""))
    ax.set_ylim(MEMBERS, 1)
    ax.set_yticks([1, 50, 100, 150, MEMBERS])
    ax.set_ylabel(f"rank among {MEMBERS} UN members")
    sns.despine(ax=ax, trim=True)
    name = rows["name"].iloc[0] if "name" in rows.columns else rows["country"].iloc[0]
    return finish(figure, f"Ranks of {name}, {span(rows)}, 1 at the top. {alt}",
                  rows_of(rows["value"]), sources_in(rows))


@in_style
def gap_lines(frame, ahead, behind, ylabel="gap in standard deviations", breaks=None):
    """Gaps of several measures by survey around a zero line, each labelled at its end.

    frame: year, value, indicator; ahead, behind: names of who leads above zero and below it;
    breaks: {year of a survey in which the world's median jumped: of what}, drawn as dotted uprights
    just before that survey. Raises ValueError for one survey only, or more than five measures.
    """
    breaks = breaks or {}
    frame = checked(frame, "gap_lines", "year", "value", "indicator", years=2)
    figure, ax = new_figure(3.2)
    alt = draw_measures(ax, "gap_lines", frame)
    ax.axhline(0, color=INK, linewidth=0.9)
    for year in breaks:
        ax.axvline(year - 0.5, color=GREY, linewidth=0.9, linestyle=":", zorder=0)
    ax.set_ylabel(ylabel)
    sns.despine(ax=ax, trim=True)
    side = f"Above zero {ahead} is ahead, below zero {behind}."
    jumps = "; ".join(f"{year} {what}" for year, what in breaks.items())
    jumps = f"Dotted uprights, jumps of the world's median: {jumps}." if jumps else ""
    return finish(figure, f"Lines, {span(frame)}, {ylabel}. {side} {jumps} {alt}",
                  rows_of(frame["value"]), sources_in(frame), [side, jumps])


@in_style
def shares(rows, printed, stated=None, ylabel="% of population"):
    """A share as the article prints it against the source's series: which year has it?

    rows: one country, columns of `dd.pick`; printed: the article's Number, whose rounding interval
    is drawn; stated: the year that the article names. Filled points lie within the interval. Raises
    ValueError for several countries, or one year only.
    """
    rows = checked(rows, "shares", "country", "name", "year", "value", years=2, countries=1)
    low, high = float(printed.low), float(printed.high)
    values = rows["value"].astype(float)
    fits = (values >= low) & (values < high)
    middle = (low + high) / 2
    figure, ax = new_figure(2.9)
    ax.axhspan(low, high, color=PALE, linewidth=0)
    ax.axhline(middle, color=GREY, linewidth=1)
    draw_points(ax, rows[~fits], filled=False, markersize=5)
    draw_points(ax, rows[fits], markersize=7)
    colour = country_styles(rows["country"])[rows["country"].iloc[0]]["color"]
    for year, value, number in zip(rows["year"], values, rows["value"]):
        # under the point where the printed line would run through the label
        below = middle - 0.16 * np.ptp([*values, low]) < value < low
        ax.annotate(without_unit(number), (year, value), (0, -7 if below else 6), ha="center",
                    textcoords="offset points", va="top" if below else "bottom", fontsize=8.5,
                    color=darkened(colour))
    said, place = f"printed: {printed}", ""
    if stated:
        ax.plot(stated, middle, "x", color=INK, markersize=8, markeredgewidth=1.8)
        said, place = f"{said}\nfor {stated} (×)", f" for {stated}"
    ax.annotate(said, (1, middle), (6, 0), xycoords=("axes fraction", "data"), va="center",
                textcoords="offset points", fontsize=8.5)
    ax.margins(0.07, 0.1)
    ax.set_ylabel(ylabel)
    year_ticks(ax, [*rows["year"], *([stated] if stated else [])], most=7)
    sns.despine(ax=ax, trim=True)
    found = ", ".join(map(str, rows["year"][fits])) or "no year of the series"
    return finish(figure, f"Points, {rows['name'].iloc[0]}, {ylabel}: {by_year(rows)}. The article "
                  f"prints {printed}{place}; that is the value of {found}.",
                  rows_of(rows["value"]), sources_in(rows))


@in_style
def cutoffs(rows):
    """Alpha of each topic over all cut-offs of the second procedure, a panel a topic.

    rows: of `shares.alpha_by_cutoff`; a dot marks the cut-off that was fixed beforehand, a dashed
    line the limit below which the field allows no conclusion.
    """
    rows = rows.assign(cosine=rows["cutoff"] / 1000)
    grid = sns.relplot(rows, x="cosine", y="alpha", col="topic", col_wrap=3, kind="line",
                       color=INK, linewidth=1.1)
    grid.refline(y=TENTATIVE, **LIMIT)
    fixed = rows[rows["fixed"]].set_index("topic")
    for place, (topic, ax) in enumerate(grid.axes_dict.items()):
        ax.plot(fixed["cosine"][topic], fixed["alpha"][topic], "o", color=INK)
        ax.set_title(fill(topic, 18), fontsize=7.5, pad=3, fontweight="normal")
        ax.tick_params(labelsize=7.5, labelbottom=place >= len(grid.axes_dict) - 3)
    grid.set(xlabel="", ylabel="", ylim=(-0.25, 0.85))
    figure = grid.figure
    plt.close(figure)            # else pyplot shows it a second time at the end of a cell
    figure.set_size_inches(WIDTH, 0.5 + 1.05 * -(-len(grid.axes_dict) // 3))
    figure.set_layout_engine("constrained")
    figure.supylabel("Krippendorff’s alpha", fontsize=8.5)
    best = rows.groupby("topic", sort=False)["alpha"].max()
    alt = ", ".join(f"{topic} {fixed['alpha'][topic]:.2f} at {fixed['cosine'][topic]:g}, "
                    f"at most {best[topic]:.2f}" for topic in best.index)
    ids = list(dict.fromkeys(rows["row"]))
    return finish(figure, f"A panel a topic: alpha over the cut-offs from 0 to "
                  f"{rows['cosine'].max():g}, of {ids[0].rpartition('#')[2]} statements. {alt}. "
                  f"Dashed line at {TENTATIVE}.", ids, notes=[
                      "Across: the least cosine at which a sentence has the topic. Dot: the "
                      f"cut-off fixed beforehand. Dashed: {TENTATIVE}."])


def draw_lines(ax, rows, years, world=None):
    """Band and median of the world, the countries' lines, and at the end of each its last value.

    years: all that the axis shares.
    """
    if world is not None and len(world):
        draw_world(ax, world)
    known, uncertain = rows[kinds(rows) == "observed"], rows[kinds(rows) != "observed"]
    for kind, part in stretches(rows).groupby("kind"):
        look = by_country(rows, "dashes")
        if kind in UNCERTAIN:
            look |= {"linewidth": 1, "linestyle": UNCERTAIN[kind][0], "dashes": False}
        sns.lineplot(part, x="year", y="value", units="stretch", estimator=None, legend=False,
                     ax=ax, **look)
    draw_points(ax, known)
    draw_points(ax, uncertain, filled=False)
    year_ticks(ax, years)
    sns.despine(ax=ax, trim=True)
    label_ends(ax, rows, max(years), world)


def draw_world(ax, world):
    """The world's median as a dashed line, its middle half as a band."""
    sns.lineplot(three_rows(world, ["year"], "median", "low", "high"), x="year", y="value",
                 sort=False, color=GREY, linewidth=1.3, linestyle=(0, (2, 1)), ax=ax,
                 err_kws={"alpha": 0.21, "linewidth": 0}, **GIVEN)


def draw_points(ax, rows, filled=True, **look):
    """The markers of the countries' rows, filled or open."""
    if len(rows):
        look = {"markerfacecolor": "auto" if filled else "white", "zorder": 2.2, **look}
        sns.lineplot(rows.assign(value=rows["value"].astype(float)), x="year", y="value",
                     **by_country(rows, "markers"), dashes=False, linestyle="none", estimator=None,
                     markeredgecolor="auto", markeredgewidth=1, legend=False, ax=ax, **look)


def label_ends(ax, rows, last_year, world):
    """Name and last value of each line, with the years where one line ends before the axis does."""
    ends = [(row["year"], row["value"], row["name"], style["color"])
            for code, style in country_styles(rows["country"]).items()
            for row in [rows[rows["country"] == code].iloc[-1]]]
    if world is not None and len(world):
        ends.insert(0, (*world.iloc[-1][["year", "median"]], "World median", GREY))
    dated = any(year != last_year for year, *_ in ends)
    texts = [f"{name}\n{without_unit(value)}" + (f" ({int(year)})" if dated else "")
             for year, value, name, _ in ends]
    labels_beside(ax, 1.04, [(year, float(value)) for year, value, *_ in ends], texts,
                  [colour for *_, colour in ends])


def draw_measures(ax, name, rows, first=MEASURE_LOOKS[0]):
    """A line an indicator, the first in a look of its own; returns them in words.

    name: of the figure, for the ValueError where there are more than can be told apart.
    """
    rows = rows.assign(measure=[measure_label(one) for one in rows["indicator"]])
    measures = list(dict.fromkeys(rows["measure"]))
    looks = dict(zip(measures, [first, *MEASURE_LOOKS[1:]]))
    if len(measures) > len(looks):
        raise ValueError(f"{name}: {len(measures)} measures; five can be told apart")
    palette, markers, dashes = [dict(zip(measures, parts)) for parts in zip(*looks.values())]
    sns.lineplot(rows.assign(value=rows["value"].astype(float)), x="year", y="value",
                 hue="measure", palette=palette, style="measure", markers=markers, dashes=dashes,
                 size="measure", sizes=dict.fromkeys(measures, 1.3) | {measures[0]: 2},
                 estimator=None, markeredgecolor="auto", legend=False, ax=ax)
    year_ticks(ax, rows["year"])
    lines = dict(list(rows.groupby("measure", sort=False)))
    last = {one: line.iloc[-1] for one, line in lines.items()}
    labels_beside(ax, 1.04, [(row["year"], float(row["value"])) for row in last.values()],
                  [f"{one}\n{without_unit(row['value'])}" for one, row in last.items()],
                  palette.values())
    return " ".join(f"{one}: {by_year(line)}." for one, line in lines.items())


def within(world, years):
    """The world's rows of the years that are drawn: the axis ends with the countries' data."""
    return None if world is None else world[world["year"].between(min(years), max(years))]


def world_rows(*worlds):
    """Row ids of the world's years that are drawn, where the frames of `dd.world` name them."""
    return [row for world in worlds if world is not None for row in world.get("rows", ())]


def kinds(rows):
    """What is known of each row by its status: observed, modelled, or a step in the series."""
    status = rows["status"].astype(str) if "status" in rows.columns else pd.Series("", rows.index)
    return pd.Series(np.select([status.str.contains("model|interpolat"),
                                status.str.startswith("step")], ["modelled", "step"], "observed"),
                     rows.index)


def stretches(rows):
    """Each country's line cut where what is known of it changes, with its kind, as floats.

    The way to a row and from it is modelled where the row is; only the way to a step is a step. A
    row at which two stretches meet stands in both.
    """
    rows = rows.assign(value=rows["value"].astype(float), kind=kinds(rows))
    parts = [rows.head(0).assign(stretch=0)]
    for _, line in rows.groupby("country", sort=False):
        ways = ["modelled" if end != "step" and "modelled" in (start, end) else
                "step" if end == "step" else "observed" for start, end in pairwise(line["kind"])]
        start = 0
        for kind, run in groupby(ways):
            end = start + len(list(run))
            parts.append(line.iloc[start:end + 1].assign(kind=kind, stretch=len(parts)))
            start = end
    return pd.concat(parts, ignore_index=True)


def line_notes(frames, medians):
    """The lines under a figure that say what grey, dashes and open markers mean."""
    members = [n for world in medians if world is not None for n in world["n"]]
    lines = [f"Grey: median and middle half of the UN members with a value ({extent(members)})."] \
        if members else []
    for kind, (_, words) in UNCERTAIN.items():
        where = [f"{name} {extent(years, '–')}" for rows in frames
                 for name, years in rows[kinds(rows) == kind].groupby("name", sort=False)["year"]]
        if where:
            lines.append(f"{words} ({', '.join(dict.fromkeys(where))}).")
    return lines


def sources_in(*frames):
    """Source ids of the frames' `source` columns, where they have one."""
    return [source for frame in frames if frame is not None for source in frame.get("source", ())]


def extent(numbers, to=" to "):
    """The least and the greatest of whole numbers, or the one that they are.

    >>> extent([190, 171, 180]), extent([2019], "–")
    ('171 to 190', '2019')
    """
    low, high = int(min(numbers)), int(max(numbers))
    return str(low) if low == high else f"{low}{to}{high}"


def span(rows):
    """The first and the last year of some rows, "2008 to 2024"."""
    return extent(rows["year"])


def by_year(rows):
    """The values of one line in words, for alt text."""
    return ", ".join(f"{with_unit(value)} in {year}"
                     for year, value in zip(rows["year"], rows["value"]))


def first_and_last(rows, world=None):
    """First and last value of each line in words, for alt text."""
    lines = [line for _, line in rows.groupby("country", sort=False)]
    if world is not None and len(world):
        lines.append(world.assign(name="World median", value=world["median"]))
    return " ".join(f"{line['name'].iloc[0]}: {by_year(line.iloc[[0, -1]])}." for line in lines)
