"""Earlier rounds as reports and comparisons see them."""

from __future__ import annotations

import os
from pathlib import Path

from audit.history.repairs import repairs, told
from audit.history.store import FILE, History, JudgementRow, history_url
from audit.judgements import StoredJudgement
from checks.outcomes import Outcome
from reports.view import PastRound

MOST = 8  # quarters of a trend (outputs.md §1.7)


def newest_frozen(history: History, district: str) -> list[JudgementRow]:
    """The newest sealed judgement of every round, oldest round first."""
    best: dict[str, JudgementRow] = {}
    for row in history.judgements(district, "frozen"):
        if row.round not in best or row.version > best[row.round].version:
            best[row.round] = row
    return sorted(best.values(), key=lambda r: (r.as_of, r.round))


def past_rounds(history: History, district: str, judgement: StoredJudgement) -> tuple[PastRound, ...]:
    """Sealed rounds before this one, oldest first, at most eight.

    A round is comparable when no rule that both used has another version.
    """
    rules = {f.rule: f.rule_version for f in judgement.findings}
    rows = [r for r in newest_frozen(history, district) if r.as_of < judgement.as_of and r.round != judgement.round]
    found = []
    for row in rows[-MOST:]:
        past = history.judgement(row.id)
        failed = tuple(f for f in past.findings if f.outcome is Outcome.FAILED)
        lines = history.decisions(district, row.round)
        found.append(
            PastRound(
                round_id=row.round,
                as_of=past.as_of,
                scores=past.scores,
                ranks=past.ranks,
                fingerprints=frozenset(f.fingerprint for f in failed),
                comparable=all(rules.get(rule, version) == version for rule, version in row.rules.items()),
                findings=failed,
                repairs=repairs(lines),
                told=told(lines),
            )
        )
    return tuple(found)


def past_beside(folder: Path, judgement: StoredJudgement) -> tuple[PastRound, ...]:
    """Earlier rounds for a snapshot at `<data>/<district>/<snapshot>`; empty where no history is kept."""
    if folder.parent.name != judgement.district:
        return ()
    data = folder.parent.parent
    if not (data / FILE).exists() and not os.environ.get("GOVAUDIT_HISTORY"):
        return ()
    with History.open(history_url(data)) as history:
        return past_rounds(history, judgement.district, judgement)
