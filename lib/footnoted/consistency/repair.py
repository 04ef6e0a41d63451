"""The smallest slips of the pen that would explain a conflict between printed numbers."""

import itertools
from dataclasses import dataclass

from .slips import KINDS, again, variants, within

CHECKS = 20_000  # pairs of slips tried, at most, where no slip of one number mends a conflict


@dataclass(frozen=True)
class Repair:
    """What should have been printed: changes (name, kind, old text, new text); agrees: sources."""

    changes: tuple
    agrees: tuple = ()

    def __str__(self):
        words = " and ".join(f"{name} {new} ({KINDS[kind]})" for name, kind, _, new in self.changes)
        return words + (f": agrees with {', '.join(self.agrees)}" if self.agrees else "")


def groups(conflicts):
    """Conflicts in lists that share a number, so that one repair may mend them together."""
    found = []
    for one in conflicts:
        touched = [group for group in found
                   if any(set(one.numbers) & set(other.numbers) for other in group)]
        merged = [other for group in touched for other in group] + [one]
        found = [group for group in found if group not in touched] + [merged]
    return found


def repairs(result, group):
    """The smallest repairs of a group of conflicts: of one number, else of two.

    Numbers in other conflicts stand aside; what a repair leaves may conflict with no other number.
    """
    members = [name for name in result.numbers if any(name in one.numbers for one in group)]
    aside = {name for one in result.conflicts if one not in group for name in one.numbers}
    bounds = {name: ends for name, ends in result.bounds.items() if name not in aside}
    system = next(one for one in result.systems if set(group[0].relations) <= set(one.relations))
    slips = {name: candidates(result, name) for name in members}

    def fits(changed, without=()):
        new = {name: (one.low, one.high, one.closed) for name, (_, one) in changed.items()}
        left = {name: ends for name, ends in bounds.items() if name not in without}
        return system.feasible(left | new) is True

    found = [{name: slip} for name in members if fits({}, [name])
             for slip in slips[name] if fits({name: slip})]
    found = found or list(itertools.islice(pairs(members, slips, fits), CHECKS))
    return [told(result, changed) for changed in found]


def candidates(result, name):
    """What a number may have been meant to be: [(kind, Printed)], each text once."""
    one, found = result.numbers[name], {}
    for kind in KINDS:
        for text in variants(one, kind, undo=True):
            other = again(text, one, **result.options)
            if other and text not in found:
                found[text] = (kind, other)
    return list(found.values())


def pairs(members, slips, fits):
    """Two slips in two numbers; the second is only tried where the first leaves it a chance."""
    for left, right in itertools.combinations(members, 2):
        if not fits({}, [left, right]):
            continue
        for first in slips[left]:
            if fits({left: first}, [right]):
                yield from ({left: first, right: second} for second in slips[right]
                            if fits({left: first, right: second}))


def told(result, changed):
    """A repair with the sources that agree with its new numbers."""
    agrees = [source for name, (_, new) in changed.items()
              for source, value in result.sources.get(name, {}).items() if within(new, value)]
    return Repair(tuple((name, kind, str(result.numbers[name]), str(new))
                        for name, (kind, new) in changed.items()), tuple(dict.fromkeys(agrees)))


def lines(found, shown):
    """Repairs as lines for a reader: how many, and the first of them, agreeing ones before."""
    if not found:
        return ["No slip of one or two numbers explains it."]
    size = {1: "one number", 2: "two numbers"}[len(found[0].changes)]
    first = sorted(found, key=lambda one: not one.agrees)[:shown]
    count = f"{len(found)} smallest repairs, each" if len(found) > 1 else "One smallest repair,"
    more = [f"and {len(found) - shown} more"] if len(found) > shown else []
    return [f"{count} of {size}:", *map(str, first), *more]
