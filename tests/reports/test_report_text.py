"""Cleaning of untrusted words and the printing of figures."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.snapshot import SHANGHAI
from reports.sheets import safe_cell
from reports.text import (
    LONGEST,
    clean,
    css_string,
    figure,
    masked,
    moment,
    percent,
    quoted,
    round_name,
    span,
    web_link,
)
from reports.view import Visibility


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("a\u202egpj.exe", "agpj.exe"),
        ("\u2066x\u2069\u200b\ufeff", "x"),
        ("\x00\x1b[31m红\x07", "[31m红"),
        ("一\n 二\t三\u2028四", "一 二 三四"),
        ("\ud800坏", "坏"),
    ],
)
def test_what_could_hide_or_reorder_text_is_removed(raw: str, shown: str) -> None:
    assert clean(raw) == shown


def test_long_text_is_cut_visibly_and_cheaply() -> None:
    assert clean("巨" * 10_000_000) == "巨" * (LONGEST - 2) + "……"
    assert clean("短" * LONGEST) == "短" * LONGEST


@given(st.text(max_size=2000))
def test_clean_text_is_printable_and_bounded(raw: str) -> None:
    text = clean(raw)
    assert len(text) <= LONGEST
    assert text == clean(text)
    assert not any(ord(c) < 32 or 0x202A <= ord(c) <= 0x202E or 0xD800 <= ord(c) <= 0xDFFF for c in text)


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//host/x", "ftp://a/", "http://a b/", ""]
)
def test_only_web_addresses_become_links(url: str) -> None:
    assert web_link(url) == ""


def test_web_addresses_stay_whole() -> None:
    assert web_link("HTTPS://例子.gov.cn/a?b=1") == "HTTPS://例子.gov.cn/a?b=1"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "＝1"])
def test_cells_never_start_a_formula(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


def test_phones_and_identity_numbers_are_hidden_in_public() -> None:
    text = "联系人13800001111，0632-6600000，证件11010119900101001X，文号2026年第12号"
    assert masked(text, Visibility.INTERNAL) == text
    hidden = masked(text, Visibility.PUBLIC)
    assert "13800001111" not in hidden
    assert "6600000" not in hidden
    assert "11010119900101001X" not in hidden
    assert "文号2026年第12号" in hidden


def test_figures_as_printed() -> None:
    assert [figure(Decimal(x)) for x in ("5.00", "0.50", "1E+2", "0.00")] == ["5", "0.5", "100", "0"]
    assert figure(None) == "–"
    assert span(Decimal("82.00"), Decimal(91)) == "82–91"
    assert span(Decimal(86), Decimal("86.0")) == "86"
    assert percent(10, 12) == "83.3%"
    assert percent(0, 0) == "–"


def test_instants_are_printed_as_beijing_time() -> None:
    assert moment("2026-09-29T13:31:07+00:00") == "2026-09-29 21:31:07"
    assert moment("2026-09-29T13:31:07Z") == "2026-09-29 21:31:07"
    assert moment(datetime(2026, 9, 30, 18, 0, tzinfo=SHANGHAI)) == "2026-09-30 18:00:00"
    assert moment("昨天") == "昨天"


def test_round_names() -> None:
    assert round_name("2026Q3") == "2026年第三季度"
    assert round_name("试点") == "试点"


def test_css_strings_cannot_be_left() -> None:
    assert css_string('a"}</style><script>') == '"a\\22 \\7d \\3c \\2f style\\3e \\3c script\\3e "'


def test_quotation_marks_inside_others_are_single() -> None:
    assert quoted("二（二）：“认真落实“三同步”工作机制”，“十条”") == "二（二）：“认真落实‘三同步’工作机制”，“十条”"
    assert quoted("没有引号") == "没有引号"
    assert quoted("将“月””") == "将“月””", "an unbalanced text stays as it is"
