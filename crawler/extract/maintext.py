"""The main text of a page, its breadcrumb, and where the text begins."""

from __future__ import annotations

import re
from collections.abc import Iterable

from selectolax.lexbor import LexborNode

from checks.facts import Region
from crawler.extract.document import Document, Line, fold
from crawler.extract.headline import is_breadcrumb

MAX_TEXT = 400_000
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
            inside = _below(seen, node)
            if sum(len(x.text) for x in inside) >= 40 and (after is None or inside[-1].at > after):
                start = after if after is not None and inside[0].at <= after else -1
                return _distinct(x for x in inside if x.at > start)
    start = after if after is not None else -1
    found: list[Line] = []
    for line in seen:
        if (
            line.at <= start
            or line.region in (Region.NAVIGATION, Region.HEADER)
            or line.linked > len(line.spaced) * 0.6
        ):
            continue
        if found and _TAIL.match(line.text):
            break
        if not is_breadcrumb(line.text):
            found.append(line)
    return _distinct(found)


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
