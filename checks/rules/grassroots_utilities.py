"""基层政务公开: what public utilities publish, field by field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from checks.facts import Link, Page
from checks.gaps import gap_reason, search
from checks.items import Item, items, title_of, units_judged
from checks.laws import UTILITIES_50
from checks.outcomes import Reason
from checks.periods import months_before
from checks.rule import Example, Params, number, rule, words
from checks.snapshot import Snapshot
from checks.texts import has_phone, missing
from checks.tiny import HOME, TinySnapshot, tiny
from checks.tiny_parts import BLOCKED, article, column
from checks.verdicts import Evidence, Verdict, cannot_tell, failed, passed


class UtilityInfo(Params):
    fields: tuple[str, ...] = words(
        "领域|栏目名称中的词（空格隔开）|主管单位名称中的词（没有这样的单位时由门户主管单位负责）",
        (
            "教育|教育 学校|教体 教育",
            "卫生健康|卫生健康 卫生 医疗 医院|卫生健康 卫健",
            "生态环境|生态环境 环境保护|生态环境",
            "交通运输|交通运输 公共交通 公交|交通运输",
            "住房城乡建设|住房城乡建设 供水 供热 供气 燃气|住房 住建",
            "能源|能源 供电 电力|发展改革 发展和改革",
        ),
    )
    elements: tuple[str, ...] = words(
        "目录应有的内容（写法用|隔开）",
        ("公开内容|内容", "公开时限|时限", "公开渠道|渠道", "公开主体|主体", "公开范围|范围"),
    )
    months: int = number("信息更新期限", unit="个月", default=12, stricter="lower", ge=1)


_UTILITIES = column("ggqy", "公共企事业单位信息公开", "utilities")
_EDU = {"fields": ["教育|教育 学校"]}


def _utility(*pages: Page, label: str = "教育领域", **more: Any) -> TinySnapshot:
    links = (Link(HOME + "ggqy/jy/", label),) if label else ()
    return tiny(pages=pages, columns=(_UTILITIES,), page_links={HOME + "ggqy/": links}, **more)


_SCHOOL = article(
    "ggqy/jy/1.html",
    "学校信息公开目录",
    "2026-03-01",
    "公开内容 公开时限 公开渠道 公开主体 公开范围 咨询电话6611111",
    column="ggqy",
    breadcrumb=("公共企事业单位", "教育领域"),
)


@rule(
    "utility-info-incomplete",
    version=2,
    title="公共企事业单位公开不全",
    topic="grassroots",
    logic="E",
    guard="site",
    params=UtilityInfo,
    absence=True,
    legal=(f"{UTILITIES_50}：公共企事业单位信息公开目录、内容、时限、渠道、主体、范围",),
    messages={
        "passed": "“{field}”领域有公开目录和咨询电话，最新{newest}，共{count}条。",
        "failed": "公共企事业单位信息公开没有“{field}”领域栏目（已读导航{known}页）。",
        "gap": "没有找到“{field}”领域栏目，但导航未查全（{gap}），不能认定没有。",
        "cannot-tell.needs-judgement": "“{field}”领域有栏目，但{doubts}，请人工核对。",
    },
    why="水电气热、学校医院与群众生活最近，信息公开有专门规定。",
    fix="1. 在“公共企事业单位信息公开”下设“{field}”领域。\n2. 督促主管的公共企事业单位公布目录、"
    "内容和咨询电话，每年更新。",
    recheck="“{field}”领域栏目有目录（内容、时限、渠道、主体、范围）、咨询电话和一年内的信息",
    question="该领域的公共企事业单位是否公布了目录、内容和咨询电话？",
    examples=(
        Example(
            "内容齐全",
            _utility(_SCHOOL),
            "passed",
            "“教育”领域有公开目录和咨询电话，最新2026-03-01，共1条。",
            params=_EDU,
        ),
        Example(
            "没有该领域",
            _utility(label=""),
            "failed",
            "公共企事业单位信息公开没有“教育”领域栏目（已读导航10页）。",
            params=_EDU,
        ),
        Example(
            "导航未读全",
            _utility(label="", nav_coverage=BLOCKED),
            "cannot-tell",
            "没有找到“教育”领域栏目，但导航未查全（应取10页，已取7页，"
            "首个缺口http://www.example.gov.cn/zwgk/index_2.html（被网站防护系统拦截）），不能认定没有。",
            params=_EDU,
            reason="blocked",
        ),
        Example(
            "有栏目没内容",
            _utility(),
            "cannot-tell",
            "“教育”领域有栏目，但没有读到该领域的信息，请人工核对。",
            params=_EDU,
            reason="needs-judgement",
            review=True,
        ),
    ),
)
def utility_info_incomplete(snapshot: Snapshot, params: UtilityInfo) -> Iterator[Verdict]:
    states = [s for s in snapshot.by_role("utilities") if s.url]
    columns = {s.column_id for s in states}
    labels = [(x.text, x.url) for s in states for x in snapshot.links(s.url or "")]
    labels += [(x.text, x.url) for x in snapshot.navigation() if states or "公共企事业" in x.text]
    own = [i for i in items(snapshot) if i.column in columns or "公共企事业" in i.path]
    for entry in params.fields:
        name, spelt, who = (*entry.split("|"), "", "")[:3]
        keys = (spelt or name).split()
        label = next(((t, u) for t, u in labels if any(k in t for k in keys)), None)
        mine = [i for i in own if any(k in f"{i.title} {i.path}" for k in keys)]
        yield replace(_utility_field(snapshot, name, label, mine, params), unit=_supervisor(snapshot, who.split()))


def _supervisor(snapshot: Snapshot, words: list[str]) -> str:
    """The unit that supervises a field; blank (the portal's owner) unless its name tells it alone."""
    named = [u.unit_id for u in units_judged(snapshot) if any(w in n for w in words for n in u.names())]
    return named[0] if len(named) == 1 else ""


def _utility_field(
    snapshot: Snapshot, name: str, label: tuple[str, str] | None, mine: list[Item], params: UtilityInfo
) -> Verdict:
    coverage, subject = snapshot.navigation_coverage(), f"utilities/{name}"
    data: dict[str, Any] = {"field": name, "count": len(mine), **search(coverage)}
    if label is None and not mine:
        if coverage.complete:
            return failed(subject, data=data)
        return cannot_tell(subject, gap_reason(coverage), data=data, variant="gap")
    pages = [p for p in (snapshot.page(i.url) for i in mine[:200]) if p is not None]
    text = " ".join(f"{title_of(p)} {p.text}" for p in pages)
    newest = max((i.day for i in mine if i.day), default=None)
    lacking = missing(params.elements, text)
    doubts = [] if mine else ["没有读到该领域的信息"]
    doubts += [f"目录缺少{'、'.join(lacking)}"] if mine and lacking else []
    doubts += [] if not mine or has_phone(text) else ["没有咨询电话"]
    if mine and (newest is None or newest < months_before(snapshot.today, params.months)):
        doubts.append(f"最新信息{newest or '无日期'}，不在{params.months}个月内")
    data |= {"newest": str(newest or "无日期"), "doubts": "、".join(doubts)}
    at: dict[str, Any] = {"url": label[1] if label else mine[0].url, "data": data}
    at["evidence"] = tuple(i.evidence for i in mine[:3]) or ((Evidence(label[1], quote=label[0]),) if label else ())
    if doubts:
        return cannot_tell(subject, Reason.NEEDS_JUDGEMENT, review=True, **at)
    return passed(subject, **at)
