"""The arithmetic of the field: shares, rates, growth, ranks, gaps. Numbers in, Numbers out."""

import math
from functools import wraps
from inspect import signature

import pandas as pd

from footnoted.number import DIFFERENCES, Number, combine, exact_number, sources_of, why_missing

from .data import WHOLE_WORLD, WORLD, known, names, no_value, recent

FEW = 10  # states: up to here a statistic names each one's row, from there on the selection


def elementwise(measure):
    """Lets a measure of two Numbers take Series of them too: row by row, Numbers kept.

    Plain numbers are taken as exact; what is missing on one side gives a missing result, which
    says why.
    """
    def single(left, right):
        if pd.isna(left) or pd.isna(right):
            return Number(math.nan, how=why_missing(left, right))
        return measure(exact_number(left), exact_number(right))

    @wraps(measure)
    def measured(*values, **options):
        left, right = signature(measure).bind(*values, **options).args
        series = [side for side in (left, right) if isinstance(side, pd.Series)]
        if not series:
            return single(left, right)
        index = series[0].index
        columns = [side.reindex(index) if isinstance(side, pd.Series) else [side] * len(index)
                   for side in (left, right)]
        return pd.Series([single(a, b) for a, b in zip(*columns)], index=index, dtype=object)
    return measured


@elementwise
def share(part, whole):
    """Part of a whole in per cent: 100 × part ÷ whole. Series of Numbers are taken row by row.

    Raises ValueError where the whole may be zero.

    >>> str(share(Number(17.3e6, "persons"), Number(19.6e6, "persons")))
    '88.3 %'
    """
    return (combine(part, whole, "÷") * 100.0).to("%")


@elementwise
def whole(part, percent):
    """The whole that a part and its share imply: 100 × part ÷ percent.

    Raises ValueError where the share may be zero.

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
def rate(count, population):
    """Count per 100 people: 100 × count ÷ population.

    Raises ValueError where the population may be zero.

    >>> str(rate(Number(7.17e6, "accounts"), Number(18.5e6, "persons")))
    '38.8 per 100 people'
    """
    return (combine(count, population, "÷") * 100.0).to("per 100 people")


@elementwise
def growth(start, end):
    """Change from start to end in per cent of start: 100 × (end ÷ start − 1), outer bounds.

    Raises ValueError for two countries, or a start that may be zero.

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
    '−57 ranks'
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


def floats(frame):
    """The values of a cross-section as plain floats by country, for arithmetic on many states."""
    return pd.Series(frame["value"].to_numpy(float), index=frame["country"], name="value")


def value_of(frame, country):
    """A country's Number in a cross-section. Raises ValueError where it has none."""
    own = frame.loc[frame["country"] == known(country), "value"]
    if own.empty:
        raise ValueError(f"{names()[country]} has no value in {one_year(frame)}")
    return own.iloc[0]


def rows_of(numbers):
    """The rows of some Numbers, each once; what is no Number has none."""
    return tuple(dict.fromkeys(row for own in numbers for row in getattr(own, "rows", ())))


def selections(numbers):
    """What many Numbers rest on, a row id for each year and indicator.

    "UN193/year/indicator/source#n", n: from how many countries. They are read off the Numbers' own
    rows, so that a rate names its counts and its population, and a value of an earlier year that
    year.
    """
    found = {}
    for row in rows_of(numbers):
        country, when, indicator, source = row.split("/", 3)
        countries, sources = found.setdefault((when[:4], indicator), (set(), set()))
        countries.add(country)
        sources.add(source)
    return tuple(f"{WORLD}/{year}/{indicator}/{'+'.join(sorted(sources))}#{len(countries)}"
                 for (year, indicator), (countries, sources) in found.items())


def selection(frame):
    """The `selections` of a cross-section. Raises ValueError where it holds several years."""
    one_year(frame)
    return selections(frame["value"])


