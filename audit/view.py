"""Filling the view of a round from the stored judgement and the snapshot."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date, datetime
from decimal import Decimal

from audit.history.past import past_beside
from audit.judgements import StoredJudgement
from checks.attached import ATTACHMENT
from checks.gaps import LEFT_OUT
from checks.hosts import host_of
from checks.rule import catalogue
from checks.snapshot import SHANGHAI
from config.district import District
from config.standard import Standard
from crawler.browser.traffic import kept_traffic
from crawler.derive.snapshot import StoredSnapshot
from crawler.store import ObservationStore, StoreError
from reports.view import AxeView, CoverageView, GapCount, Impact, RoundView, RuleInfo, SkipCount

SAMPLES = 5  # URLs shown per reason


def round_view(
    district: District, standards: tuple[Standard, ...], judgement: StoredJudgement, snapshot: StoredSnapshot
) -> RoundView:
    """Everything the reports print. Screenshots are read from the store on demand."""
    store = snapshot.observations

    def artifact(sha256: str) -> bytes | None:
        try:
            return bytes(store.body(sha256))
        except (KeyError, StoreError):
            return None

    axe = tuple(snapshot.axe())
    return RoundView(
        district=district,
        round_id=judgement.round,
        as_of=judgement.as_of,
        snapshot_id=judgement.snapshot,
        standards=standards,
        findings=judgement.findings,
        scores=judgement.scores,
        ranks=judgement.ranks,
        rules={rule_id: RuleInfo.of(rule) for rule_id, rule in catalogue().items()},
        coverage=_coverage(snapshot),
        columns=tuple(snapshot.columns()),
        impact=_impact(store),
        collected=_collected(store),
        axe=AxeView(
            engine=next((p.engine for p in axe if p.engine), ""),
            engine_sha256=_engine_hash(store),
            planned=snapshot.axe_planned(),
            pages=axe,
        ),
        manifest_sha256=judgement.manifest,
        tool_version=judgement.tool_version,
        rule_errors=judgement.errors,
        artifact=artifact,
        screenshots={a.url: a.sha256 for a in store.artifacts("screenshot")},
        lines={str(a.meta.get("screenshot")): a.sha256 for a in store.artifacts("lines")},
        taken={
            a.sha256: str(a.meta.get("taken") or a.created_at)
            for kind in ("screenshot", "crop")
            for a in store.artifacts(kind)
        },
        history=past_beside(store.path.parent, judgement),
    )


def _coverage(snapshot: StoredSnapshot) -> CoverageView:
    by_outcome: dict[str, list[str]] = defaultdict(list)
    for gap in snapshot.gaps():
        by_outcome[gap.outcome].append(gap.url)
    skipped: dict[str, list[str]] = defaultdict(list)
    for entry in snapshot.observations.frontier():
        if entry.state == "skipped":
            skipped[LEFT_OUT.get(entry.reason, entry.reason or "未说明")].append(entry.url)
    hosts = snapshot.district.own_hosts()
    own = [host_of(p.url) in hosts for p in snapshot.pages() if p.reader != ATTACHMENT]
    return CoverageView(
        site=snapshot.site_coverage(),
        pages=sum(own),
        outside=len(own) - sum(own),
        columns={c.column_id: c.coverage for c in snapshot.columns()},
        hosts=tuple(snapshot.hosts()),
        gaps=tuple(GapCount(o, len(u), tuple(u[:SAMPLES])) for o, u in sorted(by_outcome.items())),
        skipped=tuple(SkipCount(r, len(u), tuple(u[:SAMPLES])) for r, u in sorted(skipped.items())),
    )


def _impact(store: ObservationStore) -> Impact | None:
    raw = store.meta_get("impact")
    if not raw:
        return None
    hosts = json.loads(raw)
    timed = [(h["last_ms"], h["requests"]) for h in hosts.values() if h.get("last_ms") is not None]
    weight = sum(n for _, n in timed)
    mean = sum(Decimal(str(ms)) * n for ms, n in timed) / weight if weight else None
    browser = kept_traffic(store).values()
    asked = sum(t.requests for t in browser)
    return Impact(
        requests=sum(int(h["requests"]) for h in hosts.values()) + asked,
        bytes=sum(int(h["bytes"]) for h in hosts.values()) + sum(t.bytes for t in browser),
        by_browser=asked,
        mean_ms=None if mean is None else mean.quantize(Decimal(1)),
    )


def _collected(store: ObservationStore) -> tuple[date, date] | None:
    days = [datetime.fromisoformat(at).astimezone(SHANGHAI).date() for at in store.span() if at]
    return (days[0], days[-1]) if days else None


def _engine_hash(store: ObservationStore) -> str:
    raw = store.meta_get("axe_engine")
    if not raw:
        return ""
    try:
        return str(json.loads(raw).get("sha256", ""))
    except (ValueError, AttributeError):
        return ""
