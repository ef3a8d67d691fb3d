"""The policy library and the interpretations, with the pairs that are right and those that are not."""

# ruff: noqa: E501 - sentences of the fictitious site stay whole

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from audit.demo.bodies import body
from audit.demo.families import Section, publish
from audit.demo.grammar import html
from audit.demo.layout import PHONE_AREA, Crumbs, Frame, Meta, page
from audit.demo.model import WWW, Item, Replica, Response, on

LIBRARY = "/zwgk/zcwjk/"
DISTRICT = f"{LIBRARY}qzf/"
OFFICE = f"{LIBRARY}qzfb/"
TALKS = "/zwgk/zcjd/"


@dataclass(frozen=True, slots=True)
class Talk:
    """An interpretation.

    `form`: image (chart and text), short (a few lines of text), picture (nothing but a picture), text (no chart),
    copy (the file's own words), video (text and a video).
    """

    at: str
    phone: str = "body"  # body, footer, none, picture
    form: str = "image"
    back: bool = True  # links to the file
    front: str = "related"  # how the file links to it: related, body, no


@dataclass(frozen=True, slots=True)
class Policy:
    number: int
    docno: str
    topic: str  # what it is about: stands in the title
    form: str  # 实施方案, 管理办法 …
    drafter: str  # unit id
    written: str
    issued: str
    talk: Talk | None = None
    why: str = ""  # the planted fault or trap
    validity: str = "有效"
    omit: str = ""  # header field left out
    repeals: str = ""  # document number this file repeals
    title: str = ""
    theme: str = "综合政务"
    square: bool = False  # its number stands in square brackets: a trap
    spelling: bool = False  # the header calls its fields by other names: a trap

    @property
    def heading(self) -> str:
        issuer = "青禾区人民政府办公室" if self.docno.startswith("青政办") else "青禾区人民政府"
        return self.title or f"{issuer}关于印发《青禾区{self.topic}{self.form}》的通知"

    @property
    def office(self) -> bool:
        return self.docno.startswith("青政办")

    @property
    def path(self) -> str:
        day = self.issued.replace("-", "")
        return f"{OFFICE if self.office else DISTRICT}{day[:6]}/t{day}_{self.number}.html"

    @property
    def talk_path(self) -> str:
        day = (self.talk.at if self.talk else self.issued).replace("-", "")
        return f"{TALKS}{day[:6]}/t{day}_{self.number + 5000}.html"


_BOTH = Talk("")

