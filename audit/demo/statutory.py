"""Statutory content of the disclosure platform: projects, enforcement, budgets, arrears, catalogues by field, utilities."""

# ruff: noqa: E501 - sentences of the fictitious site stay whole

from __future__ import annotations

from audit.demo.assets import pdf
from audit.demo.bodies import BODIES, body
from audit.demo.families import Section, publish
from audit.demo.grammar import html, news_html
from audit.demo.land import land_items
from audit.demo.layout import PHONE_AREA, Crumbs, table
from audit.demo.model import PARTNER, WWW, Item, Replica, ago, on
from audit.demo.statics import static

ROOT = "/zwgk/"
CRUMBS: Crumbs = (("首页", "/"), ("政府信息公开", ROOT))
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
    ("信用信息公示", "/zwgk/xyxx/"),
)


def publish_column(
    replica: Replica, folder: str, label: str, items: list[Item], *, kind: str = "信息公开目录", lead: str = ""
) -> Section:
    return publish(
        replica,
        Section(
            label, f"{ROOT}{folder}/", tuple(items), crumbs=CRUMBS, sides=STATUTORY, side_title="法定主动公开内容",
            column_type=kind, lead=lead,
        ),
    )  # fmt: skip


def add_statutory(replica: Replica) -> None:
    publish_column(
        replica, "zdxm", "重大建设项目", _rows("fgj", "重大项目", "重大建设项目批准和实施信息", 550_100, 6)
    )
    publish_column(replica, "ghjh", "规划计划", _rows("fgj", "节能降碳", "规划计划实施情况", 551_100, 4))
    land = [*_rows("nyj", "农田水利", "征地信息公开情况说明", 552_100, 4), *land_items()]
    publish_column(replica, "zdxx", "征地信息公开", land)
    # trap: a picture that only adorns has an empty text, and needs none
    rule_off = '<p><img src="/assets/dzjg.png" alt="" width="60" height="60"></p>'
    monthly = _rows("fgj", "价格管理", "主要经济指标", 553_100, 6)
    publish_column(replica, "tjxx", "统计信息", monthly, lead=rule_off)
    publish_column(replica, "zfgb", "政府公报", _gazettes(replica))
    publish_column(replica, "yjgl", "应急管理", [], lead='<p class="none">暂无信息</p>')
    publish_column(replica, "xyxx", "信用信息公示", [])  # planted: nothing at all in it
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
    publish_column(replica, "wznb", "政府网站工作年度报表", [item], kind="信息公开年报")


def _rows(unit: str, duty: str, label: str, first: int, count: int) -> list[Item]:
    who = body(unit)
    return [
        Item(first + n, f"青禾区{ago(14 + n * 30).year}年{ago(14 + n * 30).month}月{label}", ago(14 + n * 30, 10, n),
             who.full, news_html(who.short, duty, label, n))
        for n in range(count)
    ]  # fmt: skip


def _gazettes(replica: Replica) -> list[Item]:
    """Planted: a quarterly gazette of which only three issues came out within twelve months."""
    items = []
    for n in range(4):
        at = ago(25 + n * 130, 15, 10)
        name = f"gb{at:%Y%m}.pdf"
        replica.add(WWW, f"/zwgk/zfgb/{name}", lambda: pdf("Gazette (demonstration)"))
        text = (
            html([f"青禾区人民政府公报{at.year}年第{4 - n}期。"])
            + f'<p><a href="/zwgk/zfgb/{name}">下载公报全文</a></p>'
        )
        items.append(Item(554_100 + n, f"青禾区人民政府公报{at.year}年第{4 - n}期", at, "青禾区人民政府办公室", text))
    return items


def _enforcement(replica: Replica) -> None:
    """Decisions published in time and two that are late (rule: seven working days after the decision).

    Trap: thirteen days that are seven working days, with the May holiday between.
    """
    plan = (("zjj", "行政处罚", "2026-09-02", "2026-09-07"), ("zjj", "行政许可", "2026-08-10", "2026-08-13"),
            ("rsj", "行政处罚", "2026-07-06", "2026-07-31"), ("mzj", "行政许可", "2026-06-02", "2026-06-30"),
            ("nyj", "行政处罚", "2026-05-06", "2026-05-12"), ("fgj", "行政许可", "2026-04-29", "2026-05-12"))  # fmt: skip
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
    publish_column(replica, "xzzf", "行政执法公示", items)


