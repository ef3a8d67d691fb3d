"""Examples of the column freshness rules: tests and paragraphs of the manual."""

from __future__ import annotations

from datetime import date

from checks.facts import Coverage, Fact, Gap, Link
from checks.outcomes import FetchOutcome
from checks.rule import Example
from checks.tiny import HOME, tiny
from checks.tiny_parts import BLOCKED, WALKED, article, row
from checks.tiny_web import classed
from config.district import ColumnClass

_NEWS = ("gzdt", "工作动态", ColumnClass.DYNAMIC)
_OTHER = ("zdly", "重点领域", ColumnClass.REGULAR)
_GAP = "应取10页，已取7页，首个缺口http://www.example.gov.cn/zwgk/index_2.html（被网站防护系统拦截）"
_LIST = HOME + "gzdt/"
_SCRIPT_PAGER = Coverage(False, 1, 1, (Gap(_LIST, "coverage-incomplete", "其余列表页由脚本翻页"),), (_LIST,))
_FALLING = tuple(row(f"第{n}次会议", f"2026-06-{n:02}") for n in range(8, 0, -1))
_STATEMENT = Fact("本年度无此事项", "content", "情况说明：本年度无此事项（2026-03-02）")

STALE = (
    Example(
        "两周内有更新",
        tiny(columns=[classed(*_NEWS, row("召开会议", "2026-09-20"))]),
        "passed",
        "最近一条2026-09-20，距检查时点10天，限期14天，未超期。",
    ),
    Example(
        "恰好第14天仍合格",
        tiny(columns=[classed(*_NEWS, row("召开会议", "2026-09-16"))]),
        "passed",
        "最近一条2026-09-16，距检查时点14天，限期14天，未超期。",
    ),
    Example(
        "动态栏目超期",
        tiny(columns=[classed(*_NEWS, row("召开会议", "2026-06-03"), row("调研", "2026-05-01"))]),
        "failed",
        "最近一条2026-06-03，距检查时点119天，限期14天，超期105天。",
    ),
    Example(
        "检查时点之后的日期不算更新",
        tiny(columns=[classed(*_NEWS, row("置顶", "2027-01-01"), row("调研", "2026-09-01"))]),
        "failed",
        "最近一条2026-09-01，距检查时点29天，限期14天，超期15天。",
    ),
    Example(
        "其他栏目一年一次",
        tiny(columns=[classed(*_OTHER, row("年度计划", "2025-10-08"))]),
        "passed",
        "最近一条2025-10-08，距检查时点357天，限期365天，未超期。",
    ),
    Example(
        "栏目自定的更严期限优先",
        tiny(columns=[classed(*_OTHER, row("监测", "2026-08-01"), expected={"freshness_days": 31})]),
        "failed",
        "最近一条2026-08-01，距检查时点60天，限期31天，超期29天。",
    ),
    Example(
        "列表无日期但文章页有日期",
        tiny(
            columns=[classed(*_NEWS, row("召开会议", "", "a.html"))],
            pages=[article("a.html", "召开会议", "2026-09-25")],
        ),
        "passed",
        "最近一条2026-09-25，距检查时点5天，限期14天，未超期。",
    ),
    Example(
        "列表页未取全",
        tiny(columns=[classed(*_NEWS, row("召开会议", "2026-06-03"), coverage=BLOCKED)]),
        "cannot-tell",
        f"无法判定：已看到的最近一条2026-06-03，距检查时点119天，限期14天；但{_GAP}。",
        reason="blocked",
    ),
    Example(
        "后续列表页由脚本翻页，首页各条按时间倒序",
        tiny(columns=[classed(*_NEWS, *_FALLING, coverage=_SCRIPT_PAGER)]),
        "failed",
        "最近一条2026-06-08，距检查时点114天，限期14天，超期100天。",
    ),
    Example(
        "后续列表页由脚本翻页，条数太少看不出次序",
        tiny(columns=[classed(*_NEWS, *_FALLING[:3], coverage=_SCRIPT_PAGER)]),
        "cannot-tell",
        "无法判定：已看到的最近一条2026-06-08，距检查时点114天，限期14天；但"
        "http://www.example.gov.cn/gzdt/（其余列表页由脚本翻页）。",
        reason="coverage-incomplete",
    ),
    Example(
        "全部未显示日期",
        tiny(columns=[classed(*_NEWS, row("召开会议"), row("调研"))], pages=[article("r.html", "召开会议")]),
        "cannot-tell",
        "无法判定：“工作动态”有2条信息，但列表和已取页面上都没有读到日期。",
        reason="undated",
    ),
    Example(
        "采集晚于检查时点，列表上只有其后的信息",
        tiny(columns=[classed(*_NEWS, row("召开会议", "2026-10-08"), row("调研", "2026-10-06"))]),
        "cannot-tell",
        "无法判定：“工作动态”读到的日期都晚于检查时点，检查时点的列表没有看到。",
        reason="undated",
    ),
    Example(
        "部分文章页未取回",
        tiny(
            columns=[classed(*_NEWS, row("甲", "2026-06-03"), row("乙", "", "b.html"), row("丙", "", "c.html"))],
        ),
        "cannot-tell",
        "无法判定：已读到的最近一条2026-06-03（119天前，限期14天），另有2条列表未显示日期且文章页未取回，"
        "如http://www.example.gov.cn/b.html。",
        reason="undated",
    ),
    Example(
        "列表一行也没看到且未取全",
        tiny(columns=[classed(*_NEWS, coverage=BLOCKED)]),
        "cannot-tell",
        f"无法判定：{_GAP}，不能确认“工作动态”的最新信息。",
        reason="blocked",
    ),
    Example(
        "栏目页被防护系统拦截",
        tiny(columns=[classed(*_NEWS, coverage=BLOCKED, outcome=FetchOutcome.WAF)]),
        "cannot-tell",
        "无法判定：“工作动态”栏目页http://www.example.gov.cn/gzdt/未能看到（被网站防护系统拦截）。",
        reason="blocked",
    ),
    Example(
        "列表由脚本生成",
        tiny(columns=[classed(*_NEWS, script_filled=True)]),
        "cannot-tell",
        "无法判定：“工作动态”的列表由脚本生成，尚未渲染（http://www.example.gov.cn/gzdt/）。",
        reason="not-rendered",
    ),
    Example(
        "导航未读全时找不到栏目",
        tiny(columns=[classed(*_NEWS, url=None, coverage=BLOCKED)]),
        "cannot-tell",
        f"无法判定：未找到“工作动态”栏目，但{_GAP}，不能断定没有。",
        reason="blocked",
    ),
    Example(
        "静态栏目不设期限",
        tiny(columns=[classed("gk", "示例概况", ColumnClass.STATIC, content=True)]),
        "inapplicable",
        "“示例概况”属静态类栏目，不设更新期限。",
    ),
    Example(
        "外部系统",
        tiny(columns=[classed(*_OTHER, external="http://zwfw.example.gov.cn/")]),
        "inapplicable",
        "“重点领域”指向另一系统（http://zwfw.example.gov.cn/），本项不适用。",
    ),
    Example(
        "当年情况说明",
        tiny(
            columns=[
                classed(*_OTHER, row("旧闻", "2024-01-05"), statement=_STATEMENT, statement_date=date(2026, 3, 2))
            ]
        ),
        "inapplicable",
        "“重点领域”已发布当年情况说明（2026-03-02）：本年度无此事项，本项不适用。",
    ),
    Example(
        "去年的情况说明不再有效",
        tiny(
            columns=[
                classed(*_OTHER, row("旧闻", "2024-01-05"), statement=_STATEMENT, statement_date=date(2025, 3, 2))
            ]
        ),
        "failed",
        "最近一条2024-01-05，距检查时点999天，限期365天，超期634天。",
    ),
    Example(
        "栏目未找到",
        tiny(columns=[classed(*_OTHER, url=None)]),
        "inapplicable",
        "未找到“重点领域”栏目，由“应设栏目缺失”判定，本项不适用。",
    ),
    Example(
        "栏目页不存在",
        tiny(columns=[classed(*_OTHER, outcome=FetchOutcome.GONE)]),
        "inapplicable",
        "“重点领域”栏目页不存在（页面不存在（404/410）），由“应设栏目缺失”和链接规则判定，本项不适用。",
    ),
    Example(
        "上级栏目",
        tiny(columns=[classed(*_OTHER, children_with_rows=3)]),
        "inapplicable",
        "“重点领域”是上级栏目，3个下级栏目有信息，由下级栏目分别判定。",
    ),
    Example(
        "没有列表",
        tiny(columns=[classed(*_OTHER)]),
        "inapplicable",
        "“重点领域”没有信息列表，由“空白栏目”判定，本项不适用。",
    ),
)

