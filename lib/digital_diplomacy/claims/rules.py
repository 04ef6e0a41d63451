"""Rules of the ledger: what data say to a statement of the article, with the numbers filled in.

A rule is a pure function of named inputs (Numbers, dates, words, or lists of them) that gives an
Outcome. None of them decides on less than all its inputs: `verdicts.run` asks no rule where one is
missing.
"""

from decimal import Decimal
from typing import NamedTuple

from footnoted.number import above, meet, ordinal

from .. import indicators
from ..data import labels

# inputs that may hold several values
LISTS = ("others", "leaders", "series", "events", "shares", "wholes")
OUTCOMES = ("agrees", "differs", "undecided")
OWN = ("inconsistent", "tension", "undecided")  # of a reading of two statements of the article
LABELS = ("right", "wrong date", "wrong name", "wrong unit", "wrong citation", "undecided")


class Outcome(NamedTuple):
    """A result, the arithmetic in words, the rows it rests on, and the words in brief if long."""

    result: str
    how: str
    rows: tuple = ()
    brief: str = ""


class Dated(NamedTuple):
    """A date of ISO 8601, as precise as it is known, what it dates, its rows, and a short label."""

    date: str
    event: str
    rows: tuple = ()
    label: str = ""

    def __str__(self):
        return self.date


class Word(str):
    """A literal word of a check, such as the name of an indicator."""

    rows = ()


def outcome_word(holds):
    """agrees, differs or undecided for True, False or None."""
    return {True: "agrees", False: "differs"}.get(holds, "undecided")


def outcome(result, how, *values, brief=""):
    """An Outcome with the rows of all values, each once."""
    rows = dict.fromkeys(row for value in values for row in getattr(value, "rows", ()))
    return Outcome(result, how, tuple(rows), brief)


def same_unit(*values):
    """Raises ValueError where numbers of different units would be compared; a bare one has none."""
    units = list(dict.fromkeys(value.unit for value in values if value.unit or value.rows))
    if len(units) > 1:
        raise ValueError(f"units differ: {' and '.join(unit or 'none' for unit in units)}")


def with_year(number):
    """A number with the year that it belongs to, where it has one year.

    >>> from footnoted.number import Number
    >>> with_year(Number(90.9, "%", rows=["KAZ/2021/internet_use/new"]))
    '90.9 % (2021)'
    """
    years = number.years - {""}
    return f"{number} ({min(years)})" if len(years) == 1 else str(number)


def described(number):
    """A number with what it measures, for which country and year; a count is told by itself."""
    if not number.rows or not number.unit:
        return str(number)
    called = labels("label_short")
    rows = [row.split("/")[:3] for row in number.rows]
    what = "the article" if rows[0][2].startswith("article:") else called[rows[0][2]]
    whose = [called[code] for code in dict.fromkeys(row[0] for row in rows) if code in called]
    years = sorted(number.years - {""})
    return f"{', '.join([what, ' over '.join(whose), *years[-1:]])}: {number}"


def as_far_as_known(first, second):
    """Two dates as texts, both cut to the precision of the less precise one.

    >>> as_far_as_known(Dated("2017-01-31", "an address"), Dated("2017", "a programme"))
    ('2017', '2017')
    """
    known = min(len(first.date), len(second.date))
    return first.date[:known], second.date[:known]


def same(printed, found):
    """Agrees where some value rounds to the printed number and to the source's."""
    same_unit(printed, found)
    return outcome(outcome_word(meet(printed, found)),
                   f"printed {printed}; the source has {with_year(found)}", printed, found)


def counted(printed, items):
    """Agrees where the printed number is the number of items."""
    return outcome(outcome_word(meet(printed, items)), f"printed {printed:g}; found {items:g}",
                   printed, items)


def divided(printed, part, wholes):
    """Agrees where part ÷ a count of the population prints as the share; differs where it does so
    for none and all are farther from the share than from each other; else undecided, for the counts
    alone may do it. The share is in % or per 100 people, as it is printed."""
    quotient = indicators.share if printed.unit == "%" else indicators.rate
    results = [quotient(part, whole) for whole in wholes]
    same_unit(printed, *results)
    lowest, highest = min(results), max(results)
    apart = max(printed.low - highest.high, lowest.low - printed.high)
    holds = True if any(meet(printed, result) for result in results) else \
        False if apart > float(highest) - float(lowest) else None
    return outcome(outcome_word(holds),
                   f"{with_year(part)} ÷ {spread(wholes)} = {spread(results)}, "
                   f"beside {with_year(printed)}", printed, part, *wholes,
                   brief=f"{spread(results)}, beside {with_year(printed)}")


