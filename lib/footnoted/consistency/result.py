"""Can all printed numbers of a text be true at once? Which cannot, and what would mend it."""

import ast
import datetime
import keyword
import re
import tomllib
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from pathlib import Path

from ..hints import first, first_in_words, near
from ..number import PERCENT, Number
from ..numerals import Printed, read
from . import repairs
from .relations import relation
from .solver import Clock, Conflicts, System, linked

SHOWN = 8  # sets and repairs of a conflict that a reader is shown; the result holds all
MEMBERS = 12  # of one set that are shown
FAULTS = 39  # told at once: to look for what a name may have meant takes a while
SECONDS = 30  # for one call, then what is known is told


def consistent(numbers, relations, unknown=(), sources=None, language=None, whole=(),
               seconds=SECONDS):
    """Asks whether any values exist with which all printed numbers and all relations are true.

    numbers: name -> printed text ("17,3 млн"; 90 % is 0.9), whole number or date (exact), Number,
    or (low, high). relations: texts such as "users == share * population", or label -> text; they
    compare with == < <= > >= what + - * / rank() sum() make. unknown: names of positive
    quantities that the text does not print. sources: name -> value, or name -> {source: value}:
    which repairs agree with them is said, and first whether all can be true with them. language:
    for numerals with two readings ("1,234") and its own words. whole: names of whole numbers.
    seconds: after them what is known is told, with what was not searched. Returns a Result. Raises
    ValueError with the first 39 faults, a line each.

    >>> printed = {"users": "17,3 млн", "share": "90,9 %", "people": "19,5 млн"}
    >>> consistent(printed, ["users == share * people"])
    These numbers cannot all be true.
    1. users 17,3 млн; share 90,9 %; people 19,5 млн
       against: users == share * people
       6 smallest repairs, each of one number:
       users 17,7 млн (one digit changed)
       users 17,8 млн (one digit changed)
       users 17,73 млн (one digit dropped)
       people 19,0 млн (one digit changed)
       people 19,1 млн (one digit changed)
       people 19,05 млн (one digit dropped)
    """
    clock = Clock(seconds)
    with clock:
        return Result(*understood(numbers, relations, unknown, sources, language, whole), clock)


def understood(numbers, relations, unknown, sources, language, whole):
    """What `consistent` is given, read. Raises ValueError with the first faults, a line each."""
    faults, printed, ties, known = Faults(), {}, {}, {}
    for name, given in numbers.items():
        with collected(faults, f"{name}: "):
            printed[name] = as_printed(given, language)
        faults += misnamed(name)
    for key, given in (("unknown", unknown), ("whole", whole)):
        faults += [f"{key}: {name!r} is not a name: write it in quotes" for name in given
                   if not isinstance(name, str)]
    unknown, whole = ([name for name in given if isinstance(name, str)]
                      for given in (unknown, whole))
    faults += [fault for name in unknown for fault in misnamed(name)]
    faults += [f"{name!r} is in numbers and in unknown: delete one" for name in unknown
               if name in numbers]
    names = dict.fromkeys([*numbers, *unknown])
    faults += [f"no number or unknown {name!r}{near(name, names)}" for name in whole
               if name not in names]
    texts = relations if isinstance(relations, dict) else {text: text for text in relations}
    for label, text in texts.items():
        with collected(faults, "" if label == text else f"{label}: "):
            ties[label] = relation(text, names)
    for name, said in (sources or {}).items():
        with collected(faults, "sources: "):
            if name not in numbers:
                raise ValueError(f"no number {name!r}{near(name, numbers)}")
            said = said if isinstance(said, dict) else {"the source": said}
            known[name] = {source: as_printed(value, language) for source, value in said.items()}
    if faults:
        raise ValueError("\n".join(faults))
    return printed, ties, tuple(unknown), known, tuple(whole)


class Faults(list):
    """Faults, a line each; too many are refused at once, with those found so far."""

    def __iadd__(self, lines):
        self.extend(lines)
        if len(self) > FAULTS:
            raise TooManyError("\n".join([*self[:FAULTS], "and perhaps more: mend these first"]))
        return self


class TooManyError(ValueError):
    """More faults than are told at once."""


@contextmanager
def collected(faults, place=""):
    """What is refused inside becomes lines of the faults, each after its place."""
    try:
        yield
    except TooManyError:
        raise
    except ValueError as error:
        faults += [f"{place}{line}" for line in str(error).splitlines()]


def misnamed(name):
    """The fault of a name that relations cannot write, if it is one."""
    if keyword.iskeyword(name):
        return [f"{name!r} cannot be a name in relations: write {name}_"]
    return [] if str(name).isidentifier() else [
        f"{name!r} is not a name: write letters, digits and _, and no digit first"]


