"""The page of what was measured: its medians and its goals, and that it is of what is kept."""

import importlib.util
import json

import pytest
from runs import ROOT

spec = importlib.util.spec_from_file_location("bench_page", ROOT / "benchmarks" / "page.py")
page = importlib.util.module_from_spec(spec)
spec.loader.exec_module(page)


def results(*measures):
    """A record of a machine with two cores and two states: (contestant, case, seconds, ...)."""
    return {"machine": {"system": "Linux", "processor": "P", "cores": 2, "memory_gb": 8,
                        "python": "3.11"},
            "commits": {"before": "abc", "cells before": "def"}, "states": ["KAZ", "UZB"],
            "tools": {"papermill": "2"},
            "measures": [{"of": of, "case": case, "round": turn, "seconds": value, "load": 0.1}
                         for of, case, *values in measures for turn, value in enumerate(values, 1)]}


def test_medians_ratios_and_goals():
    """By hand: 20 of 100 seconds is under 0.25, 20 of 30 over 0.5; 3 seconds a state of 20."""
    held = results(("ours", "cold", 30, 20, 10), ("loop", "cold", 90, 100, 200),
                   ("api", "cold", 30), ("ours", "states", 6), ("loop", "states", 40),
                   ("cells", "cold", 12), ("cells before", "cold", 30))
    text = page.page(held)
    assert "| whole study, cold | 20 s (10 to 30) | 100 s (90 to 200) | 30 s " \
           "| 0.2, goal 0.25: met | 0.667, goal 0.5: missed |" in text
    assert "| 3 s | 20 s | not measured | 0.15, goal 0.1: missed | not measured |" in text
    assert "| now, of that | 0.4, goal 0.333: missed |" in text
    assert "| whole study, cold, as a multiple of the floor | 3.33 |" in text  # 20 ÷ (12 ÷ 2)
    assert "3 rounds" in text


def test_others_know_no_change_and_run_everything():
    held = results(("ours", "prose", 4), ("loop", "cold", 100), ("loop", "prose", 1))
    assert page.ratio(held, "prose", "loop") == 0.04


def test_page_and_plot_are_of_what_is_kept():
    kept = ROOT / "paper" / "results" / "bench.json"
    if not kept.exists():
        pytest.skip("nothing is measured: make bench")
    held = json.loads(kept.read_text(encoding="utf-8"))
    mend = "stale: python benchmarks/page.py"
    assert kept.with_suffix(".md").read_text(encoding="utf-8") == page.page(held), mend
    assert kept.with_suffix(".svg").read_bytes() == page.plot(held), mend
