"""Pages that a script shows behind a #: linked to, opened by the browser or not, and what is said without them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from checks.facts import PageKind
from checks.gaps import ROUTE
from checks.outcomes import FetchOutcome
from checks.snapshot import SHANGHAI
from checks.tiny import tiny
from config.district import Column, District
from crawler.derive.run import derive
from crawler.derive.snapshot import StoredSnapshot
from crawler.extract.weblinks import route
from crawler.frontier import FrontierItem
from crawler.observations import FetchRecord
from crawler.store import ObservationStore

HOST = "www.example.gov.cn"
HOME = f"http://{HOST}/"
NOTICES, DETAIL = f"{HOME}#/list/tzgg", f"{HOME}#/detail/1"
AS_OF = datetime(2026, 9, 30, 18, tzinfo=SHANGHAI)
SHELL = "<title>示例区</title><div id='app'></div><script src='/app.js'></script>"
MENU = "<title>示例区</title><div id='app'><nav><a href='#/list/tzgg'>通知公告</a></nav><h2>要闻</h2></div>"
LIST = (
    "<title>示例区</title><div id='app'><nav><a href='#/'>首页</a></nav><ul>"
    + "".join(f"<li><a href='#/detail/{n}'>关于事项{n}的公告</a><span>2026-09-0{n}</span></li>" for n in range(1, 6))
    + "</ul></div>"
)


@pytest.mark.parametrize(
    ("reference", "address"),
    [
        ("#/list/3", f"{HOME}a/#/list/3"),
        ("#!news", f"{HOME}a/#!news"),
        ("/app/#/x?id=3", f"{HOME}app/#/x?id=3"),
        ("#/", ""),  # the front again
        ("#!", ""),
        ("#top", ""),
        ("page.html#p2", ""),
        ("http://zwfw.example.cn/#/home", ""),  # another site's
        ("javascript:;#/x", ""),
    ],
)
def test_what_is_a_route(reference: str, address: str) -> None:
    assert route(f"{HOME}a/", reference) == address
    assert route(f"{HOME}a/#/old", reference) == address


def observed(folder: Path, doms: dict[str, str]) -> District:
    with ObservationStore(folder / "observations.sqlite") as store:
        store.add_pending(FrontierItem(HOME, HOST))
        store.mark_done(HOME)
        digest = store.put_body(SHELL.encode())
        store.record(
            FetchRecord(
                HOME, HOST, FetchOutcome.OK, status=200, final_url=HOME, body_sha256=digest, size=len(SHELL),
                content_type="text/html; charset=utf-8", started_at="2026-09-30T01:00:00+00:00",
            )
        )  # fmt: skip
        for url, html in doms.items():
            store.add_artifact(url, "dom", html.encode(), {"status": 200})
    wanted = (Column(column_id="tzgg", label="通知公告"), Column(column_id="ldxx", label="领导信息"))
    return tiny(columns=[(c, None) for c in wanted]).district


def test_without_a_browser_nothing_is_said_of_a_menu_that_a_script_makes(tmp_path: Path) -> None:
    district = observed(tmp_path, {})
    summary = derive(district, tmp_path, AS_OF)
    assert HOME in summary.needs_render
    with StoredSnapshot(tmp_path, district, AS_OF) as snapshot:
        assert not snapshot.navigation_coverage().complete


def test_a_route_not_opened_is_a_gap_and_waits_for_the_browser(tmp_path: Path) -> None:
    district = observed(tmp_path, {HOME: MENU})
    summary = derive(district, tmp_path, AS_OF)
    assert summary.needs_render == (NOTICES,)
    with StoredSnapshot(tmp_path, district, AS_OF) as snapshot:
        assert [g.outcome for g in snapshot.navigation_coverage().gaps] == [ROUTE]
        assert not snapshot.site_coverage().complete
        state = snapshot.column("tzgg")
        assert state is not None and state.url == NOTICES and not state.coverage.complete


def test_an_opened_route_is_a_page_like_any_other(tmp_path: Path) -> None:
    detail = (
        "<title>示例区</title><h1>关于事项1的公告</h1><p>发布时间：2026-09-01</p><div>" + "正文内容。" * 30 + "</div>"
    )
    later = {f"{HOME}#/detail/{n}": detail.replace("事项1", f"事项{n}") for n in range(1, 6)}
    district = observed(tmp_path, {HOME: MENU, NOTICES: LIST, **later})
    summary = derive(district, tmp_path, AS_OF)
    assert summary.needs_render == ()
    with StoredSnapshot(tmp_path, district, AS_OF) as snapshot:
        state = snapshot.column("tzgg")
        assert state is not None and state.coverage.complete
        assert [str(row.date) for row in state.rows] == [f"2026-09-0{n}" for n in range(1, 6)]
        page = snapshot.page(DETAIL)
        assert (
            page is not None
            and page.kind is PageKind.ARTICLE
            and str(page.published and page.published.value) == "2026-09-01"
        )
        assert snapshot.navigation_coverage().complete


def test_a_page_that_stayed_blank_was_not_seen(tmp_path: Path) -> None:
    district = observed(tmp_path, {HOME: MENU, NOTICES: SHELL})
    derive(district, tmp_path, AS_OF)
    with StoredSnapshot(tmp_path, district, AS_OF) as snapshot:
        page = snapshot.page(NOTICES)
        assert page is not None and page.needs_render and not page.rendered
