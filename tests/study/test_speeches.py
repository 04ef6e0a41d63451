"""The content analysis: sentences, dictionary, similarity, alpha, shares, and what is kept."""

import csv
import hashlib
import os
import sys
import time
from pathlib import Path

import krippendorff
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest

from digital_diplomacy import __main__
from digital_diplomacy.data import DataError, origin, read
from digital_diplomacy.speeches import agreement, corpus, dictionary, shares, similarity, splitting

TOPICS = pd.DataFrame([
    ("DIG", "Digital", "bits and bytes", "nets", "", "bits of nets | bytes and bits", "",
     "tool: a | rules: b"),
    ("NON", "None", "hello there", "thanks", "", "hello thanks", "", ""),
    ("SEC", "Security", "guns and wars", "bombs", "", "guns of wars | bombs and guns", "", "")],
    columns=["code", "name", "definition", "includes", "excludes", "examples", "article_topic",
             "frames"])
CUES = pd.DataFrame([
    ("net", "DIG", "(net|nets)", "", ""), ("security", "SEC", "security", "council food", ""),
    ("council", "SEC", "security council", "", ""), ("food", "", "food security", "", ""),
    ("war", "SEC", "war*", "", "")], columns=["cue", "code", "pattern", "less", "note"])
FIVE_ROWS = [("KAZ-2017", "1", "DIG", "DIG"), ("KAZ-2017", "2", "", ""),
             ("KAZ-2018", "1", "DIG SEC", "SEC"), ("KAZ-2018", "2", "SEC", "SEC"),
             ("KAZ-1993", "1", "", ""), ("UZB-2017", "1", "SEC", ""), ("UZB-2017", "2", "", "DIG")]


def error_text(call, *arguments, **options):
    with pytest.raises(DataError) as caught:
        call(*arguments, **options)
    return str(caught.value)


# sentences ---------------------------------------------------------------------------------------

@pytest.mark.parametrize("text, sentences", [
    ("The threat of war\ngrows every day.\nWe must act on it now.",
     ["The threat of war grows every day.", "We must act on it now."]),
    ("Water is life for\n\n \n13 06-53341 \n \nall of us here.",
     ["Water is life for all of us here."]),
    ("Water is life for\n15-29431 9/51\nA/70/PV.16 29/09/2015\nall of us here.",
     ["Water is life for all of us here."]),
    ("We hope and\nForty-eighth session - 5 October l993 17\ntrust in peace.",
     ["We hope and trust in peace."]),
    ("The Counter- Terrorism Strategy and the Secretary-\nGeneral agree.",
     ["The Counter-Terrorism Strategy and the Secretary-General agree."]),
    ("Short- and medium-term plans of ours.", ["Short- and medium-term plans of ours."]),
    ("We thank Mr. Annan and H.E. Mr. S. Niyazov for it.",
     ["We thank Mr. Annan and H.E. Mr. S. Niyazov for it."]),
    ("He said “We want peace now.” The hall was silent then.",
     ["He said “We want peace now.”", "The hall was silent then."]),
    ("Is that not so today? It is, and it was! And then there was light…",
     ["Is that not so today?", "It is, and it was!", "And then there was light…"]),
    ("Growth was 7.5 per cent in 1996. In 1997 it was more.",
     ["Growth was 7.5 per cent in 1996.", "In 1997 it was more."]),
    ("Thank you, Mr. President. We wish you all success. Three words only.",
     ["Thank you, Mr. President.", "We wish you all success."]),
    ("\ufeffAllow me, first of all, to speak.", ["Allow me, first of all, to speak."]),
    ("One page ends here\fand another one begins.", ["One page ends here and another one begins."]),
    ("We join the *** \n***********\nappeal of ours.", ["We join the *** appeal of ours."]),
    ("Министр г. Астаны им. Абая сказал это. Мы с этим согласны сегодня.",
     ["Министр г. Астаны им. Абая сказал это.", "Мы с этим согласны сегодня."]),
    ("", []), ("Too few words.", [])])
def test_sentences_by_hand(text, sentences):
    assert splitting.split(text) == sentences


@pytest.mark.parametrize("text", [
    "Объём торговли вырос до 5 млн. долл. США за год.", "Смотри п. 3 и пп. 4 этого закона.",
    "Он стоил 100 руб. РФ на рынке.", "Они были на оз. Балхаш и р. Сырдарья летом.",
    "Жители с. Каракемер ждут нас у стен.", "См. Приложение к этому письму.",
    "Ст. 5 закона говорит это прямо.", "Гостей ждут все, в т. ч. Казахстан и соседи.",
    "Это была т. н. Большая игра держав.", "Там были Дж. Байден, Ш.М. Мирзиёев и Ш. М. Шарипов.",
    "В 2023 г. Казахстан открыл посольство в г. Риме.", "В 1991–2023 гг. Казахстан строил дороги.",
    "В 90-х гг. Узбекистан строил дороги.", "В XX в. Казахстан стал иным.",
    "Посольство открыто в марте (2021 г.) Президентом страны.",
    "Люди живут в Карагандинской обл. РК.",
    "The U.S. Embassy opened its doors today.", "It was in Jan. 2021 that they met.",
    "They met Sen. Smith and Rep. Jones there.", "See art. 5 and pp. 7 of it.",
    "This was said by mr. Smith to us.", "A word by Sh. Mirziyoyev was heard."])
