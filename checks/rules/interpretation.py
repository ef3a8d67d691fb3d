"""政策解读: every eligible file is interpreted in time, and both pages lead to each other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from checks.calendar import CalendarMissing, WorkCalendar
from checks.facts import Coverage, Page, Pair, PairBasis
from checks.gaps import gap_reason, joined, search
from checks.issuers import Issuer, issuer_of
from checks.items import shown_day, title_of
from checks.outcomes import Outcome, Reason
from checks.periods import months_before
from checks.policyfiles import by_policy, policy_pages, sure
from checks.rule import Params, number, rule, words
from checks.rules._interpretation_examples import UNINTERPRETED, UNLINKED
from checks.snapshot import Snapshot
from checks.texts import core_title, docno, fold, likeness
from checks.unread import Candidates, unless_unread, unread_entries
from checks.verdicts import Evidence, Verdict, cannot_tell, failed, inapplicable, passed

_EXCLUDED = (
    "任免",
    "任命",
    "免职",
    "任职",
    "免去",
    "聘任",
    "表彰",
    "嘉奖",
    "通报表扬",
    "记功",
    "召开",
    "会议",
    "放假",
    "党组",
    "党委",
    "转发",
    "分工",
    "议事协调机构",
    "领导小组",
    "值班",
    "公务员录用",
    "名单",
    "获奖",
    "评选结果",
    "活动结果",
    "征收土地",
    "土地征收",
    "的批复",
    "废止",
    "宣布失效",
)
_BASIS = {
    PairBasis.LINK: "有链接",
    PairBasis.DOCNO: "写明文号",
    PairBasis.TITLE: "标题一致",
    PairBasis.FUZZY: "标题相近",
}
_GENERIC = re.compile(r"政(?:办)?(?:发|字)$")


class PolicyUninterpreted(Params):
    look_back_months: int = number("回看期", unit="个月", default=12, stricter="higher", ge=1)
    grace_workdays: int = number("文件发布后应有解读的期限", unit="个工作日", default=3, stricter="lower", ge=0)
    similarity: float = number("按标题认定疑似解读的相似度", unit="比例", default=0.75, stricter="higher", ge=0, le=1)
    exclude: tuple[str, ...] = words("标题含这些词的文件不要求解读", _EXCLUDED)
    normative: tuple[str, ...] = words("规范性文件的标志词", ("规范性文件",))


def _eligible(page: Page, snapshot: Snapshot, params: PolicyUninterpreted) -> bool | None:
    """Whether the file must be interpreted; None when that is for a person to say."""
    number_read = docno(page.docno.value) if page.docno else None
    series = number_read[0] if number_read else ""
    marks = fold(" ".join((*page.breadcrumb, *(f"{f.origin}{f.value}" for f in page.header))))
    if series in snapshot.district.public_document_series or any(w in marks for w in params.normative):
        return True
    if not snapshot.district.public_document_series and _GENERIC.search(series):
        return None
    return False


@rule(
    "policy-uninterpreted",
    version=1,
    title="政策文件无解读",
    topic="interpretation",
    logic="E",
    guard="list,cal",
    params=PolicyUninterpreted,
    absence=True,
    legal=(
        "国办发〔2017〕47号《政府网站发展指引》：政策解读与文件同步发布、相互链接",
        "国办秘函〔2019〕19号 检查指标“政策解读”",
        "国办发〔2016〕80号 细则：三同步",
    ),
    messages={
        "passed": "“{title}”已有解读{count}篇（{basis}）。",
        "failed": "“{title}”{issued}发布，应于{due}前（{grace}个工作日内）发布解读，"
        "查遍解读栏目{fetched}页，至{today}仍未找到。",
        "gap": "“{title}”{issued}发布，尚未找到解读，但解读栏目未查全（{gap}），不能认定没有。",
        "fuzzy": "“{title}”只找到标题相近的“{near}”（相似度{similarity}），请人工确认是否为其解读。",
        "unread": "“{title}”{issued}发布，尚未找到解读；"
        "解读栏目中有{unread_count}条图片、视频、嵌入或站外条目无法读取：{candidates}。请人工打开核对其中有无该文件的解读。",
        "linked": "“{title}”的页面带有解读链接“{near}”，但目标页未取回或未认定为解读，请人工确认。",
        "unclear": "“{title}”{issued}发布且未找到解读，未配置本区政策文件字号，是否应当解读请人工确认。",
        "cannot-tell.undated": "“{title}”没有可读的发布日期，无法计算解读期限。",
        "cannot-tell.calendar-missing": "“{title}”{issued}发布，缺少{year}年工作日历，无法计算解读期限。",
        "due": "“{title}”{issued}发布，解读期限{due}未到。",
        "excluded": "“{title}”含“{word}”，属于不要求解读的文件。",
    },
    why="只发文件不作解读，群众和企业看不懂、用不上；解读比例是检查的计数项。",
    fix="1. 请起草单位编写解读材料（可用文字、图解、视频、问答）。\n2. 在“政策解读”栏目发布，标题写明文件名称。\n"
    "3. 在解读页插入文件链接，在文件页“相关解读”处插入解读链接。",
    recheck="该文件页或解读栏目中出现与之相互链接（或标题一致）的解读页",
    examples=UNINTERPRETED,
)
def policy_uninterpreted(snapshot: Snapshot, params: PolicyUninterpreted) -> Iterator[Verdict]:
    calendar = WorkCalendar(snapshot.district.calendar)
    pairs = by_policy(snapshot)
    coverage = joined(snapshot.by_role("interpretation"), "未配置政策解读栏目")
    since = months_before(snapshot.today, params.look_back_months)
    titles = [title_of(page) for page in policy_pages(snapshot)]
    unread = Candidates(unread_entries(snapshot), titles, snapshot.district.name)
    for page in policy_pages(snapshot):
        eligible = _eligible(page, snapshot, params)
        if eligible is False:
            continue
        verdict = _interpreted(page, pairs.get(page.url, []), eligible, since, coverage, calendar, snapshot, params)
        if verdict is not None and verdict.outcome is Outcome.FAILED:
            verdict = unless_unread(verdict, page, unread)
        if verdict is not None:
            yield verdict


def _about(label: str, title: str) -> bool:
    """A link that speaks of interpreting this file: a bare word (图解), or words of the file's own title."""
    words, whole = core_title(label), core_title(title)
    return len(words) < 4 or likeness(words, whole, 2) >= 0.2


