"""From the bytes of one response to the facts of one page. The page is parsed once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from email.utils import parsedate_to_datetime

from checks.facts import DateFact, DateOrigin, Fact, Identity, Link, Page, PageKind, Region
from crawler.extract import payload
from crawler.extract.dates import compact_date, find_dates
from crawler.extract.discover import redirect_target
from crawler.extract.document import Document, fold
from crawler.extract.encoding import decode
from crawler.extract.headertable import header_dates, read_header, read_number
from crawler.extract.headline import find_headline, likely_heading
from crawler.extract.identity import read_identity
from crawler.extract.infoline import Info, read_info
from crawler.extract.kinds import Evidence, kind_of_page
from crawler.extract.links import Anchor, read_anchors
from crawler.extract.maintext import breadcrumb, joined, main_lines
from crawler.extract.marks import read_marks
from crawler.extract.tables import read_tables
from crawler.readers import feed, jsonlist
from crawler.readers.base import Source
from crawler.readers.items import Group, Item
from crawler.readers.registry import Choice, read_list

MAX_BYTES = 20_000_000  # of one page; the rest is not read
LONG_ENTRY = 150  # characters of an entry with a summary
LONG_IN_COMPANY = 3
_URL_DAY = re.compile(r"/[tW]?(20\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])[_./]|/(20\d\d)/(\d{1,2})/(\d{1,2})/")
_FILLS = re.compile(
    r"\$\.(?:ajax|get|getJSON|post)\s*\(|\bfetch\s*\(|axios|XMLHttpRequest|ng-app|v-for|new Vue|createApp", re.I
)
_SHOWN = "a[href], img[src], iframe[src], frame[src], object, embed, video, audio, canvas, svg, form, input"
_SHELL = "#app:empty, #root:empty, app-root:empty, [ng-view]:empty, [ui-view]:empty"


@dataclass(frozen=True, slots=True)
class Context:
    """What extraction must know from outside: hosts of the audited site, its front page, the day of judgement."""

    own_hosts: frozenset[str]
    home: str
    as_of: date


@dataclass(frozen=True, slots=True)
class Extracted:
    page: Page
    links: tuple[Link, ...]


def extract(
    body: bytes,
    url: str,
    *,
    content_type: str,
    headers: Mapping[str, str],
    fetched_at: str,
    sha256: str,
    context: Context,
    rendered: bool = False,
) -> Extracted:
    """Facts and links of one response. Hostile input gives fewer facts, not an exception."""
    stamp = Page(url, sha256, fetched_at, PageKind.OTHER, rendered=rendered)
    if payload.is_binary(body, content_type):
        return Extracted(replace(stamp, encoding="", dates=_from_headers(headers)), ())
    decoded = decode(body[:MAX_BYTES], content_type)
    stamp = replace(stamp, encoding=decoded.encoding)
    if feed.signature(decoded.text):
        return _feed_page(stamp, decoded.text, context)
    if payload.is_data(decoded.text, content_type):
        return _data_page(stamp, decoded.text, context)
    return _html_page(stamp, Document(decoded.text, url), headers, context)


def _data_page(stamp: Page, text: str, context: Context) -> Extracted:
    rows = jsonlist.rows(text, stamp.url, context.as_of)
    links = tuple(Link(r.url, r.title) for r in rows)
    kind = PageKind.LIST if rows else PageKind.OTHER
    marks = _alarm(jsonlist.NAME, "" if rows else jsonlist.drift(text))
    return Extracted(replace(stamp, kind=kind, reader=jsonlist.NAME, rows=rows, marks=marks), links)


def _feed_page(stamp: Page, text: str, context: Context) -> Extracted:
    rows = feed.rows(text, stamp.url, context.as_of)
    links = tuple(Link(r.url, r.title) for r in rows)
    marks = _alarm(feed.NAME, feed.drift(text, len(rows)))
    return Extracted(replace(stamp, kind=PageKind.LIST, reader=feed.NAME, rows=rows, marks=marks), links)


def _alarm(reader: str, words: str) -> tuple[Fact, ...]:
    return (Fact(reader, "drift", words),) if words else ()


def _html_page(stamp: Page, document: Document, headers: Mapping[str, str], context: Context) -> Extracted:
    linked = read_anchors(document)
    anchors = [a for a in linked if a.link.kind != "image"]
    choice = read_list(Source(document, anchors, context.as_of))
    in_rows = _row_lines(document, choice.reading.groups)
    # the headline helps to find the info line, and the info line the headline: the declared title breaks the circle
    first = find_headline(document, None, False)
    first_at = first.end if first is not None and first.at >= 0 else likely_heading(document)
    info = read_info(document, in_rows, first_at)
    headline = find_headline(document, info.at, info.at is not None)
    if headline is not None and headline.at >= 0 and headline.end != first_at:
        info = read_info(document, in_rows, headline.end)
    title_at = headline.end if headline is not None and headline.at >= 0 else None
    start = max((n for n in (title_at, info.at) if n is not None), default=None)
    header = read_header(document, start)
    body = main_lines(document, start, in_rows)
    text = joined(body)
    title = headline.fact if headline is not None else None
    if title is None or title.origin != "visible":
        title = _named_in(header) or title
    docno = read_number(document, header, title.value if title else "", title_at)
    steps = breadcrumb(document)
    redirect = redirect_target(document.tree, document.source, document.base)
    kind = kind_of_page(
        Evidence(
            url=document.url,
            home=context.home,
            source=document.source,
            title=title.value if title else "",
            text_length=len(text),
            text_lines=len(body),
            published=info.published is not None and "更新" not in info.published.quote,
            has_source=info.source_at is not None,
            headline_visible=title is not None and title.origin == "visible",
            article_meta=any(document.meta_values("ArticleTitle")),
            column_type=next((v for v in document.meta_values("ColumnType") if v), ""),
            redirect=bool(redirect),
            rows=choice.reading.rows,
            header=header,
            docno=docno,
            breadcrumb=steps,
            title_tag=document.title_tag,
            link_count=len(anchors),
        )
    )
    published, dates = _dates(document, headers, info, header, kind)
    page = replace(
        stamp,
        rendered=stamp.rendered and bool(document.seen),  # what stayed blank in the browser was not seen
        kind=kind,
        reader=choice.name,
        title=_title(document, title, kind),
        published=published,
        dates=dates,
        source=info.source if kind not in (PageKind.LIST, PageKind.HOME) else None,
        publisher=_publisher(info, header) if kind not in (PageKind.LIST, PageKind.HOME) else None,
        docno=docno if kind not in (PageKind.LIST, PageKind.HOME, PageKind.INTERPRETATION) else None,
        header=header,
        meta=document.meta,
        identity=read_identity(document, anchors) if kind is not PageKind.CHALLENGE else Identity(),
        rows=choice.reading.rows if kind in (PageKind.LIST, PageKind.HOME, PageKind.PLATFORM, PageKind.OTHER) else (),
        breadcrumb=steps,
        marks=(*read_marks(document, anchors, body), *_own_marks(choice, kind, redirect)),
        text=text,
        text_length=len(text),
        needs_render=_needs_render(document, choice, kind, text),
        tables=read_tables(document.source) if "<table" in document.low and _tabled(kind, title) else (),
    )
    return Extracted(page, _links(linked, redirect))


def _row_lines(document: Document, groups: list[Group]) -> frozenset[int]:
    """Indices of the lines inside list entries, when there are enough entries to be a list."""
    nodes = {i.node.mem_id for g in groups for i in _entries(g)}
    if len(nodes) < 2:
        return frozenset()
    found = set()
    for line in document.lines:
        node = line.node
        for _ in range(8):
            if node is None:
                break
            if node.mem_id in nodes:
                found.add(line.at)
                break
            node = node.parent
    return frozenset(found)


def _entries(group: Group) -> list[Item]:
    """Items of a list. An article with a single link looks like one long entry: such stand in company or are none."""
    long = [i for i in group.items if len(fold(i.node.text(deep=True) or "")) > LONG_ENTRY]
    return group.items if len(long) >= LONG_IN_COMPANY else [i for i in group.items if i not in long]


def _title(document: Document, title: Fact | None, kind: PageKind) -> Fact | None:
    """Columns and fronts are known by `<title>`; articles by what stands above their text."""
    if kind in (PageKind.LIST, PageKind.HOME) and document.title_tag:
        return Fact(document.title_tag, "title-tag", document.title_tag, "title")
    return title


def _named_in(header: tuple[Fact, ...]) -> Fact | None:
    """The title as the header table shows it, for pages without a headline."""
    named = next((f for f in header if f.origin == "名称" and f.value), None)
    return Fact(named.value, "visible", named.quote, named.locator) if named is not None else None


def _publisher(info: Info, header: tuple[Fact, ...]) -> Fact | None:
    for name in ("发布机构", "发文机关"):
        fact = next((f for f in header if f.origin == name and f.value), None)
        if fact is not None:
            return fact
    return info.publisher if info.publisher and info.publisher.value else None


def _dates(
    document: Document, headers: Mapping[str, str], info: Info, header: tuple[Fact, ...], kind: PageKind
) -> tuple[DateFact | None, tuple[DateFact, ...]]:
    """The visible publish date, and all candidates. The header's 发布日期 is what a reader sees where no other is."""
    of_header = tuple(header_dates(header))
    issued = next((d for d in of_header if d.origin is DateOrigin.ISSUED), None)
    published = info.published
    if published is not None and issued is not None and published.quote and published.value == issued.value:
        issued = None
    if published is None and issued is not None:
        published = issued
    if kind in (PageKind.LIST, PageKind.HOME, PageKind.STUB, PageKind.CHALLENGE):
        published = None
    rest = tuple(d for d in of_header if not any(d.value == o.value and d.origin == o.origin for o in info.dates))
    return published, (
        *info.dates,
        *rest,
        *_from_meta(document),
        *dates_of_url(document.url),
        *_from_headers(headers),
    )


