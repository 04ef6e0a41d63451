"""Lines over years: countries against the world, ranks, gaps, printed shares, attention."""

from itertools import groupby, pairwise
from textwrap import fill

import numpy as np
import pandas as pd
import seaborn as sns

from footnoted.number import Number

from ..data import MEMBERS
from ..indicators import rows_of
from ..speeches.agreement import TENTATIVE
from .style import (
    GIVEN,
    GREY,
    INK,
    LIMIT,
    PALE,
    PLATE,
    SMALL,
    NothingToDrawError,
    by_country,
    by_year_of,
    checked,
    country_styles,
    darkened,
    end_at_ticks,
    extent,
    finish,
    in_style,
    labels_beside,
    measure_label,
    name_rows,
    new_figure,
    say_points,
    three_rows,
    value_axis,
    with_unit,
    without_unit,
    year_ticks,
)

# What is known of a stretch of a line: dashes of an uncertain one, and the words that explain it.
UNCERTAIN = {
    "modelled": ((0, (3.5, 2)), "Thin dashes: taken as modelled"),
    "step": ((0, (1, 1.4)), "Dotted: step in the series"),
}
ACROSS = 3                      # panels in a line
LINE = {"markersize": 3.2}      # of a line over years, where others have more room
MEASURE_LOOKS = (("#0F0F0F", "o", ""), ("#4F4F4F", "s", (4, 1.3)),
                 ("#757575", "^", (5, 1.3, 1, 1.3)), ("#757575", "D", (9, 1.6)),
                 ("#333333", "v", (3, 1, 1, 1, 1, 1)))


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
    figure, ax = new_figure(2.5)
    draw_lines(ax, rows, rows["year"], world, share="%" in ylabel)
    ax.set_ylabel(ylabel)
    return finish(figure, f"Lines, {', '.join(filter(None, [span(rows), ylabel]))}. "
                  f"{first_and_last(rows, world)}",
                  [*rows_of(rows["value"]), *world_rows(world)], sources_in(rows, world),
                  line_notes([rows], [world]))


