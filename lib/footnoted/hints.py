"""What a line for a reader needs: what somebody may have meant, and the first of many names."""

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


def first(names, most):
    """The first of some names or lines, then how many more there are: a list.

    >>> first(["a", "b", "c", "d"], 2), first(["a", "b"], 2)
    (['a', 'b', 'and 2 more'], ['a', 'b'])
    """
    more = len(names) - most
    return [*names[:most], f"and {more} more"] if more > 0 else [*names]


def first_in_words(names, most):
    """The same in one line.

    >>> first_in_words(["a", "b", "c", "d"], 2), first_in_words(["a", "b"], 2)
    ('a, b and 2 more', 'a, b')
    """
    return " ".join([", ".join(names[:most]), *first(names, most)[most:]])
