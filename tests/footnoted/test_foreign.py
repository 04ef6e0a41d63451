"""Notebooks of others: what an edition cannot hold is said in its place; requests are heard."""

import base64
import io
import json
import logging
import re
import shutil
import subprocess
import sys

import by_hand as hand
import nbformat
import pytest
from nbconvert import get_exporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell
from test_prose import PNG, output, page
from traitlets.config import Config

from footnoted import edition
from footnoted.edition import document, writers
from footnoted.edition.tex import spelled_out


def printed(kind, *cells, **config):
    """What an exporter makes of cells, with nbconvert's own configuration."""
    exporter = get_exporter(f"study_{kind}")(config=Config(config))
    return exporter.from_notebook_node(new_notebook(cells=list(cells)))[0]


def stream(text, name="stdout"):
    return new_output("stream", name=name, text=text)


# pictures ----------------------------------------------------------------------------------------

def picture(kind, mode="RGB"):
    from PIL import Image
    held = io.BytesIO()
    Image.new(mode, (3, 3)).save(held, kind)
    return held.getvalue()


def wrong_checksum():
    data = bytearray(base64.b64decode(PNG))
    data[29] ^= 1   # in the checksum of the head
    return bytes(data)


@pytest.mark.parametrize("data, mime", [
    (picture("PNG"), "image/png"), (picture("JPEG"), "image/jpeg"), (picture("GIF"), "image/gif"),
    (picture("WEBP"), "image/webp"), (picture("BMP"), "image/png"), (picture("TIFF"), "image/png"),
    (picture("JPEG", "CMYK"), "image/png"), (b"<svg width='1' height='1'/>", "image/svg+xml"),
    (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
    (b"<svg><use xlink:href='#a'/></svg>", "image/svg+xml"),
    (picture("PNG")[:40], None), (picture("JPEG")[:300], None), (b"", None), (b"GIF89a", None),
    (b"<svg><g></svg>", None)])
def test_a_picture_is_known_by_what_it_is(data, mime):
    assert document.whole_picture(data)[0] == mime


def test_a_wrong_checksum_is_mended():
    data = wrong_checksum()
    assert not document.checksums_agree(data) and document.checksums_agree(base64.b64decode(PNG))
    mime, saved = document.whole_picture(data)
    assert mime in (None, "image/png") and (mime is None or document.checksums_agree(saved))


@pytest.mark.parametrize("name, data", [
    ("image_png", base64.b64encode(picture("PNG")[:40]).decode()), ("image_webp", "x"),
    ("image_png", "no base64")])
def test_a_broken_picture_is_one_line_in_every_edition(name, data, caplog):
    cells = [new_markdown_cell("# T"), output(**{name: data, "text_plain": "<Figure>"})]
    mime = name.replace("_", "/")
    line = f"Not shown here: a picture that cannot be read ({mime}). See the notebook."
    assert line in printed("html", *cells) and "<Figure" in printed("md", *cells)
    assert printed("pdf", *cells).startswith(b"%PDF")


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "BMP"])
def test_pictures_of_every_kind_print(kind):
    held = new_markdown_cell("![x](attachment:a)", attachments={"a": {
        "image/x": base64.b64encode(picture(kind)).decode()}})
    assert "<img" in printed("html", held) and printed("pdf", held).startswith(b"%PDF")


# what vanished -----------------------------------------------------------------------------------

@pytest.mark.parametrize("data, shown", [
    ({"text_html": "<iframe src='https://e.org/x' srcdoc='a>b'></iframe>", "text_plain": "I"},
     "[Not shown here: a frame, https://e.org/x. See the notebook.]"),
    ({"text_html": "words <video src='v.mp4'></video>"}, "a film, v.mp4"),
    ({"text_html": "<div id=a></div><script>x</script>", "text_plain": "Chart()"},
     "Not shown here: a page drawn by a script. See the notebook."),
    ({"text_html": "<script>x</script>"}, "Not shown here: a page drawn by a script."),
    ({"text_html": "Loading <script>x</script>"}, "Not shown here: what a script would draw."),
    ({"application/vnd.jupyter.widget-view+json": {}, "text_plain": "IntSlider(value=0)"},
     "Not shown here: a widget."),
    ({"application_javascript": "alert(1)"}, "Not shown here: a script."),
    ({"application_vnd.x": "y", "text_plain": "X"}, "Not shown here: application/vnd.x."),
    ({"text_html": "<svg><text>label</text></svg>"}, "data:image/svg+xml;base64,"),
    ({"text_html": "<img src='https://e.org/p.png' alt='p'>"},
     "[Picture not shown: p, https://e.org/p.png]"),
    ({"application_json": {"a": 1}}, '"a": 1'),
])
def test_what_cannot_be_held_is_said_in_its_place(data, shown):
    assert shown in page("# T", output(**data))


