"""Whether printed numbers can all be true at once: exact answers of z3, over rationals."""

import itertools
import math
import time
from functools import cache, lru_cache

from .relations import holds

EFFORT = 20_000_000  # steps of the solver for one question: the same on every machine
QUESTIONS = 2_000  # asked, at most, to find all sets that conflict


@cache
def variable(name):
    """A name as the solver's real number."""
    from z3 import Real
    return Real(name)


@lru_cache(maxsize=50_000)  # making a formula takes longer than deciding it
def within(name, bounds):
    """The formula of a number within its bounds (low, high, closed)."""
    from z3 import And, RealVal
    low, high, closed = bounds
    x, least, most = variable(name), RealVal(str(low)), RealVal(str(high))
    if low == high:
        return x == least
    return And(x >= least, x <= most if closed else x < most)


class Clock:
    """Seconds for all questions of one result; they pass only inside `with`, which may nest."""

    def __init__(self, seconds=math.inf):
        self.seconds, self.spent, self.started = seconds, 0, []

    def __enter__(self):
        self.started.append(time.monotonic())

    def __exit__(self, *error):
        start = self.started.pop()
        self.spent += 0 if self.started else time.monotonic() - start

    @property
    def left(self):
        """The seconds that are left."""
        running = time.monotonic() - self.started[0] if self.started else 0
        return self.seconds - self.spent - running


class System:
    """Relations over names, told to the solver once and asked about many numbers.

    relations: label -> Relation; unknown: names of quantities of which only > 0 is known; whole:
    names of whole numbers; clock: when no more is asked.
    """

    def __init__(self, relations, unknown=(), whole=(), clock=None):
        from z3 import IsInt
        self.names = tuple(dict.fromkeys(n for one in relations.values() for n in one.names))
        self.relations = tuple(relations)
        variables = {name: variable(name) for name in self.names}
        self.formulas = {label: holds(one, variables) for label, one in relations.items()}
        self.given = [variable(name) > 0 for name in self.names if name in unknown]
        self.given += [IsInt(variable(name)) for name in self.names if name in whole]
        self.clock = clock or Clock()
        self.reason = ""  # why a question stayed open
        self.solver = self.solver_of(self.formulas.values())

    def solver_of(self, formulas):
        """A solver that knows these formulas."""
        from z3 import Solver
        solver = Solver()
        solver.set("rlimit", EFFORT)
        solver.add(*self.given, *formulas)
        return solver

    def feasible(self, bounds):
        """Whether all relations and these bounds can hold at once: True, False, None (unknown).

        bounds: name -> (low, high, closed); names that no relation has are ignored.
        """
        self.solver.push()
        self.solver.add(*(within(name, bounds[name]) for name in self.names if name in bounds))
        answer = self.answer(self.solver)
        self.solver.pop()
        return answer

    @property
    def late(self):
        """Whether the time to ask is over."""
        return self.clock.left <= 0

    def answer(self, solver, *assumed):
        """A solver's answer: True, False, or None where it gave up."""
        from z3 import sat, unknown
        if self.late:
            self.reason = "time ran out"
            return None
        if self.clock.seconds < math.inf:
            solver.set("timeout", min(1 + int(1000 * self.clock.left), 2**31 - 1))
        answer = solver.check(*assumed)
        if answer == unknown:
            self.reason = "time ran out" if self.late else \
                f"the solver gave up: {solver.reason_unknown()}"
            return None
        return answer == sat


class Conflicts:
    """The search for all minimal sets of members of a system that cannot all be true.

    A member is ("number", name) or ("relation", label). sets: found, small ones first; complete:
    none was left out.
    """

    def __init__(self, system, bounds):
        from z3 import Bool, Implies
        formulas = {("number", name): within(name, bounds[name]) for name in system.names
                    if name in bounds}
        formulas |= {("relation", label): one for label, one in system.formulas.items()}
        self.system, self.complete = system, True
        self.literals = {member: Bool(f"member {i}") for i, member in enumerate(formulas)}
        self.solver = system.solver_of(Implies(self.literals[member], formula)
                                       for member, formula in formulas.items())
        order = list(formulas)
        self.sets = sorted(self.search(order), key=lambda one: (len(one), [*map(order.index, one)]))

    def search(self, members):
        """All minimal sets, by Reiter's tree.

        Whoever removes a member of each known set, and finds the rest impossible still, has found
        another set. Removals that leave a possible rest are not widened: less stays possible.
        """
        found, possible, queue, seen = [], [], [frozenset()], set()
        for question in itertools.count():
            if not queue or question > QUESTIONS or self.late:
                self.complete &= not queue
                return found
            removed = queue.pop(0)
            if any(removed >= less for less in possible):
                continue
            known = next((one for one in found if not removed & set(one)), None)
            if known is None:
                known = self.minimal([one for one in members if one not in removed])
                if known is None:
                    possible.append(removed)
                    continue
                found.append(known)
            wider = [removed | {one} for one in known if removed | {one} not in seen]
            queue += wider
            seen.update(wider)

    @property
    def late(self):
        """Whether the time to search is over; a third is left for what mends the conflicts."""
        clock = self.system.clock
        return clock.left < clock.seconds / 3

    def minimal(self, members):
        """A minimal conflicting set of members: without any of them the rest can be true."""
        left = self.blamed(members)
        for one in left or []:
            if self.late:
                self.complete = False
                break
            if one in left:
                left = self.blamed([other for other in left if other != one]) or left
        return tuple(left) if left else None

    def blamed(self, members):
        """Members that conflict, perhaps too many; None where all can be true."""
        answer = self.system.answer(self.solver, *(self.literals[one] for one in members))
        self.complete &= answer is not None
        if answer is not False:
            return None
        blamed = {str(literal) for literal in self.solver.unsat_core()}
        return [one for one in members if str(self.literals[one]) in blamed]


def linked(items, names_of):
    """Items in lists: those that share a name, directly or by way of others, stand together.

    >>> linked(["ab", "cd", "bx", "ef", "xc"], names_of=set)
    [['ab', 'cd', 'bx', 'xc'], ['ef']]
    """
    items, group_of, groups = [*items], {}, {}  # name -> its group; group -> (places, names)
    for place, item in enumerate(items):
        names = {*names_of(item)}
        touched = {group_of[name] for name in names if name in group_of}
        own, places = min(touched, default=place), [place]
        for group in touched:
            places, names = places + groups[group][0], names | groups.pop(group)[1]
        groups[own] = places, names
        group_of |= dict.fromkeys(names if len(touched) > 1 else names_of(item), own)
    return [[items[place] for place in sorted(places)]
            for places, _ in sorted(groups.values(), key=lambda one: min(one[0]))]
