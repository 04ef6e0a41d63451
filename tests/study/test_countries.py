"""Profiles of many states: what is built, kept, left out and said, on a small study of its own."""

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import nbformat
import pytest
import tiny
from tiny import ROOT, cells, dd, state

from digital_diplomacy import __main__, countries, profiles, steps
from footnoted.files import write_atomic
from footnoted.running import CallError

ASKED = ["MCO", "NRU", "PRK"]
PROFILE = cells("# A country\n\nIn prose.", 'country: str = "KGZ"  # three letters\n' + tiny.YEAR,
                "import digital_diplomacy as dd",
                'dd.pick("internet_use", country)["printed"].tolist()', "(country, year)")
TWO_MADE = ("site", "paper", "figures", "build/countries")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A study that was run, then its three further profiles: the folder, both outputs, and what
    stood there in between. Not to be changed."""
    folder = tiny.study(tmp_path_factory.mktemp("countries"), country_profile=PROFILE,
                        **{"01_first": tiny.TWO["01_first"]})
    first = dd(folder, "study")
    assert first.returncode == 0, first.stderr
    before = state(folder, "site", "paper", "figures")
    second = dd(folder, "countries", "MCO,NRU,PRK", "--processes", "1")
    assert second.returncode == 0, second.stderr
    return folder, before, second


@pytest.fixture
def again(built, tmp_path):
    """A copy of it, as `cp -a` would make it."""
    shutil.copytree(built[0], tmp_path / "copy")
    return tmp_path / "copy"


def edited(folder, change):
    path = folder / "notebooks/country-profile.ipynb"
    notebook = nbformat.read(path, 4)
    change(notebook.cells)
    nbformat.write(notebook, path)


def due(folder, monkeypatch):
    """What has to be done for each of the three."""
    monkeypatch.setattr(steps.modules, "LIBRARY", folder / "lib")
    with contextlib.chdir(folder):
        now = steps.basis(folder)
        return [steps.due(folder, code, now) for code in ASKED]


def test_profiles_stand_on_the_site_beside_what_was_there(built):
    folder, before, done = built
    lines = done.stdout.splitlines()
    assert [f"profile-{code.lower()}  built" for code in ASKED] == lines[:3]
    assert lines[3].startswith("3 profiles built, ") and len(lines) == 5
    now = state(folder, "site", "paper", "figures")
    new = {f"site/{file}" for code in ASKED for file in profiles.files(f"profile-{code.lower()}")}
    changed = {name for name in before if now.get(name) != before[name]}
    assert {f"site/profile-{code.lower()}.html" for code in ASKED} <= now.keys() - before.keys() \
        <= new
    assert changed == {"site/countries.html", "site/countries.zip"}
    assert "('NRU', 2023)" in now["site/profile-nru.html"].decode().replace("&#39;", "'")
    assert b'href="countries.html"' in before["site/index.html"]


def test_the_index_and_the_zip_hold_all_that_are_built(built):
    index = (built[0] / "site/countries.html").read_text(encoding="utf-8")
    assert "8 of the 193 UN members" in index
    states = ["Kazakhstan", "Kyrgyzstan", "Monaco", "Nauru", "North Korea", "Tajikistan",
              "Turkmenistan", "Uzbekistan"]
    places = [index.index(f'.html">{name}</a></th>') for name in states]
    assert places == sorted(places)
    with zipfile.ZipFile(built[0] / "site/countries.zip") as held:
        codes = sorted([*ASKED, *steps.PROFILES])
        pages = [name for name in held.namelist() if name.startswith("profile-")]
        assert pages == [f"profile-{code.lower()}.html" for code in codes]
        assert all(held.read(name) == (built[0] / "site" / name).read_bytes()
                   for name in held.namelist())


@pytest.mark.slow
def test_two_processes_make_the_same_bytes(built, again):
    shutil.rmtree(again / "build/countries")
    done = dd(again, "countries", "PRK NRU,MCO,KAZ", "--processes", "2")
    assert done.returncode == 0 and done.stdout.count("built\n") == 3, done.stderr
    assert state(again, *TWO_MADE) == state(built[0], *TWO_MADE)


@pytest.mark.slow
def test_what_is_fresh_is_not_built_again(again):
    before = {path: path.stat().st_mtime_ns for path in (again / "build/countries").rglob("*")}
    done = dd(again, "countries", "PRK,NRU,MCO")
    assert done.returncode == 0 and done.stdout.startswith("Nothing to do."), done.stderr
    assert before == {path: path.stat().st_mtime_ns
                      for path in (again / "build/countries").rglob("*")}


def test_of_a_profile_only_what_changed_is_due(again, monkeypatch):
    assert due(again, monkeypatch) == ["", "", ""]
    home = again / steps.BUILT
    kept = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    for file, text, wanted in (
            ("profile-nru.html", b"", "page"), ("profile-nru.json", b"{", "page"),
            ("profile-nru.made", b"{", "run"), ("profile-nru.made", b"[]", "run"),
            ("runs/profile-nru.ipynb", b"{}", "run"),
            ("runs/profile-nru.reads", b'{"parts": []}', "run")):
        (home / file).write_bytes(text)
        assert due(again, monkeypatch) == ["", wanted, ""], file
        (home / file).write_bytes(kept[home / file])
    (home / "profile-prk.made").unlink()
    assert due(again, monkeypatch) == ["", "", "run"]


def test_a_row_runs_the_profiles_that_read_it(again, monkeypatch):
    parts = json.loads((again / steps.PARTS).read_text())
    read = json.loads((again / steps.BUILT / "runs/profile-nru.reads").read_text())["parts"]
    other = next(part for part in parts if part not in read)
    write_atomic(again / steps.PARTS, json.dumps(parts | {other: "0"}))
    assert due(again, monkeypatch) == ["", "", ""]
    one = next(part for part in read if part in parts)
    write_atomic(again / steps.PARTS, json.dumps(parts | {one: "0"}))
    assert due(again, monkeypatch) == ["run"] * 3


def test_prose_and_code_that_renders_print_again_code_that_runs_runs_again(again, monkeypatch):
    path = again / "lib/footnoted/edition/writers.py"
    text = path.read_text(encoding="utf-8")
    path.write_text(text + "\n", encoding="utf-8")
    assert due(again, monkeypatch) == ["page"] * 3
    path.write_text(text, encoding="utf-8")
    edited(again, lambda c: c[0].update(source="# A country\n\nOther prose."))
    assert due(again, monkeypatch) == ["page"] * 3
    path = again / "lib/digital_diplomacy/data.py"
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert due(again, monkeypatch) == ["run"] * 3


@pytest.mark.slow
def test_profiles_that_are_older_than_their_notebook_are_left_out_and_said(again):
    edited(again, lambda c: c[0].update(source="# A country\n\nOther prose."))
    done = dd(again, "study")
    assert done.returncode == 0 and done.stderr == (
        "3 profiles in build/countries/ are older than what they rest on and left out of the "
        "site.\nMend: make countries\n")
    assert not list((again / "site").glob("profile-nru*"))
    assert "5 of the 193" in (again / "site/countries.html").read_text(encoding="utf-8")
    runs = state(again, "build/countries/runs")
    done = dd(again, "countries", "NRU")
    assert "profile-nru  built\n" in done.stdout and done.returncode == 0
    assert b"Other prose" in (again / "site/profile-nru.html").read_bytes()
    assert state(again, "build/countries/runs") == runs  # printed again, not run
    assert "2 profiles in build/countries/ are older" in done.stderr


@pytest.mark.slow
def test_a_state_that_fails_stops_no_other(again):
    edited(again, lambda c: c[3].update(source='1 / (country != "NRU")'))
    before = state(again, "site")
    done = dd(again, "countries", "MCO,NRU,PRK")
    lines = done.stderr.strip().splitlines()
    assert done.returncode == 1 and "ZeroDivisionError: division by zero" in lines
    assert lines[0].startswith("profile-nru failed: ") and len(lines) < 24
    assert lines[-1] == "2 of 3 profiles were built." and state(again, "site") == before
    assert "profile-mco  built\n" in done.stdout and "profile-prk  built\n" in done.stdout


@pytest.mark.slow
def test_after_three_failures_no_further_profile_is_begun(again):
    edited(again, lambda c: c[3].update(source="1 / 0"))
    done = dd(again, "countries", "--processes", "1")
    assert done.returncode == 1 and "Also failed: AGO, ALB." in done.stderr
    assert done.stderr.splitlines()[-1] == "0 of 188 profiles were built."


@pytest.mark.parametrize("words, said", [
    (["KAZ,Monac"], "no UN member 'Monac': did you mean 'MCO'?"),
    (["KAZ", "--processes", "0"], "Name a cluster, or a number of processes of at least 1."),
    (["--cluster", "tcp://127.0.0.1:1", "--processes", "2"],
     "Name a cluster, or a number of processes of at least 1."),
])
def test_a_wrong_call_is_one_line(built, words, said):
    done = dd(built[0], "countries", *words)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", said + "\n")


def test_two_at_once_are_refused(again):
    with contextlib.chdir(again), __main__.alone("build/countries.lock", "make countries"):
        done = dd(again, "countries", "NRU")
    assert done.returncode == 1 and done.stderr == (
        "Another make countries is at work in this folder: wait for it, or stop it\n")


def test_clean_deletes_what_was_built_and_nothing_else(again):
    shutil.copy(ROOT / "Makefile", again)
    before = {path.name for path in again.iterdir()}
    assert subprocess.run(["make", "clean"], cwd=again, capture_output=True).returncode == 0
    assert before - {path.name for path in again.iterdir()} == {"build", "site"}


def test_on_a_terminal_one_line_moves_elsewhere_each_profile_has_one(capsys, monkeypatch):
    countries.tell("profile-nru  built", 2, 3)
    assert capsys.readouterr().out == "profile-nru  built\n"
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    countries.tell("profile-nru  built", 2, 3)
    assert capsys.readouterr().out == "\r\033[K2 of 3 profiles: profile-nru  built"


# A cluster

@pytest.fixture
def distributed():
    return pytest.importorskip("distributed", reason="needs the extra cluster: pip install "
                               "--require-hashes -r requirements-cluster.txt")


def test_without_distributed_one_line_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(CallError, match="pip install --require-hashes -r requirements-cluster.txt"):
        countries.connected("tcp://127.0.0.1:1")


@pytest.mark.parametrize("address", ["nonsense", "foo://x:1", "tcp://127.0.0.1:{}"])
def test_a_cluster_that_does_not_answer_is_one_line_within_seconds(distributed, address):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address, start = address.format(silent.getsockname()[1]), time.monotonic()
        with pytest.raises(CallError, match=f"DASK={address}: no cluster answers") as raised:
            countries.connected(address)
    assert time.monotonic() - start < 3 * countries.ANSWER and "\n" not in str(raised.value)


def test_a_worker_of_another_environment_is_named(distributed, monkeypatch, tmp_path):
    worker = type("Worker", (), {"address": "tcp://one", "local_directory": str(tmp_path)})()
    monkeypatch.setattr(distributed, "get_worker", lambda: worker)
    with pytest.raises(ImportError) as raised:
        countries.on_worker(b"", "study", {"Python": countries.version_of("Python"),
                                           "pandas": "0.1", "numpy": "0.1"}, "KGZ")
    assert str(raised.value).startswith(
        f"The worker tcp://one has pandas {countries.version_of('pandas')}, this machine 0.1. Mend")
    assert not list(tmp_path.iterdir())


def test_versions_are_those_of_the_locks():
    found = countries.versions(ROOT)
    assert found["Python"] == f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert found["pandas"] == countries.version_of("pandas") and "pip" not in found


def test_what_a_cluster_needs_beside_the_lock_keeps_to_the_lock():
    both, more = (dict(re.findall(r"^([\w.-]+)==(\S+)", (ROOT / name).read_text(), re.M))
                  for name in ("requirements.lock", "requirements-cluster.txt"))
    assert "distributed" in more and "distributed" not in both
    assert {name: more[name] for name in more.keys() & both.keys()} == {
        name: both[name] for name in more.keys() & both.keys()}


@contextlib.contextmanager
def scheduler_and_workers(place, count):
    """A real scheduler and workers in folders of their own: its address, the workers' processes."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    address, started = f"tcp://127.0.0.1:{port}", []

    def start(name, *words):
        (place / name).mkdir()
        free = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        with open(place / name / "log", "w") as log:
            started.append(subprocess.Popen(
                [sys.executable, "-m", "dask", *words, "--no-dashboard"], cwd=place / name,
                env=free, stdout=log, stderr=log))
    try:
        start("scheduler", "scheduler", "--host", "127.0.0.1", "--port", str(port))
        wait_until(lambda: socket.create_connection(("127.0.0.1", port)).close())
        for n in range(count):
            start(f"worker-{n}", "worker", address, "--no-nanny", "--nthreads", "1",
                  "--local-directory", ".")
        yield address, started[1:]
    finally:
        for process in started:
            process.kill()
            process.wait()


