"""Four small sites of bodies under the district, each audited as a district of its own.

Some rules give one verdict for a whole site: whether it has a search, an entry for the elderly, a channel for
questions. So that each of them meets two faults and two clean cases that look like one, there are four more sites.
They are served beside the portal; `write_folder` makes the configuration to audit one with.
"""

# ruff: noqa: E501 - sentences of the fictitious site stay whole

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from audit.demo.layout import SITE_CODE
from audit.demo.model import AS_OF, CLOUD, PARTNER, Replica, Response, ago
from audit.demo.zoneshelves import REGISTERED, SHELVES, Shelf
from checks.outcomes import FetchOutcome
from crawler.probelog import ProbeLog, ProbeRow

_FILLER = "本区坚持生态优先、绿色发展，扎实推进项目建设和公共服务，欢迎社会各界监督。" * 4
_POPUP = (
    '<div class="{name}" style="position:fixed;right:0;bottom:0;width:60%;height:50%;z-index:999;background:#fff">'
    '<p>{words}</p><p><a href="/app/">{button}</a></p></div>'
)
_SILENT = "qxt.yunling-demo.gov.cn"  # never answers: a picture from there is waited for in vain
PROBES_A_DAY, PROBE_DAYS = 20, 7


@dataclass(frozen=True, slots=True)
class Zone:
    """One site. `top` stands above the navigation, `nav` are its links, `pages` further addresses with their content.

    `columns` are rows of columns.csv (id, label, path, class, role); `faults` are probes that did not open.
    """

    id: str
    host: str
    name: str
    top: str = ""
    nav: tuple[tuple[str, str], ...] = ()
    pages: dict[str, str] = field(default_factory=dict)
    columns: tuple[tuple[str, str, str, str, str], ...] = ()
    faults: tuple[str, ...] = ()
    slow: str = ""  # a page that opens after six seconds; must be among the `timed`
    added: tuple[str, str] = ("", "")  # an article and what stands below its text; must be among the `timed`
    timed: int = 20  # pages whose opening is timed

    @property
    def home(self) -> str:
        return f"http://{self.host}/"

    @property
    def shelves(self) -> tuple[Shelf, ...]:
        return SHELVES[self.id]


def _form(*names: str) -> str:
    fields = "".join(f'<p><label for="f{n}">{x}</label><input id="f{n}" name="{x}"></p>' for n, x in enumerate(names))
    return f'<form action="/send" method="post">{fields}<textarea name="content" aria-label="内容"></textarea><button>提交</button></form>'


def _messages(*entries: tuple[str, int]) -> str:
    rows = "".join(
        f'<li><a href="/ly/{n}.html">{title}</a><span>{ago(days):%Y-%m-%d}</span></li>'
        for n, (title, days) in enumerate(entries)
    )
    return f"<ul>{rows}</ul>"


def _message(title: str, days: int) -> str:
    return f"<p>留言时间：{ago(days):%Y-%m-%d}</p><p>留言内容：{title}</p><p>答复时间：{ago(days - 2):%Y-%m-%d}</p><p>答复内容：已办理。</p>"


