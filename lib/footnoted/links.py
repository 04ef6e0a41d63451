"""Links of the prose to what the code cells remember; needs the standard library only.

A link is `[text](#id)` for a number, finding, table or figure and `[text](#id/ROW/COLUMN)` for a
table cell; `[text](#left>right)` is a comparison that the data must make true, see `conditions`;
`[text](NAME.ipynb#id)` reaches another chapter where its record is at hand. Cells tagged
`argument` belong to a run with the parameters that the notebook's metadata name.
"""

import ast
import hashlib
import re
from fractions import Fraction
from typing import NamedTuple

from . import conditions, prose
from .hints import first, near
from .number import Number

MIME = "application/vnd.footnoted+json"


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
    """What a run of one notebook remembers: bundles by id, numbering, parameters that are not those
    that the text was written for, ids that only the argument has, whether it has an argument."""
    name: str
    bundles: dict
    labels: dict
    parameters: dict
    argument: frozenset = frozenset()
    argued: bool = False


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


def sections(nb):
    """(level, text) of each heading of a notebook's prose, in order."""
    return [(level, text) for cell in nb["cells"] if cell["cell_type"] == "markdown"
            for _, level, text in prose.headings("".join(cell["source"]))]


def title(nb, otherwise=""):
    """The first heading of level 1 of a notebook's prose."""
    return next((text for level, text in sections(nb) if level == 1), otherwise)


def find(source, cell="", heading=""):
    """Links of one Markdown text in order; code, formulas and HTML hold none.

    >>> [(l.text, l.target) for l in find("[8,849 m](#heights/Everest/metres) and `[1](#no)`")]
    [('8,849 m', 'heights/Everest/metres')]
    """
    heads = prose.headings(source)
    return [Link(*one, cell, next((text for at, _, text in reversed(heads) if at <= one.start),
                                  heading)) for one in prose.links(source)]


def tags(cell):
    """The tags of a cell; `remove_cell` is `remove-cell`, as people write both."""
    return [tag.replace("_", "-") for tag in cell.get("metadata", {}).get("tags", [])]


def printed_cells(nb):
    """The cells that editions of this run print: without `remove-cell`, and without `argument`
    where it runs with other parameters than the argument was written for."""
    hidden = {"remove-cell"} | ({"argument"} if argument_left_out(nb) else set())
    return [cell for cell in nb["cells"] if hidden.isdisjoint(tags(cell))]


def prose_links(nb):
    """All links of a notebook's printed Markdown cells, each with its cell and nearest heading."""
    heading, found = "", []
    for cell in printed_cells(nb):
        if cell["cell_type"] == "markdown":
            source = "".join(cell["source"])   # a file holds lines, nbformat one text
            found += find(source, cell.get("id", ""), heading)
            heading = (prose.headings(source) or [(0, 0, heading)])[-1][2]
    return found


def code_cells(nb):
    """The cells of a notebook that hold code and belong to its editions."""
    return [cell for cell in printed_cells(nb)
            if cell["cell_type"] == "code" and "".join(cell["source"]).strip()]


def bundles(cell):
    """Our bundles among a code cell's outputs, in order."""
    return [output["data"][MIME] for output in cell.get("outputs", [])
            if MIME in output.get("data", {})]


def declared(nb, tag="parameters"):
    """{name: (annotation, source text)} of what the cells with a tag assign to a name.

    What else such a cell holds is passed over: comments, imports, magics, another language's code.
    """
    values = {}
    for cell in nb["cells"]:
        if tag not in tags(cell):
            continue
        source = re.sub(r"(?m)^(\s*)[%!].*", r"\1pass", "".join(cell["source"]))
        try:
            body = ast.parse(source).body
        except (SyntaxError, ValueError):
            continue
        for node in body:
            for target in node.targets if isinstance(node, ast.Assign) else \
                    [node.target] if isinstance(node, ast.AnnAssign) and node.value else []:
                values |= _assigned(target, node.value, getattr(node, "annotation", None))
    return values


