"""The steps of dodo.py, each run as a process of its own: validate, execute, render, publish.

A step's files are written beside their places and moved there; only `publish` touches site/,
paper/ and figures/.
"""

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path

from footnoted import running
from footnoted.files import file_digest, manifest_text, read_manifest, write_atomic
from footnoted.hints import first
from footnoted.running import CallError, StudyError

TAKEN = ("index", "ledger", "book")  # pages that are no notebook's, and a step
PROFILES = ("KAZ", "UZB", "KGZ", "TJK", "TKM")


def plan(folder):
    """What the default run executes: {name: (notebook, parameters)}, in reading order.

    Every notebook of notebooks/ is a chapter; country-profile stands once for each of the five
    states instead. Raises StudyError for a name that cannot be that of a page.
    """
    steps = {}
    for path in sorted(Path(folder, "notebooks").glob("*.ipynb")):
        if path.stem in TAKEN or not re.fullmatch(r"\w[\w. ()+,-]*", path.stem):
            raise StudyError(f"notebooks/{path.name}: no page can have this name.\nMend: rename "
                             "it, as in 07-my-title.ipynb: letters, digits and hyphens")
        if path.stem == "country-profile":
            steps |= {f"profile-{code.lower()}": (path, {"country": code}) for code in PROFILES}
        else:
            steps[path.stem] = (path, {})
    return steps


def refuse_unknown(country, year):
    """Raise CallError where the tables know no such country, or hold no such year."""
    from . import data
    try:
        data.known(country)
    except data.DataError as error:
        raise CallError(f"{error}.".replace("?.", "?")) from None
    try:
        first, newest = data.years()
    except data.DataError as error:
        raise StudyError(str(error)) from None
    if year is not None and not first <= year <= newest:
        raise CallError(f"year {year} is outside the tables: they hold {first} to {newest}.")


# Processes

def environment(folder, *more):
    """The environment of a step, its folders made; more: names of further variables to keep."""
    chosen = running.environment(folder, *more, DD_DATA=str(Path(folder, "data")))
    for name in ("IPYTHONDIR", "MPLCONFIGDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR"):
        os.makedirs(chosen[name], exist_ok=True)
    os.chmod(chosen["JUPYTER_RUNTIME_DIR"], 0o700)  # it holds the keys to the kernels
    Path(chosen["MATPLOTLIBRC"]).touch()
    return chosen


def process(folder, *call, stdout=None):
    """Run one step in the allow-listed environment: its exit code, what it said on stderr.

    The child's stdin is a pipe that closes when this process dies, however it dies.
    """
    child = subprocess.Popen(
        [sys.executable, "-m", "digital_diplomacy", "step", *map(str, call)], cwd=folder,
        env=environment(folder), stdin=subprocess.PIPE, stdout=stdout, stderr=subprocess.PIPE,
        encoding="utf-8")
    with child:
        errors = child.stderr.read()
        return child.wait(), errors


def run(folder, words):
    """One step of dodo.py in this process: its name and what it is given."""
    end_with_parent()
    STEPS[words[0]](folder, *words[1:])


def end_with_parent():
    """End this process and its kernel when stdin closes: a killed run leaves nothing behind."""
    def watch():
        import psutil
        os.read(0, 1)  # not sys.stdin: its lock would outlive a normal end
        for child in psutil.Process().children(recursive=True):
            child.kill()
        os._exit(1)
    threading.Thread(target=watch, daemon=True).start()


# Steps

def validate(folder):
    """A stamp that the tables are right."""
    refuse_wrong_tables()
    write_atomic(Path(folder, "build", "tables.ok"), "checked\n")


def refuse_wrong_tables():
    """The tables by their description, our rules and the claims' checks: all faults at once.

    Raises StudyError with a line for each of the first thirty faults.
    """
    from . import validation
    from .claims import ledger
    from .data import DataError
    faults = []
    try:
        faults += validation.faults()
        faults += ledger.faults(() if faults else None)  # rules run on tables without a fault
    except DataError as error:
        faults += str(error).splitlines()
    faults = list(dict.fromkeys(faults))
    if faults:
        count = f"{len(faults)} fault{'s' if len(faults) > 1 else ''}"
        raise StudyError("\n".join([f"The tables of data/ are wrong, {count}:", *first(faults, 30),
                                    "Mend what these lines name, then make study"]))


