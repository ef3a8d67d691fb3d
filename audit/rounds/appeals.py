"""Appeals (workflow.md §5): one round, nine grounds, never decided by the first reviewer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

import msgspec

from audit.errors import AuditError
from audit.files import write_atomic
from audit.history.chain import Decision
from audit.history.store import Entry
from audit.mail import draft
from audit.rounds.cases import Case, suspended
from audit.rounds.dates import later
from audit.rounds.desk import Desk, may
from audit.rounds.numbers import numbers_of
from audit.rounds.papers import paper
from audit.rounds.states import COUNTING, State
from audit.rounds.won import FILE, FOLDER, RENDERED
from audit.rounds.wording import address, matter, unit_names
from checks.snapshot import SHANGHAI
from crawler.store import ObservationStore, StoreError
from reports.text import figure

GROUNDS = {
    "exists": "页面已存在（给网址）",
    "fetch": "抓取错误",
    "rule": "规则理解不同",
    "owner": "归属错误",
    "inapplicable": "不适用",
    "platform": "平台原因",
    "repaired": "期限内已整改",
    "privacy": "涉密/个人信息不宜公开",
    "double": "重复扣分",
}
RESULTS = ("成立", "部分成立", "不成立")
LONGEST = 500


@dataclass(frozen=True, slots=True)
class Appeal:
    """An appeal as it stands. `result` is blank while it is pending."""

    id: str
    identity: str
    unit: str
    ground: str
    text: str
    urls: tuple[str, ...]
    signed_by: str
    filed_at: datetime
    result: str = ""
    reason: str = ""
    decided_by: str = ""
    decided_at: str = ""


def appeals(lines: Iterable[Decision]) -> dict[str, Appeal]:
    """All appeals of a round by id, in the order of filing."""
    found: dict[str, Appeal] = {}
    for line in lines:
        payload = line.payload
        if line.kind == "appeal.filed":
            found[str(payload["id"])] = Appeal(
                str(payload["id"]), line.subject, str(payload["unit"]), str(payload["ground"]), line.why,
                tuple(payload["urls"]), str(payload["signed_by"]), datetime.fromisoformat(line.at),
            )  # fmt: skip
        elif line.kind == "appeal.decided":
            old = found[str(payload["id"])]
            found[old.id] = Appeal(
                old.id, old.identity, old.unit, old.ground, old.text, old.urls, old.signed_by, old.filed_at,
                str(payload["result"]), line.why, line.who, line.at,
            )  # fmt: skip
    return found


def add(
    desk: Desk, case: Case, ground: str, text: str, urls: Sequence[str], signed_by: str, who: str, file: Path | None
) -> str:
    """Take an appeal in; returns its id. Raises AuditError when the window is closed or the form is not whole."""
    if ground not in GROUNDS:
        raise AuditError(f"申诉理由须用代码：{'、'.join(f'{k}（{v}）' for k, v in GROUNDS.items())}。")
    if not text.strip() or len(text) > LONGEST:
        raise AuditError(f"申诉说明须有内容且不超过 {LONGEST} 字，现为 {len(text)} 字。")
    if ground == "exists" and not urls:
        raise AuditError("理由为“页面已存在”的，须用 --url 给出网址。")
    if not signed_by.strip():
        raise AuditError("申诉须由单位分管负责人签字：请用 --signed-by 写明姓名。")
    lines = desk.decisions()
    known = appeals(lines)
    if any(a.identity == case.identity for a in known.values()):
        raise AuditError(f"问题{case.called}已经申诉过；每个问题只受理一次。")
    if case.state not in COUNTING:
        raise AuditError(f"问题{case.called}现为“{case.state}”，未确认扣分，无需申诉。")
    _window(desk, lines)
    number = f"SS-{desk.round_id}-{len(known) + 1:03d}"
    payload: dict[str, object] = {
        "id": number, "unit": case.unit, "ground": ground, "urls": list(urls), "signed_by": signed_by,
        "before": str(case.state),
    }  # fmt: skip
    if file is not None:
        payload["file"] = _keep(desk, number, file)
    desk.decide(who, "单位", [Entry("appeal.filed", case.identity, State.APPEALED, text.strip(), payload)])
    return number


def _window(desk: Desk, lines: Sequence[Decision]) -> None:
    """3 working days after the draft was issued; 5 after release."""
    limits = desk.workflow.deadlines
    starts = {"draft.issued": limits.appeal_in_check, "round.released": limits.appeal_after_release}
    opened = [(d, starts[d.kind]) for d in lines if d.kind in starts]
    if not opened:
        raise AuditError("核对稿尚未发出，还不能申诉。请先运行 govaudit round draft。")
    released = [o for o in opened if o[0].kind == "round.released"]
    line, days = released[0] if released else opened[0]
    day = datetime.fromisoformat(line.at).astimezone(SHANGHAI).date()
    last = later(desk.work, day, days)
    if desk.now().astimezone(SHANGHAI).date() > last:
        raise AuditError(f"申诉期已过：{day} 发出，{days}个工作日内即至 {last} 可以申诉。")


def _keep(desk: Desk, number: str, file: Path) -> str:
    try:
        data = file.read_bytes()
    except OSError as error:
        raise AuditError(f"无法读取附件 {file}：{error.strerror or error}。") from error
    name = f"{number}{file.suffix[:10]}"
    write_atomic(desk.paths.folder / "appeals" / name, data)
    return f"appeals/{name}"


def decide(
    desk: Desk, number: str, result: str, reason: str, who: str, opinion_by: str, points: str = ""
) -> tuple[Case, str]:
    """Decide an appeal. Returns the case, and the rule that this decision suspends ("" if none)."""
    may(who, desk.workflow.people.deciders, "审定")
    lines = desk.decisions()
    known = appeals(lines)
    appeal = known.get(number)
    if appeal is None:
        raise AuditError(f"没有申诉 {number}。已有：{'、'.join(known) or '无'}。")
    if appeal.result:
        raise AuditError(f"申诉 {number} 已于 {appeal.decided_at[:10]} 决定：{appeal.result}。")
    if result not in RESULTS:
        raise AuditError(f"决定须为：{'、'.join(RESULTS)}。")
    if not reason.strip():
        raise AuditError("决定须写明理由（--reason）。")
    case = desk.cases(lines)[appeal.identity]
    for name, role in ((who, "决定人"), (opinion_by, "提出意见的人")):
        if name.strip() == case.first.strip():
            raise AuditError(f"{role}不能是该问题的初审员 {case.first}，须由他人处理。")
    if not opinion_by.strip():
        raise AuditError("须用 --opinion-by 写明由谁（初审员以外的人）提出意见。")
    before = next(State(str(d.payload["before"])) for d in reversed(lines) if d.payload.get("id") == number)
    payload: dict[str, object] = {"id": number, "result": result, "opinion_by": opinion_by, "ground": appeal.ground}
    new = State.REJECTED if result == "成立" else before
    if result == "部分成立":
        payload["points"] = str(_partial(points, case))
    entries = [Entry("appeal.decided", case.identity, new, reason.strip(), payload)]
    hit = _suspends(desk, known, case, result, lines)
    if hit:
        why = f"{desk.workflow.review.suspend_units}个以上单位就该规则申诉成立"
        entries.append(Entry("rule.suspended", hit, "", why, {"appeal": number}))
    if result == "成立":
        _write_case(desk, case, appeal, reason)
    _write_reply(desk, case, appeal, result, reason.strip(), str(payload.get("points", "")), suspended=bool(hit))
    desk.decide(who, "审定", entries)
    return case, hit


def _effect(case: Case, result: str, points: str) -> str:
    if result == "成立":
        return "该问题不再计入你单位得分，得分重新计算，另发新版评分卡和更正表。"
    if result == "部分成立":
        changed = f"由扣{figure(case.stake)}分改为扣{figure(Decimal(points))}分"
        return f"该问题{changed}，另发新版评分卡和更正表；问题仍须整改。"
    day = f"整改期限 {case.deadline}" if case.deadline else "整改期限以下发的交办单为准"
    return f"维持原结论，{day}。"


def _write_reply(
    desk: Desk, case: Case, appeal: Appeal, result: str, reason: str, points: str, *, suspended: bool
) -> None:
    """答复 to the unit: a paper and a mail draft."""
    now = desk.now().astimezone(SHANGHAI)
    unit = unit_names(desk.district).get(case.unit, case.unit) or desk.district.site.name
    filed = appeal.filed_at.astimezone(SHANGHAI)
    title = f"关于{unit}申诉事项的答复"
    page = paper(
        "appeal.html.j2",
        title=title,
        appeal=appeal,
        unit=unit,
        filed=f"{filed.year}年{filed.month}月{filed.day}日",
        number=numbers_of(desk).get(case.identity) or case.called,
        matter=matter(desk.district, case),
        address=address(case.lead),
        ground=GROUNDS[appeal.ground],
        result=result,
        reason=reason,
        effect=_effect(case, result, points),
        suspended=suspended,
        office=desk.district.office,
        day=f"{now.year}年{now.month}月{now.day}日",
    )
    base = desk.paths.folder / "appeals"
    write_atomic(base / f"{appeal.id}-答复.html", page)
    note = f"{unit}：\n\n{title}（{appeal.id}）见附件。\n\n{desk.district.office}"
    mail = draft(desk.workflow.mail, case.unit, title, note, f"{title}.html", page, desk.now(), appeal.id)
    write_atomic(base / f"{appeal.id}-答复.eml", mail)


def _partial(text: str, case: Case) -> Decimal:
    try:
        points = Decimal(text)
    except InvalidOperation as error:
        raise AuditError("部分成立须用 --points 写明改扣多少分。") from error
    if not 0 <= points < case.stake:
        raise AuditError(f"改扣的分数须不小于 0 且小于原扣的 {case.stake} 分。")
    return points


def _suspends(desk: Desk, known: dict[str, Appeal], case: Case, result: str, lines: Sequence[Decision]) -> str:
    """The rule that must be suspended because enough units have won on it now."""
    if result != "成立" or case.lead.rule in suspended(lines):
        return ""
    cases = desk.cases(lines)
    won = {a.unit for a in known.values() if a.result == "成立" and cases[a.identity].lead.rule == case.lead.rule}
    return case.lead.rule if len(won | {case.unit}) >= desk.workflow.review.suspend_units else ""


def _write_case(desk: Desk, case: Case, appeal: Appeal, reason: str) -> None:
    """A rule test case: what the machine said, what is true, and the pages it was said of."""
    folder = desk.folder / FOLDER / appeal.id
    lead, machine = case.lead, desk.machine()
    pages = []
    with ObservationStore(desk.paths.observations, readonly=True) as store:
        for at, evidence in enumerate(lead.evidence, 1):
            try:
                body = store.body(evidence.sha256)
            except StoreError:
                continue
            name = f"page-{at}.html"
            write_atomic(folder / name, body)
            fetch = store.latest(evidence.url)
            kind = fetch.content_type if fetch and fetch.body_sha256 == evidence.sha256 else ""
            pages.append(
                {"file": name, "url": evidence.url, "sha256": evidence.sha256, "fetched_at": evidence.fetched_at,
                 "content_type": kind or RENDERED}
            )  # fmt: skip
    told = {
        "rule": lead.rule, "rule_version": lead.rule_version, "unit": lead.unit, "column": lead.column,
        "subject": lead.subject, "machine": str(lead.outcome), "expected": "passed", "message": case.message,
        "data": dict(lead.data), "ground": appeal.ground, "reason": reason, "urls": list(appeal.urls), "pages": pages,
        "round": desk.round_id, "appeal": appeal.id, "identity": case.identity, "snapshot": machine.snapshot,
        "as_of": machine.as_of.isoformat(),
    }  # fmt: skip
    write_atomic(folder / FILE, msgspec.json.format(json.dumps(told, ensure_ascii=False).encode(), indent=1))
