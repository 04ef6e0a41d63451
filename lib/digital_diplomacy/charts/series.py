"""Lines over years: countries against the world, ranks, gaps, time distance, a printed share."""

import numpy as np

from .base import (GREY, INK, MODELLED, PALE, canvas, country_styles, drawable, end_labels, finish,
                   floats, indicators_of, ink, part_label, plain, prose, range_frame, year_ticks)

MEDIAN = {"color": GREY, "linewidth": 1.3, "linestyle": (0, (2, 1))}


def against_world(rows, world=None, ylabel="", source=None):
    """Each country's line over the years on the world's median and quartile band.

    A stretch whose status says modelled is dashed with open markers, a step is dotted into an
    open marker; the last point carries name and value.

    rows: columns of `dd.pick`; world: year, low, median, high, n of `dd.world`, or None.
    ValueError when there is no row or only one year.

    >>> import pandas as pd
    >>> rows = pd.DataFrame({"country": "KAZ", "name": "Kazakhstan", "year": [2022, 2023],
    ...                      "value": [92.3, 92.9]})
    >>> against_world(rows, ylabel="% of people").study["alt"]
    'Lines, 2022 to 2023, % of people. Kazakhstan: 92.3 in 2022, 92.9 in 2023.'
    """
    rows = drawable(rows, "against_world", "country", "name", "year", "value", years=2)
    figure, ax = canvas(3.3)
    world = within(world, rows["year"])
    marks = draw_lines(ax, rows["year"], rows, world)
    ax.set_ylabel(ylabel)
    alt = f"Lines, {span(rows)}, {ylabel}. {told(rows, world)}"
    return finish(figure, alt, [rows, world], notes(marks, [world]), source)


def panels(frames, worlds=None, log=(), source=None):
    """Small multiples, one under the other, with common years and a unit each.

    frames: {"Fixed broadband, per 100 people": rows, ...}, the title carries the unit;
    worlds: {the same title: world frame}; log: titles whose axis is logarithmic.
    """
    worlds = worlds or {}
    unknown = [title for title in [*worlds, *log] if title not in frames]
    if not frames or unknown:
        raise ValueError(f"panels: no frame called {', '.join(unknown) or '(none given)'}")
    frames = {title: drawable(rows, f"panels, {title}", "country", "name", "year", "value",
                              years=2) for title, rows in frames.items()}
    figure, axes = canvas(0.6 + 1.75 * len(frames), len(frames), sharex=True)
    axes = axes if isinstance(axes, list) else [axes]
    years = [year for rows in frames.values() for year in rows["year"]]
    worlds = {title: within(world, years) for title, world in worlds.items()}
    marks, alt = [], []
    for ax, (title, rows) in zip(axes, frames.items()):
        ax.set_title(title)
        if title in log:
            ax.set_yscale("log")
        marks += draw_lines(ax, years, rows, worlds.get(title))
        alt.append(f"{title}, {span(rows)}: {told(rows, worlds.get(title))}")
    return finish(figure, f"{len(frames)} panels of lines. {' '.join(alt)}",
                  [*frames.values(), *worlds.values()], notes(marks, worlds.values()), source)


def draw_lines(ax, years, rows, world):
    """Band, median and the countries' lines over `years`; returns the stretches it marked."""
    low, high = int(min(years)), int(max(years))
    ends, marks, levels = [], [], list(floats(rows["value"]))
    if world is not None and len(world):
        ax.fill_between(world["year"], floats(world["low"]), floats(world["high"]), color=PALE,
                        linewidth=0, label="World, middle half")
        ax.plot(world["year"], floats(world["median"]), label="World median", **MEDIAN)
        levels += [*world["low"], *world["high"]]
        last = world.iloc[-1]
        ends.append((last["year"], last["median"],
                     f"World median\n{dated(last['median'], last['year'], high)}", GREY))
    for code, style in country_styles(rows["country"]).items():
        line = rows[rows["country"] == code]
        marks += draw_country(ax, line, style)
        last = line.iloc[-1]
        ends.append((last["year"], float(last["value"]),
                     f"{last['name']}\n{dated(last['value'], last['year'], high)}",
                     style["color"]))
    range_frame(ax, x=[low, high], y=levels)
    year_ticks(ax, years)
    end_labels(ax, ends)
    return marks


