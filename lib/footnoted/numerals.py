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
    "about": (HALF, HALF, "about around approximately approx. roughly circa ca. ca c. some ~ ≈ "
              "an_estimated estimated close_to in_the_region_of on_the_order_of "
              "около ок. порядка примерно приблизительно в_районе близко_к шамамен taxminan "
              "тахминан rund etwa ungefähr environ près_de quelque unos unas alrededor_de "
              "aproximadamente cerca_de yaklaşık około blisko близько 约 約"),
    "more than": (0, 1, "more_than over above upwards_of > just_over just_above a_little_over "
                  "slightly_over slightly_more_than a_little_more_than well_over in_excess_of "
                  "более более_чем больше больше_чем свыше чуть_более чуть_больше "
                  "немногим_более немногим_больше über mehr_als gut plus_de más_de mais_de "
                  "più_di oltre ponad понад 超过"),
    "at least": (0, 1, "at_least no_less_than not_less_than no_fewer_than a_minimum_of ≥ "
                 "не_менее не_менее_чем не_меньше минимум как_минимум по_меньшей_мере "
                 "mindestens au_moins al_menos"),
    "almost": (1, 0, "almost nearly just_under just_below slightly_under slightly_less_than "
               "not_quite почти без_малого чуть_менее чуть_меньше fast knapp beinahe presque "
               "casi quase quasi prawie майже qariyb"),
    "less than": (1, 0, "less_than fewer_than under below < менее менее_чем меньше меньше_чем "
                  "weniger_als unter moins_de menos_de meno_di"),
    "at most": (1, 0, "at_most up_to no_more_than not_more_than a_maximum_of ≤ не_более "
                "не_более_чем не_больше до максимум höchstens bis_zu jusqu'à hasta"),
}
AFTER = {"at least": "+ or_more or_above and_more и_более и_больше и_выше oder_mehr ou_plus o_más",
         "at most": "or_less or_fewer or_below и_менее", "about": "or_so"}
# The one table of words beside a numeral: what they multiply by, and the unit that they leave. A
# word in two rows is ambiguous; the words of a named language (CLDR's) go before the table's.
# "Billion" alone is the English one: its plurals tell the languages apart.
WORDS = {
    (10**3, ""): "thousand thousands тыс тыс. тысяча тысячи тысячу тысяч тис тис. тисяча тисячі "
                 "тисяч мың ming минг tausend tsd tsd. mille millier milliers mila mil tysiąc "
                 "tysiące tysięcy tys tys. bin 千",
    (10**4, ""): "万 萬 만",
    (10**5, ""): "lakh lakhs lac lacs लाख",
    (10**6, ""): "million millions mln mln. mn mn. mil mio mio. millionen millón millones milhão "
                 "milhões milione milioni milion miliony milionów milyon млн млн. миллион "
                 "миллиона миллионов мільйон мільйона мільйони мільйонів 百万 百萬",
    (10**7, ""): "crore crores cr cr. करोड़",
    (10**8, ""): "億 亿 억",
    (10**9, ""): "billion billions mil_millones bln bln. bn bn. mrd mrd. md mld mld. mlrd mlrd. "
                 "milliard milliards milliarde milliarden miliardo miliardi miliard miliardy "
                 "miliardów milyar bilhão bilhões млрд млрд. миллиард миллиарда миллиардов "
                 "мільярд мільярда мільярди мільярдів 十亿",
    (10**12, ""): "trillion trillions trln trln. tn tn. billionen bio. billón billones biliony "
                  "bilionów trilhão trilhões trilyon трлн трлн. триллион триллиона триллионов "
                  "трильйон трильйона трильйони трильйонів 万亿 萬億 兆",
    (Fraction(1, 100), "points"): "percentage_point percentage_points percent_point "
                                  "percent_points per_cent_points pp pp. p.p. p.p п.п. п._п. "
                                  "процентный_пункт процентных_пункта процентных_пунктов "
                                  "prozentpunkt prozentpunkte",
    (Fraction(1, 100), "%"): "% % ٪ percent per_cent pct pct. prozent v.h. pour_cent pour-cent "
                             "por_ciento por_cento per_cento процент процента процентов "
                             "проценты процентами відсоток відсотка відсотки відсотків foiz "
                             "foizi фоиз фоизи пайыз пайызы procent procenta yüzde パーセント",
    (Fraction(1, 1000), "‰"): "‰ per_mille per_mil promille промилле",
    (Fraction(1, 10000), "points"): "basis_point basis_points bp bps ‱",
}
LETTERS = {"k": (10**3, ""), "K": (10**3, ""), "m": (10**6, ""), "M": (10**6, ""),
           "B": (10**9, "")}  # count only where they touch the digits
