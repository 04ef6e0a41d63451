"""Notebooks by the Python API in one process: papermill, then nbconvert's HTML.

    python benchmarks/loop.py OUT '[["NAME", "notebook.ipynb", {"country": "KAZ"}], ...]'
"""

import json
import sys
from pathlib import Path

import papermill
from nbconvert import HTMLExporter


def main(out, notebooks):
    """Run each notebook and write its page beside it."""
    for name, path, parameters in notebooks:
        run = Path(out, f"{name}.ipynb")
        papermill.execute_notebook(path, str(run), parameters, progress_bar=False,
                                   cwd=str(Path(path).parent))
        page, _ = HTMLExporter().from_filename(str(run))
        run.with_suffix(".html").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]))
