"""The tables of data/: found, read, refused, corrected; a pick, the latest, the world, an origin."""

import difflib
import json
import os
import re
import textwrap
from functools import lru_cache
from pathlib import Path

import pandas as pd
from footnoted.hints import near
from footnoted.number import Number
from footnoted.running import root as study_root

from . import validation

KEY = ["country", "year", "date", "indicator", "source"]
WORLD = "UN193"
STUDIED = ("observations", "facts", "corrections", "indicators", "countries", "sources")
DIGITAL = ["digital", "internet", "cyber", "ict", "ai"]  # columns of debate.csv that are counted
COLUMNS = ["country", "name", "year", "date", "indicator", "value", "printed", "kind", "status",
           "source", "locator"]
CENTRAL_ASIA = ("KAZ", "KGZ", "TJK", "TKM", "UZB")
WHOLE_WORLD = 164  # of 193 UN members (85 %): with fewer, a median moves by who is missing
TITLE = 70  # letters of a page's title in an origin
LOOK_BACK = 3  # years: how old a value may be and still stand for a year of a case


class DataError(ValueError):
    """What is wrong with the tables, a line each."""


def root():
    """The folder data/: `DD_DATA`, else that of the study (see `footnoted.running.root`)."""
    folder = Path(os.environ.get("DD_DATA") or study_root() / "data")
    if not (folder / "datapackage.json").exists():
        raise DataError("no data/datapackage.json above this folder: "
                        "set DD_DATA to the study's folder data")
    return folder


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
    refuse(validation.encoding(path.stem, content))
    header, rows, ragged = validation.lines(path.stem, content.decode("utf-8-sig"))
    refuse(validation.columns(path.stem, header, fields(path)) or ragged)
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
    return [*validation.numbers(name, frame, "value"), *validation.years(name, frame, "year"),
            *validation.duplicates(name, frame, KEY), *validation.said(name, frame),
            *validation.unknown(name, frame, "country", [*names(), WORLD]),
            *validation.unknown(name, frame, "indicator", codebook.index),
            *validation.unknown(name, frame, "source", read("sources")["source"]),
            *validation.bounds(name, frame, codebook)]


def check():
    """All faults of data/ that frictionless cannot see, a line each; empty where there is none."""
    found = []
    for name in tables():
        try:
            frame = read(name)
            if name in ("observations", "facts"):
                found += [*cheap(name, frame), *validation.printed(name, frame)]
            found += shape(name, frame)
            if name == "article":
                digits = frame["printed"].str.contains(r"\d")  # a number in words is exact
                found += [*validation.numbers(name, frame, "value"),
                          *validation.printed(name, frame[digits].assign(kind="printed"))]
        except DataError as error:
            found += str(error).splitlines()
    try:
        found += [] if found else validation.corrections(*uncorrected(), KEY)
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
    found = [*validation.duplicates(name, frame, key), *validation.order(name, frame, key, numeric)] \
        if key else []
    for column in ("date", "published", "read_on"):
        found += validation.dates(name, frame, column) if column in frame else []
    return found + (validation.precise(name, frame) if "precision" in frame else [])


def correct(frame, fixes):
    """Overlay corrections by key: the field's old text becomes the new one.

    Raises DataError with every correction that finds no row, or another old text than it says.
    """
    refuse(validation.corrections(frame, fixes, KEY))
    frame = frame.copy()
    for row, fix in zip(validation.found(frame, fixes, KEY), fixes.to_dict("records")):
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


