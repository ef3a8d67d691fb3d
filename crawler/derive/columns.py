"""Where each expected column is, which lists it has, and what they show.

A column is found by its path, else by label or alias in the navigation. What could not be walked is a gap of that
column; only a column without gaps may later be called stale or empty.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise

from checks.facts import ColumnState, Coverage, Fact, Gap, Link, Page, PageKind, Region, Row
from checks.gaps import FEED_ONLY, LEFT_OUT
from checks.outcomes import FetchOutcome, Reason
from config.district import Column, ColumnClass, District
from crawler.derive.unread import elsewhere, fed, framed, shared_feeds, unreadable
from crawler.urls import join

KEPT_ROWS = 200
NEAR_MAX = 14  # characters; longer labels are headlines and no name of a column
STATIC_TEXT = 40  # characters; a heading and a breadcrumb are less
LONG_TEXT = 150  # characters; more than a page without content shows beside its list
MAX_STEPS = 5  # of a breadcrumb that leads to a column; longer ones lead to single pages
MAX_LIST_PAGES = 400
# A walk may stop before the last list page once newest-first order is proved and rows are older than any limit.
LOOK_BACK = timedelta(days=400)
_STATEMENT = re.compile(
    r"情况说明|无此(?:类|项)?(?:事项|信息|情况)|未(?:涉及|发生|产生)|无相关(?:事项|信息)|暂未产生"
)
_TRIM = re.compile(r"[\s>»›·|/\\*、,，:：\[\]【】()（）《》“”\"'…]+")


@dataclass(frozen=True, slots=True)
class Answer:
    """How a URL was answered in the crawl. `final` differs from the URL after redirects."""

    outcome: FetchOutcome
    final: str
    status: int | None = None
    sha256: str = ""
    fetched_at: str = ""


@dataclass(frozen=True, slots=True)
class Lookups:
    """What column resolution may ask about the crawl."""

    page: Callable[[str], Page | None]
    answer: Callable[[str], Answer | None]
    list_pages: Callable[[str], Sequence[str]]  # further list pages that a list page names
    skipped: Callable[[str], str]  # why a known URL was not requested; "" if it was or is unknown
    feeds: frozenset[str] = frozenset()  # feeds of the whole site, which are no column's list
    on_home: frozenset[str] = frozenset()  # addresses that the home page links to
    # folded name -> fronts that call themselves so in their tags or breadcrumb: (URL, how, name as written)
    self_named: Mapping[str, Sequence[tuple[str, str, str]]] = field(default_factory=dict)


def self_named(pages: Iterable[Page]) -> dict[str, list[tuple[str, str, str]]]:
    """Names that fronts of columns give themselves, for columns to which the navigation has no label.

    `pages` are lists and content pages; ColumnName and ColumnType are tags of columns only, and the last step of a
    breadcrumb is the page itself. Later pages of a list repeat the tags of its first, which has the shorter address.
    """
    found: dict[str, list[tuple[str, str, str]]] = {}
    for page in pages:
        crumb = page.breadcrumb[-1] if 2 <= len(page.breadcrumb) <= MAX_STEPS else ""
        named = (
            ("column-name", page.meta_value("ColumnName") or ""),
            ("column-type", page.meta_value("ColumnType") or ""),
            ("breadcrumb", crumb),
        )
        for how, name in named:
            key = fold_label(name)
            if key and len(key) <= NEAR_MAX:
                found.setdefault(key, []).append((page.url, how, name.strip()))
    for places in found.values():
        places.sort(key=lambda place: (place[1] == "column-type", place[0].count("/"), len(place[0]), place[0]))
    return found


def resolve(
    district: District, nav: Sequence[Link], nav_coverage: Coverage, lookups: Lookups, today: date
) -> list[ColumnState]:
    """One state per configured column, in configuration order."""
    finder = _Finder(district, nav, lookups)
    located = {c.column_id: finder.locate(c) for c in district.columns}
    fronts = (lookups.page(url) for url in dict.fromkeys(p.url for p in located.values() if p.url))
    lookups = replace(lookups, feeds=shared_feeds(lookups.page(district.site.home), filter(None, fronts)))
    states = [_state(district, c, located[c.column_id], nav_coverage, lookups, today) for c in district.columns]
    return [_led_on(state, located) for state in states]


def _led_on(state: ColumnState, located: Mapping[str, _Place]) -> ColumnState:
    """A column whose address only leads to that of another column has no list of its own: the other's is judged."""
    others = {place.url for column, place in located.items() if column != state.column_id}
    if state.url == located[state.column_id].url or state.url not in others:
        return state
    return replace(state, rows=(), row_count=0, dated_rows=0, newest=None, list_pages=())


