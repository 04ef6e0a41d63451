"""How long the books are, and how long their sentences: nothing here passes or fails."""

import re
from collections import defaultdict
from typing import NamedTuple

from .. import links, prose
from . import front_text, pages
from .books import LETTERS, cell_printed_in, labels, printed_in

LONG, LONGER = 25, 35   # words of a sentence that is long, and hard to follow
CELL = 12               # words of a table's cell that is a paragraph
LONGEST = 10            # sentences that are shown
HEAD = ("", "pages", "figures", "tables", "words", "sentences", f"over {LONG}", f"over {LONGER}")


class Sentence(NamedTuple):
    """A sentence of a book, with its notebook and cell."""
    words: int
    book: str
    name: str
    cell: str
    text: str


def count_words(text):
    """Words, numbers and signs with a letter in them.

    >>> count_words("In 2023 – 92.9 % – it rose.")
    5
    """
    return len(re.findall(r"\S*\w\S*", text))


def sentences(notebooks):
    """The sentences of the front matter and of all printed cells.

    notebooks: {name: executed notebook}, in order.
    """
    found = [("paper", "Front matter", "", front_text())]
    for name, nb in notebooks.items():
        found += [(cell_printed_in(cell, printed_in(name, nb)), name, cell["id"], cell["source"])
                  for cell in links.printed_cells(nb) if cell["cell_type"] == "markdown"]
    return [Sentence(count_words(text), *place, text)
            for *place, source in found for text in prose.sentences(source)]


def wordy_cells(notebooks):
    """(notebook, label, words) of tables with a cell that is a paragraph, by its longest."""
    named, found = labels(notebooks), []
    for name, nb in notebooks.items():
        for bundle in (one for cell in links.code_cells(nb) for one in links.bundles(cell)):
            words = max((count_words(cell["text"]) for row in bundle.get("cells", ())
                         for cell in row), default=0)
            if words > CELL:
                label, book = named[name][bundle["id"]]
                found.append((name, f"{label}, {book}, #{bundle['id']}", words))
    return found


def report(notebooks):
    """Pages, figures, tables, words and long sentences by book and part, as text.

    notebooks: {name: executed notebook}, all that the study executed, in order.
    """
    said, shown = sentences(notebooks), defaultdict(int)
    for name, held in labels(notebooks).items():
        for label, book in held.values():
            shown[book, name, label.partition(" ")[0]] += 1
    lines = []
    for book in (*LETTERS, "site"):
        total, taken = pages(book, notebooks) if book in LETTERS else (0, {})
        names = dict.fromkeys([*taken, *(one.name for one in said if one.book == book),
                               *(name for place, name, _ in shown if place == book)])
        if not names:
            continue
        rows = [HEAD, *(row(name, taken.get(name), [
            one.words for one in said if (one.book, one.name) == (book, name)],
            shown[book, name, "Figure"], shown[book, name, "Table"]) for name in names)]
        rows.append(row("all", total or None, [one.words for one in said if one.book == book],
                        *(sum(n for (place, _, kind), n in shown.items()
                              if (place, kind) == (book, what)) for what in ("Figure", "Table"))))
        lines += [f"{book}{'' if total else ' alone'}", *aligned(rows), ""]
    longest = sorted(said, reverse=True)[:LONGEST]
    lines += ["The longest sentences", *(
        f"{one.words:4}  {one.name}, {one.cell or 'abstract'}: {one.text}" for one in longest)]
    lines += ["", f"Tables with a cell of more than {CELL} words", *(
        f"{words:4}  {name}, {label}" for name, label, words in wordy_cells(notebooks))]
    return "\n".join(lines)


def row(name, pages, words, figures, tables):
    """A part of a book as texts under HEAD; words: of each of its sentences."""
    long = [sum(n > limit for n in words) for limit in (LONG, LONGER)]
    shares = [f"{n} ({n / len(words):.0%})" if words else "" for n in long]
    return (name, "" if pages is None else f"{pages:.1f}", str(figures), str(tables),
            f"{sum(words):,}", str(len(words)), *shares)


def aligned(rows):
    """Lines of rows of texts, the first column to the left, the others to the right.

    >>> aligned([("a", "1"), ("bcd", "10")])
    ['  a     1', '  bcd  10']
    """
    widths = [max(map(len, column)) for column in zip(*rows)]
    return ["  " + "  ".join(text.rjust(width) if i else text.ljust(width)
                             for i, (text, width) in enumerate(zip(one, widths))) for one in rows]