BLANK = (
    Example(
        "有一条信息",
        tiny(columns=[classed(*_OTHER, row("年度计划", "2020-01-01"))]),
        "passed",
        "“重点领域”有信息1条，要求不少于1条。",
    ),
    Example(
        "静态内容也算内容",
        tiny(columns=[classed("gk", "示例概况", ColumnClass.STATIC, content=True)]),
        "passed",
        "“示例概况”栏目页有正文内容。",
    ),
    Example(
        "没有任何信息",
        tiny(columns=[classed(*_OTHER)]),
        "failed",
        "“重点领域”栏目内有信息0条，要求不少于1条。",
    ),
    Example(
        "只有占位文字",
        tiny(columns=[classed(*_OTHER, placeholder=Fact("暂无信息", "content", "暂无信息"))]),
        "failed",
        "“重点领域”栏目只有占位文字“暂无信息”，信息0条，要求不少于1条。",
    ),
    Example(
        "正文里提到“建设中”的静态页不是空白",
        tiny(
            columns=[
                classed(
                    "gk",
                    "示例概况",
                    ColumnClass.STATIC,
                    content=True,
                    placeholder=Fact("建设中", "content", "建设中"),
                )
            ],
            pages=[article("gk/", "示例概况", text="示例区有多个重点项目正在建设中，" * 6)],
        ),
        "passed",
        "“示例概况”栏目页有正文内容。",
    ),
    Example(
        "占位文字做成的一行",
        tiny(columns=[classed(*_OTHER, row("栏目建设中，敬请期待"))]),
        "failed",
        "“重点领域”栏目只有占位文字“栏目建设中，敬请期待”，信息0条，要求不少于1条。",
    ),
    Example(
        "列表页未取全",
        tiny(columns=[classed(*_OTHER, coverage=BLOCKED)]),
        "cannot-tell",
        f"无法判定：{_GAP}，不能断定“重点领域”为空白栏目。",
        reason="blocked",
    ),
    Example(
        "预算用完",
        tiny(
            columns=[
                classed(
                    *_OTHER,
                    coverage=Coverage(False, 2, 1, (Gap(HOME + "zdly/index_1.html", "unvisited", "budget"),)),
                )
            ]
        ),
        "cannot-tell",
        "无法判定：应取2页，已取1页，首个缺口http://www.example.gov.cn/zdly/index_1.html（尚未访问），"
        "不能断定“重点领域”为空白栏目。",
        reason="coverage-incomplete",
    ),
    Example(
        "列表由脚本生成",
        tiny(columns=[classed(*_OTHER, script_filled=True, coverage=WALKED)]),
        "cannot-tell",
        "无法判定：“重点领域”的列表由脚本生成，尚未渲染（http://www.example.gov.cn/zdly/）。",
        reason="not-rendered",
    ),
    Example(
        "栏目页超时",
        tiny(columns=[classed(*_OTHER, outcome=FetchOutcome.TIMEOUT, coverage=BLOCKED)]),
        "cannot-tell",
        "无法判定：“重点领域”栏目页http://www.example.gov.cn/zdly/未能看到（超时）。",
        reason="fetch-failed",
    ),
    Example(
        "导航未读全时找不到栏目",
        tiny(columns=[classed(*_OTHER, url=None, coverage=BLOCKED)]),
        "cannot-tell",
        f"无法判定：未找到“重点领域”栏目，但{_GAP}，不能断定没有。",
        reason="blocked",
    ),
    Example(
        "列表没有读出来",
        tiny(
            columns=[classed(*_OTHER, coverage=WALKED)],
            page_links={HOME + "zdly/": (Link(HOME + "zdly/1.html", "关于公布重点项目清单的通知"),)},
        ),
        "cannot-tell",
        "无法判定：“重点领域”没有读出信息列表，但页面上有1个像是信息标题的链接"
        "（如“关于公布重点项目清单的通知”），请打开核对。",
        reason="needs-judgement",
        review=True,
    ),
    Example(
        "外部系统",
        tiny(columns=[classed(*_OTHER, external="http://zwfw.example.gov.cn/")]),
        "inapplicable",
        "“重点领域”指向另一系统（http://zwfw.example.gov.cn/），本项不适用。",
    ),
    Example(
        "下级栏目有信息",
        tiny(columns=[classed(*_OTHER, children_with_rows=2)]),
        "inapplicable",
        "“重点领域”是上级栏目，2个下级栏目有信息，由下级栏目分别判定。",
    ),
    Example(
        "当年情况说明",
        tiny(columns=[classed(*_OTHER, statement=_STATEMENT, statement_date=date(2026, 3, 2))]),
        "inapplicable",
        "“重点领域”已发布当年情况说明（2026-03-02）：本年度无此事项，本项不适用。",
    ),
    Example(
        "栏目未找到",
        tiny(columns=[classed(*_OTHER, url=None)]),
        "inapplicable",
        "未找到“重点领域”栏目，由“应设栏目缺失”判定，本项不适用。",
    ),
    Example(
        "栏目页不存在",
        tiny(columns=[classed(*_OTHER, outcome=FetchOutcome.GONE)]),
        "inapplicable",
        "“重点领域”栏目页不存在（页面不存在（404/410）），由“应设栏目缺失”和链接规则判定，本项不适用。",
    ),
)
