"""The browser pass on a loopback site, with the real browser: what is found, kept, and not fetched again."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from browser_site import HOST, Answer, Site, page
from PIL import Image

from checks.facts import AxePage
from checks.outcomes import FetchOutcome
from config.district import District
from crawler.browser import axe
from crawler.browser.gather import GatherProgress, gather
from crawler.browser.plan import Plan, PlannedPage, make_plan
from crawler.browser.traffic import kept_traffic
from crawler.derive.run import derive
from crawler.derive.store import FactsStore
from crawler.store import FetchRecord, ObservationStore

pytestmark = pytest.mark.browser

Make = Callable[..., District]
CLEAN = page('<main><h1>通知公告</h1><p>欢迎访问演示区人民政府网站。</p><a href="/a.html">第一条通知</a></main>')


def results_of(snapshot: Path) -> dict[tuple[str, str], AxePage]:
    with store(snapshot, readonly=True) as s:
        pages = [axe.decode(s.body(a.sha256), a.sha256) for a in s.artifacts("axe")]
    return {(p.url, p.mode): p for p in pages}


def store(snapshot: Path, *, readonly: bool = False) -> ObservationStore:
    return ObservationStore(snapshot / "observations.sqlite", readonly=readonly)


def seal(snapshot: Path, url: str, body: str | bytes, type: str = "text/html; charset=utf-8", **more: object) -> None:
    """Put a body where the crawl would have put it."""
    with store(snapshot) as s:
        data = body.encode() if isinstance(body, str) else body
        fields = {"outcome": FetchOutcome.OK, "status": 200, "content_type": type, "headers": {"Content-Type": type}}
        s.record(FetchRecord(url, HOST, body_sha256=s.put_body(data), size=len(data), **(fields | more)))


def one(url: str, *, render: bool = False) -> Plan:
    return Plan(render=(url,) if render else (), axe=(PlannedPage(url, "t", "模板抽样"),))


def failed_rules(result: AxePage) -> set[str]:
    return {r.rule for r in result.rules if r.result == "violation"}


FAULTS = {
    "image-alt": '<img src="/logo.png" width="80" height="40">',
    "label": '<input type="text" name="q">',
    "link-name": '<a href="/empty"></a>',
}


@pytest.mark.parametrize("rule", [*FAULTS, "html-has-lang", "none"])
def test_exactly_the_planted_fault_is_found(site: Site, district: Make, snapshot: Path, rule: str) -> None:
    body = f"<main><h1>演示</h1><p>正文。</p>{FAULTS.get(rule, '')}</main>"
    site.pages["/p"] = page(body, lang="" if rule == "html-has-lang" else ' lang="zh-CN"')
    summary = gather(district(), snapshot, one(site.url("/p")))
    result = results_of(snapshot)[site.url("/p"), "normal"]
    assert summary.lost == ()
    assert failed_rules(result) == ({rule} - {"none"})
    assert [r for r in result.rules if r.result == "incomplete"] == []
    assert result.ok
    assert result.engine == axe.engine().version
    assert result.passes > 0
    assert result.template == "t"
    assert result.screenshot != "" if rule != "none" else result.screenshot == ""


def test_fault_in_a_frame_and_on_a_page_that_breaks_built_in_functions(
    site: Site, district: Make, snapshot: Path
) -> None:
    spoil = "<script>Array.from = null; JSON.stringify = null; window.Promise = null;</script>"
    site.pages["/p"] = page('<main><h1>演示</h1><iframe title="页脚" src="/f"></iframe></main>', head=spoil)
    site.pages["/f"] = page(FAULTS["image-alt"])
    gather(district(), snapshot, one(site.url("/p")))
    result = results_of(snapshot)[site.url("/p"), "normal"]
    assert result.error == ""
    assert failed_rules(result) == {"image-alt"}
    assert result.rules[0].target == "iframe img"


def test_script_filled_list_is_rendered(site: Site, district: Make, snapshot: Path) -> None:
    url = site.url("/list/")
    site.pages["/list/"] = page(
        """<ul id="l"></ul><p id="clock"></p>
        <script>setInterval(() => { clock.textContent = Date.now() }, 20);
        setTimeout(() => fetch("/rows.json").then(r => r.json()).then(rows => {
          l.innerHTML = rows.map(t => `<li><a href="/x.html">${t}</a></li>`).join("") }), 700)</script>"""
    )
    site.pages["/rows.json"] = Answer(json.dumps(["关于甲事项的通知", "关于乙事项的公告"]), type="application/json")
    gather(district(), snapshot, Plan(render=(url,)))
    with store(snapshot, readonly=True) as s:
        [dom] = s.artifacts("dom")
        html = s.body(dom.sha256).decode()
    assert "关于乙事项的公告</a>" in html
    assert html.startswith("<!DOCTYPE html>")
    assert (dom.url, dom.meta["final_url"], dom.meta["status"]) == (url, url, 200)
    assert dom.meta["content_type"] == "text/html; charset=utf-8"


def test_stored_body_is_judged_and_not_fetched_again(site: Site, district: Make, snapshot: Path) -> None:
    url = site.url("/old.html")
    sealed = page('<main><h1>旧版</h1><img src="/logo.png"></main>').encode("gb18030")
    seal(snapshot, url, sealed.replace(b'charset="utf-8"', b'charset="gbk"'), "text/html")
    site.pages["/old.html"] = CLEAN
    gather(district(), snapshot, one(url, render=True))
    assert failed_rules(results_of(snapshot)[url, "normal"]) == {"image-alt"}
    assert "/old.html" not in site.paths()
    assert "/logo.png" in site.paths()
    with store(snapshot, readonly=True) as s:
        [dom] = s.artifacts("dom")
        assert "<h1>旧版</h1>" in s.body(dom.sha256).decode()
        assert dom.meta["stored_document"] is True
        assert len(list(s.fetches())) == 1


def test_a_doubted_list_is_fetched_by_the_browser_itself(site: Site, district: Make, snapshot: Path) -> None:
    """A site shows machines an empty list and browsers a full one."""
    url = site.url("/cloak/")
    seal(snapshot, url, page("<ul></ul><p>暂无数据</p>"))
    site.pages["/cloak/"] = page('<ul><li><a href="/x.html">关于甲事项的通知</a></li></ul>')
    gather(district(), snapshot, Plan(render=(url,), anew=frozenset({url})))
    with store(snapshot, readonly=True) as s:
        [dom] = s.artifacts("dom")
        assert "关于甲事项的通知" in s.body(dom.sha256).decode()
        assert dom.meta["stored_document"] is False
        assert [f.purpose for f in s.fetches()][-1] == "render"


def test_what_a_script_writes_over_a_page_is_not_the_page(site: Site, district: Make, snapshot: Path) -> None:
    """The faults of an error message are not the template's, and its few words are not what the site published."""
    url = site.url("/list.html")
    error = "<p style='color:#eee'>无法找到该网页</p><p>您正在搜索的页面可能已经删除、更名或暂时不可用。</p>"
    script = f"""<script>document.title="无法找到该网页"; document.write("{error}"); window.stop();</script>"""
    content = "<ul>" + "".join(f"<li><a href='/{n}.html'>关于第{n}项工作的通知</a></li>" for n in range(9)) + "</ul>"
    seal(snapshot, url, page(f"<main>{content}</main>").replace("</head>", f"{script}</head>"))
    gather(district(), snapshot, one(url, render=True))
    result = results_of(snapshot)[url, "normal"]
    assert (result.ok, result.shown, result.rules) == (False, "无法找到该网页", ())
    assert "无法找到该网页" in result.error
    derive(district(), snapshot, datetime(2026, 9, 30, tzinfo=UTC))
    with FactsStore(snapshot / "facts.sqlite", readonly=True) as facts:
        read = facts.page(url)
    assert read is not None
    assert not read.rendered
    assert len(read.rows) == 9


