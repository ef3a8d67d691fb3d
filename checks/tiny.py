"""A snapshot built by hand, for the examples of rules and for tests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime

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
from checks.snapshot import SHANGHAI
from config.district import Account, Column, District, PostExport, Site, Unit, UnitGroup

SEEN = Coverage(complete=True, known=10, fetched=10)
AS_OF = datetime(2026, 9, 30, 18, 0, tzinfo=SHANGHAI)
HOME = "http://www.example.gov.cn/"


@dataclass(frozen=True)
class TinySnapshot:
    """Implements `checks.snapshot.Snapshot` over tuples. `None` coverage of a unit means the site's."""

    district: District
    as_of: datetime = AS_OF
    id: str = "tiny"
    all_pages: tuple[Page, ...] = ()
    all_columns: tuple[ColumnState, ...] = ()
    all_targets: tuple[Target, ...] = ()
    all_pairs: tuple[Pair, ...] = ()
    all_accounts: tuple[AccountFacts, ...] = ()
    all_axe: tuple[AxePage, ...] = ()
    planned_axe: int = 0
    all_hosts: tuple[HostState, ...] = ()
    page_links: dict[str, tuple[Link, ...]] = field(default_factory=dict)
    nav: tuple[Link, ...] = ()
    coverage: Coverage = SEEN
    nav_coverage: Coverage = SEEN

    @property
    def today(self) -> date:
        return self.as_of.astimezone(SHANGHAI).date()

    def home(self) -> Page | None:
        return next((p for p in self.all_pages if p.kind is PageKind.HOME), None)

    def page(self, url: str) -> Page | None:
        return next((p for p in self.all_pages if p.url == url), None)

    def pages(
        self, kind: PageKind | None = None, *, unit: str | None = None, column: str | None = None
    ) -> Iterator[Page]:
        for page in self.all_pages:
            if kind is not None and page.kind is not kind:
                continue
            if unit is not None and page.owner != unit:
                continue
            if column is not None and page.column != column:
                continue
            yield page

    def links(self, url: str) -> Iterator[Link]:
        return iter(self.page_links.get(url, ()))

    def columns(self) -> Iterator[ColumnState]:
        return iter(self.all_columns)

    def column(self, column_id: str) -> ColumnState | None:
        return next((c for c in self.all_columns if c.column_id == column_id), None)

    def by_role(self, role: str) -> Iterator[ColumnState]:
        ids = {c.column_id for c in self.district.columns if c.role == role}
        return (c for c in self.all_columns if c.column_id in ids)

    def targets(self) -> Iterator[Target]:
        return iter(self.all_targets)

    def pairs(self) -> Iterator[Pair]:
        return iter(self.all_pairs)

    def accounts(self) -> Iterator[AccountFacts]:
        return iter(self.all_accounts)

    def axe(self) -> Iterator[AxePage]:
        return iter(self.all_axe)

    def axe_planned(self) -> int:
        return self.planned_axe

    def hosts(self) -> Iterator[HostState]:
        return iter(self.all_hosts)

    def host(self, name: str) -> HostState | None:
        return next((h for h in self.all_hosts if h.host == name), None)

    def site_coverage(self) -> Coverage:
        return self.coverage

    def unit_coverage(self, unit_id: str) -> Coverage:
        return self.coverage

    def navigation(self) -> Iterator[Link]:
        return iter(self.nav)

    def navigation_coverage(self) -> Coverage:
        return self.nav_coverage


def tiny(
    *,
    pages: Iterable[Page] = (),
    columns: Iterable[tuple[Column, ColumnState]] = (),
    units: Iterable[Unit] = (),
    accounts: Iterable[tuple[Account, AccountFacts]] | None = None,
    exports: Iterable[PostExport] = (),
    site: Site | None = None,
    district: dict[str, object] | None = None,
    **more: object,
) -> TinySnapshot:
    """A snapshot of a district "示例区" judged at 2026-09-30 18:00 (Asia/Shanghai).

    `columns` and `accounts` pair what is expected with what was seen; `district` overrides District fields;
    `more` sets fields of TinySnapshot.
    """
    pairs = tuple(columns)
    ledger = None if accounts is None else tuple(accounts)
    base = District(
        id="example",
        name="示例区",
        full_name="示例市示例区人民政府",
        office="示例区人民政府办公室",
        portal_owner="zfb",
        standards=("gov-site-2019",),
        public_document_series=("示政发", "示政办发"),
        site=site
        or Site(
            name="示例区人民政府",
            home=HOME,
            main_host="www.example.gov.cn",
            hosts=("www.example.gov.cn", "example.gov.cn"),
        ),
        units=(
            Unit(unit_id="zfb", name_short="区政府办", group=UnitGroup.DEPARTMENT, scored=True),
            *units,
        ),
        columns=tuple(c for c, _ in pairs),
        accounts=None if ledger is None else tuple(a for a, _ in ledger),
        exports=tuple(exports),
    )
    if district:
        base = base.model_copy(update=district)
    snapshot = TinySnapshot(
        district=base,
        all_pages=tuple(pages),
        all_columns=tuple(s for _, s in pairs),
        all_accounts=() if ledger is None else tuple(f for _, f in ledger),
    )
    return replace(snapshot, **more)  # type: ignore[arg-type]
