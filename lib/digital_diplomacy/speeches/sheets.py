"""Sheets of sentences: made for people to code, read as spreadsheets leave them, compared.

A row is one sentence by one coder; who or what the coder is, a person or a procedure, is nothing to
the arithmetic. An empty cell of codes is a sentence not coded yet; "no topic" is said by NON.
"""

import io
import re
from collections import Counter
from itertools import combinations, product
from pathlib import Path

import numpy as np
import pandas as pd

from footnoted.hints import first_in_words, near
from footnoted.number import half_up

from ..data import DataError, read, refuse
from ..files import read_table
from . import agreement, corpus, dictionary
from .corpus import passed_over
from .dictionary import NONE
from .shares import ALL, FIVE, PERIODS, count_number, row_id, topics_given, with_year
from .splitting import LEAST, furniture, pieces, sha256, sheet_hash, split, words

UNIT = ["statement", "position"]
SPLIT = [*UNIT, "sha256", "words", "sentence", "codes"]
SHEET = [*UNIT, "sha256", "sentence", "context", "codes"]
CODEBOOK = ["code", "name", "definition", "includes", "excludes", "examples"]
LONG = 80  # words: a sentence with more is rather a list, or a text without full stops
OWN = "the study's own codebook, which is English"
FEW = 3  # sentences coded twice are named one by one
STATE, RARE, NEGATIVES = 60, 40, 100  # sentences drawn: a state, a rare topic, without a code
SELDOM = 0.05  # a topic is rare where the dictionary gives it to fewer sentences than this share
SEED = 2024  # of the sample: all coders get the same sentences in the same order
PROCEDURES = {"a": "A (dictionary)", "b": "B (similarity)"}


# Any texts: split, coded by a dictionary

def split_texts(path):
    """The sentences of a folder's texts, and what is said of them: (frame, text).

    The frame has the columns SPLIT; `codes` is empty: a person may fill it in. Raises DataError as
    `corpus.texts` does, and where no text has a sentence.
    """
    texts = corpus.texts(path)
    rows = [[row.statement, str(i), sheet_hash(sha256(text)), str(len(words(text))), text, ""]
            for row in texts.itertuples() for i, text in enumerate(split(row.text), 1)]
    if not rows:
        raise DataError(f"{path}: no sentence of {LEAST} words in its texts")
    frame = pd.DataFrame(rows, columns=SPLIT, dtype=str)
    lines = [size_text(frame), *remarks(texts, frame), *passed_over(path)]
    return frame, "\n".join(lines)


def size_text(frame):
    """How many sentences in how many texts."""
    return f"{len(frame)} sentences in {frame['statement'].nunique()} texts"


def remarks(texts, frame):
    """What a reader of the sentences would not see, a line each.

    texts: as `corpus.texts` gives them; frame: their sentences. Told are pieces that were too
    short, lines of words that were taken for the head of a page, texts that gave nothing, texts
    without the end of a sentence, and sentences over LONG words.
    """
    parts = {row.statement: pieces(row.text) for row in texts.itertuples()}
    short = sum(map(len, parts.values())) - len(frame)
    found = {f"pieces shorter than {LEAST} words, left out": [str(short)] * bool(short),
             "lines taken for the head of a page, left out": [
                 line.strip() for row in texts.itertuples() for line in row.text.splitlines()
                 if words(line) and furniture(line)],
             "texts without a sentence": sorted({*parts} - {*frame["statement"]}),
             "texts without the end of a sentence": [
                 name for name, own in parts.items()
                 if len(own) == 1 and not re.search(r"[.!?…]\W*$", own[0])],
             f"sentences over {LONG} words": [
                 f"{row.statement} {row.position} ({row.words})" for row in frame.itertuples()
                 if int(row.words) > LONG]}
    return [f"{what}: {first_in_words(names, 5)}" for what, names in found.items() if names]


def code_by_dictionary(path, folder=None):
    """Codes of split sentences by a codebook's cues, and what is said of them: (frame, text).

    path: file that `split_texts` made; folder: the codebook's, or None for the study's. Raises
    DataError, a line each, for a sentence whose hash does not match its text.
    """
    topics, cues, name = codebook(folder)
    sentences = read_table(path, [*UNIT, "sha256", "sentence"])
    refuse(altered(sentences, Path(path).name))
    codes = dictionary.code(dictionary.count_cues(sentences["sentence"], cues), cues)
    frame = sentences[[*UNIT, "sha256"]].assign(
        codes=[" ".join(own) or NONE for own in codes], coder="dictionary")
    unused = [code for code in topics["code"] if code != NONE and code not in {
        one for own in codes for one in own}]
    never = f"; never given: {', '.join(unused)}" if unused else ""
    return frame, f"{size_text(frame)}, by {name}{never}"


