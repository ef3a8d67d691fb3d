"""法定期限: enforcement results and overdue payments are published in the days the law gives."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from checks import bygone, same
from checks.calendar import CalendarMissing, WorkCalendar
from checks.facts import DateOrigin, Page
from checks.gaps import gap_reason, search
from checks.items import items, shown_day, title_of, units_judged
from checks.laws import DISTRICT_PLAN, ENFORCEMENT_118
from checks.outcomes import Reason
from checks.periods import months_before
from checks.rule import Example, Params, Status, number, rule, words
from checks.snapshot import Snapshot
from checks.texts import days_in
from checks.tiny import TinySnapshot, tiny
from checks.tiny_parts import BLOCKED, LONG_AGO, article, unit
from checks.verdicts import Evidence, Verdict, cannot_tell, failed, inapplicable, passed
from config.district import Unit, UnitGroup

_DECIDED = re.compile(
    r"(?:(?:处罚|许可|决定|检查|作出|审批)(?:决定)?(?:书)?(?:的)?(?:日期|时间)|决定之日)[:：]?\s*(20\d{2}\D{1,2}\d{1,2}\D{1,2}\d{1,2})"
)


class EnforcementLate(Params):
    decision_workdays: int = number("许可、处罚决定公示期限", unit="个工作日", default=7, stricter="lower", ge=1)
    other_workdays: int = number("其他执法结果公示期限", unit="个工作日", default=20, stricter="lower", ge=1)
    decisions: tuple[str, ...] = words(
        "标题含这些词的按许可、处罚决定计算", ("处罚决定", "行政处罚", "行政许可", "许可决定", "准予")
    )
    others: tuple[str, ...] = words(
        "标题含这些词的按其他执法结果计算", ("检查结果", "抽查结果", "行政强制", "行政检查", "执法结果")
    )
    not_counted: tuple[str, ...] = words(
        "标题含这些词的不是执法决定",
        ("目录", "清单", "办法", "通知", "指南", "统计", "年报", "报告", "流程", "裁量", "听证", "制度", "依据"),
    )
    look_back_months: int = number("回看期", unit="个月", default=12, stricter="higher", ge=1)


def _penalty(day: str, text: str = "处罚决定日期：2026-06-01 罚款五百元。") -> TinySnapshot:
    return tiny(pages=(article("xzcf/1.html", "示例商店行政处罚决定书", day, text, owner="zfb"),))


@rule(
    "enforcement-late",
    version=1,
    title="执法信息公示超期",
    topic="deadlines",
    logic="M",
    guard="cal",
    params=EnforcementLate,
    status=Status.PREVIEW,
    legal=(f"{ENFORCEMENT_118}：许可、处罚决定7个工作日内，其他20个工作日内公示",),
    past=("used",),
    messages={
        "passed": "“{title}”{decided}作出，{day}公示，用{used}个工作日，不超过{limit}个。",
        "failed": "“{title}”{decided}作出，{day}公示，用{used}个工作日，超过{limit}个。",
        "cannot-tell.undated": "“{title}”没有读到决定日期或公示日期，无法计算公示期限。",
        "cannot-tell.date-conflict": "“{title}”的公示日期{day}早于决定日期{decided}，请核对。",
        "cannot-tell.calendar-missing": "“{title}”{decided}作出，缺少{year}年工作日历，无法计算期限。",
        "inapplicable": "近{window}个月没有读到单独成页的执法决定（可能在其他公示系统公示）。",
    },
    why="执法决定及时公示，是三项制度的硬要求。",
    fix=f"{bygone.KEEP}\n{bygone.EXPLAIN}"
    "\n3. 检查审批流程，自下发之日起作出的决定，在{limit}个工作日内公示，页面写明决定日期。",
    recheck=bygone.ACCEPTED,
    examples=(
        Example(
            "按期公示",
            _penalty("2026-06-08"),
            "passed",
            "“示例商店行政处罚决定书”2026-06-01作出，2026-06-08公示，用5个工作日，不超过7个。",
        ),
        Example(
            "超期公示",
            _penalty("2026-06-30"),
            "failed",
            "“示例商店行政处罚决定书”2026-06-01作出，2026-06-30公示，用20个工作日，超过7个。",
        ),
        Example(
            "没有决定日期",
            _penalty("2026-06-08", "罚款五百元。"),
            "cannot-tell",
            "“示例商店行政处罚决定书”没有读到决定日期或公示日期，无法计算公示期限。",
            reason="undated",
        ),
        Example(
            "公示早于决定",
            _penalty("2026-05-20"),
            "cannot-tell",
            "“示例商店行政处罚决定书”的公示日期2026-05-20早于决定日期2026-06-01，请核对。",
            reason="date-conflict",
        ),
        Example(
            "没有当年日历",
            tiny(
                pages=(
                    article(
                        "xzcf/1.html",
                        "示例商店行政处罚决定书",
                        "2003-06-20",
                        "处罚决定日期：2003-06-02 罚款。",
                        owner="zfb",
                    ),
                ),
                as_of=LONG_AGO,
            ),
            "cannot-tell",
            "“示例商店行政处罚决定书”2003-06-02作出，缺少2003年工作日历，无法计算期限。",
            reason="calendar-missing",
        ),
        Example(
            "没有执法决定", tiny(), "inapplicable", "近12个月没有读到单独成页的执法决定（可能在其他公示系统公示）。"
        ),
    ),
)
def enforcement_late(snapshot: Snapshot, params: EnforcementLate) -> Iterator[Verdict]:
    calendar = WorkCalendar(snapshot.district.calendar)
    since, judged = months_before(snapshot.today, params.look_back_months), 0
    for item in items(snapshot):
        title = item.title
        decision = any(w in title for w in params.decisions)
        if not decision and not any(w in title for w in params.others):
            continue
        page = snapshot.page(item.url)
        if page is None or any(w in title for w in params.not_counted) or (item.day or since) < since:
            continue
        judged += 1
        limit = params.decision_workdays if decision else params.other_workdays
        yield _published(page, item.day, limit, calendar)
    if not judged:
        yield inapplicable("enforcement", data={"window": params.look_back_months})


def _published(page: Page, day: date | None, limit: int, calendar: WorkCalendar) -> Verdict:
    found = _DECIDED.search(page.text)
    signed = page.date_of(DateOrigin.SIGNED)
    decided = next(days_in(found[1].replace(" ", "")), None) if found else signed.value if signed else None
    data: dict[str, Any] = {"title": title_of(page), "limit": limit, "decided": str(decided), "day": str(day)}
    quote = found[0] if found else signed.quote if signed else ""
    at: dict[str, Any] = {
        "unit": page.owner,
        "url": page.url,
        "fact": same.late_paper(page.url),
        "evidence": (Evidence.of(page, quote),),
    }
    if decided is None or day is None:
        return cannot_tell(page.url, Reason.UNDATED, data=data, **at)
    if day < decided:
        return cannot_tell(page.url, Reason.DATE_CONFLICT, review=True, data=data, **at)
    try:
        data["used"] = calendar.workdays_between(decided, day)
    except CalendarMissing as gap:
        return cannot_tell(page.url, Reason.CALENDAR_MISSING, data={**data, "year": gap.year}, **at)
    return failed(page.url, data=data, **at) if data["used"] > limit else passed(page.url, data=data, **at)


class SmeArrears(Params):
    due_month: int = number("公布期限：月", unit="月", default=3, stricter="lower", ge=1, le=12)
    due_day: int = number("公布期限：日", unit="日", default=31, stricter="lower", ge=1, le=31)
    keywords: tuple[str, ...] = words(
        "标题含这些词即为该项信息",
        ("逾期未支付中小企业", "拖欠中小企业账款", "中小企业款项", "逾期尚未支付", "中小企业账款"),
    )
    central: bool = words("由一张汇总表代各单位公布也可", True)  # type: ignore[arg-type]


_FINANCE = unit("czj", "示例区财政局")
_NOTHING = re.compile(
    r"(?:无|没有|不存在|零)(?:.{0,20})(?:逾期|拖欠|欠款)|(?:逾期|拖欠).{0,30}(?:无|没有|为0|均为零|0元|0笔|0份)"
)


def _arrears(text: str = "", day: str = "2026-03-20", owner: str = "czj", **more: Any) -> TinySnapshot:
    pages = (article("qk/1.html", "2025年度逾期未支付中小企业账款情况", day, text, owner=owner),) if text else ()
    return tiny(pages=pages, units=(_FINANCE,), **more)


@rule(
    "sme-arrears-missing",
    version=1,
    title="未公开逾期中小企业账款",
    topic="deadlines",
    logic="E",
    guard="unit",
    params=SmeArrears,
    absence=True,
    legal=("《保障中小企业款项支付条例》第十八条（2025年修订）", DISTRICT_PLAN),
    past=("late",),
    messages={
        "passed": "{unit_name}于{day}公布上年度逾期未支付中小企业款项情况，含合同数量和金额。",
        "failed": "{unit_name}应于{due}前公布{year}年度逾期未支付中小企业款项的合同数量和金额，"
        "至{today}未见（已查{looked}）。",
        "late": "{unit_name}{day}才公布{year}年度逾期未支付中小企业款项情况，期限{due}，晚{late}天。",
        "figures": "{unit_name}公布的{year}年度逾期账款信息缺少{lacking}，没有欠款的也应写明“无”。",
        "gap": "{unit_name}{year}年度逾期账款信息尚未找到，但该单位页面未查全（{gap}），不能认定未公布。",
        "central": "{unit_name}没有单独公布{year}年度逾期账款；网站有汇总表“{title}”，是否含该单位请人工核对。",
        "cannot-tell.attachment-unreadable": "{unit_name}公布了{year}年度逾期账款信息，但正文只有{length}字，"
        "数据在附件中，请人工核对。",
        "cannot-tell.undated": "{unit_name}公布了{year}年度逾期账款信息，但没有可读日期，无法判定是否在{due}前。",
        "inapplicable": "{unit_name}{year}年度逾期账款公布期限{due}未到。",
    },
    why="条例要求机关、事业单位每年公布拖欠账款，接受社会监督。",
    fix="1. 请公布{year}年度逾期尚未支付中小企业款项的合同数量、金额。\n2. 没有的，写明“无”。"
    "\n3. 标题写明年度和“逾期未支付中小企业款项”。",
    recheck="该单位有{year}年度逾期账款信息，写明合同数量和金额（没有的写“无”），公布日期不晚于{due}；逾期公布的记为已整改",
    examples=(
        Example(
            "按期公布",
            _arrears("逾期未支付合同数量2个，金额3.5万元。"),
            "passed",
            "示例区财政局于2026-03-20公布上年度逾期未支付中小企业款项情况，含合同数量和金额。",
            subject="czj/2025",
        ),
        Example(
            "没有公布",
            _arrears(),
            "failed",
            "示例区财政局应于2026-03-31前公布2025年度逾期未支付中小企业款项"
            "的合同数量和金额，至2026-09-30未见（已查10页）。",
            subject="czj/2025",
        ),
        Example(
            "晚了",
            _arrears("无逾期未支付款项。", "2026-04-20"),
            "failed",
            "示例区财政局2026-04-20才公布2025年度逾期未支付中小企业款项情况，期限2026-03-31，晚20天。",
            subject="czj/2025",
        ),
        Example(
            "没有金额",
            _arrears("我单位逾期未支付合同数量为两个，正在积极筹措资金，将按计划尽快支付完毕，特此公布，接受监督。"),
            "failed",
            "示例区财政局公布的2025年度逾期账款信息缺少金额，没有欠款的也应写明“无”。",
            subject="czj/2025",
        ),
        Example(
            "页面未查全",
            _arrears(coverage=BLOCKED),
            "cannot-tell",
            "示例区财政局2025年度逾期账款信息尚未找到，但该单位页面未查全（应取10页，已取7页，"
            "首个缺口http://www.example.gov.cn/zwgk/index_2.html（被网站防护系统拦截）），"
            "不能认定未公布。",
            subject="czj/2025",
            reason="blocked",
        ),
        Example(
            "只有汇总表",
            _arrears("各单位情况汇总表", owner="zfb"),
            "cannot-tell",
            "示例区财政局没有单独公布2025年度逾期账款；"
            "网站有汇总表“2025年度逾期未支付中小企业账款情况”，是否含该单位请人工核对。",
            subject="czj/2025",
            reason="needs-judgement",
            review=True,
        ),
        Example(
            "数据在附件",
            _arrears("见附件"),
            "cannot-tell",
            "示例区财政局公布了2025年度逾期账款信息，但正文只有3字，数据在附件中，请人工核对。",
            subject="czj/2025",
            reason="attachment-unreadable",
        ),
        Example(
            "没有日期",
            _arrears("无逾期未支付款项。", ""),
            "cannot-tell",
            "示例区财政局公布了2025年度逾期账款信息，但没有可读日期，无法判定是否在2026-03-31前。",
            subject="czj/2025",
            reason="undated",
        ),
        Example(
            "期限未到",
            _arrears(),
            "inapplicable",
            "示例区财政局2025年度逾期账款公布期限2026-12-31未到。",
            subject="czj/2025",
            params={"due_month": 12},
        ),
    ),
)
def sme_arrears_missing(snapshot: Snapshot, params: SmeArrears) -> Iterator[Verdict]:
    year = snapshot.today.year - 1
    due = date(year + 1, params.due_month, params.due_day)
    found: dict[str, list[Page]] = {}
    for item in items(snapshot):
        page = snapshot.page(item.url) if any(w in item.title for w in params.keywords) else None
        named = re.search(r"20\d{2}", item.title)
        this_year = item.day is None or item.day.year == year + 1
        if page is not None and (int(named[0]) == year if named else this_year):
            found.setdefault(page.owner, []).append(page)
    other = [p for pages in found.values() for p in pages if "汇总" in f"{title_of(p)}{p.text}" or len(found) == 1]
    for unit_ in units_judged(snapshot):
        if unit_.group is not UnitGroup.UTILITY:
            own = min(found.get(unit_.unit_id, []), key=lambda p: (str(shown_day(p)), p.url), default=None)
            yield _arrears_of(snapshot, unit_, own, other[:1] if params.central else [], due)


def _arrears_of(snapshot: Snapshot, unit_: Unit, page: Page | None, other: list[Page], due: date) -> Verdict:
    coverage, subject = snapshot.unit_coverage(unit_.unit_id), f"{unit_.unit_id}/{due.year - 1}"
    data: dict[str, Any] = {"unit_name": unit_.name, "year": due.year - 1, "due": str(due)}
    data |= {"today": str(snapshot.today), **search(coverage)}
    at: dict[str, Any] = {"unit": unit_.unit_id}
    if page is None:
        if snapshot.today <= due:
            return inapplicable(subject, data=data, **at)
        if other:
            at |= {"url": other[0].url, "evidence": (Evidence.of(other[0]),)}
            more = {**data, "title": title_of(other[0])}
            return cannot_tell(subject, Reason.NEEDS_JUDGEMENT, review=True, data=more, variant="central", **at)
        if not coverage.complete:
            return cannot_tell(subject, gap_reason(coverage), data=data, variant="gap", **at)
        return failed(subject, data=data, **at)
    day, text = shown_day(page), page.text
    nothing = _NOTHING.search(text) is not None
    lacking = (
        [] if nothing or re.search(r"合同.{0,8}(?:数量|\d+)|\d+\s*(?:份|个|笔|项).{0,4}合同", text) else ["合同数量"]
    )
    lacking += [] if nothing or re.search(r"\d[\d,.]*\s*(?:万元|亿元|元)|金额.{0,10}\d", text) else ["金额"]
    data |= {"day": str(day), "lacking": lacking, "length": page.text_length, "late": (day - due).days if day else 0}
    at |= {"url": page.url, "evidence": (Evidence.of(page, text[:200]),)}
    if lacking and page.text_length < 40:
        return cannot_tell(subject, Reason.ATTACHMENT_UNREADABLE, review=True, data=data, **at)
    if day is None:
        return cannot_tell(subject, Reason.UNDATED, data=data, **at)
    if day > due:
        return failed(subject, data=data, variant="late", **at)
    return failed(subject, data=data, variant="figures", **at) if lacking else passed(subject, data=data, **at)
