"""The stages as functions: observe, derive, gather, judge, render. Each reads what the one before left on disk."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from audit import clock, judgements
from audit.errors import AuditError, Unsupported
from audit.files import DRAFT, quoting, retire, write_pack
from audit.judgements import StoredJudgement
from audit.numbering import finding_numbers, keep_numbers, read_numbers
from audit.paths import OBSERVATIONS, YUETAN, SnapshotPaths
from audit.version import VERSION
from audit.view import round_view
from checks.engine import judge as run_rules
from checks.facts import ColumnState, PageKind
from checks.outcomes import Outcome
from checks.rules.availability import PageSlow
from checks.sampled import sampled_pages
from checks.scoring import rank, score_all
from checks.snapshot import SHANGHAI
from checks.standards import parameters, validate
from config.district import District
from config.standard import Standard
from crawler.again import second_chance
from crawler.browser.gather import GatherSummary
from crawler.browser.gather import gather as browser_pass
from crawler.browser.plan import make_plan, template_of
from crawler.connection import keep_connections
from crawler.derive.probes import keep_probes
from crawler.derive.run import DeriveSummary
from crawler.derive.run import derive as derive_facts
from crawler.derive.snapshot import StoredSnapshot
from crawler.follow import follow_rendered
from crawler.past import META as SINCE
from crawler.run import CrawlSummary
from crawler.run import crawl as run_crawl
from crawler.seal import seal
from crawler.store import ObservationStore, StoreError
from reports.build import build
from reports.view import Visibility

Report = Callable[..., None]
MOST_PICTURES = 80  # pages photographed because of a finding, beside the sample


@dataclass(frozen=True, slots=True)
class Job:
    """One audit: a district, its standards, the round, the moment of judgement and where things lie."""

    district: District
    standards: tuple[Standard, ...]
    round_id: str
    as_of: datetime
    paths: SnapshotPaths
    since: str = ""  # folder name of an older, sealed snapshot that unchanged pages are taken from; blank = none


def check_standards(job: Job) -> None:
    """Refuse, before any crawling, a standard that cannot be judged. Raises AuditError listing every problem."""
    lines = [
        f"  {p.file}：{p.where}：{p.message}" + (f"（已知：{'、'.join(p.known)}）" if p.known else "")
        for standard in job.standards
        for p in validate(standard, job.district)
    ]
    if lines:
        raise AuditError("标准不可用，未开始采集：\n" + "\n".join(dict.fromkeys(lines)))


def is_sealed(paths: SnapshotPaths) -> bool:
    if not paths.observations.exists():
        return False
    with ObservationStore(paths.observations, readonly=True) as store:
        return bool(store.meta_get("manifest"))


def start_snapshot(job: Job) -> None:
    """Write who, what and when into a new snapshot; an unfinished one of the same round is resumed as it is."""
    job.paths.folder.mkdir(parents=True, exist_ok=True)
    with ObservationStore(job.paths.observations) as store:
        if store.meta_get("as_of") is None:
            store.meta_set("district", job.district.id)
            store.meta_set("round", job.round_id)
            store.meta_set("as_of", job.as_of.astimezone(SHANGHAI).isoformat())
            store.meta_set("config_hash", job.district.config_hash)
            store.meta_set("tool_version", VERSION)
            store.meta_set(SINCE, job.since)


def last_sealed(paths: SnapshotPaths) -> str:
    """Folder name of the district's newest sealed snapshot beside this one; blank if there is none."""
    found: list[tuple[datetime, str]] = []
    for path in paths.folder.parent.glob(f"*/{OBSERVATIONS}"):
        if path.parent == paths.folder:
            continue
        try:
            with ObservationStore(path, readonly=True) as store:
                moment = store.meta_get("as_of")
                if store.sealed and moment:
                    found.append((datetime.fromisoformat(moment), path.parent.name))
        except StoreError:  # of another version, or damaged: nothing to compare with
            continue
    return max(found)[1] if found else ""


def _since(job: Job) -> Path | None:
    """The older snapshot that this one was begun with; a resumed crawl goes on with the same one."""
    with ObservationStore(job.paths.observations, readonly=True) as store:
        name = store.meta_get(SINCE)
    folder = job.paths.folder.parent / name if name else None
    return folder if folder is not None and (folder / OBSERVATIONS).exists() else None


def stored_as_of(paths: SnapshotPaths) -> datetime | None:
    """The moment a snapshot was made to speak for; None if there is no snapshot."""
    if not paths.observations.exists():
        return None
    with ObservationStore(paths.observations, readonly=True) as store:
        value = store.meta_get("as_of")
    return datetime.fromisoformat(value) if value else None


def retry_unseen(job: Job) -> int:
    """Ask again for what an earlier, finished crawl of this snapshot could not see; returns how many URLs."""
    if not job.paths.observations.exists():
        return 0
    with ObservationStore(job.paths.observations) as store:
        return second_chance(store, clock.now(), job.district.site.home)


def observe(job: Job, on_progress: Report, *, spiders: Sequence[str] = ("site", "media")) -> dict[str, CrawlSummary]:
    """Crawl the site and the new-media pages, resuming where an earlier run stopped."""
    start_snapshot(job)
    found: dict[str, CrawlSummary] = {}
    since = _since(job)
    for spider in spiders:
        if spider == "media" and not job.district.accounts:
            continue
        found[spider] = run_crawl(job.district, job.paths.folder, spider=spider, since=since, on_progress=on_progress)
        if found[spider].interrupted:
            break
    with ObservationStore(job.paths.observations) as store:
        keep_connections(job.district, store)
        keep_probes(job.district, store, job.paths.folder.parent, job.as_of)
    return found


