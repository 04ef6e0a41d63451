"""What a cell displays and remembers: number, finding, table, figure; and proofread.

Each verb keeps a bundle, a dict that JSON holds, under its id, and displays it beside the forms
that JupyterLab shows. Editions print from bundles alone.
"""

import ast
import csv
import html
import io
import json
import math
import re
from collections.abc import Callable
from datetime import datetime
from fractions import Fraction
from itertools import combinations
from numbers import Real
from typing import NamedTuple

import pandas as pd
from IPython import get_ipython
from IPython.display import display

from . import links, running
from .conditions import OPERATORS, Side, folded, in_text, judged, with_unit_of
from .hints import first, near
from .links import MIME
from .number import Number, exact_number, sources_of

SIGNIFICANT = 6  # digits of a computed float in a bundle; bounds are rounded outward
SCREEN = 110  # pixels of JupyterLab to an inch of a figure: its text is as large as the prose
YEAR_FIRST = re.compile(r"^[^:]*\b\d{4}(: |$)")
WIDEST = 0.65  # of a figure: a wider panel gains nothing by standing alone
HAIR, MARGIN = 0.02, 0.05  # inches: what stands out less is let be; what more gets this margin
# Where a cell of a table may lead: the web, a page of the site, another notebook.
PAGE = re.compile(r"https?://\S+|[\w-]+\.(html|ipynb)(#[^\s#]+)?")
remembered = {}  # id -> bundle of this kernel


class Study(NamedTuple):
    """What a study says of its rows and sources; its own package sets `display.study`.

    origin: the line that a reader is shown for a row id. row_labels, column_labels: functions that
    give {code: name} of the codes in a table's index and columns. source: the facts of a source as
    references print them: publisher, title, and where known year, url, accessed, copy_kind
    ("publisher", "mirror", "excerpt"), copy_url, how (a sentence on how it was read, where that
    differs from all others of its kind). facts: what a table of rows says of one,
    {"cells": pairs of column and text, "place": where its source has it, "to": where the site has
    it}; where a study says nothing, the row's line. row: what the four parts of a row id are
    called.
    """

    origin: Callable = str
    row_labels: Callable = dict
    column_labels: Callable = dict
    source: Callable = lambda source: {"publisher": source, "title": source}
    facts: Callable = lambda row: {}
    row: tuple = ("who", "when", "what", "source")


study = Study()


# numbers and findings

def number(id, value, label=""):
    """Remember a number that the prose links to as `[text](#id)`, and display it.

    id: kebab-case; value: Number; label: what it is, for its passport. A value without rows is
    displayed as untraced, and linking to it is an error. A missing value is remembered as missing.
    """
    value = exact_number(value)
    bundle = {"kind": "number", "label": label, "text": str(value), **bounded(value),
              "unit": value.unit, "how": value.how}
    trail = " (untraced)" if math.isfinite(value) and not value.rows else ""
    remember(id, bundle, value.rows, f"{label or id}: {value}{trail}")


def finding(id, left, op=None, right=None, label="", rows=None):
    """Remember whether a comparing sentence holds, and display its state: true, false or undecided.

    finding(id, left, op, right): Numbers, plain numbers, or Series of them compared row by row, by
    ">", "<" (undecided where rounding intervals overlap), "=" (some value fits both) or "≠" (none
    does). finding(id, condition, rows=...): a bool or a Series of them, true where all are; rows:
    the frame, Series or Number that it was read from. Nothing to compare, a missing value, or rows
    that hold no value, is undecided. A comparison of two remembered values needs no finding: the
    link says it, `[higher](#heights/2010/a>heights/2010/b)`. Raises ValueError where two values
    cannot be compared, where Series do not align, and for a condition without rows.
    """
    if op is None:
        bundle, used = judged_condition(id, left, rows)
    else:
        bundle, used = judged_sides(id, left, op, right)
    remember(id, {"kind": "finding", "label": label, **bundle}, used,
             f"{label or id}: {bundle['text']}: {bundle['state']}")


