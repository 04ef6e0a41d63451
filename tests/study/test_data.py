"""The tables: found, read, corrected, picked; the newest value, the world, names and origins."""

import csv
import math
import re
from fractions import Fraction
from functools import partial

import pandas as pd
import pytest

from digital_diplomacy import article, data, files
from digital_diplomacy.data import DataError, observations, pick, read
from footnoted.number import Number

NUMBER = "is not a number: write digits with a decimal point and no unit, such as 1234.5"
WHOLE = "is not a whole number: write digits only"
COMMAS = "mend the commas or quotes of that line"


def told(call, *arguments, **options):
    with pytest.raises(DataError) as caught:
        call(*arguments, **options)
    return str(caught.value)


def refused(call=observations):
    return told(call).splitlines()


# finding and reading -----------------------------------------------------------------------------

def test_data_is_found_by_the_environment(study):
    assert data.root() == study.folder


def test_data_is_found_in_the_nearest_parent(study, monkeypatch):
    monkeypatch.delenv("DD_DATA")
    (study.folder.parent / "pyproject.toml").write_text("[tool.footnoted]\n")
    below = study.folder.parent / "notebooks" / "drafts"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    assert data.root() == study.folder


def test_data_is_found_beside_the_package(tmp_path, monkeypatch):
    monkeypatch.delenv("DD_DATA", raising=False)
    monkeypatch.chdir(tmp_path)
    assert (data.root() / "observations.csv").exists()
    monkeypatch.setenv("DD_DATA", str(tmp_path))
    assert told(data.root) == ("no data/datapackage.json above this folder: set DD_DATA to the "
                               "study's folder data")


def test_read_keeps_every_cell_as_text(small):
    countries = data.read("countries").set_index("country")
    assert countries.loc["NAM", "iso2"] == "NA"
    assert data.read("facts")["printed"].tolist() == ["78,9 %", "35.65 million"]
    assert not data.read("observations").isna().any(axis=None)


def test_read_gives_a_copy_and_notices_a_change(study):
    countries, observations = data.read("countries"), data.observations()
    countries["name"], observations["value"] = "?", 0.0
    assert data.names()["KGZ"] == "Kyrgyzstan"
    assert pick("internet_use", "KAZ", 2023)["value"].item() == 92.9
    study.set("observations", 7, value="93.0", printed="93.0")
    assert pick("internet_use", "KAZ", 2023)["value"].item() == 93.0


@pytest.mark.parametrize("table, message", [
    ("observation", "no table 'observation' in data/: did you mean 'observations'?"),
    ("xyz", "no table 'xyz' in data/: one of article, corrections, countries, facts, indicators, "
            "observations, preferred, sources")])
def test_an_unknown_table(small, table, message):
    assert told(data.read, table) == message


def test_a_table_that_is_gone_and_one_that_is_not_described(study):
    study.path("facts").unlink()
    assert refused() == ["facts.csv is empty or gone: restore it (git checkout data/facts.csv)"]
    (study.folder / "extra.csv").write_text("a\n1\n", encoding="utf-8")
    assert refused(lambda: read("extra")) == ["extra.csv is not described: add it to "
                                              "data/datapackage.json"]


def test_a_description_that_is_no_json(study):
    (study.folder / "datapackage.json").write_text('{"resources": [}')
    [line] = refused()
    assert line.startswith("datapackage.json: ") and "column 16" in line
    assert line.endswith("mend the commas or quotes there")


def test_what_is_cached_is_worked_out_again_when_a_table_changes(study):
    calls = []

    @data.cached_by_tables
    def width(table, more=0):
        calls.append((table, more))
        return len(data.read(table)) + more

    assert [width("facts"), width("facts"), width("facts", more=1), width("corrections")] == [
        2, 2, 3, 1]
    assert calls == [("facts", 0), ("facts", 1), ("corrections", 0)]
    study.write("corrections", [])
    assert [width("corrections"), width("facts")] == [0, 2]
    assert len(calls) == 5


def header(study, old, new):
    path = study.path("observations")
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize("old, new, message", [
    ("value", "valeu", "'valeu' stands where the column 'value' belongs"),
    ("value", "Value ", "'Value ' stands where the column 'value' belongs"),
    (",missing", ",missing,remark", "'remark' stands where no column belongs"),
    (",locator", "", "'missing' stands where the column 'locator' belongs"),
    (",missing", "", "'' stands where the column 'missing' belongs"),
    ("printed", "value", "'value' stands where the column 'printed' belongs"),
    ("country,year", "year,country", "'year' stands where the column 'country' belongs")])
