"""Examples of the rules on guide, catalogue, organs and applications: tests and paragraphs of the manual."""

from __future__ import annotations

from typing import Any

from checks.facts import ColumnState, Link, Page, PageKind, Region
from checks.outcomes import FetchOutcome
from checks.rule import Example
from checks.tiny import HOME, TinySnapshot, tiny
from checks.tiny_parts import BLOCKED, article, column, unit
from checks.tiny_web import linked, tries
from config.district import Column

_GAP = "应取10页，已取7页，首个缺口http://www.example.gov.cn/zwgk/index_2.html（被网站防护系统拦截）"
_GUIDE_TEXT = (
    "一、信息分类和编排体系。二、获取方式：通过门户网站查阅。三、受理机构名称：示例区人民政府办公室，办公地址：示例路1号，"
    "办公时间：工作日9时至17时，联系电话：0000-0000000，传真：0000-0000001，电子邮箱：office@example.gov.cn。"
)
_CATALOGUE_TEXT = (
    "主动公开基本目录。表头：索引号、名称、内容概述、生成日期。"
    + "行政规范性文件、财政预决算、重大建设项目等事项。" * 3
)
_ORGAN_TEXT = (
    "主要职能：负责全区科技工作，拟订规划并组织实施。内设机构：办公室、规划科、成果科。办公地址：示例路2号。办公时间：工作日9时至17时。"
    "联系电话：0000-0000002。负责人姓名：示例甲。"
)
_FORM_TEXT = (
    "政府信息公开申请表。申请人姓名或单位名称；身份证明（证件号码）；联系电话；所需信息的内容描述；获取信息的方式：邮寄、当面领取、网上获取。"
    "请如实填写各栏，提交前核对。"
)


def _site(role: str, label: str, text: str, day: str = "", links: tuple[Link, ...] = (), **more: Any) -> TinySnapshot:
    pages = [article(f"{role}/", label, day, text, kind=PageKind.PLATFORM)]
    return tiny(columns=[_column(role, label, **more)], pages=pages, page_links={f"{HOME}{role}/": links})


def _column(role: str, label: str, **more: Any) -> tuple[Column, ColumnState]:
    return column(role, label, role, **more)


def _blocked(role: str, label: str) -> TinySnapshot:
    return tiny(columns=[_column(role, label, outcome=FetchOutcome.WAF, coverage=BLOCKED)])


def _common(role: str, label: str) -> tuple[Example, ...]:
    return (
        Example(
            "页面被拦截",
            _blocked(role, label),
            "cannot-tell",
            f"无法判定：“{label}”页面http://www.example.gov.cn/{role}/未能看到，{_GAP}。",
            reason="blocked",
        ),
        Example(
            "没有登记栏目",
            tiny(),
            "cannot-tell",
            f"无法判定：栏目表没有登记用途为{role}的栏目，请办公室补充columns.csv。",
            reason="register-missing",
        ),
    )


def _scan(role: str, label: str) -> Example:
    return Example(
        "只有扫描件",
        _site(role, label, "见附件", "2026-03-01", (Link(f"{HOME}{role}/a.pdf", "附件", kind="attachment"),)),
        "cannot-tell",
        f"无法判定：“{label}”的内容在附件或图片中，无法读取文字。",
        reason="attachment-unreadable",
    )


def _absent(role: str, label: str) -> Example:
    return Example(
        "栏目未找到",
        tiny(columns=[_column(role, label, url=None)]),
        "inapplicable",
        f"“{label}”未找到或在其他系统，由“信息公开专栏要素缺失”判定，本项不适用。",
    )


_G = ("guide", "政府信息公开指南")
_C = ("catalogue", "主动公开基本目录")
_O = ("organ", "机构职能")
_A = ("apply", "依申请公开")

