"""Which roles the opening joins: foreseen as it then does, and before the close by the list alone."""

from collections.abc import Mapping
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import Connection, func, select, update

from aoj_survey.db import db
from aoj_survey.invitations import Invitation
from aoj_survey.tracking import Join, foresee_joins
from aoj_survey.waves import ParticipationFacts, read_participation
from tests.conftest import FixedClock
from tests.factories import (
    make_capture_class,
    make_final_count,
    make_invitation,
    make_participation,
    make_stratum,
)

INVITED = {"ib": 138, "zoco": 29, "jeugdhulp": 9, "beleid_gem": 8, "swv": 9}
DONE_2015 = {"ib": 59, "zoco": 14, "jeugdhulp": 5, "beleid_gem": 4, "swv": 9}
BELEID = ("beleid_gem", "swv")


def make_counted(
    connection: Connection, done: Mapping[str, int], *, status: str = "closed"
) -> ParticipationFacts:
    place = make_participation(connection, status=status, closed_at=FixedClock()())
    for role, number in INVITED.items():
        make_capture_class(connection, place, class_code=role, role=role)
        make_final_count(connection, place, role=role, invited=number, done=done[role])
    return read_participation(connection, place)


def test_the_example_of_2015_joins_policy_and_prints_what_the_table_prints(sqlite_app: Flask) -> None:
    with db.write() as connection:
        found = foresee_joins(connection, make_counted(connection, DONE_2015), 5)
    assert found == (Join("beleid", BELEID, {"beleid_gem": 4, "swv": 9}),)


@pytest.mark.parametrize("few", [0, 2])
def test_a_number_that_the_table_hides_is_not_printed_here_either(sqlite_app: Flask, few: int) -> None:
    with db.write() as connection:
        found = foresee_joins(connection, make_counted(connection, DONE_2015 | {"beleid_gem": few}), 5)
    assert [join.done for join in found if "beleid_gem" in join.roles] == [{}]


def test_nothing_is_joined_where_each_role_has_enough(sqlite_app: Flask) -> None:
    with db.write() as connection:
        facts = make_counted(connection, dict.fromkeys(INVITED, 5))
        assert foresee_joins(connection, facts, 5) == ()
        assert foresee_joins(connection, facts, 8) != ()


def test_after_the_opening_it_tells_what_was_joined(sqlite_app: Flask) -> None:
    with db.write() as connection:
        facts = make_counted(connection, DONE_2015, status="opened")
        make_stratum(connection, facts.id, code="ib", roles="ib", invited=138, answered=59)
        make_stratum(connection, facts.id, code="beleid", roles="beleid_gem swv", invited=17, answered=13)
        assert foresee_joins(connection, facts, 5) == (Join("beleid", BELEID, {"beleid_gem": 4, "swv": 9}),)


def invite(connection: Connection, place: UUID, role: str, number: int) -> None:
    for _ in range(number):
        make_invitation(connection, place, role=role)


def look_before_the_close() -> tuple[Join, ...]:
    """What is foreseen while people can answer, which is the same after everybody of a role did."""
    with db.write() as connection:
        place = make_participation(connection, status="running")
        for role, number in (("ib", 12), ("beleid_gem", 6), ("swv", 9)):
            make_capture_class(connection, place, class_code=role, role=role)
            invite(connection, place, role, number)
        facts = read_participation(connection, place)
        before = foresee_joins(connection, facts, 5)
        everybody = update(Invitation).where(Invitation.participation_id == place, Invitation.role != "ib")
        connection.execute(everybody.values(status="done"))
        assert foresee_joins(connection, facts, 5) == before, "it tells who is done"
        return before


def test_before_the_close_nothing_depends_on_who_is_done(sqlite_app: Flask) -> None:
    assert [(join.code, join.roles, join.done) for join in look_before_the_close()] == [
        ("beleid", BELEID, {})
    ]


def test_twin_a_forecast_by_who_is_not_done_yet_is_noticed(
    sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def count_open(connection: Connection, place: UUID) -> dict[str, int]:
        rows = connection.execute(
            select(Invitation.role, func.count())
            .where(Invitation.participation_id == place, Invitation.status == "open")
            .group_by(Invitation.role)
        )
        return {row[0]: row[1] for row in rows}

    monkeypatch.setattr("aoj_survey.tracking.joins.count_asked", count_open)
    with pytest.raises(AssertionError, match="who is done"):
        look_before_the_close()
