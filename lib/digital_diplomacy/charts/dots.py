"""Dots and signs, a row each: shares with intervals, ranks, printed numbers, concepts, verdicts."""

from textwrap import fill

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ..claims.ledger import KINDS as KINDS_OF_CLAIMS
from ..claims.ledger import row_ids
from ..claims.verdicts import MEANING
from ..data import MEMBERS, in_sentence
from ..indicators import rows_of
from ..speeches.agreement import TENTATIVE, USABLE
from .style import (
    GIVEN,
    GREY,
    INK,
    LIMIT,
    PALE,
    PLATE,
    SMALL,
    by_country,
    by_year_of,
    checked,
    country_styles,
    darkened,
    extent,
    finish,
    in_style,
    legend_above,
    measure_label,
    name_rows,
    new_figure,
    say_points,
    three_rows,
    with_unit,
    without_unit,
)

PERIOD_COLOURS, PERIOD_MARKERS = ("#ABABAB", "#858585", "#505050", "#0064A5"), "vDso"  # newest last
# Marker, its face and words: what became of a gap, readable without colour.
SIGNS = {"narrower": ("v", INK, "narrower"), "wider": ("^", "white", "wider"),
         "crossed": ("x", INK, "the lead changed hands"),
         "undecided": ("_", INK, "equal or undecided"),
         "not estimable": (".", "#999999", "not estimable")}
METRICS = {"SD": "standard deviations", "Ranks": "ranks", "Log": "log odds or log ratio"}
KINDS = (("o", False), ("o", True), ("D", True), ("|", True))   # a number's marker, filled or not
SETS = {"near": "rank of near scores", "weights": "rank under other weights"}
SQUARES = 40                     # of claims that fit beside each other
SHADES = ("#333333", "#777777", "#A8A8A8")   # of states that stand beside two others


@in_style
def topic_shares(rows, by="country"):
    """Shares of topics as dots with their intervals, a row a topic, the largest first.

    rows: of `shares.share_table`; by: "country" (one period, a marker a state) or "period"
    (one state, a marker a period). Raises ValueError where the frame holds several of the other.
    """
    rows = checked(rows, "topic_shares", "country", "name", "period", "topic", "value")
    other = "period" if by == "country" else "country"
    if rows[other].nunique() != 1:
        raise ValueError(f"topic_shares: one {other} in a figure by {by}; "
                         f"it has {', '.join(rows[other].unique())}")
    by = "name" if by == "country" else by
    groups = list(dict.fromkeys(rows[by]))
    if by == "name":
        looks = country_styles(rows["country"]).values()
        colours, markers = [look["color"] for look in looks], [look["marker"] for look in looks]
    else:
        colours, markers = PERIOD_COLOURS[-len(groups):], list(PERIOD_MARKERS[-len(groups):])
    means = rows["value"].astype(float).groupby(rows["topic"]).mean()
    topics = list(means.sort_values(ascending=False).index)
    figure, ax = new_figure(0.7 + (0.06 + 0.065 * len(groups)) * len(topics))
    ends = rows.assign(low=[value.low for value in rows["value"]],
                       high=[value.high for value in rows["value"]])
    draw_intervals(ax, three_rows(ends, ["topic", by], "value", "low", "high"), topics,
                   hue=by, hue_order=groups, palette=dict(zip(groups, colours)), markers=markers,
                   dodge=0.7 * (len(groups) - 1) / len(groups))
    for place, group in enumerate(groups):
        own = rows[rows[by] == group]
        say_points(ax, own["value"], own["topic"].map(topics.index)
                   + 0.7 * (place - (len(groups) - 1) / 2) / len(groups),
                   [f"{group}, {topic}" for topic in own["topic"]], own["value"])
    legend_above(ax, len(groups))
    ax.set_xlabel("% of the sentences")
    ax.xaxis.set_major_locator(MaxNLocator(steps=[1, 2, 5, 10]))
    sns.despine(ax=ax, left=True, trim=True)
    alt = [f"{topic}: " + ", ".join(
        f"{row[by]} {with_unit(row['value'])} ({float(row['low']):.1f} to {float(row['high']):.1f})"
        for _, row in ends[ends["topic"] == topic].iterrows()) + "." for topic in topics]
    counted = "; ".join(f"{row[by]} {row['sentences']} in {row['statements']}"
                        for _, row in rows.drop_duplicates(by).iterrows())
    whole = rows["period" if by == "name" else "name"].iloc[0]
    return finish(figure, f"Dots with intervals, % of the sentences, {whole}. {' '.join(alt)}",
                  rows_of(rows["value"]), notes=[
                      f"Sentences in statements: {counted}. Lines: 95 % of resamples of "
                      "statements. Coded by the dictionary."])


