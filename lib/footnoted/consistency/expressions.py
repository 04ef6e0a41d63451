"""Relations between numbers as text: read from a white list, checked, told to the solver."""

import ast
import difflib
import re
from dataclasses import dataclass
from fractions import Fraction

COMPARE = {ast.Eq: "==", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
COMBINE = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
FUNCTIONS = ("rank", "sum")
TYPED = str.maketrans({"≤": "<=", "≥": ">=", "×": "*", "·": "*", "÷": "/", "−": "-"})
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
    source = text.translate(TYPED).strip()
    try:
        tree = ast.parse(source, mode="eval").body
    except (SyntaxError, ValueError):
        raise ValueError(f"{text!r} is not a relation: {mend(source)}") from None
    if not isinstance(tree, ast.Compare):
        raise ValueError(f"{text!r} compares nothing: write a relation such as a == b * c")
    for side in (tree.left, *tree.comparators):
        admitted(side, text, source, known)
    if any(type(op) not in COMPARE for op in tree.ops):
        raise ValueError(f"{text!r} does not compare numbers: use == < <= > >=")
    nodes = (node.id for node in ordered(tree) if isinstance(node, ast.Name))
    return Relation(text, tree, tuple(dict.fromkeys(n for n in nodes if n not in FUNCTIONS)))


def mend(source):
    """What a text that Python cannot read needs: a second equals sign, a fraction for per cent."""
    if re.search(r"(?<![<>=!])=(?!=)", source):
        return "write == for equal"
    return "write 0.9 for 90 %" if "%" in source else ALLOWED


def ordered(tree):
    """The nodes of a tree from left to right."""
    yield tree
    for node in ast.iter_child_nodes(tree):
        yield from ordered(node)


def admitted(node, text, source, known):
    """Raises ValueError for the first part of a side that the language does not have.

    A number keeps the text that it was written as: 0.1 is a tenth, not a float.
    """
    if isinstance(node, ast.BinOp) and type(node.op) in COMBINE:
        parts = [node.left, node.right]
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        parts = [node.operand]
    elif isinstance(node, ast.Call) and getattr(node.func, "id", "") in FUNCTIONS \
            and not node.keywords and len(node.args) > 1:
        parts = node.args
    elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
        node.exact, parts = Fraction(ast.get_source_segment(source, node).replace("_", "")), []
    elif isinstance(node, ast.Name):
        parts = []
        if node.id not in known:
            near = difflib.get_close_matches(node.id, list(known), n=1)
            raise ValueError(f"{text!r}: unknown name {node.id!r}: " + (
                f"did you mean {near[0]!r}?" if near
                else "give it a number, or list it as unknown"))
    else:
        wanted = "write 0.9 for 90 %" if isinstance(getattr(node, "op", 0), ast.Mod) else ALLOWED
        raise ValueError(f"{text!r}: {ast.unparse(node)!r} is not allowed: {wanted}")
    for one in parts:
        admitted(one, text, source, known)


def value(node, given):
    """A side's exact value. Raises ZeroDivisionError as fractions do.

    rank(a, b, c) is the place of a among them, 1 for the greatest: one more than the number of the
    others above it.
    """
    if isinstance(node, ast.Constant):
        return node.exact
    if isinstance(node, ast.Name):
        return given[node.id]
    if isinstance(node, ast.UnaryOp):
        return -value(node.operand, given)
    if isinstance(node, ast.Call):
        first, *others = (value(one, given) for one in node.args)
        return first + sum(others) if node.func.id == "sum" else 1 + sum(o > first for o in others)
    left, right = value(node.left, given), value(node.right, given)
    return calculated(COMBINE[type(node.op)], left, right)


def calculated(op, left, right):
    """Left op right, for fractions and for the solver's terms alike."""
    if op == "/":
        return left / right
    return left * right if op == "*" else left + right if op == "+" else left - right


def compared(op, left, right):
    """Left op right as a truth value, or as the solver's formula."""
    return {"==": lambda: left == right, "<": lambda: left < right, "<=": lambda: left <= right,
            ">": lambda: left > right, ">=": lambda: left >= right}[op]()


def true(rel, given):
    """Whether a relation holds of exact values; given: name -> Fraction.

    >>> true(relation("rank(a, b, c) == 2", "abc"), {"a": 3, "b": 9, "c": 1})
    True
    """
    try:
        sides = [value(side, given) for side in (rel.tree.left, *rel.tree.comparators)]
    except ZeroDivisionError:
        return False
    return all(compared(COMPARE[type(op)], left, right)
               for op, left, right in zip(rel.tree.ops, sides, sides[1:]))


def formula(rel, variables, label):
    """A relation as the solver's formula.

    variables: name -> z3 Real; label: prefix of the names that a division needs: a / b becomes the
    number q with q * b == a, where b is not zero.
    """
    from z3 import And
    beside = []
    sides = [term(side, variables, beside, label)
             for side in (rel.tree.left, *rel.tree.comparators)]
    return And(*beside, *(compared(COMPARE[type(op)], left, right)
                          for op, left, right in zip(rel.tree.ops, sides, sides[1:])))


def term(node, variables, beside, label):
    """A side as the solver's term; what divisions demand is added to `beside`."""
    from z3 import If, Real, Sum
    if isinstance(node, ast.Constant):
        return rational(node.exact)
    if isinstance(node, ast.Name):
        return variables[node.id]
    if isinstance(node, ast.UnaryOp):
        return -term(node.operand, variables, beside, label)
    if isinstance(node, ast.Call):
        first, *others = (term(one, variables, beside, label) for one in node.args)
        return Sum(first, *others) if node.func.id == "sum" else \
            1 + Sum(*(If(other > first, rational(1), rational(0)) for other in others))
    left, right = (term(one, variables, beside, label) for one in (node.left, node.right))
    if not isinstance(node.op, ast.Div):
        return calculated(COMBINE[type(node.op)], left, right)
    quotient = Real(f"{label} ÷ {len(beside)}")
    beside += [quotient * right == left, right != rational(0)]
    return quotient


def rational(exact):
    """A Fraction or a whole number as the solver's exact number."""
    from z3 import RealVal
    return RealVal(str(exact))
