"""Designs of an index: scales and means by hand, the rules of a design, what decides."""

import numpy as np
import pandas as pd
import pytest
from test_ranks import section

from digital_diplomacy import designs
from digital_diplomacy.data import CENTRAL_ASIA, pick
from digital_diplomacy.indicators import rates

VALUES = pd.Series({"KAZ": 0.9, "UZB": 0.6, "KGZ": 0.5, "TJK": 0.1, "NAM": 0.3})
THREE = ["KAZ", "UZB", "KGZ"]
FIVE = ("KAZ", "UZB", "KGZ", "TJK", "TKM")


@pytest.mark.parametrize("scale, expected", [
    ("min-max of the world", [1, 0.5 / 0.8, 0.5]),
    ("min-max of the states compared", [1, 0.25, 0]),
    # mean 0.48, squares .1764 .0144 .0004 .1444 .0324: Σ 0.368 ÷ 4 = 0.092
    ("standard scores", [0.42 / 0.092 ** 0.5, 0.12 / 0.092 ** 0.5, 0.02 / 0.092 ** 0.5]),
    ("percentiles of the world", [1, 0.75, 0.5]),
    ("fixed goalposts", [0.9, 0.6, 0.5])])
def test_scales_by_hand(scale, expected):
    scaled = designs.scaled(VALUES, scale, THREE, (0, 1))
    assert scaled.tolist() == pytest.approx(expected) and scaled.index.tolist() == THREE


def test_equal_values_share_a_percentile():
    scaled = designs.scaled(pd.Series({"A": 1, "B": 2, "C": 2, "D": 3}), designs.SCALES[3], ["B", "C"])
    assert scaled.tolist() == [0.5, 0.5]


def test_goalposts_bound_what_lies_outside():
    assert designs.scaled(pd.Series({"A": 170.0, "B": -1}), "fixed goalposts", ["A", "B"],
                          (0, 150)).tolist() == [1, 0]


@pytest.mark.parametrize("values, scale, compared, posts, message", [
    (VALUES, designs.SCALES[1], ["KAZ", "UZB"], None,
     "^min-max of the states compared over 2 states is not estimable: it says who is first"),
    (VALUES[:2], designs.SCALES[0], ["KAZ"], None, "^min-max of the world over 2 states is not"),
    (VALUES * 0 + 0.5, designs.SCALES[2], THREE, None,
     "^standard scores is not estimable: all 5 states have 0.5$"),
    (VALUES, "fixed goalposts", THREE, (1, 0),
     "^goalposts 1 to 0 are reversed: the lower one first$"),
    (VALUES, "fixed goalposts", THREE, (1, 1), "are reversed")])
def test_what_has_no_scale_is_said(values, scale, compared, posts, message):
    with pytest.raises(ValueError, match=message):
        designs.scaled(values, scale, compared, posts)


def test_means_by_hand():
    by_box = np.array([[[0.25, 0.9], [1.0, 0.0]]] * 2)  # two worlds, two boxes, two states
    weights = np.array([[0.5, 0.5], [0.5, 0.5]])
    plain, product = designs.aggregate(by_box, weights, np.array([0, 1]))
    assert plain.tolist() == pytest.approx([0.625, 0.45])
    assert product.tolist() == pytest.approx([0.5, (0.9 * designs.FLOOR) ** 0.5])  # 0 is raised


@pytest.mark.parametrize("weights", [[[0.5, 0.4]], [[1.0, 1.0]], [[0.0, 0.0]]])
def test_weights_that_do_not_sum_are_refused(weights):
    with pytest.raises(ValueError, match="^weights that do not sum to one: divide each row by its"):
        designs.aggregate(np.ones((1, 2, 3)), np.array(weights), np.array([0]))


def frames(**columns):
    """measure -> a cross-section of the five and Namibia, values in their order."""
    codes = (*FIVE, "NAM")
    return {name: section(dict(zip(codes, values)), indicator=name)
            for name, values in columns.items()}


FALLING = [0.9, 0.7, 0.5, 0.3, 0.1, 0.2]
RISING = FALLING[::-1]
MEASURED = frames(osi=FALLING, epi=FALLING, tii=RISING, hci=[0.5, 0.6, 0.4, 0.3, 0.2, 0.1])


def test_who_leads_on_all_measures_leads_in_all_worlds(small):
    worlds = designs.run(frames(osi=FALLING, epi=FALLING, tii=FALLING, hci=FALLING), FIVE[:4], 2022,
                         worlds=500)
    table = designs.pairs(worlds, FIVE[:4])
    assert table["All designs"].map(str).tolist() == ["100 %"] * 3
    assert table.index[0] == "Kazakhstan above Uzbekistan"
    assert worlds[list(FIVE[:4])].notna().all(axis=None)


