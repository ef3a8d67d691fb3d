"""HTML papers as PDF by the system's browser. Scripts and every request but the file itself are refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Route, sync_playwright

from checks.snapshot import SHANGHAI
from crawler.browser.finder import Browser
from crawler.browser.flags import is_root, launch_flags
from crawler.browser.session import BrowserStartError

TIMEOUT_MS = 120_000
_DATE = re.compile(rb"/(CreationDate|ModDate) \(D:\d{14}[+-]\d\d'\d\d'\)")


def print_pdf(pages: Sequence[Path], program: Browser, moment: datetime) -> list[bytes]:
    """One PDF per HTML file, in the page size its style sheet names.

    `moment` (aware) is written as the date of the document, so that the same page and browser give the same bytes.
    Raises BrowserStartError when the browser does not start or does not finish a page.
    """
    if not pages:
        return []
    try:
        with sync_playwright() as play:
            browser = play.chromium.launch(
                executable_path=program.path, chromium_sandbox=not is_root(), args=launch_flags()
            )
            try:
                context = browser.new_context(java_script_enabled=False, offline=True)
                context.set_default_timeout(TIMEOUT_MS)
                papers = []
                for path in pages:
                    page = context.new_page()
                    address = path.resolve().as_uri()
                    page.route("**/*", _only(address))
                    page.goto(address)
                    papers.append(dated(page.pdf(prefer_css_page_size=True, print_background=True), moment))
                    page.close()
                return papers
            finally:
                browser.close()
    except PlaywrightError as error:
        first = next((line.strip() for line in str(error).splitlines() if line.strip()), "")
        raise BrowserStartError(f"未能生成PDF（{program.path}）：{first}") from error


def _only(own: str) -> Callable[[Route], None]:
    """A handler that lets the file itself and the pictures inside it pass."""

    def handle(route: Route) -> None:
        if route.request.url == own or route.request.url.startswith("data:"):
            route.continue_()
        else:
            route.abort()

    return handle


def dated(pdf: bytes, moment: datetime) -> bytes:
    """The PDF with `moment` as its dates; lengths stay, so the cross-reference table stays true."""
    stamp = f"D:{moment.astimezone(SHANGHAI):%Y%m%d%H%M%S}+08'00'".encode()
    return _DATE.sub(lambda m: b"/" + m[1] + b" (" + stamp + b")", pdf)