def _budget(replica: Replica) -> None:
    """Planted: a budget 42 days and final accounts 38 days after approval. Trap: exactly twenty days."""
    plan = (
        ("fgj", "2026年部门预算", "2026-02-06", "2026-02-20"),
        ("jyj", "2026年部门预算", "2026-02-06", "2026-02-24"),
        ("mzj", "2026年部门预算", "2026-02-06", "2026-03-20"),
        ("zjj", "2026年部门预算", "2026-02-10", "2026-03-02"),
        ("rsj", "2025年部门决算", "2026-08-03", "2026-09-10"),
    )
    items = []
    for n, (unit, paper, approved, shown) in enumerate(plan):
        who, day = body(unit), on(approved)
        text = html(
            [
                f"{who.full}{paper}已于{day.year}年{day.month}月{day.day}日经区财政局批复，现予公开。",
                f"第一部分　部门概况；第二部分　{paper[5:]}表；第三部分　{paper[5:]}情况说明；第四部分　名词解释。",
                f"批复日期：{day.year}年{day.month}月{day.day}日",
            ]
        )
        items.append(Item(556_100 + n, f"{who.full}{paper}", on(shown, 9, 30), who.full, text))
    publish_column(replica, "czyjs", "预算决算", items)


def _arrears(replica: Replica) -> None:
    """Every unit reports by 31 March; planted: one is late, one is missing. Trap: one on the last day."""
    days = {"rsj": "2026-04-21", "qingting": "2026-03-31"}
    figures = {"fgj": "合同数量：2份，逾期未支付金额：13.6万元", "hesui": "合同数量：1份，逾期未支付金额：2.4万元"}
    items = []
    for n, who in enumerate(BODIES):
        if who.id in ("mzj", "swj"):
            continue
        shown = days.get(who.id, f"2026-03-{10 + n:02d}")
        text = html(
            [
                f"{who.full}2025年度逾期尚未支付中小企业账款情况如下：{figures.get(who.id, '合同数量：无，金额：无')}。",
                "数据由本单位财务部门核对，如有疑问可向本单位反映。",
            ]
        )
        title = f"{who.full}2025年度逾期尚未支付中小企业账款信息"
        items.append(Item(557_100 + n, title, on(shown, 10, 0), who.full, text))
    publish_column(replica, "zxqyzk", "逾期未支付中小企业账款", items)


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
    """Catalogues by field.

    Planted: a field without catalogue (rsj, mailang), a table without time limits (nyj), one of three years ago (jyj).
    Traps: two tiers of matters in the head (mzj), a catalogue two months short of two years (fgj).
    """
    days = {"jyj": 900, "fgj": 670}
    plan = list(_DEPARTMENT_FIELDS)
    for town in (b for b in BODIES if b.town):
        own = [f for f in _TOWN_FIELDS if not (town.id == "mailang" and f == "救灾")]
        plan.append((town.id, "、".join(own)))
    items = []
    for n, (unit, fields) in enumerate(plan):
        title = f"{body(unit).full}基层政务公开标准目录（{fields}）"
        text = _field_table(fields.split("、"), limits=unit != "nyj", tiers=unit == "mzj")
        items.append(Item(558_100 + n, title, ago(days.get(unit, 120 + n * 11), 14, 0), body(unit).full, text))
    for n, town in enumerate(b for b in BODIES if b.town):
        text = html(
            [f"经核实，{town.full}未涉及{'、'.join(_NOT_CONCERNED)}领域的公开事项，今后如有涉及将及时编制目录。"]
        )
        title = f"{town.full}未涉及领域事项说明"
        items.append(Item(558_200 + n, title, ago(118 + n * 11, 15, 0), town.full, text))
    publish_column(replica, "jcgk", "基层政务公开标准目录", items)


def _field_table(fields: list[str], *, limits: bool, tiers: bool = False) -> str:
    head = ["序号", "公开事项", "公开内容（要素）", "公开依据", "公开时限", "公开主体", "公开渠道和载体", "公开对象",
            "公开方式", "公开层级"]  # fmt: skip
    rows = [
        [str(n), f"{field}政策", "政策文件、办理流程", "《政府信息公开条例》", "20个工作日内", "主管部门", "政府网站", "全社会",
         "主动公开", "区、镇"]
        for n, field in enumerate(fields, start=1)
    ]  # fmt: skip
    if tiers:
        head[1:3] = ["一级事项", "二级事项", "公开内容"]
        rows = [[*row[:2], "办理指南", *row[2:]] for row in rows]
    if not limits:
        head.pop(4)
        for row in rows:
            row.pop(4)
    return table(tuple(head), [tuple(row) for row in rows], "基层政务公开标准目录")


def _utilities(replica: Replica) -> None:
    """Planted: nothing on health and on the environment. Traps: water and gas are 住房城乡建设, power is 能源."""
    head = ("公开内容", "公开时限", "公开渠道", "公开主体", "公开范围")
    items = []
    for n, field in enumerate(("教育", "卫生健康", "供水", "供电", "供气", "公共交通")):
        if field == "卫生健康":
            continue
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
    publish_column(replica, "ggqsy", "公共企事业单位信息公开", items)
