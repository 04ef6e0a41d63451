"""How notebooks run: the environment, one execution, what a failure says, which call is refused.

Nothing here writes a file; imports stay light, papermill loads when a notebook runs.
"""

import ast
import functools
import hashlib
import json
import logging
import os
import re
import sys
import tomllib
from pathlib import Path

from . import links
from .hints import near

CLOCK = "1704067200"  # 2024-01-01: the date that generated files carry
START = 300  # seconds that a kernel may take to start: on a slow machine a minute is little
CELL = 600  # seconds that a cell may take; `seconds_per_cell` of the settings says another limit
# What a machine needs and no result depends on; the rest of a user's environment stays outside.
PASSED = ("PATH", "TMPDIR", "TERM", "LD_LIBRARY_PATH", "OPENBLAS_CORETYPE", "SYSTEMROOT")


class CallError(ValueError):
    """The call is wrong, not the study: one sentence, exit 2."""


class StudyError(RuntimeError):
    """A step of the study failed: one screen, the mend on its last line, exit 1."""


def root():
    """The study's folder: the nearest one from here upwards whose pyproject.toml has
    [tool.footnoted], else the folder above the package's own, where a study brings it along."""
    for folder in (Path.cwd(), *Path.cwd().parents):
        if "[tool.footnoted]" in text_of(folder / "pyproject.toml"):
            return folder
    return Path(__file__).parents[2]


def text_of(path):
    """The text of a file, "" where there is none."""
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def settings():
    """What the study's pyproject.toml says under [tool.footnoted]; README.md lists the keys."""
    return settings_in(text_of(root() / "pyproject.toml"))


@functools.cache  # a page asks hundreds of times
def settings_in(text):
    """The settings in the text of a pyproject.toml."""
    return tomllib.loads(text).get("tool", {}).get("footnoted", {})


