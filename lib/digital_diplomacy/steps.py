"""The steps of dodo.py, each run as a process of its own: execute, validate, render, publish.

A step's files are written beside their places and moved there; only `publish` touches site/,
paper/ and figures/.
"""

import contextlib
import hashlib
import os
import shutil
import threading
from pathlib import Path

from footnoted import running
from footnoted.running import CallError, StudyError


PROFILES = ("KAZ", "UZB", "KGZ", "TJK", "TKM")


def plan(folder):
    """What the default run executes: {name: (notebook, parameters)}, in reading order.

    Every notebook of notebooks/ is a chapter; country-profile stands once for each of the five
    states instead.
    """
    steps = {}
    for path in sorted(Path(folder, "notebooks").glob("*.ipynb")):
        if path.stem == "country-profile":
            steps |= {f"profile-{code.lower()}": (path, {"country": code}) for code in PROFILES}
        else:
            steps[path.stem] = (path, {})
    return steps


def admitted(country, year, folder):
    """Raises CallError where the tables know no such country, or hold no such year."""
    import csv

    from . import data
    try:
        data.known(country)
    except data.DataError as error:
        raise CallError(f"{error}.".replace("?.", "?")) from None
    if year is not None:
        with open(Path(folder, "data", "observations.csv"), encoding="utf-8", newline="") as table:
            years = sorted({int(row["year"]) for row in csv.DictReader(table) if row["value"]})
        if not years[0] <= year <= years[-1]:
            raise CallError(f"year {year} is outside the tables: they hold "
                            f"{years[0]} to {years[-1]}.")


# Files: written beside, then moved into place

def put(path, content):
    """Write bytes or text beside a file and move it into place."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    content = content.encode("utf-8") if isinstance(content, str) else content
    beside = path.with_name(f".{path.name}.new")  # a killed run's is overwritten by the next
    beside.write_bytes(content)
    os.replace(beside, path)


def digest(path):
    """sha256 of a file, in hex; "" where there is none."""
    try:
        return hashlib.sha256(Path(path).read_bytes()).hexdigest()
    except OSError:
        return ""


def listing(path):
    """What a list in the format of sha256sum says: {file: digest}; {} where there is no list."""
    lines = Path(path).read_text(encoding="utf-8").splitlines() if Path(path).exists() else []
    return {name: value for value, name in (line.split("  ", 1) for line in lines)}


def listed(files):
    """{file: digest} as a list that `sha256sum -c` reads."""
    return "".join(f"{value}  {name}\n" for name, value in sorted(files.items()))


# Steps

def execute(folder, source, out, *pairs):
    """Execute a notebook; pairs: parameters as NAME=text."""
    import nbformat
    name, given = Path(out).stem, dict(pair.split("=", 1) for pair in pairs)
    values = running.typed(source, given) if given else {}
    done = running.execute(source, name, values, lambda line: print(line, flush=True))
    put(out, nbformat.writes(done) + "\n")


def validate(folder):
    """The tables by their description, our rules and the claims' checks: all faults at once."""
    from . import validation
    from .claims import checks
    from .data import DataError
    faults = []
    try:
        faults += validation.faults()
        faults += checks.check(() if faults else None)  # rules run on tables without a fault
    except DataError as error:
        faults += str(error).splitlines()
    faults = list(dict.fromkeys(faults))
    if faults:
        more = [f"and {len(faults) - 30} more"] if len(faults) > 30 else []
        count = f"{len(faults)} fault{'s' if len(faults) > 1 else ''}"
        raise StudyError("\n".join([f"The tables of data/ are wrong, {count}:", *faults[:30], *more,
                                    "Mend what these lines name, then make study"]))
    put(Path(folder, "build", "tables.ok"), "checked\n")


def exported(kind, notebook):
    """What a published exporter makes of a notebook, as nbconvert would: bytes or text."""
    from nbconvert import get_exporter
    with refusals():
        return get_exporter(f"study_{kind}")().from_filename(str(notebook))[0]


