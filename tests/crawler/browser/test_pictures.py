from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from PIL import Image

from crawler.browser.pictures import MAX_HEIGHT, MAX_WIDTH, VIEW_HEIGHT, Caption, Shot, crop, reach

TAKEN = datetime(2026, 7, 1, 16, 30, tzinfo=UTC)
URL = "http://www.demo-district.gov.cn/zwgk/"


def shot(width: int = 1366, height: int = 2000) -> Shot:
    out = io.BytesIO()
    Image.new("RGB", (width, height), (200, 220, 240)).save(out, "JPEG")
    return Shot.of(out.getvalue(), height, height, TAKEN)


def red(image: Image.Image) -> tuple[int, int, int, int] | None:
    """Bounding box of strongly red pixels above the caption strip."""
    red, green, _ = image.convert("RGB").split()
    bright = red.point(lambda v: 255 if v > 160 else 0)
    both = Image.composite(bright, Image.new("L", image.size), green.point(lambda v: 255 if v < 90 else 0))
    return both.crop((0, 0, image.width, image.height - 110)).getbbox()


def test_caption_says_where_when_and_of_what() -> None:
    lines = Caption(URL, "image-alt", TAKEN, "ab" * 32).lines()
    assert lines[0] == f"网址：{URL}"
    assert lines[1] == (
        "采集时间：2026-07-02 00:30:00（北京时间）　检测规则：image-alt　整页截图 SHA-256：" + "ab" * 8
    )


def test_element_is_boxed_in_red() -> None:
    [(rule, data)] = crop(shot(), [("image-alt", (500.0, 900.0, 120.0, 60.0))], URL)
    picture = Image.open(io.BytesIO(data))
    left, top, right, bottom = red(picture) or pytest.fail("no frame")
    assert rule == "image-alt"
    assert picture.format == "JPEG"
    assert 120 < right - left < 140
    assert 60 < bottom - top < 80


@pytest.mark.parametrize(
    "box",
    [(0.0, 0.0, 1366.0, 2000.0), (-20.0, 5.0, 60.0, 20.0), (1340.0, 1980.0, 400.0, 300.0), (10.0, 10.0, 1.0, 1.0)],
)
def test_any_box_gives_a_picture_within_bounds(box: tuple[float, float, float, float]) -> None:
    [(_, data)] = crop(shot(), [("r", box)], URL + "很长的路径" * 40)
    picture = Image.open(io.BytesIO(data))
    assert picture.width <= MAX_WIDTH
    assert picture.height <= 1200
    assert red(picture) is not None


def test_what_lies_outside_the_photographed_part_has_no_picture() -> None:
    assert crop(shot(), [("r", (10.0, 5000.0, 100.0, 50.0)), ("r", (-500.0, 10.0, 100.0, 50.0))], URL) == []


def test_a_page_smaller_than_the_view() -> None:
    [(_, data)] = crop(shot(300, 120), [("r", (10.0, 10.0, 50.0, 20.0))], URL)
    assert Image.open(io.BytesIO(data)).width == 760


def test_no_more_is_photographed_than_shows_the_faults() -> None:
    assert reach([]) == VIEW_HEIGHT
    assert 2050 < reach([(0, 100, 50, 20), (0, 2000, 50, 50)]) < 2300
    assert reach([(0, 9000, 50, 50)]) == MAX_HEIGHT
    assert reach([(0, 0, 1366, 50_000)]) < 1100
