"""What pages do to a browser: crashes, endless loading, dialogs, pop-ups, and ways to places it must not go."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browser_site import Answer, Site, page, wait_until

from checks.facts import AxePage
from config.district import District
from crawler.browser import axe
from crawler.browser.finder import BrowserMissing
from crawler.browser.gather import GatherSummary, gather
from crawler.browser.plan import Plan, PlannedPage
from crawler.store import ObservationStore

pytestmark = pytest.mark.browser

Make = Callable[..., District]
CLEAN = page("<main><h1>通知公告</h1><p>正文。</p></main>")


def plan_of(*urls: str) -> Plan:
    return Plan(axe=tuple(PlannedPage(u, "t", "模板抽样") for u in urls))


def results_of(snapshot: Path) -> dict[str, AxePage]:
    with ObservationStore(snapshot / "observations.sqlite", readonly=True) as store:
        return {a.url: axe.decode(store.body(a.sha256)) for a in store.artifacts("axe")}


def processes(root: int, what: str) -> list[int]:
    """Ids of the browser processes below `root` whose command line contains `what`."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError, IndexError):
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                children.setdefault(parent, []).append(int(entry.name))
    found, todo = [], [root]
    while todo:
        below = children.get(todo.pop(), [])
        todo += below
        found += below
    return [pid for pid in found if what in command_of(pid)]


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def kill(what: str) -> None:
    for pid in processes(os.getpid(), what):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@pytest.fixture
def held() -> Iterator[threading.Event]:
    """Answers that hold this are released when the test is over."""
    event = threading.Event()
    yield event
    event.set()


def test_a_crashed_renderer_loses_one_page(site: Site, district: Make, snapshot: Path, held: threading.Event) -> None:
    site.pages["/bad"] = page('<p>一</p><script src="/kill.js"></script><p>二</p>')
    site.pages["/kill.js"] = Answer("", type="text/javascript", action=lambda: kill("--type=renderer"), hold=held)
    site.pages["/a"] = site.pages["/b"] = CLEAN
    bad, a, b = site.url("/bad"), site.url("/a"), site.url("/b")
    gather(district(), snapshot, plan_of(a))
    summary = gather(district(), snapshot, plan_of(bad))
    after = gather(district(), snapshot, plan_of(bad, a, b))
    assert [url for url, _ in summary.lost] == [bad]
    assert results_of(snapshot)[bad].error == "浏览器页面崩溃"
    assert (after.done, after.lost) == (1, ())
    assert results_of(snapshot)[b].ok


def test_a_killed_browser_is_started_again_and_loses_only_the_page_that_did_it(
    site: Site, district: Make, snapshot: Path, held: threading.Event
) -> None:
    site.pages["/bad"] = page('<p>一</p><script src="/kill.js"></script>')
    site.pages["/kill.js"] = Answer("", type="text/javascript", action=lambda: kill("--govaudit-run"), hold=held)
    good = [site.url(f"/{n}") for n in range(6)]
    site.pages |= {f"/{n}": CLEAN for n in range(6)}
    summary = gather(district(), snapshot, plan_of(site.url("/bad"), *good))
    results = results_of(snapshot)
    assert [url for url, _ in summary.lost] == [site.url("/bad")]
    assert all(results[url].ok for url in good)
    assert summary.browser_starts >= 2
    assert processes(os.getpid(), "--govaudit-run") == []


def test_endless_loading_is_bounded(site: Site, district: Make, snapshot: Path, held: threading.Event) -> None:
    site.pages["/never"] = Answer("x", hold=held)
    site.pages["/image"] = page('<main><h1>页面</h1><img src="/never.png" alt="慢图"></main>')
    site.pages["/never.png"] = Answer("x", type="image/png", hold=held)
    never, image = site.url("/never"), site.url("/image")
    summary = gather(district(timeout_s=2), snapshot, plan_of(never, image))
    assert [u for u, _ in summary.lost] == [never]
    assert "2 秒内页面没有加载完成" in results_of(snapshot)[never].error
    assert results_of(snapshot)[image].ok


