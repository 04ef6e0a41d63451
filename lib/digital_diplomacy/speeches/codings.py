"""Codings of sentences as files: read, refused, and two of them compared topic by topic.

A row is one sentence by one coder; who or what the coder is, a person or a procedure, is nothing to
the arithmetic. An empty cell of codes is a sentence not coded yet; "no topic" is said by NON.
"""

import re
from pathlib import Path

import numpy as np
import pandas as pd

from . import agreement
from footnoted.hints import near

from ..data import DataError, csv_rows, refuse

UNIT = ["statement", "position"]
COLUMNS = [*UNIT, "sha256", "codes", "coder", "time"]
NONE = "NON"
FRAME = ["left", "right", "both", "alpha", "low", "high", "allows"]
FEW = 3  # sentences coded twice are named one by one
RUSSIAN = ("windows-1251", "koi8-r", "cp866")
COMMON = "ъэщцюшжхйчбзгьыяупдмклврстниаео"  # the letters of Russian, the most common last
OFTEN = 0.05  # of the resamples may have no variation; with more, no interval is told


# Files

def table(path, wanted):
    """The rows of any csv file as text, with at least the wanted columns: a frame of str.

    Raises DataError, a line each: no such file, not UTF-8, semicolons between the cells, a line
    with too many or too few cells, a column that is missing or stands twice.
    """
    path = Path(path)
    try:
        content = path.read_bytes()
    except OSError:
        raise DataError(f"there is no {path}: name a csv file") from None
    header, rows, ragged = csv_rows(path.name, decoded(content, path.name))
    if len(header) == 1 and ";" in header[0]:
        raise DataError(f"{path.name}: semicolons between the cells: save it with commas")
    missing = [name for name in wanted if name not in header]
    refuse(ragged or [f"{path.name}: the column {name} stands twice: delete one"
                      for name in dict.fromkeys(header) if header.count(name) > 1]
           or ([f"{path.name}: no column {', '.join(missing)}: add it"] if missing else []))
    return pd.DataFrame(rows, columns=header, dtype=str)


def decoded(content, name):
    """The text of a file's bytes. Raises DataError with line, guess and mend where not UTF-8."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        words = [word for word in re.findall(rb"[^\s,;\"]+", content) if not word.isascii()]
        guess = likely(content[:2] + b"".join(words))  # a name among many codes weighs nothing
        line = content.count(b"\n", 0, error.start) + 1
        raise DataError(f"{name} line {line}: not UTF-8 but perhaps {guess}: iconv -f {guess} "
                        "-t utf-8, or save it as CSV UTF-8") from None


def likely(content):
    """The encoding that bytes which are no UTF-8 most likely have.

    Rule: a mark of UTF-16; Latin where most letters are ASCII; else of three old Russian encodings
    the one whose Russian letters are the more common ones.

    >>> likely("МИР И ТРУД".encode("cp1251")), likely("О мире".encode("cp866"))
    ('windows-1251', 'cp866')
    """
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    if 4 * sum(byte > 127 for byte in content) < len(content):  # a few accents in a Latin text
        return "windows-1252"
    return max(RUSSIAN, key=lambda name: sum(
        COMMON.find(letter) for letter in content.decode(name, "replace").lower()))


def read(path, topics=(), none=False):
    """A file of codes: a frame with COLUMNS and file, the sentences that are coded.

    path: csv with statement, position and codes (topics between blanks); sha256, coder and time may
    be left out, and the file's name is then the coder's. topics: codes that are allowed; none: the
    file may hold no codes. The index counts the rows of the file from 0.
    Raises DataError as `table` and `wrong` do, and for a file without codes.
    """
    path = Path(path)
    frame = table(path, [*UNIT, "codes"])
    given = {"coder": path.stem, "sha256": "", "time": ""}
    frame = frame.assign(**{name: text for name, text in given.items() if name not in frame})
    frame = frame[COLUMNS].apply(lambda column: column.str.strip()).assign(file=path.name)
    frame = frame[frame["codes"] != ""]
    if frame.empty and not none:
        raise DataError(f"{path.name}: no codes in it: fill in its column codes")
    refuse(wrong(frame, path.name, topics))
    return frame


def wrong(frame, name, topics=()):
    """Faults of codings, a line each: a unit coded twice by one coder, codes that cannot be.

    >>> rows = pd.DataFrame([("A-2024", "1", "", "NON", "x", "")] * 2, columns=COLUMNS)
    >>> wrong(rows, "x.csv")
    ['x.csv: A-2024 1 was coded twice by x: keep one row']
    """
    lines = [line for coder, rows in frame.groupby("coder", sort=False)
             for line in twice(rows, name, coder)]
    for row in frame.itertuples():
        codes = row.codes.split()
        where = f"{name}: {row.statement} {row.position}"
        lines += [f"{where}: no topic {code!r}{meant(code, topics)}"
                  for code in codes if topics and code not in (*topics, NONE)]
        if NONE in codes and len(codes) > 1:
            lines.append(f"{where}: {NONE} says that there is no topic: delete it, or the others")
    return lines


def twice(rows, name, coder):
    """Units that a coder's rows hold twice, a line each; many are one line, as one cause."""
    doubled = rows[rows.duplicated(UNIT)].drop_duplicates(UNIT)
    lines = [f"{name}: {row.statement} {row.position} was coded twice by {coder}: keep one row"
             for row in doubled.itertuples()]
    return lines if len(lines) <= FEW else [
        f"{name}: {len(lines)} sentences were coded twice by {coder}, as if a file were given "
        "twice: name the files of two coders, or keep one row of each sentence"]


