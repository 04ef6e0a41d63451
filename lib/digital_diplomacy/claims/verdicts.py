"""One claim of the article: its checks run, a result a line of the standard, the verdict that these
fold to, and how it stands.

The words of the verdicts stand in their order: what the article gets right comes first. The signs
tell verdicts apart without colour.
"""

import itertools
import math

import pandas as pd

from footnoted.number import sources_of

from .. import article, data
from . import inputs
from .rules import LABELS, LISTS, RULES, Outcome

MEANING = {
    "reproduced": "the source that decides says the same, within rounding",
    "mislabelled": "a right value under a wrong year, name, unit or citation",
    "disputed": "sources, or readings of its words, that may decide disagree",
    "contradicted": "the source that decides says otherwise",
    "inconsistent": "it cannot be true together with what else the article says, and no source "
                    "decides",
    "unsupported": "neither the article nor what was found gives a datum that bears on it",
    "not checkable here": "what it cites or shows was not seen, or what was read does not decide; "
                          "the entry says what would",
}
SIGN = {"reproduced": "✓", "mislabelled": "↔", "disputed": "±", "contradicted": "≠",
        "inconsistent": "⨯", "unsupported": "∅", "not checkable here": "?"}

OPEN = ("unsupported", "not checkable here")
ANY = "any"
WRONG = "wrong date, name or unit"  # a label under which another value was printed
# The first line that fits decides: evidence, the article's own statements, label, cited source.
TRUTH = (
    (ANY, ANY, WRONG, ANY, "mislabelled"),
    ("disagrees", ANY, ANY, ANY, "disputed"),
    ("agrees", ANY, "wrong citation", ANY, "mislabelled"),
    ("agrees", ANY, ANY, ANY, "reproduced"),
    ("differs", ANY, ANY, ANY, "contradicted"),
    (ANY, "inconsistent", ANY, ANY, "inconsistent"),
    (ANY, ANY, "wrong citation", ANY, "mislabelled"),
    ("undecided", ANY, ANY, ANY, "not checkable here"),
    ("none", ANY, ANY, "source not seen", "not checkable here"),
    ("none", ANY, ANY, ANY, "unsupported"),
)
DECIDED = ("agrees", "differs")
# The lines of the table `standard` whose results are evidence, in its order. Several checks on one
# line are parts of a claim: the first of these words counts, so that it agrees only as a whole.
EVIDENCE = ("cited", "quoted", "preferred", "independent", "own")
WORST = {line: ("differs", "none found", "undecided", "agrees") for line in EVIDENCE[:-1]} | {
    "label": (*LABELS[1:-1], "undecided", "right"),
    "own": ("inconsistent", "differs", "tied to a conflict", "undecided", "tension", "agrees",
            "cannot be said", "consistent", "tied to nothing")}
SPLIT = 0.5  # a truth or falsehood that stands in no more of its specifications is disputed
SPECIFICATIONS = 20_000  # of one claim: more are a slip in its choices


# The truth table

def fold(found):
    """The verdict of a claim's results, {line: result}: the first line of TRUTH that fits.

    >>> fold({"own": "inconsistent", "cited": "source not seen", "preferred": "agrees"})
    'reproduced'
    >>> fold({"cited": "none cited", "preferred": "differs", "label": "wrong date"})
    'mislabelled'
    """
    label = found.get("label", "not checked")
    label = WRONG if label in ("wrong date", "wrong name", "wrong unit") else label
    results = (evidence(found), found.get("own"), label, found["cited"])
    return next(verdict for *line, verdict in TRUTH
                if all(wanted in (ANY, result) for wanted, result in zip(line, results)))


def evidence(found):
    """What the lines that are evidence say: agrees, differs, disagrees (among themselves),
    undecided or none.

    >>> evidence({"cited": "agrees", "preferred": "differs"}), evidence({"cited": "none cited"})
    ('disagrees', 'none')
    """
    said = {found[line] for line in EVIDENCE if line in found}
    decided = said & {*DECIDED}
    if len(decided) > 1:
        return "disagrees"
    return decided.pop() if decided else "undecided" if "undecided" in said else "none"


def deciding(found, verdict):
    """The lines of `standard` that decided a verdict, in their order; none where it is open."""
    if verdict in OPEN:
        return []
    if verdict in ("mislabelled", "inconsistent"):
        return [{"mislabelled": "label", "inconsistent": "own"}[verdict]]
    return [line for line in EVIDENCE if found[line] in DECIDED]


# The results

def run(check, specification):
    """The Outcome of one check; "none found" where the tables have no value for an input, or where
    what it rests on was published later than `as_of`."""
    outcome = judged(check, specification)
    as_of = specification.get("as_of")
    later = as_of and set(sources_behind(outcome.rows, [check])) - data.admitted(as_of) \
        - {"article_2023"}
    return Outcome("none found", f"published after {as_of}") if later else outcome


