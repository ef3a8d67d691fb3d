"""Special topics and single pages that carry planted faults of links, dates, privacy and wording, with their traps."""

# ruff: noqa: E501 - sentences of the fictitious site stay whole

from __future__ import annotations

from dataclasses import replace

from audit.demo.bodies import body
from audit.demo.families import Section, publish
from audit.demo.grammar import news_html
from audit.demo.layout import Crumbs
from audit.demo.lookalikes import TOPIC as LOOKALIKES
from audit.demo.model import LOTTERY, PARTNER, WWW, Item, Replica, ago
from audit.demo.offsite import challenge
from audit.demo.statics import static, tiles

TOPIC = "/zt/2026yd/"
_HOME: Crumbs = (("首页", "/"),)


def add_faults(replica: Replica) -> None:
    _topic(replica)
    static(
        replica,
        "/zt/",
        "专题专栏",
        tiles([("2026年政务公开工作要点落实", TOPIC), ("内容规范专题", LOOKALIKES)]),
        crumbs=_HOME,
        kind="专题专栏",
    )


def _topic(replica: Replica) -> None:
    """Progress of the yearly plan; its articles carry the planted faults of single pages."""
    who = body("zfb")
    text = [news_html(who.short, "政务公开", "topic", n) for n in range(12)]
    # An order number of 18 digits whose checksum is not that of an identity card: a trap.
    text[0] += "<p>缴费订单号：990102199001010025，仅作流程演示。</p>"
    # The same form with a right checksum: planted.
    text[1] += f"<p>申请人甲某某，身份证号{identity_number()}，已完成登记。</p>"
    text[2] += '<p>相关材料：<a href="/zt/2026yd/files/missing-attachment.pdf">任务分解表（附件）</a></p>'
    text[8] += (
        '<p>附件：<a href="/zt/2026yd/files/summary.docx">考核情况汇总表.docx</a></p>'  # answered with a web page
    )
    text[3] += f'<p>详见<a href="http://{PARTNER}/">合作伙伴服务平台</a>。</p>'
    text[4] += (
        f'<p>详见<a href="http://{PARTNER}/" onclick="return confirm(\'您即将离开本站，是否继续访问？\')">合作伙伴服务平台</a>。</p>'
    )
    text[5] += f'<div style="display:none"><a href="http://{LOTTERY}/">博彩投注 在线赌场</a></div>'
    text[6] += '<p>内部流程图见<a href="/internal/flow.html">流程图</a>。</p>'  # trap: excluded by robots.txt
    text[7] += '<p><img src="/zt/2026yd/images/lost.png" alt="培训现场" width="480" height="320"></p>'
    text[10] += "<p>平台升级期间由领导小姐办公室统一调度。</p>"  # planted slip of the pen
    text[11] += "<p>内部资料，注意保存</p>"  # planted mark
    text[6] += "<p>组织学习《中华人民共和国保守国家秘密法》，严格执行公开前保密审查。</p>"  # trap: names a law
    titles = ("第一季度任务落实情况", "第二季度任务落实情况", "任务分解和工作台账", "合作平台上线", "便民导航上线", "旧网页清理", "流程公开",
              "培训情况", "考核情况", "调研情况", "平台升级", "第三季度任务落实情况")  # fmt: skip
    items = []
    for n, title in enumerate(titles):
        marks = frozenset({"undated"}) if n in (7, 8) else frozenset()
        at = ago(5 + n * 17, 10, n)
        path = "/zt/2026yd/shielded.html" if n == 9 else ""
        items.append(
            Item(590_100 + n, f"2026年政务公开工作要点{title}", at, who.full, text[n], marks=marks, path=path)
        )
    shielded = items.pop(9)
    first = items[0]
    items[0] = replace(first, html=f'{first.html}<p>重点报道：<a href="{shielded.path}">{shielded.title}</a></p>')
    section = Section(
        "2026年政务公开工作要点落实", TOPIC, tuple(items), crumbs=(*_HOME, ("专题专栏", "/zt/")), column_type="专题专栏",
    )  # fmt: skip
    publish(replica, section)
    replica.add(WWW, shielded.path, lambda: challenge(200))  # a firewall's stub under an article's path


def identity_number() -> str:
    """An identity number with a right checksum for a region code that is not assigned."""
    stem = "99010219000101001"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(c) * w for c, w in zip(stem, weights, strict=True))
    return stem + "10X98765432"[total % 11]
