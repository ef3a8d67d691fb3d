"""A small district whose hosts are all served from loopback, and a crawl of it in the real worker process."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from checks.outcomes import FetchOutcome
from config.district import Account, Column, Crawl, District, Site, Unit, UnitGroup
from crawler.observations import OBSERVATIONS
from crawler.run import crawl
from crawler.store import ObservationStore
from crawler.summary import CrawlSummary

HOST = "www.example-county.gov.cn"
HOME = f"http://{HOST}/"


def district(
    address: str,
    *,
    hosts: tuple[str, ...] = (),
    mapped: tuple[str, ...] = (),
    columns: tuple[Column, ...] = (),
    accounts: tuple[Account, ...] | None = None,
    resolve: dict[str, str] | None = None,
    exclude: tuple[str, ...] = (),
    **crawl_options: Any,
) -> District:
    options = {"rate": Decimal(10_000), "concurrency": 8, "timeout_s": 1, "max_body_mb": 1, "max_minutes": 2}
    names = (HOST, *hosts, *mapped)
    return District(
        id="county",
        name="示例县",
        full_name="示例县人民政府",
        office="示例县人民政府办公室",
        portal_owner="office",
        standards=("s",),
        site=Site(name="示例县人民政府网", home=HOME, main_host=HOST, hosts=hosts, exclude=exclude),
        crawl=Crawl(**{**options, **crawl_options}),
        resolve=dict.fromkeys(names, address) if resolve is None else resolve,
        units=(Unit(unit_id="office", name_short="示例县政府办", group=UnitGroup.DEPARTMENT),),
        columns=columns,
        accounts=accounts,
    )


def observe(folder: Path, it: District, spider: str = "site") -> tuple[CrawlSummary, dict[str, FetchOutcome]]:
    """Crawl; returns the summary and the outcome per path of the main host (full URL for other hosts)."""
    summary = crawl(it, folder, spider=spider)
    return summary, outcomes(folder)


def outcomes(folder: Path) -> dict[str, FetchOutcome]:
    with ObservationStore(folder / OBSERVATIONS, readonly=True) as store:
        return {f.url.removeprefix(HOME[:-1]): f.outcome for f in store.latest_all()}
