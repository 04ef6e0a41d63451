"""The ledger of the real tables: its faults, its verdicts, its tables."""

import csv
import hashlib
import math
import os
import re
import shutil
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
import runs
from conftest import REPOSITORY

from digital_diplomacy import data, steps
from digital_diplomacy.claims import ledger, verdicts

# Faults of the tables

def rows_of(table):
    """The rows of a table of data/, as dicts."""
    return list(csv.DictReader((REPOSITORY / "data" / f"{table}.csv").open(encoding="utf-8")))


CHECKS, CLAIMS = rows_of("checks"), {row["id"]: row for row in rows_of("claims")}


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """A copy of the tables that a test may spoil; `change(table, id, column=text)`."""
    shutil.copytree(REPOSITORY / "data", tmp_path / "data")
    monkeypatch.setenv("DD_DATA", str(tmp_path / "data"))

    def change(table, key, order="1", **cells):
        held = rows_of(table)
        for row in held:
            if row.get("id", row.get("claim")) == key and row.get("order", "1") == order:
                row.update(cells)
        with (tmp_path / "data" / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, held[0], lineterminator="\n")
            writer.writeheader()
            writer.writerows(held)
    return SimpleNamespace(change=change, folder=tmp_path / "data")


def spoil(copied):
    """Faults that no description of a table can see, and the lines that tell them."""
    checks = {("kaz-egdi", "1"): {"rule": "smae"}, ("kaz-egdi-rank", "1"): {
        "inputs": "printed=article/kaz-egdi-rank"},
        ("uzb-internet-share", "1"): {"inputs": "printed=article/uzb-internet-share; "
                                                "found=obs/population/UZB/2023"}}
    held = [row | checks.get((row["claim"], row["order"]), {}) for row in CHECKS]
    pd.DataFrame(held).to_csv(copied.folder / "checks.csv", index=False, lineterminator="\n")
    place = {(row["claim"], row["order"]): i for i, row in enumerate(CHECKS, start=2)}
    return [
        f"checks.csv line {place['kaz-egdi', '1']}, rule: no rule 'smae': did you mean 'same'?",
        f"checks.csv line {place['kaz-egdi-rank', '1']}, inputs: rule same needs found: "
        "add it",
        f"checks.csv line {place['uzb-internet-share', '1']}, inputs: "
        "units differ: % and persons"]


def test_faults_are_told_all_at_once_with_place_and_mend(copied):
    lines = spoil(copied)
    assert ledger.faults(["kaz-egdi", "kaz-egdi-rank", "uzb-internet-share"]) == lines
    assert ledger.faults([]) == lines[:-1]  # what only running a rule can tell


def test_nothing_is_computed_from_tables_with_faults(copied, monkeypatch):
    lines = ["a.csv line 2: b", "c.csv line 3: d"]
    monkeypatch.setattr(ledger, "faults", lambda claims=None: lines)
    with pytest.raises(data.DataError, match="^a.csv line 2: b\nc.csv line 3: d$"):
        ledger.ledger("05-conclusions")
    monkeypatch.setattr("digital_diplomacy.validation.faults", list)  # seconds
    with pytest.raises(steps.StudyError) as raised:
        steps.refuse_wrong_tables()
    assert str(raised.value).splitlines()[1:-1] == lines


def test_wrong_observations_are_told_once_and_not_at_every_check(copied):
    path = copied.folder / "facts.csv"
    rows = pd.read_csv(path, dtype=str, keep_default_na=False)
    rows.loc[0, "value"] = "11.85m"
    rows.to_csv(path, index=False, lineterminator="\n")
    found = ledger.faults()
    assert len(found) == 1 and "'11.85m' is not a number" in found[0]


