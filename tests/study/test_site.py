"""What rests on all chapters: index, numbers as JSON, downloads."""
import io
import json
import re
import zipfile

import by_hand as hand
import ledger_rows
import nbformat
import pytest

from digital_diplomacy import downloads, front, profiles, site
from footnoted import edition
from footnoted.edition import tree


@pytest.fixture
def study(tmp_path, monkeypatch):
    """A study of one chapter and one profile, with its front matter."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text(
        '[tool.footnoted]\nfront = "paper/front-matter.md"\npages = ["profile-*"]\n'
        'further = [{ name = "ledger", short = "Ledger", title = "Every claim" }]\n')
    for folder in ("paper", "data"):
        (tmp_path / folder).mkdir()
    (tmp_path / "data" / "facts.csv").write_text("orchard,year\n")
    (tmp_path / "data" / "datapackage.json").write_text("{}")
    monkeypatch.setenv("DD_DATA", str(tmp_path / "data"))
    (tmp_path / "paper" / "front-matter.md").write_text(
        "# Our study\n\n*Two cases*\n\n## Asked and found\n\n"
        "[92.9 %](02-hillside.ipynb#ripe-apples/HIL/2023) were online.", encoding="utf-8")
    profile = hand.notebook()
    profile.metadata["footnoted"] = {"about": "orchard"}
    profile.cells.insert(2, hand.code('orchard = "VAL"', tags=["injected-parameters"]))
    return {"02-hillside": hand.notebook(), "profile-valley": profile}


def whole(notebooks, ledger=None, **books):
    """All that the site holds besides chapters and PDFs, by file name; books: their PDFs."""
    made = dict(site.pages(notebooks, ledger))
    sizes = {f"{name}.pdf": len(content) for name, content in books.items()} | {
        name: len(content) for name, content in made.items()}
    return made | site.front_pages(notebooks, sizes, ledger)


def test_index_lists_chapters_profiles_and_downloads(study):
    made = whole(study, paper=b"%PDF-", supplement=b"%PDF-s")
    page = made["index.html"]
    for link in ('href="02-hillside.html">Hillside', 'href="profile-valley.html">Valley',
                 'href="paper.pdf"', 'href="supplement.pdf"', f'href="{downloads.ARCHIVE}"',
                 'href="numbers.json"'):
        assert link in page, link
    assert "Asked and found" in page and "row hil 2023" in made["numbers/index.html"]
    assert page.count('href="profile-valley.html"') == 1  # and is no chapter
    assert "(PDF, 1\u00a0kB)" in page  # the least that is told


def test_index_offers_only_what_is_there(study):
    made = whole({"02-hillside": study["02-hillside"]})
    assert "paper.pdf" not in made["index.html"]
    assert "Profiles" not in made["index.html"]


def test_the_ledger_is_a_way_on_and_among_the_downloads(study):
    made = whole(study, ledger_rows.held())
    page = made["index.html"]
    assert page.index('href="ledger.html"') < page.index('href="02-hillside.html"')
    assert page.index('href="ledger.html"') < page.index('href="claims.json"')
    assert "9 claims, each with its verdict" in page  # and one that stands apart
    assert 'id="kaz-egdi"' in made["ledger.html"] and json.loads(made["claims.json"])
    without = whole(study)
    assert "ledger.html" not in without and "ledger.html" not in without["index.html"]
    assert "claims.json" not in without["index.html"]


def test_supplements_stand_below_the_chapters_with_their_number(study):
    page = front.pages(study | {"S1-quinces": study["02-hillside"]})["index.html"]
    assert page.index('href="02-hillside.html"') < page.index('id="supplements"')
    assert re.search(r'id="supplements".*S1 <a\s+href="S1-quinces.html">Hillside', page, re.S)
    assert "Supplements" not in front.pages(study)["index.html"]


def test_an_old_address_leads_to_what_stands_there_now(study):
    assert "06-appendix.html" not in whole(study)
    now = dict.fromkeys(site.MOVED["06-appendix"], study["02-hillside"])
    made = whole(study | now)
    assert set(site.MOVED) == {name[:-5] for name in made} & set(site.MOVED)
    page, target = made["06-appendix.html"], 'index.html#supplements"'
    assert f'http-equiv="refresh" content="0; url={target}' in page and f'href="{target}' in page
    assert all(f'href="{name}.html"' in page for name in now)
    assert 'id="supplements"' in made["index.html"] and "refresh" not in made["index.html"]


def test_index_refuses_a_stale_number(study, tmp_path):
    path = tmp_path / "paper" / "front-matter.md"
    path.write_text(path.read_text(encoding="utf-8").replace("92.9", "91.0"), encoding="utf-8")
    with pytest.raises(edition.ConversionException, match="91.0 %"):
        front.pages(study)


def test_numbers_hold_every_number_finding_and_traced_cell(study):
    found = site.numbers({"02-hillside": study["02-hillside"]})
    assert [(one["id"], one["text"]) for one in found] == [
        ("ripe-apples/HIL/2023", "92.9 %"), ("ripe-apples/VAL/2023", "89.0 %"),
        ("gap", "3.9 points"), ("ahead", "92.9 % > 89.0 %")]
    gap, ahead = found[2], found[3]
    assert (gap["low"], gap["high"], gap["how"]) == (3.778, 3.979, "92.9 % − 89.0 %")
    assert gap["page"] == "02-hillside.html" and ahead["state"] == "true"
    assert gap["card"] == "numbers/02-hillside.html#from-gap"
    assert found[0]["page"] == "02-hillside.html#ripe-apples"
    assert gap["rows"] == list(hand.ROWS.values()) and "row hil 2023" in gap["origin"][0]


def test_numbers_name_places_that_are_in_the_pages(study):
    page, more = edition.html_with_files(study["02-hillside"], "02-hillside", cards="numbers")
    made = {"02-hillside.html": page} | more
    for one in site.numbers({"02-hillside": study["02-hillside"]}):
        for place in (one["page"], one.get("card", "02-hillside.html")):
            file, _, anchor = place.partition("#")
            assert not anchor or f'id="{anchor}"' in made[file], one["id"]


def test_numbers_are_json_with_readable_letters(study):
    text = dict(site.pages(study))["numbers.json"]
    assert json.loads(text) and "−" in text and text.endswith("\n")


def test_the_archive_is_the_same_bytes_every_time(study):
    assert downloads.archive() == downloads.archive()
    described, one = zipfile.ZipFile(io.BytesIO(downloads.archive())).infolist()
    assert described.filename == "data/datapackage.json"
    assert (one.filename, one.date_time[:3], one.date_time[3:]) == (
        "data/facts.csv", (2026, 1, 1), (0, 0, 0))


def test_the_archive_holds_the_tables_that_are_read(study, tmp_path, monkeypatch):
    other = tmp_path / "elsewhere"
    other.mkdir()
    (other / "datapackage.json").write_text("{}")
    monkeypatch.setenv("DD_DATA", str(other))
    names = zipfile.ZipFile(io.BytesIO(downloads.archive())).namelist()
    assert names == ["data/datapackage.json"]


def test_a_chapter_is_listed_with_its_first_questions():
    asked = nbformat.v4.new_markdown_cell("# It\n\n" + "\n\n".join(
        f"## Is it {n}?" for n in range(6)) + "\n\n## It is")
    (line,) = front.chapter_lines("01-it", nbformat.v4.new_notebook(cells=[asked]))
    assert tree.text_of(line).split() == "1 It Is it 0? Is it 1? Is it 2? Is it 3?".split()


def test_the_index_of_profiles_lists_states_by_name_with_what_their_pages_say():
    rows = {"Valley": ("profile-val", {"access/internet-use/value": "none: <no> row",
                                       "access/internet-use/rank": "none: <no> row"}),
            "Hillside": ("profile-zil", {"egov/egdi/value": "0.9", "egov/egdi/rank": "3rd"})}
    made = dict(profiles.pages(rows, {"profile-val.html": b"v", "profile-zil.html": b"z"}, 5))
    page = made["countries.html"]
    assert "2 of the 5 UN members" in page and "All 2" not in page
    cells = [re.sub("<[^>]+>", "", one) for one in re.findall(r"<t[hd].*?</t[hd]>", page)]
    assert cells[6:] == ["Hillside", "–", "–", "0.9", "3rd", "–",
                         "Valley", "none: &lt;no&gt; row", "–", "–", "–", "–"]
    assert 'href="profile-zil.html">Hillside' in page and 'href="countries.zip"' in page
    held = zipfile.ZipFile(io.BytesIO(made["countries.zip"]))
    assert held.namelist() == ["countries.html", "profile-val.html", "profile-zil.html"]
    assert held.read("profile-zil.html") == b"z"
    assert "All 2 UN members" in dict(profiles.pages(rows, {}, 2))["countries.html"]
