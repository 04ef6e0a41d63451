"""The ledger: every claim of the article with its verdict, and what notebooks show of it."""

import inspect
import re
import textwrap

import pandas as pd

from footnoted import reads
from footnoted.consistency import repairs
from footnoted.hints import near
from footnoted.number import Number

from .. import article, data
from . import inputs, verdicts
from .rules import LABELS, OUTCOMES, OWN, RULES
from .verdicts import MEANING, OPEN, TRUTH

REPAIRS = 3  # of a conflict that a table names
LETTERS = 200  # of a reason in a table; the ledger page has all
CLAUSE = 15  # words of what a chapter's table says is needed
TITLES = ["Evidence", "Its own statements", "Label", "Cited source", "Verdict"]
NUMBERS = "Numbers and counts"
KINDS = {NUMBERS: ("number", "count"),
         "Ranks and orderings": ("rank", "order", "most", "first"),
         "Dates and laws": ("date",), "Attributions and citations": ("attribution", "citation"),
         "Existence": ("existence",), "Effects and definitions": ("effect", "definition")}
GROUP_OF = {kind: name for name, kinds in KINDS.items() for kind in kinds}
APART = {"notice": "Notices", "self-evident": "Self-evident counts", "premise": "Premises"}


@data.cached_by_tables
def ledger(chapter=None, as_of=None):
    """All claims with their verdicts, one row each, by chapter and page; `group` is one of KINDS.

    chapter: only that one's; as_of: only sources published by then. Raises DataError with all
    `faults` of the tables: nothing is computed from an invalid ledger.
    """
    claims = claim_rows(chapter)
    with reads.apart():  # a run rests on what decides its claims
        data.refuse(faults(claims["id"]))
    frame = pd.DataFrame([entry(claim, as_of) for claim in claims["id"]])
    return frame.assign(group=frame["kind"].map(GROUP_OF))


@data.cached_by_tables
def entry(claim, as_of):
    """The row of one claim, by its id."""
    return verdicts.entry(data.rows_by("claims", "id")[claim], checks_by_claim().get(claim, []),
                          as_of)


@data.cached_by_tables
def checks_by_claim():
    """Claim -> its rows of `checks` as dicts, in order."""
    checks = data.read("checks").astype({"order": int}).sort_values(["claim", "order"])
    return {claim: rows.to_dict("records") for claim, rows in checks.groupby("claim")}


def claim_rows(chapter=None):
    """The rows of `claims`, by chapter and page."""
    rows = data.read("claims")
    rows = rows if chapter is None else rows[rows["chapter"] == chapter]
    page = rows["page"].str.extract(r"(\d+)")[0].astype(float)
    return rows.assign(first_page=page).sort_values(
        ["chapter", "first_page", "id"], kind="stable", ignore_index=True).drop(
        columns="first_page")


# Faults that frictionless cannot see

def faults(claims=None):
    """Faults of the ledger's tables, a line each: file, line, column and mend; all at once.

    claims: ids of those whose rules are run to see whether they can be; all by default.
    """
    found = []
    try:
        data.observations()
    except data.DataError as error:  # else told again at every check
        return found + str(error).splitlines()
    for i, check in data.read("checks").iterrows():
        asked = claims is None or check["claim"] in set(claims)
        found += [f"{data.location('checks', i, column)}: {text}"
                  for column, text in check_faults(check, asked)]
    return found


def check_faults(check, run=True):
    """What is wrong with one check: pairs of column and text with the mend; run: its rule is run.
    """
    if check["basis"] == "reading":
        try:
            for reference in verdicts.references([check]):  # what it would have to read
                inputs.resolve(reference, {})
        except ValueError as error:
            return [("inputs", str(error))]
        return list(reading_faults(check))
    if check["rule"] not in RULES:
        return [("rule", f"no rule {check['rule']!r}{near(check['rule'], RULES)}")]
    if check["result"]:
        return [("result", "the result of a rule is computed: leave it empty")]
    try:
        found = list(input_faults(check, inputs.parse(check["inputs"])))[:1]
        if run and not found:
            verdicts.run(check, {})
    except (ValueError, LookupError) as error:
        return [("inputs", str(error))]
    return found


