"""The attachments that the notice of a round names: scores and ranking, list of problems, feedback form.

As one paper for printing, each attachment on a page of its own, and as one workbook for editing.
"""

from __future__ import annotations

from collections.abc import Iterator

from reports.gongwen import draft_mark
from reports.issues import Docket, Issue, address
from reports.overview import Overview, RankRow
from reports.page import render_paper
from reports.sheets import Book, Field, Value
from reports.text import span
from reports.view import RoundView

SCORES, PROBLEMS, FORM = "得分及排名表（内部版）", "问题清单", "整改反馈表"
NAMES = (SCORES, PROBLEMS, FORM)
FILE = "通报附件"

_RANKS = (
    Field("组别", 20), Field("名次", 8), Field("单位", 22), Field("得分", 14), Field("等次", 14),
    Field("比上季度", 14), Field("单项否决", 10), Field("问题处数", 10), Field("尚不能判定", 12),
)  # fmt: skip
_ISSUES = (
    Field("单位", 18), Field("编号", 25), Field("等级", 10), Field("问题", 24),
    Field("问题描述（实测值与标准）", 60), Field("网址", 44, "link"), Field("期限", 14),
)  # fmt: skip
_FORM = (
    Field("编号", 25), Field("单位", 18), Field("问题", 24), Field("责任人", 14, "blank"),
    Field("联系电话", 16, "blank"), Field("整改措施", 40, "blank"), Field("整改完成日期", 16, "blank-date"),
    Field("整改后网址", 44, "blank"),
)  # fmt: skip


def annex_files(view: RoundView, items: Docket) -> Iterator[tuple[str, bytes]]:
    """The paper and the workbook; every row is one of the overview, of the list of problems or of a unit's sheet."""
    over = Overview(view, items)
    mark = draft_mark(view)
    units = [(unit, items.open(unit.unit_id)) for unit in view.units if items.open(unit.unit_id)]
    values = {"over": over, "units": units, "names": NAMES, "total": len(items.open())}
    yield f"{FILE}.html", render_paper("annexes.html.j2", view, FILE, mark, **values)
    yield f"{FILE}.xlsx", _book(view, items, over)


def _book(view: RoundView, items: Docket, over: Overview) -> bytes:
    book = Book(view, FILE)
    ranks = [_rank(group.name, row) for group in over.groups for row in group.rows]
    book.table(f"附件1 {SCORES}", _RANKS, ranks, note="内部使用，不对外公布。")
    book.table(f"附件2 {PROBLEMS}", _ISSUES, (_issue(view, i) for i in items.open()), note="期限自下发之日起算。")
    book.table(f"附件3 {FORM}", _FORM, (_blank(view, i) for i in items.open()), note="不需要截图。")
    return book.close()


def _rank(group: str, row: RankRow) -> tuple[Value, ...]:
    score = row.score
    place = row.rank.place if row.rank.place is not None else "不参与"
    told = span(score.lower, score.upper) if score.rated else "不计分"
    return (
        group, place, row.unit.name_short, told, _grade(row), row.change, len(score.veto), row.failed, row.pending,
    )  # fmt: skip


def _grade(row: RankRow) -> str:
    low, high = row.score.grade_lower, row.score.grade_upper
    return "" if not row.score.rated else high if low == high else f"{low}至{high}"


def _issue(view: RoundView, issue: Issue) -> tuple[Value, ...]:
    head = f"同类问题{len(issue.faults)}处，如：" if len(issue.faults) > 1 else ""
    return (
        view.unit_name(issue.unit), issue.number, str(issue.level), issue.rule.title, head + issue.lead.message,
        address(issue.lead), issue.limit,
    )  # fmt: skip


def _blank(view: RoundView, issue: Issue) -> tuple[Value, ...]:
    return (issue.number, view.unit_name(issue.unit), issue.rule.title, None, None, None, None, None)
