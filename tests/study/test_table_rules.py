"""Wrong tables: each corruption with its one line, and all of them at once."""

import csv
import json
import random
import re
import shutil

import pandas as pd
import pytest
from conftest import PACKAGE, REPOSITORY
from hypothesis import given
from hypothesis import strategies as st

from digital_diplomacy import data, sources, validation
from digital_diplomacy.validation import faults

NUMBER = data.NO_NUMBER
WHOLE = data.NO_WHOLE_NUMBER
ENDS = "has blanks at an end: delete them"
BOTH = "a row has either a value or the reason why it is missing: fill exactly one"
STATUS = ("duplicate, incomplete, lower bound, missing component, modelled, not assessed, "
          "out of range, rounded, step, upper bound")


def test_the_study_s_tables_have_no_fault(real):
    assert faults() == []


def test_the_small_study_has_no_fault(small):
    assert faults() == []


# corrupted cells: a table, a line as an editor counts it, what is typed there, what is said of it

CELLS = [
    ("observations", 2, {"value": "1,234"}, f"value: '1,234' {NUMBER}"),
    ("observations", 3, {"value": " 12 "}, f"value: ' 12 ' {NUMBER}"),
    ("observations", 4, {"value": "inf"}, f"value: 'inf' {NUMBER}"),
    ("observations", 5, {"value": "NaN"}, f"value: 'NaN' {NUMBER}"),
    ("observations", 6, {"value": "1_000"}, f"value: '1_000' {NUMBER}"),
    ("observations", 7, {"value": "250", "printed": "250"}, "value: 250 is outside 0 to 100 for "
     "internet_use: mend the value, or write 'out of range' in status"),
    ("observations", 8, {"value": "92.4"}, "printed: printed '92.3' does not hold the value 92.4: "
     "mend one of the two"),
    ("observations", 9, {"year": "1889"}, "year: '1889' is less than 1990: mend the digits"),
    ("observations", 10, {"year": "2203"}, "year: '2203' is more than 2026: mend the digits"),
    ("observations", 11, {"missing": "not legible"}, f"missing: {BOTH}"),
    ("observations", 12, {"missing": ""}, f"missing: {BOTH}"),
    ("observations", 13, {"country": "TJX"}, "country: no 'TJX' in countries: did you mean 'TJK'?"),
    ("observations", 14, {"country": "uzb"}, "country: no 'uzb' in countries: did you mean 'UZB'?"),
    ("observations", 15, {"indicator": "edgi"}, "indicator: no 'edgi' in indicators: did you mean "
     "'egdi'?"),
    ("observations", 16, {"source": "nev"}, "source: no 'nev' in sources: did you mean 'new'?"),
    ("observations", 17, {"status": "stpe"}, f"status: 'stpe' is not allowed: one of {STATUS}"),
    ("facts", 2, {"date": "2018-02-30"}, "date: '2018-02-30' is no day: write it as 2017-03-31"),
    ("facts", 3, {"locator": ""}, "locator: empty: fill it"),
    ("preferred", 2, {"order": "0"}, "order: '0' is less than 1: mend the digits"),
    ("preferred", 3, {"to": "٢٠٢٤"}, f"to: '٢٠٢٤' {WHOLE}"),
    ("countries", 3, {"iso2": "KZ"}, "iso2: 'KZ' stands in an earlier row: delete or change one"),
    ("countries", 4, {"name": "Namibia "}, f"name: 'Namibia ' {ENDS}"),
    ("countries", 6, {"iso2": "uz"}, "iso2: 'uz' is not of the form [A-Z]{2}: mend it"),
    ("indicators", 5, {"low": "zero"}, f"low: 'zero' {NUMBER}"),
    ("sources", 2, {"published": "2023-02-30"}, "published: '2023-02-30' is no date: write 2017, "
     "2017-03 or 2017-03-31"),
    ("sources", 4, {"read_on": "2026-1-3"},
     "read_on: '2026-1-3' is no day: write it as 2017-03-31"),
    ("article", 2, {"country": "KAZX"}, "country: 'KAZX' is not of the form ([A-Z]{3}|UN193): "
     "mend it"),
    ("article", 3, {"id": "kaz-people"}, "id: 'kaz-people' stands in an earlier row: delete one"),
    ("article", 4, {"value": "92.8"}, "printed: printed '92.9 %' does not hold the value 92.8: "
     "mend one of the two"),
    ("article", 5, {"year": "2023\n"}, f"year: '2023\\n' {ENDS}"),
    ("corrections", 2, {"old": "modelled"}, "field: no observation KAZ/2019//internet_use/old "
     "whose status is 'modelled': mend the key or delete the correction"),
]