@in_style
def agreement(rows, best=None):
    """Alpha per topic with its interval, the greatest first, and the field's limits.

    rows: of `shares.procedure_agreement`; best: the greatest alpha over all cut-offs, by topic,
    drawn as an open diamond; topics without alpha are left out and named. Raises ValueError where
    no topic has an alpha.
    """
    known = rows[rows["Alpha"].notna()].rename_axis("topic").reset_index()
    if known.empty:
        raise ValueError("agreement: no topic has an alpha")
    known = known.sort_values("Alpha", key=lambda alphas: alphas.astype(float), ascending=False)
    topics = list(known["topic"])
    figure, ax = new_figure(0.6 + 0.2 * len(topics))
    draw_intervals(ax, three_rows(known, ["topic"], "Alpha", "Low", "High"), topics, color=INK)
    say_points(ax, known["Alpha"], range(len(topics)), topics, known["Alpha"])
    if best is not None:
        ax.plot([float(best[topic]) for topic in topics], range(len(topics)), "D", color=GREY,
                markerfacecolor="white", markersize=4.5, zorder=4)
        say_points(ax, [best[topic] for topic in topics], range(len(topics)),
                   [f"{topic}, greatest over all cut-offs" for topic in topics],
                   [best[topic] for topic in topics])
    for limit, side in ((TENTATIVE, "right"), (USABLE, "left")):
        ax.axvline(limit, **LIMIT)
        ax.annotate(f"{limit:g}", (limit, 1), (0, 2), xycoords=("data", "axes fraction"),
                    textcoords="offset points", ha=side, fontsize=SMALL)
    ax.set_xlim(-0.02, 1.02)
    ax.set_xlabel("Krippendorff’s alpha")
    sns.despine(ax=ax, left=True, trim=True)
    absent = [topic for topic in rows.index if topic not in topics]
    note = "Dot and line: at the cut-off fixed beforehand, 95 % of resamples of statements." + (
        " Diamond: the greatest over all cut-offs, in hindsight." if best is not None else "") + (
        f" Not estimable: {', '.join(absent)}." if absent else "")
    alt = ", ".join(f"{row['topic']} {with_unit(row['Alpha'])} ({float(row['Low']):.2f} to "
                     f"{float(row['High']):.2f})" for _, row in known.iterrows())
    ids = rows_of(known["Alpha"])
    return finish(figure, f"Dots with intervals, Krippendorff's alpha per topic over "
                  f"{ids[0].rpartition('#')[2]} statements: {alt}. Dashed lines at "
                  f"{TENTATIVE} and {USABLE}.", ids, notes=[note])


def draw_intervals(ax, numbers, names, **look):
    """A dot and the line from its low to its high end for each name, the first at the top."""
    sns.pointplot(numbers, x="value", y="topic", order=names, linestyle="none", markersize=4.7,
                  markeredgecolor="white", markeredgewidth=0.5, zorder=3,
                  err_kws={"linewidth": 1.4, "zorder": 2}, ax=ax, **GIVEN, **look)
    name_rows(ax, names)


