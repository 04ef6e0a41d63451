"""Editions of an executed notebook: nbconvert exporters to HTML, PDF and Markdown; and two books.

    jupyter nbconvert --to study_html heights.ipynb

The paper and its supplement print many notebooks as one PDF each. A notebook whose prose its own
run contradicts is refused with the mend as the last line.
"""

import ast
import contextlib
import functools
import json
import logging
import os
import re
import tempfile
from collections import Counter
from datetime import date
from importlib.util import find_spec
from pathlib import Path

from nbconvert.exporters import Exporter
from nbconvert.utils.exceptions import ConversionException
from traitlets import Unicode

from .. import links, prose, running
from ..hints import near
from . import document as doc
from . import drawings, numbers, tree, writers
from .books import ELSEWHERE, chapter_number, is_page, labels, named_in_print, printed_in
from .placing import settle
from .references import head_note, references
from .source import merge, rewritten, sync

__all__ = ["StudyHTML", "StudyMarkdown", "StudyPDF", "html", "markdown", "merge", "number",
           "paper", "pdf", "printed_in", "records", "rewritten", "supplement", "sync"]

log = logging.getLogger("traitlets")  # nbconvert's own
MENDS = {
    ": failed: ": "Mend: correct the failing cell, run the notebook again, then export.",
    " was not run: ": "Mend: run all cells and save the notebook, then export.",
    "changed after the run": "Mend: run the notebook again and save it, then export.",
}


def refuse(lines, mend=""):
    """Raise nbconvert's ConversionException: every problem a line, the mend last."""
    refresh = running.settings().get("refresh", "footnoted.edition.sync")
    prose = (f"Mend: {refresh} puts the current numbers into the text; a finding that fails needs "
             "other words, a link without target another #id.")
    mend = mend or next((m for key, m in MENDS.items() if any(key in x for x in lines)), prose)
    count = f"{len(lines)} problem" + "s" * (len(lines) > 1)
    raise ConversionException("\n".join([f"Not published: {count}.", *lines, mend]))


# --- from notebooks to resolved chapters ---------------------------------------------------

def front_matter(text, chapters):
    """Text outside notebooks as a chapter; its links name theirs: `(02-alps.ipynb#id)`."""
    front = doc.Chapter("front matter", links.Record("front matter", {}, {}, {}), "front-")
    front.others = {chapter.name: chapter.record for chapter in chapters}
    front.blocks = [doc.cell_of_prose(text, "front matter")]
    return front


def front_text():
    """The file `front` of the study's settings: title, subtitle, abstract; a title if absent."""
    said = running.settings()
    text = running.text_of(running.root() / said.get("front", ""))
    return text or f"# {said.get('title', '')}\n"


def of_study(nb, name):
    """Whether a notebook is strict: the study has one of its name, or it holds a bundle of ours."""
    return is_page(name) or (running.root() / "notebooks" / f"{name}.ipynb").is_file() or any(
        links.bundles(cell) for cell in nb.cells if cell.cell_type == "code")


def records(nb):
    """{name: record} of the notebooks to whose results the prose links, as the study last ran them.
    """
    folder = running.root() / "build" / "executed"
    named = {link.chapter for link in links.prose_links(nb) if link.chapter}
    return {name: links.record(json.loads(running.text_of(folder / f"{name}.ipynb")), name)
            for name in sorted(named) if (folder / f"{name}.ipynb").is_file()}


def chapter(nb, name, prefix="", book="", folder=None, printed=None, cards=""):
    """One unread chapter; refuses at once only what makes reading pointless.

    A notebook that is not the study's is printed as stock nbconvert prints it: cells that failed or
    were not run stay, links lead where they lead. book: "paper" or "supplement", whose cells alone
    are taken; all without it. folder: where the notebook lies, with its pictures. printed: the
    labels of all tables and figures of the books, as `books.labels` gives them. cards: the page of
    its numbers; without one they are told at its foot.
    """
    nb, strict = running.normalized(nb), of_study(nb, name)
    fatal, _ = links.run_faults(nb)
    if fatal and strict:
        refuse([f"{name}, {line}" for line in fatal])
    places = [Path(place) for place in (folder, running.root() / "notebooks") if place]
    rec, printed = links.record(nb, name), printed or {}
    rec.labels.update((id, label) for id, (label, _) in printed.get(name, {}).items())
    made = doc.Chapter(name, rec, prefix, book=book, home=printed_in(name, nb), strict=strict,
                       folders=tuple(places), printed=printed, cards=cards)
    made.others = records(nb)
    said = nb.get("metadata", {}).get("footnoted", {})
    if links.argument_left_out(nb):
        made.argument = doc.in_words({key: repr(value) for key, value in said["argument"].items()})
    if "about" in said and (made.argument or "argument" not in said):
        made.about = about(nb, made.record, said["about"])
    made.faults = links.problems(nb, name, made.others) if strict else []
    if made.home not in ELSEWHERE:
        made.faults.append(f"{name}, metadata: edition {made.home!r}{near(made.home, ELSEWHERE)}")
    made.judged = Counter((link.cell, link.target) for link in links.prose_links(nb))
    made.blocks = doc.unread_blocks(nb, made)
    return made


