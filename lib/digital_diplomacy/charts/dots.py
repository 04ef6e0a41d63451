"""Dots, bars and signs, a row each: shares with intervals, ranks, audiences, concepts, verdicts."""

from textwrap import fill

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.ticker import FuncFormatter

from ..article import rowid
from ..claims.verdicts import MEANING, OPEN, SIGN
from ..data import MEMBERS
from ..indicators import rows_of
from ..speeches.agreement import TENTATIVE, USABLE
from .style import (
    GIVEN,
    GREY,
    INK,
    LIMIT,
    PALE,
    by_country,
    checked,
    country_styles,
    darkened,
    finish,
    in_style,
    legend_above,
    measure_label,
    name_rows,
    new_figure,
    three_rows,
    with_unit,
    without_unit,
)
from .timeline import date_in_words

PERIOD_COLOURS, PERIOD_MARKERS = ("#ABABAB", "#858585", "#505050", "#0064A5"), "vDso"  # newest last
# Marker, its face and words: what became of a gap, readable without colour.
SIGNS = {"narrower": ("v", INK, "narrower"), "wider": ("^", "white", "wider"),
         "crossed": ("x", INK, "the lead changed hands"),
         "undecided": ("_", INK, "equal or undecided"),
         "not estimable": (".", "#999999", "not estimable")}
METRICS = {"SD": "SD", "Ranks": "ranks", "Log": "log"}
VERDICTS = dict(zip(MEANING, ("#0f4c3a", "#1b4b72", "#7a5b00", "#8a2c0d", "#6b1d50", "#444444",
                              "#6a6a6a")))
ACROSS = 7                       # squares beside each other in a chapter


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
    figure, ax = new_figure(1.1 + (0.17 + 0.1 * len(groups)) * len(topics))
    ends = rows.assign(low=[value.low for value in rows["value"]],
                       high=[value.high for value in rows["value"]])
    draw_intervals(ax, three_rows(ends, ["topic", by], "value", "low", "high"), topics,
                   hue=by, hue_order=groups, palette=dict(zip(groups, colours)), markers=markers,
                   dodge=0.7 * (len(groups) - 1) / len(groups))
    legend_above(ax, 2 if len(groups) == 4 else 3)
    ax.set_xlabel("% of the sentences")
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
    figure, ax = new_figure(1.1 + 0.25 * len(topics))
    draw_intervals(ax, three_rows(known, ["topic"], "Alpha", "Low", "High"), topics, color=INK)
    if best is not None:
        ax.plot([float(best[topic]) for topic in topics], range(len(topics)), "D", color=GREY,
                markerfacecolor="white", markersize=4.5, zorder=4)
    for limit, side in ((TENTATIVE, "right"), (USABLE, "left")):
        ax.axvline(limit, **LIMIT)
        ax.annotate(f"{limit:g}", (limit, 1), (0, 2), xycoords=("data", "axes fraction"),
                    textcoords="offset points", ha=side, fontsize=8)
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
    figure, ax = new_figure(1.2 + 0.36 * len(frame))
    for part, up, width in (("near", -0.16, 4.5), ("weights", 0.16, 1.6)):
        ax.hlines(drawn.index + up, drawn[f"{part}_best"], drawn[f"{part}_worst"],
                  colors=colours, linewidth=width, label=part)
    sns.scatterplot(frame.assign(value=drawn["value"].to_numpy(), row=drawn.index), x="value",
                    y="row", **by_country(frame, "markers"), s=40, linewidth=0.7, zorder=4,
                    legend=False, ax=ax)
    for row, (rank, end, colour) in enumerate(zip(frame["value"], drawn.max(axis=1), colours)):
        ax.annotate(with_unit(rank), (end, row), (7, 0), va="center", fontsize=8,
                    textcoords="offset points", color=darkened(colour))
    name_rows(ax, [f"{name}, {year}" for name, year in zip(frame["name"], frame["year"])])
    last = drawn.max(axis=None)
    ax.set_xlim(-1, last * 1.14)
    ax.set_xticks([1, *range(20, int(last) + 1, 20)])
    ax.set_xlabel(f"rank among {MEMBERS} UN members, 1 at the left")
    sns.despine(ax=ax, left=True, trim=True)
    alt = " ".join(
        f"{row['name']}, {row['year']}: {with_unit(row['value'])}, near scores "
        f"{between(row['near_best'], row['near_worst'])}, weights "
        f"{between(row['weights_best'], row['weights_worst'])}." for _, row in frame.iterrows())
    return finish(figure, f"Dots with two bars each. {alt}",
                  rows_of(pd.concat([frame["value"], *(frame[column] for column in sets)])), notes=[
                      "Dot: the rank. Thick bar: ranks of near scores. Thin bar: ranks under other "
                      "weights."])