@pytest.mark.parametrize("cells, column, told", [
    ({"rule": "same", "inputs": "printed"}, "inputs",
     "'printed' is not an input: write name=reference"),
    ({"rule": "same", "inputs": "printed=article/kaz-egdi; printed=article/kaz-egdi"}, "inputs",
     "input 'printed' stands twice: join its references with +"),
    ({"rule": "same", "inputs": "printed=article/kaz-egdi; fuond=obs/egdi/KAZ/2022"}, "inputs",
     "rule same needs found: add it"),
    ({"rule": "same",
      "inputs": "printed=article/kaz-egdi; found=obs/egdi/KAZ/2022; fuond=word/x"}, "inputs",
     "rule same has no input 'fuond': did you mean 'found'?"),
    ({"rule": "same", "inputs": "printed=article/kaz-egid; found=obs/egdi/KAZ/2022"}, "inputs",
     "no number 'kaz-egid' of the article: did you mean 'kaz-egdi'?"),
    ({"rule": "same", "inputs": "printed=article/kaz-egdi; found=obs/edgi/KAZ/2022"}, "inputs",
     "no indicator 'edgi': did you mean 'egdi'?"),
    ({"rule": "same", "inputs": "printed=article/kaz-egdi; found=obs/egdi/KAX/2022"}, "inputs",
     "no UN member 'KAX': did you mean 'KAZ'?"),
    ({"rule": "same", "inputs": "printed=article/kaz-egdi; found=osb/egdi/KAZ/2022"}, "inputs",
     "reference 'osb/egdi/KAZ/2022': no kind 'osb': did you mean 'obs'?"),
    ({"rule": "same", "inputs": "printed=article/kaz-egdi; found=number/1,5",
      "source": "article_2023", "locator": "p. 1"}, "inputs",
     "number/1,5 is no number: write digits with a decimal point"),
    ({"rule": "same", "inputs": "printed=article/kaz-egdi; found=number/1"}, "locator",
     "number/1 is what a source says: name source and locator"),
    ({"rule": "same", "inputs": "printed=article/kaz-egdi; found=number/1",
      "source": "article_2023"}, "locator",
     "number/1 is what a source says: name source and locator"),
    ({"rule": "earliest", "inputs": "first=date/2017; others=milestone/kaz-no-such",
      "source": "article_2023", "locator": "p. 1"}, "inputs", "milestones.csv has no row"),
    ({"rule": "same", "inputs": "printed=article/kaz-egdi; found=choice/vintge/KAZ"}, "inputs",
     "no choice 'vintge': did you mean 'vintage'?"),
    ({"rule": "counted", "inputs": "printed=article/un-members; items=rows/articel/country=KAZ"},
     "inputs", "no table 'articel' in data/"),
    ({"rule": "counted", "inputs": "printed=article/un-members; items=rows/article/contry=KAZ"},
     "inputs", "article has no column 'contry': did you mean 'country'?"),
    ({"rule": "same", "inputs": "printed=article/kaz-egdi; found=obs/egdi/KAZ/2022",
      "result": "agrees"}, "result", "the result of a rule is computed: leave it empty"),
    ({"basis": "reading", "result": "agrees", "locator": "p. 1", "criterion": "c"}, "evidence",
     "a reading says what was read, where, and by which criterion: fill it"),
    ({"basis": "reading", "result": "right", "locator": "p. 1", "criterion": "c", "evidence": "e"},
     "result", "'right' is no result of a reading: one of agrees, differs, undecided"),
    ({"basis": "reading", "against": "label", "result": "agrees", "locator": "p. 1",
      "criterion": "c", "evidence": "e"}, "result", "'agrees' is no result of a reading: one of"),
    ({"basis": "reading", "against": "own", "result": "undecided", "locator": "p. 1",
      "criterion": "c", "evidence": "e", "inputs": "unread=article/figure-1-value"}, "inputs",
     "no number 'figure-1-value'")])
def test_one_fault_of_a_check(real, cells, column, told):
    check = dict.fromkeys(CHECKS[0], "") | {"claim": "kaz-egdi", "order": "1", "basis": "rule",
                                            "against": "cited"} | cells
    (found_column, text), = ledger.check_faults(check)
    assert (found_column, text[:len(told)]) == (column, told)


@pytest.mark.parametrize("check", CHECKS, ids=lambda one: f"{one['claim']}-{one['order']}")
def test_a_check_has_no_fault(real, check):
    assert ledger.check_faults(check) == []


def test_the_result_of_a_reading_is_one_of_its_criterion():
    before = ""
    for check in CHECKS:
        if check["basis"] == "reading":
            same = check["criterion"].startswith("the same")  # as the reading above
            assert check["result"] in (before if same else check["criterion"]), check["claim"]
            before = before if same else check["criterion"]


def test_every_rule_is_used():
    assert {check["rule"] for check in CHECKS if check["basis"] == "rule"} == set(ledger.RULES)


# Verdicts

@pytest.fixture
def rows(real):
    """The whole ledger: id -> its row."""
    return {row["id"]: row for row in ledger.ledger().to_dict("records")}


