"""Mail: drafts as .eml files always; sending by SMTP only when workflow.toml names a server."""

from __future__ import annotations

import os
import smtplib
import ssl
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime

from audit.errors import AuditError
from audit.rounds.config import Mail

PASSWORD = "GOVAUDIT_SMTP_PASSWORD"  # noqa: S105 - the name of a variable, not a secret
TIMEOUT_S = 30
TLS_PORT = 465


def draft(
    settings: Mail, unit: str, subject: str, text: str, name: str, page: bytes, at: datetime, mark: str
) -> bytes:
    """A draft that any mail program opens: text and the paper as an attachment. No recipient when none is known."""
    mail = EmailMessage(policy=policy.SMTP)
    mail["Subject"] = subject
    mail["Date"] = format_datetime(at)
    mail["X-Unsent"] = "1"
    if settings.sender:
        mail["From"] = settings.sender
    if settings.units.get(unit):
        mail["To"] = settings.units[unit]
    mail["X-Govaudit-Number"] = mark
    mail.set_content(text)
    mail.add_attachment(page, maintype="text", subtype="html", filename=name, params={"charset": "utf-8"})
    mail.set_boundary(f"govaudit-{abs(hash_text(mark)):016x}")
    return mail.as_bytes()


def hash_text(text: str) -> int:
    """The same number for the same text in every process, so that drafts repeat."""
    value = 0
    for char in text:
        value = (value * 131 + ord(char)) % (1 << 61)
    return value


def _connected(settings: Mail) -> smtplib.SMTP:
    """Port 465 speaks TLS from the first byte, as most domestic mail services want it."""
    if settings.port == TLS_PORT:
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(settings.host, settings.port, timeout=TIMEOUT_S, context=context)
    return smtplib.SMTP(settings.host, settings.port, timeout=TIMEOUT_S)


def send(settings: Mail, body: bytes) -> str:
    """Send a draft; returns the recipient. Raises AuditError when nothing is configured or the server refuses."""
    if not settings.host or not settings.sender:
        raise AuditError(
            "没有配置发信服务器：请在 workflow.toml 的 [mail] 填写 host、sender；否则请用邮件程序打开 .eml 草稿。"
        )
    mail = message_from_bytes(body, policy=policy.SMTP)
    to = str(mail.get("To", "")).strip()
    if not to:
        raise AuditError("草稿没有收件人：请在 workflow.toml 的 [mail.units] 填写该单位的邮箱。")
    del mail["X-Unsent"]
    try:
        with _connected(settings) as server:
            if settings.starttls and settings.port != TLS_PORT:
                server.starttls(context=ssl.create_default_context())
            if settings.user:
                server.login(settings.user, os.environ.get(PASSWORD, ""))
            server.send_message(mail)
    except ssl.SSLCertVerificationError as error:
        raise AuditError(
            f"邮件没有发出，口令也没有发送：发信服务器 {settings.host} 的证书未通过校验（{error.verify_message}）。"
            "请核对 workflow.toml 中 [mail] 的 host，或请邮件系统管理员更换证书。草稿仍在，可稍后重发。"
        ) from error
    except (OSError, smtplib.SMTPException) as error:
        raise AuditError(f"邮件未能发出（{settings.host}）：{error}。草稿仍在，可稍后重发。") from error
    return to
