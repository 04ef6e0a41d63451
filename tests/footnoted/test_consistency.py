"""The consistency audit: worked by hand, by properties, and as a user calls it."""

import datetime
import json
import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

import digital_diplomacy as dd
from digital_diplomacy.__main__ import main
from digital_diplomacy import data as tables, steps
from footnoted.consistency import expressions, repair, slips, solve as consistency, solver
from footnoted.consistency import consistent
from footnoted.consistency.numerals import read
from footnoted.number import Number

REPOSITORY = Path(__file__).parents[2]
EXAMPLE = REPOSITORY / "tests" / "paper.toml"
USERS = {"users": "17,3 млн", "share": "90,9 %", "people": "19,5 млн"}
TIE = ["users == share * people"]


def sets(result):
    """The conflicts as pairs of sets of names and labels."""
    return [({*one.numbers}, {*one.relations}) for one in result.conflicts]


def texts(repairs):
    """Repairs as {name: new text} with their kinds."""
    return [({name: new for name, _, _, new in one.changes}, [kind for _, kind, _, _ in one.changes])
            for one in repairs]


# Whether a world exists

@pytest.mark.parametrize("users, share, people, holds", [
    ("17,3 млн", "90,9 %", "19,5 млн", False),  # 0.909 of 19.5 million is 17.7 million
    ("17,7 млн", "90,9 %", "19,5 млн", True), ("17,3 млн", "около 90 %", "19,5 млн", True),
    ("17,3 млн", "89 %", "19,5 млн", True),  # 88.5 % of 19.55 million is 17.302 million
    ("17,3 млн", "88,4 %", "19,5 млн", True), ("17,3 млн", "90 %", "19,5 млн", False)])
def test_a_share_of_a_total(users, share, people, holds):
    assert consistent({"users": users, "share": share, "people": people}, TIE).holds is holds


def test_the_upper_end_of_an_interval_is_outside():
    """17.25 prints as 17.3: what prints as 17.2 is below it."""
    told = {"a": "17.2", "b": (Fraction("17.25"), Fraction("17.25"))}
    assert consistent(told, ["a == b"]).holds is False
    assert consistent(told | {"a": "17.3"}, ["a == b"]).holds is True
    assert consistent({"a": "about 20", "b": (30, 30)}, ["a == b"]).holds is True  # a hedge is closed


def test_no_widening():
    """A billionth beside the interval is outside it."""
    edge = Fraction("0.5") + Fraction(1, 10**9)
    assert consistent({"a": "0", "b": (edge, edge)}, ["a == b"]).holds is False
    assert consistent({"a": "0", "b": (-Fraction("0.5"),) * 2}, ["a == b"]).holds is True


@pytest.mark.parametrize("relation, holds", [
    ("a + b == 8", True), ("a - b == 2", True), ("a * b == 15", True), ("a / b == 5 / 3", True),
    ("a > b", True), ("b >= a", False), ("1 < b < a <= 5", True), ("1 < a < b", False),
    ("-b == -3", True), ("sum(a, b, 2) == 10", True), ("sum(a, b, 2) == 11", False),
    ("rank(a, b) == 1", True), ("rank(b, a) == 1", False), ("rank(b, a) == 2", True),
    ("a ≥ b", True), ("a × b = 15".replace("=", "=="), True), ("a * 0.1 == 0.5", True), ("(a + b) / 2 == 4", True),
    ("a / (b - 3) == 1", False)])  # nothing is divided by zero
def test_the_language_of_relations(relation, holds):
    assert consistent({"a": 5, "b": 3}, [relation]).holds is holds
    known = expressions.relation(relation, "ab")
    assert expressions.true(known, {"a": Fraction(5), "b": Fraction(3)}) is holds


def test_nothing_divided_by_nothing_is_not_anything():
    assert consistent({"a": 0, "b": 0}, ["a / b == 7"]).holds is False


def test_equal_ranks_leave_a_gap():
    known = expressions.relation("rank(a, b, c) == 2", "abc")
    assert expressions.true(known, {"a": Fraction(1), "b": Fraction(2), "c": Fraction(1)})


def test_unknown_quantities_are_positive():
    assert consistent({"a": "5"}, ["a == -x"], unknown=["x"]).holds is False
    assert consistent({"a": "5"}, ["a == x * y"], unknown=["x", "y"]).holds is True
    assert consistent({"a": 0}, ["a == x"], unknown=["x"]).holds is False


