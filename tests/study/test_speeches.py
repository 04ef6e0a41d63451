"""The content analysis: sentences, dictionary, similarity, alpha, shares, and what is kept."""

import hashlib
import os
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest

from digital_diplomacy import __main__
from digital_diplomacy.speeches import agreement, corpus, dictionary as content, shares, similarity
from digital_diplomacy.data import origin
from digital_diplomacy.data import DataError, read

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


def told(call, *arguments, **options):
    with pytest.raises(DataError) as caught:
        call(*arguments, **options)
    return str(caught.value)


# sentences ---------------------------------------------------------------------------------------

@pytest.mark.parametrize("text, sentences", [
    ("The threat of war\ngrows every day.\nWe must act on it now.",
     ["The threat of war grows every day.", "We must act on it now."]),
    ("Water is life for\n\n \n13 06-53341 \n \nall of us here.", ["Water is life for all of us here."]),
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
    assert content.split(text) == sentences


@pytest.mark.parametrize("text", [
    "Объём торговли вырос до 5 млн. долл. США за год.", "Смотри п. 3 и пп. 4 этого закона.",
    "Он стоил 100 руб. РФ на рынке.", "Они были на оз. Балхаш и р. Сырдарья летом.",
    "Жители с. Каракемер ждут нас у стен.", "См. Приложение к этому письму.",
    "Ст. 5 закона говорит это прямо.", "Гостей ждут все, в т. ч. Казахстан и соседи.",
    "Это была т. н. Большая игра держав.", "Там были Дж. Байден, Ш.М. Мирзиёев и Ш. М. Шарипов.",
    "В 2023 г. Казахстан открыл посольство в г. Риме.", "В 1991–2023 гг. Казахстан строил дороги.",
    "В 90-х гг. Узбекистан строил дороги.", "В XX в. Казахстан стал иным.",
    "Посольство открыто в марте (2021 г.) Президентом страны.", "Люди живут в Карагандинской обл. РК.",
    "The U.S. Embassy opened its doors today.", "It was in Jan. 2021 that they met.",
    "They met Sen. Smith and Rep. Jones there.", "See art. 5 and pp. 7 of it.",
    "This was said by mr. Smith to us.", "A word by Sh. Mirziyoyev was heard."])
def test_a_stop_that_ends_no_sentence(text):
    assert content.pieces(f"{text} Так стало. {text}") == [text, "Так стало.", text]


@pytest.mark.parametrize("first, second", [
    ("Наша торговля с соседями выросла в 1991–2023 гг.", "Ежегодно она растёт."),
    ("Так было во всей стране в XX в.", "Казахстан стал иным."),
    ("Книга стоила всем нам 500 р.", "Её читают."), ("Инвестиции достигли 5 млрд. долл.", "Их много."),
    ("Это видели люди, послы и т. д.", "Их было много."), ("Там книги и т. п.", "Их много."),
    ("We live in the U.S.", "The embassy is near."), ("This is modern art.", "We like it."),
    ("The answer is no.", "We do not agree.")])
def test_a_stop_of_an_abbreviation_that_ends_a_sentence(first, second):
    assert content.pieces(f"{first} {second}") == [first, second]


@pytest.mark.parametrize("text, line", [
    ("digi-\ntal and digital", "digital and digital"), ("digi-\ntal plans", "digi-tal plans"),
    ("long-\nterm", "long-term"), ("Циф-\nровой и цифровой", "Цифровой и цифровой"),
    ("short-\nand medium-term, shortand", "short- and medium-term, shortand")])
def test_a_hyphen_goes_where_the_text_writes_the_word_without(text, line):
    assert content.joined(text) == line


@pytest.mark.parametrize("sentence, n", [
    ("Kazakhstan’s nuclear-weapon-free zone", 3), ("In 1996, 7.5 per cent", 3), ("— 42 —", 0),
    ("Цифровой Казахстан", 2), ("non- and pro-war", 3)])
def test_words_begin_with_a_letter(sentence, n):
    assert len(content.words(sentence)) == n


@given(st.lists(st.sampled_from(["We agree on this today.", "Mr. Annan spoke to us.", "War is bad!",
                                 "It was so in 1996."]), max_size=8),
       st.sampled_from([" ", "\n", "\n\n"]))
def test_no_long_sentence_is_lost_or_joined(parts, blank):
    assert content.split(blank.join(parts)) == [
        part for part in parts if len(content.words(part)) >= content.LEAST]


# the dictionary ----------------------------------------------------------------------------------

@pytest.mark.parametrize("cue, text, n", [
    ("terror*", "Terrorism, counter-terrorist and terror", 3), ("war", "wars and warfare", 0),
    ("non proliferat*", "the Non-Proliferation and non proliferating", 2),
    ("(net|nets) work*", "nets working, net-work, network", 2),
    ("we ... propose", "We propose. We would now also propose it; we do not at all ever propose", 2),
    ("kazakhstan's", "Kazakhstan's or Kazakhstans", 1), ("(цифров*|сеть) труд", "цифровой труд", 1),
    ("a.i", "a.i axi", 1), ("прошел", "Он прошёл и прошел", 2), ("учёт*", "учета", 1),
    ("ЕЛКА", "Ёлка", 1), ("й\u0306", "\u0439\u0306", 1), ("caf\u00e9", "cafe\u0301", 1),
    ("цифрово\u0438\u0306", "цифровой", 1), (" kazakhstan’s  plan ", "Kazakhstan's plan", 1),
    ("we … propose", "we now propose", 1)])
def test_patterns_by_hand(cue, text, n):
    assert content.vocabulary([text], pd.DataFrame({"cue": ["x"], "pattern": [cue]})) == (
        [{"x": n}] if n else [{}])


def test_a_curly_apostrophe_is_an_apostrophe():
    cues = pd.DataFrame({"cue": ["x"], "pattern": ["kazakhstan's"]})
    assert content.vocabulary(["Kazakhstan’s plan"], cues) == [{"x": 1}]


@pytest.mark.parametrize("cue", ["", " ", "(a|b", "a)", "((a|b)|c)", "()"])
def test_a_pattern_that_is_none(cue):
    assert told(content.pattern, cue) == (
        f"cues.csv: {cue!r} is no pattern: write words, *, ... and (a|b)")


@pytest.mark.parametrize("sentence, codes", [
    ("The Security Council met.", ["SEC"]), ("Food security is at risk.", []),
    ("Food security and security.", ["SEC"]), ("Nets of war.", ["DIG", "SEC"]), ("Nothing.", [])])
def test_codes_by_hand(sentence, codes):
    assert content.code(content.vocabulary([sentence], CUES), CUES) == [codes]


def test_a_code_needs_more_cues_than_exceptions():
    cues = CUES[CUES["cue"] != "council"]  # the council itself gives nothing here
    cues = pd.concat([cues, CUES[CUES["cue"] == "council"].assign(code="")])
    rows = [{"security": 2, "council": 1, "food": 1}, {"security": 3, "council": 1, "food": 1}]
    assert content.code(rows, cues) == [[], ["SEC"]]


@given(st.dictionaries(st.from_regex(r"[a-z-]{1,8}", fullmatch=True), st.integers(1, 30)))
def test_counts_survive_their_cell(counts):
    assert content.unpacked(content.packed(counts)) == counts


def test_faults_of_a_codebook_come_together():
    cues = pd.concat([CUES, pd.DataFrame([
        ("war", "SEX", "x", "", ""), ("new", "DIG", "x", "fod", "")], columns=CUES.columns)])
    topics = TOPICS.assign(examples=["a", "", "b"])
    assert told(content.codebook, topics, cues).splitlines() == [
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
    assert told(content.codebook, TOPICS, cues) == f"cues.csv line 2: {fault}"


@pytest.mark.parametrize("column, text, fault", [
    ("code", "DIG", "the code 'DIG' stands twice: delete or change one"),
    ("code", "", "no code: write one"), ("code", " ", "no code: write one"),
    ("code", "S C", "the code 'S C' holds a blank: write it as one word"),
    ("code", "SEC ", "the code 'SEC ' holds a blank: write it as one word"),
    ("name", "Digital", "the name 'Digital' stands twice: delete or change one")])
def test_a_topic_that_cannot_be_meant(column, text, fault):
    topics = TOPICS.copy()
    topics.loc[2, column] = text
    assert told(content.codebook, topics, CUES.iloc[:1]) == f"topics.csv line 4: {fault}"


def test_topics_that_are_never_used():
    assert content.unused([["DIG"], []], TOPICS) == ["NON", "SEC"]


# similarity --------------------------------------------------------------------------------------

def letters(texts):
    """An embedding that a hand can follow: is there a bit, a gun, a greeting?"""
    marks = (("bit", "byte", "net"), ("gun", "war", "bomb"), ("hello", "thanks"))
    rows = np.array([[any(word in text for word in own) for own in marks] for text in texts], float)
    return similarity.unit(rows)


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
    assert similarity.best(np.array(scores), np.array(own, bool)) == cut


def test_a_topic_is_given_from_its_cut_off_on():
    assert similarity.code([[400, 99], [399, 500]], [400, 100], ["DIG", "NON"]) == [["DIG"], []]


def test_without_the_model_the_mend_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "wordllama", None)
    assert told(similarity.model).endswith(
        "pip install --require-hashes -r requirements-embeddings.txt")


# alpha -------------------------------------------------------------------------------------------

NONE = float("nan")
# Krippendorff (2011), repository.upenn.edu/asc_papers/43: A pp. 2-3, B pp. 3-4, C pp. 4-5
KRIPPENDORFF = [
    ([[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]], 0.095),
    ([list(map("abcde".index, "aabbdcccedda")), list(map("abcde".index, "babbbccceddd"))], 0.692),
    ([[1, 2, 3, 3, 2, 1, 4, 1, 2, NONE, NONE, NONE], [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NONE, 3],
      [NONE, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NONE], [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NONE]], 0.743)]


@pytest.mark.parametrize("values, alpha", KRIPPENDORFF)
def test_alpha_of_krippendorff_s_examples(values, alpha):
    assert round(agreement.alpha(values), 3) == alpha


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=2, max_size=30))
def test_the_short_formula_is_krippendorff_s(pairs):
    left, right = map(list, zip(*pairs))
    both, one, neither = agreement.tallies(left, right, [0] * len(pairs)).to_numpy()[0]
    short = agreement.alphas(both, one, neither)
    if len(set(left + right)) == 1:
        assert np.isnan(short)
        assert told(agreement.alpha, [left, right]) == (
            "not estimable, because all codes are the same")
    else:
        assert short == pytest.approx(agreement.alpha([left, right]))
        assert short == pytest.approx(agreement.alpha([right, left]))
        assert (short == 1) == (left == right)


