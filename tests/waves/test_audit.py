from datetime import timedelta
from pathlib import Path

from flask import Flask

from aoj_survey.db import db
from aoj_survey.waves import Act, find_last_time, list_acts, record_act
from aoj_survey.waves.audit import read_values
from tests.factories import MOMENT, make_participation

SAMPLES = Path(__file__).parent.parent / "samples"


def test_the_stored_sample_is_read_for_ever() -> None:
    assert read_values((SAMPLES / "act-1.json").read_text()) == {
        "kind": "second_reminder",
        "moment": "2026-05-26 09:00",
    }


def test_acts_are_told_newest_first_and_per_participation(app: Flask) -> None:
    first = Act(MOMENT, "coordinator", "list_put_in", {"rows": 12, "people": 10})
    second = Act(MOMENT + timedelta(days=1), "coordinator", "told", {"words": "moved the tweede, à 100 %"})
    with db.write() as connection:
        place, other = make_participation(connection), make_participation(connection, region_code="over")
        record_act(connection, place, first)
        record_act(connection, place, second)
    with db.read() as connection:
        assert list_acts(connection, place) == (second, first)
        assert list_acts(connection, other) == ()
        assert find_last_time(connection, place, "list_put_in") == MOMENT
        assert find_last_time(connection, other, "list_put_in") is None
