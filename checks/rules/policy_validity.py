"""政策文件库: a repealed file is not shown as being in force."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from checks.calendar import CalendarMissing, WorkCalendar
from checks.facts import Page, PageKind
from checks.items import shown_day, title_of
from checks.outcomes import Reason
from checks.policyfiles import field_of, policy_pages
from checks.rule import Example, Params, Status, number, rule
from checks.rules.policies import policy_file
from checks.snapshot import Snapshot
from checks.texts import docno, docnos, quote_around
from checks.tiny import TinySnapshot, tiny
from checks.tiny_parts import LONG_AGO, article
from checks.verdicts import Evidence, Verdict, cannot_tell, failed, inapplicable, passed


class PolicyValidityStale(Params):
    workdays: int = number(
        "废止或修改文件发布后更新有效性的期限", unit="个工作日", default=20, stricter="lower", ge=0
    )


_REPEAL_WORDS = ("废止", "停止执行", "宣布失效", "不再执行")
_REPEALS = re.compile(rf"[^。；\n]{{0,400}}?(?:{'|'.join(_REPEAL_WORDS)})")
_NAMED = re.compile(r"《([^《》]{6,80})》")


def _repealed(day: str, state: str = "有效", number: str = "（示政发〔2026〕3号）") -> TinySnapshot:
    """A file of the library and a later one that repeals it, shown on `day`."""
    text = f"本通知自印发之日起施行，《关于稳岗就业的通知》{number}同时废止。"
    later = article("zcwj/b.html", "关于新办法的通知", day, text, kind=PageKind.POLICY, docno="示政发〔2026〕9号")
    return tiny(pages=(policy_file("zcwj/a.html", 有效性=state), later))


@rule(
    "policy-validity-stale",
    version=1,
    title="文件有效性未更新",
    topic="policies",
    logic="M",
    guard="cal",
    params=PolicyValidityStale,
    status=Status.PREVIEW,
    legal=("国办发〔2017〕47号《政府网站发展指引》：已修改、废止、失效的文件应作出说明",),
    messages={
        "passed": "“{title}”已被{by}废止，页面有效性为“{state}”。",
        "failed": "“{title}”（{number}）已被{issued}发布的{by}宣布废止，{waited}个工作日后有效性仍为“{state}”，"
        "期限{limit}个工作日。",
        "due": "“{title}”（{number}）被{issued}发布的{by}宣布废止，更新期限{due}未到。",
        "title-only": "{by}宣布废止“{title}”，只按标题对上一份仍标“{state}”的文件，请人工确认是否为同一文件。",
        "cannot-tell.undated": "{by}宣布废止“{title}”，但其发布日期未读到，无法计算期限。",
        "cannot-tell.calendar-missing": "{by}宣布废止“{title}”，缺少{year}年工作日历，无法计算期限。",
        "inapplicable": "没有读到宣布废止本站文件的公开文件。",
    },
    why="标着“有效”的废止文件会误导群众按旧规定办事。",
    fix="1. 打开“{title}”的后台编辑页。\n2. 把“有效性”改为“废止”或“失效”，并注明被哪份文件废止。"
    "\n3. 重新发布并在前台核对。",
    recheck="该文件页的有效性不再是“有效”",
    examples=(
        Example(
            "已改为废止",
            _repealed("2026-06-01", state="废止"),
            "passed",
            "“关于稳岗就业的通知”已被示政发〔2026〕9号废止，页面有效性为“废止”。",
        ),
        Example(
            "仍标有效",
            _repealed("2026-06-01"),
            "failed",
            "“关于稳岗就业的通知”（示政发〔2026〕3号）已被2026-06-01发布的示政发〔2026〕9号宣布废止，"
            "86个工作日后有效性仍为“有效”，期限20个工作日。",
        ),
        Example(
            "期限未到",
            _repealed("2026-09-21"),
            "inapplicable",
            "“关于稳岗就业的通知”（示政发〔2026〕3号）被2026-09-21发布的示政发〔2026〕9号宣布废止，"
            "更新期限2026-10-26未到。",
        ),
        Example(
            "只按标题对上",
            _repealed("2026-06-01", number=""),
            "cannot-tell",
            "示政发〔2026〕9号宣布废止“关于稳岗就业的通知”，只按标题对上一份仍标“有效”的文件，"
            "请人工确认是否为同一文件。",
            reason="needs-judgement",
            review=True,
        ),
        Example(
            "废止文件没有日期",
            _repealed(""),
            "cannot-tell",
            "示政发〔2026〕9号宣布废止“关于稳岗就业的通知”，但其发布日期未读到，无法计算期限。",
            reason="undated",
        ),
        Example(
            "没有当年日历",
            replace(_repealed("2003-05-01"), as_of=LONG_AGO),
            "cannot-tell",
            "示政发〔2026〕9号宣布废止“关于稳岗就业的通知”，缺少2003年工作日历，无法计算期限。",
            reason="calendar-missing",
        ),
        Example("没有宣布废止的文件", tiny(), "inapplicable", "没有读到宣布废止本站文件的公开文件。"),
    ),
)
def policy_validity_stale(snapshot: Snapshot, params: PolicyValidityStale) -> Iterator[Verdict]:
    calendar = WorkCalendar(snapshot.district.calendar)
    numbers: dict[tuple[str, int, int], Page] = {}
    titles: dict[str, Page] = {}
    pages = list(policy_pages(snapshot))
    for page in pages:
        read = docno(page.docno.value) if page.docno else None
        if read:
            numbers.setdefault(read, page)
        titles.setdefault(title_of(page), page)
    done: set[str] = set()
    for page in pages:
        for sentence, plain in _sentences(page):
            for old, sure in _named(sentence, numbers, titles):
                if old.url not in done and old.url != page.url:
                    done.add(old.url)
                    yield _validity(old, page, sentence, sure and plain, calendar, snapshot.today, params)
    if not done:
        yield inapplicable("policy-library")


def _sentences(page: Page) -> Iterator[tuple[str, bool]]:
    """Repealing sentences, and whether they are plain. A list of repealed files is its whole text."""
    if "废止" in title_of(page):
        yield page.text, not any(w in page.text for w in ("继续有效", "保留", "予以修改"))
    if not any(w in page.text for w in _REPEAL_WORDS):  # the pattern reads every sentence to its end
        return
    for sentence in _REPEALS.findall(page.text):
        yield sentence, True


def _named(
    sentence: str, numbers: dict[tuple[str, int, int], Page], titles: dict[str, Page]
) -> Iterator[tuple[Page, bool]]:
    by_number = [numbers[n] for n in docnos(sentence) if n in numbers]
    yield from ((page, True) for page in by_number)
    for name in _NAMED.findall(sentence):
        page = titles.get(name) or next((p for t, p in titles.items() if name in t), None)
        if page is not None and page not in by_number:
            yield page, False


def _validity(
    old: Page, by: Page, sentence: str, sure: bool, calendar: WorkCalendar, today: date, params: PolicyValidityStale
) -> Verdict:
    fact = field_of(old, "有效性")
    state = fact.value if fact else "未标注"
    issued = shown_day(by)
    data: dict[str, Any] = {
        "title": title_of(old),
        "state": state,
        "by": by.docno.value if by.docno else title_of(by),
    }
    data |= {"number": old.docno.value if old.docno else "", "issued": str(issued), "limit": params.workdays}
    quote = quote_around(by.text, sentence[-60:], 40)
    at: dict[str, Any] = {
        "unit": old.owner,
        "url": old.url,
        "evidence": (Evidence.of(old, f"有效性：{state}"), Evidence.of(by, quote)),
    }
    if any(w in state for w in ("废止", "失效", "修改", "无效")):
        return passed(old.url, data=data, **at)
    if not sure:
        return cannot_tell(old.url, Reason.NEEDS_JUDGEMENT, review=True, data=data, variant="title-only", **at)
    if issued is None:
        return cannot_tell(old.url, Reason.UNDATED, data=data, **at)
    try:
        due = calendar.add_workdays(issued, params.workdays)
        data |= {"due": str(due), "waited": calendar.workdays_between(issued, today)}
    except CalendarMissing as gap:
        return cannot_tell(old.url, Reason.CALENDAR_MISSING, data={**data, "year": gap.year}, **at)
    if today <= due:
        return inapplicable(old.url, data=data, variant="due", **at)
    return failed(old.url, data=data, **at)
