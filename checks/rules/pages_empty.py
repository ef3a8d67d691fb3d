"""Topic pages: published items that have a title and nothing under it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from checks.facts import Fact, Link, Page, Region
from checks.outcomes import Outcome, Reason
from checks.rule import Example, Params, number, rule
from checks.rules.dates import hidden, items_of
from checks.snapshot import Snapshot
from checks.texts import fold, overlap
from checks.tiny import HOME, TinySnapshot, tiny
from checks.tiny_parts import BLOCKED, article
from checks.tiny_web import classed
from checks.universal import FINE, UNRENDERED, Answer, judge_pages
from checks.verdicts import Verdict
from config.district import ColumnClass

_GAP = "应取10页，已取7页，首个缺口http://www.example.gov.cn/zwgk/index_2.html（被网站防护系统拦截）"
_LONG = 200  # characters: a text this long is content whatever words frame it
# What stands around every article: the neighbours, who typed it, what to press.
_FRAME = re.compile(
    r"(?:上一篇|下一篇|上一条|下一条)[:：]?.*?(?=上一篇|下一篇|上一条|下一条|$)"
    r"|(?:责任)?编辑[:：]?[一-龥]{0,4}|[（(]?微信扫描分享[）)]?|打印本页|关闭(?:本页|窗口)|附件[:：]?"
)
_ADDRESSED = re.compile(r"[^。；！？:：]{2,100}[:：]")  # "各乡镇、县直各部门：", and nothing after it
_REPEATS = 0.8  # share of the two-character pieces that stand in the title
_SIZES = re.compile(r"(?<!\S)(?:字[号体][:：]?|[大中小])(?!\S)")  # the buttons of a type size, each a word of its own
_TOOLBAR = re.compile(
    r"^(?:[大中小无]|更多|返回|.{0,4}(?:打印|关闭|分享|收藏|推荐|纠错|复制|字号|字体|空间|微博|微信|QQ|人人网).{0,4})?$"
)
_CARRIED = frozenset({"video", "audio", "player", "big-image"})


class ItemEmpty(Params):
    min_chars: int = number(
        "除标题、署名、翻页和工具栏文字外，正文至少", unit="字", default=8, stricter="higher", ge=1
    )
    group_over: int = number("同一栏目超过多少篇时合并为一条", unit="篇", default=5, ge=1)


def _page(text: str, *links: Link, **more: Any) -> TinySnapshot:
    page = article("a.html", "关于某项工作的通知", "2026-09-01", text, owner="zfb", **more)
    return tiny(pages=[page], page_links={HOME + "a.html": links})


def _many(**more: Any) -> TinySnapshot:
    pages = [article(f"g/{n}.html", "会议", "2026-09-01", owner="zfb", column="gzdt", **more) for n in range(6)]
    return tiny(columns=[classed("gzdt", "工作动态", ColumnClass.DYNAMIC)], pages=pages)


@rule(
    "item-empty",
    version=2,
    title="信息没有内容",
    topic="pages",
    logic="U",
    guard="page",
    params=ItemEmpty,
    absence=True,
    legal=("国办发〔2017〕47号 政府网站发展指引（不得有空白栏目；只有标题的信息与空白无异）",),
    messages={
        "passed": "已核查{seen}篇信息，均有正文、附件、图片或音视频。",
        "failed": "《{title}》只有标题，没有正文、附件、图片或音视频（正文{length}字，应不少于{limit}字）。",
        "failed.group": "{where}有{count}篇信息只有标题，没有内容，应为0篇。",
        "cannot-tell": "无法判定：《{title}》由脚本生成，尚未渲染，内容未能看到。",
        "cannot-tell.needs-judgement": "需核实：《{title}》没有正文，{doubt}，请打开看内容是否在其中。",
        "cannot-tell.group": "无法判定：{where}有{count}篇信息{why}，内容未能看到。",
        "cannot-tell.gap": "无法判定：已看到的{seen}篇均有内容，但本单位信息未取全（{gap}）。",
        "inapplicable": "未发现应核查的信息，不适用。",
    },
    why="群众点开标题却什么也看不到，等于没有公开；多半是录入时正文没有保存，或迁移时内容丢失。",
    fix="1. 在内容管理系统打开所列信息，补录正文或重新上传附件。"
    "2. 内容已无法找回的，撤下该信息，并核对列表中没有留下标题。"
    "3. 同一时期成批出现的，请平台方检查系统迁移的数据。",
    recheck="重新打开所列页面，标题下方能看到正文、附件、图片或音视频，或者该信息已撤下。",
    question="所列信息打开后有没有内容？",
    examples=(
        Example(
            "有正文",
            _page("现将有关事项通知如下，请认真执行。"),
            "passed",
            "已核查1篇信息，均有正文、附件、图片或音视频。",
        ),
        Example(
            "内容在附件里",
            _page("", Link(HOME + "a.pdf", "通知全文", Region.CONTENT, "attachment")),
            "passed",
            "已核查1篇信息，均有正文、附件、图片或音视频。",
        ),
        Example(
            "视频信息",
            _page("编辑：王某", marks={"video": "/v.mp4"}),
            "passed",
            "已核查1篇信息，均有正文、附件、图片或音视频。",
        ),
        Example(
            "只有标题和翻页",
            _page(
                "关于某项工作的通知 上一篇：无 下一篇：无",
                Link("javascript:;", "打印本页", Region.CONTENT, "script-action"),
            ),
            "failed",
            "《关于某项工作的通知》只有标题，没有正文、附件、图片或音视频（正文0字，应不少于8字）。",
        ),
        Example(
            "正文重复标题的一部分",
            _page("关于某项工作的"),
            "failed",
            "《关于某项工作的通知》只有标题，没有正文、附件、图片或音视频（正文0字，应不少于8字）。",
        ),
        Example(
            "只有主送单位",
            _page("各乡镇人民政府、县直各部门："),
            "failed",
            "《关于某项工作的通知》只有标题，没有正文、附件、图片或音视频（正文0字，应不少于8字）。",
        ),
        Example(
            "同一栏目多篇合并",
            _many(),
            "failed",
            "“工作动态”栏目有6篇信息只有标题，没有内容，应为0篇。",
            subject="gzdt",
        ),
        Example(
            "整个栏目未渲染",
            _many(needs_render=True),
            "cannot-tell",
            "无法判定：“工作动态”栏目有6篇信息页面由脚本生成，尚未渲染，内容未能看到。",
            subject="gzdt",
        ),
        Example(
            "内嵌网页",
            _page("", Link(HOME + "v.html", "", Region.CONTENT, "frame")),
            "cannot-tell",
            "需核实：《关于某项工作的通知》没有正文，页面内嵌了另一个网页，请打开看内容是否在其中。",
            reason="needs-judgement",
            review=True,
        ),
        Example(
            "有一张小图片",
            _page("", Link(HOME + "a.png", "", Region.CONTENT, "image")),
            "cannot-tell",
            "需核实：《关于某项工作的通知》没有正文，页面有图片，请打开看内容是否在其中。",
            reason="needs-judgement",
            review=True,
        ),
        Example(
            "入口由脚本打开",
            _page("", Link("javascript:;", "查看全文", Region.CONTENT, "script-action")),
            "cannot-tell",
            "需核实：《关于某项工作的通知》没有正文，“查看全文”由脚本打开，请打开看内容是否在其中。",
            reason="needs-judgement",
            review=True,
        ),
        Example(
            "未渲染",
            _page("", needs_render=True),
            "cannot-tell",
            "无法判定：《关于某项工作的通知》由脚本生成，尚未渲染，内容未能看到。",
            reason="not-rendered",
        ),
        Example(
            "单位信息未取全",
            tiny(
                pages=[article("a.html", "通知", "2026-09-01", "现将有关事项通知如下。", owner="zfb")],
                coverage=BLOCKED,
            ),
            "cannot-tell",
            f"无法判定：已看到的1篇均有内容，但本单位信息未取全（{_GAP}）。",
            reason="blocked",
        ),
        Example("没有信息", tiny(), "inapplicable", "未发现应核查的信息，不适用。"),
    ),
)
def item_empty(snapshot: Snapshot, params: ItemEmpty) -> Iterator[Verdict]:
    def ask(page: Page) -> Answer:
        if page.text_length >= _LONG:
            return FINE
        length = len(_own_words(page.text, page.title))
        if length >= params.min_chars or any(mark.origin in _CARRIED for mark in page.marks):
            return FINE
        if hidden(page):
            return UNRENDERED
        links = [k for k in snapshot.links(page.url) if k.region is Region.CONTENT and not k.hidden]
        if any(k.kind == "attachment" for k in links):
            return FINE
        doubt = _doubt(links)
        data: dict[str, object] = {"length": length, "limit": params.min_chars, "doubt": doubt}
        if doubt:
            return Answer(Outcome.CANNOT_TELL, page.text[:200], Reason.NEEDS_JUDGEMENT, data)
        return Answer(Outcome.FAILED, page.text[:200], data=data)

    yield from judge_pages(snapshot, items_of(snapshot), ask, group_over=params.group_over, review=True)


def _own_words(text: str, title: Fact | None) -> str:
    """The text without the title, in whole or in part, without whom it addresses and what frames every article."""
    plain = fold(_SIZES.sub(" ", text))
    if title is not None:
        plain = plain.replace(fold(title.value), "")
    plain = _FRAME.sub("", plain).strip()
    if _ADDRESSED.fullmatch(plain) or (title is not None and overlap(plain, title.value, 2) >= _REPEATS):
        return ""
    return re.sub(r"\W", "", plain)


def _doubt(links: list[Link]) -> str:
    """Where the content may hide; blank when there is no such place."""
    if any(k.kind == "image" for k in links):
        return "页面有图片"
    if any(k.kind == "frame" for k in links):
        return "页面内嵌了另一个网页"
    actions = (k.text for k in links if k.kind == "script-action")
    pressed = next((text for text in actions if not _TOOLBAR.match(text.strip("[]"))), "")
    return f"“{pressed}”由脚本打开" if pressed else ""