def about(nb, rec, parameter):
    """The names of what a run is about: as the origins begin of rows that begin with the values of
    its parameter, one or several."""
    value = ast.literal_eval(links.run_parameters(nb).get(parameter, "''"))
    lines = {row.partition("/")[0]: line for bundle in rec.bundles.values()
             for row, line in bundle["origin"].items()}
    return " and ".join(lines.get(one, one).partition(",")[0]
                        for one in ([value] if isinstance(value, str) else value))


def listed_sources(one):
    """Ids of the sources on which a chapter's outputs rest; in a book, its tables and figures."""
    printed = one.printed.get(one.name, {})
    return {source for name, bundle in one.record.bundles.items()
            if not one.book or printed.get(name, ("", ""))[1] == one.book
            for source in bundle.get("sources") or {}}


def compose(chapters):
    """Read and resolve chapters together; answer References. Refuses all problems at once."""
    refs = doc.read(chapters, references(one.record for one in chapters),
                    set().union(*map(listed_sources, chapters)))
    known = {entry["c"][0][0] for entry in refs}
    for one in chapters:
        doc.resolve(one, known)
        one.title = one.title or one.name
        for note in one.notes:
            log.warning("%s, %s", one.name, note)
    faults = [line for one in chapters for line in one.faults]
    if faults:
        refuse(faults)
    return [*head_note(one.record for one in chapters), *refs] if refs else refs


def alone(nb, name, folder=None, cards=""):
    """(resolved chapter, References) of one notebook."""
    one = chapter(nb, name, folder=folder, cards=cards)
    return one, compose([one])


def read_date(records):
    """The last day on which a source was read, as a reader writes it, or ""."""
    days = [source.get("accessed", "") for rec in records for bundle in rec.bundles.values()
            for source in bundle["sources"].values()]
    last = max((day for day in days if re.fullmatch(r"\d{4}-\d\d-\d\d", day)), default="")
    return in_full(last) if last else ""


def in_full(day):
    """A day as a reader writes it.

    >>> in_full("2026-11-05")
    '5 November 2026'
    """
    day = date.fromisoformat(day)
    return f"{day.day} {day:%B %Y}"


# --- HTML ----------------------------------------------------------------------------------

def contents():
    """(name, title) of the study's notebooks that are pages of their own: first its chapters."""
    found = []
    for path in sorted((running.root() / "notebooks").glob("*.ipynb")):
        if not is_page(path.stem):
            nb = as_written(path, path.stat().st_mtime_ns)
            title = tree.typographic_quotes(links.title(nb, path.stem))
            found.append((printed_in(path.stem, nb) != "paper", path.stem, title))
    return [(name, title) for _, name, title in sorted(found)]


@functools.cache
def as_written(path, when):
    """The notebook of a file, read once for each time at which it was written."""
    return running.read_notebook(path)


def navigation(name, base=""):
    """What a page of the site says of the others, for the template; {} where it is none of them.

    base: the way to the front page's folder, of a page in a folder of its own "../".
    """
    said, chapters = running.settings(), contents()
    further = [page | {"here": page["name"] == name} for page in said.get("further", ())]
    names = [other for other, _ in chapters]
    if name not in ["index", *names, *(page["name"] for page in further)] and not is_page(name):
        return {}
    entries = [{"file": f"{other}.html", "title": title, "short": title.split(":")[0],
                "number": chapter_number(other), "here": other == name,
                "further": bool(named_in_print(other))} for other, title in chapters]
    made = {"home": True, "chapters": entries, "further": further, "base": base}
    if name in names and not base:
        around = ["", *entries, ""]
        at = names.index(name)
        made |= {"turn": True, "source": f"notebooks/{name}.ipynb",
                 "previous": around[at], "next": around[at + 2]}
    return made


