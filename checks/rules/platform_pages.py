"""Topic platform: what the guide, the catalogue and the pages on organs and leaders must say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from checks import same
from checks.facts import ColumnState, Region
from checks.gaps import gap_reason, search
from checks.outcomes import FetchOutcome, Reason
from checks.periods import months_before
from checks.rule import Params, number, rule, words
from checks.rules._platform_examples import CATALOGUE, GUIDE, ORGAN
from checks.rules._platform_reading import SHORT, Reading, carried, published, read
from checks.rules.freshness_columns import Subject, subjects
from checks.snapshot import Snapshot
from checks.texts import missing
from checks.verdicts import Verdict, cannot_tell, failed, inapplicable, passed


def with_role(snapshot: Snapshot, *roles: str) -> Iterator[Subject]:
    return (of for of in subjects(snapshot) if of.column.role in roles)


def unlisted(snapshot: Snapshot, role: str) -> Verdict:
    """No column of this role is expected at all: the office's table is missing, the site is not to blame."""
    data = {"role": role}
    host = snapshot.district.site.main_host
    return cannot_tell(host, Reason.REGISTER_MISSING, data=data, variant="cannot-tell.register-missing")


def unread(of: Subject, reading: Reading) -> Verdict | None:
    """Why the column's pages cannot be judged; None where they can."""
    state = of.state
    data = {"label": of.column.label, "url": state.url or "", **search(state.coverage)}
    if state.external or state.url is None:
        return None
    hidden = state.script_filled or any(p.needs_render and not p.rendered for p in reading.pages)
    if hidden and len(reading.text) < SHORT:
        return cannot_tell("", Reason.NOT_RENDERED, data=data)
    if not reading.pages:
        gone = state.outcome in (FetchOutcome.GONE, FetchOutcome.SOFT_404)
        reason = state.outcome.reason if state.outcome and not state.outcome.seen else gap_reason(state.coverage)
        return None if gone else cannot_tell("", reason, data=data, variant="cannot-tell")
    if reading.scanned:
        return cannot_tell("", Reason.ATTACHMENT_UNREADABLE, data=data, evidence=reading.evidence)
    return None


def elements(of: Subject, reading: Reading, wanted: Iterable[str]) -> tuple[dict[str, object], list[str]]:
    """Data of an element table, and the names of the elements that were not found."""
    names = [w.split("|")[0] for w in wanted]
    lack = missing(wanted, reading.text)
    table = [[name, "缺" if name in lack else "有"] for name in names]
    return {
        "label": of.column.label, "count": len(names), "lack": lack, "table": table, "url": of.state.url or "",
        "day": str(reading.day or ""), **search(of.state.coverage),
    }, lack  # fmt: skip


UNREAD = {
    "cannot-tell": "无法判定：“{label}”页面{url}未能看到，{gap}。",
    "cannot-tell.register-missing": "无法判定：栏目表没有登记用途为{role}的栏目，请办公室补充columns.csv。",
}
SCAN = {"cannot-tell.attachment-unreadable": "无法判定：“{label}”的内容在附件或图片中，无法读取文字。"}
ABSENT = {"inapplicable": "“{label}”未找到或在其他系统，由“信息公开专栏要素缺失”判定，本项不适用。"}


class GuideParams(Params):
    elements: tuple[str, ...] = words(
        "指南应有的要素（竖线分隔同义写法，首个为名称）",
        (
            "信息分类|信息的分类|主动公开范围|公开范围|主动公开内容|主动公开下列|公开内容",
            "编排体系|编排|索引号|信息索引|目录由|目录包括|编码规则",
            "获取方式|获取形式|获取途径|获得方式|公开形式|公开方式|公开渠道|公开途径|等途径|等方式|等形式",
            "机构名称|受理机构|工作机构|公开机构|受理单位|受理部门|主管部门",
            "办公地址|通信地址|通讯地址|联系地址|地址",
            "办公时间|工作时间|受理时间|接待时间|服务时间",
            "联系电话|咨询电话|电话",
            "传真",
            "互联网联系方式|电子邮箱|电子邮件|邮箱|网址",
        ),
    )
    max_age_months: int = number("指南更新间隔上限", unit="个月", default=12, stricter="lower", ge=1)


