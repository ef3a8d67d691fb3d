"""Examples of the date rules: tests and paragraphs of the manual."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from checks.facts import DateFact, DateOrigin, Page, PageKind
from checks.rule import Example
from checks.tiny import HOME, tiny
from checks.tiny_parts import BLOCKED, article
from checks.tiny_web import classed
from config.district import ColumnClass

_URL = HOME + "a.html"
_GAP = "应取10页，已取7页，首个缺口http://www.example.gov.cn/zwgk/index_2.html（被网站防护系统拦截）"
_TRADE = classed("zwdt", "政务动态", ColumnClass.DYNAMIC)


def _file(signed: str = "2026-03-02", shown: str = "2026-03-10", **more: Any) -> Page:
    dates = {k: v for k, v in {"signed": signed, "issued": shown}.items() if v}
    return article(
        "a.html",
        "示例办法",
        "",
        kind=PageKind.POLICY,
        owner="zfb",
        dates=dates,
        header={"索引号": "0001"},
        **more,
    )


def _many(count: int, **more: Any) -> tuple[Page, ...]:
    return tuple(article(f"zwdt/{i}.html", f"文章{i}", owner="zfb", column="zwdt", **more) for i in range(count))


def _moved(count: int) -> tuple[Page, ...]:
    return tuple(
        article(f"m/{i}.html", f"文章{i}", f"2024-{i % 12 + 1:02d}-05", owner="zfb", dates={"url": "2025-12-01"})
        for i in range(count)
    )


UNDATED = (
    Example(
        "页面显示日期",
        tiny(pages=[article("a.html", "召开会议", "2026-09-01", owner="zfb")]),
        "passed",
        "已核查1篇信息，页面或列表均显示发布日期。",
        subject="zfb",
    ),
    Example(
        "列表显示日期也算",
        tiny(
            pages=[
                replace(
                    article("a.html", "召开会议", owner="zfb"),
                    list_dates=(DateFact(date(2026, 9, 1), DateOrigin.LIST, "2026-09-01"),),
                )
            ]
        ),
        "passed",
        "已核查1篇信息，页面或列表均显示发布日期。",
        subject="zfb",
    ),
    Example(
        "只有PubDate标签不算",
        tiny(pages=[article("a.html", "召开会议", owner="zfb", dates={"meta": "2026-09-01"})]),
        "failed",
        "《召开会议》页面和列表均未显示发布日期，每篇均应标明。",
        subject=_URL,
    ),
    Example(
        "同一栏目多篇合并",
        tiny(pages=_many(6), columns=[_TRADE]),
        "failed",
        "“政务动态”栏目有6篇信息的页面和列表均未显示发布日期，应为0篇。",
        subject="zwdt",
    ),
    Example(
        "页面未渲染",
        tiny(pages=[article("a.html", "召开会议", owner="zfb", needs_render=True)]),
        "cannot-tell",
        "无法判定：《召开会议》由脚本生成，尚未渲染，日期未能看到。",
        subject=_URL,
        reason="not-rendered",
    ),
    Example(
        "整个栏目未渲染",
        tiny(pages=_many(6, needs_render=True), columns=[_TRADE]),
        "cannot-tell",
        "无法判定：“政务动态”栏目有6篇信息页面由脚本生成，尚未渲染，日期未能看到。",
        subject="zwdt",
        reason="not-rendered",
    ),
    Example(
        "单位信息未取全",
        tiny(pages=[article("a.html", "召开会议", "2026-09-01", owner="zfb")], coverage=BLOCKED),
        "cannot-tell",
        f"无法判定：已看到的1篇均无问题，但本单位信息未取全（{_GAP}）。",
        subject="zfb",
        reason="blocked",
    ),
    Example("没有信息", tiny(), "inapplicable", "未发现应核查的信息，不适用。", subject="zfb"),
)

CONFLICT = (
    Example(
        "相差三天以内",
        tiny(pages=[article("a.html", "召开会议", "2026-09-01", owner="zfb", dates={"url": "2026-09-04"})]),
        "passed",
        "已核查1篇信息，各处日期相差均在允许范围内。",
        subject="zfb",
    ),
    Example(
        "成文早于发布是正常的",
        tiny(pages=[article("a.html", "示例办法", "2026-09-20", owner="zfb", dates={"signed": "2026-09-01"})]),
        "passed",
        "已核查1篇信息，各处日期相差均在允许范围内。",
        subject="zfb",
    ),
    Example(
        "网址日期晚104天",
        tiny(pages=[article("a.html", "政府开放月", "2025-08-19", owner="zfb", dates={"url": "2025-12-01"})]),
        "cannot-tell",
        "需核实：《政府开放月》显示日期2025-08-19，网址2025-12-01，相差104天，允许3天。",
        subject=_URL,
        reason="needs-judgement",
        review=True,
    ),
    Example(
        "日期晚于采集当日",
        tiny(pages=[article("a.html", "预告", "2026-10-05", owner="zfb")]),
        "cannot-tell",
        "需核实：《预告》显示日期2026-10-05晚于采集当日5天。",
        subject=_URL,
        review=True,
    ),
    Example(
        "同一栏目多篇合并",
        tiny(
            pages=tuple(
                article(
                    f"zwdt/{i}.html",
                    f"文章{i}",
                    "2026-01-05",
                    owner="zfb",
                    column="zwdt",
                    dates={"meta": "2026-02-05"},
                )
                for i in range(6)
            ),
            columns=[_TRADE],
        ),
        "cannot-tell",
        "需核实：有6篇信息的显示日期与其他日期不一致，如《文章0》。",
        subject="zfb:PubDate",
        review=True,
    ),
    Example(
        "网址日期不一致按栏目合并",
        tiny(
            pages=tuple(
                article(
                    f"zwdt/{i}.html",
                    f"文章{i}",
                    "2026-01-05",
                    owner="zfb",
                    column="zwdt",
                    dates={"url": "2026-02-05"},
                )
                for i in range(6)
            ),
            columns=[_TRADE],
        ),
        "cannot-tell",
        "需核实：“政务动态”栏目有6篇信息的显示日期与其他日期不一致，如《文章0》。",
        subject="zwdt",
        review=True,
    ),
    Example(
        "系统迁移只提示一次",
        tiny(pages=_moved(20)),
        "cannot-tell",
        "需核实：20篇信息的网址日期同为2025-12-01而显示日期各不相同，疑为系统批量迁移（20篇以上合并提示）。",
        subject="migration:2025-12-01",
        review=True,
    ),
    Example(
        "单位信息未取全",
        tiny(
            pages=[article("a.html", "召开会议", "2026-09-01", owner="zfb", dates={"url": "2026-09-01"})],
            coverage=BLOCKED,
        ),
        "cannot-tell",
        f"无法判定：已看到的1篇均无问题，但本单位信息未取全（{_GAP}）。",
        subject="zfb",
        reason="blocked",
    ),
    Example(
        "只有一个日期",
        tiny(pages=[article("a.html", "召开会议", "2026-09-01", owner="zfb")]),
        "inapplicable",
        "未发现应核查的信息，不适用。",
        subject="zfb",
    ),
)

LATE = (
    Example("按期公开", tiny(pages=[_file()]), "passed", "已核查1份文件，均在规定工作日内公开。", subject="zfb"),
    Example(
        "超期公开",
        tiny(pages=[_file("2026-03-02", "2026-04-20")]),
        "failed",
        "《示例办法》2026-03-02成文，2026-04-20发布，用时34个工作日，限期20个工作日，超期14个工作日。",
        subject=_URL,
    ),
    Example(
        "同一栏目多份超期",
        tiny(
            pages=tuple(
                replace(_file("2026-03-02", "2026-04-20", column="zwdt"), url=f"{HOME}zwdt/{i}.html")
                for i in range(6)
            ),
            columns=[_TRADE],
        ),
        "failed",
        "“政务动态”栏目有6份文件超过规定工作日公开。",
        subject="zwdt",
    ),
    Example(
        "缺少成文日期",
        tiny(pages=[_file("")]),
        "cannot-tell",
        "无法判定：《示例办法》缺少成文日期，不能计算公开用时（限期20个工作日）。",
        subject=_URL,
        reason="undated",
    ),
    Example(
        "同一栏目多份缺日期",
        tiny(
            pages=tuple(replace(_file("", column="zwdt"), url=f"{HOME}zwdt/{i}.html") for i in range(6)),
            columns=[_TRADE],
        ),
        "cannot-tell",
        "无法判定：“政务动态”栏目有6份文件未读到日期，不能计算公开用时。",
        subject="zwdt",
        reason="undated",
    ),
    Example(
        "只有网址日期超期",
        tiny(
            pages=[
                replace((f := _file()), dates=(*f.dates, DateFact(date(2026, 4, 20), DateOrigin.URL, "t20260420")))
            ]
        ),
        "cannot-tell",
        "无法判定：《示例办法》2026-03-02成文，显示2026-03-10发布，未超20个工作日；"
        "但网址日期2026-04-20，按此计算用时34个工作日，需核实。",
        subject=_URL,
        reason="date-conflict",
    ),
    Example(
        "缺少工作日历",
        tiny(pages=[_file("1999-03-02", "2026-04-20")]),
        "cannot-tell",
        "无法判定：《示例办法》1999-03-02成文，2026-04-20发布，缺少1999年工作日历。",
        subject=_URL,
        reason="calendar-missing",
    ),
    Example(
        "单位信息未取全",
        tiny(pages=[_file()], coverage=BLOCKED),
        "cannot-tell",
        f"无法判定：已看到的1篇均无问题，但本单位信息未取全（{_GAP}）。",
        subject="zfb",
        reason="blocked",
    ),
    Example(
        "一年前的文件不再追究",
        tiny(pages=[_file("2024-03-02", "2024-06-20")]),
        "inapplicable",
        "未发现应核查的信息，不适用。",
        subject="zfb",
    ),
)
