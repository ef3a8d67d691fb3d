"""Topic freshness: columns that are not kept up, and columns without content."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from checks import same
from checks.facts import ColumnState, Region, Row
from checks.gaps import gap_reason, search
from checks.hosts import host_of
from checks.outcomes import FetchOutcome, Reason
from checks.rule import Params, number, rule, words
from checks.rules._freshness_examples import BLANK, STALE
from checks.snapshot import Snapshot
from checks.verdicts import Evidence, Verdict, cannot_tell, failed, inapplicable, passed
from config.district import Column, ColumnClass

LONG_TEXT = 80  # characters
TITLE = 8  # characters; shorter labels are names of columns
IN_ORDER = 8  # dated rows; fewer prove no order


class ColumnLimits(Params):
    """Day limits per freshness class; a column's own `freshness_days` wins where it is shorter."""

    dynamic_days: int = number("动态、要闻类栏目更新期限", unit="天", default=14, stricter="lower", gt=0)
    notice_days: int = number("通知公告类栏目更新期限", unit="天", default=182, stricter="lower", gt=0)
    policy_days: int = number("政策文件类栏目更新期限", unit="天", default=182, stricter="lower", gt=0)
    interpretation_days: int = number("政策解读类栏目更新期限", unit="天", default=365, stricter="lower", gt=0)
    regular_days: int = number("其他栏目更新期限", unit="天", default=365, stricter="lower", gt=0)

    def limit(self, column: Column) -> int:
        """Days after which the column's newest item is too old."""
        own = {
            ColumnClass.DYNAMIC: self.dynamic_days,
            ColumnClass.NOTICE: self.notice_days,
            ColumnClass.POLICY: self.policy_days,
            ColumnClass.INTERPRETATION: self.interpretation_days,
        }.get(column.column_class, self.regular_days)
        return min(own, column.freshness_days or own)


class ColumnStale(ColumnLimits):
    classes: tuple[str, ...] = words(
        "只检查这些更新类别的栏目（动态、通知公告、政策文件、政策解读、其他），空为全部", ()
    )
    roles: tuple[str, ...] = words("只检查这些用途（role）的栏目，空为全部", ())


class ColumnBlank(Params):
    min_items: int = number("栏目至少应有的信息条数", unit="条", default=1, stricter="higher", ge=1)
    placeholders: tuple[str, ...] = words("视为没有内容的占位文字", ("暂无", "建设中", "栏目建设", "敬请期待"))
    roles: tuple[str, ...] = words("只检查这些用途（role）的栏目，空为全部", ())


@dataclass(frozen=True, slots=True)
class Subject:
    """A column with what was found of it and who answers for it."""

    column: Column
    state: ColumnState
    unit: str

    def verdict(self, made: Verdict) -> Verdict:
        data = {"label": self.column.label, **made.data}
        return Verdict(
            made.outcome, self.column.column_id, self.unit, self.column.column_id, self.state.url or "",
            data, made.evidence, made.reason, made.review, made.variant, made.fact,
        )  # fmt: skip

    def itself(self, made: Verdict) -> Verdict:
        """A verdict on the column as such: other rules may see the same fact."""
        return replace(self.verdict(made), fact=same.column(self.column.column_id))


def subjects(snapshot: Snapshot) -> Iterator[Subject]:
    """Expected columns in configuration order. A column nobody derived is one of which nothing is known."""
    for column in snapshot.district.columns:
        state = snapshot.column(column.column_id) or ColumnState(column.column_id)
        yield Subject(column, state, snapshot.district.owner_of(column))


def not_judged(snapshot: Snapshot, of: Subject) -> Verdict | None:
    """The answer where there is no list to look at: another system, not found, not seen, replaced by a statement."""
    state = of.state
    if state.external:
        return inapplicable("", data={"target": state.external}, variant="inapplicable.external")
    if state.url is None:
        navigation = snapshot.navigation_coverage()
        if navigation.complete and not state.coverage.gaps:
            return inapplicable("", data=search(navigation), variant="inapplicable.missing")
        coverage = state.coverage if state.coverage.gaps else navigation
        return cannot_tell("", gap_reason(coverage), data=search(coverage), variant="cannot-tell.unfound")
    if state.outcome in (FetchOutcome.GONE, FetchOutcome.SOFT_404):
        return inapplicable("", data={"how": state.outcome.chinese}, variant="inapplicable.gone")
    if state.outcome is not None and not state.outcome.seen:
        data = {"how": state.outcome.chinese, "url": state.url, **search(state.coverage)}
        return cannot_tell("", state.outcome.reason, data=data, variant="cannot-tell.unseen")
    day = state.statement_date
    if state.statement and day and day.year == snapshot.today.year and day <= snapshot.today:
        quote = state.statement.quote or state.statement.value
        return inapplicable(
            "",
            data={"statement": state.statement.value, "day": str(day)},
            evidence=(Evidence.of(state, quote, state.statement.locator),),
            variant="inapplicable.statement",
        )
    return None


