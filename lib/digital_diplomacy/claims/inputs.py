"""Inputs of a check: what its references name, found in the tables, under one choice of each kind.

A reference is words between slashes, such as `obs/internet_use/KAZ/2023`; KINDS lists them.
"""

import os
import re
from fractions import Fraction
from functools import lru_cache

from babel import Locale

from .. import article, data, indicators
from footnoted.consistency.numerals import widen
from footnoted.number import Number
from .rules import Dated, Word
from footnoted.hints import near

from ..data import DataError

RUSSIAN = {name: month for month, name in
           Locale("ru").months["format"]["wide"].items()}  # genitive, as in a date
ENGLISH = {name: month for month, name in Locale("en").months["format"]["wide"].items()}
MONTHS = RUSSIAN | ENGLISH
HEDGE = {"one unit": 1, "half a unit": Fraction(1, 2), "two units": 2}  # options of `choices`


def parse(text):
    """The inputs of a check: {name: [references]}. Raises ValueError for what is no input.

    >>> parse("printed=article/kaz-egdi; others=milestone/a + milestone/b")
    {'printed': ['article/kaz-egdi'], 'others': ['milestone/a', 'milestone/b']}
    """
    found = {}
    for part in filter(None, (part.strip() for part in text.split(";"))):
        name, equals, refs = part.partition("=")
        if not equals or not refs.strip():
            raise ValueError(f"{part!r} is not an input: write name=reference")
        if name.strip() in found:
            raise ValueError(f"input {name.strip()!r} stands twice: join its references with +")
        found[name.strip()] = [ref.strip() for ref in re.split(r"\s\+\s", refs)]
    return found


def resolve(ref, world):
    """What a reference names under a world of choices; None where the tables have no value.

    world: {"as_of": date, "rounding": "half" | "cut", "hedge": factor, and an option for each
    dimension and each observation that is chosen}. Raises DataError for an unknown name.
    """
    relevant = {key: option for key, option in world.items() if bears(key, ref)}
    return once(changed(), ref, tuple(relevant.items()))


def bears(key, ref):
    """True where a choice may change what a reference names."""
    if ref.startswith("article/"):
        return key in ("rounding", "hedge")
    return key == "as_of" or key.startswith("obs/") or ref.startswith("choice/")


def changed():
    """The folder of the tables and when each was changed."""
    root = data.root()
    with os.scandir(root) as files:
        return root, *sorted((one.name, one.stat().st_mtime_ns) for one in files)


@lru_cache(maxsize=4096)
def once(stamp, ref, world):
    """What `resolve` gives, worked out once for a state of the tables and a world."""
    kind, _, rest = ref.partition("/")
    if kind not in KINDS:
        raise DataError(f"reference {ref!r}: no kind {kind!r}{near(kind, KINDS)}")
    return KINDS[kind](rest, dict(world))


def printed(claim, world):
    """A number or date that the article prints, widened by its hedge; None where not legible."""
    rows = data.read("article").set_index("id")
    if claim not in rows.index:
        raise DataError(f"no number {claim!r} of the article{near(claim, rows.index)}")
    row = rows.loc[claim]
    if row["unit"] in ("date", "year"):
        return article_date(claim, row)
    if not row["value"]:
        return None
    number = article.printed(claim)
    if world.get("rounding") == "cut" and not number.exact:
        half = (number.high - number.low) / 2
        number = Number(float(number), number.unit, number.low + half, number.high + half,
                        number.rows, number.decimals, printed=number.printed)
    return hedged(number, row["hedge"], HEDGE[world.get("hedge", "one unit")])


def hedged(number, hedge, factor=1):
    """A number with the interval that its hedge allows, in units of its last digit that is not 0.

    >>> about = hedged(Number(90, "%"), "about")
    >>> float(about.low), float(about.high)
    (80.0, 100.0)
    """
    if not hedge:
        return number
    low, high = widen(Fraction(str(float(number))), hedge, factor)
    return Number(float(number), number.unit, low, high, number.rows, number.decimals,
                  printed=number.printed)


