"""A page without a day of its own is not undated while any list shows one, registered as a column or not."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from checks.facts import DateOrigin
from checks.outcomes import FetchOutcome
from checks.snapshot import SHANGHAI
from checks.tiny import tiny
from crawler.derive.run import derive
from crawler.derive.snapshot import StoredSnapshot
from crawler.frontier import FrontierItem
from crawler.observations import FetchRecord
from crawler.store import ObservationStore

HOST = "www.example.gov.cn"
HOME = f"http://{HOST}/"
LIST, PAGE = f"{HOME}xw/", f"{HOME}xw/1.html"
AS_OF = datetime(2026, 9, 30, 18, tzinfo=SHANGHAI)
TITLE = "区政府召开防汛工作会议"
BODIES = {
    HOME: f"<title>示例区</title><a href='{LIST}'>要闻</a>",
    LIST: "<title>要闻</title><ul>"
    + "".join(f"<li><a href='{n}.html'>{TITLE}（{n}）</a><span>2026-09-0{n}</span></li>" for n in range(1, 6))
    + "</ul>",
    PAGE: f"<title>{TITLE}</title><h1>{TITLE}（1）</h1><div id=zoom><p>{'会议要求压实责任。' * 12}</p></div>",
}


def test_a_list_that_is_no_column_shows_the_day(tmp_path: Path) -> None:
    with ObservationStore(tmp_path / "observations.sqlite") as store:
        for url, body in BODIES.items():
            store.add_pending(FrontierItem(url, HOST))
            store.mark_done(url)
            digest = store.put_body(body.encode())
            store.record(
                FetchRecord(
                    url, HOST, FetchOutcome.OK, status=200, final_url=url, body_sha256=digest, size=len(body),
                    content_type="text/html; charset=utf-8", started_at="2026-09-30T01:00:00+00:00",
                )
            )  # fmt: skip
    district = tiny().district
    derive(district, tmp_path, AS_OF)
    with StoredSnapshot(tmp_path, district, AS_OF) as snapshot:
        page = snapshot.page(PAGE)
        assert page is not None and page.published is None
        assert [(str(d.value), d.origin, d.locator) for d in page.list_dates] == [
            ("2026-09-01", DateOrigin.LIST, LIST)
        ]
