"""The coding desk: a drawn sample that a person codes blind, and what their codes agree with.

The texts come from the person's own copy of the public data set. Neither procedure's codes are
shown, nor whose sentence it is: both procedures saw the sentence alone.
"""

import difflib
import math
import os
import re
from datetime import datetime, timezone
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import beta

from .. import tables
from . import codings, dictionary as content, corpus
from .codings import COLUMNS, NONE, UNIT
from ..data import CENTRAL_ASIA
from .desk_sample import SEED, DeskError, draw, unseeded
from ..steps import put
from ..tables import DataError, read

PROCEDURES = {"dictionary": "a", "similarity": "b"}
HIDDEN = "set reveal = True in the second cell when you have finished coding, then Run All"


class Line(str):
    """One line in place of a table, shown without quotes."""

    __repr__ = str.__str__


class Desk(NamedTuple):
    """A sample in its order, with texts; the codebook; whose codes go to which file.

    reveal: True once the person has finished: until then no result is shown, for who saw one
    would no longer code alone.
    """
    sample: pd.DataFrame
    topics: pd.DataFrame
    path: Path
    coder: str
    reveal: bool = False


# Opening

def begin(texts, coder, seed=SEED, reveal=False):
    """A desk for a person: the sample with its texts, and what they have coded so far kept.

    texts: folder or csv of the UN statements ("" reads the variable TEXTS); coder: a name of
    letters, digits and hyphens, which the file of codes gets too; seed: a whole number from 0.
    Raises DeskError, a line each, each with its mend: no texts, texts of another release, no name,
    no seed, a file that cannot be used.
    """
    faults = [line for line in (unnamed("coder", coder), unseeded(seed)) if line]
    sample = draw(read("sentences"), SEED if unseeded(seed) else seed)
    try:
        sample = with_texts(sample, str(texts or os.environ.get("TEXTS", "")))
    except DataError as error:
        faults += str(error).splitlines()
    desk = Desk(sample, numbered(read("topics")), home() / f"{coder}.csv", coder, reveal)
    try:
        if not faults:
            coded(desk)
    except DataError as error:
        faults += str(error).splitlines()
    if faults:
        raise DeskError("\n".join(faults))
    return desk


def unnamed(what, name):
    """Why a name can be no coder's, with the mend, or "".

    >>> unnamed("coder", "ann-2"), unnamed("other", "no/such")
    ('', "other is 'no/such': write a name in the second cell, in letters, digits, hyphens")
    """
    if not isinstance(name, str) or not re.fullmatch(r"[\w-]+", name):
        return f"{what} is {name!r}: write a name in the second cell, in letters, digits, hyphens"
    return f"{what} is {name!r}, which is a procedure's name: take another" \
        if name in PROCEDURES else ""


def opened(desk):
    """The desk itself. Raises DeskError where the cell that begins it has not made one."""
    if desk is None:
        raise DeskError("the desk is not open: mend what the cell with dd.desk.begin says, and run "
                        "that cell again")
    return desk


def home():
    """The folder of the coders' files, beside data/."""
    return tables.root().parent / "codes"


def numbered(topics):
    """The codebook as the desk shows it: a column `number`, "no topic" last and 0."""
    topics = topics.assign(last=topics["code"] == NONE).sort_values("last", kind="stable")
    numbers = [str(n) if code != NONE else "0" for n, code in enumerate(topics["code"], start=1)]
    return topics.drop(columns="last").assign(number=numbers).reset_index(drop=True)


def with_texts(sample, place):
    """The sample with the column text. Raises DataError where texts are not there or differ."""
    if not place:
        raise DataError("the desk needs the texts of the UN statements: name their folder as texts "
                        "in the second cell, or start it with make lab TEXTS=folder "
                        "(data/README.md says how to get them)")
    frame = corpus.texts(place)
    frame = frame[frame["group"].isin(CENTRAL_ASIA)]
    listed = read("statements").set_index("statement")["sha256"]
    tables.refuse(unlike(dict(zip(frame["statement"], frame["text"])),
                         listed[listed.index.isin(sample["statement"])]))
    said = {(row.statement, str(i)): text for row in frame.itertuples()
            for i, text in enumerate(content.split(row.text), start=1)}
    found = [said.get((row.statement, row.position), "") for row in sample.itertuples()]
    sums = [content.digest(text, corpus.SHORT) for text in found]
    tables.refuse([f"{row.statement} {row.position}: sha256 {mine} in the texts, {row.sha256} in "
                   "data/: make data/sentences.csv again"
                   for row, mine in zip(sample.itertuples(), sums) if mine != row.sha256])
    return sample.assign(text=found)


