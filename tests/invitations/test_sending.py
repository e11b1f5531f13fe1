"""Sending over a real SMTP server, with every fault one can have."""

import logging
import ssl
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import trustme
from flask import Flask
from sqlalchemy import update

from aoj_survey.config import Settings, make_settings
from aoj_survey.db import db
from aoj_survey.installation import Installation
from aoj_survey.invitations import (
    MAIL_NOTE,
    Candidate,
    Invitee,
    Note,
    SendReport,
    count_messages,
    derive_token,
    due,
    read_note,
    send_due,
    sending,
)
from aoj_survey.invitations.messages import LEASE, PUT_BACK
from aoj_survey.keys import KeyDirectory
from aoj_survey.waves import ParticipationFacts
from tests.conftest import FixedClock
from tests.smtp_server import Fault, Mailbox, SmtpServer, login_options, tls_options, token_options
from tests.staging import ANSWERS, Person, list_people, send, start_wave

Round = Callable[..., SendReport]


@pytest.fixture
def send_round(installation: Installation) -> Round:
    """Send what is due now, as the worker does."""

    def run(**options: Any) -> SendReport:
        return send_due(installation.now, installation.keys, installation.settings, **options)

    return run


def states(facts: ParticipationFacts, kind: str = "invitation") -> dict[str, int]:
    with db.read() as connection:
        counts = count_messages(connection, facts.id)
    return {state: count for (of, state), count in counts.items() if of == kind}


def note() -> Note | None:
    with db.read() as connection:
        return read_note(connection, MAIL_NOTE)


def test_everybody_gets_one_mail_over_one_line(
    app: Flask, keys: KeyDirectory, clock: FixedClock, mailbox: Mailbox, send_round: Round
) -> None:
    facts = start_wave(keys, clock(), {"ib": 12, "zoco": 3})
    assert send_round() == SendReport(sent=15, refused=0, failed=0, uncertain=0, trouble="")
    assert len(set(mailbox.receivers())) == 15
    assert states(facts) == {"sent": 15}
    assert set(mailbox.ids().values()) == {1}
    assert send_round().sent == 0
    assert mailbox.lines == 1


def test_each_mail_carries_the_link_of_its_receiver(
    app: Flask, keys: KeyDirectory, clock: FixedClock, mailbox: Mailbox, send_round: Round
) -> None:
    facts = start_wave(keys, clock(), {"ib": 5})
    send_round()
    clock.pass_time(days=8)
    send_round()
    root = "https://monitor.rijnmeer.example"
    links = {f"{root}/l/{person.token}" for person in list_people(keys, facts)}
    found: dict[str, set[str]] = {}
    for mail in mailbox.taken:
        text = mail.get_body(("plain",))
        assert text is not None
        lines = text.get_content().splitlines()
        found.setdefault(str(mail["To"]), set()).update(line for line in lines if "/l/" in line)
    assert {link for each in found.values() for link in each} == links
    assert [len(each) for each in found.values()] == [1] * 5


def test_the_way_out_in_a_mail_is_that_of_its_receiver(
    app: Flask, keys: KeyDirectory, clock: FixedClock, mailbox: Mailbox, send_round: Round
) -> None:
    facts = start_wave(keys, clock(), {"ib": 1})
    send_round()
    [person] = list_people(keys, facts)
    token = derive_token(keys.link(facts.id), "optout", person.invitation, 0)
    [mail] = mailbox.taken
    assert mail["List-Unsubscribe"] == f"<https://monitor.rijnmeer.example/o/{token}>"


def test_a_mail_says_how_long_all_questions_of_its_role_take(
    app: Flask, keys: KeyDirectory, clock: FixedClock, mailbox: Mailbox, send_round: Round
) -> None:
    start_wave(keys, clock(), {"ib": 1})
    with db.write() as connection:
        connection.execute(update(Invitee).values(language="en"))
    send_round()
    text = mailbox.taken[0].get_body(("plain",))
    assert text is not None
    assert "- It takes about 4 minutes. Your phone will do." in text.get_content()


