"""Forks of one warm process: what they answer, what they have, that they are the plain thing."""

import os
import re
import signal
import subprocess
import sys
import textwrap
import threading

import nbformat
import pytest

from footnoted import warm

pytestmark = pytest.mark.skipif(not warm.AVAILABLE, reason="forks are used on Linux only")

# A warm process of a study of its own: it can say a thing, fail, end itself, and count its loads.
SERVES = textwrap.dedent("""
    import os, sys, time
    from footnoted import warm

    loads = []

    def run(words):
        if words[0] == "say":
            print(*words[1:])
            print("loads", len(loads), file=sys.stderr)
        if words[0] == "meet":  # each waits for the other: they must run at once
            open(words[1], "w").close()
            end = time.monotonic() + 60
            while not os.path.exists(words[2]):
                if time.monotonic() > end:
                    return 1
                time.sleep(0.01)
        if words[0] == "die":
            os.kill(os.getpid(), 9)
        if words[0] == "raise":
            raise ValueError("no apples")
        if words[0] == "read":
            print(repr(os.read(0, 1)), file=sys.stderr)
        return int(words[-1]) if words[-1].isdecimal() else None

    def load_ahead(words):
        if words[0] == "fork, then load":
            loads.extend("abc")

    warm.serve(int(sys.argv[-1]), run, loads.append, load_ahead)
""")


@pytest.fixture
def server():
    one = warm.Server([sys.executable, "-c", SERVES])
    yield one
    one.channel.close()
    assert one.process.wait(10) == 0  # it ends with its socket


def test_a_fork_answers_with_its_code_and_its_words(server, tmp_path):
    with open(tmp_path / "out", "w") as out:
        assert server.run(["say", "apples", "3"], out.fileno()) == (3, "loads 1\n")
        assert server.run(["say", "pears"], out.fileno()) == (0, "loads 2\n")
    assert (tmp_path / "out").read_text() == "apples 3\npears\n"


def test_what_is_loaded_while_a_fork_runs_the_next_one_has(server, tmp_path):
    with open(tmp_path / "out", "w") as out:
        server.run(["fork, then load"])
        assert server.run(["say"], out.fileno()) == (0, "loads 5\n")


def test_a_fork_that_is_killed_or_raises_says_so(server):
    assert server.run(["die"]) == (-signal.SIGKILL, "")
    code, said = server.run(["raise"])
    assert code == 1 and said.endswith("ValueError: no apples\n")
    assert server.run(["say"])[0] == 0  # the others go on


def test_forks_run_side_by_side(server, tmp_path):
    one, other, done = str(tmp_path / "one"), str(tmp_path / "other"), []
    threads = [threading.Thread(target=lambda words=words: done.append(server.run(words)))
               for words in (["meet", one, other], ["meet", other, one])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == [(0, "")] * 2


def test_a_process_that_is_gone_is_a_connection_error():
    one = warm.Server([sys.executable, "-c", "pass"])
    one.process.wait()
    with pytest.raises(ConnectionError):
        one.run(["say"])
        one.run(["say"])  # what was sent may wait in the socket


def test_too_many_processes_are_said_in_a_line(monkeypatch):
    serves = SERVES.replace("warm.serve(", textwrap.dedent("""
        def refused(): raise OSError(11, "Resource temporarily unavailable")
        os.fork = refused
        warm.serve("""))
    one = warm.Server([sys.executable, "-c", serves])
    code, said = one.run(["say"])
    one.channel.close()
    assert code == 1 and "Mend" in said and "Traceback" not in said
    assert one.process.wait(10) == 0


def test_no_descriptor_is_left_open(server):
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(20):
        server.run(["say"])
    assert len(os.listdir("/proc/self/fd")) == before


# Kernels

CELLS = ["import os, sys, random\nsys.path[0], os.path.basename(os.getcwd()), sys.argv[0]",
         "import numpy, pandas\npandas.get_option('display.max_columns'), numpy.random.rand() == "
         "numpy.random.RandomState(0).rand()",
         "pandas.DataFrame([range(30)])",
         "%matplotlib inline\nfrom matplotlib import pyplot\npyplot.get_backend(), "
         "pyplot.plot([1, 2])",
         "print('one'); print('two', file=sys.stderr); 3",
         "get_ipython().kernel.get_parent('shell')['content']['code']",
         "import multiprocessing\n__name__, sys.stdin.__class__.__name__",
         "from IPython.display import display, Markdown\ndisplay(Markdown('*a*'))\n1 / 0"]
IN_A_FORK = """
import sys
import numpy, pandas, matplotlib, ipykernel.kernelapp, papermill
from footnoted import kernels
if sys.argv[1] == "forked":
    kernels.kernel_in_waiting()
papermill.execute_notebook("in.ipynb", sys.argv[1] + ".ipynb", progress_bar=False, cwd=".")
"""


def outputs(path):
    """What the cells of an executed notebook show, without the memory addresses of objects."""
    cells = nbformat.read(path, 4).cells
    text = [str([{key: value for key, value in one.items() if key != "metadata"}
                 for one in cell.get("outputs", [])]) for cell in cells
            if "papermill-error" not in str(cell.metadata.get("tags"))]
    return [re.sub(r"0x[0-9a-f]+", "0x", one) for one in text if "papermill-error" not in one]


@pytest.mark.slow
def test_a_forked_kernel_shows_what_a_plain_one_shows(tmp_path):
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(text) for text in CELLS],
        metadata={"kernelspec": {"name": "python3", "display_name": "", "language": "python"}})
    nbformat.write(notebook, tmp_path / "in.ipynb")
    env = {**os.environ, "MPLBACKEND": "module://matplotlib_inline.backend_inline"}
    for kind in ("plain", "forked"):
        done = subprocess.run([sys.executable, "-c", IN_A_FORK, kind], cwd=tmp_path, env=env,
                              capture_output=True, encoding="utf-8")
        assert "ZeroDivisionError" in done.stderr, done.stderr
    plain, forked = outputs(tmp_path / "plain.ipynb"), outputs(tmp_path / "forked.ipynb")
    assert len(plain) == len(CELLS) and plain == forked