@in_style
def rank_sets(frame):
    """Ranks with the ranks around them: a thick bar for near scores, a thin one for weights.

    frame: country, name, year, value (the rank), near_best, near_worst, weights_best and
    weights_worst (ranks); a row a state and survey, drawn in the frame's order. A missing set is
    not drawn. 1 is at the left. Raises ValueError where a column is missing or no row has a value.
    """
    sets = ["near_best", "near_worst", "weights_best", "weights_worst"]
    checked(frame, "rank_sets", "country", "name", "year", "value", *sets)
    drawn = frame[["value", *sets]].astype(float).reset_index(drop=True)
    colours = frame["country"].map(country_styles(frame["country"])).str["color"]
    figure, ax = new_figure(0.5 + 0.27 * len(frame))
    for part, up, width in (("near", -0.22, 4), ("weights", 0.22, 1.4)):
        ax.hlines(drawn.index + up, drawn[f"{part}_best"], drawn[f"{part}_worst"],
                  colors=colours, linewidth=width, label=part)
        for end in ("best", "worst"):
            say_points(ax, drawn[f"{part}_{end}"], drawn.index + up,
                       [f"{who}, {end} {SETS[part]}" for who in by_year_of(frame)],
                       frame[f"{part}_{end}"])
    say_points(ax, drawn["value"], drawn.index, by_year_of(frame), frame["value"])
    sns.scatterplot(frame.assign(value=drawn["value"].to_numpy(), row=drawn.index), x="value",
                    y="row", **by_country(frame, "markers"), s=32, linewidth=0.7, zorder=4,
                    legend=False, ax=ax)
    for row, (rank, end, colour) in enumerate(zip(frame["value"], drawn.max(axis=1), colours)):
        ax.annotate(with_unit(rank), (end, row), (7, 0), va="center", fontsize=SMALL,
                    textcoords="offset points", color=darkened(colour))
    name_rows(ax, [f"{name}, {year}" for name, year in zip(frame["name"], frame["year"])])
    last = drawn.max(axis=None)
    ax.set_xlim(-1, last * 1.14)
    ax.set_xticks([1, *range(20, int(last) + 1, 20)])
    ax.set_xlabel("world rank")
    sns.despine(ax=ax, left=True, trim=True)
    alt = " ".join(
        f"{row['name']}, {row['year']}: {with_unit(row['value'])}, near scores "
        f"{between(row['near_best'], row['near_worst'])}, weights "
        f"{between(row['weights_best'], row['weights_worst'])}." for _, row in frame.iterrows())
    return finish(figure, f"Dots with two bars each. {alt}",
                  rows_of(pd.concat([frame["value"], *(frame[column] for column in sets)])), notes=[
                      "Dot: the rank, 1 at the left. Thick bar: ranks of near scores. Thin bar: "
                      "ranks under other weights."])


def between(best, worst):
    """A set of ranks in words.

    >>> between(25.0, 31.0), between(None, 31)
    ('25 to 31', 'not estimable')
    """
    return "not estimable" if pd.isna(best) or pd.isna(worst) else f"{int(best)} to {int(worst)}"


@in_style
def standing(ranks, notes=()):
    """World ranks of states on many indicators, a row each: two in their colours, others in grey.

    ranks: of `indicators.world_ranks`: country, name, indicator, value, year, n. The ranks of the
    first two countries stand at the right. 1 is at the left, of 193. Marks of a row that would
    touch stand one above the other. What has no value is named in the note; notes: further
    sentences of it, on what was ranked. Raises ValueError for more than five countries.
    """
    given = ranks
    ranks = checked(ranks, "standing", "indicator", "value").reset_index(drop=True)
    states = dict(zip(ranks["country"], ranks["name"]))
    looks = country_styles(states)
    for code, shade in zip(list(states)[2:], SHADES):
        looks[code] = {**looks[code], "color": shade}
    keys = list(dict.fromkeys(ranks["indicator"]))
    figure, ax = new_figure(0.75 + 0.19 * len(keys))
    table = ranks.assign(value=ranks["value"].astype(float)).pivot(
        index="indicator", columns="country", values="value").reindex(keys)[[*states]]
    first = [*states][:2]
    ax.hlines(range(len(keys)), table[first].min(axis=1), table[first].max(axis=1), colors=GREY,
              linewidth=1, zorder=1)
    down = table.apply(side_steps, axis=1).add(np.arange(len(keys)), axis=0)
    for place, code in enumerate(states):
        ax.plot(table[code], down[code], looks[code]["marker"], color=looks[code]["color"],
                markersize=5 if code in first else 4.2, label=states[code],
                markeredgecolor="white", markeredgewidth=0.4, zorder=3 - place / 10)
        own = ranks[ranks["country"] == code].set_index("indicator")["value"]
        say_points(ax, own, down[code][own.index],
                   [f"{states[code]}, {measure_label(key)}" for key in own.index], own)
    for place, code in enumerate(first):
        for row, rank in enumerate(table[code]):
            ax.annotate("–" if pd.isna(rank) else f"{rank:.0f}", (1, row), (20 + 24 * place, 0),
                        xycoords=("axes fraction", "data"), textcoords="offset points", ha="right",
                        va="center", color=darkened(looks[code]["color"]))
    name_rows(ax, [measure_label(key) for key in keys])
    ax.set_xlim(MEMBERS + 3, -2)
    ax.invert_xaxis()
    ax.set_xticks([1, 50, 100, 150, MEMBERS])
    ax.set_xlabel("world rank")
    legend_above(ax, len(states))
    sns.despine(ax=ax, left=True)
    alt = " ".join(f"{measure_label(key)}: " + ", ".join(
        f"{row['name']} {with_unit(row['value'])}" for _, row in own.iterrows()) + "."
        for key, own in ranks.groupby("indicator", sort=False))
    return finish(figure, f"Dots, world ranks, 1 at the left. {alt}", rows_of(ranks["value"]),
                  ranks.get("source", ()), [
                      f"Right: ranks of {' and '.join(map(in_sentence, map(states.get, first)))}.",
                      *years_of_ranks(ranks), *without_rank(given), *notes])