def pick(indicator, country=None, year=None, as_of=None, sources="preferred"):
    """The observations of an indicator from its preferred source, one a country and date.

    country, year: keep that one only; as_of: ISO date or year; only sources published by then;
    sources: "all" keeps every source's row, for a comparison of vintages.
    Returns a frame sorted by country, year and date with the columns of COLUMNS; `value` holds
    Numbers (dtype object). What is missing or not assessed has no row (see `missing`).
    Raises DataError for an unknown indicator or country, with the nearest name.

    >>> pick("internet_use", "KAZ", 2023)["printed"].item()
    '92.8785'
    """
    codebook = read("indicators").set_index("indicator")
    if indicator not in codebook.index:
        raise DataError(f"no indicator {indicator!r}{near(indicator, codebook.index)}")
    frame = observations()
    frame = frame[(frame["indicator"] == indicator) & frame["value"].notna()]
    frame = published(frame, as_of)
    frame = frame if sources == "all" else preferred(frame, indicator)
    if country is not None:
        frame = frame[frame["country"] == known(country)]
    if year is not None:
        frame = frame[frame["year"] == int(year)]
    frame = frame.sort_values(["country", "year", "date", "source"], ignore_index=True)
    frame["value"] = numbers(frame, codebook.loc[indicator])
    frame["name"] = frame["country"].map(names())
    return frame[COLUMNS]


def published(frame, as_of):
    """The rows whose source was published by a date (all where as_of is None).

    A source without a date counts from the day on which it was read.
    """
    if as_of is None:
        return frame
    if not re.fullmatch(r"\d{4}(-\d\d){0,2}", str(as_of)):
        raise DataError(f"as_of {as_of!r}: write a year or a date, such as 2024-09-30")
    sources = read("sources").set_index("source")
    dates = sources["published"].where(sources["published"] != "", sources["read_on"])
    admitted = dates[(dates != "") & (dates.str[:len(str(as_of))] <= str(as_of))].index
    return frame[frame["source"].isin(admitted)]


def preferred(frame, indicator):
    """One row a country and date: that of the first source whose years hold it.

    An indicator that `preferred` does not name keeps the rows of all its sources.
    """
    order = read("preferred").query("indicator == @indicator")
    if order.empty:
        return frame
    parts = []
    for choice in order.assign(order=order["order"].astype(int)).sort_values("order").itertuples():
        rows = frame[frame["source"] == choice.source]
        first, last = int(choice[order.columns.get_loc("from") + 1] or 0), int(choice.to or 9999)
        parts.append(rows[rows["year"].between(first, last)])
    return pd.concat(parts).drop_duplicates(["country", "year", "date"])


def numbers(frame, codes):
    """The rows as Numbers: unit and decimals of the codebook, interval of the printed text."""
    values = []
    # the surveys print a fifth decimal that is always 0: padding, not precision
    texts = frame["printed"].str.replace(r"(\.\d{4})0$", r"\1", regex=True) \
        if codes["unit"] == "index" else frame["printed"]
    for row, printed in zip(frame.itertuples(), texts):
        values.append(Number(row.value, codes["unit"], rows=(row.row,),
                             decimals=codes["decimals"] or None,
                             printed=printed if rounded(row.kind, codes["unit"]) else ""))
    return pd.Series(values, index=frame.index, dtype=object)


def rounded(kind, unit):
    """True where a printed text stands for all numbers that round to it: not for places."""
    return kind == "printed" and unit != "rank"


def recent(frame, year):
    """The rows that may stand for a year of a case: of that year or up to three years before."""
    return frame[frame["year"].between(int(year) - LOOK_BACK, int(year))]


def latest(frame, country, year):
    """The newest row of a country at or before a year, at most three years back, as a Number.

    frame: as `pick` gives it. Raises DataError where there is none, naming what there is.
    """
    rows = frame[(frame["country"] == known(country))]
    near_enough = recent(rows, year)
    if near_enough.empty:
        years = f"its years are {rows['year'].min()} to {rows['year'].max()}" if len(rows) \
            else "it has no value in any year"
        what = frame["indicator"].iloc[0] if len(frame) else "this indicator"
        raise DataError(f"{names()[country]} has no {what} at or up to {LOOK_BACK} years before "
                        f"{year}: {years}")
    return near_enough.sort_values(["year", "date"])["value"].iloc[-1]


