"""Raw file → rows: one short function per family of sources, each with the traps it handles.

`write` has the sha256 of every file checked before one is parsed, then makes the tables
observations.csv and countries.csv, byte for byte the same each time. Everything else here is
pure: a reader takes a table of text and what is known of the states, and yields observations, or
Faults where a cell cannot be read. Raw files lie in RAW/<source>/<file name>, as
data/sources.csv names them.
"""

import csv
import hashlib
import io
import json
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path

from footnoted.files import write_atomic

from ..data import CENTRAL_ASIA, KEY, MEMBERS, is_plain_number
from ..files import MEND_JSON
from .raw import AGAIN, MEND, Fault, RawError, load, refuse
from .states import STATES, countries, known_states

FIELDS = ("country", "year", "date", "indicator", "value", "printed", "kind", "status", "source",
          "locator", "missing")
SURVEYS = (2003, 2004, 2005, 2008, 2010, 2012, 2014, 2016, 2018, 2020, 2022, 2024)
SURVEY_COLUMNS = {
    "name": "Country Name", "egdi_rank": "E-Government Rank", "egdi": "E-Government Index",
    "epi": "E-Participation Index", "osi": "Online Service Index", "hci": "Human Capital Index",
    "tii": "Telecommunication Infrastructure Index"}
SURVEY_COLUMNS_2024 = {
    "name": "Country", "egdi_rank": "Rank", "egdi": "E_Index", "epi": "E_Participation",
    "osi": "Online_Service", "hci": "Human_Capital", "tii": "Tele_Infra"}
AGES = tuple(str(age) for age in range(18, 66))  # 65 stands for 65 and older
FLOOR = Decimal(1000)  # the least that the advertising tool shows for Instagram
INTERNET_STATUS = {("TJK", year): "modelled" for year in range(2010, 2018)} \
    | {("TKM", year): "modelled" for year in range(2011, 2018)} \
    | {("KAZ", 2011): "step", ("UZB", 2019): "step", ("TJK", 2021): "step"}


# Cells

def canonical_number(text):
    """The canonical decimal of a printed number: no exponent, no trailing zeros.

    Raises ValueError for everything that is not a plain number (`1,234`, `inf`, an empty cell).

    >>> canonical_number("0.86280"), canonical_number("3.8e+07"), canonical_number(" 0.0 ")
    ('0.8628', '38000000', '0')
    """
    if not is_plain_number(text.strip()):
        raise ValueError(f"{text!r} is no number")
    value = Decimal(text.strip())
    return format(value.normalize(), "f") if value else "0"


def span(text):
    """The two ends of a printed range of accounts, or None where no figure is shown.

    The dash is `–` or `-`; K is thousand, M million. `0` means that the tool gave no figure (the
    smallest range begins at 1K), not that nobody is there. Raises ValueError for another text.

    >>> span("45K–50K"), span("900K-1M"), span("0.0")
    ((Decimal('45000'), Decimal('50000')), (Decimal('900000'), Decimal('1000000')), None)
    """
    if text.strip() in ("0", "0.0"):
        return None
    end = r"(\d+(?:\.\d+)?)([KM])"
    match = re.fullmatch(f"{end}[–-]{end}", text.strip(), re.ASCII)
    if not match:
        raise ValueError(f"{text!r} is no range")
    low, low_unit, high, high_unit = match.groups()
    size = {"K": Decimal(1000), "M": Decimal(1000000)}
    return Decimal(low) * size[low_unit], Decimal(high) * size[high_unit]


def cell(table, column, text, country, year, indicator, locator, status=""):
    """A printed cell as an observation, or a Fault where it is no number."""
    try:
        return observation(table.source, country, year, indicator, locator, printed=text,
                           status=status)
    except ValueError:
        return Fault(table.file, locator, f"column {column}", text, MEND)


def observation(source, country, year, indicator, locator, *, printed="", value=None, date="",
                kind="printed", status="", missing=""):
    """One row of observations.csv; its value is that of `printed` unless `value` is given."""
    value = "" if missing else canonical_number(printed if value is None else str(value))
    row = (country, str(year), date, indicator, value, printed.strip(), kind, status, source,
           locator, missing)
    return dict(zip(FIELDS, row))


# Families of sources

