"""Where a row stands on the site, and what a reader's table says of it."""

from footnoted.links import slug
from footnoted.number import sources_of

from . import data

# Tables of which the site has a page; the rows of others stand on the page of their country.
TABLES = {"absences": "What was looked for and not found", "milestones": "Milestones",
          "recommendations": "What bears on the recommendations", "terms": "Terms"}


def place(rowid):
    """The address of a row on the site, from its front page.

    An observation stands on its country's page, a value of all UN members in its indicator's table,
    a number of the article at the claim that it belongs to.

    >>> place("KAZ/2023/internet_use/gapminder_internet_users")
    'rows/KAZ.html#internet_use-2023-gapminder_internet_users'
    >>> place("UN193/2012/epi/undesa_egdi_2012#190"), place("/2003/sources:dizard2001_page/")
    ('rows/epi.html#y2012', 'sources.html#dizard2001_page')
    """
    country, year, what, source = rowid.split("/", 3)
    table, named, key = what.partition(":")
    if table == "article":
        claims = claims_of_numbers().get(key)
        return f"ledger.html#{claims[0]}" if claims else f"rows/article.html#{slug(key)}"
    if table == "speech":
        return f"rows/{country}.html#statements" if country in data.names() else \
            "sources.html#" + sources_of(rowid)[0]
    if named:
        return {"claims": f"ledger.html#{key}", "sources": f"sources.html#{key}"}.get(
            table, f"rows/{table}.html#{slug(key)}")
    if country == data.WORLD:
        return f"rows/{what}.html" + (f"#y{year}" if year.isdigit() else "")  # not several years
    if "#" in source:   # a sum over the statements of several years
        return f"rows/{country}.html#statements"
    return f"rows/{country}.html#{anchor(what, year, source)}"


def anchor(indicator, year, source):
    """Where an observation stands on its country's page."""
    return f"{indicator}-{year}-{source}"


@data.cached_by_tables
def claims_of_numbers():
    """{id of a number of the article: ids of the claims that hold it}."""
    found = {}
    for claim in data.read("claims").to_dict("records") if "claims" in data.tables() else ():
        for name in claim["numbers"].split():
            found.setdefault(name, []).append(claim["id"])
    return found


def facts(rowid):
    """What a table of rows says of one: {"cells": pairs of column and text, "place": where the
    source has it, "to": where the site has it}.

    >>> facts("KAZ/2023/internet_use/gapminder_internet_users")["cells"][-1]
    ['As printed', '92.8785']
    >>> facts("UN193/2012/epi/undesa_egdi_2012#190")["cells"][0]
    ['Country', '190 UN members']
    """
    country, year, what, source = rowid.split("/", 3)
    table, named, key = what.partition(":")
    n = source.partition("#")[2]
    span = year.replace("-", "–") if len(year) == 9 else year   # 2017-2024 is no date
    said = {"Country": data.names().get(country, ""), "Year": span}
    if table in ("article", "claims"):
        row = data.rows_by(table, "id")[key]
        said |= {"Year": "", "What": row["statement"], "As printed": row.get("printed", ""),
                 "place": f"p. {row['page']}"}
    elif table == "speech":
        said["What"] = data.origin(rowid).partition(" (")[0].split(", ", 2)[-1]
    elif table == "absences":
        said["What"] = data.rows_by("absences", "id")[key]["statement"]
    elif named:
        row = data.dated(table, key)[0]
        said |= {"What": key if table == "terms" else row[data.SAYS[table]],
                 "place": row.get("locator", "")}
    elif n:
        said |= {"Country": said["Country"] or f"{n} UN members",
                 "What": data.rows_by("indicators", "indicator")[what]["label_short"]}
    else:
        row = data.observation(rowid)
        said |= {"What": data.rows_by("indicators", "indicator")[what]["label_short"],
                 "As printed": data.as_printed(row), "place": row["locator"]}
    where = said.pop("place", "")
    return {"cells": [[column, text] for column, text in said.items() if text],
            "place": where, "to": place(rowid)}