def between(best, worst):
    """A set of ranks in words.

    >>> between(25.0, 31.0), between(None, 31)
    ('25 to 31', 'not estimable')
    """
    return "not estimable" if pd.isna(best) or pd.isna(worst) else f"{int(best)} to {int(worst)}"


@in_style
def audiences(rows, printed=None):
    """Dated audiences of a country on a logarithmic axis, a row a measure and date.

    rows: frames of `dd.pick` one under the other (`X_low` and `X_high` of one date make an
    interval); `status` says what was counted. printed: {indicator: the article's Number}, drawn as
    crosses. Different constructs are no series. Raises ValueError for several countries, or no
    rows.
    """
    rows = checked(rows, "audiences", "country", "year", "value", "indicator", "date", "status",
                   "source", countries=1)
    counts = dated_counts(rows) + printed_counts(printed or {})
    counts = pd.DataFrame(sorted(counts, key=lambda one: (one["label"].split()[0], one["date"])))
    style = country_styles(rows["country"])[rows["country"].iloc[0]]
    figure, ax = new_figure(0.8 + 0.46 * len(counts))
    ax.set_xscale("log")
    ranges = counts[counts["low"] < counts["high"]]
    ax.hlines(ranges.index, ranges["low"], ranges["high"], colors=style["color"], linewidth=5)
    crosses = counts[counts["printed"]]
    ax.plot(crosses["low"], crosses.index, "x", color=INK, markersize=6.5, markeredgewidth=1.8)
    dots = counts.drop([*ranges.index, *crosses.index])
    ax.plot(dots["low"], dots.index, style["marker"], color=style["color"], markersize=6)
    least, most = counts["low"].min(), counts["high"].max()
    for row, one in counts.iterrows():
        ax.annotate(f"{one['label']}, {one['when']}", (0, row), (0, 7), fontsize=8, va="bottom",
                    xycoords=("axes fraction", "data"), textcoords="offset points")
        right = one["low"] < np.sqrt(least * most)
        ax.annotate(one["text"], (one["high"] if right else one["low"], row),
                    (6 if right else -6, 0), textcoords="offset points", va="center",
                    ha="left" if right else "right", fontsize=8,
                    bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5})
    name_rows(ax, [""] * len(counts))
    ax.set_ylim(len(counts) - 0.6, -0.75)
    ax.set_xlim(least / 1.25, most * 1.25)
    ax.set_xticks([tick for digit in (1, 2, 5) for tick in digit * 10.0 ** np.arange(3, 9)
                   if least <= tick <= most])
    ax.xaxis.set_major_formatter(FuncFormatter(
        lambda count, _: f"{count / 1e6:g} m" if count >= 1e6 else f"{count:,.0f}"))
    ax.minorticks_off()
    ax.set_xlabel("accounts or persons (logarithmic axis)")
    sns.despine(ax=ax, left=True)
    alt = "; ".join(counts["label"] + ", " + counts["when"] + ": " + counts["text"])
    note = "Each line counts something else; they are no series."
    crossed = " Cross: as the article prints it." if printed else ""
    ids = [row for one in counts["rows"] for row in one]
    return finish(figure, f"Dots and ranges on a logarithmic axis. {alt}. {note}",
                  list(dict.fromkeys(ids)), rows["source"], [note + crossed])


def dated_counts(rows):
    """A count of each measure, date and source; a low and a high end of one date are a range."""
    rows = rows.assign(date=rows["date"].where(rows["date"] != "", rows["year"].astype(str)),
                       measure=rows["indicator"].str.replace("_(low|high)$", "", regex=True))
    counts = []
    for (_, date, _), group in rows.groupby(["measure", "date", "source"], sort=False):
        label = measure_label(group["indicator"].iloc[0])
        label = label.removesuffix(", low").removesuffix(", high")
        words = group["status"].iloc[0] if len(group) == 1 else ""
        low, high = min(group["value"], key=float), max(group["value"], key=float)
        ends = [without_unit(low), without_unit(high)]
        if all(end.endswith(" million") for end in ends):
            ends[0] = ends[0].removesuffix(" million")
        counts.append({
            "label": f"{label} ({words})" if words else label, "date": date,
            "when": date_in_words(date), "low": float(low), "high": float(high),
            "text": "–".join(ends) if low < high else without_unit(low), "printed": False,
            "rows": rows_of(group["value"])})
    return counts


def printed_counts(numbers):
    """The article's counts, as it prints them."""
    return [{"label": f"{measure_label(indicator)} (article)", "date": min(number.years),
             "when": f"“{min(number.years)}”", "low": float(number), "high": float(number),
             "text": with_unit(number), "printed": True, "rows": number.rows}
            for indicator, number in numbers.items()]


