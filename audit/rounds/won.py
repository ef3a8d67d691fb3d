"""Won appeals as test cases: each is judged again by the rules of today, so that no rule accuses twice what it lost.

A case is run on the whole snapshot it was found in, from a copy of the facts, so that nothing of that round changes.
Where the snapshot is gone or was thinned by retention, the pages kept with the case are judged alone: they can show
that a rule still accuses, or that it says "passed", and nothing else.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import msgspec

from audit import stages
from audit.paths import FACTS, OBSERVATIONS, SnapshotPaths
from audit.rounds.retention import PRUNED
from checks.engine import judge
from checks.outcomes import FetchOutcome, Outcome
from checks.rule import catalogue
from checks.snapshot import SHANGHAI
from checks.standards import resolve_rule
from checks.verdicts import Finding
from config.district import District
from config.standard import Standard
from crawler.derive import vouched
from crawler.derive.run import derive
from crawler.derive.snapshot import StoredSnapshot
from crawler.observations import FetchRecord
from crawler.seal import seal
from crawler.store import ObservationStore, StoreError
from crawler.urls import host_of

FOLDER = "cases"
FILE = "case.json"
RENDERED = "text/html; charset=utf-8"  # of a body that the browser left
NOT_THE_RULE = frozenset({"repaired"})
"""Grounds on which the rule was right and the unit all the same not to blame: nothing to be corrected."""
REMEDIES = {
    "owner": "请核对栏目、网页的归属（columns.csv、units.csv）",
    "inapplicable": "请在不适用登记（waivers.toml）中写明单位、事项、批准人和有效期",
    "privacy": "请在不适用登记（waivers.toml）中写明单位、事项、批准人和有效期",
    "platform": "请登记豁免（waivers.toml），或改由平台单位承担",
    "double": "请改正规则或标准，使同一事实只计一次",
}
CORRECT = "请改正规则（或其参数、词表），再重新判定"


class Page(msgspec.Struct, frozen=True):
    file: str
    url: str
    sha256: str = ""
    content_type: str = RENDERED
    fetched_at: str = ""


class Won(msgspec.Struct, frozen=True):
    """What `case.json` tells. Later keys are blank in cases of earlier versions."""

    appeal: str
    round: str
    rule: str
    unit: str
    column: str
    subject: str
    ground: str
    message: str = ""
    reason: str = ""
    rule_version: int = 0
    identity: str = ""
    snapshot: str = ""
    as_of: str = ""
    pages: tuple[Page, ...] = ()


class Stand(StrEnum):
    """What the rules of today say of a case."""

    ACCUSES = "仍判不合格"
    UNSURE = "改为待判定"
    PASSES = "判为合格"
    EXCUSED = "已登记不适用或豁免"
    SILENT = "不再判定"
    UNRUN = "无法重跑"
    EXEMPT = "不属规则的差错"


@dataclass(frozen=True, slots=True)
class Ran:
    """One case run again. `told` is the rule's sentence now, or why the case was not run."""

    won: Won
    stand: Stand
    told: str = ""

    @property
    def remedy(self) -> str:
        return REMEDIES.get(self.won.ground, CORRECT) if self.stand is Stand.ACCUSES else ""


def won_cases(folder: Path) -> tuple[list[Won], list[str]]:
    """The cases of a district's folder in order of appeal, and which files cannot be read."""
    found, broken = [], []
    for path in sorted((folder / FOLDER).glob(f"*/{FILE}")):
        try:
            found.append(msgspec.json.decode(path.read_bytes(), type=Won))
        except (OSError, msgspec.DecodeError) as error:
            broken.append(f"{path}：无法读取（{error}）")
    return found, broken


def accusing(ran: Iterable[Ran]) -> dict[str, list[Ran]]:
    """By rule, the lost cases in which it still accuses."""
    found: dict[str, list[Ran]] = defaultdict(list)
    for each in ran:
        if each.stand is Stand.ACCUSES:
            found[each.won.rule].append(each)
    return dict(found)


def sentences(found: Mapping[str, Iterable[Ran]]) -> list[str]:
    """One sentence per rule that still accuses in lost cases."""
    said = []
    for rule, ran in sorted(found.items()):
        known = resolve_rule(rule, catalogue())
        each = [f"{r.won.appeal}（{r.remedy}）" for r in ran]
        name = f"{rule}（{known.title}）" if known else rule
        said.append(f"规则 {name}在 {len(each)} 个申诉已成立的用例中仍判不合格：{'；'.join(each)}。")
    return said


def rerun(folder: Path, district: District, standards: Sequence[Standard], rule: str = "") -> list[Ran]:
    """Judge the cases of `<data>/<district>` again, those of one rule where it is given; in order of appeal."""
    cases = [w for w in won_cases(folder)[0] if not rule or _rule_id(w) == rule]
    ran = {w.appeal: Ran(w, Stand.EXEMPT, "期限内已整改，检出时属实") for w in cases if w.ground in NOT_THE_RULE}
    by_snapshot: dict[str, list[Won]] = defaultdict(list)
    for won in cases:
        if won.appeal not in ran:
            by_snapshot[_snapshot_of(folder, won)].append(won)
    for name, group in by_snapshot.items():
        if name:
            ran |= _whole(folder / name, district, standards, group)
        else:
            ran |= {w.appeal: _alone(folder, district, standards, w) for w in group}
    return [ran[w.appeal] for w in cases]


