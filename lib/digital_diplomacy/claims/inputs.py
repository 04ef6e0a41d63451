"""Inputs of a check: what its references name, found in the tables under one specification.

A reference is words between slashes, such as `obs/internet_use/KAZ/2023`; KINDS lists them. A
specification is a dict of choices, {dimension: option}: `as_of` (a date), `rounding` ("half" or
"cut"), a dimension of the table `choices`, or an observation's reference with the source that it
is taken from. What it does not name is as the study itself chooses.
"""

import re

from footnoted.hints import near
from footnoted.number import Number

from .. import article, data, indicators
from ..data import DataError
from .rules import Dated, Word


def parse(text):
    """The inputs of a check: {name: [references]}. Raises ValueError for what is no input.

    >>> parse("printed=article/kaz-egdi; others=milestone/a + milestone/b")
    {'printed': ['article/kaz-egdi'], 'others': ['milestone/a', 'milestone/b']}
    """
    found = {}
    for part in filter(None, (part.strip() for part in text.split(";"))):
        name, equals, references = part.partition("=")
        if not equals or not references.strip():
            raise ValueError(f"{part!r} is not an input: write name=reference")
        if name.strip() in found:
            raise ValueError(f"input {name.strip()!r} stands twice: join its references with +")
        found[name.strip()] = [reference.strip() for reference in re.split(r"\s\+\s", references)]
    return found


def resolve(reference, specification):
    """What a reference names under a specification; None where the tables have no value.

    A Number, Dated or Word, or a list of them. Raises DataError for an unknown name.

    >>> str(resolve("obs/internet_use/KAZ/2023", {})), resolve("obs/internet_use/KAZ/2030", {})
    ('92.9 %', None)
    """
    kind, _, rest = reference.partition("/")
    if kind not in KINDS:
        raise DataError(f"reference {reference!r}: no kind {kind!r}{near(kind, KINDS)}")
    if kind in DATED:
        return at_date(kind, rest, specification.get("as_of"))
    return KINDS[kind](rest, specification)


@data.cached_by_tables
def at_date(kind, rest, as_of):
    """What a reference names that follows no choice but the date."""
    return KINDS[kind](rest, {"as_of": as_of})


# Choices

@data.cached_by_tables
def options(dimension):
    """The options of a dimension of `choices`, the study's own first: a frame indexed by option.

    Raises DataError with the nearest name where there is no such dimension.
    """
    rows = data.read("choices")
    found = rows[rows["dimension"] == dimension]
    if found.empty:
        raise DataError(f"no choice {dimension!r}{near(dimension, set(rows['dimension']))}")
    return found.astype({"order": int}).sort_values("order").set_index("option")


def sources_with(reference):
    """The sources that hold the observation of a reference, the preferred one first."""
    key = reference.removeprefix("obs/")
    preferred = observed_rows(key, {}, "preferred")["source"].tolist()
    every = observed_rows(key, {}, "all")["source"].tolist()
    return list(dict.fromkeys(preferred[-1:] + every))


def varied_in_words(dimension):
    """What a dimension varies, as a reader is told it.

    >>> varied_in_words("rounding"), varied_in_words("obs/population/UZB/2023")
    ('Whether a printed number was rounded to the nearest or cut.', \
'Population of Uzbekistan, 2023: every source.')
    """
    if dimension.startswith("obs/"):
        return f"{observed_in_words(dimension)}: every source."
    return options(dimension)["statement"].iloc[0]


def observed_in_words(reference):
    """What an observation is of, as a reader is told it."""
    _, indicator, country, year = reference.split("/")
    return f"{data.labels('name')[indicator]} of {data.names()[country]}, {year}"


def in_words(dimension, option):
    """A choice as a reader is told it: the source's label, or the option's own words.

    >>> in_words("rounding", "cut")
    'rounding: cut'
    """
    if dimension.startswith("obs/"):
        return f"{observed_in_words(dimension)}, from {data.citation(option)}"
    return f"{dimension.replace('_', ' ')}: {option}"


# What each kind of reference names: the words after the kind, and a specification

def article_value(claim, specification):
    """A number or date that the article prints, widened by its hedge; None where not legible."""
    row = article.row_of(claim)
    if row["unit"] in ("date", "year"):
        date = article.date(row)
        return Dated(date, row["statement"], (article.rowid(row),)) if date else None
    if not row["value"]:
        return None
    return article.printed(claim, specification.get("rounding", "half"), hedge_units=1)


def observation(key, specification):
    """The observation of indicator/country/year (or date), of the preferred or a chosen source.

    A day that the preferred source does not have may be another's.
    """
    chosen = specification.get(f"obs/{key}")
    rows = observed_rows(key, specification, "all" if chosen else "preferred")
    if rows.empty and len(key.rpartition("/")[2]) > len("2023"):
        rows = observed_rows(key, specification, "all")
    rows = rows[rows["source"] == chosen] if chosen else rows
    return rows["value"].iloc[-1] if len(rows) else None


def every(key, specification):
    """The observations of indicator/country/year (or date) of every source, each value once."""
    return list(dict.fromkeys(observed_rows(key, specification, "all")["value"])) or None


def observed_rows(key, specification, sources):
    """The rows of indicator/country/year, or of a date where one is given."""
    return observed_at(key, specification.get("as_of"), sources)


