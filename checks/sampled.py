"""Items that every page of a template must carry, judged on a seeded sample: one verdict per item, never per page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from itertools import chain, islice

from checks.facts import Page, PageKind
from checks.outcomes import Reason
from checks.remembered import once_per_snapshot
from checks.sampling import sample
from checks.snapshot import Snapshot
from checks.verdicts import Evidence, Verdict, cannot_tell, failed, passed

_DOCUMENTS = (
    PageKind.HOME, PageKind.LIST, PageKind.ARTICLE, PageKind.POLICY, PageKind.INTERPRETATION, PageKind.PLATFORM,
    PageKind.REPORT,
)  # fmt: skip
RESERVE = 5  # pages to fall back on in a sample of the usual size

MESSAGES = {
    "passed": "抽查{seen}页（应抽{size}页），“{name}”齐全。",
    "failed": "抽查{seen}页（应抽{size}页），{count}页缺少“{name}”，应为0页，如{example}。",
    "cannot-tell.sample-short": "无法判定：“{name}”应抽查{size}页，只看到{seen}页，未见缺少。",
    "lone": "无法判定：“{name}”应抽查{size}页，只看到{seen}页，该页缺少（{example}）；一页不能说明全站，请再看几页。",
    "cannot-tell": "无法判定：“{name}”应抽查{size}页，没有一页能够读到（{why}）。",
}


def sampled_pages(snapshot: Snapshot, size: int, kinds: tuple[PageKind, ...] = ()) -> tuple[Page, ...]:
    """A sample over whole documents of the given kinds, or of all; the seed is the district's.

    Frames and the fragments from which scripts fill lists are no documents: they carry no head and no footer.
    """
    drawn = _drawn(snapshot)
    if (size, kinds) not in drawn:
        urls = chain.from_iterable(_documents(snapshot).get(kind, ()) for kind in kinds or _DOCUMENTS)
        chosen = sample(urls, size, snapshot.district.browser.seed, str)
        drawn[size, kinds] = tuple(page for url in chosen if (page := snapshot.page(url)) is not None)
    return drawn[size, kinds]


@once_per_snapshot
def _drawn(_: Snapshot) -> dict[tuple[int, tuple[PageKind, ...]], tuple[Page, ...]]:
    return {}


@once_per_snapshot
def _documents(snapshot: Snapshot) -> dict[PageKind, list[str]]:
    """URLs by kind: a large snapshot decodes its pages once for all samples."""
    found: dict[PageKind, list[str]] = defaultdict(list)
    for page in snapshot.pages():
        if page.kind in _DOCUMENTS and (page.title or page.meta):
            found[page.kind].append(page.url)
    return found


def with_reserve(snapshot: Snapshot, size: int) -> tuple[Page, ...]:
    """The sample and, behind it, pages to draw from where one of the sample cannot tell."""
    first = sampled_pages(snapshot, size)
    drawn = {page.url for page in first}
    more = sampled_pages(snapshot, size + max(RESERVE, size // 10))
    return (*first, *(page for page in more if page.url not in drawn))


def unseen_reason(snapshot: Snapshot) -> Reason:
    """Why nothing at all was seen: what the portal's host answered."""
    state = snapshot.host(snapshot.district.site.main_host)
    if state and state.outcome and not state.outcome.seen:
        return state.outcome.reason
    return Reason.INCOMPLETE


def judge_items(
    snapshot: Snapshot,
    pages: tuple[Page, ...],
    size: int,
    names: Mapping[str, str],
    read: Callable[[Page, str], str | None],
) -> Iterator[Verdict]:
    """One verdict per item of `names` (subject id to Chinese name).

    `read` gives the quote of the item on a page, blank where it is missing, None where the page cannot tell: then the
    next of `pages` is taken, of which there may be more than `size`. Where the whole site was seen, a smaller number
    of pages than `size` is a full sample.
    """
    due = min(size, len(pages)) if pages and snapshot.site_coverage().complete else size
    for subject, name in names.items():
        readable = ((page, quote) for page in pages if (quote := read(page, subject)) is not None)
        read_pages = list(islice(readable, size))
        bad = [page for page, quote in read_pages if not quote]
        data: dict[str, object] = {
            "name": name, "seen": len(read_pages), "size": due, "seed": snapshot.district.browser.seed,
            "count": len(bad), "pages": [p.url for p in bad], "trail": [p.url for p, _ in read_pages],
        }  # fmt: skip
        if bad:
            data["example"] = bad[0].url
            evidence = tuple(Evidence.of(p) for p in bad[:5])
            at = {"url": bad[0].url, "data": data, "evidence": evidence}
            if len(read_pages) == 1 < due:  # one page of a site is no sample
                yield cannot_tell(subject, Reason.SAMPLE_SHORT, variant="lone", **at)
            else:
                yield failed(subject, **at)
        elif not read_pages:
            reason = Reason.NOT_RENDERED if pages else unseen_reason(snapshot)
            yield cannot_tell(subject, reason, data={**data, "why": reason.chinese}, variant="cannot-tell")
        elif len(read_pages) < due:
            yield cannot_tell(subject, Reason.SAMPLE_SHORT, data=data)
        else:
            page, quote = read_pages[0]
            yield passed(subject, data=data, evidence=(Evidence.of(page, quote),))
