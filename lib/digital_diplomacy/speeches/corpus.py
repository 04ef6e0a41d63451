"""Texts from a folder or a table, and the tables that the study keeps of them.

The texts are not part of the project: kept are identity and hash of a statement, and of a sentence
its hash, its words, the counts of the vocabulary and its codes.
"""

import os
import re
import shlex
from pathlib import Path

import pandas as pd

from footnoted.hints import first_in_words

from ..data import CENTRAL_ASIA, DataError, is_date, read, refuse
from ..files import likely_encoding, read_table, sought
from . import dictionary, similarity
from .splitting import sha256, split, words

PUBLIC_SET = re.compile(r"(?P<group>[A-Z]{3})_(?P<session>\d+)_(?P<date>\d{4})\.txt")
ANY_TEXT = re.compile(r"(?P<group>.+)_(?P<date>\d{4}(?:-\d\d){0,2})\.txt", re.IGNORECASE)
# What the first bytes of a file say that it is, whatever its name says.
OTHER_FILES = {b"%PDF": "a PDF", b"PK\3\4": "an archive or a document of Word",
               b"\xd0\xcf\x11\xe0": "an old document of Word", b"{\\rtf": "an RTF",
               b"<!doctype html": "a web page", b"<html": "a web page"}
DATES = "<group>_2024.txt, <group>_2024-05.txt or <group>_2024-05-01.txt"
UTF_8_MARK, UTF_32 = b"\xef\xbb\xbf", (b"\xff\xfe\0\0", b"\0\0\xfe\xff")
FIELDS = ["statement", "group", "date", "session", "path", "text"]
KEPT = ["statement", "position", "sha256", "words", "counts", "a", "b", "similarity"]
SHORT = 16  # digits of a sentence's hash in the study's table
SOURCE = "ungdc_2024"


# Texts

def texts(path):
    """The texts of a folder or of a csv file: a frame of text with FIELDS, by statement.

    A folder holds `CCC_SS_YYYY.txt` (the public data set of the UN General Debate, in its session
    folders) or `<group>_<date>.txt`; a csv has the columns country, year, session, path, text.
    Raises DataError, a line each: no such folder, no text in it, a text that cannot be used, two
    of one group and date.
    """
    csv = os.path.isfile(path) and str(path).endswith(".csv")
    rows, faults = csv_texts(path) if csv else folder_texts(path)
    frame = pd.DataFrame(rows, columns=FIELDS, dtype=str)
    frame = frame.sort_values("statement", ignore_index=True)
    refuse(faults + [f"{row.path}: {row.statement} stands in another file too: keep one"
                     for row in frame[frame["statement"].duplicated()].itertuples()])
    return frame


def csv_texts(path):
    """Rows of a csv of texts, and no faults."""
    frame = read_table(path, ["country", "year", "session", "path", "text"])
    frame.insert(0, "statement", frame["country"] + "-" + frame["year"])
    return frame[["statement", "country", "year", "session", "path", "text"]].to_numpy(), []


def folder_texts(folder):
    """Rows and faults of a folder's text files; hidden ones and other endings are passed over.

    Raises DataError where there is no folder, or no text in it.
    """
    if not os.path.isdir(folder):
        if os.path.exists(folder):
            raise DataError(f"{folder} is a file: name the folder it is in")
        raise DataError(f"there is no folder {folder}: name one with texts{sought(folder)}")
    paths = [path for path in visible_files(folder) if path.suffix.lower() == ".txt"]
    if not paths:
        raise DataError("\n".join([f"{folder}: no text in it: put {DATES} there",
                                   *passed_over(folder)]))
    rows, faults = [], []
    for path in paths:
        name = path.relative_to(folder).as_posix()
        try:
            content = path.read_bytes()
        except OSError as error:
            faults.append(f"{name}: cannot be read ({error.strerror}): change its permissions, or "
                          "take it away")
            continue
        if fault := text_fault(path, content):
            faults.append(f"{name}: {fault}")
            continue
        parts, _ = name_parts(path.name)
        rows.append([f"{parts['group']}-{parts['date']}", parts["group"], parts["date"],
                     parts.get("session", ""), name, content.decode()])
    return rows, faults


def visible_files(folder):
    """The files of a folder and its folders, in order, but for those that a system hides."""
    return [path for path in sorted(Path(folder).rglob("*")) if path.is_file()
            and not any(part.startswith(".") or part == "__MACOSX"
                        for part in path.relative_to(folder).parts)]


def passed_over(folder):
    """The line on files of a folder that are no texts by their ending, or no line."""
    names = [path.relative_to(folder).as_posix() for path in visible_files(folder)
             if path.suffix.lower() != ".txt"] if os.path.isdir(folder) else []
    return [f"passed over, because only .txt is read: {first_in_words(names, 5)}"] if names else []


def name_parts(name):
    """What a file's name says of its text, and what keeps it from saying it: (dict, fault).

    A group may hold underscores, but no date.

    >>> name_parts("New_York_2024-05.txt")
    ({'group': 'New_York', 'date': '2024-05'}, '')
    >>> name_parts("Rome_2024-13.txt")[1], name_parts("Rome_2023_2024.txt")[1]
    ('2024-13 is no date', 'two dates in its name')
    """
    found = PUBLIC_SET.fullmatch(name) or ANY_TEXT.fullmatch(name)
    if not found:
        return {}, "no date in its name"
    if re.search(r"(?:^|_)\d{4}(?:-\d\d){0,2}(?:_|$)", found["group"]):
        return {}, "two dates in its name"
    if not is_date(found["date"]):
        return {}, f"{found['date']} is no date"
    return found.groupdict(), ""


