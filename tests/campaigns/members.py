"""Any UN member works: the country's profile for all 193, read by a rule.

    python tests/campaigns/members.py [CODE ...]   (after make study; about half an hour)

runs notebooks/country-profile.ipynb for every member in the notebook's own year, for each sixth
also in a year of YEARS, and plain papermill for FEW, two processes at once; prints the page of each
and writes paper/results/members.json: what the rules below found, by run. With codes: these alone,
nothing is written. Exit 1 where a rule found something.
"""

import collections
import datetime
import html
import json
import os
import platform
import re
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "lib"), str(ROOT / "tests")]
os.environ["PYTHONPATH"] = str(ROOT / "lib")  # of the kernels

import runs  # noqa: E402
import warm  # noqa: E402

from digital_diplomacy import data, indicators  # noqa: E402
from footnoted import edition, links  # noqa: E402

NAME, YEAR = "country-profile", 2023
YEARS = (1990, 1996, 2001, 2005, 2009, 2013, 2017, 2020, 2022, 2024)
FEW = ("PRK", "GMB", "USA", "MCO")  # by a stock kernel
# Names before which English has "the", written here a second time: who reads must not be who wrote.
ARTICLE = {"ARE", "BHS", "CAF", "COD", "COG", "COM", "DOM", "GBR", "GMB", "MDV", "MHL", "NLD",
           "PHL", "SLB", "USA"}
SERIES = {"access": ["internet_use", "fixed_broadband", "mobile_subscriptions"],
          "egov": ["egdi", "osi", "tii", "hci", "epi"],
          "reach": ["facebook_audience_low", "facebook_audience_high", "instagram_audience"]}


def faults(nb, code, year):
    """What the rules find in a run: a list of "rule: what"."""
    found = [f"fails: {where}: {what}" for where, what in runs.troubles(nb)]
    if found:
        return found
    found += [f"contradicts: {one}" for one in links.problems(nb, NAME)]
    shown = {bundle["id"]: bundle for bundle in runs.bundles(nb)}
    for key, rule in (("access", access_frames), ("egov", score_frames), ("reach", reach_frames)):
        found += table_faults(shown[key], rule(), code, 2019 if key == "reach" else year)
    found += [*figure_faults(shown, code), *survey_faults(shown)]
    for bundle in shown.values():
        found += [*word_faults(bundle), *name_faults(bundle, code)]
    try:
        page = edition.html(nb, NAME)
    except Exception as error:  # whatever it is, it is a finding
        return [*found, f"prints: {type(error).__name__}: {error}"]
    return [*found, *page_faults(page, shown)]


def access_frames():
    return {key: data.pick(key) for key in SERIES["access"]}


def score_frames():
    return {key: data.pick(key) for key in SERIES["egov"]}


def reach_frames():
    """Accounts per 100 people, of the states whose every age group has a figure."""
    people = data.pick("population")
    rates = {key: indicators.rates(data.pick(key), people) for key in SERIES["reach"]}
    return {key: rows[rows["status"].isin(["", "upper bound"])] for key, rows in rates.items()}


def table_faults(bundle, frames, code, year):
    """A table of standing beside the tables: value, rank, states and median, or a true reason."""
    for key, cells in zip(bundle["row_keys"], bundle["cells"]):
        texts = [cell["text"] for cell in cells]
        where = f"{bundle['id']}/{key}"
        frame = frames[key].assign(number=frames[key]["value"].astype(float))
        own = frame[frame["country"] == code]
        near = own[own["year"].between(year - 3, year)]
        if near.empty:
            yield from reason_faults(where, texts, own, frame, code, key, year)
            when = newest(frame[frame["year"].between(year - 3, year)], frame)
        else:
            when = newest(near, frame)
            if texts[0] != str(when):
                yield f"value: {where}: {texts[0]} where {when} has one"
                continue
        section = frame[frame["year"] == when]
        if section.empty:
            continue
        wanted = [str(len(section)), section["number"].median()]
        if texts[3] != wanted[0] or not close(cells[4], wanted[1]):
            yield f"world: {where}: {texts[3:]} for {wanted}"
        if len(near):
            value = section.loc[section["country"] == code, "number"].iloc[-1]
            place = 1 + int((section["number"] > value).sum())
            if not close(cells[1], value) or texts[2] != str(place):
                yield f"value: {where}: {texts[1:3]} for {value}, {place}"