@pytest.mark.parametrize("values, message", [
    ([[0, 1]], "not estimable, because one coder alone agrees with nobody"),
    ([[0, NONE], [NONE, 1]], "not estimable, because no unit was coded by two"),
    ([[1, 1], [1, 1]], "not estimable, because all codes are the same")])
def test_alpha_that_cannot_be_estimated(values, message):
    assert told(agreement.alpha, values) == message


def test_the_bootstrap_draws_whole_statements():
    # two statements: the draws can only be the first twice, both, or the second twice
    left, right = [1, 0, 1, 0, 1, 0, 1, 0], [1, 0, 1, 0, 0, 1, 1, 0]
    groups = ["a"] * 4 + ["b"] * 4
    point, low, high = agreement.estimate(left, right, groups)
    worst = float(agreement.alphas(*(2 * np.array([1, 2, 1]))))
    assert point == pytest.approx(agreement.alpha([left, right]))
    assert (low, high) == (pytest.approx(worst), 1.0)
    assert agreement.estimate(left, right, groups) == (point, low, high)


def test_weights_are_draws_with_replacement():
    drawn = agreement.weights(4, draws=20_000)
    assert (drawn.sum(axis=1) == 4).all() and drawn.mean(axis=0) == pytest.approx(1, abs=0.03)
    assert (drawn[:, 0] == 0).mean() == pytest.approx(0.75 ** 4, abs=0.01)
    assert (agreement.weights(4, 9) == agreement.weights(4, 9)).all()


