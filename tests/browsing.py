"""Pages of a folder in headless Chromium, for the tests that need a real browser."""

import contextlib
import os
import shutil

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
FLAGS = ("--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync "
         "--disable-background-networking --disable-component-update").split()


@contextlib.contextmanager
def chromium(sync):
    """A browser; sync: playwright.sync_api."""
    with sync.sync_playwright() as play:
        made = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield made
        made.close()


@contextlib.contextmanager
def watched(browser, folder):
    """A function that opens a page of a folder; errors and requests outside fail at the end."""
    wrong, contexts = [], []

    def open_page(name, **options):
        contexts.append(browser.new_context(**options))
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: said.type == "error" and wrong.append(said.text))
        page.on("request", lambda asked: asked.url.startswith(("file:", "data:"))
                or wrong.append(asked.url))
        page.goto(f"{folder.as_uri()}/{name}")
        return page
    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []
