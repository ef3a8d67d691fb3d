"""Crawl in a process of its own: started, watched and, on Ctrl-C, stopped so that it can be resumed."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from config.district import District
from crawler.store import StoreError
from crawler.summary import HELD_BACK, CrawlSummary, Progress
from crawler.writing import explain

__all__ = ["CrawlError", "CrawlSummary", "Progress", "crawl"]

LOG = "crawl.log"
PATIENCE_S = 20.0  # for open requests after Ctrl-C; whatever is cut off then is simply pending


class CrawlError(Exception):
    """The crawl could not run; the message says why and what to do, in Chinese."""


def crawl(
    district: District,
    snapshot_dir: Path,
    *,
    spider: str = "site",
    since: Path | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> CrawlSummary:
    """Crawl into `snapshot_dir/observations.sqlite`, resuming where an earlier run of it stopped.

    `since` is the folder of an older, sealed snapshot: what the server says has not changed is taken from there.
    Ctrl-C stops gracefully: the summary says `interrupted` and the next call goes on. A site that cannot be reached
    at all gives a summary with a `reason`. Raises CrawlError or StoreError when the crawl itself cannot work.
    """
    snapshot_dir = Path(snapshot_dir)
    with explain(snapshot_dir):
        snapshot_dir.mkdir(parents=True, exist_ok=True)
        log = (snapshot_dir / LOG).open("ab")
    with log, _start(snapshot_dir, spider, since, log) as process:
        try:
            assert process.stdin is not None
            process.stdin.write(district.model_dump_json().encode() + b"\n")
            process.stdin.flush()
            last = _follow(process, on_progress)
        except BrokenPipeError:
            last = {}
        finally:
            _end(process)
    return _result(last, snapshot_dir, process.returncode)


def _start(snapshot_dir: Path, spider: str, since: Path | None, log: Any) -> subprocess.Popen[bytes]:
    """Signals are held back in the worker until it can act on them, so one that comes early is not lost."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, HELD_BACK)
    try:
        return subprocess.Popen(
            [sys.executable, "-m", "crawler.worker", str(snapshot_dir), spider, str(since or "")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,  # Ctrl-C reaches us, and we tell it
        )
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _follow(process: subprocess.Popen[bytes], on_progress: Callable[[Progress], None] | None) -> dict[str, Any]:
    """Read until the worker's last word; a first Ctrl-C asks it to stop, a second one goes through."""
    assert process.stdout is not None
    last: dict[str, Any] = {}
    asked = False
    while True:
        try:
            line = process.stdout.readline()
            if not line:
                return last
            message = msgspec.json.decode(line)
            if "progress" not in message:
                last = message
            elif on_progress is not None:
                on_progress(msgspec.convert(message["progress"], Progress))
        except KeyboardInterrupt:
            if asked:
                raise
            asked = True
            process.send_signal(signal.SIGINT)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Leave no process behind, whatever happened."""
    if process.stdin is not None and not process.stdin.closed:
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()
    try:
        process.wait(PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _result(last: dict[str, Any], snapshot_dir: Path, code: int | None) -> CrawlSummary:
    if "ended" in last:
        return msgspec.convert(last["ended"], CrawlSummary)
    if "failed" in last:
        raise StoreError(last["failed"])
    raise CrawlError(
        f"采集进程意外结束（代码 {code}），已保存的内容不受影响，再次运行即可继续。详见 {snapshot_dir / LOG}。"
    )
