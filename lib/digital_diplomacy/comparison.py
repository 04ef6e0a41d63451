"""Trends over base years and metrics, vintages, sets of ranks, and income.

Nothing here is a test of significance: members that are all surveyed have no sampling error. Each
part shows what a comparison becomes under other admissible choices.
"""

import math

import numpy as np
import pandas as pd

from footnoted.number import Number, above

from . import indicators
from .data import held_state, in_sentence, known, labels, names, none_in

METRICS = ("SD", "Ranks", "Log")  # Log: log odds of a share or an index, else log of the ratio
OUTCOMES = ("narrower", "wider", "crossed", "undecided", "not estimable")
JUMP = 0.15  # of the world's median of an index from 0 to 1 between two surveys: a convention

WIDTHS = (0.005, 0.01, 0.02)   # around a score; the middle one is the study's own: a convention
CONCENTRATIONS = (30, 10, 1)   # of the weights around equal ones; 1 admits every weight alike
DRAWS, SEED = 10_000, 20261124
MIDDLE = (0.025, 0.975)        # a set under random weights: the middle 95 % of the draws
TOUCH = 1e-12                  # scores at the end of a width count as within it

DEGREES = {"linear": 1, "quadratic": 2, "cubic": 3}
FITS = (*DEGREES, "Theil–Sen")
MILLION = 1e6


# Trends: did a gap narrow, from every base year and on every metric? ------------------------------

@held_state()
def gaps(frame, left, right):
    """The gap between two countries in every year that has both, on three metrics.

    frame: rows of one indicator as `pick` gives them; left, right: country codes. Returns
    indicator, year, SD (sample standard deviations of that year's states), Ranks (by how many
    right stands behind), Log (log odds of a share or an index, which have no ceiling; the log of
    the ratio for a rate; None where a value is at the end of its scale) and source. SD is None
    where the states of a year do not vary.

    >>> from digital_diplomacy.data import pick
    >>> gaps(pick("tii"), "KAZ", "UZB").query("year == 2014")["SD"].map(str).tolist()
    ['1.34 SD']
    """
    rows = []
    for year, section in frame.groupby("year"):
        values = section.set_index("country")["value"]
        if left in values.index and right in values.index:
            varied = indicators.floats(section).nunique() > 1
            rows.append([section["indicator"].iloc[0], year,
                         indicators.standardized_gap(section, left, right) if varied else None,
                         indicators.rank(section, right) - indicators.rank(section, left),
                         log_gap(values[left], values[right]), section["source"].iloc[0]])
    columns = ["indicator", "year", *METRICS, "source"]
    return pd.DataFrame(rows, columns=columns, dtype=object).astype({"year": int})


def log_gap(left, right):
    """Difference of log odds (shares, indices) or log of the ratio (rates); None where undefined.

    >>> str(log_gap(Number(50, "per 100 people"), Number(25, "per 100 people")))
    '0.69'
    """
    if left.unit in ("%", "index"):
        scale = 1.0 if left.unit == "%" else 100.0
        ends = [end * scale for value in (left, right) for end in (value.low, value.high)]
        inside = all(0 < end < 100 for end in ends)
        return indicators.logit_gap(left * scale, right * scale) if inside else None
    if not (left.low > 0 and right.low > 0):
        return None
    difference = indicators.gap(left, right)  # one year, one unit
    low, high = (math.log(a / b) for a, b in ((left.low, right.high), (left.high, right.low)))
    return Number(math.log(left / right), "", low, high, difference.rows,
                  how=f"ln of {left} ÷ {right}")


