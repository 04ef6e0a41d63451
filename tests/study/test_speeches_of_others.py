"""Anyone's texts: what split, code and compare tell, refuse, and where their options stand."""

from pathlib import Path

import pandas as pd
import pytest

from digital_diplomacy import __main__
from digital_diplomacy.speeches import codings, dictionary as content, elsewhere

EXAMPLES = Path(__file__).parents[2] / "examples"
FORM = "<group>_2024.txt, <group>_2024-05.txt or <group>_2024-05-01.txt"


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """The command in an empty folder: its exit code and lines; files are written before by name."""
    monkeypatch.chdir(tmp_path)

    def call(*words, **files):
        for name, text in files.items():
            path = Path(name.replace("__", "/").replace("_csv", ".csv").replace("_txt", ".txt"))
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        try:
            code = __main__.main(["content", *map(str, words)])
        except SystemExit as stop:
            code = stop.code
        said = capsys.readouterr()
        return code, (said.out + said.err).splitlines()
    return call


def sheet(*rows):
    """A sheet of sentences as csv, sums right unless given: (text, codes[, sum])."""
    lines = ["statement,position,sha256,text,codes"]
    lines += [f"A-2024,{i},{(*more, content.digest(text, 16))[0]},{text},{codes}"
              for i, (text, codes, *more) in enumerate(rows, 1)]
    return "\n".join(lines) + "\n"


# split -------------------------------------------------------------------------------------------

def test_what_the_sentences_do_not_show_is_told(run):
    long = "We go on and on " * 17 + "here."
    code, said = run("split", "t", "s.csv", t__Oslo_2024_txt="Yes. No. We met at noon in town.",
                     t__Rome_2024_txt="Three words only.", t__New_York_2024_txt="we met at noon",
                     t__Bonn_2024_txt=long, **{"t/A_2024.TXT": "x", "t/b.md": "x", "t/.c": "x"})
    assert (code, said) == (0, [
        "s.csv: 3 sentences in 3 texts",
        "pieces shorter than 4 words, left out: 3", "texts without a sentence: Rome-2024",
        "texts without the end of a sentence: New_York-2024",
        "sentences over 80 words: Bonn-2024 1 (86)",
        "passed over, because only .txt is read: A_2024.TXT, b.md"])


def test_of_many_names_five_are_told():
    assert elsewhere.few(list("abcde")) == "a, b, c, d, e"
    assert elsewhere.few(list("abcdef")) == "a, b, c, d, e and 1 more"


def test_a_folder_of_other_files_alone(run):
    assert run("split", "t", "s.csv", **{"t/A_2024.TXT": "x"}) == (1, [
        f"t: no text in it: put {FORM} there",
        "passed over, because only .txt is read: A_2024.TXT"])


@pytest.mark.parametrize("name, fault", [
    ("Rome_2023-13-45", "2023-13-45 is no date"), ("Rome_2023-02-30", "2023-02-30 is no date"),
    ("Rome_0000", "0000 is no date"), ("Rome_2022_2023", "two dates in its name"),
    ("2022_2023", "two dates in its name"), ("Rome", "no date in its name"),
    ("Rome_2023-5", "no date in its name"), ("_2023", "no date in its name"),
    ("New_York_2023-05-01", ""), ("KAZ_47_1992", ""), ("Kaz_47_1992", "")])
def test_names_of_texts(name, fault):
    assert elsewhere.unfit(f"t/{name}.txt", b"x") == (fault and f"{fault}: call it {FORM}")


@pytest.mark.parametrize("encoding", ["windows-1251", "koi8-r", "cp866"])
@pytest.mark.parametrize("text", ["О МИРЕ И СОТРУДНИЧЕСТВЕ", "О мире и сотрудничестве", "привет",
                                  "Об этом мы ещё скажем позже"])
def test_old_russian_encodings(text, encoding):
    assert codings.likely(text.encode(encoding)) == encoding


def test_the_mend_of_an_encoding_can_be_pasted(run):
    _, said = run("split", "t", "s.csv", **{"t/Old x_2023.txt": "О мире".encode("cp1251")})
    assert said == ["Old x_2023.txt: not UTF-8 but perhaps windows-1251: iconv -f windows-1251 "
                    "-t utf-8 't/Old x_2023.txt' > new && mv new 't/Old x_2023.txt', or save it "
                    "as UTF-8"]


