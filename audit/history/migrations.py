"""Ordered migrations. A database is brought up to date when it is opened; a newer one is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, insert, inspect, select, text, update

from audit.errors import AuditError
from audit.history.schema import APPEND_ONLY, metadata, schema_version

_LOCK = 7_205_759  # any constant: two programs that migrate one PostgreSQL database wait for each other


@dataclass(frozen=True, slots=True)
class Migration:
    number: int
    title: str
    apply: Callable[[Connection], None]


def _tables(connection: Connection) -> None:
    metadata.create_all(connection)


def _append_only(connection: Connection) -> None:
    """Changed or deleted lines are refused by the database itself."""
    if connection.dialect.name == "postgresql":
        connection.execute(
            text(
                "CREATE OR REPLACE FUNCTION govaudit_append_only() RETURNS trigger AS $$ "
                "BEGIN RAISE EXCEPTION 'append-only table'; END $$ LANGUAGE plpgsql"
            )
        )
        for table in APPEND_ONLY:
            connection.execute(
                text(
                    f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                    "FOR EACH ROW EXECUTE FUNCTION govaudit_append_only()"
                )
            )
        return
    for table in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            connection.execute(
                text(
                    f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                    "BEGIN SELECT RAISE(ABORT, 'append-only table'); END"
                )
            )


def _states(connection: Connection) -> None:
    """The present state of every finding and the decision that made it so."""
    connection.execute(
        text(
            "CREATE VIEW states AS SELECT d.district, d.round, d.subject, d.state, d.seq, d.at FROM decisions d "
            "WHERE d.state <> '' AND d.seq = (SELECT MAX(e.seq) FROM decisions e WHERE e.district = d.district "
            "AND e.round = d.round AND e.subject = d.subject AND e.state <> '')"
        )
    )
    connection.execute(text("CREATE INDEX decisions_subject ON decisions (district, round, subject)"))


MIGRATIONS = (
    Migration(1, "tables", _tables),
    Migration(2, "append-only guards", _append_only),
    Migration(3, "view of states", _states),
)
LATEST = MIGRATIONS[-1].number


def migrate(connection: Connection, upto: int = LATEST) -> list[int]:
    """Apply what is missing, inside the caller's transaction; returns the numbers applied."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    found = version(connection)
    if found > LATEST:
        raise AuditError(
            f"历史数据库的格式版本是 {found}，本程序只认到 {LATEST}。请升级程序后再用，不要用旧版本写入。"
        )
    applied = []
    for migration in MIGRATIONS:
        if found < migration.number <= upto:
            migration.apply(connection)
            applied.append(migration.number)
    if applied:
        if found:
            connection.execute(update(schema_version).values(number=applied[-1]))
        else:
            connection.execute(insert(schema_version).values(number=applied[-1]))
    return applied


def version(connection: Connection) -> int:
    """0 for an empty database."""
    if not inspect(connection).has_table("schema_version"):
        return 0
    return int(connection.execute(select(schema_version.c.number)).scalar() or 0)
