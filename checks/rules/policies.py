"""政策文件库: every file carries its fields, the library is complete, and validity is kept up to date."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from checks.facts import Fact, Page, PageKind
from checks.gaps import gap_reason, search
from checks.issuers import Issuer, issuer_of
from checks.items import title_of
from checks.laws import DISTRICT_PLAN
from checks.outcomes import Reason
from checks.policyfiles import LIBRARY_ROLES, field_of, library_pages, policy_pages
from checks.rule import Example, Params, number, rule, words
from checks.snapshot import Snapshot
from checks.texts import docno
from checks.tiny import HOME, tiny
from checks.tiny_parts import BLOCKED, article, column
from checks.tiny_web import classed
from checks.verdicts import Evidence, Verdict, cannot_tell, failed, inapplicable, passed
from config.district import ColumnClass

SPARSE = 4  # missing numbers per found one above which gaps say nothing
_NO_NUMBER = ("公告", "公示", "通告", "公报", "令", "规划", "计划", "报告")


class PolicyFieldsMissing(Params):
    required: tuple[str, ...] = words(
        "必备要素", ("标题", "发文字号", "发文机关", "成文日期", "发布日期", "主题分类", "有效性")
    )
    advised: tuple[str, ...] = words("建议要素（只提示）", ("索引号", "关键词"))
    unnumbered: tuple[str, ...] = words("标题含这些词的文件不要求发文字号", _NO_NUMBER)
    grouped: int = number("同一栏目超过此数的同类问题合并为一条", unit="件", default=5, ge=1)


_ALL = {
    "发文字号": "示政发〔2026〕3号", "发文机关": "示例区人民政府", "成文日期": "2026-08-30", "发布日期": "2026-09-01",
    "主题分类": "劳动就业", "有效性": "有效", "索引号": "370000/2026-00001", "关键词": "就业",
}  # fmt: skip


def policy_file(path: str, title: str = "关于稳岗就业的通知", day: str = "2026-09-01", **fields: str) -> Page:
    header = {**_ALL, **fields}
    return article(path, title, day, kind=PageKind.POLICY, header=header, docno=header["发文字号"])


_BARE = article("zcwj/a.html", "关于稳岗就业的通知", "2026-09-01", kind=PageKind.POLICY, docno="示政发〔2026〕3号")


@rule(
    "policy-fields-missing",
    version=1,
    title="政策文件要素不全",
    topic="policies",
    logic="U",
    guard="page",
    params=PolicyFieldsMissing,
    absence=True,
    legal=("国办公开办函〔2019〕61号 政府信息公开平台规范", f"{DISTRICT_PLAN}：文件要素完整、格式统一"),
    messages={
        "passed": "“{title}”{count}项必备要素齐全。",
        "failed": "“{title}”缺少要素：{lacking}（应有{required}项，已有{count}项）。",
        "twin": "文号{number}用在两份不同文件上：“{title}”与“{other}”。",
        "grouped": "栏目内有{pages_count}份文件缺少同样的要素：{lacking}，如“{title}”。",
        "cannot-tell.not-rendered": "“{title}”的内容由脚本生成、尚未渲染，无法核对要素。",
        "unsure": "有{pages_count}份文件缺少{lacking}，且没有写明本区文号或发文机关，如“{title}”，"
        "是否本级文件请人工确认。",
        "inapplicable": "“{title}”是转载的上级或其他机关文件，不按本级文件核对要素。",
        "mark": "“{title}”的“有效性”一栏没有文字，可能用图标或脚本显示，渲染后再核对。",
    },
    why="文号、有效性等要素是群众判断文件能不能用的依据，也是上级文件库汇集的依据。",
    fix="1. 打开该文件的后台编辑页。\n2. 在属性栏补录缺少的要素：{lacking}。"
    "\n3. 发文字号按“示政发〔2026〕1号”的写法填写。\n"
    "4. 保存后在前台核对表头。",
    recheck="文件页表头能读到全部必备要素，且一个文号只用于一份文件",
    examples=(
        Example(
            "要素齐全", tiny(pages=(policy_file("zcwj/a.html"),)), "passed", "“关于稳岗就业的通知”7项必备要素齐全。"
        ),
        Example(
            "没有表头",
            tiny(pages=(_BARE,)),
            "failed",
            "“关于稳岗就业的通知”缺少要素：发文机关、成文日期、主题分类、有效性（应有7项，已有3项）。",
        ),
        Example(
            "页面未渲染",
            tiny(pages=(replace(_BARE, needs_render=True),)),
            "cannot-tell",
            "“关于稳岗就业的通知”的内容由脚本生成、尚未渲染，无法核对要素。",
            reason="not-rendered",
        ),
        Example(
            "有效性用图标显示",
            tiny(pages=(policy_file("zcwj/a.html", 有效性=""),)),
            "cannot-tell",
            "“关于稳岗就业的通知”的“有效性”一栏没有文字，可能用图标或脚本显示，渲染后再核对。",
            reason="not-rendered",
        ),
        Example(
            "转载上级文件",
            tiny(
                pages=(
                    replace(
                        _BARE, title=Fact("工伤保险条例", "h1"), column="zcwj", docno=Fact("国发〔2010〕1号", "docno")
                    ),
                ),
                columns=(column("zcwj", "政策文件", "policy-library"),),
            ),
            "inapplicable",
            "“工伤保险条例”是转载的上级或其他机关文件，不按本级文件核对要素。",
            subject=HOME + "zcwj/a.html",
        ),
        Example(
            "分不清是不是本级文件",
            tiny(
                pages=(replace(_BARE, title=Fact("公务员考试违规处理办法", "h1"), column="zcfg", docno=None),),
                columns=(classed("zcfg", "政策法规", ColumnClass.POLICY),),
            ),
            "cannot-tell",
            "有1份文件缺少发文字号、发文机关、成文日期、主题分类、有效性，且没有写明本区文号或发文机关，"
            "如“公务员考试违规处理办法”，是否本级文件请人工确认。",
            reason="needs-judgement",
            review=True,
        ),
        Example(
            "两份文件用同一文号",
            tiny(pages=(policy_file("zcwj/a.html"), policy_file("zcwj/b.html", "关于防汛工作的通知"))),
            "failed",
            "文号示政发〔2026〕3号用在两份不同文件上：“关于防汛工作的通知”与“关于稳岗就业的通知”。",
            subject=HOME + "zcwj/b.html",
        ),
        Example(
            "同一栏目多份缺要素",
            tiny(
                pages=tuple(
                    replace(
                        _BARE, url=f"{HOME}zcwj/{n}.html", column="zcwj", docno=Fact(f"示政发〔2026〕{n}号", "docno")
                    )
                    for n in range(1, 8)
                )
            ),
            "failed",
            "栏目内有7份文件缺少同样的要素：发文机关、成文日期、主题分类、有效性，如“关于稳岗就业的通知”。",
        ),
    ),
)
def policy_fields_missing(snapshot: Snapshot, params: PolicyFieldsMissing) -> Iterator[Verdict]:
    first: dict[tuple[str, int, int], Page] = {}
    faulty: dict[tuple[str, str, tuple[str, ...]], list[Page]] = defaultdict(list)
    unsure: dict[tuple[str, str, tuple[str, ...]], list[Page]] = defaultdict(list)
    libraries = {c.column_id for c in snapshot.district.columns if c.role in LIBRARY_ROLES}
    for page in library_pages(snapshot):
        at: dict[str, Any] = {"unit": page.owner, "column": page.column, "url": page.url}
        title = title_of(page)
        issuer = issuer_of(page, snapshot.district)
        if issuer is Issuer.HIGHER:
            yield inapplicable(page.url, data={"title": title}, evidence=(Evidence.of(page),), **at)
            continue
        if page.needs_render:
            yield cannot_tell(
                page.url, Reason.NOT_RENDERED, data={"title": title}, evidence=(Evidence.of(page),), **at
            )
            continue
        data: dict[str, Any]
        lacking = _lacking(page, params)
        number_read = docno(page.docno.value) if page.docno else None
        twin = first.setdefault(number_read, page) if number_read else page
        if lacking == ("有效性",) and page.header_field("有效性") is not None and not page.rendered:
            yield cannot_tell(
                page.url,
                Reason.NOT_RENDERED,
                data={"title": title},
                evidence=(Evidence.of(page),),
                variant="mark",
                **at,
            )
        elif lacking:
            known = issuer is Issuer.OWN or page.column in libraries
            (faulty if known else unsure)[page.owner, page.column, lacking].append(page)
        elif twin is not page and title_of(twin) != title and number_read:
            data = {"title": title, "other": title_of(twin), "number": page.docno.value if page.docno else ""}
            both = (Evidence.of(page), Evidence.of(twin))
            yield failed(page.url, data=data, variant="twin", evidence=both, **at)
        else:
            hints = [n for n in params.advised if field_of(page, n) is None]
            data = {"title": title, "count": len(params.required), "advised": hints}
            yield passed(page.url, data=data, evidence=(Evidence.of(page),), **at)
    for (owner, place, lacking), pages in sorted(faulty.items()):
        yield from _field_failures(owner, place, lacking, pages, params)
    for (owner, place, lacking), pages in sorted(unsure.items()):
        yield cannot_tell(
            f"{place or 'files'}/{'+'.join(n[:4] for n in lacking)}", Reason.NEEDS_JUDGEMENT, unit=owner,
            column=place, url=pages[0].url, review=True, variant="unsure",
            data={
                "lacking": list(lacking), "title": title_of(pages[0]), "pages_count": len(pages),
                "pages": [p.url for p in pages],
            },
            evidence=tuple(Evidence.of(p) for p in pages[:10]),
        )  # fmt: skip


def _lacking(page: Page, params: PolicyFieldsMissing) -> tuple[str, ...]:
    names = []
    for name in params.required:
        fact = field_of(page, name)
        if name == "发文字号" and fact is None and any(w in title_of(page) for w in params.unnumbered):
            continue
        if fact is None:
            names.append(name)
        elif name == "发文字号" and docno(fact.value) is None and "号" not in fact.value:
            names.append(f"发文字号（“{fact.value[:20]}”不是规范文号）")
    return tuple(names)


def _field_failures(
    owner: str, column: str, lacking: tuple[str, ...], pages: list[Page], params: PolicyFieldsMissing
) -> Iterator[Verdict]:
    required = len(params.required)
    data: dict[str, Any] = {"lacking": list(lacking), "required": required, "count": required - len(lacking)}
    if column and len(pages) > params.grouped:
        more = {**data, "title": title_of(pages[0]), "pages": [p.url for p in pages], "pages_count": len(pages)}
        proof = tuple(Evidence.of(p) for p in pages[:10])
        subject = f"{column}/{'+'.join(n[:4] for n in lacking)}"
        yield failed(
            subject, unit=owner, column=column, url=pages[0].url, data=more, variant="grouped", evidence=proof
        )
        return
    for page in pages:
        quote = "；".join(f.quote for f in page.header)[:300] or "未见表头"
        yield failed(
            page.url, unit=owner, column=column, url=page.url, data={**data, "title": title_of(page)},
            evidence=(Evidence.of(page, quote),),
        )  # fmt: skip


class PolicyLibraryIncomplete(Params):
    registered: tuple[str, ...] = words("发文登记簿中应上网公开的文号；空表示没有登记簿", ())
    years: int = number("检查最近几年的文号", unit="年", default=2, stricter="higher", ge=1)


@rule(
    "policy-library-incomplete",
    version=1,
    title="文件库收录不全",
    topic="policies",
    logic="M",
    guard="reg",
    params=PolicyLibraryIncomplete,
    absence=True,
    legal=(f"{DISTRICT_PLAN}：全面汇集现行有效文件并与省政府文件库同步", "条例第二十条第一项"),
    messages={
        "passed": "登记的{number}已收录在网站文件库。",
        "failed": "登记的{number}应当上网公开，全站查找（已取{fetched}页）未见该文件。",
        "gap": "登记的{number}尚未找到，但网站未查全（{gap}），不能认定未收录。",
        "series": "没有发文登记簿可对照；{series}{year}年网站收录{found}份，编号最大{top}，缺{count}个编号："
        "{holes}，请核对是否应公开。",
        "sparse": "没有发文登记簿可对照；{series}{year}年网站收录{found}份，编号最大{top}，多数编号不在网站上，"
        "无法用缺号判断，请对照登记簿核对。",
        "cannot-tell.register-missing": "没有发文登记簿可对照；{series}{year}年网站收录{found}份，"
        "1至{top}号连续，之后有无文件无法核对。",
        "inapplicable": "网站上没有读到本区文号的文件，也没有提供发文登记簿。",
    },
    why="漏收的文件等于没有公开；对照登记簿和连号检查能发现漏收。",
    fix="1. 请政府办调出发文登记簿，对照缺号清单逐份核对。\n2. 应公开未公开的，补录到文件库。"
    "\n3. 依法不公开的，在登记簿中注明理由。",
    recheck="登记簿中应公开的每个文号都能在网站上找到对应文件页",
    question="清单中的缺号是否都属于依法不公开或未使用的文号？",
    examples=(
        Example(
            "登记的文件已收录",
            tiny(pages=(policy_file("zcwj/a.html"),)),
            "passed",
            "登记的示政发〔2026〕3号已收录在网站文件库。",
            params={"registered": ("示政发〔2026〕3号",)},
        ),
        Example(
            "登记的文件找不到",
            tiny(),
            "failed",
            "登记的示政发〔2026〕5号应当上网公开，全站查找（已取10页）未见该文件。",
            params={"registered": ("示政发〔2026〕5号",)},
        ),
        Example(
            "网站没有查全",
            tiny(coverage=BLOCKED),
            "cannot-tell",
            "登记的示政发〔2026〕5号尚未找到，但网站未查全（应取10页，已取7页，首个缺口http://www.example.gov.cn/zwgk/index_2.html（被网站防护系统拦截）），不能认定未收录。",
            params={"registered": ("示政发〔2026〕5号",)},
            reason="blocked",
        ),
        Example(
            "没有登记簿，只列缺号",
            tiny(pages=(policy_file("zcwj/a.html"),)),
            "cannot-tell",
            "没有发文登记簿可对照；示政发2026年网站收录1份，编号最大3，缺2个编号：1–2，请核对是否应公开。",
            reason="register-missing",
        ),
        Example("没有本区文号的文件", tiny(), "inapplicable", "网站上没有读到本区文号的文件，也没有提供发文登记簿。"),
    ),
)
def policy_library_incomplete(snapshot: Snapshot, params: PolicyLibraryIncomplete) -> Iterator[Verdict]:
    known: dict[tuple[str, int, int], Page] = {}
    for page in policy_pages(snapshot):
        read = docno(page.docno.value) if page.docno else None
        if read is not None:
            known.setdefault(read, page)
    if params.registered:
        yield from _against_register(snapshot, params.registered, known)
        return
    since = snapshot.today.year - params.years + 1
    series: dict[tuple[str, int], set[int]] = defaultdict(set)
    for name, year, position in known:
        if name in snapshot.district.public_document_series and year >= since:
            series[name, year].add(position)
    if not series:
        yield inapplicable("policy-library")
    for (name, year), found in sorted(series.items()):
        lost = [n for n in range(1, max(found)) if n not in found]
        holes = _ranges(lost)
        data: dict[str, Any] = {"series": name, "year": year, "found": len(found), "top": max(found)}
        data |= {"holes": holes[:60], "count": len(lost)}
        yield cannot_tell(
            f"{name}/{year}", Reason.REGISTER_MISSING, data=data, variant=_gaps_say(len(found), len(lost)),
            evidence=tuple(Evidence.of(known[name, year, n]) for n in sorted(found)[-3:]),
        )  # fmt: skip


def _gaps_say(found: int, lost: int) -> str:
    """Which message fits: where most numbers are missing, the site never meant to carry the whole series."""
    if not lost:
        return ""
    return "sparse" if lost > SPARSE * found else "series"


def _ranges(numbers: list[int]) -> list[str]:
    """Ascending numbers as words, neighbours joined: 1–3, 5."""
    words: list[str] = []
    start = 0
    for position, value in enumerate(numbers):
        if position + 1 == len(numbers) or numbers[position + 1] != value + 1:
            first = numbers[start]
            words.append(str(value) if first == value else f"{first}–{value}")
            start = position + 1
    return words


def _against_register(
    snapshot: Snapshot, registered: tuple[str, ...], known: dict[tuple[str, int, int], Page]
) -> Iterator[Verdict]:
    coverage = snapshot.site_coverage()
    for entry in registered:
        read = docno(entry)
        page = known.get(read) if read else None
        data = {"number": entry, **search(coverage)}
        if page is not None:
            yield passed(entry, unit=page.owner, url=page.url, data=data, evidence=(Evidence.of(page),))
        elif coverage.complete:
            yield failed(entry, data=data)
        else:
            yield cannot_tell(entry, gap_reason(coverage), data=data, variant="gap")
