"""The ledger of the article's claims: frames for the notebooks."""

import textwrap
from functools import lru_cache

import pandas as pd

from footnoted.consistency import repairs

from .. import article, data
from . import checks
from .inputs import changed
from footnoted.number import Number
from .verdicts import MEANING, TRUTH

GRAVE = ("contradicted", "mislabelled", "inconsistent", "unsupported")
SHOWN = 3  # repairs of a conflict that a table names
LEFT_OPEN = ("unsupported", "not checkable here")
WORDS = 200  # letters of a reason in a table; the ledger page has all
TITLES = ["Evidence", "Against its own numbers", "Label", "Cited source", "Verdict"]


def ledger(chapter=None, as_of=None):
    """All claims with their verdicts, one row each, by chapter and page.

    chapter: only that one's; as_of: only sources published by then. Raises DataError with every
    fault of the tables: nothing is computed from an invalid ledger.
    """
    return computed(chapter, as_of, changed()).copy()


def stated(chapter=None):
    """The claims as the table has them, by chapter and page, with `self_evident` as a bool."""
    rows = data.read("claims")
    rows = rows if chapter is None else rows[rows["chapter"] == chapter]
    rows["self_evident"] = rows["self_evident"] == "yes"
    page = rows["page"].str.extract(r"(\d+)")[0].astype(float)
    return rows.assign(sort=page).sort_values(
        ["chapter", "sort", "id"], kind="stable", ignore_index=True).drop(columns="sort")


@lru_cache(maxsize=8)
def computed(chapter, as_of, stamp):
    """What `ledger` gives, worked out once for a state of the tables."""
    claims = stated(chapter)
    data.refuse(checks.check(claims["id"]))
    rows = data.read("checks")
    rows = rows.assign(order=rows["order"].astype(int)).sort_values(["claim", "order"])
    by_claim = {claim: group.to_dict("records") for claim, group in rows.groupby("claim")}
    return pd.DataFrame([checks.row(claim, by_claim.get(claim["id"], []), as_of)
                         for claim in claims.to_dict("records")])


def truth():
    """The table by which four results fold to a verdict: the first line that fits decides."""
    return pd.DataFrame(TRUTH, columns=TITLES)


def claims(chapter):
    """What the article claims for a chapter, page by page, for its opening."""
    frame = stated(chapter).query("not self_evident")
    pages = frame.groupby("page", sort=False)["short"].agg("; ".join)
    return pd.DataFrame({"Page": pages.index.str.replace("-", "–"),
                         "The article's claims": pages.tolist()})


def verdicts(chapter, as_of=None):
    """What stands of a chapter's claims: for each verdict how many, and which.

    Returns a frame indexed by verdict with Claims (a Number) and Which (names and pages as text).
    """
    frame = ledger(chapter, as_of).query("not self_evident")
    parts = {verdict: frame[frame["verdict"] == verdict] for verdict in MEANING}
    parts = {verdict: part for verdict, part in parts.items() if len(part)}
    which = ["; ".join(f"{row['short']} ({row['page'].replace('-', '–')})"
                       for row in part.to_dict("records"))
             if verdict not in LEFT_OPEN else "See the ledger in the appendix"
             for verdict, part in parts.items()]
    return pd.DataFrame({"Claims": pd.Series(list(map(count, parts.values())), dtype=object).values,
                         "Which": which}, index=pd.Index(list(parts), name="Verdict"))


def replaced(chapter, as_of=None):
    """The claims of a chapter that do not stand as printed: page, claim, verdict, and why."""
    return told(ledger(chapter, as_of).query("verdict in @GRAVE[:3]"))


def told(frame):
    """Rows of the ledger as a reader's table: Page, Claim, Verdict, We found."""
    rows = frame.to_dict("records")
    return pd.DataFrame({"Page": [row["page"].replace("-", "–") for row in rows],
                         "Claim": [row["short"] for row in rows],
                         "Verdict": ["; ".join([row["verdict"], *row["marks"]]) for row in rows],
                         "We found": [cut(why(row)) for row in rows]}, index=frame["id"])


def cut(text):
    """A reason short enough for a table, with a capital and without an open bracket at its end."""
    short = textwrap.shorten(text, WORDS, placeholder=" …")
    if short.endswith(" …") and short.count("(") > short.count(")"):
        short = short[:short.rindex("(")].rstrip(" ;,") + " …"
    return short[:1].upper() + short[1:]


def why(row):
    """The arithmetic, or the words, of what decided a claim; else what was looked for."""
    first = {"mislabelled": ["label_how"], "inconsistent": ["own_how"]}.get(row["verdict"], [])
    decided = [f"{against}_how" for against in ("cited", "preferred")
               if row[against] in ("agrees", "differs")]
    said = [row[column] for column in first + decided if row[column]]
    if said:
        return said[0]
    return f"Needed: {row['needed']}" if row["needed"] else f"Looked for: {row['looked']}"


