"""The ledger for readers and machines: ledger.html, one page, and claims.json."""

import csv
import inspect
import io
import json
import re
from collections import Counter
from functools import cache
from pathlib import Path

from footnoted import edition
from footnoted.edition import numbers, tree

from .. import data, places
from .ledger import NUMBERS
from .rules import RULES
from .verdicts import MEANING, OPEN, SIGN

TEMPLATES = Path(__file__).parents[1] / "templates"
TITLE = "The ledger: every claim of the article and its verdict"
ABOUT = ("Every statement of fact of the article, what it was tested against, and the verdict that "
         "follows.")
RESULTS = {"own": "the article’s own statements", "cited": "the source that it cites",
           "quoted": "that source, as others quote it",
           "preferred": "the study’s preferred source",
           "independent": "an independent source", "label": "its label"}
UNTESTED = ("none found", "not checked", "tied to nothing")  # results that need no line of theirs
APART = {"notice": "notice", "self-evident": "self-evident count", "premise": "premise, not said"}
RESTS = {"conclusion": "the conclusion", **{f"r{i}": f"recommendation {i}" for i in range(1, 5)}}
KEYS = {  # of claims.json, in its order
    "id": "its name, and its anchor on the page of claims",
    "chapter": "the chapter that tests it",
    "page": "page of the article",
    "place": "text, caption, figure, footnote, abstract …",
    "country": "ISO 3166-1 alpha-3; empty for neither state",
    "kind": "number, rank, date, attribution, definition …",
    "statement": "what the article says, in our words",
    "short": "the same in a few words",
    "numbers": "rows of the table article that it asserts",
    "relations": "rows of the table relations that it asserts",
    "cites": "what the article cites for it",
    "central": "what rests on it: conclusion, r1 to r4 (the recommendations)",
    "apart": "notice, self-evident or premise: in no sum",
    "looked": "of an open claim: where was looked",
    "needed": "of an open claim: what would decide it",
    **{line: f"result of the line {line}: {said}" for line, said in RESULTS.items()},
    **{f"{line}_how": f"the arithmetic of {line}, in words" for line in RESULTS},
    "printed": "the texts that the article prints for it",
    "verdict": "what the results fold to",
    "line": "the lines of the standard that decided",
    "marks": "words beside the verdict, such as fragile",
    "basis": "rule, reading, or none where nothing decides",
    "legible": "false where a text cannot be read in our copy",
    "rows": "ids of the rows that it rests on",
    "sources": "ids of its sources",
    "stability": "n choices tried, how many keep the verdict, what turns it; null where none bears",
    "checks": "its rows of the table checks, each with result and arithmetic",
    "group": "the kinds that are counted together",
    "origin": "the rows as lines for a reader",
    "address": "its place on this site",
}
JSON_ONLY = ("stability", "checks", "origin")  # what claims.csv has not
BETWEEN = " | "  # items of a list in a cell of claims.csv
SOURCE = ("publisher", "title", "vintage", "copy_kind")


def gathered(frame, truth, standard):
    """The ledger with everything that its page says, as JSON holds it.

    frame: a row a claim, as `ledger.ledger` gives it; truth: the truth table, a row a case;
    standard: the standard of evidence, as `ledger.standard` gives it.
    Returns {"claims": dicts, "origins": {row id: line}, "sources": {id: facts},
    "countries": {code: name}, "truth": dicts, "standard": {line: dict}}.
    """
    claims = frame.to_dict("records")
    rows = dict.fromkeys(row for claim in claims for row in claim["rows"])
    used = {source for claim in claims for source in claim["sources"]}
    sources = data.read("sources").set_index("source")[list(SOURCE)]
    return {"claims": claims, "origins": {row: data.origin(row) for row in rows},
            "sources": sources[sources.index.isin(used)].to_dict("index"),
            "countries": data.names(), "truth": truth.to_dict("records"),
            "standard": standard.to_dict("index")}


def claims(ledger):
    """claims.json from what `gathered` gives: each claim with the origins of its rows, its address.

    Raises ValueError where a number is none (NaN): JSON has no word for it.
    """
    return json.dumps(entries(ledger), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def entries(ledger):
    """The claims of what `gathered` gives, each with the origins of its rows and its address."""
    return [claim | {"origin": [ledger["origins"][row] for row in claim["rows"]],
                     "address": f"ledger.html#{claim['id']}"} for claim in ledger["claims"]]


def claims_csv(ledger):
    """claims.csv from what `gathered` gives: a claim a row, a list with ` | ` between its items."""
    stream, found = io.StringIO(), entries(ledger)
    columns = [key for key in KEYS if key not in JSON_ONLY and key in found[0]]
    writer = csv.DictWriter(stream, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: in_cell(one[key]) for key in columns} for one in found)
    return stream.getvalue()


def in_cell(value):
    """A value of JSON as a cell of CSV.

    >>> in_cell(["r1", "conclusion"]), in_cell(True), in_cell("a")
    ('r1 | conclusion', 'true', 'a')
    """
    if isinstance(value, bool):
        return str(value).lower()
    return BETWEEN.join(value) if isinstance(value, list) else value


