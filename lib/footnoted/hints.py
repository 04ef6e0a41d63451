"""What somebody may have meant: one place for all such questions."""

import difflib


def nearest(word, words):
    """The nearest of words, or None where none is near.

    >>> nearest("egdy", ["egdi", "osi"]), nearest("xyz", ["egdi", "osi"])
    ('egdi', None)
    """
    return next(iter(difflib.get_close_matches(word, list(words), n=1, cutoff=0.6)), None)


def near(word, words):
    """The nearest of words as a question, or the list of them where none is near.

    >>> near("egdy", ["egdi", "osi"]), near("xyz", ["egdi", "osi"])
    (": did you mean 'egdi'?", ': one of egdi, osi')
    """
    match = nearest(word, words)
    return f": did you mean {match!r}?" if match else f": one of {', '.join(words)}" \
        if len(words) < 40 else ""