def test_every_claim_has_one_verdict_and_no_typed_one(rows):
    assert set(rows) == set(CLAIMS)
    assert {row["verdict"] for row in rows.values()} <= set(verdicts.MEANING)
    assert not {"verdict", "own", "cited", "preferred", "label"} & set(CLAIMS["kaz-egdi"])


@pytest.mark.parametrize("claim, verdict, own, cited, preferred, label", [
    ("kaz-egdi", "reproduced", "consistent", "agrees", "none found", "right"),
    ("kaz-egdi-rank", "reproduced", "consistent", "agrees", "none found", "not checked"),
    ("egdi-citation", "mislabelled", "tied to nothing", "source not seen", "none found",
     "wrong citation"),
    ("kaz-internet-share", "mislabelled", "tied to a conflict", "source not seen", "differs",
     "wrong date"),
    ("kaz-social-media-share", "not checkable here", "tied to a conflict", "source not seen",
     "undecided", "not checked"),
    ("uzb-social-media-share", "reproduced", "consistent", "source not seen", "agrees",
     "not checked"),
    ("uzb-mobile-connections", "disputed", "consistent", "source not seen", "differs",
     "not checked"),
    ("uzb-internet-share", "mislabelled", "consistent", "source not seen", "differs", "wrong date"),
    ("kaz-internet-users", "mislabelled", "inconsistent", "none cited", "differs", "wrong date"),
    ("uzb-internet-users", "mislabelled", "consistent", "source not seen", "differs", "wrong date"),
    # lines are no persons, of no account is the year, and the portal's edition is another
    ("uzb-internet-users-growth", "contradicted", "consistent", "source not seen", "differs",
     "not checked"),
    ("uzb-social-media-users", "not checkable here", "consistent", "source not seen", "none found",
     "not checked"),
    ("uzb-twiplomacy-portal", "not checkable here", "tied to nothing", "source not seen",
     "none found", "not checked"),
    # counted in 2018 and 2021, not in the year of the claim
    ("kaz-facebook-most-popular", "not checkable here", "consistent", "source not seen",
     "none found", "not checked"),
    ("figure-2-numbers", "not checkable here", "tied to a conflict", "source not seen",
     "none found", "not checked"),
    ("uzb-considerably-more", "disputed", "tied to nothing", "none cited", "differs",
     "not checked"),
    ("substantial-influence", "not checkable here", "undecided", "none cited", "none found",
     "not checked"),
    ("no-extra-costs", "unsupported", "tension", "none cited", "none found", "not checked"),
    ("figure-1-indicators", "not checkable here", "tied to nothing", "source not seen",
     "none found", "not checked")])
def test_a_verdict(rows, claim, verdict, own, cited, preferred, label):
    row = rows[claim]
    assert [row[name] for name in ("verdict", "own", "cited", "preferred", "label")] == \
        [verdict, own, cited, preferred, label]


def test_no_claim_with_a_legible_number_is_decided_by_reading_alone(rows):
    article = {row["id"]: row for row in csv.DictReader(
        (REPOSITORY / "data" / "article.csv").open(encoding="utf-8"))}
    for row in rows.values():
        values = [article[one]["value"] for one in row["numbers"].split()]
        if any(values) and row["basis"] == "reading":
            raise AssertionError(f"{row['id']} has a number and is decided by reading")


def test_a_decided_verdict_names_a_line_of_the_standard_and_an_open_one_what_it_needs(rows):
    lines = set(ledger.standard().index)
    for row in rows.values():
        named = set(row["line"].split())
        if row["verdict"] in verdicts.OPEN:
            assert row["needed"] and not named, row["id"]
        else:
            assert named and named <= lines & {*verdicts.WORST}, row["id"]
            assert {check["against"] for check in row["checks"]} >= named - {"own"}, row["id"]
        if row["verdict"] == "disputed" and len(named) == 1:
            assert row["stability"]["share"] <= 0.5, row["id"]


def test_no_undated_text_decides_a_number_or_a_date(rows):
    dated = {row["source"]: row["published"] for row in rows_of("sources")}
    for row in rows.values():
        for check in row["checks"]:
            if check["source"] and not dated[check["source"]] and row["kind"] in ("number", "date"):
                assert check["against"] not in row["line"].split(), row["id"]


def test_the_standard_stands_on_one_screen_in_its_order(real):
    found = ledger.standard()
    assert list(found.index[:7]) == [*verdicts.EVIDENCE, "label", "further"]
    assert len(found) <= 13 and found.map(bool).all(axis=None)