HUNDREDTHS = ("points", "%")  # units whose numbers are read as fractions of one
# Scales that are not read, lest a reader take them for units: a letter apart, other systems.
UNREAD = re.compile(r"[kmbt]|(?:ten|hundred|dozen|score|gross|half|quarter|third)s?|pp[mb]|"
                    r"десят\w+|сот\w*|дюжин\w*|половин\w*|(?:[¼-¾⅐-⅞]|[十百千万億兆]).*",
                    re.IGNORECASE)
BLANK = "\u0020\u00a0\u202f\u2009"
GROUPS = BLANK + "'’"  # marks that only ever stand between thousands
NUMERAL = re.compile(rf"[+\-−]?[0-9]+(?:[.,{GROUPS}][0-9]+)*(?:[eE][+\-]?[0-9]+)?")
WHOLE = re.compile(rf"[+\-]?(?:[0-9]+|[1-9][0-9]{{0,2}}(?:(?P<mark>[.,{GROUPS}])[0-9]{{3}}"
                   r"(?:(?P=mark)[0-9]{3})*)|[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3})")  # 34,80,000
ORDINAL = re.compile(r"(?<=\d)(?:(?:st|nd|rd|th)(?!\w)|-(?:е|й|я|го|ое|ый|ая|м|х)?(?![\w-]))")
BETWEEN = re.compile(rf"[{BLANK}]*(?:[-–—]|(?:to|and|до|и)(?=[{BLANK}]))[{BLANK}]*(?=[0-9])")
FURTHER = re.compile(rf"[{BLANK}]*(?:(?:and|и)[{BLANK}]+)?(?=[0-9])")
FROM = re.compile(rf"(?:from|between|от|с|между)[{BLANK}]+(?=[0-9])", re.IGNORECASE)
SIGNS = "$£¥¢฿₠-⃀"  # of currencies
ASIDE = BLANK + "$£¥¢฿" + "".join(map(chr, range(0x20A0, 0x20C1)))
BEFORE = re.compile(rf"(?P<money>[A-Z]{{0,3}}[{SIGNS}]|[A-Z]{{3}}(?![^\W\d_])|Rs\.?)?[{BLANK}]*"
                    rf"(?P<percent>%|(?i:yüzde)[{BLANK}]+|百分之)?")
USUAL = (None, "half", 1)  # language, rounding, units of a hedge
UNIT = re.compile(rf"[-(«\"'°/]*(?![⁰-₟²³¹])[^\W\d_]|[½¼¾⅐-⅞{SIGNS}]")
WRITE = "write it as printed, such as 17.3 million, 17,3 млн or 90 %"


def spoken(words):
    """A pattern for any of some words, the longest first, a blank for each _."""
    longest = sorted(words, key=len, reverse=True)
    return "|".join(re.escape(one).replace("_", f"[{BLANK}]+") for one in longest)


def any_of(table, after):
    """One pattern for the words of a table of hedges: the group that matches names the row."""
    return re.compile("|".join(f"(?P<w{i}>(?i:{spoken(words.split())}){after})"
                               for i, words in enumerate(table.values())))


def found_in(table, match):
    """The key of a table whose words a pattern of `any_of` matched."""
    return list(table)[int(match.lastgroup[1:])]


HEDGE = any_of({name: words for name, (_, _, words) in HEDGES.items()}, r"(?![^\W\d_])")
HEDGE_AFTER = any_of(AFTER, r"(?!\w)")