def gap(state: ColumnState, **data: object) -> Verdict:
    """Nothing bad may be concluded: the list was not read to its end."""
    return cannot_tell("", gap_reason(state.coverage), data={**search(state.coverage), **data})


def unrendered(state: ColumnState) -> Verdict:
    return cannot_tell("", Reason.NOT_RENDERED, data={"url": state.url or "", **search(state.coverage)})


def judge_stale(snapshot: Snapshot, of: Subject, limits: ColumnLimits) -> Verdict:
    """The verdict of `column-stale` for one column."""
    return of.itself(_stale(snapshot, of, limits.limit(of.column)))


def _stale(snapshot: Snapshot, of: Subject, limit: int) -> Verdict:
    state = of.state
    if of.column.column_class in (ColumnClass.STATIC, ColumnClass.MESSAGES):
        return inapplicable("", data={"kind": str(of.column.column_class)}, variant="inapplicable.class")
    early = not_judged(snapshot, of)
    if early:
        return early
    seen = _Dates.read(snapshot, state)
    if seen.newest is not None:
        return _aged(snapshot, state, seen, limit)
    if state.row_count or state.rows:
        data = {"rows": state.row_count or len(state.rows), "future": seen.future, **search(state.coverage)}
        variant = "cannot-tell.future" if seen.future else ""
        return cannot_tell("", Reason.UNDATED, data=data, evidence=(Evidence.of(state),), variant=variant)
    if state.script_filled:
        return unrendered(state)
    if not state.coverage.complete:
        return gap(state)
    if state.children_with_rows:
        data = {"children": state.children_with_rows}
        return inapplicable("", data=data, variant="inapplicable.parent")
    return inapplicable("", variant="inapplicable.rowless")


def _aged(snapshot: Snapshot, state: ColumnState, seen: _Dates, limit: int) -> Verdict:
    assert seen.newest is not None
    day, row = seen.newest
    age = (snapshot.today - day).days
    data: dict[str, object] = {
        "newest": str(day), "age": age, "limit": limit, "over": max(0, age - limit), "title": row.title,
        "item": row.url, "rows": state.row_count, "undated": seen.undated, "future": seen.future,
        **search(state.coverage),
    }  # fmt: skip
    evidence = (Evidence.of(state, row.quote or f"{row.title} {day}"),)
    if age <= limit:
        return passed("", data=data, evidence=evidence)
    if state.script_filled:
        return cannot_tell("", Reason.NOT_RENDERED, data={**data, "url": state.url or ""}, evidence=evidence)
    if not state.coverage.complete and not _newest_first(state):
        return cannot_tell("", gap_reason(state.coverage), data=data, evidence=evidence, variant="cannot-tell.old")
    if seen.unread:
        data |= {"unread": seen.unread, "example": seen.example}
        return cannot_tell("", Reason.UNDATED, data=data, evidence=evidence, variant="cannot-tell.unread")
    return failed("", data=data, evidence=evidence)


def _newest_first(state: ColumnState) -> bool:
    """Only what follows the pages seen is unknown, and their rows run from new to old: nothing newer follows."""
    seen = {state.url, *state.list_pages}
    behind = all(g.outcome == Reason.INCOMPLETE and g.url in seen for g in state.coverage.gaps)
    days = [row.date for row in state.rows if not row.pinned]
    known = [day for day in days if day is not None]
    falling = all(a >= b for a, b in pairwise(known))
    return bool(state.coverage.gaps) and behind and len(known) == len(days) >= IN_ORDER and falling


@dataclass(frozen=True, slots=True)
class _Dates:
    """Days of a column's rows. A day after the moment of judgement is never the newest one."""

    newest: tuple[date, Row] | None
    future: list[str]  # "2027-01-01 title"
    undated: int  # rows without a day in the list or on their page: they count as old
    unread: int  # undated rows of a list without days, whose page was not seen
    example: str

    @classmethod
    def read(cls, snapshot: Snapshot, state: ColumnState) -> _Dates:
        rows = state.rows + ((state.newest,) if state.newest and state.newest not in state.rows else ())
        days: list[tuple[date, Row]] = [(r.date, r) for r in rows if r.date]
        unread: list[str] = []
        undated = 0
        for row in (r for r in rows if r.date is None):
            page = snapshot.page(row.url)
            if page and page.published:
                days.append((page.published.value, row))
                continue
            undated += 1
            if page is None and host_of(row.url) in snapshot.district.own_hosts():
                unread.append(row.url)
        past = [(day, row) for day, row in days if day <= snapshot.today]
        # Where most rows show a day, a row without one counts as old, as in the national census.
        strict = len([r for r in rows if r.date]) * 2 >= len(rows)
        return cls(
            newest=max(past, key=lambda pair: pair[0], default=None),
            future=[f"{day} {row.title}" for day, row in days if day > snapshot.today],
            undated=undated,
            unread=0 if strict else len(unread),
            example=unread[0] if unread else "",
        )


