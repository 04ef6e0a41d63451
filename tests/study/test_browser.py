"""The whole site in a real browser: cards, points of figures, day and night, without script."""

import json
import re

import browsing
import pytest
import runs

from digital_diplomacy import site

sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = pytest.mark.skipif(not browsing.CHROMIUM, reason="there is no chromium here")
CARD = "#card:popover-open"
KINDS = ("index.html", "02-kazakhstan.html", "04-comparison.html", "ledger.html", "sources.html",
         "data.html", "search.html", "profile-kgz.html", "numbers/02-kazakhstan.html",
         "rows/KAZ.html", "rows/internet_use.html", "rows/milestones.html")


@pytest.fixture(scope="module")
def browser():
    with browsing.chromium(sync) as made:
        yield made


@pytest.fixture
def opened(browser):
    """A function that opens a page; errors and requests outside fail the test."""
    with browsing.watched(browser, runs.site()) as open_page:
        yield open_page


def first(page):
    """The first number of the prose, "17.3 million people" of the article."""
    return page.locator("main p a.number, main li a.number").first


def test_a_click_opens_a_numbers_card_with_its_row_and_escape_closes_it(opened):
    page = opened("02-kazakhstan.html")
    number = first(page)
    number.click()
    page.wait_for_selector(CARD)
    assert page.inner_text(f"{CARD} .head") == number.inner_text().replace("\u00a0", " ") or \
        page.inner_text(f"{CARD} .head") == number.inner_text()
    row = page.locator(f"{CARD} tbody tr").first
    assert "17,3 млн" in row.inner_text() and "p. " in row.inner_text()
    assert page.evaluate("document.activeElement.closest('#card') !== null")
    page.keyboard.press("Escape")
    page.wait_for_selector(CARD, state="detached")
    assert page.evaluate("document.activeElement.className").startswith("number")


def test_a_card_opens_by_pointer_and_by_tab_and_by_tap(opened):
    page = opened("02-kazakhstan.html")
    first(page).hover()
    page.wait_for_selector(CARD)
    page.hover(CARD)  # it can be reached, and stays
    page.wait_for_timeout(500)
    assert page.is_visible(CARD)
    page.mouse.move(5, 5)
    page.wait_for_selector(CARD, state="detached")
    page.evaluate("document.querySelector('main a.number').focus({focusVisible: true})")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    page.wait_for_selector(CARD)
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.closest('#card') !== null")
    phone = opened("02-kazakhstan.html", has_touch=True, viewport={"width": 390, "height": 800})
    first(phone).tap()
    phone.wait_for_selector(CARD)
    box = phone.locator(CARD).bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390


def test_two_clicks_lead_from_a_cell_to_its_row_and_to_its_publisher(opened):
    page = opened("02-kazakhstan.html")
    page.locator("td a.number").first.click()
    page.wait_for_selector(CARD)
    assert page.locator(f"{CARD} a[href^='http']").count()
    link = page.locator(f"{CARD} tbody a").first
    shown = link.inner_text()
    link.click()
    page.wait_for_url("**/rows/KAZ.html#*")
    target = page.locator(":target")
    assert shown in target.inner_text()
    assert target.locator("a[href*='sources.html#']").count() == 1


def test_each_number_of_each_chapter_has_its_card(opened):
    for path in sorted(runs.site().glob("[0S]*-*.html")):
        if path.stem in site.MOVED:
            continue
        page = opened(path.name, java_script_enabled=False)
        addresses = page.eval_on_selector_all(
            "a.number, a.finding", "all => all.map(one => one.getAttribute('href'))")
        for name in {address.partition("#")[0] for address in addresses}:
            script = (runs.site() / name).with_suffix(".js").read_text(encoding="utf-8")
            held = json.loads(re.fullmatch(r'studyNumbers\("[^"]+",(.*)\);\n', script, re.S)[1])
            for address in addresses:
                file, _, anchor = address.partition("#")
                assert file != name or anchor in held["cards"], (path.name, address)


def test_a_sentence_says_its_condition(opened):
    page = opened("04-comparison.html")
    page.locator("p a.finding").first.click()
    page.wait_for_selector(CARD)
    assert re.match(r"Holds: .+ [<>=≠] .+", page.inner_text(f"{CARD} p:nth-child(2)"))


def test_a_long_list_opens_on_the_page_of_numbers(opened):
    page = opened("numbers/05-conclusions.html")
    more = page.locator("summary", has_text="more rows").first
    n = int(re.match(r"\d+", more.inner_text())[0])
    more.click()
    assert more.locator("xpath=..").locator("tbody tr:visible").count() == n > 8


def test_points_say_their_values_by_pointer_and_keys_and_lead_to_their_rows(opened):
    page = opened("02-kazakhstan.html")
    figure = page.locator("figure:has(.points)").first
    texts = json.loads(page.evaluate("""() => JSON.stringify([...document.querySelector(
        ".drawing input[type=range]").closest(".drawing").querySelectorAll(".points circle")]
        .length)"""))
    figure.scroll_into_view_if_needed()
    box = figure.locator(".points circle").nth(5).bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    label = figure.locator(".value")
    assert texts > 20 and re.fullmatch(r".+: [\d.]+ %", label.inner_text())
    slider = figure.locator("input[type=range]")
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert slider.get_attribute("aria-valuetext") == label.inner_text()
    slider.press("Home")
    assert slider.get_attribute("aria-valuetext") == label.inner_text()
    slider.press("Enter")
    page.wait_for_url("**/rows/*.html#*")


