"""Editions of small notebooks made by hand: what they print and what they refuse."""

import copy
import json
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import by_hand as hand
import nbformat
import pytest
from nbconvert.utils.exceptions import ConversionException

from footnoted import edition
from footnoted.edition import document, tree, writers

NAME = "02-hillside"
pytestmark = pytest.mark.usefixtures("orchard_home")


@pytest.fixture(scope="module")
def page(orchard_home):
    return edition.html(hand.notebook(extra=hand.own_outputs()), NAME)


@pytest.fixture(scope="module")
def typst_text(orchard_home):
    return typst(hand.notebook(extra=hand.own_outputs()))


def typst(nb):
    one = edition.chapter(nb, NAME)
    edition.compose([one])
    return writers.with_known_signs(tree.write(writers.typst_body(one), "typst-citations"))


def words(html):
    found = []
    parser = HTMLParser()
    parser.handle_data = found.append
    parser.feed(re.sub(r"<style>.*?</style>", "", html, flags=re.S))
    return " ".join(" ".join(found).split())


def refusal(nb):
    with pytest.raises(ConversionException) as caught:
        edition.html(nb, NAME)
    return str(caught.value).splitlines()


# What a page holds

def test_why_a_row_has_no_value_is_told_once():
    """A profile said "none in 2010: not a member" four times in one line."""
    none = "none in 2010: not planted yet"
    cells = [[hand.cell("–", none), hand.cell("–", none)], hand.table()["cells"][1]]
    prose = f"[{none}](#ripe-apples/HIL/2023), rank [{none}](#ripe-apples/HIL/remark)."
    said = words(edition.html(hand.notebook(prose, table=hand.table(cells=cells)), NAME))
    assert f"{none} , rank – ." in said


def test_numbers_are_links_to_passports_and_back(page):
    assert ('<a href="#from-ripe-apples-1-1" id="use-1" class="number short">92.9 %</a>' in page)
    passport = page[page.index('id="from-ripe-apples-1-1"'):]
    assert 'href="#use-1"' in passport and "row hil 2023" in passport[:900]


def test_every_link_inside_a_page_has_its_place(page):
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert {target for target in re.findall(r'href="#([^"]+)"', page)} <= set(ids)


def test_a_passport_tells_value_interval_arithmetic_and_rows(page):
    said = words(page[page.index('id="from-gap"'):])
    assert said.startswith('id="from-gap" class="passport"> 3.9 points Hillside before Valley')
    assert "Arithmetic: 92.9 % − 89.0 %" in said and "between 3.778 and 3.979" in said


def test_many_rows_are_told_as_six_and_more():
    rows = [f"R{i:03}/2022/weight/s" for i in range(193)]
    nb = hand.notebook(number=hand.number(rows=rows, origin={row: row for row in rows}))
    passport = words(edition.html(nb, NAME).split('id="from-gap"')[1])
    assert "R005" in passport and "R006" not in passport and "and 187 more" in passport


def test_tables_come_from_bundles_with_scoped_headers(page):
    assert "scraped" not in page
    assert '<th style="text-align: right;" scope="col">2023</th>' in page
    assert re.search(r'<th [^>]*scope="row">Hillside</th>', page)
    assert "<strong>Table 1.</strong> Ripe apples in 2023" in page and "Counted by hand." in page
    assert re.search(r'class="scroll" role="region" tabindex="0"', page)


def test_figures_are_inline_drawings_with_a_name_and_ids_of_their_own(page):
    assert 'role="img" aria-label="Line: Hillside rises from 0.7 % to 92.9 %."' in page
    assert 'id="ripe-line-p1"' in page and "url(#ripe-line-p1)" in page
    assert "<?xml" not in page and "<strong>Figure 1.</strong>" in page


def test_the_note_of_a_figure_follows_its_caption():
    noted = hand.notebook(figure=hand.figure(note="Open: as printed. Source: a diary."))
    page = " ".join(edition.html(noted, NAME).split())
    assert "Ripe apples, 2000 to 2023. Open: as printed. Source: a diary. </figcaption>" in page
    text, _ = edition.markdown(noted, NAME, "../figures")
    assert "2000 to 2023. Open: as printed. Source: a diary." in " ".join(text.split())


def test_a_wide_figure_scrolls_and_a_narrow_one_does_not(page):
    box = 'role="region" tabindex="0" aria-label="Ripe apples, 2000 to 2023"><svg'
    assert box not in page
    assert box in edition.html(hand.notebook(figure=hand.figure(width_in=6.14)), NAME)


@pytest.mark.parametrize("part", [
    "<script>1</script>", '<g onload="x()"/>', '<a href=" javascript:x()"/>',
    '<a xmlns:x="http://www.w3.org/1999/xlink" x:href="JavaScript:x()"/>'])
def test_a_drawing_with_a_script_is_refused_with_its_cell(part):
    lines = refusal(hand.notebook(figure=hand.figure(svg_paths=f"<svg>{part}</svg>")))
    assert len(lines) == 3 and "cell figure: the figure #ripe-line holds a script" in lines[1]


