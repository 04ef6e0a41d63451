"""Raw files as tables of text: hashes checked, marks and line ends understood, faults said."""

import hashlib
from pathlib import Path
from typing import NamedTuple

from ..files import DataError as RawError
from ..files import csv_lines, decoded, ragged, read_table, refuse

SEPARATORS = {"unu_egov_countries": ";", "owid_internet_2025": ";", "ig_census_2019": "\t",
              **dict.fromkeys(("wdi_2024_sp_pop_totl", "wdi_2024_it_net_user_zs",
                               "wdi_2024_it_net_bbnd_p2"), "|")}
AGAIN = "get the file again"
MEND = f"a plain number with a decimal point is needed: {AGAIN}"


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


def parse(source, file, content):
    """The bytes of a raw file as a Table of text. Raises RawError for what is no table.

    Traps: a byte-order mark at the start, LF or CRLF, a separator of its own.

    >>> parse("fb_census_2018", "a.csv", "\\ufeffgeo,NA\\r\\nkaz,1\\r\\n".encode()).rows
    [{'geo': 'kaz', 'NA': '1'}]
    """
    lines = csv_lines(decoded(content, file), file, SEPARATORS.get(source, ","))
    lines = [(line, row) for line, row in lines if row]
    refuse(ragged(lines, file, AGAIN))
    header, *rows = [row for _, row in lines] or [[]]
    return Table(source, file, tuple(header), [dict(zip(header, row)) for row in rows])


def load(raw, data, wanted):
    """Every raw file that is wanted as a Table, after all their hashes were checked.

    raw: folder of the raw files; data: folder with sources.csv; wanted: source ids.
    Raises RawError with a line for each file that is not there or whose sha256 differs; no file is
    parsed before that.
    """
    listed = read_table(Path(data) / "sources.csv", ["source"]).set_index("source", drop=False)
    listed = listed.to_dict("index")
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