def count(frame):
    """How many claims a part of the ledger has, as a Number that names each."""
    rows = [f"{row['country']}/2023/claims:{row['id']}/article_2023"
            for row in frame.to_dict("records")]
    return Number(len(rows), rows=rows, decimals=0, how="claims")


def summary(as_of=None):
    """How many claims have which verdict, by chapter and in all; what is right comes first.

    Counts that the article's own list settles are left out. The row Central counts the claims
    on which its conclusion or a recommendation rests, the row By rule those that a rule decided.
    Returns a frame of Numbers with a column for each verdict and "All".
    """
    frame = ledger(as_of=as_of).query("not self_evident")
    parts = {chapter[3:].capitalize(): part for chapter, part in frame.groupby("chapter")}
    parts |= {"All": frame, "Central": frame[frame["central"].map(bool)],
              "By rule": frame[frame["basis"] == "rule"]}
    lines = {name: [count(part[part["verdict"] == verdict]) for verdict in MEANING] + [count(part)]
             for name, part in parts.items()}
    columns = [*(verdict.capitalize() for verdict in MEANING), "All"]
    return pd.DataFrame.from_dict(lines, orient="index", columns=columns, dtype=object)


def findings(as_of=None, n=10):
    """The findings that matter most, of the claims that do not stand as printed.

    First what more than one conclusion or recommendation rests on; then what one rests on and
    something decided; then the other decided ones, those by a rule and not fragile first; within
    each by the gravest verdict, chapter and name. Of several with the same reason the first. No
    finding is a verdict that stands in less than half of its worlds, or a claim that stands as
    printed in half of them.
    """
    frame = ledger(as_of=as_of).query("not self_evident and verdict in @GRAVE")
    frame = frame[[not one or one["as_printed"] < 0.5 <= one["share"]
                   for one in frame["stability"]]]
    decided, rests = frame["verdict"] != "unsupported", frame["central"].map(len)
    order = pd.DataFrame({
        "class": (2 - (decided & (rests == 1))).where(decided, 3).where(rests < 2, 0),
        "soft": (frame["basis"] != "rule") | frame["marks"].map(lambda marks: "fragile" in marks),
        "grave": frame["verdict"].map(GRAVE.index), "chapter": frame["chapter"], "id": frame["id"]})
    order.loc[order["class"] < 2, "soft"] = False
    frame = frame.assign(why=[why(row) for row in frame.to_dict("records")])
    frame = frame.loc[order.sort_values(list(order)).index]
    return told(frame.drop_duplicates("why").head(n))


def fragile(as_of=None):
    """The verdicts that an admissible choice turns: in how many worlds each stands, what turns it.

    Returns a frame indexed by claim with Verdict, Stands in ("2 of 4") and Turned by.
    """
    frame = ledger(as_of=as_of)
    frame = frame[frame["marks"].map(lambda marks: "fragile" in marks)]
    rows = [(row["verdict"], f"{row['stability']['stands']} of {row['stability']['n']}",
             "; ".join(row["stability"]["turned_by"]) or "choices together only")
            for row in frame.to_dict("records")]
    return pd.DataFrame(rows, columns=["Verdict", "Stands in", "Turned by"],
                        index=pd.Index(frame["short"], name="Claim"))


def readings(claims):
    """In how many of its admissible readings each of some claims stands as printed.

    Returns a frame by claim with Readings and Passes (Numbers); None where nothing is varied.
    """
    frame = ledger().set_index("id").loc[claims]
    rows = [[Number(value, rows=tuple(row["rows"]), decimals=0) for value in
             (row["stability"]["n"], round(row["stability"]["as_printed"] * row["stability"]["n"]))]
            if row["stability"] else [None, None] for row in frame.to_dict("records")]
    return pd.DataFrame(rows, index=frame.index, columns=["Readings", "Passes"], dtype=object)


def conflicts():
    """The sets of the article's numbers that cannot all be true, why, and the smallest repairs.

    Returns a frame with Printed, Why not all are true and Smallest repairs, a line a group of sets.
    """
    said, lines = data.read("relations").set_index("id")["statement"], []
    for case in article.audit().cases.values():
        for group, mends in zip(case.groups, case.repairs):
            names = dict.fromkeys(name for one in group for name in one.numbers)
            why = dict.fromkeys(said[label] for one in group for label in one.relations)
            printed = "; ".join(f"{name} {case.numbers[name]}" for name in names)
            mend = " ".join(repairs.lines(mends, SHOWN))
            lines.append([spelled(printed), " ".join(why), spelled(mend)])
    return pd.DataFrame(lines, columns=["Printed", "Why not all can be true", "Smallest repairs"])


def spelled(text):
    """Names of numbers as a reader spells them.

    >>> spelled("kaz_internet_users 17,3 млн")
    'Kazakhstan, internet users 17,3 млн'
    """
    for code, country in (("kaz_", "Kazakhstan, "), ("uzb_", "Uzbekistan, ")):
        text = text.replace(code, country)
    return text.replace("_", " ")
