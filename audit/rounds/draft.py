"""Draft cards for the check period: issued, and re-issued with a version and a table of what changed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from audit.errors import AuditError
from audit.history.store import Entry
from audit.judgements import StoredJudgement
from audit.rounds.config import Workflow
from audit.rounds.desk import Desk, may
from audit.rounds.numbers import numbers_of
from audit.rounds.packs import finding_changes, score_changes, write_round
from audit.rounds.papers import paper
from audit.rounds.states import State
from audit.rounds.wording import unit_names
from checks.rule import catalogue
from reports.text import round_name

CHANGES = "更正表"
_FAILED = "不合格"


def issue(desk: Desk, who: str, why: str = "", more: Mapping[str, object] = MappingProxyType({})) -> tuple[int, str]:
    """Write the next version of the draft; returns version and folder name. Raises AuditError when not ripe.

    `more` is recorded with the decision.
    """
    may(who, desk.workflow.people.deciders, "审定")
    if desk.frozen():
        raise AuditError("本轮已冻结，不能再出核对稿；更正请用 govaudit round erratum。")
    desk.take_in()
    waiting = [c for c in desk.cases().values() if c.state is State.SECOND]
    if waiting:
        raise AuditError(f"还有 {len(waiting)} 个问题等待第二人复核，请先用 govaudit review --second 完成。")
    earlier = [d for d in desk.decisions() if d.kind == "draft.issued"]
    version = len(earlier) + 1
    new = desk.confirmed()
    extra: list[tuple[str, bytes]] = []
    if earlier:
        row = desk.history.latest(desk.district.id, desk.round_id, "draft")
        if row is not None:
            extra = list(change_table(desk, desk.history.judgement(row.id), new, version, who, why, desk.now()))
    folder = f"draft-{version}"
    manifest, _ = write_round(desk, new, desk.paths.folder / folder, extra, f"核对稿第{version}版")
    entry = Entry(
        "draft.issued", desk.round_id, "核对期", why, {"folder": folder, "manifest_sha256": manifest, **more}
    )
    desk.history.add_judgement(new, "draft", desk.now(), who, "审定", entry)
    return version, folder


def change_table(
    desk: Desk, old: StoredJudgement, new: StoredJudgement, version: int, who: str, why: str, at: datetime
) -> tuple[tuple[str, bytes], tuple[str, bytes]]:
    """更正表.html and .json: scores and findings, old and new."""
    scores, findings = score_changes(old, new), finding_changes(old, new)
    body = {"version": version, "at": at.isoformat(), "who": who, "why": why, "scores": scores, "findings": findings}
    page = paper(
        "changes.html.j2",
        title=f"{desk.district.name}{round_name(desk.round_id)}评分更正表（第{version}版）",
        at=f"{at:%Y-%m-%d %H:%M}",
        who=who,
        why=why,
        scores=scores,
        findings=_once(findings),
        places=len({row["identity"] for row in findings}),
        names=unit_names(desk.district),
        numbers=numbers_of(desk),
        standards={s.id: s.title for s in desk.standards},
        rules={name: rule.title for name, rule in catalogue().items()},
    )
    return (f"{CHANGES}.html", page), (f"{CHANGES}.json", json.dumps(body, ensure_ascii=False, indent=1).encode())


def _once(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """A problem once per standard: the indicators that it feeds are no further changes."""
    found: dict[tuple[str, ...], Mapping[str, Any]] = {}
    for row in rows:
        standard = str(row["indicator"]).partition("/")[0]
        kept = found.setdefault((str(row["identity"]), standard), row)
        if str(row["old"]).startswith(_FAILED) and not str(kept["old"]).startswith(_FAILED):
            found[str(row["identity"]), standard] = row
    return list(found.values())


def check_period(desk: Desk, workflow: Workflow) -> tuple[datetime | None, int]:
    """When the newest draft was issued, and the working days units have."""
    issued = [d for d in desk.decisions() if d.kind == "draft.issued"]
    at = datetime.fromisoformat(issued[0].at) if issued else None
    return at, workflow.deadlines.appeal_in_check