def test_what_a_browser_is_sent_is_kept_once_beside_what_the_crawler_was_sent(
    site: Site, district: Make, snapshot: Path
) -> None:
    url = site.url("/list/")
    seal(snapshot, url, page("<p>暂无数据</p>"))
    site.pages["/list/"] = full = page('<ul><li><a href="/x.html">关于甲事项的通知</a></li></ul>')
    for _ in range(2):
        assert gather(district(), snapshot, Plan(compared=(url,))).lost == ()
    with store(snapshot, readonly=True) as s:
        [sent] = s.artifacts("sent")
        assert s.body(sent.sha256).decode() == full
        assert (sent.meta["status"], sent.meta["final_url"]) == (200, url)
        assert len(list(s.fetches())) == 1  # facts stay those of the crawl
    assert site.paths().count("/list/") == 1


def test_stored_redirect_ends_at_its_final_address(site: Site, district: Make, snapshot: Path) -> None:
    url, final = site.url("/go"), site.url("/there/")
    seal(snapshot, url, page('<h1>到了</h1><img src="a.png" alt="图">'), final_url=final)
    gather(district(), snapshot, Plan(render=(url,)))
    with store(snapshot, readonly=True) as s:
        [dom] = s.artifacts("dom")
    assert (dom.url, dom.meta["final_url"]) == (url, final)
    assert "/there/a.png" in site.paths()