def judged_sides(id, left, op, right):
    """(bundle, rows) of a comparison of numbers."""
    if op not in OPERATORS:
        raise ValueError(f"finding {id!r}: operator {op!r}: one of {' '.join(OPERATORS)}")
    left, right = aligned(id, left, right)
    try:
        state, deciding, pairs = judged(left, op, right)
    except ValueError as error:
        raise ValueError(f"finding {id!r}: {error}") from None
    ends = {name: {"text": one.text, **bounded(one.value)}
            for name, one in zip(("left", "right"), pairs[0])}
    bundle = {"state": state, "text": in_text(deciding, op), "op": op,
              "unit": pairs[0][0].value.unit, **ends}
    return bundle, [row for pair in pairs for one in pair for row in one.value.rows]


def aligned(id, left, right):
    """The two sides of a comparison, position by position where one is a Series.

    Raises ValueError where two Series differ in length.
    """
    left, right = (value.tolist() if isinstance(value, pd.Series) else value
                   for value in (left, right))
    lengths = [len(value) for value in (left, right) if isinstance(value, list)]
    if len(set(lengths)) > 1:
        raise ValueError(f"finding {id!r}: {lengths[0]} numbers against {lengths[1]}")
    count = lengths[0] if lengths else 1
    left, right = (value if isinstance(value, list) else [value] * count
                   for value in (left, right))
    left, right = ([Number(math.nan) if value is None else value for value in side]
                   for side in (left, right))
    pairs = [(with_unit_of(a, b), with_unit_of(b, a)) for a, b in zip(left, right)]
    return [[Side(pair[i], str(pair[i]), str(at)) for at, pair in enumerate(pairs)] for i in (0, 1)]


def judged_condition(id, condition, rows):
    """(bundle, rows) of what pandas found true or not. Raises ValueError where rows are unsaid."""
    held = condition.tolist() if isinstance(condition, pd.Series) else [condition]
    missing = [value is None or value is pd.NA or value != value for value in held]
    said = ["undecided" if gone else str(bool(value)).lower()
            for value, gone in zip(held, missing)]
    state = folded(said) if held else "undecided"
    if rows is None and state != "undecided":
        raise ValueError(f"finding {id!r}: say what the condition was read from, rows=...")
    used = rows_in(() if rows is None else rows)
    state = state if used else "undecided"
    text = f"{said.count('true')} of {len(said)}" if isinstance(condition, pd.Series) else state
    return {"state": state, "text": text}, used


def rows_in(values):
    """The rows of all Numbers in a frame, a Series or a collection, of one Number, or ids as given.
    """
    if isinstance(values, pd.DataFrame):
        values = values.to_numpy().ravel()
    values = [values] if isinstance(values, (Number, str)) else values
    return [row for value in values
            for row in ([value] if isinstance(value, str) and "/" in value
                        else getattr(value, "rows", ()))]


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

