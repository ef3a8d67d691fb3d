"""Freezing: sealed results. Whatever changes later is an erratum with old and new."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from audit.errors import AuditError
from audit.history.store import Entry
from audit.rounds.cases import Case
from audit.rounds.dates import later
from audit.rounds.desk import Desk, may
from audit.rounds.draft import change_table, check_period
from audit.rounds.packs import SEAL, finding_changes, log_file, score_changes, write_round
from audit.rounds.quality import alone, bound_rules, unlisted
from audit.rounds.states import UNREVIEWED, State
from checks.snapshot import SHANGHAI


def hindrances(cases: Mapping[str, Case], *, leave_pending: bool) -> list[str]:
    """Why a round cannot be frozen yet, in sentences."""
    said = []
    appeals = sum(c.state is State.APPEALED for c in cases.values())
    if appeals:
        said.append(f"{appeals} 个申诉尚未决定（govaudit appeal list）")
    second = sum(c.state is State.SECOND for c in cases.values())
    if second:
        said.append(f"{second} 个问题等待第二人复核（govaudit review --second）")
    open_ = sum(c.state in UNREVIEWED and c.stake > 0 and not c.gap for c in cases.values())
    if open_ and not leave_pending:
        said.append(
            f"{open_} 个计分问题尚未初审（govaudit review）；"
            "确要冻结的加 --leave-pending，这些问题不计分，得分以区间表示"
        )
    return said


def unheard(desk: Desk) -> list[str]:
    """Why the units have not had their say yet."""
    issued, days = check_period(desk, desk.workflow)
    if issued is None:
        return ["没有出过核对稿（govaudit round draft），单位没有核对、申诉的机会"]
    last = later(desk.work, issued.astimezone(SHANGHAI).date(), days)
    if desk.now().astimezone(SHANGHAI).date() <= last:
        return [f"核对期到 {last} 才结束，单位仍可申诉"]
    return []


def freeze(
    desk: Desk,
    who: str,
    why: str,
    *,
    leave_pending: bool = False,
    more: Mapping[str, object] = MappingProxyType({}),
) -> str:
    """Seal the results as they count now; returns the folder's name. Raises AuditError when not ripe.

    `more` is recorded with the decision.
    """
    may(who, desk.workflow.people.deciders, "审定")
    if desk.frozen():
        raise AuditError("本轮已经冻结；更正请用 govaudit round erratum。")
    desk.take_in()
    cases = desk.cases()
    said = hindrances(cases, leave_pending=leave_pending)
    same = alone(cases.values(), who)
    lacking = [*unheard(desk), *([same] if same else [])]
    if not why.strip():
        said += [f"{line}；确要冻结的，用 --why 写明理由" for line in lacking]
    if said:
        raise AuditError("还不能冻结：\n" + "\n".join(f"  · {line}" for line in said))
    names = unlisted(desk.workflow.people)
    told = [f"冻结时：{line}。理由：{why.strip().rstrip('。')}。" for line in lacking] + (
        [f"{names}。"] if names else []
    )
    kept = {**more, "rules": sorted(bound_rules(desk.standards)), **({"remarks": told} if told else {})}
    return _seal(desk, who, why, "round.frozen", (), kept, told)


def erratum(desk: Desk, who: str, why: str) -> tuple[str, int]:
    """Seal corrected results beside the old ones; returns the folder's name and how many scores changed."""
    may(who, desk.workflow.people.deciders, "审定")
    if not desk.frozen():
        raise AuditError("本轮尚未冻结，无需更正；请直接修改后冻结。")
    if not why.strip():
        raise AuditError("更正须用 --why 写明理由。")
    row = desk.history.latest(desk.district.id, desk.round_id, "frozen")
    assert row is not None
    old, new = desk.history.judgement(row.id), desk.confirmed()
    scores, findings = score_changes(old, new), finding_changes(old, new)
    if not scores and not findings:
        raise AuditError("与已冻结的结果没有差别，不需要更正。")
    extra = change_table(desk, old, new, row.version + 1, who, why, desk.now())
    frozen = next(d for d in desk.decisions() if d.kind == "round.frozen")
    remarks = [str(r) for r in frozen.payload.get("remarks", ())]
    payload = {"scores": scores, "findings": findings}
    return _seal(desk, who, why, "erratum", extra, payload, remarks), len(scores)


def _seal(
    desk: Desk,
    who: str,
    why: str,
    kind: str,
    extra: tuple[tuple[str, bytes], ...],
    payload: Mapping[str, object] | None = None,
    remarks: Sequence[str] = (),
) -> str:
    row = desk.history.latest(desk.district.id, desk.round_id, "frozen")
    version = row.version + 1 if row else 1
    judgement, lines = desk.confirmed(), desk.decisions()
    folder = f"frozen-{version}"
    seal = {
        "district": desk.district.id,
        "round": desk.round_id,
        "version": version,
        "decisions": len(lines),
        "head": lines[-1].hash,
    }
    files = (*extra, log_file(lines), (SEAL, json.dumps(seal, ensure_ascii=False, indent=1).encode()))
    manifest, _ = write_round(desk, judgement, desk.paths.folder / folder, files, remarks=remarks)
    full = {"folder": folder, "manifest_sha256": manifest, **(payload or {})}
    entry = Entry(kind, desk.round_id, "已冻结" if kind == "round.frozen" else "", why, full)
    desk.history.add_judgement(judgement, "frozen", desk.now(), who, "审定", entry)
    return folder