ZONES: tuple[Zone, ...] = (
    Zone(  # no search, no entry for the elderly, nothing but a way to complain, a link that leaves without a word
        "jingqu", "jq.qinghe-demo.gov.cn", "青禾湿地景区管理委员会",
        nav=(("信访举报", "/xfjb/"),),
        pages={"/xfjb/": "<p>信访举报电话：0980-5550199。</p>",
               "/ly/": f'<p><a href="http://{PARTNER}/">门票预订</a></p><p>{_FILLER}</p>'},
        faults=("timeout",) * 9, slow="/dt/4.html",
    ),
    Zone(  # an icon without words for the elderly; the channel and the search are dead
        "kaifaqu", "www.qinghe-kfq-demo.gov.cn", "青禾经济开发区管理委员会",
        top='<a href="/wza/"><img src="/wza.png" alt="" width="40" height="40"></a> <a href="/ss/">站内搜索</a>',
        pages={"/wza/": f"<p>{_FILLER}</p>"},
        columns=(("zx", "网上咨询", "/zx/", "静态", "mailbox"),),
        faults=("slow",) * 8, slow="/dt/3.html",
    ),
    Zone(  # what a naive tool looks for is there under other names; messages without any figures
        "gaoxin", "www.qinghe-gx-demo.gov.cn", "青禾高新园区管理委员会",
        top='<a href="/elder/"><img src="/elder.png" alt="长辈版" width="60" height="40"></a>'
        '<form action="/find" method="get"><input name="wd" aria-label="关键"><input type="image" src="/elder.png" alt="找"></form>',
        nav=(("留言公开", "/ly/"), ("建言献策", "/jyxc/")),
        pages={
            "/elder/": f"<p>{_FILLER}</p>" + _POPUP.format(name="ad", words="优惠推广广告", button="立即购买"),
            "/jyxc/": _form("title", "phone", "name"),
            "/ly/": _messages(("园区班车时刻", 12), ("停车位不足", 30)),
            "/ly/0.html": _message("园区班车时刻", 12), "/ly/1.html": _message("停车位不足", 30),
        },
        columns=(("ly", "留言公开", "/ly/", "留言", "messages"),),
        faults=("own",) * 9, timed=60,  # all: that one of them could not be timed has to show
        added=("/dt/3.html", f'<img src="http://{_SILENT}/" alt="天气" width="80" height="40">'),
    ),
    Zone(  # a button as entry, a link as search; figures about messages that are old
        "shuixiang", "www.qinghe-sx-demo.gov.cn", "青禾水乡新区管理委员会",
        top='<button type="button" onclick="location.href=\'/elder/\'">大字版</button> <a href="/ss/">全文检索</a>',
        nav=(("书记信箱", "/sjxx/"), ("留言公开", "/ly/"), ("留言统计", "/tj/"), ("在线直播", f"http://{CLOUD}/zb/")),
        pages={
            "/elder/": f"<p>{_FILLER}</p>" + _POPUP.format(name="app", words="水乡通客户端", button="下载安装"),
            "/ss/": '<form action="/find"><input name="q" aria-label="检索词"><button>检索</button></form>',
            "/sjxx/": _form("title", "phone", "name"),
            "/ly/": _messages(("河道清淤进度", 20), ("路灯维修", 45)),
            "/ly/0.html": _message("河道清淤进度", 20), "/ly/1.html": _message("路灯维修", 45),
            "/tj/": f'<ul><li><a href="/tj/1.html">2026年第一季度留言统计</a><span>{ago(170):%Y-%m-%d}</span></li></ul>',
            "/tj/1.html": f"<p>发布时间：{ago(170):%Y-%m-%d}</p><p>第一季度共收到留言35件，答复35件。</p>",
        },
        columns=(("ly", "留言公开", "/ly/", "留言", "messages"), ("tj", "留言统计", "/tj/", "其他", "message-statistics")),
        faults=("timeout",) * 6, added=("/dt/3.html", f"<!--{'x' * 2_000_000}-->"),
    ),
)  # fmt: skip


def zone(zone_id: str) -> Zone:
    return next(z for z in ZONES if z.id == zone_id)


def add_zones(replica: Replica) -> None:
    for one in ZONES:
        news = {f"/dt/{n}.html": ago(8 + n * 3) for n in range(6)}
        rows = "".join(
            f'<li><a href="{path}">{one.name[2:4]}工作动态信息第{n + 1}期</a><span>{at:%Y-%m-%d}</span></li>'
            for n, (path, at) in enumerate(news.items())
        )
        replica.add(one.host, "/", _page(one, one.name, f"<ul>{rows}</ul><p>{_FILLER}</p>"))
        replica.add(one.host, "/dt/", _page(one, "工作动态", f"<ul>{rows}</ul>"))
        for n, (path, at) in enumerate(news.items()):
            info = f"<p>发布时间：{at:%Y-%m-%d}　来源：{one.name}</p>"
            more = one.added[1] if one.added[0] == path else ""
            title, text = f"{one.name[2:4]}工作动态信息第{n + 1}期", f"{info}<p>{_FILLER}</p>{more}"
            replica.add(one.host, path, _page(one, title, text, slow=path == one.slow))
        for path, text in one.pages.items():
            label = next((x for x, href in one.nav if href == path), "信息")
            title = f"[咨询] {path[4:5]}" if path.startswith("/ly/") and path.endswith(".html") else label
            replica.add(one.host, path, _page(one, title, text))
        for shelf in one.shelves:
            replica.add(one.host, shelf.path, _page(one, shelf.label, shelf.rows()))
            for path, entry in shelf.paths().items():
                info = f"<p>发布时间：{ago(entry.days):%Y-%m-%d}　来源：{one.name}</p>"
                replica.add(one.host, path, _page(one, entry.title, info + entry.html))


def _page(one: Zone, title: str, content: str, *, slow: bool = False) -> Callable[[], Response]:
    links = [("首页", "/"), ("工作动态", "/dt/"), *one.nav, *((s.label, s.path) for s in one.shelves)]
    links += [
        ("服务", path)
        for path in one.pages
        if path.count("/") == 2 and path not in {h for _, h in one.nav} | {"/elder/", "/ss/", "/wza/"}
    ]
    nav = "".join(f'<a href="{href}">{text}</a> ' for text, href in links)
    text = (
        f'<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>{title}_{one.name}</title></head><body>'
        f'<div class="header">{one.top}</div><div class="nav">{nav}</div><main><h1>{title}</h1>{content}</main>'
        f'<div class="footer">主办单位：{one.name}　政府网站标识码：{SITE_CODE}</div></body></html>'
    )
    return lambda: Response(text.encode(), fault="slow" if slow else "")


