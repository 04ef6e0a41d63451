"""Files of tables, read or refused: bytes as text, CSV and XLSX as rows of cells."""

import csv
import io
import os
import re
import sys
from pathlib import Path
from zipfile import BadZipFile

import pandas as pd

UTF_16 = (b"\xff\xfe", b"\xfe\xff")  # its marks
RUSSIAN = ("windows-1251", "koi8-r", "cp866")
COMMON = "ъэщцюшжхйчбзгьыяупдмклврстниаео"  # the letters of Russian, the most common last
MEND = "mend the commas or quotes of that line"
MEND_JSON = "mend the commas or quotes there"
csv.field_size_limit(sys.maxsize)  # a text of the UN is longer than the limit


class DataError(ValueError):
    """What is wrong with the tables, a line each."""


def refuse(faults):
    """Raises DataError with all faults, a line each, where there are any."""
    if faults:
        raise DataError("\n".join(map(str, faults)))


def hidden(name):
    """True for a file that a system or an editor put there beside those of the user.

    >>> [hidden(name) for name in ("._facts.csv", "~$facts.csv", "facts.csv~", "facts.csv")]
    [True, True, True, False]
    """
    return name.startswith((".", "~$")) or name.endswith("~")


def read_table(path, wanted):
    """The rows of a csv or XLSX file as text: a frame of str; its index is the row in the file.

    wanted: the columns that it must have. Read are commas, semicolons or tabs between cells, UTF-8
    and marked UTF-16, a workbook's first sheet; rows without text are passed over. Raises DataError
    with file, row and mend for anything else.
    """
    name, content = os.path.basename(path), content_of(path)
    if content[:2] == b"PK":
        rows = workbook_rows(content, name)
    else:
        text = decoded(content, name, "utf-16" if content[:2] in UTF_16 else "utf-8-sig")
        mark = max(",;\t", key=text.partition("\n")[0].count)  # most often in the first line
        rows = [row for _, row in csv_lines(text, name, mark)]
    header = [cell.strip().lower() for cell in rows[0]] if rows else []
    while header and not header[-1]:
        header.pop()
    missing = [column for column in wanted if column not in header]
    refuse([f"{name}: the column {column} stands twice: delete one"
            for column in dict.fromkeys(header) if header.count(column) > 1]
           or [f"{name}: no column {', '.join(missing)}: add it"] * bool(missing))
    filled = {n: row for n, row in enumerate(rows[1:], start=2) if any(map(str.strip, row))}
    refuse([f"{name} row {n}: {len(row)} cells where the header has {len(header)}: {MEND}"
            for n, row in filled.items()
            if len(row) < len(header) or any(map(str.strip, row[len(header):]))])
    return pd.DataFrame([row[:len(header)] for row in filled.values()], columns=header,
                        index=list(filled), dtype=str)


def content_of(path):
    """The bytes of a file. Raises DataError for a folder, and where there is none."""
    if os.path.isdir(path):
        raise DataError(f"{path} is a folder: name a csv file")
    try:
        return Path(path).read_bytes()
    except OSError:
        raise DataError(f"there is no {path}: name a csv file{sought(path)}") from None


def sought(path):
    """Where a path that is not absolute was looked for, in brackets."""
    return "" if os.path.isabs(path) else f" (looked for {os.path.abspath(path)})"


def csv_lines(text, name, delimiter=","):
    """The rows of a csv's text, each with the line on which it begins: [(1, header), ...].

    pandas' own reader fills a short line and takes a long one's first cell for a row label. Raises
    DataError with the line where quotes do not fit.

    >>> csv_lines('a,b\\n1,"2\\n3"\\n4,5\\n', "t.csv")
    [(1, ['a', 'b']), (2, ['1', '2\\n3']), (4, ['4', '5'])]
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    lines, start = [], 1
    try:
        for row in reader:
            lines.append((start, row))
            start = reader.line_num + 1
    except csv.Error as error:
        raise DataError(f"{name} line {start}: {error}: {MEND}") from None
    return lines


def ragged(lines, name, mend=MEND):
    """Faults of rows with more or fewer cells than the first one; lines: as `csv_lines` has them.

    >>> ragged([(1, ["a", "b"]), (2, ["1"])], "t.csv", "fill it")
    ['t.csv line 2: 1 cells where the header has 2: fill it']
    """
    return [f"{name} line {line}: {len(row)} cells where the header has {len(lines[0][1])}: {mend}"
            if any(row) else f"{name} line {line}: an empty line: delete it"
            for line, row in lines if len(row) != len(lines[0][1])]


def workbook_rows(content, name):
    """The rows of a workbook's first sheet as text; whole numbers have no decimals.

    Raises DataError for another zip file.
    """
    try:
        sheet = pd.read_excel(io.BytesIO(content), engine="openpyxl", header=None,
                              dtype=str, na_filter=False)
    except (BadZipFile, KeyError, ValueError):  # a zip file, but no workbook
        raise DataError(f"{name}: no XLSX workbook: save it as XLSX or CSV") from None
    return sheet.astype(str).to_numpy().tolist()


def decoded(content, name, encoding="utf-8-sig"):
    """The text of a file's bytes. Raises DataError with line, guess and mend where not UTF-8."""
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        words = [word for word in re.findall(rb"[^\s,;\"]+", content) if not word.isascii()]
        guess = likely_encoding(b"".join(words))  # a name among many codes weighs nothing
        line = content.count(b"\n", 0, error.start) + 1
        raise DataError(f"{name} line {line}: not UTF-8 but perhaps {guess}: iconv -f {guess} "
                        "-t utf-8, or save it as CSV UTF-8") from None


def likely_encoding(content):
    """The encoding that bytes which are no UTF-8 most likely have.

    Rule: a mark of UTF-16; Latin where most letters are ASCII; else of three old Russian encodings
    the one whose Russian letters are the more common ones.

    >>> likely_encoding("МИР И ТРУД".encode("cp1251")), likely_encoding("О мире".encode("cp866"))
    ('windows-1251', 'cp866')
    """
    if content[:2] in UTF_16:
        return "utf-16"
    if 4 * sum(byte > 127 for byte in content) < len(content):  # a few accents in a Latin text
        return "windows-1252"
    return max(RUSSIAN, key=lambda name: sum(
        COMMON.find(letter) for letter in content.decode(name, "replace").lower()))
