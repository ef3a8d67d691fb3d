"""A document of one district is no legal basis in another one."""

import json

import pytest

from checks.rule import catalogue
from config.district import Adoption
from config.editions import builtin_standards, load_standard, load_standards_for
from config.load import load_district
from config.local import localise
from config.plans import plan_for

FOREIGN = ("台政办发", "台儿庄", "滕州")


@pytest.mark.parametrize("standard_id", builtin_standards())
def test_no_standard_cites_another_places_document(standard_id: str) -> None:
    standard = localise(load_standard(standard_id), load_district("demo"))
    cited = [standard.title, standard.edition, *(i.clause for i in standard.indicators)]
    assert [text for text in cited if any(word in text for word in FOREIGN)] == []
    assert all(i.clause for i in standard.indicators)


def test_at_home_the_document_is_quoted() -> None:
    found = {s.id: s for s in load_standards_for(load_district("taierzhuang"))}
    clause = next(i.clause for i in found["seed-2023-6"].indicators if i.id == "1.1.1")
    assert clause.startswith("台政办发〔2023〕6号 一（一）1：“")
    assert any("台政办发〔2023〕6号" in i.clause for i in found["district-quarterly"].indicators)


def test_elsewhere_the_adoption_is_the_ground() -> None:
    district = load_district("demo")
    adoption = Adoption.model_validate({
        "standard": "seed-2023-6", "document": "青政办发〔2026〕9号", "decided_on": "2026-03-12",
        "title": "2026年青禾区政务公开工作要点检查",
    })  # fmt: skip
    standard = load_standard("seed-2023-6")
    bare = localise(standard, district)
    own = localise(standard, district.model_copy(update={"adoptions": (adoption,)}))
    assert bare.edition == "本区尚未发文采用"
    assert "本区尚未发文采用，仅供参照" in bare.indicators[0].clause
    assert (own.title, own.edition) == (adoption.title, adoption.document)
    assert own.indicators[0].clause.startswith("青政办发〔2026〕9号采用的“2026年青禾区政务公开工作要点检查”：")
    assert own.sha256 == standard.sha256  # the edition that judged stays the one that shipped


def test_rules_rest_on_law_of_the_whole_country() -> None:
    text = json.dumps([rule.legal for rule in catalogue().values()], ensure_ascii=False)
    assert not any(word in text for word in FOREIGN)


def test_the_task_ledger_elsewhere_names_no_foreign_plan() -> None:
    plan = plan_for("seed-2023-6", load_district("demo"))
    assert plan is not None
    assert not any(word in f"{plan.title}{plan.document}{plan.interview}" for word in FOREIGN)
