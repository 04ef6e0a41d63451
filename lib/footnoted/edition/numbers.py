"""Where the numbers of a page come from: a page of cards, and the same as data for its script.

A card has a number, finding or cell of a table: value, rounding interval, arithmetic, and the rows
that it rests on, each with its place. The script of a page shows it beside the number.
"""

import json
from functools import cache
from typing import NamedTuple

from .. import links, running
from ..number import sources_of
from . import document as doc
from .writers import readable_address

FOLDER = "numbers"   # beside the pages
OPEN = 8   # rows that a card shows at once


class Card(NamedTuple):
    """What a reader is told of one value: its place on the page of numbers, text, label, sentences,
    ids of its rows, and the group under which it stands: the text, or a table's caption."""
    anchor: str
    head: str
    label: str
    sentences: list
    rows: tuple
    group: str


def cards(chapter):
    """The cards of a resolved chapter: what its prose links to, then each table cell with rows.

    A figure has its rows as a file beside it.
    """
    made = {}
    for anchor, (target, _) in chapter.uses.items():
        made[anchor] = card(target._replace(anchor=anchor), "In the text")
    for bundle in chapter.record.bundles.values():
        if bundle["kind"] == "table":
            group = f"{chapter.record.labels[bundle['id']]}. {bundle['caption']}"
            for target in links.cells(bundle):
                anchor = chapter.prefix + target.anchor
                if target.rows and anchor not in made:
                    made[anchor] = card(target._replace(anchor=anchor), group)
    return list(made.values())


def card(target, group):
    """The card of a target of links."""
    return Card(target.anchor, *doc.told(target), target.rows, group)


def evidence(chapter):
    """({row id: facts or its line}, {source id: facts}) of all that a chapter rests on."""
    bundles = [*chapter.record.bundles.values(),
               *(target.bundle for target, _ in chapter.uses.values())]
    rows, sources = {}, {}
    for bundle in bundles:
        sources |= bundle["sources"]
        for row, line in bundle["origin"].items():   # a figure's rows have none
            rows.setdefault(row, bundle.get("facts", {}).get(row) or {
                "cells": [["Row", line]], "place": "", "to": ""})
    return rows, sources


def held(chapter):
    """What the page of numbers and the script say, as JSON holds it, each row and source once.

    {"columns": names, "rows": [[text by column, place in the source, place on the site, sources]],
    "sources": {id: [label, address at its publisher, place on the site]}, "cards": {anchor: [head,
    label, sentences, positions of rows, group]}}
    """
    found, (rows, sources) = cards(chapter), evidence(chapter)
    used = list(dict.fromkeys(row for one in found for row in one.rows))
    fullest = sorted(used, key=lambda row: -len(rows[row]["cells"]))  # it has the columns in order
    columns = list(dict.fromkeys(name for row in fullest for name, _ in rows[row]["cells"]))
    at = {row: i for i, row in enumerate(used)}
    texts = {row: dict(rows[row]["cells"]) for row in used}
    lines = [[[texts[row].get(name, "") for name in columns], rows[row]["place"],
              rows[row]["to"], [one for one in sources_of(row) if one in sources]]
             for row in used]
    page = running.settings().get("sources", "")
    named = {one: [label_of(sources[one]), sources[one].get("url", ""), page and f"{page}#{one}"]
             for line in lines for one in line[3]}
    return {"columns": columns, "rows": lines, "sources": named,
            "cards": {one.anchor: [one.head, one.label, one.sentences,
                                   [at[row] for row in one.rows], one.group] for one in found}}


def label_of(source):
    """A source in few words: publisher and year."""
    return " ".join(filter(None, [source["publisher"], str(source.get("year", ""))]))


def script(name, data):
    """The data as a script that a page loads from its folder, where no file can be fetched."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return f"studyNumbers({json.dumps(name)},{text});\n"


def body(name, title, data):
    """The page of numbers as HTML, for those who have no script and for links from elsewhere.

    name, title: of the page that has the numbers; data: as `held` gives it.
    """
    groups = {}
    seen = {}   # rows of a card -> its anchor: a long list stands once
    for anchor, (head, label, sentences, rows, group) in data["cards"].items():
        first = seen.setdefault(tuple(rows), anchor) if len(rows) > OPEN else anchor
        groups.setdefault(group, []).append((anchor, head, label, sentences, rows, first))
    page = templates(doc.TEMPLATES).get_template("numbers.html")
    return page.render(data, name=name, title=title, groups=groups, open=OPEN, zip=zip,
                       used=lambda rows: [any(data["rows"][row][0][i] for row in rows)
                                          for i in range(len(data["columns"]))])


@cache
def templates(folder):
    """The templates of a folder, which escape what they are given and refuse what they are not."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    made = Environment(loader=FileSystemLoader(folder), autoescape=True, trim_blocks=True,
                       lstrip_blocks=True, undefined=StrictUndefined)
    made.filters["shown"] = readable_address
    return made