@pytest.mark.slow
@pytest.mark.parametrize("killed", [False, True])
def test_a_cluster_makes_the_same_pages_even_where_a_worker_is_killed(
        distributed, built, again, tmp_path, killed):
    shutil.rmtree(again / "build/countries")
    with scheduler_and_workers(tmp_path, 2) as (address, workers):
        with subprocess.Popen(
                [sys.executable, "-m", "digital_diplomacy", "countries", "PRK,NRU,MCO",
                 "--cluster", address], cwd=again, env=tiny.environment(again),
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8") as client:
            if killed:
                while not list(tmp_path.glob("worker-0/**/build/countries")):
                    time.sleep(0.05)  # its first profile is at work
                os.kill(workers[0].pid, signal.SIGKILL)
            out, errors = client.communicate(timeout=300)
        assert client.returncode == 0, errors
        assert sorted(out.splitlines()[:3]) == [f"profile-{code.lower()}  built" for code in ASKED]
        used = {path.parts[len(tmp_path.parts)]
                for path in tmp_path.glob("worker-*/**/build/countries")}
        assert used == {"worker-0", "worker-1"}  # each unpacked the study in its own folder
    mine, theirs = state(again, "site"), state(built[0], "site")
    assert mine == theirs


@pytest.mark.slow
def test_a_cluster_that_ends_is_one_line_and_what_was_built_stays(distributed, again, tmp_path):
    shutil.rmtree(again / "build/countries")
    with scheduler_and_workers(tmp_path, 1) as (address, _), subprocess.Popen(
            [sys.executable, "-m", "digital_diplomacy", "countries", "--cluster", address],
            cwd=again, env=tiny.environment(again), stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, encoding="utf-8") as client:
        first = client.stdout.readline()
        os.kill(scheduler_of(tmp_path), signal.SIGKILL)
        _, errors = client.communicate(timeout=120)
    assert client.returncode == 1 and errors == (
        "The cluster was lost; what is built stays. Mend: run the same command again\n")
    assert Path(again, steps.BUILT, first.split()[0] + ".made").exists()


def wait_until(tried, seconds=120):
    """Try until it raises no OSError."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(OSError):
            return tried()
        time.sleep(0.1)
    raise AssertionError("waited in vain")


def scheduler_of(place):
    """The process whose folder is the scheduler's."""
    for entry in Path("/proc").glob("[0-9]*/cwd"):
        with contextlib.suppress(OSError):
            if Path(os.readlink(entry)) == place / "scheduler":
                return int(entry.parent.name)
    raise AssertionError("no scheduler")


@pytest.mark.slow
@pytest.mark.parametrize("number, code", [(signal.SIGINT, 130), (signal.SIGKILL, -9)])
def test_stopped_it_loses_nothing(built, again, number, code):
    shutil.rmtree(again / "build/countries")
    words = ("countries", "PRK,NRU,MCO", "--processes", "1")
    assert tiny.stopped(again, number, "built", *words) == code
    left = dd(again, *words)
    assert left.returncode == 0 and left.stdout.count("built\n") < 3, left.stderr
    assert state(again, *TWO_MADE) == state(built[0], *TWO_MADE)
