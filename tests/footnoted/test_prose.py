"""Prose is read as JupyterLab shows it; a notebook that is not the study's prints as it is."""

import base64
import html as markup
import logging
import re

import by_hand as hand
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from footnoted import edition, prose
from footnoted.edition import document, writers


def page(*cells, name="mine", **more):
    """The text between <main> and </main> of a notebook that is nobody's study."""
    cells = [new_markdown_cell(one) if isinstance(one, str) else one for one in cells]
    whole = edition.html(new_notebook(cells=cells), name, **more)
    return markup.unescape(re.search(r"<main id=\"main\">(.*)</main>", whole, re.S)[1])


@pytest.mark.parametrize("source, shown", [
    ("A line\n- a\n- b", "<p>A line</p> <ul> <li>a</li> <li>b</li> </ul>"),
    ("A line\n> q", "<p>A line</p> <blockquote> <p>q</p> </blockquote>"),
    ("A line\n# Head", '<h1 id="section-head">Head</h1>'),
    ("A line\n1. a", "<p>A line</p> <ol type=\"1\">"), ("2) b", '<ol start="2"'),
    ("A line\n\n| a | b |\n|---|---|\n| 1 | 2 |", "<td>1</td> <td>2</td>"),
    ("Title\n===", '<h1 id="section-title">Title</h1>'), ("Two\n---", "<h2"),
    ("O(n^2)+O(m^2)", "O(n^2)+O(m^2)"), ("H~2~O, x^2^", "H~2~O, x^2^"), ("~~no~~", "<del>no</del>"),
    ("run `--help` or --help", "or --help"), ("a ... b", "a ... b"), ("a_b_c", "a_b_c"),
    ("*a* **b** ***c***", "<em>a</em> <strong>b</strong>"),
    ('He said "it\'s" (\'x\')', "He said “it’s” (‘x’)"), ('`"x"`', '<code>"x"</code>'),
    ("a  \nb", "a<br />"), ("a<br>b", "a<br />"), ("H<sub>2</sub>O", "H<sub>2</sub>O"),
    ("x<sup>2</sup>", "x<sup>2</sup>"), ("<b>x <i>y</i></b>", "<strong>x <em>y</em></strong>"),
    ("press <kbd>Esc</kbd>", "<code>Esc</code>"), ("<span style='color:red'>x</span>", "<p>x</p>"),
    ("<b>open", "<p>open</p>"), ("</b> closed", "closed"), ("a <!-- note --> b", "a b"),
    ("<details>\n\n*in*\n\n</details>", "<em>in</em>"), ("<div>in</div>", "in"),
    ("$x^2$", "<msup>"), ("$ x^2 $", "<msup>"), ("\\\\(x^2\\\\)", "<msup>"),
    ("$$\nx^2\n$$", 'display="block"'), ("\\\\[x^2\\\\]", 'display="block"'),
    ("\\begin{equation}\nx^2\n\\end{equation}", "<msup>"), ("`$x$`", "<code>$x$</code>"),
    (r"\$5 and \$6", "$5 and $6"), ("5 $\n\nand 6 $", "<p>5 $</p>"),
    ("https://example.org/a_b", 'href="https://example.org/a_b"'),
    ("[x](https://example.org \"t\")", 'title="t"'), ("- [x] done", "done"),
    ("@someone and [@word] and a@b.org", "@someone and [@word]"),
    ("\\*no\\*", "*no*"), ("&copy; &amp;", "© &"), ("```py\nx = 1\n```", "x <span"),
    ("    code", "<code>code"), ("***\n\nx", "<hr />"), ("- a\n  - b", "<ul> <li>b</li> </ul>"),
    ("1986\\. A year", "<p>1986. A year</p>"), ("a\\\nb", "a<br />"), ("Ünïcode Қазақ", "Қазақ"),
    ("[ref][x]\n\n[x]: https://example.org", 'href="https://example.org"'),
])
def test_what_jupyterlab_shows_is_printed(source, shown):
    printed = " ".join(page(source).split())
    assert shown in printed, printed


@pytest.mark.parametrize("source, gone", [
    ("a <!-- secret --> b", "secret"), ("<!--\nsecret\n-->\n\nb", "secret"),
    ("<script>secret</script>", "secret"), ("<style>secret {}</style>", "secret"),
    ("<p onclick='secret'>x</p>", "secret"), ("[x](javascript:secret)", "secret"),
    ("<img src=x onerror=secret>", "secret"), ("<iframe srcdoc='secret'></iframe>", "secret"),
    ("<iframe src='javascript:secret'></iframe>", "secret")])
def test_what_is_never_published(source, gone):
    assert gone not in page(source)


def test_one_parser_finds_headings_and_links():
    source = ("Title\n===\n\nA [1](#a) `[2](#b)` $[3](#c)$\n# Not [4](#d) hidden\n\n"
              "<!-- [5](#e) -->\n\n| [6](#f) | [7](#g) |\n|--|--|\n")
    assert prose.headings(source) == [(0, 1, "Title"), (41, 1, "Not 4 hidden")]
    assert [one.target for one in prose.links(source)] == ["a", "d", "f", "g"]
    assert all(source[one.start:one.end] == one.text for one in prose.links(source))


# notebooks as people have them -------------------------------------------------------------------

def output(**data):
    return new_code_cell("show()", outputs=[new_output("display_data", data={
        name.replace("_", "/", 1).replace("_", "+"): value for name, value in data.items()})],
        execution_count=1)


PNG = hand.png()


