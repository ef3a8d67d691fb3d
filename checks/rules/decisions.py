"""重大行政决策: the catalogue of the year, and the steps of each decision gathered behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from checks.attached import full_text, readable_length
from checks.decision_rows import entries
from checks.facts import Link, Page, Region, Target
from checks.gaps import gap_reason, joined, search
from checks.items import items
from checks.laws import DECISIONS_713, DISTRICT_PLAN
from checks.outcomes import FetchOutcome, Reason
from checks.rule import Example, Params, Status, number, rule, words
from checks.snapshot import Snapshot
from checks.texts import core_title, fold
from checks.tiny import HOME, TinySnapshot, tiny
from checks.tiny_parts import BLOCKED, article, column
from checks.verdicts import Evidence, Verdict, cannot_tell, failed, inapplicable, passed

_OWNER_WORDS = ("承办单位", "承办部门", "责任单位", "决策承办")
_CATALOGUE = re.compile(r"重大行政决策.{0,8}(?:事项)?.{0,4}目录")


def catalogues(snapshot: Snapshot, year: int) -> list[Page]:
    """Pages that are the decision catalogue of `year`, by title; the year may stand in the text instead."""
    found = []
    for item in items(snapshot):
        page = snapshot.page(item.url) if _CATALOGUE.search(fold(item.title)) else None
        if page is not None:
            named = re.search(r"20\d{2}", item.title) or re.search(r"20\d{2}(?=年)", page.text[:500])
            if named and int(named[0]) == year:
                found.append(page)
    return found


def catalogue_year(snapshot: Snapshot, month: int, day: int) -> int:
    """The latest year whose catalogue is due at the day of judgement."""
    today = snapshot.today
    return today.year if today > date(today.year, month, day) else today.year - 1


class DecisionCatalogue(Params):
    due_month: int = number("公开期限：月", unit="月", default=6, stricter="lower", ge=1, le=12)
    due_day: int = number("公开期限：日", unit="日", default=30, stricter="lower", ge=1, le=28 + 3)
    min_length: int = number("正文少于此数视为内容在附件中", unit="字", default=60, ge=0)


def _listed(text: str = "", path: str = "jc/ml.html", **more: Any) -> Page:
    body = text or (
        "1.城市绿化专项规划 承办单位：区住建局 2.义务教育布局调整方案 承办单位：区教体局 完成时间："
        "2026年12月底前，请按程序办理。"
    )
    return article(path, "示例区2026年度重大行政决策事项目录", "2026-04-10", body, owner="zfb", **more)


def _decided(*pages: Page, **more: Any) -> TinySnapshot:
    return tiny(pages=pages, columns=(column("jcml", "决策目录", "decision-catalogue", **more),))


@rule(
    "decision-catalogue-missing",
    version=1,
    title="决策事项目录未公开",
    topic="decisions",
    logic="E",
    guard="site",
    params=DecisionCatalogue,
    absence=True,
    legal=(f"{DECISIONS_713}第三条", DISTRICT_PLAN),
    messages={
        "passed": "{year}年度重大行政决策事项目录已公开（{day}），列明承办单位。",
        "failed": "{year}年度重大行政决策事项目录应于{due}前公开，至{today}未见（已查{looked}）。",
        "no-owner": "{year}年度重大行政决策事项目录没有列明承办单位。",
        "row-without-owner": "{year}年度重大行政决策事项目录共{count}个事项，其中{lacking}没有列明承办单位。",
        "gap": "{year}年度重大行政决策事项目录尚未找到，但网站未查全（{gap}），不能认定未公开。",
        "cannot-tell.attachment-unreadable": "{year}年度重大行政决策事项目录正文只有{length}字，内容在附件中，"
        "承办单位请人工核对。",
    },
    why="目录先行，群众才知道今年有哪些大事要征求意见。",
    fix="1. 请政府办会同司法局公开{year}年度重大行政决策事项目录。\n2. 每个事项写明承办单位和计划时间。"
    "\n3. 目录内容写进网页正文。",
    recheck="有标题含“{year}年”和“重大行政决策事项目录”的页面，列明承办单位",
    examples=(
        Example(
            "已公开",
            _decided(_listed()),
            "passed",
            "2026年度重大行政决策事项目录已公开（2026-04-10），列明承办单位。",
        ),
        Example(
            "没有公开",
            _decided(),
            "failed",
            "2026年度重大行政决策事项目录应于2026-06-30前公开，至2026-09-30未见（已查10页）。",
        ),
        Example(
            "没有承办单位",
            _decided(_listed("1.城市绿化专项规划 2.义务教育布局调整方案 3.养老服务设施规划" * 3)),
            "failed",
            "2026年度重大行政决策事项目录没有列明承办单位。",
        ),
        Example(
            "表中一行没有承办单位",
            _decided(
                _listed(
                    tables=(
                        (
                            ("序号", "事项名称", "承办单位"),
                            ("1", "城市绿化专项规划", "区住建局"),
                            ("2", "停车设施布局规划", ""),
                        ),
                    )
                )
            ),
            "failed",
            "2026年度重大行政决策事项目录共2个事项，其中“停车设施布局规划”没有列明承办单位。",
        ),
        Example(
            "表中各行都有承办单位",
            _decided(
                _listed(
                    "目录如下表。",
                    tables=((("序号", "事项名称", "承办单位"), ("1", "城市绿化专项规划", "区住建局")),),
                )
            ),
            "passed",
            "2026年度重大行政决策事项目录已公开（2026-04-10），列明承办单位。",
        ),
        Example(
            "栏目未查全",
            _decided(coverage=BLOCKED),
            "cannot-tell",
            "2026年度重大行政决策事项目录尚未找到，但网站未查全（应取10页，已取7页，"
            "首个缺口http://www.example.gov.cn/zwgk/index_2.html（被网站防护系统拦截）），"
            "不能认定未公开。",
            reason="blocked",
        ),
        Example(
            "内容在附件里",
            _decided(_listed("目录见附件")),
            "cannot-tell",
            "2026年度重大行政决策事项目录正文只有5字，内容在附件中，承办单位请人工核对。",
            reason="attachment-unreadable",
        ),
    ),
)
def decision_catalogue_missing(snapshot: Snapshot, params: DecisionCatalogue) -> Iterator[Verdict]:
    year = catalogue_year(snapshot, params.due_month, params.due_day)
    pages = catalogues(snapshot, year)
    states = list(snapshot.by_role("decision-catalogue"))
    coverage = joined(states, "") if states else snapshot.site_coverage()
    coverage = coverage if not coverage.complete else snapshot.site_coverage()
    data: dict[str, Any] = {"year": year, "due": f"{year}-{params.due_month:02d}-{params.due_day:02d}"}
    data |= {"today": str(snapshot.today), **search(coverage)}
    subject = f"decision-catalogue/{year}"
    if not pages:
        if coverage.complete:
            yield failed(subject, data=data)
        else:
            yield cannot_tell(subject, gap_reason(coverage), data=data, variant="gap")
        return
    page = max(pages, key=lambda p: (any(w in p.text for w in _OWNER_WORDS), p.text_length, p.url))
    length = readable_length(snapshot, page)
    data |= {"day": str(page.published.value if page.published else "无日期"), "length": length}
    at: dict[str, Any] = {"url": page.url, "data": data, "evidence": (Evidence.of(page, page.text[:200]),)}
    text = full_text(snapshot, page)
    rows = entries(page, text)
    lacking = [row.name for row in rows if not row.owner]
    if rows and len(lacking) == len(rows):
        yield failed(subject, variant="no-owner", **at)
    elif lacking:
        data |= {"count": len(rows), "lacking": "、".join(f"“{name}”" for name in lacking)}
        yield failed(subject, variant="row-without-owner", **at)
    elif rows or any(w in text for w in _OWNER_WORDS):
        yield passed(subject, **at)
    elif length < params.min_length:
        yield cannot_tell(subject, Reason.ATTACHMENT_UNREADABLE, review=True, **at)
    else:
        yield failed(subject, variant="no-owner", **at)


_NODES = {
    "草案全文": "草案 征求意见稿",
    "草案说明": "说明 起草说明",
    "决策背景": "背景 依据",
    "意见收集采纳": "采纳 反馈 意见征集 征求意见情况 意见收集",
    "代表列席": "列席 代表",
    "决策结果": "决策结果 决定 印发 正式文件 决策文件 决策公布",
}


@dataclass(frozen=True, slots=True)
class _Step:
    """What the catalogue links for one item: node name -> link."""

    name: str
    nodes: dict[str, Link]


class DecisionNode(Params):
    mandatory: tuple[str, ...] = words("已完成事项必须归集的环节", tuple(_NODES))
    due_month: int = number("目录公开期限：月", unit="月", default=6, stricter="lower", ge=1, le=12)


def _linked(*texts: str, dead: str = "", **more: Any) -> TinySnapshot:
    links = tuple(Link(f"{HOME}jc/{n}.html", text) for n, text in enumerate(texts))
    gone = tuple(Target(x.url, "page", True, FetchOutcome.GONE, 404) for x in links if dead and dead in x.text)
    body = "1.城市绿化专项规划 承办单位：区住建局"
    return tiny(pages=(_listed(body),), page_links={HOME + "jc/ml.html": links}, all_targets=gone, **more)


_FULL = ("草案全文", "起草说明", "决策背景", "意见采纳情况", "列席代表意见", "决策结果")


@rule(
    "decision-node-missing",
    version=1,
    title="决策过程信息未归集",
    topic="decisions",
    logic="M",
    guard="site",
    params=DecisionNode,
    absence=True,
    status=Status.PREVIEW,
    legal=(f"{DISTRICT_PLAN}：以目录为统领，用超链接归集决策全过程信息", DECISIONS_713),
    messages={
        "passed": "决策事项“{name}”{count}个环节都已在目录中链接。",
        "failed": "决策事项“{name}”已有决策结果，目录中未链接：{lacking}。",
        "dead": "决策事项“{name}”的链接打不开：{broken}。",
        "none": "{year}年度决策事项目录共{count}个事项，没有用超链接归集任何过程信息。",
        "running": "决策事项“{name}”尚无决策结果，目前缺少：{lacking}，是否仍在办理请人工核对。",
        "unread": "{year}年度决策事项目录的事项未能逐项读出，各事项的过程信息是否归集请人工核对。",
        "unclear": "{year}年度决策事项目录有{links}个链接，不能分清属于哪个事项或环节，请人工核对。",
        "inapplicable": "没有找到{year}年度及上年度的决策事项目录，过程信息不检查。",
    },
    why="散落各处的过程信息，群众无法完整看到一件决策怎样作出。",
    fix="1. 打开决策事项目录的编辑页。\n2. 在每个事项后逐项加链接：草案全文、草案说明、决策背景、"
    "意见收集采纳、代表列席、决策结果。\n"
    "3. 发布后逐个点开核对。",
    recheck="目录页中每个已完成事项都有六个环节的可用链接",
    question="该事项是否仍在办理，或缺少的环节依法不需要？",
    examples=(
        Example("六个环节都有", _linked(*_FULL), "passed", "决策事项“城市绿化专项规划”6个环节都已在目录中链接。"),
        Example(
            "缺背景",
            _linked(*(t for t in _FULL if "背景" not in t)),
            "failed",
            "决策事项“城市绿化专项规划”已有决策结果，目录中未链接：决策背景。",
        ),
        Example(
            "链接打不开",
            _linked(*_FULL, dead="背景"),
            "failed",
            "决策事项“城市绿化专项规划”的链接打不开：决策背景（http://www.example.gov.cn/jc/2.html）。",
        ),
        Example("没有任何链接", _linked(), "failed", "2026年度决策事项目录共1个事项，没有用超链接归集任何过程信息。"),
        Example(
            "事项读不出",
            tiny(pages=(_listed("本年度决策事项经研究确定，请各承办单位按程序办理。"),)),
            "cannot-tell",
            "2026年度决策事项目录的事项未能逐项读出，各事项的过程信息是否归集请人工核对。",
            reason="needs-judgement",
            review=True,
        ),
        Example(
            "仍在办理",
            _linked("草案全文"),
            "cannot-tell",
            "决策事项“城市绿化专项规划”尚无决策结果，目前缺少：草案说明、决策背景、意见收集采纳、"
            "代表列席、决策结果，是否仍在办理请人工核对。",
            reason="needs-judgement",
            review=True,
        ),
        Example(
            "分不清环节",
            tiny(pages=(_listed(),), page_links={HOME + "jc/ml.html": (Link(HOME + "jc/1.html", "查看详情"),)}),
            "cannot-tell",
            "2026年度决策事项目录有1个链接，不能分清属于哪个事项或环节，请人工核对。",
            reason="needs-judgement",
            review=True,
        ),
        Example("没有目录", tiny(), "inapplicable", "没有找到2026年度及上年度的决策事项目录，过程信息不检查。"),
    ),
)
def decision_node_missing(snapshot: Snapshot, params: DecisionNode) -> Iterator[Verdict]:
    year = catalogue_year(snapshot, params.due_month, 30)
    pages = catalogues(snapshot, year) or catalogues(snapshot, year - 1)
    if not pages:
        yield inapplicable(f"decision-catalogue/{year}", data={"year": year})
        return
    page = max(pages, key=lambda p: (p.text_length, p.url))
    names = [row.name for row in entries(page, full_text(snapshot, page))]
    links = [x for x in snapshot.links(page.url) if x.region is Region.CONTENT and x.kind in ("page", "attachment")]
    links = [x for x in links if not x.hidden and x.text.strip()]
    data: dict[str, Any] = {"year": year, "links": len(links), "count": len(names)}
    at: dict[str, Any] = {"url": page.url, "evidence": (Evidence.of(page, page.text[:200]),)}
    if not links and not names:
        yield cannot_tell(page.url, Reason.NEEDS_JUDGEMENT, review=True, data=data, variant="unread", **at)
        return
    if not links:
        yield failed(page.url, data=data, variant="none", **at)
        return
    steps = _steps(names, links)
    if steps is None:
        yield cannot_tell(page.url, Reason.NEEDS_JUDGEMENT, review=True, data=data, variant="unclear", **at)
        return
    gone = {t.url for t in snapshot.targets() if t.outcome is not None and t.outcome.dead}
    for position, step in enumerate(steps, 1):
        yield _gathered(f"{page.url}#{position}", step, gone, params, at)


def _steps(names: list[str], links: list[Link]) -> list[_Step] | None:
    """Links sorted into items and nodes; None when that cannot be done for sure."""
    steps = []
    for name in names:
        core = core_title(name)
        own = links if len(names) == 1 else [x for x in links if core and core in core_title(x.text)]
        nodes: dict[str, Link] = {}
        for link in own:
            node = next((n for n, w in _NODES.items() if any(v in link.text for v in w.split())), "")
            if node:
                nodes.setdefault(node, link)
        steps.append(_Step(name, nodes))
    return steps if steps and any(s.nodes for s in steps) else None


def _gathered(subject: str, step: _Step, gone: set[str], params: DecisionNode, at: dict[str, Any]) -> Verdict:
    lacking = [n for n in params.mandatory if n not in step.nodes]
    broken = [f"{n}（{x.url}）" for n, x in step.nodes.items() if x.url in gone]
    data: dict[str, Any] = {"name": step.name, "lacking": lacking, "count": len(step.nodes), "broken": broken}
    data["nodes"] = [f"{n}：{x.url}" for n, x in step.nodes.items()]
    if broken:
        return failed(subject, data=data, variant="dead", **at)
    if not lacking:
        return passed(subject, data=data, **at)
    if "决策结果" not in step.nodes:
        return cannot_tell(subject, Reason.NEEDS_JUDGEMENT, review=True, data=data, variant="running", **at)
    return failed(subject, data=data, **at)
