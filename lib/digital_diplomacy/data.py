"""The tables of data/: found, read, corrected; a pick, the newest value, the world, an origin."""

import contextlib
import datetime
import functools
import hashlib
import inspect
import itertools
import json
import math
import os
import re
import textwrap
from fractions import Fraction
from pathlib import Path

import pandas as pd

from footnoted import reads
from footnoted.hints import near, nearest
from footnoted.number import COUNTED, PERCENT, Number, sources_of
from footnoted.numerals import interval
from footnoted.running import root as study_root

from .files import MEND_JSON, DataError, csv_lines, decoded, hidden, ragged, refuse

KEY = ["country", "year", "date", "indicator", "source"]
WORLD = "UN193"
DIGITAL = ["digital", "internet", "cyber", "ict", "ai"]  # columns of debate.csv that are counted
COLUMNS = ["country", "name", "year", "date", "indicator", "value", "printed", "kind", "status",
           "source", "locator"]
CENTRAL_ASIA = ("KAZ", "KGZ", "TJK", "TKM", "UZB")
MOST = 5  # countries in a comparison: so many looks of lines can be told apart
MEMBERS = 193  # of the UN
WHOLE_WORLD = 164  # of the UN members (85 %): with fewer, a median moves by who is missing
TITLE_LENGTH = 70  # letters of a page's title in an origin
COUNTED.update(("accounts", "subscriptions", "connections", "interactions"))  # as persons are
PERCENT.add("per 100 people")
FIRST_YEAR = 1990  # hardly anyone was online before
LOOK_BACK = 3  # years: how old a value may be and still stand for a year of a case
PLAIN_NUMBER = re.compile(r"-?\d+(\.\d+)?(e[+-]?\d+)?", re.IGNORECASE | re.ASCII)
NO_NUMBER = "is not a number: write digits with a decimal point and no unit, such as 1234.5"
WITH_ARTICLE = re.compile("Republic|United|Islands|Bahamas|Comoros|Gambia|Maldives|Netherlands|"
                          "Philippines")  # of names: in a sentence "the" stands before them
NO_WHOLE_NUMBER = "is not a whole number: write digits only"


# The folder, and what is kept while nothing in it changes

def root():
    """The folder data/: `DD_DATA`, else that of the study (see `footnoted.running.root`).

    Raises DataError where it has no datapackage.json.
    """
    folder = Path(os.environ.get("DD_DATA") or study_root() / "data")
    if not (folder / "datapackage.json").exists():
        raise DataError("no data/datapackage.json above this folder: "
                        "set DD_DATA to the study's folder data")
    return folder


def cached_by_tables(function):
    """The function, its results kept until a file of data/ changes: for what is read from tables.

    Arguments must be hashable. A frame is given as a copy, other results are shared.
    """
    kept = {}  # folder -> (its state, {arguments: result})
    signature = inspect.signature(function)

    def call_of(arguments, options):
        bound = signature.bind(*arguments, **options)
        bound.apply_defaults()
        return tuple(bound.arguments.values())

    @functools.wraps(function)
    def cached(*arguments, **options):
        with held_state() as (folder, state):
            if folder not in kept or kept[folder][0] != state:
                kept[folder] = (state, {})
            results, call = kept[folder][1], call_of(arguments, options)
            if call not in results:
                with reads.apart() as parts:
                    results[call] = function(*arguments, **options), parts
        result, parts = results[call]
        reads.note(*parts)  # whoever finds the result rests on what it was made of
        # pandas copies a column when it is written to
        return result.copy(deep=False) if isinstance(result, pd.DataFrame) else result

    return cached


states = []  # the folder and its state, as the outermost cached call found them


@contextlib.contextmanager
def held_state():
    """The folder data/ and the state of its files; what is called meanwhile does not look again."""
    if states:
        yield states[0]
        return
    folder = root()
    with os.scandir(folder) as files:
        state = {(file.name, found.st_mtime_ns, found.st_size)
                 for file in files for found in [file.stat()]}
    states.append((folder, state))
    try:
        yield states[0]
    finally:
        states.clear()


@cached_by_tables
def package():
    """What datapackage.json says of the tables. Raises DataError where it is no JSON."""
    reads.note("package")
    try:
        return json.loads((root() / "datapackage.json").read_text(encoding="utf-8"))
    except ValueError as error:
        raise DataError(f"datapackage.json: {error}: {MEND_JSON}") from None


def schemas():
    """Table -> its fields and key, as datapackage.json describes them."""
    return {Path(one["path"]).stem: one["schema"] for one in package()["resources"]}


def field_types(table):
    """Column -> type (string, number, integer, date) of a table, in the order of its header."""
    return {field["name"]: field["type"] for field in schemas()[table]["fields"]}


def tables():
    """Names of the tables that data/ holds; hidden files of a system are none."""
    return sorted(path.stem for path in root().glob("*.csv") if not hidden(path.name))


# Reading: a table is parsed or refused; what else may be wrong with it, `validation` knows