@pytest.mark.parametrize("left, groups, message", [
    ([1, 0, 0, 0], "aaaa", "not estimable, because there is one statement only"),
    ([1, 0, 0, 0], "abcd", "not estimable, because too few statements hold the topic"),
    ([1, 1, 1, 0], "abcd", "not estimable, because too few statements lack the topic")])
def test_an_interval_that_cannot_be_estimated(left, groups, message):
    assert told(agreement.estimate, left, left, list(groups)) == message


@pytest.mark.parametrize("low, word", [(0.8, "use"), (0.799, "tentative"), (0.667, "tentative"),
                                       (2 / 3, "tentative"), (0.666, "no finding")])
def test_levels(low, word):
    assert agreement.level(low) == word


def test_codings_side_by_side():
    rows = pd.DataFrame([("u1", "a", "DIG"), ("u1", "b", ""), ("u2", "a", "SEC")],
                        columns=["unit", "coder", "codes"])
    assert agreement.paired(rows).loc["u1"].tolist() == ["DIG", ""]
    again = pd.concat([rows, rows.iloc[[0]]])
    assert told(agreement.paired, again) == "u1 was coded twice by a: keep one"
    assert told(agreement.paired, rows[rows["coder"] == "a"]) == (
        "not estimable, because one coder alone agrees with nobody")


