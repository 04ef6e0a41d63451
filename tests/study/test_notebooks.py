"""The notebooks: how they are written, that they run everywhere, and that what they say is so."""

import copy
import doctest
import html
import json
import re
import shutil
import subprocess
from itertools import combinations

import nbformat
import pytest
import rules
from nbconvert import get_exporter
from runs import ROOT, bundles, executed, finished, path, read, troubles

from digital_diplomacy import data
from footnoted import edition, links, running
from footnoted.edition import document

INTRODUCTION = "00-introduction"
CHAPTERS = ["01-theory", "02-kazakhstan", "03-uzbekistan", "04-comparison", "05-conclusions"]
CASES = ["02-kazakhstan", "03-uzbekistan"]
SUPPLEMENTS = ["S1-robustness", "S2-speeches", "S3-ledger", "S4-appendix"]
PAPER = [INTRODUCTION, *CHAPTERS]
NAMES = [*PAPER, *SUPPLEMENTS, "country-profile"]
OWN = ["internet.head()", "import seaborn as sns\n"
       "sns.lineplot(data=internet.head(30), x='year', y='value')"]
CODES = re.compile(r"\b(KAZ|KGZ|TJK|TKM|UZB|NAM)\b")

# How they are written

@pytest.mark.parametrize("rule", [rules.opening, rules.plain_code, rules.numbers_kept, rules.ids,
                                  rules.explained, rules.leftovers, rules.typed_numbers,
                                  rules.absences],
                         ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_keeps_the_rules(name, rule):
    faults = rule(read(name))
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("name", NAMES)
def test_it_proofreads_itself(name):
    assert rules.proofreading(read(name), name) == []


@pytest.mark.parametrize("name", NAMES[1:])
def test_it_ends_with_what_stands(name):
    """But for the introduction, which asks and does not answer."""
    assert rules.ending(read(name)) == []


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_opens_with_the_articles_claims_and_their_pages(name):
    assert rules.claims(read(name)) == []


@pytest.mark.parametrize("name", NAMES)
def test_it_is_stored_without_outputs(name):
    """What git holds counts: a reader's outputs stay on disk."""
    held = subprocess.run(["git", "show", f":notebooks/{name}.ipynb"], cwd=ROOT,
                          capture_output=True) if shutil.which("git") else None
    text = held.stdout if held and not held.returncode else path(name).read_bytes()
    assert rules.stored(nbformat.reads(text.decode("utf-8"), 4)) == []


def test_the_folder_holds_these_notebooks():
    assert {one.stem for one in (ROOT / "notebooks").glob("*.ipynb")} >= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_links_to_other_notebooks_lead_to_one(name):
    prose = " ".join(map(rules.text, rules.markdown(read(name))))
    named = re.findall(r"\]\(([\w-]+)\.ipynb", prose)
    assert [other for other in named if not path(other).exists()] == []


@pytest.mark.parametrize("name", ["03-uzbekistan", "country-profile"])
def test_cases_and_profile_share_a_block_of_code(name):
    """All code that is no argument; the profile may go on after it."""
    first = rules.shared(read("02-kazakhstan"))
    other = rules.shared(read(name))[:len(first)]
    assert len(first) >= 9
    assert [cell for cell, _ in first] == [cell for cell, _ in other]
    assert [cell for (cell, code), (_, theirs) in zip(first, other) if code != theirs] == []


def test_a_sentence_of_absence_leads_to_where_was_looked():
    """By hand: three need a link, of which one has it, and four are no such sentences."""
    said = ["We found [no open source](S4-appendix.ipynb#absences/practice/values=0) for it.",
            "No dated count is known.", "The paper could not be read.",
            "Which source is not found?", "## In no archive",
            "Here 3 of 5 states have no access.", "No source is needed for this."]
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(" ".join(said[:3]), id="a"),
                                         *map(nbformat.v4.new_markdown_cell, said[3:])])
    assert rules.absences(nb) == ["a: No dated count is known.", "a: The paper could not be read."]


def test_each_entry_of_absence_is_used_and_each_link_to_one_has_its_entry():
    entries = data.absences()
    used = {found for name in NAMES for cell in rules.markdown(read(name))
            for found in re.findall(r"#absences/([\w-]+)/values=0", rules.text(cell))}
    assert used <= set(entries.index)
    assert set(entries.index) - used == {"law-texts", "smarttravel"}  # of single claims


