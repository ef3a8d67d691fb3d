"""`整改台账.xlsx` and each unit's extract: one row per problem, 36 columns in fixed order (outputs.md §4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checks.scoring import ranked_in
from config.district import Unit
from reports.findings_book import column_label, instant
from reports.issues import Docket, Issue, address, question
from reports.remedies import general
from reports.sheets import DATE_RULE, PROTECTION, Book, Field, Value, csv_table
from reports.view import RoundView

SOURCES = ("季度机检", "人工抽查", "找错留言", "上级通报")
RESULTS = ("通过", "未通过", "部分", "无法复查")
STATES = ("待下发", "整改中", "待复查", "已销号", "逾期", "免责", "申诉中")
FIELDS = (
    Field("序号", 5),
    Field("问题编号", 21),
    Field("责任单位", 13),
    Field("单位分组", 13),
    Field("问题来源", 9),
    Field("指标（一级／二级）", 17),
    Field("规则编号", 15),
    Field("问题等级", 8),
    Field("栏目", 12),
    Field("页面标题", 20),
    Field("网址", 26, "link"),
    Field("问题描述（实测值／标准）", 36),
    Field("依据条款", 26),
    Field("证据编号", 11),
    Field("证据采集时间", 18),
    Field("整改建议", 36),
    Field("扣分", 7),
    Field("下发日期", 12, "blank-date"),
    Field("整改期限", 12, "blank-date"),
    Field("责任人", 10, "blank"),
    Field("联系电话", 13, "blank"),
    Field("整改措施", 24, "blank"),
    Field("整改完成日期", 12, "blank-date"),
    Field("整改后网址", 28, "blank"),
    Field("是否申诉／编号", 11, "blank"),
    Field("申诉结果", 10, "blank"),
    Field("复查日期", 12, "blank-date"),
    Field("复查结果", 9, "blank"),
    Field("复查证据编号", 12, "blank"),
    Field("未通过原因", 20, "blank"),
    Field("逾期天数", 7),
    Field("催办次数／最近催办", 11, "blank"),
    Field("状态", 9, "blank"),
    Field("销号日期", 12, "blank-date"),
    Field("是否重复问题", 8),
    Field("备注", 20, "blank"),
)
UNIT_FILLS = range(19, 24)  # zero-based columns 20-24 of the ledger
TOP = 3
_OVERDUE = '=IF(S{r}="","",MAX(0,IF(W{r}="",TODAY(),W{r})-S{r}))'


def ledger(view: RoundView, items: Docket) -> bytes:
    """The office's ledger: open and waived problems, summary by unit, rules, change log, how to fill it."""
    book = Book(view, "整改台账")
    issues = items.failed()
    _sheet(book, view, items, issues, FIELDS)
    book.table("单位汇总", SUMMARY, _summary(view, items), note="按当前台账生成，整改后以台账为准。")
    book.table("规则说明", RULES, _rules(view, issues), note="〔〕内的词以具体问题为准，见台账“整改建议”。")
    book.table("变更日志", CHANGES, ())
    book.text("填写说明", HELP)
    _paper(book, view, items, issues)
    return book.close()


def ledger_csv(view: RoundView, items: Docket) -> bytes:
    """The rows of the ledger as CSV; 逾期天数 is left to the workbook."""
    rows = (_row(view, items, at, issue) for at, issue in enumerate(items.failed(), 1))
    return csv_table(view, FIELDS, rows)


def extract(view: RoundView, items: Docket, unit: Unit) -> bytes:
    """One unit's rows with the same columns; only columns 20-24 can be filled in."""
    book = Book(view, f"{unit.name_short}整改表")
    fields = [
        field if at in UNIT_FILLS or not field.kind.startswith("blank") else Field(field.title, field.width)
        for at, field in enumerate(FIELDS)
    ]
    _sheet(book, view, items, items.failed(unit.unit_id), fields)
    if items.pending(unit.unit_id):
        note = "尚不能判定，不扣分，不需要整改；可以在“单位说明”一列写明情况和网址。"
        sheet = book.table("尚不能判定", WAITING, _waiting(view, items, unit), note=note, freeze=2)
        sheet.protect("", PROTECTION)
    book.text("填写说明", HELP)
    _paper(book, view, items, items.failed(unit.unit_id))
    return book.close()


