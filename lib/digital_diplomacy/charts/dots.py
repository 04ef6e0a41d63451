"""Figures of dots: dated audiences, the world's distribution, standings in the world."""

import numpy as np
import seaborn as sns
from matplotlib.ticker import FuncFormatter, NullLocator
from matplotlib.text import Text

from .base import (COUNTRIES, INK, PALE, canvas, country_styles, drawable, finish, floats,
                   indicators_of, ink, on_settled, part_label, plain, prose, range_frame, spread)
from .schemes import day


def audiences(rows, article=None, source=None):
    """Dated audiences of a country on a logarithmic axis, a line a measure and date.

    rows: frames of `dd.pick` one under the other (`X_low` and `X_high` of one date make an
    interval); `construct`, else `status`, says what was counted. article: the article's own numbers
    (indicator, printed, value, year), drawn as crosses. Different constructs are no series.
    """
    rows = drawable(rows, "audiences", "country", "year", "value", countries=1)
    entries = measured(rows) + ([] if article is None else printed_ones(article))
    entries.sort(key=lambda entry: (entry["label"].split()[0], entry["date"]))
    style = next(iter(country_styles(rows["country"]).values()))
    figure, ax = canvas(0.8 + 0.46 * len(entries))
    ax.set_xscale("log")
    bounds = [bound for entry in entries for bound in (entry["low"], entry["high"])]
    for y, entry in enumerate(entries):
        ax.axhline(y, color=PALE, linewidth=0.7, zorder=0)
        draw_audience(ax, y, entry, style, np.sqrt(min(bounds) * max(bounds)))
        ax.annotate(f"{entry['label']}, {entry['when']}", (0, y), (0, 7), fontsize=8,
                    xycoords=("axes fraction", "data"), textcoords="offset points", va="bottom")
    ax.set_ylim(len(entries) - 0.6, -0.75)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    range_frame(ax, x=bounds)
    ax.set_xlim(min(bounds) / 1.25, max(bounds) * 1.25)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: short_count(value)))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.set_xticks([t for t in (1, 2, 5) for t in t * 10.0 ** np.arange(3, 9)
                   if min(bounds) <= t <= max(bounds)])
    ax.set_xlabel("accounts or persons (logarithmic axis)")
    told = "; ".join(f"{e['label']}, {e['when']}: {e['text']}" for e in entries)
    notes = ["Each line counts something else; they are no series."]
    notes += ["Cross: as the article prints it."] if article is not None else []
    ids = [entry["row"] for entry in entries if entry.get("row")]
    return finish(figure, f"Dots and ranges on a logarithmic axis. {told}. {notes[0]}",
                  [rows, article], [" ".join(notes)], source, rows=ids)


def draw_audience(ax, y, entry, style, middle):
    """A dot, a bar from low to high, or the article's cross, and the number beside it."""
    if entry["printed"]:
        ax.plot(entry["low"], y, "x", color=INK, markersize=6.5, markeredgewidth=1.8)
    elif entry["low"] < entry["high"]:
        ax.plot([entry["low"], entry["high"]], [y, y], color=style["color"], linewidth=5,
                solid_capstyle="butt")
    else:
        ax.plot(entry["low"], y, style["marker"], color=style["color"], markersize=6)
    right = entry["low"] < middle
    ax.annotate(entry["text"], (entry["high"] if right else entry["low"], y),
                (6 if right else -6, 0), textcoords="offset points", va="center",
                ha="left" if right else "right", fontsize=8,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5})


