"""How the crawl behaves towards a site: robots, rates, rests, budgets, scope; and what it leaves in the store."""

from __future__ import annotations

import json
import time
from pathlib import Path

from crawl_setup import HOME, HOST, district, observe
from servers import Site, in_turn, page, redirect, reply

from checks.outcomes import FetchOutcome as F
from config.district import Account, Column
from crawler.observations import OBSERVATIONS
from crawler.store import ObservationStore

ROBOTS = reply("User-agent: *\nDisallow: /secret/\nSitemap: /extra.xml\n", kind="text/plain")


def frontier(folder: Path) -> dict[str, tuple[str, str]]:
    with ObservationStore(folder / OBSERVATIONS, readonly=True) as store:
        return {i.url.removeprefix(HOME[:-1]): (i.state, i.reason) for i in store.frontier()}


def test_robots_are_obeyed_and_recorded(tmp_path: Path) -> None:
    pages = {"/": page("首页", "/secret/a.html", "/b.html"), "/b.html": page("乙"), "/robots.txt": ROBOTS}
    pages["/secret/a.html"] = page("不给看")
    with Site(pages) as site:
        _, seen = observe(tmp_path, district(site.address))
        assert "/secret/a.html" not in site.paths()
        assert site.paths()[0] == "/robots.txt"
    assert seen["/secret/a.html"] is F.ROBOTS
    assert frontier(tmp_path)["/secret/a.html"] == ("skipped", "robots")


def test_an_authorised_crawl_records_robots_only(tmp_path: Path) -> None:
    pages = {"/": page("首页", "/secret/a.html"), "/secret/a.html": page("可看"), "/robots.txt": ROBOTS}
    with Site(pages) as site:
        _, seen = observe(tmp_path, district(site.address, authorisation="示例县政府办函〔2026〕1号"))
    assert seen["/secret/a.html"] is F.OK
    assert seen["/robots.txt"] is F.OK


def test_retry_after_is_waited_for(tmp_path: Path) -> None:
    busy = reply("慢一点", 429, headers=[("Retry-After", "1")])
    moments: list[float] = []
    with Site({"/": page("首页", "/a.html"), "/a.html": in_turn(busy, page("甲"))}) as site:
        site.on_request = lambda _: moments.append(time.monotonic()) if site.requests[-1][2] == "/a.html" else None
        _, seen = observe(tmp_path, district(site.address))
    assert seen["/a.html"] is F.OK
    assert moments[1] - moments[0] >= 0.95


def test_another_site_that_wants_to_be_left_alone_for_long_is_left_alone(tmp_path: Path) -> None:
    """The crawl does not wait for it, does not ask again, and accuses nobody."""
    other = "www.busy.example"
    tired = reply("稍后再来", 429, headers=[("Retry-After", "7200")])
    links = [f"http://{other}/{n}.html" for n in range(4)]
    pages = {f"{HOST}/": page("首页", *links), **{f"{other}/{n}.html": tired for n in range(4)}}
    with Site(pages) as site:
        _, seen = observe(tmp_path, district(site.address, mapped=(other,)))
        asked = [p for _, host, p in site.requests if host == other]
    assert len(asked) == len(set(asked))
    assert F.OK not in {seen.get(url) for url in links}
    assert {frontier(tmp_path)[url] for url in links} <= {("done", ""), ("skipped", "host-down")}


def test_the_pass_over_accounts_leaves_alone_what_the_site_pass_gave_up(tmp_path: Path) -> None:
    """Addresses of a host that is down are not this pass's to ask: reopened by it they would stay pending."""
    bare, platform = "example-county.gov.cn", "weibo.example"
    account = Account(account_id="a1", platform="示例平台", name="示例县发布", url=f"http://{platform}/u/1")
    links = [f"http://{bare}/{n}.html" for n in range(6)]
    pages = {f"{HOST}/": page("首页", *links), f"{platform}/u/1": page("示例县发布")}
    with Site(pages) as site:
        led = {HOST: site.address, platform: site.address, bare: "127.0.0.1:9"}
        it = district(site.address, hosts=(bare,), accounts=(account,), resolve=led)
        observe(tmp_path, it)
        given_up = {url for url, state in frontier(tmp_path).items() if state == ("skipped", "host-down")}
        observe(tmp_path, it, spider="media")
    assert given_up
    assert {url for url, (state, _) in frontier(tmp_path).items() if state == "pending"} == set()


def test_the_rate_is_kept(tmp_path: Path) -> None:
    pages = {"/": page("首页", *(f"/p{n}.html" for n in range(12)))}
    pages |= {f"/p{n}.html": page(f"第{n}页") for n in range(12)}
    moments: list[float] = []
    with Site(pages) as site:
        site.on_request = lambda _: moments.append(time.monotonic())
        observe(tmp_path, district(site.address, rate=20))
    assert len(moments) / (moments[-1] - moments[0]) <= 20 * 1.3


def test_budget_of_pages_leaves_the_rest_recorded(tmp_path: Path) -> None:
    pages = {"/": page("首页", *(f"/p{n}.html" for n in range(30)))}
    pages |= {f"/p{n}.html": page(f"第{n}页") for n in range(30)}
    with Site(pages) as site:
        summary, _ = observe(tmp_path, district(site.address, max_pages=10))
    assert summary.pages == 10
    assert summary.skipped["budget-pages"] == 21


