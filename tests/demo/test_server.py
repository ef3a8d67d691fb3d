"""The loopback server: hosts, methods, conditional requests, faults, clean end."""

from __future__ import annotations

import http.client
from collections.abc import Iterator

import pytest

from audit.demo.build import replica
from audit.demo.model import WAF, WWW, Response
from audit.demo.server import Address, serving


@pytest.fixture(scope="module")
def address() -> Iterator[Address]:
    replica().add("faults.qinghe-demo.gov.cn", "/reset", lambda: Response(b"never seen", fault="reset"))
    replica().add("faults.qinghe-demo.gov.cn", "/busy", lambda: Response(b"busy", status=503))
    with serving() as served:
        yield served
    for path in ("/reset", "/busy"):
        del replica().pages["faults.qinghe-demo.gov.cn", path]
    replica().hosts.discard("faults.qinghe-demo.gov.cn")


def ask(
    address: Address, host: str, path: str, method: str = "GET", **headers: str
) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection(address.host, address.port, timeout=10)
    try:
        connection.request(
            method, path, headers={"Host": host, **{k.replace("_", "-"): v for k, v in headers.items()}}
        )
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def test_hosts_are_told_apart_by_name(address: Address) -> None:
    portal, body = ask(address, WWW, "/")
    walled, stub = ask(address, WAF, "/")
    unknown, _ = ask(address, "www.elsewhere.example", "/")
    assert (portal.status, walled.status, unknown.status) == (200, 412, 404)
    assert "青禾" in body.decode()
    assert b"<script>" in stub


def test_head_has_the_length_and_no_body(address: Address) -> None:
    whole, body = ask(address, WWW, "/xwzx/qhyw/")
    head, nothing = ask(address, WWW, "/xwzx/qhyw/", "HEAD")
    assert head.getheader("Content-Length") == whole.getheader("Content-Length") == str(len(body))
    assert nothing == b""


def test_an_unchanged_page_is_not_sent_again(address: Address) -> None:
    first, _ = ask(address, WWW, "/")
    again, body = ask(address, WWW, "/", If_None_Match=first.getheader("ETag") or "")
    assert again.status == 304
    assert body == b""


def test_gbk_pages_say_so(address: Address) -> None:
    response, body = ask(address, WWW, "/zwgk/xxgkml/mailang/gzdt/")
    assert response.getheader("Content-Type") == "text/html; charset=gbk"
    assert "麦浪镇" in body.decode("gbk")


def test_search_answers_a_title_on_the_first_page(address: Address) -> None:
    _, body = ask(address, WWW, "/search?q=%E7%B2%AE%E9%A3%9F%E4%BA%A7%E8%83%BD%E6%8F%90%E5%8D%87")
    assert "青禾区粮食产能提升实施方案" in body.decode()


def test_a_reset_is_a_broken_connection(address: Address) -> None:
    with pytest.raises((ConnectionError, http.client.HTTPException)):
        ask(address, "faults.qinghe-demo.gov.cn", "/reset")


def test_a_busy_server_says_503(address: Address) -> None:
    response, _ = ask(address, "faults.qinghe-demo.gov.cn", "/busy")
    assert response.status == 503


def test_nothing_listens_afterwards() -> None:
    with serving() as address:
        assert ask(address, WWW, "/")[0].status == 200
    with pytest.raises(ConnectionError):
        ask(address, WWW, "/")
