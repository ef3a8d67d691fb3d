"""A case by what people write: number on the card, identity or fingerprint."""

from __future__ import annotations

from collections.abc import Mapping

from audit.errors import AuditError
from audit.rounds.cases import Case

SHORTEST = 4


def find_case(cases: Mapping[str, Case], numbers: Mapping[str, str], text: str) -> Case:
    """Raises AuditError when nothing or more than one fits."""
    wanted = text.strip()
    by_number = {n.lower(): i for i, n in numbers.items()}
    if wanted.lower() in by_number and by_number[wanted.lower()] in cases:
        return cases[by_number[wanted.lower()]]
    if len(wanted) < SHORTEST:
        raise AuditError(f"“{wanted}”太短：请给出问题编号，或指纹的前 {SHORTEST} 位以上。")
    found = [
        c
        for c in cases.values()
        if c.identity.startswith(wanted) or any(f.fingerprint.startswith(wanted) for f in c.findings)
    ]
    if not found:
        raise AuditError(f"本轮没有编号或指纹为“{wanted}”的问题。请核对评分卡上的编号。")
    if len(found) > 1:
        raise AuditError(f"“{wanted}”对应 {len(found)} 个问题，请多写几位。")
    return found[0]
