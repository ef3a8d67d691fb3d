"""法定期限: budgets after their approval, and the steps of land expropriation project by project."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from pydantic import field_validator

from checks import bygone, same
from checks.calendar import CalendarMissing, WorkCalendar
from checks.facts import Page
from checks.items import Item, items, title_of
from checks.outcomes import Reason
from checks.periods import months_before
from checks.rule import Example, Params, Status, number, rule, words
from checks.snapshot import Snapshot
from checks.solicit import window
from checks.texts import days_in, fold
from checks.tiny import TinySnapshot, tiny
from checks.tiny_parts import article
from checks.verdicts import Evidence, Verdict, cannot_tell, failed, inapplicable, passed

_BUDGET = re.compile(r"(20\d{2})年?(?:度)?.{0,20}?(预算|决算)")
_REPLY = re.compile(
    r"(?:批复|批准|审议通过)(?:日期|时间)?[:：]?\s*(20\d{2}年\d{1,2}月\d{1,2}日)"
    r"|(20\d{2}年\d{1,2}月\d{1,2}日)[^。]{0,20}(?:批复|批准|审议通过)"
)


class BudgetLate(Params):
    days: int = number("批准或批复后公开期限", unit="天", default=20, stricter="lower", ge=1)
    replies: tuple[str, ...] = words("财政批复日期，写“2026预算=2026-02-10”，由财政局提供", ())
    not_counted: tuple[str, ...] = words(
        "标题含这些词的不是预决算本身", ("执行", "调整", "绩效", "培训", "会议", "制度", "编制")
    )
    look_back_months: int = number("回看期", unit="个月", default=18, stricter="higher", ge=1)

    @field_validator("replies")
    @classmethod
    def dated(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for entry in value:
            if not re.fullmatch(r"20\d{2}(预算|决算)=20\d{2}-\d{2}-\d{2}", entry):
                raise ValueError(f"应写成“2026预算=2026-02-10”：{entry}")
        return value


def _budget(day: str, text: str = "2026年2月1日财政局批复我单位预算。") -> TinySnapshot:
    return tiny(pages=(article("ys/1.html", "区政府办2026年部门预算", day, text, owner="zfb"),))


@rule(
    "budget-late",
    version=1,
    title="预决算公开超期",
    topic="deadlines",
    logic="M",
    guard="cal",
    params=BudgetLate,
    status=Status.PREVIEW,
    legal=("《预算法》第十四条：批准或批复后二十日内公开",),
    past=("used",),
    messages={
        "passed": "“{title}”{reply}批复，{day}公开，用{used}天，不超过{limit}天。",
        "failed": "“{title}”{reply}批复，{day}公开，用{used}天，超过{limit}天。",
        "cannot-tell.undated": "“{title}”没有读到批复日期或公开日期，无法计算期限；请提供批复日期。",
        "cannot-tell.date-conflict": "“{title}”的公开日期{day}早于批复日期{reply}，请核对。",
        "inapplicable": "近{window}个月没有读到预决算公开页面。",
    },
    why="预决算按期公开是预算法的明文规定。",
    fix=f"{bygone.KEEP}\n{bygone.EXPLAIN}\n3. 下一次收到财政批复后{{limit}}天内公开预决算及说明，页面写明批复日期。",
    recheck=bygone.ACCEPTED,
    examples=(
        Example(
            "按期公开",
            _budget("2026-02-12"),
            "passed",
            "“区政府办2026年部门预算”2026-02-01批复，2026-02-12公开，用11天，不超过20天。",
        ),
        Example(
            "超期公开",
            _budget("2026-03-20"),
            "failed",
            "“区政府办2026年部门预算”2026-02-01批复，2026-03-20公开，用47天，超过20天。",
        ),
        Example(
            "批复日期由财政局提供",
            _budget("2026-03-20", "部门预算见附表。"),
            "failed",
            "“区政府办2026年部门预算”2026-02-10批复，2026-03-20公开，用38天，超过20天。",
            params={"replies": ["2026预算=2026-02-10"]},
        ),
        Example(
            "没有批复日期",
            _budget("2026-03-20", "部门预算见附表。"),
            "cannot-tell",
            "“区政府办2026年部门预算”没有读到批复日期或公开日期，无法计算期限；请提供批复日期。",
            reason="undated",
        ),
        Example(
            "公开早于批复",
            _budget("2026-01-20"),
            "cannot-tell",
            "“区政府办2026年部门预算”的公开日期2026-01-20早于批复日期2026-02-01，请核对。",
            reason="date-conflict",
        ),
        Example("没有预决算页面", tiny(), "inapplicable", "近18个月没有读到预决算公开页面。"),
    ),
)
def budget_late(snapshot: Snapshot, params: BudgetLate) -> Iterator[Verdict]:
    replies = {k: date.fromisoformat(v) for k, v in (e.split("=") for e in params.replies)}
    since, judged = months_before(snapshot.today, params.look_back_months), 0
    for item in items(snapshot):
        found = _BUDGET.search(item.title)
        if not found or any(w in item.title for w in params.not_counted) or (item.day or since) < since:
            continue
        page = snapshot.page(item.url)
        if page is not None:
            judged += 1
            yield _replied(page, item.day, replies.get(found[1] + found[2]), params.days)
    if not judged:
        yield inapplicable("budget", data={"window": params.look_back_months})


def _replied(page: Page, day: date | None, given: date | None, limit: int) -> Verdict:
    found = _REPLY.search(fold(page.text))
    read = next(days_in(found[1] or found[2]), None) if found else None
    reply = given or read
    data: dict[str, Any] = {"title": title_of(page), "limit": limit, "reply": str(reply), "day": str(day)}
    at: dict[str, Any] = {"unit": page.owner, "url": page.url, "fact": same.late_paper(page.url)}
    at["evidence"] = (Evidence.of(page, found[0] if found else ""),)
    if reply is None or day is None:
        return cannot_tell(page.url, Reason.UNDATED, data=data, **at)
    if day < reply:
        return cannot_tell(page.url, Reason.DATE_CONFLICT, review=True, data=data, **at)
    data["used"] = (day - reply).days
    return failed(page.url, data=data, **at) if data["used"] > limit else passed(page.url, data=data, **at)


_STEPS = {
    "征收土地预公告": ("预公告", "启动公告"),
    "土地现状调查": ("现状调查", "调查结果"),
    "补偿安置方案公告": ("安置方案", "补偿方案"),
    "批准文件": ("批复", "批准文件"),
    "征收土地公告": ("征收土地公告", "征收公告"),
    "费用支付": ("费用支付", "支付凭证", "补偿费支付"),
}


class LandFile(Params):
    projects: tuple[str, ...] = words("征地项目名称，由自然资源部门提供；空表示没有项目清单", ())
    notice_workdays: int = number("预公告时间", unit="个工作日", default=10, stricter="higher", ge=1)
    plan_days: int = number("补偿安置方案公告时间", unit="天", default=30, stricter="higher", ge=1)
    final_workdays: int = number("批准后发布征收公告期限", unit="个工作日", default=15, stricter="lower", ge=1)


def _land(
    *more: Page, plan: str = "公告期限2026年3月1日至2026年4月5日。", approved: str = "2026-05-08"
) -> TinySnapshot:
    pages = (
        article("zd/1.html", "示例路项目征收土地预公告", "2026-02-01", "预公告2026年2月1日至2026年2月28日。"),
        article("zd/2.html", "示例路项目土地现状调查结果", "2026-02-20"),
        article("zd/3.html", "示例路项目征地补偿安置方案公告", "2026-03-01", plan),
        article("zd/4.html", "示例路项目用地批复", approved),
        article("zd/5.html", "示例路项目征收土地公告", "2026-05-20"),
        *more,
    )
    return tiny(pages=pages)


_PAID = article("zd/6.html", "示例路项目补偿费支付情况", "2026-06-20")
_LIST = {"projects": ["示例路项目"]}


@rule(
    "land-file-incomplete",
    version=1,
    title="征地信息不全",
    topic="deadlines",
    logic="M",
    guard="reg",
    params=LandFile,
    status=Status.PREVIEW,
    absence=True,
    legal=("《土地管理法实施条例》第二十六条、第二十八条、第三十一条",),
    past=("late",),
    messages={
        "passed": "“{project}”征地六个环节都已公开，公告期限符合规定。",
        "failed": "“{project}”公告期限不足：{faults}。",
        "cannot-tell.needs-judgement": "“{project}”没有找到这些环节的公开信息：{lacking}，请人工核对。",
        "cannot-tell.register-missing": "没有征地项目清单，无法按项目核对；网站读到征地相关信息{count}条。",
        "cannot-tell.calendar-missing": "“{project}”缺少{year}年工作日历，无法计算公告期限。",
        "inapplicable": "没有征地项目清单，网站上也没有读到征地信息。",
    },
    why="征地各环节公开到位，被征地群众的知情权才有保障。",
    fix="1. 请自然资源部门按项目归集征地信息。\n2. 公告期限不足的，延长或重新公告。\n3. 各环节页面标题写明项目名称。",
    recheck="该项目六个环节都有公开页面，公告期限符合条例",
    question="没有找到的环节是否已在其他平台公开或尚未进行？",
    examples=(
        Example(
            "六个环节齐全",
            _land(_PAID),
            "passed",
            "“示例路项目”征地六个环节都已公开，公告期限符合规定。",
            params=_LIST,
        ),
        Example(
            "方案公告只有十五天",
            _land(_PAID, plan="公告期限2026年3月1日至2026年3月15日。"),
            "failed",
            "“示例路项目”公告期限不足：补偿安置方案公告2026-03-01至2026-03-15，15天，少于30天。",
            params=_LIST,
        ),
        Example(
            "征收公告太晚",
            _land(_PAID, approved="2026-04-01"),
            "failed",
            "“示例路项目”公告期限不足：批准后32个工作日才发布征收公告，超过15个。",
            params=_LIST,
        ),
        Example(
            "没有支付信息",
            _land(),
            "cannot-tell",
            "“示例路项目”没有找到这些环节的公开信息：费用支付，请人工核对。",
            params=_LIST,
            reason="needs-judgement",
            review=True,
        ),
        Example(
            "没有项目清单",
            _land(),
            "cannot-tell",
            "没有征地项目清单，无法按项目核对；网站读到征地相关信息3条。",
            reason="register-missing",
        ),
        Example(
            "没有当年日历",
            _land(_PAID, approved="2002-04-01"),
            "cannot-tell",
            "“示例路项目”缺少2002年工作日历，无法计算公告期限。",
            params=_LIST,
            reason="calendar-missing",
        ),
        Example("没有征地信息", tiny(), "inapplicable", "没有征地项目清单，网站上也没有读到征地信息。"),
    ),
)
def land_file_incomplete(snapshot: Snapshot, params: LandFile) -> Iterator[Verdict]:
    calendar = WorkCalendar(snapshot.district.calendar)
    every = items(snapshot)
    if not params.projects:
        about = [i for i in every if "征地" in i.title or "征收土地" in i.title or "安置方案" in i.title]
        if about:
            proof = tuple(i.evidence for i in about[:5])
            yield cannot_tell("land", Reason.REGISTER_MISSING, data={"count": len(about)}, evidence=proof)
        else:
            yield inapplicable("land")
    for project in params.projects:
        own = [i for i in every if fold(project) in fold(i.title)]
        yield _project(snapshot, project, own, calendar, params)


def _project(snapshot: Snapshot, project: str, own: list[Item], calendar: WorkCalendar, params: LandFile) -> Verdict:
    steps: dict[str, Item] = {}
    for name, spellings in _STEPS.items():
        hit = next((i for i in own if any(s in i.title for s in spellings) and i not in steps.values()), None)
        if hit is not None:
            steps[name] = hit
    lacking = [name for name in _STEPS if name not in steps]
    data: dict[str, Any] = {"project": project, "lacking": lacking}
    data["steps"] = [f"{n}：{i.day or '无日期'} {i.url}" for n, i in steps.items()]
    at: dict[str, Any] = {"evidence": tuple(i.evidence for i in steps.values())}
    at |= {"unit": next((i.owner for i in steps.values() if i.owner), ""), "url": own[0].url if own else ""}
    try:
        faults, late = _windows(snapshot, steps, calendar, params)
    except CalendarMissing as gap:
        return cannot_tell(f"land/{project}", Reason.CALENDAR_MISSING, data={**data, "year": gap.year}, **at)
    if faults:
        return failed(f"land/{project}", data={**data, "faults": "；".join(faults), "late": late}, **at)
    if lacking:
        return cannot_tell(f"land/{project}", Reason.NEEDS_JUDGEMENT, review=True, data=data, **at)
    return passed(f"land/{project}", data=data, **at)


def _windows(
    snapshot: Snapshot, steps: dict[str, Item], calendar: WorkCalendar, params: LandFile
) -> tuple[list[str], int]:
    """Windows that are too short by the dates the pages show, and working days the last notice was late.

    Raises CalendarMissing.
    """
    faults, late = [], 0
    notice = _open(snapshot, steps.get("征收土地预公告"))
    if notice is not None:
        lasted = calendar.workdays_between(notice[0], notice[1])
        if lasted < params.notice_workdays:
            faults.append(f"预公告{notice[0]}至{notice[1]}，{lasted}个工作日，少于{params.notice_workdays}个")
    plan = _open(snapshot, steps.get("补偿安置方案公告"))
    if plan is not None and (plan[1] - plan[0]).days + 1 < params.plan_days:
        faults.append(
            f"补偿安置方案公告{plan[0]}至{plan[1]}，{(plan[1] - plan[0]).days + 1}天，少于{params.plan_days}天"
        )
    approved, final = steps.get("批准文件"), steps.get("征收土地公告")
    if approved and final and approved.day and final.day and final.day >= approved.day:
        used = calendar.workdays_between(approved.day, final.day)
        if used > params.final_workdays:
            faults.append(f"批准后{used}个工作日才发布征收公告，超过{params.final_workdays}个")
            late = used - params.final_workdays
    return faults, late


def _open(snapshot: Snapshot, item: Item | None) -> tuple[date, date] | None:
    page = snapshot.page(item.url) if item else None
    ran = window(page) if page else None
    return (ran.start, ran.end) if ran and ran.start and ran.end else None
