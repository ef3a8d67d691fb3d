"""A special topic of single pages: faults of wording, privacy, secrecy and links, each beside clean pages like it."""

# ruff: noqa: E501 - sentences of the fictitious site stay whole

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from audit.demo.bodies import body
from audit.demo.families import Section, publish
from audit.demo.grammar import news_html
from audit.demo.layout import Crumbs
from audit.demo.model import CASINO, CITY_ARCHIVE, GONE, PROVINCE, SHOP, Item, Replica, Response, ago, on

TOPIC = "/zt/nrgf/"
_CRUMBS: Crumbs = (("首页", "/"), ("专题专栏", "/zt/"))
HEAD_REFUSED = f"http://{CITY_ARCHIVE}/fwzn.html"  # answers GET, and HEAD with 405
NAMED_IN_QUERY = f"http://{CITY_ARCHIVE}/cx?site={GONE}"  # a living host; the closed one is only an argument


@dataclass(frozen=True, slots=True)
class Page:
    """One article: what is planted in it, and whether a naive tool would be wrong to accuse it (`trap`)."""

    key: str
    title: str
    html: str
    trap: bool = False
    at: datetime | None = None
    marks: frozenset[str] = frozenset()
    meta_title: str = ""


def card_number() -> str:
    """Sixteen digits that begin with an issuer no bank has, and whose check digit is right."""
    stem = "999900000000001"
    total = sum(sum(divmod(int(c) * (2 - n % 2), 10)) for n, c in enumerate(stem))
    return f"{stem}{-total % 10}"


HALL = "zwfwzx.yunling-demo.gov.cn"  # answers its front page where it has nothing
SHELL = "app.yunling-demo.gov.cn"  # answers one and the same shell everywhere; scripts do the rest
PLANS = "zlg.yunling-demo.gov.cn"  # the city's exhibition hall
LOST_NOTICE = f"http://{PLANS}/zx/2024/notice.html"  # "no such page", with status 200
LOST_HALL = f"http://{HALL}/wd/3.html"
SHORT_NOTICE = f"http://{PLANS}/zx/2025/hours.html"  # a short page that is one
HALLS = tuple(f"http://{HALL}/wd/{n}.html" for n in (1, 2, 3))
SHELLS = tuple(f"http://{SHELL}/wd/{n}" for n in (1, 2, 3))


def _links_elsewhere() -> str:
    urls = (LOST_NOTICE, SHORT_NOTICE, *HALLS, *SHELLS)
    return "".join(f'<p>网点{n}：<a href="{url}">政务服务网点{n}的介绍</a></p>' for n, url in enumerate(urls, 1))


_PAGES: tuple[Page, ...] = (
    Page("wording", "平台使用指引", "<p>请凭单位账号登陆系统后填报，逾期不再受理。</p>"),
    Page("correction", "稿件更正说明", "<p>稿件中“领导小姐”应为“领导小组”，现予更正。</p>", trap=True),
    Page("typhoon", "防汛会商", "<p>受台风登陆系统性影响，全区启动应急响应。</p>", trap=True),
    Page("former", "区政府召开全体会议", "<p>区长示例二主持会议并讲话。</p>"),
    Page("in-office", "区政府召开年度工作会议", "<p>区长示例二主持会议并讲话。</p>", trap=True, at=on("2023-06-01")),
    Page("card", "补贴发放公示", f"<p>补贴对象乙某某，开户行示例银行，银行卡号{card_number()}，金额900元。</p>"),
    Page(
        "deposit",
        "示范工程招标公告",
        f"<p>投标保证金请缴至专户，户名：示例交易中心，账号{card_number()}。</p>",
        trap=True,
    ),
    Page("secret", "关于有关工作的通知", "<p>机密★5年</p><p>请各单位按要求抓好落实。</p>"),
    Page(
        "declassified",
        "保密知识问答",
        "<p>问：国家秘密10年保密期限届满后怎么办？答：自行解密，另有规定的除外。</p>",
        trap=True,
    ),
    Page(
        "off-screen",
        "服务信息更新",
        f'<p>详情见正文。</p><a style="position:absolute;left:-9999px" href="http://{CASINO}/">在线客服</a>',
    ),
    Page(
        "hidden-gov",
        "统一身份认证说明",
        f'<div style="display:none"><a href="http://{PROVINCE}/">北原省政务服务网</a></div>',
        trap=True,
    ),
    Page(
        "against-gambling",
        "拒绝网络赌博",
        f'<p>发现线索请到<a href="http://{CITY_ARCHIVE}/jb/">举报网络赌场和投注网站</a>。</p>',
        trap=True,
    ),
    Page("shop", "农特产品推介", f'<p><a href="http://{SHOP}/">限时抢购青禾大米</a></p>'),
    Page("voucher", "文旅消费季", '<p>活动说明见<a href="/xwzx/mtjj/">领取文旅消费优惠券</a>。</p>', trap=True),
    Page(
        "lessons",
        "技能培训开班",
        f'<p>课程由省平台提供：<a href="http://{PROVINCE}/">免费试听职业技能课程</a>。</p>',
        trap=True,
    ),
    Page("named-site", "网站整合公告", f"<p>青禾旧版网站（{GONE}）已经关停，请勿访问。</p>", trap=True),
    Page(
        "query",
        "网站档案查询",
        f'<p>关停网站的档案可到<a href="{NAMED_IN_QUERY}">云岭市档案馆</a>查询。</p>',
        trap=True,
    ),
    Page("head-405", "档案查询说明", f'<p>办理流程见<a href="{HEAD_REFUSED}">档案服务指南</a>。</p>', trap=True),
    Page("split-source", "基层宣讲走进社区", "", trap=True, marks=frozenset({"split-source"})),
    Page("publisher", "便民服务事项调整", "", trap=True, marks=frozenset({"publisher"})),
    Page("wide-title", "“一件事”改革:进展(一)", "", trap=True, meta_title="“一件事”改革：进展（一） "),
    Page("dash-date", "政务公开培训通知稿", "", trap=True, marks=frozenset({"dash-date"})),
    Page(
        "closed",
        "民政专题回顾",
        '<p><a href="#later">后续安排</a> <a href="#now">本期内容</a> <a href="/zt/2026yd/#rwfj">任务分解</a> <a href="/bsfw/bszn/#q">指南</a> <a href="/zwgk/xxgkml/jyj/gzdt/#zxdt">教育动态</a> <a href="/internal/flow.html#lct">流程图</a> <a href="/xmt/#/zz">矩阵</a></p><p id="now">更多内容见<a href="http://www.qinghe-oldmz.invalid/">青禾民政旧网</a>。</p>',
    ),
    Page("elsewhere", "全市政务服务网点一览", _links_elsewhere()),
)


