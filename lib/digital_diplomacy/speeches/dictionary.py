"""Texts into sentences, counts of a fixed vocabulary, and codes: what the content analysis does.

Procedure A is a dictionary: the tables `topics` (the codebook) and `cues` (its written rules). Any
folder of texts and any codebook of the same form can be coded; nothing here knows a country.
"""

import hashlib
import re
import unicodedata
from functools import lru_cache

import pandas as pd

from .codings import NONE
from footnoted.hints import near

from ..data import DataError, read, refuse

LEAST = 4  # words: shorter ones are forms of address and numbers of a list
WORD = re.compile(r"[^\W\d_](?:[\w'’]|-(?=\w))*")
# What a printed record puts between the lines of a speech: its page, its number, rules of stars.
FURNITURE = re.compile(r"(?:\d{1,3}|\d\d-\d{5}|\d+/\d+|\d\d/\d\d/\d{4}|A/\d+/PV\.\d+|"
                       r"[*_=─—-]{2,}|\s)+"
                       r"|\S+ session [-–] \d+ \w+ [l\d]+(?:\s\d+)?\s*")
SUSPENDED = ("and", "or", "to", "и", "или")  # "short- and medium-term" keeps its hyphen and blank
# Abbreviations, in small letters: those before a name or a number, those before a number alone (the
# study's units were made without p. and para.), amounts ("5 млн. долл. США"), and what is counted
# ("в 2023 г.") unless it is a place ("г. Алматы").
NAMING = frozenset(
    "mr mrs ms dr prof st vs gen jr sr messrs mt lt col sen rep gov i.e e.g h.e "
    "им проф акад доц ул ст т.е т.к т.н т.ч см п пп оз о обл н д пос разд гл рис табл".split())
NUMBERING = frozenset("no nos art arts pp paras vol ch fig sec jan feb mar apr jun jul aug "
                      "sep sept oct nov dec".split())
AMOUNTS = frozenset("тыс млн млрд трлн руб долл коп".split())
COUNTED = frozenset("г гг в вв р с ч т стр".split())
STATES = ("U.S", "U.K", "U.N", "U.S.S.R")
TAIL = re.compile(r"(?:\b[тie]\.\s)?[^\W\d_]*(?:\.[^\W\d_]+)*$")
COUNT = re.compile(r"[\dIVXХ](?:-?[а-яё]{1,2})?\s?(?:(?:тыс|млн|млрд|трлн)\.?\s)?$")
INITIALS = re.compile(r"[CKSZ]h|Y[au]|[^\W\d_]|(?:(?:Дж|[А-ЯЁӘҒҚҢӨҰҮІЎҲ])(?:\.(?!$)|$))+")
STARTS = re.compile(r"\W*(?:The|This|That|These|It|In|We|Our|He|She|They|There|But|And|On|At|For|"
                    r"As|An?|I|If|When)\b")
ENDING = re.compile(r"""[.!?…]+["'”’»)\]]*\s+(?=["'“‘«(\[—–-]*\s?[A-ZА-ЯЁӘҒҚҢӨҰҮІЎҲ\d])""")
FOLDED = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "‑": "-", "\u00ad": None,
                        "ё": "е", "Ё": "Е"})
GAP = r"(?:[\w'-]+[ ,]+){0,3}"  # "...": up to three words


# Texts into sentences

def split(text):
    """The sentences of a text of at least four words, in order; line breaks end none.

    Rule: those of `pieces` that have LEAST words. Returns a list of str.

    >>> split("I thank Mr. Al-\\nNasser. Thank you.\\n12\\nWe agree with it.")
    ['I thank Mr. Al-Nasser.', 'We agree with it.']
    """
    return [piece for piece in pieces(text) if len(words(piece)) >= LEAST]


