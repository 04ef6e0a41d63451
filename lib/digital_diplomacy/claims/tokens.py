"""The article's text as tokens and sentences: what a number is, where a sentence ends.

The text is a text layer: letters are often wrong (Latin for Cyrillic, digits for letters).
"""

import csv
import hashlib
import io
import re
from typing import NamedTuple

# Words that count, as a correct text spells them and, after the bar, as this text layer does
# (a low line stands for a blank).
COUNTING = """
один одного одному одним одном одна одной одну одно одни одних | OLHUM OGHUM OTHON OZHO
два две двух двум двумя | [ABa ABYX
три трех трём тремя трёх четыре четырех четырёх пять пяти шесть шести семь семи | IIATh NATHU
восемь восьми девять девяти десять десяти сто ста тысяча тысячи тысяч | JecATh
миллион миллиона миллионы миллионов миллиард миллиарда миллиарды миллиардов | MUJIJIMOHBI
оба обе обоих обеих половина половины треть трети четверть дважды вдвое втрое |
первый первая первое первые первого первой первую первым первых | TepBHIi MepBYIO
второй вторая второе вторые второго вторую вторым вторых третий третья третье третьих | BTOPOM
четвертый четвертая четвертое четвёртый пятый пятая пятое десятый |
во-первых во-вторых | Bo-TIiepBBIX Bo-TiepBEIX Bo-TIepBEIX Bo-TIePBEIX Bo-BTOpEIX Bo-BTOpPBIX
в-третьих в-четвертых в-четвёртых в-пятых | B-TpeThHX B-TpeTbuX B-4eTBepTHIX
one two three four five six seven eight nine ten hundred thousand million billion |
second third fourth fifth half twice both |
"""
# Words that claim a first place, the whole of a set, or most of it.
CLAIMING = """
впервые единственный единственная единственное единственной | BIIEPBEIe BIlepBBIE eZWHCTBEHHas
единый единая единое единого единой | eIUHOTO
самый самая самое самой самого самым самых самые | caMBIX CaMBIX CaMoM
наиболее наибольший наибольшее наибольшим наибольшая | Hauboee Hau6ostee Han6osee HanboJiee
наименьший наименьшее наименьшим наименьшая | HAaMOO0IbIINM HAUOOIBIUINM HAUMEHBIIUM
большинство большинства большинстве большая | BOJBLIMHCTBO BOJIBLIMHCTBO Bosnblllag
ведущий ведущих ведущие лидер лидеры лидеров | BeAyLUIX BeIYIIUX UL_EPHI INAEPOB IUAEPOB
все всех всем | BCe
most first only leading
"""
FOUND = re.compile(
    r"%(?:\d[0-9A-F]|[A-F]\d)"               # a sign written as a number in an address
    r"|(?<!\w)\d{1,3}(?: \d{3})+(?!\w)"      # thousands set apart by blanks
    r"|\w*\d\w*(?:[.,]\d\w*)*")              # a word with digits, points and commas between digits
ROMAN = re.compile(r"(?<![\w/])[XVI]{2,}(?!\w)")
MEANT = {"digits": FOUND, "roman": ROMAN}
LETTERS = re.compile(r"(?!.*(?:[28]|\d{6}))(?=.*[^\W\d_]).*\d")  # no letter became a 2 or an 8


TYPED_TOKEN = ("reading", "article", "reason")
TYPED_SENTENCE = ("section", "page", "claims", "reason")


class Token(NamedTuple):
    """A number, or a word that counts or claims: place in the text, text, kind."""
    start: int
    end: int
    token: str
    kind: str


def words(listed):
    """A pattern of the words of a list, which a hyphen may part at the end of a line."""
    forms = sorted(set(listed.replace("|", " ").split()), key=len, reverse=True)
    parted = [" ".join("(?:-\n)?".join(map(re.escape, part)) for part in form.split("_"))
              for form in forms]
    return re.compile(rf"(?<!\w)(?:{'|'.join(parted)})(?!\w)", re.IGNORECASE)


WORDS = {"words": words(COUNTING), "most": words(CLAIMING)}


def tokens(text):
    """Every digit lies in a token; number words, Roman numerals and words that claim are tokens.

    A token of digits is as long as letters, digits, and single points or commas between digits
    go on; thousands set apart by blanks are one token; `%20` in an address is one. A word of the
    lists is its own kind, digits in it or not.
    Returns Tokens in the order of the text, none inside another.

    >>> [(found.token, found.kind) for found in tokens("Впервые 26 430 из двух")]
    [('Впервые', 'most'), ('26 430', 'digits'), ('двух', 'words')]
    """
    found, taken = [], set()
    for kind, pattern in {**WORDS, **MEANT}.items():
        for match in pattern.finditer(text):
            place = range(*match.span())
            if taken.isdisjoint(place):
                taken.update(place)
                found.append(Token(*match.span(), match.group().replace("-\n", ""), kind))
    return sorted(found)


# A line that begins something of its own: an item of a list, a caption (`Figure 1. `), a source.
STARTS = re.compile(r"\d{1,2}[.)] \S|\S{5,9} \d\. \S|(?:Source|\w{6,8}[kKкК]): \S")
FOOTNOTE = re.compile(r"\d{1,2} (?:[^\W\d_a-zа-яё]|\*)")
# What is one sentence, however many points it has: captions, sources, running heads and feet.
WHOLE = re.compile(r"\S{5,9} \d\. |(?:Source|\w{6,8}[kKкК]): |.*(?:ISSN|22-35)", re.DOTALL)
END = re.compile(r"[.!?…][»”\"')\]]*[*®™]*[.]?"
                 r"(?=\s+[«“\"(\[]*(?:[^\W\d_a-zа-яё]|\d[^\W\d_]|\[))")
