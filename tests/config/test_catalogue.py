"""Built-in standards against the rule catalogue, and nothing but ConfigError for any bytes at all."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pytest
from district_folder import Folder

from checks.rule import catalogue
from checks.standards import validate
from config.editions import builtin_standards, load_standard, load_standards_for
from config.errors import ConfigError
from config.init import write_template
from config.lint import lint
from config.load import builtin_districts, load_district


@pytest.mark.parametrize("district", builtin_districts())
@pytest.mark.parametrize("standard", builtin_standards())
def test_rules_and_parameters_exist(standard: str, district: str) -> None:
    assert validate(load_standard(standard), load_district(district)) == ()


def test_every_rule_is_named_by_a_standard() -> None:
    """A rule that no built-in standard names could not even be switched on."""
    used = {
        binding.rule
        for name in builtin_standards()
        for indicator in load_standard(name).indicators
        for binding in indicator.rules
    }
    assert sorted(set(catalogue()) - used) == []


@pytest.mark.parametrize("seed", range(60))
def test_damaged_folders_are_refused_in_words(folder: Folder, seed: int) -> None:
    """Bytes cut, swapped, doubled or replaced at random: a district or a ConfigError, never anything else."""
    rng = random.Random(seed)
    template = folder.path.parent / "template"
    write_template(template)
    root = rng.choice([folder.path, template])
    files = sorted(p for p in root.rglob("*") if p.suffix in (".csv", ".toml"))
    for path in rng.sample(files, k=min(2, len(files))):
        path.write_bytes(_damage(path, rng))
    try:
        district = load_district(root)
        lint(district, load_standards_for(district), date(2026, 9, 30))
    except ConfigError as error:
        assert error.problems
        assert all(p.file and p.expected and p.got for p in error.problems)


def _damage(path: Path, rng: random.Random) -> bytes:
    data = bytearray(path.read_bytes())
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(data) + 1)
        kind = rng.randrange(5)
        if kind == 0:
            del data[at : at + rng.randint(1, 40)]
        elif kind == 1:
            data[at:at] = bytes(rng.randrange(256) for _ in range(rng.randint(1, 8)))
        elif kind == 2:
            data[at:at] = data[at : at + rng.randint(1, 200)]
        elif kind == 3:
            data[at:at] = rng.choice(
                [b'"', b"[", b"]]", b"=", b",,,", b"\r\n", b"\x00", "“”；，".encode(), b"\xef\xbb\xbf"]
            )
        else:
            data[at:at] = rng.choice([b"1e999", b"-1", b"nan", b"inf", b"9" * 400, b"true", b"9999-99-99"])
    return bytes(data)
