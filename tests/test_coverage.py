"""The ledger covers the article: every sentence, every number, every claim of the three tables."""

import re
from pathlib import Path

import pandas as pd
import pytest

DATA = Path(__file__).parents[1] / "data"
NONE = {  # why a sentence makes no claim
    "heading", "list of keywords", "aim of the article", "method", "running head", "running foot",
    "address", "stray sign of the text layer", "no statement that can be checked: opinions differ",
    "judgement of usefulness", "recommendation without a statement of fact",
    "definition chosen by the author"}


def table(name):
    """A table of data/ as text."""
    return pd.read_csv(DATA / f"{name}.csv", dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def article():
    return table("article").set_index("id")


@pytest.fixture(scope="module")
def claims():
    return table("claims").set_index("id")


@pytest.fixture(scope="module")
def sentences():
    return table("article_sentences").set_index("sentence")


@pytest.fixture(scope="module")
def tokens():
    return table("article_tokens")


@pytest.fixture(scope="module")
def made(sentences):
    """Claim -> the sentences that make it."""
    found = {}
    for number, cell in sentences["claims"].items():
        for claim in cell.split():
            found.setdefault(claim, []).append(number)
    return found


def pages(text):
    """The pages of a cell such as 28 or 28-29.

    >>> pages("28-29")
    {28, 29}
    """
    first, _, last = text.partition("-")
    return set(range(int(first), int(last or first) + 1))


def test_every_sentence_lists_its_claims_or_none_with_the_reason(sentences):
    assert (sentences["claims"] != "").all()
    assert ((sentences["claims"] == "none") == (sentences["reason"] != "")).all()
    assert set(sentences["reason"]) - {""} <= NONE


def test_claims_of_a_sentence_are_sorted_and_named_once(sentences):
    for cell in sentences["claims"]:
        assert cell.split() == sorted(set(cell.split())) and cell == " ".join(cell.split())


def test_every_claim_stands_in_a_sentence_and_every_sentence_names_claims_that_exist(claims, made):
    assert set(made) - {"none"} == set(claims.index)


def test_a_claim_stands_on_the_pages_of_its_sentences(claims, made, sentences):
    for claim, row in claims.iterrows():
        of_sentences = set().union(*(pages(sentences.loc[one, "page"]) for one in made[claim]))
        assert pages(row["page"]) <= of_sentences, claim


def test_numbers_of_claims_are_rows_of_the_article(claims, article):
    assert {one for cell in claims["numbers"] for one in cell.split()} <= set(article.index)


def test_every_legible_number_belongs_to_a_claim_or_says_why_not(claims, article):
    used = {one for cell in claims["numbers"] for one in cell.split()}
    legible = article[article["legible"] != "no"]
    assert set(legible.index[legible["excluded"] == ""]) <= used
    assert not used & set(article.index[article["excluded"] != ""])


def test_a_number_stands_in_a_sentence_of_its_claim(claims, tokens, made):
    where = tokens[tokens["article"] != ""].groupby("article")["sentence"].agg(set)
    for claim, row in claims.iterrows():
        for number in row["numbers"].split():
            assert number not in where or where[number] & set(made[claim]), (claim, number)


def test_a_sentence_makes_a_claim_of_each_of_its_numbers(claims, article, tokens, sentences):
    for token in tokens[tokens["article"] != ""].itertuples():
        if article.loc[token.article, "excluded"]:
            continue
        listed = sentences.loc[token.sentence, "claims"].split()
        assert any(token.article in claims.loc[claim, "numbers"].split()
                   for claim in listed if claim != "none"), token


def test_a_sentence_without_claim_has_no_word_that_claims(tokens, sentences):
    assert (sentences.loc[tokens.loc[tokens["kind"] == "most", "sentence"], "claims"] != "none").all()


def test_a_heading_or_running_head_is_no_claim(sentences):
    beside = sentences["section"].isin({"running head", "running foot"})
    assert (sentences.loc[beside, "claims"] == "none").all()
    assert sentences.loc[beside, "reason"].equals(sentences.loc[beside, "section"])


MONTHS = {"января": "January", "марта": "March", "декабря": "December"}
WORDS = {"1": "first", "2": "two|second", "3": "third", "4": "four", "5": "five", "6": "sixth",
         "10": "ten"}
PAGES = {"anglo-saxon-pages-first", "anglo-saxon-pages-last", "kaz-site-directions-page"}


def said(number, statement):
    """True where the English statement says the number that the article prints."""
    numerals = [one.rstrip(".").replace(",", "") for one in re.findall(r"\d[\d.,]*", statement)]
    printed = re.sub(r"(?<=\d) (?=\d{3})", "", number["printed"].replace(",", "."))
    months = [MONTHS[word] for word in re.findall("[а-я]+", printed) if word in MONTHS]
    digits = re.findall(r"\d+(?:\.\d+)?", printed)
    if digits and all(one in numerals for one in digits):
        return all(month in statement for month in months)
    word = WORDS.get(number["value"], re.escape(printed))
    return bool(re.search(rf"\b({word})\b", statement, re.IGNORECASE))


def test_a_claim_says_the_numbers_it_points_to(claims, article):
    """But for pages of a reference, which stand in what it cites."""
    for claim, row in claims.iterrows():
        for name in row["numbers"].split():
            if article.loc[name, "legible"] == "yes" and name not in PAGES:
                assert said(article.loc[name], row["statement"]), (claim, name)
