"""The article's text as tokens and sentences, and the two tables that show what they are.

Where ARTICLE_TEXT names the text it is tokenised again and compared; the tables alone are checked
everywhere.
"""

import os
import re
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_diplomacy import __main__ as command
from digital_diplomacy.claims import tokens as tk
from digital_diplomacy.running import CallError
from digital_diplomacy.claims.tokens import Token, known, sentences, tokens

DATA = Path(__file__).parents[1] / "data"
ARTICLE_TEXT = os.environ.get("ARTICLE_TEXT")
WITH_TEXT = pytest.mark.skipif(not ARTICLE_TEXT, reason="ARTICLE_TEXT does not name the article's "
                               "text, which is not in the project")
REPEATED = {"running head", "running foot"}  # print the same numbers on several pages
TYPED_BY_HAND = {"May6", "6th"}  # a rule would take them for words
REASONS = {
    "digits in a word", "a word or part of one read as digits", "a mark read as a digit",
    "sign of a number", "sign in an address", "number in an address", "number of a footnote",
    "mark of a footnote", "number of a figure", "number in a list",
    "number in the list of references", "one of several: no count", "the same: no count",
    "a word that claims"}


def table(name):
    """A table of data/ as text."""
    return pd.read_csv(DATA / f"{name}.csv", dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def typed():
    """article_tokens with offsets as numbers."""
    rows = table("article_tokens")
    return rows.assign(start=rows["start"].astype(int), end=rows["end"].astype(int))


@pytest.fixture(scope="module")
def spans():
    """article_sentences with offsets as numbers."""
    rows = table("article_sentences")
    return rows.assign(start=rows["start"].astype(int), end=rows["end"].astype(int))


def found(text):
    return [(token.token, token.kind) for token in tokens(text)]


def parts(text):
    return [text[start:end] for start, end in sentences(text)]


# tokens ------------------------------------------------------------------------------------------

@pytest.mark.parametrize("text, expected", [
    ("17,3 млн", ["17,3"]), ("0,8628%3.", ["0,8628", "3"]), ("2018-2022 годы", ["2018", "2022"]),
    ("28-е место", ["28"]), ("17.10.2023.", ["17.10.2023"]), ("18+", ["18"]), ("90%", ["90"]),
    ("26 430\n14 000", ["26 430", "14 000"]), ("242 000 и 3", ["242 000", "3"]),
    ("1 234 567", ["1 234 567"]), ("2023 120", ["2023", "120"]), ("12 3456", ["12", "3456"]),
    ("12 345x", ["12", "345x"]), ("10 (100)", ["10", "100"]), ("[2, c. 89-108].", ["2", "89", "108"]),
    ("%20to%2011.85,percent%3D4", ["%20", "%20", "11.85", "%3D", "4"]), ("50% 20", ["50", "20"]),
    ("docs/P1700000827/", ["P1700000827"]), ("6oJNbllIoe", ["6oJNbllIoe"]), ("33/5a4U", ["33", "5a4U"]),
    ("N 4(10). C. 22-35", ["4", "10", "22", "35"]), ("", []), ("no number", []), ("٣", ["٣"])])
def test_digits(text, expected):
    assert found(text) == [(token, "digits") for token in expected]


@pytest.mark.parametrize("text, expected", [
    ("десять лет", [("десять", "words")]), ("Во-первых,", [("Во-первых", "words")]),
    ("В-четвертых", [("В-четвертых", "words")]), ("двумя", [("двумя", "words")]),
    ("IIATh", [("IIATh", "words")]), ("одновременно, стоит", []), ("пятью", []),
    ("впер-\nвые первый", [("впервые", "most"), ("первый", "words")]),
    ("самые, наи-\nболее", [("самые", "most"), ("наиболее", "most")]), ("самолет", []),
    ("Han6osee", [("Han6osee", "most")]), ("the most and only", [("most", "most"), ("only", "most")]),
    ("almost, firstly", []), ("UL EPHI", [("UL EPHI", "most")]),
    ("XX в., XXI", [("XX", "roman"), ("XXI", "roman")]), ("XXX1", [("XXX1", "digits")]), ("I V", [])])
def test_words(text, expected):
    assert found(text) == expected


def test_a_token_knows_its_place():
    assert tokens("в 2016 г. двух") == [Token(2, 6, "2016", "digits"), Token(10, 14, "двух", "words")]


@pytest.mark.parametrize("token, kind, reason", [
    ("6bUI0", "digits", "digits in a word"), ("HCII0Ib30BaHUS", "digits", "digits in a word"),
    ("2023B", "digits", ""), ("P1700000827", "digits", ""), ("id1117366063", "digits", ""),
    ("651710", "digits", ""), ("06", "digits", ""), ("%20", "digits", "sign in an address"),
    ("Han6osee", "most", "a word that claims"), ("XX", "roman", ""), ("два", "words", "")])
def test_what_follows_from_a_token_alone(token, kind, reason):
    assert known(Token(0, len(token), token, kind))[1] == reason


# sentences ---------------------------------------------------------------------------------------

@pytest.mark.parametrize("text, expected", [
    ("Один. Два? Три! Конец", ["Один.", "Два?", "Три!", "Конец"]),
    ("Закон от 7 марта 2002 г. «О службе» принят. Так.", ["Закон от 7 марта 2002 г. «О службе» принят.", "Так."]),
    ("На 2023 г. B стране. На 2023 г. Facebook имеет.", ["На 2023 г. B стране.", "На 2023 г. Facebook имеет."]),
    ("Начался в 2016 г. Развитие идет.", ["Начался в 2016 г.", "Развитие идет."]),
    ("На 2017-2021 гг. по пяти. Да", ["На 2017-2021 гг. по пяти.", "Да"]),
    ("11,85 млн. человек, 3 с. 4. Всё", ["11,85 млн. человек, 3 с. 4.", "Всё"]),
    ("Так пишут (Hocking B., Melissen J., 2015). Да.", ["Так пишут (Hocking B., Melissen J., 2015).", "Да."]),
    ("Botakoz K. and Almash A. Facebook as a tool", ["Botakoz K. and Almash A. Facebook as a tool"]),
    ("Работы: Б.Хокинг. Diplomacy; И.Манор. Theory. Да.", ["Работы: Б.Хокинг. Diplomacy; И.Манор. Theory.", "Да."]),
    ("Журналиста У.Дизарда. В этой книге.", ["Журналиста У.Дизарда.", "В этой книге."]),
    ("Считается [1, c. 232]. Понятие", ["Считается [1, c. 232].", "Понятие"]),
    ("«Так». «Иначе». (Да.) [Нет]", ["«Так».", "«Иначе».", "(Да.)", "[Нет]"]),
    ("по сравнению с 2020 1.). 9TO 15,3% от", ["по сравнению с 2020 1.).", "9TO 15,3% от"]),
    ("Рост 0,8628%3. Далее", ["Рост 0,8628%3.", "Далее"]), ("в 2.0» мире. ok", ["в 2.0» мире. ok"]),
    ("Введение\n\nТекст. Ещё", ["Введение", "Текст.", "Ещё"]), ("a\n b", ["a", "b"]),
    ("две\nстроки", ["две\nстроки"]), ("Одно\nРаботы: два. Три", ["Одно\nРаботы: два.", "Три"]), ("\n \n", []), ("", [])])
def test_prose(text, expected):
    assert parts(text) == expected


@pytest.mark.parametrize("text, expected", [
    ("Рисунок 2. Сети. В стране (2023)\nFigure 2. Networks. Here\n\nДа", ["Рисунок 2. Сети. В стране (2023)", "Figure 2. Networks. Here", "Да"]),
    ("Source: Report. A. B. URL: x\nИсточник: Отчет. Сеть", ["Source: Report. A. B. URL: x", "Источник: Отчет. Сеть"]),
    ("Конец.\n\n3 Statista. Rate. URL: x.\n4 Закон. Дата.\n\nДа. Нет", ["Конец.", "3 Statista. Rate. URL: x.", "4 Закон. Дата.", "Да.", "Нет"]),
    ("1 *Запрещена, 18+\n2 *Запрещена, 18+", ["1 *Запрещена, 18+", "2 *Запрещена, 18+"]),
    ("этапов\n1 дров. Да", ["этапов\n1 дров.", "Да"]), ("этапов\n1 Цифровых", ["этапов\n1 Цифровых"]),
    ("два:\n1. Первое. Ещё\n2. Второе.", ["два:", "1. Первое.", "Ещё", "2. Второе."]),
    ("по:\n1) числу;\n2) рангу.", ["по:", "1) числу;", "2) рангу."]),
    ("ISSN 2782-3067 (Print). A 29", ["ISSN 2782-3067 (Print). A 29"]),
    ("HEAD\nA. B. 2023. N 4(10). C. 22-35\n\nДа", ["HEAD\nA. B. 2023. N 4(10). C. 22-35", "Да"])])
def test_what_stands_beside_the_prose(text, expected):
    assert parts(text) == expected


PIECES = st.lists(st.sampled_from([
    "Слово", "слово", "два", "самый", "наи-\nболее", "впер", "вые", "-\n", "2016", "г.", "17,3", "26 430", "%20",
    "3TO", "6oJ", "UL EPHI", "UL", "EPHI", "XX", ".", "!", "»", "«", "[1, c. 2]", ")", "A.", "K.", "\n", "\n\n",
    "\n ", " ", " ", "\t", "\r", "1.", "2)", "1. ", "Figure 1. ", "Source: ", "3 Statista.", "ISSN", "22-35", "+", "*",
    "\u2028", "\x0b"])).map("".join)


@given(PIECES | st.text())
def test_sentences_part_all_that_is_not_blank(text):
    last, seen = 0, []
    for start, end in sentences(text):
        assert last <= start < end and not text[last:start].strip()
        assert text[start:end] == text[start:end].strip()
        seen.append(text[start:end])
        last = end
    assert not text[last:].strip()
    assert "".join("".join(seen).split()) == "".join(text.split())


@given(PIECES | st.text())
def test_tokens_hold_every_digit_once_and_lie_in_one_sentence(text):
    held, last = tokens(text), 0
    for token in held:
        assert last <= token.start < token.end
        assert text[token.start:token.end].replace("-\n", "") == token.token
        assert sum(start <= token.start and token.end <= end for start, end in sentences(text)) == 1
        last = token.end
    inside = {i for token in held for i in range(token.start, token.end)}
    assert all(i in inside for i, sign in enumerate(text) if sign.isdecimal())


@given(PIECES | st.text())
def test_the_digest_knows_no_blanks(text):
    assert tk.digest(text) == tk.digest("\n " + re.sub(r"\s", " \n", text))


@given(PIECES)
def test_making_the_tables_twice_keeps_what_was_typed(text):
    rows = [row | {"reading": f"read {i}"} for i, row in enumerate(tk.token_rows(text))]
    assert tk.token_rows(text, rows) == rows
    spans = [row | {"claims": f"c-{i}", "page": "24"} for i, row in enumerate(tk.sentence_rows(text))]
    assert tk.sentence_rows(text, spans) == spans


# the tables --------------------------------------------------------------------------------------

def test_tokens_follow_each_other(typed):
    assert (typed["start"] < typed["end"]).all()
    assert (typed["end"].iloc[:-1].to_numpy() <= typed["start"].iloc[1:].to_numpy()).all()


def test_a_token_is_a_number_or_a_word_and_no_more_of_the_text(typed):
    assert typed["token"].str.fullmatch(r"\S{1,30}|\d{1,3}( \d{3})+|UL EPHI").all()
    assert (typed["token"].str.len() <= typed["end"] - typed["start"]).all()


def test_every_token_has_a_reading_and_a_row_or_the_reason_why_none(typed):
    assert (typed["reading"] != "").all()
    assert ((typed["article"] == "") != (typed["reason"] == "")).all()
    assert set(typed["reason"]) - {""} == REASONS


def test_the_rule_decides_what_it_says_and_nothing_else(typed):
    for row in typed.itertuples():
        reading, reason = known(Token(row.start, row.end, row.token, row.kind))
        if row.token in TYPED_BY_HAND:
            continue
        if reason:
            assert (row.reason, row.reading if reading else "") == (reason, reading), row
        else:
            assert row.reason not in {"digits in a word", "a word that claims"}, row


def test_every_row_of_the_article_that_is_legible_has_a_token(typed):
    article = table("article")
    assert set(typed["article"]) - {""} == set(article.loc[article["legible"] != "no", "id"])


def test_a_reading_is_what_its_row_prints(typed):
    """Digits: in the printed text, or in the value; words: the printed word or a lower ordinal."""
    rows = table("article").set_index("id")
    for token in typed[(typed["article"] != "") & (typed["kind"] == "digits")].itertuples():
        row = rows.loc[token.article]
        printed = re.split(r"[^\d.]+", re.sub(r"(?<=\d) (?=\d{3})", "", row["printed"].replace(",", ".")))
        day = "-".join(reversed(row["printed"].split(".")))
        assert token.reading in {*(part.rstrip(".") for part in printed), row["value"], day} \
            or token.article == "figure-4-conference-dates", token
    for token in typed[(typed["article"] != "") & (typed["kind"] != "digits")].itertuples():
        printed = rows.loc[token.article, "printed"].lower()
        assert token.reading.lower() == printed or token.reading.startswith(("во-", "в-")), token


def test_a_token_stands_on_the_page_of_its_row(typed, spans):
    pages, sections = spans.set_index("sentence")["page"], spans.set_index("sentence")["section"]
    rows = table("article").set_index("id")
    for token in typed[typed["article"] != ""].itertuples():
        page = rows.loc[token.article, "page"]
        if sections[token.sentence] in REPEATED:
            assert rows.loc[token.article, "section"] in REPEATED
        else:
            assert pages[token.sentence] == page or token.article == "success-factors", token


def test_a_token_lies_in_its_sentence(typed, spans):
    of = spans.set_index("sentence").loc[typed["sentence"]]
    assert (of["start"].to_numpy() <= typed["start"].to_numpy()).all()
    assert (typed["end"].to_numpy() <= of["end"].to_numpy()).all()


def test_sentences_follow_each_other_and_pages_do(spans):
    assert spans["sentence"].tolist() == [str(i) for i in range(1, len(spans) + 1)]
    assert (spans["start"] < spans["end"]).all()
    assert (spans["end"].iloc[:-1].to_numpy() <= spans["start"].iloc[1:].to_numpy()).all()
    assert spans["sha256"].str.fullmatch("[0-9a-f]{64}").all() and spans["sha256"].is_unique
    assert spans["page"].is_monotonic_increasing
    assert set(spans["page"]) == {"22-23", *map(str, range(24, 34))}


def test_why_no_claim_uses_a_number_is_said_of_legible_numbers_only():
    rows = table("article")
    assert (rows.loc[rows["excluded"] != "", "legible"] != "no").all()
    alone = rows[(rows["unit"] == "number in an address") & (rows["id"] != "figure-2-source-users")]
    assert (alone["excluded"] == "number in an address").all()  # that one says a number of users
    assert rows.loc[rows["section"].isin(REPEATED), "excluded"].ne("").all()


# against the text --------------------------------------------------------------------------------

@WITH_TEXT
def test_the_text_has_these_tokens_and_sentences():
    """Every row, made again from the text, is the row of the table."""
    text = Path(ARTICLE_TEXT).read_text(encoding="utf-8")
    for name, made in (("article_tokens", tk.token_rows), ("article_sentences", tk.sentence_rows)):
        rows = table(name).to_dict("records")
        again = made(text, rows)
        for old, new in zip(rows, again):
            assert old == new
        assert len(rows) == len(again)


@WITH_TEXT
def test_the_tables_hold_no_sentence_of_the_text():
    """Four words in a row of the text, or more, stand in neither table."""
    text = " ".join(Path(ARTICLE_TEXT).read_text(encoding="utf-8").split())
    for name in ("article_tokens", "article_sentences"):
        for cell in set(table(name).to_numpy().ravel()):
            assert len(cell.split()) < 4 or cell not in text


@WITH_TEXT
def test_the_command_writes_both_tables_again(tmp_path, capsys):
    (tmp_path / "data").mkdir()
    for name in ("article_tokens", "article_sentences"):
        (tmp_path / "data" / f"{name}.csv").write_bytes((DATA / f"{name}.csv").read_bytes())
    assert command.coverage(tmp_path, ARTICLE_TEXT) == 0
    for name in ("article_tokens", "article_sentences"):
        assert (tmp_path / "data" / f"{name}.csv").read_bytes() == (DATA / f"{name}.csv").read_bytes()


def test_the_command_says_what_is_to_be_read(tmp_path, capsys):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "article_tokens.csv").write_text("")
    (tmp_path / "data" / "article_sentences.csv").write_text("")
    (tmp_path / "text").write_text("В 2016 г. 6bUI0. Да.", encoding="utf-8")
    command.coverage(tmp_path, tmp_path / "text")
    assert capsys.readouterr().out == ("data/article_tokens.csv: 1 rows to read and type\n"
                                       "data/article_sentences.csv: 2 rows to read and type\n")


@pytest.mark.parametrize("content, said", [
    (None, "cannot be read"), (b"\xff", "cannot be read"), (b"", "holds no number")])
def test_the_command_refuses_what_is_no_text(tmp_path, content, said):
    if content is not None:
        (tmp_path / "text").write_bytes(content)
    with pytest.raises(CallError, match=said):
        command.coverage(tmp_path, str(tmp_path / "text"))


def test_the_command_needs_a_file(monkeypatch):
    monkeypatch.delenv("ARTICLE_TEXT", raising=False)
    with pytest.raises(CallError, match="tokens FILE"):
        command.coverage(".", None)