def test_words_of_a_title_are_no_script():
    titled = '<svg width="1"><!-- Phase one = 2010 --><text>on x = javascript: 1</text></svg>'
    page = edition.html(hand.notebook(figure=hand.figure(svg_paths=titled)), NAME)
    assert "on x = javascript: 1" in page and "Phase one" not in page


def test_numbers_and_findings_print_nothing_as_outputs(page):
    assert ">gap<" not in page and "PROOFREAD" not in page and "proofread" not in page


def test_code_is_folded_and_colours_come_from_pandoc(page):
    assert page.count('<details class="code">') == 6
    assert "<summary>Code</summary>" in page and '<span class="im">import</span>' in page


def test_code_hidden_by_tag_is_not_there():
    nb = hand.notebook(extra=[hand.code("secret()", data={"text/plain": "7"},
                                        tags=["remove-input"])])
    assert "secret" not in edition.html(nb, NAME)


def test_a_readers_own_outputs_are_shown_and_marked(page):
    assert "Meadow" in page and "printed words" in page and "<em>sloping</em>" in page
    assert 'src="data:image/png;base64,' in page
    assert page.count(">untraced<") == 4
    assert "alert(" not in page and "javascript:" not in page and "color: red" not in page


def scripts(page):
    """What of a page runs, beside its own script and the choice of day or night."""
    own, search, points = (edition.doc.TEMPLATES.joinpath(name).read_text(encoding="utf-8")
                           for name in ("page.js", "search.js", "figure.js"))
    known = {(own + search).strip(), (own + search + points).strip()}
    found = [one.strip() for one in re.findall(r"<script>(.*?)</script>", page, re.S)]
    return [one for one in found if one not in known and not one.startswith("try { const seen")]


def test_a_page_asks_for_nothing_and_runs_its_own_script_alone(page):
    asked = page.replace('<link rel="icon" href="data:,">', "")
    assert not re.search(r'<(script\s|link|iframe)|@import|url\(["\']?http', asked)
    assert not re.search(r'src="(?!data:)', page)
    assert not scripts(page) and page.count("<script") == 2


def test_a_script_in_prose_does_not_stand_on_the_page():
    prose = hand.PROSE + "\n\nx <script>alert(1)</script> <b>y</b>"
    page = edition.html(hand.notebook(prose), NAME)
    assert not scripts(page) and "alert" not in page and "<strong>y</strong>" in page


def test_an_unclosed_fence_ends_with_its_cell():
    nb = hand.notebook(hand.PROSE + "\n\n```\nopen", extra=[hand.text("## After\n\nand on.")])
    assert re.search(r"<h2 id=\"section-after\">After</h2>", edition.html(nb, NAME))


@pytest.mark.filterwarnings("ignore:Non-unique cell id")
def test_headings_of_one_name_have_ids_of_their_own():
    page = edition.html(hand.notebook(extra=[hand.text("## End"), hand.text("## End\n\n")]), NAME)
    assert 'id="section-end"' in page and 'id="section-end-2"' in page


def test_code_stands_before_the_heading_that_follows_it():
    nb = hand.notebook(extra=[hand.code("pick_apples"), hand.text("## Then"),
                              hand.code("eat_them")])
    page = edition.html(nb, NAME)
    assert page.index("pick_apples") < page.index('id="section-then"') < page.index("eat_them")


def test_a_figure_typed_in_prose_keeps_to_its_unit():
    page = edition.html(hand.notebook(hand.PROSE + "\n\n“Of 40 million, 8 % and 7 trees.”"), NAME)
    assert "Of 40\u00a0million, 8\u00a0% and 7 trees." in page


def test_pictures_of_a_readers_own_html_go():
    own = hand.code("show()", data={"text/html": '<p>kept <img src="https://example.org/x"></p>'})
    page = edition.html(hand.notebook(extra=[own]), NAME)
    assert "kept" in page and "[Picture not shown: without a name, https://example.org/x]" in page
    assert not re.search(r'src="(?!data:)', page)


def test_images_in_prose_are_left_out_with_a_message(caplog):
    nb = hand.notebook(hand.PROSE + "\n\n![x](https://example.org/evil.png)")
    with caplog.at_level("WARNING", logger="traitlets"):
        assert "src=" not in edition.html(nb, NAME)
    assert "a picture is left out: https://example.org/evil.png" in caplog.text


def named(title, prose=hand.PROSE):
    """A chapter of another title."""
    nb = hand.notebook(prose)
    nb.cells[0].source = f"# {title}"
    return nb


