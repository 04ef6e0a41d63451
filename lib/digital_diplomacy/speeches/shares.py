"""What the coded statements say: shares of topics with intervals, agreement, read quotations.

A share is that of all sentences of its state and period; a sentence may have several topics. Every
interval resamples whole statements, because the sentences of one speech are no independent draws.
"""

import numpy as np
import pandas as pd
from scipy.stats import binomtest

from . import agreement, similarity
from ..data import CENTRAL_ASIA, known
from footnoted.number import Number
from footnoted.hints import near

from ..data import DataError, names, read

PERIODS = ("1992–2000", "2001–2008", "2009–2016", "2017–2024")
FIVE = "CA5"  # all five states together
SOURCE = "ungdc_2024"
LEVELS = range(0, 505, 5)  # cut-offs tried in thousandths of a cosine: below 0 nothing is alike


def topics():
    """Codes of the topics and their names for readers, without "no topic"."""
    frame = read("topics")
    return frame[frame["code"] != "NON"].set_index("code")["name"].to_dict()


def topic(code):
    """The code itself. Raises DataError for one that is not in the codebook, with the nearest."""
    if code not in topics():
        raise DataError(f"no topic {code!r}{near(code, topics())}")
    return code


def period(year):
    """The period of a year. Raises DataError outside of all periods.

    >>> period(2016), period("2017")
    ('2009–2016', '2017–2024')
    """
    for span in PERIODS:
        first, last = map(int, span.split("–"))
        if first <= int(year) <= last:
            return span
    raise DataError(f"year {year!r} is in none of the periods {', '.join(PERIODS)}")


def coded(procedure="a"):
    """The sentences with a column of yes and no a topic, by procedure "a" or "b".

    Returns statement, country, year, period, position and the topics' codes.
    """
    if procedure not in ("a", "b"):
        raise DataError(f"no procedure {procedure!r}: a is the dictionary, b the similarity")
    units = read("sentences")
    frame = units[["statement", "position"]].copy()
    frame["country"] = units["statement"].str[:3]
    frame["year"] = units["statement"].str[4:].astype(int)
    frame["period"] = frame["year"].map({year: period(year) for year in frame["year"].unique()})
    given = units[procedure].str.split()
    for code in topics():
        frame[code] = [code in codes for codes in given]
    return frame


def chosen(frame, country, span=None):
    """The sentences of a state (CA5: all) and a period (None: all). Raises DataError for none."""
    rows = frame if country == FIVE else frame[frame["country"] == known(country)]
    rows = rows if span is None else rows[rows["period"] == span]
    if rows.empty:
        raise DataError(f"no statement of {named(country)} in {span or 'any period'}")
    return rows


def named(country):
    """A state's name, or that of the five together."""
    return "The five states" if country == FIVE else names()[country]


def rowid(country, span, code, rows):
    """The row id of a share: a selection of so many statements."""
    when = (span or f"{PERIODS[0][:4]}–{PERIODS[-1][-4:]}").replace("–", "-")
    return f"{country}/{when}/speech:{code}/{SOURCE}#{rows['statement'].nunique()}"


def resampled(rows, code, key, draws=agreement.DRAWS):
    """Shares of a topic in resamples of statements, in per cent: an array of `draws`.

    key: what makes the draws of one group independent of another's.
    """
    counts = rows.groupby("statement")[code].agg(["sum", "size"]).to_numpy(dtype=float)
    seed = [agreement.SEED, *map(ord, key)]
    drawn = agreement.weights(len(counts), draws, seed) @ counts
    return 100 * drawn[:, 0] / drawn[:, 1]


def share(frame, country, span, code):
    """Share of a topic in the sentences of a state and period, in %, with its interval.

    The interval is the 2.5 to 97.5 % of resamples of statements; for a topic that never occurs,
    whose resamples are all zero, the exact binomial one. Raises DataError for an unknown topic or
    no statement. Returns a Number whose low and high are that interval.
    """
    rows = chosen(frame, country, span)
    hits, size = int(rows[topic(code)].sum()), len(rows)
    if hits:
        low, high = np.percentile(resampled(rows, code, f"{country}{span}{code}"), agreement.INNER)
    else:
        low, high = 0.0, 100 * binomtest(0, size).proportion_ci(0.95, "exact").high
    return Number(100 * hits / size, "%", float(low), float(high),
                  (rowid(country, span, code, rows),), decimals=1,
                  how=f"{hits} of {size} sentences in {rows['statement'].nunique()} statements")


def mean_share(frame, country, span, code):
    """Mean over statements of a topic's share in each, in %: long speeches weigh no more."""
    rows = chosen(frame, country, span)
    value = 100 * rows.groupby("statement")[topic(code)].mean().mean()
    return Number(value, "%", rows=(rowid(country, span, code, rows),), decimals=1,
                  how="mean over statements of each one's share")


