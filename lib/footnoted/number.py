"""Number: a float that remembers its unit, its rounding interval and the rows it rests on."""

import math
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from numbers import Real

COUNTED = {"persons", "US dollars"}  # the noun stands in the prose; a study adds its own
PERCENT = {"%"}  # Numbers of these units are hundredths; a study adds its own
BARE = {"index", "year", ""}  # printed without the unit, as what is counted
DECIMALS = {"%": 1, "points": 1, "index": 4, "rank": 0, "ranks": 0, "years": 1, "SD": 2, "year": 0,
            "": 2}  # 0 for what is counted, else 1
DIFFERENCES = {"%": "points", "rank": "ranks", "year": "years"}  # unit of a difference
LONGEST_ARITHMETIC = 160  # letters; more is not read by anyone


class Number(float):
    """A float that carries unit, exact interval and rows, and combines them under arithmetic.

    unit: such as "%" or "persons"; low, high: bounds of what was printed, anything that Fraction
    reads; where they are not given they follow from `printed`, the text of the source, and without
    it the number is exact. rows: ids of the observations that it rests on, "WHO/WHEN/WHAT/SOURCE".
    decimals: those of its print, else by unit. how: the arithmetic in words; of a number without a
    value (NaN) the reason, which it prints and which what is computed from it keeps.

    >>> gap = Number(92.9, unit="%", low="92.85", high="92.95") - Number(89, unit="%")
    >>> str(gap), float(gap.low), float(gap.high)
    ('3.9 points', 3.85, 3.95)
    >>> str(gap + Number(math.nan, how="none in 2023, not published"))
    'none in 2023, not published'
    """

    def __new__(cls, value, unit="", low=None, high=None, rows=(), decimals=None, how="",
                printed=""):
        self = super().__new__(cls, value)
        self.unit = unit
        self._bounds = None if low is None or high is None else (Fraction(low), Fraction(high))
        self.rows = tuple(rows)
        usual = DECIMALS.get(unit, 0 if unit in COUNTED else 1)
        self.decimals = usual if decimals is None else int(decimals)
        self.how = how
        self.printed = printed
        return self

    def __getnewargs__(self):
        return (float(self), self.unit, *(self._bounds or (None, None)), self.rows, self.decimals,
                self.how, self.printed)

    @property
    def bounds(self):
        """(low, high), worked out when first asked for: a panel has thousands of Numbers."""
        if self._bounds is None and math.isfinite(self):
            from .numerals import interval  # here, so that links and exporters start without it
            self._bounds = interval(self.printed, float(self))
        return self._bounds or (None, None)

    @property
    def low(self):
        """The exact lower bound; None for a missing value."""
        return self.bounds[0]

    @property
    def high(self):
        """The exact upper bound; None for a missing value."""
        return self.bounds[1]

    @property
    def exact(self):
        """True where the bounds meet: nothing was rounded."""
        return self.low is not None and self.low == self.high

    @property
    def years(self):
        """The years that the rows name."""
        return {row.split("/")[1][:4] for row in self.rows}

    @property
    def subjects(self):
        """Whom or what the rows are about: the first part of their ids."""
        return {row.split("/")[0] for row in self.rows}

    @property
    def text_without_unit(self):
        """The value as a table cell prints it.

        >>> Number(92.8785, unit="%").text_without_unit, Number(28, unit="rank").text_without_unit
        ('92.9', '28')
        """
        size = abs(float(self))
        text = half_up(size, self.decimals)
        if self.unit == "year":
            return text.replace(",", "")
        if self.unit in COUNTED and size >= 1e6:
            text = f"{in_millions(size, self.decimals)} million"
        return f"−{text}" if self < 0 and text.strip("0.") else text

    def __str__(self):
        if math.isnan(self):
            return self.how or "missing"
        if self.unit == "rank":
            return ordinal(int(self))
        bare = self.unit in BARE or self.unit in COUNTED
        return self.text_without_unit if bare else f"{self.text_without_unit} {self.unit}"

    def __add__(self, other):
        return combine(self, other, "+")

    def __radd__(self, other):
        return self if other == 0 else combine(other, self, "+")

    def __sub__(self, other):
        return combine(self, other, "−")

    def __rsub__(self, other):
        return combine(other, self, "−")

    def __mul__(self, other):
        return combine(self, other, "×")

    def __rmul__(self, other):
        return combine(other, self, "×")

    def __truediv__(self, other):
        return combine(self, other, "÷")

    def __rtruediv__(self, other):
        return combine(other, self, "÷")

    def __neg__(self):
        low, high = (None, None) if self.low is None else (-self.high, -self.low)
        return Number(-float(self), self.unit, low, high, self.rows, self.decimals, self.how)

    def __abs__(self):
        return -self if self < 0 else self

    def __round__(self, digits=None):
        if math.isnan(self):
            return self
        value = round(float(self), digits)
        exact = Fraction(str(value)) if math.isfinite(value) else None
        low, high = (None, None) if exact is None else (min(exact, self.low), max(exact, self.high))
        return Number(value, self.unit, low, high, self.rows, max(digits or 0, 0),
                      how=f"{self} rounded")

    def to(self, unit, decimals=None):
        """The same number under another unit's name (a ratio × 100 becomes "%")."""
        return Number(float(self), unit, self.low, self.high, self.rows, decimals, self.how)


