"""Figures on a page: letters as letters with their font, colours by theme, files, points."""

import base64
import io
import re

import by_hand as hand
import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st
from nbconvert import get_exporter

from footnoted import edition
from footnoted.edition import drawings

NAME = "02-hill"
pytestmark = pytest.mark.usefixtures("orchard_home")
FACE = re.compile(r"@font-face\{font-family:'([^']+)';font-weight:(\d+);font-style:(\w+);"
                  r"src:url\(data:font/woff;base64,([^)]+)\)\}")
SAYS = "<text style=\"font-size: 9px; font-family: {font}; fill: #0064a5\">{words}</text>"


def drawn(*words, font="'STIXGeneral', 'DejaVu Serif'", more="", **bundle):
    """A figure whose picture has these words as text."""
    texts = "".join(SAYS.format(font=font, words=one) for one in words)
    return hand.figure(**{
        "svg_text": f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 324 180">{more}{texts}'
                    "</svg>", "svg_paths": "<svg viewBox='0 0 324 180'><path/></svg>"} | bundle)


def faces(page):
    """{(family, weight, style): letters} of the fonts that a page embeds."""
    return {(family, weight, style): {chr(code) for code in TTFont(io.BytesIO(
        base64.b64decode(font))).getBestCmap()} for family, weight, style, font
        in FACE.findall(page)}


def test_a_page_embeds_the_letters_that_its_figures_use_and_no_others():
    one = drawn("Hill &amp; side, 2023", "−3.9 қ")
    other = drawn("Bold", more='<text style="font-weight: 700; font-family: \'STIXGeneral\'">Zz'
                  "</text>")
    assert faces(drawings.style([one, other])) == {
        ("STIXGeneral", "400", "normal"): set("Hill & side, 2023−3.9Bold"),
        ("STIXGeneral", "700", "normal"): set("Zz"),
        ("DejaVu Serif", "400", "normal"): {"қ"}}


def test_the_font_is_the_same_bytes_each_time():
    first = drawings.style([drawn("Valley")])
    assert drawings.style([drawn("Valley")]) == first and "woff" in first


@pytest.mark.parametrize("font, words, as_text", [
    ("'STIXGeneral'", "ab", True), ("'Arial', 'STIXGeneral'", "ab", False),
    ("sans-serif", "ab", False), ("'STIXGeneral'", "日", False), ("'DejaVu Sans'", "я→", True)])
def test_letters_are_paths_where_their_font_cannot_be_embedded(font, words, as_text):
    bundle = drawn(words, font=font)
    assert (f">{words}</text>" in drawings.svg(bundle, "k")) == as_text
    assert bool(faces(drawings.style([bundle]))) == as_text


def test_every_colour_is_a_property_that_the_page_sets_by_theme():
    style = "fill: {}; stroke: {}; stroke-width: 0.7"
    more = "".join(f'<path style="{style.format(*pair)}"/>' for pair in (
        ("#ffffff", "#000000"), ("#777777", "none"), ("#004b3c", "#ff8f3f")))
    bundle = drawn("style: fill: #123456", more=more,
                   screen={"#004b3c": ["#004b3c", "#1e9a78"], "#0064a5": ["red}</style>", "#fff"]})
    svg, rules = drawings.svg(bundle, "k"), drawings.style([bundle])
    assert re.findall(r"(?<!, )#\w{6}", svg) == ["#123456"]  # words are no colour
    assert "fill: var(--c-ffffff, #ffffff); stroke: var(--c-000000, #000000)" in svg
    assert set(re.findall(r"var\(--(c-\w+),", svg)) == set(re.findall(r"--(c-\w+):", rules))
    for rule in ("--c-ffffff:var(--paper);", "--c-004b3c:light-dark(#004b3c,#1e9a78);",
                 "--c-777777:light-dark(#777777,color-mix(in srgb,var(--ink) 60%,var(--paper)));",
                 "--c-000000:light-dark(#000000,var(--ink));", "--c-ff8f3f:#ff8f3f;"):
        assert rule in rules
    assert "</style" not in rules


@given(st.from_regex(r"#[0-9a-f]{6}", fullmatch=True))
def test_a_colour_can_be_read_on_a_dark_page_and_what_can_be_already_stays(colour):
    twin = drawings.lightened(colour)
    assert drawings.contrast(twin, drawings.DARK) >= drawings.READABLE
    assert (twin == colour) == (drawings.contrast(colour, drawings.DARK) >= drawings.READABLE)
    assert all(new >= old for new, old in zip(drawings.rgb(twin), drawings.rgb(colour)))


