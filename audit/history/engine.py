"""Connections: SQLite with real transactions, PostgreSQL by URL, and their faults as sentences."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import NullPool

from audit.errors import AuditError

WRITING = "govaudit_writing"
PATIENCE_S = 15
FULL = "磁盘空间不足"


def make_engine(url: str) -> tuple[Engine, str]:
    """Engine and a name fit for messages (no password). Raises AuditError for a URL that cannot be used."""
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
        if backend == "sqlite":
            return _sqlite(str(parsed.database or "")), str(parsed.database)
        if backend == "postgresql":
            with_driver = parsed.set(drivername="postgresql+psycopg")
            engine = create_engine(with_driver, poolclass=NullPool, connect_args={"connect_timeout": PATIENCE_S})
            return engine, parsed.render_as_string(hide_password=True)
    except (ArgumentError, NoSuchModuleError) as error:
        raise AuditError(f"历史数据库地址无法识别：{error}。例如 postgresql://用户:口令@主机/库名。") from error
    raise AuditError(f"历史数据库只支持 sqlite 和 postgresql，不支持 {backend}。")


def _sqlite(path: str) -> Engine:
    if not path or path == ":memory:":
        raise AuditError("历史数据库须是磁盘上的文件，例如 sqlite:////srv/govaudit/history.sqlite。")
    try:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise AuditError(f"无法建立文件夹 {Path(path).parent}：{error.strerror or error}。") from error
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool, connect_args={"timeout": PATIENCE_S})

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _: object) -> None:
        connection.isolation_level = None  # SQLAlchemy says BEGIN, not the driver
        connection.execute("PRAGMA synchronous=FULL")  # a decision that was reported is on the disk

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        mode = "IMMEDIATE" if connection.get_execution_options().get(WRITING) else "DEFERRED"
        connection.exec_driver_sql(f"BEGIN {mode}")

    return engine


def sentence(name: str, fault: str) -> str:
    """What the database said, in Chinese, with what to do."""
    low = fault.lower()
    if "append-only" in low:
        return f"历史数据库只能追加，不能改动已有记录：{name}。"
    if "full" in low or "no space" in low:
        return f"{FULL}，历史数据库未写入：{name}。已有记录未受影响；请清理空间后重试。"
    if "locked" in low or "busy" in low:
        return f"历史数据库正被其他程序占用：{name}。请稍后重试；没有写入任何内容。"
    if "readonly" in low or "unable to open" in low:
        return f"历史数据库无法打开或不可写：{name}。请检查文件夹权限。"
    if "not a database" in low or "malformed" in low:
        return f"文件不是有效的历史数据库，或已损坏：{name}。请用备份恢复。"
    if "connection" in low or "connect" in low or "authentication" in low:
        first = fault.strip().splitlines()[0]
        return f"无法连接历史数据库 {name}：{first}。请检查地址、口令和服务是否启动。"
    return f"历史数据库出错（{name}）：{fault.strip().splitlines()[0] if fault.strip() else '未知'}"
