"""Jumps from one page to a place of another: looked up once all pages are known.

Only a page that was seen whole can lack a place. One that redirects, that scripts fill, a list of data or an
attached file tells nothing. At most `MOST_PAGES` pages are looked through, in order of their addresses.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from checks.facts import Fact, Page, PageKind
from crawler.derive.columns import Answer
from crawler.derive.store import FactsStore
from crawler.extract.landings import lacks
from crawler.readers import feed, jsonlist

MOST_PAGES = 500
_LOST, _WANTED = "lost-anchor", "fragment"
_NOT_WHOLE = (PageKind.STUB, PageKind.CHALLENGE)


def settle(facts: FactsStore, answer: Callable[[str], Answer | None], html: Callable[[str], str]) -> int:
    """Mark jumps that land nowhere on another page with `lost-anchor`, value the address; returns how many.

    `html` gives the text that a page's facts were read from, "" if there is none. What an earlier call marked and
    no longer holds is taken away.
    """
    sources = [p for p in facts.pages_naming(_WANTED) if p.marks_of(_WANTED)]
    wanted = {m.value for p in sources for m in p.marks_of(_WANTED)}
    lost = _lost(sorted(wanted), facts, answer, html)
    batch = []
    for page in sources:
        kept = tuple(m for m in page.marks if not (m.origin == _LOST and "://" in m.value))
        found = tuple(Fact(m.value, _LOST, m.quote, m.locator) for m in page.marks_of(_WANTED) if m.value in lost)
        if (*kept, *found) != page.marks:
            batch.append((replace(page, marks=(*kept, *found)), page.url))
    facts.assign(batch)
    facts.commit()
    return len(lost)


def _lost(
    wanted: list[str], facts: FactsStore, answer: Callable[[str], Answer | None], html: Callable[[str], str]
) -> set[str]:
    names: dict[str, list[str]] = {}
    for address in wanted:
        url, _, name = address.partition("#")
        names.setdefault(url, []).append(name)
    lost = set()
    looked = 0
    for url, places in names.items():
        if looked >= MOST_PAGES:
            break
        if not _seen_whole(facts.page(url), answer(url)):
            continue
        looked += 1
        text = html(url)
        lost |= {f"{url}#{name}" for name in places if text and lacks(text, name)}
    return lost


def _seen_whole(page: Page | None, answer: Answer | None) -> bool:
    if page is None or answer is None or not answer.outcome.seen or answer.final != page.url:
        return False
    if page.kind in _NOT_WHOLE or page.reader in (jsonlist.NAME, feed.NAME):
        return False
    return not page.rendered and not page.needs_render