def _from_meta(document: Document) -> tuple[DateFact, ...]:
    found = []
    for name in ("PubDate", "publishdate", "article:published_time", "pubtime"):
        for value in document.meta_values(name):
            date_ = next(find_dates(value), None) or compact_date(value)
            if date_:
                found.append(DateFact(date_.value, DateOrigin.META, value[:100], f"meta[name={name}]", date_.time))
    return tuple(found)


def dates_of_url(url: str) -> tuple[DateFact, ...]:
    """The day an address carries (`/202401/t20240119_5.html`), as the platform made it."""
    match = _URL_DAY.search(url)
    if match is None:
        return ()
    year, month, day = (int(g) for g in match.groups() if g)
    try:
        return (DateFact(date(year, month, day), DateOrigin.URL, match.group(), "url"),)
    except ValueError:
        return ()


def _from_headers(headers: Mapping[str, str]) -> tuple[DateFact, ...]:
    raw = next((v for k, v in headers.items() if k.lower() == "last-modified"), "")
    try:
        moment = parsedate_to_datetime(raw) if raw else None
    except (ValueError, TypeError):
        moment = None
    if moment is None:
        return ()
    return (
        DateFact(moment.date(), DateOrigin.LAST_MODIFIED, raw[:60], "header Last-Modified", moment.strftime("%H:%M")),
    )


