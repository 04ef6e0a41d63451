"""What somebody may have meant: one place for all such questions."""

import difflib


def near(word, words, most=39):
    """The nearest of words as a question, else the list of them if they are at most `most`.

    >>> near("appel", ["apple", "pear"]), near("xyz", ["apple", "pear"])
    (": did you mean 'apple'?", ': one of apple, pear')
    """
    match = difflib.get_close_matches(word, list(words), n=1, cutoff=0.6)
    if match:
        return f": did you mean {match[0]!r}?"
    return f": one of {', '.join(words)}" if 0 < len(words) <= most else ""
