"""Faults of one sign, each once planted and not noticed: the right value stays as a test."""

from fractions import Fraction

import pytest

from footnoted.consistency.repairs import lines, slipped
from footnoted.consistency.result import as_printed
from footnoted.number import Number, meet
from footnoted.numerals import read


def test_numbers_that_lie_apart_do_not_meet_on_either_side():
    low, high = Number(1, low="0.5", high="1.5"), Number(4, low="3.5", high="4.5")
    assert not meet(low, high) and not meet(high, low)


def test_an_exact_number_at_the_end_of_a_rounded_one_meets_it():
    rounded = Number(92.9, low="92.85", high="92.95")
    assert meet(Number(92.85), rounded) and meet(rounded, Number(92.95))
    assert not meet(rounded, Number(92.8, low="92.75", high="92.85"))  # they only touch


def test_a_range_has_the_unit_that_follows_it():
    assert read("5-7 accounts").unit == "accounts"
    assert read("5-7 million accounts").unit == "accounts"


def test_a_number_without_a_multiplier_is_multiplied_by_one():
    assert read("17").multiplier == 1 and as_printed(Number(17)).multiplier == 1


def test_thousands_lose_their_word_or_become_millions():
    assert slipped(read("17,3 тыс."), "unit") == ["17,3", "17,3 млн"]


def test_a_given_interval_holds_its_upper_end():
    given = as_printed((1, 2))
    assert given.closed and Fraction(2) in given and Fraction(3) not in given


@pytest.mark.parametrize("shown, more", [(1, ["and 4 more"]), (5, [])])
def test_repairs_that_are_not_told_are_counted(shown, more):
    class Repair:
        changes, agrees = ("one",), ()

        def __str__(self):
            return "repair"

    told = lines([Repair()] * 5, shown)
    assert told == ["5 smallest repairs, each of one number:", *["repair"] * shown, *more]
