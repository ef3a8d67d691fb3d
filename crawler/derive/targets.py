"""What answered at every link target, and where the links to it stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO

import zxingcpp
from PIL import Image

from checks.facts import Place, Region, Target, Try
from checks.outcomes import FetchOutcome
from config.district import District
from crawler.derive.columns import Answer, host_of
from crawler.derive.store import FactsStore
from crawler.store import ObservationStore

KEPT_PLACES = 20
MAX_QR_BYTES = 2_000_000


class Answers:
    """Latest answer per URL, by the address asked and by the address that finally answered."""

    def __init__(self, store: ObservationStore) -> None:
        self._store = store
        self._by_url: dict[str, Answer] = {}
        finals: dict[str, Answer] = {}
        for fetch in store.latest_all():
            outcome = FetchOutcome(fetch.outcome)
            answer = Answer(
                outcome, fetch.final_url or fetch.url, fetch.status, fetch.body_sha256 or "", fetch.started_at
            )
            self._by_url[fetch.url] = answer
            if fetch.final_url and fetch.final_url != fetch.url:
                finals[fetch.final_url] = answer
        for url, answer in finals.items():
            self._by_url.setdefault(url, answer)

    def get(self, url: str) -> Answer | None:
        return self._by_url.get(url)

    def outcomes(self) -> dict[str, FetchOutcome]:
        return {url: a.outcome for url, a in self._by_url.items()}

    def tries(self, url: str) -> tuple[Try, ...]:
        return tuple(Try(f.started_at, f.method, FetchOutcome(f.outcome), f.status) for f in self._store.tries(url))


def target_of(url: str, answers: Answers) -> Target:
    """A target without places: an account's link, for instance."""
    answer = answers.get(url)
    if answer is None:
        return Target(url, "external", False, None)
    return Target(url, "external", False, answer.outcome, answer.status, answer.final, answers.tries(url))


def targets(district: District, facts: FactsStore, answers: Answers, home: str) -> Iterator[Target]:
    """Every http(s) target in order of URL; at most 20 places each, all counted."""
    hosts = district.own_hosts()
    for url, places in facts.grouped_targets():
        if not url.startswith(("http://", "https://")):
            continue
        answer = answers.get(url)
        outcome = answer.outcome if answer else None
        internal = host_of(url) in hosts
        kinds = {kind for *_, kind in places}
        kind = (
            "external" if not internal else next((k for k in ("page", "attachment", "image") if k in kinds), "page")
        )
        yield Target(
            url=url,
            kind=kind,
            internal=internal,
            outcome=outcome,
            status=answer.status if answer else None,
            final_url=answer.final if answer else "",
            tries=answers.tries(url) if outcome is not None and not outcome.seen else (),
            places=tuple(
                Place(page, text, Region(region), hidden, locator)
                for page, text, region, hidden, locator, _ in places[:KEPT_PLACES]
            ),
            place_count=len(places),
            regions=tuple(sorted({Region(p[2]) for p in places})),
            on_home=any(p[0] == home for p in places),
        )


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
