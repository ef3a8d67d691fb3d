"""Topic meta: the META tags that government pages must carry."""

from __future__ import annotations

from collections.abc import Iterator

from checks.facts import Page, PageKind
from checks.gaps import gap_reason, gap_words
from checks.outcomes import FetchOutcome
from checks.rule import Example, Params, number, rule, words
from checks.rules.freshness_columns import Subject, subjects
from checks.sampled import MESSAGES, judge_items, sampled_pages
from checks.snapshot import Snapshot
from checks.tiny import tiny
from checks.tiny_parts import BLOCKED, WALKED, article
from checks.tiny_web import classed, home, host
from checks.verdicts import Evidence, Verdict, cannot_tell, failed, inapplicable, passed
from config.district import ColumnClass

_LEGAL = (
    "国办发〔2017〕47号 政府网站发展指引 附件（页面标签：网站、栏目、内容页三类）",
    "国办秘函〔2019〕19号 政府网站检查指标 功能设计",
)
_SITE_TAGS = (
    ("SiteName", "示例区人民政府"),
    ("SiteDomain", "www.example.gov.cn"),
    ("sitecode", "x"),
    ("SiteIDCode", "3704050001"),
)
_ARTICLE_TAGS = (("ArticleTitle", "召开会议"), ("PubDate", "2026-09-01 09:00"), ("ContentSource", "区政府办"))
_COLUMN_TAGS = (
    ("ColumnName", "通知公告"), ("columndescription", "通知"), ("ColumnKeywords", "公告"), ("ColumnType", "工作动态"),
)  # fmt: skip
_NOTICES = ("tzgg", "通知公告", ColumnClass.NOTICE)


def value(page: Page, name: str) -> str:
    """Content of a META name (names are case-insensitive); `null` and blanks count as missing."""
    content = (page.meta_value(name) or "").strip()
    return "" if content.lower() in ("null", "undefined", "none") else content


class MetaSite(Params):
    size: int = number("抽查页数", unit="页", default=20, stricter="higher", ge=1)
    names: tuple[str, ...] = words("应有的网站标签", ("SiteName", "SiteDomain", "SiteIDCode"))


class MetaArticle(Params):
    size: int = number("抽查页数", unit="页", default=20, stricter="higher", ge=1)
    names: tuple[str, ...] = words("应有的内容页标签", ("ArticleTitle", "PubDate", "ContentSource"))


class MetaColumn(Params):
    names: tuple[str, ...] = words(
        "应有的栏目标签", ("ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType")
    )


def _judge(snapshot: Snapshot, size: int, names: tuple[str, ...], kinds: tuple[PageKind, ...]) -> Iterator[Verdict]:
    ids = {f"meta:{name}": name for name in names}
    pages = sampled_pages(snapshot, size, kinds)

    def read(page: Page, subject: str) -> str | None:
        found = value(page, ids[subject])
        return f'<meta name="{ids[subject]}" content="{found}">' if found else ""

    yield from judge_items(snapshot, pages, size, ids, read)


@rule(
    "meta-site-missing",
    version=1,
    title="网站标签缺失",
    topic="meta",
    logic="S",
    guard="page",
    params=MetaSite,
    absence=True,
    legal=_LEGAL,
    messages=MESSAGES,
    why="网站标签是全国政府网站信息报送和搜索归集的依据，缺失会使网站内容无法被识别。",
    fix='1. 请平台方在全站公共模板的<head>中输出<meta name="{name}">。'
    "2. SiteName填网站全称，SiteDomain填主域名，SiteIDCode填网站标识码。"
    "3. 内容不得为空或填null；改模板后重新发布全站静态页。",
    recheck="按同一抽样种子重新抽查{size}页，每页源代码中“{name}”标签均有内容。",
    examples=(
        Example(
            "标签齐全且名称不分大小写",
            tiny(pages=[home(meta=(("sitename", "示例区人民政府"),))]),
            "passed",
            "抽查1页（应抽1页），“SiteName”齐全。",
            params={"names": ("SiteName",)},
        ),
        Example(
            "内容为null视为缺失",
            tiny(pages=[home(meta=(("SiteName", "null"),)), article("a.html", "文", meta=_SITE_TAGS)]),
            "failed",
            "抽查2页（应抽2页），1页缺少“SiteName”，应为0页，如http://www.example.gov.cn/。",
            params={"names": ("SiteName",)},
        ),
        Example(
            "样本没有抽满",
            tiny(pages=[home(meta=_SITE_TAGS)], coverage=BLOCKED),
            "cannot-tell",
            "无法判定：“SiteIDCode”应抽查20页，只看到1页，未见缺少。",
            subject="meta:SiteIDCode",
            reason="sample-short",
        ),
        Example(
            "一页也没看到",
            tiny(all_hosts=(host("www.example.gov.cn", FetchOutcome.WAF),), coverage=BLOCKED),
            "cannot-tell",
            "无法判定：“SiteDomain”应抽查20页，没有一页能够读到（访问被防护系统拦截）。",
            subject="meta:SiteDomain",
            reason="blocked",
        ),
    ),
)
def meta_site_missing(snapshot: Snapshot, params: MetaSite) -> Iterator[Verdict]:
    yield from _judge(snapshot, params.size, params.names, ())


