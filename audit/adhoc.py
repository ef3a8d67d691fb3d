"""`check`: one page, column or site front judged by the same rules as a whole district, without any set-up.

A temporary snapshot of a few pages is made and judged. A page that only leads on, or only frames another, is followed
to what a reader sees. What only a whole crawl can tell stays cannot-tell, and findings about other pages than the one
asked for are left out.
"""

from __future__ import annotations

import hashlib
import ipaddress
import mimetypes
import re
import socket
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from audit import stages
from audit.doorways import MAX_FRAMES, MAX_JUMPS, Step, Trail, queue, walk
from audit.errors import AuditError, Unsupported
from audit.paths import SnapshotPaths
from audit.stages import Job
from audit.unseen import unread
from audit.view import round_view
from checks.facts import Page
from checks.outcomes import FetchOutcome, Outcome, Reason
from checks.verdicts import Finding
from config.district import Browser, Crawl, District, Site, Unit, UnitGroup
from config.editions import builtin_standards, load_standard
from config.local import localise
from config.standard import Standard
from crawler.browser.gate import is_public
from crawler.clock import now_iso
from crawler.derive.snapshot import StoredSnapshot
from crawler.extract.page import Context, extract
from crawler.extract.public import to_public
from crawler.observations import FetchRecord
from crawler.store import ObservationStore
from crawler.urls import normalise
from reports.check import check_html

PAGES = 12  # the page itself, and the front and a few lists around it when it is a site front
FILE_HOST = "local.invalid"
MAX_FILE = 50_000_000
MOST_HOPS = MAX_JUMPS + MAX_FRAMES
MOST_UNSURE = 3  # of one rule
_OWNER = "site"
_OTHER_SCHEME = re.compile(r"(?:mailto|javascript|data|tel|about):", re.I)
_UNKNOWN_HERE = frozenset({"domain-malformed"})  # which host is the site's main one, only a configuration says
_DOMAIN = re.compile(
    rb"<meta[^>]+name=[\"']?SiteDomain[\"']?[^>]+content=[\"']?(?:https?://)?((?:[a-z0-9-]+\.)+[a-z]{2,})", re.I
)
_CANONICAL = re.compile(rb"<link[^>]+rel=[\"']?canonical[^>]+href=[\"']([^\"'>\s]{8,500})", re.I)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check gave: the page as it was read, the findings about it, worst first, and how it was reached."""

    url: str
    page: Page
    findings: tuple[Finding, ...]
    passed: int
    html: bytes
    steps: tuple[Step, ...] = ()


def check(target: str, as_of: datetime) -> Checked:
    """Judge a URL or a saved file.

    Raises AuditError for a target that is neither, Unsupported when the page could not be seen.
    """
    path = Path(target)
    if target.strip() and "://" not in target and path.exists():
        return _check_file(path, as_of)
    return _check_url(_web_address(target), as_of)


def _web_address(target: str) -> str:
    """The address in its canonical form. Raises AuditError for what cannot, or must not, be asked."""
    refusal = AuditError(f"“{target[:300]}”既不是网址（http://…）也不是存在的文件。")
    if _OTHER_SCHEME.match(target):
        raise refusal
    url = target if "://" in target else f"http://{target}"
    try:
        parts = urlsplit(url)
        host = (urlsplit(normalise(url) or url).hostname or "").rstrip(".")
        if parts.scheme not in ("http", "https") or not host or ("://" not in target and "." not in host):
            raise refusal
        host.encode("idna")
    except ValueError:  # brackets or port that are none, labels that are empty or too long
        raise refusal from None
    if parts.username is not None or parts.password is not None:
        raise AuditError("网址中带有用户名或密码。本程序不登录网站；请去掉“@”及其前面的部分再试。")
    if ":" in host:
        raise AuditError("暂不支持直接写 IPv6 地址的网址，请改用域名。")
    try:
        if ipaddress.ip_address(host).is_link_local:
            raise AuditError(f"{host} 是链路本地地址，不是网站，不予访问。请给出网站的域名。")
    except ValueError:
        pass  # a name
    return normalise(url) or url


def _check_url(url: str, as_of: datetime) -> Checked:
    front = urlsplit(url).path in ("", "/")
    crawled = _district(url, url, PAGES if front else 1)
    alone = _district(url, url, 1)
    alone = alone.model_copy(update={"crawl": alone.crawl.model_copy(update={"max_pages": PAGES + MOST_HOPS})})
    with _snapshot(crawled, as_of) as job:
        stages.start_snapshot(job)
        stages.observe(job, lambda progress: None, spiders=("site",))

        def fetch(urls: list[str]) -> None:
            with ObservationStore(job.paths.observations) as store:
                queue(store, urls)
            stages.observe(replace(job, district=alone), lambda progress: None, spiders=("site",))

        trail = walk(job.paths.observations, url, fetch, unread, as_of.date())
        led = any(step.how == "jump" for step in trail.steps)
        return _judge(job, trail, trail.pages[0] if front and led else _root(trail.pages[0]))


def _root(url: str) -> str:
    """The front of the site a page belongs to: a page is judged as what it is, not as a home page."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/"


