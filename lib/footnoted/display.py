"""What a cell displays and remembers: number, finding, table, figure; and proofread."""

import html
import io
import json
import math
from fractions import Fraction
from numbers import Real
from typing import Callable, NamedTuple

import pandas as pd
from IPython import get_ipython
from IPython.display import display

from . import links
from .links import MIME
from .hints import near
from .number import Number, above, meet, number as exact_number
from .running import root

DIGITS = 6  # significant digits of a computed float in a bundle; bounds are rounded outward
OPS = (">", "<", "=", "≠")
SCREEN = 110  # pixels of JupyterLab to an inch of a figure: its text is as large as the prose
ORIGINS = 12  # rows told one by one for a number; more are told as a count
shown = {}  # id -> bundle of this kernel


class Study(NamedTuple):
    """What a study says of its rows: `origin` of a row id as a line for a reader, `labels` of
    codes (for rows: "name", for columns: "label_short"), `source` as the references print it."""

    origin: Callable = str
    labels: Callable = lambda column: {}
    source: Callable = lambda source: {"publisher": source, "title": source}


study = Study()  # a study's own package sets it


def number(id, value, label=""):
    """Remember a number that the prose links to as `[text](#id)`, and display it.

    id: kebab-case; value: Number; label: what it is, for its passport. A value without rows is
    displayed as untraced, and linking to it is an error. Raises ValueError for a missing value.
    """
    value = exact_number(value)
    if not math.isfinite(value):
        raise ValueError(f"number {id!r} has no value: show the reason in a table instead")
    bundle = {"kind": "number", "label": label, "text": str(value), **numeric(value),
              "unit": value.unit, "how": value.how}
    trail = "" if value.rows else " (untraced)"
    remember(id, bundle, value.rows, f"{label or id}: {value}{trail}", png=None)


def finding(id, left, op, right, label=""):
    """Remember a comparing sentence's predicate, left op right, and display its state.

    op: ">" "<" (undecided where the intervals overlap), "=" (some value fits both intervals),
    "≠" (none does); two rounded numbers whose intervals only touch are apart.
    left, right: Numbers, plain numbers, or Series of them compared row by row: true where all
    pairs are. Nothing to compare (a missing value, an empty Series) is undecided.
    Raises ValueError where units differ, or neither the years (levels) nor the countries
    (changes) agree.
    """
    if op not in OPS:
        raise ValueError(f"finding {id!r}: operator {op!r}: one of {' '.join(OPS)}")
    pairs = paired(id, left, right)
    states = [compare(id, a, op, b) for a, b in pairs]
    state = "false" if "false" in states else "undecided" if "undecided" in states else "true"
    told = [pair for pair, s in zip(pairs, states) if s == state] if state != "true" else pairs
    text = "; ".join(f"{a} {op} {b}" for a, b in told[:3])
    text += f"; and {len(told) - 3} more" if len(told) > 3 else ""
    rows = tuple(dict.fromkeys(row for a, b in pairs for row in (*a.rows, *b.rows)))
    bundle = {"kind": "finding", "label": label, "state": state, "text": text, "op": op,
              "left": side(pairs[0][0]), "right": side(pairs[0][1])}
    remember(id, bundle, rows, f"{label or id}: {text}: {state}", png=None)


def paired(id, left, right):
    """The pairs that a finding compares. Raises ValueError where two Series do not align.

    Two empty Series are one pair of missing values: there is nothing to decide on.
    """
    lists = [side.tolist() if isinstance(side, pd.Series) else side for side in (left, right)]
    if not isinstance(lists[0], list):
        lists[0] = [lists[0]] * (len(lists[1]) if isinstance(lists[1], list) else 1)
    if not isinstance(lists[1], list):
        lists[1] = [lists[1]] * len(lists[0])
    if len(lists[0]) != len(lists[1]):
        raise ValueError(f"finding {id!r}: {len(lists[0])} numbers against {len(lists[1])}")
    missing = Number(math.nan)
    return [(literal(missing if a is None else a, b), literal(missing if b is None else b, a))
            for a, b in zip(*lists)] or [(missing, missing)]


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
    comparable(id, left, right)
    if op in "=≠":
        return str(meet(left, right) == (op == "=")).lower()
    holds = above(left, right) if op == ">" else above(right, left)
    return "undecided" if holds is None else str(holds).lower()