@rule(
    "guide-incomplete",
    version=2,
    title="公开指南要素不全",
    topic="platform",
    logic="M",
    guard="page",
    params=GuideParams,
    absence=True,
    legal=("《中华人民共和国政府信息公开条例》第十二条（公开指南的内容和及时更新）",),
    messages={
        "passed": "“{label}”{count}项要素齐全，最近更新{day}。",
        "failed": "“{label}”缺少{lack}，应有{count}项要素。",
        "failed.old": "“{label}”要素齐全，但最近更新{day}，早于{limit}（{months}个月内应更新）。",
        "cannot-tell.undated": "无法判定：“{label}”要素齐全，但没有显示更新日期，不能确认{months}个月内更新过。",
        **UNREAD,
        **SCAN,
        **ABSENT,
        "inapplicable.district": "“{label}”引用区政府公开指南，不单独判定。",
    },
    why="公开指南告诉群众信息在哪里、怎样申请、找谁联系，缺项或过期会使群众无法行使知情权。",
    fix="1. 在内容管理系统打开“{label}”正文。"
    "2. 逐项补写：信息分类、编排体系、获取方式，以及机构名称、地址、办公时间、电话、传真、互联网联系方式。"
    "3. 核对人员和电话变化，修改后更新“发布日期”，并在文末注明更新日期。",
    recheck="重新读取“{label}”正文，各要素均能找到，显示的更新日期在12个月以内。",
    examples=GUIDE,
)
def guide_incomplete(snapshot: Snapshot, params: GuideParams) -> Iterator[Verdict]:
    found = False
    for of in with_role(snapshot, "guide"):
        found = True
        yield of.verdict(_guide(snapshot, of, params))
    if not found:
        yield unlisted(snapshot, "guide")


def _guide(snapshot: Snapshot, of: Subject, params: GuideParams) -> Verdict:
    reading = read(snapshot, of.state)
    if early := unread(of, reading):
        return early
    if not reading.pages:
        return inapplicable("")
    data, lack = elements(of, reading, params.elements)
    limit = months_before(snapshot.today, params.max_age_months)
    data |= {"limit": str(limit), "months": params.max_age_months}
    if of.unit != snapshot.district.portal_owner and lack and "区政府信息公开指南" in reading.text:
        return inapplicable("", data=data, evidence=reading.evidence, variant="inapplicable.district")
    if lack:
        return failed("", data=data, evidence=reading.evidence)
    if reading.day is None:
        return cannot_tell("", Reason.UNDATED, data=data, evidence=reading.evidence)
    if reading.day < limit:
        return failed("", data=data, evidence=(*reading.dated, *reading.evidence), variant="failed.old")
    return passed("", data=data, evidence=reading.evidence)


class CatalogueParams(Params):
    elements: tuple[str, ...] = words(
        "目录应有的栏（竖线分隔同义写法，首个为名称）",
        (
            "索引|索引号|序号",
            "名称|信息名称|事项名称|公开事项",
            "内容概述|内容概要|公开内容|内容要素",
            "生成日期|产生日期|生成时间|公开时限|发布日期",
        ),
    )
    max_age_months: int = number("目录更新间隔上限", unit="个月", default=12, stricter="lower", ge=1)


@rule(
    "catalogue-stale",
    version=2,
    title="主动公开基本目录未更新",
    topic="platform",
    logic="E",
    guard="unit",
    params=CatalogueParams,
    absence=True,
    legal=("《中华人民共和国政府信息公开条例》第十二条（公开目录包括索引、名称、内容概述、生成日期等，及时更新）",),
    messages={
        "passed": "“{label}”{count}个栏目齐全，最近更新{day}。",
        "failed": "“{label}”缺少{lack}栏，应有{count}栏。",
        "failed.old": "“{label}”最近更新{day}，早于{limit}（{months}个月内应更新）。",
        "failed.none": "未找到“{label}”，已查看{fetched}个页面。",
        "cannot-tell.undated": "无法判定：“{label}”没有显示更新日期，不能确认{months}个月内更新过。",
        "cannot-tell.unfound": "无法判定：未找到“{label}”，但{gap}。",
        **UNREAD,
        **SCAN,
    },
    why="目录是群众和上级查验“应公开什么”的依据，缺失或长期不更新会造成应公开事项漏项。",
    fix="1. 对照权责清单修订主动公开基本目录，列出索引、名称、内容概述、生成日期（公开时限）。"
    "2. 以网页表格形式发布到“{label}”栏目，另附可下载的表格文件，不要只传扫描件。"
    "3. 注明更新日期，每{months}个月至少修订一次。",
    recheck="重新读取“{label}”，各栏齐全，显示的更新日期在{months}个月以内。",
    examples=CATALOGUE,
)
def catalogue_stale(snapshot: Snapshot, params: CatalogueParams) -> Iterator[Verdict]:
    found = False
    for of in with_role(snapshot, "catalogue"):
        found = True
        yield of.verdict(_catalogue(snapshot, of, params))
    if not found:
        yield unlisted(snapshot, "catalogue")


