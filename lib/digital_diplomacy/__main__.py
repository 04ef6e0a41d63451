"""The command line: `python -m digital_diplomacy COMMAND`. Exit codes: 0, 1 the study, 2 the call."""

import argparse
import hashlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from . import running
from .running import CallError, StudyError

FIRST = "Look first: site/index.html, then paper/paper.pdf"


# Files: written beside, then moved into place

def put(path, content):
    """Write bytes or text beside a file and move it into place."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    content = content.encode("utf-8") if isinstance(content, str) else content
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    os.chmod(beside, 0o644)
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


# Processes

def prepared(folder, *more):
    """The environment of a step, its folders made."""
    chosen = running.environment(folder, *more)
    for name in ("IPYTHONDIR", "MPLCONFIGDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR"):
        os.makedirs(chosen[name], exist_ok=True)
    Path(chosen["MATPLOTLIBRC"]).touch()
    return chosen


def step(folder, *call):
    """Run one command of this module in the allow-listed environment: its code, its stderr.

    The child's stdin is a pipe that closes when this process dies, however it dies.
    """
    child = subprocess.Popen(
        [sys.executable, "-m", "digital_diplomacy", "step", *map(str, call)], cwd=folder,
        env=prepared(folder), stdin=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")
    with child:
        errors = child.stderr.read()
        return child.wait(), errors


def die_with_parent():
    """End this process and its kernel when stdin closes: a killed run leaves nothing behind."""
    def watch():
        import psutil
        os.read(0, 1)  # not sys.stdin: its lock would outlive a normal end
        for child in psutil.Process().children(recursive=True):
            child.kill()
        os._exit(1)
    threading.Thread(target=watch, daemon=True).start()


# Steps of dodo.py

def execute(folder, source, out, *pairs):
    """Execute a notebook; pairs: parameters as NAME=text."""
    import nbformat
    name, given = Path(out).stem, dict(pair.split("=", 1) for pair in pairs)
    values = running.typed(source, given) if given else {}
    done = running.execute(source, name, values, lambda line: print(line, flush=True))
    put(out, nbformat.writes(done) + "\n")


def validate(folder):
    """The tables against data/datapackage.json (frictionless) and our own checks, faults at once."""
    import frictionless

    from . import data
    report = frictionless.validate(str(Path(folder, "data", "datapackage.json")))
    faults = data.check()
    ours = {line.split(":")[0] for line in faults}
    for task in report.tasks:
        faults += [line for line in (fault(task, error) for error in task.errors)
                   if line.split(":")[0] not in ours]
    faults += [f"datapackage.json: {error.message}" for error in report.errors]
    if faults:
        more = [f"and {len(faults) - 30} more"] if len(faults) > 30 else []
        raise StudyError("\n".join([f"The tables of data/ are wrong, {len(faults)} faults:",
                                    *faults[:30], *more, "Mend these places, then make study"]))
    put(Path(folder, "build", "tables.ok"), "checked\n")


def fault(task, error):
    """One error of frictionless, as our own checks say it: file, line, column, reason."""
    row, column = getattr(error, "row_number", 0), getattr(error, "field_name", "")
    place = Path(task.place).name + (f" line {row}" if row else "")
    return f"{place}{', ' if column else ''}{column}: {error.note or error.message}"


def exported(kind, notebook):
    """What a published exporter makes of a notebook: {file name: bytes}, pictures included."""
    from nbconvert import get_exporter
    from nbconvert.utils.exceptions import ConversionException
    exporter = get_exporter(f"study_{kind}")()
    try:
        body, resources = exporter.from_filename(str(notebook))
    except ConversionException as error:
        raise StudyError(str(error)) from None
    name = Path(notebook).stem + resources["output_extension"]
    files = {name: body, **resources.get("outputs", {})}
    return {name: text.encode() if isinstance(text, str) else text for name, text in files.items()}


def convert(folder, notebook):
    """HTML and PDF of an executed notebook, beside it."""
    for kind in ("html", "pdf"):
        for name, content in exported(kind, notebook).items():
            put(Path(notebook).parent / name, content)


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

    from . import edition
    name = Path(out).stem
    merged = edition.merge(nbformat.read(source, 4), nbformat.read(executed, 4))
    put(out, nbformat.writes(merged) + "\n")
    files = {f"site/{file}": content for file, content in exported("html", out).items()}
    if not name.startswith("profile-"):
        for file, content in exported("md", out).items():
            kind = "figures" if Path(file).suffix in (".svg", ".png") else "paper"
            files[f"{kind}/{Path(file).name}"] = content
    rendered(folder, name, files)


def book(folder, *notebooks):
    """What rests on all chapters: the paper, the index, the numbers."""
    from . import edition, site
    files = {"paper/paper.pdf": edition.paper([path for path in notebooks if "profile-" not in path])}
    rendered(folder, "book", files | {f"site/{file}": text for file, text in site.pages(notebooks)})


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
    put(manifest, listed(committed))
    put(record, listed(published | {"paper/manifest.sha256": digest(manifest)}))


STEPS = {function.__name__: function for function in (
    execute, validate, convert, render, book, publish)}


def one_step(folder, words):
    """One step of dodo.py: its name and what it is given."""
    die_with_parent()
    # jsonschema would spend 3 s on a grammar for a format that no notebook's schema names.
    sys.modules["rfc3987_syntax"] = None
    STEPS[words[0]](folder, *words[1:])


# Commands

def study(folder, steps=()):
    """What doit does with dodo.py, and its exit code folded to 0 or 1."""
    from doit.cmd_base import ModuleTaskLoader
    from doit.doit_cmd import DoitMain
    os.chdir(folder)
    os.makedirs("build", exist_ok=True)
    spec = importlib.util.spec_from_file_location("dodo", Path(folder, "dodo.py"))
    dodo = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(dodo)
    main = DoitMain(ModuleTaskLoader(dodo), config_filenames=())
    main.DOIT_CMDS = (*main.DOIT_CMDS, dodo.Why)
    return min(main.run([*steps]) or 0, 1)


def why(folder):
    """Which steps would run, and why."""
    return study(folder, ["why"])


def sync(folder):
    """Write the numbers of this run into the prose of every notebook."""
    from . import edition
    for line in edition.sync(Path(folder, "notebooks"), Path(folder, "build", "executed")):
        print(line)


def country(folder, code, year):
    """A country's profile into build/country/, as plain papermill and nbconvert would make it."""
    source = Path(folder, "notebooks", "country-profile.ipynb")
    if not code:
        raise CallError("Name a country: make country COUNTRY=KGZ YEAR=2024.")
    given = {"country": code} | ({"year": year} if year is not None else {})
    if not source.exists():
        raise StudyError("There is no notebooks/country-profile.ipynb.\n"
                         "Mend: git checkout notebooks/country-profile.ipynb")
    values = running.typed(source, given)
    running.admitted(values["country"], values.get("year"), folder)
    name = "-".join(str(value) for value in values.values())
    out = Path(folder, "build", "country", f"{name}.ipynb")
    pairs = [f"{name}={text}" for name, text in given.items()]
    finished(step(folder, "execute", source, out, *pairs))
    finished(step(folder, "convert", out))
    print(f"build/country/{name}.html  build/country/{name}.pdf")
    return 0


