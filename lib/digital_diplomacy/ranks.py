"""What a rank can bear: its neighbours, three sets of places, the churn between surveys.

None of the sets is a confidence interval: a survey of all members has no sampling error. They say
to which places a state moves under rounding, within a small distance of its score, and under other
weights of the index's parts.
"""

import numpy as np
import pandas as pd

from .data import known
from .indicators import one_year, rank, selection
from footnoted.number import Number, above
from .data import names

WIDTHS = (0.005, 0.01, 0.02)       # the middle one is the study's own: a convention
CONCENTRATIONS = (30, 10, 1)       # of the weights around thirds; 1 admits every weight alike
DRAWS, SEED = 10_000, 20261124
MIDDLE = (0.025, 0.975)            # a set under random weights: the middle 95 % of the draws


def neighbours(frame, country, places=2):
    """The states just before and after one in a cross-section, best first, with score and rank.

    frame: rows of one year as `pick` gives them. Returns country, Rank, Score by name.
    """
    mine = rank(frame, country)
    ordered = frame.assign(score=frame["value"].astype(float)).sort_values(
        ["score", "name"], ascending=[False, True], ignore_index=True)
    at = ordered.index[ordered["country"] == country][0]
    near = ordered.iloc[max(0, at - places):at + places + 1]
    table = pd.DataFrame({"Score": near["value"].tolist(),
                          "Rank": [mine if code == country else rank(frame, code)
                                   for code in near["country"]]},
                         index=near["name"].tolist(), dtype=object)
    return table.rename_axis("State")


def rounded(frame, country):
    """The places that a state can have for all scores that print as they do: (best, worst).

    Scores whose rounding intervals only touch are apart; those that overlap may stand either way.
    """
    own = score(frame, country)
    others = frame.loc[frame["country"] != country, "value"]
    best = 1 + sum(above(other, own) is True for other in others)
    worst = len(frame) - sum(above(own, other) is True for other in others)
    worst -= sum(float(other) == float(own) for other in others)  # a tie shares the better place
    return pair(frame, own, best, worst, "for all scores that round to those printed")


def neighbourhood(frame, country, width=0.01):
    """The places of the scores that lie within a width of a state's own: (best, worst).

    width: in units of the score, above zero. Raises ValueError otherwise.
    """
    if not width > 0:
        raise ValueError(f"a neighbourhood needs a width above zero, got {width}")
    own = score(frame, country)
    floats = frame["value"].astype(float)
    best = 1 + (floats > float(own) + width + 1e-12).sum()
    worst = (floats >= float(own) - width - 1e-12).sum()
    return pair(frame, own, best, worst, f"of scores within {width:g}")


def weighted(parts, country, concentration=10, draws=DRAWS, seed=SEED):
    """The middle 95 % of a state's places when the parts of an index get random weights.

    parts: a cross-section a part, as `pick` gives them, of one year; a state counts where it has
    all parts. The weights are drawn from a Dirichlet distribution around equal ones:
    `concentration` 1 takes all weights alike, a larger one stays nearer to equal. (best, worst).
    """
    drawn = standings(parts, concentration, draws, seed)
    if known(country) not in drawn:
        raise ValueError(f"{names()[country]} has no value in a part of {one_year(parts[0])}")
    best, worst = np.quantile(drawn[country], MIDDLE, method="inverted_cdf")
    own = score(parts[0], country)
    return pair(parts[0], own, best, worst, f"middle 95 % of {draws:,} draws of weights, "
                f"Dirichlet({concentration:g})", [selection(part) for part in parts])


def standings(parts, concentration, draws=DRAWS, seed=SEED):
    """The place of every state in every draw of weights: a frame, a column a state.

    The draw is the same for each call with the same numbers. Raises ValueError for a concentration
    that is not above zero, or parts that share no state.
    """
    scores = together(parts)
    weights = spread(len(parts), concentration, draws, seed)
    drawn = weights @ scores.to_numpy().T
    order = np.argsort(np.argsort(-drawn, axis=1, kind="stable"), axis=1, kind="stable") + 1
    return pd.DataFrame(order, columns=scores.index)


def spread(parts, concentration, draws, seed):
    """Random weights that sum to one: an array draws × parts."""
    if not concentration > 0:
        raise ValueError(f"weights need a concentration above zero, got {concentration}")
    return np.random.default_rng(seed).dirichlet([concentration] * parts, draws)