def test_a_stop_that_ends_no_sentence(text):
    assert splitting.pieces(f"{text} Так стало. {text}") == [text, "Так стало.", text]


@pytest.mark.parametrize("first, second", [
    ("Наша торговля с соседями выросла в 1991–2023 гг.", "Ежегодно она растёт."),
    ("Так было во всей стране в XX в.", "Казахстан стал иным."),
    ("Книга стоила всем нам 500 р.", "Её читают."),
    ("Инвестиции достигли 5 млрд. долл.", "Их много."),
    ("Это видели люди, послы и т. д.", "Их было много."), ("Там книги и т. п.", "Их много."),
    ("We live in the U.S.", "The embassy is near."), ("This is modern art.", "We like it."),
    ("The answer is no.", "We do not agree.")])
def test_a_stop_of_an_abbreviation_that_ends_a_sentence(first, second):
    assert splitting.pieces(f"{first} {second}") == [first, second]


@pytest.mark.parametrize("text, line", [
    ("digi-\ntal and digital", "digital and digital"), ("digi-\ntal plans", "digi-tal plans"),
    ("long-\nterm", "long-term"), ("Циф-\nровой и цифровой", "Цифровой и цифровой"),
    ("short-\nand medium-term, shortand", "short- and medium-term, shortand")])
def test_a_hyphen_goes_where_the_text_writes_the_word_without(text, line):
    assert splitting.joined(text) == line


@pytest.mark.parametrize("sentence, n", [
    ("Kazakhstan’s nuclear-weapon-free zone", 3), ("In 1996, 7.5 per cent", 3), ("— 42 —", 0),
    ("Цифровой Казахстан", 2), ("non- and pro-war", 3)])
def test_words_begin_with_a_letter(sentence, n):
    assert len(splitting.words(sentence)) == n


@given(st.lists(st.sampled_from(["We agree on this today.", "Mr. Annan spoke to us.", "War is bad!",
                                 "It was so in 1996."]), max_size=8),
       st.sampled_from([" ", "\n", "\n\n"]))
def test_no_long_sentence_is_lost_or_joined(parts, blank):
    assert splitting.split(blank.join(parts)) == [
        part for part in parts if len(splitting.words(part)) >= splitting.LEAST]


# the splitter does not lose text, and ends -------------------------------------------------------

def test_initials_and_titles_end_no_sentence():
    text = ("President K.K. Ivanov met Sh.M. Petrov in Astana. They agreed on many things. It was "
            "5 p.m. by then, and Amb. Smith had left.")
    assert [sentence[:9] for sentence in splitting.split(text)] == [
        "President", "They agre", "It was 5 "]
    assert " ".join(splitting.split(text)) == text


def test_the_study_s_own_units_were_made_without_latin_initials():
    text = "It is an idea of Mr. N.A. Nazarbaev, to convene all. We live in the U.S. Navy."
    assert splitting.pieces(text, frozen=True) == [
        "It is an idea of Mr. N.A.", "Nazarbaev, to convene all.", "We live in the U.S. Navy."]
    assert splitting.pieces(text) == [
        "It is an idea of Mr. N.A. Nazarbaev, to convene all.", "We live in the U.S. Navy."]


@pytest.mark.parametrize("line", [
    "_" * 20_000 + " /A. Person/", "1" * 20_000 + "x", "." * 20_000 + "x", "- " * 20_000 + "x",
    "-*" * 10_000 + "a", ".” " * 10_000])
def test_no_line_keeps_the_splitter_for_long(line):
    start = time.monotonic()
    splitting.pieces(f"We met at noon.\n{line}\nThen we left.")
    assert time.monotonic() - start < 2  # it takes hundredths of a second


def test_a_signature_is_no_furniture():
    assert splitting.pieces("We met at noon.\n____ /A. Person/") == [
        "We met at noon. ____ /A. Person/"]


# the dictionary ----------------------------------------------------------------------------------

@pytest.mark.parametrize("cue, text, n", [
    ("terror*", "Terrorism, counter-terrorist and terror", 3), ("war", "wars and warfare", 0),
    ("non proliferat*", "the Non-Proliferation and non proliferating", 2),
    ("(net|nets) work*", "nets working, net-work, network", 2),
    ("we ... propose", "We propose. We would now also propose it; we do not at all ever propose",
     2),
    ("kazakhstan's", "Kazakhstan's or Kazakhstans", 1), ("(цифров*|сеть) труд", "цифровой труд", 1),
    ("a.i", "a.i axi", 1), ("прошел", "Он прошёл и прошел", 2), ("учёт*", "учета", 1),
    ("ЕЛКА", "Ёлка", 1), ("й\u0306", "\u0439\u0306", 1), ("caf\u00e9", "cafe\u0301", 1),
    ("цифрово\u0438\u0306", "цифровой", 1), (" kazakhstan’s  plan ", "Kazakhstan's plan", 1),
    ("we … propose", "we now propose", 1)])
def test_patterns_by_hand(cue, text, n):
    assert dictionary.count_cues([text], pd.DataFrame({"cue": ["x"], "pattern": [cue]})) == (
        [{"x": n}] if n else [{}])