def html_page(one, references, **values):
    """A whole HTML page from a resolved chapter; one file, no request, no need of its script."""
    body = writers.html_body(one, references)
    sections = [{"id": block["c"][1][0], "title": tree.text_of(block["c"][2])}
                for block in body if block["t"] == "Header" and block["c"][0] == 2]
    first = next((block for block in one.blocks if block["t"] == "Para"), None)
    words = tree.text_of(first).split()
    read = read_date([one.record])
    figures = [item for item in one.media.values() if item.get("kind") == "figure"]
    return html_document(body, one.title, strict=one.strict, figures=figures, **{
        "sections": sections, "read": f"Data read up to {read}." if read else "",
        "description": " ".join(words[:30]) + (" …" if len(words) > 30 else "")} | values)


def html_document(body, title, sheets=(), strict=True, figures=(), **values):
    """The study's HTML page around blocks.

    sheets: paths of style sheets beside the toolkit's own; strict: whether the page is the study's,
    which its title and licence then stand on; figures: bundles of those that it shows; values: what
    fills the template, where it says something; among them base: the way to the front page's
    folder, such as "../".
    """
    styles = [doc.TEMPLATES / "study.css", doc.TEMPLATES / "search.css", *sheets]
    pointed = any(bundle.get("points") for bundle in figures)
    scripts = [doc.TEMPLATES / name for name in ("page.js", "search.js",
                                                 *(["figure.js"] if pointed else []))]
    said = running.settings() if strict else {}
    study = said.get("title", "")
    values |= {"pagetitle": title if study in ("", title) else f"{title} · {study}",
               "study": study, "licence": said.get("licence", ""), "cite": citation(title, said)}
    return tree.write(body, "html5", f"--template={doc.TEMPLATES / 'study.html'}", "--mathml",
                      "-V", f"style={''.join(running.text_of(sheet) for sheet in styles)}",
                      "-V", f"figures={drawings.style(figures)}",
                      "-V", f"script={''.join(running.text_of(one) for one in scripts)}",
                      **{key: value for key, value in values.items() if value})


def citation(title, said):
    """How to cite a page of a study, whose settings say its title, author and date; "" without.

    >>> citation("Crete", {"title": "Islands", "author": "A. Reader", "date": "2026-11-05"})
    'A. Reader. 2026. “Crete.” In Islands. 5 November 2026.'
    """
    if not said.get("author") or not said.get("date"):
        return ""
    inner = "" if title == said["title"] else f"“{title}.” In "
    return f"{said['author']}. {said['date'][:4]}. {inner}{said['title']}. {in_full(said['date'])}."


def html(nb, name, folder=None):
    """The HTML page of an executed notebook, as str; folder: where it lies, with its pictures."""
    return html_with_files(nb, name, folder)[0]


def html_with_files(nb, name, folder=None, figures="", cards=""):
    """(HTML page of an executed notebook, {path from the page: text or bytes} of what lies beside).

    folder: where it lies, with its pictures; figures, cards: folders beside the page for the files
    of its figures and for the page of its numbers; without them the page holds these.
    """
    one, refs = alone(nb, name, folder, cards and f"{cards}/{name}.html")
    one.figures = figures
    page = html_page(one, refs, **(navigation(name) if one.strict else {}))
    files = numbers_files(one, name, cards) if cards else {}
    if figures:
        files |= {f"{figures}/{file}": content
                  for file, content in drawings.files(one.media, name).items()}
    return page, files


def numbers_files(one, name, folder):
    """{file: text} of a resolved chapter's page of numbers and of the same as data for scripts."""
    data = numbers.held(one)
    if not data["cards"]:
        return {}
    page = html_document([tree.node("RawBlock", "html", numbers.body(name, one.title, data))],
                         f"Numbers of “{one.title}”", **navigation(name, "../"))
    return {f"{folder}/{name}.html": page, f"{folder}/{name}.js": numbers.script(name, data)}


# --- PDF -----------------------------------------------------------------------------------

