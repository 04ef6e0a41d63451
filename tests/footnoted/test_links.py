"""Links of the prose: found, resolved, judged and refreshed, without pandoc."""

import subprocess
import sys

import by_hand as hand
import pytest

from footnoted import links


def record(**swap):
    return links.record(hand.notebook(**swap), "02-hillside")


def test_links_have_text_target_heading_and_cell():
    found = links.prose_links(hand.notebook())
    assert [(link.text, link.target) for link in found][:3] == [
        ("92.9 %", "ripe-apples/HIL/2023"), ("89.0 %", "ripe-apples/2023/VAL"),
        ("Table 1", "ripe-apples")]
    assert {link.heading for link in found} == {"Who is ahead?"}
    assert {link.cell for link in found} == {"prose"}


def test_cells_that_are_removed_hold_no_links():
    hidden = hand.text("[1](#gone)", "hidden")
    hidden.metadata["tags"] = ["remove-cell"]
    assert links.problems(hand.notebook(extra=[hidden])) == []


@pytest.mark.parametrize("source", [
    "`[1](#a)`", "```\n[1](#a)\n```", "~~~ py\n[1](#a)\n~~~\n", r"\[1](#a)", "![1](#a)",
    "``[1](#a) ` ``", "[1](https://example.org/#a)", "```\n[1](#a)"])
def test_code_pictures_and_other_addresses_hold_no_links(source):
    assert links.find(source) == []


def test_a_link_over_a_line_break_is_found():
    assert links.find("[92.9\n%](#a)")[0].text == "92.9\n%"


@pytest.mark.parametrize("target, text", [
    ("gap", "3.9 points"), ("ripe-apples/HIL/2023", "92.9 %"), ("ripe-apples/2023/HIL", "92.9 %"),
    ("ripe-apples/hillside/2023", "92.9 %"), ("ripe-apples", "Table 1"),
    ("ripe-line", "Figure 1"), ("ahead", "92.9 % > 89.0 %")])
def test_targets(target, text):
    assert links.find_target(record(), target).text == text


@pytest.mark.parametrize("target, says", [
    ("gapp", "did you mean 'gap'"), ("ripe-apples/HIL/1999", "no cells"),
    ("gap/HIL/2023", "has no cells"),
    ("ripe-apples/HIL", "no cells"), ("", "nothing has this id")])
def test_targets_that_are_not_there(target, says):
    with pytest.raises(LookupError, match=says):
        links.find_target(record(), target)


def test_keys_may_hold_slashes():
    slashed = hand.table(row_keys=["north/east", "VAL"], column_keys=["km/h", "remark"])
    for target in ("ripe-apples/north/east/km/h", "ripe-apples/km/h/north/east",
                   "ripe-apples/north-east/km-h"):
        assert links.find_target(record(table=slashed), target).text == "92.9 %"


def test_two_cells_of_the_same_name_are_not_one():
    twice = hand.table(row_keys=["HIL", "HIL"])
    with pytest.raises(LookupError, match="2 cells"):
        links.find_target(record(table=twice), "ripe-apples/HIL/2023")


def test_a_row_without_a_label_is_called_by_its_first_words():
    cells = [[hand.cell("12", value=12.0), hand.cell("First frost")],
             [hand.cell("7", value=7.0), hand.cell("2013")]]
    bundle = {"id": "t", "kind": "table", "caption": "Events.", "index": [], "cells": cells,
              "columns": ["Number", "Event"], "row_keys": ["0", "1"],
              "column_keys": ["number", "event"]}
    record = links.Record("02-hillside", {"t": bundle}, {"t": "Table 1"}, {})
    assert links.find_target(record, "t/0/number").label == "Events: First frost, Number"
    assert links.find_target(record, "t/1/number").label == "Events: 2, Number"


def test_a_clean_notebook_has_no_problems():
    assert links.problems(hand.notebook()) == []


def test_all_problems_at_once_each_with_its_place():
    prose = hand.PROSE.replace("[92.9 %]", "[91.0 %]").replace("(#gap)", "(#gone)")
    lines = links.problems(hand.notebook(prose, finding=hand.finding(state="false")), "02")
    assert lines == [
        '02, under “Who is ahead?”, cell prose: "91.0 %" is now "92.9 %" (#ripe-apples/HIL/2023)',
        '02, under “Who is ahead?”, cell prose: "ahead of" does not hold: 92.9 % > 89.0 % (#ahead)',
        '02, under “Who is ahead?”, cell prose: "3.9 points" has no target: nothing has this id '
        '(#gone)']


def test_no_break_spaces_and_emphasis_are_the_same_text():
    prose = hand.PROSE.replace("[92.9 %]", "[**92.9\u00a0%**]")
    assert links.problems(hand.notebook(prose)) == []


def test_a_table_numbered_otherwise_is_stale_and_free_words_are_not():
    lines = links.problems(hand.notebook(hand.PROSE.replace("[Table 1]", "[Table 4]")))
    assert len(lines) == 1 and '"Table 4" is now "Table 1"' in lines[0]