POLICIES: tuple[Policy, ...] = (
    Policy(710001, "青政发〔2026〕3号", "粮食产能提升", "实施方案", "nyj", "2026-09-08", "2026-09-10",
           Talk("2026-09-10"), "正确：双向链接、当日解读、有电话", repeals="青政发〔2023〕6号"),
    Policy(710002, "青政发〔2026〕2号", "养老服务设施", "管理办法", "mzj", "2026-08-17", "2026-08-19",
           Talk("2026-08-20", front="body"), "陷阱：解读只在文件正文中链接"),
    Policy(710003, "青政发〔2026〕1号", "城镇住房保障", "实施细则", "zjj", "2026-07-13", "2026-07-15",
           Talk("2026-07-15", front="no"), "文件页没有链接解读"),
    Policy(710004, "青政办发〔2026〕9号", "就业创业补贴", "实施细则", "rsj", "2026-08-03", "2026-08-05",
           None, "没有解读"),
    Policy(710005, "青政办发〔2026〕8号", "校外培训机构", "管理办法", "jyj", "2026-06-15", "2026-06-17",
           Talk("2026-07-02"), "解读晚于文件10个工作日"),
    Policy(710006, "青政办发〔2026〕7号", "重大项目调度", "工作方案", "fgj", "2026-06-01", "2026-06-03",
           Talk("2026-06-03", phone="none"), "解读页没有咨询电话"),
    Policy(710007, "青政办发〔2026〕6号", "农田水利管护", "实施方案", "nyj", "2026-05-11", "2026-05-13",
           Talk("2026-05-13", form="picture", phone="picture"), "解读只有图片，电话在图片中，机器不能判定"),
    Policy(710008, "青政办发〔2026〕5号", "全民健身", "实施方案", "jyj", "2026-04-20", "2026-04-22",
           Talk("2026-04-22", form="short"), "解读只有几行文字"),
    Policy(710009, "青政办发〔2026〕4号", "社会救助", "实施细则", "mzj", "2026-04-13", "2026-04-15",
           Talk("2026-04-15", phone="footer"), "陷阱：咨询电话在文章页脚"),
    Policy(710010, "青政办发〔2026〕3号", "", "", "zfb", "2026-03-30", "2026-03-31",
           None, "陷阱：人事文件不需解读", title="青禾区人民政府办公室关于调整区政务公开领导小组组成人员的通知"),
    Policy(710011, "青政发〔2025〕9号", "市政设施养护", "管理办法", "zjj", "2025-12-08", "2025-12-10",
           Talk("2025-12-10"), "废止旧办法", repeals="青政发〔2023〕4号"),
    Policy(710012, "青政发〔2023〕4号", "市政设施养护", "暂行办法", "zjj", "2023-05-15", "2023-05-17",
           Talk("2023-05-17"), "已被青政发〔2025〕9号废止，有效性仍为有效"),
    Policy(710013, "青政发〔2023〕2号", "公共价格管理", "办法", "fgj", "2023-03-06", "2023-03-08",
           Talk("2023-03-08"), "陷阱：已如实标为废止", validity="废止"),
    Policy(710014, "青政办发〔2025〕12号", "公共价格管理", "实施办法", "fgj", "2025-11-03", "2026-01-14",
           Talk("2026-01-14"), "成文至发布超过20个工作日", repeals="青政发〔2023〕2号"),
    Policy(710015, "青政办发〔2026〕2号", "技能培训", "实施方案", "rsj", "2026-02-09", "2026-02-11",
           Talk("2026-02-11"), "缺主题分类", omit="主题分类"),
    Policy(710016, "青政办发〔2026〕1号", "河湖管理", "实施方案", "zfb", "2026-01-19", "2026-01-21",
           Talk("2026-01-21"), "同一文号用于两个文件（之一）"),
    Policy(710017, "青政办发〔2026〕1号", "政务督查", "工作办法", "zfb", "2026-01-19", "2026-01-22",
           Talk("2026-01-22"), "同一文号用于两个文件（之二）"),
    Policy(710018, "青政办发〔2026〕10号", "秋冬季防汛抗旱", "工作方案", "zfb", "2026-09-28", "2026-09-29",
           None, "陷阱：发布未满3个工作日（国庆假期）"),
    Policy(710019, "青政办发〔2025〕10号", "", "", "zfb", "2025-10-13", "2025-10-15", None, "陷阱：转发文件不需解读",
           title="青禾区人民政府办公室转发《云岭市人民政府办公室关于做好政务公开工作的通知》的通知"),
    Policy(710020, "青政办发〔2025〕13号", "节约用能", "工作方案", "fgj", "2025-12-01", "2026-01-12",
           Talk("2026-01-12"), "成文至发布28个工作日"),
    Policy(710021, "青政发〔2026〕4号", "农村公路养护", "管理办法", "nyj", "2026-05-25", "2026-05-27",
           Talk("2026-06-09"), "解读晚于文件9个工作日", repeals="青政发〔2022〕6号"),
    Policy(710022, "青政发〔2026〕5号", "创业担保贷款", "实施细则", "rsj", "2026-04-28", "2026-04-30",
           Talk("2026-05-08"), "陷阱：隔着五一假期，解读晚3个工作日"),
    Policy(710023, "青政办发〔2026〕11号", "社区食堂", "管理办法", "mzj", "2026-07-06", "2026-07-08",
           Talk("2026-07-08", phone="none", form="video"), "解读页没有咨询电话；陷阱：视频解读"),
    Policy(710024, "青政办发〔2026〕12号", "数字乡村", "工作方案", "nyj", "2026-03-09", "2026-03-11",
           Talk("2026-03-11", form="text"), "解读只有文字；陷阱：文字充实，文号用方括号", square=True),
    Policy(710025, "青政办发〔2026〕13号", "体育场馆开放", "管理办法", "jyj", "2026-08-10", "2026-08-12",
           Talk("2026-08-12", back=False), "解读页没有链接文件；陷阱：表头字段用别的名称", spelling=True),
    Policy(710026, "青政办发〔2026〕14号", "物业服务", "实施细则", "zjj", "2026-06-22", "2026-06-24",
           None, "没有解读"),
    Policy(710027, "青政办发〔2026〕15号", "节水灌溉", "工作方案", "nyj", "2026-02-02", "2026-02-04",
           Talk("2026-02-04", form="copy"), "解读照抄文件，只有文字"),
    Policy(710028, "青政发〔2022〕6号", "农村公路养护", "暂行办法", "nyj", "2022-06-15", "2022-06-17",
           None, "已被青政发〔2026〕4号废止，有效性仍为有效"),
    Policy(710029, "青政发〔2023〕6号", "粮食产能提升", "工作方案", "nyj", "2023-03-13", "2023-03-15",
           None, "陷阱：刚被废止，还在更新期限内"),
)  # fmt: skip


