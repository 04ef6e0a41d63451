"""The arithmetic of the field: shares, rates, growth, ranks, gaps. Numbers in, Numbers out."""

import math
from functools import wraps
from inspect import signature

import pandas as pd
from scipy.stats import spearmanr

from .data import WHOLE_WORLD, known, missing, recent
from footnoted.number import DIFFERENCES, Number, combine, number
from .data import WORLD, names

FEW = 10  # states: up to here a statistic names each one's row, from there on the selection


def elementwise(measure):
    """Lets a measure of two Numbers take Series of them too: row by row, Numbers kept.

    Plain numbers are taken as exact, and what is missing on one side gives a missing result.
    """
    sides = list(signature(measure).parameters)[:2]

    def single(left, right, *more, **options):
        if math.isnan(left) or math.isnan(right):
            return Number(math.nan)
        return measure(number(left), number(right), *more, **options)

    @wraps(measure)
    def measured(*values, **options):
        left, right, *more = [*values, *(options.pop(side) for side in sides if side in options)]
        series = [side for side in (left, right) if isinstance(side, pd.Series)]
        if not series:
            return single(left, right, *more, **options)
        index = series[0].index
        columns = [side.reindex(index) if isinstance(side, pd.Series) else [side] * len(index)
                   for side in (left, right)]
        return pd.Series([single(a, b, *more, **options) for a, b in zip(*columns)],
                         index=index, dtype=object)
    return measured


@elementwise
def share(part, whole):
    """Part of a whole in per cent: 100 × part ÷ whole. Series of Numbers are taken row by row.

    >>> str(share(Number(17.3e6, "persons"), Number(19.6e6, "persons")))
    '88.3 %'
    """
    return (combine(part, whole, "÷") * 100.0).to("%")


@elementwise
def whole(part, percent):
    """The whole that a part and its share imply: 100 × part ÷ percent.

    >>> str(whole(Number(11.85e6, "persons", decimals=2), Number(60.8, "%")))
    '19.49 million'
    """
    return (combine(part, percent, "÷") * 100.0).to("persons", part.decimals)


@elementwise
def people(percent, population):
    """The people that a share of a population is: percent × population ÷ 100.

    >>> str(people(Number(90.9, "%"), Number(19_000_988, "persons")))
    '17.3 million'
    """
    return (combine(percent, population, "×") / 100.0).to("persons")


@elementwise
def rate(count, population, per=100):
    """Count per so many people: per × count ÷ population.

    >>> str(rate(Number(7.17e6, "accounts"), Number(18.5e6, "persons")))
    '38.8 per 100 people'
    """
    return (combine(count, population, "÷") * float(per)).to(f"per {per:,} people")


@elementwise
def growth(start, end):
    """Change from start to end in per cent of start: 100 × (end ÷ start − 1), outer bounds.

    >>> str(growth(Number(50, "%"), Number(75, "%")))
    '50.0 %'
    """
    same_country(start, end)
    return ((combine(end, start, "÷") - 1.0) * 100.0).to("%")


@elementwise
def gap(left, right):
    """Difference left − right of one year; two shares give points. Raises ValueError otherwise.

    >>> str(gap(Number(92.9, "%"), Number(89.0, "%")))
    '3.9 points'
    """
    if left.years and right.years and left.years != right.years:
        raise ValueError(f"a gap needs one year: {'/'.join(sorted(left.years))} against "
                         f"{'/'.join(sorted(right.years))}; pick both from the same year")
    return left - right


@elementwise
def change(start, end):
    """Difference end − start of one country. Raises ValueError where the countries differ.

    >>> str(change(Number(81, "rank"), Number(24, "rank")))
    '−57 places'
    """
    same_country(start, end)
    return end - start


def same_country(start, end):
    """Raises ValueError where two numbers of a change belong to different countries."""
    if start.subjects and end.subjects and start.subjects != end.subjects:
        raise ValueError(f"a change needs one country: {', '.join(sorted(start.subjects))} "
                         f"against {', '.join(sorted(end.subjects))}")


