"""Figures without a measured axis: milestones, concepts, verdicts, the article's bars."""

from textwrap import fill

import numpy as np
import pandas as pd
from matplotlib.text import Text

from ..claims.verdicts import MEANING, SIGN
from .base import (GREY, INK, PALE, canvas, country_styles, drawable, finish, ink, on_settled,
                   range_frame, spread, tables)

BESIDE, TEXT = 0.085, 0.24       # how far events and their texts stand from the axis of time
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
VERDICTS = dict(zip(MEANING, ("#0f4c3a", "#1b4b72", "#8a2c0d", "#6b1d50", "#444444", "#6a6a6a")))
ACROSS = 7, 7                    # squares beside each other in a chapter, at least and at most
NETWORKS = ("Instagram", "Facebook", "Twitter", "LinkedIn", "VKontakte", "Telegram",
            "Odnoklassniki", "TikTok", "YouTube")


def timeline(milestones, names=None, source=None):
    """Dated events down one axis of time; with two countries, one on each side.

    milestones: country, date (ISO, as exact as it is known), short_label and, if it has them,
    id and source; names: {code: what to write above a side}.
    """
    frame = drawable(milestones, "timeline", "country", "date", "short_label")
    frame = frame.sort_values("date", kind="stable")
    sides = sorted(frame["country"].unique(), key=lambda code: (code != "KAZ", code))
    if len(sides) > 2:
        raise ValueError(f"timeline: two countries at most, the frame has {', '.join(sides)}")
    both = len(sides) == 2
    wrap = 25 if both else 50
    labels = [fill(f"{day(date)}: {text}", wrap)
              for date, text in zip(frame["date"], frame["short_label"])]
    lines = max(sum(label.count("\n") + 1.5 for label, code in zip(labels, frame["country"])
                    if code == side) for side in sides)
    figure, ax = canvas(max(2.4, 0.9 + 0.145 * lines))
    when = np.array([decimal_year(date) for date in frame["date"]])
    styles = country_styles(sides)
    ax.set_xlim(-1, 1) if both else ax.set_xlim(-0.12, 1.88)
    ax.set_ylim(max(when) + 0.3, min(when) - 0.3)
    draw_spine(ax, when)
    for side, towards in zip(sides, (-1, 1) if both else (1,)):
        style, mine = styles[side], (frame["country"] == side).to_numpy()
        ax.plot(np.full(mine.sum(), BESIDE * towards), when[mine], style["marker"],
                color=style["color"], zorder=3, label=side)
        own = [label for label, code in zip(labels, frame["country"]) if code == side]
        event_labels(ax, when[mine], own, towards, style)
        title = (names or {}).get(side) or frame_name(frame, side)
        ax.text(TEXT * towards, 1.02, title, transform=ax.get_xaxis_transform(), va="bottom",
                ha=facing(towards), fontweight="bold", color=ink(style["color"]))
    alt = "; ".join(f"{frame_name(frame, code)}, {day(date)}: {text}" for code, date, text in zip(
        frame["country"], frame["date"], frame["short_label"]))
    rows = [f"{row.country}/{row.date}/milestones:{row.id}/{row.source}"
            for row in frame.itertuples()] if {"id", "source"} <= set(frame.columns) else []
    return finish(figure, f"Timeline. {alt}.", [frame], source=source, rows=rows)


def draw_spine(ax, when):
    """The axis of time in the middle, from the first event to the last, with its years."""
    for spine in ("left", "bottom"):
        ax.spines[spine].set_visible(False)
    ax.set_xticks([])
    ax.set_yticks([])
    low, high = int(np.floor(min(when))), int(np.ceil(max(when)))
    ax.plot([0, 0], [low, high], color=GREY, linewidth=1, zorder=1)
    ax.set_ylim(high + 0.2, low - 0.2)
    step = next(s for s in (1, 2, 5, 10, 20, 50) if (high - low) / s <= 8)
    for year in range(low + (-low) % step, high + 1, step):
        ax.plot([-0.025, 0.025], [year, year], color=GREY, linewidth=1, zorder=1)
        ax.annotate(str(year), (0, year), (0, 0), textcoords="offset points", ha="center",
                    va="center", fontsize=7, color="#555555", zorder=1.5,
                    bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6})


