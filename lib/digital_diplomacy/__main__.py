"""The command line: `python -m digital_diplomacy COMMAND`; exits 0, 1 (study) or 2 (call)."""

import argparse
import contextlib
import fcntl
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from footnoted import running
from footnoted.files import file_digest, read_manifest, refusal, write_atomic
from footnoted.running import CallError, StudyError

from . import steps

# Commands

class BusyError(StudyError):
    """Another run is at work in the folder."""


def study(folder, words=()):
    """What doit does with dodo.py, and its exit code folded to 0 or 1."""
    from doit.cmd_base import ModuleTaskLoader
    from doit.doit_cmd import DoitMain
    with contextlib.chdir(folder), alone("build/lock", "make study"):
        set_aside_broken(Path("build", "state.json"))
        spec = importlib.util.spec_from_file_location("dodo", Path(folder, "dodo.py"))
        dodo = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(dodo)
        main = DoitMain(ModuleTaskLoader(dodo), config_filenames=())
        main.DOIT_CMDS = (*main.DOIT_CMDS, dodo.Why)
        return min(main.run([*words]) or 0, 1)


@contextlib.contextmanager
def alone(path, command):
    """While a file is locked: let go however this ends. Raises BusyError where another has it."""
    Path(path).parent.mkdir(exist_ok=True)
    with open(path, "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BusyError(f"Another {command} is at work in this folder: wait for it, or "
                            "stop it") from None
        yield


def set_aside_broken(path):
    """Move a file that doit cannot have written away, and say so: its steps run again."""
    try:
        state = json.loads(path.read_text(encoding="utf-8"))
        if all(as_doit_writes(key, held) for task in state.values() for key, held in task.items()):
            return
    except FileNotFoundError:
        return
    except (ValueError, AttributeError, RecursionError):  # no JSON, or of another shape
        pass
    aside = path.with_name("state.broken.json")
    os.replace(path, aside)
    print(f"{path} was garbled and is now {aside}: what was done is done again.", file=sys.stderr)


def as_doit_writes(key, held):
    """Whether a value of its state has the shape that it relies on: of a file, three values."""
    if key == "deps:":
        return isinstance(held, list) and all(isinstance(name, str) for name in held)
    kind = {"_values_:": dict, "checker:": str, "result:": str}.get(key)
    return isinstance(held, kind) if kind else isinstance(held, list) and len(held) == 3


def check_tables(folder):
    """Say all faults of the tables at once, 1 where there are any; only looked for after a change.

    A study that is at work in the folder looks for them itself.
    """
    try:
        return study(folder, ["tables"])
    except BusyError:
        return 0


def why(folder):
    """Which steps would run, and why."""
    return study(folder, ["why"])


def sync(folder):
    """Run what changed and write its numbers into the prose; 1 where a sentence needs a hand.

    `study` stops at the first page whose prose its run contradicts; here all are mended at once.
    """
    import nbformat

    from footnoted import edition, links
    if study(folder, ["execute"]):
        return 1
    left, records = [], {}
    for name, (path, given) in steps.plan(folder).items():
        if given and running.defaults(path)["country"] != given["country"]:
            continue  # the notebook's prose follows the country that the notebook itself names
        try:
            old = running.as_node(running.read_notebook(path))
            run = nbformat.read(Path(folder, "build", "executed", f"{name}.ipynb"), 4)
            new, changes, faults = edition.sync(old, run, path.stem, edition.records(old))
        except (ValueError, FileNotFoundError) as error:
            raise StudyError(f"{path.stem} did not run as it is now: {error}\n"
                             "Mend: make study, then make sync") from None
        if changes:
            write_atomic(path, edition.rewritten(path.read_text(encoding="utf-8"), old, new))
        for change in changes:
            print(change)
        left += faults
        records[path.stem] = links.record(run, path.stem)
    for name in ("front-matter", "front-page"):
        sync_front(Path(folder, "paper", f"{name}.md"), records)
    if left:
        raise StudyError("\n".join([*left, "Mend: these sentences need other words or links."]))
    return 0


