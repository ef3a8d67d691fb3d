"""Derive: from sealed observations to facts of pages and of the site. A function of the snapshot and the district."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from checks.attached import ATTACHMENT
from checks.facts import DateFact, DateOrigin, Gap, HostState, Page, PageKind
from checks.gaps import ROUTE
from checks.outcomes import FetchOutcome
from checks.snapshot import SHANGHAI
from config.district import District
from crawler.classify import Answer as Reply
from crawler.classify import classify
from crawler.connection import Connection, connections_of
from crawler.derive import (
    accounts,
    attachments,
    columns,
    coverage,
    frames,
    landings,
    likeness,
    navigation,
    pairs,
    routes,
    unread,
    vouched,
    years,
)
from crawler.derive.columns import folder, host_of
from crawler.derive.copies import keep_copies
from crawler.derive.outage import blind_days
from crawler.derive.owners import Owners
from crawler.derive.pages import Failure, Job, extract_all
from crawler.derive.probes import probes_of
from crawler.derive.store import FACTS, FactsStore
from crawler.derive.targets import Answers, keep_targets, qr_decoder, target_of
from crawler.extract.discover import discover
from crawler.extract.encoding import decode
from crawler.extract.page import MAX_BYTES, Context
from crawler.loads import load_times
from crawler.store import ObservationStore

OBSERVATIONS = "observations.sqlite"
_READABLE = ("html", "json", "xml", "javascript", "text/plain")


@dataclass(frozen=True, slots=True)
class DeriveSummary:
    pages: int
    columns_found: int
    columns_expected: int
    pairs: int
    needs_render: tuple[str, ...]  # lists that only a browser can fill
    failures: tuple[Failure, ...]
    drift: tuple[str, ...] = ()  # pages whose list is of a known make and was not read: a reader is out of date


def derive(
    district: District,
    snapshot: Path,
    as_of: datetime,
    on_page: Callable[[int, int], None] | None = None,
) -> DeriveSummary:
    """Bring `facts.sqlite` beside the observations up to date. Raises StoreError if there are no observations."""
    today = as_of.astimezone(SHANGHAI).date()
    path = snapshot / OBSERVATIONS
    vouched.begin(snapshot)
    with ObservationStore(path, readonly=True) as store, FactsStore(snapshot / FACTS) as facts:
        answers = Answers(store, blind_days(store, district))
        doms = {a.url: a for a in store.artifacts("dom")}
        jobs = list(_jobs(store, doms))
        context = Context(own_hosts=district.own_hosts(), home=district.site.home, as_of=today)
        failures = extract_all(path, facts, jobs, context, on_page)
        keep_copies(district, facts)
        years.settle(facts)
        summary = _site_facts(district, store, facts, answers, jobs, today, failures)
    vouched.end(snapshot)
    return summary


def _jobs(store: ObservationStore, doms: dict) -> Iterator[Job]:
    """One job per document seen; a redirected fetch is read under the address that finally answered.

    An attached file stays under the address that its links name.
    """
    seen: set[str] = set()
    anchors = {f.url: f.anchor for f in store.frontier() if f.purpose == "attachment"}
    for fetch in store.latest_all():
        if attachments.attached(fetch):
            title = attachments.title_of(fetch, anchors)
            yield Job(fetch.url, fetch.body_sha256, fetch.content_type, "", fetch.started_at, False, title)
            continue
        if fetch.purpose not in ("page", "account", "render") or not fetch.body_sha256 or not fetch.outcome.seen:
            continue
        if not any(kind in (fetch.content_type or "html").lower() for kind in _READABLE):
            continue
        url = fetch.final_url or fetch.url
        if url in seen:
            continue
        seen.add(url)
        modified = next((v for k, v in fetch.headers.items() if k.lower() == "last-modified"), "")
        dom = doms.get(url) or doms.get(fetch.url)
        if dom is not None and _is_the_page(url, store.body(dom.sha256)):
            yield Job(url, dom.sha256, "text/html; charset=utf-8", modified, dom.created_at, True)
        else:
            yield Job(url, fetch.body_sha256, fetch.content_type or "", modified, fetch.started_at, False)
    for url, dom in sorted(doms.items()):
        if routes.is_route(url):
            yield Job(url, dom.sha256, "text/html; charset=utf-8", "", dom.created_at, True)


def _is_the_page(url: str, dom: bytes) -> bool:
    """A document that was fetched well and shows an error once its scripts have run was written over, or hidden from
    our browser: what stands there then is not what the site published."""
    answer = Reply(url, 200, {"content-type": "text/html; charset=utf-8"}, dom)
    return classify(answer).outcome is FetchOutcome.OK


def _site_facts(
    district: District,
    store: ObservationStore,
    facts: FactsStore,
    answers: Answers,
    jobs: list[Job],
    today: date,
    failures: list[Failure],
) -> DeriveSummary:
    by_url = {j.url: j for j in jobs}

    def page(url: str) -> Page | None:
        found = facts.page(url)
        return None if found is not None and found.reader == ATTACHMENT else found

    def list_pages(url: str) -> list[str]:
        job = by_url.get(url)
        if job is None:
            return []
        return list(discover(store.body(job.sha256), job.url, job.content_type).list_pages)

    def html(url: str) -> str:
        job = by_url.get(url)
        if job is None or job.attached or "html" not in (job.content_type or "html").lower():
            return ""
        return decode(store.body(job.sha256)[:MAX_BYTES], job.content_type).text

    landings.settle(facts, answers.get, html)
    queued = [(f.url, f.state, f.reason or "") for f in store.frontier() if f.purpose == "page"]
    skipped = {url: reason or state for url, state, reason in queued if state != "done"}
    frontier = [entry for entry in queued if entry[0] not in facts.copies()]
    home = frames.settle(facts, _home(district, facts, answers))
    nav, nav_coverage = navigation.read_navigation(home, district, page, facts.links, answers.get)
    on_home = frozenset(link.url for link in facts.links(home.url)) if home else frozenset()
    fronts = (p for kind in (PageKind.LIST, PageKind.PLATFORM) for p in facts.pages(kind))
    lookups = columns.Lookups(
        page,
        answers.get,
        list_pages,
        lambda u: ROUTE if routes.is_route(u) else skipped.get(u, ""),
        on_home=on_home,
        self_named=columns.self_named(fronts),
    )
    states = columns.resolve(district, nav, nav_coverage, lookups, today)
    lists = {p.url: len(p.rows) for p in facts.pages(PageKind.LIST)}
    unlike = likeness.unlike(store, Context(district.own_hosts(), district.site.home, today))
    states = likeness.doubted(columns.with_children(states, lists, facts.links), unlike)
    drifted = [p for p in facts.pages_naming('"drift"') if p.marks_of("drift")]
    unreadable = [Gap(f.url, "extraction-error", f.error) for f in failures]
    unreadable += [*(gap for p in drifted for gap in unread.unreadable([p])), *unlike]
    _assign(district, facts, states, load_times(store))
    attachments.adopt(facts)
    outcomes = answers.outcomes()
    known, gaps = coverage.page_gaps(district, frontier, outcomes)
    routed, unopened = routes.routes_of(district, facts)
    known, gaps = known + routed, unreadable + gaps + routes.gaps_of(unopened)
    site = likeness.doubtful(coverage.site_coverage(states, known, gaps), unlike)
    present = (u for u, _, _ in frontier if outcomes.get(u) not in coverage.ABSENT)
    units = coverage.unit_coverages(district, states, present, gaps, site)
    found = _pairs(district, facts)
    facts.put_site("navigation", nav)
    facts.put_site("navigation-coverage", [nav_coverage])
    facts.put_site("columns", states)
    facts.put_site("site-coverage", [site])
    facts.put_site("unit-coverage", sorted(units.items()))
    facts.put_site("gaps", gaps)
    facts.put_site("pairs", found)
    facts.put_site("hosts", _hosts(district, answers, facts, store))
    matrix_ids = {c.column_id for c in district.columns if c.role == "matrix"}
    matrix = [s for s in states if s.column_id in matrix_ids]
    seen = accounts.account_facts(
        district, matrix, page, facts.links, lambda u: target_of(u, answers), qr_decoder(store)
    )
    facts.put_site("accounts", seen)
    facts.set_meta("home", home.url if home else "")
    facts.set_meta("config_hash", district.config_hash)
    facts.set_meta("today", today.isoformat())
    keep_targets(district, facts, store, answers)
    facts.commit()
    waiting = tuple(p.url for p in facts.every_page() if p.needs_render and not p.rendered)
    waiting += unopened[: routes.AT_ONCE]
    expected = len(states)
    return DeriveSummary(
        facts.count(), sum(1 for s in states if s.url), expected, len(found), waiting, tuple(failures),
        tuple(p.url for p in drifted),
    )  # fmt: skip


def _home(district: District, facts: FactsStore, answers: Answers) -> Page | None:
    """The portal's home page; a redirect or stub in front of it is followed."""
    front = district.site.home
    for _ in range(5):
        answer = answers.get(front)
        page = facts.page(front) or (facts.page(answer.final) if answer and answer.final else None)
        if page is None or page.kind is not PageKind.STUB:
            break
        following = next((m.value for m in page.marks if m.origin == "redirect"), "")
        if not following:
            break
        front = following
    if page is not None and page.kind not in (PageKind.HOME, PageKind.CHALLENGE):
        return replace(page, kind=PageKind.HOME)
    return None if page is None or page.kind is PageKind.CHALLENGE else page


