"""Topic links: links that leave the site unannounced or lead to closed sites."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address

from checks import same
from checks.facts import Target
from checks.gaps import gap_reason, gap_words
from checks.hosts import OWN_MACHINE, host_of, is_gov, under
from checks.outcomes import FetchOutcome, Reason
from checks.rule import Example, Params, rule, words
from checks.rules.links import DeadTries, evidence_of, owner_of, proof
from checks.snapshot import Snapshot
from checks.tiny import HOME, tiny
from checks.tiny_parts import BLOCKED
from checks.tiny_web import home, linked, tries
from checks.verdicts import Verdict, cannot_tell, failed, passed
from config.district import Site

_SHOP = "http://shop.example.com/"
_GAP = "应取10页，已取7页，首个缺口http://www.example.gov.cn/zwgk/index_2.html（被网站防护系统拦截）"
_CLOSED = Site(name="示例", home=HOME, main_host="www.example.gov.cn", closed_domains=("old.example.gov.cn",))


_MARKS = "conac.cn"


def silent(snapshot: Snapshot, host: str) -> bool:
    """Hosts that need no leaving notice: our own, government ones, that of the mark every organ's site has to show,
    the office's list; and bare addresses of an inner network, which are no other site."""
    site = snapshot.district.site
    listed = under(host, (*site.silent_hosts, *site.allow_hosts, _MARKS))
    return host in snapshot.district.own_hosts() or is_gov(host) or listed or _inner(host)


def _inner(host: str) -> bool:
    try:
        return ip_address(host).is_private
    except ValueError:
        return host in OWN_MACHINE


def _by_host(targets: Iterator[Target]) -> dict[str, list[Target]]:
    hosts: dict[str, list[Target]] = {}
    for target in targets:
        hosts.setdefault(host_of(target.url), []).append(target)
    return dict(sorted(hosts.items()))


def pages_of(found: list[Target]) -> list[str]:
    return sorted({place.url for target in found for place in target.places})[:200]


class LinkLeaves(Params):
    notices: tuple[str, ...] = words("离站提示用语", ("离开", "即将访问", "跳转"))


