"""What a cell displays and remembers: number, finding, table, figure; and proofread.

Each verb keeps a bundle, a dict that JSON holds, under its id, and displays it beside the forms
that JupyterLab shows. Editions print from bundles alone.
"""

import html
import io
import json
import math
from collections.abc import Callable
from fractions import Fraction
from numbers import Real
from typing import NamedTuple

import pandas as pd
from IPython import get_ipython
from IPython.display import display

from . import links, running
from .hints import first, near
from .links import MIME
from .number import Number, above, meet, sources_of
from .number import number as exact_number

SIGNIFICANT = 6  # digits of a computed float in a bundle; bounds are rounded outward
OPERATORS = (">", "<", "=", "≠")
SCREEN = 110  # pixels of JupyterLab to an inch of a figure: its text is as large as the prose
HAIR, MARGIN = 0.02, 0.05  # inches: what stands out less is let be; what more gets this margin
remembered = {}  # id -> bundle of this kernel


class Study(NamedTuple):
    """What a study says of its rows and sources; its own package sets `display.study`.

    origin: the line that a reader is shown for a row id. row_labels, column_labels: functions that
    give {code: name} of the codes in a table's index and columns. source: the facts of a source as
    references print them: publisher, title, and where known year, url, accessed, copy_kind
    ("publisher", "mirror", "excerpt"), copy_url.
    """

    origin: Callable = str
    row_labels: Callable = dict
    column_labels: Callable = dict
    source: Callable = lambda source: {"publisher": source, "title": source}


study = Study()


# numbers and findings

def number(id, value, label=""):
    """Remember a number that the prose links to as `[text](#id)`, and display it.

    id: kebab-case; value: Number; label: what it is, for its passport. A value without rows is
    displayed as untraced, and linking to it is an error. Raises ValueError for a missing value.
    """
    value = exact_number(value)
    if not math.isfinite(value):
        raise ValueError(f"number {id!r} has no value: show the reason in a table instead")
    bundle = {"kind": "number", "label": label, "text": str(value), **bounded(value),
              "unit": value.unit, "how": value.how}
    trail = "" if value.rows else " (untraced)"
    remember(id, bundle, value.rows, f"{label or id}: {value}{trail}")


def finding(id, left, op, right, label=""):
    """Remember a comparing sentence's predicate, left op right, and display its state.

    op: ">" "<" (undecided where the intervals overlap), "=" (some value fits both intervals),
    "≠" (none does); two rounded numbers whose intervals only touch are apart.
    left, right: Numbers, plain numbers, or Series of them compared row by row: true where all
    pairs are. Nothing to compare (a missing value, an empty Series) is undecided.
    Raises ValueError where units differ, or neither the years (of levels) nor the subjects (of
    changes) agree.
    """
    if op not in OPERATORS:
        raise ValueError(f"finding {id!r}: operator {op!r}: one of {' '.join(OPERATORS)}")
    pairs = paired(id, left, right)
    states = [compare(id, a, op, b) for a, b in pairs]
    state = next((bad for bad in ("false", "undecided") if bad in states), "true")
    deciding = [f"{a} {op} {b}" for (a, b), found in zip(pairs, states) if found == state]
    text = "; ".join(first(deciding, 3))
    rows = [row for a, b in pairs for row in (*a.rows, *b.rows)]
    bundle = {"kind": "finding", "label": label, "state": state, "text": text, "op": op,
              "left": operand(pairs[0][0]), "right": operand(pairs[0][1])}
    remember(id, bundle, rows, f"{label or id}: {text}: {state}")


def paired(id, left, right):
    """The pairs that a finding compares. Raises ValueError where two Series do not align.

    Two empty Series are one pair of missing values: there is nothing to decide on.
    """
    left, right = (value.tolist() if isinstance(value, pd.Series) else value
                   for value in (left, right))
    if not isinstance(left, list):
        left = [left] * (len(right) if isinstance(right, list) else 1)
    if not isinstance(right, list):
        right = [right] * len(left)
    if len(left) != len(right):
        raise ValueError(f"finding {id!r}: {len(left)} numbers against {len(right)}")
    missing = Number(math.nan)
    return [(literal(missing if a is None else a, b), literal(missing if b is None else b, a))
            for a, b in zip(left, right)] or [(missing, missing)]