def test_chapters_and_further_pages_are_links_to_each_other(orchard_study):
    for name, title in (("01-theory", "Theory: of apples"), (NAME, "Hillside"),
                        ("03-valley", "Valleys"), ("S1-quinces", "Quinces: when"),
                        ("orchard-val", "A page")):
        hand.save(named(title), orchard_study / "notebooks" / f"{name}.ipynb")
    page = edition.html(hand.notebook(hand.PROSE + " See [it](03-valley.ipynb)."), NAME)
    for part in ('<a rel="prev" href="01-theory.html">', '<a rel="next" href="03-valley.html">',
                 '<a href="03-valley.html">it</a>', f'<a href="notebooks/{NAME}.ipynb">',
                 '<a href="01-theory.html" title="Theory: of apples">1 <span>Theory</span></a>',
                 f'<a href="{NAME}.html" title="Hillside" aria-current="page">2 <span>Hillside',
                 '<a href="S1-quinces.html" title="Quinces: when">S1 <span class="unseen">Quinces',
                 '<li><a href="jams.html" title="Every jam">Jams</a></li>'):
        assert part in page, part
    assert "orchard-val" not in page
    assert '<a rel="prev"' not in edition.html(named("Theory"), "01-theory")
    assert '<a rel="next" href="S1-quinces.html">' in edition.html(named("Valleys"), "03-valley")
    assert '<a rel="next"' not in edition.html(named("Quinces"), "S1-quinces")


def test_pages_that_are_no_chapters_know_the_way_to_all(orchard_study):
    hand.save(named("Theory"), orchard_study / "notebooks" / "01-theory.ipynb")
    sheet = orchard_study / "jams.css"
    sheet.write_text(".jam { color: red }")
    jams = edition.html_document([], "Jams", [sheet], **edition.navigation("jams"))
    assert 'title="Every jam" aria-current="page">Jams</a>' in jams and ">Theory</span>" in jams
    assert jams.index(":root {") < jams.index(".jam { color: red }")
    about = edition.navigation("orchard-val")  # a page of the site, beside its chapters
    assert about["home"] and [one["file"] for one in about["chapters"]] == ["01-theory.html"]
    assert not any(one["here"] for one in about["chapters"]) and "turn" not in about
    assert edition.navigation("elsewhere") == {}


def test_language_title_description_and_date(page):
    assert '<html lang="en">' in page and "<title>Hillside · Two orchards</title>" in page
    assert '<meta name="description" content="How ripe were the apples?">' in page
    assert "Data read up to 24 November 2026." in page


def test_the_date_is_that_of_the_source_read_last():
    later = hand.SOURCES | {"atlas": hand.DIARY | {"accessed": "2026-11-30"}}
    nb = hand.notebook(number=hand.number(sources=later))
    assert "Data read up to 30 November 2026." in edition.html(nb, NAME)


def test_a_word_like_email_is_not_parted_at_its_hyphen():
    nb = hand.notebook(hand.PROSE + "\n\nBy e-mail.")
    assert 'By <span class="short">e-mail</span>.' in edition.html(nb, NAME)
    assert "By #box[e-mail];." in typst(nb)


LEADING = ["jams.html#plum", "03-pears.ipynb#kinds"]


def leading(to=LEADING):
    """A chapter whose table's remarks lead somewhere."""
    cells = copy.deepcopy(hand.table()["cells"])
    for row, target in zip(cells, to):
        row[1]["to"] = target
    return hand.table(cells=cells)


def test_cells_of_a_table_lead_to_pages(orchard_study):
    hand.save(named("Pears"), orchard_study / "notebooks" / "03-pears.ipynb")
    nb = hand.notebook(hand.PROSE + " [Plum jam](../site/jams.html#plum).", table=leading())
    page = edition.html(nb, NAME)
    for part in ('<a href="jams.html#plum" class="site">1. x</a>',
                 '<a href="03-pears.html#kinds">- y</a>',
                 '<a href="jams.html#plum" class="site">Plum jam</a>'):
        assert part in page, part
    text, _ = edition.markdown(nb, NAME, "f")
    for part in (r"[1. x](../site/jams.html#plum)", "[- y](03-pears.md)",
                 "[Plum jam](../site/jams.html#plum)"):
        assert part in text, part
    print_ = typst(nb)
    assert "[#[]1. x]" in print_ and "[#[]- y]" in print_ and "Plum jam." in print_


@pytest.mark.parametrize("to, error", [
    ("jam.html", "there is no page 'jam': did you mean 'jams'?"),
    ("03-pear.ipynb#x", "there is no notebook '03-pear': did you mean '03-pears'?")])
def test_cells_that_lead_nowhere_are_refused(orchard_study, to, error):
    hand.save(named("Pears"), orchard_study / "notebooks" / "03-pears.ipynb")
    assert refusal(hand.notebook(table=leading([to])))[1] == \
        f"{NAME}, cell table: “1. x” ({to}): {error}"
    prose = f"{hand.PROSE} [x](../site/{to.partition('.')[0]}.html)"
    assert "cell prose: “x” (../site/" in refusal(hand.notebook(prose))[1]


def test_captions_and_cells_have_typographic_quotes():
    cells = [[hand.cell("1"), hand.cell("the gardener's", align="left")]]
    table = hand.table(caption='The "best"', note="It's so.", index=["a"], cells=cells)
    page = edition.html(hand.notebook("Text.", table=table), NAME)
    for part in ("The “best”", "the gardener’s", "It’s so."):
        assert part in page, part


