"""The consistency audit: worked by hand, by properties, and as a user calls it."""

import datetime
import re
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footnoted.consistency import check_file, consistent, relations, repairs, solver
from footnoted.number import Number
from footnoted.numerals import read

USERS = {"users": "17,3 млн", "share": "90,9 %", "people": "19,5 млн"}
TIE = ["users == share * people"]


def sets(result):
    """The conflicts as pairs of sets of names and labels."""
    return [({*one.numbers}, {*one.relations}) for one in result.conflicts]


def texts(found):
    """Repairs as {name: new text} with their kinds."""
    return [({name: new for name, _, _, new in one.changes},
             [kind for _, kind, _, _ in one.changes])
            for one in found]


# Whether a world exists

@pytest.mark.parametrize("users, share, people, holds", [
    ("17,3 млн", "90,9 %", "19,5 млн", False),  # 0.909 of 19.5 million is 17.7 million
    ("17,7 млн", "90,9 %", "19,5 млн", True), ("17,3 млн", "около 90 %", "19,5 млн", True),
    ("17,3 млн", "89 %", "19,5 млн", True),  # 88.5 % of 19.55 million is 17.302 million
    ("17,3 млн", "88,4 %", "19,5 млн", True), ("17,3 млн", "90 %", "19,5 млн", False)])
def test_a_share_of_a_total(users, share, people, holds):
    assert consistent({"users": users, "share": share, "people": people}, TIE).holds is holds


def test_an_exact_half_accuses_nobody():
    """R and Python print 1 of 8 as 12 %, a spreadsheet as 13 %; cut digits leave no choice."""
    told, tie = {"yes": 1, "all": 8}, ["share == yes / all"]
    assert [consistent(told | {"share": one}, tie).holds
            for one in ("12 %", "13 %", "12.4 %", "12.6 %")] == [True, True, False, False]
    assert consistent(told | {"share": read("12 %", rounding="cut")}, tie).holds
    assert consistent({"a": read("17.2", rounding="cut"), "b": (Fraction("17.3"),) * 2},
                      ["a == b"]).holds is False
    assert consistent({"a": "about 20", "b": (25, 25)}, ["a == b"]).holds is True
    assert consistent({"a": Number(12, "%", "11.5", "12.5"), "b": "0.125"}, ["a == b"]).holds


def test_what_merely_stands_in_a_conflict_is_changed_by_no_smallest_repair():
    """300 of 61 % and 200 of 41 % imply 490 people, 540 of 90 % imply 600: one slip mends it."""
    told = {"a": "300", "share_a": "61 %", "b": "200", "share_b": "41 %", "c": "540",
            "share_c": "90 %"}
    found = consistent(told, [f"{one} == share_{one} * people" for one in "abc"], ["people"])
    assert {name for one in found.conflicts for name in one.numbers} == {*told}
    assert repairs.changed_by_smallest(found, found.groups[0]) == {"c"}  # 440


def test_where_no_slip_explains_it_the_fewest_numbers_are_named():
    """Two of three agree that it is 7; no slip makes a range of 7, so the third is the one."""
    told = {"a": (7, 7), "b": (7, 7), "c": (19, 19)}
    found = consistent(told, ["a == b", "a == c", "b == c"])
    assert repairs.changed_by_smallest(found, found.groups[0]) == {"c"}


def test_each_group_of_conflicts_is_mended_as_if_the_others_were():
    told = {"a": (7, 7), "b": (7, 7), "c": (19, 19), "d": (5, 5), "e": (5, 5), "f": (23, 23)}
    found = consistent(told, ["a == b", "a == c", "b == c", "d == e", "d == f", "e == f",
                              "a > d / 9"])  # which makes one system of them
    assert [repairs.changed_by_smallest(found, one) for one in found.groups] == [{"c"}, {"f"}]


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
    ("a ≥ b", True), ("a × b = 15".replace("=", "=="), True), ("a * 0.1 == 0.5", True),
    ("(a + b) / 2 == 4", True),
    ("a / (b - 3) == 1", False)])  # nothing is divided by zero
