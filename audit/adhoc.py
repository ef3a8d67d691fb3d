"""`check`: one page, column or site front judged by the same rules as a whole district, without any set-up.

A temporary snapshot of a few pages is made and judged. What only a whole crawl can tell stays cannot-tell, and
findings about other pages than the one asked for are left out.
"""

from __future__ import annotations

import hashlib
import ipaddress
import mimetypes
import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from audit import stages
from audit.errors import AuditError, Unsupported
from audit.paths import SnapshotPaths
from audit.stages import Job
from audit.view import round_view
from checks.facts import Page
from checks.outcomes import FetchOutcome, Outcome
from checks.verdicts import Finding
from config.district import Browser, Crawl, District, Site, Unit, UnitGroup
from config.editions import builtin_standards, load_standard
from config.local import localise
from config.standard import Standard
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
MOST_UNSURE = 3  # of one rule
_OWNER = "site"
_DOMAIN = re.compile(
    rb"<meta[^>]+name=[\"']?SiteDomain[\"']?[^>]+content=[\"']?(?:https?://)?((?:[a-z0-9-]+\.)+[a-z]{2,})", re.I
)
_CANONICAL = re.compile(rb"<link[^>]+rel=[\"']?canonical[^>]+href=[\"']([^\"'>\s]{8,500})", re.I)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check gave: the page as it was read, and the findings about it, worst first."""

    url: str
    page: Page
    findings: tuple[Finding, ...]
    passed: int
    html: bytes


def check(target: str, as_of: datetime) -> Checked:
    """Judge a URL or a saved file.

    Raises AuditError for a target that is neither, Unsupported when the page could not be seen.
    """
    path = Path(target)
    if "://" not in target and path.exists():
        return _check_file(path, as_of)
    return _check_url(_web_address(target), as_of)


def _web_address(target: str) -> str:
    """The address in its canonical form. Raises AuditError for what cannot, or must not, be asked."""
    refusal = AuditError(f"“{target[:300]}”既不是网址（http://…）也不是存在的文件。")
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
    with _snapshot(crawled, as_of) as job:
        stages.start_snapshot(job)
        stages.observe(job, lambda progress: None, spiders=("site",))
        return _judge(replace(job, district=_district(url, _root(url), 1)), url)


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
    url = _address(path, body)
    host = urlsplit(url).hostname or FILE_HOST
    with _snapshot(_district(url, _root(url), 1), as_of) as job:
        stages.start_snapshot(job)
        kind = mimetypes.guess_type(path.name)[0] or "text/html"
        with ObservationStore(job.paths.observations) as store:
            digest = store.put_body(body)
            store.add_pending(url)
            store.record(
                FetchRecord(
                    url=url,
                    host=host,
                    outcome=FetchOutcome.OK,
                    status=200,
                    final_url=url,
                    body_sha256=digest,
                    size=len(body),
                    started_at=now_iso(),
                    content_type=kind,
                )
            )
            store.mark_done(url)
        return _judge(job, url)


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


def _district(url: str, home: str, pages: int) -> District:
    """A district that expects nothing in particular: the rules that need columns or ledgers do not apply."""
    standards = tuple(builtin_standards())
    host = urlsplit(url).hostname or FILE_HOST
    return District(
        id="adhoc",
        name=host,
        full_name=host,
        office=host,
        portal_owner=_OWNER,
        standards=standards,
        site=Site(name="", home=home, main_host=host, hosts=(host,), exclude=_left_alone(url, pages)),
        crawl=Crawl(
            rate=Decimal(20),  # a dozen requests at most, so that the answer comes in seconds
            concurrency=4,
            max_pages=pages,
            max_minutes=1,
            timeout_s=15,
            obey_robots=False,
            external_links=False,
            allow_private=(host,),
        ),
        browser=Browser(enabled=False),
        units=(Unit(unit_id=_OWNER, name_short=host, group=UnitGroup.DEPARTMENT, scored=True),),
        config_hash=hashlib.sha256(url.encode()).hexdigest(),
    )


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


def _judge(job: Job, url: str) -> Checked:
    stages.derive(job)
    with StoredSnapshot(job.paths.folder, job.district, job.as_of) as snapshot:
        page = snapshot.page(url)
        record = snapshot.observations.latest(url)
        if page is None and record is not None and record.final_url:
            page = snapshot.page(record.final_url)
    if page is None:
        raise Unsupported(unread(url, record))
    judgement, _ = stages.judge(job, store=False)
    mine, passed = _about({url, page.url}, judgement.findings)
    shown = replace(judgement, findings=tuple(f for f in judgement.findings if f.identity in mine))
    with StoredSnapshot(job.paths.folder, job.district, job.as_of) as snapshot:
        html = check_html(round_view(job.district, job.standards, shown, snapshot), page, passed)
    ordered = _short(sorted(mine.values(), key=lambda f: (-f.outcome.rank, f.rule, f.subject)))
    return Checked(page.url, page, tuple(ordered), passed, html)


def unread(url: str, record: FetchRecord | None) -> str:
    """Why there is no page to judge, and what to do."""
    if record is None:
        return f"{url} 未访问。这不是对网站的结论；请确认网址后重试。"
    if record.outcome.seen:
        what = f"不是能读取的网页（{record.content_type or '类型不明'}）" if record.size else "内容是空的"
        return f"{url} 已取回，但{what}，没有可以判定的内容。"
    if record.outcome in (FetchOutcome.GONE, FetchOutcome.SOFT_404):
        return f"{url} 答复为“{record.outcome.chinese}”。网址无误的，说明该页已经不在；请核对网址。"
    detail = f"（{record.error}）" if record.error else ""
    return f"{url} 未能取回：{record.outcome.chinese}{detail}。这不是对网站的结论；请确认网址与网络后重试。"


def blind_to(page: Page) -> str:
    """Why nothing at all could be judged of a page, and what to do; for a page without any verdict."""
    frame = next((m.value for m in page.marks_of("frame")), "")
    redirect = next((m.value for m in page.marks_of("redirect")), "")
    if redirect:
        return f"本页只是跳转到 {redirect}，请检查那个网址。"
    if frame:
        return f"本页的内容在内嵌网页 {frame} 中，请检查那个网址。"
    if page.needs_render:
        return "本页的内容由脚本生成，check 不启动浏览器，看不到内容；请用 govaudit run 检查。"
    return "本页没有可以单独判定的事项（栏目、期限等须用 govaudit run 检查整个网站）。"


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
        if not _concerns(finding, about):
            continue
        if finding.outcome is Outcome.PASSED:
            passed.add(finding.identity)
        elif finding.outcome is not Outcome.INAPPLICABLE:
            kept = mine.get(finding.identity)
            if kept is None or finding.outcome.rank > kept.outcome.rank:
                mine[finding.identity] = finding
    return mine, len(passed - mine.keys())


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
