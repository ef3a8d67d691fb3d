"""The last look at a request before it leaves: only reading, only http(s)."""

from __future__ import annotations

from scrapy import Request
from scrapy.exceptions import IgnoreRequest


class GuardMiddleware:
    """Raises IgnoreRequest for anything but GET and HEAD without a body: no form is ever sent, whoever asks."""

    def process_request(self, request: Request) -> None:
        if request.method not in ("GET", "HEAD") or request.body:
            raise IgnoreRequest(f"只允许读取，不允许 {request.method}：{request.url}")
        if not request.url.startswith(("http://", "https://")):
            raise IgnoreRequest(f"只允许 http 和 https：{request.url}")
