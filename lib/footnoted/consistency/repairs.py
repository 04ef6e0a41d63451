"""The smallest slips of the pen that would explain a conflict between printed numbers."""

import itertools
import re
from dataclasses import dataclass
from functools import lru_cache

from ..hints import first
from ..numerals import scale_after

KINDS = {  # in the order in which repairs are tried and told
    "changed": "one digit changed", "swapped": "two neighbouring digits swapped",
    "dropped": "one digit dropped", "doubled": "one digit doubled",
    "place": "the decimal mark one place off", "unit": "a unit a thousand times off"}
SCALES = (("тыс.", "млн", "млрд", "трлн"), ("thousand", "million", "billion", "trillion"))
PAIRS = 20_000  # repairs of two numbers, at most, where no slip of one mends a conflict


# Slips: each kind makes texts of the digits of a number, such as "17.3"; marks and letters stay

def changed(digits):
    """Every text with one other digit."""
    return [digits[:i] + new + digits[i + 1:] for i, old in enumerate(digits) if old.isdigit()
            for new in "0123456789" if new != old]


def swapped(digits):
    """Every text with two unlike neighbours swapped, across a mark too.

    >>> swapped("17.3")
    ['71.3', '13.7']
    """
    places = [i for i, letter in enumerate(digits) if letter.isdigit()]
    return [digits[:i] + digits[j] + digits[i + 1:j] + digits[i] + digits[j + 1:]
            for i, j in zip(places, places[1:]) if digits[i] != digits[j]]


def dropped(digits):
    """Every text with one digit fewer."""
    return [digits[:i] + digits[i + 1:] for i, old in enumerate(digits) if old.isdigit()]


def doubled(digits):
    """Every text with one digit twice."""
    return [digits[:i] + old + digits[i:] for i, old in enumerate(digits) if old.isdigit()]


def one_more(digits):
    """Every text with one digit more: what a dropped digit may have left."""
    return [digits[:i] + new + digits[i:] for i in range(len(digits) + 1)
            for new in "0123456789"]


def undoubled(digits):
    """Every text without the second of two like neighbours.

    >>> undoubled("11.85"), undoubled("12")
    (['1.85'], [])
    """
    return [digits[:i] + digits[i + 1:] for i in range(1, len(digits))
            if digits[i].isdigit() and digits[i] == digits[i - 1]]


def mark_moved(digits):
    """The decimal mark one place to the left and to the right.

    >>> mark_moved("17.3"), mark_moved("26430"), mark_moved("3")
    (['1.73', '173'], ['2643', '264300'], ['0.3', '30'])
    """
    whole, _, decimals = digits.partition(".")
    tens = not decimals and len(whole) > 1 and whole.endswith("0")
    left = whole[:-1] if tens else f"{whole[:-1] or '0'}.{whole[-1]}{decimals}"
    right = f"{whole}{decimals[:1] or '0'}.{decimals[1:]}"
    return [left, re.sub(r"^0+(?=\d)", "", right).rstrip(".")]


SLIPS = {"changed": changed, "swapped": swapped, "dropped": dropped, "doubled": doubled,
         "place": mark_moved}
UNDONE = SLIPS | {"dropped": one_more, "doubled": undoubled}


def slipped(printed, kind, undo=False):
    """The texts that a slip of one kind makes of a printed number, each once, in a fixed order.

    undo: the texts of which the printed one may be a slip. A range has none.

    >>> from footnoted.numerals import read
    >>> slipped(read("17,3 млн"), "swapped"), slipped(read("17,3 млн"), "unit")
    (['71,3 млн', '13,7 млн'], ['17,3 тыс.', '17,3 млрд'])
    """
    slips = UNDONE if undo else SLIPS
    if printed.unit == "date":  # its digits stand in several numbers: the text itself slips
        texts = slips[kind](printed.text) if kind not in ("place", "unit") else []
    elif not printed.numeral or printed.exact and kind in ("place", "unit"):
        texts = []
    elif kind == "unit":
        texts = other_units(printed)
    else:  # digits as they are printed: no zero before the whole part, no bare mark
        texts = [printed.reprinted(digits.rstrip(".")) for digits in slips[kind](printed.digits)
                 if re.fullmatch(r"(0|[1-9]\d*)(\.\d+)?", digits.rstrip("."))]
    return [text for text in dict.fromkeys(texts) if text != printed.text]


def other_units(printed):
    """The number in thousands where it has millions, and the other way; none for per cents."""
    powers = [1000**n for n in range(5)]
    if printed.multiplier not in powers:
        return []
    end = printed.text.index(printed.numeral) + len(printed.numeral)
    before, after = printed.text[:end], printed.text[end:]
    words = SCALES[0 if re.search("[А-Яа-я]|[ ,]", before) else 1]
    if printed.multiplier == 1:
        thousands = [printed.reprinted(printed.digits[:-3])] if printed.digits.endswith("000") \
            else []
        return thousands + [f"{before} {words[0]}{after}"]
    _, _, after_word = scale_after(printed.text, end, printed.options[0])
    own = powers.index(printed.multiplier) - 1
    return [before + (f" {words[other]}" if other >= 0 else "") + printed.text[after_word:]
            for other in (own - 1, own + 1) if other < len(words)]


