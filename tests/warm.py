"""A notebook run in this process, whose imports and tables are warm: for many runs of other
parameters.

What it shows is what a kernel shows; `runs.papermill` stays the test that a stock kernel runs it.
"""

import base64
import contextlib
import os
from types import SimpleNamespace
from unittest import mock

import nbformat
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from runs import ROOT, read
from traitlets.config import Config

from footnoted import display, links


def run(name, **parameters):
    """A notebook executed with other parameters, as papermill would: its cells hold their outputs.

    name: of a notebook in notebooks/; parameters: their values, as Python has them. A cell that
    fails holds its error, and the cells after it are not run.
    """
    nb = with_parameters(read(name), parameters)
    kernel = SimpleNamespace(get_parent=lambda channel: {"content": {"code": kernel.code}})
    with in_notebooks(), mock.patch.object(display, "remembered", {}), a_shell(kernel) as shell:
        for count, cell in enumerate(links.code_cells({"cells": nb.cells}), 1):
            kernel.code, cell.execution_count = cell.source, count
            with capture_output() as captured:
                result = shell.run_cell(cell.source, silent=False, store_history=False)
            cell.outputs = outputs(captured)
            if error := result.error_before_exec or result.error_in_exec:
                cell.outputs = [nbformat.v4.new_output("error", ename=type(error).__name__,
                                                       evalue=str(error), traceback=[])]
                break
    return nb


def with_parameters(nb, parameters):
    """A notebook with a cell of other parameters below its own."""
    at = next(i for i, cell in enumerate(nb.cells) if "parameters" in links.tags(cell)) + 1
    unknown = parameters.keys() - links.run_parameters(nb).keys()
    assert not unknown, f"no parameter {unknown}"
    cell = nbformat.v4.new_code_cell(
        "\n".join(f"{key} = {value!r}" for key, value in parameters.items()),
        id="injected-parameters", metadata={"tags": ["injected-parameters"]})
    nb.cells[at:at] = [cell] if parameters else []
    return nb


@contextlib.contextmanager
def in_notebooks():
    """In the folder of the notebooks, with the study's own tables, figures drawn nowhere."""
    fixed = {"DD_DATA": str(ROOT / "data"), "MPLBACKEND": "Agg"}
    with contextlib.chdir(ROOT / "notebooks"), mock.patch.dict(os.environ, fixed):
        yield


@contextlib.contextmanager
def a_shell(kernel):
    """A shell with an empty namespace, and a kernel that knows which cell it runs."""
    shell = InteractiveShell.instance(config=Config(HistoryManager={"enabled": False}))
    shell.kernel = kernel
    try:
        yield shell
    finally:
        InteractiveShell.clear_instance()


def outputs(captured):
    """What a cell showed, as a notebook holds it."""
    streams = {"stdout": captured.stdout, "stderr": captured.stderr}
    return [nbformat.v4.new_output("stream", name=name, text=text)
            for name, text in streams.items() if text] + [
        nbformat.v4.new_output("display_data", metadata=one.metadata or {}, data={
            kind: base64.b64encode(held).decode() if isinstance(held, bytes) else held
            for kind, held in one.data.items()}) for one in captured.outputs]