def _item(n: int, page: Page) -> Item:
    who = body("zfb")
    text = news_html(who.short, "政务公开", "lookalike", page.key) + page.html
    at = page.at or ago(10 + n * 3, 9, n)
    return Item(595_100 + n, page.title, at, who.full, text, marks=page.marks, meta_title=page.meta_title)


def _section() -> Section:
    items = tuple(_item(n, page) for n, page in enumerate(_PAGES))
    return Section("内容规范专题", TOPIC, items, crumbs=_CRUMBS, column_type="专题专栏", per_page=50)


def address(key: str) -> str:
    """Where the page of a key is. Raises StopIteration for a key that is not planted."""
    section = _section()
    n = next(n for n, page in enumerate(_PAGES) if page.key == key)
    return section.address(section.items[n])


def add_lookalikes(replica: Replica) -> None:
    publish(replica, _section())
    whole = "<!DOCTYPE html><html><head><title>云岭市档案馆（演示替身）</title></head><body><h1>云岭市档案馆</h1></body></html>"
    replica.add(CITY_ARCHIVE, "/fwzn.html", lambda: Response(whole.encode(), fault="no-head"))
    for path in ("/jb/", "/cx"):
        replica.add(CITY_ARCHIVE, path, lambda: Response(whole.encode()))
    _add_elsewhere(replica)
    for host in (CASINO, SHOP):
        replica.add(host, "/", lambda: Response("<title>无关网站（演示替身）</title>".encode()))


def _add_elsewhere(replica: Replica) -> None:
    """Deep pages of other bodies: all answer HEAD with 200, and what they say only shows when they are read."""
    replica.add(PLANS, "/zx/2024/notice.html", lambda: _stand_in("提示信息", "您访问的页面不存在或已被删除。"))
    replica.add(PLANS, "/zx/2025/hours.html", lambda: _stand_in("开放时间", "周二至周日9时至17时，周一闭馆。"))
    for n in (1, 2):
        about = f"第{'一二'[n - 1]}网点在示例路{n}号，可办理社保、税务和不动产登记业务，请带好身份证件。"
        replica.add(HALL, f"/wd/{n}.html", lambda n=n, about=about: _stand_in(f"网点{n}", about))  # type: ignore[misc]
    front = "云岭市政务服务中心设有四个网点，工作日9时至17时对外服务，节假日办理预约事项。"
    replica.fall_back(HALL, _stand_in("云岭市政务服务中心", front))
    shell = '<!DOCTYPE html><html><head><title>掌上云岭</title></head><body><div id="app"></div><script src="/a.js"></script></body></html>'
    replica.fall_back(SHELL, Response(shell.encode()))


def _stand_in(title: str, text: str) -> Response:
    page = f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{title}（演示替身）</title></head><body><h1>{title}</h1><p>{text}</p></body></html>"
    return Response(page.encode())