@pytest.mark.parametrize("swap", [
    {"number": hand.number(rows=[], untraced=True)},
    {"finding": hand.finding(rows=[], untraced=True)},
    {"finding": hand.finding(state="false", rows=[], untraced=True)},
    {"table": hand.table(cells=[[hand.cell("92.9", "92.9 %"), hand.cell("x")],
                                [hand.cell("89.0", "89.0 %", ["r"]), hand.cell("y")]])}])
def test_a_value_without_rows_cannot_be_linked(swap):
    lines = links.problems(hand.notebook(**swap))
    assert len(lines) == 1 and "untraced" in lines[0]


def test_the_reason_of_a_missing_cell_is_no_value_that_lost_its_rows():
    cells = [[hand.cell("–", "none in 2023: not published"), hand.cell("x")],
             [hand.cell("89.0", "89.0 %", ["r"]), hand.cell("y")]]
    assert links.problems(hand.other_year(hand.notebook(table=hand.table(cells=cells)))) == []


def test_an_undecided_finding_is_a_problem():
    lines = links.problems(hand.notebook(finding=hand.finding(state="undecided")))
    assert len(lines) == 1 and "is undecided" in lines[0]


def test_a_finding_that_had_nothing_to_compare_has_forgotten_nothing():
    nothing = hand.finding(state="undecided", rows=[], untraced=True)
    lines = links.problems(hand.notebook(finding=nothing))
    assert len(lines) == 1 and "is undecided" in lines[0]
    of_nothing = hand.finding(state="true", rows=[], untraced=True)
    assert links.problems(hand.other_year(hand.notebook(finding=of_nothing))) == []


def test_only_linked_findings_count():
    extra = [hand.code("other", hand.finding("unlinked", "false"))]
    assert links.problems(hand.notebook(extra=extra)) == []


def test_one_id_twice_is_a_problem():
    extra = [hand.code("again", hand.number())]
    assert "id #gap is used by 2 outputs" in links.problems(hand.notebook(extra=extra))[0]


def test_errors_hide_what_follows_from_them():
    nb = hand.notebook("[1](#gone)")
    nb.cells[3].outputs = [hand.new_output("error", ename="KeyError", evalue="'use'",
                                           traceback=[])]
    nb.cells[4].outputs, nb.cells[4].execution_count = [], None   # the run stopped there
    assert links.problems(nb, "02") == ["02, cell table: failed: KeyError: 'use'"]


def test_a_cell_that_was_not_run():
    nb = hand.notebook()
    nb.cells[2].execution_count = None
    assert links.problems(nb, "02") == [
        "02, cell setup: was not run: import footnoted.display as dd"]


def test_code_edited_after_the_run():
    nb = hand.notebook()
    nb.cells[4].source += " + 1"
    assert links.problems(nb, "02") == ["02, cell number: its code was changed after the run"]


def test_other_parameters_are_those_that_differ():
    assert links.other_parameters(hand.notebook()) == {}
    assert links.other_parameters(hand.other_year(hand.notebook())) == {"year": "2015"}
    same = hand.notebook()
    same.cells.insert(2, hand.code('orchard = "HIL"', tags=["injected-parameters"]))
    assert links.other_parameters(same) == {}


def test_other_parameters_leave_only_missing_targets():
    prose = hand.PROSE.replace("[92.9 %]", "[91.0 %]").replace("(#gap)", "(#gone)")
    lines = links.problems(hand.other_year(hand.notebook(prose)))
    assert len(lines) == 1 and "has no target" in lines[0]


def test_refreshing_changes_link_texts_only():
    source = hand.PROSE.replace("[92.9 %]", "[**91.0 %**]").replace("[Table 1]", "[Table 7]")
    new, changes = links.refreshed(source, record())
    assert new == hand.PROSE.replace("[92.9 %]", "[**92.9 %**]")
    assert [text for _, text in changes] == ["92.9 %", "Table 1"]


def test_refreshed_words_are_no_markup():
    starred = hand.table(cells=[[hand.cell("a*b* [c]", rows=["r"]), hand.cell("x")]] * 2)
    new, _ = links.refreshed("[old](#ripe-apples/HIL/2023)", record(table=starred))
    assert new == r"[a\*b\* \[c\]](#ripe-apples/HIL/2023)"


def test_the_front_matter_is_refreshed_from_the_chapters_that_it_names():
    source = "In [91.0 %](02-x.ipynb#ripe-apples/HIL/2023) and [1 %](03-y.ipynb#ripe-apples)."
    new, changes = links.refreshed(source, None, others={"02-x": record()})
    assert new == source.replace("[91.0 %]", "[92.9 %]")
    assert [(link.chapter, text) for link, text in changes] == [("02-x", "92.9 %")]
    assert links.refreshed(source, record())[0] == source


def test_the_parser_needs_neither_nbconvert_nor_pandas():
    code = ("import sys; from footnoted import links; "
            "sys.exit(any(m in sys.modules for m in ('nbconvert', 'pandas', 'pypandoc')))")
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
