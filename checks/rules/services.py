"""办事服务: there are services, their guides say what a citizen must know, and figures about them are fresh."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from checks.facts import Link, Page, PageKind, Region
from checks.gaps import gap_reason, search
from checks.items import items, title_of
from checks.outcomes import Reason
from checks.pressed import scripted_labels
from checks.rule import Example, Params, Status, number, rule, words
from checks.snapshot import Snapshot
from checks.texts import missing
from checks.tiny import HOME, TinySnapshot, tiny
from checks.tiny_parts import BLOCKED, article, column
from checks.verdicts import Evidence, Verdict, cannot_tell, failed, inapplicable, passed

_LAW = "国办秘函〔2019〕19号 检查指标“办事服务”“服务实用”"
ELEMENTS = (
    "事项名称|服务事项|办理事项",
    "设定依据|法律依据|办理依据|实施依据",
    "申请条件|受理条件|办理条件|申报条件",
    "办理材料|申请材料|申报材料|所需材料|提交材料",
    "办理地点|办公地址|受理地点|办理地址",
    "办理时间|办公时间|工作时间|受理时间|办理时限",
    "联系电话|咨询电话|咨询方式|监督电话",
    "办理流程|办理程序|办事流程",
)
_GUIDE_WORDS = ("办事指南", "服务指南", "办理指南", "申请指南", "申报指南")


class ServiceGuides(Params):
    sample: int = number("抽查办事指南", unit="份", default=5, stricter="higher", ge=1)
    elements: tuple[str, ...] = words("要素类别（同一类的写法用|隔开）", ELEMENTS)


class ServicesImpractical(ServiceGuides):
    lacking: int = number("一份指南缺少达到此数的要素类别视为严重缺失", unit="类", default=4, stricter="lower", ge=1)
    guides: int = number("严重缺失的指南达到此数即否决", unit="份", default=5, stricter="lower", ge=1)
    labels: tuple[str, ...] = words(
        "办事服务入口名称", ("办事服务", "政务服务", "网上办事", "在线办事", "办事大厅", "我要办")
    )


def guides(snapshot: Snapshot, sample: int) -> list[Page]:
    """A fixed sample of service guides: those whose seeded digests come first."""
    columns = {s.column_id for role in ("services", "hall-zone") for s in snapshot.by_role(role)}
    found = []
    for item in items(snapshot):
        if item.column in columns or any(w in item.title for w in _GUIDE_WORDS):
            page = snapshot.page(item.url)
            if page is not None and (
                any(w in item.title for w in _GUIDE_WORDS) or len(missing(ELEMENTS, page.text)) < 6
            ):
                found.append(page)
    seed = snapshot.district.browser.seed
    return sorted(found, key=lambda p: hashlib.sha256(f"{seed}|{p.url}".encode()).hexdigest())[:sample]


_FULL = (
    "事项名称：老年优待证 设定依据：办法 申请条件：年满六十岁 办理材料：身份证 办理地点：大厅 办理时间："
    "工作日 联系电话：6611111 办理流程：申请、审核、发证"
)
_SERVICES = column("bsfw", "办事服务", "services")


def _guided(*texts: str, **more: Any) -> TinySnapshot:
    pages = tuple(
        article(f"bsfw/{n}.html", f"事项{n}办事指南", "2026-03-01", t, column="bsfw") for n, t in enumerate(texts)
    )
    return tiny(pages=pages, columns=(_SERVICES,), **more)


@rule(
    "services-impractical",
    version=1,
    title="服务不实用",
    topic="services",
    logic="S",
    guard="site",
    params=ServicesImpractical,
    absence=True,
    status=Status.PREVIEW,
    legal=(f"{_LAW}：单项否决“服务不实用”",),
    messages={
        "passed": "有办事服务“{label}”；抽查办事指南{checked}/{sample}份，严重缺失要素的{bad}份，少于{limit}份。",
        "failed": "没有找到办事服务入口（查找名称：{labels}；已读导航{known}页）。",
        "guides": "抽查办事指南{checked}/{sample}份，{bad}份缺少{lacking}类以上要素，达到{limit}份。",
        "gap": "没有找到办事服务入口，但导航未查全（{gap}），不能认定没有。",
        "scripted": "首页有“{label}”，但它由脚本打开，没有读到目标网址，请人工点击核对是不是办事服务入口。",
        "external": "办事服务“{label}”建在其他系统（{target}），办事指南无法由机器核对，请人工抽查{sample}份。",
        "cannot-tell.sample-short": "有办事服务“{label}”，但只读到办事指南{checked}份，不足{sample}份，请人工抽查。",
    },
    why="没有办事服务或指南形同虚设，是单项否决指标。",
    fix="1. 请在首页设置“办事服务”入口并保证能打开。\n2. 逐份补齐办事指南的依据、条件、材料、地点、时间、"
    "电话、流程。\n3. 事项在省一体化平台的，入口直接链接到本区站点。",
    recheck="导航中有办事服务入口，抽查的办事指南要素齐全",
    question="抽查的办事指南是否要素齐全、能照着办事？",
    examples=(
        Example(
            "指南齐全",
            _guided(*[_FULL] * 5),
            "passed",
            "有办事服务“办事服务”；抽查办事指南5/5份，严重缺失要素的0份，少于5份。",
        ),
        Example(
            "没有办事服务",
            tiny(),
            "failed",
            "没有找到办事服务入口（查找名称：办事服务、政务服务、网上办事、"
            "在线办事、办事大厅、我要办；已读导航10页）。",
        ),
        Example(
            "入口由脚本打开",
            tiny(
                pages=(article("", "首页", kind=PageKind.HOME),),
                page_links={HOME: (Link("javascript:;", "政务服务", Region.NAVIGATION, "script-action"),)},
            ),
            "cannot-tell",
            "首页有“政务服务”，但它由脚本打开，没有读到目标网址，请人工点击核对是不是办事服务入口。",
            reason="needs-judgement",
            review=True,
        ),
        Example(
            "五份指南都缺要素",
            _guided(*["事项名称：老年优待证"] * 5),
            "failed",
            "抽查办事指南5/5份，5份缺少4类以上要素，达到5份。",
        ),
        Example(
            "导航未读全",
            tiny(nav_coverage=BLOCKED),
            "cannot-tell",
            "没有找到办事服务入口，但导航未查全（应取10页，已取7页，"
            "首个缺口http://www.example.gov.cn/zwgk/index_2.html（被网站防护系统拦截）），不能认定没有。",
            reason="blocked",
        ),
        Example(
            "在省平台",
            tiny(columns=(column("bsfw", "办事服务", "services", external="https://zwfw.example.org/qu/"),)),
            "cannot-tell",
            "办事服务“办事服务”建在其他系统（https://zwfw.example.org/qu/），办事指南无法由机器核对，请人工抽查5份。",
            reason="needs-judgement",
            review=True,
        ),
        Example(
            "指南太少",
            _guided(_FULL),
            "cannot-tell",
            "有办事服务“办事服务”，但只读到办事指南1份，不足5份，请人工抽查。",
            reason="sample-short",
        ),
    ),
)
def services_impractical(snapshot: Snapshot, params: ServicesImpractical) -> Iterator[Verdict]:
    host, coverage = snapshot.district.site.main_host, snapshot.navigation_coverage()
    data: dict[str, Any] = {"labels": list(params.labels), "sample": params.sample, **search(coverage)}
    data |= {"limit": params.guides, "lacking": params.lacking}
    state = next((s for s in snapshot.by_role("services") if s.url or s.external), None)
    link = next((x for x in snapshot.navigation() if any(w in x.text for w in params.labels)), None)
    if state is None and link is None:
        pressed = scripted_labels(snapshot)
        names = (*params.labels, *(n for c in snapshot.district.columns if c.role == "services" for n in c.aliases))
        word = next((t for t in pressed if any(t == n or (len(n) > 2 and n in t) for n in names)), "")
        if word:
            yield cannot_tell(
                host, Reason.NEEDS_JUDGEMENT, url=snapshot.district.site.home, data={**data, "label": word},
                review=True, variant="scripted",
            )  # fmt: skip
        elif coverage.complete:
            yield failed(host, data=data)
        else:
            yield cannot_tell(host, gap_reason(coverage), data=data, variant="gap")
        return
    external = state.external if state else link.url if link and _elsewhere(snapshot, link) else ""
    url = (state.url if state else link.url if link else "") or external
    data |= {"label": state.found_label if state else link.text if link else "", "target": external}
    sample = guides(snapshot, params.sample)
    bad = [p for p in sample if len(missing(params.elements, p.text)) >= params.lacking and not p.needs_render]
    data |= {"checked": len(sample), "bad": len(bad), "pages": [p.url for p in bad]}
    proof = tuple(Evidence.of(p, p.text[:120]) for p in (bad or sample)[:5]) or (
        Evidence(url, quote=str(data["label"])),
    )
    at: dict[str, Any] = {"url": url, "data": data, "evidence": proof}
    if len(bad) >= params.guides:
        yield failed(host, variant="guides", **at)
    elif external and not sample:
        yield cannot_tell(host, Reason.NEEDS_JUDGEMENT, review=True, variant="external", **at)
    elif len(sample) < params.sample:
        yield cannot_tell(host, Reason.SAMPLE_SHORT, review=True, **at)
    else:
        yield passed(host, **at)


def _elsewhere(snapshot: Snapshot, link: Link) -> bool:
    return not any(f"//{host}/" in f"{link.url}/" for host in snapshot.district.own_hosts())


@rule(
    "service-guide-incomplete",
    version=1,
    title="办事指南要素不全",
    topic="services",
    logic="S",
    params=ServiceGuides,
    absence=True,
    status=Status.PREVIEW,
    legal=(f"{_LAW}：办事指南要素缺失扣分",),
    messages={
        "passed": "“{title}”{count}类要素齐全（抽查{checked}/{sample}份）。",
        "failed": "“{title}”缺少要素：{lacking}（抽查{checked}/{sample}份）。",
        "cannot-tell.not-rendered": "“{title}”的内容由脚本生成、尚未渲染，无法核对要素。",
        "cannot-tell.sample-short": "办事指南不在本网站或没有读到，无法抽查（{target}），请人工抽查{sample}份。",
        "inapplicable": "没有找到办事服务栏目，不抽查办事指南。",
    },
    why="指南缺要素，群众就要多跑一趟。",
    fix="1. 打开“{title}”的编辑页。\n2. 补齐：{lacking}。\n3. 需要填表的，附空表和样表下载。",
    recheck="该指南页面能读到全部要素类别",
    examples=(
        Example("要素齐全", _guided(_FULL), "passed", "“事项0办事指南”8类要素齐全（抽查1/5份）。"),
        Example(
            "缺流程",
            _guided(_FULL.replace("办理流程", "其他")),
            "failed",
            "“事项0办事指南”缺少要素：办理流程（抽查1/5份）。",
        ),
        Example(
            "没有渲染",
            tiny(pages=(article("b/1.html", "某事项办事指南", needs_render=True),), columns=(_SERVICES,)),
            "cannot-tell",
            "“某事项办事指南”的内容由脚本生成、尚未渲染，无法核对要素。",
            reason="not-rendered",
        ),
        Example(
            "没有读到指南",
            _guided(),
            "cannot-tell",
            "办事指南不在本网站或没有读到，无法抽查（http://www.example.gov.cn/bsfw/），请人工抽查5份。",
            reason="sample-short",
        ),
        Example("没有办事服务栏目", tiny(), "inapplicable", "没有找到办事服务栏目，不抽查办事指南。"),
    ),
)
def service_guide_incomplete(snapshot: Snapshot, params: ServiceGuides) -> Iterator[Verdict]:
    sample = guides(snapshot, params.sample)
    state = next((s for s in snapshot.by_role("services") if s.url or s.external), None)
    base: dict[str, Any] = {"sample": params.sample, "checked": len(sample), "count": len(params.elements)}
    if not sample and state is None:
        yield inapplicable("services")
    elif not sample and state is not None:
        data = {**base, "target": state.external or state.url or ""}
        yield cannot_tell("services", Reason.SAMPLE_SHORT, review=True, url=state.url or "", data=data)
    for page in sample:
        lacking = missing(params.elements, f"{title_of(page)} {page.text}")
        data = {**base, "title": title_of(page), "lacking": lacking}
        at: dict[str, Any] = {"unit": page.owner, "url": page.url, "data": data}
        at["evidence"] = (Evidence.of(page, page.text[:120]),)
        if page.needs_render:
            yield cannot_tell(page.url, Reason.NOT_RENDERED, **at)
        else:
            yield failed(page.url, **at) if lacking else passed(page.url, **at)
