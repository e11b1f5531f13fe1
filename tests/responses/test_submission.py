"""Sending: exactly once, sealed, with the draft gone, whatever is tried at the same moment."""

import threading
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from aoj_survey.db import db
from aoj_survey.errors import AnswersError, StateError
from aoj_survey.fieldwork import close_participation
from aoj_survey.invitations import Invitation, InvitationFacts, find_invitation
from aoj_survey.keys import KeyDirectory
from aoj_survey.questionnaire import Answers
from aoj_survey.responses import (
    Ballot,
    Draft,
    DraftContent,
    Outcome,
    count_ballots,
    keep_draft,
    open_ballot,
    read_draft,
    submit,
)
from aoj_survey.waves import FinalCount, ParticipationFacts
from tests.conftest import FixedClock
from tests.responses.boxes import close, count_rows, snapshot
from tests.staging import ANSWERS, Person, list_people, send, start_wave


@pytest.fixture
def facts(app: Flask, keys: KeyDirectory, clock: FixedClock) -> ParticipationFacts:
    return start_wave(keys, clock(), {"ib": 12})


@pytest.fixture
def person(facts: ParticipationFacts, keys: KeyDirectory) -> Person:
    return list_people(keys, facts)[0]


def find(person: Person) -> InvitationFacts:
    with db.read() as connection:
        found = find_invitation(connection, person.token)
    assert found is not None
    return found


def open_only_ballot(keys: KeyDirectory, facts: ParticipationFacts) -> tuple[Answers, str, str]:
    with db.read() as connection:
        ballot = connection.execute(select(Ballot.ciphertext)).scalar_one()
    payload = open_ballot(keys.box(facts.id), facts.id, ballot)
    return payload.answers, payload.class_code, payload.instrument


def test_sent_answers_lie_sealed_in_the_box_and_the_draft_is_gone(
    facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock, person: Person
) -> None:
    with db.write() as connection:
        keep_draft(connection, person.token, facts.id, DraftContent(ANSWERS))
    assert send(person, ANSWERS, clock()) == "sent"
    found = find(person)
    assert (found.status, found.started) == ("done", True)
    assert open_only_ballot(keys, facts) == (ANSWERS, "ib", found.instrument_digest)
    assert count_rows(Draft) == 0


def test_only_the_own_draft_goes(
    facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock, person: Person
) -> None:
    other = list_people(keys, facts)[1]
    with db.write() as connection:
        keep_draft(connection, other.token, facts.id, DraftContent(ANSWERS))
    send(person, ANSWERS, clock())
    with db.read() as connection:
        assert read_draft(connection, other.token, facts.id) == DraftContent(ANSWERS)


def test_answers_off_the_path_are_not_sent(
    facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock, person: Person
) -> None:
    send(person, {**ANSWERS, "afspraken": "ja", "visie_hoe": "Nooit verzonden."}, clock())
    assert open_only_ballot(keys, facts)[0] == ANSWERS


def test_a_second_time_is_friendly_and_writes_nothing(
    facts: ParticipationFacts, clock: FixedClock, person: Person
) -> None:
    assert send(person, ANSWERS, clock()) == "sent"
    before = snapshot()
    assert send(person, {**ANSWERS, "cijfer": 1}, clock()) == "already"
    assert snapshot() == before


def test_a_withdrawn_invitation_cannot_be_used(
    facts: ParticipationFacts, clock: FixedClock, person: Person
) -> None:
    with db.write() as connection:
        connection.execute(
            update(Invitation).where(Invitation.id == person.invitation).values(status="withdrawn")
        )
    assert send(person, ANSWERS, clock()) == "already"
    assert count_rows(Ballot) == 0


@pytest.mark.parametrize(("days", "outcome"), [(-1, "closed"), (32, "sent"), (33, "closed")])
def test_outside_the_window_nothing_is_taken(
    facts: ParticipationFacts, clock: FixedClock, person: Person, days: int, outcome: Outcome
) -> None:
    assert send(person, ANSWERS, clock() + timedelta(days=days)) == outcome
    assert count_rows(Ballot) == (outcome == "sent")


def test_the_last_second_counts_and_the_next_does_not(
    facts: ParticipationFacts, keys: KeyDirectory, person: Person
) -> None:
    other = list_people(keys, facts)[1]
    assert send(person, ANSWERS, facts.closes_at - timedelta(seconds=1)) == "sent"
    assert send(other, ANSWERS, facts.closes_at) == "closed"


def test_after_an_early_close_nothing_is_taken(
    facts: ParticipationFacts, clock: FixedClock, person: Person
) -> None:
    close(facts, clock())
    assert send(person, ANSWERS, clock()) == "closed"
    assert count_rows(Ballot) == 0


@pytest.mark.parametrize(
    "answers",
    [
        {"onbekend": "ja"},
        {**ANSWERS, "cijfer": 11},
        {**ANSWERS, "taken": "misschien"},
        {**ANSWERS, "jaren": "4"},
        {"overleg": "ja", "sturing": ("visie", "visie")},
        {"overleg": "ja", "sturing": ("visie",), "visie_hoe": "x" * 5000},
    ],
)
def test_answers_that_are_none_are_refused_and_nothing_is_written(
    facts: ParticipationFacts, clock: FixedClock, person: Person, answers: Answers
) -> None:
    before = snapshot()
    with pytest.raises(AnswersError):
        send(person, answers, clock())
    assert snapshot() == before


