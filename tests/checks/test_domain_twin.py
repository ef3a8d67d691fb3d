"""A second name that serves the front page names the address to be asked again once it is repaired."""

from __future__ import annotations

from checks.rules.domains import DomainMalformed, domain_malformed
from checks.tiny import HOME, tiny
from checks.tiny_web import host


def test_a_twin_names_its_address() -> None:
    main = host("www.example.gov.cn", sha256="aa", final_url=HOME)
    twin = host("example.gov.cn", sha256="aa", final_url="http://example.gov.cn/")
    (found,) = (
        v for v in domain_malformed(tiny(all_hosts=(main, twin)), DomainMalformed()) if v.variant == "failed.twin"
    )
    assert (found.subject, found.url) == ("example.gov.cn", "http://example.gov.cn/")
