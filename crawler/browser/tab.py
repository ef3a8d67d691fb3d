"""One browser page that is used again and again: opening, waiting, reading, photographing.

Our scripts run in a world of their own beside the page's: old portals redefine Array.from, JSON or Promise, and what
axe-core finds must not depend on that. Only documents are intercepted; the gate looks after every other request.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

from playwright.async_api import Browser as PlaywrightBrowser
from playwright.async_api import BrowserContext, CDPSession, Dialog, Page
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import TimeoutError as PlaywrightTimeout

from crawler.browser import axe
from crawler.browser.documents import Document, Documents
from crawler.browser.flags import VIEWPORT
from crawler.browser.pictures import MAX_HEIGHT, QUALITY, Shot

T = TypeVar("T")
_PLAIN = "data:text/html,<title>-</title>" + "<p>-</p>" * 200
_WORLD = "govaudit"
SETTLE_LIMIT_S = 10.0
_AWAITED = frozenset({"xhr", "fetch", "script", "document", "stylesheet"})
_MEDIA = ("mp4", "flv", "m3u8", "ts", "mp3", "wmv", "avi", "mov", "zip", "rar", "apk", "exe", "dmg")
_GONE = ("context was destroyed", "Cannot find context", "Inspected target navigated", "Promise was collected")


class PageFailed(Exception):
    """This page is lost; the message is Chinese. `tab_usable` says whether the tab may go on to the next."""

    def __init__(self, message: str, *, tab_usable: bool = True) -> None:
        super().__init__(message)
        self.tab_usable = tab_usable


@dataclass(frozen=True, slots=True)
class Opened:
    """How a page opened: where it ended, its HTTP status, whether its document came from the store, seconds taken.

    `headers` and `body` are those of a document from the network; `body` is None if it did not stay to be read.
    """

    url: str
    final_url: str
    status: int
    stored: bool
    seconds: float
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None


class Tab:
    """Use `Tab.create`. Not for concurrent use; one visit at a time."""

    def __init__(self, context: BrowserContext, page: Page, cdp: CDPSession, documents: Documents | None) -> None:
        self._context = context
        self._page = page
        self._cdp = cdp
        self._documents = documents
        self._planned: dict[str, Document] = {}
        self._running: set[object] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._crashed = asyncio.Event()
        self._main_frame = ""
        self.asked = ""  # the document the main frame asked for last
        self.visits = 0

    @classmethod
    async def create(cls, browser: PlaywrightBrowser, documents: Documents | None, agent: str) -> Tab:
        context = await browser.new_context(
            viewport=VIEWPORT,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            user_agent=agent,
            device_scale_factor=1,
            accept_downloads=False,
            service_workers="block",
            reduced_motion="reduce",
        )
        page = await context.new_page()
        cdp = await context.new_cdp_session(page)
        tab = cls(context, page, cdp, documents)
        context.on("page", tab._close_popup)
        context.on("dialog", tab._dismiss)
        page.on("crash", lambda _: tab._crashed.set())
        page.on("close", lambda _: tab._crashed.set())
        page.on("request", tab._started)
        page.on("requestfinished", tab._ended)
        page.on("requestfailed", tab._ended)
        cdp.on("Fetch.requestPaused", tab._paused)
        await cdp.send("Page.enable")
        tab._main_frame = (await cdp.send("Page.getFrameTree"))["frameTree"]["frame"]["id"]
        script = {"source": axe.engine().source, "worldName": _WORLD}
        await cdp.send("Page.addScriptToEvaluateOnNewDocument", script)
        await cdp.send("Network.enable")
        await cdp.send("Network.setBlockedURLs", {"urls": [f"*.{m}" for m in _MEDIA] + ["file:*", "ftp:*"]})
        await cdp.send("Fetch.enable", {"patterns": [{"resourceType": "Document", "requestStage": "Request"}]})
        return tab

    async def close(self) -> None:
        """Close the tab and its cookies; nothing happens if the browser is gone already."""
        for task in tuple(self._tasks):
            task.cancel()
        with contextlib.suppress(PlaywrightError, TimeoutError):
            async with asyncio.timeout(10):
                await self._context.close()

    # Opening ---------------------------------------------------------------------------------------------------

    async def open(self, url: str, document: Document | None, moved: str, timeout_s: float) -> Opened:
        """Go to `url`, showing the stored `document` if there is one (at `moved`, if the fetch was redirected).

        Raises PageFailed with what stood in the way.
        """
        if urlsplit(url).scheme not in ("http", "https"):
            raise PageFailed(f"只检测 http 和 https 网页，未打开：{url}")
        self._running.clear()
        self._planned = _planned(url, document, moved)
        self.visits += 1
        began = time.monotonic()
        try:
            if "#" in url:  # from one route of a document to the next the browser would not load anything
                await self._unless_crashed(self._page.goto("about:blank", timeout=timeout_s * 1000))
            answer = await self._unless_crashed(self._page.goto(url, wait_until="commit", timeout=timeout_s * 1000))
        except PlaywrightTimeout:
            raise PageFailed(_too_slow(timeout_s), tab_usable=False) from None
        except PlaywrightError as error:
            raise self._failure(error) from None
        status = answer.status if answer is not None else 0
        if document is None and status >= 400:
            raise PageFailed(f"服务器返回 {status}")
        seconds = time.monotonic() - began
        if document is not None or answer is None:
            return Opened(url, self._page.url, status, document is not None, seconds)
        try:
            async with asyncio.timeout(timeout_s):
                body, headers = await self._unless_crashed(answer.body()), await answer.all_headers()
        except TimeoutError:
            raise PageFailed(_too_slow(timeout_s), tab_usable=False) from None
        except PlaywrightError:  # the page has moved on at once and its first document is gone
            body, headers = None, {}
        return Opened(url, self._page.url, status, False, seconds, headers, body)

    async def control(self) -> int:
        """How long a plain page without any address takes to open here and now, in ms: the machine's own share."""
        began = time.monotonic()
        await self._unless_crashed(self._page.goto(_PLAIN))
        return round((time.monotonic() - began) * 1000)

    async def settle(self, quiet_ms: int, limit_s: float, grow_ms: int = 0) -> bool:
        """Wait until the page stands still and its scripts wait for nothing; False when it does not come to rest.

        `limit_s` bounds the arrival of the document, SETTLE_LIMIT_S what comes after. A page that fills itself is
        given `grow_ms` to begin with it. Raises PageFailed when the document does not arrive in time.
        """
        began = time.monotonic()
        patience = min(limit_s, SETTLE_LIMIT_S)
        while (left := limit_s - (time.monotonic() - began)) > 0:
            times = {"quiet": quiet_ms, "patience": patience * 1000, "limit": left * 1000, "grow": grow_ms}
            state = await self.run("settle", times)
            if state["loading"]:
                raise PageFailed(_too_slow(limit_s), tab_usable=False)
            if not state["still"] or not self._running:
                return bool(state["still"])
            limit_s, grow_ms = patience, 0  # read to its end, but its scripts still wait for something
            await asyncio.sleep(0.05)
        return False

    @property
    def url(self) -> str:
        return self._page.url

    # Reading ---------------------------------------------------------------------------------------------------

    async def run(self, name: str, argument: object = None, *, tries: int = 3) -> Any:
        """Run one of our page scripts in our own world; once more when the page navigated away meanwhile.

        Raises PageFailed.
        """
        code = f"({axe.script(name)})({json.dumps(argument, ensure_ascii=False)})"
        for left in reversed(range(tries)):
            try:
                return await self._unless_crashed(self._evaluate(code))
            except PlaywrightError as error:
                if not left or not any(mark in str(error) for mark in _GONE):
                    raise self._failure(error) from None
                with contextlib.suppress(PlaywrightError):
                    await self._page.wait_for_load_state("domcontentloaded", timeout=5000)
        raise AssertionError("unreachable")

    async def _evaluate(self, code: str) -> Any:
        frame = (await self._cdp.send("Page.getFrameTree"))["frameTree"]["frame"]["id"]
        world = await self._cdp.send("Page.createIsolatedWorld", {"frameId": frame, "worldName": _WORLD})
        answer = await self._cdp.send(
            "Runtime.evaluate",
            {
                "contextId": world["executionContextId"],
                "expression": code,
                "awaitPromise": True,
                "returnByValue": True,
            },
        )
        if fault := answer.get("exceptionDetails"):
            text = fault.get("exception", {}).get("description") or fault.get("text", "")
            raise PageFailed(f"页面脚本检测出错：{text.splitlines()[0][:200] if text else '未知'}")
        return answer["result"].get("value")

    async def in_page(self, code: str) -> None:
        """Run code in the page's own world, where its functions can be replaced."""
        with contextlib.suppress(PlaywrightError):
            await self._cdp.send("Runtime.evaluate", {"expression": code})

    async def photograph(self, now: Callable[[], datetime], most: int = MAX_HEIGHT) -> Shot:
        """The page as JPEG, at most `most` pixels of its height. Raises PageFailed."""
        size = await self.run("measure")
        height = int(min(size["height"], most))
        clip = {"x": 0, "y": 0, "scale": 1, "width": VIEWPORT["width"], "height": height}
        beyond = height > VIEWPORT["height"] or size["scrolled"]  # else the page need not be laid out anew
        picture = {"format": "jpeg", "quality": QUALITY, "captureBeyondViewport": beyond, "clip": clip}
        taken = now()
        try:
            answer = await self._unless_crashed(self._cdp.send("Page.captureScreenshot", picture))
        except PlaywrightError as error:
            raise self._failure(error) from None
        return Shot.of(base64.b64decode(answer["data"]), int(size["height"]), height, taken)

    # What the page must not do ---------------------------------------------------------------------------------

    def _paused(self, event: dict[str, Any]) -> None:
        task = asyncio.ensure_future(self._answer(event))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, event: dict[str, Any]) -> None:
        request, identity = event["request"], {"requestId": event["requestId"]}
        if event.get("frameId") == self._main_frame:
            self.asked = request["url"]
        with contextlib.suppress(PlaywrightError):  # the page may be gone before its request is answered
            if not _may_open(request):
                await self._cdp.send("Fetch.failRequest", {**identity, "errorReason": "Aborted"})
                return
            document = self._document_for(request["url"])
            if document is None:
                await self._cdp.send("Fetch.continueRequest", identity)
            else:
                await self._cdp.send("Fetch.fulfillRequest", {**identity, **document.fulfilment()})

    def _document_for(self, url: str) -> Document | None:
        planned = self._planned.pop(url, None)
        if planned is not None or self._documents is None:
            return planned
        return self._documents.stored(url)

    def _started(self, request: Any) -> None:
        if request.resource_type in _AWAITED:
            self._running.add(request)

    def _ended(self, request: Any) -> None:
        self._running.discard(request)

    def _close_popup(self, page: Page) -> None:
        if page is not self._page:
            self._later(page.close())

    def _dismiss(self, dialog: Dialog) -> None:
        # To stay on a page that asks "really leave?" would stop the tab; everything else is answered with "no".
        self._later(dialog.accept() if dialog.type == "beforeunload" else dialog.dismiss())

    def _later(self, work: Any) -> None:
        async def quietly() -> None:
            with contextlib.suppress(PlaywrightError):
                await work

        task = asyncio.ensure_future(quietly())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # Failing ---------------------------------------------------------------------------------------------------

    async def _unless_crashed(self, command: Coroutine[Any, Any, T]) -> T:
        """Commands to a crashed page are never answered: give this one up when the crash is reported."""
        work = asyncio.ensure_future(command)
        crash = asyncio.ensure_future(self._crashed.wait())
        try:
            await asyncio.wait((work, crash), return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                return work.result()
            raise PageFailed("浏览器页面崩溃", tab_usable=False)
        finally:
            crash.cancel()
            if not work.done():
                work.cancel()

    def _failure(self, error: PlaywrightError) -> PageFailed:
        text = str(error)
        if self._crashed.is_set() or "crash" in text.lower() or "has been closed" in text:
            return PageFailed("浏览器页面崩溃", tab_usable=False)
        for mark, message in _NET_ERRORS:
            if mark in text:
                return PageFailed(message)
        first = text.splitlines()[0] if text else ""
        return PageFailed(f"浏览器未能打开该页：{first[:200]}")


def _too_slow(limit_s: float) -> str:
    return f"{limit_s:g} 秒内页面没有加载完成"


_NET_ERRORS = (
    ("ERR_SOCKS_CONNECTION_FAILED", "无法连接（域名无法解析、连接失败，或指向不允许访问的内网地址）"),
    ("ERR_PROXY_CONNECTION_FAILED", "无法连接"),
    ("ERR_UNSAFE_REDIRECT", "跳转到不允许的地址，已拒绝"),
    ("ERR_DISALLOWED_URL_SCHEME", "跳转到不允许的地址，已拒绝"),
    ("ERR_UNKNOWN_URL_SCHEME", "跳转到不允许的地址，已拒绝"),
    ("ERR_BLOCKED_BY_CLIENT", "页面要提交表单或转到不允许的地址，已拒绝"),
    ("ERR_TOO_MANY_REDIRECTS", "循环跳转"),
    ("ERR_CERT", "证书错误"),
    ("ERR_SSL", "加密连接错误"),
    ("ERR_EMPTY_RESPONSE", "服务器没有返回内容"),
    ("ERR_CONNECTION", "连接中断"),
    ("Download is starting", "该地址是下载文件，不是网页"),
    ("ERR_ABORTED", "该地址不是网页，或页面中止了加载"),
)


def _may_open(request: dict[str, Any]) -> bool:
    """Documents are only ever asked for: no form is sent, no other scheme followed, no file taken for a page."""
    parts = urlsplit(request["url"])
    file = parts.path.lower().rpartition(".")[2]
    return request["method"] in ("GET", "HEAD") and parts.scheme in ("http", "https") and file not in _MEDIA


def _planned(url: str, document: Document | None, moved: str) -> dict[str, Document]:
    if document is None:
        return {}
    asked = url.partition("#")[0]
    if moved:
        return {asked: Document(302, location=moved), moved: document}
    return {asked: document}
