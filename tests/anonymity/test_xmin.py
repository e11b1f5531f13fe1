"""Test 3: PostgreSQL notes with each row which transaction wrote it; that must link nothing."""

import json
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import Connection, insert

from aoj_survey.db import db
from aoj_survey.fieldwork import finish_openings
from aoj_survey.invitations import InvitationFacts, mark_done
from aoj_survey.keys import KeyDirectory
from aoj_survey.questionnaire import Answers
from aoj_survey.relinking import count_matches, count_neighbours, count_transactions
from aoj_survey.responses import Ballot, Outcome, Response, open_ballot
from aoj_survey.waves import ParticipationFacts
from tests.conftest import FixedClock
from tests.responses.boxes import close, close_and_open, fill_box, read_rows
from tests.staging import start_wave

PEOPLE = ("invitee", "invitation", "message")


@pytest.fixture
def facts(postgresql_app: Flask, keys: KeyDirectory, clock: FixedClock) -> ParticipationFacts:
    return start_wave(keys, clock(), {"ib": 14})


@pytest.fixture
def keys(tmp_path: Path, postgresql_app: Flask) -> KeyDirectory:
    return KeyDirectory(tmp_path / "keys")


def check_one_transaction_wrote_all(facts: ParticipationFacts) -> None:
    with db.read() as connection:
        rows, transactions = count_transactions(connection, facts.id)
        matches = [count_matches(connection, facts.id, table) for table in PEOPLE]
    assert matches == [0, 0, 0]
    assert rows == 10
    assert transactions == 1


def check_neighbours(facts: ParticipationFacts) -> None:
    """Expect no invitation whose transaction lies as near to that of a response as a savepoint would."""
    with db.read() as connection:
        assert count_neighbours(connection, facts.id) == 0


def test_opened_responses_share_no_transaction_with_people(
    facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    fill_box(keys, facts, clock(), 10)
    close_and_open(keys, facts, clock())
    check_one_transaction_wrote_all(facts)
    check_neighbours(facts)


def test_nor_after_the_rewrite_of_the_tables(
    facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    fill_box(keys, facts, clock(), 10)
    close_and_open(keys, facts, clock())
    assert finish_openings(db, keys, clock())
    check_one_transaction_wrote_all(facts)
    check_neighbours(facts)


def test_a_sealed_ballot_does_share_its_transaction_which_is_why_it_is_sealed(
    facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    fill_box(keys, facts, clock(), 10)
    with db.read() as connection:
        assert count_matches(connection, facts.id, "invitation", answers="ballot") == 10


# Twins: answers stored readable by the transaction that marks the invitation done


def store_plainly(
    connection: Connection, _token: str, invitation: InvitationFacts, answers: Answers, _now: datetime
) -> Outcome:
    """Send the way a plain survey would."""
    assert mark_done(connection, invitation.id)
    insert_plainly(connection, invitation, answers)
    return "sent"


def store_after_a_savepoint(
    connection: Connection, _token: str, invitation: InvitationFacts, answers: Answers, _now: datetime
) -> Outcome:
    """Send plainly, with a savepoint in between: another number, but the next one."""
    assert mark_done(connection, invitation.id)
    with connection.begin_nested():
        insert_plainly(connection, invitation, answers)
    return "sent"


def insert_plainly(connection: Connection, invitation: InvitationFacts, answers: Answers) -> None:
    content = json.dumps({"format": 1, "instruments": [], "answers": answers})
    place = invitation.participation.id
    connection.execute(
        insert(Response).values(id=uuid4(), participation_id=place, stratum="ib", content=content)
    )


def rewrite() -> None:
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM (FULL, FREEZE) response")
        connection.exec_driver_sql("VACUUM (FULL, FREEZE) invitation")


@pytest.mark.parametrize("rewritten", [False, True])
def test_twin_answers_stored_plainly_are_matched_even_after_a_rewrite(
    facts: ParticipationFacts,
    keys: KeyDirectory,
    clock: FixedClock,
    monkeypatch: pytest.MonkeyPatch,
    rewritten: bool,
) -> None:
    monkeypatch.setattr("tests.staging.submit", store_plainly)
    fill_box(keys, facts, clock(), 10)
    close(facts, clock())
    if rewritten:
        rewrite()
    with db.read() as connection:
        assert count_matches(connection, facts.id, "invitation") == 10
    with pytest.raises(AssertionError):
        check_one_transaction_wrote_all(facts)


def test_twin_a_savepoint_in_between_gives_a_neighbouring_number(
    facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.staging.submit", store_after_a_savepoint)
    fill_box(keys, facts, clock(), 10)
    with pytest.raises(AssertionError):
        check_neighbours(facts)


def test_twin_responses_written_one_by_one_are_no_single_transaction(
    facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    fill_box(keys, facts, clock(), 10)
    for row in read_rows(Ballot):
        payload = open_ballot(keys.box(facts.id), facts.id, row["ciphertext"])
        with db.write() as connection:
            content = json.dumps({"format": 1, "instruments": [], "answers": payload.answers})
            connection.execute(
                insert(Response).values(id=uuid4(), participation_id=facts.id, stratum="ib", content=content)
            )
    with pytest.raises(AssertionError):
        check_one_transaction_wrote_all(facts)