def one_year(frame):
    """The year of a cross-section. Raises ValueError where it holds several, or nothing."""
    years = sorted(set(frame["year"]))
    if len(years) != 1:
        raise ValueError(f"a cross-section needs rows of one year, got {years[:5] or 'none'}: "
                         "filter by year first")
    return years[0]


def selection(frame):
    """The row id of a whole cross-section: "UN193/year/indicator/source#n"."""
    source = "+".join(sorted(set(frame["source"])))
    return f"{WORLD}/{one_year(frame)}/{frame['indicator'].iloc[0]}/{source}#{len(frame)}"


def rank(frame, country, lower_is_better=False):
    """Place of a country in a cross-section, 1 = best; equal values share the better place.

    frame: rows of one year as `pick` gives them. Returns a Number of unit "rank" whose rows are
    the country's and the whole selection. Raises ValueError where the country has no value.
    """
    values = frame.set_index("country")["value"]
    one_year(frame)
    if known(country) not in values.index:
        raise ValueError(f"{names()[country]} has no value in {one_year(frame)}")
    own = values[country]
    floats = values.astype(float)
    better = (floats < own).sum() if lower_is_better else (floats > own).sum()
    return Number(int(better) + 1, "rank", rows=(*own.rows, selection(frame)),
                  how=f"{own} among {len(values)} states with a value")


def ranks(frame, country):
    """Place of a country in each year that has a value for it, as rows like those of `pick`.

    Rows of earlier years keep their own n: see `rank`. Empty where the country has no value.
    """
    own = frame[frame["country"] == known(country)].copy()
    places = [rank(frame[frame["year"] == year], country) for year in own["year"]]
    own["value"] = pd.Series(places, index=own.index, dtype=object)
    return own


def rates(counts, population, per=100):
    """Counts per so many people, where both are known for a country and year.

    counts, population: frames as `pick` gives them, one row a country and year; the rows of
    counts with the rate as value, the status kept.
    """
    joined = counts.merge(population[["country", "year", "value"]], on=["country", "year"],
                          suffixes=("", "_people"))
    joined["value"] = rate(joined["value"], joined["value_people"], per=per)
    return joined.drop(columns="value_people")


def standing(frames, country, year):
    """Where a country stands among the UN members: one row an indicator.

    frames: indicator -> rows as `pick` gives them. The value is the newest at or up to three years
    before `year`, compared within its own year; years in which fewer than 164 members have a value
    are passed over where there is a fuller one. Returns a frame with the columns Year, Value, Rank,
    States, World median; a missing value is told by its reason.
    """
    rows = {name: place(frame, country, int(year), name) for name, frame in frames.items()}
    columns = ["Year", "Value", "Rank", "States", "World median"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns, dtype=object)


def place(frame, country, year, indicator):
    """One row of `standing`."""
    own = recent(frame[frame["country"] == known(country)], year)
    if own.empty:
        reason = recent(missing(indicator, country), year)["missing"]
        told = reason.iloc[-1] if len(reason) else "no value in the source"
        return ["–", told, None, None, None]
    sizes = frame.groupby("year").size()
    whole = [when for when in own["year"] if sizes[when] >= WHOLE_WORLD]
    when = max(whole or own["year"])
    section = frame[frame["year"] == when]
    value = own.loc[own["year"] == when, "value"].iloc[-1]
    return [str(when), value, rank(section, country), states(section), median(section)]


def count(numbers):
    """How many numbers there are, as a Number that rests on all their rows.

    >>> str(count([Number(3, rows=("a",)), Number(5, rows=("b",))]))
    '2'
    """
    numbers = list(numbers)
    rows = tuple(dict.fromkeys(row for number in numbers for row in number.rows))
    return Number(len(numbers), rows=rows, decimals=0, how="counted")


def count_where(numbers, holds):
    """For how many of some numbers a condition holds; it rests on the rows of all that were asked.

    numbers: Series of Numbers; holds: Series of bool with the same index. Raises ValueError where
    the two differ in length.

    >>> ages = pd.Series([Number(3, rows=("a",)), Number(5, rows=("b",))], dtype=object)
    >>> both = count_where(ages, ages > 4)
    >>> str(both), both.rows
    ('1', ('a', 'b'))
    """
    if len(numbers) != len(holds):
        raise ValueError(f"a condition on {len(numbers)} numbers has {len(holds)} answers")
    rows = tuple(dict.fromkeys(row for number in numbers for row in getattr(number, "rows", ())))
    return Number(int(sum(map(bool, holds))), rows=rows, decimals=0, how=f"of {len(numbers)}")