@cached_by_tables
def read(table):
    """One table of data/ as text: every cell a str, nothing read as missing.

    Raises DataError, a line each, where there is no such table (with the nearest name), or where
    the file cannot be read: not described, empty, not UTF-8, wrong columns, ragged lines.

    >>> read("countries").columns[0]
    'country'
    """
    path = root() / f"{table}.csv"
    reads.note(f"table:{table}")
    if table not in schemas():
        raise DataError(f"{table}.csv is not described: add it to data/datapackage.json"
                        if path.exists() else
                        f"no table {table!r} in data/{near(table, tables())}")
    content = path.read_bytes() if path.exists() else b""
    if not content.strip():
        raise DataError(f"{table}.csv is empty or gone: restore it (git checkout data/{table}.csv)")
    lines = csv_lines(decoded(content, path.name), path.name)
    header = lines[0][1]
    refuse(header_fault(path.name, header, list(field_types(table))) or ragged(lines, path.name))
    return pd.DataFrame([row for _, row in lines[1:]], columns=header, dtype=str)


def header_fault(file, header, expected):
    """The first column that is not the one described at its place, as a list of at most one line.

    >>> header_fault("facts.csv", ["country", "valeu"], ["country", "value"])
    ["facts.csv: 'valeu' stands where the column 'value' belongs: its columns are country,value"]
    """
    for name, mark in (("semicolons", ";"), ("tabs", "\t")):
        if len(header) == 1 and mark in header[0]:
            return [f"{file}: {name} between the cells: save it with commas"]
    return [f"{file}: {found!r} stands where {f'the column {wanted!r}' if wanted else 'no column'} "
            f"belongs: its columns are {','.join(expected)}"
            for found, wanted in itertools.zip_longest(header, expected, fillvalue="")
            if found != wanted][:1]


def is_plain_number(text):
    """True where a text is digits with at most a sign, a decimal point and an exponent.

    >>> [is_plain_number(text) for text in ("-1.5e3", "1,234", "inf", " 12", "1_000", "٢٠", "5.")]
    [True, False, False, False, False, False, False]
    """
    return bool(PLAIN_NUMBER.fullmatch(text)) and math.isfinite(float(text))


def is_whole_number(text):
    """True where a text is digits with at most a sign."""
    return bool(re.fullmatch(r"-?[0-9]+", text))


def is_date(text):
    """True where a text is a year, a month or a day that the calendar has.

    >>> is_date("2020-02-29"), is_date("2019-02-29"), is_date("2017-1")
    (True, False, False)
    """
    if not re.fullmatch(r"\d{4}(-\d\d){0,2}", text, re.ASCII):
        return False
    try:
        datetime.date.fromisoformat(text + "-01-01"[len(text) - 4:])  # what a shorter one lacks
    except ValueError:
        return False
    return True


def number_faults(table, frame, column, whole=False):
    """Faults of cells that should be plain numbers or empty: 1,234, 250 %, inf, text."""
    right, fault = (is_whole_number, NO_WHOLE_NUMBER) if whole else (is_plain_number, NO_NUMBER)
    wrong = [text for text in frame[column].unique() if text and not right(text)]
    return [f"{location(table, i, column)}: {text!r} {fault}"
            for i, text in frame.loc[frame[column].isin(wrong), column].items()]


def location(table, index, column):
    """File, line and column of a cell: the header is line 1."""
    return f"{table}.csv line {index + 2}, {column}"


# Observations

@cached_by_tables
def observations():
    """All observations, from files and from pages, corrections applied: value is float or NaN.

    Raises DataError with every number that is none, and every correction that does not fit.
    """
    frame, fixes, fixed = uncorrected(), read("corrections"), {}
    refuse([*observed_number_faults(), *correction_faults(frame, fixes)])
    for i, fix in zip(rows_to_correct(frame, fixes), fixes.to_dict("records")):
        frame.at[i, fix["field"]] = fix["new"]
        fixed.setdefault(i, set()).add(fix["field"])
    for i, fields in fixed.items():
        if "value" in fields and "printed" not in fields and frame.at[i, "kind"] == "printed":
            frame.at[i, "kind"] = "corrected"  # its printed text is the misprint
    frame["value"] = pd.to_numeric(frame["value"])
    frame["year"] = frame["year"].where(frame["year"] != "", "0").astype(int)
    frame["row"] = (frame["country"] + "/" + frame["date"].where(
        frame["date"] != "", frame["year"].astype(str))
        + "/" + frame["indicator"] + "/" + frame["source"])
    return frame


def observed_tables():
    """The tables that hold observations: a study may do without counts of the UN debate."""
    return ["observations", "facts", *(["debate"] if (root() / "debate.csv").exists() else [])]


def uncorrected():
    """Observations, facts and debate counts as their tables have them: a frame of text."""
    parts = [debate_observations(read(name)) if name == "debate" else read(name)
             for name in observed_tables()]
    return pd.concat(parts, ignore_index=True).fillna("")


