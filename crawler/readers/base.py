"""What a list reader is. One module per CMS family; each says how well it fits and reads rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Protocol

from checks.facts import Row
from crawler.extract.document import Document
from crawler.extract.links import Anchor, read_loose
from crawler.readers.items import Group, groups_of

MIN_LINKS = 5  # with long titles: fewer may be a menu's


@dataclass(slots=True)
class Reading:
    """Rows of a list page. `groups` are the structural groups the rows came from, for excluding their dates."""

    rows: tuple[Row, ...] = ()
    groups: list[Group] = field(default_factory=list)
    unseen: bool = False  # the list is filled by a script whose data is not in the page
    unread: int = 0  # records that are in the page and of which none could be read


class Source:
    """What readers may look at: the document, its links and the day of judgement."""

    def __init__(self, document: Document, anchors: list[Anchor], as_of: date) -> None:
        self.document = document
        self.anchors = anchors
        self.as_of = as_of

    @cached_property
    def groups(self) -> list[Group]:
        low = self.document.low
        return groups_of(self.anchors, any(word in low for word in ("置顶", "zhiding", "istop", "zd.")))

    @cached_property
    def long_links(self) -> int:
        """Links of the content with titles as long as those of entries."""
        return sum(1 for g in self.groups if g.weight >= 1 for i in g.items if len(i.title) >= 8)

    @cached_property
    def loose(self) -> list[Group]:
        """Entries without an address of their own: a reader sees title and day, a script opens them."""
        return groups_of(read_loose(self.document), False)


class Reader(Protocol):
    """A CMS family. Modules implement it with functions of the same names."""

    NAME: str

    def signature(self, source: Source) -> tuple[float, str]:
        """How sure it is that the page is of this family (0 to 1), and the words that show it."""

    def rows(self, source: Source) -> Reading:
        """Entries of the page's list, in document order."""

    def more(self, source: Source) -> list[str]:
        """Further pages of the same list."""