def article_date(claim, row):
    """A date of the article in ISO 8601; of several days the first.

    >>> rows = data.read("article").set_index("id")
    >>> str(article_date("kaz-programme-presented", rows.loc["kaz-programme-presented"]))
    '2017-01-31'
    """
    text, rowid = row["printed"], (f"{row['country']}/{row['year']}/article:{claim}/article_2023",)
    if match := re.fullmatch(r"\d{4}", text):
        return Dated(text, row["statement"], rowid)
    if match := re.fullmatch(r"(\d{1,2}) (\w+) (\d{4})", text):
        day, month, year = match.groups()
    elif match := re.fullmatch(r"(\w+) (\d{1,2})(?:-\d+)?, (\d{4})", text):
        month, day, year = match.groups()
    elif match := re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text):
        day, month, year = match.groups()
    else:
        return None
    number = int(MONTHS.get(month, month))
    return Dated(f"{year}-{number:02}-{int(day):02}", row["statement"], rowid)


def observation(rest, world):
    """The observation of indicator/country/year (or date), of the preferred or a chosen source.

    A day that the preferred source does not have may be another's.
    """
    chosen = world.get(f"obs/{rest}")
    rows = held(rest, world, "all" if chosen else "preferred")
    if rows.empty and not chosen and len(rest.rpartition("/")[2]) > 4:
        rows = held(rest, world, "all")
    rows = rows[rows["source"] == chosen] if chosen else rows
    return rows["value"].iloc[-1] if len(rows) else None


def held(rest, world, sources):
    """The rows of indicator/country/year, or of a date where one is given."""
    indicator, country, when = rest.split("/")
    frame = picked(world, indicator, country=country, sources=sources)
    column = frame["year"].astype(str) if len(when) == 4 else frame["date"]
    return frame[column == when]


def options(ref):
    """The sources that hold the observation of a reference, the preferred one first."""
    rest = ref.removeprefix("obs/")
    own = held(rest, {}, "preferred")["source"].tolist()
    return list(dict.fromkeys(own[-1:] + held(rest, {}, "all")["source"].tolist()))


def observed(refs):
    """The single observations among references: those of several peers one by one.

    >>> observed(["peers/egdi/KAZ+UZB/2022", "article/kaz-egdi"])
    ['obs/egdi/KAZ/2022', 'obs/egdi/UZB/2022']
    """
    found = []
    for kind, _, rest in (ref.partition("/") for ref in refs):
        if kind == "obs":
            found.append(f"obs/{rest}")
        if kind == "peers":
            indicator, countries, year = rest.split("/")
            found += [f"obs/{indicator}/{country}/{year}" for country in countries.split("+")]
    return list(dict.fromkeys(found))


def told(dimension, option):
    """A choice as a reader is told it: the source's label, or the option's own words."""
    if dimension.startswith("obs/"):
        _, indicator, country, year = dimension.split("/")
        return f"{data.labels('name')[indicator]} of {data.names()[country]}, {year}, from " \
               f"{data.citation(option)}"
    return f"{dimension.replace('_', ' ')}: {option}"


def picked(world, indicator, **wanted):
    """What `data.pick` gives, kept while the tables stand as they are."""
    return pick_once(indicator, as_of=world.get("as_of"), **wanted)


pick_once = data.cached_by_tables(data.pick)


def series(rest, world):
    """All values of indicator/country up to the article's year, or those of indicator/country/last.
    """
    indicator, country, *last = rest.split("/")
    frame = picked(world, indicator, country=country)
    return list(frame.loc[frame["year"] <= int(last[0] if last else 2023), "value"]) or None


def sourced(rest, world):
    """All values of indicator/country/source up to the article's year."""
    indicator, country, source = rest.split("/")
    frame = picked(world, indicator, country=country, sources="all")
    return list(frame.loc[(frame["source"] == source) & (frame["year"] <= 2023), "value"]) or None