def observation_places():
    """Table and line of each of the `observations`, in their order."""
    return [(name, line) for name in observed_tables()
            for _ in (("debate_words", "debate_digital") if name == "debate" else (name,))
            for line in range(2, len(read(name)) + 2)]


def observed_number_faults():
    """Faults of years, values and counts that are no numbers: who reads has not validated yet."""
    frames = {name: read(name) for name in observed_tables()}
    return [line for name, frame in frames.items()
            for column in ("year", "value", "words", *DIGITAL) if column in frame
            for line in number_faults(name, frame, column, whole=column != "value")]


def debate_observations(frame):
    """debate.csv as observations: words, and the sum of the five counts of digital words."""
    known = frame["missing"] == ""  # else every count is blank
    total = frame[DIGITAL].apply(pd.to_numeric, errors="coerce").sum(axis=1)
    values = {"debate_words": frame["words"],
              "debate_digital": total.map("{:.0f}".format).where(known, "")}
    parts = [frame.assign(indicator=name, value=value) for name, value in values.items()]
    kept = ["country", "year", "indicator", "value", "source", "locator", "missing"]
    return pd.concat(parts, ignore_index=True)[kept].assign(
        date="", printed="", kind="computed", status="")


def rows_to_correct(frame, fixes):
    """Where each correction finds its row of a frame; None where it finds none."""
    position = {row: i for i, row in enumerate(zip(*(frame[column].tolist() for column in KEY)))}
    return [position.get(row) for row in zip(*(fixes[column] for column in KEY))]


def correction_faults(frame, fixes):
    """Faults of corrections: no such row, another old text, or a new value that is no number."""
    faults = []
    for row, (i, fix) in zip(rows_to_correct(frame, fixes), fixes.iterrows()):
        old = None if row is None or fix["field"] not in frame else frame.at[row, fix["field"]]
        if old != fix["old"]:
            faults.append(f"{location('corrections', i, 'field')}: no observation "
                          f"{'/'.join(fix[column] for column in KEY)} whose {fix['field']} is "
                          f"{fix['old']!r}: mend the key or delete the correction")
    return faults + number_faults("corrections", fixes[fixes["field"] == "value"], "new")


@cached_by_tables
def row_positions():
    """Row id -> position in `observations`."""
    return {row: i for i, row in enumerate(observations()["row"])}


def observation(rowid):
    """The observation with this row id. Raises DataError where there is none."""
    with reads.apart():  # of all observations it rests on those of its indicator and source
        position, frame = row_positions().get(rowid), observations()
    if position is None:
        raise DataError(f"no observation {rowid}")
    row = frame.iloc[position]
    reads.note(f"observations:{row['indicator']}:{row['source']}")
    return row


@cached_by_tables
def names():
    """Country code -> name as readers see it."""
    return {code: row["name"] for code, row in rows_by("countries", "country").items()}


@cached_by_tables
def rows_by(table, column):
    """The rows of a table by a column that no two of them share: {text: {column: text}}."""
    return {row[column]: row for row in read(table).to_dict("records")}


def pick(indicator, country=None, year=None, as_of=None, sources="preferred", with_missing=False):
    """The observations of an indicator from its preferred source, one a country and date.

    country, year: keep that one only; as_of: ISO date or year; only sources published by then;
    sources: "all" keeps every source's row, for a comparison of vintages; with_missing: also a row
    for each cell without a value, as a Number that says why: the reason of the tables, or that its
    source was published after `as_of`. Else what is missing or not assessed has no row.
    Returns a frame sorted by country, year and date with the columns of COLUMNS; `value` holds
    Numbers (dtype object). Raises DataError for an unknown indicator or country, with the nearest
    name, and for an `as_of` that is no date.

    >>> pick("internet_use", "KAZ", 2023)["printed"].item()
    '92.8785'
    """
    codebook = rows_by("indicators", "indicator")
    if indicator not in codebook:
        raise DataError(f"no indicator {indicator!r}{near(indicator, codebook)}")
    frame = selected(indicator, as_of, sources == "all", with_missing)
    if country is not None:
        frame = frame[frame["country"] == known(country)]
    if year is not None:
        frame = frame[frame["year"] == int(year)]
    frame = frame.reset_index(drop=True)
    frame["value"] = as_numbers(frame, codebook[indicator])
    return frame[COLUMNS]


@cached_by_tables
def selected(indicator, as_of, all_sources, with_missing):
    """The rows of `pick` for all countries and years, sorted; `value` as the tables have it."""
    with reads.apart():
        every = observations_by_indicator().get(indicator, observations()[:0])
    chosen = [] if all_sources else rows_of_choice(indicator)["source"]
    reads.note(*(f"observations:{indicator}:{source}" for source in chosen)
               if len(chosen) else (f"observations:{indicator}",))
    frame = published(every[every["value"].notna()], as_of)
    frame = frame if all_sources else preferred(frame, indicator)
    if with_missing:
        reads.note(f"missing:{indicator}")
        frame = with_reasons(frame, every, indicator, as_of)
    frame = frame.sort_values(["country", "year", "date", "source"], ignore_index=True)
    return frame.assign(name=frame["country"].map(names()))