def add_policies(replica: Replica) -> tuple[Section, Section, Section]:
    """Register library and interpretations; returns the two file columns and the interpretation column."""
    crumbs: Crumbs = (("首页", "/"), ("政府信息公开", "/zwgk/"), ("政策文件库", LIBRARY))
    sides: Crumbs = (("区政府文件", DISTRICT), ("区政府办公室文件", OFFICE), ("政策解读", TALKS))
    shelf = Section("", "", column_type="政策文件", crumbs=crumbs, sides=sides, side_title="政策文件库")
    columns = [
        replace(shelf, label="区政府文件", base=DISTRICT, items=_files(office=False)),
        replace(shelf, label="区政府办公室文件", base=OFFICE, items=_files(office=True)),
    ]
    for column in columns:
        publish(replica, column, articles=False)  # files have a template of their own
    for policy in POLICIES:
        replica.add(WWW, policy.path, _file_page(policy, crumbs))
        if policy.talk and policy.talk.form == "video":
            replica.add(WWW, _film(policy), lambda: Response(b"\0" * 1024, "video/mp4"))
    talks = replace(
        shelf, label="政策解读", base=TALKS, column_type="政策解读", crumbs=crumbs[:2], items=tuple(_talks())
    )
    publish(replica, talks)
    return columns[0], columns[1], talks


def _files(*, office: bool) -> tuple[Item, ...]:
    return tuple(
        Item(p.number, p.heading, on(p.issued, 16), "青禾区人民政府", "", path=p.path)
        for p in POLICIES
        if p.office is office
    )


_SQUARE = str.maketrans("〔〕", "[]")
_SPELLINGS = {
    "主题分类": "信息分类", "发文机关": "公开主体", "成文日期": "生成日期", "发布日期": "发布时间", "发文字号": "文号",
    "有效性": "时效性",
}  # fmt: skip


def _file_page(policy: Policy, crumbs: Crumbs) -> Callable[[], Response]:
    issuer = "青禾区人民政府办公室" if policy.office else "青禾区人民政府"
    fields = [
        ("索引号", f"990102/2026-{policy.number % 100000:05d}"),
        ("主题分类", policy.theme),
        ("发文机关", issuer),
        ("成文日期", _chinese(policy.written)),
        ("发布日期", _chinese(policy.issued)),
        ("发文字号", policy.docno.translate(_SQUARE) if policy.square else policy.docno),
        ("关键词", policy.topic or "政务公开"),
        ("有效性", policy.validity),
    ]
    shown = [(name, value) for name, value in fields if name != policy.omit]
    if policy.spelling:
        shown = [(_SPELLINGS.get(name, name), value) for name, value in shown]
    related: tuple[tuple[str, str], ...] = ()
    if policy.talk and policy.talk.front == "related":
        related = ((f"《青禾区{policy.topic}{policy.form}》政策解读", f"http://{WWW}{policy.talk_path}"),)
    label, base = ("区政府办公室文件", OFFICE) if policy.office else ("区政府文件", DISTRICT)
    meta = Meta(article=policy.heading, pubdate=f"{policy.issued} 16:00", source=issuer)
    frame = Frame(policy.heading, (*crumbs, (label, base)), meta, template="policy")
    return lambda: page(
        "policy.html",
        frame,
        fields=shown,
        title=policy.heading,
        docno=policy.docno,
        body=_file_text(policy, issuer),
        related=related,
    )


def _chinese(day: str) -> str:
    at = on(day)
    return f"{at.year}年{at.month}月{at.day}日"