def compile_pdf(blocks, title, media, strict=True):
    """PDF bytes (PDF/UA-1 and PDF/A-2a, the study's date, fonts from the wheels only).

    A picture without alt text prints, and the PDF is then PDF/A-2b alone, with a warning.
    """
    return print_pdf(*typst_source(blocks, title, media, strict))


def typst_source(blocks, title, media, strict=True):
    """What a PDF is made of: its text of Typst, {name: bytes} of its pictures, its standards."""
    described = all(item.get("alt") for item in media.values() if "alt" in item)
    if not described:
        log.warning("%s: a picture has no alt text, so the PDF is not marked as accessible",
                    title)
    return (typst_text(blocks, title, strict), writers.picture_files(media),
            ["ua-1", "a-2a"] if described else ["a-2b"])


def print_pdf(text, pictures, standards):
    """The PDF of what `typst_source` gives, as bytes."""
    import typst
    with tempfile.TemporaryDirectory() as folder:
        options = typst_folder(folder, text, pictures)
        try:
            settle(options)
            return typst.compile(
                **options, format="pdf", pdf_standards=standards,
                timestamp=int(os.environ.get("SOURCE_DATE_EPOCH", running.CLOCK)))
        except RuntimeError as error:
            lines = [f"typst: {error}", *map(str, getattr(error, "hints", None) or ())]
    refuse(lines, "Mend: the output named above cannot stand in a PDF; show it another way.")


def typst_text(blocks, title, strict=True):
    """Blocks as a whole text of Typst; strict: whether it is the study's, with its author and date.
    """
    said = running.settings() if strict else {}
    day = re.findall(r"[1-9]\d*", said.get("date", ""))
    text = tree.write(writers.consecutive(writers.without_dead_links(blocks)),
                      "typst-citations",
                      f"--template={doc.TEMPLATES / 'study.typ'}",
                      "-V", f"doctitle={writers.quoted(title)}",
                      "-V", f"author={writers.quoted(said.get('author', ''))}",
                      "-V", f"date={writers.moment(day)}")
    text = text.replace("  align(center)[#table(", "  align(left)[#table(")
    text, missing = writers.without_missing_glyphs(writers.with_known_signs(text), font_files())
    if missing:
        log.warning("%s: the fonts of print have no %s: □ stands for them", title,
                    " ".join(f"{sign} (U+{ord(sign):04X})" for sign in sorted(missing)))
    return text


def typst_folder(folder, text, pictures):
    """Put a text of Typst, its pictures and fonts into a folder; what typst is to be called with.
    """
    for name, content in ({"main.typ": text.encode()} | pictures).items():
        Path(folder, name).write_bytes(content)
    Path(folder, "fonts").mkdir()
    for font in font_files():   # typst takes folders of fonts only
        Path(folder, "fonts", font.name).symlink_to(font)
    return {"input": str(Path(folder, "main.typ")), "root": folder, "ignore_system_fonts": True,
            "font_paths": [str(Path(folder, "fonts"))]}


def font_files():
    """The fonts of print beside Typst's own: text fonts that come with matplotlib, so that figures
    have the letters of the text."""
    folder = Path(find_spec("matplotlib").origin).parent / "mpl-data" / "fonts" / "ttf"
    return sorted([*folder.glob("STIXGeneral*.ttf"), *folder.glob("DejaVuS*.ttf")])


def pdf(nb, name, folder=None):
    """The PDF of an executed notebook, as bytes; folder: where it lies, with its pictures."""
    one, refs = alone(nb, name, folder)
    return compile_pdf(writers.typst_body(one, refs), one.title, one.media, one.strict)


def source_of_book(book, notebooks, front=None):
    """What the PDF of the paper, or of what stands beside it, is made of, see `typst_source`.

    book: "paper", the chapters; "supplement", cells of chapters that are tagged `supplement`, then
    the other notebooks. notebooks: {name: notebook}, all that the study executed, in order; front:
    Markdown (title as first heading, an emphasised paragraph as subtitle, then the abstract), else
    the study's front matter. None where the book has no cell.
    """
    made = bound(book, notebooks, front)
    return made and typst_source(*made)


def paper(notebooks, front=None):
    """The chapters as one PDF, as bytes; see `source_of_book`."""
    return print_pdf(*source_of_book("paper", notebooks, front))


