"""Interaction and services: messages, mailbox, solicitations, decisions, press, guides and statistics."""

# ruff: noqa: E501 - sentences of the fictitious site stay whole

from __future__ import annotations

from audit.demo.assets import pdf
from audit.demo.bodies import body
from audit.demo.calls import IRRIGATION, TRAINING, more_calls
from audit.demo.duties import open_month
from audit.demo.families import Section, publish
from audit.demo.grammar import html, news_html
from audit.demo.layout import PHONE_AREA, Crumbs, Frame, table
from audit.demo.messages import CHOSEN, add_chosen, front
from audit.demo.model import PROVINCE, WWW, Item, Replica, Response, ago, on
from audit.demo.statics import static, tiles

HOME: Crumbs = (("首页", "/"),)
TALK: Crumbs = (*HOME, ("互动交流", "/hdjl/"))
SERVE: Crumbs = (*HOME, ("办事服务", "/bsfw/"))
TALK_SIDES: Crumbs = (
    ("区长信箱", "/hdjl/qzxx/"), ("留言公开", "/hdjl/lygk/"), ("留言统计", "/hdjl/lytj/"), ("征集调查", "/hdjl/zjdc/"),
    ("新闻发布会", "/hdjl/xwfbh/"), ("政策问答平台", "/hdjl/zcwd/"), ("政府开放日", "/hdjl/zfkfr/"),
)  # fmt: skip
SERVE_SIDES: Crumbs = (
    ("办事指南", "/bsfw/bszn/"), ("办事统计", "/bsfw/bstj/"), ("政务公开专区", "/bsfw/gkzq/"),
    ("北原省政务服务网", f"http://{PROVINCE}/"),
)  # fmt: skip


def add_interaction(replica: Replica) -> None:
    fronts = list(TALK_SIDES) + [(f"{body(unit).short}留言选登", front(unit)) for unit in CHOSEN]
    static(replica, "/hdjl/", "互动交流", tiles(fronts), crumbs=HOME, kind="咨询投诉")
    add_chosen(replica)
    _mailbox(replica)
    _messages(replica)
    _solicitations(replica)
    _decisions(replica)
    _small_columns(replica)


def _talk(replica: Replica, folder: str, label: str, items: list[Item], kind: str, lead: str = "") -> Section:
    return publish(
        replica,
        Section(
            label, f"/hdjl/{folder}/", tuple(items), crumbs=TALK, sides=TALK_SIDES, side_title="互动交流",
            column_type=kind, lead=lead,
        ),
    )  # fmt: skip


def _mailbox(replica: Replica) -> None:
    fields = "".join(
        f'<p><label for="m{n}">{name}</label><input id="m{n}" name="m{n}" type="text"></p>'
        for n, name in enumerate(("姓名", "联系电话", "主题"))
    )
    text = (
        "<p>欢迎就经济社会发展和民生问题提出咨询、建议和投诉，我们将在5个工作日内答复。</p>"
        f'<form class="fields" action="/hdjl/qzxx/submit" method="post">{fields}'
        '<p><label for="m9">咨询内容</label><textarea id="m9" name="m9" rows="5"></textarea></p>'
        '<p><button type="submit">提交咨询</button></p></form>'
    )
    static(
        replica, "/hdjl/qzxx/", "区长信箱", text,
        crumbs=TALK, sides=TALK_SIDES, side_title="互动交流", kind="咨询投诉", frame=Frame("", template="form"),
    )  # fmt: skip