def test_a_wrong_header(study, old, new, message):
    columns = study.path("observations").read_text(encoding="utf-8").splitlines()[0]
    header(study, old, new)
    line = f"observations.csv: {message}: its columns are {columns}"
    assert refused(lambda: read("observations")) == refused() == [line]


def test_semicolons_are_one_fault(study):
    path = study.path("observations")
    path.write_text(path.read_text(encoding="utf-8").replace(",", ";"), encoding="utf-8")
    assert refused() == ["observations.csv: semicolons between the cells: save it with commas"]


def test_a_table_without_rows_is_a_table(study):
    for name in ("observations", "facts", "corrections"):
        study.write(name, [])
    assert len(data.pick("internet_use")) == len(observations()) == 0
    assert list(data.pick("internet_use").columns) == data.COLUMNS


@pytest.mark.parametrize("content", [b"", b"\n", b" \r\n\n"])
def test_an_empty_file(study, content):
    study.path("facts").write_bytes(content)
    assert refused() == ["facts.csv is empty or gone: restore it (git checkout data/facts.csv)"]


def test_another_encoding(study):
    path = study.path("facts")
    path.write_bytes(path.read_text(encoding="utf-8").replace("35.65 million", "35,65 млн")
                     .encode("cp1251"))
    assert refused() == ["facts.csv line 3: not UTF-8 but perhaps windows-1251: iconv -f "
                         "windows-1251 -t utf-8, or save it as CSV UTF-8"]
    path.write_text("country,year\n", encoding="utf-16")
    assert refused() == ["facts.csv line 1: not UTF-8 but perhaps utf-16: iconv -f utf-16 "
                         "-t utf-8, or save it as CSV UTF-8"]


def test_a_byte_order_mark_is_no_part_of_the_header(study):
    path = study.path("facts")
    path.write_text(path.read_text(encoding="utf-8"), encoding="utf-8-sig")
    assert read("facts").columns[0] == "country"


@pytest.mark.parametrize("line, messages", [
    ("KAZ,2021,,internet_use,90.9,90.9,printed,,new,row",
     ["line 4: 10 cells where the header has 11"]),
    ("KAZ,2021,,internet_use,90,9,90.9,printed,,new,row,",
     ["line 4: 12 cells where the header has 11"]),
    ("KAZ\n2021", ["line 4: 1 cells where the header has 11",
                   "line 5: 1 cells where the header has 11"]),
    ('KAZ,2021,,internet_use,90.9,90.9,printed,,new,row,"not', ["line 4: ',' expected after '\"'"]),
])
def test_a_ragged_line(study, line, messages):
    lines = study.path("observations").read_text(encoding="utf-8").splitlines()
    lines.insert(3, line)
    study.path("observations").write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert refused() == [f"observations.csv {message}: {COMMAS}" for message in messages]


def test_lines_that_are_all_too_long_are_not_shifted():
    assert files.ragged(files.csv_lines("a,b\r\n1,2,3\r\n4,5,6\r\n", "t.csv"), "t.csv") == [
        f"t.csv line {n}: 3 cells where the header has 2: {COMMAS}" for n in (2, 3)]


def test_a_quote_that_never_closes():
    assert told(files.csv_lines, 'a,b\n1,"2\n3,4\n', "t.csv") == \
        f"t.csv line 2: unexpected end of data: {COMMAS}"


def test_a_quoted_cell_may_hold_commas_and_lines():
    lines = files.csv_lines('a,b\n"1,5","two\nlines"\n"he said ""no""",x\n', "t.csv")
    assert lines == [(1, ["a", "b"]), (2, ["1,5", "two\nlines"]), (4, ['he said "no"', "x"])]
    assert files.ragged(lines, "t.csv") == []


# numbers and corrections -------------------------------------------------------------------------

@pytest.mark.parametrize("text", [
    "1,234", "250 %", "inf", "1e999", "nan", "many", "92.9 ", "92,9", "−5", "1_000", "٩٢", "5."])
def test_a_value_is_plain_digits(study, text):
    study.set("observations", 7, value=text)
    study.set("facts", 2, value=text)
    assert refused() == [f"observations.csv line 7, value: {text!r} {NUMBER}",
                         f"facts.csv line 2, value: {text!r} {NUMBER}"]


