"""Any folder of texts, split, coded and compared with a codebook of the study's form: no writing.

A text is `<group>_<date>.txt` in English or Russian; a codebook is a folder with `topics.csv` and
`cues.csv`. Nothing here knows the study's countries, and nothing but its own codebook is read.
"""

import os
import re
import shlex
from collections import Counter
from pathlib import Path

import pandas as pd

from . import codings, dictionary as content, corpus
from .codings import NONE, UNIT
from footnoted.hints import near

from ..data import DataError, refuse

SPLIT = [*UNIT, "sha256", "words", "text", "codes"]
LONG = 80  # words: a sentence with more is rather a list, or a text without full stops
OWN = "the study's own codebook, which is English"
DATES = "<group>_2024.txt, <group>_2024-05.txt or <group>_2024-05-01.txt"


def done(action, files, folder, own):
    """What the command of a name makes and says: (frame to be written, or None; text).

    folder: of the codebook, or None for the study's, which is in the folder own.
    """
    if action == "split":
        made, told = split(files[0])
    else:
        topics, cues = codebook(folder or own)
        name = f"the codebook {folder}" if folder else OWN
        if action == "compare":
            return None, compare(files, topics, name)
        made, told = code(files[0], topics, cues, name)
    return made, f"{len(made)} sentences in {made['statement'].nunique()} texts{told}"


def checked(place):
    """Every text file of a folder, refused where one cannot be used: a list of paths.

    Raises DataError, a line a file, all at once: a name without a date, nothing in it, another
    encoding than UTF-8, two texts of one group and date; and for no folder or no text.
    """
    if not os.path.isdir(place):
        raise DataError(f"{place} is a file: name the folder it is in" if os.path.exists(place) else
                        f"there is no folder {place}: name one with texts{sought(place)}")
    files = sorted(path for path in Path(place).rglob("*.txt") if path.is_file())
    if not files:
        raise DataError("\n".join([f"{place}: no text in it: put {DATES} there", *passed(place)]))
    doubled = {name for name, n in Counter(path.stem for path in files).items() if n > 1}
    refuse([f"{path.relative_to(place)}: {fault}" for path in files
            if (fault := unread(path) or unfit(path, path.read_bytes(), path.stem in doubled))])
    return files


def sought(place):
    """Where a path that is not absolute was looked for, in brackets."""
    return "" if os.path.isabs(place) else f" (looked for {os.path.abspath(place)})"


def passed(place):
    """The line on files of a folder that are no texts by their ending, or no line."""
    found = [path.relative_to(place) for path in sorted(Path(place).rglob("*"))
             if path.suffix != ".txt" and path.is_file()]
    names = [path.as_posix() for path in found if not any(p.startswith(".") for p in path.parts)]
    return [f"passed over, because only .txt is read: {few(names)}"] if names else []


def few(names):
    """At most five names, and how many more there are.

    >>> few(list("abcdefg"))
    'a, b, c, d, e and 2 more'
    """
    more = len(names) - 5
    return ", ".join(names[:5]) + (f" and {more} more" if more > 0 else "")


def unread(path):
    """What keeps a file from being read, or ""."""
    try:
        path.open("rb").close()
    except OSError as error:
        return f"cannot be read ({error.strerror}): change its permissions, or take it away"
    return ""


def unfit(path, content, doubled=False):
    """What keeps a text from being used, with the mend, or "".

    >>> unfit("Embassy_2024.txt", "О мире".encode("cp1251"))[:53]
    'not UTF-8 but perhaps windows-1251: iconv -f windows-'
    >>> unfit("Embassy.txt", b"On peace")[:19]
    'no date in its name'
    """
    if fault := corpus.named(Path(path).name)[1]:
        return f"{fault}: call it {DATES}"
    if doubled:
        return "another folder has a text of this name: keep one"
    try:
        text = content.decode("utf-8-sig")
        guess = "utf-16" if "\0" in text else ""
    except UnicodeDecodeError:
        guess = codings.likely(content)
    if guess:
        name = shlex.quote(str(path))
        return (f"not UTF-8 but perhaps {guess}: iconv -f {guess} -t utf-8 {name} > new && "
                f"mv new {name}, or save it as UTF-8")
    return "" if text.strip() else "nothing in it: delete it, or put its text there"


def split(place):
    """The sentences of a folder's texts, and what is said of them: (frame, lines of text).

    The frame has the columns SPLIT; `codes` is empty: a person may fill it in, with topics between
    blanks. Raises DataError as `checked` does.
    """
    checked(place)
    texts = corpus.texts(place)
    rows = [[row.statement, str(i), content.digest(text, corpus.SHORT),
             str(len(content.words(text))), text, ""]
            for row in texts.itertuples() for i, text in enumerate(content.split(row.text), 1)]
    lines = [*noticed(dict(zip(texts["statement"], texts["text"])), rows), *passed(place)]
    if not rows:
        raise DataError(f"{place}: no sentence of {content.LEAST} words in its texts")
    return pd.DataFrame(rows, columns=SPLIT, dtype=str), "".join(f"\n{line}" for line in lines)


