"""Slips of the pen in a printed number: each kind as it happens, and how it is undone."""

import re
from fractions import Fraction

from .numerals import TIMES, Printed, read, reprinted

KINDS = {  # in the order in which repairs are tried and told
    "changed": "one digit changed", "swapped": "two neighbouring digits swapped",
    "dropped": "one digit dropped", "doubled": "one digit doubled",
    "place": "the decimal mark one place off", "unit": "a unit a thousand times off"}
SCALES = (("тыс.", "млн", "млрд", "трлн"), ("thousand", "million", "billion", "trillion"))


def changed(digits):
    """Every text with one other digit; digits: "17.3", marks and letters stay."""
    return [digits[:i] + new + digits[i + 1:] for i, old in enumerate(digits) if old.isdigit()
            for new in "0123456789" if new != old]


def swapped(digits):
    """Every text with two unlike neighbours swapped, across a mark too.

    >>> swapped("17.3")
    ['71.3', '13.7']
    """
    places = [i for i, letter in enumerate(digits) if letter.isdigit()]
    texts = []
    for i, j in zip(places, places[1:]):
        if digits[i] != digits[j]:
            texts.append(digits[:i] + digits[j] + digits[i + 1:j] + digits[i] + digits[j + 1:])
    return texts


def dropped(digits):
    """Every text with one digit fewer."""
    return [digits[:i] + digits[i + 1:] for i, old in enumerate(digits) if old.isdigit()]


def doubled(digits):
    """Every text with one digit twice."""
    return [digits[:i] + old + digits[i:] for i, old in enumerate(digits) if old.isdigit()]


def undropped(digits):
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


def place(digits):
    """The decimal mark one place to the left and to the right.

    >>> place("17.3"), place("26430"), place("3")
    (['1.73', '173'], ['2643', '264300'], ['0.3', '30'])
    """
    whole, _, part = digits.partition(".")
    left = f"{whole[:-1] or '0'}.{whole[-1]}{part}" if part or whole[-1] != "0" or whole == "0" \
        else whole[:-1]
    right = f"{whole}{part[:1] or '0'}".lstrip("0") + (f".{part[1:]}" if part[1:] else "")
    return [left, "0" + right if right[:1] in ("", ".") else right]


def natural(digits):
    """True for digits as they are printed: no zero before the whole part, no bare mark."""
    return bool(re.fullmatch(r"(0|[1-9]\d*)(\.\d+)?", digits))


SLIP = {"changed": changed, "swapped": swapped, "dropped": dropped, "doubled": doubled,
        "place": place}
UNDO = SLIP | {"dropped": undropped, "doubled": undoubled}


def variants(printed, kind, undo=False):
    """The texts that a slip of one kind makes of a printed number, each once, in a fixed order.

    undo: the texts of which the printed one may be a slip. A range has none.

    >>> variants(read("17,3 млн"), "swapped"), variants(read("17,3 млн"), "unit")
    (['71,3 млн', '13,7 млн'], ['17,3 тыс.', '17,3 млрд'])
    """
    if kind == "unit":
        texts = [] if printed.exact or not printed.numeral else units(printed)
    elif printed.unit == "date":  # its digits stand in several numbers: the text itself slips
        texts = [] if kind == "place" else (UNDO if undo else SLIP)[kind](printed.text)
    elif not printed.numeral or printed.exact and kind == "place":
        texts = []
    else:
        slipped = (UNDO if undo else SLIP)[kind](printed.digits)
        texts = [reprinted(printed, digits) for digits in (text.rstrip(".") for text in slipped)
                 if natural(digits)]
    return [text for text in dict.fromkeys(texts) if text != printed.text]


def units(printed):
    """The number in thousands where it has millions, and the other way; none for per cents."""
    if printed.unit in ("%", "points"):
        return []
    start = printed.text.index(printed.numeral) + len(printed.numeral)
    before, rest = printed.text[:start], printed.text[start:]
    word = TIMES.search(printed.text, start + len(rest) - len(rest.lstrip()))
    words = SCALES[0 if re.search("[А-Яа-я]|[ ,]", printed.text[:start]) else 1]
    if printed.multiplier == 1:
        less = [reprinted(printed, printed.digits[:-3])] if printed.digits.endswith("000") else []
        return less + [f"{before} {words[0]}{rest}"]
    tail = printed.text[word.end():]
    power = len(str(int(printed.multiplier))) // 3 - 1
    return [before + (f" {words[p]}" if p >= 0 else "") + tail
            for p in (power - 1, power + 1) if p < len(words)]


def again(text, like, **options):
    """A variant as a Printed, read as the original was; None where it cannot be read."""
    try:
        return read(text, like.language, exact=like.exact and like.unit != "date", **options)
    except ValueError:
        return None


def within(printed, other):
    """True where two printed numbers can be the same value."""
    def ends(one):
        return (one.low, one.high, one.closed) if isinstance(one, Printed) else (
            Fraction(one), Fraction(one), True)
    (low, high, closed), (other_low, other_high, other_closed) = ends(printed), ends(other)
    first, last = max(low, other_low), min(high, other_high)
    return first < last or first == last and all(
        end != last or shut for end, shut in ((high, closed), (other_high, other_closed)))
