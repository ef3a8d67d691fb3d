"""政策解读: an interpretation names a phone for questions."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from pydantic import Field

from checks.facts import Page, PageKind
from checks.items import shown_day, title_of
from checks.laws import DISTRICT_PLAN
from checks.outcomes import Reason
from checks.rule import Example, Params, number, rule, words
from checks.snapshot import Snapshot
from checks.texts import phone_with_cue
from checks.tiny import tiny
from checks.tiny_parts import article
from checks.verdicts import Evidence, Verdict, cannot_tell, failed, inapplicable, passed


class InterpretationPhoneMissing(Params):
    since: date = Field(default=date(2023, 7, 20), description="只检查此日之后发布的解读页")
    reach: int = number("电话与“咨询、联系、解读、电话”等提示词的距离", unit="字", default=30, ge=1)
    higher: tuple[str, ...] = words(
        "来源以这些词开头的视为转载上级解读",
        ("国务院", "中国政府网", "中央", "新华", "人民日报", "国家", "省", "山东省", "枣庄市", "市政府"),
    )
    grouped: int = number("同一栏目超过此数的同类问题合并为一条", unit="页", default=5, ge=1)


_NAMED = re.compile(r"《.+》.{0,12}(?:解读|图解|读懂|问答)|(?:解读|图解|读懂).{0,6}《.+》")
_MINISTRY = re.compile(
    r"^(?!.*(?:组织部|宣传部|统战部|武装部))(?:教育|公安|民政|司法|财政|商务|农业农村|自然资源|生态环境|交通运输|水利|文化和旅游|应急管理|"
    r"人力资源社会保障|人力资源和社会保障|住房城乡建设|住房和城乡建设|工业和信息化|科技|科学技术|退役军人事务)部|"
    r"(?:国务院|国家|[一-龥]{2,8}部)[一-龥（）]{0,30}负责人.{0,60}答记者问"
)


@rule(
    "interpretation-phone-missing",
    version=1,
    title="解读页无咨询电话",
    topic="interpretation",
    logic="E",
    guard="page",
    params=InterpretationPhoneMissing,
    absence=True,
    legal=(f"{DISTRICT_PLAN}：在政策解读页面公布政策咨询电话",),
    messages={
        "passed": "“{title}”公布了咨询电话{phone}。",
        "failed": "“{title}”（{day}）全文{length}字内未见带“咨询、联系、解读、电话”提示的电话号码。",
        "grouped": "栏目内有{count}篇解读未公布咨询电话，如“{title}”（{day}）。",
        "cannot-tell.not-rendered": "“{title}”的内容由脚本生成、尚未渲染，无法核对咨询电话。",
        "cannot-tell.needs-judgement": "“{title}”正文文字只有{length}字、内容多在图片中，"
        "请人工查看图片里有无咨询电话。",
        "cannot-tell.undated": "“{title}”没有可读的发布日期且未见咨询电话，无法确定是否在检查范围。",
        "inapplicable": "“{title}”转载自{source}，不要求本单位咨询电话。",
    },
    why="看完解读仍有疑问的群众需要知道问谁；区里的要点要求每篇解读都公布电话。",
    fix="1. 打开解读页的编辑界面。\n2. 在正文末尾加一行“咨询电话：（单位科室）0XXX-XXXXXXX”。"
    "\n3. 保存并重新发布，在页面上核对能看到。",
    recheck="解读页正文或页脚出现电话号码，且{reach}字内有咨询、联系、解读或电话字样",
    examples=(
        Example(
            "文末有咨询电话",
            tiny(
                pages=(
                    article("zcjd/a.html", "解读", "2026-09-02", "咨询电话：6611111", kind=PageKind.INTERPRETATION),
                )
            ),
            "passed",
            "“解读”公布了咨询电话6611111。",
        ),
        Example(
            "没有电话",
            tiny(
                pages=(article("zcjd/a.html", "解读", "2026-09-02", "一、背景" * 30, kind=PageKind.INTERPRETATION),)
            ),
            "failed",
            "“解读”（2026-09-02）全文120字内未见带“咨询、联系、解读、电话”提示的电话号码。",
        ),
        Example(
            "文字很少、内容在图片里",
            tiny(
                pages=(
                    article(
                        "zcjd/a.html",
                        "一图读懂",
                        "2026-09-02",
                        "见图",
                        kind=PageKind.INTERPRETATION,
                        marks={"big-image": "800x3000"},
                    ),
                )
            ),
            "cannot-tell",
            "“一图读懂”正文文字只有2字、内容多在图片中，请人工查看图片里有无咨询电话。",
            reason="needs-judgement",
            review=True,
        ),
        Example(
            "转载上级解读",
            tiny(
                pages=(
                    article(
                        "zcjd/a.html",
                        "解读",
                        "2026-09-02",
                        "一、背景",
                        kind=PageKind.INTERPRETATION,
                        source="中国政府网",
                    ),
                )
            ),
            "inapplicable",
            "“解读”转载自中国政府网，不要求本单位咨询电话。",
        ),
        Example(
            "同一栏目多篇都没有",
            tiny(
                pages=tuple(
                    article(
                        f"zcjd/{n}.html",
                        f"解读{n}",
                        "2026-09-02",
                        "一、背景" * 30,
                        kind=PageKind.INTERPRETATION,
                        column="zcjd",
                    )
                    for n in range(6)
                )
            ),
            "failed",
            "栏目内有6篇解读未公布咨询电话，如“解读0”（2026-09-02）。",
        ),
        Example(
            "没有日期",
            tiny(pages=(article("zcjd/a.html", "解读", "", "一、背景" * 30, kind=PageKind.INTERPRETATION),)),
            "cannot-tell",
            "“解读”没有可读的发布日期且未见咨询电话，无法确定是否在检查范围。",
            reason="undated",
        ),
        Example(
            "没有渲染",
            tiny(
                pages=(article("zcjd/a.html", "解读", "2026-09-02", kind=PageKind.INTERPRETATION, needs_render=True),)
            ),
            "cannot-tell",
            "“解读”的内容由脚本生成、尚未渲染，无法核对咨询电话。",
            reason="not-rendered",
        ),
    ),
)
def interpretation_phone_missing(snapshot: Snapshot, params: InterpretationPhoneMissing) -> Iterator[Verdict]:
    columns = {s.column_id for s in snapshot.by_role("interpretation")}
    paired = {p.interpretation for p in snapshot.pairs()}
    without: dict[tuple[str, str], list[Page]] = defaultdict(list)
    for page in snapshot.pages(PageKind.INTERPRETATION):
        if columns and page.column not in columns and page.url not in paired and not _NAMED.search(title_of(page)):
            continue  # elsewhere only a title that names the file it interprets makes an interpretation
        day = shown_day(page)
        if day is not None and day <= params.since:
            continue
        data: dict[str, Any] = {
            "title": title_of(page),
            "day": str(day),
            "length": page.text_length,
            "reach": params.reach,
        }
        at: dict[str, Any] = {"unit": page.owner, "url": page.url, "evidence": (Evidence.of(page),)}
        source = page.source.value if page.source else ""
        if source.startswith(params.higher) or _MINISTRY.search(source) or _MINISTRY.search(title_of(page)):
            yield inapplicable(page.url, data={**data, "source": source or "上级部门"}, **at)
            continue
        marked = next(iter(page.marks_of("phone")), None)
        phone = phone_with_cue(page.text, params.reach) or (marked.value if marked else None)
        if phone:
            yield passed(page.url, data={**data, "phone": phone}, **at)
        elif page.needs_render:
            yield cannot_tell(page.url, Reason.NOT_RENDERED, data=data, **at)
        elif page.marks_of("big-image") and (page.text_length < 200 or "图" in title_of(page)):
            yield cannot_tell(page.url, Reason.NEEDS_JUDGEMENT, data=data, review=True, **at)
        elif day is None:
            yield cannot_tell(page.url, Reason.UNDATED, data=data, **at)
        else:
            without[page.owner, page.column].append(page)
    for (owner, column), pages in sorted(without.items()):
        yield from _phone_failures(owner, column, pages, params)


def _phone_failures(
    owner: str, column: str, pages: list[Page], params: InterpretationPhoneMissing
) -> Iterator[Verdict]:
    def values(page: Page) -> dict[str, Any]:
        return {
            "title": title_of(page),
            "day": str(shown_day(page)),
            "length": page.text_length,
            "reach": params.reach,
        }

    if column and len(pages) > params.grouped:
        data = {**values(pages[0]), "count": len(pages), "pages": [p.url for p in pages]}
        yield failed(
            column, unit=owner, column=column, url=pages[0].url, variant="grouped", data=data,
            evidence=tuple(Evidence.of(p) for p in pages[:10]),
        )  # fmt: skip
        return
    for page in pages:
        yield failed(
            page.url, unit=owner, column=column, url=page.url, data=values(page), evidence=(Evidence.of(page),)
        )