def test_what_numbers_may_be():
    told = {"text": "17,3 млн", "whole": 5, "interval": (1, 2), "decimals": ("0.1", "0.2"),
            "number": Number(92.9, "%", "92.85", "92.95"), "day": datetime.date(2018, 1, 1)}
    numbers = consistent(told, ["whole > 0"]).numbers
    assert [(float(one.low), float(one.high)) for one in numbers.values()] == [
        (17_250_000, 17_350_000), (5, 5), (1, 2), (0.1, 0.2), (0.9285, 0.9295), (2018, 2018)]


def test_a_question_that_the_solver_leaves_open(monkeypatch):
    monkeypatch.setattr(solver.System, "answer", lambda self, *asked: None)
    result = consistent(USERS, TIE)
    assert result.holds is None and not result.conflicts
    assert "cannot be said" in str(result)


def test_effort_that_runs_out_is_said(monkeypatch):
    monkeypatch.setattr(solver, "EFFORT", 1)
    result = consistent({"a": "5"}, ["a == x * y * z * x", "x * y * y > z * z + 1"],
                        unknown=["x", "y", "z"])
    assert result.holds is None and "gave up" in result.reason


# Which cannot all be true

def test_all_minimal_sets():
    """Two ties contradict c, and by way of c each other; d stands aside."""
    result = consistent({"a": 1, "b": 2, "c": 3, "d": 9},
                        {"one": "a == c", "two": "b == c", "three": "d > c"})
    assert result.complete and sets(result) == [
        ({"a", "c"}, {"one"}), ({"c", "b"}, {"two"}), ({"a", "b"}, {"one", "two"})]


def test_relations_that_contradict_each_other():
    result = consistent({"a": 1}, {"up": "x > y", "down": "y > x", "free": "a > 0"}, ["x", "y"])
    assert sets(result) == [(set(), {"up", "down"})]
    assert result.repairs == [[]] and "No slip" in str(result)


def test_a_ring_of_three():
    result = consistent({"a": 1, "b": 1, "c": 1}, {"ab": "a < b", "bc": "b < c", "ca": "c < a"})
    one_tie = [({"a", "b"}, {"ab"}), ({"b", "c"}, {"bc"}), ({"a", "c"}, {"ca"})]
    two_ties = [({"a", "c"}, {"ab", "bc"}), ({"b", "a"}, {"bc", "ca"}), ({"c", "b"}, {"ca", "ab"})]
    found = sets(result)
    assert len(found) == 7 and (set(), {"ab", "bc", "ca"}) in found
    assert all(one in found for one in one_tie + two_ties)


def test_sets_are_minimal_whatever_the_solver_hands_over(monkeypatch):
    """Its own cores are often minimal by luck: here it names every member that it was asked about."""
    lean = solver.Asker.core
    monkeypatch.setattr(solver.Asker, "core", lambda self, members:
                        None if lean(self, members) is None else list(members))
    result = consistent({"a": 1, "b": 2, "c": 3}, {"one": "a == b", "two": "a < c", "more": "c > b"})
    assert sets(result) == [({"a", "b"}, {"one"})]


NAMES = "abcd"
SIMPLE = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(["<", "<=", "=="]),
                            st.sampled_from(NAMES), st.integers(-2, 2)), min_size=1, max_size=4,
                  unique=True)


@settings(max_examples=25)
@given(st.lists(st.integers(0, 4), min_size=4, max_size=4), SIMPLE)
def test_sets_are_minimal_all_and_really_conflict(values, ties):
    """Against every subset of members, tried one by one by the plain solver."""
    numbers = dict(zip(NAMES, values))
    relations = {f"r{i}": f"{a} {op} {b} + {n}" if n >= 0 else f"{a} {op} {b} - {-n}"
                 for i, (a, op, b, n) in enumerate(ties)}
    result = consistent(numbers, relations)
    for one in result.conflicts:
        assert not holds(numbers, relations, one.numbers, one.relations)
        for name in one.numbers:
            assert holds(numbers, relations, {*one.numbers} - {name}, one.relations)
        for label in one.relations:
            assert holds(numbers, relations, one.numbers, {*one.relations} - {label})
    left = [{*one.numbers} | {*one.relations} for one in result.conflicts]
    hit = {min(one) for one in left}  # without a member of each the rest can be true
    assert holds(numbers, relations, {*numbers} - hit, {*relations} - hit)
    assert result.holds is (not left)


