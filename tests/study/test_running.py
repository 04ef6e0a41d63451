"""make, doit, papermill and the environment, on a small study of its own."""

import contextlib
import importlib.util
import json
import os
import pty
import re
import shlex
import shutil
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import nbformat
import pandas as pd
import pytest
import runs
import tiny
from tiny import ROOT, cells, dd, state

from digital_diplomacy import __main__, steps
from footnoted import running
from footnoted.files import file_digest, manifest_text, read_manifest, write_atomic

MADE = ("site", "paper", "figures", "build/executed", "build/notebooks")
PROFILE = cells("# A country", 'country: str = "KGZ"  # three letters\n' + tiny.YEAR,
                "(country, year)")


@pytest.fixture
def study(tmp_path):
    return tiny.study(tmp_path, **tiny.TWO)


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    """A study that was run once, and what it said; not to be changed."""
    folder = tiny.study(tmp_path_factory.mktemp("done"), **tiny.TWO)
    result = dd(folder, "study")
    assert result.returncode == 0, result.stderr
    return folder, result


@pytest.fixture
def again(done, tmp_path):
    """A copy of the finished study."""
    shutil.copytree(done[0], tmp_path / "copy")
    return tmp_path / "copy"


def environment():
    """environment.py as a module."""
    spec = importlib.util.spec_from_file_location("environment", ROOT / "environment.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def edited(path, change):
    """Rewrite a notebook after `change` was applied to its cells."""
    notebook = nbformat.read(path, 4)
    change(notebook.cells)
    nbformat.write(notebook, path)


def on_a_terminal(folder, *words):
    """The exit code of a command and all that a terminal was shown."""
    ours, theirs = pty.openpty()
    at_work = subprocess.Popen(words, cwd=folder, stdout=theirs, env=tiny.environment(folder))
    os.close(theirs)
    shown = b""
    with contextlib.suppress(OSError):  # the terminal is gone when the process is
        while part := os.read(ours, 4096):
            shown += part
    os.close(ours)
    return at_work.wait(), shown.decode()


# make

def targets():
    """Targets of the Makefile that a reader may name, with their help or None."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    return {m[1]: m[2] for m in re.finditer(r"^([a-z]+):[^=\n]*?(?:## (.+))?$", text, re.M)}


def test_make_alone_lists_every_target_by_whom_it_serves():
    said = subprocess.run(["make"], cwd=ROOT, capture_output=True, encoding="utf-8").stdout
    assert [line for line in said.splitlines() if line.startswith("For ")] == [
        "For a reader:", "For a reviser:", "For a maintainer:"]
    listed = [line.split()[1] for line in said.splitlines() if line.startswith("  make ")]
    assert set(listed) == set(targets()) - {"env"} and all(
        described for name, described in targets().items() if name != "env")
    order = ["study", "test", "lab", "country", "sync", "verify", "data", "measure", "campaign",
             "lock"]
    assert [name for name in listed if name in order] == order


FOR_THE_ENVIRONMENT = ("Makefile", "environment.py", "requirements.lock", "pyproject.toml")
# Stands for the Python that environments are made of, and for theirs: pip takes as long as the
# file `slow` says, and fails where there is a file `broken`.
FAKE = """#!/bin/sh
case "$*" in
*"-m venv"*) mkdir -p .venv.new/bin; cp "$0" .venv.new/bin/python
  echo "#!$PWD/.venv.new/bin/python" | tee .venv.new/bin/tool > .venv.new/pyvenv.cfg;;
*requirements.lock*) echo "Collecting apples==1"; sleep $(cat slow); echo done >> installed
  [ ! -e broken ] || { cat broken; exit 1; };;
esac
"""


def executable(path, text):
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)
    return path


@pytest.fixture
def bare(tmp_path):
    """A folder with what makes environments; python3x is a Python with which that takes no time."""
    for name in FOR_THE_ENVIRONMENT:
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "slow").write_text("0", encoding="utf-8")
    python(tmp_path, "python3x", "")
    return tmp_path


def python(folder, name, code):
    """A Python in which some code ran before environment.py."""
    fake = executable(folder / "fake", FAKE)
    return executable(folder / name, f"""#!/bin/sh
