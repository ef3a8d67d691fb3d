"""The areas of the twelve units: news, notices, key fields, organ, guide, catalogue and annual reports."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from audit.demo import documents
from audit.demo.bodies import BODIES, body
from audit.demo.desks import application, figures_of
from audit.demo.duties import open_month
from audit.demo.families import Section, publish
from audit.demo.grammar import dice, news_html, news_title, notice_html, notice_title
from audit.demo.layout import PHONE_AREA, Crumbs, Frame, Meta, framed, page
from audit.demo.model import AGRI, HOUSING, PROJECTS, WAF, WWW, Body, Item, Producer, Replica, ago, on

HUB = "/zwgk/xxgkml/"


@dataclass(frozen=True, slots=True)
class Area:
    """Where and how a unit publishes. `late` are days between the as-of day and the newest news item."""

    unit: str
    host: str = WWW
    family: str = "trs"
    base: str = ""
    numbers: tuple[int, ...] = (0, 0, 0, 0)
    late: int = 3
    notice_late: int = 12
    frame: Frame = field(default_factory=lambda: Frame(""))
    news_family: str = ""
    dates: str = "iso"

    @property
    def home(self) -> str:
        return self.base or f"{HUB}{self.unit}/"

    @property
    def body(self) -> Body:
        return body(self.unit)

    def place(self, name: str) -> str:
        """Base of a column: VSB addresses have no final slash."""
        return f"{self.home}{name}" if self.family == "vsb" else f"{self.home}{name}/"


GB2312 = Frame("", charset="gb2312", encoding="gbk", template="gbk", tags="lower")
MISLABELLED = Frame("", charset="utf-8", encoding="gbk", template="gbk")  # the header says gbk, the page utf-8
FORGETFUL = Frame("", omit=frozenset({"SiteIDCode", "ContentSource"}), footer="no-report", template="old")
CARELESS = Frame(
    "", code="9901020002", footer="no-police", template="careless", domain_words="null", omit=frozenset({"PubDate"})
)
WORDY = Frame("", domain_words=f"http://{WWW}/", tags="reversed", template="wordy")

AREAS: tuple[Area, ...] = (
    Area("zfb", late=1, news_family="json"),
    Area("fgj", late=4),
    Area("jyj", late=2, news_family="spa"),
    Area("mzj", family="plain", base="/mzj/", late=5, notice_late=320, frame=FORGETFUL),
    Area("rsj", late=3, dates="bracket"),
    Area("zjj", family="vsb", base="/zjj/", numbers=(1021, 1022, 1023, 1024), late=6, frame=CARELESS),
    Area("nyj", host=AGRI, family="hanweb", base="/", numbers=(101, 102, 103, 104), late=2),
    Area("hesui", late=41, frame=WORDY),
    Area("yunsang", late=7, news_family="gkmlpt", numbers=(5221, 0, 0, 0)),
    Area("mailang", late=8, frame=GB2312),
    Area("qingting", late=3, dates="cn"),
)

COLUMNS = (("gzdt", "工作动态"), ("tzgg", "通知公告"), ("zdly", "重点领域信息公开"), ("zfxxgknb", "政府信息公开年报"))
_APPLY, _FIGURES = ("ysqgk", "依申请公开"), ("bstj", "办事统计")
DESKS = {
    "fgj": (_APPLY,), "mzj": (_APPLY,), "jyj": (_APPLY, _FIGURES), "rsj": (_APPLY, _FIGURES), "hesui": (_FIGURES,),
}  # fmt: skip
PAGES = (("jgzn", "机构职能"), ("gkzn", "政府信息公开指南"), ("gkml", "主动公开基本目录"))


def add_areas(replica: Replica, extra: dict[str, tuple[Item, ...]]) -> dict[tuple[str, str], Section]:
    """Register every unit's area; `extra` adds topic items to the key-field column of a unit.

    Returns the sections by (unit, column folder).
    """
    made: dict[tuple[str, str], Section] = {}
    for area in AREAS:
        for section in _sections(area, extra.get(area.unit, ())):
            folder = next(f for f, label in COLUMNS if label == section.label)
            made[area.unit, folder] = publish(replica, section)
        _pages(replica, area)
        for folder, label in DESKS.get(area.unit, ()):
            if folder == "ysqgk":
                area_page(replica, area, folder, label, application(area.body))
            else:
                about = f"{area.body.short}{label}栏目，按季度公布{area.body.short}办件数量"
                shelf = replace(_base(area), label=label, column_type="办事服务", description=about)
                publish(replica, replace(shelf, base=area.place(folder), items=figures_of(area.body)))
    return made


def _sides(area: Area) -> Crumbs:
    columns = tuple((label, _address(area, folder, n)) for n, (folder, label) in enumerate(COLUMNS))
    pages = tuple((label, f"{area.home}{folder}/" if area.family != "vsb" else f"{area.home}{folder}.htm")
                  for folder, label in PAGES)  # fmt: skip
    desks = tuple((label, f"{area.home}{folder}/") for folder, label in DESKS.get(area.unit, ()))
    return columns + pages + desks


def _address(area: Area, folder: str, order: int) -> str:
    if order == 0 and area.news_family == "gkmlpt":
        return f"{area.home}gkmlpt/index"
    if area.family == "hanweb":
        return f"/col/col{area.numbers[order]}/index.html"
    return f"{area.home}{folder}.htm" if area.family == "vsb" else f"{area.home}{folder}/"


def _crumbs(area: Area) -> Crumbs:
    return (
        ("首页", f"http://{WWW}/"),
        ("政府信息公开", f"http://{WWW}/zwgk/"),
        (area.body.short, f"http://{area.host}{area.home}"),
    )


def _base(area: Area) -> Section:
    return Section(
        "",
        "",
        host=area.host,
        family=area.family,
        root=area.home.rstrip("/"),
        crumbs=_crumbs(area),
        sides=_sides(area),
        side_title=area.body.short,
        frame=area.frame,
        per_page=4 if area.family in ("hanweb", "vsb") else 20,
    )


def _sections(area: Area, extra: tuple[Item, ...]) -> list[Section]:
    who, base = area.body, _base(area)
    content = (news(area), notices(area), (*key_fields(area), *extra), reports(area))
    kinds = ("工作动态", "通知公告", "信息公开目录", "信息公开年报")
    result = []
    for n, (folder, label) in enumerate(COLUMNS):
        section = replace(
            base,
            label=label,
            base=area.place(folder),
            items=tuple(content[n]),
            number=area.numbers[n],
            column_type=kinds[n],
            dates=area.dates if n == 0 else "iso",
            description=f"{who.short}{label}栏目，集中公开{who.short}{label}方面的信息",
        )
        if folder == "gzdt" and area.news_family:
            section = replace(section, family=area.news_family, per_page=4)
        if area.unit == "rsj" and folder == "tzgg":
            section = replace(section, omit=frozenset({"ColumnDescription", "ColumnKeywords"}))
        if area.unit == "mzj" and folder == "zdly":
            section = replace(section, omit=frozenset({"ColumnType"}))
        if area.unit == "yunsang" and folder == "tzgg":
            section = replace(section, frame=MISLABELLED)
        result.append(section)
    return result


def news(area: Area) -> list[Item]:
    who, rng = area.body, dice(area.unit, "news")
    items = []
    for n in range(6):
        duty = who.duties[n % len(who.duties)]
        at = ago(area.late + n * 6, 8 + rng.randint(0, 9), rng.randint(0, 59))
        items.append(_item(area, 1, n, news_title(who.short, duty, n), at, news_html(who.short, duty, n)))
    if area.unit == "fgj":  # planted: a purchase notice among the news
        text = news_html(who.short, "重大项目", "misfiled")
        items.append(_item(area, 1, 98, "青禾区示范工程监理服务采购公告", ago(9, 10, 0), text))
    if area.unit == "qingting":  # an old row stands pinned above the new ones
        old = ago(330, 9, 30)
        title = "青汀街道便民服务中心办事指引汇总"
        items.append(replace(_item(area, 1, 99, title, old, news_html(who.short, "便民服务", "pin")), pinned=True))
        items += open_month(who, 8, 612_180)  # trap: not in the column of open days
    return items


def notices(area: Area) -> list[Item]:
    who, rng = area.body, dice(area.unit, "notices")
    items = []
    for n in range(5):
        duty = who.duties[n % len(who.duties)]
        at = ago(area.notice_late + n * 23, 9 + rng.randint(0, 7), rng.randint(0, 59))
        html = notice_html(who.full, duty, at, f"{PHONE_AREA}-{who.phone}", n)
        items.append(_item(area, 2, n, notice_title(duty, n, at), at, html))
    if area.unit in _HOLLOW:
        last = items.pop()
        items.append(replace(last, html=_HOLLOW[area.unit].format(title=last.title)))
    odd = _ODD_NOTICES.get(area.unit)
    if odd:
        at = ago(area.notice_late + 4, 10, 20)
        html = notice_html(who.full, who.duties[0], at, f"{PHONE_AREA}-{who.phone}", "odd")
        items.append(_item(area, 2, 98, odd, at, html))
    return items


# planted: nothing under the title, or the title once more
_HOLLOW = {"nyj": "", "hesui": "<p>{title}</p>"}
_ODD_NOTICES = {
    "jyj": "图解：校外培训缴费注意事项",  # planted: belongs among the interpretations
    "rsj": "青禾区事业单位公开招聘公告（2026年第二批）",  # trap: a notice is where it belongs
}


def key_fields(area: Area) -> list[Item]:
    who, rng = area.body, dice(area.unit, "fields")
    items = []
    for n in range(2):
        duty = who.duties[n % len(who.duties)]
        at = ago(9 + n * 28, 10, rng.randint(0, 59))
        title = f"{who.short}{at.year}年{duty}信息公开情况（第{n + 1}期）"
        items.append(_item(area, 3, n, title, at, news_html(who.short, duty, "field", n)))
    return items


_REPORTS = {
    "fgj": "sum",
    "hesui": "order",
    "mailang": "plan",
    "nyj": "plan",
    "mzj": "period",
    "rsj": "copy",
    "qingting": "copy",
    "yunsang": "words",
    "zjj": "heads",
    "jyj": "spaced",
    "zfb": "none",
}  # what documents.report does to the report of 2025


def reports(area: Area) -> list[Item]:
    who = area.body
    # Planted: two after 31 January. Trap: one on that very day, a Saturday.
    day_of = {"yunsang": "2026-02-26", "zjj": "2026-03-05", "jyj": "2026-01-31"}
    days = {2025: day_of.get(area.unit, "2026-01-22"), 2024: "2025-01-21"}
    broken = _REPORTS.get(area.unit, "")
    items = []
    for year, day in days.items():
        # jyj carries two applications over and says so in both years; zjj's two come from nowhere: planted
        carried = 2 if year == 2025 and area.unit in ("jyj", "zjj") else 0
        left = 2 if year == 2024 and area.unit == "jyj" else 0
        html = documents.report(who, year, broken=broken if year == 2025 else "", carried_in=carried, left=left)
        title = f"{who.full}{year}年政府信息公开工作年度报告"
        items.append(_item(area, 4, 2025 - year, title, on(day, 15, 20), html))
    return items


def _item(area: Area, group: int, order: int, title: str, at: datetime, html: str) -> Item:
    unit = BODIES.index(area.body) + 1
    number = 600_000 + unit * 1000 + group * 100 + order
    return Item(number, title, at, area.body.full, html)


def _pages(replica: Replica, area: Area) -> None:
    """Organ, guide, catalogue and the area's front."""
    who, sides, crumbs = area.body, _sides(area), _crumbs(area)
    updated = "2024年5月10日" if who.id == "rsj" else "2026年3月18日"  # planted: two years old
    guide = documents.guide(who, updated, fax=who.id != "mzj", plain=who.id == "fgj")
    if who.town:
        guide = f'<p>{who.short}政府信息公开指南统一见<a href="http://{WWW}/zwgk/zfxxgkzn/">青禾区政府信息公开指南</a>。</p>'
    texts = {
        "jgzn": _organ(who),
        "gkzn": guide,
        "gkml": _catalogue(who),
    }
    for folder, label in PAGES:
        area_page(replica, area, folder, label, texts[folder])
    links = "".join(f'<li><a href="{href}">{label}</a></li>' for label, href in sides)
    meta = Meta(column=who.short, column_type="信息公开目录", site_domain=area.host)
    frame = framed(area.frame, title=who.full, crumbs=crumbs, meta=meta, host=area.host)
    front = f'<ul class="tiles">{links}</ul>'
    replica.add(area.host, area.home, _plain(frame, who.full, front, (), ""))


