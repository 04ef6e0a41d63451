"""What a cell displays; which examples are tried; how many slow tests are left out."""

import hashlib
from pathlib import Path
from types import SimpleNamespace

import pytest
from by_hand import orchard_home, orchard_study, orchards  # noqa: F401  fixtures of the toolkit
from hypothesis import HealthCheck, settings

# the same examples each time, on a busy machine too
settings.register_profile("study", derandomize=True, deadline=None, database=None,
                          max_examples=60, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("study")


@pytest.fixture
def real(monkeypatch):
    """The tables of the study that these tests stand in."""
    monkeypatch.setenv("DD_DATA", str(Path(__file__).parents[1] / "data"))


@pytest.fixture
def cell(monkeypatch):
    """A running cell: what it displays, in order; `code` is its source."""
    from footnoted import display as show
    running = SimpleNamespace(code="dd.number('x', x)\n", displayed=[], sizes=[])

    def display(content, raw, metadata):
        running.displayed.append(content)
        running.sizes.append(metadata)
    kernel = SimpleNamespace(get_parent=lambda channel: {"content": {"code": running.code}})
    monkeypatch.setattr(show, "get_ipython", lambda: SimpleNamespace(kernel=kernel))
    monkeypatch.setattr(show, "display", display)
    monkeypatch.setattr(show, "remembered", {})
    running.bundle = lambda: running.displayed[-1][show.MIME]
    running.hash = lambda: hashlib.sha256(running.code.strip().encode()).hexdigest()
    return running


# Slow tests are left out unless they are asked for, and the last line says so.

LEFT_OUT = pytest.StashKey[int]()


def pytest_deselected(items):
    stash = items[0].config.stash
    stash[LEFT_OUT] = stash.get(LEFT_OUT, 0) + sum(
        item.get_closest_marker("slow") is not None for item in items)


def pytest_sessionfinish(session):
    """A process of xdist tells the one that prints the summary."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["slow"] = session.config.stash.get(LEFT_OUT, 0)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    node.config.stash[LEFT_OUT] = getattr(node, "workeroutput", {}).get("slow", 0)


def pytest_terminal_summary(terminalreporter, config):
    if count := config.stash.get(LEFT_OUT, 0):
        terminalreporter.write_line(
            f"{count} slow tests left out: make campaign, or make test ARGS='-m slow'")
