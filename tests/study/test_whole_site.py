"""The whole site: every link leads somewhere inside it, no page is heavy."""

import gzip
import html
import json
import posixpath
import re
from urllib.parse import unquote, urlsplit

import lxml.html
import pytest
import runs

PAGE, SEARCH = 60_000, 100_000  # bytes, compressed; of a page without its figures


@pytest.fixture(scope="module")
def site():
    """The folder of the site."""
    return runs.site()


def dead_links(site, asked=None):
    """["page → address"] of the links of a folder's pages that lead out of it, or to nothing.

    asked: {page: HTML} whose links are looked at; those of all pages without it.
    """
    pages = {path.relative_to(site).as_posix(): lxml.html.fromstring(path.read_bytes())
             for path in sorted(site.rglob("*.html"))}
    ids = {name: {*page.xpath("//@id")} for name, page in pages.items()}
    found = []
    asked = {name: lxml.html.fromstring(text) for name, text in (asked or {}).items()} or pages
    for name, page in asked.items():
        for address in {*page.xpath("//a/@href | //link/@href | //@src")}:
            parts = urlsplit(address)
            if parts.scheme in ("http", "https", "mailto", "data"):
                continue
            target = posixpath.normpath(posixpath.join(
                posixpath.dirname(name), unquote(parts.path))) if parts.path else name
            inside = not target.startswith("..") and (site / target).is_file()
            if not inside or unquote(parts.fragment) not in ids.get(target, {""}) | {""}:
                found.append(f"{name} → {address}")
    return found


def test_every_link_and_anchor_leads_somewhere_inside_the_site(site):
    assert len([*site.rglob("*.html")]) > 200
    assert dead_links(site) == []


def test_a_dead_link_is_found(tmp_path):
    (tmp_path / "rows").mkdir()
    (tmp_path / "a.html").write_text(
        '<p id="here"><a href="#here">1</a> <a href="#gone">2</a> <a href="rows/b.html#x%20y">3</a>'
        '<a href="../README.md">4</a> <a href="https://example.org">5</a> <a href="c.csv">6</a>')
    (tmp_path / "rows" / "b.html").write_text('<p id="x y"><a href="../a.html#here">1</a>')
    assert sorted(dead_links(tmp_path)) == ["a.html → #gone", "a.html → ../README.md",
                                            "a.html → c.csv"]


def test_every_page_is_light_without_its_figures(site):
    heavy = {}
    for path in site.rglob("*.html"):
        bare = re.sub(r"<svg.*?</svg>", "", path.read_text(encoding="utf-8"), flags=re.S)
        size = len(gzip.compress(bare.encode(), 9, mtime=0))
        if size > PAGE:
            heavy[path.relative_to(site).as_posix()] = size
    assert heavy == {}


def test_every_entry_of_the_search_leads_somewhere(site):
    text = (site / "search.js").read_text(encoding="utf-8")
    found = json.loads(re.match(r"const studyEntries=(.*);\n", text)[1])
    places = {to for rows in found.values() for *_, to in rows}
    page = "".join(f'<a href="{html.escape(to)}">x</a>' for to in sorted(places))
    assert len(places) > 500 and dead_links(site, {"index.html": page}) == []


def test_what_the_search_loads_is_light(site):
    assert len(gzip.compress((site / "search.js").read_bytes(), 9, mtime=0)) < SEARCH