# References

def test_data_sets_stand_in_the_references_uncited(page):
    assert re.search(r"Orchardists\. 2026\. .*?Accessed\s+November 24, 2026", words(page))


def test_citations_come_from_the_bibliography(orchard_study):
    cited = hand.notebook(hand.PROSE + "\n\nAs [@pomona1899] says.")
    assert "@pomona1899 is cited but not in texts/works.bib, which is absent" in refusal(cited)[1]
    (orchard_study / "texts" / "works.bib").write_text(
        "@book{pomona1899, author={Pomona, Anna}, title={Apples}, year={1899}}")
    page = words(edition.html(cited, NAME))
    assert "( Pomona 1899 )" in page and "Pomona, Anna. 1899." in page


def test_a_work_and_the_page_that_it_was_read_on_are_one_reference(tmp_path):
    bib = tmp_path / "works.bib"
    assert document.keys_of(bib) == set()  # not there yet
    bib.write_text("@article{pomona,\n title={T}}\n@misc{heyer,\n title={H}}\n")
    keys = document.keys_of(bib)
    sources = ("pomona_copy", "heyer", "pomonas_copy")
    assert [document.cited_as(key, keys, "_copy") for key in sources] == [
        "pomona", "heyer", "pomonas_copy"]
    assert document.cited_as("pomona_copy", keys, "") == "pomona_copy"  # a study has no such ending


# Refusals

def test_planted_faults_are_refused_together_with_the_mend_last():
    prose = hand.PROSE.replace("[92.9 %]", "[91.0 %]").replace("(#gap)", "(#gone)")
    lines = refusal(hand.notebook(prose, finding=hand.finding(state="undecided")))
    assert lines[0] == "Not published: 3 problems."
    assert '"91.0 %" is now "92.9 %"' in lines[1] and "under “Who is ahead?”" in lines[1]
    assert "is undecided" in lines[2] and "has no target" in lines[3]
    assert lines[-1].startswith("Mend: the gardener puts the current numbers")


def test_an_error_is_refused_first():
    nb = hand.notebook("[1](#gone)")
    nb.cells[3].outputs = [hand.new_output("error", ename="KeyError", evalue="'x'", traceback=[])]
    assert refusal(nb) == ["Not published: 1 problem.",
                           f"{NAME}, cell table: failed: KeyError: 'x'",
                           edition.MENDS[": failed: "]]


def test_a_notebook_of_the_study_that_was_not_run_is_refused(orchard_study):
    nb = hand.notebook()
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    hand.save(nb, orchard_study / "notebooks" / f"{NAME}.ipynb")
    lines = refusal(nb)
    assert len(lines) == 8 and "was not run" in lines[1] and "run all cells" in lines[-1]


def test_edited_code_is_refused():
    nb = hand.notebook()
    nb.cells[3].source += "  # edited"
    lines = refusal(nb)
    assert "code was changed after the run" in lines[1] and "run the notebook again" in lines[-1]


@pytest.mark.parametrize("written", [
    "[x](javascript:alert(1))", "[x](file:///etc/passwd)", "[x](data:text/html,hi)",
    "[x](other.html)", "[x](//example.org)", "<javascript:alert(1)>", "[x][r]\n\n[r]: vbscript:x",
    "[x][g]\n\n[g]: #gap"])
def test_links_elsewhere_are_refused(written):
    lines = refusal(hand.notebook(hand.PROSE + "\n\n" + written))
    assert len(lines) == 3 and "cell prose" in lines[1]


@pytest.mark.parametrize("written", ["<https://example.org>", "[x](mailto:a@example.org)"])
def test_links_to_the_web_and_to_people_stay(written):
    assert 'href="' in edition.html(hand.notebook(hand.PROSE + "\n\n" + written), NAME)


# Other parameters

def other(finding="false"):
    prose = hand.PROSE.replace("[92.9 %]", "[91.0 %]") + "\n\nAnother paragraph."
    return hand.other_year(hand.notebook(prose, finding=hand.finding(state=finding)))


def test_another_year_fills_numbers_and_marks_what_fails():
    page = edition.html(other(), NAME)
    assert "91.0 %" not in page and ">92.9 %</a>" in page
    assert page.count("does not hold for year = 2015") == 1
    assert re.search(r'<p><span class="failing">In 2023', page)
    assert "Run with year = 2015." in page
    assert "is not decided for year = 2015" in edition.html(other("undecided"), NAME)
    assert "does not hold for year = 2015" in typst(other())


def test_another_year_still_needs_every_target():
    lines = refusal(hand.other_year(hand.notebook(hand.PROSE.replace("#gap", "#gone"))))
    assert len(lines) == 3 and "has no target" in lines[1]


