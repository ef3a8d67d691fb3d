"""A small government site on loopback for the browser tests: real HTTP, bodies by path, a log of requests."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HOST = "www.demo-district.gov.cn"


@dataclass
class Answer:
    """`hold` is waited for before anything is sent; `action` is called first."""

    body: bytes | str = b""
    status: int = 200
    type: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    hold: threading.Event | None = None
    action: Callable[[], object] | None = None


@dataclass
class Site:
    """`pages` maps paths to answers; `asked` lists (method, host header, path) of every request."""

    pages: dict[str, Answer | str] = field(default_factory=dict)
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    port: int = 0

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def url(self, path: str) -> str:
        return f"http://{HOST}{path}"

    def paths(self) -> list[str]:
        return [path for _, _, path in self.asked]


@contextmanager
def serve(site: Site) -> Iterator[Site]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            site.asked.append((self.command, self.headers.get("Host", ""), self.path))
            found = site.pages.get(self.path, Answer("<html lang=zh><title>无</title>没有这个页面", 404))
            answer = Answer(found) if isinstance(found, str) else found
            if answer.action:
                answer.action()
            if answer.hold:
                answer.hold.wait(60)
            body = answer.body.encode() if isinstance(answer.body, str) else answer.body
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.type)
            self.send_header("Content-Length", str(len(body)))
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, *_: object) -> None:
            pass  # the browser closes connections when it is done with a page

    server = Server(("127.0.0.1", 0), Handler)
    site.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def page(body: str, *, title: str = "演示区人民政府", head: str = "", lang: str = ' lang="zh-CN"') -> str:
    return (
        f'<!DOCTYPE html><html{lang}><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
        f"<body>{body}</body></html>"
    )


def wait_until(condition: Callable[[], bool], limit_s: float = 20) -> bool:
    """Poll for something outside this process (a process that ends)."""
    end = time.monotonic() + limit_s
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True