def _interpreted(
    page: Page,
    pairs: list[Pair],
    eligible: bool | None,
    since: date,
    coverage: Coverage,
    calendar: WorkCalendar,
    snapshot: Snapshot,
    params: PolicyUninterpreted,
) -> Verdict | None:
    issued = shown_day(page)
    if issued is not None and issued < since:
        return None
    data: dict[str, Any] = {"title": title_of(page), "issued": str(issued), "today": str(snapshot.today)}
    at: dict[str, Any] = {
        "unit": page.owner,
        "column": page.column,
        "url": page.url,
        "evidence": (Evidence.of(page),),
    }
    word = next((w for w in params.exclude if w in title_of(page)), "")
    if word:
        return inapplicable(page.url, data={**data, "word": word}, variant="excluded", **at)
    certain = sure(pairs)
    if certain:
        more = tuple(Evidence(p.interpretation, quote=p.quote) for p in certain[:5])
        data |= {"count": len(certain), "basis": _BASIS[certain[0].basis]}
        return passed(page.url, data=data, **{**at, "evidence": at["evidence"] + more})
    if issued is None:
        return cannot_tell(page.url, Reason.UNDATED, data=data, **at)
    judge = {"review": True, **at}
    near = max(pairs, key=lambda p: p.similarity, default=None)
    if near is not None and near.similarity >= params.similarity:
        other = snapshot.page(near.interpretation)
        data |= {"near": title_of(other) if other else near.interpretation, "similarity": f"{near.similarity:.2f}"}
        return cannot_tell(page.url, Reason.NEEDS_JUDGEMENT, data=data, variant="fuzzy", **judge)
    linked = next((m for m in page.marks_of("interpretation-link") if _about(m.quote, title_of(page))), None)
    if linked is not None:
        data["near"] = linked.quote
        return cannot_tell(page.url, Reason.NEEDS_JUDGEMENT, data=data, variant="linked", **judge)
    try:
        due = calendar.add_workdays(issued, params.grace_workdays)
    except CalendarMissing as gap:
        return cannot_tell(page.url, Reason.CALENDAR_MISSING, data={**data, "year": gap.year}, **at)
    data |= {"due": str(due), "grace": params.grace_workdays, **search(coverage)}
    if snapshot.today <= due:
        return inapplicable(page.url, data=data, variant="due", **at)
    if not coverage.complete:
        return cannot_tell(page.url, gap_reason(coverage), data=data, variant="gap", **at)
    if eligible is None:
        return cannot_tell(page.url, Reason.NEEDS_JUDGEMENT, data=data, variant="unclear", **judge)
    return failed(page.url, data=data, **at)