def rank(frame, country):
    """Rank of a country in a cross-section, 1 = highest; equal values share the better rank.

    frame: rows of one year as `pick` gives them. Returns a Number of unit "rank" whose rows are
    the country's and the whole selection. Raises ValueError where the country has no value.
    """
    rows = selection(frame)
    own, values = value_of(frame, country), floats(frame)
    return Number(int((values > own).sum()) + 1, "rank", rows=(*own.rows, *rows),
                  how=f"{own} among {len(values)} states with a value")


def ranks(frame, country):
    """Rank of a country in each year that has a value for it, as rows like those of `pick`.

    Rows of earlier years keep their own n: see `rank`. Empty where the country has no value. Raises
    DataError for an unknown country.
    """
    own = frame[frame["country"] == known(country)].copy()
    by_year = [rank(frame[frame["year"] == year], country) for year in own["year"]]
    own["value"] = pd.Series(by_year, index=own.index, dtype=object)
    return own


def rates(counts, population):
    """Counts per 100 people, where both are known for a country and year.

    counts, population: frames as `pick` gives them, one row a country and year; the rows of
    counts with the rate as value, the status kept.
    """
    joined = counts.merge(population[["country", "year", "value"]], on=["country", "year"],
                          suffixes=("", "_people"))
    joined["value"] = rate(joined["value"], joined["value_people"])
    return joined.drop(columns="value_people")


def standing(frames, country, year):
    """Where a country stands among the UN members: one row an indicator.

    frames: indicator -> rows as `pick` gives them. The value is the newest at or up to three years
    before `year`, compared within its own year; years in which fewer than 164 members have a value
    are passed over where there is a fuller one. Returns a frame with the columns Year, Value, Rank,
    States, World median; where there is no value, Year is the reason, Value and Rank say it too,
    and States and World median are those of the newest such year that other members have. Raises
    DataError for an unknown country.
    """
    rows = {name: standing_on(name, frame, country, int(year)) for name, frame in frames.items()}
    columns = ["Year", "Value", "Rank", "States", "World median"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns, dtype=object)


def standing_on(indicator, frame, country, year):
    """One row of `standing`."""
    all_years = frame[frame["country"] == known(country)]
    own = recent(all_years, year)
    none = no_value(all_years, indicator, country, year) if own.empty else None
    held = set((recent(frame, year) if own.empty else own)["year"])
    if not held:
        return [str(none), *[none] * 4]
    sizes = frame.groupby("year").size()
    when = max([one for one in held if sizes[one] >= WHOLE_WORLD] or held)
    section = frame[frame["year"] == when]
    world = [count_states(section), median(section)]
    if own.empty:
        return [str(none), none, none, *world]
    value = own.loc[own["year"] == when, "value"].iloc[-1]
    return [str(when), value, rank(section, country), *world]


def world_ranks(frames, countries, year):
    """World ranks of several countries, a row each; a missing one says why.

    frames: indicator -> rows as `pick` gives them; year as in `standing`. Returns country, name,
    year, indicator, value (the rank), n (states with a value, a Number), source: for a missing
    value those of the newest rank beside it. An indicator of which no country has a value has none.

    >>> from digital_diplomacy.data import pick
    >>> [str(own) for own in world_ranks({"egdi": pick("egdi")}, ["KAZ", "UZB"], 2023)["value"]]
    ['28th', '69th']
    """
    rows = []
    for indicator, frame in frames.items():
        found = {country: standing_on(indicator, frame, country, int(year))
                 for country in countries}
        held = {country: [int(when), size, *sources_of(value.rows[0])]
                for country, (when, value, _, size, _) in found.items() if not math.isnan(value)}
        newest = max(held.values(), default=None)
        rows += [[country, names()[country], indicator, own, *held.get(country, newest)]
                 for country, (_, _, own, _, _) in found.items() if newest]
    columns = ["country", "name", "indicator", "value", "year", "n", "source"]
    return pd.DataFrame(rows, columns=columns, dtype=object).astype({"year": int})


