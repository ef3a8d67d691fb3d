"""The portal's front, news, overview, search, site map and helper pages."""

# ruff: noqa: E501 - sentences of the fictitious site stay whole

from __future__ import annotations

from dataclasses import replace
from html import escape
from urllib.parse import parse_qs, urljoin

from audit.demo.bodies import BODIES, body
from audit.demo.families import Section, publish
from audit.demo.grammar import dice, html, news_html, news_title, notice_html, notice_title
from audit.demo.layout import NAV, PHONE_AREA, Crumbs, Frame, Meta, page
from audit.demo.lookalikes import HEAD_REFUSED
from audit.demo.model import (
    BARE,
    GONE,
    GUARDED,
    MOBILE,
    OLD_FRONT,
    PARTNER,
    PROVINCE,
    SITE_NAME,
    WWW,
    Item,
    Replica,
    Response,
    ago,
)
from audit.demo.statics import static, tiles

NEWS, NOTICES = "/xwzx/qhyw/", "/xwzx/tzgg/"
_HOME: Crumbs = (("首页", "/"),)
_SIDES: Crumbs = (("青禾要闻", NEWS), ("通知公告", NOTICES), ("媒体聚焦", "/xwzx/mtjj/"), ("图说青禾", "/xwzx/tsqh/"))


def add_portal(replica: Replica, policies: Section, talks: Section) -> None:
    news, notices = _news(replica), _notices(replica)
    _media_echo(replica)
    static(replica, "/xwzx/", "新闻动态", tiles(list(_SIDES)), crumbs=_HOME, kind="工作动态")
    _overview(replica)
    _home(replica, news, notices, policies, talks)
    _helpers(replica)
    _search(replica, (news, notices, policies, talks))


def _news(replica: Replica) -> Section:
    rng, items = dice("news"), []
    for n in range(22):
        who = BODIES[n % len(BODIES)]
        duty = who.duties[n % len(who.duties)]
        at = ago(1 + n * 2, 8 + rng.randint(0, 9), rng.randint(0, 59))
        marks: frozenset[str] = frozenset()
        after = ""
        if n == 2:
            marks = frozenset({"script-date"})  # trap: the date is written by document.write
        if n == 5:
            marks = frozenset({"no-source"})
        if n == 8:
            marks = frozenset({"no-source"})
        item = Item(
            500_100 + n, news_title(who.short, duty, n + 3), at, f"{who.full}",
            news_html(who.short, duty, "portal", n), marks=marks, after=after,
            frame="iframe" if n == 3 else "broken-lines" if n == 6 else "",
        )  # fmt: skip
        if n in (12, 13):  # planted: a letter of the name is wrong; trap: the name is right
            name = "示列一" if n == 12 else "示例一"
            item = replace(item, html=f"{item.html}<p>区长{name}参加活动。</p>")
        if n == 10:  # trap: PubDate is the following day, when the page was made again
            item = replace(item, meta_at=ago(n * 2, 3, 0))
        if n == 11:  # planted: PubDate is years away from what the page shows
            item = replace(item, meta_at=ago(900, 3, 0))
        items.append(item)
    return publish(
        replica,
        Section(
            "青禾要闻",
            NEWS,
            tuple(items),
            crumbs=(*_HOME, ("新闻动态", "/xwzx/")),
            sides=_SIDES,
            side_title="新闻动态",
        ),
    )


def _notices(replica: Replica) -> Section:
    items = []
    for n in range(12):
        who = BODIES[(n * 5) % len(BODIES)]
        duty = who.duties[n % len(who.duties)]
        at = ago(5 + n * 9, 10, n)
        text = notice_html(who.full, duty, at, f"{PHONE_AREA}-{who.phone}", "portal", n)
        # planted: the address says two months earlier than the page
        moved = f"{NOTICES}202607/t20260710_{510_100 + n}.html" if n == 2 else ""
        items.append(Item(510_100 + n, f"{who.full}{notice_title(duty, n, at)}", at, who.full, text, path=moved))
    return publish(
        replica,
        Section(
            "通知公告", NOTICES, tuple(items), crumbs=(*_HOME, ("新闻动态", "/xwzx/")), sides=_SIDES,
            side_title="新闻动态", column_type="工作动态", description="青禾区通知公告",
        ),
    )  # fmt: skip


