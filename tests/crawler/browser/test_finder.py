from __future__ import annotations

import sys
from pathlib import Path

import pytest

from crawler.browser.finder import BrowserMissing, find_browser, has_cjk_font, parse_version, version_of

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="launchers here are shell scripts")


def launcher(folder: Path, script: str, name: str = "chromium") -> str:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize(
    ("stdout", "stderr", "version"),
    [
        ("Chromium 156.0.8078.79 built on Debian GNU/Linux 12 (bookworm)\n", "", "156.0.8078.79"),
        ("Chromium 156.0.8078.79\n", "/usr/bin/chromium: 9: [: 25276502016: unexpected operator\n", "156.0.8078.79"),
        ("Google Chrome 131.0.6778.85 \n", "", "131.0.6778.85"),
        ("Microsoft Edge 130.0.2849.80 \n", "", "130.0.2849.80"),
        ("", "[0101/000000.1:ERROR] no bus\nChromium 120.0.6099.224 snap\n", "120.0.6099.224"),
        ("HeadlessChrome/124.0.1.2", "", "124.0.1.2"),
        ("hello", "", ""),
    ],
)
def test_version_is_read_through_noise(stdout: str, stderr: str, version: str) -> None:
    assert parse_version(stdout, stderr) == version


def test_configured_path_is_used(tmp_path: Path) -> None:
    path = launcher(tmp_path, "echo '[: unexpected operator' >&2; echo 'Chromium 150.0.1.2 built on Debian'")
    found = find_browser(path)
    assert (found.path, found.version, found.kind) == (path, "150.0.1.2", "chromium")


@pytest.mark.parametrize(("script", "says"), [("exit 3", "无法启动"), (None, "不存在")])
def test_configured_path_that_is_no_browser_says_what_to_install(
    tmp_path: Path, script: str | None, says: str
) -> None:
    path = launcher(tmp_path, script) if script else str(tmp_path / "none")
    with pytest.raises(BrowserMissing, match=says) as caught:
        find_browser(path)
    assert "apt-get install -y chromium fonts-noto-cjk" in str(caught.value)


def test_nothing_on_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("crawler.browser.finder._LINUX", (("/nonexistent", "chromium"),) * 2)
    monkeypatch.setattr("crawler.browser.finder._MACOS", ())
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    with pytest.raises(BrowserMissing, match="未找到可用的浏览器"):
        find_browser()
    playwrights = tmp_path / "chromium-1200/chrome-linux"
    playwrights.mkdir(parents=True)
    path = launcher(playwrights, "echo Chromium 149.0.0.1", "chrome")
    assert (find_browser().path, find_browser().kind) == (path, "playwright")


def test_a_launcher_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("crawler.browser.finder.VERSION_TIMEOUT_S", 0.2)
    assert version_of(launcher(tmp_path, "exec sleep 60")) is None


@pytest.mark.browser
def test_system_browser_and_chinese_font() -> None:
    assert find_browser().version.count(".") >= 2
    assert has_cjk_font() is not False