def share_where(numbers, holds):
    """In how many % of some numbers a condition holds; it rests on the rows of all of them.

    As `count_where`. Raises ValueError where there is no number.

    >>> ages = pd.Series([Number(3, rows=("a",)), Number(5, rows=("b",))], dtype=object)
    >>> str(share_where(ages, ages > 4))
    '50.0 %'
    """
    if not len(numbers):
        raise ValueError("a share of nothing is not estimable")
    hits = count_where(numbers, holds)
    return Number(100 * float(hits) / len(numbers), "%", rows=hits.rows,
                  how=f"{hits:g} of {len(numbers)}")


def correlation(left, right):
    """Spearman's rank correlation of two cross-sections over the states that have both values.

    left, right: rows of one year each as `pick` gives them; the years may differ, and the rows
    of the result say which. Raises ValueError with fewer than three states in common.

    >>> from digital_diplomacy.data import pick
    >>> str(correlation(pick("osi", year=2022), pick("tii", year=2022)))
    '0.79'
    """
    left, right = shared(left, right)
    if len(left) < 3:
        raise ValueError(f"a correlation needs three states with both values, got {len(left)}: "
                         "choose a year in which both were measured")
    value = spearmanr(left["value"].astype(float), right["value"].astype(float)).statistic
    rows = tuple(dict.fromkeys((selection(left), selection(right))))
    return Number(value, rows=rows, decimals=2, how=f"Spearman, {len(left)} states")


def overlap(left, right):
    """How many states have a value in both of two cross-sections."""
    frames = shared(left, right)
    return Number(len(frames[0]), rows=tuple(map(selection, frames)), decimals=0,
                  how="states with both values")


def shared(left, right):
    """Two cross-sections cut to the states that both hold, in one order."""
    both = sorted(set(left["country"]) & set(right["country"]))
    return tuple(frame.set_index("country").loc[both].reset_index() for frame in (left, right))


def places(frames, countries, year):
    """World ranks of several countries, as rows for `charts.standing`; what is missing has none.

    frames: indicator -> rows as `pick` gives them; year as in `standing`. Returns country, name,
    year, indicator, value (the rank), n (states with a value), source.

    >>> from digital_diplomacy.data import pick
    >>> [str(own) for own in places({"egdi": pick("egdi")}, ["KAZ", "UZB"], 2023)["value"]]
    ['28th', '69th']
    """
    rows = []
    for indicator, frame in frames.items():
        for country in countries:
            when, value, position, size, _ = place(frame, country, int(year), indicator)
            if position is not None:
                rows.append([country, names()[country], int(when), indicator, position, int(size),
                             value.rows[0].rsplit("/", 1)[1]])
    columns = ["country", "name", "year", "indicator", "value", "n", "source"]
    return pd.DataFrame(rows, columns=columns, dtype=object).astype({"year": int, "n": int})


def states(frame):
    """How many states have a value in a cross-section."""
    return Number(len(frame), rows=(selection(frame),), decimals=0, how="states with a value")


def median(frame):
    """The median of a cross-section: middle value, or the mean of the middle two."""
    floats = frame["value"].astype(float)
    return summary(frame, floats.median(), "median")


def spread(frame):
    """The sample standard deviation (n − 1) of a cross-section; that of shares is in points."""
    result = summary(frame, frame["value"].astype(float).std(ddof=1), "standard deviation")
    return result.to(DIFFERENCES.get(result.unit, result.unit), result.decimals)


def summary(frame, value, what):
    """A statistic of a cross-section as a Number; of a few states it names each one's row."""
    first = frame["value"].iloc[0]
    few = tuple(row for own in frame["value"] for row in own.rows) if len(frame) <= FEW else ()
    return Number(float(value), first.unit, rows=few or (selection(frame),),
                  decimals=first.decimals,
                  how=f"{what} of {len(frame)} states")


