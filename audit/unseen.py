"""What is said when `check` has no page to judge: why, and what to do next."""

from __future__ import annotations

from checks.facts import Page
from checks.outcomes import FetchOutcome
from crawler.observations import FetchRecord
from crawler.received import NAMES_UNANSWERED

_RETRY = "请确认网址与网络后重试。"
_SAVE_IT = "在浏览器中打开该页，保存为网页文件，再用 govaudit check 检查该文件。"
_NEXT = {
    FetchOutcome.DNS: "请核对域名拼写；无误的，检查本机网络和域名解析后重试。",
    FetchOutcome.REFUSED: "请核对网址和端口，确认本机能打开该网站后重试。",
    FetchOutcome.TIMEOUT: "请稍后重试；浏览器也打不开的，请告知网站管理员。",
    FetchOutcome.TLS: "请改用 http:// 检查，或告知网站管理员更换证书后重试。",
    FetchOutcome.TLS_NATIONAL: "本程序不支持国密算法；请改用 http:// 检查，或用国密浏览器保存为文件后检查该文件。",
    FetchOutcome.WAF: f"请联系网站管理员放行后重试，或者{_SAVE_IT}",
    FetchOutcome.RATE_LIMITED: f"请过一段时间再试，或者{_SAVE_IT}",
    FetchOutcome.LOGIN: "本程序不登录网站；请给出不登录也能看到的网址。",
    FetchOutcome.HTTP_4XX: f"请核对网址；浏览器能打开的，{_SAVE_IT}",
    FetchOutcome.HTTP_5XX: "请稍后重试；一直如此的，请告知网站管理员。",
    FetchOutcome.REDIRECT_LOOP: "请在浏览器中打开确认；也打不开的，请告知网站管理员改正跳转。",
    FetchOutcome.REDIRECT_REFUSED: "本程序不跟到内网地址和网页以外的协议；请告知网站管理员改正跳转。",
    FetchOutcome.PRIVATE_ADDRESS: "内网网站请直接给出它的网址检查。",
    FetchOutcome.TOO_LARGE: "网页过大，读者也难以打开；请核对网址是否为网页。",
    FetchOutcome.TRUNCATED: "请重试；一直如此的，请告知网站管理员。",
    FetchOutcome.PARKED: "请核对域名；无误的，请告知网站主管单位该域名已不在其手中。",
}


def unread(url: str, record: FetchRecord | None) -> str:
    """Why there is no page to judge, and what to do."""
    if record is None:
        return f"{url} 未访问。这不是对网站的结论；请确认网址后重试。"
    outcome = record.outcome
    if outcome.seen and not record.size:
        return f"{url} 已取回，但内容是空的，没有可以判定的内容。请在浏览器中确认；确实空白的，请告知网站管理员。"
    if outcome.seen:
        kind = record.content_type or "类型不明"
        return f"{url} 已取回，但不是能读取的网页（{kind}）。check 只判定网页；附件请检查引用它的网页。"
    if outcome in (FetchOutcome.GONE, FetchOutcome.SOFT_404):
        return f"{url} 答复为“{outcome.chinese}”。网址无误的，说明该页已经不在；请核对网址。"
    detail = f"（{record.error}）" if record.error else ""
    advice = _NEXT.get(outcome, _RETRY)
    if record.error == NAMES_UNANSWERED:  # most often it is this machine that has no network
        advice = "请检查本机网络和域名解析设置后重试。"
    return f"{url} 未能取回：{outcome.chinese}{detail}。这不是对网站的结论；{advice}"


def blind_to(page: Page, frame: str = "") -> str:
    """Why nothing at all could be judged of a page, and what to do; `frame` is one that was not seen."""
    if frame:
        return f"本页的内容在内嵌网页中，未能看到。请运行：govaudit check {frame}"
    if page.needs_render:
        return "本页的内容由脚本生成，check 不启动浏览器，看不到内容；请用 govaudit run 检查。"
    return "本页没有可以单独判定的事项（栏目、期限等须用 govaudit run 检查整个网站）。"
