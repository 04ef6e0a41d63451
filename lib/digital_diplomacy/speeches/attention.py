"""How often states name the digital at the UN, with exact intervals: Numbers in, Numbers out."""

import math

import pandas as pd

from footnoted.number import Number

from ..data import WORLD, names
from ..indicators import selection

PER = 10_000  # words of a rate
UNIT = f"per {PER:,} words"


def poisson_interval(matches, level=0.95):
    """The exact interval of the mean of a Poisson count: half the chi-square quantiles.

    matches: whole number from 0; level: between 0 and 1. Returns (low, high) as floats.
    Raises ValueError otherwise. Source: Garwood (1936), see the references.

    >>> [round(end, 2) for end in poisson_interval(0)]
    [0.0, 3.69]
    """
    from scipy.stats import chi2  # here: it takes half a second
    if not (math.isfinite(matches) and matches >= 0 and matches == int(matches)):
        raise ValueError(f"a Poisson interval needs a whole number from 0, got {matches}")
    if not 0 < level < 1:
        raise ValueError(f"a level lies between 0 and 1, got {level}: write 0.95 for 95 %")
    tail = (1 - level) / 2
    low = chi2.ppf(tail, 2 * matches) / 2 if matches else 0.0
    return float(low), float(chi2.ppf(1 - tail, 2 * matches + 2) / 2)


def with_words(matches, words):
    """Statements with matches (`value`) and words (`value_words`), which both tables have."""
    return matches.merge(words[["country", "year", "value"]], on=["country", "year"],
                         suffixes=("", "_words"))


def digital_rates(matches, words, first, last):
    """Digital words per 10,000 words of each state in some years, pooled: all matches ÷ all words.

    matches, words: `pick("debate_digital")` and `pick("debate_words")`; first, last: years.
    Returns a frame by country: Statements, Words, Matches, Rate, Low, High (the exact 95 % Poisson
    interval of the rate), Silent (statements without a match), Rank (by rate, 1 = most; equal
    rates share the better one). A year without a statement is missing and counts nowhere. Raises
    ValueError where no statement falls into the years.
    """
    both = with_words(matches, words)
    both = both[both["year"].between(first, last)]
    if both.empty:
        raise ValueError(f"no statement from {first} to {last}: the corpus has 1992 to 2024")
    states = both.groupby("country")
    table = pd.DataFrame([pooled_rate(own, f"{first}-{last}") for _, own in states],
                         index=list(states.groups), dtype=object)
    asked = f"{WORLD}/{first}-{last}/debate_digital/{both['source'].iloc[0]}#{len(table)}"
    ranks = table["Rate"].astype(float).rank(ascending=False, method="min")
    table["Rank"] = pd.Series([
        Number(int(rank), "rank", rows=(*rate.rows, asked),
               how=f"{rate} among {len(table)} states")
        for rank, rate in zip(ranks, table["Rate"])], table.index, dtype=object)
    return table


def pooled_rate(statements, years):
    """One row of `digital_rates`: Numbers of one state's statements.

    statements: rows of `with_words`; years: those that were asked, "2017-2024". What is pooled
    rests on the selection of the statements in these years, so that two states can be compared.
    """
    hits, size = (int(statements[column].astype(float).sum())
                  for column in ("value", "value_words"))
    country, source = statements[["country", "source"]].iloc[0]
    of_matches, of_words = ((f"{country}/{years}/{indicator}/{source}#{len(statements)}",)
                            for indicator in ("debate_digital", "debate_words"))
    low, high = (PER * end / size for end in poisson_interval(hits))
    said = f"{hits} matches in {size:,} words"
    rates = {name: Number(value, UNIT, rows=of_matches + of_words, decimals=1, how=how)
             for name, value, how in (("Rate", PER * hits / size, said),
                                      ("Low", low, f"exact 95 % Poisson, {said}"),
                                      ("High", high, f"exact 95 % Poisson, {said}"))}
    return {"Statements": Number(len(statements), rows=of_matches, decimals=0, how="counted"),
            "Words": Number(size, "words", rows=of_words, decimals=0),
            "Matches": Number(hits, "matches", rows=of_matches, decimals=0), **rates,
            "Silent": Number(int((statements["value"] == 0).sum()), "statements", rows=of_matches,
                             decimals=0, how="without a match")}


