"""The only way out for the browser: a small SOCKS5 server on loopback that looks at every address first.

Every connection Chromium opens – documents, redirects, frames, images, scripts – asks the gate for a host name. The
gate maps names of `[resolve]`, resolves the others itself, refuses private addresses and connects to the very address
it judged. Route handlers see neither redirects nor what a name resolves to, and a name may resolve differently the
second time it is asked (DNS rebinding), so nothing less than this is safe.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
from collections.abc import Callable, Iterable, Mapping

from crawler.browser.traffic import Tally, Turns

_OK, _NOT_ALLOWED, _UNREACHABLE, _BAD_COMMAND = 0, 2, 4, 7
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
CONNECT_TIMEOUT_S = 20


def is_public(address: str) -> bool:
    """Whether an IP literal is a public unicast address, looking through IPv4 addresses wrapped in IPv6."""
    try:
        ip = ipaddress.ip_address(address.split("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped or ip.sixtofour:
            return is_public(str(ip.ipv4_mapped or ip.sixtofour))
        if ip in _NAT64:
            return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
    return ip.is_global and not ip.is_multicast


def split_target(target: str, default_port: int = 80) -> tuple[str, int]:
    """`"127.0.0.1:8080"`, `"[::1]:8080"` or a bare address to (address, port)."""
    host, colon, port = target.rpartition(":")
    if not colon or not port.isdecimal() or (host.count(":") and not host.startswith("[")):
        return target.strip("[]"), default_port
    return host.strip("[]"), int(port)


class Refusal(Exception):
    """The gate will not connect there."""


class Gate:
    """Use as an async context manager; `port` is where it listens on 127.0.0.1.

    `refused` collects host → resolved private address; `traffic` counts what went through, by host.
    """

    def __init__(self, resolve: Mapping[str, str], allow_private: Iterable[str] = ()) -> None:
        self._resolve = {host.lower(): split_target(target) for host, target in resolve.items()}
        self._allow = frozenset(h.lower() for h in allow_private)
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()
        self.port = 0
        self.refused: dict[str, str] = {}
        self.traffic: dict[str, Tally] = {}

    async def __aenter__(self) -> Gate:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for task in tuple(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def addresses(self, host: str, port: int) -> list[tuple[str, int]]:
        """Addresses the gate would connect to. Raises Refusal for private ones, OSError when DNS fails."""
        host = host.lower().rstrip(".")
        if port == 80 and host in self._resolve:
            return [self._resolve[host]]
        loop = asyncio.get_running_loop()
        answers = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        found = list(dict.fromkeys((str(a[4][0]), port) for a in answers))
        if host in self._allow:
            return found
        private = next((ip for ip, _ in found if not is_public(ip)), None)
        if private is not None:  # one private answer among public ones is the mark of rebinding
            self.refused[host] = private
            raise Refusal(host)
        return found

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            await self._talk(reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # either side went away, or the gate closes: the browser sees a broken connection
        finally:
            self._open.discard(task)
            writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        version, methods = await reader.readexactly(2)
        await reader.readexactly(methods)
        writer.write(bytes((5, 0 if version == 5 else 0xFF)))
        version, command, _, kind = await reader.readexactly(4)
        host = await _read_host(reader, kind)
        port = int.from_bytes(await reader.readexactly(2), "big")
        if version != 5 or command != 1:
            return _reply(writer, _BAD_COMMAND)
        try:
            far_reader, far_writer = await self._connect(host, port)
        except Refusal:
            return _reply(writer, _NOT_ALLOWED)
        except (OSError, TimeoutError, UnicodeError):
            return _reply(writer, _UNREACHABLE)
        turns = Turns(self.traffic.setdefault(host.lower().rstrip("."), Tally()))
        _reply(writer, _OK)
        up = asyncio.ensure_future(self._pipe(reader, far_writer, turns.up))
        try:
            await self._pipe(far_reader, writer, turns.down)
        finally:
            up.cancel()
            far_writer.close()

    async def _connect(self, host: str, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        error: Exception = OSError("no address")
        async with asyncio.timeout(CONNECT_TIMEOUT_S):
            for address, to in await self.addresses(host, port):
                try:
                    return await asyncio.open_connection(address, to)
                except OSError as caught:
                    error = caught
        raise error

    async def _pipe(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seen: Callable[[bytes], None]
    ) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                seen(data)
                writer.write(data)
                await writer.drain()
            if writer.can_write_eof():
                writer.write_eof()


async def _read_host(reader: asyncio.StreamReader, kind: int) -> str:
    if kind == 3:
        length = (await reader.readexactly(1))[0]
        return (await reader.readexactly(length)).decode("ascii", "replace")
    size = 16 if kind == 4 else 4
    return str(ipaddress.ip_address(await reader.readexactly(size)))


def _reply(writer: asyncio.StreamWriter, code: int) -> None:
    writer.write(bytes((5, code, 0, 1, 0, 0, 0, 0, 0, 0)))
