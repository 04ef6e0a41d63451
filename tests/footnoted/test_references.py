"""What the References say was read: the publisher's page, a copy, an excerpt."""

import pytest

from footnoted.edition import document
from footnoted.edition.references import head_note, references
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
     f"{HOME}."),
    ({"copy_kind": "excerpt", "copy_url": COPY, "url": ""},
     f"case.” Stored excerpt of {COPY}."),
    ({"copy_kind": "excerpt", "copy_url": "", "url": ""}, "case.”"),
    ({"copy_kind": "excerpt", "how": "Read in a scan."}, f"{HOME}. Read in a scan.")])
def test_a_reference_says_what_was_read(more, end):
    said = printed(one=source(**more))["one"]
    assert said.endswith(end)
    assert said.count("24, 2026") == (more.get("copy_kind") != "excerpt")
    assert "“a title of NASA in lower case.”" in said  # the style does not touch its letters


def test_only_an_excerpt_of_another_month_says_when_it_was_read():
    pages = {"copy_kind": "excerpt", "copy_url": HOME}
    said = printed(a=source(**pages), b=source(**pages | {"accessed": "2026-11-02"}),
                   c=source(**pages | {"accessed": "2027-01-05"}))
    assert [text.partition(HOME)[2] for text in said.values()] == [
        ".", ".", ". Stored excerpt, read January 5, 2027."]
    record = Record(a=source(**pages))
    assert text_of(head_note([record])[0]["c"][1]).endswith(
        "Pages were read as stored excerpts in November 2026 unless said otherwise.")
    assert head_note([Record(a=source())]) == []


def test_a_person_is_sorted_by_the_surname():
    said = printed(a=source(publisher="P. Gildersleve"), b=source(publisher="Harbour Office"))
    assert [text[:15] for text in said.values()] == ["Gildersleve, P.", "Harbour Office."]


def test_a_file_of_a_repository_is_named_and_its_link_is_whole():
    url = f"https://github.com/apples/trees/blob/{'0a' * 20}/data/rows.csv"
    entry, = document.read([document.Chapter("x", None)], references([Record(
        one=source(copy_kind="mirror", copy_url=url))]))
    said = text_of(entry["c"][1])
    assert said.endswith("Read in the copy github.com/apples/trees, rows.csv, November 24, 2026.")
    assert [part["c"][2][0] for part in entry["c"][1][0]["c"] if part["t"] == "Link"] == [HOME, url]


def test_addresses_of_copies_are_links():
    entries = document.read([document.Chapter("x", None)], references([Record(
        one=source(copy_kind="mirror", copy_url=COPY))]))
    assert [part["c"][2][0] for part in entries[0]["c"][1][0]["c"] if part["t"] == "Link"] \
        == [HOME, COPY]


def test_a_work_that_was_read_in_a_copy_says_so(orchard_study):
    (orchard_study / "texts" / "works.bib").write_text(
        "@incollection{pomona1899, author={Pomona, Anna}, title={Apples}, booktitle={Fruit},\n"
        " year={1899}, pages = {7--9}}")
    said = printed(pomona1899_copy=source(copy_kind="excerpt", copy_url=COPY, url=""))
    assert list(said) == ["pomona1899"]
    assert said["pomona1899"].startswith("Pomona, Anna. 1899.")
    assert said["pomona1899"].endswith(f"Pp. 7–9. Stored excerpt of {COPY}.")


def test_an_excerpt_of_the_printed_address_is_said_once(orchard_study):
    (orchard_study / "texts" / "works.bib").write_text(
        f"@misc{{pomona1899, author={{Pomona, Anna}}, title={{Apples}}, url={{{COPY}}}}}")
    said = printed(pomona1899_copy=source(copy_kind="excerpt", copy_url=COPY, url=""))
    assert said["pomona1899"].count(COPY) == 1 and "excerpt" not in said["pomona1899"]
