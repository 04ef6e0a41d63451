"""Printed numerals, each with the interval that was worked out by hand."""

import csv
import datetime
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footnoted import numerals
from footnoted.numerals import decimal_year, interval, read, widen

CASES = Path(__file__).parents[1] / "cases"


def ends(text, *language, **options):
    """Low and high as floats, and whether the upper end belongs to it."""
    one = read(text, *language, **options)
    return float(one.low), float(one.high), one.closed


@pytest.mark.parametrize("text, low, high", [
    ("17.3 million", 17_250_000, 17_350_000), ("17,3 млн", 17_250_000, 17_350_000),
    ("26 430", 26_429.5, 26_430.5), ("26\u00a0430", 26_429.5, 26_430.5),
    ("26\u202f430", 26_429.5, 26_430.5), ("26'430", 26_429.5, 26_430.5),
    ("26’430 CHF", 26_429.5, 26_430.5), ("1 234 567,8", 1_234_567.75, 1_234_567.85),
    ("1,234,567.8", 1_234_567.75, 1_234_567.85), ("1.234.567,8", 1_234_567.75, 1_234_567.85),
    ("0,8628", 0.86275, 0.86285), ("2,30 млн", 2_295_000, 2_305_000),
    ("2,3 млн", 2_250_000, 2_350_000),
    ("90%", 0.895, 0.905), ("90 %", 0.895, 0.905), ("60,8 процента", 0.6075, 0.6085),
    ("76.6 per cent", 0.7655, 0.7665), ("76.6 percent", 0.7655, 0.7665),
    ("−3,2 %", -0.0325, -0.0315),
    ("5 тыс. человек", 4_500, 5_500), ("5 тысяч", 4_500, 5_500), ("3 миллиона", 2.5e6, 3.5e6),
    ("1.2 bn", 1.15e9, 1.25e9), ("1,2 млрд", 1.15e9, 1.25e9), ("5 трлн", 4.5e12, 5.5e12),
    ("17.3m", 17_250_000, 17_350_000), ("12k", 11_500, 12_500), ("$5 bn", 4.5e9, 5.5e9),
    ("3,1 п. п.", 0.0305, 0.0315), ("1 thousand", 500, 1_500), ("0", -0.5, 0.5)])
def test_half_a_unit_of_the_last_digit(text, low, high):
    assert ends(text) == (low, high, True)


@pytest.mark.parametrize("text, low, high", [
    ("about 90 %", 0.85, 0.95), ("около 90%", 0.85, 0.95), ("~ 17.3", 17.25, 17.35),
    ("порядка 17,3 млн", 17.25e6, 17.35e6), ("примерно 40 тыс.", 35_000, 45_000),
    ("approximately 1,234.5", 1_234.45, 1_234.55), ("более 39 000", 39_000, 40_000),
    ("более чем 3 млн", 3e6, 4e6), ("свыше 120", 120, 130), ("more than 242 000", 242_000, 243_000),
    ("over 5", 5, 6), ("at least 20", 20, 30), ("не менее 20", 20, 30), ("18+", 18, 19),
    ("almost 3 million", 2e6, 3e6), ("почти 3 млн", 2e6, 3e6), ("less than 50", 40, 50),
    ("менее 50", 40, 50), ("up to 500", 400, 500), ("до 500", 400, 500), ("не более 7", 6, 7),
    ("About 90 %", 0.85, 0.95)])
def test_hedges(text, low, high):
    assert ends(text) == (low, high, True)


def test_the_longest_hedge_is_read():
    assert [read(text).hedge for text in ("не более 7", "более 7", "не менее чем 7", "менее 7",
                                          "no more than 7", "more than 7", "no less than 7")] == [
        "at most", "more than", "at least", "less than", "at most", "more than", "at least"]


def test_every_word_of_the_table_is_a_hedge():
    """None is shadowed by a shorter one, or by another row's."""
    for name, (_, _, words) in numerals.HEDGES.items():
        for word in words.split():
            assert read(f"{word.replace('_', ' ')} 70").hedge == name, word


