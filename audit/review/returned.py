"""A filled review workbook taken back: every row or none, each cell that conflicts named.

The head is read by its titles, so a workbook of an earlier version counts as long as it has what is needed. A row
whose conclusion this person has given before is not another decision: the same one changes nothing, a different one
takes the old one back and puts the new one in its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from audit.console import clean
from audit.errors import AuditError
from audit.history.chain import Decision
from audit.history.store import Entry
from audit.review.workbook import ACTS, ANSWER, CODE, FILLED, HOW, KEY, NOTE, OF, SECOND_ACTS, STATE, exported
from audit.rounds import review
from audit.rounds.cases import Case
from audit.rounds.desk import Desk
from audit.rounds.find import find_case
from audit.rounds.numbers import numbers_of
from audit.rounds.stated import DAY, FACT, PROOF, Unfit, statement
from audit.rounds.states import REJECTIONS, State
from audit.rounds.wording import local, unit_names

NEEDED = (KEY, "校验", STATE, "问题描述", ANSWER, CODE)
STATED = (FACT, PROOF, DAY)
LONGEST_NOTE = 500
LARGEST = 30 * 1024 * 1024
_MANUAL_SHEET = "判定问题（是／否／不适用）"


@dataclass(frozen=True, slots=True)
class Conflict:
    """A cell that cannot be taken over, and why."""

    cell: str
    why: str

    def __str__(self) -> str:
        return f"{self.cell}：{self.why}"


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of an import. With conflicts nothing was taken. `changed` tells old and new in a sentence each."""

    new: int = 0
    same: int = 0
    changed: tuple[str, ...] = ()
    conflicts: tuple[Conflict, ...] = ()


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    values: Mapping[str, str]
    letters: Mapping[str, str]

    def __getitem__(self, title: str) -> str:
        return self.values.get(title, "")

    def cell(self, title: str) -> str:
        return f"{self.letters.get(title, self.letters[KEY])}{self.number}"


def take_back(desk: Desk, path: Path, person: str, second: bool) -> Taken:
    """Apply a filled workbook. Raises AuditError for a file that is no such workbook."""
    rows = _read(path)
    lines = desk.decisions()
    cases, numbers, names = desk.cases(lines), numbers_of(desk), unit_names(desk.district)
    own = _own(rows, cases, person, second)
    earlier = desk.cases([d for d in lines if d.subject not in own or d.seq < own[d.subject].seq]) if own else cases
    entries: list[Entry] = []
    conflicts: list[Conflict] = []
    changed: list[str] = []
    same, seen = 0, dict[str, int]()
    for row in rows:
        case = cases.get(row[KEY])
        wrong = _misplaced(row, case, seen)
        if wrong or case is None or not row[ANSWER]:
            conflicts += wrong
            continue
        seen[case.identity] = row.number
        mine = own.get(case.identity)
        before = earlier[case.identity] if mine else case
        altered = _altered(before, row, names)
        if altered:
            conflicts += altered
            continue
        wanting = _wanting(row, before, second=second)
        if wanting:
            conflicts += wanting
            continue
        try:
            entry = _entry(desk, before, cases, numbers, row, person, second)
            if mine is None:
                entries.append(entry)
            elif _says(entry) == _says(mine):
                same += 1
            else:
                entries += [_taken_back(case, mine, person), entry]
                told = f"{numbers.get(case.identity, case.identity[:8])}：{_told(mine)}，现改为{_told(entry)}"
                changed.append(f"第{row.number}行 {told}")
        except Unfit as error:
            conflicts.append(Conflict(row.cell(error.field), str(error)))
        except AuditError as error:
            conflicts.append(Conflict(row.cell(ANSWER), str(error)))
    if conflicts:
        return Taken(conflicts=tuple(conflicts))
    if entries:
        desk.decide(person, review.SECOND if second else review.FIRST, entries)
    return Taken(len(entries) - 2 * len(changed), same, tuple(changed))


def _own(rows: Iterable[_Row], cases: Mapping[str, Case], person: str, second: bool) -> dict[str, Decision]:
    """By identity, what this person decided when the case stood as the row says: the row's own earlier import."""
    role = review.SECOND if second else review.FIRST
    found: dict[str, Decision] = {}
    for row in rows:
        case = cases.get(row[KEY])
        if case is None or not row[ANSWER] or row[STATE] == case.state:
            continue
        state = str(State.DETECTED)
        for line in review.standing(case):
            if (line.who, line.role, state) == (person.strip(), role, row[STATE]):
                found[case.identity] = line
            state = line.state or state
    return found


