"""Invitations: made from a list, found by their link, used once, counted per role."""

from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import event, select, update
from sqlalchemy.exc import IntegrityError

from aoj_survey.db import db
from aoj_survey.invitations import (
    Contact,
    FrameRow,
    Invitation,
    Invitee,
    Message,
    add_invitations,
    count_invited,
    count_progress,
    derive_token,
    find_invitation,
    find_opt_out,
    hash_token,
    mark_done,
    mark_started,
    open_contact,
    opt_out,
)
from aoj_survey.keys import KeyDirectory
from aoj_survey.statistics import RoleCount
from aoj_survey.waves import KINDS, ParticipationFacts
from tests.conftest import FixedClock
from tests.factories import make_invitation, make_message, make_participation
from tests.responses.boxes import read_rows, reread, snapshot
from tests.staging import Person, list_people, make_plan, plan_wave, start_wave


@pytest.fixture
def facts(app: Flask, keys: KeyDirectory, clock: FixedClock) -> ParticipationFacts:
    return start_wave(keys, clock(), {"ib": 6, "zoco": 5})


@pytest.fixture
def person(facts: ParticipationFacts, keys: KeyDirectory) -> Person:
    return list_people(keys, facts)[0]


@contextmanager
def counted_statements() -> Generator[list[str]]:
    statements: list[str] = []

    def note(*arguments: Any) -> None:
        if not arguments[2].startswith("BEGIN"):
            statements.append(arguments[2])

    event.listen(db.engine, "before_cursor_execute", note)
    yield statements
    event.remove(db.engine, "before_cursor_execute", note)


def set_status(person: Person, status: str) -> None:
    with db.write() as connection:
        connection.execute(update(Invitation).where(Invitation.id == person.invitation).values(status=status))


# Made from a list


def test_everybody_gets_an_invitation_and_three_messages(facts: ParticipationFacts) -> None:
    invitations, messages = read_rows(Invitation), read_rows(Message)
    assert Counter(row["role"] for row in invitations) == {"ib": 6, "zoco": 5}
    assert {(row["status"], row["started"], row["generation"]) for row in invitations} == {("open", False, 0)}
    assert Counter(row["kind"] for row in messages) == dict.fromkeys(KINDS, 11)
    assert {(row["state"], row["attempts"]) for row in messages} == {("due", 0)}
    assert len({(row["invitation_id"], row["kind"]) for row in messages}) == 33


def test_contacts_can_be_read_with_the_key_and_belong_to_their_invitee(
    facts: ParticipationFacts, keys: KeyDirectory
) -> None:
    contacts = {open_contact(keys.contact(facts.id), row["id"], row["contact"]) for row in read_rows(Invitee)}
    assert Contact("post@rijnmeer-zoco-5.example", "school 5") in contacts
    assert len(contacts) == 11


