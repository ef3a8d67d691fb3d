"""Judgements of a fictitious district for tests of history and rounds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

import report_factory as factory

from audit.judgements import SCHEMA, StoredJudgement
from checks.scoring import rank, score_all
from checks.snapshot import SHANGHAI
from checks.verdicts import Finding

DISTRICT = "shiliqu"
CUTOFF = date(2026, 9, 30)
OPENED = datetime(2026, 9, 16, 9, 0, tzinfo=SHANGHAI)


def judgement(round_id: str = "2026Q3", findings: Iterable[Finding] | None = None) -> StoredJudgement:
    every = tuple(factory.findings() if findings is None else findings)
    scores = score_all(every, factory.standards(), factory.district(), CUTOFF)
    return StoredJudgement(
        schema=SCHEMA,
        district=DISTRICT,
        district_hash="0" * 64,
        round=round_id,
        as_of=factory.AS_OF,
        snapshot=round_id,
        manifest="f" * 64,
        tool_version="0.1.0",
        standards=tuple(s.id for s in factory.standards()),
        findings=every,
        scores=scores,
        ranks=rank(scores, factory.district(), factory.standards()[0]),
        errors=(),
    )


def points(values: Iterable[Finding]) -> Decimal:
    return sum((f.points for f in values), Decimal(0))
