"""The coding desk: its sample and weights, a person's keys and stops, agreement; texts elsewhere."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import nbformat
import numpy as np
import pandas as pd
import pytest
import rules
from hypothesis import given
from hypothesis import strategies as st

from digital_diplomacy import intervals, running
from digital_diplomacy.content import (agreement, codings, dictionary as content, corpus, desk,
                                       desk_sample, desk_view, elsewhere)
from digital_diplomacy.tables import DataError, read

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOK = ROOT / "notebooks" / "coding-desk.ipynb"
EXAMPLES = ROOT / "examples"
TEXTS = os.environ.get("TEXTS") or "../shared/evidence/corpus_ungdc_texts.csv"
TOPICS = desk.numbered(pd.DataFrame(
    [("DIG", "Digital", "a <b>", "nets", "", "one net | two nets"), ("NON", "No topic", "", "", "", ""),
     ("SEC", "Security", "c", "", "wars", "a war")],
    columns=["code", "name", "definition", "includes", "excludes", "examples"]))


def told(call, *arguments, **options):
    with pytest.raises(DataError) as caught:
        call(*arguments, **options)
    return str(caught.value)


def codes(rows, coder):
    """Codings from lines such as "KAZ-2017 1 DIG SEC"."""
    cells = [line.split(" ", 2) for line in rows]
    return pd.DataFrame([[a, b, "", c, coder, ""] for a, b, c in cells], columns=codings.COLUMNS)


# the sample --------------------------------------------------------------------------------------

def units(*groups):
    """Sentences as the table has them, from (statement, how many, codes of the dictionary)."""
    rows = [(statement, str(i), f"{statement}{i}", a) for statement, n, a in groups for i in range(n)]
    return pd.DataFrame(rows, columns=["statement", "position", "sha256", "a"])


def test_weights_by_hand():
    """30 of KAZ 2017-2024, 15 drawn; 970 of UZB, 15 drawn. DIG, 40 of 1,000, is rare: all are drawn.

    Nothing is given to 200 of UZB, of which 100 are drawn.
    """
    frame = units(("KAZ-2020", 10, "DIG"), ("KAZ-2021", 20, "SEC"), ("UZB-2020", 30, "DIG SEC"),
                  ("UZB-2021", 740, "SEC"), ("UZB-2022", 200, ""))
    drawn = desk_sample.draw(frame).merge(frame, on=["statement", "position"])
    weight = drawn.groupby("statement")["weight"].agg(lambda own: own.round(9).unique().tolist())
    assert weight["KAZ-2020"] == weight["UZB-2020"] == [1]  # each of DIG is in the sample
    assert weight["KAZ-2021"] == [2]  # 15 of 30
    assert weight["UZB-2021"] == [pytest.approx(970 / 15)]
    assert weight["UZB-2022"] == [pytest.approx(1 / (1 - (1 - 15 / 970) * (1 - 100 / 200)))]
    assert (drawn["a"].str.contains("DIG")).sum() == 40


def test_a_topic_is_rare_below_a_share():
    frame = units(("KAZ-2020", 5, "DIG"), ("KAZ-2021", 95, "SEC"))
    assert set(desk_sample.parts(frame)) == {"KAZ 2017–2024", "negatives"}
    frame = units(("KAZ-2020", 4, "DIG"), ("KAZ-2021", 96, "SEC"))
    assert set(desk_sample.parts(frame)) == {"KAZ 2017–2024", "DIG", "negatives"}


def test_the_chance_to_be_drawn_is_what_the_weight_says():
    frame = units(("KAZ-2020", 4, "DIG"), ("KAZ-2021", 96, "SEC"), ("KAZ-2022", 150, ""))
    known, seen = {}, {}
    for seed in range(300):
        for row in desk_sample.draw(frame, seed).itertuples():
            known[row.sha256] = 1 / row.weight
            seen[row.sha256] = seen.get(row.sha256, 0) + 1 / 300
    apart = np.array([seen[unit] - chance for unit, chance in known.items()])
    assert abs(apart).max() < 0.13 and abs(apart.mean()) < 0.01


def test_the_sample_of_the_study(real):
    table = read("sentences")
    drawn = desk_sample.draw(table)
    assert not drawn.duplicated(["statement", "position"]).any()
    assert set(desk_sample.parts(table)) >= {"CIT", "DIG", "negatives", "KAZ 1992–2000", "TKM 2017–2024"}
    assert [len(desk_sample.parts(table)[name][0]) for name in ("DIG", "CIT")] == [63, 52]
    assert sum(most for name, (_, most) in desk_sample.parts(table).items() if " " in name) == 300
    assert drawn["weight"].sum() == pytest.approx(len(table), rel=0.05)
    assert desk_sample.draw(table).equals(drawn)
    assert not desk_sample.draw(table, 1).equals(drawn)


def test_the_order_is_random_and_tells_no_code(real):
    table = read("sentences")
    drawn = desk_sample.draw(table).merge(table[["statement", "position", "a"]], on=["statement", "position"])
    half = len(drawn) // 2
    for mark in (drawn["a"] == "", drawn["statement"].str.startswith("KAZ")):
        assert abs(mark[:half].mean() - mark[half:].mean()) < 0.08
    assert not {"a", "b", "counts", "similarity"} & set(desk_sample.draw(table).columns)


def test_how_much_to_code(real):
    table = desk_sample.needs()
    row = table.loc["Digital and cyber"]
    assert row["α ≥ 0.667, of all"] == agreement.bloch_kraemer(63 / 11832, 0.667)
    sample = len(desk_sample.draw(read("sentences")))
    assert row["α ≥ 0.667, here"] == agreement.bloch_kraemer(row[f"Of {sample}"] / sample, 0.667)
    margins = desk_sample.margins()  # a table: a bare series ends with its name and type
    assert margins["sentences"].to_dict() == {"90 %": 98, "85 %": 138, "80 %": 172}
    assert not table.isna().any(axis=None)


# a desk of five sentences ------------------------------------------------------------------------

@pytest.fixture
def five(tmp_path, monkeypatch):
    """A desk of five sentences without the study's tables."""
    rows = [(name, str(i), content.digest(text, 16), 2.0, text) for name, i, text in (
        ("KAZ-2017", 1, "Nets of war & <peace>."), ("KAZ-2017", 2, "We speak again today."),
        ("UZB-2017", 1, "A net of nets here."), ("UZB-2018", 3, "War is not over yet."),
        ("TJK-2018", 2, "Nothing at all was said."))]
    sample = pd.DataFrame(rows, columns=["statement", "position", "sha256", "weight", "text"])
    table = sample.assign(a=["DIG SEC", "", "DIG", "SEC", ""], b=["DIG", "", "DIG", "", "SEC"])
    table.loc[5] = ["KAZ-1999", "1", "00", 2.0, "Not drawn.", "", ""]
    monkeypatch.setattr(desk, "read", lambda name: {"sentences": table}[name])
    return desk.Desk(sample, TOPICS, tmp_path / "codes" / "ann.csv", "ann", reveal=True)