def page(ledger):
    """ledger.html from what `gathered` gives: one file, no request, readable without its script."""
    claims, titles = ledger["claims"], dict(edition.contents())
    chapters = [(name, titles.get(name, name), central_first(one for one in claims
                                                             if one["chapter"] == name))
                for name in dict.fromkeys(claim["chapter"] for claim in claims)]
    weighed = [claim for claim in claims if not claim["apart"]]
    central = [claim for claim in weighed if claim["central"]]
    body = templates().get_template("ledger.html").render(
        ledger, title=TITLE, chapters=chapters, counts=counts(claims), n=len(weighed),
        basis=Counter(claim["basis"] for claim in weighed), results=RESULTS, rests=RESTS,
        untested=UNTESTED, apart=APART, signs=SIGN, heads=[
            ("central claims", *decided(central)), ("claims", *decided(weighed)),
            (NUMBERS.lower(), *decided(one for one in weighed if one["group"] == NUMBERS))],
        place=places.place, in_short=in_short, rules=rules_of(claims),
        script=(TEMPLATES / "ledger.js").read_text(encoding="utf-8"))
    sections = [{"id": "page-verdicts", "title": "The verdicts"}] + [
        {"id": f"page-{name}", "title": title.split(":")[0]} for name, title, _ in chapters] + [
        {"id": "page-reply", "title": "Doubt a verdict"}]
    return edition.html_document([tree.node("RawBlock", "html", body)], TITLE,
                                 [TEMPLATES / "ledger.css"], sections=sections, description=ABOUT,
                                 **edition.navigation("ledger"))


def in_short(origin):
    """A row's line without the place in its source, the last brackets, which its page has.

    >>> in_short("Kazakhstan, 2022, EGDI: 0.86280 (UN DESA 2022; row Kazakhstan (in Asia))")
    'Kazakhstan, 2022, EGDI: 0.86280'
    """
    depth = 0
    for at in range(len(origin) - 1, -1, -1):
        depth += (origin[at] == ")") - (origin[at] == "(")
        if depth == 0:
            return origin[:at].rstrip() if at and origin.endswith(")") else origin
    return origin


def rules_page(ledger):
    """rules.html: each rule that decided a claim, as a sentence and as code."""
    rules, title = rules_of(ledger["claims"]), "The rules that decide claims"
    body = templates().get_template("rules.html").render(title=title, rules=rules)
    return edition.html_document(
        [tree.node("RawBlock", "html", body)], title, description=title,
        sections=[{"id": name, "title": name} for name in rules], **edition.navigation("ledger"))


def central_first(claims):
    """Claims in the order in which a page has them: the central ones, then what stands apart last.

    >>> [one["id"] for one in central_first([
    ...     {"id": "a", "central": [], "apart": "notice"}, {"id": "b", "central": [], "apart": ""},
    ...     {"id": "c", "central": ["r1"], "apart": ""}])]
    ['c', 'b', 'a']
    """
    return sorted(claims, key=lambda claim: (bool(claim["apart"]), not claim["central"]))


def rules_of(claims):
    """{name: (its rule as a sentence, its code)} of the rules that decided claims."""
    used = {check["rule"] for claim in claims for check in claim["checks"] if check["rule"]}
    return {name: (sentence(rule), inspect.getsource(rule)) for name, rule in RULES.items()
            if name in used}


def sentence(rule):
    """What a rule says, from its docstring: the first sentence, without the word Label.

    >>> sentence(RULES["same"])
    'agrees where some value rounds to the printed number and to the source’s'
    """
    said = re.split(r"\.(?:\s|$)", inspect.getdoc(rule))[0].removeprefix("Label: ")
    said = tree.typographic_quotes(" ".join(said.split()))
    return said[:1].lower() + said[1:]


def decided(claims):
    """How many of some claims were decided, and how many of those are reproduced."""
    held = [claim["verdict"] for claim in claims if claim["verdict"] not in OPEN]
    return len(held), held.count("reproduced")


def counts(claims):
    """A dict a verdict, in their order: verdict, means, n, central and apart.

    Notices, self-evident counts and premises are in `apart` alone.
    """
    apart = Counter(claim["verdict"] for claim in claims if claim["apart"])
    weighed = [claim for claim in claims if not claim["apart"]]
    n = Counter(claim["verdict"] for claim in weighed)
    central = Counter(claim["verdict"] for claim in weighed if claim["central"])
    return [{"verdict": verdict, "means": means, "n": n[verdict], "central": central[verdict],
             "apart": apart[verdict]} for verdict, means in MEANING.items()]


@cache
def templates():
    """The templates of the study's pages, with the words for a verdict's stability."""
    made = numbers.templates(TEMPLATES)
    made.filters["stability"] = stability
    return made


def stability(varied):
    """How a verdict stands over all admissible choices, as a sentence.

    >>> stability({"verdict": "reproduced", "n": 18, "stands": 17, "turned_by": ["vintage 2024"]})
    'Reproduced under 17 of 18 admissible choices; turned by vintage 2024.'
    """
    if not varied:
        return "Not varied: no choice between sources or methods bears on it."
    if varied["stands"] == varied["n"]:
        return f"{varied['verdict'].capitalize()} under all {varied['n']} admissible choices."
    turned = f"; turned by {'; '.join(varied['turned_by'])}" if varied["turned_by"] else ""
    return f"{varied['verdict'].capitalize()} under {varied['stands']} of {varied['n']} " \
        f"admissible choices{turned}."
