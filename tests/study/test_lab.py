"""`make lab` on a small study under git: what opens, what is saved, what the export menu makes."""

import json
import os
import re
import runpy
import shutil
import socket
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from types import SimpleNamespace

import nbformat
import pytest
import tiny
from ipykernel.ipkernel import IPythonKernel
from tiny import ROOT, cells

NOT_IN_THE_MENU = {"custom", "notebook", "python"}  # JupyterLab itself leaves these out
PROSE = "# First\n\nA question."


def git(folder, *words):
    done = subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b.c", *words],
                          cwd=folder, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """JupyterLab at work on a committed study of one notebook."""
    folder = tiny.study(tmp_path_factory.mktemp("lab"), first=cells(PROSE, tiny.YEAR, "year + 1"))
    for name in (".gitignore", ".gitattributes"):
        shutil.copy(ROOT / name, folder / name)
    git(folder, "init", "--quiet")
    (folder / ".venv").symlink_to(sys.prefix)
    git(folder, "config", "filter.nbstripout.clean",
        runpy.run_path(str(ROOT / "environment.py"))["FILTER"])
    git(folder, "add", "notebooks", ".gitignore", ".gitattributes")
    git(folder, "commit", "--quiet", "-m", "first")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    at_work = subprocess.Popen(
        [sys.executable, "-m", "digital_diplomacy", "lab", "--no-browser",
         f"--ServerApp.port={port}", "--ServerApp.port_retries=0", "--IdentityProvider.token=t"],
        cwd=folder, env=tiny.environment(folder), stdout=subprocess.DEVNULL,
        stderr=(folder / "build.log").open("w"), stdin=subprocess.DEVNULL)

    def call(path, body=None):
        """Status, type and body of an answer; a body is put."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/{path}", headers={"Authorization": "token t"},
            data=body and json.dumps(body).encode(), method="PUT" if body else "GET")
        for _ in range(240):
            try:
                with urllib.request.urlopen(request, timeout=120) as answer:
                    return answer.status, answer.headers["Content-Type"], answer.read()
            except urllib.error.HTTPError as error:
                return error.code, "", error.read()
            except OSError:
                time.sleep(0.25)
        raise TimeoutError(port)
    yield SimpleNamespace(folder=folder, call=call)
    at_work.terminate()
    at_work.wait()


def opened(lab):
    """The first notebook as JupyterLab is given it."""
    return json.loads(lab.call("api/contents/notebooks/first.ipynb?content=1")[2])["content"]


def saved(lab, notebook):
    """Save it as JupyterLab does."""
    model = {"type": "notebook", "format": "json", "content": notebook}
    status, _, body = lab.call("api/contents/notebooks/first.ipynb", model)
    assert status == 200, body


def executed(notebook):
    """The notebook after Run All: outputs, counts, and what the interface writes of a cell."""
    for count, cell in enumerate(notebook["cells"][1:], start=1):
        cell["execution_count"] = count
        cell["outputs"] = [nbformat.v4.new_output("stream", text="2024\n" * 50)]
        cell["metadata"] |= {"execution": {"iopub.execute_input": "2026-01-01T00:00:00Z"},
                             "scrolled": True, "collapsed": False,
                             "jupyter": {"outputs_hidden": False}}
    return notebook


def status_within(folder, wanted, seconds=30):
    """git's status of the notebooks, once it is what is wanted or time is up."""
    for _ in range(seconds * 2):
        found = git(folder, "status", "--porcelain", "notebooks")
        if found == wanted:
            break
        time.sleep(0.5)
    return found


def test_a_notebook_opens_with_what_the_kernel_says_so_that_nothing_changes(lab):
    metadata = opened(lab)["metadata"]
    assert metadata["language_info"] == IPythonKernel.language_info
    stored = nbformat.read(lab.folder / "notebooks/first.ipynb", 4)
    assert metadata["kernelspec"] == stored.metadata.kernelspec


def test_run_all_and_save_leave_the_status_clean_and_keep_the_outputs(lab):
    saved(lab, executed(opened(lab)))
    assert "outputs_hidden" in (lab.folder / "notebooks/first.ipynb").read_text(encoding="utf-8")
    assert status_within(lab.folder, "") == ""
    assert opened(lab)["cells"][2]["outputs"][0]["text"].startswith("2024")


def test_changed_prose_is_a_change_and_is_not_staged(lab):
    notebook = executed(opened(lab))
    notebook["cells"][0]["source"] = PROSE + " And more."
    saved(lab, notebook)
    time.sleep(4)  # as long as git and its filter take
    assert git(lab.folder, "status", "--porcelain", "notebooks") == " M notebooks/first.ipynb\n"
    notebook["cells"][0]["source"] = PROSE
    saved(lab, notebook)
    assert status_within(lab.folder, "") == ""


def test_the_export_menu_offers_what_works(lab):
    offered = set(json.loads(lab.call("api/nbconvert")[2])) - NOT_IN_THE_MENU
    assert {"study_html", "study_pdf", "study_md", "html", "latex"} <= offered
    failed = {name: body[:300] for name in sorted(offered)
              for status, _, body in [lab.call(f"nbconvert/{name}/notebooks/first.ipynb")]
              if status != 200 or not body}
    assert failed == {}


def test_what_needs_tex_or_a_browser_is_not_offered(lab):
    offered = set(json.loads(lab.call("api/nbconvert")[2]))
    assert not offered & {"pdf", "webpdf", "qtpdf", "qtpng"}


def test_the_keys_of_a_running_lab_are_private_and_root_is_told_once(lab):
    opened(lab)
    runtime = lab.folder / "build/home/jupyter/runtime"
    assert stat.S_IMODE(runtime.stat().st_mode) == 0o700
    said = (lab.folder / "build.log").read_text(encoding="utf-8")
    assert said.count("as root") == (os.geteuid() == 0)


def test_the_lab_asks_nothing_when_it_opens(lab):
    """JupyterLab takes our settings from its config folder: no question about news."""
    opened(lab)
    settings = lab.folder / "build/home/jupyter/config/labconfig/default_setting_overrides.json"
    assert json.loads(settings.read_text(encoding="utf-8")) == {
        "@jupyterlab/apputils-extension:notification": {"fetchNews": "false"}}


def test_links_of_the_prose_are_underlined(lab):
    opened(lab)
    style = (lab.folder / "build/home/jupyter/config/custom/custom.css").read_text("utf-8")
    assert re.search(r'a\[href\^="#"\][^{]*\{[^}]*text-decoration: underline', style)