def _catalogue(snapshot: Snapshot, of: Subject, params: CatalogueParams) -> Verdict:
    reading = read(snapshot, of.state)
    if early := unread(of, reading):
        return early
    if not reading.pages and of.state.url is None:
        reading = published(snapshot, of)
    data, lack = elements(of, reading, params.elements)
    limit = months_before(snapshot.today, params.max_age_months)
    data |= {"limit": str(limit), "months": params.max_age_months, "url": reading.url}
    fact = same.column(of.column.column_id)
    if not reading.pages:
        coverage = of.state.coverage if of.state.coverage.gaps else snapshot.navigation_coverage()
        data |= search(coverage)
        if coverage.complete:
            return failed("", data=data, variant="failed.none", fact=fact)
        return cannot_tell("", gap_reason(coverage), data=data, variant="cannot-tell.unfound", fact=fact)
    if reading.day is not None and reading.day < limit:
        proof = (*reading.dated, *reading.evidence)
        return failed("", data=data, evidence=proof, variant="failed.old", fact=fact)
    if lack:
        return failed("", data=data, evidence=reading.evidence)
    if reading.day is None:
        return cannot_tell("", Reason.UNDATED, data=data, evidence=reading.evidence)
    return passed("", data=data, evidence=reading.evidence)


class OrganParams(Params):
    organ: tuple[str, ...] = words(
        "机构信息应有的要素",
        (
            "职能|职责|主要职能",
            "内设机构|内设科室|机构设置|内设处室|机关处室|内设股室",
            "办公地址|地址|地点|办公地点",
            "办公时间|工作时间|上班时间|作息时间",
            "联系电话|电话|热线",
            "负责人姓名|负责人|主要领导|领导|局长|主任|厅长",
        ),
    )
    leaders: tuple[str, ...] = words(
        "领导信息应有的要素",
        (
            "职务|区长|县长|市长|镇长|乡长|厅长|局长|部长|院长|处长|科长|站长|队长|会长|书记|主任|主席|党组成员|党委委员|巡视员|调研员|督学|总师|专员",
            "分工|分管|负责|主持|协助|职责",
            "简历|简介|出生|月生|参加工作|毕业",
        ),
    )


@rule(
    "organ-info-incomplete",
    version=1,
    title="机构和领导信息不全",
    topic="platform",
    logic="M",
    guard="page",
    params=OrganParams,
    absence=True,
    legal=(
        "《中华人民共和国政府信息公开条例》第二十条第（二）项（机关职能、机构设置、办公地址、办公时间、联系方式、负责人姓名）",
    ),
    messages={
        "passed": "“{label}”{count}项要素齐全。",
        "failed": "“{label}”缺少{lack}，应有{count}项要素。",
        "cannot-tell.gap": "无法判定：“{label}”已看到的页面未见{lack}，但{gap}。",
        "cannot-tell.behind": "无法判定：“{label}”已看到的页面未见{lack}，另有{unseen}个下级页面未能取回，"
        "如“{next}”。",
        "cannot-tell.picture": "需核实：“{label}”文字中未见{lack}，页面另有图片，请打开{url}看图片中有没有。",
        "cannot-tell.needs-judgement": "需核实：“{label}”文字要素{count}项齐全，请打开{url}核对每位领导是否有照片。",
        **UNREAD,
        **SCAN,
        **ABSENT,
    },
    why="群众办事首先要知道找谁、在哪、何时上班，机构和领导信息是条例规定必须公开的内容。",
    fix="1. 在内容管理系统打开“{label}”各页面。"
    "2. 机构页补齐职能、内设机构、办公地址、办公时间、联系电话、负责人姓名；领导页补齐姓名、职务、分工、简历、照片。"
    "3. 人事调整后5个工作日内更新，信息用文字发布，不要只放图片。",
    recheck="重新读取“{label}”及其下级页面，各要素均能找到。",
    examples=ORGAN,
)
def organ_info_incomplete(snapshot: Snapshot, params: OrganParams) -> Iterator[Verdict]:
    found = False
    for of in with_role(snapshot, "organ", "leaders"):
        found = True
        wanted = params.organ if of.column.role == "organ" else params.leaders
        if not wanted:  # a standard may ask for one of the two only
            continue
        yield of.verdict(_organ(snapshot, of, wanted))
    if not found:
        yield unlisted(snapshot, "organ")


