"""What is wrong with the tables of data/, all at once: a line each with file, line and mend.

A table that `data` cannot read says so and is left alone. The others are judged by frictionless,
which knows what data/datapackage.json says of them (keys, duplicates, allowed words, forms, bounds,
references), and by the rules below, which it cannot see.
"""

import codecs
import hashlib
import math
import re
import unicodedata
from pathlib import Path

import pandas as pd

from footnoted.hints import nearest
from footnoted.numerals import interval

from . import data, plausibility
from .data import is_date, is_plain_number, location, number_faults

DATES = ("date", "published", "read_on")
DATE_PARTS = {4: "year", 7: "month", 10: "day"}  # by the length of a date
IDS = {  # columns that hold several ids, a blank between, and the table that has them
    ("claims", "numbers"): "article", ("claims", "relations"): "relations",
    ("checks", "choices"): "choices", ("article_sentences", "claims"): "claims",
    ("absences", "indicators"): "indicators"}
REASONED = {"observations": ["value"], "facts": ["value"], "article_topics": ["value"],
            "debate": ["words", *data.DIGITAL]}  # what has a value or says why it has none
MAY_BE_EMPTY = ("corrections", "expected")  # a table of which there need be no row
ARTICLE = {"claims", "article", "article_tokens", "article_sentences"}
NO_DATE = "is no date: write 2017, 2017-03 or 2017-03-31"
NO_DAY = "is no day: write it as 2017-03-31"
VALUES = "a changed value is a row of data/corrections.csv, a new one of data/facts.csv"
RAW = "make data RAW=folder makes it from raw files"
EDITED = "changed by hand, but it is made from files"
AGAIN = {  # how a table that is no work of hands changes
    "observations": f"{VALUES}; {RAW}", "debate": VALUES,
    "countries": f"{RAW}; its names are those of sources/states.py",
    **dict.fromkeys(("statements", "sentences", "cutoffs"),
                    "python -m digital_diplomacy content --texts FOLDER makes it")}
ODD = re.compile(r"(?![0-9])\d|[\x00-\x1f\x7f-\x9f\xad\u200b\u200e\u200f\u2028-\u202e\u2060\ufeff]")
LIKE_LATIN = str.maketrans("АВЕКМНОРСТУХаеорсухіІ", "ABEKMHOPCTYXaeopcyxiI")  # Cyrillic
MEASURED = ("%", "index", "Mbps", "US dollars", "retweets")  # units that may have decimals
CONSTRAINTS = {"enum": "is not allowed: one of {}", "pattern": "is not of the form {}: mend it",
               "minimum": "is less than {}: mend the digits",
               "maximum": "is more than {}: mend the digits",
               "maxLength": "is longer than {} letters: shorten it"}


def faults():
    """Every fault of data/ as a line; an empty list where there is none.

    Raises DataError where datapackage.json cannot be read.
    """
    frames, lines = {}, []
    for table in dict.fromkeys([*data.schemas(), *data.tables()]):
        try:
            frames[table] = data.read(table)
        except data.DataError as error:
            lines += str(error).splitlines()
    by_schema = schema_faults(frames)
    lines += by_schema.pop("", [])
    for table, frame in frames.items():
        faults = by_schema.get(table, []) + rule_faults(table, frames)
        # a row with a wrong key stands in the wrong place too: the order is judged last
        lines += faults or order_faults(table, frame)
    lines = list(dict.fromkeys(lines + misfits(frames)))
    # what can be read and fits its rules may still be hardly true
    wrong = any(EDITED not in line for line in lines)
    return lines if wrong else lines + plausibility.suspicion_faults()


def misfits(frames):
    """The faults of corrections, where all that they may correct can be read."""
    try:
        return data.correction_faults(data.uncorrected(), frames["corrections"])
    except (KeyError, data.DataError):  # said already
        return []


# What frictionless finds

def schema_faults(frames):
    """What frictionless says of these tables: {table: lines}; "" for datapackage.json itself."""
    from frictionless import FrictionlessException, Package
    resources = [described(one, frames) for one in data.package()["resources"]
                 if Path(one["path"]).stem in frames]
    try:
        report = Package.from_descriptor({**data.package(), "resources": resources},
                                         basepath=str(data.root())).validate()
    except FrictionlessException as error:
        return {"": [f"datapackage.json: {one.note}" for one in error.to_errors()]}
    found = {"": [f"datapackage.json: {error.message}" for error in report.errors]}
    for task in report.tasks:
        table = Path(task.place).stem
        unknown = {(error.row_number, name) for error in task.errors
                   if error.type == "foreign-key" for name in error.field_names}
        found[table] = [schema_fault(table, frames, error) for error in first_of_each(task.errors)
                        if error.type != "type-error"  # what a cell's text is, `text_faults` judges
                        and (error.type != "constraint-error" or  # an unknown code is told once
                             (error.row_number, error.field_name) not in unknown)]
    return found