def test_a_run_is_named_by_what_it_is_about():
    nb = hand.notebook()
    nb.metadata["footnoted"] = {"about": "orchard"}
    nb.cells.insert(2, hand.code('orchard = "VAL"', tags=["injected-parameters"]))
    assert '<h1 id="section-hillside">Hillside: Valley</h1>' in edition.html(nb, "orchard-val")
    nb.cells[2].source = 'orchard = "MEA"'   # no row is about it
    assert "Hillside: MEA</h1>" in edition.html(nb, "orchard-mea")


# Print

def pdf_text(data, tmp_path):
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not installed")
    (tmp_path / "x.pdf").write_bytes(data)
    return subprocess.run(["pdftotext", "-layout", tmp_path / "x.pdf", "-"], check=True,
                          capture_output=True, encoding="utf-8").stdout


def test_pdf_holds_text_own_outputs_and_passports(tmp_path):
    data = edition.pdf(hand.notebook(extra=hand.own_outputs()), NAME)
    assert data.startswith(b"%PDF-") and b"pdfuaid" in data and b"pdfaid" in data
    text = pdf_text(data, tmp_path).replace("- y", "-y")
    for part in ("92.9 %", "1. x", "-y", "Meadow", "printed words", "untraced", "row hil 2023",
                 "Сад", "Қаладағы бақ", "oʻrik", "Where the numbers come from", "p. 1"):
        assert part in text, part
    assert "dd.table" not in text


def test_pdf_is_the_same_bytes_every_time():
    assert edition.pdf(hand.notebook(), NAME) == edition.pdf(hand.notebook(), NAME)


def test_html_and_markdown_are_the_same_bytes_every_time(page):
    again = hand.notebook(extra=hand.own_outputs())
    assert edition.html(again, NAME) == page
    assert edition.markdown(again, NAME, "f") == edition.markdown(again, NAME, "f")


def test_alternative_text_reaches_print(typst_text):
    assert 'alt: "Line: Hillside rises from 0.7 % to 92.9 %."' in typst_text


def test_a_cell_that_looks_like_a_list_stays_a_cell(typst_text):
    assert "[#[]1. x]" in typst_text and "[#[]- y]" in typst_text


def test_a_number_keeps_to_its_unit_in_print(typst_text):
    assert "[92.9~%]" in typst_text


def pages(nb, tmp_path):
    """The text of each page of a notebook's PDF."""
    text = pdf_text(edition.pdf(nb, NAME), tmp_path)
    return [" ".join(page.split()) for page in text.split("\f")]


def filled(lines, after=40):
    """A chapter whose first page has some lines before its figure of 2.5 inches, and text after it.
    """
    nb = hand.notebook()
    figure = next(i for i, cell in enumerate(nb.cells) if cell.get("id") == "figure")
    nb.cells.insert(figure, hand.text("  \n".join(["A line."] * lines), "before"))
    nb.cells.insert(figure + 2, hand.text("Right after it. " + "  \n".join(["More."] * after),
                                          "after"))
    return nb


def test_a_figure_stands_where_the_text_has_it(tmp_path):
    first = pages(filled(10), tmp_path)[0]
    assert first.index("A line. Hillside") < first.index("Figure 1.") < first.index("Right after")


def test_text_goes_on_where_a_figure_does_not_fit(tmp_path):
    """No white gap stands before it: it begins the next page."""
    first, second, *_ = pages(filled(30), tmp_path)
    assert "Right after it." in first and "Figure 1." not in first
    assert second.index("Figure 1.") < second.index("More.")


def test_a_figure_leaves_a_little_room_at_the_end_of_a_page(tmp_path):
    """It follows its text at once, rather than later text."""
    first, second, *_ = pages(filled(38), tmp_path)
    assert "Right after it." not in first
    assert second.index("Figure 1.") < second.index("Right after it.")


def test_a_long_table_is_parted_and_a_short_one_not(tmp_path):
    def parts(rows):
        names = [f"Tree {i}" for i in range(rows)]
        more = hand.table(index=names, row_keys=["HIL", "VAL", *names[2:]], cells=hand.table()[
            "cells"] + [[hand.cell("1"), hand.cell("x")]] * (rows - 2))
        nb = hand.notebook(table=more)
        nb.cells.insert(3, hand.text("  \n".join(["A line."] * 36), "filler"))
        return [len(re.findall(r"Tree \d+ 1 x", page)) for page in pages(nb, tmp_path)]
    assert parts(70)[0] > 3 and parts(70)[1] > 40
    assert parts(22)[:2] == [0, 20]


def of_columns(cells):
    """A table of one row as pandoc has it."""
    bundle = hand.table(index=[], columns=["x"] * len(cells), sides=["left"] * len(cells),
                        cells=[[hand.cell(text) for text in cells]])
    return document.table(bundle, "wide", "Table 1")


@pytest.mark.parametrize("cells, size", [
    (["12.5 million"] * 7, ""),                    # 7 columns of 12 letters and 3 of margin: 105
    (["12.5 million"] * 8, "#smaller(7.93pt)["),   # 120 letters where 112 fit
    (["12.5 million"] * 12, "#turned["),           # 180
    (["many words that may be parted"] * 8, "")])
