"""One claim of the article: its checks run, its results, its verdict, and how that stands."""

import inspect
import itertools
import math
from fractions import Fraction
from functools import lru_cache

from footnoted.hints import near

from .. import article, data
from . import inputs
from .rules import LABELS, LISTS, OUTCOMES, RULES, Outcome
from .verdicts import evidence, fold

AGAINST = ("cited", "preferred", "further", "label")
LABEL = {"label": LABELS, **dict.fromkeys(AGAINST[:3], OUTCOMES)}  # what a reading may find
WORST = {"cited": ("differs", "none found", "undecided", "agrees"),  # of several checks
         "label": (*LABELS[1:-1], "undecided", "right")}
SEVERAL = 20_000  # worlds of choices of one claim: more are a slip in its choices


def run(check, world):
    """The Outcome of one check in a world of choices; "none found" where an input is missing."""
    if check["basis"] == "reading":
        return Outcome(check["result"], f"{check['evidence']} ({check['locator']})")
    wanted = inputs.parse(check["inputs"])
    found = {name: [inputs.resolve(ref, world) for ref in refs] for name, refs in wanted.items()}
    for name, refs in wanted.items():
        for ref, value in zip(refs, found[name]):
            if value is None:
                return Outcome("none found", f"no value for {ref}")
    return RULES[check["rule"]](**{name: given(name, values) for name, values in found.items()})


def given(name, values):
    """What a rule is given: a list for the inputs that may hold several, else the one value."""
    if name not in LISTS:
        return values[0]
    return [one for value in values for one in (value if isinstance(value, list) else [value])]


def results(claim, checks, world):
    """The four results of a claim, and the Outcomes of all its checks, in a world of choices."""
    outcomes = [run(check, world) for check in checks]
    found = {"own": own(claim, world)}
    for against in ("cited", "preferred", "label"):
        some = [o.result for check, o in zip(checks, outcomes) if check["against"] == against]
        order = WORST["label" if against == "label" else "cited"]
        found[against] = next((result for result in order if result in some), "")
    nothing = "source not seen" if claim["cites"] else "none cited"
    found["cited"] = nothing if found["cited"] in ("", "none found") else found["cited"]
    return found | {"preferred": found["preferred"] or "none found",
                    "label": found["label"] or "not checked"}, outcomes


def own(claim, world):
    """What the article's other numbers say: consistent, inconsistent, tied to nothing."""
    return alone(inputs.changed(), claim["numbers"], claim["relations"],
                 world.get("rounding", "half"), world.get("hedge", "one unit"))


@lru_cache(maxsize=4096)
def alone(stamp, numbers, relations, rounding, hedge):
    """What `own` gives, worked out once for a state of the tables."""
    audit = article.article_audit(rounding, inputs.HEDGE[hedge])
    if any(conflicts({"numbers": numbers, "relations": relations}, audit)):
        return "inconsistent"
    found = {audit.numbers.get(one) for one in numbers.split()}
    found |= {audit.relations.get(one) for one in relations.split()}
    unsaid = "cannot be said" if "cannot be said" in found else "tied to nothing"
    return "consistent" if found & {"consistent", "inconsistent"} else unsaid


def conflicts(claim, audit):
    """The minimal sets that cannot all be true and that tell against a claim: pairs (case, set).

    A set that needs a reading, such as that a figure shows what the text counts, tells against the
    figure and against who asserts the relation, not against the plain numbers of the text.
    """
    said, numbers = data.read("relations").set_index("id"), article_rows(claim)
    drawn = set(numbers.loc[numbers["place"] == "figure", "id"].map(article.named))
    plain = set(numbers["id"].map(article.named))
    for case in audit.cases.values():
        for one in case.conflicts:
            read = (said.loc[list(one.relations), "basis"] == "reading").any()
            if (drawn if read else plain) & {*one.numbers} or \
                    {*claim["relations"].split()} & {*one.relations}:
                yield case, one


def own_how(claim):
    """The sets of the article's numbers that tell against a claim, in words."""
    said = data.read("relations").set_index("id")
    return "; ".join(
        f"{'; '.join(str(case.numbers[name]) for name in one.numbers)} cannot all be true"
        f"{', read so' if 'reading' in set(said.loc[list(one.relations), 'basis']) else ''}: "
        f"{' '.join(said.loc[list(one.relations), 'statement'])}"
        for case, one in conflicts(claim, article.article_audit()))


def dimensions(claim, checks):
    """The choices that a claim's verdict rests on: {dimension: options, the study's own first}.

    Every source of an observation; the choices that a check names; rounding where a numeral was
    printed; the hedge where it has one.
    """
    refs = [ref for check in checks if check["basis"] == "rule"
            for refs in inputs.parse(check["inputs"]).values() for ref in refs]
    found = {ref: inputs.options(ref) for ref in inputs.observed(refs)}
    named = {word for check in checks for word in check["choices"].split()}
    rows = article_rows(claim)
    named |= {"rounding"} if (rows["value"] != "").any() else set()
    named |= {"hedge"} if (rows["hedge"] != "").any() else set()
    found |= {name: inputs.chosen_from(name)["option"].tolist() for name in sorted(named)}
    return {name: options for name, options in found.items() if len(options) > 1}


def article_rows(claim):
    """The article's numbers that a claim asserts."""
    rows = data.read("article")
    return rows[rows["id"].isin(claim["numbers"].split())]


