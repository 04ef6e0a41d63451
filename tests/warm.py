"""Runs of a notebook's cells in one warm process: many sets of parameters in a few seconds each."""

import base64
import contextlib
import copy

import nbformat
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from runs import ROOT, read

from footnoted import display, links


def run(name, **parameters):
    """A notebook run with other parameters in this process, as papermill gives it: an injected cell
    after that of the parameters, outputs in the cells; an error in a cell is raised."""
    nb = copy.deepcopy(read(name))
    at = next(i for i, cell in enumerate(nb.cells) if "parameters" in links.tags(cell)) + 1
    injected = "\n".join(f"{key} = {value!r}" for key, value in parameters.items())
    nb.cells.insert(at, nbformat.v4.new_code_cell(
        injected, id="injected", metadata={"tags": ["injected-parameters"]}))
    shell = InteractiveShell.instance()
    shell.reset(new_session=True)
    display.remembered.clear()
    with contextlib.chdir(ROOT / "notebooks"):
        for count, cell in enumerate((one for one in nb.cells if one.cell_type == "code"), 1):
            display.running_digest = lambda code=cell.source: links.code_digest(code)
            with capture_output() as captured:
                result = shell.run_cell(cell.source, store_history=False)
            result.raise_error()
            cell.execution_count = count
            cell.outputs = [nbformat.v4.new_output("display_data", {
                form: base64.b64encode(data).decode() if isinstance(data, bytes) else data
                for form, data in one.data.items()}) for one in captured.outputs]
            if captured.stderr:
                cell.outputs.append(nbformat.v4.new_output("stream", name="stderr",
                                                           text=captured.stderr))
    return nb
