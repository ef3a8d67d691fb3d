"""The disclosure platform: guide, system, statutory content, annual reports, application, organ, leaders, catalogues."""

# ruff: noqa: E501 - sentences of the fictitious site stay whole

from __future__ import annotations

from dataclasses import replace

from audit.demo import documents
from audit.demo.assets import pdf, photo
from audit.demo.bodies import body
from audit.demo.departments import hub_links
from audit.demo.grammar import html, news_html
from audit.demo.layout import PHONE_AREA, Crumbs, Frame
from audit.demo.model import SITE_NAME, WWW, Item, Replica, ago, on
from audit.demo.statics import static, tiles
from audit.demo.statutory import CRUMBS, ROOT, STATUTORY, add_statutory, publish_column

SIDES: Crumbs = (
    ("政府信息公开指南", "/zwgk/zfxxgkzn/"),
    ("信息公开制度", "/zwgk/zfxxgkzd/"),  # planted: not the prescribed name
    ("法定主动公开内容", "/zwgk/fdzdgknr/"),
    ("信息公开年报", "/zwgk/zfxxgknb/"),  # planted: not the prescribed name
    ("依申请公开", "/zwgk/ysqgk/"),
    ("政策文件库", "/zwgk/zcwjk/"),
    ("政策解读", "/zwgk/zcjd/"),
    ("机构职能", "/zwgk/jgzn/"),
    ("领导之窗", "/zwgk/ldzc/"),
    ("部门和镇街信息公开目录", "/zwgk/xxgkml/"),
)


def add_platform(replica: Replica) -> None:
    office = body("zfb")
    static(replica, ROOT, "政府信息公开", _tools() + tiles(list(SIDES)), crumbs=CRUMBS[:1], kind="信息公开目录")
    _page(replica, "zfxxgkzn", "政府信息公开指南", documents.guide(office, "2026年3月18日"), "信息公开指南")
    _page(replica, "fdzdgknr", "法定主动公开内容", tiles(list(STATUTORY)), "信息公开目录")
    _page(replica, "zcwjk", "政策文件库", _library(), "政策文件")
    _page(replica, "xxgkml", "部门和镇街信息公开目录", tiles(hub_links()), "信息公开目录")
    _systems(replica)
    _reports(replica)
    _application(replica)
    _organ(replica)
    _leaders(replica)
    add_statutory(replica)


def _page(replica: Replica, folder: str, title: str, text: str, kind: str, frame: Frame | None = None) -> None:
    static(
        replica, f"{ROOT}{folder}/", title, text,
        crumbs=CRUMBS, sides=SIDES, side_title="政府信息公开", kind=kind, frame=frame,
    )  # fmt: skip


def _tools() -> str:
    return (
        '<form action="/search" method="get"><label for="gk">信息检索</label> <input id="gk" name="q"> '
        '<button type="submit">检索</button></form><p>公众可在本专栏检索、查阅、下载政府信息。'
        '<a href="/zwgk/fdzdgknr/">查阅公开信息</a>　'
        '<a href="/zwgk/ysqgk/sqb.pdf">下载申请表</a></p>'
    )


def _library() -> str:
    return _tools() + tiles([("区政府文件", "/zwgk/zcwjk/qzf/"), ("区政府办公室文件", "/zwgk/zcwjk/qzfb/")])


def _systems(replica: Replica) -> None:
    names = ("政府信息主动公开工作制度", "政府信息依申请公开办理规范", "政府信息公开保密审查制度", "政策解读工作制度")
    items = [
        Item(530_100 + n, f"青禾区{name}", ago(70 + n * 40, 10, 5), "青禾区人民政府办公室",
             html(["本制度适用于本区各行政机关，执行中的意见建议请反馈区政府办公室。"])
             + news_html("区政府办公室", "政务公开", "system", n))
        for n, name in enumerate(names)
    ]  # fmt: skip
    publish_column(replica, "zfxxgkzd", "信息公开制度", items)


