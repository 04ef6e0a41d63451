"""Comparisons that data must make true: one pair of Numbers, and the grammar of links `#a>b`.

A condition is LEFT OPERATOR RIGHT. A side is `id`, `id/ROW/COLUMN`, or a literal (`0.667`, `50%`,
`2022-07-01`); ROW is a key, `*` for all rows, or `FIRST..LAST` in the table's order, both ends in.
"""

import math
import re
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from .hints import first
from .number import Number, above, exact_number, meet

OPERATORS = {">": "above", "<": "below", "=": "equal", "≠": "apart"}
CONDITION = re.compile(r"([^<>=≠]+)([<>=≠])([^<>=≠]+)")
LITERAL = re.compile(r"([+−-]?\d+(?:\.(\d+))?)(%?)|(\d{4}-\d\d-\d\d)")


class Condition(NamedTuple):
    """Two sides as text and the operator between them."""
    left: str
    op: str
    right: str


class Side(NamedTuple):
    """One value of a side, as a reader sees it; its row key, None where the side is no range."""
    value: Number
    text: str
    key: str | None = None


def parsed(target):
    """The Condition that a link's target says, None where it says none. Raises LookupError for
    one that is not whole.

    >>> parsed("peaks/2010/height>peaks/*/median")
    Condition(left='peaks/2010/height', op='>', right='peaks/*/median')
    >>> parsed("peaks/2010/height") is None
    True
    """
    if not set(target) & set(OPERATORS):
        return None
    found = CONDITION.fullmatch(target)
    if not found:
        raise LookupError(f"{target!r} is no comparison of two sides: write left>right, with one "
                          f"of {' '.join(OPERATORS)}")
    return Condition(*found.groups())


def literal(text):
    """The Number that a side types, exact and of no unit but %; None where it is an id.

    A day is its number in the calendar, of the unit "day". Raises LookupError for no such day.

    >>> literal("50%"), literal("50%").unit, literal("peaks") is None
    (50.0, '%', True)
    """
    found = LITERAL.fullmatch(text)
    if not found:
        return None
    numeral, decimals, percent, day = found.groups()
    if day:
        try:
            return Number(date.fromisoformat(day).toordinal(), "day", decimals=0)
        except ValueError:
            raise LookupError(f"{day} is no day of the calendar") from None
    exact = Fraction(numeral.replace("−", "-"))
    return Number(exact, percent, exact, exact, decimals=len(decimals or ""))


def judged(left, op, right):
    """(state, pairs of Sides that decide it, all pairs) of two sides, each a list of Side.

    True where all pairs are, false where one is, else undecided: where a value is missing, a row of
    one range has no match in the other, or there is nothing to compare. Raises ValueError where
    two values cannot be compared.

    >>> two = [Side(Number(3), "3", "a"), Side(Number(1), "1", "b")]
    >>> state, deciding, _ = judged(two, ">", [Side(Number(2), "2")])
    >>> state, [f"{left.text} > {right.text}" for left, right in deciding]
    ('false', ['1 > 2'])
    """
    pairs = paired(left, right)
    states = [compare(a.value, op, b.value) for a, b in pairs]
    state = folded(states)
    return state, [pair for pair, found in zip(pairs, states) if found == state], pairs


def folded(states):
    """The state of all: false where one is, else undecided where one is, else true.

    >>> folded(["true", "undecided"]), folded(["undecided", "false"]), folded(["true"])
    ('undecided', 'false', 'true')
    """
    return next((bad for bad in ("false", "undecided") if bad in states), "true")


def in_text(deciding, op):
    """The pairs that decide a comparison as text: the first three, and how many more."""
    return "; ".join(first([f"{left.text} {op} {right.text}" for left, right in deciding], 3))


def paired(left, right):
    """The pairs that two sides make: by row key where both are ranges."""
    none = Side(Number(math.nan), "missing")
    sides = [{one.key: one for one in side} for side in (left, right)]
    keys = [key for key in dict.fromkeys([*sides[0], *sides[1]]) if key is not None]
    single = [side.get(None) for side in sides]
    return [tuple(alone or side.get(key, none) for side, alone in zip(sides, single))
            for key in keys or [None]]


def compare(left, op, right):
    """true, false or undecided for one pair of Numbers; a literal has the unit of the other side.

    ">" "<": undecided where the intervals overlap; "=": some value fits both; "≠": none does. Two
    rounded numbers whose intervals only touch are apart. A missing value is undecided. Raises
    ValueError where units differ, or neither the years (of levels) nor the subjects (of changes)
    agree.

    >>> low, high = Number(1, low=0.5, high=1.5), Number(2, low=1.4, high=2.5)
    >>> compare(low, "<", high), compare(low, "=", high)
    ('undecided', 'true')
    """
    if not (math.isfinite(left) and math.isfinite(right)):
        return "undecided"
    left, right = in_days(left, right), in_days(right, left)
    require_comparable(left, right)
    if op in "=≠":
        holds = meet(left, right) == (op == "=")
    else:
        holds = above(left, right) if op == ">" else above(right, left)
    return "undecided" if holds is None else str(holds).lower()


def in_days(value, other):
    """A year beside a day, as all its days; anything else as it is."""
    if value.unit != "year" or other.unit != "day" or not float(value).is_integer():
        return value
    first, last = date(int(value), 1, 1).toordinal(), date(int(value), 12, 31).toordinal()
    return Number(first, "day", first, last, value.rows)


def require_comparable(left, right):
    """Raises ValueError where units differ, or neither years nor subjects agree."""
    stated = left.unit and right.unit or left.rows and right.rows
    if left.unit != right.unit and stated:
        raise ValueError(f"{left} and {right} have different units")
    if not (left.rows and right.rows):
        return
    if left.years != right.years and left.subjects != right.subjects:
        one, other = (f"{value} ({'/'.join(sorted(value.years))}, "
                      f"{'/'.join(sorted(value.subjects))})" for value in (left, right))
        raise ValueError(f"{one} and {other} share neither year nor subject")


def with_unit_of(value, other):
    """One side of a comparison as a Number: a plain one has the unit of the other side.

    >>> str(with_unit_of(50, Number(88.3, "%")))
    '50 %'
    """
    own, value = isinstance(value, Number), exact_number(value)
    return value if own or not isinstance(other, Number) else value.to(other.unit, value.decimals)
