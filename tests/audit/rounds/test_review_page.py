"""The local page: what it refuses, what it serves, and a whole review by keyboard alone in the real browser."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
import report_factory as factory
from office import Office, failed
from playwright.sync_api import Page, sync_playwright

from audit.review.app import Reviewer, Server
from audit.rounds.states import State
from checks.outcomes import Outcome
from crawler.browser.axe import engine
from crawler.browser.finder import find_browser
from crawler.browser.flags import launch_flags

FIRST, SECOND = "初审人甲", "复核人乙"


@contextmanager
def running(office: Office, person: str = FIRST, second: bool = False) -> Iterator[Server]:
    with office.desk() as desk:
        server = Server(Reviewer(desk, person, second))
        thread = threading.Thread(target=server.serve, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.stop()
            thread.join(10)
            server.close()


def ask(
    server: Server, method: str, path: str, body: Any = None, **headers: str
) -> tuple[int, dict[str, str], bytes]:
    host, _, port = server.authority().partition(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=20)
    try:
        given = {k.replace("_", "-"): v for k, v in headers.items()}
        data = json.dumps(body).encode() if body is not None else None
        connection.request(method, path, data, {"Content-Type": "application/json", **given})
        answer = connection.getresponse()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def cookie(server: Server) -> str:
    return f"govaudit_review={server.keys.session}"


def writing(server: Server) -> dict[str, str]:
    return {
        "Cookie": cookie(server), "Origin": f"http://{server.authority()}", "X_Review_Token": server.keys.csrf,
    }  # fmt: skip


def test_the_door(office: Office) -> None:
    with running(office) as server:
        assert ask(server, "GET", "/")[0] == 403
        assert ask(server, "GET", "/?token=wrong")[0] == 403
        assert ask(server, "GET", "/api/queue")[0] == 403
        status, headers, _ = ask(server, "GET", f"/?token={server.keys.entry}")
        assert (status, headers["location"]) == (303, "/")
        assert "HttpOnly" in headers["set-cookie"]
        assert "SameSite=Strict" in headers["set-cookie"]
        status, headers, body = ask(server, "GET", "/", Cookie=cookie(server))
        assert status == 200
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["x-frame-options"] == "DENY"
        assert server.keys.entry.encode() not in body
        # another name that resolves here (DNS rebinding)
        assert ask(server, "GET", "/", Cookie=cookie(server), Host="evil.example")[0] == 421
        assert ask(server, "GET", "/", Cookie=cookie(server), Host="localhost")[0] == 421


def test_other_sites_cannot_post(office: Office) -> None:
    body = {"id": failed("column-stale", "dzz").identity, "act": "confirm", "seen": "待初审"}
    with running(office) as server:
        good = writing(server)
        for spoilt in (
            {**good, "Origin": "http://evil.example"},
            {k: v for k, v in good.items() if k != "Origin"},
            {k: v for k, v in good.items() if k != "X_Review_Token"},
            {**good, "X_Review_Token": "x"},
            {k: v for k, v in good.items() if k != "Cookie"},
        ):
            assert ask(server, "POST", "/api/act", body, **spoilt)[0] == 403
        assert ask(server, "POST", "/api/act", body, **good)[0] == 200
        status, _, said = ask(server, "POST", "/api/act", body, **good)
        assert (status, "已被他人处理" in json.loads(said)["error"]) == (409, True)
        assert ask(server, "POST", "/api/act", [1], **good)[0] == 400
        assert ask(server, "POST", "/api/act", {**body, "act": "drop", "seen": "确认"}, **good)[0] == 409


def test_pages_of_audited_sites_are_shown_without_powers(office: Office) -> None:
    sha256 = None
    with office.desk() as desk:
        case = desk.cases()[failed("column-stale", "dzz").identity]
        sha256 = case.lead.evidence[0].sha256
    with running(office) as server:
        status, headers, body = ask(server, "GET", f"/page/{sha256}", Cookie=cookie(server))
        assert (status, "发布时间" in body.decode()) == (200, True)
        assert headers["content-security-policy"].startswith("sandbox; default-src 'none'")
        assert "script" not in headers["content-security-policy"]
        assert ask(server, "GET", "/page/" + "0" * 64, Cookie=cookie(server))[0] == 404
        assert ask(server, "GET", f"/shot/{sha256}", Cookie=cookie(server))[0] == 404  # no picture


def test_the_queue_is_ordered_by_what_is_at_stake(office: Office) -> None:
    with running(office) as server:
        told = json.loads(ask(server, "GET", "/api/queue", Cookie=cookie(server))[2])
        detail = json.loads(ask(server, "GET", f"/api/item/{told['items'][0]['id']}", Cookie=cookie(server))[2])
    assert told["items"][0]["veto"]
    stakes = [float(i["stake"]) for i in told["items"] if not i["veto"] and not i["gap"]]
    assert stakes == sorted(stakes, reverse=True)
    assert detail["evidence"][0]["kept"]
    assert detail["legal"] is not None
    assert detail["message"]


def test_two_thousand_findings(office: Office) -> None:
    """The queue of a large round is one small answer, and acting on it does not read it all again from disk."""
    one = failed("link-dead", "fgj")
    many = [
        replace(one, identity=f"{n:016x}", fingerprint=f"{n:016x}", subject=f"{factory.HOST}/{n}", message=f"第{n}处")
        for n in range(2000)
    ]
    with office.desk("test") as desk:
        made = replace(desk.machine(), findings=tuple(many))
        reviewer = Reviewer(desk, FIRST, False)
        reviewer._machine = made
        assert len(reviewer.cases()) == 2000
        first = next(iter(reviewer.cases().values()))
    with office.desk() as desk:
        reviewer.desk = desk
        case = reviewer.act({"id": first.identity, "act": "confirm", "seen": "待初审"})
    assert case.state is State.CONFIRMED


@contextmanager
def browser_page(server: Server) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser().path, args=launch_flags())
        try:
            page = browser.new_page(viewport={"width": 1366, "height": 900})
            page.goto(server.address)
            page.wait_for_selector("#item:not([hidden])")
            yield page
        finally:
            browser.close()


def settled(page: Page, old: str | None) -> str:
    """Wait until another finding is shown; returns its id."""
    page.wait_for_function("old => document.getElementById('item').dataset.id !== old", arg=old)
    return str(page.get_attribute("#item", "data-id"))


@pytest.mark.browser
def test_by_keyboard_alone_and_without_axe_violations(office: Office) -> None:
    requests: list[str] = []
    with running(office) as server, browser_page(server) as page:
        page.on("request", lambda request: requests.append(request.url))
        first = str(page.get_attribute("#item", "data-id"))
        page.evaluate(engine().source.replace("</script", ""))
        violations = page.evaluate("axe.run().then(r => r.violations.map(v => [v.id, v.nodes.map(n => n.html)]))")
        assert violations == []
        page.keyboard.press("y")
        second = settled(page, first)
        page.keyboard.press("n")
        page.wait_for_selector("#dialog[open]")
        assert page.evaluate("axe.run('#dialog').then(r => r.violations.map(v => v.id))") == []
        page.keyboard.press("2")
        page.keyboard.press("Enter")
        third = settled(page, second)
        page.keyboard.press("m")
        page.wait_for_selector("#dialog[open]")
        page.keyboard.type("图片需人工看")
        page.keyboard.press("Control+Enter")
        fourth = settled(page, third)
        page.keyboard.press("y")
        fifth = settled(page, fourth)
        page.keyboard.press("k")
        assert settled(page, fifth) == fourth
        page.keyboard.press("u")
        page.wait_for_function("() => document.getElementById('log').textContent.includes('撤销')")
        page.keyboard.press("j")
        settled(page, fourth)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement !== document.body")
    with office.desk() as desk:
        cases = desk.cases()
    assert cases[first].state is State.SECOND  # a veto: confirmed by one
    assert (cases[second].state, cases[second].reason) == (State.REJECTED, "fetch")
    assert (cases[third].state, cases[third].note) == (State.MANUAL, "图片需人工看")
    assert cases[fourth].state is State.DETECTED
    assert all(url.startswith(f"http://{server.authority()}/") for url in requests)


def typed(page: Page, year: str, month: str, day: str) -> None:
    """Fill the day by keys alone, in whichever order this machine's language writes dates."""
    for keys in (month + day + year, year + "\t" + month + day, day + month + year):
        page.evaluate("document.getElementById('day').blur(); document.getElementById('day').focus()")
        for key in keys:
            page.keyboard.press("ArrowRight" if key == "\t" else key)
        if page.input_value("#day") == f"{year}-{month}-{day}":
            return
    raise AssertionError(page.input_value("#day"))


