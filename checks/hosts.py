"""Host names of government sites: suffixes, kinship, addresses. Uses only the suffix list inside tldextract."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import urlsplit

from tldextract import TLDExtract

# with the private part of the list: two names below a provider's domain belong to two organisations
_EXTRACT = TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)
_GOV_SUFFIXES = frozenset({"gov.cn", "政务", "xn--zfr164b"})


@lru_cache(maxsize=131_072)
def host_of(url: str) -> str:
    """Host name of an absolute http(s) URL in lower case; blank when there is none."""
    if not url.lower().startswith(("http://", "https://")):
        return ""
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def shown(host: str) -> str:
    """A host as a reader knows it: a Chinese name in its characters, with the form that goes on the wire once."""
    try:
        name = host.encode("ascii").decode("idna") if "xn--" in host else host
    except UnicodeError:
        return host
    return host if name == host else f"{name}（{host}）"


def suffixes_shown(suffixes: Iterable[str]) -> list[str]:
    """Suffixes for a sentence: one that is listed in both forms is named once, in Chinese."""
    names = (s.encode("ascii").decode("idna") if s.startswith("xn--") else s for s in suffixes)
    return list(dict.fromkeys(names))


def is_address(host: str) -> bool:
    """A bare IPv4 or IPv6 address."""
    found = _EXTRACT(host)
    return bool(found.ipv4) or ":" in host


OWN_MACHINE = ("localhost", "127.0.0.1")  # an address that leads every reader to his own computer


def is_gov(host: str, suffixes: Iterable[str] = _GOV_SUFFIXES) -> bool:
    """Whether the host stands under one of `suffixes` (default gov.cn and 政务, 55号). `www.gov.cn` counts."""
    return any(host == s or host.endswith(f".{s}") for s in suffixes)


def organisation(host: str) -> str:
    """The registered domain: `www.example.gov.cn` and `zwfw.example.gov.cn` give `example.gov.cn`.

    Below a suffix that is not listed it is the last two names; what is no registered domain is itself.
    """
    host = host.lower()
    found = _EXTRACT(host)
    if found.domain and found.suffix and host[0] != ".":
        return f"{found.domain}.{found.suffix}"
    labels = host.split(".")
    return ".".join(labels[-2:]) if not found.suffix and not is_address(host) and all(labels) else host


def under(host: str, patterns: Iterable[str]) -> bool:
    """Whether the host equals one of `patterns` or is below it; a leading `*.` or dot is allowed."""
    return any(host == p or host.endswith(f".{p}") for p in (x.lower().lstrip("*.") for x in patterns) if p)


def same_site(a: str, b: str) -> bool:
    """Two names of one front: equal but for `www.`."""
    return a.removeprefix("www.") == b.removeprefix("www.")
