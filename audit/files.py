"""Writing files so that a reader never sees half of one, and a full disk loses nothing that was there."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from audit.errors import AuditError, Exit

MANIFEST = "manifest.json"
SUMS = "manifest.sha256"
OF = "of"  # key in a manifest: the result that the files quote
DRAFT = "machine:"


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
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        raise AuditError(_disk(path, error), code=Exit.NO_VERDICT if full else None) from error


def write_pack(folder: Path, files: Iterable[tuple[str, bytes]]) -> list[str]:
    """Write a set of output files and their manifest; files of an earlier pack that are gone are removed.

    Returns the relative paths in order. Files that the manifest does not name are never touched.
    """
    before = set(listed(folder))
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


def add_to_pack(folder: Path, files: Iterable[tuple[str, bytes]], of: str = "") -> list[str]:
    """Write files into a folder that keeps what earlier calls wrote, and bring its manifest up to date.

    `of` names the result the files quote (`quoting`); files that quoted another one are retired first.
    Raises AuditError before anything is written when a file was edited since: a draft may carry people's work.
    """
    made = dict(files)
    known = listed(folder)
    edited = [n for n in made if n in known and (folder / n).exists() and _digest(folder / n) != known[n]]
    if edited:
        names = "、".join(str(folder / n) for n in edited)
        raise AuditError(f"下列文件生成后有人修改过，未覆盖：{names}。请先另存或移走，再运行同一命令。")
    if of:
        retire(folder, of)
        known = listed(folder)
    for name, content in made.items():
        write_atomic(folder / name, content)
        known[name] = hashlib.sha256(content).hexdigest()
    _write_manifest(folder, {n: d for n, d in known.items() if (folder / n).exists()}, of)
    return list(made)


def quoting(digest: str, *, sealed: bool = False) -> str:
    """How a manifest names the judgement with this digest."""
    return f"{'sealed:' if sealed else DRAFT}{digest}"


def retire(folder: Path, of: str, kind: str = "") -> list[str]:
    """Remove the files of `add_to_pack` that quote another result than `of`; returns those kept because of edits.

    With `kind` only those that quote a result of that kind (DRAFT) are touched. A kept file leaves the manifest: it
    is a person's work now, no longer an output.
    """
    try:
        written = json.loads((folder / MANIFEST).read_bytes())
        known, was = dict(written["files"]), str(written[OF])
    except (OSError, ValueError, KeyError, TypeError):
        return []
    if was == of or not was.startswith(kind):
        return []
    edited = [n for n in known if (folder / n).exists() and _digest(folder / n) != known[n]]
    for name in known.keys() - set(edited):
        if (folder / name).resolve().is_relative_to(folder.resolve()):
            (folder / name).unlink(missing_ok=True)
    for name in (MANIFEST, SUMS):
        (folder / name).unlink(missing_ok=True)
    if not any(folder.iterdir()):
        folder.rmdir()
    return sorted(edited)


def _write_manifest(folder: Path, digests: Mapping[str, str], of: str = "") -> None:
    """manifest.json for programs, manifest.sha256 for `sha256sum -c`."""
    ordered = dict(sorted(digests.items()))
    told = {"files": ordered, **({OF: of} if of else {})}
    write_atomic(folder / MANIFEST, json.dumps(told, ensure_ascii=False, indent=1).encode())
    write_atomic(folder / SUMS, "".join(f"{digest}  {name}\n" for name, digest in ordered.items()).encode())


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def changed(folder: Path) -> list[str]:
    """What is not as the manifest of a folder says, in sentences; empty when all is well."""
    try:
        files = dict(json.loads((folder / MANIFEST).read_bytes())["files"])
    except (OSError, ValueError, KeyError, TypeError):
        return [f"{folder / MANIFEST}：清单无法读取"]
    problems = []
    for name, digest in files.items():
        path = folder / name
        if not path.is_file():
            problems.append(f"{path}：清单中有，文件夹中没有")
        elif _digest(path) != digest:
            problems.append(f"{path}：内容与清单不符")
    return problems


def listed(folder: Path) -> dict[str, str]:
    """Digest by relative path of the files that a folder's manifest names; empty without one."""
    try:
        return dict(json.loads((folder / MANIFEST).read_bytes())["files"])
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _disk(path: Path, error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"磁盘空间不足，未能写入 {path}。已有文件未受影响；请清理磁盘后重新运行同一命令。"
    if error.errno in (errno.EACCES, errno.EROFS, errno.EPERM):
        return f"没有写入权限：{path}。请用 --out 或 --data 指定可写的文件夹。"
    return f"无法写入 {path}：{error.strerror or error}。"
