"""JupyterLab's export menu: the same bytes by Jupyter's own route."""

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import by_hand as hand
import pytest
from nbconvert import get_exporter


@pytest.fixture(scope="module")
def server(orchard_home):
    """A Jupyter server on a folder with one sound and one stale notebook."""
    folder = orchard_home
    hand.save(hand.notebook(), folder / "sound.ipynb")
    hand.save(hand.notebook(hand.PROSE.replace("[92.9 %]", "[91.0 %]")), folder / "stale.ipynb")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = subprocess.Popen(
        [sys.executable, "-m", "jupyter_server", f"--port={port}", "--ServerApp.port_retries=0",
         "--IdentityProvider.token=study", f"--ServerApp.root_dir={folder}", "--no-browser",
         "--allow-root"], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield folder, f"http://127.0.0.1:{port}"
    finally:
        running.terminate()
        running.wait()


def fetched(base, path):
    for _ in range(240):
        try:
            with urllib.request.urlopen(f"{base}/{path}?token=study", timeout=120) as answer:
                return answer.status, answer.headers["Content-Type"], answer.read()
        except urllib.error.HTTPError as error:
            return error.code, "", error.read()
        except OSError:
            time.sleep(0.25)
    raise TimeoutError(base)


def test_the_route_gives_the_bytes_of_the_exporter(server):
    folder, base = server
    status, said, body = fetched(base, "nbconvert/study_html/sound.ipynb")
    expected = get_exporter("study_html")().from_filename(str(folder / "sound.ipynb"))[0]
    assert status == 200 and said.startswith("text/html")
    assert body.decode() == expected


def test_the_route_tells_the_mend(server):
    status, _, body = fetched(server[1], "nbconvert/study_html/stale.ipynb")
    assert status == 500 and "Mend: the gardener" in body.decode()


def test_the_route_prints_what_others_wrote(server):
    folder, base = server
    (folder / "old.ipynb").write_text(
        '{"nbformat": 4, "nbformat_minor": 2, "metadata": {}, "cells": [{"cell_type": "markdown",'
        '"metadata": {}, "source": "# Old\\n\\n<iframe src=\\"https://e.org\\"></iframe>"}]}')
    status, _, body = fetched(base, "nbconvert/study_html/old.ipynb")
    assert status == 200 and "Not shown here: a frame, https://e.org" in body.decode()


def test_the_menu_lists_the_exporters(server):
    body = fetched(server[1], "api/nbconvert")[2].decode()
    assert all(f"study_{kind}" in body for kind in ("html", "pdf", "md"))
