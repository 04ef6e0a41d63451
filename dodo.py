"""The steps of `make study`: what each rests on, what it makes. doit decides which run.

tables -> execute:NAME, ledger -> render:NAME -> bind:BOOK, indexes -> book, countries -> publish.
A step runs as a process of its own in the allow-listed environment and moves finished files into
place; only the last one touches site/, paper/ and figures/.
"""

import contextlib
import json
import os
import re
import shutil
import sys
import time
from pathlib import Path

from doit.cmd_info import Info
from doit.exceptions import TaskFailed
from doit.globals import Globals
from doit.reporter import ZeroReporter

from digital_diplomacy.steps import (
    BUILT,
    PARTS,
    ROWS,
    STAMP,
    digest_of,
    parts_in_words,
    parts_now,
    plan,
    process,
    tables_today,
)
from footnoted import running
from footnoted.files import file_digest, read_manifest, refusal, write_atomic
from footnoted.hints import first_in_words

ROOT = Path(__file__).resolve().parent
LIB = Path(running.__file__).parents[1]
PLAN = plan(ROOT)
CODE = {name: running.code_of(path) for name, (path, _) in PLAN.items()}
TITLES = running.titles(path for path, given in PLAN.values() if not given)
SETTINGS = running.settings()  # which notebooks the paper prints, what pages say of the study
PUBLISHED = "build/published.sha256"
NOWHERE = os.open(os.devnull, os.O_WRONLY)
FIRST = "Look first: site/index.html, then paper/paper.pdf"


def files(folder, *patterns):
    """Files of a folder and below, as text; inside the study relative to it."""
    found = sorted(path for pattern in patterns for path in Path(folder).rglob(pattern))
    return [os.path.relpath(path, ROOT) if ROOT in path.parents else str(path) for path in found]


DATA = files(ROOT / "data", "*.csv", "*.json")
FRONT = files(ROOT / "paper", "*.bib", "front-*.md")
LIBRARY = files(LIB, "*.py", "templates/*")


class Unchanged:
    """A named value that a step rests on: `make why` says its name."""

    def __init__(self, name, value):
        self.name, self.value = name, value

    def configure_task(self, task):
        task.value_savers.append(lambda: {self.name: self.value})

    def __call__(self, task, values):
        return values.get(self.name) == self.value

    def __repr__(self):
        return f"{self.name} changed"


class Intact:
    """The targets as the step left them, and every file that a manifest among them names."""

    def __init__(self, targets):
        self.targets, self.broken = targets, []

    def configure_task(self, task):
        task.value_savers.append(lambda: {name: file_digest(name) for name in self.targets})

    def __call__(self, task, values):
        self.broken = [name for name in self.targets if values.get(name) != file_digest(name)]
        for name in (name for name in self.targets if name.endswith(".sha256")):
            home = Path() if name == PUBLISHED else Path(name).with_suffix("")
            self.broken += [str(home / file) for file, value in read_manifest(name).items()
                            if file_digest(home / file) != value]
        return not self.broken

    def __repr__(self):
        return f"{first_in_words(self.broken, 3)} missing or not as the step left it"


class Read:
    """What the run of a notebook read, as the step recorded it: parts of data/, files, modules."""

    today = None  # for `make why`: what data/ is now, while else that counts which was checked last

    def __init__(self, record):
        self.record, self.changed = Path(record), []

    def __call__(self, task, values):
        try:
            record = json.loads(self.record.read_text(encoding="utf-8"))
            parts, modules = record["parts"], record["modules"]
        except (OSError, ValueError, KeyError):
            self.changed = ["what it read is not known"]
            return False
        now, rows = self.today or (parts_now(ROOT), None)
        changed = [part for part, digest in parts.items() if digest != digest_of(ROOT, part, now)]
        self.changed = parts_in_words(changed, rows)
        self.changed += [f"{LIB.name}/{name}" for name, digest in modules.items()
                         if digest != file_digest(LIB / name)]
        return not self.changed

    def __repr__(self):
        return f"{first_in_words(self.changed, 3)} changed"


def say(text, **options):
    """Print, unless nobody reads on: the steps go on."""
    with contextlib.suppress(OSError):
        print(text, flush=True, **options)


