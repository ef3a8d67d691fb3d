"""What the yearly plan of open government asks of every unit, as items of its key-field column.

Planted: one unit without hot questions, one without the report on the second quarter, one that reports late, one
without a ledger of tasks and one that is late with it, one without news of its key projects.
Traps: a report and a ledger on the last day, a report that names the half-year, titles that name several matters.
"""

from __future__ import annotations

from dataclasses import dataclass

from audit.demo.bodies import BODIES, body
from audit.demo.grammar import html, news_html
from audit.demo.layout import table
from audit.demo.model import Body, Item, on


@dataclass(frozen=True, slots=True)
class Duty:
    """One kind of item. `skip` are units that owe it, `only` the units it is asked of (blank: all)."""

    key: str
    title: str
    month: str  # "2026-03": the day follows from the unit
    text: str
    skip: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    days: tuple[tuple[str, str], ...] = ()  # units and the day they published instead
    titles: tuple[tuple[str, str], ...] = ()  # units and what they wrote instead


_TOWNS = tuple(unit.id for unit in BODIES if unit.town)

DUTIES: tuple[Duty, ...] = (
    Duty("meeting", "{short}召开政务公开领导小组会议", "2025-11",
         "会议听取全年政务公开工作汇报，研究解决重点难点问题，对下一年度工作作出安排。"),
    Duty("lecture", "{short}举办政策公开讲并送政策上门发放惠企政策清单", "2025-10",
         "活动采取现场宣讲和企业点餐、部门配餐相结合的方式，逐条说明申请条件和办理流程，并收集企业意见建议。"),
    Duty("press", "{short}主要负责同志出席新闻发布会", "2025-12",
         "发布会介绍全年重点工作情况，主要负责同志回答记者提问，并就群众意见建议作出回应。"),
    Duty("ledger", "{short}2026年政务公开任务分解和工作台账", "2026-03",
         "台账明确责任主体和时限要求，逐项列出任务、措施、责任人岗位和完成时间。", skip=("yunsang",),
         days=(("qingting", "2026-05-14"), ("mailang", "2026-04-10"))),
    Duty("training", "{short}开展政务公开业务培训", "2026-04",
         "培训围绕信息发布、保密审查、依申请公开办理等内容，设置案例讲评和现场答疑。"),
    Duty("questions", "{short}热点问答（2026年上半年）", "2026-05",
         "针对群众咨询较多的问题，逐条整理答复口径，并公布咨询电话和意见反馈邮箱。", skip=("hesui",)),
    Duty("attendance", "{short}邀请公众代表列席会议", "2026-06",
         "列席代表共提出意见7条，采纳5条，未采纳2条，未采纳的已逐条说明理由。"),
    Duty("places", "{short}土地征收、旧区改造、义务教育入学、就诊就医、养老服务和村务居务定点定向公开情况", "2026-05",
         "通过村（社区）公开栏、便民服务中心和微信群等载体，向特定区域和人群定点定向公开。"),
    Duty("quarter", "{short}2026年第二季度政务公开要点落实情况", "2026-07",
         "第二季度共承担任务12项，已完成10项，其余2项按计划推进，进展情况见正文。",
         skip=("mailang",), days=(("yunsang", "2026-08-20"), ("hesui", "2026-07-28")),
         titles=(("fgj", "{short}2026年上半年政务公开要点落实情况"),)),
    Duty("projects", "{short}2026年第三季度重点项目和水网、交通网建设进展", "2026-09",
         "本季度重点项目建设按计划推进，水网、交通网项目完成年度投资的四分之三，主要节点和责任单位见正文。",
         skip=("mailang",), only=(*_TOWNS, "fgj", "nyj")),
    Duty("environment", "{short}绿色低碳发展和水质监测情况（2026年第三季度）", "2026-09",
         "本季度水质监测断面全部达标，绿色低碳改造项目进展顺利，监测数据按月更新。", only=(*_TOWNS, "fgj")),
    Duty("care", "{short}养老托育机构安全检查情况（2026年第三季度）", "2026-09",
         "对辖区养老、托育机构的质量安全、从业人员和运营秩序开展检查，问题已责令限期整改。",
         only=(*_TOWNS, "mzj", "jyj")),
    Duty("jobs", "{short}职业技能培训、公益性岗位、就业创业补贴和灵活就业政策信息", "2026-05",
         "面向就业困难人员、高校毕业生等重点群体，列明申请条件、办理地点和咨询电话。", only=(*_TOWNS, "rsj")),
    Duty("zone", "{short}便民服务中心政务公开专区活动情况", "2026-05",
         "专区开展政策现场解读和办事流程演示，收集群众意见并逐条回复。", only=_TOWNS),
)  # fmt: skip