def judged(check, specification):
    """The Outcome of one check, whatever the date of what it rests on."""
    if check["basis"] == "reading":
        return Outcome(check["result"], f"{check['evidence']} ({check['locator']})")
    values = {}
    for name, references in inputs.parse(check["inputs"]).items():
        found = [inputs.resolve(reference, specification) for reference in references]
        if None in found:
            return Outcome("none found", f"no value for {references[found.index(None)]}")
        values[name] = flat(found) if name in LISTS else found[0]
    return RULES[check["rule"]](**values)


def flat(values):
    """Values and lists of values as one list."""
    return [one for value in values for one in (value if isinstance(value, list) else [value])]


def results(claim, checks, specification):
    """The results of a claim, {line: result}, and the Outcomes of all its checks."""
    outcomes = [run(check, specification) for check in checks]
    nothing = {"cited": "source not seen" if claim["cites"] else "none cited",
               "label": "not checked", "own": "tied to nothing"}
    found = {}
    for line, order in WORST.items():
        said = {outcome.result for check, outcome in zip(checks, outcomes)
                if check["against"] == line}
        if line == "own":
            said |= against_itself(claim, specification.get("rounding", "half"))
        found[line] = next((result for result in order if result in said),
                           nothing.get(line, "none found"))
    if found["cited"] == "none found":
        found["cited"] = nothing["cited"]
    return found, outcomes


def against_itself(claim, rounding="half"):
    """What the article's own numbers say of each of a claim's numbers and relations: a set."""
    audit = article.audit(rounding)
    return {audit.numbers[number] for number in claim["numbers"].split()} | {
        audit.relations[relation] for relation in claim["relations"].split()}


def conflicts_in_words(claim):
    """The sets of the article's numbers in which a claim's numbers or relations stand, as a text.

    Sets that share a number are told together, and why they cannot all be true once.
    """
    statements = data.read("relations").set_index("id")["statement"]
    asserted = {*map(article.variable, claim["numbers"].split()), *claim["relations"].split()}
    told = []
    for case in article.audit().cases.values():
        for group in case.groups:
            sets = [one for one in group if asserted & {*one.numbers, *one.relations}]
            first, *more = ["; ".join(in_english(case, name) for name in one.numbers)
                            for one in sets] or [""]
            why = dict.fromkeys(statements[name] for one in sets for name in one.relations)
            told += [f"{first} cannot all be true{''.join(f', nor can {one}' for one in more)}: "
                     f"{' '.join(why)}"] if sets else []
    return "; ".join(told)


def in_english(case, name):
    """A number of a case, by its name in relations, as a reader of English reads it."""
    row = article.row_of(name.replace("_", "-"))
    rounded = row["unit"] in article.ROUNDED
    return str(article.printed(row["id"]) if rounded else case.numbers[name])


def article_rows(numbers):
    """The rows of the article's numbers that a claim asserts (ids with blanks between)."""
    rows = data.read("article")
    return rows[rows["id"].isin(numbers.split())]


# How a verdict stands

def choices(claim, checks):
    """What a claim's verdict is varied over: {dimension: options, the study's own first}.

    Every source of an observation and the choices that a check names, of checks that may decide;
    rounding where such a check, or a relation, reads a numeral that was rounded.
    """
    ruled = [check for check in checks if check["basis"] == "rule" and check["against"] in WORST]
    found = {one: inputs.sources_with(one) for one in references(ruled) if one.startswith("obs/")}
    dimensions = {word for check in ruled for word in check["choices"].split()}
    read = article_rows(" ".join(named(ruled)))
    if "inconsistent" in against_itself(claim):
        read = pd.concat([read, article_rows(claim["numbers"])])
    if read["unit"].isin(article.ROUNDED).any():
        dimensions.add("rounding")
    found |= {name: inputs.options(name).index.tolist() for name in sorted(dimensions)}
    return {name: options for name, options in found.items() if len(options) > 1}


def references(checks):
    """What the inputs of some checks name."""
    return [reference for check in checks
            for found in inputs.parse(check["inputs"]).values() for reference in found]


def named(checks):
    """The numbers of the article that some checks name as inputs, by id."""
    return [one.removeprefix("article/") for one in references(checks)
            if one.startswith("article/")]