@pytest.mark.parametrize("text", ["soon", "2023.0", " 2023", "٢٠١٧", "2e3"])
def test_a_year_is_plain_digits(study, text):
    study.set("observations", 7, year=text)
    assert refused() == [f"observations.csv line 7, year: {text!r} {WHOLE}"]


def test_corrections_that_do_not_fit_come_all_at_once(study):
    study.set("corrections", 2, old="modelled")
    for field, old, new, year in (("status", "", "estimate", "1919"),
                                  ("valeu", "81.9", "82", "2019"),
                                  ("value", "81.9", "82,0", "2019")):
        study.add("corrections", country="KAZ", year=year, indicator="internet_use", source="old",
                  field=field, old=old, new=new, reason="r", authority="a")
    mend = "mend the key or delete the correction"
    row = "no observation KAZ/2019//internet_use/old whose"
    assert refused() == [
        f"corrections.csv line 2, field: {row} status is 'modelled': {mend}",
        f"corrections.csv line 3, field: {row.replace('2019', '1919')} status is '': {mend}",
        f"corrections.csv line 4, field: {row} valeu is '81.9': {mend}",
        f"corrections.csv line 5, new: '82,0' {NUMBER}"]


# pick --------------------------------------------------------------------------------------------

def lines(frame):
    return [(row.country, row.year, float(row.value), row.source) for row in frame.itertuples()]


def test_pick_takes_the_preferred_source_and_leaves_out_what_is_missing(small):
    assert lines(pick("internet_use")) == [
        ("KAZ", 2019, 81.9, "old"), ("KAZ", 2020, 86.0, "new"), ("KAZ", 2023, 92.9, "new"),
        ("NAM", 2023, 62.2, "new"), ("UZB", 2020, 71.1, "new"), ("UZB", 2023, 89.0, "new")]
    assert list(pick("internet_use").columns) == data.COLUMNS


def test_the_order_of_sources_is_a_number(study):
    study.write("preferred", [["internet_use", "10", "new", "", ""],
                              ["internet_use", "9", "old", "", "2022"]])
    assert lines(pick("internet_use", "KAZ")) == [
        ("KAZ", 2019, 81.9, "old"), ("KAZ", 2020, 85.9, "old"), ("KAZ", 2023, 92.9, "new")]


def test_years_of_a_preference_include_both_ends(study):
    study.write("preferred", [["internet_use", "1", "old", "2019", "2020"]])
    assert [year for _, year, *_ in lines(pick("internet_use", "KAZ"))] == [2019, 2020]
    study.write("preferred", [["internet_use", "1", "old", "2020", "2020"]])
    assert [year for _, year, *_ in lines(pick("internet_use", "KAZ"))] == [2020]


def test_an_indicator_without_preference_keeps_all_its_sources(small):
    assert lines(pick("population")) == [("KAZ", 2023, 20330104, "new"),
                                         ("UZB", 2023, 35650000, "blog")]


def test_all_sources_for_a_comparison_of_vintages(small):
    assert lines(pick("internet_use", "KAZ", 2023, sources="all")) == [
        ("KAZ", 2023, 92.9, "new"), ("KAZ", 2023, 92.3, "old")]


@pytest.mark.parametrize("as_of, values", [
    ("2025-10-18", [81.9, 86.0, 92.9]), ("2025-10-17", [81.9, 85.9, 92.3]),
    ("2025-10", [81.9, 86.0, 92.9]),
    (2025, [81.9, 86.0, 92.9]), ("2025", [81.9, 86.0, 92.9]), (2024, [81.9, 85.9, 92.3]),
    ("2024-09-30", [81.9, 85.9, 92.3]), ("2024-09-29", []), (2023, [])])
def test_as_of_admits_what_was_published_by_then(small, as_of, values):
    assert pick("internet_use", "KAZ", as_of=as_of)["value"].tolist() == values


def test_a_source_without_a_date_counts_from_the_day_it_was_read(small):
    both = [("KAZ", 2023, 20330104, "new"), ("UZB", 2023, 35650000, "blog")]
    assert lines(pick("population", as_of="2026-11-24")) == both
    assert lines(pick("population", as_of="2026-11-23")) == both[:1]


@pytest.mark.parametrize("as_of", ["soon", "30.9.2024", "24", 2024.5])
def test_as_of_must_be_a_date(small, as_of):
    assert told(pick, "egdi", as_of=as_of) == (
        f"as_of {as_of!r}: write a year or a date, such as 2024-09-30")


