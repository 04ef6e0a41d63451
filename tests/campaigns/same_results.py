"""Does this edition say what the first one said? Value, interval, unit, state, verdict, one by one.

    python tests/campaigns/same_results.py   (after make study; exit code 1 where they differ)
    python tests/campaigns/same_results.py --rows   (also what rests on other rows)

`first_edition.json.gz` holds what commit afa159a gave: numbers, cells of tables, findings, texts of
tables and figures, verdicts (made by `--keep SITE EXECUTED` there). `ids.csv` maps each id that is
another one now (`to`), or is gone (`why`); `changes.csv` lists what is meant to differ, each with
its reason.
"""

import csv
import gzip
import json
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
KEPT = HERE / "first_edition.json.gz"
COMPARED = ("kind", "value", "low", "high", "unit", "state", "text")
MIME = ("application/vnd.footnoted+json", "application/vnd.digital-diplomacy+json")


def said(site, executed):
    """What a study says: {"chapter#id": facts} of numbers, words and figures, and of verdicts."""
    found = {}
    for one in json.loads(Path(site, "numbers.json").read_text(encoding="utf-8")):
        facts = {key: one.get(key) for key in COMPARED} | {"rows": sorted(one.get("rows", []))}
        found[f"{one['chapter']}#{one['id']}"] = facts
    for path in sorted(Path(executed).glob("*.ipynb")):
        for bundle in bundles(path):
            for name, facts in words(bundle):
                found.setdefault(f"{path.stem}#{name}", facts)
    for claim in json.loads(Path(site, "claims.json").read_text(encoding="utf-8")):
        found[f"claim#{claim['id']}"] = {
            "kind": "verdict", "state": claim["verdict"], "rows": sorted(claim["rows"]),
            "text": "; ".join([claim["own"], claim["cited"], claim["preferred"], claim["label"],
                               claim["basis"], *claim["marks"]])}
    return found


def bundles(path):
    """Our bundles among the outputs of an executed notebook."""
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        for output in cell.get("outputs", []):
            yield from (output["data"][mime] for mime in MIME if mime in output.get("data", {}))


def words(bundle):
    """Cells of a table, by row and column, and what a figure says to those who do not see it."""
    if bundle["kind"] == "figure":
        facts = {"kind": "figure", "text": bundle["alt"], "rows": sorted(bundle["rows"])}
        yield bundle["id"], facts
    if bundle["kind"] == "table":
        for key, line in zip(bundle["row_keys"], bundle["cells"]):
            for column, cell in zip(bundle["column_keys"], line):
                if not cell.get("rows"):
                    yield (f"{bundle['id']}/{key}/{column}",
                           {"kind": "words", "text": cell["text"], "rows": []})


def table(name):
    """The rows of a csv beside this file."""
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def compared(old, new, moved, meant):
    """What differs: (lines that are faults, lines on rows that changed)."""
    faults, rows = [], []
    gone = {row["from"]: row["why"] for row in moved if not row["to"]}
    renamed = {row["from"]: row["to"] for row in moved if row["to"]}

    def looked_up(key, table):
        """The entry of a key, or that of the longest of its beginnings that the table has."""
        parts = key.split("/")
        for n in range(len(parts), 0, -1):
            if (start := "/".join(parts[:n])) in table:
                return table[start], "/".join(parts[n:])
        return table.get(key.split("#")[0] + "#*"), key.split("#")[1]

    for key, was in old.items():
        if looked_up(key, gone)[0]:
            continue
        to, rest = looked_up(key, renamed)
        now_key = key if to is None else to.replace("*", rest) if to.endswith("*") else \
            "/".join(filter(None, [to, rest]))
        now = new.get(now_key)
        if now is None:
            faults.append(f"{key}: gone (looked for {now_key}): add it to ids.csv with its reason")
            continue
        faults += [f"{now_key}, {column}: {was.get(column)!r} is now {now.get(column)!r}"
                   for column in COMPARED
                   if (now_key, column) not in meant and differs(column, was, now)]
        if was["rows"] != now["rows"]:
            rows.append(f"{now_key}: {len(was['rows'])} rows are now {len(now['rows'])}")
    return faults, rows


def differs(column, was, now):
    """Whether a result says another thing in one column; the first edition gave cells no unit."""
    if column == "unit" and was.get(column) is None:
        return False
    if column == "kind" and {was[column], now[column]} <= {"number", "cell"}:
        return False  # a number of its own may be a cell of a table now
    if column == "text" and was["kind"] == "finding" == now["kind"]:
        return not same_pairs(was["text"], now["text"])
    return was.get(column) != now.get(column)


def same_pairs(*texts):
    """Whether findings compare the same pairs, whichever side stands first; of long ones the first
    three are told, in the order of their rows."""
    told = []
    for text in texts:
        pairs = [pair.split(" < ")[::-1] if " < " in pair else pair.split(" > ")
                 for pair in text.split("; ")]
        told.append(sorted(map(tuple, pairs)))
    return told[0] == told[1] or all(" more" in text for text in texts)


def main(arguments):
    """Keep a first edition, or compare this study with it."""
    if arguments[:1] == ["--keep"]:
        text = json.dumps(said(*arguments[1:]), ensure_ascii=False, sort_keys=True)
        KEPT.write_bytes(gzip.compress(text.encode(), mtime=0))
        return 0
    old = json.loads(gzip.decompress(KEPT.read_bytes()))
    new = said(ROOT / "site", ROOT / "build" / "executed")
    moved, meant = table("ids.csv"), {(row["id"], row["column"]) for row in table("changes.csv")}
    faults, rows = compared(old, new, moved, meant)
    print(*faults, sep="\n")
    print(f"{len(old)} results of the first edition: {len(faults)} differ that should not, "
          f"{len(meant)} differ as changes.csv says, {len(rows)} rest on other rows")
    if "--rows" in arguments:
        print(*rows, sep="\n")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