def test_what_stands_apart_is_a_notice_a_count_of_its_own_or_not_said(rows):
    assert {row["apart"] for row in rows.values()} == {"", *ledger.APART}
    for row in rows.values():
        if row["apart"] == "premise":  # no word of the article says it; a recommendation needs it
            assert row["central"] and row["statement"].startswith("Recommendation "), row["id"]
        if row["apart"] == "self-evident":
            assert row["line"] == "own", row["id"]
        if row["apart"] == "notice":
            assert not row["central"], row["id"]


def test_a_decided_claim_names_its_sources(rows):
    for row in rows.values():
        if row["verdict"] in ("reproduced", "contradicted") and not row["apart"]:
            assert row["sources"], row["id"]


def test_stability_is_the_full_product(rows):
    for row in rows.values():
        varied = verdicts.choices(CLAIMS[row["id"]], row["checks"])
        n = math.prod(map(len, varied.values()))
        assert (row["stability"] or {"n": 1})["n"] == n
        if row["stability"]:
            assert 0 < row["stability"]["stands"] <= n  # the study's own specification is one
            assert ("fragile" in row["marks"]) == (
                row["stability"]["stands"] < n and row["verdict"] != "disputed")


# Tables and counts

@pytest.fixture
def made(monkeypatch):
    """A ledger of a few rows made by hand; what is not said is the same in all."""
    def hold(*lines):
        common = {"page": "30", "country": "KAZ", "apart": "", "basis": "rule", "kind": "number",
                  "line": "cited", "checks": [],
                  "marks": [], "central": [], "stability": None, "chapter": "01-theory",
                  "cited": "differs", "preferred": "none found", "preferred_how": "",
                  "label_how": "", "own_how": "", "needed": "", "looked": "the web"}
        frame = pd.DataFrame([common | {"short": one["id"], "cited_how": f"why {one['id']}",
                                        "verdict": "contradicted"} | one for one in lines])
        frame = frame.assign(group=frame["kind"].map(ledger.GROUP_OF))
        monkeypatch.setattr(ledger, "ledger", lambda chapter=None, as_of=None: frame)
        return frame
    return hold


def test_a_claim_that_a_later_source_decides_says_so(made):
    """With a date before its source there is nothing needed and nothing looked for."""
    undecided = {"verdict": "unsupported", "basis": "none", "cited": "none cited", "line": ""}
    rows = ledger.verdict_rows(made({"id": "later", **undecided, "looked": ""},
                                    {"id": "sought", **undecided}))
    assert rows["We found"].tolist() == ["No source of this date decides it",
                                         "Looked for: the web"]


def test_a_reason_is_cut_at_a_word_and_outside_a_bracket():
    assert ledger.shortened("short") == "Short"
    text = "a" + " word" * 50
    assert ledger.shortened(text).endswith("word …") and len(ledger.shortened(text)) <= 200
    assert ledger.shortened("a" + " word" * 30 + "; (in" + " word" * 30) == \
        "A" + " word" * 30 + " …"


def test_counts_name_each_claim(made):
    frame = made({"id": "a"}, {"id": "b", "verdict": "reproduced", "central": ["r1"]},
                 {"id": "c", "kind": "most", "basis": "reading"},
                 {"id": "d", "apart": "premise", "central": ["r1"]})
    found, none = ledger.count(frame[:3], frame), ledger.count(frame[:0], frame)
    assert (int(found), found.exact, found.how) == (3, True, "of 4 claims")
    assert int(none) == 0 and none.rows == found.rows and len(none.rows) == 4
    with pytest.raises(ValueError, match="^a part of claims holds one that was not asked"):
        ledger.count(frame, frame[:3])
    assert found.rows[:2] == ("KAZ/2023/claims:a/article_2023", "KAZ/2023/claims:b/article_2023")
    summary = ledger.summary()
    assert list(summary.columns) == [*(one.capitalize() for one in verdicts.MEANING), "All"]
    assert summary.astype(int).to_dict("index") == {
        name: dict.fromkeys(summary.columns, 0) | counts for name, counts in {
            "Central": {"Reproduced": 1, "All": 1},
            "Numbers and counts": {"Reproduced": 1, "Contradicted": 1, "All": 2},
            "Ranks and orderings": {"Contradicted": 1, "All": 1}, "Dates and laws": {},
            "Attributions and citations": {}, "Existence": {}, "Effects and definitions": {},
            "All": {"Reproduced": 1, "Contradicted": 2, "All": 3},
            "Decided": {"Reproduced": 1, "Contradicted": 2, "All": 3},
            "By rule": {"Reproduced": 1, "Contradicted": 1, "All": 2}, "Notices": {},
            "Self-evident counts": {}, "Premises": {"Contradicted": 1, "All": 1}}.items()}
    assert {cell.rows for cell in summary.loc["Ranks and orderings"]} == {
        ("KAZ/2023/claims:c/article_2023",)}  # what has none was looked for among all
    assert list(ledger.by_kind().index) == ["Central", *ledger.KINDS, "All"]