def test_a_curly_apostrophe_is_an_apostrophe():
    cues = pd.DataFrame({"cue": ["x"], "pattern": ["kazakhstan's"]})
    assert dictionary.count_cues(["Kazakhstan’s plan"], cues) == [{"x": 1}]


@pytest.mark.parametrize("cue", ["", " ", "(a|b", "a)", "((a|b)|c)", "()"])
def test_a_pattern_that_is_none(cue):
    assert dictionary.pattern_fault(cue) == f"{cue!r} is no pattern: write words, *, ... and (a|b)"


@pytest.mark.parametrize("sentence, codes", [
    ("The Security Council met.", ["SEC"]), ("Food security is at risk.", []),
    ("Food security and security.", ["SEC"]), ("Nets of war.", ["DIG", "SEC"]), ("Nothing.", [])])
def test_codes_by_hand(sentence, codes):
    assert dictionary.code(dictionary.count_cues([sentence], CUES), CUES) == [codes]


def test_a_code_needs_more_cues_than_exceptions():
    cues = CUES[CUES["cue"] != "council"]  # the council itself gives nothing here
    cues = pd.concat([cues, CUES[CUES["cue"] == "council"].assign(code="")])
    rows = [{"security": 2, "council": 1, "food": 1}, {"security": 3, "council": 1, "food": 1}]
    assert dictionary.code(rows, cues) == [[], ["SEC"]]


@given(st.dictionaries(st.from_regex(r"[a-z-]{1,8}", fullmatch=True), st.integers(1, 30)))
def test_counts_survive_their_cell(counts):
    assert dictionary.unpacked(dictionary.packed(counts)) == counts


def test_faults_of_a_codebook_come_together():
    cues = pd.concat([CUES, pd.DataFrame([
        ("war", "SEX", "x", "", ""), ("new", "DIG", "x", "fod", "")], columns=CUES.columns)])
    topics = TOPICS.assign(examples=["a", "", "b"])
    assert error_text(dictionary.codebook, topics, cues).splitlines() == [
        "cues.csv line 7: 'war' stands twice: delete one",
        "cues.csv line 7: no topic 'SEX' for the cue 'war': did you mean 'SEC'?",
        "cues.csv line 8: 'new' names 'fod', which is no cue: did you mean 'food'?",
        "topics.csv line 3: 'NON' has no examples: write one at least"]


@pytest.mark.parametrize("cue, fault", [
    (("a", "NON", "x"), "'a' has NON, which no cue gives: leave its code empty"),
    (("a b", "DIG", "x"), "the cue 'a b' is not one word: name it by one"),
    (("", "DIG", "x"), "the cue '' is not one word: name it by one"),
    (("a", "DIG", ""), "'' is no pattern: write words, *, ... and (a|b)"),
    (("a", "DIG", "*"), "'*' hits every sentence: write letters beside *"),
    (("a", "DIG", "(*|digital)"), "'(*|digital)' hits every sentence: write letters beside *"),
    (("a", "DIG", "(|digital)"),
     "'(|digital)' has nothing on one side of |: delete that |, or write a word there"),
    (("a", "DIG", "digital|online"),
     "'digital|online' has | outside brackets: write (digital|online)"),
    (("a", "DIG", "... digital"),
     "'... digital' has ... not between two words: write word ... word"),
    (("a", "DIG", "digital..."),
     "'digital...' has ... not between two words: write word ... word")])
def test_a_cue_that_cannot_be_meant(cue, fault):
    cues = pd.DataFrame([(*cue, "", "")], columns=CUES.columns)
    assert error_text(dictionary.codebook, TOPICS, cues) == f"cues.csv line 2: {fault}"


@pytest.mark.parametrize("column, text, fault", [
    ("code", "DIG", "the code 'DIG' stands twice: delete or change one"),
    ("code", "", "no code: write one"), ("code", " ", "no code: write one"),
    ("code", "S C", "the code 'S C' holds a blank: write it as one word"),
    ("code", "SEC ", "the code 'SEC ' holds a blank: write it as one word"),
    ("name", "Digital", "the name 'Digital' stands twice: delete or change one")])
def test_a_topic_that_cannot_be_meant(column, text, fault):
    topics = TOPICS.copy()
    topics.loc[2, column] = text
    assert error_text(dictionary.codebook, topics, CUES.iloc[:1]) == f"topics.csv line 4: {fault}"


# similarity --------------------------------------------------------------------------------------

def letters(texts):
    """An embedding that a hand can follow: is there a bit, a gun, a greeting?"""
    marks = (("bit", "byte", "net"), ("gun", "war", "bomb"), ("hello", "thanks"))
    rows = np.array([[any(word in text for word in own) for own in marks] for text in texts], float)
    return similarity.unit_vectors(rows)


def test_similarities_follow_the_definitions():
    scores = similarity.similarities(["a bit", "a gun", "a bit of war"], TOPICS, letters)
    assert scores[0].argmax() == 0 and scores[1].argmax() == 2
    assert scores[2, 0] == pytest.approx(scores[2, 2], abs=50) and scores[2, 1] < 0


def test_similarities_by_hand():
    topics = TOPICS.iloc[[0, 2]].assign(definition=["bit", "gun"], includes=["bit", "gun"],
                                        examples=["bit", "gun"])
    # the middle of (1, 0) and (0, 1) is (½, ½): seen from it the two look opposite ways
    assert similarity.similarities(["bit", "gun"], topics, letters).tolist() == [
        [1000, -1000], [-1000, 1000]]


