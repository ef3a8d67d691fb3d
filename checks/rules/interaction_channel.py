"""互动交流: a channel for questions that works."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from checks.facts import Fact, Link, Page, Target
from checks.gaps import gap_reason, search
from checks.laws import INTERACTION_2019
from checks.outcomes import FetchOutcome, Reason
from checks.rule import Example, rule, words
from checks.rules.links import DeadTries, proof
from checks.snapshot import Snapshot
from checks.tiny import HOME, tiny
from checks.tiny_parts import BLOCKED, article, column
from checks.tiny_web import tries
from checks.verdicts import Evidence, Verdict, cannot_tell, failed, passed


class ConsultationChannel(DeadTries):
    labels: tuple[str, ...] = words(
        "咨询渠道的名称",
        (
            "咨询",
            "领导信箱",
            "区长信箱",
            "县长信箱",
            "市长信箱",
            "书记信箱",
            "我要写信",
            "留言",
            "建言献策",
            "意见建议",
        ),
    )
    not_counted: tuple[str, ...] = words("不算咨询渠道的名称", ("信访", "举报", "纪检", "监督电话", "扫黑"))


@rule(
    "consultation-channel-missing",
    version=1,
    title="无有效咨询渠道",
    topic="interaction",
    logic="E",
    guard="site",
    params=ConsultationChannel,
    absence=True,
    legal=(f"{INTERACTION_2019}：单项否决“无有效的网上咨询渠道”",),
    messages={
        "passed": "有网上咨询渠道“{label}”，页面有可填写的表单。",
        "passed.behind": "有网上咨询渠道“{label}”，点开后有可填写的表单（{letter}）。",
        "failed": "没有找到网上咨询渠道（查找名称：{labels}；信访、举报不算；已读导航{known}页）。",
        "dead": "咨询渠道{labels_found}的入口都打不开（{why}）。",
        "cannot-tell.sample-short": "无法判定：咨询渠道“{label}”的入口{place}打不开（{why}），已试{tried}次，"
        "须在{days}个自然日试满{tries}次才能确认。",
        "gap": "没有找到网上咨询渠道，但导航未查全（{gap}），不能认定没有。",
        "cannot-tell.login-only": "咨询渠道“{label}”需要登录，能否提交请人工核对。",
        "cannot-tell.not-rendered": "咨询渠道“{label}”的表单由脚本生成、尚未渲染，无法核对。",
        "cannot-tell.needs-judgement": "有咨询渠道“{label}”，但页面上没有读到表单，"
        "请人工打开核对能否提交（不要实际提交）。",
        "unreached": "咨询渠道“{label}”本次未能打开（{why}），无法判定。",
    },
    why="没有有效的网上咨询渠道是单项否决指标。",
    fix="1. 请平台方在“互动交流”栏目开通咨询建议表单。\n2. 首页放置入口，名称写“网上咨询”或“领导信箱”。"
    "\n3. 用普通网络打开核对表单能够加载和提交。",
    recheck="导航中有咨询渠道入口，打开后有可填写的表单",
    question="打开该渠道，群众能否不受阻碍地填写并提交咨询？",
    examples=(
        Example(
            "信箱有表单",
            tiny(
                columns=(column("xx", "领导信箱", "mailbox"),),
                pages=(article("xx/", "领导信箱", marks=(Fact("/send", "form", "title,content,phone"),)),),
            ),
            "passed",
            "有网上咨询渠道“领导信箱”，页面有可填写的表单。",
        ),
        Example(
            "表单在“我要写信”后面",
            tiny(
                columns=(column("xx", "领导信箱", "mailbox"),),
                pages=(
                    article("xx/", "领导信箱"),
                    article("xx/w.html", "我要写信", marks=(Fact("/send", "form", "title,content,phone"),)),
                ),
                page_links={HOME + "xx/": (Link(HOME + "xx/w.html", "我要写信"),)},
            ),
            "passed",
            "有网上咨询渠道“领导信箱”，点开后有可填写的表单（http://www.example.gov.cn/xx/w.html）。",
        ),
        Example(
            "没有渠道",
            tiny(nav=(Link(HOME + "jb/", "信访举报"),)),
            "failed",
            "没有找到网上咨询渠道（查找名称：咨询、领导信箱、区长信箱、县长信箱、市长信箱、书记信箱、"
            "我要写信、留言、建言献策、意见建议；信访、举报不算；已读导航10页）。",
        ),
        Example(
            "导航未读全",
            tiny(nav_coverage=BLOCKED),
            "cannot-tell",
            "没有找到网上咨询渠道，但导航未查全（应取10页，已取7页，"
            "首个缺口http://www.example.gov.cn/zwgk/index_2.html（被网站防护系统拦截）），不能认定没有。",
            reason="blocked",
        ),
        Example(
            "要登录",
            tiny(
                columns=(column("xx", "领导信箱", "mailbox"),),
                pages=(article("xx/", "领导信箱", marks=(Fact("pwd", "login", "password"),)),),
            ),
            "cannot-tell",
            "咨询渠道“领导信箱”需要登录，能否提交请人工核对。",
            reason="login-only",
        ),
        Example(
            "入口打不开",
            tiny(
                columns=(column("xx", "领导信箱", "mailbox", outcome=FetchOutcome.GONE),),
                all_targets=(
                    Target(
                        HOME + "xx/",
                        "page",
                        True,
                        FetchOutcome.GONE,
                        404,
                        tries=tries("2026-09-27", "2026-09-28", "2026-09-29"),
                    ),
                ),
            ),
            "failed",
            "咨询渠道“领导信箱”的入口都打不开（页面不存在（404/410））。",
        ),
        Example(
            "入口一天之内打不开",
            tiny(columns=(column("xx", "领导信箱", "mailbox", outcome=FetchOutcome.GONE),)),
            "cannot-tell",
            "无法判定：咨询渠道“领导信箱”的入口http://www.example.gov.cn/xx/打不开（页面不存在（404/410）），已试1次，"
            "须在2个自然日试满3次才能确认。",
            reason="sample-short",
        ),
    ),
)
def consultation_channel_missing(snapshot: Snapshot, params: ConsultationChannel) -> Iterator[Verdict]:
    host = snapshot.district.site.main_host
    data: dict[str, Any] = {"labels": list(params.labels), **search(snapshot.navigation_coverage())}
    channels = list(_channels(snapshot, params))
    coverage = snapshot.navigation_coverage()
    if not channels:
        if coverage.complete:
            yield failed(host, data=data)
        else:
            yield cannot_tell(host, gap_reason(coverage), data=data, variant="gap")
        return
    data |= {"labels_found": [f"“{label}”" for label, _, _ in channels[:5]]}
    data["why"] = next((o.chinese for _, _, o in channels if o), "未访问")
    best: tuple[int, Verdict] | None = None
    for label, url, outcome in channels:
        verdict = _channel(snapshot, host, url, outcome, {**data, "label": label}, params)
        if best is None or verdict[0] < best[0]:
            best = verdict
    assert best is not None
    yield best[1]


def _channels(snapshot: Snapshot, params: ConsultationChannel) -> Iterator[tuple[str, str, FetchOutcome | None]]:
    """Label, address and answer of each candidate: columns of the role first, then labels of the navigation."""
    for role in ("mailbox", "messages"):
        for state in snapshot.by_role(role):
            if state.url:
                yield state.found_label or role, state.url, state.outcome
    home = snapshot.home()
    entries = [(m.quote, m.value) for m in home.marks_of("consult-entry")] if home else []
    for text, url in [*((x.text, x.url) for x in snapshot.navigation()), *entries]:
        if any(w in text for w in params.labels) and not any(w in text for w in params.not_counted):
            yield text, url, FetchOutcome.OK if snapshot.page(url) else None


def _channel(
    snapshot: Snapshot,
    host: str,
    url: str,
    outcome: FetchOutcome | None,
    data: dict[str, Any],
    params: ConsultationChannel,
) -> tuple[int, Verdict]:
    """Rank (0 best) and verdict of one candidate."""
    page = snapshot.page(url)
    at: dict[str, Any] = {"url": url, "data": data}
    at["evidence"] = (Evidence.of(page, str(data["label"])) if page else Evidence(url),)
    if page is not None and any(map(_is_letter, page.marks_of("form"))):
        return 0, passed(host, **at)
    if (
        page is not None and any(m.quote == "password" for m in page.marks_of("login"))
    ) or outcome is FetchOutcome.LOGIN:
        return 1, cannot_tell(host, Reason.LOGIN_ONLY, review=True, **at)
    if page is not None and page.needs_render:
        return 2, cannot_tell(host, Reason.NOT_RENDERED, **at)
    if page is not None and (letter := _behind(snapshot, page)) is not None:
        at["evidence"] = (*at["evidence"], Evidence.of(letter, letter.title.value if letter.title else ""))
        return 0, passed(host, variant="passed.behind", **{**at, "data": {**data, "letter": letter.url}})
    if page is not None or (outcome is not None and outcome.seen):
        return 3, cannot_tell(host, Reason.NEEDS_JUDGEMENT, review=True, **at)
    if outcome in (FetchOutcome.GONE, FetchOutcome.SOFT_404):  # one answer of any other kind proves nothing
        target = next((t for t in snapshot.targets() if t.url == url), None)
        found = proof(target) if target else None
        if found and found.enough(params):
            return 5, failed(host, variant="dead", **at)
        said = {"place": url, "tried": found.dead if found else 1, "tries": params.tries, "days": params.days}
        return 4, cannot_tell(host, Reason.SAMPLE_SHORT, **{**at, "data": {**data, **said}})
    return 4, cannot_tell(host, outcome.reason if outcome else Reason.FETCH_FAILED, variant="unreached", **at)


_WRITE = re.compile(r"写信|留言|咨询|提问|建议|投诉|来信|我要")


def _behind(snapshot: Snapshot, page: Page) -> Page | None:
    """A page with a letter's form one click behind the channel's front: “我要写信” above the list of letters."""
    for link in snapshot.links(page.url):
        if not link.hidden and len(link.text) <= 12 and _WRITE.search(link.text):
            found = snapshot.page(link.url)
            if found is not None and any(map(_is_letter, found.marks_of("form"))):
                return found
    return None


_SEARCH_FIELD = re.compile(r"search|keyword|^q$|^wd$|^kw|qt$|query|sousuo|token|captcha|^__", re.I)
_LETTER_FIELD = re.compile(
    r"content|message|msg|letter|title|subject|email|phone|mobile|tel|name|address|liuyan|xin", re.I
)


def _is_letter(form: Fact) -> bool:
    """A form one can write a letter with: not a search box, and with fields for a text or a sender."""
    fields = [f for f in form.quote.split(",") if f and not _SEARCH_FIELD.search(f)]
    return len(fields) >= 3 or sum(_LETTER_FIELD.search(f) is not None for f in fields) >= 2