def _assigned(target, value, annotation):
    """Names and source texts of one assignment; `a, b = 1, 2` is two where both sides are listed.
    """
    if isinstance(target, ast.Name):
        return {target.id: (ast.unparse(annotation) if annotation else "", ast.unparse(value))}
    both = isinstance(target, (ast.Tuple, ast.List)) and isinstance(value, (ast.Tuple, ast.List))
    if both and len(target.elts) == len(value.elts):
        return {name: said for one, part in zip(target.elts, value.elts)
                for name, said in _assigned(one, part, None).items()}
    return {}


def _literals(nb, tag):
    """{name: source text} of what the cells with a tag assign."""
    return {name: text for name, (_, text) in declared(nb, tag).items()}


def run_parameters(nb):
    """The parameters of a run, as source text: the notebook's own, then what was injected."""
    return _literals(nb, "parameters") | _literals(nb, "injected-parameters")


def written_for(nb):
    """The parameters that a notebook's text was written for, as source text: those of its metadata
    (`footnoted`, `argument`), else its own defaults."""
    named = nb.get("metadata", {}).get("footnoted", {}).get("argument", {})
    return _literals(nb, "parameters") | {name: repr(value) for name, value in named.items()}


def other_parameters(nb):
    """The parameters of a run that are not those its text was written for, as source text."""
    expected = written_for(nb)
    return {name: value for name, value in run_parameters(nb).items()
            if expected.get(name) != value}


def argument_left_out(nb):
    """Whether a run's parameters are others than the notebook's metadata name for its argument."""
    return is_argued(nb) and bool(other_parameters(nb))


def is_argued(nb):
    """Whether a notebook has an argument that was written for certain parameters."""
    return "argument" in nb.get("metadata", {}).get("footnoted", {})


def record(nb, name):
    """What a run remembers; tables and figures numbered in order."""
    held = [(bundle, "argument" in tags(cell)) for cell in code_cells(nb)
            for bundle in bundles(cell)]
    return Record(name, {bundle["id"]: bundle for bundle, _ in held},
                  numbered_labels([bundle for bundle, _ in held]), other_parameters(nb),
                  frozenset(bundle["id"] for bundle, only in held if only), is_argued(nb))


def numbered_labels(held):
    """Id -> "Table 2" or "Figure 1" of the tables and figures among bundles, in their order."""
    labels, counts = {}, {"table": 0, "figure": 0}
    for bundle in held:
        if bundle["kind"] in counts:
            counts[bundle["kind"]] += 1
            labels[bundle["id"]] = f"{bundle['kind'].title()} {counts[bundle['kind']]}"
    return labels


def find_target(rec, target):
    """The Target of a link; LookupError says what is missing and what is near.

    target: "id", "id/ROW/COLUMN" of a table's cell, by its keys or its names as slugs, or a
    comparison of such, which is a finding.
    """
    if condition := conditions.parsed(target):
        return _find_condition(rec, target, condition)
    name, _, keys = target.partition("/")
    bundle = rec.bundles.get(name)
    if bundle is None:
        raise LookupError(f"nothing has this id{near(name, rec.bundles, most=0)}")
    if keys:
        return _find_cell(bundle, keys.split("/"))
    kind, label = bundle["kind"], rec.labels.get(name)
    untraced = not bundle["rows"] and (
        kind == "number" and bundle["value"] is not None
        or kind == "finding" and bundle["state"] != "undecided")
    return Target(kind, name, name if label else f"from-{name}", label or bundle["text"],
                  bundle.get("label") or bundle.get("caption", name), bundle, tuple(bundle["rows"]),
                  untraced)


