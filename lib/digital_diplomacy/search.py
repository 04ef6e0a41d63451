"""What the site's search knows: an entry for each place that a reader may look for.

Some dozen lines of script search it (footnoted/templates/search-box.js): it reads all entries in a
few milliseconds, and an index as MiniSearch or lunr build one would rank short titles no better.
"""

import json
from pathlib import Path

from footnoted import edition, links, prose, running
from footnoted.edition import tree

from . import data, front
from .claims import page as ledger_page

CODE = Path(edition.__file__).parents[1] / "templates" / "search-box.js"
TITLE = "Index: everything that the search knows"
KINDS = ("Pages", "Chapters", "Claims", "Figures and tables", "Numbers", "Countries", "Indicators",
         "Sources")  # as a reader sees them, in this order


def entries(notebooks, ledger, numbers):
    """{kind: [(title, text, address)]} of all that can be found; addresses from the front page.

    notebooks: {name: executed notebook}; ledger: what `claims.page.gathered` gives, or None;
    numbers: those of numbers.json. Of the profiles of countries the page alone is an entry.
    """
    chapters = {name: notebook for name, notebook in notebooks.items()
                if not name.startswith("profile-")}
    found = {"Pages": further_pages(),
             "Chapters": [one for name in chapters for one in headings(chapters[name], name)],
             "Figures and tables": [one for name in chapters
                                    for one in shown(chapters[name], name)],
             "Numbers": list(dict.fromkeys(
                 (one["label"], one["text"],
                  one["page"] if one["kind"] == "cell" else one.get("card", one["page"]))
                 for one in numbers
                 if one["chapter"] in chapters and one.get("label") and one.get("text")))}
    if ledger:
        found["Claims"] = [(one["statement"], f"{one['verdict']}, p. {one['page']}",
                            f"ledger.html#{one['id']}") for one in ledger["claims"]]
    return {kind: found[kind] for kind in KINDS if found.get(kind)} | described(notebooks)


def further_pages():
    """The pages of the settings, and the sections of the front page with the ids that it gives."""
    named = [(page["title"], page["short"], f"{page['name']}.html")
             for page in running.settings().get("further", ())]
    return named + [(text, "front page", f"index.html#front-section-{links.slug(text)}")
                    for _, level, text in prose.headings(front.text()) if level == 2]


def headings(notebook, name):
    """A notebook's title and its sections, with the ids that its page gives them."""
    number, title = edition.chapter_number(name), links.title(notebook, name)
    label = f"{number} {title}" if number else title
    found, seen = [(tree.typographic_quotes(label), "", f"{name}.html")], {}
    for level, text in links.sections(notebook):
        slug = links.slug(text)
        seen[slug] = seen.get(slug, 0) + 1
        if level > 1 and seen[slug] == 1:
            found.append((tree.typographic_quotes(text), title.partition(":")[0],
                          f"{name}.html#section-{slug}"))
    return found


def shown(notebook, name):
    """A notebook's figures and tables."""
    return [(tree.typographic_quotes(bundle["caption"]), bundle["kind"],
             f"{name}.html#{bundle['id']}")
            for cell in links.code_cells(notebook) for bundle in links.bundles(cell)
            if bundle["kind"] in ("figure", "table")]


def described(notebooks):
    """Countries, indicators and sources, as far as the tables have them."""
    tables, found = set(data.tables()), {}
    if "countries" in tables:
        found["Countries"] = [
            (row["name"], f"{row['subregion']}, {code}",
             f"{profile}.html" if (profile := f"profile-{code.lower()}") in notebooks
             else f"rows/{code}.html")
            for code, row in data.rows_by("countries", "country").items()]
    if "indicators" in tables:
        found["Indicators"] = [
            (row["name"], f"{row['label_short']}, {row['unit']}, {name}",
             f"data.html#indicator-{name}")
            for name, row in data.rows_by("indicators", "indicator").items()]
    if "sources" in tables:
        found["Sources"] = [(f"{row['publisher']}: {row['title']}", row["vintage"],
                             f"sources.html#{name}")
                            for name, row in data.rows_by("sources", "source").items()]
    return found


def script(found):
    """search.js: the entries and the code that searches them, as pages load it when it is wanted.
    """
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    return f"const studyEntries={text};\n{CODE.read_text(encoding='utf-8')}"


def page(found):
    """search.html: every entry but the numbers as a list, for readers without a script."""
    listed = {kind: rows for kind, rows in found.items() if kind != "Numbers"}
    body = ledger_page.templates().get_template("search.html").render(
        title=TITLE, listed=listed, slug=links.slug, numbers=len(found.get("Numbers", ())))
    sections = [{"id": links.slug(kind), "title": kind} for kind in listed]
    return edition.html_document(
        [tree.node("RawBlock", "html", body)], TITLE, [ledger_page.TEMPLATES / "search-page.css"],
        sections=sections, description="An index of the study by kind.",
        **edition.navigation("index"))
