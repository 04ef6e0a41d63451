"""What rests on all chapters: the site's index, the downloads, and every number as JSON."""

import io
import json
import zipfile

from footnoted import conditions, edition, links
from footnoted.edition import tree

from . import data
from .claims import page as ledger_page

DATA = "digital-diplomacy-data.zip"
DOWNLOADS = {"paper.pdf": "The paper, all chapters in one PDF",
             "supplement.pdf": "The supplement, in one PDF",
             DATA: "The tables of data, as CSV",
             "numbers.json": "Every number with its rows, as JSON",
             "claims.json": "Every claim with its checks and its verdict, as JSON"}
# figures of the front page, by the chapter that draws them
FIGURES = {"00-introduction": ("story",), "05-conclusions": ("verdicts",)}
# pages that were: {name: the notebooks that hold now what stood there}
MOVED = {"06-appendix": ("S1-robustness", "S2-speeches", "S3-ledger", "S4-appendix")}
QUESTIONS = 4  # headings that stand under a chapter's title


def pages(notebooks, paper=b"", supplement=b"", ledger=None):
    """What the site holds besides its chapters: pairs of file name and text or bytes.

    notebooks: {name: executed notebook}, chapters, supplements and profiles in order; paper,
    supplement: the two PDFs; ledger: what `claims.page.gathered` gives. They are offered where they
    are given.
    """
    downloads = {
        "paper.pdf": paper, "supplement.pdf": supplement, DATA: archive(),
        "numbers.json": json.dumps(numbers(notebooks), ensure_ascii=False, indent=1) + "\n",
        "claims.json": ledger and ledger_page.claims(ledger)}
    downloads = {name: content for name, content in downloads.items() if content}
    yield from downloads.items()
    if ledger:
        yield "ledger.html", ledger_page.page(ledger)
    for name, now in MOVED.items():
        if set(now) <= notebooks.keys():
            yield f"{name}.html", moved_page({one: notebooks[one] for one in now})
    yield "index.html", index(notebooks, {name: len(text) for name, text in downloads.items()})


def numbers(notebooks):
    """Every number, comparison and table cell that rests on rows, as a list of dicts.

    Keys: id (with a table's own keys, of which a link has the slugs), chapter, kind, label, text,
    and where there are any value, low, high, unit, how, state, rows, origin (a line each) and page
    (where its passport or table stands).
    """
    found = []
    for name, notebook in notebooks.items():
        record = links.record(notebook, name)
        linked = dict.fromkeys(link.target for link in links.prose_links(notebook)
                               if not link.chapter)
        passports = {target.anchor for one in linked if (target := found_target(record, one))}
        held = [target for bundle in record.bundles.values() for target in targets(bundle)]
        compared = [target for target in linked if conditions.parsed(target)]
        found += [number_entry(record, target, passports) for target in (*held, *compared)]
    return found


def targets(bundle):
    """What links can name of an output: a number or finding itself, a table's cells with rows."""
    if bundle["kind"] in ("number", "finding"):
        return [bundle["id"]]
    if bundle["kind"] != "table":
        return []
    rows = bundle.get("row_keys") or bundle["index"]
    columns = bundle.get("column_keys") or bundle["columns"]
    return [f"{bundle['id']}/{row}/{column}" for row, cells in zip(rows, bundle["cells"])
            for column, cell in zip(columns, cells) if cell.get("rows")]


def found_target(record, name):
    """What a link to this leads to, or None."""
    try:
        return links.find_target(record, name)
    except LookupError:
        return None


def number_entry(record, name, passports):
    """A target of links as a dict for numbers.json; passports: the anchors that its page has."""
    target = found_target(record, name)
    if target is None:  # two rows of a table share their labels
        return {"id": name, "chapter": record.name, "kind": "cell", "missing": "label not unique"}
    bundle, origin = target.bundle, target.bundle.get("origin") or {}
    facts = {key: bundle[key] for key in ("value", "low", "high", "unit", "how", "state")
             if bundle.get(key) not in (None, "")}
    anchor = target.anchor if target.anchor in passports else \
        target.id if target.kind == "cell" else ""
    return {"id": name, "chapter": record.name, "kind": target.kind, "label": target.label,
            "text": target.text, **facts, "rows": list(target.rows),
            "origin": [origin.get(row, row) for row in target.rows],
            "page": f"{record.name}.html" + (f"#{anchor}" if anchor else "")}