def _check_file(path: Path, as_of: datetime) -> Checked:
    if not path.is_file():
        raise AuditError(f"{path} 不是文件。请给出一个网页文件或网址。")
    if path.stat().st_size > MAX_FILE:
        raise AuditError(f"{path} 大于 {MAX_FILE // 1_000_000} MB，未检查。")
    try:
        body = path.read_bytes()
    except OSError as error:
        raise AuditError(f"无法读取 {path}：{error.strerror or error}。") from error
    if not body.strip():
        raise Unsupported(f"{path} 是空文件，没有可以判定的内容。请确认文件已保存完整后再检查。")
    url = _address(path, body)
    with _snapshot(_district(url, _root(url), 1), as_of) as job:
        stages.start_snapshot(job)
        _keep(job, url, path.name, body)

        def fetch(urls: list[str]) -> None:
            for target in urls:
                if (beside := _saved_beside(path, url, target)) is not None:
                    _keep(job, target, beside.name, beside.read_bytes())

        def why(target: str, record: FetchRecord | None) -> str:
            if record is None:
                return f"检查文件时不访问网络。请运行：govaudit check {target}"
            return unread(str(path) if target == url else target, record)

        trail = walk(job.paths.observations, url, fetch, why, as_of.date())
        return _judge(job, trail, _root(url))


def _keep(job: Job, url: str, name: str, body: bytes) -> None:
    """A file as if it had been fetched from `url`."""
    with ObservationStore(job.paths.observations) as store:
        store.add_pending(url)
        store.record(
            FetchRecord(
                url=url,
                host=urlsplit(url).hostname or FILE_HOST,
                outcome=FetchOutcome.OK,
                status=200,
                final_url=url,
                body_sha256=store.put_body(body),
                size=len(body),
                started_at=now_iso(),
                content_type=mimetypes.guess_type(name)[0] or "text/html",
            )
        )
        store.mark_done(url)


def _saved_beside(path: Path, url: str, target: str) -> Path | None:
    """The file a browser saved for `target` together with the page at `path`, in its folder or below."""
    folder = url.rpartition("/")[0] + "/"
    if not target.startswith(folder):
        return None
    home = path.parent.resolve()
    found = (home / unquote(target.removeprefix(folder).partition("?")[0])).resolve()
    fits = found.is_relative_to(home) and found.is_file() and found.stat().st_size <= MAX_FILE
    return found if fits else None


def _address(path: Path, body: bytes) -> str:
    """Where a saved page came from: its canonical link, else the domain its META names, else an invalid host."""
    head = body[:50_000]
    canonical, domain = _CANONICAL.search(head), _DOMAIN.search(head)
    if canonical:
        url = canonical.group(1).decode("ascii", "replace")
    else:
        host = domain.group(1).decode() if domain else FILE_HOST
        url = f"http://{host}/{quote(path.name)}"
    return normalise(url) or f"http://{FILE_HOST}/page.html"


def _district(url: str, home: str, pages: int, seen: tuple[str, ...] = ()) -> District:
    """A district that expects nothing in particular: the rules that need columns or ledgers do not apply.

    `seen` are pages on other hosts that belong to what is judged.
    """
    standards = tuple(builtin_standards())
    host = urlsplit(url).hostname or FILE_HOST
    hosts = tuple(dict.fromkeys([host, *(urlsplit(u).hostname or FILE_HOST for u in seen)]))
    return District(
        id="adhoc",
        name=host,
        full_name=host,
        office=host,
        portal_owner=_OWNER,
        standards=standards,
        site=Site(name="", home=home, main_host=host, hosts=hosts, exclude=_left_alone(url, pages)),
        crawl=Crawl(
            rate=Decimal(20),  # a dozen requests at most, so that the answer comes in seconds
            concurrency=4,
            max_pages=pages,
            max_minutes=1,
            timeout_s=15,
            obey_robots=False,
            external_links=False,
            allow_private=(host,) if _inside(host) else (),
        ),
        browser=Browser(enabled=False),
        units=(Unit(unit_id=_OWNER, name_short=host, group=UnitGroup.DEPARTMENT, scored=True),),
        config_hash=hashlib.sha256(url.encode()).hexdigest(),
    )


@cache  # what the name means is settled once, before the first request
def _inside(host: str) -> bool:
    """Whether the host asked for is in a private network, as an intranet site does. No public one may lead there."""
    try:
        return not any(is_public(str(info[4][0])) for info in socket.getaddrinfo(host, None))
    except (OSError, UnicodeError):
        return False


