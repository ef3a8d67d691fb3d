"""Examples of the dead link rules: tests and paragraphs of the manual."""

from __future__ import annotations

from checks.facts import Fact, Region
from checks.outcomes import FetchOutcome
from checks.rule import Example
from checks.tiny import HOME, tiny
from checks.tiny_parts import BLOCKED, article
from checks.tiny_web import home, host, linked, tries

_OLD = HOME + "old.html"
_PDF = HOME + "files/a.pdf"
_CONFIRMED = tries("2026-09-27", "2026-09-28", "2026-09-29")
_SHORT = tries("2026-09-29", "2026-09-29")
_PAGE = article("a.html", "召开会议", "2026-09-01", owner="zfb", column="gzdt")
_GAP = "应取10页，已取7页，首个缺口http://www.example.gov.cn/zwgk/index_2.html（被网站防护系统拦截）"


DEAD_HOME = (
    Example(
        "能打开",
        tiny(pages=[home()], all_targets=(linked(_OLD, FetchOutcome.OK),)),
        "passed",
        "“点击查看”指向的http://www.example.gov.cn/old.html可以打开。",
    ),
    Example(
        "三天三次404",
        tiny(pages=[home()], all_targets=(linked(_OLD, tries=_CONFIRMED),)),
        "failed",
        "“点击查看”指向的http://www.example.gov.cn/old.html失效：页面不存在（404/410），已试3次（在3个自然日），"
        "标准3次、2个自然日；位于正文，共1处。",
    ),
    Example(
        "只试了一天",
        tiny(pages=[home()], all_targets=(linked(_OLD, tries=_SHORT),)),
        "cannot-tell",
        "无法判定：“点击查看”指向的http://www.example.gov.cn/old.html疑似失效（页面不存在（404/410）），"
        "已在1个自然日试2次，须在2个自然日试满3次才能确认。",
        reason="sample-short",
    ),
    Example(
        "被对方防护拦截不是失效",
        tiny(pages=[home()], all_targets=(linked("http://a.example.com/", FetchOutcome.WAF),)),
        "cannot-tell",
        "无法判定：“点击查看”指向的http://a.example.com/未能访问（被网站防护系统拦截），不按失效处理。",
        reason="blocked",
    ),
    Example(
        "本站链接尚未检查",
        tiny(pages=[home()], all_targets=(linked(_OLD, None),)),
        "cannot-tell",
        "无法判定：“点击查看”指向的http://www.example.gov.cn/old.html尚未检查。",
        reason="coverage-incomplete",
    ),
    Example(
        "没有访问外部网站，合并提示",
        tiny(
            pages=[home()],
            all_targets=tuple(linked(f"http://{n}.example.com/", None, text=n) for n in ("甲", "乙")),
        ),
        "cannot-tell",
        "无法判定：首页有2个外部链接未检查（本次没有访问），如“甲”指向的http://甲.example.com/。",
        subject="external-unasked",
        reason="coverage-incomplete",
    ),
    Example(
        "图片没有文字",
        tiny(pages=[home()], all_targets=(linked(HOME + "a.png", tries=_CONFIRMED, text="", kind="image"),)),
        "failed",
        "图片http://www.example.gov.cn/a.png失效：页面不存在（404/410），已试3次（在3个自然日），标准3次、2个自然日；"
        "位于正文，共1处。",
    ),
    Example(
        "首页看不到",
        tiny(all_hosts=(host("www.example.gov.cn", FetchOutcome.WAF),)),
        "cannot-tell",
        "无法判定：首页http://www.example.gov.cn/未能看到，链接未检查。",
        reason="blocked",
    ),
)

