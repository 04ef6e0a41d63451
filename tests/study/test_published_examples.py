"""The campaign that holds our steps against numbers of others: what it reads, counts and says."""

import csv
import importlib.util
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
spec = importlib.util.spec_from_file_location("validation", ROOT / "tests/campaigns/validation.py")
validation = importlib.util.module_from_spec(spec)
spec.loader.exec_module(validation)


@pytest.mark.parametrize("text, value, printed", [
    ("16.18", 16.17870, 16.18), ("4.80", 4.79539, 4.8), ("0", 0.0, 0), ("41.00", 40.99986, 41),
    ("3.426347e-05", 3.4263470e-05, 3.426347e-05), ("36.90", 36.95, 36.95)])
def test_ours_is_written_as_exactly_as_theirs(text, value, printed):
    assert validation.as_printed(value, text) == printed


def test_every_published_interval_agrees():
    rows = list(validation.published())
    assert len(rows) >= 7 and {row[0] for row in rows} == {"poisson", "binomial"}
    assert [row[:4] for row in rows if not row[4]] == []
    assert all(row[5] and row[6] for row in rows)  # a source and a place in it


def test_every_published_alpha_agrees():
    rows = list(validation.alphas())
    assert len(rows) == 8 and [row[:4] for row in rows if not row[4]] == []
    assert [row[2] for row in rows[:3]] == ["0.095", "0.692", "0.743"]  # Krippendorff's A, B, C
    assert all(row[5] and row[6] for row in rows)


def test_a_coder_s_missing_code_is_no_code():
    assert str(validation.coded("ab. .ba")) == "[[97.0, 98.0, nan], [nan, 98.0, 97.0]]"


def test_an_interval_that_differs_is_a_surprise():
    row = dict.fromkeys(validation.FIELDS, "") | {
        "method": "poisson", "case": "count=1", "agrees": "no", "printed": "0 to 1",
        "ours": "0 to 2"}
    assert validation.surprises([row]) == ["poisson, count=1: printed 0 to 1, ours 0 to 2"]
    known = row | {"method": "rank", "case": "2020"}
    assert validation.surprises([known, row | {"agrees": "yes"}, row | {"agrees": "not had"}]) == []


@pytest.mark.parametrize("year, same", [(2022, True), (2010, False), (2024, False)])
def test_the_index_as_the_mean_of_its_parts(real, year, same):
    assert validation.survey_means(year)[4] is same
    assert ("furthest off 0.0000" in validation.survey_means(year)[3]) == (year != 2010)


def test_ranks_of_2020_print_four_ties_apart(real):
    assert validation.survey_ranks(2020)[2:5] == ("193 members", "189 members", False)
    assert validation.survey_ranks(2022)[4]


def test_the_committed_results_are_those_of_the_campaign(real):
    with open(ROOT / "paper/results/validation.csv", encoding="utf-8", newline="") as lines:
        held = list(csv.DictReader(lines))
    assert held == validation.cases()
    told = json.loads((ROOT / "paper/results/validation.json").read_text(encoding="utf-8"))
    assert told["cases"] == held and told["n"] == len(held)
    assert {row["agrees"] for row in held} == {"yes", "no", "not had"}