@pytest.mark.parametrize("table, line, typed, said", [
    ("observations", 9, {"value": "20330104.5", "printed": "20330104.5"},
     "value: 20330104.5 persons, but a count is whole: mend it"),
    ("observations", 16, {"value": "69.5", "printed": "69.5"},
     "value: 69.5 rank, but a count is whole: mend it"),
    ("facts", 2, {"date": "2017-02-01"},
     "date: '2017-02-01' is not of the year 2018: mend one of them"),
    ("facts", 3, {"year": "2026", "source": "article_2023"}, "year: 2026 is after article_2023 "
     "appeared, 2023: mend the year, or published in data/sources.csv"),
    ("facts", 3, {"locator": "paragraph\u200b 3"},
     "locator: 'paragraph\\u200b 3' has a sign that nobody sees, U+200B: delete it"),
    ("facts", 3, {"locator": "paragraph\n3"},
     "locator: 'paragraph\\n3' has a sign that nobody sees, U+000A: delete it"),
    ("facts", 3, {"printed": "35.65 million, ٣"},
     "printed: '35.65 million, ٣' has the digit ٣: write 0 to 9"),
    ("observations", 6, {"source": "survey\u200b"},
     "source: 'survey\\u200b' has a sign that only looks like one of 'survey': type 'survey'"),
    ("observations", 6, {"country": "КAZ"},
     "country: '\\u041aAZ' has a sign that only looks like one of 'KAZ': type 'KAZ'"),
    ("indicators", 4, {"low": "101"}, "low: 101 is more than high, 100: mend one of the two"),
    ("preferred", 2, {"from": "2026"}, "from: 2026 is more than to, 2025: mend one of the two"),
    ("article", 2, {"indicator": "internet_us"},
     "indicator: no 'internet_us' in indicators: did you mean 'internet_use'?")])
def test_a_slip_of_the_hand_is_told(study, table, line, typed, said):
    study.set(table, line, **typed)
    assert f"{table}.csv line {line}, {said}" in faults()


def test_an_id_that_many_rows_name_in_vain_is_one_line(study):
    study.set("indicators", 4, indicator="internet_used")
    assert [line for line in faults() if line.startswith("observations.csv")] == [
        "observations.csv line 2, indicator: no 'internet_use' in indicators: did you mean "
        "'internet_used'? (and 8 more rows)"]


def test_a_doubled_row_of_the_codebook_is_told_like_any_other(study):
    rows = list(csv.reader(study.path("indicators").open(encoding="utf-8")))[1:]
    study.write("indicators", [*rows[:2], *rows[1:]])
    assert faults() == [
        "indicators.csv line 4, indicator: 'egdi_rank' stands in an earlier row: delete one"]


def test_the_article_s_numbers_have_the_digits_of_their_tokens(real):
    given = {name: data.read(name) for name in ("article", "article_tokens")}
    assert validation.token_faults("article", given) == []
    given["article"]["printed"] = given["article"]["printed"].replace({"28": "82"})
    [line] = validation.token_faults("article", given)
    assert re.fullmatch(r"article\.csv line \d+, printed: '82' has not the digits of its token, "
                        r"'28' \(article_tokens\.csv line \d+\): mend one of the two", line)