def test_on_a_telephone_panels_stand_alone_a_tap_tells_and_a_second_one_leads(opened):
    page = opened("00-introduction.html", viewport={"width": 390, "height": 844}, has_touch=True)
    drawing = page.locator(".drawing:has(.panels)").first
    drawing.scroll_into_view_if_needed()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    first, second = (drawing.locator(".panels svg").nth(at).bounding_box() for at in (0, 1))
    assert second["y"] >= first["y"] + first["height"] and first["width"] > 200
    at = drawing.evaluate("""one => {
        const circle = one.querySelector(".points circle[data-to]");
        const view = one.querySelector(".panels svg"), seen = view.getBoundingClientRect();
        const box = view.viewBox.baseVal, scale = seen.width / box.width;
        return [seen.left + (circle.getAttribute("cx") - box.x) * scale,
                seen.top + (circle.getAttribute("cy") - box.y) * scale];
    }""")
    page.touchscreen.tap(*at)
    page.wait_for_function("document.querySelector('.told .value')")
    assert page.url.endswith("00-introduction.html")
    assert re.fullmatch(r".+, \d{4}: [\d.]+ %", drawing.locator(".value").inner_text())
    page.touchscreen.tap(*at)
    page.wait_for_url("**/rows/*.html#*")


def test_hover_values_equal_the_bundles(opened):
    """What the points of the page say is what the executed notebook remembers."""
    page = opened("04-comparison.html", java_script_enabled=False)
    shown = page.eval_on_selector_all(".points title", "all => all.map(one => one.textContent)")
    held = [point["text"] for bundle in runs.bundles(runs.executed("04-comparison"))
            if bundle["kind"] == "figure" for point in bundle["points"]]
    assert sorted(shown) == sorted(held) and len(held) > 100


def test_day_and_night_are_chosen_and_kept(opened):
    page = opened("index.html", color_scheme="light")

    def paper():
        return page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper() == "rgb(255, 255, 255)"
    page.click("#theme-switch")
    assert paper() == "rgb(22, 24, 26)" and page.inner_text("#theme-switch") == "Light"
    page.goto(page.url.replace("index.html", "02-kazakhstan.html"))
    assert paper() == "rgb(22, 24, 26)"
    figure = page.locator("figure svg").first
    assert page.evaluate("one => getComputedStyle(one).fill", figure.element_handle()) != \
        "rgb(0, 0, 0)"
    page.emulate_media(media="print")
    assert paper() == "rgb(255, 255, 255)"


def test_one_switch_opens_all_code(opened):
    page = opened("02-kazakhstan.html")
    cells = page.locator("details.code")
    assert cells.count() > 5 and page.locator("details.code[open]").count() == 0
    page.click("#code-switch")
    assert page.locator("details.code[open]").count() == cells.count()
    page.click("#code-switch")
    assert page.locator("details.code[open]").count() == 0


def test_the_contents_follow_and_a_heading_has_a_link_to_copy(opened):
    page = opened("02-kazakhstan.html", viewport={"width": 1280, "height": 800})
    head = page.locator("main h2").nth(3)
    head.evaluate("one => one.scrollIntoView()")
    page.wait_for_function("document.querySelector('nav.contents a.now')")
    now = page.locator("nav.contents a.now")
    assert now.get_attribute("href") == "#" + head.get_attribute("id")
    head.hover()
    head.locator("button.anchor").click()
    assert page.url.endswith("#" + head.get_attribute("id"))


def test_without_a_script_a_number_leads_to_its_card_on_a_page(opened):
    page = opened("02-kazakhstan.html", java_script_enabled=False)
    assert page.locator(".tools button:visible").count() == 0
    first(page).click()
    page.wait_for_url("**/numbers/02-kazakhstan.html#*")
    card = page.locator(":target")
    assert "17,3 млн" in card.inner_text()
    card.locator("tbody a").first.click()
    page.wait_for_url("**/ledger.html#*")  # a number of the article leads to its claim


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("width", [320, 390, 768])
def test_no_page_is_wider_than_its_window(opened, name, width):
    page = opened(name, viewport={"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(("name", "place"), [
    ("04-comparison.html", "egov"), ("04-comparison.html", "references"),
    ("numbers/04-comparison.html", "from-share-3-3"), ("S2-speeches.html", "content-shares")])
@pytest.mark.parametrize("width", [390, 1280])
def test_an_address_leads_to_its_place_though_what_is_above_it_was_not_laid_out(
        opened, name, place, width):
    page = opened(f"{name}#{place}", viewport={"width": width, "height": 900})
    page.wait_for_timeout(300)
    assert abs(page.evaluate(f"document.getElementById('{place}').getBoundingClientRect().top")) \
        < 40 or page.evaluate("innerHeight + scrollY >= document.body.scrollHeight - 2")


def test_a_drawing_keeps_its_shape_where_it_was_not_laid_out(opened):
    page = opened("04-comparison.html", viewport={"width": 1280, "height": 900})
    shapes = page.evaluate("""[...document.querySelectorAll('.drawing > svg')].map(svg => {
        const {width, height} = svg.getBoundingClientRect(), box = svg.viewBox.baseVal
        return [width / height, box.width / box.height] })""")
    assert len(shapes) > 5 and all(abs(seen / meant - 1) < 0.01 for seen, meant in shapes)


def test_print_shows_text_without_controls(opened):
    page = opened("02-kazakhstan.html")
    page.emulate_media(media="print")
    for one in (".tools", "nav.contents", "details.code", ".menu", ".anchor"):
        assert page.locator(f"{one}:visible").count() == 0, one
    assert page.locator("main p:visible").count() > 20