@data.cached_by_tables
def observed_at(key, as_of, sources):
    """The same at a date."""
    indicator, country, when = key.split("/")
    frame = pick(indicator, country, as_of=as_of, sources=sources)
    column = frame["year"].astype(str) if len(when) == len("2023") else frame["date"]
    return frame[column == when]


def picked(indicator, specification, **wanted):
    """What `data.pick` gives at the date of a specification."""
    return pick(indicator, as_of=specification.get("as_of"), **wanted)


pick = data.cached_by_tables(data.pick)


def series(rest, specification):
    """All values of indicator/country up to the article's year, or those of indicator/country/last.
    """
    indicator, country, *last = rest.split("/")
    frame = picked(indicator, specification, country=country)
    return list(frame.loc[frame["year"] <= int(last[0] if last else article.YEAR), "value"]) or None


def of_source(rest, specification):
    """All values of indicator/country/source up to the article's year."""
    indicator, country, source = rest.split("/")
    frame = picked(indicator, specification, country=country, sources="all")
    rows = frame[(frame["source"] == source) & (frame["year"] <= article.YEAR)]
    return list(rows["value"]) or None


def rank(key, specification):
    """The rank of indicator/country/year among the UN members with a value in that year."""
    indicator, country, year = key.split("/")
    frame = picked(indicator, specification, year=year)
    return indicators.rank(frame, country) if country in set(frame["country"]) else None


def choice(rest, specification):
    """What the option chosen for dimension/country refers to, one value or with + a list of them;
    the study's own option is the first."""
    dimension, _, country = rest.partition("/")
    offered = options(dimension)["ref"]
    chosen = specification.get(dimension, offered.index[0])
    values = [resolve(one, specification)
              for one in offered[chosen].format(country=country).split(" + ")]
    return None if None in values else values[0] if len(values) == 1 else values


def milestone(key, specification):
    """The date of a milestone, as precise as it is known."""
    row, _ = data.dated("milestones", key)
    return Dated(row["date"], row["event"].rstrip("."), (data.dated_rowid("milestones", row),),
                 row["short_label"])


def term(key, specification):
    """The year of a row of terms; None where it has none."""
    row, _ = data.dated("terms", key)
    return Dated(row["year"], key, (data.dated_rowid("terms", row),)) if row["year"] else None


def number_of_rows(rest, specification):
    """How many rows of table/column=value&column=value a table has, as an exact Number of them.

    None where there is none. Rows of `article_topics` have no id: what the article says stands
    there in our words, and the check's own locator vouches for it. Raises DataError for a column
    that the table lacks.

    >>> number_of_rows("article/country=UZB&indicator=internet_use", {}).rows
    ('UZB/2023/article:uzb-internet-share/article_2023',)
    """
    table, _, conditions = rest.partition("/")
    frame = data.read(table)
    for condition in filter(None, conditions.split("&")):
        column, _, value = condition.partition("=")
        if column not in frame:
            raise DataError(f"{table} has no column {column!r}{near(column, frame.columns)}")
        frame = frame[frame[column] == value]
    return Number(len(frame), rows=row_ids(table, frame), decimals=0) if len(frame) else None


def row_ids(table, frame):
    """The ids of counted rows of a table; of observations those of the selections they make."""
    if table == "observations":
        sizes = frame.groupby(["year", "indicator", "source"]).size()
        return [f"{data.WORLD}/{year}/{indicator}/{source}#{n}"
                for (year, indicator, source), n in sizes.items()]
    if table == "article":
        return [article.rowid(row) for row in frame.to_dict("records")]
    if table in data.SAYS:
        return [data.dated_rowid(table, row) for row in frame.to_dict("records")]
    return []


def compared_states(rest, specification):
    """The cross-section, the country and the others of indicator/country/COUNTRY+COUNTRY/year.

    None where one of them has no value.
    """
    indicator, left, others, year = rest.split("/")
    frame, others = picked(indicator, specification, year=year), others.split("+")
    complete = set(map(data.known, [left, *others])) <= set(frame["country"])
    return (frame, left, others) if complete else None


def gap(rest, specification):
    """The gaps of `compared_states`, one by one, in SD of the UN members; or None."""
    if not (compared := compared_states(rest, specification)):
        return None
    frame, left, others = compared
    return indicators.standardized_gaps(frame, left, others)


def mean_gap(rest, specification):
    """The gap of `compared_states` to the mean of the others, in SD; or None."""
    compared = compared_states(rest, specification)
    return indicators.mean_standardized_gap(*compared) if compared else None


def stated_number(text, specification):
    """A number, with its unit after a blank, that the check's own source has at its locator.

    Raises DataError for what is no plain number.

    >>> str(stated_number("0.5 SD", {})), str(stated_number("217", {}))
    ('0.5 SD', '217')
    """
    digits, _, unit = text.partition(" ")
    if not data.is_plain_number(digits):
        raise DataError(f"number/{text} is no number: write digits with a decimal point")
    return Number(float(digits), unit, decimals=len(digits.partition(".")[2]))


KINDS = {"article": article_value, "obs": observation, "every": every, "series": series,
         "sourced": of_source, "rank": rank, "choice": choice, "milestone": milestone, "term": term,
         "rows": number_of_rows, "gap": gap, "mean_gap": mean_gap, "number": stated_number,
         "date": lambda text, specification: Dated(text, ""),
         "word": lambda text, specification: Word(text)}
DATED = ("every", "series", "sourced", "rank", "rows", "gap", "mean_gap")
STATED = ("number", "date")  # what only the check's own source and locator vouch for