WAITING = (
    Field("编号", 21),
    Field("事项", 16),
    Field("为什么不能判定", 14),
    Field("机器所见", 40),
    Field("网址", 34, "link"),
    Field("页面原文", 30),
    Field("请人判断", 30),
    Field("证据采集时间", 18),
    Field("SHA-256前16位", 12),
    Field("单位说明", 28, "blank"),
)


def _waiting(view: RoundView, items: Docket, unit: Unit) -> Iterator[tuple[Value, ...]]:
    """Every undecided fault of a unit with its evidence, one row each: the card lists them in short."""
    for issue in items.pending(unit.unit_id):
        for fault in issue.faults:
            first = fault.lead.evidence[0] if fault.lead.evidence else None
            yield (
                issue.number, issue.rule.title, issue.reason or "需人工判断", fault.lead.message, address(fault.lead),
                first.quote if first else "", question(issue), instant(first.fetched_at) if first else None,
                first.sha256[:16] if first else "", "",
            )  # fmt: skip


def _sheet(book: Book, view: RoundView, items: Docket, issues: Sequence[Issue], fields: Sequence[Field]) -> None:
    rows = [_row(view, items, at, issue) for at, issue in enumerate(issues, 1)]
    sheet = book.table("台账", fields, rows, note="浅黄色单元格可填写；不需要截图，只需整改后网址。", freeze=2)
    last = TOP + max(len(rows), 1) - 1
    for row in range(TOP, TOP + len(rows)):
        sheet.write_formula(row, 30, _OVERDUE.format(r=row + 1), book.format("integer"), "")
    for column, choices in ((4, SOURCES), (27, RESULTS), (32, STATES), (34, ("是", "否"))):
        sheet.data_validation(TOP, column, last, column, {"validate": "list", "source": list(choices)})
    for column in (17, 18, 22, 26, 33):
        sheet.data_validation(TOP, column, last, column, DATE_RULE)
    sheet.protect("", PROTECTION)


def _row(view: RoundView, items: Docket, at: int, issue: Issue) -> tuple[Value, ...]:
    lead, bases = issue.lead, issue.bases()
    unit = view.district.unit(issue.unit)
    first = lead.evidence[0] if lead.evidence else None
    groups = {g.id: g.title for b in bases for g in b.standard.groups}
    head = f"同类问题{len(issue.faults)}处，如：" if len(issue.faults) > 1 else ""
    past = view.history[-1].fingerprints if view.history else frozenset()
    values: list[Value] = [
        at, issue.number, view.unit_name(issue.unit), ranked_in(unit) if unit else "", SOURCES[0],
        "；".join(f"{groups[b.indicator.group]}／{b.indicator.title}" for b in bases), issue.rule.id,
        str(issue.level), column_label(view, lead.column), issue.faults[0].title, address(lead),
        head + lead.message, issue.legal, first.sha256[:16] if first else "",
        instant(first.fetched_at) if first else None, issue.remedy()[0], issue.points(view.primary.id),
    ]  # fmt: skip
    values += [None] * (len(FIELDS) - len(values))
    values[32] = "免责" if issue.waived else "待下发"
    values[34] = "是" if past & set(issue.fingerprints) else "否"
    values[35] = "；".join(note for note in (issue.waived, items.counted(issue, view.primary.id)) if note)
    return tuple(values)


PAPER = (
    Field("编号", 22),
    Field("单位、栏目", 14),
    Field("等级", 9),
    Field("问题与网址", 44),
    Field("期限", 11, "formula"),
    Field("责任人", 8, "formula"),
    Field("整改措施", 14, "formula"),
    Field("完成日期", 11, "formula"),
    Field("状态", 8, "formula"),
)
_TAKEN = {4: ("S", "date"), 5: ("T", "text"), 6: ("V", "text"), 7: ("W", "date"), 8: ("AG", "text")}


