"""Content of platform pages: organ, leaders, guide, catalogue and annual report of a unit, as trusted markup."""

# ruff: noqa: E501 - sentences of the fictitious site stay whole

from __future__ import annotations

from audit.demo.grammar import dice, html
from audit.demo.layout import PHONE_AREA, table
from audit.demo.model import Body

HOURS = "法定工作日上午8:30—12:00，下午14:00—17:30（夏季14:30—18:00）"
OFFICES = ("办公室", "综合业务科", "政策法规科", "监督管理科")


def organ(body: Body, *, hours: str = "办公时间", rooms: str = "内设机构") -> str:
    """Duties, rooms, address, hours, telephone and head. `hours` and `rooms` name their parts; blank leaves one out."""
    open_at = f"<p>{hours}：{HOURS}</p>" if hours else ""
    duties = "".join(
        f"<p>（{'一二三'[n]}）负责全区{duty}工作，拟订年度计划并组织实施，开展监督检查。</p>"
        for n, duty in enumerate(body.duties)
    )
    listed = "".join(f"<li>{room}（电话：{PHONE_AREA}-{body.phone}）</li>" for room in OFFICES)
    inside = f"<h2>{rooms}</h2><ul>{listed}</ul>" if rooms else ""
    return (
        f"<h2>机构职能</h2>{duties}{inside}"
        f"<h2>联系方式</h2><p>机构名称：{body.full}</p><p>办公地址：{body.address}</p>{open_at}"
        f"<p>联系电话：{PHONE_AREA}-{body.phone}</p><p>负责人：{body.head}（党组书记、主要负责同志）</p>"
    )


def guide(body: Body, updated: str, *, fax: bool = True, plain: bool = False) -> str:
    """The guide of article 12; `fax` left out is a planted fault. `plain` says everything in other words: a trap."""
    if plain:
        return _plain_guide(body, updated)
    line = f"<p>传真：{PHONE_AREA}-{body.phone[:-2]}99</p>" if fax else ""
    return html(
        [
            f"为方便公民、法人和其他组织获取{body.full}政府信息，依据《中华人民共和国政府信息公开条例》编制本指南。",
            f"更新日期：{updated}",
        ]
    ) + (
        "<h2>一、信息分类和编排体系</h2><p>信息分类：分为机构职能、政策文件、规划计划、行政执法、财政信息等类别。"
        "编排体系：每条信息按索引号、名称、内容概述、生成日期编排。</p>"
        "<h2>二、获取方式</h2><p>主动公开的信息通过门户网站、政府公报、政务新媒体和信息查阅场所公布，公众可检索、查阅、下载；"
        "未主动公开的信息可依法提出申请，申请方式见依申请公开栏目。</p>"
        f"<h2>三、公开机构</h2><p>机构名称：{body.full}</p><p>办公地址：{body.address}</p><p>办公时间：{HOURS}</p>"
        f"<p>联系电话：{PHONE_AREA}-{body.phone}</p>{line}"
        f"<p>电子邮箱：{body.id}@qinghe-demo.gov.cn（互联网联系方式）</p>"
        "<h2>四、监督方式</h2><p>公众认为未依法履行公开义务的，可以向上一级行政机关举报，也可以依法申请行政复议或者提起行政诉讼。</p>"
    )


def _plain_guide(body: Body, updated: str) -> str:
    return html(
        [
            f"{body.full}编制本指南，供查找和申请政府信息时使用。更新日期：{updated}",
            "一、主动公开范围和公开渠道。主动公开机构概况、规划计划、财政信息等，通过门户网站、公报等途径发布，每条信息编有索引号。",
            f"二、受理机构。{body.full}，通信地址：{body.address}，工作时间：{HOURS}。",
            f"三、咨询电话：{PHONE_AREA}-{body.phone}，传真：{PHONE_AREA}-{body.phone[:-2]}98，网址：http://www.qinghe-demo.gov.cn/。",
        ]
    )


_COLUMNS = ("索引", "名称", "内容概述", "生成日期")


def catalogue(body: Body, updated: str, columns: tuple[str, ...] = _COLUMNS, lead: str = "") -> str:
    """The basic catalogue; `columns` are what its head names, fewer than four leave the last ones out."""
    rows = [
        (
            f"QH{body.id.upper()}-{n:03d}",
            name,
            f"{body.short}{name}的内容、依据和办理结果",
            f"{updated[:4]}-0{n % 4 + 1}-15",
        )
        for n, name in enumerate(("机构概况", "政策文件", "规划计划", "财政预决算", "行政执法", "应急管理"), start=1)
    ]
    return f"<p>{lead}</p><p>更新日期：{updated}</p>" + table(
        columns, [row[: len(columns)] for row in rows], "政府信息主动公开基本目录"
    )


_HEADS = (
    "总体情况",
    "主动公开政府信息情况",
    "收到和处理政府信息公开申请情况",
    "政府信息公开行政复议、行政诉讼情况",
    "存在的主要问题及改进情况",
    "其他需要报告的事项",
)
_OTHER_HEADS = (
    "总体情况",
    "主动公开政府信息的情况",
    "收到和处理政府信息公开申请的情况",
    "因政府信息公开工作被申请行政复议、提起行政诉讼情况",
    "政府信息公开工作存在的主要问题及改进情况",
    "其他需要报告的事项",
)


