"""Sheets: what split, sheet, code and compare make, read as spreadsheets leave it, or refuse."""

import io
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from digital_diplomacy import __main__, files
from digital_diplomacy.data import DataError, read
from digital_diplomacy.speeches import corpus, sheets, splitting

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


def hashed(sentence):
    return splitting.sheet_hash(splitting.sha256(sentence))


def sheet(*rows):
    """A sheet of sentences as csv, hashes right unless given: (sentence, codes[, hash])."""
    lines = ["statement,position,sha256,sentence,codes"]
    lines += [f"A-2024,{i},{(*more, hashed(text))[0]},{text},{codes}"
              for i, (text, codes, *more) in enumerate(rows, 1)]
    return "\n".join(lines) + "\n"


# split -------------------------------------------------------------------------------------------

def test_what_the_sentences_do_not_show_is_told(run):
    long = "We go on and on " * 17 + "here."
    code, said = run("split", "t", "s.csv", t__Oslo_2024_txt="Yes. No. We met at noon in town.",
                     t__Rome_2024_txt="Three words only.", t__New_York_2024_txt="we met at noon",
                     t__Bonn_2024_txt=long,
                     t__Kyiv_2024_txt="Second session – 12 May 2020\nWe met there.",
                     **{"t/A_2024.docx": "x", "t/b.md": "x", "t/.c": "x"})
    assert (code, said) == (0, [
        "s.csv: 3 sentences in 3 texts",
        "pieces shorter than 4 words, left out: 4",
        "lines taken for the head of a page, left out: Second session – 12 May 2020",
        "texts without a sentence: Kyiv-2024, Rome-2024",
        "texts without the end of a sentence: New_York-2024",
        "sentences over 80 words: Bonn-2024 1 (86)",
        "passed over, because only .txt is read: A_2024.docx, b.md"])
    assert Path("s.csv").read_bytes().startswith(b"\xef\xbb\xbf")  # else Excel garbles Russian


def test_a_folder_of_other_files_alone(run):
    assert run("split", "t", "s.csv", **{"t/A_2024.docx": "x"}) == (1, [
        f"t: no text in it: put {FORM} there",
        "passed over, because only .txt is read: A_2024.docx"])


def test_files_of_macos_are_passed_over_and_endings_may_be_large(run):
    Path("t/__MACOSX").mkdir(parents=True)
    Path("t/__MACOSX/A_2024.txt").write_bytes(b"\0")
    assert run("split", "t", "s.csv", **{
        "t/A_2024.TXT": "We met at noon in town.", "t/._A_2024.txt": b"\0\5\x16\7",
        "t/.DS_Store": b"\0"}) == (0, ["s.csv: 1 sentences in 1 texts"])


@pytest.mark.parametrize("content, fault", [
    (b"%PDF-1.7\n%\xe2\xe3", "a PDF, not a text"), (b"PK\3\4\xff", "an archive or a document of"),
    (b"\xd0\xcf\x11\xe0\xa1", "an old document of Word"), (b"{\\rtf1 We met.}", "an RTF, not"),
    (b"\xef\xbb\xbf\n<!DOCTYPE html><p>We met.", "a web page, not a text"),
    (b"We met at noon\0 in town.", "zero bytes among its letters: it may be damaged"),
    ("We met at noon.".encode("utf-16-le"), "not UTF-8 but perhaps utf-16"),
    ("We met at noon.".encode("utf-32"), "not UTF-8 but perhaps utf-32"),
    (b"\xef\xbb\xbf \r\n", "nothing in it")])
def test_what_only_calls_itself_a_text_is_named(run, content, fault):
    code, said = run("split", "t", "s.csv", t__A_2024_txt=content)
    assert code == 1 and said[0].startswith(f"A_2024.txt: {fault}")


@pytest.mark.parametrize("name, fault", [
    ("Rome_2023-13-45", "2023-13-45 is no date"), ("Rome_2023-02-30", "2023-02-30 is no date"),
    ("Rome_0000", "0000 is no date"), ("Rome_2022_2023", "two dates in its name"),
    ("2022_2023", "two dates in its name"), ("Rome", "no date in its name"),
    ("Rome_2023-5", "no date in its name"), ("_2023", "no date in its name"),
    ("New_York_2023-05-01", ""), ("KAZ_47_1992", ""), ("Kaz_47_1992", "")])
