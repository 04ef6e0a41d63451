"""What somebody may have meant: one place for all such questions."""

import difflib


def near(word, words):
    """The nearest of words as a question, or the list of them where none is near.

    >>> near("egdy", ["egdi", "osi"]), near("xyz", ["egdi", "osi"])
    (": did you mean 'egdi'?", ': one of egdi, osi')
    """
    match = difflib.get_close_matches(word, list(words), n=1, cutoff=0.6)
    return f": did you mean {match[0]!r}?" if match else f": one of {', '.join(words)}" \
        if len(words) < 40 else ""
