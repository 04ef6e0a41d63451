"""Pages of what the numbers rest on: the rows by country and by indicator, and the sources."""

from functools import cache
from pathlib import Path

from markupsafe import Markup

from footnoted import edition
from footnoted.edition import numbers, tree
from footnoted.links import slug

from . import data, places

TEMPLATES = Path(__file__).parent / "templates"
MANY = 20   # countries from which an indicator has a table of its own
BODY, TITLE = "here-the-body-stands", "here-the-title-stands"
COUNTED = {"debate_words", "debate_digital"}   # counts of statements, a section of their own
# What a page of sources says of one, in this order: column, and its words
SAID = {"vintage": "Vintage", "published": "Published", "publisher_url": "At its publisher",
        "copy_url": "Copy that was read", "copy_kind": "Kind of copy", "repository": "Repository",
        "commit": "Commit", "path": "File", "sha256": "SHA-256 of the file", "read_on": "Read on",
        "licence": "Licence", "redistribute": "May be redistributed",
        "how_to_get": "How to get it again", "note": "Note"}


def pages():
    """All pages of evidence: pairs of file name below the site and HTML."""
    rows = data.observations().to_dict("records")
    titles = data.rows_by("sources", "source")
    codebook = data.rows_by("indicators", "indicator")
    for code, held in grouped(rows, "country").items():
        yield from page(f"rows/{code}.html", "country", f"Rows of {data.names()[code]}",
                        groups=by_indicator(held, codebook), sources=titles,
                        statements=statements(held), anchor=places.anchor)
    indicators = grouped(rows, "indicator")
    wide = {name for name, held in indicators.items() if len(grouped(held, "country")) >= MANY}
    for name in sorted(wide):
        yield from page(f"rows/{name}.html", "indicator", codebook[name]["name"],
                        about=codebook[name], tables=by_source(indicators[name]), sources=titles,
                        section="statements" if name in COUNTED else name)
    further = places.TABLES | {"article": "Numbers of the article"}
    for name in sorted(further.keys() & set(data.tables())):
        frame = data.read(name)
        keys = data.dated_rows(name) if name in data.SAYS else data.rows_by(name, "id")
        yield from page(f"rows/{name}.html", "table", further[name], name=name,
                        columns=frame.columns.tolist(), sources=titles,
                        rows=[(slug(key), row) for key, row in keys.items()])
    yield from page("sources.html", "sources", "Sources", said=SAID, listed=titles.values(),
                    used=uses(rows, wide))


def grouped(rows, column):
    """The rows by what they have in a column, both in their order: {value: rows}."""
    found = {}
    for row in rows:
        found.setdefault(row[column], []).append(row)
    return dict(sorted(found.items()))


def by_indicator(rows, codebook):
    """[(indicator, its row of the codebook, its observations)] of a country, newest first."""
    return [(name, codebook[name], [observed(row) for row in newest_first(held)])
            for name, held in grouped(rows, "indicator").items() if name not in COUNTED]


def newest_first(rows):
    """Rows by year, the last one first."""
    return sorted(rows, key=lambda row: -row["year"])


def observed(row):
    """A row as its page has it: when, what was printed, source, place."""
    return {"when": row["date"] or str(row["year"]), "printed": data.as_printed(row),
            "source": row["source"], "place": row["locator"]}


def statements(rows):
    """The counts of a country's statements at the UN: year, words, digital words, source, file."""
    found = {}
    for row in newest_first(row for row in rows if row["indicator"] in COUNTED):
        one = found.setdefault((row["year"], row["source"]), {
            "year": row["year"], "source": row["source"], "place": row["locator"]})
        one[row["indicator"]] = data.as_printed(row).removesuffix(", computed")
    return list(found.values())


def by_source(rows):
    """Tables of an indicator's observations: those of a source with several years one by one, all
    surveys and vintages of a single year together.

    [(source or "", [(year, source)], {country: {(year, source): printed text}})]
    """
    made = {}
    for source, held in grouped(rows, "source").items():
        several = len({row["year"] for row in held}) > 1
        columns, cells = made.setdefault(source if several else "", (set(), {}))
        for row in held:
            text = row["missing"] or row["printed"] or f"{row['value']:,.10g}"
            columns.add((row["year"], source))
            cells.setdefault(row["country"], {})[row["year"], source] = text
    return [(source, sorted(columns), dict(sorted(cells.items())))
            for source, (columns, cells) in sorted(made.items())]


def uses(rows, wide):
    """{source: {indicator: (number of rows, an address of them)}}: what was read from a source.

    wide: the indicators that have a page of their own.
    """
    found = {}
    for row in rows:
        name, source = row["indicator"], row["source"]
        n, to = found.setdefault(source, {}).get(name) or (
            0, f"rows/{name}.html#{source}" if name in wide else places.place(row["row"]))
        found[source][name] = n + 1, to
    return {source: dict(sorted(held.items())) for source, held in found.items()}


def page(file, template, title, **values):
    """One page of evidence: its file name and HTML."""
    base = "../" * file.count("/")
    inner = numbers.templates(TEMPLATES).get_template(f"{template}.html").render(
        title=title, base=base, countries=data.names(), source_link=source_link,
        labels=data.rows_by("indicators", "indicator"), **values)
    yield file, shell(base, "sources" if file == "sources.html" else "index").replace(
        BODY, inner).replace(TITLE, title)


@cache
def source_link(base):
    """A function that gives the link to a source by its id; base: the way to the site's folder."""
    @cache
    def led(name):
        address = f"{base}sources.html#{name}"
        return Markup('<a href="{}">{}</a>').format(address, data.citation(name))
    return led


@cache
def shell(base, name):
    """A page of the site around a body that is put in later: one call of pandoc for all pages."""
    body = [tree.node("RawBlock", "html", BODY)]
    return edition.html_document(body, TITLE, [TEMPLATES / "evidence.css"],
                                 **edition.navigation(name, base))