def test_html_that_shows_nothing_leaves_nothing():
    said = page("# T", output(text_html="<style>p {}</style>", text_plain="<HTML object>"))
    assert "Not shown" not in said and "HTML object" not in said


def test_a_frame_of_the_prose_is_said():
    said = page("# T\n\n<iframe src=\"https://e.org/film\">\n</iframe>\n\na <canvas></canvas> b")
    assert "[Not shown here: a frame, https://e.org/film. See the notebook.]" in said
    assert "what a script would draw" in said


def test_a_style_without_an_end_is_no_text():
    assert "secret" not in page("# T\n\n<style>\n p {secret: 1}\n")


@pytest.mark.parametrize("mime, shown", [
    ("", "# raw *x*"), ("text/markdown", "<em>x</em>"), ("text/html", "raw <strong>y</strong>"),
    ("text/latex", None)])
def test_raw_cells(mime, shown):
    source = "raw <b>y</b>" if mime == "text/html" else "# raw *x*"
    held = new_raw_cell(source, metadata={"raw_mimetype": mime} if mime else {})
    said = page("# T", held)
    assert shown in said if shown else "raw" not in said


def test_streams_are_joined_and_read_as_a_terminal():
    said = ["\r 10 %", "\r 20 %\n", "9/9\b\b\b8/8"]
    cell = new_code_cell("x", outputs=[stream(one) for one in said])
    said = page("# T", cell)
    assert "20 %\n8/8" in said and "10 %" not in said and said.count(">untraced<") == 1


def test_a_table_of_lists_and_spans_stands_in_markdown():
    held = ("<table><tr><th>a</th><th>b</th></tr><tr><td rowspan=2>one<ul><li>x</li><li>y</li></ul>"
            "</td><td>2</td></tr><tr><td>3<br>4</td></tr></table>")
    text = edition.markdown(new_notebook(cells=[output(text_html=held)]), "n", "f")[0]
    assert "[TABLE]" not in text
    rows = [[one.strip() for one in line.strip("|").split("|")]
            for line in text.splitlines() if line.startswith("|")]
    assert rows[0] == ["a", "b"] and rows[2:] == [["one; x; y", "2"], ["", "3; 4"]]


@pytest.mark.parametrize("source, shown", [
    ("$x$-страница, т. е. $y$’s – end", "-страница, т. е. "), ("矩阵$x$，特征值$y$的", "，特征值"),
    ("    $ ls $\n", "<code>$ ls $"), ("<pre>a $x$ b</pre>", "a $x$ b"),
    ("[a](https://e.org/$x$)", 'href="https://e.org/$x$"'),
    ("<a href='https://e.org/$x$'>b</a>", 'href="https://e.org/$x$"')])
def test_words_beside_a_formula_and_dollars_of_code_stay(source, shown):
    said = page(source)
    assert shown in said and not re.search("[\ue000\ue001]|%EE", said)


@pytest.mark.parametrize("tex", [
    r"{\bf X} \rm d", r"{a \over b}", r"\left( a \over b \right)", r"\pmatrix{a & b \cr c & d}",
    r"a \\ b", r"\sum_{i \\ j} i", r"\large[ x \large]", r"\intop_0^1 \cfrac12",
    r"\begin{align} a &= {\it b} \notag \\ c &= d \end{align}"])
def test_old_words_of_tex_are_set(tex):
    said = page(f"$${tex}$$")
    assert "<math" in said and "$" not in said


