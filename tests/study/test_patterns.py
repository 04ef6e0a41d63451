"""No pattern of the code or the tables takes for ever: a quantifier inside a quantifier does."""

import re
import signal

import patterns
import pytest

LIMIT = 1.0  # seconds for a string of sixty signs; what explodes takes years


def slow(pattern):
    """The first hostile string that a pattern does not get through in time, or None."""
    def stop(*_):
        raise TimeoutError
    before = signal.signal(signal.SIGALRM, stop)
    try:
        for text in patterns.hostile(60):
            signal.setitimer(signal.ITIMER_REAL, LIMIT)
            try:
                pattern.search(text)
                pattern.fullmatch(text)
            except TimeoutError:
                return text
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
    finally:
        signal.signal(signal.SIGALRM, before)
    return None


@pytest.mark.slow
def test_no_pattern_explodes(real):
    found = patterns.every()
    assert len(found) > 500  # the cues are most of them
    assert {where: text for pattern, where in found.items() if (text := slow(pattern))} == {}


@pytest.mark.parametrize("text", [r"(?:[*_=-]+|\d+)+", r"(\w+\s?)*!", r"^(a|a)*$"])
def test_one_that_explodes_is_noticed(text):
    assert slow(re.compile(text)) is not None


def test_patterns_are_found_where_they_stand(real):
    found = {pattern.pattern: where for pattern, where in patterns.every().items()}
    assert any(where.startswith("data/cues.csv") for where in found.values())
    assert any(where.startswith("datapackage.json") for where in found.values())
    assert any("splitting.ENDING" in where for where in found.values())
    assert any(where.startswith("dodo.py") or where.startswith("lib/footnoted")
               for where in found.values())
