"""Topic links: dead targets on the home page and elsewhere. Dead is confirmed, never guessed from one try."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from checks import same
from checks.facts import ColumnState, Coverage, Fact, Page, Place, Region, Target, Try
from checks.gaps import gap_reason, gap_words, joined
from checks.hosts import OWN_MACHINE, host_of
from checks.outcomes import FetchOutcome, Outcome, Reason
from checks.rule import Params, number, rule, words
from checks.rules._links_examples import DEAD, DEAD_HOME
from checks.snapshot import SHANGHAI, Snapshot
from checks.verdicts import Evidence, Verdict, cannot_tell, failed, inapplicable, passed

_TEMPLATE = (Region.HEADER, Region.NAVIGATION, Region.FOOTER)
_REGIONS = {
    Region.HEADER: "页眉",
    Region.NAVIGATION: "导航",
    Region.CONTENT: "正文",
    Region.FOOTER: "页脚",
}


class DeadTries(Params):
    tries: int = number("确认失效所需的失败次数", unit="次", default=3, stricter="lower", ge=1)
    days: int = number("失败应分布在几个自然日", unit="天", default=2, stricter="lower", ge=1)


class LinkDead(DeadTries):
    roles: tuple[str, ...] = words("只核查这些用途（role）的栏目和其中信息上的链接，空为全站", ())


@dataclass(frozen=True, slots=True)
class Proof:
    """How often and on how many days (Asia/Shanghai) a target was found dead, with no success in between."""

    dead: int
    days: int
    refuted: bool

    def enough(self, params: DeadTries) -> bool:
        return not self.refuted and self.dead >= params.tries and self.days >= params.days


def proof(target: Target) -> Proof:
    gone = [t for t in target.tries if t.outcome.dead]
    return Proof(len(gone), len({day_of(t.at) for t in gone}), any(_refutes(t, target) for t in target.tries))


def _refutes(one: Try, target: Target) -> bool:
    """A good answer. One to HEAD says nothing against a page that, when read, says that it is not there."""
    by_head = one.method == "HEAD" and target.outcome in (FetchOutcome.SOFT_404, FetchOutcome.GONE)
    return one.outcome.seen and not by_head


def day_of(instant: str) -> date:
    """Calendar day in Asia/Shanghai of an ISO 8601 instant; without an offset it is UTC."""
    moment = datetime.fromisoformat(instant.replace("Z", "+00:00"))
    return (moment if moment.tzinfo else datetime.fromisoformat(f"{instant}+00:00")).astimezone(SHANGHAI).date()


def evidence_of(snapshot: Snapshot, places: tuple[Place, ...]) -> tuple[Evidence, ...]:
    """Up to five pages on which the link stands, with its words and place."""
    found = []
    for place in places[:5]:
        page = snapshot.page(place.url)
        sha, at = (page.sha256, page.fetched_at) if page else ("", "")
        found.append(Evidence(place.url, sha, at, place.locator, place.text[:500]))
    return tuple(found)


def owner_of(snapshot: Snapshot, target: Target) -> tuple[str, str]:
    """Unit and column that answer for a link: blank when it stands in a template or on pages of several owners.

    The address of an account is its unit's to keep, wherever the link stands.
    """
    address = same.dead_link(target.url)
    for account in snapshot.district.accounts or ():
        if account.unit_id and account.url and same.dead_link(account.url) == address:
            return account.unit_id, ""
    if any(region in _TEMPLATE for region in target.regions) or target.place_count > len(target.places):
        return "", ""
    found = [snapshot.page(place.url) for place in target.places]
    owners = {(page.owner, page.column) if page else ("", "") for page in found}
    if len(owners) == 1:
        return owners.pop()
    units = {owner for owner, _ in owners}
    return (units.pop(), "") if len(units) == 1 else ("", "")


def words_of(target: Target) -> str:
    """The link as a reader finds it: by its words; a picture or a link without words by its address alone."""
    text = next((p.text for p in target.places if p.text), "")
    if text:
        return f"“{text}”指向的{target.url}"
    return f"{'图片' if target.kind == 'image' else '没有文字的链接'}{target.url}"


def facts_of(target: Target, params: DeadTries) -> dict[str, object]:
    found = proof(target)
    return {
        "target": target.url,
        "what": words_of(target),
        "how": target.outcome.chinese if target.outcome else "未检查",
        "status": target.status,
        "places": target.place_count,
        "where": "、".join(_REGIONS[r] for r in target.regions) or "正文",
        "pages": [p.url for p in target.places],
        "tried": found.dead,
        "tried_days": found.days,
        "tries": params.tries,
        "days": params.days,
        "log": [[t.at, t.method, t.outcome.chinese, str(t.status or "")] for t in target.tries],
    }


def judge_target(snapshot: Snapshot, target: Target, params: DeadTries) -> Verdict:
    """Passed, failed when the death is confirmed, else cannot-tell. Blocked or slow targets are never dead."""
    unit, column = owner_of(snapshot, target)
    page = target.places[0].url if target.places else ""
    said: dict[str, object] = {
        "unit": unit, "column": column, "url": page, "data": facts_of(target, params),
        "fact": same.dead_link(target.url),
    }  # fmt: skip
    if target.outcome is None:
        return cannot_tell(target.url, Reason.INCOMPLETE, **said)
    if target.outcome.seen:
        return passed(target.url, **said)
    said["evidence"] = evidence_of(snapshot, target.places)
    found = proof(target)
    if not target.outcome.dead or found.refuted:
        return cannot_tell(target.url, target.outcome.reason, variant="cannot-tell.unseen", **said)
    if found.enough(params):
        return failed(target.url, **said)
    return cannot_tell(target.url, Reason.SAMPLE_SHORT, **said)


def checkable(target: Target) -> bool:
    """Anybody may ask for it. What leads to the reader's own machine is a local address, judged as such."""
    return target.url.startswith(("http://", "https://")) and host_of(target.url) not in OWN_MACHINE