def meant(code, topics):
    """What to write in place of a code that is no topic.

    >>> meant("dig", ["DIG", "SEC"]), meant("DIG,SEC", ["DIG", "SEC"])
    (": did you mean 'DIG'?", ": write blanks between topics, 'DIG SEC'")
    """
    parts = re.split("[,;/|+]+", code.upper().strip(",;/|+"))
    if len(parts) > 1 or parts[0] != code.upper():
        return f": write blanks between topics, {' '.join(parts)!r}"
    return near(code.upper(), topics)


def unlisted(frame, known, name):
    """Rows of a file whose sentence is none of the known ones, a line each.

    frame: as `read` gives it; known: frame with statement and position, 1 to the last of each.

    >>> known = pd.DataFrame([("A-2024", "1"), ("A-2024", "2")], columns=UNIT)
    >>> unlisted(known.assign(position=["1", "2.0"]), known, "x.csv")
    ["x.csv line 3: no sentence '2.0' in A-2024, which has 1 to 2: mend it, or delete the row"]
    """
    sizes, held = known.groupby("statement").size(), set(zip(known["statement"], known["position"]))
    lines = []
    for row in frame.itertuples():
        where = f"{name} line {row.Index + 2}"
        if row.statement not in sizes.index:
            lines.append(f"{where}: no statement {row.statement!r} in the study: mend it, or "
                         "delete the row")
        elif (row.statement, row.position) not in held:
            lines.append(f"{where}: no sentence {row.position!r} in {row.statement}, which has 1 "
                         f"to {sizes[row.statement]}: mend it, or delete the row")
    return lines


def mismatched(left, right, where):
    """Units whose texts differ between two frames by their hashes, a line each.

    left, right: frames with statement, position, sha256; a hash that is not there is not compared;
    where: the names of their files.
    """
    both = left.merge(right, on=UNIT, suffixes=("", "_other"))
    apart = both[(both["sha256"] != both["sha256_other"]) & (both["sha256"] != "")
                 & (both["sha256_other"] != "")]
    return [f"{row.statement} {row.position}: sha256 {row.sha256} in {where[0]}, "
            f"{row.sha256_other} in {where[1]}: not the same text: code it again from the same "
            "sentences" for row in apart.itertuples()]


# Two of them

def pairs(left, right, weights=None):
    """The units that both coded: statement, position, left, right (cells of codes), weight.

    left, right: codings of one coder each; weights: frame with statement, position, weight, whose
    units alone then count; else each unit weighs 1. Raises DataError for texts that differ.
    """
    refuse(mismatched(left, right, [", ".join(frame.get("file", frame["coder"]).unique())
                                    for frame in (left, right)]))
    found = left.rename(columns={"codes": "left"}).merge(
        right.rename(columns={"codes": "right"}), on=UNIT, suffixes=("", "_other"))
    found = found.assign(weight=1.0) if weights is None else found.merge(
        weights[[*UNIT, "weight"]], on=UNIT)
    return found[[*UNIT, "left", "right", "weight"]]


