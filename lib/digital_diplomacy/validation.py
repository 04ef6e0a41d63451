"""What is wrong with a table: pure functions from a frame of text to lines of file, row, mend."""

import csv
import datetime
import difflib
import math
import re

import pandas as pd

from footnoted.numerals import interval

LISTS = {"country": "countries", "indicator": "indicators", "source": "sources"}
PLAIN_NUMBER = re.compile(r"-?\d+(\.\d+)?(e[+-]?\d+)?", re.IGNORECASE)
YEARS = (1990, 2030)
PARTS = ("year", "month", "day")  # of a date: as many as its precision says


def encoding(table, content):
    """The fault of a file's bytes: nothing in it, or not UTF-8."""
    if not content.strip():
        return [f"{table}.csv is empty: restore it (git checkout data/{table}.csv)"]
    for number, line in enumerate(content.split(b"\n"), start=1):
        try:
            line.decode()
        except UnicodeDecodeError:
            return [f"{table}.csv line {number}: not UTF-8: save the file as CSV UTF-8"]
    return []


def lines(table, text):
    """Header, rows, and faults of lines with too many or too few cells.

    pandas' own reader fills a short line and takes a long one's first cell for a row label.
    """
    reader, rows, faults, start = csv.reader(text.splitlines(True), strict=True), [], [], 1
    mend = "mend the commas or quotes of that line"
    try:
        for row in reader:
            rows.append(row)
            if len(row) != len(rows[0]):
                faults.append(f"{table}.csv line {start}: {len(row)} cells where the header has "
                              f"{len(rows[0])}: {mend}")
            start = reader.line_num + 1
    except csv.Error as error:
        faults.append(f"{table}.csv line {start}: {error}: {mend}")
    return rows[0] if rows else [], rows[1:], faults


def columns(table, found, expected):
    """Faults of a header: unknown, missing, and doubled columns, with the nearest name.

    >>> columns("facts", ["country", "valeu"], ["country", "value"])
    ["facts.csv: unknown column 'valeu': rename it to 'value'"]
    """
    if len(found) == 1 and ";" in found[0]:
        return [f"{table}.csv: semicolons between the cells: save it with commas"]
    missing = [name for name in expected if name not in found]
    faults = [f"{table}.csv: column {name!r} stands twice: delete one"
              for name in dict.fromkeys(found) if found.count(name) > 1]
    for name in found:
        if name in expected:
            continue
        near = difflib.get_close_matches(name, missing, n=1)
        if near:
            missing.remove(near[0])
        mend = f"rename it to {near[0]!r}" if near else "delete it, or describe it in " \
            "data/datapackage.json"
        faults.append(f"{table}.csv: unknown column {name!r}: {mend}")
    return faults + [f"{table}.csv: column {name!r} is missing: add it" for name in missing]


def plain(text):
    """True where a text is digits with at most a sign, a decimal point and an exponent."""
    return bool(PLAIN_NUMBER.fullmatch(text)) and math.isfinite(float(text))


def numbers(table, frame, column):
    """Faults of cells that should be plain numbers or empty: 1,234, 250 %, inf, text."""
    cells = frame[column]
    wrong = cells[[text != "" and not plain(text) for text in cells]]
    return [f"{place(table, i, column)}: {text!r} is not a number: write digits with a decimal "
            "point and no unit, such as 1234.5" for i, text in wrong.items()]


def years(table, frame, column):
    """Faults of cells that should be a year of the study or empty."""
    wrong = frame[column][~frame[column].str.fullmatch(r"(\d{4})?", flags=re.ASCII)]
    made = [f"{place(table, i, column)}: {text!r} is not a year: write four digits"
            for i, text in wrong.items()]
    first, last = YEARS
    far = [(i, text) for i, text in frame[column].drop(wrong.index).items()
           if text and not first <= int(text) <= last]
    return made + [f"{place(table, i, column)}: {text} is not a year from {first} to {last}: "
                   "mend the digits" for i, text in far]


def dates(table, frame, column):
    """Faults of cells that should be a day, a month or a year of the calendar, or empty.

    >>> dates("milestones", pd.DataFrame({"date": ["2017-03", "2017-13-31"]}), "date")
    ["milestones.csv line 3, date: no date '2017-13-31': write 2017, 2017-03 or 2017-03-31"]
    """
    return [f"{place(table, i, column)}: no date {text!r}: write 2017, 2017-03 or 2017-03-31"
            for i, text in frame[column].items() if text and not calendar(text)]


def calendar(text):
    """True where a text is a year, a month or a day that the calendar has.

    >>> calendar("2020-02-29"), calendar("2019-02-29"), calendar("2017-1")
    (True, False, False)
    """
    if not re.fullmatch(r"\d{4}(-\d\d){0,2}", text, re.ASCII):
        return False
    try:
        datetime.date.fromisoformat(text + "-01-01"[len(text) - 4:])  # what a shorter one lacks
    except ValueError:
        return False
    return True


def precise(table, frame):
    """Faults of dates that are longer or shorter than their precision says."""
    parts = {length: name for length, name in zip((4, 7, 10), PARTS)}
    return [f"{place(table, i, 'precision')}: {row['precision']!r} beside the date "
            f"{row['date']!r}: write {parts[len(row['date'])]!r}, or mend the date"
            for i, row in frame.iterrows()
            if calendar(row["date"]) and parts[len(row["date"])] != row["precision"]]


