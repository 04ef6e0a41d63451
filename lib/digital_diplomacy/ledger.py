"""The article's numbers beside the study's own."""

import pandas as pd

from . import data, tables
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
    (Number), This study (Number or text), Year (of ours) and Agreement ("within rounding",
    "differs" or why it cannot be said).
    """
    lines = {row["id"]: line(row, as_of) for row in checkable(country).to_dict("records")}
    columns = ["Page", "The article says", "Printed", "This study", "Year", "Agreement"]
    return pd.DataFrame.from_dict(lines, orient="index", columns=columns, dtype=object)


def line(row, as_of=None):
    """One row of `beside`: the preferred value of the article's year, or why there is none."""
    printed = data.article(row["id"])
    year = int(row["year"] or 2023)
    try:
        frame = data.pick(row["indicator"], row["country"], as_of=as_of)
        ours = data.latest(frame, row["country"], year)
    except tables.DataError:
        return [row["page"], row["statement"], printed, "no open source found", "–",
                "cannot be said"]
    own_year = str(max(ours.years))
    if ours.unit != printed.unit:
        return [row["page"], row["statement"], printed, ours, own_year, "other unit"]
    verdict = "within rounding" if compare(row["id"], printed, "=", ours) == "true" else "differs"
    return [row["page"], row["statement"], printed, ours, own_year, verdict]


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
