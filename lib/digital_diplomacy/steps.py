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
from footnoted.hints import first, first_in_words
from footnoted.running import CallError, StudyError

STAMP = "build/tables.ok"   # the same after each check: what runs read is compared part by part
PARTS = "build/parts.json"  # the digests of what runs read of data/
ROWS = "build/rows.csv"     # those of each observation: `make why` names what changed
PRODUCTS = ("site", "paper", "figures")
# pages that are no notebook's, and steps
TAKEN = ("index", "ledger", "rules", "sources", "data", "search", "countries",
         "book", "indexes", "evidence")
PROFILES = ("KAZ", "UZB", "KGZ", "TJK", "TKM")
PROFILE = "notebooks/country-profile.ipynb"
BUILT = "build/countries"  # profiles of further states: what `make countries` built stays there


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
        if path.stem == Path(PROFILE).stem:
            steps |= {profile_name(code): (path, {"country": code}) for code in PROFILES}
        else:
            steps[path.stem] = (path, {})
    return steps


def profile_name(code):
    """What the profile of a state is called, as a page and as a run."""
    return f"profile-{code.lower()}"


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
    named = {"book": (), "indexes": (), "evidence": (), "bind": call[1:2]}.get(call[0], call[2:3])
    name = " ".join([call[0], *(Path(path).stem for path in named)])
    if code < 0:  # the kernel of the system ends the largest process first
        errors = f"{name} was stopped by {signal.Signals(-code).name}: was memory short?\n" \
                 "Mend: close other programs, then run the same command again"
    elif code and not errors:
        errors = f"{name} ended with code {code}.\nMend: run the same command again"
    return code, errors


COMMAND = (sys.executable, "-m", "digital_diplomacy")
starting = threading.Lock()


def forked(folder, words, stdout):
    """Run one step in a fork of the warm process; where that has died, as `plain` does."""
    try:
        with starting:  # of two threads that begin at once
            warm_one = server(folder)
        return warm_one.run(words, stdout)
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
          **dict.fromkeys(("convert", "render", "page", "bind", "indexes", "book",
                           "countries"),
                          ("nbconvert", "footnoted.edition"))}


def load(words):
    """Import what a step needs; decide the claims once, where a notebook that runs shows them."""
    for name in NEEDED.get(words[0], ()):
        importlib.import_module(name)
    if words[0] == "execute":
        read_tables()
        if "dd.ledger" in running.text_of(Path(words[1])):
            decide_claims()


def load_ahead(words):
    """What comes next, while a step runs in its fork: while the tables are checked, import what
    notebooks need and decide the claims; while a page is printed, what the indexes need."""
    if words[0] == "validate":
        for name in NEEDED["execute"]:
            importlib.import_module(name)
        with contextlib.suppress(Exception):  # of tables that are wrong: the check says it
            decide_claims()
    if words[0] == "render":
        importlib.import_module("digital_diplomacy.site")


def read_tables():
    """Read the observations and their order once, for all forks; what is wrong a cell will say."""
    from . import data
    with contextlib.suppress(data.DataError):
        data.observations_by_indicator()
        data.row_positions()


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
    write_all({Path(folder, STAMP): b"checked\n",
               Path(folder, PARTS): json.dumps(data.digests(), indent=0).encode(),
               Path(folder, ROWS): data.row_digests().to_csv(index=False).encode()})


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


def tables_today(folder):
    """The digests of the parts of data/ as its files are now, and the observations that changed
    since they were last checked; nothing where the tables are wrong."""
    import pandas as pd

    from . import data
    os.environ["DD_DATA"] = str(Path(folder, "data"))
    try:
        parts, now = data.digests(), data.row_digests()
    except data.DataError:
        return None
    try:
        before = pd.read_csv(Path(folder, ROWS), dtype=now.dtypes.to_dict(), keep_default_na=False)
        return parts, data.changed_rows(before, now)
    except (OSError, ValueError):
        return parts, pd.DataFrame()


def parts_in_words(parts, rows=None):
    """Parts of what a run read that changed, as `make why` names them: by their rows, where those
    are known.

    rows: the observations that one of two states of the tables has and the other has not, or none.
    """
    if rows is None or rows.empty:
        return list(map(part_in_words, parts))
    words, named = [], set()
    for part in parts:
        kind, *names = part.split(":")
        held = rows if kind in ("observations", "missing") else rows.iloc[:0]
        for column, name in zip(("indicator", "source"), names):
            held = held[held[column] == name]
        words += [] if len(held) else [part_in_words(part)]
        named |= {*held.index}
    for indicator, held in rows.loc[sorted(named)].groupby("indicator"):
        count = len(held.drop(columns=["missing", "digest"]).drop_duplicates())  # before and after
        states = first_in_words(sorted(set(held["country"])), 3)
        words.append(f"observations, {indicator} of {states}, {count} row{'s' * (count > 1)}")
    return words


