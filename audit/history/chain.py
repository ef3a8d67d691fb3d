"""The hash chain of decisions: each line's hash covers the line before it, so an altered line is found and named."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Decision:
    """One line: who decided what, when and why. `state` is the subject's new state, blank when unchanged."""

    district: str
    seq: int
    round: str
    at: str
    who: str
    role: str
    kind: str
    subject: str
    state: str
    why: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    prev_hash: str = GENESIS
    hash: str = ""


def canonical(value: object) -> str:
    """JSON that is the same for the same value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(decision: Decision) -> str:
    """sha256 over the previous hash and everything the line says."""
    body = {k: v for k, v in asdict(decision).items() if k != "hash"}
    return hashlib.sha256(canonical(body).encode()).hexdigest()


def broken(decisions: Iterable[Decision]) -> str:
    """Blank when the chain is whole, else which line is the first that is altered, missing or inserted."""
    previous, expected = GENESIS, 1
    for line in decisions:
        place = f"第 {line.seq} 条决定（{line.at} {line.who} {line.kind} {line.subject}）"
        if line.seq != expected:
            return f"决定记录缺第 {expected} 条：其后是{place}"
        if line.hash != digest(line):
            return f"{place}的内容与其哈希不符：该条被改动"
        if line.prev_hash != previous:
            return f"{place}与前一条不相连：第 {line.seq - 1} 条被替换或重算"
        previous, expected = line.hash, expected + 1
    return ""


def to_line(decision: Decision) -> str:
    """One line of decisions.jsonl."""
    return canonical(asdict(decision))
