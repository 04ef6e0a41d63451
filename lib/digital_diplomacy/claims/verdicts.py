"""One claim of the article: its checks run, four results, the verdict they fold to, how it stands.

The words of the verdicts stand in their order: what the article gets right comes first. The signs
tell verdicts apart without colour.
"""

import itertools
import math
from fractions import Fraction

from footnoted.number import sources_of

from .. import article, data
from . import inputs
from .rules import LABELS, LISTS, RULES, Outcome

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
DECIDED = ("agrees", "differs")
# of several checks against the same the first of these counts
WORST = {"cited": ("differs", "none found", "undecided", "agrees"),
         "preferred": ("differs", "none found", "undecided", "agrees"),
         "label": (*LABELS[1:-1], "undecided", "right")}
SPECIFICATIONS = 20_000  # of one claim: more are a slip in its choices


# The truth table

def fold(own, cited, preferred, label):
    """The verdict of four results: the first line of TRUTH that fits.

    >>> fold("inconsistent", "source not seen", "agrees", "right")
    'reproduced'
    >>> fold("tied to nothing", "none cited", "differs", "wrong date")
    'mislabelled'
    """
    label = WRONG if label in ("wrong date", "wrong name", "wrong unit") else label
    results = (evidence(cited, preferred), own, label, cited)
    return next(verdict for *line, verdict in TRUTH
                if all(wanted in (ANY, found) for wanted, found in zip(line, results)))


def evidence(cited, preferred):
    """agrees or differs as the cited source says, else the preferred one; undecided; or none.

    >>> evidence("source not seen", "agrees"), evidence("none cited", "none found")
    ('agrees', 'none')
    """
    decided = [result for result in (cited, preferred) if result in DECIDED]
    return decided[0] if decided else "undecided" if "undecided" in (cited, preferred) else "none"


# The four results

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
    """The four results of a claim, as `fold` takes them, and the Outcomes of all its checks."""
    outcomes = [run(check, specification) for check in checks]
    found = {"own": against_itself(claim["numbers"], claim["relations"],
                                   specification.get("rounding", "half"),
                                   specification.get("hedge", "one unit"))}
    nothing = {"cited": "source not seen" if claim["cites"] else "none cited",
               "preferred": "none found", "label": "not checked"}
    for against, order in WORST.items():
        said = {outcome.result for check, outcome in zip(checks, outcomes)
                if check["against"] == against}
        found[against] = next((result for result in order if result in said), nothing[against])
    if found["cited"] == "none found":
        found["cited"] = nothing["cited"]
    return found, outcomes


@data.cached_by_tables
def against_itself(numbers, relations, rounding="half", hedge="one unit"):
    """What the article's own numbers say of a claim's numbers and relations (ids with blanks).

    "consistent", "inconsistent", "tied to nothing" or "cannot be said".
    """
    audit = article.audit(rounding, inputs.HEDGE[hedge])
    if any(conflicts(numbers, relations, audit)):
        return "inconsistent"
    found = {audit.numbers.get(number) for number in numbers.split()}
    found |= {audit.relations.get(relation) for relation in relations.split()}
    unsaid = "cannot be said" if "cannot be said" in found else "tied to nothing"
    return "consistent" if found & {"consistent", "inconsistent"} else unsaid


def conflicts(numbers, relations, audit):
    """The minimal sets that cannot all be true and tell against a claim: pairs (case, set).

    A set that needs a reading, such as that a figure shows what the text counts, tells against the
    figure and against who asserts the relation, not against the plain numbers of the text.
    """
    basis = data.read("relations").set_index("id")["basis"]
    rows = article_rows(numbers)
    names = set(rows["id"].map(article.variable))
    in_figures = set(rows.loc[rows["place"] == "figure", "id"].map(article.variable))
    for case in audit.cases.values():
        for conflict in case.conflicts:
            read = (basis.loc[list(conflict.relations)] == "reading").any()
            if (in_figures if read else names) & {*conflict.numbers} \
                    or {*relations.split()} & {*conflict.relations}:
                yield case, conflict


def conflicts_in_words(claim):
    """The sets of the article's numbers that tell against a claim, as a text."""
    relations = data.read("relations").set_index("id")
    texts = []
    audit = article.audit()
    for case, conflict in conflicts(claim["numbers"], claim["relations"], audit):
        rows = relations.loc[list(conflict.relations)]
        printed = "; ".join(str(case.numbers[name]) for name in conflict.numbers)
        read = ", read so" if "reading" in set(rows["basis"]) else ""
        texts.append(f"{printed} cannot all be true{read}: {' '.join(rows['statement'])}")
    return "; ".join(texts)


def article_rows(numbers):
    """The rows of the article's numbers that a claim asserts (ids with blanks between)."""
    rows = data.read("article")
    return rows[rows["id"].isin(numbers.split())]


# How a verdict stands

