"""What rests on all chapters: front page, data, search, the books, every number as JSON."""

import json

from footnoted import conditions, edition, links
from footnoted.edition import tree
from footnoted.edition.numbers import FOLDER

from . import data, downloads, front, search
from .claims import page as ledger_page

# pages that were: {name: the notebooks that hold now what stood there}
MOVED = {"06-appendix": ("S1-robustness", "S2-speeches", "S3-ledger", "S4-appendix")}


def pages(notebooks, ledger=None):
    """What the site holds besides its chapters and its front: pairs of file name and text or bytes.

    notebooks: {name: executed notebook}, chapters, supplements and profiles in order; ledger: what
    `claims.page.gathered` gives, if there is one.
    """
    tables, counted = downloads.tables(), numbers(notebooks)
    offered = {
        downloads.ARCHIVE: downloads.archive(),
        "numbers.json": json.dumps(counted, ensure_ascii=False, indent=1) + "\n",
        "claims.json": ledger and ledger_page.claims(ledger),
        "claims.csv": ledger and ledger_page.claims_csv(ledger)} | downloads.files(tables)
    offered = {name: content for name, content in offered.items() if content}
    yield from offered.items()
    if tables:
        sizes = {name: len(content) for name, content in offered.items()}
        yield "data.html", downloads.page(tables, sizes)
    if ledger:
        yield "ledger.html", ledger_page.page(ledger)
        yield "rules.html", ledger_page.rules_page(ledger)
    for name, now in MOVED.items():
        if set(now) <= notebooks.keys():
            yield f"{name}.html", moved_page({one: notebooks[one] for one in now})
    yield from ((f"notebooks/{name}.ipynb", without_outputs(notebook))
                for name, notebook in notebooks.items() if not edition.is_page(name))
    found = search.entries(notebooks, ledger, counted)
    yield "search.js", search.script(found)
    yield "search.html", search.page(found)


def front_pages(notebooks, files, ledger=None):
    """The front page: {file name: text}.

    notebooks, ledger: as `pages` has them; files: {file of the site that is offered: its bytes}.
    """
    facts, tables = {}, downloads.tables()
    if tables:
        facts["data"] = downloads.in_words(tables)
    if front.countries_page():
        facts["countries"] = f"{len(data.names())} UN members"
    if ledger:
        weighed = [one for one in ledger["claims"] if not one["apart"]]
        facts["claims"] = f"{len(weighed)} claims, each with its verdict"
    return front.pages(notebooks, files, facts)


def numbers(notebooks):
    """Every number, comparison and table cell that rests on rows, as a list of dicts.

    Keys: id (with a table's own keys, of which a link has the slugs), chapter, kind, label, text,
    and where there are any value, low, high, unit, how, state, rows, origin (a line each), page
    (of the chapter, or its table there) and card (where it is told on the page of numbers).
    """
    found = []
    for name, notebook in notebooks.items():
        record = links.record(notebook, name)
        named = dict.fromkeys(link.target for link in links.prose_links(notebook)
                              if not link.chapter)
        linked = {target.anchor for one in named if (target := found_target(record, one))}
        held = [target for bundle in record.bundles.values() for target in targets(bundle)]
        compared = [target for target in named if conditions.parsed(target)]
        found += [number_entry(record, target, linked) for target in (*held, *compared)]
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


def number_entry(record, name, linked):
    """A target of links as a dict for numbers.json; linked: the anchors of those in the prose."""
    target = found_target(record, name)
    if target is None:  # two rows of a table share their labels
        return {"id": name, "chapter": record.name, "kind": "cell", "missing": "label not unique"}
    bundle, origin = target.bundle, target.bundle.get("origin") or {}
    facts = {key: bundle[key] for key in ("value", "low", "high", "unit", "how", "state")
             if bundle.get(key) not in (None, "")}
    shown = target.kind == "cell"
    told = shown or target.anchor in linked
    return {"id": name, "chapter": record.name, "kind": target.kind, "label": target.label,
            "text": target.text, **facts, "rows": list(target.rows),
            "origin": [origin.get(row, row) for row in target.rows],
            "page": f"{record.name}.html" + (f"#{target.id}" if shown else "")} | (
        {"card": f"{FOLDER}/{record.name}.html#{target.anchor}"} if told else {})


def without_outputs(notebook):
    """A notebook as its author wrote it, as text: outputs, which its page shows, left out."""
    cells = [cell | {"outputs": [], "execution_count": None} if cell["cell_type"] == "code"
             else cell for cell in map(dict, notebook["cells"])]
    return json.dumps(dict(notebook) | {"cells": cells}, ensure_ascii=False, indent=1) + "\n"


def moved_page(notebooks):
    """A page at an old address: it leads to the front page's list, and names what is there now."""
    entries = tree.node("BulletList", [front.chapter_lines(*one) for one in notebooks.items()])
    target = "index.html#supplements"
    return edition.html_document(
        [tree.header(1, "This page has moved", "moved"),
         tree.para("What stood here is now in the ", tree.link("supplements", target), ":"),
         entries], "This page has moved", home=True, refresh=target)