def _find_condition(rec, target, condition):
    """The Target of a comparison: a finding that rests on the rows of both sides."""
    targets = [_operands(rec, side) for side in (condition.left, condition.right)]
    sides = [[conditions.Side(_number(one), one.text, key) for key, one in side]
             for side in targets]
    for i, text in enumerate((condition.left, condition.right)):
        if (typed := conditions.literal(text)) is not None:
            other = next((one.value.unit for one in sides[1 - i]), "")
            value = typed if typed.unit else typed.to(other, typed.decimals)
            sides[i] = [conditions.Side(value, text if value.unit == "day" else str(value))]
    try:
        state, deciding, pairs = conditions.judged(sides[0], condition.op, sides[1])
    except ValueError as error:
        raise LookupError(f"its sides cannot be compared: {error}") from None
    used = [one for side in targets for _, one in side]
    rows = list(dict.fromkeys(row for one in used for row in one.rows))
    text = conditions.in_text(deciding, condition.op)
    ends = {name: {"text": one.text, "value": float(one.value) if one.value == one.value else None}
            for name, one in zip(("left", "right"), pairs[0])}
    merged = {key: {name: fact for one in used for name, fact in one.bundle.get(key, {}).items()}
              for key in ("origin", "sources", "facts")}
    name = slug(target.replace(condition.op, f" {conditions.OPERATORS[condition.op]} "))
    bundle = {"kind": "finding", "id": target, "label": "", "state": state, "text": text,
              "op": condition.op, "unit": pairs[0][0].value.unit, "rows": rows, **ends, **merged}
    return Target("finding", target, f"from-{name}", text, "", bundle, tuple(rows),
                  any(one.untraced for one in used))


def _operands(rec, side):
    """[(row key or None, Target)] of one side of a comparison; none for a literal."""
    if conditions.literal(side) is not None:
        return []
    name, _, keys = side.partition("/")
    wanted, *column = keys.split("/")
    if wanted != "*" and ".." not in wanted:
        return [(None, find_target(rec, side))]
    bundle = find_target(rec, name).bundle
    if bundle["kind"] != "table" or not column:
        raise LookupError(f"{side}: a range of rows is written TABLE/FIRST..LAST/COLUMN")
    names = bundle["row_keys"]
    if wanted != "*":
        ends = [_row_position(bundle, end) for end in wanted.split("..", 1)]
        names = names[ends[0]:ends[1] + 1]
    return [(slug(key), _find_cell(bundle, [key, *column])) for key in names]


def _row_position(bundle, key):
    """Where a row stands in a table; LookupError names the nearest."""
    found = _positions(slug(key), bundle["row_keys"], bundle["index"])
    if not found:
        raise LookupError(f"table #{bundle['id']} has no row {key}"
                          f"{near(slug(key), [slug(one) for one in bundle['row_keys']])}")
    return found[0]


def _number(target):
    """The Number that an operand is; LookupError where it has no value to compare."""
    bundle = target.bundle
    if target.kind not in ("number", "cell"):
        what = "name a cell of it" if target.kind == "table" else "it has no value to compare"
        raise LookupError(f"#{target.id} is a {target.kind}: {what}")
    if bundle["value"] is None and target.kind == "cell" and bundle["align"] == "left":
        raise LookupError(f"#{target.label} holds words: “{target.text}”")
    value = float("nan") if bundle["value"] is None else bundle["value"]
    ends = [None if bundle.get(end) is None else Fraction(str(bundle[end]))
            for end in ("low", "high")]
    return Number(value, bundle.get("unit", ""), *ends, rows=target.rows)


def _find_cell(bundle, keys):
    """The Target of a table's cell; a key may hold slashes, and row and column be exchanged."""
    name = bundle["id"]
    if bundle["kind"] != "table":
        raise LookupError(f"#{name} is a {bundle['kind']}, it has no cells")
    found = set()
    for cut in range(1, len(keys)):
        one, other = slug("-".join(keys[:cut])), slug("-".join(keys[cut:]))
        for row, column in ((one, other), (other, one)):
            found |= {(i, j) for i in _positions(row, bundle["row_keys"], bundle["index"])
                      for j in _positions(column, bundle["column_keys"], bundle["columns"])}
    if len(found) != 1:
        raise LookupError(f"{len(found) or 'no'} cells of table #{name} answer to it"
                          f"{_wrong_keys(bundle, keys)}")
    (i, j), = found
    return _cell(bundle, i, j)