def trends(frames, left, right, bases, end=None):
    """How a gap at the end compares with that of each base year, on each metric.

    frames: indicator -> rows as `pick` gives them; bases: years to count from; end: the year
    counted to, else the newest that both have. Returns indicator, metric, base, end, before, after,
    state: "narrower" or "wider" (of the absolute gap), "crossed" (the lead changed hands),
    "undecided" (equal, or apart by less than rounding), "not estimable" (no value of both, or one
    at the end of its scale). A year without a survey, or at or after the end, is no base year; a
    measure of which the two have no common value has no end.
    """
    rows = []
    for indicator, frame in frames.items():
        table = gaps(frame, left, right).set_index("year")
        last = max((year for year in table.index if end is None or year <= end), default=None)
        held = set(frame["year"]).intersection(bases)
        for base in sorted(base for base in held if last is None or base < last):
            for metric in METRICS:
                before = table[metric].get(base)
                after = None if last is None else table[metric].get(last)
                rows.append([indicator, metric, base, last, before, after, trend(before, after)])
    columns = ["indicator", "metric", "base", "end", "before", "after", "state"]
    return pd.DataFrame(rows, columns=columns, dtype=object)


def trend(before, after):
    """What became of a gap: one of OUTCOMES.

    >>> trend(Number(3), Number(2)), trend(Number(3), Number(-4)), trend(None, Number(2))
    ('narrower', 'crossed', 'not estimable')
    """
    if not (isinstance(before, Number) and isinstance(after, Number)):
        return "not estimable"
    if before * after < 0:
        return "crossed"
    less, more = above(abs(before), abs(after)), above(abs(after), abs(before))
    return "narrower" if less else "wider" if more else "undecided"


def robust_trends(table):
    """Which trends are robust: for each indicator one word where all agree, else what turns it.

    table: as `trends` gives it. Returns a frame by indicator: Base years, and for each metric how
    many of them are narrower, wider or crossed; Trend: "narrower", "wider" or "crossed" where every
    estimable base year and metric says so, else "depends"; Turned by: the base years in which some
    metric does not say what most base years and metrics say.
    """
    rows = {}
    for indicator, own in table.groupby("indicator", sort=False):
        estimable = own[own["state"] != "not estimable"]
        most = max(OUTCOMES, key=list(estimable["state"]).count)
        turned = sorted(set(estimable.loc[estimable["state"] != most, "base"]))
        word = "not estimable" if estimable.empty else "depends" if turned else most
        rows[indicator] = [str(own["base"].nunique()),
                           *(states_in_words(own[own["metric"] == metric]) for metric in METRICS),
                           word, ", ".join(map(str, turned)) or "–"]
    columns = ["Base years", *METRICS, "Trend", "Turned by"]
    return pd.DataFrame.from_dict(rows, orient="index", dtype=object,
                                  columns=columns).rename_axis("Gap")


def trends_by_base(table):
    """What became of each gap since each base year, and Trend, since all of them.

    table: as `trends` gives it. Returns a row an indicator, a column a base year (text): the word
    on which all metrics agree, else "depends"; nothing where the measure was not taken that year.

    >>> from digital_diplomacy.data import pick
    >>> found = trends({"tii": pick("tii")}, "KAZ", "UZB", [2018, 2022])
    >>> trends_by_base(found).loc["tii"].to_dict()
    {'2018': 'narrower', '2022': 'depends', 'Trend': 'depends'}
    """
    words = table.assign(base=table["base"].astype(str)).groupby(["indicator", "base"])["state"]
    words = words.agg(agreed).unstack().reindex(table["indicator"].unique())
    words["Trend"] = table.groupby("indicator")["state"].agg(agreed)
    return words.rename_axis("Gap")


def agreed(states):
    """The one word of those that are estimable, else "depends".

    >>> agreed(["wider", "not estimable"]), agreed(["wider", "crossed"])
    ('wider', 'depends')
    """
    told = set(states) - {"not estimable"}
    return "not estimable" if not told else told.pop() if len(told) == 1 else "depends"


def states_in_words(table):
    """How many base years say what.

    >>> states_in_words(pd.DataFrame({"state": ["wider", "narrower", "wider"]}))
    '1 narrower, 2 wider'
    """
    counts = table["state"].value_counts()
    return ", ".join(f"{counts[state]} {state}" for state in OUTCOMES if state in counts)


def median_changes(frame):
    """The world's median by survey and its change: a jump of all is a change of method, not of one.

    frame: all years of an index as `pick` gives them. Returns columns Median, Change by survey.
    """
    medians = pd.Series({year: indicators.median(section).to("index", 3)
                         for year, section in frame.groupby("year")}, dtype=object)
    return pd.DataFrame({"Median": medians, "Change": medians - medians.shift()})


