"""Topic pages: search on the site."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from checks.facts import PageKind, Target
from checks.outcomes import FetchOutcome, Reason
from checks.rule import Example, Params, Status, number, rule
from checks.rules.dates import hidden
from checks.rules.links import DeadTries, proof
from checks.sampled import unseen_reason
from checks.sampling import sample
from checks.snapshot import Snapshot
from checks.tiny import HOME, tiny
from checks.tiny_parts import article
from checks.tiny_web import home, host, linked, tries
from checks.verdicts import Evidence, Verdict, cannot_tell, failed, inapplicable, passed

_BOX = {"search-box": "请输入关键字"}
_SEARCH = HOME + "search/"
_WORD = re.compile(r"搜索|检索|站内搜|全文搜|search", re.IGNORECASE)


@rule(
    "search-missing",
    version=1,
    title="站内搜索不可用",
    topic="pages",
    logic="E",
    guard="page",
    params=DeadTries,
    absence=True,
    legal=("国办秘函〔2019〕19号 政府网站检查指标 功能设计“站内搜索”（未提供搜索功能或功能不可用）",),
    messages={
        "passed": "首页有站内搜索（{found}），入口可用；本工具不提交表单，检索结果未试用。",
        "failed": "首页没有站内搜索框或搜索入口，应有1个。",
        "failed.dead": "站内搜索页{url}打不开（{how}），已试{tried}次（标准{tries}次、{days}天）。",
        "cannot-tell": "无法判定：首页{url}未能看到（{why}）。",
        "cannot-tell.not-rendered": "无法判定：首页{url}由脚本生成，尚未渲染，搜索框可能由脚本写出。",
        "cannot-tell.page": "无法判定：站内搜索页{url}未能打开（{how}），需在{days}天内试{tries}次确认。",
    },
    why="栏目多、信息多的网站没有搜索，群众几乎找不到要的文件。",
    fix="1. 请平台方在全站页眉提供站内搜索框，并指向可用的检索服务。"
    "2. 搜索页打不开的，修复检索服务或更换为上级统一检索平台。"
    "3. 用3个已发布的标题各试一次，确认结果可点开。",
    recheck="重新打开首页，有搜索框；搜索页在{days}天内访问{tries}次均能打开。",
    examples=(
        Example(
            "有搜索框",
            tiny(pages=[home(marks=_BOX)]),
            "passed",
            "首页有站内搜索（请输入关键字），入口可用；本工具不提交表单，检索结果未试用。",
        ),
        Example("没有搜索框", tiny(pages=[home()]), "failed", "首页没有站内搜索框或搜索入口，应有1个。"),
        Example(
            "搜索页多次打不开",
            tiny(
                pages=[home(marks=_BOX)],
                all_targets=(
                    linked(_SEARCH, text="高级搜索", tries=tries("2026-09-27", "2026-09-28", "2026-09-29")),
                ),
            ),
            "failed",
            "站内搜索页http://www.example.gov.cn/search/打不开（页面不存在（404/410）），已试3次（标准3次、2天）。",
        ),
        Example(
            "搜索页一次打不开",
            tiny(pages=[home()], all_targets=(linked(_SEARCH, text="站内搜索", tries=tries("2026-09-29")),)),
            "cannot-tell",
            "无法判定：站内搜索页http://www.example.gov.cn/search/未能打开（页面不存在（404/410）），需在2天内试3次确认。",
            reason="sample-short",
        ),
        Example(
            "首页由脚本生成",
            tiny(pages=[home(needs_render=True)]),
            "cannot-tell",
            "无法判定：首页http://www.example.gov.cn/由脚本生成，尚未渲染，搜索框可能由脚本写出。",
            reason="not-rendered",
        ),
        Example(
            "首页被拦截",
            tiny(all_hosts=(host("www.example.gov.cn", FetchOutcome.WAF),)),
            "cannot-tell",
            "无法判定：首页http://www.example.gov.cn/未能看到（访问被防护系统拦截）。",
            reason="blocked",
        ),
    ),
)
def search_missing(snapshot: Snapshot, params: DeadTries) -> Iterator[Verdict]:
    subject, page = snapshot.district.site.main_host, snapshot.home()
    if page is None:
        reason = unseen_reason(snapshot)
        url = snapshot.district.site.home
        yield cannot_tell(subject, reason, url=url, data={"url": url, "why": reason.chinese}, variant="cannot-tell")
        return
    box = next(iter(page.marks_of("search-box")), None)
    entry = next((t for t in snapshot.targets() if t.on_home and _is_search(t)), None)
    data: dict[str, object] = {"url": page.url, "tries": params.tries, "days": params.days, "trail": [page.url]}
    said: dict[str, object] = {"url": page.url, "evidence": (Evidence.of(page, box.quote if box else ""),)}
    if entry and entry.outcome and not entry.outcome.seen:
        found = proof(entry)
        data |= {"url": entry.url, "how": entry.outcome.chinese, "tried": found.dead}
        if entry.outcome.dead and found.enough(params):
            yield failed(subject, data=data, variant="failed.dead", **said)
            return
        if box is None:
            reason = Reason.SAMPLE_SHORT if entry.outcome.dead else entry.outcome.reason
            yield cannot_tell(subject, reason, data=data, variant="cannot-tell.page", **said)
            return
    if box or entry:
        words_ = (box.value or box.quote) if box else (entry.places[0].text if entry and entry.places else "")
        yield passed(subject, data={**data, "found": words_ or "搜索框"}, **said)
    elif hidden(page):
        yield cannot_tell(subject, Reason.NOT_RENDERED, data=data, **said)
    else:
        yield failed(subject, data=data, **said)


def _is_search(target: Target) -> bool:
    return any(_WORD.search(place.text) for place in target.places)


class SearchTitles(Params):
    titles: int = number("抽查标题数", unit="个", default=4, stricter="higher", ge=1)
    min_age_days: int = number("标题发布至少已过多少天", unit="天", default=7, ge=0)
    max_age_days: int = number("标题发布至多已过多少天", unit="天", default=730, ge=1)


@rule(
    "search-misses-title",
    version=1,
    title="搜索不准",
    topic="pages",
    logic="S",
    params=SearchTitles,
    status=Status.PREVIEW,
    manual=True,
    legal=("国办秘函〔2019〕19号 政府网站检查指标 功能设计“站内搜索”（随机抽查4个标题，搜索结果第一页应能找到）",),
    messages={
        "inapplicable": "首页没有站内搜索，由“站内搜索不可用”判定，本项不适用。",
        "cannot-tell": "需人工试用：本工具不提交查询。"
        "请用下列{count}个标题逐一搜索，核对是否都在结果第一页：{titles}。",
        "cannot-tell.sample-short": "无法判定：可供抽查的标题只有{count}个，应有{limit}个。",
    },
    why="搜索结果不准，等于没有搜索。",
    fix="1. 请平台方重建检索索引，把标题字段设为最高权重。"
    "2. 确认新发信息1天内进入索引，已删除信息从索引移除。"
    "3. 用所列标题逐一搜索核对。",
    recheck="用同一批标题逐一搜索，均出现在结果第一页。",
    question="所列标题是否都能在搜索结果第一页找到？",
    examples=(
        Example(
            "没有搜索的不重复判定",
            tiny(pages=[home()]),
            "inapplicable",
            "首页没有站内搜索，由“站内搜索不可用”判定，本项不适用。",
        ),
        Example(
            "给出待搜标题",
            tiny(pages=[home(marks=_BOX), article("a.html", "召开会议", "2026-08-01")]),
            "cannot-tell",
            "需人工试用：本工具不提交查询。请用下列1个标题逐一搜索，核对是否都在结果第一页：召开会议。",
            params={"titles": 1},
            reason="needs-judgement",
            review=True,
        ),
        Example(
            "标题不够",
            tiny(pages=[home(marks=_BOX), article("a.html", "召开会议", "2026-09-29")]),
            "cannot-tell",
            "无法判定：可供抽查的标题只有0个，应有4个。",
            reason="sample-short",
        ),
    ),
)
def search_misses_title(snapshot: Snapshot, params: SearchTitles) -> Iterator[Verdict]:
    subject, page = snapshot.district.site.main_host, snapshot.home()
    if page is not None and not hidden(page) and not page.marks_of("search-box"):
        yield inapplicable(subject)
        return
    newest = snapshot.today - timedelta(days=params.min_age_days)
    oldest = snapshot.today - timedelta(days=params.max_age_days)
    known = (
        p
        for p in snapshot.pages(PageKind.ARTICLE)
        if p.title and p.published and oldest <= p.published.value <= newest
    )
    chosen = sample(known, params.titles, snapshot.district.browser.seed, lambda p: p.url)
    data: dict[str, object] = {
        "count": len(chosen), "limit": params.titles, "seed": snapshot.district.browser.seed,
        "titles": [p.title.value for p in chosen if p.title], "pages": [p.url for p in chosen],
    }  # fmt: skip
    if len(chosen) < params.titles:
        yield cannot_tell(subject, Reason.SAMPLE_SHORT, data=data)
        return
    evidence = tuple(Evidence.of(p, p.title.value if p.title else "") for p in chosen)
    yield cannot_tell(subject, Reason.NEEDS_JUDGEMENT, data=data, evidence=evidence, review=True)
