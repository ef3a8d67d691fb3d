"""What the download handler hands to the spider: the bytes of one answer and how they came."""

from __future__ import annotations

import errno
import re
import socket
import ssl
import zlib
from dataclasses import dataclass, field

import aiohttp

from checks.outcomes import FetchOutcome
from crawler.addresses import PrivateAddressError

SIGN = 4  # bytes that tell compressed from plain
_COMPRESSION = re.compile(r"\bbr\b|zstd|compress|gzip|deflate|dcb|dcz|exi|pack200")
_PLAIN = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*[<{\[]|(?:\xff\xfe|\xfe\xff)[\x00\s]*<|%PDF|PK\x03\x04|\x89PNG|GIF8|\xff\xd8\xff"
)


@dataclass(slots=True)
class Received:
    """Filled in while the answer arrives; `fault` is set when none came. `size` is in bytes of the decoded body."""

    started_at: str
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    cookies: list[str] = field(default_factory=list)
    body: bytes = b""
    size: int = 0
    wire_bytes: int = 0
    elapsed_ms: int = 0
    ip: str = ""
    truncated: bool = False
    too_large: bool = False
    cut: bool = False  # we stopped reading: `body` is its beginning
    fault: FetchOutcome | None = None
    detail: str = ""


class Inflate:
    """Decompresses an answer piece by piece and never makes more than `limit` bytes of it.

    What goes beyond is an overflow; its beginning is kept where only that is wanted (`head`). A compression that was
    not asked for is not undone: `foreign` names it, unless the bytes are plain all the same.
    """

    def __init__(self, encoding: str, limit: int, *, head: bool = False) -> None:
        self._head = head
        self._encoding = encoding.strip().lower()
        self._limit = limit
        self._parts: list[bytes] = []
        self._pump: zlib._Decompress | None = None
        self._started = False
        self._held = b""
        self.size = 0
        self.overflow = False
        self.foreign = ""

    def feed(self, chunk: bytes) -> None:
        if not self._started:
            chunk = self._held = self._held + chunk
            if len(chunk) < SIGN:  # too little to tell what it is
                return
            self._begin(chunk)
        while chunk and not self.overflow:
            if self._pump is None:
                piece, chunk = chunk, b""
            else:
                piece = self._pump.decompress(chunk, max(1, self._limit + 1 - self.size))
                chunk = self._pump.unconsumed_tail
            self.size += len(piece)
            if self.size > self._limit:
                self.overflow = True
                if self._head:
                    self._parts.append(piece[: self._limit - self.size])
            else:
                self._parts.append(piece)
            if not piece:
                break

    def _begin(self, chunk: bytes) -> None:
        """The bytes decide: servers announce gzip and send plain text, and the other way round."""
        self._started, self._held = True, b""
        if chunk[:2] == b"\x1f\x8b" and self._encoding in ("gzip", "x-gzip"):
            self._pump = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        elif self._encoding == "deflate":
            zlib_header = len(chunk) > 1 and chunk[0] & 0x0F == 8 and (chunk[0] * 256 + chunk[1]) % 31 == 0
            self._pump = zlib.decompressobj(wbits=zlib.MAX_WBITS if zlib_header else -zlib.MAX_WBITS)
        elif _COMPRESSION.search(self._encoding) and not _PLAIN.match(chunk):
            self.foreign = self._encoding[:40]

    def end(self) -> None:
        """No more will come: what was held back is all there is."""
        if not self._started and self._held:
            held = self._held
            self._begin(held)
            self.feed(held)

    @property
    def unfinished(self) -> bool:
        """The compressed stream ended before its end mark."""
        return self._pump is not None and not self._pump.eof and not self.overflow

    def take(self) -> bytes:
        return b"".join(self._parts)


NAMES_UNANSWERED = "域名解析服务没有应答，不能断定域名失效"
_NO_SUCH_NAME = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}
_NO_COMMON_CIPHER = ("HANDSHAKE_FAILURE", "NO_SHARED_CIPHER", "INSUFFICIENT_SECURITY", "NO_CIPHERS_AVAILABLE")


def fault_of(error: BaseException) -> tuple[FetchOutcome, str]:
    """A request that got no answer, in the closed vocabulary, with a detail in Chinese."""
    inner = getattr(error, "os_error", None) or error.__cause__ or error
    if isinstance(inner, PrivateAddressError):
        return FetchOutcome.PRIVATE_ADDRESS, str(inner)
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        if isinstance(inner, OSError) and inner.errno in _NO_SUCH_NAME:
            return FetchOutcome.DNS, "域名不存在或没有地址记录"
        return FetchOutcome.TIMEOUT, NAMES_UNANSWERED
    if isinstance(error, aiohttp.ClientSSLError) or isinstance(inner, ssl.SSLError):
        text = str(inner)
        if any(sign in text.upper() for sign in _NO_COMMON_CIPHER):
            return FetchOutcome.TLS_NATIONAL, "没有双方都支持的加密套件，可能只支持国密算法"
        return FetchOutcome.TLS, f"加密连接失败：{text[:200]}"
    if isinstance(error, TimeoutError | aiohttp.ServerTimeoutError):
        return FetchOutcome.TIMEOUT, "超过时限没有应答"
    if isinstance(error, aiohttp.InvalidUrlClientError | ValueError):
        return FetchOutcome.ABORTED, f"地址无法请求：{error}"
    if isinstance(error, aiohttp.ClientResponseError):
        return FetchOutcome.REFUSED, f"响应不符合 HTTP 协议：{error.message[:200]}"
    code = inner.errno if isinstance(inner, OSError) else None
    if code in (errno.ENETUNREACH, errno.ENETDOWN, errno.EMFILE):
        return FetchOutcome.ABORTED, "本机网络不可用"
    return FetchOutcome.REFUSED, "连接被拒绝" if code == errno.ECONNREFUSED else "连接被中断"
