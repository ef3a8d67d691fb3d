"""Time stamps from a real authority on loopback: the `openssl ts` program with certificates made here."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from servers import Asked, Behaviour, Site, reply

from crawler.timestamp import StampError, read_stamp, request_stamp

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="needs the openssl program")

CONFIG = """
[tsa]
default_tsa = tsa1
[tsa1]
dir = {dir}
serial = {dir}/serial
signer_cert = {dir}/tsa.pem
signer_key = {dir}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
ordering = no
tsa_name = no
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


def run(*command: str | Path, data: bytes = b"") -> bytes:
    return subprocess.run([str(c) for c in command], input=data, capture_output=True, check=True).stdout


@pytest.fixture
def authority(tmp_path: Path) -> Path:
    """A folder with a root certificate, a time-stamping certificate under it, and the program's settings."""
    new = ("openssl", "req", "-newkey", "rsa:2048", "-nodes", "-subj")
    run(*new, "/CN=root", "-x509", "-days", "3650", "-keyout", tmp_path / "root.key", "-out", tmp_path / "root.pem")
    run(*new, "/CN=tsa", "-keyout", tmp_path / "tsa.key", "-out", tmp_path / "tsa.csr")
    usage = "keyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping\n"
    (tmp_path / "ext").write_text(usage)
    run(
        "openssl", "x509", "-req", "-in", tmp_path / "tsa.csr", "-CA", tmp_path / "root.pem", "-CAkey",
        tmp_path / "root.key", "-set_serial", "2", "-days", "3650", "-extfile", tmp_path / "ext", "-out",
        tmp_path / "tsa.pem",
    )  # fmt: skip
    (tmp_path / "serial").write_text("01")
    (tmp_path / "ts.cnf").write_text(CONFIG.format(dir=tmp_path))
    return tmp_path


def answering(folder: Path) -> Behaviour:
    async def answer(asked: Asked, writer: asyncio.StreamWriter) -> bool:
        (folder / "query").write_bytes(asked.body)
        command = ("openssl", "ts", "-reply", "-config", folder / "ts.cnf", "-queryfile", folder / "query")
        return await reply(run(*command), kind="application/timestamp-reply")(asked, writer)

    return answer


def test_a_stamp_is_of_this_data_and_signed_by_a_known_root(authority: Path) -> None:
    with Site({"/tsa": answering(authority)}) as site:
        answer = request_stamp(b"manifest", f"http://{site.address}/tsa")
    stamp = read_stamp(b"manifest", answer, authority / "root.pem")
    assert stamp.trusted and stamp.at > datetime(2026, 1, 1, tzinfo=UTC)
    assert read_stamp(b"manifest", answer).trusted is None
    with pytest.raises(StampError, match="不是这份清单"):
        read_stamp(b"another", answer)
    with pytest.raises(StampError, match="无法读取"):
        read_stamp(b"manifest", answer[:40])


def test_a_stranger_signature_is_refused(authority: Path, tmp_path: Path) -> None:
    with Site({"/tsa": answering(authority)}) as site:
        answer = request_stamp(b"manifest", f"http://{site.address}/tsa")
    other = tmp_path / "other.pem"
    new = ("openssl", "req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=other", "-x509", "-days", "30")
    run(*new, "-keyout", tmp_path / "other.key", "-out", other)
    with pytest.raises(StampError, match="根证书"):
        read_stamp(b"manifest", answer, other)


def test_a_silent_or_broken_authority_is_told() -> None:
    with pytest.raises(StampError, match="没有应答"):
        request_stamp(b"manifest", "http://127.0.0.1:1/")
    with Site({"/": reply("busy", 503)}) as site, pytest.raises(StampError, match="503"):
        request_stamp(b"manifest", f"http://{site.address}/")