def test_a_table_that_is_too_wide_is_set_smaller_or_turned(cells, size):
    text = tree.write(writers.typst_blocks(of_columns(cells)), "typst-citations")
    assert re.findall(r"#(?:smaller|turned).*?\[", text) == ([size] if size else [])


def test_a_column_of_a_table_set_smaller_is_as_wide_as_its_longest_word():
    holder, = of_columns(["12.5 million"] * 7 + ["many words that may be parted and go on"])
    table = next(block for block in holder["c"][1] if block["t"] == "Table")
    assert writers._set_widths(table["c"]) == pytest.approx(112 / (7 * 15 + 9))
    assert [spec[1]["c"] for spec in table["c"][2]] == [0.132] * 7 + [0.079]  # of 114


def test_a_pdf_has_the_day_of_the_study():
    assert b"<xmp:CreateDate>2026-12-01" in edition.pdf(hand.notebook(), NAME)


def test_figures_of_print_have_the_fonts_that_they_name():
    """typst takes folders of fonts, and passes over files without a word."""
    named_font = hand.SVG.replace("Libertinus Serif", "DejaVu Sans")
    nb = hand.notebook(figure=hand.figure(svg_text=named_font))
    assert b"DejaVuSans" in edition.pdf(nb, NAME) and b"STIXGeneral" in edition.pdf(nb, NAME)


def test_print_tells_three_rows_of_a_number():
    rows = [f"R{i:03}/2022/weight/s" for i in range(193)]
    nb = hand.notebook(number=hand.number(rows=rows, origin={row: row for row in rows}))
    text = typst(nb)
    assert "R002" in text and "R003" not in text and "and 190 more" in text


def test_a_formula_has_a_text_for_those_who_do_not_see_it():
    assert '#formula("x^2")[$x^2$]' in typst(hand.notebook(hand.PROSE + " $x^2$"))
    assert edition.pdf(hand.notebook(hand.PROSE + " $x^2$"), NAME)


@pytest.fixture
def typst_source(monkeypatch):
    """PDFs are the Typst text that they would be made of."""
    import typst
    monkeypatch.setattr(typst, "query", lambda input, **options: "[]")
    monkeypatch.setattr(typst, "compile", lambda input, **options: Path(input).read_bytes())


def test_a_paper_joins_chapters_with_ids_of_their_own(typst_source):
    front = ("# The study\n\n*Two cases*\n\n"
             "In 2023 [92.9 %](02-hillside.ipynb#ripe-apples/HIL/2023) were ripe.")
    chapters = {"00-start": named("Why"), NAME: hand.notebook(), "03-valley": hand.notebook()}
    text = edition.paper(chapters, front).decode()
    for part in ('#opening(subtitle: "Two cases", author: "The gardeners", dated: "1 December',
                 "2026. Data read up to 24 November 2026", 'author: "The gardeners"',
                 "date: datetime(year: 2026, month: 12, day: 1)", "Table 1.", "Table 3.",
                 "Figure 3.", "\n= Why", "\n= 2\u2002Hillside", "\n= 3\u2002Hillside",
                 "#strong[Abstract.] In 2023 92.9~% were ripe."):
        assert part in text, part
    assert "Table 4." not in text and "#contents" not in text and "#pagebreak" not in text
    assert text.count("\n= References") == 1
    assert "Where the numbers come from" not in text and "<use-" not in text  # the pages have it
    assert "align(left)[#table(" in text and "align(center)[#table(" not in text
    ids = re.findall(r"<([\w-]+)>$", text, re.M)
    assert len(ids) == len(set(ids)) and {f"{NAME}-ripe-line", "03-valley-ripe-line"} <= set(ids)


def test_a_paper_numbers_what_its_chapters_name_of_each_other(orchard_study, typst_source):
    other = hand.notebook()
    (orchard_study / "build" / "executed").mkdir(parents=True)
    for folder in ("notebooks", "build/executed"):
        hand.save(other, orchard_study / folder / "03-valley.ipynb")
    mine = hand.notebook(hand.PROSE + "\n\nSee [Table 1](03-valley.ipynb#ripe-apples), [the "
                         "line](03-valley.ipynb#ripe-line) and [Figure 1](#ripe-line).")
    assert '<a href="03-valley.html#ripe-apples">Table 1</a>' in edition.html(mine, NAME)
    text = " ".join(edition.paper({NAME: mine, "03-valley": other}, "# S").decode().split())
    assert "See #link(<03-valley-ripe-apples>)[Table 2], #link(<03-valley-ripe-line>)[the line] " \
        f"and #link(<{NAME}-ripe-line>)[Figure 1]." in text


MORE = [("more", ["supplement"], "## More of it\n\nIn [Table 2](#rest) is the rest."),
        ("only-here", ["site"], "Only on the page.")]