def noticed(texts, rows):
    """What a reader of the sentences would not see, a line each.

    texts: statement -> text; rows: as `split` makes them. Told are pieces that were too short,
    texts that gave nothing, texts without the end of a sentence, and sentences over LONG words.

    >>> noticed({"A-2024": "Yes. No.", "B-2024": "we met at noon"}, [["B-2024", "1", "", "4"]])
    ... # doctest: +ELLIPSIS
    ['pieces shorter than 4 words, left out: 2', 'texts without a sentence: A-2024', '...: B-2024']
    """
    parts = {name: content.pieces(text) for name, text in texts.items()}
    found = {f"pieces shorter than {content.LEAST} words, left out": [
                 str(n)] if (n := sum(map(len, parts.values())) - len(rows)) else [],
             "texts without a sentence": sorted({*texts} - {row[0] for row in rows}),
             "texts without the end of a sentence": [
                 name for name, own in parts.items()
                 if len(own) == 1 and not re.search(r"[.!?…]\W*$", own[0])],
             f"sentences over {LONG} words": [
                 f"{row[0]} {row[1]} ({row[3]})" for row in rows if int(row[3]) > LONG]}
    return [f"{what}: {few(names)}" for what, names in found.items() if names]


def codebook(folder):
    """The codebook of a folder: topics and cues, checked. Raises DataError, a line each."""
    topics = table(Path(folder, "topics.csv"), ["code", "name", "definition", "includes",
                                                "excludes", "examples"])
    cues = table(Path(folder, "cues.csv"), ["cue", "code", "pattern", "less"])
    return content.codebook(topics, cues)


def table(path, wanted):
    """The rows of a csv file as `codings.table` reads it; for none it is said where was looked."""
    if os.path.isdir(path):
        raise DataError(f"{path} is a folder: name a csv file")
    if not os.path.exists(path):
        raise DataError(f"there is no {path}: name a csv file{sought(path)}")
    return codings.table(path, wanted)


def altered(frame, mend="split the texts again"):
    """Rows whose text is not the one that their sha256 is of, a line each."""
    return [f"{row.statement} {row.position}: sha256 {row.sha256} is not that of its text: {mend}"
            for row in frame.itertuples()
            if content.digest(row.text, corpus.SHORT) != row.sha256]


def code(sentences, topics, cues, name=OWN):
    """Codes of sentences by the codebook's cues: (codings by "dictionary", what is said of them).

    sentences: file that `split` made; name: the codebook's. Raises DataError, a line each, for a
    sentence whose hash does not match its text.
    """
    sentences = table(sentences, [*UNIT, "sha256", "text"])
    refuse(altered(sentences))
    given = content.code(content.vocabulary(sentences["text"], cues), cues)
    frame = sentences[[*UNIT, "sha256"]].assign(
        codes=[" ".join(codes) or NONE for codes in given], coder="dictionary")
    unused = content.unused(given, topics[topics["code"] != NONE])
    return frame, f", by {name}" + (f"; never given: {', '.join(unused)}" if unused else "")


def coded(path, topics, name=OWN):
    """The codes of a file, as `codings.read` gives them.

    Raises DataError for a text that was altered, and in one line for all codes that the codebook
    does not have.
    """
    rows, base = table(path, [*UNIT, "codes"]), Path(path).name
    if {"text", "sha256"} <= set(rows):
        refuse([f"{base}: {line}" for line in altered(rows, "put back the text as it was split")])
    rows, known = codings.read(path), [*topics["code"], NONE]
    unknown = Counter(code for cell in rows["codes"] for code in cell.split() if code not in known)
    if unknown:
        first = next(row for row in rows.itertuples() if {*row.codes.split()} - {*known})
        mend = near(*unknown, known) if len(unknown) == 1 else ": mend the codes"
        listed = few([f"{code} ({n})" for code, n in unknown.items()])
        raise DataError(f"{base}: not in {name}: {listed}, first at {first.statement} "
                        f"{first.position}{mend} (or name theirs: --codebook FOLDER)")
    return rows


def compare(paths, topics, name=OWN):
    """Two coders' codes beside each other, as text: a line a topic, alpha and what it allows.

    paths: files of codes, which together hold two coders; name: the codebook's. Raises DataError, a
    line each: a file that cannot be used, a unit coded twice, texts that differ, one coder only.
    """
    parts, faults = [], []
    for path in paths:
        try:
            parts.append(coded(path, topics, name))
        except DataError as error:
            faults.append(str(error))
    refuse(faults)
    rows = pd.concat(parts, ignore_index=True)
    refuse(codings.wrong(rows, "together"))
    (left, mine), (right, theirs) = codings.alone(rows)
    units = codings.pairs(mine, theirs)
    if units.empty:
        raise DataError(f"not estimable, because {left} and {right} coded no sentence both")
    names = {code: name for code, name in zip(topics["code"], topics["name"]) if code != NONE}
    frame = codings.compare(units, names).rename(columns={"left": left, "right": right})
    heading = f"{len(units)} sentences in {units['statement'].nunique()} texts, coded by both\n"
    cells = frame.reset_index().astype(str).values.tolist()
    return heading + aligned([["topic", *frame.columns], *cells])


def aligned(lines):
    """Rows of cells as columns of text, two blanks apart.

    >>> print(aligned([["topic", "both"], ["Digital", "3"]]))
    topic    both
    Digital  3
    """
    widths = [max(map(len, column)) for column in zip(*lines)]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip()
                     for line in lines)
