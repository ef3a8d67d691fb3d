"""Topic domains: which names a government site may live under (国办函〔2018〕55号)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pydantic import Field

from checks import same
from checks.facts import HostState
from checks.gaps import gap_reason, gap_words
from checks.hosts import host_of, is_address, is_gov, organisation, same_site, shown, suffixes_shown, under
from checks.outcomes import FetchOutcome, Reason
from checks.rule import Example, Params, rule, words
from checks.rules.freshness_columns import Subject, subjects
from checks.rules.links import evidence_of
from checks.snapshot import Snapshot
from checks.tiny import HOME, tiny
from checks.tiny_parts import BLOCKED, unit
from checks.tiny_web import classed, host
from checks.verdicts import Evidence, Verdict, cannot_tell, failed, inapplicable, passed
from config.district import ColumnClass, Site

_DOC = "国办函〔2018〕55号 关于加强政府网站域名管理的通知"
_GUIDE = ("bsfw", "办事服务", ColumnClass.STATIC)
_GAP = "应取10页，已取7页，首个缺口http://www.example.gov.cn/zwgk/index_2.html（被网站防护系统拦截）"
_PLATFORM = Site(name="示例", home=HOME, main_host="www.example.gov.cn", allow_hosts=("zwfw.example.com",))
_ODD = Site(name="示例", home="http://example.com/", main_host="example.com")
_MAIN = host("www.example.gov.cn", sha256="aa", final_url=HOME)


def _place(of: Subject) -> str:
    """Where the column lives: the other system it leads to, else its own page."""
    return of.state.external or of.state.url or ""


class DomainNotGov(Params):
    suffixes: tuple[str, ...] = words("允许的域名后缀", ("gov.cn", "政务", "xn--zfr164b"))
    allow: tuple[str, ...] = words(
        "允许的第三方平台（新媒体账号、上级统一平台）",
        ("weixin.qq.com", "mp.weixin.qq.com", "weibo.com", "douyin.com"),
    )


@rule(
    "domain-not-gov",
    version=1,
    title="使用非政府域名",
    topic="domains",
    logic="U",
    guard="site",
    params=DomainNotGov,
    legal=(_DOC + "（政府网站使用以.gov.cn为后缀的英文域名和符合要求的中文域名，不得使用其他后缀域名）",),
    messages={
        "passed": "{host}为政府域名，或在允许名单中。",
        "failed": "{what}使用{host}，不在规定后缀{suffixes}之内。",
        "failed.address": "{what}直接使用IP地址{host}，应使用{suffixes}后缀的域名。",
        "cannot-tell": "无法判定：{what}指向{host}，后缀不在{suffixes}之内，但不能确认该网站由谁主办。",
        "cannot-tell.gap": "无法判定：已看到的栏目都在政府域名下，但{gap}。",
    },
    why="非政府域名容易被仿冒，到期未续还会被他人抢注后放上违法内容。",
    fix="1. 确认{host}由本单位主办还是上级或第三方平台。"
    "2. 本单位主办的，把内容迁到政府网站域名下的栏目，原地址设置跳转后注销域名和备案。"
    "3. 属上级统一平台的，报政务公开办列入允许名单。",
    recheck="重新读取栏目入口，{what}不再使用{host}，或{host}已列入允许名单。",
    examples=(
        Example(
            "政府域名",
            tiny(columns=[classed(*_GUIDE, content=True)]),
            "passed",
            "www.example.gov.cn为政府域名，或在允许名单中。",
            subject="www.example.gov.cn",
        ),
        Example(
            "上级统一平台在允许名单中",
            tiny(site=_PLATFORM, columns=[classed(*_GUIDE, external="https://zwfw.example.com/x")]),
            "passed",
            "zwfw.example.com为政府域名，或在允许名单中。",
            subject="zwfw.example.com",
        ),
        Example(
            "门户使用商业域名",
            tiny(site=_ODD),
            "failed",
            "门户网站使用example.com，不在规定后缀gov.cn、政务之内。",
            subject="example.com",
        ),
        Example(
            "单位栏目使用商业域名",
            tiny(units=[unit("kjj", "区科技局", column_urls=("http://kjj.example.com/",))]),
            "failed",
            "区科技局使用kjj.example.com，不在规定后缀gov.cn、政务之内。",
            subject="kjj.example.com",
        ),
        Example(
            "栏目直接使用IP地址",
            tiny(columns=[classed(*_GUIDE, external="http://192.0.2.8:8080/bs/")]),
            "failed",
            "“办事服务”栏目直接使用IP地址192.0.2.8，应使用gov.cn、政务后缀的域名。",
            subject="192.0.2.8",
        ),
        Example(
            "主办者不明的外部网站",
            tiny(columns=[classed(*_GUIDE, external="https://bs.example.com/")]),
            "cannot-tell",
            "无法判定：“办事服务”栏目指向bs.example.com，后缀不在gov.cn、政务之内，但不能确认该网站由谁主办。",
            subject="bs.example.com",
            reason="ambiguous-owner",
            review=True,
        ),
        Example(
            "栏目未全部找到",
            tiny(columns=[classed(*_GUIDE, url=None, coverage=BLOCKED)], nav_coverage=BLOCKED),
            "cannot-tell",
            f"无法判定：已看到的栏目都在政府域名下，但{_GAP}。",
            subject="navigation",
            reason="blocked",
        ),
    ),
)
def domain_not_gov(snapshot: Snapshot, params: DomainNotGov) -> Iterator[Verdict]:
    site = snapshot.district.site
    allowed = params.allow + site.allow_hosts
    every = tuple(subjects(snapshot))
    # The first use of a host is the one reported: portal, then units' own areas, then columns.
    uses: dict[str, tuple[str, str, Subject | None]] = {}
    for name in sorted(snapshot.district.own_hosts(), key=lambda h: (h != site.main_host, h)):
        uses.setdefault(name, ("门户网站", "", None))
    for owner in snapshot.district.units:
        for url in owner.column_urls:
            if name := host_of(url):
                uses.setdefault(name, (owner.name, owner.unit_id, None))
    declared = frozenset(uses)
    for of in every:
        if name := host_of(_place(of)):
            uses.setdefault(name, (f"“{of.column.label}”栏目", of.unit, of))
    bad = False
    for name, (what, unit_id, found) in sorted(uses.items()):
        data = {"host": shown(name), "what": what, "suffixes": suffixes_shown(params.suffixes)}
        said: dict[str, object] = {"unit": unit_id, "data": data, "url": _place(found) if found else ""}
        said["fact"] = same.other_host(name)
        said["evidence"] = (_seen(snapshot, name, found),)
        if is_gov(name, params.suffixes) or under(name, allowed):
            yield passed(name, **said)
            continue
        bad = True
        if is_address(name):
            yield failed(name, variant="failed.address", **said)
        elif name in declared:
            yield failed(name, **said)
        else:
            yield cannot_tell(name, Reason.AMBIGUOUS_OWNER, review=True, **said)
    navigation = snapshot.navigation_coverage()
    if not bad and not navigation.complete and any(not _place(of) for of in every):
        data = {"gap": gap_words(navigation)}
        yield cannot_tell("navigation", gap_reason(navigation), data=data, variant="cannot-tell.gap")


def _seen(snapshot: Snapshot, name: str, found: Subject | None) -> Evidence:
    if found is not None:
        return Evidence.of(found.state, f"{found.column.label} → {_place(found)}")
    state = snapshot.host(name)
    if state is not None and state.sha256:
        return Evidence(f"http://{name}/", state.sha256, state.fetched_at, "", name)
    for target in snapshot.targets():  # a host that did not answer: where the site leads to it
        if target.places and host_of(target.url) == name:
            return evidence_of(snapshot, target.places[:1])[0]
    at = state.fetched_at if state else ""
    return Evidence(f"http://{name}/", "", at, "区县配置登记的网址", name)


# A department's site is no portal: its name stands under that of its government.
_DEPARTMENT = re.compile(r"(?<!政府)(?:局|厅|部|委|院|委员会|办公室)$")
_OF_A_DEPARTMENT = re.compile(r"(?!www\.)[a-z0-9-]+\.[a-z0-9.-]+\.gov\.cn$")


class DomainMalformed(Params):
    pattern: str = Field(r"^www\.[a-z0-9-]+\.gov\.cn$", description="门户主域名应符合的格式（正则表达式）")


@rule(
    "domain-malformed",
    version=1,
    title="门户域名不规范",
    topic="domains",
    logic="M",
    guard="page",
    params=DomainMalformed,
    legal=(_DOC + "（县级政府门户域名为www.□□□.gov.cn；一个网站一个英文域名，多个的应明确主域名）",),
    messages={
        "passed": "主域名{host}符合规定格式。",
        "passed.redirect": "{host}已跳转到主域名{main}。",
        "failed": "主域名{host}不符合规定格式www.□□□.gov.cn。",
        "failed.twin": "{host}与主域名{main}同时提供网站内容，没有跳转。",
        "cannot-tell": "无法判定：{host}未能访问（{how}），不能确认是否跳转到主域名{main}。",
        "inapplicable": "{host}是另一网站或子站，不与主域名{main}比较。",
        "inapplicable.department": "{owner}的网站{host}不是政府门户，不适用门户域名格式，应在本级政府域名之下。",
    },
    why="一个网站多个域名会分散访问和备案信息，也给仿冒留下空间。",
    fix="1. 确定一个主域名并报上级政务公开办备案。"
    "2. 请平台方把其他域名设置为301跳转到主域名。"
    "3. 不再使用的域名申请注销，并在网站公告。",
    recheck="重新访问{host}，主域名格式符合规定，其他域名均跳转到主域名。",
    examples=(
        Example(
            "主域名规范",
            tiny(all_hosts=(_MAIN,)),
            "passed",
            "主域名www.example.gov.cn符合规定格式。",
            subject="www.example.gov.cn",
        ),
        Example(
            "部门网站不是门户",
            tiny(
                site=Site(name="示例", home="http://kjj.example.gov.cn/", main_host="kjj.example.gov.cn"),
                district={"full_name": "示例区科技局"},
            ),
            "inapplicable",
            "示例区科技局的网站kjj.example.gov.cn不是政府门户，不适用门户域名格式，应在本级政府域名之下。",
        ),
        Example(
            "另一域名已跳转",
            tiny(all_hosts=(_MAIN, host("example.gov.cn", final_url=HOME))),
            "passed",
            "example.gov.cn已跳转到主域名www.example.gov.cn。",
            subject="example.gov.cn",
        ),
        Example(
            "主域名不是www",
            tiny(site=Site(name="示例", home="http://portal.example.gov.cn/", main_host="portal.example.gov.cn")),
            "failed",
            "主域名portal.example.gov.cn不符合规定格式www.□□□.gov.cn。",
        ),
        Example(
            "两个域名同时服务",
            tiny(all_hosts=(_MAIN, host("example.gov.cn", final_url="http://example.gov.cn/", sha256="aa"))),
            "failed",
            "example.gov.cn与主域名www.example.gov.cn同时提供网站内容，没有跳转。",
            subject="example.gov.cn",
        ),
        Example(
            "另一域名超时",
            tiny(all_hosts=(_MAIN, host("example.gov.cn", FetchOutcome.TIMEOUT))),
            "cannot-tell",
            "无法判定：example.gov.cn未能访问（超时），不能确认是否跳转到主域名www.example.gov.cn。",
            subject="example.gov.cn",
            reason="fetch-failed",
        ),
        Example(
            "子站",
            tiny(all_hosts=(_MAIN, host("kjj.example.gov.cn", final_url="http://kjj.example.gov.cn/"))),
            "inapplicable",
            "kjj.example.gov.cn是另一网站或子站，不与主域名www.example.gov.cn比较。",
            subject="kjj.example.gov.cn",
        ),
    ),
)
def domain_malformed(snapshot: Snapshot, params: DomainMalformed) -> Iterator[Verdict]:
    main = snapshot.district.site.main_host
    data = {"host": shown(main), "main": shown(main)}
    evidence = (_seen(snapshot, main, None),)
    owner = snapshot.district.full_name or snapshot.district.name
    if re.match(params.pattern, main):
        yield passed(main, data=data, evidence=evidence)
    elif _DEPARTMENT.search(owner) and _OF_A_DEPARTMENT.match(main):
        data["owner"] = owner
        yield inapplicable(main, data=data, evidence=evidence, variant="inapplicable.department")
    else:
        yield failed(main, data=data, evidence=evidence)
    front = snapshot.host(main)
    states = {state.host: state for state in snapshot.hosts()}
    for name in sorted(set(states) | snapshot.district.own_hosts()):
        if name != main and organisation(name) == organisation(main):
            yield _other(snapshot, name, states.get(name), front)


def _other(snapshot: Snapshot, name: str, state: HostState | None, front: HostState | None) -> Verdict:
    main = snapshot.district.site.main_host
    outcome = state.outcome if state else None
    data = {"host": shown(name), "main": shown(main), "how": outcome.chinese if outcome else "未访问"}
    evidence = (_seen(snapshot, name, None),)
    if state is not None and host_of(state.final_url) == main:
        return passed(name, data=data, evidence=evidence, variant="passed.redirect")
    same_front = state is not None and front is not None and bool(state.sha256) and state.sha256 == front.sha256
    if not same_site(name, main) and not same_front:
        return inapplicable(name, data=data)
    if outcome is None or not outcome.seen:
        return cannot_tell(name, outcome.reason if outcome else Reason.INCOMPLETE, data=data)
    return failed(name, url=f"http://{name}/", data=data, evidence=evidence, variant="failed.twin")


@rule(
    "domain-extra-host",
    version=2,
    title="栏目另用域名",
    topic="domains",
    logic="U",
    guard="site",
    legal=(_DOC + "（栏目、专题、业务系统使用门户主域名下的目录，不单独使用其他域名）",),
    messages={
        "passed": "“{label}”在门户主域名{main}下。",
        "failed": "“{label}”使用{host}，应在门户主域名{main}下。",
        "failed.several": "“{label}”等{count}个栏目使用{host}，应在门户主域名{main}下：{labels}。",
        "cannot-tell": "无法判定：“{label}”指向{host}，不能确认该网站由谁主办。",
        "cannot-tell.several": "无法判定：“{label}”等{count}个栏目指向{host}，不能确认该网站由谁主办：{labels}。",
        "cannot-tell.gap": "无法判定：“{label}”的网址未能确定（{gap}）。",
        "inapplicable": "“{label}”没有网址，或在允许名单中的{host}上，不适用。",
    },
    why="栏目分散在不同域名上，站内搜索、备案和安全防护都管不到，群众也难以辨别真伪。",
    fix="1. 请平台方把{labels}迁到门户主域名{main}的目录下。"
    "2. 原地址设置跳转，并更新导航和各页面上的链接。"
    "3. 属上级统一平台的，报政务公开办列入允许名单。",
    recheck="重新读取{labels}的入口，网址在{main}下，或{host}已列入允许名单。",
    examples=(
        Example(
            "在主域名下",
            tiny(columns=[classed(*_GUIDE, content=True)]),
            "passed",
            "“办事服务”在门户主域名www.example.gov.cn下。",
        ),
        Example(
            "栏目在子域名上",
            tiny(columns=[classed(*_GUIDE, url="http://bs.example.gov.cn/")]),
            "failed",
            "“办事服务”使用bs.example.gov.cn，应在门户主域名www.example.gov.cn下。",
            subject="bs.example.gov.cn",
        ),
        Example(
            "几个栏目在同一子域名上只算一处",
            tiny(
                columns=[
                    classed(*_GUIDE, url="http://bs.example.gov.cn/"),
                    classed("tzgg", "通知公告", ColumnClass.NOTICE, url="http://bs.example.gov.cn/tzgg/"),
                ]
            ),
            "failed",
            "“办事服务”等2个栏目使用bs.example.gov.cn，应在门户主域名www.example.gov.cn下：办事服务、通知公告。",
        ),
        Example(
            "外部系统主办者不明",
            tiny(columns=[classed(*_GUIDE, external="http://zwfw.other.gov.cn/")]),
            "cannot-tell",
            "无法判定：“办事服务”指向zwfw.other.gov.cn，不能确认该网站由谁主办。",
            reason="ambiguous-owner",
            review=True,
        ),
        Example(
            "栏目未找到且导航未读全",
            tiny(columns=[classed(*_GUIDE, url=None, coverage=BLOCKED)]),
            "cannot-tell",
            f"无法判定：“办事服务”的网址未能确定（{_GAP}）。",
            reason="blocked",
        ),
        Example(
            "允许的上级平台",
            tiny(site=_PLATFORM, columns=[classed(*_GUIDE, external="https://zwfw.example.com/x")]),
            "inapplicable",
            "“办事服务”没有网址，或在允许名单中的zwfw.example.com上，不适用。",
        ),
    ),
)
def domain_extra_host(snapshot: Snapshot, params: Params) -> Iterator[Verdict]:
    """One verdict per column that is where it should be, and one per other host of a unit, whatever it holds."""
    elsewhere: dict[tuple[str, str], list[Subject]] = {}
    for of in subjects(snapshot):
        made = _at_home(snapshot, of)
        if made is None:
            elsewhere.setdefault((host_of(_place(of)), of.unit), []).append(of)
        else:
            yield of.verdict(made)
    for (name, owner), found in sorted(elsewhere.items()):
        yield _away(snapshot, name, owner, found)


def _at_home(snapshot: Snapshot, of: Subject) -> Verdict | None:
    """The verdict on a column that lies on no other host; None for one that does."""
    site = snapshot.district.site
    name = host_of(_place(of))
    data = {"host": shown(name) or "（无）", "main": shown(site.main_host)}
    if not name:
        if of.state.script_filled or not of.state.coverage.complete:
            data["gap"] = gap_words(of.state.coverage)
            reason = Reason.NOT_RENDERED if of.state.script_filled else gap_reason(of.state.coverage)
            return cannot_tell("", reason, data=data, variant="cannot-tell.gap")
        return inapplicable("", data=data)
    if same_site(name, site.main_host):
        return passed("", data=data, evidence=(Evidence.of(of.state, f"{of.column.label} → {_place(of)}"),))
    return inapplicable("", data=data) if under(name, site.allow_hosts) else None


def _away(snapshot: Snapshot, name: str, owner: str, found: list[Subject]) -> Verdict:
    """One unit's columns on another host. The host is the subject: moving it mends all of them."""
    main = snapshot.district.site.main_host
    labels = [of.column.label for of in found]
    data = {"host": shown(name), "main": shown(main), "label": labels[0], "labels": labels, "count": len(labels)}
    said: dict[str, Any] = {
        "unit": owner, "column": found[0].column.column_id if len(found) == 1 else "",
        "fact": same.other_host(name), "url": found[0].state.url or "",
        "data": {**data, "pages": [_place(of) for of in found]},
        "evidence": tuple(Evidence.of(of.state, f"{of.column.label} → {_place(of)}") for of in found[:5]),
    }  # fmt: skip
    several = ".several" if len(found) > 1 else ""
    if name in snapshot.district.own_hosts() or organisation(name) == organisation(main):
        return failed(name, variant=several and f"failed{several}", **said)
    variant = several and f"cannot-tell{several}"
    return cannot_tell(name, Reason.AMBIGUOUS_OWNER, review=True, variant=variant, **said)
