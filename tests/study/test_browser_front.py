"""Search and claims in a real browser: by keyboard, from files, without a script, by night."""

import browsing
import ledger_rows
import pytest
from test_site import study, whole  # noqa: F401  a study of one chapter and one profile

from digital_diplomacy import search

sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = pytest.mark.skipif(not browsing.CHROMIUM, reason="there is no chromium here")
FOUND = {"Chapters": [("2 Côte d’Azur: who is online?", "", "02.html"),
                      ("Who is not online?", "Côte", "02.html#section-who")],
         "Numbers": [(f"Users: {year}", f"{year - 1950} %", f"02.html#t{year}")
                     for year in range(2010, 2020)],
         "Countries": [("Uzbekistan", "UZB", "rows/UZB.html")]}


@pytest.fixture(scope="module")
def browser():
    with browsing.chromium(sync) as made:
        yield made


@pytest.fixture
def folder(study, tmp_path):  # noqa: F811
    """The small study's site in a folder, its search with entries made by hand."""
    home = tmp_path / "made"
    for name, content in whole(study, ledger_rows.held()).items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    (home / "search.js").write_text(search.script(FOUND), encoding="utf-8")
    return home


@pytest.fixture
def opened(browser, folder):
    """A function that opens a page; errors and requests outside fail the test."""
    with browsing.watched(browser, folder) as open_page:
        yield open_page


def hits(page, words):
    """{kind: titles} that the search answers, as a reader sees them."""
    page.fill("#search-words", words)
    return page.evaluate("""() => Object.fromEntries([...document.querySelectorAll(
        "#search section")].map(part => [part.querySelector("h2").textContent,
        [...part.querySelectorAll("a")].map(one => one.firstChild.textContent)]))""")


def test_hits_of_a_small_index(opened):
    page = opened("ledger.html")
    page.keyboard.press("/")
    page.wait_for_selector("#search[open] input:focus")
    assert hits(page, "online") == {"Chapters": [  # the shorter title first
        "Who is not online?", "2 Côte d’Azur: who is online?"]}
    assert hits(page, "COTE onl") == {"Chapters": [  # a word of the title before one of the text
        "2 Côte d’Azur: who is online?", "Who is not online?"]}
    assert hits(page, "nline") == {}  # a word's beginning, not its end
    assert page.inner_text("#search .status") == "Nothing has all of these words."
    assert hits(page, "uzbek") == {"Countries": ["Uzbekistan"]}
    assert hits(page, "uzb") == {"Countries": ["Uzbekistan"]}
    assert hits(page, "65") == {"Numbers": ["Users: 2015"]}  # the text counts too
    assert len(hits(page, "users")["Numbers"]) == 5
    page.click("text=5 more")
    assert page.locator("#search a").count() == 10
    assert page.evaluate("document.activeElement.textContent") == "Users: 2015 65 %"
    assert hits(page, "  ") == {}


def test_the_search_by_keyboard(opened, folder):
    page = opened("ledger.html")
    page.focus("#f-words")
    page.keyboard.press("/")  # in a field it is a letter
    assert page.input_value("#f-words") == "/" and not page.is_visible("#search")
    page.focus("#search-open")
    page.keyboard.press("Enter")
    page.wait_for_selector("#search input:focus")
    page.keyboard.type("users")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "02.html#t2011"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.id") == "search-words"
    page.keyboard.press("Escape")
    assert not page.is_visible("#search")
    page.keyboard.press("/")
    page.fill("#search-words", "uzb")
    (folder / "rows").mkdir(exist_ok=True)
    (folder / "rows" / "UZB.html").write_text("<title>Rows</title>")
    page.keyboard.press("Enter")  # the first hit
    page.wait_for_url("**/rows/UZB.html")


def test_a_page_in_a_folder_finds_the_entries_of_the_front_page(opened):
    page = opened("numbers/index.html")
    page.click("#search-open")
    page.wait_for_selector("#search[open]")
    hits(page, "uzb")
    assert page.get_attribute("#search section a", "href") == "../rows/UZB.html"


def test_markup_in_an_entry_is_shown_as_it_stands(opened, folder):
    (folder / "search.js").write_text(search.script(
        {"Claims": [("<img src=x onerror=alert(1)> bold", "<b>", "ledger.html")]}))
    page = opened("index.html")
    page.click("#search-open")
    assert hits(page, "bold") == {"Claims": ["<img src=x onerror=alert(1)> bold"]}
    assert page.locator("#search img, #search b").count() == 0


def test_without_a_script_the_search_is_an_index_and_every_claim_opens(opened):
    page = opened("index.html", java_script_enabled=False)
    page.click("#search-open")
    page.wait_for_url("**/search.html")
    assert page.locator("ul.index a").count() > 9
    page.goto(page.url.replace("search.html", "ledger.html"))
    assert not page.is_visible("#page-filter") and not page.is_visible("#kaz-egdi")
    page.click("summary:has-text('0.8628')")
    assert page.is_visible("#kaz-egdi") and page.locator("text=Copy link").count() == 0


def test_the_filter_the_address_and_the_permanent_link_of_a_claim(opened):
    page = opened("ledger.html")
    page.check("#f-central")
    page.select_option("#f-country", "KAZ")
    assert page.url.endswith("#country=KAZ&central=yes")
    shown = page.locator("details.claim:visible .entry")
    assert [one.get_attribute("id") for one in shown.all()] == [
        "kaz-egdi", "kaz-internet-share", "kaz-directions"]
    page.goto(page.url.split("#")[0] + "#speed")
    page.wait_for_selector("#speed", state="visible")  # the filter gives way
    page.click("#speed >> text=Copy link")
    page.wait_for_selector("#speed >> text=/^(Copied|Selected: copy it)$/")


def test_a_line_of_the_standard_opens_where_it_is_folded(opened):
    page = opened("ledger.html#standard-preferred")
    page.wait_for_selector("#standard-preferred", state="visible")


@pytest.mark.parametrize("name", ["index.html", "ledger.html", "search.html", "rules.html"])
def test_a_page_fits_320_pixels_and_darkens_at_night(opened, name):
    page = opened(name, viewport={"width": 320, "height": 700}, color_scheme="dark")
    wide = page.evaluate("""() => [...document.querySelectorAll("main *")].filter(one =>
        !one.closest(".scroll, pre") && one.getBoundingClientRect().right > innerWidth + 1)
        .map(one => one.outerHTML.slice(0, 80))""")
    assert wide == []
    colours = page.evaluate("""() => [getComputedStyle(document.body).backgroundColor,
        getComputedStyle(document.body).color]""")
    assert colours == ["rgb(22, 24, 26)", "rgb(230, 227, 220)"]


def test_the_front_page_fits_one_screen(opened):
    page = opened("index.html", viewport={"width": 1280, "height": 900})
    for one in (".hero h1", ".say > p:last-child", ".ways"):
        box = page.locator(one).bounding_box()
        assert box["y"] + box["height"] <= 900, one
