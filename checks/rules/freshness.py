"""Topic freshness: the home page, and the number of neglected columns over the whole site."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from checks.facts import ColumnState, Page, PageKind, Row
from checks.hosts import host_of
from checks.items import units_judged
from checks.outcomes import FetchOutcome, Outcome, Reason
from checks.rule import Example, Params, number, rule
from checks.rules.freshness_columns import (
    ColumnBlank,
    ColumnLimits,
    judge_blank,
    judge_stale,
    subjects,
)
from checks.snapshot import Snapshot
from checks.tiny import HOME, tiny
from checks.tiny_parts import BLOCKED, article, row, unit
from checks.tiny_web import classed, home, host
from checks.verdicts import Evidence, Verdict, cannot_tell, failed, passed
from config.district import Column, ColumnClass, Site

_NAV_ONLY = Site(name="示例", home=HOME, main_host="www.example.gov.cn", nav_only_home=True)
_STALE = classed("gzdt", "工作动态", ColumnClass.DYNAMIC, row("旧闻", "2026-06-03"))


_TWO_HOSTS = Site(
    name="示例", home=HOME, main_host="www.example.gov.cn", hosts=("www.example.gov.cn", "jtj.example.gov.cn")
)
_BUREAU = unit("jtj", "示例区交通局", column_urls=("/zwgk/jtj/", "http://jtj.example.gov.cn/"))
_FRESH = classed(
    "jtdt", "工作动态", ColumnClass.DYNAMIC, row("新闻", "2026-09-29"), url="http://jtj.example.gov.cn/jtdt/"
)


def _home_of_bureau(*rows: Row) -> Page:
    return replace(article("", "示例区交通局", kind=PageKind.LIST, rows=rows), url="http://jtj.example.gov.cn/")


def _columns(n: int) -> list[tuple[Column, ColumnState]]:
    return [classed(f"c{i}", f"栏目{i}", ColumnClass.DYNAMIC, row("旧闻", "2026-06-03")) for i in range(n)]


class HomeStale(Params):
    window_days: int = number("首页最新信息距检查时点的最长天数", unit="天", default=14, stricter="lower", gt=0)
    amber_days: int = number("提示线", unit="天", default=10, stricter="lower", gt=0)


@rule(
    "home-stale",
    version=2,
    title="首页不更新",
    topic="freshness",
    logic="E",
    guard="page",
    params=HomeStale,
    absence=True,
    legal=("国办秘函〔2019〕19号 政府网站检查指标 单项否决“首页不更新”（首页2周内无更新）",),
    messages={
        "passed": "首页最新信息{newest}《{title}》，距检查时点{age}天，限期{limit}天，未超期。",
        "passed.amber": "首页最新信息{newest}《{title}》，距检查时点{age}天，限期{limit}天，"
        "已过{amber}天提示线，请尽快更新。",
        "failed": "首页最新信息{newest}《{title}》，距检查时点{age}天，限期{limit}天，超期{over}天。",
        "cannot-tell": "无法判定：首页{url}未能看到（{how}）。",
        "cannot-tell.not-rendered": "无法判定：首页{url}由脚本生成，尚未渲染。",
        "cannot-tell.undated": "无法判定：首页及其指向的已取页面上没有读到信息日期。",
        "cannot-tell.unread": "无法判定：已读到的首页最新信息{newest}（{age}天前，限期{limit}天），"
        "但首页有{unread}条信息的日期未能读到，如{example}。",
    },
    why="首页两周没有新信息，国家检查直接判为不合格，也让群众认为网站无人管理。",
    fix="1. 在内容管理系统中向首页要闻、工作动态或通知公告栏目发布本期信息，“发布日期”填写真实发布时间。"
    "2. 检查首页模板，确认信息列表调用的是最新信息并显示日期。"
    "3. 安排专人每{limit}天内至少更新一次。",
    recheck="重新读取首页及首页信息指向的文章，最新一条的显示日期距复查时点不超过{limit}天。",
    examples=(
        Example(
            "首页列表有新信息",
            tiny(pages=[home(rows=(row("召开会议", "2026-09-28"),))]),
            "passed",
            "首页最新信息2026-09-28《召开会议》，距检查时点2天，限期14天，未超期。",
        ),
        Example(
            "首页不显示日期而文章页有",
            tiny(pages=[home(rows=(row("召开会议", "", "a.html"),)), article("a.html", "召开会议", "2026-09-27")]),
            "passed",
            "首页最新信息2026-09-27《召开会议》，距检查时点3天，限期14天，未超期。",
        ),
        Example(
            "超过提示线",
            tiny(pages=[home(rows=(row("召开会议", "2026-09-18"),))]),
            "passed",
            "首页最新信息2026-09-18《召开会议》，距检查时点12天，限期14天，已过10天提示线，请尽快更新。",
        ),
        Example(
            "首页两周未更新",
            tiny(pages=[home(rows=(row("召开会议", "2026-09-01"), row("预告", "2026-12-01")))]),
            "failed",
            "首页最新信息2026-09-01《召开会议》，距检查时点29天，限期14天，超期15天。",
        ),
        Example(
            "导航型首页看二级页面",
            tiny(site=_NAV_ONLY, pages=[home()], columns=[_STALE]),
            "failed",
            "首页最新信息2026-06-03《旧闻》，距检查时点119天，限期14天，超期105天。",
        ),
        Example(
            "部门自有网站的首页",
            tiny(
                site=_TWO_HOSTS,
                units=(_BUREAU,),
                pages=[_home_of_bureau(row("开工", "2026-08-01"))],
            ),
            "failed",
            "首页最新信息2026-08-01《开工》，距检查时点60天，限期14天，超期46天。",
            subject="jtj.example.gov.cn",
        ),
        Example(
            "部门网站的导航型首页看本站栏目",
            tiny(site=_TWO_HOSTS, units=(_BUREAU,), pages=[_home_of_bureau()], columns=[_STALE, _FRESH]),
            "passed",
            "首页最新信息2026-09-29《新闻》，距检查时点1天，限期14天，未超期。",
            subject="jtj.example.gov.cn",
        ),
        Example(
            "首页被防护系统拦截",
            tiny(all_hosts=(host("www.example.gov.cn", FetchOutcome.WAF),)),
            "cannot-tell",
            "无法判定：首页http://www.example.gov.cn/未能看到（被网站防护系统拦截）。",
            reason="blocked",
        ),
        Example(
            "首页未渲染",
            tiny(pages=[home(needs_render=True)]),
            "cannot-tell",
            "无法判定：首页http://www.example.gov.cn/由脚本生成，尚未渲染。",
            reason="not-rendered",
        ),
        Example(
            "没有日期",
            tiny(pages=[home()]),
            "cannot-tell",
            "无法判定：首页及其指向的已取页面上没有读到信息日期。",
            reason="undated",
        ),
        Example(
            "部分文章未取回",
            tiny(pages=[home(rows=(row("召开会议", "2026-09-01"), row("调研", "", "b.html")))]),
            "cannot-tell",
            "无法判定：已读到的首页最新信息2026-09-01（29天前，限期14天），"
            "但首页有1条信息的日期未能读到，如http://www.example.gov.cn/b.html。",
            reason="coverage-incomplete",
        ),
    ),
)
def home_stale(snapshot: Snapshot, params: HomeStale) -> Iterator[Verdict]:
    for front in _fronts(snapshot):
        yield replace(_front(snapshot, front, params), unit=front.unit)


@dataclass(frozen=True, slots=True)
class _Front:
    """The home page of the portal (`unit` blank), or of the site that a unit keeps on a host of its own."""

    host: str
    url: str
    page: Page | None
    columns: tuple[ColumnState, ...] = ()  # second-level pages that speak for a home page without news
    unit: str = ""


def _fronts(snapshot: Snapshot) -> Iterator[_Front]:
    site = snapshot.district.site
    states = tuple(snapshot.columns())
    yield _Front(site.main_host, site.home, snapshot.home(), states if site.nav_only_home else ())
    for unit_ in units_judged(snapshot):
        for url in unit_.column_urls:
            host = host_of(url) if urlsplit(url).path in ("", "/") and not urlsplit(url).query else ""
            if host in snapshot.district.own_hosts() and host != site.main_host:
                page = snapshot.page(url)
                own = tuple(s for s in states if s.url and host_of(s.url) == host)
                yield _Front(host, url, page, () if page and page.rows else own, unit_.unit_id)


def _front(snapshot: Snapshot, front: _Front, params: HomeStale) -> Verdict:
    subject, url, page = front.host, front.url, front.page
    if page is None:
        state = snapshot.host(front.host)
        known = state.outcome if state else None
        seen = known is not None and not known.seen
        return cannot_tell(
            subject,
            known.reason if known and seen else Reason.INCOMPLETE,
            url=url,
            data={"url": url, "how": known.chinese if known and seen else "未取回"},
            variant="cannot-tell",
        )
    days, unread = _home_days(snapshot, page, front.columns)
    past = [d for d in days if d[0] <= snapshot.today]
    evidence = [Evidence.of(page)]
    if not past:
        hidden = page.needs_render and not page.rendered
        reason = Reason.NOT_RENDERED if hidden else Reason.UNDATED
        return cannot_tell(subject, reason, url=page.url, data={"url": page.url}, evidence=tuple(evidence))
    newest, title, item = max(past)
    linked = snapshot.page(item)
    evidence = [Evidence.of(page, f"{title} {newest}"), *([Evidence.of(linked, title)] if linked else [])]
    age = (snapshot.today - newest).days
    data: dict[str, object] = {
        "newest": str(newest), "title": title, "item": item, "age": age, "limit": params.window_days,
        "over": max(0, age - params.window_days), "amber": params.amber_days, "url": page.url,
        "future": [f"{day} {name}" for day, name, _ in days if day > snapshot.today], "trail": [page.url],
    }  # fmt: skip
    said: dict[str, Any] = {"url": page.url, "evidence": tuple(evidence)}
    if age <= params.window_days:
        amber = "passed.amber" if age > params.amber_days else ""
        return passed(subject, data=data, variant=amber, **said)
    if page.needs_render and not page.rendered:
        return cannot_tell(subject, Reason.NOT_RENDERED, data=data, **said)
    if unread:
        data |= {"unread": len(unread), "example": unread[0]}
        return cannot_tell(subject, Reason.INCOMPLETE, data=data, variant="cannot-tell.unread", **said)
    return failed(subject, data=data, **said)


_ITEMS = (PageKind.ARTICLE, PageKind.POLICY, PageKind.INTERPRETATION)
Dated = tuple[date, str, str]  # day, title, URL


def _home_days(
    snapshot: Snapshot, home_page: Page, columns: tuple[ColumnState, ...]
) -> tuple[list[Dated], list[str]]:
    """Days a reader finds on the home page or one click behind it, and the rows whose day could not be read."""
    days: list[Dated] = []
    unread: list[str] = []
    own = snapshot.district.own_hosts()
    rows = list(home_page.rows)
    for state in columns:
        rows.extend(state.rows)
        if state.url and not state.external and not state.coverage.complete:
            unread.append(state.url)
    for entry in rows:
        if entry.date:
            days.append((entry.date, entry.title, entry.url))
            continue
        linked = snapshot.page(entry.url)
        if linked and linked.published:
            days.append((linked.published.value, entry.title, entry.url))
        elif linked is None and host_of(entry.url) in own:
            unread.append(entry.url)
    known = {url for _, _, url in days}
    for link in snapshot.links(home_page.url):
        linked = None if link.url in known else snapshot.page(link.url)
        if linked and linked.published and linked.kind in _ITEMS:
            days.append((linked.published.value, link.text or link.url, link.url))
    return days, unread


class ColumnsNeglected(ColumnLimits):
    stale_fast: int = number(
        "动态类与通知公告、政策文件类合计超期栏目的否决数量", unit="个", default=5, stricter="lower", ge=1
    )
    stale_other: int = number("其他栏目长期不更新的否决数量", unit="个", default=10, stricter="lower", ge=1)
    blank: int = number("空白栏目的否决数量", unit="个", default=5, stricter="lower", ge=1)
    amber_stale: int = number("超期栏目合计提示线（大于）", unit="个", default=8, stricter="lower", ge=0)
    amber_blank: int = number("空白栏目提示线（大于）", unit="个", default=2, stricter="lower", ge=0)


_FAST = (ColumnClass.DYNAMIC, ColumnClass.NOTICE, ColumnClass.POLICY)
_COUNTS = (
    "动态和通知、政策类超期{fast}个（否决线{fast_limit}个），其他栏目超期{other}个（否决线{other_limit}个），"
    "空白栏目{blank}个（否决线{blank_limit}个）"
)


@rule(
    "columns-neglected",
    version=1,
    title="栏目失管过多",
    topic="freshness",
    logic="M",
    guard="site",
    params=ColumnsNeglected,
    absence=True,
    legal=(
        "国办秘函〔2019〕19号 政府网站检查指标 单项否决“栏目不更新”（动态、通知政策类合计5个以上，其他10个以上）",
        "国办秘函〔2019〕19号 政府网站检查指标 单项否决“空白栏目”（5个以上）",
    ),
    messages={
        "passed": _COUNTS + "，均未达到。",
        "passed.amber": _COUNTS + "，未达到但已过提示线。",
        "failed": _COUNTS + "，已达到单项否决标准。",
        "cannot-tell": "无法判定：已确认" + _COUNTS + "；另有{unknown}个栏目无法判定，计入后可能达到。",
        "cannot-tell.empty": "无法判定：没有登记栏目，请先填写columns.csv。",
    },
    why="多个栏目同时失管说明缺少常态管护，国家检查直接判为不合格。",
    fix="1. 由政府办牵头，对照清单逐个确认栏目责任单位。"
    "2. 能更新的限期补充信息；没有更新来源的合并或下线，并从导航中去掉。"
    "3. 空白栏目先隐藏，有内容后再开放。"
    "4. 建立栏目月度巡查表。",
    recheck="重新判定全部登记栏目的“栏目更新不及时”和“空白栏目”，三个数量均低于否决线。",
    examples=(
        Example(
            "只有两个栏目超期",
            tiny(columns=_columns(2)),
            "passed",
            "动态和通知、政策类超期2个（否决线5个），其他栏目超期0个（否决线10个），空白栏目0个（否决线5个），均未达到。",
        ),
        Example(
            "过提示线",
            tiny(columns=[classed(f"b{i}", f"栏目{i}", ColumnClass.REGULAR) for i in range(3)]),
            "passed",
            "动态和通知、政策类超期0个（否决线5个），其他栏目超期0个（否决线10个），空白栏目3个（否决线5个），"
            "未达到但已过提示线。",
        ),
        Example(
            "五个动态栏目超期",
            tiny(columns=_columns(5)),
            "failed",
            "动态和通知、政策类超期5个（否决线5个），其他栏目超期0个（否决线10个），空白栏目0个（否决线5个），"
            "已达到单项否决标准。",
        ),
        Example(
            "算上看不到的栏目才达到",
            tiny(columns=[*_columns(4), classed("x", "栏目x", ColumnClass.DYNAMIC, coverage=BLOCKED)]),
            "cannot-tell",
            "无法判定：已确认动态和通知、政策类超期4个（否决线5个），其他栏目超期0个（否决线10个），"
            "空白栏目0个（否决线5个）；另有1个栏目无法判定，计入后可能达到。",
            reason="blocked",
        ),
        Example(
            "没有栏目表",
            tiny(),
            "cannot-tell",
            "无法判定：没有登记栏目，请先填写columns.csv。",
            reason="register-missing",
        ),
    ),
)
def columns_neglected(snapshot: Snapshot, params: ColumnsNeglected) -> Iterator[Verdict]:
    subject = snapshot.district.site.main_host
    every = tuple(subjects(snapshot))
    if not every:
        yield cannot_tell(subject, Reason.REGISTER_MISSING, variant="cannot-tell.empty")
        return
    stale = [(of, judge_stale(snapshot, of, params)) for of in every]
    blank = [judge_blank(snapshot, of, ColumnBlank()) for of in every]
    groups = {
        "fast": ([v for of, v in stale if of.column.column_class in _FAST], params.stale_fast),
        "other": ([v for of, v in stale if of.column.column_class not in _FAST], params.stale_other),
        "blank": (blank, params.blank),
    }
    bad = {name: [v for v in found if v.outcome is Outcome.FAILED] for name, (found, _) in groups.items()}
    open_ = {name: [v for v in found if v.outcome is Outcome.CANNOT_TELL] for name, (found, _) in groups.items()}
    unknown = sorted({v.subject for found in open_.values() for v in found})
    data: dict[str, object] = {
        "unknown": len(unknown),
        "unknown_columns": unknown,
        "trail": [of.state.url or "" for of in every],
    }
    for name, (_, limit) in groups.items():
        data |= {name: len(bad[name]), f"{name}_limit": limit, f"{name}_columns": [v.subject for v in bad[name]]}
    evidence = tuple(e for found in bad.values() for v in found for e in v.evidence)[:50]
    if any(len(bad[name]) >= limit for name, (_, limit) in groups.items()):
        yield failed(subject, data=data, evidence=evidence)
    elif any(len(bad[name]) + len(open_[name]) >= limit for name, (_, limit) in groups.items()):
        reason = next(v.reason for found in open_.values() for v in found if v.reason)
        yield cannot_tell(subject, reason, data=data, evidence=evidence, variant="cannot-tell")
    else:
        amber = len(bad["fast"]) + len(bad["other"]) > params.amber_stale or len(bad["blank"]) > params.amber_blank
        yield passed(subject, data=data, evidence=evidence, variant="passed.amber" if amber else "")
