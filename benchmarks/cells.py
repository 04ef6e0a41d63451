"""Processor seconds of the cells of notebooks, all run in one warm kernel, as JSON on stdout.

    cd STUDY; PYTHONPATH=lib python .../cells.py NOTEBOOK[=COUNTRY] ...

The kernel is a plain one. What the study imports is loaded before the first notebook; between two
notebooks the names of the first are forgotten, the caches of the library are not.
"""

import json
import re
import sys
from pathlib import Path

from jupyter_client.manager import start_new_kernel
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook

LIMIT = 600  # seconds that a cell may take
WARM_UP = """
import contextlib, importlib, pkgutil
import IPython, matplotlib.backends.backend_agg, matplotlib.backends.backend_svg, pandas, seaborn
import digital_diplomacy
for one in pkgutil.walk_packages(digital_diplomacy.__path__, "digital_diplomacy."):
    if not one.name.endswith("__main__"):
        with contextlib.suppress(ImportError):  # of an old commit one needs what is gone
            importlib.import_module(one.name)
"""
# Names with two underscores stay when the others are forgotten
WATCH = """
__seconds, __begun = [], []
def __start(info): __begun.append(__import__("time").process_time())
def __stop(result): __seconds.append(__import__("time").process_time() - __begun.pop())
__events = get_ipython().events
__events.register("pre_run_cell", __start)
__events.register("post_run_cell", __stop)
"""
FORGET = """
for __name in [name for name in globals() if not name.startswith("_")
               and name not in ("In", "Out", "exit", "quit", "get_ipython", "open")]:
    del globals()[__name]
"""


def run(client, code):
    """Run code in a kernel: what it printed. Raises SystemExit where it failed."""
    said = []
    reply = client.execute_interactive(
        code, timeout=LIMIT, allow_stdin=False,
        output_hook=lambda message: said.append(message["content"].get("text", "")))
    if reply["content"]["status"] == "error":
        sys.exit("\n".join(re.sub(r"\x1b\[[\d;]*m", "", line)
                           for line in reply["content"]["traceback"][-5:]))
    return "".join(said)


def main(notebooks):
    """{notebook: processor seconds of its cells}, by the kernel's own clock."""
    manager, client = start_new_kernel(kernel_name="python3", cwd="notebooks")
    try:
        for code in (WARM_UP, WATCH):
            run(client, code)
        seconds = {}
        for named in notebooks:
            path, _, country = named.partition("=")
            nb = load_notebook_node(path)
            if country:
                nb = parameterize_notebook(nb, {"country": country})
            run(client, FORGET)
            run(client, "__seconds.clear()")  # of this cell itself the time is told too
            for cell in nb.cells:
                if cell.cell_type == "code" and cell.source.strip():
                    run(client, cell.source)
            told = json.loads(run(client, "print(__import__('json').dumps(__seconds))"))
            name = " ".join(filter(None, [Path(path).stem, country]))
            seconds[name] = round(sum(told[1:]), 3)
            print(f"{name}  {seconds[name]:.1f} s", file=sys.stderr)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    print(json.dumps(seconds))


if __name__ == "__main__":
    main(sys.argv[1:])
