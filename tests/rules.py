"""Rules of the notebooks: each takes a stored notebook and lists the places that break it."""

import ast
import re
from collections import Counter

from footnoted import links, prose

KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
PLUMBING = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Try, ast.While, ast.Global,
            ast.Delete, ast.Assert)
UNTOLD = {"open", "exec", "eval", "Path", "pathlib", "os", "sys", "io", "glob", "rcParams",
          "set_option", "option_context", "getattr", "read_csv", "to_csv", "savefig", "warnings"}
PATH = re.compile(r"^[~/]|\.\.?/|\\|\.(csv|json|ipynb|svg|png|py)\b")
LEFTOVER = re.compile(r"to verify|to be verified|TODO|FIXME|XXX|lorem ipsum|/home/|/work/|/tmp/"
                      r"|/Users/|[A-Z]:\\\\|file://|localhost", re.I)

# Digits that no data supply may be typed: years, dates, places in the article and in this study,
# marks of a list. All other digits of the prose are links.
MONTH = ("(?:January|February|March|April|May|June|July|August|September|October|November"
         "|December)")
MANY = r"\d+(?:(?:, | and | to |–)\d+)*"
TYPED = re.compile("|".join([
    rf"\b\d{{1,2}} {MONTH}\b",
    r"\b(?:19|20)\d\d(?!\d|[.,]\d)(?! ?%)",
    rf"\b(?:pp?\.|pages?)\s{MANY}",
    rf"\b(?:[Cc]hapters?|[Ff]igures?|[Tt]ables?|[Ff]ootnotes?|[Ss]ections?) {MANY}",
    r"\bSupplement S\d\b",
    r"^(?:#+ )?\d\. "]), re.M)
EXCEPTIONS = {
    "per 100 people": "the unit of a rate", "per 10,000 words": "the unit of a rate",
    "diplomacy 2.0": "a name of Harris's", "G20": "a name",
    "669 accounts of governments in 166 states": "of another's count, as the table absences has it",
    "of 193 nations": "how many a publisher ranks, as the notes of its facts have it",
}


def text(cell):
    return "".join(cell["source"])


def markdown(nb):
    return [cell for cell in nb["cells"] if cell["cell_type"] == "markdown"]


def code(nb):
    return [cell for cell in nb["cells"] if cell["cell_type"] == "code"]


def calls(cell):
    """(name, id) of each output a cell asks for: [("table", "egov"), ...]; a computed id is ""."""
    return [(node.func.attr, getattr(node.args[0], "value", "") if node.args else "")
            for node in ast.walk(ast.parse(text(cell))) if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") == "dd"
            and node.func.attr in ("number", "finding", "table", "figure")]


def shows(cell):
    """True for a code cell whose table or figure a reader of the page sees."""
    return any(kind in ("table", "figure") for kind, _ in calls(cell))


def opening(nb):
    """Cell 1 asks, cell 2 holds typed literals with their reasons, cell 3 imports, and only it:
    but for a plot of one's own, which imports what draws it where it stands."""
    first, second, third, *rest = nb["cells"]
    lines = text(second).strip().splitlines()
    faults = [] if re.search(r"\?|\bquestion\b|\basks\b", text(first)) else ["cell 1 asks nothing"]
    faults += [] if re.match("# ", text(first)) else ["cell 1 has no title"]
    faults += [] if links.tags(second) == ["parameters"] else ["cell 2 is not tagged parameters"]
    faults += [f"cell 2: {line}" for line in lines if not parameter(line)]
    names = [line for line in text(third).splitlines() if re.match("import|from", line)]
    faults += [] if "import digital_diplomacy as dd" in names else ["cell 3 does not import dd"]
    faults += [f"{cell['id']}: imports" for cell in rest if cell["cell_type"] == "code"
               and re.search(r"^\s*(import|from) (?!seaborn|matplotlib)", text(cell), re.M)]
    return faults


def parameter(line):
    """True for `name: type = literal  # reason`.

    >>> parameter("year: int = 2023  # the year"), parameter("year = 2023  # the year")
    (True, False)
    >>> parameter("year: int = newest()  # the year"), parameter("year: int = 2023")
    (False, False)
    """
    body = ast.parse(line).body
    if len(body) != 1 or not isinstance(body[0], ast.AnnAssign) or " # " not in line:
        return False
    try:
        value = ast.literal_eval(body[0].value)
    except ValueError:
        return False
    return type(value).__name__ == ast.unparse(body[0].annotation)


def claims(nb):
    """A chapter's first cell names the article, its pages, and what the reader will know."""
    said = text(nb["cells"][0])
    wanted = {"the article": r"\barticle\b", "a page of the article": r"\bpp?\.\s\d",
              "what the reader will know": r"[Aa]t the end"}
    return [f"cell 1 does not name {what}" for what, form in wanted.items()
            if not re.search(form, said)]


