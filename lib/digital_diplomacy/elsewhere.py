"""Any folder of texts, split, coded and compared with a codebook of the study's form: no writing.

A text is `<group>_<date>.txt` in English or Russian; a codebook is a folder with `topics.csv` and
`cues.csv`. Nothing here knows the study's countries, and nothing but its own codebook is read.
"""

from collections import Counter
from pathlib import Path

import pandas as pd

from . import codings, content, corpus
from .codings import NONE, UNIT
from .tables import DataError, refuse

SPLIT = [*UNIT, "sha256", "words", "text", "codes"]
DATES = "<group>_2024.txt, <group>_2024-05.txt or <group>_2024-05-01.txt"


def checked(place):
    """Every text file of a folder as {path: name without ending}, refused where one cannot be used.

    Raises DataError, a line a file, all at once: a name without a date, nothing in it, another
    encoding than UTF-8, two texts of one group and date; and for no folder or no text.
    """
    place = Path(place)
    files = sorted(place.rglob("*.txt")) if place.is_dir() else []
    if not files:
        raise DataError(f"{place}: no text in it: put {DATES} there" if place.is_dir()
                        else f"there is no folder {place}: name one with texts")
    doubled = {name for name, n in Counter(path.stem for path in files).items() if n > 1}
    faults = [f"{path.relative_to(place)}: {fault}" for path in files
              if (fault := unfit(path.name, path.read_bytes(), path.stem in doubled))]
    refuse(faults)
    return {path: path.stem for path in files}


def unfit(name, content, doubled=False):
    """What keeps a text from being used, with the mend, or "".

    >>> unfit("Embassy_2024.txt", "О мире".encode("cp1251"))
    'not UTF-8 but perhaps windows-1251: iconv -f windows-1251 -t utf-8, or save it as UTF-8'
    >>> unfit("Embassy.txt", b"On peace")[:15]
    'no date in its '
    """
    if not (corpus.NAMED.fullmatch(name) or corpus.UNGDC.fullmatch(name)):
        return f"no date in its name: call it {DATES}"
    if doubled:
        return "another folder has a text of this name: keep one"
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        guess = likely(content)
        return f"not UTF-8 but perhaps {guess}: iconv -f {guess} -t utf-8, or save it as UTF-8"
    if "\0" in text:
        return "not UTF-8 but perhaps utf-16: iconv -f utf-16 -t utf-8, or save it as UTF-8"
    return "" if text.strip() else "nothing in it: delete it, or put its text there"


def likely(content):
    """The encoding that bytes which are no UTF-8 most likely have.

    Rule: a mark of UTF-16; else of the two old Russian encodings the one that gives more small than
    capital letters, if most letters beyond ASCII are Russian; else Latin.
    """
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    high = [byte for byte in content if byte > 127]
    if 4 * len(high) < len(content):  # a few accents in a Latin text
        return "windows-1252"
    small = sum(byte >= 0xE0 for byte in high)  # small in windows-1251, capital in koi8-r
    return "windows-1251" if 2 * small > len(high) else "koi8-r"


def split(place):
    """The sentences of a folder's texts: a frame with the columns SPLIT.

    `codes` is empty: a person may fill it in, with topics between blanks. Raises DataError as
    `checked` does.
    """
    checked(place)
    frame = corpus.texts(place)
    rows = [[row.statement, str(i), content.digest(text, corpus.SHORT),
             str(len(content.words(text))), text, ""]
            for row in frame.itertuples() for i, text in enumerate(content.split(row.text), 1)]
    if not rows:
        raise DataError(f"{place}: no sentence of {content.LEAST} words in its texts")
    return pd.DataFrame(rows, columns=SPLIT, dtype=str)


def codebook(folder):
    """The codebook of a folder: topics and cues, checked. Raises DataError, a line each."""
    topics = codings.table(Path(folder, "topics.csv"), ["code", "name", "definition", "includes",
                                                        "excludes", "examples"])
    cues = codings.table(Path(folder, "cues.csv"), ["cue", "code", "pattern", "less"])
    return content.codebook(topics, cues)


def code(sentences, topics, cues):
    """Codes of sentences by the codebook's cues: (codings by "dictionary", what is said of them).

    sentences: file that `split` made. Raises DataError, a line each, for a sentence whose hash
    does not match its text.
    """
    sentences = codings.table(sentences, [*UNIT, "sha256", "text"])
    refuse([f"{row.statement} {row.position}: sha256 {row.sha256} is not that of its text: split "
            "the texts again" for row in sentences.itertuples()
            if content.digest(row.text, corpus.SHORT) != row.sha256])
    given = content.code(content.vocabulary(sentences["text"], cues), cues)
    frame = sentences[[*UNIT, "sha256"]].assign(
        codes=[" ".join(codes) or NONE for codes in given], coder="dictionary")
    unused = content.unused(given, topics[topics["code"] != NONE])
    return frame, f"; never given: {', '.join(unused)}" if unused else ""


def compare(paths, topics):
    """Two coders' codes beside each other, as text: a line a topic, alpha and what it allows.

    paths: files of codes, which together hold two coders. Raises DataError, a line each: a file
    that cannot be used, a unit coded twice, texts that differ, one coder only.
    """
    parts, faults = [], []
    for path in paths:
        try:
            parts.append(codings.read(path, list(topics["code"])))
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