@cached_by_tables
def observations_by_indicator():
    """Indicator -> its observations, in the tables' order."""
    return dict(list(observations().groupby("indicator", sort=False)))


def with_reasons(held, every, indicator, as_of):
    """The rows that count, and one without a value for each other country and date that is known.

    every: all observations of the indicator. `missing` is the reason that the tables give, of
    several the last; a value that was published after `as_of` has that as its reason, and no
    source.
    """
    cell = ["country", "year", "date"]
    valued = every["value"].notna()
    later = preferred(every[valued], indicator).assign(
        value=math.nan, printed="", status="", source="", locator="", row="",
        missing=f"its source was published after {as_of}")
    rows = pd.concat([every[~valued], later]).drop_duplicates(cell, keep="last")
    return pd.concat([held, rows[~rows.set_index(cell).index.isin(held.set_index(cell).index)]])


def published(frame, as_of):
    """The rows whose source was published by a date (all where as_of is None).

    A source without a date counts from the day on which it was read. Raises DataError for what is
    no date.
    """
    return frame if as_of is None else frame[frame["source"].isin(admitted(as_of))]


@cached_by_tables
def admitted(as_of):
    """The sources that were published by a date. Raises DataError for what is no date."""
    if not is_date(str(as_of)):
        raise DataError(f"as_of {as_of!r}: write a year or a date, such as 2024-09-30")
    sources = read("sources").set_index("source")
    dates = sources["published"].where(sources["published"] != "", sources["read_on"])
    return frozenset(dates[(dates != "") & (dates.str[:len(str(as_of))] <= str(as_of))].index)


def preferred(frame, indicator):
    """One row a country and date: that of the first source whose years hold it.

    An indicator that `preferred` does not name keeps the rows of all its sources.
    """
    choices = rows_of_choice(indicator)
    if choices.empty:
        return frame
    parts = []
    for choice in choices.sort_values("order", key=pd.to_numeric).to_dict("records"):
        years = frame["year"].between(int(choice["from"] or 0), int(choice["to"] or 9999))
        parts.append(frame[(frame["source"] == choice["source"]) & years])
    return pd.concat(parts).drop_duplicates(["country", "year", "date"])


@cached_by_tables
def rows_of_choice(indicator):
    """The rows of `preferred` of an indicator."""
    rows = read("preferred")
    return rows[rows["indicator"] == indicator]


def as_numbers(frame, codes):
    """The rows as Numbers: unit and decimals of the codebook, interval of the printed text."""
    unit, decimals = codes["unit"], codes["decimals"] or None
    ends = [float(codes[end]) if codes[end] else None for end in ("low", "high")]
    # the surveys print a fifth decimal that is always 0: padding, not precision
    texts = frame["printed"].str.replace(r"(\.\d{4})0$", r"\1", regex=True) \
        if unit == "index" else frame["printed"]
    values = []
    columns = [frame[name].tolist() for name in ("value", "row", "missing", "kind")]
    for value, row, missing, kind, printed in zip(*columns, texts.tolist()):
        printed = printed if is_rounded(kind, unit) else ""
        low, high = within_bounds(value, printed, *ends)
        values.append(Number(value, unit, low, high, (row,) if row else (), decimals, missing,
                             printed))
    return pd.Series(values, index=frame.index, dtype=object)


def within_bounds(value, printed, least, most):
    """The interval of a printed number at an end of its scale, which it does not leave.

    least, most: the scale's ends, or None. (None, None) for any other number: its interval follows
    from its print, and no rounding reaches an end.

    >>> [float(end) for end in within_bounds(0.0, "0.0", 0, 100)], within_bounds(4.5, "4.5", 0, 100)
    ([0.0, 0.05], (None, None))
    """
    if not printed or value not in (least, most):
        return None, None
    low, high = interval(printed, value)
    return (low if least is None else max(low, Fraction(least)),
            high if most is None else min(high, Fraction(most)))


def is_rounded(kind, unit):
    """True where a printed text stands for all numbers that round to it: not for ranks."""
    return kind == "printed" and unit != "rank"


def recent(frame, year):
    """The rows that may stand for a year of a case: of that year or up to three years before."""
    return frame[frame["year"].between(int(year) - LOOK_BACK, int(year))]


def latest(frame, country, year):
    """The newest row of a country at or before a year, at most three years back, as a Number.

    frame: as `pick` gives it. Where there is none, the Number has no value and says why. Raises
    DataError for an unknown country.

    >>> str(latest(pick("egdi"), "TJK", 2004))
    'none in 2004: not assessed in this survey'
    """
    own = frame[frame["country"] == known(country)]
    rows = recent(own, year)
    if rows.empty:
        indicator = frame["indicator"].iloc[0] if len(frame) else ""
        return no_value(own, indicator, country, year)
    return rows.sort_values(["year", "date"])["value"].iloc[-1]


