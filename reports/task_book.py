"""`任务分解台账.xlsx`: the plan's responsibility lines per unit, their dates, and what the audit found of them.

Preloaded where a plan belongs to one of the round's standards (outputs.md §7). People fill in who, when and progress.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from checks.outcomes import Outcome
from checks.scoring import ranked_in
from config.district import Unit
from config.plans import UNDECIDED, Plan, PlanLine, plan_for, responsible
from config.standard import Indicator, IndicatorKind, Standard
from reports.issues import Docket
from reports.sheets import DATE_RULE, PROTECTION, Book, Field, Value
from reports.text import quoted
from reports.view import RoundView

PROGRESS = ("未开始", "进行中", "已完成", "逾期", "不适用")
FREQUENCIES = ("一次", "季度", "月", "常态", "触发")
FIELDS = (
    Field("序号", 5),
    Field("文件及章节", 10),
    Field("工作任务", 46),
    Field("拆分子任务", 28),
    Field("公开内容／载体（栏目）", 18),
    Field("牵头单位", 12, "blank"),
    Field("责任单位", 16),
    Field("责任科室／责任人", 12, "blank"),
    Field("起始", 12),
    Field("完成时限", 12, "blank-date"),
    Field("频次", 7),
    Field("触发条件与法定期限", 26),
    Field("完成标志", 20, "blank"),
    Field("核验方式", 20),
    Field("佐证网址", 26, "blank"),
    Field("进度", 8, "blank"),
    Field("本季度进展", 22, "blank"),
    Field("问题及原因", 18, "blank"),
    Field("下一步", 18, "blank"),
    Field("更新日期", 12, "blank-date"),
    Field("复核结论", 11, "blank"),
    Field("是否纳入年报", 8, "blank"),
)
BY_UNIT = (
    Field("责任单位", 20),
    Field("单位分组", 14),
    Field("任务数", 8),
    Field("有期限的", 9),
    Field("涉及章节", 60),
    Field("本轮相关问题（处）", 12),
    Field("尚不能判定（处）", 12),
)
CALENDAR = (
    Field("完成时限", 12),
    Field("文件及章节", 12),
    Field("工作任务", 42),
    Field("责任单位数", 10),
    Field("提前30天", 12, "formula"),
    Field("提前7天", 12, "formula"),
    Field("提前1天", 12, "formula"),
    Field("状态", 14, "formula"),
)
CROSS = (
    Field("文件及章节", 10),
    Field("检查项", 24),
    Field("条款", 36),
    Field("规则编号", 24),
    Field("核验方式", 8),
    Field("本轮问题（处）", 8),
    Field("尚不能判定（处）", 8),
    Field("通过（处）", 8),
    Field("问题编号", 36),
)
PAPER = (
    Field("文件及章节", 9),
    Field("工作任务", 62),
    Field("责任单位", 28),
    Field("完成时限、频次", 12),
    Field("核验方式", 10),
    Field("已完成", 7, "formula"),
    Field("逾期", 7, "formula"),
)
TOP = 3
NAMED = 3  # rules that a task names; all of them stand in the sheet that sets tasks beside checks
_WARNING = '=IF(A{r}="","",IF(A{r}<TODAY(),"已过期限",IF(A{r}-TODAY()<=1,"1天内到期",IF(A{r}-TODAY()<=7,"7天内到期",IF(A{r}-TODAY()<=30,"30天内到期","未到期")))))'  # noqa: E501


@dataclass(frozen=True, slots=True)
class Task:
    """One line of the plan for one unit; without a unit the office has to name it."""

    line: PlanLine
    name: str
    unit: Unit | None


def plan_of(view: RoundView) -> tuple[Plan, Standard] | None:
    """The plan behind one of the round's standards, None when there is none."""
    found = ((plan, s) for s in view.standards if (plan := plan_for(s.id, view.district)))
    return next(found, None)


def tasks(view: RoundView, plan: Plan) -> tuple[Task, ...]:
    return tuple(Task(line, name, unit) for line in plan.lines for name, unit in responsible(line, view.district))


