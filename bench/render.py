"""`python -m bench.render`: a round of 60 units with 500 findings each is scored again and rendered."""

from __future__ import annotations

import argparse
import hashlib
import resource
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import cycle, islice

from bench.synthetic import AT, TODAY
from bench.table import Row, print_rows
from checks.facts import Coverage
from checks.outcomes import Outcome
from checks.rule import catalogue
from checks.scoring import rank, score_all
from checks.snapshot import SHANGHAI
from checks.verdicts import Evidence, Finding
from config.district import District, Unit, UnitGroup
from config.editions import load_standards_for
from config.load import load_district
from config.standard import Standard
from reports.build import build
from reports.view import CoverageView, RoundView, RuleInfo

TARGET_S = 60.0
AS_OF = datetime.combine(TODAY, datetime.min.time(), SHANGHAI) + timedelta(hours=12)
_OUTCOMES = (Outcome.PASSED,) * 6 + (Outcome.FAILED,) * 2 + (Outcome.CANNOT_TELL, Outcome.INAPPLICABLE)


def district_of(units: int) -> District:
    """The demonstration district with `units` numbered units in place of its own."""
    base = load_district("demo", as_of=TODAY)
    groups = cycle(UnitGroup)
    more = tuple(
        Unit(unit_id=f"u{n}", name_short=f"示例{n}局", name_full=f"示例区示例{n}局", group=next(groups), scored=True)
        for n in range(units - 1)
    )
    owner = base.unit(base.portal_owner)
    assert owner is not None
    return base.model_copy(update={"units": (owner, *more)})


def findings(district: District, standards: tuple[Standard, ...], per_unit: int) -> Iterator[Finding]:
    """`per_unit` findings of every unit, over all indicators in turn; two in ten failed."""
    places = [(s, i, b) for s in standards for i in s.indicators for b in i.rules]
    for unit in district.units:
        for number, (standard, indicator, binding) in enumerate(islice(cycle(places), per_unit)):
            outcome = _OUTCOMES[number % len(_OUTCOMES)]
            url = f"{district.site.home}{unit.unit_id}/t20260901_{number}.html"
            key = hashlib.sha256(f"{standard.id}{indicator.id}{binding.rule}{url}".encode()).hexdigest()[:16]
            failed = outcome is Outcome.FAILED
            yield Finding(
                rule=binding.rule,
                rule_version=1,
                standard=standard.id,
                indicator=f"{standard.id}/{indicator.id}",
                outcome=outcome,
                review=False,
                unit=unit.unit_id,
                column="",
                subject=url,
                url=url,
                message=f"第{number}条信息最近更新于2026-08-01，距检查时点60天，限期14天。",
                data={"title": f"示例信息{number}", "age": 60, "limit": 14, "unit_name": unit.name},
                evidence=(Evidence(url, key * 4, AT, "div.list > ul > li", "示例工作简报 2026-08-01"),),
                points=binding.points if failed else Decimal(0),
                at_stake=binding.points if outcome in (Outcome.FAILED, Outcome.CANNOT_TELL) else Decimal(0),
                reason="incomplete" if outcome is Outcome.CANNOT_TELL else "",
                clause_class=str(binding.clause_class),
                waived="",
                fingerprint=key,
                identity=key[::-1],
            )


def rows(units: int, per_unit: int) -> Iterator[Row]:
    district = district_of(units)
    standards = load_standards_for(district)
    every = tuple(findings(district, standards, per_unit))
    began, cpu = time.perf_counter(), time.process_time()
    scores = score_all(every, standards, district, TODAY)
    ranks = rank(scores, district, standards[0])
    scored = time.process_time() - cpu
    whole = Coverage(complete=True, known=1, fetched=1)
    view = RoundView(
        district=district, round_id="2026Q3", as_of=AS_OF, snapshot_id="2026Q3", standards=standards, findings=every,
        scores=scores, ranks=ranks, rules={key: RuleInfo.of(rule) for key, rule in catalogue().items()},
        coverage=CoverageView(site=whole, pages=len(every)),
    )  # fmt: skip
    files = size = 0
    for _, body in build(view):
        files, size = files + 1, size + len(body)
    wall, cpu = time.perf_counter() - began, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    name = f"{units} units × {per_unit} findings"
    yield Row("render", f"{name}, scoring", f"{scored:.1f} s CPU")
    value = f"{wall:.1f} s · {cpu:.1f} s CPU · {files} files, {size / 1e6:.0f} MB · peak {peak:,.0f} MB"
    yield Row("render", f"{name}, scoring and every file", value, f"target ≤ {TARGET_S:.0f} s")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.render")
    parser.add_argument("--units", type=int, default=60)
    parser.add_argument("--findings", type=int, default=500)
    options = parser.parse_args()
    print_rows(rows(options.units, options.findings))


if __name__ == "__main__":
    main()
