"""The public JSON form, and many files in one process."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import jsonschema
import pytest
from extract_pages import article, extracted

import crawler.extract
from crawler.extract.__main__ import main
from crawler.extract.public import facts_of_file, to_public

SCHEMA = json.loads((Path(crawler.extract.__file__).parent / "facts.schema.json").read_text("utf-8"))


def check(facts: dict) -> dict:
    jsonschema.validate(facts, SCHEMA)
    return facts


def test_keys_and_values() -> None:
    facts = check(to_public(extracted(article(info="发布时间：2024-01-19 09:12 来源：云岭县应急局"))))
    assert list(facts) == [
        "url", "kind", "encoding", "title", "published", "dates", "source", "docno", "meta", "identity", "rows",
    ]  # fmt: skip
    assert facts["published"] == {
        "value": "2024-01-19", "origin": "shown", "time": "09:12",
        "quote": "发布时间：2024-01-19 09:12 来源：云岭县应急局",
    }  # fmt: skip
    assert facts["source"] == "云岭县应急局"
    assert facts["identity"] == {
        "site_code": None,
        "icp": None,
        "police": None,
        "party_mark": None,
        "error_report": None,
    }


def test_the_pages_own_meta_wins_over_the_shared_header() -> None:
    head = (
        "<meta name='ColumnName' content=''><meta name='ColumnName' content='要闻'>"
        "<meta name='columnname' content='公共头'>"
    )
    assert to_public(extracted(article(head=head)))["meta"] == {"ColumnName": "要闻"}


def test_files_of_every_sort(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(article(info="时间：2024-01-19"), "utf-8")
    (tmp_path / "b.html").write_bytes(b"")
    (tmp_path / "c.bin").write_bytes(b"PK\x03\x04" + b"\x00" * 90)
    (tmp_path / "d.json").write_bytes('[{"title":"公告","url":"/1.html","date":"2024-01-02"}]'.encode())
    (tmp_path / "e.html").write_bytes(article(info="时间：2024-01-19").encode()[:-700])
    got = {p.name: check(facts_of_file(p, as_of=date(2024, 6, 1))) for p in sorted(tmp_path.iterdir())}
    assert got["a.html"]["published"]["value"] == "2024-01-19"
    assert (got["b.html"]["kind"], got["b.html"]["error"]) == ("other", "文件为空")
    assert (got["c.bin"]["kind"], got["c.bin"]["error"]) == ("other", "不是网页：二进制文件")
    assert got["d.json"]["rows"][0]["title"] == "公告"
    assert "error" not in got["e.html"]
    missing = check(facts_of_file(tmp_path / "none.html"))
    assert missing["kind"] == "other"
    assert missing["error"].startswith("无法读取文件")


def test_a_page_saved_long_ago_is_dated_by_its_own_words(tmp_path: Path) -> None:
    rows = "".join(
        f"<li><a href='{n}.html'>云岭县工作动态简报第{n}期</a><span>01-{n}</span></li>" for n in (19, 18, 17)
    )
    html = f"<title>工作动态</title><meta name='others' content='页面生成时间 2021-01-20 09:00'><ul>{rows}</ul>"
    (tmp_path / "old.html").write_text(html, "utf-8")
    assert facts_of_file(tmp_path / "old.html")["rows"][0]["date"] == "2021-01-19"
    assert facts_of_file(tmp_path / "old.html", as_of=date(2023, 5, 1))["rows"][0]["date"] == "2023-01-19"


def test_the_command_prints_a_line_a_file(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    for name in ("2.html", "1.html"):
        (tmp_path / name).write_text(article(title=f"云岭县第{name[0]}次会议召开纪实"), "utf-8")
    assert main([str(tmp_path), str(tmp_path / "gone.html")]) == 0
    lines = [json.loads(line) for line in capfdbinary.readouterr().out.splitlines()]
    assert [Path(x["path"]).name for x in lines] == ["1.html", "2.html", "gone.html"]
