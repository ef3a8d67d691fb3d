"""适老化与无障碍: axe-core over a sample of rendered pages, an entry for the elderly, and a calm elder mode."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from checks.axe_shared import Shared, counted, find_shared, without
from checks.axe_texts import axe_text, theme
from checks.facts import AxePage, AxeRule, HostState, Link, PageKind
from checks.outcomes import FetchOutcome, Reason
from checks.rule import Example, Params, number, rule, words
from checks.snapshot import Snapshot
from checks.tiny import HOME, TinySnapshot, tiny
from checks.tiny_parts import AT, article
from checks.verdicts import Evidence, Verdict, cannot_tell, failed, inapplicable, passed

_LAW = (
    "《无障碍环境建设法》第三十二条",
    "GB/T 37668-2019 信息技术 互联网内容无障碍可访问性技术要求与测试方法",
    "工信部《互联网网站适老化通用设计规范》",
)
_IMPACT = {"critical": "严重", "serious": "较重", "moderate": "中等", "minor": "轻微"}


class AxeViolation(Params):
    tags: tuple[str, ...] = words("计入的axe标签", ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa"))
    critical: int = number("严重缺陷权重", unit="分", default=4, stricter="higher", ge=0)
    serious: int = number("较重缺陷权重", unit="分", default=3, stricter="higher", ge=0)
    moderate: int = number("中等缺陷权重", unit="分", default=2, stricter="higher", ge=0)
    minor: int = number("轻微缺陷权重", unit="分", default=1, stricter="higher", ge=0)
    shared: int = number("同一元素见于多少个模板，即按全站共用部分合为一处", unit="个", default=3, ge=2)


def _axe(*rules: AxeRule, **more: Any) -> AxePage:
    values = {"url": HOME, "sha256": "aa" * 32, "fetched_at": AT, "template": "首页", "engine": "4.12.1"}
    return AxePage(**{**values, **more}, rules=rules)


def _found(
    rule_id: str = "image-alt", result: str = "violation", impact: str = "critical", nodes: int = 3
) -> AxeRule:
    return AxeRule(rule_id, impact, result, ("cat.text-alternatives", "wcag2a"), nodes, '<img src="1.jpg">', "img")


def _tested(*pages: AxePage) -> TinySnapshot:
    return tiny(all_axe=pages, planned_axe=len(pages))


@rule(
    "axe-violation",
    version=1,
    title="无障碍缺陷",
    topic="accessibility",
    logic="S",
    guard="page",
    params=AxeViolation,
    legal=_LAW,
    messages={
        "passed": "模板“{template}”抽测{pages_count}页，未发现A级、AA级无障碍缺陷（共抽测{tested}/{planned}页）。",
        "failed": "模板“{template}”{name}：抽测{tested_here}页中{pages_count}页、{nodes}处（{impact}，"
        "准则{criterion}）。",
        "failed.shared": "全站共用部分{name}：同一元素见于{templates}个模板，抽测{tested_here}页中{pages_count}页、"
        "{nodes}处（{impact}，准则{criterion}）。",
        "cannot-tell.shared": "全站共用部分疑似{name}：同一元素见于{templates}个模板的{pages_count}页，机器无法确定，"
        "请人工核对。",
        "cannot-tell.elder": "适老模式没有测成（{error}），适老模式下的无障碍缺陷无法判定，请人工切换核对。",
        "cannot-tell.needs-judgement": "模板“{template}”疑似{name}：{pages_count}页、{nodes}处机器无法确定，"
        "请人工核对。",
        "cannot-tell.not-rendered": "计划抽测的页面未能在浏览器中打开（{error}），共抽测{tested}/{planned}页，"
        "该页无法判定。",
        "rewritten": "计划抽测的页面中有{pages_count}页（如{example}）在浏览器中打开后只显示“{shown}”，"
        "不是网页的内容，这些页无法判定。",
        "not-run": "浏览器检测没有运行，无障碍缺陷无法判定；请运行gather阶段（先用doctor确认浏览器可用）后重新研判。",
        "short": "计划抽测{planned}页，只完成{tested}页，其余{lost}页无法判定；请重新运行浏览器检测。",
    },
    why="视障和老年群众依靠读屏、放大和键盘使用网站，缺陷会让他们无法办事。",
    fix="1. {how}。\n2. 同一模板的页面一处修改、全部生效，请平台方修改模板；正文图片由编辑在插入时填写替代文字。\n"
    "3. 修改后用无障碍检测重测该模板。",
    recheck="该模板的抽测页面不再报出此项缺陷",
    question="机器不能确定的这一处，读屏用户能否正常读到和操作？",
    examples=(
        Example(
            "没有缺陷", _tested(_axe()), "passed", "模板“首页”抽测1页，未发现A级、AA级无障碍缺陷（共抽测1/1页）。"
        ),
        Example(
            "图片没有替代文字",
            _tested(_axe(_found())),
            "failed",
            "模板“首页”图片没有替代文字：抽测1页中1页、3处（严重，准则1.1.1）。",
            subject="axe:image-alt@首页",
        ),
        Example(
            "页脚同一图标在三个模板上",
            _tested(*(_axe(_found(nodes=1), url=f"{HOME}{n}.html", template=n) for n in ("首页", "列表", "文章"))),
            "failed",
            "全站共用部分图片没有替代文字：同一元素见于3个模板，抽测3页中3页、3处（严重，准则1.1.1）。",
            subject="axe:image-alt@shared:b96cd442",
        ),
        Example(
            "适老模式没有测成",
            tiny(all_axe=(_axe(), _axe(ok=False, error="点击“长者模式”后页面没有变化", mode="elder")), planned_axe=1),
            "cannot-tell",
            "适老模式没有测成（点击“长者模式”后页面没有变化），适老模式下的无障碍缺陷无法判定，请人工切换核对。",
            subject=HOME,
            reason="not-rendered",
        ),
        Example(
            "机器不能确定",
            _tested(_axe(_found("color-contrast", "incomplete", "serious"))),
            "cannot-tell",
            "模板“首页”疑似文字与背景对比度不足：1页、3处机器无法确定，请人工核对。",
            subject="axe:color-contrast@首页",
            reason="needs-judgement",
            review=True,
        ),
        Example(
            "页面没有打开",
            _tested(_axe(ok=False, error="超时30秒")),
            "cannot-tell",
            "计划抽测的页面未能在浏览器中打开（超时30秒），共抽测0/1页，该页无法判定。",
            reason="not-rendered",
        ),
        Example(
            "页面被脚本改写",
            _tested(_axe(ok=False, error="x", shown="无法找到该网页")),
            "cannot-tell",
            "计划抽测的页面中有1页（如http://www.example.gov.cn/）在浏览器中打开后只显示“无法找到该网页”，"
            "不是网页的内容，这些页无法判定。",
            subject="rewritten:无法找到该网页",
            reason="not-rendered",
        ),
        Example(
            "浏览器检测没有运行",
            tiny(),
            "cannot-tell",
            "浏览器检测没有运行，无障碍缺陷无法判定；请运行gather阶段（先用doctor确认浏览器可用）后重新研判。",
            reason="not-rendered",
        ),
        Example(
            "只完成一半",
            tiny(all_axe=(_axe(),), planned_axe=2),
            "cannot-tell",
            "计划抽测2页，只完成1页，其余1页无法判定；请重新运行浏览器检测。",
            subject="www.example.gov.cn",
            reason="not-rendered",
        ),
    ),
)
def axe_violation(snapshot: Snapshot, params: AxeViolation) -> Iterator[Verdict]:
    pages = list(snapshot.axe())
    seen = {p.url for p in pages}  # the home page may be tested in two modes
    planned = max(snapshot.axe_planned(), len(seen))
    host = snapshot.district.site.main_host
    if not pages:
        yield cannot_tell(host, Reason.NOT_RENDERED, variant="not-run", data={"planned": planned})
        return
    tested = len({p.url for p in pages if p.ok})
    base: dict[str, Any] = {"planned": planned, "tested": tested}
    templates: dict[str, list[AxePage]] = defaultdict(list)
    rewritten: dict[str, list[AxePage]] = defaultdict(list)
    for page in pages:
        if page.ok:
            templates[page.template if page.mode == "normal" else f"{page.template}（适老模式）"].append(page)
        elif page.shown:
            rewritten[page.shown].append(page)
        else:
            data = {**base, "error": page.error or "原因不明", "template": page.template}
            variant = "cannot-tell.elder" if page.mode == "elder" else ""
            at: dict[str, Any] = {"url": page.url, "data": data, "evidence": (_proof(page),)}
            yield cannot_tell(page.url, Reason.NOT_RENDERED, variant=variant, **at)
    for shown, lost in sorted(rewritten.items()):
        urls = sorted({p.url for p in lost})
        yield cannot_tell(
            f"rewritten:{shown}", Reason.NOT_RENDERED, variant="rewritten", url=urls[0],
            data={**base, "shown": shown, "example": urls[0], "pages": urls, "pages_count": len(urls)},
            evidence=tuple(_proof(p) for p in lost[:10]),
        )  # fmt: skip
    if planned > len(seen):
        yield cannot_tell(host, Reason.NOT_RENDERED, variant="short", data={**base, "lost": planned - len(seen)})
    shared = find_shared(templates, params.tags, params.shared)
    for template, group in sorted(templates.items()):
        yield from _template(template, group, shared, params, base)
    for found in shared:
        more = {"templates": found.templates, "tested_here": sum(len(group) for group in templates.values())}
        places = [(page, hit, found.nodes) for page, hit in found.hits]
        data, at = _told(found.rule, places, params, {**base, **more, "template": "全站共用部分"})
        subject = f"axe:{found.rule}@shared:{found.id}"
        if found.result == "violation":
            yield failed(subject, data=data, variant="failed.shared", **at)
        else:
            yield cannot_tell(
                subject, Reason.NEEDS_JUDGEMENT, review=True, data=data, variant="cannot-tell.shared", **at
            )


_Place = tuple[AxePage, AxeRule, int]  # page, result, places of the fault on it


def _template(
    template: str, group: list[AxePage], shared: tuple[Shared, ...], params: AxeViolation, base: dict[str, Any]
) -> Iterator[Verdict]:
    hits: dict[tuple[str, str], list[_Place]] = defaultdict(list)
    for page in group:
        for found in counted(page, params.tags):
            if (own := without(found, shared)) > 0:
                hits[found.rule, found.result].append((page, found, own))
    base = {**base, "template": template.replace("#", "〔数字〕"), "tested_here": len(group)}
    if not any(counted(page, params.tags) for page in group):
        yield passed(
            f"axe@{template}",
            url=group[0].url,
            data={**base, "pages_count": len(group)},
            evidence=(_proof(group[0]),),
        )
    for (rule_id, result), found_on in sorted(hits.items()):
        if result != "violation" and (rule_id, "violation") in hits:
            continue
        data, at = _told(rule_id, found_on, params, base)
        subject = f"axe:{rule_id}@{template}"
        if result == "violation":
            yield failed(subject, data=data, **at)
        else:
            yield cannot_tell(subject, Reason.NEEDS_JUDGEMENT, review=True, data=data, **at)


def _told(
    rule_id: str, found_on: list[_Place], params: AxeViolation, base: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Data of a verdict on one axe rule, and where it was seen."""
    worst = max((f.impact for _, f, _ in found_on), key=lambda i: getattr(params, i, 0))
    text = axe_text(rule_id)
    data: dict[str, Any] = {
        **base, "axe": rule_id, "name": text.title, "how": text.how, "criterion": text.criterion or rule_id,
        "theme": theme(text.criterion), "impact": _IMPACT.get(worst, worst or "未分级"),
        "weight": getattr(params, worst, 0), "nodes": sum(nodes for _, _, nodes in found_on),
        "pages_count": len(found_on), "pages": [p.url for p, _, _ in found_on[:50]],
        "engine": found_on[0][0].engine, "html": found_on[0][1].html,
    }  # fmt: skip
    return data, {"url": found_on[0][0].url, "evidence": tuple(_proof(p, f) for p, f, _ in found_on[:5])}


