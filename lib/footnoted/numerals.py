"""Printed numerals: what they stand for, and every value that they may have been rounded from.

The one reader of numerals, hedges, multipliers, ranges and dates. Babel knows the marks and the
months of a language; it is imported when it is first asked.
"""

import calendar
import datetime
import re
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from .hints import near, nearest

HALF = Fraction(1, 2)
# The one table of hedges: units of the last digit that is not zero, below and above the number,
# and the words that say it. "More than 39 000" is 39 000 to 40 000: who meant more would have
# printed the next round number; "about 90" is 85 to 95, as any number rounded to tens is; "up to"
# mirrors "at least".
HEDGES = {
    "about": (HALF, HALF, "about around approximately approx. roughly circa ca. c. some ~ ≈ "
                    "около порядка примерно приблизительно"),
    "more than": (0, 1, "more_than over above upwards_of > более более_чем больше свыше"),
    "at least": (0, 1, "at_least no_less_than not_less_than no_fewer_than ≥ "
                       "не_менее не_менее_чем не_меньше минимум как_минимум"),
    "almost": (1, 0, "almost nearly just_under почти без_малого"),
    "less than": (1, 0, "less_than fewer_than under below < менее менее_чем меньше"),
    "at most": (1, 0, "at_most up_to no_more_than not_more_than ≤ "
                      "не_более не_более_чем не_больше до максимум"),
}
# Words for powers of ten; a letter counts only where it touches the digits.
MULTIPLIERS = {
    10**3: r"(?i:тыс\.?|тысяч[аи]?|thousands?)|(?<=\d)[kK]",
    10**6: r"(?i:млн\.?|миллион(?:а|ов)?|millions?|mln\.?|mn|mio\.?)|(?<=\d)[mM]",
    10**9: r"(?i:млрд\.?|миллиард(?:а|ов)?|billions?|bln\.?|bn)|(?<=\d)B",
    10**12: r"(?i:трлн\.?|триллион(?:а|ов)?|trillions?|trln\.?|tn)",
}
HUNDREDTHS = {"points": r"(?i:percentage points?|процентн\w+ пункт\w*|п\. ?п\.)",
              "%": r"%|(?i:процент(?:а|ов)?|per ?cent|pct|prozent|pour cent|por ciento)"}
# Scales that are not read, lest a reader take them for units: a letter apart, other systems.
UNREAD = re.compile(r"(?:[kmbt]|pp|(?:hundred|lakh|crore|dozen)s?)\b|[‰¼-¾⅐-⅞]", re.IGNORECASE)
SCALES = ("thousand", "thousands", "million", "millions", "billion", "billions", "percent",
          "тысяч", "тысячи", "миллион", "миллионов", "миллиардов", "процент", "процентов")
BLANK = "\u0020\u00a0\u202f\u2009"
GROUPS = BLANK + "'’"  # marks that only ever stand between thousands
NUMERAL = re.compile(rf"[+\-−]?[0-9]+(?:[.,{GROUPS}][0-9]+)*(?:[eE][+\-]?[0-9]+)?")
WHOLE = re.compile(rf"[+\-]?(?:[0-9]+|[1-9][0-9]{{0,2}}(?:(?P<mark>[.,{GROUPS}])[0-9]{{3}}"
                   r"(?:(?P=mark)[0-9]{3})*))")
ORDINAL = re.compile(r"(?<=\d)(?:(?:st|nd|rd|th)(?!\w)|-(?:е|й|я|го|ое|ый|ая|м|х)?(?![\w-]))")
BETWEEN = re.compile(rf"[{BLANK}]*(?:[-–—]|(?:to|and|до|и)(?=[{BLANK}]))[{BLANK}]*(?=[0-9])")
FROM = re.compile(rf"(?:from|between|от|с|между)[{BLANK}]+(?=[0-9])", re.IGNORECASE)
ASIDE = BLANK + "$€£₸₽"
USUAL = (None, "half", 1)  # language, rounding, units of a hedge
WRITE = "write it as printed, such as 17.3 million, 17,3 млн or 90 %"


