"""The labels of the navigation: the home page and two levels below it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from checks.facts import Coverage, Gap, Link, Page, PageKind, Region
from checks.gaps import LEFT_OUT, ROUTE
from checks.outcomes import Reason
from config.district import District
from crawler.derive.columns import Answer, fold_label, host_of
from crawler.derive.routes import hollow, is_route

LABEL_MAX = 24  # characters; longer link texts are headlines, not labels
LEVEL_PAGES = 150  # pages read per level
_NAV = (Region.HEADER, Region.NAVIGATION)


def read_navigation(
    home: Page | None,
    district: District,
    page: Callable[[str], Page | None],
    links: Callable[[str], Iterable[Link]],
    answer: Callable[[str], Answer | None],
) -> tuple[list[Link], Coverage]:
    """(labels with targets, how complete the reading was). Labels of navigation regions come first."""
    if home is None:
        found = answer(district.site.home)
        gap = Gap(district.site.home, str(found.outcome) if found else "unvisited", "首页未取回")
        return [], Coverage(complete=False, known=1, gaps=(gap,))
    labels: dict[tuple[str, str], Link] = {}
    gaps: list[Gap] = []
    trail = [home.url]
    level = [home.url]
    seen = {home.url}
    for depth in range(3):
        following: list[str] = []
        for url in level:
            own = [link for link in links(url) if _is_label(link)]
            front = page(url)
            if front is not None and hollow(front, len(own)):
                gaps.append(Gap(url, str(Reason.NOT_RENDERED), "页面由脚本生成，尚未渲染"))
            rows = front.rows if front is not None else ()
            entries = {row.url for row in rows if row.date}  # of lists: they lead to no column
            for link in own:
                labels.setdefault((fold_label(link.text), link.url), link)
                inside = host_of(link.url) in district.own_hosts() and link.url not in entries
                if depth < 2 and inside and link.url not in seen and len(following) < LEVEL_PAGES:
                    seen.add(link.url)
                    following.append(link.url)
        level = []
        for url in following:
            at = _open(url, page, answer)
            if isinstance(at, Gap):
                gaps.append(at)
            elif at is not None and at.kind in (PageKind.LIST, PageKind.PLATFORM, PageKind.OTHER, PageKind.HOME):
                level.append(at.url)
                trail.append(at.url)
    ordered = sorted(labels.values(), key=lambda k: k.region not in _NAV)
    coverage = Coverage(not gaps, len(trail) + len(gaps), len(trail), tuple(gaps[:50]), tuple(trail[:50]))
    return ordered, coverage


def _is_label(link: Link) -> bool:
    return link.kind in ("page", "frame") and 0 < len(link.text.strip()) <= LABEL_MAX and not link.hidden


def _open(url: str, page: Callable[[str], Page | None], answer: Callable[[str], Answer | None]) -> Page | Gap | None:
    found = page(url)
    reply = answer(url)
    if found is None and reply is not None and reply.outcome.seen:
        found = page(reply.final)
    if found is not None:
        return found
    if reply is None:
        return Gap(url, ROUTE, LEFT_OUT[ROUTE]) if is_route(url) else Gap(url, "unvisited", "未访问")
    return Gap(url, str(reply.outcome), reply.outcome.chinese) if reply.outcome.gap else None
