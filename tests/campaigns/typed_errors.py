"""Are plausible typing errors noticed? Errors of five kinds in what the outputs use, by indicator.

    python tests/campaigns/typed_errors.py        (after make study; some minutes)

writes paper/results/typed_errors.json. An error stands in value and printed text alike, so that no
rule of form sees it. `by_hand`: the row is edited in its table, whose sha256 tells of an edit where
the table is made from files; `in_source`: the raw file itself has the error, and only the checks of
plausibility can see it. Exit 1 where a goal is missed. What a run would tell afterwards, by links
that the data contradict, is not counted.
"""

import json
import random
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path

import nbformat

from digital_diplomacy import data, plausibility
from footnoted import links

ROOT = Path(__file__).parents[2]
SEED, MOST, BATCH = 20261201, 12, 60  # errors of a kind and an indicator; in one copy of the tables
KINDS = {"decimal shift": 0.9, "digits swapped": 0.9, "neighbours exchanged": 0.9,
         "wrong last digit": 0.7, "neighbour year": 0.7}  # and the goals
ROW = re.compile(r"[A-Z]{3}/[\d-]+/[a-z_]+/[a-z0-9_]+")


def used():
    """Ids of the observations that outputs of the executed notebooks rest on by name."""
    found = set()
    for path in sorted((ROOT / "build" / "executed").glob("*.ipynb")):
        for cell in links.code_cells(nbformat.read(path, 4)):
            for bundle in links.bundles(cell):
                found |= set(ROW.findall(json.dumps(bundle)))
    return found


def text_of(value):
    """A number as a table has it: no exponent, no trailing zeros."""
    return f"{value:.10f}".rstrip("0").rstrip(".")


def shifted(text, draw):
    """The decimal point one place off; None where a count would not be whole or nothing changes."""
    whole = "." not in text
    value = float(text) * draw.choice((10, 0.1))
    return None if whole and value % 1 else value


def swapped(text, draw):
    """Two neighbouring digits that differ, exchanged; None where there are none."""
    places = [i for i, (a, b) in enumerate(zip(text, text[1:]))
              if a != b and (a + b).isdigit() and not (i == 0 and b == "0" and "." not in text)]
    if not places:
        return None
    i = draw.choice(places)
    return float(text[:i] + text[i + 1] + text[i] + text[i + 2:])


def last_digit(text, draw):
    """Another last digit."""
    return float(text[:-1] + draw.choice([d for d in "0123456789" if d != text[-1]]))


def seeds(frame, wanted, draw):
    """Errors as (kind, row index, {row index: wrong value}) for what outputs use."""
    rows = plausibility.in_series(frame)
    at = {one: i for i, one in frame["row"].items()}
    after = rows.index.to_series().shift(-1).where(rows["key"].eq(rows["key"].shift(-1)))
    section = rows.sort_index().groupby(["indicator", "year", "date", "source"])
    neighbour = section["value"].shift(-1)
    other = rows.sort_index().index.to_series().groupby(
        [rows[name] for name in ("indicator", "year", "date", "source")]).shift(-1)
    before = rows["before"].where(rows["key"].eq(rows["key"].shift()))
    by_indicator = defaultdict(list)
    for one in sorted(wanted & at.keys()):
        if at[one] in rows.index:
            by_indicator[rows.at[at[one], "indicator"]].append(at[one])
    for name in sorted(by_indicator):
        own = by_indicator[name]
        for kind in KINDS:
            for i in draw.sample(own, min(MOST, len(own))):
                value, text = rows.at[i, "value"], text_of(rows.at[i, "value"])
                if kind == "neighbours exchanged":
                    if neighbour[i] == neighbour[i] and neighbour[i] != value:
                        yield kind, i, {i: neighbour[i], int(other[i]): value}
                    continue
                if kind == "neighbour year":
                    near = [int(j) for j in (before[i], after[i]) if j == j]
                    wrong = rows.at[draw.choice(near), "value"] if near else None
                else:
                    wrong = {"decimal shift": shifted, "digits swapped": swapped,
                             "wrong last digit": last_digit}[kind](text, draw)
                if wrong is not None and wrong != value:
                    yield kind, i, {i: wrong}


def batches(planted, frame):
    """The errors in groups: no two of one series, state in a survey, or cross-section."""
    groups = []
    for error in planted:
        marks = set()
        for i in error[2]:
            row = frame.loc[i]
            marks |= {(row["country"], row["indicator"]), (row["source"], row["indicator"],
                                                           row["year"])}
            if row["source"].startswith("undesa"):
                marks.add((row["source"], row["country"]))
        for taken, group in groups:
            if not taken & marks and len(group) < BATCH:
                taken |= marks
                group.append(error)
                break
        else:
            groups.append((marks, [error]))
    return [group for _, group in groups]