POINTS = [{"x": 0.5, "y": 0.25, "text": "Hillside, 2023: 92.9 %", "rows": []},
          {"x": 0, "y": 1, "text": "<script>x</script> & “y”", "rows": []}]


def test_points_are_circles_with_titles_and_bring_the_script():
    page = edition.html(hand.notebook(figure=drawn("a", points=POINTS)), NAME)
    assert ('<circle cx="162.0" cy="45.0" r="5"><title>Hillside, 2023: 92.9 %</title></circle>'
            '<circle cx="0.0" cy="180.0" r="5"><title>&lt;script&gt;x&lt;/script&gt; &amp; “y”'
            "</title></circle>") in page
    script = 'querySelectorAll(".drawing'
    assert "<script>x" not in page and script in page
    assert script not in edition.html(hand.notebook(figure=drawn("a")), NAME)


def test_a_point_of_one_row_leads_to_it_where_the_page_stands_in_a_site():
    point = {"x": 0.5, "y": 0.25, "text": "Hillside", "rows": [], "to": "rows/HIL.html#ripe-2023"}
    evil = point | {"to": 'javascript:x()"'}
    bundle = drawn("a", points=[point, evil])
    linked = drawings.svg(bundle, "k", linked=True)
    assert ('<circle cx="162.0" cy="45.0" r="5" data-to="rows/HIL.html#ripe-2023">'
            "<title>Hillside</title></circle><circle") in linked
    assert "data-to" not in drawings.svg(bundle, "k") and "javascript" not in linked


def test_panels_stand_again_one_by_one_and_need_no_box_that_scrolls():
    wide = {"width_in": 6.0, "height_in": 2.0}
    page = edition.html(hand.notebook(figure=drawn("a", **wide, panels=[
        [0, 0, 0.5, 1], [0.5, 0.1, 0.25, 0.9]])), NAME)
    assert re.findall(r'<svg viewBox="([^"]+)" style="([^"]+)"><use href="#([^"]+)"', page) == [
        ("0.0 0.0 216.0 144.0", "flex:1 1 248px;max-width:281px", "ripe-line-all"),
        ("216.0 14.4 108.0 129.6", "flex:1 1 124px;max-width:140px", "ripe-line-all")]
    assert page.count('id="ripe-line-all"') == 1 and 'class="drawing scroll"' not in page
    assert 'class="drawing scroll"' in edition.html(hand.notebook(figure=drawn("a", **wide)), NAME)


def test_a_page_alone_holds_data_and_picture_of_a_figure_but_no_png():
    bundle = drawn("a", csv="name,printed\nHillside,92.9 %\n")
    page = edition.html(hand.notebook(figure=bundle), NAME)
    menu, = re.findall(r'<p class="menu note">(.*?)</p>', page)
    held = {name: base64.b64decode(data).decode() for data, name in re.findall(
        r'href="data:[^,]+;base64,([^"]*)" download="([^"]+)"', menu)}
    assert held == {f"{NAME}-ripe-line.csv": bundle["csv"],
                    f"{NAME}-ripe-line.svg": bundle["svg_paths"]}
    assert re.findall(r'aria-label="([^"]+)">([^<]+)<', menu) == [
        ("Data (CSV) of Figure 1", "Data (CSV)"), ("SVG of Figure 1", "SVG")]


def test_the_exporter_puts_a_figures_files_where_it_is_told():
    bundle = drawn("a", csv="name\nx\n")
    page, resources = get_exporter("study_html")(figures="pictures").from_notebook_node(
        hand.notebook(figure=bundle), {"metadata": {"name": NAME}})
    files = resources["outputs"]
    assert files.keys() == {f"pictures/{NAME}-ripe-line.{kind}" for kind in ("csv", "svg", "png")}
    assert files[f"pictures/{NAME}-ripe-line.csv"] == b"name\nx\n"
    assert files[f"pictures/{NAME}-ripe-line.png"].startswith(b"\x89PNG")
    assert set(re.findall(r'href="(pictures/[^"]+)"', page)) == files.keys()
    assert "data:image" not in page


def test_the_code_of_a_figure_follows_its_files():
    page = edition.html(hand.notebook(figure=drawn("a")), NAME)
    assert re.search(r'<p class="menu note">[^\n]*</p>\s*<details class="code">', page)


def test_the_dark_page_is_that_of_the_style_sheet():
    css = edition.doc.TEMPLATES.joinpath("study.css").read_text(encoding="utf-8")
    assert f"--paper: light-dark(#fff, {drawings.DARK})" in css
    ink = re.search(r"--ink: light-dark\(#(\w\w)\1\1,", css)
    assert int(ink[1], 16) == drawings.INK