def literal(value, other):
    """One side of a comparison as a Number: a plain one has the unit of the other side.

    >>> str(literal(50, Number(88.3, "%")))
    '50 %'
    """
    value, own = exact_number(value), isinstance(value, Number)
    return value if own or not isinstance(other, Number) else value.to(other.unit, value.decimals)


def compare(id, left, op, right):
    """true, false or undecided for one pair of Numbers.

    >>> low, high = Number(1, low=0.5, high=1.5), Number(2, low=1.4, high=2.5)
    >>> compare("x", low, "<", high), compare("x", low, "=", high)
    ('undecided', 'true')
    """
    if not (math.isfinite(left) and math.isfinite(right)):
        return "undecided"
    require_comparable(id, left, right)
    if op in "=≠":
        holds = meet(left, right) == (op == "=")
    else:
        holds = above(left, right) if op == ">" else above(right, left)
    return "undecided" if holds is None else str(holds).lower()


def require_comparable(id, left, right):
    """Raises ValueError where units differ, or neither years nor subjects agree."""
    stated = left.unit and right.unit or left.rows and right.rows
    if left.unit != right.unit and stated:
        raise ValueError(f"finding {id!r}: {left} and {right} have different units")
    if not (left.rows and right.rows):
        return
    if left.years != right.years and left.subjects != right.subjects:
        one, other = (f"{value} ({'/'.join(sorted(value.years))}, "
                      f"{'/'.join(sorted(value.subjects))})" for value in (left, right))
        raise ValueError(f"finding {id!r}: {one} and {other} share neither year nor subject")


def operand(value):
    """One side of a finding for its bundle."""
    return {"text": str(value), **bounded(value)}


def bounded(value):
    """Value and bounds as floats of six significant digits, bounds rounded outward."""
    if value.low is None:
        return {"value": None, "low": None, "high": None}
    return {"value": float(f"{float(value):.{SIGNIFICANT}g}"),
            "low": outward(value.low, down=True), "high": outward(value.high, down=False)}


def outward(bound, down):
    """A bound at six significant digits, never inside the interval.

    >>> outward(Fraction(2, 3), down=True), outward(Fraction(2, 3), down=False)
    (0.666666, 0.666667)
    """
    if bound == 0:
        return 0.0
    exponent = math.floor(math.log10(abs(float(bound)))) - SIGNIFICANT + 1
    step = Fraction(10) ** exponent
    units = math.floor(bound / step) if down else math.ceil(bound / step)
    return float(units * step)


# tables

def table(id, frame, caption, note="", index=True, sources=()):
    """Remember and display a table: a frame whose cells are Numbers, text or nothing.

    Link to a cell as `[text](#id/ROW/COLUMN)` with the frame's own labels: codes stay codes in
    links and are names on the page. A default index is not printed, nor any other with index=False
    (links still use it). An empty cell prints as a dash; say in `note` what it means. sources: ids
    of those that its words rest on; its Numbers' are known. Raises ValueError for nested columns.
    """
    if frame.columns.nlevels > 1 or frame.index.nlevels > 1:
        raise ValueError(f"table {id!r}: one level of rows and columns, please: "
                         "flatten them with set_axis")
    default = isinstance(frame.index, pd.RangeIndex) and frame.index.name is None
    hidden = not index or default  # a named one is a column, such as years without a gap
    row_keys, column_keys = [*map(str, frame.index)], [*map(str, frame.columns)]
    row_labels, column_labels = study.row_labels(), study.column_labels()
    cells = [[table_cell(value) for value in row]
             for row in frame.itertuples(index=False, name=None)]
    bundle = {"kind": "table", "caption": caption, "note": note, "label": caption,
              "index": [] if hidden else [row_labels.get(key, key) for key in row_keys],
              "index_name": str(frame.index.name or ""), "row_keys": row_keys,
              "columns": [column_labels.get(key, key) for key in column_keys],
              "column_keys": column_keys, "cells": cells, "sides": sides(cells, column_keys)}
    texts = pd.DataFrame([[c["text"] for c in row] for row in cells], columns=bundle["columns"],
                         index=bundle["index"] or None)
    rows = [row for line in cells for c in line for row in c["rows"]]
    remember(id, bundle, rows, texts.to_string(index=not hidden), sources,
             **{"text/html": lab_table(bundle)})