def sd_gap(frame, left, right):
    """Gap between two countries in standard deviations of the cross-section they stand in.

    frame: rows of one year of one indicator; left, right: country codes. Unit "SD".
    """
    values = frame.set_index("country")["value"]
    for country in (left, right):
        if known(country) not in values.index:
            raise ValueError(f"{names()[country]} has no value in {one_year(frame)}")
    result = combine(gap(values[left], values[right]), spread(frame), "÷")
    return result.to("SD")


def gaps(frame, left, right):
    """The gap between two countries in every year that has both, on three metrics.

    frame: rows of an index from 0 to 1, as `pick` gives them; left, right: country codes. Returns
    indicator, year, SD (standard deviations of that year), Places (ranks by which right stands
    behind), Log odds (free of floor and ceiling; None where a score is 0 or 1) and source.

    >>> from digital_diplomacy.data import pick
    >>> gaps(pick("tii"), "KAZ", "UZB").query("year == 2014")["SD"].map(str).tolist()
    ['1.34 SD']
    """
    rows = []
    for year, section in frame.groupby("year"):
        values = section.set_index("country")["value"]
        if left in values.index and right in values.index:
            inside = all(0 < own.low and own.high < 1 for own in values[[left, right]])
            odds = logit_gap(values[left] * 100.0, values[right] * 100.0) if inside else None
            rows.append([section["indicator"].iloc[0], year, sd_gap(section, left, right),
                         rank(section, right) - rank(section, left), odds,
                         section["source"].iloc[0]])
    columns = ["indicator", "year", "SD", "Places", "Log odds", "source"]
    return pd.DataFrame(rows, columns=columns, dtype=object).astype({"year": int})


def logit(percent):
    """Log odds of a share in per cent: ln(p ÷ (100 − p)). Raises ValueError outside 0 to 100."""
    if not 0 < percent < 100:
        raise ValueError(f"log odds need a share between 0 and 100 %, got {percent}")
    return math.log(percent / (100 - percent))


@elementwise
def logit_gap(left, right):
    """Difference of the log odds of two shares of one year; free of the ceiling at 100 %.

    >>> str(logit_gap(Number(61.9, "%"), Number(23.6, "%")))
    '1.66'
    """
    difference = gap(left, right)
    low = logit(left.low) - logit(right.high)
    high = logit(left.high) - logit(right.low)
    return Number(logit(left) - logit(right), "", low, high, difference.rows,
                  how=f"ln odds of {left} − ln odds of {right}")


def crossing(series, level):
    """The first time at which a series reaches a level, by linear interpolation between years.

    series: rows of one country as `pick` gives them. Returns a Number of unit "year" with one
    decimal, or None where it never does, or starts above the level (then nobody knows when).
    """
    rows = series.sort_values("year")
    years, values = rows["year"].tolist(), rows["value"].tolist()
    for i in range(1, len(rows) if values and values[0] < level else 0):
        if values[i - 1] < level <= values[i]:
            part = (float(level) - float(values[i - 1])) / (float(values[i]) - float(values[i - 1]))
            when = years[i - 1] + part * (years[i] - years[i - 1])
            return Number(when, "year", rows=(*values[i - 1].rows, *values[i].rows), decimals=1,
                          how=f"between {values[i - 1]} in {years[i - 1]} and {values[i]} "
                              f"in {years[i]}")
    return None


def time_distance(leader, follower, year):
    """How many years earlier the leader had what the follower has in a year (S-time-distance).

    leader, follower: rows of one country each. Linear interpolation between years; None where
    the leader never crossed that level. Source: Sicherl (2004), see the references.
    """
    level = follower.loc[follower["year"] == int(year), "value"]
    if level.empty:
        return None
    when = crossing(leader, level.iloc[0])
    if when is None:
        return None
    return Number(int(year) - float(when), "years",
                  rows=tuple(dict.fromkeys((*level.iloc[0].rows, *when.rows))),
                  how=f"{int(year)} − {float(when):.1f}, when the other had {level.iloc[0]}")
