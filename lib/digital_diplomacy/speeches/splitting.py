"""Texts into sentences, English and Russian: the units of the content analysis."""

import hashlib
import re
import unicodedata

LEAST = 4  # words: shorter ones are forms of address and numbers of a list
WORD = re.compile(r"[^\W\d_](?:[\w'’]|-(?=\w))*")
# What a printed record puts between the lines of a speech: its page, its number, rules of stars.
FURNITURE = re.compile(r"\d+|\d\d-\d{5}|\d+/\d+|\d\d/\d\d/\d{4}|A/\d+/PV\.\d+|[*_=─—-]{2,}")
HEADING = re.compile(r"\S+ session [-–] \d+ \w+ [l\d]+(?:\s\d+)?\s*")
SUSPENDED = ("and", "or", "to", "и", "или")  # "short- and medium-term" keeps its hyphen and blank
# Abbreviations, in small letters: those before a name or a number, those before a number alone (the
# study's units were made without p. and para.), amounts ("5 млн. долл. США"), and what is counted
# ("в 2023 г.") unless it is a place ("г. Алматы").
NAMING = frozenset(
    "mr mrs ms dr prof st vs gen jr sr messrs mt lt col sen rep gov amb adm capt i.e e.g h.e "
    "им проф акад доц ул ст т.е т.к т.н т.ч см п пп оз о обл н д пос разд гл рис табл".split())
NUMBERING = frozenset("no nos art arts pp paras vol ch fig sec jan feb mar apr jun jul aug "
                      "sep sept oct nov dec".split())
AMOUNTS = frozenset("тыс млн млрд трлн руб долл коп".split())
COUNTED = frozenset("г гг в вв р с ч т стр".split())
STATES = ("U.S", "U.K", "U.N", "U.S.S.R")
# What the study's units were made without: before a name, before a number alone, hours of a day.
NAMING_TODAY = NAMING | {"пгт"}
NUMBERING_TODAY = NUMBERING | frozenset("p para approx ca al tel кв".split())
HOURS = ("a.m", "p.m")
TAIL = re.compile(r"(?:\b[тie]\.\s)?[^\W\d_]*(?:\.[^\W\d_]+)*$")
COUNT = re.compile(r"[\dIVXХ](?:-?[а-яё]{1,2})?\s?(?:(?:тыс|млн|млрд|трлн)\.?\s)?$")
INITIALS = re.compile(r"[CKSZ]h|Y[au]|[^\W\d_]|(?:(?:Дж|[А-ЯЁӘҒҚҢӨҰҮІЎҲ])(?:\.(?!$)|$))+")
LATIN = re.compile(r"[A-Z][a-z]?(?:\.[A-Z][a-z]?)+")  # K.K., Sh.M., U.S.
STARTS = re.compile(r"\W*(?:The|This|That|These|It|In|We|Our|He|She|They|There|But|And|On|At|For|"
                    r"As|An?|I|If|When)\b")
ASKS = re.compile(r"\W*(?:How|What|Who|Where|Why|Which|Is|Are|Was|Were|Do|Does|Did|Can|Will|You|"
                  r"Let|Please|So|Yet|Thus|Now|Today|Here|With|From|By|To|All|My|Your|His|Her|Its|"
                  r"Their|No|Not|Such|Some|Many|Since|While|After|Before|During|However)\b")
ENDING = re.compile(r"""(?<![.!?…])[.!?…]+["'”’»)\]]*\s+"""
                    r"""(?=["'“‘«(\[—–-]*\s?([A-ZА-ЯЁӘҒҚҢӨҰҮІЎҲ\d]))""")
ENDING_TODAY = re.compile(r"""(?<![.!?…؟۔।])[.!?…؟۔।]+["'”’»)\]]*\s+"""
                          r"""(?=["'“‘«(\[—–-]*\s?([^\W_]))""")  # of any script, capital or not


def split(text, frozen=False):
    """The sentences of a text of at least four words, in order; line breaks end none.

    Rule: those of `pieces` that have LEAST words. Returns a list of str.

    >>> split("I thank Mr. Al-\\nNasser. Thank you.\\n12\\nWe agree with it.")
    ['I thank Mr. Al-Nasser.', 'We agree with it.']
    """
    return [piece for piece in pieces(text, frozen) if len(words(piece)) >= LEAST]