def beside(own, name, *rows):
    """Another coder's file in the folder of a desk."""
    own.path.parent.mkdir(exist_ok=True)
    own.path.with_name(name).write_text("\n".join(["statement,position,codes,coder", *rows, ""]))


def test_a_code_is_in_the_file_at_once_and_goes_on(five):
    assert desk.following(five, desk.coded(five)) == 0
    rows = desk.record(five, 0, ["SEC", "DIG"], "2026-01-02T03:04:05Z")
    assert five.path.read_text() == (
        "statement,position,sha256,codes,coder,time\n"
        f"KAZ-2017,1,{five.sample['sha256'][0]},DIG SEC,ann,2026-01-02T03:04:05Z\n")
    assert desk.coded(five).equals(rows)
    assert desk.following(five, rows) == 1
    rows = desk.record(five, 2, ["DIG"])
    assert desk.following(five, rows) == 1  # what was passed over comes first
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", rows["time"].iloc[1])


def test_a_correction_replaces_its_row_and_an_unchanged_one_keeps_its_time(five):
    desk.record(five, 0, ["DIG"], "first")
    assert desk.record(five, 0, ["DIG"], "second")["time"].tolist() == ["first"]
    rows = desk.record(five, 0, ["SEC"], "third")
    assert rows[["codes", "time"]].values.tolist() == [["SEC", "third"]]
    assert desk.given(five, rows, 0) == ["SEC"] and desk.given(five, rows, 1) == []


def test_two_windows_lose_nothing(five):
    """Each step reads the file: what another window wrote stays."""
    first, second = desk_view.View(five), desk_view.View(five)
    press(first, "DIG")
    press(second, "SEC")  # shows the first sentence still
    press(second, "0")
    rows = desk.coded(five)
    assert rows["codes"].tolist() == ["SEC", "NON"]


CODING = """
import sys, time, pandas as pd
from pathlib import Path
from digital_diplomacy import desk
sample = pd.DataFrame({"statement": "KAZ-2017", "position": map(str, range(2000)), "sha256": "",
                       "weight": 1.0, "text": "A sentence of words."})
own = desk.Desk(sample, desk.numbered(pd.DataFrame({"code": ["DIG", "NON"]})), Path(sys.argv[1]), "ann")
while (place := desk.following(own, desk.coded(own))) is not None:
    desk.record(own, place, ["DIG"])
    print(place, flush=True)
"""


@pytest.mark.parametrize("stops", [1, 3])
def test_it_goes_on_after_a_kill(tmp_path, stops):
    path, last = tmp_path / "ann.csv", -1
    for _ in range(stops):
        child = subprocess.Popen([sys.executable, "-c", CODING, path], stdout=subprocess.PIPE,
                                 encoding="utf-8", env={**os.environ, "PYTHONPATH": str(ROOT / "lib")})
        first = int(child.stdout.readline())
        for _ in range(20):
            seen = int(child.stdout.readline())
        os.kill(child.pid, signal.SIGKILL)
        left = child.communicate()[0].split()
        assert first == last + 1
        last = len(codings.read(path)) - 1
        assert last in (int(left[-1]) if left else seen, (int(left[-1]) if left else seen) + 1)
    assert codings.read(path)["position"].tolist() == [str(i) for i in range(last + 1)]


# what a person types and presses -----------------------------------------------------------------

def message(widget, **data):
    """What the browser sends for a widget."""
    widget._handle_msg({"content": {"data": data}, "buffers": []})


def press(view, text):
    """Type into the box and press Enter, as the browser tells it: text and Enter in one message."""
    enter(view, f"{text}\n")


def enter(view, text):
    """The box has another text, as the browser tells it."""
    message(view.box, method="update", state={"value": text})


def click(button):
    message(button, method="custom", content={"event": "click"})


def toggle(button):
    message(button, method="update", state={"value": not button.value})


def seen(view):
    """Place in the sample, pressed topics, what is said under the sentence."""
    said = re.sub("<[^>]*>", "", view.note.value)
    return view.place, [code for code, button in view.topics.items() if button.value], said


def test_a_person_codes_with_the_keys_of_the_box(five):
    view = desk_view.View(five)
    assert "Sentence 1 of 5; coded 0" in view.head.value
    assert "Nets of war &amp; &lt;peace&gt;." in view.sentence.value
    press(view, "1 2")
    assert seen(view) == (1, [], "Saved: DIG SEC") and view.box.value == ""
    press(view, "0")
    press(view, "dig")
    assert "Sentence 4 of 5; coded 3" in view.head.value
    press(view, "b")
    assert seen(view) == (2, ["DIG"], "") and view.box.value == ""
    press(view, "sec")  # the correction replaces, and the first open one follows
    assert seen(view) == (3, [], "Saved: SEC")
    press(view, " B ")
    press(view, "")  # nothing typed: what is pressed is saved
    assert seen(view) == (3, [], "Saved: SEC")
    press(view, "2")
    press(view, "0")
    assert view.place is None and "All 5 sentences are coded" in view.head.value
    assert desk.coded(five)["codes"].tolist() == ["DIG SEC", "NON", "SEC", "SEC", "NON"]
    press(view, "1")  # at the end nothing more is written
    press(view, "b")
    assert seen(view) == (4, ["NON"], "")


def test_enter_never_overtakes_what_was_typed(five):
    """A box of one line told Enter before its text: codes of "1" were saved for "1 2"."""
    view = desk_view.View(five)
    enter(view, "1")
    message(view.box, method="custom", content={"event": "submit"})
    assert view.place == 0 and not five.path.exists()
    enter(view, "1 2\n")
    assert desk.coded(five)["codes"].tolist() == ["DIG SEC"] and view.box.value == ""