# How they run

@pytest.mark.parametrize("name", NAMES)
def test_it_runs_without_a_warning(name):
    assert troubles(executed(name)) == []


@pytest.mark.parametrize("name", NAMES)
def test_its_prose_says_what_the_run_says(name):
    """Today's prose; the last cell has read the file as it was saved at the run."""
    nb = executed(name)
    assert links.problems(nb, name) == []
    last, = nb["cells"][-1]["outputs"]
    assert last["text"].startswith(f"{name}.ipynb, as saved")
    assert re.search(r"\d+ links?: \d+ to mend", last["text"])


@pytest.mark.parametrize("name", NAMES)
def test_sources_of_its_figures_and_tables_are_references(name):
    page = edition.html(executed(name), name)
    held = document.keys_of(ROOT / "paper" / "references.bib")
    used = {document.cited_as(source, held, running.settings()["copies"])
            for bundle in bundles(executed(name)) for source in bundle["sources"]}
    assert used and {source for source in used if f'id="ref-{source}"' not in page} == set()


@pytest.mark.parametrize("name", NAMES)
def test_readers_see_names_and_not_codes(name):
    seen = {bundle["id"]: [bundle.get(key, "") for key in ("caption", "alt", "note", "index_name")]
            + bundle.get("index", []) + bundle.get("columns", [])
            + re.findall(r"<text[^>]*>([^<]*)", bundle.get("svg_text", ""))
            for bundle in bundles(executed(name))}
    assert {key: said for key, words in seen.items()
            for said in words if CODES.search(said)} == {}


def numbers(text):
    """Numbers of a text as printed, thousands folded: {"92.9", "26430"}."""
    whole = re.sub(r"(?<=\d)[,\u202f\u00a0 ](?=\d{3}\b)", "", text)
    return set(re.findall(r"\d+(?:\.\d+)?", whole))


def supplied(bundle):
    """Numbers that a figure's rows hold, as printed and rounded; of one of words, those drawn."""
    if not bundle["rows"]:
        return numbers(" ".join(re.findall(r"<text[^>]*>([^<]*)", bundle["svg_text"])))
    told = {number for row in bundle["rows"]
            for number in numbers(f"{data.origin(row)} {row.split('/')[1]}")}
    return told | {f"{float(number):.{places}f}" for number in told for places in (0, 1, 2)}


@pytest.mark.parametrize("name", NAMES)
def test_figures_tell_numbers_of_their_data_to_those_who_do_not_see_them(name, real):
    """A figure drawn by hand knows no rows, and says so on the page: it has words, and no more."""
    figures = [bundle for bundle in bundles(executed(name)) if bundle["kind"] == "figure"]
    assert len({figure["alt"] for figure in figures}) == len(figures)
    for figure in figures:
        assert figure["alt"], figure["id"]
        if figure["untraced"]:
            continue
        held, told = supplied(figure), numbers(figure["alt"])
        assert told & held, figure["id"]
        assert {one for one in told if re.fullmatch(r"(19|20)\d\d", one)} <= held, figure["id"]


LEVEL = re.compile(r'<text style="([^"]*)" (?:x="[^"]*" y="[^"]*" transform="rotate\(-0 '
                   r'|transform="translate\()([\d.-]+) ([\d.-]+)\)">([^<]+)</text>')


