"""What the coded UN statements say: shares of topics with intervals, agreement, read quotations.

A share is that of all sentences of its state and period; a sentence may have several topics. Every
interval resamples whole statements, because the sentences of one speech are no independent draws.
A count rests on all that was asked: the sentences of a state and period, and the topic looked for.
"""

import math

import numpy as np
import pandas as pd

from footnoted.hints import near
from footnoted.number import Number

from ..data import CENTRAL_ASIA, DataError, cached_by_tables, known, names, read
from . import agreement
from .corpus import SOURCE
from .dictionary import NONE, unpacked

PERIODS = ("1992–2000", "2001–2008", "2009–2016", "2017–2024")
FIVE = "CA5"  # all five states together
ALL = "ALL"  # in a row id: sentences on whatever topic
CUTOFFS = range(0, 505, 5)  # tried, in thousandths of a cosine: below 0 nothing is alike


# The coded sentences

@cached_by_tables
def topic_names():
    """Codes of the topics and their names for readers, without "no topic"."""
    frame = read("topics")
    return frame[frame["code"] != NONE].set_index("code")["name"].to_dict()


def known_topic(code):
    """The code itself. Raises DataError for one that is not in the codebook, with the nearest."""
    if code not in topic_names():
        raise DataError(f"no topic {code!r}{near(code, topic_names())}")
    return code


def period_of(year):
    """The period of a year. Raises DataError outside of all periods.

    >>> period_of(2016), period_of("2017")
    ('2009–2016', '2017–2024')
    """
    for period in PERIODS:
        first, last = map(int, period.split("–"))
        if first <= int(year) <= last:
            return period
    raise DataError(f"year {year!r} is in none of the periods {', '.join(PERIODS)}")


def topics_given(cells, codes):
    """Which topics cells of codes hold: a frame of bool, cells × codes.

    cells: Series of codes between blanks.

    >>> topics_given(pd.Series(["DIG SEC", ""]), ["DIG"])["DIG"].tolist()
    [True, False]
    """
    lists = cells.str.split()
    return pd.DataFrame({code: [code in own for own in lists] for code in codes}, cells.index)


@cached_by_tables
def coded(procedure="a"):
    """The sentences with a column of yes and no a topic, by procedure "a" or "b".

    Returns statement, position, country, year, period and the topics' codes. Raises DataError for
    another procedure.
    """
    if procedure not in ("a", "b"):
        raise DataError(f"no procedure {procedure!r}: a is the dictionary, b the similarity")
    units = read("sentences")
    frame = with_year(units[["statement", "position"]])
    return frame.join(topics_given(units[procedure], topic_names()))


def with_year(frame):
    """Rows of statements with country, year and period, which are in a statement's name."""
    country, year = frame["statement"].str[:3], frame["statement"].str[4:].astype(int)
    periods = {one: period_of(one) for one in year.unique()}
    return frame.assign(country=country, year=year, period=year.map(periods))


def sentences_of(frame, country=FIVE, period=None):
    """The sentences of a state (CA5: all) and a period (None: all). Raises DataError for none."""
    rows = frame if country == FIVE else frame[frame["country"] == known(country)]
    rows = rows if period is None else rows[rows["period"] == period]
    if rows.empty:
        raise DataError(f"no coded statement of {state_name(country)} in {period or 'any period'}; "
                        f"the five states of Central Asia are coded, in {', '.join(PERIODS)}")
    return rows


def state_name(country):
    """A state's name, or that of the five together."""
    return "The five states" if country == FIVE else names()[country]


def row_id(rows, country, period, code):
    """The row id of what was looked for in sentences: a selection of so many statements.

    code: of a topic, "DIG"; of its quotations in a frame, "DIG.tool"; of a cue, "cue.diaspora".
    """
    when = (period or f"{PERIODS[0][:4]}–{PERIODS[-1][-4:]}").replace("–", "-")
    return f"{country}/{when}/speech:{code}/{SOURCE}#{rows['statement'].nunique()}"


def count_number(value, row, how):
    """A count of sentences or statements as a Number that rests on a selection."""
    return Number(int(value), rows=(row,), decimals=0, how=how)


def count_statements(frame, country=FIVE, period=None):
    """How many statements a state has in a period."""
    rows = sentences_of(frame, country, period)
    return count_number(rows["statement"].nunique(), row_id(rows, country, period, ALL),
                        "statements")


def count_sentences(frame, country=FIVE, period=None):
    """How many sentences a state has in a period."""
    rows = sentences_of(frame, country, period)
    return count_number(len(rows), row_id(rows, country, period, ALL),
                        "sentences of four words or more")


def count_sentences_with(cue):
    """How many sentences hold a cue of the dictionary. Raises DataError for an unknown cue."""
    cues = read("cues")["cue"].tolist()
    if cue not in cues:
        raise DataError(f"no cue {cue!r}{near(cue, cues)}")
    units = read("sentences")
    found = sum(cue in unpacked(cell) for cell in units["counts"])
    return count_number(found, row_id(units, FIVE, None, f"cue.{cue}"),
                        f"sentences with the cue {cue}")


