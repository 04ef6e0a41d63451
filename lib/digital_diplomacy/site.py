"""What rests on all chapters: the site's index, the downloads, and every number as JSON."""
import io
import json
import zipfile

from footnoted import edition, links, running
from footnoted.edition import tree

from .claims import page as ledger_page

DATA = "digital-diplomacy-data.zip"
# figures of the front page, where they are drawn
SHOWN = {"04-comparison": ("lag", "parts"), "05-conclusions": ("verdicts",)}
QUESTIONS = 4                                 # headings told under a chapter's title


def pages(notebooks, paper=b"", ledger=None):
    """(file name, text or bytes) of what the site holds besides its chapters.

    `notebooks`: {name: executed notebook}, chapters and profiles in order;
    `paper`: the PDF of them all, `ledger`: what ledger_page.gathered holds; each offered where it
    is given.
    """
    told = json.dumps(numbers(notebooks), ensure_ascii=False, indent=1) + "\n"
    offered = {"paper.pdf": paper, DATA: archive(), "numbers.json": told,
               "claims.json": ledger and ledger_page.claims(ledger)}
    offered = {name: content for name, content in offered.items() if content}
    yield from offered.items()
    if ledger:
        yield "ledger.html", ledger_page.page(ledger)
    yield "index.html", index(notebooks, {name: len(content) for name, content in offered.items()})


def numbers(held):
    """Every number, finding and table cell that rests on rows, as a list of dicts.

    Keys: id (as in links), chapter, kind, label, text, and where there are any value, low, high,
    unit, how, state, rows, origin (a line each) and page (where its passport or table stands).
    """
    found = []
    for name, nb in held.items():
        rec = links.record(nb, name)
        linked = {link.target for link in links.prose_links(nb)}
        for target in _targets(rec):
            found.append(_entry(rec, target, linked))
    return found


def _targets(rec):
    for name, bundle in rec.bundles.items():
        if bundle["kind"] in ("number", "finding"):
            yield name
        elif bundle["kind"] == "table":
            rows = bundle.get("row_keys") or bundle["index"]
            columns = bundle.get("column_keys") or bundle["columns"]
            yield from (f"{name}/{rows[i]}/{columns[j]}" for i, line in enumerate(bundle["cells"])
                        for j, cell in enumerate(line) if cell.get("rows"))


def _entry(rec, name, linked):
    try:
        target = links.find_target(rec, name)
    except LookupError:   # two rows of a table share their labels: told by place, not by name
        return {"id": name, "chapter": rec.name, "kind": "cell", "missing": "label not unique"}
    bundle, origin = target.bundle, target.bundle.get("origin") or {}
    facts = {key: bundle[key] for key in ("value", "low", "high", "unit", "how", "state")
             if bundle.get(key) not in (None, "")}
    anchor = target.anchor if name in linked else target.id if target.kind == "cell" else ""
    return {"id": name, "chapter": rec.name, "kind": target.kind, "label": target.label,
            "text": target.text, **facts, "rows": list(target.rows),
            "origin": [origin.get(row, row) for row in target.rows],
            "page": f"{rec.name}.html" + (f"#{anchor}" if anchor else "")}


def archive():
    """The tables of data/ with their description as one zip, the same bytes every time."""
    stream, folder = io.BytesIO(), running.root() / "data"
    files = [path for path in sorted(folder.glob("*")) if path.suffix in (".csv", ".json", ".md")]
    with zipfile.ZipFile(stream, "w") as held:
        for path in files:
            info = zipfile.ZipInfo(f"data/{path.name}", (2026, 1, 1, 0, 0, 0))
            info.external_attr = 0o644 << 16
            held.writestr(info, path.read_bytes(), zipfile.ZIP_DEFLATED, 9)
    return stream.getvalue() if files else b""


def index(held, downloads=None):
    """index.html: asked and found (paper/front-matter.md), chapters, profiles, downloads.

    `downloads`: {file name: bytes that it weighs}.
    """
    read = [edition.chapter(nb, name) for name, nb in held.items()]
    front = edition.front_matter(edition.front_text(), read)
    references = edition.compose([front])
    chapters = [one for one in read if not one.name.startswith("profile-")]
    profiles = [one for one in read if one.name.startswith("profile-")]
    front.blocks += [block for one in chapters for block in _figures(one, front)]
    front.blocks += _listed("Chapters", "chapters", [_chapter(one, held) for one in chapters],
                            "OrderedList")
    front.blocks += _ledger() if "claims.json" in (downloads or {}) else []
    front.blocks += _profiles(profiles)
    names = {"paper.pdf": "The paper, all chapters in one PDF", DATA: "The tables of data, as CSV",
             "numbers.json": "Every number with its rows, as JSON",
             "claims.json": "Every claim with its checks and its verdict, as JSON"}
    front.blocks += _listed("Download", "download", [
        [[tree.link(names[name], name), *_size(size)]] for name, size in (downloads or {}).items()])
    on = edition.read_date(one.record for one in read)
    return edition.html_page(front, references, read=f"Data read up to {on}." if on else "")


def _figures(one, front):
    """The figures of a chapter that the front page shows, each leading to its place there."""
    bundles, blocks = one.record.bundles, []
    for name in SHOWN.get(one.name, ()):
        if bundles.get(name, {}).get("kind") != "figure":
            continue
        front.media[f"front-{name}"] = bundles[name]
        more = tree.link("Read\u00a0on", f"{one.name}.html#{name}")
        blocks.append(tree.div(["figure"], [tree.para(bundles[name]["caption"] + ". ", more)],
                               f"front-{name}"))
    return blocks


def _chapter(one, held):
    """A line of the contents: the chapter's title, and what it asks."""
    nb = held[one.name]
    title = edition.typographic_quotes(links.title(nb, one.name))
    asked = [edition.typographic_quotes(text) for level, text in links.sections(nb)
             if level == 2 and text.endswith("?")][:QUESTIONS]
    line = [[tree.link(title, f"{one.name}.html")]]
    return line + ([[tree.span(["asks"], " ".join(asked))]] if asked else [])


def _ledger():
    """The way to the ledger, below the chapters."""
    return [tree.header(2, "The ledger", "ledger"), tree.para(
        tree.link(ledger_page.TITLE.partition(": ")[2].capitalize(), "ledger.html"),
        ", with the arithmetic, the sources and what would decide what is open.")]


def _profiles(profiles):
    """The profiles of countries in one line."""
    if not profiles:
        return []
    named = [part for one in profiles for part in (tree.string(" · "), tree.link(
        one.about, f"{one.name}.html"))][1:]
    return [tree.header(2, "Profiles of countries", "profiles"), tree.para(*named)]


def _size(size):
    return [tree.string(f" ({max(size / 1e6, 0.1):.1f}\u00a0MB)")]


def _listed(title, name, items, kind="BulletList"):
    """A heading and its list; an item is lines of inlines."""
    if not items:
        return []
    rows = [[tree.node("Plain", [inline for line in item for inline in
                                 (tree.node("LineBreak"), *line)][1:])] for item in items]
    order = [[1, tree.node("Decimal"), tree.node("Period")]] if kind == "OrderedList" else []
    return [tree.header(2, title, name), tree.node(kind, *order, rows)]

