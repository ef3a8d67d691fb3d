"""Seal a snapshot: one hash over everything observed, after which the store takes no more."""

from __future__ import annotations

import sqlite3
from hashlib import sha256
from pathlib import Path

import msgspec

from crawler.store import ObservationStore, StoreError


def seal(store: ObservationStore) -> str:
    """Hash all observations, keep the hash in meta "manifest" and close the store to writing. Returns the hash."""
    manifest = manifest_of(store)
    store.meta_set("manifest", manifest)
    store.settle()
    store.sealed = True
    return manifest


def manifest_of(store: ObservationStore) -> str:
    """sha256 over every fetch, artifact, frontier entry and meta value, in order; bodies enter by their own hash."""
    digest = sha256()
    encode = msgspec.json.Encoder(order="deterministic").encode
    for fetch in store.fetches():
        digest.update(encode(["fetch", fetch]) + b"\n")
    for artifact in store.artifacts():
        digest.update(encode(["artifact", artifact]) + b"\n")
    for item in store.frontier():
        digest.update(encode(["frontier", item]) + b"\n")
    for key, value in store.metas():
        if key != "manifest":
            digest.update(encode(["meta", key, value]) + b"\n")
    return digest.hexdigest()


def verify(path: Path) -> list[str]:
    """Check a sealed store offline. Returns the problems found, as Chinese sentences; empty when all is well."""
    try:
        with ObservationStore(path, readonly=True) as store:
            return _problems(store)
    except (StoreError, sqlite3.Error, msgspec.DecodeError, ValueError) as error:
        return [f"无法读取：{error}"]


def _problems(store: ObservationStore) -> list[str]:
    recorded = store.meta_get("manifest")
    if not recorded:
        return ["尚未封存，没有可核对的清单"]
    problems = []
    if manifest_of(store) != recorded:
        problems.append("观测记录与封存时的清单不一致")
    known = set()
    for digest in store.digests():
        known.add(digest)
        try:
            actual = sha256(store.body(digest)).hexdigest()
        except StoreError as error:
            problems.append(str(error))
            continue
        if actual != digest:
            problems.append(f"内容 {digest[:16]}… 已被改动")
    wanted = {f.body_sha256 for f in store.fetches() if f.body_sha256} | {a.sha256 for a in store.artifacts()}
    problems += [f"缺少内容 {digest[:16]}…" for digest in sorted(wanted - known)]
    return problems