def measured(rows):
    """One entry a measure and date; a low and a high end of one date become an interval."""
    rows = rows.assign(indicator=indicators_of(rows))
    base = rows["indicator"].str.replace("_(low|high)$", "", regex=True)
    entries = []
    keys = [base, rows["date"].where(rows["date"].astype(bool), rows["year"].astype(str))
            if "date" in rows.columns else rows["year"].astype(str)]
    if "source" in rows.columns:
        keys.append(rows["source"])
    for (indicator, when, *_), group in rows.groupby(keys, sort=False):
        ordered = sorted(group["value"], key=float)
        said = [column for column in ("construct", "status") if column in group.columns]
        words = group[said[0]].iloc[0] if said and len(group) == 1 else ""
        text = plain(ordered[0]) if len(ordered) == 1 else between(*ordered[::len(ordered) - 1])
        entries.append({"label": label_of(indicator) + (f" ({words})" if words else ""),
                        "date": str(when), "when": day(when), "low": float(ordered[0]),
                        "high": float(ordered[-1]), "text": text, "printed": False})
    return entries


def between(low, high):
    """A range of counts, the unit said once.

    >>> between(1845000.0, 2185000.0)
    '1,845,000–2,185,000'
    """
    first, last = plain(low), plain(high)
    return f"{first.removesuffix(' million')}–{last}" if last.endswith("million") and \
        first.endswith("million") else f"{first}–{last}"


def label_of(indicator):
    """The label of a measure whose codebook rows may be its two ends."""
    label = part_label(indicator)
    ends = part_label(f"{indicator}_low")
    return ends.removesuffix(", low") if ends.endswith(", low") else label


def printed_ones(article):
    """The article's legible numbers as entries."""
    rows = article[article["value"].astype(str) != ""]
    return [{"label": f"{label_of(row['indicator'])} (article)", "date": str(row["year"]),
             "when": f"“{row['year']}”" if row["year"] else "undated",
             "text": in_english(row["printed"]), "printed": True,
             "low": float(row["value"]), "high": float(row["value"]),
             "row": f"{row['country']}/{row['year']}/article:{row['id']}/article_2023"
             if "id" in row else ""} for row in rows.to_dict("records")]


def in_english(printed):
    """A count that the article prints, with an English point and word.

    >>> in_english("2,30 млн"), in_english("148 700")
    ('2.30 million', '148 700')
    """
    return str(printed).replace(",", ".").replace("млн", "million").replace("тыс", "thousand")


def short_count(value):
    """A count on an axis.

    >>> short_count(2_000_000), short_count(50_000)
    ('2 m', '50,000')
    """
    return f"{value / 1e6:g} m" if value >= 1e6 else f"{value:,.0f}"


def distribution(rows, highlight=("KAZ", "UZB"), xlabel="", log=False, source=None):
    """How many UN members have which value, and where some of them stand.

    rows: one year of `dd.pick`, all members; highlight: codes to label.
    """
    rows = drawable(rows, "distribution", "country", "name", "year", "value")
    chosen = rows[rows["country"].isin(list(highlight))]
    absent = [code for code in highlight if code not in set(rows["country"])]
    if rows["year"].nunique() > 1 or absent:
        raise ValueError("distribution: one year and every highlighted country, please; "
                         f"years {sorted(rows['year'].unique())[:4]}, "
                         f"without a value: {', '.join(absent) or 'none'}")
    figure, ax = canvas(2.7)
    values = floats(rows["value"])
    sns.histplot(x=values, bins=20, log_scale=log, color="#BBBBBB", edgecolor="white", ax=ax)
    tallest = max(patch.get_height() for patch in ax.patches)
    ax.set_ylim(0, tallest * (1.25 + 0.17 * len(chosen)))
    range_frame(ax, x=values)
    flags(ax, chosen.iloc[np.argsort(floats(chosen["value"]))], country_styles(highlight), tallest)
    ax.set_yticks([t for t in ax.get_yticks() if t <= tallest])
    ax.spines["left"].set_bounds(0, tallest)
    ax.set_xlabel(xlabel)
    ax.set_ylabel("UN members")
    told = ", ".join(f"{row['name']} {prose(row['value'])}" for _, row in chosen.iterrows())
    year = int(rows["year"].iloc[0])
    return finish(figure, f"Histogram of {len(rows)} UN members in {year}, {xlabel}: from "
                  f"{prose(min(rows['value']))} to {prose(max(rows['value']))}. {told}.", [rows],
                  [f"{len(rows)} UN members, {year}."], source)