def holds(numbers, relations, names, labels):
    """Whether these numbers and relations can be true, the others left out."""
    labels = [label for label in relations if label in labels]
    if not labels:
        return True
    return consistent({name: numbers[name] for name in numbers if name in names},
                      {label: relations[label] for label in labels},
                      [name for name in NAMES if name not in names]).holds or free(
        numbers, relations, names, labels)


def free(numbers, relations, names, labels):
    """The same with what is left out of any sign: `unknown` would be positive."""
    wide = {name: numbers[name] if name in names else (-100, 100) for name in numbers}
    return consistent(wide, {label: relations[label] for label in labels}).holds


def test_the_same_input_gives_the_same_text():
    said = {str(consistent(USERS | {"more": "12"}, [*TIE, "more > 20"])) for _ in range(3)}
    assert len(said) == 1


# The smallest repairs

def test_a_dropped_digit_is_found_and_the_source_agrees():
    result = consistent({"users": "17,3 млн", "share": "90,9%", "social": "11,85 млн", "part": "60,8%",
                         "again": "11.85"},
                        ["users == share * people", "social == part * people",
                         "again == social / 1000000"], ["people"],
                        {"users": {"the report": "17.73 million", "another": "16 million"}})
    assert texts(result.repairs[0]) == [({"users": "17,7 млн"}, ["changed"]),
                                        ({"users": "17,73 млн"}, ["dropped"])]
    assert [one.agrees for one in result.repairs[0]] == [("the report",)] * 2


@pytest.mark.parametrize("printed, kind, meant", [
    ("15 612", "swapped", "51 612"), ("51 712", "changed", "51 612"), ("5 162", "dropped", "51 612"),
    ("551 612", "doubled", "51 612"), ("516 120", "place", "51 612"), ("51 612 тыс.", "unit", "51 612")])
def test_each_kind_of_slip_is_undone(printed, kind, meant):
    result = consistent({"part": printed, "true": (51612, 51612)}, ["part == true"])
    assert ({"part": meant}, [kind]) in texts(result.repairs[0])


def test_two_numbers_only_where_one_does_not_do():
    result = consistent({"a": "11", "b": "12", "c": (21, 21)}, ["a == c", "b == c"])
    assert len(result.conflicts) == 3 and len(result.groups) == 1  # c has no digits to slip
    assert ({"a": "21", "b": "21"}, ["changed", "swapped"]) in texts(result.repairs[0])
    assert all(len(one.changes) == 2 for one in result.repairs[0])


def test_a_repair_makes_no_new_conflict():
    """13 for 31 would suit a == b, but a is also below 20: only b is left."""
    result = consistent({"a": "13", "b": "31"}, ["a == b", "a < 20"])
    assert all(set(new) == {"b"} for new, _ in texts(result.repairs[0])) and result.repairs[0]


TRUE = st.tuples(st.integers(100_000, 9_999_999), st.integers(101, 999))


@settings(max_examples=12)
@given(TRUE, st.sampled_from(["changed", "swapped", "dropped", "doubled", "place", "unit"]),
       st.integers(0, 200))
def test_a_slip_that_is_noticed_can_be_repaired(truth, kind, which):
    people, share = truth
    users = Fraction(people * share, 1000)
    told = {"people": str(people), "share": f"{share / 10:.1f} %", "users": f"{round(users)}"}
    assert consistent(told, TIE).holds  # rounded truth is never flagged
    slipped = slips.variants(read(told["users"], "en"), kind)
    if not slipped:
        return
    result = consistent(told | {"users": slipped[which % len(slipped)]}, TIE, language="en")
    if result.holds:
        return
    assert any("users" in new and read(new["users"], "en").value == round(users)
               for new, _ in texts(result.repairs[0]))
    for new, _ in texts(result.repairs[0])[:5]:
        mended = told | {"users": slipped[which % len(slipped)]} | new
        assert consistent(mended, TIE, language="en").holds