# Shares of topics

def share(frame, country, period, code):
    """Share of a topic in the sentences of a state and period, in %, with its interval.

    The interval is the 2.5 to 97.5 % of resamples of statements; for a topic that never occurs,
    whose resamples are all zero, the exact binomial one. Raises DataError for an unknown topic or
    no statement. Returns a Number whose low and high are that interval.
    """
    from scipy.stats import binomtest  # here: it takes half a second
    rows = sentences_of(frame, country, period)
    hits, size = int(rows[known_topic(code)].sum()), len(rows)
    if hits:
        drawn = resampled_shares(rows, code, f"{country}{period}{code}")
        low, high = np.percentile(drawn, agreement.INNER)
    else:
        low, high = 0.0, 100 * binomtest(0, size).proportion_ci(0.95, "exact").high
    return Number(100 * hits / size, "%", float(low), float(high),
                  (row_id(rows, country, period, code),), decimals=1,
                  how=f"{hits} of {size} sentences in {rows['statement'].nunique()} statements")


def resampled_shares(rows, code, key):
    """Shares of a topic in resamples of statements, in per cent: an array.

    key: what makes the draws of one group independent of another's.
    """
    counts = rows.groupby("statement")[code].agg(["sum", "size"]).to_numpy(dtype=float)
    drawn = agreement.resamples(len(counts), seed=[agreement.SEED, *map(ord, key)]) @ counts
    return 100 * drawn[:, 0] / drawn[:, 1]


def mean_share(frame, country, period, code):
    """Mean over statements of a topic's share in each, in %: long speeches weigh no more.

    Raises DataError as `share` does.
    """
    rows = sentences_of(frame, country, period)
    value = 100 * rows.groupby("statement")[known_topic(code)].mean().mean()
    return Number(value, "%", rows=(row_id(rows, country, period, code),), decimals=1,
                  how="mean over statements of each one's share")


def share_table(frame, countries=CENTRAL_ASIA, periods=PERIODS):
    """Shares by state, period and topic, a row each.

    Returns country, name, period, code, topic, value (a Number with interval), sentences,
    statements and source.
    """
    rows = []
    for country in countries:
        for period in periods:
            own = sentences_of(frame, country, period)
            rows += [{"country": country, "name": state_name(country), "period": period,
                      "code": code, "topic": topic, "value": share(frame, country, period, code),
                      "sentences": len(own), "statements": own["statement"].nunique(),
                      "source": SOURCE} for code, topic in topic_names().items()]
    return pd.DataFrame(rows, dtype=object)


def shares_side_by_side(rows):
    """Shares of one period as a table to show: topics by their names, a column of Numbers a state.

    rows: as `share_table` gives them.
    """
    shown = rows.pivot(index="topic", columns="country", values="value")
    return shown.loc[rows["topic"].unique(), rows["country"].unique()]


# Agreement of the two procedures

def procedure_agreement():
    """Alpha of procedures A and B per topic: a frame by topic's name.

    Columns: A, B (sentences with the topic), Both, Alpha (a Number with its interval), Low, High,
    Allows (what the low bound allows by the field's conventions); no Numbers where alpha is not
    estimable, and then Allows is the reason.
    """
    topics, left, right = topic_names(), coded("a"), coded("b")
    compared = agreement.compare(left[[*topics]], right[[*topics]], left["statement"])
    rows = {}
    for code, found in compared.iterrows():
        row = row_id(left, FIVE, None, code)
        numbers = [count_number(found[side], row, "sentences")
                   for side in ("left", "right", "both")]
        alphas = [None] * 3 if math.isnan(found["low"]) else [
            Number(found["alpha"], "", found["low"], found["high"], (row,), decimals=2),
            *(Number(found[end], rows=(row,), decimals=2) for end in ("low", "high"))]
        rows[topics[code]] = [*numbers, *alphas, found["allows"]]
    columns = ["A", "B", "Both", "Alpha", "Low", "High", "Allows"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns, dtype=object)


def alpha_by_cutoff(cutoffs=CUTOFFS):
    """Alpha of A and B at other cut-offs of B: code, topic, cutoff, alpha, fixed, row.

    cutoff: thousandths of a cosine; fixed: the one that the codebook's examples gave; row: the id
    of the sentences compared. A cut-off at which no alpha can be estimated has no row.
    """
    left, units = coded("a"), read("sentences")
    scores = np.array([list(map(int, cell.split())) for cell in units["similarity"]])
    fixed = read("cutoffs").set_index("code")["cutoff"].astype(int)
    order, rows = list(read("topics")["code"]), []
    for code, topic in topic_names().items():
        row = row_id(left, FIVE, None, code)
        tried = np.array(sorted({*cutoffs, fixed[code]}))
        own, similar = left[code].to_numpy()[:, None], scores[:, [order.index(code)]] >= tried
        both, one = (own & similar).sum(axis=0), (own ^ similar).sum(axis=0)
        rows += [[code, topic, cutoff, value, cutoff == fixed[code], row]
                 for cutoff, value in zip(tried, agreement.alpha(both, one, len(own) - both - one))
                 if np.isfinite(value)]
    return pd.DataFrame(rows, columns=["code", "topic", "cutoff", "alpha", "fixed", "row"])


