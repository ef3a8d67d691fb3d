"""The words a finding quotes are framed on the photograph; where they are not found nothing is framed."""

from __future__ import annotations

import base64
import io
from dataclasses import replace

import msgspec
import pytest
import report_factory as factory
from PIL import Image

from checks.verdicts import Evidence
from reports.issues import docket
from reports.pictures import TALLEST, Album
from reports.quoted import find_box, read_runs
from reports.view import RoundView, RuleInfo

PAGE, SHOT, LINES = f"{factory.HOST}/zfb/", "c" * 64, "d" * 64
RUNS = (
    ("当前位置：首页 > 通知公告", 40, 20, 400, 24),
    ("关于停车办法征求意见的公告", 300, 1500, 500, 40),
    ("发布时间：", 300, 1560, 90, 24),
    ("2026-06-03 09:12", 390, 1560, 160, 24),
    ("来源：区城管局", 600, 1560, 140, 24),
)


@pytest.fixture
def view() -> RoundView:
    return factory.view()


@pytest.mark.parametrize(
    ("quote", "box"),
    [
        ("发布时间：2026-06-03 09:12 来源：区城管局", (300, 1560, 440, 24)),  # across three runs
        ("2026-06-03", (390, 1560, 160, 24)),
        ("公示结果见附件；关于停车办法征求意见的公告", (300, 1500, 500, 40)),  # put together: the part that is there
        ("区卫健局", None),
        ("首页", None),  # too short to tell one place from another
        ("", None),
    ],
)
def test_where_the_words_stand(quote: str, box: tuple[int, int, int, int] | None) -> None:
    assert find_box(RUNS, [quote]) == box


def test_what_is_half_a_page_is_no_place() -> None:
    assert find_box((("通知公告和政策文件", 0, 0, 800, 900),), ["通知公告和政策文件"]) is None


def test_lines_that_cannot_be_read_are_none() -> None:
    assert read_runs(None) == read_runs(b"{}") == read_runs(b"\xff") == ()
    assert read_runs(msgspec.json.encode(RUNS)) == RUNS


def pictured(view: RoundView, quote: str, **more: object) -> RoundView:
    image = io.BytesIO()
    Image.new("RGB", (1366, 2400), (255, 255, 255)).save(image, "JPEG")
    stored = {SHOT: image.getvalue(), LINES: msgspec.json.encode(RUNS)}
    lead = docket(view).failed("zfb")[0].lead
    found = replace(lead, url=PAGE, evidence=(Evidence(PAGE, "a" * 64, "", "", quote),), data={})
    return replace(
        view, findings=(found,), artifact=stored.get, screenshots={PAGE: SHOT}, lines={SHOT: LINES}, **more
    )


def red(uri: str) -> int:
    """Pixels of the frame's colour."""
    with Image.open(io.BytesIO(base64.b64decode(uri.partition(",")[2]))) as image:
        assert image.height <= TALLEST + 1
        return sum(n for n, (r, g, b) in image.convert("RGB").getcolors(1 << 24) if r > 180 and g < 80 and b < 90)


def test_the_picture_shows_the_place_and_frames_it(view: RoundView) -> None:
    own = pictured(view, "2026-06-03 09:12")
    shot = Album(own).shot(docket(own).failed("zfb")[0])
    assert shot is not None
    assert (shot.sha256, shot.label) == (SHOT, "整页截图的局部，红框为所引原文")
    assert red(shot.uri) > 300


def test_without_the_words_the_top_of_the_page_is_shown_unframed(view: RoundView) -> None:
    own = pictured(view, "没有这句话的网页")
    shot = Album(own).shot(docket(own).failed("zfb")[0])
    assert shot is not None
    assert "未标红框" in shot.label
    assert red(shot.uri) == 0


def test_a_page_on_which_personal_data_was_met_is_never_pictured(view: RoundView) -> None:
    own = pictured(view, "2026-06-03 09:12")
    lead = own.findings[0]
    rules = {
        **own.rules,
        "personal-data-exposed": RuleInfo(id="personal-data-exposed", title="疑似泄露", topic="sensitive"),
    }
    met = replace(lead, rule="personal-data-exposed", identity="p", fingerprint="p", column="", subject=PAGE)
    both = replace(own, findings=(lead, met), rules=rules)
    assert all(Album(both).shot(issue) is None for issue in docket(both).failed("zfb"))