def _paper(book: Book, view: RoundView, items: Docket, issues: Sequence[Issue]) -> None:
    """The ledger on A4: what a reader needs of each row. What people fill in is taken from the ledger by formula."""
    rows = [_printed(_row(view, items, at, issue)) for at, issue in enumerate(issues, 1)]
    note = "供打印：所填内容取自“台账”表，36列全表以“台账”为准；整改建议见“台账”和各单位检查结果。"
    sheet = book.table("打印页", PAPER, rows, note=note)
    for at, values in enumerate(rows):
        row = TOP + at
        for column, (source, kind) in _TAKEN.items():
            formula = f'=IF(台账!{source}{row + 1}="","",台账!{source}{row + 1})'
            sheet.write_formula(row, column, formula, book.format(kind), values[column] or "")


def _printed(row: Sequence[Value]) -> tuple[Value, ...]:
    place = "　".join(str(value) for value in (row[2], row[8]) if value)
    seen = "　".join(str(value) for value in (row[11], row[10]) if value)
    return row[1], place, row[7], seen, None, None, None, None, row[32]


SUMMARY = (
    Field("责任单位", 18),
    Field("单位分组", 16),
    Field("问题项", 9),
    Field("问题处", 9),
    Field("单项否决", 9),
    Field("扣分项", 9),
    Field("提示项", 9),
    Field("已豁免", 9),
    Field("尚不能判定", 11),
)


def _summary(view: RoundView, items: Docket) -> Iterator[tuple[Value, ...]]:
    for unit in view.units:
        open_ = items.open(unit.unit_id)
        levels = [str(i.level) for i in open_]
        yield (
            view.unit_name(unit.unit_id), ranked_in(unit), len(open_), sum(len(i.faults) for i in open_),
            levels.count("单项否决"), levels.count("扣分"), levels.count("提示"), len(items.waived(unit.unit_id)),
            len(items.pending(unit.unit_id)),
        )  # fmt: skip


RULES = (
    Field("规则编号", 24),
    Field("版本", 7),
    Field("名称", 24),
    Field("为什么要改", 40),
    Field("怎样改", 50),
    Field("如何算通过", 44),
    Field("依据", 44),
)


def _rules(view: RoundView, issues: Sequence[Issue]) -> Iterator[tuple[Value, ...]]:
    by_rule: dict[str, list[Issue]] = {}
    for issue in issues:
        by_rule.setdefault(issue.rule.id, []).append(issue)
    for rule_id in sorted(by_rule):
        rule = view.rule(rule_id)
        fix, recheck = rule.remedy(general(rule, by_rule[rule_id]))
        yield rule.id, rule.version, rule.title, rule.why, fix, recheck, "；".join(rule.legal)


CHANGES = (
    Field("时间", 18),
    Field("修改人", 12),
    Field("问题编号", 25),
    Field("字段", 16),
    Field("旧值", 40),
    Field("新值", 40),
)
HELP = (
    ("谁填写", "单位只填第20至24列：责任人、联系电话、整改措施、整改完成日期、整改后网址。其余各列由办公室填写。"),
    ("问题编号", "回收后按问题编号合并，请勿修改编号或删除行。"),
    ("整改后网址", "填写可以公开访问的网址；不需要截图。未填网址的是否视为未整改，以办公室通知为准。"),
    ("日期", "填写真实日期，如 2026-10-15；逾期天数自动计算。"),
    ("申诉", "对问题有异议的，在第25列注明并按检查结果所附程序提交。"),
    ("打印", "“打印页”为A4横向，列出每个问题的主要内容和填写情况；打印“台账”全表用A3纸，分栏左右相接。"),
    ("保护", "工作表未设密码；浅黄色单元格可以填写。"),
)