def greatest_alpha():
    """The greatest alpha of each topic over all cut-offs tried, known only in hindsight.

    A Series of Numbers by topic's name.
    """
    best = alpha_by_cutoff().groupby("topic", sort=False).agg({"alpha": "max", "row": "first"})
    return pd.Series([Number(value, rows=(row,), decimals=2,
                             how="greatest over all cut-offs, in hindsight")
                      for value, row in zip(best["alpha"], best["row"])], best.index, dtype=object)


def sentences_to_code(least=(agreement.USABLE, agreement.TENTATIVE)):
    """Sentences that two people must code to tell an alpha from the least acceptable, by topic.

    The prevalence is that of procedure A, at random over all sentences (Bloch and Kraemer).
    Returns a frame by topic's name: Share (%), and a column of Numbers for each of `least`.
    """
    frame, rows = coded("a"), {}
    for code, topic in topic_names().items():
        row, part = row_id(frame, FIVE, None, code), frame[code].mean()
        how = f"{frame[code].sum()} of {len(frame):,} sentences"
        rows[topic] = [Number(100 * part, "%", rows=(row,), decimals=1, how=how), *(
            count_number(agreement.bloch_kraemer(part, low), row, "Bloch and Kraemer 1989")
            if part else None for low in least)]
    columns = ["Share", *(f"α ≥ {low:g}" for low in least)]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns, dtype=object)


def disagreements(code):
    """The sentences on which A and B differ about a topic: statement, position, given by.

    Raises DataError for an unknown topic.

    >>> disagreements("CIT").columns.tolist()
    ['statement', 'position', 'given by']
    """
    left, right = coded("a")[known_topic(code)], coded("b")[code]
    rows = read("sentences")[["statement", "position"]].assign(
        **{"given by": np.where(left, "A", "B")})
    return rows[left != right].reset_index(drop=True)


def positions(rows):
    """Sentences as one line: "KAZ-2004: 52; KAZ-2006: 55, 57"."""
    lines = rows.groupby("statement", sort=False)["position"].agg(", ".join)
    return "; ".join(f"{name}: {numbers}" for name, numbers in lines.items())


# Read sentences

@cached_by_tables
def quotations(code):
    """The quotations of a topic with country and year: all sentences that its cues found.

    code: DIG or CIT. Returns statement, position, text, frame, basis, country, year, period.
    Raises DataError for another topic.
    """
    frame = read("quotations")
    frame = frame[frame["code"] == known_topic(code)].drop(columns="code").reset_index(drop=True)
    if frame.empty:
        raise DataError(f"no quotations of {topic_names()[code]}: only of DIG and CIT")
    return with_year(frame)


def frames(code):
    """The frames of a topic by the codebook, in their order.

    Raises DataError for an unknown topic.
    """
    cell = read("topics").set_index("code").loc[known_topic(code), "frames"]
    return [part.partition(":")[0].strip() for part in cell.split("|") if part.strip()]


def count_quotations(code, country=FIVE, first=1992, last=2024, frame=None):
    """How many quotations of a topic a state has in some years, of one frame or of all.

    They are all sentences found and read, no sample. The Number rests on what was looked for in
    the statements of those years. Raises DataError where there is no statement.
    """
    statements = sentences_of(dated_statements(), country)
    statements = statements[statements["year"].between(first, last)]
    if statements.empty:
        raise DataError(f"no coded statement of {state_name(country)} from {first} to {last}")
    rows = quotations(code)
    rows = rows[rows["statement"].isin(statements["statement"])]
    rows = rows if frame is None else rows[rows["frame"] == frame]
    counted = code if frame is None else f"{code}.{frame}"
    return count_number(len(rows), row_id(statements, country, f"{first}–{last}", counted),
                        "counted; read by the codebook's frames")


@cached_by_tables
def dated_statements():
    """The statements with country, year and period."""
    return with_year(read("statements"))


def count_frames(code, by="country"):
    """How many quotations of a topic have which frame: a frame of Numbers, with totals.

    by: "country" or "period", whose rows are the states or the periods.
    """
    groups = {group: {"country": group} for group in CENTRAL_ASIA} if by == "country" else {
        period: dict(zip(("first", "last"), map(int, period.split("–")))) for period in PERIODS}
    columns = {frame: frame for frame in frames(code)} | {"All": None}
    cells = {group: [count_quotations(code, frame=frame, **selected) for frame in columns.values()]
             for group, selected in (groups | {"All": {}}).items()}
    return pd.DataFrame.from_dict(cells, orient="index", columns=list(columns), dtype=object)