def test_depth_traps_and_exclusions_are_told_apart(tmp_path: Path) -> None:
    circle = "/a/b/a/b/a/b/x.html"
    pages = {"/": page("首页", "/1.html", circle, "/admin/x.html"), "/1.html": page("一", "/2.html")}
    pages["/2.html"] = page("二", "/3.html")
    with Site(pages) as site:
        observe(tmp_path, district(site.address, max_depth=2, exclude=(r"/admin/",)))
        assert not {circle, "/admin/x.html", "/3.html"} & set(site.paths())
    states = frontier(tmp_path)
    assert states["/3.html"] == ("skipped", "budget-depth")
    assert states[circle] == ("skipped", "trap-repeat")
    assert states["/admin/x.html"] == ("skipped", "excluded")


def test_foreign_targets_are_checked_once_and_not_followed(tmp_path: Path) -> None:
    other = "www.other-office.org.cn"
    pages = {
        f"{HOST}/": page("首页", f"http://{other}/x.html", f"http://{other}/no-head.html"),
        f"{other}/x.html": page("别处", "/deeper.html"),
    }

    async def no_head(asked, writer):
        return await (reply("", 405) if asked.method == "HEAD" else page("只答GET"))(asked, writer)

    pages[f"{other}/no-head.html"] = no_head
    with Site(pages) as site:
        _, seen = observe(tmp_path, district(site.address, mapped=(other,), external_reads=0))
        there = [(m, p) for m, h, p in site.requests if h == other]
    assert seen[f"http://{other}/x.html"] is F.OK and seen[f"http://{other}/no-head.html"] is F.OK
    assert sorted(there) == [("GET", "/no-head.html"), ("HEAD", "/no-head.html"), ("HEAD", "/x.html")]


def test_columns_sitemaps_and_hosts_are_starting_points(tmp_path: Path) -> None:
    office = "office.example-county.gov.cn"
    locations = f"<urlset><url><loc>{HOME}hidden.html</loc></url><url><loc>http://elsewhere.cn/</loc></url></urlset>"
    pages = {
        f"{HOST}/": page("首页"),
        f"{office}/": page("部门首页"),
        "/zwgk/": page("政务公开"),
        "/hidden.html": page("只在地图里"),
        "/sitemap.xml": reply(locations, kind="text/xml"),
    }
    columns = (Column(column_id="zwgk", label="政务公开", path="/zwgk/"),)
    with Site(pages) as site:
        _, seen = observe(tmp_path, district(site.address, hosts=(office,), columns=columns))
    assert {seen["/zwgk/"], seen["/hidden.html"], seen[f"http://{office}/"]} == {F.OK}
    assert "http://elsewhere.cn/" not in seen


def test_a_bare_domain_that_sends_everything_to_www_is_asked_to_the_end(tmp_path: Path) -> None:
    bare = "example-county.gov.cn"
    pages = {"/": page("首页", f"http://{bare}/old.html"), "/old.html": page("旧址")}
    pages |= {f"{bare}{path}": redirect(f"{HOME}{path[1:]}", 301) for path in ("/", "/robots.txt", "/old.html")}
    with Site(pages) as site:
        _, seen = observe(tmp_path, district(site.address, hosts=(bare,)))
    assert {seen[f"http://{bare}/"], seen[f"http://{bare}/old.html"]} == {F.OK}
    assert {state for state, _ in frontier(tmp_path).values()} == {"done"}


def test_impact_is_left_in_the_store(tmp_path: Path) -> None:
    with Site({"/": page("首页", "/a.html"), "/a.html": page("甲")}) as site:
        summary, _ = observe(tmp_path, district(site.address))
    with ObservationStore(tmp_path / OBSERVATIONS, readonly=True) as store:
        impact = json.loads(store.meta_get("impact") or "{}")
    assert impact[HOST]["requests"] > 0 and impact[HOST]["bytes"] == summary.bytes
    assert set(impact[HOST]) == {"requests", "bytes", "busy", "first_ms", "last_ms"}


def test_cookies_that_a_redirect_needs_live_for_one_visit(tmp_path: Path) -> None:
    async def guarded(asked, writer):
        answer = page("进来了") if "pass=1" in asked.headers.get("cookie", "") else entry
        return await answer(asked, writer)

    entry = redirect("/in.html", headers=[("Set-Cookie", "pass=1; Path=/")])
    with Site({"/": page("首页", "/in.html", "/z.html"), "/in.html": guarded, "/z.html": page("后")}) as site:
        _, seen = observe(tmp_path, district(site.address))
        carried = [p for (_, _, p), h in zip(site.requests, site.headers, strict=True) if "cookie" in h]
    assert seen["/in.html"] is F.OK
    assert carried == ["/in.html"]


def test_accounts_of_the_ledger_are_looked_at_once(tmp_path: Path) -> None:
    platform = "www.platform.example"
    account = Account(account_id="a1", platform="示例平台", name="示例县发布", url=f"http://{platform}/u/1")
    columns = (Column(column_id="matrix", label="新媒体矩阵", path="/matrix/", role="matrix"),)
    matrix = '<html><body><img src="/qr/1.png"><img src="http://ad.example/2.png"></body></html>'
    pages = {f"{platform}/u/1": page("示例县发布的主页"), f"{HOST}/": page("首页", f"http://{platform}/u/1")}
    pages |= {"/matrix/": reply(matrix), "/qr/1.png": reply(b"\x89PNG", kind="image/png")}
    it = None
    with Site(pages) as site:
        it = district(site.address, mapped=(platform,), columns=columns, accounts=(account,))
        observe(tmp_path, it)
        _, seen = observe(tmp_path, it, "media")
        assert site.paths().count("/u/1") == 1
    assert seen["/qr/1.png"] is F.OK
    with ObservationStore(tmp_path / OBSERVATIONS, readonly=True) as store:
        fetch = store.tries(f"http://{platform}/u/1")[-1]
        assert fetch.purpose == "account" and "示例县发布" in store.body(fetch.body_sha256).decode()
