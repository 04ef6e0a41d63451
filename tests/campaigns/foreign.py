"""Notebooks of other people, printed by stock nbconvert and by the editions: what is missing here?

    python tests/campaigns/foreign.py FOLDER   # OWNER+NAME@COMMIT/path/of/notebook.ipynb below it
    python tests/campaigns/foreign.py FOLDER --faulty   # again those with a fault the last time

Writes paper/results/foreign.json: of each notebook whether each edition was printed, or the line
that refuses it; the lines that say what an edition cannot hold; and the words, pictures and tables
of stock's page that ours has not. Exit 1 where stock prints what ours refuses, where something is
missing without a line, or where an edition takes more than a minute.

Notebooks are chosen by rule: of each repository, of those below 5 MB, the largest, that with the
most kinds of cells and outputs, that with the most formulas, and that with the most of its rarest
kind (attachments, styled tables, letters of other scripts, charts of a script, widgets, errors);
further ones by the digest of their path up to three. Pictures that they link to lie beside them.
"""

import hashlib
import json
import logging
import re
import subprocess
import sys
import time
import unicodedata
import warnings
from multiprocessing import Pool
from pathlib import Path

from lxml import html as markup
from nbconvert import get_exporter
from traitlets.config import Config

from footnoted import prose, running

TARGET = Path(__file__).resolve().parents[2] / "paper" / "results" / "foreign.json"
KINDS = ("html", "pdf", "md")
SECONDS = 60
# Progress bars as a terminal shows them; the tags that our editions hear without being told.
ALIKE = Config({"CoalesceStreamsPreprocessor": {"enabled": True}, "TagRemovePreprocessor": {
    "enabled": True, "remove_cell_tags": ["remove_cell", "remove-cell"],
    "remove_input_tags": ["remove_input", "remove-input"],
    "remove_all_outputs_tags": ["remove_output", "remove-output"]}})
# Of a line, what names a notebook by its title or a cell: the words of others stay theirs.
TITLES = re.compile(r"^.*?cell [^:]*: |^.*: (?=the fonts of print|a picture has no alt)", re.S)
LINES = re.compile(r"\[?(?:Not shown here|Picture not shown): ")
# What stock writes around cells, and what no reader sees.
AROUND = ("//script|//style|//noscript|//head|//title|//*[contains(@class,'prompt')]|"
          "//*[contains(@class,'anchor-link')]|//comment()|//iframe|//video|//audio|//object|"
          "//button//svg")   # the icon of a button that does nothing in an edition
CODE = "//*[contains(@class,'jp-CodeCell')]//*[contains(@class,'jp-Cell-inputWrapper')]"


def words_of(text):
    """The words and numbers of a text."""
    return set(re.findall(r"\w+", text.casefold()))


def words_of_formulas(path):
    """What stands in formulas of a notebook: a page's text holds them as TeX, ours as they look."""
    nb = running.parsed(path.read_text(encoding="utf-8"), path)
    texts = ["".join(cell["source"]) for cell in nb["cells"] if cell["cell_type"] == "markdown"]
    held = [output.get("data", {}) for cell in nb["cells"] for output in cell.get("outputs", [])]
    texts += ["".join(data[mime]) for data in held for mime in ("text/latex", "text/markdown")
              if mime in data]
    found = [match[0] for text in texts for match in prose.FORMULA.finditer(text)]
    return words_of(" ".join(found + ["".join(data.get("text/latex", "")) for data in held]))


# Raised and lowered signs are words of their own: a PDF's text has them beside their line.
INLINE = "//span|//wbr|//b|//i|//em|//strong|//a|//code|//u|//font|//small"


def text_of(element):
    """The text of a piece of HTML, parts of a line joined, all others words of their own."""
    return " ".join(element.itertext())


def seen(text):
    """A page of HTML as its reader sees it: words of text and outputs, of code, pictures, tables;
    a line that says what is missing counts as one picture."""
    tree = markup.fromstring(text)
    for one in tree.xpath(AROUND):
        one.drop_tree()
    for one in tree.xpath(INLINE):
        one.drop_tag()
    code = " ".join(text_of(one) for one in tree.xpath(CODE))
    for one in tree.xpath("//svg"):   # ours are pictures, whose words no text holds
        one[:], one.text = [], None
    everything = text_of(tree)
    drawn = len(tree.xpath("//img|//svg"))
    for one in tree.xpath(CODE):
        one.drop_tree()
    return {"all": words_of(everything), "code": words_of(code),
            "told": words_of(text_of(tree)), "lines": len(LINES.findall(everything)),
            "pictures": drawn, "tables": len(tree.xpath("//table[normalize-space()]"))}


