"""Faults that are not one person's: a server that refuses everybody, and mails that cannot be made."""

from collections.abc import Callable
from dataclasses import replace
from itertools import repeat
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from aoj_survey.db import db
from aoj_survey.errors import KeyFileError, MailError
from aoj_survey.installation import Installation
from aoj_survey.invitations import (
    MAIL_NOTE,
    Invitee,
    Letter,
    Message,
    Note,
    SendReport,
    count_messages,
    read_note,
    send_due,
    sending,
)
from aoj_survey.invitations.mail import write_letter
from aoj_survey.invitations.messages import PUT_BACK
from aoj_survey.keys import KeyDirectory
from aoj_survey.waves import Participation, ParticipationFacts
from tests.conftest import FixedClock
from tests.smtp_server import Fault, Mailbox
from tests.staging import start_wave

Round = Callable[..., SendReport]
WAVE = 193


@pytest.fixture
def send_round(installation: Installation) -> Round:
    """Send what is due now, as the worker does."""

    def run(**options: Any) -> SendReport:
        return send_due(installation.now, installation.keys, installation.settings, **options)

    return run


def states(facts: ParticipationFacts) -> dict[str, int]:
    with db.read() as connection:
        counts = count_messages(connection, facts.id)
    return {state: count for (kind, state), count in counts.items() if kind == "invitation"}


def note() -> Note | None:
    with db.read() as connection:
        return read_note(connection, MAIL_NOTE)


def run_for(minutes: float, clock: FixedClock, send_round: Round) -> None:
    """Let the worker send every five seconds."""
    for _ in range(int(minutes * 12)):
        send_round()
        clock.pass_time(seconds=5)


def refuse(mailbox: Mailbox, fault: Fault, times: int) -> None:
    """Let the server do this to so many mails to come."""
    mailbox.faults.extend(repeat(fault, times))


# A server that refuses everybody


@pytest.mark.parametrize("fault", ["recipient_never", "recipient_barred", "text_never"])
def test_a_server_that_refuses_everybody_costs_nobody_the_mail(
    app: Flask, keys: KeyDirectory, clock: FixedClock, mailbox: Mailbox, send_round: Round, fault: Fault
) -> None:
    facts = start_wave(keys, clock(), {"ib": WAVE})
    refuse(mailbox, fault, 1000)
    report = send_round()
    assert "refuses every receiver" in report.trouble
    assert (report.sent, report.failed) == (0, 0)
    began = clock()
    clock.pass_time(seconds=5)
    run_for(3, clock, send_round)
    assert states(facts) == {"due": WAVE}
    assert note() == Note(began, report.trouble)
    assert len(mailbox.faults) > 900, "it is not asked again and again"
    mailbox.faults.clear()
    clock.moment += PUT_BACK
    assert send_round().sent == WAVE
    assert states(facts) == {"sent": WAVE}
    assert note() is None


def test_without_that_care_the_wave_would_be_lost(
    app: Flask,
    keys: KeyDirectory,
    clock: FixedClock,
    mailbox: Mailbox,
    send_round: Round,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sending._Round, "blames_server", lambda *_: False)
    facts = start_wave(keys, clock(), {"ib": 20})
    refuse(mailbox, "recipient_never", 20)
    assert send_round().trouble == ""
    assert states(facts) == {"failed": 20}


def test_one_refusal_that_is_about_us_ends_the_round(
    app: Flask, keys: KeyDirectory, clock: FixedClock, mailbox: Mailbox, send_round: Round
) -> None:
    facts = start_wave(keys, clock(), {"ib": 4})
    mailbox.faults.extend(["none", "recipient_barred"])
    report = send_round()
    assert (report.sent, report.failed) == (1, 0)
    assert "refuses every receiver" in report.trouble
    assert "post@" not in report.trouble
    assert states(facts) == {"sent": 1, "due": 3}


def test_a_server_that_turns_against_us_halfway_costs_nobody_the_mail(
    app: Flask, keys: KeyDirectory, clock: FixedClock, mailbox: Mailbox, send_round: Round
) -> None:
    facts = start_wave(keys, clock(), {"ib": 30})
    refuse(mailbox, "none", 10)
    refuse(mailbox, "recipient_never", 100)
    run_for(2, clock, send_round)
    assert states(facts) == {"sent": 10, "due": 20}


def test_wrong_addresses_that_come_first_keep_nobody_waiting_and_fail_in_the_end(
    app: Flask, keys: KeyDirectory, clock: FixedClock, mailbox: Mailbox, send_round: Round
) -> None:
    facts = start_wave(keys, clock(), {"ib": 40})
    mailbox.unknown = {f"ib-{number}." for number in range(1, 8)}
    run_for(4, clock, send_round)
    assert states(facts) == {"sent": 33, "failed": 7}
    assert note() is None