def on_front(snapshot: Snapshot) -> frozenset[str]:
    """The home page and, where it is navigation only, the second-level pages."""
    home = snapshot.district.site.home
    if not snapshot.district.site.nav_only_home:
        return frozenset({home})
    return frozenset({home, *(link.url for link in snapshot.navigation())})


def stands_on_front(target: Target, front: frozenset[str]) -> bool:
    return target.on_home or any(place.url in front for place in target.places)


_MESSAGES = {
    "failed": "{what}失效：{how}，已试{tried}次（在{tried_days}个自然日），"
    "标准{tries}次、{days}个自然日；位于{where}，共{places}处。",
    "cannot-tell.sample-short": "无法判定：{what}疑似失效（{how}），"
    "已在{tried_days}个自然日试{tried}次，须在{days}个自然日试满{tries}次才能确认。",
}
_LEGAL = (
    "国办秘函〔2019〕19号 政府网站检查指标 功能设计（链接无法访问或错误）",
    "国办发〔2017〕47号 政府网站发展指引（不得有死链、错链）",
)
_WHY = "点不开的链接使群众办事中断；国家检查对首页失效链接逐个扣分。"
_FIX = (
    "1. 在内容管理系统中打开所列页面，找到指向{target}的链接或图片。"
    "2. 目标已搬家的改为新网址；附件丢失的重新上传并更新附件链接；确已停用的删除该链接。"
    "3. 位于页眉、导航、页脚的，请平台方修改模板一处即可，所有页面一并生效。"
)
_RECHECK = "在{days}天内对{target}访问{tries}次，至少一次正常打开，或所列页面已不再含有该链接。"