def pieces(text):
    """What stands between the ends of sentences, however short.

    Rule: lines that hold only a page number, a document number or stars go; lines are joined,
    "Counter- Terrorism" becomes "Counter-Terrorism"; a sentence ends at . ! ? or … (and closing
    quotes) before a blank and a capital letter or digit, but not after what `abbreviated` knows.
    English and Russian.

    >>> pieces("Мы рады. В 2023 г. Казахстан открыл посольство в г. Риме. Это важно.")
    ['Мы рады.', 'В 2023 г. Казахстан открыл посольство в г. Риме.', 'Это важно.']
    """
    text, found, start = joined(text), [], 0
    for end in ENDING.finditer(text):
        stop = end.start()
        if text[stop] != "." or not abbreviated(  # a hundred letters hold what it looks at
                text[max(start, stop - 100):stop], text[stop + 1:stop + 30]):
            found.append(text[start:end.end()].strip())
            start = end.end()
    return [piece for piece in [*found, text[start:].strip()] if piece]


def joined(text):
    """A text as one line: furniture of the page dropped, hyphens mended, blanks single.

    A hyphen at the end of a line stays, as in Secretary-General, unless the text also writes the
    word without it.

    >>> joined("A digi-\\ntal, long-\\nterm and digital plan")
    'A digital, long-term and digital plan'
    """
    text = unicodedata.normalize("NFC", text.removeprefix("\ufeff")).replace("\f", "\n")
    lines = [line for line in text.splitlines() if not FURNITURE.fullmatch(line)]
    text = re.sub(r"\s+", " ", " ".join(lines)).strip()
    whole = set(WORD.findall(text.lower()))
    broken = rf"(?<!\w)(\w+)- (?!(?:{'|'.join(SUSPENDED)})\b)(?=([^\W\d_]\w*))"
    return re.sub(broken, lambda part: part[1] + "-" * (
        (part[1] + part[2]).lower() not in whole), text)


def abbreviated(before, after):
    """True where the full stop between two texts closes an abbreviation or an initial.

    before: the sentence so far; after: what follows. Case-blind; each rule is what is right more
    often, and nothing knows a sentence that ends with a name's abbreviation ("помогли им."):
    - before a name or number (Mr., им., оз.) always, and pp., art., Jan. before a number only;
    - г., в., р., с., ч., т. are a place, a page or a part, as in с. Каракемер; after a number
      (2023 г., 120 с.) they end a sentence, where four words stand before: "В 2023 г. Казахстан"
      is a beginning, "Так стало в стране в 2023 г." is none;
    - млн., руб., долл. after a number end one, but not before two capitals: "млн. долл. США";
    - one initial always, several in Russian (Ш.М.; the study's units were made without N.A.), and
      U.S., U.K. unless a word like The or We follows.

    >>> abbreviated("by S", " Niyazov"), abbreviated("in 1992", " We"), abbreviated("H.E", " Mr.")
    (True, False, True)
    >>> abbreviated("Так было у нас в 1991–2023 гг", " Ежегодно"), abbreviated("см. п", " 3")
    (False, True)
    """
    tail = TAIL.search(before)[0]
    word, rest = tail.replace(" ", "").lower(), before.removesuffix(tail)
    number = re.match(r"\W*\d", after) is not None
    if word in AMOUNTS | COUNTED:
        return (number or after.startswith(")") or not COUNT.search(rest)
                or (re.match(r"\W*[A-ZА-Я]{2}", after) is not None if word in AMOUNTS
                    else len(words(rest)) < LEAST))
    return (word in NAMING or number and word in NUMBERING
            or tail in STATES and not STARTS.match(after)
            or tail[:1].isupper() and INITIALS.fullmatch(tail) is not None)


def words(sentence):
    """The words of a sentence: runs that begin with a letter; a hyphenated word is one.

    >>> words("Kazakhstan's 2 nuclear-weapon-free zones")
    ["Kazakhstan's", 'nuclear-weapon-free', 'zones']
    """
    return WORD.findall(sentence)


