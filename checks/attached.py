"""Text of a page together with what hangs in it: many duties are met only in an attached file.

Read files stand among `snapshot.pages()` with the reader "attachment", so that scans see them. `snapshot.page()` does
not give them: a file has no headline, no date and no place in a list, and a rule on pages must not take it for one.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.facts import Page, PageKind, Region
from checks.remembered import once_per_snapshot
from checks.snapshot import Snapshot

ATTACHMENT = "attachment"  # `Page.reader` of an attached file, and `Link.kind` of a link to one
UNREADABLE = "unreadable-attachment"  # origin of the mark that says why an attached file has no text


@once_per_snapshot
def _files(snapshot: Snapshot) -> dict[str, Page]:
    return {p.url: p for p in snapshot.pages(PageKind.OTHER) if p.reader == ATTACHMENT}


def attachment(snapshot: Snapshot, url: str) -> Page | None:
    """The read file at `url`; None when there is none, or when it could not be read."""
    found = _files(snapshot).get(url)
    return None if found is None or found.marks_of(UNREADABLE) else found


def attachments(snapshot: Snapshot, page: Page) -> Iterator[Page]:
    """The read files that hang in the page's own content, in document order, each once."""
    links = (k.url for k in snapshot.links(page.url) if k.kind == ATTACHMENT and k.region is Region.CONTENT)
    for url in dict.fromkeys(links):
        found = attachment(snapshot, url)
        if found is not None:
            yield found


def full_text(snapshot: Snapshot, page: Page) -> str:
    """The page's text and that of its attachments."""
    return "\n".join((page.text, *(a.text for a in attachments(snapshot, page))))


def readable_length(snapshot: Snapshot, page: Page) -> int:
    """Characters that could be read of the page and its attachments."""
    return page.text_length + sum(a.text_length for a in attachments(snapshot, page))