exec {sys.executable} -c 'import sys, runpy
sys._base_executable = "{fake}"
{code}
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")' "$@"
""")


def make_env(folder, python="./python3x", **options):
    return subprocess.Popen(["make", f"PYTHON={python}", "env"], cwd=folder, encoding="utf-8",
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)


def made_env(folder, python="./python3x"):
    """Exit code of make, what it said, and its errors."""
    process = make_env(folder, python)
    out, errors = process.communicate(timeout=60)
    return process.returncode, out, errors


MAKING = "Making .venv from requirements.lock: once, a minute or more.\n"


@pytest.mark.parametrize("name, code, said", [
    ("python4", None, "There is no ./python4. Install Python 3.11"),
    ("old", 'sys.version_info, sys.version = (3, 9, 1), "3.9.1 (main)"',
     "./old is Python 3.9.1: too old. Install Python 3.11 or newer, or name it: make PYTHON="),
    ("debian", 'sys.modules["ensurepip"] = None',
     "cannot make a virtual environment: its module venv or ensurepip is missing. Mend: "),
])
def test_environment_names_what_is_missing(bare, name, code, said):
    if code:
        python(bare, name, code)
    code, out, errors = made_env(bare, f"./{name}")
    assert code == 2 and said in errors.splitlines()[0] and out == ""
    assert not list(bare.glob(".venv*"))


def test_a_new_environment_takes_its_place_when_complete_and_knows_it(bare):
    assert made_env(bare) == (0, MAKING, "") == made_env(bare)[:1] + (MAKING, "")
    assert made_env(bare) == (0, "", "")  # nothing to do
    assert [path.name for path in bare.glob(".venv*")] == [".venv"]
    for name in ("bin/tool", "pyvenv.cfg"):
        assert (bare / ".venv" / name).read_text() == f"#!{bare}/.venv/bin/python\n"
    assert (bare / "installed").read_text() == "done\n"
    (bare / "requirements.lock").write_text("other")
    assert made_env(bare) == (0, MAKING, "")
    assert (bare / "installed").read_text() == "done\n" * 2


def test_a_locale_that_is_not_installed_changes_nothing(bare):
    """Some shells warn of it, those of a Python's shim too: the stamp holds Python's own words."""
    shim = (bare / "python3x").read_text()
    executable(bare / "python3x", shim.replace(
        "\nexec ", '\necho "$LC_ALL: no such locale" >&2; exec '))
    assert made_env(bare)[0] == 0
    process = make_env(bare, env={**os.environ, "LC_ALL": "xx_XX.UTF-8"})
    assert "Making" not in process.communicate()[0] and process.returncode == 0
    assert (bare / "installed").read_text() == "done\n"


@pytest.mark.parametrize("said, mend", [
    ("ERROR: No matching distribution found for apples", "has no wheel for this Python (3."),
    ("WARNING: connection broken", "The package index cannot be reached. Check the network"),
    ("OSError: [Errno 28] No space left on device", "The disk is full. Free 2 GB, then make"),
    ("Segmentation fault", "Mend: read build/pip.log, then make again."),
])
def test_where_a_new_environment_fails_the_old_one_stays(bare, said, mend):
    made_env(bare)
    (bare / ".venv/mine").touch()
    (bare / "requirements.lock").write_text("other")
    (bare / "broken").write_text(said)
    code, out, errors = made_env(bare)
    assert code == 2 and mend in errors and "Traceback" not in errors
    assert (bare / ".venv/mine").exists() and not (bare / ".venv.new").exists()


def test_two_first_commands_at_once_make_one_environment(bare):
    (bare / "slow").write_text("2")
    both = [make_env(bare) for _ in range(2)]
    said = sorted(process.communicate(timeout=60) for process in both)
    assert [process.returncode for process in both] == [0, 0]
    assert said == [("Another make is making .venv: this one waits for it.\n", ""), (MAKING, "")]
    assert (bare / "installed").read_text() == "done\n"


def test_after_a_kill_the_next_command_waits_for_pip_and_begins_anew(bare):
    """pip outlives who called it: two in one folder would wreck each other."""
    (bare / "slow").write_text("3")
    process = make_env(bare, start_new_session=True)
    while not (bare / ".venv.new/bin/python").exists():
        time.sleep(0.05)
    time.sleep(0.5)
    for entry in Path("/proc").glob("[0-9]*/cmdline"):  # environment.py itself, not its pip
        with contextlib.suppress(OSError):
            if b"environment.py" in entry.read_bytes() and \
                    os.getpgid(int(entry.parent.name)) == process.pid and \
                    entry.read_bytes().startswith(sys.executable.encode()):
                os.kill(int(entry.parent.name), 9)
    process.communicate()
    assert process.returncode == 2 and not (bare / "installed").exists()
    assert made_env(bare)[1] == "Another make is making .venv: this one waits for it.\n" + MAKING
    assert (bare / "installed").read_text() == "done\n" * 2
    assert [path.name for path in bare.glob(".venv*")] == [".venv"]


def test_killed_before_the_last_move_the_complete_one_is_used(bare):
    made_env(bare)
    os.rename(bare / ".venv", bare / ".venv.new")
    (bare / ".venv.old").mkdir()
    assert made_env(bare) == (0, "", "")
    assert [path.name for path in bare.glob(".venv*")] == [".venv"]


@pytest.mark.parametrize("what", ["link", "link to nowhere", "folder"])
def test_what_stands_for_an_environment_is_replaced(bare, what):
    other = bare / "other"
    other.mkdir()
    if what == "folder":
        other.rename(bare / ".venv")
    else:
        (bare / ".venv").symlink_to(other if what == "link" else "nowhere")
    assert made_env(bare) == (0, MAKING, "")
    assert other.exists() == (what != "folder") and not (bare / ".venv").is_symlink()


@pytest.mark.parametrize("name, said", [
    (".venv", ".venv is a file where a folder belongs. Mend: move it away, then make again."),
    ("build", "The environment cannot be made: build: File exists. Mend this, then make again."),
])
def test_a_file_where_a_folder_belongs_is_said_and_left(bare, name, said):
    (bare / name).write_text("mine")
    code, out, errors = made_env(bare)
    assert code == 2 and errors.splitlines()[0] == said and (bare / name).read_text() == "mine"


def test_pip_s_minutes_show_life_on_a_terminal(bare):
    (bare / "slow").write_text("3")
    code, shown = on_a_terminal(bare, "make", "PYTHON=./python3x", "env")
    assert code == 0 and re.search(r"\r\033\[K\d s  Collecting apples==1", shown)
    first, _, last = shown.partition("\n")
    assert first.startswith("Making .venv") and "\n" not in last and last.endswith("\r\033[K")


@pytest.mark.network
@pytest.mark.parametrize("index, said", [
    ("http://127.0.0.1:9/simple", "The package index cannot be reached. Check the network"),
    ("", "requirements.lock has no wheel for this Python"),
])
def test_environment_says_why_pip_failed(tmp_path, index, said):
    for name in FOR_THE_ENVIRONMENT:
        shutil.copy(ROOT / name, tmp_path / name)
    pip = {"PIP_INDEX_URL": index, "PIP_RETRIES": "1"} if index else {"PIP_NO_INDEX": "1"}
    clean = {key: value for key, value in os.environ.items() if not key.startswith("PIP_")}
    result = subprocess.run(["make", "study"], cwd=tmp_path, capture_output=True, encoding="utf-8",
                            env=clean | pip | {"PIP_CONFIG_FILE": os.devnull})
    assert said in result.stderr and result.returncode == 2
    assert not list(tmp_path.glob(".venv*"))


def test_environment_yml_is_the_lock():
    import yaml
    listed = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    assert [entry for entry in listed if isinstance(entry, dict)] == [
        {"pip": ["-r requirements.lock"]}]
    assert "pip" in listed and any(str(entry).startswith("python>=3.11") for entry in listed)
    second = "pip install -e . --no-deps --no-build-isolation"
    assert second in (ROOT / "environment.yml").read_text(encoding="utf-8")


@pytest.mark.network
def test_environment_yml_installs(tmp_path):
    import yaml
    listed = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    for name in ("pyproject.toml", "requirements.lock", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "lib", tmp_path / "lib", ignore=shutil.ignore_patterns("*.egg-info"))
    subprocess.run([sys.executable, "-m", "venv", "new"], cwd=tmp_path, check=True)
    (tmp_path / "pip.txt").write_text("\n".join(listed[-1]["pip"]), encoding="utf-8")  # as conda
    for words in ("-r pip.txt", "-e . --no-deps --no-build-isolation"):
        subprocess.run(["new/bin/pip", "install", "--quiet", *words.split()], cwd=tmp_path,
                       check=True)
    subprocess.run(["new/bin/python", "-I", "-c", "import digital_diplomacy.edition"],
                   cwd=tmp_path, check=True)


def test_lock_names_no_index_and_hashes_everything():
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in text and "index-url" not in text
    entries = re.findall(r"^([a-z0-9][\w.-]*==\S+.*(?:\n +--hash=.*)+)", text, re.M)
    assert len(entries) == len(re.findall(r"^[a-z0-9]", text, re.M)) > 100
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    assert wanted and all(re.search(rf"^{name.replace('_', '-')}==", text, re.M) for name in wanted)


def test_ci_runs_the_tests():
    script = ROOT / ".ci" / "run"
    lines = script.read_text(encoding="utf-8").splitlines()
    assert os.access(script, os.X_OK) and lines[-1] == "exec make test"
    assert subprocess.run(["bash", "-n", script]).returncode == 0


def test_the_workflow_runs_both_commands_on_two_systems_and_two_pythons():
    import yaml
    text = (ROOT / ".github/workflows/study.yml").read_text(encoding="utf-8")
    job = yaml.safe_load(text)["jobs"]["study"]
    commands = [step["run"] for step in job["steps"] if "run" in step]
    assert commands == ["make study", "make test"]
    assert len(job["strategy"]["matrix"]["os"]) == 2 <= len(job["strategy"]["matrix"]["python"])


def test_hooks_come_from_the_environment_and_strip_what_the_filter_strips():
    import yaml
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    hooks = {hook["id"]: hook["entry"] for repo in hooks["repos"] for hook in repo["hooks"]}
    assert all(entry.startswith(".venv/bin/") for entry in hooks.values())
    assert shlex.split(hooks["nbstripout"])[1:] == shlex.split(environment().KEPT)


# The default run

def test_a_run_says_its_notebooks_and_where_to_look_first(done):
    folder, result = done
    *lines, last = result.stdout.splitlines()
    assert sorted(lines) == ["01-first  run", "02-second  run"]  # the shorter may end first
    assert re.fullmatch(r"\d+ steps, \d+ s\. Look first: site/index\.html, then paper/paper\.pdf",
                        last)
    assert result.stderr == ""
    assert {"site/01-first.html", "site/index.html", "paper/01-first.md",
            "paper/paper.pdf"} <= state(folder, "site", "paper").keys()


def test_a_run_writes_the_ledger_for_readers_and_for_machines(done):
    site = done[0] / "site"
    assert f'id="{tiny.CLAIM}"' in (site / "ledger.html").read_text(encoding="utf-8")
    claims = json.loads((site / "claims.json").read_text(encoding="utf-8"))
    assert [claim["id"] for claim in claims] == [tiny.CLAIM]
    assert claims[0]["verdict"] and len(claims[0]["origin"]) == len(claims[0]["rows"]) > 0


def test_nothing_to_do_says_so_in_a_line(done):
    result = dd(done[0], "study")
    assert result.stdout.splitlines() == [
        "Nothing to do. Look first: site/index.html, then paper/paper.pdf"]
    assert dd(done[0], "why").stdout == "No step would run: nothing changed.\n"


def test_an_unknown_step_is_refused_with_1_not_with_doit_s_own_codes(done):
    result = dd(done[0], "study", "nosuch")
    assert result.returncode == 1 and 'Invalid parameter: "nosuch"' in result.stderr


def test_the_manifest_lists_what_is_committed_and_generated(done):
    folder, _ = done
    made = {name for name in state(folder, "paper", "figures")} - {"paper/manifest.sha256"}
    listed = read_manifest(folder / "paper" / "manifest.sha256")
    assert listed.keys() == made
    assert all(file_digest(folder / name) == value for name, value in listed.items())


def test_on_a_terminal_one_line_moves(again):
    edited(again / "notebooks/01-first.ipynb", lambda c: c[2].update(source="year + 2"))
    code, shown = on_a_terminal(again, sys.executable, "-m", "digital_diplomacy", "study")
    assert code == 0
    moved, _, last = shown.rpartition("\r\033[K")
    assert moved.count("\n") == 0 and re.fullmatch(r"\d+ steps, .*\r\n", last)
    assert "0 of 2 notebooks: 01-first runs" in moved or "1 of 2 notebooks: 01-first runs" in moved
    assert "2 of 2 notebooks: 01-first is printed" in moved


def test_prose_renders_code_executes(again):
    edited(again / "notebooks/01-first.ipynb", lambda c: c[0].update(source="# First\n\nNew."))
    why = dd(again, "why").stdout
    assert "execute:01-first" not in why
    assert "render:01-first: notebooks/01-first.ipynb changed" in why
    edited(again / "notebooks/01-first.ipynb", lambda c: c[2].update(source="year + 2"))
    why = dd(again, "why").stdout
    assert "execute:01-first: code of 01-first.ipynb changed" in why
    assert re.search("^bind:paper: .*after render:01-first", why, re.M)
    assert re.search("^book: .*after (bind:paper|ledger)", why, re.M)
    result = dd(again, "study")
    assert result.stdout.splitlines()[:-1] == ["01-first  run"]
    assert "New." in (again / "paper/01-first.md").read_text(encoding="utf-8")
    assert "2025" in (again / "paper/01-first.md").read_text(encoding="utf-8")
    edited(again / "notebooks/01-first.ipynb", lambda c: c[0].update(source="# First\n\nNewer."))
    assert dd(again, "study").stdout.splitlines()[:-1] == ["01-first  printed"]


ROWS = pd.DataFrame({"country": ["KAZ", "KAZ", "UZB", "UZB"], "year": [2023, 2023, 2023, 2024],
                     "indicator": ["egdi", "egdi", "egdi", "hci"], "source": ["un"] * 3 + ["wb"],
                     "missing": [False] * 3 + [True], "digest": range(4)})


@pytest.mark.parametrize(("parts", "words"), [
    (["observations:egdi", "observations:egdi:un"], ["observations, egdi of KAZ, UZB, 2 rows"]),
    (["missing:hci", "table:sources"], ["data/sources.csv", "observations, hci of UZB, 1 row"]),
    (["observations:osi:un", "file:x.csv"], ["observations, osi of un", "x.csv"]),
    ([], [])])
def test_parts_that_changed_are_named_by_their_rows_where_those_are_known(parts, words):
    assert steps.parts_in_words(parts, ROWS) == words


def test_without_rows_parts_are_named_alone():
    part = "observations:egdi:un"
    assert steps.parts_in_words([part], ROWS.iloc[:0]) == ["observations, egdi of un"]


def test_why_names_the_rows_that_a_run_reads_and_no_run_that_reads_others(again):
    edited(again / "notebooks/01-first.ipynb", lambda c: c[2].update(
        source="import digital_diplomacy as dd\ndd.pick('internet_use')"))
    assert dd(again, "study").returncode == 0
    table = again / "data/facts.csv"
    kept = table.read_text(encoding="utf-8")
    header, row = kept.splitlines()
    for mended in (f"{row[:-1]} too{row[-1]}", f"{row},,"):  # another note, a wrong row
        table.write_text(f"{header}\n{mended}\n", encoding="utf-8")
        said = dd(again, "why").stdout
        assert "tables: data/facts.csv changed" in said and "execute:" not in said
    new = "KAZ,2025,,internet_use,94,94,printed,,gapminder_internet_users,typed,,"
    table.write_text(f"{header}\n{row}\n{new}\n", encoding="utf-8")
    said = dd(again, "why").stdout
    assert "execute:01-first: observations, internet_use of KAZ, 1 row changed\n" in said
    assert "execute:02-second" not in said
    table.write_text(kept, encoding="utf-8")
    assert dd(again, "why").stdout == "No step would run: nothing changed.\n"


def test_why_ends_quietly_where_nobody_reads_on(again):
    edited(again / "notebooks/01-first.ipynb", lambda c: c[2].update(source="year + 2"))
    command = shlex.join([sys.executable, "-m", "digital_diplomacy", "why"])
    done = subprocess.run(f"{command} | true", shell=True, cwd=again, capture_output=True,
                          env=tiny.environment(again))
    assert (done.returncode, done.stderr) == (0, b"")


def test_why_names_three_of_many_files(again):
    for path in sorted((again / "lib/digital_diplomacy").glob("*.py")):
        path.write_text(path.read_text(encoding="utf-8") + "# new\n", encoding="utf-8")
    said = re.search(r"^render:01-first: (.+)$", dd(again, "why").stdout, re.M)[1]
    assert re.search(r"__init__\.py, (\S+\.py, )?\S+\.py and \d+ more changed", said), said


def test_why_tells_a_new_file_from_a_changed_one(again):
    (again / "lib/digital_diplomacy/fresh.py").write_text('"""New."""\n', encoding="utf-8")
    said = re.search(r"^render:01-first: (.+)$", dd(again, "why").stdout, re.M)[1]
    assert said == "lib/digital_diplomacy/fresh.py new"


def test_garbled_and_missing_targets_are_made_again(again):
    clean = state(again, *MADE)
    targets = ("site/01-first.html", "build/executed/01-first.ipynb",
               "build/rendered/02-second/paper/02-second.md")
    for target in targets[:2]:  # garbled, the same length
        (again / target).write_bytes((again / target).read_bytes()[:-9] + b"x" * 9)
    (again / targets[2]).unlink()
    for target in targets:
        assert f"{target} missing or not as the step left it" in dd(again, "why").stdout
    assert dd(again, "study").returncode == 0
    assert state(again, *MADE) == clean


def test_a_chapter_that_goes_leaves_nothing_behind(again):
    (again / "notebooks/02-second.ipynb").unlink()
    assert dd(again, "study").returncode == 0
    assert not [name for name in state(again, "site", "paper", "figures") if "02-second" in name]


def test_a_notebook_that_is_no_chapter_makes_a_supplement_and_takes_it_away(again):
    more = again / "notebooks" / "S1-more.ipynb"
    nbformat.write(tiny.cells("# More\n\nA question.", tiny.YEAR, "year + 1"), more)
    made = {"site/S1-more.html", "paper/S1-more.md", "paper/supplement.pdf", "site/supplement.pdf"}
    assert not made & state(again, "site", "paper").keys()
    assert dd(again, "study").returncode == 0
    assert made <= state(again, "site", "paper").keys()
    assert 'href="S1-more.html"' in (again / "site/01-first.html").read_text(encoding="utf-8")
    more.unlink()
    assert dd(again, "study").returncode == 0
    assert not made & state(again, "site", "paper").keys()


def test_a_change_of_what_the_paper_holds_prints_it_again_and_runs_nothing(again):
    settings = again / "pyproject.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace('chapters = ["0[0-5]-*"]', 'chapters = ["01-*"]'))
    why = dd(again, "why").stdout
    assert "book: settings changed" in why and "execute:" not in why


def test_publishing_moves_what_changed_and_deletes_what_no_longer_is(tmp_path):
    """Only what an earlier publication listed is deleted: a reader's own file stays."""
    def render(**files):
        steps.write_rendered(tmp_path, "one", {name.replace("__", "/") + ".md": text
                                               for name, text in files.items()})
        steps.publish(tmp_path, tmp_path / "build/rendered/one.sha256")
    render(paper__a="a", paper__old="b", figures__only="c", site__page="d", site__old="e")
    render(paper__a="a", paper__old="b", figures__only="c", site__page="d")
    assert not (tmp_path / "site/old.md").exists()  # the record in build/ knew it
    (tmp_path / "build/published.sha256").unlink()  # as in a fresh clone: the manifest is left
    before = (tmp_path / "paper/a.md").stat().st_mtime_ns
    write_atomic(tmp_path / "paper/mine.md", "mine")
    render(paper__a="a", site__page="new")
    assert (tmp_path / "paper/a.md").stat().st_mtime_ns == before
    assert state(tmp_path, "paper", "figures", "site") == {
        "paper/a.md": b"a", "paper/mine.md": b"mine", "site/page.md": b"new",
        "paper/manifest.sha256": manifest_text(
            {"paper/a.md": file_digest(tmp_path / "paper/a.md")}).encode()}
    assert not (tmp_path / "figures").exists()
    assert not (tmp_path / "build/rendered/one/figures").exists()
    assert read_manifest(tmp_path / "build/published.sha256").keys() == {
        "paper/a.md", "paper/manifest.sha256", "site/page.md"}