def test_cut_offs_come_from_the_examples():
    cut = similarity.cutoffs(TOPICS, letters)
    assert [(row["code"], row["examples"], row["found"], row["wrong"]) for row in cut] == [
        ("DIG", 2, 2, 0), ("NON", 1, 1, 0), ("SEC", 2, 2, 0)]


@pytest.mark.parametrize("scores, own, cut", [
    ([100, 300, 500, 700], [0, 0, 1, 1], 400), ([100, 300, 500, 700], [0, 1, 0, 1], 200),
    ([100, 200, 300], [1, 0, 1], 250), ([100, 200, 300, 400, 500], [0, 1, 0, 0, 1], 150),
    ([100, 101], [0, 1], 101), ([100, 100], [1, 0], 100)])
def test_the_lowest_of_the_best_cut_offs(scores, own, cut):
    assert similarity.best_cutoff(np.array(scores), np.array(own, bool)) == cut


def test_a_topic_is_given_from_its_cut_off_on():
    assert similarity.code([[400, 99], [399, 500]], [400, 100], ["DIG", "NON"]) == [["DIG"], []]


def test_without_the_model_the_mend_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "wordllama", None)
    assert error_text(similarity.model).endswith(
        "pip install --require-hashes -r requirements-embeddings.txt")


# alpha -------------------------------------------------------------------------------------------

def yes_or_no(*codings):
    """Codings of units as text, "0110", as frames of yes and no with one topic."""
    return [pd.DataFrame({"X": [code == "1" for code in one]}) for one in codings]


def only(left, right, groups, weights=None):
    """What a comparison says of its one topic."""
    return agreement.compare(*yes_or_no(left, right), list(groups), weights).loc["X"]


def test_alpha_of_krippendorff_s_example():
    # Krippendorff (2011), repository.upenn.edu/asc_papers/43: A, pp. 2-3
    found = only("0100000010", "1110010000", "abcdefghij")
    assert found[["left", "right", "both"]].tolist() == [2, 4, 1]
    assert round(found["alpha"], 3) == 0.095


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=2, max_size=30))
def test_the_short_formula_is_krippendorff_s(pairs):
    left, right = map(list, zip(*pairs))
    short = agreement.alpha(*agreement.tallies(left, right, [0] * len(pairs)).iloc[0])
    if len(set(left + right)) == 1:
        assert np.isnan(short)
    else:
        assert short == pytest.approx(krippendorff.alpha(
            reliability_data=[list(map(float, left)), list(map(float, right))],
            level_of_measurement="nominal"))
        assert (short == 1) == (left == right)


def test_the_bootstrap_draws_whole_statements():
    # two statements: the draws can only be the first twice, both, or the second twice
    found = only("10101010", "10100110", "aaaabbbb")
    assert found["alpha"] == pytest.approx(float(agreement.alpha(3, 2, 3)))
    assert (found["low"], found["high"]) == (pytest.approx(float(agreement.alpha(2, 4, 2))), 1.0)
    assert found["allows"] == "no finding"


def test_weights_count_units_of_the_whole():
    # each unit three times in the corpus, once in the sample: nothing changes
    same = only("10101010", "10100110", "aaaabbbb", [3] * 8)
    assert same["alpha"] == pytest.approx(float(agreement.alpha(3, 2, 3)))
    # the two units apart stand for half a unit each, the six others for 7/6 each
    less = only("10101010", "10100110", "aaaabbbb", [7, 7, 7, 7, 3, 3, 7, 7])
    assert less["alpha"] == pytest.approx(float(agreement.alpha(3.5, 1, 3.5)))
    assert less[["left", "right", "both"]].tolist() == [4, 4, 3]


def test_resamples_are_draws_with_replacement():
    drawn = agreement.resamples(4, draws=20_000)
    assert (drawn.sum(axis=1) == 4).all() and drawn.mean(axis=0) == pytest.approx(1, abs=0.03)
    assert (drawn[:, 0] == 0).mean() == pytest.approx(0.75 ** 4, abs=0.01)
    assert (agreement.resamples(4, 9) == agreement.resamples(4, 9)).all()


@pytest.mark.parametrize("left, right, groups, alpha, reason", [
    ("0000", "0000", "abcd", None, "not estimable, because neither gave it"),
    ("1111", "1111", "abcd", None, "not estimable, because both gave it to all"),
    ("1000", "0000", "abcd", 0, "no finding: only one of the two gave it"),
    ("1111", "0111", "abcd", 0, "no finding: only one of the two gave it to all"),
    ("1000", "1000", "aaaa", 1, "no interval, because there is one text only"),
    ("1000", "1000", "abcd", 1, "no interval, because too few texts hold it"),
    ("1110", "1110", "abcd", 1, "no interval, because too few texts lack it")])
def test_an_interval_that_cannot_be_estimated(left, right, groups, alpha, reason):
    found = only(left, right, groups)
    assert found["allows"] == reason and np.isnan(found["low"]) and np.isnan(found["high"])
    assert np.isnan(found["alpha"]) if alpha is None else found["alpha"] == pytest.approx(alpha)


@pytest.mark.parametrize("low, word", [(0.8, "use"), (0.799, "tentative"), (0.667, "tentative"),
                                       (2 / 3, "tentative"), (0.666, "no finding")])