def first_of_each(errors):
    """The errors of a table, of an id that many of its rows name in vain the first alone."""
    told = set()
    for error in errors:
        named = error.type == "foreign-key" and (*error.field_names, *error.field_cells)
        if not named or named not in told:
            yield error
        told.add(named)


def described(resource, frames):
    """The description of a table without references to tables that cannot be read."""
    keys = [key for key in resource["schema"].get("foreignKeys", [])
            if key["reference"]["resource"] in frames]
    return {**resource, "schema": {**resource["schema"], "foreignKeys": keys}}


def schema_fault(table, frames, error):
    """One error of frictionless in our form: file, line, column, the cell, what to do."""
    column = getattr(error, "field_name", "")
    place = location(table, error.row_number - 2, column) if hasattr(error, "row_number") else table
    match error.type:
        case "constraint-error":
            rule = re.search(r'"(\w+)"', error.note)[1]
            if rule == "required":
                return f"{place}: empty: fill it"
            [limit] = [field["constraints"][rule] for field in data.schemas()[table]["fields"]
                       if field["name"] == column]
            limit = ", ".join(limit) if rule == "enum" else limit
            return f"{place}: {error.cell!r} {CONSTRAINTS[rule].format(limit)}"
        case "unique-error":
            return f"{place}: {error.cell!r} stands in an earlier row: delete or change one"
        case "primary-key":
            key = data.schemas()[table]["primaryKey"]
            values = "/".join(frames[table].loc[error.row_number - 2, key])
            return f"{place}{'+'.join(key)}: {values!r} stands in an earlier row: delete one"
        case "foreign-key":
            [column], [text] = error.field_names, error.field_cells
            known = frames[error.reference_name][error.reference_field_names[0]]
            said = unknown_fault(str(text), known, error.reference_name)
            more = int((frames[table][column] == str(text)).sum()) - 1
            return f"{place}{column}: {said}" + (f" (and {more} more rows)" if more else "")
        case "hash-count":
            return hash_fault(table)
    return f"{place}: {error.message}"


def hash_fault(table):
    """What is said of a table made from files that is not as it was made."""
    content, [wanted] = (data.root() / f"{table}.csv").read_bytes(), [
        one["hash"] for one in data.package()["resources"] if Path(one["path"]).stem == table]
    plain = content.removeprefix(codecs.BOM_UTF8).replace(b"\r\n", b"\n")
    if wanted.endswith(hashlib.sha256(plain).hexdigest()):
        return (f"{table}.csv: another program put a mark at its start or changed its line ends: "
                f"git checkout data/{table}.csv")
    return (f"{table}.csv: {EDITED} (datapackage.json has its sha256): git checkout "
            f"data/{table}.csv restores it; {AGAIN.get(table, RAW)}")


def unknown_fault(text, known, table):
    """What is said of an id that a table lacks, with the nearest that it has."""
    # codes of countries are alike as codes are
    latin = unicodedata.normalize("NFKC", ODD.sub("", text)).translate(LIKE_LATIN)
    if latin != text and latin in set(known):
        return f"{text!a} has a sign that only looks like one of {latin!r}: type {latin!r}"
    meant = (data.nearest_code if table == "countries" else nearest)(text, known)
    mend = f"did you mean {meant!r}?" if meant else f"add it to data/{table}.csv"
    return f"no {text!r} in {table}: {mend}"


# What frictionless cannot see

def rule_faults(table, frames):
    """The faults of a table by the study's own rules, but for its order."""
    return [line for rule in (empty_faults, text_faults, date_faults, time_faults, precision_faults,
                              reason_faults, id_faults, printed_faults, bound_faults,
                              whole_faults, range_faults, token_faults, article_faults,
                              sequence_faults)
            for line in rule(table, frames)]


def empty_faults(table, frames):
    """A table with nothing below its header."""
    return [] if len(frames[table]) or table in MAY_BE_EMPTY else [
        f"{table}.csv: no row below the header: restore it (git checkout data/{table}.csv)"]