def within(world, years):
    """The world's rows of the years that are drawn: the axis ends with the countries' data."""
    return None if world is None else world[world["year"].between(min(years), max(years))]


def notes(marks, worlds):
    """The lines under a figure that say what grey, dashes and open markers mean."""
    members = [n for world in worlds if world is not None for n in world["n"]]
    lines = [f"Grey: median and middle half of the UN members with a value ({extent(members)})."] \
        if members else []
    for kind, words in (("modelled", "Open markers, thin dashes: taken as modelled"),
                        ("step", "Open marker after a dotted rise: step in the series")):
        where = dict.fromkeys(place for name, place in marks if name == kind)
        if where:
            lines.append(f"{words} ({', '.join(where)}).")
    return lines


def draw_country(ax, line, style):
    """One country's line; its uncertain stretches thin, dashed or dotted, with open markers."""
    years, values = line["year"].to_numpy(), floats(line["value"])
    status = line["status"].astype(str) if "status" in line.columns else [""] * len(line)
    kinds = np.array(["modelled" if "model" in text or "interpolat" in text
                      else "step" if text.startswith("step") else "" for text in status])
    ax.plot(years, np.where(kinds == "", values, np.nan), label=line["name"].iloc[0], **style)
    marks = []
    for kind, pattern in (("modelled", MODELLED), ("step", (0, (1, 1.4)))):
        marked = np.flatnonzero(kinds == kind)
        for place in marked:
            # the stretch is the segment into a marked point, and out of a modelled one
            spots = [s for s in (place - 1, place, place + 1) if 0 <= s < len(years)]
            spots = spots if kind == "modelled" else [s for s in spots if s <= place]
            ax.plot(years[spots], values[spots], color=style["color"], linewidth=1,
                    linestyle=pattern, zorder=1.9)
            ax.plot(years[place], values[place], style["marker"], color=style["color"],
                    markerfacecolor="white", zorder=2.2)
        after = [p + 1 for p in marked if p + 1 < len(years) and not kinds[p + 1]]
        if kind == "step":       # the way on from a step is observed again
            for place in after:
                ax.plot(years[place - 1:place + 1], values[place - 1:place + 1],
                        color=style["color"], linestyle=style["linestyle"], zorder=1.9)
        if len(marked):
            marks.append((kind, f"{line['name'].iloc[0]} {extent(years[marked], '–')}"))
    return marks


def ranks(rows, of=193, source=None):
    """Ranks of one country over the surveys, first place at the top, last at the bottom.

    rows: `dd.pick` frames of ranks one under the other (EGDI and its parts); what each row
    measures is its `indicator` column or what its Number remembers. EGDI has the country's
    colour, the parts are greys.
    """
    rows = drawable(rows, "ranks", "country", "year", "value", years=2, countries=1)
    rows = rows.assign(indicator=indicators_of(rows))
    colour = next(iter(country_styles(rows["country"]).values()))["color"]
    figure, ax = canvas(3.5)
    greys = iter([("#444444", "s", "-"), ("#666666", "^", (0, (5, 1.5))),
                  ("#777777", "D", (0, (1.2, 1.2))), ("#999999", "v", "-.")])
    ends, alt = [], []
    for indicator, line in rows.groupby("indicator", sort=False):
        main = indicator.startswith("egdi")
        shade, marker, dash = (colour, "o", "-") if main else next(greys)
        years, values, label = line["year"], floats(line["value"]), part_label(indicator)
        ax.plot(years, values, color=shade, marker=marker, linestyle=dash, label=label,
                linewidth=2.2 if main else 1.2, zorder=3 if main else 2)
        ends.append((years.iloc[-1], values[-1],
                     f"{label.replace(' (', chr(10) + '(')} {plain(line['value'].iloc[-1])}",
                     shade))
        alt.append(f"{label}: " + ", ".join(
            f"{prose(value)} in {year}" for year, value in zip(years, line["value"])) + ".")
    range_frame(ax, x=rows["year"])
    ax.set_ylim(of, 1)
    ax.set_yticks([1, *range(50, of - 20, 50), of])
    ax.set_ylabel(f"rank among {of} UN members")
    year_ticks(ax, rows["year"])
    end_labels(ax, ends)
    name = rows["name"].iloc[0] if "name" in rows.columns else rows["country"].iloc[0]
    return finish(figure, f"Ranks of {name}, {span(rows)}, 1 at the top. {' '.join(alt)}",
                  [rows], source=source)