def test_levels(low, word):
    assert agreement.level(low) == word


@pytest.mark.parametrize("prevalence, use, tentative", [
    (0.25, 139, 81), (0.10, 294, 172), (0.05, 560, 330), (0.01, 2702, 1593)])
def test_bloch_and_kraemer(prevalence, use, tentative):
    assert agreement.bloch_kraemer(prevalence) == use
    assert agreement.bloch_kraemer(prevalence, 0.667) == tentative


# texts -------------------------------------------------------------------------------------------

def placed(folder, **files):
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_txt", ".txt")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def test_a_folder_of_the_public_set(tmp_path):
    frame = corpus.texts(placed(tmp_path, s47__KAZ_47_1992_txt="We speak.", notes_md="no"))
    assert frame.to_dict("records") == [{
        "statement": "KAZ-1992", "group": "KAZ", "date": "1992", "session": "47",
        "path": "s47/KAZ_47_1992.txt", "text": "We speak."}]


def test_a_folder_of_any_texts(tmp_path):
    path = tmp_path / "Посольство_2024-05-01.txt"
    path.write_text("Мы говорим об этом сегодня.", encoding="utf-8")
    frame = corpus.texts(tmp_path)
    assert frame["statement"].tolist() == ["Посольство-2024-05-01"]
    assert len(corpus.sentences(frame, CUES)) == 1


def test_what_is_hidden_is_passed_over_and_groups_have_underscores(tmp_path):
    placed(tmp_path, New_York_2023_txt="We speak of it.", **{
        "._KAZ_47_1992.txt": "\0", "MACOSX/x_2023.txt": "We speak of it.", ".git/a.txt": "x"})
    (tmp_path / "Oslo_2023.txt").mkdir()
    assert corpus.texts(tmp_path)["statement"].tolist() == ["New_York-2023", "x-2023"]


@pytest.mark.parametrize("files, message", [
    ({"KAZ_47_1992_txt": "café".encode("latin-1")}, "KAZ_47_1992.txt: not UTF-8 but perhaps "),
    ({"KAZ_47_1992_txt": " "}, "KAZ_47_1992.txt: nothing in it: delete it, or put its text there"),
    ({"a__KAZ_47_1992_txt": "x", "b__KAZ_47_1992_txt": "x"},
     "b/KAZ_47_1992.txt: KAZ-1992 stands in another file too: keep one"),
    ({"notes_txt": "x"}, "notes.txt: no date in its name: call it <group>_2024.txt, ")])
def test_texts_that_cannot_be_used(tmp_path, files, message):
    assert error_text(corpus.texts, placed(tmp_path, **files)).startswith(message)


@pytest.mark.parametrize("text, message", [
    (b"country,year\nKAZ,1992\n", "t.csv: no column session, path, text: add it"),
    ("country,year,session,path,text\nKAZ,1992,47,p,café\n".encode("latin-1"),
     "t.csv line 2: not UTF-8 but perhaps "),
    (b"country,year,session,path,text\nKAZ,1992,47,p,a\nKAZ,1992,47,q,b\n",
     "q: KAZ-1992 stands in another file too: keep one")])
def test_a_table_of_texts_that_cannot_be_used(tmp_path, text, message):
    (tmp_path / "t.csv").write_bytes(text)
    assert error_text(corpus.texts, tmp_path / "t.csv").startswith(message)


def test_what_is_kept_of_a_sentence_holds_no_text(tmp_path):
    text = "We speak of war today. Nets are everywhere in it."
    frame = corpus.texts(placed(tmp_path, KAZ_47_1992_txt=text))
    units = corpus.sentences(frame, CUES)
    cut = pd.DataFrame(similarity.cutoffs(TOPICS, letters))
    kept = corpus.with_procedure_b(units, TOPICS, cut, letters)[corpus.KEPT]
    assert "text" not in kept
    assert kept[["position", "words", "counts", "a"]].values.tolist() == [
        ["1", "5", "war", "SEC"], ["2", "5", "net", "DIG"]]
    assert kept["sha256"][0] == hashlib.sha256(b"We speak of war today.").hexdigest()[:16]
    carried = corpus.with_stored_procedure_b(units, kept)
    assert carried[corpus.KEPT].equals(kept)
    assert error_text(corpus.with_stored_procedure_b, units, kept.iloc[:1]).startswith(
        "1 sentences have no codes by procedure B, first KAZ-1992 2")


# shares ------------------------------------------------------------------------------------------

def read_instead(monkeypatch, frames):
    """Let the shares read these tables, and keep nothing that was made of them."""
    monkeypatch.setattr(shares, "read", frames.__getitem__)
    for name in ("topic_names", "coded", "quotations", "dated_statements"):
        monkeypatch.setattr(shares, name, getattr(shares, name).__wrapped__)


@pytest.fixture
def seven(monkeypatch):
    """Seven sentences of four statements."""
    units = pd.DataFrame(FIVE_ROWS, columns=["statement", "position", "a", "b"])
    read_instead(monkeypatch, {"sentences": units, "topics": TOPICS})
    return shares.coded()


