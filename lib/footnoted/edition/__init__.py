"""Editions of an executed notebook: nbconvert exporters to HTML, PDF and Markdown, and the paper.

    jupyter nbconvert --to study_html build/notebooks/02-kazakhstan.ipynb

A notebook whose prose its own run contradicts is refused with the mend as the last line.
"""
import base64
import copy
import json
import logging
import os
import re
import tempfile
from collections import Counter
from datetime import date
from fnmatch import fnmatch
from pathlib import Path

import nbformat
from nbconvert.exporters import Exporter
from nbconvert.utils.exceptions import ConversionException
from traitlets import Unicode, default

from .. import links, running
from . import document as doc
from . import tree, writers
from .references import references

EPOCH = 1767225600   # 1 January 2026, where SOURCE_DATE_EPOCH does not say otherwise
MENDS = {
    ": failed: ": "Mend: correct the failing cell, run the notebook again, then export.",
    " was not run: ": "Mend: run all cells and save the notebook, then export.",
    "changed after the run": "Mend: run the notebook again and save it, then export.",
}
SYNC = ("Mend: make sync puts the current numbers into the text; a finding that fails needs "
        "other words, a link without target another #id.")


def refuse(lines, mend=""):
    """Raise nbconvert's ConversionException: every problem a line, the mend last."""
    mend = mend or next((m for key, m in MENDS.items() if any(key in x for x in lines)), SYNC)
    count = f"{len(lines)} problem" + "s" * (len(lines) > 1)
    raise ConversionException("\n".join([f"No edition: {count}.", *lines, mend]))


# --- from notebooks to resolved chapters ---------------------------------------------------

def front_matter(text, chapters):
    """Text outside notebooks as a chapter; its links name theirs: `(02-kazakhstan.ipynb#id)`."""
    front = doc.Chapter("front matter", links.Record("front matter", {}, {}, {}), "front-")
    front.others = {chapter.name: chapter for chapter in chapters}
    front.blocks = [tree.div(["cell"], [doc.as_read("markdown", text)], cell="front matter")]
    return front


def chapter(nb, name, prefix="", number=""):
    """One unread chapter; refuses at once only what makes reading pointless."""
    fatal, _ = links.run_faults(nb)
    if fatal:
        refuse([f"{name}, {line}" for line in fatal])
    made = doc.Chapter(name, links.record(nb, name, number), prefix)
    if parameter := nb.get("metadata", {}).get("footnoted", {}).get("about"):
        made.about = about(nb, made.record, parameter)
    made.faults = links.problems(nb, name)
    made.judged = dict(Counter((link.cell, link.target) for link in links.prose(nb)))
    made.blocks = doc.raw_blocks(nb, made)
    return made


def about(nb, rec, parameter):
    """The name of what a parameter of a run names, such as a country, as its rows tell it."""
    code = links.settings(nb).get(parameter, "").strip("'")
    told = (line for bundle in rec.bundles.values()
            for row, line in (bundle.get("origin") or {}).items() if row.startswith(f"{code}/"))
    return next(told, code).split(",")[0]


def compose(chapters):
    """Read and resolve chapters together; answer References. Refuses all problems at once."""
    sources = references(chapter.record for chapter in chapters)
    refs = doc.read(chapters, sources)
    known = {entry["c"][0][0] for entry in refs}
    for one in chapters:
        doc.resolve(one, known)
        one.title = one.title or one.name
    for one in chapters:
        for note in one.notes:
            logging.getLogger("traitlets").warning("%s, %s", one.name, note)
    faults = [line for one in chapters for line in one.faults]
    if faults:
        refuse(faults)
    return refs


# --- HTML ----------------------------------------------------------------------------------

def contents():
    """(name, title) of the study's chapters, from the notebooks beside the package, if any."""
    listed = []
    for path in sorted((running.root() / "notebooks").glob("[0-9][0-9]-*.ipynb")):
        nb = json.loads(path.read_text(encoding="utf-8"))
        listed.append((path.stem, curly(links.title(nb, path.stem))))
    return listed


