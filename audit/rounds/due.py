"""What is due now, for cron, systemd and the scheduler: a pure list of (what, why, command)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from audit.rounds.appeals import appeals
from audit.rounds.cases import Case
from audit.rounds.dates import RoundDates, later
from audit.rounds.desk import Desk
from audit.rounds.recheck import due as recheck_due
from audit.rounds.recheck import waits_for_person
from audit.rounds.release import overdue
from audit.rounds.states import State
from audit.rounds.tally import tally
from checks.snapshot import SHANGHAI


@dataclass(frozen=True, slots=True)
class Task:
    """`machine` tasks may be run unattended; the others wait for a person."""

    id: str
    what: str
    since: str
    command: tuple[str, ...]
    machine: bool = False


def tasks(desk: Desk) -> list[Task]:
    """Everything due on the clock's day, most urgent first."""
    now = desk.now().astimezone(SHANGHAI)
    lines = desk.decisions()
    cases = list(desk.known_cases(lines).values())
    return [*_round(desk, desk.dates(lines), cases, now.date()), *_after(desk, cases, now.date())]


def _round(desk: Desk, dates: RoundDates, cases: list[Case], day: date) -> Iterator[Task]:
    ref, phase = desk.ref, desk.phase()

    def reached(step: str) -> bool:
        when = dates[step]
        return when is not None and when <= day

    def since(step: str) -> str:
        return str(dates[step] or "")

    name = ("--round", desk.round_id)
    if reached("开始采集") and phase == "采集":
        yield Task("crawl", "本轮采集和判定", since("开始采集"), ("run", ref, *name), True)
    if phase == "初审":
        told = tally(cases, {})
        if told.first:
            what = f"初审 {told.first} 处（其中涉及计分 {told.scoring} 处，冻结前须处理完）"
            yield Task("first", what, since("初审截止"), ("review", ref, "--person", "姓名"))
        if told.second:
            words = ("review", ref, "--second", "--person", "姓名")
            yield Task("second", f"第二人复核 {told.second} 处", since("复核截止"), words)
        if not told.scoring and not told.second and reached("核对期开始"):
            yield Task("draft", "出核对稿", since("核对期开始"), ("round", "draft", ref, "--person", "姓名"))
    if phase == "核对期" and reached("冻结"):
        yield Task("freeze", "冻结计分", since("冻结"), ("round", "freeze", ref, "--person", "姓名"))
    if phase == "已冻结" and reached("下发"):
        yield Task(
            "release", "下发", since("下发"), ("round", "release", ref, "--person", "姓名", "--approval", "文号")
        )


def _after(desk: Desk, cases: list[Case], day: date) -> Iterator[Task]:
    ref = desk.ref
    for appeal in appeals(desk.decisions()).values():
        last = later(desk.work, _day(appeal.filed_at), desk.workflow.deadlines.decide_appeal)
        if not appeal.result:
            late = "（已超期）" if day > last else ""
            decide = ("appeal", "decide", ref, appeal.id)
            yield Task(f"appeal-{appeal.id}", f"申诉 {appeal.id} 须于 {last} 前决定{late}", str(last), decide)
    waiting = recheck_due(desk, cases, day)
    if waiting:
        yield Task("recheck", f"复查 {len(waiting)} 个问题", str(day), ("recheck", ref, "--due"), True)
    hand = sum(waits_for_person(c) for c in cases)
    if hand:
        by_hand = ("recheck", ref, "--finding", "编号", "--verdict", "结论", "--why", "依据", "--person", "姓名")
        yield Task("by-hand", f"人工复查 {hand} 个机器不能判定的问题", str(day), by_hand)
    late_cases = overdue(cases, day)
    urge = [c for c in late_cases if c.state not in (State.URGED, State.SUPERVISED)]
    if urge:
        yield Task(
            "urge", f"催办 {len(urge)} 个逾期问题", str(day), ("urge", ref, "--kind", "催办", "--person", "姓名")
        )
    urged = [c for c in late_cases if c.state is State.URGED]
    if urged:
        words = ("urge", ref, "--kind", "督办", "--person", "姓名")
        yield Task("supervise", f"督办 {len(urged)} 个催办后仍逾期的问题", str(day), words)


def _day(moment: datetime) -> date:
    return moment.astimezone(SHANGHAI).date()
