"""What rules may ask of a snapshot. The stored implementation lives in `crawler.derive`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from checks.facts import (
    AccountFacts,
    AxePage,
    ColumnState,
    Coverage,
    HostState,
    Link,
    Page,
    PageKind,
    Pair,
    Target,
)
from config.district import District

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Snapshot(Protocol):
    """Facts of one crawl. Iterators are ordered (by URL unless said otherwise) so that results repeat."""

    @property
    def id(self) -> str: ...

    @property
    def district(self) -> District: ...

    @property
    def as_of(self) -> datetime:
        """The moment of judgement, aware, Asia/Shanghai."""

    @property
    def today(self) -> date:
        """Calendar day of `as_of` in Asia/Shanghai."""

    def home(self) -> Page | None:
        """The portal's home page; None if it was not seen (ask `host` why)."""

    def page(self, url: str) -> Page | None: ...

    def pages(
        self, kind: PageKind | None = None, *, unit: str | None = None, column: str | None = None
    ) -> Iterator[Page]: ...

    def links(self, url: str) -> Iterator[Link]:
        """Links of one page, in document order."""

    def columns(self) -> Iterator[ColumnState]:
        """One state per configured column, in configuration order."""

    def column(self, column_id: str) -> ColumnState | None: ...

    def by_role(self, role: str) -> Iterator[ColumnState]: ...

    def targets(self) -> Iterator[Target]:
        """Every link target of the site's pages."""

    def pairs(self) -> Iterator[Pair]: ...

    def accounts(self) -> Iterator[AccountFacts]:
        """One per ledger row; empty if there is no ledger."""

    def axe(self) -> Iterator[AxePage]: ...

    def axe_planned(self) -> int:
        """Pages the browser pass set out to test; 0 if it did not run."""

    def hosts(self) -> Iterator[HostState]: ...

    def host(self, name: str) -> HostState | None: ...

    def site_coverage(self) -> Coverage: ...

    def unit_coverage(self, unit_id: str) -> Coverage: ...

    def navigation(self) -> Iterator[Link]:
        """Labels read in the navigation of the home page and of two levels below it, deduplicated."""

    def navigation_coverage(self) -> Coverage: ...
