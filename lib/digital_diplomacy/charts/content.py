"""Figures of the content analysis: shares of topics with intervals, agreement per topic."""

from textwrap import fill

from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from .base import (GREY, INK, PALE, WIDTH, canvas, country_styles, drawable, finish, floats, prose,
                   range_frame)

PERIOD_SHADES = ("#ABABAB", "#858585", "#505050", "#0064A5")  # the newest has colour
PERIOD_MARKERS = ("v", "D", "s", "o")


def topic_shares(rows, by="country", source=None):
    """Shares of topics as dots with their intervals, a line a topic, the largest first.

    rows: as `shares.table` gives them; by: "country" (one period, a marker a state) or "period"
    (one state, a marker a period). Raises ValueError where the frame holds several of the other.
    """
    rows = drawable(rows, "topic_shares", "country", "name", "period", "topic", "value")
    other = "period" if by == "country" else "country"
    if rows[other].nunique() != 1:
        raise ValueError(f"topic_shares: one {other} in a figure by {by}; "
                         f"it has {', '.join(rows[other].unique())}")
    keys = list(dict.fromkeys(rows[by]))
    order = rows.groupby("topic")["value"].agg(lambda own: floats(own).mean())
    order = list(order.sort_values(ascending=False).index)
    figure, ax = canvas(1.1 + (0.17 + 0.1 * len(keys)) * len(order))
    styles = styles_of(keys, by)
    for y, topic in enumerate(order):
        ax.axhline(y, color=PALE, linewidth=0.7, zorder=0)
        for step, key in enumerate(keys):
            one = rows[(rows["topic"] == topic) & (rows[by] == key)]
            draw_share(ax, y + (step - (len(keys) - 1) / 2) * 0.7 / len(keys), one, styles[key])
    named_lines(ax, order)
    bounds = [float(end) for value in rows["value"] for end in (value.low, value.high)]
    range_frame(ax, x=[0, *bounds])
    ax.set_xlabel("% of the sentences")
    legend(figure, rows, keys, by, styles)
    bases = rows.drop_duplicates(by)
    counted = "; ".join(f"{row['name'] if by == 'country' else row['period']} {row['sentences']}"
                        f" in {row['statements']}" for _, row in bases.iterrows())
    notes = [f"Sentences in statements: {counted}. Lines: 95 % of resamples of statements. "
             "Coded by the dictionary."]
    return finish(figure, alt_shares(rows, order, by), [rows], notes, source)


def styles_of(keys, by):
    """Colour and marker of each state, or of each period (darker is later)."""
    if by == "country":
        return country_styles(keys)
    places = range(len(PERIOD_SHADES) - len(keys), len(PERIOD_SHADES))
    return {key: {"color": PERIOD_SHADES[i], "marker": PERIOD_MARKERS[i]}
            for key, i in zip(keys, places)}


def draw_share(ax, y, one, style):
    """A dot and its interval."""
    for value in one["value"]:
        ax.plot([float(value.low), float(value.high)], [y, y], color=style["color"], linewidth=1.4)
        ax.plot(float(value), y, style["marker"], color=style["color"], markersize=4.5,
                markeredgecolor="white", markeredgewidth=0.5)


def named_lines(ax, names):
    """The topics as labels of the lines, the first at the top."""
    ax.set_yticks(range(len(names)), [fill(name, 26) for name in names], fontsize=8)
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)


def legend(figure, rows, keys, by, styles):
    """Who or when each marker is, above the axes."""
    ax = figure.axes[0]
    for key in keys:
        label = rows.loc[rows[by] == key, "name" if by == "country" else "period"].iloc[0]
        ax.plot([], [], styles[key]["marker"], color=styles[key]["color"], label=label)
    figure.legend(loc="outside upper left", ncols=2 if len(keys) == 4 else 3, fontsize=8,
                  handletextpad=0.1, columnspacing=1, borderpad=0)


def alt_shares(rows, order, by):
    """The shares in words, a sentence a topic."""
    told = []
    for topic in order:
        own = rows[rows["topic"] == topic]
        told.append(f"{topic}: " + ", ".join(
            f"{row['name'] if by == 'country' else row['period']} {prose(row['value'])} "
            f"({float(row['value'].low):.1f} to {float(row['value'].high):.1f})"
            for _, row in own.iterrows()) + ".")
    where = rows["period"].iloc[0] if by == "country" else rows["name"].iloc[0]
    return f"Dots with intervals, % of the sentences, {where}. {' '.join(told)}"


