"""Texts from a folder or a table of texts, and the tables that the study keeps of them.

The texts are not part of the project: kept are identity and hash of a statement, and of a sentence
its hash, its words, the counts of the vocabulary and its codes.
"""

import csv
import re
import sys
from datetime import date
from pathlib import Path

import pandas as pd

from . import dictionary as content, similarity
from ..data import CENTRAL_ASIA
from ..data import DataError, read, refuse

UNGDC = re.compile(r"(?P<group>[A-Z]{3})_(?P<session>\d+)_(?P<date>\d{4})\.txt")
NAMED = re.compile(r"(?P<group>.+)_(?P<date>\d{4}(?:-\d\d){0,2})\.txt")
FIELDS = ["statement", "group", "date", "session", "path", "text"]
SHORT = 16  # digits of a sentence's hash
SOURCE = "ungdc_2024"


def texts(place):
    """The texts of a folder or of a csv file: a frame with the columns FIELDS, by statement.

    A folder holds `CCC_SS_YYYY.txt` (the public data set of the UN General Debate, in its session
    folders) or `<group>_<date>.txt`; a csv has the columns country, year, session, path, text.
    Raises DataError, a line each: no such place, no text in it, a file that is not UTF-8, two
    texts of one group and date.
    """
    place = Path(place)
    if not place.exists():
        raise DataError(f"there is no {place}: name a folder of texts")
    rows, faults = table(place) if place.is_file() else folder(place)
    frame = pd.DataFrame(rows, columns=FIELDS).sort_values("statement", ignore_index=True)
    faults += [f"{row.path}: {row.statement} stands in another file too: keep one"
               for row in frame[frame["statement"].duplicated()].itertuples()]
    if not rows and not faults:
        faults = [f"{place}: no text named CCC_SS_YYYY.txt or <group>_<date>.txt"]
    refuse(faults)
    return frame


def named(name):
    """What a file's name says of its text, and what keeps it from saying it: (dict, fault).

    A group may hold underscores, but no date.

    >>> named("New_York_2024-05.txt")
    ({'group': 'New_York', 'date': '2024-05'}, '')
    >>> named("Rome_2024-13.txt")[1], named("Rome_2023_2024.txt")[1], named("Rome.txt")[1]
    ('2024-13 is no date', 'two dates in its name', 'no date in its name')
    """
    found = UNGDC.fullmatch(name) or NAMED.fullmatch(name)
    if not found:
        return {}, "no date in its name"
    if re.search(r"(?:^|_)\d{4}(?:-\d\d){0,2}(?:_|$)", found["group"]):
        return {}, "two dates in its name"
    try:
        date.fromisoformat(f"{found['date']}-01-01"[:10])
    except ValueError:
        return {}, f"{found['date']} is no date"
    return found.groupdict(), ""


def folder(place):
    """Rows and faults of a folder's text files; other names are passed over."""
    rows, faults = [], []
    for path in sorted(place.rglob("*.txt")):
        parts, _ = named(path.name)
        if not parts or not path.is_file():
            continue
        try:
            text = path.read_bytes().decode()
        except UnicodeDecodeError as error:
            faults.append(f"{path.relative_to(place)}: not UTF-8 (byte {error.start}): save it so")
            continue
        rows.append([f"{parts['group']}-{parts['date']}", parts["group"], parts["date"],
                     parts.get("session") or "", path.relative_to(place).as_posix(), text])
    return rows, faults


def table(place):
    """Rows and faults of a csv of texts."""
    csv.field_size_limit(sys.maxsize)
    try:
        with place.open(encoding="utf-8", newline="") as file:
            lines = list(csv.DictReader(file))
    except UnicodeDecodeError:
        return [], [f"{place.name}: not UTF-8: save it as CSV UTF-8"]
    missing = [name for name in ("country", "year", "session", "path", "text")
               if name not in (lines[0] if lines else {})]
    if missing:
        return [], [f"{place.name}: no column {', '.join(missing)}"]
    return [[f"{line['country']}-{line['year']}", line["country"], line["year"], line["session"],
             line["path"], line["text"]] for line in lines], []


