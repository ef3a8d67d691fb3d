"""Topic columns: required columns that are not there, and items filed in the wrong column."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checks.facts import ColumnState, Coverage, Fact, Link, PageKind, Region, Row
from checks.gaps import gap_reason, search
from checks.letters import unlisted_letters
from checks.outcomes import FetchOutcome, Reason
from checks.pressed import scripted_labels
from checks.rule import Example, Params, number, rule, words
from checks.rules.freshness_columns import Subject, subjects
from checks.snapshot import Snapshot
from checks.texts import fold
from checks.tiny import HOME, tiny
from checks.tiny_parts import BLOCKED, article, row
from checks.tiny_web import classed, home
from checks.verdicts import Evidence, Verdict, cannot_tell, failed, inapplicable, passed
from config.district import ColumnClass

_BASIC = {"required_by": ("portal-basic",)}
_LEADERS = ("ldxx", "领导信息", ColumnClass.STATIC)
_GONE = (FetchOutcome.GONE, FetchOutcome.SOFT_404)


class ColumnMissing(Params):
    lists: tuple[str, ...] = words(
        "应设栏目清单名（portal-basic、art20、art21-district、art21-town等），空为栏目表登记的全部清单", ()
    )
    roles: tuple[str, ...] = words("只检查这些用途（role）的栏目，空为全部", ())
    exclude_roles: tuple[str, ...] = words("不检查的用途（role）", ())


@rule(
    "column-missing",
    version=1,
    title="应设栏目缺失",
    topic="columns",
    logic="E",
    guard="site",
    params=ColumnMissing,
    absence=True,
    legal=(
        "国办秘函〔2019〕19号 政府网站检查指标 信息发布（概况、机构职能、领导、动态、政策文件、政策解读等栏目）",
        "《中华人民共和国政府信息公开条例》第二十条、第二十一条",
    ),
    messages={
        "passed": "已开设“{found}”（按{how}找到）。",
        "passed.external": "已开设“{label}”，指向{target}。",
        "failed": "未找到“{label}”栏目：首页和两级导航共读到{labels}个栏目名，无此名称或别名{near}。",
        "cannot-tell": "无法判定：未找到“{label}”栏目，但导航或栏目未读全（{gap}）。",
        "cannot-tell.scripted": "需核实：首页有“{entry}”，但它由脚本打开，没有读到目标网址，"
        "请人工点击核对是不是“{label}”栏目。",
        "cannot-tell.alike": "需核实：没有名为“{label}”的栏目，但“{title}”（{place}）公开了留言和办理状态，"
        "请核对是不是该栏目；是的请登记别名。",
        "cannot-tell.dead": "无法判定：“{label}”的入口{url}返回“{how}”，待链接规则多次确认后判定。",
        "cannot-tell.unseen": "无法判定：“{label}”的登记地址{url}未能看到（{how}），不能确认已开设。",
    },
    why="法定栏目是群众查找信息的固定入口，缺失意味着该类信息没有按规定公开。",
    fix="1. 确认网站上是否已有内容相同而名称不同的栏目：有则在栏目属性中把“栏目名称”改为“{label}”，"
    "或告知政务公开办登记别名。"
    "2. 没有的，在内容管理系统新建“{label}”栏目，挂到首页或二级导航，并归集已有信息。"
    "3. 本单位职责不涉及该事项的，发布说明并申请不适用。",
    recheck="重新读取首页、网站地图和两级导航，能按名称、别名或栏目类别找到“{label}”，且入口能打开。",
    examples=(
        Example(
            "按名称找到",
            tiny(columns=[classed(*_LEADERS, expected=_BASIC, content=True)]),
            "passed",
            "已开设“领导信息”（按栏目名称找到）。",
        ),
        Example(
            "按别名找到且未取全也算有",
            tiny(
                columns=[
                    classed(*_LEADERS, expected=_BASIC, found_by="alias", found_label="区政府领导", coverage=BLOCKED)
                ]
            ),
            "passed",
            "已开设“区政府领导”（按别名找到）。",
        ),
        Example(
            "导航中没有，网页自称是",
            tiny(columns=[classed(*_LEADERS, expected=_BASIC, found_by="column-name")]),
            "passed",
            "已开设“领导信息”（按网页的栏目名称标签找到）。",
        ),
        Example(
            "开在上级平台",
            tiny(columns=[classed(*_LEADERS, expected=_BASIC, external="http://zwfw.example.gov.cn/x")]),
            "passed",
            "已开设“领导信息”，指向http://zwfw.example.gov.cn/x。",
        ),
        Example(
            "导航读全而没有",
            tiny(columns=[classed(*_LEADERS, expected=_BASIC, url=None, near_misses=("领导活动",))]),
            "failed",
            "未找到“领导信息”栏目：首页和两级导航共读到0个栏目名，无此名称或别名，相近的有：领导活动。",
        ),
        Example(
            "导航未读全",
            tiny(columns=[classed(*_LEADERS, expected=_BASIC, url=None)], nav_coverage=BLOCKED),
            "cannot-tell",
            "无法判定：未找到“领导信息”栏目，但导航或栏目未读全（应取10页，已取7页，"
            "首个缺口http://www.example.gov.cn/zwgk/index_2.html（被网站防护系统拦截））。",
            reason="blocked",
        ),
        Example(
            "入口打不开",
            tiny(columns=[classed(*_LEADERS, expected=_BASIC, outcome=FetchOutcome.GONE)]),
            "cannot-tell",
            "无法判定：“领导信息”的入口http://www.example.gov.cn/ldxx/返回“页面不存在（404/410）”，"
            "待链接规则多次确认后判定。",
            reason="fetch-failed",
        ),
        Example(
            "留言公开在别的名称下",
            tiny(
                columns=[
                    classed("ly", "留言公开", ColumnClass.MESSAGES, expected={**_BASIC, "role": "messages"}, url=None)
                ],
                pages=[
                    article(
                        "xx/",
                        "区长信箱",
                        kind=PageKind.LIST,
                        rows=tuple(
                            replace(row(t, d, f"xx/{t}.html"), quote=f"{t} {d} 已办结")
                            for t, d in (("停水", "2026-08-02"), ("学区", "2026-09-03"))
                        ),
                    )
                ],
            ),
            "cannot-tell",
            "需核实：没有名为“留言公开”的栏目，但“区长信箱”（http://www.example.gov.cn/xx/）公开了留言和办理状态，"
            "请核对是不是该栏目；是的请登记别名。",
            reason="needs-judgement",
            review=True,
        ),
        Example(
            "入口由脚本打开",
            tiny(
                pages=[home()],
                columns=[classed(*_LEADERS, expected=_BASIC, url=None)],
                page_links={HOME: (Link("javascript:;", "领导信息", Region.NAVIGATION, "script-action"),)},
            ),
            "cannot-tell",
            "需核实：首页有“领导信息”，但它由脚本打开，没有读到目标网址，请人工点击核对是不是“领导信息”栏目。",
            reason="needs-judgement",
            review=True,
        ),
        Example(
            "登记地址被拦截",
            tiny(columns=[classed(*_LEADERS, expected=_BASIC, found_by="path", outcome=FetchOutcome.WAF)]),
            "cannot-tell",
            "无法判定：“领导信息”的登记地址http://www.example.gov.cn/ldxx/未能看到（被网站防护系统拦截），"
            "不能确认已开设。",
            reason="blocked",
        ),
    ),
)
def column_missing(snapshot: Snapshot, params: ColumnMissing) -> Iterator[Verdict]:
    navigation = snapshot.navigation_coverage()
    labels = {link.text for link in snapshot.navigation() if link.text}
    pressed = scripted_labels(snapshot)
    for of in subjects(snapshot):
        column = of.column
        if not column.required_by or (params.lists and not set(params.lists) & set(column.required_by)):
            continue
        if column.role in params.exclude_roles or (params.roles and column.role not in params.roles):
            continue
        made = _present(of.state) or _pressed(of, pressed) or _alike(of, snapshot)
        yield of.itself(made or _absent(of, navigation, len(labels)))


def _pressed(of: Subject, pressed: tuple[str, ...]) -> Verdict | None:
    """The column's name stands on an entry that a script opens: it may be there."""
    names = {fold(name) for name in (of.column.label, *of.column.aliases)}
    entry = next((text for text in pressed if text in names), "")
    if not entry:
        return None
    data: dict[str, object] = {"entry": entry}
    return cannot_tell("", Reason.NEEDS_JUDGEMENT, data=data, review=True, variant="cannot-tell.scripted")