def write_folder(one: Zone, folder: Path) -> None:
    """Everything `govaudit run FOLDER` needs to audit the site. Raises OSError."""
    (folder / "standards").mkdir(parents=True)
    (folder / "district.toml").write_text(_district(one), "utf-8")
    (folder / "standards" / "zone.toml").write_text(_standard(), "utf-8")
    units = f"unit_id,name_full,name_short,group,confirmed\nzone,{one.name},{one.name[2:]},直属及派出,Y\n"
    (folder / "units.csv").write_text(units, "utf-8")
    rows = [("dt", "工作动态", "/dt/", "动态", ""), *one.columns]
    rows += [(s.id, s.label, s.path, s.kind, s.role) for s in one.shelves if s.kind]
    lines = ["column_id,label,path,unit_id,column_class,role,confirmed"]
    lines += [f"{i},{label},{path},zone,{kind},{role},Y" for i, label, path, kind, role in rows]
    (folder / "columns.csv").write_text("\n".join(lines) + "\n", "utf-8")


_HOSTS = (PARTNER, CLOUD, _SILENT)


def _district(one: Zone) -> str:
    registered = ", ".join(f'"{number}"' for number in REGISTERED[one.id])
    resolve = "\n".join(f'"{host}" = "127.0.0.1:1"' for host in (one.host, *_HOSTS))
    return f"""# 演示区的一个小网站，由 audit.demo.zones 写出，全部虚构
id = "{one.id}"
name = "{one.name[2:]}"
full_name = "{one.name}"
office = "{one.name}"
portal_owner = "zone"
standards = ["zone"]

[site]
name = "{one.name}"
home = "{one.home}"
main_host = "{one.host}"
hosts = ["{one.host}"]
allow_hosts = ["{CLOUD}"]

[crawl]
rate = 500
concurrency = 8
timeout_s = {8 if one.slow else 2}
max_minutes = 5
canary = "http://{CLOUD}/zb/"

[browser]
sample_articles = 2
timeout_s = 12

[overrides."link-dead"]
days = 1

[overrides."search-missing"]
days = 1

[overrides."policy-library-incomplete"]
registered = [{registered}]

# the machine that audits the replica may be busy: only what waits six seconds on purpose is slow
[overrides."page-slow"]
limit_s = 5
size = {one.timed}

[resolve]
{resolve}

[demo]
serve = true
as_of = "{AS_OF.isoformat()}"
"""


RULES = (
    "elder-entry-missing", "elder-mode-intrusive", "consultation-channel-missing", "message-statistics-missing",
    "search-missing", "search-misses-title", "site-unreachable", "page-slow", "domain-malformed",
    "link-leaves-unannounced", "columns-neglected", "decision-catalogue-missing", "policy-library-incomplete",
    "services-impractical",
)  # fmt: skip
"""Rules that give one verdict for a site or claim an absence from all of it: what the four sites are judged by."""


def _standard() -> str:
    head = """id = "zone"
title = "演示：小网站"
edition = "演示用，非正式文件"
effective_from = 2020-01-01
own_default = true
base = 100
pass_mark = 60
bonus_gate = 80
bonus_cap = 0

[[groups]]
id = "site"
title = "整站"
"""
    return head + "".join(
        f"""
[[indicators]]
id = "Z{n}"
title = "{rule}"
group = "site"
clause = "演示"
kind = "advice"
state = "zero"
confidence = "C"
rules = [{{ rule = "{rule}" }}]
"""
        for n, rule in enumerate(RULES, start=1)
    )


def write_probes(one: Zone, path: Path) -> None:
    """A week of probes as `govaudit probe` would have kept them, with the site's planted failures."""
    first = (AS_OF.astimezone(UTC) - timedelta(days=PROBE_DAYS - 1)).replace(hour=0, minute=0)
    with ProbeLog(path) as log:
        for n in range(PROBES_A_DAY * PROBE_DAYS):
            day, order = divmod(n, PROBES_A_DAY)
            kind = one.faults[n // 15] if n % 15 == 0 and n // 15 < len(one.faults) else ""
            log.append(_probe(one, first + timedelta(days=day, minutes=29 * order), kind))


def _probe(one: Zone, at: datetime, kind: str) -> ProbeRow:
    """`kind`: blank, timeout, slow (opens after 16 seconds) or own (our own network is down)."""
    failed = kind in ("timeout", "own")
    return ProbeRow(
        at.isoformat().replace("+00:00", "Z"), one.home, not failed, 16_000 if kind == "slow" else 900,
        FetchOutcome.TIMEOUT if failed else FetchOutcome.OK, None if failed else 200, control=kind != "own",
        control_url=f"http://{CLOUD}/zb/",
    )  # fmt: skip