def _rule_id(won: Won) -> str:
    known = resolve_rule(won.rule, catalogue())
    return known.id if known else won.rule


def _snapshot_of(folder: Path, won: Won) -> str:
    """The snapshot of a case while it is whole; blank when it is gone, open, or thinned by retention."""
    paths = SnapshotPaths(folder / (won.snapshot or won.round))
    try:
        whole = stages.is_sealed(paths) and not (paths.folder / PRUNED).exists()
    except StoreError:
        return ""
    return paths.folder.name if whole else ""


def _whole(source: Path, district: District, standards: Sequence[Standard], cases: Sequence[Won]) -> dict[str, Ran]:
    as_of = stages.stored_as_of(SnapshotPaths(source))
    try:
        with _copy(source) as folder:
            found = _findings(folder, district, standards, as_of or _moment(cases[0]), cases)
    except (StoreError, OSError) as error:
        return {w.appeal: Ran(w, Stand.UNRUN, str(error)) for w in cases}
    return {w.appeal: _said(w, found) for w in cases}


def _alone(folder: Path, district: District, standards: Sequence[Standard], won: Won) -> Ran:
    """Only the pages that were kept with the case."""
    if not won.pages:
        return Ran(won, Stand.UNRUN, "当时的快照已不在或已按保管期限清理，用例也没有留存网页")
    try:
        with tempfile.TemporaryDirectory(prefix="govaudit-case-") as name:
            with ObservationStore(Path(name) / OBSERVATIONS) as store:
                for page in won.pages:
                    _store(store, page, (folder / FOLDER / won.appeal / page.file).read_bytes())
                seal(store)
            ran = _said(won, _findings(Path(name), district, standards, _moment(won), [won]))
    except (StoreError, OSError) as error:
        return Ran(won, Stand.UNRUN, str(error))
    if ran.stand in (Stand.ACCUSES, Stand.PASSES, Stand.EXCUSED):
        return ran
    return Ran(won, Stand.UNRUN, "当时的快照已不在或已按保管期限清理，只凭用例留存的网页不能判定")


def _store(store: ObservationStore, page: Page, body: bytes) -> None:
    store.add_pending(page.url)
    store.record(
        FetchRecord(
            url=page.url, host=host_of(page.url), outcome=FetchOutcome.OK, status=200, final_url=page.url,
            body_sha256=store.put_body(body), size=len(body), started_at=page.fetched_at,
            content_type=page.content_type,
        )
    )  # fmt: skip
    store.mark_done(page.url)


def _moment(won: Won) -> datetime:
    return datetime.fromisoformat(won.as_of) if won.as_of else datetime(1970, 1, 1, tzinfo=SHANGHAI)


@contextmanager
def _copy(source: Path) -> Iterator[Path]:
    """The observations by reference, the facts as a copy: deriving anew changes nothing of the old round."""
    with tempfile.TemporaryDirectory(prefix="govaudit-case-") as name:
        folder = Path(name)
        (folder / OBSERVATIONS).symlink_to((source / OBSERVATIONS).resolve())
        if (source / FACTS).exists() and not vouched.altered(source):
            shutil.copyfile(source / FACTS, folder / FACTS)
        yield folder


def _findings(
    folder: Path, district: District, standards: Sequence[Standard], as_of: datetime, cases: Sequence[Won]
) -> list[Finding]:
    derive(district, folder, as_of)
    with StoredSnapshot(folder, district, as_of) as snapshot:
        return list(judge(snapshot, _only(standards, {_rule_id(w) for w in cases}), catalogue()).findings)


def _only(standards: Sequence[Standard], rules: set[str]) -> list[Standard]:
    """The standards with nothing but these rules."""
    kept = []
    for standard in standards:
        indicators = [
            i.model_copy(update={"rules": used})
            for i in standard.indicators
            if (used := tuple(b for b in i.rules if (r := resolve_rule(b.rule, catalogue())) and r.id in rules))
        ]
        if indicators:
            kept.append(standard.model_copy(update={"indicators": tuple(indicators)}))
    return kept


def _said(won: Won, findings: Iterable[Finding]) -> Ran:
    """What the findings say of a case; the worst that is not waived counts."""
    rule = _rule_id(won)
    key = (won.unit, won.column, won.subject)
    mine = [f for f in findings if f.rule == rule and (f.unit, f.column, f.subject) == key]
    if not mine:
        if resolve_rule(won.rule, catalogue()) is None:
            return Ran(won, Stand.SILENT, "本版本已没有这条规则")
        return Ran(won, Stand.SILENT, "现行规则和标准对该单位的这一对象不再作出判定")
    worst = max(mine, key=lambda f: (f.outcome.rank, not f.waived))
    if worst.waived or worst.outcome is Outcome.INAPPLICABLE:
        return Ran(won, Stand.EXCUSED, worst.waived or worst.message)
    stands = {Outcome.FAILED: Stand.ACCUSES, Outcome.CANNOT_TELL: Stand.UNSURE, Outcome.PASSED: Stand.PASSES}
    return Ran(won, stands[worst.outcome], worst.message)
