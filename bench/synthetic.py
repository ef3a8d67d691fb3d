"""A snapshot of any size made of generated facts, for benches that must not wait for a crawl.

Pages belong to the columns and units of the demonstration district. Kinds stand in the proportions of a district
portal: of a hundred pages about 15 are policy files, 5 interpretations, 4 lists, the rest articles.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

from bench.site import Site
from checks.facts import (
    ColumnState,
    Coverage,
    DateFact,
    DateOrigin,
    Fact,
    HostState,
    Link,
    Page,
    PageKind,
    Region,
    Row,
)
from checks.outcomes import FetchOutcome
from config.district import Column, District
from crawler.derive.run import FACTS, OBSERVATIONS
from crawler.derive.store import FactsStore
from crawler.store import FetchRecord, ObservationStore

TODAY = date(2026, 9, 30)
AT = "2026-09-29T12:00:00.000Z"
_KINDS = (PageKind.POLICY,) * 15 + (PageKind.INTERPRETATION,) * 5 + (PageKind.ARTICLE,) * 76 + (PageKind.LIST,) * 4


@dataclass(frozen=True, slots=True)
class Size:
    """`links` are those of one page: menus that repeat, the rest to pages near by."""

    pages: int
    links: int = 40


class Synthetic:
    """Facts of `size.pages` pages on the demonstration district's main host, the same for the same seed."""

    def __init__(self, district: District, size: Size, seed: int = 7) -> None:
        self.district, self.size = district, size
        site = Site(200, seed)
        self._texts = site.paragraphs
        self._rng = random.Random(seed)
        self._columns = [c for c in district.columns if c.path and not c.path.startswith("http")] or [
            Column(column_id="c", label="信息", path="/c/")
        ]
        self._home = district.site.home
        self._menu = [
            Link(self._home + c.path.lstrip("/"), c.label, Region.NAVIGATION, locator="div.nav>ul>li>a")
            for c in self._columns[:20]
        ]

    def url(self, number: int) -> str:
        column = self._columns[number % len(self._columns)]
        return f"{self._home}{column.path.strip('/')}/t{self._day(number):%Y%m%d}_{number}.html"

    def pages(self) -> Iterator[tuple[Page, tuple[Link, ...]]]:
        for number in range(self.size.pages):
            yield self.page(number), self.links(number)

    def page(self, number: int) -> Page:
        kind = _KINDS[number * 37 % 100] if number else PageKind.HOME
        column = self._columns[number % len(self._columns)]
        title = f"关于{self._texts[number % len(self._texts)][:16]}的通知（{number}）"
        if kind is PageKind.INTERPRETATION:
            title = f"《{title}》政策解读"
        day = self._day(number)
        shown = DateFact(day, DateOrigin.SHOWN, f"发布日期：{day.isoformat()}")
        text = "　　".join(self._texts[(number * 5 + k) % len(self._texts)] for k in range(6))
        policy = kind is PageKind.POLICY
        return Page(
            url=self.url(number) if number else self._home,
            sha256=f"{number:064x}",
            fetched_at=AT,
            kind=kind,
            title=Fact(title, "visible", title, "h1"),
            published=None if kind is PageKind.LIST else shown,
            dates=(shown, DateFact(day - timedelta(days=3), DateOrigin.SIGNED, "成文日期")) if policy else (shown,),
            source=Fact("示例区人民政府办公室", "visible", "来源：示例区人民政府办公室"),
            docno=Fact(f"青政发〔{day.year}〕{number % 90 + 1}号", "header") if policy else None,
            header=(Fact(f"G{number:08d}", "索引号"), Fact("有效", "有效性")) if policy else (),
            meta=(("SiteName", self.district.site.name), ("ArticleTitle", title), ("PubDate", day.isoformat())),
            rows=tuple(self._rows(number)) if kind is PageKind.LIST else (),
            breadcrumb=("首页", column.label),
            text=text,
            text_length=len(text),
            owner=self.district.owner_of(column),
            owner_basis="column",
            column=column.column_id,
        )

    def links(self, number: int) -> tuple[Link, ...]:
        rng = random.Random(number)
        wanted = max(0, self.size.links - len(self._menu))
        near = (rng.randrange(self.size.pages) for _ in range(wanted))
        others = [Link(self.url(n), f"相关信息{n}", Region.CONTENT, locator="div.related>ul>li>a") for n in near]
        return (*self._menu, *others)[: self.size.links]

    def columns(self) -> Iterator[ColumnState]:
        whole = Coverage(complete=True, known=1, fetched=1)
        for index, column in enumerate(self._columns):
            numbers = range(index, self.size.pages, len(self._columns))
            rows = tuple(islice((self._row(n, k) for k, n in enumerate(numbers)), 200))
            url = self._home + column.path.lstrip("/")
            yield ColumnState(
                column.column_id, url, "path", column.label, "0" * 64, AT, rows, len(numbers), len(numbers),
                rows[0] if rows else None, (url,), outcome=FetchOutcome.OK, coverage=whole,
            )  # fmt: skip
        known = {c.column_id for c in self._columns}
        for column in self.district.columns:
            if column.column_id not in known:
                yield ColumnState(column.column_id, coverage=whole)

    def _rows(self, number: int) -> Iterator[Row]:
        return (self._row(n, k) for k, n in enumerate(range(number, min(number + 20, self.size.pages))))

    def _row(self, number: int, order: int) -> Row:
        day = self._day(number)
        return Row(f"关于{self._texts[number % len(self._texts)][:16]}的通知", self.url(number), day, order=order)

    def _day(self, number: int) -> date:
        return TODAY - timedelta(days=number % 2_500)


def write(folder: Path, district: District, size: Size) -> None:
    """`observations.sqlite` and `facts.sqlite` of a synthetic snapshot, through the stores' own interfaces."""
    made = Synthetic(district, size)
    with ObservationStore(folder / OBSERVATIONS) as store:
        for number in range(size.pages):
            url = made.url(number) if number else district.site.home
            store.record(FetchRecord(url, district.site.main_host, FetchOutcome.OK, status=200, final_url=url))
    with FactsStore(folder / FACTS) as facts:
        for page, links in made.pages():
            facts.put_page(page, links, page.sha256[:32])
            facts.assign([(page, page.url)])
        states = list(made.columns())
        whole = Coverage(complete=True, known=size.pages, fetched=size.pages)
        facts.put_site("columns", states)
        facts.put_site("site-coverage", [whole])
        facts.put_site("unit-coverage", [(u.unit_id, whole) for u in district.units])
        facts.put_site("navigation-coverage", [whole])
        hosts = sorted(district.own_hosts())
        facts.put_site("hosts", [HostState(h, FetchOutcome.OK, 200, fetched_at=AT, pages=size.pages) for h in hosts])
        facts.set_meta("home", district.site.home)
        facts.commit()
