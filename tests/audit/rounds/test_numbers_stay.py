"""A number is given once in a round and always names the same problem."""

from __future__ import annotations

from itertools import pairwise

import pytest
import report_factory as factory
from office import DECIDER, FIRST, Office, confirm_everything, failed

from audit import stages
from audit.judgements import load
from audit.numbering import read_numbers
from audit.rounds import review
from audit.rounds.find import find_case
from audit.rounds.numbers import numbers_of


def report(office: Office) -> None:
    """The machine's own report, as `run` writes it."""
    with office.desk() as desk:
        judgement = load(desk.paths.judgement)
        job = stages.Job(desk.district, desk.standards, desk.round_id, judgement.as_of, desk.paths)
        stages.render(job, judgement, desk.paths.folder / "report")


def test_a_number_names_one_problem_from_the_report_to_the_seal(
    office: Office, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    report(office)
    seen = [read_numbers(office.folder)]
    office.on("2026-10-13")
    assert office.run("round", "draft", "shiliqu", "--person", DECIDER) == 0  # everything still waits for people
    seen.append(read_numbers(office.folder / "draft-1"))
    with office.desk("test") as desk:
        wrong = desk.cases()[failed("column-stale", "dzz").identity]
        desk.decide(FIRST, review.FIRST, [review.reject(wrong, FIRST, "fetch")])
    confirm_everything(office, skip={wrong.identity})
    assert office.run("round", "draft", "shiliqu", "--person", DECIDER, "--why", "初审完毕") == 0
    seen.append(read_numbers(office.folder / "draft-2"))
    office.on("2026-10-21")
    assert office.run("round", "freeze", "shiliqu", "--person", DECIDER, "--why", "会议决定提前冻结") == 0
    seen.append(read_numbers(office.folder / "frozen-1"))
    report(office)  # the machine's report printed anew keeps to the numbers
    seen.append(read_numbers(office.folder))
    lost = seen[0][wrong.identity]
    assert lost not in {n for later in seen[2:4] for n in later.values()}  # withdrawn, and given to nobody else
    for before, after in pairwise(seen):
        assert before.items() >= {i: n for i, n in after.items() if i in before}.items()
        meaning = {n: {i for i, m in before.items() if m == n} for n in before.values()}
        for identity, number in after.items():
            assert identity in meaning.get(number, {identity})
    with office.desk() as desk:
        assert find_case(desk.cases(), numbers_of(desk), lost).identity == wrong.identity
    for module in ("load_district", "load_standards_for"):
        given = factory.district() if module == "load_district" else factory.standards()
        monkeypatch.setattr(f"audit.commands.explain.{module}", lambda _, given=given: given)
    capsys.readouterr()
    assert office.run("explain", lost.lower(), "--json") == 0
    assert wrong.lead.fingerprint in capsys.readouterr().out