@pytest.mark.parametrize("tex", [
    r"a } b", r"\left\{ a \right.", r"\leftarrow{x}", r"\begin{matrix} a \\ b \end{matrix}",
    r"\text{a {b} \$} \frac{1}{2}", r"\begin{array}{cc} a & b \\ \hline c & d \end{array}", "\\"])
def test_other_tex_stays_as_it_is(tex):
    assert spelled_out(tex) == tex


def test_a_field_to_type_in_is_its_words_and_a_button_its_own():
    held = ("<textarea id='a'>class  A\n  b</textarea><button>Copy<svg><g/></svg></button>"
            "<svg><text>drawn</text></svg>")
    said = page("# T", output(text_html=held))
    assert "<code>class  A\n  b" in said and "Copy" in said and said.count("<img") == 1


def test_an_attachment_whose_name_holds_escapes():
    held = {"image/png": base64.b64encode(picture("PNG")).decode()}
    cell = new_markdown_cell("![x](attachment:a%20b.png) ![y](attachment:c%20d.png)",
                             attachments={"a%20b.png": held, "c d.png": held})
    assert page("# T", cell).count("<img") == 2


@pytest.mark.parametrize("held, rows", [
    ("<table><thead><th>i</th></thead><tbody><tr><td>1</td></tr></tbody></table>", 2),
    ("<table class='x'>\n <td>a</td><td>b</td>\n</table>", 1),
    ("<table><tbody><td>1</td></tbody></table>", 1), ("<table><tr><td>1</td></tr></table>", 1)])
def test_cells_of_a_table_without_a_row_are_one(held, rows):
    said = page("# T", output(text_html=held))
    assert said.count("<tr>") == rows and said.count("<table") == 1


@pytest.mark.parametrize("source, tables", [
    ("|a|b||c|\n|-|-||-|\n|1|2||3|", 1), ("```\n|a||c|\n|-||-|\n```", 0), ("|a||c|\n|-|-|", 0)])
def test_a_table_with_a_column_without_dashes(source, tables):
    said = page(f"# T\n\n{source}")
    assert said.count("<table") == tables and ("|-||-|" in said) == ("```" in source)


def test_pictures_of_a_heading_stand_behind_it():
    held = {"image/png": base64.b64encode(picture("PNG")).decode()}
    cell = new_markdown_cell("# ![a](attachment:a) Title ![b](https://e.org/b)\n\n"
                             "## ![a](attachment:a)", attachments={"a": held})
    whole = printed("html", cell)
    assert "<title>Title</title>" in whole and ">Title</h1>" in whole and "<h2" not in whole
    assert whole.count("<img") == 2 and "[Picture not shown: b, https://e.org/b]" in whole
    blocks = edition.alone(new_notebook(cells=[cell]), "n")[0]
    assert writers.typst_body(blocks)[1]["t"] == "Para"   # print has the heading as its title


# print -------------------------------------------------------------------------------------------

@pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext is not installed")
def test_words_behind_a_table_stand_below_it(tmp_path):
    cells = [new_markdown_cell("# T\n\nBefore\n\n|a|\n|-|\n|row|\n\nBehind")]
    (tmp_path / "n.pdf").write_bytes(edition.pdf(new_notebook(cells=cells), "n"))
    said = subprocess.run(["pdftotext", "-bbox", "n.pdf", "-"], cwd=tmp_path, text=True,
                          capture_output=True).stdout
    at = {word: (float(top), float(end)) for top, end, word in
          re.findall(r'yMin="(.*?)" xMax=.*? yMax="(.*?)">(\w+)<', said)}
    assert at["Before"][1] < at["a"][0] and at["row"][1] < at["Behind"][0]


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext is not installed")
def test_a_formula_wider_than_a_page_is_set_smaller(tmp_path):
    wide = " + ".join(rf"\frac{{{n}}}{{n}}" for n in range(1000, 1060))
    cells = [new_markdown_cell(f"# T\n\n$$a$$\n\n$${wide}$$")]
    (tmp_path / "n.pdf").write_bytes(edition.pdf(new_notebook(cells=cells), "n"))
    said = subprocess.run(["pdftotext", "-bbox", "n.pdf", "-"], cwd=tmp_path, text=True,
                          capture_output=True).stdout
    sides = [float(side) for side in re.findall(r'xM(?:in|ax)="(.*?)"', said)]
    assert "1059" in said and 70 < min(sides) and max(sides) < 526


