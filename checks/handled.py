"""Who handles a message and how far it is, in the words its page shows."""

from __future__ import annotations

import re

from checks.facts import Page, Row
from checks.snapshot import Snapshot

SHOWN_STATE = re.compile(r"(?:办理|答复|回复|处理|留言)(?:状态|进度|情况)\s*[:：]\s*(\S{2,8})")
_HANDLER = re.compile(r"(?:办理|承办|答复|回复|受理|处理)(?:单位|部门|机构)\s*[:：]\s*([^\s，。；;、|]{2,30})")


def handled(page: Page | None, entry: Row, snapshot: Snapshot) -> dict[str, str]:
    """Who handles a message and in which state, as its page (else its row) shows it; `urge` is what to do first.

    The column's owner is charged (no message goes astray between two desks); the sentence says whose answer is due.
    """
    words = page.text if page else entry.quote
    handler, state = _HANDLER.search(words), SHOWN_STATE.search(words) or SHOWN_STATE.search(entry.quote)
    quoted = "；".join(m[0] for m in (handler, state) if m)
    if handler is None:
        return {"handler": "", "quoted": quoted, "urge": "", "shown": f"（页面显示{quoted}）" if quoted else ""}
    name = handler[1]
    unit = next((u for u in snapshot.district.units if name in u.names()), None)
    return {
        "handler": unit.unit_id if unit else name,
        "quoted": quoted,
        "urge": f"督促{name}",
        "shown": f"（页面显示{quoted}）",
    }