def no_value(own, indicator, country, year):
    """A Number without a value that says why a country has none for a year of a case.

    own: its rows of the indicator, as `pick` gives them. The reason is that of the tables, in that
    year or up to three years before; where they have none, which years have a value. Where own is
    empty and the tables have values, these were left out.
    """
    reasons = recent(missing(indicator, country), year)["missing"]
    if len(reasons):
        return none_in(year, reasons.iloc[-1])
    before = own.loc[own["year"] <= int(year), "year"]
    if own.empty:
        held = bool(indicator) and (pick(indicator)["country"] == country).any()
        return none_in(year, "its values are not used here" if held else "no value in any year")
    return none_in(year, f"the newest is of {before.max()}" if len(before) else
                   f"the first is of {own['year'].min()}")


def none_in(year, reason=""):
    """A Number without a value, which says so, and why where a reason is known."""
    return Number(math.nan, how=f"none in {year}" + (f": {reason}" if reason else ""))


def wide(frame, of=None):
    """Rows of one indicator as a table of Numbers, a row a year and a column a country.

    frame: as `pick` gives it; a year in which no country has a value has a row where it was picked
    with_missing. of: the countries wanted, in their order; one without a row is missing in each
    year. What is missing says why.

    >>> str(wide(pick("egdi").query("year < 2005"), of=["TJK"])["TJK"][2003])
    'none in 2003: not assessed in this survey'
    >>> use = pick("internet_use", as_of="2024-06-30", with_missing=True)
    >>> str(wide(use, of=["KAZ"])["KAZ"][2023])
    'none in 2023: its source was published after 2024-06-30'
    """
    table = frame.pivot(index="year", columns="country", values="value")
    table = table.reindex(columns=table.columns if of is None else of).astype(object)
    reasons = pd.concat([missing(one) for one in frame["indicator"].unique()] or [missing()[:0]])
    reasons = reasons.groupby(["year", "country"])["missing"].last()
    for country in table:
        for year in table.index[table[country].isna()]:
            own = getattr(table.at[year, country], "how", "")
            table.at[year, country] = none_in(year, own or reasons.get((year, country), ""))
    return table


def world(frame):
    """Quartiles and median over all UN members with a value, by year: plain floats.

    frame: as `pick` gives it. Returns year, low, median, high, n, source, rows (the row id of the
    selection); no row for a year in which fewer than 164 of the 193 members have a value (a part
    of the world is not the world).
    """
    years = frame.assign(value=frame["value"].astype(float)).groupby("year")
    quartiles = {name: years["value"].quantile(share)
                 for name, share in (("low", 0.25), ("median", 0.5), ("high", 0.75))}
    result = pd.DataFrame({**quartiles, "n": years.size(), "source": years["source"].first()})
    result["rows"] = [world_rowid(section) for _, section in years]
    return result[result["n"] >= WHOLE_WORLD].reset_index()


def world_rowid(section):
    """The row id of a cross-section of observations: a selection of so many UN members.

    section: rows of one year and indicator as `pick` gives them.
    """
    year, indicator = section[["year", "indicator"]].iloc[0]
    sources = "+".join(sorted(set(section["source"])))
    return f"{WORLD}/{year}/{indicator}/{sources}#{section['country'].nunique()}"


def missing(indicator=None, country=None):
    """The observations without a value, with the reason that each gives."""
    with reads.apart():
        frame = observations()
    reads.note("missing" if indicator is None else f"missing:{indicator}")
    frame = frame[frame["value"].isna()]
    for column, wanted in (("indicator", indicator), ("country", country)):
        frame = frame if wanted is None else frame[frame[column] == wanted]
    return frame.assign(name=frame["country"].map(names())).sort_values(KEY, ignore_index=True)


def absences():
    """What was looked for and not found: the table of absences by id, with `values`.

    values: how many values of observations and facts contradict the sentence, by its indicators.
    The Number rests on the entry: the note of a link to it says where was looked.

    >>> str(absences().loc["ministry-staff", "values"])
    '0'
    """
    frame = read("absences").set_index("id")
    with reads.apart():
        held = observations().dropna(subset=["value"])["indicator"].value_counts()
    reads.note(*(f"observations:{one}" for one in set(" ".join(frame["indicators"]).split())))
    values = {name: Number(sum(int(held.get(one, 0)) for one in row["indicators"].split()),
                           decimals=0, rows=(f"/{row['date']}/absences:{name}/{row['source']}",))
              for name, row in frame.iterrows()}
    return frame.assign(values=pd.Series(values, dtype=object))


