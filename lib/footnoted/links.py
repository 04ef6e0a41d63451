"""Links of the prose to what the code cells remember; needs the standard library only.

A link is `[text](#id)` for a number, finding, table or figure and `[text](#id/ROW/COLUMN)`
for a table cell; `[text](NAME.ipynb#id)` reaches another chapter where its record is at hand.
"""

import ast
import hashlib
import re
from typing import NamedTuple
from urllib.parse import unquote

from .hints import near

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
    """What a link points to, ready to print: its bundle (of a cell: with the cell's facts), the
    current text, the label of its passport, and where on the page that stands."""
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


def without_markup(text):
    """A link's text without emphasis and backslashes, every whitespace one space.

    >>> without_markup("**92.9\\u00a0%**")
    '92.9 %'
    """
    text = re.sub(r"\\([^\w\s])", r"\1", text.replace("*", ""))
    return " ".join(text.split())


def code_digest(source):
    """The hash by which a bundle knows its cell's code."""
    return hashlib.sha256(source.strip().encode()).hexdigest()


def _without_code(source):
    """The source with blanks for its code, every letter in its place."""
    return CODE.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), source)


def headings(source):
    """(offset, level, text) of each ATX heading outside code, links reduced to their text."""
    return [(m.start(), len(m[1]), without_markup(re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", m[2])))
            for m in HEADING.finditer(_without_code(source))]


def sections(nb):
    """(level, text) of each heading of a notebook's prose, in order."""
    return [(level, text) for cell in nb["cells"] if cell["cell_type"] == "markdown"
            for _, level, text in headings("".join(cell["source"]))]


def title(nb, otherwise=""):
    """The first heading of level 1 of a notebook's prose."""
    return next((text for level, text in sections(nb) if level == 1), otherwise)


def find(source, cell="", heading=""):
    """Links of one Markdown text in order; code spans and fences hold none.

    >>> [(l.text, l.target) for l in find("[8,849 m](#heights/Everest/metres) and `[1](#no)`")]
    [('8,849 m', 'heights/Everest/metres')]
    """
    prose, heads = _without_code(source), headings(source)
    return [Link(m[1], m[2] or "", unquote(m[3]), m.start(1), m.end(1), cell,
                 next((text for at, _, text in reversed(heads) if at <= m.start()), heading))
            for m in LINK.finditer(prose)]


def tags(cell):
    """The tags of a cell."""
    return cell.get("metadata", {}).get("tags", [])


def prose_links(nb):
    """All links of a notebook's Markdown cells, each with its cell and nearest heading."""
    heading, found = "", []
    for cell in nb["cells"]:
        if cell["cell_type"] == "markdown" and "remove-cell" not in tags(cell):
            source = "".join(cell["source"])   # a file holds lines, nbformat one text
            found += find(source, cell.get("id", ""), heading)
            heading = (headings(source) or [(0, 0, heading)])[-1][2]
    return found


def code_cells(nb):
    """The cells of a notebook that hold code and belong to its editions."""
    return [cell for cell in nb["cells"] if cell["cell_type"] == "code"
            and cell["source"].strip() and "remove-cell" not in tags(cell)]


def bundles(cell):
    """Our bundles among a code cell's outputs, in order."""
    return [output["data"][MIME] for output in cell.get("outputs", [])
            if MIME in output.get("data", {})]


def _literals(nb, tag):
    """{name: source text} of what the cells with a tag assign."""
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
    return Record(name, {bundle["id"]: bundle for bundle in held}, numbered_labels(held, number),
                  parameters(nb))


def numbered_labels(held, number=""):
    """Id -> "Table 2" or "Figure 1" of the tables and figures among bundles, in their order."""
    labels, counts = {}, {"table": 0, "figure": 0}
    for bundle in held:
        if bundle["kind"] in counts:
            counts[bundle["kind"]] += 1
            labels[bundle["id"]] = f"{bundle['kind'].title()} {number}{counts[bundle['kind']]}"
    return labels


def find_target(rec, target):
    """The Target of a link; LookupError says what is missing and what is near.

    target: "id", or "id/ROW/COLUMN" of a table's cell, by its keys or its names as slugs.
    """
    name, _, keys = target.partition("/")
    bundle = rec.bundles.get(name)
    if bundle is None:
        raise LookupError(f"nothing has this id{near(name, rec.bundles, most=0)}")
    if keys:
        return _find_cell(bundle, keys.split("/"))
    kind, label = bundle["kind"], rec.labels.get(name)
    untraced = not bundle["rows"] and (
        kind == "number" or kind == "finding" and bundle["state"] != "undecided")
    return Target(kind, name, name if label else f"from-{name}", label or bundle["text"],
                  bundle.get("label") or bundle.get("caption", name), bundle, tuple(bundle["rows"]),
                  untraced)


def _find_cell(bundle, keys):
    """The Target of a table's cell; a key may hold slashes, and row and column be exchanged."""
    name = bundle["id"]
    if bundle["kind"] != "table":
        raise LookupError(f"#{name} is a {bundle['kind']}, it has no cells")
    found = set()
    for cut in range(1, len(keys)):
        first, second = slug("-".join(keys[:cut])), slug("-".join(keys[cut:]))
        for row, column in ((first, second), (second, first)):
            found |= {(i, j) for i in _positions(row, bundle["row_keys"], bundle["index"])
                      for j in _positions(column, bundle["column_keys"], bundle["columns"])}
    if len(found) != 1:
        raise LookupError(f"{len(found) or 'no'} cells of table #{name} answer to it")
    (i, j), = found
    cell = bundle["cells"][i][j]
    row = bundle["index"][i] if bundle["index"] else _first_words(bundle["cells"][i]) or str(i + 1)
    label = f"{bundle['caption'].rstrip('.')}: {row}, {bundle['columns'][j]}"
    untraced = not cell["rows"] and any(letter.isdigit() for letter in cell["prose"])
    return Target("cell", name, f"from-{name}-{i + 1}-{j + 1}", cell["prose"], label,
                  {**bundle, **cell}, tuple(cell["rows"]), untraced)


def _positions(wanted, keys, names):
    """Where in a table's axis a slug stands: among its keys, else among its names."""
    return [i for i, key in enumerate(keys) if slug(key) == wanted] or \
        [i for i, name in enumerate(names) if slug(name) == wanted]


def _first_words(cells):
    """What a row without a label is called: its first cell of words, if any."""
    return next((cell["text"] for cell in cells if cell["value"] is None
                 and any(letter.isalpha() for letter in cell["text"])), "")


def keeps_its_words(target, text):
    """True where a link's words are the writer's own: of a finding, or of a cross-reference
    without a number."""
    numbered = target.kind in ("table", "figure") and re.search(r"\d", text)
    return target.kind in ("finding", "table", "figure") and not numbered


def link_fault(link, rec):
    """What is wrong with one link, or None; other parameters leave only missing targets.

    A finding without rows has forgotten them, or had nothing to compare: then it is undecided, or,
    where other parameters left its tables empty, true of nothing.
    """
    written = without_markup(link.text)
    try:
        target = find_target(rec, link.target)
    except LookupError as error:
        return f'"{written}" has no target: {error}'
    if target.untraced and not (rec.parameters and target.kind == "finding"):
        return f'"{written}" points to a value that has forgotten its rows (untraced)'
    if rec.parameters:
        return None
    if target.kind == "finding":
        says = {"false": "does not hold", "undecided": "is undecided"}
        state = target.bundle["state"]
        return None if state == "true" else f'"{written}" {says[state]}: {target.text}'
    if not keeps_its_words(target, written) and written != without_markup(target.text):
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
        if any(bundle.get("cell") != code_digest(cell["source"]) for bundle in bundles(cell)):
            edited.append(f"{where}: its code was changed after the run")
    failed = [line for line in fatal if ": failed: " in line]
    return failed or fatal, edited


def repeated_ids(nb):
    """A line for each id that two outputs have."""
    ids = [bundle["id"] for cell in code_cells(nb) for bundle in bundles(cell)]
    return [f"id #{name} is used by {ids.count(name)} outputs"
            for name in dict.fromkeys(ids) if ids.count(name) > 1]


def contradictions(found, rec):
    """What a run says against links of the prose to itself, a line each with its place."""
    return [f"under “{link.heading}”, cell {link.cell}: {what} (#{link.target})"
            for link in found if not link.chapter and (what := link_fault(link, rec))]


def problems(nb, name="notebook"):
    """Everything that stops an edition of an executed notebook, one line each.

    Errors hide the rest, since what follows from them would only repeat them.
    """
    fatal, edited = run_faults(nb)
    if fatal:
        return [f"{name}, {line}" for line in fatal]
    lines = edited + repeated_ids(nb) + contradictions(prose_links(nb), record(nb, name))
    return [f"{name}, {line}" for line in lines]


def escape_markdown(text):
    """Text safe inside a Markdown link.

    >>> escape_markdown("a*b")
    'a\\\\*b'
    """
    return re.sub(r"([\\`*_\[\]<>$~^|])", r"\\\1", text)


def refreshed(source, rec, cell="", heading="", others=None):
    """(source with current link texts, [(link, current text)]); nothing else changes.

    others: {name: record} of the chapters that links such as `(02-alps.ipynb#id)` lead to;
    without it such links stay as they are.
    """
    changes = []
    for link in reversed(find(source, cell, heading)):
        try:
            target = find_target((others or {})[link.chapter] if link.chapter else rec, link.target)
        except LookupError:
            continue
        current = without_markup(link.text) == without_markup(target.text)
        if current or keeps_its_words(target, link.text):
            continue
        stars = re.match(r"\**", link.text)[0]
        new = stars + escape_markdown(target.text) + stars
        source = source[:link.start] + new + source[link.end:]
        changes.append((link, target.text))
    return source, changes[::-1]
