"""The template: a clerk can open it, it loads as it is, and it never overwrites."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from config.district import Column, District, Unit
from config.editions import load_standards_for
from config.errors import Level
from config.init import write_template
from config.lint import lint
from config.load import load_district
from config.vocabulary import REQUIRED_LISTS, ROLES


def test_a_fresh_template_lints_without_errors(tmp_path: Path) -> None:
    folder = tmp_path / "新区"
    written = write_template(folder)
    assert sorted(str(p.relative_to(folder)) for p in written) == sorted(
        str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()
    )
    district = load_district(folder)
    found = lint(district, load_standards_for(district), date(2026, 9, 30))
    assert [str(p) for p in found if p.level is Level.ERROR] == []
    assert district.waivers == ()
    assert district.exports == ()


def test_example_rows_are_pointed_out_until_they_are_gone(tmp_path: Path) -> None:
    folder = tmp_path / "a"
    write_template(folder)
    district = load_district(folder)
    found = lint(district, load_standards_for(district), date(2026, 9, 30))
    pointed = {p.where for p in found if "示例" in p.got and p.level is Level.WARNING}
    assert pointed == {"name", "wx-01", *(u.unit_id for u in district.units)}


def test_tables_open_in_spreadsheets(tmp_path: Path) -> None:
    write_template(tmp_path / "a")
    for path in (tmp_path / "a").glob("*.csv"):
        data = path.read_bytes()
        assert data.startswith(b"\xef\xbb\xbf"), f"{path.name}: Excel takes a CSV without BOM for GBK"
        assert b"\r\n" in data
        rows = list(csv.reader(data.decode("utf-8-sig").splitlines()))
        assert rows[1][0].startswith("# ")
        assert {len(r) for r in rows if not r[0].startswith("#")} == {len(rows[0])}


def test_a_template_saved_by_a_spreadsheet_in_gbk_means_the_same(tmp_path: Path) -> None:
    folder = tmp_path / "a"
    write_template(folder)
    before = load_district(folder).config_hash
    for path in folder.glob("*.csv"):
        text = path.read_bytes().decode("utf-8-sig")
        path.write_bytes(text.encode("gbk"))
    assert load_district(folder).config_hash == before


def test_every_key_of_the_district_is_in_the_template(tmp_path: Path) -> None:
    write_template(tmp_path / "a")
    text = (tmp_path / "a" / "district.toml").read_text(encoding="utf-8-sig")
    apart = {"units", "columns", "accounts", "exports", "waivers", "not_applicable", "source", "config_hash", "demo"}
    for name, field in District.model_fields.items():
        if name in apart:
            continue
        assert name in text, name
        inner = getattr(field.annotation, "model_fields", {})
        for key in inner:
            line = next((row for row in text.splitlines() if row.lstrip("# ").startswith(f"{key} =")), "")
            assert line, f"{name}.{key}"
            assert "#" in line.split("=", 1)[1], f"{name}.{key} has no explanation"


def test_every_cell_is_explained(tmp_path: Path) -> None:
    write_template(tmp_path / "a")
    text = (tmp_path / "a" / "填写说明.txt").read_text(encoding="utf-8-sig")
    for name in (*Unit.model_fields, *Column.model_fields):
        assert name in text, name


@pytest.mark.parametrize("existing", ["units.csv", "别的.txt"])
def test_it_refuses_to_overwrite(tmp_path: Path, existing: str) -> None:
    (tmp_path / existing).write_text("我的", encoding="utf-8")
    with pytest.raises(FileExistsError):
        write_template(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == [existing]
    assert (tmp_path / existing).read_text(encoding="utf-8") == "我的"


def test_it_refuses_a_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x", encoding="utf-8")
    with pytest.raises(FileExistsError):
        write_template(tmp_path / "a")


def test_it_fills_an_empty_folder(tmp_path: Path) -> None:
    assert write_template(tmp_path)
    assert load_district(tmp_path).id == "shili"


def test_the_columns_use_the_closed_vocabulary(tmp_path: Path) -> None:
    write_template(tmp_path)
    columns = load_district(tmp_path).columns
    assert {c.role for c in columns} <= set(ROLES)
    assert {name for c in columns for name in c.required_by} == set(REQUIRED_LISTS) - {"plan", "art21-town"}
    assert all(not c.path and not c.confirmed for c in columns)
