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

from digital_diplomacy import agreement, codings, content, corpus, desk, desk_view, elsewhere, running
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
    drawn = desk.draw(frame).merge(frame, on=["statement", "position"])
    weight = drawn.groupby("statement")["weight"].agg(lambda own: own.round(9).unique().tolist())
    assert weight["KAZ-2020"] == weight["UZB-2020"] == [1]  # each of DIG is in the sample
    assert weight["KAZ-2021"] == [2]  # 15 of 30
    assert weight["UZB-2021"] == [pytest.approx(970 / 15)]
    assert weight["UZB-2022"] == [pytest.approx(1 / (1 - (1 - 15 / 970) * (1 - 100 / 200)))]
    assert (drawn["a"].str.contains("DIG")).sum() == 40


def test_a_topic_is_rare_below_a_share():
    frame = units(("KAZ-2020", 5, "DIG"), ("KAZ-2021", 95, "SEC"))
    assert set(desk.parts(frame)) == {"KAZ 2017–2024", "negatives"}
    frame = units(("KAZ-2020", 4, "DIG"), ("KAZ-2021", 96, "SEC"))
    assert set(desk.parts(frame)) == {"KAZ 2017–2024", "DIG", "negatives"}


def test_the_chance_to_be_drawn_is_what_the_weight_says():
    frame = units(("KAZ-2020", 4, "DIG"), ("KAZ-2021", 96, "SEC"), ("KAZ-2022", 150, ""))
    known, seen = {}, {}
    for seed in range(300):
        for row in desk.draw(frame, seed).itertuples():
            known[row.sha256] = 1 / row.weight
            seen[row.sha256] = seen.get(row.sha256, 0) + 1 / 300
    apart = np.array([seen[unit] - chance for unit, chance in known.items()])
    assert abs(apart).max() < 0.13 and abs(apart.mean()) < 0.01


def test_the_sample_of_the_study(real):
    table = read("sentences")
    drawn = desk.draw(table)
    assert not drawn.duplicated(["statement", "position"]).any()
    assert set(desk.parts(table)) >= {"CIT", "DIG", "negatives", "KAZ 1992–2000", "TKM 2017–2024"}
    assert [len(desk.parts(table)[name][0]) for name in ("DIG", "CIT")] == [63, 52]
    assert sum(most for name, (_, most) in desk.parts(table).items() if " " in name) == 300
    assert drawn["weight"].sum() == pytest.approx(len(table), rel=0.05)
    assert desk.draw(table).equals(drawn)
    assert not desk.draw(table, 1).equals(drawn)


def test_the_order_is_random_and_tells_no_code(real):
    table = read("sentences")
    drawn = desk.draw(table).merge(table[["statement", "position", "a"]], on=["statement", "position"])
    half = len(drawn) // 2
    for mark in (drawn["a"] == "", drawn["statement"].str.startswith("KAZ")):
        assert abs(mark[:half].mean() - mark[half:].mean()) < 0.08
    assert not {"a", "b", "counts", "similarity"} & set(desk.draw(table).columns)


def test_how_much_to_code(real):
    table = desk.needs()
    row = table.loc["Digital and cyber"]
    assert row["α ≥ 0.667, of all"] == agreement.bloch_kraemer(63 / 11832, 0.667)
    sample = len(desk.draw(read("sentences")))
    assert row["α ≥ 0.667, here"] == agreement.bloch_kraemer(row[f"Of {sample}"] / sample, 0.667)
    assert desk.margins().to_dict() == {"90 %": 98, "85 %": 138, "80 %": 172}
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
    monkeypatch.setattr(desk, "read", lambda name: {"sentences": table}[name])
    return desk.Desk(sample, TOPICS, tmp_path / "codes" / "ann.csv", "ann")


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
    """Type into the box and press Enter, as the browser tells it."""
    message(view.box, method="update", state={"value": text})
    message(view.box, method="custom", content={"event": "submit"})


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
    assert seen(view) == (1, [], "") and view.box.value == ""
    press(view, "0")
    press(view, "dig")
    assert "Sentence 4 of 5; coded 3" in view.head.value
    press(view, "b")
    assert seen(view) == (2, ["DIG"], "")
    press(view, "sec")  # the correction replaces, and the first open one follows
    assert seen(view) == (3, [], "")
    press(view, " B ")
    press(view, "")  # nothing typed: what is pressed is saved
    assert seen(view) == (3, [], "")
    press(view, "2")
    press(view, "0")
    assert view.place is None and "All 5 sentences are coded" in view.head.value
    assert desk.coded(five)["codes"].tolist() == ["DIG SEC", "NON", "SEC", "SEC", "NON"]
    press(view, "1")  # at the end nothing more is written
    press(view, "b")
    assert seen(view) == (4, ["NON"], "")


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
    assert seen(view) == (1, [], "")
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
    assert not five.path.exists()


def test_a_file_that_breaks_meanwhile_is_said(five):
    view = desk_view.View(five)
    press(view, "1")
    five.path.write_text("statement,position\n")
    press(view, "1")
    assert seen(view) == (1, ["DIG"], "ann.csv: no column codes: add it")
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
    five.path.with_name("ben.csv").write_text(
        "statement,position,codes\nKAZ-2017,1,DIG\nUZB-2017,1,NON\nUZB-2018,3,\n")
    assert desk.against(five, "ben").loc["Digital", ["ann", "ben", "both"]].tolist() == [2, 1, 1]
    heavy = five._replace(sample=five.sample.assign(weight=[1.0, 1, 1, 1, 4]))  # 2 of 8, 4 of 8
    assert desk.found(heavy).loc["Digital"].tolist() == ["25.0", "25.0", "25.0", "40.0"]
    assert desk.found(heavy).loc["Security"].tolist() == ["50.0", "25.0", "50.0", "40.0"]
    assert desk.against(heavy, "dictionary").loc["Security", "alpha"] != desk.against(
        heavy, "dictionary", weighted=False).loc["Security", "alpha"]


