"""Examples of the rules on 政策解读."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from checks.facts import DateFact, DateOrigin, Fact, PageKind, Pair, PairBasis
from checks.rule import Example
from checks.tiny import HOME, tiny
from checks.tiny_parts import BLOCKED, LONG_AGO, article, column, row

_FILE = "http://www.example.gov.cn/zcwj/a.html"
_TITLE = "示例区人民政府关于印发稳岗就业若干措施的通知"
_POLICY = article("zcwj/a.html", _TITLE, "2026-09-01", kind=PageKind.POLICY, docno="示政发〔2026〕3号")
_READING = article("zcjd/a.html", "《稳岗就业若干措施》政策解读", "2026-09-02", kind=PageKind.INTERPRETATION)
_COLUMN = column("zcjd", "政策解读", "interpretation")


def _pair(**more: object) -> Pair:
    values: dict[str, object] = {"policy": _FILE, "interpretation": HOME + "zcjd/a.html", "basis": PairBasis.LINK}
    return Pair(**{**values, **more})  # type: ignore[arg-type]


UNINTERPRETED = (
    Example(
        "有互链的解读",
        tiny(pages=(_POLICY, _READING), columns=(_COLUMN,), all_pairs=(_pair(),)),
        "passed",
        "“示例区人民政府关于印发稳岗就业若干措施的通知”已有解读1篇（有链接）。",
    ),
    Example(
        "过期没有解读",
        tiny(pages=(_POLICY,), columns=(_COLUMN,)),
        "failed",
        "“示例区人民政府关于印发稳岗就业若干措施的通知”2026-09-01发布，应于2026-09-04前（3个工作日内）发布解读，查遍解读栏目3页，至2026-09-30仍未找到。",
    ),
    Example(
        "解读栏目没有查全",
        tiny(pages=(_POLICY,), columns=(column("zcjd", "政策解读", "interpretation", coverage=BLOCKED),)),
        "cannot-tell",
        "“示例区人民政府关于印发稳岗就业若干措施的通知”2026-09-01发布，尚未找到解读，但解读栏目未查全（应取10页，已取7页，首个缺口http://www.example.gov.cn/zwgk/index_2.html（被网站防护系统拦截）），不能认定没有。",
        reason="blocked",
    ),
    Example(
        "只有标题相近的页面",
        tiny(
            pages=(_POLICY, _READING),
            columns=(_COLUMN,),
            all_pairs=(_pair(basis=PairBasis.FUZZY, similarity=0.8),),
        ),
        "cannot-tell",
        "“示例区人民政府关于印发稳岗就业若干措施的通知”只找到标题相近的“《稳岗就业若干措施》政策解读”（相似度0.80），请人工确认是否为其解读。",
        reason="needs-judgement",
        review=True,
    ),
    Example(
        "解读可能在微信文章里",
        tiny(
            pages=(_POLICY,),
            columns=(
                column(
                    "zcjd",
                    "政策解读",
                    "interpretation",
                    replace(row("一图看懂稳岗新政", "2026-09-02"), url="https://mp.weixin.qq.com/s/abc"),
                ),
            ),
        ),
        "cannot-tell",
        "“示例区人民政府关于印发稳岗就业若干措施的通知”2026-09-01发布，尚未找到解读；"
        "解读栏目中有1条图片、视频、嵌入或站外条目无法读取：一图看懂稳岗新政（https://mp.weixin.qq.com/s/abc）。"
        "请人工打开核对其中有无该文件的解读。",
        reason="needs-judgement",
        review=True,
    ),
    Example(
        "人事任免不要求解读",
        tiny(
            pages=(
                article(
                    "zcwj/b.html",
                    "关于某某职务任免的通知",
                    "2026-09-01",
                    kind=PageKind.POLICY,
                    docno="示政发〔2026〕4号",
                ),
            ),
            columns=(_COLUMN,),
        ),
        "inapplicable",
        "“关于某某职务任免的通知”含“任免”，属于不要求解读的文件。",
    ),
    Example(
        "只废止旧文件的决定不要求解读",
        tiny(
            pages=(
                article(
                    "zcwj/b.html",
                    "关于废止部分行政规范性文件的决定",
                    "2026-09-01",
                    kind=PageKind.POLICY,
                    docno="示政发〔2026〕4号",
                ),
            ),
            columns=(_COLUMN,),
        ),
        "inapplicable",
        "“关于废止部分行政规范性文件的决定”含“废止”，属于不要求解读的文件。",
    ),
    Example(
        "没有当年日历",
        tiny(
            pages=(replace(_POLICY, published=None, list_dates=(DateFact(date(2003, 6, 2), DateOrigin.LIST),)),),
            columns=(_COLUMN,),
            as_of=LONG_AGO,
        ),
        "cannot-tell",
        "“示例区人民政府关于印发稳岗就业若干措施的通知”2003-06-02发布，缺少2003年工作日历，无法计算解读期限。",
        reason="calendar-missing",
    ),
    Example(
        "文件没有日期",
        tiny(pages=(replace(_POLICY, published=None),), columns=(_COLUMN,)),
        "cannot-tell",
        "“示例区人民政府关于印发稳岗就业若干措施的通知”没有可读的发布日期，无法计算解读期限。",
        reason="undated",
    ),
    Example(
        "期限未到",
        tiny(
            pages=(replace(_POLICY, published=None, list_dates=(DateFact(date(2026, 9, 29), DateOrigin.LIST),)),),
            columns=(_COLUMN,),
        ),
        "inapplicable",
        "“示例区人民政府关于印发稳岗就业若干措施的通知”2026-09-29发布，解读期限2026-10-09未到。",
    ),
    Example(
        "只有解读链接",
        tiny(
            pages=(replace(_POLICY, marks=(Fact(HOME + "zcjd/x.html", "interpretation-link", "一图读懂"),)),),
            columns=(_COLUMN,),
        ),
        "cannot-tell",
        "“示例区人民政府关于印发稳岗就业若干措施的通知”的页面带有解读链接“一图读懂”，但目标页未取回或未认定为解读，请人工确认。",
        reason="needs-judgement",
    ),
    Example(
        "没有配置本区文号",
        tiny(pages=(_POLICY,), columns=(_COLUMN,), district={"public_document_series": ()}),
        "cannot-tell",
        "“示例区人民政府关于印发稳岗就业若干措施的通知”2026-09-01发布且未找到解读，未配置本区政策文件字号，是否应当解读请人工确认。",
        reason="needs-judgement",
    ),
)

UNLINKED = (
    Example(
        "两边都有链接",
        tiny(
            pages=(_POLICY, _READING),
            all_pairs=(_pair(policy_links=True, interpretation_links=True),),
        ),
        "passed",
        "“示例区人民政府关于印发稳岗就业若干措施的通知”与1篇解读已相互链接。",
    ),
    Example(
        "解读页没有链接文件",
        tiny(pages=(_POLICY, _READING), all_pairs=(_pair(policy_links=True),)),
        "failed",
        "“示例区人民政府关于印发稳岗就业若干措施的通知”与其解读未互链：解读页http://www.example.gov.cn/zcjd/a.html没有指向文件的链接。",
    ),
    Example(
        "解读页未渲染",
        tiny(
            pages=(_POLICY, replace(_READING, needs_render=True)),
            all_pairs=(_pair(policy_links=True),),
        ),
        "cannot-tell",
        "“示例区人民政府关于印发稳岗就业若干措施的通知”与其解读之一由脚本生成、尚未渲染，无法核对互链。",
        reason="not-rendered",
    ),
    Example(
        "相关链接由脚本写出",
        tiny(
            pages=(_POLICY, replace(_READING, marks=(Fact(_POLICY.url, "script-link"),))),
            all_pairs=(_pair(policy_links=True),),
        ),
        "cannot-tell",
        "“示例区人民政府关于印发稳岗就业若干措施的通知”与其解读：解读页http://www.example.gov.cn/zcjd/a.html没有指向文件的链接；"
        "但页面脚本中有对方的网址，链接可能由脚本写出，请打开核对。",
        reason="not-rendered",
    ),
    Example(
        "上级文件不在本站",
        tiny(pages=(_READING,), all_pairs=(_pair(),)),
        "inapplicable",
        "解读所对应的文件不在本网站，不检查互链。",
    ),
)
