"""The measure of the audit's power can itself fail; what it found stands in paper/results."""

import json
import random
import re
from fractions import Fraction
from pathlib import Path

import power
import pytest

from digital_diplomacy import article, data, steps
from footnoted.consistency import consistent
from footnoted.consistency.relations import holds
from footnoted.consistency.repairs import KINDS

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def audit(real):
    return article.audit()


def test_true_worlds_are_never_flagged(audit):
    for case, result in audit.cases.items():
        row = power.alarms(case, result, 25, seed=1)
        assert (row["false_alarms"], row["undecided"]) == (0, 0), case


def test_worlds_satisfy_every_relation_and_differ(audit):
    draw = random.Random(1)
    for result in audit.cases.values():
        for part in (power.Part(result, system) for system in result.systems):
            one, other = part.world(draw), part.world(draw)
            labels = part.system.relations
            assert all(holds(result.relations[label], one) for label in labels)
            free = [name for name, side, _ in part.steps if side is None]
            assert not free or one != other


def test_a_false_world_is_flagged(audit):
    """The measure can fail: a world that breaks a relation is an alarm."""
    part = next(power.Part(audit.cases["UZB"], system) for system in audit.cases["UZB"].systems
                if "uzb-mobile-share-of-population" in system.relations)
    world = part.world(random.Random(1))
    world["uzb_mobile_share"] *= 2
    part.world = lambda draw: world
    assert part.answer(None) is False


@pytest.mark.parametrize("truth, printed, text", [
    (17_349_999, "17,3 млн", "17,3 млн"), (17_350_000, "17,3 млн", "17,4 млн"),
    ("0.8995", "90%", "90%"), ("0.0949", "90,9%", "9,5%"),
    (39_999, "more than 39 000", "more than 39 000"),
    (3_999_999, "more than 3 млн", "more than 3 млн"), (123_456, "26 430", "123 456"),
    ("0.86284", "0,8628", "0,8628")])
def test_a_truth_is_printed_as_the_article_prints(truth, printed, text, real):
    result = consistent({"a": printed}, ["a > 0"], language="ru")
    one = power.like(result.numbers["a"], Fraction(truth))
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
    assert [found[f"changed_{count}"] for count in ("tried", "noticed", "unread")] == [17, 17, 0]
    free = power.counts("a", one.numbers["a"], [])
    assert (free["changed_tried"], free["changed_noticed"]) == (17, 0)
    half = consistent({"a": "17", "b": (17, 17)}, ["a >= b"])
    assert power.counts("a", half.numbers["a"], [half])["changed_noticed"] == 7  # 10 to 16


def test_what_was_measured_stands_in_the_results(real):
    numbers, kinds = article.audited(), article.audited("kinds").set_index("kind")
    worlds = article.audited("worlds")
    assert (worlds["worlds"] == 10_000).all() and (worlds["false_alarms"] == 0).all()
    assert (worlds["undecided"] == 0).all()
    legible = data.read("article").query("legible == 'yes' and printed.str.contains('[0-9]')")
    assert {*numbers["id"]} == {*legible["id"]} - {"issn"}  # a serial number is no quantity
    for kind in KINDS:
        assert kinds.loc[kind, "tried"] == numbers[f"{kind}_tried"].sum()
        assert (numbers.loc[~numbers["tied"], f"{kind}_noticed"] == 0).all()


def test_the_results_rest_on_what_is_here_now(real):
    assert not power.stale(), f"{', '.join(power.stale())} changed: run make campaign"


def test_results_name_no_place_and_no_host():
    text = (REPOSITORY / "paper" / "results" / "audit.json").read_text(encoding="utf-8")
    assert not re.search(r"/home/|/work/|/tmp/|localhost", text)
    assert json.loads(text)["seed"] == power.SEED


@pytest.mark.parametrize("claim", ["kaz-internet-share", "uzb-mobile-share", "kaz-resolution-date"])
def test_what_was_measured_is_measured_again(audit, claim):
    """A sample of the rows: a change of code that changes what is noticed makes them stale."""
    row = article.audited().set_index("id").loc[claim]
    name = article.variable(claim)
    cases = [start for start in map(power.start, audit.cases.values()) if name in start.tied]
    number = next((one.numbers[name] for one in cases), article.numbers_read()[name])
    assert power.counts(name, number, cases).items() <= row.to_dict().items()


def test_results_that_were_edited_are_stale(real, tmp_path, monkeypatch):
    found = json.loads((power.RESULTS / "audit.json").read_text(encoding="utf-8"))
    found["kinds"][0]["noticed"] += 1
    (tmp_path / "audit.json").write_text(json.dumps(found), encoding="utf-8")
    monkeypatch.setattr(power, "RESULTS", tmp_path)
    assert power.stale() == ["results"]


def test_a_changed_row_is_stale(real, monkeypatch):
    frame = data.read("relations")
    frame.loc[0, "relation"] = "barston_year < 3000"
    monkeypatch.setattr(data, "read", lambda name, old=data.read: frame if name == "relations"
                        else old(name))
    assert "relations.csv" in power.stale()


def test_publishing_leaves_the_results_alone(tmp_path):
    """They are no product of make study: not in its manifest, and not deleted with old products."""
    for name, text in (("build/rendered/x.sha256", ""), ("paper/results/audit.json", "{}"),
                       ("paper/manifest.sha256", "0  paper/old.md\n"), ("paper/old.md", "")):
        steps.write_atomic(tmp_path / name, text)
    steps.publish(tmp_path, tmp_path / "build/rendered/x.sha256")
    assert (tmp_path / "paper/results/audit.json").exists()
    assert not (tmp_path / "paper/old.md").exists()
    assert "results" not in (tmp_path / "paper/manifest.sha256").read_text()