def egdi(table, known):
    """UN DESA's e-government survey: index, rank, four indices; one row per state.

    Traps: most names end in a blank, and names are today's in all years. An EGDI printed as 0
    means that the state was not assessed (all six cells, its shared last rank included, stand
    without a value); a blank rank, that it was not yet a UN member. An HCI of 0 up to 2005 in an
    assessed state is a missing component; other zeros are true lowest scores. HCI 2003 is above
    its bound of 1 in two states. The copy of 2024 has shorter column names and CRLF.
    """
    year = int(table.source[-4:])
    columns = SURVEY_COLUMNS_2024 if "Rank" in table.columns else SURVEY_COLUMNS
    for line, row in enumerate(table.rows, start=2):
        name = row[columns["name"]].strip()
        printed = {indicator: row[column] for indicator, column in columns.items()
                   if indicator != "name"}
        if name not in known.codes:
            yield Fault(table.file, f"line {line}", f"column {columns['name']}", name,
                        "no UN member has this name: add it to ALIASES in states.py")
            continue
        for indicator, text in printed.items():
            column = columns[indicator]
            try:
                status, missing = survey_marks(printed, indicator, year)
                yield observation(table.source, known.codes[name], year, indicator,
                                  f"row {name}, column {column}", printed=text, status=status,
                                  missing=missing)
            except ValueError:
                yield Fault(table.file, f"row {name}", f"column {column}", text, MEND)


def survey_marks(printed, indicator, year):
    """Status and reason of a cell of a survey, by what its row prints: indicator -> text."""
    status = missing = ""
    if not printed["egdi_rank"].strip():
        status, missing = "not assessed", "not yet a UN member"
    elif canonical_number(printed["egdi"]) == "0":
        status, missing = "not assessed", "not assessed in this survey"
    elif indicator == "hci" and year <= 2005 and canonical_number(printed["hci"]) == "0":
        status, missing = "missing component", "not available: printed and averaged in as 0"
    if indicator != "egdi_rank" and Decimal(canonical_number(printed[indicator])) > 1:
        status = "out of range"
    return status, missing


def gapminder(table, known, indicator, marked=None):
    """Gapminder: geo (iso3 in lower case), time, value; one row per place and year, from 1990.

    Traps: places that are no UN members; mobile before 1990 is mostly 0 and left out; a missing
    value has no row, which is said for the five Central Asian states from 2000 on. `marked` gives
    the status of values that are no direct observations, by country and year.
    """
    column, seen = table.source.removeprefix("gapminder_"), set()
    for row in table.rows:
        country, time = row["geo"].strip().upper(), row["time"].strip()
        if not time.isdecimal():
            yield Fault(table.file, f"row {row['geo']}", "column time", time, MEND)
        elif country in known.states and (year := int(time)) >= 1990:
            seen.add((country, year))
            locator, status = f"row {row['geo']}, {year}", (marked or {}).get((country, year), "")
            yield cell(table, column, row[column], country, year, indicator, locator, status)
    last = max((year for _, year in seen), default=1999)
    for country in CENTRAL_ASIA:
        for year in range(2000, last + 1):
            if (country, year) not in seen:
                yield observation(table.source, country, year, indicator,
                                  f"no row {country.lower()}, {year}",
                                  missing="not published: no row in the file")


def bank_long(table, known, indicator, column, only=None):
    """World Bank, vintage of 2024: one row per place and year; `only`: the states that are kept.

    Traps: separator `|`; aggregates among the countries, some without a code; `NA` or a blank is a
    missing value, and a year in which every member is missing (the newest) is not in the vintage
    at all; the population of Ukraine 2022 is printed as `3.8e+07`, rounded to the million.
    """
    members = [row for row in table.rows if row["iso3c"] in known.states]
    known = {row["year"] for row in members if row[column] not in ("NA", "")}
    for row in members:
        if row["year"] in known and (only is None or row["iso3c"] in only):
            yield bank_cell(table, row["iso3c"], row["year"], indicator, column, row[column],
                            f"row {row['iso3c']}, {row['year']}")


def bank_wide(table, known, indicator):
    """World Bank, vintage of 2025: one row per place, one column per year; blank = missing."""
    for row in table.rows:
        if row["Country Code"] in known.states:
            for year in filter(str.isdigit, table.columns):
                yield bank_cell(table, row["Country Code"], year, indicator, year, row[year],
                                f"row {row['Country Code']}, column {year}")


def bank_cell(table, country, year, indicator, column, text, locator):
    """One cell of a World Bank table."""
    if text.strip() in ("", "NA"):
        return observation(table.source, country, year, indicator, locator, printed=text,
                           missing="not published")
    return cell(table, column, text, country, year, indicator, locator,
                "rounded" if "e" in text else "")


def our_world(table, known):
    """Our World in Data, export of 2025: the five states only, from 1990.

    Traps: separator `;`; aggregates without a code; a missing value has no row.
    """
    column = table.columns[-1]
    for row in table.rows:
        if row["Code"] in CENTRAL_ASIA and row["Year"] >= "1990":
            locator = f"row {row['Code']}, {row['Year']}"
            yield cell(table, column, row[column], row["Code"], row["Year"], "internet_use",
                       locator)