def supplement(notebooks):
    """What stands beside the paper as one PDF, as bytes; none where there is nothing."""
    made = source_of_book("supplement", notebooks)
    return print_pdf(*made) if made else b""


def bound(book, notebooks, front=None):
    """(blocks for Typst, title, media) of a book: the cells that it holds of each notebook, and
    their one list of references; None where there is no cell."""
    front = front or front_text()
    if book == "supplement":
        (_, _, title), *_ = prose.headings(front)
        front = f"# Supplement to “{title}”\n"
    printed = labels(notebooks)
    read = [chapter(nb, name, f"{name}-", book, printed=printed) for name, nb in notebooks.items()]
    chapters = [one for one in read if one.blocks]
    if not chapters:
        return None
    for one in chapters:
        if one.home != book:   # its title is printed elsewhere
            where = " ".join(filter(None, ["chapter", chapter_number(one.name)]))
            title = links.title(notebooks[one.name], one.name)
            one.blocks.insert(0, doc.cell_of_prose(f"# To {where}: {title}", "title"))
    first = front_matter(front, read)
    refs = compose([*chapters, first])
    blocks = writers.typst_opening(first, running.settings().get("author", ""), dated(chapters))
    if book == "supplement":
        blocks += writers.typst_contents()
    for one in chapters:
        if one.home == book:
            _put_number(one.blocks, chapter_number(one.name))
        blocks += [writers.typst_part(one.name),
                   *writers.typst_blocks(one.blocks, one.media, origins=False)]
    blocks += [writers.typst_part("References"), *writers.typst_references(refs),
               writers.typst_part("")]
    return blocks, first.title, {key: item for one in chapters for key, item in one.media.items()}


def pages(book, notebooks):
    """(pages of a book, {part: pages that it takes}): the front, each notebook, the references.

    book: "paper" or "supplement"; notebooks: as `paper` has them.
    """
    import typst
    made = bound(book, notebooks)
    if not made:
        return 0, {}
    blocks, title, media = made
    with tempfile.TemporaryDirectory() as folder:
        options = typst_folder(folder, typst_text(blocks, title), writers.picture_files(media))
        settle(options)
        found = json.loads(typst.query(selector="<part>", field="value", **options))
    begins = [{"name": "Front matter", "page": 1, "at": 0}, *found]
    taken = {one["name"]: after["page"] + after["at"] - one["page"] - one["at"]
             for one, after in zip(begins, begins[1:])}
    return found[-1]["page"], taken


def dated(chapters):
    """The day of the study, and up to when its data were read, as print has them."""
    day, read = running.settings().get("date"), read_date(one.record for one in chapters)
    return ". ".join(filter(None, [day and in_full(day), read and f"Data read up to {read}"]))


def _put_number(blocks, number):
    """Put a chapter's number before its title."""
    head = next((b for b in blocks if b["t"] == "Header" and b["c"][0] == 1), None)
    if head and number:
        head["c"][2].insert(0, tree.string(f"{number}\u2002"))


# --- Markdown ------------------------------------------------------------------------------

def markdown(nb, name, folder, place=None):
    """(Markdown text, {file name: bytes}) with pictures named below `folder`; place: where the
    notebook lies, with its own pictures."""
    one, refs = alone(nb, name, place)
    blocks = writers.markdown_body(one, refs, f"{folder}/{name}-")
    pictures = writers.picture_files(one.media, for_print=False)
    return tree.write(blocks, "gfm-raw_html"), {
        f"{name}-{file}": content for file, content in pictures.items()}


# --- exporters -----------------------------------------------------------------------------

