"""Agreement between two codings of the same units: Krippendorff's alpha, its interval, its needs.

Every coding here is yes or no: a unit has a topic or has it not. What two procedures agree on is
inter-method agreement; intercoder reliability needs people, and is computed by the same functions.
"""

import math
from statistics import NormalDist

import krippendorff
import numpy as np
import pandas as pd

from ..data import DataError

USABLE, TENTATIVE = 0.8, 0.667  # conventions of the field: Krippendorff, see the references
DRAWS, SEED = 10_000, 2024
INNER = (2.5, 97.5)  # per cent of the draws


def alpha(values):
    """Krippendorff's alpha of nominal codes: 1 − observed ÷ expected disagreement.

    values: coders × units, NaN where a coder left a unit out. Units with one code count nothing.
    Raises DataError "not estimable, because ..." for fewer than two coders, for no unit that two
    coded, and where all codes are the same. Computed by the package `krippendorff`.

    >>> round(alpha([[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]]), 3)
    0.095
    """
    values = np.asarray(values, dtype=float)
    if values.ndim != 2 or len(values) < 2:
        raise DataError("not estimable, because one coder alone agrees with nobody")
    paired = values[:, (~np.isnan(values)).sum(axis=0) > 1]
    if paired.shape[1] == 0:
        raise DataError("not estimable, because no unit was coded by two")
    if len(np.unique(paired[~np.isnan(paired)])) < 2:
        raise DataError("not estimable, because all codes are the same")
    return float(krippendorff.alpha(reliability_data=paired, level_of_measurement="nominal"))


def tallies(left, right, groups):
    """How often both, one or neither gave a topic, by group: a frame with both, one, neither.

    left, right: yes or no a unit; groups: the statement of each unit. Sorted by group.
    """
    left, right = np.asarray(left, bool), np.asarray(right, bool)
    frame = pd.DataFrame({"both": left & right, "one": left ^ right, "neither": ~(left | right)})
    return frame.groupby(np.asarray(groups)).sum()


def alphas(both, one, neither):
    """Alpha of two coders from tallies, vectorised: 1 − (2N − 1) × one ÷ (n₁ × n₀).

    N units, n₁ = 2 × both + one yeses, n₀ = 2 × neither + one noes; what Krippendorff's formula for
    two coders and two values comes to. NaN where all codes are the same.

    >>> float(round(alphas(1, 4, 5), 3))
    0.095
    """
    both, one, neither = (np.asarray(part, dtype=float) for part in (both, one, neither))
    yes, no = 2 * both + one, 2 * neither + one
    with np.errstate(divide="ignore", invalid="ignore"):
        return 1 - (yes + no - 1) * one / (yes * no)


def weights(groups, draws=DRAWS, seed=SEED):
    """How often each of the groups is drawn in each resample: draws × groups, rows sum to groups.

    >>> weights(3, draws=2).sum(axis=1).tolist()
    [3, 3]
    """
    return np.random.default_rng(seed).multinomial(groups, np.full(groups, 1 / groups), size=draws)


def estimate(left, right, groups, draws=DRAWS, seed=SEED):
    """Alpha of two codings and its interval: (alpha, low, high), bootstrap over groups.

    Sentences of one statement are no independent draws, so whole statements are resampled; low and
    high are the 2.5 and 97.5 % of the draws. Raises DataError as `alpha` does, and where more
    than one draw in twenty has no variation: the interval is then not estimable.
    """
    point = alpha([np.asarray(left, float), np.asarray(right, float)])
    counts = tallies(left, right, groups)
    if len(counts) < 2:
        raise DataError("not estimable, because there is one statement only")
    drawn = alphas(*(weights(len(counts), draws, seed) @ counts.to_numpy()).T)
    if np.isnan(drawn).mean() > 0.05:
        raise DataError(f"not estimable, because too few statements {scarce(counts)} the topic")
    low, high = np.nanpercentile(drawn, INNER)
    return point, float(low), float(high)


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


def paired(codings):
    """Codings of one unit by two coders side by side: a frame unit × coder of text.

    codings: frame with unit, coder, codes (several between blanks). Raises DataError, a line each,
    for a unit coded twice by one coder, and where only one coder coded.
    """
    doubled = codings[codings.duplicated(["unit", "coder"])]
    if len(doubled):
        raise DataError("\n".join(f"{row.unit} was coded twice by {row.coder}: keep one"
                                  for row in doubled.itertuples()))
    if codings["coder"].nunique() < 2:
        raise DataError("not estimable, because one coder alone agrees with nobody")
    return codings.pivot(index="unit", columns="coder", values="codes")


# How much to code

def lacy_riffe(population, agreement, margin=0.05, z=1.645):
    """Units to code for a margin around an expected share of agreement, rounded up.

    Rule: ((N − 1)s² + NPQ) ÷ ((N − 1)s² + PQ), s = margin ÷ z; z = 1.645 is one-sided 95 %.
    Source: Lacy and Riffe 1996, with the correction for a finite population.

    >>> lacy_riffe(11773, 0.90), lacy_riffe(11773, 0.85), lacy_riffe(11773, 0.80)
    (98, 138, 172)
    """
    spread = (population - 1) * (margin / z) ** 2
    product = agreement * (1 - agreement)
    return math.ceil((spread + product * population) / (spread + product))


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