def drawn(figure):
    """Level texts of a figure, in its face: [(text, left, top, right, bottom)], in points."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextPath
    found = []
    for style, x, y, text in LEVEL.findall(figure["svg_text"]):
        size, anchor = re.search(r"([\d.]+)px", style)[1], re.search(r"text-anchor: (\w+)", style)
        bold = "bold" if re.search("bold|[67]00", style) else None
        family = re.findall(r"'([^']+)'", style[style.index("font-family"):].split(";")[0])
        font = FontProperties(family=family, weight=bold)
        box = TextPath((0, 0), html.unescape(text), size=float(size), prop=font).get_extents()
        left = float(x) - box.width * {"middle": 0.5, "end": 1}.get(anchor and anchor[1], 0)
        found.append((text, left, float(y) - box.y1, left + box.width, float(y) - box.y0))
    return found


@pytest.mark.parametrize("name", NAMES)
def test_no_two_texts_of_a_figure_overlap_and_none_is_cut(name):
    for figure in (one for one in bundles(executed(name)) if one["kind"] == "figure"):
        texts, width = drawn(figure), figure["width_in"] * 72
        assert len(texts) > 3
        assert [t for t in texts if t[1] < -1 or t[3] > width + 1] == [], figure["id"]
        assert [(one[0], two[0]) for one, two in combinations(texts, 2)
                if min(one[3], two[3]) - max(one[1], two[1]) > 1.5
                and min(one[4], two[4]) - max(one[2], two[2]) > 1.5] == [], figure["id"]


@pytest.mark.parametrize("name", NAMES)
def test_a_pages_figures_have_letters_colours_of_the_theme_and_the_bundles_values(name):
    page = edition.html(executed(name), name)
    figures = [bundle for bundle in bundles(executed(name)) if bundle["kind"] == "figure"]
    parts = re.findall(r'<figure id="[^"]*" class="figure">.*?</svg>', page, re.S)
    assert len(parts) == len(figures)
    for figure, part in zip(figures, parts):
        assert "<text" in part and "STIXGeneral" in part, figure["id"]   # letters, not paths
        colours = re.findall(r"(?:fill|stroke):\s*([^;\"]+)", part)
        assert {one for one in colours if not re.fullmatch(r"none|var\(--c-(\w{6}), #\1\)", one)} \
            == set(), figure["id"]
        assert {f"--c-{one}:" in page for one in re.findall(r"--c-(\w{6})", part)} == {True}
        told = [html.unescape(one) for one in re.findall(r"<title>([^<]*)</title>", part)]
        assert told == [point["text"] for point in figure["points"]] != [], figure["id"]
        assert {row for point in figure["points"] for row in point["rows"]} <= {*figure["rows"]}


@pytest.mark.parametrize("name, other", [CASES, CASES[::-1]])
def test_a_case_is_about_its_country(name, other):
    """Half or more of the paragraphs that link to values fail with the other case's values.

    So do half or more of those that have a link which both cases can answer.
    """
    record = links.record(executed(other), other)
    faults = [[links.link_fault(link, record) for link in links.find(part) if not link.chapter]
              for _, part in rules.paragraphs(read(name))]
    answered = [[fault for fault in part if "no target" not in (fault or "")] for part in faults]
    answered = [part for part in answered if part]
    assert len(faults) > 10 and len(answered) > 5
    assert sum(any(part) for part in faults) * 2 >= len(faults)
    assert sum(any(part) for part in answered) * 2 >= len(answered)


# Other parameters

@pytest.fixture(scope="module")
def namibia(tmp_path_factory):
    """The file of a profile with a reader's own cells, as plain papermill runs it for Namibia."""
    folder, nb = tmp_path_factory.mktemp("namibia"), read("country-profile")
    at = next(i for i, cell in enumerate(nb.cells) if cell.id == "online-figure") + 1
    nb.cells[at:at] = [nbformat.v4.new_code_cell(code, id=f"own-{i}") for i, code in enumerate(OWN)]
    nbformat.write(nb, folder / "mine.ipynb")
    finished(folder / "mine.ipynb", folder / "out.ipynb", "-p", "country", "NAM")
    return folder / "out.ipynb"


def test_a_profile_of_namibia_speaks_of_namibia(namibia):
    done = nbformat.read(namibia, 4)
    assert troubles(done) == []
    captions = [bundle["caption"] for bundle in bundles(done) if "caption" in bundle]
    assert any("Namibia" in caption for caption in captions)
    assert not any("nan" in caption for caption in captions)
    text = " ".join(edition.html(done, "country-profile").split())
    assert "Run with country = NAM" in text


def test_a_readers_own_cells_reach_html_and_pdf(namibia, tmp_path):
    page = get_exporter("study_html")().from_filename(str(namibia))[0]
    assert "gapminder_internet_users" in page and 'src="data:image/png;base64,' in page
    assert page.count(">untraced<") == 3  # the frame, the axes as text, the picture
    body = get_exporter("study_pdf")().from_filename(str(namibia))[0]
    assert body.startswith(b"%PDF-")
    if shutil.which("pdftotext"):
        (tmp_path / "out.pdf").write_bytes(body)
        text = subprocess.run(["pdftotext", "-layout", tmp_path / "out.pdf", "-"], check=True,
                              capture_output=True, encoding="utf-8").stdout
        assert text.count("untraced") == 3 and "locator" in text


# That these tests notice