def together(parts):
    """The states that have all parts, as floats, a column a part. ValueError where none has."""
    if len({one_year(part) for part in parts}) > 1:
        raise ValueError("the parts of an index need one year: filter each by year first")
    wide = pd.concat([part.set_index("country")["value"].astype(float) for part in parts], axis=1,
                     keys=range(len(parts)), join="inner")
    if wide.empty:
        raise ValueError("no state has all parts of the index")
    return wide


def ahead(parts, left, right, concentration=10, draws=DRAWS, seed=SEED):
    """In how many % of the draws of weights one state's mean of the parts is above another's."""
    scores = together(parts)
    for code in (left, right):
        if known(code) not in scores.index:
            raise ValueError(f"{names()[code]} has no value in a part of {one_year(parts[0])}")
    difference = scores.loc[left] - scores.loc[right]
    drawn = spread(len(parts), concentration, draws, seed) @ difference.to_numpy()
    ids = tuple(selection(part) for part in parts)
    return Number(100 * (drawn > 0).mean(), "%", rows=ids, decimals=0,
                  how=f"of {draws:,} draws of weights, Dirichlet({concentration:g})")


def sets(frame, parts, country, widths=WIDTHS, concentrations=CONCENTRATIONS):
    """A state's rank and the labelled sets of places around it, a row a set: Best and Worst.

    frame: the index of one survey; parts: its parts of the same survey. Where a part is missing
    the rows of the weights are left out.
    """
    own = rank(frame, country)
    rows = {"As printed": (own, own), "Rounding": rounded(frame, country)}
    rows |= {f"Scores within {width:g}": neighbourhood(frame, country, width) for width in widths}
    if all(country in set(part["country"]) for part in parts):
        rows |= {f"Weights, Dirichlet({c:g})": weighted(parts, country, c) for c in concentrations}
    return pd.DataFrame.from_dict(rows, orient="index", columns=["Best", "Worst"],
                                  dtype=object).rename_axis("Set")


def churn(frame):
    """How far members move between consecutive surveys: median and 90th percentile of |Δ rank|.

    frame: all years of an index as `pick` gives them. Returns a frame by survey: Before, Members
    (with a value in both), Median, Ninetieth (places, of all members in both surveys).
    """
    wide = frame.assign(value=frame["value"].astype(float)).pivot(
        index="country", columns="year", values="value").rank(ascending=False, method="min")
    rows = {}
    for before, year in zip(wide.columns, wide.columns[1:]):
        moves = (wide[year] - wide[before]).abs().dropna()
        ids = tuple(f"UN193/{when}/{frame['indicator'].iloc[0]}/"
                    f"{frame.loc[frame['year'] == when, 'source'].iloc[0]}#{len(moves)}"
                    for when in (before, year))
        rows[year] = [str(before), Number(len(moves), "states", rows=ids, decimals=0),
                      *(Number(moves.quantile(q), "places", rows=ids, decimals=0)
                        for q in (0.5, 0.9))]
    return pd.DataFrame.from_dict(rows, orient="index", dtype=object, columns=[
        "Before", "Members", "Median", "Ninetieth"]).rename_axis("Survey")


def moves(frame, country):
    """A state's change of rank from each survey to the next, in places: below zero it rose."""
    years = sorted(frame.loc[frame["country"] == known(country), "year"])
    places = [rank(frame[frame["year"] == year], country) for year in years]
    return pd.Series([later - earlier for earlier, later in zip(places, places[1:])],
                     index=years[1:], dtype=object)


def score(frame, country):
    """A state's value in a cross-section. Raises ValueError where it has none."""
    values = frame.set_index("country")["value"]
    if known(country) not in values.index:
        raise ValueError(f"{names()[country]} has no value in {one_year(frame)}")
    return values[country]


def pair(frame, own, best, worst, how, more=()):
    """Two ranks that rest on a state's value and on the cross-section."""
    ids = tuple(dict.fromkeys((*own.rows, *(more or [selection(frame)]))))
    return tuple(Number(int(place), "rank", rows=ids, how=f"{side} place {how}")
                 for side, place in (("best", best), ("worst", worst)))