READERS = {
    "01_picks": cells("# Picks", tiny.YEAR, "import digital_diplomacy as dd",
                      'dd.number("n", dd.latest(dd.pick("internet_use"), "KAZ", 2023))'),
    "02_plain": cells("# Plain", tiny.YEAR, "import pandas as pd",
                      'int(pd.read_csv("../mine/own.csv")["a"].sum())'),
    "03_none": cells("# None", tiny.YEAR, "year + 1"),
}


@pytest.fixture(scope="module")
def readers(tmp_path_factory):
    """A study of three notebooks that read different things, run once."""
    folder = tiny.study(tmp_path_factory.mktemp("readers"), **READERS)
    write_atomic(folder / "mine/own.csv", "a\n1\n")
    result = dd(folder, "study")
    assert result.returncode == 0, result.stderr
    return folder


def record(folder, name):
    return json.loads((folder / f"build/executed/{name}.reads").read_text(encoding="utf-8"))


def test_a_run_records_what_it_read_and_no_more(readers):
    picks, plain, none = (record(readers, name) for name in ("01-picks", "02-plain", "03-none"))
    assert {"observations:internet_use:gapminder_internet_users", "table:countries"} <= set(
        picks["parts"])
    assert not {"table:observations", "table:facts", "table:claims"} & set(picks["parts"])
    assert list(plain["parts"]) == ["file:mine/own.csv"] and not none["parts"]
    assert {"digital_diplomacy/data.py", "footnoted/number.py"} <= set(picks["modules"])
    assert not {"digital_diplomacy/steps.py", "footnoted/edition/tree.py",
                "digital_diplomacy/speeches/sheets.py"} & set(picks["modules"])
    assert not plain["modules"] and not none["modules"]