def compare(units, names):
    """Two codings topic by topic: a frame with the columns FRAME, by topic's name.

    units: as `pairs` gives them; names: code -> name. left, right, both: units with the topic;
    alpha, low and high as text of two decimals; allows: what the low bound allows, or why there is
    none.
    """
    order, groups = np.unique(units["statement"], return_inverse=True)
    resamples = agreement.weights(len(order)) if len(order) > 1 else None
    rows = {}
    for code, name in names.items():
        left, right = (np.array([code in cell.split() for cell in units[side]], dtype=bool)
                       for side in ("left", "right"))
        rows[name] = [int(left.sum()), int(right.sum()), int((left & right).sum()),
                      *told(left, right, groups, units["weight"].to_numpy(float), resamples)]
    return pd.DataFrame.from_dict(rows, orient="index", columns=FRAME, dtype=object)


def told(left, right, groups, weights, resamples):
    """Alpha, its bounds and what the low one allows, as four texts; the reason where there is none.

    A high alpha from few sentences allows nothing yet: hence the low bound. The reasons are short,
    because pandas cuts a cell at 50 letters.
    """
    reason = unusable(left, right)
    if reason:
        return "", "", "", f"not estimable, because {reason}"
    counts = tallies(left, right, groups, weights)
    point = float(agreement.alphas(*counts.sum(axis=0)))
    if left.any() != right.any() or left.all() != right.all():
        # alpha is then 0 or less, whatever is coded, and above it by the weights alone
        part = "" if left.any() != right.any() else " to all"
        return printed(point), "", "", f"no finding: only one of the two gave it{part}"
    if resamples is None:
        return printed(point), "", "", "no interval, because there is one text only"
    drawn = agreement.alphas(*(resamples @ counts).T)
    if np.isnan(drawn).mean() > OFTEN:
        what = agreement.scarce(counts)
        return printed(point), "", "", f"no interval, because too few texts {what} it"
    low, high = np.nanpercentile(drawn, agreement.INNER)
    return printed(point), printed(low), printed(high), agreement.level(low)


def printed(value):
    """A number with two decimals, and no minus before zero.

    >>> printed(-0.001), printed(0.816)
    ('0.00', '0.82')
    """
    return f"{round(float(value), 2) + 0.0:.2f}"


def unusable(left, right):
    """Why two codings of a topic have no alpha, or "".

    >>> unusable(np.array([False]), np.array([False]))
    'neither gave it'
    """
    if not len(left):
        return "none was coded by both"
    if not (left | right).any():
        return "neither gave it"
    return "both gave it to all" if (left & right).all() else ""


def tallies(left, right, groups, weights):
    """Weight of units with the topic by both, one or neither, by group: an array groups × 3.

    Weights are scaled to a mean of 1, so that alpha's correction for small samples is that of as
    many units as were coded.

    >>> yes, no = np.array([True, False]), np.array([False, False])
    >>> tallies(yes, no, np.array([0, 1]), np.array([1.0, 3.0])).tolist()
    [[0.0, 0.5, 0.0], [0.0, 0.0, 1.5]]
    """
    scaled = weights / weights.mean()
    cells = np.stack([left & right, left ^ right, ~(left | right)], axis=1) * scaled[:, None]
    found = np.zeros((groups.max() + 1, 3))
    np.add.at(found, groups, cells)
    return found


def alone(frame):
    """The two codings of a frame of two coders: ((name, rows), (name, rows)).

    Raises DataError for one coder ("not estimable, because ...") and for more than two.
    """
    coders = list(dict.fromkeys(frame["coder"]))
    if len(coders) < 2:
        raise DataError("not estimable, because one coder alone agrees with nobody"
                        if coders else "not estimable, because nothing is coded yet")
    if len(coders) > 2:
        raise DataError(f"{len(coders)} coders, {', '.join(coders)}: give the codes of two")
    return tuple((name, frame[frame["coder"] == name]) for name in coders)
