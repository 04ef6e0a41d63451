"""Can all printed numbers of a text be true at once? Which cannot, and what would mend it."""

import datetime
import difflib
import html
import re
import tomllib
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from pathlib import Path

from . import repair
from .expressions import relation
from .numerals import Printed, read
from ..number import Number
from .solver import System, parts

SHOWN = 8  # repairs of a conflict that a reader is shown; the result holds all
PERCENT = ("%", "per 100 people")  # Numbers of these units are hundredths


def consistent(numbers, relations, unknown=(), sources=None, language=None):
    """Asks whether any world exists in which all printed numbers and all relations are true.

    numbers: name -> printed text ("17,3 млн"; 90 % is 0.9), whole number or date (exact), Number,
    or (low, high). relations: texts such as "users == share * population", or label -> text; they
    compare with == < <= > >= what + - * / rank() sum() make. unknown: names of positive
    quantities that the text does not print. sources: name -> value, or name -> {source: value}:
    which repairs agree with them is said. language: for numerals with two readings ("1,234").
    Returns a Result. Raises ValueError with all faults, a line each.

    >>> told = {"users": "17,3 млн", "share": "90,9 %", "people": "19,5 млн"}
    >>> print(consistent(told, ["users == share * people"]))
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
    faults, printed, read_relations = [], {}, {}
    for name, given in numbers.items():
        attempt(faults, f"{name}: ", lambda: printed.update({name: taken(given, language)}))
        faults += [] if str(name).isidentifier() else [
            f"{name!r} is not a name: write letters, digits and _, and no digit first"]
    names = [*numbers, *unknown]
    faults += [f"{name!r} is in numbers and in unknown: delete one" for name in unknown
               if name in numbers]
    texts = relations if isinstance(relations, dict) else {text: text for text in relations}
    for label, text in texts.items():
        attempt(faults, "" if label == text else f"{label}: ",
                lambda: read_relations.update({label: relation(text, names)}))
    known = {}
    attempt(faults, "sources: ", lambda: known.update(sourced(sources or {}, numbers, language)))
    if faults:
        raise ValueError("\n".join(faults))
    return Result(printed, read_relations, tuple(unknown), known)


def attempt(faults, place, act):
    """Do something; what it refuses becomes a line of the faults."""
    try:
        act()
    except ValueError as error:
        faults += [f"{place}{line}" for line in str(error).splitlines()]


def taken(given, language=None, **options):
    """A given number as a Printed: texts are read, whole numbers, days and fractions are exact."""
    if isinstance(given, Printed):
        return given
    if isinstance(given, str):
        return read(given, language, **options)
    if isinstance(given, Number):
        scale = Fraction(1, 100) if given.unit in PERCENT else 1
        low, high = given.low * scale, given.high * scale
        return Printed(str(given), (low + high) / 2, low, high, given.exact, given.unit)
    if isinstance(given, datetime.date):
        return read(given.isoformat())
    if isinstance(given, int) and not isinstance(given, bool):
        return read(str(given), exact=True)
    if isinstance(given, (tuple, list)) and len(given) == 2:
        low, high = (Fraction(str(end)) for end in given)
        if low > high:
            raise ValueError(f"{given[0]} to {given[1]} runs backwards: write the smaller first")
        return Printed(f"{given[0]} to {given[1]}", (low + high) / 2, low, high, True)
    if isinstance(given, float):
        raise ValueError(f"{given} has lost its printed digits: write it in quotes, as printed "
                         f'("{given}")')
    raise ValueError(f"{given!r} is not a number: write it in quotes as printed, a whole number, "
                     "or (low, high)")


def sourced(sources, numbers, language):
    """What sources say: name -> {source: Printed}."""
    found = {}
    for name, said in sources.items():
        if name not in numbers:
            near = difflib.get_close_matches(name, list(numbers), n=1)
            raise ValueError(f"no number {name!r}" + (f": did you mean {near[0]!r}?" if near else
                                                      ": name one of the numbers"))
        said = said if isinstance(said, dict) else {"the source": said}
        found[name] = {label: taken(value, language) for label, value in said.items()}
    return found


@dataclass(frozen=True)
class Conflict:
    """A minimal set that cannot all be true: without any one member, the rest can be."""

    numbers: tuple
    relations: tuple


@dataclass
class Result:
    """What `consistent` found.

    holds: True, False, or None where the solver could not tell (reason); conflicts: all minimal
    sets of numbers and relations that cannot all be true; repairs: the smallest slips of the pen
    that would explain them; complete: no conflict was left out.
    """

    numbers: dict
    relations: dict
    unknown: tuple = ()
    sources: dict = field(default_factory=dict)
    options: dict = field(default_factory=dict)

    def __post_init__(self):
        self.bounds = {name: (one.low, one.high, one.closed) for name, one in self.numbers.items()}
        self.systems = [System({label: self.relations[label] for label in labels}, self.unknown)
                        for labels, _ in parts(self.relations, [*self.numbers, *self.unknown])]
        answers = [one.feasible(self.bounds) for one in self.systems]
        self.holds = False if False in answers else None if None in answers else True
        self.reason = next((f"the solver gave up: {one.reason}" for one in self.systems
                            if one.reason), "")
        found = [one.conflicts(self.bounds) if answer is False else ([], True)
                 for one, answer in zip(self.systems, answers)]
        self.conflicts = [Conflict(*(tuple(name for kind, name in members if kind == wanted)
                                     for wanted in ("number", "relation")))
                          for sets, _ in found for members in sets]
        self.complete = all(complete for _, complete in found)

    @cached_property
    def groups(self):
        """The conflicts in groups that share a number: what one repair may mend together."""
        return repair.groups(self.conflicts)

    @cached_property
    def repairs(self):
        """For each group, its smallest repairs, those of one number first, in a fixed order."""
        return [repair.repairs(self, group) for group in self.groups]

    @property
    def tied(self):
        """Names of the numbers that some relation has."""
        return {name for one in self.relations.values() for name in one.names} & {*self.numbers}

    @property
    def headline(self):
        """The answer as a sentence."""
        if self.holds is None:
            return f"It cannot be said whether these numbers can all be true: {self.reason}."
        return "These numbers can all be true." if self.holds else \
            "These numbers cannot all be true."

    def __str__(self):
        lines = [self.headline]
        for place, (group, repairs) in enumerate(zip(self.groups, self.repairs), start=1):
            for i, one in enumerate(group):
                start = f"{place}. " if i == 0 else "   also: "
                lines += [start + "; ".join(f"{name} {self.numbers[name]}" for name in one.numbers),
                          f"   against: {'; '.join(self.told(one))}"]
            lines += [f"   {line}" for line in repair.lines(repairs, SHOWN)]
        if free := [name for name in self.numbers if name not in self.tied]:
            lines.append(f"Tied to nothing: {', '.join(free)}.")
        return "\n".join(lines)

    def told(self, conflict):
        """The relations of a conflict as written, after their label where they have one."""
        return [label if label == str(self.relations[label]) else
                f"{self.relations[label]} ({label})" for label in conflict.relations]

    def _repr_html_(self):
        said, shown = html.escape, [f"<p><strong>{html.escape(self.headline)}</strong></p>"]
        for group, repairs in zip(self.groups, self.repairs):
            for one in group:
                rows = "".join(f"<tr><td>{said(name)}</td><td>{said(str(self.numbers[name]))}</td>"
                               "</tr>" for name in one.numbers)
                shown.append(f"<table><tr><th>number</th><th>as printed</th></tr>{rows}</table>"
                             f"<p>against {said('; '.join(self.told(one)))}</p>")
            first, *more = repair.lines(repairs, SHOWN)
            shown.append(f"<p>{said(first)}</p><ul>" + "".join(
                f"<li>{said(line)}</li>" for line in more) + "</ul>")
        if free := [name for name in self.numbers if name not in self.tied]:
            shown.append(f"<p>Tied to nothing: {said(', '.join(free))}.</p>")
        return "\n".join(shown)


# A file that a person writes

KEYS = ("language", "numbers", "relations", "unknown", "sources")


def check_file(path):
    """What `consistent` says of a TOML file. Raises ValueError: file, line, mend, all at once.

    language = "ru"; [numbers] name = "as printed" (without quotes: exact); relations, a list, or
    [relations] label = "text"; unknown = [names]; [sources] name = "value".
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ValueError(f"{path}: {error.strerror}: name a file that can be read") from None
    except UnicodeDecodeError:
        raise ValueError(f"{path}: not UTF-8: save it as UTF-8") from None
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{path}: {error}: write name = \"as printed\" there") from None
    if faults := shape(told):
        raise ValueError("\n".join(f"{path}: {line}" for line in faults))
    try:
        return consistent(told["numbers"], told["relations"], told.get("unknown", ()),
                          told.get("sources"), told.get("language"))
    except ValueError as error:
        raise ValueError("\n".join(f"{path}{line_of(text, line)}: {line}"
                                   for line in str(error).splitlines())) from None