@in_style
def as_printed(rows, unit="number of subscribers, as the article says"):
    """A figure of the article drawn again with the numbers that it prints, and no others.

    rows: of the article's table (id, country, year, printed, value, legible) and network, the name
    of the bar; a value that is not legible is an open hatched bar. Raises ValueError where no value
    is legible.
    """
    rows = checked(rows, "as_printed", "network", "printed", "value", "legible", "id", "country",
                   "year").reset_index(drop=True)
    rows["count"] = pd.to_numeric(rows["value"].where(rows["legible"] == "yes"), errors="coerce")
    lost = rows["count"].isna()
    if lost.all():
        raise ValueError("as_printed: no value is legible; print the reasons as a table")
    most = rows["count"].max()
    colour = country_styles(rows["country"])[rows["country"].iloc[0]]["color"]
    figure, ax = new_figure(0.95 + 0.42 * len(rows))
    bars = ax.barh(rows.index, rows["count"].fillna(0.36 * most), height=0.62, color=colour)
    ax.bar_label(bars, rows["printed"].mask(lost, "not legible in our copy"), padding=4)
    for bar in np.array(bars)[lost]:
        bar.set(facecolor="white", edgecolor=GREY, hatch="////", linestyle="--")
    ax.set_yticks(rows.index, rows["network"])
    ax.invert_yaxis()
    ax.tick_params(axis="y", length=0)
    ax.set_xlim(0, most * 1.12)
    ax.xaxis.set_major_formatter("{x:,.0f}")
    ax.set_xlabel(unit)
    sns.despine(ax=ax, trim=True)
    alt = "; ".join(rows["network"] + ": " + rows["printed"].mask(lost, "not legible"))
    note = "Hatched: a number that is lost; its length means nothing." if lost.any() else ""
    return finish(figure, f"Bars as the article prints them, {unit}. {alt}.",
                  [rowid(row) for row in rows.to_dict("records")], notes=[note])


@in_style
def concepts(matrix, signs, source=None):
    """Which concept asks for which kind of evidence, and what public data measure of it.

    matrix: a row a concept, a column a dimension (capacity, audience, attention, practice); cells 1
    (filled dot), 0.5 (half), 0 (open), missing or "" (the concept does not speak of it).
    signs: the words for the three dots. Raises ValueError for an empty matrix.
    """
    if not len(matrix) or not len(matrix.columns):
        raise ValueError("concepts: the matrix has no rows or no columns")
    names = [fill(str(name), 30) for name in matrix.index]
    lines = max(name.count("\n") for name in names) + 1
    figure, ax = new_figure(0.95 + (0.1 + 0.135 * lines) * len(matrix))
    cells = matrix.replace("", np.nan).astype(float).to_numpy()
    words = dict(zip((1.0, 0.5, 0.0), signs))
    for level, shape in ((1.0, "full"), (0.5, "left"), (0.0, "none")):
        down, across = np.nonzero(cells == level)
        ax.plot(across, down, "o", fillstyle=shape, color=INK, markerfacecoloralt="white",
                markersize=8, linestyle="none", label=words[level])
    name_rows(ax, names, 30)
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
    years = sorted(set(table["base"]))
    table = table.assign(column=table["base"].map(years.index), row=groups.ngroup())
    rows = table.drop_duplicates("row")
    figure, ax = new_figure(1.15 + 0.17 * len(rows))
    for state, (marker, face, words) in SIGNS.items():
        cells = table[table["state"] == state]
        if len(cells):
            ax.plot(cells["column"], cells["row"], marker, color=INK, markerfacecolor=face,
                    markersize=4.5, markeredgewidth=0.9, label=words)
    first = ~rows["indicator"].duplicated()
    heads = [f"{measure_label(indicator)}{f', to {end}' if end else ''}: " for indicator, end
             in zip(rows["indicator"], rows["end"])]
    ax.set_yticks(rows["row"], np.where(first, heads, "") + rows["metric"], fontsize=7.5)
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.hlines(rows["row"][first] - 0.5, -0.6, len(years) - 0.4, colors=PALE, linewidth=0.8)
    ax.set_xlim(-0.6, len(years) - 0.4)
    head_columns(ax, years, fontsize=7.5)
    legend_above(ax, 2)
    alt = [f"{measure_label(indicator)}, {metric}: " + "; ".join(
        f"{SIGNS[state][2]} since {', '.join(map(str, bases))}"
        for state, bases in own.groupby("state", sort=False)["base"]) + "."
        for (indicator, metric), own in groups]
    ids = rows_of(value for part in ("before", "after") if part in table for value in table[part])
    return finish(figure, f"Matrix of signs, a column a base year. {' '.join(alt)}", ids, notes=[
        "Base years across; SD, ranks and log are three metrics of one gap."])


