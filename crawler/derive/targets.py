"""What answered at every link target, and where the links to it stand."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO

import msgspec
import zxingcpp
from PIL import Image

from checks.facts import Region, Target, Try
from checks.outcomes import FetchOutcome
from checks.snapshot import SHANGHAI
from config.district import District
from crawler.derive.columns import Answer, host_of
from crawler.derive.echoes import echoes
from crawler.derive.routes import is_route
from crawler.derive.store import FactsStore
from crawler.extract.discover import MAX_LINKS
from crawler.observations import FetchRecord
from crawler.store import ObservationStore

KEPT_PLACES = 20
KEPT_OF_DEAD = 200  # whoever mends a dead link has to know its pages
KEPT_OF_GOOD = 3
TARGETS, TARGETS_KEY = "targets", "targets_key"  # rows and stamp in the facts file
_WAY = 3  # counts up when targets are gathered in another way: facts of an earlier version are gathered anew
MAX_QR_BYTES = 2_000_000


class Answers:
    """Latest answer per URL, by the address asked and by the address that finally answered.

    A page of another site that is what this site answers where nothing is, is no page (soft-404). On `blind` days
    (ISO, Asia/Shanghai) our own name service failed: a name not resolved then is a gap of ours.
    """

    def __init__(self, store: ObservationStore, blind: frozenset[str] = frozenset()) -> None:
        self._store = store
        self._blind = blind
        self._empty = echoes(store)
        self._by_url: dict[str, Answer] = {}
        finals: dict[str, Answer] = {}
        for fetch in store.latest_all():
            outcome = self._outcome(fetch)
            status = 200 if outcome is FetchOutcome.NOT_MODIFIED else fetch.status  # the page as it was and is
            answer = Answer(outcome, fetch.final_url or fetch.url, status, fetch.body_sha256 or "", fetch.started_at)
            self._by_url[fetch.url] = answer
            if fetch.final_url and fetch.final_url != fetch.url:
                finals[fetch.final_url] = answer
        for url, answer in finals.items():
            self._by_url.setdefault(url, answer)
        for dom in store.artifacts("dom"):
            if is_route(dom.url):  # shown by a script: there is no answer of a server to it
                self._by_url[dom.url] = Answer(FetchOutcome.OK, dom.url, 200, dom.sha256, dom.created_at)

    def get(self, url: str) -> Answer | None:
        return self._by_url.get(url)

    def outcomes(self) -> dict[str, FetchOutcome]:
        return {url: a.outcome for url, a in self._by_url.items()}

    def tries(self, url: str) -> tuple[Try, ...]:
        return tuple(Try(f.started_at, f.method, self._outcome(f), f.status) for f in self._store.tries(url))

    def _outcome(self, fetch: FetchRecord) -> FetchOutcome:
        if self._blind and fetch.outcome == FetchOutcome.DNS and _day(fetch.started_at) in self._blind:
            return FetchOutcome.ABORTED
        return FetchOutcome.SOFT_404 if (fetch.url, fetch.body_sha256) in self._empty else FetchOutcome(fetch.outcome)


def _day(instant: str) -> str:
    return datetime.fromisoformat(instant).astimezone(SHANGHAI).date().isoformat()


def target_of(url: str, answers: Answers) -> Target:
    """A target without places: an account's link, for instance."""
    answer = answers.get(url)
    if answer is None:
        return Target(url, "external", False, None)
    return Target(url, "external", False, answer.outcome, answer.status, answer.final, answers.tries(url))


@dataclass(slots=True)
class _Seen:
    """Links to one target so far. `places` are the first ones, each as page id and order in one number."""

    count: int = 0
    on_home: bool = False
    regions: set[str] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)
    places: list[int] = field(default_factory=list)


def targets(district: District, facts: FactsStore, answers: Answers, home: str) -> Iterator[Target]:
    """Every http(s) target in order of URL. All links are counted; at most 20 places are kept of each, 200 of the
    dead, and three of those on the own site that answered, which are many and which nobody is shown."""
    dead = {i for i, url in facts.target_urls() if (a := answers.get(url)) is not None and a.outcome.dead}
    hosts, seen = district.own_hosts(), _collect(facts, home, dead)
    for target_id, url in facts.target_urls():
        found = seen.get(target_id)
        if found is None or not url.startswith(("http://", "https://")):
            continue
        answer = answers.get(url)
        outcome = answer.outcome if answer else None
        internal = host_of(url) in hosts
        own_kind = next((k for k in ("page", "attachment", "image") if k in found.kinds), "page")
        kept = KEPT_OF_GOOD if internal and outcome is not None and outcome.seen else KEPT_OF_DEAD
        yield Target(
            url=url,
            kind=own_kind if internal else "external",
            internal=internal,
            outcome=outcome,
            status=answer.status if answer else None,
            final_url=answer.final if answer else "",
            tries=answers.tries(url) if outcome is not None and not outcome.seen else (),
            places=tuple(facts.place(*divmod(at, MAX_LINKS)) for at in found.places[:kept]),
            place_count=found.count,
            regions=tuple(sorted(map(Region, found.regions))),
            on_home=found.on_home,
        )


def _collect(facts: FactsStore, home: str, dead: Container[int]) -> dict[int, _Seen]:
    """One pass over the links, page by page: sorting them by target takes several times as long.

    A link on a page with two addresses stands there once.
    """
    home_id = facts.page_id(home)
    copies = {facts.page_id(url) for url in facts.copies()}
    seen: dict[int, _Seen] = {}
    for page, order, target, region, kind in facts.places():
        if page in copies:
            continue
        found = seen.get(target)
        if found is None:
            found = seen[target] = _Seen()
        found.count += 1
        found.regions.add(region)
        found.kinds.add(kind)
        if page == home_id:
            found.on_home = True
        if len(found.places) < KEPT_PLACES or (target in dead and len(found.places) < KEPT_OF_DEAD):
            found.places.append(page * MAX_LINKS + order)
    return seen


def keep_targets(district: District, facts: FactsStore, store: ObservationStore, answers: Answers) -> bool:
    """Store the targets of the snapshot, so that judging need not look at every link again.

    Returns whether anything had to be done: as long as pages, answers and hosts are the same, nothing has.
    """
    home = facts.meta("home")
    digest = hashlib.sha256(msgspec.json.encode([_WAY, home, sorted(district.own_hosts()), store.last_id()]))
    for url, key in sorted(facts.cache_keys().items()):
        digest.update(f"{url} {key}\n".encode())
    if facts.meta(TARGETS_KEY) == digest.hexdigest():
        return False
    facts.put_site(TARGETS, targets(district, facts, answers, home))
    facts.set_meta(TARGETS_KEY, digest.hexdigest())
    facts.commit()
    return True


def qr_decoder(store: ObservationStore) -> Callable[[str], str]:
    """A function from an image's URL to the address in its QR code; "" when not fetched or not a code."""

    def decode(url: str) -> str:
        fetch = store.latest(url)
        if fetch is None or not fetch.body_sha256 or (fetch.size or 0) > MAX_QR_BYTES:
            return ""
        body = store.body(fetch.body_sha256)
        try:
            with Image.open(BytesIO(body)) as image:
                codes = zxingcpp.read_barcodes(image.convert("L"))
        except (OSError, ValueError, Image.DecompressionBombError):
            return ""
        return next((code.text.strip() for code in codes if code.text.startswith("http")), "")

    return decode