def table_cell(value):
    """One table cell: text for the table, text for prose, value, rows, alignment."""
    if value is None or value is pd.NA or value != value:
        return {"text": "–", "prose": "–", "value": None, "rows": [], "align": "right"}
    if not isinstance(value, Real):  # words; a date, a list: as Python prints it
        return {"text": str(value), "prose": str(value), "value": None, "rows": [], "align": "left"}
    if not isinstance(value, Number):
        text = str(value) if isinstance(value, (bool, int)) else f"{value:,.10g}"
        return {"text": text, "prose": text, "value": float(value), "rows": [], "align": "right"}
    return {"text": value.text_without_unit, "prose": str(value), "rows": list(value.rows),
            "align": "right", **bounded(value), "how": value.how}


def sides(cells, columns):
    """"right" for each column in which most cells are numbers, else "left"."""
    return ["right" if 2 * sum(row[j]["align"] == "right" for row in cells) > len(cells)
            else "left" for j in range(len(columns))]


def lab_table(bundle):
    """A table for JupyterLab: words to the left and numbers to the right, as in the editions."""
    indexed = bool(bundle["index"])
    aligned = ["left"] * indexed + bundle["sides"]
    head = [bundle["index_name"].capitalize()] * indexed + bundle["columns"]
    body = [[name] * indexed + [c["text"] for c in row]
            for name, row in zip(bundle["index"] or bundle["row_keys"], bundle["cells"])]

    def line(texts, heads):
        tags = ["th" if i < heads else "td" for i in range(len(texts))]
        return "".join(f'<{tag} style="text-align: {side}">{html.escape(text)}</{tag}>'
                       for tag, side, text in zip(tags, aligned, texts))

    rows = [line(head, len(head)), *(line(texts, int(indexed)) for texts in body)]
    return (f'<p><b>{html.escape(bundle["caption"])}</b></p><table class="dataframe">'
            f'{"".join(f"<tr>{row}</tr>" for row in rows)}</table>'
            f'<p>{html.escape(bundle["note"])}</p>')


# figures

def figure(id, drawing, caption, alt=None):
    """Remember and display a figure, and close it.

    drawing: a figure, axes or grid of matplotlib or seaborn. alt: the text for those who do not see
    it. A function that draws may say it and more in an attribute `study` of its figure, a dict:
    alt, rows (ids of what is drawn), sources, words (True where only words are drawn).
    Raises ValueError where there is no alt text.
    """
    from matplotlib import pyplot
    drawing = getattr(drawing, "figure", drawing)
    drawing = getattr(drawing, "figure", drawing)  # seaborn's grids hold a figure
    described = getattr(drawing, "study", {})
    alt = alt or described.get("alt")
    if not alt:
        raise ValueError(f"figure {id!r}: say what it shows in alt=\"...\"")
    width, height = drawing.get_size_inches()
    paths, whole = svg(drawing, None, "path"), drawn_box(drawing)
    if whole:
        width, height = whole.size
        paths = svg(drawing, whole, "path")
    bundle = {"kind": "figure", "label": caption, "caption": caption, "alt": alt,
              "svg_paths": paths, "svg_text": svg(drawing, whole, "none"),
              "width_in": float(width), "height_in": float(height),
              "words": described.get("words", False)}
    picture = saved(drawing, whole, format="png", dpi=200, metadata={"Software": None})
    pyplot.close(drawing)
    remember(id, bundle, described.get("rows", ()), f"{caption}\n{alt}",
             described.get("sources", ()), **{"image/png": picture})


def drawn_box(drawing):
    """The box in inches that holds all of a drawn figure, or None where it fits its own size.

    So a long title, or a legend beside the axes, is printed whole.
    """
    from matplotlib.transforms import Bbox
    own, drawn = drawing.bbox_inches, drawing.get_tightbbox()
    fits = (own.min - drawn.min < HAIR).all() and (drawn.max - own.max < HAIR).all()
    return None if fits else Bbox.union([own, drawn.padded(MARGIN)])