def side_steps(ranks, near=4, step=0.36):
    """How far down each mark of a row goes, in rows, so that marks of near ranks do not touch.

    Of marks that would touch, the first in order stays on the line, the next goes above it, then
    one below. ranks: of one row, by country; near: ranks that a mark is wide.

    >>> side_steps(pd.Series({"KAZ": 28, "UZB": 69, "KGZ": 70, "TJK": 72})).tolist()
    [0.0, 0.0, -0.36, 0.36]
    """
    group = (ranks.sort_values(kind="stable").diff() >= near).cumsum().reindex(ranks.index)
    turn = ranks.groupby(group).cumcount()
    return (turn + 1) // 2 * step * (1 - 2 * (turn % 2))


def years_of_ranks(ranks):
    """Sentences on what the ranks are among, on their usual year, and on the years that differ.

    A row's year is that of most of its states; the others are named with theirs.
    """
    notes = [f"Among the states with a value, {extent(ranks['n'].dropna())}."] \
        if "n" in ranks.columns else []
    if "year" in ranks.columns:
        usual, other = ranks["year"].mode().max(), []
        for key, own in ranks.groupby("indicator", sort=False):
            row = own["year"].mode().max()
            parts = ([str(row)] if row != usual else []) + [
                f"{year} for {' and '.join(some)}" for year, some
                in own[own["year"] != row].groupby("year")["name"]]
            other += [f"{measure_label(key)} {', '.join(parts)}"] if parts else []
        notes.append(f"Year: {usual}" + (f", except {'; '.join(other)}." if other else "."))
    return notes


def without_rank(ranks):
    """A sentence on the states that lack a value, by indicator; none where each has one."""
    lost = ranks[ranks["value"].isna()]
    parts = [f"{measure_label(key)}, {' and '.join(own)}"
             for key, own in lost.groupby("indicator", sort=False)["name"]]
    return [f"Without a value: {'; '.join(parts)}."] if parts else []