@pytest.mark.parametrize("kind, found", [
    ("changed", ["27", "37", "47", "57", "67", "77", "87", "97", "10", "11", "12", "13", "14", "15",
                 "16", "18", "19"]), ("swapped", ["71"]), ("dropped", ["7", "1"]),
    ("doubled", ["117", "177"]), ("place", ["1.7", "170"]), ("unit", ["17 thousand"])])
def test_all_slips_of_a_number(kind, found):
    assert slips.variants(read("17"), kind) == found


def test_a_place_or_a_year_has_no_unit_and_no_mark_to_slip():
    one = read("2017", exact=True)
    assert slips.variants(one, "unit") == slips.variants(one, "place") == []


def test_a_date_slips_in_its_text():
    assert slips.variants(read("7 марта 2002"), "swapped") == [
        "2 марта 7002", "7 марта 0202", "7 марта 2020"]
    assert slips.again("77 марта 2002", read("7 марта 2002")) is None


# What is wrong with the input, all at once

def test_faults_are_told_together_with_the_mend():
    with pytest.raises(ValueError) as error:
        consistent({"a": "5 million 3", "b": 0.5, "c-d": "7", "e": True, "f": (2, 1), "g": "1,234"},
                   {"one": "a == bb", "two": "a = b", "three": "a ** 2 == 4", "four": "a + b",
                    "five": "a != b", "six": "open('x') == 1", "seven": "a == 90 %"},
                   unknown=["a"], sources={"h": "5"})
    lines = str(error.value).splitlines()
    assert lines == [
        "a: '5 million 3' holds more than one number: write it as printed, such as 17.3 million, "
        "17,3 млн or 90 %",
        'b: 0.5 has lost its printed digits: write it in quotes, as printed ("0.5")',
        "'c-d' is not a name: write letters, digits and _, and no digit first",
        "e: True is not a number: write it in quotes as printed, a whole number, or (low, high)",
        "f: 2 to 1 runs backwards: write the smaller first",
        "g: '1,234' is 1.234 or 1234: name the language (language = \"en\"), or write it without "
        "the mark",
        "'a' is in numbers and in unknown: delete one",
        "one: 'a == bb': unknown name 'bb': did you mean 'b'?",
        "two: 'a = b' is not a relation: write == for equal",
        f"three: 'a ** 2 == 4': 'a ** 2' is not allowed: {expressions.ALLOWED}",
        "four: 'a + b' compares nothing: write a relation such as a == b * c",
        "five: 'a != b' does not compare numbers: use == < <= > >=",
        f"six: \"open('x') == 1\": \"open('x')\" is not allowed: {expressions.ALLOWED}",
        "seven: 'a == 90 %' is not a relation: write 0.9 for 90 %",
        "sources: no number 'h': name one of the numbers"]


def test_a_relation_names_the_nearest_name_or_says_what_to_do():
    for text, mend in (("userz > 1", "did you mean 'users'?"),
                       ("q > 1", "give it a number, or list it as unknown")):
        with pytest.raises(ValueError, match=re.escape(mend)):
            consistent(USERS, [text])


# As a reader and a user see it

def test_five_lines_of_a_notebook():
    told = {"users": "17,3 млн", "share": "90,9 %", "people": "19,5 млн", "other": "7"}
    result = dd.consistent(told, ["users == share * people"], sources={"users": "17.73 million"})
    assert str(result).splitlines() == [
        "These numbers cannot all be true.", "1. users 17,3 млн; share 90,9 %; people 19,5 млн",
        "   against: users == share * people", "   6 smallest repairs, each of one number:",
        "   users 17,7 млн (one digit changed): agrees with the source",
        "   users 17,73 млн (one digit dropped): agrees with the source",
        "   users 17,8 млн (one digit changed)", "   people 19,0 млн (one digit changed)",
        "   people 19,1 млн (one digit changed)", "   people 19,05 млн (one digit dropped)",
        "Tied to nothing: other."]
    page = result._repr_html_()
    assert "<strong>These numbers cannot all be true.</strong>" in page and "17,73 млн" in page


def test_html_is_escaped():
    page = consistent({"a": "<5", "b": "70"}, ["a > b"])._repr_html_()
    assert "&lt;5" in page and "a &gt; b" in page and "<5" not in page


def test_numbers_that_agree_say_so():
    assert str(consistent(USERS | {"users": "17,7 млн"}, TIE)) == "These numbers can all be true."