@pytest.mark.parametrize("missing", ["instrument_digest", "class_code"])
def test_a_role_without_questionnaire_or_class_is_named(
    facts: ParticipationFacts, clock: FixedClock, person: Person, missing: str
) -> None:
    lacking: dict[str, Any] = {missing: None}
    with pytest.raises(StateError, match="role ib"), db.write() as connection:
        submit(connection, person.token, replace(find(person), **lacking), ANSWERS, clock())


def test_a_failure_after_the_mark_takes_the_mark_back(
    facts: ParticipationFacts, clock: FixedClock, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError

    with db.write() as connection:
        keep_draft(connection, person.token, facts.id, DraftContent(ANSWERS))
    before = snapshot()
    monkeypatch.setattr("aoj_survey.responses.submission.delete_draft", fail)
    with pytest.raises(RuntimeError):
        send(person, ANSWERS, clock())
    assert snapshot() == before


def test_two_devices_at_the_same_moment_send_once(
    app: Flask, facts: ParticipationFacts, clock: FixedClock, person: Person
) -> None:
    outcomes: list[Outcome] = []
    together = threading.Barrier(2)

    def send_from_a_device() -> None:
        with app.app_context():
            together.wait(20)
            outcomes.append(send(person, ANSWERS, clock()))

    run_together([send_from_a_device, send_from_a_device])
    assert Counter(outcomes) == {"sent": 1, "already": 1}
    assert count_rows(Ballot) == 1


def test_an_answer_sent_during_the_close_is_counted_or_refused(
    app: Flask, facts: ParticipationFacts, clock: FixedClock, person: Person
) -> None:
    """Neither may happen: a ballot that the frozen counts miss (the box could never be opened), or the reverse."""
    found, going = threading.Event(), threading.Event()
    outcomes: list[Outcome] = []

    def send_slowly() -> None:
        with app.app_context(), db.write() as connection:
            invitation = find_invitation(connection, person.token, for_update=True)
            assert invitation is not None
            found.set()
            going.wait(1)
            outcomes.append(submit(connection, person.token, invitation, ANSWERS, clock()))

    def close_meanwhile() -> None:
        with app.app_context():
            assert found.wait(20)
            with db.write() as connection:
                close_participation(connection, facts, clock())
            going.set()

    run_together([send_slowly, close_meanwhile])
    assert outcomes in (["sent"], ["closed"])
    assert final_done(facts) == count_rows(Ballot) == outcomes.count("sent")


def check_close_waits(app: Flask, facts: ParticipationFacts, clock: FixedClock, person: Person) -> None:
    """Close while an answer is on its way: the frozen count and the box must agree."""
    sent, closing = threading.Event(), threading.Event()

    def send_slowly() -> None:
        with app.app_context(), db.write() as connection:
            invitation = find_invitation(connection, person.token, for_update=True)
            assert invitation is not None
            assert submit(connection, person.token, invitation, ANSWERS, clock()) == "sent"
            sent.set()
            closing.wait(1)

    def close_meanwhile() -> None:
        with app.app_context():
            assert sent.wait(20)
            with db.write() as connection:
                close_participation(connection, facts, clock())
            closing.set()

    run_together([send_slowly, close_meanwhile])
    assert final_done(facts) == count_rows(Ballot) == 1


def test_a_close_waits_for_an_answer_that_is_being_sent(
    app: Flask, facts: ParticipationFacts, clock: FixedClock, person: Person
) -> None:
    check_close_waits(app, facts, clock, person)


def test_twin_without_holding_the_participation_the_count_misses_a_ballot(
    postgresql_app: Flask, tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On PostgreSQL; on SQLite writers wait for each other anyway."""
    monkeypatch.setattr("aoj_survey.responses.submission.hold_running", lambda *_: True)
    keys = KeyDirectory(tmp_path / "keys")
    facts = start_wave(keys, clock(), {"ib": 12})
    with pytest.raises(AssertionError):
        check_close_waits(postgresql_app, facts, clock, list_people(keys, facts)[0])


def test_ballots_are_counted_per_participation(
    facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock, person: Person
) -> None:
    other = start_wave(keys, clock(), {"ib": 6}, region="duinstreek")
    send(person, ANSWERS, clock())
    with db.read() as connection:
        assert (count_ballots(connection, facts.id), count_ballots(connection, other.id)) == (1, 0)


def final_done(facts: ParticipationFacts) -> int:
    with db.read() as connection:
        query = select(FinalCount.done).where(FinalCount.participation_id == facts.id)
        return connection.execute(query).scalar_one()


def run_together(jobs: list[Any]) -> None:
    faults: list[BaseException] = []

    def run(job: Any) -> None:
        try:
            job()
        except BaseException as fault:  # noqa: BLE001 - shown by the main thread
            faults.append(fault)

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


def test_the_moment_of_sending_is_kept_nowhere(
    facts: ParticipationFacts, clock: FixedClock, person: Person
) -> None:
    moment: datetime = clock() + timedelta(days=3, hours=2, minutes=17)
    before = {line for rows in snapshot().values() for line in rows}
    send(person, ANSWERS, moment)
    after = {line for rows in snapshot().values() for line in rows}
    assert not any("datetime" in line for line in after - before)
