"""What income lets expect of an index, and what is left: residuals with their variants."""

import numpy as np
import pandas as pd
from scipy.stats import theilslopes

from .data import known
from .indicators import one_year, selection
from footnoted.number import Number
from .data import names

DEGREES = {"linear": 1, "quadratic": 2, "cubic": 3}
FITS = (*DEGREES, "Theil–Sen")
MILLION = 1e6


def expected(scores, income, fit="linear", people=None, doubled=None):
    """Each state's score, what ln GDP per head lets expect of it, and the residual.

    scores, income: cross-sections as `pick` gives them, each of one year. fit: "linear",
    "quadratic" or "cubic" (least squares), or "Theil–Sen" (median of the slopes between pairs,
    median residual zero). people: a cross-section of populations; states below one million are
    left out. doubled: a state whose income is taken twice, then the line is fitted again.
    Returns country, name, year, x, value, expected, residual, place (1 = furthest above).
    Raises ValueError for an unknown fit, an income that is not above zero, or too few states.
    """
    both = scores.merge(income[["country", "value"]], on="country", suffixes=("", "_income"))
    if people is not None:
        large = people.loc[people["value"].astype(float) > MILLION, "country"]
        both = both[both["country"].isin(large)].reset_index(drop=True)
    x = both["value_income"].astype(float).to_numpy()
    if (x <= 0).any():
        raise ValueError("an income that is not above zero has no logarithm: mend the rows")
    x = np.where(both["country"] == doubled, 2 * x, x)
    y = both["value"].astype(float).to_numpy()
    line = fitted(np.log(x), y, fit)
    ids = (selection(scores), selection(income))
    how = f"residual of a {fit} fit on ln GDP per head, {len(both)} states"
    left = [Number(value, own.unit, rows=(*own.rows, *ids), decimals=3, how=how)
            for value, own in zip(y - line, both["value"])]
    places = (pd.Series(y - line).rank(ascending=False, method="min")).astype(int)
    return both[["country", "name", "year", "value", "source"]].assign(
        x=x, expected=line, residual=pd.Series(left, dtype=object),
        place=pd.Series([Number(place, "rank", rows=own.rows, how=f"{own} among {len(both)} states")
                         for place, own in zip(places, left)], dtype=object))


def fitted(x, y, fit):
    """The height of a fitted curve at each x. Raises ValueError where it cannot be fitted."""
    if fit not in FITS:
        raise ValueError(f"no fit {fit!r}: one of {', '.join(FITS)}")
    if len(np.unique(x)) < DEGREES.get(fit, 1) + 2:
        raise ValueError(f"a {fit} fit is not estimable: {len(np.unique(x))} different incomes")
    if fit == "Theil–Sen":
        line = theilslopes(y, x)
        return line.intercept + line.slope * x
    return np.polyval(np.polyfit(x, y, DEGREES[fit]), x)


def variants(scores, before, same, people, countries, doubled="UZB"):
    """Residual and place of some states under each variant of the fit: one row a variant.

    before, same: incomes of the year before the survey and of its own year (None where there is
    none); people: populations. Returns columns "Kazakhstan, residual", "Kazakhstan, place" and so
    on, and States; a state without both values has None.
    """
    rest = {"Theil–Sen": {"fit": "Theil–Sen"}, "quadratic": {"fit": "quadratic"},
            "cubic": {"fit": "cubic"}, "over one million people": {"people": people},
            "cubic, over one million people": {"fit": "cubic", "people": people},
            f"income of {names()[known(doubled)]} doubled": {"doubled": doubled}}
    runs = {"linear, income of the year before": expected(scores, before)}
    if same is not None and len(same):
        runs["income of the same year"] = expected(scores, same)
    runs |= {name: expected(scores, before, **options) for name, options in rest.items()}
    rows = {name: told(run, countries) for name, run in runs.items()}
    return pd.DataFrame.from_dict({name: list(row.values()) for name, row in rows.items()},
                                  orient="index", columns=list(rows[next(iter(rows))]),
                                  dtype=object).rename_axis("Variant")


def told(run, countries):
    """One variant's residuals and places, and how many states it rests on."""
    own = run.set_index("country").reindex(countries)
    cells = {f"{names()[known(code)]}, {part}": own.at[code, part]
             if isinstance(own.at[code, part], Number) else None
             for code in countries for part in ("residual", "place")}
    ids = tuple(dict.fromkeys(run["residual"].iloc[0].rows[-2:]))
    return {**cells, "States": Number(len(run), "states", rows=ids, decimals=0)}


def spread(run):
    """The sample standard deviation of the residuals, as a Number."""
    left = run["residual"].astype(float)
    return Number(left.std(ddof=1), "index", rows=run["residual"].iloc[0].rows[-2:], decimals=3,
                  how=f"standard deviation of {len(run)} residuals, survey {one_year(run)}")