def test_pick_filters_by_country_and_year(small):
    assert lines(pick("egdi", year=2022)) == [
        ("KAZ", 2022, 0.8628, "survey"), ("KGZ", 2022, 0.6977, "survey"),
        ("UZB", 2022, 0.7265, "survey")]
    assert lines(pick("egdi", "UZB", "2022")) == [("UZB", 2022, 0.7265, "survey")]
    assert len(pick("egdi", "UZB", 1800)) == 0


def test_not_assessed_is_left_out_and_told(small):
    assert "TJK" not in set(pick("egdi")["country"])
    gone = data.missing("egdi")
    assert gone[["country", "name", "missing"]].values.tolist() == [
        ["TJK", "Tajikistan", "not assessed in this survey"]]
    assert data.missing(country="TJK")["indicator"].tolist() == ["egdi", "internet_use"]


def test_a_picked_number_remembers(small):
    row = pick("internet_use", "KAZ", 2023).iloc[0]
    assert row["name"] == "Kazakhstan" and row["printed"] == "92.9"
    n = row["value"]
    assert isinstance(n, Number)
    assert (n.unit, n.decimals, n.rows) == ("%", 1, ("KAZ/2023/internet_use/new",))
    assert (n.low, n.high) == (Fraction("92.85"), Fraction("92.95"))


def test_what_was_computed_was_not_rounded(small):
    n = pick("internet_use", "NAM")["value"].item()
    assert n.exact and n.low == Fraction("62.2")


def test_a_rank_was_counted_not_rounded(small):
    assert pick("egdi_rank", "KAZ")["value"].item().exact
    assert article.printed("kaz-rank").exact


def test_a_fifth_decimal_of_a_survey_is_padding(study):
    study.set("observations", 5, printed="0.86280")
    assert pick("egdi", "KAZ")["value"].item().low == Fraction("0.86275")


def test_a_date_is_part_of_the_row(study):
    study.write("preferred", [["internet_use", "1", "blog", "", ""]])
    row = pick("internet_use").iloc[0]
    assert (row["date"], row["year"]) == ("2018-02-01", 2018)
    assert row["value"].rows == ("KAZ/2018-02-01/internet_use/blog",)
    assert (row["value"].low, row["value"].years) == (Fraction("78.85"), {"2018"})


def test_two_dates_of_a_year_are_two_rows(study):
    study.write("preferred", [["internet_use", "1", "blog", "", ""]])
    study.add("facts", country="KAZ", year="2018", date="2018-07-01", indicator="internet_use",
              value="79.5", printed="79,5 %", kind="printed", source="blog", locator="p. 3")
    assert pick("internet_use", "KAZ")["value"].tolist() == [78.9, 79.5]
    assert data.latest(pick("internet_use"), "KAZ", 2018) == 79.5


def test_a_correction_overlays(study):
    assert pick("internet_use", "KAZ", 2019)["status"].item() == "estimate"
    study.add("corrections", country="KAZ", year="2019", indicator="internet_use", source="old",
              field="value", old="81.9", new="82.0", reason="r", authority="a")
    study.add("corrections", country="KAZ", year="2019", indicator="internet_use", source="old",
              field="printed", old="81.9", new="82.0", reason="r", authority="a")
    row = pick("internet_use", "KAZ", 2019).iloc[0]
    assert (float(row["value"]), row["value"].low) == (82.0, Fraction("81.95"))
    assert data.read("observations")["value"][0] == "81.9"


def test_a_corrected_value_is_exact_and_its_origin_says_what_was_printed(study):
    study.add("corrections", country="KAZ", year="2019", indicator="internet_use", source="old",
              field="value", old="81.9", new="82.4", reason="r", authority="a")
    row = pick("internet_use", "KAZ", 2019).iloc[0]
    assert (float(row["value"]), row["value"].exact, row["kind"]) == (82.4, True, "corrected")
    assert "Internet use: 82.4, corrected from the printed 81.9" in data.origin(*row["value"].rows)


def test_a_correction_may_take_a_value_away(study):
    for field, old, new in [("value", "81.9", ""), ("missing", "", "a copy of another column")]:
        study.add("corrections", country="KAZ", year="2019", indicator="internet_use",
                  source="old", field=field, old=old, new=new, reason="r", authority="a")
    assert 2019 not in set(pick("internet_use", "KAZ")["year"])
    assert data.missing("internet_use", "KAZ")["missing"].item() == "a copy of another column"


