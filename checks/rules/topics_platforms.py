"""指定平台和专栏: systems that a plan names are there, answer, and are not empty shells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from pydantic import field_validator

from checks.facts import ColumnState, Link, Row, Target
from checks.gaps import gap_reason, search
from checks.laws import DISTRICT_PLAN
from checks.outcomes import FetchOutcome, Reason
from checks.periods import months_before
from checks.rule import Example, Params, number, rule, words
from checks.snapshot import Snapshot
from checks.tiny import HOME, TinySnapshot, tiny
from checks.tiny_parts import BLOCKED, column, row
from checks.verdicts import Evidence, Verdict, cannot_tell, failed, inapplicable, passed


@dataclass(frozen=True, slots=True)
class Platform:
    """A named system: its title, the words its entry may carry, the column role, and what it must hold."""

    title: str
    names: tuple[str, ...]
    role: str
    min_entries: int = 0
    yearly_entries: int = 0  # entries of the last twelve months
    newest_months: int = 0
    categories: tuple[str, ...] = ()


PLATFORMS = {
    "policy-library": Platform(
        "政府文件统一公开平台",
        ("政府文件统一公开平台", "政府文件库", "政策文件库", "规章库", "文件库"),
        "policy-library",
    ),
    "qa-platform": Platform("政策问答平台", ("政策问答", "政策咨询问答", "智能问答"), "qa-platform", 50, 0, 3),
    "solicitation-platform": Platform(
        "统一政务征询平台",
        ("政务征询", "征询平台", "民意征集平台"),
        "solicitation-platform",
        categories=(
            "意见征集|草案征求意见|征求意见",
            "人民意见|人民建议",
            "民意调查|在线调查",
            "实事项目",
            "开放主题|政府开放",
        ),
    ),
    "gazette": Platform("政府公报数据库", ("政府公报", "公报数据库"), "gazette", 0, 4, 6),
    "enterprise": Platform(
        "企业用户空间（一企一档）", ("企业用户空间", "一企一档", "惠企服务", "企业空间"), "enterprise"
    ),
    "plan-progress": Platform("工作要点落实专栏", ("任务落实", "要点落实", "重点任务落实"), "plan-progress"),
}


class NamedPlatform(Params):
    platforms: tuple[str, ...] = words(
        "平台：" + "、".join(f"{k}（{p.title}）" for k, p in PLATFORMS.items()), tuple(PLATFORMS)
    )
    names: tuple[str, ...] = words("另外认可的名称", ())

    @field_validator("platforms")
    @classmethod
    def known(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        unknown = [k for k in value if k not in PLATFORMS]
        if unknown:
            raise ValueError(f"未知的平台{unknown}，可用：{sorted(PLATFORMS)}")
        return value


_QA = {"platforms": ["qa-platform"]}
_ENTRY = Link(HOME + "zcwd/", "示例区政策问答平台")


@rule(
    "named-platform-missing",
    version=1,
    title="指定平台或专栏未建",
    topic="topics",
    logic="E",
    guard="site",
    params=NamedPlatform,
    absence=True,
    legal=(DISTRICT_PLAN,),
    messages={
        "passed": "已开设{platform}，入口“{label}”。",
        "failed": "没有找到{platform}的入口（查找名称：{names}；已读导航{known}页）。",
        "dead": "{platform}入口“{label}”打不开（{why}）。",
        "gap": "没有找到{platform}的入口，但导航未查全（{gap}），不能认定未建。",
        "cannot-tell.login-only": "{platform}入口“{label}”需要登录，内容请人工核对。",
        "unreached": "{platform}入口“{label}”本次未能打开（{why}），无法判定。",
    },
    why="要点点名建设的平台，没有入口群众就找不到。",
    fix="1. 请在首页或政务公开栏目的显著位置开设“{platform}”入口。\n2. 已建在别处的，加链接并把名称统一。"
    "\n3. 名称不同的，报政务公开办登记别名。",
    recheck="导航中出现名称为{names}之一的入口，且能打开",
    examples=(
        Example(
            "导航里有入口",
            tiny(columns=(column("zcwd", "政策问答", "qa-platform"),)),
            "passed",
            "已开设政策问答平台，入口“政策问答”。",
            params=_QA,
        ),
        Example(
            "找不到入口",
            tiny(),
            "failed",
            "没有找到政策问答平台的入口（查找名称：政策问答、政策咨询问答、智能问答；已读导航10页）。",
            params=_QA,
        ),
        Example(
            "入口打不开",
            tiny(nav=(_ENTRY,), all_targets=(Target(_ENTRY.url, "page", True, FetchOutcome.GONE, 404),)),
            "failed",
            "政策问答平台入口“示例区政策问答平台”打不开（页面不存在（404/410））。",
            params=_QA,
        ),
        Example(
            "导航未读全",
            tiny(nav_coverage=BLOCKED),
            "cannot-tell",
            "没有找到政策问答平台的入口，但导航未查全（应取10页，已取7页，"
            "首个缺口http://www.example.gov.cn/zwgk/index_2.html（被网站防护系统拦截）），不能认定未建。",
            params=_QA,
            reason="blocked",
        ),
        Example(
            "入口要登录",
            tiny(nav=(_ENTRY,), all_targets=(Target(_ENTRY.url, "page", True, FetchOutcome.LOGIN),)),
            "cannot-tell",
            "政策问答平台入口“示例区政策问答平台”需要登录，内容请人工核对。",
            params=_QA,
            reason="login-only",
        ),
    ),
)
def named_platform_missing(snapshot: Snapshot, params: NamedPlatform) -> Iterator[Verdict]:
    navigation = list(snapshot.navigation())
    for key in params.platforms:
        platform = PLATFORMS[key]
        names = (*platform.names, *params.names)
        data: dict[str, Any] = {"platform": platform.title, "names": list(names)}
        data |= search(snapshot.navigation_coverage())
        state = next((s for s in snapshot.by_role(platform.role) if s.url), None)
        link = next((x for x in navigation if any(n in x.text for n in names)), None)
        if state is not None:
            label, url, outcome = state.found_label or platform.title, state.url or "", state.outcome
            proof = Evidence.of(state, label)
        elif link is not None:
            label, url, outcome = link.text, link.url, _answer(snapshot, link.url)
            proof = Evidence(link.url, locator=link.locator, quote=link.text)
        else:
            yield _absent(snapshot, key, data)
            continue
        data |= {"label": label, "why": outcome.chinese if outcome else "未访问"}
        at: dict[str, Any] = {"url": url, "data": data, "evidence": (proof,)}
        at["column"] = state.column_id if state else ""
        if outcome is None or outcome.seen:
            yield passed(f"platform:{key}", **at)
        elif outcome in (FetchOutcome.GONE, FetchOutcome.SOFT_404):  # one other answer proves nothing
            yield failed(f"platform:{key}", variant="dead", **at)
        else:
            variant = "" if outcome is FetchOutcome.LOGIN else "unreached"
            yield cannot_tell(f"platform:{key}", outcome.reason, variant=variant, **at)


def _absent(snapshot: Snapshot, key: str, data: dict[str, Any]) -> Verdict:
    coverage = snapshot.navigation_coverage()
    if coverage.complete:
        return failed(f"platform:{key}", data=data)
    return cannot_tell(f"platform:{key}", gap_reason(coverage), variant="gap", data=data)


def _answer(snapshot: Snapshot, url: str) -> FetchOutcome | None:
    if snapshot.page(url) is not None:
        return FetchOutcome.OK
    return next((t.outcome for t in snapshot.targets() if t.url == url), None)


class PlatformThin(NamedPlatform):
    min_entries: int = number("条目下限；0表示按平台默认", unit="条", default=0, stricter="higher", ge=0)
    newest_months: int = number("最新条目不早于；0表示按平台默认", unit="个月", default=0, stricter="lower", ge=0)
    categories: tuple[str, ...] = words("应有的分类；空表示按平台默认", ())


def _gazette(*rows: Row, **more: Any) -> TinySnapshot:
    return tiny(columns=(column("gb", "政府公报", "gazette", *rows, **more),))


_ISSUES = tuple(row(f"2026年第{n}期", f"2026-0{n}-20", f"gb/{n}.html") for n in (2, 4, 6, 8))
_GAZETTE = {"platforms": ["gazette"]}
_ASK = {"platforms": ["solicitation-platform"]}


@rule(
    "named-platform-thin",
    version=1,
    title="平台内容不足或陈旧",
    topic="topics",
    logic="M",
    guard="list",
    params=PlatformThin,
    absence=True,
    legal=(DISTRICT_PLAN,),
    messages={
        "passed": "{platform}有{count}条内容，最新{newest}，符合要求。",
        "failed": "{platform}内容不足：{faults}。",
        "gap": "{platform}内容可能不足（{faults}），但列表未查全（{gap}），不能认定。",
        "cannot-tell.not-rendered": "{platform}的列表由脚本生成、尚未渲染，无法核对内容。",
        "cannot-tell.undated": "{platform}的{count}条内容没有可读日期，无法核对更新。",
        "external": "{platform}建在其他系统（{url}），内容无法由机器核对，请人工查看。",
        "inapplicable": "{platform}没有找到，内容不检查（是否应建由其他指标判定）。",
        "unmeasured": "{platform}没有内容数量要求。",
    },
    why="平台建了不用，等于没有。",
    fix="1. 在内容管理系统打开{platform}对应的栏目，补发所列不足的内容，“发布日期”按实际发布时间填写。\n"
    "2. 缺少分类的，请平台方在栏目属性中增设，并归集已有信息。\n3. 指定专人按月维护。",
    recheck="平台的条目数、分类和最新日期达到要求",
    examples=(
        Example(
            "公报按期入库",
            _gazette(*_ISSUES),
            "passed",
            "政府公报数据库有4条内容，最新2026-08-20，符合要求。",
            params=_GAZETTE,
        ),
        Example(
            "公报只有一期",
            _gazette(_ISSUES[0]),
            "failed",
            "政府公报数据库内容不足：近12个月1期，少于4期；最新一条2026-02-20，早于2026-03-30（6个月）。",
            params=_GAZETTE,
        ),
        Example(
            "列表未查全",
            _gazette(_ISSUES[0], coverage=BLOCKED),
            "cannot-tell",
            "政府公报数据库内容可能不足（近12个月1期，少于4期；最新一条2026-02-20，"
            "早于2026-03-30（6个月）），但列表未查全（应取10页，已取7页，"
            "首个缺口http://www.example.gov.cn/zwgk/index_2.html（被网站防护系统拦截）），不能认定。",
            params=_GAZETTE,
            reason="blocked",
        ),
        Example(
            "列表未渲染",
            _gazette(script_filled=True),
            "cannot-tell",
            "政府公报数据库的列表由脚本生成、尚未渲染，无法核对内容。",
            params=_GAZETTE,
            reason="not-rendered",
        ),
        Example(
            "征询平台缺分类",
            replace(
                tiny(columns=(column("zx", "政务征询", "solicitation-platform", row("征求意见", "2026-08-01")),)),
                page_links={HOME + "zx/": (Link(HOME + "zx/a/", "意见征集"), Link(HOME + "zx/b/", "民意调查"))},
            ),
            "failed",
            "统一政务征询平台内容不足：缺少分类人民意见、实事项目、开放主题。",
            params=_ASK,
        ),
        Example(
            "平台没有找到",
            tiny(),
            "inapplicable",
            "政府公报数据库没有找到，内容不检查（是否应建由其他指标判定）。",
            params=_GAZETTE,
        ),
    ),
)
def named_platform_thin(snapshot: Snapshot, params: PlatformThin) -> Iterator[Verdict]:
    for key in params.platforms:
        platform = PLATFORMS[key]
        state = next((s for s in snapshot.by_role(platform.role) if s.url), None)
        data: dict[str, Any] = {"platform": platform.title}
        if state is None:
            yield inapplicable(f"platform:{key}", data=data)
        else:
            yield _thin(snapshot, key, state, params, data)


def _thin(snapshot: Snapshot, key: str, state: ColumnState, params: PlatformThin, data: dict[str, Any]) -> Verdict:
    platform, subject = PLATFORMS[key], f"platform:{key}"
    entries = params.min_entries or platform.min_entries
    months = params.newest_months or platform.newest_months
    categories = params.categories or platform.categories
    newest = state.newest.date if state.newest else None
    year = months_before(snapshot.today, 12)
    recent = sum(r.date is not None and r.date > year for r in state.rows)
    data |= {"count": state.row_count, "newest": str(newest or "无日期"), **search(state.coverage)}
    data["url"] = state.external or state.url or ""
    at: dict[str, Any] = {"url": state.url or "", "column": state.column_id, "evidence": (Evidence.of(state),)}
    if not (entries or months or categories or platform.yearly_entries):
        return inapplicable(subject, data=data, variant="unmeasured", **at)
    if state.external:
        return cannot_tell(subject, Reason.NEEDS_JUDGEMENT, review=True, data=data, variant="external", **at)
    if state.script_filled:
        return cannot_tell(subject, Reason.NOT_RENDERED, data=data, **at)
    faults = []
    if state.row_count < entries:
        faults.append(f"条目{state.row_count}条，少于{entries}条")
    if recent < platform.yearly_entries:
        faults.append(f"近12个月{recent}期，少于{platform.yearly_entries}期")
    if months and (newest is None or newest < months_before(snapshot.today, months)):
        faults.append(f"最新一条{newest or '无日期'}，早于{months_before(snapshot.today, months)}（{months}个月）")
    labels = " ".join(x.text for x in snapshot.links(state.url or ""))
    lost = [c.split("|")[0] for c in categories if not any(w in labels for w in c.split("|"))]
    if lost:
        faults.append(f"缺少分类{'、'.join(lost)}")
    data["faults"] = "；".join(faults)
    if not faults:
        return passed(subject, data=data, **at)
    if (months or platform.yearly_entries) and state.row_count >= max(entries, 1) and not state.dated_rows:
        return cannot_tell(subject, Reason.UNDATED, data=data, **at)
    if not state.coverage.complete:
        return cannot_tell(subject, gap_reason(state.coverage), data=data, variant="gap", **at)
    return failed(subject, data=data, **at)
