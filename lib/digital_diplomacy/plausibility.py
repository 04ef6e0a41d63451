"""What can hardly be true: observations held against their parts, ranks, vintages and neighbours.

A rule finds suspicions: a row, another row that it does not go with, and why. None is proof: a row
of data/expected.csv lets a true oddity pass, with its reason. Rules know no country and no value;
they see typing errors that stand in value and printed text alike.
"""

import fnmatch
from typing import NamedTuple

import numpy as np
import pandas as pd

from . import data
from .data import location

PARTS = ("osi", "tii", "hci")  # the EGDI is their mean
WEIGHTS = {2008: (0.34, 0.33, 0.33), 2010: (0.34, 0.33, 0.33)}  # of the surveys that weighted them
RANKS = {"egdi_rank": "egdi"}
AT_MOST = {"facebook_audience_low": "facebook_audience_high", "embassies_abroad": "missions_abroad",
           "internet_use_rural": "internet_use_urban"}  # the first is not above the second
SHARES = {"internet_users": "internet_use", "social_media_users": "social_media_share",
          "mobile_connections": "mobile_subscriptions"}  # users: their share of the population
PEOPLE = ("persons", "accounts")
BOUNDED = ("%", "index", "rank")  # differences are compared, of all else ratios
EXACT = ("index", "rank")  # whoever quotes them quotes the same
SPIKE, NEWEST = 3, 6  # how many times the usual change of its series a value may stand out
FEW, MANY = 4, 10  # values of a series; cells of two vintages
PANEL = 100  # rows of a source's indicator: what has fewer is no table of the world
FACTOR = 4  # between two sources, or two years of a short series
DIGITS = 5  # so many are not the same in two years by chance


class Suspicion(NamedTuple):
    """A row by its index, another that it does not go with (or None), and why."""
    row: int
    other: int | None
    why: str


def suspicion_faults():
    """The suspicions that data/expected.csv does not expect, and its rows that fit none: lines.

    Raises DataError where the tables cannot be read.
    """
    frame, places = data.observations(), data.observation_places()
    allowed, lines = expected(frame["row"])
    rows = in_series(frame)
    for name, rule in RULES.items():
        for one in {one.row: one for one in rule(rows)}.values():
            row = frame.loc[one.row]
            if (name, row["row"]) not in allowed:
                table, line = places[one.row]
                other = f", {frame.at[one.other, 'row']}" if one.other is not None else ""
                mend = "mend it" if table == "facts" else "a row of data/corrections.csv"
                lines.append(
                    f"{table}.csv line {line}, value: {row['value']:.10g} of {row['row']} {one.why}"
                    f"{other}: {mend}, or if it is right {name},{row['row']},reason in "
                    "data/expected.csv")
    return lines


def expected(rows):
    """What is expected, as pairs of a rule and a row; and lines on what fits no row.

    rows: ids of all observations. `*` in a row of the table stands for any letters.
    """
    allowed, lines, known = set(), [], set(rows)
    if "expected" not in data.schemas():  # a study may do without
        return allowed, lines
    for i, one in data.read("expected").iterrows():
        fits = fnmatch.filter(known, one["row"]) if "*" in one["row"] else {one["row"]} & known
        allowed |= {(one["rule"], row) for row in fits}
        if not fits:
            lines.append(f"{location('expected', i, 'row')}: no observation {one['row']!r}: mend "
                         "it, or delete the row")
    return allowed, lines


def in_series(frame):
    """The observations with a value, in the order of their series, with what rules ask of them.

    series: the source without its year: surveys are one; unit; key and n: number and length of the
    series of one country; before: the row before, or -1; x: the value, its logarithm where it is
    not bounded (none for 0).
    """
    rows = frame[frame["value"].notna()]
    rows = rows.assign(series=rows["source"].str.replace(r"_\d{4,8}$", "", regex=True),
                       unit=rows["indicator"].map(data.labels("unit")))
    rows = rows.sort_values(["indicator", "series", "country", "year", "date"])
    keys = rows.groupby(["indicator", "series", "country"], sort=False)
    logs = np.log(rows["value"].where(rows["value"] > 0))
    return rows.assign(key=keys.ngroup(), n=keys["value"].transform("size"),
                       before=pd.Series(rows.index, rows.index).shift(fill_value=-1),
                       x=rows["value"].where(rows["unit"].isin(BOUNDED), logs))