def test_the_language_of_relations(relation, holds):
    assert consistent({"a": 5, "b": 3}, [relation]).holds is holds
    known = relations.relation(relation, "ab")
    assert relations.holds(known, {"a": Fraction(5), "b": Fraction(3)}) is holds


def test_nothing_divided_by_nothing_is_not_anything():
    assert consistent({"a": 0, "b": 0}, ["a / b == 7"]).holds is False


@pytest.mark.parametrize("relation, holds", [
    ("a == 5 / 0", False), ("1 / 3 < 0.34", True), ("2 == 3", False),
    ("rank(3, 4) == 2", True), ("sum(1, 2) == 3", True)])
def test_relations_of_numbers_alone(relation, holds):
    assert consistent({"a": 5}, [relation]).holds is holds
    assert relations.holds(relations.relation(relation, "a"), {"a": Fraction(5)}) is holds


def test_a_number_may_be_called_as_a_function_is():
    told = {"rank": 2, "sum": 7, "a": 3, "b": 4}
    assert consistent(told, ["a + b == sum", "rank(a, b) == rank", "sum(a, b) == sum"]).holds
    assert consistent(told, ["sum == rank"]).conflicts[0].numbers == ("sum", "rank")


def test_a_name_that_no_relation_can_write():
    for name, mend in (("from", "'from' cannot be a name in relations: write from_"),
                       ("2nd", "'2nd' is not a name: write letters")):
        with pytest.raises(ValueError, match=mend):
            consistent({name: 2}, ["2 > 1"])


def test_equal_ranks_leave_a_gap():
    known = relations.relation("rank(a, b, c) == 2", "abc")
    assert relations.holds(known, {"a": Fraction(1), "b": Fraction(2), "c": Fraction(1)})


def test_unknown_quantities_are_positive():
    assert consistent({"a": "5"}, ["a == -x"], unknown=["x"]).holds is False
    assert consistent({"a": "5"}, ["a == x * y"], unknown=["x", "y"]).holds is True
    assert consistent({"a": 0}, ["a == x"], unknown=["x"]).holds is False
    assert consistent({"a": (0, 1)}, ["2 * a == x", "x < 1"], unknown=["x"]).holds is True


def test_what_numbers_may_be():
    told = {"text": "17,3 млн", "whole": 5, "interval": (1, 2), "decimals": ("0.1", "0.2"),
            "number": Number(92.9, "%", "92.85", "92.95"), "day": datetime.date(2018, 1, 1)}
    numbers = consistent(told, ["whole > 0"]).numbers
    assert [(float(one.low), float(one.high)) for one in numbers.values()] == [
        (17_250_000, 17_350_000), (5, 5), (1, 2), (0.1, 0.2), (0.9285, 0.9295), (2018, 2018)]
    assert [float(one.value) for one in numbers.values()] == [17.3e6, 5, 1.5, 0.15, 0.929, 2018]


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
    """Its own cores are often minimal by luck: here it blames every member that it is asked of."""
    lean = solver.Conflicts.blamed
    monkeypatch.setattr(solver.Conflicts, "blamed", lambda self, members:
                        None if lean(self, members) is None else list(members))
    result = consistent({"a": 1, "b": 2, "c": 3},
                        {"one": "a == b", "two": "a < c", "more": "c > b"})
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
    result = consistent({"users": "17,3 млн", "share": "90,9%", "social": "11,85 млн",
                         "part": "60,8%", "again": "11.85"},
                        ["users == share * people", "social == part * people",
                         "again == social / 1000000"], ["people"],
                        {"users": {"the report": "17.73 million", "another": "16 million"}})
    assert texts(result.repairs[0]) == [({"users": "17,7 млн"}, ["changed"]),
                                        ({"users": "17,73 млн"}, ["dropped"])]
    assert [one.agrees for one in result.repairs[0]] == [("the report",)] * 2