@dataclass(frozen=True, slots=True)
class _Place:
    url: str = ""
    by: str = ""
    label: str = ""
    near: tuple[str, ...] = ()
    foreign: bool = False  # a column of that name stands only in the part of the site that is another unit's


class _Finder:
    def __init__(self, district: District, nav: Sequence[Link], lookups: Lookups) -> None:
        self._district = district
        self._lookups = lookups
        home = district.site.home
        self._unit_places = [(u.unit_id, folder(join(home, p))) for u in district.units for p in u.column_urls]
        self._by_label: dict[str, list[Link]] = {}
        for link in nav:
            self._by_label.setdefault(fold_label(link.text), []).append(link)

    def locate(self, column: Column) -> _Place:
        if column.path:
            return _Place(join(self._district.site.home, column.path), "path", column.label)
        under, owner = self._parent_path(column), self._district.owner_of(column)
        elsewhere = None
        for by, names in (("label", (column.label,)), ("alias", column.aliases)):
            for name in names:
                links = self._by_label.get(fold_label(name), [])
                best = min(links, key=lambda k: self._order(k, under, owner), default=None)
                if best is None:
                    continue
                place = _Place(best.url, by, best.text.strip(), foreign=self._foreign(best.url, owner))
                if not place.foreign:
                    return place
                elsewhere = elsewhere or place
        return self._named_itself(column, under) or elsewhere or _Place(near=self._near(column))

    def _named_itself(self, column: Column, under: str) -> _Place | None:
        """A front off the navigation that says of itself to be the column; never one on another unit's pages."""
        for name in (column.label, *column.aliases):
            for url, how, written in self._lookups.self_named.get(fold_label(name), ()):
                if not any(url.startswith(place) for unit, place in self._unit_places if unit != column.unit_id) and (
                    not under or url.startswith(under)
                ):
                    return _Place(url, how, written)
        return None

    def _parent_path(self, column: Column) -> str:
        parent = self._district.column(column.parent) if column.parent else None
        return folder(self.locate(parent).url) if parent else ""

    def _order(self, link: Link, under: str, owner: str) -> tuple[bool | int | str, ...]:
        """Preferred: below the parent, in the owner's part of the site, really answering, linked from the home page,
        in the navigation, short path. Departments of one site all have a 通知公告; only one is the portal's."""
        answer = self._lookups.answer(link.url)
        alive = answer is not None and not answer.outcome.dead
        in_nav = link.region in (Region.NAVIGATION, Region.HEADER)
        return (
            bool(under) and not link.url.startswith(under),
            self._foreign(link.url, owner),
            not self._own(link.url, owner),
            not alive,
            link.url not in self._lookups.on_home,
            not in_nav,
            link.url.count("/"),
            link.url,
        )

    def _own(self, url: str, owner: str) -> bool:
        """In a part of the site that is registered as the owner's; True where the owner has none."""
        own = tuple(place for unit, place in self._unit_places if unit == owner)
        return not own or url.startswith(own)

    def _foreign(self, url: str, owner: str) -> bool:
        """In a part of the site that is registered as another unit's."""
        units = {unit for unit, place in self._unit_places if url.startswith(place)}
        return bool(units) and owner not in units

    def _near(self, column: Column) -> tuple[str, ...]:
        labels = {k: v[0].text.strip() for k, v in self._by_label.items() if 0 < len(k) <= NEAR_MAX}
        names = [fold_label(n) for n in (column.label, *column.aliases)]
        close = {m for n in names for m in difflib.get_close_matches(n, labels, n=3, cutoff=0.6)}
        close |= {k for k in labels for n in names if len(n) >= 2 and (n in k or (len(k) >= 4 and k in n))}
        return tuple(sorted(labels[k] for k in close))[:8]


