"""The accessibility pass on a Selenium Grid: the same axe-core, the same small results, other machines' browsers.

For offices that outgrow one machine. A grid's nodes fetch the pages themselves, so what they judge is the page as it
is then, not the sealed body; the artifacts say so (`stored_document` false).
"""

from __future__ import annotations

import base64
import contextlib
import io
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from axe_selenium_python import Axe
from PIL import Image
from selenium import webdriver
from selenium.common.exceptions import (
    InvalidSessionIdException,
    NoSuchWindowException,
    TimeoutException,
    WebDriverException,
)
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.command import Command
from selenium.webdriver.remote.webdriver import WebDriver

from config.district import District
from crawler.browser import axe, elder
from crawler.browser.documents import Documents, Refused
from crawler.browser.finder import BrowserMissing
from crawler.browser.flags import VIEWPORT, launch_flags, resolver_rules
from crawler.browser.gridtraffic import LOGGING, Account
from crawler.browser.kept import Kept, Task, keep_loss, violations
from crawler.browser.pictures import MAX_HEIGHT, QUALITY, Shot
from crawler.browser.tab import SETTLE_LIMIT_S
from crawler.browser.traffic import keep_traffic
from crawler.browser.visit import QUIET_MS
from crawler.store import ObservationStore

FRAME_DEPTH = 2
SCRIPT_TIMEOUT_S = 60
_STATE = "return [location.protocol, (performance.getEntriesByType('navigation')[0] || {}).responseStatus || 0]"
_CALL = "const done = arguments[arguments.length - 1]; Promise.resolve(({code})(arguments[0]))" + (
    ".then(value => done({value}), error => done({error: String(error)}));"
)


class GridMissing(BrowserMissing):
    """The grid does not answer or gives no session. The message is Chinese."""


def run_on_grid(
    district: District,
    store: ObservationStore,
    tasks: Iterable[Task],
    finished: Callable[[Task, str], None],
    now: Callable[[], datetime],
) -> None:
    """Test each task's page on `district.browser.grid_url`.

    `finished(task, error)` is called for each; a blank error means done. A lost page leaves an AxePage with `ok`
    false. Raises GridMissing when there is no session to be had.
    """
    documents = Documents(store)
    interval = 1 / float(district.crawl.rate)
    driver: WebDriver | None = None
    account = Account()
    try:
        for task in tasks:
            began = time.monotonic()
            refused = documents.plan(task.url)
            error = refused.message if isinstance(refused, Refused) else ""
            if not error:
                driver = driver or connect(district)
                error, alive = _attempt(driver, store, task, district, now)
                account.add(_network_events(driver))
                if not alive:
                    quit_driver(driver)
                    driver = None
            if error:
                keep_loss(store, task, now(), error)
            finished(task, error)
            time.sleep(max(0.0, interval - (time.monotonic() - began)))
    finally:
        if driver is not None:
            quit_driver(driver)
        keep_traffic(store, account.tallies)


def connect(district: District) -> WebDriver:
    """A new session on the grid. Raises GridMissing."""
    options = webdriver.ChromeOptions()
    for flag in ("--headless=new", *launch_flags(), f"--host-resolver-rules={resolver_rules(district.resolve)}"):
        options.add_argument(flag)
    options.add_argument(f"--window-size={VIEWPORT['width']},{VIEWPORT['height']}")
    options.set_capability("goog:loggingPrefs", LOGGING)
    options.page_load_strategy = "eager"
    options.unhandled_prompt_behavior = "dismiss"
    try:
        driver = webdriver.Remote(command_executor=district.browser.grid_url, options=options)
    except Exception as error:  # urllib3's and Selenium's errors share no base
        first = (str(error).splitlines() or [type(error).__name__])[0][:200]
        raise GridMissing(
            f"Selenium Grid 无法使用（{district.browser.grid_url}）：{first}。请确认其已启动并有空闲的 Chrome 节点，"
            "或删去 [browser] 的 grid_url 改用本机浏览器。"
        ) from error
    driver.set_page_load_timeout(district.browser.timeout_s)
    driver.set_script_timeout(SCRIPT_TIMEOUT_S)
    size = {**VIEWPORT, "deviceScaleFactor": 1, "mobile": False}
    _devtools(driver, "Emulation.setDeviceMetricsOverride", size)
    _devtools(driver, "Page.setDownloadBehavior", {"behavior": "deny"})
    return driver


