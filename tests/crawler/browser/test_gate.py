"""The gate, spoken to directly: what it connects, what it refuses."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import pytest
from browser_site import HOST, Site

from crawler.browser.gate import Gate, is_public, split_target
from crawler.browser.traffic import HostTraffic, Tally, Turns, keep_traffic, kept_traffic
from crawler.store import ObservationStore


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2400:3200::1", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.20.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("64:ff9b::a00:1", False),
        ("64:ff9b::808:808", True),
        ("2002:7f00:1::", False),
        ("not an address", False),
    ],
)
def test_public_addresses(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(
    ("target", "parts"),
    [
        ("127.0.0.1:8080", ("127.0.0.1", 8080)),
        ("[::1]:81", ("::1", 81)),
        ("::1", ("::1", 80)),
        ("10.0.0.5", ("10.0.0.5", 80)),
    ],
)
def test_targets(target: str, parts: tuple[str, int]) -> None:
    assert split_target(target) == parts


async def _ask(gate: Gate, host: str, port: int, *, version: int = 5, command: int = 1) -> tuple[int, bytes]:
    """SOCKS reply code, and what an HTTP request through the connection gets."""
    reader, writer = await asyncio.open_connection("127.0.0.1", gate.port)
    writer.write(bytes((version, 1, 0)))
    await reader.readexactly(2)
    name = host.encode()
    writer.write(bytes((version, command, 0, 3, len(name))) + name + port.to_bytes(2, "big"))
    code = (await reader.readexactly(10))[1]
    body = b""
    if code == 0:
        writer.write(f"GET / HTTP/1.0\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        body = await reader.read()
    writer.close()
    return code, body


def ask(gate: Gate, *args: object, **more: int) -> tuple[int, bytes]:
    async def run() -> tuple[int, bytes]:
        async with gate:
            return await _ask(gate, *args, **more)  # type: ignore[arg-type]

    return asyncio.run(run())


def test_mapped_host_is_reached_under_its_name(site: Site) -> None:
    site.pages["/"] = "政府网站"
    gate = Gate({HOST: site.address})
    code, body = ask(gate, HOST.upper(), 80)
    assert code == 0
    assert body.endswith("政府网站".encode())
    assert site.asked[0][1].lower() == HOST
    traffic = gate.traffic[HOST]
    assert (traffic.connections, len(traffic.latencies), traffic.unanswered) == (1, 1, 0)
    assert traffic.bytes >= len(body)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "169.254.169.254", "10.0.0.1", "[::1]".strip("[]")])
def test_private_addresses_are_refused(site: Site, host: str) -> None:
    gate = Gate({HOST: site.address})
    assert ask(gate, host, site.port) == (2, b"")
    assert host in gate.refused
    assert site.asked == []


def test_https_of_a_mapped_host_is_not_mapped(site: Site) -> None:
    assert ask(Gate({"localhost": site.address}), "localhost", 443)[0] == 2


def test_allowed_host_may_be_private(site: Site) -> None:
    site.pages["/"] = "内网"
    assert ask(Gate({}, ["localhost"]), "localhost", site.port)[0] == 0


def test_one_private_answer_among_public_ones_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    async def both(*_: object, **__: object) -> list[tuple[object, ...]]:
        return [(0, 0, 0, "", (ip, 80)) for ip in ("8.8.8.8", "127.0.0.1")]

    monkeypatch.setattr(asyncio.base_events.BaseEventLoop, "getaddrinfo", both)
    gate = Gate({})

    async def code() -> int:
        async with gate:
            reader, writer = await asyncio.open_connection(sock=_connected(gate.port))
            writer.write(b"\x05\x01\x00")
            await reader.readexactly(2)
            writer.write(b"\x05\x01\x00\x03\x06rebind\x00\x50")
            answer = await reader.readexactly(10)
            writer.close()
            return answer[1]

    assert asyncio.run(code()) == 2
    assert gate.refused == {"rebind": "127.0.0.1"}


def _connected(port: int) -> socket.socket:
    sock = socket.create_connection(("127.0.0.1", port))
    sock.setblocking(False)
    return sock


def test_only_connect_is_served(site: Site) -> None:
    assert ask(Gate({HOST: site.address}), HOST, 80, command=2)[0] == 7


TLS = b"\x16\x03\x01"


@pytest.mark.parametrize(
    ("talk", "requests"),
    [
        ([], 0),
        ([("up", b"GET / HTTP/1.1"), ("down", b"HTTP/1.1 200"), ("down", b"body")], 1),
        ([("up", b"GET /a"), ("up", b" HTTP/1.1"), ("down", b"200"), ("up", b"GET /b"), ("down", b"200")], 2),
        ([("up", b"GET / HTTP/1.1")], 1),
        ([("up", TLS), ("down", TLS)], 0),
        ([("up", TLS), ("down", TLS), ("up", b"\x17"), ("down", b"\x17"), ("up", b"\x17"), ("down", b"\x17")], 2),
    ],
    ids=["silence", "one", "kept open", "no answer", "handshake", "encrypted"],
)
def test_requests_are_turns_and_a_handshake_is_none(talk: list[tuple[str, bytes]], requests: int) -> None:
    tally = Tally()
    turns = Turns(tally)
    for side, data in talk:
        getattr(turns, side)(data)
    assert len(tally.latencies) + tally.unanswered == requests
    assert tally.bytes == sum(len(d) for side, d in talk if side == "down")


def test_what_passes_of_a_snapshot_cost_adds_up(tmp_path: Path) -> None:
    with ObservationStore(tmp_path / "observations.sqlite") as store:
        keep_traffic(store, {})
        assert kept_traffic(store) == {}
        keep_traffic(store, {"b": Tally(100, 1, [10.0, 30.0], 1)})
        keep_traffic(store, {"a": Tally(5, 1, [], 1), "b": Tally(50, 2, [70.0], 0)})
        assert kept_traffic(store) == {
            "a": HostTraffic(1, 5, 1, 0.0, 0.0),
            "b": HostTraffic(4, 150, 3, 10.0, 70.0),
        }
