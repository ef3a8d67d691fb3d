"""What became of the faults that were sent out, read off the decisions of their round."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from audit.history.chain import Decision
from checks.snapshot import SHANGHAI
from reports.view import Repair

CLOSED = "销号"


def repairs(lines: Iterable[Decision]) -> dict[str, Repair]:
    """By identity, for every fault that was released."""
    found: dict[str, Repair] = {}
    for line in lines:
        if line.kind == "finding.released":
            found[line.subject] = Repair(day_of(line), _day(line.payload.get("deadline")), state=line.state)
        elif line.subject in found:
            found[line.subject] = _after(found[line.subject], line)
    return found


def _after(known: Repair, line: Decision) -> Repair:
    match line.kind:
        case "finding.deadline":
            known = replace(known, deadline=_day(line.payload.get("deadline")) or known.deadline)
        case "finding.reported":
            known = replace(known, reported=_day(line.payload.get("done")) or day_of(line))
        case "recheck.done":
            closed = (known.closed or day_of(line)) if line.state == CLOSED else None
            known = replace(known, rechecked=day_of(line), result=str(line.payload.get("result", "")), closed=closed)
    return replace(known, state=line.state) if line.state else known


def told(lines: Iterable[Decision]) -> date | None:
    """The day of the last decision: what is said of repairs is known up to it."""
    return max((day_of(line) for line in lines), default=None)


def day_of(line: Decision) -> date:
    """The day of a decision in Asia/Shanghai."""
    return datetime.fromisoformat(line.at).astimezone(SHANGHAI).date()


def _day(value: object) -> date | None:
    return date.fromisoformat(str(value)) if value else None
