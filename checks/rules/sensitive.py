"""敏感信息: personal data and marks of secrecy in visible text. What is quoted is masked; a person decides."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from checks.facts import Page
from checks.personal import CARD, CARD_CUE, ID15, ID18, LONG_NUMBER, MOBILE, birthday, luhn, valid_id
from checks.rule import Example, NoParams, Params, number, rule, words
from checks.scanning import scan
from checks.snapshot import Snapshot
from checks.texts import masked
from checks.tiny import TinySnapshot, tiny
from checks.tiny_parts import BLOCKED, article
from checks.verdicts import Verdict


class PersonalData(Params):
    min_mobiles: int = number("没有联系语境的手机号达到此数才提示", unit="个", default=3, stricter="lower", ge=1)
    contact: tuple[str, ...] = words(
        "手机号附近有这些词视为公开联系方式",
        (
            "联系",
            "电话",
            "咨询",
            "热线",
            "手机",
            "传真",
            "报名",
            "举报",
            "监督",
            "服务",
            "值班",
            "负责人",
            "工作人员",
        ),
    )
    reach: int = number("联系语境的距离", unit="字", default=30, ge=1)
    grouped: int = number("同一栏目超过此数的同类问题合并为一条", unit="页", default=5, ge=1)


def _found(page: Page, params: PersonalData) -> list[str]:
    text, found = page.text, []
    if not LONG_NUMBER.search(text):
        return []
    ids = {m[0] for m in ID18.finditer(text) if valid_id(m[0])}
    found += [f"身份证号{masked(v, 3)}" for v in sorted(ids)]
    for match in ID15.finditer(text):
        near = text[max(0, match.start() - 30) : match.start()]
        if "身份证" in near and birthday("19" + match[0][6:12]):
            found.append(f"身份证号{masked(match[0], 3)}")
    for match in CARD.finditer(text):
        near = text[max(0, match.start() - 40) : match.start()]
        if match[0] not in ids and luhn(match[0]) and CARD_CUE.search(near) and not _public_account(near):
            found.append(f"银行卡号{masked(match[0], 3)}")
    private = [m[0] for m in MOBILE.finditer(text) if not _contact(text, m, params)]
    if len(private) >= params.min_mobiles:
        found += [f"手机号{masked(v, 3)}" for v in dict.fromkeys(private)]
    return found


def _public_account(near: str) -> bool:
    """Accounts of public bodies (bid bonds, fees) are published on purpose."""
    return any(w in near for w in ("保证金", "户名：", "户名:", "收款单位", "专户", "缴款"))


def _contact(text: str, match: re.Match[str], params: PersonalData) -> bool:
    around = text[max(0, match.start() - params.reach) : match.end() + params.reach]
    return any(w in around for w in params.contact)


def _said(text: str, **more: Any) -> TinySnapshot:
    return tiny(pages=(article("gs/1.html", "补贴发放公示", "2026-08-01", text, owner="zfb", **more),))


_MANY = tuple(
    article(f"gs/{n}.html", f"第{n}批公示", "2026-08-01", "身份证号 11010519491231002X", owner="zfb", column="gs")
    for n in range(1, 7)
)


@rule(
    "personal-data-exposed",
    version=1,
    title="疑似泄露个人信息",
    topic="sensitive",
    logic="U",
    guard="unit",
    params=PersonalData,
    manual=True,
    legal=("《个人信息保护法》第二十八条", "《政府信息公开条例》第十五条"),
    messages={
        "passed": "{unit_name}已扫描{count}页可见文字，未发现身份证号、银行卡号或成批手机号。",
        "cannot-tell.needs-judgement": "“{title}”疑似含个人信息{count}处：{hits}（已打码），请立即核实。",
        "grouped": "该栏目有{count}页疑似含个人信息，如“{title}”：{hits}（已打码），请立即核实。",
        "gap": "{unit_name}已扫描{count}页未见个人信息，但该单位页面未查全（{gap}）。",
    },
    why="公示中露出身份证号、银行卡号会直接危害当事人，属于安全事故。",
    fix="1. 立即撤下“{title}”的原页面和附件。\n2. 把身份证号、银行卡号、手机号中间至少四位换成*。"
    "\n3. 重新发布，并检查搜索引擎快照和转发页面。",
    recheck="页面可见文字中不再出现完整的身份证号、银行卡号和成批手机号",
    question="页面上的号码是否属于不应公开的个人信息？",
    examples=(
        Example(
            "号码已打码",
            _said("张某某 110105********002X 补贴900元"),
            "passed",
            "区政府办已扫描1页可见文字，未发现身份证号、银行卡号或成批手机号。",
            subject="zfb",
        ),
        Example(
            "完整身份证号",
            _said("补贴对象身份证号 11010519491231002X"),
            "cannot-tell",
            "“补贴发放公示”疑似含个人信息1处：身份证号110************02X（已打码），请立即核实。",
            reason="needs-judgement",
            review=True,
        ),
        Example(
            "同一栏目多页",
            tiny(pages=_MANY),
            "cannot-tell",
            "该栏目有6页疑似含个人信息，如“第1批公示”：身份证号110************02X（已打码），请立即核实。",
            reason="needs-judgement",
            review=True,
        ),
        Example(
            "页面未查全",
            tiny(coverage=BLOCKED),
            "cannot-tell",
            "区政府办已扫描0页未见个人信息，但该单位页面未查全（应取10页，已取7页，"
            "首个缺口http://www.example.gov.cn/zwgk/index_2.html（被网站防护系统拦截））。",
            reason="blocked",
        ),
    ),
)
def personal_data_exposed(snapshot: Snapshot, params: PersonalData) -> Iterator[Verdict]:
    return scan(snapshot, lambda page: _found(page, params), grouped=params.grouped)


_MARK = re.compile(
    r"(?:绝密|机密|秘密)\s*(?:★|☆|﹡|\*)\s*(?:\d{1,2}年|长期)?|(?:绝密|机密|秘密)\s*\d{1,2}年(?!.{0,6}(?:保密期|期限))"
)
_INTERNAL = re.compile(r"内部(?:资料|文件|材料)[，,、]?(?:注意保[存管密]|不得外传|请勿外传|严禁外传|妥善保管)")
_CLOSED = re.compile(r"公开(?:属性|方式|类别|形式)\s*[:：]\s*不予公开")


def _marks(page: Page) -> list[str]:
    text = page.text
    found = ["密级标志"] if any(w in text for w in ("绝密", "机密", "秘密")) and _MARK.search(text) else []
    found += ["内部资料字样"] if "内部" in text and _INTERNAL.search(text) else []
    closed = any("不予公开" in f.value and len(f.value) < 12 for f in page.header)
    closed = closed or ("不予公开" in text and _CLOSED.search(text) is not None)
    return found + (["公开属性为不予公开"] if closed else [])


@rule(
    "secret-mark-present",
    version=1,
    title="疑似涉密标志",
    topic="sensitive",
    logic="U",
    guard="unit",
    params=NoParams,
    manual=True,
    legal=("《保守国家秘密法》第二十二条、第三十五条", "国办秘函〔2019〕19号 单项否决“安全、泄密事故”"),
    messages={
        "passed": "{unit_name}已扫描{count}页可见文字，未发现密级标志和内部资料字样。",
        "cannot-tell.needs-judgement": "“{title}”疑似含{hits}（原文不抄录），请立即撤下并由保密部门核查。",
        "grouped": "该栏目有{count}页疑似含{hits}（原文不抄录），如“{title}”，请立即撤下并由保密部门核查。",
        "gap": "{unit_name}已扫描{count}页未见密级标志，但该单位页面未查全（{gap}）。",
    },
    why="涉密文件上网是最严重的安全事故，一票否决。",
    fix="1. 立即撤下“{title}”，保留原件备查。\n2. 报区保密部门核查，不要在网上讨论。\n3. 复查同批发布的文件。",
    recheck="页面可见文字中不再出现密级标志或内部资料字样，或保密部门认定可以公开",
    question="保密部门核查后，该页面是否可以公开？",
    examples=(
        Example(
            "引用法律不算",
            _said("依照规定，涉及国家秘密的信息不予公开。"),
            "passed",
            "区政府办已扫描1页可见文字，未发现密级标志和内部资料字样。",
            subject="zfb",
        ),
        Example(
            "有密级标志",
            _said("机密★10年 关于有关工作的通知"),
            "cannot-tell",
            "“（标题不抄录）”疑似含密级标志（原文不抄录），请立即撤下并由保密部门核查。",
            reason="needs-judgement",
            review=True,
        ),
        Example(
            "同一栏目多页",
            tiny(
                pages=tuple(
                    article(
                        f"nb/{n}.html", f"第{n}期简报", "2026-08-01", "内部资料，注意保存", owner="zfb", column="nb"
                    )
                    for n in range(6)
                )
            ),
            "cannot-tell",
            "该栏目有6页疑似含内部资料字样（原文不抄录），如“（标题不抄录）”，请立即撤下并由保密部门核查。",
            reason="needs-judgement",
            review=True,
        ),
        Example(
            "页面未查全",
            tiny(coverage=BLOCKED),
            "cannot-tell",
            "区政府办已扫描0页未见密级标志，但该单位页面未查全（应取10页，已取7页，"
            "首个缺口http://www.example.gov.cn/zwgk/index_2.html（被网站防护系统拦截））。",
            reason="blocked",
        ),
    ),
)
def secret_mark_present(snapshot: Snapshot, params: NoParams) -> Iterator[Verdict]:
    return scan(snapshot, _marks, quoted=False)