def choices(claim, checks):
    """What a claim's verdict is varied over: {dimension: options, the study's own first}.

    Every source of an observation; the choices that a check names; rounding where a numeral was
    printed; the hedge where it has one.
    """
    references = [reference for check in checks if check["basis"] == "rule"
                  for found in inputs.parse(check["inputs"]).values() for reference in found]
    found = {one: inputs.sources_with(one) for one in references if one.startswith("obs/")}
    printed = article_rows(claim["numbers"])
    dimensions = {word for check in checks for word in check["choices"].split()}
    dimensions |= {"rounding"} if (printed["value"] != "").any() else set()
    dimensions |= {"hedge"} if (printed["hedge"] != "").any() else set()
    found |= {name: inputs.options(name).index.tolist() for name in sorted(dimensions)}
    return {name: options for name, options in found.items() if len(options) > 1}


def stability(claim, checks, verdict, as_of=None):
    """How a verdict stands over the full product of its choices, each specification counting once.

    Returns n (specifications), stands (those with the same verdict), share, as_printed (the share
    of those in which the claim is reproduced), and turned_by: the single choices that turn it.
    None where nothing is varied. Raises DataError where there are more than 20,000.
    """
    varied = choices(claim, checks)
    n = math.prod(map(len, varied.values()))
    if n == 1:
        return None
    if n > SPECIFICATIONS:
        raise data.DataError(f"claim {claim['id']}: {n} specifications: name fewer choices")

    def verdict_under(specification):
        return fold(**results(claim, checks, {"as_of": as_of, **specification})[0])

    verdicts = [verdict_under(dict(zip(varied, chosen)))
                for chosen in itertools.product(*varied.values())]
    turned_by = [f"{inputs.in_words(name, option)} makes it {turned}"
                 for name, options in varied.items() for option in options[1:]
                 if (turned := verdict_under({name: option})) != verdict]
    return {"n": n, "stands": verdicts.count(verdict),
            "share": float(Fraction(verdicts.count(verdict), n)),
            "as_printed": float(Fraction(verdicts.count("reproduced"), n)), "turned_by": turned_by}


# The entry in the ledger

def entry(claim, checks, as_of=None):
    """A claim's row of the ledger: its results with their arithmetic, its verdict, how it stands.

    claim: its row of `claims` as a dict; checks: its rows of `checks` as dicts, in order; as_of:
    only sources published by then. Returns a dict (see site/claims.json in data/README.md).
    """
    found, outcomes = results(claim, checks, {"as_of": as_of})
    done = [check | {"how": outcome.how, "result": outcome.result}
            for check, outcome in zip(checks, outcomes)]
    verdict = fold(**found)
    varied = stability(claim, checks, verdict, as_of)
    rows = list(dict.fromkeys(row for outcome in outcomes for row in outcome.rows))
    printed = article_rows(claim["numbers"])
    how = {f"{against}_how": "; ".join(one["how"] for one in done if one["against"] == against)
           for against in WORST}
    return claim | found | how | {
        "own_how": conflicts_in_words(claim) if found["own"] == "inconsistent" else "",
        "printed": [text for text in printed["printed"] if text],
        "verdict": verdict, "marks": marks(found, done, varied, printed),
        "basis": basis(found, verdict, done), "central": claim["central"].split(),
        "legible": bool((printed["legible"] != "no").all()), "rows": rows,
        "sources": sources_behind(rows, [one for one in checks if as_of is None or one["source"] in
                                         {"article_2023", *data.admitted(as_of)}]),
        "stability": varied, "checks": done,
        "further": [one for one in done if one["against"] == "further"]}


def marks(found, checks, varied, printed):
    """The words beside a verdict: they never change it.

    found: the four results; checks: with their results; varied: as `stability` gives it; printed:
    the claim's rows of `article`.
    """
    contrary = {"agrees": "differs", "differs": "agrees"}.get(
        evidence(found["cited"], found["preferred"]))
    said = {check["result"] for check in checks if check["against"] != "label"}
    holds = {"conflicts within the article": found["own"] == "inconsistent",
             "disputed": contrary in said,
             "fragile": varied is not None and varied["share"] < 1,
             "not legible": (printed["legible"] == "no").any(),
             "partly legible": (printed["legible"] == "partly").any()}
    return [mark for mark in holds if holds[mark]]


def basis(found, verdict, checks):
    """rule or reading: what the deciding checks rest on; none where nothing decided."""
    if verdict == "inconsistent":
        return "rule"
    if verdict in ("unsupported", "not checkable here"):
        return "none"
    deciding = [against for against in ("cited", "preferred") if found[against] in DECIDED][:1]
    deciding += ["label"] if verdict == "mislabelled" else []
    kinds = {check["basis"] for check in checks if check["against"] in deciding
             and check["result"] not in ("none found", "undecided")}
    return "rule" if "rule" in kinds else "reading" if kinds else "none"


def sources_behind(rows, checks):
    """The sources that a claim's checks rest on; the article only where a check names it."""
    of_rows = [source for row in rows for source in sources_of(row)]
    of_checks = [check["source"] for check in checks if check["source"]]
    return list(dict.fromkeys(
        [source for source in of_rows if source != "article_2023"] + of_checks))