def test_more_people_than_one_portion_are_all_stored(
    app: Flask, keys: KeyDirectory, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aoj_survey.invitations.records.CHUNK", 4)
    with db.write() as connection:
        facts = plan_wave(connection, keys, make_plan(clock(), {"ib": 11}), {"ib": 11})
        assert count_invited(connection, facts.id) == {"ib": 11}
    assert len(list_people(keys, facts)) == len({person.token for person in list_people(keys, facts)}) == 11


def test_nobody_stands_on_a_list_twice(facts: ParticipationFacts, keys: KeyDirectory) -> None:
    before = snapshot()
    again = [FrameRow("POST@rijnmeer-ib-1.example", "ib", "school 1", "nl")]
    with pytest.raises(IntegrityError), db.write() as connection:
        add_invitations(connection, keys, facts.id, again)
    assert snapshot() == before


def test_an_empty_list_adds_nothing(facts: ParticipationFacts, keys: KeyDirectory) -> None:
    before = snapshot()
    with db.write() as connection:
        add_invitations(connection, keys, facts.id, [])
    assert snapshot() == before


def test_the_same_person_in_two_regions_has_two_hashes_and_two_links(
    facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    other = start_wave(keys, clock(), {"ib": 6}, region="duinstreek")
    with db.write() as connection:
        add_invitations(
            connection, keys, other.id, [FrameRow("post@rijnmeer-ib-1.example", "ib", "school 1", "nl")]
        )
    rows = read_rows(Invitee)
    assert len({row["address_hash"] for row in rows}) == len(rows) == 18


# Found by the link


def test_a_link_leads_to_its_invitation_with_all_a_page_needs(
    facts: ParticipationFacts, person: Person
) -> None:
    with db.read() as connection, counted_statements() as statements:
        found = find_invitation(connection, person.token)
    assert found is not None
    assert (found.id, found.role, found.status, found.started, found.language) == (
        person.invitation,
        person.role,
        "open",
        False,
        "nl",
    )
    assert found.class_code == person.role
    assert found.instrument_digest is not None
    assert found.participation == reread(facts.id)
    assert len(statements) == 1


def test_before_the_start_a_link_is_known_but_has_no_questionnaire(
    app: Flask, keys: KeyDirectory, clock: FixedClock
) -> None:
    with db.write() as connection:
        facts = plan_wave(connection, keys, make_plan(clock(), {"ib": 1}), {"ib": 1})
    with db.read() as connection:
        found = find_invitation(connection, list_people(keys, facts)[0].token)
    assert found is not None
    assert (found.instrument_digest, found.class_code) == (None, None)
    assert found.participation.phase(clock()) == "not_open"


def other_tokens(keys: KeyDirectory, facts: ParticipationFacts, person: Person) -> list[str]:
    key = keys.link(facts.id)
    return [
        derive_token(key, "optout", person.invitation, 0),
        derive_token(key, "bounce", person.invitation, 0),
        derive_token(key, "link", person.invitation, 1),
        "a" * 26,
    ]


def test_other_tokens_of_the_same_person_are_no_links(
    facts: ParticipationFacts, keys: KeyDirectory, person: Person
) -> None:
    with db.read() as connection:
        found = [find_invitation(connection, token) for token in other_tokens(keys, facts, person)]
    assert found == [None] * 4


def test_a_new_generation_ends_the_old_link(
    facts: ParticipationFacts, keys: KeyDirectory, person: Person
) -> None:
    with db.write() as connection:
        make_generation(connection, keys, facts, person)
        assert find_invitation(connection, person.token) is None
    renewed = {item.invitation: item.token for item in list_people(keys, facts)}[person.invitation]
    with db.read() as connection:
        assert find_invitation(connection, renewed) is not None


def make_generation(connection: Any, keys: KeyDirectory, facts: ParticipationFacts, person: Person) -> None:
    from_now_on = {"generation": 1, "token_hash": hash_of(keys, facts, person.invitation, 1)}
    connection.execute(update(Invitation).where(Invitation.id == person.invitation).values(from_now_on))


def hash_of(keys: KeyDirectory, facts: ParticipationFacts, invitation: UUID, generation: int) -> bytes:
    return hash_token(derive_token(keys.link(facts.id), "link", invitation, generation))


# Used once


def test_starting_is_kept_once_and_finishing_too(facts: ParticipationFacts, person: Person) -> None:
    with db.write() as connection:
        mark_started(connection, person.invitation)
        mark_started(connection, person.invitation)
        assert mark_done(connection, person.invitation)
        assert not mark_done(connection, person.invitation)
        found = find_invitation(connection, person.token)
        others = connection.execute(select(Invitation.id).where(Invitation.status == "done")).all()
    assert found is not None
    assert (found.status, found.started) == ("done", True)
    assert len(others) == 1


def test_done_says_that_somebody_started(facts: ParticipationFacts, person: Person) -> None:
    with db.write() as connection:
        mark_done(connection, person.invitation)
        found = find_invitation(connection, person.token)
    assert found is not None
    assert found.started


def test_a_withdrawn_invitation_is_not_used(facts: ParticipationFacts, person: Person) -> None:
    set_status(person, "withdrawn")
    with db.write() as connection:
        assert not mark_done(connection, person.invitation)


# Opting out


def test_opting_out_ends_mail_for_one_person_and_leaves_the_right_to_answer(
    facts: ParticipationFacts, keys: KeyDirectory, person: Person
) -> None:
    token = derive_token(keys.link(facts.id), "optout", person.invitation, 0)
    with db.write() as connection:
        assert opt_out(connection, keys, token)
        assert opt_out(connection, keys, token)
        out = connection.execute(select(Invitation.id).join(Invitee).where(Invitee.opted_out)).scalars().all()
        found = find_invitation(connection, person.token)
    assert out == [person.invitation]
    assert found is not None
    assert found.status == "open"


def test_an_unknown_opt_out_link_changes_nothing(
    facts: ParticipationFacts, keys: KeyDirectory, person: Person
) -> None:
    before = snapshot()
    with db.write() as connection:
        assert not opt_out(connection, keys, person.token)
        assert not opt_out(connection, keys, "a" * 26)
    assert snapshot() == before


def test_an_opt_out_link_leads_to_its_participation_and_no_further(
    facts: ParticipationFacts, keys: KeyDirectory, person: Person
) -> None:
    with db.read() as connection:
        own = find_opt_out(connection, derive_token(keys.link(facts.id), "optout", person.invitation, 0))
        assert own == (reread(facts.id), person.role)
        assert find_opt_out(connection, person.token) is None


# Counted per role


def test_progress_counts_every_person_once(facts: ParticipationFacts, keys: KeyDirectory) -> None:
    first, second, third, *_ = list_people(keys, facts)
    with db.write() as connection:
        mark_started(connection, first.invitation)
        mark_done(connection, second.invitation)
        for kind in KINDS:
            deliver(connection, first, kind)
        deliver(connection, third, "second_reminder")
        progress = count_progress(connection, facts.id)
    assert progress == (RoleCount("ib", 6, 1, 2, 1), RoleCount("zoco", 5, 0, 0, 0))


def deliver(connection: Any, person: Person, kind: str, state: str = "sent") -> None:
    place = (Message.invitation_id == person.invitation) & (Message.kind == kind)
    connection.execute(update(Message).where(place).values(state=state))


@pytest.mark.parametrize("state", ["due", "claimed", "failed", "uncertain"])
def test_only_a_sent_invitation_is_delivered(facts: ParticipationFacts, person: Person, state: str) -> None:
    with db.write() as connection:
        deliver(connection, person, "invitation", state)
        assert [count.delivered for count in count_progress(connection, facts.id)] == [0, 0]


def test_another_region_is_counted_apart(app: Flask) -> None:
    with db.write() as connection:
        place = make_participation(connection)
        other = make_participation(connection, region_code="duinstreek")
        invitation = make_invitation(connection, place, role="swv", status="done", started=True)
        make_message(connection, place, invitation, state="sent")
        make_invitation(connection, other)
        assert count_progress(connection, place) == (RoleCount("swv", 1, 1, 1, 1),)
        assert count_invited(connection, other) == {"ib": 1}
