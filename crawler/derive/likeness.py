"""Whether a site sends browsers what it sent the crawler: the same pages, read by the same extraction, side by side.

A site that shows machines less than people makes every absence doubtful. It is a gap of ours with both digests,
never a fault: which of the two the public sees is for a person to find out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from checks.facts import ColumnState, Coverage, Gap, Page
from checks.gaps import LEFT_OUT, UNLIKE
from checks.outcomes import FetchOutcome
from crawler.classify import Answer, classify
from crawler.extract.page import Context, extract
from crawler.loads import SENT
from crawler.observations import Artifact, FetchRecord
from crawler.store import ObservationStore

TEXT = 200  # characters of main text, and
ROWS = 5  # entries of a list, from which on a difference says something
GROSS = 2  # one has more than twice what the other has


@dataclass(frozen=True, slots=True)
class Shown:
    """What a document shows: characters of main text, entries of its list, and the digest of its body."""

    text: int
    rows: int
    sha256: str

    def words(self) -> str:
        return f"正文{self.text}字、列表{self.rows}条（sha256 {self.sha256}）"


def unlike(store: ObservationStore, context: Context) -> list[Gap]:
    """Pages of the sample whose two documents differ grossly, in order of URL."""
    sent = {a.url: a for a in store.artifacts(SENT)}
    return list(_unlike(store, [sent[url] for url in sorted(sent)], context))


def _unlike(store: ObservationStore, sent: Iterable[Artifact], context: Context) -> Iterator[Gap]:
    for artifact in sent:
        crawled = _crawled(store, artifact.url)
        if crawled is None or crawled.body_sha256 == artifact.sha256:
            continue
        theirs = _of_browser(store, artifact, context)
        if theirs is None:
            continue
        ours = _shown(
            _page(store, crawled.body_sha256, crawled.final_url or crawled.url, crawled.content_type, context)
        )
        if differ(ours, theirs):
            said = f"{LEFT_OUT[UNLIKE]}：采集程序得到{ours.words()}，浏览器得到{theirs.words()}"
            yield Gap(artifact.url, UNLIKE, said)


def differ(one: Shown, other: Shown) -> bool:
    """Lists are held against lists, texts against texts."""
    if max(one.rows, other.rows) >= ROWS:
        return _gross(one.rows, other.rows)
    return max(one.text, other.text) >= TEXT and _gross(one.text, other.text)


def _gross(one: int, other: int) -> bool:
    return max(one, other) > GROSS * min(one, other)


def _crawled(store: ObservationStore, url: str) -> FetchRecord | None:
    """The newest document that the crawler itself was sent."""
    tries = (f for f in reversed(store.tries(url)) if f.purpose == "page" and f.outcome.seen and f.body_sha256)
    return next(tries, None)


def _of_browser(store: ObservationStore, artifact: Artifact, context: Context) -> Shown | None:
    """None where the browser was turned away or sent to a challenge: that says nothing about what others see."""
    meta, body = artifact.meta, store.body(artifact.sha256)
    kind, final, status = str(meta["content_type"]), str(meta["final_url"]), int(meta["status"])
    answer = Answer(artifact.url, status, {"content-type": kind}, body, final)
    if classify(answer).outcome is not FetchOutcome.OK:
        return None
    return _shown(_page(store, artifact.sha256, final, kind, context))


def _page(store: ObservationStore, digest: str, url: str, kind: str, context: Context) -> Page:
    about = {"headers": {}, "fetched_at": "", "sha256": digest}
    return extract(store.body(digest), url, content_type=kind, context=context, **about).page  # type: ignore[arg-type]


def _shown(page: Page) -> Shown:
    return Shown(page.text_length, len(page.rows), page.sha256)


def doubted(states: Iterable[ColumnState], gaps: Iterable[Gap]) -> list[ColumnState]:
    """Columns of which a list page was shown differently are not seen whole."""
    by_url = {g.url: g for g in gaps}
    return [_doubted(state, [by_url[u] for u in state.list_pages if u in by_url]) for state in states]


def _doubted(state: ColumnState, gaps: list[Gap]) -> ColumnState:
    if not gaps:
        return state
    seen = state.coverage
    return replace(state, coverage=replace(seen, complete=False, gaps=(*gaps, *seen.gaps)[:50]))


def doubtful(site: Coverage, gaps: list[Gap]) -> Coverage:
    """A site that was caught showing different things was not seen whole, however few pages were compared."""
    if not gaps:
        return site
    note = f"{len(gaps)}个抽查页面{LEFT_OUT[UNLIKE]}" + (f"；{site.note}" if site.note else "")
    return replace(site, complete=False, gaps=(*gaps, *(g for g in site.gaps if g not in gaps))[:50], note=note)
