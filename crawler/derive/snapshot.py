"""The stored snapshot: facts on disk behind the protocol that rules see."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import msgspec

from checks.attached import ATTACHMENT
from checks.facts import (
    AccountFacts,
    AxePage,
    ColumnState,
    Coverage,
    Gap,
    HostState,
    Link,
    Page,
    PageKind,
    Pair,
    Target,
)
from checks.gaps import COLUMN, NAVIGATION, SITE, UNIT
from checks.snapshot import SHANGHAI
from config.district import District
from crawler.derive.outage import blind_days
from crawler.derive.run import OBSERVATIONS, derive
from crawler.derive.store import FACTS, FactsStore
from crawler.derive.targets import TARGETS, TARGETS_KEY, Answers, targets
from crawler.store import ObservationStore

HELD_PAGES = 60_000  # up to this many pages are kept decoded, 12 KB each; above, each pass decodes them again
HELD_TARGETS = 200_000
_axe = msgspec.json.Decoder(AxePage).decode


class StoredSnapshot:
    """Implements `checks.snapshot.Snapshot`. Close it, or use it as a context manager.

    The facts are a cache: where they were removed (by retention, by hand) they are derived again.
    """

    def __init__(self, folder: Path, district: District, as_of: datetime) -> None:
        self._district, self._as_of, self._folder = district, as_of.astimezone(SHANGHAI), folder
        if not (folder / FACTS).exists():
            derive(district, folder, as_of)
        self._observations = ObservationStore(folder / OBSERVATIONS, readonly=True)
        self._facts = FactsStore(folder / FACTS, readonly=True)
        self._answers = Answers(self._observations, blind_days(self._observations, district))
        self._columns: tuple[ColumnState, ...] = tuple(
            replace(c, coverage=replace(c.coverage, scope=COLUMN)) for c in self._facts.site("columns", ColumnState)
        )
        units = self._facts.site("unit-coverage", tuple[str, Coverage])
        site = next(
            self._facts.site("site-coverage", Coverage), None
        )  # what a unit without a part of its own is given
        self._units = {unit: replace(given, scope=SITE if given == site else UNIT) for unit, given in units}
        self._pages: list[Page] | None = None
        self._targets: list[Target] | None = None

    def __enter__(self) -> StoredSnapshot:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._facts.close()
        self._observations.close()

    @property
    def id(self) -> str:
        return self._folder.name

    @property
    def district(self) -> District:
        return self._district

    @property
    def as_of(self) -> datetime:
        return self._as_of

    @property
    def today(self) -> date:
        return self._as_of.date()

    @property
    def observations(self) -> ObservationStore:
        return self._observations

    def home(self) -> Page | None:
        url = self._facts.meta("home")
        page = self._facts.page(url) if url else None
        return replace(page, kind=PageKind.HOME) if page else None

    def page(self, url: str) -> Page | None:
        found = self._facts.page(url)
        return None if found is not None and found.reader == ATTACHMENT else found

    def pages(
        self, kind: PageKind | None = None, *, unit: str | None = None, column: str | None = None
    ) -> Iterator[Page]:
        if self._pages is None and self._facts.count() <= HELD_PAGES:
            self._pages = list(self._facts.pages())
        if self._pages is None:
            return self._facts.pages(kind, unit, column)
        return (
            p
            for p in self._pages
            if (kind is None or p.kind is kind)
            and (unit is None or p.owner == unit)
            and (column is None or p.column == column)
        )

    def links(self, url: str) -> Iterator[Link]:
        return self._facts.links(url)

    def columns(self) -> Iterator[ColumnState]:
        return iter(self._columns)

    def column(self, column_id: str) -> ColumnState | None:
        return next((c for c in self._columns if c.column_id == column_id), None)

    def by_role(self, role: str) -> Iterator[ColumnState]:
        ids = {c.column_id for c in self._district.columns if c.role == role}
        return (c for c in self._columns if c.column_id in ids)

    def targets(self) -> Iterator[Target]:
        if self._targets is None:
            if not self._facts.meta(TARGETS_KEY):  # derived before targets were kept
                return targets(self._district, self._facts, self._answers, self._facts.meta("home"))
            if self._facts.count_site(TARGETS) > HELD_TARGETS:
                return self._facts.site(TARGETS, Target)
            self._targets = list(self._facts.site(TARGETS, Target))
        return iter(self._targets)

    def pairs(self) -> Iterator[Pair]:
        return self._facts.site("pairs", Pair)

    def accounts(self) -> Iterator[AccountFacts]:
        return self._facts.site("accounts", AccountFacts)

    def axe(self) -> Iterator[AxePage]:
        for artifact in self._observations.artifacts("axe"):
            yield replace(_axe(self._observations.body(artifact.sha256)), sha256=artifact.sha256)

    def axe_planned(self) -> int:
        return int(self._observations.meta_get("axe_planned") or 0)

    def hosts(self) -> Iterator[HostState]:
        return self._facts.site("hosts", HostState)

    def host(self, name: str) -> HostState | None:
        return next((h for h in self.hosts() if h.host == name), None)

    def site_coverage(self) -> Coverage:
        return replace(next(self._facts.site("site-coverage", Coverage), Coverage(complete=False)), scope=SITE)

    def unit_coverage(self, unit_id: str) -> Coverage:
        return self._units.get(unit_id) or self.site_coverage()

    def navigation(self) -> Iterator[Link]:
        return self._facts.site("navigation", Link)

    def navigation_coverage(self) -> Coverage:
        found = next(self._facts.site("navigation-coverage", Coverage), Coverage(complete=False))
        return replace(found, scope=NAVIGATION)

    def gaps(self) -> Iterator[Gap]:
        """Every gap of the crawl, for the report on what was not seen."""
        return self._facts.site("gaps", Gap)
