"""Deep pages of other sites: HEAD is answered well, and only reading shows that nothing is there."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from crawl_setup import HOST, district, observe
from servers import Site, bomb, endless, in_turn, page, redirect, reply

from checks.outcomes import FetchOutcome as F
from config.district import Account
from crawler.again import second_chance
from crawler.clock import now_utc
from crawler.deepreads import PER_HOST, READ_BYTES, absent, choose
from crawler.derive.targets import Answers
from crawler.frontier import SAMPLED
from crawler.observations import OBSERVATIONS
from crawler.store import ObservationStore

CITY, APP, OTHER = "www.city.gov.cn", "app.city.gov.cn", "www.other.example"
MISSING = "<html><title>提示信息</title><body>您访问的页面不存在或已被删除。</body></html>"
FRONT = "<html><title>市政务服务中心</title><body>设有四个网点，工作日9时至17时对外服务，访问量{}。</body></html>"
SHELL = "<html><title>掌上城市</title><body><div id='app'></div><script src='a.js'></script></body></html>"


def crawled(folder: Path, pages: dict, *links: str, fallback=None, **options) -> Site:
    with Site({f"{HOST}/": page("首页", *links), **pages}, fallback=fallback) as site:
        observe(folder, district(site.address, mapped=(CITY, APP, OTHER), **options))
    return site


def answers(folder: Path) -> Answers:
    with ObservationStore(folder / OBSERVATIONS, readonly=True) as store:
        found = Answers(store)
        found.tries = {u: Answers.tries(found, u) for u in found.outcomes()}.__getitem__  # type: ignore[method-assign]
        return found


def test_a_page_that_says_it_is_missing_is_told_though_head_was_answered_well(tmp_path: Path) -> None:
    lost, short = f"http://{CITY}/a/1.html", f"http://{CITY}/a/2.html"
    site = crawled(
        tmp_path,
        {"/a/1.html": reply(MISSING), "/a/2.html": reply("<html><title>开放时间</title>周一闭馆。</html>")},
        lost,
        short,
    )
    found = answers(tmp_path)
    assert found.outcomes()[lost] is F.SOFT_404
    assert [(t.method, t.outcome) for t in found.tries(lost)] == [("HEAD", F.OK), *[("GET", F.SOFT_404)] * 3]
    assert found.outcomes()[short] is F.OK
    assert site.paths().count("/a/2.html") == 1
    assert not any("/a/" in p and p not in ("/a/1.html", "/a/2.html") for p in site.paths())  # two pages: no control


def echoing(folder: Path, fallback, *own: str) -> tuple[Site, dict[str, F]]:
    pages = {f"{CITY}{path}": page(f"网点{path}") for path in own}
    links = [f"http://{CITY}/wd/{n}.html" for n in (1, 2, 3)]
    site = crawled(folder, pages, *links, fallback=fallback)
    outcomes = answers(folder).outcomes()
    return site, {url.rpartition("/")[2]: outcomes[url] for url in links}


def test_what_a_site_answers_where_nothing_is_is_no_page(tmp_path: Path) -> None:
    """Clocks and counters apart; the absent address is asked for once."""
    changing = in_turn(*(reply(FRONT.format(n)) for n in range(50)))
    site, outcomes = echoing(tmp_path, changing, "/wd/1.html", "/wd/2.html")
    assert outcomes == {"1.html": F.OK, "2.html": F.OK, "3.html": F.SOFT_404}
    strange = [p for _, host, p in site.requests if host == CITY and len(p) > 15 and p != "/robots.txt"]
    assert len(strange) == 1
    with ObservationStore(tmp_path / OBSERVATIONS) as store:
        tomorrow = now_utc() + timedelta(days=1)
        assert second_chance(store, tomorrow, f"http://{HOST}/") >= 1
        assert f"http://{CITY}/wd/3.html" in {i.url for i in store.pending() if i.purpose == "read"}


@pytest.mark.parametrize(
    ("fallback", "own"),
    [
        (reply(SHELL), ("/wd/1.html", "/wd/2.html")),
        (reply(FRONT.format(1)), ()),
        (reply("<html>没有</html>", 404), ("/wd/1.html", "/wd/2.html", "/wd/3.html")),
        (redirect("/login.html"), ("/wd/1.html", "/wd/2.html", "/wd/3.html", "/login.html")),
    ],
    ids=["shell of scripts", "everything alike", "honest 404", "log-in"],
)
def test_nothing_is_said_where_it_is_not_certain(tmp_path: Path, fallback, own: tuple[str, ...]) -> None:
    _, outcomes = echoing(tmp_path, fallback, *own)
    assert set(outcomes.values()) == {F.OK}


def test_of_a_long_page_the_beginning_is_read(tmp_path: Path) -> None:
    urls = {"/long.html": in_turn(reply(), endless(30_000_000)), "/bomb.html": bomb(30_000_000)}
    links = [f"http://{OTHER}{p}" for p in urls]
    crawled(tmp_path, {f"{OTHER}{p}": b for p, b in urls.items()}, *links)
    with ObservationStore(tmp_path / OBSERVATIONS, readonly=True) as store:
        read = list(store.fetches("read"))
        assert [f.outcome for f in read] == [F.OK, F.OK]
        assert all(len(store.body(f.body_sha256)) == READ_BYTES for f in read)


def test_the_sample_is_bounded_stated_and_drawn_once(tmp_path: Path) -> None:
    links = [f"http://{CITY}/wd/{n}.html" for n in range(9)] + [f"http://{APP}/p{n}.html" for n in range(2)]
    site = crawled(tmp_path, {}, *links, fallback=page("网点"), external_reads=6)
    assert sum(1 for m, host, p in site.requests if m == "GET" and host in (CITY, APP)) == 6 + 1  # one control
    with ObservationStore(tmp_path / OBSERVATIONS, readonly=True) as store:
        stated = json.loads(store.meta_get(SAMPLED) or "{}")
        assert store.counts().get("pending", 0) == 0
    assert stated == {"candidates": 11, "read": 6, "controls": 1, "per_host": PER_HOST}
    again = crawled(tmp_path, {}, *links, fallback=page("网点"), external_reads=6)
    assert again.requests == []


def test_nothing_is_read_where_the_office_says_so(tmp_path: Path) -> None:
    site = crawled(tmp_path, {}, f"http://{CITY}/a/1.html", fallback=page("网点"), external_reads=0)
    assert [m for m, host, _ in site.requests if host == CITY] == ["HEAD"]


def test_the_choice_repeats_and_takes_every_host_before_a_second_page_of_one() -> None:
    urls = [f"http://h{h}.example/{n}.html" for h in range(3) for n in range(8)]
    few, many = district("127.0.0.1:1", external_reads=4), district("127.0.0.1:1", external_reads=100)
    sample = choose(urls, few)
    assert sample == choose(reversed(urls), few)
    assert len({u.split("/")[2] for u in sample.read[:3]}) == 3
    assert (choose(urls, many).candidates, len(choose(urls, many).read)) == (24, 15)


def test_platforms_of_new_media_are_not_read_beside_the_one_polite_request() -> None:
    account = Account(account_id="a1", platform="示例平台", name="示例县发布", url=f"http://{OTHER}/u/1")
    urls = ["https://mp.weixin.qq.com/s/abc", "https://weibo.com/u/1", f"http://{OTHER}/u/2"]
    assert choose(urls, district("127.0.0.1:1", accounts=(account,))).read == ()


def test_the_control_lies_beside_a_page_and_does_not_exist() -> None:
    assert absent("http://a.example/x/y/1.html?id=3").startswith("http://a.example/x/y/")
    assert absent("http://a.example/x/1.html") == absent("http://a.example/x/1.html")
