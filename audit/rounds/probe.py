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
from audit.rounds.beside import shots_of
from audit.rounds.cases import Case
from audit.rounds.hosts import fronts, host_in_question
from audit.stages import Job
from checks.facts import PageKind
from checks.outcomes import FetchOutcome
from checks.rule import Rule, catalogue
from checks.standards import resolve_rule
from checks.verdicts import Finding
from config.district import District
from config.standard import Standard
from crawler.browser.finder import BrowserMissing, find_browser
from crawler.browser.gather import gather
from crawler.browser.plan import Plan, PlannedPage, template_of
from crawler.derive import vouched
from crawler.derive.snapshot import StoredSnapshot
from crawler.impact import measure
from crawler.lent import ask_again, give_back, lend, lent_urls
from crawler.past import ask_whole
from crawler.store import ObservationStore
from crawler.urls import host_of, normalise

NEW_PAGES = 1500  # published since the audit, that may be followed where something is said to be missing
FEW_NEW_PAGES = 100  # where only the pages in question are looked at
MOST_MINUTES = 90
FEW_MINUTES = 30
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
class Effort:
    """What a re-check may cost at most, and what it did cost."""

    named: int  # addresses of the problems themselves, asked for whole
    ground: int  # further addresses that the verdicts stand on, asked for under conditions
    most_new: int
    most_minutes: int
    requests: int = 0
    unchanged: int = 0  # answered as not modified: nothing was transferred
    followed: int = 0  # addresses that the audit did not know

    def plan(self) -> str:
        """Before it begins, in Chinese."""
        others = f"，以及判断所依据的其他 {self.ground} 个（所列网址、首页、导航、列表；未变化的不重复传输）"
        ground = others if self.ground else ""
        return (
            f"重新读取问题所在的 {self.named} 个网址{ground}；检出后新发布的网页至多跟进 {self.most_new} 个，"
            f"最长 {self.most_minutes} 分钟。到限仍未看全的，结论为“无法复查”，不算单位未整改。"
        )

    def outcome(self) -> str:
        return (
            f"共请求 {self.requests} 次，其中 {self.unchanged} 个网页服务器答复未变化、没有重复传输；"
            f"跟进新网页 {self.followed} 个（上限 {self.most_new} 个、{self.most_minutes} 分钟）。"
        )


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
    final: dict[str, str] = field(default_factory=dict)  # url -> where the request ended
    leads: dict[str, frozenset[str]] = field(default_factory=dict)  # entrance pages -> where they lead now
    main_host: str = ""
    effort: Effort | None = None
    shots: dict[str, tuple[str, str]] = field(default_factory=dict)  # url -> sha256 and time of its picture
    browser: str = ""  # why there are no pictures; blank where the browser looked


def addresses(case: Case, column_url: str) -> list[str]:
    """Pages that the rule of a case names."""
    lead = case.lead
    given = [column_url, str(case.report.get("url", "")), *named_in(lead)]
    return list(dict.fromkeys(u for u in map(normalise, given) if u.startswith("http")))


def _held(case: Case) -> list[str]:
    """Pages that a case is held against, and the one declared as its repair: never taken from a cache."""
    lead = case.lead
    given = [str(case.report.get("url", "")), lead.url, lead.subject, *(e.url for e in lead.evidence)]
    return [u for u in map(normalise, given) if u.startswith("http")]


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
    on_plan: Callable[[str], None] = lambda _: None,
) -> Probe:
    """Crawl, derive and judge. Raises AuditError or StoreError when that cannot be done."""
    was = Job(district, standards, round_id, stages.stored_as_of(original) or as_of, original)
    asked, wide = _ground(was, cases)
    urls = list(dict.fromkeys(u for each in asked.values() for u in each))
    whole = list(dict.fromkeys(u for case in cases for u in _held(case)))
    effort = bounds(cases, len(whole), len({*wide, *urls} - set(whole)), district)
    on_plan(effort.plan())
    since = f"../{original.folder.name}" if stages.is_sealed(original) else ""
    job = Job(district, standards, round_id, as_of, SnapshotPaths(folder), since)
    stages.start_snapshot(job)
    store = job.paths.observations
    lent = lend(store, original.observations)
    with ObservationStore(store) as opened:
        opened.meta_set("recheck_of", original.folder.name)
        opened.meta_set("lent", lent)
        ask_whole(opened, whole)
    limits = {"max_pages": lent + len(urls) + len(wide) + effort.most_new, "max_minutes": effort.most_minutes}
    crawl = district.crawl.model_copy(update=limits)
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
        looking = wide if any(host_in_question(c) for c in cases) else []
        leads = {u: frozenset(link.url for link in snapshot.links(u)) for u in looking if u not in lent_still}
    known = _addresses(original)
    give_back(store)
    with ObservationStore(store) as opened:
        measure(opened)
    manifest = stages.close_snapshot(job)
    _keep(job, judgement, found, manifest)
    borrowed = frozenset(i for i, each in found[0].items() if any(_rests_on(f) & lent_still for f in each))
    fetched, final, effort = _fetched(job.paths, effort, known)
    return Probe(
        folder,
        *found,
        fetched,
        manifest,
        links,
        borrowed,
        final,
        leads,
        host_of(district.site.home),
        effort,
        *_shots(job),
    )


def bounds(cases: Sequence[Case], named: int, ground: int, district: District) -> Effort:
    """A claim of absence may need many new pages; a page in question needs little more than itself."""
    wide = any(_rule_of(c).absence for c in cases)
    minutes = MOST_MINUTES if wide else FEW_MINUTES
    least = round((named + ground) / float(district.crawl.rate) / 60) + 5
    return Effort(named, ground, NEW_PAGES if wide else FEW_NEW_PAGES, max(minutes, least))


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
            if host := host_in_question(case):
                asked[case.identity] += [u for u in fronts(host) if u not in asked[case.identity]]
                home = snapshot.home()
                wide |= dict.fromkeys([home.url if home else was.district.site.home])
                wide |= dict.fromkeys(snapshot.navigation_coverage().trail[:NAVIGATION_PAGES])
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


def _shots(job: Job) -> tuple[dict[str, tuple[str, str]], str]:
    """(pictures by address, why there are none; blank where the browser looked)."""
    found = shots_of(job.paths.observations)
    if found:
        return found, ""
    if not job.district.browser.enabled:
        return {}, "复查没有用浏览器（配置未启用），没有截图"
    try:
        find_browser(job.district.browser.executable)
    except BrowserMissing:
        return {}, "复查时本机没有可用的浏览器，没有截图"
    return {}, ""


def _addresses(paths: SnapshotPaths) -> frozenset[str]:
    with ObservationStore(paths.observations, readonly=True) as store:
        return frozenset(f.url for f in store.latest_all())


def _fetched(
    paths: SnapshotPaths, effort: Effort, known: frozenset[str]
) -> tuple[dict[str, tuple[str, str, str]], dict[str, str], Effort]:
    """(how each address ended, where it ended, what it cost)."""
    with ObservationStore(paths.observations, readonly=True) as store:
        latest = list(store.latest_all())
    unchanged = sum(f.outcome is FetchOutcome.NOT_MODIFIED for f in latest)
    own = [f for f in latest if f.purpose not in ("robots", "sitemap") and f.outcome is not FetchOutcome.ROBOTS]
    followed = sum(f.url not in known for f in own)
    spent = replace(effort, requests=len(latest), unchanged=unchanged, followed=followed)
    answers = {f.url: (str(f.outcome), f.body_sha256, f.started_at) for f in latest}
    return answers, {f.url: f.final_url for f in latest if f.final_url}, spent