def grown(printed, shares, wholes):
    """Agrees where the people of the last year less those of the first print as the growth.

    shares, wholes: those of the first and of the last year, in % and in persons.
    """
    first, last = (indicators.people(share, whole) for share, whole in zip(shares, wholes))
    result = last - first
    same_unit(printed, result)
    return outcome(outcome_word(meet(printed, result)),
                   f"printed {printed}; {with_year(last)} − {with_year(first)} = {result}",
                   printed, *shares, *wholes, brief=f"shares and populations give {result}")


def grown_between(printed, last, before, after):
    """Agrees where the growth lies between those up to `last` from a count after the base year and
    from one before it. What is counted may be called otherwise: the words say it."""
    holds = float(last - after) <= printed.high and printed.low <= float(last - before)
    return outcome(outcome_word(holds),
                   f"printed {printed}; {described(last)}, less {with_year(after)} to "
                   f"{with_year(before)}", printed, last, before, after)


def spread(numbers):
    """The least and the greatest of some numbers of one unit, in words.

    >>> from footnoted.number import Number
    >>> spread([Number(85.1, "%"), Number(88.2, "%")]), spread([Number(19.6e6, "persons")])
    ('85.1 to 88.2 %', '19.6 million')
    """
    least, greatest = str(min(numbers)), str(max(numbers))
    if least == greatest:
        return least
    words = greatest.partition(" ")[2]
    return f"{least.removesuffix(words).strip()} to {greatest}"


def same_digits(printed, found):
    """Agrees where the digits are the same whatever the unit: 11.85 million and 11.85.

    >>> from footnoted.number import Number
    >>> same_digits(Number(11.85e6, "accounts"), Number(11.85)).result
    'agrees'
    """
    digits = [Decimal(repr(float(n))).normalize().as_tuple().digits for n in (printed, found)]
    return outcome(outcome_word(digits[0] == digits[1]),
                   f"printed {printed}; the source's digits are {float(found):g}", printed, found)


def more(left, right):
    """Agrees where left lies above right beyond rounding; undecided where the intervals overlap."""
    same_unit(left, right)
    return outcome(outcome_word(above(left, right)),
                   f"{described(left)} against {described(right)}", left, right)


def leading(leaders, others):
    """Agrees where each leader lies above each other beyond rounding; differs where one does not.
    """
    same_unit(*leaders, *others)
    pairs = [(leader, other, above(leader, other)) for leader in leaders for other in others]
    states = [state for *_, state in pairs]
    holds = False if False in states else None if None in states else True
    least, other = min(((leader, other) for leader, other, state in pairs if state is holds),
                       key=lambda pair: pair[0] - pair[1])
    if holds:
        how = f"{'; '.join(map(described, leaders))}, above {'; '.join(map(described, others))}"
    else:
        how = "; ".join(f"{described(leader)}, not above {described(other)}"
                        for leader, other, state in pairs if state is holds)
    return outcome(outcome_word(holds), how, *leaders, *others,
                   brief=f"{f'the least of {len(pairs)}: ' if len(pairs) > 1 else ''}"
                         f"{described(least)}, {'' if holds else 'not '}above {described(other)}")


def between(printed, low, high):
    """Agrees where the number lies from low to high, both included."""
    holds = not above(low, printed) and not above(printed, high)
    return outcome(outcome_word(holds), f"{printed:g} from {low:g} to {high:g}",
                   printed, low, high)


def same_date(printed, found):
    """Agrees where two dates are the same as far as both are known."""
    ours, theirs = as_far_as_known(printed, found)
    return outcome(outcome_word(ours == theirs),
                   f"printed {printed}; {found.event or 'the source has'}: {found}", printed, found)


def earliest(first, others):
    """Agrees where no other date lies before the first, as far as both are known."""
    pairs = [(other, *as_far_as_known(other, first)) for other in others]
    before = [other for other, theirs, ours in pairs if theirs < ours]
    how = "; ".join(f"{other}: {other.event}" for other in before) + f", before {first}" \
        if before else f"none of {len(others)} known dates lies before {first}"
    return outcome("differs" if before else "agrees", how, first, *others)