DEAD = (
    Example(
        "全部能打开",
        tiny(pages=[_PAGE], all_targets=(linked(_PDF, FetchOutcome.OK, "a.html", kind="attachment"),)),
        "passed",
        "已检查1个链接目标（含附件、图片），未发现失效。",
    ),
    Example(
        "附件已丢失",
        tiny(pages=[_PAGE], all_targets=(linked(_PDF, FetchOutcome.GONE, "a.html", text="附件1", tries=_CONFIRMED),)),
        "failed",
        "“附件1”指向的http://www.example.gov.cn/files/a.pdf失效：页面不存在（404/410），已试3次（在3个自然日），"
        "标准3次、2个自然日；位于正文，共1处。",
        subject=_PDF,
    ),
    Example(
        "页脚模板链接只算一条",
        tiny(
            pages=[_PAGE],
            all_targets=(
                linked(
                    _OLD,
                    FetchOutcome.GONE,
                    "a.html",
                    text="旧版",
                    region=Region.FOOTER,
                    tries=_CONFIRMED,
                    place_count=312,
                ),
            ),
        ),
        "failed",
        "“旧版”指向的http://www.example.gov.cn/old.html失效：页面不存在（404/410），已试3次（在3个自然日），"
        "标准3次、2个自然日；位于页脚，共312处。",
        subject=_OLD,
    ),
    Example(
        "次数不够",
        tiny(pages=[_PAGE], all_targets=(linked(_PDF, FetchOutcome.GONE, "a.html", text="附件1", tries=_SHORT),)),
        "cannot-tell",
        "无法判定：“附件1”指向的http://www.example.gov.cn/files/a.pdf疑似失效（页面不存在（404/410）），"
        "已在1个自然日试2次，须在2个自然日试满3次才能确认。",
        subject=_PDF,
        reason="sample-short",
    ),
    Example(
        "第二天又能打开",
        tiny(
            pages=[_PAGE],
            all_targets=(
                linked(
                    _PDF, FetchOutcome.GONE, "a.html", tries=(*_SHORT, *tries("2026-09-30", outcome=FetchOutcome.OK))
                ),
            ),
        ),
        "cannot-tell",
        "无法判定：已检查的0个链接目标中未确认失效，另有1个未能访问或未检查，如http://www.example.gov.cn/files/a.pdf。",
        subject="zfb",
    ),
    Example(
        "超时不是失效",
        tiny(pages=[_PAGE], all_targets=(linked(_PDF, FetchOutcome.TIMEOUT, "a.html"),)),
        "cannot-tell",
        "无法判定：已检查的0个链接目标中未确认失效，另有1个未能访问或未检查，如http://www.example.gov.cn/files/a.pdf。",
        subject="zfb",
        reason="fetch-failed",
    ),
    Example(
        "页面未取全",
        tiny(pages=[_PAGE], all_targets=(linked(_PDF, FetchOutcome.OK, "a.html"),), coverage=BLOCKED),
        "cannot-tell",
        f"无法判定：已检查的1个链接目标未发现失效，但页面未取全（{_GAP}）。",
        reason="blocked",
    ),
    Example("没有链接", tiny(pages=[_PAGE]), "inapplicable", "未发现应检查的链接，不适用。"),
    Example(
        "图片在编辑人员的电脑上",
        tiny(
            pages=[article("a.html", "指南", marks=(Fact("file:///C:/Temp/wps1.png", "local-file"),))],
            all_targets=(linked(_OLD, FetchOutcome.OK),),
        ),
        "failed",
        "1个页面有1处图片或链接的地址在编辑人员的电脑上（如http://www.example.gov.cn/a.html中的"
        "file:///C:/Temp/wps1.png），其他人打不开。",
        subject="local-files:site",
    ),
    Example(
        "跳转没有落点只作提示",
        tiny(
            pages=[article("a.html", "指南", marks=(Fact("#part9", "lost-anchor", "第九部分"),))],
            all_targets=(linked(_PDF, FetchOutcome.OK, "a.html"),),
        ),
        "passed",
        "提示：1个页面有1处跳转没有落点，如http://www.example.gov.cn/a.html的“第九部分”（#part9）；"
        "链接本身可以打开，不按失效处理。",
        subject="page-anchors",
    ),
    Example(
        "跳到另一页的某处而那里没有这个位置",
        tiny(
            pages=[
                article(
                    "a.html",
                    "指南",
                    marks=(Fact("http://www.example.gov.cn/b.html#part9", "lost-anchor", "第九部分"),),
                )
            ],
            all_targets=(linked(_PDF, FetchOutcome.OK, "a.html"),),
        ),
        "passed",
        "提示：1个页面有1处跳转没有落点，如http://www.example.gov.cn/a.html的“第九部分”"
        "（http://www.example.gov.cn/b.html#part9）；链接本身可以打开，不按失效处理。",
        subject="page-anchors",
    ),
)