def derive(job: Job, on_page: Callable[[int, int], None] | None = None) -> DeriveSummary:
    if not job.paths.observations.exists():
        raise Unsupported(f"没有采集数据：{job.paths.observations}。请先运行 govaudit crawl 或 govaudit run。")
    return derive_facts(job.district, job.paths.folder, job.as_of, on_page)


def gather(job: Job, derived: DeriveSummary, on_progress: Report) -> GatherSummary:
    """The browser pass over lists that need it and over a stated sample."""
    with StoredSnapshot(job.paths.folder, job.district, job.as_of) as snapshot:
        home = snapshot.home()
        columns = [(c.column_id, c.url) for c in snapshot.columns() if c.url and not c.external and c.sha256]
        kinds = (PageKind.ARTICLE, PageKind.POLICY, PageKind.INTERPRETATION, PageKind.REPORT)
        articles = [(p.url, template_of(p.url)) for p in snapshot.pages() if p.kind in kinds]
        browser = job.district.browser
        plan = make_plan(
            home=home.url if home else "",
            columns=columns,
            needs_render=list(derived.needs_render),
            articles=articles,
            finding_pages=_accused_pages(job, snapshot),
            sample_articles=browser.sample_articles,
            seed=browser.seed,
            timed=timed_pages(job, snapshot),
            doubted=[c.url for c in snapshot.columns() if c.url and not c.external and c.sha256 and _empty(c)],
        )
    return browser_pass(job.district, job.paths.folder, plan, on_progress=on_progress)


def _empty(column: ColumnState) -> bool:
    return not column.row_count and not column.content and not column.children_with_rows


def timed_pages(job: Job, snapshot: StoredSnapshot) -> list[str]:
    """Pages whose load time is measured: the home page and the sample of `page-slow`, if a standard asks for it."""
    found = parameters(job.standards, job.district, "page-slow")
    if not isinstance(found, PageSlow):
        return []
    home = snapshot.home()
    urls = [home.url] if home else []
    return [*urls, *(p.url for p in sampled_pages(snapshot, found.size))]


def _accused_pages(job: Job, snapshot: StoredSnapshot) -> list[str]:
    """Pages that a first judgement holds against somebody: they are photographed as they were seen."""
    result = run_rules(snapshot, job.standards)
    failed = [f for f in result.findings if f.outcome is Outcome.FAILED and f.evidence]
    urls = dict.fromkeys(f.evidence[0].url for f in failed)
    return [u for u in urls if snapshot.page(u) is not None][:MOST_PICTURES]


def follow(job: Job) -> int:
    """Queue the in-scope links that only the rendered pages show; returns how many are new."""
    return follow_rendered(job.paths.observations, job.district)


def close_snapshot(job: Job) -> str:
    """Seal the observations; returns the manifest hash."""
    with ObservationStore(job.paths.observations) as store:
        return store.meta_get("manifest") or seal(store)


def judge(
    job: Job, *, on_rule: Callable[[str], None] | None = None, store: bool = True
) -> tuple[StoredJudgement, dict[str, float]]:
    """Run every standard over the snapshot and score. Returns the judgement and CPU seconds per rule."""
    with StoredSnapshot(job.paths.folder, job.district, job.as_of) as snapshot:
        result = run_rules(snapshot, job.standards, timer=time.process_time, on_rule=on_rule)
        day = snapshot.today
        manifest = snapshot.observations.meta_get("manifest") or ""
    scores = score_all(result.findings, job.standards, job.district, day)
    judgement = StoredJudgement(
        schema=judgements.SCHEMA,
        district=job.district.id,
        district_hash=job.district.config_hash,
        round=job.round_id,
        as_of=job.as_of,
        snapshot=job.paths.folder.name,
        manifest=manifest,
        tool_version=VERSION,
        standards=tuple(s.id for s in job.standards),
        findings=result.findings,
        scores=scores,
        ranks=rank(scores, job.district, job.standards[0]),
        errors=result.errors,
    )
    if store:
        judgements.save(job.paths.judgement, judgement)
    return judgement, dict(result.seconds)


def render(job: Job, judgement: StoredJudgement, out: Path, *, public: bool = False) -> list[str]:
    """Write every output of the round, or its public edition; returns the relative paths.

    Draft interview papers that quote an older judgement are removed, unless somebody has worked on them.
    """
    with StoredSnapshot(job.paths.folder, job.district, job.as_of) as snapshot:
        view = round_view(job.district, job.standards, judgement, snapshot)
        view = replace(view, numbers=read_numbers(job.paths.folder))
        keep_numbers(job.paths.folder, finding_numbers(view))
        names = write_pack(out, build(replace(view, visibility=Visibility.PUBLIC) if public else view))
    for folder in {out / YUETAN, job.paths.folder / YUETAN}:
        retire(folder, quoting(judgement.digest), DRAFT)
    return names


def supports_verdict(job: Job) -> str:
    """Blank when the crawl can support a verdict, else what is missing, in a sentence."""
    with StoredSnapshot(job.paths.folder, job.district, job.as_of) as snapshot:
        coverage = snapshot.site_coverage()
        if snapshot.home() is None:
            record = snapshot.observations.latest(job.district.site.home)
            fetched = record is not None and record.outcome.seen
            why = "返回的不是有内容的网页" if fetched else record.outcome.chinese if record else "未访问"
            return (
                f"首页 {job.district.site.home} 未取回（{why}），不能作出判定，也没有扣任何单位的分。"
                f"请运行 govaudit doctor {job.district.source or job.district.id} 查明原因，然后重新运行同一命令。"
            )
        pending = snapshot.observations.counts().get("pending", 0)
        if pending:
            return f"采集未完成：还有 {pending} 个网址未访问（已取回 {coverage.fetched} 页）。"
    return ""
