"""Whether the site's hosts can be reached over HTTPS with a valid certificate, and over IPv6.

Asked once per snapshot by a bare connection, without a request. A host that `[resolve]` leads elsewhere says nothing
about the real one and is not asked. Whatever our own network cannot tell stays None.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from checks.hosts import is_address
from config.district import District
from crawler.addresses import PrivateAddressError, SafeResolver
from crawler.store import ObservationStore

META = "connections"
TIMEOUT_S = 10.0
_FAR = ("2001:4860:4860::8888", 53)  # only a route is looked up; nothing is sent


@dataclass(frozen=True, slots=True)
class Connection:
    """`certificate` says in words what is wrong, blank when all is well or nothing answered."""

    host: str
    certificate_ok: bool | None = None
    certificate: str = ""
    ipv6: bool | None = None


def keep_connections(district: District, store: ObservationStore) -> None:
    """Ask every own host that is not mapped, once per snapshot, and keep the answers in the snapshot."""
    if store.meta_get(META) is not None:
        return
    hosts = sorted(district.own_hosts() - district.resolve.keys())
    found = asyncio.run(_ask_all(hosts, SafeResolver({}, district.crawl.allow_private))) if hosts else []
    store.meta_set(META, msgspec.json.encode(found).decode())


def connections_of(store: ObservationStore) -> dict[str, Connection]:
    raw = store.meta_get(META)
    return {c.host: c for c in msgspec.json.decode(raw, type=list[Connection])} if raw else {}


async def _ask_all(hosts: list[str], resolver: SafeResolver) -> list[Connection]:
    return list(await asyncio.gather(*(examine(host, resolver) for host in hosts)))


async def examine(
    host: str,
    resolver: SafeResolver,
    *,
    port: int = 443,
    context: ssl.SSLContext | None = None,
    has_ipv6: Callable[[], bool] | None = None,
) -> Connection:
    """One host: its certificate over IPv4 or IPv6, and whether it answers over IPv6."""
    ok, why = await _certificate(host, resolver, port, context or ssl.create_default_context())
    ipv6 = await _over_ipv6(host, resolver, (port, 80)) if (has_ipv6 or own_ipv6)() else None
    return Connection(host, ok, why, ipv6)


async def _certificate(
    host: str, resolver: SafeResolver, port: int, context: ssl.SSLContext
) -> tuple[bool | None, str]:
    for address, _ in await _addresses(host, resolver, socket.AF_UNSPEC):
        try:
            async with asyncio.timeout(TIMEOUT_S):
                _, writer = await asyncio.open_connection(address, port, ssl=context, server_hostname=host)
        except ssl.SSLCertVerificationError as error:
            return False, str(error.verify_message or error)[:200]
        except (OSError, TimeoutError):
            continue
        await _close(writer)
        return True, ""
    return None, ""


async def _over_ipv6(host: str, resolver: SafeResolver, ports: tuple[int, ...]) -> bool | None:
    """False only where the name has no AAAA record; a connection that fails may be our network's fault."""
    if is_address(host):  # a bare address has no records
        return None
    found = await _addresses(host, resolver, socket.AF_INET6)
    if not found:
        return False if await _addresses(host, resolver, socket.AF_INET) else None
    for address, _ in found:
        for port in ports:
            try:
                async with asyncio.timeout(TIMEOUT_S):
                    _, writer = await asyncio.open_connection(address, port)
            except (OSError, TimeoutError):
                continue
            await _close(writer)
            return True
    return None


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()


async def _addresses(host: str, resolver: SafeResolver, family: socket.AddressFamily) -> list[tuple[str, int]]:
    try:
        return [(r["host"], r["port"]) for r in await resolver.resolve(host, 0, family)]
    except (OSError, PrivateAddressError):
        return []


def own_ipv6() -> bool:
    """Whether this machine has a route to the IPv6 internet."""
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as probe:
            probe.connect(_FAR)
            return True
    except OSError:
        return False
