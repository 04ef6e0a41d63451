"""Raw files as tables of text: hashes checked, marks and line ends understood, faults said."""

import csv
import hashlib
import io
from pathlib import Path
from typing import NamedTuple

SEPARATORS = {"unu_egov_countries": ";", "owid_internet_2025": ";", "ig_census_2019": "\t",
              **dict.fromkeys(("wdi_2024_sp_pop_totl", "wdi_2024_it_net_user_zs",
                               "wdi_2024_it_net_bbnd_p2"), "|")}
MEND = "a plain number with a decimal point is needed: get the file again"


class RawError(ValueError):
    """What is wrong with the raw files, a line each: file, row, column, value, mend."""


class Fault(NamedTuple):
    """One thing wrong with a raw file, with the mend."""
    file: str
    row: str
    column: str
    value: str
    mend: str

    def __str__(self):
        return f"{self.file}, {self.row}, {self.column}: {self.value!r}: {self.mend}"


class Table(NamedTuple):
    """A raw file as text: `source` is its id, `rows` maps column to cell, `columns` its head."""
    source: str
    file: str
    columns: tuple
    rows: list


def refuse(faults):
    """Raises RawError with a line for each fault; nothing where there is none."""
    if faults:
        raise RawError("\n".join(map(str, faults)))


def attempt(table, row, column, text, make, mend=MEND):
    """What `make()` gives, or a Fault where the cell's text cannot be read."""
    try:
        return make()
    except ValueError:
        return Fault(table.file, row, f"column {column}", text, mend)


def parse(source, file, content):
    """The bytes of a raw file as a Table of text. Raises RawError for what is no table.

    Traps: a byte-order mark at the start, LF or CRLF, a separator of its own.

    >>> parse("fb_census_2018", "a.csv", "\\ufeffgeo,NA\\r\\nkaz,1\\r\\n".encode()).rows
    [{'geo': 'kaz', 'NA': '1'}]
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RawError(f"{file}, byte {error.start}: not UTF-8: get the file again") from None
    lines = csv.DictReader(io.StringIO(text, newline=""), delimiter=SEPARATORS.get(source, ","))
    rows = list(lines)
    ragged = [Fault(file, f"line {n}", "all columns", "…",
                    "more or fewer cells than the head has: get the file again")
              for n, row in enumerate(rows, 2) if None in row or None in row.values()]
    refuse(ragged)
    return Table(source, file, tuple(lines.fieldnames or ()), rows)


def load(raw, data, wanted):
    """Every raw file that is wanted as a Table, after all their hashes were checked.

    raw: folder of the raw files; data: folder with sources.csv; wanted: source ids.
    Raises RawError with a line for each file that is not there or whose sha256 differs; no file is
    parsed before that.
    """
    with open(Path(data) / "sources.csv", encoding="utf-8", newline="") as lines:
        listed = {row["source"]: row for row in csv.DictReader(lines)}
    refuse([Fault("sources.csv", source, "source", "missing", "restore the row")
            for source in wanted if source not in listed])
    if not Path(raw).is_dir():
        raise RawError(f"no folder {raw}: make it and put the raw files there, as data/README.md "
                       "says")
    contents = unaltered(raw, {source: listed[source] for source in wanted})
    tables, faults = {}, []
    for source, content in contents.items():
        try:
            tables[source] = parse(source, Path(listed[source]["path"]).name, content)
        except RawError as error:
            faults.append(error)
    refuse(faults)
    return tables


def unaltered(raw, wanted):
    """The bytes of each raw file. Raises RawError for all that are absent or altered at once.

    wanted: source id -> its row of sources.csv.
    """
    contents, faults = {}, []
    for source in wanted:
        row, file = wanted[source], f"{source}/{Path(wanted[source]['path']).name}"
        path = Path(raw) / file
        content = contents[source] = path.read_bytes() if path.is_file() else None
        if content is None:
            faults.append(f"{file}: not there: {row['how_to_get']} ({row['copy_url']})")
        elif (found := hashlib.sha256(content).hexdigest()) != row["sha256"]:
            faults.append(f"{file}: sha256 {found[:12]}… is not {row['sha256'][:12]}… of "
                          f"sources.csv: {row['how_to_get']} ({row['copy_url']})")
    refuse(faults)
    return contents