def any_of(patterns, before, after):
    """One pattern for several, each a numbered group: w0, w1 ..."""
    return re.compile(before + "(?:" + "|".join(f"(?P<w{i}>(?:{pattern}){after})" for i, pattern
                                                in enumerate(patterns)) + ")")


def spoken(words):
    """A pattern for any of the words of a hedge, the longest first."""
    longest = sorted(words.split(), key=len, reverse=True)
    return f"(?i:{'|'.join(re.escape(one).replace('_', f'[{BLANK}]+') for one in longest)})"


HEDGE = any_of((spoken(words) for _, _, words in HEDGES.values()), "", r"(?![^\W\d_])")
MULTIPLIER = any_of(MULTIPLIERS.values(), f"[{BLANK}]*", r"(?!\w)")
HUNDREDTH = any_of(HUNDREDTHS.values(), f"[{BLANK}]*", r"(?!\w)")


def found_in(table, match):
    """The key of a table whose pattern of `any_of` matched."""
    return list(table)[int(match.lastgroup[1:])]


# Digits

def readings(numeral):
    """What the digits of a numeral may say: {the mark read as decimal: Decimal as printed}.

    The other mark, a blank or an apostrophe stands between thousands, in groups of three.

    >>> readings("1,234"), readings("26 430,5")
    ({'.': Decimal('1234'), ',': Decimal('1.234')}, {',': Decimal('26430.5')})
    """
    digits, e, exponent = numeral.replace("−", "-").lower().partition("e")
    found = {}
    for mark in ".,":
        whole, _, decimals = digits.partition(mark)
        if WHOLE.fullmatch(whole) and (decimals.isdigit() or not decimals):
            whole = re.sub(rf"[.,{GROUPS}]", "", whole)
            found[mark] = Decimal(f"{whole}.{decimals}{e}{exponent}")
    return found


def number_of(numeral, language=None):
    """The digits of a numeral as a Decimal with as many places as printed.

    Raises ValueError where they have no reading, or two between which the language cannot choose.

    >>> number_of("26 430"), number_of("2,30"), number_of("1,234", "ru")
    (Decimal('26430'), Decimal('2.30'), Decimal('1.234'))
    """
    found = readings(numeral)
    if not found and set(numeral) & set(GROUPS):
        raise ValueError(f"{numeral!r}: thousands stand in groups of three digits: {WRITE}")
    if not found:
        raise ValueError(f"{numeral!r} is not a number: its points and commas fit no reading")
    if len(set(found.values())) == 1:
        return next(iter(found.values()))
    mark = re.search("[.,]", numeral)[0]
    decimal = found.pop(mark)
    [thousands] = found.values()
    decimal_mark, thousands_mark = marks(language) if language else ("", "")
    if mark == decimal_mark:
        return decimal
    if mark == thousands_mark:
        return thousands
    raise ValueError(f"{numeral!r} is {decimal} or {thousands}: "
                     "name the language (language = \"en\"), or write it without the mark")


@lru_cache
def marks(language):
    """The decimal mark of a language and the one between its thousands.

    Raises ValueError for an unknown language.
    """
    from babel import Locale, UnknownLocaleError
    from babel.numbers import get_decimal_symbol, get_group_symbol
    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError, TypeError):
        raise ValueError(f"unknown language {language!r}: write a code such as \"en\" or \"ru\"") \
            from None
    return get_decimal_symbol(locale), get_group_symbol(locale)


def unit_of(number):
    """What one unit of the last digit of a Decimal is worth."""
    return Fraction(10) ** number.as_tuple().exponent


def rounded(value, step, rounding="half"):
    """All values that print as this one: half a unit either way, or up to a unit above if cut."""
    return (value - step / 2, value + step / 2) if rounding == "half" else (value, value + step)


