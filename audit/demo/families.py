"""Columns and articles as five content management systems publish them, plus lists that only scripts fill."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from html import escape
from urllib.parse import parse_qs

from audit.demo.layout import Crumbs, Frame, Meta, framed, page
from audit.demo.model import WWW, Item, Replica, Response

JPAGE = "/module/web/jpage/dataproxy.jsp"


@dataclass(frozen=True, slots=True)
class Section:
    """One column. `base` ends with a slash except for VSB, where it names the page without ".htm"."""

    label: str
    base: str
    items: tuple[Item, ...] = ()
    host: str = WWW
    family: str = "trs"  # trs, hanweb, vsb, plain, gkmlpt, json, spa
    column_type: str = "工作动态"
    number: int = 0  # column number of Hanweb and VSB addresses
    root: str = ""  # folder that VSB articles lie under
    per_page: int = 15
    crumbs: Crumbs = ()
    sides: Crumbs = ()
    side_title: str = ""
    dates: str = "iso"  # iso, bracket (month and day only), cn, none
    lead: str = ""  # trusted markup above the rows
    frame: Frame = field(default_factory=lambda: Frame(""))
    description: str = ""
    omit: frozenset[str] = frozenset()  # column tags that its front forgets

    @property
    def front(self) -> str:
        if self.family == "hanweb":
            return f"/col/col{self.number}/index.html"
        if self.family == "gkmlpt":
            return f"{self.root}/gkmlpt/index"
        return f"{self.base}.htm" if self.family == "vsb" else self.base

    @property
    def url(self) -> str:
        return f"http://{self.host}{self.front}"

    def path(self, item: Item) -> str:
        if item.path:
            return item.path
        day = item.day
        if self.family == "hanweb":
            return f"/art/{day.year}/{day.month}/{day.day}/art_{self.number}_{item.id}.html"
        if self.family == "vsb":
            return f"{self.root}/info/{self.number}/{item.id}.htm"
        if self.family == "gkmlpt":
            return f"{self.root}/gkmlpt/content/0/{item.id // 1000}/post_{item.id}.html"
        if self.family == "plain":
            return f"{self.base}{item.id}.html"
        return f"{self.base}{day:%Y%m}/t{day:%Y%m%d}_{item.id}.html"

    def address(self, item: Item) -> str:
        return f"http://{self.host}{self.path(item)}"

    def ordered(self) -> list[Item]:
        """Pinned first, then newest first."""
        return sorted(self.items, key=lambda i: (not i.pinned, -i.at.timestamp(), -i.id))


@dataclass(frozen=True, slots=True)
class Line:
    title: str
    href: str
    shown: str
    pinned: bool = False


def publish(replica: Replica, section: Section, *, articles: bool = True) -> Section:
    """Register a column's list pages and, unless told otherwise, its articles; returns the section."""
    _PAGERS[section.family](replica, section)
    for item in section.items if articles else ():
        replica.add(section.host, section.path(item), _article(section, item))
    return section


def _lines(section: Section, items: list[Item]) -> list[Line]:
    return [Line(i.title, section.path(i), _shown_in_list(section, i), i.pinned) for i in items]


def _shown_in_list(section: Section, item: Item) -> str:
    if "undated" in item.marks or section.dates == "none":
        return ""
    if section.dates == "bracket":
        return f"[{item.at:%m-%d}]"
    if section.dates == "cn":
        return f"{item.at.year}年{item.at.month}月{item.at.day}日"
    return f"{item.at:%Y-%m-%d}"


def _frame(section: Section, title: str, meta: Meta) -> Frame:
    crumbs = (*section.crumbs, (section.label, section.front))
    return framed(section.frame, title=title, crumbs=crumbs, meta=meta, host=section.host)


def _list(section: Section, template: str, lines: list[Line], pager: str, **more: object) -> Response:
    meta = Meta(
        column=section.label, column_type=section.column_type, description=section.description, omit=section.omit
    )
    return page(
        template,
        _frame(section, section.label, meta),
        heading=section.label,
        rows=lines,
        pager=pager,
        lead=section.lead,
        sides=section.sides,
        side_title=section.side_title,
        **more,
    )


def _cut(section: Section) -> list[list[Item]]:
    every = section.ordered()
    return [every[i : i + section.per_page] for i in range(0, len(every), section.per_page)] or [[]]