def correct(folder):
    """Another value of the one observation, by a row of `corrections`."""
    rows = (folder / "data/observations.csv").read_text(encoding="utf-8").splitlines()
    header, row = rows[0].split(","), next(one for one in rows if ",2023," in one).split(",")
    of = dict(zip(header, row))
    fields = (folder / "data/corrections.csv").read_text(encoding="utf-8").strip()
    given = of | {"field": "value", "old": of["value"], "new": "92.8786", "reason": "a try",
                  "authority": "a try"}
    line = ",".join(given.get(name, "") for name in fields.split(","))
    write_atomic(folder / "data/corrections.csv", f"{fields}\n{line}\n")


def add(name, text):
    def change(folder):
        path = folder / name
        write_atomic(path, path.read_text(encoding="utf-8") + text)
    return change


@pytest.mark.slow
@pytest.mark.parametrize(("change", "why", "runs"), [
    (correct, "observations, internet_use of gapminder_internet_users", {"01-picks"}),
    (add("mine/own.csv", "2\n"), "mine/own.csv", {"02-plain"}),
    (add("lib/digital_diplomacy/data.py", "# new\n"), "lib/digital_diplomacy/data.py",
     {"01-picks"}),
    (add("lib/digital_diplomacy/speeches/sheets.py", "# new\n"), "", set()),
    (add("data/terms.csv", ""), "", set()),
    (lambda folder: write_atomic(folder / "build/executed/01-picks.reads", "{"),
     "what it read is not known", {"01-picks"}),
    (lambda folder: (folder / "build/executed/03-none.reads").unlink(),
     "build/executed/03-none.reads missing", {"03-none"}),
    (lambda folder: (folder / "build/parts.json").write_text("no JSON"), "", set()),
    (lambda folder: edited(folder / "notebooks/03-none.ipynb",
                           lambda c: c[0].update(source="# None\n\nOther prose.")), "", set()),
    (lambda folder: edited(folder / "notebooks/03-none.ipynb",
                           lambda c: c[2].update(source="year + 2")), "code of", {"03-none"}),
])
def test_a_change_runs_what_read_it_and_nothing_else(readers, tmp_path, change, why, runs):
    copy = tmp_path / "copy"
    shutil.copytree(readers, copy)
    change(copy)
    assert dd(copy, "study", "tables").returncode == 0
    said = [line for line in dd(copy, "why").stdout.splitlines() if line.startswith("execute:")]
    assert {line.split(":")[1] for line in said} == runs and all(why in line for line in said)
    done = dd(copy, "study")
    assert done.returncode == 0, done.stderr
    assert {line.split()[0] for line in done.stdout.splitlines() if line.endswith("  run")} == runs
    made = state(copy, "site", "paper", "figures", "build/notebooks")
    shutil.rmtree(copy / "build")
    assert dd(copy, "study").returncode == 0
    assert state(copy, "site", "paper", "figures", "build/notebooks") == made