def reading_faults(check):
    """What a reading lacks: a result of those that are allowed, and what was read, where, and how.
    """
    allowed = {"label": LABELS, "own": OWN}.get(check["against"], OUTCOMES)
    if check["result"] not in allowed:
        yield "result", (f"{check['result']!r} is no result of a reading: one of "
                         f"{', '.join(allowed)}")
    for column in ("evidence", "locator", "criterion"):
        if not check[column]:
            yield column, "a reading says what was read, where, and by which criterion: fill it"


def input_faults(check, found):
    """What is wrong with the inputs of a rule, found: {name: references}."""
    wanted = list(inspect.signature(RULES[check["rule"]]).parameters)
    for references in found.values():
        for reference in references:
            kind = reference.partition("/")[0]
            if kind in inputs.STATED and not (check["source"] and check["locator"]):
                yield "locator", f"{reference} is what a source says: name source and locator"
    if missing := [name for name in wanted if name not in found]:
        yield "inputs", f"rule {check['rule']} needs {', '.join(missing)}: add it"
    for name in found:
        if name not in wanted:
            yield "inputs", f"rule {check['rule']} has no input {name!r}{near(name, wanted)}"


# Tables of the chapters

def truth():
    """The table by which the results fold to a verdict: the first line that fits decides."""
    return pd.DataFrame(TRUTH, columns=TITLES)


def standard():
    """The standard of evidence: what may decide a claim, line by line, and what never does."""
    rows = data.read("standard").astype({"order": int}).sort_values("order")
    return rows.set_index("id")[["statement", "decides"]].rename_axis("Line").rename(columns={
        "statement": "What it is", "decides": "What it can decide"})


def weighed(frame):
    """The rows that count as claims: neither notices nor self-evident counts nor premises."""
    return frame[frame["apart"] == ""]


def by_verdict(chapter):
    """How many of a chapter's claims have which verdict.

    Returns a frame indexed by verdict with Claims (a Number); a verdict of no claim is left out.
    """
    frame = weighed(ledger(chapter))
    parts = {verdict: frame[frame["verdict"] == verdict] for verdict in MEANING}
    counts = {verdict: count(part, frame) for verdict, part in parts.items() if len(part)}
    return pd.Series(counts, dtype=object).to_frame("Claims").rename_axis("Verdict")


def chapter(chapter, as_of=None):
    """A chapter's central claims and its decided ones, in the order of the verdicts.

    Returns a frame indexed by claim with Claim, Page, Central ("yes"), Verdict ("mislabelled,
    fragile" where a choice turns it) and What was found, a clause; `attrs["links"]` has the
    address of each claim in the ledger, and `attrs["rest"]` how many others are open and how many
    stand apart, as a sentence.

    >>> list(chapter("04-comparison").columns)
    ['Claim', 'Page', 'Central', 'Verdict', 'What was found']
    """
    everything = ledger(chapter, as_of)
    frame = weighed(everything)
    shown = frame[frame["central"].map(bool) | ~frame["verdict"].isin(OPEN)]
    shown = shown.assign(place=shown["verdict"].map(list(MEANING).index)).sort_values(
        ["place", "id"], kind="stable")
    table = pd.DataFrame({
        "Claim": shown["short"].tolist(), "Page": shown["page"].str.replace("-", "–").tolist(),
        "Central": ["yes" if on else "" for on in shown["central"]],
        "Verdict": [f"{row['verdict']}, fragile" if "fragile" in row["marks"] else row["verdict"]
                    for row in shown.to_dict("records")],
        "What was found": list(map(brief, shown.to_dict("records")))}, index=shown["id"])
    table.attrs["links"] = {one: f"ledger.html#{one}" for one in shown["id"]}
    apart = everything[everything["apart"] != ""]["apart"].map(APART).value_counts(sort=False)
    table.attrs["rest"] = f"Open and not central: {len(frame) - len(shown)}. Apart from these: " + \
        (", ".join(f"{name.lower()} {n}" for name, n in apart.items()) or "none") + "."
    return table


