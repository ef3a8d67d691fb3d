"""The availability sampler against a server that fails on schedule, with the clock in hand."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from crawl_setup import HOST, district
from servers import Asked, Site, drip, drop, page, redirect, reply

from checks.outcomes import FetchOutcome
from checks.rules.availability import Unreachable, site_unreachable
from checks.tiny import tiny
from checks.tiny_web import host
from config.district import District
from config.init import write_template
from crawler.derive.probes import keep_probes, probes_of
from crawler.observations import OBSERVATIONS
from crawler.probe import SPACING, Sampler
from crawler.probelog import PROBES, ProbeLog, ProbeRow
from crawler.store import ObservationStore

START = datetime(2026, 9, 23, 0, 5, tzinfo=UTC)
CANARY = "http://canary.example.net/"


@dataclass
class Clock:
    moment: datetime = START
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> datetime:
        return self.moment

    def wait(self, seconds: float) -> bool:
        self.slept.append(seconds)
        self.moment += timedelta(seconds=seconds)
        return False


def sampled(site: Site, canary: str = "") -> District:
    """The home page at `site`; the canary at another address, or nowhere."""
    return district(
        site.address,
        resolve={HOST: site.address, "canary.example.net": canary or "127.0.0.1:1"},
        canary=CANARY,
    )


@contextmanager
def sampler(site: Site, folder: Path, clock: Clock, canary: str = "", limit: float = 15) -> Iterator[Sampler]:
    with ProbeLog(folder / PROBES) as log:
        yield Sampler(sampled(site, canary), log, limit, now=clock)


def test_a_probe_is_spaced_written_down_and_survives_a_restart(tmp_path: Path) -> None:
    clock = Clock()
    with Site({"/": page("示例县")}) as site:
        with sampler(site, tmp_path, clock, site.address) as first:
            row = first.probe()
            assert row is not None and row.ok and row.control is True and row.status == 200
            assert first.probe() is None
        clock.moment += SPACING / 2
        with sampler(site, tmp_path, clock, site.address) as restarted:
            assert restarted.probe() is None
            assert restarted.probe(at_once=True) is not None
            clock.moment += SPACING
            assert restarted.probe() is not None
            assert [r.at for r in restarted.log.recent(clock.moment, 1)] == [
                "2026-09-23T00:05:00.000+00:00",
                "2026-09-23T00:35:00.000+00:00",
                "2026-09-23T01:35:00.000+00:00",
            ]
        assert site.paths() == ["/", "/", "/"]


def test_the_log_only_grows(tmp_path: Path) -> None:
    with ProbeLog(tmp_path / PROBES) as log:
        log.append(ProbeRow("2026-09-23T00:00:00+00:00", "http://a.cn/", True, 10, FetchOutcome.OK))
    db = sqlite3.connect(tmp_path / PROBES)
    for change in ("DELETE FROM probes", "UPDATE probes SET ok = 0"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            db.execute(change)
    db.close()


FAILING = {
    "server error": (reply("出错了", 500), FetchOutcome.HTTP_5XX, True),
    "closed connection": (drop(), FetchOutcome.REFUSED, True),
    "endless drip": (drip(), FetchOutcome.TIMEOUT, True),
    "round and round": (redirect("/"), FetchOutcome.REDIRECT_LOOP, True),
    "challenged": (reply("<script>var a</script>", 412), FetchOutcome.WAF, False),
    "forbidden": (reply("禁止", 403), FetchOutcome.HTTP_4XX, False),
}


@pytest.mark.parametrize(("behaviour", "outcome", "counts"), FAILING.values(), ids=FAILING)
def test_a_home_page_that_does_not_open(
    tmp_path: Path, behaviour: object, outcome: FetchOutcome, counts: bool
) -> None:
    with (
        Site({"/": behaviour}) as site,  # type: ignore[dict-item]
        Site({"/": page("对照")}) as other,
        sampler(site, tmp_path, Clock(), other.address, limit=1) as it,
    ):
        row = it.probe()
    assert row is not None
    assert (row.ok, row.outcome, row.control, row.counts) == (False, outcome, True, counts)


def test_our_own_outage_shows_at_the_canary(tmp_path: Path) -> None:
    with Site({"/": drop()}) as site, sampler(site, tmp_path, Clock()) as it:
        row = it.probe()
    assert row is not None and not row.ok and row.control is False


def test_the_watcher_probes_when_due_and_stops_when_asked(tmp_path: Path) -> None:
    clock, told = Clock(), []

    def wait(seconds: float) -> bool:
        clock.wait(seconds)
        return len(told) == 3

    with Site({"/": page("示例县")}) as site, sampler(site, tmp_path, clock, site.address) as it:
        it.watch(wait, told.append)
    assert [r.moment - START for r in told] == [timedelta(0), SPACING, 2 * SPACING]
    assert max(clock.slept) <= 30


def week(site: Site, folder: Path, bad: range, answers: dict[str, object]) -> None:
    """A week of hourly probes of which those numbered in `bad` fail."""
    clock, count = Clock(), [0]

    async def scheduled(asked: Asked, writer: object) -> bool:
        answer = answers["bad" if count[0] in bad else "good"]
        count[0] += 1
        return await answer(asked, writer)  # type: ignore[operator]

    site.pages["/"] = scheduled
    with Site({"/": page("对照")}) as other, sampler(site, folder, clock, other.address) as it:
        for _ in range(7 * 24):
            assert it.probe() is not None
            clock.moment += SPACING


def test_a_week_of_probes_becomes_evidence_and_a_verdict(tmp_path: Path) -> None:
    folder = tmp_path / "2026Q3"
    with Site({}) as site:
        week(site, tmp_path, range(20, 30), {"good": page("示例县"), "bad": reply("出错", 500)})
        it = sampled(site)
    as_of = START + timedelta(days=7)
    with ObservationStore(folder / OBSERVATIONS) as store:
        assert keep_probes(it, store, tmp_path, as_of) == 168
        assert keep_probes(it, store, tmp_path, as_of) == 168
        assert len(list(store.artifacts("probe"))) == 1
        probes = probes_of(store)[HOST]
    assert sum(not p.ok for p in probes) == 10
    main = "www.example.gov.cn"
    snapshot = tiny(all_hosts=(host(main, probes=probes),))
    verdict = next(iter(site_unreachable(snapshot, Unreachable())))
    assert (verdict.outcome, verdict.data["bad"], verdict.data["total"]) == ("failed", 10, 152)


def test_the_command_line_waits_for_its_turn_and_ends_on_sigterm(tmp_path: Path) -> None:
    with Site({"/": page("示例县")}) as site:
        folder = _folder(tmp_path, site)
        command = [sys.executable, "-m", "audit.cli", "probe", str(folder), "--data", str(tmp_path / "var")]
        once = subprocess.run([*command, "--once", "--json"], capture_output=True, text=True, check=True)
        assert '"ok": true' in once.stdout
        again = subprocess.run([*command, "--once"], capture_output=True, text=True, check=True)
        assert "未到间隔" in again.stdout
        (tmp_path / "var" / "shili" / PROBES).unlink()
        with subprocess.Popen([*command, "--watch"], stdout=subprocess.PIPE, text=True) as watcher:
            assert watcher.stdout is not None
            assert "正常打开" in watcher.stdout.readline()
            watcher.terminate()
            assert watcher.wait(20) == 0
        shown = subprocess.run(command, capture_output=True, text=True, check=True)
        assert "次数不足" in shown.stdout


def _folder(tmp_path: Path, site: Site) -> Path:
    """A district folder as an office would write it, led to the replica."""
    folder = tmp_path / "shili"
    write_template(folder)
    path = folder / "district.toml"
    text = path.read_text(encoding="utf-8")
    text = text.replace("[resolve]\n", f'[resolve]\n"www.example.gov.cn" = "{site.address}"\n')
    canary = f'canary = "http://{site.address}/"\n'
    path.write_text(text.replace("[browser]\n", canary + "[browser]\n"), encoding="utf-8")
    return folder
