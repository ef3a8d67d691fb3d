"""政务新媒体: ledger, matrix page and the accounts' own pages agree."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from checks import same
from checks.facts import AccountFacts, Fact, Link, Region, Target
from checks.ledger import PLATFORM_HOSTS, LedgerRow, host_of, ledger, no_ledger, platform_of
from checks.outcomes import FetchOutcome, Reason
from checks.rule import Example, NoParams, rule
from checks.rules.accounts import LAW_123, NO_LEDGER, account, snap
from checks.snapshot import Snapshot
from checks.tiny import HOME, tiny
from checks.tiny_parts import column
from checks.verdicts import Evidence, Verdict, cannot_tell, failed, inapplicable, passed
from config.district import Account, AccountState

_SECOND = account("wx-wlj-2", name="示例旅游")


@rule(
    "account-irregular",
    version=1,
    title="账号名称主体不符或重复",
    topic="accounts",
    logic="M",
    guard="reg",
    params=NoParams,
    legal=(f"{LAW_123}：一个单位在同一平台原则上只开设一个账号，名称规范、主体一致",),
    messages={
        "passed": "{account}在本平台没有重复账号，认证主体“{certified}”与主办单位一致。",
        "failed": "{account}与“{other}”同属{unit_name}、同在{platform}平台，超过一单位一平台一账号。",
        "cannot-tell.needs-judgement": "{account}{doubt}，请人工确认是否规范。",
        "cannot-tell.register-missing": NO_LEDGER,
        "inapplicable": "{account}台账状态为“{state}”，不检查规范性。",
    },
    why="重复账号和名不副实的账号容易失管，也让群众分不清真假。",
    fix="1. 同一平台有多个账号的，保留一个，其余按程序注销。\n2. 名称或认证主体不符的，"
    "到{account}后台变更认证，并报主管单位备案。\n"
    "3. 更新台账。",
    recheck="台账中该单位在同一平台只有一个“正常”账号，认证主体为本单位",
    question="账号名称和认证主体是否与主办单位相符？",
    examples=(
        Example(
            "一平台一账号",
            snap(),
            "passed",
            "微信“示例文旅”在本平台没有重复账号，认证主体“示例区文旅局”与主办单位一致。",
        ),
        Example(
            "同平台第二个账号",
            snap(account(), _SECOND),
            "failed",
            "微信“示例旅游”与“示例文旅”同属区文旅局、同在微信平台，超过一单位一平台一账号。",
            subject="wx-wlj-2",
        ),
        Example(
            "认证主体是另一家",
            snap(account(certified_as="示例文化传媒公司")),
            "cannot-tell",
            "微信“示例文旅”认证主体“示例文化传媒公司”与主办单位“区文旅局”不一致，请人工确认是否规范。",
            review=True,
        ),
        Example(
            "没有台账",
            tiny(),
            "cannot-tell",
            "没有导入政务新媒体台账，账号检查无法进行；请向主管单位索取台账CSV后重新研判。",
            reason="register-missing",
        ),
        Example(
            "已注销",
            snap(account(state=AccountState.CLOSED)),
            "inapplicable",
            "微信“示例文旅”台账状态为“已注销”，不检查规范性。",
        ),
    ),
)
def account_irregular(snapshot: Snapshot, params: NoParams) -> Iterator[Verdict]:
    yield from no_ledger(snapshot)
    first: dict[tuple[str, str], Account] = {}
    rows = sorted(ledger(snapshot), key=lambda r: (r.account.opened or date.max, r.account.account_id))
    for row in rows:
        own = row.account
        data: dict[str, Any] = {"account": row.words, "state": str(own.state), "platform": own.platform}
        data |= {"certified": own.certified_as or "未填", "unit_name": own.unit}
        at: dict[str, Any] = {"unit": own.unit_id, "url": own.url, "evidence": row.evidence()}
        if not row.active:
            yield inapplicable(own.account_id, data=data, **at)
            continue
        kept = first.setdefault((own.unit_id or own.unit, own.platform), own)
        doubt = _doubt(own, snapshot)
        if kept is not own:
            yield failed(own.account_id, data={**data, "other": kept.name}, **at)
        elif doubt:
            yield cannot_tell(
                own.account_id, Reason.NEEDS_JUDGEMENT, review=True, data={**data, "doubt": doubt}, **at
            )
        else:
            yield passed(own.account_id, data=data, **at)


def _names(own: Account, snapshot: Snapshot) -> set[str]:
    unit = snapshot.district.unit(own.unit_id)
    return {n for n in (own.unit, *(unit.names() if unit else ())) if n}


def _doubt(own: Account, snapshot: Snapshot) -> str:
    if not own.unit_id:
        return f"主办单位“{own.unit}”在单位表中找不到"
    if not own.certified_as:
        return "台账未填认证主体"
    if not any(n in own.certified_as or own.certified_as in n for n in _names(own, snapshot)):
        return f"认证主体“{own.certified_as}”与主办单位“{own.unit}”不一致"
    return ""


_MATRIX = column("matrix", "政务新媒体矩阵", "matrix")
_WEIBO = "https://weibo.com/u/100001"


@rule(
    "account-unfiled",
    version=1,
    title="账号未备案或台账不符",
    topic="accounts",
    logic="M",
    guard="reg",
    params=NoParams,
    absence=True,
    legal=(f"{LAW_123}：开设、变更、关停、注销应当备案并公布",),
    messages={
        "passed": "{account}的台账与矩阵页面一致。",
        "failed": "{account}在台账中状态为“正常”，但矩阵页面{matrix}未列出。",
        "closed": "{account}台账已“{state}”，矩阵页面{matrix}仍有链接。",
        "unlisted": "矩阵页面{matrix}列出的“{label}”（{target}）不在台账中，疑似未备案。",
        "no-matrix": "{account}在台账中，但没有找到可读的矩阵页面，无法对照。",
        "cannot-tell.register-missing": NO_LEDGER,
        "inapplicable": "{account}台账状态为“{state}”，矩阵页面未列出，符合要求。",
    },
    why="台账、矩阵页面和实际账号三者一致，才能保证没有无人管理的账号。",
    fix="1. 未备案的账号，向主管单位补办备案并登记台账。\n2. 已注销的账号，从矩阵页面删除链接。"
    "\n3. 在用账号漏列的，补到矩阵页面。",
    recheck="台账中“正常”的账号都在矩阵页面，矩阵页面的账号都在台账",
    examples=(
        Example(
            "一致",
            snap(account(facts=AccountFacts("wx-wlj", on_matrix_page=True))),
            "passed",
            "微信“示例文旅”的台账与矩阵页面一致。",
        ),
        Example(
            "矩阵页面漏列",
            snap(account(facts=AccountFacts("wx-wlj", on_matrix_page=False, matrix_url=HOME + "matrix/"))),
            "failed",
            "微信“示例文旅”在台账中状态为“正常”，但矩阵页面http://www.example.gov.cn/matrix/未列出。",
        ),
        Example(
            "注销了还挂着",
            snap(
                account(
                    state=AccountState.CLOSED,
                    facts=AccountFacts("wx-wlj", on_matrix_page=True, matrix_url=HOME + "matrix/"),
                )
            ),
            "failed",
            "微信“示例文旅”台账已“已注销”，矩阵页面http://www.example.gov.cn/matrix/仍有链接。",
        ),
        Example(
            "矩阵页面上的账号不在台账",
            snap(
                account(facts=AccountFacts("wx-wlj", on_matrix_page=True)),
                columns=(_MATRIX,),
                page_links={HOME + "matrix/": (Link(_WEIBO, "示例发布"),)},
            ),
            "failed",
            "矩阵页面http://www.example.gov.cn/matrix/列出的“示例发布”（https://weibo.com/u/100001）不在台账中，疑似未备案。",
            subject=_WEIBO,
        ),
        Example(
            "没有矩阵页面",
            snap(),
            "cannot-tell",
            "微信“示例文旅”在台账中，但没有找到可读的矩阵页面，无法对照。",
            reason="coverage-incomplete",
        ),
        Example(
            "没有台账",
            tiny(),
            "cannot-tell",
            "没有导入政务新媒体台账，账号检查无法进行；请向主管单位索取台账CSV后重新研判。",
            reason="register-missing",
        ),
    ),
)
def account_unfiled(snapshot: Snapshot, params: NoParams) -> Iterator[Verdict]:
    yield from no_ledger(snapshot)
    rows = list(ledger(snapshot))
    for row in rows:
        data: dict[str, Any] = {"account": row.words, "state": str(row.account.state), "matrix": row.facts.matrix_url}
        data["filing_no"] = row.account.filing_no or "未填"
        at: dict[str, Any] = {"unit": row.account.unit_id, "url": row.account.url}
        matrix = snapshot.page(row.facts.matrix_url)
        at["evidence"] = (*row.evidence(), Evidence.of(matrix) if matrix else Evidence(row.facts.matrix_url))
        listed, subject = row.facts.on_matrix_page, row.account.account_id
        if listed is None:
            yield cannot_tell(subject, Reason.INCOMPLETE, data=data, variant="no-matrix", **at)
        elif row.active:
            yield passed(subject, data=data, **at) if listed else failed(subject, data=data, **at)
        elif row.account.state is AccountState.CLOSED and listed:
            yield failed(subject, data=data, variant="closed", **at)
        else:
            yield inapplicable(subject, data=data, **at)
    if rows:
        yield from _unlisted(snapshot, rows)


def _unlisted(snapshot: Snapshot, rows: list[LedgerRow]) -> Iterator[Verdict]:
    """Accounts that the matrix page shows and the ledger does not know, by address and by name."""
    known = {_bare(u) for r in rows for u in (r.account.url, r.facts.qr_url) if u}
    names = {r.account.name for r in rows}
    told: set[str] = set()
    for state in snapshot.by_role("matrix"):
        for link in snapshot.links(state.url or ""):
            address = _bare(link.url)
            if link.region is not Region.CONTENT or link.hidden or "share" in address:
                continue
            if not platform_of(host_of(link.url)) or address in known | told:
                continue
            if any(n in link.text for n in names):
                continue
            told.add(address)
            yield failed(
                link.url, url=state.url or "", variant="unlisted",
                data={"matrix": state.url or "", "label": link.text or "未写名称", "target": link.url},
                evidence=(Evidence.of(state, link.text, link.locator),),
            )  # fmt: skip


def _bare(url: str) -> str:
    return url.split("://", 1)[-1].rstrip("/").lower()


def _link(outcome: FetchOutcome, url: str = _WEIBO) -> Target:
    return Target(url, "external", False, outcome, final_url=url)


def _weibo(outcome: FetchOutcome, owner: str = "", url: str = _WEIBO) -> tuple[Account, AccountFacts]:
    read = Fact(owner, "page") if owner else None
    return account(platform="微博", url=url, facts=AccountFacts("wx-wlj", link=_link(outcome, url), page_owner=read))


@rule(
    "account-link-wrong",
    version=1,
    title="账号链接或二维码错误",
    topic="accounts",
    logic="M",
    guard="page",
    params=NoParams,
    legal=(LAW_123,),
    messages={
        "passed": "{account}的链接{target}可以打开，平台相符。",
        "failed": "{account}的链接{target}已失效（{why}）。",
        "platform": "{account}的链接指向{host}，不是{platform}平台。",
        "owner": "{account}的链接打开后主体是“{owner}”，不是{unit_name}。",
        "blocked": "{account}的链接{target}被平台拦截或未能打开（{why}），请用手机扫码核对。",
        "no-link": "{account}的台账没有填写主页或二维码链接，无法核对。",
        "unasked": "{account}的链接{target}本次没有访问，无法判定。",
        "cannot-tell.register-missing": NO_LEDGER,
        "inapplicable": "{account}台账状态为“{state}”，不检查链接。",
    },
    why="链接错误会把群众引到别的账号，甚至仿冒账号。",
    fix="1. 用手机打开{account}，复制正确主页链接或下载二维码。\n2. 更新台账和矩阵页面。\n3. 用另一部手机扫码核对。",
    recheck="台账中的链接能打开，且打开的是本单位在该平台的账号",
    examples=(
        Example(
            "链接正常",
            snap(_weibo(FetchOutcome.OK)),
            "passed",
            "微博“示例文旅”的链接https://weibo.com/u/100001可以打开，平台相符。",
        ),
        Example(
            "链接失效",
            snap(_weibo(FetchOutcome.GONE)),
            "failed",
            "微博“示例文旅”的链接https://weibo.com/u/100001已失效（页面不存在（404/410））。",
        ),
        Example(
            "平台不符",
            snap(_weibo(FetchOutcome.OK, url="https://www.douyin.com/user/1")),
            "failed",
            "微博“示例文旅”的链接指向www.douyin.com，不是微博平台。",
        ),
        Example(
            "平台拦截",
            snap(_weibo(FetchOutcome.WAF)),
            "cannot-tell",
            "微博“示例文旅”的链接https://weibo.com/u/100001被平台拦截或未能打开（被网站防护系统拦截），"
            "请用手机扫码核对。",
            reason="blocked",
        ),
        Example(
            "台账没有链接",
            snap(),
            "cannot-tell",
            "微信“示例文旅”的台账没有填写主页或二维码链接，无法核对。",
            reason="register-missing",
        ),
        Example(
            "已注销",
            snap(account(state=AccountState.CLOSED)),
            "inapplicable",
            "微信“示例文旅”台账状态为“已注销”，不检查链接。",
        ),
        Example(
            "打开是别的单位",
            snap(_weibo(FetchOutcome.OK, "区政府办发布")),
            "failed",
            "微博“示例文旅”的链接打开后主体是“区政府办发布”，不是区文旅局。",
        ),
        Example(
            "链接没有访问",
            snap(account(platform="微博", url=_WEIBO)),
            "cannot-tell",
            "微博“示例文旅”的链接https://weibo.com/u/100001本次没有访问，无法判定。",
            reason="fetch-failed",
        ),
    ),
)
def account_link_wrong(snapshot: Snapshot, params: NoParams) -> Iterator[Verdict]:
    yield from no_ledger(snapshot)
    for row in ledger(snapshot):
        own, link = row.account, row.facts.link
        target = row.facts.qr_url or (link.final_url or link.url if link else "") or own.url
        host = host_of(target)
        data: dict[str, Any] = {"account": row.words, "state": str(own.state), "target": target, "host": host}
        data |= {"platform": own.platform, "unit_name": own.unit}
        data["why"] = link.outcome.chinese if link and link.outcome else "未访问"
        at: dict[str, Any] = {"unit": own.unit_id, "url": target, "evidence": row.evidence()}
        if not row.active:
            yield inapplicable(own.account_id, data=data, **at)
        elif not target:
            yield cannot_tell(own.account_id, Reason.REGISTER_MISSING, data=data, variant="no-link", **at)
        elif link is None or link.outcome is None:
            yield cannot_tell(own.account_id, Reason.FETCH_FAILED, data=data, variant="unasked", **at)
        elif link.outcome in (FetchOutcome.GONE, FetchOutcome.SOFT_404):  # one request a round: nothing else is proof
            yield failed(own.account_id, data=data, fact=same.dead_link(link.url), **at)
        elif _foreign(own.platform, host, snapshot):
            yield failed(own.account_id, data=data, variant="platform", **at)
        elif not link.outcome.seen:
            yield cannot_tell(own.account_id, link.outcome.reason, data=data, variant="blocked", **at)
        elif (owner := _other_owner(row, snapshot)) is not None:
            yield failed(own.account_id, data={**data, "owner": owner}, variant="owner", **at)
        else:
            yield passed(own.account_id, data=data, **at)


def _foreign(platform: str, host: str, snapshot: Snapshot) -> bool:
    """The link leads to a known platform other than the ledger's; own pages with a picture of the code are fine."""
    expected = [h for name, hosts in PLATFORM_HOSTS.items() if name in platform for h in hosts]
    if not expected or not host or host in snapshot.district.own_hosts():
        return False
    return not any(host == h or host.endswith("." + h) for h in expected) and bool(platform_of(host))


def _other_owner(row: LedgerRow, snapshot: Snapshot) -> str | None:
    """The unit named on the account's page, when it is another one of this district."""
    if row.facts.page_owner is None or not row.account.unit_id:
        return None
    read = row.facts.page_owner.value
    if any(n in read for n in _names(row.account, snapshot)):
        return None
    others = (u for u in snapshot.district.units if u.unit_id != row.account.unit_id)
    return read if any(n in read for u in others for n in u.names() if len(n) > 2) else None
