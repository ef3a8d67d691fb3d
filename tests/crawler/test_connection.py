"""Certificates and IPv6, against real TLS servers on loopback with certificates made here."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from crawl_setup import HOST, district
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from crawler.addresses import SafeResolver
from crawler.connection import META, Connection, connections_of, examine, keep_connections
from crawler.observations import OBSERVATIONS
from crawler.store import ObservationStore

BORN = datetime(2026, 1, 1, tzinfo=UTC)


def certificate(folder: Path, name: str, days: int) -> Path:
    """A self-signed certificate and its key in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(BORN)
        .not_valid_after(BORN + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    form = serialization.PrivateFormat.TraditionalOpenSSL
    path = folder / f"{name}-{days}.pem"
    pem = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    path.write_bytes(pem + built.public_bytes(serialization.Encoding.PEM))
    return path


@asynccontextmanager
async def listening(pem: Path | None) -> AsyncIterator[int]:
    """A port on which a TLS server (or, without a certificate, a mute one) listens."""
    context = None
    if pem is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if pem is None:
            writer.write(b"220 hello\r\n")
        else:
            await reader.read(1)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context)
    async with server:
        yield server.sockets[0].getsockname()[1]


def asked(pem: Path | None, trusted: Path | None, *, ipv6: bool = False) -> Connection:
    async def ask() -> Connection:
        context = ssl.create_default_context(cafile=trusted)
        async with listening(pem) as port:
            resolver = SafeResolver({}, ("localhost",))
            return await examine("localhost", resolver, port=port, context=context, has_ipv6=lambda: ipv6)

    return asyncio.run(ask())


def test_a_trusted_certificate_is_valid(tmp_path: Path) -> None:
    pem = certificate(tmp_path, "localhost", 36_500)
    assert asked(pem, pem) == Connection("localhost", True, "", None)


@pytest.mark.parametrize(
    ("name", "days", "trusted", "words"),
    [
        ("localhost", 36_500, False, "self-signed"),
        ("localhost", 1, True, "expired"),
        ("other.example", 36_500, True, "mismatch"),
    ],
    ids=["unknown issuer", "expired", "other name"],
)
def test_a_bad_certificate_is_told_with_its_reason(
    tmp_path: Path, name: str, days: int, trusted: bool, words: str
) -> None:
    pem = certificate(tmp_path, name, days)
    found = asked(pem, pem if trusted else None)
    assert found.certificate_ok is False
    assert words in found.certificate


def test_what_does_not_speak_tls_proves_nothing() -> None:
    assert asked(None, None) == Connection("localhost", None, "", None)


def test_a_bare_address_has_no_name_records_and_is_not_blamed_for_it() -> None:
    async def ask() -> Connection:
        async with listening(None) as port:
            return await examine("127.0.0.1", SafeResolver({}, ("127.0.0.1",)), port=port, has_ipv6=lambda: True)

    assert asyncio.run(ask()).ipv6 is None


def test_a_private_address_is_not_asked() -> None:
    found = asyncio.run(examine("localhost", SafeResolver({}), has_ipv6=lambda: False))
    assert found == Connection("localhost")


def test_mapped_hosts_are_not_asked_and_nobody_is_asked_twice(tmp_path: Path) -> None:
    it = district("127.0.0.1:1")
    assert HOST in it.resolve
    with ObservationStore(tmp_path / OBSERVATIONS) as store:
        keep_connections(it, store)
        assert connections_of(store) == {}
        store.meta_set(META, '[{"host":"a.cn","certificate_ok":false,"certificate":"expired","ipv6":null}]')
        keep_connections(district("127.0.0.1:1", resolve={}), store)
        assert connections_of(store) == {"a.cn": Connection("a.cn", False, "expired", None)}
