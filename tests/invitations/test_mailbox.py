"""The mailbox, over a real IMAP server: reports are taken and deleted, all else stays, nothing is read twice."""

import ssl
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import pytest
import trustme
from flask import Flask

from aoj_survey.config import Settings
from aoj_survey.db import db
from aoj_survey.errors import KeyFileError, MailError
from aoj_survey.installation import Installation
from aoj_survey.invitations import (
    MAILBOX_NOTE,
    Verdict,
    bounces,
    count_messages,
    mailbox,
    read_mailbox,
    read_note,
    send_due,
)
from aoj_survey.invitations.bounces import LARGEST
from aoj_survey.waves import ParticipationFacts
from aoj_survey.worker import JOBS, run_job
from tests.conftest import FixedClock
from tests.imap_server import FOLDER, PASSWORD, USER, ImapServer
from tests.invitations.reports import AUTOMATIC_ANSWER, write_report
from tests.smtp_server import Mailbox, SmtpServer
from tests.staging import start_wave

ADDRESS = "terug@rijnmeer.example"
Read = Callable[..., Counter[Verdict]]


@pytest.fixture
def imap() -> Iterator[ImapServer]:
    made = ImapServer()
    yield made
    made.stop()


@pytest.fixture
def settings_values(server: SmtpServer, imap: ImapServer, tmp_path: Path) -> dict[str, Any]:
    password = tmp_path / "password"
    password.write_text(PASSWORD + "\n")
    password.chmod(0o600)
    return {
        "smtp_port": server.port,
        "smtp_timeout": 2,
        "bounce_address": ADDRESS,
        "imap_host": "127.0.0.1",
        "imap_port": imap.port,
        "imap_security": "none",
        "imap_user": USER,
        "imap_password_file": str(password),
        "imap_folder": FOLDER,
    }


@pytest.fixture
def senders(
    app: Flask, installation: Installation, clock: FixedClock, mailbox: Mailbox
) -> tuple[ParticipationFacts, list[str]]:
    """A wave whose invitations went out, and the addresses they come back to."""
    facts = start_wave(installation.keys, clock(), {"ib": 4})
    send_due(clock, installation.keys, installation.settings)
    return facts, list(mailbox.senders)


@pytest.fixture
def read(installation: Installation, clock: FixedClock) -> Read:
    """Read the mailbox as the worker does."""

    def run(stop: Callable[[], bool] = lambda: False, **changes: Any) -> Counter[Verdict]:
        return read_mailbox(replace(installation.settings, **changes), clock, stop)

    return run


def states(facts: ParticipationFacts) -> dict[str, int]:
    with db.read() as connection:
        counts = count_messages(connection, facts.id)
    return {state: count for (kind, state), count in counts.items() if kind == "invitation"}


def trouble() -> str:
    with db.read() as connection:
        note = read_note(connection, MAILBOX_NOTE)
    return note.text if note else ""


def test_reports_are_taken_and_deleted_and_all_else_stays_unread(
    senders: tuple[ParticipationFacts, list[str]], imap: ImapServer, read: Read
) -> None:
    facts, addresses = senders
    answer = write_report(AUTOMATIC_ANSWER, addresses[0])
    imap.folder.put(write_report("postfix", addresses[0]))
    imap.folder.put(answer)
    imap.folder.put(write_report("exchange", addresses[1], status="4.2.2"))
    imap.folder.put(b"\xff\x00 garbage")
    imap.folder.put(write_report("exchange", addresses[2], "delayed", "4.4.1"))
    assert read() == Counter(undelivered=1, retried=1, noted=1, ignored=2)
    assert states(facts) == {"sent": 2, "undelivered": 1, "due": 1}
    assert [mail.content for mail in imap.folder.mails] == [answer, b"\xff\x00 garbage"]
    assert all(mail.flags == set() for mail in imap.folder.mails)


