"""Who would lead whom in a composite index, under how many of its admissible designs.

No index is proposed here. A *world* is one design drawn at random: which boxes count, by which
measure, how they are scaled, averaged and weighted. All worlds are computed in one vectorised run
from one seed.

Rules, written down because they decide: two measures of one thing never count as two (online
services or e-participation; the infrastructure index or its parts); a scale over two states is
refused, since it gives 0 and 100 always; a scaled value below FLOOR is raised to it before a
geometric mean; standard scores have no geometric mean; a missing value is filled with the state's
newest of the FILL years before, and a state that has none then is left out of that measure's scale.
"""

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from .data import known
from .indicators import selection
from footnoted.number import Number
from .data import names

# Box -> its measures, one of which counts in a world (a tuple of several is their mean).
BOXES = {
    "services": {"online services": ("osi",), "e-participation": ("epi",)},
    "networks": {"infrastructure index": ("tii",),
                 "its parts": ("internet_use", "fixed_broadband", "mobile_subscriptions")},
    "schooling": {"human capital index": ("hci",)},
    "audience": {"Facebook": ("facebook",), "Instagram": ("instagram",)},
    "openness": {"entry": ("passport_openness",), "both ways": ("passport_openness",
                                                                "passport_mobility")},
}
ALWAYS = ("services", "networks")  # the other boxes count in half of the worlds
GOALPOSTS = {"osi": (0, 1), "epi": (0, 1), "tii": (0, 1), "hci": (0, 1), "internet_use": (0, 100),
             "fixed_broadband": (0, 50), "mobile_subscriptions": (0, 150), "facebook": (0, 100),
             "instagram": (0, 100), "passport_openness": (0, 192), "passport_mobility": (0, 192)}
COMPUTED = ("facebook", "instagram")  # accounts per 100 people: no indicators of their own
SCALES = ("min-max of the world", "min-max of the states compared", "standard scores",
          "percentiles of the world", "fixed goalposts")
MEANS = ("arithmetic", "geometric")
FLOOR, FILL, WORLDS, SEED = 0.01, 5, 10_000, 20261124


def scaled(values, scale, compared, posts=None):
    """A measure's values on a scale, higher is better: floats by state, the states compared only.

    values: plain floats by state; scale: one of SCALES; posts: (low, high) of fixed goalposts.
    Raises ValueError where the scale is not estimable: fewer than three states, no variation,
    goalposts in the wrong order.
    """
    own = values.reindex(compared)
    if scale == "fixed goalposts":
        low, high = posts
        if not low < high:
            raise ValueError(f"goalposts {low:g} to {high:g} are reversed: the lower one first")
        return ((own - low) / (high - low)).clip(0, 1)
    base = own.dropna() if scale == "min-max of the states compared" else values.dropna()
    if len(base) < 3:
        raise ValueError(f"{scale} over {len(base)} states is not estimable: it says who is "
                         "first, not by how much")
    if base.nunique() == 1:
        raise ValueError(f"{scale} is not estimable: all {len(base)} states have {base.iloc[0]:g}")
    if scale == "standard scores":
        return (own - base.mean()) / base.std(ddof=1)
    if scale == "percentiles of the world":
        places = pd.Series(rankdata(base) - 1, index=base.index) / (len(base) - 1)
        return places.reindex(compared)
    return (own - base.min()) / (base.max() - base.min())


def newest(frame, year):
    """Each state's newest value of the FILL years up to a year, by state, and the rows used."""
    near = frame[frame["year"].between(year - FILL, year)].sort_values(["country", "year"])
    return near.groupby("country").tail(1).set_index("country")


def scores(frames, compared, year):
    """Every measure on every scale, for the states compared: an array scales × measures × states.

    frames: measure -> rows as `pick` gives them. Returns (array, row ids). Raises ValueError
    naming the measure and the states without a value.
    """
    array, ids = np.empty((len(SCALES), len(frames), len(compared))), []
    for column, (measure, frame) in enumerate(frames.items()):
        held = newest(frame, year)
        absent = [names()[known(code)] for code in compared if code not in held.index]
        if absent:
            raise ValueError(f"{measure} is not estimable for {', '.join(absent)}: no value from "
                             f"{year - FILL} to {year}")
        values = held["value"].astype(float)
        for row, scale in enumerate(SCALES):
            array[row, column] = scaled(values, scale, compared, GOALPOSTS.get(measure))
        ids.append(selection(held.reset_index().assign(year=held["year"].max())))
    return array, tuple(ids)