def plain_code(nb):
    """No plumbing, path or system in a cell; lambda only as a sort key. Plain plots are plain."""
    faults = []
    for cell in code(nb):
        nodes = list(ast.walk(ast.parse(text(cell))))
        keys = [word.value for word in nodes if isinstance(word, ast.keyword) and word.arg == "key"]
        faults += [f"{cell['id']}: {type(node).__name__}" for node in nodes
                   if isinstance(node, PLUMBING)
                   or isinstance(node, ast.Lambda) and node not in keys]
        names = {getattr(node, "id", getattr(node, "attr", "")) for node in nodes}
        faults += [f"{cell['id']}: {name}" for name in sorted(names & UNTOLD)]
        words = [node.value for node in nodes if isinstance(node, ast.Constant)
                 and isinstance(node.value, str) and " " not in node.value]
        faults += [f"{cell['id']}: path {word!r}" for word in words if PATH.search(word)]
    return faults


def numbers_kept(nb):
    """No cell makes a plain number of one that remembers its rows, or gives it another unit."""
    found = [(cell["id"], node.func) for cell in code(nb)
             for node in ast.walk(ast.parse(text(cell))) if isinstance(node, ast.Call)]
    return [f"{cell}: {ast.unparse(function)}(" for cell, function in found
            if getattr(function, "id", "") in ("float", "int", "round")
            or getattr(function, "attr", "") == "to"]


def ids(nb):
    """Ids of cells and of outputs: kebab-case words, each once."""
    cells = [cell.get("id", "") for cell in nb["cells"]]
    outputs = [name for cell in code(nb) for _, name in calls(cell)]
    return [f"{name!r}: {why}" for names in (cells, outputs) for name, n in Counter(names).items()
            for why in (["not kebab-case"] if not KEBAB.fullmatch(str(name)) else [])
            + ([f"{n} times"] if n > 1 else [])]


def explained(nb):
    """Beside each table or figure stands prose: before it or after it, other code apart."""
    seen = [cell for cell in nb["cells"] if cell["cell_type"] == "markdown" or shows(cell)]
    around = zip([None, *seen], seen, [*seen[1:], None])
    return [cell["id"] for before, cell, after in around if cell["cell_type"] == "code"
            and not any(other and other["cell_type"] == "markdown" for other in (before, after))]


def proofreading(nb, name):
    """Last stands dd.proofread of the notebook's own name, hidden."""
    last, faults = nb["cells"][-1], []
    if text(last) != f'dd.proofread("{name}")':
        faults.append("the last cell proofreads not itself")
    if links.tags(last) != ["remove-cell"]:
        faults.append("the last cell is not tagged remove-cell")
    return faults


def ending(nb):
    """The last heading says what stands."""
    headings = [head for cell in markdown(nb) for head in re.findall("^## (.+)$", text(cell), re.M)]
    return [] if headings and headings[-1].startswith("What stands") else [
        f"the last heading is {headings[-1:]}, not What stands"]


def stored(nb):
    """No outputs, counts or clocks; the stock kernel; no metadata but tags."""
    faults = [f"{cell['id']}: outputs" for cell in code(nb) if cell["outputs"]]
    faults += [f"{cell['id']}: execution count" for cell in code(nb)
               if cell["execution_count"] is not None]
    faults += [f"{cell['id']}: {sorted(cell['metadata'])}" for cell in nb["cells"]
               if not set(cell["metadata"]) <= {"tags"}]
    faults += [f"{cell['id']}: tag {tag}" for cell in nb["cells"] for tag in links.tags(cell)
               if tag not in ("parameters", "argument", "remove-cell", "remove-input", "supplement",
                              "site")]
    meta = nb["metadata"]
    faults += [f"metadata {key}" for key in meta
               if key not in ("kernelspec", "language_info", "footnoted")]
    faults += [] if meta["kernelspec"]["name"] == "python3" else ["another kernel"]
    named = set(meta.get("language_info", {}))
    return faults + ([] if named <= {"name"} else ["a Python's version"])


def leftovers(nb):
    return [f"{cell['id']}: {found}" for cell in nb["cells"]
            for found in LEFTOVER.findall(text(cell))]


def numbers_typed(source):
    """Words with digits that are typed into prose where a link belongs.

    >>> numbers_typed("In 2023 (p. 27) [92.9 %](#use) of Figure 2 [@x, p. 3], 16th of 5.0.")
    ['16th', '5.0']
    """
    source = prose.CODE.sub(" ", source)
    source = re.sub(r"\[[^\[\]]*@[^\[\]]*\]|@[\w:-]+", " ", source)
    source = re.sub(r"\[[^\[\]]+\]\([^)\s]*\)", " ", source)
    for allowed in EXCEPTIONS:
        source = source.replace(allowed, " ")
    return [word.strip(".,;:()*“”\"'") for word in re.findall(r"\S*\d\S*", TYPED.sub(" ", source))]


