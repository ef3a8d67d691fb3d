"""The Scrapy project as any Scrapy user expects it: `scrapy list`, `scrapy crawl site -a …`; and https as it is."""

from __future__ import annotations

import asyncio
import ssl
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from crawl_setup import HOST, district, observe
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from checks.outcomes import FetchOutcome as F
from crawler.observations import OBSERVATIONS
from crawler.store import ObservationStore

ROOT = Path(__file__).parents[2]


def scrapy(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "scrapy", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_scrapy_lists_both_spiders() -> None:
    assert scrapy("list").stdout.split() == ["media", "site"]


def test_scrapy_crawls_a_district_by_name(tmp_path: Path) -> None:
    ended = scrapy("crawl", "site", "-a", "district=demo", "-a", f"snapshot={tmp_path}")
    assert "Traceback" not in ended.stderr
    with ObservationStore(tmp_path / OBSERVATIONS, readonly=True) as store:
        assert store.meta_get("impact") is not None, "nothing is served: the crawl ends and says so"
        assert {f.outcome for f in store.fetches("robots")} == {F.REFUSED}


def test_scrapy_says_what_is_missing() -> None:
    assert "缺少参数 district" in scrapy("crawl", "site").stderr


@pytest.fixture
def self_signed(tmp_path: Path):
    """A TLS server on loopback whose certificate nobody vouches for; yields its address."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    start = datetime(2026, 1, 1, tzinfo=UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(start).not_valid_after(start + timedelta(days=3650))
    pem = tmp_path / "server.pem"
    pem.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    body = b"<html><title>ok</title>" + "内容".encode() * 200

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        head = (
            f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        writer.write(head.encode() + body)
        await writer.drain()
        writer.close()

    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(asyncio.start_server(answer, "127.0.0.1", 0, ssl=context))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    loop.call_soon_threadsafe(server.close)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def test_a_page_behind_a_bad_certificate_is_seen_and_the_fault_noted(tmp_path: Path, self_signed: str) -> None:
    it = district(self_signed)
    it = it.model_copy(update={"site": it.site.model_copy(update={"home": f"https://{HOST}/"})})
    observe(tmp_path / "out", it)
    with ObservationStore(tmp_path / "out" / OBSERVATIONS, readonly=True) as store:
        home = store.latest(f"https://{HOST}/")
    assert home is not None and home.outcome is F.OK
    assert "证书未通过校验" in home.error