def tagged():
    """A chapter with a table and a text for the supplement, and a text and a figure for the site.

    Its own text names both.
    """
    own = [hand.text("See [Table 2](#rest), [the line](#own-line).", "own"),
           hand.code("dd.table('rest', rest)", hand.table("rest", caption="The rest"),
                     tags=["supplement"]),
           hand.code("dd.figure('own-line', x)", hand.figure("own-line"), tags=["site"])]
    for name, tags, words in MORE:
        cell = hand.text(words, name)
        cell.metadata["tags"] = tags
        own.append(cell)
    return hand.notebook(extra=own)


def test_tagged_cells_go_to_the_supplement_or_only_to_the_site(typst_source):
    """Each book numbers its own, and a text says where those are that stand elsewhere."""
    page = edition.html(tagged(), NAME)
    for part in ("Table 2.</strong> The rest", "More of it", "Only on the page.", 'id="own-line"'):
        assert part in page, part
    front = "# The study\n\n*Two cases*"
    paper = edition.paper({NAME: tagged()}, front).decode()
    assert "#strong[Table 1.]" in paper and "#strong[Table 2.]" not in paper
    assert "See Table S1, the line (Figure 2 on the site)." in " ".join(paper.split())
    for part in ("More of it", "Only on the page", "own-line.svg"):
        assert part not in paper, part
    more = edition.supplement({NAME: tagged()}).decode()
    for part in ("= To chapter 2: Hillside", "#strong[Table S1.] The rest", "== More of it",
                 'title: "Supplement to “Two orchards”"', "#contents"):
        assert part in more, part
    for part in ("Table 1.", "Only on the page", "own-line.svg", "How ripe were"):
        assert part not in more, part


def test_other_notebooks_are_the_supplement_unless_they_say_otherwise(typst_source):
    mine, here = named("Pears"), named("Plums")
    here.metadata["footnoted"] = {"edition": "site"}
    run = {NAME: hand.notebook(), "S1-quinces": named("Quinces"), "07-pears": mine,
           "S2-plums": here, "orchard-hil": named("Alone")}
    paper = edition.paper({**run, "07-pears": hand.notebook()}, "# S").decode()
    assert "Quinces" not in paper and "2\u2002Hillside" in paper
    assert "7\u2002Hillside" in paper  # a name like those of chapters, where a study says no more
    mine.metadata["footnoted"] = {"edition": "supplement"}
    more = edition.supplement(run).decode()
    assert "S1\u2002Quinces" in more and "Table S1." in more and "7\u2002Pears" in more
    assert not re.search("Hillside:|Plums|Alone|To chapter", more)
    assert edition.supplement({NAME: hand.notebook()}) == b""
    left_out = hand.other_year(hand.notebook())  # the metadata's title is the paper's
    left_out.cells[0].metadata["tags"] = ["argument"]
    left_out.metadata["footnoted"] = {"argument": {"year": 2023}, "title": "Orchards"}
    assert edition.supplement({NAME: left_out}) == b""
    assert "2\u2002Orchards" in edition.paper({NAME: left_out}, "# S").decode()


def test_an_edition_that_is_none_is_refused():
    nb = hand.notebook()
    nb.metadata["footnoted"] = {"edition": "papers"}
    assert "edition 'papers': did you mean 'paper'?" in refusal(nb)[1]


def test_chapters_of_the_paper_are_those_that_the_study_names(orchard_study, typst_source):
    settings = orchard_study / "pyproject.toml"
    settings.write_text(settings.read_text() + 'chapters = ["0[1-5]-*"]\n')
    run = {NAME: hand.notebook(), "07-pears": named("Pears")}
    assert "Pears" not in edition.paper(run).decode()
    assert "7\u2002Pears" in edition.supplement(run).decode()


def test_print_names_the_supplement_to_which_a_page_leads():
    nb = hand.notebook(hand.PROSE + "\n\nAs [quinces](S1-quinces.ipynb), "
                       "[Supplement S1](S1-quinces.ipynb) and [pears](03-pears.ipynb) show.")
    assert '<a href="S1-quinces.html">quinces</a>' in edition.html(nb, NAME)
    assert "As quinces (Supplement~S1), Supplement S1 and pears show." in typst(nb)


def test_the_front_matter_is_the_file_of_the_settings(orchard_study, typst_source):
    assert '#opening(subtitle: "", ' in edition.paper({NAME: hand.notebook()}).decode()
    (orchard_study / "texts" / "front.md").write_text("# Apples\n\n*and how ripe*")
    text = edition.paper({NAME: hand.notebook()}).decode()
    assert 'title: "Apples"' in text and '#opening(subtitle: "and how ripe", ' in text


def test_the_abstract_cannot_be_stale():
    front = "# S\n\n[91.0 %](02-hillside.ipynb#ripe-apples/HIL/2023)"
    with pytest.raises(ConversionException, match='"91.0 %" is now "92.9 %"'):
        edition.paper({NAME: hand.notebook()}, front)


# Markdown