def unlike(texts, listed):
    """Statements whose text is not there or not that of the table, a line each.

    texts: statement -> text; listed: its sha256 by statement. Line ends of Windows are one line,
    because they are one cause.

    >>> unlike({"KAZ-1992": "We"}, pd.Series({"KAZ-1992": "cd", "UZB-1993": "ef"}))[1:]
    ['UZB-1993: no text: get it']
    """
    sums = {name: content.digest(text) for name, text in texts.items()}
    apart = {name: digest for name, digest in listed.items() if sums.get(name) != digest}
    windows = [name for name, digest in apart.items()
               if content.digest(texts.get(name, "").replace("\r\n", "\n")) == digest]
    lines = [f"{len(windows)} texts have the line ends of Windows (CRLF), first {windows[0]}: get "
             "them again as they are published, without git's core.autocrlf"] if windows else []
    return lines + [f"{name}: sha256 {sums[name][:12]} in the texts, {digest[:12]} in data/: get "
                    "it again" if name in sums else f"{name}: no text: get it"
                    for name, digest in apart.items() if name not in windows]


# Coding

def coded(desk):
    """What is in the person's file now: a frame with codings.COLUMNS; empty before the first.

    Raises DataError as `held` does.
    """
    if not desk.path.exists():
        return pd.DataFrame(columns=COLUMNS, dtype=str)
    return held(desk, desk.coder, none=True)


def held(desk, coder, none=False):
    """What a coder's file holds, with codings.COLUMNS. none: it may hold no codes.

    Raises DataError, a line each: a unit coded twice, an unknown topic, another coder's rows, a
    sentence that the study has not, or whose hash is another.
    """
    path = desk.path.with_name(f"{coder}.csv")
    frame = codings.read(path, list(desk.topics["code"]), none)
    by = list(dict.fromkeys(frame["coder"]))
    tables.refuse([f"{path.name}: codes by {', '.join(by)}: a file holds one coder's and is named "
                   f"after them: keep the rows of {coder}"] if by not in ([], [coder]) else [])
    known = desk.sample
    if len(frame.merge(known, on=UNIT)) < len(frame):  # it may hold another seed's sentences too
        known = read("sentences")
    tables.refuse(codings.unlisted(frame, known, path.name))
    tables.refuse(codings.mismatched(frame, known, (path.name, "data/sentences.csv")))
    return frame[COLUMNS]


def record(desk, place, codes, time=None):
    """Write the codes of a sentence into the person's file, at once and whole; the rows as written.

    place: of the sample, from 0; codes: a list of topics; time: as written, else now (UTC). The
    file is read again before, written beside and moved into place: what is killed loses one
    sentence at most. Unchanged codes keep their time.
    """
    unit, rows = desk.sample.iloc[place], coded(desk)
    cell = " ".join(sorted(codes))
    own = (rows["statement"] == unit["statement"]) & (rows["position"] == unit["position"])
    if (rows.loc[own, "codes"] == cell).any():
        return rows
    time = time or datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    new = pd.DataFrame([[*unit[[*UNIT, "sha256"]], cell, desk.coder, time]], columns=COLUMNS)
    rows = pd.concat([rows[~own], new], ignore_index=True)
    put(desk.path, rows.to_csv(index=False, lineterminator="\n"))
    return rows


def given(desk, rows, place):
    """The codes that a sentence has in the person's file, [] where it has none."""
    unit = desk.sample.iloc[place]
    own = rows[(rows["statement"] == unit["statement"]) & (rows["position"] == unit["position"])]
    return own["codes"].iloc[0].split() if len(own) else []


def following(desk, rows):
    """The first place of the sample that is not coded, or None where all are."""
    done = set(zip(rows["statement"], rows["position"]))
    return next((place for place, unit in enumerate(zip(desk.sample["statement"],
                                                        desk.sample["position"]))
                 if unit not in done), None)


def typed(text, topics):
    """Topics from what a person types: numbers or codes, between blanks or commas.

    topics: as `numbered` gives them. Raises DataError for what is none, for nothing, and for "no
    topic" beside a topic.

    >>> topics = numbered(pd.DataFrame({"code": ["DIG", "NON", "SEC"]}))
    >>> typed("2, dig", topics), typed("0", topics)
    (['DIG', 'SEC'], ['NON'])
    """
    known = dict(zip(topics["number"], topics["code"])) | {code: code for code in topics["code"]}
    words = [word.upper() for word in re.split(r"[\s,;]+", text.strip()) if word]
    unknown = [word for word in words if word not in known]
    if unknown:
        meant = difflib.get_close_matches(unknown[0], topics["code"], n=1)
        raise DataError(f"no topic {unknown[0]!r}: " + (
            f"did you mean {meant[0]}?" if meant else
            f"type numbers from 0 to {len(topics) - 1}, or codes such as {topics['code'][0]}"))
    return usable([known[word] for word in words])


def usable(codes):
    """The codes, sorted and each once. Raises DataError for none, and for "no topic" beside one."""
    codes = sorted(set(codes))
    if not codes:
        raise DataError("choose a topic, or 0 for no topic")
    if NONE in codes and len(codes) > 1:
        raise DataError("0, no topic, stands alone: take it away, or the topics")
    return codes