def test_a_share_is_of_all_sentences_of_its_state_and_period(seven):
    one = shares.share(seven, "KAZ", "2017–2024", "DIG")
    assert (float(one), one.how) == (50, "2 of 4 sentences in 2 statements")
    assert one.rows == ("KAZ/2017-2024/speech:DIG/ungdc_2024#2",)
    assert float(shares.share(seven, "CA5", "2017–2024", "SEC")) == 50
    assert float(shares.share(seven, "CA5", None, "SEC")) == pytest.approx(300 / 7)
    assert one.low == one.high == 50  # one of two in both statements: resampling changes nothing


def test_the_interval_of_a_share_draws_statements(seven):
    one = shares.share(seven, "KAZ", "2017–2024", "SEC")
    assert (float(one), float(one.low), float(one.high)) == (50, 0, 100)


def test_the_interval_is_the_binomial_one_where_a_statement_is_a_sentence(seven):
    many = pd.DataFrame({"statement": [f"KAZ-{i}" for i in range(100)], "country": "KAZ",
                         "period": "2017–2024", "DIG": [i < 30 for i in range(100)]})
    one = shares.share(many, "KAZ", "2017–2024", "DIG")
    assert [float(one.low), float(one.high)] == binom.ppf([0.025, 0.975], 100, 0.3).tolist()


def test_a_topic_that_never_occurs_has_an_exact_bound(seven):
    none = shares.share(seven, "UZB", "2017–2024", "DIG")
    assert (float(none), float(none.low)) == (0, 0)
    exact = binomtest(0, 2).proportion_ci(0.95, "exact")
    assert float(none.high) == pytest.approx(100 * exact.high)


def test_the_mean_share_weighs_statements_alike(seven):
    wide = pd.concat([seven, seven[seven["statement"] == "KAZ-2018"].assign(SEC=False)])
    assert float(shares.mean_share(wide, "KAZ", "2017–2024", "SEC")) == 25
    assert float(shares.share(wide, "KAZ", "2017–2024", "SEC")) == pytest.approx(100 / 3)


CODED = ("; the five states of Central Asia are coded, in 1992–2000, 2001–2008, 2009–2016, "
         "2017–2024")


@pytest.mark.parametrize("call, message", [
    (lambda f: shares.share(f, "KAZ", "2017–2024", "DIX"), "no topic 'DIX': did you mean 'DIG'?"),
    (lambda f: shares.share(f, "KGZ", "2017–2024", "DIG"),
     "no coded statement of Kyrgyzstan in 2017–2024" + CODED),
    (lambda f: shares.share(f, "CA5", "2001–2008", "DIG"),
     "no coded statement of The five states in 2001–2008" + CODED),
    (lambda f: shares.coded("c"), "no procedure 'c': a is the dictionary, b the similarity"),
    (lambda f: shares.period_of(1991), "year 1991 is in none of the periods 1992–2000, 2001–2008, "
                                    "2009–2016, 2017–2024")])
def test_shares_that_are_not_there(seven, call, message):
    assert error_text(call, seven) == message


def test_agreement_per_topic_or_the_reason(seven):
    table = shares.procedure_agreement()
    assert list(table.index) == ["Digital", "Security"]
    assert table.loc["Digital", ["A", "B", "Both"]].tolist() == [2, 2, 1]
    assert str(table.loc["Digital", "Alpha"]) == "0.35"
    assert table.loc["Security", "Alpha"] is None
    assert table.loc["Security", "Allows"] == "no interval, because too few texts hold it"


def test_disagreements_by_statement_and_position(seven):
    rows = shares.disagreements("DIG")
    assert rows.values.tolist() == [["KAZ-2018", "1", "A"], ["UZB-2017", "2", "B"]]
    assert shares.positions(rows) == "KAZ-2018: 1; UZB-2017: 2"


def test_quotations_are_counted_among_the_statements_asked(monkeypatch):
    rows = pd.DataFrame([("KAZ-2017", "1", "DIG", "x", "tool", "reading"),
                         ("UZB-2017", "2", "DIG", "y", "rules", "reading")],
                        columns=["statement", "position", "code", "text", "frame", "basis"])
    statements = [f"{country}-{year}" for country in shares.CENTRAL_ASIA
                  for year in (1993, 2001, 2009, 2017)]
    frames = {"quotations": rows, "topics": TOPICS,
              "statements": pd.DataFrame({"statement": statements})}
    read_instead(monkeypatch, frames)
    silent = shares.count_quotations("DIG", "KAZ", 2001, 2010)
    assert (int(silent), silent.rows) == (0, ("KAZ/2001-2010/speech:DIG/ungdc_2024#2",))
    assert error_text(shares.count_quotations, "DIG", "UZB", 2018, 2020) == (
        "no coded statement of Uzbekistan from 2018 to 2020")
    by_state, by_period = shares.count_frames("DIG"), shares.count_frames("DIG", by="period")
    assert by_state.loc["KAZ"].astype(int).to_dict() == {"tool": 1, "rules": 0, "All": 1}
    assert [own.rows[0] for own in by_state.loc["UZB"]] == [
        f"UZB/1992-2024/speech:{what}/ungdc_2024#4" for what in ("DIG.tool", "DIG.rules", "DIG")]
    assert by_period["All"].astype(int).tolist() == [0, 0, 0, 2, 2]
    assert by_period.loc["1992–2000", "All"].rows == ("CA5/1992-2000/speech:DIG/ungdc_2024#5",)


