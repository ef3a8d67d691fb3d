"""Life of a finding (workflow.md §3) and the closed lists around it."""

from __future__ import annotations

from enum import StrEnum

from audit.errors import AuditError


class State(StrEnum):
    DETECTED = "待初审"
    REJECTED = "误报"
    SECOND = "待复核"
    CONFIRMED = "确认"
    MANUAL = "转人工"
    REFERRED = "转送"
    DUPLICATE = "重复"
    APPEALED = "申诉中"
    RECTIFYING = "整改中"
    REPORTED = "单位申报"
    CLOSED = "销号"
    RETURNED = "退回"
    UNVERIFIABLE = "无法复查"
    OVERDUE = "逾期"
    URGED = "催办"
    SUPERVISED = "督办"


UNREVIEWED = frozenset({State.DETECTED, State.MANUAL, State.REFERRED})
AFTER_RELEASE = frozenset(
    {
        State.RECTIFYING,
        State.REPORTED,
        State.CLOSED,
        State.RETURNED,
        State.UNVERIFIABLE,
        State.OVERDUE,
        State.URGED,
        State.SUPERVISED,
    }
)
COUNTING = AFTER_RELEASE | {State.CONFIRMED}
"""States in which a finding costs points."""
OPEN_REPAIR = AFTER_RELEASE - {State.CLOSED}

_S = State
_CHECKED = frozenset({_S.REPORTED, _S.CLOSED, _S.RETURNED, _S.UNVERIFIABLE})
_LATE = frozenset({_S.OVERDUE, _S.URGED, _S.SUPERVISED})
ALLOWED: dict[State, frozenset[State]] = {
    _S.DETECTED: frozenset({_S.REJECTED, _S.SECOND, _S.CONFIRMED, _S.MANUAL, _S.REFERRED, _S.DUPLICATE}),
    _S.MANUAL: frozenset({_S.REJECTED, _S.SECOND, _S.CONFIRMED, _S.REFERRED, _S.DUPLICATE}),
    _S.REFERRED: frozenset({_S.REJECTED, _S.SECOND, _S.CONFIRMED, _S.MANUAL}),
    _S.SECOND: frozenset({_S.CONFIRMED, _S.MANUAL, _S.REJECTED}),
    _S.CONFIRMED: frozenset({_S.APPEALED, _S.RECTIFYING}),
    _S.APPEALED: COUNTING | {_S.REJECTED},  # back to where it was, or gone
    _S.REJECTED: frozenset(),
    _S.DUPLICATE: frozenset(),
    _S.RECTIFYING: _CHECKED | {_S.OVERDUE, _S.URGED, _S.APPEALED},
    _S.REPORTED: _CHECKED | {_S.OVERDUE, _S.URGED, _S.APPEALED},
    _S.RETURNED: _CHECKED | _LATE,
    _S.UNVERIFIABLE: _CHECKED | _LATE,
    _S.OVERDUE: _CHECKED | _LATE,
    _S.URGED: _CHECKED | _LATE,
    _S.SUPERVISED: _CHECKED | {_S.SUPERVISED},
    _S.CLOSED: frozenset({_S.RETURNED, _S.CLOSED}),  # 反弹: a closed finding is open again
}


def must_allow(old: State, new: State, subject: str) -> None:
    if new not in ALLOWED[old]:
        raise AuditError(f"问题{subject}现为“{old}”，不能改为“{new}”。")


REJECTIONS = {
    "exists": "页面或内容已存在",
    "fetch": "抓取或渲染错误",
    "date": "日期读取错误",
    "owner": "归属单位错误",
    "rule": "规则不适用于此情形",
    "platform": "平台原因，不属该单位",
    "clean": "人工查看，不构成问题",
    "privacy": "涉密或个人信息，依法不公开",
    "other": "其他（须写明理由）",
}
"""Reason codes of a rejection; they feed the false-positive table per rule."""


def must_reason(code: str, note: str) -> None:
    if code not in REJECTIONS:
        known = "、".join(f"{k}（{v}）" for k, v in REJECTIONS.items())
        raise AuditError(f"驳回须给出理由代码。可用：{known}。")
    if code == "other" and not note.strip():
        raise AuditError("理由代码为 other 时，须写明理由。")