@pytest.fixture
def check(capsys):
    """The command: its exit code, what it prints, what it complains of."""
    def run(*words):
        code = main(["check", *map(str, words)])
        return code, *capsys.readouterr()
    return run


def test_check_a_file_as_a_user_runs_it(tmp_path):
    run = subprocess.run([sys.executable, "-m", "digital_diplomacy", "check", str(EXAMPLE)],
                         capture_output=True, encoding="utf-8", cwd=tmp_path)
    assert run.returncode == 1 and not run.stderr
    assert "abroad 51,600 (two neighbouring digits swapped): agrees with ministry" in run.stdout


def test_check_says_what_agrees(tmp_path, check, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = EXAMPLE.read_text(encoding="utf-8").replace("15,600", "51,600")
    (tmp_path / "good.toml").write_text(text, encoding="utf-8")
    assert check("good.toml") == (0, "These numbers can all be true.\n", "")


def test_the_guide_shows_the_example_and_what_it_says():
    guide = (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert f"```toml\n{EXAMPLE.read_text(encoding='utf-8')}```" in guide
    assert f"```\n{consistency.check_file(EXAMPLE)}\n```" in guide


@pytest.mark.parametrize("text, lines", [
    ('[numbers]\na = "5 x 3"\nb = 0.5\n\n[relations]\none = "a == c"\ntwo = "a = b"\n', [
        "line 2: a: '5 x 3' holds more than one number", "line 3: b: 0.5 has lost its printed digits",
        "line 6: one: 'a == c': unknown name 'c'", "line 7: two: 'a = b' is not a relation: write =="]),
    ('relations = [\n "a > b",\n "a >> b"]\n[numbers]\na = 1\nb = 2\n', [
        "line 3: 'a >> b' compares nothing"]),
    ("[numbers]\na = 1\n[relation]\nb = 'a == 1'\n", [
        "unknown key 'relation': did you mean 'relations'?", "relations is missing: write [relations]"]),
    ("[numbers\n", ["Expected ']' at the end of a table declaration (at line 1"]),
    ("numbers = 3\nrelations = ['a == 1']\n", ["numbers is of another kind: write [numbers]"]),
    ("", ["numbers is missing", "relations is missing"])])
def test_a_wrong_file_is_told_line_by_line(tmp_path, check, text, lines):
    path = tmp_path / "wrong.toml"
    path.write_text(text, encoding="utf-8")
    code, said, errors = check(path)
    assert code == 2 and not said and len(errors.splitlines()) == len(lines)
    for line, wanted in zip(errors.splitlines(), lines):
        assert line.startswith(f"{path}") and wanted in line


def test_a_file_that_cannot_be_read(tmp_path, check):
    (tmp_path / "latin.toml").write_bytes("a = \"\xe9\"".encode("latin-1"))
    for words, mend in ((["none.toml"], "none.toml: No such file or directory: name a file"),
                        (["latin.toml"], "not UTF-8: save it as UTF-8"), ([], "Name a file")):
        code, said, errors = check(*(tmp_path / word for word in words))
        assert (code, said) == (2, "") and mend in errors


# The article

@pytest.fixture
def audit(real):
    return consistency.article_audit()


def test_kazakhstan_cannot_be_true(audit):
    """17.3 million are 90.9 % of 19.0 million; 11.85 million are 60.8 % of 19.5 million."""
    result = audit.cases["KAZ"]
    found = sets(result)
    assert result.complete and len(found) == 4
    assert ({"kaz_internet_users", "kaz_internet_share", "kaz_social_media_users",
             "kaz_social_media_share"}, {"kaz-internet-share-of-population",
                                         "kaz-social-media-share-of-population"}) in found
    assert ({"figure_2_instagram", "figure_2_twitter"}, {"kaz-figure-2-order"}) in found
    assert ({"figure_2_facebook", "kaz_facebook_users"}, {"kaz-figure-2-facebook-as-text"}) in found
    last = texts(result.repairs[2])
    assert last == [({"kaz_internet_users": "17,7 млн"}, ["changed"]),
                    ({"kaz_internet_users": "17,73 млн"}, ["dropped"])]


def test_uzbekistan_conflicts_in_the_order_of_its_figure_only(audit):
    assert sets(audit.cases["UZB"]) == [({"uzb_facebook_users", "uzb_instagram_users",
                                          "figure_5_facebook", "figure_5_instagram"},
                                         {"uzb-figure-5-order"})]
    assert audit.cases["article"].holds is True


def test_each_number_and_relation_has_its_state(audit):
    assert audit.numbers["kaz-internet-users"] == audit.relations["kaz-figure-2-order"] == "inconsistent"
    assert audit.numbers["uzb-mobile-share"] == "consistent"
    assert audit.numbers["kaz-egdi"] == audit.relations["kaz-egdi-bounds"] == "consistent"
    assert audit.numbers["uzb-leader-twitter"] == audit.numbers["figure-1-values"] == "tied to nothing"
    assert [*audit.numbers] == tables.read("article")["id"].tolist()
    assert {*audit.relations} == {*tables.read("relations")["id"]}


def test_choices_of_rounding_and_hedge_reach_the_numbers(real):
    ends = [consistency.article_numbers(**options)["kaz_internet_users_share"] for options in (
        {}, {"hedge": 2}, {"hedge": 0}, {"rounding": "cut", "hedge": 0})]
    assert [(float(one.low), float(one.high)) for one in ends] == [
        (0.8, 1.0), (0.7, 1.1), (0.895, 0.905), (0.9, 0.91)]
    strict = consistency.article_audit(hedge=0)  # 90 % is then not 90.9 %
    assert len(strict.cases["KAZ"].conflicts) > 4


def test_article_numbers_are_exact_where_nothing_was_rounded(real):
    numbers = consistency.article_numbers()
    exact = {name for name, one in numbers.items() if one.exact}
    assert {"kaz_egdi_rank", "journal_year", "un_members", "kaz_programme_directions",
            "kaz_resolution_address_number", "kaz_resolution_date"} <= exact
    assert not exact & {"kaz_internet_users", "kaz_egdi", "figure_2_source_users", "uzb_mobile_share",
                        "figure_2_facebook", "kaz_social_media_share"}
    assert float(numbers["kaz_social_media_share"].value) == 0.608  # its sign is a word
    values = {row["id"]: row for row in tables.read("article").to_dict("records")}
    for name, one in numbers.items():
        row = values[name.replace("_", "-")]
        if row["value"]:
            scale = Fraction(1, 100) if row["unit"] in consistency.PERCENT else 1
            assert one.value == Fraction(row["value"]) * scale, name


def test_each_relation_says_why_it_must_hold(real):
    rows = tables.read("relations")
    assert (rows["statement"].str.len() > 20).all() and rows["id"].is_unique
    names = {consistency.named(one) for one in tables.read("article")["id"]}
    for row in rows.itertuples():
        used = set(re.findall(r"[a-z][a-z0-9_]+", row.relation)) - {"rank", "sum"}
        assert used <= names | set(row.unknown.split()), row.id


def test_a_wrong_relation_is_told_with_its_line(real, monkeypatch):
    frame = tables.read("relations")
    frame.loc[0, "relation"], frame.loc[2, "relation"] = "barston_yera <= 2023", "journal_year = 2023"
    monkeypatch.setattr(tables, "read", lambda name, old=tables.read: frame if name == "relations" else old(name))
    with pytest.raises(tables.DataError) as error:
        consistency.article_relations()
    first, second = str(error.value).splitlines()
    assert first.startswith("relations.csv line 2, relation: ") and "did you mean 'barston_year'" in first
    assert second.startswith("relations.csv line 4, relation: ") and second.endswith("write == for equal")


# Power

def test_true_worlds_are_never_flagged(audit):
    for case, result in audit.cases.items():
        row = power.alarms(case, result, 25, seed=1)
        assert (row["false_alarms"], row["undecided"]) == (0, 0), case


def test_worlds_satisfy_every_relation_and_differ(audit):
    import random
    draw = random.Random(1)
    for result in audit.cases.values():
        for part in (power.Part(result, system) for system in result.systems):
            one, other = part.world(draw), part.world(draw)
            labels = part.system.relations
            assert all(expressions.true(result.relations[label], one) for label in labels)
            free = [name for name, side, _ in part.steps if side is None]
            assert not free or one != other


def test_a_false_world_is_flagged(audit):
    """The measure can fail: a world that breaks a relation is an alarm."""
    import random
    part = next(power.Part(audit.cases["UZB"], system) for system in audit.cases["UZB"].systems
                if "uzb-mobile-share-of-population" in system.relations)
    world = part.world(random.Random(1))
    world["uzb_mobile_share"] *= 2
    part.world = lambda draw: world
    assert part.answer(None) is False


@pytest.mark.parametrize("truth, printed, text", [
    (17_349_999, "17,3 млн", "17,3 млн"), (17_350_000, "17,3 млн", "17,4 млн"),
    ("0.8995", "90%", "90%"), ("0.0949", "90,9%", "9,5%"), (39_999, "more than 39 000", "more than 39 000"),
    (3_999_999, "more than 3 млн", "more than 3 млн"), (123_456, "26 430", "123 456"),
    ("0.86284", "0,8628", "0,8628")])
def test_a_truth_is_printed_as_the_article_prints(truth, printed, text, real):
    result = consistent({"a": printed}, ["a > 0"], language="ru")
    one = power.like(result.numbers["a"], Fraction(truth), result)
    assert one.text == text and Fraction(truth) in one


def test_the_start_of_a_case_is_its_smallest_repair(audit):
    begun = power.start(audit.cases["KAZ"])
    assert begun.holds and begun.numbers["kaz_internet_users"].text == "17,7 млн"
    assert power.start(audit.cases["article"]) is audit.cases["article"]


def test_what_no_slip_explains_is_left_out_of_the_start():
    result = consistent({"a": "11", "b": "98765", "c": "7"}, {"one": "a == b", "two": "c < 8"})
    begun = power.start(result)
    assert begun.holds and [*begun.relations] == ["two"]


def test_slips_are_counted_by_hand(real):
    """Of 17 other two-digit texts, a == 17.x within [16.5, 17.5) leaves only the printed one."""
    one = consistent({"a": "17", "b": (17, 17)}, ["a == b"])
    found = power.counts("a", one.numbers["a"], [one])
    assert (found["changed_tried"], found["changed_noticed"], found["changed_unread"]) == (17, 17, 0)
    free = power.counts("a", one.numbers["a"], [])
    assert (free["changed_tried"], free["changed_noticed"]) == (17, 0)
    half = consistent({"a": "17", "b": (17, 17)}, ["a >= b"])
    assert power.counts("a", half.numbers["a"], [half])["changed_noticed"] == 7  # 10 to 16


def test_what_was_measured_stands_in_the_results(real):
    numbers, kinds = consistency.audited(), consistency.audited("kinds").set_index("kind")
    worlds = consistency.audited("worlds")
    assert (worlds["worlds"] == 10_000).all() and (worlds["false_alarms"] == 0).all()
    assert (worlds["undecided"] == 0).all()
    legible = tables.read("article").query("legible == 'yes' and printed.str.contains('[0-9]')")
    assert {*numbers["id"]} == {*legible["id"]} - {"issn"}  # a serial number is no quantity
    for kind in slips.KINDS:
        assert kinds.loc[kind, "tried"] == numbers[f"{kind}_tried"].sum()
        assert (numbers.loc[~numbers["tied"], f"{kind}_noticed"] == 0).all()


def test_the_results_rest_on_what_is_here_now(real):
    assert not power.stale(), f"{', '.join(power.stale())} changed: run make audit"


def test_results_name_no_place_and_no_host():
    text = (REPOSITORY / "paper" / "results" / "audit.json").read_text(encoding="utf-8")
    assert not re.search(r"/home/|/work/|/tmp/|localhost", text)
    assert json.loads(text)["seed"] == power.SEED


def test_publishing_leaves_the_results_alone(tmp_path):
    """They are no product of make study: not in its manifest, and not deleted with old products."""
    for name, text in (("build/rendered/x.sha256", ""), ("paper/results/audit.json", "{}"),
                       ("paper/manifest.sha256", "0  paper/old.md\n"), ("paper/old.md", "")):
        steps.put(tmp_path / name, text)
    steps.publish(tmp_path, tmp_path / "build/rendered/x.sha256")
    assert (tmp_path / "paper/results/audit.json").exists()
    assert not (tmp_path / "paper/old.md").exists()
    assert "results" not in (tmp_path / "paper/manifest.sha256").read_text()


def test_missing_results_say_what_to_run(small):
    with pytest.raises(tables.DataError, match="no paper/results/audit.json: run make audit"):
        consistency.audited()
