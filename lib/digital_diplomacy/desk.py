"""The coding desk: a drawn sample that a person codes blind, and what their codes agree with.

The sample is drawn from the table of sentences, which holds no text; the texts come from the
person's own copy of the public data set. Neither procedure's codes are shown, nor whose sentence it
is: both procedures saw the sentence alone. All coders of one seed get one order, so that two who
stop early have coded the same sentences.
"""

import difflib
import os
import re
from datetime import datetime, timezone
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from . import agreement, codings, content, corpus, shares, tables
from .codings import COLUMNS, NONE, UNIT
from .data import CENTRAL_ASIA
from .steps import put
from .tables import DataError, read

EACH, RARE, NEGATIVES = 60, 40, 100  # a state; a rare topic's positives; sentences without a code
SELDOM = 0.05  # a topic is rare where the dictionary gives it to fewer sentences than this share
SEED = 2024
PROCEDURES = {"dictionary": "a", "similarity": "b"}


class DeskError(DataError):
    """What keeps the desk from working, a line each; a notebook shows no traceback with it."""

    def _render_traceback_(self):
        return str(self).splitlines()


class Desk(NamedTuple):
    """A sample in its order, with texts; the codebook; whose codes go to which file."""
    sample: pd.DataFrame
    topics: pd.DataFrame
    path: Path
    coder: str


# The sample

def parts(units):
    """What is drawn apart: {name: (rows, how many at most)}.

    units: as the table `sentences` has them. Random: EACH a state, spread evenly over the periods.
    Rare: RARE of those that the dictionary gives a topic it seldom gives. Negatives: NEGATIVES of
    those that it gives nothing.
    """
    cells = units["statement"].str[:3] + " " + units["statement"].str[4:].map(shares.period)
    drawn = {name: (np.flatnonzero(cells == name), EACH // len(shares.PERIODS))
             for name in sorted(set(cells))}
    given = units["a"].str.split()
    for code in sorted({one for codes in given for one in codes}):
        rows = np.flatnonzero([code in codes for codes in given])
        if len(rows) < SELDOM * len(units):
            drawn[code] = rows, RARE
    return drawn | {"negatives": (np.flatnonzero(units["a"] == ""), NEGATIVES)}


def draw(units, seed=SEED):
    """The sample in random order: statement, position, sha256, weight.

    The parts are drawn independently; a sentence's chance to be in the sample is 1 less the product
    of its chances to be left out of each part, and its weight is 1 ÷ that chance (Horvitz and
    Thompson), so that shares and alphas are those of all sentences, not of the enriched sample.
    """
    left_out, chosen = np.ones(len(units)), set()
    for name, (rows, most) in parts(units).items():
        size = min(most, len(rows))
        chance = np.random.default_rng([seed, *map(ord, name)])
        chosen |= set(chance.choice(rows, size, replace=False).tolist())
        left_out[rows] *= 1 - size / max(len(rows), 1)
    order = np.random.default_rng(seed).permutation(sorted(chosen))
    found = units.iloc[order][[*UNIT, "sha256"]].assign(weight=1 / (1 - left_out[order]))
    return found.reset_index(drop=True)


def needs(seed=SEED):
    """How much to code: per topic, what the sample holds beside what an alpha needs.

    Share: per cent of all sentences by the dictionary; Of ..: sentences of the sample that it gives
    the topic; then the sentences that two people must code to tell an alpha from .8 or .667 (Bloch
    and Kraemer 1989): drawn at random from all ("of all"), or with the topic as frequent as in the
    sample ("here", which holds for the alpha that is not weighted back). A topic that is never
    given has no such number.
    """
    units = read("sentences")
    drawn = draw(units, seed).merge(units[[*UNIT, "a"]], on=UNIT)
    rows = {}
    for code, name in shares.topics().items():
        all_of, here = (np.mean([code in cell.split() for cell in frame["a"]])
                        for frame in (units, drawn))
        rows[name] = [f"{100 * all_of:.1f}", round(here * len(drawn)), *(
            agreement.bloch_kraemer(part, least) if 0 < part < 1 else "not given"
            for least in (agreement.USABLE, agreement.TENTATIVE) for part in (all_of, here))]
    columns = ["Share, %", f"Of {len(drawn)}", *(f"α ≥ {least:g}, {where}" for least in (
        agreement.USABLE, agreement.TENTATIVE) for where in ("of all", "here"))]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns, dtype=object)


def margins(margin=0.05):
    """Sentences to code at random for a margin around the share of agreement (Lacy and Riffe 1996).

    margin: a share. Returns a Series by expected agreement in per cent.
    """
    population = len(read("sentences"))
    return pd.Series({f"{100 * share:.0f} %": agreement.lacy_riffe(population, share, margin)
                      for share in (0.9, 0.85, 0.8)}, name="sentences")


# Opening

