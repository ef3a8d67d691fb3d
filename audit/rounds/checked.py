"""The verdicts of a re-check and what each of them makes of a case."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from audit.rounds.cases import Case
from audit.rounds.states import State


class Result(StrEnum):
    PASSED = "通过"
    FAILED = "未通过"
    PARTLY = "部分通过"
    RELAPSE = "反弹"
    NEW_FAULT = "通过但引入新问题"
    GONE = "页面已下线"
    UNSEEN = "无法复查"
    NOT_DUE = "未到期、未申报，仅供了解"


STATES = {
    Result.PASSED: State.CLOSED,
    Result.NEW_FAULT: State.CLOSED,
    Result.FAILED: State.RETURNED,
    Result.PARTLY: State.RETURNED,
    Result.RELAPSE: State.RETURNED,
    Result.GONE: State.RETURNED,
    Result.UNSEEN: State.UNVERIFIABLE,
}
BY_HAND = "须人工核对，不作为单位未整改"


@dataclass(frozen=True, slots=True)
class Checked:
    """One case seen again. `after` is what the rule says now, `new` what else is wrong with the page now."""

    case: Case
    result: Result
    after: str
    action: str
    evidence: str
    new: tuple[str, ...] = ()

    @property
    def person(self) -> bool:
        """Another look by the machine would say the same: a person has to decide."""
        return self.action == BY_HAND
