"""Closing: counts are frozen, unsent answers are erased, nothing can be sent any more."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from aoj_survey.db import db
from aoj_survey.errors import StateError
from aoj_survey.fieldwork import close_due, close_participation, sweep_drafts
from aoj_survey.invitations import Invitation, Invitee, Message, mark_started, withdraw_person
from aoj_survey.keys import KeyDirectory
from aoj_survey.responses import Draft, DraftContent, keep_draft
from aoj_survey.statistics import RoleCount, response_table
from aoj_survey.tracking import read_final_counts
from aoj_survey.waves import ParticipationFacts
from tests.conftest import FixedClock
from tests.responses.boxes import close, fill_box, read_rows, reread, snapshot
from tests.staging import ANSWERS, list_people, send, start_wave


@pytest.fixture
def facts(app: Flask, keys: KeyDirectory, clock: FixedClock) -> ParticipationFacts:
    return start_wave(keys, clock(), {"ib": 6, "zoco": 5})


def keep_a_draft(keys: KeyDirectory, facts: ParticipationFacts) -> None:
    person = list_people(keys, facts)[-1]
    with db.write() as connection:
        mark_started(connection, person.invitation)
        keep_draft(connection, person.token, facts.id, DraftContent(ANSWERS))


def test_a_close_freezes_the_counts_per_role(
    facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    fill_box(keys, facts, clock(), 4)
    keep_a_draft(keys, facts)
    with db.write() as connection:
        connection.execute(update(Message).where(Message.kind == "invitation").values(state="sent"))
    closed = close(facts, clock())
    assert (closed.status, closed.closed_at) == ("closed", clock())
    with db.read() as connection:
        counts = read_final_counts(connection, facts.id)
    assert counts == (RoleCount("ib", 6, 6, 4, 4), RoleCount("zoco", 5, 5, 1, 0))


def test_unsent_answers_go_at_the_close_and_those_of_others_stay(
    facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    other = start_wave(keys, clock(), {"ib": 6}, region="duinstreek")
    keep_a_draft(keys, facts)
    keep_a_draft(keys, other)
    close(facts, clock())
    assert [row["participation_id"] for row in read_rows(Draft)] == [other.id]


def test_nothing_can_be_sent_after_the_close(
    facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    person = list_people(keys, facts)[0]
    close(facts, clock())
    before = snapshot()["ballot"]
    assert send(person, ANSWERS, clock()) == "closed"
    assert snapshot()["ballot"] == before


def test_a_draft_that_came_too_late_is_swept(
    facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    other = start_wave(keys, clock(), {"ib": 6}, region="duinstreek")
    close(facts, clock())
    keep_a_draft(keys, facts)
    keep_a_draft(keys, other)
    with db.write() as connection:
        assert sweep_drafts(connection) == 1
        assert sweep_drafts(connection) == 0
    assert [row["participation_id"] for row in read_rows(Draft)] == [other.id]


def test_only_a_running_participation_closes(facts: ParticipationFacts, clock: FixedClock) -> None:
    closed = close(facts, clock())
    before = snapshot()
    with pytest.raises(StateError, match="not running"):
        close(closed, clock() + timedelta(days=1))
    assert snapshot() == before


def test_windows_that_are_over_are_closed_and_no_others(
    facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    with db.write() as connection:
        assert close_due(connection, facts.closes_at - timedelta(seconds=1)) == 0
        assert close_due(connection, facts.closes_at) == 1
        assert close_due(connection, facts.closes_at) == 0
    closed = reread(facts.id)
    assert (closed.status, closed.closed_at) == ("closed", facts.closes_at)


def test_a_list_on_which_everybody_withdrew_can_be_closed(
    facts: ParticipationFacts, clock: FixedClock
) -> None:
    with db.write() as connection:
        for (invitee,) in connection.execute(select(Invitee.id)).all():
            withdraw_person(connection, facts.id, invitee, "ineligible")
        close_participation(connection, facts, clock())
        assert response_table(read_final_counts(connection, facts.id)).rows == ()
    assert reread(facts.id).status == "closed"


def test_counts_no_longer_change_after_the_close(
    facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    close(facts, clock())
    with db.write() as connection:
        connection.execute(update(Invitation).values(status="done"))
        counts = read_final_counts(connection, facts.id)
    assert [count.done for count in counts] == [0, 0]