def made(place, again=False):
    """The tables that follow from the texts: name -> frame, without any text.

    place: folder or csv, of which the five states' texts are used; again: procedure B is run anew
    (its package is needed), else its codes are carried over by the sentences' hashes.
    Raises DataError as `texts` and `carried` do.
    """
    topics, cues = content.codebook()
    frame = texts(place)
    frame = frame[frame["group"].isin(CENTRAL_ASIA)].reset_index(drop=True)
    if frame.empty:
        raise DataError(f"{place}: no text of {', '.join(CENTRAL_ASIA)}")
    units = sentences(frame, topics, cues)
    if not again:
        return {"statements": statements(frame, SOURCE),
                "sentences": kept(carried(units, read("sentences")))}
    embed = similarity.model()
    cut = pd.DataFrame(similarity.cutoffs(topics, embed)).astype(str)
    return {"cutoffs": cut, "statements": statements(frame, SOURCE),
            "sentences": kept(compared(units, topics, cut, embed))}


def statements(frame, source=""):
    """What is kept of each text: identity, sha256, words and sentences, as rows of text."""
    rows = []
    for row in frame.itertuples():
        own = content.split(row.text)
        rows.append({"statement": row.statement, "country": row.group, "year": row.date,
                     "session": row.session, "path": "/".join(Path(row.path).parts[-2:]),
                     "sha256": content.digest(row.text),
                     "words": str(sum(len(content.words(one)) for one in own)),
                     "sentences": str(len(own)), "source": source})
    return pd.DataFrame(rows)


def sentences(frame, topics, cues):
    """What is kept of each sentence: hash, words, counts, codes A; with its text as column `text`.

    frame: as `texts` gives it. The last column serves procedure B and quotations and is dropped
    before anything is written (`kept`).
    """
    units = [(row.statement, i, text) for row in frame.itertuples()
             for i, text in enumerate(content.split(row.text), start=1)]
    found = pd.DataFrame(units, columns=["statement", "position", "text"])
    counts = content.vocabulary(found["text"], cues)
    found["sha256"] = [content.digest(text, SHORT) for text in found["text"]]
    found["words"] = [str(len(content.words(text))) for text in found["text"]]
    found["counts"] = [content.packed(own) for own in counts]
    found["a"] = [" ".join(codes) for codes in content.code(counts, cues)]
    return found.assign(position=found["position"].astype(str))


def compared(frame, topics, cut, embed):
    """The sentences with procedure B beside A: columns b and similarity (thousandths, a cell).

    cut: frame with code and cutoff, in the topics' order.
    """
    scores = similarity.similarities(frame["text"], topics, embed)
    codes = similarity.code(scores, cut["cutoff"].astype(int), list(cut["code"]))
    return frame.assign(b=[" ".join(own) for own in codes],
                        similarity=[" ".join(map(str, row)) for row in scores])


def carried(frame, old):
    """The sentences with the columns b and similarity of an older table, by hash.

    Raises DataError where a sentence has none: procedure B must be run again.
    """
    known = old.drop_duplicates("sha256").set_index("sha256")[["b", "similarity"]]
    lost = frame[~frame["sha256"].isin(known.index)]
    if len(lost):
        raise DataError(f"{len(lost)} sentences have no codes by procedure B, first "
                        f"{lost['statement'].iloc[0]} {lost['position'].iloc[0]}: run it again "
                        "with --similarity")
    return frame.join(known, on="sha256")


def kept(frame):
    """The sentences without their text, in the order of the table."""
    columns = ["statement", "position", "sha256", "words", "counts", "a", "b", "similarity"]
    return frame[columns]


def differences(made, stored):
    """What differs between two tables of statements or sentences, a line each; empty where none.

    A text whose sum does not match is named with both sums.
    """
    key = [name for name in ("statement", "position") if name in stored]
    both = made.merge(stored, on=key, how="outer", suffixes=("", "_stored"), indicator=True)
    lines = []
    for row in both.to_dict("records"):
        name = " ".join(str(row[part]) for part in key)
        if row["_merge"] != "both":
            where = "the texts" if row["_merge"] == "left_only" else "data/"
            lines.append(f"{name}: only in {where}")
            continue
        for column in stored.columns.drop([*key, "source"], errors="ignore"):
            mine, other = row[column], row[f"{column}_stored"]
            lines += [f"{name}, {column}: {mine} in the texts, {other} in data/"] * (mine != other)
    return lines
