"""Which of two books prints a notebook or a cell: the paper, its supplement, or only the site."""

import re
from fnmatch import fnmatch

from .. import links, running

CHAPTERS = ("[0-9][0-9]-*",)   # names of the paper's notebooks, where a study does not say
ELSEWHERE = {"paper": "in the paper", "supplement": "in the supplement", "site": "on the site"}


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


def chapter_number(name):
    """The number with which a notebook's name begins, "" where it has none.

    >>> [chapter_number(name) for name in ("04-comparison", "S1-robustness", "profile-kaz")]
    ['4', 'S1', '']
    """
    found = re.match(r"([A-Z]?)0*(\d+)-", name)
    return "".join(found.groups()) if found else ""


def named_in_print(name):
    """What print calls a notebook of the supplement, which it cannot lead to; "" of all others."""
    printed = chapter_number(name) and printed_in(name, {}) == "supplement"
    return f"Supplement\u00a0{chapter_number(name)}" if printed else ""
