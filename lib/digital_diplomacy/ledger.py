"""The article's numbers beside the study's own."""

from decimal import Decimal
from fractions import Fraction

import pandas as pd

from . import data, tables
from .quantity import Number
from .show import compare


def checkable(country=None):
    """The article's legible numbers that have an indicator, of one country or of all."""
    rows = tables.read("article")
    rows = rows[(rows["value"] != "") & (rows["indicator"] != "")]
    return rows if country is None else rows[rows["country"] == country]


def beside(country=None, as_of=None):
    """Every legible number of the article that has an indicator, beside the preferred value.

    country: only that one's numbers; as_of: only sources published by then.
    Returns a frame indexed by the article's id with the columns Page, The article says, Printed
    (Number), This study (Number or text), Year (of ours) and Agreement ("within rounding", which a
    hedge widens; "differs"; or why it cannot be said).
    """
    lines = {row["id"]: line(row, as_of) for row in checkable(country).to_dict("records")}
    columns = ["Page", "The article says", "Printed", "This study", "Year", "Agreement"]
    return pd.DataFrame.from_dict(lines, orient="index", columns=columns, dtype=object)


def line(row, as_of=None):
    """One row of `beside`: the preferred value of the article's year, or why there is none."""
    printed = hedged(data.article(row["id"]), row["hedge"])
    year = int(row["year"] or 2023)
    frame = data.pick(row["indicator"], row["country"], as_of=as_of)
    if data.recent(frame, year).empty:
        return [row["page"], row["statement"], printed, "no open source found", "–",
                "cannot be said"]
    ours = data.latest(frame, row["country"], year)
    return [row["page"], row["statement"], printed, ours, str(max(ours.years)),
            agreement(row, printed, ours)]


def agreement(row, printed, ours):
    """What two numbers say of each other: nothing where unit or year are not the same."""
    if ours.unit != printed.unit:
        return "other unit"
    if row["year"] and row["year"] not in ours.years:
        return "other year"
    return "within rounding" if compare(row["id"], printed, "=", ours) == "true" else "differs"


def hedged(number, hedge):
    """A number with the interval that its hedge allows: about, or more than, one unit of its last
    digit that is not zero.

    >>> about = hedged(Number(90, "%"), "about")
    >>> float(about.low), float(about.high)
    (80.0, 100.0)
    """
    unit = Fraction(10) ** Decimal(repr(float(number))).normalize().as_tuple().exponent
    low, high = {"about": (-unit, unit), "more than": (0, unit)}.get(hedge, (None, None))
    if low is None:
        return number
    exact = Fraction(str(float(number)))
    return Number(float(number), number.unit, exact + low, exact + high, number.rows,
                  number.decimals, printed=number.printed)


def years(country=None, as_of=None):
    """For each number of `beside`, the years whose value agrees with it within rounding, as text.

    >>> years("UZB")["uzb-internet-share"]
    '2021'
    """
    found = {}
    for row in checkable(country).to_dict("records"):
        printed, frame = data.article(row["id"]), data.pick(row["indicator"], row["country"],
                                                            as_of=as_of)
        agree = [str(year) for year, ours in zip(frame["year"], frame["value"])
                 if ours.unit == printed.unit and compare(row["id"], printed, "=", ours) == "true"]
        found[row["id"]] = ", ".join(dict.fromkeys(agree)) or ("none" if len(frame) else "–")
    return pd.Series(found, dtype=object)
