"""Notices by mail: drafts always; sent over SMTP only where a server is configured, once each, and recorded."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
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


def certificate(folder: Path, name: str) -> Path:
    """A certificate that signs itself, and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    born = datetime(2026, 1, 1, tzinfo=UTC)
    whose = x509.IPAddress(ip_address(name)) if name[0].isdigit() else x509.DNSName(name)
    made = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(1).not_valid_before(born).not_valid_after(born + timedelta(days=36_500))
        .add_extension(x509.SubjectAlternativeName([whose]), critical=False).sign(key, hashes.SHA256())
    )  # fmt: skip
    path = folder / f"{name}.pem"
    form = serialization.PrivateFormat.TraditionalOpenSSL
    pem = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    path.write_bytes(pem + made.public_bytes(serialization.Encoding.PEM))
    return path


def serving(pem: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


def trust(pem: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the machine's administrator does for the office's own mail server."""
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))


@pytest.mark.parametrize("at_once", [False, True], ids=["starttls", "port 465"])
def test_over_an_encrypted_connection(
    released: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: bool
) -> None:
    """Name, password and letter go only over TLS to a server whose certificate is trusted."""
    pem = certificate(tmp_path, "127.0.0.1")
    trust(pem, monkeypatch)
    monkeypatch.setenv("GOVAUDIT_SMTP_PASSWORD", "secret")
    with letterbox(user="zwgk", password="secret", tls=serving(pem), at_once=at_once) as box:
        configure(released, box.port, user="zwgk", starttls=not at_once)
        if at_once:
            monkeypatch.setattr("audit.mail.TLS_PORT", box.port)
        assert send(released, slip(released)) == 0
        assert box.logins == ["zwgk"]
        assert [v.startswith("TLSv1.") for v in box.encrypted] == [True]
    assert sent(released) == [TO]


@pytest.mark.parametrize(
    ("name", "trusted"), [("127.0.0.1", False), ("mail.shiliqu.example", True)], ids=["unknown", "another's"]
)
@pytest.mark.parametrize("at_once", [False, True], ids=["starttls", "port 465"])
def test_a_certificate_that_does_not_hold_gets_neither_password_nor_letter(
    released: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    name: str, trusted: bool, at_once: bool,
) -> None:  # fmt: skip
    pem = certificate(tmp_path, name)
    if trusted:
        trust(pem, monkeypatch)
    monkeypatch.setenv("GOVAUDIT_SMTP_PASSWORD", "secret")
    with letterbox(user="zwgk", password="secret", tls=serving(pem), at_once=at_once) as box:
        configure(released, box.port, user="zwgk", starttls=not at_once)
        if at_once:
            monkeypatch.setattr("audit.mail.TLS_PORT", box.port)
        path = slip(released)
        assert send(released, path) == Exit.USAGE
        assert (box.logins, box.sent) == ([], [])
    said = capsys.readouterr().err.replace("\n", "")
    assert "证书未通过校验" in said
    assert "口令也没有发送" in said
    assert path.exists()
    assert sent(released) == []


def test_a_server_that_offers_starttls_is_not_written_to_without_it(
    released: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with letterbox(tls=serving(certificate(tmp_path, "127.0.0.1"))) as box:
        configure(released, box.port, starttls=False)
        assert send(released, slip(released)) == Exit.USAGE
        assert box.sent == []
    assert "STARTTLS" in capsys.readouterr().err