def comparable(id, left, right):
    """Raises ValueError where units differ, or neither years nor countries agree."""
    named = left.unit and right.unit or left.rows and right.rows
    if left.unit != right.unit and named:
        raise ValueError(f"finding {id!r}: {left} and {right} have different units")
    if not (left.rows and right.rows):
        return
    if left.years != right.years and left.countries != right.countries:
        raise ValueError(
            f"finding {id!r}: {left} ({'/'.join(sorted(left.years))}, "
            f"{'/'.join(sorted(left.countries))}) and {right} ({'/'.join(sorted(right.years))}, "
            f"{'/'.join(sorted(right.countries))}) share neither year nor country")


def table(id, frame, caption, note="", index=True, sources=()):
    """Remember and display a table: a frame whose cells are Numbers, text or nothing.

    Link to a cell as `[text](#id/ROW/COLUMN)` with the frame's own labels: codes of countries
    and indicators stay codes in links and are names on the page. A default index is not printed,
    nor any other with index=False (links still use it). An empty cell prints as a dash; say in
    `note` what it means. sources: ids of those that its words rest on; its Numbers' are known.
    Raises ValueError for nested columns.
    """
    if frame.columns.nlevels > 1 or frame.index.nlevels > 1:
        raise ValueError(f"table {id!r}: one level of rows and columns, please: "
                         "flatten them with set_axis")
    row_names, column_names = study.labels("name"), study.labels("label_short")
    cells = [[cell(value) for value in row] for row in frame.itertuples(index=False, name=None)]
    rows = [row for line in cells for c in line for row in c["rows"]]
    default = isinstance(frame.index, pd.RangeIndex) and frame.index.name is None
    hidden = not index or default  # a named one is a column, such as years without a gap
    bundle = {"kind": "table", "caption": caption, "note": note,
              "index": [] if hidden else [row_names.get(str(i), str(i)) for i in frame.index],
              "index_name": str(frame.index.name or ""),
              "columns": [column_names.get(str(c), str(c)) for c in frame.columns], "cells": cells,
              "row_keys": [str(i) for i in frame.index],
              "column_keys": [str(c) for c in frame.columns], "label": caption}
    texts = pd.DataFrame([[c["text"] for c in line] for line in cells], columns=bundle["columns"],
                         index=bundle["index"] or None)
    remember(id, bundle, rows, texts.to_string(index=not hidden), png=None, page=for_lab(bundle),
             sources=sources)


def for_lab(bundle):
    """A table for JupyterLab: words to the left and numbers to the right, as in the editions."""
    def line(texts, sides, tag="td"):
        return "".join(f'<{tag} style="text-align: {side}">{html.escape(text)}</{tag}>'
                       for text, side in zip(texts, sides))

    cells, sides = bundle["cells"], links.sides(bundle)
    names = [line([name], ["left"], "th") for name in bundle["index"]] or [""] * len(cells)
    corner = line([bundle["index_name"].capitalize()], ["left"], "th") if bundle["index"] else ""
    body = [name + line([c["text"] for c in row], sides) for name, row in zip(names, cells)]
    head = corner + line(bundle["columns"], sides, "th")
    rows = "".join(f"<tr>{row}</tr>" for row in [head, *body])
    return (f'<p><b>{html.escape(bundle["caption"])}</b></p><table class="dataframe">{rows}</table>'
            f'<p>{html.escape(bundle["note"])}</p>')


def cell(value):
    """One table cell: text for the table, text for prose, value, rows, alignment."""
    if isinstance(value, str):
        return {"text": value, "prose": value, "value": None, "rows": [], "align": "left"}
    if value is None or value is pd.NA or value != value:
        return {"text": "–", "prose": "–", "value": None, "rows": [], "align": "right"}
    if not isinstance(value, Real):  # a date, a list: as Python prints it
        return cell(str(value))
    if not isinstance(value, Number):
        text = str(value) if isinstance(value, (bool, int)) else f"{value:,.10g}"
        return {"text": text, "prose": text, "value": float(value), "rows": [], "align": "right"}
    return {"text": value.plain, "prose": str(value), "rows": list(value.rows), "align": "right",
            **numeric(value), "how": value.how}