def sync_front(path, records):
    """The same for the text before the chapters; records: {notebook: what its run remembers}."""
    from footnoted import links
    if not path.exists():
        return
    text, changes = links.refreshed(path.read_text(encoding="utf-8"), None, others=records)
    if changes:
        write_atomic(path, text)
    for link, new in changes:
        print(f"{path.stem.replace('-', ' ')}: {links.without_markup(link.text)} → {new} "
              f"({link.chapter}#{link.target})")


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
    if check_tables(folder):
        return 1
    steps.refuse_unknown(values["country"], values.get("year"))
    name = "-".join(str(value) for value in values.values())
    out = Path(folder, "build", "country", f"{name}.ipynb")
    pairs = [f"{name}={text}" for name, text in given.items()]
    for call in (["execute", source, out, *pairs], ["convert", out]):
        code, errors = steps.process(folder, *call)
        if code:
            raise StudyError(errors.strip())
        sys.stderr.write(errors)
    print(f"build/country/{name}.html  build/country/{name}.pdf")


def countries(folder, codes, cluster, processes):
    """The profiles of all UN members, or of some, as pages of the site with an index and a zip.

    Those of the plan are the study's own; the others are built first, on a cluster where its
    address is given, and stay in build/countries/.
    """
    from . import countries as build
    if cluster and processes is not None or processes is not None and processes < 1:
        raise CallError("Name a cluster, or a number of processes of at least 1.")
    with contextlib.chdir(folder), alone("build/countries.lock", "make countries"):
        if study(folder, ["tables"]):
            return 1
        from . import data
        asked = list(dict.fromkeys(filter(None, re.split(r"[,\s]+", codes or ""))))
        for code in asked:
            steps.refuse_unknown(code, None)
        further = [code for code in asked or sorted(data.names()) if code not in steps.PROFILES]
        pool = build.cluster(folder, cluster) if cluster else build.here(processes)
        try:
            build.build(folder, further, pool)
        except KeyboardInterrupt:
            print("\nStopped; make countries goes on from here.", file=sys.stderr)
            raise
        return study(folder)


def measure(folder):
    """Print how long the paper, its supplement and their sentences are, as printed last."""
    import nbformat

    from footnoted.edition import measure as measured
    made = {name: Path(folder, "build", "notebooks", f"{name}.ipynb")
            for name in steps.plan(folder)}
    if not all(path.is_file() for path in made.values()):
        raise StudyError("Nothing is printed yet that could be measured.\nMend: make study")
    try:
        read = {name: nbformat.read(path, 4) for name, path in made.items()}
    except ValueError as error:
        raise StudyError(f"A notebook of build/notebooks/ is garbled ({error}).\n"
                         "Mend: make study") from None
    print(measured.report(read))


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


def sort(folder):
    """Put the rows of every table in the order of its key; say which files changed."""
    from . import data, validation
    faults, changed = [], False
    for table in data.tables():
        try:
            text = validation.sorted_text(table)
        except data.DataError as error:
            faults += str(error).splitlines()
            continue
        if text:
            write_atomic(data.root() / f"{table}.csv", text)
            print(f"data/{table}.csv: sorted")
            changed = True
    if faults:
        raise StudyError("\n".join(["Tables that cannot be read were left as they are:", *faults]))
    if not changed:
        print("All tables are in order.")


def content(folder, action, files, codebook, texts, similarity):
    """Make statements and sentences again from the texts; or with an action, `coding`."""
    if action:
        return coding(folder, action, files, codebook, texts)
    if not texts:  # the variable TEXTS is for tests: data/ is written when asked to
        raise CallError("Name the texts: python -m digital_diplomacy content --texts FOLDER writes "
                        "data/statements.csv and data/sentences.csv anew.")
    from . import data
    from .sources import write_made
    from .speeches import corpus
    try:
        made = corpus.study_tables(texts, similarity)
    except corpus.DataError as error:
        raise StudyError(str(error)) from None
    write_made(data.root(), {name: frame.to_csv(index=False, lineterminator="\n")
                             for name, frame in made.items()})
    for name, frame in made.items():
        print(f"data/{name}.csv: {len(frame)} rows")