def environment(folder, *more, **fixed_more):
    """The allow-listed environment in which kernels, tests and steps start, as a dict.

    folder: the study's; more: names of further variables to keep; fixed_more: variables to set.
    """
    home = Path(folder) / "build" / "home"
    fixed = {
        "LC_ALL": "C.UTF-8", "TZ": "UTC", "SOURCE_DATE_EPOCH": CLOCK,
        "PYTHONHASHSEED": "0", "PYTHONUTF8": "1", "PYTHONNOUSERSITE": "1",
        "PYTHONPATH": str(Path(__file__).parents[1]),
        "HOME": str(home), "IPYTHONDIR": str(home / "ipython"),
        "MPLCONFIGDIR": str(home / "matplotlib"), "MATPLOTLIBRC": str(home / "matplotlibrc"),
        "JUPYTER_CONFIG_DIR": str(home / "jupyter" / "config"),
        "JUPYTER_DATA_DIR": str(home / "jupyter" / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "jupyter" / "runtime"),
        "JUPYTER_PREFER_ENV_PATH": "1",
    }
    threads = {f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL", "VECLIB")}
    kept = {name: os.environ[name] for name in (*PASSED, *more) if name in os.environ}
    kept["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), kept.get("PATH", os.defpath)])
    return kept | threads | fixed | fixed_more


def read_notebook(path):
    """A notebook's file as the study reads it, see `parsed`. Raises StudyError where it is none."""
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise StudyError(f"{path} cannot be read: {error}.") from None
    return parsed(text, path)


def parsed(text, path):
    """A notebook's text in today's format and as `normalized`, in plain dicts.

    path: what a refusal calls it. Raises StudyError where the text is no notebook.
    """
    try:
        nb = json.loads(text.removeprefix("\ufeff"))
        if nb["nbformat"] < 4:
            import nbformat  # here: it takes longer than all the rest
            nb = nbformat.reads(json.dumps(nb), 4)   # texts of several lines are joined first
            for cell in nb["cells"]:  # drawn anew each time
                cell.pop("id", None)
        return normalized(nb)
    except Exception as error:  # a file can be wrong in more ways than a reader foresees
        raise StudyError(f"{path} is not a notebook: {type(error).__name__}: {error}\n"
                         f"Mend: git checkout {path}, or move it out of its folder") from None


def normalized(nb):
    """A notebook as people have it, in place: each cell with an id of its own, metadata and
    outputs. A cell without a valid id is called by its place, a second of one id by its turn.

    >>> [cell["id"] for cell in normalized({"cells": [
    ...     {"cell_type": "raw", "id": name} for name in ("a", "a", "", "a b")]})["cells"]]
    ['a', 'a-2', 'cell-3', 'cell-4']
    """
    taken = set()
    for i, cell in enumerate(nb["cells"], 1):
        said = cell.get("id") or ""
        name = base = said if re.fullmatch(r"[A-Za-z0-9_-]{1,60}", said) else f"cell-{i}"
        turn = 1
        while name in taken:
            turn += 1
            name = f"{base}-{turn}"
        taken.add(name)
        cell["id"] = name
        cell.setdefault("metadata", {})
        cell.setdefault("source", "")
        if cell["cell_type"] == "code":
            cell.setdefault("outputs", [])
            cell.setdefault("execution_count", None)
    nb.setdefault("metadata", {})
    nb["nbformat_minor"] = max(nb.get("nbformat_minor", 0), 5)  # the first one with ids
    return nb


def as_node(nb):
    """A notebook of plain dicts as nbformat has it, each source one text."""
    import nbformat
    return nbformat.reads(json.dumps(nb), 4)


def language_of(nb):
    """The language of a notebook's code in small letters, "python" where it says none.

    >>> language_of({"metadata": {"kernelspec": {"name": "ir", "language": "R"}}})
    'r'
    >>> language_of({"metadata": {"kernelspec": {"name": "my-conda-env"}}})
    'python'
    """
    held = nb["metadata"]
    said = held.get("kernelspec", {}).get("language") or held.get("language_info", {}).get("name")
    return (said or "python").casefold()


def titles(notebooks):
    """The first heading of each notebook, in order: what every page's list of chapters shows."""
    return [links.title(read_notebook(path)) for path in notebooks]


def code_of(notebook):
    """Digest of what a run depends on in a notebook: its code cells, their ids and tags; no prose.

    Raises StudyError where the file is not a notebook.
    """
    code = [[cell["id"], links.tags(cell), "".join(cell["source"])]
            for cell in read_notebook(notebook)["cells"] if cell["cell_type"] == "code"]
    return hashlib.sha256(json.dumps(code).encode()).hexdigest()


def execute(source, name, parameters):
    """The executed notebook, with clocks, paths and random ids removed.

    source: path; name: what failures call it, and a line that moves on a terminal; parameters:
    {name: value}. It runs on the study's own kernel, whatever kernel it names.
    Raises StudyError: notebook, cell, heading, the error's last lines, mend.
    """
    import papermill
    from nbclient.exceptions import CellTimeoutError

    logging.getLogger("papermill").setLevel(logging.CRITICAL)  # what failed is said once, below
    limit, at_work = settings().get("seconds_per_cell", CELL), []
    notebook = as_node(read_notebook(source))
    if "python" not in (language := language_of(notebook)):
        raise StudyError(f"{name}: {source} is written in {language}, and the study runs Python "
                         "alone.\nMend: move it out of its folder; jupyter nbconvert --to "
                         "study_html prints it as it was run elsewhere")
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3",
                                    "language": "python"}
    progress = {"desc": name, "file": sys.stdout, "leave": False,
                "disable": None,  # tqdm's word for: on a terminal only
                "bar_format": "{desc}  cell {n_fmt} of {total_fmt}"}
    try:
        done = papermill.execute_notebook(
            notebook, None, parameters or None, progress_bar=progress,
            cwd=str(Path(source).parent), autosave_cell_every=0,
            start_timeout=START, execution_timeout=limit,
            on_cell_start=lambda cell, cell_index: at_work.append(cell),
            # ipykernel's own log: it warns of each plain socket, and errs when it is shut down
            # and nothing that a cell reads is missed, whatever it imports
            extra_arguments=["--IPKernelApp.log_level=50",
                             "--IPKernelApp.exec_lines=__import__('footnoted.reads')"])
    except papermill.PapermillExecutionError as error:
        raise StudyError(failure(name, source, notebook, error.source, error.exec_count,
                                 f"{error.ename}: {error.evalue}")) from None
    except (CellTimeoutError, RuntimeError) as error:
        if not at_work:  # a port taken, memory short
            raise StudyError(f"{name}: its kernel did not start ({error}).\nMend: close other "
                             "programs, then run the same command again") from None
        late = isinstance(error, CellTimeoutError)
        said = f"The cell was not done after {limit} s: give it less to do, or write " \
               "`seconds_per_cell = 3600` below [tool.footnoted] in pyproject.toml." if late else \
               "The kernel died: the cell took more memory than there is, or ended its process."
        count = sum(cell.cell_type == "code" for cell in at_work)
        raise StudyError(failure(name, source, notebook, at_work[-1].source, count, said)) from None
    return settled(done)


def failure(name, path, notebook, source, count, said):
    """A failed cell on one screen; the study's own words on it, `failed` of its settings, last.

    source: the cell's; count: which of the code cells it is, as the kernel counts; said: what went
    wrong.
    """
    cells = [cell for cell in notebook.cells
             if cell.cell_type == "code" and cell.source == source]
    place, heading = "injected parameters", ""
    if cells:
        before = {"cells": notebook.cells[:notebook.cells.index(cells[0])]}
        heading = ([""] + [text for _, text in links.sections(before)])[-1]
        place = f"cell {count} (id {cells[0].get('id', '')})"
    lines = [f"{name} failed: {path}, {place}" + (f", under “{heading}”" if heading else ""), ""]
    lines += [f"    {line}" for line in source.splitlines()[:8]] + ["", *said.splitlines()[-12:]]
    mend = settings().get("failed", "Mend: run the notebook by hand to see the error live.")
    return "\n".join([*lines, "", mend])


def settled(notebook):
    """A notebook without what differs from run to run: papermill's clocks and paths, random ids."""
    from nbstripout import strip_output
    lasting = {"name", "file_extension", "pygments_lexer"}  # the others name versions
    language = notebook.metadata.get("language_info", {}).keys() - lasting
    strip_output(notebook, keep_output=True, keep_count=True, keep_id=True, extra_keys=[
        "metadata.papermill", "cell.metadata.papermill", "cell.metadata.execution",
        *(f"metadata.language_info.{key}" for key in language)])
    for cell in notebook.cells:
        if "injected-parameters" in links.tags(cell):
            cell["id"] = "injected-parameters"
    return notebook


def defaults(notebook):
    """Parameters of a notebook as its own parameters cell sets them: {name: value}; only those set
    by a literal."""
    return {name: value for name, (_, text) in links.declared(read_notebook(notebook)).items()
            if (value := literal(text)) is not None}


def literal(text):
    """The value that source text spells, None where it is an expression."""
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return None


def typed(notebook, given):
    """Parameters typed as their notebook says, before a kernel starts.

    notebook: path; given: {name: text}. Raises CallError for a name that the notebook does not
    have, with the nearest one, and for text that is not of its parameter's type.
    """
    known, values = links.declared(read_notebook(notebook)), {}
    for name, text in given.items():
        if name not in known:
            hint = near(name, known)
            raise CallError(f"{Path(notebook).name} has no parameter {name!r}{hint}"
                            + "." * (not hint.endswith("?")))
        values[name] = typed_value(name, text, *known[name])
    return values


def typed_value(name, text, kind, default):
    """One parameter's text as its annotated type, or the type of its default.

    kind: the annotation, "" without one; default: source text.
    """
    value = literal(default)
    if not kind and value is None and default != "None":
        raise CallError(f"{name} is set by an expression, {default}: write its type beside it, as "
                        f"in {name}: int = {default}")
    if (kind or type(value).__name__) != "int":
        return text
    if not re.fullmatch(r"-?\d+", text):
        raise CallError(f"{name} {text!r} is not a whole number: write it as in "
                        f"{name.upper()}={2023 if value is None else default}.")
    return int(text)