def _alike(of: Subject, snapshot: Snapshot) -> Verdict | None:
    """Letters are shown, only under another name: the office has to say whether that is the column."""
    met = unlisted_letters(snapshot) if of.column.role == "messages" else None
    if met is None:
        return None
    data = {"title": met.data["title"], "place": met.url}
    return cannot_tell(
        "", Reason.NEEDS_JUDGEMENT, data=data, review=True, evidence=met.evidence, variant="cannot-tell.alike"
    )


_FOUND_BY = {
    "path": "登记地址",
    "label": "栏目名称",
    "alias": "别名",
    "column-name": "网页的栏目名称标签",
    "column-type": "网页的栏目类别标签",
    "breadcrumb": "网页的当前位置",
}


def _present(state: ColumnState) -> Verdict | None:
    """The verdict where an entry was found; None where there was none."""
    if state.external:
        return passed("", data={"target": state.external}, evidence=(Evidence.of(state),), variant="passed.external")
    if state.url is None:
        return None
    data: dict[str, object] = {"url": state.url, "how": state.outcome.chinese if state.outcome else "未访问"}
    if state.outcome in _GONE:
        return cannot_tell(
            "", Reason.FETCH_FAILED, data=data, evidence=(Evidence.of(state),), variant="cannot-tell.dead"
        )
    # A label in the navigation proves the entry; a configured path proves nothing until it answered.
    if state.found_by == "path" and (state.outcome is None or not state.outcome.seen):
        reason = state.outcome.reason if state.outcome else Reason.INCOMPLETE
        return cannot_tell("", reason, data=data, variant="cannot-tell.unseen")
    how = _FOUND_BY.get(state.found_by, state.found_by)
    data = {"found": state.found_label or state.url, "how": how, "url": state.url}
    return passed("", data=data, evidence=(Evidence.of(state, state.found_label),))


