"""The disclosure platform: guide, system, statutory content, annual reports, application, organ, leaders, catalogues."""

# ruff: noqa: E501 - sentences of the fictitious site stay whole

from __future__ import annotations

from audit.demo import documents
from audit.demo.assets import pdf, photo
from audit.demo.bodies import BODIES, body
from audit.demo.departments import hub_links
from audit.demo.families import Section, publish
from audit.demo.grammar import html, news_html
from audit.demo.layout import PHONE_AREA, Crumbs, Frame, table
from audit.demo.model import PARTNER, WWW, Item, Replica, ago, on
from audit.demo.statics import static, tiles

ROOT = "/zwgk/"
CRUMBS: Crumbs = (("首页", "/"), ("政府信息公开", ROOT))
SIDES: Crumbs = (
    ("政府信息公开指南", "/zwgk/zfxxgkzn/"),
    ("政府信息公开制度", "/zwgk/zfxxgkzd/"),
    ("法定主动公开内容", "/zwgk/fdzdgknr/"),
    ("政府信息公开年报", "/zwgk/zfxxgknb/"),
    ("依申请公开", "/zwgk/ysqgk/"),
    ("政策文件库", "/zwgk/zcwjk/"),
    ("政策解读", "/zwgk/zcjd/"),
    ("机构职能", "/zwgk/jgzn/"),
    ("领导之窗", "/zwgk/ldzc/"),
    ("部门和镇街信息公开目录", "/zwgk/xxgkml/"),
)
STATUTORY: Crumbs = (
    ("重大决策预公开", "/zwgk/zdjc/"),
    ("预算决算", "/zwgk/czyjs/"),
    ("行政执法公示", "/zwgk/xzzf/"),
    ("重大建设项目", "/zwgk/zdxm/"),
    ("征地信息公开", "/zwgk/zdxx/"),
    ("规划计划", "/zwgk/ghjh/"),
    ("基层政务公开标准目录", "/zwgk/jcgk/"),
    ("公共企事业单位信息公开", "/zwgk/ggqsy/"),
    ("政府公报", "/zwgk/zfgb/"),
    ("应急管理", "/zwgk/yjgl/"),
    ("统计信息", "/zwgk/tjxx/"),
    ("逾期未支付中小企业账款", "/zwgk/zxqyzk/"),
    ("便民地图", "/zwgk/bmdt/"),
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
    _statutory(replica)


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


def _column(
    replica: Replica, folder: str, label: str, items: list[Item], *, kind: str = "信息公开目录", lead: str = ""
) -> Section:
    return publish(
        replica,
        Section(
            label, f"{ROOT}{folder}/", tuple(items), crumbs=CRUMBS, sides=STATUTORY, side_title="法定主动公开内容",
            column_type=kind, lead=lead,
        ),
    )  # fmt: skip


def _systems(replica: Replica) -> None:
    names = ("政府信息主动公开工作制度", "政府信息依申请公开办理规范", "政府信息公开保密审查制度", "政策解读工作制度")
    items = [
        Item(530_100 + n, f"青禾区{name}", ago(70 + n * 40, 10, 5), "青禾区人民政府办公室",
             html(["本制度适用于本区各行政机关，执行中的意见建议请反馈区政府办公室。"])
             + news_html("区政府办公室", "政务公开", "system", n))
        for n, name in enumerate(names)
    ]  # fmt: skip
    _column(replica, "zfxxgkzd", "政府信息公开制度", items)


def _reports(replica: Replica) -> None:
    office = body("zfb")
    items = []
    for n, (year, day) in enumerate(((2025, "2026-03-20"), (2024, "2025-03-21"))):
        title = f"云岭市青禾区{year}年政府信息公开工作年度报告"
        text = documents.report(office, year)
        items.append(Item(540_100 + n, title, on(day, 16, 30), "青禾区人民政府办公室", text))
    links = "".join(
        f'<li><a href="{href}">{name}政府信息公开年报</a></li>' for name, href in (("部门、镇街", "/zwgk/xxgkml/"),)
    )
    _column(replica, "zfxxgknb", "政府信息公开年报", items, kind="信息公开年报", lead=f"<ul>{links}</ul>")


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


def _statutory(replica: Replica) -> None:
    _column(replica, "zdxm", "重大建设项目", _rows("fgj", "重大项目", "重大建设项目批准和实施信息", 550_100, 6))
    _column(replica, "ghjh", "规划计划", _rows("fgj", "节能降碳", "规划计划实施情况", 551_100, 4))
    _column(replica, "zdxx", "征地信息公开", _rows("nyj", "农田水利", "征地信息公开情况说明", 552_100, 4))
    _column(replica, "tjxx", "统计信息", _rows("fgj", "价格管理", "主要经济指标", 553_100, 6))
    _column(replica, "zfgb", "政府公报", _gazettes(replica))
    _column(replica, "yjgl", "应急管理", [], lead='<p class="none">暂无信息</p>')
    _enforcement(replica)
    _budget(replica)
    _arrears(replica)
    _fields(replica)
    _utilities(replica)
    static(
        replica, "/zwgk/bmdt/", "便民地图",
        f'<p>便民地图由合作平台提供：<a href="http://{PARTNER}/map/">打开便民地图</a></p>',
        crumbs=CRUMBS, sides=STATUTORY, side_title="法定主动公开内容", kind="信息公开目录",
    )  # fmt: skip
    _site_report(replica)


def _site_report(replica: Replica) -> None:
    text = "<p>青禾区政府网站工作年度报表（2025年度）按国务院办公厅规定的格式公布。</p>" + table(
        ("指标", "数值"),
        [("信息发布总数", "3126条"), ("专栏专题数量", "9个"), ("解读信息发布", "41条"), ("办事服务事项", "512项"),
         ("互动交流留言", "286条"), ("安全检测评估", "6次")],
    )  # fmt: skip
    item = Item(
        555_900, "青禾区政府网站工作年度报表（2025年度）", on("2026-01-20", 9, 0), "青禾区人民政府办公室", text
    )
    _column(replica, "wznb", "政府网站工作年度报表", [item], kind="信息公开年报")


def _rows(unit: str, duty: str, label: str, first: int, count: int) -> list[Item]:
    who = body(unit)
    return [
        Item(first + n, f"青禾区{ago(14 + n * 30).year}年{ago(14 + n * 30).month}月{label}", ago(14 + n * 30, 10, n),
             who.full, news_html(who.short, duty, label, n))
        for n in range(count)
    ]  # fmt: skip


def _gazettes(replica: Replica) -> list[Item]:
    items = []
    for n in range(4):
        at = ago(25 + n * 90, 15, 10)
        name = f"gb{at:%Y%m}.pdf"
        replica.add(WWW, f"/zwgk/zfgb/{name}", lambda: pdf("Gazette (demonstration)"))
        text = (
            html([f"青禾区人民政府公报{at.year}年第{4 - n}期。"])
            + f'<p><a href="/zwgk/zfgb/{name}">下载公报全文</a></p>'
        )
        items.append(Item(554_100 + n, f"青禾区人民政府公报{at.year}年第{4 - n}期", at, "青禾区人民政府办公室", text))
    return items


def _enforcement(replica: Replica) -> None:
    """Decisions published in time and two that are late (rule: seven working days after the decision)."""
    plan = (("zjj", "行政处罚", "2026-09-02", "2026-09-07"), ("zjj", "行政许可", "2026-08-10", "2026-08-13"),
            ("rsj", "行政处罚", "2026-07-06", "2026-07-31"), ("mzj", "行政许可", "2026-06-02", "2026-06-30"),
            ("nyj", "行政处罚", "2026-05-06", "2026-05-12"))  # fmt: skip
    items = []
    for n, (unit, kind, decided, shown) in enumerate(plan):
        who, day = body(unit), on(decided)
        when = f"{day.year}年{day.month}月{day.day}日"
        text = html(
            [
                f"{kind}决定书文号：青{unit.upper()}罚〔2026〕{n + 11}号",
                f"{kind}决定日期：{when}",
                f"决定机关：{who.full}",
                f"相对人：青禾区示范第{n + 1}有限公司（化名）",
                f"主要内容：依法作出{kind}决定，已送达当事人。",
            ]
        )
        title = f"{who.full}{kind}决定信息公示（2026年第{n + 11}号）"
        items.append(Item(555_100 + n, title, on(shown, 10, 15), who.full, text))
    _column(replica, "xzzf", "行政执法公示", items)


def _budget(replica: Replica) -> None:
    plan = (
        ("fgj", "2026-02-06", "2026-02-20"),
        ("jyj", "2026-02-06", "2026-02-24"),
        ("mzj", "2026-02-06", "2026-03-20"),
    )
    items = []
    for n, (unit, approved, shown) in enumerate(plan):
        who, day = body(unit), on(approved)
        text = html(
            [
                f"{who.full}2026年部门预算已于{day.year}年{day.month}月{day.day}日经区财政局批复，现予公开。",
                "第一部分　部门概况；第二部分　部门预算表；第三部分　部门预算情况说明；第四部分　名词解释。",
                f"批复日期：{day.year}年{day.month}月{day.day}日",
            ]
        )
        items.append(Item(556_100 + n, f"{who.full}2026年部门预算", on(shown, 9, 30), who.full, text))
    _column(replica, "czyjs", "预算决算", items)


def _arrears(replica: Replica) -> None:
    """Every unit reports by 31 March; planted: one is late, one is missing."""
    figures = {"fgj": "合同数量：2份，逾期未支付金额：13.6万元", "hesui": "合同数量：1份，逾期未支付金额：2.4万元"}
    items = []
    for n, who in enumerate(BODIES):
        if who.id in ("mzj", "swj"):
            continue
        shown = "2026-04-21" if who.id == "rsj" else f"2026-03-{10 + n:02d}"
        text = html(
            [
                f"{who.full}2025年度逾期尚未支付中小企业账款情况如下：{figures.get(who.id, '合同数量：无，金额：无')}。",
                "数据由本单位财务部门核对，如有疑问可向本单位反映。",
            ]
        )
        title = f"{who.full}2025年度逾期尚未支付中小企业账款信息"
        items.append(Item(557_100 + n, title, on(shown, 10, 0), who.full, text))
    _column(replica, "zxqyzk", "逾期未支付中小企业账款", items)


_DEPARTMENT_FIELDS = (
    ("fgj", "重大建设项目"),
    ("jyj", "义务教育"),
    ("mzj", "养老服务、社会救助"),
    ("nyj", "扶贫、涉农补贴"),
    ("rsj", "就业"),  # planted: 社会保险 is missing
    ("zjj", "保障性住房、农村危房改造、国有土地上房屋征收与补偿、市政服务"),
)
_TOWN_FIELDS = (
    "公共资源交易", "社会救助", "养老服务", "公共法律服务", "财政预决算", "就业", "社会保险", "公共文化服务", "安全生产",
    "救灾", "涉农补贴",
)  # fmt: skip
_NOT_CONCERNED = ("农村危房改造", "扶贫")


def _fields(replica: Replica) -> None:
    """Catalogues by field. Planted: a field without catalogue (rsj, mailang), a table without time limits (nyj)."""
    plan = list(_DEPARTMENT_FIELDS)
    for town in (b for b in BODIES if b.town):
        own = [f for f in _TOWN_FIELDS if not (town.id == "mailang" and f == "救灾")]
        plan.append((town.id, "、".join(own)))
    items = []
    for n, (unit, fields) in enumerate(plan):
        title = f"{body(unit).full}基层政务公开标准目录（{fields}）"
        text = _field_table(fields.split("、"), limits=unit != "nyj")
        items.append(Item(558_100 + n, title, ago(120 + n * 11, 14, 0), body(unit).full, text))
    for n, town in enumerate(b for b in BODIES if b.town):
        text = html(
            [f"经核实，{town.full}未涉及{'、'.join(_NOT_CONCERNED)}领域的公开事项，今后如有涉及将及时编制目录。"]
        )
        title = f"{town.full}未涉及领域事项说明"
        items.append(Item(558_200 + n, title, ago(118 + n * 11, 15, 0), town.full, text))
    _column(replica, "jcgk", "基层政务公开标准目录", items)


def _field_table(fields: list[str], *, limits: bool) -> str:
    head = ["序号", "公开事项", "公开内容（要素）", "公开依据", "公开时限", "公开主体", "公开渠道和载体", "公开对象",
            "公开方式", "公开层级"]  # fmt: skip
    rows = [
        [str(n), f"{field}政策", "政策文件、办理流程", "《政府信息公开条例》", "20个工作日内", "主管部门", "政府网站", "全社会",
         "主动公开", "区、镇"]
        for n, field in enumerate(fields, start=1)
    ]  # fmt: skip
    if not limits:
        head.pop(4)
        for row in rows:
            row.pop(4)
    return table(tuple(head), [tuple(row) for row in rows], "基层政务公开标准目录")


def _utilities(replica: Replica) -> None:
    head = ("公开内容", "公开时限", "公开渠道", "公开主体", "公开范围")
    items = []
    for n, field in enumerate(("教育", "卫生健康", "供水", "供电", "供气", "公共交通")):
        listed = "" if field == "供气" else f"<p>单位名单：青禾区示范{field}服务中心</p>"
        phone = f"<p>咨询电话：{PHONE_AREA}-55501{40 + n}</p>"
        text = listed + table(head, [(f"{field}服务信息", "7个工作日", "门户网站", "服务单位", "全社会")]) + phone
        items.append(
            Item(
                559_100 + n,
                f"{field}领域公共企事业单位信息公开目录",
                ago(80 + n * 9, 9, 40),
                "青禾区人民政府办公室",
                text,
            )
        )
    _column(replica, "ggqsy", "公共企事业单位信息公开", items)
