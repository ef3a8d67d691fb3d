"""The manifest of an evidence folder: every file by its hash, chained, so that one number stands for all of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from audit.files import MANIFEST

START = "0" * 64
SUMS = "manifest.sha256"  # the same list for `sha256sum -c`
STAMP = "manifest.tsr"  # RFC 3161 time stamp of manifest.json


def links(files: Iterable[tuple[str, str]], start: str = START) -> list[list[str]]:
    """[name, sha256, link] in order; each link is the sha256 of the one before, the name and the file's hash."""
    chain: list[list[str]] = []
    last = start
    for name, digest in files:
        last = hashlib.sha256(f"{last}\n{name}\n{digest}".encode()).hexdigest()
        chain.append([name, digest, last])
    return chain


def chained(files: dict[str, str], **header: Any) -> bytes:
    """The manifest. `header` says what the evidence belongs to; it is what the chain starts from."""
    opening = hashlib.sha256(json.dumps(header, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    chain = links(sorted(files.items()), opening)
    body = {
        "schema": 1,
        "header": header,
        "head": chain[-1][2] if chain else opening,
        "files": dict(sorted(files.items())),
        "chain": [link for _, _, link in chain],
    }
    return json.dumps(body, ensure_ascii=False, indent=1).encode()


def chain_problems(manifest: Path) -> list[str]:
    """What is wrong with a chained manifest and the folder's list of files, in Chinese; empty when all is well."""
    try:
        body = json.loads(manifest.read_bytes())
        header, files = body["header"], dict(body["files"])
        rebuilt = json.loads(chained(files, **header))
        same = (rebuilt["head"], rebuilt["chain"]) == (body["head"], body["chain"])
    except (OSError, ValueError, KeyError, TypeError):
        return [f"{manifest}：清单无法读取"]
    problems = [] if same else [f"{manifest}：哈希链不连续，清单被改动过"]
    folder = manifest.parent
    present = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()} - {MANIFEST, SUMS, STAMP}
    sums = folder / SUMS
    if sums.is_file() and sums.read_text(encoding="utf-8") != "".join(
        f"{d}  {n}\n" for n, d in sorted(files.items())
    ):
        problems.append(f"{sums}：与清单不一致")
    problems += [f"{folder / name}：不在清单中" for name in sorted(present - files.keys())]
    return problems


def is_chained(manifest: Path) -> bool:
    try:
        return "chain" in json.loads(manifest.read_bytes())
    except (OSError, ValueError):
        return False