def _proof(page: AxePage, found: AxeRule | None = None) -> Evidence:
    if found is None:
        return Evidence(page.url, page.sha256, page.fetched_at)
    return Evidence(page.url, page.sha256, page.fetched_at, found.target, found.html[:300])


class ElderEntryMissing(Params):
    labels: tuple[str, ...] = words(
        "入口文字",
        ("适老", "长者", "长辈", "老年", "关怀", "大字", "无障碍", "辅助浏览", "语音朗读", "读屏"),
    )


def _home(**more: Any) -> Any:
    return article("", "示例区人民政府", kind=PageKind.HOME, **more)


@rule(
    "elder-entry-missing",
    version=1,
    title="无适老化入口",
    topic="accessibility",
    logic="E",
    guard="page",
    params=ElderEntryMissing,
    absence=True,
    legal=(_LAW[0], _LAW[2], "国办公开办函〔2021〕28号"),
    messages={
        "passed": "首页有适老化或无障碍入口“{label}”。",
        "failed": "首页共{links}个链接，未见适老化或无障碍入口（查找文字：{labels}）。",
        "cannot-tell.not-rendered": "首页内容由脚本生成、尚未渲染，无法判定有无适老化入口。",
        "no-home": "首页没有取回（{why}），无法判定有无适老化入口。",
    },
    why="适老化入口是老年人使用网站的第一步，应当显著。",
    fix="1. 请平台方在首页顶部放置“长者模式”或“无障碍浏览”入口。\n2. 入口应有文字，不能只有图标。\n"
    "3. 点击后应能放大、提高对比度、朗读并可用键盘操作。",
    recheck="首页出现含{labels}之一的可点击入口",
    examples=(
        Example(
            "有长者模式入口",
            tiny(pages=(_home(marks={"elder-entry": "长者模式"}),)),
            "passed",
            "首页有适老化或无障碍入口“长者模式”。",
        ),
        Example(
            "首页没有入口",
            tiny(pages=(_home(),), page_links={HOME: (Link(HOME + "zwgk/", "政务公开"),)}),
            "failed",
            "首页共1个链接，未见适老化或无障碍入口（查找文字：适老、长者、长辈、老年、关怀、大字、无障碍、辅助浏览、语音朗读、读屏）。",
        ),
        Example(
            "首页未渲染",
            tiny(pages=(_home(needs_render=True),)),
            "cannot-tell",
            "首页内容由脚本生成、尚未渲染，无法判定有无适老化入口。",
            reason="not-rendered",
        ),
        Example(
            "首页被拦截",
            tiny(all_hosts=(HostState("www.example.gov.cn", FetchOutcome.WAF),)),
            "cannot-tell",
            "首页没有取回（被网站防护系统拦截），无法判定有无适老化入口。",
            reason="blocked",
        ),
    ),
)
def elder_entry_missing(snapshot: Snapshot, params: ElderEntryMissing) -> Iterator[Verdict]:
    home, site = snapshot.home(), snapshot.district.site
    data: dict[str, Any] = {"labels": list(params.labels)}
    if home is None:
        state = snapshot.host(site.main_host)
        answer = state.outcome if state and state.outcome else None
        data["why"] = answer.chinese if answer else "未访问"
        reason = answer.reason if answer else Reason.FETCH_FAILED
        yield cannot_tell(site.main_host, reason, url=site.home, data=data, variant="no-home")
        return
    pattern = re.compile("|".join(map(re.escape, params.labels)))
    links = list(snapshot.links(home.url))
    at: dict[str, Any] = {"url": home.url}
    entry = next(iter(home.marks_of("elder-entry")), None)
    found = next((x for x in links if pattern.search(x.text)), None)
    if entry is not None or found is not None:
        label = entry.quote if entry else found.text if found else ""
        locator = entry.locator if entry else found.locator if found else ""
        yield passed(
            site.main_host, data={**data, "label": label}, evidence=(Evidence.of(home, label, locator),), **at
        )
    elif home.needs_render:
        yield cannot_tell(site.main_host, Reason.NOT_RENDERED, data=data, evidence=(Evidence.of(home),), **at)
    else:
        more = {**data, "links": len(links), "trail": [home.url]}
        yield failed(site.main_host, data=more, evidence=(Evidence.of(home),), **at)