def judge_blank(snapshot: Snapshot, of: Subject, params: ColumnBlank) -> Verdict:
    """The verdict of `column-blank` for one column."""
    return of.itself(_blank(snapshot, of, params))


def _blank(snapshot: Snapshot, of: Subject, params: ColumnBlank) -> Verdict:
    state = of.state
    early = not_judged(snapshot, of)
    if early:
        return early
    real = [r for r in state.rows if not any(p in r.title and len(r.title) < 20 for p in params.placeholders)]
    rows = state.row_count - (len(state.rows) - len(real)) if state.row_count else len(real)
    if rows >= params.min_items:
        count = {"rows": rows, "limit": params.min_items}
        return passed("", data=count, evidence=(Evidence.of(state, real[0].quote if real else ""),))
    page = snapshot.page(state.url) if state.url and state.placeholder else None
    # A long text may well contain the words of a placeholder; a page that says little else is one.
    if state.content and (state.placeholder is None or (page is not None and page.text_length >= LONG_TEXT)):
        return passed("", evidence=(Evidence.of(state),), variant="passed.content")
    if state.children_with_rows:
        children = {"children": state.children_with_rows}
        return inapplicable("", data=children, variant="inapplicable.parent")
    if state.script_filled:
        return unrendered(state)
    if not state.coverage.complete:
        return gap(state)
    data: dict[str, object] = {"rows": rows, "limit": params.min_items, **search(state.coverage)}
    titles = [] if state.placeholder or state.rows else _titles_on(snapshot, state)
    if titles:
        data |= {"count": len(titles), "example": titles[0], "titles": titles[:20]}
        said = {"data": data, "evidence": (Evidence.of(state, titles[0]),)}
        return cannot_tell("", Reason.NEEDS_JUDGEMENT, review=True, variant="cannot-tell.titles", **said)
    words_shown = state.placeholder or next((_as_quote(r) for r in state.rows if r not in real), None)
    if words_shown and not rows:
        quote = words_shown if isinstance(words_shown, str) else words_shown.quote or words_shown.value
        data["placeholder"] = quote.strip()
        return failed("", data=data, evidence=(Evidence.of(state, quote),), variant="failed.placeholder")
    return failed("", data=data, evidence=(Evidence.of(state),))


def _titles_on(snapshot: Snapshot, state: ColumnState) -> list[str]:
    """Labels as long as titles, of links to pages and files of the site that are neither on the home page nor in the
    navigation: entries of a list that was not recognised as one."""
    home = snapshot.home()
    shared = {k.url for k in snapshot.navigation()} | {k.url for k in (snapshot.links(home.url) if home else ())}
    own = snapshot.district.own_hosts()
    return [
        link.text
        for link in snapshot.links(state.url or "")
        if link.kind in ("page", "attachment") and link.region is Region.CONTENT and not link.hidden
        and len(link.text) >= TITLE and link.url not in shared and host_of(link.url) in own
    ]  # fmt: skip


def _as_quote(row: Row) -> str:
    return row.quote or row.title


def _chosen(column: Column, classes: tuple[str, ...], roles: tuple[str, ...]) -> bool:
    return (not classes or str(column.column_class) in classes) and (not roles or column.role in roles)


_UNJUDGED = {
    "inapplicable.external": "“{label}”指向另一系统（{target}），本项不适用。",
    "inapplicable.missing": "未找到“{label}”栏目，由“应设栏目缺失”判定，本项不适用。",
    "inapplicable.gone": "“{label}”栏目页不存在（{how}），由“应设栏目缺失”和链接规则判定，本项不适用。",
    "inapplicable.statement": "“{label}”已发布当年情况说明（{day}）：{statement}，本项不适用。",
    "cannot-tell.unfound": "无法判定：未找到“{label}”栏目，但{gap}，不能断定没有。",
    "cannot-tell.unseen": "无法判定：“{label}”栏目页{url}未能看到（{how}）。",
    "cannot-tell.not-rendered": "无法判定：“{label}”的列表由脚本生成，尚未渲染（{url}）。",
    "inapplicable.parent": "“{label}”是上级栏目，{children}个下级栏目有信息，由下级栏目分别判定。",
}