def _says(entry: Entry | Decision) -> tuple[object, ...]:
    """What a conclusion comes to: a batch's mark and the record of what was looked at do not change it."""
    told = {k: v for k, v in (entry.payload or {}).items() if k in ("reason", "of_identity", "agree", "stated")}
    return entry.kind, entry.why, told


def _told(entry: Entry | Decision) -> str:
    payload = entry.payload or {}
    act = {"finding.rejected": "驳回", "finding.manual": "转人工", "finding.referred": "转送"}.get(entry.kind, "")
    act = act or ("重复" if entry.kind == "finding.duplicate" else "确认")
    if entry.kind == "finding.second":
        act = "同意" if payload.get("agree") else "不同意"
    code = str(payload.get("reason", ""))
    said = "，".join(filter(None, (code, clean(entry.why, 40))))
    at = f"（{local(entry.at)[:16]}）" if isinstance(entry, Decision) else ""
    return f"“{act}{f'：{said}' if said else ''}”{at}"


def _taken_back(case: Case, mine: Decision, person: str) -> Entry:
    """The undoing of one's own decision. Raises AuditError when others have gone on since."""
    last = review.standing(case)[-1]
    if last.seq != mine.seq:
        raise AuditError(
            f"你先前的结论是{_told(mine)}，此后 {last.who} 已处理为“{case.state}”，不能再用工作簿改变；请与其商量。"
        )
    return review.undo(case, person)


def _misplaced(row: _Row, case: Case | None, seen: Mapping[str, int]) -> list[Conflict]:
    """What is wrong with a row before its content is looked at."""
    if not row[ANSWER]:
        filled = any(row[title] for title in FILLED if title != ANSWER)
        return [Conflict(row.cell(ANSWER), "填了理由、说明或人工核查，但没有结论")] if filled else []
    if case is None:
        return [Conflict(row.cell(KEY), f"没有指纹为“{clean(row[KEY], 40)}”的问题，指纹可能被改动")]
    if case.identity in seen:
        return [Conflict(row.cell(KEY), f"与第 {seen[case.identity]} 行是同一问题")]
    return []


def _wanting(row: _Row, case: Case, *, second: bool) -> list[Conflict]:
    """Cells that the conclusion of a row wants, or that have no place in it."""
    answer = row[ANSWER]
    acts = SECOND_ACTS if second else ACTS
    if answer not in acts:
        told = "、".join(acts)
        return [Conflict(row.cell(ANSWER), f"结论“{clean(answer, 20)}”不可用，应为：{told}")]
    found = []
    if answer == "驳回" and row[CODE] not in REJECTIONS:
        given = f"没有代码“{clean(row[CODE], 20)}”" if row[CODE] else "驳回须填理由代码"
        known = "、".join(f"{k}（{v}）" for k, v in REJECTIONS.items())
        found.append(Conflict(row.cell(CODE), f"{given}，应为：{known}"))
    if answer == "驳回" and row[CODE] == "other" and not row[NOTE]:
        found.append(Conflict(row.cell(NOTE), "理由代码为 other 的，须在这里写明理由"))
    if answer == "重复" and OF in row.values and not row[OF]:
        found.append(Conflict(row.cell(OF), "须填与之重复的另一个问题的编号或指纹"))
    if answer == "确认" and case.lost and not second and not row[NOTE]:
        found.append(Conflict(row.cell(NOTE), f"同一事项曾经申诉成立（{case.lost}），须写明与上次有何不同"))
    if len(row[NOTE]) > LONGEST_NOTE:
        found.append(Conflict(row.cell(NOTE), f"不超过 {LONGEST_NOTE} 字，现为 {len(row[NOTE])} 字"))
    stated = [t for t in STATED if row[t]]
    if stated and (second or not case.unmeasured):
        why = "复核不填此栏，意见写在“说明”" if second else "机器已测得此项，不填人工核查；有补充的写在“说明”"
        found += [Conflict(row.cell(t), why) for t in stated]
    return found


