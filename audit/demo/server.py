"""A loopback server for the replica: every host by its Host header, one ephemeral port.

Bounded: at most `THREADS` requests at once; a planted slow page waits `SLOW_S`, and a silent one until its client
has gone or the server ends. `serving()` stops the server and joins its thread on exit.
"""

from __future__ import annotations

import select
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import BoundedSemaphore, Event, Thread
from urllib.parse import unquote, urlsplit

from audit.demo.build import NOT_FOUND, replica
from audit.demo.model import NATIONAL, Response

THREADS = 32
SLOW_S = 6.0
SILENCE_S = 60.0  # longest wait for a client to give up
FAULTS = {
    "slow": "answers after SLOW_S",
    "silent": "takes the request and never answers",
    "reset": "breaks the connection off without a word",
    "short": "announces more bytes than it sends",
    "huge": "announces a body of 4 GB",
    "no-head": "answers HEAD with 405, as careless servers do",
}
_HELLO = b"\x16\x03"  # how a TLS handshake begins
_HANDSHAKE_FAILURE = b"\x15\x03\x03\x00\x02\x02\x28"  # alert, fatal: no cipher suite in common
_HUGE = 4 * 1024**3
_LAST_MODIFIED = "Wed, 30 Sep 2026 02:00:00 GMT"
_BODY_LIMIT = 1_000_000


@dataclass(frozen=True, slots=True)
class Address:
    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, host: str, port: int) -> None:
        self.slots = BoundedSemaphore(THREADS)
        self.closing = Event()
        super().__init__((host, port), Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is no news."""


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    server_version = "qinghe-demo"
    sys_version = ""
    timeout = 30

    def handle_one_request(self) -> None:
        """A TLS handshake is refused: nothing here speaks it. One host says why, as one with 国密 alone does."""
        try:
            start = self.connection.recv(2048, socket.MSG_PEEK)
        except OSError:
            start = b""
        if start.startswith(_HELLO) and NATIONAL.encode() in start:
            self.connection.sendall(_HANDSHAKE_FAILURE)
            self.close_connection = True
            return
        super().handle_one_request()

    def do_GET(self) -> None:
        self._serve(b"")

    def do_HEAD(self) -> None:
        self._serve(b"")

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "0")
        size = int(length) if length.isdigit() else 0
        if size > _BODY_LIMIT:
            self.close_connection = True
            self._send(Response(status=413))
            return
        self._serve(self.rfile.read(size))

    def log_message(self, format: str, *args: object) -> None:
        """Silence: the audit's own log names every request."""

    def _serve(self, form: bytes) -> None:
        target = urlsplit(self.path)
        host = (target.hostname or self.headers.get("Host", "").split(":")[0]).lower()
        with self.server.slots:
            found = replica().find(host, unquote(target.path) or "/", target.query, form.decode("utf-8", "replace"))
            response = found or NOT_FOUND
            if response.fault == "slow":
                self.server.closing.wait(SLOW_S)
            if response.fault == "silent":
                self._wait_for_the_end()
            elif response.fault == "reset":
                self._reset()
            else:
                self._send(response)

    def _wait_for_the_end(self) -> None:
        """Until the client hangs up: a thread must not outlast the one who asked."""
        self.close_connection = True
        for _ in range(int(SILENCE_S / 0.2)):
            if self.server.closing.wait(0.2) or select.select([self.connection], [], [], 0)[0]:
                return

    def _reset(self) -> None:
        """Close with RST: linger of zero seconds."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        self.close_connection = True
        self.connection.close()

    def _send(self, response: Response) -> None:
        if response.fault == "no-head" and self.command == "HEAD":
            response = Response(status=405)
        tag = f'"{sha256(response.body).hexdigest()[:20]}"'
        fresh = response.status == 200 and self.headers.get("If-None-Match") == tag
        self.send_response(304 if fresh else response.status)
        for name, value in response.headers:
            self.send_header(name, value)
        if response.status == 200:
            self.send_header("ETag", tag)
            if not response.content_type.startswith("text/html"):  # pages are dated by what they show
                self.send_header("Last-Modified", _LAST_MODIFIED)
        if not fresh:
            self.send_header("Content-Type", response.content_type)
            length = len(response.body)
            self.send_header("Content-Length", str({"short": 2 * length, "huge": _HUGE}.get(response.fault, length)))
            self.close_connection |= response.fault in ("short", "huge")
        self.end_headers()
        if not fresh and self.command != "HEAD":
            self.wfile.write(response.body)


@contextmanager
def serving(host: str = "127.0.0.1", port: int = 0) -> Iterator[Address]:
    """Serve the replica until the block ends. Raises OSError when the port is taken."""
    server = Server(host, port)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="demo-server", daemon=True)
    thread.start()
    try:
        yield Address(host, server.server_address[1])
    finally:
        server.closing.set()
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
