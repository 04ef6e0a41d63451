"""Relations between numbers as text: read from a white list, true or false of numbers."""

import ast
import operator
import re
from dataclasses import dataclass
from fractions import Fraction

from ..hints import nearest

COMPARISONS = {ast.Eq: operator.eq, ast.Lt: operator.lt, ast.LtE: operator.le,
               ast.Gt: operator.gt, ast.GtE: operator.ge}
OPERATIONS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul,
              ast.Div: operator.truediv}
FUNCTIONS = ("rank", "sum")
TYPED = str.maketrans({"≤": "<=", "≥": ">=", "×": "*", "·": "*", "÷": "/", "−": "-"})
DEEP = "nested too deeply: write sum(a, b, ...), or several relations"
ALLOWED = "use + - * / ( ), == < <= > >=, numbers, names, rank(...), sum(...)"


@dataclass(frozen=True)
class Relation:
    """A comparison: its text as written, its tree and the names in it, in order of appearance."""

    text: str
    tree: ast.Compare
    names: tuple

    def __str__(self):
        return self.text


def relation(text, known):
    """A text as a Relation over known names. Raises ValueError, one line with the mend.

    >>> relation("users == share * population", ["users", "share", "population"]).names
    ('users', 'share', 'population')
    >>> relation("users = 3", ["users"])
    Traceback (most recent call last):
    ValueError: 'users = 3' is not a relation: write == for equal
    """
    if not isinstance(text, str):
        raise ValueError(f"{text!r} is not a relation: write it in quotes")
    source = text.translate(TYPED).strip()
    try:
        tree = ast.parse(source, mode="eval").body
    except (SyntaxError, ValueError):
        raise ValueError(f"{text!r} is not a relation: {mend(source)}") from None
    except (RecursionError, MemoryError):
        raise ValueError(f"{text[:20]!r}...: {DEEP}") from None
    if not isinstance(tree, ast.Compare):
        raise ValueError(f"{text!r} compares nothing: write a relation such as a == b * c")
    try:
        names = [name for side in sides(tree) for name in names_in(side, source, known)]
    except ValueError as error:
        raise ValueError(f"{text!r}: {error}") from None
    except RecursionError:
        raise ValueError(f"{text[:20]!r}...: {DEEP}") from None
    if any(type(op) not in COMPARISONS for op in tree.ops):
        raise ValueError(f"{text!r} does not compare numbers: use == < <= > >=")
    return Relation(text, tree, tuple(dict.fromkeys(names)))


def mend(source):
    """What a text that Python cannot read needs: a second equals sign, a fraction for per cent."""
    if re.search(r"(?<![<>=!])=(?!=)", source):
        return "write == for equal"
    return "write 0.9 for 90 %" if "%" in source else ALLOWED


def sides(tree):
    """What a comparison compares, from left to right."""
    return tree.left, *tree.comparators


def parts(node):
    """What an operation or a function is made of; None for what the language does not have."""
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATIONS:
        return [node.left, node.right]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return [node.operand]
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") in FUNCTIONS \
            and not node.keywords and len(node.args) > 1:
        return node.args
    return None


def names_in(node, source, known):
    """The names in a side of a relation, from left to right.

    Each number gets the exact value of the text that it was written as: 0.1 is a tenth, not a
    float. Raises ValueError for an unknown name and for what the language does not have.
    """
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        written = ast.get_source_segment(source, node).replace("_", "")
        if re.search(r"[eE][+-]?[0-9]{3}", written):
            raise ValueError(f"{written} has too large an exponent: write two digits at most")
        node.exact = Fraction(written)
        return []
    if isinstance(node, ast.Name):
        if node.id in known:
            return [node.id]
        likely = nearest(node.id, known)
        raise ValueError(f"unknown name {node.id!r}: " + (
            f"did you mean {likely!r}?" if likely else "give it a number, or list it as unknown"))
    if parts(node) is None:
        wanted = "write 0.9 for 90 %" if isinstance(getattr(node, "op", 0), ast.Mod) else ALLOWED
        raise ValueError(f"{ast.unparse(node)!r} is not allowed: {wanted}")
    return [name for part in parts(node) for name in names_in(part, source, known)]


def holds(rel, values):
    """Whether a relation holds of values: name -> Fraction, or the solver's real number.

    Of Fractions it is true or false, of the solver's numbers a formula. Nothing is divided by zero.

    >>> holds(relation("rank(a, b, c) == 2", "abc"), {"a": 3, "b": 9, "c": 1})
    True
    """
    conditions = []
    try:
        compared = [value(side, values, conditions) for side in sides(rel.tree)]
    except ZeroDivisionError:
        return False
    conditions += [COMPARISONS[type(op)](left, right)
                   for op, left, right in zip(rel.tree.ops, compared, compared[1:])]
    if all(isinstance(one, bool) for one in conditions):
        return all(conditions)
    from z3 import And
    return And(*conditions)


def value(node, values, conditions):
    """A side's value; what makes its divisions possible is added to the conditions.

    rank(a, b, c) is the rank of a among them, 1 for the greatest: one more than the number of the
    others above it.
    """
    if isinstance(node, ast.Constant):
        return node.exact
    if isinstance(node, ast.Name):
        return values[node.id]
    operands = [value(part, values, conditions) for part in parts(node)]
    if isinstance(node, ast.UnaryOp):
        return -operands[0]
    if isinstance(node, ast.BinOp):
        if isinstance(node.op, ast.Div):
            conditions.append(operands[1] != 0)
        return OPERATIONS[type(node.op)](*operands)
    if node.func.id == "sum":
        return sum(operands)
    first, *others = operands
    return 1 + sum(one_if(other > first) for other in others)


def one_if(condition):
    """1 where a condition is true, else 0; of the solver's formula, the solver's number."""
    if isinstance(condition, bool):
        return int(condition)
    from z3 import If, RealVal
    return If(condition, RealVal(1), RealVal(0))