def flags(ax, chosen, styles, tallest):
    """Poles with names, low to high and down again, so that no pole crosses a name.

    Names stand left of their pole as long as there is room, then right of it.
    """
    labels = [f"{row['name']} {plain(row['value'])}" for _, row in chosen.iterrows()]
    room = [room_on_left(ax, float(value), label) for value, label in zip(chosen["value"], labels)]
    left = room.index(False) if False in room else len(room)
    for step, (_, row) in enumerate(chosen.iterrows()):
        style, x, on_left = styles[row["country"]], float(row["value"]), step < left
        y = tallest * (1.2 + 0.17 * (step if on_left else len(room) - 1 - (step - left)))
        ax.plot([x, x], [0, y], color=style["color"], linewidth=1.2)
        ax.plot(x, y, style["marker"], color=style["color"])
        ax.annotate(labels[step], (x, y), (-6 if on_left else 6, 0), va="center", fontsize=8.5,
                    textcoords="offset points", ha="right" if on_left else "left",
                    color=ink(style["color"]))


def room_on_left(ax, x, label):
    """Whether a label fits between the left end of the axes and a point at x."""
    place = ax.transLimits.transform((ax.transScale.transform((x, 1))[0], 0))[0]
    return place > 0.021 * len(label) + 0.02       # a letter takes about a fiftieth of the width


def standing(frame, source=None):
    """World rank of some countries on several indicators, as the share of members they pass.

    frame: country, name, year, indicator, value (the rank) and n (states with a value). Right is
    better. The rank is written at each dot; a country's other year is in the note.
    """
    order = list(dict.fromkeys(indicators_of(frame))) if "value" in frame.columns else []
    frame = drawable(frame, "standing", "country", "name", "year", "value", "n")
    frame = frame.assign(indicator=indicators_of(frame))
    frame["passed"] = 100 * (frame["n"].astype(float) - floats(frame["value"])) / (
        frame["n"].astype(float) - 1)
    groups = sorted(frame.groupby("indicator", sort=False), key=lambda pair: order.index(pair[0]))
    places = {code: place for place, code in enumerate(COUNTRIES)}
    styles = country_styles(sorted(frame["country"].unique(), key=lambda code: (
        places.get(code, len(places)), code)))
    figure, ax = canvas(1.25 + 0.4 * len(groups))
    labels, notes, told = [], [], []
    for y, (indicator, group) in enumerate(groups):
        year = int(group["year"].mode().iloc[0])
        ax.plot([0, 100], [y, y], color=PALE, linewidth=0.8, zorder=0)
        for _, row in group.iterrows():
            style = styles[row["country"]]
            ax.plot(row["passed"], y, style["marker"], color=style["color"], markersize=6.5,
                    markeredgecolor="white", markeredgewidth=0.6,
                    zorder=4 - list(styles).index(row["country"]) / 10)
        rank_labels(ax, y, group, styles)
        states = group.loc[group["year"] == year, "n"].max()
        labels.append(f"{part_label(indicator).split(' (')[0]}\n{year}, {states} states")
        notes += [f"{part_label(indicator)}, {row['name']}: {row['year']}."
                  for _, row in group.iterrows() if row["year"] != year]
        told.append(f"{part_label(indicator)}, {year}: " + ", ".join(
            f"{row['name']} {prose(row['value'])} of {row['n']}" for _, row in group.iterrows()))
    ax.set_yticks(range(len(groups)), labels, fontsize=8)
    ax.set_ylim(len(groups) - 0.6, -0.75)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    range_frame(ax, x=[0, 100])
    ax.set_xlabel("% of the other members it is ahead of")
    notes.insert(0, "Numbers at the dots: world rank.")
    for code, style in styles.items():
        ax.plot([], [], style["marker"], color=style["color"], markersize=6.5,
                label=frame.loc[frame["country"] == code, "name"].iloc[0])
    figure.legend(loc="outside upper left", ncols=3, fontsize=8, handletextpad=0.1,
                  columnspacing=1, borderpad=0)
    return finish(figure, f"Dots, right is better. {'. '.join(told)}.", [frame],
                  [" ".join(notes)], source)


