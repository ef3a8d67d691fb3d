"""基层政务公开: catalogues of the fields, and what public utilities publish."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from checks.attached import full_text, readable_length
from checks.facts import Page
from checks.gaps import gap_reason, search
from checks.items import Item, items, shown_day, title_of, units_judged
from checks.laws import GRASSROOTS_54
from checks.outcomes import Reason
from checks.periods import months_before
from checks.rule import Example, Params, number, rule, words
from checks.snapshot import Snapshot
from checks.texts import missing
from checks.tiny import TinySnapshot, tiny
from checks.tiny_parts import BLOCKED, article, unit
from checks.verdicts import Evidence, Verdict, cannot_tell, failed, inapplicable, passed
from config.district import Unit, UnitGroup

FIELDS = (
    "重大建设项目|发展改革 发展和改革",
    "公共资源交易|行政审批 公共资源",
    "财政预决算|财政",
    "安全生产|应急",
    "税收管理|税务",
    "征地补偿|自然资源",
    "国有土地上房屋征收与补偿|住房 住建",
    "保障性住房|住房 住建",
    "农村危房改造|住房 住建",
    "生态环境|生态环境",
    "公共文化服务|文化和旅游 文旅",
    "公共法律服务|司法",
    "扶贫|农业农村 乡村振兴",
    "救灾|应急",
    "食品药品监管|市场监管 市场监督",
    "城市综合执法|综合行政执法 城管",
    "就业|人力资源 人社",
    "社会保险|人力资源 人社",
    "社会救助|民政",
    "养老服务|民政",
    "户籍管理|公安",
    "涉农补贴|农业农村",
    "义务教育|教体 教育",
    "医疗卫生|卫生健康 卫健",
    "市政服务|住房 住建",
    "城乡规划|自然资源",
    "广播电视|文化和旅游 文旅",
    "新闻出版版权|新闻出版 宣传",
    "统计|统计",
    "旅游|文化和旅游 文旅",
    "交通运输|交通运输",
    "自然资源|自然资源",
)
TOWN_FIELDS = (
    "公共资源交易",
    "社会救助",
    "养老服务",
    "公共法律服务",
    "财政预决算",
    "就业",
    "社会保险",
    "公共文化服务",
    "安全生产",
    "救灾",
    "涉农补贴",
    "农村危房改造",
    "扶贫",
)
_CATALOGUE = ("标准目录", "事项目录", "公开目录")


_INSTITUTION = re.compile(r"(?:中心|站|所|院|馆|学校|大学|大队|支队|公司|集团)$")


class FieldCatalogue(Params):
    fields: tuple[str, ...] = words("领域|责任单位名称中的词（空格隔开）", FIELDS)
    town_fields: tuple[str, ...] = words("镇街应编制的领域", TOWN_FIELDS)


def catalogue_items(snapshot: Snapshot) -> list[Item]:
    columns = {s.column_id for s in snapshot.by_role("field-catalogue")}
    return [i for i in items(snapshot) if any(w in i.title for w in _CATALOGUE) or i.column in columns]


_FINANCE = unit("czj", "示例区财政局")
_FIELD = {"fields": ["财政预决算|财政"], "town_fields": ["救灾"]}


def _listed(*pages: Page, **more: Any) -> TinySnapshot:
    return tiny(pages=pages, units=(_FINANCE,), **more)


_CAT = article("bz/1.html", "财政预决算领域基层政务公开标准目录", "2026-02-01", owner="czj")


@rule(
    "field-catalogue-missing",
    version=1,
    title="领域标准目录缺失",
    topic="grassroots",
    logic="E",
    guard="unit",
    params=FieldCatalogue,
    absence=True,
    legal=(f"{GRASSROOTS_54}：编制各领域基层政务公开事项标准目录",),
    messages={
        "passed": "{unit_name}已公布“{field}”领域标准目录。",
        "failed": "{unit_name}没有公布“{field}”领域标准目录（已查{looked}）。",
        "gap": "{unit_name}“{field}”领域标准目录尚未找到，但该单位页面未查全（{gap}），不能认定缺失。",
        "cannot-tell.ambiguous-owner": "有“{field}”领域标准目录“{title}”，但未标明发布单位，"
        "是否为{unit_name}所编请人工核对。",
        "inapplicable": "{unit_name}已说明未涉及“{field}”领域。",
    },
    why="标准目录让群众一看就知道这个领域该公开什么。",
    fix="1. 请编制“{field}”领域基层政务公开标准目录（公开事项、内容、依据、时限、主体、渠道、对象、方式、层级）。\n"
    "2. 不涉及该领域的，发布“未涉及领域事项说明”。",
    recheck="有标题含“{field}”和“标准目录”、发布机构为该单位的页面",
    examples=(
        Example("已公布", _listed(_CAT), "passed", "示例区财政局已公布“财政预决算”领域标准目录。", params=_FIELD),
        Example(
            "没有公布",
            _listed(),
            "failed",
            "示例区财政局没有公布“财政预决算”领域标准目录（已查10页）。",
            params=_FIELD,
        ),
        Example(
            "页面未查全",
            _listed(coverage=BLOCKED),
            "cannot-tell",
            "示例区财政局“财政预决算”领域标准目录尚未找到，但该单位页面未查全（应取10页，已取7页，"
            "首个缺口http://www.example.gov.cn/zwgk/index_2.html（被网站防护系统拦截）），不能认定缺失。",
            params=_FIELD,
            reason="blocked",
        ),
        Example(
            "没有标明单位",
            _listed(replace(_CAT, owner="")),
            "cannot-tell",
            "有“财政预决算”领域标准目录“财政预决算领域基层政务公开标准目录”，但未标明发布单位，"
            "是否为示例区财政局所编请人工核对。",
            params=_FIELD,
            reason="ambiguous-owner",
        ),
        Example(
            "已说明未涉及",
            _listed(
                article("bz/2.html", "未涉及领域事项说明", "2026-02-01", "我局未涉及财政预决算领域。", owner="czj")
            ),
            "inapplicable",
            "示例区财政局已说明未涉及“财政预决算”领域。",
            params=_FIELD,
        ),
    ),
)
def field_catalogue_missing(snapshot: Snapshot, params: FieldCatalogue) -> Iterator[Verdict]:
    found = catalogue_items(snapshot)
    denied = [i for i in items(snapshot) if "未涉及" in i.title]
    for unit_ in units_judged(snapshot):
        if unit_.group is UnitGroup.TOWN:
            own = list(params.town_fields)
        elif _INSTITUTION.search(unit_.name_full or unit_.name_short):
            continue  # the catalogue of a field is its department's, not that of an institution below it
        else:
            split = [(f.split("|")[0], f.split("|")[-1].split()) for f in params.fields]
            own = [
                name
                for name, keys in split
                if any(k in n.replace("人民政府", "") for k in keys for n in unit_.names())
            ]
        for name in own:
            yield _field(snapshot, unit_, name, found, denied)


def _field(snapshot: Snapshot, unit_: Unit, name: str, found: list[Item], denied: list[Item]) -> Verdict:
    coverage, subject = snapshot.unit_coverage(unit_.unit_id), f"{unit_.unit_id}/{name}"
    about = [i for i in found if name in f"{i.title} {i.path}"]
    own = [i for i in about if i.owner == unit_.unit_id]
    orphan = [i for i in about if not i.owner]
    data: dict[str, Any] = {"unit_name": unit_.name, "field": name, **search(coverage)}
    shown = own or orphan
    at: dict[str, Any] = {"unit": unit_.unit_id, "evidence": tuple(i.evidence for i in shown[:3])}
    at["url"] = shown[0].url if shown else ""
    if own:
        return passed(subject, data=data, **at)
    for item in denied:
        page = snapshot.page(item.url)
        if item.owner == unit_.unit_id and page is not None and name in f"{item.title}{page.text}":
            at |= {"url": page.url, "evidence": (Evidence.of(page, page.text[:120]),)}
            return inapplicable(subject, data=data, **at)
    if orphan:
        more = {**data, "title": orphan[0].title}
        return cannot_tell(subject, Reason.AMBIGUOUS_OWNER, review=True, data=more, **at)
    if not coverage.complete:
        return cannot_tell(subject, gap_reason(coverage), data=data, variant="gap", **at)
    return failed(subject, data=data, **at)


class FieldCatalogueIncomplete(Params):
    elements: tuple[str, ...] = words(
        "目录栏目（写法用|隔开）",
        (
            "公开事项|一级事项",
            "公开内容",
            "公开依据",
            "公开时限",
            "公开主体",
            "公开渠道",
            "公开对象",
            "公开方式",
            "公开层级",
        ),
    )
    months: int = number("目录更新期限", unit="个月", default=24, stricter="lower", ge=1)
    min_length: int = number("正文少于此数视为内容在附件中", unit="字", default=60, ge=0)


_COLUMNS = (
    "序号 一级事项 二级事项 公开内容（要素） 公开依据 公开时限 公开主体 公开渠道和载体 公开对象 公开方式 "
    "公开层级 1 预算 部门预算 …… "
)


def _text(text: str, day: str = "2026-02-01") -> TinySnapshot:
    return _listed(article("bz/1.html", "财政预决算领域基层政务公开标准目录", day, text, owner="czj"))


@rule(
    "field-catalogue-incomplete",
    version=1,
    title="标准目录要素不全或陈旧",
    topic="grassroots",
    logic="M",
    guard="page",
    params=FieldCatalogueIncomplete,
    absence=True,
    legal=(GRASSROOTS_54,),
    messages={
        "passed": "“{title}”{count}个栏目齐全，{day}发布，未超过{limit}个月。",
        "failed": "“{title}”{faults}。",
        "cannot-tell.attachment-unreadable": "“{title}”正文只有{length}字，目录在附件中，请人工核对。",
        "cannot-tell.undated": "“{title}”栏目齐全，但没有可读日期，无法判定是否超过{limit}个月。",
        "inapplicable": "没有读到领域标准目录页面，要素不检查。",
    },
    why="栏目不全的目录无法指导公开。",
    fix="1. {how}。\n2. 今后每两年至少修订一次，并注明修订日期。\n"
    "3. 目录表格直接放在网页正文，不要只传附件；网页上显示不全的，请平台方修改文章模板。",
    recheck="目录页有全部栏目，日期在{limit}个月内",
    examples=(
        Example(
            "齐全",
            _text(_COLUMNS),
            "passed",
            "“财政预决算领域基层政务公开标准目录”9个栏目齐全，2026-02-01发布，未超过24个月。",
        ),
        Example(
            "缺公开时限",
            _text(_COLUMNS.replace("公开时限", "")),
            "failed",
            "“财政预决算领域基层政务公开标准目录”缺少栏目公开时限。",
        ),
        Example(
            "三年前的目录",
            _text(_COLUMNS, "2023-02-01"),
            "failed",
            "“财政预决算领域基层政务公开标准目录”发布于2023-02-01，早于2024-09-30，超过24个月。",
        ),
        Example(
            "在附件里",
            _text("见附件"),
            "cannot-tell",
            "“财政预决算领域基层政务公开标准目录”正文只有3字，目录在附件中，请人工核对。",
            reason="attachment-unreadable",
        ),
        Example(
            "没有日期",
            _text(_COLUMNS, ""),
            "cannot-tell",
            "“财政预决算领域基层政务公开标准目录”栏目齐全，但没有可读日期，无法判定是否超过24个月。",
            reason="undated",
        ),
        Example("没有目录", _listed(), "inapplicable", "没有读到领域标准目录页面，要素不检查。"),
    ),
)
def field_catalogue_incomplete(snapshot: Snapshot, params: FieldCatalogueIncomplete) -> Iterator[Verdict]:
    since, judged = months_before(snapshot.today, params.months), 0
    for item in catalogue_items(snapshot):
        page = snapshot.page(item.url)
        if page is None or "标准目录" not in item.title:
            continue
        judged += 1
        lacking, day = missing(params.elements, full_text(snapshot, page)), shown_day(page)
        length = readable_length(snapshot, page)
        faults = [f"缺少栏目{'、'.join(lacking)}"] if lacking else []
        faults += [f"发布于{day}，早于{since}，超过{params.months}个月"] if day and day < since else []
        data: dict[str, Any] = {
            "title": title_of(page),
            "count": len(params.elements) - len(lacking),
            "day": str(day),
        }
        data |= {"limit": params.months, "faults": "；".join(faults), "length": length}
        data["how"] = "；".join(_mending(lacking, stale=day is not None and day < since))
        at: dict[str, Any] = {"unit": page.owner, "url": page.url, "data": data}
        at["evidence"] = (Evidence.of(page, page.text[:200]),)
        if lacking and length < params.min_length:
            yield cannot_tell(page.url, Reason.ATTACHMENT_UNREADABLE, review=True, **at)
        elif faults:
            yield failed(page.url, **at)
        elif day is None:
            yield cannot_tell(page.url, Reason.UNDATED, **at)
        else:
            yield passed(page.url, **at)
    if not judged:
        yield inapplicable("field-catalogue")


def _mending(lacking: Sequence[str], *, stale: bool) -> Iterator[str]:
    """What an editor does about a catalogue: one step per fault, none that it does not have."""
    if lacking:
        yield f"在内容管理系统打开该目录，按统一表头补上缺少的列：{'、'.join(lacking)}"
    if stale:
        yield "对照现行规定修订目录，在内容管理系统发布新版，“发布日期”按实际发布时间填写"
