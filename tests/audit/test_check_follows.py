"""`govaudit check` goes where redirects, refreshes, scripts and frames send a reader; each hop is told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from audit.adhoc import check
from audit.cli import run_cli
from audit.clock import now
from audit.doorways import MAX_JUMPS, frames_of
from audit.errors import Exit, Unsupported
from checks.facts import Link, Page, PageKind, Region, Row
from tests.crawler.servers import Site, redirect, reply

ARTICLE = (
    '<!doctype html><html><head><meta charset="utf-8"><title>关于开展检查的通知</title></head><body>'
    "<h1>关于开展检查的通知</h1><p>来源：区政府办 发布时间：2026-06-03 09:12</p><div>"
    + "本通知自印发之日起施行，请各单位遵照执行。" * 20
    + "</div></body></html>"
)


def refresh(target: str) -> str:
    return f'<html><head><meta http-equiv="refresh" content="0;url={target}"></head><body></body></html>'


def script(code: str) -> str:
    return f"<html><head><script>{code}</script></head><body></body></html>"


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    pages = {
        "/a.html": reply(ARTICLE),
        "/way.html": redirect("/refresh.html"),
        "/refresh.html": reply(refresh("script.html")),
        "/script.html": reply(script('window.open("a.html", "_self")')),
        "/frames.html": reply(
            '<html><head><title>某县人民政府</title></head><frameset rows="80,*">'
            '<frame src="top.html"><frame src="refresh.html"></frameset></html>'
        ),
        "/top.html": reply("<html><body>某县人民政府欢迎您</body></html>"),
        "/lost.html": reply(
            '<html><head><title>办事</title></head><body><iframe src="gone.html" width="900" height="900"></iframe>'
        ),
        "/round.html": reply(refresh("about.html")),
        "/about.html": reply(script('location.replace("round.html")')),
        "/file.html": reply(refresh("file:///etc/passwd")),
        "/inside.html": reply(script("location.href='http://169.254.169.254/latest'")),
        "/loop.html": redirect("/loop.html"),
        **{f"/n{n}.html": reply(refresh(f"n{n + 1}.html")) for n in range(MAX_JUMPS + 2)},
    }
    with Site(pages) as served:
        served.pages["/elsewhere.html"] = reply(refresh(f"http://localhost:{served.port}/a.html"))
        yield served


def test_every_hop_to_the_page_is_told(site: Site) -> None:
    base = f"http://{site.address}"
    found = check(f"{base}/way.html", now())
    assert (found.url, found.page.title.value) == (f"{base}/a.html", "关于开展检查的通知")
    assert [(s.how, s.target.removeprefix(base)) for s in found.steps] == [
        ("redirect", "/refresh.html"), ("jump", "/script.html"), ("jump", "/a.html"),
    ]  # fmt: skip
    assert all(str(step) in found.html.decode() for step in found.steps)


def test_frames_are_judged_with_the_page_that_shows_them(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    base = f"http://{site.address}"
    code = run_cli(["check", f"{base}/frames.html", "--json"])
    told = json.loads(capsys.readouterr().out)
    assert code in (Exit.CLEAN, Exit.FINDINGS)
    assert told["url"] == f"{base}/frames.html"
    assert [(s["how"], s["target"].removeprefix(base)) for s in told["steps"]] == [
        ("frame", "/top.html"), ("frame", "/refresh.html"), ("jump", "/script.html"), ("jump", "/a.html"),
    ]  # fmt: skip
    assert any(e["url"] == f"{base}/a.html" for f in told["findings"] for e in f["evidence"])


def test_a_frame_that_was_not_seen_is_told(site: Site) -> None:
    found = check(f"http://{site.address}/lost.html", now())
    assert [step.lost for step in found.steps] == ["页面不存在（404/410），其中的内容没有检查"]


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/round.html", "来回跳转"),
        ("/file.html", "不予访问"),
        ("/inside.html", "169.254.169.254 是内网地址"),
        ("/elsewhere.html", "localhost 指向内网地址"),
        ("/loop.html", "循环跳转"),
        ("/n0.html", f"跳转 {MAX_JUMPS} 次仍未到达"),
    ],
)
def test_ways_that_lead_nowhere_end_with_every_hop(site: Site, path: str, says: str) -> None:
    with pytest.raises(Unsupported) as refused:
        check(f"http://{site.address}{path}", now())
    message = str(refused.value)
    assert says in message
    assert message.startswith(("网页自动跳转：", "服务器跳转："))
    assert message.count("→") == message.count("\n")


def test_a_saved_page_leads_to_the_files_saved_with_it(tmp_path: Path) -> None:
    (tmp_path / "front_files").mkdir()
    (tmp_path / "front_files" / "in.html").write_text(ARTICLE, "utf-8")
    saved = tmp_path / "front.html"
    saved.write_text(
        '<html><body><iframe src="front_files/in.html" width="900" height="900"></iframe></body>', "utf-8"
    )
    found = check(str(saved), now())
    assert [(s.how, s.lost) for s in found.steps] == [("frame", "")]
    assert any(e.url.endswith("/front_files/in.html") for f in found.findings for e in f.evidence)


def test_a_saved_page_asks_nobody_and_leaves_its_folder_alone(tmp_path: Path) -> None:
    (tmp_path / "secret.html").write_text(ARTICLE, "utf-8")
    (tmp_path / "in").mkdir()
    saved = tmp_path / "in" / "stub.html"
    for target in ("http://www.example.gov.cn/a.html", "../secret.html", "%2e%2e/secret.html"):
        saved.write_text(refresh(target), "utf-8")
        with pytest.raises(Unsupported, match="不访问网络"):
            check(str(saved), now())


def test_a_page_with_words_of_its_own_is_what_a_reader_sees() -> None:
    frame = Link("http://a.gov.cn/in.html", "", Region.CONTENT, "frame")
    thin = Page("http://a.gov.cn/", "0" * 64, "2026-09-30T00:00:00+08:00", PageKind.OTHER)
    long = Page(thin.url, thin.sha256, thin.fetched_at, PageKind.ARTICLE, text_length=900)
    lists = Page(thin.url, thin.sha256, thin.fetched_at, PageKind.LIST, rows=(Row("通知", "http://a.gov.cn/1.html"),))
    assert frames_of(thin, [frame], False) == [frame.url]
    assert frames_of(long, [frame], False) == frames_of(lists, [frame], False) == []
    counter = Link(frame.url, "", Region.CONTENT, "frame", hidden="0px")
    foot = Link(frame.url, "", Region.FOOTER, "frame")
    assert frames_of(thin, [counter, foot], False) == []
    assert frames_of(thin, [foot], True) == [frame.url]