def test_a_page_that_never_yields_is_given_up(
    site: Site, district: Make, snapshot: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.browser.gather.VISIT_EXTRA_S", 6.0)
    site.pages["/busy"] = page("<h1>忙</h1>", head="<script>setTimeout(() => { for (;;); }, 50)</script>")
    site.pages["/a"] = CLEAN
    busy, a = site.url("/busy"), site.url("/a")
    summary = gather(district(timeout_s=1), snapshot, plan_of(busy, a))
    assert [u for u, _ in summary.lost] == [busy]
    assert results_of(snapshot)[a].ok
    assert processes(os.getpid(), "--govaudit-run") == []


def test_dialogs_popups_downloads_and_forms_do_not_stop_or_leave_anything(
    site: Site, district: Make, snapshot: Path
) -> None:
    site.pages["/p"] = page(
        """<main><h1>页面</h1><form id="f" method="post" action="/submitted"><label>甲<input></label></form></main>
        <script>alert("欢迎"); window.answer = confirm("是否？"); prompt("请输入");
        window.open("/popup"); window.onbeforeunload = () => "要离开吗"; f.submit();
        location.href = "/file.zip"; location.href = "/sheet.xls";</script>"""
    )
    site.pages["/popup"] = page("<p>弹出窗口</p>")
    site.pages["/sheet.xls"] = Answer(
        b"x" * 1000, type="application/vnd.ms-excel", headers={"Content-Disposition": "attachment"}
    )
    site.pages["/a"] = CLEAN
    p, a = site.url("/p"), site.url("/a")
    assert gather(district(), snapshot, plan_of(p, a)).lost == ()
    assert results_of(snapshot)[p].ok
    assert not [path for method, _, path in site.asked if method == "POST" or path.endswith(".zip")]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer(status=302, headers={"Location": "http://169.254.169.254/latest/meta-data/"}), "169.254.169.254"),
        (Answer(status=302, headers={"Location": "file:///etc/passwd"}), "已拒绝"),
        (Answer(page('<meta http-equiv="refresh" content="0;url=http://10.0.0.1/">')), "10.0.0.1"),
        (Answer(page('<script>location.replace("http://localhost:8123/")</script>')), "localhost"),
        (Answer(status=302, headers={"Location": "/loop"}), "循环跳转"),
        (Answer(b"PK", type="application/zip"), "不是网页"),
        (Answer("<p>错误", status=503), "503"),
    ],
)
def test_ways_to_where_it_must_not_go_lose_the_page(
    site: Site, district: Make, snapshot: Path, answer: Answer, error: str
) -> None:
    site.pages["/loop"] = answer
    site.pages["/a"] = CLEAN
    url, a = site.url("/loop"), site.url("/a")
    summary = gather(district(timeout_s=10), snapshot, plan_of(url, a))
    assert [u for u, _ in summary.lost] == [url]
    assert error in results_of(snapshot)[url].error
    assert results_of(snapshot)[a].ok


def test_pictures_and_frames_from_private_addresses_are_not_fetched(
    site: Site, district: Make, snapshot: Path
) -> None:
    inside = f"http://127.0.0.1:{site.port}/inside"
    site.pages["/p"] = page(
        f"""<main><h1>页面</h1><img src="{inside}.png" alt="图"><iframe title="框" src="{inside}.html"></iframe>
        <iframe title="文件" src="file:///etc/hosts"></iframe></main>
        <script>fetch("{inside}.json").catch(() => 0)</script>"""
    )
    assert gather(district(), snapshot, plan_of(site.url("/p"))).lost == ()
    assert not [path for path in site.paths() if path.startswith("/inside")]


@pytest.mark.parametrize("url", ["file:///etc/passwd", "chrome://version", "javascript:alert(1)", "data:text/html,x"])
def test_other_schemes_are_not_opened(district: Make, snapshot: Path, url: str) -> None:
    gather(district(), snapshot, plan_of(url))
    assert "只检测 http 和 https" in results_of(snapshot)[url].error


def test_missing_browser_is_told_before_anything(site: Site, district: Make, snapshot: Path) -> None:
    with pytest.raises(BrowserMissing, match="不存在"):
        gather(district(executable="/nonexistent/chromium"), snapshot, plan_of(site.url("/")))
    assert site.asked == []


INTERRUPTED = """
import sys
from pathlib import Path
from config.district import District
from crawler.browser.gather import gather
from crawler.browser.plan import Plan, PlannedPage
district = District.model_validate_json(Path(sys.argv[1]).read_text())
try:
    gather(district, Path(sys.argv[2]), Plan(axe=tuple(PlannedPage(u, "t", "") for u in sys.argv[3:])))
except KeyboardInterrupt:
    sys.exit(130)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks processes up in /proc")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_a_stopped_pass_leaves_no_browser_and_goes_on(
    site: Site, district: Make, snapshot: Path, held: threading.Event, tmp_path: Path, how: signal.Signals
) -> None:
    reached = threading.Event()
    site.pages["/a"] = CLEAN
    site.pages["/slow"] = Answer(CLEAN, action=reached.set, hold=held)
    a, slow = site.url("/a"), site.url("/slow")
    config = tmp_path / "district.json"
    config.write_text(district().model_dump_json())
    command = [sys.executable, "-c", INTERRUPTED, str(config), str(snapshot), a, slow]
    with subprocess.Popen(command, cwd=Path(__file__).parents[3]) as run:
        assert reached.wait(60)
        assert wait_until(lambda: "/a" in site.paths())
        browsers = processes(run.pid, "--govaudit-run")
        assert browsers
        run.send_signal(how)
        code = run.wait(60)
    assert code == (130 if how is signal.SIGINT else -signal.SIGKILL)
    assert wait_until(lambda: not any("--govaudit-run" in command_of(pid) for pid in browsers))
    held.set()
    summary: GatherSummary = gather(district(), snapshot, plan_of(a, slow))
    assert summary.lost == ()
    assert {url: r.ok for url, r in results_of(snapshot).items()} == {a: True, slow: True}