@rule(
    "meta-article-missing",
    version=1,
    title="文章标签缺失",
    topic="meta",
    logic="S",
    guard="page",
    params=MetaArticle,
    absence=True,
    legal=_LEGAL,
    messages=MESSAGES,
    why="内容页标签供搜索引擎和上级平台读取标题、时间和来源，缺失会造成漏采和误判不更新。",
    fix="1. 发布时填全“标题”“发布时间”“来源”三个字段。"
    '2. 字段已填而标签仍缺的，请平台方在文章模板<head>中输出<meta name="{name}">并重新发布。',
    recheck="按同一抽样种子重新抽查{size}篇文章，每页源代码中“{name}”标签均有内容。",
    examples=(
        Example(
            "标签齐全",
            tiny(pages=[article("a.html", "召开会议", "2026-09-01", meta=_ARTICLE_TAGS)]),
            "passed",
            "抽查1页（应抽1页），“PubDate”齐全。",
            subject="meta:PubDate",
        ),
        Example(
            "来源标签为空",
            tiny(pages=[article("a.html", "召开会议", "2026-09-01", meta=(("ContentSource", ""),))]),
            "failed",
            "抽查1页（应抽1页），1页缺少“ContentSource”，应为0页，如http://www.example.gov.cn/a.html。",
            subject="meta:ContentSource",
        ),
        Example(
            "样本没有抽满",
            tiny(pages=[article("a.html", "召开会议", "2026-09-01", meta=_ARTICLE_TAGS)], coverage=BLOCKED),
            "cannot-tell",
            "无法判定：“PubDate”应抽查20页，只看到1页，未见缺少。",
            subject="meta:PubDate",
            reason="sample-short",
        ),
        Example(
            "没有看到文章",
            tiny(coverage=BLOCKED),
            "cannot-tell",
            "无法判定：“PubDate”应抽查20页，没有一页能够读到（相关页面未全部取回）。",
            subject="meta:PubDate",
            reason="coverage-incomplete",
        ),
    ),
)
def meta_article_missing(snapshot: Snapshot, params: MetaArticle) -> Iterator[Verdict]:
    kinds = (PageKind.ARTICLE, PageKind.POLICY, PageKind.INTERPRETATION, PageKind.REPORT)
    yield from _judge(snapshot, params.size, params.names, kinds)


@rule(
    "meta-column-missing",
    version=1,
    title="栏目标签缺失",
    topic="meta",
    logic="M",
    guard="page",
    params=MetaColumn,
    absence=True,
    legal=_LEGAL,
    messages={
        "passed": "“{label}”栏目标签齐全（{count}项）。",
        "failed": "“{label}”栏目页缺少标签{lack}，应有{count}项。",
        "cannot-tell": "无法判定：“{label}”栏目页未能看到（{gap}）。",
        "inapplicable": "“{label}”没有本站栏目页，不适用。",
    },
    why="栏目标签说明栏目名称和类别，上级平台据此归类采集；缺失会使该栏目被判为未开设或不更新。",
    fix="1. 在内容管理系统打开“{label}”栏目的属性页。"
    "2. 填写栏目名称、描述、关键词和类别（类别从规定名称中选择，如政策文件、工作动态）。"
    "3. 属性已填而标签仍缺的，请平台方在栏目模板<head>中输出后重新发布。",
    recheck="重新读取“{label}”栏目页源代码，{names}各项标签均有内容。",
    examples=(
        Example(
            "标签齐全",
            tiny(columns=[classed(*_NOTICES)], pages=[article("tzgg/", kind=PageKind.LIST, meta=_COLUMN_TAGS)]),
            "passed",
            "“通知公告”栏目标签齐全（4项）。",
        ),
        Example(
            "缺少描述和关键词",
            tiny(
                columns=[classed(*_NOTICES)],
                pages=[
                    article(
                        "tzgg/", kind=PageKind.LIST, meta=(("ColumnName", "通知公告"), ("ColumnType", "工作动态"))
                    )
                ],
            ),
            "failed",
            "“通知公告”栏目页缺少标签ColumnDescription、ColumnKeywords，应有4项。",
        ),
        Example(
            "栏目页被拦截",
            tiny(columns=[classed(*_NOTICES, outcome=FetchOutcome.WAF, coverage=BLOCKED)]),
            "cannot-tell",
            "无法判定：“通知公告”栏目页未能看到（应取10页，已取7页，"
            "首个缺口http://www.example.gov.cn/zwgk/index_2.html（被网站防护系统拦截））。",
            reason="blocked",
        ),
        Example(
            "外部系统",
            tiny(columns=[classed(*_NOTICES, external="http://a.example.gov.cn/", coverage=WALKED)]),
            "inapplicable",
            "“通知公告”没有本站栏目页，不适用。",
        ),
    ),
)
def meta_column_missing(snapshot: Snapshot, params: MetaColumn) -> Iterator[Verdict]:
    for of in subjects(snapshot):
        yield of.verdict(_column(snapshot, of, params.names))


def _column(snapshot: Snapshot, of: Subject, names: tuple[str, ...]) -> Verdict:
    state = of.state
    if state.external or state.url is None or state.outcome in (FetchOutcome.GONE, FetchOutcome.SOFT_404):
        return inapplicable("")
    page = snapshot.page(state.url)
    if page is None:
        seen = state.outcome is None or state.outcome.seen
        reason = gap_reason(state.coverage) if seen or state.outcome is None else state.outcome.reason
        return cannot_tell("", reason, data={"gap": gap_words(state.coverage)})
    if page.kind is PageKind.HOME:
        return inapplicable("")
    lack = [name for name in names if not value(page, name)]
    data: dict[str, object] = {"count": len(names), "names": list(names), "lack": lack, "trail": [page.url]}
    if lack:
        return failed("", data=data, evidence=(Evidence.of(page, _head(page)),))
    return passed("", data=data, evidence=(Evidence.of(page, _head(page)),))


def _head(page: Page) -> str:
    return " ".join(f'<meta name="{n}" content="{c}">' for n, c in page.meta if n.lower().startswith("column"))
