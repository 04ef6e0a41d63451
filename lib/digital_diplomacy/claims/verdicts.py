"""The words of the ledger: its verdicts in order, the sign and the meaning of each, its marks.

What the article gets right comes first. The signs tell verdicts apart without colour.
"""

MEANING = {
    "reproduced": "the source that decides says the same, within rounding",
    "mislabelled": "a right value under a wrong year, name, unit or citation",
    "contradicted": "the source that decides says otherwise",
    "inconsistent": "it cannot be true together with other numbers of the article, and no source "
                    "decides",
    "unsupported": "the article offers no datum, and none was found",
    "not checkable here": "what it cites was not seen, or what was read does not decide; the entry "
                          "says what would",
}
SIGN = {"reproduced": "✓", "mislabelled": "↔", "contradicted": "≠", "inconsistent": "⨯",
        "unsupported": "∅", "not checkable here": "?"}
RESTS = {"conclusion": "the conclusion", **{f"r{i}": f"recommendation {i}" for i in range(1, 5)}}


def known(verdict):
    """The verdict itself; ValueError where it is none of the six.

    >>> known("reproduced")
    'reproduced'
    """
    if verdict not in MEANING:
        raise ValueError(f"{verdict!r} is no verdict; verdicts are {', '.join(MEANING)}")
    return verdict


ANY = "any"
WRONG = "wrong date, name or unit"  # a label under which another value was printed
# The first line that fits decides: evidence, the article's own numbers, label, cited source.
# Evidence is what the cited source says where it decides, else what the preferred one says.
TRUTH = (
    (ANY, ANY, WRONG, ANY, "mislabelled"),
    ("agrees", ANY, "wrong citation", ANY, "mislabelled"),
    ("agrees", ANY, ANY, ANY, "reproduced"),
    ("differs", ANY, ANY, ANY, "contradicted"),
    (ANY, "inconsistent", ANY, ANY, "inconsistent"),
    (ANY, ANY, "wrong citation", ANY, "mislabelled"),
    ("undecided", ANY, ANY, ANY, "not checkable here"),
    ("none", ANY, ANY, "source not seen", "not checkable here"),
    ("none", ANY, ANY, ANY, "unsupported"),
)


def fold(own, cited, preferred, label):
    """The verdict of four results: the first line of TRUTH that fits.

    >>> fold("inconsistent", "source not seen", "agrees", "right")
    'reproduced'
    >>> fold("tied to nothing", "none cited", "differs", "wrong date")
    'mislabelled'
    """
    label = WRONG if label in ("wrong date", "wrong name", "wrong unit") else label
    given = (evidence(cited, preferred), own, label, cited)
    return next(verdict for *pattern, verdict in TRUTH
                if all(want in (ANY, have) for want, have in zip(pattern, given)))


def evidence(cited, preferred):
    """agrees or differs as the cited source says, else the preferred one; undecided; or none.

    >>> evidence("source not seen", "agrees"), evidence("none cited", "none found")
    ('agrees', 'none')
    """
    decided = [result for result in (cited, preferred) if result in ("agrees", "differs")]
    return decided[0] if decided else "undecided" if "undecided" in (cited, preferred) else "none"