def part_in_words(part):
    """A part of what a run read, as `make why` names it.

    >>> part_in_words("observations:egdi:undesa_egdi_2022"), part_in_words("file:data/mine.csv")
    ('observations, egdi of undesa_egdi_2022', 'data/mine.csv')
    """
    kind, _, names = part.partition(":")
    if kind in ("table", "file"):
        return names if kind == "file" else f"data/{names}.csv"
    return f"{kind}, {' of '.join(names.split(':'))}" if names else kind


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


def exported(kind, notebook, **options):
    """What a published exporter makes of a notebook, as nbconvert would: bytes or text, and
    {file beside it: bytes}."""
    from nbconvert import get_exporter
    with refusals():
        made, resources = get_exporter(f"study_{kind}")(**options).from_filename(str(notebook))
    return made, resources.get("outputs") or {}


def convert(folder, notebook):
    """HTML and PDF of an executed notebook, beside it."""
    for kind in ("html", "pdf"):
        write_atomic(Path(notebook).with_suffix(f".{kind}"), exported(kind, notebook)[0])


def render(folder, source, executed, out):
    """A chapter: today's prose with the outputs of its run; its page and its Markdown."""
    from footnoted import edition
    name, merged = Path(out).stem, write_merged(source, executed, out)
    page, beside = exported("html", out, figures="figures", numbers="numbers")
    files = {f"site/{name}.html": page}
    files |= {f"site/{file}": content for file, content in beside.items()}
    if Path(source).stem == name:  # not a profile, which is a page only
        with refusals():
            text, pictures = edition.markdown(merged, name, "../figures")
        files |= {f"paper/{name}.md": text}
        files |= {f"figures/{file}": content for file, content in pictures.items()}
    write_rendered(folder, name, files)


def evidence(folder):
    """The pages of rows and of sources."""
    from . import evidence
    write_rendered(folder, "evidence", {f"site/{name}": text for name, text in evidence.pages()})


def write_merged(source, executed, out):
    """Today's prose with the outputs of its run, as a file; the notebook."""
    import nbformat

    from footnoted import edition
    merged = edition.merge(running.as_node(running.read_notebook(source)),
                           nbformat.read(executed, 4))
    write_atomic(out, nbformat.writes(merged) + "\n")
    return merged


def bind(folder, out, *notebooks):
    """The paper or its supplement as a PDF, by the name of what is written; empty where none is.

    What was printed of the same text, with the same code, stays.
    """
    from footnoted import edition
    with refusals():
        made = edition.bound(Path(out).stem, executed_notebooks(notebooks))
        code = [Path(folder, "requirements.lock"), edition.doc.TEMPLATES / "study.typ",
                *Path(edition.__file__).parent.glob("*.py")]
        of = hashlib.sha256(repr([made, running.settings(), *map(file_digest, sorted(code))])
                            .encode()).hexdigest()
        note = Path(out).with_suffix(".printed")
        if note.exists() and note.read_bytes() == f"{of} {file_digest(out)}".encode():
            return
        write_atomic(out, edition.print_pdf(*edition.typst_source(*made)) if made else b"")
    write_atomic(note, f"{of} {file_digest(out)}")


def executed_notebooks(paths):
    """Notebooks by name, in order."""
    import nbformat
    return {Path(path).stem: nbformat.read(path, 4) for path in paths}


def indexes(folder, verdicts, *notebooks):
    """What rests on all chapters: the ledger, the numbers, the data, the search."""
    from . import contents, site
    held, read = json.loads(Path(verdicts).read_text("utf-8")), executed_notebooks(notebooks)
    with refusals():
        files = {f"site/{file}": content for file, content in site.pages(read, held)}
    files["paper/index.md"] = contents.page(read)
    write_rendered(folder, "indexes", files)


def book(folder, verdicts, paper, supplement, *notebooks):
    """The two PDFs, and the front page, which says what they and all other downloads weigh."""
    from . import site
    held, read = json.loads(Path(verdicts).read_text("utf-8")), executed_notebooks(notebooks)
    books = {Path(path).name: content for path in (paper, supplement)
             if (content := Path(path).read_bytes())}
    others = Path(folder, "build", "rendered", "indexes", "site")
    sizes = {name: len(content) for name, content in books.items()} | {
        file.relative_to(others).as_posix(): file.stat().st_size
        for file in sorted(others.rglob("*")) if file.is_file()}
    with refusals():
        made = site.front_pages(read, sizes, held)
    files = {f"site/{file}": content for file, content in made.items()}
    files |= {f"{place}/{name}": content for name, content in books.items()
              for place in ("site", "paper")}
    write_rendered(folder, "book", files)


# Profiles of further states

def page(folder, source, executed, out):
    """Beside a profile of a further state: its page, its page of numbers and their script, and what
    the index says of it. Data and pictures of its figures stand nowhere: they would weigh most."""
    from . import profiles
    merged, name = write_merged(source, executed, out), Path(out).stem
    text, beside = exported("html", out, figures=None, numbers="numbers")
    files = {"html": text, "json": json.dumps(profiles.named(merged, name))} | {
        f"numbers.{kind}": beside.get(f"numbers/{name}.{kind}", b"") for kind in ("html", "js")}
    for kind, content in files.items():
        write_atomic(Path(out).with_suffix(f".{kind}"), content)


