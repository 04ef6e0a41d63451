"""What the References say was read: the publisher's page, a copy, an excerpt."""

import pytest

from footnoted import display as show
from footnoted.edition import document
from footnoted.edition.references import copy_read, references
from digital_diplomacy.data import read
from footnoted.edition.tree import text_of

HOME, COPY, DAY = "https://example.org/home", "https://example.com/copy.csv", "2026-11-24"


class Record:
    """A record whose one bundle rests on these sources."""

    def __init__(self, **sources):
        self.bundles = {"a": {"sources": sources}}


def source(**more):
    return {"publisher": "A publisher", "title": "a title of UN DESA in lower case", "year": "2022",
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
    assert "“a title of UN DESA in lower case.”" in said  # the style does not touch its letters


def test_addresses_of_copies_are_links():
    entries = document.read([document.Chapter("x", None)], references([Record(
        one=source(copy_kind="mirror", copy_url=COPY))]))
    assert [part["c"][2][0] for part in entries[0]["c"][1][0]["c"] if part["t"] == "Link"] \
        == [HOME, COPY]


def test_a_work_that_was_read_in_a_copy_says_so():
    said = printed(manor2018_page=source(copy_kind="excerpt", copy_url=COPY, url=""))
    assert said["manor2018"].startswith("Manor, Ilan. 2018.")
    assert said["manor2018"].endswith(f"Stored excerpt of {COPY}, read November 24, 2026.")


def test_every_source_of_the_study_says_what_was_read(real):
    rows = read("sources").set_index("source")
    for name, row in rows.iterrows():
        said, mirror = copy_read(show.card(name)), row["copy_kind"] == "mirror"
        assert bool(said) == (row["copy_kind"] != "publisher" or row["copy_url"] != row[
            "publisher_url"]), name
        assert not mirror or f"in the copy {row['copy_url']}," in said, name
        assert row["copy_kind"] != "excerpt" or said.startswith("Stored excerpt"), name