def newest(rows, frame):
    """The newest year of some rows, of those that 164 members have where there is one."""
    sizes = frame["year"].value_counts()
    years = set(rows["year"])
    return max([one for one in years if sizes[one] >= 164] or years, default=None)


def close(cell, value):
    """Whether a cell shows a value, to the digits of the bundle."""
    return cell["value"] is not None and abs(cell["value"] - value) <= 1e-5 * max(1, abs(value))


def reason_faults(where, texts, own, frame, code, key, year):
    """A row without a value beside what all sources have: its reason is true."""
    if texts[1:3] != ["–", "–"] or not texts[0].startswith(f"none in {year}: "):
        yield f"reason: {where}: {texts[0]}"
        return
    every = data.pick(key, code, sources="all")
    held = every[every["year"].between(year - 3, year)]
    reason = texts[0].partition(": ")[2]
    given = set(data.missing(key, code)["missing"])
    before = own.loc[own["year"] <= year, "year"]
    true = {"no value in any year": every.empty,
            "its values are not used here": len(held) > 0 and own.empty,
            f"the newest is of {before.max()}": len(before) > 0,
            f"the first is of {own['year'].min()}": len(own) > 0 and before.empty}
    if not (reason in given or true.get(reason, False)):
        yield f"reason: {where}: {reason}"
    if len(held) and reason != "its values are not used here":
        yield f"none: {where}: {reason}, and {held['source'].iloc[-1]} has {held['value'].iloc[-1]}"


def figure_faults(shown, code):
    """Each line ends at the newest value of the tables; what is not drawn has no two years."""
    called = data.labels("name")
    name = data.names()[code]
    for figure, keys in (("online-line", ["internet_use"]),
                         ("networks", ["fixed_broadband", "mobile_subscriptions"])):
        bundle = shown[figure]
        if not bundle.get("words") and "<path" not in bundle.get("svg_paths", ""):
            yield f"empty: {figure}"
        for key in keys:
            own = data.pick(key, code)
            last = own.iloc[-1] if own["year"].nunique() > 1 else None
            part = bundle["alt"] if len(keys) == 1 else \
                bundle["alt"].partition(f"{called[key]}, ")[2]
            said = re.search(rf"{re.escape(name)}: [^.]*?.*? in (\d+), (.*?) in (\d+)\.", part)
            if last is None:
                alone = "Nothing to draw" in bundle["alt"] or (
                    f"no two years with a value: {called[key]}" in bundle["alt"])
                if not alone:
                    yield f"empty: {figure}: {key} has no two years and the figure does not say so"
            elif not said or said[2] != str(last["value"]) or said[3] != str(last["year"]):
                yield f"figure: {figure}: {key}: {part[:90]!r} for {last['value']} {last['year']}"


def survey_faults(shown):
    """The ranks of a survey are the same in the figure, in its table and beside the scores."""
    table = shown["egov-ranks-table"]
    ranks = {(key, survey): cell["prose"] for survey, line in zip(table["row_keys"], table["cells"])
             for key, cell in zip(table["column_keys"], line) if cell["value"] is not None}
    short, alt = data.labels("label_short"), shown["egov-ranks"]["alt"]
    for key in ("egdi", "osi", "tii"):
        own = {year: rank for (one, year), rank in ranks.items() if one == key}
        said = re.search(rf"{re.escape(short[key])}, [^:]*: ([^.]*)\.", alt)
        if own and len(set(year for _, year in ranks)) > 1 and (
                said is None or said[1] != ", ".join(f"{r} in {y}" for y, r in own.items())):
            yield f"figure: egov-ranks: {key}: {said and said[1]} for {own}"
    for key, cells in zip(shown["egov"]["row_keys"], shown["egov"]["cells"]):
        if (key, cells[0]["text"]) in ranks and ranks[key, cells[0]["text"]] != cells[2]["prose"]:
            yield f"contradicts: egov/{key}: {cells[2]['prose']}, {ranks[key, cells[0]['text']]}"


def word_faults(bundle):
    """Words of a program in what a reader sees, and dashes that no note explains."""
    cells = [cell for line in bundle.get("cells", []) for cell in line]
    texts = [bundle["caption"], bundle.get("note", ""), bundle.get("alt", ""),
             *bundle.get("index", []), *(cell["text"] for cell in cells),
             *(cell["prose"] for cell in cells)]
    for text in texts:
        if re.search(r"\b(nan|NaN|inf|NaT|None(?!: the file))\b|\s\.|,,", text):
            yield f"words: {bundle['id']}: {text}"
    if any(cell["text"] == "–" for cell in cells) and "No value: " not in bundle["note"]:
        yield f"words: {bundle['id']}: a dash without a note"


