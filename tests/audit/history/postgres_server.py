"""A real PostgreSQL server, started here from Debian's package on a free loopback port."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


def programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    folder = programs()
    if folder is None:
        pytest.skip("没有 PostgreSQL 服务器程序：apt-get install -y postgresql")
    # not below pytest's own folder, which only its owner may enter: the server runs as another user
    data = Path(tempfile.mkdtemp(prefix="govaudit-pg-"))
    prefix: list[str] = []
    if os.geteuid() == 0:  # the server refuses to run as root
        if shutil.which("setpriv") is None:
            pytest.skip("以 root 运行时需要 setpriv 才能以 postgres 用户启动服务器")
        try:
            owner = pwd.getpwnam("postgres")
        except KeyError:
            pytest.skip("没有 postgres 用户：apt-get install -y postgresql")
        os.chown(data, owner.pw_uid, owner.pw_gid)
        prefix = ["setpriv", f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups"]
    port = free_port()

    def run(*words: str) -> None:
        done = subprocess.run([*prefix, *words], capture_output=True, text=True, cwd=data, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr

    base = data / "base"
    run(str(folder / "initdb"), "-D", str(base), "-U", "audit", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -k {data} -F"
    run(str(folder / "pg_ctl"), "-D", str(base), "-l", str(data / "log"), "-w", "-o", options, "start")
    try:
        yield f"postgresql://audit@127.0.0.1:{port}/postgres"
    finally:
        run(str(folder / "pg_ctl"), "-D", str(base), "-m", "immediate", "-w", "stop")
        shutil.rmtree(data, ignore_errors=True)
