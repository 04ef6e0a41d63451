"""The steps of dodo.py, each run as a process of its own: validate, execute, render, publish.

A step's files are written beside their places and moved there; only `publish` touches site/,
paper/ and figures/.
"""

import contextlib
import functools
import hashlib
import importlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

from footnoted import modules, reads, running, warm
from footnoted.files import (
    file_digest,
    manifest_text,
    read_manifest,
    refusal,
    write_all,
    write_atomic,
)
from footnoted.hints import first
from footnoted.running import CallError, StudyError

PARTS = "build/parts.json"  # the digests of what runs read of data/
PRODUCTS = ("site", "paper", "figures")
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
        os.makedirs(chosen[name], mode=0o700, exist_ok=True)
    os.chmod(chosen["JUPYTER_RUNTIME_DIR"], 0o700)  # it holds the keys to the kernels
    Path(chosen["MATPLOTLIBRC"]).touch()
    return chosen


def process(folder, *call, stdout=None):
    """Run one step in the allow-listed environment: its exit code, what it said on stderr.

    A step that ended without a word gets a sentence with the mend. stdout: a file descriptor. The
    step's stdin is a pipe that closes when this process dies, however it dies. Where the system
    bears it, the step is a fork of one warm process.
    """
    words = list(map(str, call))
    try:
        code, errors = forked(folder, words, stdout) if warm.AVAILABLE else \
            plain(folder, words, stdout)
    except OSError as error:
        return 1, refusal(error)
    named = {"book": (), "bind": call[1:2]}.get(call[0], call[2:3])
    name = " ".join([call[0], *(Path(path).stem for path in named)])
    if code < 0:  # the kernel of the system ends the largest process first
        errors = f"{name} was stopped by {signal.Signals(-code).name}: was memory short?\n" \
                 "Mend: close other programs, then run the same command again"
    elif code and not errors:
        errors = f"{name} ended with code {code}.\nMend: run the same command again"
    return code, errors


COMMAND = (sys.executable, "-m", "digital_diplomacy")


def forked(folder, words, stdout):
    """Run one step in a fork of the warm process; where that has died, as `plain` does."""
    try:
        return server(folder).run(words, stdout)
    except ConnectionError:
        return plain(folder, words, stdout)


def plain(folder, words, stdout):
    """Run one step in a process of its own: its exit code, what it said on stderr."""
    child = subprocess.Popen([*COMMAND, "step", *words], cwd=folder, env=environment(folder),
                             stdin=subprocess.PIPE, stdout=stdout, stderr=subprocess.PIPE,
                             encoding="utf-8", errors="replace")
    with child:
        errors = child.stderr.read()
    return child.returncode, errors


@functools.cache
def server(folder):
    """The warm process of this one, which ends with it."""
    # matplotlib asks for its backend when it is imported; a kernel would name this one
    inline = {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}
    return warm.Server([*COMMAND, "warm"], cwd=folder, env=environment(folder) | inline)


# What the warm process loads before it forks for a step
NEEDED = {"execute": ("tqdm.auto",  # before IPython: it looks whether it is in a notebook
                      "ipykernel.kernelapp", "papermill", "nbstripout", "seaborn",
                      "matplotlib.backends.backend_agg", "matplotlib.backends.backend_svg",
                      "digital_diplomacy.display", "digital_diplomacy.charts",
                      "digital_diplomacy.comparison", "digital_diplomacy.speeches"),
          **dict.fromkeys(("convert", "render", "bind", "book"),
                          ("nbconvert", "footnoted.edition"))}


def load(words):
    """Import what a step needs; decide the claims once, where a notebook that runs shows them."""
    for name in NEEDED.get(words[0], ()):
        importlib.import_module(name)
    if words[0] == "execute" and "dd.ledger" in running.text_of(Path(words[1])):
        decide_claims()


def load_ahead(words):
    """While the tables are checked, import what notebooks need and decide the claims."""
    if words[0] == "validate":
        for name in NEEDED["execute"]:
            importlib.import_module(name)
        with contextlib.suppress(Exception):  # of tables that are wrong: the check says it
            decide_claims()


