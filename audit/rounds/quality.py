"""What people's work on a round says of itself (workflow.md §2, §10): who did what alone, false positives, agreement.

Said in sentences for the record of decisions and for the overview's limits; nothing here changes a finding.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from audit.history.chain import Decision
from audit.rounds.cases import Case
from audit.rounds.config import People
from audit.rounds.review import false_positives
from audit.rounds.states import COUNTING
from checks.rule import catalogue
from checks.standards import resolve_rule
from config.standard import Standard, State

SAMPLED = "随机抽查复核"
ROLES = {"first": "初审", "second": "复核", "deciders": "审定"}


def sampled(seed: str, identity: str, share: Decimal) -> bool:
    """Whether the second look at random falls on this finding: the same for everybody who knows the seed."""
    number = int(hashlib.sha256(f"{seed}|{identity}".encode()).hexdigest()[:8], 16)
    return number < share * 2**32


def alone(cases: Iterable[Case], who: str) -> str:
    """Why this person should not be the one to seal: every counted finding was first confirmed by nobody else."""
    counted = [c for c in cases if c.state in COUNTING and c.first]
    if not counted or any(c.first.strip() != who.strip() for c in counted):
        return ""
    other = sum(bool(c.second) and c.second.strip() != who.strip() for c in counted)
    name = who.strip()
    return f"已确认的 {len(counted)} 处都由 {name} 一人初审（其中 {other} 处另有他人复核），冻结的也是 {name}"


def unlisted(people: People) -> str:
    """Roles for which no names are laid down, so that only the signatures tell who did what; blank when all are."""
    open_ = [name for key, name in ROLES.items() if not getattr(people, key)]
    return (
        f"{'、'.join(open_)}人员名单没有设定（workflow.toml 的 [people]），分工只能凭各条决定的署名核对"
        if open_
        else ""
    )


def review_sentences(cases: Sequence[Case], lines: Iterable[Decision], seed: str, share: Decimal) -> list[str]:
    """False positives per hundred, and how far two reviewers agreed."""
    said = []
    rows = false_positives(cases)
    judged, wrong = sum(r[1] for r in rows), sum(r[2] for r in rows)
    if judged:
        rate = Decimal(100 * wrong) / judged
        said.append(f"机器检出经人工判定 {judged} 处，其中误报 {wrong} 处，每百处误报 {rate:.1f} 处。")
    seconds = second_looks(lines)
    if seconds:
        same = sum(seconds.values())
        drawn = sum(c.sampled and c.identity in seconds for c in cases)
        said.append(
            f"双人复核 {len(seconds)} 处（其中随机抽查 {drawn} 处，比例 {share:%}，种子 {seed[:19]}），"
            f"两人意见一致 {same} 处，一致率 {Decimal(same) / len(seconds):.1%}。"
        )
    return said


def second_looks(lines: Iterable[Decision]) -> dict[str, bool]:
    """By identity, whether the second reviewer agreed with the first; what was taken back does not count."""
    every = list(lines)
    undone = {int(d.payload["of"]) for d in every if d.kind == "finding.undone"}
    found: dict[str, bool] = {}
    for line in every:
        if line.seq in undone:
            continue
        if line.kind == "finding.second":
            found[line.subject] = bool(line.payload.get("agree"))
        elif line.kind == "finding.rejected" and line.role == "复核员":
            found[line.subject] = False
    return found


def bound_rules(standards: Iterable[Standard]) -> frozenset[str]:
    """The rules that the standards of a round run, by their present ids."""
    ids = (b.rule for s in standards for i in s.indicators if i.state is not State.OFF for b in i.rules)
    known = (resolve_rule(r, catalogue()) for r in ids)
    return frozenset(r.id for r in known if r is not None)


def shadowed(standards: Iterable[Standard], sealed: Mapping[str, Decision]) -> frozenset[str]:
    """Rules that no earlier sealed round of the district ran: their first quarter costs no points.

    `sealed` holds the freezes of earlier rounds. In a district's first round all are new: none is told apart.
    """
    recorded = [d.payload["rules"] for d in sealed.values() if d.payload.get("rules")]
    if not recorded or len(recorded) < len(sealed):  # the first round, or rounds sealed before rules were recorded
        return frozenset()
    before = {r.id for rules in recorded for name in rules if (r := resolve_rule(str(name), catalogue()))}
    return bound_rules(standards) - before
