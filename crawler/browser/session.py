"""One running browser: started through the gate, known again by its mark, and surely ended."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import uuid
from pathlib import Path

from playwright.async_api import Browser as PlaywrightBrowser
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Playwright

from crawler.browser import finder
from crawler.browser.flags import is_root, launch_flags
from crawler.browser.gate import Gate

START_TIMEOUT_MS = 60_000
STOP_TIMEOUT_S = 10


class BrowserStartError(finder.BrowserMissing):
    """The browser is there but does not start. The message is Chinese."""


class Session:
    """Starts, restarts and ends the browser process. Not for concurrent starts: callers hold `lock`."""

    def __init__(self, playwright: Playwright, program: finder.Browser, gate: Gate) -> None:
        self._playwright = playwright
        self._program = program
        self._gate = gate
        self._browser: PlaywrightBrowser | None = None
        self._mark = ""
        self._pid = 0
        self.lock = asyncio.Lock()
        self.starts = 0

    async def browser(self) -> PlaywrightBrowser:
        """The running browser; started anew when it is gone. Raises BrowserStartError."""
        async with self.lock:
            if self._browser is None or not self._browser.is_connected():
                await self._end()
                await self._start()
            assert self._browser is not None
            return self._browser

    async def _start(self) -> None:
        self._mark = uuid.uuid4().hex
        self.starts += 1
        try:
            self._browser = await self._playwright.chromium.launch(
                executable_path=self._program.path,
                chromium_sandbox=not is_root(),
                args=launch_flags(self._mark),
                proxy={"server": f"socks5://127.0.0.1:{self._gate.port}"},
                handle_sigint=False,  # Ctrl-C is ours: pages in hand are given up, the browser is ended below
                handle_sigterm=False,
                handle_sighup=False,
                timeout=START_TIMEOUT_MS,
            )
            control = await self._browser.new_browser_cdp_session()
            processes = (await control.send("SystemInfo.getProcessInfo"))["processInfo"]
            self._pid = next(p["id"] for p in processes if p["type"] == "browser")
            await control.detach()
        except (PlaywrightError, StopIteration) as error:
            raise BrowserStartError(_explain(str(error), self._program.path)) from error

    async def alive(self, browser: PlaywrightBrowser) -> bool:
        """Whether the browser itself answers. A page is reported lost before the end of its browser is known."""
        try:
            async with asyncio.timeout(STOP_TIMEOUT_S):
                control = await browser.new_browser_cdp_session()
                await control.send("Browser.getVersion")
                await control.detach()
        except (PlaywrightError, TimeoutError):
            return False
        return browser.is_connected()

    async def end(self) -> None:
        """End the browser, by its process id if it does not go by itself."""
        async with self.lock:
            await self._end()

    async def _end(self) -> None:
        browser, pid, self._browser, self._pid = self._browser, self._pid, None, 0
        if browser is not None:
            with contextlib.suppress(PlaywrightError, TimeoutError):
                async with asyncio.timeout(STOP_TIMEOUT_S):
                    await browser.close()
        if pid and carries(pid, self._mark):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)


def carries(pid: int, mark: str) -> bool:
    """Whether process `pid` was started with our mark: a process id alone may have been given to another program."""
    try:
        return mark.encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def _explain(error: str, path: str) -> str:
    first = next((line.strip() for line in error.splitlines() if line.strip()), "")
    if "sandbox" in error.lower():
        return f"浏览器的沙箱在本机不可用（{path}）。请在系统中启用用户命名空间，或以专用容器运行。原始信息：{first}"
    if "shared libraries" in error:
        return f"浏览器缺少系统库（{path}）。请执行 `apt-get install -y chromium`。原始信息：{first}"
    return f"浏览器未能启动（{path}）：{first}"