GUIDE = (
    Example(
        "要素齐全",
        _site(*_G, _GUIDE_TEXT, "2026-03-01"),
        "passed",
        "“政府信息公开指南”9项要素齐全，最近更新2026-03-01。",
    ),
    Example(
        "缺少传真和邮箱",
        _site(*_G, _GUIDE_TEXT.replace("传真", "其他").replace("电子邮箱", "其他"), "2026-03-01"),
        "failed",
        "“政府信息公开指南”缺少传真、互联网联系方式，应有9项要素。",
    ),
    Example(
        "一年多未更新",
        _site(*_G, _GUIDE_TEXT, "2024-03-01"),
        "failed",
        "“政府信息公开指南”要素齐全，但最近更新2024-03-01，早于2025-09-30（12个月内应更新）。",
    ),
    Example(
        "没有更新日期",
        _site(*_G, _GUIDE_TEXT),
        "cannot-tell",
        "无法判定：“政府信息公开指南”要素齐全，但没有显示更新日期，不能确认12个月内更新过。",
        reason="undated",
    ),
    _scan(*_G),
    *_common(*_G),
    _absent(*_G),
    Example(
        "镇街引用区政府指南",
        tiny(
            units=[unit("sjz", "示例镇")],
            columns=[column("guide", "镇公开指南", "guide", unit="sjz")],
            pages=[
                article(
                    "guide/", "镇公开指南", "2026-03-01", "本镇执行区政府信息公开指南。" * 6, kind=PageKind.PLATFORM
                )
            ],
        ),
        "inapplicable",
        "“镇公开指南”引用区政府公开指南，不单独判定。",
    ),
)

CATALOGUE = (
    Example(
        "齐全且当年更新",
        _site(*_C, _CATALOGUE_TEXT, "2026-03-01"),
        "passed",
        "“主动公开基本目录”4个栏目齐全，最近更新2026-03-01。",
    ),
    Example(
        "缺少生成日期栏",
        _site(*_C, _CATALOGUE_TEXT.replace("生成日期", "备注"), "2026-03-01"),
        "failed",
        "“主动公开基本目录”缺少生成日期栏，应有4栏。",
    ),
    Example(
        "两年未更新",
        _site(*_C, _CATALOGUE_TEXT, "2024-03-01"),
        "failed",
        "“主动公开基本目录”最近更新2024-03-01，早于2025-09-30（12个月内应更新）。",
    ),
    Example(
        "导航中没有入口而目录已发布",
        tiny(
            columns=[_column(*_C, url=None)],
            pages=[article("gk/1.html", "示例区主动公开基本目录", "2026-03-01", _CATALOGUE_TEXT)],
        ),
        "passed",
        "“主动公开基本目录”4个栏目齐全，最近更新2026-03-01。",
    ),
    Example(
        "没有目录",
        tiny(columns=[_column(*_C, url=None)]),
        "failed",
        "未找到“主动公开基本目录”，已查看10个页面。",
    ),
    Example(
        "没有更新日期",
        _site(*_C, _CATALOGUE_TEXT),
        "cannot-tell",
        "无法判定：“主动公开基本目录”没有显示更新日期，不能确认12个月内更新过。",
        reason="undated",
    ),
    Example(
        "导航未读全",
        tiny(columns=[_column(*_C, url=None)], nav_coverage=BLOCKED),
        "cannot-tell",
        f"无法判定：未找到“主动公开基本目录”，但{_GAP}。",
        reason="blocked",
    ),
    _scan(*_C),
    *_common(*_C),
)

ORGAN = (
    Example("要素齐全", _site(*_O, _ORGAN_TEXT), "passed", "“机构职能”6项要素齐全。"),
    Example(
        "联系方式在下级页面",
        tiny(
            columns=[_column(*_O)],
            pages=[
                article("organ/", "机构职能", "", _ORGAN_TEXT.replace("联系电话", "其他"), kind=PageKind.PLATFORM),
                article("lxfs.html", "联系方式", "", "联系电话：0000-0000002", kind=PageKind.PLATFORM),
            ],
            page_links={HOME + "organ/": (Link(HOME + "lxfs.html", "联系方式", Region.FOOTER),)},
        ),
        "passed",
        "“机构职能”6项要素齐全。",
        subject="organ",
    ),
    Example(
        "下级页面打不开",
        _site(*_O, _ORGAN_TEXT.replace("联系电话", "其他"), "", (Link(HOME + "lxfs.html", "联系方式"),)),
        "cannot-tell",
        "无法判定：“机构职能”已看到的页面未见联系电话，另有1个下级页面未能取回，如“联系方式”。",
        reason="coverage-incomplete",
    ),
    Example(
        "要素可能在图片中",
        _site(
            *_O,
            _ORGAN_TEXT.replace("联系电话", "其他"),
            "",
            (Link(HOME + "jg.png", "机构设置图", kind="image"),),
        ),
        "cannot-tell",
        "需核实：“机构职能”文字中未见联系电话，页面另有图片，请打开http://www.example.gov.cn/organ/看图片中有没有。",
        reason="attachment-unreadable",
        review=True,
    ),
    Example(
        "厅长也是职务",
        tiny(
            columns=[_column("leaders", "领导信息")],
            pages=[
                article(
                    "leaders/", "领导信息", "", "示例乙，党组书记、厅长，主持全面工作。" * 4, kind=PageKind.PLATFORM
                ),
                article("ld/1.html", "示例乙", "", "示例乙，参加工作后历任示例岗位。"),
            ],
            page_links={
                HOME + "leaders/": (Link(HOME + "ld/1.html", "示例乙"), Link(HOME + "a.jpg", "", kind="image")),
            },
        ),
        "passed",
        "“领导信息”3项要素齐全。",
        subject="leaders",
    ),
    Example(
        "缺少办公时间",
        _site(*_O, _ORGAN_TEXT.replace("办公时间", "其他")),
        "failed",
        "“机构职能”缺少办公时间，应有6项要素。",
    ),
    Example(
        "领导信息没有读到照片",
        _site("leaders", "领导信息", "示例乙，副区长，分管科技工作。简历：某年出生，参加工作，历任示例职务。" * 3),
        "cannot-tell",
        "需核实：“领导信息”文字要素3项齐全，请打开http://www.example.gov.cn/leaders/核对每位领导是否有照片。",
        reason="needs-judgement",
        review=True,
    ),
    Example(
        "下级页面未取全",
        _site(*_O, _ORGAN_TEXT.replace("办公时间", "其他"), coverage=BLOCKED),
        "cannot-tell",
        f"无法判定：“机构职能”已看到的页面未见办公时间，但{_GAP}。",
        reason="blocked",
    ),
    _scan(*_O),
    *_common(*_O),
    _absent(*_O),
)