def test_counts_of_sentences_name_all_that_was_asked(seven):
    assert str(shares.count_statements(seven)) == "4" and str(shares.count_sentences(seven)) == "7"
    assert shares.count_sentences(seven, "KAZ", "2017–2024").rows == (
        "KAZ/2017-2024/speech:ALL/ungdc_2024#2",)
    assert origin("KAZ/2017-2024/speech:ALL/ungdc_2024#2").startswith(
        "Kazakhstan, 2017–2024, all sentences in 2 statements at the UN (")


def test_a_cue_is_counted_in_all_sentences(real):
    visas = shares.count_sentences_with("visa-visas")
    assert int(visas) == sum("visa-visas" in cell.split() for cell in read("sentences")["counts"])
    assert visas.rows == ("CA5/1992-2024/speech:cue.visa-visas/ungdc_2024#156",)
    assert origin(visas.rows[0]).startswith(
        "the five Central Asian states, 1992–2024, sentences with the cue “visa-visas” in 156 ")
    assert error_text(shares.count_sentences_with, "diasporra").startswith(
        "no cue 'diasporra': did you mean 'diaspora'?")


# the study's own tables --------------------------------------------------------------------------

def test_the_dictionary_is_frozen(real):
    path = os.path.join(os.environ["DD_DATA"], "cues.csv")
    with open(path, "rb") as file:
        assert hashlib.sha256(file.read()).hexdigest() == FROZEN, (
            "the dictionary was frozen before procedure B ran: a change needs a new comparison")


FROZEN = "0e9f9660454bd725c338e19ceed174f39d7228e4106a0bff7bef0c5d9504dfdb"


def test_the_codes_follow_from_counts_and_similarities(real):
    stored, cut = read("sentences"), read("cutoffs")
    scores = [list(map(int, cell.split())) for cell in stored["similarity"]]
    by_counts = dictionary.code(map(dictionary.unpacked, stored["counts"]), read("cues"))
    by_scores = similarity.code(scores, cut["cutoff"].astype(int), list(cut["code"]))
    assert list(map(" ".join, by_counts)) == stored["a"].tolist()
    assert list(map(" ".join, by_scores)) == stored["b"].tolist()


def test_statements_and_sentences_agree(real):
    whole, parts = read("statements").set_index("statement"), read("sentences")
    groups = parts.groupby("statement")
    assert len(whole) == 156 and set(whole.index) == set(parts["statement"])
    assert groups.size().to_dict() == whole["sentences"].astype(int).to_dict()
    assert groups["words"].agg(lambda own: own.astype(int).sum()).to_dict() == \
        whole["words"].astype(int).to_dict()
    for _, own in groups["position"]:
        assert own.astype(int).tolist() == [*range(1, len(own) + 1)]
    missing = {("UZB", y) for y in (1995, 2000, 2010, 2015, 2019)} | {
        ("TKM", y) for y in (1992, 1994, 2003, 2010)}
    found = set(zip(whole["country"], whole["year"].astype(int)))
    assert {(c, y) for c in shares.CENTRAL_ASIA for y in range(1992, 2025)} - found == missing


def test_every_topic_but_none_has_a_cue_and_every_article_topic_a_code(real):
    topics, cues = dictionary.codebook()
    assert set(cues["code"]) - {""} == set(topics["code"]) - {"NON"}
    article = read("article_topics").query("figure == '4'")["topic"]
    named = set(topics["article_topic"]) - {""}
    assert len(named) == len(article) == 4
    assert list(read("cutoffs")["code"]) == list(topics["code"])


def test_all_digital_and_citizen_sentences_stand_as_short_quotations(real):
    rows, units = read("quotations"), read("sentences")
    for code in ("DIG", "CIT"):
        given = units[units["a"].str.split().map(lambda own: code in own)]
        quoted = rows[rows["code"] == code]
        assert set(zip(quoted["statement"], quoted["position"])) == set(
            zip(given["statement"], given["position"]))
        assert set(quoted["frame"]) <= set(shares.frames(code))
    assert (rows["text"].str.replace("…", "").str.split().str.len() <= 25).all()
    assert (rows["basis"] == "reading").all()


def test_no_topic_carries_a_finding_yet(real):
    table = shares.procedure_agreement()
    assert (table["Allows"] == "no finding").all() and len(table) == 14
    best = shares.greatest_alpha()
    assert list(best[best >= agreement.TENTATIVE].index) == ["Nuclear and arms"]


def test_the_alpha_at_the_fixed_cut_off_is_the_alpha(real):
    fixed = shares.alpha_by_cutoff().query("fixed").set_index("topic")["alpha"]
    known = shares.procedure_agreement()["Alpha"].astype(float)
    assert fixed.to_dict() == pytest.approx(known.to_dict())


def test_shares_of_the_last_period(real):
    frame = shares.coded()
    nuclear = shares.share(frame, "KAZ", "2017–2024", "NUC")
    assert str(nuclear) == "9.1 %" and nuclear.low < 9.1 < nuclear.high
    assert origin(nuclear.rows[0]) == (
        "Kazakhstan, 2017–2024, sentences on “Nuclear and arms” in 8 statements at the UN (Baturo, "
        "Dasandi and Jankin 2025; tables statements and sentences)")
    assert shares.share(frame, "UZB", "2017–2024", "NUC") == 0
    counts = shares.count_frames("DIG")
    assert (counts.drop(index="All").sum() == counts.loc["All"]).all()
    assert (counts.drop(columns="All").sum(axis=1) == counts["All"]).all()
    assert len(shares.quotations("DIG")) == counts.loc["All", "All"]
    assert origin(counts.loc["KAZ", "tool"].rows[0]).startswith(
        "Kazakhstan, 1992–2024, sentences on “Digital and cyber”, read as “tool”, in 33 ")