@rule(
    "link-dead-home",
    version=1,
    title="首页链接失效",
    topic="links",
    logic="U",
    guard="page",
    params=DeadTries,
    absence=True,
    legal=_LEGAL,
    messages={
        **_MESSAGES,
        "passed": "{what}可以打开。",
        "cannot-tell.coverage-incomplete": "无法判定：{what}尚未检查。",
        "cannot-tell.unasked": "无法判定：首页有{count}个外部链接未检查（本次没有访问），如{example}。",
        "cannot-tell.unseen": "无法判定：{what}未能访问（{how}），不按失效处理。",
        "cannot-tell.home": "无法判定：首页{url}未能看到，链接未检查。",
    },
    why=_WHY,
    fix=_FIX,
    recheck=_RECHECK,
    examples=DEAD_HOME,
)
def link_dead_home(snapshot: Snapshot, params: DeadTries) -> Iterator[Verdict]:
    home = snapshot.home()
    if home is None:
        state = snapshot.host(snapshot.district.site.main_host)
        reason = state.outcome.reason if state and state.outcome and not state.outcome.seen else Reason.INCOMPLETE
        url = snapshot.district.site.home
        yield cannot_tell(
            snapshot.district.site.main_host, reason, url=url, data={"url": url}, variant="cannot-tell.home"
        )
        return
    front = on_front(snapshot)
    unasked: list[Target] = []
    for target in snapshot.targets():
        if not checkable(target) or not stands_on_front(target, front):
            continue
        if target.outcome is None and not target.internal:
            unasked.append(target)
        else:
            yield judge_target(snapshot, target, params)
    if unasked:
        data = {"count": len(unasked), "example": words_of(unasked[0]), "targets": [t.url for t in unasked[:200]]}
        yield cannot_tell(
            "external-unasked", Reason.INCOMPLETE, url=home.url, data=data, variant="cannot-tell.unasked",
            evidence=evidence_of(snapshot, unasked[0].places),
        )  # fmt: skip


@rule(
    "link-dead",
    version=1,
    title="其他页面链接失效",
    topic="links",
    logic="U",
    guard="page",
    params=LinkDead,
    absence=True,
    legal=_LEGAL,
    messages={
        **_MESSAGES,
        "passed": "已检查{checked}个链接目标（含附件、图片），未发现失效。",
        "failed.local": "{pages_count}个页面有{count}处图片或链接的地址在编辑人员的电脑上"
        "（如{example}中的{address}），其他人打不开。",
        "cannot-tell.open": "无法判定：已检查的{checked}个链接目标中未确认失效，"
        "另有{open}个未能访问或未检查，如{example}。",
        "cannot-tell.gap": "无法判定：已检查的{checked}个链接目标未发现失效，但页面未取全（{gap}）。",
        "passed.anchors": "提示：{pages_count}个页面有{count}处跳转没有落点，如{example}的“{text}”（{anchor}）；"
        "链接本身可以打开，不按失效处理。",
        "inapplicable": "未发现应检查的链接，不适用。",
    },
    why=_WHY,
    fix=_FIX,
    recheck=_RECHECK,
    examples=DEAD,
)
def link_dead(snapshot: Snapshot, params: LinkDead) -> Iterator[Verdict]:
    front = on_front(snapshot)
    states = [state for role in params.roles for state in snapshot.by_role(role)]
    coverage = joined(states, "") if states else snapshot.site_coverage()
    within = {url for state in states for url in _pages_of(snapshot, state)}
    tallies: dict[str, _Tally] = {}
    for target in snapshot.targets():
        if not checkable(target) or stands_on_front(target, front):
            continue
        if params.roles and not any(p.region is Region.CONTENT and p.url in within for p in target.places):
            continue
        if target.outcome is not None and target.outcome.dead and not proof(target).refuted:
            verdict = judge_target(snapshot, target, params)
            tallies.setdefault(verdict.unit, _Tally()).add(True)
            yield verdict
            continue
        gap = target.outcome is None or not target.outcome.seen
        # A good link accuses nobody, so its first page is enough to say whose it is.
        page = snapshot.page(target.places[0].url) if gap and target.places else None
        tally = tallies.setdefault(page.owner if page else "", _Tally())
        tally.add(False, target if gap else None)
    local = [] if params.roles else list(_local_files(snapshot, params))
    yield from local
    yield from (v for v in _clean(snapshot, tallies, coverage) if not (local and v.outcome is Outcome.PASSED))
    if not params.roles:
        yield from _anchors(snapshot)