@pytest.mark.parametrize("prevalence, use, tentative", [
    (0.25, 139, 81), (0.10, 294, 172), (0.05, 560, 330), (0.01, 2702, 1593)])
def test_bloch_and_kraemer(prevalence, use, tentative):
    assert agreement.bloch_kraemer(prevalence) == use
    assert agreement.bloch_kraemer(prevalence, 0.667) == tentative


@pytest.mark.parametrize("agreed, n", [(0.90, 98), (0.85, 138), (0.80, 172)])
def test_lacy_and_riffe(agreed, n):
    assert agreement.lacy_riffe(11_773, agreed) == n
    assert agreement.lacy_riffe(n, agreed) < n  # never more than there are


# texts -------------------------------------------------------------------------------------------

def placed(folder, **files):
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_txt", ".txt")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def test_a_folder_of_the_public_set(tmp_path):
    frame = corpus.texts(placed(tmp_path, s47__KAZ_47_1992_txt="We speak.", notes_txt="no"))
    assert frame.to_dict("records") == [{
        "statement": "KAZ-1992", "group": "KAZ", "date": "1992", "session": "47",
        "path": "s47/KAZ_47_1992.txt", "text": "We speak."}]


def test_a_folder_of_any_texts(tmp_path):
    path = tmp_path / "Посольство_2024-05-01.txt"
    path.write_text("Мы говорим об этом сегодня.", encoding="utf-8")
    frame = corpus.texts(tmp_path)
    assert frame["statement"].tolist() == ["Посольство-2024-05-01"]
    assert len(corpus.sentences(frame, TOPICS, CUES)) == 1


def test_names_that_are_passed_over_and_groups_with_underscores(tmp_path):
    placed(tmp_path, a="", **{f"{name}_txt": "We speak of it." for name in (
        "New_York_2023", "Rome_2023-13", "Rome_2023-02-30", "Rome_2022_2023")})
    (tmp_path / "Oslo_2023.txt").mkdir()
    assert corpus.texts(tmp_path)["statement"].tolist() == ["New_York-2023"]


@pytest.mark.parametrize("files, message", [
    ({"KAZ_47_1992_txt": "café".encode("latin-1")},
     "KAZ_47_1992.txt: not UTF-8 (byte 3): save it so"),
    ({"a__KAZ_47_1992_txt": "x", "b__KAZ_47_1992_txt": "x"},
     "b/KAZ_47_1992.txt: KAZ-1992 stands in another file too: keep one"),
    ({"notes_txt": "x"}, "{}: no text named CCC_SS_YYYY.txt or <group>_<date>.txt")])
def test_texts_that_cannot_be_used(tmp_path, files, message):
    assert told(corpus.texts, placed(tmp_path, **files)) == message.format(tmp_path)


def test_there_is_no_such_folder(tmp_path):
    assert told(corpus.texts, tmp_path / "x") == (
        f"there is no {tmp_path / 'x'}: name a folder of texts")


@pytest.mark.parametrize("text, message", [
    (b"country,year\nKAZ,1992\n", "t.csv: no column session, path, text"),
    ("country,year,session,path,text\nKAZ,1992,47,p,café\n".encode("latin-1"),
     "t.csv: not UTF-8: save it as CSV UTF-8")])
def test_a_table_of_texts_that_cannot_be_used(tmp_path, text, message):
    (tmp_path / "t.csv").write_bytes(text)
    assert told(corpus.texts, tmp_path / "t.csv") == message


