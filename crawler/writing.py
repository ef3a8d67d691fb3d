"""What stands between a writer and its file: one writer at a time, and faults of the disk told in a sentence."""

from __future__ import annotations

import errno
import fcntl
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCK_PATIENCE_S = 15.0  # a killed predecessor is gone long before; a running one is not waited for


class StoreError(Exception):
    """The observation file cannot be used; the message says why and what to do, in Chinese."""


class StoreRefused(StoreError):
    """The place may not be written to or read: another folder or other permissions, not another try."""


@contextmanager
def explain(path: Path) -> Iterator[None]:
    """Turn faults of SQLite and of the disk into StoreError."""
    try:
        yield
    except sqlite3.OperationalError as error:
        text = str(error).lower()
        if "full" in text:
            raise StoreError(
                f"磁盘空间不足，采集数据未能写入：{path}。已保存的内容不受影响；请清理空间后再次运行即可继续。"
            ) from error
        if "locked" in text or "busy" in text:
            raise StoreError(f"采集数据正被其他程序占用：{path}。请等待其结束或关闭它，再次运行即可继续。") from error
        if "readonly" in text or "unable to open" in text:
            raise StoreRefused(
                f"采集数据无法打开或不可写：{path}。请检查文件夹权限，或用 --data 指定可写的文件夹。"
            ) from error
        raise StoreError(f"采集数据读写出错（{error}）：{path}。已保存的内容不受影响。") from error
    except sqlite3.DatabaseError as error:
        raise StoreError(f"文件不是有效的采集数据，或已损坏（{error}）：{path}。") from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StoreError(f"磁盘空间不足：{path}。请清理空间后再次运行即可继续。") from error
        raise StoreRefused(
            f"无法使用采集数据文件（{error.strerror}）：{path}。请检查文件夹与权限，或用 --data 指定可写的文件夹。"
        ) from error


class WriterLock:
    """An advisory lock beside the file. It dies with its process, so a killed crawl leaves nothing to clean up."""

    def __init__(self, path: Path) -> None:
        self._path = path.with_name(path.name + ".lock")
        with explain(path):
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            self._acquire(path)
        except BaseException:
            os.close(self._file)
            raise

    def _acquire(self, path: Path) -> None:
        deadline = time.monotonic() + LOCK_PATIENCE_S
        while True:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    raise StoreError(f"另一个采集进程正在写入：{path}。请等待其结束，或先停止它。") from None
                time.sleep(0.1)
            else:
                return

    def release(self) -> None:
        os.close(self._file)