def typed_numbers(nb):
    return [f"{cell['id']}: {', '.join(found)}" for cell in markdown(nb)
            if (found := numbers_typed(text(cell)))]


def shared(nb):
    """The block of code that cases and profile share: all code that is no argument.

    The tags `site` and `supplement` say where a cell is printed and not what it is.
    """
    return [(cell["id"], text(cell)) for cell in code(nb)
            if not set(links.tags(cell)) - {"site", "supplement"}]


def paragraphs(nb):
    """Paragraphs with links to values: [(cell id, text)]."""
    return [(cell["id"], part) for cell in markdown(nb)
            for part in re.split(r"\n\s*\n", text(cell)) if links.find(part)]


def said_of_other_parameters(nb):
    """Paragraphs of a case's block that link to values and type a year or a country's name."""
    block = {cell["id"] for cell in markdown(nb) if "argument" not in links.tags(cell)}
    return [f"{cell}: {found[0]}" for cell, part in paragraphs(nb) if cell in block
            if (found := re.search(r"\b(19|20)\d\d\b|\b[A-Z][a-z]+stan\b", part))]


# Sentences that say what the sources of the world do not have, or that something is the only one.
ABSENT = re.compile(
    r"\bno (?:open|dated|public) \w+|\bno (?:other )?(?:source|publication|ranking|archive)s?\b"
    r"|\bno state programme|\bin no (?:stored |open )?(?:copy|archive|table|source|text)\b"
    r"|\b(?:not|none|nothing|never) (?:was |were |is |are |be )?found\b"
    r"|\bfound (?:none|nothing|no\b|in neither)|\bthe (?:only|one) (?:dated |open )?"
    r"(?:count|census|ranking|source|ones obtained)\b"
    r"|\b(?:could not|cannot) be (?:had|found|read|obtained)\b", re.I)
NOT_OF_THE_WORLD = {  # what these words say is no absence in the world's sources
    "No source is needed": "of a method", "no source of ours": "of our own tables",
    "no source published by": "of our own tables",
    "*Not found* was": "explains the word", "not found, not published": "explains the word",
    "that could not be read": "a verdict, whose claims say what was looked for",
    "*none* or *not found*": "explains the words",
    "what it cites could not be read": "a verdict, whose claims say what was looked for",
    "illegible or could not be read": "a verdict, whose claims say what was looked for",
    "attributions to works in no open copy": "a verdict, whose claims say what was looked for",
}


def absences(nb):
    """Sentences of absence without a link to the entry that says where was looked.

    The link is `(S4-appendix.ipynb#absences/ENTRY/values=0)`, in the appendix without its name.
    """
    found = []
    for cell in markdown(nb):
        for sentence in re.split(r"(?<=[.!?])\s+(?=[A-Z*\[“])|\n\s*\n|\n(?=[-#|])", text(cell)):
            said = sentence
            for words in NOT_OF_THE_WORLD:
                said = said.replace(words, "")
            asked = said.startswith("#") or said.rstrip(" *").endswith("?")
            if not asked and ABSENT.search(said) and "#absences/" not in said:
                found.append(f"{cell['id']}: {sentence.strip()}")
    return found


# Words that point to a table or a figure which the reader has before the eyes.
POINTING = re.compile(r"\b(?:the|this|these|next|last)\s(?:next\s)?(table|figure|timeline)s?\b"
                      r"|\b(table|figure)s?\s(?:above|below|here)\b", re.I)


def pointing(nb, book):
    """Sentences of one book that point to a table or figure which their section does not print.

    book: the tag of its cells, "" for the paper. A section of which a sentence names a figure of
    the article by its number speaks of that one. A link finds what it names in either book.
    """
    sections, found = [], []
    for cell in nb["cells"]:
        printed = next((tag for tag in ("site", "supplement") if tag in links.tags(cell)), "")
        if printed != book:
            continue
        if not sections or cell["cell_type"] == "markdown" and re.match("##? ", text(cell)):
            sections.append([])
        sections[-1].append(cell)
    for cells in sections:
        said = {cell["id"]: re.sub(r"\[[^\[\]]+\]\([^)\s]*\)", " ", text(cell))
                for cell in cells if cell["cell_type"] == "markdown"}
        shown = {kind for cell in cells if cell["cell_type"] == "code" for kind, _ in calls(cell)}
        if re.search(r"\bFigure \d", " ".join(said.values())):
            shown.add("figure")
        found += [f"{name}: {words[0]}" for name, source in said.items()
                  for words in POINTING.finditer(source)
                  if (words[1] or words[2]).lower().replace("timeline", "figure") not in shown]
    return found