def test_a_step_ends_when_the_run_that_started_it_is_gone(study):
    """Its stdin closes with that run; the campaign kills whole runs."""
    step = subprocess.Popen(
        [sys.executable, "-m", "digital_diplomacy", "step", "execute", "notebooks/02-second.ipynb",
         "build/out.ipynb"], cwd=study, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
        env=tiny.environment(study))
    step.stdin.close()
    assert step.wait(timeout=60) == 1 and not (study / "build/out.ipynb").exists()


def test_a_failing_notebook_is_one_screen_and_publishes_nothing(again):
    before = state(again, "site", "paper", "figures")
    edited(again / "notebooks/02-second.ipynb", lambda c: c[4].update(source="1 / 0"))
    result = dd(again, "study")
    lines = result.stderr.strip().splitlines()
    assert result.returncode == 1 and len(lines) <= 24
    assert "notebooks/02-second.ipynb, cell 3 (id cell-4), under “End”" in lines[0]
    assert "ZeroDivisionError: division by zero" in lines
    assert lines[-1] == "Mend: see it live with `make lab`, then `make study`."
    assert state(again, "site", "paper", "figures") == before
    assert "tables: " not in dd(again, "why").stdout  # what ended before stays done
    edited(again / "notebooks/02-second.ipynb", lambda c: c[4].update(source="year"))
    assert dd(again, "study").returncode == 0