def curly(text):
    """Straight quotes as print has them; headings are read from the notebook as typed.

    >>> curly('What is "best"?')
    'What is “best”?'
    """
    return re.sub(r'"([^"]*)"', r"“\1”", text).replace("'", "’")


def navigation(name, chapters=False):
    """What a page of the site says of the others; pages that are no chapters match a pattern of
    `pages` in the study's settings, and list the chapters where `chapters` is true."""
    listed = contents()
    names = [other for other, _ in listed]
    if name not in names and not chapters:
        known = any(fnmatch(name, pattern) for pattern in running.settings().get("pages", ()))
        return {"home": True} if known else {}
    entries = [{"file": f"{other}.html", "title": title, "short": title.split(":")[0],
                "number": str(i), "here": other == name}
               for i, (other, title) in enumerate(listed, 1)]
    if name not in names:
        return {"home": True, "chapters": entries, name: True}
    at = names.index(name)
    around = {"previous": entries[at - 1] if at else "",
              "next": entries[at + 1] if at + 1 < len(entries) else ""}
    return {"home": True, "chapters": entries, "turn": True,
            "source": f"../notebooks/{name}.ipynb"} | {k: v for k, v in around.items() if v}


def read_date(records):
    """The last day on which a source was read, as a reader writes it, or ""."""
    days = [source.get("accessed", "") for rec in records for bundle in rec.bundles.values()
            for source in (bundle.get("sources") or {}).values()]
    days = sorted(day for day in days if re.fullmatch(r"\d{4}-\d\d-\d\d", day))
    if not days:
        return ""
    day = date.fromisoformat(days[-1])
    return f"{day.day} {day:%B %Y}"


def page(one, references, **more):
    """A whole HTML page from a resolved chapter; one file, no request, no script."""
    body = writers.html_body(one, references)
    sections = [{"id": block["c"][1][0], "title": tree.text_of(block["c"][2])}
                for block in body if block["t"] == "Header" and block["c"][0] == 2]
    first = next((block for block in one.blocks if block["t"] == "Para"), None)
    words = tree.text_of(first).split() if first else []
    on = read_date([one.record])
    told = {"sections": sections, "read": f"Data read up to {on}." if on else "",
            "description": " ".join(words[:30]) + (" …" if len(words) > 30 else "")}
    return framed(body, one.title, **told | more)


def framed(body, title, sheets=(doc.TEMPLATES / "study.css",), **meta):
    """The study's HTML page around blocks; `meta` fills the template where it says something."""
    style = "".join(Path(sheet).read_text(encoding="utf-8") for sheet in sheets)
    said = running.settings()
    study = said.get("title", "")
    meta |= {"pagetitle": title if study in ("", title) else f"{title} · {study}", "study": study,
             "licence": said.get("licence", "")}
    return writers.write(body, "html5", f"--template={doc.TEMPLATES / 'study.html'}", "--mathml",
                         "-V", f"style={style}", **{k: v for k, v in meta.items() if v})


def html(nb, name):
    """The HTML page of an executed notebook, as str."""
    one = chapter(nb, name)
    return page(one, compose([one]), **navigation(name))


# --- PDF -----------------------------------------------------------------------------------

def compiled(blocks, title, media):
    """PDF bytes (PDF/UA-1 and PDF/A-2a, fixed date, fonts from the wheels only)."""
    import typst
    text = writers.write(blocks, "typst-citations", f"--template={doc.TEMPLATES / 'study.typ'}",
                         "-V", f"doctitle={writers.quoted(title)}")
    text = text.replace("  align(center)[#table(", "  align(left)[#table(")
    with tempfile.TemporaryDirectory() as folder:
        for name, content in ({"main.typ": text.encode()} | writers.files(media)).items():
            Path(folder, name).write_bytes(content)
        try:
            return typst.compile(str(Path(folder, "main.typ")), format="pdf", root=folder,
                                 pdf_standards=["ua-1", "a-2a"], font_paths=[_fonts()],
                                 ignore_system_fonts=True,
                                 timestamp=int(os.environ.get("SOURCE_DATE_EPOCH", EPOCH)))
        except RuntimeError as error:
            lines = [f"typst: {error}", *map(str, getattr(error, "hints", None) or ())]
    refuse(lines, "Mend: the output named above cannot stand in a PDF; show it another way.")


