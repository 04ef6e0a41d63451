"""Wrong tables: each fault with its exact message, and all of them at once."""

import csv
import json

import pandas as pd
import pytest

from digital_diplomacy import data, validation as faults
from digital_diplomacy.data import DataError, check, observations, read

NUMBER = ("is not a number: write digits with a decimal point and no unit, such as 1234.5")
BOTH = "a row has either a value or the reason why it is missing: fill exactly one"


def refused(call=observations):
    with pytest.raises(DataError) as caught:
        call()
    return str(caught.value).splitlines()


@pytest.mark.parametrize("line, cells, message", [
    (7, {"value": "1,234"}, f"line 7, value: '1,234' {NUMBER}"),
    (7, {"value": "250 %"}, f"line 7, value: '250 %' {NUMBER}"),
    (7, {"value": "inf"}, f"line 7, value: 'inf' {NUMBER}"),
    (7, {"value": "1e999"}, f"line 7, value: '1e999' {NUMBER}"),
    (7, {"value": "nan"}, f"line 7, value: 'nan' {NUMBER}"),
    (7, {"value": "many"}, f"line 7, value: 'many' {NUMBER}"),
    (7, {"value": "92.9 "}, f"line 7, value: '92.9 ' {NUMBER}"),
    (7, {"value": "92,9"}, f"line 7, value: '92,9' {NUMBER}"),
    (7, {"value": "−5"}, f"line 7, value: '−5' {NUMBER}"),
    (7, {"value": "250"}, "line 7, value: 250 is outside 0 to 100 for internet_use: mend the value, "
                          "or write 'out of range' in status"),
    (7, {"value": "-0.1"}, "line 7, value: -0.1 is outside 0 to 100 for internet_use: mend the "
                           "value, or write 'out of range' in status"),
    (9, {"value": "-1"}, "line 9, value: -1 is outside 0 to any for population: mend the value, "
                         "or write 'out of range' in status"),
    (7, {"year": "soon"}, "line 7, year: 'soon' is not a year: write four digits"),
    (7, {"year": "2023.0"}, "line 7, year: '2023.0' is not a year: write four digits"),
    (7, {"year": "23"}, "line 7, year: '23' is not a year: write four digits"),
    (7, {"year": "1800"}, "line 7, year: 1800 is not a year from 1990 to 2030: mend the digits"),
    (7, {"year": "1989"}, "line 7, year: 1989 is not a year from 1990 to 2030: mend the digits"),
    (7, {"year": "2203"}, "line 7, year: 2203 is not a year from 1990 to 2030: mend the digits"),
    (7, {"country": "KAX"}, "line 7, country: unknown country 'KAX': did you mean 'KAZ'?"),
    (7, {"country": "XYW"}, "line 7, country: unknown country 'XYW': add it to "
                            "data/countries.csv"),
    (7, {"indicator": "internet_us"}, "line 7, indicator: unknown indicator 'internet_us': did "
                                      "you mean 'internet_use'?"),
    (7, {"source": "nev"}, "line 7, source: unknown source 'nev': did you mean 'new'?"),
    (7, {"source": "zz"}, "line 7, source: unknown source 'zz': add it to data/sources.csv"),
    (7, {"year": "2020"}, "line 7, country+year+date+indicator+source: "
                          "'KAZ/2020//internet_use/new' stands in an earlier row: delete one"),
    (7, {"value": ""}, f"line 7, missing: {BOTH}"),
    (7, {"missing": "not legible"}, f"line 7, missing: {BOTH}"),
])
def test_a_wrong_cell(study, line, cells, message):
    study.set("observations", line, **cells)
    assert refused() == [f"observations.csv {message}"]
    assert f"observations.csv {message}" in check()


def test_a_fact_is_checked_too(study):
    study.set("facts", 2, value="78,9")
    assert refused() == [f"facts.csv line 2, value: '78,9' {NUMBER}"]


def test_the_year_of_a_fact_is_checked_too(study):
    study.set("facts", 3, year="1800")
    assert refused() == ["facts.csv line 3, year: 1800 is not a year from 1990 to 2030: mend the "
                         "digits"]


@pytest.mark.parametrize("year", ["1990", "2030", ""])
def test_years_of_the_study_and_no_year_are_admitted(year):
    assert faults.years("t", pd.DataFrame({"year": [year]}), "year") == []


