"""What the consistency audit can see: worlds in which all is true, and slips in every number.

python tests/campaigns/power.py (make campaign) writes paper/results/audit.json and audit.csv; about
six minutes.
"""

import ast
import datetime
import hashlib
import itertools
import json
import math
import platform
import random
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from digital_diplomacy import article, data
from footnoted.consistency.relations import holds, value
from footnoted.consistency.repairs import KINDS, slipped
from footnoted.numerals import date_match, decimal_year, last_unit, months

RESULTS = Path(__file__).parents[2] / "paper" / "results"
SEED, WORLDS = 20231017, 10_000
TRIES = 20  # draws of one quantity before its part of the world is begun again
RESTARTS = 100_000  # of a part of a world: relations that no world satisfies are a mistake
SPREAD = 30  # a quantity is drawn up to so many times smaller or greater than the printed one
STARTS = 200  # combinations of smallest repairs that are tried for a feasible start
AROUND = 15  # years, pages, ranks: how far a true one is drawn from the printed one
READ = {"article": ["id", "printed", "value", "unit", "hedge", "legible"],
        "relations": ["id", "case", "relation", "unknown"]}  # columns that decide the result
FOUND = ("worlds", "kinds", "numbers", "start")  # what is measured
COUNTS = ("tried", "noticed", "unread")


def measured(worlds=WORLDS, seed=SEED):
    """The audit's power as one dict, ready for JSON: false alarms in true worlds, slips noticed.

    Raises DataError where the article's numbers or relations cannot be read.
    """
    read, audit = inputs(), article.audit()  # before anyone can change what was read
    rows, starts = all_slips(audit)
    found = {"about": "make campaign: what the consistency audit of the article's numbers can see",
             "date": datetime.date.today().isoformat(), "seed": seed,
             "machine": f"{platform.system()} {platform.machine()}, "
                        f"Python {platform.python_version()}",
             "worlds": [alarms(case, result, worlds, seed)
                        for case, result in audit.cases.items()],
             "kinds": [{"kind": kind, "what": what} | {
                 count: sum(row[f"{kind}_{count}"] for row in rows) for count in COUNTS}
                 for kind, what in KINDS.items()],
             "numbers": rows, "start": starts}
    return found | {"hashes": hashed(read | {"results": results(found)})}


# Worlds in which everything is true

def alarms(case, result, count, seed):
    """Draws worlds of a case, prints them as the article prints and audits them: a row."""
    draw = random.Random(f"{seed} {case}")
    drawn = [Part(result, system) for system in result.systems]
    answers = [{part.answer(draw) for part in drawn} for _ in range(count)]
    return {"case": case, "worlds": count, "numbers": len(result.numbers),
            "relations": len(result.relations),
            "false_alarms": sum(False in one for one in answers),
            "undecided": sum(None in one and False not in one for one in answers)}


class Part:
    """Numbers and relations of a case that hang together: what is drawn, and what follows."""

    def __init__(self, result, system):
        self.result, self.system = result, system
        relations = [result.relations[label] for label in system.relations]
        defined = definitions(relations)
        self.steps, left = [], list(system.names)
        while left:  # what follows from the drawn comes first: what cannot be is seen early
            known = {*system.names} - {*left}
            name = next((n for n in left if n in defined and used(defined[n]) <= known),
                        next((n for n in left if n not in defined), None))
            left.remove(name)
            self.steps.append((name, defined.get(name), [
                one for one in relations if name in one.names and known | {name} >= {*one.names}]))

    def answer(self, draw):
        """What the audit says of a true world as the article would print it: True, or an alarm."""
        world = self.world(draw)
        printed = {name: like(one, world[name]) for name, one in
                   self.result.numbers.items() if name in world}
        return None not in printed.values() and self.system.feasible(
            {name: one.bounds for name, one in printed.items()})

    def world(self, draw):
        """True values that satisfy every relation: name -> Fraction."""
        for _ in range(RESTARTS):
            given = {}
            if all(self.found(step, given, draw) for step in self.steps):
                return given
        raise data.DataError(f"no world in which {', '.join(self.system.relations)} hold: "
                               "mend the relations")

    def found(self, step, given, draw):
        """Gives a name a value that its relations admit; False where none was found."""
        name, side, checks = step
        for _ in range(1 if side else TRIES):
            given[name] = value(side, given, []) if side else true_value(
                self.result.numbers.get(name), draw)
            if all(holds(one, given) for one in checks):
                return True
        return False


