"""The mail server, greeted over real lines on loopback: it answers, or its fault has a name; nothing is sent."""

import ssl
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import trustme

from aoj_survey.config import make_settings
from aoj_survey.preflight import Finding, mail_server
from aoj_survey.preflight.mail_server import check_mail_server, is_this_machine
from tests.smtp_server import Mailbox, SmtpServer, login_options, tls_options


@contextmanager
def serve_mail(**options: Any) -> Generator[tuple[int, Mailbox]]:
    server = SmtpServer(**options)
    server.start()
    try:
        yield server.port, server.mailbox
    finally:
        server.stop()


def greet(port: int, **values: Any) -> Finding:
    place = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_timeout": 5}
    (found,) = check_mail_server(make_settings(Path(), place | values))
    return found


@pytest.fixture
def authority(tmp_path: Path) -> trustme.CA:
    made = trustme.CA()
    made.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    return made


@pytest.fixture
def context(authority: trustme.CA) -> ssl.SSLContext:
    made = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(made)
    return made


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))


def test_a_server_that_answers_is_in_order_and_gets_no_mail() -> None:
    with serve_mail() as (port, mailbox):
        found = greet(port)
    assert (found.level, found.code) == ("ok", "smtp_ok")
    assert (mailbox.lines, mailbox.taken) == (1, [])


def test_a_server_that_is_down_is_a_fault() -> None:
    with serve_mail() as (port, _mailbox):
        pass
    found = greet(port)
    assert (found.level, found.code) == ("fault", "smtp_unreachable")
    assert "ConnectionRefusedError" in found.detail


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.usefixtures("trusted")
def test_a_certificate_that_is_trusted_is_in_order(context: ssl.SSLContext, security: str) -> None:
    with serve_mail(**tls_options(context, at_once=security == "tls")) as (port, _mailbox):
        assert greet(port, smtp_security=security).code == "smtp_ok"


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_that_nobody_trusts_is_a_fault(context: ssl.SSLContext, security: str) -> None:
    with serve_mail(**tls_options(context, at_once=security == "tls")) as (port, _mailbox):
        found = greet(port, smtp_security=security)
    assert (found.level, found.code) == ("fault", "smtp_certificate")


@pytest.mark.usefixtures("trusted")
def test_a_certificate_of_another_name_is_a_fault(authority: trustme.CA) -> None:
    made = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("post.elders.example").configure_cert(made)
    with serve_mail(**tls_options(made, at_once=True)) as (port, _mailbox):
        assert greet(port, smtp_security="tls").code == "smtp_certificate"


def test_a_server_without_encryption_lacks_what_we_ask() -> None:
    with serve_mail() as (port, _mailbox):
        assert greet(port, smtp_security="starttls").code == "smtp_lacks"


def write_password(folder: Path, words: str, mode: int = 0o600) -> str:
    path = folder / "password"
    path.write_text(words + "\n", encoding="utf-8")
    path.chmod(mode)
    return str(path)


@pytest.mark.parametrize(
    ("words", "mode", "code"),
    [("geheim", 0o600, "smtp_ok"), ("fout", 0o600, "smtp_login"), ("geheim", 0o644, "smtp_password")],
)
@pytest.mark.usefixtures("trusted")
def test_the_login_works_or_its_fault_has_a_name(
    context: ssl.SSLContext, tmp_path: Path, words: str, mode: int, code: str
) -> None:
    values = {
        "smtp_user": "monitor",
        "smtp_password_file": write_password(tmp_path, words, mode),
        "smtp_security": "starttls",
    }
    logins: list[str] = []
    options = tls_options(context, at_once=False) | login_options(logins, "monitor", "geheim")
    with serve_mail(**options) as (port, _mailbox):
        found = greet(port, **values)
    assert found.code == code
    assert "geheim" not in found.detail
    assert "fout" not in found.detail


def test_a_server_that_refuses_our_sender_is_a_fault() -> None:
    with serve_mail() as (port, mailbox):
        mailbox.faults.append("sender_refused")
        assert greet(port).code == "smtp_sender"


@pytest.mark.parametrize("file", ["", "nergens/password"])
def test_a_password_that_is_not_there_is_a_fault(file: str) -> None:
    with serve_mail() as (port, _mailbox):
        assert greet(port, smtp_user="monitor", smtp_password_file=file).code == "smtp_password"


@pytest.mark.parametrize(("user", "level"), [("", "advice"), ("monitor", "fault")])
def test_plain_lines_to_another_machine_are_told(
    monkeypatch: pytest.MonkeyPatch, user: str, level: str
) -> None:
    monkeypatch.setattr(mail_server, "greet_mail_server", lambda _settings: None)
    values = {"smtp_host": "post.rijnmeer.example", "smtp_user": user}
    (found,) = check_mail_server(make_settings(Path(), values))
    assert (found.level, found.code) == (level, "smtp_open")


@pytest.mark.parametrize(
    ("host", "own"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("192.0.2.1", False), ("x.example", False)],
)
def test_this_machine_is_known(host: str, *, own: bool) -> None:
    assert is_this_machine(host) is own


def test_twin_a_check_that_opens_no_line_finds_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_server, "greet_mail_server", lambda _settings: None)
    assert greet(9).code == "smtp_ok"
