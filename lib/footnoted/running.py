"""How notebooks run: the environment, one execution, what a failure says, which call is refused.

Nothing here writes a file; imports stay light, papermill loads when a notebook runs.
"""

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
    return tomllib.loads(text_of(root() / "pyproject.toml")).get("tool", {}).get("footnoted", {})


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


def titles(notebooks):
    """The first heading of each notebook, in order: what every page's list of chapters shows."""
    return [links.title(json.loads(Path(path).read_text(encoding="utf-8"))) for path in notebooks]


def code_of(notebook):
    """Digest of what a run depends on in a notebook: its code cells, their ids and tags; no prose.

    Raises StudyError where the file is not a notebook.
    """
    try:
        cells = json.loads(Path(notebook).read_text(encoding="utf-8"))["cells"]
        code = [[cell.get("id"), cell["metadata"].get("tags", []), "".join(cell["source"])]
                for cell in cells if cell["cell_type"] == "code"]
    except (ValueError, KeyError, TypeError) as error:
        raise StudyError(f"{notebook} is not a notebook: {error}\n"
                         f"Mend: git checkout {notebook}") from None
    return hashlib.sha256(json.dumps(code).encode()).hexdigest()


def execute(source, name, parameters):
    """The executed notebook, with clocks, paths and random ids removed.

    source: path; name: what failures call it, and a line that moves on a terminal; parameters:
    {name: value}.
    Raises StudyError: notebook, cell, heading, the error's last lines, mend.
    """
    import nbformat
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    logging.getLogger("papermill").setLevel(logging.CRITICAL)  # what failed is said once, below
    notebook = nbformat.read(source, as_version=4)
    limit, at_work = settings().get("seconds_per_cell", CELL), []
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
    except (CellTimeoutError, DeadKernelError) as error:
        late = isinstance(error, CellTimeoutError)
        said = f"The cell was not done after {limit} s: give it less to do, or write " \
               "`seconds_per_cell = 3600` below [tool.footnoted] in pyproject.toml." if late else \
               "The kernel died: the cell took more memory than there is, or ended its process."
        count = sum(cell.cell_type == "code" for cell in at_work)
        raise StudyError(failure(name, source, notebook, at_work[-1].source, count, said)) from None
    except RuntimeError as error:  # before the first cell: a port taken, memory short
        raise StudyError(f"{name}: its kernel did not start ({error}).\n"
                         "Mend: close other programs, then run the same command again") from None
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
    """Parameters of a notebook as its own parameters cell sets them: {name: text or number}."""
    import ast

    import papermill
    return {name: ast.literal_eval(known["default"])
            for name, known in papermill.inspect_notebook(str(notebook)).items()}


def typed(notebook, given):
    """Parameters typed as their notebook says, before a kernel starts.

    notebook: path; given: {name: text}. Raises CallError for a name that the notebook does not
    have, with the nearest one, and for text that is not of its parameter's type.
    """
    import papermill

    known, values = papermill.inspect_notebook(str(notebook)), {}
    for name, text in given.items():
        if name not in known:
            hint = near(name, known)
            raise CallError(f"{Path(notebook).name} has no parameter {name!r}{hint}"
                            + "." * (not hint.endswith("?")))
        values[name] = typed_value(name, text, known[name])
    return values


def typed_value(name, text, parameter):
    """One parameter's text as its annotated type, or the type of its default."""
    kind = parameter["inferred_type_name"]
    if kind in ("None", "", None):
        kind = "int" if re.fullmatch(r"-?\d+", parameter["default"]) else "str"
    if kind == "int" and not re.fullmatch(r"-?\d+", text):
        raise CallError(f"{name} {text!r} is not a whole number: write it as in "
                        f"{name.upper()}={parameter['default']}.")
    return int(text) if kind == "int" else text