def test_every_corrupted_cell_is_one_line_and_all_come_at_once(study):
    for table, line, typed, _ in CELLS:
        study.set(table, line, **typed)
    assert sorted(faults()) == sorted(
        f"{table}.csv line {line}, {said}" for table, line, _, said in CELLS)


@pytest.mark.parametrize("table, line, typed, said", CELLS[::4])
def test_a_corrupted_cell_alone_is_the_same_line(study, table, line, typed, said):
    study.set(table, line, **typed)
    assert f"{table}.csv line {line}, {said}" in faults()


@pytest.mark.parametrize("typed", [
    {"value": "0", "printed": "0"}, {"value": "100", "printed": "100"},
    {"value": "1e2", "printed": "1e2"}, {"value": "92.9", "printed": "92,9 %"},
    {"value": "101", "printed": "101", "status": "out of range"}, {"year": "2025"}])
def test_what_is_admitted(study, typed):
    study.set("observations", 7, **typed)
    assert all("belongs before" in line or line.endswith(",reason in data/expected.csv")
               for line in faults())  # what is admitted may be suspected


# corrupted files

def text(change):
    """A corruption of a file's text."""
    return lambda path: path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")


FILES = {
    "semicolons": ("facts", text(lambda t: t.replace(",", ";")), ": semicolons between the cells"),
    "empty": ("article", lambda path: path.write_bytes(b""), " is empty or gone: restore it"),
    "no UTF-8": ("sources", lambda path: path.write_bytes(b"\xff" + path.read_bytes()),
                 " line 1: not UTF-8"),
    "gone": ("preferred", lambda path: path.unlink(), " is empty or gone: restore it"),
    "only a header": ("observations", text(lambda t: t.splitlines()[0] + "\n"),
                      ": no row below the header"),
    "a long line": ("corrections", text(lambda t: t.replace("own notes", "own, notes")),
                    " line 2: 11 cells where the header has 10"),
    "another column": ("indicators", text(lambda t: t.replace("unit", "unti", 1)),
                       ": 'unti' stands where the column 'unit' belongs"),
    "an open quote": ("countries", text(lambda t: t.replace("\nKGZ", '\n"KGZ')),
                      " line 3: unexpected end of data"),
    "not described": ("extra", lambda path: path.write_text("a\n1\n"), " is not described"),
}


@pytest.mark.parametrize("name", ["semicolons", "only a header", "another column"])
def test_a_corrupted_file_is_one_line(study, name):
    table, corrupt, said = FILES[name]
    corrupt(study.path(table))
    [line] = [line for line in faults() if not line.startswith("corrections.csv")]
    assert line.startswith(f"{table}.csv{said}")


def test_corrupted_files_come_at_once_and_nothing_follows_from_them(study):
    for table, corrupt, _ in FILES.values():
        corrupt(study.path(table))
    found = faults()
    assert len(found) == len(FILES)
    for table, _, said in FILES.values():
        assert any(line.startswith(f"{table}.csv{said}") for line in found), said


def test_a_table_that_cannot_be_read_hides_no_fault_of_another(study):
    study.path("countries").write_bytes(b"")
    study.set("observations", 7, value="1,234", country="KAX")  # whose country is not looked up
    assert faults() == [
        "countries.csv is empty or gone: restore it (git checkout data/countries.csv)",
        f"observations.csv line 7, value: '1,234' {NUMBER}"]


def test_lines_that_are_ragged_or_empty_are_told(study):
    path = study.path("facts")
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole.replace("paragraph 2", "a, b") + "\n,,\n", encoding="utf-8")
    assert faults() == [
        "facts.csv line 2: 13 cells where the header has 12: mend the commas or quotes of that "
        "line", "facts.csv line 4: an empty line: delete it",
        "facts.csv line 5: an empty line: delete it"]
    path.write_text(whole.replace(",", "\t"), encoding="utf-8")
    assert faults() == ["facts.csv: tabs between the cells: save it with commas"]