def _gone(*days: str) -> TinySnapshot:
    url = HOME + "apply/"
    return tiny(
        columns=[_column(*_A, outcome=FetchOutcome.GONE)],
        all_targets=(linked(url, FetchOutcome.GONE, tries=tries(*days)),),
    )


def _form() -> Page:
    return article("apply/", "申请", "", _FORM_TEXT, kind=PageKind.PLATFORM)


def _town(text: str) -> Page:
    return article("town/", "申请", "", text, kind=PageKind.PLATFORM)


APPLY = (
    Example("申请表齐全", _site(*_A, _FORM_TEXT), "passed", "“依申请公开”页面可以打开，申请表5栏齐全（未提交）。"),
    Example(
        "缺少获取方式",
        _site(*_A, _FORM_TEXT.replace("获取信息的方式", "其他")),
        "failed",
        "“依申请公开”申请表缺少获取方式，应有5栏。",
    ),
    Example(
        "入口多次打不开",
        _gone("2026-09-27", "2026-09-28", "2026-09-29"),
        "failed",
        "“依申请公开”入口http://www.example.gov.cn/apply/打不开（页面不存在（404/410）），已试3次（标准3次、2天）。",
    ),
    Example(
        "入口一次打不开",
        _gone("2026-09-29"),
        "cannot-tell",
        "无法判定：“依申请公开”入口http://www.example.gov.cn/apply/打不开（页面不存在（404/410）），已试1次，"
        "需在2天内试3次确认。",
        reason="sample-short",
    ),
    Example(
        "需要登录",
        tiny(columns=[_column(*_A, outcome=FetchOutcome.LOGIN)]),
        "cannot-tell",
        "无法判定：“依申请公开”需登录后填写，机器不登录。",
        reason="login-only",
    ),
    Example(
        "表格在附件中",
        _site(
            *_A,
            "申请人可下载申请表填写后邮寄。" * 5,
            "",
            (Link(HOME + "apply/sqb.doc", "申请表下载", kind="attachment"),),
        ),
        "cannot-tell",
        "无法判定：“依申请公开”页面未见身份证明、联系方式、信息描述、获取方式，但页面另有申请表入口未能读取。",
        reason="attachment-unreadable",
    ),
    *_common(*_A),
    _absent(*_A),
    Example(
        "单位使用门户统一入口",
        tiny(
            units=[unit("sjz", "示例镇")],
            columns=[_column(*_A), column("town", "镇依申请公开", "apply", unit="sjz")],
            pages=[
                article("apply/", "申请", "", _FORM_TEXT, kind=PageKind.PLATFORM),
                _town("请通过门户统一入口申请。" * 6),
            ],
            page_links={HOME + "town/": (Link(HOME + "apply/", "统一入口"),)},
        ),
        "inapplicable",
        "“镇依申请公开”使用门户统一申请入口，由门户判定。",
        subject="town",
    ),
)