def begin(texts, coder, seed=SEED):
    """A desk for a person: the sample with its texts, and what they have coded so far kept.

    texts: folder or csv of the UN statements ("" reads the variable TEXTS); coder: a name of
    letters, digits and hyphens, which the file of codes gets too. Raises DeskError, a line each,
    each with its mend: no texts, texts of another release, no name, a file that cannot be used.
    """
    faults = [] if re.fullmatch(r"[\w-]+", coder) and coder not in PROCEDURES else [
        f"coder is {coder!r}: name yourself in the second cell, in letters, digits and hyphens"]
    sample = draw(read("sentences"), seed)
    try:
        sample = with_texts(sample, texts or os.environ.get("TEXTS", ""))
    except DataError as error:
        faults += str(error).splitlines()
    desk = Desk(sample, numbered(read("topics")), home() / f"{coder}.csv", coder)
    try:
        if not faults:
            coded(desk)
    except DataError as error:
        faults += str(error).splitlines()
    if faults:
        raise DeskError("\n".join(faults))
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
    tables.refuse(unlike({row.statement: content.digest(row.text) for row in frame.itertuples()},
                         listed[listed.index.isin(sample["statement"])]))
    said = {(row.statement, str(i)): text for row in frame.itertuples()
            for i, text in enumerate(content.split(row.text), start=1)}
    found = [said.get((row.statement, row.position), "") for row in sample.itertuples()]
    sums = [content.digest(text, corpus.SHORT) for text in found]
    tables.refuse([f"{row.statement} {row.position}: sha256 {mine} in the texts, {row.sha256} in "
                   "data/: make data/sentences.csv again"
                   for row, mine in zip(sample.itertuples(), sums) if mine != row.sha256])
    return sample.assign(text=found)


def unlike(found, listed):
    """Statements whose text is not there or not that of the table, a line each.

    >>> unlike({"KAZ-1992": "ab"}, pd.Series({"KAZ-1992": "cd", "UZB-1993": "ef"}))
    ['KAZ-1992: sha256 ab in the texts, cd in data/: get it again', 'UZB-1993: no text: get it']
    """
    return [f"{name}: sha256 {found[name][:12]} in the texts, {digest[:12]} in data/: get it again"
            if name in found else f"{name}: no text: get it"
            for name, digest in listed.items() if found.get(name) != digest]


# Coding

def coded(desk):
    """What is in the person's file now: a frame with codings.COLUMNS; empty before the first.

    Raises DataError, a line each: a unit coded twice, an unknown topic, another coder's row, a
    sentence whose hash is not that of the sample.
    """
    if not desk.path.exists():
        return pd.DataFrame(columns=COLUMNS, dtype=str)
    frame = codings.read(desk.path, list(desk.topics["code"]))
    name = desk.path.name
    tables.refuse([f"{name}: {row.statement} {row.position} is by {row.coder!r}, not by "
                   f"{desk.coder!r}: a file holds one coder" for row in frame.itertuples()
                   if row.coder != desk.coder]
                  + codings.mismatched(frame, desk.sample, (name, "data/sentences.csv")))
    return frame


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
    and right named; with "" for the other, or nothing coded, the reason stands in it. Raises
    DeskError.
    """
    try:
        mine, theirs = coded(desk), coding(desk, other)
        units = codings.pairs(mine, theirs, desk.sample.assign(
            weight=desk.sample["weight"] if weighted else 1.0))
    except DataError as error:
        raise DeskError(str(error)) from None
    reason = "nothing is coded yet" if mine.empty else "" if other else \
        "only one has coded"
    frame = codings.compare(units, names(desk), reason)
    return frame.rename(columns={"left": desk.coder, "right": other or "nobody"}).rename_axis(
        f"{len(units)} sentences, {units['statement'].nunique()} statements", axis="columns")


def coding(desk, other):
    """Another coding as codings: of a procedure, of a coder, or no rows where none is named."""
    if not other:
        return pd.DataFrame(columns=COLUMNS, dtype=str)
    if other in PROCEDURES:
        units = read("sentences")
        return units.assign(codes=units[PROCEDURES[other]], coder=other, time="")[COLUMNS]
    if other == desk.coder:
        raise DataError(f"{other!r} is yourself: name another coder")
    path = desk.path.with_name(f"{other}.csv")
    if not path.is_file():
        raise DataError(f"there is no codes/{path.name}: ask {other} for it, and put it there")
    return codings.read(path, list(desk.topics["code"]))


def names(desk):
    """Code -> name of the topics, without "no topic"."""
    topics = desk.topics[desk.topics["code"] != NONE]
    return dict(zip(topics["code"], topics["name"]))


def found(desk):
    """Shares of the topics in all sentences by the person's codes, weighted back, in per cent.

    Returns a frame by topic's name: the person, dictionary and similarity (of the same sentences,
    weighted alike), and dictionary of all, which the weights should come near to. Text of one
    decimal. Raises DeskError where nothing is coded.
    """
    rows = coded(desk).merge(desk.sample[[*UNIT, "weight"]], on=UNIT)
    if rows.empty:
        raise DeskError("not estimable, because nothing is coded yet")
    units = read("sentences")
    rows = rows.merge(units[[*UNIT, "a", "b"]], on=UNIT)
    columns = {desk.coder: "codes", **PROCEDURES}

    def share(cells, weight, code):
        return f"{100 * np.average([code in cell.split() for cell in cells], weights=weight):.1f}"
    return pd.DataFrame({label: {name: share(rows[column], rows["weight"], code)
                                 for code, name in names(desk).items()}
                         for label, column in columns.items()} | {
        "dictionary, all": {name: share(units["a"], None, code)
                            for code, name in names(desk).items()}})
