"""A front page that is a set of frames is what its frames show: their links, entries and marks are its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace

from checks.facts import Fact, Identity, Link, Page
from crawler.derive.store import FactsStore

DEPTH = 2  # frames within frames
FEW_LINKS, FEW_WORDS = 5, 60  # of a page that has more, the frames are not all there is


def settle(facts: FactsStore, home: Page | None) -> Page | None:
    """The home page with what its frames show, which is also kept in the facts; itself if it is no set of frames."""
    if home is None:
        return None
    own = list(facts.links(home.url))
    pages = list(_within(facts, home, own, DEPTH, {home.url})) if _only_frames(home, own) else []
    if not pages:
        return home
    links = {(k.url, k.text, k.kind): k for page in pages for k in facts.links(page.url)}
    whole = replace(
        home,
        rows=home.rows or tuple(row for page in pages for row in page.rows),
        marks=tuple(dict.fromkeys(m for page in (home, *pages) for m in page.marks)),
        text="\n".join(page.text for page in (home, *pages) if page.text),
        text_length=sum(page.text_length for page in (home, *pages)),
        identity=_joined([page.identity for page in (home, *pages)]),
    )
    facts.put_page(whole, [*own, *links.values()], "")  # no key: read anew, and joined anew, the next time
    facts.commit()
    return whole


def _only_frames(page: Page, links: list[Link]) -> bool:
    clicked = sum(1 for k in links if k.kind != "frame")
    return page.text_length < FEW_WORDS and clicked < FEW_LINKS and any(k.kind == "frame" for k in links)


def _within(facts: FactsStore, page: Page, links: list[Link], depth: int, seen: set[str]) -> Iterator[Page]:
    for link in links:
        inner = facts.page(link.url) if link.kind == "frame" and link.url not in seen else None
        if inner is None:
            continue
        seen.add(link.url)
        yield inner
        if depth > 1:
            yield from _within(facts, inner, list(facts.links(inner.url)), depth - 1, seen)


def _joined(found: list[Identity]) -> Identity:
    def first(name: str) -> Fact | None:
        return next((fact for one in found if (fact := getattr(one, name)) is not None), None)

    return Identity(**{f.name: first(f.name) for f in fields(Identity)})