def median_jumps(frames, since, size=JUMP):
    """The surveys in which the world's median of an index moved by more than a size, and of which.

    frames: indicator -> rows as `pick` gives them; since: the first survey looked at. Returns
    {year: "infrastructure, human capital"} in order of years, for `charts.gap_lines`.
    """
    found = {}
    for indicator, frame in frames.items():
        for year, change in median_changes(frame)["Change"].dropna().items():
            if year >= since and abs(change) > size:
                found.setdefault(int(year), []).append(labels("label_short")[indicator].lower())
    return {year: ", ".join(found[year]) for year in sorted(found)}


# Vintages: what sources print for the same country and year ---------------------------------------

def vintage_differences(frame):
    """How far sources differ for a cell: one row a country and year that two or more of them have.

    frame: `pick(..., sources="all")`. Returns country, name, year, Lowest, Highest, Apart (rests on
    all of them), Sources, the widest first.
    """
    rows = []
    for (country, year), own in frame.groupby(["country", "year"]):
        if own["source"].nunique() > 1:
            ordered = sorted(own["value"])
            apart = indicators.highest(ordered) - indicators.lowest(ordered)
            rows.append([country, names()[country], year, ordered[0], ordered[-1], apart,
                         str(own["source"].nunique())])
    table = pd.DataFrame(rows, dtype=object, columns=["country", "name", "year", "Lowest",
                                                      "Highest", "Apart", "Sources"])
    return table.sort_values("Apart", ascending=False, kind="stable", ignore_index=True)


def growth_by_vintage(frame, country, start, end):
    """Growth of a country from one year to another, within each vintage and across them.

    frame: `pick(..., sources="all")`. Returns a frame: the row is the source of the first year,
    the column that of the second; the diagonal is growth within one vintage, the rest mixes two.
    Raises ValueError where one of the years has no value.
    """
    own = frame[frame["country"] == country].set_index(["year", "source"])["value"]
    if start not in own.index or end not in own.index:
        raise ValueError(f"{names()[country]} has no value in {start} or {end}")
    columns = {later: [indicators.growth(first, own[end][later]) for first in own[start]]
               for later in own[end].index}
    return pd.DataFrame(columns, index=own[start].index, dtype=object)


# Sets of ranks: under rounding, within a small distance of a score, and under other weights ------

def neighbours(frame, country, each_side=2):
    """The states just before and after one in a cross-section, best first, with score and rank.

    frame: rows of one year as `pick` gives them. Returns Score, Rank and Apart, the distance to the
    state's own score, by name.
    """
    own = indicators.value_of(frame, country)
    ordered = frame.assign(score=frame["value"].astype(float)).sort_values(
        ["score", "name"], ascending=[False, True], ignore_index=True)
    at = ordered.index[ordered["country"] == country][0]
    near = ordered.iloc[max(0, at - each_side):at + each_side + 1]
    table = pd.DataFrame({"Score": near["value"].tolist(),
                          "Rank": [indicators.rank(frame, code) for code in near["country"]],
                          "Apart": [abs(score - own) for score in near["value"]]},
                         index=near["name"].tolist(), dtype=object)
    return table.rename_axis("State")


def ranks_by_rounding(frame, country):
    """The ranks that a state can have for all scores that print as they do: (best, worst).

    Scores whose rounding intervals only touch are apart; those that overlap may stand either way.
    """
    own = indicators.value_of(frame, country)
    others = frame.loc[frame["country"] != country, "value"]
    best = 1 + sum(above(other, own) is True for other in others)
    worst = len(frame) - sum(above(own, other) is True for other in others)
    worst -= sum(other == own for other in others)  # a tie shares the better rank
    return best_and_worst(best, worst, [*own.rows, *indicators.selection(frame)],
                          "for all scores that round to those printed")


