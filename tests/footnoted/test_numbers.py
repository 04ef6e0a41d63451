"""Where numbers come from: cards of a page, the page of numbers beside it, the same for scripts."""

import json
import re

import by_hand as hand
import pytest
from lxml import html as markup

from footnoted import edition
from footnoted.edition import numbers

pytestmark = pytest.mark.usefixtures("orchard_home")
FACTS = {"facts": {hand.ROWS["HIL"]: {
    "cells": [["Orchard", "Hillside"], ["Year", "2023"], ["As printed", "92.8785"]],
    "place": "row hil 2023", "to": "rows/HIL.html#ripe-2023"}}}
SCRIPTED = '<script>alert("1")</script> & \u202ereversed'


def made(*cells, name="02-orchards"):
    """(page, page of numbers, what its script holds) of a notebook of these cells."""
    nb = hand.notebook() if not cells else hand.new_notebook(cells=list(cells))
    page, files = edition.html_with_files(nb, name, cards="numbers")
    held = re.fullmatch(r'studyNumbers\("[\w-]+",(.*)\);\n', files[f"numbers/{name}.js"], re.S)[1]
    return markup.fromstring(page), markup.fromstring(files[f"numbers/{name}.html"]), \
        json.loads(held)


@pytest.fixture
def two():
    """A table whose first cell has facts and whose second has none, and prose that links to one."""
    table = hand.table(**FACTS)
    return made(hand.text("# Two\n\nIn Hillside [92.9 %](#ripe-apples/HIL/2023) were ripe."),
                hand.code("table()", table))


def test_numbers_of_prose_and_cells_of_tables_lead_to_their_cards(two):
    page, cards, held = two
    used = page.xpath("//p/a[contains(@class,'number')]/@href")
    assert used == ["numbers/02-orchards.html#from-ripe-apples-1-1"]
    cells = page.xpath("//td/a[contains(@class,'number')]")
    assert [(one.text, one.get("href")) for one in cells] == [
        ("92.9", "numbers/02-orchards.html#from-ripe-apples-1-1"),
        ("89.0", "numbers/02-orchards.html#from-ripe-apples-2-1")]
    assert not page.xpath("//*[@class='passports']")
    for one in [*used, *(one.get("href") for one in cells)]:
        anchor = one.partition("#")[2]
        assert cards.get_element_by_id(anchor) is not None and anchor in held["cards"]


def test_a_card_has_the_row_with_its_place_and_its_source(two):
    _, cards, held = two
    card = cards.get_element_by_id("from-ripe-apples-1-1")
    words = " ".join(card.text_content().split())
    assert words.startswith("92.9 % Ripe apples in 2023, % of the harvest: Hillside, 2023")
    for part in ("Hillside", "2023", "92.8785", "row hil 2023", "Orchardists 2026"):
        assert part in words
    assert card.xpath(".//a/@href") == ["../rows/HIL.html#ripe-2023", "../diaries.html#diary"]
    assert cards.xpath("//main/ul//a/@href") == ["https://example.org/diary"]
    head, label, _, positions, group = held["cards"]["from-ripe-apples-1-1"]
    texts, place, to, sources = held["rows"][positions[0]]
    assert dict(zip(held["columns"], texts))["As printed"] == "92.8785"
    assert (place, to, sources) == ("row hil 2023", "rows/HIL.html#ripe-2023", ["diary"])
    assert held["sources"]["diary"] == ["Orchardists 2026", "https://example.org/diary",
                                        "diaries.html#diary"]
    assert group == "In the text" and head == "92.9 %" and "Hillside" in label


def test_a_row_of_which_a_study_says_nothing_has_its_line(two):
    words = two[1].get_element_by_id("from-ripe-apples-2-1").text_content()
    assert hand.ORIGIN[hand.ROWS["VAL"]] in words


def test_a_figure_that_comes_first_takes_no_rows_facts_away():
    rows = [hand.ROWS["HIL"]]
    _, cards, _ = made(hand.text("# Two"), hand.code("f()", hand.figure(rows=rows, origin={})),
                       hand.code("table()", hand.table(**FACTS)))
    assert "92.8785" in cards.get_element_by_id("from-ripe-apples-1-1").text_content()


def test_a_finding_says_state_and_both_sides(two):
    _, cards, _ = made(hand.text("# Two\n\nHillside was [ahead](#ahead)."),
                       hand.code("finding()", hand.finding()))
    assert "Holds: 92.9 % > 89.0 %" in cards.get_element_by_id("from-ahead").text_content()


def test_an_interval_and_the_arithmetic_are_told(two):
    _, cards, _ = made(hand.text("# Two\n\nBy [3.9 points](#gap)."),
                       hand.code("number()", hand.number()))
    words = cards.get_element_by_id("from-gap").text_content()
    assert "Arithmetic: 92.9 % − 89.0 %" in words
    assert "Rounding leaves it between 3.778 and 3.979" in words


def test_many_rows_open_and_stand_once(two):
    rows = [f"HIL/{year}/ripe/diary" for year in range(2000, 2012)]
    cells = [[hand.cell("12", "12", rows, value=12.0), hand.cell("12", "12", rows, value=12.0)]]
    table = hand.table(cells=cells, index=["All"], row_keys=["all"], rows=rows,
                       origin={row: f"row {row}" for row in rows}, sides=["right", "right"])
    _, cards, held = made(hand.text("# Two"), hand.code("table()", table))
    first, second = (cards.get_element_by_id(f"from-ripe-apples-1-{i}") for i in (1, 2))
    assert len(first.xpath(".//tbody/tr")) == 12
    assert first.xpath("string(.//summary)") == f"{12 - numbers.OPEN} more rows"
    assert not second.xpath(".//tr") and second.xpath(".//a/@href") == ["#from-ripe-apples-1-1"]
    assert len(held["rows"]) == 12


def test_hostile_text_of_rows_and_labels_stays_text():
    facts = {hand.ROWS["HIL"]: {"cells": [["Orchard", SCRIPTED]], "place": SCRIPTED,
                                "to": "rows/HIL.html#x"}}
    sources = {"diary": hand.SOURCES["diary"] | {"publisher": SCRIPTED, "url": "javascript:x()"}}
    table = hand.table(facts=facts, sources=sources, caption=SCRIPTED)
    page, cards, held = made(hand.text("# Two"), hand.code("table()", table))
    assert not cards.xpath("//main//script") and not page.xpath("//main//script")
    assert SCRIPTED in cards.get_element_by_id("from-ripe-apples-1-1").text_content()
    assert not cards.xpath("//a[starts-with(@href,'javascript')]")
    assert held["rows"][0][0][0] == SCRIPTED


def test_a_single_page_tells_its_numbers_at_its_foot():
    page, files = edition.html_with_files(hand.notebook(), "02-orchards")
    assert not files and 'class="passports"' in page and "numbers/" not in page


def test_a_notebook_without_numbers_has_no_page_of_them():
    nb = hand.new_notebook(cells=[hand.text("# Words alone")])
    assert edition.html_with_files(nb, "03-words", cards="numbers")[1] == {}