class Progress(ZeroReporter):
    """On a terminal one line that moves, elsewhere a line a notebook; what failed comes last.

    Steps that need not run are not told. doit would write what it knows at the end of a run, in
    place: after each step, and moved into place, a killed run goes on where it stopped.
    """

    desc = "notebooks as they run, failures, and where to look first"
    DOES = {"execute": "runs", "render": "is printed", "bind": "is printed"}

    def initialize(self, tasks, selected):
        self.ran, self.start, self.whole = 0, time.monotonic(), "publish" in selected
        self.notebooks = {name for name in tasks if name.startswith("execute:")
                          and {name, "execute"} & {*selected}}
        self.done, self.executed, self.at_work = 0, set(), {}
        Globals.dep_manager.backend.dump = self.dump

    def dump(self):
        """Write what doit knows. It would print the traceback of any Exception."""
        backend = Globals.dep_manager.backend
        try:
            write_atomic(backend.name, backend.codec.encode(backend._db))
        except OSError as error:
            sys.exit(refusal(error))

    def move(self):
        """Write the line anew, where there is a terminal."""
        if sys.stdout.isatty():
            line = f"{self.done} of {len(self.notebooks)} notebooks: " \
                   f"{', '.join(self.at_work.values())}" if self.at_work else ""
            width = shutil.get_terminal_size().columns - 1
            say(f"\r\033[K{line[:width]}", end="")

    def execute_task(self, task):
        if task.actions:
            self.ran += 1
            step, _, name = task.name.partition(":")
            self.at_work[task.name] = f"{name} {self.DOES[step]}" if name else step
            self.move()

    def skip_uptodate(self, task):
        self.done += task.name in self.notebooks

    def add_success(self, task):
        self.dump()
        step, _, name = task.name.partition(":")
        if task.name in self.notebooks:
            self.done += 1
            self.executed.add(name)
        if name and task.actions and step != "bind" and not sys.stdout.isatty() \
                and (step == "execute" or name not in self.executed):
            say(f"{name}  {'run' if step == 'execute' else 'printed'}")
        self.at_work.pop(task.name, None)
        self.move()

    def add_failure(self, task, fail):
        self.at_work.pop(task.name, None)
        self.failures.append(fail.get_msg())

    def runtime_error(self, message):
        self.failures.append(message)

    def complete_run(self):
        self.at_work.clear()
        self.move()
        if sys.exc_info()[0] is KeyboardInterrupt:
            sys.stderr.write("\nStopped; make study goes on from here.\n")
        elif self.failures:
            sys.stderr.write("\n" + "\n\n".join(text.strip() for text in self.failures) + "\n")
        elif self.whole:
            seconds = time.monotonic() - self.start
            did = f"{self.ran} steps, {seconds:.0f} s." if self.ran else "Nothing to do."
            say(f"{did} {FIRST}")


class Why(Info):
    """Each step that would run, with its reasons: of tables without a fault, rows that changed."""

    doc_usage = ""
    cmd_options = ()
    CHANGES = {"missing_target": "missing", "changed_file_dep": "changed",
               "missing_file_dep": "missing", "added_file_dep": "new", "removed_file_dep": "gone"}

    def _execute(self, pos_args):
        Read.today = tables_today(ROOT)
        tasks, makes, lines = {task.name: task for task in self.task_list}, {}, []
        for task in self.task_list:
            status = self.dep_manager.get_status(task, tasks, get_log=True)
            if reasons := self.reasons(status, task, makes):
                makes |= dict.fromkeys(set(task.targets) - {STAMP}, task.name)
                lines.append(f"{task.name}: {'; '.join(reasons)}")
        say("\n".join(lines) or "No step would run: nothing changed.")

    def reasons(self, status, task, makes):
        """What doit found changed, and the steps before that would run; makes: {target: step}."""
        if task.actions and not self.dep_manager._in(task.name):
            return ["did not run to its end"]
        found = [repr(check) for check, *_ in status.reasons["uptodate_false"]]
        new = set(status.reasons["added_file_dep"])  # doit calls these changed as well
        for key, verb in self.CHANGES.items():
            names = set(status.reasons[key]) - (new if verb == "changed" else set())
            listed = first_in_words(sorted(map(os.path.relpath, names)), 3)
            found += [f"{listed} {verb}"] if names else []
        before = sorted({makes[name] for name in task.file_dep if name in makes})
        return found + ([f"after {first_in_words(before, 3)}"] if before else [])


DOIT_CONFIG = {"backend": "json", "dep_file": "build/state.json", "reporter": Progress,
               "num_process": 2, "par_type": "thread", "verbosity": 2,
               # The longest first, so that none is left when the others are done; each page right
               # after its notebook (unless tables had to be checked first): a number that no longer
               # agrees is said before the others run.
               "default_tasks": [*(f"{step}:{name}" for name in sorted(
                   PLAN, key=lambda name: -PLAN[name][0].stat().st_size)
                   for step in ("execute", "render")), "publish"]}


def run(*call):
    """One step as a process; what it says on stderr is its reason when it fails."""
    code, errors = process(ROOT, *call, stdout=NOWHERE)
    if code:
        return TaskFailed(errors, report=False)
    sys.stderr.write(errors)


def step(call, needs, targets, *checks):
    """A task of doit: one process, the files that it needs, its targets intact."""
    return {"actions": [(run, call)], "file_dep": needs, "targets": targets,
            "uptodate": [Intact(targets), Unchanged("Python", sys.version), *checks]}


def task_tables():
    return step(["validate"], DATA, [STAMP, PARTS, ROWS])


def task_execute():
    for name, (path, given) in PLAN.items():
        out, record = f"build/executed/{name}.ipynb", f"build/executed/{name}.reads"
        parameters = [f"{key}={text}" for key, text in given.items()]
        yield {"name": name} | step(
            ["execute", path, out, *parameters], [STAMP, "requirements.lock"],
            [out, record], Unchanged(f"code of {path.name}", CODE[name]),
            Unchanged("parameters", parameters), Read(record))


def linked(path):
    """The runs of other notebooks whose results a notebook's prose links to."""
    names = set(re.findall(r"\(([\w-]+)\.ipynb#", Path(path).read_text(encoding="utf-8")))
    return [f"build/executed/{name}.ipynb" for name in sorted(names & PLAN.keys())]


def task_render():
    for name, (path, _) in PLAN.items():
        executed, merged = f"build/executed/{name}.ipynb", f"build/notebooks/{name}.ipynb"
        yield {"name": name} | step(
            ["render", path, executed, merged],
            [os.path.relpath(path, ROOT), executed, *linked(path), *LIBRARY, *FRONT],
            [merged, f"build/rendered/{name}.sha256"],
            Unchanged("list of chapters", TITLES), Unchanged("settings", SETTINGS))


def task_ledger():
    """The verdicts of all claims."""
    return step(["ledger", "build/ledger.json"], [STAMP, *DATA, *LIBRARY],
                ["build/ledger.json"])


def task_evidence():
    """The pages of rows and of sources."""
    return step(["evidence"], [STAMP, *DATA, *LIBRARY],
                ["build/rendered/evidence.sha256"], Unchanged("list of chapters", TITLES),
                Unchanged("settings", SETTINGS))


MERGED = [f"build/notebooks/{name}.ipynb" for name in PLAN]


def task_bind():
    """The two books, side by side: each takes longer than all pages."""
    for name in ("paper", "supplement"):
        pdf = f"build/bound/{name}.pdf"
        yield {"name": name} | step(["bind", pdf, *MERGED], [*MERGED, *LIBRARY, *FRONT], [pdf],
                                    Unchanged("settings", SETTINGS))


def task_indexes():
    """What rests on all chapters, beside the books: the ledger, the numbers, the search."""
    made = "build/ledger.json"
    return step(["indexes", made, *MERGED],
                [made, *MERGED, *LIBRARY, *FRONT, *files(ROOT / "data", "*")],
                ["build/rendered/indexes.sha256"], Unchanged("settings", SETTINGS))


def task_book():
    """The two books, and the front page that offers them and all else."""
    made = ["build/ledger.json", "build/bound/paper.pdf", "build/bound/supplement.pdf"]
    return step(["book", *made, *MERGED],
                [*made, "build/rendered/indexes.sha256", *MERGED, *LIBRARY, *FRONT],
                ["build/rendered/book.sha256"], Unchanged("settings", SETTINGS))


PROFILES = [name for name, (_, given) in PLAN.items() if given]


def task_countries():
    """The index of all profiles, and those that `make countries` built where they are fresh."""
    merged = [f"build/notebooks/{name}.ipynb" for name in PROFILES]
    pages = [f"build/rendered/{name}.sha256" for name in PROFILES]
    built = files(ROOT / BUILT, "*.made")
    return step(["countries", *merged],
                [PARTS, "requirements.lock", *merged, *pages, *built, *LIBRARY, *FRONT],
                ["build/rendered/countries.sha256"], Unchanged("settings", SETTINGS),
                Unchanged("list of chapters", TITLES)) if merged else None


def task_publish():
    further = ["countries"] * bool(PROFILES)
    manifests = [f"build/rendered/{name}.sha256" for name in (*PLAN, "evidence", "indexes", "book",
                                                              *further)]
    return step(["publish", *manifests], manifests, [PUBLISHED])
