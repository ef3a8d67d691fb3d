"""The command line: exit codes, refusals with what to do next, JSON on reading commands."""

from __future__ import annotations

import errno
import json
import sqlite3
from pathlib import Path

import pytest

from audit.cli import run_cli
from audit.console import clean
from audit.errors import AuditError, Exit
from audit.files import write_atomic
from audit.unseen import unread
from checks.outcomes import FetchOutcome
from crawler.observations import FetchRecord
from crawler.received import NAMES_UNANSWERED


def say(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    code = run_cli(list(argv))
    seen = capsys.readouterr()
    return code, seen.out, seen.err


def test_no_such_command_is_usage(capsys) -> None:
    assert say(capsys, "frobnicate")[0] == Exit.USAGE
    assert say(capsys, "run")[0] == Exit.USAGE


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ('<div id="app"></div><script src="/app.js"></script>', "由脚本生成"),
        ('<iframe src="http://a.gov.cn/in.html" width="900" height="900"></iframe>', "http://a.gov.cn/in.html"),
        ('<meta http-equiv="refresh" content="0;url=http://a.gov.cn/next.html">', "http://a.gov.cn/next.html"),
        ("<p>短</p>", "没有可以单独判定的事项"),
    ],
)
def test_a_page_of_which_nothing_is_judged_is_not_clean(capsys, tmp_path, body, says) -> None:
    page = tmp_path / "page.html"
    page.write_text(f"<!DOCTYPE html><html><head><meta charset=utf-8></head><body>{body}</body></html>", "utf-8")
    code, out, err = say(capsys, "check", str(page))
    assert (code, says in (out + err).replace("\n", "")) == (Exit.NO_VERDICT, True), out + err


@pytest.mark.parametrize(
    ("outcome", "size", "says"),
    [
        (FetchOutcome.OK, 0, "已取回，但内容是空的"),
        (FetchOutcome.OK, 9, "已取回，但不是能读取的网页（image/png）"),
        (FetchOutcome.GONE, 9, "说明该页已经不在"),
        (FetchOutcome.SOFT_404, 9, "说明该页已经不在"),
        (FetchOutcome.TIMEOUT, 9, "未能取回："),
    ],
)
def test_why_there_is_no_page_is_said(outcome, size, says) -> None:
    url = "http://a.gov.cn/"
    assert says in unread(url, FetchRecord(url, "a.gov.cn", outcome, size=size, content_type="image/png"))


def test_a_name_service_that_does_not_answer_sends_the_reader_to_his_own_network() -> None:
    url = "http://a.gov.cn/"
    found = unread(url, FetchRecord(url, "a.gov.cn", FetchOutcome.TIMEOUT, error=NAMES_UNANSWERED))
    assert found.endswith("请检查本机网络和域名解析设置后重试。")


def test_an_unknown_district_names_the_known_ones(capsys) -> None:
    code, _, err = say(capsys, "run", "nowhere")
    assert code == Exit.USAGE
    assert "demo" in err
    assert "taierzhuang" in err


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (["run", "demo", "--as-of", "2999-01-01"], "晚于当前时间"),
        (["run", "demo", "--as-of", "yesterday"], "不是日期"),
        (["run", "demo", "--round", "../x"], "轮次名"),
        (["check", "nonsense"], "既不是网址"),
        (["check", "http://a.gov.cn/", "--as-of", "2999-01-01"], "晚于当前时间"),
        (["check", "ftp://example.gov.cn/"], "既不是网址"),
        (["check", ""], "既不是网址"),
        (["check", "mailto:office@example.gov.cn"], "既不是网址"),
        (["check", "http://a..b/"], "既不是网址"),
        (["check", "http://[::1/"], "既不是网址"),
        (["check", "http://[::1]:8080/"], "IPv6"),
        (["check", "http://me:secret@www.example.gov.cn/"], "不登录"),
        (["check", "http://169.254.169.254/"], "链路本地"),
        (["rules", "column-stalee"], "没有规则"),
        (["explain", "ab"], "至少给出前4位"),
        (["explain", "abcdef12"], "没有找到编号"),
        (["judge", "taierzhuang"], "没有采集数据"),
        (["report", "taierzhuang"], "没有判定结果"),
        (["verify", "."], "没有可核对的内容"),
    ],
)
def test_refusals_say_what_is_wrong(capsys, tmp_path, monkeypatch, argv, says) -> None:
    monkeypatch.chdir(tmp_path)
    code, _, err = say(capsys, *argv)
    assert code in (Exit.USAGE, Exit.NO_VERDICT)
    assert says in err.replace("\n", "")
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


