"""A case by what people write: number on the card, identity or fingerprint."""

from __future__ import annotations

from collections.abc import Mapping

from audit.errors import AuditError
from audit.rounds.cases import Case

SHORTEST = 4
MOST_SHOWN = 6


def find_case(cases: Mapping[str, Case], numbers: Mapping[str, str], text: str) -> Case:
    """Raises AuditError when nothing or more than one fits."""
    wanted = text.strip()
    own = [cases[i] for i, n in numbers.items() if n.lower() == wanted.lower() and i in cases]
    if len(own) == 1:
        return own[0]
    if own:
        known = "、".join(f"{c.identity[:8]}（{c.lead.url or c.lead.subject}）" for c in own[:MOST_SHOWN])
        more = f"等 {len(own)} 个" if len(own) > MOST_SHOWN else ""
        raise AuditError(f"编号 {wanted} 下有 {len(own)} 个网页，请用指纹指明是哪一个：{known}{more}。")
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
