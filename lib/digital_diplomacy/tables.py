"""The tables of data/: found, read, refused, corrected. The only reader of data/."""

import difflib
import json
import os
from functools import lru_cache
from pathlib import Path

import pandas as pd

from . import faults

KEY = ["country", "year", "date", "indicator", "source"]
WORLD = "UN193"
STUDIED = ("observations", "facts", "corrections", "indicators", "countries", "sources")
DIGITAL = ["digital", "internet", "cyber", "ict", "ai"]  # columns of debate.csv that are counted


class DataError(ValueError):
    """What is wrong with the tables, a line each."""


def root():
    """The folder data/: `DD_DATA`, else the nearest parent that has one, else the repository's."""
    return Path(os.environ["DD_DATA"]) if os.environ.get("DD_DATA") else \
        located(Path.cwd(), Path(__file__).parents[2])


@lru_cache(maxsize=8)
def located(here, repository):
    """The folder data/ as seen from a folder."""
    for folder in (here, *here.parents, repository):
        if (folder / "data" / "datapackage.json").exists():
            return folder / "data"
    raise DataError("no data/datapackage.json above this folder: "
                    "set DD_DATA to the study's folder data")


def read(table):
    """One table of data/ as text: every cell a str, nothing read as missing.

    Raises DataError with the nearest name where there is no such table, and with the mend where
    the file is empty or not UTF-8.

    >>> read("countries").columns[0]
    'country'
    """
    path = file(table)
    return parse(path, path.stat().st_mtime_ns).copy(deep=False)  # pandas copies what is written to


def file(table):
    """The path of a table. Raises DataError with the nearest name where there is none."""
    path = root() / f"{table}.csv"
    if not path.exists():
        raise DataError(f"no table {table!r} in data/{near(table, tables())}")
    return path


@lru_cache(maxsize=64)
def parse(path, stamp):
    """The rows of a file as it is now (`stamp` is its time of change)."""
    content = path.read_bytes()
    refuse(faults.encoding(path.stem, content))
    header, rows, ragged = faults.lines(path.stem, content.decode("utf-8-sig"))
    refuse(faults.columns(path.stem, header, fields(path)) or ragged)
    return pd.DataFrame(rows, columns=header, dtype=str)


def fields(path):
    """The columns that datapackage.json gives a table."""
    return [field["name"] for field in schema(path)["fields"]]


