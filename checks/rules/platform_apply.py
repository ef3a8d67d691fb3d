"""Topic platform: whether a citizen can file an application for disclosure. Nothing is ever submitted."""

from __future__ import annotations

from collections.abc import Iterator

from checks.facts import ColumnState
from checks.outcomes import FetchOutcome, Reason
from checks.rule import rule, words
from checks.rules._platform_examples import APPLY
from checks.rules._platform_reading import Reading, read
from checks.rules.freshness_columns import Subject
from checks.rules.links import DeadTries, proof
from checks.rules.platform_pages import ABSENT, SCAN, UNREAD, elements, unlisted, unread, with_role
from checks.snapshot import Snapshot
from checks.verdicts import Evidence, Verdict, cannot_tell, failed, inapplicable, passed


class ApplyParams(DeadTries):
    fields: tuple[str, ...] = words(
        "申请表应有的栏",
        (
            "申请人|姓名|名称",
            "身份证明|证件号码|证件|身份证|有效证明|证明文件",
            "联系方式|联系电话|电话|邮箱",
            "信息描述|内容描述|信息名称|所需信息|文号|特征|申请内容|具体描述|所需的信息|信息内容",
            "获取方式|提供方式|获取信息|载体形式|形式要求|获取形式|介质|提供形式|获取途径|信息的方式|获得方式",
        ),
    )


@rule(
    "application-channel-broken",
    version=1,
    title="依申请公开渠道不通",
    topic="platform",
    logic="E",
    guard="page",
    params=ApplyParams,
    absence=True,
    legal=("《中华人民共和国政府信息公开条例》第二十九条（申请应当包括的内容）",),
    messages={
        "passed": "“{label}”页面可以打开，申请表{count}栏齐全（未提交）。",
        "failed": "“{label}”申请表缺少{lack}，应有{count}栏。",
        "failed.dead": "“{label}”入口{url}打不开（{how}），已试{tried}次（标准{tries}次、{days}天）。",
        "cannot-tell.sample-short": "无法判定：“{label}”入口{url}打不开（{how}），"
        "已试{tried}次，需在{days}天内试{tries}次确认。",
        "cannot-tell.login-only": "无法判定：“{label}”需登录后填写，机器不登录。",
        "cannot-tell.gap": "无法判定：“{label}”页面未见{lack}，但页面另有申请表入口未能读取。",
        **UNREAD,
        **SCAN,
        **ABSENT,
        "inapplicable.portal": "“{label}”使用门户统一申请入口，由门户判定。",
    },
    why="依申请公开是群众的法定权利，网上入口打不开或表格缺栏会使申请无法提出。",
    fix="1. 用普通浏览器打开“{label}”，确认不登录也能看到申请方式。"
    "2. 打不开的请平台方修复；缺栏的按条例第二十九条补齐申请人、身份证明、联系方式、信息描述、获取方式。"
    "3. 同时提供可下载的申请表和邮寄、当面申请的地址电话。",
    recheck="在{days}天内访问入口{tries}次均能打开，申请表各栏齐全（不提交）。",
    examples=APPLY,
)
def application_channel_broken(snapshot: Snapshot, params: ApplyParams) -> Iterator[Verdict]:
    channels = tuple(with_role(snapshot, "apply"))
    portal = {of.state.url for of in channels if of.unit == snapshot.district.portal_owner and of.state.url}
    for of in channels:
        yield of.verdict(_apply(snapshot, of, params, portal))
    if not channels:
        yield unlisted(snapshot, "apply")


def _apply(snapshot: Snapshot, of: Subject, params: ApplyParams, portal: set[str]) -> Verdict:
    state = of.state
    if state.outcome is FetchOutcome.LOGIN:
        return cannot_tell("", Reason.LOGIN_ONLY)
    if state.url and not state.external and state.outcome and state.outcome.dead:
        return _dead(snapshot, state, params)
    reading = read(snapshot, state)
    if early := unread(of, reading):
        return early
    if not reading.pages:
        return inapplicable("")
    links = [link for page in reading.pages for link in snapshot.links(page.url)]
    if of.unit != snapshot.district.portal_owner and any(link.url in portal for link in links):
        return inapplicable("", evidence=reading.evidence, variant="inapplicable.portal")
    doors = [link for link in links if "申请" in link.text and link.url != state.url]
    more = "\n".join(page.text for link in doors if (page := snapshot.page(link.url)))
    data, lack = elements(of, Reading(reading.pages, reading.text + more, None, False), params.fields)
    data |= {"tries": params.tries, "days": params.days}
    if not lack:
        return passed("", data=data, evidence=reading.evidence)
    if any(snapshot.page(link.url) is None for link in doors):
        reason = Reason.ATTACHMENT_UNREADABLE
        return cannot_tell("", reason, data=data, evidence=reading.evidence, variant="cannot-tell.gap")
    if any(page.marks_of("login") for page in reading.pages):
        return cannot_tell("", Reason.LOGIN_ONLY, data=data, evidence=reading.evidence)
    return failed("", data=data, evidence=reading.evidence)


def _dead(snapshot: Snapshot, state: ColumnState, params: ApplyParams) -> Verdict:
    target = next((t for t in snapshot.targets() if t.url == state.url), None)
    found = proof(target) if target else None
    data = {
        "url": state.url or "", "how": state.outcome.chinese if state.outcome else "", "tries": params.tries,
        "days": params.days, "tried": found.dead if found else 1,
    }  # fmt: skip
    evidence = (Evidence.of(state),)
    if found and found.enough(params):
        return failed("", data=data, evidence=evidence, variant="failed.dead")
    return cannot_tell("", Reason.SAMPLE_SHORT, data=data, evidence=evidence)