@pytest.mark.parametrize("outcome", [FetchOutcome.WAF, FetchOutcome.GONE, FetchOutcome.LOGIN, FetchOutcome.ROBOTS])
def test_what_the_crawl_was_refused_the_browser_leaves_alone(
    site: Site, district: Make, snapshot: Path, outcome: FetchOutcome
) -> None:
    url = site.url("/p")
    seal(snapshot, url, "<p>stub", outcome=outcome)
    summary = gather(district(), snapshot, one(url))
    assert [u for u, _ in summary.lost] == [url]
    assert outcome.chinese in results_of(snapshot)[url, "normal"].error
    assert site.asked == []


def test_what_the_browser_asked_is_counted_at_its_way_out(site: Site, district: Make, snapshot: Path) -> None:
    site.pages["/p"] = page(
        '<main><h1>演示</h1><p>正文。</p><img src="/a.png" alt="图"><img src="/b.png" alt="图"></main>'
    )
    gather(district(), snapshot, one(site.url("/p")))
    gather(district(), snapshot, one(site.url("/q")))
    with store(snapshot, readonly=True) as s:
        traffic = kept_traffic(s)
    assert list(traffic) == [HOST]
    assert traffic[HOST].requests == len(site.asked) >= 4
    assert traffic[HOST].bytes > 0


def test_a_document_from_the_network_is_recorded(site: Site, district: Make, snapshot: Path) -> None:
    site.pages["/p"] = CLEAN
    gather(district(), snapshot, one(site.url("/p")))
    with store(snapshot, readonly=True) as s:
        [fetch] = s.fetches()
        assert (fetch.url, fetch.purpose, fetch.status) == (site.url("/p"), "render", 200)
        assert s.body(fetch.body_sha256).decode() == CLEAN


