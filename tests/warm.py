"""Runs of a notebook's cells in one warm process: no kernel starts for each set of parameters."""

import base64
import contextlib
import copy
from unittest import mock

import nbformat
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from runs import ROOT, read

from footnoted import display, links


def run(notebook, **parameters):
    """A notebook (or its name) run with other parameters in this process, as papermill gives it.

    A cell is injected after that of the parameters; outputs stand in the cells; an error is raised.
    """
    nb = copy.deepcopy(read(notebook) if isinstance(notebook, str) else notebook)
    at = next(i for i, cell in enumerate(nb.cells) if "parameters" in links.tags(cell)) + 1
    nb.cells.insert(at, nbformat.v4.new_code_cell(
        "\n".join(f"{key} = {value!r}" for key, value in parameters.items()),
        id="injected", metadata={"tags": ["injected-parameters"]}))
    display.remembered.clear()
    shell = InteractiveShell.instance()
    try:
        with contextlib.chdir(ROOT / "notebooks"):
            for cell in (one for one in nb.cells if one.cell_type == "code"):
                cell.outputs = run_cell(shell, cell.source)
                cell.execution_count = 1
    finally:
        InteractiveShell.clear_instance()  # other tests run without a shell
    return nb


def run_cell(shell, code):
    """The outputs of one cell: what was displayed, and what was printed."""
    digest = mock.patch.object(display, "running_digest", lambda: links.code_digest(code))
    with digest, capture_output() as captured:
        result = shell.run_cell(code, store_history=False)
    result.raise_error()
    shown = [nbformat.v4.new_output("display_data", {
        form: base64.b64encode(data).decode() if isinstance(data, bytes) else data
        for form, data in one.data.items()}) for one in captured.outputs]
    printed = [nbformat.v4.new_output("stream", name=name, text=text) for name, text in
               (("stdout", captured.stdout), ("stderr", captured.stderr)) if text]
    return [*shown, *printed]