def passports(table, known):
    """Passport Index of a day: one row per pair of places; pairs open without a prior visa.

    Open is `visa free`, a number of days, or `visa on arrival`. Traps: `-1` is the own country;
    six places are no UN members; bans of the pandemic and permits of an event are not open.
    """
    day = f"{table.source[-8:-4]}-{table.source[-4:-2]}-{table.source[-2:]}"
    pairs = [row for row in table.rows
             if {row["Passport"], row["Destination"]} <= known.states.keys()]
    free = [row for row in pairs if is_open(row["Requirement"])]
    sides = {"Destination": "passport_openness", "Passport": "passport_mobility"}
    for side, indicator in sides.items():
        counts = Counter(row[side] for row in free)
        for country in sorted({row[side] for row in pairs}):
            yield observation(table.source, country, day[:4], indicator,
                              f"rows with {side} {country}, counted", value=counts[country],
                              date=day, kind="computed")


def is_open(requirement):
    """Whether a passport needs nothing before the journey.

    >>> [is_open(text) for text in ("90", "visa on arrival", "visa free", "e-visa", "-1")]
    [True, True, True, False, False]
    """
    text = requirement.strip()
    return text.isdecimal() or text in ("visa free", "visa on arrival")


def facebook(table, known):
    """Facebook's audience on 3 August 2018: rows are ages, columns iso2, cells printed ranges.

    The lower and the upper ends are summed over the ages. Traps: `NA` is Namibia; two kinds of
    dash; a cell of 0 shows no figure: where all 48 are 0 the state is missing, where some are,
    the low sum is a lower bound and the high sum incomplete (no bound). Sums above the
    population of that year are out of range. 12 members have no column.
    """
    yield from other_ages(table)
    for country, state in known.states.items():
        column = state["iso2"]
        spans, faults = over_ages(table, column, span)
        yield from faults
        shown = [pair for pair in spans if pair]
        missing = "" if shown else "not shown: all 48 ages print 0"
        missing = missing if column in table.columns else "no column in the file"
        for end, side, gap in ((0, "low", "lower bound"), (1, "high", "incomplete")):
            yield audience(table, known, country, f"facebook_audience_{side}", "2018-08-03",
                           sum(pair[end] for pair in shown),
                           f"column {column}, sum of the {side} ends over {len(shown)} of 48 ages",
                           gap if len(shown) < len(AGES) else "", missing)


def instagram(table, known):
    """Instagram's audience on 23 May 2019: rows are ages, columns English names, cells accounts.

    Traps: other names than the study's; a cell of 1,000 is the least that the tool shows, so the
    sum is an upper bound; sums above the population of that year are out of range; two columns
    that agree at every age, not all at the floor, are a duplicate (Albania and Andorra); 12
    members have no column.
    """
    columns = {known.codes[name]: name for name in table.columns if name in known.codes}
    yield from other_ages(table)
    copies = Counter(tuple(row[name] for row in table.rows) for name in columns.values())
    for country in known.states:
        name = columns.get(country, "")
        counts, faults = over_ages(table, name, lambda text: Decimal(canonical_number(text))) \
            if name else ([], [])
        yield from faults
        floors = counts.count(FLOOR)
        alike = name and copies[tuple(row[name] for row in table.rows)] > 1
        status = "duplicate" if alike and floors < len(AGES) else "upper bound" if floors else ""
        yield audience(table, known, country, "instagram_audience", "2019-05-23", sum(counts),
                       f"column {name}, sum over 48 ages, {floors} at the floor of 1,000",
                       status, "" if name else "no column in the file")


def other_ages(table):
    """A Fault where the rows are not the ages 18 to 64 and 65 and older."""
    ages = tuple(row[""] for row in table.rows)
    if ages != AGES:
        yield Fault(table.file, "all rows", "first column", f"{len(ages)} rows",
                    "the 48 ages 18 to 65 are needed, in order: get the file again")


def over_ages(table, column, read):
    """A column's cells as `read` gives them, and a Fault for each that it refuses."""
    values, faults = [], []
    for age, row in zip(AGES, table.rows):
        try:
            values += [read(row[column])] if column in row else []
        except ValueError:
            faults.append(Fault(table.file, f"row {age}", f"column {column}", row[column],
                                f"a range such as 45K–50K or a count is needed: {AGAIN}"))
    return values, faults


def audience(table, known, country, indicator, day, total, where, status, missing):
    """A sum over ages as an observation, out of range where it exceeds the year's population."""
    if total > known.population.get((country, day[:4]), Decimal("Infinity")):
        status = "out of range"
    where, status = ("no figure", "") if missing else (where, status)
    return observation(table.source, country, day[:4], indicator, where, value=total, date=day,
                       kind="computed", status=status, missing=missing)


# The whole

