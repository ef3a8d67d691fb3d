"""办事统计: figures about services are published, and not of a quarter long gone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from checks import same
from checks.facts import ColumnState
from checks.gaps import gap_reason, joined, search
from checks.outcomes import Outcome, Reason
from checks.periods import months_before
from checks.rule import Example, Params, number, rule
from checks.rules.interaction import stale
from checks.snapshot import Snapshot
from checks.texts import fold
from checks.tiny import TinySnapshot, tiny
from checks.tiny_parts import BLOCKED, article, column, row
from checks.verdicts import Verdict, cannot_tell, failed, inapplicable, passed

_LAW = "国办秘函〔2019〕19号 检查指标“办事服务”“服务实用”"
_PERIOD = re.compile(r"(20\d\d)年(?:第?([一二三四])季度|(?:\d{1,2}月?[-—至到~])?(\d{1,2})月)")


class ServiceStatistics(Params):
    months: int = number("办事统计更新期限", unit="个月", default=3, stricter="lower", ge=1)


def _figures(*days: str, **more: Any) -> TinySnapshot:
    rows = tuple(row(f"{d}办件统计", d, f"tj/{d}.html") for d in days)
    return tiny(columns=(column("bstj", "办事统计", "service-statistics", *rows, **more),))


def _one_page(text: str) -> TinySnapshot:
    page = article("tj.html", "办件统计", "", text)
    return tiny(
        pages=(page,),
        columns=(column("bstj", "办事统计", "service-statistics", url=page.url, content=True),),
    )


_LOST: dict[str, Any] = {"url": None, "outcome": None}


@rule(
    "service-statistics-stale",
    version=2,
    title="办事统计不更新",
    topic="services",
    logic="E",
    guard="list",
    params=ServiceStatistics,
    absence=True,
    legal=(f"{_LAW}：办事统计数据3个月内未更新扣分",),
    messages={
        "passed": "“{column_label}”最近一条{newest}，不早于{since}（{limit}个月）。",
        "failed": "“{column_label}”最近一条{newest}，早于{since}，超过{limit}个月没有更新。",
        "passed.page": "“{column_label}”页面公布的是{period}的数据，不早于{since}（{limit}个月）。",
        "page": "“{column_label}”页面公布的是{period}的数据，早于{since}，超过{limit}个月没有更新。",
        "empty": "“{column_label}”没有任何统计数据。",
        "missing": "没有找到办事统计栏目（已查{looked}）。",
        "gap": "“{column_label}”没有读到{since}以来的统计数据，但相关页面未查全（{gap}），不能认定。",
        "cannot-tell.undated": "“{column_label}”的{count}条统计数据没有可读日期，无法判定是否更新。",
        "cannot-tell.not-rendered": "“{column_label}”由脚本生成、尚未渲染，无法判定。",
        "inapplicable": "没有登记办事统计栏目（没有本级办件数据的网站不要求）。",
    },
    why="办事统计反映服务是否真正运行，三个月不更新即扣分。",
    fix="1. 每月或每季度从办件系统导出数据。\n2. 用文字或表格发布在办事统计栏目。",
    recheck="办事统计栏目有{since}以来的数据",
    examples=(
        Example(
            "近期有数据",
            _figures("2026-09-02"),
            "passed",
            "“办事统计”最近一条2026-09-02，不早于2026-06-30（3个月）。",
        ),
        Example(
            "半年没有数据",
            _figures("2026-03-02"),
            "failed",
            "“办事统计”最近一条2026-03-02，早于2026-06-30，超过3个月没有更新。",
        ),
        Example("栏目是空的", _figures(), "failed", "“办事统计”没有任何统计数据。"),
        Example(
            "栏目就是一张统计表",
            _one_page("2026年8月政务服务办件统计"),
            "passed",
            "“办事统计”页面公布的是2026年8月的数据，不早于2026-06-30（3个月）。",
        ),
        Example(
            "统计表多月没有换",
            _one_page("2026年1-3月办件量"),
            "failed",
            "“办事统计”页面公布的是2026年1-3月的数据，早于2026-06-30，超过3个月没有更新。",
        ),
        Example(
            "统计表没有写时段",
            _one_page("办件统计"),
            "cannot-tell",
            "“办事统计”的1条统计数据没有可读日期，无法判定是否更新。",
            reason="undated",
        ),
        Example("栏目找不到", _figures(**_LOST), "failed", "没有找到办事统计栏目（已查10页）。"),
        Example(
            "列表未查全",
            _figures("2026-03-02", coverage=BLOCKED),
            "cannot-tell",
            "“办事统计”没有读到2026-06-30以来的统计数据，但相关页面未查全（应取10页，已取7页，"
            "首个缺口http://www.example.gov.cn/zwgk/index_2.html（被网站防护系统拦截）），不能认定。",
            reason="blocked",
        ),
        Example(
            "没有日期",
            tiny(columns=(column("bstj", "办事统计", "service-statistics", row("办件统计")),)),
            "cannot-tell",
            "“办事统计”的1条统计数据没有可读日期，无法判定是否更新。",
            reason="undated",
        ),
        Example(
            "没有渲染",
            _figures(script_filled=True),
            "cannot-tell",
            "“办事统计”由脚本生成、尚未渲染，无法判定。",
            reason="not-rendered",
        ),
        Example("没有登记栏目", tiny(), "inapplicable", "没有登记办事统计栏目（没有本级办件数据的网站不要求）。"),
    ),
)
def service_statistics_stale(snapshot: Snapshot, params: ServiceStatistics) -> Iterator[Verdict]:
    states = list(snapshot.by_role("service-statistics"))
    since = months_before(snapshot.today, params.months)
    if not states:
        yield inapplicable("service-statistics")
    for state in states:
        found = stale(state, since, params.months) if state.url else _lost(snapshot, state, str(since))
        if state.content and not state.row_count:
            found = _on_the_page(snapshot, state, found, since)
        column = snapshot.district.column(state.column_id)
        yield replace(found, unit=snapshot.district.owner_of(column) if column else "")


def _on_the_page(snapshot: Snapshot, state: ColumnState, found: Verdict, since: date) -> Verdict:
    """The column is one page with the figures of a month or quarter: that period is what it is judged by."""
    page = snapshot.page(state.url or "")
    last = max(_periods(f"{page.title.value if page.title else ''} {page.text}"), default=None) if page else None
    if last is None or last[0] > snapshot.today:
        return cannot_tell(state.column_id, Reason.UNDATED, data={**found.data, "count": 1}, **_place(found))
    data = {**found.data, "period": last[1], "newest": str(last[0])}
    if last[0] >= since:
        return passed(state.column_id, variant="passed.page", data=data, **_place(found))
    return replace(found, data=data, variant="page") if found.outcome is Outcome.FAILED else found


def _place(found: Verdict) -> dict[str, Any]:
    return {"url": found.url, "column": found.column, "evidence": found.evidence, "fact": found.fact}


def _periods(text: str) -> Iterator[tuple[date, str]]:
    """Last days of the months and quarters that a text names, with their names."""
    for match in _PERIOD.finditer(fold(text)):
        year, quarter, months = int(match[1]), match[2], match[3]
        month = "一二三四".index(quarter) * 3 + 3 if quarter else int(months)
        if 1 <= month <= 12:
            after = date(year + month // 12, month % 12 + 1, 1)
            yield after - timedelta(days=1), match[0]


def _lost(snapshot: Snapshot, state: ColumnState, since: str) -> Verdict:
    coverage = snapshot.navigation_coverage() if state.coverage.complete else joined((state,), "")
    label = next((c.label for c in snapshot.district.columns if c.column_id == state.column_id), state.column_id)
    data: dict[str, Any] = {"column_label": label, "since": since, **search(coverage)}
    at: dict[str, Any] = {"column": state.column_id, "data": data, "fact": same.column(state.column_id)}
    if coverage.complete:
        return failed(state.column_id, variant="missing", **at)
    return cannot_tell(state.column_id, gap_reason(coverage), variant="gap", **at)