def test_nothing_typed_stays_for_the_next_sentence(five):
    """What the browser sends before it has heard that the box is empty now, is of the old one."""
    view = desk_view.View(five)
    press(view, "1")
    enter(view, "1\n2")
    assert view.box.value == ""
    enter(view, "1\n2\n")
    assert desk.coded(five)["codes"].tolist() == ["DIG"] and view.place == 1
    press(view, "1")  # the same again, for the next
    assert desk.coded(five)["codes"].tolist() == ["DIG", "DIG"] and view.place == 2


def test_enter_within_the_text_saves_no_part_of_it(five):
    view = desk_view.View(five)
    enter(view, "1 \n2")
    assert seen(view) == (0, [], "Enter stood within the text: look at it, then Enter at its end")
    assert view.box.value == "1 2" and not five.path.exists()
    press(view, "1 2")
    assert desk.coded(five)["codes"].tolist() == ["DIG SEC"]


@pytest.mark.parametrize("typed_first", [True, False])
@pytest.mark.parametrize("end", [lambda view: press(view, "2"), lambda view: click(view.save)],
                         ids=["enter", "save"])
def test_the_box_and_the_buttons_count_together(five, typed_first, end):
    view = desk_view.View(five)
    steps = [lambda: enter(view, "2"), lambda: toggle(view.topics["DIG"])]
    for step in steps if typed_first else steps[::-1]:
        step()
    end(view)
    assert desk.coded(five)["codes"].tolist() == ["DIG SEC"]
    assert seen(view) == (1, [], "Saved: DIG SEC") and view.box.value == ""


def test_back_at_a_sentence_a_button_and_the_box_count_together(five):
    view = desk_view.View(five)
    press(view, "1")
    press(view, "b")
    toggle(view.topics["DIG"])  # released
    press(view, "2")
    assert desk.coded(five)["codes"].tolist() == ["SEC"]
    press(view, "b")
    toggle(view.topics["DIG"])
    press(view, "2")
    assert desk.coded(five)["codes"].tolist() == ["DIG SEC"]


def test_codes_of_another_sample_are_kept_and_not_counted(five):
    five.path.parent.mkdir()
    other = "statement,position,sha256,codes,coder,time\nKAZ-1999,1,00,DIG,ann,then\n"
    five.path.write_text(other)
    view = desk_view.View(five)
    assert "Sentence 1 of 5; coded 0" in view.head.value
    press(view, "1")
    assert "Sentence 2 of 5; coded 1" in view.head.value
    assert five.path.read_text().startswith(other)


def test_a_person_codes_with_tab_and_space(five):
    """The browser makes clicks of Space and Enter on a focused button."""
    view = desk_view.View(five)
    toggle(view.topics["DIG"])
    toggle(view.topics["SEC"])
    toggle(view.topics["DIG"])
    click(view.save)
    assert seen(view) == (1, [], "Saved: SEC")
    click(view.back)
    assert seen(view) == (0, ["SEC"], "")
    click(view.back)
    assert seen(view) == (0, ["SEC"], "This is the first sentence.")


@pytest.mark.parametrize("text, said", [
    ("", "choose a topic, or 0 for no topic"), ("0 1", "0, no topic, stands alone: take it away, or "
                                                       "the topics"),
    ("dug", "no topic &#x27;DUG&#x27;: did you mean DIG?"),
    ("7", "no topic &#x27;7&#x27;: type numbers from 0 to 2, or codes such as DIG")])
def test_what_cannot_be_saved_is_said_and_nothing_is_written(five, text, said):
    view = desk_view.View(five)
    press(view, text)
    assert view.place == 0 and said in view.note.value and 'role="status"' in view.note.value
    assert not five.path.exists() and view.box.value == text


def test_a_file_that_breaks_meanwhile_is_said(five):
    view = desk_view.View(five)
    press(view, "1")
    five.path.write_text("statement,position\n")
    press(view, "1")
    assert seen(view) == (1, [], "ann.csv: no column codes: add it") and view.box.value == "1"
    assert five.path.read_text() == "statement,position\n"


def test_the_codebook_stands_beside_it_and_no_code_of_a_procedure(five):
    view = desk_view.View(five)
    book = view.whole.children[1].value
    for said in ("1 Digital", "a &lt;b&gt;", "<i>In:</i> nets", "<i>Out:</i> wars", "<li>two nets</li>",
                 "0 No topic"):
        assert said in book
    shown = view.head.value + view.sentence.value + view.note.value
    assert not any(word in shown for word in ("KAZ", "2017", "Kazakhstan", "DIG"))
    assert [button.description for button in view.topics.values()] == [
        "1 Digital", "2 Security", "0 No topic"]


@pytest.mark.parametrize("text, found", [
    ("1", ["DIG"]), ("2,1", ["DIG", "SEC"]), ("dig SEC dig", ["DIG", "SEC"]), ("0", ["NON"]),
    (" 1 ; 2 ", ["DIG", "SEC"])])
def test_what_is_typed(text, found):
    assert desk.typed(text, TOPICS) == found


# agreement ---------------------------------------------------------------------------------------

def test_agreement_with_both_procedures_and_a_person(five):
    for place, own in enumerate((["DIG"], ["NON"], ["DIG"], ["NON"], ["SEC"])):
        desk.record(five, place, own)
    same = desk.against(five, "similarity")
    assert same.loc["Digital", ["ann", "similarity", "both", "alpha"]].tolist() == [2, 2, 2, "1.00"]
    other = desk.against(five, "dictionary")
    assert other.loc["Security", ["ann", "dictionary", "both"]].tolist() == [1, 2, 0]
    assert other.columns.name == "5 sentences, 4 statements"
    beside(five, "ben.csv", "KAZ-2017,1,DIG,ben", " UZB-2017, 1 , NON,ben ", "UZB-2018,3,,ben")
    assert desk.against(five, "ben").loc["Digital", ["ann", "ben", "both"]].tolist() == [2, 1, 1]
    heavy = five._replace(sample=five.sample.assign(weight=[1.0, 1, 1, 1, 4]))  # 2 of 8, 4 of 8
    assert desk.found(heavy).loc["Digital", ["ann", "dictionary", "similarity"]].tolist() == [
        "25", "25", "25"]
    assert desk.found(heavy).loc["Security", ["ann", "dictionary", "similarity"]].tolist() == [
        "50", "25", "50"]
    assert set(desk.found(five)["dictionary, all"]) == {"33.3"}  # of six
    assert desk.against(heavy, "dictionary").loc["Security", "alpha"] != desk.against(
        heavy, "dictionary", weighted=False).loc["Security", "alpha"]