def table(id, frame, caption, note="", index=True, sources=(), links=None):
    """Remember and display a table: a frame whose cells are Numbers, text or nothing.

    Link to a cell as `[text](#id/ROW/COLUMN)` with the frame's own labels: codes stay codes in
    links and are names on the page. A default index is not printed, nor any other with index=False
    (links still use it). An empty cell prints as a dash; say in `note` what it means. The reasons
    that Numbers without a value give are added to it. sources: ids of those that its words rest
    on; its Numbers' are known. links: {column: where each row's cell leads, or None}: to the web
    ("https://…"), a page of the site ("jams.html#plum"), another notebook ("02-alps.ipynb#peaks").
    Raises ValueError for nested columns, and for links that are none or not one a row.
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
    link_cells(id, cells, column_keys, links or {})
    note = " ".join(filter(None, [note, without_value(cells)]))
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
        prose = getattr(value, "how", "") or "–"  # the reason, where a Number gives one
        return {"text": "–", "prose": prose, "value": None, "rows": [], "align": "right"}
    if not isinstance(value, Real):  # words; a date, a list: as Python prints it
        return {"text": str(value), "prose": str(value), "value": None, "rows": [], "align": "left"}
    if not isinstance(value, Number):
        text = str(value) if isinstance(value, (bool, int)) else f"{value:,.10g}"
        return {"text": text, "prose": text, "value": float(value), "rows": [], "align": "right"}
    return {"text": value.text_without_unit, "prose": str(value), "rows": list(value.rows),
            "align": "right", **bounded(value), "unit": value.unit, "how": value.how}


def link_cells(id, cells, columns, linked):
    """Give each cell of the linked columns where it leads, as `to`. Errors: as `table`."""
    for column, targets in linked.items():
        targets = [None if pd.isna(target) else target for target in targets]
        if str(column) not in columns or len(targets) != len(cells):
            raise ValueError(f"table {id!r}: links={{{column!r}: ...}}: {len(targets)} targets for "
                             f"{plural(cells, 'row')}; its columns: {', '.join(columns)}")
        for row, target in zip(cells, targets):
            if target and not PAGE.fullmatch(target):
                raise ValueError(f"table {id!r}: a link leads to https://…, NAME.html#… or "
                                 f"NAME.ipynb#…, not to {target!r}")
            if target:
                row[columns.index(str(column))]["to"] = target


def without_value(cells):
    """Why cells have no value, in words: each reason once, the first three.

    The year of a reason ("none in 2019: not published") stands in the table already.
    """
    reasons = [YEAR_FIRST.sub("", c["prose"]) or "none in the source"
               for line in cells for c in line if c["text"] == "–" != c["prose"]]
    told = "; ".join(first([*dict.fromkeys(reasons)], 3))
    return f"No value: {told}." if told else ""


def sides(cells, columns):
    """"right" for each column in which most cells are numbers, else "left"."""
    return ["right" if 2 * sum(row[j]["align"] == "right" for row in cells) > len(cells)
            else "left" for j in range(len(columns))]


def lab_table(bundle):
    """A table for JupyterLab: words to the left and numbers to the right, as in the editions."""
    indexed = bool(bundle["index"])
    aligned = ["left"] * indexed + bundle["sides"]
    head = [bundle["index_name"].capitalize()] * indexed + bundle["columns"]
    body = [[html.escape(name)] * indexed + [lab_cell(cell) for cell in row]
            for name, row in zip(bundle["index"] or bundle["row_keys"], bundle["cells"])]

    def line(texts, heads):
        tags = ["th" if i < heads else "td" for i in range(len(texts))]
        return "".join(f'<{tag} style="text-align: {side}">{text}</{tag}>'
                       for tag, side, text in zip(tags, aligned, texts))

    rows = [line([html.escape(name) for name in head], len(head)),
            *(line(texts, int(indexed)) for texts in body)]
    return (f'<p><b>{html.escape(bundle["caption"])}</b></p><table class="dataframe">'
            f'{"".join(f"<tr>{row}</tr>" for row in rows)}</table>'
            f'<p>{html.escape(bundle["note"])}</p>')


def lab_cell(cell):
    """A cell's text as HTML, led to where it links; pages of the site are in a folder beside."""
    text, to = html.escape(cell["text"]), cell.get("to", "")
    beside = "../site/" * bool(re.match(r"[\w-]+\.html", to))
    return f'<a href="{html.escape(beside + to)}">{text}</a>' if to else text


# figures

