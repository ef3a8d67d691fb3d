"""`prune`: what may go by the retention table, shown first, removed only when asked."""

from __future__ import annotations

from typing import Annotated

import typer

from audit import clock
from audit.commands.round import Data, DistrictArg, HistoryUrl, Person
from audit.console import out, plain, t
from audit.errors import AuditError, Exit
from audit.history.lock import district_lock
from audit.history.store import History, history_url
from audit.paths import data_root
from audit.rounds.config import load_workflow
from audit.rounds.retention import carry_out, plan, remove, stale
from checks.snapshot import SHANGHAI
from config.load import load_district


def register(app: typer.Typer) -> None:
    app.command("prune", help="按保管期限清理；未销号问题的证据、封存结果、约谈材料和决定记录永不清理。")(prune)


def prune(
    district: DistrictArg,
    apply: Annotated[bool, typer.Option("--apply", help="真正清理；不加则只列出")] = False,
    person: Person = "",
    data: Data = None,
    history: HistoryUrl = "",
) -> int:
    loaded, workflow, root = load_district(district), load_workflow(district), data_root(data)
    if apply and not person.strip():
        raise AuditError("清理须用 --person 写明经办人。")
    now = clock.now()
    with (
        district_lock(root / loaded.id, "govaudit prune"),
        History.open(history_url(root, history)) as opened,
    ):
        opened.mind_clock(loaded.id, now)
        found = plan(root, loaded.id, opened, workflow.retention, now.astimezone(SHANGHAI).date())
        for item in found:
            said = f"{item.folder.relative_to(root)}  清理 {len(item.bodies)} 份（{item.size / 1e6:.1f} MB）"
            out.print(plain(f"{said}，保留被引用的 {item.cited} 份；{item.why}", "", 300))
            if apply:
                carry_out(item, now, person)
        old = stale(root, loaded.id, opened, workflow.retention, now.astimezone(SHANGHAI).date())
        for each in old:
            out.print(plain(f"{each.path.relative_to(root)}  清理（{each.size / 1e6:.1f} MB）；{each.why}", "", 300))
            if apply:
                remove(each)
    if not found and not old:
        out.print(t("没有到期可清理的内容。", "nothing to prune"))
    elif not apply:
        out.print(t("以上只是列出；确认后加 --apply --person 姓名。", "listed only; add --apply"))
    return Exit.CLEAN