@in_style
def panels(frames, medians=None):
    """Small multiples of lines, side by side, with common years and a unit each.

    The years begin where a line first leaves zero, as its axis shows it.

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
    first = min(map(first_visible_year, frames.values()))
    frames = {title: rows[rows["year"] >= first] for title, rows in frames.items()}
    years = pd.concat([rows["year"] for rows in frames.values()])
    medians = {title: within(medians.get(title), years) for title in frames}
    figure, axes = small_multiples(len(frames), 1.9)
    for ax, (title, rows) in zip(axes, frames.items()):
        ax.set_title(fill(title, 96 // min(len(frames), ACROSS)), linespacing=1)
        draw_lines(ax, rows, years, medians[title], share="%" in title, most=5, apart="\n")
    alt = [f"{title}, {span(rows)}: {first_and_last(rows, medians[title])}"
           for title, rows in frames.items()]
    count = f"{len(frames)} panel{'s' if len(frames) > 1 else ''} of lines."
    return finish(figure, " ".join([count, *alt, *apart]),
                  [*rows_of(pd.concat([rows["value"] for rows in frames.values()])),
                   *world_rows(*medians.values())],
                  sources_in(*frames.values(), *medians.values()),
                  [*line_notes(frames.values(), medians.values()), *apart])


def first_visible_year(rows):
    """The last year before a line leaves zero: before, it lies on the axis, under 1 % of its top.

    A line that never lies there is shown from its first year.

    >>> first_visible_year(pd.DataFrame({"year": [1990, 1994, 2000], "value": [0.0, 0.002, 9.1]}))
    1994
    """
    values = rows["value"].astype(float)
    seen = rows["year"][values.abs() > 0.01 * values.abs().max()]
    before = rows["year"][rows["year"] < min(seen, default=rows["year"].min())]
    return int(max(before, default=rows["year"].min()))


def small_multiples(count, height):
    """A figure and the axes of so many panels with common years, at most ACROSS in a line."""
    across = min(count, ACROSS)
    down = -(-count // across)
    figure, grid = new_figure(height * down, down, across, squeeze=False, sharex=True)
    for spare in grid.flat[count:]:
        spare.remove()
    for ax in grid.flat[:count]:
        ax.tick_params(labelbottom=True)
    return figure, list(grid.flat[:count])


@in_style
def story(rows, printed, belongs, stated):
    """Two countries' shares, the gap in two years, and a share printed for the wrong one of them.

    The left panel has all years; the right one is enlarged, with an open marker where a share is
    printed and an arrow back to the year whose value it is.

    rows: two countries, columns of `dd.pick`; printed: {country: the article's Number}; belongs,
    stated: the year that has the printed values, and the one for which they are printed. A year
    without a value has no gap. Raises ValueError for three countries, or a printed one of none of
    the rows.
    """
    rows = checked(rows, "story", "country", "name", "year", "value", years=2, countries=2)
    strangers = sorted(set(printed) - set(rows["country"]))
    if strangers:
        raise ValueError(f"story: a share is printed of {', '.join(strangers)}, which has no rows")
    wide = rows.pivot(index="year", columns="country", values="value").dropna()
    gaps = {year: abs(one - other) for year, (one, other) in zip(wide.index, wide.to_numpy())
            if year in (belongs, stated)}
    figure, (whole, near) = new_figure(2.5, 1, 2, width_ratios=(1.25, 1))
    first = min(belongs, stated) - 1
    recent = rows[rows["year"].between(first, stated)]
    for ax, own, most in ((whole, rows, 6), (near, recent, 4)):
        both = wide[wide.index.isin(own["year"])].astype(float)
        ax.fill_between(both.index, both.min(axis=1), both.max(axis=1), color=PALE, linewidth=0)
        draw_stretches(ax, own)
        say_points(ax, own["year"], own["value"], by_year_of(own), own["value"])
        year_ticks(ax, own["year"], most)
        value_axis(ax, own["value"], ax is whole)
    draw_points(near, recent)
    near.set(xlabel="", ylabel="")
    whole.set_ylabel("% of people")
    name_lines(whole, rows, wide)
    lowest = min(float(value) for value in [*recent["value"], *printed.values()])
    near.set_ylim(10 * (lowest // 10), 100)
    near.set_yticks(range(int(near.get_ylim()[0]), 101, 10))
    label_story(near, recent, printed, belongs, stated, gaps)
    for ax in (whole, near):
        sns.despine(ax=ax)
    said = [f"The gap is {with_unit(size)} in {year}." for year, size in gaps.items()] + [
        f"{rows['name'][rows['country'] == code].iloc[0]}: {share} is printed for {stated}, the "
        f"value of {belongs}." for code, share in printed.items()]
    return finish(figure, f"Lines, {span(rows)}, % of people. {first_and_last(rows)} "
                  f"{' '.join(said)}", rows_of([*rows["value"], *printed.values()]),
                  sources_in(rows), [
                      *line_notes([rows], []), f"Right: the lines since {first}, enlarged. Open "
                      f"markers: as printed for {stated}; arrows lead to {belongs}."])


def name_lines(ax, rows, wide):
    """The names of two lines where these are furthest apart, above the upper and below the lower.

    wide: their values, a row a year, a column a country; near the ends a name has no room.
    """
    wide = wide.astype(float).iloc[len(wide) // 3:max(len(wide) * 3 // 4, 1)]
    year = (wide.max(axis=1) - wide.min(axis=1)).idxmax()
    names = dict(zip(rows["country"], rows["name"]))
    for code, look in country_styles(rows["country"]).items():
        upper = wide.loc[year, code] == wide.loc[year].max()
        ax.annotate(names[code], (year, wide.loc[year, code]), (-5, 2) if upper else (5, -2),
                    textcoords="offset points", ha="right" if upper else "left",
                    va="bottom" if upper else "top", color=darkened(look["color"]))


def label_story(ax, rows, printed, belongs, stated, gaps):
    """The enlarged panel: printed shares, arrows to their year, the gaps, the ends of the lines."""
    looks = country_styles(rows["country"])
    last = rows[rows["year"] == rows["year"].max()]
    labels = [((row["year"], float(row["value"])), f"{row['name']} {without_unit(row['value'])}",
               looks[row["country"]]["color"]) for _, row in last.iterrows()]
    for code, share in printed.items():
        value, look = float(share), looks[code]
        ax.annotate("", (belongs, value), (stated, value), arrowprops={
            "arrowstyle": "-|>", "color": look["color"], "linewidth": 0.9,
            "linestyle": (0, (3, 2)), "shrinkA": 3, "shrinkB": 3})
        ax.plot(stated, value, look["marker"], color=look["color"], markerfacecolor="white",
                markersize=5.5, clip_on=False, zorder=4)
        name = rows["name"][rows["country"] == code].iloc[0]
        say_points(ax, [stated], [value], [f"{name}, printed for {stated}"], [share])
        labels.append(((stated, value), f"printed for {stated}: {without_unit(share)}",
                       look["color"]))
    for year, size in gaps.items():
        ends = sorted(float(value) for value in rows["value"][rows["year"] == year])
        ax.vlines(year, *ends, colors=INK, linewidth=0.9)
        say_points(ax, [year], [sum(ends) / 2], [f"Gap, {year}"], [size])
        if year == last["year"].iloc[0]:
            labels.append(((year, sum(ends) / 2), f"gap {without_unit(size)} points", INK))
        else:
            ax.annotate(f"gap {without_unit(size)}\npoints", (year, sum(ends) / 2), (-4, 0),
                        textcoords="offset points", ha="right", va="center", linespacing=1.1)
    labels_beside(ax, 1.05, *zip(*labels))


@in_style
def ranks(rows):
    """World ranks of countries over the surveys, a panel an indicator, the first at the top.

    rows: country, year, indicator, value of `indicators.ranks`, frames of several countries and
    indicators one under the other. Raises ValueError for more than five countries.
    """
    given, rows = rows, checked(rows, "ranks", "country", "year", "indicator", "value", years=2)
    if "name" not in rows.columns:
        rows = rows.assign(name=rows["country"])
    parts = {key: rows[rows["indicator"] == key] for key in dict.fromkeys(given["indicator"])
             if key in set(rows["indicator"])}
    figure, axes = small_multiples(len(parts), 2.1)
    for ax, (key, own) in zip(axes, parts.items()):
        ax.set_title(measure_label(key))
        draw_lines(ax, own, rows["year"], most=3, apart="\n")
        ax.set_ylim(MEMBERS, 1)
        ax.set_yticks([1, 50, 100, 150, MEMBERS])
    axes[0].set_ylabel("world rank")
    alt = " ".join(f"{measure_label(key)}, {name}: {by_year(line)}." for key, own in parts.items()
                   for name, line in own.groupby("name", sort=False))
    return finish(figure, f"Panels of lines, {span(rows)}, ranks, 1 at the top. {alt}",
                  rows_of(rows["value"]), sources_in(rows), line_notes([rows], []))


@in_style
def gap_metrics(gap, ahead, behind):
    """One gap over the years on several metrics, a panel each: its greatest and its last value.

    gap: a row a year, a column a metric, of Numbers or floats; ahead, behind: names of who leads
    above zero and below it. A year without a value has no point. NothingToDraw where no metric has
    two years.
    """
    metrics = {name: column.dropna() for name, column in gap.items()}
    metrics = {name: column for name, column in metrics.items() if len(column) > 1}
    if not metrics:
        raise NothingToDrawError("no metric of the gap has two years")
    figure, axes = small_multiples(len(metrics), 1.8)
    for ax, (name, column) in zip(axes, metrics.items()):
        values = column.astype(float)
        sns.lineplot(x=values.index, y=values.to_numpy(), color=INK, marker="o",
                     markeredgecolor="auto", ax=ax, **LINE)
        say_points(ax, values.index, values, [f"{name}, {year}" for year in values.index], column)
        ax.set(title=str(name), ylabel="")
        ax.grid(axis="y")
        end_at_ticks(ax, min(0, values.min()), 1.1 * max(0, values.max()))
        ax.axhline(0, color=INK, linewidth=0.8)
        top, last, start = values.idxmax(), values.index[-1], values.index[0]
        if top != last:
            ax.annotate(f"{without_unit(column[top])} in {top}", (top, values[top]), (0, 5),
                        textcoords="offset points", va="bottom", bbox=PLATE,
                        ha="left" if 4 * (top - start) < last - start else "center")
        labels_beside(ax, 1.04, [(last, values[last])],
                      [f"{without_unit(column[last])}\nin {last}"], [INK])
        year_ticks(ax, gap.index, most=4)
        sns.despine(ax=ax)
    side = f"Above zero {ahead} is ahead, below it {behind}."
    alt = " ".join(f"{name}: {by_year(pd.DataFrame({'year': column.index, 'value': column}))}."
                   for name, column in metrics.items())
    return finish(figure, f"Panels of lines. {side} {alt}",
                  rows_of([value for column in metrics.values() for value in column]),
                  notes=[side])


@in_style
def attention(shares, own):
    """Share of the members' statements with a digital word by year; below, the states' own.

    shares: year, value (%), of `speeches.statement_shares`; own: rows of `pick("debate_digital")`
    of some states. A filled mark is a statement with such a word, an open one a statement without,
    no mark no statement.
    """
    shares = checked(shares, "attention", "year", "value", years=2)
    own = checked(own, "attention", "country", "name", "year", "value")
    states = own.drop_duplicates("country")
    figure, (above, below) = new_figure(2.1 + 0.17 * len(states), 2, 1, sharex=True,
                                        height_ratios=(1.6, 0.17 * len(states)))
    values = shares["value"].astype(float)
    sns.lineplot(x=shares["year"], y=values, color=INK, marker="o", markeredgecolor="auto",
                 ax=above, **LINE)
    say_points(above, shares["year"], values,
               [f"All members, {year}" for year in shares["year"]], shares["value"])
    value_axis(above, values, share=True)
    above.set_ylabel("% of statements")
    last = shares.iloc[-1]
    labels_beside(above, 1.02, [(last["year"], float(last["value"]))],
                  [f"All members {without_unit(last['value'])}"], [INK])
    for row, (code, look) in enumerate(country_styles(own["country"]).items()):
        lines = own[own["country"] == code]
        said = lines["value"].astype(float) > 0
        say_points(below, lines["year"], [row] * len(lines), by_year_of(lines), lines["value"])
        for part, face in ((lines[said], look["color"]), (lines[~said], "white")):
            below.plot(part["year"], [row] * len(part), look["marker"], color=look["color"],
                       markerfacecolor=face, markersize=4.2, markeredgewidth=0.8)
    name_rows(below, states["name"])
    year_ticks(below, [*shares["year"], *own["year"]])
    sns.despine(ax=above)
    sns.despine(ax=below, left=True)
    alt = " ".join(f"{name}: with a digital word in {', '.join(map(str, lines['year'][said]))}."
                   for name, lines in own.groupby("name", sort=False)
                   for said in [lines["value"].astype(float) > 0])
    return finish(figure, f"Line, {span(shares)}, % of the members' statements: {by_year(shares)}. "
                  f"Below, a mark a statement. {alt}",
                  rows_of([*shares["value"], *own["value"]]), sources_in(own), [
                      "Filled: a statement with a digital word; open: one without; no mark: none "
                      "held."])


@in_style
def gap_lines(frame, ahead, behind, breaks=None):
    """Gaps of several measures by survey, in standard deviations, each labelled at its end.

    frame: year, value, indicator; ahead, behind: names of who leads above zero and below it;
    breaks: {year of a survey in which the world's median jumped: of what}, drawn as dotted uprights
    just before that survey. Raises ValueError for one survey only, or more than five measures.
    """
    breaks = breaks or {}
    frame = checked(frame, "gap_lines", "year", "value", "indicator", years=2)
    frame = frame.assign(measure=frame["indicator"].map(measure_label))
    lines = {measure: line for measure, line in frame.groupby("measure", sort=False)}
    if len(lines) > len(MEASURE_LOOKS):
        raise ValueError(f"gap_lines: {len(lines)} measures; five can be told apart")
    palette, markers, dashes = (dict(zip(lines, parts)) for parts in zip(*MEASURE_LOOKS))
    figure, ax = new_figure(2.4)
    sns.lineplot(frame.assign(value=frame["value"].astype(float)), x="year", y="value",
                 hue="measure", palette=palette, style="measure", markers=markers, dashes=dashes,
                 linewidth=1.3, estimator=None, markeredgecolor="auto", legend=False, ax=ax)
    for measure, line in lines.items():
        say_points(ax, line["year"], line["value"], [f"{measure}, {year}" for year in line["year"]],
                   line["value"])
    ends = {measure: line.iloc[-1] for measure, line in lines.items()}
    labels_beside(ax, 1.02, [(end["year"], float(end["value"])) for end in ends.values()],
                  [f"{measure} {without_unit(end['value'])}" for measure, end in ends.items()],
                  palette.values())
    year_ticks(ax, frame["year"])
    ax.grid(axis="y")
    values = frame["value"].astype(float)
    end_at_ticks(ax, min(0, values.min()), max(0, values.max()), most=8)
    ax.axhline(0, color=INK, linewidth=0.9)
    for year in breaks:
        ax.axvline(year - 0.5, color=GREY, linewidth=0.6, linestyle=":", zorder=0)
    ax.set_ylabel("gap in standard deviations")
    sns.despine(ax=ax)
    side = f"Above zero {ahead} is ahead, below zero {behind}."
    jumps = "; ".join(f"{year} {what}" for year, what in breaks.items())
    jumps = f"Dotted uprights, jumps of the world's median: {jumps}." if jumps else ""
    alt = " ".join(f"{measure}: {by_year(line)}." for measure, line in lines.items())
    return finish(figure, f"Lines, {span(frame)}, gap in standard deviations. {side} {jumps} {alt}",
                  rows_of(frame["value"]), sources_in(frame), [side, jumps])


@in_style
def cutoffs(rows):
    """Alpha of each topic over all cut-offs of the second procedure, a panel a topic.

    rows: of `shares.alpha_by_cutoff`; a dot marks the cut-off that was fixed beforehand, a dashed
    line the limit below which the field allows no conclusion.
    """
    rows = rows.assign(cosine=rows["cutoff"] / 1000)
    topics = rows.groupby("topic", sort=False)
    across, down = 5, -(-topics.ngroups // 5)
    figure, axes = new_figure(0.3 + 1.1 * down, down, across, sharex=True, sharey=True)
    fixed = rows[rows["fixed"]].set_index("topic")
    for place, (ax, (topic, own)) in enumerate(zip(axes.flat, topics)):
        sns.lineplot(own, x="cosine", y="alpha", estimator=None, color=INK, linewidth=1.1, ax=ax)
        ax.axhline(TENTATIVE, **LIMIT)
        ax.plot(fixed["cosine"][topic], fixed["alpha"][topic], "o", color=INK)
        say_points(ax, own["cosine"].where(own["fixed"]), own["alpha"],
                   [f"{topic}, cut-off {cosine:g}" for cosine in own["cosine"]],
                   [Number(alpha, rows=(row,)) for alpha, row in zip(own["alpha"], own["row"])])
        ax.set_title(fill(topic, 20), fontsize=SMALL, pad=3, fontweight="normal",
                     linespacing=1)
        ax.set(xlabel="", ylabel="", ylim=(-0.25, 0.85))
        ax.tick_params(labelbottom=place >= topics.ngroups - across)
    for ax in axes.flat[topics.ngroups:]:
        ax.remove()
    sns.despine(figure)
    figure.supylabel("Krippendorff’s alpha", fontsize=9)
    best = rows.groupby("topic", sort=False)["alpha"].max()
    alt = ", ".join(f"{topic} {fixed['alpha'][topic]:.2f} at {fixed['cosine'][topic]:g}, "
                    f"at most {best[topic]:.2f}" for topic in best.index)
    ids = list(dict.fromkeys(rows["row"]))
    return finish(figure, f"A panel a topic: alpha over the cut-offs from 0 to "
                  f"{rows['cosine'].max():g}, of {ids[0].rpartition('#')[2]} statements. {alt}. "
                  f"Dashed line at {TENTATIVE}.", ids, notes=[
                      "Across: the least cosine at which a sentence has the topic. Dot: the "
                      f"cut-off fixed beforehand. Dashed: {TENTATIVE}."])


def draw_lines(ax, rows, years, world=None, share=False, most=9, apart=" "):
    """Band and median of the world, the countries' lines, and at the end of each its last value.

    years: all that the axis shares, with at most so many ticks; share: of a whole, in per cent;
    apart: what stands between a name and its value.
    """
    known, uncertain = rows[kinds(rows) == "observed"], rows[kinds(rows) != "observed"]
    drawn = list(rows["value"])
    if world is not None and len(world):
        draw_world(ax, world)
        drawn += [*world["low"], *world["median"]]
    draw_stretches(ax, rows)
    say_points(ax, rows["year"], rows["value"], by_year_of(rows), rows["value"])
    if world is not None:
        say_world(ax, world, getattr(drawn[0], "unit", ""))
    draw_points(ax, known, **LINE)
    draw_points(ax, uncertain, filled=False, **LINE)
    ax.set_ylabel("")
    year_ticks(ax, years, most)
    value_axis(ax, drawn, share)
    sns.despine(ax=ax)
    label_ends(ax, rows, max(years), world, apart)


def draw_stretches(ax, rows):
    """The countries' lines, dashed or dotted where what is known of them is less."""
    for kind, part in stretches(rows).groupby("kind"):
        look = by_country(rows, "dashes")
        if kind in UNCERTAIN:
            look |= {"linewidth": 1, "linestyle": UNCERTAIN[kind][0], "dashes": False}
        sns.lineplot(part, x="year", y="value", units="stretch", estimator=None, legend=False,
                     ax=ax, **look)
    ax.set(xlabel="", ylabel="")


def draw_world(ax, world):
    """The world's median as a dashed line, its middle half as a band."""
    sns.lineplot(three_rows(world, ["year"], "median", "low", "high"), x="year", y="value",
                 sort=False, color=GREY, linewidth=1.3, linestyle=(0, (2, 1)), ax=ax,
                 err_kws={"alpha": 0.21, "linewidth": 0}, **GIVEN)


def say_world(ax, world, unit):
    """What the median and the two ends of the band are in each year, in the unit of the lines."""
    rows = [(row,) for row in world["rows"]] if "rows" in world.columns else [()] * len(world)
    for column, name in (("median", "median"), ("low", "lower quartile"),
                         ("high", "upper quartile")):
        say_points(ax, world["year"], world[column],
                   [f"World, {name}, {year}" for year in world["year"]],
                   [Number(value, unit, rows=own) for value, own in zip(world[column], rows)])


def draw_points(ax, rows, filled=True, **look):
    """The markers of the countries' rows, filled or open."""
    if len(rows):
        look = {"markerfacecolor": "auto" if filled else "white", "zorder": 2.2, **look}
        sns.lineplot(rows.assign(value=rows["value"].astype(float)), x="year", y="value",
                     **by_country(rows, "markers"), dashes=False, linestyle="none", estimator=None,
                     markeredgecolor="auto", markeredgewidth=1, legend=False, ax=ax, **look)


def label_ends(ax, rows, last_year, world, apart):
    """Name and last value of each line, with the years where one line ends before the axis does."""
    ends = [(row["year"], row["value"], row["name"], style["color"])
            for code, style in country_styles(rows["country"]).items()
            for row in [rows[rows["country"] == code].iloc[-1]]]
    if world is not None and len(world):
        ends.insert(0, (*world.iloc[-1][["year", "median"]], "World median", GREY))
    dated = any(year != last_year for year, *_ in ends)
    width = 24 if apart == " " else 16  # letters: a long name leaves the axes their room
    texts = [f"{fill(name, width)}{apart}{without_unit(value)}"
             + (f" ({int(year)})" if dated else "") for year, value, name, _ in ends]
    labels_beside(ax, 1.02 if apart == " " else 1.06,
                  [(year, float(value)) for year, value, *_ in ends], texts,
                  [colour for *_, colour in ends])


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
        like = rows["value"].iloc[0]  # which says in what unit and how exactly values are printed
        medians = [Number(median, like.unit, decimals=like.decimals)
                   if isinstance(like, Number) else median for median in world["median"]]
        lines.append(world.assign(name="World median",
                                  value=pd.Series(medians, world.index, dtype=object)))
    return " ".join(f"{line['name'].iloc[0]}: {by_year(line.iloc[[0, -1]])}." for line in lines)
