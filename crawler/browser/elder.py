"""The elder-friendly mode (适老化 / 长者模式 / 无障碍): switched on by one click, then looked at like any page."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from typing import Any

from crawler.browser.tab import PageFailed, Tab

# 互联网网站适老化通用设计规范 2.4.1, 2.4.2 (Apr 2021): no adverts, no pop-ups, no inducing buttons in elder mode.
OVERLAY_SHARE = 0.2  # of the viewport: smaller layers are toolbars
OVERLAY_WORDS = r"广告|推广|下载|安装|打开\s*APP|立即体验|支付|付款|购买|充值|抽奖|红包|领取|\.apk"
OVERLAY_ARGUMENTS = {"share": OVERLAY_SHARE, "words": OVERLAY_WORDS}
SETTLE_QUIET_MS = 500
LOOK_EVERY_S = 0.2
LOOK_LIMIT_S = 5.0

# Switches that open a window are followed in this page instead: pop-ups are closed.
_SAME_WINDOW = "window.open = (u) => { if (u) location.href = u; return null; }"


async def switch_on(tab: Tab, hosts: Iterable[str], limit_s: float) -> str:
    """Click the entry on the open home page. Returns its label; raises PageFailed when there is no mode to look at.

    `hosts` are those of the audited site: an entry that leads elsewhere is not followed.
    """
    before = await tab.run("look")
    await tab.in_page(_SAME_WINDOW)
    answer = await tab.run("elder", {"hosts": sorted(hosts)}, tries=1)
    if answer["state"] == "no-entry":
        raise PageFailed("首页未找到可点击的适老化或无障碍入口")
    label = answer["text"]
    if answer["state"] == "foreign":
        raise PageFailed(f"“{label}”入口指向站外（{answer['url']}），未进入，需人工查看")
    end = time.monotonic() + min(limit_s, LOOK_LIMIT_S)
    while time.monotonic() < end:  # the click may load a page or a toolbar: look until something has changed
        await asyncio.sleep(LOOK_EVERY_S)
        await tab.settle(SETTLE_QUIET_MS, limit_s)
        if await tab.run("look") != before:
            return label
    raise PageFailed(f"点击“{label}”后页面没有变化，需人工查看")


async def overlays(tab: Tab) -> tuple[str, ...]:
    """Layers lying over the page, described in Chinese, largest first."""
    return described(await tab.run("overlays", OVERLAY_ARGUMENTS))


def described(layers: list[dict[str, Any]]) -> tuple[str, ...]:
    """Sentences for what scripts/overlays.js found."""
    return tuple(_described(layer) for layer in sorted(layers, key=lambda found: -found["part"]))


def _described(layer: dict[str, Any]) -> str:
    size = f"{layer['width']:.0f}×{layer['height']:.0f}，占屏幕 {layer['part']:.0%}"
    word = f"，含“{layer['word']}”" if layer["word"] else ""
    text = f"：{layer['text']}" if layer["text"] else ""
    return f"{layer['kind']} {layer['name']}（{size}{word}）{text}"