def _state(
    district: District, column: Column, place: _Place, nav_coverage: Coverage, lookups: Lookups, today: date
) -> ColumnState:
    if not place.url:
        return ColumnState(column.column_id, coverage=nav_coverage, near_misses=place.near)
    base = ColumnState(column.column_id, url=place.url, found_by=place.by, found_label=place.label)
    if host_of(place.url) not in district.own_hosts():
        return replace(base, external=place.url, coverage=Coverage(complete=True, trail=(place.url,)))
    answer = lookups.answer(place.url)
    if answer is None or not answer.outcome.seen:
        return _unseen(base, place.url, answer, lookups)
    front, final = _front(place.url, answer, lookups)
    if host_of(final) not in district.own_hosts():
        return replace(base, url=final, external=final, coverage=Coverage(complete=True, trail=(place.url, final)))
    if front is None:
        landed = lookups.answer(final)
        if landed is None or not landed.outcome.seen:  # the address answers, and sends its reader where nothing is
            return _unseen(replace(base, url=final), final, landed, lookups)
        gap = Gap(final, str(FetchOutcome.WRONG_TYPE), "不是网页")
        return replace(base, url=final, outcome=answer.outcome, coverage=Coverage(False, 1, 0, (gap,), (final,)))
    read = _read(replace(base, url=final, outcome=FetchOutcome.OK), front, lookups, today, column)
    return _of_another(read) if place.foreign else read


def _unseen(state: ColumnState, url: str, answer: Answer | None, lookups: Lookups) -> ColumnState:
    """A column whose front was not seen: it is gone, or it is a gap."""
    why = answer.outcome if answer else (lookups.skipped(url) or "unvisited")
    gap = Gap(url, str(why), answer.outcome.chinese if answer else "未访问")
    complete = answer is not None and not answer.outcome.gap
    coverage = Coverage(complete, 1, 0, (gap,), (url,))
    return replace(state, outcome=answer.outcome if answer else None, coverage=coverage)


def _of_another(state: ColumnState) -> ColumnState:
    """Found only under the pages of another unit: whether it is this column at all is for a person to say."""
    gap = Gap(state.url or "", str(Reason.AMBIGUOUS_OWNER), "只在另一单位的栏目下找到同名栏目")
    gaps = (gap, *state.coverage.gaps)[:50]
    return replace(state, coverage=replace(state.coverage, complete=False, gaps=gaps))


def _front(url: str, answer: Answer, lookups: Lookups) -> tuple[Page | None, str]:
    """The page behind a column address: redirects and redirect stubs followed, at most five."""
    page = lookups.page(url) or lookups.page(answer.final)
    at = answer.final if page and page.url == answer.final else url
    for _ in range(5):
        if page is None or page.kind is not PageKind.STUB:
            break
        target = next((m.value for m in page.marks if m.origin == "redirect"), "")
        if not target:
            break
        following = lookups.answer(target)
        at = (following.final if following else "") or target
        page = lookups.page(target) or lookups.page(at)
    return page, page.url if page else at


def _read(state: ColumnState, front: Page, lookups: Lookups, today: date, column: Column) -> ColumnState:
    walked = _walk(front, lookups, today)
    feeds = fed(front, lookups, lookups.feeds) if not any(p.rows for p in walked.pages) else []
    if feeds:
        pages = (p for url in feeds if (p := lookups.page(url)) is not None)
        walked = replace(walked, pages=(*walked.pages, *pages))
    rows = _merge(p for p in walked.pages)
    dated = [r for r in rows if r.date and r.date <= today]
    newest = max(dated, key=lambda r: (r.date or date.min, -r.order), default=None)
    holder = next((m for p in walked.pages for m in p.marks_of("placeholder")), None)
    statement = next((r for r in rows if _STATEMENT.search(r.title)), None)
    script_filled = any(p.needs_render and not p.rendered for p in walked.pages)
    gaps = [*elsewhere(front, lookups, empty=not rows and holder is None), *unreadable(walked.pages), *walked.gaps]
    gaps += [Gap(url, FEED_ONLY, LEFT_OUT[FEED_ONLY]) for url in feeds]
    if script_filled:
        gaps.insert(0, Gap(front.url, "not-rendered", "列表由脚本生成，尚未渲染"))
    return replace(
        state,
        sha256=front.sha256,
        fetched_at=front.fetched_at,
        rows=tuple(rows[:KEPT_ROWS]),
        row_count=len(rows),
        dated_rows=sum(1 for r in rows if r.date),
        newest=newest,
        list_pages=tuple(p.url for p in walked.pages),
        placeholder=holder,
        statement=_statement(front, statement),
        statement_date=statement.date if statement else _statement_day(front),
        content=_has_content(front) if column.column_class is ColumnClass.STATIC else not rows and _is_a_text(front),
        script_filled=script_filled,
        coverage=Coverage(
            complete=not gaps,
            known=len(walked.pages) + len(walked.gaps),
            fetched=len(walked.pages),
            gaps=tuple(gaps[:50]),
            trail=tuple(p.url for p in walked.pages)[:50],
            note=walked.note,
        ),
    )


