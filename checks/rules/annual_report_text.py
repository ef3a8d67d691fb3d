"""政府信息公开工作年度报告: its own words, and what it says about the plan of the year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from checks.laws import DISTRICT_PLAN
from checks.outcomes import Reason
from checks.reports_found import Report, annual_reports, readable
from checks.rule import Example, Params, number, rule, words
from checks.rules.annual_report import BODY, LAW_30, recent, report_page, report_snapshot
from checks.snapshot import Snapshot
from checks.tiny_parts import article
from checks.verdicts import Evidence, Verdict, cannot_tell, failed, inapplicable, passed


class AnnualReportCopied(Params):
    similarity: float = number("雷同界限", unit="比例", default=0.85, stricter="lower", ge=0, le=1)
    common: float = number(
        "超过此比例的报告共有的文字视为统一格式文字，不参与比较", unit="比例", default=0.5, ge=0, le=1
    )


_OWN = "全年通过网站公开信息三百余条，重点公开预算决算和惠企资金，组织培训两次，整改栏目更新不及时的问题。" * 3


@rule(
    "annual-report-copied",
    version=1,
    title="年报雷同",
    topic="annual-report",
    logic="M",
    params=AnnualReportCopied,
    manual=True,
    legal=(LAW_30,),
    messages={
        "passed": "“{title}”与其他报告最高相似{share}，不超过{limit}。",
        "cannot-tell.needs-judgement": "“{title}”与“{other}”相似{share}，超过{limit}，请人工比对是否照抄。",
        "inapplicable": "“{title}”没有可比较的其他报告。",
        "none": "没有找到{year}年度报告，不比较。",
    },
    why="照抄往年或其他单位的报告，被通报为敷衍应付。",
    fix="1. 结合本年度实际重写“总体情况”“存在的主要问题及改进情况”。\n2. 用本单位本年度的数据和事例。",
    recheck="人工比对认为报告内容为本单位本年度实际",
    question="两份报告的相同文字是否只是统一格式，而不是照抄？",
    examples=(
        Example(
            "内容不同",
            report_snapshot(report_page(BODY + _OWN), report_page(BODY[::-1], owner="mzj")),
            "passed",
            "“示例区财政局2025年政府信息公开工作年度报告”与其他报告最高相似0%，不超过85%。",
            subject="http://www.example.gov.cn/nb/czj-2025.html",
        ),
        Example(
            "与另一单位雷同",
            report_snapshot(report_page(_OWN), report_page(_OWN, owner="mzj")),
            "cannot-tell",
            "“示例区财政局2025年政府信息公开工作年度报告”与“示例区民政局2025年政府信息公开工作年度报告”相似100%，超过85%，请人工比对是否照抄。",
            subject="http://www.example.gov.cn/nb/czj-2025.html",
            reason="needs-judgement",
            review=True,
        ),
        Example(
            "只有一份报告",
            report_snapshot(report_page(_OWN * 4)),
            "inapplicable",
            "“示例区财政局2025年政府信息公开工作年度报告”没有可比较的其他报告。",
        ),
        Example("没有报告", report_snapshot(), "inapplicable", "没有找到2025年度报告，不比较。"),
    ),
)
def annual_report_copied(snapshot: Snapshot, params: AnnualReportCopied) -> Iterator[Verdict]:
    year = snapshot.today.year - 1
    every = [r for r in annual_reports(snapshot) if r.year in (year, year - 1) and r.page and readable(r.page, 100)]
    pieces = {r.url: _pieces(r.page.text if r.page else "") for r in every}
    spread = Counter(p for own in pieces.values() for p in own)
    if len(every) >= 4:
        shared = {p for p, n in spread.items() if n > len(every) * params.common}
        pieces = {url: own - shared for url, own in pieces.items()}
    judged = [r for r in every if r.year == year]
    for report in judged:
        yield _likest(report, [r for r in every if _comparable(report, r)], pieces, params)
    if not judged:
        yield inapplicable("annual-report", data={"year": year}, variant="none")


def _pieces(text: str, size: int = 8) -> frozenset[str]:
    plain = "".join(c for c in text if c.isalpha())
    return frozenset(plain[i : i + size] for i in range(len(plain) - size + 1))


def _comparable(report: Report, other: Report) -> bool:
    """Another unit's report of the year, or the unit's own of the year before."""
    return other.url != report.url and (other.unit == report.unit) == (other.year != report.year)


def _likest(
    report: Report, others: list[Report], pieces: dict[str, frozenset[str]], params: AnnualReportCopied
) -> Verdict:
    def share(other: Report) -> float:
        union = pieces[report.url] | pieces[other.url]
        return len(pieces[report.url] & pieces[other.url]) / len(union) if union else 0.0

    data: dict[str, Any] = {"title": report.title, "limit": f"{params.similarity:.0%}"}
    at: dict[str, Any] = {"unit": report.unit, "url": report.url}
    best = max(others, key=lambda r: (share(r), r.url), default=None)
    if best is None or report.page is None or best.page is None:
        return inapplicable(report.url, data=data, **at)
    data |= {"other": best.title, "share": f"{share(best):.0%}"}
    at["evidence"] = (Evidence.of(report.page, report.page.text[:200]), Evidence.of(best.page, best.page.text[:200]))
    if share(best) > params.similarity:
        return cannot_tell(report.url, Reason.NEEDS_JUDGEMENT, review=True, data=data, **at)
    return passed(report.url, data=data, **at)


class PlanUnreported(Params):
    phrases: tuple[str, ...] = words("任一出现即可", ("工作要点", "重点任务", "要点落实"))
    years: int = number("检查最近几个年度的报告", unit="年", default=1, stricter="higher", ge=1)


@rule(
    "annual-report-plan-unreported",
    version=1,
    title="年报未反映要点落实",
    topic="annual-report",
    logic="E",
    guard="page",
    params=PlanUnreported,
    absence=True,
    legal=(f"{DISTRICT_PLAN}：要点落实情况纳入年度报告予以公开",),
    messages={
        "passed": "“{title}”写明了要点落实情况（含“{phrase}”）。",
        "failed": "“{title}”全文{length}字，未出现{phrases}，没有反映要点落实情况。",
        "cannot-tell.attachment-unreadable": "“{title}”正文只有{length}字，内容在附件或扫描件中，无法核对。",
        "cannot-tell.not-rendered": "“{title}”的内容由脚本生成、尚未渲染，无法核对。",
        "inapplicable": "没有找到{year}年度及以后的年度报告，不检查。",
    },
    why="要点要求把落实情况写进年报，接受社会监督。",
    fix="1. 在年报“总体情况”或“其他需要报告的事项”中增加一段要点落实情况。\n2. 逐项写明完成情况和数据。",
    recheck="报告正文出现{phrases}之一，并有落实内容",
    examples=(
        Example(
            "写明要点落实",
            report_snapshot(report_page()),
            "passed",
            "“示例区财政局2025年政府信息公开工作年度报告”写明了要点落实情况（含“工作要点”）。",
        ),
        Example(
            "没有写",
            report_snapshot(report_page(BODY.replace("工作要点", "各项工作"))),
            "failed",
            "“示例区财政局2025年政府信息公开工作年度报告”全文276字，未出现工作要点、重点任务、要点落实，没有反映要点落实情况。",
        ),
        Example(
            "只有扫描件",
            report_snapshot(report_page("见附件")),
            "cannot-tell",
            "“示例区财政局2025年政府信息公开工作年度报告”正文只有3字，内容在附件或扫描件中，无法核对。",
            reason="attachment-unreadable",
        ),
        Example(
            "没有报告",
            report_snapshot(article("a.html", "新闻")),
            "inapplicable",
            "没有找到2025年度及以后的年度报告，不检查。",
        ),
    ),
)
def annual_report_plan_unreported(snapshot: Snapshot, params: PlanUnreported) -> Iterator[Verdict]:
    since = snapshot.today.year - params.years
    pages = 0
    for report, page, at, data in recent(snapshot, since):
        pages += 1
        data = {**data, "phrases": list(params.phrases)}
        phrase = next((p for p in params.phrases if p in page.text), None)
        if phrase:
            yield passed(report.url, data={**data, "phrase": phrase}, **at)
        elif not readable(page):
            reason = Reason.NOT_RENDERED if page.needs_render else Reason.ATTACHMENT_UNREADABLE
            yield cannot_tell(report.url, reason, data=data, **at)
        else:
            yield failed(report.url, data=data, **at)
    if not pages:
        yield inapplicable("annual-report", data={"year": since})