def side_by_side(ranks):
    """`world_ranks` as a table: a row an indicator, a column a country, then Year, States, Other.

    Year and States (how many have a value) are those of the newest rank in the row; Other names
    the ranks of an earlier year.

    >>> from digital_diplomacy.data import pick
    >>> use = world_ranks({"internet_use": pick("internet_use")}, ["KAZ", "TKM"], 2019)
    >>> [str(cell) for cell in side_by_side(use).loc["internet_use"]]
    ['47th', '156th', '2019', '182', 'Turkmenistan 2017']
    """
    newest = ranks["year"] == ranks.groupby("indicator")["year"].transform("max")
    first = ranks[newest].drop_duplicates("indicator").set_index("indicator")
    older = ranks[~newest]
    older = (older["name"] + " " + older["year"].astype(str)).groupby(older["indicator"]).agg(
        ", ".join)
    table = ranks.pivot(index="indicator", columns="country", values="value").astype(object)
    table = table.loc[first.index, list(dict.fromkeys(ranks["country"]))]
    return table.assign(Year=first["year"].astype(str), States=first["n"],
                        Other=older.reindex(first.index))


def count(numbers):
    """How many numbers there are, as a Number that rests on all their rows.

    >>> str(count([Number(3, rows=("a",)), Number(5, rows=("b",))]))
    '2'
    """
    numbers = list(numbers)
    return Number(len(numbers), rows=rows_of(numbers), decimals=0, how="counted")


def count_where(numbers, holds):
    """For how many of some numbers a condition holds; it rests on the rows of all that were asked.

    numbers: Series of Numbers; holds: Series of bool that has an answer, by the index, for each
    of them. Raises ValueError where an answer is missing.

    >>> ages = pd.Series([Number(3, rows=("a",)), Number(5, rows=("b",))], dtype=object)
    >>> both = count_where(ages, ages > 4)
    >>> str(both), both.rows
    ('1', ('a', 'b'))
    """
    answers = holds.reindex(numbers.index)
    if answers.isna().any():
        lost = ", ".join(map(str, answers.index[answers.isna()][:3]))
        raise ValueError(f"a condition on {len(numbers)} numbers has no answer for {lost}: "
                         "give both the same index")
    return Number(int(answers.astype(bool).sum()), rows=rows_of(numbers), decimals=0,
                  how=f"of {len(numbers)}")


def highest(numbers):
    """The greatest of some Numbers; it rests on all of them, and so do its bounds.

    numbers: an iterable of Numbers gives a Number, a frame of them a Series, one for each row;
    what is missing is passed over, and where all are, so is the result. Raises ValueError where
    units differ, or there are no numbers.

    >>> eldest = highest([Number(3, "years", rows=("a",)), Number(5, "years", rows=("b",))])
    >>> str(eldest), eldest.rows
    ('5.0 years', ('a', 'b'))
    """
    return extreme(numbers, max)


def lowest(numbers):
    """The least of some Numbers: see `highest`.

    >>> str(lowest([Number(3, "%"), Number(5, "%")]))
    '3.0 %'
    """
    return extreme(numbers, min)


def extreme(numbers, first):
    """What `highest` (first: max) and `lowest` (min) give. Raises ValueError as they do."""
    if isinstance(numbers, pd.DataFrame):  # apply would make plain floats of them
        return pd.Series([extreme(row, first) for row in numbers.to_numpy()],
                         index=numbers.index, dtype=object)
    numbers = list(numbers)
    held = [own for own in numbers if isinstance(own, Number) and not math.isnan(own)]
    if numbers and not held:
        return Number(math.nan, how=getattr(numbers[0], "how", ""))
    units = sorted({own.unit for own in held})
    if len(units) != 1:
        raise ValueError(f"highest and lowest need numbers of one unit, got {units or 'none'}")
    own = first(held)
    return Number(float(own), own.unit, first(each.low for each in held),
                  first(each.high for each in held), rows_of(held), own.decimals,
                  how=f"the {'highest' if first is max else 'lowest'} of {len(held)}")


