"""The ledger of the article's claims: frames for the notebooks, and its numbers beside ours."""

from functools import lru_cache

import pandas as pd

from . import checks, data, tables
from .inputs import hedged
from .show import compare
from .verdicts import MEANING, TRUTH

TABLES = ("claims", "checks", "choices", "relations", "article", "milestones", "terms")
TITLES = ["Evidence", "Against its own numbers", "Label", "Cited source", "Verdict"]


def ledger(chapter=None, as_of=None):
    """All claims with their verdicts, one row each, by chapter and page.

    chapter: only that one's; as_of: only sources published by then. Raises DataError with every
    fault of the tables: nothing is computed from an invalid ledger.
    """
    frame = computed(as_of, stamps())
    return frame.copy() if chapter is None else frame[frame["chapter"] == chapter].copy()


def stamps():
    """The state of the tables that the ledger rests on."""
    return (*tables.state(), *(tables.file(name).stat().st_mtime_ns for name in TABLES))


@lru_cache(maxsize=4)
def computed(as_of, stamp):
    """What `ledger` gives, worked out once for a state of the tables."""
    tables.refuse(checks.check())
    rows = tables.read("checks")
    rows = rows.assign(order=rows["order"].astype(int)).sort_values(["claim", "order"])
    by_claim = {claim: group.to_dict("records") for claim, group in rows.groupby("claim")}
    lines = [checks.row(claim, by_claim.get(claim["id"], []), as_of)
             for claim in tables.read("claims").to_dict("records")]
    frame = pd.DataFrame(lines)
    frame["sort"] = frame["page"].str.extract(r"(\d+)")[0].astype(float)
    return frame.sort_values(["chapter", "sort", "id"], kind="stable",
                             ignore_index=True).drop(columns="sort")


def truth():
    """The table by which four results fold to a verdict: the first line that fits decides."""
    return pd.DataFrame(TRUTH, columns=TITLES)


def claims(chapter):
    """What the article claims for a chapter: page and statement, for its opening."""
    frame = ledger(chapter).query("not self_evident").set_index("id")
    return frame[["page", "statement"]].set_axis(["Page", "The article says"], axis=1)


def verdicts(chapter, as_of=None):
    """What stands of a chapter's claims: page, claim, verdict with its marks, and why."""
    frame = ledger(chapter, as_of).query("not self_evident").set_index("id")
    return pd.DataFrame({"Page": frame["page"], "Claim": frame["short"],
                         "Verdict": [marked(row) for row in frame.to_dict("records")],
                         "We found": [why(row) for row in frame.to_dict("records")]})


def marked(row):
    """A verdict with its marks in words."""
    return "; ".join([row["verdict"], *row["marks"]])


def why(row):
    """The arithmetic, or the words, of what decided a claim; else what was looked for."""
    decided = {"mislabelled": ["label"], "inconsistent": ["own"]}.get(row["verdict"], [])
    decided += [against for against in ("cited", "preferred")
                if row[against] in ("agrees", "differs")][:1]
    told = [row[f"{against}_how"] for against in decided if row[f"{against}_how"]]
    return "; ".join(told[:1]) or row["looked"] or row["needed"]


def summary(as_of=None, central=False):
    """How many claims have which verdict, by chapter; what the article gets right comes first.

    Counts that the article's own list settles are left out; central: only the claims that its
    conclusion or a recommendation rests on.
    """
    frame = ledger(as_of=as_of).query("not self_evident")
    frame = frame[frame["central"].map(bool)] if central else frame
    counts = pd.crosstab(frame["chapter"], frame["verdict"]).reindex(
        columns=list(MEANING), fill_value=0)
    counts["all"] = counts.sum(axis=1)
    return counts


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
