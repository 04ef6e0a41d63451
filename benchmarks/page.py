"""The page and the plot of what was measured: paper/results/bench.md and bench.svg.

    python benchmarks/page.py
"""

import io
import json
import os
import statistics
from pathlib import Path

RESULTS = Path(__file__).resolve().parents[1] / "paper" / "results"
CASES = {"cold": "whole study, cold", "nothing": "nothing to do",
         "prose": "prose of one notebook edited", "row": "one row edited, read by two notebooks",
         "states": "twelve drawn states, per state"}
GOALS = {"cold": (0.25, 0.5), "nothing": (0.003, 0.006), "prose": (0.03, 0.06),
         "row": (0.1, 0.2), "states": (0.1, 0.2)}  # of the loop; of the Python API
BEFORE = 0.2  # of the loop over the notebooks of the commit before
THIRD = 1 / 3  # of the processor seconds of all cells at the commit where they were measured first
NAMES = {"ours": "this study", "loop": "(a) papermill, nbconvert",
         "api": "(b) the same by the Python API", "book": "(c) Jupyter Book 1",
         "snakemake": "(d) Snakemake, notebook: rule", "before": "(a) at commit {before}"}


def seconds(results, of, case):
    """The seconds of each round, in order; those of all states are told per state."""
    found = sorted((one["round"], one["seconds"]) for one in results["measures"]
                   if (one["of"], one["case"]) == (of, case))
    return [value / (len(results["states"]) if case == "states" else 1) for _, value in found]


def median(results, of, case):
    """The median of the rounds, or None where it was not measured."""
    found = seconds(results, of, case)
    return statistics.median(found) if found else None


def ratio(results, case, of):
    """What ours takes in a case, of what others do, who run everything where they know no change.

    None where one of the two was not measured.
    """
    own = median(results, "ours", case)
    other = median(results, of, case if case == "states" else "cold")
    return own / other if own is not None and other else None


def held_against(value, goal):
    """A ratio beside its goal."""
    if value is None:
        return "not measured"
    return f"{value:.3g}, goal {goal:.3g}: {'met' if value <= goal else 'missed'}"


def told(results, of, case):
    """Median, and the least and most of several rounds."""
    found = seconds(results, of, case)
    if not found:
        return "not measured"
    spread = f" ({min(found):.3g} to {max(found):.3g})" if len(found) > 1 else ""
    return f"{statistics.median(found):.3g} s{spread}"


def table(head, rows):
    """A table of Markdown."""
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, ["---"] * len(head), *rows])


def page(results):
    """What was measured, as Markdown."""
    machine, commits = results["machine"], results["commits"]
    rounds = len(seconds(results, "ours", "cold"))
    loads = [one["load"] for one in results["measures"] if "load" in one]
    cases = table(["case", NAMES["ours"], NAMES["loop"], NAMES["api"], "of (a)", "of (b)"], [
        [words, told(results, "ours", case),
         *(told(results, of, case) if case in ("cold", "states") else "everything again"
           for of in ("loop", "api")),
         *(held_against(ratio(results, case, of), goal)
           for of, goal in zip(("loop", "api"), GOALS[case]))]
        for case, words in CASES.items()])
    others = table(["whole study, cold", "time", "this study, of it"], [
        [NAMES[of].format(**commits), told(results, of, "cold"),
         held_against(ratio(results, "cold", of), BEFORE) if of == "before" else
         shown(ratio(results, "cold", of))] for of in ("book", "snakemake", "before")])
    now, then, bare, cold = (median(results, *one) for one in (
        ("cells", "cold"), ("cells before", "cold"), ("bare", "cold"), ("ours", "cold")))
    floor = now and now / machine["cores"]
    cells = table(["all cells in one warm kernel", "processor time"], [
        ["now", told(results, "cells", "cold")],
        [f"at commit {commits['cells before']}", told(results, "cells before", "cold")],
        ["now, of that", held_against(now and then and now / then, THIRD)],
        ["a script that reads the same tables and draws the same kinds of figures",
         told(results, "bare", "cold")],
        ["now, of the script", shown(now and bare and now / bare)],
        [f"the floor: now, over {machine['cores']} cores", f"{floor:.3g} s" if floor else "–"],
        ["whole study, cold, as a multiple of the floor", shown(cold and floor and cold / floor)]])
    tools = ", ".join(f"{name} {number}" for name, number in results["tools"].items())
    return f"""# What the study costs

`make bench` measured this: {rounds} round{'s' * (rounds != 1)}, interleaved, medians with the least and the most. {machine['system']}, {machine['processor']}, {machine['cores']} cores, {machine['memory_gb']} GB, Python {machine['python']}; load of the machine when a measure began: {min(loads):.1f} to {max(loads):.1f}. This study writes HTML, PDFs and Markdown, the others HTML alone. Raw values: [bench.json](bench.json).

{cases}

![Seconds of each round, by case](bench.svg)

{others}

{cells}

At commit {commits['cells before']} there were fewer chapters, and other ones.

With {tools}.
"""  # noqa: E501


def shown(value):
    return "–" if value is None else f"{value:.3g}"


def plot(results):
    """The rounds as dots on a logarithmic axis, as the bytes of an SVG."""
    import matplotlib
    matplotlib.use("Agg")
    import pandas as pd
    import seaborn as sns
    from matplotlib.figure import Figure
    rows = pd.DataFrame([[words, NAMES[of].format(**results["commits"]), value]
                         for case, words in CASES.items() for of in NAMES
                         for value in seconds(results, of, case)],
                        columns=["case", "by", "seconds"])
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "bench",
                                "font.family": "sans-serif"}):
        figure = Figure(figsize=(7.5, 3.6), layout="constrained")
        ax = figure.subplots()
        names = [NAMES[of].format(**results["commits"]) for of in NAMES]
        sns.stripplot(rows, x="seconds", y="case", hue="by", hue_order=names, jitter=False,
                      dodge=True, palette="colorblind", ax=ax)
        ax.set(xscale="log", xlabel="seconds, logarithmic", ylabel="")
        sns.move_legend(ax, "lower right", bbox_to_anchor=(1, 1), ncols=3, title="", frameon=False)
        stream = io.BytesIO()
        figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    return stream.getvalue()


def main():
    """Write both."""
    os.chdir(RESULTS)
    results = json.loads(Path("bench.json").read_text(encoding="utf-8"))
    Path("bench.md").write_text(page(results), encoding="utf-8")
    Path("bench.svg").write_bytes(plot(results))
    print("paper/results/bench.md  paper/results/bench.svg")


if __name__ == "__main__":
    main()
