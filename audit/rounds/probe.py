"""A small snapshot for re-checks: only the pages that the findings in question stand on, judged by the same rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from audit import stages
from audit.errors import AuditError
from audit.paths import SnapshotPaths
from audit.rounds.cases import Case
from audit.stages import Job
from checks.rule import Rule, catalogue
from checks.standards import resolve_rule
from checks.verdicts import Finding
from config.district import District
from config.standard import Standard
from crawler.browser.finder import BrowserMissing
from crawler.browser.gather import gather
from crawler.browser.plan import Plan, PlannedPage, template_of
from crawler.derive.snapshot import StoredSnapshot
from crawler.observations import FrontierItem
from crawler.store import ObservationStore
from crawler.urls import host_of, normalise

LIST_PAGES = 30  # further pages of a list that may be read again
SPARE_PAGES = 40
MOST_MINUTES = 20
MOST_LISTED = 20  # addresses of one list in a finding's data (pages of an annex, the search trail)
NAVIGATION_PAGES = 400  # what a claim of absence has to see again beside the pages themselves
BROWSER_TOPICS = ("accessibility",)


@dataclass(frozen=True, slots=True)
class Probe:
    """What was seen again: new findings by identity, and how each asked address ended (FetchOutcome or "")."""

    folder: Path
    findings: dict[str, list[Finding]]
    failed_at: dict[str, list[Finding]]  # failed findings by page
    fetched: dict[str, tuple[str, str, str]]  # url -> outcome, sha256, time
    manifest: str
    links: dict[str, frozenset[str]] = field(default_factory=dict)  # page -> where it leads now


def addresses(case: Case, column_url: str) -> list[str]:
    """Pages that the rule of a case has to see again."""
    lead = case.lead
    given = [lead.url, lead.subject, *(e.url for e in lead.evidence), column_url, str(case.report.get("url", ""))]
    for value in lead.data.values():
        if isinstance(value, list):
            given += [str(v) for v in value[:MOST_LISTED] if isinstance(v, str) and "://" in v]
    return list(dict.fromkeys(u for u in map(normalise, given) if u.startswith("http")))


def probe(
    district: District,
    standards: tuple[Standard, ...],
    original: SnapshotPaths,
    folder: Path,
    cases: Sequence[Case],
    as_of: datetime,
    round_id: str,
    on_progress: Callable[..., None] = lambda *_: None,
) -> Probe:
    """Crawl, derive and judge the small snapshot. Raises AuditError or StoreError when it cannot be made."""
    pinned, columns = _pinned(district, original, as_of, cases)
    asked = {c.identity: addresses(c, columns.get(c.lead.column, "")) for c in cases}
    urls = list(dict.fromkeys(u for each in asked.values() for u in each))
    job = Job(pinned, standards, round_id, as_of, SnapshotPaths(folder))
    needed = {c.lead.column for c in cases if c.lead.column}
    absent = {c.unit for c in cases if _rule_of(c).absence}
    needed |= {c.column_id for c in pinned.columns if pinned.owner_of(c) in absent}
    crawl = pinned.crawl.model_copy(
        update={
            "max_depth": 2 if absent else 1,
            "max_pages": len(urls) + LIST_PAGES * len(needed) + (NAVIGATION_PAGES if absent else SPARE_PAGES),
            "max_minutes": MOST_MINUTES,
        }
    )
    small = pinned.model_copy(
        update={
            "crawl": crawl,
            "columns": tuple(c for c in pinned.columns if c.column_id in needed),
            "units": tuple(u.model_copy(update={"column_urls": ()}) for u in pinned.units),
            "accounts": None,
        }
    )
    stages.start_snapshot(job)
    own = pinned.own_hosts()
    with ObservationStore(job.paths.observations) as store:
        store.meta_set("recheck_of", original.folder.name)
        home = normalise(pinned.site.home)
        first = [] if absent else [home]  # a claim of absence needs the navigation: the home page is followed
        depth = 2 if absent else 1
        store.add_pending(*(_item(u, "page" if host_of(u) in own else "external", depth) for u in [*first, *urls]))
    summary = stages.observe(Job(small, standards, round_id, as_of, job.paths), on_progress, spiders=("site",))
    if any(s.interrupted for s in summary.values()):
        raise AuditError("复查采集被中断，没有记录任何结论；请重新运行。")
    derived = stages.derive(job)
    _look(job, cases, [u for u in derived.needs_render if u in urls], urls)
    stages.derive(job)
    manifest = stages.close_snapshot(job)
    judgement, _ = stages.judge(job)
    by_identity: dict[str, list[Finding]] = {}
    failed_at: dict[str, list[Finding]] = {}
    for finding in judgement.findings:
        by_identity.setdefault(finding.identity, []).append(finding)
        if finding.outcome == "failed" and finding.url:
            failed_at.setdefault(finding.url, []).append(finding)
    with StoredSnapshot(folder, pinned, as_of) as snapshot:
        links = {u: frozenset(link.url for link in snapshot.links(u)) for u in urls}
    return Probe(folder, by_identity, failed_at, _fetched(job.paths, urls), manifest, links)


def _pinned(
    district: District, original: SnapshotPaths, as_of: datetime, cases: Sequence[Case]
) -> tuple[District, dict[str, str]]:
    """The district with columns at the addresses where the round found them, and those addresses by column."""
    with StoredSnapshot(original.folder, district, as_of) as snapshot:
        found = {c.column_id: c.url for c in snapshot.columns() if c.url}
    columns = tuple(c.model_copy(update={"path": found.get(c.column_id) or c.path}) for c in district.columns)
    return district.model_copy(update={"columns": columns}), {k: v or "" for k, v in found.items()}


def _item(url: str, purpose: str, depth: int) -> FrontierItem:
    """At the deepest level: what the page links to is not followed, its attachments and link targets are checked."""
    return FrontierItem(url, host_of(url), depth, purpose, "", "", "pending", "", 1)


def _look(job: Job, cases: Iterable[Case], render: list[str], urls: list[str]) -> None:
    """The browser pass where a case needs it, and pictures of the pages as they are now."""
    accessible = [c.lead.url or c.lead.subject for c in cases if topic_of(c) in BROWSER_TOPICS]
    plan = Plan(
        render=tuple(render),
        axe=tuple(PlannedPage(u, template_of(u), "复查") for u in dict.fromkeys(accessible) if u.startswith("http")),
        screenshots=tuple(urls[: stages.MOST_PICTURES]),
    )
    if not job.district.browser.enabled:
        return
    try:
        gather(job.district, job.paths.folder, plan, on_progress=lambda *_: None)
    except BrowserMissing:
        return  # what only a browser can see stays 无法复查


def topic_of(case: Case) -> str:
    return _rule_of(case).topic


def _rule_of(case: Case) -> Rule:
    """Raises AuditError for a rule that this version no longer has: it cannot be run again."""
    rule = resolve_rule(case.lead.rule, catalogue())
    if rule is None:
        raise AuditError(f"本版本没有规则 {case.lead.rule}，不能用同一规则复查。请用当时的版本。")
    return rule


def _fetched(paths: SnapshotPaths, urls: Iterable[str]) -> dict[str, tuple[str, str, str]]:
    with ObservationStore(paths.observations, readonly=True) as store:
        found = {}
        for url in urls:
            record = store.latest(url)
            if record is not None:
                found[url] = (str(record.outcome), record.body_sha256, record.started_at)
        return found