def digest(text, digits=64):
    """The first digits of the sha256 of a text as UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()[:digits]


# The dictionary

def folded(text):
    """A text as the dictionary reads it: composed letters, ё as е, plain quotes and hyphens.

    >>> folded("прошёл Kazakhstan’s")
    "прошел Kazakhstan's"
    """
    return unicodedata.normalize("NFC", text).translate(FOLDED)


@lru_cache(maxsize=4096)
def pattern(cue):
    """A cue as a regular expression, case-blind, whole words.

    Grammar: * any letters; (a|b) either; a blank stands for a blank or a hyphen; ... for up to
    three words. Raises DataError where it is none (`unfit`).

    >>> bool(pattern("non proliferat*").search("the Non-Proliferation Treaty"))
    True
    >>> bool(pattern("we ... propose").search("We would therefore propose a forum"))
    True
    """
    if fault := unfit(cue):
        raise DataError(f"cues.csv: {fault}")
    return compiled(cue)


def compiled(cue):
    """What `pattern` gives for a cue that is one."""
    text = re.escape(plain(cue)).replace(r"\(", "(?:").replace(r"\)", ")").replace(r"\|", "|")
    text = text.replace(r"\*", r"\w*").replace(r"\ \.\.\.\ ", r"[ ,]+" + GAP)
    return re.compile(rf"(?<!\w){text.replace(chr(92) + ' ', '[ -]+')}(?!\w)", re.IGNORECASE)


def plain(cue):
    """A cue's pattern folded like the texts, blanks single.

    >>> plain(" учёт  … труда ")
    'учет ... труда'
    """
    return " ".join(folded(cue).replace("…", "...").split())


def unfit(cue):
    """What keeps a text from being a pattern, with the mend, or "".

    Rule: brackets neither nest nor stay open; | stands in them, with something on both sides;
    ... stands between two words; and it does not hit what holds none of its words.

    >>> unfit("digital|online"), unfit("secur*")
    ("'digital|online' has | outside brackets: write (digital|online)", '')
    """
    text = plain(cue)
    if not text or not re.fullmatch(r"[^()]*(\([^()]+\)[^()]*)*", text):
        return f"{cue!r} is no pattern: write words, *, ... and (a|b)"
    if "|" in re.sub(r"\([^()]*\)", "", text):
        return f"{cue!r} has | outside brackets: write ({text.translate({40: None, 41: None})})"
    if re.search(r"[(|] ?[|)]", text):
        return f"{cue!r} has nothing on one side of |: delete that |, or write a word there"
    if re.search(r"(?<! )\.\.\.|\.\.\.(?! )|\.\.\. \.\.\.", text):
        return f"{cue!r} has ... not between two words: write word ... word"
    if compiled(cue).search("ӿ, ӿ ӿ ӿ ӿ"):  # no word of any language
        return f"{cue!r} hits every sentence: write letters beside *"
    return ""


def vocabulary(sentences, cues):
    """How often each cue stands in each sentence: a list of dicts, cue -> count, zeros left out.

    sentences: texts; cues: frame with the columns cue and pattern.

    >>> cues = pd.DataFrame([("sec", "secur*")], columns=["cue", "pattern"])
    >>> vocabulary(["Peace and security."], cues)
    [{'sec': 1}]
    """
    texts = [folded(sentence) for sentence in sentences]
    counts, places = [{} for _ in texts], {}
    for i, sentence in enumerate(texts):
        for token in set(re.findall(r"\w+", sentence.lower())):
            places.setdefault(token, []).append(i)
    for cue, text in zip(cues["cue"], cues["pattern"]):
        rule, stems = pattern(text), leading(plain(text))
        near_enough = {i for token in places if token.startswith(stems) for i in places[token]}
        for i in near_enough:  # only sentences that hold its first word: twenty times faster
            count = sum(1 for _ in rule.finditer(texts[i]))
            if count:
                counts[i][cue] = count
    return counts


def leading(cue):
    """How the words begin that a cue can begin with, in small letters.

    >>> leading("(our|Kazakhstan's) initiative*"), leading("secur*")
    (('our', 'kazakhstan'), ('secur',))
    """
    first = cue[1:cue.index(")")].split("|") if cue.startswith("(") else [cue]
    return tuple(re.match(r"\w*", text.lower())[0] for text in first)


def code(counts, cues):
    """The codes of sentences by the dictionary, several a sentence: a list of sorted lists.

    Rule: a code is given where one of its cues stands more often than the phrases named in its
    `less` together, so that "security" counts, and within "Security Council" does not.
    counts: as `vocabulary` gives them; cues: frame with cue, code, less. Needs no text.

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
    """Counts of a sentence as one cell, "security:2 council".

    >>> packed({"security": 2, "council": 1}), unpacked("security:2 council")
    ('council security:2', {'security': 2, 'council': 1})
    """
    return " ".join(cue if n == 1 else f"{cue}:{n}" for cue, n in sorted(counts.items()))


