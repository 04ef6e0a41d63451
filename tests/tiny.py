"""A small study in a folder of its own, for tests of how studies run."""

import csv
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[1]
KEPT = ("observations", "facts", "corrections", "expected", "relations")  # are cut down
EMPTY = ("corrections", "expected")
CLAIM = "kaz-internet-share"                     # the one claim of its ledger
YEAR = "year: int = 2023  # the latest year"


def cells(*texts):
    """A notebook: texts that start with # are prose, the first code cell holds parameters."""
    made, tagged = [], False
    for number, text in enumerate(texts):
        if text.startswith("#"):
            cell = nbformat.v4.new_markdown_cell(text, id=f"cell-{number}")
        else:
            cell = nbformat.v4.new_code_cell(text, id=f"cell-{number}")
            cell.metadata["tags"] = [] if tagged else ["parameters"]
            tagged = True
        made.append(cell)
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return nbformat.v4.new_notebook(cells=made, metadata={"kernelspec": kernel})


TWO = {"01_first": cells("# First\n\nA question.", YEAR, "year + 1"),
       "02_second": cells("# Second\n\nAnother.", YEAR, "import time\ntime.sleep(1)", "## End",
                          "year")}
AT_WORK = "01-first  run"  # printed while the second notebook, which sleeps, still runs


def table(source, target):
    """Copy a table, of the large ones only a few rows; one that is not there has only a header."""
    text = source.read_text(encoding="utf-8") if source.exists() else ""
    rows = list(csv.DictReader(text.splitlines(keepends=True)))
    if target.stem == "observations":
        rows = [row for row in rows
                if (row["country"], row["indicator"]) == ("KAZ", "internet_use")]
    elif target.stem in KEPT:
        rows = rows[:target.stem not in EMPTY]
    elif target.stem == "article_sentences":
        rows = [{**row, "claims": CLAIM, "reason": ""} if CLAIM in row["claims"].split() else
                {**row, "claims": "none", "reason": "no claim of this study"} for row in rows]
    elif target.stem == "article":
        claimed = (CLAIM, f"{CLAIM}-year")
        rows = [{**row, "excluded": "" if row["id"] in claimed else "no claim of this study"}
                for row in rows]
    elif target.stem == "article_tokens":
        rows = [row for row in rows if row["kind"] != "most"]  # their sentences have no claim here
    rows = [row for row in rows if CLAIM == row.get({"claims": "id", "checks": "claim"}.get(
        target.stem), CLAIM)]
    package = json.loads((ROOT / "data" / "datapackage.json").read_text(encoding="utf-8"))
    fields = next([field["name"] for field in resource["schema"]["fields"]]
                  for resource in package["resources"] if resource["path"] == target.name)
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fields, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def study(folder, **notebooks):
    """Write the study: its steps are the real dodo.py's, its tables parts of the real ones."""
    for name in ("data", "notebooks", "paper"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    package = ROOT / "data" / "datapackage.json"
    for name in (package, ROOT / "dodo.py", ROOT / "requirements.lock", ROOT / "pyproject.toml"):
        shutil.copy(name, folder / name.relative_to(ROOT))
    shutil.copytree(ROOT / "lib", folder / "lib",
                    ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    described = json.loads(package.read_text(encoding="utf-8"))
    for resource in described["resources"]:
        made = folder / "data" / resource["path"]
        table(ROOT / "data" / resource["path"], made)
        if "hash" in resource:  # of a table that is made from files, and here of a part of it
            resource["hash"] = f"sha256:{hashlib.sha256(made.read_bytes()).hexdigest()}"
    (folder / "data" / "datapackage.json").write_text(json.dumps(described), encoding="utf-8")
    for name, notebook in notebooks.items():
        nbformat.write(notebook, folder / "notebooks" / f"{name.replace('_', '-')}.ipynb")
    return folder


def environment(folder, **more):
    """The environment in which a study's own copy of the package is found."""
    return {**os.environ, "PYTHONPATH": str(folder / "lib"), **more}


def dd(folder, *words, **more):
    """Run a command of the package in a study, more: environment; the finished process."""
    return subprocess.run([sys.executable, "-m", "digital_diplomacy", *words], cwd=folder,
                          capture_output=True, encoding="utf-8", env=environment(folder, **more))


def stopped(folder, number, when, *words):
    """Start a command, send a signal once a line of its output holds `when`; its exit code.

    It hears Ctrl-C, which a shell takes from what it runs in the background.
    """
    process = subprocess.Popen([sys.executable, "-m", "digital_diplomacy", *words], cwd=folder,
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8",
                               start_new_session=True, env=environment(folder),
                               preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    for line in process.stdout:
        if when in line:
            time.sleep(0.3)
            (os.killpg if number == signal.SIGINT else os.kill)(process.pid, number)
            break
    code = process.wait()
    process.stdout.close()
    return code


def state(folder, *places):
    """{file: bytes} of what a study made."""
    return {str(path.relative_to(folder)): path.read_bytes() for place in places
            for path in sorted((folder / place).rglob("*")) if path.is_file()}
