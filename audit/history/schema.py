"""Tables of the history database. Every row is written once; only the schema version is ever replaced."""

from __future__ import annotations

from sqlalchemy import Column, Integer, LargeBinary, MetaData, String, Table, Text, UniqueConstraint

metadata = MetaData()

schema_version = Table("schema_version", metadata, Column("number", Integer, nullable=False))

rounds = Table(
    "rounds",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("district", String(64), nullable=False),
    Column("round", String(64), nullable=False),
    Column("cutoff", String(10), nullable=False),  # ISO day, T of the round calendar
    Column("opened_at", String(40), nullable=False),
    UniqueConstraint("district", "round"),
)

# One line per decision. `state` is the new state of `subject`; blank when the line changes none.
decisions = Table(
    "decisions",
    metadata,
    Column("district", String(64), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("round", String(64), nullable=False),
    Column("at", String(40), nullable=False),  # ISO 8601 with offset
    Column("who", String(80), nullable=False),
    Column("role", String(40), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("state", String(20), nullable=False),
    Column("why", Text, nullable=False),
    Column("payload", Text, nullable=False),  # canonical JSON
    Column("prev_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

judgements = Table(
    "judgements",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("district", String(64), nullable=False),
    Column("round", String(64), nullable=False),
    Column("kind", String(20), nullable=False),  # machine, confirmed, frozen
    Column("version", Integer, nullable=False),
    Column("at", String(40), nullable=False),
    Column("as_of", String(40), nullable=False),
    Column("snapshot", String(80), nullable=False),
    Column("rules", Text, nullable=False),  # JSON: rule -> version
    Column("sha256", String(64), nullable=False),
    Column("body", LargeBinary, nullable=False),  # zstd of the judgement's JSON
    UniqueConstraint("district", "round", "kind", "version"),
)

verdicts = Table(
    "verdicts",
    metadata,
    Column("judgement", Integer, primary_key=True, autoincrement=False),
    Column("fingerprint", String(32), primary_key=True),
    Column("identity", String(32), nullable=False, index=True),
    Column("rule", String(80), nullable=False),
    Column("rule_version", Integer, nullable=False),
    Column("indicator", String(120), nullable=False),
    Column("unit", String(64), nullable=False),
    Column("column", String(64), nullable=False),
    Column("subject", Text, nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("points", String(20), nullable=False),
)

scores = Table(
    "scores",
    metadata,
    Column("judgement", Integer, primary_key=True, autoincrement=False),
    Column("unit", String(64), primary_key=True),
    Column("standard", String(64), primary_key=True),
    Column("lower", String(20), nullable=False),
    Column("upper", String(20), nullable=False),
    Column("grade", String(20), nullable=False),
    Column("vetoes", Integer, nullable=False),
    Column("rated", Integer, nullable=False),
)

ranks = Table(
    "ranks",
    metadata,
    Column("judgement", Integer, primary_key=True, autoincrement=False),
    Column("unit", String(64), primary_key=True),
    Column("grp", String(40), nullable=False),
    Column("place", Integer),
    Column("of", Integer, nullable=False),
)

APPEND_ONLY = ("rounds", "decisions", "judgements", "verdicts", "scores", "ranks")