def finished(result):
    """Pass on what a step said; raise StudyError where it failed."""
    code, errors = result
    if code:
        raise StudyError(errors.strip() or f"a step ended with code {code}")
    sys.stderr.write(errors)


def tables(folder, raw):
    """Make the tables that follow from raw files again."""
    if not raw:
        raise CallError("Name the folder of the raw files: make data RAW=folder.")
    if not Path(raw).is_dir():
        raise CallError(f"RAW is {raw!r}: there is no such folder.")
    from . import sources
    try:
        for name in sources.write(raw, Path(folder, "data")):
            print(f"data/{name}")
    except sources.RawError as error:
        raise StudyError(str(error)) from None
    return 0


def verify(folder):
    """Build everything again in a clean folder and compare it with paper/manifest.sha256."""
    clean, manifest = Path(folder, "build", "verify"), Path("paper", "manifest.sha256")
    promised = listing(Path(folder, manifest))
    if not promised:
        raise StudyError("There is no paper/manifest.sha256 to compare with.\nMend: make study")
    shutil.rmtree(clean, ignore_errors=True)
    for name in sorted(set(sources_of(folder)) - promised.keys() - {str(manifest)}):
        (clean / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(Path(folder, name), clean / name)
    path = {**os.environ, "PYTHONPATH": str(clean / "lib")}
    code = subprocess.run([sys.executable, "-m", "digital_diplomacy", "study"], cwd=clean,
                          env=path).returncode
    if code:
        raise StudyError("The clean build failed: see above. It is in build/verify.")
    built = listing(clean / manifest)
    faults = [f"{name}: {reason}" for name in sorted(built.keys() | promised.keys()) if (
        reason := difference(promised.get(name), built.get(name), digest(Path(folder, name))))]
    if faults:
        raise StudyError("\n".join([*faults, f"{len(faults)} of {len(promised)} files differ: "
                                    "build/verify holds the clean ones.",
                                    "Mend: make study, then look at git diff."]))
    shutil.rmtree(clean)
    print(f"The same: {len(promised)} files of paper/manifest.sha256.")
    return 0


def difference(promised, built, found):
    """How a file stands to the manifest and to the clean build, or "" where all three agree.

    >>> difference("a", "a", "a"), difference("a", "b", "a")
    ('', 'the clean build differs')
    """
    if promised is None:
        return "not in the manifest"
    if built is None:
        return "not in the clean build"
    if built != promised:
        return "the clean build differs"
    return "" if found == promised else "changed since it was published" if found else "missing"


def sources_of(folder):
    """Files of the study that are no product: what git would hold, or all but the products."""
    if Path(folder, ".git").exists() and shutil.which("git"):
        names = subprocess.run(["git", "ls-files", "-coz", "--exclude-standard"], cwd=folder,
                               capture_output=True, encoding="utf-8").stdout.split("\0")
        return [name for name in names if name and Path(folder, name).is_file()]
    skip = {".venv", "build", "site", ".git", "__pycache__"}
    return [path.relative_to(folder).as_posix() for path in Path(folder).rglob("*")
            if path.is_file() and not skip & set(path.relative_to(folder).parts)]


def lab(folder, words):
    """JupyterLab on the notebooks, in the environment of the study; links in prose look like text."""
    home, chosen = os.environ.get("HOME", ""), prepared(
        folder, "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "XDG_RUNTIME_DIR")
    # The browser is the reader's own: it gets back the home that the kernels do without.
    chosen["BROWSER"] = f"env -u BROWSER HOME='{home}' '{sys.executable}' -m webbrowser %s"
    style = Path(__file__).parent / "templates" / "lab.css"
    put(Path(chosen["JUPYTER_CONFIG_DIR"], "custom", "custom.css"), style.read_bytes())
    return replaced([
        "-m", "jupyterlab", "--custom-css", f"--ServerApp.root_dir={folder}",
        "--LabApp.default_url=/lab/tree/notebooks", "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate", *words], folder, chosen)


def test(folder, words):
    """pytest on both cores, in the environment of the study."""
    return replaced(["-m", "pytest", "-n", "2", *words], folder,
                    prepared(folder, "RAW", "ARTICLE_TEXT"))


def replaced(words, folder, environment):
    """Become another Python process."""
    os.chdir(folder)
    sys.stdout.flush()
    os.execve(sys.executable, [sys.executable, *words], environment)


class Parser(argparse.ArgumentParser):
    """A wrong call is one sentence, exit 2."""

    def error(self, message):
        self.exit(2, f"{message[0].upper()}{message[1:]}: see {self.prog} --help.\n")


def parser():
    """The commands and what each is given."""
    top = Parser(prog="python -m digital_diplomacy", allow_abbrev=False)
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    one, rest = {"nargs": "?"}, {"nargs": argparse.REMAINDER}
    for name, run, says, *given in (
            ("study", study, "run the notebooks; write figures/, paper/ and site/", ("steps", rest)),
            ("why", why, "say which steps would run, and why"),
            ("country", country, "a country's profile in build/country/",
             ("code", one), ("year", one)),
            ("data", tables, "make the tables again from the raw files", ("raw", one)),
            ("sync", sync, "write this run's numbers into the prose"),
            ("verify", verify, "build in a clean folder and compare with paper/manifest.sha256"),
            ("lab", lab, "open JupyterLab on the notebooks", ("words", rest)),
            ("test", test, "run the tests", ("words", rest)),
            ("step", one_step, "one step of dodo.py", ("words", rest))):
        command = commands.add_parser(name, help=says, description=says)
        for argument, options in given:
            command.add_argument(argument, **options)
        command.set_defaults(run=run)
    return top


def main(words=None):
    """Run a command; the exit code."""
    given = vars(parser().parse_args(words))
    run, _ = given.pop("run"), given.pop("command")
    try:
        return run(running.root(), **given) or 0
    except CallError as error:
        print(error, file=sys.stderr)
        return 2
    except StudyError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        return 130


if __name__ == "__main__":
    sys.exit(main())