@pytest.mark.parametrize("name", [".DS_Store", "._facts.csv", "~$facts.csv", ".~lock.facts.csv#",
                                  "Thumbs.db", "desktop.ini", "facts.csv~", ".facts.csv.new"])
def test_files_that_other_systems_leave_are_passed_over(study, name):
    (study.folder / name).write_bytes(b"\x00\x05\x16\x07")
    assert faults() == []


def test_windows_line_ends_and_a_utf_16_table(study):
    path = study.path("facts")
    whole = path.read_text(encoding="utf-8")
    path.write_bytes(whole.replace("\n", "\r\n").encode())
    assert faults() == []
    path.write_text(whole, encoding="utf-16")
    [line] = faults()
    assert line.startswith("facts.csv line 1: not UTF-8 but perhaps utf-16: iconv -f utf-16 -t utf")


def test_a_byte_order_mark_is_no_fault(study):
    path = study.path("facts")
    path.write_text(path.read_text(encoding="utf-8"), encoding="utf-8-sig")
    assert faults() == []


def test_corrections_may_have_no_row(study):
    study.write("corrections", [])
    assert faults() == []


def test_a_description_that_frictionless_refuses_is_told(study):
    path = study.folder / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    package["resources"][0]["schema"]["fields"][0]["type"] = "nubmer"
    path.write_text(json.dumps(package), encoding="utf-8")
    [line] = faults()
    assert line.startswith("datapackage.json: ") and "nubmer" in line


# tables that are made from files

def made_from_files(study, *tables):
    """Write the hashes of these tables of the small study, as `make data` does."""
    texts = {name: study.path(name).read_text(encoding="utf-8") for name in tables}
    return sources.write_made(study.folder, texts)


def test_a_made_table_that_was_edited_is_one_line_with_the_way_to_do_it_right(study):
    assert made_from_files(study, "observations", "countries") == [
        "observations.csv", "countries.csv"]
    assert faults() == []
    study.set("observations", 7, value="86.1", printed="86.1")
    assert faults() == [
        "observations.csv: changed by hand, but it is made from files (datapackage.json has its "
        "sha256): git checkout data/observations.csv restores it; a changed value is a row of "
        "data/corrections.csv, a new one of data/facts.csv; make data RAW=folder makes it from raw "
        "files"]
    study.set("countries", 3, name="Kirgizia")
    assert len(faults()) == 2
    made_from_files(study, "observations", "countries")
    assert faults() == []


@pytest.mark.parametrize("change", [
    lambda t: t.replace(b"\n", b"\r\n"), lambda t: b"\xef\xbb\xbf" + t])
def test_a_made_table_saved_by_another_program_is_told_so(study, change):
    made_from_files(study, "countries")
    study.path("countries").write_bytes(change(study.path("countries").read_bytes()))
    assert faults() == ["countries.csv: another program put a mark at its start or changed its "
                        "line ends: git checkout data/countries.csv"]


def test_sorting_leaves_a_made_table_and_restores_one_out_of_order(study, capsys):
    from digital_diplomacy.__main__ import sort
    made_from_files(study, "observations")
    before, package = study.path("observations").read_bytes(), study.folder / "datapackage.json"
    described = package.read_bytes()
    sort(study.folder.parent)
    study.write("observations", list(csv.reader(study.path("observations").open()))[:0:-1])
    sort(study.folder.parent)
    assert study.path("observations").read_bytes() == before and package.read_bytes() == described


def test_the_tables_that_are_made_have_their_hash(real):
    assert {one["name"] for one in PACKAGE["resources"] if "hash" in one} == {
        "observations", "countries", "debate", "statements", "sentences", "cutoffs"}


# the description

PATTERNS = {(one["name"], field["name"]): field["constraints"]["pattern"]
            for one in PACKAGE["resources"] for field in one["schema"]["fields"]
            if "pattern" in field.get("constraints", {})}


