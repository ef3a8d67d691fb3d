"""Decoding: the HTML standard's own cases, and the mislabelled ones of government pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from crawler.extract.encoding import canonical, declared_in, decode

TEXT = "云岭县人民政府关于印发河道管理办法的通知，各镇人民政府、县政府有关部门：现将有关信息公开如下。"
SUITE = Path(__file__).resolve().parents[3].parent / "shared" / "suites" / "html5lib-encoding"


def page(label: str, codec: str, text: str = TEXT) -> bytes:
    return (
        f"<html><head><meta http-equiv='Content-Type' content='text/html; charset={label}'></head><p>{text}".encode(
            codec
        )
    )


MATRIX = [
    ("utf-8", "gb18030", "", "gbk"),
    ("gb2312", "utf-8", "", "utf-8"),
    ("gbk", "gbk", "", "gbk"),
    ("gb18030", "gb18030", "", "gb18030"),
    ("gb2312", "utf-16le", "", "utf-16le"),
    ("gb2312", "utf-16", "", "utf-16le"),
    ("gb2312", "utf-16be", "", "utf-16be"),
    ("gb2312", "utf-8-sig", "", "utf-8"),
    ("utf-8", "gbk", "text/html; charset=utf-8", "gbk"),
    ("gbk", "utf-8", "text/html;charset=GBK", "utf-8"),
    ("", "gbk", "", "gbk"),
    ("big5", "big5", "", "big5"),
]


@pytest.mark.parametrize(
    ("label", "codec", "header", "expected"), MATRIX, ids=[f"{m[0] or 'none'}-as-{m[1]}" for m in MATRIX]
)
def test_bytes_decide_against_labels(label: str, codec: str, header: str, expected: str) -> None:
    text = "雲嶺縣人民政府關於印發河道管理辦法的通知，各鎮公所：請查照辦理。" if codec == "big5" else TEXT
    decoded = decode(page(label, codec, text), header)
    assert text in decoded.text
    assert decoded.encoding == expected


def test_two_encodings_in_one_file() -> None:
    body = f"<meta charset=utf-8><p>{TEXT}</p>".encode() * 3 + "<div>版权所有：云岭县".encode("gbk") + b"</div>"
    decoded = decode(body)
    assert decoded.mixed
    assert TEXT in decoded.text
    assert "版权所有：云岭县" in decoded.text


@pytest.mark.parametrize("copies", [3, 30])
def test_a_footer_of_utf8_under_a_page_of_gbk(copies: int) -> None:
    body = f"<meta charset=gbk><p>{TEXT}</p>".encode("gbk") * copies + "<div>版权所有：云岭县</div>".encode()
    decoded = decode(body)
    assert (decoded.encoding, decoded.mixed) == ("gbk", True)
    assert decoded.text.count(TEXT) == copies
    assert "版权所有：云岭县" in decoded.text


def test_rare_characters_of_names_take_four_bytes() -> None:
    text = f"{TEXT}公示名单：𠮷某、㐂某、䶮某"
    assert text in decode(page("gb2312", "gb18030", text)).text


def test_a_character_cut_at_the_end_is_forgiven() -> None:
    assert decode(page("utf-8", "utf-8")[:-1]).encoding == "utf-8"
    assert decode(page("gbk", "gbk")[:-1]).encoding == "gbk"


def test_one_broken_byte_does_not_change_the_encoding() -> None:
    body = page("utf-8", "utf-8").replace("办法".encode(), b"\xe5\x8a", 1)
    decoded = decode(body)
    assert decoded.encoding == "utf-8"
    assert "云岭县人民政府" in decoded.text


@pytest.mark.parametrize(
    "body", [b"", b"\x00", b"\xff", b"\xfe\xff", b"\xff" * 5000, bytes(range(256)) * 20, b"<meta charset="]
)
def test_any_bytes_decode(body: bytes) -> None:
    assert isinstance(decode(body).text, str)


def test_unknown_labels_are_blank() -> None:
    assert canonical("no-such-encoding") == ""
    assert canonical(" GB_2312-80 ") == "gbk"


def test_html5lib_suite() -> None:
    if not SUITE.is_dir():
        pytest.skip("the folder of third-party suites is not beside the checkout")
    wrong = []
    for file in sorted(SUITE.glob("*.dat")):
        for case in re.split(rb"(?:^|\n)#data\n", file.read_bytes())[1:]:
            data, _, encoding = case.partition(b"\n#encoding\n")
            expected = encoding.strip().split(b"\n")[0].decode().lower()
            marked = data.startswith(b"\xef\xbb\xbf")
            got = "utf-8" if marked else declared_in(data) or "windows-1252"
            if got != expected:
                wrong.append((file.name, data[:80], expected, got))
    assert wrong == []