@in_style
def drawn_and_written(frame):
    """The number that a figure draws beside the one that its text says, on a logarithmic axis.

    frame: country, name, network, what, value, a row a number; what: "drawn", "written", or words
    for a third kind, such as "advertising audience, Aug 2018", of which two rows of one network
    are a range. A missing value is not drawn, and the note says so. Raises ValueError for more
    than four kinds.
    """
    every = frame.assign(row=frame["name"] + ", " + frame["network"]) \
        if {"name", "network"} <= set(frame.columns) else frame
    known = checked(every, "drawn_and_written", "country", "name", "network", "what", "value")
    known = known.assign(number=known["value"].astype(float))
    kinds = list(dict.fromkeys([*("drawn", "written"), *every["what"]]))
    if len(kinds) > len(KINDS):
        raise ValueError(f"drawn_and_written: {len(kinds)} kinds of number; four can be told apart")
    rows = [row for row in dict.fromkeys(every["row"]) if row in set(known["row"])]
    looks = country_styles(every["country"])
    figure, ax = new_figure(0.75 + 0.27 * len(rows))
    ax.set_xscale("log")
    for y, row in enumerate(rows):
        own = known[known["row"] == row]
        colour = looks[own["country"].iloc[0]]["color"]
        pair = own["number"][own["what"].isin(("drawn", "written"))]
        ax.hlines(y, pair.min(), pair.max(), colors=colour, linewidth=1)
        for what, group in own.groupby("what", sort=False):
            marker, filled = KINDS[kinds.index(what)]
            ax.hlines(y, group["number"].min(), group["number"].max(), colors=INK, linewidth=3)
            ax.plot(group["number"], [y] * len(group), marker, markersize=5.5, markeredgewidth=1.4,
                    color=colour if what in kinds[:2] else INK,
                    markerfacecolor="auto" if filled else "white", zorder=3)
        say_points(ax, own["number"], [y] * len(own), [f"{row}, {what}" for what in own["what"]],
                   own["value"])
        label_numbers(ax, own, y)
    for what, (marker, filled) in zip(kinds, KINDS):
        ax.plot([], [], marker, color=INK, markerfacecolor=INK if filled else "white",
                markersize=5.5, markeredgewidth=1.4, label=what)
    legend_above(ax, 4)
    name_rows(ax, rows)
    ax.set_xlim(known["number"].min() / 3, known["number"].max() * 5)
    ax.xaxis.set_major_formatter(FuncFormatter(
        lambda count, _: f"{count / 1e6:g} million" if count >= 1e6 else f"{count:,.0f}"))
    ax.minorticks_off()
    ax.set_xlabel("accounts or persons (logarithmic axis)")
    sns.despine(ax=ax, left=True)
    alt = " ".join(f"{row}: " + ", ".join(
        f"{one['what']} {with_unit(one['value'])}" for _, one in own.iterrows()) + "."
        for row, own in known.groupby("row", sort=False))
    lost = [f"{one['row']} ({one['what']})" for _, one in every[every["value"].isna()].iterrows()]
    lost = [f"Without a number: {'; '.join(lost)}."] if lost else []
    return finish(figure, f"Dots on a logarithmic axis. {alt}", rows_of(known["value"]),
                  known.get("source", ()), lost)


def label_numbers(ax, own, y):
    """The least and the greatest number of a row beside it, those between not."""
    ends = own.sort_values("number").iloc[[0, -1]].drop_duplicates("number")
    for value, number, side in zip(ends["value"], ends["number"], (-1, 1)):
        side = 1 if len(ends) == 1 else side
        ax.annotate(without_unit(value), (number, y), (7 * side, 0), textcoords="offset points",
                    ha="left" if side > 0 else "right", va="center", bbox=PLATE)


@in_style
def concepts(matrix, signs, source=None):
    """Which concept asks for which kind of evidence, and what public data measure of it.

    matrix: a row a concept, a column a dimension (capacity, audience, attention, practice); cells 1
    (filled dot), 0.5 (half), 0 (open), missing or "" (the concept does not speak of it).
    signs: the words for the three dots. Raises ValueError for an empty matrix.
    """
    if not len(matrix) or not len(matrix.columns):
        raise ValueError("concepts: the matrix has no rows or no columns")
    names = [fill(str(name), 62) for name in matrix.index]
    lines = max(name.count("\n") for name in names) + 1
    figure, ax = new_figure(0.5 + (0.03 + 0.135 * lines) * len(matrix))
    cells = matrix.replace("", np.nan).astype(float).to_numpy()
    words = dict(zip((1.0, 0.5, 0.0), signs))
    for level, shape in ((1.0, "full"), (0.5, "left"), (0.0, "none")):
        down, across = np.nonzero(cells == level)
        ax.plot(across, down, "o", fillstyle=shape, color=INK, markerfacecoloralt="white",
                markersize=6, linestyle="none", label=words[level])
        say_points(ax, across, down, [f"{matrix.index[row]}, {matrix.columns[column]}"
                                      for row, column in zip(down, across)],
                   [words[level]] * len(down))
    name_rows(ax, names, 62)
    ax.set_xlim(-0.5, len(matrix.columns) - 0.5)
    head_columns(ax, [str(column).capitalize() for column in matrix.columns])
    legend_above(ax, 3)
    alt = " ".join(f"{concept}: " + (", ".join(
        f"{column} {words[level]}" for column, level in zip(matrix.columns, row)
        if level in words) or "none") + "." for concept, row in zip(matrix.index, cells))
    figure = finish(figure, f"Dot matrix of {len(matrix)} concepts by {', '.join(matrix.columns)}. "
                    f"{alt}", [], source=source)
    figure.study["words"] = True  # signs, not values: there are no rows to trace
    return figure