def gap(frame, ahead="Kazakhstan", behind="Uzbekistan", ylabel="percentage points",
        colours=("KAZ", "UZB"), source=None):
    """The gap between two countries by year, the zero line, and who is ahead on either side.

    frame: year, value (above zero: `ahead` leads).
    """
    frame = drawable(frame, "gap", "year", "value", years=2)
    years, values = frame["year"].to_numpy(), floats(frame["value"])
    figure, ax = canvas(2.8)
    styles = country_styles(colours)
    fine = np.linspace(years[0], years[-1], 50 * len(years))
    level = np.interp(fine, years, values)
    for code, side in zip(colours, (level >= 0, level <= 0)):
        ax.fill_between(fine, 0, level, where=side, linewidth=0, alpha=0.35,
                        color=styles[code]["color"])
    ax.plot(years, values, color=INK, marker="o", linewidth=1.4, markersize=3.2)
    range_frame(ax, x=years)
    range_frame(ax, y=[*values, 0], margin=0.09)
    ax.axhline(0, color=INK, linewidth=0.9)
    mark_extremes(ax, years, values, frame["value"])
    if values.max() > 0:
        ax.set_title(f"↑ {ahead} ahead", color=ink(styles[colours[0]]["color"]))
    if values.min() < 0:
        ax.set_xlabel(f"↓ {behind} ahead", loc="left", fontweight="bold",
                      color=ink(styles[colours[1]]["color"]))
    ax.set_ylabel(ylabel)
    year_ticks(ax, years)
    told_gap = ", ".join(f"{prose(v)} in {y}" for y, v in zip(years, frame["value"]))
    return finish(figure, f"Gap, {ylabel}; above zero {ahead} is ahead, below zero {behind}. "
                  f"{told_gap}.", [frame], source=source)


def mark_extremes(ax, years, values, printed):
    """Write the largest, the smallest and the last value beside their points."""
    last = len(values) - 1
    spots = {int(values.argmax()): (0, 4, "center", "bottom"),
             int(values.argmin()): (0, -4, "center", "top"), last: (5, 0, "left", "center")}
    for spot, (right, up, ha, va) in spots.items():
        if spot == 0:            # no text over the axis
            right, ha = 3, "left"
        ax.annotate(plain(printed.iloc[spot]), (years[spot], values[spot]), (right, up),
                    textcoords="offset points", ha=ha, va=va, fontsize=8.5)


