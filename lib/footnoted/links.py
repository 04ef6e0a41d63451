"""Links of the prose to what the code cells remember; needs the standard library only.

A link is `[text](#id)` for a number, finding, table or figure and `[text](#id/ROW/COLUMN)`
for a table cell; `[text](NAME.ipynb#id)` reaches another chapter where its record is at hand.
"""
import ast
import difflib
import hashlib
import re
from typing import NamedTuple
from urllib.parse import unquote

MIME = "application/vnd.footnoted+json"
LINK = re.compile(r"(?<![\\!])\[((?:[^\[\]\\]|\\.)+)\]"
                  r"\((?:[\w./-]*?([\w-]+)\.ipynb)?#([^)\s]*)\)")
HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.+?)[ \t#]*$", re.M)
CODE = re.compile(r"^ {0,3}(```+|~~~+).*?(?:^ {0,3}\1[`~]*[ \t]*$|\Z)|(?<![`\\])(`+)(?!`).+?"
                  r"(?<!`)\2(?!`)", re.M | re.S)


class Link(NamedTuple):
    """One link: its text and place (offsets of the text in the cell's source)."""
    text: str
    chapter: str
    target: str
    start: int
    end: int
    cell: str = ""
    heading: str = ""


class Target(NamedTuple):
    """What a link points to, ready to print: current text, passport and state."""
    kind: str
    id: str
    anchor: str
    text: str
    label: str
    bundle: dict
    rows: tuple = ()
    untraced: bool = False


class Record(NamedTuple):
    """What a run of one notebook remembers: bundles by id, numbering, other parameters."""
    name: str
    bundles: dict
    labels: dict
    parameters: dict


def slug(text):
    """Lower-case words joined by hyphens, letters of every script kept.

    >>> slug("Turkmenistan (2017)")
    'turkmenistan-2017'
    """
    return re.sub(r"[\W_]+", "-", str(text).casefold()).strip("-")


def plain(text):
    """Fold whitespace (no-break too), emphasis and backslashes of a link's text.

    >>> plain("**92.9\\u00a0%**")
    '92.9 %'
    """
    text = re.sub(r"\\([^\w\s])", r"\1", text.replace("*", ""))
    return " ".join(text.split())


def digest(source):
    """The hash by which a bundle knows its cell's code."""
    return hashlib.sha256(source.strip().encode()).hexdigest()


def _masked(source):
    return CODE.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), source)