def test_a_limit_is_kept(
    app: Flask, keys: KeyDirectory, clock: FixedClock, mailbox: Mailbox, send_round: Round
) -> None:
    start_wave(keys, clock(), {"ib": 5})
    assert send_round(limit=2).sent == 2
    assert send_round(limit=0).sent == 0
    assert len(mailbox.taken) == 2


def test_a_round_ends_after_the_message_in_hand(
    app: Flask, keys: KeyDirectory, clock: FixedClock, mailbox: Mailbox, send_round: Round
) -> None:
    facts = start_wave(keys, clock(), {"ib": 5})
    assert send_round(stop=lambda: len(mailbox.taken) >= 2).sent == 2
    assert states(facts) == {"due": 3, "sent": 2}


def finish_during(
    people: Sequence[Person], mailbox: Mailbox, moment: datetime, many: int
) -> Callable[[], bool]:
    """Let many people send their answers once the first reminders are out; the round asks between two mails."""
    already = len(mailbox.taken)
    waiting = list(people[:many])

    def stop() -> bool:
        if len(mailbox.taken) - already == 3:
            while waiting:
                send(waiting.pop(), ANSWERS, moment)
        return False

    return stop


def check_fifty(
    facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock, mailbox: Mailbox, send_round: Round
) -> None:
    """Fifty of sixty people finish while reminders go out: of them, those still to come get none."""
    clock.pass_time(days=8)
    people = list_people(keys, facts)
    report = send_round(stop=finish_during(people, mailbox, clock(), 50))
    assert report.trouble == ""
    assert states(facts, "first_reminder")["sent"] == report.sent
    # Three had theirs before; the ten others get one.
    assert 10 <= report.sent <= 13


def test_fifty_people_who_finish_during_the_batch_are_not_reminded(
    sqlite_app: Flask, clock: FixedClock, mailbox: Mailbox, send_round_sqlite: Round
) -> None:
    keys: KeyDirectory = sqlite_app.extensions["aoj"].keys
    facts = start_wave(keys, clock(), {"ib": 60})
    assert send_round_sqlite().sent == 60
    check_fifty(facts, keys, clock, mailbox, send_round_sqlite)