def change(frame, code, left, right):
    """Difference right − left of a topic's share, in points, with its bootstrap interval.

    left, right: (country, period). The two groups are resampled apart. A finding `> 0` on it is
    true where the interval lies above zero.
    """
    sides = [(country, span, chosen(frame, country, span)) for country, span in (left, right)]
    draws = [resampled(rows, topic(code), f"{country}{span}{code}")
             for country, span, rows in sides]
    points = [100 * rows[code].mean() for _, _, rows in sides]
    low, high = np.percentile(draws[1] - draws[0], agreement.INNER)
    return Number(points[1] - points[0], "points", float(low), float(high),
                  tuple(rowid(country, span, code, rows) for country, span, rows in sides),
                  decimals=1, how="2.5 to 97.5 % of resamples of statements")


def table(frame, countries=CENTRAL_ASIA, spans=PERIODS):
    """Shares by state, period and topic, a row each.

    Returns country, name, period, code, topic, value (a Number with interval), sentences,
    statements and source.
    """
    rows = []
    for country in countries:
        for span in spans:
            own = chosen(frame, country, span)
            for code, label in topics().items():
                rows.append([country, named(country), span, code, label,
                             share(frame, country, span, code), len(own),
                             own["statement"].nunique(), SOURCE])
    return pd.DataFrame(rows, columns=["country", "name", "period", "code", "topic", "value",
                                       "sentences", "statements", "source"], dtype=object)


def sizes(frame, country=FIVE, span=None):
    """How many statements and sentences a state has in a period: two Numbers."""
    rows = chosen(frame, country, span)
    row = (rowid(country, span, "NON", rows),)
    return (Number(rows["statement"].nunique(), rows=row, decimals=0, how="statements"),
            Number(len(rows), rows=row, decimals=0, how="sentences of four words or more"))


def holding(cue):
    """How many sentences hold a cue of the dictionary. Raises DataError for an unknown cue."""
    known_cues = read("cues").set_index("cue")["code"]
    if cue not in known_cues.index:
        raise DataError(f"no cue {cue!r}{near(cue, known_cues.index)}")
    cells, frame = read("sentences")["counts"], coded("a")
    found = sum(cue in {part.partition(":")[0] for part in cell.split()} for cell in cells)
    return Number(found, rows=(rowid(FIVE, None, known_cues[cue] or "NON", frame),), decimals=0,
                  how=f"sentences with the cue {cue}")


def wide(rows, by="country"):
    """Shares as a table to show: topics by their names, a column of Numbers a state or period.

    rows: as `table` gives them.
    """
    shown = rows.pivot(index="topic", columns=by, values="value")
    return shown.loc[list(dict.fromkeys(rows["topic"])), list(dict.fromkeys(rows[by]))]


# Agreement of the two procedures

def reliability():
    """Alpha of procedures A and B per topic: a frame by topic's name.

    Columns: A, B (sentences with the topic), Both, Alpha (a Number with its interval), Low, High,
    Allows (what the low bound allows by the field's conventions), or the reason why alpha is not
    estimable.
    """
    left, right = coded("a"), coded("b")
    rows = {}
    for code, label in topics().items():
        counts = [left[code].sum(), right[code].sum(), (left[code] & right[code]).sum()]
        row = (rowid(FIVE, None, code, left),)
        numbers = [Number(int(n), rows=row, decimals=0) for n in counts]
        try:
            point, low, high = agreement.estimate(left[code], right[code], left["statement"])
        except DataError as reason:
            rows[label] = [*numbers, None, None, None, str(reason)]
            continue
        rows[label] = [*numbers, Number(point, "", low, high, row, decimals=2),
                       Number(low, rows=row, decimals=2), Number(high, rows=row, decimals=2),
                       agreement.level(low)]
    columns = ["A", "B", "Both", "Alpha", "Low", "High", "Allows"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns, dtype=object)


def across(levels=LEVELS):
    """Alpha of A and B at other cut-offs of B: code, topic, cutoff, alpha, fixed, row.

    cutoff: thousandths of a cosine; fixed: the one that the codebook's examples gave; row: the id
    of the sentences compared. A cut-off at which no alpha can be estimated has no row.
    """
    left, units = coded("a"), read("sentences")
    scores = np.array([list(map(int, cell.split())) for cell in units["similarity"]])
    cut = read("cutoffs").set_index("code")["cutoff"].astype(int)
    order, rows = list(read("topics")["code"]), []
    for code, label in topics().items():
        own = left[code].to_numpy()
        for level in sorted({*levels, cut[code]}):
            given = scores[:, order.index(code)] >= level
            one = int((own ^ given).sum())
            both = int((own & given).sum())
            value = float(agreement.alphas(both, one, len(own) - both - one))
            if np.isfinite(value):
                rows.append([code, label, level, value, level == cut[code],
                             rowid(FIVE, None, code, left)])
    return pd.DataFrame(rows, columns=["code", "topic", "cutoff", "alpha", "fixed", "row"])