@pytest.mark.parametrize("code, hint", [
    ("KAX", ["KAZ"]), ("kaz", ["KAZ"]), ("KZA", []), ("LKB", ["LKA"]), ("UZ", ["UZB"]), ("", [])])
def test_the_nearest_code_begins_with_the_same_two_letters(code, hint):
    assert faults.nearest(code, ["KAZ", "KGZ", "LKA", "UZB"]) == hint


def test_out_of_range_is_admitted_where_it_is_said(study):
    study.set("observations", 7, value="101", printed="101", status="out of range")
    assert check() == []


@pytest.mark.parametrize("value", ["0", "100", "1e2", "-0"])
def test_bounds_belong_to_the_range(study, value):
    study.set("observations", 7, value=value, printed=value)
    assert check() == []


def test_all_faults_come_at_once(study):
    study.set("observations", 2, value="many")
    study.set("observations", 7, value="250", country="KAX")
    study.set("observations", 12, missing="")
    study.set("facts", 3, source="bloc")
    lines = [f"observations.csv line 2, value: 'many' {NUMBER}",
             f"observations.csv line 12, missing: {BOTH}",
             "observations.csv line 7, country: unknown country 'KAX': did you mean 'KAZ'?",
             "observations.csv line 7, value: 250 is outside 0 to 100 for internet_use: mend the "
             "value, or write 'out of range' in status",
             "facts.csv line 3, source: unknown source 'bloc': did you mean 'blog'?"]
    assert refused() == lines
    assert sorted(check()) == sorted([*lines, "observations.csv line 7, printed: printed '92.9' "
                                      "does not hold the value 250: mend one of the two"])


@pytest.mark.parametrize("printed, value, holds", [
    ("92.9", "92.9", True), ("92,9 %", "92.9", True), ("92.9", "92.8", False), ("", "92.9", True),
    ("", "92.9", True), ("about ninety", "90", False), ("1.2.3", "1.2", False)])
def test_printed_against_value(study, printed, value, holds):
    study.set("observations", 7, value=value, printed=printed)
    fault = (f"observations.csv line 7, printed: printed {printed!r} does not hold the value "
             f"{value}: mend one of the two")
    assert check() == ([] if holds else [fault])


def test_the_article_is_checked_too(study):
    study.set("article", 2, printed="92.9 %", value="92.8")
    study.set("article", 3, value="29th")
    study.set("article", 4, printed="семнадцать", value="17")  # in words: exact
    assert check() == [
        f"article.csv line 3, value: '29th' {NUMBER}",
        "article.csv line 2, printed: printed '92.9 %' does not hold the value 92.8: "
        "mend one of the two"]


# keys, order and dates of every table -----------------------------------------------------------

def keyed(study, table, key, *numbers):
    """Say a table's key in datapackage.json, and which of its columns are numbers."""
    path = study.folder / "datapackage.json"
    package = json.loads(path.read_text())
    for resource in package["resources"]:
        if resource["path"] == f"{table}.csv":
            resource["schema"]["primaryKey"] = list(key)
            for field in resource["schema"]["fields"]:
                field["type"] = "integer" if field["name"] in numbers else "string"
    path.write_text(json.dumps(package))


def test_an_id_of_the_article_that_stands_twice(study):
    keyed(study, "article", ["id"])
    study.write("article", sorted(
        [row for row in csv.reader(study.path("article").open(encoding="utf-8"))][1:]))
    assert check() == []
    study.set("article", 4, id="kaz-rank")
    assert check() == ["article.csv line 4, id: 'kaz-rank' stands in an earlier row: delete one"]


def test_a_row_out_of_order_is_told_once_with_the_key(study):
    keyed(study, "countries", ["country"])
    assert check() == []
    study.set("countries", 2, country="ZAZ", iso2="ZA")
    assert ("countries.csv line 3, country: this row belongs before the one above: sort the rows "
            "by country") in check()


def test_numbers_of_a_key_are_ordered_as_numbers(study):
    keyed(study, "preferred", ["indicator", "order"], "order")
    lines = [["internet_use", order, "new", "2020", "2025"] for order in ("1", "2", "10")]
    study.write("preferred", lines)
    assert check() == []
    study.write("preferred", lines[::-1])
    assert check() == ["preferred.csv line 3, indicator+order: this row belongs before the one "
                       "above: sort the rows by indicator, order"]