def test_places_that_cannot_be_used(run, tmp_path):
    (tmp_path / "t" / "Dir_2023.txt").mkdir(parents=True)
    name = {"t/Oslo_2024.txt": "We met at noon in town."}
    assert run("split", "t", "/proc/x.csv", **name) == (2, [
        "/proc/x.csv cannot be written (No such file or directory): name another."])
    assert run("split", "t", "")[0] == 2 and run("split", "t", ".")[0] == 2
    assert run("split", "t", "x" * 300)[0] == 2
    assert run("split", "t/Oslo_2024.txt", "s.csv") == (1, [
        "t/Oslo_2024.txt is a file: name the folder it is in"])
    assert run("split", "../none", "s.csv") == (1, [
        "there is no folder ../none: name one with texts "
        f"(looked for {tmp_path.parent / 'none'})"])
    assert run("code", "~/x.csv", "c.csv") == (1, [
        f"there is no ~/x.csv: name a csv file (looked for {tmp_path}/~/x.csv)"])
    assert run("code", "t", "c.csv") == (1, ["t is a folder: name a csv file"])
    assert run("code", "/none.csv", "c.csv") == (1, ["there is no /none.csv: name a csv file"])
    assert run("compare", "x" * 300)[0] == 1


# code and compare --------------------------------------------------------------------------------

def test_options_stand_anywhere(run):
    text = sheet(("We met online at noon.", ""))
    words = ["code", "s.csv", "c.csv"]
    for place in range(4):
        code, said = run(*words[:place], "--codebook", EXAMPLES, *words[place:], s_csv=text)
        assert (code, said) == (0, [f"c.csv: 1 sentences in 1 texts, by the codebook {EXAMPLES}; "
                                    "never given: CIT, CUL, SPO"])
        Path("c.csv").unlink()
    assert run(*words, "--nope")[1][0].startswith("Unrecognized arguments: --nope")
    said = " ".join(" ".join(run("--help")[1]).split())
    assert "split: FOLDER SENTENCES.csv; code: SENTENCES.csv CODES.csv; compare:" in said
    assert "--codebook FOLDER with topics.csv and cues.csv" in said


def test_the_study_s_own_codebook_is_named(run):
    assert run("code", "s.csv", "c.csv", s_csv=sheet(("Мы встретились в сети.", "")))[1][0].startswith(
        "c.csv: 1 sentences in 1 texts, by the study's own codebook, which is English; never given: ")


def test_codes_of_another_codebook_are_told_once(run):
    rows = [(f"We met at noon {i}.", codes) for i, codes in enumerate(["TRA", "DIG", "TRA SPA", "NON"])]
    assert run("compare", "ann.csv", ann_csv=sheet(*rows)) == (1, [
        "ann.csv: not in the study's own codebook, which is English: TRA (2), SPA (1), first at "
        "A-2024 1: mend the codes (or name theirs: --codebook FOLDER)"])
    code, said = run("compare", "ann.csv", "--codebook", EXAMPLES,
                     ann_csv=sheet(("We met at noon.", "NON"), ("We met online at noon.", "DGI")))
    assert (code, said) == (1, [
        f"ann.csv: not in the codebook {EXAMPLES}: DGI (1), first at A-2024 2: did you mean 'DIG'? "
        "(or name theirs: --codebook FOLDER)"])


def test_an_altered_text_is_refused(run):
    right = sheet(("We met at noon.", "NON"))
    bad = sheet(("We met at nine.", "DIG", content.digest("We met at noon.", 16)))
    assert run("compare", "ann.csv", "ben.csv", "--codebook", EXAMPLES, ann_csv=right, ben_csv=bad) == (
        1, [f"ben.csv: A-2024 1: sha256 {content.digest('We met at noon.', 16)} is not that of its "
            "text: put back the text as it was split"])


def test_a_codebook_s_faults_name_file_and_row(run):
    topics = pd.read_csv(EXAMPLES / "topics.csv", dtype=str, keep_default_na=False)
    Path("book").mkdir()
    pd.concat([topics, topics.iloc[[2]]]).to_csv("book/topics.csv", index=False)
    cues = (EXAMPLES / "cues.csv").read_text(encoding="utf-8")
    code, said = run("code", "s.csv", "c.csv", "--codebook", "book", s_csv=sheet(("We met.", "")),
                     book__cues_csv=f"{cues}all,DIG,*,\nnone,NON,thanks,\n")
    lines = len(cues.splitlines())
    assert (code, said) == (1, [
        f"cues.csv line {lines + 1}: '*' hits every sentence: write letters beside *",
        f"cues.csv line {lines + 2}: 'none' has NON, which no cue gives: leave its code empty",
        "topics.csv line 7: the code 'DIG' stands twice: delete or change one",
        "topics.csv line 7: the name 'Digital' stands twice: delete or change one"])