def text_faults(table, frames):
    """Cells that are not of their column's type.

    frictionless knows types too, but takes ` 12 `, inf and 1_000 for numbers: it is not asked.
    """
    found, frame = [], frames[table]
    for name, kind in data.field_types(table).items():
        if kind in ("number", "integer"):
            found += number_faults(table, frame, name, whole=kind == "integer")
        elif kind == "date":
            found += [f"{location(table, i, name)}: {text!r} {NO_DAY}"
                      for i, text in frame[name].items()
                      if text and not (is_date(text) and DATE_PARTS[len(text)] == "day")]
        else:
            cells = [*zip(frame.index, frame[name].to_list())]
            found += [f"{location(table, i, name)}: {text!r} has blanks at an end: delete them"
                      for i, text in cells if text != text.strip()]
            if ODD.search("".join(text for _, text in cells)):
                found += [f"{location(table, i, name)}: {text!r} has {odd_sign(text.strip())}"
                          for i, text in cells if ODD.search(text.strip())]
    return found


def odd_sign(text):
    """What is said of the first sign of a text that nobody sees, or that is a foreign digit.

    >>> odd_sign("KAZ\u200b"), odd_sign("٢٠٢٣")
    ('a sign that nobody sees, U+200B: delete it', 'the digit ٢: write 0 to 9')
    """
    sign = ODD.search(text)[0]
    return f"the digit {sign}: write 0 to 9" if sign.isdigit() else \
        f"a sign that nobody sees, U+{ord(sign):04X}: delete it"


def date_faults(table, frames):
    """Texts that should be a day, a month or a year of the calendar, or empty."""
    return [f"{location(table, i, column)}: {text!r} {NO_DATE}"
            for column, kind in data.field_types(table).items()
            if column in DATES and kind == "string"
            for i, text in frames[table][column].items() if text and not is_date(text)]


def time_faults(table, frames):
    """Dates of another year than the row's, and years after that in which the source appeared."""
    frame, found = frames[table], []
    if not {"year", "date"} <= {*frame}:
        return []
    found = [f"{location(table, i, 'date')}: {date!r} is not of the year {year}: mend one of them"
             for i, year, date in frame.loc[frame["date"] != "", ["year", "date"]].itertuples()
             if is_date(date) and year.isdecimal() and date[:4] != year]
    if "sources" in frames and table != "corrections":
        rows, newest = frames["sources"], max_year(table)
        known = dict(zip(rows["source"], rows["published"].where(rows["published"] != "",
                                                                 rows["read_on"])))
        late = frame["year"] > frame["source"].map(known).fillna("9")
        found += [f"{location(table, i, 'year')}: {year} is after {source} appeared, "
                  f"{known[source]}: mend the year, or published in data/sources.csv"
                  for i, year, source in frame.loc[late, ["year", "source"]].itertuples()
                  if year.isdecimal() and int(year) <= newest
                  and is_date(known[source])]
    return found


def max_year(table):
    """The last year that the description of a table admits."""
    [field] = [one for one in data.schemas()[table]["fields"] if one["name"] == "year"]
    return field.get("constraints", {}).get("maximum", 9999)


def precision_faults(table, frames):
    """Dates that are longer or shorter than their precision says."""
    frame = frames[table]
    if "precision" not in frame:
        return []
    return [f"{location(table, i, 'precision')}: {precision!r} beside the date {date!r}: "
            f"write {DATE_PARTS[len(date)]!r}, or mend the date"
            for i, date, precision in frame[["date", "precision"]].itertuples()
            if is_date(date) and DATE_PARTS[len(date)] != precision]


def reason_faults(table, frames):
    """Rows that neither have a value nor say why, or do both."""
    if table not in REASONED:
        return []
    blank = frames[table][REASONED[table]] == ""
    valued = frames[table]["missing"] == ""
    right = blank.all(axis=1).where(~valued, ~blank.any(axis=1))
    return [f"{location(table, i, 'missing')}: a row has either a value or the reason why it is "
            "missing: fill exactly one" for i in right.index[~right]]


def id_faults(table, frames):
    """Ids, of which a cell holds several between blanks, that their table lacks."""
    found = []
    for (where, column), other in IDS.items():
        if where == table and other in frames:
            known = frames[other][data.schemas()[other]["primaryKey"][0]].unique()
            found += [f"{location(table, i, column)}: {unknown_fault(one, known, other)}"
                      for i, text in frames[table][column].items() if text != "none"
                      for one in text.split() if one not in known]
    return found