def test_a_wrong_table_is_said_with_its_place(again):
    before = state(again, "site", "paper")
    path = again / "data/observations.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"\n(KAZ,2023,,internet_use),[^,]+", r'\n\1,"1,234"', text),
                    encoding="utf-8")
    result = dd(again, "study")
    assert result.returncode == 1 and "  run" not in result.stdout
    assert re.search(r"observations\.csv line \d+, value: '1,234' is not a number", result.stderr)
    assert result.stderr.splitlines()[-1].startswith("Mend")
    assert state(again, "site", "paper") == before


@pytest.mark.parametrize("words", [("claims",), ("country", "KGZ"), ("test", "--version"),
                                   ("content", "compare", "a.csv")])
def test_whichever_command_meets_wrong_tables_says_all_before_a_notebook_runs(again, words):
    shutil.copy(ROOT / "notebooks/country-profile.ipynb", again / "notebooks")
    for table, old, new in (("claims", "02-kazakhstan", "02-kazakstan"),
                            ("countries", "KGZ", "KG")):
        path = again / f"data/{table}.csv"
        path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    result = dd(again, *words)
    assert result.returncode == 1 and "Traceback" not in result.stderr
    assert re.search(r"claims\.csv line \d+, chapter", result.stderr)
    assert "countries.csv line" in result.stderr and result.stdout == ""


def test_a_file_that_is_no_notebook_is_refused(study):
    (study / "notebooks/03-broken.ipynb").write_text("{", encoding="utf-8")
    result = dd(study, "study")
    assert result.returncode == 1 and "03-broken.ipynb is not a notebook" in result.stderr
    assert "Traceback" not in result.stderr


# What breaks down: a kernel, a step, the disk, the study's own records

def executed(folder, source, monkeypatch):
    """A notebook's execution, in the environment of a step."""
    path = folder / "a.ipynb"
    nbformat.write(cells("# First", tiny.YEAR, "## Part", source), path)
    for name, value in steps.environment(folder).items():
        monkeypatch.setenv(name, value)
    return running.execute(path, "a", {})


@pytest.mark.parametrize("source, said", [
    ("import os\nos._exit(1)", "The kernel died: the cell took more memory than there is"),
    ("while True: pass", "The cell was not done after 1 s: give it less to do, or write "
                         "`seconds_per_cell = 3600` below [tool.footnoted] in pyproject.toml."),
])
def test_a_cell_that_ends_its_kernel_or_never_ends_is_named(tmp_path, monkeypatch, source, said):
    monkeypatch.setattr(running, "settings", lambda: {"seconds_per_cell": 1})
    with pytest.raises(running.StudyError) as raised:
        executed(tmp_path, source, monkeypatch)
    lines = str(raised.value).splitlines()
    assert lines[0].endswith("a.ipynb, cell 2 (id cell-3), under “Part”")
    assert any(line.startswith(said) for line in lines) and lines[-1].startswith("Mend: ")


def test_a_kernel_that_does_not_start_is_said(tmp_path, monkeypatch):
    write_atomic(tmp_path / "build/home/ipython/profile_default/startup/00.py",
                 "import os\nos._exit(1)")
    with pytest.raises(running.StudyError, match=r"a: its kernel did not start .*\nMend: close"):
        executed(tmp_path, "1", monkeypatch)


def test_a_step_that_is_killed_is_said(study):
    path = study / "notebooks/01-first.ipynb"
    edited(path, lambda c: c[2].update(source="import os\nos.kill(os.getppid(), 9)"))
    code, said = steps.process(study, "execute", path, "build/executed/01-first.ipynb")
    assert code == -9 and said.splitlines()[-1].startswith("Mend: ")
    assert said.startswith("execute 01-first was stopped by SIGKILL: was memory short?")


@pytest.mark.parametrize("place, make, said", [
    ("build", "file", "build is a file where a folder belongs. Mend: move it away, then run"),
    ("build", "link", "build is a link to nowhere where a folder belongs. Mend: move it away"),
    ("build/lock", "folder", "build/lock is a folder where a file belongs. Mend: move it away"),
    ("build/state.json", "folder", "build/state.json is a folder where a file belongs. Mend: "),
])
def test_what_stands_in_the_way_is_one_line(study, place, make, said):
    path = study / place
    if make == "folder":
        path.mkdir(parents=True)
    elif make == "link":
        path.symlink_to("/nowhere/at/all")
    else:
        write_atomic(path, "mine")
    result = dd(study, "why")
    assert (result.returncode, result.stdout) == (1, "") and result.stderr.startswith(said)
    assert len(result.stderr.splitlines()) == 1 and os.path.lexists(path)


@pytest.mark.parametrize("text", [
    b"", b"{", b"\xff\x00", b"[]", b"null", b"3", b'{"a": 3}', b"[" * 99999,
    b'{"tables": {"deps:": 5}}', b'{"tables": {"deps:": [5]}}', b'{"tables": {"a.csv": []}}',
    b'{"tables": {"_values_:": []}}', b'{"tables": {"checker:": 1}}'])
def test_a_garbled_state_is_set_aside_and_said(tmp_path, capsys, text):
    write_atomic(tmp_path / "state.json", text)
    __main__.set_aside_broken(tmp_path / "state.json")
    assert not (tmp_path / "state.json").exists() and "was garbled and is now" in \
        capsys.readouterr().err
    assert (tmp_path / "state.broken.json").read_bytes() == text


def test_the_state_that_a_run_wrote_stays(done, capsys):
    __main__.set_aside_broken(done[0] / "build/state.json")
    assert (done[0] / "build/state.json").exists() and capsys.readouterr() == ("", "")


