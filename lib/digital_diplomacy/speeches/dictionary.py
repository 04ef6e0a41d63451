"""Procedure A: a dictionary counts a fixed vocabulary in sentences and gives them codes.

It consists of the tables `topics` (the codebook) and `cues` (its written rules). Any sentences and
any codebook of the same form will do; nothing here knows a country.
"""

import re
import unicodedata
from functools import lru_cache

from footnoted.hints import near

from ..data import read, refuse

NONE = "NON"  # the code of a sentence without a topic
FOLDED = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "‑": "-", "\u00ad": None,
                        "ё": "е", "Ё": "Е"})
GAP = r"[ ,]+(?:[\w'-]+[ ,]+){0,3}"  # "...": up to three words
NO_WORD = "ӿ, ӿ ӿ ӿ ӿ"  # holds no word of any language


def folded(text):
    """A text as the dictionary reads it: composed letters, ё as е, plain quotes and hyphens.

    >>> folded("прошёл Kazakhstan’s")
    "прошел Kazakhstan's"
    """
    return unicodedata.normalize("NFC", text).translate(FOLDED)


def folded_pattern(text):
    """A cue's pattern folded like the texts, blanks single.

    >>> folded_pattern(" учёт  … труда ")
    'учет ... труда'
    """
    return " ".join(folded(text).replace("…", "...").split())


@lru_cache(maxsize=4096)
def expression(text):
    """A cue's pattern as a regular expression, case-blind, whole words.

    Grammar: * any letters; (a|b) either; a blank stands for a blank or a hyphen; ... for up to
    three words. What is no pattern is told by `pattern_fault`.

    >>> bool(expression("non proliferat*").search("the Non-Proliferation Treaty"))
    True
    >>> bool(expression("we ... propose").search("We would therefore propose a forum"))
    True
    """
    escaped = re.escape(folded_pattern(text))
    for ours, regular in ((r"\(", "(?:"), (r"\)", ")"), (r"\|", "|"), (r"\*", r"\w*"),
                          (r"\ \.\.\.\ ", GAP), (r"\ ", "[ -]+")):
        escaped = escaped.replace(ours, regular)
    return re.compile(rf"(?<!\w){escaped}(?!\w)", re.IGNORECASE)


def pattern_fault(text):
    """What keeps a text from being a pattern, with the mend, or "".

    Rule: brackets neither nest nor stay open; | stands in them, with something on both sides;
    ... stands between two words; and it does not hit what holds none of its words.

    >>> pattern_fault("digital|online"), pattern_fault("secur*")
    ("'digital|online' has | outside brackets: write (digital|online)", '')
    """
    cue = folded_pattern(text)
    if not cue or not re.fullmatch(r"[^()]*(\([^()]+\)[^()]*)*", cue):
        return f"{text!r} is no pattern: write words, *, ... and (a|b)"
    if "|" in re.sub(r"\([^()]*\)", "", cue):
        return f"{text!r} has | outside brackets: write ({re.sub('[()]', '', cue)})"
    if re.search(r"[(|] ?[|)]", cue):
        return f"{text!r} has nothing on one side of |: delete that |, or write a word there"
    if re.search(r"(?<! )\.\.\.|\.\.\.(?! )|\.\.\. \.\.\.", cue):
        return f"{text!r} has ... not between two words: write word ... word"
    if expression(text).search(NO_WORD):
        return f"{text!r} hits every sentence: write letters beside *"
    return ""


def count_cues(sentences, cues):
    """How often each cue stands in each sentence: a list of dicts, cue -> count, zeros left out.

    sentences: texts; cues: frame with the columns cue and pattern.

    >>> import pandas as pd
    >>> cues = pd.DataFrame([("sec", "secur*")], columns=["cue", "pattern"])
    >>> count_cues(["Peace and security."], cues)
    [{'sec': 1}]
    """
    texts = [folded(sentence) for sentence in sentences]
    counts, holding = [{} for _ in texts], {}
    for i, text in enumerate(texts):
        for token in set(re.findall(r"\w+", text.lower())):
            holding.setdefault(token, []).append(i)
    for cue, pattern in zip(cues["cue"], cues["pattern"]):
        rule, stems = expression(pattern), first_words(folded_pattern(pattern))
        # only sentences that hold its first word are searched: twenty times faster
        for i in {i for token in holding if token.startswith(stems) for i in holding[token]}:
            if count := len(rule.findall(texts[i])):
                counts[i][cue] = count
    return counts