def order(table, frame, key, numeric=()):
    """The fault of a table that is not sorted by its key: its first row out of place.

    numeric: columns of the key that are compared as numbers.
    """
    def sortable(row):
        return [cell if name not in numeric else float(cell) if plain(cell) else -math.inf
                for name, cell in zip(key, row)]

    rows = [sortable(row) for row in frame[list(key)].itertuples(index=False, name=None)]
    for i, (before, row) in enumerate(zip(rows, rows[1:]), start=1):
        if row < before:
            return [f"{place(table, i, '+'.join(key))}: this row belongs before the one above: "
                    f"sort the rows by {', '.join(key)}"]
    return []


def duplicates(table, frame, key):
    """Faults of rows whose key stands in an earlier row."""
    doubled = frame[frame.duplicated(key)]
    return [f"{place(table, i, '+'.join(key))}: {'/'.join(row[column] for column in key)!r} stands "
            "in an earlier row: delete one" for i, row in doubled.iterrows()]


def unknown(table, frame, column, allowed):
    """Faults of cells that name a country, indicator or source which its table does not hold."""
    wrong = frame[column][~frame[column].isin({"", *allowed})]
    faults = []
    for i, text in wrong.items():
        near = nearest(text, allowed) if column == "country" else \
            difflib.get_close_matches(text, list(allowed), n=1)
        mend = f"did you mean {near[0]!r}?" if near else f"add it to data/{LISTS[column]}.csv"
        faults.append(f"{place(table, i, column)}: unknown {column} {text!r}: {mend}")
    return faults


def nearest(text, codes):
    """The nearest of codes of three letters that begin with the same two, as a list of at most one.

    >>> nearest("KAX", ["LKA", "KAZ", "KGZ"]), nearest("XYW", ["KAZ"])
    (['KAZ'], [])
    """
    alike = [code for code in codes if code[:2] == text[:2].upper()]
    return difflib.get_close_matches(text.upper(), alike, n=1)


def bounds(table, frame, codebook):
    """Faults of values outside the codebook's bounds; `out of range` in status admits them."""
    values = pd.to_numeric(frame["value"].where(frame["value"].map(plain)), errors="coerce")
    low = pd.to_numeric(frame["indicator"].map(codebook["low"]), errors="coerce")
    high = pd.to_numeric(frame["indicator"].map(codebook["high"]), errors="coerce")
    wrong = frame[((values < low) | (values > high)) & (frame["status"] != "out of range")]
    ends = {name: f"{codes['low']} to {codes['high'] or 'any'}"
            for name, codes in codebook[["low", "high"]].iterrows()}
    return [f"{place(table, i, 'value')}: {row['value']} is outside {ends[row['indicator']]} for "
            f"{row['indicator']}: mend the value, or write 'out of range' in status"
            for i, row in wrong.iterrows()]


def said(table, frame):
    """Faults of rows that neither have a value nor say why, or do both."""
    wrong = frame[(frame["value"] == "") == (frame["missing"] == "")]
    return [f"{place(table, i, 'missing')}: a row has either a value or the reason why it is "
            "missing: fill exactly one" for i in wrong.index]


def printed(table, frame):
    """Faults of printed rows whose text does not hold the value."""
    faults = []
    rows = frame[(frame["kind"] == "printed") & (frame["value"] != "")]
    for i, text, value in zip(rows.index, rows["printed"], rows["value"]):
        try:
            if text != value and plain(value):  # else `numbers` has told it
                interval(text, value)
        except ValueError as error:
            faults.append(f"{place(table, i, 'printed')}: {error}: mend one of the two")
    return faults


def found(frame, fixes, key):
    """Where each correction finds its row of a frame; None where it finds none."""
    position = {row: i for i, row in enumerate(zip(*(frame[column].tolist() for column in key)))}
    return [position.get(row) for row in zip(*(fixes[column].tolist() for column in key))]


def corrections(frame, fixes, key):
    """Faults of corrections: no such row, another old text, or a new value that is no number."""
    faults = []
    for row, (i, fix) in zip(found(frame, fixes, key), fixes.iterrows()):
        old = None if row is None or fix["field"] not in frame else frame.at[row, fix["field"]]
        if old != fix["old"]:
            faults.append(f"{place('corrections', i, 'field')}: no observation "
                          f"{'/'.join(fix[column] for column in key)} whose {fix['field']} is "
                          f"{fix['old']!r}: mend the key or delete the correction")
    return faults + numbers("corrections", fixes[fixes["field"] == "value"], "new")


def described(table, frame, schema):
    """Faults of cells that datapackage.json does not allow: empty, another word, another form."""
    faults = []
    for field in schema["fields"]:
        name, rules = field["name"], field.get("constraints", {})
        for i, text in frame[name].items():
            if not text:
                wrong = rules.get("required") and "is empty: fill it"
            elif "enum" in rules and text not in rules["enum"]:
                wrong = f"{text!r} is not allowed: one of {', '.join(rules['enum'])}"
            elif "pattern" in rules and not re.fullmatch(rules["pattern"], text):
                wrong = f"{text!r} is not of the form {rules['pattern']}: mend it"
            else:
                continue
            faults += [f"{place(table, i, name)}: {wrong}"] if wrong else []
    return faults


def listed(table, frame, column, known, where):
    """Faults of ids, of which a cell may hold several between spaces, that a table lacks."""
    faults = []
    for i, text in frame[column].items():
        for one in text.split():
            if one not in known:
                near = difflib.get_close_matches(one, list(known), n=1)
                mend = f"did you mean {near[0]!r}?" if near else f"add it to data/{where}.csv"
                faults.append(f"{place(table, i, column)}: no {one!r} in {where}: {mend}")
    return faults


def place(table, index, column):
    """File, line and column of a cell: the header is line 1."""
    return f"{table}.csv line {index + 2}, {column}"
