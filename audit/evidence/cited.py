"""Which stored records the findings of a round rest on, and which of them may leave as they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from checks.outcomes import Outcome
from checks.personal import hide_personal
from checks.verdicts import Evidence, Finding
from crawler.extract.encoding import decode
from crawler.store import Artifact, FetchRecord, ObservationStore

PERSONAL_RULE, SECRET_RULE = "personal-data-exposed", "secret-mark-present"
_TEXT = ("html", "xml", "json", "javascript", "text/", "csv")


@dataclass(frozen=True, slots=True)
class Case:
    """One fault: the finding as it is told, under every fingerprint that it has in the indicators."""

    finding: Finding
    fingerprints: tuple[str, ...]


def cases(findings: Iterable[Finding]) -> list[Case]:
    """Failed findings and those a person has to decide, each fault once, in order of their identity."""
    groups: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.outcome is Outcome.FAILED or finding.review:
            groups[finding.identity].append(finding)
    return [Case(g[0], tuple(sorted({f.fingerprint for f in g}))) for _, g in sorted(groups.items())]


@dataclass(frozen=True, slots=True)
class Body:
    """A stored body on its way out. `masked` is the copy without personal numbers, None where there were none.

    A withheld body leaves only as its hash and, if it is text and not secret, as the masked copy.
    """

    sha256: str
    content_type: str
    raw: bytes
    masked: bytes | None
    hidden: int
    withheld: bool

    @property
    def suffix(self) -> str:
        kind = self.content_type.lower()
        known = (("html", "html"), ("json", "json"), ("xml", "xml"), ("pdf", "pdf"), ("javascript", "js"))
        return next((suffix for sign, suffix in known if sign in kind), "txt" if "text/" in kind else "bin")


class Cited:
    """Looks up what evidence points to. Keeps an index of redirects; everything else is read when asked for."""

    def __init__(self, store: ObservationStore, found: Iterable[Case]) -> None:
        self._store = store
        self.cases = list(found)
        self._moved: dict[str, str] = {}
        for fetch in store.latest_all():
            if fetch.final_url and fetch.final_url != fetch.url:
                self._moved.setdefault(fetch.final_url, fetch.url)
        self._by_url: dict[str, list[Artifact]] = defaultdict(list)
        for artifact in store.artifacts():
            self._by_url[artifact.url].append(artifact)
        self._personal = self._marked(PERSONAL_RULE)
        self._secret = self._marked(SECRET_RULE)

    def _marked(self, rule: str) -> frozenset[str]:
        """Addresses and hashes of what a finding says must not be shown."""
        proofs = [e for c in self.cases if c.finding.rule == rule for e in c.finding.evidence]
        urls = [e.url for e in proofs]
        return frozenset({*urls, *(self._moved.get(u, u) for u in urls), *(e.sha256 for e in proofs)} - {""})

    def tries(self, url: str) -> list[FetchRecord]:
        """Every request of an address, also of one that a redirect led to."""
        return self._store.tries(url) or self._store.tries(self._moved.get(url, url))

    def fetch(self, evidence: Evidence) -> FetchRecord | None:
        """The request that brought what the evidence was read from; else the last one of its address."""
        tries = self.tries(evidence.url)
        exact = [t for t in tries if evidence.sha256 and t.body_sha256 == evidence.sha256]
        seen = [t for t in tries if t.outcome.seen]
        return next(iter([*reversed(exact), *reversed(seen), *reversed(tries)]), None)

    def artifacts(self, url: str, *kinds: str) -> list[Artifact]:
        """The newest artifact of each kind and mode of a page."""
        newest: dict[tuple[str, str], Artifact] = {}
        for name in dict.fromkeys((url, self._moved.get(url, url))):
            for artifact in self._by_url.get(name, ()):
                if artifact.kind in kinds:
                    newest[artifact.kind, str(artifact.meta.get("mode", ""))] = artifact
        return list(newest.values())

    def is_private(self, *names: str) -> bool:
        """Whether a finding holds that what has one of these addresses or hashes must not be shown."""
        return not (self._personal | self._secret).isdisjoint(names)

    def body(self, fetch: FetchRecord) -> Body | None:
        if not fetch.body_sha256:
            return None
        return self.prepared(fetch.body_sha256, fetch.content_type or "text/html", fetch.url, fetch.final_url)

    def prepared(self, sha256: str, content_type: str, *urls: str) -> Body:
        """A stored body with its masked copy; `urls` are the addresses that it was seen at."""
        raw = bytes(self._store.body(sha256))
        text = decode(raw, content_type).text if any(sign in content_type.lower() for sign in _TEXT) else ""
        masked, hidden = hide_personal(text)
        secret = not self._secret.isdisjoint((*urls, sha256))
        copy = masked.encode("utf-8-sig", "replace") if hidden and not secret else None
        return Body(sha256, content_type, raw, copy, hidden, self.is_private(*urls, sha256))

    def evidence(self) -> Iterator[tuple[Case, Evidence]]:
        for case in self.cases:
            for evidence in case.finding.evidence:
                if evidence.url:
                    yield case, evidence
