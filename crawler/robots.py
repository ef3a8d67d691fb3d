"""robots.txt of the hosts under audit: recorded always, obeyed unless the office's authorisation says otherwise."""

from __future__ import annotations

from protego import Protego

from checks.outcomes import FetchOutcome
from crawler.extract.encoding import decode
from crawler.observations import FetchRecord
from crawler.urls import host_of

AGENT = "govaudit"
MAX_BYTES = 512 * 1024  # RFC 9309 §2.5: at least 500 KiB are to be read


class RobotsRules:
    """Rules per host. A host whose robots.txt is missing or unreadable allows everything."""

    def __init__(self, *, obey: bool) -> None:
        self._obey = obey
        self._rules: dict[str, Protego] = {}

    def learn(self, record: FetchRecord, body: bytes) -> None:
        if record.outcome is FetchOutcome.OK and "html" not in record.content_type.lower():
            self._rules[record.host] = Protego.parse(decode(body[:MAX_BYTES], record.content_type).text)

    def allows(self, url: str) -> bool:
        if not self._obey:
            return True
        rules = self._rules.get(host_of(url))
        return rules is None or bool(rules.can_fetch(url, AGENT))

    def sitemaps(self, host: str) -> list[str]:
        rules = self._rules.get(host)
        return list(rules.sitemaps) if rules is not None else []
