"""Printed numerals: what they stand for, and every value that they may have been rounded from.

Babel parses the digits and their marks; ours are only hedges, multipliers, ranges and dates.
"""

import calendar
import datetime
import difflib
import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import get_month_names
from babel.numbers import NumberFormatError, get_decimal_symbol, get_group_symbol, parse_decimal

# The one table of hedges: units of the last digit that is not zero, below and above the number,
# and the words that say it. "More than 39 000" is 39 000 to 40 000: who meant more would have
# printed the next round number; "about 90" is 80 to 100; "up to" mirrors "at least".
HEDGES = {
    "about": (1, 1, "about around approximately approx. roughly circa ca. c. some ~ ≈ "
                    "около порядка примерно приблизительно"),
    "more than": (0, 1, "more_than over above upwards_of > более более_чем больше свыше"),
    "at least": (0, 1, "at_least no_less_than not_less_than no_fewer_than ≥ "
                       "не_менее не_менее_чем не_меньше минимум как_минимум"),
    "almost": (1, 0, "almost nearly just_under почти без_малого"),
    "less than": (1, 0, "less_than fewer_than under below < менее менее_чем меньше"),
    "at most": (1, 0, "at_most up_to no_more_than not_more_than ≤ "
                      "не_более не_более_чем не_больше до максимум"),
}
# Powers of ten and the words for them; a letter (k, m) counts only where it touches the digits.
MULTIPLIERS = {
    10**3: r"тыс\.?|тысяч[аи]?|thousands?|(?<=\d)[kK]",
    10**6: r"млн\.?|миллион(?:а|ов)?|millions?|mln\.?|mn|(?<=\d)[mM]",
    10**9: r"млрд\.?|миллиард(?:а|ов)?|billions?|bn",
    10**12: r"трлн\.?|триллион(?:а|ов)?|trillions?|tn",
}
SCALES = ("thousand", "thousands", "million", "millions", "billion", "billions", "percent",
          "тысяч", "тысячи", "миллион", "миллионов", "миллиардов", "процент", "процентов")
PERCENT = {"points": r"percentage points?|процентн\w+ пункт\w*|п\. ?п\.",
           "%": r"%|процент(?:а|ов)?|per ?cent|pct"}
BLANK = "\u0020\u00a0\u202f\u2009"
GROUPS = BLANK + "'’"  # marks that only ever stand between thousands
DIGITS = rf"[+\-−]?[0-9]+(?:[.,{GROUPS}][0-9]+)*"
ORDINAL = re.compile(r"(?<=\d)(?:(?:st|nd|rd|th)(?!\w)|-(?:е|й|я|го|ое|ый|ая|м|х)?(?![\w-]))")


def spoken(words):
    """A pattern for any of the words of HEDGES, the longest first."""
    longest = sorted(words, key=len, reverse=True)
    return "|".join(re.escape(word).replace("_", rf"[{BLANK}]+") for word in longest)


HEDGE = re.compile("|".join(
    rf"(?P<h{i}>(?:{spoken(words.split())})(?![^\W\d_]))"
    for i, (_, _, words) in enumerate(HEDGES.values())), re.IGNORECASE)
TIMES = re.compile("|".join(f"(?P<m{len(str(n)) - 1}>(?:{words})(?!\\w))"
                            for n, words in MULTIPLIERS.items()))
HUNDREDTHS = re.compile("|".join(f"(?P<p{i}>(?:{words})(?!\\w))"
                                 for i, words in enumerate(PERCENT.values())), re.IGNORECASE)
NUMERAL = re.compile(DIGITS)
BETWEEN = re.compile(rf"[{BLANK}]*(?:[-–—]|(?:to|and|до|и)(?=[{BLANK}]))[{BLANK}]*(?=[0-9])")
FROM = re.compile(rf"(?:from|between|от|с|между)[{BLANK}]+(?=[0-9])", re.IGNORECASE)
ASIDE = BLANK + "$€£₸₽"
WRITE = "write it as printed, such as 17.3 million, 17,3 млн or 90 %"


