"""The pack: start page, README, ZIPs, CSV twins, static JSON, and an edition for the public."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import zipfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import report_factory as factory
from selectolax.lexbor import LexborHTMLParser

from audit.errors import AuditError
from audit.files import MANIFEST, SUMS, add_to_pack, write_pack
from checks.outcomes import Outcome, Reason
from reports.build import build
from reports.delivery import ZIP_LIMIT, unit_zip
from reports.issues import docket
from reports.view import RoundView, RuleInfo, Visibility


def test_the_start_page_names_every_file_with_relative_links(view: RoundView, files: dict[str, bytes]) -> None:
    tree = LexborHTMLParser(files["index.html"].decode())
    linked = {a.attributes["href"] for a in tree.css("main a")}
    assert linked <= set(files)
    top = {n for n in files if "/" not in n} - {"index.html", "README.txt"}
    assert top <= linked, "nothing lies in the pack unannounced"
    assert {f"cards/{u.unit_id}.html" for u in view.units} <= linked


def test_the_readme_is_chinese_opens_in_windows_and_tells_how_to_verify(files: dict[str, bytes]) -> None:
    assert files["README.txt"].startswith(b"\xef\xbb\xbf")
    text = files["README.txt"].decode("utf-8-sig")
    assert "\n" not in text.replace("\r\n", "")
    for name in ("index.html", "整改台账.xlsx", "manifest.sha256", "机器初判", "2026Q3"):
        assert name in text


def test_each_unit_gets_one_small_archive_of_its_own_files(view: RoundView, files: dict[str, bytes]) -> None:
    for unit in view.units:
        data = files[f"单位包/{unit.unit_id}.zip"]
        assert len(data) <= ZIP_LIMIT
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            assert packed.testzip() is None
            assert packed.read("检查结果.html") == files[f"cards/{unit.unit_id}.html"]
            if docket(view).failed(unit.unit_id):
                assert packed.read("整改表.xlsx") == files[f"单位整改表/{unit.unit_id}.xlsx"]
            assert unit.name in packed.read("说明.txt").decode("utf-8-sig")


def test_what_does_not_fit_is_left_out_by_name(view: RoundView) -> None:
    data = unit_zip(view, view.units[0], [("检查结果.html", b"x" * ZIP_LIMIT), ("整改表.xlsx", b"y")])
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        assert packed.namelist() == ["整改表.xlsx", "说明.txt"]
        assert "检查结果.html 过大" in packed.read("说明.txt").decode("utf-8-sig")


def test_what_units_receive_is_marked_for_units(files: dict[str, bytes]) -> None:
    assert '<span class="class-mark">送单位</span>' in files["cards/sjj.html"].decode()
    assert '<span class="class-mark">内部</span>' in files["overview.html"].decode()


@pytest.mark.parametrize("fixture", ["files", "hostile_files"])
def test_csv_twins_carry_the_rows_of_the_json(fixture: str, request: pytest.FixtureRequest) -> None:
    files = request.getfixturevalue(fixture)
    rows = list(csv.DictReader(io.StringIO(files["findings.csv"].decode("utf-8-sig"))))
    failed = [f for f in json.loads(files["findings.json"])["findings"] if f["outcome"] == "failed"]
    assert {r["问题编号"] for r in rows} == {f["number"] for f in failed}
    assert not [v for r in rows for v in r.values() if v.startswith(("=", "+", "-", "@"))]
    scores = json.loads(files["scores.json"], parse_float=Decimal)["scores"]
    in_csv = list(csv.DictReader(io.StringIO(files["scores.csv"].decode("utf-8-sig"))))
    assert [r["扣分"] for r in in_csv] == [f"{s['deducted']}" for s in scores]


def test_the_static_api_says_what_the_other_outputs_say(view: RoundView, files: dict[str, bytes]) -> None:
    index = json.loads(files["api/index.json"])
    assert [u["id"] for u in index["units"]] == [u.unit_id for u in view.units]
    scores = {(s["unit"], s["standard"]): s for s in json.loads(files["scores.json"])["scores"]}
    for entry in index["units"]:
        unit = json.loads(files[f"api/{entry['href']}"])
        assert f"cards/{entry['id']}.html" in files
        for own in unit["scores"]:
            same = scores[entry["id"], own["standard"]]
            assert (own["lower"], own["upper"], own["formula"]) == (same["lower"], same["upper"], same["formula"])
        numbers = [p["number"] for p in unit["problems"] + unit["undetermined"]]
        assert numbers == [i.number for i in docket(view).by_unit.get(entry["id"], ())]
    headline = {h["label"]: h["value"] for h in json.loads(files["api/round.json"])["headline"]}
    strip = LexborHTMLParser(files["overview.html"].decode()).css(".strip div")
    assert headline == {d.css_first("dt").text(): d.css_first(".big").text(deep=False) for d in strip}


def test_the_public_edition_tells_no_suspicion_and_nothing_that_only_offices_need() -> None:
    view = factory.view()
    open_ = {f.message for f in view.findings if f.outcome is Outcome.CANNOT_TELL and not f.gap}
    failed = {f.message for f in view.findings if f.outcome is Outcome.FAILED}
    assert open_ - failed
    edition = dict(build(replace(view, visibility=Visibility.PUBLIC)))
    for name, data in edition.items():
        text = data.decode("utf-8", "ignore") if not name.endswith(".xlsx") else ""
        assert not [m for m in open_ - failed if m in text], name
        assert not re.search("约谈|govaudit notice|整改反馈表|见整改表|单位整改表|台账.xlsx", text), name


def test_no_cell_of_a_public_workbook_tells_a_suspicion_a_name_a_phone_or_advice_to_editors() -> None:
    """Cells are read one by one: what a workbook holds is not seen in its bytes."""
    asked = {
        "message": "“李某某”的职务可能有误，电话13800001111。",
        "quote": "李某某 0537-1234567",
        "data": {"title": "李某某"},
        "reason": Reason.NEEDS_JUDGEMENT,
    }
    quiet = factory.finding(
        "interpretation-missing", Outcome.CANNOT_TELL, "zfb", "t", url=f"{factory.HOST}/zfb/t.html", **asked
    )
    named = factory.finding(
        "wording-suspect", Outcome.CANNOT_TELL, "zfb", "p", url=f"{factory.HOST}/zfb/p.html", **asked
    )
    phone = factory.finding("reply-late", Outcome.FAILED, "zfb", "s", message="电话0537-1234567未接，请回电。")
    view = factory.view((*quiet, *named, *phone))
    advice = {part for issue in docket(view).issues for part in issue.remedy()[:1] if part}
    edition = dict(build(replace(view, visibility=Visibility.PUBLIC)))
    told = {
        name: [
            str(c) for s in openpyxl.load_workbook(io.BytesIO(data)) for r in s.iter_rows(values_only=True) for c in r
        ]
        if name.endswith(".xlsx")
        else [data.decode("utf-8", "replace")]
        for name, data in edition.items()
    }
    assert {"overview.xlsx", "findings.xlsx"} <= set(told)
    secret = ("李某某", "13800001111", "0537-1234567", "/zfb/t.html", "/zfb/p.html", "怎样改", *advice)
    assert [(name, s) for name, cells in told.items() for cell in cells for s in secret if s in cell] == []
    assert any("（电话已隐去）未接" in cell for cell in told["findings.xlsx"])
    kept = dict(build(view))
    assert "怎样改" in kept["cards/zfb.html"].decode(), "units are told how"


def test_the_public_edition_withholds_what_sensitive_rules_quote() -> None:
    name = "某某（示例姓名）"
    extra = tuple(
        factory.finding("wording-suspect", Outcome.CANNOT_TELL, "zfb", "p", url=f"{factory.HOST}/zfb/p.html",
                        message=f"“{name}”的职务可能有误。", quote=name, data={"title": name},
                        reason=Reason.NEEDS_JUDGEMENT)
    )  # fmt: skip
    inner = factory.view(extra)
    assert any(name in data.decode(errors="ignore") for data in dict(build(inner)).values())
    edition = dict(build(replace(inner, visibility=Visibility.PUBLIC)))
    for path, data in edition.items():
        texts = [data]
        if data.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(data)) as packed:
                texts = [packed.read(n) for n in packed.namelist()]
        assert not [t for t in texts if name.encode() in t], path
    assert "具体内容不公开" in edition["cards/zfb.html"].decode()
    assert not [n for n in edition if n.endswith((".zip", ".docx"))]
    assert isinstance(inner.rule("wording-suspect"), RuleInfo)


def test_manifests_can_be_checked_with_standard_tools(files: dict[str, bytes], tmp_path: Path) -> None:
    write_pack(tmp_path, [(n, files[n]) for n in ("index.html", "整改台账.csv", "cards/sjj.html")])
    listed = json.loads((tmp_path / MANIFEST).read_bytes())["files"]
    assert (tmp_path / SUMS).read_text("utf-8") == "".join(f"{d}  {n}\n" for n, d in listed.items())
    seen = subprocess.run(["sha256sum", "-c", SUMS], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert seen.returncode == 0, seen.stdout


def test_a_draft_that_people_edited_is_never_overwritten(tmp_path: Path) -> None:
    add_to_pack(tmp_path, [("a.html", b"1"), ("b.html", b"2")])
    add_to_pack(tmp_path, [("a.html", b"3")])
    assert set(json.loads((tmp_path / MANIFEST).read_bytes())["files"]) == {"a.html", "b.html"}
    (tmp_path / "a.html").write_bytes(b"by hand")
    with pytest.raises(AuditError, match="有人修改过，未覆盖"):
        add_to_pack(tmp_path, [("b.html", b"4"), ("a.html", b"5")])
    assert (tmp_path / "b.html").read_bytes() == b"2"