def as_quoted(indicators, country):
    """What sources quote of a country, for a reader: What is counted, When, Number, Source.

    indicators: in the order wanted. The index holds indicator and year, so that a link can name a
    row. Rows are as `pick` has them, a status beside what is counted; what nobody quoted has none.

    >>> as_quoted(["tweets_per_day"], "UZB").index.tolist()
    ['tweets_per_day 2014', 'tweets_per_day 2015']
    """
    rows = pd.concat([pick(one, country) for one in indicators])
    years = rows["year"].astype(str)
    status = (" (" + rows["status"] + ")").where(rows["status"] != "", "")
    table = pd.DataFrame({"What is counted": rows["indicator"].map(labels("name")) + status,
                          "When": rows["date"].where(rows["date"] != "", years),
                          "Number": rows["value"], "Source": rows["source"].map(citation)})
    return table.set_axis(rows["indicator"] + " " + years)


@cached_by_tables
def labels(column):
    """Codes of countries and indicators -> what a reader sees (`name` adds the unit)."""
    codebook = read("indicators")
    unit = codebook["unit"].map(lambda u: f", {u}" if u.startswith(("%", "per ", "Mbps")) else "")
    called = codebook[column] + (unit if column == "name" else "")
    return {**names(), **dict(zip(codebook["indicator"], called))}


def in_sentence(name):
    """The name of a country as it stands within a sentence.

    >>> in_sentence("United States"), in_sentence("The Gambia"), in_sentence("Kazakhstan")
    ('the United States', 'the Gambia', 'Kazakhstan')
    """
    name = name.removeprefix("The ")
    return f"the {name}" if WITH_ARTICLE.search(name) else name


def case(country, year):
    """Checks a chapter's parameters and gives the country's name, as `in_sentence` does.

    country: code of a UN member; year: 1990 to the newest year of the tables. Raises DataError with
    the mend.

    >>> case("KGZ", 2023)
    'Kyrgyzstan'
    """
    known(country)
    first, newest = years()
    if not isinstance(year, int) or not first <= year <= newest:
        raise DataError(f"year {year!r} is not a year from {first} to {newest}")
    return in_sentence(names()[country])


def years():
    """The first and the last year that a chapter may be run for: 1990, the newest of the tables."""
    reads.note("newest year")
    with reads.apart():
        return FIRST_YEAR, observations()["year"].max()


def digests():
    """The digest of each part of the tables that a run may note: {part: text}.

    Of a table its file's; of observations, corrections applied, those of the rows of an indicator,
    of an indicator and source, and of what is missing.
    """
    found = {f"table:{name}": hashlib.sha256((root() / f"{name}.csv").read_bytes()).hexdigest()
             for name in tables()}
    described = [{key: value for key, value in one.items() if key not in ("hash", "bytes")}
                 for one in package()["resources"]]
    found["package"] = hashlib.sha256(json.dumps(described).encode()).hexdigest()
    found["newest year"] = str(years()[1])
    frame = row_digests()
    missing = frame["missing"]
    found["missing"] = rows_digest(frame.loc[missing, "digest"])
    for kind, held in (("observations", missing | ~missing), ("missing", missing)):
        for keys in (["indicator"], ["indicator", "source"]):
            for names, part in frame[held].groupby(keys)["digest"]:
                found[":".join([kind, *names])] = rows_digest(part)
    return found


@cached_by_tables
def row_digests():
    """Each observation, corrections applied, by its key: whether it has no value, and a digest of
    all that it holds, a whole number of 64 bits."""
    frame = observations()
    return frame[KEY].assign(missing=frame["value"].isna(),
                             digest=pd.util.hash_pandas_object(frame, index=False))


def changed_rows(before, now):
    """The rows of two frames of `row_digests` that only one of them has.

    >>> before = pd.DataFrame({"country": ["KAZ", "UZB"], "digest": [1, 2]})
    >>> changed_rows(before, before.assign(digest=[1, 3])).to_dict("list")
    {'country': ['UZB', 'UZB'], 'digest': [2, 3]}
    """
    return pd.concat([before, now], ignore_index=True).drop_duplicates(keep=False,
                                                                       ignore_index=True)


def rows_digest(hashes):
    """One digest of the hashes of rows, in their order."""
    return hashlib.sha256(hashes.to_numpy().tobytes()).hexdigest()


def two(countries):
    """The first two of a list of codes. Raises DataError where there are not two different ones,
    or more than the figures can tell apart.

    >>> two(["KAZ", "KGZ", "UZB"])
    ('KAZ', 'KGZ')
    """
    codes = [] if isinstance(countries, str) else list(dict.fromkeys(countries))
    if not 2 <= len(codes) <= MOST:
        raise DataError(f"a comparison needs two countries or more, {MOST} at most, got "
                        f'{countries!r}: write ["KAZ", "UZB"]')
    first, second, *_ = map(known, codes)
    return first, second


def region(countries):
    """The states among which the first two of a list are shown, those two first.

    All five of Central Asia where each of the list is one of them, else the list.

    >>> region(["UZB", "KAZ"]), region(["DEU", "FRA"])
    (['UZB', 'KAZ', 'KGZ', 'TJK', 'TKM'], ['DEU', 'FRA'])
    """
    codes = list(dict.fromkeys(map(known, countries)))
    return list(dict.fromkeys([*codes, *CENTRAL_ASIA])) if set(codes) <= set(CENTRAL_ASIA) \
        else codes


