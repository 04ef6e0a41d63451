"""What this study tells the toolkit: names of countries and indicators, origins, sources."""

import pytest

from digital_diplomacy import display as show
from digital_diplomacy.article import printed
from digital_diplomacy.data import pick, read, source_card
from footnoted.edition.references import copy_read

KAZ = "KAZ/2023/internet_use/new"
BANK = {"publisher": "Bank", "title": "Indicators", "year": "2025",
        "url": "https://example.org/new", "accessed": "2026-11-24", "licence": "CC BY 4.0",
        "copy_kind": "publisher", "copy_url": ""}


def test_codes_are_names_and_rows_are_lines_on_the_page(small, cell):
    frame = pick("internet_use", year=2023).pivot(index="country", columns="indicator",
                                                  values="value").loc[["KAZ"]]
    show.table("use", frame, "People online")
    bundle = cell.bundle()
    assert (bundle["index"], bundle["columns"]) == (["Kazakhstan"], ["Internet use"])
    assert (bundle["row_keys"], bundle["column_keys"]) == (["KAZ"], ["internet_use"])
    assert bundle["origin"] == {
        KAZ: "Kazakhstan, 2023, Internet use: 92.9 (Bank 2025, “Indicators”; row KAZ, 2023)"}
    assert bundle["sources"] == {"new": BANK}


def test_a_number_of_the_article(small, cell):
    show.number("printed", printed("uzb-share"))
    assert cell.bundle()["text"] == "83.3 %"
    assert cell.bundle()["rows"] == ["UZB/2023/article:uzb-share/article_2023"]


def test_a_selection_says_how_many_rows_and_which_sources(small, cell):
    show.number("n", show.Number(3, rows=("UN193/2023/internet_use/new+old#3",), decimals=0))
    assert list(cell.bundle()["origin"].values()) == [
        "3 UN members, 2023, Internet use (Bank 2025, “Indicators”; Bank 2024, “Indicators”)"]


@pytest.mark.parametrize("unit", ["accounts", "subscriptions", "connections", "interactions"])
def test_what_the_study_counts_is_printed_like_persons(unit):
    assert str(show.Number(9_996_000, unit)) == "10 million"


def test_every_source_of_the_study_says_what_was_read(real):
    rows = read("sources").set_index("source")
    for name, row in rows.iterrows():
        said = copy_read(source_card(name))
        published = row["copy_kind"] == "publisher"
        assert bool(said) == (not published or row["copy_url"] != row["publisher_url"]), name
        if row["copy_kind"] == "mirror":
            assert f"in the copy {row['copy_url']}," in said, name
        if row["copy_kind"] == "excerpt":
            assert said.startswith(("Stored excerpt", "Read in the text layer")), name