@pytest.mark.parametrize("value, hedge, factor, low, high", [
    (90, "about", 1, 85, 95), (90, "about", 2, 80, 100), (90, "about", 0.5, 87.5, 92.5),
    (39000, "more than", 1, 39000, 40000), (39000, "more than", 0.5, 39000, 39500),
    (17.3, "about", 1, 17.25, 17.35), (17_300_000, "about", 1, 17_250_000, 17_350_000),
    (0, "about", 1, -0.5, 0.5), (100, "almost", 1, 0, 100), (7, "", 1, 7, 7)])
def test_widen(value, hedge, factor, low, high):
    assert widen(value, hedge, factor) == (Fraction(str(low)), Fraction(str(high)))


def test_widen_refuses_an_unknown_hedge_and_a_third():
    with pytest.raises(ValueError, match="unknown hedge 'abuot': did you mean 'about'"):
        widen(90, "abuot")
    with pytest.raises(ValueError, match="1/3 has no last digit"):
        widen(Fraction(1, 3), "about")


def test_a_hedge_may_be_worth_more_or_nothing():
    assert ends("about 90 %", hedge_units=2) == (0.8, 1.0, True)
    assert ends("about 90 %", hedge_units=0) == (0.895, 0.905, True)  # then only rounding is left


def test_digits_that_were_cut_off():
    assert ends("17,3 млн", rounding="cut") == (17_300_000, 17_400_000, False)
    with pytest.raises(ValueError, match="unknown rounding 'up': write 'half' or 'cut'"):
        read("5", rounding="up")


@pytest.mark.parametrize("text, low, high", [
    ("5-7", 4.5, 7.5), ("5–7", 4.5, 7.5), ("5 to 7", 4.5, 7.5), ("from 5 to 7", 4.5, 7.5),
    ("between 5 and 7", 4.5, 7.5), ("от 5 до 7", 4.5, 7.5), ("от 5 до 7 млн", 4.5e6, 7.5e6),
    ("5 млн – 7 млн", 4.5e6, 7.5e6), ("900 тыс. – 1,2 млн", 899_500, 1_250_000),
    ("5-7 %", 0.045, 0.075), ("2017-2021", 2016.5, 2021.5)])
def test_ranges(text, low, high):
    assert ends(text) == (low, high, True)


@pytest.mark.parametrize("text, value", [
    ("28-е место", 28), ("22nd", 22), ("16-й", 16), ("1st", 1)])
def test_a_place_is_exact(text, value):
    one = read(text)
    assert (one.low, one.high, one.unit, one.exact) == (value, value, "rank", True)


def test_a_count_may_be_called_exact():
    assert ends("193", exact=True) == (193, 193, True)


def test_the_unit_is_what_follows():
    assert [read(text).unit for text in ("17,3 млн пользователей", "5 states.", "90 %", "7")] == [
        "пользователей", "states", "%", ""]


@pytest.mark.parametrize("text, day, last", [
    ("7 марта 2002", (2002, 3, 7), (2002, 3, 7)),
    ("31 января 2017 г.", (2017, 1, 31), (2017, 1, 31)),
    ("17.10.2023", (2023, 10, 17), (2023, 10, 17)), ("2017-12-12", (2017, 12, 12), (2017, 12, 12)),
    ("June 13-14, 2019", (2019, 6, 13), (2019, 6, 14)),
    ("7 March 2002", (2002, 3, 7), (2002, 3, 7)),
    ("March 7, 2002", (2002, 3, 7), (2002, 3, 7))])
def test_days_are_decimal_years(text, day, last):
    one, (first, end) = read(text), (
        datetime.date(*parts).timetuple().tm_yday - 1 for parts in (day, last))
    days = 366 if day[0] % 4 == 0 else 365
    assert (one.low, one.high) == (day[0] + Fraction(first, days), day[0] + Fraction(end, days))
    assert one.unit == "date" and one.exact and one.value in one


def test_the_first_day_of_a_year_is_the_year():
    assert read("1 января 2018").value == 2018
    assert 2017 < read("31 декабря 2017").value < 2018


@pytest.mark.parametrize("text, language, value", [
    ("1,234", "en", 1234), ("1,234", "ru", Fraction("1.234")), ("1.234", "de", 1234),
    ("1.234", "en", Fraction("1.234")), ("1,234", "fr", Fraction("1.234")),
    ("11.85", "ru", Fraction("11.85")),
    ("2,30", "en", Fraction("2.3"))])
def test_a_language_decides_what_has_two_readings(text, language, value):
    assert read(text, language).value == value


