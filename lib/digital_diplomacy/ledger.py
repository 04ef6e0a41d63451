"""The article's numbers beside the study's own."""

import pandas as pd

from . import data
from .show import compare


def beside(country=None):
    """Every legible number of the article that has an indicator, beside the preferred value.

    country: only that one's numbers. Returns a frame indexed by the article's id with the columns
    Page, The article says, Printed (Number), This study (Number or text), Year (of ours) and
    Agreement ("within rounding", "differs" or why it cannot be said).
    """
    rows = data.read("article")
    rows = rows[(rows["value"] != "") & (rows["indicator"] != "")]
    rows = rows if country is None else rows[rows["country"] == country]
    lines = {row["id"]: line(row) for row in rows.to_dict("records")}
    columns = ["Page", "The article says", "Printed", "This study", "Year", "Agreement"]
    return pd.DataFrame.from_dict(lines, orient="index", columns=columns, dtype=object)


def line(row):
    """One row of `beside`: the preferred value of the article's year, or why there is none."""
    printed = data.article(row["id"])
    year = int(row["year"] or 2023)
    try:
        frame = data.pick(row["indicator"], row["country"])
        ours = data.latest(frame, row["country"], year)
    except data.DataError:
        return [row["page"], row["statement"], printed, "no open source found", "–", "cannot be said"]
    own_year = str(max(ours.years))
    if ours.unit != printed.unit:
        return [row["page"], row["statement"], printed, ours, own_year, "other unit"]
    verdict = "within rounding" if compare(row["id"], printed, "=", ours) == "true" else "differs"
    return [row["page"], row["statement"], printed, ours, own_year, verdict]