def shape(told):
    """Faults of the tables of a file: missing, unknown, of the wrong kind."""
    faults = []
    for key in told:
        near = difflib.get_close_matches(key, KEYS, n=1)
        faults += [] if key in KEYS else [f"unknown key {key!r}: " + (
            f"did you mean {near[0]!r}?" if near else f"it has {', '.join(KEYS)}")]
    kinds = {"numbers": (dict, "[numbers] with name = \"as printed\""),
             "relations": ((dict, list), "[relations] with label = \"users == share * people\""),
             "unknown": (list, "unknown = [\"people\"]"), "sources": (dict, "[sources]"),
             "language": (str, "language = \"en\"")}
    for key, (kind, mend) in kinds.items():
        lacks = key in ("numbers", "relations") and not told.get(key)
        if lacks or not isinstance(told.get(key, kind() if isinstance(kind, type) else []), kind):
            faults.append(f"{key} is {'missing' if lacks else 'of another kind'}: write {mend}")
    return faults


def line_of(text, fault):
    """Where the name or the relation that a fault begins with stands in a file."""
    word = re.split(r"[:\s]", fault)[0].strip("'\"")
    whole = re.match(r"'([^']*)'", fault)
    for number, line in enumerate(text.splitlines(), start=1):
        if re.match(rf"\s*[\"']?{re.escape(word)}[\"']?\s*=", line) or whole and whole[1] in line:
            return f" line {number}"
    return ""