def test_one_coder_only_and_nothing_coded(five):
    """One line, not a table of equal ones; and no error ends a first Run All."""
    nothing = "not estimable, because nothing is coded yet"
    assert repr(desk.against(five, "dictionary")) == repr(desk.found(five)) == nothing
    desk.record(five, 0, ["DIG"])
    assert desk.against(five, "") == desk.against(five, None) == (
        "not estimable, because only one has coded: name another coder as other in the second cell")
    beside(five, "ben.csv", "KAZ-2017,2,DIG,ben")
    assert desk.against(five, "ben") == "not estimable, because ann and ben coded no sentence both"
    assert told(desk.against, five, "eve") == (
        "there is no codes/eve.csv: ask eve for it, and put it there")
    assert told(desk.against, five, "ann") == "'ann' is yourself: name another coder"
    assert told(desk.against, five, "no/such") == (
        "other is 'no/such': write a name in the second cell, in letters, digits, hyphens")
    beside(five, "ben.csv")
    assert told(desk.against, five, "ben") == "ben.csv: no codes in it: fill in its column codes"


@pytest.mark.parametrize("reveal", [False, "no"])
def test_nothing_is_to_be_seen_before_a_person_has_finished(five, reveal):
    desk.record(five, 0, ["DIG"])
    blind = five._replace(reveal=reveal)
    for seen in (desk.against(blind, "dictionary"), desk.against(blind, ""), desk.found(blind)):
        assert seen == ("set reveal = True in the second cell when you have finished coding, then "
                        "Run All")


def test_a_desk_that_is_not_open_is_said_in_each_later_cell():
    for call in (lambda: desk.against(None, ""), lambda: desk.found(None), lambda: desk_view.show(None)):
        assert told(call) == ("the desk is not open: mend what the cell with dd.desk.begin says, and "
                              "run that cell again")


def test_shares_say_how_little_stands_behind_them(five):
    """Two of three equal weights: exact binomial; weights 1 1 4 are worth 36 ÷ 18 = 2 sentences."""
    for place, own in enumerate((["DIG"], ["DIG"], ["SEC"])):
        desk.record(five, place, own)
    table = desk.found(five)
    low, high = intervals.binomial(2, 3)
    assert table.columns.name == "3 sentences, worth 3; %"
    assert table.loc["Digital", ["ann", "low", "high"]].tolist() == [
        "67", f"{100 * low // 1:.0f}", f"{-(-100 * high // 1):.0f}"]
    heavy = desk.found(five._replace(sample=five.sample.assign(weight=[1.0, 1, 4, 1, 1])))
    assert heavy.columns.name == "3 sentences, worth 2; %"
    assert heavy.loc["Security", "ann"] == "67"


@given(st.integers(0, 20), st.integers(1, 20))
def test_with_equal_weights_the_interval_is_the_exact_binomial_one(hits, size):
    hits = min(hits, size)
    assert desk.spread(hits / size, np.full(size, 7.0)) == pytest.approx(intervals.binomial(hits, size))


def test_a_file_of_two_coders_is_refused(five):
    """It doubled the units."""
    desk.record(five, 0, ["DIG"])
    beside(five, "ben.csv", "KAZ-2017,1,DIG,ben", "KAZ-2017,1,SEC,bob")
    said = "a file holds one coder's and is named after them: keep the rows of ben"
    assert told(desk.against, five, "ben") == f"ben.csv: codes by ben, bob: {said}"
    beside(five, "ben.csv", "KAZ-2017,1,DIG,ann")  # one's own file under another name
    assert told(desk.against, five, "ben") == f"ben.csv: codes by ann: {said}"


@pytest.mark.parametrize("row, said", [
    ("KAZ-1850,1", "no statement 'KAZ-1850' in the study"),
    ("KAZ-2017,x", "no sentence 'x' in KAZ-2017, which has 1 to 2"),
    ("KAZ-2017,1.0", "no sentence '1.0' in KAZ-2017, which has 1 to 2")])
def test_a_sentence_that_does_not_exist_is_named(five, row, said):
    beside(five, "ann.csv", "KAZ-2017,1,DIG,ann", "KAZ-2017,2,,ann", f"{row},DIG,ann")
    line = f"ann.csv line 4: {said}: mend it, or delete the row"
    assert told(desk.coded, five) == line
    beside(five, "ben.csv", f"{row},DIG,ben")
    five.path.unlink()
    assert told(desk.against, five, "ben") == line.replace("ann.csv line 4", "ben.csv line 2")


def test_blanks_around_a_cell_are_no_other_sentence(five):
    beside(five, "ann.csv", ' KAZ-2017,1 , DIG , ann')
    assert desk.coded(five)[["statement", "position", "codes"]].values.tolist() == [
        ["KAZ-2017", "1", "DIG"]]


def test_a_text_that_does_not_match_is_named(five):
    desk.record(five, 0, ["DIG"])
    text = five.path.read_text()
    said = (f"KAZ-2017 1: sha256 {'0' * 16} in ann.csv, {five.sample['sha256'][0]} in "
            "data/sentences.csv: not the same text: code it again from the same sentences")
    five.path.write_text(text.replace(five.sample["sha256"][0], "0" * 16))
    assert told(desk.coded, five) == said
    five.path.with_name("ben.csv").write_text(five.path.read_text().replace("ann", "ben"))
    five.path.write_text(text)
    assert told(desk.against, five, "ben") == said.replace("ann", "ben")