def highest():
    """The greatest alpha of each topic over all cut-offs tried, known only in hindsight.

    A Series of Numbers by topic's name.
    """
    frame = across()
    best = frame.groupby("topic", sort=False)["alpha"].max()
    code = {label: code for code, label in topics().items()}
    left = coded("a")
    return pd.Series([Number(value, rows=(rowid(FIVE, None, code[label], left),), decimals=2,
                             how="greatest over all cut-offs, in hindsight")
                      for label, value in best.items()], index=best.index, dtype=object)


def to_code(least=(agreement.USABLE, agreement.TENTATIVE)):
    """Sentences that two people must code to tell an alpha from the least acceptable, by topic.

    The prevalence is that of procedure A, at random over all sentences (Bloch and Kraemer).
    Returns a frame by topic's name: Share (%), and a column of Numbers for each of `least`.
    """
    left, rows = coded("a"), {}
    for code, label in topics().items():
        row, part = (rowid(FIVE, None, code, left),), left[code].mean()
        rows[label] = [Number(100 * part, "%", rows=row, decimals=1), *(
            Number(agreement.bloch_kraemer(part, low), rows=row, decimals=0) if part else None
            for low in least)]
    columns = ["Share", *(f"α ≥ {low:.3f}".rstrip("0") for low in least)]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns, dtype=object)


def disagreements(code):
    """The sentences on which A and B differ about a topic: statement, position, given by.

    >>> disagreements("CIT").columns.tolist()
    ['statement', 'position', 'given by']
    """
    left, right = coded("a"), coded("b")
    apart = left[topic(code)] != right[code]
    rows = left.loc[apart, ["statement", "position"]]
    return rows.assign(**{"given by": np.where(left.loc[apart, code], "A", "B")}).reset_index(
        drop=True)


def places(rows):
    """Disagreements as one line: "KAZ-2004: 52; KAZ-2006: 55, 57"."""
    lines = rows.groupby("statement", sort=False)["position"].agg(", ".join)
    return "; ".join(f"{name}: {numbers}" for name, numbers in lines.items())


def rederived():
    """Codes of both procedures computed again from the stored counts and similarities.

    Returns a frame statement, position, a, b as the table should have them. Needs no text.
    """
    from . import dictionary as content
    units, cut = read("sentences"), read("cutoffs")
    _, cues = content.codebook()
    scores = np.array([list(map(int, cell.split())) for cell in units["similarity"]])
    a = content.code([content.unpacked(cell) for cell in units["counts"]], cues)
    b = similarity.code(scores, cut["cutoff"].astype(int), list(cut["code"]))
    return units[["statement", "position"]].assign(a=[" ".join(own) for own in a],
                                                   b=[" ".join(own) for own in b])


# Read sentences

def quotations(code):
    """The quotations of a topic with country and year: all sentences that its cues found.

    code: DIG or CIT. Returns statement, position, text, frame, basis, country, year, period.
    """
    frame = read("quotations")
    frame = frame[frame["code"] == topic(code)].drop(columns="code").reset_index(drop=True)
    if frame.empty:
        raise DataError(f"no quotations of {topics()[code]}: only of DIG and CIT")
    frame["country"] = frame["statement"].str[:3]
    frame["year"] = frame["statement"].str[4:].astype(int)
    return frame.assign(period=frame["year"].map(period))


def frames(code):
    """The frames of a topic by the codebook, in their order."""
    cell = read("topics").set_index("code").loc[topic(code), "frames"]
    return [part.partition(":")[0].strip() for part in cell.split("|") if part.strip()]


def framed(code, by="country"):
    """How many quotations of a topic have which frame: a frame of Numbers, with totals.

    by: "country" or "period". Counts are of all sentences read, no sample; basis: reading.
    """
    rows, left = quotations(code), coded("a")
    groups = list(CENTRAL_ASIA) if by == "country" else list(PERIODS)

    def cell(group, frame):
        own = rows if group == "All" else rows[rows[by] == group]
        own = own if frame == "All" else own[own["frame"] == frame]
        country, span = (group, None) if by == "country" else (FIVE, group)
        country, span = (FIVE, None) if group == "All" else (country, span)
        return Number(len(own), rows=(rowid(country, span, code, chosen(left, country, span)),),
                      decimals=0, how="counted; read by the codebook's frames")
    columns = [*frames(code), "All"]
    return pd.DataFrame([[cell(group, frame) for frame in columns] for group in [*groups, "All"]],
                        index=[*groups, "All"], columns=columns, dtype=object)
