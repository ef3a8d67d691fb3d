"""One state-changing command per district at a time. The lock dies with its process."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from audit.errors import AuditError

NAME = ".round.lock"


@contextmanager
def district_lock(folder: Path, what: str, patience_s: float = 0.0) -> Iterator[None]:
    """Hold the lock of `<data>/<district>`. Raises AuditError naming the command that holds it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder / NAME, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise AuditError(f"无法写入 {folder}：{error.strerror or error}。请检查权限与磁盘空间。") from error
    try:
        deadline = time.monotonic() + patience_s
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    holder = os.pread(handle, 200, 0).decode("utf-8", "replace").strip() or "另一个命令"
                    raise AuditError(
                        f"本区县正被占用：{holder}。同一时间只能有一个命令改变轮次状态，请等它结束后重试；没有写入任何内容。"
                    ) from None
                time.sleep(0.05)
        with contextlib.suppress(OSError):  # a full disk: the lock holds all the same
            os.ftruncate(handle, 0)
            os.pwrite(handle, f"{what}（进程 {os.getpid()}）".encode(), 0)
        yield
    finally:
        os.close(handle)