def test_how_much_to_code(real):
    wanted = shares.sentences_to_code()
    assert wanted.columns.tolist() == ["Share", "α ≥ 0.8", "α ≥ 0.667"]
    digital = wanted.loc["Digital and cyber", "α ≥ 0.667"]
    assert digital == agreement.bloch_kraemer(63 / 11832, 0.667)
    assert wanted.loc["Digital and cyber", "Share"].how == "63 of 11,832 sentences"


TEXTS = os.environ.get("TEXTS") or "../shared/evidence/corpus_ungdc_texts.csv"


@pytest.mark.skipif(not os.path.exists(TEXTS), reason="no texts: TEXTS=folder")
def test_everything_again_from_the_words(real):
    made = corpus.study_tables(TEXTS)
    for name in ("statements", "sentences"):
        text = made[name].to_csv(index=False, lineterminator="\n")
        assert text.encode() == Path(os.environ["DD_DATA"], f"{name}.csv").read_bytes()
    said = {(row.statement, str(i)): text for row in corpus.five_states(TEXTS).itertuples()
            for i, text in enumerate(splitting.split(row.text, frozen=True), 1)}
    for row in read("quotations").itertuples():
        assert row.text.strip("… ") in said[row.statement, row.position]


# the command -------------------------------------------------------------------------------------

def test_the_command_says_what_it_needs(monkeypatch, capsys, tmp_path):
    for texts in ("", str(tmp_path)):  # the variable alone never rewrites data/
        monkeypatch.setenv("TEXTS", texts)
        assert __main__.main(["content"]) == 2
        assert capsys.readouterr().err == (
            "Name the texts: python -m digital_diplomacy content --texts FOLDER writes "
            "data/statements.csv and data/sentences.csv anew.\n")
    assert __main__.main(["content", "--texts", str(tmp_path / "x")]) == 1
    assert capsys.readouterr().err == (
        f"there is no folder {tmp_path / 'x'}: name one with texts\n")


# sentences by kind, and texts that would take for ever ------------------------------------------

MARKED = [row["marked"] for row in csv.DictReader(
    (Path(__file__).parents[1] / "cases" / "sentences.csv").open(encoding="utf-8", newline=""))]


@pytest.mark.parametrize("marked", MARKED)
def test_sentences_of_each_kind(marked):
    assert splitting.pieces(marked.replace("|", " ")) == marked.split("|")


@pytest.mark.parametrize("text, count", [
    ("وقعنا اليوم اتفاقا مع شركائنا. كانوا جميعا سعداء بذلك الأمر.", 2),
    ("We met. Élodie spoke.", 2),
    ("Υπογράψαμε τη συμφωνία. Ήταν χαρούμενοι.", 2), ("हमने आज किए। वे सब खुश थे।", 2),
    ("We met at 5 p. m. and left.", 1), ("It ended. it began.", 1)])
def test_sentences_of_other_scripts(text, count):
    assert len(splitting.pieces(text)) == count


@pytest.mark.parametrize("part", ["_", "1", "A. ", "A.A. ", "a-", "a- ", "- a", "2023 г. ", ". ",
                                  "…", "(", "“", "* ", "/", "т.е. ", "_ /A. Person/ "])
def test_no_text_takes_for_ever(part):
    """Forty underscores took a minute. A second of a loaded machine is far above what is needed."""
    text = part * (20_000 // len(part)) + "\nWe met at noon in town."
    start = time.process_time()
    splitting.split(text)
    dictionary.count_cues([text], dictionary.codebook()[1].head(20))
    assert time.process_time() - start < 3


@pytest.mark.parametrize("groups, low", [(3, 0.42), (5, 0.62), (15, 0.87)])
def test_codings_that_never_disagree_are_not_certain(groups, low):
    """Every resample of them agrees: the interval is of what so few texts can show."""
    hits = pd.DataFrame({"DIG": ([True] + [False] * 9) * groups})
    found = agreement.compare(hits, hits, [i // 10 for i in range(10 * groups)]).loc["DIG"]
    assert (round(found["low"], 2), found["high"], found["alpha"]) == (low, 1, 1)
    assert found["allows"] == ("use" if low > 0.8 else "no finding")


def test_fifteen_hits_in_three_texts_are_not_used():
    hits = pd.DataFrame({"DIG": ([True] * 5 + [False] * 20) * 3})
    found = agreement.compare(hits, hits, [i // 25 for i in range(75)]).loc["DIG"]
    assert found["allows"] == "no finding" and found["low"] < 0.6


def test_where_nearly_all_have_a_topic_those_without_it_count():
    hits = pd.DataFrame({"DIG": ([False] + [True] * 9) * 5})
    found = agreement.compare(hits, hits, [i // 10 for i in range(50)]).loc["DIG"]
    assert round(found["low"], 2) == 0.62