def _messages(replica: Replica) -> None:
    """Public messages with dates of question and answer; two replies are late, one is missing for four months."""
    asks = (
        ("示范大道路灯何时维修", "zjj", 6, 2), ("城乡居民养老保险如何补缴", "rsj", 12, 3), ("禾穗镇公交班次能否增加", "fgj", 19, 4),
        ("小学转学需要哪些材料", "jyj", 27, 3), ("农机购置补贴何时发放", "nyj", 36, 14), ("低保申请进度查询", "mzj", 48, 3),
        ("小区物业收费标准咨询", "zjj", 66, 4), ("技能培训报名方式", "rsj", 90, 16), ("村道破损请求修复", "nyj", 128, 0),
        ("老年食堂开放时间", "mzj", 150, 3),
    )  # fmt: skip
    items = []
    for n, (topic, unit, days, wait) in enumerate(asks):
        who, asked = body(unit), ago(days, 9, 20)
        lines = [f"留言时间：{asked:%Y-%m-%d}", f"留言内容：您好，想咨询{topic}，盼复。", f"办理单位：{who.full}"]
        if wait:
            reply = ago(days - wait, 15, 5)
            lines += [f"答复时间：{reply:%Y-%m-%d}", f"答复内容：您好，您反映的“{topic}”已收悉。{who.short}已安排专人办理，"
                      f"具体可拨打{PHONE_AREA}-{who.phone}咨询。感谢您的关注。"]  # fmt: skip
        else:
            lines += ["办理状态：办理中"]
        items.append(Item(560_100 + n, f"[咨询] {topic}", asked, "区长信箱", html(lines)))
    _talk(replica, "lygk", "留言公开", items, "咨询投诉")
    months = [
        Item(569_100 + m, f"2026年{m}月留言受理和答复统计", on(f"2026-{m + 1:02d}-04", 10, m), "青禾区人民政府办公室",
             html([f"2026年{m}月共收到留言{20 + m}件，答复{20 + m}件，办结率百分之百。"])
             + news_html("区政府办公室", "政务公开", "statistics", m))
        for m in range(1, 9)
    ]  # fmt: skip
    _talk(replica, "lytj", "留言统计", months, "咨询投诉")


_THIN_FEEDBACK = ("对社会各界提出的意见，承办单位已认真研究。",)


def _solicitations(replica: Replica) -> None:
    """Calls for comments: complete and long enough, too short with and without reason, without result."""
    plan = (
        ("粮食产能提升实施方案（征求意见稿）", "nyj", "2026-06-22", "2026-07-25", "", "2026-08-07", ""),
        ("城镇住房保障实施细则（征求意见稿）", "zjj", "2026-05-18", "2026-06-01", "", "2026-06-12", ""),
        ("秋冬季防汛抗旱工作方案（征求意见稿）", "zfb", "2026-08-31", "2026-09-10", "因防汛工作紧急，缩短征求意见时间至10日。",
         "2026-09-18", ""),
        ("公共停车收费管理办法（征求意见稿）", "fgj", "2026-09-07", "2026-10-12", "", "", ""),
        ("社会救助实施细则（征求意见稿）", "mzj", "2026-02-23", "2026-03-27", "", "", "deadline"),
    )  # fmt: skip
    items = []
    for n, (topic, unit, opened, closed, reason, result, omit) in enumerate(plan):
        who, start, end = body(unit), on(opened), on(closed)
        until = f"{end.year}年{end.month}月{end.day}日"
        lines = [
            f"为提高决策科学化、民主化水平，现将《青禾区{topic}》全文公布，向社会公开征求意见。{reason}",
            f"征求意见时间：{start.year}年{start.month}月{start.day}日至{until}。"
            if omit != "deadline"
            else "有关单位和各界人士可尽快提出意见。",
            f"提交方式：一是发送电子邮件至{unit}@qinghe-demo.gov.cn；二是信函寄至{who.address}{who.full}；"
            f"三是电话反馈：{PHONE_AREA}-{who.phone}。",
            f"起草说明：为规范有关工作，{who.full}在调研基础上起草了本文件，主要明确适用范围、办理程序和监督责任。",
        ]
        text = html(lines) + html([f"第{k}条　{line}" for k, line in zip("一二三", (
            "本文件适用于本区行政区域。", "主管部门负责组织实施。", "本文件自发布之日起施行。"), strict=True)])  # fmt: skip
        draft = f"/hdjl/zjdc/files/draft{n + 1}.pdf"
        replica.add(WWW, draft, lambda: pdf("Draft (demonstration)"))
        text += f'<p>附件：<a href="{draft}">青禾区{topic}</a></p>'
        items.append(Item(561_100 + n, f"关于《青禾区{topic}》公开征求意见的公告", start, who.full, text))
        if result:
            back = on(result)
            answer = html(
                [
                    f"{who.full}于{start.year}年{start.month}月{start.day}日至{until}就《青禾区{topic}》公开征求意见。",
                    *_THIN_FEEDBACK,
                ]
                if unit == "zjj"  # planted: neither counts nor reasons
                else [
                    f"{who.full}就《青禾区{topic}》公开征求意见，期间共收到意见建议{n + 6}条，采纳{n + 4}条，未采纳2条。",
                    "未采纳的主要理由：所提事项已有上位规定，或者超出本文件调整范围。",
                ]
            )
            items.append(Item(562_100 + n, f"《青禾区{topic}》意见收集和采纳情况反馈", back, who.full, answer))
    _talk(replica, "zjdc", "征集调查", [*items, *more_calls(replica)], "征集调查")


