"""Tables of the observation store. A change of these raises VERSION."""

from __future__ import annotations

VERSION = 1

CREATE = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE bodies (sha256 TEXT PRIMARY KEY, size INTEGER NOT NULL, data BLOB NOT NULL);
CREATE TABLE fetches (
  id INTEGER PRIMARY KEY, url TEXT NOT NULL, host TEXT NOT NULL, method TEXT NOT NULL, purpose TEXT NOT NULL,
  outcome TEXT NOT NULL, status INTEGER, final_url TEXT NOT NULL, chain TEXT NOT NULL, headers TEXT NOT NULL,
  body_sha256 TEXT NOT NULL, size INTEGER NOT NULL, elapsed_ms INTEGER NOT NULL, started_at TEXT NOT NULL,
  ip TEXT NOT NULL, error TEXT NOT NULL, attempt INTEGER NOT NULL, depth INTEGER NOT NULL, referrer TEXT NOT NULL,
  content_type TEXT NOT NULL);
CREATE INDEX fetches_url ON fetches (url, outcome);
CREATE TABLE frontier (
  seq INTEGER PRIMARY KEY, url TEXT NOT NULL UNIQUE, host TEXT NOT NULL, depth INTEGER NOT NULL,
  purpose TEXT NOT NULL, referrer TEXT NOT NULL, anchor TEXT NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL,
  priority INTEGER NOT NULL, tries INTEGER NOT NULL);
CREATE INDEX frontier_state ON frontier (state);
CREATE TABLE artifacts (
  id INTEGER PRIMARY KEY, url TEXT NOT NULL, kind TEXT NOT NULL, sha256 TEXT NOT NULL, meta TEXT NOT NULL,
  created_at TEXT NOT NULL);
CREATE INDEX artifacts_kind ON artifacts (kind, url);
"""