def test_every_kind_of_claim_is_in_one_group(real):
    grouped = [kind for kinds in ledger.KINDS.values() for kind in kinds]
    assert len(grouped) == len(set(grouped)) and set(grouped) >= {
        row["kind"] for row in CLAIMS.values()}


def test_the_table_of_a_chapter_keeps_the_order_of_verdicts_and_counts_the_rest(made):
    made({"id": "right", "verdict": "reproduced", "cited_how": "printed 5; found 5"},
         {"id": "wrong", "page": "30-31"},
         {"id": "of-another-year", "verdict": "mislabelled", "line": "label", "marks": ["fragile"],
          "label_how": "long", "checks": [
              {"against": "preferred", "evidence": "No.", "brief": ""},
              {"against": "label", "evidence": "", "brief": "the value of 2021"}]},
         {"id": "half", "verdict": "disputed", "stability": {
             "verdict": "contradicted", "stands": 8, "n": 12, "as_printed": 1 / 3}},
         {"id": "two-lines", "verdict": "disputed", "line": "preferred independent"},
         {"id": "read", "verdict": "reproduced", "checks": [
             {"against": "cited", "evidence": "B. Harris has it on page 1. More follows."}]},
         {"id": "open", "verdict": "unsupported", "line": "", "needed": "a count"},
         {"id": "open-central", "verdict": "unsupported", "line": "", "central": ["r1"],
          "needed": "a survey"}, {"id": "named", "apart": "notice"})
    found = ledger.chapter("01-theory")
    assert list(found.index) == ["read", "right", "of-another-year", "half", "two-lines", "wrong",
                                 "open-central"]
    assert found["Central"].tolist() == ["", "", "", "", "", "", "yes"]
    assert found["What was found"].to_dict() == {
        "wrong": "Why wrong", "of-another-year": "The value of 2021",
        "half": "Holds in 4 of 12 readings",
        "two-lines": "Preferred and independent sources disagree",
        "open-central": "Needed: a survey", "read": "B. Harris has it on page 1",
        "right": "Printed 5; found 5"}
    assert found.loc["wrong", "Page"] == "30–31"
    assert found.loc["of-another-year", "Verdict"] == "mislabelled, fragile"
    assert found.loc["wrong", "Verdict"] == "contradicted"
    assert found.attrs["links"]["half"] == "ledger.html#half"
    assert found.attrs["rest"] == "Open and not central: 1. Apart from these: notices 1."


def test_no_cell_of_a_chapter_is_cut_or_a_paragraph(real):
    for chapter in sorted({row["chapter"] for row in CLAIMS.values()}):
        for claim, text in ledger.chapter(chapter)["What was found"].items():
            assert "…" not in text and len(text.split()) <= 1 + ledger.CLAUSE, claim


def test_what_is_needed_is_cut_at_a_comma_or_not_at_all():
    assert ledger.clause("a count, or a list") == "a count, or a list"
    assert ledger.clause("a count, " + "word " * 20) == "a count"
    assert ledger.clause("word " * 20 + "end, more") == "word " * 20 + "end"


def test_premises_are_shown_apart_and_another_word_is_refused(real):
    found = ledger.apart("premise")
    assert set(found.index) == {"no-courses", "trolling-spreads", "uzb-internet-slower",
                                "uzb-networks-narrower"}
    with pytest.raises(ValueError, match="apart as 'notices': did you mean 'notice'"):
        ledger.apart("notices")


