"""RFC 3161 time stamps: a third party signs that a hash existed at a moment. Proves "unaltered since", not truth."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import aiohttp
from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    PKIStatus,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

TIMEOUT_S = 30
MOST_BYTES = 1_000_000


class StampError(Exception):
    """No usable time stamp; the message says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """`trusted` tells whether the signature was followed up to a given root; None: no root was given."""

    at: datetime
    trusted: bool | None


def request_stamp(data: bytes, url: str) -> bytes:
    """Have the authority at `url` stamp the sha256 of `data`; returns its answer (a .tsr file). Raises StampError."""
    request = TimestampRequestBuilder().data(data).hash_algorithm(HashAlgorithm.SHA256).build()
    try:
        answer = asyncio.run(_post(url, request.as_bytes()))
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
        raise StampError(f"时间戳服务 {url} 没有应答（{error}）。") from error
    read_stamp(data, answer)
    if _decoded(answer).tst_info.nonce != request.nonce:
        raise StampError(f"时间戳服务 {url} 答复的不是本次请求。")
    return answer


async def _post(url: str, body: bytes) -> bytes:
    limit = aiohttp.ClientTimeout(total=TIMEOUT_S)
    headers = {"Content-Type": "application/timestamp-query"}
    async with aiohttp.ClientSession(timeout=limit) as session, session.post(url, data=body, headers=headers) as got:
        if got.status != 200:
            raise StampError(f"时间戳服务 {url} 返回 {got.status}。")
        answer = b""
        async for chunk in got.content.iter_any():
            answer += chunk
            if len(answer) > MOST_BYTES:
                raise StampError(f"时间戳服务 {url} 的答复过大。")
        return answer


def read_stamp(data: bytes, answer: bytes, root: Path | None = None) -> Stamp:
    """What a stamp says of `data`. Raises StampError if it is refused, of other data, or not signed under `root`."""
    found = _decoded(answer)
    if PKIStatus(found.status) is not PKIStatus.GRANTED:
        raise StampError("时间戳服务拒绝了请求。")
    info = found.tst_info
    if info.message_imprint.message != hashlib.sha256(data).digest():
        raise StampError("时间戳不是这份清单的。")
    if root is None:
        return Stamp(info.gen_time, None)
    try:
        builder = VerifierBuilder()
        for certificate in x509.load_pem_x509_certificates(root.read_bytes()):
            builder = builder.add_root_certificate(certificate)
        builder.build().verify_message(found, data)
    except (VerificationError, ValueError, OSError) as error:
        raise StampError(f"时间戳的签名不能用 {root} 中的根证书验证（{error}）。") from error
    return Stamp(info.gen_time, True)


def _decoded(answer: bytes) -> TimeStampResponse:
    try:
        return decode_timestamp_response(answer)
    except ValueError as error:
        raise StampError("时间戳无法读取。") from error