def head_columns(ax, names, places=None, **look):
    """Names above the columns of a matrix, which has no frame."""
    places = range(len(names)) if places is None else places
    ax.xaxis.tick_top()
    ax.set_xticks(places, names, **look)
    ax.tick_params(length=0)
    sns.despine(ax=ax, left=True, bottom=True)


@in_style
def turns(table):
    """What became of each gap since each base year: a row a measure and metric, a column a year.

    table: indicator, metric, base, end, before, after, state, of `comparison.trends`. A base
    year in which a measure was not taken stays empty. Raises ValueError for a state without a sign,
    or no rows.
    """
    table = checked(table, "turns", "indicator", "metric", "base", "end", "state")
    unknown = sorted(set(table["state"]) - set(SIGNS))
    if unknown:
        raise ValueError(f"turns: no sign for {', '.join(unknown)}: one of {', '.join(SIGNS)}")
    table = table.assign(metric=table["metric"].map(METRICS))
    groups = table.groupby(["indicator", "metric"], sort=False)
    keys, metrics = list(dict.fromkeys(table["indicator"])), list(dict.fromkeys(table["metric"]))
    years = sorted(set(table["base"]))
    figure, axes = new_figure(0.8 + 0.19 * len(keys), 1, len(metrics), sharey=True, squeeze=False)
    ends = dict(zip(table["indicator"], table["end"]))
    for ax, metric in zip(axes[0], metrics):
        own = table[table["metric"] == metric]
        for state, (marker, face, words) in SIGNS.items():
            cells = own[own["state"] == state]
            ax.plot(cells["base"].map(years.index), cells["indicator"].map(keys.index), marker,
                    color=INK, markerfacecolor=face, markersize=4.8, markeredgewidth=0.9,
                    label=words if state in set(table["state"]) else None)
        say_points(ax, own["base"].map(years.index), own["indicator"].map(keys.index),
                   [f"{measure_label(key)}, {metric}, since {base}"
                    for key, base in zip(own["indicator"], own["base"])],
                   [SIGNS[state][2] for state in own["state"]],
                   [rows_of(ends) for ends in own.reindex(columns=["before", "after"]).to_numpy()])
        name_rows(ax, [f"{measure_label(key)}, to {ends[key]}" if ends[key] else measure_label(key)
                       for key in keys])
        ax.set_title(metric, pad=16)
        ax.set_xlim(-0.6, len(years) - 0.4)
        head_columns(ax, years[::2], range(0, len(years), 2))
    legend_above(axes[0][0], len(SIGNS))
    alt = [f"{measure_label(indicator)}, {metric}: " + "; ".join(
        f"{SIGNS[state][2]} since {', '.join(map(str, bases))}"
        for state, bases in own.groupby("state", sort=False)["base"]) + "."
        for (indicator, metric), own in groups]
    ids = rows_of(value for part in ("before", "after") if part in table for value in table[part])
    return finish(figure, f"Panels of signs, one a metric, a column a base year. {' '.join(alt)}",
                  ids, notes=["A panel a metric of one gap, a column a base year."])


