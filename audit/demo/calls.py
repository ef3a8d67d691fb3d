"""More calls for comments, with answers that are late or thin, and the rows of the decision catalogue behind them."""

from __future__ import annotations

from dataclasses import dataclass

from audit.demo.assets import pdf
from audit.demo.bodies import body
from audit.demo.grammar import html
from audit.demo.layout import PHONE_AREA
from audit.demo.model import WWW, Item, Replica, on

_FIGURES = (
    "期间共收到意见建议{n}条，采纳{m}条，未采纳2条。",
    "未采纳的主要理由：所提事项已有上位规定，或者超出本文件调整范围。",
)


@dataclass(frozen=True, slots=True)
class Call:
    """One call. `draft`: attached, text (the draft is the page itself), none. `answer` blank: none was given."""

    number: int
    topic: str
    unit: str
    opened: str
    until: str  # how the page says when it ends
    answered: str = ""
    answer: tuple[str, ...] = _FIGURES
    draft: str = "attached"


CALLS = (
    # planted: answered nineteen working days after the decision, without figures
    Call(561_200, "农田水利管护实施方案", "nyj", "2026-03-23", "2026年3月23日至2026年4月24日", "2026-06-10",
         ("各方面意见均已认真研究。",)),
    # planted: answered a month after the decision; trap: nobody commented, so there is nothing to give reasons for
    Call(561_201, "技能培训实施方案", "rsj", "2025-12-15", "2025年12月15日至2026年1月20日", "2026-03-18",
         ("公示期间未收到意见建议。",)),
    # traps: answered on the tenth working day after the decision; everything was taken up
    Call(561_202, "重大项目调度工作方案", "fgj", "2026-04-20", "2026年4月20日至2026年5月22日", "2026-06-17",
         ("期间共收到意见建议3条，均予采纳。",)),
    # planted: fifteen days, no reason given
    Call(561_203, "体育场馆开放管理办法", "jyj", "2026-06-08", "2026年6月8日至2026年6月22日", "2026-07-03"),
    # trap: thirty days with the first and the last one
    Call(561_204, "户外广告设施管理规定", "zjj", "2026-07-01", "2026年7月1日至2026年7月30日", "2026-08-14"),
    # planted: no draft and no explanation of it
    Call(561_205, "志愿服务管理办法", "mzj", "2026-08-24", "2026年8月24日至2026年9月25日", draft="none"),
    # traps: the draft is the page itself; the last day follows from the number of days
    Call(561_206, "招标投标活动监督办法", "fgj", "2026-08-03", "自公告发布之日起，征求意见期限为30日", "2026-09-11",
         draft="text"),
)  # fmt: skip

_CHAPTERS = ("准备环节", "实施环节", "评审环节", "履约环节")
_CLAUSES = (
    "为规范全区{topic}所涉事项，明确各方责任，维护公平竞争秩序，依据有关法律法规，结合本区实际，制定本文件。",
    "本文件适用于本区行政区域内的相关活动及其监督管理，法律法规另有规定的，从其规定。",
    "区政府建立联席会议制度，统筹协调跨部门事项，联席会议日常工作由{who}承担。",
    "主管部门应当公布监督事项清单，按照随机抽取、公开透明的原则开展检查，检查情况在门户网站公开。",
    "当事人应当如实提供材料，并对材料的真实性负责，不得隐匿、销毁与活动有关的资料。",
    "任何单位和个人都有权举报违法行为，主管部门应当在五个工作日内决定是否受理，并答复举报人。",
    "对弄虚作假、串通投标、规避招标等行为，依法给予处理，处理结果记入信用记录并向社会公布。",
    "工作人员滥用职权、玩忽职守、徇私舞弊的，依法给予处分；构成犯罪的，依法追究刑事责任。",
)


def more_calls(replica: Replica) -> list[Item]:
    """Calls and answers as items of the column 征集调查; drafts are registered as files."""
    items = []
    for call in CALLS:
        items.append(Item(call.number, _title(call), on(call.opened), body(call.unit).full, _text(replica, call)))
        if call.answered:
            who = body(call.unit)
            lines = [f"{who.full}就《青禾区{call.topic}（征求意见稿）》公开征求意见。", *call.answer]
            filled = html([line.format(n=9, m=7) for line in lines])
            title = f"《青禾区{call.topic}（征求意见稿）》意见收集和采纳情况反馈"
            items.append(Item(call.number + 1000, title, on(call.answered), who.full, filled))
    return items


def _title(call: Call) -> str:
    return f"关于《青禾区{call.topic}（征求意见稿）》公开征求意见的公告"


def _text(replica: Replica, call: Call) -> str:
    who = body(call.unit)
    lines = [
        f"为提高决策科学化、民主化水平，现就《青禾区{call.topic}（征求意见稿）》向社会公开征求意见。",
        f"征求意见时间：{call.until}。",
        f"提交方式：一是发送电子邮件至{call.unit}@qinghe-demo.gov.cn；二是信函寄至{who.address}{who.full}；"
        f"三是电话反馈：{PHONE_AREA}-{who.phone}。",
    ]
    if call.draft == "none":
        return html(lines)
    lines.append(f"起草说明：{who.full}在调研基础上起草了本文件，主要明确适用范围、办理程序和监督责任。")
    if call.draft == "text":
        parts = [
            line.format(topic=f"{call.topic[:4]}{part}", who=who.full) for part in _CHAPTERS for line in _CLAUSES
        ]
        return html([*lines, *(f"第{n}条　{line}" for n, line in enumerate(parts, start=1))])
    path = f"/hdjl/zjdc/files/draft{call.number}.pdf"
    replica.add(WWW, path, lambda: pdf("Draft (demonstration)"))
    return html(lines) + f'<p>附件：<a href="{path}">青禾区{call.topic}（征求意见稿）</a></p>'


def address(number: int, *, answer: bool = False) -> str:
    """Path of a call's page, or of its answer."""
    call = next(c for c in CALLS if c.number == number)
    day = (call.answered if answer else call.opened).replace("-", "")
    return f"/hdjl/zjdc/{day[:6]}/t{day}_{number + 1000 * answer}.html"


# What the catalogue of decisions links: planted, a decision without explanation, background, answers and attendance;
# a trap, every node there under words of its own.
IRRIGATION = (
    ("草案全文", address(561_200)),
    ("决策公布", "/zwgk/zcwjk/qzfb/202605/t20260513_710007.html"),
)
TRAINING = (
    ("征求意见稿", address(561_201)),
    ("起草说明", address(561_201)),
    ("制定背景", address(561_201)),
    ("意见征集反馈", address(561_201, answer=True)),
    ("公众代表参会", "/zwgk/zdjc/202608/t20260820_570101.html"),
    ("正式文件", "/zwgk/zcwjk/qzfb/202602/t20260211_710015.html"),
)