def _reports(replica: Replica) -> None:
    district = replace(
        body("zfb"), id="district", full=SITE_NAME, short="青禾区", duties=("营商环境", "民生实事", "乡村振兴")
    )
    items = []
    for n, (year, day) in enumerate(((2025, "2026-03-20"), (2024, "2025-03-21"))):
        title = f"云岭市青禾区{year}年政府信息公开工作年度报告"
        text = documents.report(district, year)
        items.append(Item(540_100 + n, title, on(day, 16, 30), "青禾区人民政府办公室", text))
    links = "".join(
        f'<li><a href="{href}">{name}</a></li>' for name, href in (("各部门、各镇街年度报告汇总", "/zwgk/xxgkml/"),)
    )
    publish_column(replica, "zfxxgknb", "信息公开年报", items, kind="信息公开年报", lead=f"<ul>{links}</ul>")


def _application(replica: Replica) -> None:
    """The form. Planted: the description has no label, the proof of identity is missing."""
    text = (
        "<p>公民、法人和其他组织可以在线填写申请表，也可以下载后当面或者邮寄提交。</p>"
        '<form class="fields" action="/zwgk/ysqgk/submit" method="post">'
        + "".join(
            f'<p><label for="f{n}">{name}</label><input id="f{n}" name="f{n}" type="text"></p>'
            for n, name in enumerate(("申请人姓名或名称", "联系电话", "通信地址", "电子邮箱"))
        )
        + '<p><span>所需政府信息内容描述</span><textarea name="content" rows="4"></textarea></p>'
        '<p><label for="way">获取信息的方式</label><select id="way" name="way"><option>网上获取</option><option>邮寄</option>'
        "<option>自行领取</option></select></p>"
        '<p><button type="submit">提交申请</button></p></form>'
        '<p><a href="/zwgk/ysqgk/sqb.pdf">政府信息公开申请表下载</a></p>'
        f"<p>受理机构：青禾区人民政府办公室　联系电话：{PHONE_AREA}-5550101</p>"
    )
    _page(replica, "ysqgk", "依申请公开", text, "依申请公开", Frame("", template="form"))
    replica.add(WWW, "/zwgk/ysqgk/sqb.pdf", lambda: pdf("Application form (demonstration)"))


def _organ(replica: Replica) -> None:
    """The organ page of the portal carries the planted pictures without text alternatives."""
    picture = '<p><img src="/assets/dzjg.png" width="60" height="60"><img src="/assets/jiucuo.png" width="120" height="60"></p>'
    office = body("zfb")
    _page(replica, "jgzn", "机构职能", documents.organ(office) + picture, "机构职能", Frame("", template="organ"))


def _leaders(replica: Replica) -> None:
    posts = (
        ("示例一", "区委副书记、区政府区长", "主持区政府全面工作，分管审计工作。"),
        ("示例二", "区委常委、区政府副区长", "负责区政府常务工作，分管发展改革、财政、政务公开工作。"),
        ("示例三", "区政府副区长", "分管教育、民政、人力资源社会保障工作。"),
        ("示例四", "区政府副区长", "分管住房城乡建设、农业农村、水务工作。"),
    )
    parts = []
    for n, (name, post, duty) in enumerate(posts, start=1):
        replica.add(WWW, f"/assets/ld/{n}.png", lambda n=n: photo(f"leader{n}"))  # type: ignore[misc]
        parts.append(
            f'<section><h2>{name}</h2><p><img src="/assets/ld/{n}.png" alt="{name}照片" width="180" height="240"></p>'
            f"<p>姓名：{name}</p><p>职务：{post}</p><p>分工：{duty}</p>"
            f"<p>简历：{name}，示范大学毕业，历任示范单位科员、科长、局长等职，现任{post}。</p></section>"
        )
    _page(replica, "ldzc", "领导之窗", "".join(parts), "负责人信息")
