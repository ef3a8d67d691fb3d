"""Every way in which a request can end, against a server that really behaves so."""

from __future__ import annotations

from pathlib import Path

import pytest
from crawl_setup import HOME, HOST, district, observe
from servers import Site, bomb, drip, drop, endless, in_turn, page, redirect, reply, reset, silence

from checks.outcomes import FetchOutcome as F
from crawler.observations import OBSERVATIONS
from crawler.store import ObservationStore

CHALLENGE = (
    "<html><head><script>var $_ts=window['$_ts'];if(!$_ts)$_ts={};$_ts.nsd=1;"
    "eval('x');document.cookie='a=1';</script></head><body></body></html>"
)
GBK = ("<html><title>通知</title>" + "公告" * 300).encode("gbk")
ENDINGS = {
    "/ok.html": (page("普通页面"), F.OK),
    "/gone.html": (reply("<html>没有</html>", 404), F.GONE),
    "/forbidden.html": (reply("<html>禁止</html>", 403), F.HTTP_4XX),
    "/broken.html": (reply("<html>出错</html>", 500), F.HTTP_5XX),
    "/waf412.html": (reply("<html></html>", 412), F.WAF),
    "/waf521.html": (reply("<script>1</script>", 521), F.WAF),
    "/waf200.html": (reply(CHALLENGE), F.WAF),
    "/soft404.html": (reply("<html><title>提示</title><body>您访问的页面不存在或已被删除</body></html>"), F.SOFT_404),
    "/parked.html": (reply("<html><body>该域名正在出售，联系购买此域名</body></html>"), F.PARKED),
    "/private.html": (reply("<html>请登录</html>", 401), F.LOGIN),
    "/lies.html": (reply("<html>short</html>", length=5000), F.TRUNCATED),
    "/reset.html": (reset(), F.TRUNCATED),
    "/drop.html": (drop(), F.REFUSED),
    "/silent.html": (silence(), F.TIMEOUT),
    "/drip.html": (drip(), F.TIMEOUT),
    "/bomb.html": (bomb(), F.TOO_LARGE),
    "/huge.html": (endless(200_000_000, announce=True), F.TOO_LARGE),
    "/endless.html": (endless(20_000_000), F.TOO_LARGE),
    "/loop.html": (redirect("/loop.html"), F.REDIRECT_LOOP),
    "/file.html": (redirect("file:///etc/passwd"), F.REDIRECT_REFUSED),
    "/metadata.html": (redirect("http://169.254.169.254/latest/"), F.REDIRECT_REFUSED),
    "/loopback.html": (redirect("http://127.0.0.1:1/"), F.REDIRECT_REFUSED),
    "/moved.html": (redirect("/ok.html"), F.OK),
    "/paper.pdf": (reply("<!doctype html><html><p>" + "下载页。" * 90 + "</p></html>"), F.WRONG_TYPE),
    "/gbk.html": (reply(GBK, kind="text/html; charset=utf-8"), F.OK),
    "/later.html": (in_turn(reply("忙", 503), page("好了")), F.OK),
}  # fmt: skip


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("outcomes")
    pages = {path: behaviour for path, (behaviour, _) in ENDINGS.items()}
    pages["/"] = page("首页", *ENDINGS, "http://no-such-host.invalid/", "http://10.1.2.3/")
    with Site(pages) as site:
        summary, seen = observe(folder, district(site.address))
        return folder, summary, seen, site


@pytest.mark.parametrize("path", ENDINGS)
def test_each_request_ends_in_its_outcome(crawled, path: str) -> None:
    _, _, seen, _ = crawled
    assert seen[path] is ENDINGS[path][1]


def test_nothing_is_left_and_nothing_blows_up(crawled) -> None:
    folder, summary, _, _ = crawled
    assert not summary.interrupted and summary.reason == ""
    with ObservationStore(folder / OBSERVATIONS, readonly=True) as store:
        assert store.counts().get("pending", 0) == 0
        assert max(f.size for f in store.fetches() if f.body_sha256) <= 1024 * 1024
    assert "Traceback" not in (folder / "crawl.log").read_text()


def test_only_what_blinds_us_counts_as_gap(crawled) -> None:
    _, summary, _, _ = crawled
    assert summary.gaps["waf-challenge"] == 3
    assert "gone" not in summary.gaps and "soft-404" not in summary.gaps


def test_foreign_targets_are_judged_without_touching_private_networks(crawled) -> None:
    _, _, seen, _ = crawled
    assert seen["http://no-such-host.invalid/"] is F.DNS
    assert seen["http://10.1.2.3/"] is F.PRIVATE_ADDRESS


def test_the_front_of_another_site_is_read_and_its_pages_are_only_asked(tmp_path: Path) -> None:
    sold = reply("<html><body>该域名正在出售，联系购买此域名</body></html>")
    friend = "http://www.example-friend.org/"
    pages = {"/": page("首页", friend, f"{friend}a/b.html"), "www.example-friend.org/": sold}
    pages["www.example-friend.org/a/b.html"] = sold
    with Site(pages) as site:
        _, seen = observe(tmp_path, district(site.address, mapped=("www.example-friend.org",), external_reads=0))
        asked = [(m, p) for m, h, p in site.requests if h == "www.example-friend.org"]
    assert seen[friend] is F.PARKED
    assert sorted(asked) == [("GET", "/"), ("HEAD", "/a/b.html")]


def test_a_dead_target_is_confirmed_by_three_tries(crawled) -> None:
    folder, _, _, site = crawled
    with ObservationStore(folder / OBSERVATIONS, readonly=True) as store:
        tries = store.tries(HOME + "gone.html")
        assert [t.attempt for t in tries] == [1, 2, 3]
        assert {t.outcome for t in tries} == {F.GONE}
        assert len(store.tries(HOME + "waf412.html")) == 1, "a firewall is not asked again"
    order = site.paths()
    assert order.index("/ok.html") < len(order) - 1 - order[::-1].index("/gone.html"), "later tries come at the end"


def test_a_redirect_keeps_its_chain_and_the_address_asked(crawled) -> None:
    folder, _, _, _ = crawled
    with ObservationStore(folder / OBSERVATIONS, readonly=True) as store:
        moved = store.latest(HOME + "moved.html")
    assert moved is not None
    assert moved.final_url == HOME + "ok.html"
    assert moved.chain == ({"url": HOME + "moved.html", "status": 302, "location": "/ok.html"},)
    assert moved.host == HOST and moved.ip == "127.0.0.1"


def test_bodies_of_odd_answers_are_kept_as_proof(crawled) -> None:
    folder, _, _, _ = crawled
    with ObservationStore(folder / OBSERVATIONS, readonly=True) as store:
        challenge = store.latest(HOME + "waf200.html")
        assert challenge is not None and b"$_ts" in store.body(challenge.body_sha256)


def test_we_say_who_we_are_and_only_read(crawled) -> None:
    *_, site = crawled
    assert {m for m, _, _ in site.requests} <= {"GET", "HEAD"}
    assert all(h["user-agent"].startswith("govaudit/") for h in site.headers)


def test_unreachable_site_ends_quickly_with_a_reason(tmp_path: Path) -> None:
    with Site({}) as site:
        closed = site.address
    summary, _ = observe(tmp_path, district(closed))
    assert summary.pages == 0
    assert HOST in summary.reason and "连接被拒绝" in summary.reason