@pytest.mark.parametrize("printed, kind, meant", [
    ("15 612", "swapped", "51 612"), ("51 712", "changed", "51 612"),
    ("5 162", "dropped", "51 612"),
    ("551 612", "doubled", "51 612"), ("516 120", "place", "51 612"),
    ("51 612 тыс.", "unit", "51 612")])
def test_each_kind_of_slip_is_undone(printed, kind, meant):
    result = consistent({"part": printed, "true": (51612, 51612)}, ["part == true"])
    assert ({"part": meant}, [kind]) in texts(result.repairs[0])


def test_two_numbers_only_where_one_does_not_do():
    result = consistent({"a": "11", "b": "22", "c": (21, 21)}, ["a == c", "b == c"])
    assert len(result.conflicts) == 3 and len(result.groups) == 1  # c has no digits to slip
    assert ({"a": "21", "b": "21"}, ["changed", "changed"]) in texts(result.repairs[0])
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
    others = repairs.slipped(read(told["users"], "en"), kind)
    if not others:
        return
    result = consistent(told | {"users": others[which % len(others)]}, TIE, language="en")
    if result.holds:
        return
    assert any("users" in new and read(new["users"], "en").value == round(users)
               for new, _ in texts(result.repairs[0]))
    for new, _ in texts(result.repairs[0])[:5]:
        mended = told | {"users": others[which % len(others)]} | new
        assert consistent(mended, TIE, language="en").holds


@pytest.mark.parametrize("kind, found", [
    ("changed", ["27", "37", "47", "57", "67", "77", "87", "97", "10", "11", "12", "13", "14", "15",
                 "16", "18", "19"]), ("swapped", ["71"]), ("dropped", ["7", "1"]),
    ("doubled", ["117", "177"]), ("place", ["1.7", "170"]), ("unit", ["17 thousand"])])
def test_all_slips_of_a_number(kind, found):
    assert repairs.slipped(read("17"), kind) == found


def test_a_place_or_a_year_has_no_unit_and_no_mark_to_slip():
    one = read("2017", exact=True)
    assert repairs.slipped(one, "unit") == repairs.slipped(one, "place") == []


def test_a_date_slips_in_its_text():
    assert repairs.slipped(read("7 марта 2002"), "swapped") == [
        "2 марта 7002", "7 марта 0202", "7 марта 2020"]
    assert read("7 марта 2002").reread("77 марта 2002") is None


# What is said first

def test_the_value_of_the_source_is_the_first_repair():
    """5.44 billion are 67.1 % of 8.1 billion, and 67.1 is no slip of 69.7."""
    result = consistent({"users": "5.44 billion", "use": "69.7 %", "people": "8.1 billion"},
                        ["users == use * people"],
                        sources={"use": {"one": "67.1 %", "another": "70.1 %"}})
    assert str(result).splitlines()[1] == "1. use: with 67.1 % of one all can be true"
    assert "another" not in str(result)


def test_the_number_in_every_conflict_is_said_first():
    """Three say that it is 7; no slip of two of them is told that would clear the fourth."""
    told = {"a": "7", "b": "7", "c": "7", "d": (19, 19)}
    lines = str(consistent(told, ["a == d", "b == d", "c == d"])).splitlines()
    assert lines[1] == ("1. d 19 to 19 is in all 3 sets that conflict: without it all else can be "
                        "true")
    assert lines[-1] == "   No slip of one or two numbers explains it."


def test_many_sets_are_cut_for_a_reader():
    told = {f"n{i}": "10" for i in range(1, 12)} | {"d": (500, 500)}
    result = consistent(told, [f"n{i} == d" for i in range(1, 12)])
    assert len(result.conflicts) == 11 and "   and 3 more sets" in str(result).splitlines()
    assert str(result).splitlines()[1].startswith("1. d 500 to 500 is in all 11 sets")


