"""Dated events down an axis of time."""

from textwrap import fill

import numpy as np
import pandas as pd

from footnoted.numerals import decimal_year

from ..data import dated_rowid, names
from .style import (
    GREY,
    PLATE,
    SMALL,
    checked,
    country_styles,
    darkened,
    finish,
    in_style,
    labels_beside,
    new_figure,
    say_points,
)

EVENT, TEXT = 0.04, 0.11         # how far they stand from the axis of time, of the figure's width


@in_style
def timeline(milestones):
    """Dated events down one axis of time; of two countries the first in the frame on the left.

    milestones: country, date (ISO, as exact as it is known), short_label and, if it has them,
    id, source and recommendation: an event that bears on one is filled and has its number. Raises
    ValueError for more than two countries, or no events.
    """
    events = checked(milestones, "timeline", "country", "date", "short_label")
    sides = list(milestones["country"].unique())
    events = events.sort_values("date", kind="stable")
    if len(sides) > 2:
        raise ValueError(f"timeline: two countries at most, the frame has {', '.join(sides)}")
    events = events.assign(
        name=events["country"].map(names()),
        year=[float(decimal_year(date)) for date in events["date"]],
        advice=events.get("recommendation", pd.Series("", events.index)),
        text=[fill(f"{date_in_words(date)}: {text}", 100 // len(sides))
              for date, text in zip(events["date"], events["short_label"])])
    traced = {"id", "source"} <= set(events.columns)
    events["rows"] = [(dated_rowid("milestones", event),) if traced else ()
                      for event in events.to_dict("records")]
    events["text"] += events["advice"].map(lambda number: f" ({number})" if number else "")
    lines = events["text"].str.count("\n") + 1.5
    figure, ax = new_figure(max(2.4, 0.6 + 0.15 * lines.groupby(events["country"]).sum().max()))
    middle = 0.5 if len(sides) == 2 else 0.06
    draw_axis_of_time(ax, middle, events["year"])
    for code, towards in zip(sides, (-1, 1) if len(sides) == 2 else (1,)):
        draw_side(ax, events[events["country"] == code], country_styles(sides)[code],
                  middle + EVENT * towards, middle + TEXT * towards,
                  "left" if towards > 0 else "right")
    alt = "; ".join(f"{event.name}, {date_in_words(event.date)}: {event.short_label}"
                    for event in events.itertuples(index=False))
    note = "Filled: bears on the recommendation whose number follows." * any(events["advice"])
    return finish(figure, f"Timeline. {alt}.", [row for rows in events["rows"] for row in rows],
                  notes=[note])


def draw_axis_of_time(ax, x, years):
    """An upright from the first event to the last, earlier above, with about eight years on it."""
    low, high = int(np.floor(min(years))), int(np.ceil(max(years)))
    ax.set_axis_off()
    ax.set_xlim(0, 1)
    ax.set_ylim(high + 0.2, low - 0.2)
    ax.plot([x, x], [low, high], color=GREY, linewidth=1, zorder=1)
    step = next(step for step in (1, 2, 5, 10, 20, 50) if (high - low) / step <= 8)
    for year in range(low + (-low) % step, high + 1, step):
        ax.text(x, year, year, ha="center", va="center", fontsize=SMALL, color="#555555",
                bbox=PLATE)


def draw_side(ax, events, style, x, text_x, align):
    """One country's events at their dates, their texts beside them, its name above."""
    for own, face in ((events[events["advice"] == ""], "white"), (events[events["advice"] != ""],
                                                                  style["color"])):
        ax.plot(np.full(len(own), x), own["year"], style["marker"], color=style["color"],
                markerfacecolor=face, zorder=3)
    say_points(ax, [x] * len(events), events["year"],
               [f"{event.name}, {date_in_words(event.date)}"
                for event in events.itertuples(index=False)], events["short_label"], events["rows"])
    labels_beside(ax, text_x, [(x, year) for year in events["year"]], events["text"],
                  [style["color"]] * len(events), align, gap=4, color="#222222")
    ax.text(text_x, 1.02, events["name"].iloc[0], transform=ax.transAxes, va="bottom", ha=align,
            fontweight="bold", color=darkened(style["color"]))


def date_in_words(date):
    """An ISO date, as exact as it is known, for a reader.

    >>> date_in_words("2018-01-10"), date_in_words("2018-01"), date_in_words("2018")
    ('10 Jan 2018', 'Jan 2018', '2018')
    """
    year, *finer = str(date).split("-")
    month = f"{pd.Period(str(date)):%b} " if finer else ""
    day = f"{int(finer[1])} " if len(finer) > 1 else ""
    return f"{day}{month}{year}"