def scatter(frame, highlight=("KAZ", "UZB"), xlabel="", ylabel="", log=False, source=None):
    """One indicator against another in the world, some countries named, and what is expected.

    frame: country, name, x, value and, if there is a fitted line, expected (its height at x);
    the upright from the line to a named country is its residual. log: x is logarithmic.
    """
    frame = drawable(frame, "scatter", "country", "name", "x", "value")
    absent = [code for code in highlight if code not in set(frame["country"])]
    if absent:
        raise ValueError(f"scatter: no value for {', '.join(absent)}")
    figure, ax = canvas(3.3)
    x, y = floats(frame["x"]), floats(frame["value"])
    ax.set_xscale("log" if log else "linear")
    sns.scatterplot(x=x, y=y, color="#BBBBBB", s=12, linewidth=0, ax=ax, zorder=1)
    fitted = "expected" in frame.columns
    if fitted:
        line = floats(frame["expected"])[np.argsort(x)]
        ax.plot(np.sort(x), line, color="#777777", linewidth=1.3, zorder=2)
    range_frame(ax, x=x)
    range_frame(ax, y=y)
    told, named = [], []
    for code, style in country_styles(highlight).items():
        row = frame[frame["country"] == code].iloc[0]
        at, height = float(row["x"]), float(row["value"])
        ax.plot(at, height, style["marker"], color=style["color"], markersize=6.5, zorder=4,
                markeredgecolor="white", markeredgewidth=0.6)
        expected, above = "", room_on_left(ax, at, row["name"])
        if fitted:
            above = height >= float(row["expected"]) and room_on_left(ax, at, row["name"])
            ax.plot([at, at], [float(row["expected"]), height], color=style["color"],
                    linewidth=1.2, zorder=3)
            expected = f", expected {prose(row['expected'])}"
        named.append(ax.annotate(row["name"], (at, height), (-6 if above else 6, 0), va="center",
                                 textcoords="offset points", color=ink(style["color"]),
                                 ha="right" if above else "left", fontsize=8.5, zorder=5,
                                 bbox={"facecolor": "white", "alpha": 0.8, "edgecolor": "none",
                                       "pad": 0.4}))
        told.append(f"{row['name']}: {prose(row['value'])} at {prose(row['x'])}{expected}.")
    on_settled(figure, lambda: lift(named))
    ax.set_xlabel(xlabel)
    ax.set_ylabel(ylabel)
    return finish(figure, f"Scatter of {len(frame)} UN members, {ylabel} by {xlabel}. "
                  + " ".join(told), [frame], [f"{len(frame)} UN members with both values." + (
                      " Line: what the fit expects." if fitted else "")], source)


def lift(texts):
    """Move texts up or down from their points until none stands at another's height."""
    heights = [Text.get_window_extent(text).height for text in texts]
    wanted = [text.axes.transData.transform(text.xy)[1] for text in texts]
    for text, shift in zip(texts, spread(wanted, heights, gap=2) - wanted):
        text.set_position((text.get_position()[0], shift * 72 / text.figure.dpi))


def rank_labels(ax, y, group, styles):
    """The ranks above their dots, side by side where the dots are close."""
    texts = [ax.annotate(f"{int(row['value'])}", (row["passed"], y), (0, 4.5), ha="center",
                         textcoords="offset points", va="bottom", fontsize=7.5,
                         color=ink(styles[row["country"]]["color"]))
             for _, row in group.iterrows()]

    def settle():
        widths = [Text.get_window_extent(text).width for text in texts]
        wanted = ax.transData.transform([(x, y) for x in group["passed"]])[:, 0]
        points = 72 / ax.figure.dpi
        for text, shift in zip(texts, spread(wanted, widths, gap=3) - wanted):
            text.set_position((shift * points, 4.5))
    on_settled(ax.figure, settle)