def world(frame):
    """Quartiles and median over all UN members with a value, by year: plain floats.

    frame: as `pick` gives it. Returns year, low, median, high, n, source; no row for a year in
    which fewer than 164 of the 193 members have a value (a part of the world is not the world).
    """
    frame = frame.assign(value=frame["value"].astype(float))
    groups = frame.groupby("year")
    result = groups["value"].quantile([0.25, 0.5, 0.75]).unstack().set_axis(
        ["low", "median", "high"], axis=1)
    result["n"], result["source"] = groups.size(), groups["source"].first()
    return result[result["n"] >= WHOLE_WORLD].reset_index()


def missing(indicator=None, country=None):
    """The observations without a value, with the reason that each gives."""
    frame = observations()
    frame = frame[frame["value"].isna()]
    for column, wanted in (("indicator", indicator), ("country", country)):
        frame = frame if wanted is None else frame[frame[column] == wanted]
    return frame.assign(name=frame["country"].map(names())).sort_values(KEY, ignore_index=True)


def labels(column):
    """Codes of countries and indicators -> what a reader sees (`name` adds the unit)."""
    codebook = read("indicators")
    unit = codebook["unit"].map(lambda u: f", {u}" if u.startswith(("%", "per ", "Mbps")) else "")
    called = codebook[column] + (unit if column == "name" else "")
    return {**names(), **dict(zip(codebook["indicator"], called))}


def case(country, year, only=None):
    """Checks a chapter's parameters and gives the country's name.

    country: code of a UN member; year: 1990 to the newest year of the tables; only: the one
    country that the chapter argues about. Raises DataError with the mend.

    >>> case("KGZ", 2023)
    'Kyrgyzstan'
    """
    known(country)
    if only and country != only:
        raise DataError(f"this chapter argues about {names()[only]}: for {names()[country]} run "
                        f"notebooks/country-profile.ipynb -p country {country}, or "
                        f"make country COUNTRY={country}")
    newest = observations()["year"].max()
    if not isinstance(year, int) or not 1990 <= year <= newest:
        raise DataError(f"year {year!r} is not a year from 1990 to {newest}")
    return names()[country]


def two(countries):
    """The first two of a list of codes. Raises DataError where there are not two different ones.

    >>> two(["KAZ", "KGZ", "UZB"])
    ('KAZ', 'KGZ')
    """
    if isinstance(countries, str) or len(codes := list(dict.fromkeys(countries))) < 2:
        raise DataError(f"a comparison needs two countries or more, got {countries!r}: "
                        'write ["KAZ", "UZB"]')
    return known(codes[0]), known(codes[1])


def known(country):
    """The code itself. Raises DataError for a code that is no UN member's, with the nearest one."""
    codes = names()
    if country not in codes:
        by_name = {name: code for code, name in codes.items()}
        match = validation.nearest(str(country), codes) or difflib.get_close_matches(
            str(country), [*codes, *by_name], n=1, cutoff=0.6)
        hint = f": did you mean {by_name.get(match[0], match[0])!r}?" if match else \
            ": use the three letters of ISO 3166-1, such as KGZ"
        raise DataError(f"no UN member {str(country)!r}{hint}")
    return country


def origin(rowid):
    """A row id as one line for a reader: country, year, printed value, publisher, place.

    >>> origin("KAZ/2023/internet_use/gapminder_internet_users").partition(":")[0]
    'Kazakhstan, 2023, Internet use'
    """
    country, year, indicator, source = rowid.split("/", 3)
    if indicator.startswith("article:"):
        return article_origin(indicator.removeprefix("article:"))
    if indicator.startswith("claims:"):
        claim = read("claims").set_index("id").loc[indicator.removeprefix("claims:")]
        return f"claim of the article, p. {claim['page']}: {claim['statement']}"
    if indicator.startswith("speech:"):
        return speech_origin(country, year, indicator.removeprefix("speech:"), source)
    if indicator.startswith(("milestones:", "terms:")):
        return dated(*indicator.split(":", 1))[1]
    source, _, n = source.partition("#")
    label = "; ".join(as_read(part) for part in source.split("+"))
    what = read("indicators").set_index("indicator").loc[indicator, "label_short"]
    if n:
        return f"{n} UN members, {year}, {what} ({label})"
    row = lookup(rowid)
    printed = row["printed"] or f"{row['value']:,.10g}, {row['kind']}"
    status = f", {row['status']}" if row["status"] else ""
    return (f"{names().get(country, country)}, {year}, {what}: {printed}{status} "
            f"({label}; {row['locator']})")