def test_home_and_fronts_are_photographed_and_progress_is_told(site: Site, district: Make, snapshot: Path) -> None:
    site.pages["/"] = page("<h1>演示区</h1>" + "<p>很长的首页</p>" * 600 + FAULTS["image-alt"])
    site.pages["/zwgk/"] = CLEAN
    site.pages["/a.html"] = CLEAN
    home, front, article = site.url("/"), site.url("/zwgk/"), site.url("/a.html")
    plan = make_plan(home, [("zwgk", front)], [], [(article, "")], [], 5, 1)
    seen: list[GatherProgress] = []
    summary = gather(district(), snapshot, plan, on_progress=seen.append)
    with store(snapshot, readonly=True) as s:
        shots = {a.url: a for a in s.artifacts("screenshot")}
        picture = Image.open(io.BytesIO(s.body(shots[home].sha256)))
        colours = picture.getcolors(1 << 24) or []
        assert s.meta_get("axe_planned") == "3"
        assert json.loads(s.meta_get("axe_engine") or "")["sha256"] == axe.engine().sha256
        assert json.loads(s.meta_get("browser") or "")["version"]
    assert set(shots) == {home, front}
    assert picture.size == (1366, 6000)
    assert len(colours) > 20  # letters, not an empty sheet
    assert shots[home].meta["cut"] is True
    assert [p.done for p in seen] == [
        1,
        2,
        3,
        4,
        5,
        6,
        7,
    ]  # tests and elder mode, then three pages held against the crawl
    assert {p.planned for p in seen} == {7}
    assert summary.done == 6
    assert "未找到" in summary.lost[0][1]  # no elder entry on this home page


@pytest.mark.parametrize(
    "script", ["", "<script>scrollTo(0, 300)</script>"], ids=["as it opens", "scrolled by itself"]
)
def test_a_picture_shows_the_page_from_its_top(site: Site, district: Make, snapshot: Path, script: str) -> None:
    top = '<div style="background:#0000ff;height:120px"></div>'
    site.pages["/p"] = page(
        f'<main>{top}<h1>演示</h1>{FAULTS["image-alt"]}<p style="height:3000px"></p></main>{script}'
    )
    gather(district(), snapshot, one(site.url("/p")))
    with store(snapshot, readonly=True) as s:
        [shot] = s.artifacts("screenshot")
        picture = Image.open(io.BytesIO(s.body(shot.sha256))).convert("RGB")
    red, _, blue = picture.getpixel((600, 60))
    assert (picture.size, red < 60, blue > 200) == ((1366, 900), True, True)


def test_pictures_of_faults_lead_back_to_the_page(site: Site, district: Make, snapshot: Path) -> None:
    site.pages["/p"] = page(f"<main><h1>演示</h1>{FAULTS['image-alt']}</main>")
    gather(district(), snapshot, one(site.url("/p")))
    result = results_of(snapshot)[site.url("/p"), "normal"]
    with store(snapshot, readonly=True) as s:
        [crop] = s.artifacts("crop")
        picture = Image.open(io.BytesIO(s.body(crop.sha256)))
    assert result.rules[0].screenshot == crop.sha256
    assert crop.meta["page_screenshot"] == result.screenshot
    assert picture.width <= 1100


def test_a_second_pass_does_only_what_is_left(site: Site, district: Make, snapshot: Path) -> None:
    site.pages["/a"] = site.pages["/b"] = CLEAN
    a, b = site.url("/a"), site.url("/b")
    gather(district(), snapshot, one(a))
    first = list(site.paths())
    both = Plan(axe=(PlannedPage(a, "t", ""), PlannedPage(b, "t", "")), screenshots=(a,))
    summary = gather(district(), snapshot, both)
    assert (summary.planned, summary.present) == (1, 1)
    assert [p for p in site.paths()[len(first) :] if p != "/favicon.ico"] == ["/b"]
    assert gather(district(), snapshot, both).planned == 0


ELDER = """<header><h1>演示区</h1>
<a href="#" onclick="document.body.style.fontSize='28px';{more}">长者模式</a></header>
<p>关心老年人生活，走访慰问困难群众。</p>"""
ADVERT = (
    "document.body.insertAdjacentHTML('beforeend', '<div id=pop style=&quot;position:fixed;right:0;bottom:0;"
    "width:300px;height:120px;background:#fe9&quot;>请下载客户端</div>')"
)