def as_printed(given, language=None):
    """A given number as a Printed: texts are read, whole numbers, days and fractions are exact.

    Raises ValueError, with the mend, for what is no printed number.
    """
    if isinstance(given, Printed):
        return given
    if isinstance(given, str):
        return read(given, language)
    if isinstance(given, Number):
        scale = Fraction(1, 100) if given.unit in PERCENT else 1
        low, high = given.low * scale, given.high * scale
        return Printed(str(given), (low + high) / 2, low, high, True, given.unit)
    if isinstance(given, datetime.date):
        return read(given.isoformat())
    if isinstance(given, int) and not isinstance(given, bool):
        return read(str(given), exact=True)
    if isinstance(given, (tuple, list)) and len(given) == 2:
        try:
            low, high = (Fraction(str(end)) for end in given)
        except ValueError:
            raise ValueError(f"{given!r} is not (low, high): write two numbers") from None
        if low > high:
            raise ValueError(f"{given[0]} to {given[1]} runs backwards: write the smaller first")
        return Printed(f"{given[0]} to {given[1]}", (low + high) / 2, low, high, True)
    if isinstance(given, float):
        raise ValueError(f"{given} has lost its printed digits: write it in quotes, as printed "
                         f'("{given}")')
    raise ValueError(f"{given!r} is not a number: write it in quotes as printed, a whole number, "
                     "or (low, high)")


@dataclass(frozen=True)
class Conflict:
    """A minimal set that cannot all be true: without any one member, the rest can be."""

    numbers: tuple
    relations: tuple


@dataclass(repr=False)
class Result:
    """What `consistent` found: printed, it says which numbers conflict and what would mend them.

    holds: True, False, or None where the solver could not tell (reason); conflicts: all minimal
    sets of numbers and relations that cannot all be true; repairs: the smallest slips of the pen
    that would explain them; complete: no conflict was left out, and each set is minimal.

    numbers: name -> Printed; relations: label -> Relation; sources: name -> {source: Printed};
    unknown, whole: names; clock: how long is searched.
    """

    numbers: dict
    relations: dict
    unknown: tuple = ()
    sources: dict = field(default_factory=dict)
    whole: tuple = ()
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self):
        self.bounds = {name: one.bounds for name, one in self.numbers.items()}
        # relations that share no name are asked apart: a conflict lies in one system
        self.systems = [System({label: self.relations[label] for label in labels}, self.unknown,
                               self.whole, self.clock)
                        for labels in linked(self.relations, lambda one: self.relations[one].names)]
        answers = [system.feasible(self.bounds) for system in self.systems]
        self.holds = False if False in answers else None if None in answers else True
        self.reason = next((system.reason for system in self.systems if system.reason), "")
        searched = [Conflicts(system, self.bounds) for system, answer in zip(self.systems, answers)
                    if answer is False]
        self.complete = all(one.complete for one in searched)
        self.conflicts = [Conflict(*(tuple(name for kind, name in members if kind == wanted)
                                     for wanted in ("number", "relation")))
                          for one in searched for members in one.sets]

    @cached_property
    def groups(self):
        """The conflicts in groups that share a number: what one repair may mend together."""
        return linked(self.conflicts, lambda conflict: conflict.numbers)

    @cached_property
    def repairs(self):
        """For each group, its smallest repairs, those of one number first, in a fixed order."""
        with self.clock:
            return [repairs.repairs(self, group) for group in self.groups]

    @property
    def tied(self):
        """Names of the numbers that some relation has."""
        return {name for one in self.relations.values() for name in one.names} & {*self.numbers}

    def __repr__(self):
        return self.text

    @cached_property
    def text(self):
        """The answer as a reader sees it."""
        with self.clock:
            return self.told()

    def told(self):
        """The answer, its conflicts with what mends them, and what was not searched."""
        if self.holds is None:
            lines = ["It cannot be said whether these numbers can all be true: "
                     f"{self.reason}."]
        else:
            lines = [f"These numbers {'can' if self.holds else 'cannot'} all be true."]
        quick = [(repairs.culprits(self, group), repairs.by_source(self, group))
                 for group in self.groups]  # asked before the slips, which take long
        for place, found in enumerate(zip(self.groups, quick, self.repairs), start=1):
            lines += self.group_lines(place, *found)
        if not self.complete:
            why = "time ran out" if self.clock.left < self.clock.seconds / 3 else \
                "there are too many"
            lines.append("Not all sets that conflict were searched, and a set may be too large: "
                         f"{why}.")
        if free := [name for name in self.numbers if name not in self.tied]:
            lines.append(f"Tied to nothing: {', '.join(free)}.")
        return "\n".join(lines)

    def group_lines(self, place, group, quick, mends):
        """What is said of one group of conflicts: who is in all of them, which, what mends them."""
        alone, by_source = quick
        told = [f"{name} {self.numbers[name]} is in all {len(group)} sets that conflict: without "
                "it all else can be true" for name in alone]
        told += [f"{name}: with {said} of {source} "
                 f"{'all' if len(self.groups) == 1 else 'these'} can be true"
                 for name, source, said in by_source]
        lines = [f"{place}. {told[0]}", *(f"   {line}" for line in told[1:])] if told else []
        for conflict in group[:SHOWN]:
            start = "   also: " if conflict is not group[0] else "   " if told else f"{place}. "
            printed = [f"{name} {self.numbers[name]}" for name in conflict.numbers]
            lines += [start + ("; ".join(first(printed, MEMBERS)) or "relations alone"),
                      f"   against: {self.ties(conflict)}"]
        if len(group) > SHOWN:
            lines.append(f"   and {len(group) - SHOWN} more sets")
        if alone and mends and not {name for one in mends for name, *_ in one.changes} & {*alone}:
            mends = []  # of numbers that nothing else accuses
        late = self.clock.left <= 0
        lines += [f"   {line}" for line in repairs.lines(mends, SHOWN) if mends or not late]
        lines += ["   Not all repairs were searched: time ran out."] if late else []
        return lines + [f"   {line}" for line in self.hints(group)]

    def hints(self, group):
        """What may have been read otherwise than it was meant, in a group of conflicts."""
        names = dict.fromkeys(name for one in group for name in one.numbers)
        words = dict.fromkeys(self.numbers[name].unit for name in names
                              if self.numbers[name].taken_for_unit)
        found = [f"Taken for a unit: {first_in_words([*words], SHOWN)}. If one is a scale or a "
                 "percentage, write the number out."] if words else []
        labels = dict.fromkeys(label for one in group for label in one.relations)
        whole = [name for name in self.whole if any(name in self.relations[label].names
                                                    for label in labels)]
        found += [f"Whole numbers: {first_in_words(whole, SHOWN)}."] if whole else []
        for label in labels:
            rel = self.relations[label]
            share = next((name for name in rel.names if name in self.numbers
                          and self.numbers[name].unit == "%"), None)
            if share and any(getattr(node, "exact", 0) == 100 for node in ast.walk(rel.tree)):
                found.append(f"100 % is 1, and {self.numbers[share]} is read as "
                             f"{float(self.numbers[share].value):.12g}: write 1 for 100 in {rel}")
        return found

    @property
    def readings(self):
        """How each number was read, a line each: name, text, bounds, unit."""
        return "\n".join(f"{name}: {one} is {one.reading}" for name, one in self.numbers.items())

    def ties(self, conflict):
        """The relations of a conflict as written, with their labels where they have one."""
        return "; ".join(first([label if label == str(self.relations[label]) else
                                f"{self.relations[label]} ({label})"
                                for label in conflict.relations], MEMBERS))