def correlation(left, right):
    """Spearman's rank correlation of two cross-sections over the states that have both values.

    left, right: rows of one year each as `pick` gives them; the years may differ, and the rows
    of the result say which. With fewer than three states in common it is missing.

    >>> from digital_diplomacy.data import pick
    >>> str(correlation(pick("osi", year=2022), pick("tii", year=2022)))
    '0.79'
    """
    from scipy.stats import spearmanr  # here: it takes half a second
    left, right = shared(left, right)
    if len(left) < 3:
        return Number(math.nan, how=f"a correlation needs three states, {len(left)} have both")
    rows = tuple(dict.fromkeys([*selection(left), *selection(right)]))
    return Number(spearmanr(floats(left), floats(right)).statistic, rows=rows, decimals=2,
                  how=f"Spearman, {len(left)} states")


def overlap(left, right):
    """How many states have a value in both of two cross-sections.

    Raises ValueError where one holds several years.
    """
    left, right = shared(left, right)
    if left.empty:
        return Number(math.nan, how="no state has both values")
    return Number(len(left), rows=(*selection(left), *selection(right)), decimals=0,
                  how="states with both values")


def shared(*frames):
    """Cross-sections cut to the states that all of them hold, in the order of the first."""
    held = set.intersection(*(set(frame["country"]) for frame in frames))
    order = [country for country in frames[0]["country"] if country in held]
    return tuple(frame.set_index("country").loc[order].reset_index() for frame in frames)


def count_states(frame):
    """How many states have a value in a cross-section.

    Raises ValueError where it holds several years.
    """
    return Number(len(frame), rows=selection(frame), decimals=0, how="states with a value")


def median(frame):
    """The median of a cross-section: middle value, or the mean of the middle two.

    Raises ValueError where it holds several years.
    """
    return summary(frame, floats(frame).median(), "median")


def medians(frame):
    """The world's median in each year in which 164 or more UN members have a value, by year.

    frame: all years of an indicator as `pick` gives them.

    >>> from digital_diplomacy.data import pick
    >>> str(medians(pick("internet_use"))[2023])
    '81.3 %'
    """
    return pd.Series({year: median(section) for year, section in frame.groupby("year")
                      if len(section) >= WHOLE_WORLD}, dtype=object)


def standard_deviation(frame):
    """The sample standard deviation (n − 1) of a cross-section; that of shares is in points.

    Raises ValueError where it holds several years.
    """
    result = summary(frame, floats(frame).std(ddof=1), "standard deviation")
    return result.to(DIFFERENCES.get(result.unit, result.unit), result.decimals)


def summary(frame, value, what):
    """A statistic of a cross-section as a Number; of a few states it names each one's row.

    Missing where it has no value, as the deviation of a single state.
    """
    all_states = selection(frame)
    rows = all_states if len(frame) > FEW else rows_of(frame["value"])
    first = frame["value"].iloc[0]
    states = f"{len(frame)} states" if len(frame) > 1 else "one state"
    none = "none: " if math.isnan(value) else ""
    return Number(float(value), first.unit, rows=rows, decimals=first.decimals,
                  how=f"{none}{what} of {states}")


def deviations(frame):
    """The `standard_deviation` among the states of a frame in each year, by year.

    >>> from digital_diplomacy.data import pick
    >>> str(deviations(pick("internet_use"))[2023])
    '24.5 points'
    """
    return pd.Series({year: standard_deviation(section) for year, section in frame.groupby("year")},
                     dtype=object)


def standardized_gap(frame, left, right):
    """Gap between two countries in standard deviations of the cross-section they stand in.

    frame: rows of one year of one indicator; left, right: country codes. Unit "SD". Raises
    ValueError where one has no value.
    """
    [between] = standardized_gaps(frame, left, [right])
    return between


def standardized_gaps(frame, left, others):
    """The `standardized_gap` of a country to each of others, as a list."""
    own, deviation = value_of(frame, left), standard_deviation(frame)
    return [combine(gap(own, value_of(frame, other)), deviation, "÷").to("SD")
            for other in others]


