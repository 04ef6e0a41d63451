"""The steps of `make study`: what each rests on, what it makes. doit decides which run.

tables -> execute:NAME, ledger -> render:NAME -> paper, site -> publish. A step runs as a process of
its own in the allow-listed environment and moves finished files into place; only the last one
touches site/, paper/ and figures/.
"""

import os
import sys
import time
from pathlib import Path

from doit.cmd_info import Info
from doit.exceptions import TaskFailed
from doit.globals import Globals

from footnoted import running

from digital_diplomacy.__main__ import step as process
from digital_diplomacy.steps import digest, listing, plan, put

ROOT = Path(__file__).resolve().parent
LIB = Path(running.__file__).parents[1]
PLAN = plan(ROOT)
CODE = {name: running.code_of(path) for name, (path, _) in PLAN.items()}
TITLES = running.titles(path for path, given in PLAN.values() if not given)
# These render, or only call others: no run of a notebook rests on them. All others are science.
EDITIONS = ("site", "page", "document", "tree", "writers", "references", "steps", "__main__",
            "elsewhere", "codings")


def found(folder, *patterns):
    """Files of a folder, as text; inside the study relative to it."""
    files = sorted(path for pattern in patterns for path in Path(folder).rglob(pattern))
    return [os.path.relpath(path, ROOT) if ROOT in path.parents else str(path) for path in files]


DATA = found(ROOT / "data", "*.csv", "*.json")
RESULTS = found(ROOT / "paper" / "results", "*.json")  # what campaigns measured
FRONT = found(ROOT / "paper", "*.bib", "front-matter.*")
LIBRARY = found(LIB, "*.py", "templates/*")
SCIENCE = [path for path in LIBRARY if path.endswith((".py", ".mplstyle"))
           and Path(path).stem not in EDITIONS and "/edition/" not in path]


def few(names):
    """The first three of some names, and how many more there are."""
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


class Same:
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
    """The targets as the step left them, and every file that a list among them names."""

    def __init__(self, targets):
        self.targets, self.broken = targets, []

    def configure_task(self, task):
        task.value_savers.append(lambda: {name: digest(name) for name in self.targets})

    def __call__(self, task, values):
        self.broken = [name for name in self.targets if values.get(name) != digest(name)]
        for name in self.targets:
            home = Path() if name == PUBLISHED else Path(name).with_suffix("")
            self.broken += [str(home / file) for file, value in listing(name).items()
                            if digest(home / file) != value] if name.endswith(".sha256") else []
        return not self.broken

    def __repr__(self):
        return f"{few(self.broken)} missing or not as the step left it"


class Quiet:
    """Says nothing of steps that need not run; what failed comes last, with the mend."""

    desc = "failures and where to look first"

    def __init__(self, outstream, options):
        self.ran, self.failed, self.start = 0, [], time.monotonic()

    def initialize(self, tasks, selected):
        backend = Globals.dep_manager.backend  # its own dump truncates the file in place
        backend.dump = lambda: put(backend.name, backend.codec.encode(backend._db))

    def execute_task(self, task):
        self.ran += bool(task.actions)

    def add_success(self, task):
        Globals.dep_manager.backend.dump()

    def add_failure(self, task, fail):
        Globals.dep_manager.backend.dump()
        self.failed.append(fail.get_msg())

    def complete_run(self):
        if sys.exc_info()[0] is KeyboardInterrupt:
            sys.stderr.write("\nStopped; make study goes on from here.\n")
        elif self.failed:
            sys.stderr.write("\n" + "\n\n".join(text.strip() for text in self.failed) + "\n")
        elif self.ran:
            print(f"{self.ran} steps, {time.monotonic() - self.start:.0f} s. {FIRST}")
        else:
            print(f"Nothing to do. {FIRST}")

    def runtime_error(self, message):
        self.failed.append(message)

    def __getattr__(self, name):
        return lambda *given: None