def when(table, key):
    """The year of a dated row as a Number that remembers it.

    table: "milestones" (key: its id) or "terms" (key: "term, who"). Raises DataError for an
    unknown key, with the nearest one, and for a row without a year.

    >>> str(when("milestones", "kaz-information-infrastructure"))
    '2001'
    """
    row, told = dated(table, key)
    date = row.get("date") or row.get("year")
    if not date:
        raise DataError(f"{table}.csv: {key!r} has no year")
    rowid = f"{row.get('country', '')}/{date}/{table}:{key}/{row['source']}"
    return Number(int(date[:4]), "year", rows=(rowid,), how=told)


def dated(table, key):
    """A row of milestones or terms, and what it says as one line for a reader."""
    frame = read(table)
    keys = frame["id"] if table == "milestones" else frame["term"] + ", " + frame["who"]
    found = frame[keys == key]
    if found.empty:
        raise DataError(f"{table}.csv has no row {key!r}{near(key, keys)}")
    row = found.iloc[0]
    what = f"{row['date']}: {row['event']}" if table == "milestones" else f"{key}, {row['year']}"
    return row, f"{what} ({as_read(row['source'])}; {row['locator']})"


def lookup(rowid):
    """The observation with this row id. Raises DataError where there is none."""
    position = positions(*state()).get(rowid)
    if position is None:
        raise DataError(f"no observation {rowid}")
    return observed(*state()).iloc[position]


def article_origin(claim):
    """Where the article prints a number, as one line."""
    row = read("article").set_index("id").loc[claim]
    return f"article, p. {row['page']}, {row['place']}: “{row['printed']}” ({row['statement']})"


def speech_origin(country, years, code, source):
    """The statements that a share of a topic rests on, as one line.

    >>> speech_origin("KAZ", "2017-2024", "DIG", "ungdc_2024#8").partition(" (")[0]
    'Kazakhstan, 2017–2024, sentences on “Digital and cyber” in 8 statements at the UN'
    """
    source, _, n = source.partition("#")
    who = names().get(country, "the five Central Asian states")
    what = "all sentences"
    if code != "ALL":
        what = f"sentences on “{read('topics').set_index('code').loc[code, 'name']}”"
    return (f"{who}, {years.replace('-', '–')}, {what} in {n} statements at the UN "
            f"({citation(source)}; tables statements and sentences)")


def citation(source):
    """A source as a short label: publisher and vintage."""
    row = read("sources").set_index("source").loc[source]
    return f"{row['publisher']} {row['vintage']}".strip()


def as_read(source):
    """A source as the copy that was read: publisher, vintage, and the file or the page's title.

    A file without a sha256 is not held: its cells were copied by look-up.

    >>> as_read("undesa_egdi_2022"), as_read("memo98_2021")
    ('UN DESA 2022, file EGOV_DATA_2022.csv', 'MEMO 98 2021, “Kazakh elections in social media”')
    """
    row = read("sources").set_index("source").loc[source]
    held = "" if row["sha256"] else ", not held: copied by look-up"
    title = textwrap.shorten(row["title"], TITLE, placeholder=" …")
    where = f"file {row['path'].rpartition('/')[2]}{held}" if row["path"] else f"“{title}”"
    return f"{citation(source)}, {where}"


def source_card(source):
    """What the references print of a source."""
    row = read("sources").set_index("source").loc[source]
    return {"publisher": row["publisher"], "title": row["title"], "year": row["vintage"],
            "url": row["publisher_url"], "accessed": row["read_on"], "licence": row["licence"],
            "copy_kind": row["copy_kind"], "copy_url": row["copy_url"]}