def test_names_of_texts(name, fault):
    assert corpus.text_fault(f"t/{name}.txt", b"x") == (fault and f"{fault}: call it {FORM}")


@pytest.mark.parametrize("encoding", ["windows-1251", "koi8-r", "cp866"])
@pytest.mark.parametrize("text", ["О МИРЕ И СОТРУДНИЧЕСТВЕ", "О мире и сотрудничестве", "привет",
                                  "Об этом мы ещё скажем позже"])
def test_old_russian_encodings(text, encoding):
    assert files.likely_encoding(text.encode(encoding)) == encoding


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
    assert run("split", "t") == (2, ["Name two: python -m digital_diplomacy content split FOLDER "
                                     "SENTENCES.csv."])
    for words, asked in ((["x.xlsx"], "the texts"), (["--texts", "t"], "one file to write")):
        assert run("sheet", *words) == (2, [f"Name {asked}: python -m digital_diplomacy content "
                                            "sheet --texts FOLDER CODER.xlsx."])
    assert run("compare")[1][0].startswith("Name one or two: ")
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
    assert "split: FOLDER SENTENCES.csv; sheet: --texts FOLDER CODER.xlsx; code:" in said
    assert "--codebook FOLDER with topics.csv and cues.csv" in said


def test_the_study_s_own_codebook_is_named(run):
    _, said = run("code", "s.csv", "c.csv", s_csv=sheet(("Мы встретились в сети.", "")))
    assert said[0].startswith("c.csv: 1 sentences in 1 texts, by the study's own codebook, which "
                              "is English; never given: ")


def test_codes_of_another_codebook_are_told_once(run):
    rows = [(f"We met at noon {i}.", codes)
            for i, codes in enumerate(["TRA", "DIG", "TRA SPA", "NON"])]
    assert run("compare", "ann.csv", ann_csv=sheet(*rows)) == (1, [
        "ann.csv: not in the study's own codebook, which is English: TRA (2), SPA (1), first in "
        "row 2: mend the codes (or name theirs: --codebook FOLDER)"])
    code, said = run("compare", "ann.csv", "--codebook", EXAMPLES,
                     ann_csv=sheet(("We met at noon.", "NON"), ("We met online at noon.", "DGI")))
    assert (code, said) == (1, [
        f"ann.csv: not in the codebook {EXAMPLES}: DGI (1), first in row 3: did you mean 'DIG'? "
        "(or name theirs: --codebook FOLDER)"])


def test_an_altered_text_is_refused(run):
    right = sheet(("We met at noon.", "NON"))
    bad = sheet(("We met at nine.", "DIG", hashed("We met at noon.")))
    assert run("compare", "ann.csv", "ben.csv", "--codebook", EXAMPLES, ann_csv=right,
               ben_csv=bad) == (
        1, [f"ben.csv row 2: sha256 {hashed('We met at noon.')} is not that of its sentence: put "
            "back the sentence as it was split"])


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


# what spreadsheets make of a sheet ---------------------------------------------------------------

TOPICS = pd.read_csv(EXAMPLES / "topics.csv", dtype=str, keep_default_na=False)
ROWS = [("A-2024", "1", "DIG"), ("A-2024", "2", ""), ("A-2024", "3", "CIT DIG"),
        ("B-2024", "1", "NON")]
CODED = [row for row in ROWS if row[2]]


def as_saved(rows=ROWS, between=",", end="\n"):
    return end.join(between.join(row) for row in [("statement", "position", "codes"), *rows]) + end


@pytest.mark.parametrize("content", [
    as_saved().encode(), as_saved(between=";", end="\r\n").encode("utf-8-sig"),
    as_saved(between="\t").encode("utf-16"),                       # "Unicode text" of Excel
    as_saved([("", "", ""), *ROWS, (), ("", "", "")]).encode(),     # empty rows
    as_saved().replace("\n", ",,\n").encode(),                     # columns that were touched
    as_saved().replace("codes", " Codes ").replace("DIG", "dig").encode(),
    as_saved([(*row[:2], row[2].replace(" ", " / ")) for row in ROWS]).encode(),
    as_saved([(*row[:2], row[2].replace(" ", ", ")) for row in ROWS], between=";").encode()])