def ranks_nearby(frame, country, width=0.01):
    """The ranks of the scores that lie within a width of a state's own: (best, worst).

    width: in units of the score, above zero. Raises ValueError otherwise.
    """
    if not width > 0:
        raise ValueError(f"a neighbourhood needs a width above zero, got {width}")
    own, scores = indicators.value_of(frame, country), indicators.floats(frame)
    best = 1 + (scores > float(own) + width + TOUCH).sum()
    worst = (scores >= float(own) - width - TOUCH).sum()
    return best_and_worst(best, worst, [*own.rows, *indicators.selection(frame)],
                          f"of scores within {width:g}")


def ranks_by_weights(parts, country, concentration=10, draws=DRAWS, seed=SEED):
    """The middle 95 % of a state's ranks when the parts of an index get random weights.

    parts: a cross-section a part, as `pick` gives them, of one year; a state counts where it has
    all parts. The weights are drawn from a Dirichlet distribution around equal ones:
    `concentration` 1 takes all weights alike, a larger one stays nearer to equal. (best, worst).
    """
    states = states_with_all(parts, country).index
    rows = [*indicators.rows_of(indicators.value_of(part, country) for part in parts)]
    for part in parts:
        rows += indicators.selection(part[part["country"].isin(states)])
    drawn = weighted_ranks(parts, concentration, draws, seed)
    best, worst = np.quantile(drawn[country], MIDDLE, method="inverted_cdf")
    return best_and_worst(best, worst, rows, f"middle 95 % of {draws:,} draws of weights, "
                                             f"Dirichlet({concentration:g})")


def weighted_ranks(parts, concentration, draws=DRAWS, seed=SEED):
    """The rank of every state in every draw of weights: a frame, a column a state.

    The draw is the same for each call with the same numbers. Raises ValueError for a concentration
    that is not above zero, or parts that share no state.
    """
    scores = states_with_all(parts)
    drawn = random_weights(len(parts), concentration, draws, seed) @ scores.to_numpy().T
    order = np.argsort(np.argsort(-drawn, axis=1, kind="stable"), axis=1, kind="stable") + 1
    return pd.DataFrame(order, columns=scores.index)


def random_weights(parts, concentration, draws, seed):
    """Random weights that sum to one: an array draws × parts.

    Raises ValueError where the concentration is not above zero.
    """
    if not concentration > 0:
        raise ValueError(f"weights need a concentration above zero, got {concentration}")
    return np.random.default_rng(seed).dirichlet([concentration] * parts, draws)


def states_with_all(parts, *needed):
    """The states that have all parts of an index, as floats, a column a part.

    Raises ValueError where none has, where one of those needed has not, or for several years.
    """
    year, *others = {indicators.one_year(part) for part in parts}
    if others:
        raise ValueError("the parts of an index need one year: filter each by year first")
    wide = pd.concat(map(indicators.floats, parts), axis=1, keys=range(len(parts)), join="inner")
    if wide.empty:
        raise ValueError("no state has all parts of the index")
    for country in needed:
        if known(country) not in wide.index:
            raise ValueError(f"{names()[country]} has no value in a part of {year}")
    return wide


def ahead_by_weights(parts, left, right, concentration=10, draws=DRAWS, seed=SEED):
    """In how many % of the draws of weights one state's mean of the parts is above another's."""
    scores = states_with_all(parts, left, right)
    own = [indicators.value_of(part, code) for code in (left, right) for part in parts]
    difference = scores.loc[left] - scores.loc[right]
    drawn = random_weights(len(parts), concentration, draws, seed) @ difference.to_numpy()
    return Number(100 * (drawn > 0).mean(), "%", rows=indicators.rows_of(own), decimals=0,
                  how=f"of {draws:,} draws of weights, Dirichlet({concentration:g})")


