"""`findings.xlsx`: all problems, the items for a person, scores, coverage, and how to read it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from checks.facts import Coverage
from reports.issues import Clause, Docket, Fault, Issue, address, clauses, question
from reports.page import gap_name
from reports.sheets import Book, Field, Value, csv_table
from reports.text import percent, quoted, round_name
from reports.view import RoundView, Visibility

FIX = "怎样改"
FINDINGS = (
    Field("问题编号", 21),
    Field("责任单位", 12),
    Field("等级", 8),
    Field("问题", 16),
    Field("问题描述（实测值与标准）", 36),
    Field("栏目", 12),
    Field("页面标题", 20),
    Field("网址", 28, "link"),
    Field("页面原文", 22),
    Field("扣分（封顶前）", 8),
    Field("指标与依据", 30),
    Field(FIX, 36),
    Field("期限", 14),
    Field("如何算通过", 26),
    Field("证据采集时间", 18),
    Field("证据SHA-256", 11),
    Field("状态", 10),
    Field("规则编号", 15),
    Field("指纹", 10),
)
MANUAL = (
    Field("序号", 5),
    Field("编号", 21),
    Field("责任单位", 13),
    Field("规则", 16),
    Field("为什么机器不能判定", 14),
    Field("机器所见", 40),
    Field("网址", 34, "link"),
    Field("判定问题（是／否／不适用）", 30),
    Field("参考依据", 30),
    Field("涉及分值", 8),
)
SCORES = (
    Field("单位", 18),
    Field("标准", 26),
    Field("得分下限", 9),
    Field("得分上限", 9),
    Field("等次", 14),
    Field("适用总分", 9),
    Field("扣分", 8),
    Field("待定分", 8),
    Field("否决项", 8),
    Field("分组", 20),
    Field("名次", 7),
    Field("计算", 60),
)
COVERAGE = (
    Field("范围", 24),
    Field("名称", 34),
    Field("已知网址", 10),
    Field("取回", 8),
    Field("取回率", 9),
    Field("完整", 8),
    Field("原因与说明", 50),
    Field("举例", 60),
)


def findings_book(view: RoundView, items: Docket) -> bytes:
    """The workbook as bytes; one row per fault, so that a page annex is listed in full."""
    book = Book(view, "问题清单")
    fields, rows = _told(view, items)
    book.table("问题清单", fields, rows, note="一行一处；同一编号的多行为同一问题涉及的各页面。")
    book.table("待人工核查", MANUAL, manual_rows(view, items), note="尚不能判定，不扣分；逐项由人判断。", freeze=2)
    book.table("得分", SCORES, _scores(view), note="下限与上限不同时，差额取决于待人工核查事项。")
    book.table("覆盖情况", COVERAGE, _coverage(view), note="没有看到的页面一律不判为缺失。", freeze=2)
    book.text("阅读说明", _help(view))
    return book.close()


def findings_csv(view: RoundView, items: Docket) -> bytes:
    """CSV twin of the sheet of problems."""
    return csv_table(view, *_told(view, items))


def scores_csv(view: RoundView) -> bytes:
    """CSV twin of the sheet of scores."""
    return csv_table(view, SCORES, _scores(view))


def _told(view: RoundView, items: Docket) -> tuple[list[Field], Iterator[tuple[Value, ...]]]:
    """Fields and rows of the problems; the public edition leaves out how to mend them, which is for editors."""
    kept = [at for at, item in enumerate(FINDINGS) if item.title != FIX or view.visibility is not Visibility.PUBLIC]
    return [FINDINGS[at] for at in kept], (tuple(row[at] for at in kept) for row in _problems(view, items))


def _problems(view: RoundView, items: Docket) -> Iterator[tuple[Value, ...]]:
    for issue in items.failed():
        for fault in issue.faults:
            yield _problem(view, items, issue, fault)


def _problem(view: RoundView, items: Docket, issue: Issue, fault: Fault) -> tuple[Value, ...]:
    lead = fault.lead
    first = lead.evidence[0] if lead.evidence else None
    fix, recheck = (quoted(part) for part in issue.rule.asked(lead))
    points = fault.points(view.primary.id)
    state = f"已豁免：{lead.waived}" if lead.waived else ("待初审" if view.provisional else "待整改")
    if any(b.under for b in fault.bases) and (told := items.counted(issue, view.primary.id)):
        state += f"；{told}"
    return (
        issue.number, view.unit_name(issue.unit), str(issue.level), issue.rule.title, lead.message,
        column_label(view, lead.column), fault.title, address(lead), first.quote if first else "", points,
        basis(fault), fix, issue.deadline, recheck, instant(first.fetched_at) if first else None,
        first.sha256[:16] if first else "", state, f"{issue.rule.id} v{lead.rule_version}", lead.fingerprint,
    )  # fmt: skip


def manual_rows(view: RoundView, items: Docket) -> Iterator[tuple[Value, ...]]:
    """One row per undecided fault: number, why the machine cannot tell, the one question, points at stake."""
    at = 0
    for issue in items.pending():
        for fault in issue.faults:
            at += 1
            stake = fault.at_stake(view.primary.id)
            yield (
                at, issue.number, view.unit_name(issue.unit), issue.rule.title, issue.reason or "需人工判断",
                fault.lead.message, address(fault.lead), question(issue), basis(fault), stake,
            )  # fmt: skip


def _scores(view: RoundView) -> Iterator[tuple[Value, ...]]:
    ranks = {r.unit: r for r in view.ranks} if view.visibility is not Visibility.PUBLIC else {}
    titles = {s.id: s.title for s in view.standards}
    for score in view.scores:
        rank = ranks.get(score.unit) if score.standard == view.primary.id else None
        same = score.grade_lower == score.grade_upper
        grade = score.grade_upper if same else f"{score.grade_lower}至{score.grade_upper}"
        yield (
            view.unit_name(score.unit), titles.get(score.standard, score.standard),
            score.lower if score.rated else None, score.upper if score.rated else None,
            grade if score.rated else "不计分", score.base, score.deducted, score.worst - score.deducted,
            len(score.veto), rank.group if rank else "", rank.place if rank else None,
            score.formula if score.rated else score.unrated_reason,
        )  # fmt: skip


def _coverage(view: RoundView) -> Iterator[tuple[Value, ...]]:
    seen = view.coverage
    yield ("全站", view.district.site.name, *_counts(seen.site), f"读取页面{seen.pages}个。{seen.site.note}", "")
    for gap in seen.gaps:
        yield ("未取回", gap_name(gap.outcome), gap.count, 0, "", "", "", "、".join(gap.samples))
    for skip in seen.skipped:
        yield ("按设置不访问", skip.reason, skip.count, 0, "", "", "", "、".join(skip.samples))
    for host in seen.hosts:
        state = host.outcome.chinese if host.outcome else "未请求"
        answer = f"{state} {host.status or ''}".strip()
        yield ("主机", host.host, host.pages, host.pages, "", "", answer, host.final_url)
    for column in view.district.columns:
        own = seen.columns.get(column.column_id)
        if own is not None:
            owner = view.unit_name(view.district.owner_of(column))
            yield ("栏目", f"{owner} {column.label}", *_counts(own), own.note, "")


def _counts(value: Coverage) -> tuple[int, int, str, str]:
    return value.known, value.fetched, percent(value.fetched, value.known), "是" if value.complete else "否"


def _help(view: RoundView) -> Iterator[tuple[str, str]]:
    yield "轮次", f"{round_name(view.round_id)}（{view.round_id}），检查时点 {view.as_of:%Y-%m-%d %H:%M}"
    yield "标准", "；".join(f"{s.title}（{s.edition}）" for s in view.standards)
    yield "问题编号", "与各单位检查结果、总览一致；含字母H的是待人工核查事项。"
    yield "等级", "单项否决：判定即不合格；扣分：按标准扣分；提示：不计分。"
    yield "扣分（封顶前）", f"在“{view.primary.title}”中该处的分值；实际扣分以各项上限和不重复扣分为准，见“得分”表。"
    yield "待人工核查", "机器尚不能判定，不扣分，不得作为问题通报。"
    yield "网址", "按采集时的完整网址列出；以撇号开头的单元格是为防止被当作公式，撇号不属于原文。"
    yield "证据", "采集时间为北京时间；SHA-256前16位可在证据库中检索原始页面。"
    yield "证据清单", view.manifest_sha256 or "（未封存）"
    yield "工具", f"govaudit {view.tool_version}，快照 {view.snapshot_id}"


def basis(fault: Fault) -> str:
    """Clauses, each once, with the indicators that rest on it."""

    def stated(clause: Clause) -> str:
        names = dict.fromkeys(f"{b.indicator.id} {b.indicator.title}" for b in clause.bases)
        return f"{clause.text}（{'、'.join(names)}）"

    return "；".join(map(stated, clauses(fault.bases)))


def column_label(view: RoundView, column_id: str) -> str:
    column = view.district.column(column_id)
    return column.label if column else column_id


def instant(value: str) -> datetime | None:
    """An ISO instant as an aware datetime; None when it is blank, naive or not a date."""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