@pytest.mark.browser
def test_a_person_states_a_fact_by_keyboard_alone(office: Office) -> None:
    """The dialog of a cannot-tell row: what is missing or wrong is named in it, and what was typed stays."""
    with office.desk() as desk:
        case = next(c for c in desk.cases().values() if c.unmeasured and not c.gap)
    with running(office) as server, browser_page(server) as page:
        page.evaluate(engine().source.replace("</script", ""))
        while page.get_attribute("#item", "data-id") != case.identity:
            at = page.get_attribute("#item", "data-id")
            page.keyboard.press("j")
            settled(page, at)
        page.keyboard.press("y")
        page.wait_for_selector("#dialog[open]")
        assert page.evaluate("document.activeElement.id") == "fact"
        assert page.evaluate("axe.run('#dialog').then(r => r.violations.map(v => v.id))") == []

        def said(*words: str) -> None:
            page.wait_for_function(
                "words => words.every(w => document.getElementById('dialog-said').textContent.includes(w))", arg=words
            )

        page.keyboard.type("打开页面看到该栏目没有任何内容")
        page.keyboard.press("Control+Enter")
        said("核查依据（网址或文件）", "核查日期")  # where and when
        assert page.evaluate("document.activeElement.id") == "proof"
        page.keyboard.type(f"{factory.HOST}/")
        page.keyboard.press("Control+Enter")
        said("还没有填写：“核查日期”。")
        assert page.evaluate("axe.run('#dialog').then(r => r.violations.map(v => v.id))") == []
        assert page.evaluate("document.activeElement.id") == "day"
        typed(page, "2026", "10", "09")
        page.keyboard.press("Control+Enter")
        said("2026-10-09 在今天之后")  # told by the program, not by the page
        assert page.input_value("#fact") == "打开页面看到该栏目没有任何内容"
        with office.desk() as desk:
            assert desk.cases()[case.identity].state is State.DETECTED
        typed(page, "2026", "10", "08")
        page.keyboard.press("Control+Enter")
        page.wait_for_selector("#dialog:not([open])", state="attached")
        settled(page, case.identity)
    with office.desk() as desk:
        stated = desk.cases()[case.identity]
        assert stated.stated is not None
        assert (stated.stated.fact, stated.stated.day) == ("打开页面看到该栏目没有任何内容", "2026-10-08")
        assert stated.state in (State.CONFIRMED, State.SECOND)