def event_labels(ax, when, labels, towards, style):
    """Texts beside the axis of time, kept apart, each joined to its event."""
    texts = [ax.annotate(label, (BESIDE * towards, year), (TEXT * towards, year),
                         ha=facing(towards), va="center", fontsize=8, linespacing=1.1,
                         annotation_clip=False,
                         arrowprops={"arrowstyle": "-", "color": style["color"], "lw": 0.8,
                                     "shrinkA": 1, "shrinkB": 3,
                                     "relpos": (0.0 if towards > 0 else 1.0, 0.5)})
             for label, year in zip(labels, when)]

    def settle():
        box = ax.get_window_extent()
        heights = [Text.get_window_extent(text).height for text in texts]
        wanted = ax.transData.transform([(0, year) for year in when])[:, 1]
        placed = spread(wanted, heights, box.y0, box.y1, gap=5)
        for text, y in zip(texts, placed):
            text.set_position((TEXT * towards, ax.transData.inverted().transform((0, y))[1]))
    on_settled(ax.figure, settle)


def facing(towards):
    return "left" if towards > 0 else "right"


def frame_name(frame, code):
    named = frame[frame["country"] == code]
    known = tables("countries")
    known = dict(zip(known.get("country", ()), known.get("name", ())))
    return named["name"].iloc[0] if "name" in frame.columns else known.get(code, code)


def day(date):
    """An ISO date, as exact as it is known, for a reader.

    >>> day("2018-01-10"), day("2018-01"), day("2018")
    ('10 Jan 2018', 'Jan 2018', '2018')
    """
    parts = [int(part) for part in str(date).split("-")]
    return " ".join([*map(str, parts[2:]), *(MONTHS[month - 1] for month in parts[1:2]),
                     str(parts[0])])


def decimal_year(date):
    """An ISO date as a decimal year; an unknown month or day counts as the middle.

    >>> decimal_year("2018"), round(decimal_year("2018-01-10"), 2)
    (2018.5, 2018.02)
    """
    year, month, dom = [int(part) for part in str(date).split("-")] + [0] * (
        2 - str(date).count("-"))
    return year + ((month or 6.5) - 1 + ((dom or 15) - 1) / 31) / 12 if month else year + 0.5


def concepts(matrix, empty="practice", key=("measured by public data", "in part",
                                            "meant, no public data"), source=None):
    """Which concept asks for which kind of evidence, and what public data measure of it.

    matrix: a row a concept, a column a box (capacity, audience, attention, practice); cells 1
    (filled dot), 0.5 (half), 0 (open), missing or "" (the concept does not speak of it).
    empty: the box that no data fill, drawn hatched.
    """
    if not len(matrix) or not len(matrix.columns):
        raise ValueError("concepts: the matrix has no rows or no columns")
    boxes, labels = list(matrix.columns), [fill(str(label), 30) for label in matrix.index]
    lines = max(label.count("\n") for label in labels) + 1
    figure, ax = canvas(0.95 + (0.1 + 0.135 * lines) * len(matrix))
    fills, told = {1.0: "full", 0.5: "left", 0.0: "none"}, []
    for y, (concept, line) in enumerate(matrix.iterrows()):
        ax.axhline(y, color=PALE, linewidth=0.7, zorder=0)
        said = []
        for x, cell in enumerate(line):
            if cell == "" or pd.isna(cell):
                continue
            dot(ax, x, y, fills[float(cell)])
            said.append(f"{boxes[x]} {key[list(fills).index(float(cell))]}")
        told.append(f"{concept}: {', '.join(said) or 'none'}.")
    if empty in boxes:
        x = boxes.index(empty)
        ax.axvspan(x - 0.42, x + 0.42, facecolor="none", hatch="////", edgecolor="#C8C8C8",
                   linewidth=0, zorder=-1)
    ax.set_xlim(-0.5, len(boxes) - 0.5)
    ax.set_ylim(len(matrix) - 0.5, -0.5)
    ax.xaxis.tick_top()
    ax.set_xticks(range(len(boxes)), [f"{box.capitalize()}\n(no data)" if box == empty
                                      else f"{box.capitalize()}\n" for box in boxes])
    ax.set_yticks(range(len(labels)), labels, fontsize=8.5)
    ax.tick_params(length=0)
    for spine in ax.spines.values():
        spine.set_visible(False)
    for x, (shape, words) in enumerate(zip(fills.values(), key)):
        ax.plot([], [], "o", fillstyle=shape, color=INK, markersize=7, label=words,
                markerfacecoloralt="white", markeredgewidth=1)
    figure.legend(loc="outside upper left", ncols=3, fontsize=8, handletextpad=0,
                  columnspacing=0.9, borderpad=0.2)
    note = f"Hatched: no public data measure {empty}." if empty in boxes else ""
    drawn = finish(figure, f"Dot matrix of {len(matrix)} concepts by {', '.join(boxes)}. {note} "
                   + " ".join(told), [matrix], [note], source)
    drawn.study["words"] = True   # signs, not values: there are no rows to trace
    return drawn