def cells(bundle):
    """The Target of each cell of a table, row by row; its own link may need other keys."""
    return [_cell(bundle, i, j) for i, row in enumerate(bundle["cells"]) for j in range(len(row))]


def _cell(bundle, i, j):
    """The Target of the cell in a row and a column of a table."""
    name, cell = bundle["id"], bundle["cells"][i][j]
    row = bundle["index"][i] if bundle["index"] else _first_words(bundle["cells"][i]) or str(i + 1)
    label = f"{bundle['caption'].rstrip('.')}: {row.rstrip('.')}, {bundle['columns'][j]}"
    missing = cell["value"] is None and cell["text"] == "–"  # its prose may be a reason with a year
    untraced = not cell["rows"] and not missing and any(map(str.isdigit, cell["prose"]))
    return Target("cell", name, f"from-{name}-{i + 1}-{j + 1}", cell["prose"], label,
                  {**bundle, **cell}, tuple(cell["rows"]), untraced)


def _wrong_keys(bundle, keys):
    """Which keys a table does not have, with the nearest, and those that it has."""
    rows, columns = ([slug(key) for key in bundle[name]] for name in ("row_keys", "column_keys"))
    known = {*rows, *columns, *map(slug, bundle["index"]), *map(slug, bundle["columns"])}
    wrong = [f"{key!r}{near(slug(key), known, most=0)}" for key in keys if slug(key) not in known]
    return "".join(f"; {key}" for key in wrong) + (
        f"; its rows: {', '.join(first(rows, 12))}; its columns: {', '.join(first(columns, 12))}")


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


AHEAD, BEHIND = frozenset({"above", "ahead", "higher"}), frozenset({"behind", "below", "lower"})
MORE, LESS = frozenset("more larger greater".split()), frozenset("less fewer smaller".split())
NEGATIONS = frozenset("no not never nor neither without hardly".split())


def against_its_words(text, op, unit="", of_values=True):
    """Whether a link's words say the opposite of its operator; of two ranks the smaller is ahead.

    of_values: the sides are the values themselves, which may be *wider* or *narrower*; a finding's
    may be counts of such. Words of both directions, or with a negation, say nothing here.

    >>> against_its_words("behind the median", ">"), against_its_words("ahead of it", "<", "rank")
    (True, False)
    """
    up, down = (AHEAD, BEHIND) if unit == "rank" else (AHEAD | MORE, BEHIND | LESS)
    if of_values:
        up, down = up | {"wider"}, down | {"narrower"}
    said = set(re.findall(r"[a-z]+", text.casefold()))
    up, down = bool(said & up), bool(said & down)
    if op not in "<>" or up == down or said & NEGATIONS:
        return False
    return (up == (op == "<")) != (unit == "rank")


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
        op, unit = target.bundle.get("op", "="), target.bundle.get("unit", "")
        if state != "true":
            turned = state == "false" and unit == "rank" and op in "<>"
            hint = "; of two ranks the smaller is ahead" if turned else ""
            return f'"{written}" {says[state]}: {target.text}{hint}'
        if against_its_words(written, op, unit, of_values=op in link.target):
            return (f'"{written}" says the opposite of its condition, {target.text}: '
                    "exchange its sides or its words")
        return None
    if not keeps_its_words(target, written) and written != without_markup(target.text):
        return f'"{written}" is now "{target.text}"'


CITED = re.compile(r"\[-?@[^\]]*\]|“[^”]*”|\"[^\"]*\"|«[^»]*»|https?://\S+")
PLACES = r"(?:pp?|pages?|chapters?|figures?|tables?|footnotes?|notes?|sections?|paragraphs?)"
JOINED = r"(?:\s*(?:,|–|-|to|and|or)\s*\d+)*"
EXEMPT = re.compile(
    rf"\b{PLACES}\.?\s+\d+{JOINED}|\b(?:1[5-9]|20)\d\d\b(?!\s*%)|"
    r"\b\d\d?\s+(?=(?:Jan|Febr)uary|March|April|May|June|July|August|(?:Septem|Octo|Novem|Decem)"
    r"ber)", re.I)
