"""Links made by the worker: for people added on a page, and in place of the link of a former address."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update

from aoj_survey.db import db
from aoj_survey.fieldwork import TurnError, relinking, renew_links
from aoj_survey.invitations import (
    FrameRow,
    Invitation,
    Invitee,
    add_person,
    change_address,
    derive_token,
    find_invitation,
    find_opt_out,
    hash_token,
    list_people,
)
from aoj_survey.keys import KeyDirectory
from aoj_survey.responses import Draft, DraftContent, keep_draft, read_draft
from aoj_survey.waves import ParticipationFacts
from tests.conftest import FixedClock
from tests.staging import start_wave

CONTENT = DraftContent({"overleg": "nee"}, ("overleg",))


def read_rows(facts: ParticipationFacts) -> dict[UUID, Any]:
    with db.read() as connection:
        rows = connection.execute(
            select(db.metadata.tables["invitation"]).where(Invitation.participation_id == facts.id)
        ).all()
    return {row.invitee_id: row for row in rows}


def renew(keys: KeyDirectory) -> int:
    return renew_links(db, keys)


def move(keys: KeyDirectory, facts: ParticipationFacts, invitee: UUID, address: str) -> None:
    """Give somebody another address, as if the mail server had the invitation already."""
    with db.write() as connection:
        change_address(connection, keys, facts.id, invitee, address)


@pytest.fixture
def facts(
    app: Flask, keys: KeyDirectory, clock: FixedClock, mark_sent: Callable[[UUID], None]
) -> ParticipationFacts:
    made = start_wave(keys, clock(), {"ib": 3})
    mark_sent(made.id)
    return made


def first_invitee(keys: KeyDirectory, facts: ParticipationFacts) -> UUID:
    with db.read() as connection:
        return list_people(connection, keys, facts.id)[0].id


def link_of(keys: KeyDirectory, facts: ParticipationFacts, row: Any) -> str:
    return derive_token(keys.link(facts.id), "link", row.id, row.generation)


def test_nothing_to_do_is_nothing_done(facts: ParticipationFacts, keys: KeyDirectory) -> None:
    before = read_rows(facts)
    assert renew(keys) == 0
    assert read_rows(facts) == before


def test_who_was_added_on_a_page_gets_a_link_a_way_out_and_a_hash_for_what_comes_back(
    facts: ParticipationFacts, keys: KeyDirectory
) -> None:
    with db.write() as connection:
        row = FrameRow("nieuw@school.example", "ib", "school Nieuw", "nl")
        add_person(connection, keys, facts.id, row)
    assert renew(keys) == 1
    with db.read() as connection:
        [person] = [one for one in list_people(connection, keys, facts.id) if one.address == row.address]
    made = read_rows(facts)[person.id]
    assert not made.relink
    link_key = keys.link(facts.id)
    assert made.bounce_hash == hash_token(derive_token(link_key, "bounce", made.id, 0))
    with db.read() as connection:
        assert find_invitation(connection, link_of(keys, facts, made))
        assert find_opt_out(connection, derive_token(link_key, "optout", made.id, 0))


def test_a_changed_address_kills_the_former_link_and_makes_one_of_the_next_generation(
    facts: ParticipationFacts, keys: KeyDirectory
) -> None:
    invitee = first_invitee(keys, facts)
    former = read_rows(facts)[invitee]
    move(keys, facts, invitee, "ander@school.example")
    with db.read() as connection:
        assert find_invitation(connection, link_of(keys, facts, former)) is None
    assert renew(keys) == 1
    row = read_rows(facts)[invitee]
    assert (row.generation, row.relink) == (1, False)
    with db.read() as connection:
        found = find_invitation(connection, link_of(keys, facts, row))
        assert found is not None
        assert find_invitation(connection, link_of(keys, facts, former)) is None
        way_out = derive_token(keys.link(facts.id), "optout", row.id, 0)
        assert find_opt_out(connection, way_out) is not None
    assert row.bounce_hash not in {None, former.bounce_hash}


@pytest.mark.parametrize("times", [1, 2])
def test_what_was_filled_in_is_carried_over_to_the_new_link(
    facts: ParticipationFacts, keys: KeyDirectory, times: int
) -> None:
    invitee = first_invitee(keys, facts)
    former = link_of(keys, facts, read_rows(facts)[invitee])
    with db.write() as connection:
        keep_draft(connection, former, facts.id, CONTENT)
    for number in range(times):
        move(keys, facts, invitee, f"ander{number}@school.example")
    renew(keys)
    new = link_of(keys, facts, read_rows(facts)[invitee])
    with db.read() as connection:
        assert read_draft(connection, new, facts.id) == CONTENT
        assert read_draft(connection, former, facts.id) is None
        assert len(connection.execute(select(Draft.id)).all()) == 1


def test_twin_a_draft_that_is_left_behind_cannot_be_read_by_the_new_link(
    facts: ParticipationFacts, keys: KeyDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relinking, "_carry_draft", lambda *_: None)
    with pytest.raises(AssertionError):
        test_what_was_filled_in_is_carried_over_to_the_new_link(facts, keys, 1)


def test_a_worker_killed_halfway_leaves_all_as_it_was(
    facts: ParticipationFacts, keys: KeyDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    invitee = first_invitee(keys, facts)
    former = link_of(keys, facts, read_rows(facts)[invitee])
    with db.write() as connection:
        keep_draft(connection, former, facts.id, CONTENT)
    move(keys, facts, invitee, "ander@school.example")
    before = read_rows(facts)
    with monkeypatch.context() as broken:
        broken.setattr(relinking, "_make_hashes", lambda *_: 1 // 0)
        with pytest.raises(TurnError, match="ZeroDivisionError"):
            renew(keys)
    assert read_rows(facts) == before
    assert renew(keys) == 1
    with db.read() as connection:
        new = link_of(keys, facts, read_rows(facts)[invitee])
        assert read_draft(connection, new, facts.id) == CONTENT


def test_rows_from_before_get_the_hash_for_what_comes_back_and_keep_their_link(
    facts: ParticipationFacts, keys: KeyDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relinking, "CHUNK", 2)
    before = read_rows(facts)
    with db.write() as connection:
        connection.execute(update(Invitation).values(bounce_hash=None))
    assert renew(keys) == 3
    assert read_rows(facts) == before


def test_a_key_that_is_missing_keeps_no_other_region_waiting(
    facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    other = start_wave(keys, clock(), {"ib": 1}, region="zandzee")
    with db.write() as connection:
        connection.execute(update(Invitation).values(bounce_hash=None))
    (keys.path / str(facts.id) / "link.key").unlink()
    with pytest.raises(TurnError, match="rijnmeer"):
        renew(keys)
    assert all(row.bounce_hash for row in read_rows(other).values())


def test_a_group_link_and_an_ended_participation_wait_for_nothing(
    facts: ParticipationFacts, keys: KeyDirectory
) -> None:
    with db.write() as connection:
        connection.execute(update(Invitation).values(bounce_hash=None, invitee_id=None))
        connection.execute(db.delete(Invitee))
    assert renew(keys) == 0
