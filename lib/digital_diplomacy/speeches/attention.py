"""Exact intervals of small counts and shares, and how states speak: Numbers in, Numbers out."""

import math

import pandas as pd
from scipy.stats import binomtest, chi2

from ..indicators import count
from footnoted.number import Number
from ..data import names

PER = 10_000  # words of a rate


def poisson(matches, level=0.95):
    """The exact interval of the mean of a Poisson count: half the chi-square quantiles.

    matches: whole number from 0; level: between 0 and 1. Returns (low, high) as floats.
    Raises ValueError otherwise. Source: Garwood (1936), see the references.

    >>> [round(end, 2) for end in poisson(0)], [round(end, 2) for end in poisson(25)]
    ([0.0, 3.69], [16.18, 36.9])
    """
    whole(matches, "a Poisson interval")
    tail = (1 - proper(level)) / 2
    low = chi2.ppf(tail, 2 * matches) / 2 if matches else 0.0
    return float(low), float(chi2.ppf(1 - tail, 2 * matches + 2) / 2)


def binomial(hits, trials, level=0.95):
    """The exact interval of a share (Clopper and Pearson 1934): (low, high) from 0 to 1.

    hits, trials: whole numbers, hits at most trials, trials from 1. Raises ValueError otherwise.

    >>> [round(end, 4) for end in binomial(9, 24)]
    [0.188, 0.5941]
    """
    whole(hits, "an interval of a share")
    whole(trials, "an interval of a share")
    if not trials or hits > trials:
        raise ValueError(f"an interval of a share needs 1 or more trials and no more hits than "
                         f"trials, got {hits} of {trials}")
    found = binomtest(int(hits), int(trials)).proportion_ci(proper(level), "exact")
    return float(found.low), float(found.high)


def whole(value, what):
    """Raises ValueError where a value is no whole number from 0."""
    if not (math.isfinite(value) and value >= 0 and value == int(value)):
        raise ValueError(f"{what} needs a whole number from 0, got {value}")


def proper(level):
    """The level itself. Raises ValueError where it does not lie between 0 and 1."""
    if not 0 < level < 1:
        raise ValueError(f"a level lies between 0 and 1, got {level}: write 0.95 for 95 %")
    return level


def spoken(matches, words, first, last):
    """Digital words per 10,000 words of each state in some years, pooled: all matches ÷ all words.

    matches, words: `pick("debate_digital")` and `pick("debate_words")`; first, last: years.
    Returns a frame by country: Statements, Words, Matches, Rate, Low, High (the exact 95 % Poisson
    interval of the rate), Silent (statements without a match). A year without a statement is
    missing and counts nowhere. Raises ValueError where no statement falls into the years.
    """
    both = matches.merge(words[["country", "year", "value"]], on=["country", "year"],
                         suffixes=("", "_words"))
    both = both[both["year"].between(first, last)]
    if both.empty:
        raise ValueError(f"no statement from {first} to {last}: the corpus has 1992 to 2024")
    rows = {country: pooled(own["value"], own["value_words"])
            for country, own in both.groupby("country")}
    return pd.DataFrame.from_dict({country: list(row.values()) for country, row in rows.items()},
                                  orient="index", columns=list(next(iter(rows.values()))),
                                  dtype=object)


def pooled(matches, words):
    """One row of `spoken`: Numbers of one state's statements."""
    hits, size = int(sum(map(float, matches))), int(sum(map(float, words)))
    ids = tuple(row for value in [*matches, *words] for row in value.rows)
    silent = [value for value in matches if value == 0]
    low, high = (PER * end / size for end in poisson(hits))
    said = f"{hits} matches in {size:,} words"
    rate = {name: Number(value, f"per {PER:,} words", rows=ids, decimals=1, how=how) for
            name, value, how in (("Rate", PER * hits / size, said),
                                 ("Low", low, f"exact 95 % Poisson, {said}"),
                                 ("High", high, f"exact 95 % Poisson, {said}"))}
    return {"Statements": count(matches), "Words": Number(size, "words", rows=ids, decimals=0),
            "Matches": Number(hits, "matches", rows=ids, decimals=0), **rate,
            "Silent": Number(len(silent), "statements", rows=ids, decimals=0,
                             how="without a match")}


def silence(matches, years):
    """How many states had no digital word in any of some years, and how many would by chance.

    matches: `pick("debate_digital")`; years: those in which a state must have spoken to be counted.
    Returns a Series: States (spoke each year), Silent (never a match), Share (% of them) and
    Independent (%, if silence in one year said nothing of the next: the product of the years'
    shares). Raises ValueError where no state spoke in all the years.
    """
    wide = matches[matches["year"].isin(list(years))].assign(
        value=lambda rows: rows["value"].astype(float)).pivot(
            index="country", columns="year", values="value")
    wide = wide.reindex(columns=list(years)).dropna()
    if wide.empty:
        raise ValueError(f"no state has a statement in each of {', '.join(map(str, years))}")
    ids = tuple(f"UN193/{year}/debate_digital/{matches['source'].iloc[0]}#{len(wide)}"
                for year in years)
    silent = int((wide == 0).all(axis=1).sum())
    chance = 100 * math.prod((wide == 0).mean())
    return pd.Series({
        "States": Number(len(wide), "states", rows=ids, decimals=0),
        "Silent": Number(silent, "states", rows=ids, decimals=0),
        "Share": Number(100 * silent / len(wide), "%", rows=ids, decimals=0),
        "Independent": Number(chance, "%", rows=ids, decimals=0)}, dtype=object)


def usual(matches, words, year):
    """The world's pooled rate in a year, and the share of statements with any match, as Numbers.

    Returns a Series: Rate (per 10,000 words), Share (% of statements), Statements.
    """
    both = matches[matches["year"] == year].merge(words[["country", "year", "value"]],
                                                  on=["country", "year"], suffixes=("", "_words"))
    if both.empty:
        raise ValueError(f"no statement in {year}: the corpus has 1992 to 2024")
    hits, size = both["value"].astype(float), both["value_words"].astype(float)
    ids = (f"UN193/{year}/debate_digital/{both['source'].iloc[0]}#{len(both)}",)
    return pd.Series({
        "Rate": Number(PER * hits.sum() / size.sum(), f"per {PER:,} words", rows=ids, decimals=1),
        "Share": Number(100 * (hits > 0).mean(), "%", rows=ids, decimals=0),
        "Statements": Number(len(both), "statements", rows=ids, decimals=0)}, dtype=object)


def order(table, column="Rate"):
    """Place of each state by a column of `spoken`, 1 = most; equal values share the better."""
    places = table[column].astype(float).rank(ascending=False, method="min")
    return pd.Series([Number(int(place), "rank", rows=value.rows, how=f"{value} among "
                             f"{len(table)} states") for place, value in
                      zip(places, table[column])], index=table.index, dtype=object)


def named(table, countries):
    """The rows of some states, in their order, under their names; an absent one has no row."""
    held = [code for code in countries if code in table.index]
    return table.loc[held].rename(index=names()).rename_axis("State")