@pytest.mark.parametrize("row, said", [
    ("KAZ-2017,1,,SEC,ann,", "ann.csv: KAZ-2017 1 was coded twice by ann: keep one row"),
    ("KAZ-2017,2,,DUG,ann,", "ann.csv: KAZ-2017 2: no topic 'DUG': did you mean 'DIG'?"),
    ("KAZ-2017,2,,dig,ann,", "ann.csv: KAZ-2017 2: no topic 'dig': did you mean 'DIG'?"),
    ("KAZ-2017,2,,SEC;DIG,ann,",
     "ann.csv: KAZ-2017 2: no topic 'SEC;DIG': write blanks between topics, 'SEC DIG'"),
    ('KAZ-2017,2,,"DIG,SEC",ann,',
     "ann.csv: KAZ-2017 2: no topic 'DIG,SEC': write blanks between topics, 'DIG SEC'"),
    ("KAZ-2017,2,,DIG,ben,", "ann.csv: codes by ann, ben: a file holds one coder's and is named after "
                             "them: keep the rows of ann"),
    ("KAZ-2017,2,,DIG NON,ann,",
     "ann.csv: KAZ-2017 2: NON says that there is no topic: delete it, or the others"),
    ("KAZ-2017,2", "ann.csv line 3: 2 cells where the header has 6: mend the commas or quotes of that "
                   "line")])
def test_a_file_of_codes_that_cannot_be_used(five, row, said):
    desk.record(five, 0, ["DIG"])
    five.path.write_text(f"{five.path.read_text()}{row}\n")
    assert told(desk.coded, five) == said


def test_all_faults_of_a_file_at_once():
    rows = codes(["A-1 1 DIG", "A-1 1 DIG", "A-1 2 X"], "ann")
    assert len(codings.wrong(rows, "x.csv", ["DIG"])) == 2


def test_a_column_that_stands_twice_is_named(tmp_path):
    path = written(tmp_path / "x.csv", "statement,position,codes,codes\nA-1,1,DIG,DIG\n")
    assert told(codings.table, path, ["codes"]) == "x.csv: the column codes stands twice: delete one"


@pytest.mark.parametrize("encoding", ["windows-1251", "koi8-r", "windows-1252"])
def test_another_encoding_is_guessed_and_its_line_said(tmp_path, encoding):
    name = "José-André" if encoding == "windows-1252" else "Айгуль"
    text = f"statement,position,codes,coder\nA-1,1,DIG,ann\nA-1,2,DIG SEC,{name}\n"
    (tmp_path / "x.csv").write_bytes(text.encode(encoding))
    assert told(codings.read, tmp_path / "x.csv") == (
        f"x.csv line 3: not UTF-8 but perhaps {encoding}: iconv -f {encoding} -t utf-8, or save it as "
        "CSV UTF-8")


# two codings -------------------------------------------------------------------------------------

def test_weighted_alpha_by_hand():
    """Weights 1 1 1 3 become 2/3 2/3 2/3 2: both 2/3, one 2/3, neither 2/3 + 2 = 8/3; N is 4.

    Yeses 2 × 2/3 + 2/3 = 2, noes 2 × 8/3 + 2/3 = 6: alpha = 1 - (8 - 1) × 2/3 ÷ (2 × 6) = 11/18.
    """
    left = codes(["A-1 1 DIG", "A-1 2 DIG", "B-1 1 NON", "B-1 2 NON"], "ann")
    right = codes(["A-1 1 DIG", "A-1 2 NON", "B-1 1 NON", "B-1 2 SEC"], "ben")
    weights = left[codings.UNIT].assign(weight=[1.0, 1.0, 1.0, 3.0])
    weighted = codings.compare(codings.pairs(left, right, weights), {"DIG": "Digital"})
    assert weighted.loc["Digital", "alpha"] == f"{11 / 18:.2f}" == "0.61"
    plain = codings.compare(codings.pairs(left, right), {"DIG": "Digital"})
    assert plain.loc["Digital", "alpha"] == f"{1 - 7 / 15:.2f}" == "0.53"


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.integers(0, 3)), min_size=8, max_size=40))
def test_without_weights_it_is_krippendorffs_alpha(rows):
    left, right, groups = (np.array(column) for column in zip(*rows))
    counts = codings.tallies(left, right, groups, np.full(len(left), 7.0)).sum(axis=0)
    if codings.unusable(left, right):
        assert np.isnan(agreement.alphas(*counts)) or not (left | right).any()
    else:
        assert agreement.alphas(*counts) == pytest.approx(agreement.alpha([left, right]))


def test_its_interval_is_that_of_the_procedures(real):
    table = read("sentences")
    sides = [table.assign(codes=table[name].replace("", "NON"), coder=name, time="")[codings.COLUMNS]
             for name in ("a", "b")]
    row = codings.compare(codings.pairs(*sides), {"NUC": "Nuclear"}).loc["Nuclear"]
    left, right = (table[name].str.split().map(lambda own: "NUC" in own) for name in ("a", "b"))
    point, low, high = agreement.estimate(left, right, table["statement"])
    assert row[["alpha", "low", "high"]].tolist() == [f"{x:.2f}" for x in (point, low, high)]


@pytest.mark.parametrize("left, right, said", [
    (["A-1 1 NON", "B-1 1 NON"], ["A-1 1 NON", "B-1 1 NON"],
     ["", "", "", "not estimable, because neither gave it"]),
    (["A-1 1 DIG", "B-1 1 DIG"], ["A-1 1 DIG", "B-1 1 DIG"],
     ["", "", "", "not estimable, because both gave it to all"]),
    (["A-1 1 DIG", "A-1 2 NON"], ["A-1 1 DIG", "A-1 2 NON"],
     ["1.00", "", "", "no interval, because there is one text only"]),
    (["A-1 1 DIG", "B-1 1 NON"], ["A-1 1 DIG", "B-1 1 NON"],
     ["1.00", "", "", "no interval, because too few texts hold it"]),
    (["A-1 1 DIG", "B-1 1 DIG", "C-1 1 DIG", "D-1 1 NON"],
     ["A-1 1 DIG", "B-1 1 DIG", "C-1 1 DIG", "D-1 1 NON"],
     ["1.00", "", "", "no interval, because too few texts lack it"]),
    (["A-1 1 DIG", "B-1 1 NON"], ["A-1 1 NON", "B-1 1 NON"],
     ["0.00", "", "", "no finding: only one of the two gave it"]),
    (["A-1 1 DIG", "B-1 1 NON"], ["A-1 1 DIG", "B-1 1 DIG"],
     ["0.00", "", "", "no finding: only one of the two gave it to all"]),
    (["A-1 1 DIG"], ["B-1 1 DIG"],
     ["", "", "", "not estimable, because none was coded by both"])])
def test_where_there_is_no_alpha_or_interval_the_reason_stands(left, right, said):
    frame = codings.compare(codings.pairs(codes(left, "ann"), codes(right, "ben")), {"DIG": "Digital"})
    assert "..." not in frame._repr_html_()  # where pandas cuts a cell, a reader misses the reason
    assert frame.loc["Digital", ["alpha", "low", "high", "allows"]].tolist() == said