def profile(folder, code, run):
    """Build the profile of a state: {file below BUILT: bytes}.

    run: whether its notebook has to run; else the outputs of its last run are printed again. Any
    folder with the study's files will do. Raises StudyError with what the step said.
    """
    name, home = profile_name(code), Path(folder, BUILT)
    executed, merged = f"{BUILT}/runs/{name}.ipynb", f"{BUILT}/{name}.ipynb"
    calls = [["execute", PROFILE, executed, f"country={code}"]] * run
    with open(os.devnull, "w") as nowhere:
        for call in [*calls, ["page", PROFILE, executed, merged]]:
            ended, errors = process(folder, *call, stdout=nowhere.fileno())
            if ended:
                raise StudyError(errors.strip())
    Path(folder, merged).unlink()
    return {file: (home / file).read_bytes() for file in (
        f"runs/{name}.ipynb", f"runs/{name}.reads",
        *(f"{name}.{kind}" for kind in ("html", "json", "numbers.html", "numbers.js")))}


def basis(folder):
    """What all profiles rest on beside what their runs read: "run" and "page", a digest each, and
    the files of the "library" with theirs."""
    library = {path.relative_to(modules.LIBRARY).as_posix(): file_digest(path)
               for path in sorted(modules.LIBRARY.rglob("*"))
               if path.suffix == ".py" or path.parent.name == "templates"}
    front = [file_digest(path) for kind in ("*.bib", "front-*.md")
             for path in sorted(Path(folder, "paper").glob(kind))]
    notebook, chapters = Path(folder, PROFILE), [
        path for path, given in plan(folder).values() if not given]
    return {"library": library,
            "run": digest(sys.version, running.code_of(notebook),
                          file_digest(Path(folder, "requirements.lock"))),
            "page": digest(file_digest(notebook), library, front, running.titles(chapters),
                           running.settings())}


def digest(*held):
    """One digest of values that JSON can hold."""
    return hashlib.sha256(json.dumps(held, default=str).encode()).hexdigest()


def due(folder, code, now):
    """What has to be done for a profile: "run" the notebook, print its "page", or "" nothing.

    now: as `basis` gives it. What is missing, garbled or not as it was left counts as changed.
    """
    name, home = profile_name(code), Path(folder, BUILT)
    try:
        made, read = (json.loads((home / file).read_text(encoding="utf-8"))
                      for file in (f"{name}.made", f"runs/{name}.reads"))
        changed = [file for file, value in made["files"].items()
                   if value != file_digest(home / file)]
        known = parts_now(folder)
        if made["run"] != now["run"] or any(file.startswith("runs/") for file in changed) \
                or any(digest_of(folder, part, known) != value
                       for part, value in read["parts"].items()) \
                or any(now["library"].get(file) != value
                       for file, value in read["modules"].items()):
            return "run"
        return "page" if changed or made["page"] != now["page"] else ""
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return "run"


def keep(folder, code, files, then):
    """Put what `profile` built into its place, with the record of what it rested on, `then`."""
    made = {key: then[key] for key in ("run", "page")} | {
        "files": {file: hashlib.sha256(content).hexdigest() for file, content in files.items()}}
    record = {f"{profile_name(code)}.made": json.dumps(made).encode()}
    write_all({Path(folder, BUILT, file): content for file, content in (files | record).items()})


def countries(folder, *notebooks):
    """The index of all profiles and their archive; the pages of further states that are fresh.

    notebooks: the merged ones of the plan's own profiles, rendered already.
    """
    from . import data, profiles
    rows, pages, names, now, old = {}, {}, data.names(), basis(folder), 0
    for name, notebook in executed_notebooks(notebooks).items():
        rows[name] = profiles.named(notebook, name)
        home = Path(folder, "build", "rendered", name, "site")
        pages |= {file: (home / file).read_bytes() for file in profiles.files(name)
                  if (home / file).exists()}
    own, further = dict(pages), [
        code for code in sorted(names) if profile_name(code) not in rows
        and Path(folder, BUILT, f"{profile_name(code)}.made").exists()]
    for code in further:
        if due(folder, code, now):
            old += 1
            continue
        name = profile_name(code)
        home = Path(folder, BUILT, name)
        rows[name] = json.loads(home.with_suffix(".json").read_text(encoding="utf-8"))
        for file, ending in profiles.files(name).items():
            if content := home.with_suffix(f".{ending}").read_bytes():
                pages[file] = content
    called = {profile_name(code): name for code, name in names.items()}
    made = profiles.pages({called[name]: (name, rows[name]) for name in rows}, pages, len(names))
    pages = {file: content for file, content in pages.items() if file not in own}
    write_rendered(folder, "countries", {
        f"site/{file}": content for file, content in (dict(made) | pages).items()})
    if old:
        print(f"{old} profiles in {BUILT}/ are older than what they rest on and left out of the "
              "site.\nMend: make countries", file=sys.stderr)


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
    validate, execute, convert, ledger, evidence, render, page, bind, indexes, book, countries,
    publish)}