def interval(printed, value=None):
    """Bounds of all numbers that print as `printed`: half a unit of its last digit either way.

    printed: text as a source prints it; value: what it stands for (17300000 for "17,3 млн"): a
    mark is read as decimal or as thousands, whichever gives the value, times a thousand, a million
    or a billion. Without a value its first numeral is the value, in the unit as printed. Returns
    two Fractions; the value twice where printed is empty. Raises ValueError where no numeral of
    the text is the value.

    >>> [float(end) for end in interval("17,3 million", 17_300_000)]
    [17250000.0, 17350000.0]
    >>> [float(end) for end in interval("17,3 %")]
    [17.25, 17.35]
    """
    if value is None:
        one, _ = leading_number(printed, leading_hedge(printed.strip(BLANK))[1])
        return one.low / one.multiplier, one.high / one.multiplier
    exact = Fraction(str(value))
    if not printed:
        return exact, exact
    for numeral in NUMERAL.findall(printed):
        for number in readings(numeral).values():
            for scale in (1, 10**3, 10**6, 10**9):
                if Fraction(number) * scale == exact:
                    return rounded(exact, unit_of(number) * scale)
    raise ValueError(f"printed {printed!r} does not hold the value {value}")


# Hedges

def leading_hedge(text):
    """The hedge that a text begins with, or "", and the rest."""
    found = HEDGE.match(text)
    return (found_in(HEDGES, found), text[found.end():].lstrip(BLANK)) if found else ("", text)


def last_unit(exact):
    """The power of ten of the last digit that is not zero; 1 for zero.

    Raises ValueError where it has none, as a third has.

    >>> [str(last_unit(Fraction(text))) for text in ("39000", "17.3", "0.9")]
    ['1000', '1/10', '1/10']
    """
    unit = Fraction(1)
    while exact % unit:
        unit /= 10
        if unit < Fraction(1, 10**18):
            raise ValueError(f"{exact} has no last digit: write it as a decimal number")
    while exact and not exact % (unit * 10):
        unit *= 10
    return unit


def widen(value, hedge, units=1):
    """(low, high) of a hedged value: units of its last digit that is not zero, by HEDGES.

    value: a number or its decimal text; units: how many a hedge is worth. Without a hedge both are
    the value. Raises ValueError for an unknown hedge, with the nearest.

    >>> [float(end) for end in widen(90, "about")], [int(end) for end in widen(39000, "more than")]
    ([85.0, 95.0], [39000, 40000])
    """
    exact = value if isinstance(value, Fraction) else Fraction(str(value))
    if not hedge:
        return exact, exact
    if hedge not in HEDGES:
        raise ValueError(f"unknown hedge {hedge!r}{near(hedge, HEDGES)}")
    width = last_unit(exact) * Fraction(str(units))
    below, above, _ = HEDGES[hedge]
    return exact - below * width, exact + above * width


# Dates

@lru_cache
def months():
    """Month as dates print it, in English and Russian -> its number."""
    from babel.dates import get_month_names
    return {name.lower(): number for language in ("en", "ru") for number, name in
            get_month_names("wide", locale=language).items()}


@lru_cache
def date_forms():
    """The forms of a date: each names y (year), m (month), d (day) and perhaps the last day."""
    month, days = f"(?P<m>{'|'.join(months())})", r"(?P<d>\d\d?)(?:[-–](?P<last>\d\d?))?"
    return [re.compile(form, re.IGNORECASE) for form in (
        r"(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)(?P<last>)", rf"{month} {days}, (?P<y>\d{{4}})",
        r"(?P<d>\d\d?)\.(?P<m>\d\d?)\.(?P<y>\d{4})(?P<last>)",
        rf"{days} {month} (?P<y>\d{{4}})(?: г\.?)?")]


def date_match(text):
    """A text matched by the form of date that it has; None where it is no date."""
    return next((match for form in date_forms() if (match := form.fullmatch(text))), None)


def dates(text):
    """The first and the last day of a printed date; None where the text is no date.

    Raises ValueError for a day that the calendar does not have.

    >>> [str(one) for one in dates("June 13-14, 2019")], dates("2024")
    (['2019-06-13', '2019-06-14'], None)
    """
    found = date_match(re.sub(f"[{BLANK}]+", " ", text))
    if not found:
        return None
    year, month = int(found["y"]), months().get(found["m"].lower()) or int(found["m"])
    try:
        return tuple(datetime.date(year, month, int(day))
                     for day in (found["d"], found["last"] or found["d"]))
    except ValueError:
        raise ValueError(f"{text!r} is not a day of the calendar: mend the day or the month") \
            from None


