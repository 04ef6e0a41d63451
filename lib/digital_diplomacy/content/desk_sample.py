"""The sample that people code at the desk: drawn by parts, weighted back, and how large it must be.

It is drawn from the table of sentences, which holds no text. All coders of one seed get one order,
so that two who stop early have coded the same sentences.
"""

import numpy as np
import pandas as pd

from . import agreement, shares
from .codings import UNIT
from ..tables import DataError, read

EACH, RARE, NEGATIVES = 60, 40, 100  # a state; a rare topic's positives; sentences without a code
SELDOM = 0.05  # a topic is rare where the dictionary gives it to fewer sentences than this share
SEED = 2024


class DeskError(DataError):
    """What keeps the desk from working, a line each; a notebook shows no traceback with it."""

    def _render_traceback_(self):
        return str(self).splitlines()


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
    if unseeded(seed):
        raise DeskError(unseeded(seed))
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

    margin: a share. Returns a frame with the column sentences, by expected agreement in per cent.
    """
    population = len(read("sentences"))
    return pd.Series({f"{100 * share:.0f} %": agreement.lacy_riffe(population, share, margin)
                      for share in (0.9, 0.85, 0.8)}).to_frame("sentences").rename_axis("agreement")


def unseeded(seed):
    """Why a seed cannot be used, with the mend, or "".

    >>> unseeded(7), unseeded("7")
    ('', "seed is '7': write a whole number from 0, without quotes")
    """
    return "" if isinstance(seed, int) and seed >= 0 else \
        f"seed is {seed!r}: write a whole number from 0, without quotes"