@lru_cache
def known_words(language=None):
    """(pattern, word -> its rows of WORDS) of what may stand beside a numeral.

    The words of a named language go before those of the table, which is of no language. Raises
    ValueError for an unknown language.
    """
    known = {}
    for row, words in WORDS.items():
        for word in words.split():
            known.setdefault(key_of(word), set()).add(row)
    known |= {word: {row} for word, row in words_of(language).items()} if language else {}
    unparted = [word for word in known if word[0] > "\u3000"]  # no blank parts what Chinese writes
    letters = [word for word in known if len(word) == 1 and word.isalpha()]
    words = [word for word in known if word not in unparted + letters]
    forms = [rf"(?i:{spoken(words)})(?!\w)", rf"(?<=[0-9])[{''.join(LETTERS)}](?!\w)",
             spoken(unparted), *[rf"{one}(?!\w)" for one in letters if one not in unparted]]
    return re.compile(rf"[{BLANK}]*(?P<word>{'|'.join(forms)})"), \
        {letter: {row} for letter, row in LETTERS.items()} | known


def words_of(language):
    """What CLDR has a language print beside numbers: word -> its row of WORDS.

    >>> words_of("de")["billion"], words_of("sv")["tusen"], words_of("kk")["пайыз"]
    ((Fraction(1000000000000, 1), ''), (Fraction(1000, 1), ''), (Fraction(1, 100), '%'))
    """
    from babel import Locale
    from babel.numbers import format_compact_decimal
    from babel.units import format_unit
    marks(language)  # refuses an unknown one
    found, widths = {}, [*Locale.parse(language).compact_decimal_formats]
    for count in (1, 2, 5, 10, 100):  # as each plural has it
        said = {format_compact_decimal(count * 10**power, format_type=width, locale=language):
                (count * 10**power, "") for power in range(3, 13) for width in widths}
        said |= {format_unit(count, f"concentr-{unit}", "long", locale=language):
                 (Fraction(count, size), sign)
                 for unit, size, sign in (("percent", 100, "%"), ("permille", 1000, "‰"))}
        for text, (value, sign) in said.items():
            number, word = re.fullmatch(rf"([0-9]*)[{BLANK}]*(.*)", text).groups()
            plain = number and word and not re.search("[0-9]", word)
            if plain and (len(word.strip(".")) > 1 or word.isupper() or not word[0].islower()):
                found[key_of(word)] = (value / Fraction(number), sign)  # "м." is rather a metre
    return found


def key_of(word):
    """A word as the tables have it: a letter keeps its case, a blank is written as _."""
    if len(word) == 1:
        return word
    return re.sub(f"[{BLANK}]+", "_", re.sub("[İı]", "i", word).casefold())


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
    if re.search(r"[eE][+\-]?[0-9]{3}", numeral):
        raise ValueError(f"{numeral!r} has too large an exponent: write two digits at most")
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
    """A printed number: low <= true value <= high (< where digits were cut), as exact fractions.

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
    def reading(self):
        """How the text was read, for a reader: its bounds, and what was taken for its unit.

        >>> read("over $21.1B").reading, read("34.1 foiz").reading, read("5 states").reading
        ('21,100,000,000 to 21,200,000,000 $', '0.3405 to 0.3415', "4.5 to 5.5 of 'states'")
        """
        low, high = (f"{float(end):,.15g}" for end in (self.low, self.high))
        told = f"{low}, exact" if low == high else f"{low} to {high}"
        if self.taken_for_unit:
            return f"{told} of {self.unit!r}"
        return told if self.unit in ("", *HUNDREDTHS, "‰") else f"{told} {self.unit}"

    @property
    def taken_for_unit(self):
        """Whether its unit is a word that no table has: it may name what is counted."""
        return bool(re.search(r"[^\W\d_]", self.unit)) and self.unit not in (
            "points", "rank", "date") and BEFORE.match(self.unit)["money"] != self.unit

    @property
    def bounds(self):
        """(low, high, closed)."""
        return self.low, self.high, self.closed

    def meets(self, other):
        """True where both can be the same value; two rounded numbers that only touch are apart."""
        first, last = max(self.low, other.low), min(self.high, other.high)
        stated = any(one.hedge or one.low == one.high for one in (self, other))
        return first < last or first == last and stated and last in self and last in other

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
        after = unit_after(text, rest, language)
        return replace(spanned(one, last), unit=last.unit or after or one.unit)
    while further := FURTHER.match(rest):  # 147 million 200 thousand
        part, left = leading_number(text, rest[further.end():], options)
        if not 1 < part.multiplier < one.multiplier or part.value >= one.step:
            break
        one, rest = added(one, part), left
    if after := HEDGE_AFTER.match(rest.lstrip(BLANK)):
        hedge, rest = hedge or found_in(AFTER, after), rest.lstrip(BLANK)[after.end():]
    after = unit_after(text, rest, language)
    one = replace(one, hedge=hedge, unit=one.unit or after)
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
    before = BEFORE.match(body)
    found = NUMERAL.match(body, before.end())
    if not found or not is_money(before["money"]):
        raise ValueError(f"{text!r} is not a printed number: {WRITE}")
    number = number_of(found[0], language)
    multiplier, unit, end = scale_after(body, found.end(), language)
    if before["percent"]:
        multiplier, unit = multiplier / 100, "%"
    unit = unit or before["money"] or ""
    value, step = Fraction(number) * multiplier, unit_of(number) * multiplier
    low, high = rounded(value, step, rounding)
    closed = rounding == "half"  # R and Python print an exact half to even, a spreadsheet up
    return Printed(text, value, low, high, closed, unit, multiplier=multiplier, step=step,
                   numeral=found[0], digits=f"{number:f}", options=options), body[end:]


def is_money(sign):
    """Whether a sign before a numeral is a currency's, or none."""
    if not re.fullmatch("[A-Z]{3}", sign or ""):
        return True
    from babel.numbers import list_currencies
    return sign in list_currencies()


