"""Reminders on the day the region wants: later, never past the next mail or the last day."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from aoj_survey.db import db
from aoj_survey.errors import PluginError
from aoj_survey.hooks import Hooks
from aoj_survey.keys import KeyDirectory
from aoj_survey.regions import add_region, enable_module
from aoj_survey.waves import KINDS, Plan, plan_participation, read_moments
from tests.conftest import FixedClock
from tests.hooks.modules import load
from tests.staging import ZONE, make_plan

LATER = """
@hookimpl
def aoj_reminder_day(proposed, number, region):
    return proposed + timedelta(days={days}) if number in {numbers} else None
"""


@pytest.fixture
def plan(app: Flask, clock: FixedClock) -> Plan:
    """Reminders 8 and 16 days after the first day, the last day being 32 days after it."""
    with db.write() as connection:
        add_region(connection, "rijnmeer", "Rijnmeer")
        enable_module(connection, "rijnmeer", "own")
    return make_plan(clock(), {"ib": 1})


def find_days(keys: KeyDirectory, plan: Plan, hooks: Hooks) -> list[int]:
    """Days from the first day to each mail."""
    with db.write() as connection:
        moments = read_moments(connection, plan_participation(connection, keys, plan, hooks))
    return [(moments[kind].astimezone(ZONE).date() - plan.first_day).days for kind in KINDS]


@pytest.mark.parametrize(
    ("days", "numbers", "expected"),
    [
        (3, (1, 2), [0, 11, 19]),
        (1, (1,), [0, 9, 16]),
        (2, (1,), [0, 8, 16]),
        (7, (1, 2), [0, 15, 23]),
        (8, (1, 2), [0, 8, 16]),
        (5, (2,), [0, 8, 21]),
    ],
)
def test_reminders_move_within_bounds(
    days: int,
    numbers: tuple[int, ...],
    expected: list[int],
    plan: Plan,
    keys: KeyDirectory,
    tmp_path: Path,
) -> None:
    assert find_days(keys, plan, load(tmp_path, own=LATER.format(days=days, numbers=numbers))) == expected


def test_the_first_reminder_stays_a_week_before_the_second(
    plan: Plan, keys: KeyDirectory, tmp_path: Path
) -> None:
    later = dict(plan.moments)
    later["second_reminder"] += timedelta(days=3)
    near = replace(plan, moments=later)
    assert find_days(keys, near, load(tmp_path, own=LATER.format(days=4, numbers=(1,)))) == [0, 12, 19]
    assert find_days(
        keys, replace(near, wave="2027"), load(tmp_path / "b", own=LATER.format(days=5, numbers=(1,)))
    ) == [*(0, 8, 19)]


def test_a_reminder_keeps_its_time_of_day_over_a_change_of_the_clock(
    app: Flask, keys: KeyDirectory, tmp_path: Path
) -> None:
    with db.write() as connection:
        add_region(connection, "rijnmeer", "Rijnmeer")
        enable_module(connection, "rijnmeer", "own")
    first = datetime(2026, 10, 12, 9, 0, tzinfo=ZONE)
    hooks = load(tmp_path, own=LATER.format(days=7, numbers=(1, 2)))
    plan = make_plan(first, {"ib": 1})
    with db.write() as connection:
        moments = read_moments(connection, plan_participation(connection, keys, plan, hooks))
    moved = moments["first_reminder"].astimezone(ZONE)
    assert (moved.date(), moved.hour) == (date(2026, 10, 27), 9)


def test_a_module_that_fails_stops_the_plan(plan: Plan, keys: KeyDirectory, tmp_path: Path) -> None:
    broken = "@hookimpl\ndef aoj_reminder_day():\n    return 1 / 0"
    with pytest.raises(PluginError, match="own failed in aoj_reminder_day"), db.write() as connection:
        plan_participation(connection, keys, plan, load(tmp_path, own=broken))
