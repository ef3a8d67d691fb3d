"""政务新媒体: important news of the site appears on the unit's accounts, soon."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from checks.items import Item, items
from checks.laws import DISTRICT_PLAN
from checks.ledger import LedgerRow, ledger, no_ledger, post_day
from checks.outcomes import Reason
from checks.rule import Example, Params, Status, number, rule, words
from checks.rules.accounts import NO_LEDGER, export, snap
from checks.snapshot import Snapshot
from checks.texts import core_title
from checks.tiny_parts import article, column
from checks.verdicts import Verdict, cannot_tell, inapplicable, passed
from config.district import ColumnClass


class AccountUnsynced(Params):
    max_lag_days: int = number("网站发布后账号发布的间隔", unit="天", default=3, stricter="lower", ge=0)
    share: float = number("同步比例下限", unit="比例", default=0.8, stricter="higher", ge=0, le=1)
    look_back_days: int = number("检查最近", unit="天", default=92, stricter="higher", ge=1)
    classes: tuple[str, ...] = words("重要信息所在栏目类别", ("政策文件", "通知公告", "政策解读"))


_NOTICE = column("tzgg", "通知公告", "notices")


@rule(
    "account-unsynced",
    version=1,
    title="网站与账号不同步",
    topic="accounts",
    logic="M",
    guard="reg",
    params=AccountUnsynced,
    manual=True,
    status=Status.PREVIEW,
    legal=(f"{DISTRICT_PLAN}：政府网站与政务新媒体同步发布重要信息",),
    messages={
        "passed": "最近{window}天网站重要信息{total}条，{synced}条在{lag}天内同步到账号（{percent}），"
        "不低于{limit}。",
        "cannot-tell.needs-judgement": "最近{window}天网站重要信息{total}条，"
        "只有{synced}条在{lag}天内同步到账号（{percent}），"
        "低于{limit}，请人工判断未同步的是否应当同步。",
        "no-export": "{account}没有发布清单，无法核对同步情况。",
        "cannot-tell.register-missing": NO_LEDGER,
        "inapplicable": "该单位没有在用账号，或检查期内没有重要信息，不检查同步。",
    },
    why="重要政策只发在一个渠道，另一个渠道的群众就看不到。",
    fix="1. 对照未同步清单，补发到本单位账号。\n2. 今后发布流程中加一项“同步账号”，同一天完成。",
    recheck="最近{window}天重要信息的同步比例不低于{limit}",
    question="清单中未同步的信息是否都不需要在账号发布？",
    examples=(
        Example(
            "已同步",
            snap(
                exports=(export(("2026-09-11", "关于秋季旅游节的通知")),),
                columns=(_NOTICE,),
                pages=(article("tzgg/1.html", "关于秋季旅游节的通知", "2026-09-10", owner="wlj", column="tzgg"),),
                district={"columns": (_NOTICE[0].model_copy(update={"column_class": ColumnClass.NOTICE}),)},
            ),
            "passed",
            "最近92天网站重要信息1条，1条在3天内同步到账号（100%），不低于80%。",
        ),
        Example(
            "没有同步",
            snap(
                exports=(export(("2026-09-11", "风景")),),
                columns=(_NOTICE,),
                pages=(article("tzgg/1.html", "关于秋季旅游节的通知", "2026-09-10", owner="wlj", column="tzgg"),),
                district={"columns": (_NOTICE[0].model_copy(update={"column_class": ColumnClass.NOTICE}),)},
            ),
            "cannot-tell",
            "最近92天网站重要信息1条，只有0条在3天内同步到账号（0%），低于80%，请人工判断未同步的是否应当同步。",
            reason="needs-judgement",
            review=True,
        ),
        Example(
            "没有发布清单",
            snap(),
            "cannot-tell",
            "微信“示例文旅”没有发布清单，无法核对同步情况。",
            reason="register-missing",
        ),
        Example(
            "没有重要信息",
            snap(exports=(export(("2026-09-11", "风景")),)),
            "inapplicable",
            "该单位没有在用账号，或检查期内没有重要信息，不检查同步。",
        ),
    ),
)
def account_unsynced(snapshot: Snapshot, params: AccountUnsynced) -> Iterator[Verdict]:
    yield from no_ledger(snapshot)
    classes = {c.column_id for c in snapshot.district.columns if c.column_class in params.classes}
    important: dict[str, list[Item]] = {}
    since = snapshot.today - timedelta(days=params.look_back_days)
    for item in items(snapshot):
        if item.owner and item.column in classes and item.day and since <= item.day <= snapshot.today:
            important.setdefault(item.owner, []).append(item)
    by_unit: dict[str, list[LedgerRow]] = {}
    for row in ledger(snapshot):
        if row.active and row.account.unit_id:
            by_unit.setdefault(row.account.unit_id, []).append(row)
    for unit_id, rows in sorted(by_unit.items()):
        yield _synced(unit_id, rows, important.get(unit_id, []), params)


def _synced(unit_id: str, rows: list[LedgerRow], found: list[Item], params: AccountUnsynced) -> Verdict:
    exports = [r.export for r in rows if r.export is not None]
    if not exports:
        data: dict[str, Any] = {"account": "、".join(r.words for r in rows)}
        return cannot_tell(
            unit_id,
            Reason.REGISTER_MISSING,
            unit=unit_id,
            data=data,
            variant="no-export",
            evidence=rows[0].evidence(),
        )
    posts = [(post_day(p), core_title(p.title)) for e in exports for p in e.posts if not p.deleted]
    until = max(e.exported_on for e in exports) - timedelta(days=params.max_lag_days)
    judged = [i for i in found if i.day and i.day <= until]
    if not judged:
        return inapplicable(unit_id, unit=unit_id)
    lags = [_lag(i, posts) for i in judged]
    synced = sum(lag is not None and lag <= params.max_lag_days for lag in lags)
    share = synced / len(judged)
    lost = [i for i, lag in zip(judged, lags, strict=True) if lag is None or lag > params.max_lag_days]
    data = {"window": params.look_back_days, "total": len(judged), "synced": synced, "lag": params.max_lag_days}
    data |= {"percent": f"{share:.0%}", "limit": f"{params.share:.0%}", "unsynced": [i.url for i in lost[:50]]}
    evidence = (*rows[0].evidence(), *(i.evidence for i in lost[:10]))
    if share >= params.share:
        return passed(unit_id, unit=unit_id, data=data, evidence=evidence)
    return cannot_tell(unit_id, Reason.NEEDS_JUDGEMENT, review=True, unit=unit_id, data=data, evidence=evidence)


def _lag(item: Item, posts: list[tuple[date | None, str]]) -> int | None:
    """Days from the site to the earliest post of the same title; 0 when the account was first; None: never."""
    wanted = core_title(item.title)
    days = [d for d, title in posts if d and title and wanted and (wanted in title or title in wanted)]
    return max(0, (min(days) - item.day).days) if days and item.day else None