def archive():
    """The tables of data/ with their description as one zip."""
    return zipped({f"data/{path.name}": path.read_bytes()
                   for path in sorted(data.root().glob("[!._~]*"))
                   if path.suffix in (".csv", ".json", ".md")})


def zipped(files):
    """{name: bytes} as one zip, the same bytes every time."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as target:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            info.external_attr = 0o644 << 16
            target.writestr(info, content, zipfile.ZIP_DEFLATED, 9)
    return stream.getvalue()


def moved_page(notebooks):
    """A page at an old address: it leads to the front page's list, and names what is there now."""
    entries = tree.node("BulletList", [chapter_lines(*one) for one in notebooks.items()])
    target = "index.html#supplements"
    return edition.html_document(
        [tree.header(1, "This page has moved", "moved"),
         tree.para("What stood here is now in the ", tree.link("supplements", target), ":"),
         entries], "This page has moved", home=True, refresh=target)


# --- the profiles of countries --------------------------------------------------------------

COUNTRIES = "countries.html"
# columns of their index, by what the prose of a profile names
SHOWN = (("Internet use", "access/internet-use/value"), ("Its rank", "access/internet-use/rank"),
         ("E-government index", "egov/egdi/value"), ("Its rank", "egov/egdi/rank"),
         ("Instagram’s audience", "reach/instagram-audience/value"))


def named(notebook, name):
    """{target: text} of what an executed notebook's prose names of its own run."""
    record = links.record(notebook, name)
    return {link.target: found.text for link in links.prose_links(notebook)
            if not link.chapter and (found := found_target(record, link.target))}


def countries(rows, pages, members):
    """The index of the profiles and their archive: pairs of file name and text or bytes.

    rows: {name of the state: (page, what `named` gives)}; pages: {page: HTML}; members: how many
    states there are.
    """
    about = f"{len(rows)} of the {members} UN members are built here; make countries builds all."
    if len(rows) == members:
        about = f"All {members} UN members."
    widths = [[tree.node("AlignLeft"), tree.node("ColWidthDefault")]] * (len(SHOWN) + 1)
    lines = [[cell(tree.link(name, f"{page}.html"), "row"),
              *(cell(tree.string(text)) for text in shown(said))]
             for name, (page, said) in sorted(rows.items())]
    head = [cell(tree.string(text), "col") for text in ("Country", *(text for text, _ in SHOWN))]
    table = tree.node(
        "Table", tree.attr("countries"), [None, []], widths,
        [tree.attr(), [[tree.attr(), head]]],
        [[tree.attr(), 1, [], [[tree.attr(), line] for line in lines]]], [tree.attr(), []])
    index = edition.html_document(
        [tree.header(1, "Profiles of countries", "profiles"),
         tree.para(about, " Values and ranks are those at the end of each profile, which has their "
                   "years, the world’s medians and the sources."),
         tree.node("BulletList", [[tree.node("Plain", [
             tree.link("All pages of this list as a zip file", "countries.zip")])]]),
         tree.div(["scroll"], [table], role="region", tabindex="0",
                  **{"aria-label": "Profiles of countries"})],
        "Profiles of countries", home=True)
    yield COUNTRIES, index
    yield "countries.zip", zipped({COUNTRIES: index.encode()} | {
        f"{page}.html": pages[page] for page, _ in sorted(rows.values(), key=lambda one: one[0])})


