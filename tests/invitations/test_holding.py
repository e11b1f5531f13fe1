"""A change and a worker at the same moment, on two connections to PostgreSQL; SQLite writes one at a time anyway."""

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select, text

from aoj_survey.db import db
from aoj_survey.installation import Installation
from aoj_survey.invitations import (
    Candidate,
    ClaimedMessage,
    Invitation,
    ListedPerson,
    Message,
    change_address,
    claim_message,
    find_due,
    held,
    list_people,
    open_contact,
)
from aoj_survey.waves import ParticipationFacts
from tests.conftest import FixedClock
from tests.staging import start_wave

NEW = "nieuw@school.example"
LOOKS = 1000
WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


@pytest.fixture
def installation(postgresql_app: Flask) -> Installation:
    found: Installation = postgresql_app.extensions["aoj"]
    return found


@pytest.fixture
def facts(installation: Installation, clock: FixedClock) -> ParticipationFacts:
    """One person, whose invitation is due."""
    return start_wave(installation.keys, clock(), {"ib": 1})


@pytest.fixture
def somebody(installation: Installation, facts: ParticipationFacts) -> ListedPerson:
    with db.read() as connection:
        [person] = list_people(connection, installation.keys, facts.id)
        return person


@pytest.fixture
def candidate(facts: ParticipationFacts, clock: FixedClock) -> Candidate:
    with db.read() as connection:
        [found] = find_due(connection, clock())
        return found


def claim(candidate: Candidate, clock: FixedClock) -> ClaimedMessage | None:
    with db.write() as connection:
        return claim_message(connection, candidate, clock())


def check_link_reaches(
    installation: Installation, somebody: ListedPerson, claimed: ClaimedMessage | None
) -> None:
    """The new address gets the link: by the mail in hand, or by one that was asked for."""
    with db.read() as connection:
        again = connection.execute(select(Message.kind).where(Message.kind == "link_again")).first()
        generation = connection.execute(select(Invitation.generation)).scalar_one()
    if claimed is None or again:
        return
    key = installation.keys.contact(claimed.participation.id)
    address = open_contact(key, somebody.id, claimed.contact).address
    assert (address, claimed.generation) == (NEW, generation), "the new address gets no link"


def claim_before_the_change_is_kept(
    installation: Installation, somebody: ListedPerson, candidate: Candidate, clock: FixedClock
) -> None:
    facts = candidate.participation
    with db.write() as connection:
        change_address(connection, installation.keys, facts, somebody.id, NEW)
        claimed = claim(candidate, clock)
    check_link_reaches(installation, somebody, claimed)


def test_a_message_is_not_claimed_while_its_address_changes(
    installation: Installation, somebody: ListedPerson, candidate: Candidate, clock: FixedClock
) -> None:
    claim_before_the_change_is_kept(installation, somebody, candidate, clock)
    claimed = claim(candidate, clock)
    assert claimed is not None
    check_link_reaches(installation, somebody, claimed)


def test_twin_without_that_hold_the_mail_goes_to_the_former_address_only(
    installation: Installation,
    somebody: ListedPerson,
    candidate: Candidate,
    clock: FixedClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(held, "hold_mail", lambda *_: None)
    with pytest.raises(AssertionError, match="gets no link"):
        claim_before_the_change_is_kept(installation, somebody, candidate, clock)


def wait_for(condition: Callable[[], bool]) -> None:
    for _ in range(LOOKS):
        if condition():
            return
        threading.Event().wait(0.01)
    pytest.fail("nobody waits")


def waits_for_a_lock() -> bool:
    with db.read() as connection:
        return connection.execute(WAITING).scalar_one() > 0


def test_a_change_waits_for_who_claims_and_sends_the_link_again(
    postgresql_app: Flask,
    installation: Installation,
    somebody: ListedPerson,
    candidate: Candidate,
    clock: FixedClock,
) -> None:
    def change() -> None:
        with postgresql_app.app_context(), db.write() as connection:
            change_address(connection, installation.keys, candidate.participation, somebody.id, NEW)

    changing = threading.Thread(target=change)
    with db.write() as connection:
        claimed = claim_message(connection, candidate, clock())
        changing.start()
        wait_for(waits_for_a_lock)
    changing.join()
    assert claimed is not None
    check_link_reaches(installation, somebody, claimed)