def survey(year):
    """The newest e-government survey of the UN up to a year; before the first, the first.

    >>> survey(2023), survey(1999)
    (2022, 2003)
    """
    years = sorted(set(pick("egdi")["year"]))
    return int(max([when for when in years if when <= year], default=years[0]))


def known(country):
    """The code itself. Raises DataError for a code that is no UN member's, with the nearest one."""
    codes = names()
    if country not in codes:
        by_name = {name: code for code, name in codes.items()}
        meant = nearest_code(str(country), codes) or nearest(str(country), [*codes, *by_name])
        hint = f"did you mean {by_name.get(meant, meant)!r}?" if meant else \
            "use the three letters of ISO 3166-1, such as KGZ"
        raise DataError(f"no UN member {str(country)!r}: {hint}")
    return country


def nearest_code(text, codes):
    """The nearest code of a country that begins with the same two letters, or None.

    >>> nearest_code("KAX", ["LKA", "KAZ", "KGZ"]), nearest_code("XYW", ["KAZ"])
    ('KAZ', None)
    """
    return nearest(text.upper(), [code for code in codes if code[:2] == text[:2].upper()])


@cached_by_tables
def origin(rowid):
    """A row id as one line for a reader: country, year, printed value, publisher, place.

    >>> origin("KAZ/2023/internet_use/gapminder_internet_users").partition(":")[0]
    'Kazakhstan, 2023, Internet use'
    """
    country, year, indicator, source = rowid.split("/", 3)
    if indicator.startswith("article:"):
        return article_origin(indicator.removeprefix("article:"))
    if indicator.startswith("claims:"):
        claim = rows_by("claims", "id")[indicator.removeprefix("claims:")]
        return f"claim of the article, p. {claim['page']}: {claim['statement']}"
    if indicator.startswith("absences:"):
        return absence_origin(indicator.removeprefix("absences:"))
    if indicator.startswith("speech:"):
        return speech_origin(country, year, indicator.removeprefix("speech:"), source)
    if indicator.partition(":")[0] in SAYS:
        return dated(*indicator.split(":", 1))[1]
    label, n = "; ".join(map(as_read, sources_of(rowid))), rowid.partition("#")[2]
    what = rows_by("indicators", "indicator")[indicator]["label_short"]
    if n and country != WORLD:
        return (f"{names()[country]}, {year.replace('-', '–')}, {what} in {n} statements at the UN "
                f"({label})")
    if n:
        return f"{n} UN members, {year}, {what} ({label})"
    row = observation(rowid)
    return (f"{names().get(country, country)}, {year}, {what}: {as_printed(row)} "
            f"({label}; {row['locator']})")


def as_printed(row):
    """What a source prints for an observation, with its status; computed and corrected are said.

    >>> as_printed({"missing": "", "printed": "", "value": 12.5, "kind": "computed", "status": ""})
    '12.5, computed'
    """
    text = row["missing"] or row["printed"] or f"{row['value']:,.10g}, {row['kind']}"
    if row["kind"] == "corrected":
        text = f"{row['value']:,.10g}, corrected from the printed {row['printed']}"
    return text + (f", {row['status']}" if row["status"] else "")


# Tables whose rows have a date and no value -> the column that says what a row is about
SAYS = {"milestones": "event", "recommendations": "statement", "sources": "title", "terms": ""}


def when(table, key):
    """The year of a dated row as a Number that remembers it.

    table: one of SAYS; key: the row's id, of a term "term, who", of a source its name. Raises
    DataError for an unknown key, with the nearest one, and for a row without a year.

    >>> str(when("milestones", "kaz-information-infrastructure"))
    '2001'
    """
    row, label = dated(table, key)
    if not date_of(row):
        raise DataError(f"{table}.csv: {key!r} has no year")
    return Number(int(date_of(row)[:4]), "year", rows=(dated_rowid(table, row),), how=label)


def dated_years(table, rows):
    """The years of some rows of a dated table as Numbers, by their index.

    A row without a year gives a missing Number; a frame of them is then sorted with it last.

    >>> dated_years("terms", read("terms").query("who == 'W. Dizard'")).map(str).tolist()
    ['2001']
    """
    years = []
    for row in rows.to_dict("records"):
        date = date_of(row)
        years.append(Number(int(date[:4]) if date else math.nan, "year",
                            rows=(dated_rowid(table, row),), how="" if date else "undated"))
    return pd.Series(years, index=rows.index, dtype=object)


def count_rows(table, rows, holds):
    """For how many rows of a dated table a condition holds; it rests on all that were asked.

    table: one of SAYS; rows: some of its rows; holds: Series of bool with their index. A row
    without a year counts as the others do. Raises ValueError where the index differs.

    >>> terms = read("terms").head(2)
    >>> count = count_rows("terms", terms, terms["year"] == "2003")
    >>> str(count), count.how, len(count.rows)
    ('1', 'of 2', 2)
    """
    if not rows.index.equals(holds.index):
        raise ValueError(f"a condition on {len(rows)} rows of {table} needs their index")
    return Number(int(holds.sum()), decimals=0, how=f"of {len(rows)}",
                  rows=[dated_rowid(table, row) for row in rows.to_dict("records")])