def figure(id, drawing, caption, alt=None):
    """Remember and display a figure, and close it.

    drawing: a figure, axes or grid of matplotlib or seaborn. alt: the text for those who do not see
    it. A function that draws may say it and more in an attribute `study` of its figure, a dict:
    alt, note (printed after the caption), rows (ids of what is drawn), sources, words (True where
    only words are drawn), screen ({colour: (on light pages, on dark ones)}). Axes may say what
    stands at each point that they draw: see `points_of`.
    Raises ValueError where there is no alt text.
    """
    from matplotlib import pyplot, rc_context
    drawing = getattr(drawing, "figure", drawing)
    drawing = getattr(drawing, "figure", drawing)  # seaborn's grids hold a figure
    described = getattr(drawing, "study", {})
    alt = alt or described.get("alt")
    if not alt:
        raise ValueError(f"figure {id!r}: say what it shows in alt=\"...\"")
    width, height = drawing.get_size_inches()
    if engine := drawing.get_layout_engine():  # once, not before each of the pictures
        if drawing.stale:
            engine.execute(drawing)
        with rc_context({"figure.autolayout": False, "figure.constrained_layout.use": False}):
            drawing.set_layout_engine(None)  # "none" would have each of them drawn twice
    paths = svg(drawing, None, "path")
    drawn, panels = measured(drawing)
    if whole := wider_box(drawing, drawn):
        width, height = whole.size
        paths = svg(drawing, whole, "path")
    box = whole or drawing.bbox_inches
    points, data = points_of(drawing, box)
    bundle = {"kind": "figure", "label": caption, "caption": caption, "alt": alt,
              "note": described.get("note", ""), "points": points, "csv": data,
              "screen": described.get("screen", {}), "panels": standing_alone(panels, box),
              "svg_paths": paths,
              "svg_text": svg(drawing, whole, "none"),
              "width_in": float(width), "height_in": float(height),
              "words": described.get("words", False)}
    picture = saved(drawing, whole, format="png", dpi=200, metadata={"Software": None})
    pyplot.close(drawing)
    remember(id, bundle, described.get("rows", ()), f"{caption}\n{alt}",
             described.get("sources", ()), **{"image/png": picture})


def points_of(drawing, box):
    """(points, CSV) of what the axes of a figure say they draw, in their order.

    An axes says it in an attribute `points`: of each (x, y, name, value, rows) in the units of its
    data; value: a number, or words; one without a value is left out, one without a place is in the
    CSV alone. box: the picture, in inches. A point is a dict of x and y, as shares of the picture
    from its top left, text for a reader, rows, and of one row to, its place on the site. The CSV
    has each name and value once.
    """
    points, lines = [], []
    for ax in drawing.axes:
        said = [one for one in getattr(ax, "points", ()) if not pd.isna(one[3])]
        places = ax.transData.transform([one[:2] for one in said]) / drawing.dpi if said else ()
        for (across, up), (_, _, name, value, rows) in zip(places, said):
            value = value if isinstance(value, str) else exact_number(value)
            if math.isfinite(across + up):
                points.append({"x": round(float((across - box.x0) / box.width), 4),
                               "y": round(float((box.y1 - up) / box.height), 4),
                               "text": f"{name}: {value}", "rows": list(rows)} | led_to(rows))
            digits = "" if isinstance(value, str) else \
                f"{float(f'{float(value):.{SIGNIFICANT}g}'):.15g}"
            lines.append((name, *row_columns(rows), digits, getattr(value, "unit", ""), str(value)))
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerows([("name", *study.row, "value", "unit", "printed"), *dict.fromkeys(lines)])
    return points, stream.getvalue() if lines else ""


def led_to(rows):
    """{"to": where the site has the row of a point}; {} of a point of several rows, or where the
    study does not say it."""
    to = study.facts(rows[0]).get("to") if len(rows) == 1 else None
    return {"to": to} if to else {}


def row_columns(rows):
    """The four parts of some row ids, each once, in a column each.

    >>> row_columns(["HIL/2022/share/old+new#9", "HIL/2023/share/new"])
    ('HIL', '2022 2023', 'share', 'old new')
    """
    parts = [[*row.split("/")[:3], " ".join(sources_of(row))] for row in rows]
    return tuple(" ".join(dict.fromkeys(" ".join(column).split())) for column in zip(*parts)) \
        or ("",) * 4


def measured(drawing):
    """(the box of all that a figure draws, the boxes of its axes), in inches.

    No boxes of axes where something outside them belongs to all, such as a legend.
    """
    from matplotlib.transforms import Bbox
    if {*drawing.get_children()} != {drawing.patch, *drawing.axes}:
        return drawing.get_tightbbox(), []
    boxes = [ax.get_tightbbox().transformed(drawing.dpi_scale_trans.inverted())
             for ax in drawing.axes]
    return Bbox.union(boxes) if boxes else drawing.bbox_inches, boxes