def place(rest, world):
    """The place of indicator/country/year among the UN members with a value in that year."""
    indicator, country, year = rest.split("/")
    frame = picked(world, indicator, year=year)
    return indicators.rank(frame, country) if country in set(frame["country"]) else None


def peers(rest, world):
    """The values of indicator/COUNTRY+COUNTRY/year; None where one is missing."""
    indicator, countries, year = rest.split("/")
    found = [observation(f"{indicator}/{country}/{year}", world)
             for country in countries.split("+")]
    return None if any(value is None for value in found) else found


def choice(rest, world):
    """What the option chosen for dimension/country refers to; the study's own is the first."""
    dimension, _, more = rest.partition("/")
    rows = chosen_from(dimension)
    option = world.get(dimension, rows["option"].iloc[0])
    ref = rows.set_index("option").loc[option, "ref"]
    return resolve(ref.format(country=more), world)


def chosen_from(dimension):
    """The options of a dimension, the study's own first. Raises DataError where it has none."""
    rows = data.read("choices")
    found = rows[rows["dimension"] == dimension]
    if found.empty:
        raise DataError(f"no choice {dimension!r}{near(dimension, set(rows['dimension']))}")
    return found.assign(order=found["order"].astype(int)).sort_values("order")


def milestone(key, world):
    """The date of a milestone, as precise as it is known."""
    row, told = data.dated("milestones", key)
    return Dated(row["date"], row["event"].rstrip("."),
                 (f"{row['country']}/{row['date']}/milestones:{key}/{row['source']}",))


def term(key, world):
    """The year of a row of terms; None where it has none."""
    row, told = data.dated("terms", key)
    return Dated(row["year"], key, (f"/{row['year']}/terms:{key}/{row['source']}",)) \
        if row["year"] else None


def count(rest, world):
    """How many rows of table/column=value a table has, as an exact number."""
    table, _, condition = rest.partition("/")
    frame = data.read(table)
    for part in filter(None, condition.split("&")):
        column, _, value = part.partition("=")
        if column not in frame:
            raise DataError(f"{table} has no column {column!r}{near(column, frame.columns)}")
        frame = frame[frame[column] == value]
    return Number(len(frame), decimals=0) if len(frame) else None


def gap(rest, world):
    """The gaps of indicator/country/COUNTRY+COUNTRY/year, one by one, in SD of the UN members.

    None where a country has no value.
    """
    indicator, left, rights, year = rest.split("/")
    frame, others = picked(world, indicator, year=year), rights.split("+")
    complete = set(map(data.known, [left, *others])) <= set(frame["country"])
    return [indicators.sd_gap(frame, left, right) for right in others] if complete else None


def mean_gap(rest, world):
    """The gap of indicator/country/COUNTRY+COUNTRY/year to the mean of the others, in SD."""
    gaps = gap(rest, world)
    return sum(gaps) / len(gaps) if gaps else None


def seen(text, world):
    """A number, with its unit after a blank, that the check's own source has at its locator.

    >>> str(seen("0.5 SD", {})), str(seen("217", {}))
    ('0.5 SD', '217')
    """
    digits, _, unit = text.partition(" ")
    if not data.is_plain_number(digits):
        raise DataError(f"number/{text} is no number: write digits with a decimal point")
    return Number(float(digits), unit, decimals=len(digits.partition(".")[2]))


KINDS = {"article": printed, "obs": observation, "series": series,
         "sourced": sourced, "rank": place, "peers": peers,
         "choice": choice, "milestone": milestone, "term": term, "rows": count,
         "gap": gap, "mean_gap": mean_gap, "number": seen,
         "date": lambda text, world: Dated(text, ""), "word": lambda text, world: Word(text)}
TYPED = ("number", "date")  # what only the check's own source and locator vouch for
