"""Each CMS family against a small page of its own; the expectation lies beside the page."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from crawler.extract.discover import discover
from crawler.extract.page import Context, Extracted, extract
from crawler.readers import feed, jsonlist
from crawler.readers.registry import READERS

FIXTURES = sorted(p for p in (Path(__file__).parent / "fixtures").iterdir() if p.is_dir())
TYPES = {".html": "text/html", ".json": "application/json", ".xml": "text/xml"}


def served(folder: Path) -> tuple[bytes, str]:
    page = next(folder.glob("page.*"))
    return page.read_bytes(), TYPES[page.suffix]


def read(folder: Path) -> tuple[dict, Extracted]:
    expected = tomllib.loads((folder / "expected.toml").read_text("utf-8"))
    body, content_type = served(folder)
    extracted = extract(
        body,
        expected["url"],
        content_type=content_type,
        headers={},
        fetched_at="",
        sha256="",
        context=Context(frozenset(), "http://www.example.gov.cn/", expected["as_of"]),
    )
    return expected, extracted


@pytest.mark.parametrize("folder", FIXTURES, ids=lambda p: p.name)
def test_rows_are_read_as_the_page_shows_them(folder: Path) -> None:
    expected, extracted = read(folder)
    page = extracted.page
    got = [{"title": r.title, "url": r.url, "date": r.date, "pinned": r.pinned} for r in page.rows]
    assert got == [{"pinned": False, "date": None, **row} for row in expected["rows"]]
    assert page.reader == expected["reader"]
    assert str(page.kind) == expected.get("kind", str(page.kind))
    assert page.needs_render is expected.get("needs_render", False)
    assert bool(page.marks_of("drift")) is expected.get("drift", False)
    assert all(r.year_inferred is expected.get("year_inferred", False) for r in page.rows)
    if "placeholder" in expected:
        assert expected["placeholder"] in [m.value for m in page.marks_of("placeholder")]


@pytest.mark.parametrize("folder", FIXTURES, ids=lambda p: p.name)
def test_further_pages_are_found_without_facts(folder: Path) -> None:
    expected, _ = read(folder)
    if "more" not in expected:
        pytest.skip("the fixture says nothing about further pages")
    body, content_type = served(folder)
    found = discover(body, expected["url"], content_type)
    assert found.list_pages == expected["more"]


def test_every_family_has_a_fixture() -> None:
    shown = {tomllib.loads((f / "expected.toml").read_text("utf-8"))["reader"] for f in FIXTURES}
    assert shown == {*(r.NAME for r in READERS), feed.NAME, jsonlist.NAME}


def test_json_answer_of_a_directory_service() -> None:
    body = """{"classify":{"id":21023,"name":"预算决算","post_count":203},"articles":[
      {"id":1,"title":"云岭县2023年预算","url":"http://www.example.gov.cn/gkmlpt/content/1/post_1.html","display_publish_time":1706749200},
      {"id":2,"title":"云岭县<em>决算</em>","url":"/gkmlpt/content/1/post_2.html",
       "display_publish_time":"2023-11-30 08:00:00"}]}"""
    url = "http://www.example.gov.cn/gkmlpt/api/all/21023?page=1&sid=7"
    extracted = extract(
        body.encode(), url, content_type="application/json", headers={}, fetched_at="", sha256="",
        context=Context(frozenset(), "", date(2024, 3, 1)),
    )  # fmt: skip
    assert extracted.page.reader == jsonlist.NAME
    assert [(r.title, str(r.date)) for r in extracted.page.rows] == [
        ("云岭县2023年预算", "2024-02-01"),
        ("云岭县决算", "2023-11-30"),
    ]
    found = discover(body.encode(), url, "application/json")
    assert [link.url for link in found.links] == [
        "http://www.example.gov.cn/gkmlpt/content/1/post_1.html",
        "http://www.example.gov.cn/gkmlpt/content/1/post_2.html",
    ]
    assert found.list_pages == ["http://www.example.gov.cn/gkmlpt/api/all/21023?page=2&sid=7"]


def test_json_with_field_names_of_its_own() -> None:
    body = (
        '{"n":2,"rows":[{"t":"云岭县召开教育工作会议","u":"./202401/t20240119_1.html","d":"2024-01-19"},'
        '{"t":"短","u":"/x"}]}'
    )
    rows = jsonlist.rows(body, "http://www.example.gov.cn/jyj/rows.json", date(2024, 3, 1))
    assert [(r.title, r.url, str(r.date)) for r in rows] == [
        ("云岭县召开教育工作会议", "http://www.example.gov.cn/jyj/202401/t20240119_1.html", "2024-01-19")
    ]


def test_jpage_answer_leads_to_the_next_records() -> None:
    body = """<?xml version='1.0' encoding='UTF-8'?><datastore><totalrecord>70</totalrecord><recordset>
      <record><![CDATA[<li><span class="t">2024-01-09</span>
      <a href="/art/2024/1/9/art_8_1.html">关于调整公交线路的公告</a></li>]]></record>
      </recordset></datastore>"""
    url = "http://www.example.gov.cn/dataproxy.jsp?startrecord=31&endrecord=60&perpage=15&columnid=8"
    found = discover(body.encode(), url, "text/xml")
    assert [(link.url, link.text) for link in found.links] == [
        ("http://www.example.gov.cn/art/2024/1/9/art_8_1.html", "关于调整公交线路的公告")
    ]
    assert found.list_pages == [
        "http://www.example.gov.cn/dataproxy.jsp?startrecord=61&endrecord=70&perpage=15&columnid=8"
    ]


@pytest.mark.parametrize(
    ("record", "alarm"),
    [
        ('{"what":"云岭县召开教育工作会议部署","on":"2024-01-19","id":{n}}', True),
        ('{"city":"云岭","on":"2024-01-19","degrees":{n}}', False),
        ('{"title":"云岭县召开教育工作会议部署","url":"/{n}.html","on":"2024-01-19"}', False),
    ],
    ids=["news without an address", "the weather", "read"],
)
def test_a_data_list_that_is_no_longer_read_raises_the_alarm(record: str, alarm: bool) -> None:
    body = '{"data":{"list":[' + ",".join(record.replace("{n}", str(n)) for n in range(6)) + "]}}"
    page = extract(
        body.encode(), "http://www.example.gov.cn/api/list", content_type="application/json", headers={},
        fetched_at="", sha256="", context=Context(frozenset(), "", date(2024, 3, 1)),
    ).page  # fmt: skip
    assert bool(page.marks_of("drift")) is alarm