def gap_lines(frame, ylabel="gap in standard deviations", ahead="Kazakhstan",
              behind="Uzbekistan", breaks=None, source=None):
    """Gaps of several measures by survey around a zero line, each labelled at its end.

    frame: year, value, indicator (or what the Numbers remember); breaks: {year of a survey in
    which the world's median jumped: of what}, drawn as dotted uprights just before that survey.
    """
    frame = drawable(frame, "gap_lines", "year", "value", years=2)
    frame = frame.assign(indicator=indicators_of(frame)).sort_values("year", kind="stable")
    figure, ax = canvas(3.2)
    looks = [("#0F0F0F", "o", "-"), ("#555555", "s", (0, (5, 1.5))),
             ("#7A7A7A", "^", "-."), ("#A3A3A3", "D", (0, (1.2, 1.2))), ("#333333", "v", ":")]
    groups = list(frame.groupby("indicator", sort=False))
    if len(groups) > len(looks):
        raise ValueError(f"gap_lines: {len(groups)} measures; five can be told apart")
    ends, alt = [], []
    for (indicator, line), (shade, marker, dash) in zip(groups, looks):
        values, label = floats(line["value"]), part_label(indicator)
        ax.plot(line["year"], values, color=shade, marker=marker, linestyle=dash, label=label,
                linewidth=1.5)
        ends.append((line["year"].iloc[-1], values[-1],
                     f"{label.replace(' (', chr(10) + '(')} {plain(line['value'].iloc[-1])}",
                     shade))
        alt.append(f"{label}: " + ", ".join(
            f"{prose(v)} in {y}" for y, v in zip(line["year"], line["value"])) + ".")
    range_frame(ax, x=frame["year"], y=[*floats(frame["value"]), 0])
    ax.axhline(0, color=INK, linewidth=0.9)
    for year in breaks or {}:
        ax.axvline(year - 0.5, color=GREY, linewidth=0.9, linestyle=":", zorder=0)
    ax.set_ylabel(ylabel)
    year_ticks(ax, frame["year"])
    end_labels(ax, ends)
    note = f"Above zero {ahead} is ahead, below zero {behind}."
    changed = "; ".join(f"{year} {what}" for year, what in (breaks or {}).items())
    changed = f"Dotted uprights, jumps of the world's median: {changed}." if changed else ""
    return finish(figure, f"Lines, {span(frame)}, {ylabel}. {note} {changed} {' '.join(alt)}",
                  [frame], [note, changed], source)


def lags(rows, arrows, ylabel="", source=None):
    """Two countries' lines and, at some levels, the years by which one reaches them later.

    rows: two countries, columns of `dd.pick`; arrows: level, start, end (decimal years at
    which each line crosses the level) and, if it has one, years (a Number).
    """
    rows = drawable(rows, "lags", "country", "name", "year", "value", years=2, countries=2)
    arrows = drawable(arrows, "lags, arrows", "level", "start", "end")
    figure, ax = canvas(3.2)
    marks, alt = draw_lines(ax, rows["year"], rows, None), []
    for _, arrow in arrows.iterrows():
        level, start, end = (float(arrow[key]) for key in ("level", "start", "end"))
        years = arrow.get("years", end - start)
        ax.annotate("", (end, level), (start, level), arrowprops={
            "arrowstyle": "-|>", "color": INK, "lw": 0.9, "shrinkA": 0, "shrinkB": 0})
        ax.annotate(f"{plain(years)} years", (min(start, end), level), (-6, 3), ha="right",
                    textcoords="offset points", fontsize=8.5, va="center")
        alt.append(f"{plain(arrow['level'])} is reached in {start:.1f} and {end:.1f}, "
                   f"{plain(years)} years apart.")
    ax.set_ylabel(ylabel)
    frames = [rows, arrows.rename(columns={"years": "value"})]
    return finish(figure, f"Lines, {span(rows)}, {ylabel}, with arrows for the distance in time. "
                  f"{told(rows)} {' '.join(alt)}", frames, notes(marks, ()), source)


