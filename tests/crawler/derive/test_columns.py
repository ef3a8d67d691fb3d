"""Where a column is, what it shows, and when its reading may be called complete."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from checks.facts import Coverage, Fact, Link, Page, PageKind, Region, Row
from checks.outcomes import FetchOutcome
from checks.tiny import tiny
from checks.tiny_parts import unit
from config.district import Column, ColumnClass, Unit
from crawler.derive.columns import Answer, Lookups, resolve, self_named, with_children

TODAY = date(2026, 9, 30)
HOME = "http://www.example.gov.cn/"
LIST = HOME + "zwgk/tzgg/"
NAV = [
    Link(LIST, " 通知公告 > ", Region.NAVIGATION),
    Link(HOME + "zwgk/zcjd/", "政策解读", Region.NAVIGATION),
    Link("http://zwfw.example.com/", "办事服务", Region.NAVIGATION),
]
FULL = Coverage(complete=True, known=3, fetched=3)


def rows(*days: str, pinned: int = 0) -> tuple[Row, ...]:
    return tuple(
        Row(f"信息{n}", f"{LIST}t{n}.html", date.fromisoformat(d) if d else None, pinned=n < pinned, order=n)
        for n, d in enumerate(days)
    )


def listing(url: str = LIST, *found: Row, **more) -> Page:
    return Page(url, "a" * 64, "2026-09-30T01:00:00+00:00", PageKind.LIST, rows=found, **more)


def state(column: Column, pages: list[Page], answers=None, lists=None, nav=NAV, coverage=FULL, skipped=None):
    by_url = {p.url: p for p in pages}
    given = {p.url: Answer(FetchOutcome.OK, p.url, 200) for p in pages} | (answers or {})
    district = tiny(columns=[(column, None)]).district
    lookups = Lookups(by_url.get, given.get, lambda u: (lists or {}).get(u, []), lambda u: (skipped or {}).get(u, ""))
    return resolve(district, nav, coverage, lookups, TODAY)[0]


NOTICES = Column(column_id="tzgg", label="通知公告", aliases=("公示公告",), column_class=ColumnClass.NOTICE)


def test_found_by_label_in_the_navigation() -> None:
    got = state(NOTICES, [listing(LIST, *rows("2026-09-01", "2026-08-01"))])
    assert (got.url, got.found_by, got.row_count, got.newest.date) == (LIST, "label", 2, date(2026, 9, 1))
    assert got.coverage.complete


def test_found_by_alias_and_by_path() -> None:
    renamed = NOTICES.model_copy(update={"label": "公告栏", "aliases": ("通知公告",)})
    assert state(renamed, [listing()]).found_by == "alias"
    pinned = NOTICES.model_copy(update={"path": "/zwgk/tzgg/"})
    assert state(pinned, [listing()], nav=[]).found_by == "path"


def test_not_found_keeps_near_misses_and_the_navigation_coverage() -> None:
    partly = Coverage(complete=False, known=5, fetched=4)
    got = state(NOTICES.model_copy(update={"label": "通知公示", "aliases": ()}), [], coverage=partly)
    assert got.url is None
    assert "通知公告 >" in got.near_misses
    assert got.coverage is partly


def test_a_pinned_old_row_is_not_the_newest_and_future_rows_do_not_count() -> None:
    got = state(NOTICES, [listing(LIST, *rows("2020-01-01", "2026-09-20", "2026-10-05", pinned=1))])
    assert got.newest.date == date(2026, 9, 20)


def test_a_list_page_that_was_not_seen_is_a_gap() -> None:
    more = LIST + "index_1.html"
    waf = {more: Answer(FetchOutcome.WAF, more, 412)}
    got = state(NOTICES, [listing(LIST, *rows("2026-01-01"))], waf, {LIST: [more]})
    assert not got.coverage.complete
    assert [g.outcome for g in got.coverage.gaps] == ["waf-challenge"]
    budget = state(
        NOTICES, [listing(LIST, *rows("2026-01-01"))], None, {LIST: [more]}, skipped={more: "budget-pages"}
    )
    assert budget.coverage.gaps[0].outcome == "budget-pages"


def test_a_list_page_the_site_does_not_have_ends_the_list() -> None:
    more = LIST + "index_1.html"
    got = state(
        NOTICES, [listing(LIST, *rows("2026-01-01"))], {more: Answer(FetchOutcome.GONE, more, 404)}, {LIST: [more]}
    )
    assert got.coverage.complete


@pytest.mark.parametrize("ordered", [True, False])
def test_proved_order_lets_the_walk_stop_early(ordered: bool) -> None:
    days = [str(TODAY - timedelta(days=60 * n)) for n in range(12)]
    if not ordered:
        days[3], days[4] = days[4], days[3]
    more = LIST + "index_9.html"
    got = state(NOTICES, [listing(LIST, *rows(*days))], None, {LIST: [more]})
    assert got.coverage.complete is ordered


def test_a_list_filled_by_script_is_not_complete_until_rendered() -> None:
    blank = listing(LIST, needs_render=True)
    assert not state(NOTICES, [blank]).coverage.complete
    assert state(NOTICES, [blank]).script_filled
    assert state(NOTICES, [replace(blank, rendered=True, rows=rows("2026-09-01"))]).coverage.complete


def test_a_blocked_front_is_a_gap_and_a_missing_one_an_answer() -> None:
    blocked = state(NOTICES, [], {LIST: Answer(FetchOutcome.WAF, LIST, 412)})
    assert (blocked.outcome, blocked.coverage.complete) == (FetchOutcome.WAF, False)
    gone = state(NOTICES, [], {LIST: Answer(FetchOutcome.GONE, LIST, 404)})
    assert (gone.outcome, gone.coverage.complete) == (FetchOutcome.GONE, True)


def test_a_column_on_another_system_is_external() -> None:
    services = Column(column_id="bsfw", label="办事服务")
    assert state(services, []).external == "http://zwfw.example.com/"


def test_statements_and_static_content() -> None:
    none = replace(rows("2026-03-01")[0], title="2026年度无此事项的情况说明")
    got = state(NOTICES, [listing(LIST, none)])
    assert (got.statement.value, got.statement_date) == (none.title, date(2026, 3, 1))
    static = Column(column_id="gk", label="通知公告", column_class=ColumnClass.STATIC)
    assert state(static, [Page(LIST, "", "", PageKind.PLATFORM, text="字" * 60, text_length=60)]).content
    assert not state(static, [Page(LIST, "", "", PageKind.PLATFORM, text="标题", text_length=2)]).content


def test_children_are_counted_below_the_folder() -> None:
    parent = state(NOTICES, [listing()])
    (got,) = with_children([parent], {LIST + "a/index.html": 3, LIST + "b/": 0, HOME + "other/": 4}, lambda _: ())
    assert got.children_with_rows == 1


def test_columns_of_one_address_are_not_below_each_other() -> None:
    """“list.jsp?id=15” is not the parent of “list.jsp?id=11” for lying in one folder with it."""
    base = HOME + "news/list.jsp?id="
    menu = [Link(base + "11", "要闻", Region.CONTENT), Link(base + "12", "公告", Region.NAVIGATION)]
    lists = {base + "11": 12, base + "12": 5}
    blank = replace(state(NOTICES, [listing()]), url=base + "15", list_pages=(base + "15",))
    told = replace(blank, placeholder=Fact("暂无数据", "placeholder", "暂无数据"))
    counted = with_children([blank, told], lists, lambda _: menu)
    assert [s.children_with_rows for s in counted] == [1, 0]
    assert with_children([blank], lists, lambda _: ())[0].children_with_rows == 0


def _calling_itself(url: str, **more) -> Page:
    return listing(url, *rows("2026-09-01"), **more)


@pytest.mark.parametrize(
    ("page", "how"),
    [
        (_calling_itself(LIST, meta=(("ColumnName", "公示公告"),)), "column-name"),
        (_calling_itself(LIST, meta=(("columntype", "通知公告"),)), "column-type"),
        (_calling_itself(LIST, breadcrumb=("首页", "政务公开", "通知公告")), "breadcrumb"),
    ],
)
def test_a_front_off_the_navigation_is_known_by_what_it_calls_itself(page: Page, how: str) -> None:
    got = resolve(*_looked_up(NOTICES, [page]))[0]
    assert (got.url, got.found_by) == (LIST, how)


def test_a_units_own_front_is_not_the_portals_column() -> None:
    own = HOME + "bm/kjj/tzgg/"
    page = _calling_itself(own, meta=(("ColumnName", "通知公告"),))
    got = resolve(*_looked_up(NOTICES, [page], unit("kjj", "区科技局", column_urls=("/bm/kjj/",))))[0]
    assert got.url is None


def test_the_shortest_address_is_the_front_of_a_paged_list() -> None:
    pages = [_calling_itself(f"{LIST}{name}", meta=(("ColumnName", "通知公告"),)) for name in ("index_2.html", "")]
    assert resolve(*_looked_up(NOTICES, pages))[0].url == LIST


def _looked_up(column: Column, pages: list[Page], *units: Unit):
    by_url = {p.url: p for p in pages}
    given = {p.url: Answer(FetchOutcome.OK, p.url, 200) for p in pages}
    lookups = Lookups(by_url.get, given.get, lambda _: [], lambda _: "", self_named=self_named(pages))
    return tiny(columns=[(column, None)], units=list(units)).district, [], FULL, lookups, TODAY


AREA = HOME + "zjj/tzgg/"


def located(nav: list[Link], on_home: frozenset[str], owner: str = "", *, seen: tuple[str, ...] = (LIST, AREA)):
    """Where 通知公告 is looked for, in a district whose housing bureau has `/zjj/` for its own."""
    housing = unit("zjj", "住建局", column_urls=("/zjj/",))
    column = NOTICES.model_copy(update={"unit_id": owner, "path": ""})
    district = tiny(columns=[(column, None)], units=[unit("zfb", "政府办"), housing]).district
    pages = {url: listing(url, *rows("2026-09-01")) for url in seen}
    answers = {url: Answer(FetchOutcome.OK, url, 200) for url in pages}
    lookups = Lookups(pages.get, answers.get, lambda _: [], lambda _: "", on_home=on_home)
    return resolve(district, nav, FULL, lookups, TODAY)[0]


def test_a_column_of_the_portal_is_not_looked_for_among_those_of_a_department() -> None:
    """Each department has a 通知公告; the navigation of its own pages names it as well."""
    nav = [Link(AREA, "通知公告", Region.NAVIGATION), Link(LIST, "通知公告", Region.CONTENT)]
    assert located(nav, frozenset()).url == LIST
    assert located(nav, frozenset(), owner="zjj").url == AREA
    other = HOME + "zwgk/bm/tzgg/"
    level = [Link(other, "通知公告", Region.NAVIGATION), Link(LIST, "通知公告", Region.CONTENT)]
    assert located(level, frozenset({LIST}), seen=(LIST, other)).url == LIST


def test_a_column_that_only_another_unit_has_is_for_a_person_to_judge() -> None:
    got = located([Link(AREA, "通知公告", Region.NAVIGATION)], frozenset())
    assert (got.url, got.coverage.complete, got.coverage.gaps[0].outcome) == (AREA, False, "ambiguous-owner")


def stub(target: str) -> Page:
    return Page(LIST, "", "", PageKind.STUB, marks=(Fact(target, "redirect", target),))


def test_a_stub_leads_to_what_answers_behind_it() -> None:
    target = LIST + "list/"
    gone = state(NOTICES, [stub(target)], {target: Answer(FetchOutcome.GONE, target, 404)})
    assert (gone.url, gone.outcome, gone.coverage.complete) == (target, FetchOutcome.GONE, True)
    unasked = state(NOTICES, [stub(target)], skipped={target: "robots"})
    assert (unasked.coverage.complete, unasked.coverage.gaps[0].outcome) == (False, "robots")
    away = state(NOTICES, [stub("http://zwfw.example.com/x")])
    assert away.external == "http://zwfw.example.com/x"


def test_a_column_that_leads_to_another_has_no_list_of_its_own() -> None:
    """“政务公开” that opens its first column: what is old there is old once."""
    parent = Column(column_id="zwgk", label="政务公开", path="/zwgk/")
    child = NOTICES.model_copy(update={"path": "/zwgk/tzgg/"})
    front = HOME + "zwgk/"
    pages = {
        front: Page(front, "", "", PageKind.STUB, marks=(Fact(LIST, "redirect", LIST),)),
        LIST: listing(LIST, *rows("2026-09-01")),
    }
    answers = {url: Answer(FetchOutcome.OK, url, 200) for url in pages}
    district = tiny(columns=[(parent, None), (child, None)]).district
    lookups = Lookups(pages.get, answers.get, lambda _: [], lambda _: "")
    states = with_children(resolve(district, [], FULL, lookups, TODAY), {LIST: 1}, lambda _: ())
    assert [(s.url, s.row_count, s.children_with_rows) for s in states] == [(LIST, 0, 1), (LIST, 1, 0)]
