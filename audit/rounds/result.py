"""The result of a round as papers may quote it: the sealed one once it is frozen, the machine's before."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from audit.console import err, plain, t
from audit.errors import AuditError
from audit.history.chain import Decision
from audit.history.past import past_rounds
from audit.history.repairs import repairs, told
from audit.history.store import FILE, History, history_url
from audit.judgements import StoredJudgement, load
from audit.numbering import read_numbers
from audit.paths import SnapshotPaths
from audit.rounds.appeals import appeals
from audit.rounds.desk import Desk, open_desk
from audit.rounds.interview import NAMES, signed
from audit.rounds.numbers import numbers_of
from audit.rounds.states import COUNTING, State
from audit.rounds.tally import tally
from audit.stages import Job
from audit.view import round_view
from checks.outcomes import Outcome
from crawler.derive.snapshot import StoredSnapshot
from reports.view import PastRound, Repair, RoundView, Signed

_GONE = frozenset({State.REJECTED, State.DUPLICATE})


@dataclass(frozen=True, slots=True)
class Sealed:
    """A frozen round: its judgement and what was decided since. `grounds` are the proposals by unit."""

    judgement: StoredJudgement
    folder: str
    appealed: frozenset[str] = frozenset()
    repairs: Mapping[str, Repair] = field(default_factory=dict)
    told: date | None = None
    grounds: Mapping[str, str] = field(default_factory=dict)
    past: tuple[PastRound, ...] = ()
    signed: Mapping[str, tuple[Signed, ...]] = field(default_factory=dict)  # unit → who proposed, backed, approved
    single: Mapping[str, int] = field(default_factory=dict)  # unit → problems that only one person confirmed
    account: Mapping[str, Sequence[str]] = field(default_factory=dict)  # unit → its problems counted, in sentences


def rounds_kept(data: Path, history: str) -> bool:
    """Whether there is a history to look into at all."""
    return bool(history or os.environ.get("GOVAUDIT_HISTORY")) or (data / FILE).exists()


def newest_round(data: Path, history: str, district: str) -> str:
    """The id of the newest round that was opened; blank when there is none."""
    if not rounds_kept(data, history):
        return ""
    with History.open(history_url(data, history)) as opened:
        rows = opened.rounds(district)
    return rows[-1].round if rows else ""


def sealed(ref: str, round_id: str, data: Path, history: str, units: Sequence[str]) -> Sealed | None:
    """The sealed result of a round; None when the round was never opened or is not frozen.

    Raises AuditError when a decision on one of `units` changed the result after the seal: an erratum comes first.
    """
    if not rounds_kept(data, history):
        return None
    with History.open(history_url(data, history)) as opened:
        known = any(r.round == round_id for d in opened.districts() for r in opened.rounds(d))
    if not known:
        return None
    with open_desk(ref, round_id, data, history) as desk:
        line = desk.frozen()
        row = desk.history.latest(desk.district.id, desk.round_id, "frozen")
        if line is None or row is None:
            return None
        return _sealed(desk, desk.history.judgement(row.id), str(line.payload.get("folder", "")), units)


def _sealed(desk: Desk, judgement: StoredJudgement, folder: str, units: Sequence[str]) -> Sealed:
    lines = desk.decisions()
    cases = desk.cases(lines)
    failed = {f.identity for f in judgement.findings if f.outcome is Outcome.FAILED}
    gone = [c for c in cases.values() if c.identity in failed and c.unit in units and c.state in _GONE]
    if gone:
        raise AuditError(
            f"冻结之后有 {len(gone)} 个问题经申诉或核对不再成立，封存的结果还没有更正："
            "请先运行 govaudit round erratum，再生成约谈材料。"
        )
    open_ = [c for c in cases.values() if c.veto and c.unit in units and c.state is State.APPEALED]
    if open_:
        raise AuditError(
            f"{len(open_)} 个单项否决问题的申诉尚未决定，等次取决于它们："
            "请先决定（govaudit appeal decide），再生成约谈材料。"
        )
    single, numbers = dict.fromkeys(units, 0), numbers_of(desk)
    for case in cases.values():
        lone = case.state in COUNTING and not case.second and not case.lead.waived
        if case.unit in single and case.identity in failed and lone:
            single[case.unit] += 1
    return Sealed(
        judgement,
        folder,
        frozenset(a.identity for a in appeals(lines).values() if not a.result),
        repairs(lines),
        told(lines),
        {str(d.subject): _ground(d) for d in lines if d.kind == "interview.proposed"},
        past_rounds(desk.history, desk.district.id, judgement),
        {unit: signed(lines, unit) for unit in units},
        {unit: count for unit, count in single.items() if count},
        {unit: tally((c for c in cases.values() if c.unit == unit), numbers).sentences()[1:] for unit in units},
    )


def _ground(proposal: Decision) -> str:
    """The proposal in words: its triggers with their figures."""
    grounds = [f"{NAMES[g['trigger']]}（{str(g['text']).rstrip('。')}）" for g in proposal.payload["grounds"]]
    return f"约谈事由：{'；'.join(grounds)}。"


@contextmanager
def counted_view(job: Job, result: Sealed | None) -> Iterator[RoundView]:
    """The round as its papers quote it: sealed, with what happened since, or the machine's judgement as a draft.

    Raises AuditError when the configuration has changed so that the stored result cannot be told any more.
    """
    judgement = result.judgement if result else load(job.paths.judgement)
    if judgement.standards != tuple(s.id for s in job.standards):
        raise AuditError("区县配置中的标准与本轮所用的不同，不能生成材料：请用本轮当时的配置。")
    if judgement.district_hash != job.district.config_hash:
        if result is None:
            raise AuditError("区县配置在判定之后有改动：请先运行 govaudit judge，再生成材料。")
        said = "! 区县配置在判定之后有改动；数字取自封存的结果，名称取自现在的配置。"
        err.print(plain(t(said, "! the configuration has changed since"), "yellow", 600))
    folder = SnapshotPaths(job.paths.folder.parent / judgement.snapshot).folder
    with StoredSnapshot(folder, job.district, judgement.as_of) as snapshot:
        view = round_view(job.district, job.standards, judgement, snapshot)
        if result is not None:
            view = replace(
                view,
                provisional=False,
                numbers=read_numbers(job.paths.folder / result.folder),
                appealed=result.appealed,
                unsigned={u: f"草稿·{n}个问题只有一人确认，须第二人复核" for u, n in result.single.items()},
                repairs=result.repairs,
                told=result.told,
                signed=result.signed,
                history=result.past,
            )
        else:
            view = replace(view, numbers=read_numbers(job.paths.folder))
        yield view