def test_fewer_wrong_addresses_fail_at_once(
    app: Flask, keys: KeyDirectory, clock: FixedClock, mailbox: Mailbox, send_round: Round
) -> None:
    facts = start_wave(keys, clock(), {"ib": 4})
    mailbox.unknown = {"ib-"}
    assert send_round() == SendReport(sent=0, refused=0, failed=4, uncertain=0, trouble="")
    assert states(facts) == {"failed": 4}


def test_who_alone_is_refused_twice_for_reasons_of_policy_fails(
    app: Flask, keys: KeyDirectory, clock: FixedClock, mailbox: Mailbox, send_round: Round
) -> None:
    facts = start_wave(keys, clock(), {"ib": 3})
    mailbox.faults.append("recipient_barred")
    send_round()
    assert send_round().sent == 2
    assert note() is None
    clock.moment += PUT_BACK
    mailbox.faults.append("recipient_barred")
    send_round()
    assert states(facts) == {"sent": 2, "failed": 1}


# Mails that cannot be made


def spoil(facts: ParticipationFacts, contact: str) -> None:
    """Put a contact address in the database that planning would refuse."""
    with db.write() as connection:
        connection.execute(
            update(Participation).where(Participation.id == facts.id).values(contact_mail=contact)
        )


@pytest.mark.parametrize(
    "contact",
    ["monitor rijnmeer", "a@b.example, c@d.example", "müller@x.example", ""],
)
def test_a_participation_whose_mail_cannot_be_made_is_told_and_keeps_no_other_waiting(
    app: Flask, keys: KeyDirectory, clock: FixedClock, send_round: Round, contact: str
) -> None:
    bad = start_wave(keys, clock(), {"ib": 30})
    good = start_wave(keys, clock(), {"ib": 12}, region="anders")
    spoil(bad, contact)
    report = send_round()
    assert "A mail of rijnmeer in 2026 cannot be made, and waits: " in report.trouble
    assert states(good) == {"sent": 12}
    assert states(bad) == {"due": 30}
    told = note()
    assert told is not None
    assert told.text == report.trouble
    run_for(0.5, clock, send_round)
    assert note() == told
    spoil(bad, "monitor@rijnmeer.example")
    clock.moment += PUT_BACK
    assert send_round().sent == 30
    assert note() is None


def test_one_damaged_contact_keeps_the_others_waiting_for_seconds_only(
    app: Flask, keys: KeyDirectory, clock: FixedClock, send_round: Round
) -> None:
    facts = start_wave(keys, clock(), {"ib": 12})
    with db.write() as connection:
        first = connection.execute(db.select(Invitee.id).limit(1)).scalar_one()
        connection.execute(update(Invitee).where(Invitee.id == first).values(contact=b"x" * 300))
    run_for(1.2, clock, send_round)
    assert states(facts) == {"sent": 11, "due": 1}
    told = note()
    assert told is not None
    assert told.text.endswith("InvalidTag")


def test_a_mistake_in_a_template_loses_no_mail_and_tells_no_value(
    app: Flask, keys: KeyDirectory, clock: FixedClock, send_round: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = start_wave(keys, clock(), {"ib": 1})

    def stumble(letter: Letter, _now: object) -> None:
        raise ValueError(letter.address)

    with monkeypatch.context() as broken:
        broken.setattr(sending, "write_letter", stumble)
        assert send_round().trouble == "A mail of rijnmeer in 2026 cannot be made, and waits: ValueError"
    assert states(facts) == {"due": 1}
    with db.read() as connection:
        assert connection.execute(db.select(Message.attempts)).scalars().all() == [0, 0, 0]
    clock.moment += PUT_BACK
    assert send_round().sent == 1


def test_a_mail_that_cannot_be_written_down_is_not_taken_for_sent(
    app: Flask, keys: KeyDirectory, clock: FixedClock, send_round: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = start_wave(keys, clock(), {"ib": 1})

    def misspell(letter: Letter, now: Any) -> Any:
        return write_letter(replace(letter, public_url="https://größe.example"), now)

    monkeypatch.setattr(sending, "write_letter", misspell)
    assert "UnicodeEncodeError" in send_round().trouble
    assert states(facts) == {"due": 1}


def test_errors_for_people_are_told_whole(
    app: Flask, keys: KeyDirectory, clock: FixedClock, send_round: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    start_wave(keys, clock(), {"ib": 1})
    for error in (KeyFileError("The key x is missing."), MailError("There is no catalogue.")):

        def fail(*_: object, error: Exception = error) -> None:
            raise error

        monkeypatch.setattr(sending, "write_letter", fail)
        assert send_round().trouble.endswith(str(error))
        clock.moment += PUT_BACK