def mean_of_parts(valued):
    """An index that is not the mean of its parts, within twice the usual rounding of its survey."""
    cell = ["source", "year", "country"]
    parts = valued[valued["indicator"].isin(PARTS)].pivot(
        index=cell, columns="indicator", values="value").reindex(columns=PARTS).reset_index()
    rows = valued[valued["indicator"] == "egdi"].reset_index().merge(parts, on=cell)
    weights = np.array([WEIGHTS.get(year, (1 / 3,) * 3) for year in rows["year"]]).reshape(-1, 3)
    mean = (rows[[*PARTS]].fillna(0) * weights).sum(axis=1)
    off = (rows["value"] - mean).abs()
    usual = off.groupby(rows["source"]).transform(lambda survey: survey.quantile(0.95))
    for at in rows.index[off > 2 * usual + 1e-9]:
        said = ", ".join(f"{name} {rows.at[at, name]:.10g}" for name in PARTS)
        yield Suspicion(rows["index"][at], None,
                        f"is {mean[at]:.4f} as the mean of its parts ({said})")


def rank_by_score(valued):
    """A printed rank that is not the rank by the score; what only gave way to it is not told."""
    cell = ["country", "year", "source"]
    for rank, score in RANKS.items():
        own = valued[(valued["indicator"] == rank)].reset_index()
        both = own.merge(valued[valued["indicator"] == score].reset_index(), on=cell,
                         suffixes=("", "_score"))
        both = both[both.groupby("source")["index"].transform("size") >= PANEL]
        found = both.groupby("source")["value_score"].rank(ascending=False, method="min")
        off = (found - both["value"]).abs().where(both["status"] != "tie", 0)
        moved = off > off.groupby(both["source"]).transform("max").clip(upper=2) - 1
        for at in both.index[(off > 0) & moved]:
            yield Suspicion(both["index"][at], both["index_score"][at],
                            f"is {found[at]:.0f} by its score {both['value_score'][at]:.10g}")


def vintages(valued):
    """A cell in which two sources differ by more than is usual between these two."""
    cell = ["country", "year", "indicator"]
    own = valued[valued.duplicated(cell, keep=False)].reset_index()
    both = own.merge(own, on=cell, suffixes=("", "_other"))
    both = both[both["index"] > both["index_other"]]
    half = sum(both[name].map(lambda v: 0.5 / 10 ** len(f"{v:.10f}".rstrip("0").partition(".")[2]))
               for name in ("value", "value_other"))
    gap = ((both["value"] - both["value_other"]).abs() - half).clip(lower=0)
    gap = gap / both[["value", "value_other"]].abs().max(axis=1).clip(lower=1e-9)
    pair = [both[name] for name in ("indicator", "series", "series_other")]
    usual = gap.groupby(pair).transform(lambda cells: cells.quantile(0.9))
    few = both["unit"].isin(EXACT).map({True: 0, False: 1 - 1 / FACTOR})
    limit = (FACTOR * usual).where(gap.groupby(pair).transform("size") >= MANY, few)
    for at in both.index[gap > limit + 1e-6]:
        yield Suspicion(both["index"][at], both["index_other"][at],
                        f"does not go with {both['value_other'][at]:.10g} of another source")


def steps(valued):
    """A value that stands out from both neighbours in its series, the newest from the one before.

    It is held against the usual change of its own series and of all series of its source; where
    these are few, four times both neighbours is too much.
    """
    rows = valued[valued["x"].notna() & (valued["n"] >= FEW)]
    change = rows.groupby("key")["x"].diff()
    change = change - change.groupby(rows["key"]).transform("median")
    own = 1.4826 * change.abs().groupby(rows["key"]).transform("median")
    usual = own + own.groupby([rows["indicator"], rows["series"]]).transform("median")
    after = change.groupby(rows["key"]).shift(-1)
    spike = np.minimum(change.abs(), after.abs()).where(change * after < 0, 0)
    few = rows.groupby(["indicator", "series"])["x"].transform("size") < PANEL
    stands = spike > (SPIKE * usual).where(~few | rows["unit"].isin(BOUNDED), np.log(FACTOR))
    newest = after.isna() & (change.abs() > NEWEST * usual) & ~stands.shift(fill_value=False)
    stands |= newest  # where the one before stands out itself, this one may be right
    for at, before in rows.loc[stands & (usual > 0), "before"].items():
        yield Suspicion(at, before,
                        f"stands out in its series, after {valued.at[before, 'value']:.10g}")


