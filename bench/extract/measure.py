"""Fields of `labels.csv` compared with what extraction says. Used by the command line and by the samples test."""

from __future__ import annotations

import csv
import re
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from crawler.extract.page import Context, Extracted, extract
from crawler.extract.public import to_public

AS_OF = date(2021, 2, 1)  # most of the yearless lists were saved in January 2021
TARGETS = {"publish date": 0.97, "no date": 0.95, "title": 0.98, "source": 0.95, "newest row": 0.95, "marks": 0.98}
# Read by a machine from the HTML text: code that is commented out counts there, a badge that is a picture does not.
TEXTUAL = ("party_mark", "error_report")
_DATED_KINDS = ("article", "policy", "interpretation", "report", "other")


@dataclass(slots=True)
class Score:
    """Hits of one field; `misses` are (file, expected, got)."""

    right: int = 0
    total: int = 0
    misses: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def share(self) -> float:
        return self.right / self.total if self.total else 1.0

    def add(self, ok: bool, file: str, expected: object, got: object) -> None:
        self.total += 1
        self.right += ok
        if not ok:
            self.misses.append((file, str(expected), str(got)))


@dataclass(slots=True)
class Measured:
    scores: dict[str, Score]
    cpu_ms: list[float]

    @property
    def median_ms(self) -> float:
        return statistics.median(self.cpu_ms)


def measure(samples: Path, *, hand_only: bool = True, repeat: int = 1) -> Measured:
    """Run extraction over the samples. CPU time of a page is the best of `repeat`."""
    scores: dict[str, Score] = {}
    times: list[float] = []
    with (samples / "labels.csv").open(encoding="utf-8-sig", newline="") as stream:
        labels = list(csv.DictReader(stream))
    for label in labels:
        if hand_only and label["gt_level"] != "hand":
            continue
        body = (samples / "pages" / label["file"]).read_bytes()
        url = label["original_url"] or f"http://www.example.gov.cn/saved/{label['file']}"
        extracted, spent = _timed(body, url, repeat)
        times.append(spent * 1000)
        _compare(
            scores, label, to_public(extracted), len(extracted.page.rows), _headline_differs(label, extracted, body)
        )
    return Measured(scores, times)


def _headline_differs(label: dict[str, str], extracted: Extracted, body: bytes) -> bool:
    """A visible headline was read and the label is the `<title>` instead."""
    title = extracted.page.title
    found = re.search(r"<title>(.*?)</title>", body.decode("utf-8", "replace"), re.S | re.I)
    declared = _bare(found.group(1)) if found else ""
    return title is not None and title.origin == "visible" and declared == _bare(label["title"])


def _timed(body: bytes, url: str, repeat: int) -> tuple[Extracted, float]:
    best = float("inf")
    for _ in range(repeat):
        start = time.process_time()
        extracted = extract(
            body, url, content_type="", headers={}, fetched_at="", sha256="", context=Context(frozenset(), "", AS_OF)
        )
        best = min(best, time.process_time() - start)
    return extracted, best


def _compare(
    scores: dict[str, Score], label: dict[str, str], facts: dict[str, Any], rows: int, headline_differs: bool
) -> None:
    file = label["file"]

    def add(name: str, ok: bool, expected: object, got: object) -> None:
        scores.setdefault(name, Score()).add(ok, file, expected, got)

    published = (facts["published"] or {}).get("value")
    if label["gt_publish_visible"]:
        add("publish date", published == label["gt_publish_visible"][:10], label["gt_publish_visible"], published)
    elif label["kind"] in _DATED_KINDS:
        add("no date", published is None, "none", facts["published"])
    if label["title"]:
        ok = same_title(label["title"], facts["title"] or "")
        # a label copied from a <title> that names the column is not what a reader sees: shown, not judged
        name = "title" if ok or not headline_differs else "title tag only"
        add(name, ok, label["title"], facts["title"])
    if label["gt_source_visible"]:
        got = facts["source"] or ""
        add("source", _alike(label["gt_source_visible"], got), label["gt_source_visible"], got)
    if label["kind"] == "list":
        newest = max((r["date"] for r in facts["rows"] if r["date"]), default="")
        add("newest row", newest == label["list_newest"], label["list_newest"], newest)
    if label["list_rows"]:
        add("row count", rows == int(label["list_rows"]), label["list_rows"], rows)
    if label["docno"]:
        add("docno", facts["docno"] == label["docno"], label["docno"], facts["docno"])
    _compare_marks(add, label, facts)
    if label["kind"] != "other":
        add("kind", facts["kind"] == label["kind"], label["kind"], facts["kind"])


def _compare_marks(
    add: Callable[[str, bool, object, object], None], label: dict[str, str], facts: dict[str, Any]
) -> None:
    identity = facts["identity"]
    meta = {k.lower(): v for k, v in facts["meta"].items()}
    if label["SiteIDCode"]:
        add(
            "marks",
            meta.get("siteidcode", "") == label["SiteIDCode"].strip(),
            label["SiteIDCode"],
            meta.get("siteidcode"),
        )
    for column, name in (("code_in_footer", "site_code"), ("icp", "icp"), ("gongan", "police")):
        if label[column]:
            add("marks", _bare(label[column]) == _bare(identity[name] or ""), label[column], identity[name])
    for column, name in zip(("dangzheng_mark", "zhaocuo"), TEXTUAL, strict=True):
        if label[column] in ("0", "1"):
            add(name, bool(identity[name]) == (label[column] == "1"), label[column], identity[name])


def same_title(expected: str, got: str) -> bool:
    """Equal letters; the label may carry the site's name behind, as the title tag does."""
    a, b = _bare(expected), _bare(got)
    return bool(b) and (a == b or (len(b) >= 4 and a.startswith(b)) or b.startswith(a))


def _alike(expected: str, got: str) -> bool:
    a, b = _bare(expected), _bare(got)
    return bool(b) and (a == b or a in b or b in a)


def _bare(text: str) -> str:
    return re.sub(r"[\W_号]+", "", text).lower()
