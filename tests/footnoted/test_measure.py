"""How long books and sentences are: counts worked by hand."""

import by_hand as hand
import pytest

from footnoted import edition, prose
from footnoted.edition import measure

NAME = "02-hillside"
pytestmark = pytest.mark.usefixtures("orchard_home")
LONG = " ".join(["word"] * 36)


@pytest.mark.parametrize("source, found", [
    ("One (p. 3). Two by B.Kh. Allamurodov? Three.", ["One (p. 3).",
                                                       "Two by B.Kh. Allamurodov?", "Three."]),
    ("He said “yes.” Then no. 5 of 6.", ["He said “yes.”", "Then no.", "5 of 6."]),
    ("- a point\n- another, of 3.5 %\n\n| a cell. |\n|---|\n| Of a table. |", [
        "a point", "another, of 3.5 %"]),
    ("# Head. Line\n\n`Code.text` stays [@x, p. 3].\n\n    block. Code", ["Code.text stays."]),
])
def test_sentences(source, found):
    assert prose.sentences(source) == found


def table_of(words):
    """A table whose longest cell has so many words."""
    cells = [[hand.cell(" ".join(["w"] * words), align="left"), hand.cell("x", align="left")]]
    return hand.table("rest", index=["a"], row_keys=["a"], cells=cells)


def tagged():
    """A chapter with two long sentences, one of them in its supplement."""
    more = hand.text(f"Some {LONG}. Short.", "more")
    more.metadata["tags"] = ["supplement"]
    table = table_of(13)
    return hand.notebook(f"Only {LONG}.", extra=[more, hand.code("dd.table('rest', x)", table)])


def test_sentences_are_counted_where_they_are_printed():
    found = [one for one in measure.sentences({NAME: tagged()}) if one.name == NAME]
    assert [(one.words, one.book, one.cell) for one in found] == [
        (5, "paper", "opening"), (37, "paper", "prose"), (37, "supplement", "more"),
        (1, "supplement", "more")]


def test_a_row_counts_long_sentences_with_their_share():
    assert measure.row("a", 2.25, [25, 26, 36, 5], 1, 2) == (
        "a", "2.2", "1", "2", "92", "4", "2 (50%)", "1 (25%)")
    assert measure.row("a", None, [], 0, 0) == ("a", "", "0", "0", "0", "0", "", "")


def test_pages_of_a_book_are_told_by_its_parts():
    nb = hand.notebook("  \n".join(["A line."] * 70))
    pages, parts = edition.pages("paper", {NAME: nb, "03-valley": hand.notebook()})
    assert list(parts) == ["Front matter", NAME, "03-valley", "References"]
    assert pages == 3 and 0 < parts["Front matter"] < 0.2 < 1.4 < parts[NAME] < 2.2
    assert 2 < sum(parts.values()) < 3 + 1
    assert edition.pages("supplement", {NAME: nb}) == (0, {})


def test_the_report_names_paragraphs_in_tables_and_the_longest_sentences():
    said = measure.report({NAME: tagged()})
    assert "  13  02-hillside, Table 2, paper, #rest" in said.splitlines()
    assert f"  37  02-hillside, prose: Only {LONG}." in said.splitlines()
    assert [line.split()[0] for line in said.splitlines() if line and line[0] != " "] == [
        "paper", "supplement", "The", "Tables"]


def test_a_cell_of_twelve_words_is_no_paragraph():
    twelve, thirteen = ({NAME: hand.notebook(extra=[hand.code("dd.table('rest', x)", table_of(n))])}
                        for n in (12, 13))
    assert measure.wordy_cells(twelve) == []
    assert [words for *_, words in measure.wordy_cells(thirteen)] == [13]