def unpacked(cell):
    """A cell of `packed` as counts."""
    parts = (part.partition(":") for part in cell.split())
    return {cue: int(n or 1) for cue, _, n in parts}


def codebook(topics=None, cues=None):
    """The codebook and its cues, checked: topics, cues (frames of text).

    Raises DataError, a line each, for what `wrong_cues` and `wrong_topics` find.
    """
    topics = read("topics") if topics is None else topics
    cues = read("cues") if cues is None else cues
    refuse([*wrong_cues(topics, cues), *wrong_topics(topics)])
    return topics, cues


def wrong_cues(topics, cues):
    """Faults of cues, a line each: one that stands twice or holds a blank, has no topic or NON,
    names a phrase that is no cue, or has no pattern."""
    lines, known, codes = [], set(cues["cue"]), set(topics["code"])
    twice = cues["cue"].duplicated()
    for line, (row, again) in enumerate(zip(cues.itertuples(), twice), start=2):
        found = [f"{row.cue!r} stands twice: delete one"] if again else []
        if len(row.cue.split()) != 1:
            found.append(f"the cue {row.cue!r} is not one word: name it by one")
        if row.code == NONE:
            found.append(f"{row.cue!r} has {NONE}, which no cue gives: leave its code empty")
        elif row.code and row.code not in codes:
            found.append(f"no topic {row.code!r} for the cue {row.cue!r}"
                         f"{near(row.code, topics['code'])}")
        found += [f"{row.cue!r} names {phrase!r}, which is no cue{near(phrase, cues['cue'])}"
                  for phrase in row.less.split() if phrase not in known]
        found += [fault] if (fault := unfit(row.pattern)) else []
        lines += [f"cues.csv line {line}: {fault}" for fault in found]
    return lines


def wrong_topics(topics):
    """Faults of topics, a line each: no code, a code with a blank, a code or name that stands
    twice, no example."""
    lines = []
    twice = {column: topics[column].duplicated() for column in ("code", "name")}
    for i, row in enumerate(topics.itertuples()):
        found = [] if row.code.strip() else ["no code: write one"]
        if row.code.strip() and re.search(r"\s", row.code):
            found.append(f"the code {row.code!r} holds a blank: write it as one word")
        found += [f"the {column} {getattr(row, column)!r} stands twice: delete or change one"
                  for column in twice if twice[column].iloc[i] and getattr(row, column)]
        if not row.examples.strip():
            found.append(f"{row.code!r} has no examples: write one at least")
        lines += [f"topics.csv line {i + 2}: {fault}" for fault in found]
    return lines


def unused(coded, topics):
    """Topics of the codebook that no sentence has: a list of codes.

    coded: lists of codes a sentence.
    """
    used = {one for codes in coded for one in codes}
    return [one for one in topics["code"] if one not in used]
