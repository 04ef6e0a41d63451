"""The article's numbers: each as printed, beside ours, and all against each other."""

import json
import re
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from footnoted import numerals, running
from footnoted.conditions import compare
from footnoted.consistency import Result, repairs
from footnoted.consistency.relations import relation
from footnoted.consistency.result import as_printed, collected
from footnoted.consistency.solver import linked
from footnoted.hints import near
from footnoted.number import PERCENT, Number

from . import data
from .data import DataError

YEAR = 2023  # of the article: what it prints without a year is read at this one, and what came
             # later it could not say
CASES = ("KAZ", "UZB", "article")
GRAVEST = ("inconsistent", "tied to a conflict", "cannot be said", "consistent")  # of several cases
ROUNDED = {"persons", "accounts", "subscriptions", "connections", "interactions", "US dollars",
           "index", *PERCENT}  # units whose numbers were rounded; all others are counts


# As printed

def row_of(claim):
    """The row of a number of the article, by its id: a dict. Raises DataError where there is none.
    """
    rows = data.rows_by("article", "id")
    if claim not in rows:
        raise DataError(f"no number {claim!r} of the article{near(claim, rows)}")
    return rows[claim]


def rowid(row):
    """What a Number names as its row where it rests on a row of the article's table.

    >>> rowid(row_of("kaz-internet-share"))
    'KAZ/2023/article:kaz-internet-share/article_2023'
    """
    return f"{row['country']}/{row['year']}/article:{row['id']}/article_2023"


def printed(claim, rounding="half", hedge_units=0):
    """A number that the article prints, by its id, as a Number with its rounding interval.

    A list of ids gives a Series of Numbers. rounding: "half", or "cut" where digits were cut off;
    hedge_units: how many units of its last digit a hedge is worth; 0 is none. Raises DataError
    where there is no such id, or where it is not legible in our copy.

    >>> str(printed("kaz-egdi")), float(printed("kaz-egdi").low)
    ('0.8628', 0.86275)
    """
    if not isinstance(claim, str):
        return pd.Series([printed(one, rounding, hedge_units) for one in claim], index=list(claim),
                         dtype=object)
    row = row_of(claim)
    if not row["value"]:
        raise DataError(f"the article's {claim} has no value: {row['reason']}")
    rounded = data.is_rounded("printed", row["unit"])
    units = hedge_units if row["hedge"] else 0  # "18+" is an age mark's name, no hedge of its row
    read = number_read(row, rounding, units, exact=not rounded)
    times = 100 if read.unit in numerals.HUNDREDTHS else 1  # 90 % is read as 9/10
    return Number(float(Fraction(row["value"])), row["unit"], read.low * times, read.high * times,
                  (rowid(row),), len(read.digits.partition(".")[2]),
                  printed=row["printed"] if rounded and read.digits else "")


def read_as(claim, unit):
    """A number that the article prints, read as a count of something else than it says.

    The article may call persons what its source counts as subscriptions. To ask whether a printed
    number is that other count, both must have its unit; the name changes, value, interval and row
    stay, and `how` says what was read as what. Raises DataError as `printed` does.

    >>> read_as("uzb-internet-users", "subscriptions").how
    'printed as persons, read as subscriptions'
    """
    own = printed(claim)
    return Number(float(own), unit, own.low, own.high, own.rows,
                  how=f"printed as {own.unit}, read as {unit}")


def date(row):
    """The date that a row of the article prints, in ISO 8601; of several days the first.

    A year stays a year. None where no date is printed.

    >>> date(row_of("kaz-programme-presented")), date(row_of("kaz-egdi"))
    ('2017-01-31', None)
    """
    if re.fullmatch(r"\d{4}", row["printed"]):
        return row["printed"]
    days = numerals.dates(row["printed"])
    return days[0].isoformat() if days else None


# Beside ours

def checkable(country=None):
    """The article's legible numbers that have an indicator, of one country or of all."""
    rows = data.read("article")
    rows = rows[(rows["value"] != "") & (rows["indicator"] != "")]
    return rows if country is None else rows[rows["country"] == country]


def compared_with_ours(country=None):
    """Every legible number of the article that has an indicator, with the preferred value.

    country: only that one's numbers. Returns a frame indexed by the article's id with the columns
    Page, The article says, Printed (Number), This study (Number or text), Year (of ours) and
    Agreement ("within rounding", which a hedge widens; "differs"; or why it cannot be said).
    """
    rows = {row["id"]: compared(row) for row in checkable(country).to_dict("records")}
    columns = ["Page", "The article says", "Printed", "This study", "Year", "Agreement"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns, dtype=object)


def compared(row):
    """One row of `compared_with_ours`: the value of the article's year, or why there is none."""
    theirs, year = printed(row["id"], hedge_units=1), int(row["year"] or YEAR)
    frame = data.pick(row["indicator"], row["country"])
    if data.recent(frame, year).empty:
        reason = "no open source found" if frame.empty else "none of these years"
        return [row["page"], row["statement"], theirs, reason, "–", "cannot be said"]
    ours = data.latest(frame, row["country"], year)
    return [row["page"], row["statement"], theirs, ours, str(max(ours.years)),
            stands_beside(row, theirs, ours)]


def stands_beside(row, theirs, ours):
    """What two numbers say of each other: nothing where unit or year are not the same."""
    if ours.unit != theirs.unit:
        return "other unit"
    if row["year"] and row["year"] not in ours.years:
        return "other year"
    return "within rounding" if compare(theirs, "=", ours) == "true" else "differs"


# Against each other

