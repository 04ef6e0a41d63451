"""Chapter 5 for other dates: its block follows them, its argument is left out, nothing raises."""

import re

import pytest
import rules
import warm
from runs import bundles, troubles

from digital_diplomacy import data
from digital_diplomacy.claims import ledger
from footnoted import edition, links

NAME = "05-conclusions"
DATES = ["2023-03-01", pytest.param("2024-06-30", marks=pytest.mark.slow),
         pytest.param("2016-01-01", marks=pytest.mark.slow)]


@pytest.fixture(scope="module", params=DATES)
def dated(request):
    """(date, the chapter as it runs for it)."""
    return request.param, warm.run(NAME, as_of=request.param)


def test_nothing_raises_and_every_link_has_its_target(dated):
    assert troubles(dated[1]) == []
    assert links.problems(dated[1], NAME) == []


def test_the_page_says_its_date_and_no_sentence_of_the_argument(dated):
    as_of, nb = dated
    page = " ".join(re.sub(r"<[^>]*>", "", edition.html(nb, NAME)).split())
    assert f"Run with as_of = {as_of}." in page
    written = " ".join(rules.text(cell) for cell in rules.markdown(nb)
                       if "argument" in links.tags(cell))
    written = links.without_markup(re.sub(r"\[([^\[\]@]+)\]\([^)\s]*\)", r"\1", written))
    plain = [part for part in written.split(". ")
             if len(part) > 40 and not set("[]#@“\"") & set(part)]
    assert len(plain) > 30 and [part for part in plain if part in page] == []


def test_no_number_rests_on_a_source_of_later(dated):
    as_of, nb = dated
    sources = data.read("sources").set_index("source")
    later = set(sources.index[sources["published"].str[:len(as_of)] > as_of])
    of_search = {"wanted"}  # what was not found rests on the day of the search
    assert {bundle["id"]: used for bundle in bundles(nb) if bundle["id"] not in of_search
            and (used := later & set(bundle["sources"]) - {"article_2023"})} == {}


def test_what_was_published_later_is_missing_and_says_why(dated):
    as_of, nb = dated
    table = next(bundle for bundle in bundles(nb) if bundle["id"] == "lines")
    assert [cell["value"] for line in table["cells"] for cell in line] == [None] * 10
    lines = data.wide(data.pick("fixed_broadband", as_of=as_of, with_missing=True), of=["KAZ"])
    assert lines.loc[2023, "KAZ"].how == (
        f"none in 2023: its source was published after {as_of}")


def test_a_reading_of_a_later_source_decides_nothing():
    """e-Gov mobile is on a page of 22 June 2023."""
    then, since = (ledger.ledger("02-kazakhstan", as_of=date).set_index("id")
                   for date in ("2023-06-21", "2023-06-22"))
    assert then.loc["kaz-not-the-only-programme", ["preferred", "verdict"]].tolist() == [
        "none found", "not checkable here"]
    assert since.loc["kaz-not-the-only-programme", "verdict"] == "reproduced"
    assert "egov_2023_faq" not in then.loc["kaz-not-the-only-programme", "sources"]