@pytest.mark.parametrize("text, language, words", [
    ("1,234", None, "'1,234' is 1.234 or 1234: name the language"),
    ("12.345", None, "'12.345' is 12.345 or 12345: name the language"),
    ("1.234", "ru", "'1.234' is 1.234 or 1234"),  # Russian uses the point for neither
    ("1,234", "xx", "unknown language 'xx': write a code"),
    ("", None, "'' is not a printed number: write it as printed"),
    ("five", None, "'five' is not a printed number"), ("about", None, "is not a printed number"),
    ("5 7", None, "'5 7': thousands stand in groups of three"),
    ("1 2345", None, "thousands stand in groups of three"),
    ("1'234 567", None, "thousands stand in groups of three"),
    ("1,2.3", None, "its points and commas fit no reading"), ("1,23,4", None, "fit no reading"),
    ("5.4 million 3", None, "holds more than one number"),
    ("5.4 millon", None, "did you mean 'million'"),
    ("90 процентво", None, "did you mean 'процентов'"), ("7-5", None, "'7-5' runs backwards"),
    ("35 января 2017", None, "'35 января 2017' is not a day of the calendar"),
    ("29.02.2019", None, "is not a day of the calendar")])
def test_what_cannot_be_read_is_one_sentence(text, language, words):
    with pytest.raises(ValueError) as error:
        read(text, language)
    assert words in str(error.value) and "\n" not in str(error.value)


@pytest.mark.parametrize("text, low, high", [
    ("17,3 Млн", 17_250_000, 17_350_000), ("5 Million", 4.5e6, 5.5e6), ("5 mio", 4.5e6, 5.5e6),
    ("$21.1B", 21.05e9, 21.15e9), ("1.5 bln", 1.45e9, 1.55e9), ("34,1 Prozent", 0.3405, 0.3415),
    ("1e3", 500, 1_500)])
def test_scales_as_people_write_them(text, low, high):
    assert ends(text) == (low, high, True)


