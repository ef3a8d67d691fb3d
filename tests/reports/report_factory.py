# ruff: noqa: E501 - sample sentences are long on purpose
"""A fictitious round of a fictitious district, rich enough to show every part of every report.

Everything is made up; the arithmetic is the real one (`checks.scoring`).
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache

from PIL import Image, ImageDraw

from checks.engine import RuleError
from checks.facts import AxePage, ColumnState, Coverage, Gap, HostState
from checks.outcomes import FetchOutcome, Outcome, Reason
from checks.scoring import rank, score_all
from checks.snapshot import SHANGHAI
from checks.standards import adopted
from checks.verdicts import Data, Evidence, Finding
from config.district import Column, ColumnClass, District, Site, Unit, UnitGroup
from config.standard import Binding, Confidence, Group, Indicator, IndicatorKind, Standard, State
from reports.view import (
    AxeView,
    CoverageView,
    GapCount,
    Impact,
    RoundView,
    RuleInfo,
    SkipCount,
)

AS_OF = datetime(2026, 9, 30, 18, 0, tzinfo=SHANGHAI)
HOST = "http://www.shiliqu.gov.cn"
HOSTILE = "<script>alert('x')</script>\"'><img src=x onerror=alert(1)>\u202egpj.exe\u0000\u001b[31m={1+1}"

UNITS = (
    ("zfb", "区政府办", UnitGroup.DEPARTMENT, True),
    ("fgj", "区发展改革局", UnitGroup.DEPARTMENT, True),
    ("jyj", "区教育和体育局", UnitGroup.DEPARTMENT, True),
    ("mzj", "区民政局", UnitGroup.DEPARTMENT, True),
    ("czj", "区财政局", UnitGroup.DEPARTMENT, False),
    ("sjj", "区审计局", UnitGroup.DEPARTMENT, False),
    ("wjj", "区卫生健康局", UnitGroup.DEPARTMENT, True),
    ("yhjd", "示例河街道", UnitGroup.TOWN, True),
    ("dzz", "东庄镇", UnitGroup.TOWN, True),
    ("xzz", "西庄镇", UnitGroup.TOWN, True),
    ("bzz", "北庄镇", UnitGroup.TOWN, True),
    ("swj", "区税务局", UnitGroup.VERTICAL, True),
)

RULES = (
    RuleInfo("column-stale", "栏目更新不及时", 1, "stable", "公众只能看到过期信息。",
             "在“{column}”栏目补发检查时点前{limit}天内应当公开的信息；没有新信息的，在栏目内发布情况说明并注明日期和单位。"
             "确认信息发布到了本栏目而不是其他栏目。", "该栏目列表中出现检查时点前{limit}天内发布的信息。",
             "", ("国办秘函〔2019〕19号 附件1 二、信息发布",), "freshness"),
    RuleInfo("column-empty", "应设栏目为空", 1, "stable", "法定栏目没有内容，等于没有公开。",
             "补充应公开的内容；确无内容的撤下栏目或发布情况说明。", "栏目列表至少有一条可打开的信息。",
             "", ("国办秘函〔2019〕19号 附件1 单项否决",), "columns"),
    RuleInfo("link-dead", "链接无法打开", 2, "stable", "点击后看不到内容。",
             "在内容管理系统中打开链接所在页面，改为有效网址或删除该链接；附件丢失的重新上传。",
             "在链接所在页面点击该链接，目标返回正常内容。", "", ("国办秘函〔2019〕19号 附件1 可用性",), "links"),
    RuleInfo("interpretation-missing", "政策文件没有解读", 1, "stable", "群众看不懂文件要办什么。",
             "起草单位撰写解读材料，发布到“政策解读”栏目，并在文件页与解读页之间互相加链接。",
             "文件页可见指向解读的链接，解读页可见指向文件的链接。", "", ("示例区政务公开要点 二（一）",), "interpretation"),
    RuleInfo("meta-missing", "网页缺少必需的META标签", 1, "preview", "检索平台无法识别网页。",
             "由平台方在页面模板的head中补齐标签。", "页面源代码中出现所列标签且内容不为空。", "",
             ("国务院办公厅政府网站发展指引",), "meta"),
    RuleInfo("contrast-low", "文字与背景对比度不足", 1, "stable", "视力不佳的人读不清。",
             "由平台方调整样式表中的颜色，使对比度达到4.5:1。", "复测该元素的对比度不低于4.5:1。", "",
             ("GB/T 37668-2019",), "accessibility"),
    RuleInfo("reply-late", "留言答复超期", 1, "stable", "群众的问题没有得到及时回应。",
             "逐条答复超期留言并公开。", "所列留言均有答复。", "所列留言是否确已答复？", ("国办秘函〔2019〕19号",), "interaction"),
    RuleInfo("wording-suspect", "疑似表述错误", 1, "stable", "影响政府公信力。",
             "核对原文后更正。", "页面不再出现该表述。", "所引词语是否确属表述错误？", ("国办秘函〔2019〕19号",), "sensitive"),
    RuleInfo("annual-report-missing", "未发布年度报告", 1, "stable", "条例第五十条要求每年1月31日前公布。",
             "补发年度报告。", "栏目中可见该年度报告。", "", ("政府信息公开条例 第四十九、五十条",), "annual_report"),
)  # fmt: skip

COLUMNS = (
    ("dongtai", "工作动态", ColumnClass.DYNAMIC), ("tzgg", "通知公告", ColumnClass.NOTICE),
    ("zcwj", "政策文件", ColumnClass.POLICY), ("zcjd", "政策解读", ColumnClass.INTERPRETATION),
    ("ndbg", "政府信息公开年度报告", ColumnClass.STATIC), ("lyzx", "留言咨询", ColumnClass.MESSAGES),
)  # fmt: skip


def district(**more: object) -> District:
    units = tuple(Unit(unit_id=i, name_short=n, group=g, has_public_service=s, scored=True) for i, n, g, s in UNITS)
    columns = tuple(
        Column(column_id=f"{u}-{c}", label=label, unit_id=u, column_class=k, path=f"/{u}/{c}/")
        for u, *_ in UNITS
        for c, label, k in COLUMNS
    )
    base = District(
        id="shiliqu", name="示例区", full_name="示例市示例区人民政府", office="示例区人民政府办公室", portal_owner="zfb",
        standards=("gov-site-2019", "plan-2026"),
        site=Site(name="示例区人民政府", home=f"{HOST}/", main_host="www.shiliqu.gov.cn"),
        units=units, columns=columns,
    )  # fmt: skip
    return base.model_copy(update=more)


def _indicator(
    i: str, title: str, group: str, rules: tuple[tuple[str, str], ...], *, kind: IndicatorKind = IndicatorKind.DEDUCT,
    cap: str | None = None, weight: str | None = None, state: State = State.ON, manual: str = "",
    public: bool = False, clause: str = "",
) -> Indicator:  # fmt: skip
    return Indicator(
        id=i, title=title, group=group, clause=clause or f"国办秘函〔2019〕19号 附件1 第{i}项", kind=kind, state=state,
        confidence=Confidence.A, cap=Decimal(cap) if cap else None, weight=Decimal(weight) if weight else None,
        rules=tuple(Binding(rule=r, points=Decimal(p)) for r, p in rules), manual=manual, needs_public_service=public,
    )  # fmt: skip


@cache
def standards() -> tuple[Standard, ...]:
    site = Standard(
        id="gov-site-2019", title="政府网站与政务新媒体检查指标", edition="国办秘函〔2019〕19号",
        effective_from=date(2019, 4, 1), bonus_cap=Decimal(10),
        groups=(Group(id="v", title="单项否决"), Group(id="p", title="信息发布"), Group(id="i", title="互动交流"),
                Group(id="f", title="功能设计")),
        indicators=(
            _indicator("V4", "栏目不更新：应设栏目为空", "v", (("column-empty", "0"),), kind=IndicatorKind.VETO),
            _indicator("D1", "动态要闻、通知公告更新", "p", (("column-stale", "5"),), cap="20"),
            _indicator("D2", "政策文件与解读", "p", (("interpretation-missing", "2"),), cap="10"),
            _indicator("D3", "内容准确", "p", (("wording-suspect", "1"),), cap="10"),
            _indicator("D7", "信息公开年度报告", "p", (("annual-report-missing", "5"),), cap="5"),
            _indicator("D12", "留言办理", "i", (("reply-late", "3"),), cap="15", public=True),
            _indicator("D20", "链接可用", "f", (("link-dead", "0.5"),), cap="10"),
            _indicator("D26", "网页标签", "f", (("meta-missing", "1"),), cap="5", state=State.ZERO),
            _indicator("D33", "无障碍阅读", "f", (("contrast-low", "0.5"),), kind=IndicatorKind.ADVICE),
            _indicator("D40", "搜索功能体验", "f", (), kind=IndicatorKind.MANUAL, manual="搜索结果是否相关？"),
        ),
    )  # fmt: skip
    plan = Standard(
        id="plan-2026", title="示例区2026年政务公开工作要点", edition="示政办发〔2026〕6号", own_default=True,
        effective_from=date(2026, 1, 1),
        groups=(Group(id="a", title="主动公开"), Group(id="b", title="政策解读")),
        indicators=(
            _indicator("1-1", "主动公开栏目及时更新", "a", (("column-stale", "3"),), weight="50",
                       clause="示政办发〔2026〕6号 一（一）"),
            _indicator("2-1", "解读率与关联展示", "b", (("interpretation-missing", "2"),), weight="50",
                       clause="示政办发〔2026〕6号 二（一）"),
        ),
    )  # fmt: skip
    return site, plan


@cache
def screenshot(seed: int = 0, width: int = 1366, height: int = 900) -> bytes:
    """A drawn page with a red box, PNG."""
    image = Image.new("RGB", (width, height), "#ffffff")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, width, 120), fill="#b01f24")
    draw.rectangle((0, 120, width, 168), fill="#7d1519")
    for row in range(12):
        left, y = 240, 220 + row * 52
        draw.rectangle((left, y, left + 500 + (seed * 37 + row * 71) % 260, y + 16), fill="#c7ccd4")
        draw.rectangle((1040, y, 1130, y + 16), fill="#dfe3e8")
    top = 206 + (seed % 9) * 52
    draw.rectangle((220, top, 1150, top + 46), outline="#d71920", width=4)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


@cache
def noisy_screenshot() -> bytes:
    """A picture that no compression makes small."""
    out = io.BytesIO()
    Image.effect_noise((1366, 1800), 120).convert("RGB").save(out, "PNG", compress_level=0)
    return out.getvalue()


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def finding(
    rule: str,
    outcome: Outcome,
    unit: str,
    subject: str,
    *,
    column: str = "",
    url: str = "",
    message: str = "",
    data: Data | None = None,
    reason: Reason | None = None,
    waived: str = "",
    quote: str = "",
) -> Iterator[Finding]:
    """The findings of one verdict: one per indicator of either standard that uses the rule."""
    for standard in standards():
        for indicator in standard.indicators:
            for binding in indicator.rules:
                if binding.rule != rule:
                    continue
                price = binding.points if adopted(standard, indicator, district(), AS_OF.date()) else Decimal(0)
                open_ = outcome in (Outcome.FAILED, Outcome.CANNOT_TELL)
                key = f"{standard.id}/{indicator.id}"
                yield Finding(
                    rule, 1, standard.id, key, outcome, reason is Reason.NEEDS_JUDGEMENT, unit, column, subject, url,
                    message or f"{rule}：{outcome}", data or {},
                    (Evidence(url, _sha(url + subject), "2026-09-29T13:31:07+00:00", "div.list > ul > li:nth-child(1)",
                              quote),) if url else (),
                    price if outcome is Outcome.FAILED and not waived else Decimal(0), price if open_ else Decimal(0),
                    str(reason or ""), "F", waived, _sha(f"{key}|{rule}|{unit}|{column}|{subject}")[:16],
                    _sha(f"{rule}|{unit}|{column}|{subject}")[:16],
                )  # fmt: skip


def findings() -> tuple[Finding, ...]:
    return tuple(f for at, (unit, *_) in enumerate(UNITS) for f in _unit_findings(at, unit))


def _unit_findings(at: int, unit: str) -> Iterator[Finding]:
    yield from _columns(at, unit)
    for n in range((at * 5) % 13):
        page = f"{HOST}/{unit}/tzgg/2026{n + 1:02d}/t2026{n + 1:02d}12_{3140 + n}.html"
        yield from finding(
            "link-dead", Outcome.FAILED, unit, f"{HOST}/attach/{unit}-{n}.pdf", column=f"{unit}-tzgg", url=page,
            message=f"链接 {HOST}/attach/{unit}-{n}.pdf 三次访问均返回404，链接文字“附件{n + 1}：申报表”。",
            data={"title": f"关于开展2026年第{n + 1}批示例项目申报工作的通知", "status": 404}, quote=f"附件{n + 1}：申报表",
        )  # fmt: skip
    for n in range(at % 3):
        policy = f"{HOST}/{unit}/zcwj/2026/t202606{10 + n}_88{n}.html"
        yield from finding(
            "interpretation-missing", Outcome.FAILED if n == 0 else Outcome.CANNOT_TELL, unit, policy,
            column=f"{unit}-zcwj", url=policy,
            message="《示例区城乡居民示例事项实施办法（试行）》2026-06-12发布，至检查时点110天，未见解读材料，限期3个工作日。"
            if n == 0 else "未在已取回的页面中找到解读，但解读栏目有2页未取回，不能认定没有解读。",
            data={"title": "示例区人民政府办公室关于印发《示例区城乡居民示例事项实施办法（试行）》的通知"},
            reason=None if n == 0 else Reason.INCOMPLETE, quote="示政办发〔2026〕12号",
        )  # fmt: skip
    yield from finding("meta-missing", Outcome.FAILED, unit, f"{HOST}/{unit}/", url=f"{HOST}/{unit}/",
                       message="首页模板缺少SiteIDCode、ColumnType标签（应有12项，实有10项）。", data={"missing": 2})  # fmt: skip
    yield from finding("contrast-low", Outcome.FAILED if at % 2 else Outcome.PASSED, unit, f"{HOST}/{unit}/list",
                       url=f"{HOST}/{unit}/", message="列表日期文字对比度2.9:1，标准4.5:1，涉及18处。",
                       data={"title": "列表页"}, quote="<span class=\"date\">2026-09-01</span>")  # fmt: skip
    yield from finding("wording-suspect", Outcome.CANNOT_TELL if at % 4 == 1 else Outcome.PASSED, unit, f"{unit}-text",
                       url=f"{HOST}/{unit}/dongtai/t1.html", reason=Reason.NEEDS_JUDGEMENT if at % 4 == 1 else None,
                       message="正文出现“截止目前”，疑应为“截至目前”。", data={"title": "东庄镇召开示例工作推进会"},
                       quote="……截止目前，全镇已完成示例任务……")  # fmt: skip
    late = (Outcome.PASSED, Outcome.FAILED, Outcome.PASSED, Outcome.INAPPLICABLE, Outcome.CANNOT_TELL)[at % 5]
    yield from finding("reply-late", late, unit, f"{unit}-lyzx", column=f"{unit}-lyzx", url=f"{HOST}/{unit}/lyzx/",
                       message="留言2026-08-02提交，至检查时点未见答复，已59天，限期15个工作日。" if late is Outcome.FAILED
                       else "留言列表被防护系统拦截（412），本轮未能查看。",
                       reason=Reason.BLOCKED if late is Outcome.CANNOT_TELL else None)  # fmt: skip
    yield from finding("annual-report-missing", Outcome.PASSED, unit, f"{unit}-ndbg", column=f"{unit}-ndbg",
                       url=f"{HOST}/{unit}/ndbg/", message="2025年度报告已发布（2026-01-20）。")  # fmt: skip


def _columns(at: int, unit: str) -> Iterator[Finding]:
    for n, (name, label, _) in enumerate(COLUMNS[:4]):
        column, url = f"{unit}-{name}", f"{HOST}/{unit}/{name}/"
        stale = (at + n) % 4 == 0
        age = 30 + at * 9 + n
        newest = (AS_OF.date() - timedelta(days=age)).isoformat()
        data: Data = {"column": label, "limit": 14, "age": age, "newest": newest, "title": label}
        yield from finding(
            "column-stale", Outcome.FAILED if stale else Outcome.PASSED, unit, column, column=column, url=url,
            message=f"最近一条{newest}，距检查时点{age}天，限期14天。" if stale else "最近一条在期限内。", data=data,
            quote=f"示例工作简报 {newest}", waived="平台迁移（示政办函〔2026〕3号，示例审批人）" if at == 6 and n == 2 else "",
        )  # fmt: skip
        empty = at in (4, 9) and n == 3
        yield from finding(
            "column-empty", Outcome.FAILED if empty else Outcome.PASSED, unit, column, column=column, url=url,
            message=f"栏目“{label}”没有一条信息，页面显示“暂无数据”。" if empty else "栏目有内容。",
            data={"column": label, "title": label}, quote="暂无数据",
        )  # fmt: skip


def hostile_findings() -> tuple[Finding, ...]:
    """What an audited page might try on a reader of the report."""
    bad = f"{HOST}/a?x=<script>alert(2)</script>&y=\"'"
    return (
        *finding("link-dead", Outcome.FAILED, "dzz", "javascript:alert(document.domain)", url="javascript:alert(3)",
                 message=HOSTILE, data={"title": HOSTILE}, quote=HOSTILE),
        *finding("column-stale", Outcome.FAILED, "dzz", "=cmd|' /C calc'!A0", url=bad, message="=1+1",
                 data={"title": "@SUM(A1:A9)", "column": "+栏目", "limit": "{0.__class__}"}, quote="-2+3"),
        *finding("link-dead", Outcome.CANNOT_TELL, "dzz", "超长标题", url=f"{HOST}/" + "长" * 3000, reason=Reason.FETCH_FAILED,
                 message="无法取回。", data={"title": "巨" * 10_000_000}, quote="\ud800\ufffe\x07bell"),
    )  # fmt: skip


def view(extra: tuple[Finding, ...] = (), **more: object) -> RoundView:
    area = district()
    every = (*findings(), *extra)
    scores = score_all(every, standards(), area, AS_OF.date())
    gaps = (Gap(f"{HOST}/lyzx/index.html", str(FetchOutcome.WAF), "412"),)
    site = Coverage(False, 2412, 2317, gaps, (), "留言系统被防护系统拦截")
    shots = {f"{HOST}/{u}/{c}/": _sha(f"shot-{u}-{c}") for u, *_ in UNITS for c in ("dongtai", "tzgg", "zcjd")}
    known = {sha: at for at, sha in enumerate(shots.values())}
    base = RoundView(
        district=area, round_id="2026Q3", as_of=AS_OF, snapshot_id="20260929T120000Z", standards=standards(),
        findings=every, scores=scores, ranks=rank(scores, area, standards()[0]), rules={r.id: r for r in RULES},
        coverage=CoverageView(
            site=site, pages=2288,
            columns={c.column_id: Coverage(c.column_id != "xzz-zcjd", 40, 40 if c.column_id != "xzz-zcjd" else 31)
                     for c in area.columns},
            hosts=(HostState("www.shiliqu.gov.cn", FetchOutcome.OK, 200, f"{HOST}/", False, "2026-09-29T12:00:00+00:00",
                             _sha("home"), 2288),
                   HostState("ly.shiliqu.gov.cn", FetchOutcome.WAF, 412, pages=0)),
            gaps=(GapCount("waf-challenge", 61, (f"{HOST}/lyzx/index.html", f"{HOST}/lyzx/2.html")),
                  GapCount("timeout", 9, (f"{HOST}/slow/1.html",)),
                  GapCount("unvisited", 25, (f"{HOST}/deep/9.html",))),
            skipped=(SkipCount("robots.txt 不允许", 14, (f"{HOST}/admin/",)), SkipCount("超过深度上限", 7)),
        ),
        columns=tuple(ColumnState(c.column_id, f"{HOST}{c.path}", "path", c.label, row_count=40) for c in area.columns),
        impact=Impact(2640, 181_000_000, "2026-09-29T12:00:00+00:00", "2026-09-29T13:40:00+00:00", Decimal(212), 310),
        axe=AxeView("4.12.1", _sha("axe"), 24,
                    tuple(AxePage(f"{HOST}/{u}/", _sha(u), "2026-09-29T13:00:00+00:00", "list") for u, *_ in UNITS)),
        manifest_sha256=_sha("manifest"), tool_version="0.1.0",
        rule_errors=(RuleError("reply-late", "KeyError: 'asked'", "Traceback (most recent call last): …"),),
        artifact=lambda sha: screenshot(known[sha]) if sha in known else None, screenshots=shots,
    )  # fmt: skip
    return replace(base, **more)  # type: ignore[arg-type]