def test_a_standard_that_cannot_be_judged_stops_before_any_crawling(capsys, tmp_path) -> None:
    folder = tmp_path / "qu"
    assert run_cli(["config", "init", str(folder)]) == Exit.CLEAN
    with (folder / "district.toml").open("a", encoding="utf-8") as file:
        file.write('\n[overrides."column-stale"]\ndynamic_dayz = 3\n[overrides."home-stale"]\nwindow_days = 60\n')
    capsys.readouterr()
    code, _, err = say(capsys, "run", str(folder), "--data", str(tmp_path / "var"))
    assert code == Exit.USAGE
    assert "未开始采集" in err
    assert "dynamic_dayz" in err
    assert "违反底线" in err
    assert not (tmp_path / "var").exists()


def test_config_round_trip(capsys, tmp_path) -> None:
    folder = tmp_path / "qu"
    assert say(capsys, "config", "init", str(folder))[0] == Exit.CLEAN
    assert say(capsys, "config", "lint", str(folder))[0] == Exit.CLEAN
    code, _, err = say(capsys, "config", "init", str(folder))
    assert code == Exit.USAGE
    assert "未写入任何文件" in err.replace("\n", "")
    (folder / "units.csv").write_text("wrong,header\n1,2\n", encoding="gbk")
    code, out, _ = say(capsys, "config", "lint", str(folder), "--json")
    assert code == Exit.USAGE
    assert any("units.csv" in p["file"] for p in json.loads(out))


def test_reading_commands_print_json(capsys) -> None:
    code, out, _ = say(capsys, "rules", "--json")
    assert code == Exit.CLEAN
    assert {"id", "title", "legal", "params"} <= json.loads(out)[0].keys()
    code, out, _ = say(capsys, "config", "show", "demo", "--json")
    assert json.loads(out)["id"] == "demo"
    assert say(capsys, "rules", "column-stale")[0] == Exit.CLEAN


def test_a_file_is_checked_without_any_set_up(capsys, tmp_path) -> None:
    page = tmp_path / "a.html"
    page.write_text(
        "<html><head><title>关于开展检查的通知</title></head><body><h1>关于开展检查的通知</h1>"
        "<p>来源：区政府办 发布时间：2026-06-03 09:12</p><div>" + "正文内容。" * 80 + "</div></body></html>",
        encoding="utf-8",
    )
    html = tmp_path / "out.html"
    code, out, _ = say(capsys, "check", str(page), "--json", "--html", str(html), "--as-of", "2026-09-30")
    found = json.loads(out)
    assert code == Exit.FINDINGS
    assert found["title"] == "关于开展检查的通知"
    assert any(f["rule"] == "meta-site-missing" and f["outcome"] == "failed" for f in found["findings"])
    assert all(f["message"] for f in found["findings"])
    assert "关于开展检查的通知" in html.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (
            "".join(f"<li><a href='{n}.html'>第{n}号通知公告全文</a> 2026-03-0{n}</li>" for n in (3, 2, 1)),
            "最近一条 2026-03-03",
        ),
        ("<li>暂无数据</li>", "没有读出条目，写有“暂无数据”"),
    ],
)
def test_a_list_is_summed_up_by_its_entries(capsys, tmp_path, rows, says) -> None:
    page = tmp_path / "list.html"
    head = "<meta charset=utf-8><meta name=ColumnType content=通知公告><title>通知公告</title>"
    page.write_text(f"<html><head>{head}</head><body><ul>{rows}</ul></body></html>", encoding="utf-8")
    _, out, _ = say(capsys, "check", str(page), "--as-of", "2026-09-30")
    assert says in out and "未显示" not in out


@pytest.mark.parametrize("content", [b"", b"\x00\xff" * 500, b"<html><script>" + b"x" * 100_000])
def test_strange_files_are_no_crash(capsys, tmp_path, content) -> None:
    page = tmp_path / "strange.html"
    page.write_bytes(content)
    code, _, err = say(capsys, "check", str(page))
    assert code in (Exit.CLEAN, Exit.FINDINGS, Exit.NO_VERDICT)
    assert "Traceback" not in err


def test_a_file_that_is_no_page_is_named_and_nothing_is_said_of_its_domain(capsys, tmp_path) -> None:
    paper = tmp_path / "a.pdf"
    paper.write_bytes(b"%PDF-1.4 \0\1\2")
    code, _, err = say(capsys, "check", str(paper))
    assert (code, f"{paper} 已取回，但不是能读取的网页" in err) == (Exit.NO_VERDICT, True), err
    front = tmp_path / "front.html"
    front.write_text(
        "<html><head><title>示例县人民政府</title></head><body>欢迎"
        '<iframe src="in.html" width="900" height="900"></iframe></body></html>',
        "utf-8",
    )
    code, out, _ = say(capsys, "check", str(front), "--json")
    assert "local.invalid" not in "".join(f["message"] for f in json.loads(out)["findings"])


