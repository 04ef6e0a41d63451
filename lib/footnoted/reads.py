"""What a run reads, noted while it is read: parts of the study's data, and files.

A part is a text that the study chooses, such as "table:orchards" for a whole table. A file that a
cell opens by other means, with plain pandas say, is noted as "file:data/mine.csv". The variable
FOOTNOTED_READS names the file that a kernel notes to.
"""

import contextlib
import os
import sys
from pathlib import Path

NOTES = "FOOTNOTED_READS"  # the variable that names the file
# In the study's folder, but no data of a run: what is generated, prose, modules of packages
PASSED_OVER = ("build", ".venv", ".git", "site", "pyproject.toml")
noted = set()
levels = [noted]  # the innermost set is noted to


def note(*parts):
    """Note parts that are read."""
    new = set(parts) - levels[-1]
    if not new:
        return
    levels[-1].update(new)
    if len(levels) == 1 and (path := os.environ.get(NOTES)):
        with open(path, "a", encoding="utf-8") as file:
            file.writelines(f"{part}\n" for part in sorted(new))


@contextlib.contextmanager
def apart():
    """A set of what is noted meanwhile; whoever asks for it notes what counts of it.

    Where an error ends it, all of it counts.
    """
    levels.append(set())
    try:
        yield levels[-1]
    except BaseException:
        note(*levels.pop())
        raise
    levels.pop()


def watch():
    """Forget what was noted; from now on note each file of the study that is opened to be read.

    Modules of the library and notebooks are left out: a run rests on them in ways of their own.
    """
    from .running import root
    noted.clear()
    home, library = f"{root()}{os.sep}", f"{Path(__file__).parents[1]}{os.sep}"

    def opened(event, given):
        if event != "open" or not isinstance(given[0], str | os.PathLike) or len(levels) > 1:
            return
        path = os.path.abspath(given[0])
        name = path.removeprefix(home)
        written = set(given[1]) & set("wax+") if given[1] else \
            given[2] & (os.O_WRONLY | os.O_RDWR)  # by os.open, as Python writes its own bytecode
        if path == name or written or name.endswith(".ipynb") \
                or name.split(os.sep)[0] in PASSED_OVER \
                or path.startswith(library) and name.endswith((".py", ".pyc")):
            return
        note(f"file:{name}")

    sys.addaudithook(opened)


if NOTES in os.environ:
    watch()
