"""How one request ended: status, headers, the head of the body and the fault, read into one closed vocabulary.

A pure function. Everything that is not the page itself – a firewall's challenge, a log-in, an error page sent with
200 – is told apart here, so that nothing behind it is ever called missing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from checks.outcomes import FetchOutcome
from crawler import marks
from crawler.extract.encoding import decode
from crawler.urls import attachment_type, host_of

SMALL_PAGE = 16_384  # bytes; challenge, error and parking pages are shorter, pages of content hardly ever are
MEDIUM_PAGE = 65_536  # bytes; up to here the title alone may say that a page is missing
FEW_WORDS = 300  # visible characters; an error page has no more to say
BARE = 40  # visible characters of a page that is all script

_NOT_TEXT = re.compile(r"<!--.*?-->|<(script|style|noscript|template|svg)\b.*?</\1\s*>|<[^>]*>", re.I | re.S)
_SPACE = re.compile(r"\s+")
_INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc\s*=)[^>]*>(.*?)(?:</script|$)", re.I | re.S)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `headers` have lower-case names; `body` may be cut; `fault` names a request without answer."""

    url: str
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    final_url: str = ""
    method: str = "GET"
    purpose: str = "page"
    truncated: bool = False
    too_large: bool = False
    cut: bool = False  # we stopped reading: `body` is its beginning
    fault: FetchOutcome | None = None
    detail: str = ""

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "")


@dataclass(frozen=True, slots=True)
class Verdict:
    outcome: FetchOutcome
    detail: str = ""


def classify(answer: Answer) -> Verdict:
    """Exactly one outcome, with the detail it was read from."""
    if answer.fault is not None:
        return Verdict(answer.fault, answer.detail or answer.fault.chinese)
    status = answer.status or 0
    if status in marks.WAF_STATUS:
        return Verdict(FetchOutcome.WAF, f"状态码 {status}，网站防护系统的验证页")
    if status >= 300:
        return _refused(answer, status)
    if answer.too_large:
        return Verdict(FetchOutcome.TOO_LARGE, answer.detail or "内容超过采集上限")
    if answer.truncated:
        return Verdict(FetchOutcome.TRUNCATED, answer.detail or "实际长度与 Content-Length 不符")
    if answer.method == "HEAD":
        return Verdict(FetchOutcome.OK, answer.detail)
    if status == 206 and not _whole_range(answer.headers.get("content-range", "")):
        return Verdict(FetchOutcome.TRUNCATED, "状态码 206，只给出了一部分（没有请求过分段）")
    if answer.purpose == "page" and not answer.body.strip() and not answer.cut:
        return Verdict(FetchOutcome.TRUNCATED, f"状态码 {status}，但没有任何内容")
    return _content(answer)


def _whole_range(value: str) -> bool:
    """A range from the first to the last byte."""
    found = re.fullmatch(r"bytes 0-(\d+)/(\d+)", value.strip())
    return bool(found) and int(found[1]) + 1 == int(found[2])


def _refused(answer: Answer, status: int) -> Verdict:
    if status == 304:
        return Verdict(FetchOutcome.NOT_MODIFIED)
    if status < 400:
        return Verdict(FetchOutcome.REDIRECT_REFUSED, f"状态码 {status}，但没有可用的跳转地址")
    if status == 429 or (status == 503 and "retry-after" in answer.headers):
        return Verdict(FetchOutcome.RATE_LIMITED, f"状态码 {status}")
    words = _words(answer)
    if words is not None and (found := _firewall(answer, words)):
        return Verdict(FetchOutcome.WAF, f"状态码 {status}，{found}")
    if status in (404, 410):
        return Verdict(FetchOutcome.GONE, f"状态码 {status}")
    if status in (401, 407):
        return Verdict(FetchOutcome.LOGIN, f"状态码 {status}，要求身份验证")
    if status >= 500:
        return Verdict(FetchOutcome.HTTP_5XX, f"状态码 {status}")
    return Verdict(FetchOutcome.HTTP_4XX, f"状态码 {status}")