def repeats(valued):
    """A value of many digits that its series has for the year before as well."""
    same = valued["value"].eq(valued["value"].shift()) & valued["key"].eq(valued["key"].shift())
    for at, before, value in valued.loc[same, ["before", "value"]].itertuples():
        if len(f"{value:.10g}".replace(".", "").strip("0")) >= DIGITS:
            yield Suspicion(at, before, "is that of the year before")


def jumps(valued):
    """A value four times another source's or year's that is nearest in time, of one status.

    One of the two is of a short series, and of no table of the world.
    """
    panel = valued.groupby(["indicator", "series"])["value"].transform("size")
    short = (panel < PANEL) & (valued["n"] < FEW)
    rows = valued[valued["indicator"].isin(valued.loc[short, "indicator"]) & (valued["value"] > 0)
                  & valued["country"].isin(valued.loc[short, "country"])].assign(short=short)
    rows = rows.sort_values(["country", "indicator", "year", "date", "series"])
    old = rows.groupby(["country", "indicator"])[["value", "status", "short", "year"]].shift()
    off = np.log(rows["value"] / old["value"].astype(float)).abs() > np.log(FACTOR)
    off &= (rows["short"] | old["short"].eq(True)) & rows["status"].eq(old["status"])
    off &= rows["year"].ne(old["year"])  # of one year two sources are vintages
    before = pd.Series(rows.index, rows.index).shift(fill_value=-1)
    for at in rows.index[off]:
        yield Suspicion(at, before[at], f"is far from {old.at[at, 'value']:.10g}")


def population(valued):
    """The population of a state by year, the larger of two vintages."""
    people = valued[valued["indicator"] == "population"]
    return people.groupby(["country", "year"])["value"].max().rename("people").reset_index() \
        .sort_values("year")


def more_than_people(valued):
    """More persons or accounts than the state has people."""
    rows = valued[valued["unit"].isin(PEOPLE) & (valued["indicator"] != "population")
                  & (valued["status"] != "out of range")].reset_index().sort_values("year")
    rows = pd.merge_asof(rows, population(valued), on="year", by="country", direction="nearest",
                         tolerance=data.LOOK_BACK)
    for row in rows[rows["value"] > rows["people"]].itertuples():
        yield Suspicion(row.index, None, f"is more than its {row.people:,.0f} people")


def shares(valued):
    """Users whose share of the population is not near the share that is printed for a near year."""
    for users, share in SHARES.items():
        rows = valued[valued["indicator"] == users].reset_index().sort_values("year")
        printed = valued[valued["indicator"] == share].reset_index().sort_values("year")
        rows = pd.merge_asof(rows, population(valued), on="year", by="country",
                             direction="nearest", tolerance=data.LOOK_BACK)
        rows = pd.merge_asof(rows, printed[["index", "year", "country", "value"]], on="year",
                             by="country", direction="nearest", suffixes=("", "_share"))
        found = 100 * rows["value"] / rows["people"]
        off = np.log(found / rows["value_share"]).abs() > np.log(FACTOR / 2)
        for at in rows.index[off]:
            yield Suspicion(rows["index"][at], int(rows["index_share"][at]), f"is {found[at]:.1f} "
                            f"% of its people, not {rows['value_share'][at]:.4g}")


def at_most(valued):
    """A part that is above its whole, or a whole four times its part, in one source."""
    cell = ["country", "year", "date", "source"]
    for part, whole in AT_MOST.items():
        both = valued[valued["indicator"] == part].reset_index().merge(
            valued[valued["indicator"] == whole].reset_index(), on=cell, suffixes=("", "_whole"))
        off = (both["value"] > both["value_whole"]) | (
            both["value_whole"] > FACTOR * both["value"].clip(lower=1))
        for at in both.index[off]:
            yield Suspicion(both["index"][at], both["index_whole"][at],
                            f"does not go with {both['value_whole'][at]:.10g}")


RULES = {"parts": mean_of_parts, "rank": rank_by_score, "vintage": vintages, "step": steps,
         "repeat": repeats, "jump": jumps, "people": more_than_people, "share": shares,
         "most": at_most}
