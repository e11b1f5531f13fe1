"""Reports of mail that came back: read whatever their shape, matched by our own token, never by an address."""

from collections.abc import Sequence
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from aoj_survey.cli import main
from aoj_survey.db import db
from aoj_survey.installation import Installation
from aoj_survey.invitations import (
    Message,
    Verdict,
    bounces,
    count_messages,
    find_invitation,
    find_opt_out,
    send_due,
    take_report,
)
from aoj_survey.invitations.bounces import LARGEST, MOST_TRIES, Report, read_report
from aoj_survey.keys import KeyDirectory
from aoj_survey.waves import Participation, ParticipationFacts
from tests.conftest import FixedClock
from tests.invitations.reports import AUTOMATIC_ANSWER, EXCHANGE, POSTFIX, SHAPES, write_report
from tests.smtp_server import Mailbox, SmtpServer
from tests.staging import start_wave

ADDRESS = "terug@rijnmeer.example"
TOKEN = "abcdefghijklmnopqrstuvwxy2"
OURS = f"terug+i{TOKEN}@rijnmeer.example"


@pytest.fixture
def settings_values(server: SmtpServer) -> dict[str, Any]:
    return {"smtp_port": server.port, "smtp_timeout": 2, "bounce_address": ADDRESS}


# Reading


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(
    ("action", "status", "fate"),
    [
        ("failed", "5.1.1", "undelivered"),
        ("Failed", "5.7.606 (access denied)", "undelivered"),
        ("failed", "4.4.7", "later"),
        ("delayed", "4.4.1", "noted"),
        ("relayed", "2.0.0", "noted"),
        ("expanded", "2.1.5", "noted"),
    ],
)
def test_what_a_report_says_of_our_mail(shape: str, action: str, status: str, fate: str) -> None:
    found = read_report(write_report(shape, OURS, action, status), ADDRESS)
    assert found is not None
    assert (found.kind, found.number, found.token, found.fate) == ("invitation", 0, TOKEN, fate)


@pytest.mark.parametrize(
    ("to", "kind", "number"),
    [
        (f"terug+r{TOKEN}@rijnmeer.example", "first_reminder", 0),
        (f"<TERUG+S{TOKEN.upper()}@Rijnmeer.Example>", "second_reminder", 0),
        (f"Monitor <terug+l12{TOKEN}@rijnmeer.example>", "link_again", 12),
        (f"terug+m2{TOKEN}@rijnmeer.example", "moved", 2),
    ],
)
def test_the_address_says_which_mail_it_was(to: str, kind: str, number: int) -> None:
    found = read_report(write_report("postfix", to), ADDRESS)
    assert found == Report(kind, number, TOKEN, "undelivered")


@pytest.mark.parametrize("place", ["Delivered-To", "X-Original-To", "Envelope-To"])
def test_an_address_is_found_where_mail_servers_write_it(place: str) -> None:
    assert read_report(f"{place}: {OURS}\r\n".encode() + write_report("postfix", "x@y.example"), ADDRESS)


@pytest.mark.parametrize(
    "to",
    [
        "terug@rijnmeer.example",
        "post@vuurtoren.example",
        f"terug+i{TOKEN[:-1]}@rijnmeer.example",
        f"terug+i{TOKEN}a@rijnmeer.example",
        f"terug+x{TOKEN}@rijnmeer.example",
        f"terug+i{TOKEN}@rijnmeer.example.evil.example",
        f"niet-terug+i{TOKEN}@rijnmeer.example",
        f"terug+i{TOKEN}@elders.example",
        f"terug+i{TOKEN}@rijnmeer.example, terug+r{TOKEN}@rijnmeer.example",
    ],
)
def test_a_report_without_exactly_one_token_of_ours_is_none(to: str) -> None:
    assert read_report(write_report("postfix", to), ADDRESS) is None


def without_status(text: str) -> str:
    return text.replace("Status: {status}", "X: y")


def without_type(text: str) -> str:
    return text.replace("report-type=delivery-status;", "report-type=disposition-notification;")


def as_mixed(text: str) -> str:
    return text.replace("multipart/report", "multipart/mixed")


def without_part(text: str) -> str:
    return text.replace("message/delivery-status", "text/plain")


def hidden(text: str) -> str:
    """A report within the mail that came back: not what this server says."""
    return text.replace("message/delivery-status", "message/rfc822")


@pytest.mark.parametrize("spoil", [without_status, without_type, as_mixed, without_part, hidden])
@pytest.mark.parametrize("shape", [POSTFIX, EXCHANGE])
def test_what_is_no_whole_report_says_nothing(shape: str, spoil: Any) -> None:
    assert read_report(write_report(spoil(shape), OURS), ADDRESS) is None


def test_an_automatic_answer_is_no_report() -> None:
    assert read_report(write_report(AUTOMATIC_ANSWER, OURS), ADDRESS) is None


def with_receivers(*said: tuple[str, str]) -> bytes:
    blocks = "\n".join(
        f"Final-Recipient: rfc822; een@school.example\nAction: {action}\nStatus: {status}\n"
        for action, status in said
    )
    head, _, rest = POSTFIX.partition("Final-Recipient")
    return write_report(head + blocks + rest[rest.index("\n--4Xy") :], OURS)


