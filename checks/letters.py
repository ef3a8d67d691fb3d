"""A public list of citizens' letters that the office's column table does not name."""

from __future__ import annotations

import re
from typing import Any

from checks.facts import PageKind
from checks.items import title_of
from checks.outcomes import Reason
from checks.remembered import once_per_snapshot
from checks.snapshot import Snapshot
from checks.verdicts import Evidence, Verdict, cannot_tell

UNLISTED = {
    "cannot-tell.unlisted": "无法判定：“{title}”（{place}）像是公开的留言列表（{count}条显示办理状态），"
    "但栏目表没有登记；请办公室在columns.csv登记用途为messages的栏目后重新判定。"
}
_LETTERS = re.compile(r"信箱|留言|来信|信件|咨询|写信|问政|投诉|建言")
_STATE = re.compile(r"(?:已|未|待|正在|暂未)\s*(?:办结|答复|回复|办理|处理|受理)|办理中|受理中|处理中")


@once_per_snapshot
def unlisted_letters(snapshot: Snapshot) -> Verdict | None:
    """Cannot-tell with the list that was met; None when no page looks like one.

    Such a page is named like a mailbox, and two of its rows or more show how far a letter is.
    """
    for page in snapshot.pages(PageKind.LIST):
        shown = [row for row in page.rows if _STATE.search(row.quote.replace(row.title, ""))]
        if len(shown) >= 2 and _LETTERS.search(" ".join((title_of(page), *page.breadcrumb))):
            data: dict[str, Any] = {"title": title_of(page), "place": page.url, "count": len(shown)}
            return cannot_tell(
                "messages", Reason.REGISTER_MISSING, data=data, variant="cannot-tell.unlisted", url=page.url,
                evidence=(Evidence.of(page, shown[0].quote),),
            )  # fmt: skip
    return None