def silent_states(matches, years):
    """How many states had no digital word in any of some years, and how many would by chance.

    matches: `pick("debate_digital")`; years: those in which a state must have spoken to be counted.
    Returns a Series: States (spoke each year), Silent (never a match), Share (% of them) and
    Independent (%, if silence in one year said nothing of the next: the product of the years'
    shares). Raises ValueError where no state spoke in all the years.
    """
    years = list(years)
    wide = matches.pivot(index="country", columns="year", values="value")
    wide = wide.reindex(columns=years).astype(float).dropna()
    if wide.empty:
        raise ValueError(f"no state has a statement in each of {', '.join(map(str, years))}")
    rows = [f"{WORLD}/{year}/debate_digital/{matches['source'].iloc[0]}#{len(wide)}"
            for year in years]
    silent = int((wide == 0).all(axis=1).sum())
    by_year = (wide == 0).mean()
    values = {
        "States": (len(wide), "states", "with a statement in each year"),
        "Silent": (silent, "states", f"of {len(wide)} states, without a match in any year"),
        "Share": (100 * silent / len(wide), "%", f"{silent} of {len(wide)} states"),
        "Independent": (100 * math.prod(by_year), "%",
                        " × ".join(f"{100 * part:.1f} %" for part in by_year))}
    return pd.Series({name: Number(value, unit, rows=rows, decimals=0, how=how)
                      for name, (value, unit, how) in values.items()}, dtype=object)


def world_rate(matches, words, year):
    """The world's pooled rate in a year, and the share of statements with any match, as Numbers.

    Returns a Series: Rate (per 10,000 words), Share (% of statements), Statements. Raises
    ValueError for a year without a statement.
    """
    matches = matches[matches["year"] == year]
    both = with_words(matches, words)
    if both.empty:
        raise ValueError(f"no statement in {year}: the corpus has 1992 to 2024")
    hits, size = both["value"].astype(float), both["value_words"].astype(float)
    [row] = selection(matches)
    return pd.Series({
        "Rate": Number(PER * hits.sum() / size.sum(), UNIT, decimals=1,
                       rows=(row, row.replace("debate_digital", "debate_words")),
                       how=f"{hits.sum():,.0f} matches in {size.sum():,.0f} words"),
        "Share": Number(100 * (hits > 0).mean(), "%", rows=(row,), decimals=0,
                        how=f"{(hits > 0).sum()} of {len(both)} statements"),
        "Statements": Number(len(both), "statements", rows=(row,), decimals=0,
                             how="counted")}, dtype=object)


def statement_shares(matches):
    """The share of statements with a digital word in each year: year, value (%, a Number), n.

    matches: `pick("debate_digital")`, a row a statement.

    >>> from digital_diplomacy.data import pick
    >>> statement_shares(pick("debate_digital")).set_index("year")["value"].map(str)[2024]
    '57 %'
    """
    rows = []
    for year, section in matches.groupby("year"):
        said = section["value"].astype(float) > 0
        rows.append([year, Number(100 * said.mean(), "%", rows=selection(section), decimals=0,
                                  how=f"{said.sum()} of {len(section)} statements"), len(section)])
    return pd.DataFrame(rows, columns=["year", "value", "n"], dtype=object).astype(
        {"year": int, "n": int})


def by_name(table, countries):
    """The rows of some states, in their order, under their names; an absent one has no row."""
    held = [code for code in countries if code in table.index]
    return table.loc[held].rename(index=names()).rename_axis("State")