@pytest.mark.parametrize("arguments, message", [
    (("internet_us",), "no indicator 'internet_us': did you mean 'internet_use'?"),
    (("xxx",), "no indicator 'xxx': one of egdi, egdi_rank, internet_use, population"),
    (("egdi", "KAX"), "no UN member 'KAX': did you mean 'KAZ'?"),
    (("egdi", "Kazakstan"), "no UN member 'Kazakstan': did you mean 'KAZ'?"),
    (("egdi", "../../x"), "no UN member '../../x': use the three letters of ISO 3166-1, such as "
                          "KGZ"),
    (("egdi", 7), "no UN member '7': use the three letters of ISO 3166-1, such as KGZ"),
])
def test_pick_names_what_is_near(small, arguments, message):
    assert told(pick, *arguments) == message


# the newest value, and the world -----------------------------------------------------------------

@pytest.mark.parametrize("year, value", [(2019, 81.9), (2022, 86.0), (2023, 92.9), (2024, 92.9),
                                         (2026, 92.9), ("2020", 86.0)])
def test_latest_looks_three_years_back(small, year, value):
    assert data.latest(pick("internet_use"), "KAZ", year) == value


@pytest.mark.parametrize("country, year, reason", [
    ("KAZ", 2018, "none in 2018: the first is of 2019"),
    ("KAZ", "2027", "none in 2027: the newest is of 2023"),
    ("TJK", 2023, "none in 2023: not published"), ("TJK", 2026, "none in 2026: not published"),
    ("TJK", 2027, "none in 2027: no value in any year")])
def test_latest_says_why_there_is_none(small, country, year, reason):
    none = data.latest(pick("internet_use"), country, year)
    assert math.isnan(none) and str(none) == reason and none.rows == ()


def test_an_empty_frame_tells_no_reason_of_other_indicators(small):
    none = data.latest(pick("internet_use", "KAZ"), "TJK", 2023)
    assert str(none) == "none in 2023: not published"
    assert str(data.latest(pick("egdi_rank", "NAM"), "TJK", 2023)) == \
        "none in 2023: no value in any year"


def test_values_that_a_table_leaves_out_are_not_called_absent(small):
    """Turkmenistan's audience of Facebook is a lower bound: not ranked, and not unknown."""
    frame = pick("egdi").query("country != 'NAM' and country != 'KGZ'")
    assert str(data.latest(frame, "KGZ", 2023)) == "none in 2023: its values are not used here"


def test_latest_knows_no_other_country(small):
    assert told(data.latest, pick("internet_use"), "UZ", 2023) == \
        "no UN member 'UZ': did you mean 'UZB'?"


def test_a_row_without_a_value_is_picked_when_asked_and_says_why(small):
    assert "TJK" not in set(pick("egdi")["country"])
    row = pick("egdi", "TJK", 2022, with_missing=True).iloc[0]
    assert math.isnan(row["value"]) and str(row["value"]) == "not assessed in this survey"
    assert row["value"].rows == ("TJK/2022/egdi/survey",)
    assert data.origin(*row["value"].rows).startswith(
        "Tajikistan, 2022, EGDI: not assessed in this survey, not assessed (UN 2022")


def test_a_wide_table_says_why_a_cell_is_missing(small):
    table = data.wide(pick("internet_use", with_missing=True))
    assert table.map(str)["TJK"].tolist() == ["none in 2019", "none in 2020",
                                                 "none in 2023: not published"]
    assert table.map(str)["KAZ"].tolist() == ["81.9 %", "86.0 %", "92.9 %"]


def panel(sizes):
    rows = [(str(i), year, Number(float(i)), "use", "t" if i == 1 else "s")
            for year, n in sizes.items() for i in range(n)]
    return pd.DataFrame(rows, columns=["country", "year", "value", "indicator", "source"],
                        dtype=object)


def test_the_world_is_most_of_its_members():
    world = data.world(panel({2020: data.WHOLE_WORLD, 2021: data.WHOLE_WORLD - 1, 2022: 193}))
    assert world["year"].tolist() == [2020, 2022]
    assert world.loc[1, ["low", "median", "high", "n", "source"]].tolist() == [
        48.0, 96.0, 144.0, 193, "s"]
    assert {type(v) for v in world["median"]} == {float}
    assert world["rows"].tolist() == ["UN193/2020/use/s+t#164", "UN193/2022/use/s+t#193"]


# parameters, labels, origins ---------------------------------------------------------------------

def test_case_gives_the_name(small):
    assert data.case("KGZ", 1990) == "Kyrgyzstan"


