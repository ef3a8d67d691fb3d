"""Topic meta: tags that contradict the page they stand on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher

from checks.facts import Fact, Identity, Page, PageKind
from checks.outcomes import FetchOutcome, Reason
from checks.rule import Example, Params, number, rule, words
from checks.rules.meta import value
from checks.sampled import sampled_pages, unseen_reason
from checks.snapshot import Snapshot
from checks.texts import days_in, fold
from checks.tiny import tiny
from checks.tiny_parts import BLOCKED, article
from checks.tiny_web import home, host
from checks.verdicts import Evidence, Verdict, cannot_tell, failed, passed

_TYPES = (
    "首页", "概况信息", "机构职能", "负责人信息", "工作动态", "政策文件", "信息公开指南", "信息公开目录",
    "信息公开年报", "依申请公开", "数据发布", "数据开放", "政策解读", "回应关切", "办事服务", "咨询投诉",
    "征集调查", "在线访谈", "信息公开制度", "法定主动公开内容", "通知公告", "热点专题",
    "重点领域", "公示公告", "人事信息", "财政信息",
)  # fmt: skip
_CODE = re.compile(r"^(bm\d{8}|\d{10})$", re.IGNORECASE)


class MetaMismatch(Params):
    size: int = number("抽查页数", unit="页", default=20, stricter="higher", ge=1)
    title_likeness: float = number(
        "ArticleTitle与页面标题的最低相似度", unit="（0至1）", default=0.9, stricter="higher", ge=0, le=1
    )
    column_types: tuple[str, ...] = words("规定的栏目类别（ColumnType）", _TYPES)


Check = Callable[[Snapshot, Page, MetaMismatch], "tuple[bool, str] | None"]


def _domain(snapshot: Snapshot, page: Page, params: MetaMismatch) -> tuple[bool, str] | None:
    tag = value(page, "SiteDomain").lower().removeprefix("http://").removeprefix("https://").strip("/")
    if not tag:
        return None
    main = snapshot.district.site.main_host
    return tag in snapshot.district.own_hosts() or tag == main, f"SiteDomain为“{tag}”，主域名为{main}"


def _code(snapshot: Snapshot, page: Page, params: MetaMismatch) -> tuple[bool, str] | None:
    tag = value(page, "SiteIDCode")
    if not tag:
        return None
    if not _CODE.match(tag):
        return False, f"SiteIDCode为“{tag}”，应为10位数字或bm加8位数字"
    footer = page.identity.site_code
    if footer is None:
        return None
    return tag.lower() == footer.value.lower(), f"SiteIDCode为“{tag}”，页脚标识码为“{footer.value}”"


def _title(snapshot: Snapshot, page: Page, params: MetaMismatch) -> tuple[bool, str] | None:
    tag = value(page, "ArticleTitle")
    if not tag or page.title is None:
        return None
    a, b = fold(tag), fold(page.title.value)
    like = SequenceMatcher(None, a, b, autojunk=False).ratio()
    return like >= params.title_likeness, (
        f"ArticleTitle为“{tag}”，页面标题为“{page.title.value}”，相似度{like:.2f}，要求不低于{params.title_likeness}"
    )


def _day(snapshot: Snapshot, page: Page, params: MetaMismatch) -> tuple[bool, str] | None:
    tag = value(page, "PubDate").replace("——", "-").replace("—", "-")
    day = next(days_in(tag), None)
    if day is None or page.published is None:
        return None
    return day == page.published.value, f"PubDate为“{tag}”，页面显示{page.published.value}"


def _tags(snapshot: Snapshot, page: Page, params: MetaMismatch) -> tuple[bool, str] | None:
    tags = [value(page, n) for n in ("ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType")]
    if not all(tags):
        return None
    return len(set(tags)) > 1, f"四个栏目标签内容相同，均为“{tags[0]}”"


def _type(snapshot: Snapshot, page: Page, params: MetaMismatch) -> tuple[bool, str] | None:
    tag = value(page, "ColumnType")
    if not tag:
        return None
    unknown = [t for t in re.split(r"[,，、;；\s]+", tag) if t and t not in params.column_types]
    return not unknown, f"ColumnType为“{tag}”，不在规定的栏目类别中"


def _known(snapshot: Snapshot) -> bool:
    """The site's main host is borne out by what was seen; of one page alone it is only its own address."""
    return snapshot.home() is not None or snapshot.site_coverage().complete