def report(body: Body, year: int, *, broken: str = "", carried_in: int = 0, left: int = 0) -> str:
    """An annual report in the six parts of 国办公开办函〔2021〕30号.

    `broken`, planted: "sum" breaks an identity of table three, "order" swaps parts five and six, "plan" leaves out
    how the yearly plan was carried out, "period" the reporting period, "copy" repeats the report of the year before.
    Traps: "words" speaks of the plan in other words and at the end, "heads" spells headings as others do, "spaced"
    sets a wide space after the numeral, "none" had no application at all. `left` are applications of 2024 that were
    carried into 2025.
    """
    if broken == "copy":
        return report(body, year - 1).replace(f"{year - 1}年", f"{year}年")
    rng = dice(body.id, year, "report")
    new = 0 if broken == "none" else rng.randint(9, 30)
    answered = new - left if year < 2025 else min(new, rng.randint(4, 8))
    plan = "" if broken in ("plan", "words") else f"对照{year}年政务公开工作要点逐项抓好要点落实，重点任务全部完成。"
    last = "区政府部署的政务公开重点任务已按时办结。" if broken == "words" else plan
    heads = _OTHER_HEADS if broken == "heads" else _HEADS
    rest = new + carried_in - answered
    texts = (
        _general(body, year, plan, rng.randint(120, 480)),
        _active(rng.randint(1, 4)),
        _requests(new, carried_in, answered, rest + (3 if broken == "sum" else 0)),
        _disputes(),
        _problems(body, year),
        f"<p>本年度未收取信息处理费。{last}</p>",
    )
    parts = list(zip(heads, texts, strict=True))
    if broken == "order":
        parts[4], parts[5] = parts[5], parts[4]
    numerals = "一二三四五六"
    mark = "、　" if broken == "spaced" else "、"
    text = "".join(f"<h2>{numerals[n]}{mark}{head}</h2>{part}" for n, (head, part) in enumerate(parts))
    period = "" if broken == "period" else f"所列数据的统计期限自{year}年1月1日起至{year}年12月31日止。"
    return (
        f"<p>本报告由{body.full}按照《中华人民共和国政府信息公开条例》和国务院办公厅规定的格式编制。"
        f"{period}如有疑问，请与{body.full}联系"
        f"（地址：{body.address}；电话：{PHONE_AREA}-{body.phone}）。</p>{text}"
    )


def _general(body: Body, year: int, plan: str, count: int) -> str:
    rng = dice(body.id, year, "general")
    duty = rng.choice(body.duties)
    return html(
        [
            f"（一）主动公开。全年通过门户网站公开信息{count}条，其中{duty}类{count // 3}条，及时回应群众对{body.duties[-1]}的关切。{plan}",
            f"（二）依申请公开。完善{body.short}登记、审核、办理、答复、归档流程，做到件件有登记、事事有答复。",
            f"（三）政府信息管理。{body.short}严格执行公开前审查制度，对{'、'.join(body.duties)}等信息定期清理更新。",
            f"（四）平台建设。维护好{body.short}门户专栏和信息查阅点，全年接待群众查阅{count // 5}人次。",
            f"（五）监督保障。召开专题会议{count % 3 + 1}次，组织培训{count % 4 + 2}次，{body.head}任领导小组组长。",
        ]
    )


def _active(made: int) -> str:
    head = ("信息内容", "本年制发件数", "本年废止件数", "现行有效件数")
    first = table(
        head, [("规章", "0", "0", "0"), ("行政规范性文件", str(made), "0", str(made + 6))], "第二十条第（一）项"
    )
    other = table(
        ("信息内容", "本年处理决定数量"),
        [("行政许可", str(made * 31)), ("行政处罚", str(made * 5)), ("行政强制", "0"), ("行政事业性收费", "0")],
        "第二十条第（五）（六）（八）项",
    )
    return first + other


def _requests(new: int, carried: int, answered: int, rest: int) -> str:
    head = ("项目", "自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")

    def row(name: str, number: int) -> tuple[str, ...]:
        return (name, str(number), "0", "0", "0", "0", "0", str(number))

    rows = [
        row("一、本年新收政府信息公开申请数量", new),
        row("二、上年结转政府信息公开申请数量", carried),
        row("三、本年度办理结果（一）予以公开", answered),
        row("（二）部分公开", 0),
        row("（三）不予公开", 0),
        row("（四）无法提供", 0),
        row("（五）不予处理", 0),
        row("（六）其他处理", 0),
        row("（七）总计", answered),
        row("四、结转下年度继续办理", rest),
    ]
    return table(head, rows, "收到和处理政府信息公开申请情况")


def _disputes() -> str:
    head = ("类别", "结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
    names = ("行政复议", "未经复议直接起诉", "复议后起诉")
    return table(head, [(name, "0", "0", "0", "0", "0") for name in names], "行政复议、行政诉讼情况")


def _problems(body: Body, year: int) -> str:
    rng = dice(body.id, year, "problems")
    weak = rng.sample(("解读形式不够丰富", "个别栏目更新不够及时", "基层培训覆盖面不足", "互动回应质量有待提升"), k=2)
    return html(
        [
            f"存在的主要问题：{body.short}在{body.duties[0]}信息公开中{weak[0]}，在{body.duties[1]}领域{weak[1]}。",
            f"改进情况：一是由{body.short}综合业务科每月核查{body.duties[0]}栏目；二是邀请服务对象参与{body.duties[1]}信息公开评议。",
        ]
    )