def headings(source):
    """(offset, level, text) of each ATX heading outside code, links reduced to their text."""
    return [(m.start(), len(m[1]), plain(re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", m[2])))
            for m in HEADING.finditer(_masked(source))]


def sections(nb):
    """(level, text) of each heading of a notebook's prose, in order."""
    return [(level, text) for cell in nb["cells"] if cell["cell_type"] == "markdown"
            for _, level, text in headings("".join(cell["source"]))]


def title(nb, otherwise=""):
    """The first heading of level 1 of a notebook's prose."""
    return next((text for level, text in sections(nb) if level == 1), otherwise)


def find(source, cell="", heading=""):
    """Links of one Markdown text in order; code spans and fences hold none.

    >>> [(l.text, l.target) for l in find("[92.9 %](#use/KAZ/2023) and `[1](#no)`")]
    [('92.9 %', 'use/KAZ/2023')]
    """
    masked, heads = _masked(source), headings(source)
    return [Link(m[1], m[2] or "", unquote(m[3]), m.start(1), m.end(1), cell,
                 next((text for at, _, text in reversed(heads) if at <= m.start()), heading))
            for m in LINK.finditer(masked)]


def tags(cell):
    return cell.get("metadata", {}).get("tags", [])


def prose(nb):
    """All links of a notebook's Markdown cells, each with its cell and nearest heading."""
    heading, found = "", []
    for cell in nb["cells"]:
        if cell["cell_type"] == "markdown" and "remove-cell" not in tags(cell):
            source = "".join(cell["source"])   # a file holds lines, nbformat one text
            found += find(source, cell.get("id", ""), heading)
            heading = (headings(source) or [(0, 0, heading)])[-1][2]
    return found


def code_cells(nb):
    return [cell for cell in nb["cells"] if cell["cell_type"] == "code"
            and cell["source"].strip() and "remove-cell" not in tags(cell)]


def bundles(cell):
    """Our bundles among a code cell's outputs, in order."""
    return [output["data"][MIME] for output in cell.get("outputs", [])
            if MIME in output.get("data", {})]


def sides(bundle):
    """"right" for each column of a table bundle in which most cells are numbers, else "left"."""
    cells = bundle["cells"]
    return ["right" if sum(row[j].get("align") == "right" for row in cells) * 2 > len(cells)
            else "left" for j in range(len(bundle["columns"]))]


def _literals(nb, tag):
    values = {}
    for cell in nb["cells"]:
        if tag in tags(cell):
            for node in ast.parse(cell["source"]).body:
                if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
                    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
                    values[ast.unparse(target)] = ast.unparse(node.value)
    return values


def settings(nb):
    """The parameters of a run, as source text: the notebook's own, then what was injected."""
    return _literals(nb, "parameters") | _literals(nb, "injected-parameters")


def parameters(nb):
    """Injected parameters that differ from the notebook's own, as source text."""
    default = _literals(nb, "parameters")
    return {name: value for name, value in settings(nb).items() if default.get(name) != value}


def record(nb, name, number=""):
    """What a run remembers; tables and figures numbered in order ("Table 2.1" in a paper)."""
    held = [bundle for cell in code_cells(nb) for bundle in bundles(cell)]
    return Record(name, {bundle["id"]: bundle for bundle in held}, numbered(held, number),
                  parameters(nb))


def numbered(held, number=""):
    """Id -> "Table 2" or "Figure 1" of the tables and figures among bundles, in their order."""
    labels, counts = {}, {"table": 0, "figure": 0}
    for bundle in held:
        if bundle["kind"] in counts:
            counts[bundle["kind"]] += 1
            labels[bundle["id"]] = f"{bundle['kind'].title()} {number}{counts[bundle['kind']]}"
    return labels


def look(rec, target):
    """The Target of a link; LookupError says what is missing and what is near."""
    name, _, rest = target.partition("/")
    bundle = rec.bundles.get(name)
    if bundle is None:
        near = difflib.get_close_matches(name, rec.bundles, 1)
        raise LookupError("nothing has this id" + (f"; near: #{near[0]}" if near else ""))
    if rest:
        return _cell(bundle, rest)
    kind = bundle["kind"]
    text = rec.labels[name] if name in rec.labels else bundle["text"]
    anchor = name if name in rec.labels else f"from-{name}"
    return Target(kind, name, anchor, text, bundle.get("label") or bundle.get("caption", name),
                  bundle, tuple(bundle.get("rows", ())),
                  kind == "number" and (bundle.get("untraced", False) or not bundle["rows"]))


def _positions(bundle, axis, text):
    keys = bundle.get(f"{axis}_keys") or ()
    names = bundle["index" if axis == "row" else "columns"] or ()
    exact = {i for i, key in enumerate(keys) if slug(key) == text}
    return exact or {i for i, name in enumerate(names) if slug(name) == text}


def _cell(bundle, rest):
    parts = rest.split("/")
    if bundle["kind"] != "table":
        raise LookupError(f"#{bundle['id']} is a {bundle['kind']}, it has no cells")
    found = set()
    for cut in range(1, len(parts)):
        one, two = slug("-".join(parts[:cut])), slug("-".join(parts[cut:]))
        for row, column in ((one, two), (two, one)):
            found |= {(i, j) for i in _positions(bundle, "row", row)
                      for j in _positions(bundle, "column", column)}
    if len(found) != 1:
        raise LookupError(f"{len(found) or 'no'} cells of table #{bundle['id']} answer to it")
    (i, j), = found
    cell = bundle["cells"][i][j]
    text = cell.get("prose") or cell["text"]
    row = bundle["index"][i] if bundle["index"] else _named(bundle["cells"][i]) or str(i + 1)
    label = f"{bundle['caption'].rstrip('.')}: {row}, {bundle['columns'][j]}"
    rows = tuple(cell.get("rows") or ())
    return Target("cell", bundle["id"], f"from-{bundle['id']}-{i + 1}-{j + 1}", text, label,
                  {**bundle, **cell}, rows, not rows and any(c.isdigit() for c in text))


def _named(cells):
    """What a row without a label is called: its first cell of words, if any."""
    return next((cell["text"] for cell in cells if cell.get("value") is None
                 and any(c.isalpha() for c in cell["text"])), "")


def _free(target, text):
    """True where a link's words are the writer's own: of a finding, or of a cross-reference
    without a number."""
    return target.kind == "finding" or \
        target.kind in ("table", "figure") and not re.search(r"\d", text)


def fault(link, rec):
    """What is wrong with one link, or None; other parameters leave only missing targets."""
    try:
        target = look(rec, link.target)
    except LookupError as error:
        return f'"{plain(link.text)}" has no target: {error}'
    written = plain(link.text)
    if target.untraced:
        return f'"{written}" points to a value that has forgotten its rows (untraced)'
    if rec.parameters:
        return None
    if target.kind == "finding":
        state = target.bundle["state"]
        words = {"false": "does not hold", "undecided": "is undecided"}
        return None if state == "true" else f'"{written}" {words[state]}: {target.text}'
    if not _free(target, written) and written != plain(target.text):
        return f'"{written}" is now "{target.text}"'


def run_faults(nb):
    """(fatal, mendable) faults of the run itself: errors or cells not run, code edited after."""
    fatal, edited = [], []
    for cell in code_cells(nb):
        where, outputs = f"cell {cell.get('id', '?')}", cell.get("outputs", [])
        fatal += [f"{where}: failed: {output['ename']}: {output['evalue']}"
                  for output in outputs if output["output_type"] == "error"]
        if cell.get("execution_count") is None and not outputs:
            fatal.append(f"{where}: was not run: {cell['source'].strip().splitlines()[0]}")
        if any(bundle.get("cell") != digest(cell["source"]) for bundle in bundles(cell)):
            edited.append(f"{where}: its code was changed after the run")
    failed = [line for line in fatal if ": failed: " in line]
    return failed or fatal, edited


def repeated(nb):
    """Ids that two outputs claim."""
    ids = [bundle["id"] for cell in code_cells(nb) for bundle in bundles(cell)]
    return [f"id #{name} is used by {ids.count(name)} outputs"
            for name in dict.fromkeys(ids) if ids.count(name) > 1]


def contradictions(found, rec):
    """What a run says against links of the prose to itself, a line each with its place."""
    return [f"under “{link.heading}”, cell {link.cell}: {what} (#{link.target})"
            for link in found if not link.chapter and (what := fault(link, rec))]


def problems(nb, name="notebook"):
    """Everything that stops an edition of an executed notebook, one line each.

    Errors hide the rest, since what follows from them would only repeat them.
    """
    fatal, edited = run_faults(nb)
    if fatal:
        return [f"{name}, {line}" for line in fatal]
    lines = edited + repeated(nb) + contradictions(prose(nb), record(nb, name))
    return [f"{name}, {line}" for line in lines]


def escaped(text):
    """Text safe inside a Markdown link.

    >>> escaped("a*b")
    'a\\\\*b'
    """
    return re.sub(r"([\\`*_\[\]<>$~^|])", r"\\\1", text)


def refreshed(source, rec, cell="", heading="", others=None):
    """(source with current link texts, [(link, current text)]); nothing else changes.

    others: {name: record} of the chapters that links such as `(02-kazakhstan.ipynb#id)` lead to;
    without it such links stay as they are.
    """
    changes = []
    for link in reversed(find(source, cell, heading)):
        try:
            target = look((others or {})[link.chapter] if link.chapter else rec, link.target)
        except LookupError:
            continue
        if _free(target, link.text) or plain(link.text) == plain(target.text):
            continue
        stars = re.match(r"\**", link.text)[0]
        new = stars + escaped(target.text) + stars
        source = source[:link.start] + new + source[link.end:]
        changes.append((link, target.text))
    return source, changes[::-1]
