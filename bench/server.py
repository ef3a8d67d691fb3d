"""A fast server on loopback for a folder: nginx where it is installed, else a small one on asyncio."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

_CONF = """
daemon off; worker_processes 1; pid {run}/nginx.pid; error_log {run}/error.log crit;
worker_rlimit_nofile 65536; events {{ worker_connections 16384; }}
http {{
  log_format short '$request_method $uri $status'; access_log {run}/access.log short;
  sendfile on; keepalive_requests 1000000; open_file_cache max=20000;
  types {{ text/html html; application/pdf pdf; text/plain txt; }}
  default_type application/octet-stream; charset utf-8;
  client_body_temp_path {run}/a; proxy_temp_path {run}/b; fastcgi_temp_path {run}/c;
  uwsgi_temp_path {run}/d; scgi_temp_path {run}/e;
  server {{ listen 127.0.0.1:{port} backlog=4096; root "{root}"; index index.html;
            add_header LinkChecker unthrottled; }}
}}
"""
_FREE = "LinkChecker: unthrottled"  # by which a server lifts LinkChecker's own limit of requests
_TYPES = {".html": "text/html; charset=utf-8", ".pdf": "application/pdf", ".txt": "text/plain"}


def nginx() -> str | None:
    """Path of nginx: `$NGINX`, the search path, or where Debian puts it."""
    return os.environ.get("NGINX") or shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True, slots=True)
class Served:
    """A running server and its log of lines "METHOD PATH STATUS"."""

    port: int
    log: Path

    def forget(self) -> None:
        os.truncate(self.log, 0)

    def pages(self) -> int:
        """Distinct HTML pages that were delivered with GET since `forget`."""
        seen = set()
        for line in self.log.read_text().splitlines():
            method, _, rest = line.partition(" ")
            path, _, status = rest.rpartition(" ")
            if method == "GET" and status == "200" and path.endswith((".html", "/")):
                seen.add(path.removesuffix("index.html"))
        return len(seen)


@contextmanager
def serve(root: Path) -> Iterator[Served]:
    """Serve `root` until the block ends."""
    with tempfile.TemporaryDirectory(prefix="bench-server-") as run:
        port, log = free_port(), Path(run) / "access.log"
        log.touch()
        program = nginx()
        if program:
            conf = Path(run) / "nginx.conf"
            Path(run).chmod(0o755)
            user = "user root;" if os.geteuid() == 0 else ""
            conf.write_text(user + _CONF.format(run=run, port=port, root=root.resolve()))
            command = [program, "-p", run, "-e", f"{run}/error.log", "-c", str(conf)]
        else:
            command = [sys.executable, "-m", "bench.server", str(root), "--port", str(port), "--log", str(log)]
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        try:
            _await_port(process, port)
            yield Served(port, log)
        finally:
            process.terminate()
            process.wait()


def _await_port(process: subprocess.Popen[bytes], port: int) -> None:
    pause = 0.01
    while process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(pause)
        pause = min(pause * 1.5, 0.5)
    raise RuntimeError(f"the server ended at once with code {process.returncode}")


# -- the fallback -------------------------------------------------------------------------------------------------


class _Files:
    """Whole answers, kept once made."""

    def __init__(self, root: Path, log: TextIO) -> None:
        self._root, self._log = root, log
        self._held: dict[str, bytes] = {}

    def answer(self, method: str, path: str) -> bytes:
        if path not in self._held:
            self._held[path] = self._load(path)
        whole = self._held[path]
        self._log.write(f"{method} {path} {whole[9:12].decode()}\n")
        return whole

    def _load(self, path: str) -> bytes:
        file = (self._root / path.lstrip("/")).resolve()
        if file.is_dir():
            file = file / "index.html"
        if not file.is_file() or self._root not in file.parents:
            return b"HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n\r\nnot found"
        body = file.read_bytes()
        kind = _TYPES.get(file.suffix, "application/octet-stream")
        head = f"HTTP/1.1 200 OK\r\n{_FREE}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
        return head.encode() + body


async def _answer(files: _Files, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            method, target, _ = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ", 2)
            whole = files.answer(method, urllib.parse.unquote(target.partition("?")[0]))
            writer.write(whole if method == "GET" else whole.partition(b"\r\n\r\n")[0] + b"\r\n\r\n")
            await writer.drain()
    writer.close()


async def _main(root: Path, port: int, log: Path) -> None:
    with log.open("a", buffering=1) as lines:
        files = _Files(root, lines)
        server = await asyncio.start_server(lambda r, w: _answer(files, r, w), "127.0.0.1", port)
        async with server:
            await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.server")
    parser.add_argument("root", type=Path)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--log", type=Path, required=True)
    options = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_main(options.root.resolve(), options.port, options.log))