def _fonts():
    from importlib.util import find_spec
    return str(Path(find_spec("matplotlib").origin).parent / "mpl-data" / "fonts" / "ttf")


def _references(blocks, level):
    return [tree.header(level, "References", "references"), *blocks] if blocks else []


def pdf(nb, name):
    """The PDF of an executed notebook, as bytes."""
    one = chapter(nb, name)
    refs = compose([one])
    blocks = writers.typst_body(one, writers.typst_references(refs, 2))
    return compiled(blocks, one.title, one.media)


def front_text():
    """paper/front-matter.md of the study: title, subtitle, abstract; only a title if absent."""
    path = running.root() / "paper" / "front-matter.md"
    return path.read_text(encoding="utf-8") if path.exists() else f"# {running.settings().get('title', '')}\n"


def opened(notebooks):
    """{name: executed notebook} from paths, or from such a dict itself."""
    if isinstance(notebooks, dict):
        return notebooks
    return {Path(path).stem: nbformat.read(path, 4) for path in notebooks}


def paper(notebooks, front=None):
    """One PDF of several executed notebooks, as bytes.

    `notebooks`: paths, or {name: notebook}, in order; `front`: Markdown (title as first heading,
    an emphasised paragraph as subtitle, then the abstract), else paper/front-matter.md.
    """
    chapters = [chapter(nb, name, f"c{i}-", f"{i}.") for i, (name, nb) in
                enumerate(opened(notebooks).items(), 1)]
    first = front_matter(front or front_text(), chapters)
    refs = compose([*chapters, first])
    on = read_date(one.record for one in chapters)
    blocks = writers.typst_cover(first, running.settings().get("author", ""), f"Data read up to {on}" if on else "")
    for i, one in enumerate(chapters, 1):
        blocks += writers.typst_break()
        blocks += writers.typst_plain(_numbered(one, i).blocks, one.media)
    blocks += writers.typst_break() + writers.typst_references(refs, 1)
    blocks += writers.typst_annex([("Abstract", first), *((c.title, c) for c in chapters)])
    return compiled(blocks, first.title, {k: v for c in chapters for k, v in c.media.items()})


def _numbered(one, number):
    """The chapter with its number before its title, as its tables have it."""
    head = next((b for b in one.blocks if b["t"] == "Header" and b["c"][0] == 1), None)
    if head:
        head["c"][2].insert(0, tree.string(f"{number}.\u00a0"))
    return one


# --- Markdown ------------------------------------------------------------------------------

def markdown(nb, name, folder):
    """(Markdown text, {file name: bytes}) with pictures named below `folder`."""
    one = chapter(nb, name)
    refs = compose([one])
    blocks = writers.markdown_body(one, _references(refs, 2), f"{folder}/{name}-")
    return writers.write(blocks, "gfm-raw_html"), figures(nb, name) | {
        f"{name}-{key}": data for key, data in writers.files(one.media, for_print=False).items()}


def figures(nb, name):
    """{"02-kazakhstan-internet-line.png": bytes, ... .svg} of a notebook's figures."""
    made = {}
    for cell in links.code_cells(nb):
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            bundle = data.get(links.MIME, {})
            if bundle.get("kind") == "figure":
                stem = f"{name}-{bundle['id']}"
                made[f"{stem}.svg"] = bundle["svg_paths"].encode()
                if "image/png" in data:
                    made[f"{stem}.png"] = base64.b64decode(data["image/png"])
    return made


# --- exporters -----------------------------------------------------------------------------

class _Study(Exporter):
    """What the three exporters share: nbconvert's own preprocessing, then our writer."""

    def from_notebook_node(self, nb, resources=None, **kw):
        nb, resources = super().from_notebook_node(nb, resources, **kw)
        name = resources.get("metadata", {}).get("name") or "notebook"
        return self.write(nb, name, resources), resources