def test_a_topic_that_only_one_gave_has_an_alpha_by_its_weight_alone():
    left = codes(["A-1 1 DIG", "A-1 2 NON", "B-1 1 NON"], "ann")
    right = codes(["A-1 1 NON", "A-1 2 NON", "B-1 1 NON"], "ben")
    units = codings.pairs(left, right, left[codings.UNIT].assign(weight=[1.0, 10.0, 10.0]))
    row = codings.compare(units, {"DIG": "Digital"}).loc["Digital"]
    assert row["alpha"] != "0.00" and row["allows"] == "no finding: only one of the two gave it"


def test_a_high_alpha_with_a_low_bound_allows_nothing():
    rows = [f"{text}-1 {i} {'DIG' if i < 2 else 'NON'}" for text in "ABCDEFGH" for i in range(20)]
    other = [row.replace("DIG", "NON") if row.startswith("A") else row for row in rows]
    row = codings.compare(codings.pairs(codes(rows, "ann"), codes(other, "ben")), {"DIG": "D"}).loc["D"]
    assert float(row["alpha"]) > agreement.USABLE > float(row["low"]) > agreement.TENTATIVE
    assert row["allows"] == "tentative"


def test_codes_outside_of_the_sample_do_not_count(five):
    extra = codes(["KAZ-1999 1 DIG", "KAZ-2017 1 DIG"], "ann")
    found = codings.pairs(extra, codes(["KAZ-1999 1 DIG", "KAZ-2017 1 DIG"], "ben"), five.sample)
    assert found["statement"].tolist() == ["KAZ-2017"] and found["weight"].tolist() == [2]


# opening the desk --------------------------------------------------------------------------------

def test_without_texts_one_sentence_with_the_mend(real, monkeypatch):
    monkeypatch.delenv("TEXTS", raising=False)
    assert told(desk.begin, "", "ann") == (
        "the desk needs the texts of the UN statements: name their folder as texts in the second cell, "
        "or start it with make lab TEXTS=folder (data/README.md says how to get them)")


def test_all_that_is_wrong_is_said_at_once(real, tmp_path):
    assert told(desk.begin, tmp_path / "x", "ann/../ben").splitlines() == [
        "coder is 'ann/../ben': write a name in the second cell, in letters, digits, hyphens",
        f"there is no {tmp_path / 'x'}: name a folder of texts"]
    assert told(desk.begin, tmp_path / "x", "dictionary").startswith(
        "coder is 'dictionary', which is a procedure's name: take another\n")
    with pytest.raises(desk.DeskError) as caught:
        desk.begin(tmp_path / "x", "ann")
    assert caught.value._render_traceback_() == [f"there is no {tmp_path / 'x'}: name a folder of texts"]


def test_texts_of_another_release_are_named(real, tmp_path):
    (tmp_path / "KAZ_47_1992.txt").write_text("We speak of war today.")
    lines = told(desk.begin, tmp_path, "ann").splitlines()
    assert re.fullmatch("KAZ-1992: sha256 [0-9a-f]{12} in the texts, 28c9ac296f66 in data/: get it "
                        "again", lines[0])
    assert lines[1] == "KAZ-1993: no text: get it" and len(lines) > 100


@pytest.mark.parametrize("coder, seed, said", [
    (None, 7, "coder is None: write a name in the second cell, in letters, digits, hyphens"),
    ("ann", "2024", "seed is '2024': write a whole number from 0, without quotes"),
    ("ann", -1, "seed is -1: write a whole number from 0, without quotes"),
    (5, 7, "coder is 5: write a name in the second cell, in letters, digits, hyphens"),
    ("ann", 1.5, "seed is 1.5: write a whole number from 0, without quotes")])
def test_what_is_no_name_and_no_seed_is_one_line(real, tmp_path, coder, seed, said):
    assert told(desk.begin, tmp_path / "x", coder, seed).splitlines()[0] == said
    assert told(desk.begin, 5, "ann", 7) == "there is no 5: name a folder of texts"
    if seed != 7:
        assert told(desk_sample.needs, seed) == said


def test_line_ends_of_windows_are_one_line():
    texts = {f"KAZ-{year}": f"One.\r\nTwo of {year}.\r\n" for year in range(1992, 2025)}
    listed = pd.Series({name: content.digest(text.replace("\r\n", "\n")) for name, text in texts.items()})
    assert desk.unlike(texts, listed) == [
        "33 texts have the line ends of Windows (CRLF), first KAZ-1992: get them again as they are "
        "published, without git's core.autocrlf"]
    assert desk.unlike({**texts, "KAZ-1992": "Other"}, listed)[1].startswith("KAZ-1992: sha256 ")


def test_a_table_that_is_not_of_these_texts_is_named(monkeypatch, tmp_path):
    (tmp_path / "KAZ_47_1992.txt").write_text("We speak of war today.")
    listed = pd.DataFrame({"statement": ["KAZ-1992"], "sha256": [content.digest("We speak of war today.")]})
    monkeypatch.setattr(desk, "read", lambda name: listed)
    sample = pd.DataFrame([("KAZ-1992", "1", "0" * 16), ("KAZ-1992", "1", content.digest(
        "We speak of war today.", corpus.SHORT))], columns=["statement", "position", "sha256"])
    assert re.fullmatch("KAZ-1992 1: sha256 [0-9a-f]{16} in the texts, 0{16} in data/: make "
                        "data/sentences.csv again", told(desk.with_texts, sample, tmp_path))
    assert desk.with_texts(sample[1:], tmp_path)["text"].tolist() == ["We speak of war today."]


# the notebook ------------------------------------------------------------------------------------

def notebook():
    return nbformat.read(NOTEBOOK, 4)


@pytest.mark.parametrize("rule", [rules.opening, rules.plain_code, rules.ids, rules.told,
                                  rules.leftovers, rules.typed_numbers], ids=lambda rule: rule.__name__)
def test_the_notebook_keeps_the_rules(rule):
    assert rule(notebook()) == []


def test_it_is_stored_without_outputs_and_its_desk_cannot_be_deleted_by_a_key():
    nb = notebook()
    kept = [cell.id for cell in nb.cells if cell.metadata.pop("deletable", True) is False
            and cell.metadata.pop("editable", True) is False]
    assert kept == ["code"] and rules.stored(nb) == []