def _absent(of: Subject, navigation: Coverage, labels: int) -> Verdict:
    state = of.state
    near = "、".join(state.near_misses[:5])
    gap = state.coverage if navigation.complete and state.coverage.gaps else navigation
    data: dict[str, object] = {
        **search(gap),
        "labels": labels,
        "near": f"，相近的有：{near}" if near else "",
        "near_misses": list(state.near_misses),
        "lists": list(of.column.required_by),
        "trail": [*navigation.trail[:30], *state.coverage.trail[:30]],
    }
    if navigation.complete and not state.coverage.gaps:
        return failed("", data=data)
    return cannot_tell("", gap_reason(gap), data=data, variant="cannot-tell")


class ColumnMisfiled(Params):
    foreign_places: tuple[str, ...] = words("不应出现在标题中的外地地名（由办公室填写）", ())
    interpretation_words: tuple[str, ...] = words(
        "表明应归入政策解读栏目的标题用语", ("政策解读", "文字解读", "一图读懂", "图解", "政策问答", "视频解读")
    )
    bidding_words: tuple[str, ...] = words(
        "表明不应放在动态类栏目的标题用语", ("招标公告", "中标公告", "采购公告", "招聘公告")
    )
    min_hits: int = number("达到多少条才提请核实", unit="条", default=1, stricter="lower", ge=1)


_TYPES = {
    ColumnClass.DYNAMIC: "工作动态",
    ColumnClass.POLICY: "政策文件",
    ColumnClass.INTERPRETATION: "政策解读",
}