def figure(id, drawing, caption, alt=None):
    """Remember and display a figure, and close it.

    drawing: what a function of `dd.charts` returns, or any matplotlib figure or axes with `alt`,
    the text for those who do not see it. Raises ValueError where there is no alt text.
    """
    drawing = getattr(drawing, "figure", drawing)
    drawing = getattr(drawing, "figure", drawing)  # seaborn's grids hold a figure
    facts = getattr(drawing, "study", {})
    alt = alt or facts.get("alt")
    if not alt:
        raise ValueError(f"figure {id!r}: say what it shows in alt=\"...\"")
    width, height = drawing.get_size_inches()
    bundle = {"kind": "figure", "label": caption, "caption": caption, "alt": alt,
              "svg_paths": svg(drawing, "path"), "svg_text": svg(drawing, "none"),
              "width_in": float(width), "height_in": float(height),
              "words": facts.get("words", False)}
    picture = saved(drawing, format="png", dpi=200, metadata={"Software": None})
    from matplotlib import pyplot
    pyplot.close(drawing)
    remember(id, bundle, facts.get("rows", ()), f"{caption}\n{alt}", png=picture,
             sources=facts.get("sources", ()))


def svg(drawing, fonttype):
    """The figure as SVG text; letters as paths ("path") or as text ("none")."""
    import matplotlib
    with matplotlib.rc_context({"svg.fonttype": fonttype, "svg.hashsalt": "study"}):
        return saved(drawing, format="svg", metadata={"Date": None, "Creator": None}).decode()


def saved(drawing, **options):
    """The bytes that savefig writes."""
    stream = io.BytesIO()
    drawing.savefig(stream, **options)
    return stream.getvalue()


def remember(id, bundle, rows, text, png, page=None, sources=()):
    """Add what all bundles share, keep the bundle, and display it in every form at once."""
    rows = list(dict.fromkeys(rows))
    used = dict.fromkeys([*sources, *(s for row in rows for s in source_of(row))])
    told = rows if bundle["kind"] != "figure" else []
    bundle = {**bundle, "id": id, "cell": cell_hash(), "rows": rows,
              "untraced": not rows and not wordy(bundle),
              "origin": {row: study.origin(row) for row in told},
              "sources": {source: study.source(source) for source in used}}
    shown[id] = bundle
    content = {MIME: bundle, "text/plain": text}
    if png:
        content["image/png"] = png
    else:
        content["text/html"] = page or f"<p>{html.escape(text)}</p>"
    if get_ipython() is None:
        return
    inches = {"image/png": {"width": round(bundle["width_in"] * SCREEN)}} if png else {}
    display(content, raw=True, metadata=inches)


def wordy(bundle):
    """True for a table or figure of words alone: it holds no value that has forgotten its rows."""
    return bundle.get("words", False) or bundle["kind"] == "table" and all(
        c["value"] is None for line in bundle["cells"] for c in line)


def source_of(row):
    """The sources that a row id names: a selection may name several."""
    return row.rsplit("/", 1)[1].partition("#")[0].split("+")


def numeric(value):
    """Value and bounds as floats of six significant digits, bounds rounded outward."""
    if value.low is None:
        return {"value": None, "low": None, "high": None}
    return {"value": float(f"{float(value):.{DIGITS}g}"), "low": outward(value.low, down=True),
            "high": outward(value.high, down=False)}


def outward(bound, down):
    """A bound at six significant digits, never inside the interval.

    >>> outward(Fraction(2, 3), down=True), outward(Fraction(2, 3), down=False)
    (0.666666, 0.666667)
    """
    if bound == 0:
        return 0.0
    exponent = math.floor(math.log10(abs(float(bound)))) - DIGITS + 1
    step = Fraction(10) ** exponent
    units = math.floor(bound / step) if down else math.ceil(bound / step)
    return float(units * step)


def side(value):
    """One side of a finding for its bundle."""
    return {"text": str(value), **numeric(value)}


def cell_hash():
    """sha256 of the running cell's code, so that an edit after the run is noticed."""
    shell = get_ipython()
    kernel = getattr(shell, "kernel", None)
    code = kernel.get_parent("shell")["content"].get("code", "") if kernel else ""
    return links.digest(code)


def proofread(notebook):
    """Print the links of the saved notebook's prose that this run contradicts, each with its mend.

    notebook: its name, such as "02-kazakhstan". It reads the file as saved, runs nothing, and
    leaves no bundle. Where the notebook is not in the study's folder, it says so and stops there.
    """
    folder = root() / "notebooks"
    path = folder / f"{notebook}.ipynb"
    if not path.exists():
        names = [other.stem for other in folder.glob("*.ipynb")]
        print(f"no notebook {notebook!r} to proofread in {folder.name}/"
              f"{near(notebook, names)}")
        return
    saved_prose = links.prose(json.loads(path.read_text(encoding="utf-8")))
    record = links.Record(notebook, shown, links.numbered(shown.values()), {})
    faults = links.contradictions(saved_prose, record)
    print(*faults, f"{len(saved_prose)} links of {notebook}: {len(faults)} to mend", sep="\n")
