"""Looking again: the audit's own snapshot, with everything that bears on the findings in question seen anew.

A rule that judges a site, a unit or a sample needs the same ground as before. So the older snapshot lends what it
observed (`crawler.lent`), the pages on which the findings stand are asked for again, new pages that turn up are
followed, and the same rules judge. A verdict that still rests on a lent page is not one: that page is asked for, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from audit import judgements, stages
from audit.errors import AuditError
from audit.judgements import StoredJudgement
from audit.paths import SnapshotPaths
from audit.rounds.cases import Case
from audit.stages import Job
from checks.facts import PageKind
from checks.rule import Rule, catalogue
from checks.standards import resolve_rule
from checks.verdicts import Finding
from config.district import District
from config.standard import Standard
from crawler.browser.finder import BrowserMissing
from crawler.browser.gather import gather
from crawler.browser.plan import Plan, PlannedPage, template_of
from crawler.derive import vouched
from crawler.derive.snapshot import StoredSnapshot
from crawler.impact import measure
from crawler.lent import ask_again, give_back, lend, lent_urls
from crawler.store import ObservationStore
from crawler.urls import host_of, normalise

NEW_PAGES = 1500  # published since the audit, that may be followed
MOST_MINUTES = 90
MOST_LISTED = 400  # addresses of one list in a finding's data
LIST_PAGES = 30  # of one column
NAVIGATION_PAGES = 400
CHILDREN = 200  # content pages of a unit that is said to lack something
PASSES = 4  # rounds of asking for what a verdict still borrows
MEDIA = frozenset({"account"})
BROWSER_TOPICS = ("accessibility",)
WIDE = frozenset({"site", "unit", "list", "reg", "cal"})
"""Coverage guards of rules whose "absent" is about more than the pages they name."""


@dataclass(frozen=True, slots=True)
class Probe:
    """What was seen again: new findings by identity, and how each asked address ended (FetchOutcome or "")."""

    folder: Path
    findings: dict[str, list[Finding]]
    failed_at: dict[str, list[Finding]]  # failed findings by page
    fetched: dict[str, tuple[str, str, str]]  # url -> outcome, sha256, time
    manifest: str
    links: dict[str, frozenset[str]] = field(default_factory=dict)  # page -> where it leads now
    borrowed: frozenset[str] = frozenset()  # identities whose verdict still rests on pages that were not seen again


def addresses(case: Case, column_url: str) -> list[str]:
    """Pages that the rule of a case names."""
    lead = case.lead
    given = [column_url, str(case.report.get("url", "")), *named_in(lead)]
    return list(dict.fromkeys(u for u in map(normalise, given) if u.startswith("http")))


def named_in(finding: Finding) -> Iterator[str]:
    """Every address a finding speaks of: its subject, its evidence, the lists in its data."""
    yield from (finding.url, finding.subject, *(e.url for e in finding.evidence))
    for value in finding.data.values():
        if isinstance(value, (list, tuple)):
            for item in value[:MOST_LISTED]:
                yield from (item,) if isinstance(item, str) else item


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
    """Crawl, derive and judge. Raises AuditError or StoreError when that cannot be done."""
    was = Job(district, standards, round_id, stages.stored_as_of(original) or as_of, original)
    asked, wide = _ground(was, cases)
    urls = list(dict.fromkeys(u for each in asked.values() for u in each))
    job = Job(district, standards, round_id, as_of, SnapshotPaths(folder))
    stages.start_snapshot(job)
    store = job.paths.observations
    lent = lend(store, original.observations)
    with ObservationStore(store) as opened:
        opened.meta_set("recheck_of", original.folder.name)
        opened.meta_set("lent", lent)
    crawl = district.crawl.model_copy(
        update={"max_pages": lent + len(urls) + len(wide) + NEW_PAGES, "max_minutes": MOST_MINUTES}
    )
    crawling = replace(job, district=district.model_copy(update={"crawl": crawl}))
    own = district.own_hosts()
    depth = max(1, crawl.max_depth - 1)
    wanted: list[str] = [*urls, *wide]
    looked: set[str] = set()
    for _ in range(PASSES):
        ask_again(store, wanted, depth, own)
        judgement = _look_and_judge(crawling, cases, urls, looked, on_progress)
        wanted = _borrowed(judgement, asked, lent_urls(store))
        if not wanted:
            break
    lent_still = lent_urls(store)
    found = _findings(judgement, asked)
    with StoredSnapshot(folder, district, as_of) as snapshot:
        links = {u: frozenset(link.url for link in snapshot.links(u)) for u in urls}
    give_back(store)
    with ObservationStore(store) as opened:
        measure(opened)
    manifest = stages.close_snapshot(job)
    _keep(job, judgement, found, manifest)
    borrowed = frozenset(i for i, each in found[0].items() if any(_rests_on(f) & lent_still for f in each))
    return Probe(folder, *found, _fetched(job.paths), manifest, links, borrowed)


def _ground(was: Job, cases: Sequence[Case]) -> tuple[dict[str, list[str]], list[str]]:
    """(addresses by identity, further pages on which a claim of absence stands), from the older snapshot."""
    asked: dict[str, list[str]] = {}
    wide: dict[str, None] = {}
    with StoredSnapshot(was.paths.folder, was.district, was.as_of) as snapshot:
        states = {c.column_id: c for c in snapshot.columns()}
        for case in cases:
            state = states.get(case.lead.column)
            column = [state.url or "", *state.list_pages[:LIST_PAGES]] if state else [""]
            asked[case.identity] = addresses(case, column[0])
            wide |= dict.fromkeys(u for u in column if u)
            rule = _rule_of(case)
            guards = frozenset(rule.guard.split(","))
            if not rule.absence or not guards & WIDE:
                continue
            home = snapshot.home()
            wide |= dict.fromkeys([home.url if home else was.district.site.home])
            wide |= dict.fromkeys(snapshot.navigation_coverage().trail[:NAVIGATION_PAGES])
            whole = "site" in guards or not case.unit or case.unit == was.district.portal_owner
            for each in was.district.columns:
                state = states.get(each.column_id)  # a column may have been registered since the audit
                own = was.district.owner_of(each) == case.unit
                if state and state.url and not state.external and (own or whole):
                    wide |= dict.fromkeys(state.list_pages[: LIST_PAGES if own else 1] or (state.url,))
            kinds = (PageKind.LIST, PageKind.PLATFORM, PageKind.REPORT, PageKind.OTHER)
            pages = (p.url for kind in kinds for p in snapshot.pages(kind, unit=case.unit))
            wide |= dict.fromkeys(u for u, _ in zip(pages, range(CHILDREN), strict=False))
    hosts = was.district.own_hosts()
    return asked, [u for u in wide if host_of(u) in hosts]


def _look_and_judge(
    job: Job, cases: Sequence[Case], urls: Sequence[str], looked: set[str], on_progress: Callable[..., None]
) -> StoredJudgement:
    """One pass of all stages. `looked` keeps what the browser has been asked for."""
    _crawl(job, on_progress)
    render = [u for u in stages.derive(job).needs_render if u not in looked]
    pictures = [u for u in urls[: stages.MOST_PICTURES] if u not in looked]
    lent = lent_urls(job.paths.observations)
    render = [u for u in render if u not in lent]
    looked.update(render, pictures)
    if job.district.browser.enabled and (render or pictures):
        _browse(job, cases, render, pictures)
        if render and stages.follow(job):
            _crawl(job, on_progress)
        stages.derive(job)
    return stages.judge(job, store=False)[0]


def _crawl(job: Job, on_progress: Callable[..., None]) -> None:
    with ObservationStore(job.paths.observations, readonly=True) as store:
        media = any(item.purpose in MEDIA for item in store.pending())
    summary = stages.observe(job, on_progress, spiders=("site", "media") if media else ("site",))
    if any(s.interrupted for s in summary.values()):
        raise AuditError("复查采集被中断，没有记录任何结论；请重新运行。")


def _browse(job: Job, cases: Iterable[Case], render: Sequence[str], pictures: Sequence[str]) -> None:
    """The browser pass where a case needs it, and pictures of the pages as they are now."""
    accessible = [c.lead.url or c.lead.subject for c in cases if topic_of(c) in BROWSER_TOPICS]
    plan = Plan(
        render=tuple(render),
        axe=tuple(PlannedPage(u, template_of(u), "复查") for u in dict.fromkeys(accessible) if u.startswith("http")),
        screenshots=tuple(pictures),
    )
    try:
        gather(job.district, job.paths.folder, plan, on_progress=lambda *_: None)
    except BrowserMissing:
        return  # what only a browser can see stays 无法复查


def _findings(
    judgement: StoredJudgement, asked: dict[str, list[str]]
) -> tuple[dict[str, list[Finding]], dict[str, list[Finding]]]:
    by_identity: dict[str, list[Finding]] = {}
    failed_at: dict[str, list[Finding]] = {}
    pages = {u for each in asked.values() for u in each}
    for finding in judgement.findings:
        if finding.identity in asked:
            by_identity.setdefault(finding.identity, []).append(finding)
        if finding.outcome == "failed" and finding.url in pages:
            failed_at.setdefault(finding.url, []).append(finding)
    return by_identity, failed_at


def _rests_on(finding: Finding) -> set[str]:
    """What a verdict stands on. Of an accusation, every page that it names."""
    if finding.outcome == "failed":
        return set(named_in(finding))
    return {e.url for e in finding.evidence}


def _borrowed(judgement: StoredJudgement, asked: dict[str, list[str]], lent: frozenset[str]) -> list[str]:
    """Lent pages on which the verdicts in question stand."""
    found = (u for f in judgement.findings if f.identity in asked for u in _rests_on(f) & lent)
    return sorted(set(found))


def _keep(
    job: Job,
    judgement: StoredJudgement,
    found: tuple[dict[str, list[Finding]], dict[str, list[Finding]]],
    manifest: str,
) -> None:
    """Only what was asked is kept of the judgement: the scores of a re-check mean nothing."""
    kept = {id(f): f for part in found for each in part.values() for f in each}
    small = replace(judgement, findings=tuple(kept.values()), scores=(), ranks=(), manifest=manifest)
    judgements.save(job.paths.judgement, small)
    vouched.drop(job.paths.folder)  # derived from what has been given back


def topic_of(case: Case) -> str:
    return _rule_of(case).topic


def _rule_of(case: Case) -> Rule:
    """Raises AuditError for a rule that this version no longer has: it cannot be run again."""
    rule = resolve_rule(case.lead.rule, catalogue())
    if rule is None:
        raise AuditError(f"本版本没有规则 {case.lead.rule}，不能用同一规则复查。请用当时的版本。")
    return rule


def _fetched(paths: SnapshotPaths) -> dict[str, tuple[str, str, str]]:
    with ObservationStore(paths.observations, readonly=True) as store:
        return {f.url: (str(f.outcome), f.body_sha256, f.started_at) for f in store.latest_all()}