def _assign(
    district: District, facts: FactsStore, states: list[columns.ColumnState], loads: dict[str, tuple[int, ...]]
) -> None:
    """Column, owner, list dates, load times. The longest folder decides the column, else a row that lists the page.

    A column that shares its address with others ("list.jsp?id=3") has no folder of its own.
    """
    owners = Owners(district)
    listed: dict[str, list[tuple[str, columns.Row]]] = {}
    fronts: dict[str, str] = {}
    for state in states:
        for url in state.list_pages:
            fronts.setdefault(url, state.column_id)
        for row in state.rows:
            listed.setdefault(row.url, []).append((state.column_id, row))
    static = [s for s in states if s.url and not s.external and "?" not in s.url]
    places = [(folder(s.url or ""), s) for s in static if folder(s.url or "").count("/") > 3]
    places.sort(key=lambda item: (-len(item[0]), item[0], not item[1].list_pages))
    folders = [(place, state.column_id) for place, state in places]
    owner_of = {c.column_id: c.unit_id for c in district.columns}
    elsewhere = _listed_elsewhere(facts, listed)
    batch = []
    for page in list(facts.every_page()):
        rows = listed.get(page.url, [])
        under = next((c for f, c in folders if page.url.startswith(f)), "")
        column = fronts.get(page.url) or under or (rows[0][0] if rows else "")
        owner, basis = owners.of(page, owner_of.get(column, ""))
        shown = tuple(
            DateFact(r.date, DateOrigin.LIST, r.quote, r.url) for r in dict.fromkeys(r for _, r in rows) if r.date
        )
        if not shown and page.published is None:
            shown = elsewhere.get(page.url, ())
        known = replace(page, column=column, owner=owner, owner_basis=basis, list_dates=shown)
        batch.append((replace(known, load_ms=loads.get(page.url, ())), page.url))
        if len(batch) >= 500:
            facts.assign(batch)
            batch.clear()
    facts.assign(batch)
    facts.commit()


