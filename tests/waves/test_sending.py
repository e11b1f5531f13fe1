"""Allowing, pausing and resuming mail: what is kept of it, and what is refused."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from aoj_survey.db import db
from aoj_survey.errors import StateError
from aoj_survey.keys import KeyDirectory
from aoj_survey.waves import (
    Act,
    ActCode,
    Participation,
    ParticipationFacts,
    allow_sending,
    list_acts,
    pause_participation,
    plan_participation,
    read_participation,
    resume_participation,
)
from aoj_survey.waves.sending import LONGEST_REASON
from tests.conftest import FixedClock
from tests.staging import make_plan, plan_wave


@pytest.fixture
def facts(app: Flask, keys: KeyDirectory, clock: FixedClock) -> ParticipationFacts:
    with db.write() as connection:
        return plan_wave(connection, keys, make_plan(clock(), {"ib": 1}), {"ib": 1})


def read(facts: ParticipationFacts) -> ParticipationFacts:
    with db.read() as connection:
        return read_participation(connection, facts.id)


def acts_of(facts: ParticipationFacts) -> list[str]:
    with db.read() as connection:
        return [act.code for act in list_acts(connection, facts.id)]


def do(facts: ParticipationFacts, act: Any, clock: FixedClock, code: ActCode) -> None:
    with db.write() as connection:
        act(connection, facts, Act(clock(), "coordinator", code))


def test_a_confirmed_test_mail_is_kept_with_who_and_when(
    facts: ParticipationFacts, clock: FixedClock
) -> None:
    with db.write() as connection:
        allow_sending(connection, facts.id, Act(clock(), "coordinator", "sending_allowed"))
        row = connection.execute(
            select(
                Participation.sending,
                Participation.sending_reason,
                Participation.sending_by,
                Participation.sending_on,
            )
        ).one()
    assert tuple(row) == ("confirmed", "", "coordinator", clock().date())
    assert acts_of(facts)[0] == "sending_allowed"


def test_a_reason_overrules_and_is_kept(facts: ParticipationFacts, clock: FixedClock) -> None:
    with db.write() as connection:
        allow_sending(
            connection, facts.id, Act(clock(), "beheer", "sending_overruled"), reason=" DNS is late "
        )
        reason = connection.execute(select(Participation.sending_reason)).scalar_one()
    assert (read(facts).sending, reason) == ("overruled", "DNS is late")


def test_a_reason_too_long_to_keep_is_refused(facts: ParticipationFacts, clock: FixedClock) -> None:
    with pytest.raises(StateError, match="write it shorter"), db.write() as connection:
        allow_sending(
            connection,
            facts.id,
            Act(clock(), "beheer", "sending_overruled"),
            reason="x" * (LONGEST_REASON + 1),
        )


def test_a_plan_may_not_send_until_somebody_allows_it(
    facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    with db.write() as connection:
        identity = plan_participation(connection, keys, make_plan(clock(), {"ib": 1}, wave="2027"))
        assert read_participation(connection, identity).sending == "off"
    assert read(facts).sending == "overruled"


def test_a_pause_ends_and_leaves_two_lines(facts: ParticipationFacts, clock: FixedClock) -> None:
    do(facts, pause_participation, clock, "paused")
    assert read(facts).paused
    clock.pass_time(minutes=1)
    do(facts, resume_participation, clock, "resumed")
    assert not read(facts).paused
    assert acts_of(facts)[:2] == ["resumed", "paused"]


def test_pausing_twice_and_resuming_twice_are_refused(facts: ParticipationFacts, clock: FixedClock) -> None:
    with pytest.raises(StateError, match="is not paused"):
        do(facts, resume_participation, clock, "resumed")
    do(facts, pause_participation, clock, "paused")
    with pytest.raises(StateError, match="is paused already"):
        do(facts, pause_participation, clock, "paused")
    assert acts_of(facts).count("paused") == 1


@pytest.mark.parametrize("status", ["closed", "opened"])
def test_what_is_over_is_not_paused(facts: ParticipationFacts, clock: FixedClock, status: str) -> None:
    with db.write() as connection:
        connection.execute(update(Participation).values(status=status))
    with pytest.raises(StateError, match="is over"):
        do(read(facts), pause_participation, clock, "paused")
    assert not read(facts).paused
