"""Limits per minute, over all workers: to everybody, and to one domain, of which only a keyed hash is kept."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from aoj_survey.db import db
from aoj_survey.installation import Installation
from aoj_survey.invitations import (
    Contact,
    Invitee,
    MailPace,
    Message,
    SendReport,
    count_messages,
    hash_address,
    pace,
    seal_contact,
    send_due,
)
from aoj_survey.invitations.pace import MINUTE, Pace, forget_pace
from aoj_survey.keys import KeyDirectory
from aoj_survey.waves import ParticipationFacts
from tests.conftest import FixedClock
from tests.smtp_server import Mailbox
from tests.staging import start_wave

Round = Callable[..., SendReport]
PEOPLE = 12


@pytest.fixture
def send_round(installation: Installation) -> Round:
    """Send what is due, as a worker with these limits does."""

    def run(**limits: int) -> SendReport:
        return send_due(installation.now, installation.keys, replace(installation.settings, **limits))

    return run


@pytest.fixture
def facts(app: Flask, keys: KeyDirectory, clock: FixedClock) -> ParticipationFacts:
    return start_wave(keys, clock(), {"ib": PEOPLE})


def share_domain(keys: KeyDirectory, facts: ParticipationFacts, people: int) -> None:
    """Give so many people an address at one school board."""
    key = keys.contact(facts.id)
    with db.write() as connection:
        chosen = connection.execute(select(Invitee.id).limit(people)).scalars().all()
        for number, invitee in enumerate(chosen):
            contact = Contact(f"post{number}@Bestuur.example", "school")
            connection.execute(
                update(Invitee)
                .where(Invitee.id == invitee)
                .values(
                    contact=seal_contact(key, invitee, contact),
                    address_hash=hash_address(key, contact.address),
                )
            )


def states(facts: ParticipationFacts) -> dict[str, int]:
    with db.read() as connection:
        counts = count_messages(connection, facts.id)
    return {state: count for (kind, state), count in counts.items() if kind == "invitation"}


def domains(mailbox: Mailbox) -> Counter[str]:
    return Counter(str(mail["To"]).rpartition("@")[2].casefold() for mail in mailbox.taken)


def attempts() -> set[int]:
    with db.read() as connection:
        return set(connection.execute(select(Message.attempts).where(Message.state == "due")).scalars())


def test_no_more_go_out_in_a_minute_than_the_limit(
    facts: ParticipationFacts, clock: FixedClock, send_round: Round
) -> None:
    sent: list[int] = []
    for _ in range(4):
        sent.append(send_round(mails_per_minute=5).sent)
        clock.pass_time(seconds=20)
        assert send_round(mails_per_minute=5).sent == 0
        clock.pass_time(seconds=40)
    assert sent == [5, 5, 2, 0]
    assert states(facts) == {"sent": PEOPLE}


def test_twin_without_a_limit_all_go_at_once(facts: ParticipationFacts, send_round: Round) -> None:
    assert send_round().sent == PEOPLE
    with db.read() as connection:
        assert connection.execute(select(MailPace)).all() == []


def test_a_full_domain_keeps_nobody_else_waiting(
    facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock, mailbox: Mailbox, send_round: Round
) -> None:
    share_domain(keys, facts, 7)
    report = send_round(mails_per_minute_to_domain=2)
    assert report == SendReport(sent=7, refused=0, failed=0, uncertain=0, trouble="")
    assert domains(mailbox)["bestuur.example"] == 2
    assert states(facts) == {"sent": 7, "due": 5}
    assert attempts() == {0}
    per_minute: list[int] = []
    for _ in range(4):
        clock.moment += MINUTE
        per_minute.append(send_round(mails_per_minute_to_domain=2).sent)
    assert per_minute == [2, 2, 1, 0]
    assert set(mailbox.ids().values()) == {1}


def test_both_limits_hold_together_and_who_waits_takes_nobodys_place(
    facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock, mailbox: Mailbox, send_round: Round
) -> None:
    share_domain(keys, facts, 7)
    limits = {"mails_per_minute": 6, "mails_per_minute_to_domain": 2}
    sent = [send_round(**limits).sent]
    assert sent[0] == 6
    assert domains(mailbox)["bestuur.example"] <= 2
    while states(facts).get("due"):
        before = domains(mailbox)["bestuur.example"]
        clock.moment += MINUTE
        sent.append(send_round(**limits).sent)
        assert sent[-1] <= 6
        assert domains(mailbox)["bestuur.example"] - before <= 2
    assert sum(sent) == PEOPLE


def test_workers_share_the_limit(facts: ParticipationFacts, send_round: Round, mailbox: Mailbox) -> None:
    both = send_round(mails_per_minute=5).sent + send_round(mails_per_minute=5).sent
    assert both == len(mailbox.taken) == 5


def test_twin_with_counts_of_their_own_they_would_not(
    facts: ParticipationFacts, send_round: Round, mailbox: Mailbox
) -> None:
    assert send_round(mails_per_minute=5).sent == 5
    with db.write() as connection:
        connection.execute(db.delete(MailPace))
        connection.execute(update(Message).values(retry_at=None))
    with pytest.raises(AssertionError):
        assert 5 + send_round(mails_per_minute=5).sent == 5


def test_neither_domain_nor_address_stands_in_the_database(
    facts: ParticipationFacts, keys: KeyDirectory, send_round: Round
) -> None:
    share_domain(keys, facts, PEOPLE)
    send_round(mails_per_minute_to_domain=2)
    with db.read() as connection:
        names = connection.execute(select(MailPace.name)).scalars().all()
    assert len(names) == 1
    assert len(names[0]) == 64
    assert "bestuur" not in names[0]


def test_counts_of_minutes_that_are_over_are_forgotten(app: Flask, clock: FixedClock) -> None:
    made = Pace(5, 5, b"k" * 32)
    with db.write() as connection:
        assert made.take_place(connection, "post@school.example", clock()) is None
        forget_pace(connection, clock())
        assert len(connection.execute(select(MailPace)).all()) == 2
        forget_pace(connection, clock() + MINUTE)
        assert connection.execute(select(MailPace)).all() == []


def test_who_waits_for_a_domain_is_spread_over_the_minutes_to_come(app: Flask, clock: FixedClock) -> None:
    made = Pace(0, 2, b"k" * 32)
    with db.write() as connection:
        waits = [made.take_place(connection, "post@school.example", clock()) for _ in range(7)]
    first = clock().replace(second=0, microsecond=0)
    minutes = [None if wait is None else (wait - first) // timedelta(minutes=1) for wait in waits]
    assert minutes == [None, None, 1, 1, 2, 2, 3]


@given(st.lists(st.sampled_from(["a", "b", "c"]), max_size=30), st.integers(1, 4), st.integers(1, 9))
def test_no_order_of_receivers_breaks_a_limit(
    sqlite_app: Flask, clock: FixedClock, receivers: list[str], most_to_domain: int, most: int
) -> None:
    made = Pace(most, most_to_domain, b"k" * 32)
    with db.write() as connection:
        connection.execute(db.delete(MailPace))
        gone = [
            receiver
            for receiver in receivers
            if made.take_place(connection, f"post@{receiver}.example", clock()) is None
        ]
    expected: list[str] = []
    for receiver in receivers:
        if len(expected) < most and expected.count(receiver) < most_to_domain:
            expected.append(receiver)
    assert gone == expected


def test_a_contact_that_cannot_be_read_is_told_of_and_stops_nobody(
    facts: ParticipationFacts, clock: FixedClock, send_round: Round
) -> None:
    with db.write() as connection:
        damaged = connection.execute(select(Invitee.id).limit(1)).scalar_one()
        connection.execute(update(Invitee).where(Invitee.id == damaged).values(contact=b"x" * 300))
    reports: list[SendReport] = []
    while states(facts).get("sent", 0) < PEOPLE - 1:
        reports.append(send_round(mails_per_minute_to_domain=5))
        clock.moment += MINUTE
    assert any("InvalidTag" in report.trouble for report in reports)


def take_always(*_: Any) -> bool:
    """The protection taken away."""
    return True


def test_twin_without_the_count_the_property_is_found_broken(
    sqlite_app: Flask, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "_take", take_always)
    with pytest.raises(AssertionError):
        test_no_order_of_receivers_breaks_a_limit.hypothesis.inner_test(  # pyright: ignore[reportFunctionMemberAccess]
            sqlite_app, clock, ["a", "a"], 1, 9
        )