@dataclass(frozen=True)
class Audit:
    """The article's own numbers against each other.

    cases: case -> Result; numbers: article id -> "consistent", "inconsistent" (some smallest repair
    of a conflict changes it), "tied to a conflict" (it merely stands in one) or "tied to nothing";
    relations: relation id -> "consistent" or "tied to a conflict". A conflict that rests on a
    reading of a figure ties the figure's numbers and its relations, not the numbers of the text,
    and makes none inconsistent. Where the solver cannot tell, both say "cannot be said".
    """

    cases: dict
    numbers: dict
    relations: dict


@data.cached_by_tables
def audit(rounding="half"):
    """The audit of the article's numbers, case by case; kept until article or relations change.

    rounding: "half", or "cut" (digits cut off). Raises DataError, a line each, where a relation or
    a number cannot be read.

    >>> audit().numbers["kaz-internet-users"], audit().cases["UZB"].holds
    ('inconsistent', False)
    """
    numbers, cases = numbers_read(rounding), {}
    for case, (relations, unknown) in relations_read().items():
        names = {name for one in relations.values() for name in one.names}
        cases[case] = Result({name: one for name, one in numbers.items() if name in names},
                             relations, unknown)
        if rounding == "half":  # only the study's own reading is repaired
            cases[case].sources = values_of_sources(cases[case].conflicts)
    found = states(cases.values())
    return Audit(cases, {claim: found.get(variable(claim), "tied to nothing")
                         for claim in data.read("article")["id"]},
                 {label: found[label] for one in cases.values() for label in one.relations})


def states(results):
    """What results say of each number and relation in them; the gravest of several."""
    figures, found = rests_on_figures(), {}
    for one in results:
        plain = [conflict for conflict in one.conflicts
                 if not figures & {*conflict.numbers, *conflict.relations}]
        tied = {member for conflict in one.conflicts for member in (
            *conflict.relations, *({*conflict.numbers} & figures or conflict.numbers))}
        blamed = {name for group in linked(plain, lambda conflict: conflict.numbers)
                  for name in repairs.changed_by_smallest(one, group)}
        otherwise = "cannot be said" if one.holds is None else "consistent"
        for member in (*one.relations, *one.numbers):
            state = "inconsistent" if member in blamed else \
                "tied to a conflict" if member in tied else otherwise
            found[member] = min(state, found.get(member, state), key=GRAVEST.index)
    return found


def rests_on_figures():
    """The numbers that stand in a figure and the relations that need a reading: what needs one of
    them is a reading itself."""
    rows, relations = data.read("article"), data.read("relations")
    return {*rows.loc[rows["place"] == "figure", "id"].map(variable),
            *relations.loc[relations["basis"] == "reading", "id"]}


def variable(claim):
    """An article id as relations write it."""
    return claim.replace("-", "_")


def numbers_read(rounding="half"):
    """The article's numbers that have a value or a day: name in relations -> Printed."""
    rows = data.read("article")
    rows = rows[(rows["value"] != "") | (rows["unit"] == "date")]
    return {variable(row["id"]): number_read(row, rounding)
            for row in rows.to_dict("records")}


def number_read(row, rounding="half", hedge_units=1, exact=None):
    """One number of the article as a Printed; one in words is exact and has no digits to slip.

    exact: whether nothing was rounded; by default as the unit says.
    """
    text = row["printed"].removeprefix("P")  # the register's mark before an act's number
    if not re.match(r"[0-9]", text) and row["unit"] != "date":
        value = Fraction(row["value"])
        return numerals.Printed(row["printed"], value, value, value, True, row["unit"], exact=True)
    if exact is None:
        exact = row["unit"] not in ROUNDED and not re.search(r"[0-9][.,][0-9]", text)
    sign = " %" if row["unit"] in PERCENT and "%" not in text else ""  # printed as a word
    language = "en" if re.search(r"[0-9]\.[0-9]", text) else "ru"  # as in an English address
    return numerals.read(f"{row['hedge']} {text}{sign}".strip(), language, rounding, hedge_units,
                         exact)


def relations_read():
    """The relations of each case: case -> ({id: Relation}, unknown names).

    Raises DataError, a line each, for those that cannot be read.
    """
    known, faults, cases = set(numbers_read()), [], {case: ({}, []) for case in CASES}
    for i, row in data.read("relations").iterrows():
        relations, unknown = cases[row["case"]]
        with collected(faults, f"relations.csv line {i + 2}, relation: "):
            relations[row["id"]] = relation(row["relation"], known | {*row["unknown"].split()})
        unknown += row["unknown"].split()
    data.refuse(faults)
    return {case: (relations, tuple(dict.fromkeys(unknown)))
            for case, (relations, unknown) in cases.items()}


def values_of_sources(conflicts):
    """What our sources say of the numbers in conflict: name -> {source and date: Printed}."""
    names = {name for one in conflicts for name in one.numbers}
    found = {}
    for row in data.read("article").to_dict("records"):
        if row["indicator"] and variable(row["id"]) in names:
            frame = data.pick(row["indicator"], row["country"], sources="all")
            found[variable(row["id"])] = {
                f"{data.citation(one.source)} ({one.date or one.year})": as_printed(one.value)
                for one in frame.itertuples()}
    return found


def audited(part="numbers"):
    """What `make campaign` measured, as a frame: how often a misprint would be noticed.

    part: "numbers" (one row a number of the article), "kinds" (of error), "worlds" (false alarms)
    or "hashes" (of what was read and of what was found). Raises DataError with the mend where it
    was not run.
    """
    path = running.root() / "paper" / "results" / "audit.json"
    try:
        return pd.DataFrame(json.loads(path.read_text(encoding="utf-8"))[part])
    except FileNotFoundError:
        raise DataError("no paper/results/audit.json: run make campaign") from None
    except (ValueError, KeyError):
        raise DataError(f"paper/results/audit.json has no {part!r}: run make campaign") from None
