"""The last sealed snapshot as a memory: what has not changed since is not transferred again.

A page that had an ETag or a Last-Modified is asked for under that condition. On 304 its body is taken from the older
snapshot, its hash checked, and kept in the new one, so that every snapshot stands for itself.

A page that is held against somebody is asked for whole: a re-check does not rest on the word of a cache.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from checks.outcomes import FetchOutcome
from crawler.observations import OBSERVATIONS, FetchRecord
from crawler.store import ObservationStore, StoreError
from crawler.visit import Ended, Visit

META = "since"  # the older snapshot's folder name, in the newer one
WHOLE = "since_whole"  # JSON list of addresses that are asked for without condition
ASKED = frozenset({"page", "attachment", "sitemap"})


class Past:
    """Nothing is remembered where `folder` is None, nor of the addresses in `whole`.

    Raises StoreError when there is no sealed snapshot in the folder.
    """

    def __init__(self, folder: Path | None, whole: Iterable[str] = ()) -> None:
        self._store: ObservationStore | None = None
        self._spoiled: set[str] = set(whole)
        if folder is None:
            return
        self._store = ObservationStore(folder / OBSERVATIONS, readonly=True)
        if not self._store.sealed:
            self._store.close()
            raise StoreError(f"快照 {folder.name} 尚未封存，不能作为条件请求的依据。请另选，或用 --since none。")

    def close(self) -> None:
        if self._store is not None:
            self._store.close()

    def conditions(self, visit: Visit) -> dict[str, str]:
        """Request headers for where the visit stands now; empty when there is nothing to compare with."""
        known = self._known(visit)
        if known is None or visit.url != (known.final_url or known.url):
            return {}
        etag, modified = known.headers.get("etag", ""), known.headers.get("last-modified", "")
        named = {"If-None-Match": etag, "If-Modified-Since": modified}
        return {name: value for name, value in named.items() if value}

    def _known(self, visit: Visit) -> FetchRecord | None:
        url = visit.item.url
        if self._store is None or visit.method != "GET" or visit.item.purpose not in ASKED or url in self._spoiled:
            return None
        known = self._store.latest(url)
        return known if known is not None and known.outcome.seen and known.body_sha256 else None

    def recall(self, visit: Visit, ended: Ended) -> Ended:
        """The finished visit with the remembered body, if the server said that it stands."""
        record = ended.record
        if record.outcome is not FetchOutcome.NOT_MODIFIED:
            return ended
        known = self._known(visit)
        body = self._body(known) if known is not None else None
        if known is None or body is None:
            self._spoiled.add(record.url)  # the next try asks without condition
            gone = replace(record, outcome=FetchOutcome.ABORTED, error="服务器答复未变化，但没有可用的旧内容")
            return Ended(gone)
        headers = {**known.headers, **record.headers}
        kept = replace(record, headers=headers, size=known.size, content_type=known.content_type)
        return Ended(kept, body)

    def _body(self, known: FetchRecord) -> bytes | None:
        assert self._store is not None
        try:
            body = self._store.body(known.body_sha256)
        except StoreError:
            return None
        return body if sha256(body).hexdigest() == known.body_sha256 else None


def ask_whole(store: ObservationStore, urls: Iterable[str]) -> None:
    """Note the addresses that are to be transferred in any case."""
    store.meta_set(WHOLE, json.dumps(sorted(set(urls))))


def asked_whole(store: ObservationStore) -> frozenset[str]:
    return frozenset(json.loads(store.meta_get(WHOLE) or "[]"))