def wider_box(drawing, drawn):
    """The box in inches that holds all that is drawn, or None where the figure's own size does.

    So a long title, or a legend beside the axes, is printed whole.
    """
    from matplotlib.transforms import Bbox
    own = drawing.bbox_inches
    fits = (own.min - drawn.min < HAIR).all() and (drawn.max - own.max < HAIR).all()
    return None if fits else Bbox.union([own, drawn.padded(MARGIN)])


def standing_alone(boxes, box):
    """The panels of a picture that a narrow page shows one under the other: left, top, width and
    height of each, as shares of the picture.

    None where there is one, or where they are nearly as wide as the picture, or overlap.
    """
    if len(boxes) < 2 or max(one.width for one in boxes) > WIDEST * box.width or any(
            one.overlaps(other) for one, other in combinations(boxes, 2)):
        return []
    return [[round(float(part), 4) for part in (
        (one.x0 - box.x0) / box.width, (box.y1 - one.y1) / box.height,
        one.width / box.width, one.height / box.height)] for one in boxes]


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
    if facts := {row: said for row in explained if (said := study.facts(row))}:
        bundle["facts"] = facts
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
        print(*slug_lines(remembered, [f"{bundle['kind']}: {bundle['label']}"
                                       for bundle in remembered.values()]), sep="\n")
        return
    if id not in remembered:
        raise LookupError(f"nothing has the id {id!r}{near(id, remembered)}")
    bundle = remembered[id]
    if bundle["kind"] != "table":
        print(f"#{id} is a {bundle['kind']}: it has no cells")
        return
    rows = bundle["index"] or [cells[0]["text"] for cells in bundle["cells"]]
    print(f"#{id}/ROW/COLUMN", "ROW", *slug_lines(bundle["row_keys"], rows),
          "COLUMN", *slug_lines(bundle["column_keys"], bundle["columns"]), sep="\n")


def slug_lines(keys, names):
    """Lines of two columns: the slug of each key, and what it stands for.

    >>> slug_lines(["ripe_apples", "sun"], ["Ripe apples", "Hours of sun"])
    ['  ripe-apples  Ripe apples', '  sun          Hours of sun']
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
    """Print what this run says against the saved notebook's prose, each line with its mend: links
    that it contradicts, and numerals without a link (years, days and pages aside).

    notebook: its name without the ending. It reads the file in notebooks/ as saved, runs nothing,
    and leaves no bundle. Where the study has no such notebook, it says so and stops there.
    """
    folder = running.root() / "notebooks"
    path = folder / f"{notebook}.ipynb"
    if not path.exists():
        names = [other.stem for other in folder.glob("*.ipynb")]
        print(f"no notebook {notebook!r} to proofread in {folder.name}/{near(notebook, names)}")
        return
    nb = running.read_notebook(path)
    found, typed = links.prose_links(nb), links.unlinked_numerals(nb)
    record = links.Record(notebook, remembered, links.numbered_labels(remembered.values()), {})
    faults = links.contradictions(found, record, links.heads(nb))
    saved_at = datetime.fromtimestamp(path.stat().st_mtime)
    print(f"{path.name}, as saved {saved_at.day} {saved_at:%B at %H:%M:%S}")
    if links.argument_left_out(nb):
        now = {name: ast.literal_eval(value) for name, value in links.run_parameters(nb).items()}
        print("its argument was written for other parameters and is left out; once you have "
              "written one for these, put into the notebook's metadata, under footnoted: "
              f'"argument": {json.dumps(now)}')
    for line in (*faults, *typed):
        print(line)
    counted = (f"{plural(found, 'link')}: {len(faults)} to mend; "
               f"{plural(typed, 'numeral')} without a link")
    print(counted if faults or typed else f"{counted}; the prose agrees with this run")


def plural(things, noun):
    """How many things, with their noun.

    >>> plural(["a"], "link"), plural([], "link")
    ('1 link', '0 links')
    """
    return f"{len(things)} {noun}{'' if len(things) == 1 else 's'}"
