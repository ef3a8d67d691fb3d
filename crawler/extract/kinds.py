"""What kind of page it is. The order of the questions is the order of certainty."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from checks.facts import Fact, PageKind, Row

_CHALLENGE = re.compile(
    r"__jsl_clearance|_\$jsl|\$_ts\s*=|acw_sc__v2|yunsuo_session|safeline|安全验证|人机验证|请完成(?:安全)?验证|滑动验证|访问被(?:拦截|阻断|拒绝)|您的(?:请求|访问)"
    r"(?:可能)?(?:对网站造成|存在|带有|被|不合法|疑似)|(?:云防护|创宇盾|安全狗|云锁|网防G01|知道创宇|WAF|防火墙)(?:.{0,40})(?:拦截|阻断|验证)|拦截(?:提示|页面)"
    r"|Request (?:Blocked|Rejected)|The requested URL was rejected|Access Denied.{0,80}(?:WAF|Reference)"
    r"|cf-challenge|challenge-platform"
    r"|检测到.{0,12}(?:攻击|异常访问|非法)|正在(?:进行)?(?:安全)?检测.{0,20}浏览器",
    re.I,
)
# A title names an interpretation when it ends or starts with such a word; news *about* interpreting does not.
_INTERPRETATION = re.compile(
    r"(?:解读|图解|问答)(?:材料|之[一二三四五六七八九十\d]+)?[）)】\]》”\"]*(?:[（(].{0,12}[）)])?$"
    r"|^[【\[（(《]?(?:(?:政策|文件|图片|图文|文字|视频|音频|媒体|专家|部门|负责人|第一)?解读|图解|图读|一图|漫画|动漫)"
    r"|一图(?:读懂|看懂|了解)|图说.*(?:《|政策|办法|条例|意见|方案|规定|通知|措施)|答记者问|政策问答|问答[：:]|【新闻(?:发布|通气)会】|动漫说"
    r"|(?:政策|文件).{0,6}(?:问答|说明)|关于.{4,}的?(?:政策)?解读"
)
_ABOUT_INTERPRETING = re.compile(
    r"(?:开展|举办|召开|举行|出席|组织|参加).*(?:解读|问答|发布会)|(?:解读|问答).{0,6}(?:制度|机制|工作|培训|活动)"
)
_INTERPRETATION_COLUMN = re.compile(
    r"^(?:政策|文件|部门|上级|本级|[\u4e00-\u9fa5]{2})?(?:文件|政策)?解读(?:回应|与回应)?(?:关切)?$"
)
_REPORT = re.compile(
    r"(?:年度|\d{4}年).{0,40}(?:政府信息公开|信息公开|政府网站|法治政府建设).{0,10}(?:年度)?(?:工作)?(?:报告|报表|年报)|政府网站(?:监管)?年度报表"
)
_POLICY = re.compile(
    r"(?:关于)?(?:印发|转发|公布|发布|修改|修订|废止|调整|下达|批转|做好|进一步|加强|实施|开展|推进|规范|加快|促进|深化|完善|建立|落实).{2,80}的?(?:通知|意见|决定|命令|批复)"
    r"(?:[（(].{0,30}[）)])?$|关于.{2,60}有关(?:事项|问题|政策|工作)的(?:通知|意见)$|(?:办法|条例|规定|细则|实施方案|规划|总体方案|工作方案|行动方案|应急预案)(?:[（(](?:试行|暂行|修订|20\d\d年修订)?[）)])?$"
)
_SERVICE = re.compile(r"地图|联系|纠错|搜索|检索|登录|注册|领导|简介|概况|帮助|声明|关于我们|投诉|信箱|申请")
_QUOTED = re.compile(r"《[^《》]{0,200}》")
_NEWS = re.compile(r"处罚|行政许可|决定书|^(?:解读|图解)|召开|开展了|举行|调研|会议|公示$|公告$|公示|招聘|成交|中标")
_PLATFORM = re.compile(
    r"公开指南|信息公开指南|依申请公开|公开制度|机构职能|机构设置|机构概况|机关职能|内设机构|领导信息|领导之窗|政府信息公开(?:专栏|平台|目录)?$|公开(?:基本)?目录|法定主动公开|政务公开$|信息公开$|概况"
)
_DISCLOSURE = re.compile(r"^.{0,14}政府信息公开(?:专栏|平台|目录|网)?$")
_ORGAN = re.compile(r"(?:网|网站|政府|厅|局|处|院|所|中心|委|委员会|办公室|门户|平台|首页)$|^(?:首页|欢迎)")
_SEPARATORS = re.compile(r"\s*(?:[_|｜—–\-－]+|>>|»)\s*")
_ARTICLE_URL = re.compile(
    r"/[tW]20\d{6}_\d+\.s?html?$|/content/post_\d+|/art_\w+\.html$|/info/\d+/\d+\.htm$|articleinfo|/\w{24,}\.s?html?$|/detail"
)
_LIST_URL = re.compile(r"/(?:index(?:_\d+)?|list(?:_\d+)?|\w*_list|articlecolumn)\.\w+$|/$|/col\d+/", re.I)
MIN_FRONT_LINKS = 30
MIN_TITLE = 10


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a page when its kind is asked."""

    url: str
    home: str
    source: str
    title: str
    text_length: int
    text_lines: int
    published: bool
    has_source: bool
    headline_visible: bool
    article_meta: bool
    column_type: str
    redirect: bool
    rows: tuple[Row, ...]
    header: tuple[Fact, ...]
    docno: Fact | None
    breadcrumb: tuple[str, ...]
    title_tag: str
    link_count: int