def printed_faults(table, frames):
    """Printed texts that do not hold the value beside them."""
    found, frame = [], frames[table]
    if "printed" not in frame:
        return []
    rows = frame[frame["kind"] == "printed"] if "kind" in frame else \
        frame[frame["printed"].str.contains(r"\d")]  # the article's: one in words is exact
    for i, printed, value in rows[["printed", "value"]].itertuples():
        if is_plain_number(value) and printed != value:
            try:
                interval(printed, value)
            except ValueError as error:
                found.append(f"{location(table, i, 'printed')}: {error}: mend one of the two")
    return found


def bound_faults(table, frames):
    """Values outside the codebook's bounds; `out of range` in status admits them."""
    if table not in ("observations", "facts") or "indicators" not in frames:
        return []
    found, codebook = [], data.rows_by("indicators", "indicator")
    rows = frames[table][["indicator", "value", "status"]]
    for i, name, value, status in rows.itertuples():
        if name not in codebook or not is_plain_number(value) or status == "out of range":
            continue
        low, high = codebook[name]["low"], codebook[name]["high"]
        if is_plain_number(low) and float(value) < float(low) \
                or is_plain_number(high) and float(value) > float(high):
            found.append(f"{location(table, i, 'value')}: {value} is outside {low or 'any'} to "
                         f"{high or 'any'} for {name}: mend the value, or write 'out of range' in "
                         "status")
    return found


def whole_faults(table, frames):
    """Counts that are not whole: people, accounts, ranks; what is no count is MEASURED."""
    frame = frames[table]
    if not {"indicator", "value"} <= {*frame} or "indicators" not in frames:
        return []
    units = dict(zip(frames["indicators"]["indicator"], frames["indicators"]["unit"]))
    counts = [name for name, unit in units.items()
              if unit not in MEASURED and "per" not in unit.split()]
    counted = frame["indicator"].isin(counts) & frame["value"].str.contains(".", regex=False)
    return [f"{location(table, i, 'value')}: {value} {units[name]}, but a count is whole: mend it"
            for i, name, value in frame.loc[counted, ["indicator", "value"]].itertuples()
            if is_plain_number(value) and float(value) % 1]


def range_faults(table, frames):
    """Ranges that run backwards: bounds of an indicator, years of a preferred source."""
    found, frame = [], frames[table]
    for low, high in (("low", "high"), ("from", "to")):
        if {low, high} <= {*frame}:
            found += [f"{location(table, i, low)}: {one} is more than {high}, {two}: mend one of "
                      "the two" for i, one, two in frame[[low, high]].itertuples()
                      if is_plain_number(one) and is_plain_number(two) and float(one) > float(two)]
    return found


def token_faults(table, frames):
    """Numbers of the article whose printed text has not the digits that its tokens were read as."""
    if table != "article" or "article_tokens" not in frames:
        return []
    printed, found = dict(zip(frames["article"]["id"], frames["article"]["printed"])), []
    lines = dict(zip(frames["article"]["id"], frames["article"].index))
    tokens = frames["article_tokens"].query("kind == 'digits' and article != ''")
    for i, one, reading in tokens[["article", "reading"]].itertuples():
        digits = [*map(digits_of, re.split(r"[-.](?=\d\d(?:\d\d)?\b)", reading))]
        if one in lines and not all(digit in digits_of(printed[one]) for digit in digits):
            found.append(f"{location('article', lines[one], 'printed')}: {printed[one]!r} has not "
                         f"the digits of its token, {reading!r} (article_tokens.csv line {i + 2}): "
                         "mend one of the two")
    return found


def digits_of(text):
    """The digits of a text, without what stands between them.

    >>> digits_of("26 430"), digits_of("0,8628")
    ('26430', '08628')
    """
    return re.sub(r"\D", "", text)


