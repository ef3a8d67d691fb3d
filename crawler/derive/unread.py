"""What a list page shows may not be all: entries that stand in a frame, behind a script's pager, in a feed.

A column whose list was not seen whole is a gap. It is neither empty nor old, and nothing is missing from it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from checks.facts import Gap, Page
from checks.outcomes import Reason


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


def elsewhere(front: Page, seen: Seen, *, empty: bool) -> list[Gap]:
    """Why the list on `front` may not be all of it. `empty`: no row was found, and no word that says so."""
    gaps = []
    if _pages_behind_a_script(front, seen):
        gaps.append(Gap(front.url, str(Reason.INCOMPLETE), "其余列表页由脚本或表单翻页，未能读取"))
    if not empty:
        return gaps
    gaps += [
        Gap(mark.value, str(Reason.INCOMPLETE), "列表在嵌入的框架里，框架内的页面没有看到")
        for mark in front.marks_of("frame")
        if seen.page(mark.value) is None
    ]
    gaps += [Gap(m.value, str(Reason.INCOMPLETE), "内容以订阅（RSS）发布，未读") for m in front.marks_of("feed")]
    if front.rendered and front.needs_render:
        gaps.append(Gap(front.url, str(Reason.INCOMPLETE), "页面由脚本填写，运行后仍为空，数据接口可能没有答复"))
    return gaps


def _pages_behind_a_script(front: Page, seen: Seen) -> bool:
    """The page names further pages of its list, and none of them has an address."""
    if seen.list_pages(front.url):
        return False
    counted = [int(m.value) for m in front.marks_of("page-count")]
    return max(counted) > 1 if counted else any(True for _ in front.marks_of("script-pager"))
