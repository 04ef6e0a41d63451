"""Whether printed numbers can all be true at once: exact answers of z3, over rationals."""

import itertools
from functools import lru_cache

from .expressions import formula, rational

EFFORT = 20_000_000  # steps of the solver for one question: the same on every machine
REMEMBERED = 20_000  # answers kept
SETS = 2_000  # questions asked, at most, to find all sets that conflict


@lru_cache(maxsize=None)
def variable(name):
    """A name as the solver's real number."""
    from z3 import Real
    return Real(name)


@lru_cache(maxsize=50_000)  # making a formula takes longer than deciding it
def inside(name, bounds):
    """The formula of a number within its interval; bounds: (low, high, closed)."""
    from z3 import And
    low, high, closed = bounds
    x = variable(name)
    if low == high:
        return x == rational(low)
    return And(x >= rational(low), x <= rational(high) if closed else x < rational(high))


class System:
    """Relations over names, told to the solver once and asked about many numbers.

    relations: label -> Relation; unknown: names of quantities of which only > 0 is known.
    """

    def __init__(self, relations, unknown=()):
        names = dict.fromkeys(name for one in relations.values() for name in one.names)
        variables = {name: variable(name) for name in names}
        self.names, self.relations = tuple(names), tuple(relations)
        self.formulas = {label: formula(one, variables, label) for label, one in relations.items()}
        self.positive = [variable(name) > 0 for name in names if name in unknown]
        self.reason, self.afresh = "", False  # why a question stayed open; asked a second time
        self.whole = self.told(self.formulas.values())
        self.memory = {}

    def told(self, formulas):
        """A solver that knows these formulas."""
        from z3 import Solver
        solver = Solver()
        solver.set("rlimit", EFFORT)
        solver.add(*self.positive, *formulas)
        return solver

    def feasible(self, bounds):
        """Whether all relations and these bounds can hold at once: True, False, None (unknown).

        bounds: name -> (low, high, closed); names that no relation has are ignored.
        """
        asked = tuple((name, bounds[name]) for name in self.names if name in bounds)
        if len(self.memory) > REMEMBERED:
            self.memory.clear()
        if asked not in self.memory:
            self.whole.push()
            self.whole.add(*(inside(name, ends) for name, ends in asked))
            self.memory[asked] = self.answer(self.whole)
            self.whole.pop()
        return self.memory[asked]

    def answer(self, solver, *literals):
        """A solver's answer as True, False or None; what it leaves open is asked again afresh."""
        from z3 import SolverFor, sat, unknown
        answer = solver.check(*literals)
        self.afresh = answer == unknown
        if self.afresh:
            fresh = SolverFor("QF_NRA")
            fresh.set("rlimit", EFFORT)
            fresh.add(*solver.assertions(), *literals)
            answer = fresh.check()
            self.reason = fresh.reason_unknown() if answer == unknown else self.reason
        return None if answer == unknown else answer == sat

    def conflicts(self, bounds):
        """All minimal sets of members that cannot all be true, and whether none was left out.

        A member is ("number", name) or ("relation", label). Reiter's tree: whoever removes a
        member of each known set, and finds the rest impossible still, has found another set.
        Removals that leave a possible rest are not widened: less stays possible.
        """
        members = {("number", name): inside(name, bounds[name]) for name in self.names
                   if name in bounds}
        members |= {("relation", label): self.formulas[label] for label in self.relations}
        ask = Asker(self, members)
        found, possible, queue, seen = [], [], [frozenset()], set()
        for step in itertools.count():
            if not queue or step > SETS:
                return sorted(found, key=lambda one: order(one, members)), not queue and ask.sure
            removed = queue.pop(0)
            if any(removed >= less for less in possible):
                continue
            known = next((one for one in found if not removed & set(one)), None)
            if known is None:
                known = ask.smallest([one for one in members if one not in removed])
                if known is None:
                    possible.append(removed)
                    continue
                found.append(known)
            wider = [removed | {one} for one in known]
            queue += [one for one in wider if one not in seen]
            seen.update(wider)


class Asker:
    """Questions about some members of a system; each has a literal that the solver assumes."""

    def __init__(self, system, members):
        from z3 import Bool, Implies
        self.system, self.sure = system, True
        self.literals = {one: Bool(f"member {i}") for i, one in enumerate(members)}
        self.members = {str(literal): one for one, literal in self.literals.items()}
        self.solver = system.told(Implies(self.literals[one], formula)
                                  for one, formula in members.items())

    def core(self, members):
        """Members that conflict, perhaps too many; None where all can be true."""
        answer = self.system.answer(self.solver, *(self.literals[one] for one in members))
        self.sure &= answer is not None
        if answer is not False:
            return None
        if self.system.afresh:  # only the solver's own answers come with a core
            return list(members)
        names = {self.members[str(literal)] for literal in self.solver.unsat_core()}
        return [one for one in members if one in names]

    def smallest(self, members):
        """A minimal conflicting set of members: without any of them the rest can be true."""
        left = self.core(members)
        for one in left or []:
            if one in left and (less := self.core([other for other in left if other != one])) \
                    is not None:
                left = less
        return left and tuple(left)


def order(conflict, members):
    """Small sets first, then by the place of their members in the system."""
    places = list(members)
    return len(conflict), [places.index(one) for one in conflict]


def parts(relations, names):
    """The relations in groups that share no name, each with its names: [(labels, names)].

    What no relation names stands in no group. A case falls into parts, and a conflict lies in one.
    """
    groups = []
    for label, one in relations.items():
        touched = [group for group in groups if set(group[1]) & set(one.names)]
        merged = ([name for group in touched for name in group[0]] + [label],
                  list(dict.fromkeys([n for group in touched for n in group[1]] + [*one.names])))
        groups = [group for group in groups if group not in touched] + [merged]
    position = {label: i for i, label in enumerate(relations)}
    ranked = [(sorted(labels, key=position.get), [n for n in names if n in used])
              for labels, used in groups]
    return sorted(ranked, key=lambda group: position[group[0][0]])
