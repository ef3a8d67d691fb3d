"""Personal numbers are hidden wherever they stand, and nothing else is."""

from __future__ import annotations

import pytest

from checks.personal import hide_personal

HIDDEN = {
    "citizen id": ("身份证号11010519491231002X。", "身份证号110************02X。"),
    "old citizen id": ("身份证 110105491231002", "身份证 110*********002"),
    "bank card": ("<td>银行卡号</td><td>6222021234567890128</td>", "<td>银行卡号</td><td>622*************128</td>"),
    "mobile": ("联系人13900001234", "联系人139*****234"),
}


@pytest.mark.parametrize(("text", "shown"), HIDDEN.values(), ids=HIDDEN)
def test_personal_numbers_are_starred_out(text: str, shown: str) -> None:
    assert hide_personal(text) == (shown, 1)


@pytest.mark.parametrize(
    "text",
    [
        "统一社会信用代码 11370405004256021C",
        "页面 t20260930123456_10001.html",
        "咨询电话 0980-8800123，热线12345",
        "文号 110105194912310021（校验不符）",
        "订单 6222021234567890128",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert hide_personal(text) == (text, 0)
