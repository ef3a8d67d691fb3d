"""One look at a page as a browser shows it: axe-core's violations, sideways scrolling, refused content."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from crawler.browser.finder import find_browser
from crawler.browser.flags import launch_flags

WIDTHS = (1366, 390)
_PUSHED = """[...document.querySelectorAll('.scroll, .wrap')].filter(
    s => s.scrollWidth > s.clientWidth + 1 && getComputedStyle(s).overflowX !== 'visible' && !s.querySelector('.heat')
).map(s => s.ariaLabel)"""


@contextmanager
def engine() -> Iterator[Browser]:
    """The browser the product itself would start."""
    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=find_browser().path, args=launch_flags())
        yield started
        started.close()


def faults(browser: Browser, path: Path, width: int) -> list[object]:
    """What is wrong with a file at this width; empty when nothing is."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    page.goto(path.as_uri())
    page.evaluate(axe_source())
    result = page.evaluate("axe.run()")
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    pushed = page.evaluate(_PUSHED)
    page.close()
    return [
        *((v["id"], v["nodes"][0]["html"], v["nodes"][0]["any"]) for v in result["violations"]),
        *(("pushed sideways", label) for label in pushed),
        *([("wider than the screen", wide)] if wide > 0 else []),
        *(("refused", text) for text in refused),
    ]


def axe_source() -> str:
    package = resources.files("axe_playwright_python")
    return next(p for p in Path(str(package)).rglob("axe*.js")).read_text("utf-8")