class Why(Info):
    """Each step that would run, with its reasons."""

    doc_usage = ""
    cmd_options = ()

    def _execute(self, pos_args):
        tasks, makes = {task.name: task for task in self.task_list}, {}
        for task in self.task_list:
            status = self.dep_manager.get_status(task, tasks, get_log=True)
            if reasons := self.reasons(status, task, makes):
                makes |= dict.fromkeys(task.targets, task.name)
                print(f"{task.name}: {'; '.join(reasons)}")
        if not makes:
            print("No step would run: nothing changed.")

    def reasons(self, status, task, makes):
        if task.actions and not self.dep_manager._in(task.name):
            return ["has not run to its end yet"]
        found = [repr(check) for check, *_ in status.reasons["uptodate_false"]]
        for key, verb in (("missing_target", "missing"), ("changed_file_dep", "changed"),
                          ("missing_file_dep", "missing"), ("added_file_dep", "new"),
                          ("removed_file_dep", "gone")):
            names = [os.path.relpath(name) for name in sorted(status.reasons[key])]
            found += [f"{few(names)} {verb}"] if names else []
        after = sorted({makes[name] for name in task.file_dep if name in makes})
        return found + ([f"after {few(after)}"] if after else [])


PUBLISHED = "build/published.sha256"
FIRST = "Look first: site/index.html, then paper/paper.pdf"
DOIT_CONFIG = {"backend": "json", "dep_file": "build/state.json", "reporter": Quiet,
               "num_process": 2, "par_type": "thread", "verbosity": 2,
               # In reading order, each page right after its notebook (unless tables had to be checked
               # first): a number that no longer agrees is said before the other notebooks run.
               "default_tasks": [*(f"{step}:{name}" for name in PLAN
                                   for step in ("execute", "render")), "publish"]}


def run(*call):
    """One step as a process; what it says on stderr is its reason when it fails."""
    code, errors = process(ROOT, *call)
    if code:
        return TaskFailed(errors or f"{call[0]} ended with code {code}.\nMend: make study",
                          report=False)
    sys.stderr.write(errors)


def made(call, needs, targets, *checks):
    """A task of doit: one process, what it needs, its targets intact."""
    return {"actions": [(run, call)], "file_dep": needs, "targets": targets,
            "uptodate": [Intact(targets), Same("Python", sys.version), *checks]}


def task_tables():
    return made(["validate"], DATA, ["build/tables.ok"])


def task_execute():
    for name, (path, given) in PLAN.items():
        out, pairs = f"build/executed/{name}.ipynb", [f"{key}={text}" for key, text in given.items()]
        yield {"name": name} | made(
            ["execute", path, out, *pairs], ["build/tables.ok", "requirements.lock", *DATA, *RESULTS, *SCIENCE],
            [out], Same(f"code of {path.name}", CODE[name]), Same("parameters", pairs))


def task_render():
    for name, (path, _) in PLAN.items():
        done, merged = f"build/executed/{name}.ipynb", f"build/notebooks/{name}.ipynb"
        yield {"name": name} | made(["render", path, done, merged],
                                    [os.path.relpath(path, ROOT), done, *LIBRARY, *FRONT],
                                    [merged, f"build/rendered/{name}.sha256"],
                                    Same("list of chapters", TITLES))


def task_ledger():
    """The verdicts of all claims."""
    return made(["ledger", "build/ledger.json"],
                ["build/tables.ok", *DATA, *SCIENCE, *found(LIB, "digital_diplomacy/claims/page.py")],
                ["build/ledger.json"])


def task_book():
    """The paper, the index of the site, the ledger, the numbers: what rests on all chapters."""
    merged = ["build/ledger.json", *(f"build/notebooks/{name}.ipynb" for name in PLAN)]
    return made(["book", *merged], [*merged, *LIBRARY, *FRONT, *found(ROOT / "data", "*")], ["build/rendered/book.sha256"])


def task_publish():
    lists = [f"build/rendered/{name}.sha256" for name in (*PLAN, "book")]
    return made(["publish", *lists], lists, [PUBLISHED])