def task_book(view: RoundView, items: Docket) -> bytes | None:
    """The workbook as bytes; None when no standard of the round has a plan."""
    known = plan_of(view)
    if known is None:
        return None
    plan, standard = known
    every = tasks(view, plan)
    book = Book(view, "任务分解台账")
    note = (
        f"依据{plan.document}，{len(plan.lines)}条责任分工按单位表展开为{len(every)}行；"
        "标“待确定”的由办公室填写责任单位。"
    )
    rows = [_row(at, task, plan, standard) for at, task in enumerate(every, 1)]
    sheet = book.table("任务分解", FIELDS, rows, note=note, freeze=2)
    last = TOP + len(rows) - 1
    sheet.data_validation(TOP, 15, last, 15, {"validate": "list", "source": list(PROGRESS)})
    sheet.data_validation(TOP, 10, last, 10, {"validate": "list", "source": list(FREQUENCIES)})
    sheet.data_validation(TOP, 21, last, 21, {"validate": "list", "source": ["是", "否"]})
    for column in (9, 19):
        sheet.data_validation(TOP, column, last, column, DATE_RULE)
    sheet.protect("", PROTECTION)
    book.table("单位视图", BY_UNIT, _by_unit(view, every, standard), note="问题数为本轮检查结果，随轮次更新。")
    _calendar(book, plan, every)
    book.table(
        "对照",
        CROSS,
        _cross(view, items, plan, standard),
        note="任务、检查项与本轮结果逐条对应。",
    )
    book.text("填写说明", HELP)
    _paper(book, plan, standard, every)
    return book.close()


def _row(at: int, task: Task, plan: Plan, standard: Standard) -> tuple[Value, ...]:
    line = task.line
    own = _indicators(line, standard)
    name = task.unit.name_short if task.unit else f"待确定（{task.name}）"
    values: list[Value] = [
        at, line.place, line.task, "；".join(f"{i.id} {i.title}" for i in own), line.carrier, None, name, None,
        plan.published, line.due, line.frequency, line.trigger, None, _method(own), None, "未开始",
    ]  # fmt: skip
    return (*values, *[None] * (len(FIELDS) - len(values)))


def _indicators(line: PlanLine, standard: Standard) -> tuple[Indicator, ...]:
    """Checks of one line: its key, or the key with a letter (2.1a, 2.1b)."""
    return tuple(i for i in standard.indicators if i.id.rstrip("abcdefghijklmnopqrstuvwxyz") == line.key)


def _method(own: tuple[Indicator, ...]) -> str:
    rules = tuple(dict.fromkeys(b.rule for i in own for b in i.rules))
    more = f"等{len(rules)}条，见“对照”" if len(rules) > NAMED else ""
    parts = [f"机检（{'、'.join(rules[:NAMED])}{more}）"] if rules else []
    parts += ["人检"] if any(i.kind is IndicatorKind.MANUAL for i in own) else []
    parts += ["报送"] if any(i.kind is IndicatorKind.OFFLINE for i in own) or not own else []
    return "；".join(parts)


def _count(view: RoundView, keys: set[str], outcome: Outcome, unit: str | None = None) -> int:
    """Distinct faults or objects under some indicators."""
    return len({
        f.identity or f.fingerprint for f in view.findings
        if f.indicator in keys and f.outcome is outcome and not f.waived and unit in (None, f.unit)
    })  # fmt: skip


def _by_unit(view: RoundView, every: tuple[Task, ...], standard: Standard) -> Iterator[tuple[Value, ...]]:
    for unit in view.district.units:
        own = [t.line for t in every if t.unit and t.unit.unit_id == unit.unit_id]
        if not own:
            continue
        keys = {f"{standard.id}/{i.id}" for line in own for i in _indicators(line, standard)}
        yield (
            unit.name_short, ranked_in(unit), len(own), sum(x.due is not None for x in own),
            "、".join(x.place for x in own), _count(view, keys, Outcome.FAILED, unit.unit_id),
            _count(view, keys, Outcome.CANNOT_TELL, unit.unit_id),
        )  # fmt: skip