def codebook(folder=None):
    """A codebook, checked: its topics, its cues and its name. Raises DataError, a line each."""
    if folder is None:
        return *dictionary.codebook(), OWN
    topics = read_table(Path(folder, "topics.csv"), CODEBOOK)
    cues = read_table(Path(folder, "cues.csv"), ["cue", "code", "pattern", "less"])
    return *dictionary.codebook(topics, cues), f"the codebook {folder}"


def altered(frame, name):
    """Rows whose sentence is not the one that their hash is of, a line each."""
    return [f"{name} row {row.Index}: sha256 {row.sha256} is not that of its sentence: put back "
            "the sentence as it was split" for row in frame.itertuples()
            if sheet_hash(sha256(row.sentence)) != row.sha256]


# The study's sample

def strata(units):
    """What is drawn apart: {name: (rows, how many at most)}.

    units: as the table `sentences` has them. Random: STATE a state, spread evenly over the periods.
    Rare: RARE of those that the dictionary gives a topic it seldom gives. Negatives: NEGATIVES of
    those that it gives nothing.
    """
    dated = with_year(units)
    cells = (dated["country"] + " " + dated["period"]).to_numpy()
    drawn = {name: (np.flatnonzero(cells == name), STATE // len(PERIODS))
             for name in sorted(set(cells))}
    codes = units["a"].str.split()
    every_code = sorted({one for own in codes for one in own})
    for code, yes in topics_given(units["a"], every_code).items():
        if yes.mean() < SELDOM:
            drawn[code] = np.flatnonzero(yes), RARE
    return drawn | {"negatives": (np.flatnonzero(units["a"] == ""), NEGATIVES)}


def draw(units):
    """The sample in random order: statement, position, sha256, weight.

    The strata are drawn independently; a sentence's chance to be in the sample is 1 less the
    product of its chances to be left out of each, and its weight is 1 ÷ that chance (Horvitz and
    Thompson), so that shares and alphas are those of all sentences, not of the enriched sample.
    """
    left_out, chosen = np.ones(len(units)), set()
    for name, (rows, most) in strata(units).items():
        size = min(most, len(rows))
        chance = np.random.default_rng([SEED, *map(ord, name)])
        chosen |= set(chance.choice(rows, size, replace=False).tolist())
        left_out[rows] *= 1 - size / max(len(rows), 1)
    order = np.random.default_rng(SEED).permutation(sorted(chosen))
    found = units.iloc[order][[*UNIT, "sha256"]].assign(weight=1 / (1 - left_out[order]))
    return found.reset_index(drop=True)


def count_drawn():
    """How many sentences the sample holds; the Number rests on all that it is drawn from."""
    units = read("sentences")
    return count_number(len(draw(units)), row_id(units, FIVE, None, ALL), "sentences drawn to code")


def blind_sheet(texts_path):
    """The sample for a person to code: a frame of text with the columns SHEET, codes empty.

    texts_path: the texts, as `corpus.texts` reads them. No procedure's codes are in it. Raises
    DataError, a line each, for a sentence of the sample that the texts do not have.
    """
    texts = {row.statement: ["", *split(row.text, frozen=True), ""]
             for row in corpus.five_states(texts_path).itertuples()}
    rows, faults = [], []
    for row in draw(read("sentences")).itertuples():
        own, position = texts.get(row.statement, []), int(row.position)
        before, sentence, after = own[position - 1:position + 2] if position < len(own) - 1 else \
            ["", "", ""]
        if not sha256(sentence).startswith(row.sha256):
            faults.append(f"{row.statement} {row.position}: not in these texts as the study read "
                          "it: name the texts of the public data set")
        rows.append([row.statement, row.position, sheet_hash(row.sha256), sentence,
                     f"{before} […] {after}".strip(), ""])
    refuse(faults)
    return pd.DataFrame(rows, columns=SHEET, dtype=str)


def sheet_file(texts_path, path):
    """A coder's sheet as the bytes of a file, by its ending, and what is said of it.

    Raises DataError as `blind_sheet` does, and for another ending than .xlsx and .csv.
    """
    ending = Path(path).suffix.lower()
    if ending not in (".xlsx", ".csv"):
        raise DataError(f"{path}: name a file that ends with .xlsx or .csv")
    frame = blind_sheet(texts_path)
    said = (f"{size_text(frame)}, in random order: write the codes of topics into the column "
            f"codes, {NONE} for none")
    return as_csv(frame) if ending == ".csv" else as_workbook(frame), said


def as_csv(frame):
    """A sheet as the bytes of a csv, marked as UTF-8 for spreadsheets."""
    return frame.to_csv(index=False, lineterminator="\n").encode("utf-8-sig")


def as_workbook(frame):
    """A sheet as the bytes of an XLSX workbook, with the codebook as a second sheet."""
    from openpyxl.styles import Alignment
    content = io.BytesIO()
    with pd.ExcelWriter(content, engine="openpyxl") as book:
        for title, table, wide in (("sentences", frame, ["sentence", "context"]),
                                   ("codebook", read("topics")[CODEBOOK], CODEBOOK[2:])):
            table.to_excel(book, sheet_name=title, index=False, freeze_panes=(1, 0))
            sheet = book.sheets[title]
            for cells, column in zip(sheet.columns, table.columns):
                sheet.column_dimensions[cells[0].column_letter].width = 60 if column in wide else 16
                for cell in cells:
                    cell.data_type = "s"  # else a sentence that begins with "=" is a formula
                    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return content.getvalue()


# Codings, read and compared

def read_codings(path, topics, name=OWN):
    """The sentences of a sheet that are coded: statement, position, sha256, codes, coder.

    path: csv or XLSX with statement, position and codes; sha256, sentence and coder may be left
    out, and the file's name is then the coder's. topics: the codebook; name: what it is called.
    Codes are read in small letters too, and between blanks, commas or other marks. The index
    counts the rows of the file. Raises DataError, a line each, for what cannot be meant.
    """
    base = Path(path).name
    frame = read_table(path, [*UNIT, "codes"])
    absent = {"coder": Path(path).stem, "sha256": ""}
    frame = frame.assign(**{column: text for column, text in absent.items() if column not in frame})
    frame = frame.apply(lambda column: column.str.strip())
    if {"sentence", "sha256"} <= set(frame):
        refuse(altered(frame, base))
    frame = frame[frame["codes"] != ""][[*UNIT, "sha256", "codes", "coder"]]
    if frame.empty:
        raise DataError(f"{base}: no codes in it: fill in its column codes")
    codes = frame["codes"].map(lambda cell: codes_of(cell, topics["code"]))
    frame = frame.assign(codes=codes.map(" ".join))
    refuse(unknown_codes(codes, [*topics["code"], NONE], base, name))
    refuse([*hash_faults(frame, base), *contradictions(frame, base)])
    return frame


def codes_of(cell, codes):
    """The codes that a cell of a spreadsheet means, a list; what is no code stays as it is.

    >>> codes_of("dig, SEC;Non", ["DIG", "SEC"]), codes_of("DIG/SEC", ["DIG", "SEC"])
    (['DIG', 'SEC', 'NON'], ['DIG', 'SEC'])
    """
    known = {code.casefold(): code for code in [*codes, NONE]}
    parts = [part for part in re.split(r"[\s,;]+", cell) if part]
    parts = [one for part in parts for one in (
        [part] if part.casefold() in known else filter(None, re.split(r"[/|+]+", part)))]
    return list(dict.fromkeys(known.get(part.casefold(), part) for part in parts))


def unknown_codes(codes, known, base, name):
    """One line on all codes of a file that its codebook does not have, or no line."""
    unknown = Counter(code for own in codes for code in own if code not in known)
    if not unknown:
        return []
    row = next(row for row, own in codes.items() if {*own} - {*known})
    mend = near(*unknown, known) if len(unknown) == 1 else ": mend the codes"
    listed = first_in_words([f"{code} ({n})" for code, n in unknown.items()], 5)
    return [f"{base}: not in {name}: {listed}, first in row {row}{mend} "
            "(or name theirs: --codebook FOLDER)"]


def hash_faults(frame, base):
    """Rows whose hash is none, as a spreadsheet leaves what it took for a number, a line each."""
    return [f"{base} row {row.Index}: {row.sha256} is no sha256 (h and 15 digits): copy that "
            "column from the sheet as it was made" for row in frame.itertuples()
            if row.sha256 and not re.fullmatch("h[0-9a-f]{15}", row.sha256)]


def contradictions(frame, base):
    """A sentence coded twice by one coder, and NON beside a topic, a line each.

    Many sentences coded twice are one line, as one cause.
    """
    again = frame[frame.duplicated([*UNIT, "coder"])]
    lines = [f"{base} row {row.Index}: {row.statement} {row.position} was coded twice by "
             f"{row.coder}: keep one row" for row in again.itertuples()]
    if len(lines) > FEW:
        lines = [f"{base}: {len(lines)} sentences were coded twice by {again['coder'].iloc[0]}, "
                 "as if a file were given twice: name the files of two coders, or keep one row of "
                 "each sentence"]
    return lines + [f"{base} row {row.Index}: {NONE} says that there is no topic: delete it, or "
                    "the others" for row in frame.itertuples()
                    if NONE in row.codes.split() and row.codes != NONE]


def compare_codings(paths, folder=None):
    """Codings beside each other, two at a time, as text: a line a topic, alpha and what it allows.

    paths: sheets, which together hold two coders; folder: of their codebook, or None for the
    study's. Where the sentences are the study's, both procedures stand beside each coder, and one
    coder will do; a coding of the drawn sample is weighted back to all sentences. Raises
    DataError, a line each: a file that cannot be used, texts that differ, not two coders.
    """
    topics, _, name = codebook(folder)
    topics = topics[topics["code"] != NONE]
    parts, faults = [], []
    for path in paths:
        try:
            parts.append(read_codings(path, topics, name))
        except DataError as error:
            faults.append(str(error))
    refuse(faults)
    rows = pd.concat(parts)
    refuse(contradictions(rows, "together"))
    coders = dict(list(rows.groupby("coder", sort=False)))
    procedures = study_codings(rows) if folder is None else {}
    if len(coders) > 2:
        raise DataError(f"{len(coders)} coders, {', '.join(coders)}: give the codes of two")
    if len(coders) < 2 and not procedures:
        raise DataError("not estimable, because one coder alone agrees with nobody")
    sample = draw(read("sentences")) if procedures else None
    pairs = [*combinations(coders.items(), 2), *product(coders.items(), procedures.items())]
    return "\n\n".join(comparison_text(left, right, topics, sample) for left, right in pairs)


def study_codings(rows):
    """The codings of both procedures, by name, if all rows are sentences of the study; else {}."""
    units = read("sentences").assign(sha256=lambda own: own["sha256"].map(sheet_hash))
    held = set(units[[*UNIT, "sha256"]].itertuples(index=False, name=None))
    if not held.issuperset(rows[[*UNIT, "sha256"]].itertuples(index=False, name=None)):
        return {}
    return {name: units[[*UNIT, "sha256"]].assign(codes=units[procedure].where(
        units[procedure] != "", NONE)) for procedure, name in PROCEDURES.items()}


def comparison_text(left, right, topics, sample=None):
    """Two codings as text: how many sentences both coded, and a line a topic.

    left, right: name and codings; sample: as `draw` gives it, whose weights are used where all
    sentences that both coded are in it. Raises DataError where their texts differ, or no sentence
    was coded by both.
    """
    (name, rows), (other, other_rows) = left, right
    both = rows.merge(other_rows, on=UNIT, suffixes=("", "_other"))
    refuse([f"{row.statement} {row.position}: sha256 {row.sha256} by {name}, {row.sha256_other} by "
            f"{other}: not the same text: code it again from the same sentences"
            for row in both.itertuples()
            if row.sha256 != row.sha256_other and row.sha256 and row.sha256_other])
    if both.empty:
        raise DataError(f"not estimable, because {name} and {other} coded no sentence both")
    said, weights = f"{size_text(both)}, coded by both", None
    if sample is not None and len(drawn := both[UNIT].merge(sample, on=UNIT)) == len(both):
        said, weights = f"{said}, weighted back to all sentences", drawn["weight"]
    left_codes, right_codes = (topics_given(both[column], topics["code"])
                               for column in ("codes", "codes_other"))
    found = agreement.compare(left_codes, right_codes, both["statement"], weights)
    cells = [[topic, *map(str, row[:3]), *map(two_decimals, row[3:6]), row[6]]
             for topic, row in zip(topics["name"], found.to_numpy())]
    header = ["topic", name, other, "both", "alpha", "low", "high", "allows"]
    return f"{said}\n{aligned([header, *cells])}"


def two_decimals(value):
    """A number with two decimals, and no minus before zero; nothing for what is not known.

    >>> two_decimals(-0.001), two_decimals(0.816), two_decimals(float("nan"))
    ('0.00', '0.82', '')
    """
    return "" if np.isnan(value) else half_up(value, 2).replace("-0.00", "0.00")


def aligned(lines):
    """Rows of cells as columns of text, two blanks apart.

    >>> print(aligned([["topic", "both"], ["Digital", "3"]]))
    topic    both
    Digital  3
    """
    widths = [max(map(len, column)) for column in zip(*lines)]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip()
                     for line in lines)
