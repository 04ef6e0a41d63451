"""Figures of the comparison: what became of gaps by base year, and the places around a rank."""

import pandas as pd

from .base import (INK, PALE, canvas, country_styles, drawable, finish, floats, ink, part_label,
                   prose, range_frame)

# Sign, filled or open, and words: what became of a gap, readable without colour.
SIGNS = {"narrower": ("v", INK, "narrower"), "wider": ("^", "white", "wider"),
         "crossed": ("x", INK, "the lead changed hands"),
         "undecided": ("_", INK, "equal or undecided"),
         "not estimable": (".", "#999999", "not estimable")}
METRICS = {"SD": "SD", "Ranks": "ranks", "Log": "log"}
LINE = 0.17                      # inches of a row


def turns(table, source=None):
    """What became of each gap since each base year: a row a measure and metric, a column a year.

    table: indicator, metric, base, end, before, after, state, as `comparison.trends` gives it. A
    base year in which a measure was not taken stays empty.
    """
    table = drawable(table, "turns", "indicator", "metric", "base", "end", "state")
    unknown = sorted(set(table["state"]) - set(SIGNS))
    if unknown:
        raise ValueError(f"turns: no sign for {', '.join(unknown)}: one of {', '.join(SIGNS)}")
    rows = list(dict.fromkeys(zip(table["indicator"], table["metric"])))
    years = sorted(set(table["base"]))
    figure, ax = canvas(1.15 + LINE * len(rows))
    labels = []
    for y, (indicator, metric) in enumerate(rows):
        first = y == 0 or rows[y - 1][0] != indicator
        if first:
            ax.axhline(y - 0.5, color=PALE, linewidth=0.8, zorder=0)
        own = table[(table["indicator"] == indicator) & (table["metric"] == metric)]
        for _, cell in own.iterrows():
            sign(ax, years.index(cell["base"]), y, cell["state"])
        name = f"{part_label(indicator).split(' (')[0]}, to {int(own['end'].iloc[0])}: " \
            if first else ""
        labels.append(f"{name}{METRICS.get(metric, metric)}")
    ax.set_yticks(range(len(rows)), labels, fontsize=7.5)
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.set_xlim(-0.6, len(years) - 0.4)
    ax.xaxis.tick_top()
    ax.set_xticks(range(len(years)), [str(year) for year in years], fontsize=7.5)
    ax.tick_params(length=0)
    for spine in ax.spines.values():
        spine.set_visible(False)
    for state in [state for state in SIGNS if state in set(table["state"])]:
        sign(ax, [], [], state, label=SIGNS[state][2])
    figure.legend(loc="outside upper left", ncols=2, fontsize=8, handletextpad=0.1,
                  columnspacing=1, borderpad=0.2)
    ids = list(dict.fromkeys(row for part in ("before", "after") if part in table
                             for value in table[part] for row in getattr(value, "rows", ())))
    return finish(figure, f"Matrix of signs, a column a base year. {told(table)}", [], [
        "Base years across; SD, places and log are three metrics of one gap."], source, rows=ids)


def sign(ax, x, y, state, label=None):
    """One sign of the matrix."""
    marker, face, _ = SIGNS[state]
    ax.plot(x, y, marker, color=INK, markerfacecolor=face, markeredgecolor=INK, markersize=4.5,
            markeredgewidth=0.9, label=label, linestyle="none")


def told(table):
    """The matrix in words, for alt text: years by sign, a sentence a row."""
    lines = []
    for (indicator, metric), own in table.groupby(["indicator", "metric"], sort=False):
        by_state = [f"{SIGNS[state][2]} since {', '.join(map(str, part['base']))}"
                    for state, part in own.groupby("state", sort=False)]
        lines.append(f"{part_label(indicator)}, {METRICS.get(metric, metric)}: "
                     f"{'; '.join(by_state)}.")
    return " ".join(lines)


def rank_sets(frame, of=193, source=None):
    """Ranks with the places around them: a thick bar for near scores, a thin one for weights.

    frame: country, name, year, value (the rank), near_best, near_worst, weights_best and
    weights_worst (ranks); a row a state and survey, drawn in the frame's order. A missing set is
    not drawn. 1 is at the left.
    """
    frame = frame.reset_index(drop=True)
    drawable(frame, "rank_sets", "country", "name", "year", "value", "near_best", "near_worst",
             "weights_best", "weights_worst")
    styles = country_styles(frame["country"])
    figure, ax = canvas(1.2 + 0.36 * len(frame))
    edges, lines = [], []
    for y, row in frame.iterrows():
        style = styles[row["country"]]
        for part, up, width in (("near", -0.16, 4.5), ("weights", 0.16, 1.6)):
            ends = [row[f"{part}_best"], row[f"{part}_worst"]]
            if not any(pd.isna(end) for end in ends):
                ax.plot(floats(ends), [y + up, y + up], color=style["color"], linewidth=width,
                        solid_capstyle="butt", label=f"{row['name']} {row['year']}, {part}")
                edges += list(floats(ends))
        ax.plot(float(row["value"]), y, style["marker"], color=style["color"], markersize=6,
                markeredgecolor="white", markeredgewidth=0.7, zorder=4)
        edges.append(float(row["value"]))
        ax.annotate(prose(row["value"]), (max(edges[-5:]), y), (7, 0), va="center", fontsize=8,
                    textcoords="offset points", color=ink(style["color"]))
        lines.append(f"{row['name']}, {row['year']}: {prose(row['value'])}, near scores "
                     f"{span(row, 'near')}, weights {span(row, 'weights')}.")
    ax.set_yticks(range(len(frame)), [f"{row['name']}, {row['year']}"
                                      for _, row in frame.iterrows()], fontsize=8.5)
    ax.set_ylim(len(frame) - 0.5, -0.5)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    range_frame(ax, x=[1, max(edges)], margin=0.02)
    ax.set_xlim(right=max(edges) * 1.14)
    ax.set_xticks([1, *(tick for tick in range(20, int(max(edges)) + 1, 20))])
    ax.set_xlabel(f"place among {of} UN members, 1 at the left")
    note = "Dot: the rank. Thick bar: places of near scores. Thin bar: places under other weights."
    return finish(figure, f"Dots with two bars each. {' '.join(lines)}", [], [note], source,
                  rows=rows_of(frame))


def span(row, part):
    """A set of places in words."""
    best, worst = row[f"{part}_best"], row[f"{part}_worst"]
    return "not estimable" if pd.isna(best) or pd.isna(worst) else \
        f"{int(best)} to {int(worst)}"


def rows_of(frame):
    """The rows behind all ranks of the frame, each once."""
    columns = ["value", "near_best", "near_worst", "weights_best", "weights_worst"]
    return list(dict.fromkeys(row for column in columns for value in frame[column]
                              for row in getattr(value, "rows", ())))
