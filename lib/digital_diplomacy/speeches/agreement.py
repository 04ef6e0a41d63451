"""Agreement between two codings of the same units: Krippendorff's alpha, its interval, its needs.

Every coding here is yes or no: a unit has a topic or has it not. What two procedures agree on is
inter-method agreement; intercoder reliability needs people, and is computed by the same functions.
"""

import math
from statistics import NormalDist

import numpy as np
import pandas as pd

USABLE, TENTATIVE = 0.8, 0.667  # conventions of the field: Krippendorff, see the references
DRAWS, SEED = 10_000, 2024
INNER = (2.5, 97.5)  # per cent of the draws
OFTEN = 0.05  # of the draws may have no variation; with more, no interval is told


def alpha(both, one, neither):
    """Krippendorff's alpha of two coders, 1 − observed ÷ expected disagreement, from tallies.

    both, one, neither: how many units were given the topic by so many; numbers or arrays of them.
    What his formula comes to for two coders and two values: 1 − (2N − 1) × one ÷ (n₁ × n₀), with N
    units, n₁ = 2 × both + one yeses, n₀ = 2 × neither + one noes. NaN where all codes are the same.

    >>> float(round(alpha(1, 4, 5), 3))
    0.095
    """
    both, one, neither = (np.asarray(part, dtype=float) for part in (both, one, neither))
    yes, no = 2 * both + one, 2 * neither + one
    with np.errstate(divide="ignore", invalid="ignore"):
        return 1 - (yes + no - 1) * one / (yes * no)


def tallies(left, right, groups, weights=None):
    """Weight of the units given a topic by both, one or neither, by group: a frame of floats.

    left, right: yes or no a unit; groups: the statement of each unit; weights: 1 each by default,
    and else scaled to a mean of 1, so that alpha's correction for small samples is that of as many
    units as were coded.

    >>> tallies([True, False], [False, False], ["a", "b"], [1, 3]).values.tolist()
    [[0.0, 0.5, 0.0], [0.0, 0.0, 1.5]]
    """
    left, right = np.asarray(left, bool), np.asarray(right, bool)
    weights = np.ones(len(left)) if weights is None else np.asarray(weights, float)
    cells = {"both": left & right, "one": left ^ right, "neither": ~(left | right)}
    scaled = pd.DataFrame(cells).mul(weights / weights.mean(), axis=0)
    return scaled.groupby(np.asarray(groups)).sum()


def resamples(groups, draws=DRAWS, seed=SEED):
    """How often each of the groups is drawn in each resample: draws × groups, rows sum to groups.

    >>> resamples(3, draws=2).sum(axis=1).tolist()
    [3, 3]
    """
    return np.random.default_rng(seed).multinomial(groups, np.full(groups, 1 / groups), size=draws)


def compare(left, right, groups, weights=None):
    """Two codings of the same units topic by topic: a frame by topic.

    left, right: frames of yes and no, units × topics; groups and weights as `tallies` has them.
    Columns: left, right, both (units with the topic), alpha, low, high (NaN where there is none)
    and allows: what the low bound allows, or why there is no bound. The interval is the 2.5 to
    97.5 % of resamples of whole groups, because sentences of one statement are no independent
    draws; its low end is that of `never_apart` where the two agree on every unit.
    """
    drawn = resamples(len(set(groups)))
    rows = {}
    for topic in left.columns:
        own, other = left[topic].to_numpy(bool), right[topic].to_numpy(bool)
        rows[topic] = [int(own.sum()), int(other.sum()), int((own & other).sum()),
                       *estimate(own, other, tallies(own, other, groups, weights), drawn)]
    return pd.DataFrame.from_dict(rows, orient="index", columns=[
        "left", "right", "both", "alpha", "low", "high", "allows"])