def dated_rowid(table, row):
    """What a Number names as its row where it rests on a row of a dated table.

    What the table does not have, or the row has not, is blank: a country, a year. A row about a
    source rests on no source.

    >>> dated_rowid("milestones", {"country": "UZB", "date": "2019", "id": "law", "source": "a"})
    'UZB/2019/milestones:law/a'
    """
    source = "" if table == "sources" else row["source"]
    return f"{row.get('country', '')}/{date_of(row)}/{table}:{dated_key(row)}/{source}"


def dated_key(row):
    """What names a row of a dated table."""
    return f"{row['term']}, {row['who']}" if "term" in row else row.get("id") or row["source"]


def date_of(row):
    """The date of a row of a dated table, as exact as it is known; blank where it is not."""
    return next((row[column] for column in ("date", "published", "year") if column in row), "")


@cached_by_tables
def dated_rows(table):
    """The rows of a dated table by what names them."""
    return {dated_key(row): row for row in read(table).to_dict("records")}


def dated(table, key):
    """A row of a dated table, and what it says as one line for a reader.

    Raises DataError for an unknown key, with the nearest.
    """
    rows = dated_rows(table)
    if key not in rows:
        raise DataError(f"{table}.csv has no row {key!r}{near(key, rows)}")
    row = rows[key]
    parts = [key, date_of(row)] if table == "terms" else [date_of(row), row[SAYS[table]]]
    place = "; ".join(filter(None, [as_read(row["source"]), row.get("locator")]))
    return row, f"{(', ' if table == 'terms' else ': ').join(filter(None, parts))} ({place})"


def article_origin(claim):
    """Where the article prints a number, as one line."""
    row = rows_by("article", "id")[claim]
    return f"article, p. {row['page']}, {row['place']}: “{row['printed']}” ({row['statement']})"


def absence_origin(name):
    """Where something was looked for and not found, as one line."""
    row = rows_by("absences", "id")[name]
    return (f"{row['statement']} Looked for on {row['date']} in {row['where']}: "
            f"{row['looked_for']}. Nearest: {row['found']} ({as_read(row['source'])})")


def speech_origin(country, years, code, source):
    """The statements that a share of a topic, or a count, rests on, as one line.

    code: of a topic, "DIG"; of its quotations in a frame, "DIG.tool"; of a cue, "cue.diaspora".

    >>> speech_origin("KAZ", "2017-2024", "DIG", "ungdc_2024#8").partition(" (")[0]
    'Kazakhstan, 2017–2024, sentences on “Digital and cyber” in 8 statements at the UN'
    """
    source, _, n = source.partition("#")
    who = names().get(country, "the five Central Asian states")
    topic, _, frame = code.partition(".")
    if code == "ALL":
        what = "all sentences"
    elif topic == "cue":
        what = f"sentences with the cue “{frame}”"
    else:
        what = f"sentences on “{rows_by('topics', 'code')[topic]['name']}”"
        what += f", read as “{frame}”," if frame else ""
    return (f"{who}, {years.replace('-', '–')}, {what} in {n} statements at the UN "
            f"({citation(source)}; tables statements and sentences)")


def citation(source):
    """A source as a short label: publisher and vintage."""
    row = rows_by("sources", "source")[source]
    return f"{row['publisher']} {row['vintage']}".strip()


def as_read(source):
    """A source as the copy that was read: publisher, vintage, and the file or the page's title.

    A file without a sha256 is not held: its cells were copied by look-up.

    >>> as_read("undesa_egdi_2022"), as_read("memo98_2021")
    ('UN DESA 2022, file EGOV_DATA_2022.csv', 'MEMO 98 2021, “Kazakh elections in social media”')
    """
    row = rows_by("sources", "source")[source]
    held = "" if row["sha256"] else ", not held: copied by look-up"
    title = textwrap.shorten(row["title"], TITLE_LENGTH, placeholder=" …")
    where = f"file {row['path'].rpartition('/')[2]}{held}" if row["path"] else f"“{title}”"
    return f"{citation(source)}, {where}"


def source_card(source):
    """What the references print of a source; how: the sentence of its note that begins with Read.

    >>> source_card("article_2023")["how"][:29]
    'Read in the text layer of a s'
    """
    row = rows_by("sources", "source")[source]
    how = re.search(r"(?:^|\. )(Read [^.]*\.)", row["note"])
    return {"publisher": row["publisher"], "title": row["title"], "year": row["vintage"],
            "url": row["publisher_url"], "accessed": row["read_on"], "licence": row["licence"],
            "copy_kind": row["copy_kind"], "copy_url": row["copy_url"],
            **({"how": how[1]} if how else {})}
