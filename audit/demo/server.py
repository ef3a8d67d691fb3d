"""A loopback server for the replica: every host by its Host header, one ephemeral port.

Bounded: at most `THREADS` requests at once; a planted slow page waits one second. `serving()` stops the server
and joins its thread on exit.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import BoundedSemaphore, Event, Thread
from urllib.parse import unquote, urlsplit

from audit.demo.build import NOT_FOUND, replica
from audit.demo.model import Response

THREADS = 32
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
                self.server.closing.wait(1.0)
            if response.fault == "reset":
                self._reset()
                return
            self._send(response)

    def _reset(self) -> None:
        """Close with RST: linger of zero seconds."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        self.close_connection = True
        self.connection.close()

    def _send(self, response: Response) -> None:
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
            self.send_header("Content-Length", str(len(response.body)))
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