def _trs(replica: Replica, section: Section) -> None:
    """index.html, index_1.html … named by createPageHTML only."""
    parts = _cut(section)
    for number, items in enumerate(parts):
        pager = f'<div class="pager"><script>createPageHTML({len(parts)}, {number}, "index", "html");</script></div>'
        script = '<script src="/assets/createpage.js"></script>'
        pager = script + pager if len(parts) > 1 else ""
        make = _once(section, "list.html", items, pager)
        if number == 0:
            replica.add(section.host, section.base, make)
            replica.add(section.host, f"{section.base}index.html", make)
        else:
            replica.add(section.host, f"{section.base}index_{number}.html", make)


def _once(section: Section, template: str, items: list[Item], pager: str) -> Callable[[], Response]:
    return lambda: _list(section, template, _lines(section, items), pager)


def _plain(replica: Replica, section: Section) -> None:
    """One page with every row; plain links to further pages, and a feed of the newest rows."""
    parts = _cut(section)
    feed = '<p><a href="rss.xml">RSS订阅</a></p>' if section.items else ""
    if feed:
        newest = _lines(section, parts[0])
        replica.add(section.host, f"{section.base}rss.xml", lambda: _rss(section, newest))
    for number, items in enumerate(parts):
        names = ["" if i == 0 else f"list_{i + 1}.html" for i in range(len(parts))]
        links = "".join(f'<a href="{section.base}{n}">{i + 1}</a>' for i, n in enumerate(names))
        pager = f'<div class="pager">{links}</div>' if len(parts) > 1 else ""
        replica.add(section.host, section.base + names[number], _once(section, "list.html", items, pager + feed))


def _rss(section: Section, lines: list[Line]) -> Response:
    entries = "".join(
        f"<item><title>{escape(x.title)}</title><link>{escape(x.href)}</link><pubDate>{x.shown}</pubDate></item>"
        for x in lines
    )
    head = f"<title>{escape(section.label)}</title><link>{section.base}</link>"
    text = f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{head}{entries}</channel></rss>'
    return Response(text.encode(), "application/rss+xml; charset=utf-8")


def _vsb(replica: Replica, section: Section) -> None:
    """The front is the newest page; older pages count down to 1, as this system does."""
    parts = _cut(section)
    total = len(parts)
    folder = section.base
    name = folder.rsplit("/", 1)[-1]
    for number, items in enumerate(parts):
        following = total - number - 1
        following_path = f"{name}/{following}.htm" if number == 0 else f"{following}.htm"
        pager = f'<div class="pager"><span>共{len(section.items)}条</span><span>{number + 1}/{total}</span>'
        if following > 0:
            pager += f'<a href="{following_path}" class="Next">下页</a>'
        pager += "</div>"
        path = section.front if number == 0 else f"{folder}/{total - number}.htm"
        replica.add(section.host, path, _once(section, "list_vsb.html", items, pager))


def _hanweb(replica: Replica, section: Section) -> None:
    """Rows as CDATA records inside a script; further records come from dataproxy.jsp."""
    unit = section.number * 10 + 1
    first = section.ordered()[: section.per_page]

    def front() -> Response:
        return _list(
            section,
            "list_jpage.html",
            _lines(section, first),
            "",
            unit_id=unit,
            column_id=section.number,
            webname="青禾区农业农村局",
            per_page=section.per_page,
            total=len(section.items),
            more=len(section.items) > section.per_page,
        )

    replica.add(section.host, section.front, front)
    others = replica.dynamic.get((section.host, JPAGE), _no_records)

    def proxy(query: str, form: str) -> Response:
        asked = {k: v[-1] for k, v in parse_qs(f"{query}&{form}").items()}
        mine = asked.get("columnid") == str(section.number)
        return _jpage(section, asked) if mine else others(query, form)

    replica.answer(section.host, JPAGE, proxy)


def _no_records(query: str, form: str) -> Response:
    return Response(b"<datastore></datastore>", "text/xml; charset=utf-8")