# Repairs

@dataclass(frozen=True)
class Repair:
    """What should have been printed: changes (name, kind, old text, new text); agrees: sources."""

    changes: tuple
    agrees: tuple = ()

    def __str__(self):
        words = " and ".join(f"{name} {new} ({KINDS[kind]})" for name, kind, _, new in self.changes)
        return words + (f": agrees with {', '.join(self.agrees)}" if self.agrees else "")


def repairs(result, group):
    """The smallest repairs of a group of conflicts: of one number, else of two.

    Numbers in other conflicts stand aside; what a repair leaves may conflict with no other number.
    """
    members, system, bounds = asked(result, group)
    found = [one for name in members for one in mends(system, bounds, result.numbers, [name])]
    if not found:
        pairs = itertools.takewhile(lambda _: not system.late, itertools.combinations(members, 2))
        found = itertools.islice((one for pair in pairs
                                  for one in mends(system, bounds, result.numbers, pair)), PAIRS)
    return [repair(result, changed) for changed in found]


def asked(result, group):
    """The numbers of a group of conflicts, their system, the bounds of all that stand beside it."""
    members = [name for name in result.numbers if any(name in one.numbers for one in group)]
    others = {name for one in result.conflicts if one not in group for name in one.numbers}
    bounds = {name: ends for name, ends in result.bounds.items() if name not in others}
    system = next(one for one in result.systems if {*group[0].relations} <= {*one.relations})
    return members, system, bounds


def by_source(result, group):
    """Values of sources with which a group of conflicts can be true: [(name, source, Printed)]."""
    members, system, bounds = asked(result, group)
    return [(name, source, said) for name in members
            for source, said in result.sources.get(name, {}).items()
            if system.feasible(bounds | {name: said.bounds})]


def culprits(result, group):
    """The numbers that stand in every one of several conflicts, without which all others agree."""
    members, system, bounds = asked(result, group)
    return [name for name in members if len(group) > 1 and all(
        name in one.numbers for one in group) and system.feasible(
        {other: ends for other, ends in bounds.items() if other != name})]


def changed_by_smallest(result, group):
    """The names of the numbers of a group of conflicts that some smallest repair changes.

    Where no slip explains the conflicts, those of the fewest numbers without which all can be true.
    """
    if found := repairs(result, group):
        return {name for one in found for name, *_ in one.changes}
    members, system, bounds = asked(result, group)
    for n in range(1, len(members) + 1):
        freed = [names for names in itertools.combinations(sorted(members), n) if system.feasible(
            {name: ends for name, ends in bounds.items() if name not in names})]
        if freed:
            return {name for names in freed for name in names}
    return set()


def mends(system, bounds, numbers, names):
    """Slips of all these numbers with which everything can be true: {name: (kind, Printed)}.

    A number's slips are tried only where all can be true without it.
    """
    if not system.feasible({name: ends for name, ends in bounds.items() if name not in names}):
        return
    if not names:
        yield {}
        return
    first, *rest = names
    for kind, printed in meant(numbers[first]):
        for further in mends(system, bounds | {first: printed.bounds}, numbers, rest):
            yield {first: (kind, printed), **further}


@lru_cache(maxsize=10_000)
def meant(printed):
    """What a number may have been meant to be: [(kind, Printed)], each text once."""
    found = {}
    for kind in KINDS:
        for text in slipped(printed, kind, undo=True):
            other = printed.reread(text)
            if other and text not in found:
                found[text] = (kind, other)
    return list(found.values())


def repair(result, changed):
    """The Repair of changed numbers, with the sources that agree with them."""
    agrees = [source for name, (_, new) in changed.items()
              for source, said in result.sources.get(name, {}).items() if new.meets(said)]
    return Repair(tuple((name, kind, str(result.numbers[name]), str(new))
                        for name, (kind, new) in changed.items()), tuple(dict.fromkeys(agrees)))


def lines(found, shown):
    """Repairs as lines for a reader: how many, and the first of them, agreeing ones before."""
    if not found:
        return ["No slip of one or two numbers explains it."]
    size = {1: "one number", 2: "two numbers"}[len(found[0].changes)]
    agreeing_first = sorted(found, key=lambda one: not one.agrees)
    count = f"{len(found)} smallest repairs, each" if len(found) > 1 else "One smallest repair,"
    return [f"{count} of {size}:", *first(list(map(str, agreeing_first)), shown)]