def test_nothing_is_read_twice_and_what_comes_in_later_is_read(
    senders: tuple[ParticipationFacts, list[str]],
    imap: ImapServer,
    read: Read,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    facts, addresses = senders
    for _ in range(3):
        imap.folder.put(write_report(AUTOMATIC_ANSWER, addresses[0]))
    assert read().total() == 3
    assert read().total() == 0
    imap.folder.put(write_report("postfix", addresses[0]))
    assert read() == Counter(undelivered=1)
    assert states(facts) == {"sent": 3, "undelivered": 1}


def test_a_mailbox_that_counts_anew_is_read_anew(
    senders: tuple[ParticipationFacts, list[str]], imap: ImapServer, read: Read
) -> None:
    for _ in range(3):
        imap.folder.put(b"garbage")
    assert read().total() == 3
    imap.folder.numbering = 8
    assert read().total() == 3


def test_an_empty_mailbox_is_no_trouble(app: Flask, read: Read) -> None:
    assert read() == Counter()
    assert trouble() == ""


def test_the_largest_mails_are_not_fetched(
    senders: tuple[ParticipationFacts, list[str]], imap: ImapServer, read: Read
) -> None:
    _, addresses = senders
    imap.folder.put(write_report("postfix", addresses[0]) + b" " * LARGEST)
    assert read() == Counter(ignored=1)
    assert len(imap.folder.mails) == 1


def test_reading_ends_when_the_worker_is_to_end_and_goes_on_from_there(
    senders: tuple[ParticipationFacts, list[str]], imap: ImapServer, read: Read
) -> None:
    _, addresses = senders
    for address in addresses:
        imap.folder.put(write_report("postfix", address))
    assert read(stop=lambda: len(imap.folder.mails) <= 2) == Counter(undelivered=2)
    assert read() == Counter(undelivered=2)


def test_who_is_killed_before_the_deletion_reads_it_again_without_harm(
    senders: tuple[ParticipationFacts, list[str]],
    imap: ImapServer,
    read: Read,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    facts, addresses = senders
    imap.folder.put(write_report("postfix", addresses[0]))
    with monkeypatch.context() as killed:
        killed.setattr(mailbox, "_delete", lambda *_: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            read()
    assert read() == Counter(ignored=1)
    assert states(facts) == {"sent": 3, "undelivered": 1}


def test_only_what_matched_a_token_is_deleted(
    senders: tuple[ParticipationFacts, list[str]], imap: ImapServer, read: Read
) -> None:
    imap.folder.put(write_report("postfix", f"terug+i{'a' * 26}@rijnmeer.example"))
    assert read() == Counter(ignored=1)
    assert len(imap.folder.mails) == 1


def test_twin_without_the_token_reports_of_strangers_would_go(
    senders: tuple[ParticipationFacts, list[str]],
    imap: ImapServer,
    read: Read,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = bounces.hash_token
    token = senders[1][0][7:33]
    monkeypatch.setattr(bounces, "hash_token", lambda _: real(token))
    with pytest.raises(AssertionError):
        test_only_what_matched_a_token_is_deleted(senders, imap, read)


# Trouble


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"imap_user": "iemand"}, "refuses us"),
        ({"imap_folder": "Elders"}, "refuses us"),
        ({"imap_port": 1}, "cannot be reached (ConnectionRefusedError)"),
        ({"imap_security": "tls"}, "no certificate we can trust"),
    ],
)
def test_a_mailbox_that_cannot_be_read_is_told_of_until_it_can(
    sqlite_app: Flask, clock: FixedClock, changes: dict[str, Any], words: str
) -> None:
    settings: Settings = sqlite_app.extensions["aoj"].settings
    with pytest.raises(MailError):
        read_mailbox(replace(settings, **changes), clock, lambda: False)
    assert words in trouble()
    assert PASSWORD not in trouble()
    read_mailbox(settings, clock, lambda: False)
    assert trouble() == ""


