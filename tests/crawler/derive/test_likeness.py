"""What a site sends browsers is held against what it sent the crawler: a gross difference is a gap, no finding."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest

from checks.gaps import UNLIKE
from checks.outcomes import FetchOutcome
from checks.snapshot import SHANGHAI
from config.district import Column, ColumnClass, District, Site
from crawler.derive.likeness import unlike
from crawler.derive.run import derive
from crawler.derive.snapshot import StoredSnapshot
from crawler.extract.page import Context
from crawler.loads import SENT
from crawler.observations import OBSERVATIONS, FetchRecord, FrontierItem
from crawler.store import ObservationStore

HOST = "www.example.gov.cn"
HOME = f"http://{HOST}/"
LIST = f"{HOME}gzdt/"
CONTEXT = Context(frozenset({HOST}), HOME, date(2026, 9, 30))
AS_OF = datetime(2026, 9, 30, 18, 0, tzinfo=SHANGHAI)


def rows(count: int) -> str:
    items = "".join(
        f"<li><a href='{n}.html'>关于第{n}项工作进展情况的通报</a><span>2026-09-{n:02d}</span></li>"
        for n in range(1, count + 1)
    )
    return f"<html><title>工作动态</title><body><div class='main'><ul>{items}</ul></div></body></html>"


def article(length: int) -> str:
    text = "各单位要抓好落实。" * (length // 9)
    return f"<html><title>通知</title><body><h1>关于工作的通知</h1><div id='zoom'>{text}</div></body></html>"


def kept(store: ObservationStore, url: str, ours: str, theirs: str, status: int = 200) -> None:
    at, sha = "2026-09-30T01:00:00+00:00", store.put_body(ours.encode())
    about = {"final_url": url, "body_sha256": sha, "content_type": "text/html", "started_at": at}
    store.add_pending(FrontierItem(url, HOST))
    store.record(FetchRecord(url, HOST, FetchOutcome.OK, status=200, **about))  # type: ignore[arg-type]
    store.mark_done(url)
    meta = {"status": status, "content_type": "text/html; charset=utf-8", "final_url": url}
    store.add_artifact(url, SENT, theirs.encode(), meta)


@pytest.fixture
def compared(tmp_path: Path) -> Callable[..., list[str]]:
    def run(ours: str, theirs: str, status: int = 200) -> list[str]:
        with ObservationStore(tmp_path / OBSERVATIONS) as store:
            kept(store, LIST, ours, theirs, status)
            return [gap.detail for gap in unlike(store, CONTEXT)]

    return run


def test_a_list_that_browsers_see_longer_is_a_gap_with_both_digests(compared: Callable[..., list[str]]) -> None:
    [said] = compared(rows(2), rows(9))
    assert "列表2条" in said and "列表9条" in said
    assert said.count("sha256 ") == 2


@pytest.mark.parametrize(
    ("ours", "theirs", "gap"),
    [
        (article(90), article(900), True),
        (article(900), article(90), True),
        (article(900), article(700), False),
        (article(90), article(18), False),
        (rows(9), rows(7), False),
        (rows(9), rows(9), False),
        (rows(9) + "<!-- 第1次访问 -->", rows(9) + "<!-- 第2次访问 -->", False),
    ],
    ids=["less text", "more text", "much the same", "hardly any", "a few rows", "the same", "only bytes"],
)
def test_only_gross_differences_count(compared: Callable[..., list[str]], ours: str, theirs: str, gap: bool) -> None:
    assert bool(compared(ours, theirs)) is gap


def test_a_browser_that_was_turned_away_says_nothing(compared: Callable[..., list[str]]) -> None:
    challenge = "<html><script>document.cookie='a=1';location.reload();</script><body></body></html>"
    assert compared(rows(9), challenge) == []
    assert compared(rows(9), "<html>拒绝访问</html>", 403) == []


def test_the_column_and_the_site_are_not_seen_whole_and_nobody_is_accused(tmp_path: Path) -> None:
    column = Column(column_id="gzdt", label="工作动态", path="/gzdt/", column_class=ColumnClass.DYNAMIC)
    it = District(
        id="d", name="示例区", full_name="示例区", office="办公室", portal_owner="zfb", standards=(),
        site=Site(name="示例区", home=HOME, main_host=HOST), columns=(column,),
    )  # fmt: skip
    with ObservationStore(tmp_path / OBSERVATIONS) as store:
        kept(store, HOME, article(300), article(300))
        kept(store, LIST, "<html><title>工作动态</title><body><p>暂无数据</p></body></html>", rows(9))
    derive(it, tmp_path, AS_OF)
    with StoredSnapshot(tmp_path, it, AS_OF) as snapshot:
        state = snapshot.column("gzdt")
        assert state is not None
        assert [g.outcome for g in state.coverage.gaps][:1] == [UNLIKE]
        assert not state.coverage.complete
        assert not snapshot.site_coverage().complete
        assert [g.url for g in snapshot.gaps() if g.outcome == UNLIKE] == [LIST]
