"""Cases written by others, whole, against what the product really uses. They lie beside the checkout or are skipped.

The encoding cases are in extract/test_encoding.py, the accessibility cases in `python -m bench act`.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import ada_url
import pytest

from checks.hosts import organisation

SUITES = Path(__file__).parents[2].parent / "shared" / "suites"
_CASE = re.compile(r"^checkPublicSuffix\((?:'([^']*)'|null), (?:'([^']*)'|null)\);", re.M)


def cases(name: str) -> list[dict[str, str | None]]:
    path = SUITES / name
    if not path.is_file():
        pytest.skip("the folder of third-party suites is not beside the checkout")
    return [case for case in json.loads(path.read_text("utf-8")) if isinstance(case, dict)]


def parsed(reference: str, base: str | None) -> ada_url.URL | None:
    try:
        return ada_url.URL(reference, base) if base else ada_url.URL(reference)
    except ValueError:
        return None


def test_addresses_are_read_by_the_url_standard() -> None:
    """891 cases: each address as the standard spells it, or refused."""
    wrong = []
    every = cases("wpt/urltestdata.json")
    for case in every:
        found = parsed(case["input"] or "", case.get("base"))
        if (found.href if found else None) != (None if case.get("failure") else case["href"]):
            wrong.append((case["input"], case.get("base")))
    assert (len(every), wrong) == (891, [])


def test_international_names_become_ascii() -> None:
    wrong = []
    for case in cases("wpt/toascii.json"):
        found = parsed(f"https://{case['input']}/x", None)
        if (found.hostname if found else None) != case["output"]:
            wrong.append(case["input"])
    assert wrong == []


def test_registered_domains_are_those_of_the_public_suffix_list() -> None:
    """78 cases. A name without a registered domain is its own organisation."""
    path = SUITES / "psl" / "test_psl.txt"
    if not path.is_file():
        pytest.skip("the folder of third-party suites is not beside the checkout")
    every = _CASE.findall(path.read_text("utf-8"))
    wrong = [(host, wanted) for host, wanted in every if organisation(host) != (wanted or host.lower())]
    assert (len(every), wrong) == (78, [])
