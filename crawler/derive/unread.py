"""What a list page shows may not be all: entries that stand in a frame, behind a script's pager, in a feed.

A feed holds the newest entries only. Where the page itself shows none, it proves that a column is alive; that
something is missing or old it does not prove.

A column whose list was not seen whole is a gap. It is neither empty nor old, and nothing is missing from it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable, Sequence
from typing import Protocol

from checks.facts import Gap, Page
from checks.gaps import DRIFT
from checks.outcomes import Reason
from crawler.readers import feed


class Seen(Protocol):
    """What is asked about the crawl."""

    @property
    def page(self) -> Callable[[str], Page | None]: ...

    @property
    def list_pages(self) -> Callable[[str], Sequence[str]]: ...


def framed(front: Page, seen: Seen) -> list[str]:
    """Pages in frames of the content that were seen and hold a list of their own."""
    found = []
    for mark in front.marks_of("frame"):
        page = seen.page(mark.value)
        if page is not None and page.rows:
            found.append(mark.value)
    return found


def fed(front: Page, seen: Seen, shared: Container[str]) -> list[str]:
    """Feeds with entries that belong to this list: linked in its content, or declared in its head and nowhere else.

    `shared` are feeds that the home page or several columns declare: they are the site's, not the column's.
    """
    named = [m.value for m in front.marks_of("feed")]
    named += [m.value for m in front.marks_of("declared-feed") if m.value not in shared]
    pages = {url: seen.page(url) for url in named}
    return [url for url, page in pages.items() if page is not None and page.reader == feed.NAME and page.rows]


def shared_feeds(home: Page | None, fronts: Iterable[Page]) -> frozenset[str]:
    """Feeds that are declared on the home page or on more than one column front."""
    count = Counter(url for page in fronts for url in {m.value for m in page.marks_of("declared-feed")})
    of_home = {m.value for m in home.marks_of("declared-feed")} if home is not None else set()
    return frozenset(of_home | {url for url, pages in count.items() if pages > 1})


def unreadable(pages: Sequence[Page]) -> list[Gap]:
    """Lists whose maker is known and whose entries were not read: our reader is out of date, the list not empty."""
    return [Gap(page.url, DRIFT, mark.quote) for page in pages for mark in page.marks_of("drift")]


def elsewhere(front: Page, seen: Seen, *, empty: bool) -> list[Gap]:
    """Why the list on `front` may not be all of it. `empty`: no row was found, and no word that says so."""
    gaps = []
    if _pages_behind_a_script(front, seen):
        gaps.append(Gap(front.url, str(Reason.INCOMPLETE), "其余列表页由脚本或表单翻页，未能读取"))
    if front.reader == feed.NAME and front.rows:
        gaps.append(Gap(front.url, str(Reason.INCOMPLETE), f"订阅（RSS）只含最新的{len(front.rows)}条"))
    if not empty:
        return gaps
    gaps += [
        Gap(mark.value, str(Reason.INCOMPLETE), "列表在嵌入的框架里，框架内的页面没有看到")
        for mark in front.marks_of("frame")
        if seen.page(mark.value) is None
    ]
    gaps += [
        Gap(m.value, str(Reason.INCOMPLETE), "内容以订阅（RSS）发布，订阅没有取回或没有读出")
        for m in front.marks_of("feed")
    ]
    if front.rendered and front.needs_render:
        gaps.append(Gap(front.url, str(Reason.INCOMPLETE), "页面由脚本填写，运行后仍为空，数据接口可能没有答复"))
    return gaps


def _pages_behind_a_script(front: Page, seen: Seen) -> bool:
    """The page names further pages of its list, and none of them has an address."""
    if seen.list_pages(front.url):
        return False
    counted = [int(m.value) for m in front.marks_of("page-count")]
    return max(counted) > 1 if counted else any(True for _ in front.marks_of("script-pager"))