def name_faults(bundle, code):
    """A caption has the country's name as a sentence has it."""
    name = data.names()[code].removeprefix("The ")
    wanted = f"the {name}" if code in ARTICLE else name
    if not re.search(rf"\b(in|of) {re.escape(wanted)}\b", bundle["caption"]):
        yield f"grammar: {bundle['id']}: {bundle['caption']}"


def page_faults(page, shown):
    """Links of a page lead somewhere; its last section says what the tables say."""
    ids = set(re.findall(r'\bid="([^"]+)"', page))
    for target in dict.fromkeys(re.findall(r'href="([^"]+)"', page)):
        path, _, part = html.unescape(target).partition("#")
        if not re.match(r"\w+:", target) and (
                part not in ids if not path and part else
                path and not (ROOT / "site" / path).exists()):
            yield f"links: {target}"
    text = re.sub(r"<(script|style|svg)\b.*?</\1>|<[^>]+>", "", page, flags=re.DOTALL)
    text = " ".join(html.unescape(text).replace("\N{NO-BREAK SPACE}", " ").split())
    said = text.partition("these data cannot say Internet use: ")[2] or text.rpartition(
        "Internet use: ")[2]
    for table, key in (("access", "internet_use"), ("egov", "egdi"),
                       ("reach", "instagram_audience")):
        cells = dict(zip(shown[table]["row_keys"], shown[table]["cells"]))[key]
        for cell in cells[1:]:
            if cell["prose"] not in said[:800]:
                yield f"prose: {table}/{key}: no {cell['prose']!r} in the last section"
    for wrong in re.findall(r"\b(?:a [aeioAEIO]\w+|an [bcdfgjklmnpqrstvwxyz]\w+)", said[:800]):
        yield f"grammar: {wrong}"


def one_run(job):
    """A run read by the rules: (code, year, way, faults)."""
    code, year, way = job
    if way == "kernel":
        with tempfile.TemporaryDirectory() as folder:
            nb = runs.finished(runs.path(NAME), Path(folder, "out.ipynb"),
                               "-p", "country", code, "-p", "year", str(year))
    else:
        main_module = sys.modules["__main__"]  # a shell puts its own there
        nb = warm.run(NAME, country=code, year=year)
        sys.modules["__main__"] = main_module
    with warm.in_notebooks():
        return code, year, way, faults(nb, code, year)


def jobs(codes):
    """What is run: (code, year, way), the members in order."""
    return [(code, YEAR, "warm") for code in codes] + [
        (code, YEARS[n % len(YEARS)], "warm") for n, code in enumerate(codes[::6])] + [
        (code, YEAR, "kernel") for code in codes if code in FEW]


def main(arguments):
    start = time.monotonic()
    with warm.in_notebooks():
        codes = [code for code in sorted(data.names()) if code in (arguments or data.names())]
    wanted, read = jobs(codes), []
    with ProcessPoolExecutor(2) as pool:
        for one in pool.map(one_run, wanted):
            read.append(one)
            for fault in one[3]:
                print(*one[:3], fault, flush=True)
            if len(read) % 10 == 0:
                print(f"{len(read)} of {len(wanted)}", flush=True)
                write(arguments, read, len(wanted), start)
    write(arguments, read, len(wanted), start)
    faults = sum(len(found) for *_, found in read)
    print(f"{len(read)} runs of {len(codes)} members, {faults} faults")
    return bool(faults)


def write(arguments, read, wanted, start):
    """The record of what was read so far; nothing for some members alone."""
    if arguments:
        return
    by_rule = collections.Counter(one.partition(":")[0] for *_, found in read for one in found)
    by_run = {f"{code} {year} {way}": found for code, year, way, found in read}
    record = {"date": datetime.date.today().isoformat(), "python": platform.python_version(),
              "machine": f"{platform.system()} {platform.machine()}", "runs": wanted,
              "read": len(read), "members": len({code for code, *_ in read}),
              "minutes": round((time.monotonic() - start) / 60),
              "faults": sum(by_rule.values()), "by_rule": by_rule, "by_run": by_run}
    (ROOT / "paper" / "results" / "members.json").write_text(
        json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