def test_make_study_does_not_run_it():
    assert "coding-desk" not in running.plan(ROOT)
    assert {"01-theory", "profile-kaz"} <= set(running.plan(ROOT))


def test_the_project_holds_no_codes_of_a_person():
    held = subprocess.run(["git", "ls-files", "codes"], cwd=ROOT, capture_output=True, encoding="utf-8")
    assert held.stdout == ""


RESULTS = ("person", "person-sample", "dictionary", "similarity", "shares")


def test_what_keeps_the_desk_from_opening_is_the_first_thing_seen():
    """Before any table; and the cells below find a desk, of which they say that it is not open."""
    cells = [cell for cell in notebook().cells if cell.cell_type == "code"]
    assert [cell.id for cell in cells[:3]] == ["parameters", "setup", "begin"]
    assert cells[2].source.startswith("desk = None  # ")


def test_the_results_wait_until_a_person_has_finished():
    cells = {cell.id: cell.source for cell in notebook().cells}
    assert "reveal: bool = False  # True when you have finished coding" in cells["parameters"]
    assert cells["begin"].endswith("dd.desk.begin(texts, coder, seed, reveal)")
    for name in RESULTS:
        assert re.match(r"dd\.desk\.(against|found)\(desk\b", cells[name])


def papermill(out, *given, **more):
    free = {key: value for key, value in os.environ.items() if key != "TEXTS"}
    return subprocess.run([sys.executable, "-m", "papermill", "--no-progress-bar", NOTEBOOK, out,
                           *given], cwd=out.parent, env={**free, **more}, capture_output=True,
                          encoding="utf-8")


@pytest.mark.slow
@pytest.mark.skipif(not os.path.exists(TEXTS), reason="no texts: TEXTS=folder of the public data set")
def test_the_notebook_runs_with_texts(tmp_path, study_tables):
    done = papermill(tmp_path / "out.ipynb", "-p", "coder", "trial", DD_DATA=str(study_tables),
                     TEXTS=os.path.abspath(TEXTS))
    assert done.returncode == 0
    cells = {cell.id: cell for cell in nbformat.read(tmp_path / "out.ipynb", 4).cells}
    assert "application/vnd.jupyter.widget-view+json" in cells["code"].outputs[0].data
    for name in RESULTS:
        assert cells[name].outputs[0].data == {"text/plain": desk.HIDDEN}


@pytest.fixture
def study_tables(tmp_path):
    """The study's tables as links, so that codes/ lies elsewhere."""
    folder = tmp_path / "study" / "data"
    folder.mkdir(parents=True)
    for path in (ROOT / "data").glob("*.*"):
        (folder / path.name).symlink_to(path)
    return folder


@pytest.mark.slow
def test_the_notebook_without_texts_says_one_sentence(tmp_path):
    done = papermill(tmp_path / "out.ipynb", "-p", "coder", "trial")
    assert done.returncode == 1 and done.stderr.strip().endswith("says how to get them)")
    failed = next(cell for cell in nbformat.read(tmp_path / "out.ipynb", 4).cells
                  if cell.id == "begin").outputs[0]
    assert len(failed.traceback) == 1 and "make lab TEXTS=folder" in failed.traceback[0]


def test_make_lab_passes_the_texts_on(monkeypatch, tmp_path):
    from digital_diplomacy import __main__
    seen = SimpleNamespace()
    monkeypatch.setattr(__main__, "replaced", lambda words, folder, given: vars(seen).update(given))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TEXTS", "speeches")
    __main__.lab(tmp_path, [])
    assert seen.TEXTS == str(tmp_path / "speeches")
    monkeypatch.delenv("TEXTS")
    vars(seen).clear()
    __main__.lab(tmp_path, [])
    assert "TEXTS" not in vars(seen)


# texts elsewhere ---------------------------------------------------------------------------------

def command(*words, folder=ROOT):
    done = subprocess.run([sys.executable, "-m", "digital_diplomacy", "content", *map(str, words)],
                          cwd=folder, capture_output=True, encoding="utf-8")
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    """The worked example, as the page for contributors writes it: what each command says."""
    folder = tmp_path_factory.mktemp("example")
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    lines = [line.removeprefix("python -m digital_diplomacy content ").replace("build/", f"{folder}/")
             for line in page.splitlines() if line.startswith("python -m digital_diplomacy content ")
             and "examples" in line]
    assert [line.split()[0] for line in lines] == ["split", "code", "compare"]
    return folder, [command(*line.split()) for line in lines], page


def test_the_worked_example(example):
    folder, said, page = example
    assert [code for code, _ in said] == [0, 0, 0]
    assert said[0][1] == f"{folder}/sentences.csv: 20 sentences in 4 texts\n"
    assert said[1][1] == f"{folder}/codes.csv: 20 sentences in 4 texts, by the codebook examples; " \
        "never given: SPO\n"
    assert said[2][1] in page


def test_the_examples_sentences_and_codes(example):
    folder, _, _ = example
    rows = pd.read_csv(folder / "sentences.csv", dtype=str, keep_default_na=False)
    assert rows.groupby("statement").size().to_dict() == {
        "Freedonia-2023": 5, "Freedonia-2024": 5, "Sylvania-2023-05": 5, "Sylvania-2024-05": 5}
    assert set(rows["codes"]) == {""}
    found = pd.read_csv(folder / "codes.csv", dtype=str, keep_default_na=False)["codes"]
    given = dict(zip(rows["text"], found))
    assert given["Цифровые услуги теперь доступны гражданам за рубежом."] == "CIT DIG"
    assert given["Консул г. Фридонии ответил на вопросы в сети."] == "CIT DIG"
    assert given["A network of police stations keeps the border quiet."] == "NON"
    assert given["Mr. Firefly spoke with the ambassador about it."] == "NON"


def test_a_person_may_code_in_the_sheet_of_sentences(example, tmp_path):
    folder, _, _ = example
    rows = pd.read_csv(folder / "sentences.csv", dtype=str, keep_default_na=False)
    rows.loc[:9, "codes"] = "DIG"
    rows.to_csv(tmp_path / "ann.csv", index=False)
    code, said = command("compare", folder / "codes.csv", tmp_path / "ann.csv", "--codebook", EXAMPLES)
    assert code == 0 and said.splitlines()[0] == "10 sentences in 2 texts, coded by both"
    assert said.splitlines()[1].split()[:3] == ["topic", "dictionary", "ann"]