def test_every_form_of_the_table_is_read_or_refused():
    """Ten languages, worked by hand; what fails is told together."""
    with open(CASES / "number_forms.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 100
    wrong = [(row["text"], row["language"], said) for row in rows
             if (said := form_read(row)) != form_wanted(row)]
    assert not wrong


def form_wanted(row):
    """What the table wants of a form: a refusal, or (low, high, unit)."""
    return row["refused"] or (Fraction(row["low"]), Fraction(row["high"]), row["unit"])


def form_read(row):
    """How a form is read: (low, high, unit), or its refusal, the wanted words where it has them."""
    try:
        one = read(row["text"], row["language"] or None)
    except ValueError as error:
        return row["refused"] if row["refused"] in str(error) else str(error)
    return one.low, one.high, one.unit


def test_every_word_of_the_table_is_read():
    """Apart from "mil", which two languages read as different numbers."""
    for (factor, unit), words in numerals.WORDS.items():
        for word in set(words.split()) - {"mil"}:
            one = read(f"7 {word.replace('_', ' ')}")
            assert (one.value, one.unit) == (7 * factor, unit), word


def test_a_language_brings_its_own_words():
    assert read("5 Billion", "de").value == 1000 * read("5 Billion").value
    assert read("5B", "tr").value == 5000 and read("5B").value == 5 * 10**9
    assert read("17,3 MİLYON", "tr").value == 17_300_000
    with pytest.raises(ValueError, match="miljoner"):
        read("17,3 miljoner")
    assert read("17,3 miljoner", "sv").value == 17_300_000


def test_a_number_of_two_scales_has_no_numeral_to_slip():
    one = read("147 миллионов 200 тысяч человек")
    assert (one.value, one.step, one.numeral, one.unit) == (147_200_000, 1000, "", "человек")


@pytest.mark.parametrize("text, word", [
    ("17.3 M", "M"), ("2.9 B users", "B"), ("5 hundred", "hundred"), ("5 сотен", "сотен"),
    ("3½", "½"), ("5百", "百"), ("1.2T", "T"), ("2 dozens", "dozens")])
def test_a_scale_that_is_not_read_is_no_unit(text, word):
    with pytest.raises(ValueError, match=f"{text!r}: unknown unit {word!r}: write the number out"):
        read(text)


def test_a_word_that_begins_like_a_scale_is_a_unit():
    for unit in ("km", "km²", "m²", "ministries", "тонн", "kg"):
        assert read(f"5 {unit}").unit == unit


@pytest.mark.parametrize("text, marks", [("5,,", ",,"), ("1. .", ". .")])
def test_marks_are_no_unit(text, marks):
    with pytest.raises(ValueError, match=f"{marks!r} is no unit"):
        read(text)


@pytest.mark.parametrize("one, other, meet", [
    ("17.3", "17.34", True), ("17.3", "17.4", False), ("about 20", "about 30", True),
    ("about 20", "25", True), ("about 20", "26", False), ("5 to 7", "7", True)])
def test_two_printed_numbers_can_be_the_same_value(one, other, meet):
    assert read(one).meets(read(other)) is read(other).meets(read(one)) is meet


def test_another_text_is_read_as_the_first_was():
    options = ("ru", "cut", 2)
    assert read("about 12", *options).reread("about 1,234") == read("about 1,234", *options)
    assert read("12", *options, exact=True).reread("1,234") == read("1,234", *options, exact=True)
    assert read("12").reread("12 of 34") is None


def test_an_exact_number_is_its_own_only_value():
    one = read("5", exact=True)
    assert 5 in one and one.meets(one) and one.reread("7").exact
    assert Fraction("5.1") not in one and not one.meets(read("6"))


def test_a_rank_stays_exact_when_its_text_changes():
    assert read("28-е место").reread("82").exact and not read("28").reread("82").exact


@pytest.mark.parametrize("date, year", [
    (datetime.date(2018, 1, 1), 2018), ("2018-01-01", 2018), ("2018", Fraction(4037, 2)),
    ("2019-07-02", 2019 + Fraction(182, 365)), ("2020-12-31", 2020 + Fraction(365, 366)),
    ("2018-01", 2018 + Fraction(31, 730)), ("2020-02", 2020 + (31 + Fraction(29, 2)) / 366)])
def test_a_date_as_a_decimal_year(date, year):
    assert decimal_year(date) == year


def test_neither_babel_nor_the_solver_is_imported_before_it_is_asked():
    code = ("import sys, footnoted.number, footnoted.numerals as reader; reader.interval('5', 5); "
            "print({'babel', 'z3', 'pandas', 'IPython'} & {*sys.modules})")
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8")
    assert run.stdout == "set()\n", run.stderr


WHOLE, PLACES = st.integers(0, 10**8), st.integers(0, 4)


@given(WHOLE, PLACES, st.sampled_from([" ", "\u00a0", "\u202f", "'", ""]), st.sampled_from(",."))
def test_what_is_printed_is_read_again(whole, places, group, mark):
    text = f"{whole:,}".replace(",", group) + (mark + "7" * places if places else "")
    if places == 3 and len(str(whole)) <= 3 and whole:
        return  # two readings
    assert read(text).value == Fraction(f"{whole}.{'7' * places}".rstrip("."))


@given(st.fractions(0, 10**6), PLACES, st.sampled_from(["", "тыс.", "млн", "%"]))
def test_a_rounded_value_lies_in_its_interval(truth, places, unit):
    scale = {"": 1, "тыс.": 1000, "млн": 10**6, "%": Fraction(1, 100)}[unit]
    step = Fraction(1, 10**places)
    digits = int(truth / step + Fraction(1, 2))  # halves go up
    text = f"{digits // 10**places}" + (f",{digits % 10**places:0{places}}" if places else "")
    assert truth * scale in read(f"{text} {unit}".strip(), "ru")


@pytest.mark.parametrize("text, digits, other", [
    ("17,3 млн", "17.7", "17,7 млн"), ("26 430", "2643", "2 643"),
    ("26 430", "1226430", "1 226 430"),
    ("12100", "112100", "112100"), ("1,234.5 users", "12345.6", "12,345.6 users"),
    ("about 90 %", "9.5", "about 9.5 %"), ("около 90 %", "9.5", "около 9,5 %"),
    ("3 млн", "0.3", "0,3 млн")])
def test_other_digits_in_the_same_form(text, digits, other):
    assert read(text).reprinted(digits) == other


@pytest.mark.parametrize("text, digits, other", [
    ("12,345", "123456", "123,456"), ("12,345", "12.5", "12.5"), ("17.345", "7.3", "7.3"),
    ("1,5", "11.5", "11,5")])
def test_a_mark_between_thousands_is_no_decimal_mark(text, digits, other):
    assert read(text, "en" if text != "1,5" else "ru").reprinted(digits) == other


# The interval of a text whose value is known

@pytest.mark.parametrize("printed, value, low, high", [
    ("92.9", 92.9, "92.85", "92.95"),
    ("92.9 %", 92.9, "92.85", "92.95"),
    ("92,9 %", 92.9, "92.85", "92.95"),
    ("92.90", 92.9, "92.895", "92.905"),
    ("0.8628", 0.8628, "0.86275", "0.86285"),
    ("28", 28, "27.5", "28.5"),
    ("28th", 28, "27.5", "28.5"),
    ("0", 0, "-0.5", "0.5"),
    ("0,0", 0, "-0.05", "0.05"),
    ("0.00", 0, "-0.005", "0.005"),
    ("−5.5", -5.5, "-5.55", "-5.45"),
    ("1,234", 1234, "1233.5", "1234.5"),
    ("1,234", 1.234, "1.2335", "1.2345"),
    ("1.234", 1234, "1233.5", "1234.5"),
    ("1.234,5", 1234.5, "1234.45", "1234.55"),
    ("1,234.5", 1234.5, "1234.45", "1234.55"),
    ("1,234,567", 1234567, "1234566.5", "1234567.5"),
    ("1.234.567", 1234567, "1234566.5", "1234567.5"),
    ("1 234 567", 1234567, "1234566.5", "1234567.5"),
    ("1\u00a0234,5", 1234.5, "1234.45", "1234.55"),
    ("17,3 млн", 17_300_000, "17250000", "17350000"),
    ("17.3 million", 17_300_000, "17250000", "17350000"),
    ("about 410 thousand", 410_000, "409500", "410500"),
    ("1.4 billion", 1_400_000_000, "1350000000", "1450000000"),
    ("1e3", 1000, "500", "1500"),
    ("in 2023: 5.5 points", 5.5, "5.45", "5.55"),
    ("", 92.8785, "92.8785", "92.8785"),
])
def test_interval(printed, value, low, high):
    assert interval(printed, value) == (Fraction(low), Fraction(high))


@pytest.mark.parametrize("printed, value", [
    ("92.9", 92.8), ("92.9", 929), ("no numeral", 5), ("0", 5), ("5", 0), ("1.2.3", 1.2),
    ("35 %", 0.35), ("17.3", -17.3)])
def test_interval_refuses_another_value(printed, value):
    with pytest.raises(ValueError) as caught:
        interval(printed, value)
    assert str(caught.value) == f"printed {printed!r} does not hold the value {value}"


PRINTS = {"1,234.5": (",", "."), "1.234,5": (".", ","), "1 234,5": (" ", ","), "1234.5": ("", "."),
          "1\u202f234.5": ("\u202f", ".")}


@given(st.integers(-10**10, 10**10), st.integers(0, 6), st.sampled_from(sorted(PRINTS)),
       st.fractions(-1, 1))
def test_interval_holds_what_rounds_to_the_printed_text(digits, decimals, style, part):
    exact = Fraction(digits, 10**decimals)
    thousands, point = PRINTS[style]
    printed = f"{Decimal(digits).scaleb(-decimals):,.{decimals}f}"
    printed = printed.replace(",", "T").replace(".", point).replace("T", thousands)
    low, high = interval(printed, float(exact))
    half = Fraction(1, 2 * 10**decimals)
    assert (low, high) == (exact - half, exact + half)
    assert low <= exact + part * half <= high


@pytest.mark.parametrize("text, low, high", [
    ("17,3 %", "17.25", "17.35"), ("90.9 %", "90.85", "90.95"), ("about 90", "89.5", "90.5"),
    ("17.3 million", "17.25", "17.35"), ("26 430", "26429.5", "26430.5")])
def test_a_text_without_a_known_value_is_read_in_its_own_unit(text, low, high):
    assert interval(text) == (Fraction(low), Fraction(high))


@pytest.mark.parametrize("text, words", [("many", "is not a printed number"), ("1,234", "or 1234")])
def test_a_text_without_one_reading_has_no_interval(text, words):
    with pytest.raises(ValueError, match=words):
        interval(text)
