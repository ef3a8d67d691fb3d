"""Reading of administrative text, calls for opinions and reporting periods."""

from datetime import date

import pytest

from checks.facts import PageKind
from checks.periods import current, months_before
from checks.rules.policies import _ranges
from checks.rules.sensitive import luhn, valid_id
from checks.solicit import core_of_call, is_call, is_result, window
from checks.texts import docno, group_hit, masked, missing, overlap, phone_with_cue
from checks.tiny_parts import article


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("示政发〔2026〕3号", ("示政发", 2026, 3)),
        ("示政办发[２０２６]１２号", ("示政办发", 2026, 12)),
        ("示政发（2026）3号", ("示政发", 2026, 3)),
        ("第3号公告", None),
    ],
)
def test_document_number(text: str, read: tuple[str, int, int] | None) -> None:
    assert docno(text) == read


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("咨询电话：0632-6611582", "0632-6611582"),
        ("如有疑问请拨打12345热线", "12345"),
        ("下达资金6611582元", None),
        ("编号20266611582" + "一" * 60 + "咨询", None),
    ],
)
def test_phone_needs_a_cue(text: str, phone: str | None) -> None:
    assert phone_with_cue(text, 30) == phone


def test_words_and_elements() -> None:
    assert group_hit("义务教育&招生 入学", "2026年义务教育阶段招生方案")
    assert not group_hit("义务教育&招生", "义务教育资助")
    assert missing(["低保", "联系电话|咨询电话"], "低保标准 咨询电话：1") == []
    assert missing(["低保", "特困供养|特困"], "低保标准") == ["特困供养"]
    assert overlap("一二三四五六七八", "前文一二三四五六七八后文") == 1.0
    assert masked("11010519491231002X", 3) == "110************02X"


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("征求意见时间为2026年6月1日至7月5日。", date(2026, 6, 1), date(2026, 7, 5)),
        ("请于2026年7月1日前反馈", date(2026, 5, 30), date(2026, 7, 1)),
        ("意见反馈截止时间：2026-07-01", date(2026, 5, 30), date(2026, 7, 1)),
        ("征求意见期限为30日", date(2026, 5, 30), date(2026, 6, 28)),
        ("欢迎提出意见", date(2026, 5, 30), None),
    ],
)
def test_window_of_a_call(text: str, start: date, end: date | None) -> None:
    ran = window(article("zj/1.html", "公开征求意见", "2026-05-30", text, kind=PageKind.ARTICLE))
    assert (ran.start, ran.end) == (start, end)


def test_window_over_the_turn_of_the_year() -> None:
    ran = window(article("zj/1.html", "公开征求意见", "2026-12-20", "请于1月20日前反馈"))
    assert ran.end == date(2027, 1, 20)


def test_calls_and_their_results() -> None:
    assert is_call("关于《城市绿化办法（征求意见稿）》公开征求意见的公告")
    assert not is_call("《城市绿化办法》征求意见情况说明")
    assert is_result("《城市绿化办法》征求意见情况说明")
    assert core_of_call("关于《城市绿化办法（征求意见稿）》公开征求意见的公告") == "城市绿化办法"


@pytest.mark.parametrize(
    ("per", "today", "key"),
    [
        ("quarter", date(2026, 9, 30), "2026Q3"),
        ("quarter", date(2026, 8, 1), "2026Q2"),
        ("half-year", date(2026, 9, 30), "2026H1"),
        ("year", date(2026, 3, 1), "2025"),
        ("year", date(2026, 12, 28), "2026"),
    ],
)
def test_period_judged(per: str, today: date, key: str) -> None:
    assert current(per, today).key == key


def test_months_and_ranges() -> None:
    assert months_before(date(2026, 3, 31), 1) == date(2026, 2, 28)
    assert months_before(date(2026, 1, 15), 13) == date(2024, 12, 15)
    assert _ranges([1, 2, 3, 5, 8, 9]) == ["1–3", "5", "8–9"]
    assert _ranges([]) == []


def test_personal_numbers() -> None:
    assert valid_id("11010519491231002X")
    assert not valid_id("110105194912310021")
    assert not valid_id("110105194913310021")
    assert luhn("4111111111111111")
    assert not luhn("4111111111111112")