def test_what_keeps_texts_from_being_split_all_at_once(tmp_path):
    texts = tmp_path / "texts"
    (texts / "a").mkdir(parents=True)
    for name, body in {"Old_2023.txt": "О цифровых услугах".encode("cp1251"),
                       "Older_2023.txt": "О цифровых услугах".encode("koi8-r"),
                       "Latin_2023.txt": "Le café de la ville est ouvert".encode("latin-1"),
                       "Wide_2023.txt": "О мире".encode("utf-16"),
                       "Wide_2024.txt": "Peace".encode("utf-16-le"), "Empty_2023.txt": b" \n",
                       "Embassy.txt": b"No date at all.", "a/Good_2023.txt": b"x", "Good_2023.txt": b"x",
                       "Mark_2023.txt": "\ufeffWe speak again of it.".encode()}.items():
        (texts / name).write_bytes(body)
    code, said = command("split", texts, tmp_path / "out.csv")
    form = "<group>_2024.txt, <group>_2024-05.txt or <group>_2024-05-01.txt"
    assert code == 1 and not (tmp_path / "out.csv").exists()
    twice = "another folder has a text of this name: keep one"
    assert said.splitlines() == [
        f"Embassy.txt: no date in its name: call it {form}",
        "Empty_2023.txt: nothing in it: delete it, or put its text there",
        f"Good_2023.txt: {twice}",
        *(f"{name}: not UTF-8 but perhaps {guess}: iconv -f {guess} -t utf-8 {texts / name} > new && "
          f"mv new {texts / name}, or save it as UTF-8"
          for name, guess in (("Latin_2023.txt", "windows-1252"), ("Old_2023.txt", "windows-1251"),
                              ("Older_2023.txt", "koi8-r"), ("Wide_2023.txt", "utf-16"),
                              ("Wide_2024.txt", "utf-16"))),
        f"a/Good_2023.txt: {twice}"]


def written(path, text):
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("words, code, said", [
    (("split", "x"), 2, "Name two: python -m digital_diplomacy content split FOLDER SENTENCES.csv."),
    (("compare",), 2, "Name two: python -m digital_diplomacy content compare CODES.csv OTHER.csv."),
    (("spilt", "x", "y"), 2, "Argument action: invalid choice: 'spilt'"),
    (("split", "x", "y.csv"), 1, "there is no folder x: name one with texts"),
    (("split", ".", "y.csv"), 1, ".: no text in it: put <group>_2024.txt"),
    (("split", EXAMPLES / "texts", "there.csv"), 2,
     "There is already a there.csv: name another file, or delete it."),
    (("code", "x.csv", "y.csv", "--codebook", EXAMPLES), 1, "there is no x.csv: name a csv file"),
    (("code", "there.csv", "y.csv", "--codebook", "."), 1, "there is no topics.csv: name a csv file"),
    (("code", "there.csv", "y.csv", "--codebook", EXAMPLES), 1,
     "there.csv: no column sha256, text: add it"),
    (("code", "other.csv", "y.csv", "--codebook", EXAMPLES), 1,
     "A-2024 1: sha256 00 is not that of its text: split the texts again"),
    (("compare", "there.csv", "--codebook", EXAMPLES), 1,
     "not estimable, because one coder alone agrees with nobody"),
    (("compare", "there.csv", "none.csv", "--codebook", EXAMPLES), 1,
     "none.csv: no codes in it: fill in its column codes\n"),
    (("compare", "there.csv", "apart.csv", "--codebook", EXAMPLES), 1,
     "not estimable, because there and apart coded no sentence both"),
    (("compare", "there.csv", "there.csv", "--codebook", EXAMPLES), 1,
     "together: A-2024 1 was coded twice by there: keep one row"),
    (("compare", "third.csv", "there.csv", "--codebook", EXAMPLES), 1,
     "3 coders, ann, ben, there: give the codes of two"),
    (("compare", "semi.csv", "bytes.csv", "--codebook", EXAMPLES), 1,
     "semi.csv: semicolons between the cells: save it with commas\n"
     "bytes.csv line 2: not UTF-8 but perhaps windows-1252: iconv -f windows-1252 -t utf-8, or save it "
     "as CSV UTF-8\n")])
def test_commands_as_a_user_runs_them(tmp_path, words, code, said):
    written(tmp_path / "there.csv", "statement,position,codes\nA-2024,1,DIG\n")
    written(tmp_path / "other.csv", "statement,position,sha256,text\nA-2024,1,00,We speak of it here.\n")
    written(tmp_path / "none.csv", "statement,position,codes\nA-2024,1,\n")
    written(tmp_path / "apart.csv", "statement,position,codes\nA-2024,2,DIG\n")
    written(tmp_path / "third.csv", "statement,position,codes,coder\nA-2024,1,DIG,ann\nA-2024,1,,x\n"
                                    "A-2024,1,DIG,ben\n")
    written(tmp_path / "semi.csv", "statement;position;codes\nA-2024;1;DIG\n")
    (tmp_path / "bytes.csv").write_bytes("statement,position,codes\nA-2024é".encode("latin-1"))
    assert command(*words, folder=tmp_path)[0] == code
    assert command(*words, folder=tmp_path)[1].startswith(said)
    assert not (tmp_path / "y.csv").exists()


def test_a_file_given_twice_is_one_line(tmp_path):
    path = written(tmp_path / "c.csv", "statement,position,codes\n" + "".join(
        f"A-2024,{i},DIG\n" for i in range(60)))
    assert told(elsewhere.compare, [path, path], elsewhere.codebook(EXAMPLES)[0]) == (
        "together: 60 sentences were coded twice by c, as if a file were given twice: name the files of "
        "two coders, or keep one row of each sentence")


def test_texts_that_differ_are_named(tmp_path):
    head = "statement,position,sha256,codes,coder\nA-2024,1,"
    one, two = (written(tmp_path / f"{name}.csv", f"{head}{name * 8},DIG,{name}\n") for name in "ab")
    assert told(elsewhere.compare, [one, two], elsewhere.codebook(EXAMPLES)[0]) == (
        "A-2024 1: sha256 aaaaaaaa in a.csv, bbbbbbbb in b.csv: not the same text: code it again from "
        "the same sentences")
