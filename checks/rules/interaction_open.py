"""政府开放活动: what every unit shows of its open month."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from checks.facts import Page
from checks.gaps import gap_reason, search
from checks.items import Item, items, title_of, units_judged
from checks.laws import DISTRICT_PLAN
from checks.outcomes import Reason
from checks.rule import Example, Params, number, rule, words
from checks.snapshot import Snapshot
from checks.tiny import TinySnapshot, tiny
from checks.tiny_parts import BLOCKED, article, column, unit
from checks.verdicts import Verdict, cannot_tell, failed, passed
from config.district import Unit


class OpenActivity(Params):
    min_august: int = number("8月应有活动", unit="次", default=1, stricter="higher", ge=1)
    min_year: int = number("全年应有活动", unit="次", default=2, stricter="higher", ge=1)
    elements: tuple[str, ...] = words("至少含一项的互动要素", ("答疑", "座谈", "体验", "问卷"))
    names: tuple[str, ...] = words("活动名称", ("政府开放", "开放日", "开放月", "开放周", "政务公开日"))


_OFFICE = unit("wlj", "示例区文旅局")


def _opened(*pages: Page, **more: Any) -> TinySnapshot:
    return tiny(pages=pages, units=(_OFFICE,), columns=(column("kfr", "政府开放日", "open-day"),), **more)


_NOTICE = article("kfr/1.html", "政府开放日活动预告", "2026-08-05", "邀请市民参加。", owner="wlj")
_HELD = article("kfr/2.html", "文旅局开展政府开放日活动", "2026-08-19", "现场答疑、座谈交流。", owner="wlj")
_EARLIER = article("kfr/3.html", "政府开放日走进图书馆", "2026-05-19", "市民体验借阅。", owner="wlj")


@rule(
    "open-activity-missing",
    version=1,
    title="政府开放活动缺失",
    topic="interaction",
    logic="E",
    guard="unit",
    params=OpenActivity,
    absence=True,
    legal=(f"{DISTRICT_PLAN}：8月为政府开放月",),
    messages={
        "passed": "{unit_name}{year}年8月有开放活动信息{august}条，全年{count}条，有预告、有总结、有互动内容。",
        "failed": "{unit_name}{year}年8月没有政府开放活动信息（1–31日，已查{looked}）。",
        "gap": "{unit_name}{year}年8月的开放活动信息尚未找到，但该单位页面未查全（{gap}），不能认定没有。",
        "cannot-tell.undated": "{unit_name}有{undated}条开放活动信息没有可读日期，无法判定是否在8月。",
        "cannot-tell.needs-judgement": "{unit_name}{year}年8月有开放活动信息{august}条，但{doubts}，请人工核对。",
        "inapplicable": "{year}年8月尚未结束，开放活动不检查。",
    },
    why="开放月让群众走进政府，要有预告、有互动、有总结才算办实。",
    fix="1. 请补发8月开放活动的预告、现场和总结信息，发布日期如实填写。\n2. 内容写明答疑、座谈、体验或问卷情况。",
    recheck="该单位有{year}年8月1–31日的开放活动信息，含预告、总结和互动内容",
    question="该单位8月的开放活动是否有预告、总结和互动内容？",
    examples=(
        Example(
            "活动完整",
            _opened(_NOTICE, _HELD, _EARLIER),
            "passed",
            "示例区文旅局2026年8月有开放活动信息2条，全年3条，有预告、有总结、有互动内容。",
            subject="wlj/2026",
        ),
        Example(
            "8月没有活动",
            _opened(_EARLIER),
            "failed",
            "示例区文旅局2026年8月没有政府开放活动信息（1–31日，已查10页）。",
            subject="wlj/2026",
        ),
        Example(
            "没有预告",
            _opened(_HELD),
            "cannot-tell",
            "示例区文旅局2026年8月有开放活动信息1条，但未见预告、全年1条，少于2次，请人工核对。",
            subject="wlj/2026",
            reason="needs-judgement",
            review=True,
        ),
        Example(
            "页面未查全",
            _opened(coverage=BLOCKED),
            "cannot-tell",
            "示例区文旅局2026年8月的开放活动信息尚未找到，但该单位页面未查全（应取10页，已取7页，"
            "首个缺口http://www.example.gov.cn/zwgk/index_2.html（被网站防护系统拦截）），不能认定没有。",
            subject="wlj/2026",
            reason="blocked",
        ),
    ),
)
def open_activity_missing(snapshot: Snapshot, params: OpenActivity) -> Iterator[Verdict]:
    year = snapshot.today.year if snapshot.today > date(snapshot.today.year, 8, 31) else snapshot.today.year - 1
    columns = {s.column_id for s in snapshot.by_role("open-day")}
    found: dict[str, list[Item]] = {}
    for item in items(snapshot):
        if item.column in columns or any(n in f"{item.title} {item.path}" for n in params.names):
            found.setdefault(item.owner, []).append(item)
    for unit_ in units_judged(snapshot):
        yield _opening(snapshot, unit_, found.get(unit_.unit_id, []), year, params)


def _opening(snapshot: Snapshot, unit_: Unit, own: list[Item], year: int, params: OpenActivity) -> Verdict:
    coverage = snapshot.unit_coverage(unit_.unit_id)
    in_year = [i for i in own if i.day and i.day.year == year]
    august = [i for i in in_year if i.day and i.day.month == 8]
    undated = [i for i in own if i.day is None]
    data: dict[str, Any] = {"unit_name": unit_.name, "year": year, "august": len(august), "count": len(in_year)}
    data |= {"undated": len(undated), "items": [i.url for i in in_year[:30]], **search(coverage)}
    shown = (august or undated)[:5]
    at: dict[str, Any] = {"unit": unit_.unit_id, "evidence": tuple(i.evidence for i in shown)}
    at["url"] = shown[0].url if shown else ""
    subject = f"{unit_.unit_id}/{year}"
    if len(august) >= params.min_august:
        doubts = _doubts(snapshot, in_year, params)
        if doubts:
            data["doubts"] = "、".join(doubts)
            return cannot_tell(subject, Reason.NEEDS_JUDGEMENT, review=True, data=data, **at)
        return passed(subject, data=data, **at)
    if undated:
        return cannot_tell(subject, Reason.UNDATED, data=data, **at)
    if not coverage.complete:
        return cannot_tell(subject, gap_reason(coverage), data=data, variant="gap", **at)
    return failed(subject, data=data, **at)


def _doubts(snapshot: Snapshot, in_year: list[Item], params: OpenActivity) -> list[str]:
    notices = [
        i for i in in_year if any(w in i.title for w in ("预告", "公告", "通知", "报名", "邀请", "征集", "方案"))
    ]
    others = [i for i in in_year if i not in notices]
    pages = [p for p in (snapshot.page(i.url) for i in in_year) if p is not None]
    text = " ".join(f"{title_of(p)} {p.text}" for p in pages)
    doubts = [] if notices else ["未见预告"]
    doubts += [] if others else ["未见过程或总结信息"]
    doubts += [] if any(w in text for w in params.elements) else [f"未见{'、'.join(params.elements)}等互动内容"]
    doubts += [] if len(in_year) >= params.min_year else [f"全年{len(in_year)}条，少于{params.min_year}次"]
    return doubts