_CHECKS: dict[str, tuple[str, Check]] = {
    "meta:SiteDomain": ("SiteDomain与主域名", _domain),
    "meta:SiteIDCode": ("SiteIDCode与页脚标识码", _code),
    "meta:ArticleTitle": ("ArticleTitle与页面标题", _title),
    "meta:PubDate": ("PubDate与页面日期", _day),
    "meta:ColumnTags": ("四个栏目标签", _tags),
    "meta:ColumnType": ("ColumnType与规定类别", _type),
}
_KINDS = {
    "meta:ArticleTitle": (PageKind.ARTICLE, PageKind.POLICY, PageKind.INTERPRETATION),
    "meta:PubDate": (PageKind.ARTICLE, PageKind.POLICY, PageKind.INTERPRETATION),
    "meta:ColumnTags": (PageKind.LIST, PageKind.PLATFORM),
    "meta:ColumnType": (PageKind.LIST, PageKind.PLATFORM),
}


def _shown(day: str, **meta: str) -> Page:
    return article("a.html", "召开会议", day, meta=tuple(meta.items()))


def _coded(tag: str, footer: str) -> Page:
    return home(meta=(("SiteIDCode", tag),), identity=Identity(site_code=Fact(footer, "footer", f"标识码：{footer}")))


@rule(
    "meta-mismatch",
    version=1,
    title="标签与页面不一致",
    topic="meta",
    logic="M",
    guard="page",
    params=MetaMismatch,
    legal=("国办发〔2017〕47号 政府网站发展指引 附件（页面标签内容应与页面一致）",),
    messages={
        "passed": "抽查{seen}页，{name}一致。",
        "failed": "抽查{seen}页，{count}页{name}不一致，应为0页：{example}（{url}）。",
        "cannot-tell": "无法判定：抽查{size}页，没有可供比对{name}的页面。",
        "cannot-tell.lone": "无法判定：只看到1页，主域名按所查网址认定，未经网站首页印证；{example}（{url}）。",
    },
    why="标签写错会使上级平台采到错误的标题、日期和网站名称，照搬其他网站的标签还会被误认成别的网站。",
    fix="1. 打开{url}，对照“{example}”查出填错的一方。"
    "2. 文章标题、日期填错的，在内容管理系统改正对应字段后重新发布。"
    "3. 网站和栏目标签填错的，请平台方修改模板或栏目属性。",
    recheck="按同一抽样种子重新抽查，{name}一致。",
    examples=(
        Example(
            "日期一致",
            tiny(pages=[_shown("2026-09-01", PubDate="2026-09-01 09:00")]),
            "passed",
            "抽查1页，PubDate与页面日期一致。",
            subject="meta:PubDate",
        ),
        Example(
            "日期中的破折号也接受",
            tiny(pages=[_shown("2026-09-01", PubDate="2026—09—01 09:00")]),
            "passed",
            "抽查1页，PubDate与页面日期一致。",
            subject="meta:PubDate",
        ),
        Example(
            "日期不一致",
            tiny(pages=[_shown("2026-09-01", PubDate="2026-08-01 09:00")]),
            "failed",
            "抽查1页，1页PubDate与页面日期不一致，应为0页：PubDate为“2026-08-01 09:00”，页面显示2026-09-01"
            "（http://www.example.gov.cn/a.html）。",
            subject="meta:PubDate",
        ),
        Example(
            "照搬其他网站的域名",
            tiny(pages=[home(meta=(("SiteDomain", "www.other.gov.cn"),))]),
            "failed",
            "抽查1页，1页SiteDomain与主域名不一致，应为0页：SiteDomain为“www.other.gov.cn”，主域名为www.example.gov.cn"
            "（http://www.example.gov.cn/）。",
            subject="meta:SiteDomain",
        ),
        Example(
            "只看到一个内页",
            tiny(pages=[article("a.html", "会议", meta=(("SiteDomain", "www.other.gov.cn"),))], coverage=BLOCKED),
            "cannot-tell",
            "无法判定：只看到1页，主域名按所查网址认定，未经网站首页印证；SiteDomain为“www.other.gov.cn”，"
            "主域名为www.example.gov.cn（http://www.example.gov.cn/a.html）。",
            subject="meta:SiteDomain",
            reason="sample-short",
        ),
        Example(
            "标识码格式不对",
            tiny(pages=[_coded("37040500", "3704050001")]),
            "failed",
            "抽查1页，1页SiteIDCode与页脚标识码不一致，应为0页：SiteIDCode为“37040500”，应为10位数字或bm加8位数字"
            "（http://www.example.gov.cn/）。",
            subject="meta:SiteIDCode",
        ),
        Example(
            "标识码与页脚一致",
            tiny(pages=[_coded("3704050001", "3704050001")]),
            "passed",
            "抽查1页，SiteIDCode与页脚标识码一致。",
            subject="meta:SiteIDCode",
        ),
        Example(
            "没有可比对的页面",
            tiny(pages=[home()], coverage=BLOCKED),
            "cannot-tell",
            "无法判定：抽查1页，没有可供比对SiteDomain与主域名的页面。",
            subject="meta:SiteDomain",
            reason="sample-short",
        ),
        Example(
            "网站被拦截",
            tiny(all_hosts=(host("www.example.gov.cn", FetchOutcome.WAF),)),
            "cannot-tell",
            "无法判定：抽查0页，没有可供比对PubDate与页面日期的页面。",
            subject="meta:PubDate",
            reason="blocked",
        ),
    ),
)
def meta_mismatch(snapshot: Snapshot, params: MetaMismatch) -> Iterator[Verdict]:
    samples: dict[tuple[PageKind, ...], tuple[Page, ...]] = {}
    for subject, (name, check) in _CHECKS.items():
        kinds = _KINDS.get(subject, ())
        if kinds not in samples:
            samples[kinds] = sampled_pages(snapshot, params.size, kinds)
        pages = samples[kinds]
        told = [(page, answer) for page in pages if (answer := check(snapshot, page, params)) is not None]
        bad = [(page, words_) for page, (fine, words_) in told if not fine]
        data: dict[str, object] = {
            "name": name, "seen": len(told), "size": len(pages), "seed": snapshot.district.browser.seed,
            "count": len(bad), "pages": [p.url for p, _ in bad], "trail": [p.url for p, _ in told],
        }  # fmt: skip
        if bad:
            page, example = bad[0]
            data |= {"example": example, "url": page.url}
            if subject == "meta:SiteDomain" and len(pages) == 1 and not _known(snapshot):
                at = {"url": page.url, "data": data, "evidence": (Evidence.of(page, example),)}
                yield cannot_tell(subject, Reason.SAMPLE_SHORT, variant="cannot-tell.lone", **at)
                continue
            evidence = tuple(Evidence.of(p, quote) for p, quote in bad[:5])
            yield failed(subject, url=page.url, data=data, evidence=evidence)
        elif told:
            yield passed(subject, data=data, evidence=(Evidence.of(told[0][0], told[0][1][1]),))
        else:
            yield cannot_tell(
                subject, Reason.SAMPLE_SHORT if pages else unseen_reason(snapshot), data=data, variant="cannot-tell"
            )