def _file_text(policy: Policy, issuer: str) -> str:
    lead = "各镇人民政府、街道办事处，区政府各部门、各直属单位："
    written: datetime = on(policy.written)
    sign = f'<p class="sign">{issuer}</p><p class="sign">{written.year}年{written.month}月{written.day}日</p>'
    if not policy.topic:
        return html([lead, f"{policy.heading.split('关于', 1)[-1]}，现予公布，请认真贯彻执行。"]) + sign
    about = policy.topic
    lines = [
        lead,
        f"《青禾区{about}{policy.form}》已经区政府同意，现印发给你们，请认真贯彻执行。",
        f"第一条　为加强全区{about}工作，规范管理程序，提高服务质量，结合本区实际，制定本文件。",
        f"第二条　本文件适用于本区行政区域内的{about}活动及其监督管理。",
        f"第三条　{body(policy.drafter).full}是{about}工作的主管部门，负责组织实施和日常监督。",
        f"第四条　各镇人民政府、街道办事处按照职责分工，做好辖区内{about}的宣传发动和具体落实。",
        "第五条　主管部门应当建立台账，每季度汇总进展情况，并通过门户网站向社会公开。",
        "第六条　对工作中弄虚作假、截留挪用资金的，依法依规追究责任。",
    ]
    if policy.repeals:
        old = next(p for p in POLICIES if p.docno == policy.repeals)
        lines.append(f"第七条　本文件自发布之日起施行。《青禾区{old.topic}{old.form}》（{old.docno}）同时废止。")
    else:
        lines.append("第七条　本文件自发布之日起施行。")
    text = html(lines) + sign + "<p>（此件公开发布）</p>"
    if policy.talk and policy.talk.front == "body":
        text += (
            f'<p>解读链接：<a href="http://{WWW}{policy.talk_path}">《青禾区{about}{policy.form}》政策解读</a></p>'
        )
    return text


def _talks() -> list[Item]:
    items = []
    for policy in POLICIES:
        talk = policy.talk
        if talk is None:
            continue
        related: tuple[tuple[str, str], ...] = ()
        if talk.back:
            related = ((policy.heading, f"http://{WWW}{policy.path}"),)
        drafter = body(policy.drafter)
        phone = f"政策咨询电话：{PHONE_AREA}-{drafter.phone}（{drafter.short}）"
        after = f'<p class="article-foot">{phone}</p>' if talk.phone == "footer" else ""
        title = f"《青禾区{policy.topic}{policy.form}》政策解读"
        items.append(
            Item(
                policy.number + 5000,
                title,
                on(talk.at, 16, 40),
                drafter.full,
                _talk_text(policy, talk, phone),
                related=related,
                after=after,
                path=policy.talk_path,
            )
        )
    return items


def _talk_text(policy: Policy, talk: Talk, phone: str) -> str:
    about = policy.topic
    chart = f'<p><img src="/assets/charts/{policy.number}.png" alt="一图读懂{about}{policy.form}" width="720" height="480"></p>'
    if talk.form == "picture":
        return chart
    drafter = body(policy.drafter)
    if talk.form == "copy":
        return _file_text(policy, "青禾区人民政府办公室") + html([phone])
    if talk.form == "short":
        return html(
            [f"近日，区政府出台了《青禾区{about}{policy.form}》，各单位要认真落实，意见建议可来电反映。", phone]
        )
    lines = [
        f"近日，区政府出台了《青禾区{about}{policy.form}》，现就有关内容解读如下。",
        f"一、制定背景。近年来，群众和企业对{about}的需求不断增长，原有做法在申请材料、办理时限和资金拨付等方面存在堵点，有必要出台统一规定。",
        f"二、制定依据。依据国家和省、市关于{about}的有关法律法规和政策文件，结合青禾区实际制定，起草过程中先后征求了各镇街、有关部门和企业群众代表的意见。",
        "三、主要内容。共七条，明确了管理体制、办理程序、资金来源和监督责任。与以往相比，一是申请材料由七项减为三项；二是办理时限由二十个工作日压缩到十个工作日；三是建立按季度公开进展的制度。",
        f"四、适用范围。本区行政区域内从事{about}活动的单位、企业和个人均可适用，外地在本区依法登记的市场主体同等对待。",
        "五、执行标准。补助按照实际发生额核定，同一事项不重复享受；审核结果在门户网站公示五个工作日，接受社会监督。",
        "六、问答。问：材料不全能否先受理？答：可以容缺受理，由窗口一次性告知，申请人在五个工作日内补齐即可。问：在哪里办理？答：到区政务服务大厅综合窗口或通过网上办事服务栏目提交。",
        f"七、解读机关：{drafter.full}。" + (phone if talk.phone == "body" else ""),
    ]
    film = f'<p><video src="{_film(policy)}" controls width="640" height="360"></video></p>'
    return {"image": chart, "video": film}.get(talk.form, "") + html(lines)


def _film(policy: Policy) -> str:
    return f"/assets/video/{policy.number}.mp4"