def _own_marks(choice: Choice, kind: PageKind, redirect: str) -> tuple[Fact, ...]:
    marks = []
    if choice.drift and kind in (PageKind.LIST, PageKind.OTHER):
        marks.append(Fact(choice.name, "drift", choice.drift))
    if redirect and kind is PageKind.STUB:
        marks.append(Fact(redirect, "redirect", redirect))
    return tuple(marks)


def _needs_render(document: Document, choice: Choice, kind: PageKind, text: str) -> bool:
    """Scripts fill the page and what they fill was not seen."""
    if kind in (PageKind.STUB, PageKind.CHALLENGE):
        return False
    if choice.reading.unseen:
        return True
    if choice.reading.rows or len(text) > 200:
        return False
    if document.tree.css_first(_SHELL) is not None:
        return True
    if not text and document.tree.css_first("script") is not None and document.tree.css_first(_SHOWN) is None:
        return True  # nothing but scripts: whatever a reader sees is their work
    return kind in (PageKind.LIST, PageKind.OTHER, PageKind.HOME) and bool(_FILLS.search(document.scripts))


def _tabled(kind: PageKind, title: Fact | None) -> bool:
    """Annual reports and catalogues of decisions are read cell by cell; it is too dear for every page."""
    return kind is PageKind.REPORT or (title is not None and "决策" in title.value and "目录" in title.value)


def _links(anchors: list[Anchor], redirect: str) -> tuple[Link, ...]:
    own = tuple(a.link for a in anchors)
    return (Link(redirect, "", Region.CONTENT, "page", "", "", "redirect"), *own) if redirect else own