def stability(claim, checks, verdict, as_of=None):
    """How a verdict stands over the full product of its choices, equally weighted.

    Returns n (worlds), stands (worlds with the same verdict), share, as_printed (the share of
    worlds in which the claim is reproduced), and turned_by: the single choices that turn it.
    None where nothing is varied.
    """
    found = dimensions(claim, checks)
    n = math.prod(map(len, found.values()))
    if n == 1:
        return None
    if n > SEVERAL:
        raise data.DataError(f"claim {claim['id']}: {n} worlds of choices: name fewer")

    def under(world):
        return fold(**results(claim, checks, {"as_of": as_of, **world})[0])

    verdicts = [under(dict(zip(found, options))) for options in itertools.product(*found.values())]
    stands = verdicts.count(verdict)
    turned = [f"{inputs.told(name, option)} makes it {turn}"
              for name, options in found.items() for option in options[1:]
              if (turn := under({name: option})) != verdict]
    return {"n": n, "stands": stands, "share": float(Fraction(stands, n)),
            "as_printed": float(Fraction(verdicts.count("reproduced"), n)), "turned_by": turned}


def row(claim, checks, as_of=None):
    """One line of the ledger: the claim, its results with their arithmetic, and its verdict."""
    found, outcomes = results(claim, checks, {"as_of": as_of})
    verdict = fold(**found)
    varied = stability(claim, checks, verdict, as_of)
    how = {f"{against}_how": "; ".join(
        o.how for check, o in zip(checks, outcomes) if check["against"] == against)
        for against in ("cited", "preferred", "label")}
    how["own_how"] = own_how(claim)
    told = [check | {"how": o.how, "result": o.result} for check, o in zip(checks, outcomes)]
    rows = list(dict.fromkeys(row for o in outcomes for row in o.rows))
    printed = article_rows(claim)
    return claim | found | how | {
        "printed": [text for text in printed["printed"] if text], "verdict": verdict,
        "marks": marks(found, told, varied, printed), "basis": basis(found, verdict, told),
        "central": claim["central"].split(),
        "legible": bool((printed["legible"] != "no").all()), "rows": rows,
        "sources": sources(rows, checks), "stability": varied, "checks": told,
        "further": [one for one in told if one["against"] == "further"]}


def marks(found, checks, varied, printed):
    """The words beside a verdict: they never change it."""
    decided = evidence(found["cited"], found["preferred"])
    others = [c["result"] for c in checks if c["against"] in ("further", "preferred", "cited")]
    contrary = {"agrees": "differs", "differs": "agrees"}.get(decided)
    told = {"conflicts within the article": found["own"] == "inconsistent",
            "disputed": contrary in others,
            "fragile": varied is not None and varied["share"] < 1,
            "not legible": (printed["legible"] == "no").any(),
            "partly legible": (printed["legible"] == "partly").any()}
    return [mark for mark, holds in told.items() if holds]


def basis(found, verdict, checks):
    """rule or reading: what the deciding checks rest on; none where nothing decided."""
    if verdict == "inconsistent":
        return "rule"
    decided = next((against for against in ("cited", "preferred")
                    if found[against] in ("agrees", "differs")), None)
    deciding = {decided} | ({"label"} if verdict == "mislabelled" else set())
    kinds = {check["basis"] for check in checks
             if check["against"] in deciding and check["result"] not in ("none found", "undecided")}
    return "none" if verdict in ("unsupported", "not checkable here") or not kinds else \
        "rule" if "rule" in kinds else "reading"


def sources(rows, checks):
    """The sources that a claim's checks rest on; the article only where a check names it."""
    named = [part for row in rows for part in row.rsplit("/", 1)[1].partition("#")[0].split("+")]
    stated = [check["source"] for check in checks if check["source"]]
    return list(dict.fromkeys([one for one in named if one != "article_2023"] + stated))


def check(tried=None):
    """Faults of the checks that no description of a table can see: file, line, column, mend.

    tried: ids of the claims whose rules are run to see whether they can be; all by default.
    """
    found = []
    for i, one in data.read("checks").iterrows():
        wanted = tried is None or one["claim"] in set(tried)
        found += [f"{data.location('checks', i, column)}: {text}"
                  for column, text in slips(one, wanted)]
    return found


def slips(check, tried=True):
    """What is wrong with one check: pairs of column and text with the mend; tried: its rule is run.
    """
    if check["basis"] == "reading":
        allowed = LABEL.get(check["against"], ())
        return [("result", f"{check['result']!r} is no result of a reading: one of "
                           f"{', '.join(allowed)}")] * (check["result"] not in allowed) + [
            (column, "a reading says what was read, where, and by which criterion: fill it")
            for column in ("evidence", "locator", "criterion") if not check[column]]
    if check["rule"] not in RULES:
        return [("rule", f"no rule {check['rule']!r}{near(check['rule'], RULES)}")]
    if check["result"]:
        return [("result", "the result of a rule is computed: leave it empty")]
    try:
        wanted = list(inspect.signature(RULES[check["rule"]]).parameters)
        found = inputs.parse(check["inputs"])
        typed = [ref for refs in found.values() for ref in refs
                 if ref.partition("/")[0] in inputs.TYPED]
        if typed and not (check["source"] and check["locator"]):
            return [("locator", f"{typed[0]} is what a source says: name source and locator")]
        if missing := [name for name in wanted if name not in found]:
            return [("inputs", f"rule {check['rule']} needs {', '.join(missing)}: add it")]
        if more := [name for name in found if name not in wanted]:
            return [("inputs", f"rule {check['rule']} has no input {more[0]!r}"
                               f"{near(more[0], wanted)}")]
        if tried:
            run(check, {})
    except (ValueError, LookupError) as error:
        return [("inputs", str(error))]
    return []