def execute(folder, source, out, *pairs):
    """Execute a notebook; pairs: parameters as NAME=text."""
    import nbformat
    name, given = Path(out).stem, dict(pair.split("=", 1) for pair in pairs)
    values = running.typed(source, given) if given else {}
    done = running.execute(source, name, values)
    write_atomic(out, nbformat.writes(done) + "\n")


def ledger(folder, out):
    """The verdicts, computed from the tables, with all that their page says."""
    from .claims import ledger, page
    from .data import DataError
    try:
        held = page.gathered(ledger.ledger(), ledger.truth(), ledger.standard())
    except DataError as error:
        raise StudyError(str(error)) from None
    write_atomic(out, json.dumps(held, ensure_ascii=False, indent=1, allow_nan=False) + "\n")


@contextlib.contextmanager
def refusals():
    """An edition that refuses a notebook fails the study; its message ends with the mend."""
    from nbconvert.utils.exceptions import ConversionException
    try:
        yield
    except ConversionException as error:
        raise StudyError(str(error)) from None


def exported(kind, notebook):
    """What a published exporter makes of a notebook, as nbconvert would: bytes or text."""
    from nbconvert import get_exporter
    with refusals():
        return get_exporter(f"study_{kind}")().from_filename(str(notebook))[0]


def convert(folder, notebook):
    """HTML and PDF of an executed notebook, beside it."""
    for kind in ("html", "pdf"):
        write_atomic(Path(notebook).with_suffix(f".{kind}"), exported(kind, notebook))


def render(folder, source, executed, out):
    """A chapter: today's prose with the outputs of its run; its page and its Markdown."""
    import nbformat

    from footnoted import edition
    name = Path(out).stem
    merged = edition.merge(running.as_node(running.read_notebook(source)),
                           nbformat.read(executed, 4))
    write_atomic(out, nbformat.writes(merged) + "\n")
    files = {f"site/{name}.html": exported("html", out)}
    if Path(source).stem == name:  # not a profile, which is a page only
        with refusals():
            text, pictures = edition.markdown(merged, name, "../figures")
        files |= {f"paper/{name}.md": text}
        files |= {f"figures/{file}": content for file, content in pictures.items()}
    write_rendered(folder, name, files)


def book(folder, verdicts, *notebooks):
    """What rests on all chapters: the two PDFs, the indexes, the ledger, the numbers."""
    import nbformat

    from footnoted import edition

    from . import contents, site
    held = json.loads(Path(verdicts).read_text(encoding="utf-8"))
    read = {Path(path).stem: nbformat.read(path, 4) for path in notebooks}
    with refusals():
        books = {"paper": edition.paper(read), "supplement": edition.supplement(read)}
        files = {f"site/{file}": content
                 for file, content in site.pages(read, **books, ledger=held)}
    files |= {f"paper/{name}.pdf": content for name, content in books.items() if content}
    files["paper/index.md"] = contents.page(read)
    write_rendered(folder, "book", files)


def write_rendered(folder, name, files):
    """Put what a step rendered into build/rendered/NAME, then its manifest beside it."""
    home = Path(folder, "build", "rendered", name)
    shutil.rmtree(home, ignore_errors=True)
    for file, content in files.items():
        write_atomic(home / file, content)
    write_atomic(home.with_suffix(".sha256"),
                 manifest_text({file: file_digest(home / file) for file in files}))


def publish(folder, *manifests):
    """Move what was rendered to site/, paper/ and figures/, delete what no longer is, list it.

    manifests: those of the renderings, each beside its folder of files.
    """
    published, record = {}, Path(folder, "build", "published.sha256")
    for path in map(Path, manifests):
        for name, value in read_manifest(path).items():
            if file_digest(Path(folder, name)) != value:
                write_atomic(Path(folder, name), Path(path.with_suffix(""), name).read_bytes())
            published[name] = value
    committed = {name: value for name, value in published.items() if not name.startswith("site/")}
    manifest = Path(folder, "paper", "manifest.sha256")
    for name in (read_manifest(manifest) | read_manifest(record)).keys() - published.keys():
        Path(folder, name).unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # a folder that still holds something stays
            Path(folder, name).parent.rmdir()
    write_atomic(manifest, manifest_text(committed))
    write_atomic(record, manifest_text(
        published | {"paper/manifest.sha256": file_digest(manifest)}))


STEPS = {function.__name__: function for function in (
    validate, execute, convert, ledger, render, book, publish)}
