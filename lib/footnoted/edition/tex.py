"""TeX of formulas that MathJax sets and pandoc does not read, said in words that both know."""

import re

GRID = r"\\(p?matrix|cases)\s*\{"   # with braces: \pmatrix{a & b}
TOKEN = re.compile(rf"(?:{GRID.replace('(', '(?:')}|\\(?:begin|end)\s*\{{[^{{}}]*\}}|"
                   r"\\(?:left|right)(?![A-Za-z])\s*(?:\\[A-Za-z]+|\\.|.)|\\[A-Za-z]+|\\.|[{}&]|"
                   r"[^\\{}&]+|\\)", re.S)
OPENS = re.compile(rf"\{{|{GRID}|\\begin\s*\{{|\\left(?![A-Za-z])")
CLOSES = re.compile(r"\}|\\end\s*\{|\\right(?![A-Za-z])")
LETTERS = {rf"\{old}": rf"\math{old}" for old in ("bf", "rm", "it", "cal", "sf", "tt")}
WORDS = {r"\cr": r"\\", r"\intop": r"\int", r"\cfrac": r"\frac", r"\LaTeX": r"\mathrm{LaTeX}"}
WORDS |= dict.fromkeys((r"\notag", r"\nonumber", r"\tiny", r"\scriptsize", r"\small",
                        r"\normalsize", r"\large", r"\Large", r"\LARGE", r"\huge", r"\Huge"), "")


def spelled_out(tex):
    r"""A formula whose old words are written as new ones; any other stays as it is.

    >>> spelled_out(r"{\bf X} = {a \over b}"), spelled_out(r"\pmatrix{a \cr b}")
    ('{\\mathbf{ X}} = {\\frac{a }{ b}}', '\\begin{pmatrix}a \\\\ b\\end{pmatrix}')
    >>> spelled_out(r"a \\ b"), spelled_out(r"\sum_{i \\ j}")
    ('\\begin{gathered}a \\\\ b\\end{gathered}', '\\sum_{\\substack{i \\\\ j}}')
    """
    tokens, whole, parted = iter(TOKEN.findall(tex)), "", False
    while True:
        text, closing, lines = _group(tokens)
        whole, parted = whole + text + closing, parted or lines
        if not closing:
            return rf"\begin{{gathered}}{whole}\end{{gathered}}" if parted else whole


def _group(tokens):
    r"""(text up to the end of a group, what ends it, whether the group itself has lines): a word
    for letters holds up to the end of its part, \over takes all of its part."""
    done = part = above = closing = ""
    switched, over, lines = 0, False, False

    def finished():
        ended = part + "}" * switched
        return rf"\frac{{{above}}}{{{ended}}}" if over else ended

    for token in tokens:
        if CLOSES.match(token):
            closing = token
            break
        if OPENS.match(token):
            part += _inner(token, tokens, part.rstrip().endswith(("_", "^")))
        elif token in ("&", r"\\", r"\cr"):
            done += finished() + WORDS.get(token, token)
            part, switched, over, lines = "", 0, False, lines or token != "&"
        elif token == r"\over":
            above, part, switched, over = part + "}" * switched, "", 0, True
        elif token in LETTERS:
            part, switched = part + LETTERS[token] + "{", switched + 1
        else:
            part += WORDS.get(token, token)
    return done + finished(), closing, lines


def _inner(opening, tokens, small):
    """A group within another one; small: whether it stands above or below the line."""
    text, closing, lines = _group(tokens)
    if grid := re.match(GRID, opening):
        return rf"\begin{{{grid[1]}}}{text}\end{{{grid[1]}}}"
    return opening + (rf"\substack{{{text}}}" if small and lines else text) + closing
