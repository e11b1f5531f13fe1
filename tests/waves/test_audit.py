from datetime import timedelta

from flask import Flask

from aoj_survey.db import db
from aoj_survey.waves import Act, list_acts, record_act
from tests.factories import MOMENT, make_participation


def test_acts_are_told_newest_first_and_per_participation(app: Flask) -> None:
    first = Act(MOMENT, "coordinator", "One person was added in the role ib.")
    second = Act(MOMENT + timedelta(days=1), "coordinator", "The second reminder was moved to 26 May.")
    with db.write() as connection:
        place, other = make_participation(connection), make_participation(connection, region_code="over")
        record_act(connection, place, first)
        record_act(connection, place, second)
    with db.read() as connection:
        assert list_acts(connection, place) == (second, first)
        assert list_acts(connection, other) == ()