class StudyHTML(_Study):
    """One self-contained HTML page."""
    export_from_notebook = "Study: HTML"
    output_mimetype = "text/html"

    @default("file_extension")
    def _extension(self):
        return ".html"

    def write(self, nb, name, resources):
        return html(nb, name)


class StudyPDF(_Study):
    """One accessible PDF, without TeX or browser."""
    export_from_notebook = "Study: PDF"
    output_mimetype = "application/pdf"

    @default("file_extension")
    def _extension(self):
        return ".pdf"

    def write(self, nb, name, resources):
        return pdf(nb, name)


class StudyMarkdown(_Study):
    """Markdown without code, its figures as files: in NAME_files, or in the folder `figures`."""
    export_from_notebook = "Study: Markdown"
    output_mimetype = "text/markdown"
    figures = Unicode("", help="folder of the figures as seen from the text, such as ../figures; "
                               "empty: NAME_files").tag(config=True)

    @default("file_extension")
    def _extension(self):
        return ".md"

    def write(self, nb, name, resources):
        folder = self.figures or f"{name}_files"
        text, files = markdown(nb, name, folder)
        held = resources.get("outputs") or {}
        resources["outputs"] = held | {f"{folder}/{key}": data for key, data in files.items()}
        return text


# --- source and run ------------------------------------------------------------------------

def merge(source_nb, executed_nb):
    """The source's prose with the outputs of its last run, matched by cell id.

    Errors: ValueError where code was changed, added or removed since the run.
    """
    ran = {cell["id"]: cell for cell in executed_nb["cells"] if cell["cell_type"] == "code"}
    merged = copy.deepcopy(source_nb)
    cells = []
    for cell in merged["cells"]:
        cells.append(cell)
        if cell["cell_type"] != "code":
            continue
        other = ran.pop(cell["id"], None)
        if other is None or other["source"].rstrip() != cell["source"].rstrip():
            raise ValueError(f"cell {cell['id']}: its code differs from the last run; run it again")
        cell["outputs"] = copy.deepcopy(other.get("outputs", []))
        cell["execution_count"] = other.get("execution_count")
        if "parameters" in links.tags(cell):
            for name, injected in list(ran.items()):
                if "injected-parameters" in links.tags(injected):
                    cells.append(copy.deepcopy(ran.pop(name)))
    if ran:
        raise ValueError(f"cell {next(iter(ran))}: the last run had code that the notebook has "
                         "not; run it again")
    merged["cells"] = cells
    return merged


def sync(source_nb, executed_nb, name="notebook"):
    """(source with current link texts, changes, what remains to mend by hand).

    Only the texts of number, cell and "Table n" links change. Errors: as `merge`.
    """
    rec = links.record(merge(source_nb, executed_nb), name)
    new, changes, heading = copy.deepcopy(source_nb), [], ""
    for cell in new["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"], made = links.refreshed(cell["source"], rec, cell["id"], heading)
            changes += [f"{name}, under “{link.heading}”, cell {link.cell}: "
                        f"{links.plain(link.text)} → {text} (#{link.target})"
                        for link, text in made]
            heading = (links.headings(cell["source"]) or [(0, 0, heading)])[-1][2]
    return new, changes, links.problems(merge(new, executed_nb), name)


def rewritten(text, old, new):
    """The text of a notebook's file with other prose, otherwise letter for letter the same.

    `old`, `new`: the notebook before and after `sync`. Errors: ValueError where a changed line
    is not in the file as JSON.
    """
    for before, after in zip(old["cells"], new["cells"]):
        for a, b in zip(before["source"].splitlines(True), after["source"].splitlines(True)):
            text = _swap(text, a, b) if a != b else text
    return text


def _swap(text, before, after):
    """One line of prose exchanged in the notebook's JSON, however it escapes letters."""
    for plain_letters in (False, True):
        old = json.dumps(before, ensure_ascii=not plain_letters)
        if old in text:
            return text.replace(old, json.dumps(after, ensure_ascii=not plain_letters))
    raise ValueError(f"the line {before.strip()!r} is not in the file as JSON")
