"""The areas of the twelve units: news, notices, key fields, organ, guide, catalogue and annual reports."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from audit.demo import documents
from audit.demo.bodies import BODIES, body
from audit.demo.families import Section, publish
from audit.demo.grammar import dice, news_html, news_title, notice_html, notice_title
from audit.demo.layout import PHONE_AREA, Crumbs, Frame, Meta, framed, page
from audit.demo.model import AGRI, WAF, WWW, Body, Item, Producer, Replica, ago, on

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


GB2312 = Frame("", charset="gb2312", encoding="gbk", template="gbk")
MISLABELLED = Frame("", charset="utf-8", encoding="gbk", template="gbk")  # the header says gbk, the page utf-8
FORGETFUL = Frame("", omit=frozenset({"SiteIDCode", "ContentSource"}), template="old")
CARELESS = Frame("", code="9901020002", footer="no-police", template="careless")

AREAS: tuple[Area, ...] = (
    Area("zfb", late=1, news_family="json"),
    Area("fgj", late=4),
    Area("jyj", late=2, news_family="spa"),
    Area("mzj", family="plain", base="/mzj/", late=5, notice_late=320, frame=FORGETFUL),
    Area("rsj", late=3, dates="bracket"),
    Area("zjj", family="vsb", base="/zjj/", numbers=(1021, 1022, 1023, 1024), late=6, frame=CARELESS),
    Area("nyj", host=AGRI, family="hanweb", base="/", numbers=(101, 102, 103, 104), late=2),
    Area("hesui", late=41),
    Area("yunsang", late=7, news_family="gkmlpt", numbers=(5221, 0, 0, 0)),
    Area("mailang", late=8, frame=GB2312),
    Area("qingting", late=3, dates="cn"),
)

COLUMNS = (("gzdt", "工作动态"), ("tzgg", "通知公告"), ("zdly", "重点领域信息公开"), ("zfxxgknb", "政府信息公开年报"))
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
    return made


def _sides(area: Area) -> Crumbs:
    columns = tuple((label, _address(area, folder, n)) for n, (folder, label) in enumerate(COLUMNS))
    pages = tuple((label, f"{area.home}{folder}/" if area.family != "vsb" else f"{area.home}{folder}.htm")
                  for folder, label in PAGES)  # fmt: skip
    return columns + pages


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


def _sections(area: Area, extra: tuple[Item, ...]) -> list[Section]:
    who = area.body
    base = Section(
        "",
        "",
        host=area.host,
        family=area.family,
        root=area.home.rstrip("/"),
        crumbs=_crumbs(area),
        sides=_sides(area),
        side_title=who.short,
        frame=area.frame,
        per_page=4 if area.family in ("hanweb", "vsb") else 15,
    )
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
    return items


def notices(area: Area) -> list[Item]:
    who, rng = area.body, dice(area.unit, "notices")
    items = []
    for n in range(5):
        duty = who.duties[n % len(who.duties)]
        at = ago(area.notice_late + n * 23, 9 + rng.randint(0, 7), rng.randint(0, 59))
        html = notice_html(who.full, duty, at, f"{PHONE_AREA}-{who.phone}", n)
        items.append(_item(area, 2, n, notice_title(duty, n, at), at, html))
    return items


def key_fields(area: Area) -> list[Item]:
    who, rng = area.body, dice(area.unit, "fields")
    items = []
    for n in range(2):
        duty = who.duties[n % len(who.duties)]
        at = ago(9 + n * 28, 10, rng.randint(0, 59))
        title = f"{who.short}{at.year}年{duty}信息公开情况（第{n + 1}期）"
        items.append(_item(area, 3, n, title, at, news_html(who.short, duty, "field", n)))
    return items


def reports(area: Area) -> list[Item]:
    who = area.body
    days = {2025: "2026-01-22", 2024: "2025-01-21"}
    if area.unit == "yunsang":
        days[2025] = "2026-02-26"  # planted: after 31 January
    broken = {"fgj": "sum", "hesui": "order", "mailang": "plan"}.get(area.unit, "")
    items = []
    for year, day in days.items():
        html = documents.report(who, year, broken=broken if year == 2025 else "")
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
    guide = documents.guide(who, "2026年3月18日", fax=who.id != "mzj")
    if who.town:
        guide = f'<p>{who.short}政府信息公开指南统一见<a href="http://{WWW}/zwgk/zfxxgkzn/">青禾区政府信息公开指南</a>。</p>'
    texts = {
        "jgzn": documents.organ(who, hours=who.id != "zjj"),
        "gkzn": guide,
        "gkml": documents.catalogue(who, "2024年4月20日" if who.id == "fgj" else "2026年4月20日"),
    }
    for folder, label in PAGES:
        path = f"{area.home}{folder}.htm" if area.family == "vsb" else f"{area.home}{folder}/"
        kind = {"jgzn": "机构职能", "gkzn": "信息公开指南", "gkml": "信息公开目录"}[folder]
        meta = Meta(column=label, column_type=kind, description=f"{who.short}{label}", site_domain=area.host)
        frame = framed(area.frame, title=label, crumbs=(*crumbs, (label, path)), meta=meta, host=area.host)
        replica.add(area.host, path, _plain(frame, f"{who.short}{label}", texts[folder], sides, who.short))
    links = "".join(f'<li><a href="{href}">{label}</a></li>' for label, href in sides)
    meta = Meta(column=who.short, column_type="信息公开目录", site_domain=area.host)
    frame = framed(area.frame, title=who.full, crumbs=crumbs, meta=meta, host=area.host)
    front = f'<ul class="tiles">{links}</ul>'
    replica.add(area.host, area.home, _plain(frame, who.full, front, (), ""))


def _plain(frame: Frame, heading: str, text: str, sides: Crumbs, side_title: str) -> Producer:
    return lambda: page("plain.html", frame, heading=heading, body=text, sides=sides, side_title=side_title)


def hub_links() -> list[tuple[str, str]]:
    """Every unit's area as the portal's catalogue page links to it."""
    links = [(area.body.full, f"http://{area.host}{area.home}") for area in AREAS]
    return [*links, (body("swj").full, f"http://{WAF}/")]