FILES = {"split": "FOLDER SENTENCES.csv", "sheet": "--texts FOLDER CODER.xlsx",
         "code": "SENTENCES.csv CODES.csv", "compare": "CODER.xlsx OTHER.xlsx"}
CONTENT = (("action", {"nargs": "?", "choices": [*FILES]}),
           ("files", {"nargs": "*", "help": "; ".join(map(": ".join, FILES.items()))}),
           ("--codebook", {"metavar": "FOLDER", "help": "with topics.csv and cues.csv; without it "
                           "the study's own is used, which is English"}),
           ("--texts", {"metavar": "FOLDER", "help": "UN statements: alone it writes data/ anew "
                        "from them"}),
           ("--similarity", {"action": "store_true", "help": "with --texts: procedure B as well"}))


def coding(folder, action, files, codebook, texts):
    """Split texts, draw a sheet of the study's sentences, code by a codebook, or compare coders."""
    wanted, asked = {"sheet": ((1,), "one file to write"), "compare": ((1, 2), "one or two")}.get(
        action, ((2,), "two"))
    if action == "sheet" and not texts:
        wanted, asked = (), "the texts"
    if not all(files) or len(files) not in wanted:
        raise CallError(f"Name {asked}: python -m digital_diplomacy content {action} "
                        f"{FILES[action]}.")
    if action != "split" and not codebook and check_tables(folder):
        return 1
    from .speeches import sheets
    out = files[-1]
    if action != "compare" and os.path.lexists(out):
        raise CallError(f"There is already a {out}: name another file, or delete it.")
    try:
        if action == "compare":
            print(sheets.compare_codings(files, codebook))
            return 0
        if action == "sheet":
            made, said = sheets.sheet_file(texts, out)
        else:
            frame, said = sheets.split_texts(files[0]) if action == "split" else \
                sheets.code_by_dictionary(files[0], codebook)
            made = sheets.as_csv(frame)
    except sheets.DataError as error:
        raise StudyError(str(error)) from None
    try:
        write_atomic(out, made)
    except OSError as error:
        raise CallError(f"{out} cannot be written ({error.strerror}): name another.") from None
    print(f"{out}: {said}")


def check(folder, file):
    """Whether the printed numbers of a file can all be true: exit 0 yes, 1 no, 2 whatever else."""
    if not file:
        raise CallError("Name a file: python -m digital_diplomacy check tests/paper.toml.")
    from footnoted import consistency
    try:
        result = consistency.check_file(file)
        print(f"{result}\n\nRead as:\n{result.readings}", flush=True)
    except ValueError as error:
        raise CallError(str(error)) from None
    except BrokenPipeError:  # who reads no further has the answer in the exit code
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Exception as error:  # 1 is an answer: nothing that went wrong may end with it
        raise CallError(f"{file} could not be checked ({type(error).__name__}: "
                        f"{' '.join(str(error).split())}): ask for less at once") from None
    return {True: 0, False: 1, None: 2}[result.holds]


def claims(folder, verdict):
    """The claims of the article, a line each: page, name, verdict; or those of one verdict."""
    from footnoted.hints import near

    from .claims import verdicts
    if verdict and verdict not in verdicts.MEANING:
        raise CallError(f"No verdict {verdict!r}{near(verdict, verdicts.MEANING)}")
    if study(folder, ["ledger"]):
        return 1
    chapter = ""
    for row in json.loads(Path(folder, "build", "ledger.json").read_text("utf-8"))["claims"]:
        if verdict in (None, row["verdict"]):
            if row["chapter"] != chapter:
                chapter = row["chapter"]
                print(f"# {chapter}")
            print(f"{row['id']}  p. {row['page']}  {row['short']}: {row['verdict']}")


