"""The delivery pack: sealed files byte for byte, papers that quote them, evidence by number, an encrypted ZIP."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path

import pytest
import pyzipper
from office import Office
from test_notice import DECIDER, FIRST, SECOND, desk_office, freeze, write

from audit.cli import run_cli
from audit.errors import Exit

PASSWORD = "口令口令口令口令口令"

__all__ = ["desk_office"]


def pack(office: Office, *more: str) -> int:
    return office.run("pack", "shiliqu", *more)


def folder(office: Office) -> Path:
    return office.folder / "pack" / "round-2026Q3"


def test_a_sealed_round_is_handed_on_as_it_was_sealed(desk_office: Office) -> None:
    freeze(desk_office, "")
    assert write(desk_office) == 0
    assert pack(desk_office) == 0
    sealed = json.loads((desk_office.folder / "frozen-1" / "manifest.json").read_bytes())["files"]
    given = json.loads((folder(desk_office) / "manifest.json").read_bytes())["files"]
    own = {"index.html", "README.txt"}
    kept = {"frozen.json", "numbers.json", "decisions.jsonl"}
    assert {n: given[n] for n in sealed.keys() - own - kept} == {n: sealed[n] for n in sealed.keys() - own - kept}
    assert not kept & given.keys()
    assert "yuetan/dzz.html" in given
    for name, digest in given.items():
        assert hashlib.sha256((folder(desk_office) / name).read_bytes()).hexdigest() == digest
    numbers = set(json.loads((desk_office.folder / "frozen-1" / "numbers.json").read_bytes()).values())
    shown = {p.name for p in (folder(desk_office) / "evidence").iterdir() if p.is_dir()}
    assert shown and shown <= numbers
    assert not [n for n in shown if "-H" in n], "undecided items are no problems"
    page = (folder(desk_office) / "index.html").read_text("utf-8")
    assert "约谈材料" in page and "evidence/" in page
    assert run_cli(["verify", str(folder(desk_office))]) == 0
    (desk_office.folder / "frozen-1" / "findings.csv").write_bytes(b"x")
    assert pack(desk_office) == Exit.USAGE


def test_slips_and_recheck_papers_are_handed_on_and_bundled_by_unit(desk_office: Office) -> None:
    freeze(desk_office, "")
    base = desk_office.folder
    for name in ("slips/交办单/20261022/dzz.html", "slips/交办单/20261022/dzz.eml", "slips/催办单/20261101/yhjd.html",
                 "复查/2026Q3-dzz-20261030.html", "复查/2026Q3-site-20261030.html"):  # fmt: skip
        (base / name).parent.mkdir(parents=True, exist_ok=True)
        (base / name).write_text(name, "utf-8")
    assert pack(desk_office) == 0
    given = json.loads((folder(desk_office) / "manifest.json").read_bytes())["files"]
    assert "交办督办/交办单/20261022/dzz.html" in given
    assert not [n for n in given if n.endswith(".eml")]
    with zipfile.ZipFile(folder(desk_office) / "单位文书" / "dzz.zip") as own:
        assert own.namelist() == ["交办督办-交办单-20261022-dzz.html", "复查-2026Q3-dzz-20261030.html"]
    assert "单位文书/yhjd.zip" in given
    assert not [n for n in given if n.startswith("单位文书/") and "site" in n]


def test_before_the_freeze_a_pack_is_marked(desk_office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    assert pack(desk_office) == 0
    assert "尚未冻结" in capsys.readouterr().err
    assert "机器初判" in (folder(desk_office) / "index.html").read_text("utf-8")


def test_papers_of_another_result_stay_behind(desk_office: Office) -> None:
    assert write(desk_office) == 0  # drafts of the machine
    freeze(desk_office, "")
    assert pack(desk_office) == 0
    assert not (folder(desk_office) / "yuetan").exists()


def test_a_zip_is_encrypted_with_a_password_that_is_never_on_the_command_line(
    desk_office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    word, target = tmp_path / "word.txt", tmp_path / "p.zip"
    assert pack(desk_office, "--password-file", str(word)) == Exit.USAGE  # no ZIP asked for
    assert pack(desk_office, "--zip", str(target), "--password-file", str(word)) == Exit.USAGE  # no such file
    word.write_text("short\n", "utf-8")
    assert pack(desk_office, "--zip", str(target), "--password-file", str(word)) == Exit.USAGE
    assert not target.exists()
    word.write_text(f"{PASSWORD}\n", "utf-8")
    capsys.readouterr()
    assert pack(desk_office, "--zip", str(target), "--password-file", str(word)) == 0
    assert PASSWORD not in capsys.readouterr().out
    with zipfile.ZipFile(target) as plain:
        assert all(i.flag_bits & 1 for i in plain.infolist())
        with pytest.raises((RuntimeError, NotImplementedError)):
            plain.read("round-2026Q3/README.txt")
    with pyzipper.AESZipFile(target) as archive:
        info = archive.getinfo("round-2026Q3/README.txt")
        assert (info.wz_aes_strength, info.wz_aes_version) == (3, 2), "AES-256, AE-2"
        with pytest.raises(RuntimeError):
            archive.read(info, pwd="错误的口令错误的口令".encode())
        archive.setpassword(PASSWORD.encode())
        assert archive.read(info) == (folder(desk_office) / "README.txt").read_bytes()


def test_an_open_zip_of_the_same_round_has_the_same_bytes(desk_office: Office, tmp_path: Path) -> None:
    freeze(desk_office, "")
    made = []
    for at in (1, 2):
        assert pack(desk_office, "--zip", str(tmp_path / f"{at}.zip")) == 0
        made.append((tmp_path / f"{at}.zip").read_bytes())
        desk_office.later(hours=5)
    assert made[0] == made[1]
    with zipfile.ZipFile(tmp_path / "1.zip") as plain:
        assert plain.testzip() is None


def test_the_person_who_seals_is_named_only_as_who_proposed_an_interview(desk_office: Office) -> None:
    freeze(desk_office, "")
    assert desk_office.run("interview", "propose", "shiliqu", "dzz", "--person", DECIDER, "--why", "问题反复") == 0
    assert write(desk_office) == 0
    assert pack(desk_office) == 0
    assert (folder(desk_office) / "yuetan" / "dzz.html").exists()
    for path in folder(desk_office).rglob("*"):
        if path.suffix in (".html", ".json", ".jsonl", ".csv", ".txt"):
            proposed = (DECIDER,) if path.parent.name == "yuetan" else ()
            named = {name for name in (FIRST, SECOND, DECIDER) if name in path.read_text("utf-8-sig")}
            assert named <= set(proposed), path