def _left_alone(url: str, pages: int) -> tuple[str, ...]:
    """What a check does not ask for: pictures and files around a front, everything else around a single page."""
    if pages > 1:
        return (
            r"(?i)\.(?:png|jpe?g|gif|bmp|svg|ico|webp|css|js|docx?|xlsx?|pptx?|pdf|ofd|wps|zip|rar|mp[34])(?:\?|$)",
        )
    return (rf"^(?!{re.escape(url)}$)",)


@contextmanager
def _snapshot(district: District, as_of: datetime) -> Iterator[Job]:
    standards: tuple[Standard, ...] = tuple(localise(load_standard(s), district) for s in district.standards)
    with tempfile.TemporaryDirectory(prefix="govaudit-check-") as folder:
        yield Job(district, standards, "check", as_of, SnapshotPaths(Path(folder)))


def _judge(job: Job, trail: Trail, home: str) -> Checked:
    """Judge what a reader sees at the end of `trail`, as pages of the site whose front is `home`."""
    url = trail.pages[0]
    job = replace(job, district=_district(url, home, 1, tuple(trail.pages)))
    stages.derive(job)
    with StoredSnapshot(job.paths.folder, job.district, job.as_of) as snapshot:
        page = snapshot.page(url)
        record = snapshot.observations.latest(url)
    if page is None:
        raise Unsupported(unread(url, record))
    judgement, _ = stages.judge(job, store=False)
    mine, passed = _about({*trail.pages, page.url}, judgement.findings)
    shown = replace(judgement, findings=tuple(f for f in judgement.findings if f.identity in mine))
    steps = tuple(trail.steps)
    with StoredSnapshot(job.paths.folder, job.district, job.as_of) as snapshot:
        html = check_html(round_view(job.district, job.standards, shown, snapshot), page, passed, map(str, steps))
    ordered = _short(sorted(mine.values(), key=lambda f: (-f.outcome.rank, f.rule, f.subject)))
    return Checked(page.url, page, tuple(ordered), passed, html, steps)


def _short(findings: Sequence[Finding]) -> list[Finding]:
    """All that failed; of what a single look cannot tell (a hundred links not asked for) a few of each rule."""
    kept: list[Finding] = []
    unsure: Counter[str] = Counter()
    for finding in findings:
        if finding.outcome is Outcome.CANNOT_TELL:
            unsure[finding.rule] += 1
            if unsure[finding.rule] > MOST_UNSURE:
                continue
        kept.append(finding)
    return kept


def _about(about: set[str], findings: Sequence[Finding]) -> tuple[dict[str, Finding], int]:
    """Findings about these addresses by identity, the worst outcome of each; and how many others passed."""
    mine: dict[str, Finding] = {}
    passed: set[str] = set()
    for finding in findings:
        if finding.rule in _UNKNOWN_HERE or finding.subject == FILE_HOST or not _concerns(finding, about):
            continue
        if finding.outcome is Outcome.PASSED or _in_order(finding):
            passed.add(finding.identity)
        elif finding.outcome is not Outcome.INAPPLICABLE and finding.reason != Reason.REGISTER_MISSING:
            kept = mine.get(finding.identity)
            if kept is None or finding.outcome.rank > kept.outcome.rank:
                mine[finding.identity] = finding
    return mine, len(passed - mine.keys())


def _in_order(finding: Finding) -> bool:
    """The rule wants a sample of the site, and on the pages looked at nothing is lacking: here that is a pass."""
    return finding.reason == Reason.SAMPLE_SHORT and finding.data.get("count") == 0 and bool(finding.data.get("seen"))


def facts_of_url(url: str, as_of: datetime) -> dict[str, Any]:
    """What the tool sees on a page of the web, as `govaudit facts` prints it; `error` says why it was not seen."""
    url = _web_address(url)
    district = _district(url, url, 1)
    with _snapshot(district, as_of) as job:
        stages.start_snapshot(job)
        stages.observe(job, lambda progress: None, spiders=("site",))
        with ObservationStore(job.paths.observations, readonly=True) as store:
            fetch = store.latest(url)
            if fetch is None or not fetch.outcome.seen or not fetch.body_sha256:
                why = f"{fetch.outcome.chinese} {fetch.error}".strip() if fetch else "未访问"
                return {"url": url, "kind": "other", "error": f"未能取回：{why}"}
            found = extract(
                store.body(fetch.body_sha256),
                fetch.final_url or url,
                content_type=fetch.content_type,
                headers=fetch.headers,
                fetched_at=fetch.started_at,
                sha256=fetch.body_sha256,
                context=Context(district.own_hosts(), url, as_of.date()),
            )
            return to_public(found)


def _concerns(finding: Finding, about: set[str]) -> bool:
    """The finding is about this page: it is its subject or address, or the evidence lies on it."""
    if finding.subject in about or finding.url in about:
        return True
    return bool(finding.evidence) and all(e.url in about for e in finding.evidence)
