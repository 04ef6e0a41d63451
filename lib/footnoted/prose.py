"""The Markdown of a notebook's prose, read as JupyterLab reads it: CommonMark with tables, formulas
taken out first. One parser finds headings, links and typed words; positions are in the source."""

import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

TEX = r"(?:(?!\n[ \t]*\n)(?:\\.|[^\\]))+?"  # no blank line in a formula
CODE = re.compile(r"^ {0,3}(`{3,}|~{3,}).*?(?:^ {0,3}\1[`~]*[ \t]*$|\Z)|(?<![`\\])(`+)(?!`).+?"
                  r"(?<!`)\2(?!`)", re.M | re.S)
FORMULA = re.compile(rf"(?<!\\)\$\$({TEX})\$\$|(?<![\\$])\$(?!\$)((?:(?!\$){TEX[:-2]})+?)\$|"
                     rf"\\\\\[({TEX})\\\\\]|\\\\\(({TEX})\\\\\)|"
                     rf"(\\begin\{{([a-z]*\*?)\}}{TEX}\\end\{{\6\}})", re.S)
LINK = re.compile(r"(?<![\\!])\[((?:[^\[\]\\]|\\.)+)\]"
                  r"\((?:[\w./-]*?([\w-]+)\.ipynb)?#([^)\s]*)\)")


# A full stop, and a beginning behind it; initials and "p. 3" end no sentence.
NO_END = "".join(rf"(?<!{sign})" for sign in (
    r"\b[A-Z]\.", r"\.[A-Z][a-z]\.", r"\bpp\.", r"\bp\.", r"\bNo\.", r"\be\.g\.", r"\bi\.e\."))
SENTENCE_END = re.compile(rf"(?:(?<=[.!?])|(?<=[.!?][”’)\]])){NO_END}\s+(?=[A-Z0-9“(])")


class Found(NamedTuple):
    """One link to something remembered: text, chapter ("" for this one), target, offsets of the
    text."""
    text: str
    chapter: str
    target: str
    start: int
    end: int


@lru_cache(maxsize=4096)
def tokens(source):
    """markdown-it's blocks of a source, formulas blanked letter for letter."""
    return _reader().parse(with_formulas(source, lambda found, _: re.sub(r"\S", "x", found[0])))


@lru_cache(maxsize=1)
def _reader():
    from markdown_it import MarkdownIt  # here: many commands read no prose
    return MarkdownIt("commonmark").enable(["table", "strikethrough"])


def with_formulas(source, write):
    """The source with each formula exchanged; write: called with the match and whether it stands
    on lines of its own, outside code.

    >>> with_formulas("`$x$` $y$", lambda found, displayed: "FORMULA")
    '`$x$` FORMULA'
    """
    code = [(found.start(), found.end()) for found in CODE.finditer(source)]

    def exchanged(found):
        if any(start < found.end() and found.start() < end for start, end in code):
            return found[0]
        return write(found, found[2] is None and found[4] is None)

    return FORMULA.sub(exchanged, source)


def formula(found):
    """What a formula's match says, without its dollars; an environment keeps its name."""
    return next(part for part in (found[1], found[2], found[3], found[4], found[5]) if part)


def _starts(source):
    """The offset at which each line begins, and that of the end."""
    starts = [0]
    for line in source.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    return starts


def headings(source):
    """(offset, level, text) of each heading, links reduced to their text.

    >>> headings("Title\\n===\\n\\n## Who is [ahead](#a)?")
    [(0, 1, 'Title'), (11, 2, 'Who is ahead?')]
    """
    starts, blocks = _starts(source), tokens(source)
    return [(starts[block.map[0]], int(block.tag[1]), _words(blocks[i + 1]))
            for i, block in enumerate(blocks) if block.type == "heading_open"]


def _words(inline):
    """The plain words of an inline token."""
    kinds = {"softbreak": " ", "hardbreak": " "}
    return "".join(kinds.get(part.type, part.content) for part in inline.children
                   if part.type in ("text", "code_inline", *kinds))


def sentences(source):
    """The sentences of paragraphs and lists, links reduced to their text, without citations;
    headings, tables and code hold none.

    >>> sentences("# Title\\n\\nK.-J. Tokayev (p. 3) is [ahead](#a). Who says it? [@x] 5 papers.")
    ['K.-J. Tokayev (p. 3) is ahead.', 'Who says it?', '5 papers.']
    """
    blocks = tokens(source)
    texts = [re.sub(r"\s*\[-?@[^\]]*\]", "", _words(block)) for i, block in enumerate(blocks)
             if block.type == "inline" and blocks[i - 1].type == "paragraph_open"]
    return [one for text in texts for one in SENTENCE_END.split(text) if one]


def links(source):
    """Each link to something remembered, in order; code and HTML hold none.

    >>> [(one.text, one.target) for one in links("[8,849 m](#heights/everest) and `[1](#no)`")]
    [('8,849 m', 'heights/everest')]
    """
    starts, regions = _starts(source), {}
    for token in tokens(source):
        if token.type == "inline":   # the cells of a table's row share their line
            regions.setdefault(tuple(token.map), []).extend(
                unquote(part.attrs["href"]) for part in token.children if part.type == "link_open")
    found = []
    for (first, last), wanted in regions.items():
        start, end = starts[first], min(starts[last], len(source))
        for match in LINK.finditer(source, start, end) if wanted else ():
            address = unquote(match[0][match.end(1) - match.start() + 2:-1])
            if address in wanted:
                wanted = wanted[wanted.index(address) + 1:]
                found.append(Found(match[1], match[2] or "", unquote(match[3]), match.start(1),
                                   match.end(1)))
    return sorted(found, key=lambda one: one.start)


def typed(source):
    """The words of each block of text that are typed: no heading, link, picture, code, formula or
    HTML; what was taken out is a blank."""
    blocks, texts = tokens(source), []
    for i, block in enumerate(blocks):
        if block.type != "inline" or blocks[i - 1].type == "heading_open":
            continue
        within, words = 0, []
        for part in block.children:
            within += part.nesting if part.type in ("link_open", "link_close") else 0
            words.append(part.content if part.type == "text" and not within else " ")
        texts.append("".join(words))
    return texts