def combine(left, right, op):
    """Left op right with interval arithmetic; rows of both, in order; the unit of the result.

    The interval is outer where an observation stands on both sides. Raises ValueError where a sum
    or a difference mixes units or a divisor may be zero; ZeroDivisionError as floats do.
    """
    if not isinstance(left, Real) or not isinstance(right, Real):
        return NotImplemented
    left, right = exact_number(left), exact_number(right)
    value = {"+": float.__add__, "−": float.__sub__, "×": float.__mul__,
             "÷": float.__truediv__}[op](float(left), float(right))
    missing = math.isnan(left) or math.isnan(right)  # has no unit to mix
    unit = left.unit or right.unit if missing else result_unit(left, right, op)
    decimals = max(left.decimals, right.decimals) if unit in (left.unit, right.unit) else None
    low, high = outer_bounds(left, right, op) if math.isfinite(value) else (None, None)
    how = why_missing(left, right) if math.isnan(value) else arithmetic_text(left, right, op)
    return Number(value, unit, low, high, tuple(dict.fromkeys(left.rows + right.rows)), decimals,
                  how)


def why_missing(*numbers):
    """The reason that the first of some numbers without a value gives; "" where none gives one.

    >>> why_missing(Number(5), None, Number(math.nan, how="not assessed"))
    'not assessed'
    """
    missing = (one for one in numbers if one is None or math.isnan(one))
    return next(filter(None, (getattr(one, "how", "") for one in missing)), "")


def meet(left, right):
    """True where some value lies in both intervals; two rounded numbers that only touch are apart.

    >>> meet(Number(92.9, low="92.85", high="92.95"), Number(92.8785))
    True
    """
    touching = left.low == right.high or right.low == left.high
    return left.low <= right.high and right.low <= left.high and not (
        touching and not (left.exact or right.exact))  # 92.9 and 92.8 touch at 92.85, and differ


def above(left, right):
    """True or False where left lies above right whatever was rounded; None where they overlap.

    >>> above(Number(2), Number(1)), above(Number(1), Number(1))
    (True, False)
    """
    apart = not (left.exact or right.exact)
    if left.low > right.high or (left.low == right.high and apart):
        return True
    return False if left.high <= right.low else None


def exact_number(value):
    """The value itself where it is a Number, else an exact Number without rows."""
    if isinstance(value, Number):
        return value
    whole = math.isfinite(value) and value == int(value)
    return Number(value, decimals=0 if whole else 2)


def result_unit(left, right, op):
    """Unit of left op right: sums keep it, differences of % are points, ratios have none.

    Raises ValueError for a sum of two units.
    """
    if op == "÷":
        return left.unit if right.unit == "" else ""
    if op == "×":
        return left.unit or right.unit if "" in (left.unit, right.unit) else ""
    if "" in (left.unit, right.unit) and not (left.rows and right.rows):
        return left.unit or right.unit
    if left.unit == right.unit:
        return DIFFERENCES.get(left.unit, left.unit) if op == "−" else left.unit
    if DIFFERENCES.get(left.unit) == right.unit:
        return left.unit
    raise ValueError(f"cannot compute {left or 0} {op} {right}: "
                     f"units differ ({left.unit or 'none'}, {right.unit or 'none'})")


def outer_bounds(left, right, op):
    """Exact bounds of left op right. Raises ValueError where the divisor may be zero."""
    if op == "+":
        return left.low + right.low, left.high + right.high
    if op == "−":
        return left.low - right.high, left.high - right.low
    if op == "÷" and right.low <= 0 <= right.high:
        raise ValueError(f"cannot divide by {right}: its rounding interval holds zero")
    ends = [a * b if op == "×" else a / b
            for a in (left.low, left.high) for b in (right.low, right.high)]
    return min(ends), max(ends)


def arithmetic_text(left, right, op):
    """The arithmetic as text, "92.9 % − 89.0 %"; empty where it would be too long to read."""
    parts = [n.how and f"({n.how})" or str(n) for n in (left, right)]
    text = f" {op} ".join(parts)
    if len(text) > LONGEST_ARITHMETIC:
        text = f" {op} ".join(map(str, (left, right)))
    return text


def sources_of(row):
    """The sources that a row id names: a selection may name several, a row about a source none.

    >>> sources_of("orchards/2022/share/one+other#12"), sources_of("/2022/sources:one/")
    (['one', 'other'], [])
    """
    return list(filter(None, row.rsplit("/", 1)[1].partition("#")[0].split("+")))


def in_millions(size, decimals=0):
    """Millions with the decimals of the print, else with at most three significant digits.

    >>> in_millions(17_300_000), in_millions(1_654_300), in_millions(3e6), in_millions(2.3e6, 2)
    ('17.3', '1.65', '3', '2.30')
    """
    digits = decimals or max(0, 2 - math.floor(math.log10(size / 1e6)))
    text = half_up(Decimal(repr(float(size))) / 1_000_000, digits)
    return text if decimals else text.rstrip("0").rstrip(".") if "." in text else text


def half_up(value, decimals):
    """A value as text with so many decimals, halves rounded as sources do, not as floats do.

    >>> half_up(1.845, 2), half_up(12.25, 1), half_up(1234.5, 0)
    ('1.85', '12.3', '1,235')
    """
    if not math.isfinite(value):
        return str(float(value))
    exact = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    return f"{exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):,}"


def ordinal(rank):
    """A rank as prose prints it.

    >>> ordinal(1), ordinal(22), ordinal(113), ordinal(63)
    ('1st', '22nd', '113th', '63rd')
    """
    suffix = {1: "st", 2: "nd", 3: "rd"}.get(rank % 10, "th")
    return f"{rank}{'th' if rank % 100 in (11, 12, 13) else suffix}"