def is_challenge(source: str, text_length: int) -> bool:
    """A page of a web application firewall. Only short pages are asked: long ones write about such things."""
    return text_length < 600 and len(source) < 40_000 and bool(_CHALLENGE.search(source))


def is_front(url: str, home: str) -> bool:
    """The address is the site's front page."""
    own, front = urlsplit(url), urlsplit(home)
    if own.fragment:  # a page that a script shows behind the front's address
        return False
    if home and own.netloc == front.netloc:
        return _bare(own.path) == _bare(front.path) and not own.query
    return not home and _bare(own.path) == "" and bool(own.netloc) and not own.query


def kind_of_page(e: Evidence) -> PageKind:
    """The kind, by the first question that is answered with yes."""
    if is_challenge(e.source, e.text_length):
        return PageKind.CHALLENGE
    if e.redirect and e.text_length < 300:
        return PageKind.STUB
    if is_front(e.url, e.home) or e.column_type == "首页":
        return PageKind.HOME
    if _is_article(e):
        return _article_kind(e)
    if not e.breadcrumb and (
        _SEPARATORS.split(e.title_tag)[0] == "首页"
        or (_names_only_organs(e.title_tag) and e.link_count >= MIN_FRONT_LINKS)
    ):
        return PageKind.HOME
    if not e.breadcrumb and _DISCLOSURE.search(_SEPARATORS.split(e.title_tag)[0]):
        return PageKind.PLATFORM
    if _is_list(e):
        return PageKind.LIST
    last = e.breadcrumb[-1] if e.breadcrumb else ""
    if _PLATFORM.search(last) or _PLATFORM.search(e.title):
        return PageKind.PLATFORM
    own = e.headline_visible and len(e.title) >= MIN_TITLE and not e.rows
    if own and (
        e.text_length >= 20
        or (e.breadcrumb and not e.column_type and not any(e.title in s or s in e.title for s in e.breadcrumb))
    ):
        return _article_kind(e)  # perhaps of pictures only: its headline is more than a column's name
    if e.breadcrumb and e.text_length < 150 and not _SERVICE.search(f"{last} {e.title}"):
        return PageKind.LIST  # an empty column
    return PageKind.OTHER


def _names_only_organs(tag: str) -> bool:
    """`<title>` says only whose site it is."""
    parts = [p for p in _SEPARATORS.split(tag) if p]
    return bool(parts) and all(_ORGAN.search(p) and len(p) >= 4 for p in parts)


def _is_article(e: Evidence) -> bool:
    dated = sum(1 for r in e.rows if r.date)
    if e.article_meta or _ARTICLE_URL.search(e.url):
        return e.headline_visible or e.published or e.text_length > 200
    if e.published and e.headline_visible and (dated < 5 or e.text_length > 300):
        return not (_LIST_URL.search(e.url) and dated >= 5)
    named = {f.origin for f in e.header if f.value}
    if named and e.headline_visible and dated < 5 and (e.text_length > 100 or {"发文字号", "索引号"} <= named):
        return True
    return e.published and e.text_lines >= 2 and dated < 5


def _article_kind(e: Evidence) -> PageKind:
    title = e.title
    if _REPORT.search(title):
        return PageKind.REPORT
    named_policy = bool(_POLICY.search(title)) and not _is_news(title)
    in_column = any(_INTERPRETATION_COLUMN.search(s) for s in e.breadcrumb[-2:]) or e.column_type == "政策解读"
    named_reading = bool(_INTERPRETATION.search(title)) and not _ABOUT_INTERPRETING.search(title)
    if named_reading or (in_column and not named_policy):
        return PageKind.INTERPRETATION
    named = {f.origin for f in e.header if f.value}
    if (
        (e.docno is not None and not _is_news(title))
        or {"发文字号", "索引号"} <= named
        or (_POLICY.search(title) and not _is_news(title))
    ):
        return PageKind.POLICY
    if _PLATFORM.search(title) and not e.article_meta and len(title) < 60:
        return PageKind.PLATFORM
    return PageKind.ARTICLE


def _is_news(title: str) -> bool:
    """News and single decisions. A quoted name says nothing of the page, and what is issued is no news."""
    return "关于印发" not in title and bool(_NEWS.search(_QUOTED.sub("", title)))


def _is_list(e: Evidence) -> bool:
    dated = sum(1 for r in e.rows if r.date)
    if dated:
        return True
    return len(e.rows) >= 5


def _bare(path: str) -> str:
    return re.sub(r"(?:index|default|main)\.\w+$", "", path).strip("/")