def _decisions(replica: Replica) -> None:
    """The catalogue of major decisions: one row with every node linked, one without feedback, one still running."""
    grain, housing, parking = "粮食产能提升实施方案", "城镇住房保障实施细则", "公共停车收费管理办法"
    irrigation, training = "农田水利管护实施方案", "技能培训实施方案"
    text = (
        "<p>青禾区人民政府2026年度重大行政决策事项目录已经区委同意，现予公布。</p>"
        f"<p>1．{grain}（承办单位：区农业农村局）</p>" + _nodes(grain, _GRAIN)
        + f"<p>2．{housing}（承办单位：区住房城乡建设局）</p>" + _nodes(housing, _HOUSING)
        + f"<p>3．{parking}（承办单位：区发展改革局）</p>" + _nodes(parking, _PARKING)
        + f"<p>4．{irrigation}（承办单位：区农业农村局）</p>" + _nodes(irrigation, IRRIGATION)
        + f"<p>5．{training}（承办单位：区人力资源社会保障局）</p>" + _nodes(training, TRAINING)
    )  # fmt: skip
    items = [
        Item(570_100, "粮食产能提升实施方案决策背景材料", on("2026-06-20", 9, 0), "青禾区农业农村局",
             news_html("区农业农村局", "粮食生产", "background")),
        Item(570_101, "区政府常务会议邀请公众代表列席情况", on("2026-08-20", 17, 0), "青禾区人民政府办公室",
             html(["列席代表共发表意见9条，采纳7条，未采纳2条并逐条说明理由。"])
             + news_html("区政府办公室", "政务公开", "attendance")),
        Item(570_102, "青禾区人民政府2026年度重大行政决策事项目录", on("2026-03-26", 9, 0), "青禾区人民政府办公室", text),
    ]  # fmt: skip
    publish(
        replica,
        Section("重大决策预公开", "/zwgk/zdjc/", tuple(items), crumbs=(*HOME, ("政府信息公开", "/zwgk/")),
                sides=(("重大决策预公开", "/zwgk/zdjc/"),), side_title="决策公开", column_type="信息公开目录"),
    )  # fmt: skip


_GRAIN = (
    ("草案全文", "/hdjl/zjdc/202606/t20260622_561100.html"),
    ("起草说明", "/hdjl/zjdc/202606/t20260622_561100.html"),
    ("决策背景", "/zwgk/zdjc/202606/t20260620_570100.html"),
    ("意见采纳情况", "/hdjl/zjdc/202608/t20260807_562100.html"),
    ("代表列席情况", "/zwgk/zdjc/202608/t20260820_570101.html"),
    ("决策结果", "/zwgk/zcwjk/qzf/202609/t20260910_710001.html"),
)
_HOUSING = (
    ("草案全文", "/hdjl/zjdc/202605/t20260518_561101.html"),
    ("决策结果", "/zwgk/zcwjk/qzf/202607/t20260715_710003.html"),
)
_PARKING = (("草案全文", "/hdjl/zjdc/202609/t20260907_561103.html"),)


def _nodes(name: str, nodes: tuple[tuple[str, str], ...]) -> str:
    return "<p>" + "　".join(f'<a href="{href}">{name}{node}</a>' for node, href in nodes) + "</p>"


def _small_columns(replica: Replica) -> None:
    press = [
        Item(563_100 + n, f"青禾区{duty}新闻发布会实录", ago(30 + n * 70, 16, 0), "青禾区人民政府办公室",
             news_html("区政府办公室", duty, "press"))
        for n, duty in enumerate(("粮食生产", "就业创业", "养老服务"))
    ]  # fmt: skip
    _talk(replica, "xwfbh", "新闻发布会", press, "回应关切")
    questions = [
        Item(564_100 + n, f"问：{duty}政策如何申请？", ago(22 + n * 21, 11, 0), body(unit).full,
             html([f"答：符合条件的申请人可向{body(unit).full}提交申请，政策咨询电话{PHONE_AREA}-{body(unit).phone}。"
                   "材料齐全的当场受理，五个工作日内办结。"]))
        for n, (unit, duty) in enumerate((u, d) for u in ("rsj", "mzj", "zjj", "jyj", "nyj", "fgj") for d in body(u).duties[:2])
    ]  # fmt: skip
    _talk(replica, "zcwd", "政策问答平台", questions, "咨询投诉")
    open_days = []
    for n, unit in enumerate(("zfb", "fgj", "jyj", "mzj", "rsj", "nyj", "hesui", "mailang", "qingting")):
        if unit != "qingting":  # a trap: this one publishes in its own news
            open_days += open_month(body(unit), n, 565_100)
    _talk(replica, "zfkfr", "政府开放日", open_days, "征集调查")


