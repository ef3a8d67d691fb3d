"""Where a connection may go: `[resolve]` maps hosts, everything else must be a public address.

The check is made on the addresses that are then connected to, so a name that resolves differently the second time it
is asked (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Iterable, Mapping

from aiohttp.abc import AbstractResolver, ResolveResult

from crawler.browser.gate import is_public, split_target


class PrivateAddressError(OSError):
    """The host leads to an address inside a private network."""


class SafeResolver(AbstractResolver):
    """Resolves host names for aiohttp. A mapped host keeps its name in URL and Host header.

    `allow_private` names hosts that may lie in a private network; "*" allows all, for a replica on this machine.
    """

    def __init__(self, resolve: Mapping[str, str], allow_private: Iterable[str] = ()) -> None:
        self._mapped = {host.lower(): split_target(target) for host, target in resolve.items()}
        self._allowed = frozenset(host.lower() for host in allow_private)

    def refuses_literal(self, host: str) -> bool:
        """Is `host` an IP literal that must not be connected to? Literals never reach `resolve`."""
        host = host.strip("[]").lower()
        try:
            ipaddress.ip_address(host.split("%")[0])
        except ValueError:
            return False
        return not self._may_be_private(host) and host not in self._mapped and not is_public(host)

    def _may_be_private(self, host: str) -> bool:
        return host in self._allowed or "*" in self._allowed

    def mapped(self, host: str) -> bool:
        return host.lower() in self._mapped

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Addresses to try in turn. Raises OSError when DNS fails, PrivateAddressError when none may be used."""
        name = host.lower().rstrip(".")
        if name in self._mapped:
            address, mapped_port = self._mapped[name]
            kind = socket.AF_INET6 if ":" in address else socket.AF_INET
            return [_result(host, address, mapped_port, kind)]
        loop = asyncio.get_running_loop()
        infos = await loop.getaddrinfo(name, port, type=socket.SOCK_STREAM, family=family)
        found = [_result(host, info[4][0], port, info[0]) for info in infos]
        usable = found if self._may_be_private(name) else [f for f in found if is_public(f["host"])]
        if not usable:
            addresses = "、".join(sorted({f["host"] for f in found}))
            raise PrivateAddressError(f"{host} 指向内网地址 {addresses}")
        return usable

    async def close(self) -> None:
        """Nothing is held."""


def _result(hostname: str, address: str, port: int, family: int) -> ResolveResult:
    return ResolveResult(
        hostname=hostname,
        host=address,
        port=port,
        family=family,
        proto=0,
        flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
    )
