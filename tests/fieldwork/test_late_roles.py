"""People added while the fieldwork runs, in roles that nobody had at the start."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import Connection, select

from aoj_survey.db import db
from aoj_survey.errors import FrameError
from aoj_survey.fieldwork import close_participation, start_participation
from aoj_survey.invitations import (
    FrameRow,
    add_person,
    correct_person,
    count_invited,
    import_frame,
    read_frame,
    withdraw_person,
)
from aoj_survey.invitations import list_people as list_on_page
from aoj_survey.keys import KeyDirectory
from aoj_survey.questionnaire import ROLES
from aoj_survey.responses import approve_opening, open_box, read_responses, read_strata
from aoj_survey.waves import ParticipationFacts, StoredCaptureClass, read_participation
from tests.conftest import FixedClock
from tests.responses.boxes import read_rows
from tests.staging import ANSWERS, QUESTIONNAIRES, list_people, make_plan, plan_wave, send

LATE = b"e-mail,role,organisation,language\npost@late.example,zoco,Verzonnen College,nl\n"


@pytest.fixture
def facts(app: Flask, keys: KeyDirectory, clock: FixedClock) -> ParticipationFacts:
    """Twelve people of one role on the list; another role has a questionnaire, and nobody yet."""
    plan = make_plan(clock(), {"ib": 12, "zoco": 0})
    with db.write() as connection:
        planned = plan_wave(connection, keys, plan, {"ib": 12})
        start_participation(connection, planned, QUESTIONNAIRES, clock())
        return read_participation(connection, planned.id)


def add_late(keys: KeyDirectory, facts: ParticipationFacts, content: bytes = LATE) -> None:
    with db.write() as connection:
        import_frame(connection, keys, facts.id, read_frame(content, ROLES, ("nl", "en")))


def open_after_the_close(keys: KeyDirectory, facts: ParticipationFacts, clock: FixedClock) -> None:
    with db.write() as connection:
        close_participation(connection, facts, clock())
        for person in ("Verzonnen Een", "Verzonnen Twee"):
            approve_opening(connection, facts.id, person)
    with db.write() as connection:
        open_box(connection, keys, read_participation(connection, facts.id), clock())


def test_a_role_with_a_questionnaire_has_a_class_from_the_start(facts: ParticipationFacts) -> None:
    with db.read() as connection:
        rows = connection.execute(select(StoredCaptureClass.role, StoredCaptureClass.class_code)).all()
    assert {row.role: row.class_code for row in rows} == {"ib": "ib", "zoco": "ib"}


def test_who_is_added_late_answers_like_the_others(
    keys: KeyDirectory, facts: ParticipationFacts, clock: FixedClock
) -> None:
    add_late(keys, facts)
    people = list_people(keys, facts)
    assert {send(person, ANSWERS, clock()) for person in people} == {"sent"}
    open_after_the_close(keys, facts, clock)
    with db.read() as connection:
        (stratum,) = read_strata(connection, facts.id)
        responses = read_responses(connection, facts.id)
    assert (stratum.roles, stratum.invited, stratum.answered) == (("ib", "zoco"), 13, 13)
    assert len(responses) == 13


def test_a_role_that_nobody_came_to_have_is_in_no_stratum(
    keys: KeyDirectory, facts: ParticipationFacts, clock: FixedClock
) -> None:
    for person in list_people(keys, facts):
        send(person, ANSWERS, clock())
    open_after_the_close(keys, facts, clock)
    with db.read() as connection:
        (stratum,) = read_strata(connection, facts.id)
    assert stratum.roles == ("ib",)


def test_a_role_without_questionnaire_is_refused_by_row_and_nobody_is_added(
    keys: KeyDirectory, facts: ParticipationFacts
) -> None:
    content = LATE + b"post@other.example,swv,Verzonnen Verband,nl\n"
    with pytest.raises(FrameError, match="row 3, column role: This role has no questionnaire"):
        add_late(keys, facts, content)
    assert len(list_people(keys, facts)) == 12


def change_the_list(connection: Connection, keys: KeyDirectory, facts: ParticipationFacts) -> None:
    """Add somebody in either role, correct somebody's role, take somebody off."""
    row = FrameRow("post@late.example", "zoco", "Verzonnen College", "nl")
    for role in ("zoco", "ib"):
        add_person(connection, keys, facts.id, replace(row, role=role, address=f"{role}@late.example"))
    first, second, *_ = list_on_page(connection, keys, facts.id)
    correct_person(connection, keys, facts.id, first.id, replace(first.row, role="zoco"))
    withdraw_person(connection, facts.id, second.id, "ineligible")


def test_the_counts_per_class_are_frozen_at_the_start_whatever_becomes_of_the_list(
    keys: KeyDirectory, facts: ParticipationFacts, clock: FixedClock
) -> None:
    frozen = [(row["role"], row["class_code"], row["invited"]) for row in read_rows(StoredCaptureClass)]
    assert sorted(frozen) == [("ib", "ib", 12), ("zoco", "ib", 0)]
    with db.write() as connection:
        change_the_list(connection, keys, facts)
        assert count_invited(connection, facts.id) == {"ib": 11, "zoco": 2}
        close_participation(connection, facts, clock())
    after = [(row["role"], row["class_code"], row["invited"]) for row in read_rows(StoredCaptureClass)]
    assert after == frozen