@dataclass(frozen=True)
class Printed:
    """A printed number: low <= true value < high (<= where closed), as exact fractions.

    value: what the numeral says, multiplier and per cent applied (90 % is 9/10); step: the unit of
    its last printed digit; hedge: a name of HEDGES or ""; unit: "%", "points", "rank", "date", or
    the words that follow; exact: nothing was rounded.
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
    language: str | None = None

    def __contains__(self, value):
        return self.low <= value < self.high or self.closed and value == self.high

    def __str__(self):
        return self.text


@lru_cache(maxsize=100_000)
def read(text, language=None, rounding="half", hedge=1, exact=False):
    """A printed numeral as a Printed: half a unit of its last digit either way.

    language: such as "ru" or "en"; only a numeral that has two readings needs it. rounding: "half",
    or "cut" where digits were cut off (from the number to one unit above). hedge: how many units a
    hedge is worth; 0 is none. exact: nothing was rounded (a count, a place, a year). An ordinal is
    exact; a day is its start as a decimal year; a range runs from the first number's lowest to the
    last one's highest. Raises ValueError with the mend where the text has no reading, or two.

    >>> one = read("17,3 млн пользователей")
    >>> float(one.low), float(one.high), one.unit
    (17250000.0, 17350000.0, 'пользователей')
    >>> about = read("около 90%")
    >>> float(about.low), float(about.high), about.hedge
    (0.8, 1.0, 'about')
    """
    if rounding not in ("half", "cut"):
        raise ValueError(f"unknown rounding {rounding!r}: write 'half' or 'cut'")
    body = text.strip(BLANK)
    if ends := day(body):
        return Printed(text, ends[0], *ends, closed=True, unit="date", exact=True,
                       language=language)
    said, body = hedged(body)
    first, rest = part(text, FROM.sub("", body, count=1), language)
    if between := BETWEEN.match(rest):
        last, rest = part(text, rest[between.end():], language)
        return ranged(text, first, last, rest, rounding)
    if rest.startswith("+"):
        said, rest = said or "at least", rest[1:]
    unit = first["unit"] or named(text, rest)
    value, step, exact = first["value"], first["step"], exact or unit == "rank"
    low, high = widen(value, said, hedge) if said and hedge else rounded(value, step, rounding)
    low, high = (value, value) if exact else (low, high)
    return Printed(text, value, low, high, exact or bool(said and hedge), unit, said,
                   first["times"], step, exact, first["numeral"], first["digits"], language)


def hedged(body):
    """(name of the hedge that a text begins with, or "", the rest)."""
    found = HEDGE.match(body)
    if not found:
        return "", body
    return [*HEDGES][int(found.lastgroup[1:])], body[found.end():].lstrip(BLANK)


def part(text, body, language):
    """One numeral with what touches it, as a dict, and what is left of the body."""
    body = body.lstrip(ASIDE)
    found = NUMERAL.match(body)
    if not found:
        raise ValueError(f"{text!r} is not a printed number: {WRITE}")
    number = decimal(found[0], language)
    rest, times, unit = body[found.end():], Fraction(1), ""
    if place := ORDINAL.match(body, found.end()):
        rest, unit = body[place.end():], "rank"
    # a letter that multiplies must touch the digits, so that the pattern sees them
    for pattern in (TIMES, HUNDREDTHS):
        if word := pattern.match(body, len(body) - len(rest.lstrip(BLANK))):
            rest, group = body[word.end():], word.lastgroup
            times *= 10**int(group[1:]) if group[0] == "m" else Fraction(1, 100)
            unit = [*PERCENT][int(group[1:])] if group[0] == "p" else unit
    step = Fraction(10)**number.as_tuple().exponent * times
    return {"value": Fraction(number) * times, "step": step, "times": times, "unit": unit,
            "numeral": found[0], "digits": f"{number:f}"}, rest


def named(text, rest):
    """The unit that follows a numeral: words, no further digits, no multiplier misspelt."""
    if re.search(r"\d", rest):
        raise ValueError(f"{text!r} holds more than one number: {WRITE}")
    unit = rest.strip(ASIDE + ".,;:")
    if near := difflib.get_close_matches(unit.lower().partition(" ")[0], SCALES, n=1, cutoff=0.75):
        raise ValueError(f"{text!r}: unknown unit {unit!r}: did you mean {near[0]!r}?")
    return unit


def ranged(text, first, last, rest, rounding):
    """A range: from the lowest value of its first number to the highest of its last one."""
    if first["times"] == 1 and last["times"] != 1:  # 5-7 million: the word is said once
        first = first | {key: first[key] * last["times"] for key in ("value", "step")}
    if first["value"] > last["value"]:
        raise ValueError(f"{text!r} runs backwards: write the smaller number first")
    low, high = (rounded(end["value"], end["step"], rounding)[i] for i, end in enumerate(
        (first, last)))
    return Printed(text, (first["value"] + last["value"]) / 2, low, high, False,
                   last["unit"] or named(text, rest), "", last["times"], last["step"])


def rounded(value, step, rounding):
    """All values that print as this one: half a unit either way, or up to a unit above if cut."""
    return (value - step / 2, value + step / 2) if rounding == "half" else (value, value + step)


def decimal(numeral, language=None):
    """The digits of a numeral as a Decimal with as many places as printed, read by Babel.

    >>> decimal("26 430"), decimal("2,30"), decimal("1,234.5"), decimal("1,234", "ru")
    (Decimal('26430'), Decimal('2.30'), Decimal('1234.5'), Decimal('1.234'))
    """
    plain = numeral.replace("−", "-")
    if marks := set(plain) & set(GROUPS):
        whole = re.match(r"[+-]?[^.,]*", plain)[0]
        if len(marks) > 1 or not re.fullmatch(rf"[+-]?\d{{1,3}}([{GROUPS}]\d{{3}})+", whole) \
                or set(plain[len(whole):]) & marks:
            raise ValueError(f"{numeral!r}: thousands stand in groups of three digits: {WRITE}")
        plain = re.sub(f"[{GROUPS}]", "", plain)
    found = {}
    for mark, locale in ((".", "en"), (",", "de")):  # the two ways to use point and comma
        try:
            found[mark] = parse_decimal(plain.lstrip("+"), locale=locale, strict=True)
        except NumberFormatError:
            pass
    if not found:
        raise ValueError(f"{numeral!r} is not a number: its points and commas fit no reading")
    return chosen(numeral, found, language) if len(set(found.values())) > 1 \
        else [*found.values()][0]


def chosen(numeral, found, language):
    """The reading that a language's own marks allow; both are named where it cannot tell."""
    mark = re.search("[.,]", numeral)[0]
    decimals, thousands = found[mark], found[{".": ",", ",": "."}[mark]]
    if language and mark == symbols(language)[0]:
        return decimals
    if language and mark == symbols(language)[1]:
        return thousands
    raise ValueError(f"{numeral!r} is {decimals} or {thousands}: "
                     "name the language (language = \"en\"), or write it without the mark")


