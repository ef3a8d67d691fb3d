"""Words and signs by which an answer that is not the page itself is recognised: firewalls, error pages, log-ins."""

from __future__ import annotations

import re

WAF_STATUS = {412: "412", 521: "521", 567: "567"}  # used by challenge pages of firewalls, never by content

# Inside a page without text of its own, each of these means a challenge that only a browser's script can answer.
CHALLENGE_SCRIPT = (
    ("$_ts", "瑞数动态防护（$_ts）"),
    ("__jsluid", "创宇盾（__jsluid）"),
    ("__jsl_clearance", "加速乐（__jsl_clearance）"),
    ("acw_sc__v2", "阿里云WAF（acw_sc__v2）"),
    ("aliyun_waf", "阿里云WAF"),
    ("aliyunwaf", "阿里云WAF"),
    ("yunsuo_session", "云锁"),
    ("safedog", "安全狗"),
    ("wzws-waf", "网站卫士"),
    ("wzwsconfirm", "网站卫士"),
    ("waf_token", "WAF"),
    ("_cf_chl", "Cloudflare"),
    ("cf-browser-verification", "Cloudflare"),
    ("ge_ua_p", "WAF（ge_ua_p）"),
    ("tst_status", "WAF（tst_status）"),
    ("ebe_cid", "WAF"),
)
OBFUSCATED = re.compile(
    r"eval\s*\(|_0x[0-9a-f]{4}|fromCharCode|atob\s*\(|(?:\\x[0-9a-f]{2}){8}|document\.cookie\s*=", re.I
)

# A page without text that sets a cookie and loads itself again: only a browser gets past it.
SETS_COOKIE = re.compile(r"document\.cookie\s*=")
LOADS_ITSELF = re.compile(
    r"location\.reload\s*\(|location(?:\.href)?\s*=\s*(?:window\.|document\.|self\.|top\.)?location\b"
    r"|location\.(?:replace|assign)\s*\(\s*(?:window\.|document\.|self\.)?location\b"
)

# Sentences of a firewall's refusal; only believed on short pages.
BLOCKED = re.compile(
    r"(?:您的)?(?:访问|请求)(?:已|可能|行为)?(?:被|存在)?(?:拦截|阻断|异常行为|威胁)|检测到(?:疑似|可能)?(?:的)?攻击|"
    r"网站防火墙|Web\s*应用防火墙|安全验证|浏览器安全检查|正在进行安全检测|人机验证|滑动验证|"
    r"Request\s+blocked|Attention Required|Just a moment|Checking your browser|The requested URL was rejected|"
    r"potential threats to the server",
    re.I,
)

_MISSING = (
    r"(?:页面|网页|文件|内容|信息|文章|资源|栏目|地址|链接)[^。，,<]{0,8}(?:不存在|未找到|没有找到|找不到|无法找到|已被?删除|已失效|走丢)|"
    r"(?:找不到|未找到|没有找到|无法找到)[^。，,<]{0,12}(?:页面|网页|文件|内容|信息|文章|资源|栏目)|"
    r"(?:错误|error)\s*[:：]?\s*404|404\s*(?:错误|error|not\s*found|页面|-|—|$)|page\s+not\s+found|not\s+found\s+404"
)
MISSING = re.compile(_MISSING, re.I)
MISSING_TITLE = re.compile(
    r"^\s*(?:(?:错误|error)?\s*[:：]?\s*404(?:\s*$|\s*[-_—|:：,，。!！]|\s*(?:错误|页面|not\s*found|error)).{0,40}|"
    r".{0,8}(?:页面|网页|您访问的\w{0,6})[^。]{0,6}(?:不存在|未找到|没有找到|找不到|无法找到|已被?删除|走丢).{0,6}|"
    r"(?:找不到|未找到|没有找到|无法找到)(?:该|此|这个|您\w{0,8}的)?(?:页面|网页|页|文件).{0,6}|"
    r"(?:page\s+)?not\s+found.{0,40})$",
    re.I,
)
"""The whole title says so; a title that merely speaks of something missing is an article's."""

PARKED = re.compile(
    r"域名(?:正在|可)?(?:出售|转让|停放|已过期|到期)|(?:购买|出售)(?:此|该|本)域名|"
    r"domain\s+(?:\S+\s+){0,3}(?:is|may be)\s+for\s+sale|"
    r"buy this domain|domain parking|parkingcrew|sedoparking|未根据工信部相关法规进行备案|网站未备案|域名未备案|"
    r"该网站已(?:关闭|停止)?(?:过期|欠费)|空间已(?:过期|到期)",
    re.I,
)

LOGIN_PATH = re.compile(r"/(?:login|signin|sso|cas|passport|oauth2?|uc/login|userlogin)(?:[./?_-]|$)", re.I)
PASSWORD_FIELD = re.compile(rb"<input[^>]+type\s*=\s*[\"']?password", re.I)
"""A form field of a log-in, as bytes so that no page has to be decoded for it."""

TITLE = re.compile(rb"<title[^>]*>(.*?)</title>", re.I | re.S)
