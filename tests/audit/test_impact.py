"""`govaudit impact`: the crawl's requests, bytes and latencies, per host, as a table, as JSON and as a page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from audit.cli import run_cli as main
from checks.outcomes import FetchOutcome
from crawler.browser.traffic import Tally, keep_traffic
from crawler.observations import FetchRecord
from crawler.probelog import PROBES, ProbeLog, ProbeRow
from crawler.store import ObservationStore

PORTAL, OTHER = "www.qinghe-demo.gov.cn", "www.elsewhere.example"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    with ObservationStore(tmp_path / "demo" / "2026Q3" / "observations.sqlite") as store:
        for n in range(20):
            status = 503 if n == 5 else 200
            outcome = FetchOutcome.HTTP_5XX if status == 503 else FetchOutcome.OK
            url, at = f"http://{PORTAL}/{n}", f"2026-09-30T01:{n:02d}:00+00:00"
            record = FetchRecord(url, PORTAL, outcome, status=status, size=500_000, elapsed_ms=100 + n, started_at=at)
            store.record(record)
        store.record(
            FetchRecord(
                f"http://{OTHER}/", OTHER, FetchOutcome.OK, status=200, started_at="2026-09-30T02:00:00+00:00"
            )
        )
        keep_traffic(store, {PORTAL: Tally(3_000_000, 4, [50.0] * 12)})
    with ObservationStore(tmp_path / "demo" / "recheck" / "2026Q3-20261012T090000" / "observations.sqlite") as store:
        at = "2026-10-12T01:00:00+00:00"
        store.record(FetchRecord(f"http://{PORTAL}/1", PORTAL, FetchOutcome.OK, status=200, started_at=at))
        keep_traffic(store, {PORTAL: Tally(1_000, 1, [9.0])})
    with ProbeLog(tmp_path / "demo" / PROBES) as log:
        for at in ("2026-09-29T09:00:00+08:00", "2026-09-30T08:00:00+08:00", "2026-08-01T08:00:00+08:00"):
            log.append(ProbeRow(at, f"http://{PORTAL}/", True, 80, FetchOutcome.OK))
    return tmp_path


def test_figures_of_every_host(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["impact", "demo", "--round", "2026Q3", "--data", str(data), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["started"], told["ended"]) == ("2026-09-30 09:00", "2026-09-30 10:00")
    assert told["hosts"][PORTAL] == {
        "requests": 20, "bytes": 10_000_000, "busy": 1, "first_ms": 100.5, "last_ms": 118.5,
    }  # fmt: skip
    assert told["hosts"][OTHER]["requests"] == 1
    assert told["browser"] == {
        PORTAL: {"requests": 12, "bytes": 3_000_000, "connections": 4, "first_ms": 50.0, "last_ms": 50.0}
    }
    (again,) = told["rechecks"]
    assert again["snapshot"] == "2026Q3-20261012T090000"
    assert (again["hosts"][PORTAL]["requests"], again["browser"][PORTAL]["requests"]) == (1, 1)
    assert told["probes"] == {PORTAL: 2}


def test_the_page_stands_alone(data: Path) -> None:
    target = data / "impact.html"
    assert main(["impact", "demo", "--round", "2026Q3", "--data", str(data), "--html", str(target)]) == 0
    page = target.read_text(encoding="utf-8")
    assert "2026-09-30 09:00至2026-09-30 10:00" in page
    assert f"<td>{PORTAL}</td><td>20</td><td>10.0</td><td>1</td><td>100</td><td>118</td>" in page
    assert f"<td>{PORTAL}（浏览器）</td><td>12</td><td>3.0</td><td>–</td><td>50</td><td>50</td><td>–</td>" in page
    assert f"<td>{PORTAL}（复查20261012T090000）</td><td>1</td>" in page
    assert f"<td>{PORTAL}（复查20261012T090000浏览器）</td><td>1</td>" in page
    assert f"<td>{PORTAL}（可用性探测）</td><td>2</td>" in page
    assert "http://" not in page and "<script" not in page


def test_without_a_crawl_it_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["impact", "demo", "--round", "2026Q3", "--data", str(tmp_path)]) != 0
    assert "govaudit run" in capsys.readouterr().err
