"""An office with a round of the fictitious district: a real snapshot of a few pages, real files, a clock by hand."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import history_factory
import pytest
import report_factory as factory

from audit import clock, judgements
from audit.cli import run_cli
from audit.errors import Exit
from audit.history.store import Entry
from audit.rounds import review
from audit.rounds.cases import Case
from audit.rounds.config import Workflow
from audit.rounds.desk import Desk, open_desk
from audit.rounds.stated import Statement
from audit.rounds.states import State
from checks.outcomes import FetchOutcome, Outcome
from checks.snapshot import SHANGHAI
from checks.verdicts import Evidence, Finding
from crawler.derive.run import derive
from crawler.observations import FetchRecord
from crawler.seal import seal
from crawler.store import ObservationStore

ROUND = "2026Q3"
FIRST, SECOND, DECIDER, THIRD = "初审人甲", "复核人乙", "审定人丁", "经办人丙"
BODY = "<html><head><title>{0}</title></head><body><h1>{0}</h1><p>发布时间：2026-06-03</p></body></html>"


def page(url: str) -> bytes:
    return BODY.format(url).encode()


def snapshot(folder: Path, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Store a page for every piece of evidence and derive; returns the findings with evidence that resolves."""
    kept = tuple(
        replace(f, evidence=tuple(replace(e, sha256=sha256(page(e.url)).hexdigest()) for e in f.evidence))
        for f in findings
    )
    urls = dict.fromkeys([f"{factory.HOST}/", *(e.url for f in kept for e in f.evidence)])
    with ObservationStore(folder / "observations.sqlite") as store:
        store.meta_set("as_of", factory.AS_OF.isoformat())
        store.meta_set("round", ROUND)
        for url in urls:
            store.add_pending(url)
            store.record(
                FetchRecord(
                    url=url,
                    host="www.shiliqu.gov.cn",
                    outcome=FetchOutcome.OK,
                    status=200,
                    final_url=url,
                    body_sha256=store.put_body(page(url)),
                    started_at="2026-09-29T13:31:07+00:00",
                    content_type="text/html; charset=utf-8",
                )
            )
            store.mark_done(url)
    derive(factory.district(), folder, factory.AS_OF)
    with ObservationStore(folder / "observations.sqlite") as store:
        seal(store)
    return kept


@dataclass
class Office:
    """Runs commands as a clerk would; `at` is what the clock shows."""

    data: Path
    workflow: Workflow = field(default_factory=Workflow)
    at: datetime = field(default_factory=lambda: history_factory.OPENED)

    def run(self, *words: str) -> int:
        return run_cli([*words, "--data", str(self.data)])

    def later(self, **time: float) -> None:
        self.at += timedelta(**time)

    def on(self, day: str) -> None:
        self.at = datetime.fromisoformat(f"{day}T09:00").replace(tzinfo=SHANGHAI)

    @contextmanager
    def desk(self, writing: str = "") -> Iterator[Desk]:
        with open_desk("shiliqu", "", self.data, writing=writing) as desk:
            yield desk

    @property
    def folder(self) -> Path:
        return self.data / "shiliqu" / ROUND


@pytest.fixture(scope="session")
def snapshot_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("snapshot")
    kept = snapshot(folder, factory.findings())
    made = history_factory.judgement(findings=kept)
    judgements.save(folder / "judgement.json", replace(made, district_hash=factory.district().config_hash))
    return folder


@pytest.fixture
def office(tmp_path: Path, snapshot_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """The round is open and judged; nobody has looked at it yet."""
    made = Office(tmp_path / "data")
    shutil.copytree(snapshot_folder, made.folder)
    for module in ("audit.rounds.desk", "audit.commands.round", "audit.commands.prune"):
        monkeypatch.setattr(f"{module}.load_district", lambda ref: factory.district())
        monkeypatch.setattr(f"{module}.load_workflow", lambda ref: made.workflow)
    monkeypatch.setattr("audit.rounds.desk.load_standards_for", lambda district: factory.standards())
    monkeypatch.setattr(clock, "now", lambda: made.at)
    assert (
        made.run("round", "open", "shiliqu", "--round", ROUND, "--cutoff", "2026-09-30", "--person", "审定人丁") == 0
    )
    made.on("2026-10-08")
    with made.desk("take in") as desk:
        assert desk.take_in()
    return made


def confirmed(case: Case, who: str = FIRST) -> Entry:
    """The first reviewer's confirmation; what the tool could not tell is stated by the person."""
    stated = Statement("打开页面看到该项确有缺失", f"{factory.HOST}/", "2026-10-08") if case.unmeasured else None
    return review.confirm(case, who, "", stated)


def confirm_everything(office: Office, skip: Iterable[str] = ()) -> None:
    """Two persons go through all that the machine found, but for the identities in `skip`."""
    left = set(skip)
    with office.desk("test") as desk:
        desk.decide(
            FIRST, review.FIRST, [confirmed(c) for c in desk.cases().values() if not c.gap and c.identity not in left]
        )
        waiting = [c for c in desk.cases().values() if c.state is State.SECOND]
        desk.decide(SECOND, review.SECOND, [review.second(c, SECOND, True) for c in waiting])


@pytest.fixture
def drafted(office: Office) -> Office:
    """Everything is confirmed by two persons and the draft cards are out."""
    confirm_everything(office)
    office.on("2026-10-13")
    assert office.run("round", "draft", "shiliqu", "--person", DECIDER) == 0
    return office


@pytest.fixture
def released(drafted: Office) -> Office:
    drafted.on("2026-10-21")
    assert drafted.run("round", "freeze", "shiliqu", "--person", DECIDER, "--why", "会议决定提前冻结") == 0
    drafted.on("2026-10-22")
    words = ("round", "release", "shiliqu", "--person", DECIDER)
    assert drafted.run(*words) == Exit.USAGE  # no approval
    assert drafted.run(*words, "--approval", "示政办批〔2026〕9号") == 0
    return drafted


def failed(rule: str, unit: str, number: int = 0) -> Finding:
    found = [f for f in factory.findings() if f.rule == rule and f.unit == unit and f.outcome is Outcome.FAILED]
    return found[number]


def evidence(url: str) -> Evidence:
    return Evidence(url, sha256(page(url)).hexdigest(), "2026-09-29T13:31:07+00:00")
