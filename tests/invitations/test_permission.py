"""Mail goes out only of participations that may send: allowed by somebody, not paused, sent by us. Real SMTP."""

from functools import cache
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from aoj_survey.db import db
from aoj_survey.installation import Installation
from aoj_survey.invitations import due, send_due
from aoj_survey.waves import Act, Participation, ParticipationFacts, allow_sending
from tests.conftest import FixedClock
from tests.smtp_server import Mailbox
from tests.staging import start_wave

FORBIDDEN: list[dict[str, Any]] = [{"sending": "off"}, {"paused": True}, {"sender": "region"}]


@pytest.fixture
def running(app: Flask, installation: Installation, clock: FixedClock) -> ParticipationFacts:
    return start_wave(installation.keys, clock(), {"ib": 3})


@pytest.fixture
def without_permission(monkeypatch: pytest.MonkeyPatch) -> None:
    """The protection taken away: nobody asks whether mail may go out."""
    monkeypatch.setattr(due, "may_send", lambda: ())
    for statement in (due._select_places, due._select_one):
        monkeypatch.setattr(due, statement.__name__, cache(statement.__wrapped__))


def change(facts: ParticipationFacts, values: dict[str, Any]) -> None:
    with db.write() as connection:
        connection.execute(update(Participation).where(Participation.id == facts.id).values(**values))


def send(installation: Installation) -> int:
    return send_due(installation.now, installation.keys, installation.settings).sent


@pytest.mark.parametrize("values", FORBIDDEN)
def test_no_mail_goes_out_without_permission(
    running: ParticipationFacts, installation: Installation, mailbox: Mailbox, values: dict[str, Any]
) -> None:
    change(running, values)
    assert send(installation) == 0
    assert mailbox.taken == []


@pytest.mark.parametrize("values", FORBIDDEN)
def test_twin_without_the_condition_it_would(
    without_permission: None, running: ParticipationFacts, installation: Installation, values: dict[str, Any]
) -> None:
    change(running, values)
    assert send(installation) == 3


def test_mail_goes_out_once_it_is_allowed(
    running: ParticipationFacts, installation: Installation, clock: FixedClock
) -> None:
    change(running, {"sending": "off"})
    assert send(installation) == 0
    with db.write() as connection:
        allow_sending(connection, running.id, Act(clock(), "coordinator", "sending_allowed"))
    assert send(installation) == 3
    assert send(installation) == 0


def test_another_participation_is_not_held_up(
    running: ParticipationFacts, installation: Installation, clock: FixedClock
) -> None:
    start_wave(installation.keys, clock(), {"zoco": 2}, region="drechtsteden")
    change(running, {"paused": True})
    assert send(installation) == 2