def test_one_coder_only_and_nothing_coded(five):
    assert set(desk.against(five, "dictionary")["allows"]) == {
        "not estimable, because nothing is coded yet"}
    assert told(desk.found, five) == "not estimable, because nothing is coded yet"
    desk.record(five, 0, ["DIG"])
    assert "..." not in desk.against(five, "").to_html()
    assert set(desk.against(five, "")["allows"]) == {
        "not estimable, because only one has coded"}
    assert told(desk.against, five, "ben") == (
        "there is no codes/ben.csv: ask ben for it, and put it there")
    assert told(desk.against, five, "ann") == "'ann' is yourself: name another coder"


def test_a_text_that_does_not_match_is_named(five):
    desk.record(five, 0, ["DIG"])
    five.path.write_text(five.path.read_text().replace(five.sample["sha256"][0], "0" * 16))
    assert told(desk.coded, five) == (
        f"KAZ-2017 1: sha256 {'0' * 16} in ann.csv, {five.sample['sha256'][0]} in data/sentences.csv: "
        "not the same text")


@pytest.mark.parametrize("row, said", [
    ("KAZ-2017,1,,SEC,ann,", "ann.csv: KAZ-2017 1 was coded twice by ann: keep one row"),
    ("KAZ-2017,2,,DUG,ann,", "ann.csv: KAZ-2017 2: no topic 'DUG': did you mean 'DIG'?"),
    ("KAZ-2017,2,,DIG,ben,", "ann.csv: KAZ-2017 2 is by 'ben', not by 'ann': a file holds one coder"),
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
     ["", "", "", "not estimable, because both gave it to all sentences"]),
    (["A-1 1 DIG", "A-1 2 NON"], ["A-1 1 DIG", "A-1 2 NON"],
     ["1.00", "", "", "no interval, because there is one text only"]),
    (["A-1 1 DIG", "B-1 1 NON"], ["A-1 1 DIG", "B-1 1 NON"],
     ["1.00", "", "", "no interval, because too few texts hold it"]),
    (["A-1 1 DIG"], ["B-1 1 DIG"],
     ["", "", "", "not estimable, because none was coded by both"])])
def test_where_there_is_no_alpha_or_interval_the_reason_stands(left, right, said):
    frame = codings.compare(codings.pairs(codes(left, "ann"), codes(right, "ben")), {"DIG": "Digital"})
    assert "..." not in frame.to_html()  # where pandas cuts a cell, a reader misses the reason
    assert frame.loc["Digital", ["alpha", "low", "high", "allows"]].tolist() == said


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
        "coder is 'ann/../ben': name yourself in the second cell, in letters, digits and hyphens",
        f"there is no {tmp_path / 'x'}: name a folder of texts"]
    assert told(desk.begin, tmp_path / "x", "dictionary").startswith("coder is 'dictionary'")
    with pytest.raises(desk.DeskError) as caught:
        desk.begin(tmp_path / "x", "ann")
    assert caught.value._render_traceback_() == [f"there is no {tmp_path / 'x'}: name a folder of texts"]


def test_texts_of_another_release_are_named(real, tmp_path):
    (tmp_path / "KAZ_47_1992.txt").write_text("We speak of war today.")
    lines = told(desk.begin, tmp_path, "ann").splitlines()
    assert re.fullmatch("KAZ-1992: sha256 [0-9a-f]{12} in the texts, 28c9ac296f66 in data/: get it "
                        "again", lines[0])
    assert lines[1] == "KAZ-1993: no text: get it" and len(lines) > 100


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
    assert done.stderr.strip().endswith("not estimable, because nothing is coded yet")
    cells = {cell.id: cell for cell in nbformat.read(tmp_path / "out.ipynb", 4).cells}
    assert "application/vnd.jupyter.widget-view+json" in cells["code"].outputs[0].data
    assert "nothing is coded yet" in cells["similarity"].outputs[0].data["text/html"]


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
     "not estimable, because one coder alone agrees with nobody"),
    (("compare", "there.csv", "apart.csv", "--codebook", EXAMPLES), 1,
     "not estimable, because there and apart coded no sentence both"),
    (("compare", "there.csv", "there.csv", "--codebook", EXAMPLES), 1,
     "together: A-2024 1 was coded twice by there: keep one row"),
    (("compare", "third.csv", "there.csv", "--codebook", EXAMPLES), 1,
     "3 coders, ann, ben, there: give the codes of two"),
    (("compare", "semi.csv", "bytes.csv", "--codebook", EXAMPLES), 1,
     "semi.csv: semicolons between the cells: save it with commas\n"
     "bytes.csv: not UTF-8 (byte 31): save it as CSV UTF-8\n")])
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


def test_texts_that_differ_are_named(tmp_path):
    head = "statement,position,sha256,codes,coder\nA-2024,1,"
    one, two = (written(tmp_path / f"{name}.csv", f"{head}{name * 8},DIG,{name}\n") for name in "ab")
    assert told(elsewhere.compare, [one, two], elsewhere.codebook(EXAMPLES)[0]) == (
        "A-2024 1: sha256 aaaaaaaa in the first, bbbbbbbb in the second: not the same text")