def run(frames, compared, year, boxes=BOXES, always=ALWAYS, worlds=WORLDS, seed=SEED):
    """All worlds at once: a frame, a row a world, with its choices and each state's score.

    Columns: scale, mean, one a box (the measure that counts, or "left out"), largest (the box of
    the largest weight) and the codes of the states compared. frames: measure -> rows as `pick`
    gives them; a box whose measures it lacks is left out of every world; `attrs["rows"]` names
    the rows used. Raises ValueError for fewer than three states, or no box that can count.
    """
    if len(compared) < 3:
        raise ValueError(f"designs compare three or more states, got {len(compared)}: a scale "
                         "over two gives 0 and 100 always")
    kept = {box: options for box in boxes if (options := {
        name: measures for name, measures in boxes[box].items() if set(measures) <= set(frames)})}
    if not kept:
        raise ValueError("no box has all its measures: nothing to compare")
    array, ids = scores(frames, compared, year)
    drawn = np.random.default_rng(seed)
    scale = drawn.integers(len(SCALES), size=worlds)
    mean = np.where(scale == SCALES.index("standard scores"), 0, drawn.integers(2, size=worlds))
    chosen = {box: drawn.integers(len(options), size=worlds) for box, options in kept.items()}
    counts = np.array([drawn.random(worlds) < (1 if box in always else 0.5) for box in kept]).T
    counts[~counts.any(axis=1), 0] = True  # a world of no box counts the first one
    weights = drawn.exponential(size=counts.shape) * counts  # uniform over all weights
    weights /= weights.sum(axis=1, keepdims=True)
    by_box = np.stack([measured(array, list(frames), options, scale, chosen[box])
                       for box, options in kept.items()], axis=1)
    result = pd.DataFrame(aggregate(by_box, weights, mean), columns=list(compared))
    told = {"scale": np.array(SCALES)[scale], "mean": np.array(MEANS)[mean]}
    for column, (box, options) in enumerate(kept.items()):
        told[box] = np.where(counts[:, column], np.array(list(options))[chosen[box]], "left out")
    told["largest"] = np.array(list(kept))[weights.argmax(axis=1)]
    result = pd.concat([pd.DataFrame(told), result], axis=1)
    result.attrs["rows"] = ids
    return result


def measured(array, measures, options, scale, chosen):
    """A box's score in each world, worlds × states: the mean of the measures that count."""
    by_option = np.stack([array[:, [measures.index(name) for name in option]].mean(axis=1)
                          for option in options.values()])
    return by_option[chosen, scale]


def aggregate(by_box, weights, mean):
    """The weighted arithmetic or geometric mean of the boxes: worlds × states.

    by_box: worlds × boxes × states; weights: worlds × boxes, each row sums to one (ValueError
    otherwise); mean: 0 arithmetic, 1 geometric.
    """
    if not np.allclose(weights.sum(axis=1), 1):
        raise ValueError("weights that do not sum to one: divide each row by its sum")
    plain = np.einsum("wb,wbs->ws", weights, by_box)
    product = np.exp(np.einsum("wb,wbs->ws", weights, np.log(np.maximum(by_box, FLOOR))))
    return np.where(mean[:, None] == 1, product, plain)


def percent(share, worlds, how=""):
    """A share of worlds in %, in whole per cent unless that would say "all" or "none" of most.

    >>> frame = pd.DataFrame(); frame.attrs["rows"] = ()
    >>> [str(percent(share, frame)) for share in (62.6, 99.97, 100)]
    ['63 %', '99.97 %', '100 %']
    """
    hidden = round(share) in (0, 100) and share not in (0, 100)
    return Number(share, "%", rows=worlds.attrs["rows"], decimals=2 if hidden else 0, how=how)


def lead(worlds, left, right):
    """In how many % of the worlds one state scores above another, as a Number."""
    return percent(100 * (worlds[left] > worlds[right]).mean(), worlds,
                   f"of {len(worlds):,} designs put {names()[left]} above {names()[right]}")


def by_choice(worlds, left, right):
    """How the share of worlds in which one state leads depends on each choice of the design.

    Returns a frame by choice: the option with the lowest share and that share, the option with
    the highest and that share, and Between, their distance in points; the widest first. The
    choice in the first row decides most.
    """
    above = 100.0 * (worlds[left] > worlds[right])
    rows = {}
    for choice in worlds.columns.difference([*names()], sort=False):
        shares = above.groupby(worlds[choice]).mean()
        low, high = (percent(share, worlds) for share in (shares.min(), shares.max()))
        rows[choice] = [shares.idxmin(), low, shares.idxmax(), high, high - low]
    table = pd.DataFrame.from_dict(rows, orient="index", dtype=object, columns=[
        "Least with", "Least", "Most with", "Most", "Between"])
    ordered = table["Between"].astype(float).sort_values(ascending=False, kind="stable").index
    return table.loc[ordered].rename_axis("Choice")


def pairs(worlds, chain):
    """Who leads whom down a chain of states: one row a pair with all designs and the decider.

    chain: codes, the expected order. Columns: All designs (%), Least with, Least, Most with, Most:
    those of the choice that moves the share most.
    """
    rows = {}
    for left, right in zip(chain, chain[1:]):
        first = by_choice(worlds, left, right).iloc[0]
        rows[f"{names()[left]} above {names()[right]}"] = [
            lead(worlds, left, right), *first[["Least with", "Least", "Most with", "Most"]]]
    return pd.DataFrame.from_dict(rows, orient="index", dtype=object, columns=[
        "All designs", "Least with", "Least", "Most with", "Most"]).rename_axis("Pair")