class InterpretationUnlinked(Params):
    look_back_months: int = number("回看期", unit="个月", default=12, stricter="higher", ge=1)


@rule(
    "interpretation-unlinked",
    version=1,
    title="解读与文件未互链",
    topic="interpretation",
    logic="M",
    guard="page",
    params=InterpretationUnlinked,
    legal=(
        "国办发〔2017〕47号《政府网站发展指引》：解读与被解读文件相互链接",
        "国办秘函〔2019〕19号 检查指标“解读关联”",
    ),
    messages={
        "passed": "“{title}”与{count}篇解读已相互链接。",
        "failed": "“{title}”与其解读未互链：{lacking}。",
        "cannot-tell.not-rendered": "“{title}”与其解读之一由脚本生成、尚未渲染，无法核对互链。",
        "cannot-tell.scripted": "“{title}”与其解读：{lacking}；但页面脚本中有对方的网址，"
        "链接可能由脚本写出，请打开核对。",
        "inapplicable": "解读所对应的文件不在本网站，不检查互链。",
    },
    why="互链让读者从文件一步到解读、从解读一步到原文，是发展指引的明确要求。",
    fix="1. 打开文件页，在“相关解读”处插入解读页链接。\n2. 打开解读页，在文首或文末插入文件页链接。"
    "\n3. 发布后两边各点一次核对。",
    recheck="文件页有指向解读页的链接，且每篇解读页有指向文件页的链接",
    examples=UNLINKED,
)
def interpretation_unlinked(snapshot: Snapshot, params: InterpretationUnlinked) -> Iterator[Verdict]:
    since = months_before(snapshot.today, params.look_back_months)
    for url, pairs in by_policy(snapshot).items():
        certain = sure(pairs)
        policy = snapshot.page(url)
        if not certain:
            continue
        if policy is None:
            reading = snapshot.page(certain[0].interpretation)
            yield inapplicable(url, unit=reading.owner if reading else "", url=url)
            continue
        day = shown_day(policy)
        if (day is not None and day < since) or issuer_of(policy, snapshot.district) is Issuer.HIGHER:
            continue
        lacking = [] if any(p.policy_links for p in certain) else ["文件页没有指向解读的链接"]
        back = [p.interpretation for p in certain if not p.interpretation_links]
        lacking += [f"解读页{u}没有指向文件的链接" for u in back]
        pages = [policy, *(p for p in (snapshot.page(p.interpretation) for p in certain) if p is not None)]
        data: dict[str, Any] = {"title": title_of(policy), "count": len(certain), "lacking": lacking}
        at: dict[str, Any] = {"unit": policy.owner, "url": url, "evidence": tuple(Evidence.of(p) for p in pages[:6])}
        if not lacking:
            yield passed(url, data=data, **at)
        elif any(p.needs_render for p in pages):
            yield cannot_tell(url, Reason.NOT_RENDERED, data=data, **at)
        elif _written(policy, certain, snapshot):
            yield cannot_tell(url, Reason.NOT_RENDERED, data=data, variant="cannot-tell.scripted", **at)
        else:
            yield failed(url, data=data, **at)


def _written(policy: Page, certain: list[Pair], snapshot: Snapshot) -> bool:
    """Every direction that is lacking has its address in an inline script of the page it should stand on."""

    def names(page: Page | None, url: str) -> bool:
        return page is not None and any(m.value == url for m in page.marks_of("script-link"))

    forth = any(p.policy_links or names(policy, p.interpretation) for p in certain)
    return forth and all(
        p.interpretation_links or names(snapshot.page(p.interpretation), policy.url) for p in certain
    )