def heard(listener: socket.socket) -> bytes:
    """Everything said to a listener; a browser may open a connection ahead of time and say nothing."""
    said = b""
    listener.settimeout(0)
    while True:
        try:
            connection, _ = listener.accept()
        except BlockingIOError:
            return said
        with connection:
            connection.settimeout(1)
            said += connection.recv(1000)


@pytest.mark.browser
def test_two_thousand_findings_in_the_browser(office: Office) -> None:
    """The whole queue is there; the keyboard goes through it, and the filter narrows it."""
    one = failed("link-dead", "fgj")
    many = tuple(replace(one, identity=f"{n:016x}", fingerprint=f"{n:016x}", message=f"第{n}处") for n in range(2000))
    with office.desk() as desk:
        reviewer = Reviewer(desk, FIRST, False)
        reviewer._machine = replace(reviewer._machine, findings=many)
        server = Server(reviewer)
        thread = threading.Thread(target=server.serve, daemon=True)
        thread.start()
        try:
            with browser_page(server) as page:
                assert page.locator("#queue li").count() == 2000
                at = str(page.get_attribute("#item", "data-id"))
                for key in "jyyj":
                    page.keyboard.press(key)
                    at = settled(page, at)
                assert "待我处理 1998 处；共 2000 处，已定 2 处" in page.inner_text("#progress")
                page.fill("#filter", f"{1234:016x}"[:8])
                page.wait_for_function("() => document.querySelectorAll('#queue li').length < 2000")
        finally:
            server.stop()
            thread.join(10)
            server.close()


@pytest.mark.browser
def test_a_hostile_page_runs_nothing_and_calls_nobody(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        evil = f"http://127.0.0.1:{listener.getsockname()[1]}"
        attack = (
            f"<html><head><meta http-equiv=refresh content='0;url={evil}/'></head><body>"
            "<script>parent.document.title='owned';fetch('/api/act',{method:'POST'})</script>"
            f"<img src='{evil}/x.png' onerror='parent.document.title=1'>"
            f"<form action='/api/act' method=post><button autofocus>x</button></form><a href='{evil}/'>x</a>"
        )
        monkeypatch.setattr("audit.review.app._body", lambda desk, sha256: attack.encode())
        requests: list[str] = []
        with running(office) as server, browser_page(server) as page:
            page.on("request", lambda request: requests.append(request.url))
            page.keyboard.press("j")
            page.frame_locator("#page iframe").locator("a").wait_for()
            page.frame_locator("#page iframe").locator("a").click()
            shown = page.get_attribute("#item", "data-id")
            page.locator("h1").click()  # the keys are the frame's while it has the focus
            page.keyboard.press("j")
            settled(page, shown)
            page.frame_locator("#page iframe").locator("a").wait_for()
            title = page.title()
        listener.settimeout(0)
        assert heard(listener) == b""
    assert title.startswith("初审")
    assert not [url for url in requests if url.endswith("/api/act")]


@pytest.mark.browser
def test_the_second_person_sees_what_waits_for_her(office: Office) -> None:
    veto = failed("column-empty", "czj").identity
    with running(office) as server:
        body = {"id": veto, "act": "confirm", "seen": "待初审"}
        assert ask(server, "POST", "/api/act", body, **writing(server))[0] == 200
    with running(office, FIRST, second=True) as server:
        told = json.loads(ask(server, "GET", "/api/queue", Cookie=cookie(server))[2])
        assert told["progress"]["waiting"] == 0  # not the same person
    with running(office, SECOND, second=True) as server, browser_page(server) as page:
        assert page.get_attribute("#item", "data-id") == veto
        page.keyboard.press("y")
        page.wait_for_function("() => document.getElementById('progress').textContent.includes('待我处理 0 处')")
    with office.desk() as desk:
        case = desk.cases()[veto]
        assert (case.state, case.first, case.second) == (State.CONFIRMED, FIRST, SECOND)
        assert any(f.outcome is Outcome.FAILED for f in desk.confirmed().findings)