def decimal_year(date):
    """A date as a year and a fraction of it: the start of a day, so that 2018-01-01 is 2018.

    date: a day, or the ISO text of a day, a month or a year; an unknown day or month counts as the
    middle.

    >>> [float(decimal_year(one)) for one in (datetime.date(2018, 1, 1), "2018", "2024-04")]
    [2018.0, 2018.5, 2024.2896174863388]
    """
    year, *month_and_day = (int(part) for part in str(date).split("-"))
    if not month_and_day:
        return year + Fraction(1, 2)
    month, *day = month_and_day
    first = datetime.date(year, month, *day or [1])
    half = 0 if day else Fraction(calendar.monthrange(year, month)[1], 2)
    return year + (first.timetuple().tm_yday - 1 + half) / Fraction(
        365 + calendar.isleap(year))


# Printed numbers

@dataclass(frozen=True)
class Printed:
    """A printed number: low <= true value < high (<= where closed), as exact fractions.

    value: what the numeral says, multiplier and per cent applied (90 % is 9/10); step: the unit of
    its last printed digit; hedge: a name of HEDGES or ""; unit: "%", "points", "rank", "date", or
    the words that follow; exact: nothing was rounded; options: how it was read.
    """

    text: str
    value: Fraction
    low: Fraction
    high: Fraction
    closed: bool = False
    unit: str = ""
    hedge: str = ""
    multiplier: Fraction = Fraction(1)
    step: Fraction = Fraction(0)
    exact: bool = False
    numeral: str = ""
    digits: str = ""
    options: tuple = ()

    def __contains__(self, value):
        return self.low <= value < self.high or self.closed and value == self.high

    def __str__(self):
        return self.text

    @property
    def bounds(self):
        """(low, high, closed)."""
        return self.low, self.high, self.closed

    def meets(self, other):
        """True where both can be the same value."""
        first, last = max(self.low, other.low), min(self.high, other.high)
        return first < last or first == last and last in self and last in other

    def reread(self, text):
        """Another text, read as this one was; None where it cannot be read."""
        try:
            return read(text, *self.options)
        except ValueError:
            return None

    def reprinted(self, digits):
        """The text with other digits, its marks and words kept; digits: such as "17.3".

        >>> read("26 430 человек").reprinted("226430"), read("17,3 млн").reprinted("1.73")
        ('226 430 человек', '1,73 млн')
        """
        old, (whole, _, decimals) = self.numeral, digits.partition(".")
        mark = re.search(r"[.,](?=[0-9]+$)", old) if "." in self.digits else None
        comma = re.search("[А-Яа-я]", self.text) or set(old) & set(BLANK)
        group = next((m for m in old if m in GROUPS + ".," and m != (mark and mark[0])), "")
        if group:
            whole = re.sub(r"(?<=\d)(?=(\d{3})+$)", group, whole)
        decimal_mark = mark[0] if mark else "," if comma else "."
        return self.text.replace(old, whole + (decimal_mark + decimals if decimals else ""), 1)