@in_style
def verdicts(ledger):
    """One square a claim, by verdict and chapter; what the article gets right stands first.

    ledger: a row a claim with chapter, verdict, central (what rests on it, or nothing) and apart,
    as ledger.ledger() gives it, with rows and sources if it has them. What stands apart (notices,
    self-evident counts, premises) is not drawn. A filled square is a central claim. Raises
    ValueError for another verdict, or no claims.
    """
    claims = checked(ledger, "verdicts", "chapter", "verdict", "central", "apart")
    hidden = claims["apart"] != ""
    claims = claims[~hidden]
    claims = claims.assign(central=claims["central"].map(bool))
    if claims.empty or not set(claims["verdict"]) <= set(MEANING):
        raise ValueError(f"verdicts: no claims with a verdict of {', '.join(MEANING)} alone")
    claims, tops, starts = place_squares(claims)
    bottom, right = max(claims["y"].max() + 1, tops[-1] + 2.2), starts[-1] + ACROSS
    figure, ax = new_figure(0.95 + 0.118 * (bottom + 1.1))
    for (verdict, central), some in claims.groupby(["verdict", "central"]):
        ax.plot(some["x"], some["y"], "s", color=VERDICTS[verdict], markersize=4.5,
                fillstyle="full" if central else "none", markeredgewidth=1.1)
    ax.hlines(tops[1:] - 1.05, -0.8, right - 0.2, colors=PALE, linewidth=0.7)
    ax.set_xlim(-0.8, right - 0.2)
    ax.set_ylim(bottom, -0.8)
    counts = count_by_verdict(claims)
    ax.set_yticks(tops + 0.5, [f"{SIGN[verdict]} {fill(verdict, 14)}\n{n}, central {central}"
                               for verdict, n, central in counts.itertuples()],
                  linespacing=1.15, fontsize=8)
    chapters = {chapter_head(name): own for name, own in claims.groupby("chapter")}
    head_columns(ax, [head.replace(" ", "\n") for head in chapters], starts - 0.5, ha="left",
                 fontsize=7.5)
    for shape, words in (("full", "central: the conclusion or a recommendation rests on it"),
                         ("none", "other")):
        ax.plot([], [], "s", fillstyle=shape, color=INK, markersize=6, label=words)
    legend_above(ax, 2)
    alt = [f"{head}: " + ", ".join(f"{verdict} {n} (central {central})" for verdict, n, central
                                   in count_by_verdict(own).itertuples() if n) + "."
           for head, own in chapters.items()]
    rows, sources = [list(dict.fromkeys(one for some in claims.get(column, ()) for one in some))
                     for column in ("rows", "sources")]
    decided = counts["n"].drop(list(OPEN)).sum()
    left_out = f"Notices, self-evident counts and premises, left out: {hidden.sum()}."
    return finish(figure, f"One square a claim. Reproduced: {counts['n']['reproduced']} of the "
                  f"{decided} that could be decided, {len(claims)} in all. {' '.join(alt)}",
                  rows, sources, [left_out] if hidden.any() else [])


def count_by_verdict(claims):
    """How many claims have each verdict, and how many of them are central: columns n, central."""
    counts = claims.groupby("verdict")["central"].agg(n="size", central="sum")
    return counts.reindex(MEANING, fill_value=0)


def place_squares(claims):
    """The claims with x and y of their squares, the heights of verdicts and the places of chapters.

    In a cell the central ones come first, `ACROSS` in a line; a verdict's name takes two lines.
    """
    claims = claims.sort_values("central", ascending=False, kind="stable")
    cells = claims.groupby(["verdict", "chapter"])
    lines = (-(-cells.size() // ACROSS)).groupby("verdict").max().reindex(MEANING, fill_value=0)
    tops = np.cumsum([0, *lines.clip(lower=2.2) + 1.1])[:-1]
    chapters = sorted(claims["chapter"].unique())
    starts = (ACROSS + 1.2) * np.arange(len(chapters))
    nth = cells.cumcount()
    return claims.assign(
        x=claims["chapter"].map(dict(zip(chapters, starts))) + nth % ACROSS,
        y=claims["verdict"].map(dict(zip(MEANING, tops))) + nth // ACROSS), tops, starts


def chapter_head(chapter):
    """A chapter's file name as a heading.

    >>> chapter_head("02-kazakhstan")
    '2 Kazakhstan'
    """
    number, _, name = chapter.partition("-")
    return f"{number.lstrip('0')} {name.capitalize()}"