def test_names_have_their_article_within_a_sentence(real):
    with_article = {code for code, name in data.names().items()
                    if data.in_sentence(name).startswith("the ")}
    assert with_article == {"ARE", "BHS", "CAF", "COD", "COG", "COM", "DOM", "GBR", "GMB", "MDV",
                            "MHL", "NLD", "PHL", "SLB", "USA"}


def test_a_rounded_share_stays_between_its_bounds(real):
    shares = data.pick("internet_use")["value"]
    ends = [(float(one.low), float(one.high)) for one in shares]
    assert min(ends)[0] == 0 and max(high for _, high in ends) <= 100
    index = data.pick("epi")["value"]
    assert min(one.low for one in index) >= 0 and max(one.high for one in index) == 1
    assert [one.high for one in index if one == 0]  # none of these is exact


@pytest.mark.parametrize("arguments, message", [
    (("KAZ", 1989), "year 1989 is not a year from 1990 to 2023"),
    (("KAZ", 1800), "year 1800 is not a year from 1990 to 2023"),
    (("KAZ", 2024), "year 2024 is not a year from 1990 to 2023"),
    (("KAZ", "2023"), "year '2023' is not a year from 1990 to 2023"),
    (("KAZ", 2023.0), "year 2023.0 is not a year from 1990 to 2023"),
    (("KAZ", True), "year True is not a year from 1990 to 2023"),
    (("../../x", 2023), "no UN member '../../x': use the three letters of ISO 3166-1, such as KGZ"),
])
def test_case_refuses(small, arguments, message):
    assert told(data.case, *arguments) == message


def test_what_sources_quote_has_what_when_number_source(small):
    table = data.as_quoted(["internet_use", "population"], "UZB")
    assert table.index.tolist() == ["internet_use 2020", "internet_use 2023", "population 2023"]
    assert table.loc["internet_use 2020"].tolist() == [
        "People using the internet, % (step)", "2020", 71.1, "Bank 2025"]
    assert table["Number"]["population 2023"].rows == ("UZB/2023/population/blog",)
    assert list(data.as_quoted(["egdi_rank"], "NAM").columns) == list(table.columns)
    assert data.as_quoted(["internet_use"], "KAZ")["When"].iloc[0] == "2019"


def test_labels_are_names_for_readers(small):
    assert data.labels("name")["internet_use"] == "People using the internet, %"
    assert data.labels("label_short")["internet_use"] == "Internet use"
    assert data.labels("name")["egdi"] == "E-Government Development Index"
    assert data.labels("name")["NAM"] == "Namibia"


@pytest.mark.parametrize("row, text", [
    ("KAZ/2023/internet_use/new", "Kazakhstan, 2023, Internet use: 92.9 "
     "(Bank 2025, “Indicators”; row KAZ, 2023)"),
    ("NAM/2023/internet_use/new",
     "Namibia, 2023, Internet use: 62.2, computed, modelled "
     "(Bank 2025, “Indicators”; mean of two)"),
    ("KAZ/2018-02-01/internet_use/blog",
     "Kazakhstan, 2018-02-01, Internet use: 78,9 % (A blog 2018, “Numbers of a blog”; "
     "paragraph 2)"),
    ("UN193/2022/egdi/survey#193", "193 UN members, 2022, EGDI (UN 2022, “Survey”)"),
    ("KAZ/2017-2024/egdi/survey#8",
     "Kazakhstan, 2017–2024, EGDI in 8 statements at the UN (UN 2022, “Survey”)"),
    ("KAZ/2023/article:kaz-share/article_2023",
     "article, p. 5, text: “92.9 %” (nine in ten are online)")])
def test_origin_is_a_line_for_a_reader(small, row, text):
    assert data.origin(row) == text


def test_an_origin_that_is_not_there(small):
    assert told(data.origin, "KAZ/1999/internet_use/new") == (
        "no observation KAZ/1999/internet_use/new")


# the study's own tables --------------------------------------------------------------------------

def test_counts_of_works_name_each_that_was_asked(real):
    works = data.read("terms").query("term == 'public diplomacy'")
    found = data.count_rows("terms", works, works["kind"] == "tradition")
    none = data.count_rows("terms", works, works["kind"] == "measurement")
    assert (int(found), found.how, int(none)) == (2, "of 2", 0)
    undated, dated = sorted(found.rows)
    assert none.rows == found.rows and dated.startswith("/2008/terms:public diplomacy, N.J. Cull/")
    assert undated.startswith("//terms:public diplomacy, A.I. Kubyshkin and N.A. Tsvetkova/")
    assert data.origin(undated).startswith("public diplomacy, A.I. Kubyshkin and N.A. Tsvetkova (")
    assert data.origin(dated).startswith("public diplomacy, N.J. Cull, 2008 (")
    with pytest.raises(ValueError, match="^a condition on 2 rows of terms needs their index$"):
        data.count_rows("terms", works, data.read("terms")["kind"] == "tradition")


