"""Tiny districts served on loopback, each host by its Host header, with a log of who was asked what and when."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

DISTRICT = """\
id = "{id}"
name = "示例{number}区"
full_name = "示例市示例{number}区人民政府"
office = "示例{number}区人民政府办公室"
portal_owner = "zfb"
standards = ["gov-site-2019"]

[site]
name = "示例{number}区人民政府"
home = "http://{host}/"
main_host = "{host}"
hosts = ["{host}"]

[crawl]
rate = {rate}
concurrency = 4
timeout_s = 10

[resolve]
"{host}" = "127.0.0.1:{port}"
"""
UNITS = "unit_id,name_full,name_short,aliases,group,has_public_service,column_urls,valid_from,valid_to,"
UNITS += "successor_id,scored\n"
UNITS += "zfb,示例区人民政府办公室,区政府办,,政府组成部门,,,,,,Y\n"
COLUMNS = "column_id,label,aliases,path,unit_id,column_class,role,required_by,parent,freshness_days,confirmed\n"
COLUMNS += "zwgk,政务公开,,/zwgk/,,静态,,,,,Y\n"


@dataclass
class Sites:
    """`pages` articles on each host; `asked` are (host, path) in order of arrival, `open_hosts` per client port."""

    pages: int
    asked: list[tuple[str, str]] = field(default_factory=list)
    on_request: Callable[[str, int], None] = lambda host, count: None
    _guard: threading.Lock = field(default_factory=threading.Lock)
    port: int = 0

    def note(self, host: str, path: str) -> None:
        with self._guard:
            self.asked.append((host, path))
            count = sum(1 for h, _ in self.asked if h == host)
        self.on_request(host, count)

    def count(self, host: str) -> int:
        return sum(1 for h, _ in self.asked if h == host)

    def body(self, path: str) -> bytes | None:
        links = {"/": "<a href='/zwgk/'>政务公开</a>"}
        links["/zwgk/"] = "".join(f"<li><a href='{n}.html'>第{n}条信息</a></li>" for n in range(self.pages))
        articles = {f"/zwgk/{n}.html": f"<p>正文第{n}段，内容齐全。</p>" for n in range(self.pages)}
        text = {**links, **articles}.get(path)
        return None if text is None else f"<html><head><title>示例</title></head><body>{text}</body></html>".encode()


@pytest.fixture
def sites() -> Iterator[Sites]:
    served = Sites(pages=120)
    held = {path: served.body(path) for path in ("/", "/zwgk/", *(f"/zwgk/{n}.html" for n in range(served.pages)))}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            served.note((self.headers["Host"] or "").partition(":")[0], self.path)
            body = held.get(self.path)
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            if body and self.command == "GET":
                self.wfile.write(body)

        do_HEAD = do_GET

        def log_message(self, *_: object) -> None:
            """Quiet."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """A client that was killed is what the test is about."""

    server = Server(("127.0.0.1", 0), Handler)
    served.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield served
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def folders(tmp_path: Path, sites: Sites) -> Callable[..., list[Path]]:
    """Folders of `count` districts with hosts and ids of their own."""

    def make(count: int, rate: int = 100) -> list[Path]:
        made = []
        for number in range(1, count + 1):
            folder = tmp_path / "districts" / f"d{number}"
            folder.mkdir(parents=True)
            host = f"www.d{number}.example.gov.cn"
            text = DISTRICT.format(id=f"d{number}", number=number, host=host, rate=rate, port=sites.port)
            (folder / "district.toml").write_text(text, encoding="utf-8")
            (folder / "units.csv").write_text(UNITS, encoding="utf-8")
            (folder / "columns.csv").write_text(COLUMNS, encoding="utf-8")
            made.append(folder)
        return made

    return make