def test_markdown_has_text_tables_and_pictures_but_no_code():
    text, files = edition.markdown(hand.notebook(extra=hand.own_outputs()), NAME, "../figures")
    assert "In 2023 the share was 92.9 % in Hillside" in text and "| Hillside | 92.9 |" in text
    assert f"![Line: Hillside rises from 0.7 % to 92.9 %.](../figures/{NAME}-ripe-line.svg)" in text
    assert "dd." not in text and "<" not in text.replace("<https://", "")
    assert {f"{NAME}-ripe-line.svg", f"{NAME}-ripe-line.png"} <= set(files)
    assert set(re.findall(r"\.\./figures/([\w.-]+)", text)) <= set(files)


def test_the_exporter_names_figures_where_it_is_told():
    from nbconvert import get_exporter
    text, resources = get_exporter("study_md")(figures="../figures").from_notebook_node(
        hand.notebook(), {"metadata": {"name": NAME}})
    assert f"(../figures/{NAME}-ripe-line.svg)" in text
    assert f"../figures/{NAME}-ripe-line.png" in resources["outputs"]


# Jupyter's own roads

def test_nbconvert_by_command_line(orchard_study):
    hand.save(hand.notebook(), f"{NAME}.ipynb")
    subprocess.run([sys.executable, "-m", "nbconvert", "--to", "study_md", f"{NAME}.ipynb"],
                   check=True, capture_output=True)
    text, files = edition.markdown(hand.notebook(), NAME, f"{NAME}_files")
    assert (orchard_study / f"{NAME}.md").read_text(encoding="utf-8") == text
    assert {path.name: path.read_bytes() for path in (orchard_study / f"{NAME}_files").iterdir()} \
        == files


def test_nbconvert_by_command_line_ends_with_the_mend(orchard_study):
    hand.save(hand.notebook(hand.PROSE.replace("[92.9 %]", "[91.0 %]")), "x.ipynb")
    done = subprocess.run([sys.executable, "-m", "nbconvert", "--to", "study_html", "x.ipynb"],
                          capture_output=True, encoding="utf-8")
    assert done.returncode == 1 and not (orchard_study / "x.html").exists()
    assert done.stderr.strip().splitlines()[-1].startswith("Mend: the gardener puts the current")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name, ending, mime", [
    ("study_html", ".html", "text/html"), ("study_pdf", ".pdf", "application/pdf"),
    ("study_md", ".md", "text/markdown")])
def test_exporters_say_what_they_make(name, ending, mime):
    from nbconvert import get_exporter
    exporter = get_exporter(name)()
    assert (exporter.file_extension, exporter.output_mimetype) == (ending, mime)
    assert exporter.export_from_notebook.startswith("Study: ")


def test_exporters_start_without_the_science():
    code = ("import sys, footnoted.edition; sys.exit(any(m in sys.modules for m in ("
            "'pandas', 'numpy', 'matplotlib', 'IPython', 'z3')))")
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


# Source and run

def source():
    nb = hand.notebook()
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return nb


def test_merge_takes_prose_of_today_and_outputs_of_the_run():
    today = source()
    today.cells[0].source = "# Another title"
    merged = edition.merge(today, hand.other_year(hand.notebook()))
    assert "Another title" in edition.html(merged, NAME)
    assert [cell.id for cell in merged.cells][:3] == ["opening", "parameters", "injected"]
    assert today.cells[3].outputs == []


@pytest.mark.parametrize("change", ["edit", "add", "remove"])
def test_merge_refuses_other_code(change):
    today = source()
    if change == "edit":
        today.cells[3].source += " + 1"
    elif change == "add":
        today.cells.insert(3, hand.code("new()", name="new"))
    else:
        del today.cells[3]
    with pytest.raises(ValueError, match="run it again") as caught:
        edition.merge(today, hand.notebook())
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("ascii_only", [False, True])
def test_sync_changes_link_texts_and_nothing_else(ascii_only):
    stale = source()
    prose = hand.PROSE.replace("In 2023", "Im März 2023")  # a letter that JSON may escape
    stale.cells[7].source = prose.replace("[92.9 %]", "[91.0 %]")
    ran = hand.notebook(finding=hand.finding(state="false"))
    new, changes, left = edition.sync(stale, ran, NAME)
    assert new.cells[7].source == prose
    assert len(changes) == 1 and "91.0 % → 92.9 % (#ripe-apples/HIL/2023)" in changes[0]
    assert len(left) == 1 and "does not hold" in left[0]
    file = json.dumps(json.loads(nbformat.writes(stale)), indent=3, ensure_ascii=ascii_only)
    assert edition.rewritten(file, stale, new) == file.replace("[91.0 %]", "[92.9 %]")


def test_sync_refuses_a_notebook_whose_code_changed():
    changed = source()
    changed.cells[3].source += "#"
    with pytest.raises(ValueError, match="run it again"):
        edition.sync(changed, hand.notebook(), NAME)


def test_reading_a_notebook_does_not_change_it():
    nb = hand.notebook(extra=hand.own_outputs())
    before = copy.deepcopy(nb)
    edition.html(nb, NAME), edition.pdf(nb, NAME)
    assert nb == before
