"""The replica by itself: size, families, links, determinism."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from urllib.parse import urljoin, urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser

from audit.demo.build import replica
from audit.demo.model import AGRI, AS_OF, BARE, HOUSING, PROJECTS, WWW, Replica, Response
from crawler.extract.discover import discover
from crawler.extract.page import Context, extract
from crawler.readers import feed, jsonlist
from crawler.readers.registry import READERS

PLANTED_DEAD = {
    f"http://{WWW}/zt/2024bm/index.html",
    f"http://{WWW}/zt/2026yd/files/missing-attachment.pdf",
    f"http://{WWW}/zt/2026yd/images/lost.png",
    f"http://{WWW}/internal/flow.html",  # under a path that robots.txt excludes
}
FORMS = {"/zwgk/ysqgk/submit", "/hdjl/qzxx/submit"}
OWN = {WWW, BARE, AGRI, HOUSING, PROJECTS}


def html_pages(made: Replica) -> Iterator[tuple[str, str, Response]]:
    for host, path in sorted(made.pages):
        response = made.find(host, path)
        if response is not None and response.content_type.startswith("text/html") and not packed(response):
            yield host, path, response


def packed(response: Response) -> bool:
    return any(name == "Content-Encoding" for name, _ in response.headers)


def decoded(response: Response) -> str:
    for encoding in ("utf-8", "gbk"):
        try:
            return response.body.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise AssertionError("neither UTF-8 nor GBK")


def targets(text: str, base: str) -> Iterator[str]:
    tree = LexborHTMLParser(text)
    for selector, name in (("a[href]", "href"), ("img[src]", "src"), ("iframe[src]", "src"), ("link[href]", "href")):
        for node in tree.css(selector):
            yield urljoin(base, node.attributes[name] or "").split("#")[0]


@pytest.fixture(scope="module")
def made() -> Replica:
    return replica()


def test_there_are_at_least_three_hundred_pages(made: Replica) -> None:
    assert sum(1 for host, _, _ in html_pages(made) if host in OWN) >= 300


def test_internal_links_resolve_except_the_planted_dead_ones(made: Replica) -> None:
    dead = set()
    for host, path, response in html_pages(made):
        for target in targets(decoded(response), f"http://{host}{path}"):
            parts = urlsplit(target)
            known = parts.hostname in OWN and parts.path not in FORMS
            if known and made.find(parts.hostname or "", parts.path, parts.query) is None:
                dead.add(target)
    assert dead == PLANTED_DEAD


def test_every_page_is_reached_from_the_home_page(made: Replica) -> None:
    """Except further list pages, which only scripts name, and pages of other hosts."""
    seen, todo = set(), [f"http://{WWW}/"]
    while todo:
        url = todo.pop()
        parts = urlsplit(url)
        if url in seen or parts.hostname not in made.hosts:
            continue
        seen.add(url)
        response = made.find(parts.hostname or "", parts.path, parts.query)
        if response is not None and response.content_type.startswith("text/html") and response.status == 200:
            if packed(response):
                continue
            todo += [t for t in targets(decoded(response), url) if t.startswith("http")]
    articles = {f"http://{h}{p}" for h, p, _ in html_pages(made) if h in OWN and ("/t2" in p or "/info/" in p)}
    scripted = ("/jyj/gzdt/", "/zfb/gzdt/", "/yunsang/gkmlpt/")  # lists that a script fills
    unreached = {u for u in articles - seen if not any(s in u for s in scripted)}
    further = [(h, p, r) for h, p, r in html_pages(made) if re.search(r"/index_\d+\.html$", p)]
    listed = {t for h, p, response in further for t in targets(decoded(response), f"http://{h}{p}")}
    assert unreached <= listed, unreached - listed


@pytest.mark.parametrize(
    ("mark", "host", "path"),
    [
        ("createPageHTML(", WWW, "/xwzx/qhyw/"),
        ("<datastore>", AGRI, "/col/col101/index.html"),
        ("winstyle", WWW, "/zjj/gzdt.htm"),
        ("fetch(location.pathname", WWW, "/zwgk/xxgkml/jyj/gzdt/"),
        ("list-ul", WWW, "/mzj/gzdt/"),
        ("window._CONFIG", WWW, "/zwgk/xxgkml/yunsang/gkmlpt/index"),
        ("list.json", WWW, "/zwgk/xxgkml/zfb/gzdt/"),
    ],
)
def test_every_family_is_there(made: Replica, mark: str, host: str, path: str) -> None:
    response = made.find(host, path)
    assert response is not None
    assert mark in decoded(response)


READ_BY = {
    "trs": f"http://{WWW}/xwzx/qhyw/",
    "hanweb": f"http://{AGRI}/col/col101/index.html",
    "vsb": f"http://{WWW}/zjj/gzdt.htm",
    "plain": f"http://{WWW}/mzj/gzdt/",
    "gkmlpt": f"http://{WWW}/zwgk/xxgkml/yunsang/gkmlpt/index",
    "feed": f"http://{WWW}/mzj/gzdt/rss.xml",
    "jsonlist": f"http://{WWW}/zwgk/xxgkml/zfb/gzdt/list.json?page=1&size=4",
}


def test_every_reader_has_a_column() -> None:
    assert READ_BY.keys() == {*(r.NAME for r in READERS), jsonlist.NAME, feed.NAME}


@pytest.mark.parametrize(("name", "url"), READ_BY.items())
def test_each_family_is_read_by_its_reader(made: Replica, name: str, url: str) -> None:
    """A page whose rows only a script draws names further pages: there the rows are."""
    parts = urlsplit(url)
    response = made.find(parts.hostname or "", parts.path, parts.query)
    assert response is not None
    context = Context(frozenset(OWN), f"http://{WWW}/", AS_OF.date())
    about = {"headers": {}, "fetched_at": "", "sha256": "", "context": context}
    found = extract(response.body, url, content_type=response.content_type, **about).page
    assert found.reader == name
    if name == "gkmlpt":
        more = discover(response.body, url, response.content_type).list_pages
        assert found.needs_render
        assert more == [f"http://{WWW}/zwgk/xxgkml/yunsang/gkmlpt/api/all/5221?page=1&sid=990122"]
    else:
        assert len(found.rows) >= 4
        assert all(row.date for row in found.rows)


def test_gbk_is_declared_once_and_mislabelled_once(made: Replica) -> None:
    honest = made.find(WWW, "/zwgk/xxgkml/mailang/gzdt/")
    wrong = made.find(WWW, "/zwgk/xxgkml/yunsang/tzgg/")
    assert honest is not None
    assert wrong is not None
    assert b'charset="gb2312"' in honest.body
    assert b'charset="utf-8"' in wrong.body
    assert wrong.content_type == "text/html; charset=gbk"
    for response in (honest, wrong):
        with pytest.raises(UnicodeDecodeError):
            response.body.decode("utf-8")


def test_the_proxy_answers_record_ranges_and_pages(made: Replica) -> None:
    path = "/module/web/jpage/dataproxy.jsp"
    whole = made.find(AGRI, path, "columnid=101&startrecord=1&endrecord=100&perpage=6")
    first = made.find(AGRI, path, "page=1", "columnid=101&unitid=1011")
    assert whole is not None
    assert first is not None
    assert whole.body.count(b"<record>") >= first.body.count(b"<record>") > 0


def digest() -> str:
    whole = sha256()
    made = replica()
    for host, path in sorted(made.pages):
        response = made.find(host, path)
        assert response is not None
        whole.update(f"{host}{path}{response.status}{response.content_type}".encode() + response.body)
    return whole.hexdigest()


def test_another_process_builds_the_same_bytes() -> None:
    code = "from tests.demo.test_replica import digest; print(digest())"
    env = os.environ | {"PYTHONHASHSEED": "7"}
    other = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert other.stdout.strip() == digest()