_KINDS = {"jgzn": "机构职能", "gkzn": "信息公开指南", "gkml": "信息公开目录", "ysqgk": "依申请公开"}


def area_page(replica: Replica, area: Area, folder: str, label: str, text: str) -> None:
    """A content page of a unit's area; `text` is trusted markup."""
    who = area.body
    path = f"{area.home}{folder}.htm" if area.family == "vsb" else f"{area.home}{folder}/"
    meta = Meta(column=label, column_type=_KINDS[folder], description=f"{who.short}{label}", site_domain=area.host)
    frame = framed(area.frame, title=label, crumbs=(*_crumbs(area), (label, path)), meta=meta, host=area.host)
    replica.add(area.host, path, _plain(frame, f"{who.short}{label}", text, _sides(area), who.short))


def _organ(who: Body) -> str:
    """Planted: no office hours, no rooms. Traps: both under another name."""
    hours = {"zjj": "", "jyj": "工作时间"}.get(who.id, "办公时间")
    rooms = {"fgj": "", "rsj": "内设科室"}.get(who.id, "内设机构")
    return documents.organ(who, hours=hours, rooms=rooms)


def _catalogue(who: Body) -> str:
    """Planted: one of two years ago, one without days. Traps: other words in the head, an old day in the lead."""
    updated = "2024年4月20日" if who.id == "fgj" else "2026年4月20日"
    if who.id == "qingting":
        return documents.catalogue(who, updated, ("索引", "名称", "内容概述"))
    if who.id == "mzj":
        return documents.catalogue(who, updated, ("索引号", "信息名称", "内容概要", "生成时间"))
    lead = "依据2019年5月15日起施行的《中华人民共和国政府信息公开条例》编制。" if who.id == "jyj" else ""
    return documents.catalogue(who, updated, lead=lead)


def _plain(frame: Frame, heading: str, text: str, sides: Crumbs, side_title: str) -> Producer:
    return lambda: page("plain.html", frame, heading=heading, body=text, sides=sides, side_title=side_title)


def hub_links() -> list[tuple[str, str]]:
    """Every unit's area as the portal's catalogue page links to it."""
    links = [(area.body.full, f"http://{area.host}{area.home}") for area in AREAS]
    links += [("青禾区房屋征收信息网", f"http://{HOUSING}/"), ("青禾区项目公开网", f"http://{PROJECTS}/")]
    return [*links, (body("swj").full, f"http://{WAF}/")]