@pytest.mark.parametrize("where", PATTERNS)
def test_patterns_hold_for_the_whole_cell(where):
    """frictionless puts ^ and $ around a pattern, but no brackets."""
    bare = re.sub(r"\\.|\[[^]]*\]", "", PATTERNS[where])
    while bare != (bare := re.sub(r"\([^()]*\)", "", bare)):
        pass
    assert "|" not in bare


def test_columns_have_the_types_whose_texts_are_judged(real):
    """frictionless's own faults of types are not told: `text_faults` would have to learn more."""
    kinds = {kind for table in data.schemas() for kind in data.field_types(table).values()}
    assert kinds == {"string", "number", "integer", "date"}


def test_the_years_of_the_study_are_said_once(real):
    said = {(field["constraints"].get("minimum"), field["constraints"].get("maximum"))
            for table in ("observations", "facts", "debate")
            for field in data.schemas()[table]["fields"] if field["name"] == "year"}
    assert said == {(1990, 2026)}


# rules that frictionless cannot see

def frames(**tables):
    return {name: pd.DataFrame(columns) for name, columns in tables.items()}


@pytest.mark.parametrize("date, fits", [
    ("2017", True), ("2017-03", True), ("2017-03-31", True), ("2020-02-29", True), ("", True),
    ("2017-13-31", False), ("2017-02-30", False), ("2019-02-29", False), ("2017-13", False),
    ("2017-00", False), ("0000", False), ("31.01.2017", False), ("2017-1-31", False),
    ("2017-03-31 ", False), ("soon", False), ("٢٠١٧", False)])
def test_dates_of_the_calendar(real, date, fits):
    assert validation.date_faults("milestones", frames(milestones={"date": [date]})) == (
        [] if fits else [f"milestones.csv line 2, date: {date!r} is no date: write 2017, 2017-03 "
                         "or 2017-03-31"])


@pytest.mark.parametrize("date, precision, mend", [
    ("2017-03-31", "month", "day"), ("2017-03", "day", "month"), ("2017", "day", "year")])
def test_a_date_is_as_long_as_its_precision_says(date, precision, mend):
    given = frames(milestones={"date": [date], "precision": [precision]})
    assert validation.precision_faults("milestones", given) == [
        f"milestones.csv line 2, precision: {precision!r} beside the date {date!r}: write "
        f"{mend!r}, or mend the date"]
    given["milestones"]["precision"] = mend
    assert validation.precision_faults("milestones", given) == []


@pytest.mark.parametrize("counts, missing, fits", [
    (["1", "0"], "", True), (["", ""], "not found", True), (["1", ""], "", False),
    (["1", ""], "not found", False), (["1", "0"], "not found", False), (["", ""], "", False)])
def test_all_counts_or_the_reason(monkeypatch, counts, missing, fits):
    monkeypatch.setitem(validation.REASONED, "debate", ["words", "ai"])
    given = frames(debate={"words": counts[:1], "ai": counts[1:], "missing": [missing]})
    assert validation.reason_faults("debate", given) == (
        [] if fits else [f"debate.csv line 2, missing: {BOTH}"])


@pytest.mark.parametrize("table, column, cell, said", [
    ("claims", "numbers", "kaz-egdi kaz-egid",
     "no 'kaz-egid' in article: did you mean 'kaz-egdi'?"),
    ("claims", "relations", "nosuch", "no 'nosuch' in relations: add it to data/relations.csv"),
    ("checks", "choices", "roundin", "no 'roundin' in choices: did you mean 'rounding'?"),
    ("article_sentences", "claims", "kaz-egid",
     "no 'kaz-egid' in claims: did you mean 'kaz-egdi'?"),
    ("article_sentences", "claims", "none", ""), ("claims", "numbers", "", "")])
def test_ids_between_blanks(real, table, column, cell, said):
    given = {name: data.read(name) for name in data.schemas()}
    given[table].loc[3, column] = cell
    line = f"{table}.csv line 5, {column}: {said}"
    assert validation.id_faults(table, given) == ([line] if said else [])