def test_a_cell_that_failed_or_was_not_run_is_printed():
    failed = new_code_cell("1/0", execution_count=1, outputs=[new_output(
        "error", ename="ZeroDivisionError", evalue="division by zero",
        traceback=["\x1b[31mZeroDivisionError\x1b[0m: division by zero"])])
    said = page("# T", failed, new_code_cell("later()"))
    assert "ZeroDivisionError: division by zero" in said and "later" in said and "\x1b" not in said


def test_a_study_says_nothing_on_other_peoples_pages(orchard_study):
    whole = edition.html(new_notebook(cells=[new_markdown_cell("# Mine")]), "mine")
    assert "Two orchards" not in whole and "Free to copy" not in whole
    assert "Two orchards" in edition.html(hand.notebook(), "02-hillside")


def test_links_lead_where_they_lead(tmp_path, caplog):
    (tmp_path / "guide.md").write_text("x")
    with caplog.at_level(logging.WARNING, logger="traitlets"):
        said = page("# My title\n\n[up](#My-title) [guide](guide.md) [gone](gone.csv) "
                    "[?](#no-such)", folder=tmp_path)
    assert 'href="#section-my-title">up</a>' in said and 'href="guide.md"' in said
    assert 'href="gone.csv"' in said and 'href="#no-such"' not in said
    assert [record.getMessage().split(": ", 1)[1] for record in caplog.records] == [
        "a link leads to no file: gone.csv", "a link leads to no heading: #no-such"]


def test_pictures_of_prose_are_printed(tmp_path, caplog):
    (tmp_path / "a b.png").write_bytes(base64.b64decode(PNG))
    attached = new_markdown_cell("![bee](attachment:b.png)", attachments={"b.png": {
        "image/png": PNG}})
    with caplog.at_level(logging.WARNING, logger="traitlets"):
        said = page("![ant](a%20b.png) ![cat](https://example.org/c.png) ![dog](../../d.png)",
                    attached, folder=tmp_path)
    assert said.count("<img src=\"data:image/png;base64,") == 2
    assert 'alt="ant"' in said and 'alt="bee"' in said
    assert "[Picture not shown: cat, https://example.org/c.png]" in said
    assert len([one for one in caplog.records if "a picture is left out" in one.getMessage()]) == 2


@pytest.mark.parametrize("data, shown, gone", [
    ({"text_html": "<script>x</script><div id=a></div>", "image_png": PNG}, "<img", "<script"),
    ({"text_html": "<script>x</script>", "text_plain": "words"}, "words", "script"),
    ({"text_html": f"<img src='data:image/png;base64,{PNG}'>"}, "<img", "Not shown"),
    ({"text_html": "<p>kept</p>", "image_png": PNG}, "kept", "<img"),
    ({"image_webp": "x"}, "Not shown here: a picture that cannot be read (image/webp)", "<img"),
    ({"application_json": {"a": [1]}}, '"a": [', "Not shown"),
    ({"application_json": list(range(999))}, "Not shown here: application/json", "998"),
    ({"text_latex": r"\frac{1}{2}"}, "<mfrac>", "$"),
])
def test_the_best_form_that_survives_is_printed(data, shown, gone):
    said = page("# T", output(**data)).split("untraced</span>")[0]
    assert shown in said and gone not in said


def test_streams_print_as_a_terminal_shows_them():
    shown = document.printed_lines("\x1b[1;31mred\x1b[0m\n 10 %\r100 %\r\nend\x07")
    assert shown == "red\n100 %\nend"


def test_a_notebook_without_cell_ids(tmp_path):
    drawn = new_output("display_data", data={"image/png": PNG})
    old = nbformat.from_dict({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": [
        {"cell_type": "code", "source": "plot()", "metadata": {}, "execution_count": 1,
         "outputs": [drawn]}]})
    assert 'alt="Picture made by the code of cell cell-1' in edition.html(old, "old")


# print -------------------------------------------------------------------------------------------

@pytest.mark.parametrize("cells", [
    ["text first", "# One", "## Two", "# Three"], ["### Deep", "# Up"], ["a\n\n---\n\nb"],
    [new_markdown_cell("![](attachment:x.png)", attachments={"x.png": {"image/png": PNG}})],
    ["日本語 🎉", "`信`"]])
def test_any_order_of_headings_and_any_sign_prints(cells, caplog):
    cells = [new_markdown_cell(one) if isinstance(one, str) else one for one in cells]
    assert edition.pdf(new_notebook(cells=cells), "mine").startswith(b"%PDF")


def test_a_picture_without_alt_text_takes_the_mark_of_accessibility(caplog):
    bare = new_markdown_cell("![](attachment:x.png)", attachments={"x.png": {"image/png": PNG}})
    with caplog.at_level(logging.WARNING, logger="traitlets"):
        data = edition.pdf(new_notebook(cells=[new_markdown_cell("# T"), bare]), "mine")
    assert b"pdfuaid" not in data and "not marked as accessible" in caplog.text


def test_signs_that_no_font_has_are_told():
    text, missing = writers.without_missing_glyphs("ab я 日 →", edition.font_files())
    assert (text, missing) == ("ab я □ →", {"日"})


def test_print_keeps_the_order_of_a_notebook(tmp_path):
    from test_edition import pdf_text
    cells = [new_markdown_cell(one) for one in ("# One", "first", "# Two", "second", "# Three")]
    text = pdf_text(edition.pdf(new_notebook(cells=cells), "mine"), tmp_path)
    places = [text.index(word) for word in ("One", "first", "Two", "second", "Three")]
    assert places == sorted(places)