def existed(events, by):
    """Agrees where each event is dated on or before a date, as far as both are known."""
    pairs = [(dated, *as_far_as_known(dated, by)) for dated in events]
    later = [dated for dated, date, limit in pairs if date > limit]
    how = "; ".join(f"{dated}: {dated.event}" if dated.event else str(dated)
                    for dated in later or events)
    return outcome("differs" if later else "agrees",
                   f"{how}; {'not ' if later else ''}by {by}", *events, by,
                   brief=in_brief(later or events))


def in_brief(events):
    """The first of some dated events, and how many more there are.

    >>> in_brief([Dated("2013", "a long talk", label="A talk"), Dated("2015", "another")])
    '2013: A talk, and 1 more'
    """
    first, more = events[0], len(events) - 1
    return f"{first}: {first.label or first.event}{f', and {more} more' if more else ''}"


def nth(printed, first, held):
    """Agrees where a yearly series that began in a year has its printed number in another."""
    number = int(held.date[:4]) - int(first.date[:4]) + 1
    return outcome(outcome_word(number == printed),
                   f"printed {printed:g}; yearly from {first}, that of {held} is the "
                   f"{ordinal(number)}", printed, first, held)


def count_in_year(printed, shares, wholes):
    """Label: right where share × whole of the stated year prints as the count, wrong date where
    that of one other year alone does: where several years fit, none is told from the others.

    shares: in %, by year; wholes: in persons, by year.
    """
    counts = [indicators.people(share, whole) for share in shares for whole in wholes
              if share.years == whole.years]
    agree = [count for count in counts if meet(printed, count)]
    if not agree:
        return outcome("undecided", "no year's share and population give it", printed)
    of_stated_year = [count for count in counts if count.years & printed.years]
    if right := [count for count in agree if count.years & printed.years]:
        return outcome("right", f"{printed} is the count of {'/'.join(sorted(right[0].years))}",
                       printed, *agree)
    fitting = sorted(set().union(*(count.years for count in agree)))
    tried = len(set().union(*(count.years for count in counts)))
    product = agree[0].how.strip("()").removesuffix(") ÷ 100")
    only = f"; of {tried} years no other fits" if len(fitting) == 1 else ""
    return outcome("undecided" if len(fitting) > 1 else "wrong date",
                   f"{printed} equals the share of {' and '.join(fitting)} times a population: "
                   f"{product}{only}", printed, *agree, *of_stated_year,
                   brief=f"share and population of {' and '.join(fitting)} give it: {product}")


def in_event(printed, stated, others):
    """Label: right where the stated event has the printed date, wrong name where another has it."""
    if same_date(printed, stated).result == "agrees":
        return outcome("right", f"{stated}: {stated.event}", printed, stated)
    found = [other for other in others if same_date(printed, other).result == "agrees"]
    how = "; ".join(f"{other} is the date of another event: {other.event}" for other in found)
    return outcome("wrong name" if found else "undecided",
                   how or f"no event found has the date {printed}", printed, stated, *found)


def on_page(printed, pages):
    """Label: right where the cited page is one of the work's, else a wrong citation."""
    wrong = above(printed, pages)
    return outcome("wrong citation" if wrong else "right",
                   f"page {printed:g} is cited; the work has {pages:g} pages", printed, pages)


def in_year(printed, series):
    """Label: right where the year's own value agrees, wrong date where only another year's does.

    A number without a year is right under any: the year is told. series: the values of one country
    by year.
    """
    same_unit(printed, *series)
    agree = [value for value in series if meet(printed, value)]
    stated = printed.years - {""}
    of_stated_year = [value for value in series if value.years & stated]
    if not agree:
        return outcome("undecided", "no year's value agrees", printed, *of_stated_year)
    found = f"{printed} is the value of {', '.join(sorted(set().union(*(v.years for v in agree))))}"
    if not stated or any(value.years & stated for value in agree):
        return outcome("right", found, printed, *agree)
    if not of_stated_year:
        return outcome("undecided", f"no value of {'/'.join(stated)} is held", printed)
    return outcome("wrong date", f"{found}; that of {'/'.join(stated)} is {of_stated_year[0]}",
                   printed, *agree, *of_stated_year)


def on_subject(claimed, cited):
    """Label: right where the cited place is about what is claimed, else a wrong citation."""
    how = f"the claim is about {claimed}; what it cites is about {cited}"
    return Outcome("right" if claimed == cited else "wrong citation", how,
                   brief=f"what it cites is about {cited}")


RULES = {rule.__name__: rule for rule in (
    same, counted, divided, grown, grown_between, same_digits, more, leading, between, same_date,
    earliest, existed, nth, count_in_year, in_event, on_page, in_year, on_subject)}
