"""Inputs of checks: references found in the tables, under the study's choices and others."""

import csv

import pandas as pd
import pytest
from conftest import REPOSITORY

from digital_diplomacy import data
from digital_diplomacy.claims import inputs

CHECKS = list(csv.DictReader((REPOSITORY / "data" / "checks.csv").open(encoding="utf-8")))


@pytest.mark.parametrize("reference, value", [
    ("article/kaz-egdi", "0.8628"), ("article/kaz-programme-presented", "2017-01-31"),
    ("article/figure-4-conference-dates", "2019-06-13"), ("article/statista-read-on", "2023-10-17"),
    ("obs/internet_use/KAZ/2023", "92.9 %"), ("obs/internet_use/UZB/2024", "none"),
    ("rank/egdi/KAZ/2022", "28th"), ("rank/internet_use/UZB/2024", "none"),
    ("milestone/kaz-address-2017", "2017-01-31"), ("term/digital diplomacy, C. Hayden", "none"),
    ("term/digital diplomacy, W. Dizard", "2001"),
    ("gap/internet_use/KAZ/TKM/2023", "none"), ("mean_gap/egdi/UZB/KGZ+TJK+TKM/2022", "0.77 SD"),
    ("rows/article_topics/figure=3", "2"), ("rows/article_topics/figure=9", "none"),
    ("number/0.5 SD", "0.5 SD"), ("date/2018", "2018"), ("word/egdi", "egdi")])
def test_a_reference(real, reference, value):
    found = inputs.resolve(reference, {})
    assert found is None if value == "none" else str(found) == value


def test_every_kind_of_reference_is_used_and_known(real):
    references = [reference for check in CHECKS
                  for found in inputs.parse(check["inputs"]).values() for reference in found]
    references += [ref for ref in data.read("choices")["ref"] if ref]
    assert {reference.partition("/")[0] for reference in references} == set(inputs.KINDS)


def test_a_gap_to_several_is_one_each(real):
    gaps = inputs.resolve("gap/egdi/UZB/KGZ+TJK+TKM/2022", {})
    assert len(gaps) == 3 and str(gaps[0]) == "0.13 SD"
    assert float(sum(gaps) / 3) == pytest.approx(
        float(inputs.resolve("mean_gap/egdi/UZB/KGZ+TJK+TKM/2022", {})))


def test_a_series_ends_with_the_article_or_where_it_says(real):
    for reference, last in (("series/internet_use/KAZ", "2023"),
                            ("series/internet_use/KAZ/2015", "2015"),
                            ("sourced/internet_use/KAZ/gapminder_internet_users", "2023")):
        values = inputs.resolve(reference, {})
        assert max(year for value in values for year in value.years) == last, reference
    assert {row.rpartition("/")[2] for value in values for row in value.rows} == {
        "gapminder_internet_users"}
    assert inputs.resolve("series/internet_use/KAZ/1980", {}) is None


def test_a_day_that_the_preferred_source_lacks_may_be_anothers(study):
    assert inputs.resolve("obs/internet_use/KAZ/2018-02-01", {}).rows == (
        "KAZ/2018-02-01/internet_use/blog",)
    assert inputs.resolve("obs/internet_use/KAZ/2018", {}) is None


def test_a_chosen_source_and_a_chosen_option(real):
    reference = "obs/population/UZB/2023"
    first, second = (float(inputs.resolve(reference, {reference: source}))
                     for source in inputs.sources_with(reference)[:2])
    assert first != second and float(inputs.resolve(reference, {})) == first
    acts, named = inputs.options("digitalization").index
    assert len(inputs.resolve("choice/digitalization", {})) == 6
    assert inputs.resolve("choice/digitalization", {"digitalization": named}).date == "2018-01-10"


def test_a_choice_of_several_values_has_none_where_one_is_missing(real, monkeypatch):
    refs = pd.DataFrame({"ref": ["obs/egdi/{country}/2022 + obs/egdi/{country}/2030"]}, ["both"])
    monkeypatch.setattr(inputs, "options", lambda dimension: refs)
    assert inputs.resolve("choice/scores/KAZ", {}) is None


def test_every_count_of_a_year_is_one_list_each_once(real):
    # the World Bank's vintages of 2024 and 2025 differ; only the one of 2025 has 2023
    assert [float(one) for one in inputs.resolve("every/population/UZB/2022", {})] == [
        35648100, 34938955]
    assert sorted(float(one) for one in inputs.resolve("every/population/UZB/2023", {})) == [
        35652307, 36025000]
    assert inputs.resolve("every/population/UZB/2050", {}) is None


def test_the_preferred_source_stands_first(study):
    study.write("preferred", [["internet_use", "1", "old", "1990", "2025"]])
    assert inputs.sources_with("obs/internet_use/KAZ/2023") == ["old", "new"]


def test_options_stand_in_their_order(real):
    assert [one.split()[0] for one in inputs.options("margin").index] == ["half", "a", "four"]


def test_only_sources_published_by_a_date(small):
    assert str(inputs.resolve("obs/internet_use/KAZ/2023", {"as_of": "2024-12-31"})) == "92.3 %"
    assert inputs.resolve("obs/internet_use/KAZ/2023", {"as_of": "2020"}) is None


def test_about_ninety_is_85_to_95(real):
    assert [float(bound) for bound in inputs.resolve(
        "article/kaz-internet-users-share", {}).bounds] == [85, 95]


def test_cut_digits_are_a_choice(real):
    for specification, bounds in (({}, [76.55, 76.65]), ({"rounding": "cut"}, [76.6, 76.7])):
        found = inputs.resolve("article/uzb-internet-share", specification)
        assert [float(bound) for bound in found.bounds] == bounds


@pytest.mark.parametrize("reference, rows", [
    ("rows/article/country=UZB&indicator=internet_use",
     ("UZB/2023/article:uzb-internet-share/article_2023",)),
    ("rows/observations/indicator=egdi&source=undesa_egdi_2022",
     ("UN193/2022/egdi/undesa_egdi_2022#193",)),
    ("rows/terms/term=digital diplomacy&who=W. Dizard",
     ("/2001/terms:digital diplomacy, W. Dizard/dizard2001_page",)),
    ("rows/recommendations/locator=p. 33",
     ("UZB/2023/recommendations:r1-article/article_2023",
      *(f"/2023/recommendations:r{i}-article/article_2023" for i in (2, 3, 4)))),
    ("rows/article_topics/figure=3", ())])
def test_a_count_of_rows_names_what_was_counted(real, reference, rows):
    found = inputs.resolve(reference, {})
    assert found.exact and found.rows == rows
    assert all(data.origin(row) for row in rows)


def test_a_choice_in_words(real):
    assert inputs.in_words("dizard_pages", "two") == "dizard pages: two"
    assert inputs.in_words("obs/population/UZB/2023", "wdi_2024_sp_pop_totl") == \
        "Population of Uzbekistan, 2023, from World Bank 2024"


def test_what_is_kept_is_forgotten_when_a_table_changes(study):
    reference = "obs/internet_use/KAZ/2023"
    assert str(inputs.resolve(reference, {})) == "92.9 %"
    study.set("observations", 7, value="93.5", printed="93.5")
    assert str(inputs.resolve(reference, {})) == "93.5 %"
