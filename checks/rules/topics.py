"""专题信息: what a plan asks units to publish, found by keywords in titles and column paths."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from checks.attached import attachment, full_text, readable_length
from checks.facts import Page
from checks.gaps import gap_reason, search
from checks.items import Item, items, shown_day, title_of, units_judged
from checks.laws import DISTRICT_PLAN
from checks.outcomes import Reason
from checks.periods import Period, current, months_before
from checks.rule import Example, Params, number, rule, words
from checks.snapshot import Snapshot
from checks.texts import group_hit, missing
from checks.tiny import TinySnapshot, tiny
from checks.tiny_parts import BLOCKED, article, unit
from checks.verdicts import Evidence, Verdict, cannot_tell, failed, inapplicable, passed
from config.district import Unit

FINANCE = unit("czj", "示例区财政局")


class Topic(Params):
    """What every topic rule is told: which topic, by which words, in which columns, of which units."""

    topic: str = words("专题编号，如1.1.1", "")  # type: ignore[arg-type]
    name: str = words("专题名称", "")  # type: ignore[arg-type]
    groups: tuple[str, ...] = words("关键词组：组内用空格隔开，任一命中即可；a&b表示同时含有", ())
    columns: tuple[str, ...] = words("只在这些栏目（栏目编号）中查找；空表示全站", ())
    units: tuple[str, ...] = words("责任单位编号；空表示全部应考核单位", ())

    @property
    def label(self) -> str:
        return self.name or self.topic or "、".join(self.groups[:2])


def topic_units(snapshot: Snapshot, params: Topic) -> Iterator[Unit]:
    return (u for u in units_judged(snapshot) if not params.units or u.unit_id in params.units)


def topic_items(snapshot: Snapshot, params: Topic) -> list[tuple[Item, list[int]]]:
    """Items of the topic, each with the numbers of the keyword groups it meets."""
    found = []
    for item in items(snapshot):
        if params.columns and item.column not in params.columns:
            continue
        text = f"{item.title} {item.path}"
        met = [n for n, group in enumerate(params.groups) if group_hit(group, text)]
        if met:
            found.append((item, met))
    return found


class TopicItems(Topic):
    per: str = words("周期：quarter、half-year、year", "quarter")  # type: ignore[arg-type]
    min_items: int = number("每个周期至少", unit="条", default=1, stricter="higher", ge=1)
    per_group: bool = words("每个关键词组都要达到条数", False)  # type: ignore[arg-type]


_ASKED = {"topic": "1.1.1", "name": "高质量发展", "groups": ["强工兴产 转型突围", "工业倍增"], "units": ["czj"]}


def hits(*pages: Page, **more: Any) -> TinySnapshot:
    return tiny(pages=pages, units=(FINANCE,), **more)


_HIT = article("czj/1.html", "强工兴产财政政策落地", "2026-08-20", owner="czj")


@rule(
    "topic-items-missing",
    version=1,
    title="专题信息缺失",
    topic="topics",
    logic="E",
    guard="unit",
    params=TopicItems,
    absence=True,
    legal=(DISTRICT_PLAN,),
    messages={
        "passed": "{unit_name}{period}公开“{topic}”信息{count}条，不少于{limit}条。",
        "failed": "{unit_name}{period}公开“{topic}”信息{count}条，少于{limit}条{lacking}（已查{looked}）。",
        "gap": "{unit_name}{period}找到“{topic}”信息{count}条，少于{limit}条，但该单位页面未查全（{gap}），"
        "不能认定缺失。",
        "cannot-tell.undated": "{unit_name}{period}有{undated}条“{topic}”信息没有可读日期，无法判定是否属于本期。",
        "cannot-tell.ambiguous-owner": "{period}有{orphans}条“{topic}”信息未标明发布单位，"
        "无法判定是否属于{unit_name}。",
        "inapplicable": "没有配置专题关键词，本项不检查。",
    },
    why="要点按季度、半年或年度要求各单位公开，漏一期就少一期。",
    fix="1. 请在本单位对应栏目发布{period}“{topic}”信息不少于{limit}条。\n2. 标题或栏目写明专题关键词，"
    "填写发布机构和发布日期。",
    recheck="{period}内有不少于{limit}条标题或栏目含专题关键词、发布机构为本单位的信息",
    examples=(
        Example(
            "本期有信息",
            hits(_HIT),
            "passed",
            "示例区财政局2026年第3季度公开“高质量发展”信息1条，不少于1条。",
            params=_ASKED,
        ),
        Example(
            "本期没有信息",
            hits(),
            "failed",
            "示例区财政局2026年第3季度公开“高质量发展”信息0条，少于1条（已查10页）。",
            params=_ASKED,
        ),
        Example(
            "每组都要有，缺一组",
            hits(_HIT),
            "failed",
            "示例区财政局2026年第3季度公开“高质量发展”信息1条，少于2条，缺少：工业倍增（已查10页）。",
            params={**_ASKED, "per_group": True},
        ),
        Example(
            "页面未查全",
            hits(coverage=BLOCKED),
            "cannot-tell",
            "示例区财政局2026年第3季度找到“高质量发展”信息0条，少于1条，但该单位页面未查全（应取10页，"
            "已取7页，首个缺口http://www.example.gov.cn/zwgk/index_2.html（被网站防护系统拦截）），"
            "不能认定缺失。",
            params=_ASKED,
            reason="blocked",
        ),
        Example(
            "有信息但没有日期",
            hits(article("czj/1.html", "强工兴产", owner="czj")),
            "cannot-tell",
            "示例区财政局2026年第3季度有1条“高质量发展”信息没有可读日期，无法判定是否属于本期。",
            params=_ASKED,
            reason="undated",
        ),
        Example(
            "没有标明发布单位",
            hits(article("x/1.html", "强工兴产", "2026-08-20")),
            "cannot-tell",
            "2026年第3季度有1条“高质量发展”信息未标明发布单位，无法判定是否属于示例区财政局。",
            params=_ASKED,
            reason="ambiguous-owner",
        ),
        Example("没有配置关键词", hits(), "inapplicable", "没有配置专题关键词，本项不检查。"),
    ),
)
def topic_items_missing(snapshot: Snapshot, params: TopicItems) -> Iterator[Verdict]:
    if not params.groups:
        yield inapplicable(params.topic or "topic")
        return
    period = current(params.per, snapshot.today)
    found = topic_items(snapshot, params)
    orphans = [i for i, _ in found if not i.owner and i.day and period.holds(i.day)]
    for unit_ in topic_units(snapshot, params):
        own = [(i, met) for i, met in found if i.owner == unit_.unit_id]
        yield _unit_topic(snapshot, unit_, own, orphans, period, params)


def _unit_topic(
    snapshot: Snapshot,
    unit_: Unit,
    own: list[tuple[Item, list[int]]],
    orphans: list[Item],
    period: Period,
    params: TopicItems,
) -> Verdict:
    dated = [(i, met) for i, met in own if i.day and period.holds(i.day)]
    undated = [i for i, _ in own if i.day is None]
    counts = [sum(n in met for _, met in dated) for n in range(len(params.groups))]
    short = [g for g, n in zip(params.groups, counts, strict=True) if n < params.min_items]
    enough = not short if params.per_group else len(dated) >= params.min_items
    coverage = snapshot.unit_coverage(unit_.unit_id)
    lacking = f"，缺少：{'；'.join(short)}" if params.per_group and short else ""
    limit = params.min_items * len(params.groups) if params.per_group else params.min_items
    data: dict[str, Any] = {
        "unit_name": unit_.name, "period": period.label, "topic": params.label, "count": len(dated), "limit": limit,
        "lacking": lacking, "undated": len(undated), "orphans": len(orphans), "hits": [i.url for i, _ in dated[:50]],
        **search(coverage),
    }  # fmt: skip
    subject = f"{unit_.unit_id}/{params.topic or params.label}"
    shown = [i for i, _ in dated] or undated or orphans
    at: dict[str, Any] = {"unit": unit_.unit_id, "data": data, "evidence": tuple(i.evidence for i in shown[:5])}
    if enough:
        return passed(subject, **at)
    if undated:
        return cannot_tell(subject, Reason.UNDATED, **at)
    if orphans:
        return cannot_tell(subject, Reason.AMBIGUOUS_OWNER, **at)
    if not coverage.complete:
        return cannot_tell(subject, gap_reason(coverage), variant="gap", **at)
    return failed(subject, **at)


class TopicElements(Topic):
    elements: tuple[str, ...] = words("应有的内容要素（同一要素的写法用|隔开）", ())
    together: bool = words("要素由各页合起来覆盖即可", False)  # type: ignore[arg-type]
    look_back_months: int = number("回看期", unit="个月", default=12, stricter="higher", ge=1)
    min_length: int = number("正文少于此数且有附件时不下结论", unit="字", default=80, ge=0)


_ELEMENTS = {
    "topic": "1.3.4",
    "name": "救助标准",
    "groups": ["救助标准"],
    "elements": ["城市低保", "农村低保|农村最低生活保障"],
}
_TABLE = article(
    "mzj/1.html", "2026年救助标准", "2026-03-20", "城市低保每月900元，农村低保每月700元。" * 3, owner="czj"
)


@rule(
    "topic-elements-missing",
    version=2,
    title="公开内容要素不全",
    topic="topics",
    logic="M",
    guard="page",
    params=TopicElements,
    absence=True,
    legal=(DISTRICT_PLAN,),
    messages={
        "passed": "“{title}”含有“{topic}”要求的{limit}项要素。",
        "failed": "“{title}”缺少“{topic}”要求的要素：{lacking}（应有{limit}项，已有{count}项）。",
        "together": "“{topic}”{pages_count}个页面合起来仍缺少要素：{lacking}（应有{limit}项，已有{count}项）。",
        "complete": "“{topic}”{pages_count}个页面合起来含有要求的{limit}项要素。",
        "cannot-tell.attachment-unreadable": "“{title}”正文只有{length}字，内容在附件中，缺少的要素（{lacking}）"
        "请人工查看附件。",
        "cannot-tell.not-rendered": "“{title}”的内容由脚本生成、尚未渲染，无法核对要素。",
        "inapplicable": "没有找到“{topic}”的页面，要素无从核对（是否应有由其他指标判定）。",
    },
    why="只有题目没有要素，群众仍然不知道标准多少、怎么办。",
    fix="1. 打开“{title}”的后台编辑页。\n2. 在正文补写：{lacking}。\n3. 内容在附件里的，请同时把要点写进正文。",
    recheck="页面正文能读到全部要素：{lacking}",
    examples=(
        Example(
            "要素齐全", hits(_TABLE), "passed", "“2026年救助标准”含有“救助标准”要求的2项要素。", params=_ELEMENTS
        ),
        Example(
            "缺一项",
            hits(article("mzj/1.html", "2026年救助标准", "2026-03-20", "城市低保每月900元。" * 10)),
            "failed",
            "“2026年救助标准”缺少“救助标准”要求的要素：农村低保（应有2项，已有1项）。",
            params=_ELEMENTS,
        ),
        Example(
            "内容在附件里",
            hits(article("mzj/1.html", "2026年救助标准", "2026-03-20", "见附件")),
            "cannot-tell",
            "“2026年救助标准”正文只有3字，内容在附件中，缺少的要素（城市低保、农村低保）请人工查看附件。",
            params=_ELEMENTS,
            reason="attachment-unreadable",
        ),
        Example(
            "没有这类页面",
            hits(),
            "inapplicable",
            "没有找到“救助标准”的页面，要素无从核对（是否应有由其他指标判定）。",
            params=_ELEMENTS,
        ),
    ),
)
def topic_elements_missing(snapshot: Snapshot, params: TopicElements) -> Iterator[Verdict]:
    since = months_before(snapshot.today, params.look_back_months)
    pages = []
    for item, _ in topic_items(snapshot, params):
        page = snapshot.page(item.url) or attachment(snapshot, item.url)
        recent = page is not None and (shown_day(page) is None or since <= (shown_day(page) or since))
        if page is not None and recent and (not params.units or page.owner in params.units):
            pages.append(page)
    base: dict[str, Any] = {"topic": params.label, "limit": len(params.elements), "pages_count": len(pages)}
    if not pages or not params.elements:
        yield inapplicable(f"topic/{params.topic or params.label}", data={**base, "title": ""})
        return
    if params.together:
        yield _together(snapshot, pages, params, base)
        return
    for page in pages:
        lacking, length = missing(params.elements, _words(snapshot, page)), readable_length(snapshot, page)
        data = {**base, "title": title_of(page), "lacking": lacking, "length": length}
        data["count"] = len(params.elements) - len(lacking)
        at: dict[str, Any] = {"unit": page.owner, "url": page.url, "evidence": (Evidence.of(page, page.text[:120]),)}
        if not lacking:
            yield passed(page.url, data=data, **at)
        elif page.needs_render:
            yield cannot_tell(page.url, Reason.NOT_RENDERED, data=data, **at)
        elif length < params.min_length:
            yield cannot_tell(page.url, Reason.ATTACHMENT_UNREADABLE, data=data, review=True, **at)
        else:
            yield failed(page.url, data=data, **at)


def _words(snapshot: Snapshot, page: Page) -> str:
    return f"{title_of(page)} {full_text(snapshot, page)}"


def _together(snapshot: Snapshot, pages: list[Page], params: TopicElements, base: dict[str, Any]) -> Verdict:
    lacking = missing(params.elements, " ".join(_words(snapshot, p) for p in pages))
    thin = next((p for p in pages if readable_length(snapshot, p) < params.min_length or p.needs_render), None)
    subject = f"topic/{params.topic or params.label}"
    data = {**base, "lacking": lacking, "count": len(params.elements) - len(lacking), "title": title_of(pages[0])}
    # Whoever has most of these pages keeps the set: what it lacks is for that unit to add.
    owner = Counter(p.owner for p in pages).most_common(1)[0][0]
    own = [p for p in pages if p.owner == owner]
    at: dict[str, Any] = {"unit": owner, "url": own[0].url}
    at["evidence"] = tuple(Evidence.of(p) for p in own[:5])
    if not lacking:
        return passed(subject, data=data, variant="complete", **at)
    if thin is not None:
        more = {**data, "title": title_of(thin), "length": readable_length(snapshot, thin)}
        return cannot_tell(subject, Reason.ATTACHMENT_UNREADABLE, data=more, review=True, **at)
    return failed(subject, data=data, variant="together", **at)