def rank_sets(frame, parts, country):
    """A state's rank and the labelled sets of ranks around it, a row a set: Best and Worst.

    None of them is a confidence interval. frame: the index of one survey; parts: its parts of the
    same survey. Where a part is missing the rows of the weights are left out; a state without a
    score has no rank, and all rows say why.
    """
    if country not in set(frame["country"]):
        none = none_in(indicators.one_year(frame), "not assessed in this survey")
        return pd.DataFrame({"Best": none, "Worst": none}, dtype=object, index=[
            "As printed", "Rounding", *(f"Scores within {width:g}" for width in WIDTHS),
            *(f"Weights, Dirichlet({c:g})" for c in CONCENTRATIONS)]).rename_axis("Set")
    own = indicators.rank(frame, country)
    rows = {"As printed": (own, own), "Rounding": ranks_by_rounding(frame, country)}
    rows |= {f"Scores within {width:g}": ranks_nearby(frame, country, width) for width in WIDTHS}
    if all(country in set(part["country"]) for part in parts):
        rows |= {f"Weights, Dirichlet({c:g})": ranks_by_weights(parts, country, c)
                 for c in CONCENTRATIONS}
    return pd.DataFrame.from_dict(rows, orient="index", columns=["Best", "Worst"],
                                  dtype=object).rename_axis("Set")


def rank_sets_by_survey(index, parts, countries, years):
    """Ranks of some states in some surveys with the ranks around them, for `charts.rank_sets`.

    index, parts: all years of an index and of its parts, as `pick` gives them. Returns country,
    name, year, value (the rank), near_best, near_worst (of scores within a hundredth),
    weights_best, weights_worst (under other weights): a row a state and survey that assessed it.
    """
    rows = []
    for country in map(known, countries):
        for year in years:
            section = index[index["year"] == year]
            of_year = [part[part["year"] == year] for part in parts]
            if country in set(section["country"]):
                whole = all(country in set(part["country"]) for part in of_year)
                weighted = ranks_by_weights(of_year, country) if whole else (None, None)
                rows.append([country, names()[country], year, indicators.rank(section, country),
                             *ranks_nearby(section, country), *weighted])
    columns = ["country", "name", "year", "value", "near_best", "near_worst", "weights_best",
               "weights_worst"]
    return pd.DataFrame(rows, columns=columns, dtype=object)


def best_and_worst(best, worst, rows, how):
    """The two ends of a set of ranks, which rest on the same rows."""
    return tuple(Number(int(end), "rank", rows=tuple(dict.fromkeys(rows)), how=f"{side} rank {how}")
                 for side, end in (("best", best), ("worst", worst)))


def rank_churn(frame):
    """How far members move between consecutive surveys: median and 90th percentile of |Δ rank|.

    frame: all years of an index as `pick` gives them. Returns a frame by survey: Before, Members
    (with a value in both), Median, Ninetieth (ranks, of all members in both surveys).
    """
    surveys = list(frame.groupby("year"))
    rows = {}
    for (before, earlier), (year, later) in zip(surveys, surveys[1:]):
        moves = (ranked(later) - ranked(earlier)).abs().dropna()
        ids = tuple(row for section in indicators.shared(earlier, later)
                    for row in indicators.selection(section))
        rows[year] = [str(before), Number(len(moves), "states", rows=ids, decimals=0,
                                          how="with a score in both surveys"),
                      *(Number(moves.quantile(q), "ranks", rows=ids, decimals=0,
                               how=f"{what} of |change of rank|, {before} to {year}, "
                                   f"{len(moves)} states")
                        for q, what in ((0.5, "median"), (0.9, "90th percentile")))]
    return pd.DataFrame.from_dict(rows, orient="index", dtype=object, columns=[
        "Before", "Members", "Median", "Ninetieth"]).rename_axis("Survey")


def ranked(frame):
    """The rank of every state of a cross-section as floats by country, ties at the better rank."""
    return indicators.floats(frame).rank(ascending=False, method="min")


def rank_changes(frame, country):
    """A state's change of rank from each survey to the next: below zero it rose."""
    own = indicators.ranks(frame, country).set_index("year")["value"].sort_index()
    return (own - own.shift()).iloc[1:]


# Income: what it lets expect of an index, and what is left ----------------------------------------