def test_a_text_whose_sum_does_not_match_is_named(tmp_path):
    frame = corpus.texts(placed(tmp_path, KAZ_47_1992_txt="We speak of war today."))
    made = corpus.statements(frame, "s")
    stored = made.assign(sha256="0" * 64)
    assert corpus.differences(made, made) == []
    assert corpus.differences(made, stored) == [
        f"KAZ-1992, sha256: {made['sha256'].item()} in the texts, {'0' * 64} in data/"]
    gone = pd.concat([made, made.assign(statement="UZB-1992")])
    assert corpus.differences(gone, stored)[1:] == ["UZB-1992: only in the texts"]


def test_what_is_kept_of_a_sentence_holds_no_text(tmp_path):
    text = "We speak of war today. Nets are everywhere in it."
    frame = corpus.texts(placed(tmp_path, KAZ_47_1992_txt=text))
    units = corpus.sentences(frame, TOPICS, CUES)
    cut = pd.DataFrame(similarity.cutoffs(TOPICS, letters))
    kept = corpus.kept(corpus.compared(units, TOPICS, cut, letters))
    assert list(kept.columns) == ["statement", "position", "sha256", "words", "counts", "a", "b",
                                  "similarity"]
    assert kept[["position", "words", "counts", "a"]].values.tolist() == [
        ["1", "5", "war", "SEC"], ["2", "5", "net", "DIG"]]
    assert kept["sha256"][0] == hashlib.sha256(b"We speak of war today.").hexdigest()[:16]
    carried = corpus.carried(units, kept)
    assert corpus.kept(carried).equals(kept)
    assert told(corpus.carried, units, kept.iloc[:1]).startswith(
        "1 sentences have no codes by procedure B, first KAZ-1992 2")


# shares ------------------------------------------------------------------------------------------

@pytest.fixture
def seven(monkeypatch):
    """Seven sentences of four statements."""
    units = pd.DataFrame(FIVE_ROWS, columns=["statement", "position", "a", "b"])
    frames = {"sentences": units, "topics": TOPICS}
    monkeypatch.setattr(shares, "read", frames.__getitem__)
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
    assert float(none.high) == pytest.approx(100 * binomtest(0, 2).proportion_ci(0.95, "exact").high)


def test_the_mean_share_weighs_statements_alike(seven):
    wide = pd.concat([seven, seven[seven["statement"] == "KAZ-2018"].assign(SEC=False)])
    assert float(shares.mean_share(wide, "KAZ", "2017–2024", "SEC")) == 25
    assert float(shares.share(wide, "KAZ", "2017–2024", "SEC")) == pytest.approx(100 / 3)


def test_a_change_is_later_less_earlier(seven):
    grown = shares.change(seven, "SEC", ("UZB", "2017–2024"), ("KAZ", "2017–2024"))
    assert (str(grown), float(grown.low), float(grown.high)) == ("0.0 points", -50, 50)
    assert shares.change(seven, "DIG", ("UZB", "2017–2024"), ("KAZ", "2017–2024")).low == 50


@pytest.mark.parametrize("call, message", [
    (lambda f: shares.share(f, "KAZ", "2017–2024", "DIX"), "no topic 'DIX': did you mean 'DIG'?"),
    (lambda f: shares.share(f, "KGZ", "2017–2024", "DIG"),
     "no statement of Kyrgyzstan in 2017–2024"),
    (lambda f: shares.share(f, "CA5", "2001–2008", "DIG"),
     "no statement of The five states in 2001–2008"),
    (lambda f: shares.coded("c"), "no procedure 'c': a is the dictionary, b the similarity"),
    (lambda f: shares.period(1991), "year 1991 is in none of the periods 1992–2000, 2001–2008, "
                                    "2009–2016, 2017–2024")])
def test_shares_that_are_not_there(seven, call, message):
    assert told(call, seven) == message


def test_agreement_per_topic_or_the_reason(seven):
    table = shares.reliability()
    assert list(table.index) == ["Digital", "Security"]
    assert table.loc["Digital", ["A", "B", "Both"]].tolist() == [2, 2, 1]
    for topic in table.index:
        row = table.loc[topic]
        assert row["Alpha"] is not None or row["Allows"].startswith("not estimable, because")


def test_disagreements_by_statement_and_position(seven):
    rows = shares.disagreements("DIG")
    assert rows.values.tolist() == [["KAZ-2018", "1", "A"], ["UZB-2017", "2", "B"]]
    assert shares.places(rows) == "KAZ-2018: 1; UZB-2017: 2"


