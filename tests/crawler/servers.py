"""A real HTTP server on loopback whose every answer is scripted, down to the lies and the dropped connections.

with Site({"/": page("首页", "/a.html"), "/slow": drip()}) as site:
    site.address      # "127.0.0.1:port", for a district's [resolve]
    site.requests     # (method, host, path) in order of arrival
"""

from __future__ import annotations

import asyncio
import gzip
import socket
import struct
import threading
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes = b""

    @property
    def host(self) -> str:
        return self.headers.get("host", "").partition(":")[0]


Behaviour = Callable[[Asked, asyncio.StreamWriter], Awaitable[bool]]
"""Answers one request; returns whether the connection may be used again."""


@dataclass
class Site:
    """Serves `pages` by path; keys like "host/path" hold for one host only; others get 404."""

    pages: dict[str, Behaviour]
    fallback: Behaviour | None = None
    requests: list[tuple[str, str, str]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    on_request: Callable[[int], None] | None = None
    port: int = 0

    def __enter__(self) -> Site:
        started = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(started,), daemon=True)
        self._thread.start()
        assert started.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join(10)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def paths(self, method: str = "GET") -> list[str]:
        return [p for m, _, p in self.requests if m == method]

    def _run(self, started: threading.Event) -> None:
        asyncio.run(self._serve(started))

    async def _serve(self, started: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopped = asyncio.Event()
        self._connections: set[asyncio.Task[None]] = set()
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        started.set()
        await self._stopped.wait()
        server.close()
        for task in list(self._connections):
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            while await self._one(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError, TimeoutError):
            pass
        finally:
            self._connections.discard(task)
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        line = (await reader.readline()).decode("latin-1").split()
        if len(line) < 2 or not line[0].isalpha():  # the start of a TLS handshake
            return False
        headers = {}
        while (raw := await reader.readline()) not in (b"\r\n", b""):
            name, _, value = raw.decode("latin-1").partition(":")
            headers[name.strip().lower()] = value.strip()
        body = await reader.readexactly(int(headers.get("content-length", "0") or 0))
        asked = Asked(line[0], line[1], headers, body)
        self.requests.append((asked.method, asked.host, asked.path))
        self.headers.append(headers)
        if self.on_request is not None:
            self.on_request(len(self.requests))
        bare = asked.path.partition("?")[0]
        for key in (asked.host + asked.path, asked.path, asked.host + bare, bare):
            if key in self.pages:
                return await self.pages[key](asked, writer)
        return await (self.fallback or reply(b"<html><title>404</title>not found</html>", 404))(asked, writer)


def reply(
    body: bytes | str = b"",
    status: int = 200,
    kind: str = "text/html; charset=utf-8",
    headers: Iterable[tuple[str, str]] = (),
    length: int | None = None,
    delay: float = 0,
) -> Behaviour:
    """An ordinary answer; `length` lies in Content-Length."""
    data = body.encode() if isinstance(body, str) else body
    extra = list(headers)

    async def answer(asked: Asked, writer: asyncio.StreamWriter) -> bool:
        if delay:
            await asyncio.sleep(delay)
        head = [f"HTTP/1.1 {status} Scripted", f"Content-Type: {kind}"]
        head.append(f"Content-Length: {len(data) if length is None else length}")
        head += [f"{k}: {v}" for k, v in extra]
        writer.write("\r\n".join(head).encode("utf-8") + b"\r\n\r\n" + (b"" if asked.method == "HEAD" else data))
        await writer.drain()
        return length is None or asked.method == "HEAD"

    return answer


def page(title: str, *links: str, text: str = "") -> Behaviour:
    """A page with a title, links to follow and enough words to be one."""
    anchors = "".join(f'<li><a href="{link}">{title}之{i}</a></li>' for i, link in enumerate(links))
    words = text or "本页为测试网站的普通内容页面，文字足够长，不会被当作错误提示。" * 12
    head = f"<!doctype html><html><head><title>{title}</title></head>"
    return reply(f"{head}<body><ul>{anchors}</ul><p>{words}</p></body></html>")


def redirect(location: str, status: int = 302, headers: Iterable[tuple[str, str]] = ()) -> Behaviour:
    return reply(b"", status, headers=[("Location", location), *headers])


def drop() -> Behaviour:
    """Closes the connection without a word."""

    async def answer(_: Asked, __: asyncio.StreamWriter) -> bool:
        return False

    return answer


def reset() -> Behaviour:
    """Breaks the connection off in the middle of the answer."""

    async def answer(_: Asked, writer: asyncio.StreamWriter) -> bool:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<html>")
        await writer.drain()
        sock = writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()
        return False

    return answer


def silence() -> Behaviour:
    """Takes the request and never answers."""

    async def answer(_: Asked, __: asyncio.StreamWriter) -> bool:
        await asyncio.sleep(3600)
        return False

    return answer


def drip(every: float = 0.2) -> Behaviour:
    """Sends a byte now and then, without end."""

    async def answer(_: Asked, writer: asyncio.StreamWriter) -> bool:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100000\r\n\r\n")
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(every)

    return answer


def endless(total: int, announce: bool = False) -> Behaviour:
    """Streams `total` bytes, with or without saying how many in advance."""

    async def answer(_: Asked, writer: asyncio.StreamWriter) -> bool:
        length = f"Content-Length: {total}\r\n" if announce else "Connection: close\r\n"
        writer.write(f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{length}\r\n".encode())
        piece = b"<p>abcdefgh</p>" * 4096
        for _ in range(total // len(piece)):
            writer.write(piece)
            await writer.drain()
        return False

    return answer


def bomb(size: int = 50_000_000) -> Behaviour:
    """A small gzip body that unpacks to `size` bytes."""
    return reply(gzip.compress(b"\0" * size), headers=[("Content-Encoding", "gzip")])


def raw(*pieces: bytes) -> Behaviour:
    """Exactly these bytes, head included, each piece sent by itself; then the connection is closed."""

    async def answer(asked: Asked, writer: asyncio.StreamWriter) -> bool:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0)
        return False

    return answer


def http10(text: str) -> Behaviour:
    """HTTP/1.0 without a length: the end of the connection is the end of the body."""
    return raw(b"HTTP/1.0 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n", text.encode())


def with_hints(text: str) -> Behaviour:
    """Two preliminary answers, then the real one."""
    hints = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n"
    body = text.encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
    return raw(hints, head.encode() + body)


def gzip_in_crumbs(text: str) -> Behaviour:
    """A compressed body whose first bytes come one by one."""
    body = gzip.compress(text.encode())
    head = (
        f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return raw(head.encode(), body[:1], body[1:2], body[2:])


def header_bomb(count: int = 5_000) -> Behaviour:
    return raw(b"HTTP/1.1 200 OK\r\n", *[b"X-Filler: " + b"x" * 60_000 + b"\r\n"] * count, b"\r\n")


def in_turn(*behaviours: Behaviour) -> Behaviour:
    """The first answer to the first request, and so on; the last one stays."""
    waiting = list(behaviours)

    async def answer(asked: Asked, writer: asyncio.StreamWriter) -> bool:
        now = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        return await now(asked, writer)

    return answer
