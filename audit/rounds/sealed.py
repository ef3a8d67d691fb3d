"""Is a sealed pack the one that was sealed: its files, its manifest, and the decision that names the manifest."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from audit.files import MANIFEST
from audit.history.store import FILE, History, history_url
from audit.rounds.packs import SEAL
from audit.rounds.retention import PRUNED


def against_history(folder: Path, history: str = "") -> list[str]:
    """What the decisions say against a pack; empty when it is no sealed pack or all is well."""
    try:
        seal = json.loads((folder / SEAL).read_bytes())
        district, round_id = str(seal["district"]), str(seal["round"])
    except (OSError, ValueError, KeyError, TypeError):
        return []
    data = folder.resolve().parents[2]
    if not history and not (data / FILE).exists():
        return [f"{folder}：是封存结果，但旁边没有历史数据库，只核对了清单；请用 --history 指定"]
    with History.open(history_url(data, history)) as opened:
        fault = opened.verify(district)
        lines = opened.decisions(district, round_id)
    said = [f"决定记录：{fault}"] if fault else []
    actual = hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()
    sealed = [d for d in lines if d.kind in ("round.frozen", "erratum") and d.payload.get("folder") == folder.name]
    if not sealed:
        said.append(f"{folder}：决定记录中没有这次封存")
    elif str(sealed[-1].payload.get("manifest_sha256")) != actual:
        said.append(f"{folder}：清单与封存时的决定（第 {sealed[-1].seq} 条）不符，整个文件夹被替换")
    return said


def pruned(folder: Path) -> frozenset[str]:
    """Hashes (first 16 digits) of bodies that were removed by the retention table."""
    try:
        return frozenset(str(b)[:16] for b in json.loads((folder / PRUNED).read_bytes())["bodies"])
    except (OSError, ValueError, KeyError, TypeError):
        return frozenset()