def shown(said):
    """What the index shows of a profile: a reason why there is no value once, then dashes.

    >>> shown({"access/internet-use/value": "none: no row", "access/internet-use/rank":
    ...        "none: no row", "egov/egdi/value": "0.7", "egov/egdi/rank": "56th"})
    ['none: no row', '–', '0.7', '56th', '–']
    """
    texts = [said.get(key, "–") for _, key in SHOWN]
    return ["–" if text in texts[:n] else text for n, text in enumerate(texts)]


def cell(inline, scope=""):
    """A cell of a table; scope: "row" or "col" where it heads one."""
    return [tree.attr("", (), **({"scope": scope} if scope else {})), tree.node("AlignDefault"), 1,
            1, [tree.node("Plain", [inline])]]


# --- the front page ------------------------------------------------------------------------

def index(notebooks, downloads=()):
    """index.html: asked and found (paper/front-matter.md), chapters, supplements, downloads.

    notebooks: {name: executed notebook}; downloads: {file name: bytes that it weighs}.
    """
    read = [edition.chapter(notebook, name) for name, notebook in notebooks.items()]
    front = edition.front_matter(edition.front_text(), read)
    references = edition.compose([front])
    profiles = [one for one in read if one.name.startswith("profile-")]
    chapters = [one for one in read if one.home == "paper"]
    supplements = [name for name in notebooks if not name.startswith("profile-")
                   and name not in {one.name for one in chapters}]
    front.blocks += [block for one in read for block in shown_figures(one, front)]
    listed = {"Chapters": [one.name for one in chapters], "Supplements": supplements}
    for title, names in listed.items():
        if names:
            front.blocks += section(title, tree.node("BulletList", [
                chapter_lines(name, notebooks[name]) for name in names]))
    if "claims.json" in downloads:
        about = ledger_page.TITLE.partition(": ")[2].capitalize()
        front.blocks += section("The ledger", tree.para(
            tree.link(about, "ledger.html"),
            ", with the arithmetic, the sources and what would decide what is open."), "ledger")
    if profiles:
        links = [part for one in profiles for part in (
            tree.string(" · "), tree.link(one.about, f"{one.name}.html"))]
        links += [tree.string(" · "), tree.link("all that are built", COUNTRIES)]
        front.blocks += section("Profiles of countries", tree.para(*links[1:]), "profiles")
    if downloads:
        front.blocks += section("Download", tree.node("BulletList", [
            [tree.node("Plain", [tree.link(DOWNLOADS[name], name), size(downloads[name])])]
            for name in downloads]))
    on = edition.read_date(one.record for one in read)
    return edition.html_page(front, references, read=f"Data read up to {on}." if on else "")


def section(title, block, name=""):
    """A heading of the front page and what stands under it."""
    return [tree.header(2, title, name or title.lower()), block]


def shown_figures(one, front):
    """The figures of a chapter that the front page shows, each leading to its place there."""
    blocks = []
    for name in FIGURES.get(one.name, ()):
        bundle = one.record.bundles.get(name, {})
        if bundle.get("kind") != "figure":
            continue
        front.media[f"front-{name}"] = bundle
        more = tree.link("Read\u00a0on", f"{one.name}.html#{name}")
        blocks.append(tree.div(["figure"], [tree.para(bundle["caption"] + ". ", more)],
                               f"front-{name}"))
    return blocks


def chapter_lines(name, notebook):
    """An entry of the contents: its number, if it has one, the title, and under it what it asks."""
    number = edition.chapter_number(name)
    title = tree.typographic_quotes(links.title(notebook, name))
    asks = [tree.typographic_quotes(text) for level, text in links.sections(notebook)
            if level == 2 and text.endswith("?")][:QUESTIONS]
    inlines = [tree.string(f"{number} ")] if number else []
    inlines.append(tree.link(title, f"{name}.html"))
    if asks:
        inlines += [tree.node("LineBreak"), tree.span(["asks"], " ".join(asks))]
    return [tree.node("Plain", inlines)]


def size(weight):
    """How much a download weighs, in megabytes."""
    return tree.string(f" ({max(weight / 1e6, 0.1):.1f}\u00a0MB)")