def quit_driver(driver: WebDriver) -> None:
    """End the session and its browser; a session that is gone already is no fault."""
    with contextlib.suppress(Exception):
        driver.quit()


def _attempt(
    driver: WebDriver, store: ObservationStore, task: Task, district: District, now: Callable[[], datetime]
) -> tuple[str, bool]:
    """(error, whether the session can go on)."""
    try:
        _visit(driver, store, task, now)
    except TimeoutException:
        return f"{district.browser.timeout_s} 秒内页面没有加载完成", False
    except (InvalidSessionIdException, NoSuchWindowException):
        return "浏览器页面崩溃", False
    except WebDriverException as error:
        message = (error.msg or "").splitlines()[0][:200] if error.msg else "未知错误"
        return f"浏览器未能打开该页：{message}", "crash" not in message
    return "", True


def _network_events(driver: WebDriver) -> list[dict[str, Any]]:
    """What the driver kept since the last call; nothing where the session is gone or the grid keeps no log."""
    try:
        return driver.execute(Command.GET_LOG, {"type": "performance"})["value"] or []
    except WebDriverException:
        return []


def _visit(driver: WebDriver, store: ObservationStore, task: Task, now: Callable[[], datetime]) -> None:
    began = time.monotonic()
    driver.get(task.url)
    load = round(time.monotonic() - began, 2)
    patience = SETTLE_LIMIT_S * 1000
    _call(driver, "settle", {"quiet": QUIET_MS, "patience": patience, "limit": patience, "grow": 0})
    scheme, status = driver.execute_script(_STATE)
    if scheme not in ("http:", "https:"):  # the browser shows an error page of its own under the page's address
        raise WebDriverException("无法连接，或页面转到不允许的地址")
    if status >= 400:
        raise WebDriverException(f"服务器返回 {status}")
    _inject(driver, FRAME_DEPTH)
    at = now()
    result = _call(driver, "axe_run", axe.RUN_ARGUMENTS)
    layers = elder.described(_call(driver, "overlays", elder.OVERLAY_ARGUMENTS))
    kept = Kept(task, driver.current_url)
    shot, crops = None, {}
    if task.screenshot or violations(result):
        shot = _photograph(driver, now)
        kept.shot(shot)
        crops = kept.crops(shot, result)
    kept.test(result, at, shot, crops, layers, stored_document=False, load_seconds=load, grid=True)
    kept.write(store)


def _inject(driver: WebDriver, depth: int) -> None:
    """Put axe-core into the page and its frames; the package itself only does the page."""
    Axe(driver, script_url=str(axe.engine().path)).inject()
    if not depth:
        return
    for frame in driver.find_elements(By.CSS_SELECTOR, "iframe, frame"):
        try:
            driver.switch_to.frame(frame)
        except WebDriverException:
            continue  # a frame that is gone again
        _inject(driver, depth - 1)
        driver.switch_to.parent_frame()


def _call(driver: WebDriver, name: str, argument: object) -> Any:
    answer = driver.execute_async_script(_CALL.replace("{code}", axe.script(name)), argument)
    if "error" in answer:
        raise WebDriverException(f"页面脚本检测出错：{answer['error'][:200]}")
    return answer["value"]


def _photograph(driver: WebDriver, now: Callable[[], datetime]) -> Shot:
    size = _call(driver, "measure", None)
    height = int(min(size["height"], MAX_HEIGHT))
    clip = {"x": 0, "y": 0, "scale": 1, "width": VIEWPORT["width"], "height": height}
    taken = now()
    picture = {"format": "jpeg", "quality": QUALITY, "captureBeyondViewport": True, "clip": clip}
    data = base64.b64decode(_devtools(driver, "Page.captureScreenshot", picture)["data"])
    Image.open(io.BytesIO(data)).verify()
    return Shot.of(data, int(size["height"]), height, taken)


def _devtools(driver: WebDriver, command: str, arguments: dict[str, object]) -> dict[str, Any]:
    return driver.execute("executeCdpCommand", {"cmd": command, "params": arguments})["value"]