# Agreement

def against(desk, other, weighted=True):
    """The person's codes beside another coding, topic by topic, with alpha and its interval.

    other: "dictionary" or "similarity" (the study's procedures), or another coder, whose file
    stands in the same folder; weighted: alpha is that of all sentences, else that of the sample, in
    which rare topics are frequent. Returns a frame as `codings.compare` gives it, the columns left
    and right named; one line where there is nothing to compare, or nothing is to be seen yet.
    Raises DeskError.
    """
    if opened(desk).reveal is not True:
        return Line(HIDDEN)
    try:
        mine, theirs = coded(desk), coding(desk, other)
        units = codings.pairs(mine, theirs, desk.sample.assign(
            weight=desk.sample["weight"] if weighted else 1.0))
    except DataError as error:
        raise DeskError(str(error)) from None
    reason = "nothing is coded yet" if mine.empty else \
        "only one has coded: name another coder as other in the second cell" if not other else \
        f"{desk.coder} and {other} coded no sentence both"
    if units.empty:
        return Line(f"not estimable, because {reason}")
    frame = codings.compare(units, names(desk))
    return frame.rename(columns={"left": desk.coder, "right": other}).rename_axis(
        f"{len(units)} sentences, {units['statement'].nunique()} statements", axis="columns")


def coding(desk, other):
    """Another coding as codings: of a procedure, of a coder, or no rows where none is named."""
    if not other:
        return pd.DataFrame(columns=COLUMNS, dtype=str)
    if other in PROCEDURES:
        units = read("sentences")
        return units.assign(codes=units[PROCEDURES[other]], coder=other, time="")[COLUMNS]
    tables.refuse([unnamed("other", other)] if unnamed("other", other) else [])
    if other == desk.coder:
        raise DataError(f"{other!r} is yourself: name another coder")
    if not desk.path.with_name(f"{other}.csv").is_file():
        raise DataError(f"there is no codes/{other}.csv: ask {other} for it, and put it there")
    return held(desk, other)


def names(desk):
    """Code -> name of the topics, without "no topic"."""
    topics = desk.topics[desk.topics["code"] != NONE]
    return dict(zip(topics["code"], topics["name"]))


def found(desk):
    """Shares of the topics in all sentences by the person's codes, weighted back, in per cent.

    Returns a frame by topic's name: the person, low and high (`spread`), dictionary and similarity
    of the same sentences, weighted alike, and dictionary of all, which the weights should come near
    to. Text; a decimal only where all sentences stand behind it. One line where nothing is coded,
    or nothing is to be seen yet. Raises DeskError.
    """
    if opened(desk).reveal is not True:
        return Line(HIDDEN)
    try:
        rows = coded(desk).merge(desk.sample[[*UNIT, "weight"]], on=UNIT)
    except DataError as error:
        raise DeskError(str(error)) from None
    if rows.empty:
        return Line("not estimable, because nothing is coded yet")
    units = read("sentences")
    rows = rows.merge(units[[*UNIT, "a", "b"]], on=UNIT)
    weights, table = rows["weight"].to_numpy(float), {}
    for code, name in names(desk).items():
        own, *both = (np.average(having(rows[column], code), weights=weights)
                      for column in ("codes", *PROCEDURES.values()))
        low, high = spread(own, weights)
        table[name] = [f"{100 * own:.0f}", f"{math.floor(100 * low)}", f"{math.ceil(100 * high)}",
                       *(f"{100 * part:.0f}" for part in both),
                       f"{100 * np.mean(having(units['a'], code)):.1f}"]
    columns = [desk.coder, "low", "high", *PROCEDURES, "dictionary, all"]
    return pd.DataFrame.from_dict(table, orient="index", columns=columns, dtype=object).rename_axis(
        f"{len(rows)} sentences, worth {worth(weights):.0f}; %", axis="columns")


def having(cells, code):
    """Which cells of codes hold a code: a list of yes and no."""
    return [code in cell.split() for cell in cells]


def worth(weights):
    """As many sentences of equal weight as tell no less (Kish 1965): (sum)² ÷ sum of squares.

    >>> worth(np.array([2.0, 2, 2])), worth(np.array([1.0, 1, 4]))
    (3.0, 2.0)
    """
    return float(weights.sum() ** 2 / (weights ** 2).sum())


def spread(share, weights):
    """The 95 % interval of a weighted share: the exact binomial one of as many as they are `worth`.

    The sample is drawn sentence by sentence; that it is drawn from parts makes the true interval
    narrower, if anything.

    >>> [round(end, 4) for end in spread(9 / 24, np.ones(24))]
    [0.188, 0.5941]
    """
    size = worth(weights)
    hits, rest = share * size, (1 - share) * size
    low = beta.ppf(0.025, hits, rest + 1) if hits > 1e-9 else 0.0
    high = beta.ppf(0.975, hits + 1, rest) if rest > 1e-9 else 1.0
    return float(low), float(high)