def first_words(pattern):
    """How the words begin that a pattern can begin with, in small letters.

    >>> first_words("(our|Kazakhstan's) initiative*"), first_words("secur*")
    (('our', 'kazakhstan'), ('secur',))
    """
    first = pattern[1:pattern.index(")")].split("|") if pattern.startswith("(") else [pattern]
    return tuple(re.match(r"\w*", text.lower())[0] for text in first)


def code(counts, cues):
    """The codes of sentences by the dictionary, several a sentence: a list of sorted lists.

    Rule: a code is given where one of its cues stands more often than the phrases named in its
    `less` together, so that "security" counts, and within "Security Council" does not.
    counts: as `count_cues` gives them; cues: frame with cue, code, less. Needs no text.

    >>> import pandas as pd
    >>> cues = pd.DataFrame([("security", "SEC", "council"), ("council", "MUL", "")],
    ...                     columns=["cue", "code", "less"])
    >>> code([{"security": 1, "council": 1}, {"security": 2, "council": 1}], cues)
    [['MUL'], ['MUL', 'SEC']]
    """
    rules = {row.cue: (row.code, row.less.split()) for row in cues.itertuples() if row.code}
    return [sorted({rules[cue][0] for cue, count in own.items() if cue in rules
                    and count > sum(own.get(phrase, 0) for phrase in rules[cue][1])})
            for own in counts]


def packed(counts):
    """Counts of a sentence as one cell.

    >>> packed({"security": 2, "council": 1}), unpacked("security:2 council")
    ('council security:2', {'security': 2, 'council': 1})
    """
    return " ".join(cue if n == 1 else f"{cue}:{n}" for cue, n in sorted(counts.items()))


def unpacked(cell):
    """A cell of `packed` as counts."""
    parts = (part.partition(":") for part in cell.split())
    return {cue: int(n or 1) for cue, _, n in parts}


# The codebook

def codebook(topics=None, cues=None):
    """The codebook and its cues, checked: topics, cues (frames of text); the study's by default.

    Raises DataError, a line each, for what `cue_faults` and `topic_faults` find.
    """
    topics = read("topics") if topics is None else topics
    cues = read("cues") if cues is None else cues
    refuse([*cue_faults(topics, cues), *topic_faults(topics)])
    return topics, cues


def cue_faults(topics, cues):
    """Faults of cues, a line each: one that stands twice or holds a blank, has no topic or NON,
    names a phrase that is no cue, or has no pattern."""
    lines, names, codes = [], set(cues["cue"]), set(topics["code"])
    for line, (row, again) in enumerate(zip(cues.itertuples(), cues["cue"].duplicated()), start=2):
        found = [f"{row.cue!r} stands twice: delete one"] if again else []
        if len(row.cue.split()) != 1:
            found.append(f"the cue {row.cue!r} is not one word: name it by one")
        if row.code == NONE:
            found.append(f"{row.cue!r} has {NONE}, which no cue gives: leave its code empty")
        elif row.code and row.code not in codes:
            found.append(f"no topic {row.code!r} for the cue {row.cue!r}"
                         f"{near(row.code, topics['code'])}")
        found += [f"{row.cue!r} names {phrase!r}, which is no cue{near(phrase, cues['cue'])}"
                  for phrase in row.less.split() if phrase not in names]
        found += filter(None, [pattern_fault(row.pattern)])
        lines += [f"cues.csv line {line}: {fault}" for fault in found]
    return lines


def topic_faults(topics):
    """Faults of topics, a line each: no code, a code with a blank, a code or name that stands
    twice, no example."""
    lines = []
    again = {column: topics[column].duplicated() for column in ("code", "name")}
    for i, row in enumerate(topics.itertuples()):
        found = [] if row.code.strip() else ["no code: write one"]
        if row.code.strip() and re.search(r"\s", row.code):
            found.append(f"the code {row.code!r} holds a blank: write it as one word")
        found += [f"the {column} {getattr(row, column)!r} stands twice: delete or change one"
                  for column in again if again[column].iloc[i] and getattr(row, column)]
        if not row.examples.strip():
            found.append(f"{row.code!r} has no examples: write one at least")
        lines += [f"topics.csv line {i + 2}: {fault}" for fault in found]
    return lines
