"""Sending: exactly once, sealed, with the draft gone, whatever is tried at the same moment."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from aoj_survey.db import db
from aoj_survey.errors import AnswersError
from aoj_survey.invitations import Invitation, find_invitation
from aoj_survey.keys import KeyDirectory
from aoj_survey.responses import (
    Ballot,
    Draft,
    DraftContent,
    Outcome,
    count_ballots,
    keep_draft,
    open_ballot,
    submit,
)
from tests.conftest import FixedClock
from tests.staging import ANSWERS, list_people, send, start_wave


@pytest.fixture
def facts(app: Flask, keys: KeyDirectory, clock: FixedClock):  # noqa: ANN201
    return start_wave(keys, clock(), {"ib": 30})


def count(table: type[Ballot] | type[Draft]) -> int:
    with db.read() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_sent_answers_lie_sealed_in_the_box_and_the_draft_is_gone(facts, keys, clock) -> None:  # noqa: ANN001
    person = list_people(keys, facts)[0]
    with db.write() as connection:
        keep_draft(connection, person.token, facts.id, DraftContent(ANSWERS))
    assert send(person, ANSWERS, clock()) == "sent"
    with db.read() as connection:
        ballot = connection.execute(select(Ballot.ciphertext)).scalar_one()
        found = find_invitation(connection, person.token)
    assert found is not None and (found.status, found.started) == ("done", True)
    payload = open_ballot(keys.box(facts.id), facts.id, ballot)
    assert (payload.answers, payload.class_code) == (ANSWERS, "ib")
    assert count(Draft) == 0