@rule(
    "column-stale",
    version=1,
    title="栏目更新不及时",
    topic="freshness",
    logic="E",
    guard="list",
    params=ColumnStale,
    absence=True,
    legal=(
        "国办秘函〔2019〕19号 政府网站检查指标 单项否决“首页及栏目不更新”（动态、要闻2周，通知公告、政策文件6个月）",
        "国办发〔2017〕47号 政府网站发展指引（栏目应及时更新）",
    ),
    messages={
        "passed": "最近一条{newest}，距检查时点{age}天，限期{limit}天，未超期。",
        "failed": "最近一条{newest}，距检查时点{age}天，限期{limit}天，超期{over}天。",
        "cannot-tell": "无法判定：{gap}，不能确认“{label}”的最新信息。",
        "cannot-tell.old": "无法判定：已看到的最近一条{newest}，距检查时点{age}天，限期{limit}天；但{gap}。",
        "cannot-tell.undated": "无法判定：“{label}”有{rows}条信息，但列表和已取页面上都没有读到日期。",
        "cannot-tell.future": "无法判定：“{label}”读到的日期都晚于检查时点，检查时点的列表没有看到。",
        "cannot-tell.unread": "无法判定：已读到的最近一条{newest}（{age}天前，限期{limit}天），"
        "另有{unread}条列表未显示日期且文章页未取回，如{example}。",
        "inapplicable.class": "“{label}”属{kind}类栏目，不设更新期限。",
        "inapplicable.rowless": "“{label}”没有信息列表，由“空白栏目”判定，本项不适用。",
        **_UNJUDGED,
    },
    why="长期不更新的栏目使群众看到过时信息，也是国家检查的单项否决依据；没有显示日期的信息按未更新计。",
    fix="1. 登录内容管理系统，打开该栏目，核对最近一条信息的“发布日期”字段是否为真实发布日期。"
    "2. 在该栏目补发应公开而未公开的信息，“发布日期”按实际发布时间填写，不得倒填。"
    "3. 今后每{limit}天内至少更新一次；本年度确无此类事项的，在栏目内发布当年“情况说明”并写明日期，再申请不适用。"
    "4. 栏目已停用的，合并或下线该栏目，并告知政务公开办更新栏目表。",
    recheck="重新读取该栏目全部列表页，最新一条信息的显示日期距复查时点不超过{limit}天。",
    examples=STALE,
)
def column_stale(snapshot: Snapshot, params: ColumnStale) -> Iterator[Verdict]:
    for of in subjects(snapshot):
        if _chosen(of.column, params.classes, params.roles):
            yield judge_stale(snapshot, of, params)


@rule(
    "column-blank",
    version=1,
    title="空白栏目",
    topic="freshness",
    logic="E",
    guard="list",
    params=ColumnBlank,
    absence=True,
    legal=(
        "国办秘函〔2019〕19号 政府网站检查指标 单项否决“空白栏目”",
        "国办发〔2017〕47号 政府网站发展指引（不得开设空白栏目，暂无内容的不显示）",
    ),
    messages={
        "passed": "“{label}”有信息{rows}条，要求不少于{limit}条。",
        "passed.content": "“{label}”栏目页有正文内容。",
        "failed": "“{label}”栏目内有信息{rows}条，要求不少于{limit}条。",
        "failed.placeholder": "“{label}”栏目只有占位文字“{placeholder}”，信息0条，要求不少于{limit}条。",
        "cannot-tell": "无法判定：{gap}，不能断定“{label}”为空白栏目。",
        "cannot-tell.titles": "无法判定：“{label}”没有读出信息列表，但页面上有{count}个像是信息标题的链接"
        "（如“{example}”），请打开核对。",
        **_UNJUDGED,
    },
    question="该栏目是否有信息？",
    why="点开是空的栏目说明应公开的内容没有公开，国家检查中空白栏目达到5个即单项否决。",
    fix="1. 在内容管理系统中打开该栏目，确认是否有未发布或被误设为“草稿”的信息，有则发布。"
    "2. 补充至少{limit}条应公开的信息，填写标题、来源和发布日期。"
    "3. 暂时没有内容的，在栏目属性中设为“不显示”，并从导航中去掉入口；删除“暂无”“建设中”等占位文字。"
    "4. 信息在下级栏目或其他系统的，为本栏目配置跳转。",
    recheck="重新打开该栏目（含各列表页），信息不少于{limit}条，或该栏目不再出现在导航中。",
    examples=BLANK,
)
def column_blank(snapshot: Snapshot, params: ColumnBlank) -> Iterator[Verdict]:
    for of in subjects(snapshot):
        if _chosen(of.column, (), params.roles):
            yield judge_blank(snapshot, of, params)