def stability(claim, checks, verdict, as_of=None):
    """How a verdict stands over the full product of its choices, each specification counting once.

    Returns n (specifications), verdict (the study's own), stands (those with the same), share,
    as_printed (the share of those in which the claim is reproduced), over (what is varied, in
    words) and turned_by: the single choices that turn it. None where nothing is varied, which is
    not stable. Raises DataError where there are more than 20,000.
    """
    varied = choices(claim, checks)
    n = math.prod(map(len, varied.values()))
    if n == 1:
        return None
    if n > SPECIFICATIONS:
        raise data.DataError(f"claim {claim['id']}: {n} specifications: name fewer choices")

    def verdict_under(specification):
        return fold(results(claim, checks, {"as_of": as_of, **specification})[0])

    verdicts = [verdict_under(dict(zip(varied, chosen)))
                for chosen in itertools.product(*varied.values())]
    turned_by = [f"{inputs.in_words(name, option)} makes it {turned}"
                 for name, options in varied.items() for option in options[1:]
                 if (turned := verdict_under({name: option})) != verdict]
    return {"n": n, "verdict": verdict, "stands": verdicts.count(verdict),
            "share": verdicts.count(verdict) / n, "as_printed": verdicts.count("reproduced") / n,
            "over": list(map(inputs.varied_in_words, varied)), "turned_by": turned_by}


# The entry in the ledger

def entry(claim, checks, as_of=None):
    """A claim's row of the ledger: its results with their arithmetic, its verdict, how it stands.

    claim: its row of `claims` as a dict; checks: its rows of `checks` as dicts, in order; as_of:
    only sources published by then. Returns a dict (see site/claims.json in data/README.md).
    """
    found, outcomes = results(claim, checks, {"as_of": as_of})
    done = [check | {"how": outcome.how, "result": outcome.result, "brief": outcome.brief}
            for check, outcome in zip(checks, outcomes)]
    verdict = fold(found)
    varied = stability(claim, checks, verdict, as_of)
    if verdict in ("reproduced", "contradicted") and varied and varied["share"] <= SPLIT:
        verdict = "disputed"
    rows = list(dict.fromkeys(row for outcome in outcomes for row in outcome.rows))
    printed = article_rows(claim["numbers"])
    read = article_rows(" ".join(named(checks)))  # a figure that a reading would have to see
    unread = read[(read["legible"] != "yes") & ~read["id"].isin(printed["id"])]
    how = {f"{line}_how": "; ".join(one["how"] for one in done if one["against"] == line)
           for line in WORST}
    if found["own"] in ("inconsistent", "tied to a conflict"):
        how["own_how"] = "; ".join(filter(None, [how["own_how"], conflicts_in_words(claim)]))
    return claim | found | how | {
        "printed": [text for text in printed["printed"] if text], "verdict": verdict,
        "line": " ".join(deciding(found, verdict)),
        "marks": marks(found, done, varied, pd.concat([printed, unread.assign(legible="partly")]),
                       verdict),
        "basis": basis(found, verdict, done), "central": claim["central"].split(),
        "legible": bool((printed["legible"] != "no").all()), "rows": rows,
        "sources": sources_behind(rows, [one for one in checks if as_of is None or one["source"] in
                                         {"article_2023", *data.admitted(as_of)}]),
        "stability": varied, "checks": done}


def marks(found, checks, varied, printed, verdict):
    """The words beside a verdict: they never change it.

    found: its results; checks: with their results; varied: as `stability` gives it; printed: the
    claim's rows of `article`.
    """
    contrary = {"agrees": "differs", "differs": "agrees"}.get(evidence(found))
    said = {check["result"] for check in checks}
    further = {check["result"] for check in checks if check["against"] == "further"}
    holds = {"conflicts within the article": found["own"] == "inconsistent",
             "tied to a conflict": found["own"] == "tied to a conflict",
             "in tension with another statement": "tension" in said,
             "another source says otherwise": contrary in further,
             "further sources agree": verdict in OPEN and further == {"agrees"},
             "further sources differ": verdict in OPEN and further == {"differs"},
             "fragile": varied is not None and varied["share"] < 1 and verdict != "disputed",
             "not legible": (printed["legible"] == "no").any(),
             "partly legible": (printed["legible"] == "partly").any()}
    return [mark for mark in holds if holds[mark]]


def basis(found, verdict, checks):
    """rule or reading: what the deciding checks rest on; none where nothing decided."""
    if verdict in OPEN:
        return "none"
    lines = deciding(found, verdict)
    kinds = {check["basis"] for check in checks if check["against"] in lines
             and check["result"] not in ("none found", "undecided", "tension")}
    return "reading" if kinds == {"reading"} else "rule"  # numbers conflict by rule, without check


def sources_behind(rows, checks):
    """The sources that a claim's checks rest on; the article only where a check names it."""
    of_rows = [source for row in rows for source in sources_of(row)]
    of_checks = [check["source"] for check in checks if check["source"]]
    return list(dict.fromkeys(
        [source for source in of_rows if source != "article_2023"] + of_checks))
