"""政策解读: how soon, in which form, with which phone, and whether it explains anything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from checks.calendar import CalendarMissing, WorkCalendar
from checks.facts import DateFact, DateOrigin, Fact, Link, Page, PageKind, Pair, PairBasis, Region
from checks.issuers import Issuer, issuer_of
from checks.items import shown_day, title_of
from checks.outcomes import Reason
from checks.periods import months_before
from checks.policyfiles import by_policy, sure
from checks.rule import Example, Params, number, rule, words
from checks.snapshot import Snapshot
from checks.texts import missing, overlap
from checks.tiny import HOME, tiny
from checks.tiny_parts import LONG_AGO, article
from checks.verdicts import Evidence, Verdict, cannot_tell, failed, inapplicable, passed

_POLICY = article(
    "zcwj/a.html",
    "关于印发稳岗就业若干措施的通知",
    "2026-09-01",
    kind=PageKind.POLICY,
    docno="示政发〔2026〕3号",
    text="对不裁员少裁员的企业按上年度实际缴费的百分之六十返还失业保险费，审核通过后十五日内拨付到账。",
)
_READING = article("zcjd/a.html", "《稳岗就业若干措施》政策解读", "2026-09-02", kind=PageKind.INTERPRETATION)
_PAIR = Pair(HOME + "zcwj/a.html", HOME + "zcjd/a.html", PairBasis.LINK)


class InterpretationLate(Params):
    warn_workdays: int = number("提醒线：晚于文件发布", unit="个工作日", default=0, stricter="lower", ge=0)
    fail_workdays: int = number("期限：晚于文件发布", unit="个工作日", default=3, stricter="lower", ge=0)
    look_back_months: int = number("回看期", unit="个月", default=12, stricter="higher", ge=1)


@rule(
    "interpretation-late",
    version=1,
    title="解读发布滞后",
    topic="interpretation",
    logic="M",
    guard="cal",
    params=InterpretationLate,
    legal=(
        "国办发〔2016〕80号 细则：文件与解读同步组织、同步审签、同步部署",
        "解读最迟于文件公开后3个工作日内发布（各地通行规定）",
    ),
    past=("read",),
    messages={
        "passed": "“{title}”{issued}发布，解读{read}发布，相隔{lag}个工作日，不超过{limit}个。",
        "warned": "“{title}”{issued}发布，解读{read}发布，晚{lag}个工作日，未超{limit}个工作日，但未做到同步。",
        "failed": "“{title}”{issued}发布，解读{read}才发布，相隔{lag}个工作日，超过{limit}个工作日期限。",
        "cannot-tell.undated": "“{title}”或其解读没有可读的发布日期，无法计算间隔。",
        "cannot-tell.date-conflict": "“{title}”与解读的日期有多种读法（相隔{lags}个工作日），"
        "是否超过{limit}个工作日无法确定。",
        "cannot-tell.calendar-missing": "“{title}”{issued}发布，缺少{year}年工作日历，无法计算间隔。",
    },
    why="解读晚于文件，政策出台的头几天正是误读最多的时候。",
    fix="1. 本次滞后已成事实，请在整改反馈表中书面说明原因，已发布日期不得倒签修改。"
    "\n2. 今后请把解读材料与文件一并送审，同一天发布。",
    recheck="已反馈书面说明的即记为已整改；今后发布的文件，由以后各轮检查核对解读页显示日期不晚于文件发布日期后{limit}个工作日",
    examples=(
        Example(
            "同日发布",
            tiny(pages=(_POLICY, replace(_READING, published=_POLICY.published)), all_pairs=(_PAIR,)),
            "passed",
            "“关于印发稳岗就业若干措施的通知”2026-09-01发布，解读2026-09-01发布，相隔0个工作日，不超过3个。",
        ),
        Example(
            "次日发布只提醒",
            tiny(pages=(_POLICY, _READING), all_pairs=(_PAIR,)),
            "passed",
            "“关于印发稳岗就业若干措施的通知”2026-09-01发布，解读2026-09-02发布，晚1个工作日，"
            "未超3个工作日，但未做到同步。",
        ),
        Example(
            "晚了一个多星期",
            tiny(
                pages=(_POLICY, article("zcjd/a.html", "解读", "2026-09-10", kind=PageKind.INTERPRETATION)),
                all_pairs=(_PAIR,),
            ),
            "failed",
            "“关于印发稳岗就业若干措施的通知”2026-09-01发布，解读2026-09-10才发布，相隔7个工作日，超过3个工作日期限。",
        ),
        Example(
            "解读页没有日期",
            tiny(pages=(_POLICY, article("zcjd/a.html", "解读", kind=PageKind.INTERPRETATION)), all_pairs=(_PAIR,)),
            "cannot-tell",
            "“关于印发稳岗就业若干措施的通知”或其解读没有可读的发布日期，无法计算间隔。",
            reason="undated",
        ),
        Example(
            "没有当年日历",
            tiny(
                pages=(
                    article("zcwj/a.html", "通知", "2003-06-02", kind=PageKind.POLICY),
                    article("zcjd/a.html", "解读", "2003-06-09", kind=PageKind.INTERPRETATION),
                ),
                all_pairs=(_PAIR,),
                as_of=LONG_AGO,
            ),
            "cannot-tell",
            "“通知”2003-06-02发布，缺少2003年工作日历，无法计算间隔。",
            reason="calendar-missing",
        ),
        Example(
            "日期有两种读法",
            tiny(
                pages=(_POLICY, replace(_READING, list_dates=(DateFact(date(2026, 9, 15), DateOrigin.LIST),))),
                all_pairs=(_PAIR,),
            ),
            "cannot-tell",
            "“关于印发稳岗就业若干措施的通知”与解读的日期有多种读法（相隔1–10个工作日），是否超过3个工作日无法确定。",
            reason="date-conflict",
        ),
    ),
)
def interpretation_late(snapshot: Snapshot, params: InterpretationLate) -> Iterator[Verdict]:
    calendar = WorkCalendar(snapshot.district.calendar)
    since = months_before(snapshot.today, params.look_back_months)
    for url, pairs in by_policy(snapshot).items():
        policy = snapshot.page(url)
        readings = [p for p in (snapshot.page(p.interpretation) for p in sure(pairs)) if p is not None]
        if policy is None or not readings:
            continue
        issued = shown_day(policy)
        if issued is not None and issued < since:
            continue
        first = min(readings, key=lambda p: (shown_day(p) or date.max, p.url))
        read = shown_day(first)
        evidence = (
            Evidence.of(policy, policy.published.quote if policy.published else ""),
            Evidence.of(first, first.published.quote if first.published else ""),
        )
        data: dict[str, Any] = {"title": title_of(policy), "issued": str(issued), "limit": params.fail_workdays}
        at: dict[str, Any] = {"unit": policy.owner, "url": first.url, "evidence": evidence}
        if issued is None or read is None:
            yield cannot_tell(url, Reason.UNDATED, data=data, **at)
            continue
        try:
            lags = sorted({calendar.workdays_between(a, b) for a in _days(policy) for b in _days(first)})
            lag = calendar.workdays_between(issued, read)
        except CalendarMissing as gap:
            yield cannot_tell(url, Reason.CALENDAR_MISSING, data={**data, "year": gap.year}, **at)
            continue
        data |= {"read": str(read), "lag": lag, "lags": "–".join(str(n) for n in (lags[0], lags[-1]))}
        if (lags[0] > params.fail_workdays) != (lags[-1] > params.fail_workdays):
            yield cannot_tell(url, Reason.DATE_CONFLICT, data=data, **at)
        elif lag > params.fail_workdays:
            yield failed(url, data=data, **at)
        else:
            yield passed(url, data=data, variant="warned" if lag > params.warn_workdays else "", **at)


def _days(page: Page) -> set[date]:
    """All readings of the day a reader sees: on the page, in the header table, in lists."""
    issued = page.date_of(DateOrigin.ISSUED)
    found = {d.value for d in page.list_dates}
    found |= {page.published.value} if page.published else set()
    return found | ({issued.value} if issued else set())


class InterpretationTextOnly(Params):
    look_back_months: int = number("回看期", unit="个月", default=12, stricter="higher", ge=1)
    words: tuple[str, ...] = words(
        "标题含这些词即认定为多样化解读",
        ("一图读懂", "图解", "图说", "漫画", "视频解读", "动漫", "短视频", "音频", "发布会", "直播", "H5"),
    )


_MEDIA = ("video", "audio", "player", "big-image")


@rule(
    "interpretation-text-only",
    version=1,
    title="解读形式单一",
    topic="interpretation",
    logic="E",
    guard="page",
    params=InterpretationTextOnly,
    absence=True,
    legal=("国办发〔2017〕47号《政府网站发展指引》：运用图表图解、音频视频等形式解读",),
    messages={
        "passed": "“{title}”的解读含有非文字形式：{found}。",
        "failed": "“{title}”的{count}篇解读只有文字，未见图解、视频或音频。",
        "cannot-tell.not-rendered": "“{title}”的解读页有{images}张图片或脚本内容未加载，无法判定是否只有文字。",
    },
    why="只有文字的解读读的人少；图解和视频更容易被群众看懂和转发。",
    fix="1. 请把办理条件、标准、流程做成一张图或一段短视频。"
    "\n2. 在解读页正文中插入（图片宽度不小于400像素，并填写替代文字）。\n"
    "3. 也可另发“一图读懂”页面，与文件互链。",
    recheck="该文件的任一解读页含有正文大图、视频、音频或播放器，或标题为图解类",
    examples=(
        Example(
            "正文有大图",
            tiny(pages=(_POLICY, replace(_READING, marks=(Fact("800x1200", "big-image"),))), all_pairs=(_PAIR,)),
            "passed",
            "“关于印发稳岗就业若干措施的通知”的解读含有非文字形式：正文大图。",
        ),
        Example(
            "只有文字",
            tiny(pages=(_POLICY, _READING), all_pairs=(_PAIR,)),
            "failed",
            "“关于印发稳岗就业若干措施的通知”的1篇解读只有文字，未见图解、视频或音频。",
        ),
        Example(
            "图片大小未知",
            tiny(
                pages=(_POLICY, _READING),
                all_pairs=(_PAIR,),
                page_links={_READING.url: (Link(HOME + "1.jpg", "", kind="image"),)},
            ),
            "cannot-tell",
            "“关于印发稳岗就业若干措施的通知”的解读页有1张图片或脚本内容未加载，无法判定是否只有文字。",
            reason="not-rendered",
        ),
    ),
)
def interpretation_text_only(snapshot: Snapshot, params: InterpretationTextOnly) -> Iterator[Verdict]:
    for url, policy, readings in _read(snapshot, params.look_back_months):
        found = [m.origin for p in readings for m in p.marks if m.origin in _MEDIA]
        found += [w for p in readings for w in params.words if w in title_of(p)]
        at: dict[str, Any] = {
            "unit": policy.owner, "url": readings[0].url, "evidence": tuple(Evidence.of(p) for p in readings[:5])
        }  # fmt: skip
        title = title_of(policy)
        images = sum(
            link.kind == "image" and link.region is Region.CONTENT for p in readings for link in snapshot.links(p.url)
        )
        if found:
            named = [_FORMS.get(f, f) for f in dict.fromkeys(found)]
            yield passed(url, data={"title": title, "found": named}, **at)
        elif any(p.needs_render for p in readings) or (images and not all(p.rendered for p in readings)):
            yield cannot_tell(url, Reason.NOT_RENDERED, data={"title": title, "images": images}, **at)
        else:
            yield failed(url, data={"title": title, "count": len(readings)}, **at)


_FORMS = {"video": "视频", "audio": "音频", "player": "播放器", "big-image": "正文大图"}


def _read(snapshot: Snapshot, months: int) -> Iterator[tuple[str, Page, list[Page]]]:
    """Files of the last `months` months with their certain interpretations that were seen."""
    since = months_before(snapshot.today, months)
    for url, pairs in by_policy(snapshot).items():
        policy = snapshot.page(url)
        readings = [p for p in (snapshot.page(p.interpretation) for p in sure(pairs)) if p is not None]
        if policy is not None and issuer_of(policy, snapshot.district) is Issuer.HIGHER:
            continue  # a higher authority interprets its own files
        if policy is not None and readings and (shown_day(policy) or since) >= since:
            yield url, policy, readings


class InterpretationThin(Params):
    similarity: float = number("与文件原文重合的比例上限", unit="比例", default=0.8, stricter="lower", ge=0, le=1)
    min_length: int = number("解读正文字数下限", unit="字", default=400, stricter="higher", ge=0)
    min_parts: int = number("应有的解读要素数", unit="项", default=3, stricter="higher", ge=0)
    parts: tuple[str, ...] = words(
        "解读要素（同一项的写法用|隔开）",
        ("背景", "依据", "主要内容|重点内容|主要措施", "范围|适用对象", "标准", "问答|问：|问题解答"),
    )
    look_back_months: int = number("回看期", unit="个月", default=12, stricter="higher", ge=1)


@rule(
    "interpretation-thin",
    version=1,
    title="解读质量存疑",
    topic="interpretation",
    logic="M",
    params=InterpretationThin,
    manual=True,
    legal=(
        "国办发〔2016〕80号 细则：解读背景依据、目标任务、主要内容、涉及范围、执行标准、注意事项、"
        "关键词诠释、惠民利民举措、新旧政策差异",
    ),
    messages={
        "passed": "解读“{title}”{length}字，与原文重合{share}，含解读要素{count}项。",
        "cannot-tell.needs-judgement": "解读“{title}”质量存疑：{doubts}。",
        "inapplicable": "解读“{title}”为图解或音视频形式，不比较文字。",
    },
    why="照抄原文的解读等于没有解读。",
    fix="1. 请逐条说明文件解决什么问题、谁能享受、标准多少、怎么办理。\n2. 增加群众和企业常问问题的解答。"
    "\n3. 删去整段照抄的原文。",
    recheck="人工复核认为解读讲清了背景、内容、范围和标准",
    question="这篇解读是否讲清了政策内容，而不是照抄或摘录原文？",
    examples=(
        Example(
            "解读充分",
            tiny(
                pages=(
                    _POLICY,
                    replace(_READING, text="背景是稳住就业，依据上级意见，主要内容有返还和补贴。", text_length=520),
                ),
                all_pairs=(_PAIR,),
            ),
            "passed",
            "解读“《稳岗就业若干措施》政策解读”520字，与原文重合0%，含解读要素3项。",
        ),
        Example(
            "照抄原文",
            tiny(pages=(_POLICY, replace(_READING, text=_POLICY.text, text_length=45)), all_pairs=(_PAIR,)),
            "cannot-tell",
            "解读“《稳岗就业若干措施》政策解读”质量存疑：与文件原文重合100%，高于80%；正文45字，少于400字；解读要素0项，少于3项（缺背景、依据、主要内容、范围、标准、问答）。",
            reason="needs-judgement",
            review=True,
        ),
        Example(
            "图解不比较文字",
            tiny(pages=(_POLICY, replace(_READING, marks=(Fact("800x1200", "big-image"),))), all_pairs=(_PAIR,)),
            "inapplicable",
            "解读“《稳岗就业若干措施》政策解读”为图解或音视频形式，不比较文字。",
        ),
    ),
)
def interpretation_thin(snapshot: Snapshot, params: InterpretationThin) -> Iterator[Verdict]:
    done: set[str] = set()
    for _, policy, readings in _read(snapshot, params.look_back_months):
        for reading in readings:
            if reading.url in done or reading.needs_render:
                continue
            done.add(reading.url)
            share = overlap(reading.text, policy.text)
            lacking = missing(params.parts, reading.text)
            count = len(params.parts) - len(lacking)
            data: dict[str, Any] = {
                "title": title_of(reading), "length": reading.text_length, "share": f"{share:.0%}", "count": count
            }  # fmt: skip
            at: dict[str, Any] = {
                "unit": reading.owner or policy.owner,
                "url": reading.url,
                "evidence": (Evidence.of(policy), Evidence.of(reading, reading.text[:120])),
            }
            doubts = []
            if share > params.similarity:
                doubts.append(f"与文件原文重合{share:.0%}，高于{params.similarity:.0%}")
            if reading.text_length < params.min_length:
                doubts.append(f"正文{reading.text_length}字，少于{params.min_length}字")
            if count < params.min_parts:
                doubts.append(f"解读要素{count}项，少于{params.min_parts}项（缺{'、'.join(lacking)}）")
            if any(m.origin in _MEDIA for m in reading.marks):
                yield inapplicable(reading.url, data=data, **at)
            elif doubts:
                more = {**data, "doubts": "；".join(doubts)}
                yield cannot_tell(reading.url, Reason.NEEDS_JUDGEMENT, data=more, review=True, **at)
            else:
                yield passed(reading.url, data=data, **at)
