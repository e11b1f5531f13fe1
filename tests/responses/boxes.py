"""Ballot boxes on stage: filled by invented people, closed, approved, opened; and what the database then holds."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update

from aoj_survey.db import db
from aoj_survey.fieldwork import close_participation, start_participation
from aoj_survey.keys import KeyDirectory
from aoj_survey.questionnaire import Answers
from aoj_survey.responses import Ballot, Opening, Response, approve_opening, open_box
from aoj_survey.waves import Participation, ParticipationFacts, Stratum, read_participation
from tests.conftest import FixedClock
from tests.staging import ANSWERS, QUESTIONNAIRES, Person, list_people, make_plan, plan_wave, send

PEOPLE = ("Verzonnen Een", "Verzonnen Twee")
POLICY: Answers = {"overleg": "ja", "jaren": 9, "regie": "ja", "cijfer": 5}
"""Complete answers of somebody of policy."""


def count_rows(table: Any) -> int:
    """How many rows a table holds."""
    with db.read() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def fill_box(
    keys: KeyDirectory, facts: ParticipationFacts, now: datetime, answered: int, answers: Answers = ANSWERS
) -> list[Person]:
    """Let the first `answered` people on the list send the same answers; return them."""
    people = list_people(keys, facts)[:answered]
    for person in people:
        assert send(person, answers, now) == "sent"
    return people


def close(facts: ParticipationFacts, now: datetime) -> ParticipationFacts:
    """Close a participation and return it as it is then."""
    with db.write() as connection:
        close_participation(connection, facts, now)
        return read_participation(connection, facts.id)


def approve(facts: ParticipationFacts, people: Sequence[str] = PEOPLE) -> None:
    """Let people approve the opening."""
    with db.write() as connection:
        for person in people:
            approve_opening(connection, facts.id, person)


def open_now(keys: KeyDirectory, facts: ParticipationFacts, now: datetime) -> int:
    """Open a box in a transaction of its own."""
    with db.write() as connection:
        return open_box(connection, keys, facts, now)


def close_and_open(keys: KeyDirectory, facts: ParticipationFacts, now: datetime) -> ParticipationFacts:
    """Close, approve and open; return the participation as it is then."""
    closed = close(facts, now)
    approve(closed)
    open_now(keys, closed, now)
    return reread(facts.id)


def reread(participation: UUID) -> ParticipationFacts:
    """The participation as it is now."""
    with db.read() as connection:
        return read_participation(connection, participation)


def snapshot() -> dict[str, list[str]]:
    """Everything in the database: rows by table, in an order that does not depend on storage."""
    with db.read() as connection:
        return {
            table.name: sorted(repr(tuple(row)) for row in connection.execute(select(table)))
            for table in db.metadata.sorted_tables
        }


def read_rows(table: Any) -> list[dict[str, Any]]:
    """All rows of a table, as a backup would hold them."""
    with db.read() as connection:
        return [dict(row._mapping) for row in connection.execute(select(table.__table__))]


def restore_rows(table: Any, rows: Sequence[dict[str, Any]]) -> None:
    """Put rows of a backup back."""
    with db.write() as connection:
        connection.execute(insert(table), list(rows))


def restore_box(facts: ParticipationFacts, ballots: Sequence[dict[str, Any]]) -> None:
    """Bring the tables back to what they were between close and opening."""
    with db.write() as connection:
        for table in (Response, Stratum, Opening):
            connection.execute(delete(table))
        connection.execute(update(Participation).where(Participation.id == facts.id).values(status="closed"))
    restore_rows(Ballot, ballots)


def make_small(
    keys: KeyDirectory, clock: FixedClock, region: str, answered: int, role: str = "ib"
) -> ParticipationFacts:
    """A closed, approved participation with a few ballots; people of policy have another questionnaire."""
    plan = make_plan(clock(), {role: 12}, region=region)
    if role == "beleid_gem":
        plan = replace(plan, questionnaires={role: ("beleid", "1")})
    with db.write() as connection:
        facts = plan_wave(connection, keys, plan, {role: 12})
        start_participation(connection, facts, QUESTIONNAIRES, clock())
        facts = read_participation(connection, facts.id)
    for person in list_people(keys, facts)[:answered]:
        assert send(person, POLICY if role == "beleid_gem" else ANSWERS, clock()) == "sent"
    closed = close(facts, clock())
    approve(closed)
    return closed