class StudyExporter(Exporter):
    """What the three exporters share: nbconvert's own preprocessing, then our writer.

    A notebook that cannot be printed ends in lines that say why, by command line and by Jupyter's
    menu, not in a traceback.
    """
    LEAVES_OUT = ("exclude_input", "exclude_output", "exclude_code_cell", "exclude_markdown",
                  "exclude_raw")
    GRANTED = ("exclude_input_prompt", "exclude_output_prompt", "exclude_output_stdin",
               "exclude_unknown", "embed_images", "sanitize_html", "enabled")   # as they always do

    def __init__(self, config=None, **more):
        super().__init__(config=config, **more)
        for name in ("NbConvertApp", "ServerApp", "LabApp"):
            logging.getLogger(name).addFilter(as_lines)

    def from_file(self, file_stream, resources=None, **kw):
        with as_refusals("the file"):
            path = (resources or {}).get("metadata", {}).get("name", "the text")
            nb = running.as_node(running.parsed(file_stream.read(), path))
        return self.from_notebook_node(nb, resources=resources, **kw)

    def from_notebook_node(self, nb, resources=None, **kw):
        name = ((resources or {}).get("metadata") or {}).get("name") or "notebook"
        with as_refusals(name):
            nb, resources = super().from_notebook_node(nb, resources, **kw)
            place = resources.get("metadata", {}).get("path")
            return self.write(self.heard(nb), name, place, resources), resources

    def heard(self, nb):
        """The notebook without what nbconvert's options leave out; one line for each option of
        another exporter that ours do not hear."""
        asked = {option: value for section, said in self.config.items()
                 if section.endswith("Exporter") for option, value in said.items()}
        for option in asked.keys() - {*self.LEAVES_OUT, *self.GRANTED}:
            log.warning("%s does not hear %s: it has one form",
                        type(self).export_from_notebook, option)
        out = {option for option in self.LEAVES_OUT if asked.get(option)}
        kinds = {kind for kind in ("markdown", "raw") if f"exclude_{kind}" in out}
        nb.cells = [cell for cell in nb.cells if cell.cell_type not in kinds]
        for cell in nb.cells:
            for option, mark in (("exclude_input", "remove_source"),
                                 ("exclude_output", "remove_outputs")):
                if {option, "exclude_code_cell"} & out:
                    cell.metadata.setdefault("transient", {})[mark] = True
        return nb


def as_lines(record):
    """A log's record of a refusal without its traceback: the lines say what to mend."""
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(error, ConversionException) and str(error).startswith("Not published"):
        record.msg, record.args, record.exc_info = f"{record.getMessage()}\n{error}", (), None
    return True


@contextlib.contextmanager
def as_refusals(name):
    """Whatever goes wrong with a notebook is said in lines; the log holds the rest for --debug."""
    try:
        yield
    except ConversionException:
        raise
    except running.StudyError as error:
        refuse(str(error).splitlines()[:1], "Mend: take a copy of it that JupyterLab opens.")
    except Exception as error:
        log.debug("%s", name, exc_info=True)
        ename = getattr(error, "ename", type(error).__name__)   # nbclient's: of the cell's error
        words = " ".join(str(getattr(error, "evalue", error)).split())
        refuse([f"{name}: {ename}: {words[:500]}"],
               "Mend: what this line names; with --debug the log says where it came from.")


class StudyHTML(StudyExporter):
    """One HTML page; its figures' files and its numbers stand in it, or beside it."""
    export_from_notebook = "Study: HTML"
    output_mimetype = "text/html"
    file_extension = Unicode(".html")
    figures = Unicode("", allow_none=True, help="folder of the figures' files as seen from the "
                      "page, such as figures; empty: within the page").tag(config=True)
    numbers = Unicode("", help="folder beside the page for a page of its numbers, such as numbers; "
                               "empty: at the foot of the page").tag(config=True)

    def write(self, nb, name, place, resources):
        page, files = html_with_files(nb, name, place, self.figures, self.numbers)
        resources["outputs"] = (resources.get("outputs") or {}) | {
            file: content.encode() if isinstance(content, str) else content
            for file, content in files.items()}
        return page


class StudyPDF(StudyExporter):
    """One accessible PDF, without TeX or browser."""
    export_from_notebook = "Study: PDF"
    output_mimetype = "application/pdf"
    file_extension = Unicode(".pdf")

    def write(self, nb, name, place, resources):
        return pdf(nb, name, place)


class StudyMarkdown(StudyExporter):
    """Markdown without code, its figures as files: in NAME_files, or in the folder `figures`."""
    export_from_notebook = "Study: Markdown"
    output_mimetype = "text/markdown"
    file_extension = Unicode(".md")
    figures = Unicode("", help="folder of the figures as seen from the text, such as ../figures; "
                               "empty: NAME_files").tag(config=True)

    def write(self, nb, name, place, resources):
        folder = self.figures or f"{name}_files"
        text, files = markdown(nb, name, folder, place)
        resources["outputs"] = (resources.get("outputs") or {}) | {
            f"{folder}/{file}": content for file, content in files.items()}
        return text
