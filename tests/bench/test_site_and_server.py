"""The generated site is the same every time and whole: every page can be reached, and the server delivers it."""

from __future__ import annotations

import http.client
import re
import urllib.parse
from pathlib import Path

import pytest

from bench import server
from bench.site import Site

SMALL = 130


def test_two_sites_of_one_seed_are_equal_and_another_seed_differs() -> None:
    first = {f.path: f.body for f in Site(SMALL).files()}
    assert first == {f.path: f.body for f in Site(SMALL).files()}
    assert first != {f.path: f.body for f in Site(SMALL, seed=8).files()}


def test_number_and_size_of_pages_are_what_was_asked_for() -> None:
    site = Site(SMALL)
    bodies = {f.path: f.body for f in site.files()}
    pages = [b for p, b in bodies.items() if p.endswith(".html")]
    assert len(pages) == site.pages == SMALL
    articles = [b for p, b in bodies.items() if re.search(r"/t\d{8}_", p)]
    assert 40_000 < sum(map(len, articles)) / len(articles) < 50_000
    assert sum(p.endswith(".pdf") for p in bodies) == site.attachments


def test_every_page_is_reached_by_anchors() -> None:
    bodies = {f"/{f.path}": f.body for f in Site(SMALL).files()}
    waiting, seen = ["/"], {"/"}
    while waiting:
        at = waiting.pop()
        body = bodies[at + "index.html" if at.endswith("/") else at]
        if at.endswith(".pdf"):
            continue
        for href in re.findall(r"<a href='([^']+)'", body.decode()):
            target = urllib.parse.urljoin(at, href)
            if target not in seen:
                seen.add(target)
                waiting.append(target)
    reached = {path + "index.html" if path.endswith("/") else path for path in seen}
    assert reached == set(bodies)


@pytest.mark.parametrize("program", ["installed", "none"])
def test_server_delivers_and_counts_distinct_pages(
    program: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if program == "none":
        monkeypatch.setattr(server, "nginx", lambda: None)
    elif server.nginx() is None:
        pytest.skip("nginx is not installed")
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "index.html").write_text("列表")
    with server.serve(tmp_path) as served:
        link = http.client.HTTPConnection("127.0.0.1", served.port)
        for path in ("/a/", "/a/index.html", "/a/"):
            link.request("GET", path)
            answer = link.getresponse()
            assert answer.read().decode() == "列表"
            assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        link.request("GET", "/missing.html")
        answer = link.getresponse()
        answer.read()
        assert answer.status == 404
        link.close()
        assert served.pages() == 1
        served.forget()
        assert served.pages() == 0