READERS = {
    **{f"undesa_egdi_{year}": egdi for year in SURVEYS},
    "gapminder_internet_users": lambda t, w: gapminder(t, w, "internet_use", INTERNET_STATUS),
    "gapminder_cell_phones_per_100_people": lambda t, w: gapminder(t, w, "mobile_subscriptions"),
    "gapminder_broadband_subscribers_per_100_people":
        lambda t, w: gapminder(t, w, "fixed_broadband"),
    "owid_internet_2025": our_world,
    "wdi_2024_it_net_user_zs":
        lambda t, w: bank_long(t, w, "internet_use", "IT.NET.USER.ZS", CENTRAL_ASIA),
    "wdi_2024_it_net_bbnd_p2":
        lambda t, w: bank_long(t, w, "fixed_broadband", "IT.NET.BBND.P2", CENTRAL_ASIA),
    "wdi_2024_sp_pop_totl": lambda t, w: bank_long(t, w, "population", "SP.POP.TOTL"),
    "wdi_2025_sp_pop_totl": lambda t, w: bank_wide(t, w, "population"),
    "wdi_2025_ny_gdp_pcap_cd": lambda t, w: bank_wide(t, w, "gdp_per_capita"),
    "passport_index_20221221": passports, "passport_index_20250112": passports,
    "fb_census_2018": facebook, "ig_census_2019": instagram}
PARTIAL = ("gapminder_", "owid_", "wdi_2024_it_")  # no row for each member, or the five only
WANTED = ("gapminder_geo", "unu_egov_countries", *READERS)


def build(tables):
    """All tables that follow from files: {"countries": rows, "observations": rows}, sorted.

    tables: a Table by source id, as `raw.load` gives them. Raises RawError with every fault.
    """
    geo, unu = tables["gapminder_geo"], tables["unu_egov_countries"]
    try:
        states = countries(geo, unu, tables["undesa_egdi_2022"])
    except KeyError as error:
        raise RawError(f"{geo.file}, {unu.file} or the survey of 2022: no column "
                       f"{error.args[0]!r}: get the files again") from None
    known = known_states(states, geo, unu)
    people_now = rows_of(READERS["wdi_2025_sp_pop_totl"], tables["wdi_2025_sp_pop_totl"], known)
    known = known._replace(population={  # the audiences are held against it
        (row["country"], row["year"]): Decimal(row["value"])
        for row in people_now if isinstance(row, dict) and row["value"]})
    made = [row for source, read in READERS.items() for row in rows_of(read, tables[source], known)]
    rows = sorted((row for row in made if isinstance(row, dict)),
                  key=lambda row: [row[name] for name in KEY])
    faults = [item for item in made if isinstance(item, Fault)]
    faults += absent(tables, rows, known)
    if len(states) != MEMBERS:
        faults.insert(0, Fault(geo.file, "all rows", "column un_state", str(len(states)),
                               f"{MEMBERS} UN members are needed: get the file again"))
    refuse(faults)
    return {"countries": states, "observations": rows}


def rows_of(read, table, known):
    """The observations and Faults of one table, or the Fault of its head."""
    try:
        return list(read(table, known))
    except KeyError as error:
        return [Fault(table.file, "head", f"column {error.args[0]}", "missing",
                      "the file has other columns than expected: get it again")]


def absent(tables, rows, known):
    """A Fault for each member that a source with a row per state leaves out."""
    found = {(row["source"], row["country"]) for row in rows}
    return [Fault(tables[source].file, f"row {state['name']}", "all columns", "no row",
                  "every UN member has a row in this file: get the file again")
            for source in READERS if not source.startswith(PARTIAL)
            for code, state in known.states.items() if (source, code) not in found]


def write(raw, data):
    """Makes every table that follows from files, and returns the names of the files written.

    raw: folder of the raw files; data: folder with sources.csv, where the tables go, and their
    hashes into datapackage.json. Raises RawError before anything is written.
    """
    made, texts = build(load(raw, data, WANTED)), {}
    for name, fields in (("countries", STATES), ("observations", FIELDS)):
        text = io.StringIO(newline="")
        table = csv.DictWriter(text, fields, lineterminator="\n")
        table.writeheader()
        table.writerows(made[name])
        texts[name] = text.getvalue()
    return write_made(data, texts)


def write_made(folder, texts):
    """Write tables that follow from files, and their sha256 beside their description.

    folder: data/, with datapackage.json, where it describes them; texts: table -> text of its file.
    Returns the names of the files, in order. Raises RawError where the description is no JSON.
    """
    path, names = Path(folder) / "datapackage.json", [f"{table}.csv" for table in texts]
    for name, text in zip(names, texts.values()):
        write_atomic(Path(folder) / name, text)
    if path.exists():
        try:
            package = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise RawError(f"datapackage.json: {error}: {MEND_JSON}") from None
        for one in package["resources"]:
            if one["path"] in names:
                text = texts[one["path"].removesuffix(".csv")]
                one["hash"] = f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
        write_atomic(path, json.dumps(package, indent=1, ensure_ascii=False) + "\n")
    return names