@rule(
    "link-leaves-unannounced",
    version=1,
    title="外链无离站提示",
    topic="links",
    logic="U",
    guard="page",
    params=LinkLeaves,
    legal=("国办发〔2017〕47号 政府网站发展指引（链接非政府网站的，应有提示信息）",),
    messages={
        "passed": "指向{host}的{count}个链接在离开前有提示。",
        "passed.none": "未发现指向非政府网站的链接。",
        "failed": "指向{host}的{count}个链接打开时没有离站提示，应为0个。",
        "cannot-tell": "无法判定：有{count}个链接指向{hosts_count}个非政府网站（如{host}），"
        "尚未实际点击，不能确认有无含“{words}”的提示。",
        "cannot-tell.gap": "无法判定：已看到的页面没有指向非政府网站的链接，但{gap}。",
    },
    why="没有提示就跳到外部网站，群众会误以为外部内容由政府发布。",
    fix="1. 普通正文中的外链，尽量改为文字说明或删除。"
    "2. 请平台方在全站脚本中为非政府网站链接统一加上“您即将离开本网站”的提示页或提示框。"
    "3. 长期合作且不需提示的网站，报政务公开办列入免提示名单。",
    recheck="在浏览器中点击所列链接，离开前出现含“离开”“即将访问”或“跳转”字样的提示。",
    examples=(
        Example(
            "有提示",
            tiny(all_targets=(linked(_SHOP, FetchOutcome.OK, leave_notice=True),)),
            "passed",
            "指向shop.example.com的1个链接在离开前有提示。",
        ),
        Example(
            "政府网站不需提示",
            tiny(all_targets=(linked("http://www.gov.cn/", FetchOutcome.OK),)),
            "passed",
            "未发现指向非政府网站的链接。",
        ),
        Example(
            "点击后直接离开",
            tiny(pages=[home()], all_targets=(linked(_SHOP, FetchOutcome.OK, leave_notice=False),)),
            "failed",
            "指向shop.example.com的1个链接打开时没有离站提示，应为0个。",
        ),
        Example(
            "没有点击过",
            tiny(pages=[home()], all_targets=(linked(_SHOP, FetchOutcome.OK),)),
            "cannot-tell",
            "无法判定：有1个链接指向1个非政府网站（如shop.example.com），"
            "尚未实际点击，不能确认有无含“离开、即将访问、跳转”的提示。",
            reason="needs-judgement",
            review=True,
        ),
        Example(
            "页面未取全",
            tiny(coverage=BLOCKED),
            "cannot-tell",
            f"无法判定：已看到的页面没有指向非政府网站的链接，但{_GAP}。",
            reason="blocked",
        ),
    ),
)
def link_leaves_unannounced(snapshot: Snapshot, params: LinkLeaves) -> Iterator[Verdict]:
    outward = (t for t in snapshot.targets() if (h := host_of(t.url)) and not silent(snapshot, h))
    hosts = _by_host(outward)
    site = snapshot.district.site.main_host
    open_: list[Target] = []
    for host, found in hosts.items():
        bare = [t for t in found if t.leave_notice is False]
        data = {"host": host, "count": len(bare or found), "pages": pages_of(bare or found)}
        if bare:
            places = tuple(p for t in bare for p in t.places)
            yield failed(host, url=bare[0].url, data=data, evidence=evidence_of(snapshot, places))
        elif all(t.leave_notice for t in found):
            yield passed(host, url=found[0].url, data=data)
        else:
            open_.extend(found)
    if open_:
        names = sorted({host_of(t.url) for t in open_})
        data = {
            "count": len(open_), "hosts_count": len(names), "host": names[0], "hosts": names,
            "words": list(params.notices), "pages": pages_of(open_),
        }  # fmt: skip
        evidence = evidence_of(snapshot, tuple(p for t in open_[:5] for p in t.places))
        yield cannot_tell(site, Reason.NEEDS_JUDGEMENT, data=data, evidence=evidence, review=True)
    elif not hosts:
        coverage = snapshot.site_coverage()
        if coverage.complete:
            yield passed(site, variant="passed.none")
        else:
            data = {"gap": gap_words(coverage)}
            yield cannot_tell(site, gap_reason(coverage), data=data, variant="cannot-tell.gap")