def _listed_elsewhere(facts: FactsStore, listed: Collection[str]) -> dict[str, tuple[DateFact, ...]]:
    """Dates under which lists outside the registered columns show pages that no column lists.

    A page whose own text shows no day is not undated while any list a reader may come from shows one.
    """
    found: dict[str, tuple[DateFact, ...]] = {}
    for kind in (PageKind.LIST, PageKind.HOME, PageKind.PLATFORM):
        for page in facts.pages(kind):
            for row in page.rows:
                if row.date is not None and row.url not in listed and row.url not in found:
                    found[row.url] = (DateFact(row.date, DateOrigin.LIST, row.quote, page.url),)
    return found


def _pairs(district: District, facts: FactsStore) -> list[pairs.Pair]:
    readings = frozenset(
        c.column_id for c in district.columns if c.role == "interpretation" or c.column_class == "政策解读"
    )
    policies = list(facts.pages(PageKind.POLICY))
    texts = [p for p in facts.pages() if pairs.is_interpretation(p, readings)]
    own = {p.url for p in policies} | {p.url for p in texts}
    return list(pairs.find_pairs(policies, texts, facts.links_between(own)))


def _hosts(district: District, answers: Answers, facts: FactsStore, store: ObservationStore) -> list[HostState]:
    """How each own host answered. A host led elsewhere by [resolve] says nothing about its real HTTPS."""
    states = []
    probes, connections = probes_of(store), connections_of(store)
    counts: dict[str, int] = {}
    for url in facts.cache_keys():
        counts[host_of(url)] = counts.get(host_of(url), 0) + 1
    for host in sorted(district.own_hosts()):
        options = [answers.get(f"{scheme}://{host}/") for scheme in ("http", "https")]
        plain, secure = options
        connection = connections.get(host, Connection(host))
        best = next((a for a in options if a and a.outcome.seen), None) or plain or secure
        states.append(
            HostState(
                host=host,
                outcome=best.outcome if best else None,
                status=best.status if best else None,
                final_url=best.final if best else "",
                https=None if secure is None or host in district.resolve else secure.outcome.seen,
                fetched_at=best.fetched_at if best else "",
                sha256=best.sha256 if best else "",
                pages=counts.get(host, 0),
                certificate_ok=connection.certificate_ok,
                certificate=connection.certificate,
                ipv6=connection.ipv6,
                probes=probes.get(host, ()),
            )
        )
    return states