def agreement(rows, best=None, limits=(0.667, 0.8), source=None):
    """Alpha per topic with its interval, the greatest first, and the field's limits.

    rows: as `shares.reliability` gives them; best: the greatest alpha over all cut-offs, by topic,
    drawn as an open diamond; topics without alpha are left out and named.
    """
    known = rows[rows["Alpha"].notna()]
    known = known.iloc[floats(known["Alpha"]).argsort()[::-1]]
    if known.empty:
        raise ValueError("agreement: no topic has an alpha")
    figure, ax = canvas(1.1 + 0.25 * len(known))
    for y, (topic, row) in enumerate(known.iterrows()):
        ax.axhline(y, color=PALE, linewidth=0.7, zorder=0)
        value = row["Alpha"]
        ax.plot([float(row["Low"]), float(row["High"])], [y, y], color=INK, linewidth=1.6)
        ax.plot(float(value), y, "o", color=INK, markersize=5)
        if best is not None:
            ax.plot(float(best[topic]), y, "D", color=GREY, markerfacecolor="white", markersize=4.5)
    for limit, side in zip(limits, ("right", "left")):
        ax.axvline(limit, color=GREY, linewidth=1, linestyle=(0, (2, 1.5)), zorder=0.5)
        ax.annotate(f"{limit:g}", (limit, 1), (0, 2), xycoords=("data", "axes fraction"),
                    textcoords="offset points", ha=side, fontsize=8, color=INK)
    named_lines(ax, list(known.index))
    range_frame(ax, x=[0, 1])
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    ax.set_xlabel("Krippendorff’s alpha")
    left_out = [topic for topic in rows.index if topic not in known.index]
    notes = ["Dot and line: at the cut-off fixed beforehand, 95 % of resamples of statements."
             + (" Diamond: the greatest over all cut-offs, in hindsight." if best is not None
                else "") + (f" Not estimable: {', '.join(left_out)}." if left_out else "")]
    told = ", ".join(f"{topic} {prose(row['Alpha'])} ({float(row['Low']):.2f} to "
                     f"{float(row['High']):.2f})" for topic, row in known.iterrows())
    drawn = known.assign(value=known["Alpha"], source=[
        source.partition("#")[0] for value in known["Alpha"]
        for source in [row.rsplit("/", 1)[1] for row in value.rows]])
    statements = known["Alpha"].iloc[0].rows[0].rpartition("#")[2]
    return finish(figure, f"Dots with intervals, Krippendorff's alpha per topic over {statements} "
                  f"statements: {told}. Dashed lines at "
                  f"{' and '.join(f'{limit:g}' for limit in limits)}.", [drawn], notes, source)


def cutoffs(rows, limit=0.667, source=None):
    """Alpha of each topic over all cut-offs of the second procedure, a panel a topic.

    rows: as `shares.across` gives them; a dot marks the cut-off that was fixed beforehand, a dashed
    line the limit below which the field allows no conclusion.
    """
    topics = list(dict.fromkeys(rows["topic"]))
    across, down = 3, -(-len(topics) // 3)
    figure = Figure(figsize=(WIDTH, 0.5 + 1.05 * down), layout="constrained")
    axes = figure.subplots(down, across, sharex=True, sharey=True, squeeze=False).ravel()
    for ax, topic in zip(axes, topics):
        own = rows[rows["topic"] == topic]
        ax.plot(own["cutoff"] / 1000, own["alpha"], color=INK, linewidth=1.1)
        ax.plot(own.loc[own["fixed"], "cutoff"] / 1000, own.loc[own["fixed"], "alpha"], "o",
                color=INK, markersize=4)
        ax.axhline(limit, color=GREY, linewidth=0.9, linestyle=(0, (2, 1.5)), zorder=0.5)
        ax.set_title(fill(topic, 18), fontsize=7.5, pad=3, fontweight="normal")
        ax.tick_params(labelsize=7.5)
    for ax in axes[len(topics) - across:len(topics)]:
        ax.tick_params(labelbottom=True)
    for ax in axes[len(topics):]:
        ax.set_visible(False)
    axes[0].set_ylim(-0.25, 0.85)
    figure.supylabel("Krippendorff’s alpha", fontsize=8.5)
    fixed = rows[rows["fixed"]].set_index("topic")
    best = rows.groupby("topic", sort=False)["alpha"].max()
    told = ", ".join(f"{topic} {fixed['alpha'][topic]:.2f} at {fixed['cutoff'][topic] / 1000:g}, "
                     f"at most {best[topic]:.2f}" for topic in topics)
    return finish(figure, f"A panel a topic: alpha over the cut-offs from 0 to "
                  f"{rows['cutoff'].max() / 1000:g}, of "
                  f"{rows['row'].iloc[0].rpartition('#')[2]} statements. {told}. "
                  f"Dashed line at {limit:g}.", [],
                  ["Across: the least cosine at which a sentence has the topic. Dot: the cut-off "
                   f"fixed beforehand. Dashed: {limit:g}."], source,
                  list(dict.fromkeys(rows["row"])))
