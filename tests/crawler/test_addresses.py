"""Connections go where the configuration says and nowhere inside."""

from __future__ import annotations

import asyncio
import errno
import gzip
import socket
import ssl
from pathlib import Path

import aiohttp
import pytest
from crawl_setup import district, observe
from servers import Site, page, redirect

from checks.outcomes import FetchOutcome as F
from crawler.addresses import PrivateAddressError, SafeResolver
from crawler.received import Inflate, fault_of


def addresses(resolver: SafeResolver, host: str) -> list[tuple[str, int]]:
    return [(r["host"], r["port"]) for r in asyncio.run(resolver.resolve(host, 80))]


def test_mapped_hosts_go_to_their_replica() -> None:
    resolver = SafeResolver({"www.example.gov.cn": "127.0.0.1:8080"})
    assert addresses(resolver, "WWW.example.gov.cn") == [("127.0.0.1", 8080)]


def test_names_that_lead_inside_are_refused_unless_named() -> None:
    with pytest.raises(PrivateAddressError, match="内网地址"):
        addresses(SafeResolver({}), "localhost")
    assert addresses(SafeResolver({}, ["localhost"]), "localhost")[0][1] == 80


def test_a_name_that_leads_inside_the_second_time_gains_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The addresses that were judged are the ones connected to; a private one among public ones is left out."""
    answers = [["203.107.0.1"], ["203.107.0.1", "10.0.0.5"], ["127.0.0.1"]]

    async def getaddrinfo(_: object, name: str, port: int, **__: object) -> list[tuple]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in answers.pop(0)]

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", getaddrinfo)
    resolver = SafeResolver({})
    assert addresses(resolver, "rebind.example") == [("203.107.0.1", 80)]
    assert addresses(resolver, "rebind.example") == [("203.107.0.1", 80)]
    with pytest.raises(PrivateAddressError, match=r"127\.0\.0\.1"):
        addresses(resolver, "rebind.example")


@pytest.mark.parametrize("host", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "[::1]", "192.168.1.1", "0.0.0.0"])
def test_private_literals_are_refused(host: str) -> None:
    assert SafeResolver({}).refuses_literal(host)
    assert not SafeResolver({}, ["*"]).refuses_literal(host)


def test_public_literals_and_names_pass() -> None:
    assert not SafeResolver({}).refuses_literal("203.107.0.1")
    assert not SafeResolver({}).refuses_literal("www.example.gov.cn")


def test_names_that_lead_inside_touch_nothing(tmp_path: Path) -> None:
    with Site({"/inside": page("内部")}) as inside:
        port = inside.port
        pages = {"/": page("首页", f"http://localhost:{port}/inside", "/jump.html")}
        pages["/jump.html"] = redirect(f"http://localhost:{port}/inside")
        with Site(pages) as site:
            _, seen = observe(tmp_path, district(site.address))
        assert inside.requests == []
    assert seen[f"http://localhost:{port}/inside"] is F.PRIVATE_ADDRESS
    assert seen["/jump.html"] is F.REDIRECT_REFUSED


KEY = aiohttp.client_reqrep.ConnectionKey("h", 443, True, True, None, None, None)


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (aiohttp.ClientConnectorDNSError(KEY, socket.gaierror(socket.EAI_NONAME, "x")), F.DNS),
        (aiohttp.ClientConnectorDNSError(KEY, socket.gaierror(socket.EAI_AGAIN, "x")), F.TIMEOUT),
        (
            aiohttp.ClientConnectorSSLError(KEY, ssl.SSLError(1, "[SSL: SSLV3_ALERT_HANDSHAKE_FAILURE]")),
            F.TLS_NATIONAL,
        ),
        (aiohttp.ClientConnectorSSLError(KEY, ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER]")), F.TLS),
        (aiohttp.ClientConnectorError(KEY, ConnectionRefusedError(errno.ECONNREFUSED, "x")), F.REFUSED),
        (aiohttp.ClientConnectorError(KEY, OSError(errno.ENETUNREACH, "x")), F.ABORTED),
        (aiohttp.ServerDisconnectedError(), F.REFUSED),
        (TimeoutError(), F.TIMEOUT),
    ],
    ids=[
        "no such name",
        "resolver silent",
        "no common cipher",
        "no tls",
        "refused",
        "no network",
        "dropped",
        "silent",
    ],
)
def test_faults_are_told_apart(error: Exception, outcome: F) -> None:
    found, detail = fault_of(error)
    assert found is outcome
    assert detail


def test_unpacking_stops_at_the_limit() -> None:
    packed = gzip.compress(b"\0" * 10_000_000)
    inflate = Inflate("gzip", 1000)
    inflate.feed(packed)
    assert inflate.overflow and len(inflate.take()) <= 1000
    plain = Inflate("gzip", 1000)
    plain.feed(b"<html>never packed</html>")
    assert plain.take() == b"<html>never packed</html>" and not plain.unfinished
    cut = Inflate("gzip", 1000)
    cut.feed(gzip.compress(b"abc" * 100)[:20])
    assert cut.unfinished
