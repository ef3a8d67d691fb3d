"""Topic availability: whether the site can be opened, how fast, and over which connections."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from statistics import median

from checks.facts import HostState, Link, Probe
from checks.outcomes import Reason
from checks.rule import Example, Params, Status, number, rule, words
from checks.rules.links import day_of
from checks.sampled import sampled_pages
from checks.snapshot import Snapshot
from checks.tiny import HOME, tiny
from checks.tiny_parts import article
from checks.tiny_web import home, host
from checks.verdicts import Evidence, Verdict, cannot_tell, failed, inapplicable, passed

_HOST = "www.example.gov.cn"
_HTTPS = "https://www.example.gov.cn/"


class Unreachable(Params):
    per_day: int = number("每天探测次数", unit="次", default=20, stricter="higher", ge=1)
    days: int = number("连续探测天数", unit="天", default=7, stricter="higher", ge=1)
    timeout_s: int = number("打开首页的时限", unit="秒", default=15, stricter="lower", ge=1)
    fail_share: float = number("判定不合格的失败比例", unit="%", default=5, stricter="lower", gt=0)
    amber_share: float = number("提示线", unit="%", default=3, stricter="lower", gt=0)


def _probes(bad: int, total: int = 140, control: bool | None = True) -> tuple[Probe, ...]:
    return tuple(
        Probe(f"2026-09-{23 + i % 7}T{i // 10:02d}:00:00Z", ok=i >= bad, elapsed_ms=900, control=control)
        for i in range(total)
    )


_START = "请运行govaudit probe，每天{per_day}次、连续{days}天"


@rule(
    "site-unreachable",
    version=1,
    title="站点无法访问",
    topic="availability",
    logic="S",
    params=Unreachable,
    absence=True,
    legal=("国办秘函〔2019〕19号 政府网站检查指标 单项否决“站点无法访问”（一周内每天间隔20次以上，失败5%以上）",),
    messages={
        "passed": "{days}天内探测{total}次，失败{bad}次，占{share}%，限{limit}%以下。",
        "passed.amber": "{days}天内探测{total}次，失败{bad}次，占{share}%，限{limit}%以下，已过{amber}%提示线。",
        "failed": "{days}天内探测{total}次，{timeout}秒内未打开{bad}次，占{share}%，达到{limit}%。",
        "cannot-tell.sample-short": "无法判定：应探测{need}次，有效探测{total}次。" + _START + "后再判定。",
        "cannot-tell.network": "无法判定：探测失败{bad}次中有{own}次对照站点同时不通，属自身网络原因，"
        "扣除后有效探测{total}次，少于{need}次。",
    },
    why="网站打不开，其他公开都无从谈起，国家检查直接判为不合格。",
    fix="1. 联系平台技术方查看失败时段的服务器、带宽和防护设备日志。"
    "2. 防护系统误拦截的，放行正常访问。"
    "3. 恢复后连续{days}天自测，每天不少于20次。",
    recheck="用govaudit probe连续{days}天、每天{per_day}次打开首页，{timeout}秒内未打开的不到{limit}%。",
    examples=(
        Example(
            "一周全部正常",
            tiny(all_hosts=(host(_HOST, probes=_probes(0)),)),
            "passed",
            "7天内探测140次，失败0次，占0.0%，限5.0%以下。",
        ),
        Example(
            "过提示线",
            tiny(all_hosts=(host(_HOST, probes=_probes(6)),)),
            "passed",
            "7天内探测140次，失败6次，占4.3%，限5.0%以下，已过3.0%提示线。",
        ),
        Example(
            "失败百分之五以上",
            tiny(all_hosts=(host(_HOST, probes=_probes(9)),)),
            "failed",
            "7天内探测140次，15秒内未打开9次，占6.4%，达到5.0%。",
        ),
        Example(
            "没有探测记录",
            tiny(all_hosts=(host(_HOST),)),
            "cannot-tell",
            "无法判定：应探测140次，有效探测0次。请运行govaudit probe，每天20次、连续7天后再判定。",
            reason="sample-short",
        ),
        Example(
            "自身网络不通的不算",
            tiny(all_hosts=(host(_HOST, probes=_probes(9, control=False)),)),
            "cannot-tell",
            "无法判定：探测失败9次中有9次对照站点同时不通，属自身网络原因，扣除后有效探测131次，少于140次。",
            reason="sample-short",
        ),
    ),
)
def site_unreachable(snapshot: Snapshot, params: Unreachable) -> Iterator[Verdict]:
    subject = snapshot.district.site.main_host
    state = snapshot.host(subject)
    probes = _last_days(state.probes if state else (), snapshot.today, params.days)
    own = [p for p in probes if not p.ok and p.control is False]
    valid = [p for p in probes if p.ok or p.control is not False]
    bad = [p for p in valid if not p.ok or p.elapsed_ms > params.timeout_s * 1000]
    days = len({day_of(p.at) for p in valid})
    need = params.per_day * params.days
    share = 100 * len(bad) / len(valid) if valid else 0.0
    data: dict[str, object] = {
        "total": len(valid), "bad": len(bad), "own": len(own), "share": f"{share:.1f}", "days": max(days, 0),
        "limit": f"{params.fail_share:.1f}", "amber": f"{params.amber_share:.1f}", "need": need,
        "timeout": params.timeout_s, "per_day": params.per_day,
        "failures": [[p.at, str(p.elapsed_ms), p.outcome.chinese if p.outcome else ""] for p in bad[:100]],
    }  # fmt: skip
    evidence = (Evidence(snapshot.district.site.home, fetched_at=valid[-1].at if valid else ""),)
    if len(valid) < need or days < params.days:
        data["days"] = params.days
        data["bad"] = len(bad) + len(own)
        network = "cannot-tell.network" if own and len(valid) + len(own) >= need else ""
        yield cannot_tell(subject, Reason.SAMPLE_SHORT, data=data, variant=network)
    elif share >= params.fail_share:
        yield failed(subject, data=data, evidence=evidence)
    else:
        amber = "passed.amber" if share > params.amber_share else ""
        yield passed(subject, data=data, evidence=evidence, variant=amber)


def _last_days(probes: tuple[Probe, ...], today: date, days: int) -> list[Probe]:
    """Probes of the last `days` calendar days up to the newest probe that is not later than `today`."""
    known = [p for p in probes if day_of(p.at) <= today]
    newest = max((day_of(p.at) for p in known), default=today)
    return [p for p in known if day_of(p.at) > newest - timedelta(days=days)]


class Connection(Params):
    items: tuple[str, ...] = words("检查项目", ("https", "certificate", "mixed-content", "ipv6"))


_ITEMS = {
    "https": "HTTPS访问",
    "certificate": "有效的HTTPS证书",
    "mixed-content": "HTTPS页面不混用HTTP资源",
    "ipv6": "IPv6访问",
}
_FLAWS = (
    ("self-signed", "自签名，不是受信任机构签发"),
    ("self signed", "自签名，不是受信任机构签发"),
    ("expired", "已过期"),
    ("not yet valid", "尚未生效"),
    ("mismatch", "与域名不符"),
    ("local issuer", "签发机构不受信任，或服务器没有发送中间证书"),
    ("revoked", "已被吊销"),
)
_SECURE = host(_HOST, https=True, certificate_ok=True, ipv6=True)


@rule(
    "connection-outdated",
    version=1,
    title="连接方式落后",
    topic="availability",
    logic="S",
    params=Connection,
    absence=True,
    status=Status.PREVIEW,
    legal=(
        "国办秘函〔2019〕19号 政府网站检查指标 功能设计（支持IPv6访问）",
        "国办发〔2017〕47号 政府网站发展指引（安全防护）",
    ),
    messages={
        "passed": "{host}支持{name}。",
        "failed": "{host}不支持{name}，应支持。",
        "failed.certificate": "{host}的HTTPS证书无效：{flaw}。应为受信任机构签发、在有效期内、与域名相符的证书。",
        "failed.mixed": "首页以HTTPS打开，但引用了{count}个HTTP资源，应为0个，如{example}。",
        "cannot-tell": "无法判定：{host}的{name}尚未测得（本机没有相应网络或未测试）。",
        "inapplicable": "{host}不以HTTPS提供服务，{name}不适用。",
    },
    why="没有HTTPS的网页可能在途中被篡改；IPv6是国家部署要求。",
    fix="1. 请平台方申请并部署受信任的HTTPS证书，HTTP访问自动跳转到HTTPS。"
    "2. 页面中的图片、脚本改用HTTPS地址。"
    "3. 为域名增加AAAA记录并开通IPv6。",
    recheck="重新连接{host}，{name}可用。",
    examples=(
        Example(
            "已支持HTTPS",
            tiny(all_hosts=(_SECURE,)),
            "passed",
            "www.example.gov.cn支持HTTPS访问。",
            subject="connection:https",
        ),
        Example(
            "没有HTTPS",
            tiny(all_hosts=(host(_HOST, https=False),)),
            "failed",
            "www.example.gov.cn不支持HTTPS访问，应支持。",
            subject="connection:https",
        ),
        Example(
            "证书过期",
            tiny(all_hosts=(replace(_SECURE, certificate_ok=False, certificate="certificate has expired"),)),
            "failed",
            "www.example.gov.cn的HTTPS证书无效：已过期。应为受信任机构签发、在有效期内、与域名相符的证书。",
            subject="connection:certificate",
        ),
        Example(
            "HTTPS页面混用HTTP图片",
            tiny(
                pages=[replace(home(), url=_HTTPS)],
                all_hosts=(_SECURE,),
                page_links={_HTTPS: (Link("http://www.example.gov.cn/a.png", "", kind="image"),)},
            ),
            "failed",
            "首页以HTTPS打开，但引用了1个HTTP资源，应为0个，如http://www.example.gov.cn/a.png。",
            subject="connection:mixed-content",
        ),
        Example(
            "本机没有IPv6",
            tiny(all_hosts=(host(_HOST, https=True),)),
            "cannot-tell",
            "无法判定：www.example.gov.cn的IPv6访问尚未测得（本机没有相应网络或未测试）。",
            subject="connection:ipv6",
            reason="sample-short",
        ),
        Example(
            "不以HTTPS服务时不看证书",
            tiny(all_hosts=(host(_HOST, https=False),)),
            "inapplicable",
            "www.example.gov.cn不以HTTPS提供服务，有效的HTTPS证书不适用。",
            subject="connection:certificate",
        ),
    ),
)
def connection_outdated(snapshot: Snapshot, params: Connection) -> Iterator[Verdict]:
    main = snapshot.district.site.main_host
    state = snapshot.host(main) or HostState(main, None)
    proved = {"https": state.https, "certificate": state.certificate_ok, "ipv6": state.ipv6}
    evidence = (Evidence(snapshot.district.site.home, state.sha256, state.fetched_at),)
    for item in params.items:
        subject, data = f"connection:{item}", {"host": main, "name": _ITEMS.get(item, item)}
        if item in ("certificate", "mixed-content") and state.https is False:
            yield inapplicable(subject, data=data)
        elif item == "mixed-content":
            yield _mixed(snapshot, subject, data)
        elif proved.get(item) is None:
            yield cannot_tell(subject, Reason.SAMPLE_SHORT, data=data, variant="cannot-tell")
        elif proved[item]:
            yield passed(subject, data=data, evidence=evidence)
        elif item == "certificate":
            flaw = next((words for mark, words in _FLAWS if mark in state.certificate.lower()), "")
            more = {**data, "flaw": flaw or f"验证未通过（{state.certificate or '原因未说明'}）"}
            yield failed(subject, data=more, evidence=evidence, variant="failed.certificate")
        else:
            yield failed(subject, data=data, evidence=evidence)


def _mixed(snapshot: Snapshot, subject: str, data: dict[str, str]) -> Verdict:
    page = snapshot.home()
    if page is None or not page.url.startswith("https://"):
        return cannot_tell(subject, Reason.SAMPLE_SHORT, data=data, variant="cannot-tell")
    resources = [link.url for link in snapshot.links(page.url) if link.kind in ("image", "frame")]
    plain = [url for url in resources if url.startswith("http://")]
    if not resources:
        return cannot_tell(subject, Reason.SAMPLE_SHORT, data=data, variant="cannot-tell")
    if not plain:
        return passed(subject, data=data, evidence=(Evidence.of(page),))
    more = {**data, "count": len(plain), "example": plain[0], "resources": plain[:50]}
    return failed(subject, data=more, evidence=(Evidence.of(page, plain[0]),), variant="failed.mixed")


class PageSlow(Params):
    limit_s: float = number("页面打开时间上限", unit="秒", default=3, stricter="lower", gt=0)
    size: int = number("抽查页数", unit="页", default=20, stricter="higher", ge=1)
    tries: int = number("每页测量次数（取中位数）", unit="次", default=3, stricter="higher", ge=1)


@rule(
    "page-slow",
    version=1,
    title="页面打开慢",
    topic="availability",
    logic="S",
    params=PageSlow,
    legal=("国办发〔2017〕47号 政府网站发展指引（页面加载时间原则上不超过3秒）",),
    messages={
        "passed": "{url}打开用时{seconds}秒（{tries}次中位数），限{limit}秒，未超过。",
        "failed": "{url}打开用时{seconds}秒（{tries}次中位数），限{limit}秒，超过{over}秒。",
        "cannot-tell": "无法判定：应测{size}页、每页{tries}次，已测满{seen}页；"
        "未作页面计时，测量时本机繁忙，或页面引用的资源长时间不响应。",
    },
    why="打开慢的页面群众等不及就离开，也常常是图片、脚本过大的信号。",
    fix="1. 压缩首页和栏目页的大图，改用适合网页的格式和尺寸。"
    "2. 请平台方合并脚本、启用缓存和压缩。"
    "3. 仍慢的，检查服务器负载和带宽。",
    recheck="用浏览器重新打开{url}共{tries}次，中位数不超过{limit}秒。",
    examples=(
        Example(
            "一秒多打开",
            tiny(pages=[home(load_ms=(1200, 1500, 1300))]),
            "passed",
            "http://www.example.gov.cn/打开用时1.3秒（3次中位数），限3秒，未超过。",
            subject=HOME,
        ),
        Example(
            "五秒才打开",
            tiny(pages=[home(load_ms=(5200, 900, 5100))]),
            "failed",
            "http://www.example.gov.cn/打开用时5.1秒（3次中位数），限3秒，超过2.1秒。",
            subject=HOME,
        ),
        Example(
            "没有测量",
            tiny(pages=[home(), article("a.html", "文")]),
            "cannot-tell",
            "无法判定：应测2页、每页3次，已测满0页；未作页面计时，测量时本机繁忙，或页面引用的资源长时间不响应。",
            reason="sample-short",
        ),
    ),
)
def page_slow(snapshot: Snapshot, params: PageSlow) -> Iterator[Verdict]:
    pages = sampled_pages(snapshot, params.size)
    measured = [page for page in snapshot.pages() if len(page.load_ms) >= params.tries]
    for page in measured:
        seconds = median(page.load_ms) / 1000
        data: dict[str, object] = {
            "url": page.url, "seconds": f"{seconds:.1f}", "limit": f"{params.limit_s:g}", "tries": len(page.load_ms),
            "over": f"{seconds - params.limit_s:.1f}",
        }  # fmt: skip
        verdict = failed if seconds > params.limit_s else passed
        yield verdict(page.url, unit=page.owner, url=page.url, data=data, evidence=(Evidence.of(page),))
    due = len(pages) if pages and snapshot.site_coverage().complete else params.size
    if len(measured) < due:
        short = {"size": due, "tries": params.tries, "seen": len(measured)}
        yield cannot_tell(snapshot.district.site.main_host, Reason.SAMPLE_SHORT, data=short, variant="cannot-tell")
