"""The first of many names, and what somebody may have meant."""

import pytest

from footnoted.hints import first, first_in_words, near


@pytest.mark.parametrize("names, lines, words", [
    ("", [], ""), ("ab", ["a", "b"], "a, b"), ("abc", ["a", "b", "c"], "a, b, c"),
    ("abcd", ["a", "b", "c", "and 1 more"], "a, b, c and 1 more")])
def test_at_most_three_of_many_names(names, lines, words):
    assert first(list(names), 3) == lines
    assert first_in_words(list(names), 3) == words


@pytest.mark.parametrize("word, said", [
    ("appel", ": did you mean 'apple'?"), ("xyz", ": one of apple, pear, plum")])
def test_a_word_that_is_not_there(word, said):
    assert near(word, ["apple", "pear", "plum"]) == said
    assert near("xyz", ["apple"] * 40) == near("xyz", []) == ""
