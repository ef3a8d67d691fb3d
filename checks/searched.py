"""An absence is proved by the pages that were looked through: each with the hash and time of what was read."""

from __future__ import annotations

from dataclasses import replace

from checks.gaps import TRAIL
from checks.outcomes import Outcome
from checks.snapshot import Snapshot
from checks.verdicts import Evidence, Verdict

LOCATOR = "查找过的页面"


def searched(verdict: Verdict, snapshot: Snapshot) -> Verdict:
    """The verdict with the pages of its search trail bound as evidence, after what the rule itself cites."""
    trail = verdict.data.get("trail")
    if verdict.outcome not in (Outcome.FAILED, Outcome.CANNOT_TELL) or not isinstance(trail, (list, tuple)):
        return verdict
    cited = {e.url for e in verdict.evidence if e.sha256}
    urls = [str(u) for u in dict.fromkeys(trail) if u not in cited][:TRAIL]
    pages = (snapshot.page(u) for u in urls)
    more = tuple(Evidence.of(p, locator=LOCATOR) for p in pages if p is not None and p.sha256)
    return replace(verdict, evidence=verdict.evidence + more) if more else verdict
