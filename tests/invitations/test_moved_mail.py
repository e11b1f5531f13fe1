"""Changing the schedule never resends: what went out went out. Real SMTP, on both databases."""

from collections import Counter
from datetime import date, timedelta

import pytest
from flask import Flask

from aoj_survey.db import db
from aoj_survey.errors import StateError
from aoj_survey.fieldwork import start_participation
from aoj_survey.installation import Installation
from aoj_survey.invitations import send_due
from aoj_survey.waves import (
    Act,
    ParticipationFacts,
    extend_participation,
    move_mail,
    pause_participation,
    read_participation,
    resume_participation,
    set_deadline,
)
from tests.conftest import FixedClock
from tests.smtp_server import Mailbox
from tests.staging import ANSWERS, QUESTIONNAIRES, list_people, make_plan, plan_wave
from tests.staging import send as answer

PEOPLE = 4


@pytest.fixture
def running(app: Flask, installation: Installation, clock: FixedClock) -> ParticipationFacts:
    """Mails on days 0, 8 and 16; the window lasts 32 days and may become 40."""
    plan = make_plan(clock(), {"ib": PEOPLE})
    with db.write() as connection:
        facts = plan_wave(connection, installation.keys, plan, {"ib": PEOPLE})
        set_deadline(connection, facts.wave, plan.last_day + timedelta(days=8), 30)
        start_participation(connection, facts, QUESTIONNAIRES, clock())
        return read_participation(connection, facts.id)


def send(installation: Installation) -> int:
    return send_due(installation.now, installation.keys, installation.settings).sent


def move(facts: ParticipationFacts, kind: str, days: float, clock: FixedClock) -> None:
    with db.write() as connection:
        facts = read_participation(connection, facts.id)
        moment = facts.opens_at + timedelta(days=days, hours=9)
        move_mail(connection, facts, kind, moment, clock(), Act(clock(), "coordinator", "mail_moved"))


def count_by_subject(mailbox: Mailbox) -> list[int]:
    return list(Counter(str(mail["Subject"]) for mail in mailbox.taken).values())


def test_whatever_is_moved_each_mail_goes_out_once(
    running: ParticipationFacts, installation: Installation, clock: FixedClock, mailbox: Mailbox
) -> None:
    assert send(installation) == PEOPLE
    with pytest.raises(StateError, match="has been going out"):
        move(running, "invitation", 3, clock)
    move(running, "second_reminder", 24, clock)
    move(running, "first_reminder", 12, clock)
    assert send(installation) == 0
    clock.pass_time(days=10)
    assert send(installation) == 0
    clock.pass_time(days=2)
    assert send(installation) == PEOPLE
    with pytest.raises(StateError, match="has been going out"):
        move(running, "first_reminder", 15, clock)
    move(running, "second_reminder", 19.5, clock)
    clock.pass_time(days=8)
    assert send(installation) == PEOPLE
    clock.pass_time(days=5)
    assert send(installation) == 0
    assert count_by_subject(mailbox) == [PEOPLE] * 3
    assert set(mailbox.ids().values()) == {1}


def test_a_batch_cut_off_goes_on_after_the_other_mails_moved(
    running: ParticipationFacts, installation: Installation, clock: FixedClock, mailbox: Mailbox
) -> None:
    assert send_due(clock, installation.keys, installation.settings, limit=2).sent == 2
    move(running, "second_reminder", 20, clock)
    assert send(installation) == PEOPLE - 2
    assert set(mailbox.ids().values()) == {1}


def test_a_longer_window_mails_nobody_again(
    running: ParticipationFacts, installation: Installation, clock: FixedClock, mailbox: Mailbox
) -> None:
    person = list_people(installation.keys, running)[0]
    for days in (0, 8, 8):
        clock.pass_time(days=days)
        send(installation)
    answer(person, ANSWERS, clock())
    with db.write() as connection:
        longer = running.last_day + timedelta(days=8)
        extend_participation(connection, running, longer, clock(), Act(clock(), "coordinator", "extended"))
    clock.pass_time(days=20)
    assert send(installation) == 0
    with db.read() as connection:
        assert read_participation(connection, running.id).phase(clock()) == "open"
    assert len(mailbox.taken) == PEOPLE * 3


def test_a_pause_holds_mail_and_answers_go_on(
    running: ParticipationFacts, installation: Installation, clock: FixedClock, mailbox: Mailbox
) -> None:
    send(installation)
    with db.write() as connection:
        pause_participation(connection, running, Act(clock(), "coordinator", "paused"))
    clock.pass_time(days=9)
    assert send(installation) == 0
    answer(list_people(installation.keys, running)[0], ANSWERS, clock())
    with db.write() as connection:
        resume_participation(connection, running, Act(clock(), "coordinator", "resumed"))
    assert send(installation) == PEOPLE - 1
    assert count_by_subject(mailbox) == [PEOPLE, PEOPLE - 1]


def test_the_deadline_of_these_tests_leaves_room(running: ParticipationFacts) -> None:
    assert running.last_day == date(2026, 6, 5)
    assert running.purge_on == date(2026, 7, 13)