def shares(rows, printed, stated=None, ylabel="% of population", source=None):
    """A share as the article prints it against the source's series: which year has it?

    rows: one country, columns of `dd.pick`; printed: a Number (its rounding interval is
    drawn) or the printed text, "90.9"; stated: the year that the article names.
    Filled points lie within the interval.
    """
    rows = drawable(rows, "shares", "country", "name", "year", "value", years=2, countries=1)
    text, low, high = interval(printed)
    years, values = rows["year"].to_numpy(), floats(rows["value"])
    hits = (values >= low) & (values < high)
    style = next(iter(country_styles(rows["country"]).values()))
    figure, ax = canvas(2.9)
    shade = style["color"]
    ax.axhspan(low, high, color=PALE, linewidth=0)
    ax.axhline((low + high) / 2, color=GREY, linewidth=1)
    ax.plot(years, values, style["marker"], color=shade, markerfacecolor="white", markersize=5)
    ax.plot(years[hits], values[hits], style["marker"], color=shade, markersize=7,
            label="as printed")
    x = [*years, *([stated] if stated else [])]
    range_frame(ax, x=x, margin=0.07)
    range_frame(ax, y=[*values, low, high], margin=0.1)
    for year, value, number in zip(years, values, rows["value"]):
        # under the point where the printed line would run through the label
        below = (low + high) / 2 - 0.16 * np.ptp([*values, low]) < value < low
        ax.annotate(plain(number), (year, value), (0, -7 if below else 6), ha="center",
                    textcoords="offset points", va="top" if below else "bottom", fontsize=8.5,
                    color=ink(shade))
    place = ax.annotate(f"printed: {text}", (1, (low + high) / 2), (6, 0), va="center",
                        xycoords=("axes fraction", "data"), textcoords="offset points",
                        color=INK, fontsize=8.5)
    if stated:
        ax.plot(stated, (low + high) / 2, "x", color=INK, markersize=8, markeredgewidth=1.8)
        place.set_text(f"printed: {text}\nfor {stated} (×)")
    ax.set_ylabel(ylabel)
    year_ticks(ax, x)
    found = ", ".join(str(year) for year in years[hits]) or "no year of the series"
    series = ", ".join(f"{prose(v)} in {y}" for y, v in zip(years, rows["value"]))
    said = f" for {stated}" if stated else ""
    return finish(figure, f"Points, {rows['name'].iloc[0]}, {ylabel}: {series}. The article prints "
                  f"{text}{said}; that is the value of {found}.", [rows], source=source)


def interval(printed):
    """Text and rounding interval of a Number or of a printed text.

    >>> interval("90.9 %")[1:]
    (90.85, 90.95)
    """
    if hasattr(printed, "low"):
        return str(printed), float(printed.low), float(printed.high)
    digits = str(printed).replace("%", "").replace(",", "").strip()
    half = 0.5 * 10 ** -len(digits.partition(".")[2])
    return str(printed), round(float(digits) - half, 9), round(float(digits) + half, 9)


def dated(value, year, last):
    """A label's value, with its year when the axis goes on after it."""
    return plain(value) + ("" if int(year) == int(last) else f" ({int(year)})")


def extent(numbers, to=" to "):
    """The least and the greatest of whole numbers, or the one that they are.

    >>> extent([190, 171, 180]), extent([2019], "–")
    ('171 to 190', '2019')
    """
    low, high = int(min(numbers)), int(max(numbers))
    return str(low) if low == high else f"{low}{to}{high}"


def span(rows):
    return f"{int(rows['year'].min())} to {int(rows['year'].max())}"


def told(rows, world=None):
    """First and last value of each line, for alt text."""
    parts = []
    for _, line in rows.groupby("country", sort=False):
        first, last = line.iloc[0], line.iloc[-1]
        parts.append(f"{last['name']}: {prose(first['value'])} in {first['year']}, "
                     f"{prose(last['value'])} in {last['year']}.")
    if world is not None and len(world):
        first, last = world.iloc[0], world.iloc[-1]
        parts.append(f"World median: {prose(first['median'])} in {int(first['year'])}, "
                     f"{prose(last['median'])} in {int(last['year'])}.")
    return " ".join(parts)