@rule(
    "link-to-closed-site",
    version=1,
    title="链接指向关停网站",
    topic="links",
    logic="U",
    guard="page",
    params=DeadTries,
    absence=True,
    legal=(
        "国办发〔2017〕47号 政府网站发展指引（关停网站的域名不得再链接）",
        "国办秘函〔2019〕19号 政府网站检查指标 功能设计（链接错误）",
    ),
    messages={
        "passed": "未发现指向关停网站的链接。",
        "failed": "“{text}”指向已列入关停名单的{host}，共{places}处，应为0处。",
        "failed.dns": "“{text}”指向的{host}域名已无法解析，已试{tried}次（标准{tries}次、{days}天），共{places}处。",
        "cannot-tell.parked": "紧急核实：“{text}”指向的{host}疑被他人注册并改作他用，共{places}处。",
        "cannot-tell.sample-short": "无法判定：“{text}”指向的{host}域名无法解析，已试{tried}次、分布{tried_days}天，"
        "需在{days}天内试{tries}次确认。",
        "cannot-tell.gap": "无法判定：已看到的页面没有指向关停网站的链接，但{gap}。",
    },
    why="关停域名可能被他人注册后放上违法内容，政府网站继续链接会造成严重后果。",
    fix="1. 在所列页面中找到文字为“{text}”的链接，删除或改为新网站地址。"
    "2. 在友情链接、专题和旧文章中搜索该域名，一并清理。"
    "3. 目标已变为无关内容的，立即删除并报告政务公开办和网信部门。",
    recheck="重新读取所列页面，不再含有指向{host}的链接。",
    examples=(
        Example(
            "没有指向关停网站",
            tiny(pages=[home()], site=_CLOSED, all_targets=(linked(_SHOP, FetchOutcome.OK),)),
            "passed",
            "未发现指向关停网站的链接。",
        ),
        Example(
            "在关停名单中",
            tiny(pages=[home()], site=_CLOSED, all_targets=(linked("http://old.example.gov.cn/", FetchOutcome.OK),)),
            "failed",
            "“点击查看”指向已列入关停名单的old.example.gov.cn，共1处，应为0处。",
        ),
        Example(
            "域名多日无法解析",
            tiny(
                pages=[home()],
                all_targets=(
                    linked(
                        _SHOP,
                        FetchOutcome.DNS,
                        tries=tries("2026-09-27", "2026-09-28", "2026-09-29", outcome=FetchOutcome.DNS, status=None),
                    ),
                ),
            ),
            "failed",
            "“点击查看”指向的shop.example.com域名已无法解析，已试3次（标准3次、2天），共1处。",
        ),
        Example(
            "域名一次无法解析",
            tiny(
                pages=[home()],
                all_targets=(
                    linked(_SHOP, FetchOutcome.DNS, tries=tries("2026-09-29", outcome=FetchOutcome.DNS, status=None)),
                ),
            ),
            "cannot-tell",
            "无法判定：“点击查看”指向的shop.example.com域名无法解析，已试1次、分布1天，需在2天内试3次确认。",
            reason="sample-short",
        ),
        Example(
            "域名被他人注册",
            tiny(pages=[home()], all_targets=(linked(_SHOP, FetchOutcome.PARKED),)),
            "cannot-tell",
            "紧急核实：“点击查看”指向的shop.example.com疑被他人注册并改作他用，共1处。",
            reason="needs-judgement",
            review=True,
        ),
        Example(
            "页面未取全",
            tiny(coverage=BLOCKED),
            "cannot-tell",
            f"无法判定：已看到的页面没有指向关停网站的链接，但{_GAP}。",
            reason="blocked",
        ),
    ),
)
def link_to_closed_site(snapshot: Snapshot, params: DeadTries) -> Iterator[Verdict]:
    closed = snapshot.district.site.closed_domains
    silent_so_far = True
    for target in snapshot.targets():
        host = host_of(target.url)
        listed = bool(host) and under(host, closed)
        if not host or not (listed or target.outcome in (FetchOutcome.DNS, FetchOutcome.PARKED)):
            continue
        silent_so_far = False
        unit, column = owner_of(snapshot, target)
        found = proof(target)
        text = next((p.text for p in target.places if p.text), target.url)
        said: dict[str, object] = {
            "unit": unit,
            "column": column,
            "fact": same.dead_link(target.url),
            "url": target.places[0].url if target.places else "",
            "evidence": evidence_of(snapshot, target.places),
            "data": {
                "host": host, "text": text, "places": target.place_count, "pages": pages_of([target]),
                "tried": found.dead, "tried_days": found.days, "tries": params.tries, "days": params.days,
            },
        }  # fmt: skip
        if listed:
            yield failed(target.url, **said)
        elif target.outcome is FetchOutcome.PARKED:
            yield cannot_tell(target.url, Reason.NEEDS_JUDGEMENT, review=True, variant="cannot-tell.parked", **said)
        elif found.enough(params):
            yield failed(target.url, variant="failed.dns", **said)
        else:
            yield cannot_tell(target.url, Reason.SAMPLE_SHORT, **said)
    if silent_so_far:
        yield none_found(snapshot)


def none_found(snapshot: Snapshot) -> Verdict:
    coverage = snapshot.site_coverage()
    host = snapshot.district.site.main_host
    if coverage.complete:
        return passed(host)
    return cannot_tell(host, gap_reason(coverage), data={"gap": gap_words(coverage)}, variant="cannot-tell.gap")