def test_measures_of_one_thing_never_count_as_two(real):
    worlds = designs.run(MEASURED, FIVE, 2022, worlds=400)
    assert set(worlds["services"]) == {"online services", "e-participation"}
    assert set(worlds["networks"]) == {"infrastructure index"}  # its parts are not all here
    assert set(worlds["schooling"]) == {"human capital index", "left out"}
    assert "audience" not in worlds and "openness" not in worlds
    assert [tuple(option) for box in designs.BOXES.values() for option in box.values()
            if {"osi", "epi"} <= set(option) or ("tii" in option and len(option) > 1)] == []


def test_standard_scores_have_no_geometric_mean(real):
    worlds = designs.run(MEASURED, FIVE, 2022, worlds=1000)
    assert set(worlds.loc[worlds["scale"] == "standard scores", "mean"]) == {"arithmetic"}
    assert set(worlds["mean"]) == {"arithmetic", "geometric"}
    assert worlds["scale"].value_counts().between(150, 250).all()


def test_the_same_seed_draws_the_same_worlds(real):
    run = [designs.run(MEASURED, FIVE, 2022, worlds=50, seed=seed) for seed in (1, 1, 2)]
    assert run[0].equals(run[1]) and not run[0].equals(run[2])


def test_the_choice_that_decides_stands_first(real):
    opposed = frames(osi=FALLING, epi=RISING, tii=[0.5, 0.5, 0.5, 0.4, 0.3, 0.6])
    boxes = {"services": designs.BOXES["services"], "networks": designs.BOXES["networks"]}
    worlds = designs.run(opposed, FIVE, 2022, boxes=boxes, worlds=1000)
    table = designs.by_choice(worlds, "KAZ", "KGZ")
    assert table.index[0] == "services"
    assert table.loc["services"].map(str).tolist() == [
        "e-participation", "0 %", "online services", "100 %", "100.0 points"]


def test_uniform_weights_are_the_area_of_the_simplex(real):
    # KAZ leads UZB where w·0.2 > (1 − w)·0.2, that is w > 1/2, on every scale of these two boxes
    mirrored = frames(osi=[0.9, 0.7, 0.1, 0.5, 0.3, 0.2], epi=[0.9, 0.7, 0.1, 0.5, 0.3, 0.2],
                      tii=[0.7, 0.9, 0.1, 0.5, 0.3, 0.2])
    boxes = {box: designs.BOXES[box] for box in designs.ALWAYS}
    worlds = designs.run(mirrored, FIVE, 2022, boxes=boxes, worlds=8000)
    assert float(designs.lead(worlds, "KAZ", "UZB")) == pytest.approx(50, abs=2)
    assert len(designs.lead(worlds, "KAZ", "UZB").rows) == 3


def test_a_gap_is_filled_with_the_newest_of_five_years():
    old, far = section({"TKM": 0.4}, 2017), section({"UZB": 0.4}, 2016)
    held = designs.newest(pd.concat([section({"KAZ": 0.9}, 2022), section({"KAZ": 0.1}, 2021),
                                     section({"KAZ": 0.2}, 2023), old, far]), 2022)
    assert held["value"].astype(float).to_dict() == {"KAZ": 0.9, "TKM": 0.4}


@pytest.mark.parametrize("given, compared, boxes, message", [
    (MEASURED, ["KAZ"], designs.BOXES, "^designs compare three or more states, got 1: a scale over"),
    (MEASURED, ["KAZ", "UZB"], designs.BOXES, "got 2: a scale over two gives 0 and 100 always$"),
    (MEASURED, ["KAZ", "UZB", "FRA"], designs.BOXES,
     "^osi is not estimable for France: no value from 2017 to 2022$"),
    (MEASURED, FIVE, {"audience": designs.BOXES["audience"]}, "^no box has all its measures"),
    (frames(osi=[0.5] * 6, tii=RISING, epi=FALLING), FIVE, designs.BOXES,
     "is not estimable: all 6 states have 0.5$")])
def test_what_is_not_estimable_is_said_in_one_line(real, given, compared, boxes, message):
    with pytest.raises(ValueError, match=message) as caught:
        designs.run(given, compared, 2022, boxes=boxes, worlds=10)
    assert "\n" not in str(caught.value)


# the study's own numbers ---------------------------------------------------------------------------

def test_what_decides_the_second_place(real):
    people = pick("population")
    accounts = pick("instagram_audience")
    measured = {key: pick(key) for key in designs.GOALPOSTS if key not in designs.COMPUTED}
    measured["facebook"] = rates(pick("facebook_audience_low"), people)
    measured["instagram"] = rates(accounts[accounts["status"].isin(["", "upper bound"])], people)
    worlds = designs.run(measured, list(CENTRAL_ASIA), 2022)
    assert len(worlds) == 10_000 and float(designs.lead(worlds, "KAZ", "UZB")) > 97
    table = designs.by_choice(worlds, "UZB", "KGZ")
    assert table.index[:2].tolist() == ["largest", "audience"]
    assert float(table["Least"]["audience"]) < 35 and float(table["Most"]["audience"]) > 80