def svg(drawing, box, fonttype):
    """The figure as SVG text; letters as paths ("path") or as text ("none")."""
    import matplotlib
    with matplotlib.rc_context({"svg.fonttype": fonttype, "svg.hashsalt": "study"}):
        return saved(drawing, box, format="svg", metadata={"Date": None, "Creator": None}).decode()


def saved(drawing, box, **options):
    """The bytes that savefig writes of the figure, or of a box of it."""
    stream = io.BytesIO()
    drawing.savefig(stream, bbox_inches=box, **options)
    return stream.getvalue()


# what all have in common

def remember(id, bundle, rows, text, sources=(), **form):
    """Add what all bundles share, keep the bundle, and display it in every form at once.

    form: the picture or the HTML by MIME type; without one the text is a paragraph.
    """
    rows = list(dict.fromkeys(rows))
    used = dict.fromkeys([*sources, *(source for row in rows for source in sources_of(row))])
    explained = rows if bundle["kind"] != "figure" else []
    bundle = {**bundle, "id": id, "cell": running_digest(), "rows": rows,
              "untraced": not rows and not only_words(bundle),
              "origin": {row: study.origin(row) for row in explained},
              "sources": {source: study.source(source) for source in used}}
    remembered[id] = bundle
    form = form or {"text/html": f"<p>{html.escape(text)}</p>"}
    inches = {name: {"width": round(bundle["width_in"] * SCREEN)}
              for name in form if name == "image/png"}
    if get_ipython() is not None:
        display({MIME: bundle, "text/plain": text} | form, raw=True, metadata=inches)


def keys(id=None):
    """Print what links can name: the ids of this kernel, or the rows and columns of a table.

    id: of a table. A row or column stands as the slug that a link has, beside its name:
    `[92.9 %](#access/internet-use/value)`. Raises LookupError for an unknown id, with the nearest.
    """
    if id is None:
        print(*side_by_side(remembered, [f"{bundle['kind']}: {bundle['label']}"
                                         for bundle in remembered.values()]), sep="\n")
        return
    if id not in remembered:
        raise LookupError(f"nothing has the id {id!r}{near(id, remembered)}")
    bundle = remembered[id]
    if bundle["kind"] != "table":
        print(f"#{id} is a {bundle['kind']}: it has no cells")
        return
    rows = bundle["index"] or [cells[0]["text"] for cells in bundle["cells"]]
    print(f"#{id}/ROW/COLUMN", "ROW", *side_by_side(bundle["row_keys"], rows),
          "COLUMN", *side_by_side(bundle["column_keys"], bundle["columns"]), sep="\n")


def side_by_side(keys, names):
    """Lines of two columns: the slug of each key, and what it stands for.

    >>> side_by_side(["internet_use", "egdi"], ["People online", "EGDI"])
    ['  internet-use  People online', '  egdi          EGDI']
    """
    slugs = [links.slug(key) for key in keys]
    width = max(map(len, slugs), default=0)
    return [f"  {slug:{width}}  {name}" for slug, name in zip(slugs, names)]


def only_words(bundle):
    """True for a table or figure of words alone: it holds no value that has forgotten its rows."""
    return bundle.get("words", False) or bundle["kind"] == "table" and all(
        c["value"] is None for line in bundle["cells"] for c in line)


def running_digest():
    """The digest of the running cell's code, so that an edit after the run is noticed."""
    kernel = getattr(get_ipython(), "kernel", None)
    code = kernel.get_parent("shell")["content"].get("code", "") if kernel else ""
    return links.code_digest(code)


def proofread(notebook):
    """Print the links of the saved notebook's prose that this run contradicts, each with its mend.

    notebook: its name without the ending. It reads the file in notebooks/ as saved, runs nothing,
    and leaves no bundle. Where the study has no such notebook, it says so and stops there.
    """
    folder = running.root() / "notebooks"
    path = folder / f"{notebook}.ipynb"
    if not path.exists():
        names = [other.stem for other in folder.glob("*.ipynb")]
        print(f"no notebook {notebook!r} to proofread in {folder.name}/{near(notebook, names)}")
        return
    found = links.prose_links(json.loads(path.read_text(encoding="utf-8")))
    record = links.Record(notebook, remembered, links.numbered_labels(remembered.values()), {})
    faults = links.contradictions(found, record)
    print(*faults, f"{len(found)} links of {notebook}: {len(faults)} to mend", sep="\n")
