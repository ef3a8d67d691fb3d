"""Chosen messages of four units: two columns that have gone stale, two with what a naive tool takes for a fault."""

# ruff: noqa: E501 - sentences of the fictitious site stay whole

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from audit.demo.bodies import body
from audit.demo.families import Section, publish
from audit.demo.grammar import html
from audit.demo.layout import Crumbs
from audit.demo.model import Item, Replica, ago, on


@dataclass(frozen=True, slots=True)
class Message:
    """`answered` None: still open. `state` is what the page shows as state, blank for nothing."""

    topic: str
    asked: datetime
    answered: datetime | None = None
    state: str = ""
    words: str = ""
    pinned: bool = False
    kind: str = "咨询"


CHOSEN: dict[str, tuple[Message, ...]] = {
    "mzj": (  # planted: nothing new for 100 days, and one message without an answer for 140
        Message("高龄津贴如何认证", ago(100), ago(97)),
        Message("社区养老床位何时开放", ago(140), state="办理中"),
    ),
    "rsj": (  # planted: nothing new for 75 days
        Message("灵活就业参保如何办理", ago(75), ago(73)),
        Message("失业登记需要哪些材料", ago(90), ago(87)),
    ),
    "jyj": (
        Message("体育馆开放时间", ago(3), state="办理中"),
        Message("转学手续办理", on("2026-09-21"), on("2026-09-28")),  # trap: a holiday lies between
        Message("局长访谈预告留言", ago(120), state="办理中", kind="访谈"),  # trap: not a message to be answered
    ),
    "qingting": (
        Message("办事大厅周末值班安排", ago(300), ago(298), pinned=True),  # trap: an old one pinned on top
        Message("楼道照明维修", ago(4), state="办理中"),
        Message("小区充电桩规划", on("2026-08-10"), on("2026-08-17")),  # trap: the fifth working day
        Message(
            "雨污分流施工", ago(130), ago(127), "已办结", "此前来信尚未答复，现再次咨询。"
        ),  # trap: its own words
    ),
}
_NUMBERS = {"mzj": 567_100, "rsj": 567_200, "jyj": 567_300, "qingting": 567_400}


def front(unit: str) -> str:
    return "/mzj/lyxd/" if unit == "mzj" else f"/zwgk/xxgkml/{unit}/lyxd/"


def _section(unit: str) -> Section:
    who = body(unit)
    crumbs: Crumbs = (("首页", "/"), ("互动交流", "/hdjl/"))
    items = tuple(_item(unit, n, message) for n, message in enumerate(CHOSEN[unit]))
    return Section(
        "留言选登", front(unit), items, crumbs=crumbs, side_title=who.short, column_type="咨询投诉",
        dates="cn" if unit == "jyj" else "iso", description=f"{who.short}留言选登栏目，选登群众留言和答复",
    )  # fmt: skip


def _item(unit: str, n: int, message: Message) -> Item:
    who = body(unit)
    lines = [f"留言时间：{message.asked:%Y-%m-%d}", f"留言内容：您好，想咨询{message.topic}，盼复。{message.words}"]
    lines += [f"办理状态：{message.state}"] if message.state else []
    if message.answered:
        lines += [f"答复时间：{message.answered:%Y-%m-%d}",
                  f"答复内容：您好，您反映的“{message.topic}”已收悉，{who.short}已按规定办理。感谢您的关注。"]  # fmt: skip
    title = f"[{message.kind}] {message.topic}"
    return Item(_NUMBERS[unit] + n, title, message.asked, who.full, html(lines), pinned=message.pinned)


def add_chosen(replica: Replica) -> None:
    for unit in CHOSEN:
        publish(replica, _section(unit))


def address(unit: str, n: int) -> str:
    section = _section(unit)
    return section.address(section.items[n])
