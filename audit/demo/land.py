"""Land taken for four projects, step by step: two as the law wants it, two too hasty."""

from __future__ import annotations

from audit.demo.bodies import body
from audit.demo.grammar import html, news_html
from audit.demo.model import Item, on

_OWNER = "nyj"
_STEPS = (
    (
        "征收土地预公告",
        "土地现状调查结果公告",
        "征地补偿安置方案公告",
        "用地批准文件",
        "征收土地公告",
        "征地费用支付情况",
    ),
    ("征地启动公告", "现状调查结果", "征地补偿方案公示", "用地批复", "征收公告", "补偿费支付凭证"),
)
# Projects as in the office's list; their days are those of the six steps, the windows those stated in steps 1 and 3.
# The first two are traps: every window is exactly as long as it has to be, with two holidays in them; other words.
PROJECTS = (
    ("青禾大道东延项目", 0, ("2026-03-02", "2026-03-20", "2026-04-01", "2026-06-01", "2026-06-23", "2026-07-10"),
     "2026年3月2日至2026年3月16日", "2026年4月1日至2026年4月30日"),
    ("示范灌渠改造项目", 1, ("2026-01-05", "2026-01-22", "2026-02-02", "2026-04-07", "2026-04-20", "2026-05-12"),
     "2026年1月5日至2026年1月26日", "2026年2月2日至2026年3月10日"),
    # planted: twenty days for objections to the compensation; a month from approval to announcement
    ("禾穗镇粮库扩建项目", 0, ("2026-03-09", "2026-03-27", "2026-04-07", "2026-06-08", "2026-06-18", "2026-07-15"),
     "2026年3月9日至2026年3月27日", "2026年4月7日至2026年4月26日"),
    ("云桑镇污水处理项目", 0, ("2026-02-03", "2026-03-02", "2026-03-10", "2026-05-06", "2026-06-10", "2026-07-08"),
     "2026年2月3日至2026年2月27日", "2026年3月10日至2026年4月10日"),
)  # fmt: skip


def land_items() -> list[Item]:
    """The published steps of all projects."""
    who, items = body(_OWNER), []
    for order, (project, words, days, notice, plan) in enumerate(PROJECTS):
        for step, day in enumerate(days):
            lines = [f"{project}涉及的土地位于本区，四至范围以附图为准，有异议的可以向{who.full}提出。"]
            if step in (0, 2):
                lines.append(f"公告期限：{notice if step == 0 else plan}。")
            text = html(lines) + news_html(who.short, "农田水利", "land", order, step)
            title = f"青禾区{project}{_STEPS[words][step]}"
            items.append(Item(552_200 + order * 10 + step, title, on(day, 9, 5 * step), who.full, text))
    return items