def test_every_work_and_milestone_has_an_origin(real):
    for table in data.SAYS:
        rows = data.read(table).to_dict("records")
        assert all(data.origin(data.dated_rowid(table, row)) for row in rows) and rows


@pytest.mark.parametrize("row, where", [
    ("KAZ/2023/internet_use/gapminder_internet_users",
     "file ddf--datapoints--internet_users--by--geo--time.csv; row kaz, 2023"),
    ("UZB/2023/secure_servers/wdi_secure_servers",
     "file ddf--datapoints--it_net_secr_p6--by--geo--time.csv, not held: copied by look-up; row"),
    ("KAZ/2021-02-08/social_media_users/memo98_2021", "“Kazakh elections in social media”; para")])
def test_an_origin_ends_at_the_file_or_the_page(real, row, where):
    assert where in data.origin(row)


def test_the_equal_columns_of_instagram_are_andorra_s(real):
    reached = data.pick("instagram_audience", year=2019).set_index("country")
    assert reached.loc["AND", "status"] == "upper bound" and "ALB" not in reached.index
    assert "duplicate" not in set(reached["status"])


def test_ranks_of_2025_are_those_of_2026_and_their_change(real):
    ranks = data.pick("soft_power_rank", year=2025).set_index("country")
    assert ranks["value"].astype(int).to_dict() == {
        "KAZ": 87, "KGZ": 146, "TJK": 141, "TKM": 134, "UZB": 99}
    for country, row in ranks.iterrows():
        before, sign, change = re.search(r"rank (\d+) in 2026 (plus|minus) the (\d+)",
                                         row["locator"]).groups()
        newest = data.pick("soft_power_rank", country, 2026)["value"].item()
        assert int(before) == newest
        assert row["value"] == int(before) + int(change) * (1 if sign == "plus" else -1)


def test_the_members_are_193_and_namibia_is_na(real):
    countries = data.read("countries").set_index("country")
    assert len(countries) == 193 and countries.loc["NAM", "iso2"] == "NA"
    assert (countries["central_asia"] == "yes").sum() == 5


@pytest.mark.parametrize("country, year, text", [
    ("KAZ", 2012, "61.9 %"), ("UZB", 2012, "23.6 %"),
    ("KAZ", 2015, "70.8 %"), ("UZB", 2015, "42.8 %"),
    ("KAZ", 2021, "90.9 %"), ("UZB", 2021, "76.6 %"), ("KAZ", 2022, "92.3 %"),
    ("UZB", 2022, "83.9 %"), ("KAZ", 2023, "92.9 %"), ("UZB", 2023, "89.0 %"),
    ("KAZ", 2024, "93.4 %")])
def test_shares_of_people_online(real, country, year, text):
    assert str(pick("internet_use", country, year)["value"].item()) == text


@pytest.mark.parametrize("country, year, score, place", [
    ("KAZ", 2020, "0.8375", "29th"), ("UZB", 2020, "0.6665", "87th"),
    ("KAZ", 2022, "0.8628", "28th"), ("UZB", 2022, "0.7265", "69th"),
    ("KAZ", 2024, "0.9009", "24th"), ("UZB", 2024, "0.7999", "63rd")])
def test_scores_and_places_of_the_surveys(real, country, year, score, place):
    assert str(pick("egdi", country, year)["value"].item()) == score
    assert str(pick("egdi_rank", country, year)["value"].item()) == place


def test_a_printed_zero_is_missing_or_true(real):
    assert pick("egdi", "UZB", 2003).empty  # not assessed
    epi = pick("epi", year=2012).set_index("country")["value"]
    assert (epi == 0).sum() == 30 and epi["TJK"] == epi["TKM"] == 0


@pytest.mark.parametrize("as_of, text", [("2025-01-01", "19.6 million"), (2025, "20 million")])
def test_a_vintage_is_a_source_of_its_own(real, as_of, text):
    assert str(pick("population", "KAZ", 2022, as_of=as_of)["value"].item()) == text


def test_world_line_ends_where_the_panel_does(real):
    world = data.world(pick("internet_use")).set_index("year")
    assert 2023 in world.index and 2024 not in world.index
    assert world.loc[2023, "n"] == 178


