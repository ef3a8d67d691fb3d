"""Writing files so that a reader never sees half of one, and a full disk loses nothing that was there."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from audit.errors import AuditError

MANIFEST = "manifest.json"
SUMS = "manifest.sha256"


def write_atomic(path: Path, content: bytes) -> None:
    """Write beside the target and rename. Raises AuditError with what to do when the disk refuses."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(name).chmod(0o644)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise AuditError(_disk(path, error)) from error


def write_pack(folder: Path, files: Iterable[tuple[str, bytes]]) -> list[str]:
    """Write a set of output files and their manifest; files of an earlier pack that are gone are removed.

    Returns the relative paths in order. Files that the manifest does not name are never touched.
    """
    before = set(_listed(folder))
    digests: dict[str, str] = {}
    for name, content in files:
        write_atomic(folder / name, content)
        digests[name] = hashlib.sha256(content).hexdigest()
    for name in before - digests.keys():
        target = folder / name
        if target.resolve().is_relative_to(folder.resolve()):
            target.unlink(missing_ok=True)
    _write_manifest(folder, digests)
    return list(digests)


def add_to_pack(folder: Path, files: Iterable[tuple[str, bytes]]) -> list[str]:
    """Write files into a folder that keeps what earlier calls wrote, and bring its manifest up to date.

    Raises AuditError before anything is written when a file was edited since: a draft may carry people's work.
    """
    made = dict(files)
    known = _listed(folder)
    edited = [n for n in made if n in known and (folder / n).exists() and _digest(folder / n) != known[n]]
    if edited:
        names = "、".join(str(folder / n) for n in edited)
        raise AuditError(f"下列文件生成后有人修改过，未覆盖：{names}。请先另存或移走，再运行同一命令。")
    for name, content in made.items():
        write_atomic(folder / name, content)
        known[name] = hashlib.sha256(content).hexdigest()
    _write_manifest(folder, {n: d for n, d in known.items() if (folder / n).exists()})
    return list(made)


def _write_manifest(folder: Path, digests: Mapping[str, str]) -> None:
    """manifest.json for programs, manifest.sha256 for `sha256sum -c`."""
    ordered = dict(sorted(digests.items()))
    write_atomic(folder / MANIFEST, json.dumps({"files": ordered}, ensure_ascii=False, indent=1).encode())
    write_atomic(folder / SUMS, "".join(f"{digest}  {name}\n" for name, digest in ordered.items()).encode())


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _listed(folder: Path) -> dict[str, str]:
    try:
        return dict(json.loads((folder / MANIFEST).read_bytes())["files"])
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _disk(path: Path, error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return f"磁盘空间不足，未能写入 {path}。已有文件未受影响；请清理磁盘后重新运行同一命令。"
    if error.errno in (errno.EACCES, errno.EROFS, errno.EPERM):
        return f"没有写入权限：{path}。请用 --out 或 --data 指定可写的文件夹。"
    return f"无法写入 {path}：{error.strerror or error}。"
