"""The page of countries: every profile that is built, with what it says; two side by side."""

from pathlib import Path

from footnoted import edition, links
from footnoted.edition import tree

from . import downloads
from .claims import page as ledger_page

TEMPLATES = Path(__file__).parent / "templates"
TITLE = "Countries: profiles of UN members"
PAGE, ARCHIVE = "countries.html", "countries.zip"
# columns of the list, by what the prose of a profile names
SHOWN = {"Internet use": "access/internet-use/value", "Rank": "access/internet-use/rank",
         "E-government index": "egov/egdi/value", "EGDI rank": "egov/egdi/rank",
         "Instagram’s audience": "reach/instagram-audience/value"}


def files(name):
    """{file of the site: ending of the file that `make countries` keeps} of a profile."""
    return {f"{name}.html": "html", f"numbers/{name}.html": "numbers.html",
            f"numbers/{name}.js": "numbers.js"}


def named(notebook, name):
    """{target: text} of what an executed notebook's prose names of its own run."""
    record, found = links.record(notebook, name), {}
    for link in links.prose_links(notebook):
        if not link.chapter:
            try:
                found[link.target] = links.find_target(record, link.target).text
            except LookupError:
                continue
    return found


def shown(said):
    """What the list shows of a profile: a reason why there is no value once, then dashes.

    >>> shown({"access/internet-use/value": "none: no row", "access/internet-use/rank":
    ...        "none: no row", "egov/egdi/value": "0.7", "egov/egdi/rank": "56th"})
    ['none: no row', '–', '0.7', '56th', '–']
    """
    texts = [said.get(key, "–") for key in SHOWN.values()]
    return ["–" if text in texts[:n] else text for n, text in enumerate(texts)]


def pages(rows, held, members):
    """The page of countries and the archive of profiles: pairs of file name and text or bytes.

    rows: {name of the state: (page, what `named` gives)}; held: {file: bytes} of their pages;
    members: how many states there are.
    """
    listed = [(name, f"{page}.html", shown(said)) for name, (page, said) in sorted(rows.items())]
    script = (TEMPLATES / "countries.js").read_text(encoding="utf-8")
    body = ledger_page.templates().get_template("countries.html").render(
        title=TITLE, listed=listed, columns=[*SHOWN], members=members, archive=ARCHIVE,
        script=script)
    text = edition.html_document([tree.node("RawBlock", "html", body)], TITLE,
                                 [TEMPLATES / "countries.css"], description=TITLE,
                                 **edition.navigation("countries"))
    yield PAGE, text
    yield ARCHIVE, downloads.zipped({PAGE: text.encode()} | dict(sorted(held.items())))