class ElderModeIntrusive(Params):
    ignored: tuple[str, ...] = words("不算弹窗的工具条文字", ("长者", "无障碍", "辅助", "朗读", "适老"))


@rule(
    "elder-mode-intrusive",
    version=1,
    title="适老模式有弹窗广告",
    topic="accessibility",
    logic="U",
    guard="page",
    params=ElderModeIntrusive,
    legal=("工信部《互联网网站适老化通用设计规范》2.4.1、2.4.2",),
    messages={
        "passed": "适老模式抽测{count}页，未见弹窗、广告和诱导按钮。",
        "failed": "适老模式下该页仍有弹窗或浮层：{overlays}。",
        "cannot-tell.not-rendered": "浏览器没有进入适老模式，无法判定有无弹窗，请人工切换核对。",
        "inapplicable": "首页没有适老化入口，不检查适老模式。",
    },
    why="弹窗和诱导按钮最容易误导老年人点击。",
    fix="1. 请平台方在适老模式下关闭弹窗、飘窗、广告和下载提示。\n2. 切换到适老模式逐页核对。",
    recheck="适老模式下抽测页面没有可见弹窗或浮层",
    question="切换到适老模式后，页面是否没有弹窗、广告和诱导按钮？",
    examples=(
        Example("没有弹窗", _tested(_axe(mode="elder")), "passed", "适老模式抽测1页，未见弹窗、广告和诱导按钮。"),
        Example(
            "仍有飘窗",
            _tested(_axe(mode="elder", overlays=("右下角飘窗：下载客户端",))),
            "failed",
            "适老模式下该页仍有弹窗或浮层：右下角飘窗：下载客户端。",
        ),
        Example(
            "没能切换模式",
            replace(_tested(_axe()), all_pages=(_home(marks={"elder-entry": "长者模式"}),)),
            "cannot-tell",
            "浏览器没有进入适老模式，无法判定有无弹窗，请人工切换核对。",
            reason="not-rendered",
        ),
        Example("没有适老化入口", tiny(pages=(_home(),)), "inapplicable", "首页没有适老化入口，不检查适老模式。"),
    ),
)
def elder_mode_intrusive(snapshot: Snapshot, params: ElderModeIntrusive) -> Iterator[Verdict]:
    host = snapshot.district.site.main_host
    elder = [p for p in snapshot.axe() if p.mode == "elder" and p.ok]
    home = snapshot.home()
    if not elder:
        if home is not None and not home.needs_render and not home.marks_of("elder-entry"):
            yield inapplicable(host, url=home.url)
        else:
            yield cannot_tell(host, Reason.NOT_RENDERED, url=home.url if home else "", review=True)
        return
    clean = 0
    for page in elder:
        overlays = [o for o in page.overlays if not any(w in o for w in params.ignored)]
        if overlays:
            proof = (_proof(page), Evidence(page.url, page.screenshot, page.fetched_at, quote="截图"))
            yield failed(page.url, url=page.url, data={"overlays": overlays}, evidence=proof)
        clean += not overlays
    if clean == len(elder):
        yield passed(host, url=elder[0].url, data={"count": clean}, evidence=(_proof(elder[0]),))
