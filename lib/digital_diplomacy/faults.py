"""What is wrong with a table: pure functions from a frame of text to lines of file, row, mend."""

import difflib
import math
import re

import pandas as pd

from .quantity import interval

PLAIN_NUMBER = re.compile(r"-?\d+(\.\d+)?(e[+-]?\d+)?", re.IGNORECASE)


def columns(table, found, expected):
    """Faults of a header: unknown, missing, and doubled columns, with the nearest name.

    >>> columns("facts", ["country", "valeu"], ["country", "value"])
    ["facts.csv: unknown column 'valeu': rename it to 'value'"]
    """
    missing = [name for name in expected if name not in found]
    faults = []
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


def numbers(table, frame, column):
    """Faults of cells that should be plain numbers or empty: 1,234, 250 %, inf, text."""
    cells = frame[column]
    wrong = cells[(cells != "") & ~cells.map(lambda text: bool(PLAIN_NUMBER.fullmatch(text)))]
    return [f"{place(table, i, column)}: {text!r} is not a number: write digits with a decimal "
            "point and no unit, such as 1234.5" for i, text in wrong.items()]


def duplicates(table, frame, key):
    """Faults of rows whose key stands in an earlier row."""
    doubled = frame[frame.duplicated(key)]
    return [f"{place(table, i, '+'.join(key))}: {'/'.join(row[column] for column in key)!r} stands "
            "in an earlier row: delete one" for i, row in doubled.iterrows()]


def unknown(table, frame, column, allowed):
    """Faults of cells that name a country, indicator or source which its table does not hold."""
    wrong = frame[column][(frame[column] != "") & ~frame[column].isin(set(allowed))]
    faults = []
    for i, text in wrong.items():
        near = difflib.get_close_matches(text, list(allowed), n=1)
        mend = f"did you mean {near[0]!r}?" if near else f"add it to the table that lists {column}s"
        faults.append(f"{place(table, i, column)}: unknown {column} {text!r}: {mend}")
    return faults


def bounds(table, frame, codebook):
    """Faults of values outside the codebook's bounds; `out of range` in status admits them."""
    values = pd.to_numeric(frame["value"], errors="coerce")
    low = pd.to_numeric(frame["indicator"].map(codebook["low"]), errors="coerce")
    high = pd.to_numeric(frame["indicator"].map(codebook["high"]), errors="coerce")
    wrong = frame[((values < low) | (values > high)) & (frame["status"] != "out of range")]
    return [f"{place(table, i, 'value')}: {row['value']} is outside {codebook['low'][row['indicator']]}"
            f" to {codebook['high'][row['indicator']] or 'any'} for {row['indicator']}: mend the "
            "value, or write 'out of range' in status" for i, row in wrong.iterrows()]


def said(table, frame):
    """Faults of rows that neither have a value nor say why, or do both."""
    wrong = frame[(frame["value"] == "") == (frame["missing"] == "")]
    return [f"{place(table, i, 'missing')}: a row has either a value or the reason why it is "
            "missing: fill exactly one" for i in wrong.index]


def printed(table, frame):
    """Faults of printed rows whose text does not hold the value."""
    faults = []
    for i, row in frame[(frame["kind"] == "printed") & (frame["value"] != "")].iterrows():
        try:
            value = float(row["value"])
            if math.isfinite(value):
                interval(row["printed"], row["value"])
        except ValueError as error:
            faults.append(f"{place(table, i, 'printed')}: {error}: mend one of the two")
    return faults


def place(table, index, column):
    """File, line and column of a cell: the header is line 1."""
    return f"{table}.csv line {index + 2}, {column}"
