"""政府信息公开工作年度报告: published on time, in the uniform format, with tables that add up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from checks.facts import Fact, Page, PageKind
from checks.gaps import gap_reason, search
from checks.items import units_judged
from checks.outcomes import Reason
from checks.reports_found import Report, annual_reports, applications, readable, report_coverage
from checks.rule import Example, Params, Status, number, rule, words
from checks.snapshot import Snapshot
from checks.texts import fold, has_phone
from checks.tiny import TinySnapshot, tiny
from checks.tiny_parts import BLOCKED, article, column, unit
from checks.verdicts import Evidence, Verdict, cannot_tell, failed, inapplicable, passed

LAW_49 = "《政府信息公开条例》第四十九条"
LAW_30 = "国办公开办函〔2021〕30号《政府信息公开工作年度报告格式》"
_FINANCE = unit("czj", "示例区财政局")
_COLUMN = column("nb", "政府信息公开年报", "annual-report")
BODY = (
    "本报告根据条例编制，数据统计期限自2025年1月1日至12月31日，联系电话：6611111。一、总体情况 落实工作要点。"
    "二、主动公开政府信息情况 规章 行政规范性文件 三、收到和处理政府信息公开申请情况 自然人 "
    "一、本年新收政府信息公开申请数量 3 1 0 0 0 0 4 二、上年结转政府信息公开申请数量 1 0 0 0 0 0 1 "
    "（七）总计 3 1 0 0 0 0 4 四、结转下年度继续办理 1 0 0 0 0 0 1 "
    "四、政府信息公开行政复议、行政诉讼情况 结果维持 五、存在的主要问题及改进情况 解读形式较少。六、"
    "其他需要报告的事项 无。"
)


def report_page(text: str = BODY, day: str = "2026-01-20", owner: str = "czj", year: int = 2025, **more: Any) -> Page:
    name = {"czj": "示例区财政局", "mzj": "示例区民政局"}.get(owner, "示例区人民政府")
    title = f"{name}{year}年政府信息公开工作年度报告"
    return article(f"nb/{owner}-{year}.html", title, day, text, kind=PageKind.REPORT, owner=owner, **more)


def report_snapshot(*pages: Page, **more: Any) -> TinySnapshot:
    return tiny(pages=pages, units=(_FINANCE,), columns=(_COLUMN,), **more)


class AnnualReportLate(Params):
    unit_due: str = words("部门、镇街期限（月-日）", "01-31")  # type: ignore[arg-type]
    district_due: str = words("区政府期限（月-日）", "03-31")  # type: ignore[arg-type]


@rule(
    "annual-report-late",
    version=1,
    title="年报未按期公开",
    topic="annual-report",
    logic="E",
    guard="unit",
    params=AnnualReportLate,
    absence=True,
    legal=(LAW_49,),
    past=("late",),
    messages={
        "passed": "{unit_name}{year}年度报告于{day}公布，期限{due}。",
        "failed": "{unit_name}应于{due}前公布{year}年度报告，至{today}未见（已查{looked}）。",
        "late": "{unit_name}{year}年度报告{day}才公布，期限{due}，晚{late}天。",
        "gap": "{unit_name}{year}年度报告尚未找到，但年报栏目或该单位页面未查全（{gap}），不能认定未公布。",
        "cannot-tell.undated": "{unit_name}{year}年度报告已公布，但没有可读日期，无法判定是否在{due}前。",
        "cannot-tell.date-conflict": "{unit_name}{year}年度报告的日期有{days}等多种，分别在期限{due}前后，无法判定。",
        "inapplicable": "{unit_name}{year}年度报告期限{due}未到，或该单位当年尚未成立。",
    },
    why="按期公布年度报告是条例的明文规定，逾期即违规。",
    fix="1. 请立即在“政府信息公开年报”栏目公布{year}年度报告。\n2. 标题写明单位和年度，发布日期如实填写。"
    "\n3. 今后在期限前两周完成编制。",
    recheck="年报栏目有该单位{year}年度报告，显示日期不晚于{due}；逾期公布的记为已整改",
    examples=(
        Example(
            "按期公布",
            report_snapshot(report_page()),
            "passed",
            "示例区财政局2025年度报告于2026-01-20公布，期限2026-01-31。",
            subject="czj/2025",
        ),
        Example(
            "没有公布",
            report_snapshot(),
            "failed",
            "示例区财政局应于2026-01-31前公布2025年度报告，至2026-09-30未见（已查3页）。",
            subject="czj/2025",
        ),
        Example(
            "晚了",
            report_snapshot(report_page(day="2026-02-10")),
            "failed",
            "示例区财政局2025年度报告2026-02-10才公布，期限2026-01-31，晚10天。",
            subject="czj/2025",
        ),
        Example(
            "年报栏目未查全",
            report_snapshot(coverage=BLOCKED),
            "cannot-tell",
            "示例区财政局2025年度报告尚未找到，但年报栏目或该单位页面未查全（应取10页，已取7页，"
            "首个缺口http://www.example.gov.cn/zwgk/index_2.html（被网站防护系统拦截）），"
            "不能认定未公布。",
            subject="czj/2025",
            reason="blocked",
        ),
        Example(
            "没有日期",
            report_snapshot(report_page(day="")),
            "cannot-tell",
            "示例区财政局2025年度报告已公布，但没有可读日期，无法判定是否在2026-01-31前。",
            subject="czj/2025",
            reason="undated",
        ),
        Example(
            "当年新设的单位",
            tiny(units=(unit("xsj", "示例区新设局", valid_from=date(2026, 3, 1)),), columns=(_COLUMN,)),
            "inapplicable",
            "示例区新设局2025年度报告期限2026-01-31未到，或该单位当年尚未成立。",
            subject="xsj/2025",
        ),
    ),
)
def annual_report_late(snapshot: Snapshot, params: AnnualReportLate) -> Iterator[Verdict]:
    district, year = snapshot.district, snapshot.today.year - 1
    mine: dict[str, list[Report]] = {}
    for report in annual_reports(snapshot):
        if report.year == year:
            mine.setdefault(report.unit, []).append(report)
    due = date.fromisoformat(f"{year + 1}-{params.district_due}")
    yield _timely(snapshot, "", f"{district.name}政府", district.portal_owner, mine.get("", []), due)
    due = date.fromisoformat(f"{year + 1}-{params.unit_due}")
    for unit_ in units_judged(snapshot):
        own = mine.get(unit_.unit_id, [])
        if unit_.unit_id == district.portal_owner and not own:
            continue  # the office's report is usually the district's; its own one is judged when there is one
        if unit_.valid_from and unit_.valid_from.year > year:
            data = {"unit_name": unit_.name, "year": year, "due": str(due)}
            yield inapplicable(f"{unit_.unit_id}/{year}", unit=unit_.unit_id, data=data)
            continue
        yield _timely(snapshot, unit_.unit_id, unit_.name, unit_.unit_id, own, due)


def _timely(snapshot: Snapshot, key: str, name: str, charged: str, own: list[Report], due: date) -> Verdict:
    year = due.year - 1
    coverage = report_coverage(snapshot, key)
    report = min(own, key=lambda r: (r.day or date.max, r.url), default=None)
    data: dict[str, Any] = {"unit_name": name, "year": year, "due": str(due), "today": str(snapshot.today)}
    data |= search(coverage)
    subject = f"{key or 'district'}/{year}"
    at: dict[str, Any] = {"unit": charged, "url": report.url if report else ""}
    if report is None:
        if snapshot.today <= due:
            return inapplicable(subject, data=data, **at)
        if coverage.complete:
            return failed(subject, data=data, **at)
        return cannot_tell(subject, gap_reason(coverage), data=data, variant="gap", **at)
    at["evidence"] = (
        Evidence.of(report.page, report.quote) if report.page else Evidence(report.url, quote=report.quote),
    )
    if report.day is None:
        return cannot_tell(subject, Reason.UNDATED, data=data, **at)
    data |= {"day": str(report.day), "days": [str(d) for d in report.days], "late": (report.day - due).days}
    if any(d <= due for d in report.days) and any(d > due for d in report.days):
        return cannot_tell(subject, Reason.DATE_CONFLICT, data=data, **at)
    if report.day > due:
        return failed(subject, data=data, variant="late", **at)
    return passed(subject, data=data, **at)


_HEADINGS = (
    ("一、总体情况", re.compile(r"一、(?:政府信息公开)?(?:工作)?总体情况")),
    ("二、主动公开政府信息情况", re.compile(r"二、主动公开政府信息(?:的)?情况")),
    ("三、收到和处理政府信息公开申请情况", re.compile(r"三、收到和处理政府信息公开申请(?:的)?情况")),
    (
        "四、政府信息公开行政复议、行政诉讼情况",
        re.compile(
            r"四、(?:因政府信息公开工作被申请)?(?:政府信息公开)?(?:"
            "工作)?.{0,8}行政复议"
        ),
    ),
    ("五、存在的主要问题及改进情况", re.compile(r"五、.{0,12}存在的主要问题")),
    ("六、其他需要报告的事项", re.compile(r"六、其他需要报告的事项")),
)


class AnnualReportStructure(Params):
    years: int = number("检查最近几个年度的报告", unit="年", default=1, stricter="higher", ge=1)


@rule(
    "annual-report-structure-wrong",
    version=1,
    title="年报格式不符",
    topic="annual-report",
    logic="M",
    guard="page",
    params=AnnualReportStructure,
    absence=True,
    legal=(LAW_30,),
    messages={
        "passed": "“{title}”六个部分齐全、顺序正确，统计期限、联系方式和表格都有。",
        "failed": "“{title}”不符合统一格式：{faults}。",
        "cannot-tell.attachment-unreadable": "“{title}”正文只有{length}字，内容在附件或扫描件中，无法核对格式。",
        "cannot-tell.not-rendered": "“{title}”的内容由脚本生成、尚未渲染，无法核对格式。",
        "cannot-tell.pictures": "“{title}”六个部分齐全，{faults}的文字；正文中有图片，可能是图片表格，请打开核对。",
        "inapplicable": "没有找到{year}年度及以后的年度报告，格式不检查。",
    },
    why="统一格式便于上级汇总和群众比较，缺部分、缺表格会被退回。",
    fix="1. 对照国务院办公厅统一格式，改正所列不足（{faults}）。\n2. 补齐缺少的部分和表格，"
    "标题文字照抄统一格式。\n3. 表格直接做在网页正文里，不要用图片。",
    recheck="报告正文按顺序出现六个部分的标题，写明1月1日至12月31日和联系电话，并有第二至四部分的表格",
    examples=(
        Example(
            "格式规范",
            report_snapshot(report_page()),
            "passed",
            "“示例区财政局2025年政府信息公开工作年度报告”六个部分齐全、顺序正确，统计期限、联系方式和表格都有。",
        ),
        Example(
            "缺第五部分",
            report_snapshot(report_page(BODY.replace("五、存在的主要问题及改进情况", ""))),
            "failed",
            "“示例区财政局2025年政府信息公开工作年度报告”不符合统一格式：缺少“五、存在的主要问题及改进情况”。",
        ),
        Example(
            "只有扫描件",
            report_snapshot(report_page("见附件")),
            "cannot-tell",
            "“示例区财政局2025年政府信息公开工作年度报告”正文只有3字，内容在附件或扫描件中，无法核对格式。",
            reason="attachment-unreadable",
        ),
        Example(
            "表格是图片",
            report_snapshot(
                report_page(BODY.replace("自然人", "").replace("维持", ""), marks=(Fact("b3.jpg", "big-image"),))
            ),
            "cannot-tell",
            "“示例区财政局2025年政府信息公开工作年度报告”六个部分齐全，没有读到第三部分表格、第四部分表格的文字；"
            "正文中有图片，可能是图片表格，请打开核对。",
            reason="attachment-unreadable",
        ),
        Example("没有报告", report_snapshot(), "inapplicable", "没有找到2025年度及以后的年度报告，格式不检查。"),
    ),
)
def annual_report_structure_wrong(snapshot: Snapshot, params: AnnualReportStructure) -> Iterator[Verdict]:
    since = snapshot.today.year - params.years
    pages = 0
    for report, page, at, data in recent(snapshot, since):
        pages += 1
        if not readable(page):
            reason = Reason.NOT_RENDERED if page.needs_render else Reason.ATTACHMENT_UNREADABLE
            yield cannot_tell(report.url, reason, data=data, **at)
            continue
        faults, tables = _faults(page.text, report.year), _tables_lacking(page.text)
        if tables and page.marks_of("big-image"):
            if not faults:
                unread = {**data, "faults": f"没有读到{'、'.join(tables)}"}
                yield cannot_tell(
                    report.url, Reason.ATTACHMENT_UNREADABLE, data=unread, variant="cannot-tell.pictures", **at
                )
                continue
        else:
            faults += [f"缺少{table}" for table in tables]
        if faults:
            yield failed(report.url, data={**data, "faults": "；".join(faults)}, **at)
        else:
            yield passed(report.url, data=data, **at)
    if not pages:
        yield inapplicable("annual-report", data={"year": since})


def recent(snapshot: Snapshot, since: int) -> Iterator[tuple[Report, Page, dict[str, Any], dict[str, Any]]]:
    """Reports whose page was seen, with the fields and data that verdicts on them share."""
    for report in annual_reports(snapshot):
        if report.page is not None and report.year >= since:
            at = {"unit": report.unit, "url": report.url, "evidence": (Evidence.of(report.page, report.quote),)}
            yield report, report.page, at, {"title": report.title, "length": report.page.text_length}


def _faults(text: str, year: int) -> list[str]:
    plain, at, lacking, disordered = fold(text), 0, [], []
    for name, pattern in _HEADINGS:
        found = pattern.search(plain, at)
        if found:
            at = found.end()
        elif pattern.search(plain):
            disordered.append(name)
        else:
            lacking.append(name)
    faults = [f"缺少“{'”“'.join(lacking)}”"] if lacking else []
    faults += [f"“{'”“'.join(disordered)}”顺序不对"] if disordered else []
    if not re.search(r"1月1日.{0,12}12月31日", plain):
        faults.append(f"没有写明{year}年1月1日至12月31日的统计期限")
    if not has_phone(text):
        faults.append("没有联系电话")
    return faults


def _tables_lacking(text: str) -> list[str]:
    """Tables of which not even the words of their heads are there."""
    plain = fold(text)
    heads = (("二", "规范性文件"), ("三", "自然人"), ("四", "维持"))
    return [f"第{part}部分表格" for part, word in heads if word not in plain]


class AnnualReportFigures(Params):
    years: int = number("检查最近几个年度的报告", unit="年", default=1, stricter="higher", ge=1)


@rule(
    "annual-report-figures-inconsistent",
    version=1,
    title="年报数据不平",
    topic="annual-report",
    logic="M",
    params=AnnualReportFigures,
    status=Status.PREVIEW,
    legal=(LAW_30,),
    messages={
        "passed": "“{title}”申请情况表：本年新收{new}件＋上年结转{carried}件＝总计{total}件＋结转下年{next}件。",
        "failed": "“{title}”数据不平：{faults}。",
        "cannot-tell.attachment-unreadable": "“{title}”的申请情况表无法读取，请人工核对合计。",
        "inapplicable": "没有找到{year}年度及以后的年度报告，数据不检查。",
    },
    why="表内不平、与上年结转对不上，说明数据未经核对。",
    fix="1. 核对申请情况表：一＋二＝三（七）＋四，各列都要相等。"
    "\n2. 上年结转应等于上一年报告的“结转下年度继续办理”。\n3. 更正后在报告中注明更正日期。",
    recheck="申请情况表各列满足一＋二＝三（七）＋四，上年结转与上一年报告一致",
    examples=(
        Example(
            "数据平衡",
            report_snapshot(report_page()),
            "passed",
            "“示例区财政局2025年政府信息公开工作年度报告”申请情况表："
            "本年新收4件＋上年结转1件＝总计4件＋结转下年1件。",
        ),
        Example(
            "总计对不上",
            report_snapshot(report_page(BODY.replace("（七）总计 3 1 0 0 0 0 4", "（七）总计 3 1 0 0 0 0 5"))),
            "failed",
            "“示例区财政局2025年政府信息公开工作年度报告”数据不平：总计列4＋1≠5＋1；“总计”行各项之和4≠总计5。",
        ),
        Example(
            "表格读不出",
            report_snapshot(report_page("见附件")),
            "cannot-tell",
            "“示例区财政局2025年政府信息公开工作年度报告”的申请情况表无法读取，请人工核对合计。",
            reason="attachment-unreadable",
        ),
        Example("没有报告", report_snapshot(), "inapplicable", "没有找到2025年度及以后的年度报告，数据不检查。"),
    ),
)
def annual_report_figures_inconsistent(snapshot: Snapshot, params: AnnualReportFigures) -> Iterator[Verdict]:
    since = snapshot.today.year - params.years
    earlier = {(r.unit, r.year): r.page for r in annual_reports(snapshot) if r.page is not None}
    pages = 0
    for report, page, at, data in recent(snapshot, since):
        pages += 1
        table = applications(page)
        if table is None:
            yield cannot_tell(report.url, Reason.ATTACHMENT_UNREADABLE, data=data, **at)
            continue
        before = earlier.get((report.unit, report.year - 1))
        faults = _sums(table, applications(before) if before else None)
        data |= {"new": table["新收"][-1], "carried": table["结转"][-1], "total": table["总计"][-1]}
        data |= {"next": table["下年"][-1], "faults": "；".join(faults)}
        yield failed(report.url, data=data, **at) if faults else passed(report.url, data=data, **at)
    if not pages:
        yield inapplicable("annual-report", data={"year": since})


_COLUMNS = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")


def _sums(table: dict[str, tuple[int, ...]], before: dict[str, tuple[int, ...]] | None) -> list[str]:
    faults = []
    for name, a, b, c, d in zip(_COLUMNS, *(table[k] for k in ("新收", "结转", "总计", "下年")), strict=True):
        if a + b != c + d:
            faults.append(f"{name}列{a}＋{b}≠{c}＋{d}")
    for row_name, figures in table.items():
        if sum(figures[:-1]) != figures[-1]:
            faults.append(f"“{row_name}”行各项之和{sum(figures[:-1])}≠总计{figures[-1]}")
    if before is not None and before["下年"] != table["结转"]:
        faults.append(f"上年结转{table['结转'][-1]}件与上一年报告的结转下年{before['下年'][-1]}件不符")
    return faults