def test_a_percentage_beside_100_is_explained():
    result = consistent({"a": "40 %", "b": "60 %"}, ["a + b == 100"])
    assert "   100 % is 1, and 40 % is read as 0.4: write 1 for 100 in a + b == 100" in str(
        result).splitlines()
    assert consistent({"a": "40 %", "b": "60 %"}, ["a + b == 1"]).holds


def test_a_word_taken_for_a_unit_is_named():
    result = consistent({"a": "5 quadru", "b": "5,000 people"}, ["a == b"], language="en")
    assert "Taken for a unit: quadru, people. If one is a scale" in str(result)
    assert result.readings.splitlines() == ["a: 5 quadru is 4.5 to 5.5 of 'quadru'",
                                            "b: 5,000 people is 4,999.5 to 5,000.5 of 'people'"]


@pytest.mark.parametrize("mean, holds", [("2.97", False), ("2.94", True), ("3.00", True)])
def test_a_mean_of_whole_numbers(mean, holds):
    """53 of 18 is 2.944, 54 is 3."""
    told = {"n": 18, "mean": mean}, ["mean == total / n"], ["total"]
    assert consistent(*told, whole=["total"]).holds is holds
    assert consistent(*told).holds
    if not holds:
        assert "Whole numbers: total." in str(consistent(*told, whole=["total"]))


# A limit of time

CHAIN = {f"a{i}": i for i in range(60)} | {"a59": -1}
ORDER = [f"a{i} < a{i + 1}" for i in range(59)]


def test_without_time_nothing_is_said_of_truth():
    result = consistent(CHAIN, ORDER, seconds=0)
    assert result.holds is None and "cannot be said" in str(result)
    assert result.reason == "time ran out"


def test_what_is_known_when_time_runs_out_is_told(monkeypatch):
    """The clock leaps to the third that is kept for repairs once the first set is found."""
    lean = solver.Conflicts.minimal
    def slow(self, members):
        found = lean(self, members)
        self.system.clock.spent = 25
        return found
    monkeypatch.setattr(solver.Conflicts, "minimal", slow)
    result = consistent(CHAIN, ORDER)
    assert result.holds is False and len(result.conflicts) == 1 and not result.complete
    assert str(result).splitlines()[-1] == ("Not all sets that conflict were searched, and a set "
                                            "may be too large: time ran out.")


def test_repairs_that_were_not_searched_are_said():
    result = consistent({"a": "11", "b": "22"}, ["a == b"])
    result.clock.spent = 30
    assert str(result).splitlines()[-1] == "   Not all repairs were searched: time ran out."


def test_time_passes_only_while_something_is_asked():
    clock = solver.Clock(30)
    assert clock.left == 30
    with clock, clock:
        pass
    left = clock.left
    assert 0 < 30 - left < 1 and clock.left == left


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
        f"three: 'a ** 2 == 4': 'a ** 2' is not allowed: {relations.ALLOWED}",
        "four: 'a + b' compares nothing: write a relation such as a == b * c",
        "five: 'a != b' does not compare numbers: use == < <= > >=",
        f"six: \"open('x') == 1\": \"open('x')\" is not allowed: {relations.ALLOWED}",
        "seven: 'a == 90 %' is not a relation: write 0.9 for 90 %",
        "sources: no number 'h': one of a, b, c-d, e, f, g"]


def test_a_relation_names_the_nearest_name_or_says_what_to_do():
    for text, mend in (("userz > 1", "did you mean 'users'?"),
                       ("q > 1", "give it a number, or list it as unknown")):
        with pytest.raises(ValueError, match=re.escape(mend)):
            consistent(USERS, [text])


# As a reader and a user see it