def test_a_blank_number_of_a_key_comes_first():
    frame = pd.DataFrame({"year": ["", "2020", "2021"]})
    assert faults.order("t", frame, ["year"], ["year"]) == []
    assert len(faults.order("t", frame[::-1].reset_index(drop=True), ["year"], ["year"])) == 1


@pytest.mark.parametrize("text", ["2017", "2017-03", "2017-03-31", "2020-02-29", ""])
def test_dates_of_the_calendar(text):
    assert faults.dates("milestones", pd.DataFrame({"date": [text]}), "date") == []


@pytest.mark.parametrize("text", ["2017-13-31", "2017-02-30", "2019-02-29", "2017-13", "2017-00",
                                  "0000", "31.01.2017", "2017-1-31", "2017-03-31 ", "soon",
                                  "٢٠١٧"])
def test_dates_that_no_calendar_has(text):
    assert faults.dates("milestones", pd.DataFrame({"date": [text]}), "date") == [
        f"milestones.csv line 2, date: no date {text!r}: write 2017, 2017-03 or 2017-03-31"]


def test_check_sees_dates_of_observations_and_sources(study):
    study.set("facts", 2, date="2018-02-30")
    study.set("sources", 4, published="2025-18-10")
    assert check() == [
        "facts.csv line 2, date: no date '2018-02-30': write 2017, 2017-03 or 2017-03-31",
        "sources.csv line 4, published: no date '2025-18-10': write 2017, 2017-03 or 2017-03-31"]


@pytest.mark.parametrize("date, precision, mend", [
    ("2017-03-31", "month", "day"), ("2017-03", "day", "month"), ("2017", "day", "year")])
def test_a_date_is_as_long_as_its_precision_says(date, precision, mend):
    frame = pd.DataFrame({"date": [date], "precision": [precision]})
    assert faults.precise("milestones", frame) == [
        f"milestones.csv line 2, precision: {precision!r} beside the date {date!r}: write "
        f"{mend!r}, or mend the date"]
    assert faults.precise("milestones", frame.assign(precision=mend)) == []


# the file ----------------------------------------------------------------------------------------

def header(study, old, new):
    path = study.path("observations")
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize("old, new, messages", [
    ("value", "valeu", ["unknown column 'valeu': rename it to 'value'"]),
    ("value", "Value ", ["unknown column 'Value ': rename it to 'value'"]),
    (",missing", ",missing,remark", ["unknown column 'remark': delete it, or describe it in "
                                     "data/datapackage.json"]),
    (",locator", "", ["column 'locator' is missing: add it"]),
    (",locator,missing", "", ["column 'locator' is missing: add it",
                              "column 'missing' is missing: add it"]),
    ("printed", "value", ["column 'value' stands twice: delete one",
                          "column 'printed' is missing: add it"]),
    ("country,year,date,indicator,value,printed,kind,status,source,locator,missing",
     "country;year;date;indicator;value;printed;kind;status;source;locator;missing",
     ["semicolons between the cells: save it with commas"]),
])
def test_a_wrong_header(study, old, new, messages):
    header(study, old, new)
    lines = [f"observations.csv: {message}" for message in messages]
    assert refused(lambda: read("observations")) == refused() == lines
    assert check() == lines


def test_a_table_without_rows_is_a_table(study):
    for name in ("observations", "facts", "corrections"):
        study.write(name, [])
    assert check() == []
    assert len(data.pick("internet_use")) == len(observations()) == 0
    assert list(data.pick("internet_use").columns) == data.COLUMNS


@pytest.mark.parametrize("content", [b"", b"\n", b" \r\n\n"])
def test_an_empty_file(study, content):
    study.path("facts").write_bytes(content)
    assert refused() == ["facts.csv is empty: restore it (git checkout data/facts.csv)"]


def test_another_encoding(study):
    path = study.path("facts")
    path.write_bytes(path.read_text(encoding="utf-8").replace("35.65 million", "35,65 млн")
                     .encode("cp1251"))
    assert refused() == ["facts.csv line 3: not UTF-8: save the file as CSV UTF-8"]
    path.write_text("country,year\n", encoding="utf-16")
    assert refused() == ["facts.csv line 1: not UTF-8: save the file as CSV UTF-8"]


def test_a_byte_order_mark_is_no_fault(study):
    path = study.path("facts")
    path.write_text(path.read_text(encoding="utf-8"), encoding="utf-8-sig")
    assert check() == []


