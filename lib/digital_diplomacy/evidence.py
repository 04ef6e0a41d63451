"""Pages of what the numbers rest on: the rows by country and by indicator, and the sources."""

from functools import cache
from pathlib import Path

from footnoted import edition
from footnoted.edition import tree, writers
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
    frame = data.observations()
    titles = data.rows_by("sources", "source")
    codebook = data.rows_by("indicators", "indicator")
    for code, rows in frame.groupby("country", sort=True):
        yield from page(f"rows/{code}.html", "country", f"Rows of {data.names()[code]}",
                        groups=by_indicator(rows, codebook), sources=titles,
                        statements=statements(rows), anchor=places.anchor)
    for name, rows in frame.groupby("indicator", sort=True):
        if rows["country"].nunique() >= MANY:
            yield from page(f"rows/{name}.html", "indicator", codebook[name]["name"],
                            about=codebook[name], tables=by_source(rows), sources=titles)
    for name, title in (places.TABLES | {"article": "Numbers of the article"}).items():
        frame = data.read(name)
        keys = frame.apply(data.dated_key, axis=1) if name in data.SAYS else frame["id"]
        yield from page(f"rows/{name}.html", "table", title, name=name,
                        columns=frame.columns.tolist(), sources=titles,
                        rows=[(slug(key), row) for key, row in zip(keys, frame.to_dict("records"))])
    yield from page("sources.html", "sources", "Sources", said=SAID,
                    listed=data.read("sources").to_dict("records"),
                    used=frame_of_uses(data.observations()))


def by_indicator(rows, codebook):
    """[(indicator, its row of the codebook, its observations)] of a country, newest first."""
    rows = rows[~rows["indicator"].isin(COUNTED)].sort_values("year", ascending=False, kind="stable")
    return [(name, codebook[name], [observed(row) for row in part.to_dict("records")])
            for name, part in rows.groupby("indicator", sort=True)]


def observed(row):
    """A row as its page has it: when, what was printed, source, place."""
    return {"when": row["date"] or str(row["year"]), "printed": data.as_printed(row),
            "source": row["source"], "place": row["locator"], "country": row["country"]}


def statements(rows):
    """The counts of a country's statements at the UN: year, words, digital words, source, file."""
    counted = rows[rows["indicator"].isin(COUNTED)]
    found = {}
    for row in counted.sort_values("year", ascending=False, kind="stable").to_dict("records"):
        one = found.setdefault((row["year"], row["source"]), {"place": row["locator"]})
        one[row["indicator"]] = data.as_printed(row).removesuffix(", computed")
    return [{"year": year, "source": source, **one} for (year, source), one in found.items()]


def by_source(rows):
    """Tables of an indicator's observations: those of a source with several years one by one, all
    surveys and vintages of a single year together.

    [(source or "", [(year, source)], {country: {(year, source): printed text}})]
    """
    several = rows.groupby("source")["year"].transform("nunique") > 1
    made = []
    for source, part in rows.groupby(rows["source"].where(several, ""), sort=True):
        cells = {}
        for row in part.to_dict("records"):
            text = row["missing"] or row["printed"] or f"{row['value']:,.10g}"
            cells.setdefault(row["country"], {})[row["year"], row["source"]] = text
        made.append((source, sorted({column for held in cells.values() for column in held}), cells))
    return made


def frame_of_uses(frame):
    """{source: {indicator: (rows, an address of them)}}: what was read from a source."""
    found = {}
    for (source, name), part in frame.groupby(["source", "indicator"], sort=True):
        many = frame.loc[frame["indicator"] == name, "country"].nunique() >= MANY
        row = part.iloc[0]
        found.setdefault(source, {})[name] = (
            len(part), f"rows/{name}.html#{source}" if many else places.place(row["row"]))
    return found


def page(file, template, title, **values):
    """One page of evidence: its file name and HTML."""
    base = "../" * file.count("/")
    inner = templates().get_template(f"{template}.html").render(
        title=title, base=base, countries=data.names(),
        labels=data.rows_by("indicators", "indicator"), **values)
    yield file, shell(base, "sources" if file == "sources.html" else "").replace(
        BODY, inner).replace(TITLE, title)


@cache
def shell(base, name):
    """A page of the site around a body that is put in later: one call of pandoc for all pages."""
    body = [tree.node("RawBlock", "html", BODY)]
    return edition.html_document(body, TITLE, [TEMPLATES / "evidence.css"],
                                 **edition.navigation(name or "sources", base, here=bool(name)))


@cache
def templates():
    """The templates, which escape what they are given and refuse what they are not given."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    made = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True,
                       lstrip_blocks=True, undefined=StrictUndefined)
    made.filters |= {"shown": writers.readable_address}
    return made