NUMERAL = re.compile(r"(?<![\w.,-])\d[\d,.]*(?:st|nd|rd|th)?\b(?:\s*(?:%|million|billion))?")
DATUM = re.compile(r"\d[.,]\d|st|nd|rd|th|%|million|billion")


def unlinked_numerals(nb, data=False):
    """A line for each numeral of the prose that no link backs; data: only those that look like data
    (a percentage, a decimal, a rank, millions).

    Years, days, places in a text, enumerations, headings, quotations, citations and code are none.
    """
    lines, heading = [], ""
    for cell in printed_cells(nb):
        if cell["cell_type"] != "markdown":
            continue
        source = "".join(cell["source"])
        heading = (prose.headings(source) or [(0, 0, heading)])[-1][2]
        for words in prose.typed(source):
            bare = words
            for pattern in (CITED, EXEMPT):
                bare = pattern.sub(lambda found: " " * len(found[0]), bare)
            for found in NUMERAL.finditer(bare):
                if not data or DATUM.search(found[0]):
                    around = words[max(0, found.start() - 25):found.end() + 15]
                    lines.append(f"under “{heading}”, cell {cell.get('id', '?')}: {found[0]!r} has "
                                 f"no link: … {' '.join(around.split())} …")
    return lines


def run_faults(nb):
    """(fatal, mendable) faults of the run itself: errors or cells not run, code edited after."""
    fatal, edited = [], []
    for cell in code_cells(nb):
        where, outputs = f"cell {cell.get('id', '?')}", cell.get("outputs", [])
        fatal += [f"{where}: failed: {output['ename']}: {output['evalue']}"
                  for output in outputs if output["output_type"] == "error"
                  and "raises-exception" not in tags(cell)]
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


def contradictions(found, rec, heads=()):
    """What a run says against links of the prose to itself, a line each with its place.

    heads: slugs of the notebook's headings, to which a link may lead where nothing has its id.
    """
    return [f"under “{link.heading}”, cell {link.cell}: {what} (#{link.target})"
            for link in found if not link.chapter and (what := link_fault(link, rec))
            and (slug(link.target) not in heads or link.target in rec.bundles)]


def heads(nb):
    """The slugs of a notebook's headings."""
    return {slug(text) for _, text in sections(nb)}


def links_into_argument(nb, rec, others):
    """A line for each link outside the argument to what only an argument has: a run with other
    parameters would lose it.

    others: records of the notebooks linked to, by name. One of them that has an argument holds for
    its own parameters only.
    """
    block = {cell.get("id", "") for cell in nb["cells"] if "argument" not in tags(cell)}
    lines = []
    for link in prose_links(nb):
        sides = {side.partition("/")[0] for side in re.split(r"[<>=≠]", link.target)}
        other = others.get(link.chapter)
        leans = rec.argued and other and other.argued if link.chapter else sides & rec.argument
        if link.cell in block and leans:
            into = f"{link.chapter}, which other parameters do not follow" if link.chapter \
                else "the argument"
            lines.append(f"under “{link.heading}”, cell {link.cell}: “{without_markup(link.text)}” "
                         f"leads into {into} (#{link.target}): tag its cell argument too, or let "
                         "it lead to what the block has")
    return lines


def problems(nb, name="notebook", others=None):
    """Everything that stops an edition of an executed notebook, one line each.

    others: records of the notebooks that its prose links to, by name.

    Errors hide the rest, since what follows from them would only repeat them.
    """
    fatal, edited = run_faults(nb)
    if fatal:
        return [f"{name}, {line}" for line in fatal]
    rec = record(nb, name)
    lines = [*edited, *repeated_ids(nb), *contradictions(prose_links(nb), rec, heads(nb)),
             *links_into_argument(nb, rec, others or {}),
             *(unlinked_numerals(nb, data=True) if rec.bundles else [])]
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