@pytest.mark.parametrize("line, messages", [
    ("KAZ,2021,,internet_use,90.9,90.9,printed,,new,row", ["line 4: 10 cells where the header has 11"]),
    ("KAZ,2021,,internet_use,90,9,90.9,printed,,new,row,", ["line 4: 12 cells where the header has 11"]),
    ("", ["line 4: 0 cells where the header has 11"]),
    ("KAZ\n2021", ["line 4: 1 cells where the header has 11",
                   "line 5: 1 cells where the header has 11"]),
    ('KAZ,2021,,internet_use,90.9,90.9,printed,,new,row,"not', ["line 4: ',' expected after '\"'"]),
])
def test_a_ragged_line(study, line, messages):
    lines = study.path("observations").read_text(encoding="utf-8").splitlines()
    lines.insert(3, line)
    study.path("observations").write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert refused() == [f"observations.csv {message}: mend the commas or quotes of that line"
                         for message in messages]


def test_lines_that_are_all_too_long_are_not_shifted(study):
    study.path("corrections").write_text("country,year\nKAZ,2019,x\n", encoding="utf-8")
    with pytest.raises(DataError):
        read("corrections")
    header, rows, found = faults.lines("t", "a,b\r\n1,2,3\r\n4,5,6\r\n")
    assert found == ["t.csv line 2: 3 cells where the header has 2: mend the commas or quotes of "
                     "that line",
                     "t.csv line 3: 3 cells where the header has 2: mend the commas or quotes of "
                     "that line"]


def test_a_quote_that_never_closes():
    assert faults.lines("t", 'a,b\n1,"2\n3,4\n')[2] == [
        "t.csv line 2: unexpected end of data: mend the commas or quotes of that line"]


def test_a_quoted_cell_may_hold_commas_and_lines():
    header, rows, found = faults.lines("t", 'a,b\n"1,5","two\nlines"\n"he said ""no""",x\n')
    assert (header, rows, found) == (["a", "b"], [["1,5", "two\nlines"], ['he said "no"', "x"]], [])


def test_a_fault_that_several_tables_meet_is_said_once(study):
    path = study.path("indicators")
    path.write_text(path.read_text(encoding="utf-8").replace("unit", "unti", 1), encoding="utf-8")
    assert refused() == check() == ["indicators.csv: unknown column 'unti': rename it to 'unit'"]


def test_missing_files_and_descriptions(study):
    study.path("facts").unlink()
    assert refused() == ["no table 'facts' in data/: one of article, corrections, countries, "
                         "indicators, observations, preferred, sources"]
    (study.folder / "extra.csv").write_text("a\n1\n", encoding="utf-8")
    assert refused(lambda: read("extra")) == ["extra.csv is not described: add it to "
                                              "data/datapackage.json"]


# corrections -------------------------------------------------------------------------------------

def test_corrections_that_do_not_fit_come_all_at_once(study):
    study.set("corrections", 2, old="modelled")
    study.add("corrections", country="KAZ", year="1919", indicator="internet_use", source="old",
              field="status", old="", new="estimate", reason="r", authority="a")
    study.add("corrections", country="KAZ", year="2019", indicator="internet_use", source="old",
              field="valeu", old="81.9", new="82", reason="r", authority="a")
    study.add("corrections", country="KAZ", year="2019", indicator="internet_use", source="old",
              field="value", old="81.9", new="82,0", reason="r", authority="a")
    mend = "mend the key or delete the correction"
    lines = [
        "corrections.csv line 2, field: no observation KAZ/2019//internet_use/old whose status is "
        f"'modelled': {mend}",
        f"corrections.csv line 3, field: no observation KAZ/1919//internet_use/old whose status is "
        f"'': {mend}",
        f"corrections.csv line 4, field: no observation KAZ/2019//internet_use/old whose valeu is "
        f"'81.9': {mend}",
        f"corrections.csv line 5, new: '82,0' {NUMBER}"]
    assert refused() == check() == lines


def test_pure_functions_keep_the_frame():
    frame = pd.DataFrame({"value": ["1", "x"], "year": ["2020", ""]})
    before = frame.copy()
    assert faults.numbers("t", frame, "value") == [f"t.csv line 3, value: 'x' {NUMBER}"]
    assert faults.years("t", frame, "year") == []
    pd.testing.assert_frame_equal(frame, before)
