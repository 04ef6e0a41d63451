"""The ledger for readers and machines: ledger.html, one page, and claims.json."""
import json
import math
from collections import Counter
from functools import cache
from pathlib import Path

from footnoted import edition
from footnoted.edition import document as doc
from footnoted.edition import tree, writers

from . import verdicts

TEMPLATES = Path(__file__).parents[1] / "templates"
TITLE = "The ledger: every claim of the article and its verdict"
ABOUT = ("Every checkable statement of the article, what it was tested against, and the verdict "
         "that follows.")
RESULTS = {"own": "the article’s own numbers", "cited": "the source that it cites",
           "preferred": "the study’s preferred source", "label": "its label"}
SOURCE = ("publisher", "title", "vintage", "publisher_url", "copy_url", "copy_kind", "read_on")


# --- from the frame to what a page needs ---------------------------------------------------

def gathered(frame, truth):
    """The ledger with everything that its page says, as JSON has it.

    `frame`: a row a claim, as ledger.ledger() gives it; `truth`: the truth table, a row a case.
    Answers {"claims": list of dicts, "origins": {row id: line}, "sources": {id: facts},
    "countries": {code: name}, "truth": list of dicts}.
    """
    from .. import data
    claims = [plain(row) for row in frame.to_dict("records")]
    rows = dict.fromkeys(row for claim in claims for row in claim["rows"])
    used = {source for claim in claims for source in claim["sources"]}
    sources = {row["source"]: {key: row[key] for key in SOURCE}
               for row in data.read("sources").to_dict("records") if row["source"] in used}
    return {"claims": claims, "origins": {row: data.origin(row) for row in rows},
            "sources": sources, "countries": data.names(),
            "truth": [plain(row) for row in truth.to_dict("records")]}


def plain(value):
    """A value as JSON has it: lists, dicts, texts, numbers; what is missing is None.

    >>> plain({"share": float("nan"), "rows": ("KAZ/2023", 1.5)})
    {'share': None, 'rows': ['KAZ/2023', 1.5]}
    """
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in (sorted(value) if hasattr(value, "union") else value)]
    if value is None or isinstance(value, (str, bool)):
        return value
    value = value.item() if hasattr(value, "item") else value   # a number of numpy
    if isinstance(value, float) and math.isnan(value):
        return None
    return value if type(value) in (int, float, bool) else str(value)


def claims(held):
    """claims.json: a dict a claim, with the origin of its rows and its place in the ledger."""
    listed = [claim | {"origin": [held["origins"][row] for row in claim["rows"]],
                       "address": f"ledger.html#{claim['id']}"} for claim in held["claims"]]
    return json.dumps(listed, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


# --- counts --------------------------------------------------------------------------------

def counts(claims):
    """A dict a verdict, in their order: verdict, sign, means, n, central and self_evident.

    Self-evident counts are in `self_evident` alone.
    """
    n = Counter((verdicts.known(claim["verdict"]), bool(claim["self_evident"]))
                for claim in claims)
    central = Counter(claim["verdict"] for claim in weighed(claims) if claim["central"])
    return [{"verdict": name, "sign": verdicts.SIGN[name], "means": means, "n": n[name, False],
             "central": central[name], "self_evident": n[name, True]}
            for name, means in verdicts.MEANING.items()]


def weighed(claims):
    """The claims that count: all but self-evident counts."""
    return [claim for claim in claims if not claim["self_evident"]]


def percent(part, whole):
    r"""A share in whole per cent, or "–" of nothing.

    >>> percent(2, 3), percent(0, 0)
    ('67\xa0%', '–')
    """
    return f"{100 * part / whole:.0f}\u00a0%" if whole else "–"


# --- the page ------------------------------------------------------------------------------

@cache
def templates():
    """The templates, which escape what they are given and refuse what they are not."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    made = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True,
                       lstrip_blocks=True, undefined=StrictUndefined)
    made.filters["stability"] = stability
    made.filters["shown"] = writers.readable_address
    made.filters["rests"] = lambda names: ", ".join(verdicts.RESTS.get(n, n) for n in names)
    return made


def stability(found):
    """How a verdict stands over all admissible choices, as a sentence.

    >>> stability({"share": 17 / 18, "n": 18, "stands": 17, "turned_by": ["vintage 2024"]})
    'Stands under 17 of 18 admissible choices; turned by vintage 2024.'
    """
    if not found or found["n"] < 2:
        return "Not varied: no choice between sources or methods bears on it."
    if found["stands"] == found["n"]:
        return f"Stands under all {found['n']} admissible choices."
    turned = f"; turned by {'; '.join(found['turned_by'])}" if found["turned_by"] else ""
    return f"Stands under {found['stands']} of {found['n']} admissible choices{turned}."


def chapters(claims):
    """[(name, title, its claims)] in the order of the claims."""
    titles = dict(edition.contents())
    names = dict.fromkeys(claim["chapter"] for claim in claims)
    return [(name, titles.get(name, name), [c for c in claims if c["chapter"] == name])
            for name in names]


def page(held):
    """ledger.html from what `gathered` holds: one file, no request, readable without its script."""
    listed, parts = held["claims"], chapters(held["claims"])
    counted = weighed(listed)
    basis = Counter(claim["basis"] for claim in counted)
    body = templates().get_template("ledger.html").render(
        held, title=TITLE, chapters=parts, counts=counts(listed), results=RESULTS, n=len(counted),
        basis=basis, percent=percent, most=doc.ORIGINS,
        decided=len(counted) - basis["none"],
        right=sum(claim["verdict"] == "reproduced" for claim in counted), signs=verdicts.SIGN,
        script=(TEMPLATES / "ledger.js").read_text(encoding="utf-8"))
    sections = [{"id": "page-verdicts", "title": "The verdicts"}] + [
        {"id": f"page-{name}", "title": title.split(":")[0]} for name, title, _ in parts]
    return edition.html_document([tree.node("RawBlock", "html", body)], TITLE,
                                 [TEMPLATES / "ledger.css"], sections=sections, description=ABOUT,
                                 **edition.navigation("ledger"))