def test_facts_print_one_line_each_and_survive_bad_files(capsys, tmp_path) -> None:
    good, missing = tmp_path / "good.html", tmp_path / "missing.html"
    good.write_text("<title>标题</title><h1>标题</h1>", encoding="utf-8")
    code, out, _ = say(capsys, "facts", str(good), str(missing))
    lines = [json.loads(line) for line in out.splitlines()]
    assert code == Exit.USAGE
    assert lines[0]["title"] == "标题"
    assert "error" in lines[1]


def test_the_terminal_is_safe_from_titles() -> None:
    assert clean("标题\x1b[2J\u202e反转\x07\n下一行") == "标题[2J反转 下一行"
    assert len(clean("字" * 1000, 50)) == 50


@pytest.mark.parametrize(
    ("error", "says", "expected"),
    [
        (KeyboardInterrupt(), "续做", Exit.NO_VERDICT),
        (sqlite3.OperationalError("database or disk is full"), "磁盘空间不足", Exit.NO_VERDICT),
        (OSError(errno.ENOSPC, "No space left on device"), "磁盘空间不足", Exit.NO_VERDICT),
        (sqlite3.OperationalError("attempt to write a readonly database"), "没有写入", Exit.USAGE),
        (PermissionError(errno.EACCES, "Permission denied", "var"), "没有写入或读取权限（var）", Exit.USAGE),
    ],
)
def test_what_stops_a_command_from_outside_ends_with_what_to_do(capsys, monkeypatch, error, says, expected) -> None:
    def stop(*_: object) -> None:
        raise error

    monkeypatch.setattr("audit.commands.configure.load_district", stop)
    code, _, err = say(capsys, "config", "show", "demo")
    assert code == expected
    assert says in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (OSError(errno.EROFS, "Read-only file system"), Exit.USAGE),
        (OSError(errno.ENOSPC, "No space left on device"), Exit.NO_VERDICT),
    ],
)
def test_a_place_that_takes_no_files_gives_one_code(capsys, monkeypatch, tmp_path, error, expected) -> None:
    """Reports, judgements, observations and history all say the same of a full or a read-only disk."""

    def refuse(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("tempfile.mkstemp", refuse)
    with pytest.raises(AuditError) as told:
        write_atomic(tmp_path / "report" / "a.html", b"1")
    assert told.value.code == expected
    monkeypatch.setattr("pathlib.Path.mkdir", refuse)
    code, _, err = say(capsys, "run", "demo", "--no-browser", "--data", str(tmp_path / "var"))
    assert code == expected
    assert "Traceback" not in err


def test_the_command_lines_own_words_are_chinese(capsys) -> None:
    """Every help page, and what is said of a command that was typed wrongly."""
    for words in (["--help"], ["recheck", "--help"], ["round", "open", "--help"], ["ledger", "merge", "--help"]):
        assert say(capsys, *words)[0] == Exit.CLEAN
    _, out, _ = say(capsys, "recheck", "--help")
    assert "用法：govaudit recheck [选项]" in out
    for english in ("Usage", "Options", "Arguments", "Show this message", "[required]", "[default"):
        assert english not in out
    for words, says in (
        (("chek",), "没有命令“chek”。是否想用 check"),
        (("recheck",), "缺少参数 DISTRICT。"),
        (("recheck", "demo", "--unti"), "没有选项 --unti。"),
        (("recheck", "demo", "a", "b"), "多余的参数：a b。"),
        (("recheck", "demo", "--unit"), "选项 --unit 后面须写值。"),
        (("review", "demo", "--port", "x"), "--port 须为整数。"),
        (("review", "demo", "--port", "99999"), "--port 须不大于 65535。"),
    ):
        code, _, err = say(capsys, *words)
        assert (code, says in err.replace("\n", "")) == (Exit.USAGE, True), err
    assert "Show this message and exit." in say(capsys, "--lang", "en", "recheck", "--help")[1]
    assert "用法" in say(capsys, "recheck", "--help")[1]  # and back


def test_verify_finds_an_altered_pack(capsys, tmp_path: Path) -> None:
    from audit.files import write_pack

    write_pack(tmp_path / "report", [("a.html", b"1"), ("cards/b.html", b"2")])
    assert say(capsys, "verify", str(tmp_path))[0] == Exit.CLEAN
    (tmp_path / "report" / "a.html").write_bytes(b"3")
    code, out, _ = say(capsys, "verify", str(tmp_path))
    assert code == Exit.FINDINGS
    assert "内容与清单不符" in out


def test_a_pack_replaces_its_own_files_only(tmp_path: Path) -> None:
    from audit.files import write_pack

    write_pack(tmp_path, [("a.html", b"1"), ("old.html", b"2")])
    (tmp_path / "mine.txt").write_text("office")
    write_pack(tmp_path, [("a.html", b"3")])
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.html", "manifest.json", "manifest.sha256", "mine.txt"]