def mean_standardized_gap(frame, country, others):
    """Gap of a country to the mean of others, in standard deviations as `standardized_gap`.

    others: country codes. The mean of the gaps to each is the gap to their mean. Raises ValueError
    where one has no value.
    """
    gaps = standardized_gaps(frame, country, others)
    return sum(gaps) / len(gaps)


def logit(percent):
    """Log odds of a share in per cent: ln(p ÷ (100 − p)). Raises ValueError outside 0 to 100."""
    if not 0 < percent < 100:
        raise ValueError(f"log odds need a share between 0 and 100 %, got {percent}")
    return math.log(percent / (100 - percent))


@elementwise
def logit_gap(left, right):
    """Difference of the log odds of two shares of one year; free of the ceiling at 100 %.

    Missing where a share may be 0 or 100 %. Raises ValueError for two years.

    >>> str(logit_gap(Number(61.9, "%"), Number(23.6, "%")))
    '1.66'
    """
    difference = gap(left, right)
    if not all(0 < end < 100 for share in (left, right) for end in share.bounds):
        return Number(math.nan, how="none: a share of 0 or 100 % has no log odds")
    low = logit(left.low) - logit(right.high)
    high = logit(left.high) - logit(right.low)
    return Number(logit(left) - logit(right), "", low, high, difference.rows,
                  how=f"ln odds of {left} − ln odds of {right}")


def crossing(series, level):
    """The first time at which a series reaches a level, by linear interpolation between years.

    series: rows of one country as `pick` gives them; level: a Number of the same unit, or a plain
    number. Returns a Number of unit "year" with one decimal, or None where it never does, or
    starts above the level (then nobody knows when). Raises ValueError where the units differ.
    """
    rows = series.sort_values("year")
    points = list(zip(rows["year"], rows["value"]))
    if not points or points[0][1] >= level:
        return None
    for (before, low), (after, high) in zip(points, points[1:]):
        if low < level <= high:
            part = float(level - low) / float(high - low)  # as Numbers first: their units agree
            return Number(before + part * (after - before), "year", rows=(*low.rows, *high.rows),
                          decimals=1, how=f"between {low} in {before} and {high} in {after}")
    return None


def time_distance(leader, follower, year):
    """How many years earlier the leader had what the follower has in a year (S-time-distance).

    leader, follower: rows of one country each. Linear interpolation between years; None where
    the leader never crossed that level. Source: Sicherl (2004), see the references. Raises
    ValueError where the units differ.
    """
    level = follower.loc[follower["year"] == int(year), "value"]
    when = None if level.empty else crossing(leader, level.iloc[0])
    if when is None:
        return None
    return Number(int(year) - float(when), "years", rows=rows_of([level.iloc[0], when]),
                  how=f"{int(year)} − {float(when):.1f}, when the other had {level.iloc[0]}")


def time_distances(frame, left, right):
    """How many years earlier the one ahead had what the other has, in each year that has both.

    frame: rows of `pick`. Above zero left is ahead, below it right. Returns a Series by year; a
    year in which the one ahead had started above that share says that it is not known.

    >>> from digital_diplomacy.data import pick
    >>> str(time_distances(pick("internet_use"), "KAZ", "UZB")[2018])
    '6.6 years'
    """
    of_left, of_right = (frame[frame["country"] == known(one)] for one in (left, right))
    values = of_left.merge(of_right, on="year", suffixes=("", "_right"))
    found = {}
    for year, one, other in values[["year", "value", "value_right"]].itertuples(index=False):
        ahead = time_distance(of_left, of_right, year) if one >= other else \
            time_distance(of_right, of_left, year)
        ahead = Number(math.nan, how="none: the series of the one ahead starts above it") \
            if ahead is None else ahead
        found[year] = ahead if one >= other else -ahead
    return pd.Series(found, dtype=object)
