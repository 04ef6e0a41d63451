"""paper/index.md: each figure and table of the notebooks, what makes it, and what it rests on."""

import ast
import re

from footnoted import links

VERBS = {"Number", "figure", "finding", "number", "proofread", "table"}  # show what others made
TABLES = {"speech": "sentences"}  # rows of a table that are not called after it
HEAD = """# Figures and tables

Written by `make study` from the notebooks as they ran. A figure of a chapter is
`figures/NOTEBOOK-ID.svg` and `.png`; its code is the cell named here, in `make lab` or in the
notebook's file. Functions without a module are those of `digital_diplomacy`; a word without a path
is an indicator of `data/indicators.csv`.
"""
COLUMNS = ("id", "what it shows", "cell", "functions in the cell", "rests on")


def page(notebooks):
    """The index as Markdown.

    notebooks: {name: executed notebook} in reading order. The profiles of countries are one
    notebook, shown once, with the captions of the first.
    """
    sections, profiles = [HEAD], 0
    for name, notebook in notebooks.items():
        profiles += name.startswith("profile-")
        if not name.startswith("profile-"):
            sections.append(section(f"{name}.ipynb", notebook))
        elif profiles == 1:
            sections.append(section(f"country-profile.ipynb, as {name}", notebook))
    return "\n".join(filter(None, sections))


def section(title, notebook):
    """The rows of one notebook under its name; "" where it shows no figure and no table."""
    rows = [row(cell, bundle) for cell in links.code_cells(notebook)
            for bundle in links.bundles(cell) if bundle["kind"] in ("figure", "table")]
    if not rows:
        return ""
    lines = [f"| {' | '.join(cells)} |" for cells in (COLUMNS, ["---"] * len(COLUMNS), *rows)]
    return "\n".join([f"## {title}", "", *lines, ""])


def row(cell, bundle):
    """The five cells of a figure or a table."""
    tables = [f"data/{name}.csv" for name in tables_read(cell["source"])]
    return (f"{bundle['kind']} `{bundle['id']}`", bundle["caption"].replace("|", "\\|"),
            f"`{cell['id']}`", ", ".join(f"`{name}`" for name in functions(cell["source"])),
            ", ".join(dict.fromkeys([*rests_on(bundle["rows"]), *tables])))


def functions(source):
    """The study's functions that a cell calls, in the order of its text.

    >>> functions('own = dd.pick("egdi")\\ndd.figure("x", dd.charts.lags(own.head()), "X")')
    ['pick', 'charts.lags']
    """
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    calls.sort(key=lambda call: (call.end_lineno, call.end_col_offset))  # inner ones first
    names = (re.fullmatch(r"dd\.([\w.]+)", ast.unparse(call.func)) for call in calls)
    return list(dict.fromkeys(name[1] for name in names if name and name[1] not in VERBS))


def tables_read(source):
    """Tables of data/ that a cell reads by name: `dd.read("terms")`."""
    return [call.args[0].value for call in ast.walk(ast.parse(source))
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "dd.read"
            and call.args and isinstance(call.args[0], ast.Constant)]


def rests_on(rows):
    """Indicators and tables that row ids name, each once.

    >>> rests_on(["KAZ/2022/egdi/survey", "UZB/2022/egdi/survey", "//article:kaz-rank/x"])
    ['egdi', 'data/article.csv']
    """
    found = []
    for name in (row.split("/")[2] for row in rows):
        table, keyed, _ = name.partition(":")
        found.append(f"data/{TABLES.get(table, table)}.csv" if keyed else name)
    return list(dict.fromkeys(found))