def dot(ax, x, y, shape):
    ax.plot(x, y, "o", fillstyle=shape, color=INK, markerfacecoloralt="white", markersize=9,
            markeredgewidth=1)


def verdicts(ledger, source=None):
    """One square a claim, by verdict and chapter; what the article gets right stands first.

    ledger: a row a claim with chapter, verdict, central (what rests on it, or nothing) and
    self_evident, as ledger.ledger() gives it, with rows and sources if it has them. Self-evident
    counts are not drawn. A filled square is a central claim.
    """
    frame = drawable(ledger, "verdicts", "chapter", "verdict", "central", "self_evident")
    left_out, frame = int(frame["self_evident"].sum()), frame[~frame["self_evident"].astype(bool)]
    if frame.empty or not set(frame["verdict"]) <= set(MEANING):
        raise ValueError(f"verdicts: no claims with a verdict of {', '.join(MEANING)} alone")
    cells = {key: sorted(map(bool, group), reverse=True)
             for key, group in frame.groupby(["verdict", "chapter"])["central"]}
    chapters = sorted(frame["chapter"].unique())
    most = [max(len(cells.get((verdict, chapter), ())) for verdict in MEANING)
            for chapter in chapters]
    across = [int(np.clip(-(-n // 3), *ACROSS)) for n in most]
    starts = np.cumsum([0, *(width + 1.2 for width in across)])
    figure, ax = canvas(1)
    squares, heads, y = [], [], 0.0
    for verdict, colour in VERDICTS.items():
        lines = 2.2
        for x, width, chapter in zip(starts, across, chapters):
            held = cells.get((verdict, chapter), [])
            lines = max(lines, -(-len(held) // width))
            for filled in (True, False):
                at = [i for i, central in enumerate(held) if central == filled]
                squares += ax.plot([x + i % width for i in at], [y + i // width for i in at], "s",
                                   color=colour, fillstyle="full" if filled else "none",
                                   markeredgewidth=1.1, linestyle="none",
                                   label=f"{verdict}, {chapter}{', central' * filled}")
        heads.append(y + 0.5)
        y += lines + 1.1
        if verdict != list(VERDICTS)[-1]:
            ax.axhline(y - 1.05, color=PALE, linewidth=0.7, zorder=0)
    ax.set_xlim(-0.8, starts[-1] - 1.4)
    ax.set_ylim(y - 1.2, -0.8)
    figure.set_figheight(0.95 + 0.118 * y)
    totals = frame.groupby("verdict")["central"].agg([len, lambda some: some.map(bool).sum()])
    said = {verdict: tuple(map(int, totals.loc[verdict])) if verdict in totals.index else (0, 0)
            for verdict in MEANING}
    ax.set_yticks(heads, [f"{SIGN[verdict]} {fill(verdict, 14)}\n{n}, central {central}"
                          for verdict, (n, central) in said.items()], linespacing=1.15, fontsize=8)
    ax.xaxis.tick_top()
    ax.set_xticks(starts[:-1] - 0.5, [chapter_head(chapter) for chapter in chapters], ha="left",
                  fontsize=7.5)
    ax.tick_params(length=0)
    for spine in ax.spines.values():
        spine.set_visible(False)
    squares_settle(ax, squares)
    square_key(figure)
    right, decided = said["reproduced"][0], sum(said[verdict][0] for verdict in list(MEANING)[:4])
    alt = (f"One square a claim. Reproduced: {right} of the {decided} that could be decided, "
           f"{len(frame)} in all. ") + " ".join(
        f"{chapter_head(chapter, ' ')}: " + ", ".join(
            f"{verdict} {len(cells[verdict, chapter])} (central {sum(cells[verdict, chapter])})"
            for verdict in MEANING if (verdict, chapter) in cells) + "." for chapter in chapters)
    notes = [f"Self-evident counts, left out: {left_out}."] if left_out else []
    return finish(figure, alt, [resting(frame)], notes, source)


def chapter_head(chapter, gap="\n"):
    """A chapter's file name as the head of a column.

    >>> chapter_head("02-kazakhstan", " ")
    '2 Kazakhstan'
    """
    number, _, name = chapter.partition("-")
    return f"{number.lstrip('0')}{gap}{name.capitalize()}"


def squares_settle(ax, squares):
    """Squares as large as their places, once the axes have found their size."""
    def settle():
        pitch = ax.get_window_extent().width / abs(np.diff(ax.get_xlim())[0])
        for line in squares:
            line.set_markersize(0.74 * pitch * 72 / ax.figure.dpi)
    on_settled(ax.figure, settle)


def square_key(figure):
    """What filled and open squares mean, above the figure."""
    for shape, words in (("full", "central: the conclusion or a recommendation rests on it"),
                         ("none", "other")):
        figure.axes[0].plot([], [], "s", fillstyle=shape, color=INK, markersize=6, label=words)
    handles, labels = figure.axes[0].get_legend_handles_labels()
    figure.legend(handles[-2:], labels[-2:], loc="outside upper left", ncols=2, fontsize=8,
                  handletextpad=0, columnspacing=0.9, borderpad=0.2)


def resting(ledger):
    """An empty frame that remembers the rows and the sources of all claims."""
    frame = pd.DataFrame()
    for name in ("rows", "sources"):
        held = ledger.get(name, pd.Series(dtype=object))
        frame.attrs[name] = list(dict.fromkeys(one for some in held for one in some))
    return frame


def as_printed(rows, unit_note="number of subscribers, as the article says", source=None):
    """A figure of the article drawn again with the numbers that it prints, and no others.

    rows: of the article's table: printed, value, legible and id, indicator or network, which
    name the bar; a value that is not legible is an open hatched bar.
    """
    rows = drawable(rows.assign(value=rows.get("value", pd.Series("", rows.index)).fillna("")),
                    "as_printed", "printed", "value", "legible")
    labels = [network(row) for row in rows.to_dict("records")]
    legible = [row["legible"] == "yes" and row["value"] != "" for row in rows.to_dict("records")]
    values = [float(value) if ok else np.nan for value, ok in zip(rows["value"], legible)]
    if not any(legible):
        raise ValueError("as_printed: no value is legible; print the reasons as a table")
    colour = next(iter(country_styles(rows["country"]).values()))["color"] \
        if "country" in rows.columns else GREY
    figure, ax = canvas(0.95 + 0.42 * len(rows))
    top, told = np.nanmax(values), []
    for y, (label, value, text, ok) in enumerate(zip(labels, values, rows["printed"], legible)):
        ax.barh(y, value if ok else 0.36 * top, height=0.62, label=label,
                **({"color": colour} if ok else {"facecolor": "white", "edgecolor": GREY,
                                                 "hatch": "////", "linestyle": "--"}))
        ax.annotate(text if ok else "not legible in our copy", (value if ok else 0.36 * top, y),
                    (4, 0), textcoords="offset points", va="center",
                    fontstyle="normal" if ok else "italic")
        told.append(f"{label}: {text if ok else 'not legible'}")
    ax.set_yticks(range(len(labels)), labels)
    ax.invert_yaxis()
    ax.tick_params(axis="y", length=0)
    range_frame(ax, x=[0, top])
    ax.set_xlim(0, top * 1.12)
    ax.set_xticks([tick for tick in ax.get_xticks() if tick <= top])
    ax.xaxis.set_major_formatter("{x:,.0f}")
    ax.set_xlabel(unit_note)
    ids = [f"{row.country}/{row.year}/article:{row.id}/article_2023" for row in rows.itertuples()] \
        if {"id", "country", "year"} <= set(rows.columns) else []
    note = "" if all(legible) else "Hatched: a number that is lost; its length means nothing."
    return finish(figure, f"Bars as the article prints them, {unit_note}. {'; '.join(told)}.",
                  [rows], [note], source, rows=ids)


def network(row):
    """The name of the social network that a row of the article is about.

    >>> network({"indicator": "", "id": "figure-5-twitter"})
    'Twitter'
    """
    words = row.get("network") or row.get("indicator") or row.get("id", "")
    known = [name for name in NETWORKS if name.lower() in words.lower()]
    return known[0] if known else words.replace("_", " ").capitalize()
