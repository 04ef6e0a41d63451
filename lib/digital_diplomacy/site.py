"""What rests on all chapters: the site's index, the downloads, and every number as JSON."""
import io
import json
import zipfile

from . import document as doc
from . import edition, links, tree

DATA = "digital-diplomacy-data.zip"


def pages(notebooks, paper=b""):
    """(file name, text or bytes) of what the site holds besides its chapters.

    `notebooks`: paths of executed notebooks, or {name: notebook}, chapters and profiles in order;
    `paper`: the PDF of them all, offered for download where it is given.
    """
    held = edition.opened(notebooks)
    yield "numbers.json", json.dumps(numbers(held), ensure_ascii=False, indent=1) + "\n"
    data = archive()
    offered = {"paper.pdf": paper, DATA: data}
    yield from ((name, content) for name, content in offered.items() if content)
    yield "index.html", index(held, [name for name, content in offered.items() if content])


def numbers(held):
    """Every number, finding and table cell that rests on rows, as a list of dicts.

    Keys: id (as in links), chapter, kind, label, text, and where there are any value, low, high,
    unit, how, state, rows, origin (a line each) and page (where its passport or table stands).
    """
    found = []
    for name, nb in held.items():
        rec = links.record(nb, name)
        linked = {link.target for link in links.prose(nb)}
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
        target = links.look(rec, name)
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
    stream, folder = io.BytesIO(), doc.REPOSITORY / "data"
    files = [path for path in sorted(folder.glob("*")) if path.suffix in (".csv", ".json", ".md")]
    with zipfile.ZipFile(stream, "w") as held:
        for path in files:
            info = zipfile.ZipInfo(f"data/{path.name}", (2026, 1, 1, 0, 0, 0))
            info.external_attr = 0o644 << 16
            held.writestr(info, path.read_bytes(), zipfile.ZIP_DEFLATED, 9)
    return stream.getvalue() if files else b""


def index(held, downloads=()):
    """index.html: asked and found (paper/front-matter.md), chapters, profiles, downloads."""
    read = [edition.chapter(nb, name) for name, nb in held.items()]
    front = edition.front_matter(edition.front_text(), read)
    references = edition.compose([front])
    chapters = [one for one in read if not one.name.startswith("profile-")]
    profiles = [one for one in read if one.name.startswith("profile-")]
    front.blocks += _listed("Chapters", "chapters", [_chapter(one, held) for one in chapters])
    front.blocks += _listed("Profiles of countries", "profiles",
                            [[tree.link(one.about, f"{one.name}.html")] for one in profiles])
    names = {"paper.pdf": "The paper, all chapters in one PDF", DATA: "The tables of data, as CSV",
             "numbers.json": "Every number with its rows, as JSON"}
    front.blocks += _listed("Download", "download", [[tree.link(names[name], name)]
                                                     for name in (*downloads, "numbers.json")])
    on = edition.read_date(one.record for one in read)
    return edition.page(front, references, read=f"Data read up to {on}." if on else "")


def _chapter(one, held):
    """A line of the contents."""
    texts = [cell["source"] for cell in held[one.name]["cells"]
             if cell["cell_type"] == "markdown"]
    title = next((text for source in texts for _, level, text in links.headings(source)
                  if level == 1), one.name)
    return [tree.link(title, f"{one.name}.html")]


def _listed(title, name, items):
    if not items:
        return []
    return [tree.header(2, title, name),
            tree.node("BulletList", [[tree.node("Plain", item)] for item in items])]