def test_signs_whose_names_typst_has_given_up_are_set():
    import typst
    formulas = "".join(f"{writers.FORMULA}$x {name} y$ {writers.END_OF_FORMULA}"
                       for name in writers.UNNAMED)
    assert typst.compile(writers.with_known_signs(formulas).encode(), format="svg")
    text = r"$A \cap B$, $\bigcap_i A_i$, $a \otimes b$, $\hbar$, $a \odot b$, $\llbracket x$"
    assert printed("pdf", new_markdown_cell(text)).startswith(b"%PDF")


def test_headings_whose_letters_the_fonts_have_not(tmp_path):
    from test_edition import pdf_text
    cells = [new_markdown_cell("# 线性"), new_markdown_cell("## 代数\n\n[up](#代数) <b>线</b>")]
    text = pdf_text(edition.pdf(new_notebook(cells=cells), "n"), tmp_path)
    assert "□□" in text and "up" in text


def wide(columns, word="value"):
    head = "".join(f"<th>{word}{i}</th>" for i in range(columns))
    row = "".join(f"<td>-{i}.{i:03}</td>" for i in range(columns))
    return f"<table><thead><tr>{head}</tr></thead><tbody><tr>{row}</tr></tbody></table>"


@pytest.mark.parametrize("columns, word", [(40, "value"), (30, "INDICATOR"), (3, "x" * 150)])
def test_a_table_too_wide_for_a_page_is_parted(tmp_path, columns, word):
    from test_edition import pdf_text
    cells = [new_markdown_cell("# T"), output(text_html=wide(columns, word))]
    text = pdf_text(edition.pdf(new_notebook(cells=cells), "n"), tmp_path)
    digits = text.replace("\u2212", "-").split()
    assert all(f"-{i}.{i:03}" in digits for i in range(columns)), text


def test_a_long_word_may_be_parted():
    assert max(map(len, writers._softened("x" * 500, 60).split("\u200b"))) == 60
    assert writers._softened("short words stay", 60) == "short words stay"
    code, = writers.typst_blocks([{"t": "Code", "c": [["", [], []], "x," * 50]}])
    assert max(map(len, code["c"][1].split("\u200b"))) <= 61


def test_a_link_to_what_is_not_printed_is_text():
    cells = [new_markdown_cell("# Only\n\n[up](#Only) [x](#Only)"), new_markdown_cell("## A")]
    assert edition.pdf(new_notebook(cells=cells), "n").startswith(b"%PDF")


def test_a_heading_is_a_target_in_a_strict_notebook():
    nb = hand.notebook(hand.PROSE + "\n\n[up](#Who-is-ahead?) and [none](#No-such)")
    with pytest.raises(Exception, match="No-such") as caught:
        edition.html(nb, "02-hillside")
    assert "Who-is-ahead" not in str(caught.value)


# requests ----------------------------------------------------------------------------------------

def cells():
    return [new_markdown_cell("# T"), new_raw_cell("rawly"), new_code_cell(
        "code_here()", execution_count=1, outputs=[stream("out_here\n"),
                                                   stream("err_here\n", "stderr")])]


@pytest.mark.parametrize("tag, gone", [
    ("remove-cell", ["code_here", "out_here"]), ("remove_cell", ["code_here", "out_here"]),
    ("remove-input", ["code_here"]), ("remove_input", ["code_here"]),
    ("remove-output", ["out_here", "err_here"]), ("remove_output", ["out_here"]),
    ("remove-stderr", ["err_here"]), ("remove-stdout", ["out_here"])])
def test_tags_that_remove(tag, gone):
    held = cells()
    held[2].metadata["tags"] = [tag]
    said = printed("html", *held)
    left = [word for word in ("code_here", "out_here", "err_here") if word not in said]
    assert left[:len(gone)] == gone


@pytest.mark.parametrize("metadata", [{"tags": ["hide-output"]}, {"tags": ["hide_cell"]},
                                      {"jupyter": {"outputs_hidden": True}}])