def _media_echo(replica: Replica) -> None:
    """Two small columns with what naive tools trip over: a title with a later date, a word that looks like a blank."""
    who = body("zfb")
    odd = (
        ("暂无社会救助需求家庭也可申请临时救助？一文读懂", 20),
        ("2027年元旦假期景区开放时间提前公布", 33),
        ("“建设中的青禾”摄影作品征集启动", 47),
        ("青禾区政务公开经验获推广", 61),
    )
    items = [
        Item(520_100 + n, title, ago(days, 11, 5), who.full, news_html(who.short, "政务公开", "echo", n))
        for n, (title, days) in enumerate(odd)
    ]
    advert = f'<p><a href="http://{PARTNER}/">扫码领取优惠券</a></p>'  # planted
    items[3] = replace(items[3], html=items[3].html + advert)
    crumbs = (*_HOME, ("新闻动态", "/xwzx/"))
    publish(
        replica,
        Section("媒体聚焦", "/xwzx/mtjj/", tuple(items), crumbs=crumbs, sides=_SIDES, side_title="新闻动态"),
    )
    shots = [
        Item(521_100 + n, f"图说青禾：{who.duties[0]}见闻（{n + 1}）", ago(15 + n * 30, 9, n), who.full,
             news_html(who.short, who.duties[0], "shots", n))
        for n, who in enumerate(BODIES[4:9])
    ]  # fmt: skip
    publish(
        replica,
        Section("图说青禾", "/xwzx/tsqh/", tuple(shots), crumbs=crumbs, sides=_SIDES, side_title="新闻动态"),
    )


def _overview(replica: Replica) -> None:
    text = html(
        [
            "青禾区位于云岭市东部，因沃野青禾得名，是一个虚构的演示区，辖三镇一街道，总面积三百六十平方公里，常住人口二十八万人。",
            "全区以粮食、蚕桑和农产品加工为主导产业，近年来围绕城乡融合持续改善交通、教育、医疗和养老服务，建成标准化便民服务中心四处。",
            "区内河网密布，灌区设施完善，森林覆盖率百分之三十二，空气质量优良天数比例连续三年保持在百分之九十以上。",
            "更新日期：2026年2月10日",
        ]
    )
    static(replica, "/zjqh/", "走进青禾", text, crumbs=_HOME, kind="概况信息")


def _home(replica: Replica, news: Section, notices: Section, policies: Section, talks: Section) -> None:
    # The first block is three weeks old, as interpretations are; what is new stands further down: a trap.
    blocks = [(s.label, s.url, _top(s)) for s in (talks, policies, notices, news)]
    quick = [
        ("政府信息公开", "/zwgk/"), ("政策文件库", "/zwgk/zcwjk/"), ("依申请公开", "/zwgk/ysqgk/"),
        ("办事服务", "/bsfw/"), ("区长信箱", "/hdjl/qzxx/"), ("征集调查", "/hdjl/zjdc/"),
        ("公共企事业单位信息公开", "/zwgk/ggqsy/"), ("政府公报", "/zwgk/zfgb/"),
        ("政府网站工作年度报表", "/zwgk/wznb/"), ("2026年政务公开工作要点落实", "/zt/2026yd/"),
    ]  # fmt: skip
    friends = [
        ("北原省政务服务网", f"http://{PROVINCE}/"),
        ("云岭市统计局", f"http://{GUARDED}/"),
        ("合作伙伴服务平台", f"http://{PARTNER}/"),
        ("活动报名（已结束）", "/zt/2024bm/index.html"),
        ("青禾旧版网站", f"http://{GONE}/"),
        ("云岭市档案服务指南", HEAD_REFUSED),
    ]
    quick = [(text, urljoin(f"http://{WWW}/", href)) for text, href in quick]
    friends = [(text, urljoin(f"http://{WWW}/", href)) for text, href in friends]
    frame = Frame(SITE_NAME, (), Meta(), template="home")
    make = lambda: page("home.html", frame, blocks=blocks, quick=quick, friends=friends)  # noqa: E731
    replica.add(WWW, "/", make)
    replica.add(WWW, "/index.html", make)
    replica.add(BARE, "/", make)  # planted: the bare name serves the site instead of leading to www
    replica.add(OLD_FRONT, "/", make)  # planted: an older name does so, too
    replica.add(MOBILE, "/", lambda: Response(status=301, headers=(("Location", f"http://{WWW}/"),)))