def _calendar(book: Book, plan: Plan, every: tuple[Task, ...]) -> None:
    dated = sorted((line for line in plan.lines if line.due), key=lambda x: (x.due or date.max, x.key))
    rows: list[tuple[Value, ...]] = [
        (x.due, x.place, x.task, sum(t.line is x for t in every), None, None, None, None) for x in dated
    ]
    sheet = book.table("时限日历", CALENDAR, rows, note="打开时按当日日期显示状态。", freeze=2)
    for at in range(len(rows)):
        row = TOP + at
        for column, days in ((4, 30), (5, 7), (6, 1)):
            sheet.write_formula(row, column, f"=A{row + 1}-{days}", book.format("date"), "")
        sheet.write_formula(row, 7, _WARNING.format(r=row + 1), book.format("text"), "")


def _cross(view: RoundView, items: Docket, plan: Plan, standard: Standard) -> Iterator[tuple[Value, ...]]:
    for line in plan.lines:
        for indicator in _indicators(line, standard):
            key = {f"{standard.id}/{indicator.id}"}
            numbers = dict.fromkeys(
                issue.number for f in view.findings if f.indicator in key and f.outcome is Outcome.FAILED
                if (issue := items.by_fingerprint.get(f.fingerprint))
            )  # fmt: skip
            yield (
                line.place, f"{indicator.id} {indicator.title}", quoted(indicator.clause),
                "、".join(dict.fromkeys(b.rule for b in indicator.rules)), _method((indicator,)).split("（")[0],
                _count(view, key, Outcome.FAILED), _count(view, key, Outcome.CANNOT_TELL),
                _count(view, key, Outcome.PASSED), "、".join(numbers),
            )  # fmt: skip


def _paper(book: Book, plan: Plan, standard: Standard, every: tuple[Task, ...]) -> None:
    """The work ledger on A4: each task once with its units; how far they are is counted from the first sheet."""
    rows: list[tuple[Value, ...]] = []
    for line in plan.lines:
        own = [task for task in every if task.line is line]
        units = "、".join(t.unit.name_short if t.unit else f"待确定（{t.name}）" for t in own)
        due = "，".join(text for text in (f"{line.due:%Y-%m-%d}" if line.due else "", line.frequency) if text)
        method = "、".join(m.split("（")[0] for m in _method(_indicators(line, standard)).split("；"))
        rows.append((line.place, line.task, units, due, method, None, None))
    note = "供打印：每项任务一行；已完成、逾期的单位数随“任务分解”表的进度计算，逐单位填写情况以该表为准。"
    sheet = book.table("打印页", PAPER, rows, note=note)
    for at, line in enumerate(plan.lines):
        first = next(i for i, task in enumerate(every) if task.line is line) + TOP + 1
        last = first + sum(task.line is line for task in every) - 1
        for column, state in ((5, "已完成"), (6, "逾期")):
            formula = f'=COUNTIF(任务分解!P{first}:P{last},"{state}")&"/{last - first + 1}"'
            sheet.write_formula(TOP + at, column, formula, book.format("mark"), "")


HELP = (
    ("谁填写", "浅黄色单元格由牵头单位、责任单位填写；文件章节、工作任务、责任单位照文件原文，不作修改。"),
    (
        "责任单位",
        f"“各镇〈街〉”“区政府各部门单位”按单位表展开；“{UNDECIDED}”由办公室确定后填写。",
    ),
    ("完成时限", "文件或法规写明日期的已填入；没有写明的由牵头单位填写。带*的期限为系统默认，可修改。"),
    ("核验方式", "机检：由检查系统按所列规则检查；人检：列入人工核查表；报送：线下佐证。"),
    ("对照", "同一任务的进度与检查结果不一致时，以核对后的事实为准，并修改进度。"),
    ("打印", "“打印页”为A4横向，每项任务一行；打印“任务分解”全表用A3纸，分栏左右相接。"),
    ("保护", "工作表未设密码。"),
)
