"""The paper as a book: its order, what its introduction promises, what it points to and cites."""

import json
import re

import nbformat
import pytest
import rules
from runs import ROOT, read

from digital_diplomacy.data import read as read_table
from footnoted import links
from footnoted.edition import books, document

PAPER = ["00-introduction", "01-theory", "02-kazakhstan", "03-uzbekistan", "04-comparison",
         "05-conclusions"]
SUPPLEMENT = ["S1-robustness", "S2-speeches", "S3-ledger", "S4-appendix"]
STANDS = ["What stands.", "What replaces", "What these data cannot say."]
CITED = re.compile(r"(?<![\w.])@([A-Za-z]\w+)")


def in_print(nb):
    """The cells of a chapter that the paper prints."""
    return [cell for cell in nb["cells"] if books.cell_printed_in(cell, "paper") == "paper"
            and "remove-cell" not in links.tags(cell)]


def prose(name):
    return "\n\n".join(map(rules.text, rules.markdown(read(name))))


def test_the_paper_opens_with_its_introduction_and_its_chapters_follow_by_number():
    """A chapter that a reader has added, such as 07-title, follows them and is none of them."""
    held = {path.stem: json.loads(path.read_text(encoding="utf-8"))
            for path in sorted((ROOT / "notebooks").glob("[0S]*.ipynb"))
            if not re.match("0[6-9]-", path.stem)}
    printed = {book: [name for name, nb in held.items() if books.printed_in(name, nb) == book]
               for book in ("paper", "supplement")}
    assert printed == {"paper": PAPER, "supplement": SUPPLEMENT}
    assert [books.chapter_number(name) for name in PAPER] == ["", "1", "2", "3", "4", "5"]


def test_the_introduction_names_each_chapter_in_order():
    told = [int(number) for one in re.findall(r"\b[Cc]hapters? (\d(?: and \d)?) (?:asks?|tests?)\b"
                                              r"|, chapter (\d) what", prose(PAPER[0]))
            for part in one for number in re.findall(r"\d", part)]
    assert told == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("name", PAPER)
def test_chapters_and_supplements_that_prose_names_exist(name):
    said = re.sub(r"\[[^\[\]]*\]\(\.\./[^)]*\)", " ", prose(name))
    assert set(re.findall(r"\b[Cc]hapter (\d+)", said)) <= {"1", "2", "3", "4", "5"}
    assert set(re.findall(r"\bSupplement (S\d+)", said)) <= {one[:2] for one in SUPPLEMENT}


@pytest.mark.parametrize("name", PAPER[1:])
def test_a_chapter_in_print_opens_with_claims_and_ends_as_the_introduction_promises(name):
    """What stands, what replaces the rest, what these data cannot say: each a paragraph."""
    first, *_, last = [cell for cell in in_print(read(name)) if cell["cell_type"] == "markdown"]
    assert rules.text(first).startswith("# ") and "article" in rules.text(first)
    heads = re.findall(r"^\*\*([^*]+)\*\*", rules.text(last), re.M)
    assert [wanted for head in heads for wanted in STANDS if head.startswith(wanted)] == STANDS


@pytest.mark.parametrize("name", PAPER)
@pytest.mark.parametrize("book", ["", "supplement"])
def test_prose_points_to_what_the_same_book_prints(name, book):
    assert rules.pointing(read(name), book) == []


def test_a_sentence_about_a_table_of_the_site_is_noticed():
    nb = nbformat.v4.new_notebook(cells=[
        nbformat.v4.new_markdown_cell("## Who?\n\nThe table below says it, as [this table](#a).",
                                      id="q"),
        nbformat.v4.new_code_cell('dd.table("a", frame, "A")', metadata={"tags": ["site"]}),
        nbformat.v4.new_markdown_cell("## When?\n\nThe figure draws the article's Figure 2.")])
    assert rules.pointing(nb, "") == ["q: The table"]
    nb.cells[1].metadata.tags = []
    assert rules.pointing(nb, "") == []


@pytest.mark.parametrize("name", [*PAPER, *SUPPLEMENT, "front matter"])
def test_cited_works_are_in_the_bibliography_or_among_the_sources(real, name):
    said = (ROOT / "paper" / "front-matter.md").read_text(encoding="utf-8") \
        if name == "front matter" else prose(name)
    held = document.keys_of(ROOT / "paper" / "references.bib")
    cited = set(CITED.findall(said))
    assert cited and cited - held - set(read_table("sources")["source"]) == set()
