"""Ledger of accounts and exports of their posts."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from pathlib import Path

import pytest
from district_folder import Folder
from openpyxl import Workbook

from config.district import AccountState
from config.errors import Problem
from config.load import load_district
from config.posts import parse_moment

LEDGER = """\
账号编号,平台,账号名称,账号ID,主页或二维码链接,主办单位,主管单位,账号类型,认证主体,开设日期,状态,变更日期,备案文号,功能,责任人,更新约定,备注
wx-1,微信,示例财政,gh_0,,区财金局,区政府办,订阅号,示例区财政局,2020-01-31,正常,,,发布；互动,,每周一次,
wb-1,微博,示例发布,,,县财政局,,微博,,,已注销,2024-05-06,,,,,
"""
POSTS = """\
平台,账号编号,发布时间,标题,链接,类型,来源,删除标记
微信,wx-1,2026-09-01T09:12:00+08:00,一季度收支情况,https://mp.weixin.qq.com/s/a,图文,原创,0
微信,wx-1,2026/9/2 10:00,补贴怎么领,,视频,转载,1
"""
INDEX = """\
[[export]]
file = "财政.csv"
account = "wx-1"
exported_on = 2026-09-29
attested_by = "信息科"
"""


@pytest.fixture
def media(folder: Folder) -> Folder:
    folder.write("accounts.csv", LEDGER, "gbk")
    folder.write("posts/财政.csv", POSTS, "gbk")
    return folder.write("posts/清单.toml", INDEX)


def test_ledger(media: Folder) -> None:
    accounts = load_district(media.path).accounts
    assert accounts is not None
    first, second = accounts
    assert (first.account_id, first.unit, first.unit_id) == ("wx-1", "区财金局", "czj")
    assert first.functions == ("发布", "互动")
    assert first.opened == date(2020, 1, 31)
    assert (second.state, second.unit_id) == (AccountState.CLOSED, "")


def test_ledger_under_its_official_name(media: Folder) -> None:
    before = load_district(media.path).accounts
    (media.path / "accounts.csv").rename(media.path / "政务新媒体台账.csv")
    assert load_district(media.path).accounts == before


def test_two_ledgers(media: Folder) -> None:
    media.write("政务新媒体台账.csv", LEDGER)
    assert media.problem().got == "同时存在 accounts.csv"


def test_export(media: Folder) -> None:
    (export,) = load_district(media.path).exports
    assert (export.account_id, export.file, export.attested_by) == ("wx-1", "posts/财政.csv", "信息科")
    assert export.exported_on == date(2026, 9, 29)
    assert export.sha256 == hashlib.sha256(POSTS.encode("gbk")).hexdigest()
    assert [p.published for p in export.posts] == ["2026-09-01T09:12:00+08:00", "2026-09-02T10:00:00+08:00"]
    assert [p.deleted for p in export.posts] == [False, True]


def workbook(path: Path, *rows: list[object]) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    book.save(path)


def as_workbook(media: Folder, *above: list[object], published: object = "2026-09-02 10:00") -> Folder:
    head, first, second = (line.split(",") for line in POSTS.splitlines())
    (media.path / "posts" / "财政.csv").unlink()
    second[2:3] = [published]  # type: ignore[list-item]
    workbook(media.path / "posts" / "财政.xlsx", *above, head, first, second)  # type: ignore[arg-type]
    return media.write("posts/清单.toml", INDEX.replace("财政.csv", "财政.xlsx"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_an_export_means_the_same_in_every_encoding(media: Folder, encoding: str) -> None:
    (before,) = load_district(media.path).exports
    media.write("posts/财政.csv", POSTS, encoding)
    assert load_district(media.path).exports[0].posts == before.posts


@pytest.mark.parametrize("published", ["2026/9/2 10:00", datetime(2026, 9, 2, 10)])
def test_a_workbook_means_the_same_as_a_table(media: Folder, published: object) -> None:
    (before,) = load_district(media.path).exports
    (export,) = load_district(as_workbook(media, ["发布清单"], [None], published=published).path).exports
    assert export.posts == before.posts
    assert export.sha256 == hashlib.sha256((media.path / "posts" / "财政.xlsx").read_bytes()).hexdigest()


def test_a_fault_in_a_workbook_is_named_by_its_row(media: Folder) -> None:
    assert as_workbook(media, ["发布清单"], published="昨天").problem().where == "第 4 行 发布时间"


def test_what_is_no_workbook_is_told(media: Folder) -> None:
    as_workbook(media)
    (media.path / "posts" / "财政.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    assert media.problem().expected.startswith("xlsx 工作簿")


@pytest.mark.parametrize(
    ("file", "old", "new", "place", "expected", "got", "known"),
    [
        ("posts/清单.toml", '"wx-1"', '"wx-2"', "第 3 行 export[1].account", "台账中的账号编号", "“wx-2”", "wx-1"),
        ("posts/清单.toml", "财政.csv", "财政局.csv", "第 2 行 export[1].file", None, "没有 财政局.csv", "财政.csv"),
        ("posts/清单.toml", "财政.csv", "../units.csv", "第 2 行 export[1].file", None, "“../units.csv”", "财政.csv"),
        ("posts/清单.toml", "exported_on", "exported", "第 4 行 export[1].exported", "已知的键", None, "exported_on"),
        ("posts/财政.csv", "T09:12:00+08:00", "T25:00:00+08:00", "第 2 行 发布时间", None, None, None),
        (
            "posts/财政.csv",
            "2026/9/2",
            "2026/9/30",
            "第 3 行 发布时间",
            "不晚于导出日期 2026-09-29 的时间",
            None,
            None,
        ),
        ("posts/财政.csv", "微信,wx-1,2026/", "微信,wx-9,2026/", "第 3 行 账号编号", None, "“wx-9”", None),
        ("posts/财政.csv", ",图文,", ",图片,", "第 2 行 类型", "下列取值之一", "“图片”", "图文"),
        ("posts/财政.csv", ",原创,", ",自创,", "第 2 行 来源", "下列取值之一", "“自创”", "原创"),
        ("posts/财政.csv", "原创,0", "原创,删", "第 2 行 删除标记", "Y 或 N（是/否），不清楚的留空", "“删”", None),
        ("posts/财政.csv", "标题", "题目", "第 1 行第 4 列", "账号发布清单的列名", "未知的列 “题目”", "标题"),
        ("accounts.csv", "wb-1,", "wx-1,", "第 3 行 账号编号", "不重复的账号编号", "wx-1 已在第 2 行", None),
        ("accounts.csv", "已注销", "注销", "第 3 行 状态", "下列取值之一", "“注销”", "已注销"),
        ("accounts.csv", "2024-05-06", "五月", "第 3 行 变更日期", None, "“五月”", None),
    ],
)
def test_faults(
    media: Folder, file: str, old: str, new: str, place: str, expected: str | None, got: str | None, known: str | None
) -> None:
    media.write("accounts.csv", LEDGER).write("posts/财政.csv", POSTS)
    media.swap(file, old, new)
    problem = _at(media.problems(), file, place)
    assert expected is None or problem.expected == expected
    assert got is None or problem.got == got
    assert known is None or problem.known[0] == known


def _at(problems: list[Problem], file: str, where: str) -> Problem:
    found = [p for p in problems if (p.file, p.where) == (file, where)]
    assert len(found) == 1, "\n".join(map(str, problems))
    return found[0]


def test_an_export_nobody_attests(media: Folder) -> None:
    media.write("posts/other.csv", POSTS)
    problem = media.problem()
    assert (problem.file, problem.got) == ("posts/other.csv", "没有登记")


def test_exports_without_an_index(media: Folder) -> None:
    (media.path / "posts" / "清单.toml").unlink()
    problem = media.problem()
    assert (problem.file, problem.got) == ("posts/清单.toml", "不存在")


def test_exports_without_a_ledger(media: Folder) -> None:
    (media.path / "accounts.csv").unlink()
    assert media.problem().expected == "先提供新媒体台账（accounts.csv）"


def test_the_same_file_twice(media: Folder) -> None:
    media.append("posts/清单.toml", INDEX)
    assert media.problem().got == "财政.csv 重复登记"


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2026-06-03T09:12:00+08:00", "2026-06-03T09:12:00+08:00"),
        ("2026-06-03T01:12:00Z", "2026-06-03T01:12:00+00:00"),
        ("2026-06-03 09:12", "2026-06-03T09:12:00+08:00"),
        ("2026/6/3 9:12:33", "2026-06-03T09:12:33+08:00"),
        ("2026年6月3日 09:12", "2026-06-03T09:12:00+08:00"),
        ("2026-06-03", "2026-06-03T00:00:00+08:00"),
        ("2026-02-30", None),
        ("昨天", None),
        ("2026-06-03 24:00", None),
    ],
)
def test_moments(text: str, iso: str | None) -> None:
    moment = parse_moment(text)
    assert (moment.isoformat() if moment else None) == iso