@pytest.mark.parametrize(
    ("said", "fate"),
    [
        ([("failed", "5.1.1"), ("failed", "5.2.1")], "undelivered"),
        ([("failed", "5.1.1"), ("failed", "4.2.2")], "later"),
        ([("failed", "5.1.1"), ("delivered", "2.0.0")], "noted"),
        ([("failed", "5.1.1"), ("expanded", "2.0.0")], "noted"),
    ],
)
def test_mail_to_a_shared_address_that_reached_somebody_arrived(
    said: Sequence[tuple[str, str]], fate: str
) -> None:
    found = read_report(with_receivers(*said), ADDRESS)
    assert found is not None
    assert found.fate == fate


def test_what_is_larger_than_any_report_is_not_read() -> None:
    report = write_report("postfix", OURS)
    assert read_report(report + b"\r\n" * ((LARGEST - len(report)) // 2), ADDRESS)
    assert read_report(report + b" " * LARGEST, ADDRESS) is None


def test_parts_within_parts_without_end_do_no_harm() -> None:
    deep = "".join(f'Content-Type: multipart/report; boundary="{n}"\n\n--{n}\n' for n in range(5000))
    assert read_report(f"To: {OURS}\n{deep}".encode(), ADDRESS) is None


@given(st.binary(max_size=600), st.integers(0, 2500), st.integers(0, 2500))
def test_whatever_comes_in_reading_it_never_fails(noise: bytes, start: int, length: int) -> None:
    report = write_report("postfix", OURS)
    for content in (noise, report[:start] + noise + report[start + length :]):
        assert isinstance(read_report(content, ADDRESS), Report | None)


# What it does to a message


@pytest.fixture
def mailed(
    app: Flask, installation: Installation, clock: FixedClock, mailbox: Mailbox
) -> tuple[ParticipationFacts, list[str]]:
    """A wave whose invitations went out, with the senders of the envelopes."""
    facts = start_wave(installation.keys, clock(), {"ib": 3})
    send_due(clock, installation.keys, installation.settings)
    return facts, list(mailbox.senders)


def take(content: bytes, clock: FixedClock) -> Verdict:
    with db.write() as connection:
        return take_report(connection, content, ADDRESS, clock())


def states(facts: ParticipationFacts, kind: str = "invitation") -> dict[str, int]:
    with db.read() as connection:
        counts = count_messages(connection, facts.id)
    return {state: count for (of, state), count in counts.items() if of == kind}


def test_each_mail_has_a_sender_of_its_own_and_replies_go_where_a_computer_reads_them(
    mailed: tuple[ParticipationFacts, list[str]], mailbox: Mailbox
) -> None:
    _, senders = mailed
    assert len(set(senders)) == 3
    assert all(sender.startswith("terug+i") and sender.endswith("@rijnmeer.example") for sender in senders)
    for mail in mailbox.taken:
        assert mail["Reply-To"] == ADDRESS
        text = mail.get_body(("plain",))
        assert text is not None
        assert "monitor@rijnmeer.example" in text.get_content()
        assert not any(sender in mail.as_string() for sender in senders)


def test_mail_that_came_back_for_good_is_undelivered_and_no_reminder_follows(
    mailed: tuple[ParticipationFacts, list[str]],
    installation: Installation,
    clock: FixedClock,
    mailbox: Mailbox,
) -> None:
    facts, senders = mailed
    assert take(write_report("postfix", senders[0]), clock) == "undelivered"
    assert states(facts) == {"sent": 2, "undelivered": 1}
    assert take(write_report("exchange", senders[0]), clock) == "ignored"
    clock.pass_time(days=8)
    assert send_due(clock, installation.keys, installation.settings).sent == 2
    assert {sender[:7] for sender in mailbox.senders[3:]} == {"terug+r"}
    assert states(facts, "first_reminder") == {"sent": 2, "due": 1}


def test_a_report_on_a_reminder_says_nothing_of_the_invitation(
    mailed: tuple[ParticipationFacts, list[str]], installation: Installation, clock: FixedClock
) -> None:
    facts, senders = mailed
    reminder = senders[0].replace("+i", "+r")
    assert take(write_report("postfix", reminder), clock) == "ignored"
    clock.pass_time(days=8)
    send_due(clock, installation.keys, installation.settings)
    assert take(write_report("postfix", reminder), clock) == "undelivered"
    assert states(facts) == {"sent": 3}
    assert states(facts, "first_reminder") == {"sent": 2, "undelivered": 1}


def test_mail_given_up_for_now_is_sent_three_times_more_and_then_undelivered(
    mailed: tuple[ParticipationFacts, list[str]],
    installation: Installation,
    clock: FixedClock,
    mailbox: Mailbox,
) -> None:
    facts, senders = mailed
    report = write_report("postfix", senders[0], status="4.2.2")
    verdicts: list[Verdict] = []
    while states(facts).get("undelivered", 0) == 0:
        verdicts.append(take(report, clock))
        assert take(report, clock) == "ignored"
        clock.pass_time(hours=6)
        send_due(clock, installation.keys, installation.settings)
    assert verdicts == ["retried"] * (MOST_TRIES - 1) + ["undelivered"]
    assert mailbox.senders.count(senders[0]) == MOST_TRIES
    assert set(mailbox.ids().values()) == {1, MOST_TRIES}


def test_a_delay_changes_nothing(mailed: tuple[ParticipationFacts, list[str]], clock: FixedClock) -> None:
    facts, senders = mailed
    assert take(write_report("postfix", senders[0], "delayed", "4.4.1"), clock) == "noted"
    assert states(facts) == {"sent": 3}


def test_after_the_close_nothing_is_sent_again(
    mailed: tuple[ParticipationFacts, list[str]], clock: FixedClock
) -> None:
    facts, senders = mailed
    with db.write() as connection:
        connection.execute(update(Participation).values(status="closed"))
    assert take(write_report("postfix", senders[0], status="4.2.2"), clock) == "undelivered"
    assert states(facts) == {"sent": 2, "undelivered": 1}


def test_an_uncertain_mail_that_comes_back_is_certain(
    mailed: tuple[ParticipationFacts, list[str]], clock: FixedClock
) -> None:
    _, senders = mailed
    with db.write() as connection:
        connection.execute(update(Message).where(Message.state == "sent").values(state="uncertain"))
    assert take(write_report("postfix", senders[0]), clock) == "undelivered"


def forge(senders: Sequence[str]) -> bytes:
    """What somebody who knows an address and the Message-ID, but no token, can make."""
    guessed = senders[0][:7] + "a" * 26 + "@rijnmeer.example"
    return write_report(POSTFIX.replace("Action:", f"X-Sender: {senders[0]}\nAction:"), guessed)


def check_forgery(mailed: tuple[ParticipationFacts, list[str]], clock: FixedClock) -> None:
    facts, senders = mailed
    assert take(forge(senders), clock) == "ignored"
    assert states(facts) == {"sent": 3}


def test_who_does_not_know_the_token_can_report_nothing(
    mailed: tuple[ParticipationFacts, list[str]], clock: FixedClock
) -> None:
    check_forgery(mailed, clock)


def test_twin_without_the_token_anybody_could(
    mailed: tuple[ParticipationFacts, list[str]], clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, senders = mailed
    real = bounces.hash_token
    monkeypatch.setattr(bounces, "hash_token", lambda _: real(senders[0][7:33]))
    with pytest.raises(AssertionError):
        check_forgery(mailed, clock)


def test_the_token_that_mail_comes_back_by_opens_no_questionnaire_and_ends_no_mail(
    mailed: tuple[ParticipationFacts, list[str]],
) -> None:
    _, senders = mailed
    with db.read() as connection:
        for sender in senders:
            assert find_invitation(connection, sender[7:33]) is None
            assert find_opt_out(connection, sender[7:33]) is None


# The command


def pipe(installation: Installation, content: bytes) -> tuple[int, str]:
    folder = str(installation.settings.instance)
    result = CliRunner().invoke(main, ["--instance", folder, "messages", "bounced"], input=content)
    return result.exit_code, result.output


def write_settings(installation: Installation, **values: str) -> None:
    lines = [f'{name} = "{value}"' for name, value in values.items()]
    (installation.settings.instance / "settings.toml").write_text("\n".join(lines), encoding="utf-8")


@pytest.fixture
def real_clock_allowed(monkeypatch: pytest.MonkeyPatch, clock: FixedClock) -> None:
    monkeypatch.setattr("aoj_survey.app.read_clock", clock)


def test_a_report_may_be_piped_in(
    sqlite_app: Flask, clock: FixedClock, mailbox: Mailbox, real_clock_allowed: None
) -> None:
    installation: Installation = sqlite_app.extensions["aoj"]
    facts = start_wave(installation.keys, clock(), {"ib": 3})
    send_due(clock, installation.keys, installation.settings)
    write_settings(installation, bounce_address=ADDRESS)
    assert pipe(installation, b"garbage \xff\n") == (
        0,
        "This is no report of a mail of ours; nothing was done.\n",
    )
    assert pipe(installation, write_report("postfix", mailbox.senders[0])) == (
        0,
        "The mail was not delivered; that is kept.\n",
    )
    assert states(facts) == {"sent": 2, "undelivered": 1}


def test_a_mail_server_is_asked_to_try_again_when_a_report_cannot_be_kept(
    sqlite_app: Flask, keys: KeyDirectory, real_clock_allowed: None
) -> None:
    installation: Installation = sqlite_app.extensions["aoj"]
    write_settings(installation, database_url="sqlite:////nowhere/aoj.sqlite3", bounce_address=ADDRESS)
    code, words = pipe(installation, write_report("postfix", OURS))
    assert code == 75
    assert "database" in words
    write_settings(installation)
    code, words = pipe(installation, write_report("postfix", OURS))
    assert code == 75
    assert "No bounce_address is set" in words


def test_a_token_of_nobody_is_ignored(app: Flask, clock: FixedClock) -> None:
    assert take(write_report("postfix", OURS), clock) == "ignored"