def _organ(snapshot: Snapshot, of: Subject, wanted: tuple[str, ...]) -> Verdict:
    reading = read(snapshot, of.state)
    behind = _behind(snapshot, of.state, site=of.unit == snapshot.district.portal_owner)
    text = "\n".join((reading.text, *behind.texts))
    reading = replace(
        reading, text=text, scanned=reading.scanned and len(text) < SHORT
    )  # a list of organs says little
    if early := unread(of, reading):
        return early
    if not reading.pages:
        return inapplicable("")
    data, lack = elements(of, reading, wanted)
    if not lack and of.column.role == "leaders" and not _pictured(snapshot, reading):
        return cannot_tell("", Reason.NEEDS_JUDGEMENT, data=data, evidence=reading.evidence, review=True)
    if not lack:
        return passed("", data=data, evidence=reading.evidence)
    said: dict[str, Any] = {"data": data, "evidence": reading.evidence}
    if not of.state.coverage.complete:
        return cannot_tell("", gap_reason(of.state.coverage), variant="cannot-tell.gap", **said)
    if behind.unseen:
        said["data"] = {**data, "unseen": len(behind.unseen), "next": behind.unseen[0]}
        return cannot_tell("", Reason.INCOMPLETE, variant="cannot-tell.behind", **said)
    if of.column.role == "organ" and _pictured(snapshot, reading):
        return cannot_tell("", Reason.ATTACHMENT_UNREADABLE, review=True, variant="cannot-tell.picture", **said)
    return failed("", data=data, evidence=reading.evidence)


_SIGNPOST = re.compile(r"联系|电话|地址|机构|职能|职责|处室|科室|股室|领导|简介|简历|分工|更多|详细")
_KEPT = 60  # pages read behind one front


@dataclass(frozen=True, slots=True)
class Behind:
    """What the front of a column leads to: texts of the pages seen, and the labels of those that were not."""

    texts: tuple[str, ...]
    unseen: tuple[str, ...]


def _behind(snapshot: Snapshot, state: ColumnState, *, site: bool) -> Behind:
    """Pages behind a list of leaders or organs, and behind signposts such as 联系方式.

    Menu and footer of the portal speak for its owner (`site`), not for the other units on it.
    """
    front = snapshot.page(state.url) if state.url else None
    if front is None:
        return Behind((), ())
    contact = front.identity.contact if site else None
    texts = [contact.quote] if contact else []
    known = {row.url: row.title for row in state.rows[:30]}
    for link in snapshot.links(front.url):
        signpost = len(link.text) <= 12 and _SIGNPOST.search(link.text)
        if link.kind == "page" and not link.hidden and ((signpost and site) or link.region is Region.CONTENT):
            known.setdefault(link.url, link.text)
    columns = {other.url for other in snapshot.columns()}  # what another column says is not this one's content
    own = tuple(f"//{host}/" for host in snapshot.district.own_hosts())
    unseen = []
    for url, label in [(u, t) for u, t in known.items() if u not in columns][:_KEPT]:
        page = snapshot.page(url)
        if page is not None:
            texts.append(page.text)
        elif any(host in url for host in own):
            unseen.append(label or url)
    return Behind(tuple(texts), tuple(unseen))


def _pictured(snapshot: Snapshot, reading: Reading) -> bool:
    """A photograph was read. Where none was, small pictures may still be there: a person has to look."""
    return any(page.marks_of("big-image") or "image" in carried(snapshot, page) for page in reading.pages)
