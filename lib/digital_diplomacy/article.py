"""The article's numbers: each as printed, all against each other, and beside ours."""

import json
import re
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd
from footnoted.consistency.expressions import relation
from footnoted.consistency.numerals import Printed, read
from footnoted.consistency.solve import PERCENT, Result, attempt, taken
from footnoted.number import COUNTED, Number

from . import data
from footnoted.hints import near

from .data import DataError

CASES = ("KAZ", "UZB", "article")
GRAVEST = ("inconsistent", "cannot be said", "consistent")  # of what several cases say of a number
ROUNDED = {*COUNTED, *PERCENT, "index"}  # units whose numbers were rounded; all others are counts


def printed(claim):
    """A number that the article prints, by its id, as a Number with its rounding interval.

    A list of ids gives a Series of Numbers.

    Raises DataError where there is no such id, or where it is not legible in our copy.
    """
    if not isinstance(claim, str):
        return pd.Series([printed(one) for one in claim], index=list(claim), dtype=object)
    rows = data.read("article").set_index("id")
    if claim not in rows.index:
        raise DataError(f"no number {claim!r} of the article{near(claim, rows.index)}")
    row = rows.loc[claim]
    if not row["value"]:
        raise DataError(f"the article's {claim} has no value: {row['reason']}")
    rowid = f"{row['country']}/{row['year']}/article:{claim}/article_2023"
    decimals = len(re.search(r"(?:[.,](\d+))?\D*$", row["printed"])[1] or "")
    digits = re.search(r"\d", row["printed"]) and data.rounded("printed", row["unit"])
    return Number(float(row["value"]), row["unit"], rows=(rowid,), decimals=decimals,
                  printed=row["printed"] if digits else "")  # one in words is exact


@dataclass(frozen=True)
class Audit:
    """The article's own numbers against each other.

    cases: case -> Result; numbers: article id -> "consistent", "inconsistent" or "tied to nothing";
    relations: relation id -> "consistent" or "inconsistent". Where the solver cannot tell, both say
    "cannot be said".
    """

    cases: dict
    numbers: dict
    relations: dict


@data.cached_by_tables
def article_audit(rounding="half", hedge=1):
    """The audit of the article's numbers, case by case; kept until article or relations change.

    rounding: "half", or "cut" (digits cut off); hedge: how many units a hedge is worth (0: none).
    Raises DataError, a line each, where a relation or a number cannot be read.

    >>> article_audit().numbers["kaz-internet-users"], article_audit().cases["UZB"].holds
    ('inconsistent', False)
    """
    numbers, cases, found = article_numbers(rounding, hedge), {}, {}
    for case, (relations, unknown) in article_relations().items():
        used = {name for one in relations.values() for name in one.names}
        cases[case] = Result({name: one for name, one in numbers.items() if name in used},
                             relations, unknown, {}, {"rounding": rounding, "hedge": hedge})
        if (rounding, hedge) == ("half", 1):  # only the study's own reading is asked for repairs
            cases[case].sources = article_sources(cases[case].conflicts)
    bad = {member for one in cases.values() for conflict in one.conflicts
           for member in conflict.numbers + conflict.relations}
    for one in cases.values():
        good = "cannot be said" if one.holds is None else "consistent"
        for member in (*one.relations, *one.numbers):
            said = "inconsistent" if member in bad else good
            found[member] = min(said, found.get(member, said), key=GRAVEST.index)
    ids = data.read("article")["id"]
    return Audit(cases, {one: found.get(named(one), "tied to nothing") for one in ids},
                 {label: found[label] for one in cases.values() for label in one.relations})


def named(claim):
    """An article id as relations write it."""
    return claim.replace("-", "_")


def article_numbers(rounding="half", hedge=1):
    """The article's numbers that have a value or a day: name -> Printed."""
    rows = data.read("article")
    rows = rows[(rows["value"] != "") | (rows["unit"] == "date")]
    return {named(row["id"]): article_number(row, rounding, hedge)
            for row in rows.to_dict("records")}


def article_number(row, rounding="half", hedge=1):
    """One number of the article as a Printed; one in words is exact and has no digits to slip."""
    printed = row["printed"].removeprefix("P")  # the register's mark before an act's number
    if not re.match(r"[0-9]", printed) and row["unit"] != "date":
        value = Fraction(row["value"])
        return Printed(row["printed"], value, value, value, True, row["unit"], exact=True)
    exact = row["unit"] not in ROUNDED and not re.search(r"[0-9][.,][0-9]", printed)
    sign = " %" if row["unit"] in PERCENT and "%" not in printed else ""  # printed as a word
    language = "en" if re.search(r"[0-9]\.[0-9]", printed) else "ru"  # as in an English address
    return read(f"{row['hedge']} {printed}{sign}".strip(), language, rounding, hedge, exact)


def article_relations():
    """The relations of each case: case -> ({id: Relation}, unknown names)."""
    known, faults, cases = set(article_numbers()), [], {case: ({}, []) for case in CASES}
    for i, row in data.read("relations").iterrows():
        unknown, place = row["unknown"].split(), f"relations.csv line {i + 2}, relation: "
        attempt(faults, place, lambda: cases[row["case"]][0].update(
            {row["id"]: relation(row["relation"], known | set(unknown))}))
        cases[row["case"]][1].extend(unknown)
    data.refuse(faults)
    return {case: (relations, tuple(dict.fromkeys(unknown)))
            for case, (relations, unknown) in cases.items()}


def article_sources(conflicts):
    """What our sources say of the numbers in conflict: name -> {source and date: Printed}."""
    wanted = {name for one in conflicts for name in one.numbers}
    rows = [row for row in data.read("article").to_dict("records")
            if row["indicator"] and named(row["id"]) in wanted]
    found = {}
    for row in rows:
        frame = data.pick(row["indicator"], row["country"], sources="all")
        found[named(row["id"])] = {f"{data.citation(one.source)} ({one.date or one.year})":
                                   taken(one.value) for one in frame.itertuples()}
    return found


def audited(part="numbers"):
    """What `make audit` measured, as a frame: how often a misprint would be noticed.

    part: "numbers" (one row a number of the article), "kinds" (of error), "worlds" (false alarms)
    or "tables" (what was hashed). Raises DataError with the mend where it was not run.
    """
    path = data.root().parent / "paper" / "results" / "audit.json"
    try:
        return pd.DataFrame(json.loads(path.read_text(encoding="utf-8"))[part])
    except FileNotFoundError:
        raise data.DataError("no paper/results/audit.json: run make audit") from None
    except (ValueError, KeyError):
        raise data.DataError(f"paper/results/audit.json has no {part!r}: run make audit") \
            from None
