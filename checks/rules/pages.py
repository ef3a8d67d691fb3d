"""Topic pages: sources of items, adverts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.facts import AxePage, Page, PageKind, Region, Target
from checks.gaps import gap_reason, gap_words
from checks.hosts import host_of, is_gov, under
from checks.outcomes import FetchOutcome, Outcome, Reason
from checks.rule import Example, Params, number, rule, words
from checks.rules.dates import hidden, items_of
from checks.rules.links import evidence_of, owner_of
from checks.signature import signed
from checks.snapshot import Snapshot
from checks.tiny import HOME, tiny
from checks.tiny_parts import BLOCKED, article
from checks.tiny_web import classed, home, linked
from checks.universal import FINE, NOT_MEANT, UNRENDERED, Answer, judge_pages
from checks.verdicts import Evidence, Verdict, cannot_tell, inapplicable, passed
from config.district import ColumnClass

_GAP = "应取10页，已取7页，首个缺口http://www.example.gov.cn/zwgk/index_2.html（被网站防护系统拦截）"


# Static columns whose pages are published items all the same; the others introduce organs and people.
_DATED_ROLES = ("annual-report", "system", "catalogue", "statutory")
_SERVICE_PAGE = re.compile(
    r"^(?:本站|网站|站点)?(?:地图|导航|声明|使用说明|使用帮助|版权声明|免责声明|隐私声明|关于我们|联系我们|联系方式|帮助)$"
)


class SourceMissing(Params):
    group_over: int = number("同一栏目超过多少篇时合并为一条", unit="篇", default=5, ge=1)


@rule(
    "item-source-missing",
    version=1,
    title="信息来源缺失",
    topic="pages",
    logic="U",
    guard="page",
    params=SourceMissing,
    absence=True,
    legal=("国办发〔2017〕47号 政府网站发展指引（内容页应标明信息来源，转载应注明出处）",),
    messages={
        "passed": "已核查{seen}篇信息，均标明来源或发布机构。",
        "failed": "《{title}》没有标明来源或发布机构，每篇均应标明。",
        "failed.group": "{where}有{count}篇信息没有标明来源或发布机构，应为0篇。",
        "cannot-tell": "无法判定：《{title}》由脚本生成，尚未渲染，来源未能看到。",
        "cannot-tell.group": "无法判定：{where}有{count}篇信息{why}，来源未能看到。",
        "cannot-tell.gap": "无法判定：已看到的{seen}篇均标明来源，但本单位信息未取全（{gap}）。",
        "inapplicable": "未发现应核查的信息，不适用。",
    },
    why="不写来源就不知道该由谁负责和更正，也容易误转未经核实的内容。",
    fix="1. 在内容管理系统打开所列信息，填写“来源”字段：自采写本单位全称，转载写原发布单位。"
    "2. 字段已填而页面不显示的，请平台方在文章模板标题下方输出来源。"
    "3. 在发布流程中把“来源”设为必填。",
    recheck="重新打开所列页面，标题下方能看到来源或发布机构。",
    examples=(
        Example(
            "标明来源",
            tiny(pages=[article("a.html", "召开会议", "2026-09-01", source="区政府办", owner="zfb")]),
            "passed",
            "已核查1篇信息，均标明来源或发布机构。",
            subject="zfb",
        ),
        Example(
            "来源为空",
            tiny(pages=[article("a.html", "召开会议", "2026-09-01", source="", owner="zfb")]),
            "failed",
            "《召开会议》没有标明来源或发布机构，每篇均应标明。",
            subject=HOME + "a.html",
        ),
        Example(
            "文末有署名机关",
            tiny(
                pages=[article("a.html", "招聘公示", text="现予公示。 示例区招聘领导小组 2026年9月1日", owner="zfb")]
            ),
            "passed",
            "已核查1篇信息，均标明来源或发布机构。",
            subject="zfb",
        ),
        Example(
            "文末括号内有供稿单位",
            tiny(pages=[article("a.html", "业务培训", text="培训取得实效。（示例区社保局 某某）", owner="zfb")]),
            "passed",
            "已核查1篇信息，均标明来源或发布机构。",
            subject="zfb",
        ),
        Example(
            "文末另起一行写供稿单位和人",
            tiny(pages=[article("a.html", "维权措施", text="做好回访工作。 示例区劳动争议仲裁院某某", owner="zfb")]),
            "passed",
            "已核查1篇信息，均标明来源或发布机构。",
            subject="zfb",
        ),
        Example(
            "文末括号内是图片说明",
            tiny(pages=[article("a.html", "走访慰问", text="群众满意。（副局长听取情况介绍并作记录）", owner="zfb")]),
            "failed",
            "《走访慰问》没有标明来源或发布机构，每篇均应标明。",
            subject=HOME + "a.html",
        ),
        Example(
            "同一栏目多篇合并",
            tiny(
                columns=[classed("gzdt", "工作动态", ColumnClass.DYNAMIC)],
                pages=[article(f"g/{i}.html", "文", "2026-09-01", owner="zfb", column="gzdt") for i in range(6)],
            ),
            "failed",
            "“工作动态”栏目有6篇信息没有标明来源或发布机构，应为0篇。",
            subject="gzdt",
        ),
        Example(
            "网站声明不是信息",
            tiny(pages=[article("a.html", "网站声明", "2026-09-01", source="", owner="zfb")]),
            "inapplicable",
            "未发现应核查的信息，不适用。",
            subject="zfb",
        ),
        Example(
            "处室介绍不是信息",
            tiny(
                columns=[classed("jgcs", "机关处室", ColumnClass.STATIC)],
                pages=[article("cs/a.html", "财务处", "2026-09-01", source="", owner="zfb", column="jgcs")],
            ),
            "inapplicable",
            "未发现应核查的信息，不适用。",
            subject="zfb",
        ),
        Example(
            "未渲染",
            tiny(pages=[article("a.html", "召开会议", needs_render=True, owner="zfb")]),
            "cannot-tell",
            "无法判定：《召开会议》由脚本生成，尚未渲染，来源未能看到。",
            subject=HOME + "a.html",
            reason="not-rendered",
        ),
        Example(
            "整个栏目未渲染",
            tiny(
                columns=[classed("gzdt", "工作动态", ColumnClass.DYNAMIC)],
                pages=[article(f"g/{i}.html", "文", owner="zfb", column="gzdt", needs_render=True) for i in range(6)],
            ),
            "cannot-tell",
            "无法判定：“工作动态”栏目有6篇信息页面由脚本生成，尚未渲染，来源未能看到。",
            subject="gzdt",
        ),
        Example(
            "单位信息未取全",
            tiny(pages=[article("a.html", "会议", "2026-09-01", source="区政府办", owner="zfb")], coverage=BLOCKED),
            "cannot-tell",
            f"无法判定：已看到的1篇均标明来源，但本单位信息未取全（{_GAP}）。",
            subject="zfb",
            reason="blocked",
        ),
        Example(
            "政策文件有发文机关",
            tiny(pages=[article("a.html", "示例办法", kind=PageKind.POLICY, publisher="区政府", owner="zfb")]),
            "inapplicable",
            "未发现应核查的信息，不适用。",
            subject="zfb",
        ),
    ),
)
def item_source_missing(snapshot: Snapshot, params: SourceMissing) -> Iterator[Verdict]:
    def ask(page: Page) -> Answer:
        column = snapshot.district.column(page.column) if page.column else None
        if column is not None and column.column_class is ColumnClass.STATIC and column.role not in _DATED_ROLES:
            return NOT_MEANT
        if _SERVICE_PAGE.match(page.title.value if page.title else ""):
            return NOT_MEANT
        if page.kind is PageKind.POLICY and page.publisher and page.publisher.value:
            return NOT_MEANT
        if any(fact and fact.value.strip() for fact in (page.source, page.publisher)) or signed(page):
            return FINE
        return UNRENDERED if hidden(page) else Answer(Outcome.FAILED)

    kinds = (PageKind.ARTICLE, PageKind.POLICY, PageKind.INTERPRETATION)
    yield from judge_pages(snapshot, items_of(snapshot, kinds), ask, group_over=params.group_over)


class Adverts(Params):
    hosts: tuple[str, ...] = words(
        "广告联盟和电商网站域名",
        ("pos.baidu.com", "cpro.baidu.com", "googlesyndication.com", "doubleclick.net", "tanx.com", "union.360.cn",
         "taobao.com", "tmall.com", "jd.com", "pinduoduo.com"),
    )  # fmt: skip
    phrases: tuple[str, ...] = words(
        "广告用语", ("限时抢购", "立即购买", "点击购买", "优惠券", "招商加盟", "广告位招租", "热线订购", "免费试听")
    )


@rule(
    "advert-present",
    version=1,
    title="疑似商业广告",
    topic="pages",
    logic="U",
    guard="page",
    params=Adverts,
    manual=True,
    legal=("国办发〔2017〕47号 政府网站发展指引（严禁刊登商业广告或链接商业广告页面）",),
    messages={
        "passed": "已看到的页面没有商业广告链接和浮动窗口。",
        "cannot-tell": "需核实：指向{host}的{count}个链接疑为商业广告（{why}），出现在{pages_count}个页面。",
        "cannot-tell.overlay": "需核实：{url}出现浮动窗口（{overlays}），请确认是否广告、能否关闭。",
        "cannot-tell.gap": "无法判定：已看到的页面没有商业广告，但{gap}。",
        "inapplicable": "没有读到任何链接，不适用。",
    },
    why="政府网站不得为商业机构做宣传，浮动窗口还会挡住正文。",
    fix="1. 在所列页面中找到该链接或浮动窗口，确认由谁、何时加入。"
    "2. 属商业广告的立即删除；由平台统计、分享等代码带入的，请平台方更换代码。"
    "3. 确需保留的公益浮窗，须能关闭且不遮挡正文。",
    recheck="重新读取所列页面，该链接或浮动窗口已不存在或经核实不属商业广告。",
    question="所列链接或浮窗是否属商业广告？",
    examples=(
        Example(
            "普通链接",
            tiny(pages=[home()], all_targets=(linked("http://a.example.com/", FetchOutcome.OK),)),
            "passed",
            "已看到的页面没有商业广告链接和浮动窗口。",
        ),
        Example(
            "电商链接",
            tiny(pages=[home()], all_targets=(linked("http://shop.taobao.com/x", FetchOutcome.OK),)),
            "cannot-tell",
            "需核实：指向shop.taobao.com的1个链接疑为商业广告（广告或电商网站），出现在1个页面。",
            reason="needs-judgement",
            review=True,
        ),
        Example(
            "广告用语",
            tiny(
                pages=[home()],
                all_targets=(
                    linked("http://a.example.com/", FetchOutcome.OK, text="限时抢购", region=Region.FOOTER),
                ),
            ),
            "cannot-tell",
            "需核实：指向a.example.com的1个链接疑为商业广告（文字含“限时抢购”），出现在1个页面。",
            review=True,
        ),
        Example(
            "浮动窗口",
            tiny(pages=[home()], all_axe=(AxePage(HOME, "ef" * 32, "", "home", overlays=("div.float 300×200",)),)),
            "cannot-tell",
            "需核实：http://www.example.gov.cn/出现浮动窗口（div.float 300×200），请确认是否广告、能否关闭。",
            review=True,
        ),
        Example(
            "页面未取全",
            tiny(pages=[home()], all_targets=(linked("http://a.example.com/", FetchOutcome.OK),), coverage=BLOCKED),
            "cannot-tell",
            f"无法判定：已看到的页面没有商业广告，但{_GAP}。",
            reason="blocked",
        ),
        Example("没有链接", tiny(), "inapplicable", "没有读到任何链接，不适用。"),
    ),
)
def advert_present(snapshot: Snapshot, params: Adverts) -> Iterator[Verdict]:
    signs: dict[str, tuple[str, list[Target]]] = {}
    any_link = False
    for target in snapshot.targets():
        any_link = True
        name = host_of(target.url)
        if not name or is_gov(name) or name in snapshot.district.own_hosts():
            continue
        phrase = next((p for place in target.places for p in params.phrases if p in place.text), "")
        if under(name, params.hosts):
            signs.setdefault(name, ("广告或电商网站", []))[1].append(target)
        elif phrase:
            signs.setdefault(name, (f"文字含“{phrase}”", []))[1].append(target)
    for name, (why, found) in sorted(signs.items()):
        yield _advert(snapshot, name, why, found)
    floating = [page for page in snapshot.axe() if page.mode == "normal" and page.overlays]
    for page in floating:
        data = {"url": page.url, "overlays": list(page.overlays)}
        evidence = (Evidence(page.url, page.sha256, page.fetched_at, "", "；".join(page.overlays)[:500]),)
        yield cannot_tell(
            page.url, Reason.NEEDS_JUDGEMENT, url=page.url, data=data, evidence=evidence, review=True,
            variant="cannot-tell.overlay",
        )  # fmt: skip
    if signs or floating:
        return
    coverage, subject = snapshot.site_coverage(), snapshot.district.site.main_host
    if not any_link:
        yield inapplicable(subject)
    elif coverage.complete:
        yield passed(subject)
    else:
        data = {"gap": gap_words(coverage)}
        yield cannot_tell(subject, gap_reason(coverage), data=data, variant="cannot-tell.gap")


def _advert(snapshot: Snapshot, name: str, why: str, found: list[Target]) -> Verdict:
    pages = sorted({place.url for target in found for place in target.places})
    owners = {owner_of(snapshot, target)[0] for target in found}
    return cannot_tell(
        name,
        Reason.NEEDS_JUDGEMENT,
        unit=owners.pop() if len(owners) == 1 else "",
        url=pages[0] if pages else "",
        data={"host": name, "count": len(found), "why": why, "pages": pages[:200], "pages_count": len(pages)},
        evidence=evidence_of(snapshot, tuple(place for target in found for place in target.places)),
        review=True,
    )