def test_sheets_as_they_were_saved_are_read_alike(tmp_path, content):
    path = tmp_path / "ann.csv"
    path.write_bytes(content)
    found = sheets.read_codings(path, TOPICS)
    assert found[["statement", "position", "codes"]].apply(tuple, axis=1).tolist() == CODED
    assert set(found["coder"]) == {"ann"}


@pytest.mark.parametrize("position", [int, float, str])
def test_a_workbook_is_read_like_a_csv(tmp_path, position):
    frame = pd.DataFrame(ROWS, columns=["statement", "position", "codes"])
    frame["position"] = frame["position"].map(position)
    with pd.ExcelWriter(tmp_path / "ann.xlsx") as book:
        frame.to_excel(book, index=False)
        pd.DataFrame({"code": ["DIG"]}).to_excel(book, sheet_name="codebook")
    found = sheets.read_codings(tmp_path / "ann.xlsx", TOPICS)
    assert found[["statement", "position", "codes"]].apply(tuple, axis=1).tolist() == CODED


@pytest.mark.parametrize("cell, codes", [
    ("DIG", ["DIG"]), ("dig,cit", ["DIG", "CIT"]), ("DIG;  CIT", ["DIG", "CIT"]), ("non", ["NON"]),
    ("DIG+CIT|CUL", ["DIG", "CIT", "CUL"]), ("DIG DIG", ["DIG"]), ("A/B a/b", ["a/B"]),
    ("DIX", ["DIX"])])
def test_codes_as_people_type_them(cell, codes):
    assert sheets.codes_of(cell, ["DIG", "CIT", "CUL", "a/B"]) == codes


@pytest.mark.parametrize("content, fault", [
    (as_saved([("A-2024", "1")]), "row 2: 2 cells where the header has 3: mend the commas or "),
    (as_saved([("", "", ""), ("A-2024", "1", "DIG", "x")]), "row 3: 4 cells where the header has "),
    (as_saved([("A-2024", '"1', "DIG")]), "line 2: unexpected end of data: mend the commas or "),
    (as_saved().replace("codes", "code"), "no column codes: add it"),
    (as_saved().replace("position", "codes"), "the column codes stands twice: delete one"),
    (as_saved([("A-2024", "1", "")]), "no codes in it: fill in its column codes"),
    (as_saved([("A-2024", "1", "DIG"), ("A-2024", "1", "CIT")]),
     "row 3: A-2024 1 was coded twice by ann: keep one row"),
    (as_saved([("A-2024", "1", "DIG non")]),
     "row 2: NON says that there is no topic: delete it, or the others"),
    (as_saved([("A-2024", "1", "DGI")]), "not in the study's own codebook, which is English: DGI "
     "(1), first in row 2: did you mean 'DIG'?"),
    ("statement,position,sha256,codes\nA-2024,1,8.82E+15,DIG\n", "row 2: 8.82E+15 is no sha256 (h "
     "and 15 digits): copy that column from the sheet as it was made"),
    ("", "no column statement, position, codes: add it"),
    (b"PK\3\4", "no XLSX workbook: save it as XLSX or CSV"),
    (as_saved([("A-2024", "1", "д")]).encode("cp1251"), "line 2: not UTF-8 but perhaps")])
def test_what_cannot_be_meant_is_refused_with_its_row(tmp_path, content, fault):
    path = tmp_path / "ann.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(DataError) as caught:
        sheets.read_codings(path, TOPICS)
    between = " " if fault.startswith(("row", "line")) else ": "
    assert str(caught.value).startswith(f"ann.csv{between}{fault}")


def test_many_sentences_coded_twice_are_one_cause(run):
    rows = as_saved([("A-2024", str(i), "DIG") for i in range(1, 6)])
    assert run("compare", "ann.csv", "ann.csv", "--codebook", EXAMPLES, ann_csv=rows) == (1, [
        "together: 5 sentences were coded twice by ann, as if a file were given twice: name the "
        "files of two coders, or keep one row of each sentence"])


@pytest.mark.parametrize("others, fault", [
    ([], "not estimable, because one coder alone agrees with nobody"),
    (["ben", "cleo"], "3 coders, ann, ben, cleo: give the codes of two")])