def add_services(replica: Replica) -> None:
    static(replica, "/bsfw/", "办事服务", tiles(list(SERVE_SIDES)), crumbs=HOME, kind="办事服务")
    parts = (
        "事项名称", "设定依据", "申请条件", "办理材料", "办理地点", "办理时间", "联系电话", "办理流程",
    )  # fmt: skip
    items = []
    for n, (unit, matter) in enumerate((
        ("rsj", "城乡居民养老保险参保登记"), ("mzj", "最低生活保障申请"), ("jyj", "义务教育阶段转学"), ("zjj", "公共租赁住房申请"),
        ("nyj", "农药经营许可"), ("fgj", "企业投资项目备案"),
    )):  # fmt: skip
        who = body(unit)
        values = (matter, "国家和省有关规定", "本区户籍居民或依法登记的单位", "身份证明、申请表", "区政务服务大厅综合窗口",
                  "法定工作日8:30—17:30", f"{PHONE_AREA}-{who.phone}", "申请—受理—审核—办结")  # fmt: skip
        chosen = list(zip(parts, values, strict=True))
        if unit in _LEFT_OUT:
            chosen = [c for c in chosen if c[0] not in _LEFT_OUT[unit]]
        if unit in ("mzj", "nyj"):
            chosen = [(_OTHER_WORDS[name], value) for name, value in chosen]
        text = (
            table(("要素", "内容"), chosen, f"{matter}办事指南")
            + '<p><a href="/bsfw/bszn/sqb.pdf">申请表下载</a></p>'
        )
        items.append(Item(580_100 + n, f"{matter}办事指南", ago(60 + n * 25, 9, 0), who.full, text))
    replica.add(WWW, "/bsfw/bszn/sqb.pdf", lambda: _form())
    crumbs: Crumbs = SERVE
    for folder, label, rows in (
        ("bszn", "办事指南", items),
        ("bstj", "办事统计", _statistics()),
        ("gkzq", "政务公开专区", _zone()),
    ):
        publish(
            replica,
            Section(label, f"/bsfw/{folder}/", tuple(rows), crumbs=crumbs, sides=SERVE_SIDES, side_title="办事服务",
                    column_type="办事服务", lead=_FINDER if folder == "bszn" else ""),
        )  # fmt: skip


_LEFT_OUT = {"fgj": ("设定依据", "办理流程"), "zjj": ("申请条件",)}  # planted
_OTHER_WORDS = {
    "事项名称": "办理事项", "设定依据": "法律依据", "申请条件": "受理条件", "办理材料": "所需材料", "办理地点": "受理地点",
    "办理时间": "办理时限", "联系电话": "咨询方式", "办理流程": "办理程序",
}  # fmt: skip
# trap: a field without a visible label that is named all the same
_FINDER = (
    '<form action="/search" method="get"><input name="q" aria-label="按事项名称查找办事指南">'
    '<button type="submit">查找</button></form>'
)


def _form() -> Response:
    return pdf("Service form (demonstration)")


def _statistics() -> list[Item]:
    """The newest quarter is older than three months: planted."""
    return [
        Item(581_100 + n, f"青禾区政务服务大厅{title}办事统计", on(day, 9, 0), "青禾区人民政府办公室",
             html([f"{title}共受理事项{3200 + n * 41}件，办结{3190 + n * 41}件，办结率百分之九十九以上。"]))
        for n, (title, day) in enumerate((("2026年第一季度", "2026-04-08"), ("2025年第四季度", "2026-01-12")))
    ]  # fmt: skip


def _zone() -> list[Item]:
    return [
        Item(582_100 + n, f"区政务服务中心政务公开专区开展{duty}政策现场解读", ago(16 + n * 50, 10, 0), "青禾区人民政府办公室",
             html(["活动现场发放资料，解答疑问，并收集群众意见建议。"]) + news_html("区政府办公室", duty, "zone"))
        for n, duty in enumerate(("就业创业", "社会救助", "住房保障"))
    ]  # fmt: skip