# the study's own tables --------------------------------------------------------------------------

def test_the_dictionary_is_frozen(real):
    path = os.path.join(os.environ["DD_DATA"], "cues.csv")
    with open(path, "rb") as file:
        assert hashlib.sha256(file.read()).hexdigest() == FROZEN, (
            "the dictionary was frozen before procedure B ran: a change needs a new comparison")


FROZEN = "0e9f9660454bd725c338e19ceed174f39d7228e4106a0bff7bef0c5d9504dfdb"


def test_the_codes_follow_from_counts_and_similarities(real):
    stored = read("sentences")[["statement", "position", "a", "b"]]
    assert shares.rederived().equals(stored)


def test_statements_and_sentences_agree(real):
    whole, parts = read("statements").set_index("statement"), read("sentences")
    groups = parts.groupby("statement")
    assert len(whole) == 156 and set(whole.index) == set(parts["statement"])
    assert groups.size().to_dict() == whole["sentences"].astype(int).to_dict()
    assert groups["words"].agg(lambda own: own.astype(int).sum()).to_dict() == \
        whole["words"].astype(int).to_dict()
    assert (groups["position"].agg(lambda own: own.astype(int).tolist() == [*range(1, len(own) + 1)])
            ).all()
    missing = {("UZB", y) for y in (1995, 2000, 2010, 2015, 2019)} | {
        ("TKM", y) for y in (1992, 1994, 2003, 2010)}
    found = set(zip(whole["country"], whole["year"].astype(int)))
    assert {(c, y) for c in ("KAZ", "KGZ", "TJK", "TKM", "UZB") for y in range(1992, 2025)} - found \
        == missing


def test_every_topic_but_none_has_a_cue_and_every_article_topic_a_code(real):
    topics, cues = content.codebook()
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
    table = shares.reliability()
    assert (table["Allows"] == "no finding").all() and len(table) == 14
    best = shares.highest()
    assert list(best[best >= agreement.TENTATIVE].index) == ["Nuclear and arms"]


def test_the_alpha_at_the_fixed_cut_off_is_the_alpha(real):
    fixed = shares.across().query("fixed").set_index("topic")["alpha"]
    known = shares.reliability()["Alpha"].astype(float)
    assert fixed.to_dict() == pytest.approx(known.to_dict())


def test_shares_of_the_last_period(real):
    frame = shares.coded()
    nuclear = shares.share(frame, "KAZ", "2017–2024", "NUC")
    assert str(nuclear) == "9.1 %" and nuclear.low < 9.1 < nuclear.high
    assert origin(nuclear.rows[0]) == (
        "Kazakhstan, 2017–2024, sentences on “Nuclear and arms” in 8 statements at the UN (Baturo, "
        "Dasandi and Jankin 2025; tables statements and sentences)")
    assert shares.share(frame, "UZB", "2017–2024", "NUC") == 0
    counts = shares.framed("DIG")
    assert (counts.drop(index="All").sum() == counts.loc["All"]).all()
    assert (counts.drop(columns="All").sum(axis=1) == counts["All"]).all()
    assert len(shares.quotations("DIG")) == counts.loc["All", "All"]


def test_how_much_to_code(real):
    wanted = shares.to_code()
    assert wanted.columns.tolist() == ["Share", "α ≥ 0.8", "α ≥ 0.667"]
    assert wanted.loc["Digital and cyber", "α ≥ 0.667"] == agreement.bloch_kraemer(63 / 11832, 0.667)


TEXTS = os.environ.get("TEXTS") or "../shared/evidence/corpus_ungdc_texts.csv"


@pytest.mark.skipif(not os.path.exists(TEXTS), reason="no texts: TEXTS=folder of the public data set")
def test_everything_again_from_the_words(real):
    made = corpus.made(TEXTS)
    for name in ("statements", "sentences"):
        assert corpus.differences(made[name], read(name)) == []
    frame = corpus.texts(TEXTS)
    said = {(row.statement, str(i)): text for row in frame.itertuples()
            if row.group in shares.CENTRAL_ASIA for i, text in enumerate(content.split(row.text), 1)}
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
    assert capsys.readouterr().err == f"there is no {tmp_path / 'x'}: name a folder of texts\n"
