"""Which modules of the study a notebook's code uses, and what these import in turn."""

import ast
import functools
import importlib
import sys
from pathlib import Path
from types import ModuleType

LIBRARY = Path(__file__).parents[1]  # the study's packages stand side by side
UNSEEN = {"exec", "eval", "__import__", "import_module", "getattr"}  # may name any module


def used_by(notebook):
    """The files of the modules that a run of a notebook rests on, relative to the library.

    All of them where its code may import what it does not name, or cannot be parsed.
    """
    graph = import_graph()
    try:
        start = named_in(notebook) & graph.modules
    except (SyntaxError, LookupError):
        start = graph.modules
    found = set(start).union(*map(graph.find_upstream_modules, start))
    found |= {parent for one in found for parent in packages_of(one)}
    return sorted(str(file_of(one).relative_to(LIBRARY)) for one in found)


@functools.cache
def import_graph():
    """Which module of the study's packages imports which, inside of functions too."""
    import grimp
    packages = [path.parent.name for path in sorted(LIBRARY.glob("*/__init__.py"))]
    return grimp.build_graph(*packages, cache_dir=None)


def named_in(notebook):
    """The modules that a notebook's code imports, or reaches through what it imports: full names.

    Raises SyntaxError where a cell is no Python, LookupError where the code may reach what it does
    not name.
    """
    from IPython.core.inputtransformer2 import TransformerManager
    transform = TransformerManager().transform_cell  # magics and ! are no Python
    nodes = [node for cell in notebook.cells if cell.cell_type == "code"
             for node in ast.walk(ast.parse(transform(cell.source)))]
    called, found = {}, set()  # called: a name in the notebook -> the module it stands for
    for node in nodes:
        if isinstance(node, ast.Import):
            for one in node.names:
                found.add(one.name)
                called[one.asname or one.name.partition(".")[0]] = \
                    one.name if one.asname else one.name.partition(".")[0]
        elif isinstance(node, ast.ImportFrom):
            for one in node.names:
                found |= {node.module, *homes_of(f"{node.module}.{one.name}")}
                called[one.asname or one.name] = f"{node.module}.{one.name}"
        elif isinstance(node, ast.Name) and node.id in UNSEEN \
                or isinstance(node, ast.Attribute) and node.attr == "import_module":
            raise LookupError("what it imports is not named")
    for node in nodes:
        path = dotted(node)
        if path and path.partition(".")[0] in called:
            first, _, rest = path.partition(".")
            found |= homes_of(".".join(filter(None, [called[first], rest])))
    return found


def dotted(node):
    """The dotted name that an expression is, such as study.fruit.weight; "" for another one."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (before := dotted(node.value)):
        return f"{before}.{node.attr}"
    return ""


def homes_of(path):
    """The modules that a dotted name leads to: of a name that a package lends, that which makes it
    and those of the package that have it.

    >>> sorted(homes_of("footnoted.number.Number")), homes_of("pandas.DataFrame")
    (['footnoted.number'], {'pandas'})
    """
    known, parts = import_graph().modules, path.split(".")
    depth = next((n for n in range(len(parts), 0, -1) if ".".join(parts[:n]) in known), 0)
    module = ".".join(parts[:depth or 1])
    if depth in (0, len(parts)):
        return {module}
    lent = getattr(importlib.import_module(module), parts[depth], None)
    if isinstance(lent, ModuleType):
        return homes_of(".".join([lent.__name__, *parts[depth + 1:]]))
    having = {name for name in known if name.rpartition(".")[0] == module
              and getattr(sys.modules.get(name), parts[depth], None) is lent}
    return {module, *having, *({getattr(lent, "__module__", None)} & known)}


def packages_of(module):
    """The packages that a module lies in.

    >>> packages_of("footnoted.edition.tree")
    ['footnoted', 'footnoted.edition']
    """
    parts = module.split(".")
    return [".".join(parts[:n]) for n in range(1, len(parts))]


def file_of(module):
    """The file of a module of the library."""
    path = LIBRARY.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