def _pages_of(snapshot: Snapshot, state: ColumnState) -> Iterator[str]:
    """URLs of a column: the pages of its list, and its items."""
    yield from (url for url in (state.url, *state.list_pages) if url)
    yield from (page.url for page in snapshot.pages(column=state.column_id))


def _local_files(snapshot: Snapshot, params: LinkDead) -> Iterator[Verdict]:
    """Addresses that lead to the disk of whoever pasted the text: certain without asking anybody; one per unit."""
    by_unit: dict[str, list[tuple[Page, Fact]]] = {}
    for page in snapshot.pages():
        for mark in page.marks_of("local-file"):
            by_unit.setdefault(page.owner, []).append((page, mark))
    for unit, found in sorted(by_unit.items()):
        pages = list(dict.fromkeys(p.url for p, _ in found))
        data = {"count": len(found), "pages_count": len(pages), "pages": pages[:200], "example": pages[0]}
        data |= {
            "address": found[0][1].value,
            "target": found[0][1].value,
            "days": params.days,
            "tries": params.tries,
        }
        evidence = tuple(Evidence.of(p, m.value, m.locator) for p, m in found[:10])
        yield failed(
            f"local-files:{unit or 'site'}",
            unit=unit,
            url=pages[0],
            data=data,
            evidence=evidence,
            variant="failed.local",
        )


def _anchors(snapshot: Snapshot) -> Iterator[Verdict]:
    """Jumps to a place of this or another page that has none of that name: a hint beside dead links, no fault."""
    found = [
        (page, mark)
        for page in snapshot.pages()
        if page.rendered or not page.needs_render
        for mark in page.marks_of("lost-anchor")
    ]
    if not found:
        return
    page, mark = found[0]
    pages = list(dict.fromkeys(p.url for p, _ in found))
    data = {"count": len(found), "pages_count": len(pages), "pages": pages[:200], "example": page.url}
    data |= {"text": mark.quote or "没有文字的链接", "anchor": mark.value}
    data["jumps"] = [[p.url, m.quote, m.value] for p, m in found[:200]]
    evidence = tuple(Evidence.of(p, f"{m.quote} {m.value}".strip(), m.locator) for p, m in found[:5])
    yield passed("page-anchors", url=page.url, data=data, evidence=evidence, variant="passed.anchors")


@dataclass(slots=True)
class _Tally:
    checked: int = 0
    bad: int = 0
    open: int = 0
    reason: Reason = Reason.INCOMPLETE
    example: str = ""

    def add(self, bad: bool, gap: Target | None = None) -> None:
        if gap is None:
            self.checked += 1
            self.bad += bad
            return
        self.open += 1
        if not self.example:
            self.example = gap.url
            self.reason = gap.outcome.reason if gap.outcome else Reason.INCOMPLETE


def _clean(snapshot: Snapshot, tallies: dict[str, _Tally], coverage: Coverage) -> Iterator[Verdict]:
    """One verdict for the site (good links are not counted per unit), and one per unit with unchecked targets."""
    host = snapshot.district.site.main_host
    bad = sum(t.bad for t in tallies.values())
    checked = sum(t.checked for t in tallies.values())
    for unit in sorted(tallies):
        tally = tallies[unit]
        if tally.open:
            data = {"checked": checked, "open": tally.open, "example": tally.example}
            yield cannot_tell(unit or host, tally.reason, unit=unit, data=data, variant="cannot-tell.open")
    if bad or any(t.open for t in tallies.values()):
        return
    if not coverage.complete:
        data = {"checked": checked, "gap": gap_words(coverage)}
        yield cannot_tell(host, gap_reason(coverage), data=data, variant="cannot-tell.gap")
    elif checked:
        yield passed(host, data={"checked": checked})
    else:
        yield inapplicable(host)
