"""Would the tests notice? A hundred faults drawn by a fixed seed, each against its module's tests.

    python -m venv build/mutants && build/mutants/bin/pip install cosmic-ray
    build/mutants/bin/python tests/campaigns/mutants.py        (about 20 minutes on two cores)

cosmic-ray makes the mutants (operators, numbers, comparisons, booleans, keywords, empty loops). One
a place in the code is drawn: a line with ten variants weighs no more than another. Each runs in a
copy of the study. `paper/results/mutants.csv` has a row a mutant; `equivalents.csv` beside this
file names those that no test can notice, each with its reason: they are counted apart.
"""

import csv
import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SEED, DRAWN, SECONDS = 20261130, 100, 240
FOOTNOTED = "tests/footnoted/test_small_faults.py"  # what a campaign planted and none noticed
STUDY = "tests/study/test_small_faults_of_the_study.py"
TESTS = {  # beside the examples in the module's docstrings
    "lib/footnoted/number.py": ["tests/footnoted/test_number.py", FOOTNOTED],
    "lib/footnoted/numerals.py": ["tests/footnoted/test_numerals.py",
                                  "tests/footnoted/test_number.py", FOOTNOTED],
    "lib/footnoted/links.py": ["tests/footnoted/test_links.py", "tests/footnoted/test_edition.py"],
    "lib/digital_diplomacy/indicators.py": ["tests/study/test_indicators.py", STUDY],
    "lib/digital_diplomacy/comparison.py": ["tests/study/test_comparison.py", STUDY],
    "lib/digital_diplomacy/claims/rules.py": ["tests/study/test_rules.py"],
    **{f"lib/footnoted/consistency/{path.name}": ["tests/footnoted/test_consistency.py", FOOTNOTED]
       for path in sorted((ROOT / "lib/footnoted/consistency").glob("*.py"))},
}
COLUMNS = ["module", "line", "operator", "occurrence", "before", "after", "outcome"]


def places():
    """Every place that can be mutated: (module, line, column) -> [(operator, occurrence)]."""
    from cosmic_ray.ast import ast_nodes, get_ast
    from cosmic_ray.plugins import get_operator, operator_names
    found = {}
    for module in TESTS:
        tree = get_ast((ROOT / module).read_text(encoding="utf-8"))
        for name in sorted(operator_names()):
            kind = get_operator(name)
            if "no-op" in name or kind.arguments():
                continue
            positions = (start for node in ast_nodes(tree)
                         for start, _ in kind().mutation_positions(node))
            for occurrence, start in enumerate(positions):
                found.setdefault((module, *start), []).append((name, occurrence))
    return found


def drawn():
    """The mutants: a place each, one of its variants, with the lines before and after."""
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator
    draw, found = random.Random(SEED), places()
    for place in draw.sample(sorted(found), DRAWN):
        module, line, _ = place
        operator, occurrence = draw.choice(found[place])
        text = (ROOT / module).read_text(encoding="utf-8")
        mutant = mutate_code(text, get_operator(operator)(), occurrence)
        before, after = next((pair for pair in zip(text.splitlines(), mutant.splitlines())
                              if pair[0] != pair[1]), ("", ""))
        yield {"module": module, "line": line, "operator": operator.removeprefix("core/"),
               "occurrence": occurrence, "before": before.strip(), "after": after.strip()}, mutant


def copy(number):
    """A copy of the study that a mutant may change; what no test changes is linked."""
    folder = ROOT / "build" / "mutants-run" / str(number)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in ("lib", "tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for path in ROOT.iterdir():
        if path.name not in ("lib", "tests", "build", ".git") and not (folder / path.name).exists():
            (folder / path.name).symlink_to(path)
    return folder


def outcome(folder, module, mutant):
    """noticed, survived, or slow (a mutant that never ends is noticed by the clock)."""
    path = folder / module
    original = path.read_text(encoding="utf-8")
    path.write_text(mutant, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(folder / "lib"), "PYTHONDONTWRITEBYTECODE": "1",
                   "DD_DATA": str(ROOT / "data"), "MPLBACKEND": "agg"}
    command = [str(ROOT / ".venv/bin/python"), "-X", "utf8", "-m", "pytest", "-q", "-x",
               "-p", "no:cacheprovider", "-p", "no:xdist", "--doctest-modules", module,
               *TESTS[module]]
    try:
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True,
                              timeout=SECONDS)
        return "noticed" if done.returncode == 1 else "survived" if done.returncode == 0 else \
            "noticed" if done.returncode == 2 else f"pytest ended with {done.returncode}"
    except subprocess.TimeoutExpired:
        return "slow"
    finally:
        path.write_text(original, encoding="utf-8")


def main():
    """Run all mutants on two copies at once; write the results; exit code 1 below 90 noticed."""
    folders = Queue()
    for number in range(2):
        folders.put(copy(number))

    def one(pair):
        row, mutant = pair
        folder = folders.get()
        row["outcome"] = outcome(folder, row["module"], mutant)
        folders.put(folder)
        print(row["outcome"], row["module"], row["line"], row["before"], "->", row["after"],
              flush=True)
        return row

    with ThreadPoolExecutor(2) as pool:
        rows = list(pool.map(one, drawn()))
    with (HERE / "equivalents.csv").open(encoding="utf-8", newline="") as file:
        equal = {(row["module"], row["before"], row["after"]) for row in csv.DictReader(file)}
    for row in rows:
        if row["outcome"] == "survived" and (row["module"], row["before"], row["after"]) in equal:
            row["outcome"] = "equivalent"
    with (ROOT / "paper/results/mutants.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    counts = Counter(row["outcome"] for row in rows)
    print(dict(counts))
    noticed = counts["noticed"] + counts["slow"]
    return noticed < 0.9 * (len(rows) - counts["equivalent"])


if __name__ == "__main__":
    sys.exit(main())