def _content(answer: Answer) -> Verdict:
    """A 2xx answer with a body: the page, or something that only looks like an answer."""
    body, kind = answer.body, answer.content_type.lower()
    if not _is_html(body, kind):
        return _wanted_type(answer, kind)
    final = answer.final_url or answer.url
    if final != answer.url and marks.LOGIN_PATH.search(final) and not marks.LOGIN_PATH.search(answer.url):
        return Verdict(FetchOutcome.LOGIN, f"跳转到登录页 {final}")
    words = _words(answer)
    if words is not None:
        if found := _firewall(answer, words):
            return Verdict(FetchOutcome.WAF, found)
        if len(words) < FEW_WORDS and (hit := marks.PARKED.search(words)):
            return Verdict(FetchOutcome.PARKED, f"页面写明“{hit.group(0)[:40]}”")
        if len(words) < FEW_WORDS and (hit := marks.MISSING.search(words)):
            return Verdict(FetchOutcome.SOFT_404, f"状态码 200，但页面写明“{hit.group(0)[:40]}”")
        if len(words) < FEW_WORDS and marks.PASSWORD_FIELD.search(body):
            return Verdict(FetchOutcome.LOGIN, "页面只有登录表单")
    if len(body) <= MEDIUM_PAGE and (hit := _missing_title(body, answer.content_type)):
        return Verdict(FetchOutcome.SOFT_404, f"状态码 200，但标题为“{hit}”")
    if not answer.cut and _is_cut(body):
        return Verdict(FetchOutcome.TRUNCATED, "网页中途结束，没有结束标签（服务器声明的长度可能有误）")
    return _wanted_type(answer, kind)


def _is_cut(body: bytes) -> bool:
    """A document that opens its body or head, closes neither, and ends in the middle of a word or tag.

    A server that announces fewer bytes than it has makes every client stop early, without an error to be seen.
    """
    end = body.rstrip()
    if not end or end.endswith(b">"):
        return False
    low = body.lower()
    return b"</html" not in low and b"</body" not in low and (b"<body" in low or b"<head" in low)


def _wanted_type(answer: Answer, kind: str) -> Verdict:
    """A document's address has to give a document; a page may be anything."""
    wanted = attachment_type(answer.url)
    if answer.purpose == "attachment" and wanted and wanted != "txt" and _is_html(answer.body, kind):
        return Verdict(FetchOutcome.WRONG_TYPE, f"附件地址（.{wanted}）返回了网页")
    return Verdict(FetchOutcome.OK, answer.detail)


def _firewall(answer: Answer, words: str) -> str:
    """The sign of a firewall in a short page, in words; "" for none."""
    if len(words) <= BARE:
        text = answer.body[:SMALL_PAGE].decode("latin-1")
        low = text.lower()
        for sign, name in marks.CHALLENGE_SCRIPT:
            if sign in low:
                return f"只含脚本的验证页：{name}"
        scripts = "".join(_INLINE_SCRIPT.findall(text))
        if len(scripts) > 400 and len(marks.OBFUSCATED.findall(scripts)) >= 2 and "<a " not in low:
            return "只含混淆脚本的验证页"
        if "<a " not in low and marks.SETS_COOKIE.search(scripts) and marks.LOADS_ITSELF.search(scripts):
            return "写入Cookie后重新载入自身的验证页"
    hit = marks.BLOCKED.search(words) if len(words) < FEW_WORDS else None
    return f"防护系统提示“{hit.group(0)[:40]}”" if hit else ""


def shown_instead(title: str, text: str) -> str:
    """The error or challenge that a reader sees in place of a page, in its words; "" for a page like any other."""
    words = _SPACE.sub(" ", text).strip()
    if len(words) >= FEW_WORDS:
        return ""
    if marks.MISSING_TITLE.search(title.strip()):
        return title.strip()[:40]
    hit = marks.BLOCKED.search(words) or marks.PARKED.search(words) or marks.MISSING.search(words)
    return hit.group(0)[:40] if hit else ""


def visible_text(body: bytes, content_type: str) -> str:
    """What a reader sees of a page, roughly: everything outside scripts, styles and tags, blanks folded."""
    return _SPACE.sub(" ", _NOT_TEXT.sub(" ", decode(body, content_type).text)).strip()


def _words(answer: Answer) -> str | None:
    """Visible text of a short page with its title; None when the page is too long to be anything but itself."""
    if len(answer.body) > SMALL_PAGE:
        # 瑞数 fills its challenge with a long meta content and one inline script; its sign stands in the head
        return "" if b"$_ts" in answer.body[:4096] and b"<a " not in answer.body else None
    return visible_text(answer.body, answer.content_type)


def _missing_title(body: bytes, content_type: str) -> str:
    found = marks.TITLE.search(body, 0, 4096)
    if found is None:
        return ""
    title = decode(found.group(1), content_type).text.strip()
    return title[:40] if len(title) < 60 and marks.MISSING_TITLE.search(title) else ""


def _is_html(body: bytes, kind: str) -> bool:
    if "html" in kind:
        return True
    if kind and not kind.startswith(("text/plain", "application/octet-stream", "text/xml")):
        return False
    return body[:512].lstrip().lower().startswith((b"<!doctype html", b"<html"))


def redirect_target_refused(origin: str, target: str) -> str:
    """Why a redirect is not followed, in words; "" when it may be (the address itself is judged on connecting)."""
    if not target.startswith(("http://", "https://")):
        scheme = target.partition(":")[0] or "空"
        return f"跳转到 {scheme}: 地址，不予访问"
    return "" if host_of(target) else f"跳转地址无效：{target[:100]}（来自 {origin[:200]}）"