def noticed(group, frame, allowed):
    """Which errors of a group are seen by a bound or by a suspicion about their cell."""
    wrong = {i: value for _, _, changes in group for i, value in changes.items()}
    planted = frame.assign(value=frame["value"].where(
        ~frame.index.isin(wrong), frame.index.map(wrong)).astype(float))
    rows = plausibility.in_series(planted)
    cells = set()
    for name, rule in plausibility.RULES.items():
        for one in rule(rows):
            if (name, frame.at[one.row, "row"]) not in allowed:
                cells |= {one.row} if one.other is None else {one.row, one.other}
                if name == "parts":
                    key = tuple(frame.loc[one.row, ["country", "year", "source"]])
                    cells.add(key)
    codebook = data.rows_by("indicators", "indicator")
    for _, _, changes in group:
        yield any(i in cells or beyond(frame.at[i, "indicator"], value, codebook)
                  or frame.at[i, "indicator"] in plausibility.PARTS
                  and tuple(frame.loc[i, ["country", "year", "source"]]) in cells
                  for i, value in changes.items())


def beyond(indicator, value, codebook):
    """True where a value is outside the codebook's bounds."""
    low, high = codebook[indicator]["low"], codebook[indicator]["high"]
    return bool(low) and value < float(low) or bool(high) and value > float(high)


def share(cells, rows):
    """How many errors were seeded and noticed, and the share among all rows that outputs use.

    cells: {indicator and table: what was noticed of its sample}; rows: how many rows of each are
    used, which is its weight: an indicator of one row weighs as one row.
    """
    weight = sum(rows[name] for name in cells)
    return {"n": sum(map(len, cells.values())), "noticed": sum(map(sum, cells.values())),
            "share": round(sum(rows[name] * sum(found) / len(found)
                               for name, found in cells.items()) / weight, 3) if cells else None}


def main():
    frame = data.observations()
    allowed, _ = plausibility.expected(frame["row"])
    alarms = plausibility.suspicion_faults()
    tables = [table for table, _ in data.observation_places()]
    made = {Path(one["path"]).stem for one in data.package()["resources"] if "hash" in one}
    wanted = used()
    names = {i: (name, "made" if tables[i] in made else "typed")
             for i, name in frame["indicator"].items()}
    held = frame.index[frame["row"].isin(wanted) & frame["value"].notna()]
    rows = Counter(names[i] for i in held)
    groups = batches(list(seeds(frame, wanted, random.Random(SEED))), frame)
    results = {kind: defaultdict(list) for kind in KINDS}
    for n, group in enumerate(groups, start=1):
        print(f"{n} of {len(groups)}, {len(group)} errors", file=sys.stderr, flush=True)
        for (kind, i, _), seen in zip(group, noticed(group, frame, allowed)):
            results[kind][names[i]].append(seen)
    record = {"about": __doc__.strip().splitlines()[0], "seed": SEED, "false_alarms": len(alarms),
              "rows_used": len(held), "errors": sum(map(len, groups)), "kinds": {}}
    missed = list(alarms)
    for kind, goal in KINDS.items():
        cells = dict(sorted(results[kind].items()))
        by_hand = {name: [True] * len(found) if name[1] == "made" else found
                   for name, found in cells.items()}
        of = {table: {name: found for name, found in cells.items() if name[1] == table}
              for table in ("made", "typed")}
        record["kinds"][kind] = {
            "goal": goal, "by_hand": share(by_hand, rows), "in_source": share(of["made"], rows),
            "in_typed_tables": share(of["typed"], rows),
            "by_indicator": {f"{name}, {table}": {
                "rows_used": rows[name, table], "n": len(found), "noticed_by_checks": sum(found)}
                for (name, table), found in cells.items()}}
        if record["kinds"][kind]["by_hand"]["share"] < goal:
            missed.append(f"{kind}: {record['kinds'][kind]['by_hand']['share']:.1%} noticed, the "
                          f"goal is {goal:.0%}")
    out = ROOT / "paper" / "results" / "typed_errors.json"
    out.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    for kind, found in record["kinds"].items():
        print(f"{kind}: by hand {found['by_hand']}, checks alone: made {found['in_source']}, "
              f"typed {found['in_typed_tables']}")
    print(*missed, sep="\n")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
