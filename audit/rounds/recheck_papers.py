"""The paper of a re-check for each unit: what was found, what is seen now, with pictures of both, what follows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from audit.files import write_atomic
from audit.rounds.beside import Pictures
from audit.rounds.checked import STATES, Checked, Result
from audit.rounds.dates import later
from audit.rounds.desk import Desk
from audit.rounds.numbers import numbers_of
from audit.rounds.papers import paper
from audit.rounds.probe import Probe
from audit.rounds.states import State
from audit.rounds.wording import matter, unit_names
from audit.rounds.wording import proof as shown
from checks.snapshot import SHANGHAI
from crawler.observations import OBSERVATIONS
from reports.text import round_name

BY_HAND_ONLY = "人工核对，没有用浏览器"


def next_deadline(desk: Desk, day: date) -> date:
    """The new deadline of what was sent back."""
    return later(desk.work, day, desk.workflow.deadlines.second_recheck)


def write_papers(
    desk: Desk, results: Sequence[Checked], at: datetime, moment: datetime | None = None, probe: Probe | None = None
) -> list[Path]:
    """One paper per unit; a second re-check on the same day has its time in its name. No probe: a person judged."""
    names, numbers = unit_names(desk.district), numbers_of(desk)
    by_unit: dict[str, list[Checked]] = defaultdict(list)
    for item in results:
        by_unit[item.case.unit].append(item)
    written = []
    for unit, items in sorted(by_unit.items()):
        name = names.get(unit, unit) or desk.district.site.name
        judged = [i for i in items if i.result in STATES and i.result is not Result.UNSEEN]
        early = sum(i.result is Result.NOT_DUE for i in items)
        pictures = Pictures(
            desk.paths.observations,
            probe.folder / OBSERVATIONS if probe else None,
            probe.shots if probe else {},
            probe.browser if probe else BY_HAND_ONLY,
        )
        page = paper(
            "recheck.html.j2",
            title=f"{name}{round_name(desk.round_id)}问题整改复查",
            office=desk.district.office,
            at=f"{at.astimezone(SHANGHAI):%Y年%-m月%-d日 %H:%M}",
            passed=sum(STATES.get(i.result) is State.CLOSED for i in judged),
            judged=len(judged),
            unseen=len(items) - len(judged) - early,
            early=early,
            moment=f"{moment.astimezone(SHANGHAI):%Y年%-m月%-d日 %H:%M}" if moment else "",
            effort=probe.effort.outcome() if probe and probe.effort else "",
            rows=[_row(desk, i, numbers, at) | {"pictures": pictures.pair(i.case)} for i in items],
        )
        base = desk.paths.folder / "复查" / f"{desk.round_id}-{unit or 'site'}-{at:%Y%m%d}"
        path = base.with_suffix(".html")
        if path.exists():
            path = base.with_name(f"{base.name}-{at:%H%M%S}.html")
        write_atomic(path, page)
        written.append(path)
    return written


def _row(desk: Desk, item: Checked, numbers: Mapping[str, str], at: datetime) -> dict[str, object]:
    case, lead = item.case, item.case.lead
    old = next((e for e in lead.evidence if e.sha256), None)
    report = case.report
    action = item.action
    if STATES.get(item.result) is State.RETURNED:
        action += f"，新期限 {next_deadline(desk, at.astimezone(SHANGHAI).date())}"
    return {
        "number": numbers.get(case.identity) or case.called,
        "matter": matter(desk.district, case),
        "rule": f"{lead.rule}（第{lead.rule_version}版）",
        "deadline": case.deadline.isoformat() if case.deadline else "",
        "report": f"{report['done']} {report['url']}" if report else "未申报",
        "after": "（与检出时相同）" if item.after == lead.message else item.after.replace("检查时点", "复查时点"),
        "new": "；".join(item.new),
        "verdict": str(item.result),
        "action": action,
        "before_evidence": shown(old.url, old.fetched_at, old.sha256) if old else "查找经过见评分卡",
        "after_evidence": item.evidence,
    }