def brief(row):
    """What decided a claim, or would decide it, as a clause: the entry in the ledger has all."""
    lines = row["line"].split()
    if row["verdict"] == "disputed":
        varied = row["stability"]
        return f"{' and '.join(lines).capitalize()} sources disagree" if len(lines) > 1 else \
            f"Holds in {round(varied['as_printed'] * varied['n'])} of {varied['n']} readings"
    if not lines:
        return f"Needed: {clause(row['needed'])}" if row["needed"] else reason(row)
    decided = [one["evidence"] or one["brief"] for one in row["checks"]
               if one["against"] == lines[0] and (one["evidence"] or one["brief"])]
    text = re.split(r"(?<!\b[A-Z])\. (?=[A-Z])", decided[0] if decided else clause(reason(row)))[0]
    return text[:1].upper() + text[1:].removesuffix(".")


def clause(text):
    """The longest beginning of a text that ends at a comma or a semicolon and has CLAUSE words.

    >>> clause("the paper, or a copy of the article with Figure 4; else an archive of the posts")
    'the paper, or a copy of the article with Figure 4'
    """
    ends = [match.start() for match in re.finditer(r"[,;] |$", text)]
    return text[:max((end for end in ends if len(text[:end].split()) <= CLAUSE), default=ends[0])]


def apart(kind, as_of=None):
    """What stands apart from the claims, as a reader's table: see `verdict_rows`.

    kind: "notice", what only names a work, an act, a meeting or a person, or a legal note;
    "self-evident", a count that the article's own list settles; "premise", what a recommendation
    needs and the article does not say.
    """
    if kind not in APART:
        raise ValueError(f"nothing stands apart as {kind!r}{near(kind, APART)}")
    frame = ledger(as_of=as_of)
    return verdict_rows(frame[frame["apart"] == kind])


def verdict_rows(frame):
    """Rows of the ledger as a reader's table: Page, Claim, Verdict, We found."""
    rows = frame.to_dict("records")
    return pd.DataFrame({"Page": [row["page"].replace("-", "–") for row in rows],
                         "Claim": [row["short"] for row in rows],
                         "Verdict": ["; ".join([row["verdict"], *row["marks"]]) for row in rows],
                         "We found": [shortened(reason(row)) for row in rows]}, index=frame["id"])


def shortened(text):
    """A reason short enough for a table, with a capital and without an open bracket at its end.

    >>> shortened("the source has 92.9 %")
    'The source has 92.9 %'
    """
    short = textwrap.shorten(text, LETTERS, placeholder=" …")
    if short.endswith(" …") and short.count("(") > short.count(")"):
        short = short[:short.rindex("(")].rstrip(" ;,") + " …"
    return short[:1].upper() + short[1:]


def reason(row):
    """The arithmetic, or the words, of what decided a claim; else what was looked for."""
    if told := [row[f"{line}_how"] for line in row["line"].split() if row[f"{line}_how"]]:
        return "; ".join(told if row["verdict"] == "disputed" else told[:1])
    if row["needed"] or row["looked"]:
        return f"Needed: {row['needed']}" if row["needed"] else f"Looked for: {row['looked']}"
    return "No source of this date decides it"


# Counts

def row_ids(frame):
    """What a Number names as its rows where it rests on claims."""
    return list(frame["country"] + "/2023/claims:" + frame["id"] + "/article_2023")


def count(part, asked):
    """How many of some claims a part of them is; the Number rests on all that were asked.

    part, asked: rows of `ledger`. A count of none so rests on the claims that were looked at.
    Raises ValueError where the part has a claim that was not asked.
    """
    if not part["id"].isin(asked["id"]).all():
        raise ValueError("a part of claims holds one that was not asked: count it among all")
    return Number(len(part), rows=row_ids(asked), decimals=0, how=f"of {len(asked)} claims")


def by_kind(as_of=None):
    """How many claims have which verdict: the central ones, then by kind, then all.

    Central are claims on which the conclusion or a recommendation rests. Notices, self-evident
    counts and premises are no claims: `summary` has them apart.
    Returns a frame of Numbers with a column for each verdict and "All".
    """
    return summary(as_of).loc[:"All"]