def test_a_comparison_is_of_two(run, others, fault):
    rows = "".join(f"A-2024,1,DIG,{who}\n" for who in ["ann", *others])
    assert run("compare", "all.csv", "--codebook", EXAMPLES,
               all_csv=f"statement,position,codes,coder\n{rows}") == (1, [fault])


def test_texts_that_differ_are_not_compared(run):
    first, second = (sheet(("We met at noon.", "DIG", mark)).replace(",sentence,", ",x,")
                     for mark in ("h" + "0" * 15, "h" + "1" * 15))
    code, said = run("compare", "ann.csv", "ben.csv", "--codebook", EXAMPLES, ann_csv=first,
                     ben_csv=second)
    assert (code, said) == (1, [
        "A-2024 1: sha256 h000000000000000 by ann, h111111111111111 by ben: not the same text: "
        "code it again from the same sentences"])
    assert run("compare", "ann.csv", "cleo.csv", "--codebook", EXAMPLES,
               cleo_csv=as_saved([("C-2024", "1", "DIG")])) == (1, [
        "not estimable, because ann and cleo coded no sentence both"])


def test_the_example_of_the_books(run):
    run("split", EXAMPLES / "texts", "s.csv")
    run("code", "s.csv", "c.csv", "--codebook", EXAMPLES)
    code, said = run("compare", "c.csv", EXAMPLES / "invented.csv", "--codebook", EXAMPLES)
    assert (code, said) == (0, [
        "20 sentences in 4 texts, coded by both",
        "topic            dictionary  invented  both  alpha  low   high  allows",
        "Citizens abroad  6           7         6     0.89   0.67  1.00  tentative",
        "Culture          5           5         4     0.74   0.33  1.00  no finding",
        "Digital          7           8         7     0.90   0.67  1.00  tentative",
        "Sport            0           0         0                        "
        "not estimable, because neither gave it"])


# the study's sample ------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def units():
    os.environ.setdefault("DD_DATA", str(Path(__file__).parents[2] / "data"))
    return read("sentences")


def test_the_sample_is_drawn_by_strata(units):
    drawn = sheets.draw(units)
    assert drawn.equals(sheets.draw(units)) and not drawn.duplicated(sheets.UNIT).any()
    with_codes = drawn.merge(units, on=[*sheets.UNIT, "sha256"])
    assert len(with_codes) == len(drawn) == 632 == sheets.count_drawn()
    codes = with_codes["a"].str.split()
    for rare in ("CIT", "DIG"):
        assert codes.map(lambda own: rare in own).sum() >= sheets.RARE
    assert (with_codes["a"] == "").sum() >= sheets.NEGATIVES
    assert (with_codes["statement"].str[:3].value_counts() >= sheets.STATE).all()
    assert drawn["statement"].head(40).nunique() > 30  # in random order, not by statement


def test_weights_are_the_inverse_of_the_chance_to_be_drawn():
    # one state and period of 30 sentences: 15 are drawn; of a topic that one in 30 has, all
    units = pd.DataFrame({"statement": "KAZ-1993", "position": [str(i) for i in range(30)],
                          "sha256": "", "a": ["CIT"] + ["SEC"] * 29})
    weights = sheets.draw(units).set_index("position")["weight"]
    assert weights["0"] == 1 and set(weights.drop("0").round(9)) == {2}
    # of 2,000 sentences 15 are drawn, and 40 of the 80 with a rare topic: two chances for these
    units = pd.DataFrame({"statement": "KAZ-1993", "position": [str(i) for i in range(2000)],
                          "sha256": "", "a": ["CIT"] * 80 + ["SEC"] * 1920})
    drawn = sheets.draw(units)
    rare = drawn["position"].astype(int) < 80
    assert 40 <= rare.sum() <= 55 and len(drawn) <= 55
    assert drawn["weight"][rare].tolist() == pytest.approx(
        [1 / (1 - 1985 / 2000 * 40 / 80)] * rare.sum())
    assert drawn["weight"][~rare].tolist() == pytest.approx([2000 / 15] * (~rare).sum())