@contextlib.contextmanager
def refusals():
    """An edition that refuses a notebook fails the study; its message ends with the mend."""
    from nbconvert.utils.exceptions import ConversionException
    try:
        yield
    except ConversionException as error:
        raise StudyError(str(error)) from None


def convert(folder, notebook):
    """HTML and PDF of an executed notebook, beside it."""
    for kind in ("html", "pdf"):
        put(Path(notebook).with_suffix(f".{kind}"), exported(kind, notebook))


def rendered(folder, name, files):
    """Put what a step rendered into build/rendered/NAME, then its list beside it."""
    home = Path(folder, "build", "rendered", name)
    shutil.rmtree(home, ignore_errors=True)
    for file, content in files.items():
        put(home / file, content)
    put(home.with_suffix(".sha256"), listed({file: digest(home / file) for file in files}))


def render(folder, source, executed, out):
    """A chapter: today's prose with the outputs of its run; its page and its Markdown."""
    import nbformat

    from footnoted import edition
    name = Path(out).stem
    merged = edition.merge(nbformat.read(source, 4), nbformat.read(executed, 4))
    put(out, nbformat.writes(merged) + "\n")
    files = {f"site/{name}.html": exported("html", out)}
    if Path(source).stem == name:  # not a profile, which is a page only
        with refusals():
            text, pictures = edition.markdown(merged, name, "../figures")
        files |= {f"paper/{name}.md": text}
        files |= {f"figures/{file}": content for file, content in pictures.items()}
    rendered(folder, name, files)
    print(f"{name}  written", flush=True)


def ledger(folder, out):
    """The verdicts, computed from the tables, with all that their page says."""
    import json

    from .claims import ledger as science
    from .claims import page as ledger_page
    held = ledger_page.gathered(science.ledger(), science.truth())
    put(out, json.dumps(held, ensure_ascii=False, indent=1, allow_nan=False) + "\n")
    print("ledger  computed", flush=True)


def book(folder, verdicts, *notebooks):
    """What rests on all chapters: the paper, the index, the ledger, the numbers."""
    import json

    import nbformat

    from footnoted import edition

    from . import site
    held = json.loads(Path(verdicts).read_text(encoding="utf-8"))
    read = {Path(path).stem: nbformat.read(path, 4) for path in notebooks}
    with refusals():
        paper = edition.paper(
            {name: notebook for name, notebook in read.items() if name[:2].isdigit()})
        files = {f"site/{file}": content for file, content in site.pages(read, paper, held)}
    rendered(folder, "book", files | {"paper/paper.pdf": paper})
    print("paper and site  written", flush=True)


def publish(folder, *lists):
    """Move what was rendered to site/, paper/ and figures/, delete what no longer is, list it.

    lists: the lists of the renderings, each beside its folder of files.
    """
    published, record = {}, Path(folder, "build", "published.sha256")
    for path in map(Path, lists):
        for name, value in listing(path).items():
            if digest(Path(folder, name)) != value:
                put(Path(folder, name), Path(path.with_suffix(""), name).read_bytes())
            published[name] = value
    committed = {name: value for name, value in published.items() if not name.startswith("site/")}
    manifest = Path(folder, "paper", "manifest.sha256")
    for name in (listing(manifest) | listing(record)).keys() - published.keys():
        Path(folder, name).unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # a folder that still holds something stays
            Path(folder, name).parent.rmdir()
    put(manifest, listed(committed))
    put(record, listed(published | {"paper/manifest.sha256": digest(manifest)}))


STEPS = {function.__name__: function for function in (
    execute, validate, convert, ledger, render, book, publish)}


def run(folder, words):
    """One step of dodo.py: its name and what it is given."""
    die_with_parent()
    STEPS[words[0]](folder, *words[1:])


def die_with_parent():
    """End this process and its kernel when stdin closes: a killed run leaves nothing behind."""
    def watch():
        import psutil
        os.read(0, 1)  # not sys.stdin: its lock would outlive a normal end
        for child in psutil.Process().children(recursive=True):
            child.kill()
        os._exit(1)
    threading.Thread(target=watch, daemon=True).start()