def test_five_lines_of_a_notebook():
    told = {"users": "17,3 млн", "share": "90,9 %", "people": "19,5 млн", "other": "7"}
    result = consistent(told, ["users == share * people"], sources={"users": "17.73 million"})
    assert str(result).splitlines() == [
        "These numbers cannot all be true.",
        "1. users: with 17.73 million of the source all can be true",
        "   users 17,3 млн; share 90,9 %; people 19,5 млн",
        "   against: users == share * people", "   6 smallest repairs, each of one number:",
        "   users 17,7 млн (one digit changed): agrees with the source",
        "   users 17,73 млн (one digit dropped): agrees with the source",
        "   users 17,8 млн (one digit changed)", "   people 19,0 млн (one digit changed)",
        "   people 19,1 млн (one digit changed)", "   people 19,05 млн (one digit dropped)",
        "Tied to nothing: other."]
    assert repr(result) == str(result)  # what a notebook shows


def test_numbers_that_agree_say_so():
    assert str(consistent(USERS | {"users": "17,7 млн"}, TIE)) == "These numbers can all be true."


@pytest.mark.parametrize("text, lines", [
    ('[numbers]\na = "5 x 3"\nb = 0.5\n\n[relations]\none = "a == c"\ntwo = "a = b"\n', [
        "line 2: a: '5 x 3' holds more than one number",
        "line 3: b: 0.5 has lost its printed digits",
        "line 6: one: 'a == c': unknown name 'c'",
        "line 7: two: 'a = b' is not a relation: write =="]),
    ('relations = [\n "a > b",\n "a >> b"]\n[numbers]\na = 1\nb = 2\n', [
        "line 3: 'a >> b' compares nothing"]),
    ("[numbers]\na = 1\n[relation]\nb = 'a == 1'\n", [
        "unknown key 'relation': did you mean 'relations'?",
        "relations is missing: write [relations]"]),
    ("x = " + "[" * 1000 + "]" * 1000, ["nested too deeply: write name"]),
    ("unknown = [1]\nwhole = ['x']\nrelations = [5]\n[numbers]\na = [1, inf]\n", [
        "a: [1, inf] is not (low, high): write two numbers",
        "unknown: 1 is not a name: write it in quotes", "no number or unknown 'x': one of a",
        "5 is not a relation: write it in quotes"]),
    ("[numbers]\na = '1e999999999'\n[relations]\nr = 'a == 1e999999999'\n", [
        "a: '1e999999999' has too large an exponent", "1e999999999 has too large an exponent"]),
    ("[numbers]\na = 1\n[relations]\nr = '" + "-" * 3000 + "a == 1'\n", [
        "nested too deeply: write sum(a, b, ...), or several relations"]),
    ("[numbers]\na = " + "9" * 5000 + "\n", ["Exceeds the limit"]),
    ("[numbers\n", ["Expected ']' at the end of a table declaration (at line 1"]),
    ("numbers = 3\nrelations = ['a == 1']\n", ["numbers is of another kind: write [numbers]"]),
    ("", ["numbers is missing", "relations is missing"])])
def test_a_wrong_file_is_told_line_by_line(tmp_path, text, lines):
    path = tmp_path / "wrong.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError) as error:
        check_file(path)
    told = str(error.value).splitlines()
    assert len(told) == len(lines)
    for line, wanted in zip(told, lines):
        assert line.startswith(f"{path}") and wanted in line


def test_too_many_faults_are_cut():
    with pytest.raises(ValueError) as error:
        consistent({f"number_{i}": i for i in range(100)},
                   {f"r{i}": f"numbre_{i} > 1" for i in range(100)})
    lines = str(error.value).splitlines()
    assert len(lines) == 40 and lines[-1] == "and perhaps more: mend these first"


def test_a_file_that_cannot_be_read(tmp_path):
    (tmp_path / "latin.toml").write_bytes("a = \"\xe9\"".encode("latin-1"))
    gone = r"none.toml cannot be read \(No such file or directory\): name another"
    for name, mend in (("none.toml", gone),
                       ("latin.toml", "not UTF-8: save it as UTF-8")):
        with pytest.raises(ValueError, match=mend):
            check_file(tmp_path / name)
