"""Topic links: hidden and indecent outward links, which usually mean that a site was broken into."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.facts import AxePage, Region, Target
from checks.hosts import host_of
from checks.outcomes import FetchOutcome, Reason
from checks.rule import Example, Params, number, rule, words
from checks.rules.links import evidence_of, owner_of
from checks.rules.links_out import none_found, pages_of, silent
from checks.snapshot import Snapshot
from checks.texts import masked
from checks.tiny import HOME, tiny
from checks.tiny_parts import BLOCKED
from checks.tiny_web import home, linked
from checks.verdicts import Evidence, Verdict, cannot_tell, inapplicable

_SHOP = "http://shop.example.com/"
_GAP = "应取10页，已取7页，首个缺口http://www.example.gov.cn/zwgk/index_2.html（被网站防护系统拦截）"


class LinkDark(Params):
    vocabulary: tuple[str, ...] = words(
        "暗链常见用语（只查指向非政府网站的链接）",
        ("博彩", "百家乐", "老虎机", "时时彩", "六合彩", "棋牌", "真人娱乐", "赌场", "投注", "成人视频", "色情",
         "情色", "裸聊", "壮阳", "私服", "代孕", "无抵押贷款", "代开发票"),
    )  # fmt: skip
    group_over: int = number("同一处超过多少个网站时合并为一条", unit="个", default=5, ge=1)


@rule(
    "link-dark",
    version=1,
    title="疑似暗链",
    topic="links",
    logic="U",
    guard="page",
    params=LinkDark,
    manual=True,
    legal=(
        "国办秘函〔2019〕19号 政府网站检查指标 单项否决（链接反动、暴力、色情等内容；被攻击未及时处置）",
        "国办发〔2017〕47号 政府网站发展指引（不得有暗链）",
    ),
    messages={
        "passed": "已看到的链接中没有隐藏外链和可疑用语。",
        "cannot-tell": "紧急核实：指向{host}的{count}个链接{why}，出现在{pages_count}个页面。",
        "cannot-tell.group": "紧急核实：指向{hosts_count}个外部网站的{count}个链接{why}，"
        "成批出现在{pages_count}个页面。",
        "cannot-tell.rewritten": "紧急核实：{pages_count}个页面（如{example}）在浏览器中打开后只显示“{shown}”，"
        "而服务器发出的网页有内容，可能被植入的脚本改写，也可能是网站不让本工具的浏览器看，请用普通浏览器打开核对。",
        "cannot-tell.gap": "无法判定：已看到的链接没有可疑之处，但{gap}。",
        "inapplicable": "没有读到任何链接，不适用。",
    },
    why="暗链通常说明网站已被入侵，继续存在会把群众引向赌博、色情网站，属国家检查单项否决情形。",
    fix="1. 立即通知平台技术方，按所列位置清除链接或改写页面的脚本，并保留日志。"
    "2. 排查被改动的模板、脚本和后台账号，修补漏洞、更换口令。"
    "3. 向网信、公安部门报告处置情况。",
    recheck="重新读取所列页面，指向该网站的隐藏链接或可疑链接已不存在，页面在浏览器中显示的就是服务器发出的内容。",
    question="所列链接（或改写页面的脚本）是否为他人植入？",
    examples=(
        Example(
            "链接都可见",
            tiny(pages=[home()], all_targets=(linked(_SHOP, FetchOutcome.OK),)),
            "passed",
            "已看到的链接中没有隐藏外链和可疑用语。",
        ),
        Example(
            "隐藏的政府链接不是暗链",
            tiny(pages=[home()], all_targets=(linked("http://www.gov.cn/", FetchOutcome.OK, hidden="display:none"),)),
            "passed",
            "已看到的链接中没有隐藏外链和可疑用语。",
        ),
        Example(
            "隐藏外链",
            tiny(pages=[home()], all_targets=(linked(_SHOP, FetchOutcome.OK, hidden="display:none"),)),
            "cannot-tell",
            "紧急核实：指向sh************om的1个链接在页面上不可见（display:none），出现在1个页面。",
            reason="needs-judgement",
            review=True,
        ),
        Example(
            "成批植入的隐藏外链只报一条",
            tiny(
                pages=[home()],
                all_targets=[linked(f"http://x{i}.example.com/", FetchOutcome.OK, hidden="0px") for i in range(6)],
            ),
            "cannot-tell",
            "紧急核实：指向6个外部网站的6个链接在页面上不可见（0px），成批出现在1个页面。",
            subject=HOME,
            review=True,
        ),
        Example(
            "可疑用语",
            tiny(
                pages=[home()], all_targets=(linked(_SHOP, FetchOutcome.OK, text="澳门百家乐", region=Region.FOOTER),)
            ),
            "cannot-tell",
            "紧急核实：指向sh************om的1个链接文字含可疑用语，出现在1个页面。",
            review=True,
        ),
        Example(
            "页面未取全",
            tiny(pages=[home()], all_targets=(linked(_SHOP, FetchOutcome.OK),), coverage=BLOCKED),
            "cannot-tell",
            f"无法判定：已看到的链接没有可疑之处，但{_GAP}。",
            reason="blocked",
        ),
        Example(
            "页面被脚本改写",
            tiny(
                pages=[home()],
                all_targets=(linked(_SHOP, FetchOutcome.OK),),
                all_axe=(AxePage(HOME, "", "", "首页", ok=False, error="x", shown="无法找到该网页"),),
            ),
            "cannot-tell",
            f"紧急核实：1个页面（如{HOME}）在浏览器中打开后只显示“无法找到该网页”，"
            "而服务器发出的网页有内容，可能被植入的脚本改写，也可能是网站不让本工具的浏览器看，请用普通浏览器打开核对。",
            subject="rewritten",
            reason="needs-judgement",
            review=True,
        ),
        Example("没有链接", tiny(), "inapplicable", "没有读到任何链接，不适用。"),
    ),
)
def link_dark(snapshot: Snapshot, params: LinkDark) -> Iterator[Verdict]:
    pattern = re.compile("|".join(map(re.escape, params.vocabulary)) or r"(?!)")
    signs: dict[str, tuple[str, list[Target]]] = {}
    any_link = False
    for target in snapshot.targets():
        any_link = True
        host = host_of(target.url)
        if not host or silent(snapshot, host):
            continue
        unseen = next((p.hidden for p in target.places if p.hidden), "")
        word = next((p for p in target.places if pattern.search(p.text)), None)
        if unseen or word:
            why = f"在页面上不可见（{unseen}）" if unseen else "文字含可疑用语"
            signs.setdefault(host, (why, []))[1].append(target)
    # One injected block is one fault, however many hosts it advertises.
    blocks: dict[tuple[str, ...], list[str]] = {}
    for host, (why, found) in sorted(signs.items()):
        blocks.setdefault((why, *pages_of(found)), []).append(host)
    for (why, *pages), hosts in sorted(blocks.items()):
        if len(hosts) > params.group_over and pages:
            yield _suspect(snapshot, pages[0], hosts, why, [t for host in hosts for t in signs[host][1]])
            continue
        for host in hosts:
            yield _suspect(snapshot, host, [host], why, signs[host][1])
    rewritten = [page for page in snapshot.axe() if page.shown and page.mode == "normal"]
    if rewritten:
        yield _rewritten(snapshot, rewritten)
    if signs or rewritten:
        return
    yield none_found(snapshot) if any_link else inapplicable(snapshot.district.site.main_host)


def _rewritten(snapshot: Snapshot, found: list[AxePage]) -> Verdict:
    """Pages whose content was there when they were fetched, and an error when a browser had run their scripts."""
    pages = sorted({page.url for page in found})
    first = next((page for page in found if page.url == snapshot.district.site.home), found[0])
    proof = (first, *(page for page in found if page is not first))[:10]
    return cannot_tell(
        "rewritten",
        Reason.NEEDS_JUDGEMENT,
        url=first.url,
        data={"pages": pages, "pages_count": len(pages), "example": first.url, "shown": first.shown},
        evidence=tuple(Evidence(p.url, p.screenshot or p.sha256, p.fetched_at, quote=p.shown) for p in proof),
        review=True,
        variant="cannot-tell.rewritten",
    )


def _suspect(snapshot: Snapshot, subject: str, hosts: list[str], why: str, found: list[Target]) -> Verdict:
    pages = pages_of(found)
    owners = {owner_of(snapshot, target)[0] for target in found}
    places = tuple(place for target in found for place in target.places)
    # The words of the link are not repeated: a finding must not advertise what it reports.
    evidence = tuple(
        type(e)(e.url, e.sha256, e.fetched_at, e.locator, masked(e.quote, 1)) for e in evidence_of(snapshot, places)
    )
    return cannot_tell(
        subject,
        Reason.NEEDS_JUDGEMENT,
        unit=owners.pop() if len(owners) == 1 else "",
        url=pages[0] if pages else "",
        data={
            "host": masked(hosts[0]),
            "hosts": [masked(host) for host in hosts],
            "hosts_count": len(hosts),
            "count": len(found),
            "why": why,
            "pages": pages,
            "pages_count": len(pages),
        },
        evidence=evidence,
        review=True,
        variant="cannot-tell.group" if len(hosts) > 1 else "",
    )
