"""Topic identity: the marks by which a reader knows an official site."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checks import same
from checks.facts import Fact, Identity, Link, Page, Region
from checks.outcomes import FetchOutcome, Outcome, Reason
from checks.rule import Example, Params, number, rule, words
from checks.sampled import MESSAGES, judge_items, with_reserve
from checks.snapshot import Snapshot
from checks.tiny import HOME, tiny
from checks.tiny_parts import BLOCKED
from checks.tiny_web import home, host
from checks.verdicts import Verdict

ITEMS = {
    "identity:site-name": ("网站名称", "site_name"),
    "identity:party-mark": ("党政机关网站标识", "party_mark"),
    "identity:error-report": ("我为政府网站找错入口", "error_report"),
    "identity:site-code": ("网站标识码", "site_code"),
    "identity:icp": ("ICP备案编号", "icp"),
    "identity:police": ("公安备案标识", "police"),
    "identity:sponsor": ("主办单位", "sponsor"),
    "identity:contact": ("联系方式", "contact"),
}
_OF_FOOT = ("icp", "police", "site_code", "sponsor", "contact")
_FULL = Identity(**{name: Fact("有", "footer", "页脚") for _, name in ITEMS.values()})
_BARE = Identity(icp=Fact("鲁ICP备00000000号", "footer", "鲁ICP备00000000号"))


class IdentityParams(Params):
    size: int = number("抽查页数", unit="页", default=20, stricter="higher", ge=1)
    items: tuple[str, ...] = words("应有的标识", tuple(ITEMS))


@rule(
    "identity-item-missing",
    version=1,
    title="网站标识信息不全",
    topic="identity",
    logic="S",
    guard="page",
    params=IdentityParams,
    absence=True,
    legal=(
        "国办发〔2017〕47号 政府网站发展指引（页脚标明党政机关标识、找错、标识码、备案、主办单位、联系方式）",
        "国办秘函〔2019〕19号 政府网站检查指标 功能设计（网站标识、找错入口）",
    ),
    messages={
        **MESSAGES,
        "cannot-tell.picture": "需核实：抽查的{size}页没有读到文字形式的“{name}”，页眉另有图片，"
        "请打开{example}看图片上有没有。",
    },
    why="这些标识证明网站是真的政府网站，并让群众能找到主办单位和纠错渠道；模板缺一处，所有页面都缺。",
    fix="1. 请平台方打开全站页眉、页脚公共模板，补上“{name}”。"
    "2. 图片类标识（党政机关标识、找错、公安备案）须使用官方代码并可点击。"
    "3. 修改模板后重新发布全站静态页，抽查首页、栏目页、文章页各一页。",
    recheck="按同一抽样种子重新抽查{size}页，每页页眉或页脚均能读到“{name}”。",
    examples=(
        Example(
            "标识齐全",
            tiny(pages=[home(identity=_FULL)]),
            "passed",
            "抽查1页（应抽1页），“网站标识码”齐全。",
            subject="identity:site-code",
        ),
        Example(
            "缺少公安备案",
            tiny(pages=[home(identity=_BARE)]),
            "failed",
            "抽查1页（应抽1页），1页缺少“公安备案标识”，应为0页，如http://www.example.gov.cn/。",
            subject="identity:police",
        ),
        Example(
            "页脚在框架页中未读到",
            tiny(
                pages=[home(identity=_BARE)],
                page_links={HOME: (Link(HOME + "foot.html", "", Region.FOOTER, "frame"),)},
            ),
            "cannot-tell",
            "无法判定：“公安备案标识”应抽查1页，没有一页能够读到（页面由脚本生成，尚未渲染）。",
            subject="identity:police",
            reason="not-rendered",
        ),
        Example(
            "页脚由脚本文件写出",
            tiny(pages=[home(marks=(Fact("http://www.example.gov.cn/js/common.js", "body-script"),))]),
            "cannot-tell",
            "无法判定：“公安备案标识”应抽查1页，没有一页能够读到（页面由脚本生成，尚未渲染）。",
            subject="identity:police",
            reason="not-rendered",
        ),
        Example(
            "网站名称可能在页眉图片上",
            tiny(
                pages=[home(identity=_BARE)],
                page_links={HOME: (Link(HOME + "logo.png", "", Region.HEADER, "image"),)},
            ),
            "cannot-tell",
            "需核实：抽查的1页没有读到文字形式的“网站名称”，页眉另有图片，请打开http://www.example.gov.cn/看图片上有没有。",
            subject="identity:site-name",
            reason="needs-judgement",
            review=True,
        ),
        Example(
            "样本没有抽满",
            tiny(pages=[home(identity=_FULL)], coverage=BLOCKED),
            "cannot-tell",
            "无法判定：“网站标识码”应抽查20页，只看到1页，未见缺少。",
            subject="identity:site-code",
            reason="sample-short",
        ),
        Example(
            "网站被拦截",
            tiny(all_hosts=(host("www.example.gov.cn", FetchOutcome.WAF),), coverage=BLOCKED),
            "cannot-tell",
            "无法判定：“ICP备案编号”应抽查20页，没有一页能够读到（访问被防护系统拦截）。",
            subject="identity:icp",
            reason="blocked",
        ),
    ),
)
def identity_item_missing(snapshot: Snapshot, params: IdentityParams) -> Iterator[Verdict]:
    pages = with_reserve(snapshot, params.size)
    names = {item: ITEMS[item][0] for item in params.items if item in ITEMS}
    banners = [page.url for page in pages if not page.identity.site_name and _banner(snapshot, page)]
    framed = {page.url for page in pages if _footer_elsewhere(snapshot, page)}

    def read(page: Page, subject: str) -> str | None:
        fact: Fact | None = getattr(page.identity, ITEMS[subject][1])
        if fact and fact.value:
            return fact.quote or fact.value
        unread = (page.needs_render and not page.rendered) or page.url in framed
        pictured = subject == "identity:site-name" and page.url in banners
        return None if unread or pictured else ""

    for verdict in judge_items(snapshot, pages, params.size, names, read):
        open_name = verdict.subject == "identity:site-name" and verdict.outcome is Outcome.CANNOT_TELL and banners
        yield replace(_pictured(verdict, banners) if open_name else verdict, fact=same.site_item(verdict.subject))


def _pictured(verdict: Verdict, banners: list[str]) -> Verdict:
    """The name may be painted on the banner: a question for a person, not a fault."""
    return replace(
        verdict, reason=Reason.NEEDS_JUDGEMENT, review=True, url=banners[0], variant="cannot-tell.picture",
        data={**verdict.data, "example": banners[0], "pages": banners},
    )  # fmt: skip


def _banner(snapshot: Snapshot, page: Page) -> bool:
    """A picture without words stands in the header."""
    return any(
        link.kind == "image" and link.region is Region.HEADER and not link.text for link in snapshot.links(page.url)
    )


def _footer_elsewhere(snapshot: Snapshot, page: Page) -> bool:
    """The footer stands in a frame or is written by a script: what this page lacks may be there."""
    footless = all(getattr(page.identity, name) is None for name in _OF_FOOT)
    written = page.marks_of("footer-frame") or (footless and page.marks_of("body-script"))
    if written and not page.rendered:
        return True
    return any(link.kind == "frame" and link.region is Region.FOOTER for link in snapshot.links(page.url))