def pieces(text, frozen=False):
    """What stands between the ends of sentences, however short.

    Rule: lines that hold only a page number, a document number or stars go; lines are joined,
    "Counter- Terrorism" becomes "Counter-Terrorism"; a sentence ends at . ! ? or … (and closing
    quotes) before a blank and what is no small letter, but not after what `abbreviated` knows, and
    not before its first word ("1. We agree"). English and Russian; of other scripts the ends alone.
    frozen: as the study's units were made, see `abbreviated`; a number of a list stands alone, and
    only a capital Latin or Cyrillic letter or a digit begins a sentence.

    >>> pieces("Мы рады. В 2023 г. Казахстан открыл посольство в г. Риме. Это важно.")
    ['Мы рады.', 'В 2023 г. Казахстан открыл посольство в г. Риме.', 'Это важно.']
    """
    text, found, start = joined(text), [], 0
    for end in (ENDING if frozen else ENDING_TODAY).finditer(text):
        stop = end.start()
        if not frozen and (end[1].islower() or not WORD.search(text, start, stop)):
            continue
        if text[stop] != "." or not abbreviated(  # a hundred letters hold what it looks at
                text[max(start, stop - 100):stop], text[stop + 1:stop + 30], frozen):
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
    text = " ".join(" ".join(line for line in text.splitlines() if not furniture(line)).split())
    whole = set(WORD.findall(text.lower()))
    broken = rf"(?<!\w)(\w+)- (?!(?:{'|'.join(SUSPENDED)})\b)(?=([^\W\d_]\w*))"
    return re.sub(broken, lambda part: part[1] + "-" * (
        (part[1] + part[2]).lower() not in whole), text)


def furniture(line):
    """True for a line that holds nothing of the speech: numbers of pages and documents, stars.

    >>> furniture("13 06-53341 ***"), furniture("____ /A. Person/")
    (True, False)
    """
    return all(map(FURNITURE.fullmatch, line.split())) or HEADING.fullmatch(line) is not None


def abbreviated(before, after, frozen=False):
    """True where the full stop between two texts closes an abbreviation or an initial.

    before: the sentence so far; after: what follows; frozen: as the study's units were made, in
    which N.A., p. and 5 p.m. ended a sentence. Case-blind; each rule is what is right more often,
    and nothing knows a sentence that ends with a name's abbreviation ("помогли им."):
    - before a name or number (Mr., им., оз.) always, and pp., art., Jan. before a number only;
    - a.m. and p.m. where fewer than four words stand before: "At 5 p.m. Mr. Smith left" goes on;
    - г., в., р., с., ч., т. are a place, a page or a part, as in с. Каракемер; after a number
      (2023 г., 120 с.) they end a sentence, where four words stand before: "В 2023 г. Казахстан"
      is a beginning, "Так стало в стране в 2023 г." is none;
    - млн., руб., долл. after a number end one, but not before two capitals: "млн. долл. США";
    - one initial always, several in Russian (Ш.М.) as well; several Latin ones (K.K., Sh.M., U.S.)
      unless a word like The, We or How follows, and so the one letter I.

    >>> abbreviated("by S", " Niyazov"), abbreviated("in 1992", " We"), abbreviated("H.E", " Mr.")
    (True, False, True)
    >>> abbreviated("Так было у нас в 1991–2023 гг", " Ежегодно"), abbreviated("см. п", " 3")
    (False, True)
    >>> abbreviated("by N.A", " Orlov"), abbreviated("by N.A", " Orlov", frozen=True)
    (True, False)
    """
    tail = TAIL.search(before[-40:])[0]
    word, rest = tail.replace(" ", "").lower(), before.removesuffix(tail)
    number = re.match(r"\W*\d", after) is not None
    if word in AMOUNTS | COUNTED:
        return (number or after.startswith(")") or not COUNT.search(rest)
                or (re.match(r"\W*[A-ZА-Я]{2}", after) is not None if word in AMOUNTS
                    else len(words(rest)) < LEAST))
    starts = STARTS.match(after) is not None
    if frozen:
        naming, numbering, several = NAMING, NUMBERING, tail in STATES
    else:
        naming, numbering = NAMING_TODAY, NUMBERING_TODAY
        several = LATIN.fullmatch(tail) is not None
        starts = starts or ASKS.match(after) is not None
        if word in HOURS:
            return len(words(rest)) < LEAST
        if tail == "I" and starts:
            return False
    return (word in naming or number and word in numbering
            or several and not starts
            or tail[:1].isupper() and INITIALS.fullmatch(tail) is not None)


def words(sentence):
    """The words of a sentence: runs that begin with a letter; a hyphenated word is one.

    >>> words("Kazakhstan's 2 nuclear-weapon-free zones")
    ["Kazakhstan's", 'nuclear-weapon-free', 'zones']
    """
    return WORD.findall(sentence)


def sha256(text):
    """The sha256 of a text as UTF-8, 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def sheet_hash(digits):
    """A sha256 as sheets have it: h and 15 digits, which no spreadsheet takes for a number.

    >>> sheet_hash("882e15" + 58 * "0")
    'h882e15000000000'
    """
    return f"h{digits[:15]}"