def test_the_claims_of_a_chapter_by_verdict(made):
    made({"id": "a"}, {"id": "b", "page": "30-31"}, {"id": "c", "apart": "notice"},
         {"id": "d", "verdict": "reproduced"}, {"id": "e", "verdict": "unsupported", "line": ""},
         {"id": "f", "verdict": "inconsistent", "line": "own",
          "own_how": "they exclude each other"},
         {"id": "g", "verdict": "mislabelled", "line": "label", "label_how": "of another year"})
    found = ledger.by_verdict("01-theory")
    assert list(found.index) == ["reproduced", "mislabelled", "contradicted", "inconsistent",
                                 "unsupported"]
    assert [int(n) for n in found["Claims"]] == [1, 1, 2, 1, 1]
    assert {len(n.rows) for n in found["Claims"]} == {6}
    rows = ledger.verdict_rows(ledger.ledger("01-theory").query("id in ['b', 'f']"))
    assert rows["Page"].tolist() == ["30–31", "30"]
    assert rows.loc["f", "We found"] == "They exclude each other"


def test_what_turns_a_fragile_verdict(made):
    made({"id": "a", "marks": ["fragile"],
          "stability": {"stands": 1, "n": 4, "turned_by": ["x", "y"]}},
         {"id": "b", "marks": ["tied to a conflict", "fragile"],
          "stability": {"stands": 2, "n": 4, "turned_by": []}},
         {"id": "c", "stability": {"stands": 4, "n": 4, "turned_by": []}})
    assert ledger.fragile().reset_index().values.tolist() == [
        ["a", "contradicted", "1 of 4", "x; y"],
        ["b", "contradicted", "2 of 4", "choices together only"]]


def test_readings_of_a_claim_are_counted(rows):
    table = ledger.readings(["kaz-considerably-more", "uzb-considerably-more", "kaz-leader-egdi"])
    assert table.loc["kaz-considerably-more"].astype(float).tolist() == [12, 11]
    assert table.loc["uzb-considerably-more"].astype(float).tolist() == [12, 6]
    assert table.loc["kaz-leader-egdi"].astype(float).tolist() == [2, 2]
    assert ledger.readings(["not-aside"]).loc["not-aside"].tolist() == [None, None]
    passes = table.loc["uzb-considerably-more", "Passes"]
    assert passes.rows[0] == "UZB/2023/claims:uzb-considerably-more/article_2023"
    assert passes.rows[1:] == tuple(rows["uzb-considerably-more"]["rows"])


def test_conflicts_in_the_words_of_a_reader(real):
    found = ledger.conflicts()
    assert len(found) and not found.map(lambda text: "_" in text).any(axis=None)
    assert found["Printed"].str.startswith("Kazakhstan, ").any()


@pytest.mark.parametrize("words, code, text", [
    ([], 0, "kaz-egdi  p. 27  EGDI of Kazakhstan: 0.8628: reproduced\n"),
    (["--verdict", "mislabelled"], 0, "kaz-internet-share  p. 28  90.9 % use the internet as of "
                                      "2023: mislabelled\n"),
    (["--verdict", "mislabeled"], 2, "No verdict 'mislabeled': did you mean 'mislabelled'?\n")])
def test_claims_are_listed(real, capsys, words, code, text):
    from digital_diplomacy.__main__ import main
    with runs.alone():
        assert main(["claims", *words]) == code
    said = capsys.readouterr()
    assert text in (said.err if code else said.out)
    if code == 0 and words:
        assert "reproduced" not in said.out


# The tables of the article's text: what they leave out, `validation` tells

def test_the_tables_are_of_the_text_whose_checksum_is_written():
    text = Path(os.environ.get("ARTICLE_TEXT") or "absent")
    if not text.exists():
        pytest.skip("the article's text is not here: name it in ARTICLE_TEXT")
    page = (REPOSITORY / "data" / "README.md").read_text(encoding="utf-8")
    assert hashlib.sha256(text.read_bytes()).hexdigest() in re.findall("[0-9a-f]{64}", page)
    content = text.read_text(encoding="utf-8")
    for one in rows_of("article_sentences"):
        words = " ".join(content[int(one["start"]):int(one["end"])].split())
        assert hashlib.sha256(words.encode()).hexdigest() == one["sha256"], one["sentence"]
    for token in rows_of("article_tokens"):
        word = content[int(token["start"]):int(token["end"])]
        assert re.sub(r"-\s+", "", word) == token["token"], token  # parted at a line's end


def test_a_wrong_table_fails_the_step_with_its_line(monkeypatch, tmp_path):
    def refuse():
        raise data.DataError("claims.csv line 2, page: empty: fill it")
    monkeypatch.setattr(ledger, "ledger", refuse)
    with pytest.raises(steps.StudyError, match="^claims.csv line 2, page: empty: fill it$"):
        steps.ledger(tmp_path, tmp_path / "claims.json")
    assert not (tmp_path / "claims.json").exists()