# A file that a person writes

KEYS = {  # key -> its kinds, and how it is written
    "numbers": (dict, "[numbers] with name = \"as printed\""),
    "relations": ((dict, list), "[relations] with label = \"users == share * people\""),
    "unknown": (list, "unknown = [\"people\"]"), "whole": (list, "whole = [\"people\"]"),
    "seconds": ((int, float), "seconds = 30"), "sources": (dict, "[sources]"),
    "language": (str, "language = \"en\"")}


def check_file(path):
    """What `consistent` says of a TOML file. Raises ValueError: file, line, mend, all at once.

    language = "ru"; [numbers] name = "as printed" (without quotes: exact); relations, a list, or
    [relations] label = "text"; unknown = [names]; whole = [names of whole numbers]; seconds = 30;
    [sources] name = "value".
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
        content = tomllib.loads(text)
    except OSError as error:
        raise ValueError(f"{path} cannot be read ({error.strerror}): name another file") from None
    except UnicodeDecodeError:
        raise ValueError(f"{path}: not UTF-8: save it as UTF-8") from None
    except RecursionError:
        raise ValueError(f"{path}: nested too deeply: write name = \"as printed\"") from None
    except ValueError as error:  # a number of 5,000 digits is no TOMLDecodeError
        raise ValueError(f"{path}: {error}: write name = \"as printed\" there") from None
    if faults := misshapen(content):
        raise ValueError("\n".join(f"{path}: {line}" for line in faults))
    try:
        return consistent(**{"unknown": (), **content})
    except ValueError as error:
        raise ValueError("\n".join(f"{path}{line_of(text, line)}: {line}"
                                   for line in str(error).splitlines())) from None


def misshapen(content):
    """Faults of the tables of a file: missing, unknown, of another kind."""
    faults = [f"unknown key {key!r}{near(key, KEYS)}" for key in content if key not in KEYS]
    for key, (kinds, example) in KEYS.items():
        if key in ("numbers", "relations") and not content.get(key):
            faults.append(f"{key} is missing: write {example}")
        elif key in content and not isinstance(content[key], kinds):
            faults.append(f"{key} is of another kind: write {example}")
    return faults


def line_of(text, fault):
    """Where the name or the relation that a fault begins with stands in a file."""
    word = re.split(r"[:\s]", fault)[0].strip("'\"")
    whole = re.match(r"'([^']*)'", fault)
    for number, line in enumerate(text.splitlines(), start=1):
        if re.match(rf"\s*[\"']?{re.escape(word)}[\"']?\s*=", line) or whole and whole[1] in line:
            return f" line {number}"
    return ""
