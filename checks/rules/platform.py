"""Topic platform: the 政府信息公开 column, its four parts and its tools (61号)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from checks import same
from checks.facts import ColumnState, Coverage, Link
from checks.gaps import gap_reason, search
from checks.items import title_of
from checks.outcomes import Reason
from checks.rule import Example, Params, rule, words
from checks.rules.freshness_columns import subjects
from checks.rules.platform_pages import with_role
from checks.snapshot import Snapshot
from checks.texts import fold
from checks.tiny import HOME, tiny
from checks.tiny_parts import BLOCKED, article, column
from checks.tiny_web import home
from checks.verdicts import Evidence, Verdict, cannot_tell, failed, inapplicable, passed

_PARTS = {
    "platform:entry": "政府信息公开|信息公开专栏|信息公开平台|信息公开",
    "platform:guide": "政府信息公开指南|信息公开指南|公开指南",
    "platform:system": "政府信息公开制度|信息公开制度|公开制度",
    "platform:statutory": "法定主动公开内容|主动公开内容|信息公开目录|公开目录",
    "platform:annual-report": "政府信息公开年报|政府信息公开年度报告|政府信息公开工作年度报告|信息公开年报|年度报告",
}
_ROLES = {"platform:entry": "disclosure"}  # the others are named as the roles of columns
OWNER_NAME = 14  # characters of an office's name before the label: 某某自治县人民政府办公室
_PAGE_WORDS = ("专栏", "平台", "栏目", "网", "页", "列表", "汇编", "目录", "规定", "查询", "下载")
_TOOLS = {"platform:search": "检索", "platform:read": "查阅", "platform:download": "下载"}
_GAP = "应取10页，已取7页，首个缺口http://www.example.gov.cn/zwgk/index_2.html（被网站防护系统拦截）"


class PlatformParts(Params):
    parts: tuple[str, ...] = words(
        "入口和四个部分（竖线分隔，首个为规定名称，其余为不规范名称）", tuple(_PARTS.values())
    )
    tools: tuple[str, ...] = words("专栏应提供的功能", tuple(_TOOLS.values()))


def _nav(*labels: str) -> tuple[Link, ...]:
    return tuple(Link(f"{HOME}n{i}/", label) for i, label in enumerate(labels))


_FRONT = column("zwgk", "政府信息公开", "disclosure")
_FRONT_URL = HOME + "zwgk/"
_PAGE = article("zwgk/", "政府信息公开", text="正文")


@rule(
    "platform-part-missing",
    version=2,
    title="信息公开专栏要素缺失",
    topic="platform",
    logic="E",
    guard="site",
    params=PlatformParts,
    absence=True,
    legal=(
        "国办公开办函〔2019〕61号 政府信息公开平台规范（指南、制度、法定主动公开内容、年报四个部分）",
        "《中华人民共和国政府信息公开条例》第二十四条（具备信息检索、查阅、下载等功能）",
    ),
    messages={
        "passed": "“{name}”已按规定名称设置（{found}）。",
        "passed.tool": "专栏提供{name}功能（{found}）。",
        "failed": "未找到“{name}”，共读到{labels}个链接名称，应有1个。",
        "failed.alias": "“{name}”未按规定名称设置，现名“{found}”。",
        "failed.tool": "政府信息公开专栏{url}没有{name}入口，应有1个。",
        "cannot-tell": "无法判定：未找到“{name}”，但导航未读全（{gap}）。",
        "cannot-tell.tool": "无法判定：专栏页面未见{name}功能，需人工打开核实（{url}）。",
        "cannot-tell.unseen": "无法判定：未能看到政府信息公开专栏页面，{name}功能未核查。",
        "inapplicable": "没有找到政府信息公开专栏，{name}功能不另判。",
    },
    why="全国统一专栏名称和格式，群众在任何一个政府网站都能用同样的路径找到法定公开内容。",
    fix="1. 在首页显著位置设置“政府信息公开”入口。"
    "2. 专栏内按规定名称设置四个部分：政府信息公开指南、政府信息公开制度、法定主动公开内容、政府信息公开年报；"
    "名称不同的在栏目属性中改名为“{name}”。"
    "3. 请平台方在专栏提供检索框，文件页提供附件下载。",
    recheck="重新读取首页、两级导航和专栏页面，能按规定名称找到“{name}”并打开。",
    examples=(
        Example(
            "指南按规定名称设置",
            tiny(pages=[home()], nav=_nav("政府信息公开", "示例区政府信息公开指南")),
            "passed",
            "“政府信息公开指南”已按规定名称设置（示例区政府信息公开指南）。",
            subject="platform:guide",
        ),
        Example(
            "有检索框",
            tiny(columns=[_FRONT], pages=[article("zwgk/", "政府信息公开", marks={"search-box": "检索"})]),
            "passed",
            "专栏提供检索功能（检索）。",
            subject="platform:search",
        ),
        Example(
            "没有公开制度",
            tiny(pages=[home()], nav=_nav("政府信息公开", "政府信息公开指南")),
            "failed",
            "未找到“政府信息公开制度”，共读到2个链接名称，应有1个。",
            subject="platform:system",
        ),
        Example(
            "名称不规范",
            tiny(pages=[home()], nav=_nav("政府信息公开", "公开制度汇编")),
            "failed",
            "“政府信息公开制度”未按规定名称设置，现名“公开制度汇编”。",
            subject="platform:system",
        ),
        Example(
            "登记的名称不是网站上的名称",
            tiny(
                pages=[home(), article("zd/", "信息公开制度")],
                columns=[column("zd", "政府信息公开制度", "system", found_by="path")],
            ),
            "failed",
            "“政府信息公开制度”未按规定名称设置，现名“信息公开制度”。",
            subject="platform:system",
        ),
        Example(
            "单位自己的年报栏目不是门户的",
            tiny(
                pages=[home()],
                nav=(Link(f"{HOME}czj-nb/", "政府信息公开年报"),),
                columns=[column("czj-nb", "政府信息公开年报", "annual-report", unit="czj")],
            ),
            "failed",
            "未找到“政府信息公开年报”，共读到0个链接名称，应有1个。",
            subject="platform:annual-report",
        ),
        Example(
            "部门网站首页上的指南由主办单位登记",
            tiny(
                pages=[home()],
                page_links={HOME: (Link(f"{HOME}zn/", "信息公开指南"),)},
                columns=[column("zn", "政府信息公开指南", "guide", unit="zfb")],
            ),
            "failed",
            "“政府信息公开指南”未按规定名称设置，现名“信息公开指南”。",
            subject="platform:guide",
        ),
        Example(
            "意见箱不是信息公开入口",
            tiny(pages=[home()], nav=_nav("信息公开意见箱")),
            "failed",
            "未找到“政府信息公开”，共读到1个链接名称，应有1个。",
            subject="platform:entry",
        ),
        Example(
            "专栏没有检索框",
            tiny(columns=[_FRONT], pages=[_PAGE]),
            "failed",
            "政府信息公开专栏http://www.example.gov.cn/zwgk/没有检索入口，应有1个。",
            subject="platform:search",
        ),
        Example(
            "导航未读全",
            tiny(nav=_nav("政府信息公开"), nav_coverage=BLOCKED),
            "cannot-tell",
            f"无法判定：未找到“政府信息公开年报”，但导航未读全（{_GAP}）。",
            subject="platform:annual-report",
            reason="blocked",
        ),
        Example(
            "未见下载",
            tiny(columns=[_FRONT], pages=[_PAGE]),
            "cannot-tell",
            "无法判定：专栏页面未见下载功能，需人工打开核实（http://www.example.gov.cn/zwgk/）。",
            subject="platform:download",
            reason="needs-judgement",
            review=True,
        ),
        Example(
            "专栏页面没有看到",
            tiny(columns=[_FRONT]),
            "cannot-tell",
            "无法判定：未能看到政府信息公开专栏页面，检索功能未核查。",
            subject="platform:search",
        ),
        Example(
            "没有专栏",
            tiny(pages=[home()]),
            "inapplicable",
            "没有找到政府信息公开专栏，检索功能不另判。",
            subject="platform:search",
        ),
    ),
)
def platform_part_missing(snapshot: Snapshot, params: PlatformParts) -> Iterator[Verdict]:
    front = next((of.state for of in with_role(snapshot, "disclosure") if of.state.url), None)
    labels = _labels(snapshot, front)
    ids = {value.split("|")[0]: subject for subject, value in _PARTS.items()}
    for part in params.parts:
        name = part.split("|")[0]
        subject = ids.get(name, f"platform:{name}")
        role = _ROLES.get(subject, subject.partition(":")[2])
        own = next((of for of in with_role(snapshot, role) if of.unit == snapshot.district.portal_owner), None)
        made = _part(snapshot, subject, part, labels)
        yield replace(made, fact=same.column(own.column.column_id)) if own and made.variant == "" else made
    yield from _tools(snapshot, front, params.tools)


def _labels(snapshot: Snapshot, front: ColumnState | None) -> dict[str, str]:
    """Every label a reader meets: in the navigation, on the home page, in the column itself; with its URL.

    A column of one unit says nothing of the portal's, unless it is the portal owner's and the home page itself
    links to it: so it is on a department's own site. Of a column that was found by its configured address the name
    in the office's table proves nothing: what its page calls itself counts.
    """
    home_page = snapshot.home()
    known = [(of, snapshot.page(of.state.url)) for of in subjects(snapshot) if of.state.url]
    units = {of.state.url: of.column.unit_id for of, _ in known if of.column.unit_id}
    found: dict[str, str] = {}
    places: list[tuple[Iterable[Link], str]] = [(snapshot.navigation(), "")]
    places += [(snapshot.links(home_page.url), snapshot.district.portal_owner)] if home_page else []
    places += [(snapshot.links(front.url), "")] if front and front.url else []
    for links, allowed in places:
        for link in links:
            if link.text and units.get(link.url, allowed) == allowed:
                found.setdefault(fold(link.text), link.url)
    for of, page in known:
        name = of.state.found_label if of.state.found_by != "path" else title_of(page) if page else ""
        if name and not of.column.unit_id:
            found.setdefault(fold(name), of.state.url or "")
    return found


def _part(snapshot: Snapshot, subject: str, part: str, labels: dict[str, str]) -> Verdict:
    name, *aliases = part.split("|")
    coverage: Coverage = snapshot.navigation_coverage()
    data: dict[str, object] = {"name": name, "labels": len(labels), **search(coverage)}
    exact = sorted((text for text in labels if name in text), key=lambda text: (len(text), text))
    if exact:
        url = labels[exact[0]]
        return passed(subject, url=url, data={**data, "found": exact[0]}, evidence=(Evidence(url, quote=exact[0]),))
    if not coverage.complete:
        return cannot_tell(subject, gap_reason(coverage), data=data, variant="cannot-tell")
    near = sorted((text for text in labels if any(_named(text, a) for a in aliases)), key=lambda t: (len(t), t))
    data["near_misses"] = near[:10]
    if near:
        url = labels[near[0]]
        data["found"] = near[0]
        return failed(subject, url=url, data=data, evidence=(Evidence(url, quote=near[0]),), variant="failed.alias")
    return failed(subject, data=data)


def _named(label: str, alias: str) -> bool:
    """The label names the part: the alias, at most with a name before it or a word for a page after it.

    “信息公开意见箱” is a mailbox, not the entry “信息公开” under another name.
    """
    before, met, after = label.partition(alias)
    return bool(met) and len(before) <= OWNER_NAME and (not after or after in _PAGE_WORDS)


def _tools(snapshot: Snapshot, front: ColumnState | None, tools: tuple[str, ...]) -> Iterator[Verdict]:
    ids = {tool: subject for subject, tool in _TOOLS.items()}
    for tool in tools:
        subject = ids.get(tool, f"platform:{tool}")
        data: dict[str, object] = {"name": tool, "url": front.url if front else ""}
        if front is None or front.url is None:
            yield inapplicable(subject, data=data)
            continue
        page = snapshot.page(front.url)
        if page is None or (page.needs_render and not page.rendered):
            reason = Reason.NOT_RENDERED if page else gap_reason(front.coverage)
            yield cannot_tell(subject, reason, data=data, variant="cannot-tell.unseen")
            continue
        found = _tool(snapshot, front, tool)
        said: dict[str, object] = {"url": page.url, "evidence": (Evidence.of(page, found),)}
        if found:
            yield passed(subject, data={**data, "found": found}, variant="passed.tool", **said)
        elif tool == "检索":
            yield failed(subject, data={**data, "trail": [page.url]}, variant="failed.tool", **said)
        else:
            yield cannot_tell(
                subject, Reason.NEEDS_JUDGEMENT, data=data, review=True, variant="cannot-tell.tool", **said
            )


def _tool(snapshot: Snapshot, front: ColumnState, tool: str) -> str:
    """Words or marks that show the tool on the column's front; blank when there are none."""
    page = snapshot.page(front.url or "")
    assert page is not None
    links = list(snapshot.links(page.url))
    if tool == "检索":
        box = next(iter(page.marks_of("search-box")), None)
        word = next((link.text for link in links if "检索" in link.text or "搜索" in link.text), "")
        return (box.value or box.quote or "检索框") if box else word
    if tool == "下载":
        return next((link.text or link.url for link in links if "下载" in link.text or link.kind == "attachment"), "")
    rows = len(page.rows) or front.row_count
    return f"列出{rows}条信息" if rows else next((link.text for link in links if tool in link.text), "")