def _altered(case: Case, row: _Row, names: Mapping[str, str]) -> list[Conflict]:
    found = []
    for title, wanted in exported(case, names).items():
        if title not in row.values or row[title] == wanted or title == HOW:  # advice, not content
            continue
        if title == STATE:
            last = review.standing(case)
            by = f"（{last[-1].who}，{local(last[-1].at)[:16]}）" if last else ""
            why = f"导出后已有他人处理{by}：导出时“{clean(row[title], 20)}”，现为“{wanted}”"
        else:
            why = f"“{title}”被改动，应为“{clean(wanted, 60)}”"
        found.append(Conflict(row.cell(title), why))
    return found


def _entry(
    desk: Desk, case: Case, cases: Mapping[str, Case], numbers: Mapping[str, str], row: _Row, person: str,
    second: bool,
) -> Entry:  # fmt: skip
    act, code, note = ACTS[row[ANSWER]], row[CODE], row[NOTE]
    if second and act in ("confirm", "manual"):
        return review.second(case, person, act == "confirm", note)
    match act:
        case "confirm":
            stated = None
            if case.unmeasured and not case.gap:
                _must_have(row, STATED)
                stated = statement(case.lead, row[FACT], row[PROOF], row[DAY], desk.today())
            return review.confirm(case, person, note, stated)
        case "reject":
            return review.reject(case, person, code, note)
        case "manual":
            return review.manual(case, note)
        case "refer":
            return review.refer(case, note)
        case "duplicate":
            _must_have(row, (OF,))
            of = find_case(cases, numbers, row[OF])
            if of.state is State.DUPLICATE:
                raise AuditError("合并的对象本身是重复问题。")
            return review.duplicate(case, of, note)
    raise AssertionError(act)


def _must_have(row: _Row, titles: Sequence[str]) -> None:
    """Raises AuditError naming columns that a workbook of an earlier version does not have."""
    absent = [t for t in titles if t not in row.values]
    if absent:
        told = "、".join(f"“{t}”" for t in absent)
        raise AuditError(f"这本工作簿是旧版，没有{told}栏：请在表头右侧加上同名的列填写，或重新导出后填写")


def _read(path: Path) -> list[_Row]:
    """Rows as text by title, with their numbers in the sheet. Raises AuditError for a file that is no workbook."""
    try:
        if path.stat().st_size > LARGEST:
            raise AuditError(f"{path} 过大，不像是导出的工作簿。")
        book = load_workbook(path, read_only=True, data_only=True)
    except AuditError:
        raise
    except Exception as error:  # openpyxl raises whatever the broken archive makes it stumble over
        raise AuditError(f"{path} 不是可以读取的工作簿，或已损坏。请交回导出的 .xlsx 文件。") from error
    try:
        sheet = book.worksheets[0]
        lines = list(sheet.iter_rows(values_only=True, max_col=_WIDEST))
    finally:
        book.close()
    letters = _head(path, lines)
    columns = {title: at for at, title in enumerate(map(_text, lines[0])) if title}
    read = (
        _Row(n, {title: _text(line[at]) for title, at in columns.items()}, letters)
        for n, line in enumerate(lines[1:], 2)
    )
    return [row for row in read if any(row.values.values())]


_WIDEST = 40


def _head(path: Path, lines: Sequence[Sequence[Any]]) -> dict[str, str]:
    """Column letters by title. Raises AuditError naming what is missing or there twice."""
    titles = [_text(v) for v in lines[0]] if lines else []
    every = {_text(v) for line in lines[:6] for v in line}
    if _MANUAL_SHEET in every:
        raise AuditError(
            f"{path} 是报告中的人工核查表，供打印和线下核查；登记结论请用 govaudit review --export 导出的工作簿，"
            "或直接在 govaudit review 打开的页面上填写。未导入任何内容。"
        )
    absent = [t for t in NEEDED if t not in titles]
    if absent:
        told = "、".join(f"“{t}”" for t in absent)
        raise AuditError(f"{path} 的表头缺少{told}，未导入任何内容。请在导出的文件上填写，不要删改表头。")
    twice = [t for t in dict.fromkeys(titles) if t and titles.count(t) > 1]
    if twice:
        raise AuditError(f"{path} 的表头有两个“{twice[0]}”，不知以哪一列为准，未导入任何内容。")
    return {title: get_column_letter(at) for at, title in enumerate(titles, 1) if title}


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    return "" if value is None else str(value).strip()