def _top(section: Section) -> list[tuple[str, str, str]]:
    newest = sorted(section.items, key=lambda i: i.at, reverse=True)[:6]
    return [(i.title, section.address(i), f"{i.at:%Y-%m-%d}") for i in newest]


def _helpers(replica: Replica) -> None:
    links = [(text, href) for text, href in NAV]
    links += [
        ("部门和镇街信息公开目录", "/zwgk/xxgkml/"),
        ("青禾要闻", NEWS),
        ("通知公告", NOTICES),
        ("政策解读", "/zwgk/zcjd/"),
        ("政务新媒体矩阵", "/xmt/"),
        ("网站导航", "/wzdh/"),
    ]
    static(replica, "/wzdt/", "网站地图", tiles(links), crumbs=_HOME, kind="概况信息")
    contact = (
        "<p>主办单位：云岭市青禾区人民政府办公室</p><p>地址：云岭市青禾区示范大道1号</p>"
        f"<p>联系电话：{PHONE_AREA}-5550101（工作日）</p><p>本网站受理网站内容纠错，不受理信访举报。</p>"
    )
    static(replica, "/lxwm/", "联系我们", contact, crumbs=_HOME, kind="概况信息")
    wza = (
        "<p>本页面提供无障碍浏览和长者模式，可使用语音朗读、放大字体、高对比度、大鼠标指针和键盘导航。</p>"
        '<p><button type="button">放大</button> <button type="button">缩小</button> '
        '<button type="button">高对比度</button> <button type="button">语音朗读</button></p>'
        # trap: the tool bar of the elder mode lies over the page, as it should
        '<div style="position:fixed;left:0;bottom:0;width:100%;height:28%;z-index:200;background:#fff">'
        "<p>长者模式工具条：放大、缩小、语音朗读、退出服务</p></div>"
    )
    static(replica, "/wza/", "无障碍浏览和长者模式", wza, crumbs=_HOME, kind="概况信息")
    whole = page("footer_page.html", Frame("页脚"))
    replica.add(WWW, "/assets/footer.html", lambda: whole)
    robots = b"User-agent: *\nDisallow: /internal/\n"
    replica.add(WWW, "/robots.txt", lambda: Response(robots, "text/plain; charset=utf-8"))


def _search(replica: Replica, sections: tuple[Section, ...]) -> None:
    places = [(s.address(i), i.title) for s in sections for i in s.items]

    def find(query: str, form: str) -> Response:
        words = parse_qs(query).get("q", [""])[0].strip()
        hits = [(href, title) for href, title in places if words and words in title][:20]
        rows = "".join(f'<li><a href="{href}">{escape(title)}</a></li>' for href, title in hits)
        text = f"<p>共找到{len(hits)}条与“{escape(words)}”有关的结果</p><ul>{rows}</ul>"
        frame = Frame("站内搜索", (("首页", "/"), ("站内搜索", "/search")), Meta())
        return page("plain.html", frame, heading="站内搜索", body=text, sides=(), side_title="")

    replica.answer(WWW, "/search", find)