@lru_cache(maxsize=100_000)
def read(text, language=None, rounding="half", hedge_units=1, exact=False):
    """A printed numeral as a Printed: half a unit of its last digit either way.

    language: such as "ru" or "en"; only a numeral that has two readings needs it. rounding: "half",
    or "cut" where digits were cut off (from the number to one unit above). hedge_units: how many
    units a hedge is worth; 0 is none. exact: nothing was rounded (a count, a rank, a year). An
    ordinal is exact; a day is its start as a decimal year; a range runs from the first number's
    lowest to the last one's highest. Raises ValueError with the mend where the text has no
    reading, or two.

    >>> one = read("17,3 млн пользователей")
    >>> float(one.low), float(one.high), one.unit
    (17250000.0, 17350000.0, 'пользователей')
    >>> about = read("около 90%")
    >>> float(about.low), float(about.high), about.hedge
    (0.85, 0.95, 'about')
    """
    if rounding not in ("half", "cut"):
        raise ValueError(f"unknown rounding {rounding!r}: write 'half' or 'cut'")
    body, options = text.strip(BLANK), (language, rounding, hedge_units)
    if days := dates(body):
        first, last = map(decimal_year, days)
        return Printed(text, first, first, last, True, "date", exact=True, options=options)
    hedge, body = leading_hedge(body)
    one, rest = leading_number(text, FROM.sub("", body, count=1), options)
    if between := BETWEEN.match(rest):
        last, rest = leading_number(text, rest[between.end():], options)
        return replace(spanned(one, last), unit=last.unit or unit_after(text, rest))
    if rest.startswith("+"):
        hedge, rest = hedge or "at least", rest[1:]
    one = replace(one, hedge=hedge, unit=one.unit or unit_after(text, rest))
    if exact or one.unit == "rank":
        return replace(one, low=one.value, high=one.value, closed=True, exact=True,
                       options=(*options, True))
    if hedge and hedge_units:
        low, high = widen(one.value, hedge, hedge_units)
        return replace(one, low=low, high=high, closed=True)
    return one


def leading_number(text, body, options=USUAL):
    """The number that a body begins with, as a Printed of the whole text, and the rest.

    Raises ValueError, with the mend, where it begins with none.
    """
    language, rounding, _ = options
    body = body.lstrip(ASIDE)
    found = NUMERAL.match(body)
    if not found:
        raise ValueError(f"{text!r} is not a printed number: {WRITE}")
    number = number_of(found[0], language)
    multiplier, unit, end = scale_after(body, found.end())
    value, step = Fraction(number) * multiplier, unit_of(number) * multiplier
    low, high = rounded(value, step, rounding)
    return Printed(text, value, low, high, unit=unit, multiplier=multiplier, step=step,
                   numeral=found[0], digits=f"{number:f}", options=options), body[end:]


def scale_after(body, end):
    """What follows the digits that end in a body: their multiplier, their unit, where both end.

    The whole body is searched: a letter that multiplies must see the digit that it touches.

    >>> scale_after("90 %, or 17", 2), scale_after("17k", 2)
    ((Fraction(1, 100), '%', 4), (Fraction(1000, 1), '', 3))
    """
    multiplier, unit = Fraction(1), ""
    if ordinal := ORDINAL.match(body, end):
        unit, end = "rank", ordinal.end()
    if word := MULTIPLIER.match(body, end):
        multiplier, end = Fraction(found_in(MULTIPLIERS, word)), word.end()
    if word := HUNDREDTH.match(body, end):
        multiplier, unit, end = multiplier / 100, found_in(HUNDREDTHS, word), word.end()
    return multiplier, unit, end


def unit_after(text, rest):
    """The unit that follows a number: words, no further digits, no scale that is not read.

    Raises ValueError otherwise, with the mend.
    """
    if re.search(r"\d", rest):
        raise ValueError(f"{text!r} holds more than one number: {WRITE}")
    words, sign = rest.strip(ASIDE + ".,;:"), rest.strip(ASIDE)
    if len(sign) > 1 and not re.search(r"\w", sign):
        raise ValueError(f"{text!r}: {sign!r} is no unit: {WRITE}")
    first = words.partition(" ")[0]
    if likely := nearest(first.lower(), SCALES, 0.75):
        raise ValueError(f"{text!r}: unknown unit {words!r}: did you mean {likely!r}?")
    if UNREAD.match(words):
        raise ValueError(f"{text!r}: unknown unit {first!r}: write the number out, or with "
                         "thousand, million, billion or %")
    return words


def spanned(first, last):
    """A range: from the lowest value of its first number to the highest of its last one.

    Raises ValueError where the two do not make a range.
    """
    times = last.multiplier if first.multiplier == 1 else 1  # 5-7 million: the word is said once
    if first.value * times > last.value:
        raise ValueError(f"{last.text!r} runs backwards: write the smaller number first")
    return replace(last, value=(first.value * times + last.value) / 2, low=first.low * times,
                   numeral="", digits="")
