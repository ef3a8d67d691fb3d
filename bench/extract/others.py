"""The same publish-date question put to general-purpose extractors, where they happen to be installed."""

from __future__ import annotations

import csv
import importlib
from pathlib import Path


def side_by_side(package: str, samples: Path) -> str:
    """One line: right publish dates, and pages without a visible date on which a date was claimed."""
    right = dated = claimed = undated = 0
    with (samples / "labels.csv").open(encoding="utf-8-sig", newline="") as stream:
        for label in csv.DictReader(stream):
            if label["kind"] in ("list", "home", "platform") or label["gt_level"] != "hand":
                continue
            html = (samples / "pages" / label["file"]).read_bytes().decode("utf-8", "replace")
            got = _date(package, html)
            if label["gt_publish_visible"]:
                dated += 1
                right += got == label["gt_publish_visible"][:10]
            else:
                undated += 1
                claimed += got is not None
    return f"{package}: publish date {right}/{dated}, a date claimed on {claimed}/{undated} pages that show none"


def _date(package: str, html: str) -> str | None:
    if not html.strip():
        return None
    module = importlib.import_module(package)
    if package == "htmldate":
        return module.find_date(html, original_date=True)
    found = module.bare_extraction(html, with_metadata=True)
    return getattr(found, "date", None) if found is not None else None
