"""One file takes no more than its share of processor time, and says so instead of standing still."""

from __future__ import annotations

import contextlib
import itertools
import threading
import time
import zlib

import pytest

from crawler.extract import attachments
from crawler.extract.attachments import read_attachment
from crawler.extract.limits import OutOfTime, processor_time


def test_work_without_end_is_stopped_even_where_every_error_is_swallowed() -> None:
    with pytest.raises(OutOfTime), processor_time(0.05):
        for _ in itertools.count():
            with contextlib.suppress(Exception):
                sum(range(1000))


def test_the_time_of_the_clock_does_not_count() -> None:
    with processor_time(0.05):
        time.sleep(0.2)


def test_nothing_goes_off_behind_the_block() -> None:
    with processor_time(0.02):
        pass
    assert sum(range(3_000_000)) > 0


def test_outside_the_main_thread_it_runs_unbounded() -> None:
    seen: list[int] = []

    def work() -> None:
        with processor_time(0.01):
            seen.append(sum(range(500_000)))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert len(seen) == 1


def endless_pdf() -> bytes:
    """A page whose content takes far longer to read than its size lets one think."""
    content = zlib.compress(b"BT /F1 9 Tf (a) Tj ET\n" * 60_000)
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R"
        b" /Resources << /Font << /F1 " + font + b" >> >> >>"
    )
    stream = b"<< /Filter /FlateDecode /Length %d >>\nstream\n" % len(content) + content + b"\nendstream"
    objects = (b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page, stream)
    body, places = b"%PDF-1.5\n", []
    for number, value in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, value)
    table = b"xref\n0 5\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return body + table + b"trailer << /Root 1 0 R /Size 5 >>\nstartxref\n%d\n%%%%EOF\n" % len(body)


def test_a_pdf_that_takes_too_long_is_left_to_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachments, "MAX_SECONDS", 0.2)
    found = read_attachment(endless_pdf())
    assert found.kind == "pdf"
    assert found.text == ""
    assert found.problem == "附件过于复杂，0.2 秒内未能读完，需人工打开核对"
