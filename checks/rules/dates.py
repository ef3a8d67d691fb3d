"""Topic dates: pages without a day, days that contradict each other, and publication after the statutory time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from checks import bygone, same
from checks.calendar import CalendarMissing, WorkCalendar
from checks.facts import DateFact, DateOrigin, Page, PageKind
from checks.issuers import Issuer, issuer_of
from checks.outcomes import Outcome, Reason
from checks.rule import Params, number, rule, words
from checks.rules._dates_examples import CONFLICT, LATE, UNDATED
from checks.rules.links import day_of
from checks.snapshot import Snapshot
from checks.universal import FINE, NOT_MEANT, UNRENDERED, Answer, judge_pages
from checks.verdicts import Evidence, Verdict, cannot_tell

ITEMS = (PageKind.ARTICLE, PageKind.POLICY, PageKind.INTERPRETATION, PageKind.REPORT)
_CLEAN = {
    "cannot-tell.gap": "无法判定：已看到的{seen}篇均无问题，但本单位信息未取全（{gap}）。",
    "inapplicable": "未发现应核查的信息，不适用。",
}


def items_of(snapshot: Snapshot, kinds: tuple[PageKind, ...] = ITEMS) -> Iterator[Page]:
    """Published items in order of kind and URL; the front of a column is not one, even where it reads like it."""
    fronts = {url for state in snapshot.columns() for url in (state.url, *state.list_pages) if url}
    for kind in kinds:
        yield from (page for page in snapshot.pages(kind) if page.url not in fronts)


def hidden(page: Page) -> bool:
    """Content is filled by script and was not seen."""
    return page.needs_render and not page.rendered


class ItemUndated(Params):
    group_over: int = number("同一栏目超过多少篇时合并为一条", unit="篇", default=5, ge=1)


@rule(
    "item-undated",
    version=1,
    title="信息无发布日期",
    topic="dates",
    logic="U",
    guard="page",
    params=ItemUndated,
    absence=True,
    legal=(
        "国办秘函〔2019〕19号 政府网站检查指标（信息未注明发布时间的，视为未更新）",
        "国办发〔2017〕47号 政府网站发展指引（内容页应显示标题、时间、来源）",
    ),
    messages={
        "passed": "已核查{seen}篇信息，页面或列表均显示发布日期。",
        "failed": "《{title}》页面和列表均未显示发布日期，每篇均应标明。",
        "failed.group": "{where}有{count}篇信息的页面和列表均未显示发布日期，应为0篇。",
        "cannot-tell": "无法判定：《{title}》由脚本生成，尚未渲染，日期未能看到。",
        "cannot-tell.group": "无法判定：{where}有{count}篇信息{why}，日期未能看到。",
        **_CLEAN,
    },
    why="没有日期的信息群众无法判断是否有效，检查时一律按未更新计算。",
    fix="1. 在内容管理系统打开所列信息，补填“发布日期”字段（年-月-日 时:分），按真实发布时间填写。"
    "2. 字段已填而页面不显示的，请平台方修改文章模板，在标题下方输出发布日期。"
    "3. 仅在META标签PubDate中填写不算显示。",
    recheck="重新打开所列页面及其所在列表，读者可以看到发布日期（年-月-日）。",
    examples=UNDATED,
)
def item_undated(snapshot: Snapshot, params: ItemUndated) -> Iterator[Verdict]:
    def ask(page: Page) -> Answer:
        if page.published or page.list_dates or page.date_of(DateOrigin.ISSUED):
            return FINE
        return UNRENDERED if hidden(page) else Answer(Outcome.FAILED)

    yield from judge_pages(snapshot, items_of(snapshot), ask, group_over=params.group_over)


class DateConflict(Params):
    max_gap_days: int = number("显示日期与其他日期允许相差", unit="天", default=3, stricter="lower", ge=0)
    bulk_pages: int = number(
        "网址或PubDate同为一天的页面达到多少篇即视为可能的系统迁移", unit="篇", default=20, stricter="higher", ge=2
    )
    group_over: int = number("同一栏目超过多少篇时合并为一条", unit="篇", default=5, ge=1)
    roles: tuple[str, ...] = words("只核查这些用途（role）的栏目中的信息，空为全部", ())


_NAMES = {
    DateOrigin.SHOWN: "页面显示",
    DateOrigin.SCRIPT: "页面显示",
    DateOrigin.META: "PubDate标签",
    DateOrigin.URL: "网址",
    DateOrigin.LIST: "列表",
    DateOrigin.ISSUED: "发布日期栏",
    DateOrigin.SIGNED: "成文日期",
    DateOrigin.LAST_MODIFIED: "最后修改时间",
    DateOrigin.FIRST_SEEN: "首次采集",
}
_SAME = (DateOrigin.META, DateOrigin.URL, DateOrigin.LIST, DateOrigin.ISSUED)
_NEVER_AFTER = (DateOrigin.SIGNED,)
_NEVER_BEFORE = (DateOrigin.LAST_MODIFIED, DateOrigin.FIRST_SEEN)


def _fetched_on(page: Page) -> date:
    """The day a page was seen: what it shows cannot be after that, while the moment of judgement may lie before."""
    return day_of(page.fetched_at) if page.fetched_at else date.min


def conflict(page: Page, today: date, max_gap: int) -> tuple[DateFact, int] | None:
    """The date that contradicts the shown one most, and by how many days; None where all agree.

    Dates of the same event may differ by `max_gap` days either way. A file is signed before it is published, and a
    page is written or first seen after it, so those contradict in one direction only.
    """
    shown = page.published
    if shown is None:
        return None
    if shown.value > today:
        return shown, (shown.value - today).days
    worst: tuple[DateFact, int] | None = None
    for other in (*page.dates, *page.list_dates):
        lag = (other.value - shown.value).days
        wrong = (
            (other.origin in _SAME and abs(lag) > max_gap)
            or (other.origin in _NEVER_AFTER and lag > max_gap)
            or (other.origin in _NEVER_BEFORE and -lag > max_gap)
        )
        if wrong and (worst is None or abs(lag) > worst[1]):
            worst = (other, abs(lag))
    return worst


@rule(
    "date-conflict",
    version=1,
    title="日期相互矛盾",
    topic="dates",
    logic="M",
    guard="page",
    params=DateConflict,
    manual=True,
    legal=(
        "国办秘函〔2019〕19号 政府网站检查指标 单项否决（弄虚作假，如伪造发稿日期）",
        "国办发〔2017〕47号 政府网站发展指引（信息发布应标明时间）",
    ),
    messages={
        "passed": "已核查{seen}篇信息，各处日期相差均在允许范围内。",
        "cannot-tell": "需核实：《{title}》显示日期{shown}，{other}{value}，相差{gap}天，允许{limit}天。",
        "cannot-tell.future": "需核实：《{title}》显示日期{shown}晚于采集当日{gap}天。",
        "cannot-tell.group": "需核实：{where}有{count}篇信息的显示日期与其他日期不一致，如《{example}》。",
        "cannot-tell.migration": "需核实：{count}篇信息的{name}日期同为{day}而显示日期各不相同，"
        "疑为系统批量迁移（{limit}篇以上合并提示）。",
        **_CLEAN,
    },
    why="日期不一致可能是补录、倒填或系统迁移；倒填日期属弄虚作假，但机器不能下结论，必须由人核实。",
    fix="1. 在内容管理系统的操作日志中查出所列信息的首次发布时间。"
    "2. 与“发布日期”字段不一致的，改为真实发布时间，不得倒填。"
    "3. 因系统迁移或补录造成的，写明迁移日期和范围，书面说明后由政务公开办登记。",
    recheck="重新读取所列页面，显示日期、PubDate标签、列表日期与网址日期相差不超过允许天数，或已有登记的书面说明。",
    question="显示日期是否为真实的发布日期？",
    examples=CONFLICT,
)
def date_conflict(snapshot: Snapshot, params: DateConflict) -> Iterator[Verdict]:
    columns = {state.column_id for role in params.roles for state in snapshot.by_role(role)}
    fine: Counter[str] = Counter()
    doubtful: dict[str, tuple[Page, tuple[DateFact, int]]] = {}
    for page in items_of(snapshot):
        if (params.roles and page.column not in columns) or not _comparable(page, snapshot.today):
            continue
        found = conflict(page, max(snapshot.today, _fetched_on(page)), params.max_gap_days)
        if found is None:
            fine[page.owner] += 1
        else:  # without its text: a whole site may be in doubt
            doubtful[page.url] = replace(page, text=""), found
    migrated = _migrations(doubtful.values(), params)

    def ask(page: Page) -> Answer:
        found = doubtful[page.url][1]
        moved = (found[0].origin, found[0].value) in migrated
        return FINE if moved else _question(page, found, params.max_gap_days)

    pages = (page for page, _ in doubtful.values())
    for verdict in judge_pages(snapshot, pages, ask, group_over=params.group_over, review=True, fine=fine):
        future = verdict.data.get("future") is True
        yield replace(verdict, variant="cannot-tell.future") if future else verdict
    for (origin, day), moved in sorted(migrated.items()):
        owners = {owner for owner, _ in moved}
        yield cannot_tell(
            f"migration:{day}" if origin is DateOrigin.URL else f"migration:{origin}:{day}",
            Reason.NEEDS_JUDGEMENT,
            unit=owners.pop() if len(owners) == 1 else "",
            data={
                "day": str(day),
                "name": _NAMES[origin],
                "count": len(moved),
                "limit": params.bulk_pages,
                "pages": [evidence.url for _, evidence in moved[:200]],
            },
            evidence=tuple(evidence for _, evidence in moved[:5]),
            review=True,
            variant="cannot-tell.migration",
        )


def _question(page: Page, found: tuple[DateFact, int], limit: int) -> Answer:
    other, gap = found
    assert page.published is not None
    table = [
        [_NAMES[d.origin], str(d.value), d.quote]
        for d in (page.published, *page.dates, *page.list_dates)
        if d.origin in _NAMES
    ]
    data: dict[str, object] = {
        "shown": str(page.published.value), "other": _NAMES[other.origin], "value": str(other.value), "gap": gap,
        "limit": limit, "dates": table, "future": other is page.published,
    }  # fmt: skip
    # A reader never sees PubDate, and systems rewrite it on every regeneration: one question per unit is enough.
    together = "PubDate" if other.origin is DateOrigin.META else ""
    return Answer(Outcome.CANNOT_TELL, page.published.quote, Reason.NEEDS_JUDGEMENT, data, together)


Moved = dict[tuple[DateOrigin, date], list[tuple[str, Evidence]]]


def _comparable(page: Page, today: date) -> bool:
    """Whether the page shows a date that another one, or the day of judgement, can contradict."""
    if page.published is None:
        return False
    if page.published.value > today:
        return True
    return any(d.origin in _NAMES and d is not page.published for d in (*page.dates, *page.list_dates))


def _migrations(doubtful: Iterable[tuple[Page, tuple[DateFact, int]]], params: DateConflict) -> Moved:
    """Days that URL or PubDate of many pages share which show other dates, with owner and evidence of those pages."""
    days: Moved = {}
    for page, (other, _) in doubtful:
        if other.origin in (DateOrigin.URL, DateOrigin.META):
            quote = page.published.quote if page.published else ""
            days.setdefault((other.origin, other.value), []).append((page.owner, Evidence.of(page, quote)))
    return {key: pages for key, pages in days.items() if len(pages) >= params.bulk_pages}


class PublishLate(Params):
    limit_workdays: int = number("自信息形成之日起公开的期限", unit="个工作日", default=20, stricter="lower", ge=1)
    lookback_days: int = number("只核查检查时点前多少天内发布的文件", unit="天", default=365, stricter="higher", ge=1)
    group_over: int = number("同一栏目超过多少篇时合并为一条", unit="篇", default=5, ge=1)


@rule(
    "publish-late",
    version=1,
    title="超期公开",
    topic="dates",
    logic="M",
    guard="cal",
    params=PublishLate,
    legal=("《中华人民共和国政府信息公开条例》第二十六条（自形成或者变更之日起20个工作日内公开）",),
    past=(
        "used",
        "count",
    ),
    messages={
        "passed": "已核查{seen}份文件，均在规定工作日内公开。",
        "failed": "《{title}》{signed}成文，{shown}发布，用时{used}个工作日，"
        "限期{limit}个工作日，超期{over}个工作日。",
        "failed.group": "{where}有{count}份文件超过规定工作日公开。",
        "cannot-tell.undated": "无法判定：《{title}》缺少{lack}，不能计算公开用时（限期{limit}个工作日）。",
        "cannot-tell.date-conflict": "无法判定：《{title}》{signed}成文，显示{shown}发布，未超{limit}个工作日；"
        "但网址日期{url_day}，按此计算用时{used}个工作日，需核实。",
        "cannot-tell.calendar-missing": "无法判定：《{title}》{signed}成文，{shown}发布，缺少{year}年工作日历。",
        "cannot-tell.group": "无法判定：{where}有{count}份文件{why}，不能计算公开用时。",
        **_CLEAN,
    },
    why="条例要求信息形成后20个工作日内公开，超期公开会使群众错过办事和申请的时间。",
    fix=f"{bygone.KEEP}\n{bygone.EXPLAIN}"
    "\n3. 把“拟稿时确定公开属性、印发当日报送上网”纳入办文流程；另有法律规定公开期限的，注明依据并申请不适用。",
    recheck=bygone.ACCEPTED,
    examples=LATE,
)
def publish_late(snapshot: Snapshot, params: PublishLate) -> Iterator[Verdict]:
    calendar = WorkCalendar(snapshot.district.calendar)
    oldest = snapshot.today - timedelta(days=params.lookback_days)

    def ask(page: Page) -> Answer:
        if issuer_of(page, snapshot.district) is Issuer.HIGHER:  # reprinted: the term runs for its own authority
            return NOT_MEANT
        return _late(page, snapshot.today, oldest, calendar, params.limit_workdays)

    yield from judge_pages(snapshot, items_of(snapshot, (PageKind.POLICY,)), ask, group_over=params.group_over)


def _late(page: Page, today: date, oldest: date, calendar: WorkCalendar, limit: int) -> Answer:
    shown = page.date_of(DateOrigin.ISSUED) or page.published
    signed = page.date_of(DateOrigin.SIGNED)
    url_day = page.date_of(DateOrigin.URL)
    latest = max((d.value for d in (shown, signed, url_day) if d), default=None)
    # Without a header table and a 成文日期 it is a notice, not a file; what it lacks is not this rule's matter.
    file = bool(page.header) or signed is not None
    if not file or latest is None or latest < oldest or (shown and shown.value > today):
        return NOT_MEANT
    data: dict[str, object] = {"limit": limit}
    if signed is None or shown is None:
        if hidden(page):
            return UNRENDERED
        data["lack"] = "和".join(n for n, d in (("成文日期", signed), ("发布日期", shown)) if d is None)
        return Answer(Outcome.CANNOT_TELL, reason=Reason.UNDATED, data=data)
    data |= {"signed": str(signed.value), "shown": str(shown.value)}
    quote = f"{signed.quote}；{shown.quote}"
    try:
        used = calendar.workdays_between(signed.value, shown.value)
        by_url = calendar.workdays_between(signed.value, url_day.value) if url_day else 0
    except CalendarMissing as missing:
        data["year"] = missing.year
        return Answer(Outcome.CANNOT_TELL, quote, Reason.CALENDAR_MISSING, data)
    if used > limit:
        more = {**data, "used": used, "over": used - limit}
        return Answer(Outcome.FAILED, quote, data=more, fact=same.late_paper(page.url))
    if url_day and by_url > limit:
        more = {**data, "used": by_url, "url_day": str(url_day.value)}
        return Answer(Outcome.CANNOT_TELL, quote, Reason.DATE_CONFLICT, more, fact=same.late_paper(page.url))
    return FINE
