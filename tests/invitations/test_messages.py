"""Who is due, when, and what is kept of a claim."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import Connection, update

from aoj_survey.db import db
from aoj_survey.invitations import (
    ClaimedMessage,
    FrameRow,
    Invitation,
    Message,
    add_invitations,
    claim_message,
    count_messages,
    derive_token,
    due,
    find_due,
    mark_uncertain,
    opt_out,
)
from aoj_survey.invitations.due import await_retry
from aoj_survey.invitations.messages import (
    FIRST_RETRY,
    LAST_RETRY,
    LEASE,
    PUT_BACK,
    put_back,
    record_refused,
    record_sent,
    record_uncertain,
)
from aoj_survey.keys import KeyDirectory
from aoj_survey.waves import KINDS, MailMoment, Participation, ParticipationFacts
from tests.conftest import FixedClock
from tests.staging import ANSWERS, list_people, send, start_wave


def claim_next(connection: Connection, clock: FixedClock) -> ClaimedMessage | None:
    """Claim what is due, as a sending round does it."""
    for candidate in find_due(connection, clock()):
        if message := claim_message(connection, candidate, clock()):
            return message
    return None


def claim(clock: FixedClock) -> ClaimedMessage | None:
    with db.write() as connection:
        return claim_next(connection, clock)


def claim_one(clock: FixedClock) -> ClaimedMessage:
    message = claim(clock)
    assert message is not None
    return message


def send_all(clock: FixedClock) -> list[ClaimedMessage]:
    """Claim and record as sent whatever is due."""
    sent: list[ClaimedMessage] = []
    while message := claim(clock):
        with db.write() as connection:
            record_sent(connection, message, clock())
        sent.append(message)
    return sent


def counts(facts: ParticipationFacts) -> dict[tuple[str, str], int]:
    with db.read() as connection:
        return count_messages(connection, facts.id)


def set_participation(facts: ParticipationFacts, **values: object) -> None:
    with db.write() as connection:
        connection.execute(update(Participation).where(Participation.id == facts.id).values(**values))


def test_every_person_gets_an_invitation_and_two_reminders_and_never_a_third(
    app: Flask, keys: KeyDirectory, clock: FixedClock
) -> None:
    facts = start_wave(keys, clock(), {"ib": 3})
    kinds: list[list[str]] = []
    for _ in range(31):
        kinds.append([message.kind for message in send_all(clock)])
        clock.pass_time(days=1)
    assert kinds[0] == ["invitation"] * 3
    assert kinds[8] == ["first_reminder"] * 3
    assert kinds[16] == ["second_reminder"] * 3
    assert sum(map(len, kinds)) == 9
    assert counts(facts) == {(kind, "sent"): 3 for kind in KINDS}


def test_a_claim_holds_what_the_mail_is_made_of(app: Flask, keys: KeyDirectory, clock: FixedClock) -> None:
    facts = start_wave(keys, clock(), {"ib": 1})
    [person] = list_people(keys, facts)
    message = claim_one(clock)
    assert (message.kind, message.role, message.language) == ("invitation", "ib", "nl")
    assert (message.invitation, message.generation, message.attempts) == (person.invitation, 0, 1)
    assert message.participation == facts
    assert message.instrument_digest is not None


def test_a_claimed_message_is_nobody_elses(app: Flask, keys: KeyDirectory, clock: FixedClock) -> None:
    facts = start_wave(keys, clock(), {"ib": 2})
    assert claim_one(clock).id != claim_one(clock).id
    assert claim(clock) is None
    assert counts(facts)["invitation", "claimed"] == 2


@pytest.mark.parametrize("settle", [None, record_sent, record_uncertain])
def test_what_two_workers_found_at_once_one_of_them_claims(
    app: Flask,
    keys: KeyDirectory,
    clock: FixedClock,
    settle: Callable[[Connection, ClaimedMessage, datetime], None] | None,
) -> None:
    start_wave(keys, clock(), {"ib": 1})
    with db.read() as connection:
        [found] = find_due(connection, clock())
    message = claim_one(clock)
    if settle:
        with db.write() as connection:
            settle(connection, message, clock())
    with db.write() as connection:
        assert claim_message(connection, found, clock()) is None


def test_what_was_found_waits_when_its_moment_moves_before_it_is_claimed(
    app: Flask, keys: KeyDirectory, clock: FixedClock
) -> None:
    start_wave(keys, clock(), {"ib": 1})
    with db.write() as connection:
        [found] = find_due(connection, clock())
        connection.execute(update(MailMoment).values(at=clock() + timedelta(hours=1)))
        assert claim_message(connection, found, clock()) is None
    clock.pass_time(hours=1)
    assert claim_one(clock).invitation == found.invitation


def test_two_workers_never_hold_one_message(
    postgresql_app: Flask, clock: FixedClock, request: pytest.FixtureRequest
) -> None:
    keys: KeyDirectory = postgresql_app.extensions["aoj"].keys
    start_wave(keys, clock(), {"ib": 2})
    with db.write() as one, db.write() as other:
        first, second = claim_next(one, clock), claim_next(other, clock)
        third = claim_next(other, clock)
    assert first is not None
    assert second is not None
    assert first.id != second.id
    assert third is None


def without_window(facts: ParticipationFacts, clock: FixedClock) -> None:
    clock.moment = facts.closes_at


def before_the_moment(facts: ParticipationFacts, clock: FixedClock) -> None:
    clock.pass_time(seconds=-1)


def planned(facts: ParticipationFacts, clock: FixedClock) -> None:
    set_participation(facts, status="planned")


def closed(facts: ParticipationFacts, clock: FixedClock) -> None:
    set_participation(facts, status="closed")


@pytest.mark.parametrize("happen", [without_window, before_the_moment, planned, closed])
def test_nobody_is_mailed_outside_a_running_window(
    app: Flask,
    keys: KeyDirectory,
    clock: FixedClock,
    happen: Callable[[ParticipationFacts, FixedClock], None],
) -> None:
    facts = start_wave(keys, clock(), {"ib": 1})
    happen(facts, clock)
    assert claim(clock) is None


def test_invitations_go_before_reminders(app: Flask, keys: KeyDirectory, clock: FixedClock) -> None:
    facts = start_wave(keys, clock(), {"ib": 2})
    send_all(clock)
    clock.pass_time(days=8)
    with db.write() as connection:
        row = FrameRow("laat@nieuw.example", "ib", "basisschool De Nakomer", "nl")
        add_invitations(connection, keys, facts.id, [row])
    assert [message.kind for message in send_all(clock)] == ["invitation", "first_reminder", "first_reminder"]


def test_who_was_invited_late_is_left_in_peace_for_three_days(
    app: Flask, keys: KeyDirectory, clock: FixedClock
) -> None:
    start_wave(keys, clock(), {"ib": 1})
    clock.pass_time(days=8, hours=1)
    days = [[message.kind for message in send_all(clock)] for _ in range(9) if not clock.pass_time(days=1)]
    assert days == [["invitation"], [], [], ["first_reminder"], [], [], [], ["second_reminder"], []]


# People who want no mail, each with the rule taken away: then the test must fail


def finish(keys: KeyDirectory, facts: ParticipationFacts, clock: FixedClock) -> None:
    assert send(list_people(keys, facts)[0], ANSWERS, clock()) == "sent"


def leave(keys: KeyDirectory, facts: ParticipationFacts, clock: FixedClock) -> None:
    invitation = list_people(keys, facts)[0].invitation
    with db.write() as connection:
        assert opt_out(connection, keys, derive_token(keys.link(facts.id), "optout", invitation, 0))


def withdraw(keys: KeyDirectory, facts: ParticipationFacts, clock: FixedClock) -> None:
    invitation = list_people(keys, facts)[0].invitation
    with db.write() as connection:
        connection.execute(update(Invitation).where(Invitation.id == invitation).values(status="withdrawn"))


Act = Callable[[KeyDirectory, ParticipationFacts, FixedClock], None]


def check_silence(keys: KeyDirectory, clock: FixedClock, act: Act) -> None:
    facts = start_wave(keys, clock(), {"ib": 2})
    person = list_people(keys, facts)[0].invitation
    assert {message.invitation for message in send_all(clock)} >= {person}
    act(keys, facts, clock)
    for _ in range(2):
        clock.pass_time(days=8)
        reminded = {message.invitation for message in send_all(clock)}
        assert person not in reminded
        assert len(reminded) == 1


@pytest.mark.parametrize("act", [finish, leave, withdraw])
def test_who_is_done_or_wants_no_mail_is_not_reminded(
    app: Flask, keys: KeyDirectory, clock: FixedClock, act: Act
) -> None:
    check_silence(keys, clock, act)


@pytest.mark.parametrize("act", [finish, leave, withdraw])
def test_twin_without_the_look_at_the_claim_they_are_reminded(
    sqlite_app: Flask, clock: FixedClock, act: Act, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(due, "_wants_mail", lambda _: ())
    for name in ("_select_due", "_select_one"):
        monkeypatch.setattr(due, name, cache(getattr(due, name).__wrapped__))
    with pytest.raises(AssertionError, match="not in"):
        check_silence(sqlite_app.extensions["aoj"].keys, clock, act)


def test_who_finishes_during_the_batch_is_not_reminded(
    app: Flask, keys: KeyDirectory, clock: FixedClock
) -> None:
    facts = start_wave(keys, clock(), {"ib": 4})
    send_all(clock)
    clock.pass_time(days=8)
    first = claim_one(clock)
    rest = [person for person in list_people(keys, facts) if person.invitation != first.invitation]
    for person in rest:
        send(person, ANSWERS, clock())
    assert send_all(clock) == []


def watch_a_soft_bounce(keys: KeyDirectory, clock: FixedClock) -> dict[tuple[str, str], int]:
    """What is counted of an invitation that came back for a while, of somebody who answered meanwhile."""
    facts = start_wave(keys, clock(), {"ib": 1})
    send_all(clock)
    finish(keys, facts, clock)
    with db.write() as connection:
        back = update(Message).where(Message.participation_id == facts.id, Message.kind == "invitation")
        connection.execute(back.values(state="due", sent_on=None))
    send_all(clock)
    return counts(facts)


def test_an_invitation_that_came_back_for_a_while_goes_again_to_who_is_done_too(
    app: Flask, keys: KeyDirectory, clock: FixedClock
) -> None:
    assert watch_a_soft_bounce(keys, clock)["invitation", "sent"] == 1


def test_twin_a_look_at_who_is_done_would_show_in_the_list_of_people(
    sqlite_app: Flask, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(due, "_wants_mail", lambda _: (Invitation.status == "open",))
    for name in ("_select_due", "_select_one"):
        monkeypatch.setattr(due, name, cache(getattr(due, name).__wrapped__))
    keys: KeyDirectory = sqlite_app.extensions["aoj"].keys
    assert watch_a_soft_bounce(keys, clock)["invitation", "due"] == 1


# What becomes of a claim


def age(clock: FixedClock, moment: timedelta) -> None:
    clock.moment += moment


def test_a_claim_that_never_came_back_is_uncertain_and_not_sent_again(
    app: Flask, keys: KeyDirectory, clock: FixedClock
) -> None:
    facts = start_wave(keys, clock(), {"ib": 1})
    claim_one(clock)
    age(clock, LEASE - timedelta(seconds=1))
    with db.write() as connection:
        assert mark_uncertain(connection, clock()) == 0
    age(clock, timedelta(seconds=1))
    with db.write() as connection:
        assert mark_uncertain(connection, clock()) == 1
        assert mark_uncertain(connection, clock()) == 0
    assert claim(clock) is None
    assert counts(facts)["invitation", "uncertain"] == 1


def test_an_uncertain_invitation_is_followed_by_its_reminder(
    app: Flask, keys: KeyDirectory, clock: FixedClock
) -> None:
    start_wave(keys, clock(), {"ib": 1})
    with db.write() as connection:
        record_uncertain(connection, claim_next(connection, clock) or pytest.fail("nothing due"), clock())
    clock.pass_time(days=8)
    assert claim_one(clock).kind == "first_reminder"


def test_a_message_refused_for_good_ends_the_mail_to_that_person(
    app: Flask, keys: KeyDirectory, clock: FixedClock
) -> None:
    facts = start_wave(keys, clock(), {"ib": 1})
    message = claim_one(clock)
    with db.write() as connection:
        record_refused(connection, message, clock(), permanent=True)
    for _ in range(30):
        assert claim(clock) is None
        clock.pass_time(days=1)
    assert counts(facts)["invitation", "failed"] == 1


def test_a_refused_message_comes_back_later_and_later(
    app: Flask, keys: KeyDirectory, clock: FixedClock
) -> None:
    start_wave(keys, clock(), {"ib": 1})
    waits: list[timedelta] = []
    for _ in range(10):
        message = claim_one(clock)
        with db.write() as connection:
            record_refused(connection, message, clock(), permanent=False)
            assert await_retry(connection, clock(), due.ORDER)
        since = clock()
        while claim_is_none(clock):
            age(clock, FIRST_RETRY)
        waits.append(clock() - since)
    assert waits[:4] == [FIRST_RETRY, FIRST_RETRY * 2, FIRST_RETRY * 4, FIRST_RETRY * 8]
    assert waits[-1] == LAST_RETRY


def claim_is_none(clock: FixedClock) -> bool:
    """Look without claiming."""
    with db.read() as connection:
        return claim_next(connection, clock) is None


def test_a_message_put_back_is_due_in_a_minute_as_if_nothing_happened(
    app: Flask, keys: KeyDirectory, clock: FixedClock
) -> None:
    start_wave(keys, clock(), {"ib": 1})
    message = claim_one(clock)
    with db.write() as connection:
        put_back(connection, message, clock())
    assert claim(clock) is None
    age(clock, PUT_BACK)
    again = claim_one(clock)
    assert (again.id, again.attempts) == (message.id, 1)
    with db.write() as connection:
        record_sent(connection, again, clock())
        assert not await_retry(connection, clock(), due.ORDER)


def record_stranger(connection: Connection, message: ClaimedMessage, clock: FixedClock) -> None:
    stranger = replace(message, claim=UUID(int=1))
    record_sent(connection, stranger, clock())


def test_only_the_claimant_records(app: Flask, keys: KeyDirectory, clock: FixedClock) -> None:
    facts = start_wave(keys, clock(), {"ib": 1})
    message = claim_one(clock)
    with db.write() as connection:
        record_stranger(connection, message, clock)
    assert counts(facts)["invitation", "claimed"] == 1


def test_who_comes_back_after_the_lease_still_tells_the_truth(
    app: Flask, keys: KeyDirectory, clock: FixedClock
) -> None:
    facts = start_wave(keys, clock(), {"ib": 1})
    message = claim_one(clock)
    age(clock, LEASE)
    with db.write() as connection:
        assert mark_uncertain(connection, clock()) == 1
        record_sent(connection, message, clock())
    assert counts(facts)["invitation", "sent"] == 1


def test_claiming_finds_messages_by_index(sqlite_app: Flask, clock: FixedClock) -> None:
    values = {"places": [UUID(int=1), UUID(int=2)], "now": clock(), "rested": clock().date(), "room": 1000}
    query = due._select_due("first_reminder").params(values)
    statement = query.compile(db.engine, compile_kwargs={"literal_binds": True})
    with db.read() as connection:
        steps = [row.detail for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}")]
    assert not [step for step in steps if step.startswith("SCAN") and "participation" not in step], steps
    assert any("ix_message_participation_id_state_kind" in step for step in steps), steps