@in_style
def verdicts(ledger):
    """One square a claim, a row a verdict, a column a group; what the article gets right is first.

    ledger: a row a claim with group, verdict, central (what rests on it, or nothing), apart and, if
    it has them, statement, id and country, as ledger.ledger() gives it. What stands apart (notices,
    self-evident counts, premises) is not drawn. A filled square is a central claim. The figure
    rests on the claims; what each of them rests on is in the ledger. Raises ValueError for another
    verdict, or no claims.
    """
    claims = checked(ledger, "verdicts", "group", "verdict", "central", "apart")
    hidden = claims["apart"] != ""
    claims = claims[~hidden]
    claims = claims.assign(central=claims["central"].map(bool))
    if claims.empty or not set(claims["verdict"]) <= set(MEANING):
        raise ValueError(f"verdicts: no claims with a verdict of {', '.join(MEANING)} alone")
    claims, tops, starts, across = place_squares(claims)
    bottom, right = max(claims["y"].max() + 1, tops[-1] + 1.5), max(starts.values()) + across
    figure, ax = new_figure(0.85 + 0.118 * (bottom + 1.1))
    for central, some in claims.groupby("central"):
        ax.plot(some["x"], some["y"], "s", color=INK, markersize=4.6,
                fillstyle="full" if central else "none", markeredgewidth=0.9)
    traced = {"id", "country"} <= set(claims.columns)
    say_points(ax, claims["x"], claims["y"], claims.get("statement", claims["group"]),
               claims["verdict"], [(row,) for row in row_ids(claims)] if traced else None)
    ax.hlines(tops[1:] - 0.95, -0.8, right - 0.2, colors=PALE, linewidth=0.7)
    ax.set_xlim(-0.8, right - 0.2)
    ax.set_ylim(bottom, -0.8)
    counts = count_by_verdict(claims)
    ax.set_yticks(tops, [f"{verdict}: {n}, central {central}"
                         for verdict, n, central in counts.itertuples()])
    heads = [fill(name[:1].upper() + name[1:], max(9, int(2.5 * across)), break_long_words=False)
             for name in starts]
    head_columns(ax, heads, np.array([*starts.values()]) - 0.5, ha="left", linespacing=1)
    for shape, words in (("full", "central: the conclusion or a recommendation rests on it"),
                         ("none", "other")):
        ax.plot([], [], "s", fillstyle=shape, color=INK, markersize=5, label=words)
    legend_above(ax, 2)
    alt = [f"{name}: " + ", ".join(f"{verdict} {n} (central {central})" for verdict, n, central
                                   in count_by_verdict(own).itertuples() if n) + "."
           for name, own in claims.groupby("group", sort=False)]
    rows = row_ids(claims) if {"id", "country"} <= set(claims.columns) else []
    total = ", ".join(f"{verdict} {n}" for verdict, n in counts["n"].items())
    left_out = f"Notices, self-evident counts and premises, left out: {hidden.sum()}."
    return finish(figure, f"One square a claim, {len(claims)} in all: {total}. {' '.join(alt)}",
                  rows, notes=[left_out] if hidden.any() else [])


def count_by_verdict(claims):
    """How many claims have each verdict, and how many of them are central: columns n, central."""
    counts = claims.groupby("verdict")["central"].agg(n="size", central="sum")
    return counts.reindex(MEANING, fill_value=0)


def place_squares(claims):
    """Claims with x and y, the tops of verdicts, the starts of groups, and squares in a line.

    Groups of kinds stand in the order of the ledger, others in that of the claims.
    In a cell the central ones come first; a verdict's name takes a line of its own.
    """
    groups = sorted(dict.fromkeys(claims["group"]), key=[*KINDS_OF_CLAIMS, *claims["group"]].index)
    across = max(3, int(SQUARES / len(groups) - 1.2))
    claims = claims.sort_values("central", ascending=False, kind="stable")
    cells = claims.groupby(["verdict", "group"])
    lines = (-(-cells.size() // across)).groupby("verdict").max().reindex(MEANING, fill_value=0)
    tops = np.cumsum([0, *lines.clip(lower=1.2) + 0.9])[:-1]
    starts = {group: (across + 1.2) * place for place, group in enumerate(groups)}
    nth = cells.cumcount()
    return claims.assign(x=claims["group"].map(starts) + nth % across,
                         y=claims["verdict"].map(dict(zip(MEANING, tops))) + nth // across
                         ), tops, starts, across