def definitions(relations):
    """Names that a relation `name == ...` gives: name -> side; none rests on itself."""
    sides = {}
    for one in relations:
        left, (right, *more) = one.tree.left, one.tree.comparators
        if isinstance(left, ast.Name) and isinstance(one.tree.ops[0], ast.Eq) and not more \
                and left.id not in sides and not needs(right, left.id, sides):
            sides[left.id] = right
    return sides


def used(side):
    """The names in a side of a relation."""
    return {node.id for node in ast.walk(side) if isinstance(node, ast.Name)} - {"rank", "sum"}


def needs(side, name, sides):
    """True where a side rests on a name, perhaps by way of others."""
    return any(one == name or one in sides and needs(sides[one], name, sides)
               for one in used(side))


def true_value(printed, draw):
    """A true value of the printed one's kind and size; of a hidden quantity, 100,000 to 100 m."""
    if printed is None:
        return Fraction(round(10**draw.uniform(5, 8)))
    if printed.unit == "date":
        first = datetime.date(int(printed.value) - AROUND, 1, 1)
        return decimal_year(first + datetime.timedelta(draw.randrange(2 * AROUND * 365)))
    if printed.exact:
        return Fraction(draw.randint(max(1, int(printed.value) - AROUND),
                                     int(printed.value) + AROUND))
    if printed.unit == "%":
        return Fraction(draw.randrange(10**9), 10**9)
    return Fraction(round(float(printed.value) * SPREAD**draw.uniform(-1, 1) * 10**6), 10**6)


def like(printed, truth):
    """A true value as the article would have printed and we would read it; None: unreadable."""
    if printed.unit == "date":
        return printed.reread(dated(printed.text, truth))
    if not printed.numeral:  # a word, such as five
        return replace(printed, value=truth, low=truth, high=truth)
    unit, nearest = printed.step, 0.5
    if printed.hedge in ("more than", "at least"):  # the round number below it
        unit, nearest = last_unit(printed.value), 0
    whole, _, part = printed.digits.partition(".")
    rounded = math.floor(truth / unit + Fraction(nearest)) * unit / printed.multiplier
    digits = str(int(rounded * 10**len(part))).rjust(len(part) + 1, "0")
    digits = f"{digits[:-len(part)]}.{digits[-len(part):]}" if part else digits
    return printed.reread(printed.reprinted(digits))


def dated(text, truth):
    """A day in the form of a printed date.

    >>> dated("7 марта 2002", Fraction(2017) + Fraction(30, 365))
    '31 января 2017'
    """
    days = round((truth - int(truth)) * (366 if int(truth) % 4 == 0 else 365))
    date = datetime.date(int(truth), 1, 1) + datetime.timedelta(days)
    found = date_match(text)
    names = [name for name, number in months().items() if number == date.month]
    month = names[bool(re.search("[а-я]", found["m"]))] if found["m"].lower() in months() \
        else f"{date.month:02}"
    new = {"y": str(date.year), "m": month, "d": str(date.day), "last": str(date.day)}
    for part in sorted((part for part in new if found[part]), key=found.start, reverse=True):
        text = text[:found.start(part)] + new[part] + text[found.end(part):]
    return text


# Slips in every number

def all_slips(audit):
    """How many slips of each kind turn a feasible case infeasible: (a row a number, the starts)."""
    begun = {case: start(result) for case, result in audit.cases.items()}
    numbers, rows = article.numbers_read(), []
    for row in data.read("article").query("legible == 'yes'").to_dict("records"):
        name = article.variable(row["id"])
        if name not in numbers or not re.search("[0-9]", row["printed"]):
            continue  # nothing to slip: a word, or a serial number that stands for nothing
        cases = [one for one in begun.values() if name in one.tied]
        first = next((one.numbers[name] for one in cases), numbers[name])
        rows.append({"id": row["id"], "printed": row["printed"], "start": first.text,
                     "unit": row["unit"], "tied": bool(cases)} | counts(name, first, cases))
    starts = [{"case": case, "number": name, "printed": old.text, "start": one.numbers[name].text}
              for case, one in begun.items() for name, old in audit.cases[case].numbers.items()
              if one.numbers[name] != old]
    starts += [{"case": case, "left_out": label} for case, one in begun.items()
               for label in audit.cases[case].relations if label not in one.relations]
    return rows, starts


