"""Whether a gap narrowed, from every base year and on three metrics; what vintages do to growth."""

import math

import pandas as pd

from .data import labels
from .indicators import gap, growth, logit_gap, rank, sd_gap
from footnoted.number import Number, above
from .data import names

METRICS = ("SD", "Places", "Log")  # Log: log odds of a share or an index, else log of the ratio
STATES = ("narrower", "wider", "crossed", "undecided", "not estimable")


def gaps(frame, left, right):
    """The gap between two countries in every year that has both, on three metrics.

    frame: rows of one indicator as `pick` gives them; left, right: country codes. Returns
    indicator, year, SD (sample standard deviations of that year's states), Places (ranks by which
    right stands behind), Log (log odds of a share or an index, which have no ceiling; the log of
    the ratio for a rate; None where a value is at the end of its scale) and source. SD is None
    where the states of a year do not vary.
    """
    rows = []
    for year, section in frame.groupby("year"):
        values = section.set_index("country")["value"]
        if left in values.index and right in values.index:
            varied = section["value"].astype(float).nunique() > 1
            rows.append([section["indicator"].iloc[0], year,
                         sd_gap(section, left, right) if varied else None,
                         rank(section, right) - rank(section, left),
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
        return logit_gap(left * scale, right * scale) if inside else None
    if not (left.low > 0 and right.low > 0):
        return None
    difference = gap(left, right)  # one year, one unit
    low, high = (math.log(a / b) for a, b in ((left.low, right.high), (left.high, right.low)))
    return Number(math.log(left / right), "", low, high, difference.rows,
                  how=f"ln of {left} ÷ {right}")


def turns(frames, left, right, bases, end=None):
    """How a gap at the end compares with that of each base year, on each metric.

    frames: indicator -> rows as `pick` gives them; bases: years to count from; end: the year
    counted to, else the newest that both have. Returns indicator, metric, base, end, before, after,
    state: "narrower" or "wider" (of the absolute gap), "crossed" (the lead changed hands),
    "undecided" (equal, or apart by less than rounding), "not estimable" (no value of both, or one
    at the end of its scale). A year without a survey, or at or after the end, is no base year.
    """
    rows = []
    for indicator, frame in frames.items():
        table = gaps(frame, left, right).set_index("year")
        last = max((year for year in table.index if end is None or year <= end), default=None)
        held = set(frame["year"]).intersection(bases)
        for base in sorted(base for base in held if last is not None and base < last):
            for metric in METRICS:
                before = table[metric].get(base)
                after = table[metric].get(last)
                rows.append([indicator, metric, base, last, before, after, turn(before, after)])
    columns = ["indicator", "metric", "base", "end", "before", "after", "state"]
    return pd.DataFrame(rows, columns=columns, dtype=object)


def turn(before, after):
    """What became of a gap: one of STATES.

    >>> turn(Number(3), Number(2)), turn(Number(3), Number(-4)), turn(None, Number(2))
    ('narrower', 'crossed', 'not estimable')
    """
    if not (isinstance(before, Number) and isinstance(after, Number)):
        return "not estimable"
    if before * after < 0:
        return "crossed"
    less, more = above(abs(before), abs(after)), above(abs(after), abs(before))
    return "narrower" if less else "wider" if more else "undecided"


def counted(table, *states):
    """In how many base years and metrics a gap is in one of some states; all estimable without any.

    table: rows of `turns`. Returns a Number that rests on the rows of the whole table, so that two
    counts of one table can be compared.
    """
    wanted = states or [state for state in STATES if state != "not estimable"]
    ids = tuple(dict.fromkeys(row for part in ("before", "after") for value in table[part]
                              for row in getattr(value, "rows", ())))
    return Number(int(table["state"].isin(wanted).sum()), rows=ids, decimals=0,
                  how=f"{' or '.join(wanted)}, of {len(table)} base years and metrics")


def survives(table):
    """What of a trend is told: for each indicator one word where all agree, else what turns it.

    table: as `turns` gives it. Returns a frame by indicator: Base years, and for each metric how
    many of them are narrower, wider or crossed; Told: "narrower", "wider" or "crossed" where every
    estimable base year and metric says so, else "depends"; Turned by: the base years in which some
    metric does not say what most base years and metrics say.
    """
    rows = {}
    for indicator, own in table.groupby("indicator", sort=False):
        said = own[own["state"] != "not estimable"]
        most = max(STATES, key=list(said["state"]).count)
        turned = sorted(set(said.loc[said["state"] != most, "base"]))
        told = "not estimable" if said.empty else "depends" if turned else most
        rows[indicator] = [str(own["base"].nunique()),
                           *(tally(own[own["metric"] == metric]) for metric in METRICS), told,
                           ", ".join(map(str, turned)) or "–"]
    columns = ["Base years", *METRICS, "Told", "Turned by"]
    return pd.DataFrame.from_dict(rows, orient="index", dtype=object,
                                  columns=columns).rename_axis("Gap")


def tally(own):
    """How many base years say what, in words.

    >>> tally(pd.DataFrame({"state": ["wider", "narrower", "wider"]}))
    '1 narrower, 2 wider'
    """
    counts = own["state"].value_counts()
    return ", ".join(f"{counts[state]} {state}" for state in STATES if state in counts)


def breaks(frame):
    """The world's median by survey and its change: a jump of all is a change of method, not of one.

    frame: all years of an index as `pick` gives them. Returns columns Median, Change by survey.
    """
    medians = [float(section["value"].astype(float).median()) for _, section in
               frame.groupby("year")]
    years = sorted(set(frame["year"]))
    ids = [f"UN193/{year}/{frame['indicator'].iloc[0]}/{own['source'].iloc[0]}#{len(own)}"
           for year, own in frame.groupby("year")]
    numbers = [Number(value, "index", rows=(row,), decimals=3) for value, row in zip(medians, ids)]
    changes = [None, *(later - earlier for earlier, later in zip(numbers, numbers[1:]))]
    return pd.DataFrame({"Median": pd.Series(numbers, index=years, dtype=object),
                         "Change": pd.Series(changes, index=years, dtype=object)})


def jumps(frames, since, size=0.15):
    """The surveys in which the world's median of an index moved by more than a size, and of which.

    frames: indicator -> rows as `pick` gives them; since: the first survey looked at. Returns
    {year: "infrastructure, human capital"} in order of years, for `charts.gap_lines`.
    """
    found = {}
    for indicator, frame in frames.items():
        for year, change in breaks(frame)["Change"].dropna().items():
            if year >= since and abs(change) > size:
                found.setdefault(int(year), []).append(labels("label_short")[indicator].lower())
    return {year: ", ".join(found[year]) for year in sorted(found)}


def spread(frame):
    """How far sources differ for a cell: one row a country and year that two or more of them have.

    frame: `pick(..., sources="all")`. Returns country, year, Lowest, Highest, Apart, Sources, the
    widest first.
    """
    rows = []
    for (country, year), own in frame.groupby(["country", "year"]):
        if own["source"].nunique() > 1:
            ordered = sorted(own["value"], key=float)
            rows.append([country, names()[country], year, ordered[0], ordered[-1],
                         ordered[-1] - ordered[0], str(own["source"].nunique())])
    table = pd.DataFrame(rows, dtype=object, columns=["country", "name", "year", "Lowest",
                                                      "Highest", "Apart", "Sources"])
    order = table["Apart"].astype(float).sort_values(ascending=False, kind="stable").index
    return table.loc[order].reset_index(drop=True)


def across(frame, country, start, end):
    """Growth of a country from one year to another, within each vintage and across them.

    frame: `pick(..., sources="all")`. Returns a frame: the row is the source of the first year,
    the column that of the second; the diagonal is growth within one vintage, the rest mixes two.
    """
    own = frame[frame["country"] == country].set_index(["year", "source"])["value"]
    if start not in own.index or end not in own.index:
        raise ValueError(f"{names()[country]} has no value in {start} or {end}")
    columns = {later: [growth(first, own[end][later]) for first in own[start]]
               for later in own[end].index}
    return pd.DataFrame(columns, index=own[start].index, dtype=object)
