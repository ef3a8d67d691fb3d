"""Standards as data: what loads, what is refused and how the refusal reads."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from district_folder import Folder

from config.editions import builtin_standards, load_standard, load_standards_for
from config.errors import ConfigError, Problem
from config.load import load_district
from config.standard import Confidence, IndicatorKind, State

STANDARD = """\
id = "probe"
title = "试用标准"
edition = "示例文件"
effective_from = 2026-01-01

[[groups]]
id = "a"
title = "甲组"
weight = 40.5

[[indicators]]
id = "A1"
title = "栏目更新"
group = "a"
clause = "示例文件第一条"
kind = "deduct"
confidence = "A"
cap = "3.0"
rules = [
  { rule = "column-stale", points = 0.1, params = { dynamic_days = 10 } },
]

[[indicators]]
id = "A2"
title = "人工项"
group = "a"
clause = "示例文件第二条"
kind = "manual"
confidence = "*"
manual = "是否做到？"

[[guards]]
rule = "column-stale"
param = "dynamic_days"
max = 14
reason = "示例文件第一条"
"""


def write(path: Path, text: str) -> Path:
    file = path / "probe.toml"
    file.write_text(text, encoding="utf-8")
    return file


def problems(path: Path, old: str, new: str) -> list[Problem]:
    assert old in STANDARD, old
    with pytest.raises(ConfigError) as caught:
        load_standard(write(path, STANDARD.replace(old, new)))
    return list(caught.value.problems)


def test_points_are_exact_however_they_are_written(tmp_path: Path) -> None:
    standard = load_standard(write(tmp_path, STANDARD))
    indicator = standard.indicator("A1")
    assert indicator is not None
    assert indicator.rules[0].points == Decimal("0.1")
    assert indicator.cap == Decimal("3.0")
    assert standard.groups[0].weight == Decimal("40.5")
    assert indicator.rules[0].params == {"dynamic_days": 10}
    assert standard.guards[0].max == Decimal(14)
    quoted = load_standard(write(tmp_path, STANDARD.replace("points = 0.1", 'points = "0.1"')))
    assert quoted.indicators == standard.indicators


def test_a_long_fraction_is_not_rounded(tmp_path: Path) -> None:
    text = STANDARD.replace("points = 0.1", "points = 0.1000000000000000055511151231257827")
    indicator = load_standard(write(tmp_path, text)).indicator("A1")
    assert indicator is not None
    assert str(indicator.rules[0].points) == "0.1000000000000000055511151231257827"


def test_the_hash_follows_content(tmp_path: Path) -> None:
    plain = load_standard(write(tmp_path, STANDARD))
    assert load_standard(write(tmp_path, "# 说明\n" + STANDARD)).sha256 == plain.sha256
    assert load_standard(write(tmp_path, STANDARD.replace("max = 14", "max = 13"))).sha256 != plain.sha256


@pytest.mark.parametrize(
    ("old", "new", "where", "expected", "got", "known"),
    [
        ("edition =", "editon =", "第 3 行 editon", "已知的键", "未知的键 editon", "edition"),
        ('title = "栏目', 'titel = "栏目', "第 13 行 indicators[1].titel", "已知的键", "未知的键 titel", "title"),
        ("points = 0.1", "point = 0.1", "第 19 行 indicators[1].rules[1].point", "已知的键", None, "points"),
        ("points = 0.1", 'points = "一分"', "第 19 行 indicators[1].rules[1].points", "数值", "“一分”", None),
        ('kind = "deduct"', 'kind = "deduction"', "第 16 行 indicators[1].kind", "下列取值之一", None, "deduct"),
        ('confidence = "A"', 'confidence = "D"', "第 17 行 indicators[1].confidence", "下列取值之一", "“D”", "A"),
        ('confidence = "A"', "", "indicators[1].confidence", "必填的 confidence", "没有填写", None),
        ('cap = "3.0"', "cap = -1", "第 18 行 indicators[1].cap", "不小于 0 的数值", None, None),
        ("weight = 40.5", "weight = 0", "第 9 行 groups[1].weight", "大于 0 的数值", "0", None),
        ("2026-01-01", '"一月"', "第 4 行 effective_from", "日期（2026-01-31）", "“一月”", None),
        ('id = "probe"', 'id = "prove"', "第 1 行 id", "与文件名相同的编号 probe", "“prove”", None),
        ('id = "A2"', 'id = "A1"', "第 24 行 indicators[2].id", "不重复的指标编号", "A1 已出现过", None),
        ('title = "甲组"', 'title = "甲组"\n[[groups]]\nid="a"\ntitle="乙"', None, "不重复的分组编号", "“a”", None),
        ("max = 14", "", "第 32 行 guards[1]", "min 或 max 至少一项", None, None),
        ("max = 14", "max = 14\nmin = 15", "第 32 行 guards[1]", "不小于 min 15 的 max", "14", None),
        ('manual = "是否做到？"', "", "第 23 行 indicators[2]", "rules 或 manual 至少一项", None, None),
        (
            "effective_from = 2026-01-01",
            "effective_from = 2026-01-01\nsha256 = 'x'",
            "第 5 行 sha256",
            None,
            None,
            None,
        ),
        (
            "effective_from = 2026-01-01",
            "effective_from = 2026-01-01\neffective_to = 2025-01-01",
            "第 5 行 effective_to",
            "不早于 effective_from 2026-01-01 的日期",
            "2025-01-01",
            None,
        ),
        (
            "effective_from = 2026-01-01",
            "effective_from = 2026-01-01\npass_mark = 120",
            "第 5 行 pass_mark",
            "0 到 base 100 之间的数值",
            "120",
            None,
        ),
    ],
)
def test_mutations_are_refused(
    tmp_path: Path, old: str, new: str, where: str | None, expected: str | None, got: str | None, known: str | None
) -> None:
    found = problems(tmp_path, old, new)
    near = "\n".join(map(str, found))
    problem = next((p for p in found if where is None or p.where.endswith(where.split(" ")[-1])), None)
    assert problem is not None, near
    assert problem.file == "standards/probe.toml"
    assert where is None or "第" not in where or problem.where == where, near
    assert expected is None or problem.expected == expected, near
    assert got is None or problem.got == got, near
    assert known is None or problem.known[0] == known, near


def test_unknown_group_names_the_known_ones(tmp_path: Path) -> None:
    text = STANDARD.replace('group = "a"', 'group = "b"', 1)
    with pytest.raises(ConfigError) as caught:
        load_standard(write(tmp_path, text))
    (problem,) = caught.value.problems
    assert (problem.where, problem.expected) == ("第 14 行 indicators[1].group", "本标准的分组编号")
    assert problem.known == ("a",)


@pytest.mark.parametrize(
    ("points", "expected"),
    [("-1", "不小于 0 的扣分值（扣几分写几，不写负号）"), ("3.1", "不大于 cap 3.0 的扣分值")],
)
def test_points_out_of_reason(tmp_path: Path, points: str, expected: str) -> None:
    (problem,) = problems(tmp_path, "points = 0.1", f"points = {points}")
    assert problem.expected == expected
    assert problem.got == points
    assert "column-stale" in problem.where


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("points = 0.1", "points = nan"),
        ("points = 0.1", "points = inf"),
        ("max = 14", "max = nan"),
        ("= 10 }", "= nan }"),
    ],
)
def test_no_number_is_no_number(tmp_path: Path, old: str, new: str) -> None:
    (problem,) = problems(tmp_path, old, new)
    assert problem.expected in ("有限的数值", "可以识别的值")


def test_an_indicator_that_nothing_measures(tmp_path: Path) -> None:
    old = STANDARD[STANDARD.index("rules = [") : STANDARD.index('[[indicators]]\nid = "A2"')]
    found = problems(tmp_path, old, "\n")
    assert [p.expected for p in found] == [
        "rules 或 manual 至少一项",
        'deduct 指标有规则；没有规则的用 kind = "manual" 或 state = "off"',
    ]


def test_unknown_standard() -> None:
    with pytest.raises(ConfigError) as caught:
        load_standard("gov-site-2109")
    (problem,) = caught.value.problems
    assert problem.known[0] == "gov-site-2019"
    assert problem.got == "没有这个标准"


def test_own_standards_shadow_the_built_in(folder: Folder) -> None:
    text = STANDARD.replace('id = "probe"', 'id = "gov-site-2019"')
    folder.write("standards/gov-site-2019.toml", text).write("standards/probe.toml", STANDARD, "gbk")
    folder.swap("district.toml", '["gov-site-2019"]', '["probe", "gov-site-2019", "gov-media-2019"]')
    found = load_standards_for(load_district(folder.path))
    assert [(s.id, s.title) for s in found] == [
        ("probe", "试用标准"),
        ("gov-site-2019", "试用标准"),
        ("gov-media-2019", "政务新媒体检查指标"),
    ]


def test_unknown_and_broken_standards_of_a_district_together(folder: Folder) -> None:
    folder.write("standards/probe.toml", "id = ")
    folder.swap("district.toml", '["gov-site-2019"]', '["probe", "gov-site-19", "gov-media-2019"]')
    with pytest.raises(ConfigError) as caught:
        load_standards_for(load_district(folder.path))
    first, second = caught.value.problems
    assert (first.file, first.where, first.expected) == ("standards/probe.toml", "第 1 行", "合法的 TOML")
    assert (second.file, second.where) == ("district.toml", "standards")
    assert second.known[0] == "gov-site-2019"


EXPECTED = ("disclosure-act", "district-quarterly", "gbt-37668", "gov-media-2019", "gov-site-2019", "seed-2023-6")


def test_the_built_in_standards() -> None:
    assert set(EXPECTED) <= set(builtin_standards())


@pytest.mark.parametrize("name", EXPECTED)
def test_unsure_indicators_cost_nothing_by_themselves(name: str) -> None:
    """Points count without adoption only for what was read in the official text or is widely practised."""
    standard = load_standard(name)
    for indicator in standard.indicators:
        if indicator.confidence in (Confidence.C, Confidence.OWN):
            assert indicator.state is not State.ON, indicator.id


def test_the_three_verified_points_of_the_national_standard() -> None:
    standard = load_standard("gov-site-2019")
    assert (standard.base, standard.pass_mark, standard.bonus_gate, standard.bonus_cap) == (100, 60, 80, 30)
    sure = {
        i.id: sorted({b.points for b in i.rules})
        for i in standard.indicators
        if i.kind is IndicatorKind.DEDUCT and i.confidence is Confidence.A
    }
    assert sure == {"D09": [Decimal(5)], "D18": [Decimal(2)], "D25": [Decimal(3)]}
    vetoes = [i.id for i in standard.indicators if i.kind is IndicatorKind.VETO]
    assert vetoes == ["W1", "W2", "W3", "W4", "W5a", "W5b", "W6"]
    numbers = [i.id for i in standard.indicators if i.id.startswith("D")]
    assert numbers == [f"D{n:02}" for n in range(1, 39)]
    service = next(g for g in standard.groups if g.id == "service")
    assert (service.weight, service.needs_public_service) == (25, True)


def test_column_faults_are_deducted_once() -> None:
    standard = load_standard("gov-site-2019")
    column_rules = {
        "column-stale",
        "column-blank",
        "column-missing",
        "message-list-stale",
        "service-statistics-stale",
    }
    for indicator in standard.indicators:
        if indicator.kind is IndicatorKind.DEDUCT and column_rules & {b.rule for b in indicator.rules}:
            assert indicator.exclusive == "column", indicator.id


def test_the_plan_has_its_checks() -> None:
    standard = load_standard("seed-2023-6")
    ids = [i.id for i in standard.indicators]
    assert len(ids) == 61
    assert len({i.rstrip("abcdefghijk") for i in ids}) == 27
    assert [i.id for i in standard.indicators if i.kind is IndicatorKind.OFFLINE] == ["2.3a", "4.1b", "4.1d", "5.1b"]
    assert all(i.clause.startswith("台政办发〔2023〕6号 ") and "“" in i.clause for i in standard.indicators)
    assert all(b.points == 0 for i in standard.indicators for b in i.rules)
    units = {u.unit_id for u in load_district("taierzhuang").units}
    assert {u for i in standard.indicators for u in i.units} <= units | {"镇街"}


def test_the_plan_quotes_its_document(samples_of_law: Path) -> None:
    text = (samples_of_law / "seed-2023-6.md").read_text(encoding="utf-8")
    for indicator in load_standard("seed-2023-6").indicators:
        quote = indicator.clause.split("：“", 1)[1].rstrip("”")
        assert quote in text, indicator.id


def test_the_quarterly_weights_add_up() -> None:
    standard = load_standard("district-quarterly")
    assert standard.own_default
    weights = {g.title: g.weight for g in standard.groups if g.weight}
    assert weights == {
        "主动公开": 40,
        "政策发布解读": 20,
        "决策公开与互动": 15,
        "平台与网站规范": 15,
        "政务新媒体": 10,
    }
    for group in standard.groups:
        if group.weight:
            parts = [i for i in standard.indicators if i.group == group.id]
            assert sum(i.weight or 0 for i in parts) == group.weight
            assert all(i.cap == i.weight and i.state is not State.ON for i in parts)
    national = load_standard("gov-site-2019")
    vetoes = [i for i in national.indicators if i.kind is IndicatorKind.VETO]
    assert [i for i in standard.indicators if i.kind is IndicatorKind.VETO] == vetoes