def start(result):
    """A case as a feasible one: as printed, else with its smallest repairs.

    Relations of a conflict that no slip of one or two numbers explains are left out.
    """
    if result.holds:
        return result
    mended = [repairs for repairs in result.repairs if repairs]
    lost = {label for group, repairs in zip(result.groups, result.repairs) if not repairs
            for one in group for label in one.relations}
    relations = {label: one for label, one in result.relations.items() if label not in lost}
    for chosen in itertools.islice(itertools.product(*mended), STARTS):
        numbers = result.numbers | {
            name: result.numbers[name].reread(new)
            for one in chosen for name, _, _, new in one.changes}
        found = replace(result, numbers=numbers, relations=relations)
        if found.holds:
            return found
    raise data.DataError("the smallest repairs of the article's numbers cannot all be true")


def counts(name, printed, cases):
    """Slips of a number by kind: tried; noticed by the solver; unread, as a 35 January is."""
    found = {}
    for kind in KINDS:
        texts = slipped(printed, kind)
        read = [one for text in texts if (one := printed.reread(text))]
        found |= {f"{kind}_tried": len(texts), f"{kind}_unread": len(texts) - len(read),
                  f"{kind}_noticed": sum(noticed(name, one, cases) for one in read)}
    return found


def noticed(name, other, cases):
    """True where some case cannot be with another number in a name's place."""
    return any(system.feasible(case.bounds | {name: other.bounds}) is False
               for case in cases for system in case.systems if name in system.names)


# What the result rests on: rows of tables and what was found, not the text of any module

def inputs():
    """What decides the result: the rows of the tables, and what the audit says of them."""
    found = {f"{name}.csv": [columns, *data.read(name)[columns].values.tolist()]
             for name, columns in READ.items()}
    cases = article.audit().cases
    found["audit"] = {case: {"bounds": {name: [*map(str, one.bounds)]
                                        for name, one in result.numbers.items()},
                             "conflicts": [[one.numbers, one.relations]
                                           for one in result.conflicts]}
                      for case, result in cases.items()}
    return found


def results(found):
    """What was measured, without the day and the machine."""
    return {part: found[part] for part in FOUND}


def hashed(contents):
    """The sha256 of each content as JSON: rows of a table."""
    return [{"name": name, "sha256": hashlib.sha256(
        json.dumps(content, ensure_ascii=False).encode()).hexdigest()}
        for name, content in contents.items()]


def stale():
    """What is no longer as it was when `make campaign` ran: names of inputs, or "results"."""
    found = json.loads((RESULTS / "audit.json").read_text(encoding="utf-8"))
    return [now["name"] for now, then in zip(
        hashed(inputs() | {"results": results(found)}), found["hashes"]) if now != then]


def files(found):
    """The two files of paper/results: all of it as JSON, one row a number as CSV."""
    rows = found["numbers"]
    lines = [",".join(rows[0]), *(",".join(f'"{cell}"' if "," in str(cell) else str(cell)
                                           for cell in row.values()) for row in rows)]
    return {"audit.json": json.dumps(found, indent=1, ensure_ascii=False) + "\n",
            "audit.csv": "\n".join(lines) + "\n"}


def summary(found):
    """What was measured as lines for a terminal."""
    lines = [f"{one['case']}: {one['false_alarms']} false alarms and {one['undecided']} undecided "
             f"in {one['worlds']:,} true worlds" for one in found["worlds"]]
    return lines + [f"{one['what']}: {one['noticed']} of {one['tried']} noticed"
                    + (f", {one['unread']} unreadable" if one["unread"] else "")
                    for one in found["kinds"]]


if __name__ == "__main__":
    power = measured()
    for name, text in files(power).items():
        (RESULTS / name).write_text(text, encoding="utf-8")
    print(*summary(power), sep="\n")