@lru_cache
def symbols(language):
    """Babel's decimal and thousands marks of a language."""
    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError, TypeError):
        raise ValueError(f"unknown language {language!r}: write a code such as \"en\" or \"ru\"") \
            from None
    return get_decimal_symbol(locale), get_group_symbol(locale)


def last_unit(exact):
    """The power of ten of the last digit that is not zero; 1 for zero.

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


def widen(value, hedge, unit_factor=1):
    """(low, high) of a hedged value: units of its last digit that is not zero, by HEDGES.

    value: a number or its decimal text; unit_factor: how many units a hedge is worth. Without a
    hedge both are the value. Raises ValueError for an unknown hedge, with the nearest.

    >>> [float(end) for end in widen(90, "about")], [int(end) for end in widen(39000, "more than")]
    ([80.0, 100.0], [39000, 40000])
    """
    exact = value if isinstance(value, Fraction) else Fraction(str(value))
    if not hedge:
        return exact, exact
    if hedge not in HEDGES:
        near = difflib.get_close_matches(hedge, HEDGES, n=1)
        raise ValueError(f"unknown hedge {hedge!r}: " + (
            f"did you mean {near[0]!r}?" if near else f"one of {', '.join(HEDGES)}"))
    unit = last_unit(exact) * Fraction(str(unit_factor))
    below, above, _ = HEDGES[hedge]
    return exact - below * unit, exact + above * unit


# Dates: a day is the start of the day as a decimal year, so that 2018 is the first moment of 2018

@lru_cache
def months():
    """Month as dates print it, in English and Russian -> its number."""
    return {name.lower(): number for language in ("en", "ru") for number, name in
            get_month_names("wide", locale=language).items()}


@lru_cache
def patterns():
    """The forms of a date: each names year, month, day and perhaps the last day."""
    month, days = f"(?P<m>{'|'.join(months())})", r"(?P<d>\d\d?)(?:[-–](?P<last>\d\d?))?"
    return [re.compile(form, re.IGNORECASE) for form in (
        r"(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)(?P<last>)", rf"{month} {days}, (?P<y>\d{{4}})",
        r"(?P<d>\d\d?)\.(?P<m>\d\d?)\.(?P<y>\d{4})(?P<last>)",
        rf"{days} {month} (?P<y>\d{{4}})(?: г\.?)?")]


def day(text):
    """The first and the last day of a printed date as decimal years; None where it is none.

    Raises ValueError for a day that the calendar does not have.

    >>> [str(end) for end in day("2 июля 2024")], day("2024")
    (['4049/2', '4049/2'], None)
    """
    text = re.sub(f"[{BLANK}]+", " ", text)
    found = next((match for form in patterns() if (match := form.fullmatch(text))), None)
    if not found:
        return None
    year, month = int(found["y"]), months().get(found["m"].lower()) or int(found["m"])
    try:
        first, last = (datetime.date(year, month, int(number))
                       for number in (found["d"], found["last"] or found["d"]))
    except ValueError:
        raise ValueError(f"{text!r} is not a day of the calendar: mend the day or the month") \
            from None
    return decimal_year(first), decimal_year(last)


def decimal_year(date):
    """The start of a day as a year and a fraction of it.

    >>> str(decimal_year(datetime.date(2018, 1, 1)))
    '2018'
    """
    days = 366 if calendar.isleap(date.year) else 365
    return date.year + Fraction(date.timetuple().tm_yday - 1, days)


# Printing again

def reprinted(printed, digits):
    """A numeral's text with other digits, its marks and words kept; digits: such as "17.3".

    >>> reprinted(read("26 430 человек"), "226430"), reprinted(read("17,3 млн"), "1.73")
    ('226 430 человек', '1,73 млн')
    """
    old, (whole, _, decimals) = printed.numeral, digits.partition(".")
    mark = re.search(r"[.,](?=[0-9]+$)", old) if "." in printed.digits else None
    comma = re.search("[А-Яа-я]", printed.text) or set(old) & set(BLANK)
    group = next((m for m in old if m in GROUPS + ".," and m != (mark and mark[0])), "")
    if group:
        whole = re.sub(r"(?<=\d)(?=(\d{3})+$)", group, whole)
    new = whole + ((mark[0] if mark else "," if comma else ".") + decimals if decimals else "")
    return printed.text.replace(old, new, 1)
