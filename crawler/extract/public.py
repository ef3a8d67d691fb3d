"""The public form of a page's facts: one line of `govaudit facts` (schema: facts.schema.json)."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from checks.facts import DateFact, Fact, Page, PageKind, Row
from crawler.extract.dates import find_dates
from crawler.extract.page import MAX_BYTES, Context, Extracted, dates_of_url, extract

NO_HOME = "http://localhost.invalid/"


def to_public(extracted: Extracted, *, path: str | None = None) -> dict[str, Any]:
    """Plain JSON values; `path` replaces `url` for files."""
    page = extracted.page
    identity = page.identity
    return {
        **({"path": path} if path is not None else {"url": page.url}),
        "kind": str(page.kind),
        "encoding": page.encoding,
        "title": _text(page.title),
        "published": _published(page.published),
        "dates": [_date(d) for d in page.dates],
        "source": _text(page.source) or _text(page.publisher),
        "docno": _text(page.docno),
        "meta": _meta(page),
        "identity": {
            "site_code": _text(identity.site_code),
            "icp": _text(identity.icp),
            "police": _text(identity.police),
            "party_mark": _text(identity.party_mark),
            "error_report": _text(identity.error_report),
        },
        "rows": [_row(r) for r in page.rows],
    }


def facts_of_file(path: str | Path, *, as_of: date | None = None) -> dict[str, Any]:
    """Public facts of a saved page. Never raises: an unreadable file gives kind "other" and a note in "error".

    Years that rows leave out are inferred from `as_of`, else from the latest complete date the page carries (a page
    saved long ago is dated by its own words, not by the file), else from the file's time.
    """
    name = str(path)
    try:
        with Path(path).open("rb") as stream:
            body = stream.read(MAX_BYTES + 1)
        today = as_of or datetime.fromtimestamp(Path(path).stat().st_mtime, UTC).date()
    except OSError as error:
        return _unread(name, f"无法读取文件：{error.strerror or error}")
    if not body:
        return _unread(name, "文件为空")
    try:
        extracted = _read(body[:MAX_BYTES], path, today)
        if as_of is None and any(r.year_inferred for r in extracted.page.rows):
            extracted = _read(body[:MAX_BYTES], path, _day_of_saving(extracted, today))
        facts = to_public(extracted, path=name)
    except Exception as error:  # one bad file must not end a run over thousands
        return _unread(name, f"解析失败：{type(error).__name__}: {error}"[:300])
    if not extracted.page.encoding:
        facts["error"] = "不是网页：二进制文件"
    elif len(body) > MAX_BYTES:
        facts["error"] = f"文件超过 {MAX_BYTES // 1_000_000} MB，只读取了开头部分"
    return facts


def _read(body: bytes, path: str | Path, as_of: date) -> Extracted:
    return extract(
        body,
        Path(path).absolute().as_uri(),
        content_type="",
        headers={},
        fetched_at="",
        sha256=hashlib.sha256(body).hexdigest(),
        context=Context(frozenset(), NO_HOME, as_of),
    )


def _day_of_saving(extracted: Extracted, latest: date) -> date:
    """A week after the last complete date of rows, META and link addresses; never later than `latest`."""
    page = extracted.page
    days = [r.date for r in page.rows if r.date and not r.year_inferred]
    days += [found.value for _, content in page.meta for found in find_dates(content)]
    days += [d.value for link in extracted.links for d in dates_of_url(link.url)]
    days = [d for d in days if d <= latest]
    return min(latest, max(days) + timedelta(days=7)) if days else latest


def _unread(path: str, error: str) -> dict[str, Any]:
    empty = Page(path, "", "", kind=PageKind.OTHER, encoding="")
    return {**to_public(Extracted(empty, ()), path=path), "error": error}


def _text(fact: Fact | None) -> str | None:
    return fact.value or None if fact is not None else None


def _date(fact: DateFact) -> dict[str, Any]:
    found = {
        "value": fact.value.isoformat(),
        "origin": str(fact.origin),
        "quote": fact.quote,
        "locator": fact.locator,
    }
    return {**found, "time": fact.time} if fact.time else found


def _published(fact: DateFact | None) -> dict[str, Any] | None:
    if fact is None:
        return None
    found = {"value": fact.value.isoformat(), "origin": str(fact.origin), "quote": fact.quote}
    return {**found, "time": fact.time} if fact.time else found


def _meta(page: Page) -> dict[str, str]:
    """First value that is not empty of each name, as written; later sets of a shared header do not override it."""
    found: dict[str, str] = {}
    keys: dict[str, str] = {}
    for name, value in page.meta:
        key = keys.setdefault(name.lower(), name)
        if not found.get(key):
            found[key] = value
    return found


def _row(row: Row) -> dict[str, Any]:
    return {
        "title": row.title,
        "url": row.url,
        "date": row.date.isoformat() if row.date else None,
        "pinned": row.pinned,
    }
