"""Which of two books prints a notebook or a cell: the paper, its supplement, or only the site."""

import re
from collections import Counter
from fnmatch import fnmatch

from .. import links, running

CHAPTERS = ("[0-9][0-9]-*",)   # names of the paper's notebooks, where a study does not say
ELSEWHERE = {"paper": "of the paper", "supplement": "of the supplement", "site": "on the site"}
LETTERS = {"paper": "", "supplement": "S"}   # before the numbers of a book's tables and figures


def printed_in(name, nb):
    """Where a notebook is printed: in the "paper", in the "supplement", or "site", on its page.

    Its metadata may say it: {"footnoted": {"edition": "site"}}. Else the study's `chapters` are the
    paper, its `pages` stand on the site, and all others are the supplement.
    """
    if said := nb.get("metadata", {}).get("footnoted", {}).get("edition"):
        return said
    if is_page(name):
        return "site"
    chapters = running.settings().get("chapters", CHAPTERS)
    return "paper" if any(fnmatch(name, pattern) for pattern in chapters) else "supplement"


def is_page(name):
    """Whether a name is that of a page of the site which is no chapter."""
    return any(fnmatch(name, pattern) for pattern in running.settings().get("pages", ()))


def cell_printed_in(cell, home):
    """Where a cell is printed: as its tag says, else where its notebook is.

    home: what `printed_in` says of the notebook.

    >>> cell_printed_in({"metadata": {"tags": ["supplement"]}}, "paper")
    'supplement'
    """
    return next((tag for tag in ("site", "supplement") if tag in links.tags(cell)), home)


def labels(notebooks):
    """{name: {id: (label, book)}} of tables and figures, numbered through each book: "Table 7" of
    the paper, "Figure S2" of the supplement; those of the site alone as on their page.

    notebooks: {name: executed notebook}, in the order of print.
    """
    counts, found = Counter(), {}
    for name, nb in notebooks.items():
        home, record = printed_in(name, nb), links.record(nb, name)
        found[name] = {}
        for cell in links.code_cells(nb):
            book = cell_printed_in(cell, home)
            for bundle in (one for one in links.bundles(cell) if one["id"] in record.labels):
                label = record.labels[bundle["id"]]
                if book in LETTERS:
                    kind = label.partition(" ")[0]
                    counts[book, kind] += 1
                    label = f"{kind} {LETTERS[book]}{counts[book, kind]}"
                found[name][bundle["id"]] = label, book
    return found


def chapter_number(name):
    """The number with which a notebook's name begins, "" where it has none; an introduction's is 0.

    >>> [chapter_number(name) for name in ("04-comparison", "S1-robustness", "00-introduction")]
    ['4', 'S1', '']
    """
    found = re.match(r"([A-Z]?)0*([1-9]\d*)-", name)
    return "".join(found.groups()) if found else ""


def named_in_print(name):
    """What print calls a notebook of the supplement, which it cannot lead to; "" of all others."""
    printed = chapter_number(name) and printed_in(name, {}) == "supplement"
    return f"Supplement\u00a0{chapter_number(name)}" if printed else ""
