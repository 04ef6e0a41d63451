"""The limit for cells: the study's tables read, its kinds of figures drawn, and nothing else.

    python benchmarks/bare.py DATA OUT

Plain pandas, seaborn and matplotlib: no rows behind a number, no checks, no labels kept apart.
Prints {"seconds": processor seconds after the imports, "figures": how many}.
"""

import json
import sys
import time
from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import matplotlib.backends.backend_svg  # noqa: E402, F401
import pandas as pd  # noqa: E402
import seaborn as sns  # noqa: E402
from matplotlib import pyplot  # noqa: E402

REGION = ["KAZ", "UZB", "KGZ", "TJK", "TKM"]
SHARES = ["internet_use", "fixed_broadband", "mobile_subscriptions"]
SCORES = ["egdi", "osi", "tii"]


class Drawing:
    """Saves each figure as a page and a notebook need it, and counts."""

    def __init__(self, folder):
        self.folder, self.count = Path(folder), 0
        self.folder.mkdir(exist_ok=True)

    def save(self, figure):
        self.count += 1
        for ending in ("svg", "png"):
            figure.savefig(self.folder / f"{self.count}.{ending}", dpi=200)
        pyplot.close(figure)


def axes(count=1, height=2.5):
    figure, grid = pyplot.subplots(1, count, figsize=(6.1, height), layout="constrained",
                                   squeeze=False)
    return figure, list(grid.flat)


def series(observations, indicator, countries):
    """One value a country and year."""
    found = observations[(observations["indicator"] == indicator)
                         & observations["country"].isin(countries)]
    return found.drop_duplicates(["country", "year"])


def lines(ax, observations, indicator, countries):
    """Countries over years on the world's quartiles and median."""
    every = observations[observations["indicator"] == indicator]
    world = every.groupby("year")["value"].quantile([0.25, 0.5, 0.75]).unstack()
    ax.fill_between(world.index, world[0.25], world[0.75], color="0.9")
    ax.plot(world.index, world[0.5], color="0.6")
    found = series(observations, indicator, countries)
    sns.lineplot(found, x="year", y="value", hue="country", style="country", markers=True,
                 errorbar=None, ax=ax)


def draw(tables, out):
    """The figures of ten chapters and five profiles, kind by kind; how many."""
    drawing, seen = Drawing(out), tables["observations"]
    pair = REGION[:2]
    for country in [*pair, *REGION]:  # two chapters and five profiles: line, panels, ranks
        figure, (ax,) = axes()
        lines(ax, seen, "internet_use", [country])
        drawing.save(figure)
        figure, panels = axes(3, 1.9)
        for ax, indicator in zip(panels, SHARES):
            lines(ax, seen, indicator, [country])
        drawing.save(figure)
        figure, (ax,) = axes()
        sns.lineplot(series(seen, "egdi_rank", [country]), x="year", y="value", marker="o", ax=ax)
        ax.invert_yaxis()
        drawing.save(figure)
    for names in (SHARES[:1] * 2, SHARES[:1], SCORES, ["egdi_rank"], SHARES, SCORES):
        figure, panels = axes(len(names))  # story, context, sides, ranks, metrics, parts
        for ax, indicator in zip(panels, names):
            lines(ax, seen, indicator, REGION if names == ["egdi_rank"] else pair)
        drawing.save(figure)
    figure, (ax,) = axes()  # attention: a share of words over years
    words = tables["debate"].assign(share=lambda one: one["internet"] / one["words"])
    sns.lineplot(words, x="year", y="share", errorbar=("pi", 50), estimator="median", ax=ax)
    drawing.save(figure)
    for x, y in (("value", "indicator"), ("value", "country"), ("year", "country")):
        figure, (ax,) = axes(1, 3.4)  # turns, ranks of states, rank sets
        sns.stripplot(seen[seen["indicator"].isin(SCORES) & seen["country"].isin(REGION)],
                      x=x, y=y, hue="country", jitter=False, ax=ax)
        drawing.save(figure)
    sentences = tables["sentences"].assign(country=lambda one: one["statement"].str[:3])
    sentences["year"] = sentences["statement"].str[4:].astype(int) // 8 * 8
    coded = sentences.assign(topic=sentences["a"].fillna("").str.split())
    coded = coded.explode("topic", ignore_index=True)
    for column in ("country", "year"):  # shares of topics with their intervals
        figure, (ax,) = axes(1, 4)
        shares = coded.groupby([column, "topic"]).size().div(coded.groupby(column).size())
        sns.pointplot(shares.rename("share").reset_index(), x="share", y="topic", hue=column,
                      linestyles="none", dodge=0.4, ax=ax)
        drawing.save(figure)
    figure, (ax,) = axes(1, 3)  # agreement
    sns.pointplot(coded, x="words", y="topic", errorbar=("ci", 95), n_boot=100, seed=1,
                  linestyles="none", ax=ax)
    drawing.save(figure)
    figure, panels = axes(4, 4)  # cut-offs
    for ax, column in zip(panels, ("cutoff", "examples", "found", "wrong")):
        sns.barplot(tables["cutoffs"], x=column, y="code", ax=ax)
    drawing.save(figure)
    terms = tables["terms"]
    figure, (ax,) = axes(1, 3)  # concepts
    sns.heatmap(pd.crosstab(terms["who"], terms["dimension"]), cbar=False, annot=True, ax=ax)
    drawing.save(figure)
    figure, (ax,) = axes(1, 8)  # timeline
    events = tables["milestones"].sort_values("date").reset_index()
    ax.hlines(events.index, 0, events["country"].eq("KAZ") - 0.5)
    for at, label in events["short_label"].items():
        ax.annotate(f"{events['date'][at]} {label}", (0, at), fontsize=7)
    drawing.save(figure)
    for column in ("chapter", "kind"):  # verdicts, drawn and written
        figure, (ax,) = axes(1, 3)
        claims = tables["claims"].assign(at=lambda one: one.groupby(column).cumcount())  # noqa: B023
        sns.scatterplot(claims, x="at", y=column, hue="kind", marker="s", legend=False, ax=ax)
        drawing.save(figure)
    return drawing.count


def main(data, out):
    """Read, draw, and say what it took."""
    start = time.process_time()
    tables = {path.stem: pd.read_csv(path) for path in sorted(Path(data).glob("*.csv"))}
    count = draw(tables, out)
    print(json.dumps({"seconds": round(time.process_time() - start, 3), "figures": count}))


if __name__ == "__main__":
    main(*sys.argv[1:])
