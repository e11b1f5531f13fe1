"""Regions: added once, never overwritten."""

import pytest
from flask import Flask
from sqlalchemy import select

from aoj_survey.authoring.codes import make_code
from aoj_survey.db import db
from aoj_survey.errors import NotFoundError, StateError
from aoj_survey.questionnaire import MAX_REGION
from aoj_survey.regions import Region, add_region, find_school_area, set_school_area


def test_a_region_is_added_once_and_never_overwritten(app: Flask) -> None:
    with db.write() as connection:
        assert add_region(connection, "rijnmeer", "Rijnmeer")
        assert not add_region(connection, "rijnmeer", "Anders", "Atlantic/Azores")
        rows = connection.execute(select(Region.code, Region.name, Region.time_zone)).all()
    assert [tuple(row) for row in rows] == [("rijnmeer", "Rijnmeer", "Europe/Amsterdam")]


@pytest.mark.parametrize("zone", ["Europe/Rijnmeer", "", "../etc/passwd", "/etc/localtime"])
def test_a_time_zone_that_does_not_exist_is_refused(app: Flask, zone: str) -> None:
    with pytest.raises(StateError, match="time zone"), db.write() as connection:
        add_region(connection, "rijnmeer", "Rijnmeer", zone)


def test_the_longest_code_of_a_region_leaves_room_for_questions_of_its_own(app: Flask) -> None:
    with db.write() as connection:
        assert add_region(connection, "r" * MAX_REGION, "Rijnmeer")
    assert make_code("wat vindt u", (), prefix="r" * MAX_REGION + "_").startswith("r" * MAX_REGION + "_wat")


@pytest.mark.parametrize(
    "code", ["", "../rijnmeer", "Rijnmeer", "rijn meer", "r" * 21, "rijnmeer\n", "-r", "2rijnmeer"]
)
def test_a_code_that_cannot_be_a_name_of_files_and_addresses_is_refused(app: Flask, code: str) -> None:
    with pytest.raises(StateError, match="code"), db.write() as connection:
        add_region(connection, code, "Rijnmeer")


def test_a_region_lies_in_a_school_area_once_somebody_says_so(sqlite_app: Flask) -> None:
    with db.write() as connection:
        add_region(connection, "rijnmeer", "Rijnmeer")
        add_region(connection, "oudeland", "Oudeland", school_area="zuid")
        assert find_school_area(connection, "rijnmeer") == ""
        assert find_school_area(connection, "oudeland") == "zuid"
        set_school_area(connection, "rijnmeer", "noord")
        assert find_school_area(connection, "rijnmeer") == "noord"
        assert find_school_area(connection, "nergens") == ""


def test_there_are_three_school_areas_and_no_others(sqlite_app: Flask) -> None:
    with pytest.raises(StateError, match="There are: noord, midden, zuid"), db.write() as connection:
        add_region(connection, "rijnmeer", "Rijnmeer", school_area="oost")
    with pytest.raises(StateError, match="no school area 'oost'"), db.write() as connection:
        set_school_area(connection, "rijnmeer", "oost")
    with pytest.raises(NotFoundError, match="There is no region nergens"), db.write() as connection:
        set_school_area(connection, "nergens", "zuid")