def test_garbled_lists_of_files_are_made_again_and_nothing_else_is_deleted(again):
    clean, tables = state(again, *MADE), state(again, "data")
    for name in ("build/published.sha256", "build/rendered/book.sha256"):
        (again / name).write_bytes(b"\xff noise  \n")
    with open(again / "paper/manifest.sha256", "ab") as file:
        file.write(b"0a  data/countries.csv\n0a  site/../dodo.py\n")
    result = dd(again, "study")
    assert result.returncode == 0, result.stderr
    assert state(again, *MADE) == clean and state(again, "data") == tables
    assert (again / "dodo.py").exists()


def test_measure_says_which_notebook_is_garbled(again):
    (again / "build/notebooks/01-first.ipynb").write_text("{")
    result = dd(again, "measure")
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.splitlines()[-1] == "Mend: make study"


def test_two_runs_at_once_are_refused(study):
    import fcntl
    (study / "build").mkdir()
    with open(study / "build/lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)  # which a run that shared its lock would not mind
        result = dd(study, "study")
    assert result.returncode == 1 and "at work in this folder" in result.stderr


def test_kernels_start_from_the_allowed_environment(tmp_path):
    seen = cells("# Seen", tiny.YEAR, "import os, json\nprint(json.dumps(dict(os.environ)))")
    folder = tiny.study(tmp_path, **{"01_seen": seen})
    assert dd(folder, "study", "execute", SECRET="x", LANG="de_DE.UTF-8",
              OPENBLAS_CORETYPE="Haswell").returncode == 0
    notebook = nbformat.read(folder / "build/executed/01-seen.ipynb", 4)
    found = json.loads(notebook.cells[2].outputs[0].text)
    assert "SECRET" not in found and "LANG" not in found
    assert found["OPENBLAS_CORETYPE"] == "Haswell" and found["OMP_NUM_THREADS"] == "1"
    assert found["PYTHONPATH"] == str(folder / "lib")
    for name, value in running.environment(folder).items():
        assert found[name] == value or name in ("PATH", "PYTHONPATH", "TERM")
    for name in ("HOME", "IPYTHONDIR", "MPLCONFIGDIR", "MATPLOTLIBRC", "JUPYTER_CONFIG_DIR"):
        assert found[name].startswith(str(folder / "build"))


def test_executed_notebooks_hold_no_clock_path_or_random_id(done):
    text = (done[0] / "build/executed/02-second.ipynb").read_text(encoding="utf-8")
    assert "papermill" not in text and str(done[0]) not in text
    assert not re.search(r"\d{4}-\d\d-\d\dT", text)


def test_sync_runs_what_changed_and_writes_its_numbers_into_all_prose(tmp_path):
    chapter = cells("# First\n\nIt is [1](#n), [above](#more) one.", tiny.YEAR,
                    "import digital_diplomacy as dd",
                    'online = dd.latest(dd.pick("internet_use"), "KAZ", 2023)\n'
                    'dd.number("n", online)\ndd.finding("more", online, ">", 50)')
    folder = tiny.study(tmp_path, **{"01_first": chapter, "02_second": chapter})
    front = folder / "paper/front-matter.md"
    front.write_text("# Title\n\nIt is [1](01-first.ipynb#n).\n", encoding="utf-8")
    result = dd(folder, "sync")
    assert result.returncode == 0, result.stderr
    assert re.findall(r": 1 → (.+) \((.+)\)", result.stdout) == [
        ("92.9 %", "#n"), ("92.9 %", "#n"), ("92.9 %", "01-first#n")]
    assert "[92.9 %](01-first.ipynb#n)" in front.read_text(encoding="utf-8")
    assert all("[92.9 %](#n)" in path.read_text(encoding="utf-8") for path in
               (folder / "notebooks").glob("*.ipynb"))
    edited(folder / "notebooks/02-second.ipynb", lambda c: c[3].update(
        source=c[3].source.replace(">", "<")))
    result = dd(folder, "sync")
    assert result.returncode == 1 and "#more" in result.stderr
    assert result.stderr.splitlines()[-1] == "Mend: these sentences need other words or links."


# A country

@pytest.fixture(scope="module")
def profile(tmp_path_factory):
    return tiny.study(tmp_path_factory.mktemp("country"), country_profile=PROFILE)


@pytest.mark.parametrize("words, said", [
    ([], "Name a country: make country COUNTRY=KGZ YEAR=2024."),
    (["../../x"], "no UN member '../../x': use the three letters of ISO 3166-1, such as KGZ."),
    (["KGY"], "no UN member 'KGY': did you mean 'KGZ'?"),
    (["Kyrgyzstan"], "no UN member 'Kyrgyzstan': did you mean 'KGZ'?"),
    (["KGZ", "1800"], "year 1800 is outside the tables: they hold 1990 to 2024."),
    (["KGZ", "abc"], "year 'abc' is not a whole number: write it as in YEAR=2023."),
])
def test_a_wrong_parameter_is_one_sentence_before_a_kernel_starts(profile, words, said):
    result = dd(profile, "country", *words)
    years = re.sub(r"hold \d+ to \d+", "hold 1990 to 2024", result.stderr)
    assert (result.returncode, years, result.stdout) == (2, said + "\n", "")
    assert not (profile / "build" / "executed").exists()


def test_an_unknown_parameter_is_named_with_the_nearest(profile):
    with pytest.raises(running.CallError, match="no parameter 'yaer': did you mean 'year'"):
        running.typed(profile / "notebooks/country-profile.ipynb", {"yaer": "2020"})


def test_a_country_publishes_nothing(profile):
    result = dd(profile, "country", "UZB", "2020")
    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines()[-1] == (
        "build/country/UZB-2020.html  build/country/UZB-2020.pdf")
    page = (profile / "build/country/UZB-2020.html").read_text(encoding="utf-8")
    assert "(&#39;UZB&#39;, 2020)" in page or "('UZB', 2020)" in page
    assert (profile / "build/country/UZB-2020.pdf").read_bytes().startswith(b"%PDF")
    assert not (profile / "site").exists()


@pytest.mark.parametrize("words, code, said", [
    (["data"], 2, "Name the folder of the raw files: make data RAW=folder.\n"),
    (["data", "nowhere"], 2, "RAW is 'nowhere': there is no such folder.\n"),
    (["verify"], 1, "There is no paper/manifest.sha256 to compare with.\nMend: make study\n"),
])
def test_other_calls_say_what_they_need(profile, words, code, said):
    result = dd(profile, *words)
    assert (result.returncode, result.stderr) == (code, said)


def test_an_unknown_command_is_one_sentence(profile):
    result = dd(profile, "foo")
    assert result.returncode == 2 and len(result.stderr.splitlines()) == 1


def test_options_of_pytest_pass_through_make():
    with runs.alone():
        result = dd(ROOT, "test", "--version", "-p", "no:cacheprovider")
    assert result.returncode == 0 and "pytest" in result.stdout + result.stderr


# verify, git

def finished_process(code=0):
    return subprocess.CompletedProcess([], code)


def test_verify_compares_manifest_clean_build_and_files(again, monkeypatch, capsys):
    """The clean build is a copy here; tests/campaigns/test_stopped_runs.py makes a real one."""
    def build(words, cwd, **options):
        assert not (cwd / "paper/01-first.md").exists() and (cwd / "dodo.py").exists()
        shutil.copytree(again / "build/rendered/01-first/paper", cwd / "paper", dirs_exist_ok=True)
        shutil.copy(again / "clean.sha256", cwd / "paper/manifest.sha256")
        return finished_process()
    manifest = again / "paper/manifest.sha256"
    shutil.copy(manifest, again / "clean.sha256")
    monkeypatch.setattr(subprocess, "run", build)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    __main__.verify(again)
    assert capsys.readouterr().out == f"The same: {len(read_manifest(manifest))} files of " \
                                      "paper/manifest.sha256.\n"
    assert not (again / "build/verify").exists()
    write_atomic(again / "paper/01-first.md", "by hand")
    (again / "paper/02-second.md").unlink()
    manifest.write_text(re.sub(".*paper.pdf\n", "", manifest.read_text()) + "0  paper/old.md\n")
    with pytest.raises(running.StudyError) as raised:
        __main__.verify(again)
    assert str(raised.value).splitlines()[:5] == [
        "paper/01-first.md: changed since it was published", "paper/02-second.md: missing",
        "paper/old.md: not in the clean build", "paper/paper.pdf: not in the manifest",
        f"4 of {len(read_manifest(manifest))} files differ: build/verify holds the clean ones."]
    monkeypatch.setattr(subprocess, "run", lambda *words, **options: finished_process(1))
    with pytest.raises(running.StudyError, match="The clean build failed"):
        __main__.verify(again)


@pytest.fixture
def repository(tmp_path):
    """A repository with a notebook that has an output since it was committed; no .venv."""
    folder = tmp_path / "main"
    (folder / "notebooks").mkdir(parents=True)
    shutil.copy(ROOT / ".gitattributes", folder)
    (folder / ".gitignore").write_text(".venv*\n", encoding="utf-8")
    notebook = cells("# Prose", tiny.YEAR, "1")
    nbformat.write(notebook, folder / "notebooks/a.ipynb")
    git(folder, "init", "--quiet")
    git(folder, "config", "filter.nbstripout.clean", environment().FILTER)
    git(folder, "config", "filter.nbstripout.smudge", "cat")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "-m", "first")
    notebook.cells[2].update(execution_count=4, outputs=[
        nbformat.v4.new_output("execute_result", {"text/plain": "1"}, execution_count=4)])
    nbformat.write(notebook, folder / "notebooks/a.ipynb")
    return folder