def income_residuals(scores, income, fit="linear", people=None, doubled=None):
    """Each state's score, what ln GDP per head lets expect of it, and the residual.

    scores, income: cross-sections as `pick` gives them, each of one year. fit: "linear",
    "quadratic" or "cubic" (least squares), or "Theil–Sen" (median of the slopes between pairs,
    median residual zero). people: a cross-section of populations; states below one million are
    left out. doubled: a state whose income is taken twice, then the line is fitted again.
    Returns country, name, year, value, source, x, expected, residual, rank (1 = furthest above);
    `attrs["rows"]` names the rows that the line rests on.
    Raises ValueError for an unknown fit, an income that is not above zero, or too few states.
    """
    large = [] if people is None else [people[people["value"].astype(float) > MILLION]]
    used = indicators.shared(scores, income, *large)
    scores, income = used[:2]
    x, y = indicators.floats(income), indicators.floats(scores)
    if (x <= 0).any():
        raise ValueError("an income that is not above zero has no logarithm: mend the rows")
    x = x.where(x.index != doubled, 2 * x)
    line = fitted(np.log(x.to_numpy()), y.to_numpy(), fit)
    rows = [row for part in used for row in indicators.selection(part)]
    how = f"residual of a {fit} fit on ln GDP per head, {len(y)} states"
    left = [Number(residual, own.unit, rows=(*indicators.rows_of([own, wealth]), *rows),
                   decimals=3, how=how)
            for residual, own, wealth in zip(y - line, scores["value"], income["value"])]
    order = (y - line).rank(ascending=False, method="min")
    ranks = [Number(int(at), "rank", rows=own.rows, how=f"{own} among {len(y)} states")
             for at, own in zip(order, left)]
    result = scores[["country", "name", "year", "value", "source"]].assign(
        x=x.to_numpy(), expected=line, residual=pd.Series(left, scores.index, dtype=object),
        rank=pd.Series(ranks, scores.index, dtype=object))
    result.attrs["rows"] = tuple(rows)
    return result


def fitted(x, y, fit):
    """The height of a fitted curve at each x. Raises ValueError where it cannot be fitted."""
    from scipy.stats import theilslopes  # here: it takes half a second
    if fit not in FITS:
        raise ValueError(f"no fit {fit!r}: one of {', '.join(FITS)}")
    if len(np.unique(x)) < DEGREES.get(fit, 1) + 2:
        raise ValueError(f"a {fit} fit is not estimable: {len(np.unique(x))} different incomes")
    if fit == "Theil–Sen":
        line = theilslopes(y, x)
        return line.intercept + line.slope * x
    return np.polyval(np.polyfit(x, y, DEGREES[fit]), x)


def income_variants(scores, before, same, people, countries, doubled):
    """Residual and rank of some states under each variant of the fit: rows of `income_table`.

    before, same: incomes of the year before the survey and of its own year (None where there is
    none); people: populations; doubled: the state whose income is taken twice in one of them.
    Raises ValueError as `income_residuals` does, DataError for an unknown state.
    """
    runs = {"linear, income of the year before": income_residuals(scores, before)}
    if same is not None and len(same):
        runs["income of the same year"] = income_residuals(scores, same)
    options = {"Theil–Sen": {"fit": "Theil–Sen"}, "quadratic": {"fit": "quadratic"},
               "cubic": {"fit": "cubic"}, "over one million people": {"people": people},
               "cubic, over one million people": {"fit": "cubic", "people": people},
               f"income of {in_sentence(names()[known(doubled)])} doubled": {"doubled": doubled}}
    runs |= {name: income_residuals(scores, before, **option) for name, option in options.items()}
    return income_table(runs, countries).rename_axis("Variant")


def income_table(runs, countries):
    """Residuals and ranks of some states in several fits, and how many states each rests on.

    runs: label -> what `income_residuals` gives. Returns a row a run with the columns "Kazakhstan,
    residual", "Kazakhstan, rank" and so on, and States; a state without both values has None.
    Raises DataError for an unknown state.
    """
    parts = [(code, part) for code in countries for part in ("residual", "rank")]
    rows = {}
    for label, run in runs.items():
        own = run.set_index("country")
        states = Number(len(run), "states", rows=run.attrs["rows"], decimals=0)
        rows[label] = [*(own[part].get(code) for code, part in parts), states]
    columns = [*(f"{names()[known(code)]}, {part}" for code, part in parts), "States"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns, dtype=object)
