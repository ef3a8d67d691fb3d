"""Who may talk to the local page: this machine's browser that was given the token, and nobody through it.

Host is compared (DNS rebinding), the cookie is HttpOnly and SameSite=Strict, every write carries the right Origin and
a token of its own, and pages of audited sites are shown only in frames without script, origin or network.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, Response, abort, request

COOKIE = "govaudit_review"
CSRF = "X-Review-Token"
SHELL = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
FRAMED = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)


@dataclass(frozen=True, slots=True)
class Keys:
    """Secrets of one run. `entry` stands in the address once, `session` in the cookie, `csrf` in the page."""

    entry: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    session: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    csrf: str = field(default_factory=lambda: secrets.token_urlsafe(32))


def protect(app: Flask, keys: Keys, authority: Callable[[], str]) -> None:
    """Install the checks. `authority` is "127.0.0.1:port" of the running server."""

    @app.before_request
    def check() -> None:
        if request.host != authority():
            abort(421)
        if not same(request.cookies.get(COOKIE, ""), keys.session) and request.endpoint != "enter":
            abort(403)
        if request.method not in ("GET", "HEAD"):
            origin = request.headers.get("Origin", "")
            if origin != f"http://{authority()}" or not same(request.headers.get(CSRF, ""), keys.csrf):
                abort(403)

    @app.after_request
    def harden(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", SHELL)
        response.headers.setdefault("X-Frame-Options", "DENY")
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cache-Control"] = "no-store"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        return response


def same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())


def framed(body: str) -> Response:
    """A page of an audited site: shown, never run, never asked for anything more."""
    response = Response(body, mimetype="text/html")
    response.headers["Content-Security-Policy"] = FRAMED
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def told(message: str, status: int) -> tuple[dict[str, Any], int]:
    return {"error": message}, status