def text_fault(path, content):
    """What keeps a text from being used, with the mend, or "".

    >>> text_fault("Embassy_2024.txt", "О мире".encode("cp1251"))[:53]
    'not UTF-8 but perhaps windows-1251: iconv -f windows-'
    >>> text_fault("Embassy.txt", b"On peace")[:19]
    'no date in its name'
    """
    if fault := name_parts(Path(path).name)[1]:
        return f"{fault}: call it {DATES}"
    for start, kind in OTHER_FILES.items():
        if content.removeprefix(UTF_8_MARK).lstrip()[:20].lower().startswith(start.lower()):
            return f"{kind}, not a text: save what it says as a text in UTF-8"
    try:
        zeros = "\0" in content.decode("utf-8-sig")
        guess = "utf-16" if zeros and content.count(0) > len(content) / 4 else ""
    except UnicodeDecodeError:
        zeros, guess = False, likely_encoding(content)
    if content.startswith(UTF_32):
        guess = "utf-32"
    if guess:
        name = shlex.quote(str(path))
        return (f"not UTF-8 but perhaps {guess}: iconv -f {guess} -t utf-8 {name} > new && "
                f"mv new {name}, or save it as UTF-8")
    if zeros:
        return "zero bytes among its letters: it may be damaged; take them out (tr -d '\\0')"
    if not content.strip(UTF_8_MARK + b" \t\r\n\f"):
        return "nothing in it: delete it, or put its text there"
    return ""


# The study's tables

def study_tables(path, again=False):
    """The tables that follow from the texts: name -> frame of text, without any text of theirs.

    path: folder or csv, of which the five states' texts are used; again: procedure B is run anew
    (its package is needed), else its codes are carried over by the sentences' hashes.
    Raises DataError as `texts` and `with_stored_procedure_b` do.
    """
    topics, cues = dictionary.codebook()
    frame = five_states(path)
    units, made = sentences(frame, cues), {"statements": statements(frame)}
    if again:
        embed = similarity.model()
        made["cutoffs"] = pd.DataFrame(similarity.cutoffs(topics, embed)).astype(str)
        units = with_procedure_b(units, topics, made["cutoffs"], embed)
    else:
        units = with_stored_procedure_b(units, read("sentences"))
    return made | {"sentences": units[KEPT]}


def five_states(path):
    """The texts of the five states. Raises DataError as `texts` does, and where there is none."""
    frame = texts(path)
    frame = frame[frame["group"].isin(CENTRAL_ASIA)].reset_index(drop=True)
    if frame.empty:
        raise DataError(f"{path}: no text of {', '.join(CENTRAL_ASIA)}")
    return frame


def statements(frame):
    """What is kept of each text: identity, sha256, words and sentences, as rows of text."""
    rows = []
    for row in frame.itertuples():
        own = split(row.text, frozen=True)
        rows.append({"statement": row.statement, "country": row.group, "year": row.date,
                     "session": row.session, "path": "/".join(Path(row.path).parts[-2:]),
                     "sha256": sha256(row.text), "words": str(sum(len(words(one)) for one in own)),
                     "sentences": str(len(own)), "source": SOURCE})
    return pd.DataFrame(rows)


def sentences(frame, cues):
    """What is kept of each sentence: hash, words, counts, codes A; with its text as column `text`.

    frame: as `texts` gives it. The text serves procedure B and is dropped before anything is
    written.
    """
    units = [(row.statement, str(i), text) for row in frame.itertuples()
             for i, text in enumerate(split(row.text, frozen=True), start=1)]
    found = pd.DataFrame(units, columns=["statement", "position", "text"])
    counts = dictionary.count_cues(found["text"], cues)
    return found.assign(
        sha256=[sha256(text)[:SHORT] for text in found["text"]],
        words=[str(len(words(text))) for text in found["text"]],
        counts=list(map(dictionary.packed, counts)),
        a=list(map(" ".join, dictionary.code(counts, cues))))


def with_procedure_b(frame, topics, cut, embed):
    """The sentences with procedure B beside A: columns b and similarity (thousandths, a cell).

    cut: frame with code and cutoff, in the topics' order.
    """
    scores = similarity.similarities(frame["text"], topics, embed)
    codes = similarity.code(scores, cut["cutoff"].astype(int), list(cut["code"]))
    return frame.assign(b=list(map(" ".join, codes)),
                        similarity=[" ".join(map(str, row)) for row in scores])


def with_stored_procedure_b(frame, old):
    """The sentences with the columns b and similarity of an older table, by hash.

    Raises DataError where a sentence has none: procedure B must be run again.
    """
    stored = old.drop_duplicates("sha256").set_index("sha256")[["b", "similarity"]]
    lost = frame[~frame["sha256"].isin(stored.index)]
    if len(lost):
        raise DataError(f"{len(lost)} sentences have no codes by procedure B, first "
                        f"{lost['statement'].iloc[0]} {lost['position'].iloc[0]}: run it again "
                        "with --similarity")
    return frame.join(stored, on="sha256")
