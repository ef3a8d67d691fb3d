"""Notices by mail: drafts always; sent over SMTP only where a server is configured, once each, and recorded."""

from __future__ import annotations

from email import message_from_bytes, policy
from pathlib import Path

import pytest
from office import DECIDER, Office
from smtp_server import letterbox

from audit.errors import Exit
from audit.rounds.config import Workflow

SENDER, TO = "zwgk@shiliqu.example", "dzz@shiliqu.example"


def configure(office: Office, port: int, **more: object) -> None:
    mail = {"sender": SENDER, "host": "127.0.0.1", "port": port, "starttls": False, "units": {"dzz": TO}, **more}
    office.workflow = Workflow.model_validate({"mail": mail})


def slip(office: Office) -> Path:
    """A reminder drafted under the present settings."""
    office.on("2026-11-03")
    assert office.run("urge", "shiliqu", "--person", DECIDER) == 0
    return office.folder / "slips" / "催办单" / "20261103" / "dzz.eml"


def send(office: Office, path: Path) -> int:
    return office.run("urge", "shiliqu", "--send", str(path), "--person", DECIDER)


def sent(office: Office) -> list[str]:
    with office.desk() as desk:
        assert desk.history.verify("shiliqu") == ""
        return [str(d.payload["to"]) for d in desk.decisions() if d.kind == "notice.sent"]


def test_a_draft_is_sent_as_it_was_drafted_and_once(released: Office, capsys: pytest.CaptureFixture[str]) -> None:
    with letterbox() as box:
        configure(released, box.port)
        path = slip(released)
        assert send(released, path) == 0
        ((sender, to, body),) = box.sent
        assert (sender, to) == (SENDER, [TO])
        mail = message_from_bytes(body, policy=policy.default)
        assert "催办" in str(mail["Subject"])
        assert mail["X-Unsent"] is None  # a draft's mark: the letter has none
        (attached,) = mail.iter_attachments()
        assert attached.get_content() == path.with_suffix(".html").read_text("utf-8")
        text = mail.get_body()
        assert text is not None
        assert "请抓紧办理" in text.get_content()
        assert sent(released) == [TO]
        capsys.readouterr()
        assert send(released, path) == Exit.USAGE
        assert "已于" in capsys.readouterr().err
        assert len(box.sent) == 1


def test_with_a_name_and_a_password_from_the_environment(released: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    with letterbox(user="zwgk", password="secret") as box:
        configure(released, box.port, user="zwgk")
        path = slip(released)
        monkeypatch.setenv("GOVAUDIT_SMTP_PASSWORD", "wrong")
        assert send(released, path) == Exit.USAGE
        assert (box.sent, sent(released)) == ([], [])
        monkeypatch.setenv("GOVAUDIT_SMTP_PASSWORD", "secret")
        assert send(released, path) == 0
        assert sent(released) == [TO]


def test_refusals_leave_the_draft_and_no_record(released: Office, capsys: pytest.CaptureFixture[str]) -> None:
    with letterbox(refuse=frozenset({TO})) as box:
        configure(released, box.port)
        path = slip(released)
        assert send(released, path) == Exit.USAGE
        said = capsys.readouterr().err.replace("\n", "")
        assert "未能发出" in said
        assert "草稿仍在" in said
        configure(released, box.port, starttls=True)  # a server without encryption gets nothing
        assert send(released, path) == Exit.USAGE
        assert box.sent == []
    assert send(released, path) == Exit.USAGE  # nobody answers at all
    assert path.exists()
    assert sent(released) == []


def test_without_a_server_or_an_address_nothing_is_sent(released: Office, capsys: pytest.CaptureFixture[str]) -> None:
    path = slip(released)
    assert send(released, path) == Exit.USAGE
    assert "没有配置发信服务器" in capsys.readouterr().err
    with letterbox() as box:
        configure(released, box.port)
        assert send(released, path) == Exit.USAGE  # drafted before the address was known
        assert "收件人" in capsys.readouterr().err
        assert send(released, released.folder / "none.eml") == Exit.USAGE
        assert box.sent == []