def verify(folder):
    """Build everything again in a clean folder and compare it with paper/manifest.sha256."""
    clean, manifest = Path(folder, "build", "verify"), Path("paper", "manifest.sha256")
    promised = read_manifest(Path(folder, manifest))
    if not promised:
        raise StudyError("There is no paper/manifest.sha256 to compare with.\nMend: make study")
    shutil.rmtree(clean, ignore_errors=True)
    for name in sorted(files_of_the_study(folder) - promised.keys() - {str(manifest)}):
        (clean / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(Path(folder, name), clean / name)
    built = subprocess.run([sys.executable, "-m", "digital_diplomacy", "study"], cwd=clean,
                           env={**os.environ, "PYTHONPATH": str(clean / "lib")})
    if built.returncode:
        raise StudyError("The clean build failed: see above. It is in build/verify.")
    made = read_manifest(clean / manifest)
    found = {name: file_digest(Path(folder, name)) for name in promised}
    faults = [f"{name}: {reason}" for name in sorted(made.keys() | promised.keys())
              if (reason := difference(promised.get(name), made.get(name), found.get(name)))]
    if faults:
        raise StudyError("\n".join([*faults, f"{len(faults)} of {len(promised)} files differ: "
                                    "build/verify holds the clean ones.",
                                    "Mend: make study, then look at git diff."]))
    shutil.rmtree(clean)
    print(f"The same: {len(promised)} files of paper/manifest.sha256.")


def difference(promised, built, found):
    """How a file stands to the manifest and to the clean build, or "" where all three agree.

    >>> difference("a", "a", "a"), difference("a", "b", "a"), difference("a", "a", "")
    ('', 'the clean build differs', 'missing')
    """
    if promised is None:
        return "not in the manifest"
    if built is None:
        return "not in the clean build"
    if built != promised:
        return "the clean build differs"
    return "" if found == promised else "changed since it was published" if found else "missing"


def files_of_the_study(folder):
    """Files of the study that are no product: what git would hold, or all but the products."""
    if Path(folder, ".git").exists() and shutil.which("git"):
        listed = subprocess.run(["git", "ls-files", "-coz", "--exclude-standard"], cwd=folder,
                                capture_output=True, encoding="utf-8")
        if listed.returncode == 0:  # git refuses a folder of another owner, or a broken one
            return {name for name in listed.stdout.split("\0")
                    if name and Path(folder, name).is_file()}
    skip = {".venv", ".venv.new", ".venv.old", "build", "site", ".git", "__pycache__"}
    return {path.relative_to(folder).as_posix() for path in Path(folder).rglob("*")
            if path.is_file() and not skip & set(path.relative_to(folder).parts)}


# What the export menu would offer and this environment lacks: TeX, a browser, Qt.
SERVER = {"ServerApp": {"contents_manager_class": "footnoted.lab.Notebooks"},
          **{name: {"enabled": False} for name in (
              "PDFExporter", "WebPDFExporter", "QtPDFExporter", "QtPNGExporter")}}


def lab(folder, words):
    """JupyterLab on the notebooks, in the study's environment."""
    import pypandoc
    chosen = steps.environment(folder, "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY",
                               "XDG_RUNTIME_DIR")
    # The browser is the reader's own: it gets back the home that the kernels do without.
    home = os.environ.get("HOME", "")
    chosen["BROWSER"] = f"env -u BROWSER HOME='{home}' '{sys.executable}' -m webbrowser %s"
    # nbconvert finds pandoc by the path; it makes LaTeX, ReStructured Text and AsciiDoc with it
    chosen["PATH"] += os.pathsep + os.path.dirname(pypandoc.get_pandoc_path())
    style = Path(running.__file__).parent / "templates" / "lab.css"
    config = Path(chosen["JUPYTER_CONFIG_DIR"])
    write_atomic(config / "custom" / "custom.css", style.read_bytes())
    write_atomic(config / "labconfig" / "default_setting_overrides.json",
                 '{"@jupyterlab/apputils-extension:notification": {"fetchNews": "false"}}\n')
    write_atomic(config / "jupyter_server_config.json", json.dumps(SERVER, indent=1) + "\n")
    root = ["--allow-root"] if os.name == "posix" and os.geteuid() == 0 else []
    if root:
        print("JupyterLab runs as root here: its notebooks may do all that root may.",
              file=sys.stderr)
    replace_process([
        "-m", "jupyterlab", "--custom-css", f"--ServerApp.root_dir={folder}",
        "--LabApp.default_url=/lab/tree/notebooks", *root, *words], folder, chosen)


def test(folder, words):
    """pytest on both cores, in the environment of the study; a file's tests share what they ran."""
    if check_tables(folder):
        return 1
    replace_process(["-m", "pytest", "-n", "2", "--dist", "loadfile", *words], folder,
                    steps.environment(folder, "RAW", "ARTICLE_TEXT", "TEXTS"))


def replace_process(words, folder, environment):
    """Become another Python process."""
    os.chdir(folder)
    sys.stdout.flush()
    os.execve(sys.executable, [sys.executable, *words], environment)


class Parser(argparse.ArgumentParser):
    """A wrong call is one sentence, exit 2."""

    def error(self, message):
        self.exit(2, f"{message[0].upper()}{message[1:]}: see {self.prog} --help.\n")


def parser():
    """All commands, and {name: parser} with what each is given."""
    top = Parser(prog="python -m digital_diplomacy", allow_abbrev=False)
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    one = {"nargs": "?"}
    for name, run, says, *given in (
            ("study", study, "run the notebooks; write figures/, paper/ and site/"),
            ("why", why, "say which steps would run, and why"),
            ("country", country, "a country's profile in build/country/",
             ("code", one), ("year", one)),
            ("countries", countries, "profiles of all UN members on the site, or KAZ,KGZ of some",
             ("codes", one), ("--cluster", {"metavar": "tcp://...", "help": "of Dask"}),
             ("--processes", {"type": int, "help": "how many at once; by default a core each"})),
            ("data", tables, "make the tables again from the raw files", ("raw", one)),
            ("sort", sort, "put the rows of the tables in the order of their keys"),
            ("sync", sync, "write this run's numbers into the prose"),
            ("claims", claims, "list the article's claims with their verdicts",
             ("--verdict", {"help": "only those of one verdict, such as contradicted"})),
            ("check", check, "say whether the printed numbers of a file can all be true",
             ("file", one)),
            ("measure", measure, "pages, figures, tables, words and long sentences"),
            ("verify", verify, "build in a clean folder and compare with paper/manifest.sha256"),
            ("content", content, "make the tables of the UN statements again from their texts; or "
             "draw, split, code and compare sheets", *CONTENT),
            ("lab", lab, "open JupyterLab on the notebooks"),
            ("test", test, "run the tests"),
            ("step", steps.run, "one step of dodo.py"),
            ("warm", warm_process, "the process whose forks are steps", ("channel", {"type": int}))
    ):
        command = commands.add_parser(name, help=says, description=says)
        for argument, options in given:
            command.add_argument(argument, **options)
        command.set_defaults(run=run)
    return top, commands.choices


def warm_process(folder, channel):
    """Run steps in forks of this process, until the other end of a socket closes."""
    from footnoted import warm

    def step(words):
        if words[0] == "execute":
            from footnoted.kernels import kernel_in_waiting
            kernel_in_waiting()
        return main(["step", *words])

    warm.serve(channel, step, steps.load, steps.load_ahead)


PASSING = ("study", "lab", "test", "step")  # what follows is doit's, JupyterLab's, pytest's


def main(words=None):
    """Run a command; the exit code."""
    words = sys.argv[1:] if words is None else words
    whole = words[:1] if words[:1] and words[0] in PASSING else words
    top, commands = parser()
    given = vars(commands[whole[0]].parse_intermixed_args(whole[1:])  # options stand anywhere
                 if whole and whole[0] in commands else top.parse_args(whole))
    run, _ = given.pop("run"), given.pop("command", "")
    given |= {} if whole is words else {"words": words[1:]}
    # jsonschema would spend 3 s on a grammar for a format that no notebook's schema names.
    sys.modules["rfc3987_syntax"] = None
    try:
        code = run(running.root(), **given) or 0
        sys.stdout.flush()
        return code
    except CallError as error:
        print(error, file=sys.stderr)
        return 2
    except StudyError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # whoever read it has enough, as `head` has
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        print(refusal(error), file=sys.stderr)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # it may be what is full
        return 1


if __name__ == "__main__":
    sys.exit(main())