def _has_content(front: Page) -> bool:
    """A content page says something: text, or a form, a picture or a frame that carries it."""
    carriers = {"form", "big-image", "video", "audio", "player", "frame", "attachment", "figures"}
    return front.text_length >= STATIC_TEXT or any(m.origin in carriers for m in front.marks)


def _is_a_text(front: Page) -> bool:
    """Where a list was expected, the page itself is what the column publishes: a guide, a table of figures."""
    return bool(front.marks_of("figures")) or (front.kind is not PageKind.LIST and front.text_length >= LONG_TEXT)


def _statement(front: Page, row: Row | None) -> Fact | None:
    if row is not None:
        return Fact(row.title, "row", row.quote or row.title, row.url)
    match = _STATEMENT.search(front.title.value if front.title else "") or (
        _STATEMENT.search(front.text) if 0 < front.text_length <= 400 else None
    )
    return Fact(match.group(), "page", front.text[:200], front.url) if match else None


def _statement_day(front: Page) -> date | None:
    return front.published.value if front.published and _statement(front, None) else None


@dataclass(frozen=True, slots=True)
class _Walk:
    pages: tuple[Page, ...]
    gaps: tuple[Gap, ...]
    note: str = ""


def _walk(front: Page, lookups: Lookups, today: date) -> _Walk:
    """Front and further list pages in order, until the end or a page that was not seen."""
    pages, gaps = [front], []
    queue = [*lookups.list_pages(front.url), *([] if front.rows else framed(front, lookups))]
    seen = {front.url, *queue}
    while queue and len(pages) < MAX_LIST_PAGES:
        url = queue.pop(0)
        page, answer = lookups.page(url), lookups.answer(url)
        if page is None and answer is not None:
            page = lookups.page(answer.final)
        if page is None:
            # A list page that the site itself no longer has (404) ends the list; it hides nothing.
            if answer is None or answer.outcome.gap:
                why = str(answer.outcome) if answer else lookups.skipped(url) or "unvisited"
                gaps.append(Gap(url, why, answer.outcome.chinese if answer else "未访问"))
            continue
        pages.append(page)
        for more in lookups.list_pages(url):
            if more not in seen:
                seen.add(more)
                queue.append(more)
    if gaps and _order_proved(pages, today):
        return _Walk(tuple(pages), (), f"列表按时间倒序，已看到{LOOK_BACK.days}天前的信息，其后{len(gaps)}页未取")
    return _Walk(tuple(pages), tuple(gaps))


def _order_proved(pages: Sequence[Page], today: date) -> bool:
    """Rows run newest first over the pages seen, and the last of them is older than every look-back."""
    days = [r.date for p in pages for r in p.rows if r.date and not r.pinned]
    undated = sum(1 for p in pages for r in p.rows if not r.date)
    if len(days) < 10 or undated:
        return False
    falls = all(a >= b for a, b in pairwise(days))
    return falls and days[-1] < today - LOOK_BACK


def _merge(pages: Iterable[Page]) -> list[Row]:
    rows: dict[tuple[str, str], Row] = {}
    for page in pages:
        for row in page.rows:
            key = (row.url, "" if row.url else row.title)
            if key not in rows:
                rows[key] = replace(row, order=len(rows))
            elif rows[key].date is None and row.date is not None:
                rows[key] = replace(rows[key], date=row.date, quote=row.quote or rows[key].quote)
    return list(rows.values())


def with_children(
    states: Sequence[ColumnState], lists: Mapping[str, int], links: Callable[[str], Iterable[Link]]
) -> list[ColumnState]:
    """Count, for each column, list pages with rows below its folder (`lists`: list URL -> number of rows).

    Columns of one address ("list.jsp?id=3") share it: what their content leads to counts, unless they are said empty.
    """
    counted = []
    for state in states:
        url = state.url if state.url and not state.external else ""
        if "?" not in url:
            below = {u for u in lists if url and u.startswith(folder(url))}
        elif state.placeholder is not None and not state.rows:
            below = set()
        else:
            below = {k.url for k in links(url) if k.region is Region.CONTENT and not k.hidden}
        below -= set(state.list_pages)
        counted.append(replace(state, children_with_rows=sum(1 for u in below if lists.get(u))))
    return counted


def folder(url: str) -> str:
    """The directory part of a URL, with its slash."""
    path = url.partition("?")[0]
    return path if path.endswith("/") else path.rpartition("/")[0] + "/"


def fold_label(text: str) -> str:
    return _TRIM.sub("", unicodedata.normalize("NFKC", text)).lower()


def host_of(url: str) -> str:
    rest = url.partition("://")[2]
    return rest.partition("/")[0].partition("?")[0].partition(":")[0].lower()