@pytest.mark.parametrize(("more", "overlays"), [("", 0), (ADVERT, 1)])
def test_elder_mode_is_switched_on_and_looked_at(
    site: Site, district: Make, snapshot: Path, more: str, overlays: int
) -> None:
    home = site.url("/")
    site.pages["/"] = page(ELDER.replace("{more}", more))
    gather(district(), snapshot, make_plan(home, [], [], [], [], 0, 1))
    result = results_of(snapshot)[home, "elder"]
    assert (result.ok, result.error) == (True, "")
    assert len(result.overlays) == overlays
    assert all("下载" in o and "固定浮层" in o for o in result.overlays)
    assert result.screenshot
    assert results_of(snapshot)[home, "normal"].overlays == ()


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("<p>老年人优待证办理指南</p>", "未找到"),
        ('<a href="http://wza.example.com/">无障碍浏览</a>', "站外"),
        ('<a href="#here" onclick="void 0">无障碍</a>', "没有变化"),
    ],
)
def test_elder_mode_that_cannot_be_reached_says_why(
    site: Site, district: Make, snapshot: Path, body: str, error: str
) -> None:
    site.pages["/"] = page(body)
    gather(district(timeout_s=4), snapshot, make_plan(site.url("/"), [], [], [], [], 0, 1))
    result = results_of(snapshot)[site.url("/"), "elder"]
    assert not result.ok
    assert error in result.error


def test_elder_version_on_a_page_of_its_own(site: Site, district: Make, snapshot: Path) -> None:
    site.pages["/"] = page("""<a href="javascript:void(0)" onclick="window.open('/elder/')">关怀版</a>""")
    site.pages["/elder/"] = page("<h1>关怀版首页</h1>" + FAULTS["image-alt"])
    gather(district(), snapshot, make_plan(site.url("/"), [], [], [], [], 0, 1))
    result = results_of(snapshot)[site.url("/"), "elder"]
    assert failed_rules(result) == {"image-alt"}
    assert "/elder/" in site.paths()


ROUTED = page(
    '<div id="app"></div><script>'
    "const show = () => { document.getElementById('app').innerHTML = '<nav><a href=\"#/tzgg\">通知公告</a></nav><h1>'"
    " + ({'#/tzgg': '通知公告列表', '#/zcwj': '政策文件列表'}[location.hash] || '首页') + '</h1>'; };"
    "addEventListener('hashchange', show); show();</script>"
)


def test_each_route_of_a_script_is_a_page_of_its_own(district: Make, site: Site, snapshot: Path) -> None:
    """From the stored document, one after the other in one tab, without asking the server for any of them."""
    site.pages["/"] = ROUTED
    home = site.url("/")
    seal(snapshot, home, ROUTED)
    routes = (f"{home}#/tzgg", f"{home}#/zcwj")
    gather(district(), snapshot, Plan(render=(home, *routes)))
    with store(snapshot, readonly=True) as s:
        shown = {a.url: s.body(a.sha256).decode() for a in s.artifacts("dom")}
        assert not [f for f in s.latest_all() if "#" in f.url]
    assert [name in shown[url] for url, name in zip(routes, ("通知公告列表", "政策文件列表"), strict=True)] == [
        True,
        True,
    ]
    assert "<h1>首页</h1>" in shown[home]
    assert site.paths().count("/") == 0


def test_a_photograph_comes_with_what_can_be_read_on_it_where(district: Make, site: Site, snapshot: Path) -> None:
    url = site.url("/")
    shown = page('<main><h1>关于停车办法的公告</h1><p style="margin-top:900px">发布时间：2026-06-03</p></main>')
    hidden = '<p style="display:none">看不见的话</p><p style="visibility:hidden">也看不见</p>'
    site.pages["/"] = shown.replace("</main>", f"{hidden}</main>")
    gather(district(), snapshot, Plan(screenshots=(url,)))
    with store(snapshot, readonly=True) as s:
        (lines,) = s.artifacts("lines")
        (shot,) = s.artifacts("screenshot")
        runs = json.loads(s.body(lines.sha256))
    assert lines.meta["screenshot"] == shot.sha256
    found = {text: (top, height) for text, _, top, _, height in runs}
    assert "关于停车办法的公告" in found and not {"看不见的话", "也看不见"} & set(found)
    top, height = found["发布时间：2026-06-03"]
    assert top > 900 and 5 < height < 60