def scale_after(body, end, language=None):
    """What follows the digits that end in a body: their multiplier, their unit, where both end.

    The whole body is searched: a letter that multiplies must see the digit that it touches. Raises
    ValueError for a word that has two meanings.

    >>> scale_after("90 %, or 17", 2), scale_after("34.8 lakh crore", 4)[0]
    ((Fraction(1, 100), '%', 4), Fraction(1000000000000, 1))
    """
    multiplier, unit = Fraction(1), ""
    if ordinal := ORDINAL.match(body, end):
        unit, end = "rank", ordinal.end()
    pattern, known = known_words(language)
    while not unit and (match := pattern.match(body, end)):
        meanings = known[key_of(match["word"])]
        if len(meanings) > 1:
            powers = " or ".join(f"{factor:,}" for factor, _ in sorted(meanings))
            raise ValueError(f"{match['word']!r} is {powers}: name the language, or write the "
                             "number out")
        [(factor, unit)] = meanings
        multiplier, end = multiplier * factor, match.end()
    return multiplier, unit, end


def unit_after(text, rest, language=None):
    """The unit that follows a number: words, no further digits, no scale that is not read.

    Raises ValueError otherwise, with the mend.
    """
    if re.search(r"\d", rest):
        raise ValueError(f"{text!r} holds more than one number: {WRITE}")
    sign = rest.strip(ASIDE)
    words = rest.strip(BLANK + ".,;:")
    if words.strip(ASIDE) and not UNIT.match(words) or len(sign) > 1 and not words:
        raise ValueError(f"{text!r}: {sign!r} is no unit: {WRITE}")
    for place, word in enumerate(words.split()):
        if likely := not place and likely_scale(word.lower(), language):
            raise ValueError(f"{text!r}: unknown unit {words!r}: did you mean {likely!r}?")
        unread = UNREAD.fullmatch(word) and (len(word) > 1 or not place)
        if unread or len(word) > 1 and key_of(word) in known_words(language)[1]:
            raise ValueError(f"{text!r}: unknown unit {word!r}: write the number out, or with "
                             "thousand, million, billion or %")
    return words


@lru_cache(maxsize=10_000)  # slips of one number ask it of one word, a hundred times
def likely_scale(word, language=None):
    """The word beside numerals that an unknown one may be, or None."""
    return nearest(word, [one for one in known_words(language)[1] if len(one) > 5], 0.8)


def added(first, second):
    """A number of two scales, such as 147 million 200 thousand: it has no one numeral to slip."""
    return replace(second, value=first.value + second.value, low=first.value + second.low,
                   high=first.value + second.high, numeral="", digits="")


def spanned(first, last):
    """A range: from the lowest value of its first number to the highest of its last one.

    Raises ValueError where the two do not make a range.
    """
    times = last.multiplier if first.multiplier == 1 else 1  # 5-7 million: the word is said once
    if first.value * times > last.value:
        raise ValueError(f"{last.text!r} runs backwards: write the smaller number first")
    return replace(last, value=(first.value * times + last.value) / 2, low=first.low * times,
                   numeral="", digits="")