def estimate(left, right, counts, drawn):
    """Alpha, its bounds, and what the low one allows or why there is none.

    left, right: yes or no a unit; counts: their `tallies`; drawn: `resamples` of as many groups.
    Where one of the two gave a topic to no unit, or to all, alpha is 0 or less whatever the other
    did, and above it by the weights alone: no finding, and no bounds.
    """
    unknown = math.nan
    if not (left | right).any():
        return unknown, unknown, unknown, "not estimable, because neither gave it"
    if (left & right).all():
        return unknown, unknown, unknown, "not estimable, because both gave it to all"
    point = float(alpha(*counts.sum()))
    if left.any() != right.any():
        return point, unknown, unknown, "no finding: only one of the two gave it"
    if left.all() != right.all():
        return point, unknown, unknown, "no finding: only one of the two gave it to all"
    if len(counts) < 2:
        return point, unknown, unknown, "no interval, because there is one text only"
    values = alpha(*(drawn @ counts.to_numpy()).T)
    if np.isnan(values).mean() > OFTEN:
        return point, unknown, unknown, \
            f"no interval, because too few texts {scarce(counts.to_numpy())} it"
    low, high = np.nanpercentile(values, INNER)
    if counts["one"].sum() == 0:  # no resample can disagree where nobody did
        low = never_apart(counts.to_numpy())
    return point, float(low), float(high), level(low)


def never_apart(counts):
    """The low bound of alpha where two codings never disagree, by what so few groups can show.

    Rule: of the n groups that hold the topic (or, if they are fewer, that lack it) none disagrees,
    so that up to 1 − 0.025 ^ (1 ÷ n) of them might (Clopper and Pearson); so large a part of what
    was agreed on is then taken as given by one alone.
    counts: groups × (both, one, neither), as `tallies` gives them.

    >>> [round(never_apart([[1, 0, 9]] * n), 2) for n in (5, 15, 100)]
    [0.62, 0.87, 0.98]
    """
    counts = np.asarray(counts, dtype=float)
    both, _, neither = counts.sum(axis=0)
    groups = min(np.count_nonzero(counts[:, 0]), np.count_nonzero(counts[:, 2]))
    apart = (1 - (INNER[0] / 100) ** (1 / groups)) * min(both, neither)
    return float(alpha(both - apart, apart, neither) if both <= neither else
                 alpha(both, apart, neither - apart))


def scarce(counts):
    """What too few groups do where resamples have no variation: hold a topic, or lack it.

    counts: groups × (both, one, neither), as `tallies` gives them.

    >>> scarce([[1, 0, 2], [0, 0, 3], [0, 0, 1]]), scarce([[1, 0, 0], [2, 0, 0], [0, 1, 4]])
    ('hold', 'lack')
    """
    both, one, neither = (np.asarray(counts) > 0).T
    return "hold" if (both | one).sum() <= (one | neither).sum() else "lack"


def level(low):
    """What an alpha allows by the field's conventions: by the low bound of its interval.

    A high alpha of few units allows nothing yet. Rounded to the decimals of the limits, of which
    one is two thirds.

    >>> level(0.85), level(2 / 3), level(0.5)
    ('use', 'tentative', 'no finding')
    """
    low = round(low, 3)
    return "use" if low >= USABLE else "tentative" if low >= TENTATIVE else "no finding"


def bloch_kraemer(prevalence, least=USABLE, p=0.05):
    """Units that two coders need to tell an alpha from the least acceptable one, rounded up.

    Rule: 2z²((1 + α)(3 − α) ÷ (4P(1 − P)(1 − α)) − α), P the share of units with the topic, z the
    normal quantile of 1 − p. Source: Bloch and Kraemer 1989, as Krippendorff uses it.

    >>> bloch_kraemer(0.25), bloch_kraemer(0.25, TENTATIVE)
    (139, 81)
    """
    z = NormalDist().inv_cdf(1 - p)
    variance = (1 + least) * (3 - least) / (4 * prevalence * (1 - prevalence) * (1 - least))
    return math.ceil(2 * z ** 2 * (variance - least))