def changed(table, change):
    """All tables of the study, one of them changed by a function that gives it anew."""
    given = {name: data.read(name) for name in data.schemas()}
    return {**given, table: change(given[table]).reset_index(drop=True)}


def cell(row, column, text):
    """A change of one cell; row: the column and text by which its row is known."""
    return lambda frame: frame.assign(**{column: frame[column].mask(frame[row[0]] == row[1], text)})


@pytest.mark.parametrize("changes, table, column, said", [
    (("article_sentences", cell(("claims", "abstract-main-instrument"), "claims", "none")),
     "claims", "id", "no sentence makes 'abstract-main-instrument': list it"),
    (("claims", lambda frame: frame.replace({"numbers": r"\bkaz-egdi(?!-)"}, "", regex=True)),
     "article", "excluded", "a number stands in a claim"),
    (("article", cell(("id", "kaz-egdi"), "excluded", "age mark")),
     "article", "excluded", "a number stands in a claim"),
    (("article_tokens", cell(("article", "kaz-egdi"), "article", "")),
     "article", "reason", "a number stands in data/article_tokens.csv"),
    (("article_tokens", cell(("article", "kaz-egdi"), "reason", "a page")),
     "article_tokens", "reason", "a token is a number of the article or says why not"),
    (("article_sentences", cell(("sentence", "3"), "claims", "none")),
     "article_sentences", "claims", "a sentence lists its claims, or none with the reason"),
    (("article_sentences", cell(("sentence", "3"), "claims", "")),
     "article_sentences", "claims", "a sentence lists its claims, or none with the reason"),
    (("article_sentences", cell(("sentence", "6"), "claims", "none")),
     "article_tokens", "kind", "a word that claims, and sentence 6 lists no claim")])
def test_what_the_article_says_has_its_row_or_its_reason(real, changes, table, column, said):
    found = validation.article_faults(table, changed(*changes))
    assert found and all(re.match(rf"{table}\.csv line \d+, {column}: {said}", line)
                         for line in found)


def test_a_lost_sentence_is_noticed(real):
    def lost(table, at):
        return validation.sequence_faults(table, changed(table, lambda f: f.drop(index=at)))
    assert lost("article_sentences", 40) == [
        "article_sentences.csv line 42, sentence: 42 stands where 41 should: restore the row that "
        "is lost, or mend the number"]
    assert lost("sentences", 0) == [
        "sentences.csv line 2, position: 2 stands where 1 should: restore the row that is lost, or "
        "mend the number",
        "sentences.csv line 116, position: KAZ-1992 has 116 sentences in data/statements.csv, 115 "
        "here: restore the others"]
    assert lost("sentences", 115)[0].endswith("115 here: restore the others")  # its last one
    assert lost("sentences", range(116)) == ["sentences.csv: no sentence of KAZ-1992: restore them"]


def test_a_sentence_of_no_statement_is_noticed(real):
    [fault] = validation.sequence_faults("sentences", changed(
        "statements", lambda frame: frame[frame["statement"] != "KAZ-1992"]))
    assert fault.startswith("sentences.csv line 2, statement: no 'KAZ-1992' in statements: did you")


def test_sentences_out_of_order_are_not_taken_for_lost(real):
    given = changed("sentences", lambda frame: frame.iloc[[1, 0, *range(2, len(frame))]])
    assert validation.sequence_faults("sentences", given) == []


@pytest.mark.parametrize("printed, value, holds", [
    ("92.9", "92.9", True), ("92,9 %", "92.9", True), ("92.9", "92.8", False), ("", "92.9", True),
    ("about ninety", "90", False), ("1.2.3", "1.2", False), ("x", "many", True)])
def test_printed_against_value(printed, value, holds):
    row = {"printed": [printed], "value": [value], "kind": ["printed"]}
    assert validation.printed_faults("facts", frames(facts=row)) == ([] if holds else [
        f"facts.csv line 2, printed: printed {printed!r} does not hold the value {value}: mend one "
        "of the two"])
    assert validation.printed_faults("facts", frames(facts={**row, "kind": ["computed"]})) == []


