"""The switches the browser is started with."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from crawler.browser.finder import find_browser
from crawler.browser.flags import is_root, launch_flags

_OFF = "--disable-features="


def switched_off(flags: Sequence[str]) -> set[str]:
    return {name for flag in flags if flag.startswith(_OFF) for name in flag.removeprefix(_OFF).split(",")}


def command_line_of_children(mark: str) -> list[str]:
    """Arguments of the browser process that bears the mark."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            flags = (folder / "cmdline").read_text().rstrip("\0").split("\0")
        except OSError:
            continue  # ended meanwhile
        if mark in flags:
            return flags
    return []


@pytest.mark.browser
def test_what_playwright_switches_off_stays_off_and_no_window_has_pages_of_its_own() -> None:
    mark = "--govaudit-run=flags"
    with sync_playwright() as play:
        bare = [mark, *(["--no-sandbox"] if is_root() else [])]
        path = find_browser().path
        browser = play.chromium.launch(executable_path=path, chromium_sandbox=not is_root(), args=bare)
        theirs = switched_off(command_line_of_children(mark))
        browser.close()
        browser = play.chromium.launch(executable_path=path, chromium_sandbox=not is_root(), args=launch_flags())
        browser.new_context().new_page()
        answer = browser.new_browser_cdp_session().send("Target.getTargets", {"filter": [{}]})
        kinds = {target["type"] for target in answer["targetInfos"]}
        browser.close()
    assert theirs
    assert theirs <= switched_off(launch_flags())
    assert "browser_ui" not in kinds
