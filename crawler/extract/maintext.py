"""The main text of a page, its breadcrumb, and where the text begins."""

from __future__ import annotations

import re
from collections.abc import Iterable

from selectolax.lexbor import LexborNode

from checks.facts import Region
from crawler.extract.document import Document, Line, fold
from crawler.extract.headline import is_breadcrumb

MAX_TEXT = 400_000
BEGUN = 60  # characters; with fewer above them, share and print buttons stand above the text, not below
# in this order (indicators.md §16), then the names other families use
SELECTORS = (
    "#UCAP-CONTENT", "#zoom", ".pages_content", "#articleContent", ".article-content", ".detail-content", "#fontzoom",
    ".trs_editor_view", ".TRS_Editor", ".view-body", "#vsb_content", ".v_news_content", ".article_content", "#Zoom",
    ".Custom_UnionStyle", "#NewsContent", "#js_content", ".news_cont_d_wrap", ".zw-content", ".xxgk_content",
    "#Content", ".content",
)  # fmt: skip
_TAIL = re.compile(
    r"^(?:相关(?:信息|新闻|文件|链接|解读|阅读|附件|政策)|上一篇|下一篇|扫一扫|分享到|【?打印|【?关闭|返回顶部|责任编辑"
    r"|推荐阅读|热点(?:新闻|推荐))"
)
_SPLIT = re.compile(r"\s*(?:>>|>|»|›|＞|→|/|\\|-(?=\s)|·|\|)\s*")
# always below the text: its neighbours in the list
_NEIGHBOUR = re.compile(r"^[【\[]?[上下]一[篇条][】\]]?\s*(?:[:：]|$|无|没有|\S{1,60}$)")
_PRESSED = (  # what says by itself that it is no text
    r"分享(?:到|至)|转发到|字[号体]|打印(?:本[页文])?|关闭(?:本页|窗口|页面)|收藏本[页文]|返回顶部|我要(?:推荐|收藏|打印|分享)|(?:我要|网站|内容)纠错"
    r"|QQ(?:空间|好友)|(?:新浪|腾讯)微博|微信(?:好友|朋友圈)|人人网|开心网|百度贴吧|复制链接|扫一扫(?:在手机(?:上)?(?:打开|查看|阅读)(?:当前|本)?页面?)?"
)
_BESIDE = r"分享|收藏|关闭|更多|微信|微博|[大中小]|[TA]?[+＋\-－]|\d{1,4}(?!\d)"  # what stands beside such words
_BETWEEN = r"[\s:：|｜/·、【】\[\]（）()]*"
_TOOLS = re.compile(rf"(?=.*(?:{_PRESSED})){_BETWEEN}(?:(?:{_PRESSED}|{_BESIDE}){_BETWEEN})+$", re.I)
_PROSE = re.compile(r"[。；！？]")
_CRUMB_LEAD = re.compile(r"^.*?位置\s*[:：】\]]?\s*")
_CRUMB_CLASS = (
    "[class*=crumb], [class*=curmb], [class*=position], [class*=location], [class*=dqwz], [class*=weizhi]"
    ", [id*=crumb]"
)


def main_lines(document: Document, after: int | None, excluded: frozenset[int] = frozenset()) -> list[Line]:
    """Lines of the main text: those below the first fitting container, else all between headline and footer."""
    seen = [x for x in document.seen if x.region is not Region.FOOTER and x.at not in excluded]
    for selector in SELECTORS:
        for node in document.tree.css(selector)[:4]:
            inside = [x for x in _below(seen, node) if not _TOOLS.match(x.spaced)]
            if sum(len(x.text) for x in inside) >= 40 and (after is None or inside[-1].at > after):
                start = after if after is not None and inside[0].at <= after else -1
                return _distinct(_above_neighbours([x for x in inside if x.at > start]))
    start = after if after is not None else -1
    found: list[Line] = []
    below = False  # past the text, as it seems: only what reads like a text makes up for that
    for line in seen:
        if (
            line.at <= start
            or line.region in (Region.NAVIGATION, Region.HEADER)
            or line.linked > len(line.spaced) * 0.6
        ):
            continue
        if found and (_TAIL.match(line.text) or _NEIGHBOUR.match(line.text)):
            if not _TOOLS.match(line.spaced) or sum(len(x.text) for x in found) >= BEGUN:
                break
            continue  # buttons between the line with the source and the text
        below = below or bool(_NEIGHBOUR.match(line.text))
        if _TOOLS.match(line.spaced) or is_breadcrumb(line.text):
            continue
        if found or not below or _is_prose(line):
            found.append(line)
    return _distinct(found)


def _is_prose(line: Line) -> bool:
    return bool(_PROSE.search(line.text)) and not line.linked and not _NEIGHBOUR.match(line.text)


def _above_neighbours(lines: list[Line]) -> list[Line]:
    """A container often holds more than the text. Neighbours that stand above the text end nothing."""
    cut = next((n for n, x in enumerate(lines) if _NEIGHBOUR.match(x.text)), None)
    return lines if cut is None or any(map(_is_prose, lines[cut:])) else lines[:cut]


def joined(lines: Iterable[Line]) -> str:
    return fold(" ".join(x.text for x in lines))[:MAX_TEXT]


def breadcrumb(document: Document) -> tuple[str, ...]:
    """Steps of the breadcrumb, from the front page to the page itself; empty if there is none."""
    for line in document.seen:
        if line.region is not Region.FOOTER and is_breadcrumb(line.spaced) and len(line.spaced) < 300:
            text = _CRUMB_LEAD.sub("", line.spaced)
            steps = _steps(text)
            if not steps and line.at + 1 < len(document.lines):
                steps = _steps(document.lines[line.at + 1].spaced)
            if steps:
                return steps
    for node in document.tree.css(_CRUMB_CLASS)[:3]:
        steps = _steps(fold(node.text(deep=True, separator=" ") or ""))
        if len(steps) > 1 and len(steps) < 9:
            return steps
    return ()


def _steps(text: str) -> tuple[str, ...]:
    return tuple(s[:80] for s in (p.strip(" :：") for p in _SPLIT.split(text[:300])) if s)[:10]


def _below(lines: list[Line], node: LexborNode) -> list[Line]:
    goal = node.mem_id
    known: dict[int, bool] = {goal: True}
    found = []
    for line in lines:
        path: list[int] = []
        at: LexborNode | None = line.node
        answer = False
        while at is not None:
            seen = known.get(at.mem_id)
            if seen is not None:
                answer = seen
                break
            path.append(at.mem_id)
            at = at.parent
        for step in path:
            known[step] = answer
        if answer:
            found.append(line)
    return found


def _distinct(lines: Iterable[Line]) -> list[Line]:
    """Long lines once: templates repeat the text for screen readers."""
    known: set[str] = set()
    found = []
    for line in lines:
        if len(line.text) > 30:
            if line.text in known:
                continue
            known.add(line.text)
        found.append(line)
    return found