def summary(as_of=None):
    """The rows of `by_kind`, then what decided (Decided, By rule) and what stands apart.

    Returns a frame of Numbers with a column for each verdict and "All".
    """
    everything = ledger(as_of=as_of)
    frame = weighed(everything)
    parts = {"Central": frame[frame["central"].map(bool)]}
    parts |= {name: frame[frame["group"] == name] for name in KINDS}
    parts |= {"All": frame, "Decided": frame[frame["basis"] != "none"],
              "By rule": frame[frame["basis"] == "rule"]}
    parts |= {name: everything[everything["apart"] == kind] for kind, name in APART.items()}
    lines = {name: [count(part[part["verdict"] == verdict], part) for verdict in MEANING]
             + [count(part, part)] for name, part in parts.items()}
    columns = [*(verdict.capitalize() for verdict in MEANING), "All"]
    return pd.DataFrame.from_dict(lines, orient="index", columns=columns, dtype=object)


# How verdicts stand

def fragile(as_of=None):
    """The verdicts that an admissible choice turns: in how many specifications each stands.

    Returns a frame indexed by claim with Verdict, Stands in ("2 of 4") and Turned by.
    """
    frame = ledger(as_of=as_of)
    frame = frame[frame["marks"].map(lambda marks: "fragile" in marks)]
    rows = [(row["verdict"], f"{row['stability']['stands']} of {row['stability']['n']}",
             "; ".join(row["stability"]["turned_by"]) or "choices together only")
            for row in frame.to_dict("records")]
    return pd.DataFrame(rows, columns=["Verdict", "Stands in", "Turned by"],
                        index=pd.Index(frame["short"], name="Claim"))


def readings(claims):
    """In how many of its admissible readings each of some claims stands as printed.

    Returns a frame by claim with Readings and Passes (Numbers that name the claim and the rows
    that its checks rest on); None where nothing is varied.
    """
    frame = ledger().set_index("id", drop=False).loc[claims]
    lines = {}
    for claim, row in frame.iterrows():
        rows = [*row_ids(frame.loc[[claim]]), *row["rows"]]
        varied = row["stability"]
        lines[claim] = [Number(n, rows=rows, decimals=0, how="readings") for n in (
            varied["n"], round(varied["as_printed"] * varied["n"]))] if varied else [None, None]
    return pd.DataFrame.from_dict(lines, orient="index", columns=["Readings", "Passes"],
                                  dtype=object)


def conflicts():
    """The sets of the article's numbers that cannot all be true, why, and the smallest repairs.

    Returns a frame with Printed, Why not all are true and Smallest repairs, a line a group of sets.
    """
    statements, lines = data.read("relations").set_index("id")["statement"], []
    for case in article.audit().cases.values():
        for group, found in zip(case.groups, case.repairs):
            names = dict.fromkeys(name for conflict in group for name in conflict.numbers)
            why = dict.fromkeys(statements[relation] for conflict in group
                                for relation in conflict.relations)
            printed = "; ".join(f"{name} {verdicts.in_english(case, name)}" for name in names)
            lines.append([spelled_out(printed), " ".join(why),
                          spelled_out(english(" ".join(repairs.lines(found, REPAIRS))))])
    return pd.DataFrame(lines, columns=["Printed", "Why not all can be true", "Smallest repairs"])


def english(text):
    """Numerals of the article, as repairs write them, in English.

    >>> english("17,73 млн")
    '17.73 million'
    """
    return re.sub(r"(?<=\d),(?=\d)", ".", text).replace("млн", "million")


def spelled_out(text):
    """Names of numbers as a reader spells them.

    >>> spelled_out("kaz_internet_users 17,3 млн")
    'Kazakhstan, internet users 17,3 млн'
    """
    for code, country in (("kaz_", "Kazakhstan, "), ("uzb_", "Uzbekistan, ")):
        text = text.replace(code, country)
    return text.replace("_", " ")
