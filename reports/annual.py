"""`年报素材.docx`: what the annual report says of assessments (条例 art. 50), in figures of the rounds."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from checks.scores import Score
from checks.snapshot import SHANGHAI
from reports.gongwen import Paper, Paragraph, body, draft_mark, heading
from reports.issues import Docket
from reports.mended import altogether, mended_words
from reports.tables import problem_rows, spread
from reports.text import figure, percent, round_name
from reports.view import RoundView
from reports.word import write_docx

MARK = "素材，须人工核定"
FAILED = "不合格"
MOST = 5


def annual_docx(view: RoundView, items: Docket) -> bytes:
    """Sentences for the annual report: rounds of the year, results, main problems, rectification."""
    return write_docx(view, annual(view, items))


def annual(view: RoundView, items: Docket) -> Paper:
    year = view.as_of.astimezone(SHANGHAI).year
    return Paper(
        issuer=view.district.office,
        number=f"（{year}年度，截至{round_name(view.round_id)}）",
        title=f"{year}年度检查评估情况（年报素材）",
        addressee="供编制年度报告使用：",
        body=tuple(_body(view, items, year)),
        attachments=(),
        date="〔填：核定日期〕",
        mark=f"{MARK}·{draft_mark(view)}" if draft_mark(view) else MARK,
        class_mark=str(view.visibility),
    )


def _body(view: RoundView, items: Docket, year: int) -> Iterator[Paragraph]:
    past = [p for p in view.history if p.as_of.astimezone(SHANGHAI).year == year]
    yield heading("一、检查评估开展情况")
    rounds = "、".join([*(p.round_id for p in past), view.round_id])
    yield body(
        f"{year}年开展政府网站与政务公开检查{len(past) + 1}轮（{rounds}）。"
        f"{_scores(round_name(view.round_id), _own(view, view.scores))}"
    )
    for last in past:
        yield body(_scores(round_name(last.round_id), _own(view, last.scores)))
    yield heading("二、发现的主要问题")
    rows = problem_rows(view, items, MOST)
    named = "；".join(f"{r.rule.title}{r.count}处（占{figure(r.share)}%）" for r in rows)
    total = sum(len(i.faults) for i in items.open())
    yield body(f"{round_name(view.round_id)}发现问题{total}处，较多的是：{named}。" if rows else "没有发现问题。")
    yield heading("三、整改情况")
    told = [f"{round_name(p.round_id)}{mended_words(m)}。" for p in past if (m := altogether(view, p))]
    yield body("".join(told) or "本年度尚无下发后的整改数据。")
    yield heading("四、说明")
    yield body(
        "得分为区间的不计入平均分，下限合格才计为合格；没有看到的页面不判为缺失，尚不能判定的事项不扣分。"
        "条例第五十条要求的其他内容（主动公开、依申请公开、复议诉讼等数据）不在检查范围内，由编制单位另行统计。"
    )


def _own(view: RoundView, scores: tuple[Score, ...]) -> list[Score]:
    return [s for s in scores if s.unit and s.standard == view.primary.id]


def _scores(name: str, scores: list[Score]) -> str:
    """The round in one sentence; who passed is counted as in the overview: not before it is certain."""
    rated = [s for s in scores if s.rated]
    passed = sum(s.grade_lower != FAILED for s in rated)
    unsure = sum(s.grade_lower == FAILED != s.grade_upper for s in rated)
    known = spread(s for s in rated if s.settled)
    mean = f"，得分已定的{known.count}家平均{figure(known.mean)}分" if known else ""
    share = percent(Decimal(passed), Decimal(len(rated)))
    more = f"，另有{unsure}家取决于人工判断" if unsure else ""
    return f"{name}检查单位{len(scores)}家，计分{len(rated)}家{mean}，合格{passed}家（{share}）{more}。"