def test_without_a_mailbox_nothing_is_read(sqlite_app: Flask, clock: FixedClock) -> None:
    settings: Settings = sqlite_app.extensions["aoj"].settings
    assert read_mailbox(replace(settings, imap_host=""), clock, lambda: False) == Counter()
    assert read_mailbox(replace(settings, bounce_address=""), clock, lambda: False) == Counter()


def test_a_password_file_others_can_read_is_refused(sqlite_app: Flask, clock: FixedClock) -> None:
    settings: Settings = sqlite_app.extensions["aoj"].settings
    Path(settings.imap_password_file).chmod(0o644)
    with pytest.raises(KeyFileError, match="chmod 600"):
        read_mailbox(settings, clock, lambda: False)


@pytest.fixture
def certified(tmp_path: Path) -> tuple[Path, ssl.SSLContext]:
    """The file of an authority, and a server's certificate by it."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return tmp_path / "ca.pem", context


@pytest.mark.parametrize("security", ["tls", "starttls"])
@pytest.mark.parametrize("trusted", [True, False])
def test_it_reads_only_from_a_server_with_a_certificate_it_trusts(
    sqlite_app: Flask,
    clock: FixedClock,
    certified: tuple[Path, ssl.SSLContext],
    monkeypatch: pytest.MonkeyPatch,
    trusted: bool,
    security: Literal["tls", "starttls"],
) -> None:
    authority, context = certified
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    server = ImapServer(context, starttls=security == "starttls")
    server.folder.put(b"garbage")
    settings: Settings = sqlite_app.extensions["aoj"].settings
    encrypted = replace(settings, imap_port=server.port, imap_security=security)
    try:
        if trusted:
            assert read_mailbox(encrypted, clock, lambda: False) == Counter(ignored=1)
        else:
            with pytest.raises(MailError, match="no certificate we can trust"):
                read_mailbox(encrypted, clock, lambda: False)
    finally:
        server.stop()
    assert PASSWORD.encode() not in b"".join(server.bare)


def test_over_starttls_reports_are_taken_like_any_other(
    senders: tuple[ParticipationFacts, list[str]],
    certified: tuple[Path, ssl.SSLContext],
    monkeypatch: pytest.MonkeyPatch,
    read: Read,
) -> None:
    authority, context = certified
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    facts, addresses = senders
    server = ImapServer(context, starttls=True)
    server.folder.put(write_report("postfix", addresses[0]))
    assert read(imap_port=server.port, imap_security="starttls") == Counter(undelivered=1)
    server.stop()
    assert states(facts) == {"sent": 3, "undelivered": 1}
    assert server.folder.mails == []


def test_a_server_that_offers_no_encryption_is_told_no_password(sqlite_app: Flask, clock: FixedClock) -> None:
    server = ImapServer(starttls=True)
    settings: Settings = sqlite_app.extensions["aoj"].settings
    unsafe = replace(settings, imap_port=server.port, imap_security="starttls")
    with pytest.raises(MailError, match=r"offers no encryption \(STARTTLS\)"):
        read_mailbox(unsafe, clock, lambda: False)
    server.stop()
    assert server.bare != []
    assert PASSWORD.encode() not in b"".join(server.bare)


def test_twin_without_encryption_the_password_goes_over_the_line(
    sqlite_app: Flask, clock: FixedClock
) -> None:
    server = ImapServer(starttls=True)
    settings: Settings = sqlite_app.extensions["aoj"].settings
    with pytest.raises(MailError, match="refuses us"):
        read_mailbox(replace(settings, imap_port=server.port), clock, lambda: False)
    server.stop()
    assert PASSWORD.encode() in b"".join(server.bare)


def test_the_worker_reads_it(sqlite_app: Flask, imap: ImapServer) -> None:
    imap.folder.put(b"garbage")
    [job] = [job for job in JOBS if job.name == "mail that came back"]
    assert run_job(sqlite_app, job, lambda: False)
    assert run_job(sqlite_app, job, lambda: False)
    imap.stop()
    assert not run_job(sqlite_app, job, lambda: False)
    assert "cannot be reached" in trouble()