def git(folder, *words):
    """What git said, and what it said on stderr."""
    done = subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b.c", *words],
                          cwd=folder, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr


def staged(folder):
    return nbformat.reads(git(folder, "show", ":notebooks/a.ipynb")[0], 4)


def test_outputs_are_stripped_at_commit_ids_and_tags_kept(repository):
    (repository / ".venv").symlink_to(sys.prefix)
    assert git(repository, "add", ".") == ("", "")
    kept = staged(repository)
    assert [c.id for c in kept.cells] == ["cell-0", "cell-1", "cell-2"]
    assert kept.cells[1].metadata.tags == ["parameters"]
    assert not kept.cells[2].outputs and kept.cells[2].execution_count is None
    assert git(repository, "diff", "HEAD") == ("", "")


def test_git_goes_on_without_the_environment_and_says_so(repository):
    said = "Outputs of notebooks stay in: there is no .venv. Mend: make env"
    assert git(repository, "diff")[1].startswith(said)
    assert git(repository, "status", "--short") == (" M notebooks/a.ipynb\n", "")
    for words in (["diff"], ["add", "."], ["commit", "-m", "more"]):
        assert {*git(repository, *words)[1].splitlines()} <= {said}
    git(repository, "checkout", "--quiet", "HEAD~1")


def test_a_worktree_uses_the_environment_of_its_main_folder(repository):
    (repository / ".venv").symlink_to(sys.prefix)
    other = repository.parent / "other"
    git(repository, "worktree", "add", "--quiet", str(other))
    shutil.copy(repository / "notebooks/a.ipynb", other / "notebooks/a.ipynb")
    assert git(other, "add", ".") == ("", "") and not staged(other).cells[2].outputs
    (repository / ".venv").unlink()
    (repository / ".venv").mkdir()  # broken: git takes the file as it is, and says so at length
    shutil.copytree(repository / "notebooks", other / "notebooks", dirs_exist_ok=True)
    git(other, "status")


def test_verify_lists_files_where_git_refuses_to(repository, monkeypatch):
    """A clone of another owner, as root meets it; and a .git that is none."""
    (repository / ".venv.new").mkdir()
    (repository / ".venv.new/file").touch()
    with_git = __main__.files_of_the_study(repository)
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    assert subprocess.run(["git", "status"], cwd=repository, capture_output=True).returncode == 128
    assert __main__.files_of_the_study(repository) == with_git == {
        ".gitattributes", ".gitignore", "notebooks/a.ipynb"}