@rule(
    "column-misfiled",
    version=1,
    title="内容与栏目不符",
    topic="columns",
    logic="U",
    guard="list",
    params=ColumnMisfiled,
    manual=True,
    legal=("国办发〔2017〕47号 政府网站发展指引（栏目内容应与栏目名称相符）",),
    messages={
        "passed": "“{label}”已核对{rows}条信息，未发现与栏目不符的迹象。",
        "cannot-tell": "需核实：“{label}”有{count}处与栏目不符的迹象，如{example}。",
        "cannot-tell.gap": "无法判定：“{label}”已看到的{rows}条未见不符，但{gap}。",
        "inapplicable": "“{label}”没有信息列表，不适用。",
    },
    why="放错栏目的信息群众找不到，也使栏目看上去有更新而实际没有应公开的内容。",
    fix="1. 在内容管理系统打开所列信息，核对“所属栏目”字段。"
    "2. 放错的移动到正确栏目；需在两处显示的，用“引用”或“同步发布”。"
    "3. 栏目页ColumnType标签与栏目不符的，请平台方在栏目属性中改正。",
    recheck="重新读取该栏目列表，所列信息已移走或经核实确属本栏目，栏目类别标签与栏目一致。",
    question="所列信息是否放错了栏目？",
    examples=(
        Example(
            "与栏目相符",
            tiny(columns=[classed("gzdt", "工作动态", ColumnClass.DYNAMIC, row("召开会议", "2026-09-20"))]),
            "passed",
            "“工作动态”已核对1条信息，未发现与栏目不符的迹象。",
        ),
        Example(
            "解读放在通知栏目",
            tiny(columns=[classed("tzgg", "通知公告", ColumnClass.NOTICE, row("一图读懂某办法", "2026-09-20"))]),
            "cannot-tell",
            "需核实：“通知公告”有1处与栏目不符的迹象，如《一图读懂某办法》含“一图读懂”。",
            reason="needs-judgement",
            review=True,
        ),
        Example(
            "栏目类别标签不符",
            tiny(
                columns=[classed("zcwj", "政策文件", ColumnClass.POLICY, row("某办法", "2026-09-20"))],
                pages=[article("zcwj/", meta=(("ColumnType", "工作动态"),))],
            ),
            "cannot-tell",
            "需核实：“政策文件”有1处与栏目不符的迹象，如ColumnType标签为“工作动态”。",
            reason="needs-judgement",
            review=True,
        ),
        Example(
            "未取全",
            tiny(
                columns=[
                    classed("gzdt", "工作动态", ColumnClass.DYNAMIC, row("召开会议", "2026-09-20"), coverage=BLOCKED)
                ]
            ),
            "cannot-tell",
            "无法判定：“工作动态”已看到的1条未见不符，但应取10页，已取7页，"
            "首个缺口http://www.example.gov.cn/zwgk/index_2.html（被网站防护系统拦截）。",
            reason="blocked",
        ),
        Example(
            "没有列表",
            tiny(columns=[classed(*_LEADERS, content=True)]),
            "inapplicable",
            "“领导信息”没有信息列表，不适用。",
        ),
    ),
)
def column_misfiled(snapshot: Snapshot, params: ColumnMisfiled) -> Iterator[Verdict]:
    for of in subjects(snapshot):
        yield of.verdict(_filed(snapshot, of, params))


def _filed(snapshot: Snapshot, of: Subject, params: ColumnMisfiled) -> Verdict:
    state = of.state
    if not state.rows:
        return inapplicable("")
    hits = [hit for entry in state.rows if (hit := _sign(entry, of.column.column_class, params))]
    front = snapshot.page(state.url) if state.url else None
    clash = _clash(front.meta_value("ColumnType") if front else None, of.column.column_class)
    if clash:
        hits.append(clash)
    data: dict[str, object] = {"rows": len(state.rows), "count": len(hits), "hits": [h.value for h in hits[:50]]}
    if len(hits) >= params.min_hits:
        data["example"] = hits[0].value
        evidence = tuple(Evidence.of(state, h.quote) for h in hits[:5])
        return cannot_tell("", Reason.NEEDS_JUDGEMENT, data=data, evidence=evidence, review=True)
    if not state.coverage.complete:
        data |= search(state.coverage)
        return cannot_tell("", gap_reason(state.coverage), data=data, variant="cannot-tell.gap")
    return passed("", data=data, evidence=(Evidence.of(state),))


def _sign(entry: Row, kind: ColumnClass, params: ColumnMisfiled) -> Fact | None:
    wrong: tuple[str, ...] = params.foreign_places
    if kind in (ColumnClass.NOTICE, ColumnClass.DYNAMIC, ColumnClass.POLICY):
        wrong += params.interpretation_words
    if kind is ColumnClass.DYNAMIC:
        wrong += params.bidding_words
    word = next((w for w in wrong if w in entry.title), None)
    return Fact(f"《{entry.title}》含“{word}”", entry.url, entry.quote or entry.title) if word else None


def _clash(found: str | None, kind: ColumnClass) -> Fact | None:
    wanted = _TYPES.get(kind)
    if not found or not wanted or wanted in found or not any(t in found for t in _TYPES.values()):
        return None
    return Fact(f"ColumnType标签为“{found}”", "meta", f'<meta name="ColumnType" content="{found}">')