def printed(kind, path, **options):
    """(what an exporter makes of a notebook or None, its refusal or "printed", seconds)."""
    begun = time.monotonic()
    try:
        made, said = get_exporter(kind)(**options).from_filename(str(path))[0], "printed"
    except Exception as error:
        made, said = None, f"{type(error).__name__}: {error}".replace("\n", " ")[:300]
    return made, said, time.monotonic() - begun


def letters(text):
    """The letters of a text in one row: neither markup nor the end of a line parts them."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())


# Of a page of A4 in points, what stands between its head and its foot, which would part a word that
# goes on on the next page.
WITHIN = ["-x", "0", "-y", "68", "-W", "596", "-H", "708"]


def without_glyph(lines):
    """The signs that the lines of a PDF say the fonts of print have not, as a text has them."""
    return {sign for line in lines for code in re.findall(r"\(U\+([0-9A-F]{4,6})\)", line)
            for sign in chr(int(code, 16)).casefold()}


def text_of_pdf(data):
    """The text of a PDF; None without pdftotext."""
    try:
        return subprocess.run(["pdftotext", *WITHIN, "-", "-"], input=data,
                              capture_output=True).stdout.decode()
    except FileNotFoundError:
        return None


def compared(path):
    """One notebook: {edition: "printed" or why not}, what is missing, and seconds."""
    warnings.simplefilter("ignore")
    told = []
    catch = logging.Handler()
    catch.emit = lambda record: told.append(record.getMessage())
    logging.getLogger("traitlets").handlers = [catch]
    stock, said, _ = printed("html", path, config=ALIKE)
    found = {"stock": said, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    made = {}
    for kind in KINDS:
        made[kind], found[kind], seconds = printed(f"study_{kind}", path)
        found["seconds"] = max(found.get("seconds", 0), round(seconds, 1))
    missing = {}
    if stock and made["html"]:
        theirs, ours = seen(stock), seen(made["html"])
        for kind in ("all", "told"):
            theirs[kind] -= words_of_formulas(path)
        missing["html"] = sorted(theirs["all"] - ours["all"])
        for what in ("pictures", "tables"):   # no line stands for a table: its words print
            less = theirs[what] - ours[what] - (ours["lines"] if what == "pictures" else 0)
            missing[what] = [f"{less} {what}"] if less > 0 else []
        texts = {"md": made["md"], "pdf": made["pdf"] and text_of_pdf(made["pdf"])}
        boxes = without_glyph(told)   # words with one of these signs have their line
        for kind, text in texts.items():
            held = letters(text or "")
            missing[kind] = sorted(word for word in theirs["told"] if text and re.fullmatch(
                r"[^\W_]{2,12}", word) and letters(word) not in held and not boxes & set(word))
    found["missing"] = {kind: words[:20] for kind, words in missing.items() if words}
    found["lines"] = sorted({TITLES.sub("", line)[:120] for line in told})[:12]
    return found


def faulty(row):
    """Whether something is missing, or refused though stock prints it."""
    return row["missing"] or row["stock"] == "printed" and any(
        row[kind] != "printed" for kind in KINDS)


def main(folder, again=""):
    before = json.loads(TARGET.read_text(encoding="utf-8"))["of each"] if again else []
    rows = [row for row in before if not faulty(row)]
    done = {row["sha256"] for row in rows}
    paths = [path for path in sorted(Path(folder).rglob("*.ipynb"))
             if hashlib.sha256(path.read_bytes()).hexdigest() not in done]
    slow = []
    with Pool(2) as pool:
        for path, found in zip(paths, pool.imap(compared, paths)):
            place = path.relative_to(folder)
            name, _, commit = place.parts[0].partition("@")
            row = {"repository": name.replace("+", "/", 1), "commit": commit,
                   "path": str(Path(*place.parts[1:]))} | found
            seconds = row.pop("seconds")
            slow += [row["path"]] * (seconds > SECONDS)
            rows.append(row)
            print(row["repository"], row["path"], *(row[kind][:60] for kind in KINDS),
                  seconds, row["missing"] or "", flush=True)
    rows.sort(key=lambda row: (row["repository"], row["path"]))
    faults = [row["path"] for row in rows if faulty(row)]
    whole = {"notebooks": len(rows), "repositories": len({row["repository"] for row in rows}),
             "stock prints": sum(row["stock"] == "printed" for row in rows),
             **{f"{kind} printed": sum(row[kind] == "printed" for row in rows) for kind in KINDS},
             "with a fault": len(faults), "of each": rows}
    TARGET.write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"{len(rows)} notebooks, {len(faults)} with a fault; slower than {SECONDS} s: {slow}")
    return bool(faults or slow)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