# words of the UN General Debate ------------------------------------------------------------------

def spoken(study, *lines):
    """A table of debate counts beside the small study's tables."""
    study.write("debate", [line.split(",") for line in lines])
    study.describe(*data.tables())
    codebook = list(csv.DictReader(study.path("indicators").open(encoding="utf-8")))
    study.write("indicators", [
        *({"indicator": name, "name": name, "unit": "matches", "decimals": "0", "low": "0",
           "definition": "_", "direction": "none", "dimension": "context", "label_short": name}
          for name in ("debate_digital", "debate_words")), *codebook])


def test_debate_counts_are_observations_of_two_indicators(study):
    spoken(study, "KAZ,2017,2789,0,2,1,1,0,new,a text,", "KAZ,2018,2680,1,0,0,2,0,new,a text,")
    assert [float(value) for value in pick("debate_digital", "KAZ")["value"]] == [4, 3]
    assert [float(value) for value in pick("debate_words", "KAZ")["value"]] == [2789, 2680]
    assert pick("debate_words", "KAZ")["value"][0].rows == ("KAZ/2017/debate_words/new",)


def test_a_statement_that_was_not_found_is_no_silence(study):
    spoken(study, "UZB,2019,,,,,,,new,no text,not found: no statement",
           "UZB,2020,9,0,0,0,0,0,new,t,")
    assert pick("debate_digital", "UZB")["year"].tolist() == [2020]
    assert data.missing("debate_digital")["missing"].tolist() == ["not found: no statement"]


@pytest.mark.parametrize("cell", ["1.5", "many", "1,000", " 1"])
def test_a_debate_count_that_is_no_whole_number_is_named(study, cell):
    spoken(study)
    study.write("debate", [["KAZ", "2017", "9", cell, "0", "0", "0", "0", "new", "t", ""]])
    assert refused() == [f"debate.csv line 2, digital: {cell!r} {WHOLE}"]


def test_a_table_by_year_says_why_a_value_is_missing(small):
    before = partial(pick, as_of="2024-09-30", with_missing=True)
    table = data.wide(before("internet_use"), of=["UZB", "TJK", "KGZ"])
    assert table.index.tolist() == [2019, 2020, 2023]  # all that the tables know
    assert [value.how for value in table.loc[2023]] == [
        "none in 2023: its source was published after 2024-09-30", "none in 2023: not published",
        "none in 2023"]
    use = data.wide(before("internet_use"), of=["KAZ"])
    assert use["KAZ"].tolist() == [81.9, 85.9, 92.3]  # of the older vintage
    assert data.wide(pick("egdi"), of=["TJK"]).loc[2022, "TJK"].how == (
        "none in 2022: not assessed in this survey")
    hidden = before("internet_use", "UZB", 2023).iloc[0]
    assert (hidden["value"].rows, hidden["source"]) == ((), "")  # it rests on nothing published


def test_years_of_terms_are_numbers_and_the_undated_say_so():
    works = data.read("terms").query("term == 'public diplomacy'")
    undated, dated = data.dated_years("terms", works)
    assert (str(dated), dated.rows[0].partition(":")[0]) == ("2008", "/2008/terms")
    assert math.isnan(undated) and undated.how == "undated"
    assert data.dated_years("terms", works[:0]).empty


# what a comparison of two asks for

def test_wide_holds_the_columns_asked_for_and_says_why_one_is_empty(real):
    table = data.wide(data.pick("fixed_broadband").query("year == 2022"), of=["UZB", "PRK"])
    assert table.columns.tolist() == ["UZB", "PRK"]
    assert str(table["PRK"][2022]).startswith("none in 2022")
    assert data.wide(data.pick("egdi").head(0), of=["KAZ"]).empty


@pytest.mark.parametrize("given, states", [
    (["KAZ", "UZB"], ["KAZ", "UZB", "KGZ", "TJK", "TKM"]),
    (["TKM", "TJK", "UZB"], ["TKM", "TJK", "UZB", "KAZ", "KGZ"]),
    (["KAZ", "DEU"], ["KAZ", "DEU"]), (["EST", "USA", "KAZ"], ["EST", "USA", "KAZ"])])
def test_the_region_of_a_comparison(real, given, states):
    assert data.region(given) == states


def test_the_survey_of_a_year_is_the_newest_up_to_it(real):
    assert [data.survey(year) for year in (1990, 2003, 2015, 2019, 2022, 2023)] == [
        2003, 2003, 2014, 2018, 2022, 2022]