def test_twin_by_the_list_made_at_the_beginning_they_would_be(
    sqlite_app: Flask,
    clock: FixedClock,
    mailbox: Mailbox,
    send_round_sqlite: Round,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keys: KeyDirectory = sqlite_app.extensions["aoj"].keys
    facts = start_wave(keys, clock(), {"ib": 60})
    assert send_round_sqlite().sent == 60
    # The list is made by the rule; at the claim nobody looks again.
    made_by_the_rule = cache(due._select_due.__wrapped__)
    made_by_the_rule("first_reminder")
    monkeypatch.setattr(due, "_select_due", made_by_the_rule)
    monkeypatch.setattr(due, "_wants_mail", lambda _: ())
    monkeypatch.setattr(due, "_select_one", cache(due._select_one.__wrapped__))
    with pytest.raises(AssertionError):
        check_fifty(facts, keys, clock, mailbox, send_round_sqlite)


def test_a_batch_is_looked_up_once_for_many_mails(
    sqlite_app: Flask, clock: FixedClock, send_round_sqlite: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    start_wave(sqlite_app.extensions["aoj"].keys, clock(), {"ib": 30})
    looks: list[int] = []
    real = sending.find_due

    def look(*given: Any, kinds: Sequence[str]) -> list[Candidate]:
        found = real(*given, kinds=kinds)
        looks.append(len(found))
        return found

    monkeypatch.setattr(sending, "find_due", look)
    assert send_round_sqlite().sent == 30
    assert looks == [30, 0, 0], "the last is for reminders"


# Faults of one mail


@pytest.mark.parametrize(
    ("fault", "state", "taken"),
    [
        ("recipient_never", "failed", 0),
        ("text_never", "failed", 0),
        ("recipient_later", "due", 0),
        ("text_later", "due", 0),
        ("hang_up_early", "sent", 1),
        ("goodbye", "sent", 1),
        ("hang_up_taken", "uncertain", 1),
        ("hang_up_lost", "uncertain", 0),
        ("slow", "uncertain", 1),
    ],
)
def test_one_fault_is_one_persons_and_the_others_go_on(
    keys: KeyDirectory,
    clock: FixedClock,
    mailbox: Mailbox,
    send_round: Round,
    fault: Fault,
    state: str,
    taken: int,
) -> None:
    facts = start_wave(keys, clock(), {"ib": 5})
    mailbox.faults.extend(["none", "none", fault])
    report = send_round()
    assert report.trouble == ""
    assert states(facts) == ({"sent": 5} if state == "sent" else {"sent": 4, state: 1})
    assert len(mailbox.taken) == 4 + taken
    assert set(mailbox.ids().values()) == {1}
    clock.pass_time(hours=1)
    send_round()
    assert set(mailbox.ids().values()) == {1}
    assert len(mailbox.taken) == (5 if state == "due" else 4 + taken)


def test_a_server_that_takes_too_long_over_the_answer_leaves_it_uncertain(
    sqlite_app: Flask, clock: FixedClock, mailbox: Mailbox, send_round_sqlite: Round
) -> None:
    facts = start_wave(sqlite_app.extensions["aoj"].keys, clock(), {"ib": 1})
    mailbox.pause = 2.6
    assert send_round_sqlite().uncertain == 1
    assert states(facts) == {"uncertain": 1}


@pytest.fixture
def send_round_sqlite(sqlite_app: Flask) -> Round:
    installation: Installation = sqlite_app.extensions["aoj"]
    return lambda **options: send_due(installation.now, installation.keys, installation.settings, **options)


# A mail server that takes nothing


def test_mail_waits_for_a_server_that_is_down(
    app: Flask,
    keys: KeyDirectory,
    clock: FixedClock,
    server: SmtpServer,
    mailbox: Mailbox,
    send_round: Round,
    caplog: pytest.LogCaptureFixture,
) -> None:
    facts = start_wave(keys, clock(), {"ib": 2})
    server.stop()
    began = clock()
    with caplog.at_level(logging.INFO):
        report = send_round()
    assert "cannot be reached" in report.trouble
    assert "post@" not in caplog.text + report.trouble
    assert states(facts) == {"due": 2}
    clock.pass_time(seconds=30)
    send_round()
    assert note() == Note(began, report.trouble)
    clock.moment += PUT_BACK * 2
    server.start()
    assert send_round() == SendReport(sent=2, refused=0, failed=0, uncertain=0, trouble="")
    assert states(facts) == {"sent": 2}
    assert note() is None


def test_the_note_of_a_failing_server_stays_while_mails_wait(
    app: Flask, keys: KeyDirectory, clock: FixedClock, server: SmtpServer, send_round: Round
) -> None:
    facts = start_wave(keys, clock(), {"ib": 1})
    server.stop()
    send_round()
    assert send_round().trouble == ""
    assert note() is not None
    clock.moment = facts.closes_at
    send_round()
    assert note() is None


def test_a_sender_nobody_wants_costs_no_invitation(
    app: Flask, keys: KeyDirectory, clock: FixedClock, mailbox: Mailbox, send_round: Round
) -> None:
    facts = start_wave(keys, clock(), {"ib": 3})
    mailbox.faults.append("sender_refused")
    report = send_round()
    assert "sender address (550)" in report.trouble
    assert states(facts) == {"due": 3}
    clock.moment += PUT_BACK
    assert send_round().sent == 3


def test_a_missing_key_stops_the_round_and_loses_nothing(
    app: Flask, keys: KeyDirectory, clock: FixedClock, send_round: Round
) -> None:
    facts = start_wave(keys, clock(), {"ib": 2})
    path = keys.path / str(facts.id) / "link.key"
    kept = path.rename(path.with_suffix(".away"))
    report = send_round()
    assert "link.key is missing" in report.trouble
    assert states(facts) == {"due": 2}
    kept.rename(path)
    clock.moment += PUT_BACK
    assert send_round().sent == 2


def test_an_unknown_error_while_sending_is_not_taken_for_nothing(
    app: Flask, keys: KeyDirectory, clock: FixedClock, send_round: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = start_wave(keys, clock(), {"ib": 1})
    monkeypatch.setattr(sending.Line, "deliver", lambda *_: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        send_round()
    assert states(facts) == {"claimed": 1}
    clock.moment += LEASE
    assert send_round().uncertain == 1


def test_a_line_that_broke_between_two_mails_is_made_anew(
    app: Flask, keys: KeyDirectory, clock: FixedClock, mailbox: Mailbox, send_round: Round
) -> None:
    start_wave(keys, clock(), {"ib": 4})
    mailbox.faults.extend(["none", "goodbye", "none", "hang_up_early"])
    assert send_round().sent == 4
    assert mailbox.lines == 3


# Logging in, and encryption


@pytest.fixture
def authority(tmp_path: Path) -> trustme.CA:
    """An authority for certificates, which nobody trusts unless told so."""
    made = trustme.CA()
    made.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    return made


def make_context(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


def deliver_one(app: Flask, clock: FixedClock, options: dict[str, Any], **values: Any) -> SendReport:
    """Send one mail through a server with these options."""
    installation: Installation = app.extensions["aoj"]
    start_wave(installation.keys, clock(), {"ib": 1})
    server = SmtpServer(**options)
    server.start()
    try:
        place = {"smtp_host": "127.0.0.1", "smtp_port": server.port, "smtp_timeout": 5}
        return send_due(
            clock, installation.keys, make_settings(installation.settings.instance, place | values)
        )
    finally:
        server.stop()


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize("trusted", [True, False])
def test_it_speaks_only_to_a_server_with_a_certificate_it_trusts(
    sqlite_app: Flask,
    clock: FixedClock,
    authority: trustme.CA,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    security: str,
    trusted: bool,
) -> None:
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    options = tls_options(make_context(authority), at_once=security == "tls")
    report = deliver_one(sqlite_app, clock, options, smtp_security=security)
    assert report.sent == (1 if trusted else 0)
    assert ("no certificate we can trust" in report.trouble) == (not trusted)


@pytest.mark.parametrize(("typed", "sent"), [("geheim", 1), ("fout", 0)])
def test_it_logs_in_where_settings_say_so(
    sqlite_app: Flask,
    clock: FixedClock,
    authority: trustme.CA,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    typed: str,
    sent: int,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    password = tmp_path / "password"
    password.write_text(typed + "\n")
    password.chmod(0o600)
    logins: list[str] = []
    options = tls_options(make_context(authority), at_once=False) | login_options(logins, "monitor", "geheim")
    report = deliver_one(
        sqlite_app,
        clock,
        options,
        smtp_security="starttls",
        smtp_user="monitor",
        smtp_password_file=str(password),
    )
    assert report.sent == sent
    assert "monitor" in logins
    assert ("refuses our account (535)" in report.trouble) == (sent == 0)


@pytest.mark.parametrize(("kept", "sent"), [("sleutel", 1), ("verlopen", 0)])
def test_it_logs_in_by_an_access_token_where_settings_say_so(
    sqlite_app: Flask,
    clock: FixedClock,
    authority: trustme.CA,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    kept: str,
    sent: int,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    token = tmp_path / "token"
    token.write_text(kept + "\n")
    token.chmod(0o600)
    told: list[str] = []
    options = tls_options(make_context(authority), at_once=False) | token_options(told, "monitor", "sleutel")
    report = deliver_one(
        sqlite_app,
        clock,
        options,
        smtp_security="starttls",
        smtp_user="monitor",
        smtp_login="xoauth2",
        smtp_password_file=str(token),
    )
    assert report.sent == sent
    assert told[0] == f"user=monitor\1auth=Bearer {kept}\1\1"
    assert ("refuses our account (535)" in report.trouble) == (sent == 0)
    assert kept not in report.trouble


def test_a_relay_that_knows_us_by_our_address_wants_no_login(
    sqlite_app: Flask, clock: FixedClock, mailbox: Mailbox, send_round_sqlite: Round
) -> None:
    start_wave(sqlite_app.extensions["aoj"].keys, clock(), {"ib": 1})
    assert send_round_sqlite().sent == 1
    assert mailbox.logins == []


def test_waiting_is_bounded_well_within_the_lease() -> None:
    # Connect, greeting, MAIL, RCPT, DATA, text: twice over when a line is made anew.
    assert timedelta(seconds=12 * Settings(Path()).smtp_timeout) < LEASE