def decide_claims():
    """Decide the claims, for all forks; what is wrong with their tables, a cell will say."""
    from .claims import ledger
    from .data import DataError
    with contextlib.suppress(DataError):
        ledger.ledger()


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
    from . import data
    refuse_wrong_tables()
    write_all({Path(folder, "build", "tables.ok"): b"checked\n",
               Path(folder, PARTS): json.dumps(data.digests(), indent=0).encode()})


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
    """Execute a notebook, and record what its run read; pairs: parameters as NAME=text."""
    import nbformat
    name, given = Path(out).stem, dict(pair.split("=", 1) for pair in pairs)
    values = running.typed(source, given) if given else {}
    noted = Path(out).with_suffix(".noted")
    write_atomic(noted, "")  # of a run that was killed something may be left
    os.environ[reads.NOTES] = str(noted.resolve())
    done = running.execute(source, name, values)
    write_all({Path(out): (nbformat.writes(done) + "\n").encode(),
               Path(out).with_suffix(".reads"): record_of(folder, done, noted).encode()})
    noted.unlink(missing_ok=True)


def record_of(folder, notebook, noted):
    """What a run read, as text: the parts of data/ and files with their digests, and the modules.

    The digests of the parts are those that `validate` wrote before the run: what changed meanwhile
    differs.
    """
    parts = set(noted.read_text(encoding="utf-8").splitlines())
    known = parts_now(folder)
    return json.dumps({"parts": {part: digest_of(folder, part, known) for part in sorted(parts)},
                       "modules": {name: file_digest(modules.LIBRARY / name)
                                   for name in modules.used_by(notebook)}}, indent=0)


def parts_now(folder):
    """The digests of the parts of data/ as `validate` wrote them; none where it did not."""
    try:
        return json.loads(Path(folder, PARTS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def digest_of(folder, part, known):
    """The digest of a part that a run noted: of a file its own, "" where there is none now."""
    kind, _, name = part.partition(":")
    return file_digest(Path(folder, name)) if kind == "file" else known.get(part, "")


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


def bind(folder, out, *notebooks):
    """The paper or its supplement as a PDF, by the name of what is written; empty where none is.

    What was printed of the same text, with the same code, stays.
    """
    from footnoted import edition
    with refusals():
        made = edition.source_of_book(Path(out).stem, executed_notebooks(notebooks))
        code = [Path(folder, "requirements.lock"), *Path(edition.__file__).parent.glob("*.py")]
        of = hashlib.sha256(repr([made, *map(file_digest, sorted(code))]).encode()).hexdigest()
        note = Path(out).with_suffix(".printed")
        if note.exists() and note.read_bytes() == f"{of} {file_digest(out)}".encode():
            return
        write_atomic(out, edition.print_pdf(*made) if made else b"")
    write_atomic(note, f"{of} {file_digest(out)}")


def executed_notebooks(paths):
    """Notebooks by name, in order."""
    import nbformat
    return {Path(path).stem: nbformat.read(path, 4) for path in paths}


def book(folder, verdicts, paper, supplement, *notebooks):
    """What rests on all chapters: the two PDFs, the indexes, the ledger, the numbers."""
    from . import contents, site
    held, read = json.loads(Path(verdicts).read_text("utf-8")), executed_notebooks(notebooks)
    books = {Path(path).stem: Path(path).read_bytes() for path in (paper, supplement)}
    with refusals():
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

    All or nothing. manifests: those of the renderings, each beside its folder of files.
    """
    files = {name: Path(path).with_suffix("") / name
             for path in manifests for name in read_manifest(path)}
    files = {name: path.read_bytes() for name, path in files.items()}
    manifest, record = "paper/manifest.sha256", Path(folder, "build", "published.sha256")
    old = read_manifest(Path(folder, manifest)).keys() | read_manifest(record).keys()
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    files[manifest] = manifest_text({name: value for name, value in digests.items()
                                     if not name.startswith("site/")}).encode()
    digests[manifest] = hashlib.sha256(files[manifest]).hexdigest()
    gone = {name for name in old - files.keys()
            if Path(name).parts[0] in PRODUCTS and ".." not in Path(name).parts}
    write_all({Path(folder, name): files.get(name) for name in sorted(files.keys() | gone)})
    for name in gone:
        with contextlib.suppress(OSError):  # a folder that still holds something stays
            Path(folder, name).parent.rmdir()
    write_atomic(record, manifest_text(digests))


STEPS = {function.__name__: function for function in (
    validate, execute, convert, ledger, render, bind, book, publish)}
