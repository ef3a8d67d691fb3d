"""Official Chinese from phrase grammars. Every text is a pure function of its seed."""

# ruff: noqa: E501 - sentences of the fictitious site stay whole

from __future__ import annotations

import random
from datetime import datetime
from zlib import crc32

_OPENINGS = (
    "为深入贯彻落实上级决策部署，{short}聚焦{duty}重点任务，坚持问题导向、目标导向，扎实推进各项工作。",
    "连日来，{short}围绕{duty}工作，细化任务清单，压实工作责任，推动各项举措落地见效。",
    "按照年度工作安排，{short}组织开展{duty}专项行动，取得阶段性成效。",
    "近日，{short}召开{duty}工作推进会，总结前一阶段进展，研究部署下一步任务。",
)
_MIDDLES = (
    "工作人员深入{place}实地走访，详细了解群众需求，现场解答疑问{n}件次，建立问题台账并逐项销号。",
    "通过集中培训、现场观摩、入户宣传等方式，累计发放宣传材料{n}份，惠及群众{m}人次。",
    "建立周调度、月通报工作机制，对{place}等重点区域开展专项检查{k}次，整改问题{n}个。",
    "完善部门协同、镇街联动工作格局，统筹资金、技术和人员力量，确保任务按期完成。",
    "截至目前，全区{duty}相关项目开工率达到百分之{p}，完成年度计划的百分之{q}。",
)
_ENDINGS = (
    "下一步，{short}将持续加大{duty}工作力度，健全长效机制，不断提升群众获得感和满意度。",
    "下一步，{short}将对照年度目标查漏补缺，以更实举措推动{duty}工作再上新台阶。",
    "今后，{short}将继续做好信息公开，主动接受社会监督，切实把好事办好、实事办实。",
)
_PLACES = ("禾穗镇示范村", "云桑镇桑园社区", "麦浪镇灌区", "青汀街道便民服务中心", "区政务服务大厅")
_NEWS = (
    "{short}召开{duty}工作推进会",
    "{short}扎实推进{duty}工作",
    "{short}开展{duty}专项检查",
    "{short}组织{duty}业务培训",
    "{short}深入一线调研{duty}工作",
    "{short}多措并举抓好{duty}",
    "{short}开展{duty}政策宣传进社区活动",
    "{short}部署下一阶段{duty}重点任务",
    "{short}{duty}工作取得新进展",
    "{short}举办{duty}现场观摩活动",
)
_NOTICES = (
    "关于开展{duty}有关工作的通告",
    "关于{duty}项目评审结果的公示",
    "关于做好{duty}资料报送工作的通知",
    "关于{duty}服务窗口调整的公告",
    "关于公布{duty}监督举报方式的公告",
    "关于组织{duty}业务培训的通知",
)
_CN_MONTH = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")


def dice(*seed: object) -> random.Random:
    """A generator that depends on the seed's words only."""
    return random.Random(crc32("/".join(str(s) for s in seed).encode()))  # noqa: S311 - content, not secrets


def news_title(short: str, duty: str, order: int) -> str:
    return _NEWS[order % len(_NEWS)].format(short=short, duty=duty)


def notice_title(duty: str, order: int, at: datetime) -> str:
    base = _NOTICES[order % len(_NOTICES)].format(duty=duty)
    return f"{base}（{at.year}年第{_CN_MONTH[at.month - 1]}批）"


def paragraphs(short: str, duty: str, *seed: object, count: int = 3) -> list[str]:
    """`count` middle sentences between an opening and an ending, one paragraph each."""
    rng = dice(short, duty, *seed)
    words = {"short": short, "duty": duty}
    chosen = rng.sample(_MIDDLES, k=min(count, len(_MIDDLES)))
    lines = [rng.choice(_OPENINGS), *chosen, rng.choice(_ENDINGS)]
    return [
        line.format(
            **words,
            place=rng.choice(_PLACES),
            n=rng.randint(12, 96),
            m=rng.randint(210, 980),
            k=rng.randint(3, 9),
            p=rng.randint(71, 96),
            q=rng.randint(65, 92),
        )
        for line in lines
    ]


def html(lines: list[str]) -> str:
    """Paragraphs as trusted markup; the lines come from this package only."""
    return "\n".join(f"<p>{line}</p>" for line in lines)


def news_html(short: str, duty: str, *seed: object) -> str:
    return html(paragraphs(short, duty, *seed))


def notice_html(full: str, duty: str, at: datetime, phone: str, *seed: object) -> str:
    """A notice with signature and contact; the day in the signature is the shown day."""
    rng = dice(full, duty, "notice", *seed)
    lines = [
        f"根据年度工作安排，现将{duty}有关事项通告如下。",
        f"一、工作范围。本次工作面向全区各镇（街道）及相关单位，涉及{rng.randint(3, 9)}类事项，具体内容以现场公示为准。",
        "二、办理方式。申请人可到区政务服务大厅综合窗口办理，也可通过门户网站办事服务栏目提交材料。",
        "三、工作要求。各有关单位要严格落实责任，做好政策宣传和解释，自觉接受社会监督。",
        f"联系电话：{phone}",
    ]
    sign = f'<p class="sign">{full}</p><p class="sign">{at.year}年{at.month}月{at.day}日</p>'
    return html(lines) + sign
