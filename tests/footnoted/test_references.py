"""What the References say was read: the publisher's page, a copy, an excerpt."""

import pytest

from footnoted.edition import document
from footnoted.edition.references import references
from footnoted.edition.tree import text_of

HOME, COPY, DAY = "https://example.org/home", "https://example.com/copy.csv", "2026-11-24"


class Record:
    """A record whose one bundle rests on these sources."""

    def __init__(self, **sources):
        self.bundles = {"a": {"sources": sources}}


def source(**more):
    return {"publisher": "A publisher", "title": "a title of NASA in lower case", "year": "2022",
            "url": HOME, "accessed": DAY, "licence": ""} | more


def printed(**sources):
    """The text of each reference, by its id."""
    entries = document.read([document.Chapter("x", None)], references([Record(**sources)]))
    return {entry["c"][0][0].removeprefix("ref-"): text_of(entry["c"][1]) for entry in entries}


@pytest.mark.parametrize("more, end", [
    ({}, f"Accessed November 24, 2026. {HOME}."),
    ({"copy_kind": "publisher", "copy_url": HOME}, f"Accessed November 24, 2026. {HOME}."),
    ({"copy_kind": "publisher", "copy_url": COPY}, f"{HOME}. Read at {COPY}, November 24, 2026."),
    ({"copy_kind": "mirror", "copy_url": COPY},
     f"{HOME}. Read in the copy {COPY}, November 24, 2026."),
    ({"copy_kind": "excerpt", "copy_url": HOME},
     f"{HOME}. Stored excerpt, read November 24, 2026."),
    ({"copy_kind": "excerpt", "copy_url": COPY, "url": ""},
     f"case.” Stored excerpt of {COPY}, read November 24, 2026."),
    ({"copy_kind": "excerpt", "copy_url": "", "url": ""},
     "case.” Stored excerpt, read November 24, 2026.")])
def test_a_reference_says_what_was_read(more, end):
    said = printed(one=source(**more))["one"]
    assert said.endswith(end) and said.count("24, 2026") == 1
    assert "“a title of NASA in lower case.”" in said  # the style does not touch its letters


def test_addresses_of_copies_are_links():
    entries = document.read([document.Chapter("x", None)], references([Record(
        one=source(copy_kind="mirror", copy_url=COPY))]))
    assert [part["c"][2][0] for part in entries[0]["c"][1][0]["c"] if part["t"] == "Link"] \
        == [HOME, COPY]


def test_a_work_that_was_read_in_a_copy_says_so(orchard_study):
    (orchard_study / "texts" / "works.bib").write_text(
        "@book{pomona1899, author={Pomona, Anna}, title={Apples}, year={1899}}")
    said = printed(pomona1899_copy=source(copy_kind="excerpt", copy_url=COPY, url=""))
    assert list(said) == ["pomona1899"]
    assert said["pomona1899"].startswith("Pomona, Anna. 1899.")
    assert said["pomona1899"].endswith(f"Stored excerpt of {COPY}, read November 24, 2026.")
