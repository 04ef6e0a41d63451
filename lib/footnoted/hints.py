"""What somebody may have meant: one place for all such questions."""

import difflib


def nearest(word, words, cutoff=0.6):
    """The nearest of words, or None where none is near.

    >>> nearest("appel", ["apple", "pear"]), nearest("xyz", ["apple", "pear"])
    ('apple', None)
    """
    return next(iter(difflib.get_close_matches(word, list(words), n=1, cutoff=cutoff)), None)


def near(word, words, most=39):
    """The nearest of words as a question, else the list of them if they are at most `most`.

    >>> near("appel", ["apple", "pear"]), near("xyz", ["apple", "pear"])
    (": did you mean 'apple'?", ': one of apple, pear')
    """
    if match := nearest(word, words):
        return f": did you mean {match!r}?"
    return f": one of {', '.join(words)}" if 0 < len(words) <= most else ""