def schema(path):
    """Fields and key of a table by datapackage.json. Raises DataError where it has none."""
    package = json.loads((path.parent / "datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        if resource["path"] == path.name:
            return resource["schema"]
    raise DataError(f"{path.name} is not described: add it to data/datapackage.json")


def refuse(lines):
    """Raises DataError with all faults, a line each, where there are any."""
    if lines:
        raise DataError("\n".join(lines))


def tables():
    """Names of the tables that data/ holds."""
    return sorted(path.stem for path in root().glob("*.csv"))


def near(word, words):
    """The nearest of words as a question, or the list of them where none is near."""
    match = difflib.get_close_matches(word, list(words), n=1, cutoff=0.6)
    return f": did you mean {match[0]!r}?" if match else f": one of {', '.join(words)}" \
        if len(words) < 40 else ""


def observations():
    """All observations, from files and from pages, corrections applied: value is float or NaN."""
    return observed(*state()).copy(deep=False)  # pandas copies what is written to


def state():
    """The folder and the times of change of what `observed` reads or checks: its cache's key."""
    names = [*STUDIED, *(["debate"] if (root() / "debate.csv").exists() else [])]
    return root(), tuple(file(name).stat().st_mtime_ns for name in names)


@lru_cache(maxsize=4)
def observed(path, stamps):
    """What `observations` gives, read once for a state of the files."""
    frame = correct(*uncorrected())
    frame["value"] = pd.to_numeric(frame["value"])
    frame["year"] = frame["year"].where(frame["year"] != "", "0").astype(int)
    frame["row"] = (frame["country"] + "/" + frame["date"].where(
        frame["date"] != "", frame["year"].astype(str))
        + "/" + frame["indicator"] + "/" + frame["source"])
    return frame


def uncorrected():
    """Observations, facts and debate counts as their tables have them, and the corrections."""
    parts = {name: read(name) for name in ("observations", "facts")}
    if (root() / "debate.csv").exists():
        parts["debate"] = debate(read("debate"))
    refuse([line for name, part in parts.items() for line in cheap(name, part)])
    return pd.concat(parts.values(), ignore_index=True).fillna(""), read("corrections")


def debate(frame):
    """debate.csv as observations: words, and the sum of the five counts of digital words.

    frame: as `read` gives it. Raises DataError where a count is no whole number.
    """
    counts = frame[["words", *DIGITAL]]
    known = frame["missing"] == ""  # else every count is blank
    whole = counts.apply(lambda column: column.str.fullmatch(r"\d+")).all(axis=1)
    wrong = frame.index[whole != known]
    refuse([f"debate.csv line {i + 2}: a count is no whole number: write digits" for i in wrong])
    total = counts[DIGITAL].where(known).astype(float).sum(axis=1)
    values = {"debate_words": frame["words"],
              "debate_digital": total.map("{:.0f}".format).where(known, "")}
    parts = [frame.assign(indicator=name, value=value) for name, value in values.items()]
    kept = ["country", "year", "indicator", "value", "source", "locator", "missing"]
    return pd.concat(parts, ignore_index=True)[kept].assign(
        date="", printed="", kind="computed", status="")


@lru_cache(maxsize=4)
def positions(path, stamps):
    """Row id -> position in what `observed` gives."""
    return {row: i for i, row in enumerate(observed(path, stamps)["row"])}


def cheap(name, frame):
    """Faults of observations that cost nothing to see: types, keys, codes, bounds, reasons."""
    codebook = read("indicators").set_index("indicator")
    return [*faults.numbers(name, frame, "value"), *faults.years(name, frame, "year"),
            *faults.duplicates(name, frame, KEY), *faults.said(name, frame),
            *faults.unknown(name, frame, "country", [*names(), WORLD]),
            *faults.unknown(name, frame, "indicator", codebook.index),
            *faults.unknown(name, frame, "source", read("sources")["source"]),
            *faults.bounds(name, frame, codebook)]


def check():
    """All faults of data/ that frictionless cannot see, a line each; empty where there is none."""
    found = []
    for name in tables():
        try:
            frame = read(name)
            if name in ("observations", "facts"):
                found += [*cheap(name, frame), *faults.printed(name, frame)]
            found += shape(name, frame)
            if name == "article":
                digits = frame["printed"].str.contains(r"\d")  # a number in words is exact
                found += [*faults.numbers(name, frame, "value"),
                          *faults.printed(name, frame[digits].assign(kind="printed"))]
        except DataError as error:
            found += str(error).splitlines()
    try:
        found += [] if found else faults.corrections(*uncorrected(), KEY)
    except DataError as error:
        found += str(error).splitlines()
    return list(dict.fromkeys(found))


def shape(name, frame):
    """Faults of keys, order and dates, which every table is checked for.

    The key, and which of its columns are numbers, are those of datapackage.json.
    """
    said = schema(file(name))
    key = said.get("primaryKey", [])
    numeric = [field["name"] for field in said["fields"] if field.get("type") == "integer"]
    found = [*faults.duplicates(name, frame, key), *faults.order(name, frame, key, numeric)] \
        if key else []
    for column in ("date", "published", "read_on"):
        found += faults.dates(name, frame, column) if column in frame else []
    return found + (faults.precise(name, frame) if "precision" in frame else [])


def correct(frame, fixes):
    """Overlay corrections by key: the field's old text becomes the new one.

    Raises DataError with every correction that finds no row, or another old text than it says.
    """
    refuse(faults.corrections(frame, fixes, KEY))
    frame = frame.copy()
    for row, fix in zip(faults.found(frame, fixes, KEY), fixes.to_dict("records")):
        frame.at[row, fix["field"]] = fix["new"]
    return frame


def names():
    """Country code -> name as readers see it."""
    path = file("countries")
    return named(path, path.stat().st_mtime_ns).copy()


@lru_cache(maxsize=4)
def named(path, stamp):
    """What `names` gives, for a state of the file."""
    return parse(path, stamp).set_index("country")["name"].to_dict()
