"""Mails a coordinator asks for: the link again, alike for everybody, and word to a former address."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update

from aoj_survey.db import db
from aoj_survey.fieldwork import close_participation, renew_links
from aoj_survey.installation import Installation
from aoj_survey.invitations import (
    Invitation,
    Invitee,
    Message,
    ask_link_again,
    change_address,
    count_messages,
    derive_token,
    due,
    find_due,
    find_invitation,
    find_person,
    list_people,
    mark_uncertain,
    opt_out,
    send_due,
    withdraw_person,
)
from aoj_survey.invitations.messages import LEASE
from aoj_survey.keys import KeyDirectory
from aoj_survey.waves import ParticipationFacts
from tests.conftest import FixedClock
from tests.smtp_server import Mailbox
from tests.staging import ANSWERS, Person, send, start_wave
from tests.staging import list_people as list_links

Round = Callable[[], int]


@pytest.fixture
def send_round(installation: Installation) -> Round:
    """Make links and send what is due, as the worker does; return how many mails went out."""

    def run() -> int:
        renew_links(db, installation.keys)
        return send_due(installation.now, installation.keys, installation.settings).sent

    return run


@pytest.fixture
def facts(app: Flask, keys: KeyDirectory, clock: FixedClock, send_round: Round) -> ParticipationFacts:
    """A wave of three whose invitations went out."""
    made = start_wave(keys, clock(), {"ib": 3})
    assert send_round() == 3
    return made


def invitees(keys: KeyDirectory, facts: ParticipationFacts) -> list[UUID]:
    with db.read() as connection:
        return [person.id for person in list_people(connection, keys, facts.id)]


def person_of(keys: KeyDirectory, facts: ParticipationFacts, invitee: UUID) -> Person:
    with db.read() as connection:
        identity = connection.execute(
            select(Invitation.id).where(Invitation.invitee_id == invitee)
        ).scalar_one()
    return next(person for person in list_links(keys, facts) if person.invitation == identity)


def ask(facts: ParticipationFacts, invitee: UUID, clock: FixedClock) -> None:
    with db.write() as connection:
        ask_link_again(connection, facts.id, invitee, clock().date())


def move(
    keys: KeyDirectory, facts: ParticipationFacts, invitee: UUID, address: str = "nieuw@school.example"
) -> None:
    with db.write() as connection:
        change_address(connection, keys, facts.id, invitee, address)


def counts(facts: ParticipationFacts) -> dict[tuple[str, str], int]:
    with db.read() as connection:
        return count_messages(connection, facts.id)


def read_text(mail: Any) -> str:
    part = mail.get_body(("plain",))
    text: str = part.get_content()
    return text.replace("\r\n", "\n")


# The link again


def open_still(_keys: KeyDirectory, _person: Person, _clock: FixedClock) -> None:
    """Nothing: the person did nothing yet."""


def done(_keys: KeyDirectory, person: Person, clock: FixedClock) -> None:
    assert send(person, ANSWERS, clock()) == "sent"


def opted_out(_keys: KeyDirectory, person: Person, clock: FixedClock) -> None:
    with db.write() as connection:
        invitee = select(Invitation.invitee_id).where(Invitation.id == person.invitation)
        connection.execute(
            update(Invitee).where(Invitee.id == invitee.scalar_subquery()).values(opted_out=True)
        )


EVERYBODY: Sequence[Callable[[KeyDirectory, Person, FixedClock], None]] = (open_still, done, opted_out)


def check_alike(
    facts: ParticipationFacts,
    keys: KeyDirectory,
    clock: FixedClock,
    mailbox: Mailbox,
    send_round: Round,
    become: Callable[[KeyDirectory, Person, FixedClock], None],
) -> None:
    invitee = invitees(keys, facts)[0]
    person = person_of(keys, facts, invitee)
    become(keys, person, clock)
    ask(facts, invitee, clock)
    assert send_round() == 1
    mail = mailbox.taken[-1]
    assert mail["Subject"] == "Uw link voor de vragenlijst"
    assert f"/l/{person.token}\n" in read_text(mail)
    assert counts(facts)["link_again", "sent"] == 1


@pytest.mark.parametrize("become", EVERYBODY)
def test_the_link_goes_again_to_everybody_whatever_they_did(
    facts: ParticipationFacts,
    keys: KeyDirectory,
    clock: FixedClock,
    mailbox: Mailbox,
    send_round: Round,
    become: Callable[[KeyDirectory, Person, FixedClock], None],
) -> None:
    check_alike(facts, keys, clock, mailbox, send_round, become)


@pytest.mark.parametrize("become", [done, opted_out])
def test_twin_by_the_rule_for_reminders_who_is_done_would_stand_out(
    facts: ParticipationFacts,
    keys: KeyDirectory,
    clock: FixedClock,
    mailbox: Mailbox,
    send_round: Round,
    become: Callable[[KeyDirectory, Person, FixedClock], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = due._wants_mail
    monkeypatch.setattr(due, "_wants_mail", lambda _: real("first_reminder"))
    for name in ("_select_due", "_select_one"):
        monkeypatch.setattr(due, name, getattr(due, name).__wrapped__)
    with pytest.raises(AssertionError):
        check_alike(facts, keys, clock, mailbox, send_round, become)


def test_who_is_withdrawn_gets_none(
    facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock, send_round: Round
) -> None:
    first, second, _ = invitees(keys, facts)
    ask(facts, first, clock)
    move(keys, facts, second)
    with db.write() as connection:
        withdraw_person(connection, facts.id, first, "removed")
        withdraw_person(connection, facts.id, second, "ineligible")
    assert send_round() == 0


def test_asking_for_the_link_moves_no_reminder(
    facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock, send_round: Round
) -> None:
    clock.pass_time(days=7)
    ask(facts, invitees(keys, facts)[0], clock)
    assert send_round() == 1
    clock.pass_time(days=1)
    assert send_round() == 3
    assert counts(facts)["first_reminder", "sent"] == 3


def test_asking_twice_is_two_mails_with_names_of_their_own(
    facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock, mailbox: Mailbox, send_round: Round
) -> None:
    invitee = invitees(keys, facts)[0]
    for _ in range(2):
        ask(facts, invitee, clock)
        assert send_round() == 1
    assert set(mailbox.ids().values()) == {1}
    assert len(mailbox.taken) == 5


def test_what_is_asked_for_goes_before_the_rest(
    facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    clock.pass_time(days=8)
    ask(facts, invitees(keys, facts)[0], clock)
    with db.read() as connection:
        kinds = [candidate.kind for candidate in find_due(connection, clock())]
    assert kinds == ["link_again", "first_reminder", "first_reminder", "first_reminder"]


# Another address


def test_a_new_address_gets_the_new_link_and_the_old_one_is_told_without_naming_it(
    facts: ParticipationFacts, keys: KeyDirectory, mailbox: Mailbox, send_round: Round
) -> None:
    invitee = invitees(keys, facts)[0]
    former = person_of(keys, facts, invitee)
    move(keys, facts, invitee)
    assert send_round() == 2
    again, told = sorted(mailbox.taken[-2:], key=lambda mail: mail["To"] != "nieuw@school.example")
    assert again["To"] == "nieuw@school.example"
    new = person_of(keys, facts, invitee)
    assert f"/l/{new.token}\n" in read_text(again)
    assert told["Subject"] == "Uw link voor de vragenlijst werkt niet meer"
    assert told["To"] != "nieuw@school.example"
    assert told["List-Unsubscribe"] is None
    for word in (former.token, new.token, "nieuw@school.example", "/l/", "/o/"):
        assert word not in told.as_string()


def check_wait(facts: ParticipationFacts, keys: KeyDirectory, installation: Installation) -> None:
    move(keys, facts, invitees(keys, facts)[0])
    assert send_due(installation.now, installation.keys, installation.settings).sent == 0
    renew_links(db, keys)
    assert send_due(installation.now, installation.keys, installation.settings).sent == 2


def test_messages_wait_until_the_new_link_is_made(
    facts: ParticipationFacts, keys: KeyDirectory, installation: Installation
) -> None:
    check_wait(facts, keys, installation)


def test_twin_without_that_wait_a_mail_with_a_dead_link_would_go(
    facts: ParticipationFacts,
    keys: KeyDirectory,
    mailbox: Mailbox,
    installation: Installation,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = due._is_due
    monkeypatch.setattr(
        due, "_is_due", lambda kind: [clause for clause in real(kind) if "relink" not in str(clause)]
    )
    for name in ("_select_due", "_select_one"):
        monkeypatch.setattr(due, name, getattr(due, name).__wrapped__)
    with pytest.raises(AssertionError):
        check_wait(facts, keys, installation)
    token = person_of(keys, facts, invitees(keys, facts)[0]).token
    with db.read() as connection:
        assert find_invitation(connection, token) is None


def former_addresses() -> int:
    with db.read() as connection:
        return len(connection.execute(select(Message.kind).where(Message.contact.is_not(None))).all())


@pytest.mark.parametrize("fault", ["none", "hang_up_taken", "recipient_never"])
def test_the_former_address_is_kept_until_its_mail_went_out_or_cannot(
    facts: ParticipationFacts, keys: KeyDirectory, mailbox: Mailbox, send_round: Round, fault: Any
) -> None:
    move(keys, facts, invitees(keys, facts)[0])
    assert former_addresses() == 1
    mailbox.faults.extend(["none", fault])
    send_round()
    send_round()
    assert former_addresses() == 0


def test_a_former_address_that_was_not_told_before_the_close_is_forgotten_then(
    facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock, send_round: Round
) -> None:
    move(keys, facts, invitees(keys, facts)[0])
    assert former_addresses() == 1
    with db.write() as connection:
        close_participation(connection, facts, clock())
    assert former_addresses() == 0
    assert send_round() == 0


def test_a_worker_that_never_came_back_leaves_no_former_address(
    facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    move(keys, facts, invitees(keys, facts)[0])
    with db.write() as connection:
        connection.execute(
            update(Message).where(Message.kind == "moved").values(state="claimed", claimed_until=clock())
        )
    clock.moment += LEASE
    with db.write() as connection:
        assert mark_uncertain(connection, clock()) == 1
    assert former_addresses() == 0


# Reminders after the link was sent again


def test_who_got_the_link_at_a_new_address_since_the_invitation_came_back_is_reminded(
    facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock, mailbox: Mailbox, send_round: Round
) -> None:
    invitee = invitees(keys, facts)[0]
    with db.write() as connection:
        identity = person_of(keys, facts, invitee).invitation
        connection.execute(
            update(Message)
            .where(Message.invitation_id == identity, Message.kind == "invitation")
            .values(state="undelivered")
        )
    clock.pass_time(days=6)
    move(keys, facts, invitee)
    assert send_round() == 1
    clock.pass_time(days=2)
    assert send_round() == 2
    assert "nieuw@school.example" not in {str(mail["To"]) for mail in mailbox.taken[-2:]}
    clock.pass_time(days=1)
    assert send_round() == 1
    assert mailbox.taken[-1]["To"] == "nieuw@school.example"


def test_reminders_never_come_within_three_days_of_each_other(
    facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock, mailbox: Mailbox, send_round: Round
) -> None:
    ask(facts, invitees(keys, facts)[0], clock)
    assert send_round() == 1
    mailed: list[int] = []
    clock.pass_time(days=15)
    for _ in range(10):
        mailed.append(send_round())
        clock.pass_time(days=1)
    assert mailed == [3, 0, 0, 3, 0, 0, 0, 0, 0, 0]


def test_the_new_address_has_a_way_out_of_its_own_and_a_stranger_at_the_former_one_cannot_use_it(
    facts: ParticipationFacts, keys: KeyDirectory, mailbox: Mailbox, send_round: Round
) -> None:
    invitee = invitees(keys, facts)[0]
    identity = person_of(keys, facts, invitee).invitation
    move(keys, facts, invitee)
    send_round()
    new = next(mail for mail in mailbox.taken if mail["To"] == "nieuw@school.example")
    tokens = [derive_token(keys.link(facts.id), "optout", identity, generation) for generation in (0, 1)]
    assert [f"/o/{token}" in new.as_string() for token in tokens] == [False, True]
    for token, wants_none in zip(tokens, (False, True), strict=True):
        with db.write() as connection:
            assert opt_out(connection, keys, token)
            assert find_person(connection, keys, facts.id, invitee).opted_out is wants_none