# Points that end no sentence where the second pattern follows: of a list's number and of initials;
# of an author before a title, which begins with a long word; of "г." after a year, unless a plain
# word with a capital follows.
GOES_ON = (
    (r"^\d{1,2}\.", r""),
    (r"(?<!\w)[^\W\d_a-zа-яё]\.", r""),
    (r"(?<!\w)\w{1,2}\.(?:\w\.)?\w{3,}\.", r"\s+\W?\w{4,}"),
    (r"\d{4}\s+\w{1,2}\.", r"(?!\s+(?!Facebook|Instagram|Twitter)[^\W\d_a-zа-яё][a-zа-яё]{2})"))
GOES_ON = [(re.compile(rf"(?:{before})$"), re.compile(after)) for before, after in GOES_ON]


class Span(NamedTuple):
    """A sentence, or what stands for one: from start to before end."""
    start: int
    end: int


def sentences(text):
    """Sentences in the order of the text: every sign that is no blank lies in exactly one.

    Empty lines, page breaks and lines that begin something of their own part the text; a caption,
    a source, a footnote, a running head or foot is one sentence; elsewhere a point, a question or
    an exclamation mark ends one where a capital, a quote or a bracket follows, but for the points
    of initials, of a list's number, of an author before a title, and of "г." after a year. A
    sentence that a page break or a footnote parts is several.
    Returns Spans without blanks at their ends.

    >>> text = "Рисунок 1. Сети. Источник\\n\\nВ 2023 г. «Сети» росли. И так далее."
    >>> [text[start:end] for start, end in sentences(text)]
    ['Рисунок 1. Сети. Источник', 'В 2023 г. «Сети» росли.', 'И так далее.']
    """
    cuts, after = [0], True
    for line in re.finditer(r"[^\n]*\n?", text):
        words = line.group().strip()
        if begins(line.group(), words, after):
            cuts.append(line.start())
        after = words[-1:]
    cuts += [len(text)]
    inner = [end for start, stop in zip(cuts, cuts[1:]) for end in ends(text, start, stop)]
    return trimmed(text, sorted({*cuts, *inner}))


def begins(line, words, before):
    """True where a line begins something of its own; `before`: the last sign of the line above."""
    if before == "-":  # a word goes on
        return not words or line.startswith(" ")
    return bool(not words or line.startswith(" ") or STARTS.match(words)
                or before in ("", ".", "+") and FOOTNOTE.match(words))


def ends(text, start, stop):
    """Where sentences end inside one piece of the text, from start to stop."""
    piece = text[start:stop].strip()
    start += text[start:stop].index(piece)
    if WHOLE.match(piece) or FOOTNOTE.match(piece):
        return []
    return [start + found.end() for found in END.finditer(piece)
            if not any(before.search(piece[:found.end()]) and after.match(piece[found.end():])
                       for before, after in GOES_ON)]


def trimmed(text, cuts):
    """Spans between cuts, without the blanks at their ends; what is blank is left out."""
    spans = []
    for start, stop in zip(cuts, cuts[1:]):
        part = text[start:stop]
        if part.strip():
            spans.append(Span(start + len(part) - len(part.lstrip()),
                              stop - len(part) + len(part.rstrip())))
    return spans


def digest(sentence):
    """The sha256 of a sentence, blanks and line ends folded to one blank each.

    >>> digest("One\\n two.") == digest("One two. ")
    True
    """
    return hashlib.sha256(" ".join(sentence.split()).encode()).hexdigest()


def known(token):
    """Reading and reason that follow from a token alone; two empty texts where a reader must say.

    By rule: a word of letters and digits without 2, without 8 and without six digits in a row had
    its digits made of letters; `%20` is a sign in an address; a word that claims is no number.

    >>> known(Token(0, 4, "M306", "digits")), known(Token(0, 2, "28", "digits"))
    (('letters', 'digits in a word'), ('', ''))
    """
    if token.kind == "most":
        return "", "a word that claims"
    if token.token.startswith("%"):
        return "sign", "sign in an address"
    return ("letters", "digits in a word") if token.kind == "digits" and \
        LETTERS.match(token.token) else ("", "")


def token_rows(text, typed=()):
    """Rows of `article_tokens`: what the text has, and what was typed for the same token before.

    typed: rows of the table as it stands. A token that it lacks has what `known` says.
    """
    before = {(row["start"], row["token"]): row for row in typed}
    found, rows = sentences(text), []
    for token in tokens(text):
        number = next(i for i, (start, end) in enumerate(found, 1) if start <= token.start < end)
        reading, reason = known(token)
        row = {"start": str(token.start), "end": str(token.end), "token": token.token,
               "kind": token.kind, "reading": reading, "article": "", "reason": reason}
        row |= {name: before[row["start"], row["token"]][name] for name in TYPED_TOKEN
                if (row["start"], row["token"]) in before}
        rows.append(row | {"sentence": str(number)})
    return rows


def sentence_rows(text, typed=()):
    """Rows of `article_sentences`: the spans of the text, and what was typed for the same one."""
    before = {(row["start"], row["sha256"]): row for row in typed}
    rows = []
    for number, (start, end) in enumerate(sentences(text), 1):
        key = str(start), digest(text[start:end])
        rows.append({"sentence": str(number), "start": key[0], "end": str(end), "sha256": key[1],
                     **{name: before.get(key, {}).get(name, "") for name in TYPED_SENTENCE}})
    return rows


def typed(table):
    """The rows of a CSV text as dicts."""
    return list(csv.DictReader(io.StringIO(table, newline="")))


def written(rows):
    """Rows as CSV text, lines end in LF."""
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    return text.getvalue()