def _jpage(section: Section, asked: dict[str, str]) -> Response:
    every = section.ordered()
    size = _whole(asked.get("perpage"), section.per_page)
    if "startrecord" in asked:
        start, end = _whole(asked["startrecord"], 1), _whole(asked.get("endrecord"), len(every))
    else:
        start = (_whole(asked.get("page"), 1) - 1) * size + 1
        end = start + size - 1
    records = "".join(
        f'<record><![CDATA[<li><a href="{line.href}" title="{line.title}" target="_blank">{line.title}</a>'
        f"<span>{line.shown}</span></li>]]></record>"
        for line in _lines(section, every[start - 1 : end])
    )
    text = (
        f"<datastore><totalrecord>{len(every)}</totalrecord><totalpage>{-(-len(every) // size)}</totalpage>"
        f"<recordset>{records}</recordset></datastore>"
    )
    return Response(text.encode(), "text/xml; charset=utf-8")


def _whole(text: str | None, default: int) -> int:
    return int(text) if text and text.isdigit() and int(text) > 0 else default


def _spa(replica: Replica, section: Section) -> None:
    """An empty list; the rows come from a JSON file whose name only a running script puts together."""
    rows = [{"t": x.title, "u": x.href, "d": x.shown} for x in _lines(section, section.ordered())]
    body = json.dumps({"rows": rows}, ensure_ascii=False).encode()

    def front() -> Response:
        return _list(section, "list_spa.html", [], "", seg_a="data", seg_b="rows")

    replica.add(section.host, section.base, front)
    replica.add(section.host, f"{section.base}rows_data.json", lambda: Response(body, "application/json"))


def _gkmlpt(replica: Replica, section: Section) -> None:
    """A shell that names its site and column; the rows come from the catalogue's data service, page by page."""
    api = f"{section.root}/gkmlpt/api/all/{section.number}"

    def front() -> Response:
        return _list(section, "list_gkmlpt.html", [], "", sid="990122", column_id=section.number, api=api)

    def answer(query: str, form: str) -> Response:
        lines = _asked(section, query)
        rows = [{"title": x.title, "url": x.href, "display_publish_time": x.shown} for x in lines]
        return _json_body({"articles": rows, "total": len(section.items), "pagesize": section.per_page})

    replica.add(section.host, section.front, front)
    replica.answer(section.host, api, answer)


def _json(replica: Replica, section: Section) -> None:
    """An empty list whose data service is named whole in the page's script."""
    api = f"{section.base}list.json"

    def front() -> Response:
        return _list(section, "list_json.html", [], "", api=api, per_page=section.per_page)

    def answer(query: str, form: str) -> Response:
        rows = [{"title": x.title, "url": x.href, "publishTime": x.shown} for x in _asked(section, query)]
        return _json_body({"code": 0, "data": {"total": len(section.items), "size": section.per_page, "list": rows}})

    replica.add(section.host, section.front, front)
    replica.answer(section.host, api, answer)


def _asked(section: Section, query: str) -> list[Line]:
    """Rows of the page that a data service is asked for."""
    page_number = _whole(parse_qs(query).get("page", ["1"])[-1], 1)
    parts = _cut(section)
    return _lines(section, parts[page_number - 1]) if page_number <= len(parts) else []


def _json_body(value: object) -> Response:
    return Response(json.dumps(value, ensure_ascii=False).encode(), "application/json; charset=utf-8")


_PAGERS: dict[str, Callable[[Replica, Section], None]] = {
    "trs": _trs,
    "plain": _plain,
    "vsb": _vsb,
    "hanweb": _hanweb,
    "gkmlpt": _gkmlpt,
    "json": _json,
    "spa": _spa,
}


def _article(section: Section, item: Item) -> Callable[[], Response]:
    def make() -> Response:
        shown = "" if "undated" in item.marks else f"{item.at:%Y-%m-%d %H:%M}"
        stamp = item.meta_at or item.at
        source = "" if "no-source" in item.marks else item.source
        pubdate = f"{stamp:%Y—%m—%d %H:%M}" if "dash-date" in item.marks else f"{stamp:%Y-%m-%d %H:%M}"
        meta = Meta(article=item.meta_title or item.title, pubdate=pubdate, source=source)
        frame = _frame(section, item.title, meta)
        if item.frame == "faint":
            frame = replace(frame, contrast=False)
        elif item.frame:
            frame = replace(frame, footer=item.frame)
        family = "script" if "script-date" in item.marks else section.family
        return page(
            "article.html",
            replace(frame, template=f"article-{family}"),
            family=family,
            item=item,
            shown=shown,
            source=source,
            body=item.html,
            related=item.related,
            after=item.after,
        )

    return make