def test_a_number_in_words_is_not_held_against_its_value():
    row = {"printed": ["семнадцать"], "value": ["17"]}
    assert validation.printed_faults("article", frames(article=row)) == []


# order, and the command that mends it

def test_a_row_out_of_order_is_told_once_with_the_mend(study):
    rows = list(csv.reader(study.path("observations").open(encoding="utf-8")))[1:]
    study.write("observations", rows[::-1])
    assert faults() == [
        "observations.csv line 3, country+year+date+indicator+source: this row belongs before the "
        "one above: make sort"]


def test_numbers_of_a_key_are_ordered_as_numbers_and_a_blank_comes_first(study):
    lines = [["internet_use", order, "new", "2020", "2025"] for order in ("1", "2", "10")]
    study.write("preferred", lines)
    assert validation.sorted_text("preferred") == ""
    study.write("preferred", lines[::-1])
    assert [line.split(",")[1] for line in validation.sorted_text("preferred").splitlines()] == [
        "order", "1", "2", "10"]
    facts = list(csv.reader(study.path("facts").open(encoding="utf-8")))[1:]
    study.write("facts", [[*facts[0][:1], "", *facts[0][2:]], *facts])
    assert validation.sorted_text("facts") == ""


def test_a_table_in_order_is_left_and_another_is_sorted_byte_for_byte(real, tmp_path, monkeypatch):
    for name in ("milestones", "corrections", "article_topics", "preferred", "checks"):
        source = REPOSITORY / "data" / f"{name}.csv"
        shutil.copy(REPOSITORY / "data" / "datapackage.json", tmp_path)
        header, *lines = source.read_text(encoding="utf-8").splitlines(True)
        random.Random(1).shuffle(lines)
        (tmp_path / source.name).write_text(header + "".join(lines), encoding="utf-8")
        assert validation.sorted_text(name) == ""
        monkeypatch.setenv("DD_DATA", str(tmp_path))
        assert validation.sorted_text(name) == source.read_text(encoding="utf-8")
        monkeypatch.setenv("DD_DATA", str(REPOSITORY / "data"))


def test_the_command_sorts_and_leaves_what_it_cannot_read(study, capsys):
    from digital_diplomacy.__main__ import StudyError, sort
    names = ("observations", "facts", "countries")
    before = {name: study.path(name).read_bytes() for name in names}
    for name in ("observations", "countries"):
        study.write(name, list(csv.reader(study.path(name).open(encoding="utf-8")))[:0:-1])
    study.path("facts").write_bytes(before["facts"].replace(b"35.65 million", b"35,65 million"))
    broken = study.path("facts").read_bytes()
    with pytest.raises(StudyError, match="(?s)left as they are:\nfacts.csv line 3: 13 cells"):
        sort(study.folder.parent)
    assert capsys.readouterr().out.split() == [
        "data/countries.csv:", "sorted", "data/observations.csv:", "sorted"]
    assert study.path("observations").read_bytes() == before["observations"]
    assert study.path("countries").read_bytes() == before["countries"]
    assert study.path("facts").read_bytes() == broken


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(-20, 2000).map(str)), max_size=8))
def test_a_sorted_table_is_in_order(rows):
    frame = pd.DataFrame(rows, columns=["indicator", "order"], dtype=str)
    ordered = validation.in_order("preferred", frame).reset_index(drop=True)
    assert [(name, int(number)) for name, number in ordered.to_numpy()] == sorted(
        (name, int(number)) for name, number in rows)
    assert validation.order_faults("preferred", ordered) == []
    wrong = [i for i, (one, two) in enumerate(zip(rows, rows[1:]), start=1)
             if (two[0], int(two[1])) < (one[0], int(one[1]))]
    assert len(validation.order_faults("preferred", frame)) == bool(wrong)