def open_month(who: Body, order: int, first: int) -> list[Item]:
    """Notice in July, event and summary in August, on days that `order` spreads; `first` begins the numbers."""
    steps = (("2026-07-29", "预告"), (f"2026-08-{13 + order:02d}", "现场体验和座谈答疑"),
             (f"2026-08-{15 + order:02d}", "总结"))  # fmt: skip
    items = []
    for step, (day, what) in enumerate(steps):
        text = html(
            [f"{who.full}政府开放月活动{what}：活动设置答疑、座谈、活动体验、问卷调查等环节，邀请群众代表参加。"]
        )
        title = f"{who.short}2026年政府开放月活动{what}"
        items.append(Item(first + order * 10 + step, title, on(day, 9, 10 * step), who.full, text))
    return items


_OFFICE = (
    ("市政府工作报告、区政府工作报告重点任务、民生实事和接诉即办2026年第二季度进展情况", "2026-07-15",
     "各项任务进展：任务一完成年度计划的百分之六十，任务二完成百分之五十五；民生实事项目全部开工。责任单位：区政府办公室牵头，各有关部门配合。"),
    ("2026年第二季度政务公开评估情况通报", "2026-07-20",
     "本次评估采取日常监测和集中检查相结合的方式，通报主要问题和整改要求。"),
)  # fmt: skip


def duty_items() -> dict[str, tuple[Item, ...]]:
    """Items by unit, for all units that have an area."""
    more = {"zfb": _office(), "jyj": [_enrolment(), _schools()], "mzj": [_relief()]}
    return {unit.id: (*_of(unit), *more.get(unit.id, ())) for unit in BODIES}


def _enrolment() -> Item:
    who = body("jyj")
    text = html(["今年义务教育阶段学校招生入学坚持免试就近原则，报名时间、材料和咨询电话见正文。"])
    title = "青禾区2026年义务教育学校招生入学政策"
    return Item(603_600, title, on("2026-06-08", 9, 30), who.full, text + news_html(who.short, "义务教育", "enrol"))


def _schools() -> Item:
    """One page gathers what is asked of private schools and training bodies, in a table."""
    who = body("jyj")
    rows = [("示范培训学校", "教民99010200001号", "示范大道13号", "篮球、书法", "每课时80元")]
    text = table(("机构名称", "办学许可证", "办学地址", "培训项目", "收费标准"), rows, "校外培训机构和民办学校信息")
    return Item(603_601, "青禾区民办学校和校外培训机构信息公开", on("2026-06-10", 9, 0), who.full, text)


def _relief() -> Item:
    """The nine standards of relief under the long names; a naive search for 城市低保 misses them."""
    who = body("mzj")
    names = ("城市最低生活保障", "农村最低生活保障", "城市特困人员", "农村特困人员", "孤儿基本生活费",
             "事实无人抚养儿童", "重点困境儿童", "困难残疾人生活补贴", "重度残疾人护理补贴")  # fmt: skip
    text = table(("类别", "月标准（元）"), [(name, str(400 + 60 * n)) for n, name in enumerate(names)], "救助标准")
    return Item(604_600, "青禾区2026年困难群众救助标准", on("2026-04-02", 9, 0), who.full, text)


def _of(unit: Body) -> list[Item]:
    order = BODIES.index(unit)
    items = []
    for n, duty in enumerate(DUTIES):
        if unit.id in duty.skip or (duty.only and unit.id not in duty.only):
            continue
        day = dict(duty.days).get(unit.id, f"{duty.month}-{14 + order:02d}")
        title = dict(duty.titles).get(unit.id, duty.title).format(short=unit.short)
        text = html([duty.text]) + news_html(unit.short, unit.duties[n % len(unit.duties)], duty.key)
        items.append(Item(600_500 + (order + 1) * 1000 + n, title, on(day, 10, 4 * n), unit.full, text))
    return items


def _office() -> list[Item]:
    who = body("zfb")
    return [
        Item(601_600 + n, title, on(day, 15, n), who.full, html([text]) + news_html(who.short, "政务督查", "q", n))
        for n, (title, day, text) in enumerate(_OFFICE)
    ]