def test_what_is_hidden_opens(metadata):
    held = cells()
    held[2].metadata.update(metadata)
    said = printed("html", *held)
    assert '<details class="output"><summary>Output</summary>' in said and "out_here" in said
    assert "out_here" in printed("md", *held)


@pytest.mark.parametrize("section, option, gone", [
    ("TemplateExporter", "exclude_input", ["code_here"]),
    ("HTMLExporter", "exclude_input", ["code_here"]),
    ("TemplateExporter", "exclude_output", ["out_here", "err_here"]),
    ("TemplateExporter", "exclude_code_cell", ["code_here", "out_here", "err_here"]),
    ("TemplateExporter", "exclude_markdown", [">T<"]),
    ("TemplateExporter", "exclude_raw", ["rawly"])])
def test_options_of_nbconvert_that_leave_out(section, option, gone):
    said = printed("html", *cells(), **{section: {option: True}})
    assert all(word not in said for word in gone) and all(word in printed("html", *cells())
                                                          for word in gone)


def test_tags_that_nbconvert_is_told():
    held = cells()
    held[2].metadata["tags"] = ["mine"]
    said = printed("html", *held, TagRemovePreprocessor={"enabled": True,
                                                         "remove_cell_tags": ["mine"]})
    assert "out_here" not in said and "rawly" in said
    said = printed("html", *held, TagRemovePreprocessor={"enabled": True,
                                                         "remove_input_tags": ["mine"]})
    assert "out_here" in said and "code_here" not in said


def test_an_option_that_is_not_heard_is_told(caplog):
    with caplog.at_level(logging.WARNING, logger="traitlets"):
        printed("html", *cells(), HTMLExporter={"theme": "dark", "embed_images": True})
    assert [one.getMessage() for one in caplog.records] == [
        "Study: HTML does not hear theme: it has one form"]


# refusals ----------------------------------------------------------------------------------------

@pytest.mark.parametrize("text, said", [
    ("{bad", "x is not a notebook: JSONDecodeError"), ("{}", "x is not a notebook: KeyError"),
    ("", "x is not a notebook")])
def test_a_file_that_is_no_notebook_is_lines_by_command(tmp_path, text, said):
    (tmp_path / "x.ipynb").write_text(text)
    done = subprocess.run([sys.executable, "-m", "nbconvert", "--to", "study_html", "x.ipynb"],
                          cwd=tmp_path, capture_output=True, encoding="utf-8")
    assert done.returncode == 1 and said in done.stderr and "Traceback" not in done.stderr


def test_what_goes_wrong_within_is_a_line(monkeypatch):
    monkeypatch.setattr(edition.writers, "html_body", lambda *_: 1 / 0)
    with pytest.raises(edition.ConversionException, match="notebook: ZeroDivisionError: division"):
        printed("html", *cells())


def test_a_file_of_version_3_with_texts_of_several_lines():
    held = {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": [
        {"cell_type": "heading", "level": 1, "metadata": {}, "source": ["T"]},
        {"cell_type": "code", "language": "python", "metadata": {}, "input": ["a\n", "b"],
         "outputs": [{"output_type": "stream", "stream": "stdout", "text": ["one\n", "two"]},
                     {"output_type": "display_data", "png": [PNG[:8] + "\n", PNG[8:]],
                      "metadata": {}}]}]}]}
    said = get_exporter("study_html")().from_file(io.StringIO(json.dumps(held)))[0]
    assert ">T</h1>" in said and "one\ntwo" in said and "<img" in said


def test_an_old_file_gives_the_same_bytes_each_time(tmp_path):
    held = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [
        {"cell_type": "code", "id": "a", "metadata": {}, "source": "x", "execution_count": 1,
         "outputs": [json.loads(json.dumps(new_output("display_data", data={"image/png": PNG})))]}
        for _ in range(2)]}
    path = tmp_path / "x.ipynb"
    path.write_text(json.dumps(held))
    first, second = (get_exporter("study_html")().from_filename(str(path))[0] for _ in range(2))
    assert first == second and nbformat.read(path, 4)
