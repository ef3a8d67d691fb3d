"""Rounds side by side: new, fixed, standing, relapsed; not comparable where a rule's version changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from types import MappingProxyType

from audit.errors import AuditError
from audit.history.chain import Decision
from audit.history.past import newest_frozen
from audit.history.store import History, JudgementRow
from audit.judgements import StoredJudgement
from audit.rounds.states import State
from checks.outcomes import Outcome
from checks.verdicts import Finding

KINDS = ("new", "fixed", "standing", "relapsed", "undetermined", "not-comparable")
NAMES = {
    "new": "新增", "fixed": "已消除", "standing": "仍存在", "relapsed": "复发", "undetermined": "本轮未能判定",
    "not-comparable": "规则有变，不可比",
}  # fmt: skip
CLOSED = str(State.CLOSED)


@dataclass(frozen=True, slots=True)
class Change:
    """One fault of either round, and how it stands."""

    kind: str
    finding: Finding


@dataclass(frozen=True, slots=True)
class Seen:
    """Life of one fault over the rounds."""

    identity: str
    rule: str
    unit: str
    subject: str
    first: str
    last: str
    rounds: tuple[str, ...]
    reopened: int = 0


@dataclass(frozen=True, slots=True)
class Comparison:
    old: str
    new: str
    changes: tuple[Change, ...]
    changed_rules: dict[str, tuple[int, int]] = field(default_factory=dict)

    def count(self, kind: str) -> int:
        return sum(c.kind == kind for c in self.changes)


def faults(judgement: StoredJudgement) -> dict[str, Finding]:
    """Failed findings by identity, the dearest of each."""
    found: dict[str, Finding] = {}
    for finding in judgement.findings:
        if finding.outcome is Outcome.FAILED:
            kept = found.get(finding.identity)
            if kept is None or finding.points > kept.points:
                found[finding.identity] = finding
    return found


def compare(
    old: StoredJudgement,
    new: StoredJudgement,
    earlier: Sequence[StoredJudgement] = (),
    closed: Collection[str] = (),
) -> Comparison:
    """Changes from `old` to `new`.

    A fault relapses when it is there again after it was gone: found in a round of `earlier` but not in `old`, or
    `closed` by a re-check after `old`.
    """
    before, now = faults(old), faults(new)
    versions_old = {f.rule: f.rule_version for f in old.findings}
    versions_new = {f.rule: f.rule_version for f in new.findings}
    changed = {
        rule: (versions_old[rule], version)
        for rule, version in versions_new.items()
        if rule in versions_old and versions_old[rule] != version
    }
    once = {identity for judgement in earlier for identity in faults(judgement)}
    unsure = {f.identity for f in new.findings if f.outcome is Outcome.CANNOT_TELL}
    changes = []
    for identity, finding in now.items():
        back = identity in closed if identity in before else identity in once
        kind = "relapsed" if back else "standing" if identity in before else "new"
        changes.append(Change("not-comparable" if finding.rule in changed else kind, finding))
    for identity, finding in before.items():
        if identity not in now:
            kind = "undetermined" if identity in unsure else "fixed"
            odd = finding.rule in changed or finding.rule not in versions_new
            changes.append(Change("not-comparable" if odd else kind, finding))
    changes.sort(key=lambda c: (KINDS.index(c.kind), c.finding.unit, c.finding.rule, c.finding.subject))
    return Comparison(old.round, new.round, tuple(changes), changed)


def closed_in(lines: Iterable[Decision]) -> frozenset[str]:
    """Faults that a round left closed by a re-check."""
    last = {line.subject: line.state for line in lines if line.state}
    return frozenset(subject for subject, state in last.items() if state == CLOSED)


def lives(
    judgements: Iterable[StoredJudgement], closed: Mapping[str, Collection[str]] = MappingProxyType({})
) -> list[Seen]:
    """First and last round of every fault, and how often it came back; oldest first.

    `closed` holds, by round, the faults that it left closed by a re-check.
    """
    rounds: list[str] = []
    seen: dict[str, list[int]] = {}
    shown: dict[str, Finding] = {}
    for at, judgement in enumerate(judgements):
        rounds.append(judgement.round)
        for identity, finding in faults(judgement).items():
            seen.setdefault(identity, []).append(at)
            shown[identity] = finding
    return [
        Seen(
            identity,
            shown[identity].rule,
            shown[identity].unit,
            shown[identity].subject,
            rounds[at[0]],
            rounds[at[-1]],
            tuple(rounds[n] for n in at),
            sum(later - sooner > 1 or identity in closed.get(rounds[sooner], ()) for sooner, later in pairwise(at)),
        )
        for identity, at in sorted(seen.items(), key=lambda item: (item[1][0], item[0]))
    ]


def best(history: History, district: str) -> list[JudgementRow]:
    """The newest judgement of every round: sealed where there is one, else the machine's; oldest round first."""
    rows = {r.round: r for r in newest_frozen(history, district)}
    for row in history.judgements(district, "machine"):
        known = rows.get(row.round)
        if known is None or (known.kind == "machine" and row.version > known.version):
            rows[row.round] = row
    return sorted(rows.values(), key=lambda r: (r.as_of, r.round))


def row_of(rows: Sequence[JudgementRow], round_id: str) -> JudgementRow:
    """Raises AuditError naming the rounds there are."""
    found = next((r for r in rows if r.round == round_id), None)
    if found is None:
        raise AuditError(f"没有轮次 {round_id} 的结果。已有：{'、'.join(r.round for r in rows) or '无'}。")
    return found