def article_faults(table, frames):
    """What the article says and no table answers to: its sentences, numbers and claims.

    Each claim is listed at a sentence, each number stands in a claim and at a token, each token is
    a number; or a reason says why not.
    """
    if table not in ARTICLE or not ARTICLE <= frames.keys():
        return []
    frame, found = frames[table], []
    if table == "claims":
        listed = ids(frames["article_sentences"]["claims"])
        found = [(i, "id", f"no sentence makes {one!r}: list it in data/article_sentences.csv")
                 for i, one in frame["id"].items() if one not in listed]
    if table == "article":
        claimed, tokens = ids(frames["claims"]["numbers"]), ids(frames["article_tokens"]["article"])
        for i, row in frame.iterrows():
            if row["legible"] == "yes" and (row["id"] in claimed) == bool(row["excluded"]):
                found.append((i, "excluded", "a number stands in a claim (its numbers in "
                              "data/claims.csv) or says why in none: do exactly one"))
            if row["id"] not in tokens and not row["reason"]:
                found.append((i, "reason", "a number stands in data/article_tokens.csv or says why "
                              "not: name it there, or fill this"))
    if table == "article_tokens":
        silent = frames["article_sentences"].query("claims == 'none'")["sentence"]
        found = [(i, "reason", "a token is a number of the article or says why not: fill exactly "
                  "one of article and reason")
                 for i in frame.index[(frame["article"] == "") == (frame["reason"] == "")]]
        found += [(i, "kind", f"a word that claims, and sentence {frame['sentence'][i]} lists no "
                   "claim: list one in data/article_sentences.csv")
                  for i in frame.index[(frame["kind"] == "most") & frame["sentence"].isin(silent)]]
    if table == "article_sentences":
        right = (frame["claims"] != "") & ((frame["claims"] == "none") == (frame["reason"] != ""))
        found = [(i, "claims", "a sentence lists its claims, or none with the reason: mend the two")
                 for i in frame.index[~right]]
    return [f"{location(table, i, column)}: {text}" for i, column, text in found]


def ids(column):
    """All ids of a column whose cells hold several between blanks."""
    return {one for text in column for one in text.split()}


def sequence_faults(table, frames):
    """Sentences that have no row: their numbers run from 1, in a statement to its last."""
    if table == "article_sentences":
        return broken_sequence(table, frames[table], "sentence")
    if table != "sentences":
        return []
    found, wanted = [], {}
    if "statements" in frames:
        wanted = dict(frames["statements"][["statement", "sentences"]].to_numpy())
    for statement, rows in frames[table].groupby("statement", sort=False):
        if wanted and statement not in wanted:
            found.append(f"{location(table, rows.index[0], 'statement')}: "
                         f"{unknown_fault(statement, wanted, 'statements')}")
        found += broken_sequence(table, rows, "position")
        if str(len(rows)) != wanted.get(statement, str(len(rows))):
            found.append(f"{location(table, rows.index[-1], 'position')}: {statement} has "
                         f"{wanted[statement]} sentences in data/statements.csv, {len(rows)} here: "
                         f"restore the others")
    lost = wanted.keys() - set(frames[table]["statement"])
    return found + [f"{table}.csv: no sentence of {one}: restore them" for one in sorted(lost)]


def broken_sequence(table, rows, column):
    """The first row whose number is not one more than the number before it; the first is 1."""
    numbers = {int(text): i for i, text in reversed([*rows[column].items()]) if text.isdecimal()}
    for wanted, number in enumerate(sorted(numbers), start=1):
        if number != wanted:
            return [f"{location(table, numbers[number], column)}: {number} stands where {wanted} "
                    "should: restore the row that is lost, or mend the number"]
    return []


# Order

def in_order(table, frame):
    """The rows of a table sorted by its key, the numbers of its key as numbers, a blank first."""
    key, types = data.schemas()[table]["primaryKey"], data.field_types(table)
    sortable = frame[key].apply(lambda column: column if types[column.name] != "integer" else
                                pd.to_numeric(column, errors="coerce").fillna(-math.inf))
    return frame.loc[sortable.sort_values(key, kind="stable").index]


def order_faults(table, frame):
    """The fault of a table that is not sorted by its key: its first row out of place."""
    places = pd.Series(range(len(frame)), in_order(table, frame).index).sort_index()
    return [f"{location(table, i, '+'.join(data.schemas()[table]['primaryKey']))}: this row "
            "belongs before the one above: make sort" for i in places.index[places.diff() < 0][:1]]


def sorted_text(table):
    """A table in the order of its key as the text of its file, or "" where it is in order.

    Raises DataError where the table cannot be read.
    """
    frame = data.read(table)
    found = in_order(table, frame)
    return "" if found.index.equals(frame.index) else found.to_csv(index=False, lineterminator="\n")