def test_examples_of_the_rules_run():
    assert doctest.testmod(rules).failed == 0


def changed(name, cell, **fields):
    """A copy of a stored notebook with one cell changed (its place or its id)."""
    nb = copy.deepcopy(read(name))
    found = nb.cells[cell] if isinstance(cell, int) else next(c for c in nb.cells if c.id == cell)
    found.update({key: value(found[key]) if callable(value) else value
                  for key, value in fields.items()})
    return nb


PLANTED = {
    "a function": (rules.plain_code, "online-figure", {"source": "def f(x): return x"}),
    "a loop": (rules.plain_code, "online-figure", {"source": "while x:\n    dd.pick(x)"}),
    "a path": (rules.plain_code, "online-figure", {"source": "pd.concat(['../data/facts.csv'])"}),
    "a lambda": (rules.plain_code, "online-figure", {"source": "own.assign(x=lambda f: f)"}),
    "a number without its rows": (
        rules.numbers_kept, "online-figure", {"source": "dd.finding('x', own, '<', float(other))"}),
    "a unit renamed": (
        rules.numbers_kept, "online-figure", {"source": "dd.number('x', users.to('accounts'))"}),
    "a typed number": (rules.typed_numbers, "online-q", {"source": "It rose to 92.9 % in 2023."}),
    "a typed count": (rules.typed_numbers, "online-q", {"source": "In 2023, 1,234 accounts."}),
    "a reminder": (rules.leftovers, "online-q", {"source": "The law of 2015 (to verify)."}),
    "a machine's path": (rules.leftovers, "online-q", {"source": "See /home/me/data."}),
    "a parameter without its type": (
        rules.opening, "parameters", {"source": "year = 2023  # year"}),
    "a parameter without its reason": (rules.opening, "parameters", {"source": "year: int = 2023"}),
    "a parameter that is computed": (
        rules.opening, "parameters", {"source": "year: int = 2 + x  # y"}),
    "no tag": (rules.opening, "parameters", {"metadata": {}}),
    "no question": (rules.opening, "opening", {"source": "# Title\n\nText."}),
    "a late import": (rules.opening, "online-figure", {"source": "import numpy as np"}),
    "a late import beside a plot's": (
        rules.opening, "online-figure", {"source": "import seaborn as sns\nimport numpy as np"}),
    "an id twice": (rules.ids, "networks-figure", {"id": "online-figure"}),
    "an output twice": (rules.ids, "egov-table", {"source": 'dd.table("access", ranks, "Ranks")'}),
    "a table without text": (rules.explained, "egov-table-a", {
        "cell_type": "code", "source": 'dd.table("more", ranks, "Ranks")'}),
    "a stale output": (rules.stored, "online-figure", {"id": "stale", "execution_count": 3}),
    "papermill's clocks": (rules.stored, "online-figure", {"metadata": {"papermill": {}}}),
    "another cell last": (
        lambda nb: rules.proofreading(nb, "02-kazakhstan"), -1, {"source": "dd.proofread('x')"}),
    "no conclusion": (rules.ending, "ending", {"source": "## Outlook"}),
    "no page of the article": (
        rules.claims, "opening", {"source": "# T\n\nThe article? At the end."}),
}




@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_noticed(fault):
    rule, cell, fields = PLANTED[fault]
    before = rule(read("02-kazakhstan"))
    assert [line for line in rule(changed("02-kazakhstan", cell, **fields)) if line not in before]


def test_a_changed_shared_cell_is_noticed():
    nb = changed("country-profile", "reach-table", source=lambda code: code.replace("2019", "2018"))
    assert rules.shared(nb) != rules.shared(read("country-profile"))
    assert json.dumps(rules.shared(nb)) != json.dumps(rules.shared(read("02-kazakhstan")))


@pytest.mark.parametrize("old, new", [
    ("[24th]", "[25th]"), ("#egov-ranks-table/2024/egdi", "#egov-ranks-table/1066/egdi"),
    ("(#printed/kaz-internet-share/printed=path/2021/value)",
     "(#printed/kaz-internet-share/printed=path/2023/value)")])
def test_stale_prose_is_noticed(old, new):
    nb = copy.deepcopy(executed("02-kazakhstan"))
    for cell in rules.markdown(nb):
        cell["source"] = cell["source"].replace(old, new)
    assert links.problems(nb, "02-kazakhstan")
