"""Finds a browser that is already on this machine, and fonts that can show Chinese."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

INSTALL_HINT = (
    "请安装系统浏览器和中文字体：Debian/Ubuntu 执行 `apt-get install -y chromium fonts-noto-cjk`；"
    "openEuler 执行 `dnf install -y chromium google-noto-sans-cjk-fonts`；Windows 用自带的 Edge 即可；"
    '或执行 `playwright install chromium`。已安装在别处的，在 district.toml 的 [browser] 写 executable = "完整路径"。'
)
FONT_HINT = "未找到中文字体，截图中的汉字会显示为方框。请安装：`apt-get install -y fonts-noto-cjk`。"

# Names on PATH, best first. The headless shell comes last: it is quicker, but some sites see a different page.
_NAMES = (
    ("chromium", "chromium"),
    ("chromium-browser", "chromium"),
    ("google-chrome", "chrome"),
    ("google-chrome-stable", "chrome"),
    ("chrome", "chrome"),
    ("microsoft-edge", "edge"),
    ("microsoft-edge-stable", "edge"),
    ("msedge", "edge"),
    ("chromium-headless-shell", "headless-shell"),
)
_LINUX = (
    ("/usr/bin/chromium", "chromium"),
    ("/usr/lib/chromium/chromium", "chromium"),
    ("/usr/lib64/chromium-browser/chromium-browser", "chromium"),
    ("/snap/bin/chromium", "chromium"),
    ("/opt/google/chrome/chrome", "chrome"),
    ("/opt/microsoft/msedge/msedge", "edge"),
    ("/usr/lib/chromium/headless_shell", "headless-shell"),
)
_MACOS = (
    ("/Applications/Chromium.app/Contents/MacOS/Chromium", "chromium"),
    ("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "chrome"),
    ("/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge", "edge"),
)
_WINDOWS = (
    (r"Google\Chrome\Application\chrome.exe", "chrome"),
    (r"Microsoft\Edge\Application\msedge.exe", "edge"),
    (r"Chromium\Application\chrome.exe", "chromium"),
)
_PLAYWRIGHT = (  # below Playwright's download folder
    ("chromium-*/chrome-linux*/chrome", "playwright"),
    ("chromium-*/chrome-win*/chrome.exe", "playwright"),
    ("chromium-*/chrome-mac*/*.app/Contents/MacOS/*", "playwright"),
    ("chromium_headless_shell-*/*/headless_shell*", "headless-shell"),
    ("chromium_headless_shell-*/*/chrome-headless-shell*", "headless-shell"),
)
_VERSION = re.compile(r"(?:Chromium|Chrome|Edge|HeadlessChrome|Shell)\D{0,40}?(\d+(?:\.\d+){1,3})")
_BARE_VERSION = re.compile(r"\b(\d+(?:\.\d+){3})\b")
VERSION_TIMEOUT_S = 15


class BrowserMissing(RuntimeError):
    """No usable browser. The message is Chinese and says what to install."""


@dataclass(frozen=True, slots=True)
class Browser:
    """A browser program: absolute path, dotted version ("" if it would not say), kind.

    Kinds: chromium, chrome, edge, headless-shell, playwright (Playwright's own download).
    """

    path: str
    version: str
    kind: str


def find_browser(configured: str = "") -> Browser:
    """The configured browser, else the first one found on this machine.

    Raises BrowserMissing when the configured path does not start, or when nothing is found.
    """
    if configured:
        path = shutil.which(configured) or configured
        if not Path(path).is_file():
            raise BrowserMissing(f"配置的浏览器不存在：{configured}。{INSTALL_HINT}")
        answer = version_of(path)
        if answer is None:
            raise BrowserMissing(
                f"配置的浏览器无法启动：{configured}。只支持 Chromium、Chrome 和 Edge。{INSTALL_HINT}"
            )
        return Browser(path, answer, _kind_of(path))
    for path, kind in candidates():
        answer = version_of(path)
        if answer is not None:
            return Browser(path, answer, kind)
    raise BrowserMissing(f"本机未找到可用的浏览器（Chromium、Chrome 或 Edge）。{INSTALL_HINT}")


def candidates() -> Iterator[tuple[str, str]]:
    """Existing programs as (path, kind), best first, each once."""
    seen: set[str] = set()
    for path, kind in _possible():
        if path not in seen and Path(path).is_file():
            seen.add(path)
            yield path, kind


def _possible() -> Iterator[tuple[str, str]]:
    for name, kind in _NAMES[:-1]:
        if found := shutil.which(name):
            yield found, kind
    if sys.platform == "darwin":
        yield from _MACOS
    elif sys.platform == "win32":
        roots = [os.environ.get(v, "") for v in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")]
        yield from ((str(Path(root) / tail), kind) for tail, kind in _WINDOWS for root in roots if root)
    else:
        yield from _LINUX[:-1]
    for pattern, kind in _PLAYWRIGHT:
        for found_path in sorted(playwright_folder().glob(pattern), reverse=True):
            yield str(found_path), kind
    if found := shutil.which(_NAMES[-1][0]):
        yield found, "headless-shell"
    if sys.platform.startswith("linux"):
        yield _LINUX[-1]


def playwright_folder() -> Path:
    """Where `playwright install` puts its browsers."""
    configured = os.environ.get("PLAYWRIGHT_BROWSERS_PATH", "")
    if configured and configured != "0":
        return Path(configured)
    if sys.platform == "darwin":
        return Path.home() / "Library/Caches/ms-playwright"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", str(Path.home()))) / "ms-playwright"
    return Path.home() / ".cache/ms-playwright"


def version_of(path: str) -> str | None:
    """Dotted version a browser reports; "" if it starts but prints none we know; None if it does not start.

    Distribution launchers are shell scripts that write noise to stderr before the answer, so both streams are
    searched and stdout goes first. On Windows `--version` would open a window, so the folder name is read.
    """
    if sys.platform == "win32":
        versions = [p.name for p in Path(path).parent.glob("*.*.*.*") if p.is_dir()]
        return max(versions, default="")
    try:
        done = subprocess.run(
            [path, "--version"],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=VERSION_TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return None if done.returncode != 0 else parse_version(_text(done.stdout), _text(done.stderr))


def parse_version(stdout: str, stderr: str = "") -> str:
    """The version in what `--version` printed; "" when there is none."""
    for pattern in (_VERSION, _BARE_VERSION):
        for text in (stdout, stderr):
            if match := pattern.search(text):
                return match[1]
    return ""


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _kind_of(path: str) -> str:
    name = Path(path).name.lower()
    if "headless" in name:
        return "headless-shell"
    if "edge" in name:
        return "edge"
    return "chrome" if "chrome" in name else "chromium"


def has_cjk_font() -> bool | None:
    """Whether a font for Chinese is installed; None where fontconfig is not used (Windows, macOS)."""
    listing = _fontconfig("fc-list", ":lang=zh-cn", "family")
    return None if listing is None else bool(listing.strip())


def cjk_font_file() -> tuple[str, int] | None:
    """(file, index inside the collection) of a sans-serif font for Chinese, or None."""
    answer = _fontconfig(
        "fc-match", "-f", "%{file}|%{index}|%{lang}", "Noto Sans CJK SC,Source Han Sans SC,sans-serif:lang=zh-cn"
    )
    if answer:
        file, index, languages = (*answer.split("|", 2), "", "")[:3]
        if "zh-cn" in languages and Path(file).is_file():
            return file, int(index or 0)
    for usual in (
        r"C:\Windows\Fonts\msyh.ttc",
        r"C:\Windows\Fonts\simsun.ttc",
        "/System/Library/Fonts/PingFang.ttc",
        "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
        "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    ):
        if Path(usual).is_file():
            return usual, 0
    return None


def _fontconfig(*command: str) -> str | None:
    try:
        done = subprocess.run(command, capture_output=True, timeout=VERSION_TIMEOUT_S, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return _text(done.stdout) if done.returncode == 0 else None
