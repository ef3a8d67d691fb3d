"""Attached files as pages: their text, under the title of the link that leads to them, for the rules that read text.

They carry the reader "attachment" and no links. What cannot be read (scans, old Office formats, encrypted files) says
so in a mark, so that a rule can ask a person instead of calling something missing.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import replace
from urllib.parse import unquote, urlsplit

from checks.attached import ATTACHMENT, UNREADABLE
from checks.facts import Fact, Page, PageKind
from crawler.derive.store import FactsStore
from crawler.extract.attachments import read_attachment
from crawler.observations import FetchRecord

KEPT_TEXT = 200_000  # characters
MOST_BYTES = 20_000_000


def attached(fetch: FetchRecord) -> bool:
    """Whether a fetch brought an attached file that is worth reading."""
    return (
        fetch.purpose == "attachment"
        and fetch.outcome.seen
        and bool(fetch.body_sha256)
        and fetch.size <= MOST_BYTES
        and not fetch.content_type.lower().startswith(("image/", "audio/", "video/"))
    )


def title_of(fetch: FetchRecord, anchors: Mapping[str, str]) -> str:
    """The words of the link, else the file's name."""
    name = unquote(urlsplit(fetch.final_url or fetch.url).path.rpartition("/")[2])
    return anchors.get(fetch.url, "").strip() or name or fetch.url


def attachment_page(body: bytes, url: str, title: str, sha256: str, fetched_at: str) -> Page:
    """One attached file as a page. Never raises on damaged or hostile files."""
    logging.getLogger("pypdf").setLevel(logging.ERROR)  # it tells every flaw of a file it can read all the same
    found = read_attachment(body, url)
    text = (found.text or "\n".join(found.names))[:KEPT_TEXT]
    marks = (Fact(found.problem, UNREADABLE, found.kind),) if found.problem else ()
    return Page(
        url=url,
        sha256=sha256,
        fetched_at=fetched_at,
        kind=PageKind.OTHER,
        reader=ATTACHMENT,
        title=Fact(title, "link-text", title),
        marks=marks,
        text=text,
        text_length=sum(not c.isspace() for c in text),
    )


def adopt(facts: FactsStore) -> None:
    """Give every attachment the owner and column of the first page that links to it. Pages are assigned before."""
    facts.assign(list(_adopted(facts)))
    facts.commit()


def _adopted(facts: FactsStore) -> Iterator[tuple[Page, str]]:
    for page in [p for p in facts.pages(PageKind.OTHER) if p.reader == ATTACHMENT]:
        parent = facts.page(facts.linked_from(page.url))
        if parent is not None:
            basis = f"attachment:{parent.owner_basis}" if parent.owner else ""
            adopted = replace(page, owner=parent.owner, owner_basis=basis, column=parent.column or page.column)
            yield adopted, page.url
