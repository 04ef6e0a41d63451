"""The page of data and what it offers: tables and their archive, codebook, rights, keys of JSON."""

import io
import zipfile

from footnoted import edition
from footnoted.edition import tree

from . import data
from .claims import page as ledger_page
from .front import counted, weight

ARCHIVE = "digital-diplomacy-data.zip"
TITLE = "Data: tables, codebook, rights, and what machines read"
DIMENSIONS = ("practice", "attention", "audience", "capacity", "context")  # nearest first
DIRECTIONS = {"higher": "higher", "lower": "lower", "none": "neither"}
RIGHTS = {"yes": "the file too, under that licence",
          "facts only": "facts with attribution, as this study does; not the file or page"}
NUMBERS = {  # keys of numbers.json
    "id": "its name in links of the prose: of a table's cell the table, its row and its column",
    "chapter": "the notebook that remembers it",
    "kind": "number; cell, of a table; finding, a sentence with a condition",
    "label": "what it is, in words",
    "text": "as the prose prints it",
    "value": "the number, in its unit",
    "low": "with high: all values that it may have, as its sources are rounded",
    "high": "see low",
    "unit": "its unit",
    "how": "its arithmetic",
    "state": "of a finding: true, false or undecided",
    "rows": "ids of the rows that it rests on: country, year, indicator or table, source",
    "origin": "the same rows as lines for a reader",
    "page": "its chapter on this site, of a cell the table there",
    "card": "where it is told with its rows, as far as there is such a place",
    "missing": "why an entry has no value",
}


def tables():
    """The tables of datapackage.json that are there: dicts of name, title, file, content, rows and
    fields, in its order."""
    found = []
    for one in data.package().get("resources", ()):
        path = data.root() / one["path"]
        if path.is_file():
            found.append({"name": one["name"], "title": one.get("title", one["name"]),
                          "file": f"data/{path.name}", "content": path.read_bytes(),
                          "rows": len(data.read(one["name"])),
                          "fields": one["schema"]["fields"]})
    return found


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


def files(held):
    """What the page offers of data/, by its name on the site; held: what `tables` gives."""
    more = [path for path in (data.root() / "datapackage.json", data.root() / "README.md")
            if path.is_file()]
    return {one["file"]: one["content"] for one in held} | {
        f"data/{path.name}": path.read_bytes() for path in more}


def codebook():
    """[(dimension, rows of `indicators`, each with the sources of its rows)], nearest first."""
    rows = data.observations().groupby("indicator")["source"]
    uses = {name: sorted(set(sources)) for name, sources in rows}
    held = [row | {"sources": uses.get(row["indicator"], [])}
            for row in data.read("indicators").to_dict("records")]
    return [(dimension, found) for dimension in DIMENSIONS
            if (found := [row for row in held if row["dimension"] == dimension])]


def rights():
    """[(what may be passed on, licence, sources)], a line for each pair, the freest first."""
    rows = data.read("sources").groupby(["redistribute", "licence"], sort=True)
    lines = [(may, licence, part.to_dict("records")) for (may, licence), part in rows]
    return sorted(lines, key=lambda line: (line[0] != "yes", -len(line[2])))


def page(held, sizes):
    """data.html; held: what `tables` gives; sizes: {file of the site: bytes that it weighs}."""
    names = {one["name"] for one in held}
    body = ledger_page.templates().get_template("data.html").render(
        title=TITLE, tables=held, archive=ARCHIVE, sizes=sizes, weight=weight,
        codebook=codebook() if {"indicators", "observations"} <= names else [],
        rights=rights() if "sources" in names else [], may=RIGHTS, directions=DIRECTIONS,
        publishers=data.read("sources").set_index("source")["publisher"].to_dict()
        if "sources" in names else {},
        keys={"numbers.json": NUMBERS, "claims.json": ledger_page.KEYS})
    sections = [{"id": name, "title": title} for name, title in (
        ("tables", "Tables"), ("codebook", "Codebook"), ("machines", "For machines"),
        ("rights", "Rights"))]
    return edition.html_document(
        [tree.node("RawBlock", "html", body)], TITLE, [ledger_page.TEMPLATES / "data.css"],
        sections=sections, description="The study's tables with sources, codebook and rights.",
        **edition.navigation("data"))


def in_words(held):
    """What there is, as the front page says it.

    >>> in_words([{"name": "facts", "rows": 2}])
    '1 table, 2 rows'
    """
    rows = sum(one["rows"] for one in held)
    return f"{counted(held, 'table')}, {rows:,} rows"