def test_weighted_shares_are_those_of_all_sentences(units):
    drawn = sheets.draw(units).merge(units[[*sheets.UNIT, "a"]], on=sheets.UNIT)
    for code, tolerance in (("SEC", 0.05), ("CIT", 0.003), ("MUL", 0.05)):
        yes = drawn["a"].str.split().map(lambda own: code in own)
        whole = units["a"].str.split().map(lambda own: code in own).mean()
        assert np.average(yes, weights=drawn["weight"]) == pytest.approx(whole, abs=tolerance)


TEXTS = os.path.abspath(os.environ.get("TEXTS") or "../shared/evidence/corpus_ungdc_texts.csv")
needs_texts = pytest.mark.skipif(not os.path.exists(TEXTS), reason="no texts: TEXTS=folder")


@needs_texts
def test_a_sheet_is_blind_and_comes_back(real, run, units):
    texts = TEXTS
    code, said = run("sheet", "--texts", texts, "ann.csv")
    assert (code, said) == (0, ["ann.csv: 632 sentences in 150 texts, in random order: write the "
                                "codes of topics into the column codes, NON for none"])
    made = pd.read_csv("ann.csv", dtype=str, keep_default_na=False, encoding="utf-8-sig")
    assert list(made.columns) == ["statement", "position", "sha256", "sentence", "context", "codes"]
    assert (made["codes"] == "").all() and made["sha256"].str.fullmatch("h[0-9a-f]{15}").all()
    assert made[sheets.UNIT].equals(sheets.draw(units)[sheets.UNIT])
    first = made.iloc[0]
    own = splitting.split(next(row.text for row in corpus.texts(texts).itertuples()
                               if row.statement == first["statement"]), frozen=True)
    position = int(first["position"])
    assert first["context"] == f"{own[position - 2]} […] {own[position]}"
    assert run("sheet", "--texts", texts, "ann.csv")[0] == 2  # nothing is overwritten
    # coded just as procedure A does, it agrees with A, and with B as A does
    by_a = made.merge(units[[*sheets.UNIT, "a"]], on=sheets.UNIT)["a"]
    made.assign(codes=by_a.where(by_a != "", "NON").str.lower()).head(300).to_csv(
        "ann.csv", index=False, sep=";")
    code, said = run("compare", "ann.csv")
    assert code == 0 and said.count("") == 1
    assert said[0].startswith("300 sentences in ")
    assert said[0].endswith(", weighted back to all sentences")
    assert said[1].split() == "topic ann A (dictionary) both alpha low high allows".split()
    security = next(line for line in said if line.startswith("Security and conflict"))
    assert security.split()[-4:] == ["1.00", "0.95", "1.00", "use"]
    assert sum(line.startswith("Security and conflict") for line in said) == 2


@needs_texts
def test_a_workbook_has_the_codebook_beside_the_sentences(real):
    import openpyxl
    content, _ = sheets.sheet_file(TEXTS, "ann.XLSX")
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["sentences", "codebook"]
    sentences, codebook = book.worksheets
    assert [cell.value for cell in sentences[1]] == sheets.SHEET and sentences.max_row == 633
    codes = [row[0].value for row in codebook.iter_rows(min_row=2)]
    assert codes == read("topics")["code"].tolist()
    assert all(cell.data_type == "s" for cell in sentences["D"])
    assert not {"a", "b", "counts", "similarity", "weight"} & {cell.value for cell in sentences[1]}


def test_a_sentence_that_begins_like_a_formula_stays_text(real, tmp_path):
    frame = pd.DataFrame([["A-2024", "1", "h", "=1+1", "[…]", ""]], columns=sheets.SHEET)
    (tmp_path / "x.xlsx").write_bytes(sheets.as_workbook(frame))
    assert files.read_table(tmp_path / "x.xlsx", []).values.tolist() == frame.values.tolist()


def test_other_texts_make_no_sheet(real, run):
    code, said = run("sheet", "--texts", "t", "ann.csv",
                     **{"t/KAZ_47_1992.txt": "We met at noon in town."})
    assert code == 1 and len(said) == 632 and all(line.endswith(
        ": not in these texts as the study read it: name the texts of the public data set")
        for line in said)
    assert run("sheet", "--texts", "t", "ann.ods") == (1, [
        "ann.ods: name a file that ends with .xlsx or .csv"])
