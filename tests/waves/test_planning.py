"""Planning: a window in local days, a questionnaire per role, three moments, keys; or a refusal that says why."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from aoj_survey.db import db
from aoj_survey.errors import NotFoundError, StateError
from aoj_survey.keys import KeyDirectory
from aoj_survey.regions import add_region
from aoj_survey.waves import (
    KINDS,
    Participation,
    Plan,
    RoleInstrument,
    Wave,
    plan_participation,
    read_moments,
    read_participation,
    role_digests,
)
from tests.conftest import FixedClock
from tests.responses.boxes import snapshot
from tests.staging import WIDTHS, make_plan


@pytest.fixture
def plan(app: Flask, clock: FixedClock) -> Plan:
    with db.write() as connection:
        add_region(connection, "rijnmeer", "Rijnmeer")
        add_region(connection, "westereiland", "Westereiland", "Atlantic/Azores")
    return make_plan(clock(), {"ib": 1, "zoco": 1})


def test_a_plan_is_kept_as_it_was_made(plan: Plan, keys: KeyDirectory) -> None:
    with db.write() as connection:
        facts = read_participation(connection, plan_participation(connection, keys, plan))
        roles = connection.execute(select(RoleInstrument.role, RoleInstrument.questionnaire)).all()
        digests = role_digests(connection, facts.id)
    assert (facts.wave, facts.region, facts.region_name, facts.status) == (
        "2026",
        "rijnmeer",
        "Rijnmeer",
        "planned",
    )
    assert (facts.first_day, facts.last_day) == (plan.first_day, plan.last_day)
    assert (facts.ballot_size, facts.purge_on, facts.closed_at) == (None, None, None)
    assert (facts.contact_mail, facts.contact_phone) == (plan.contact_mail, plan.contact_phone)
    assert {tuple(row) for row in roles} == {("ib", WIDTHS[0]), ("zoco", WIDTHS[0])}
    assert digests == {}


def test_the_public_key_fits_the_fresh_box_key(plan: Plan, keys: KeyDirectory) -> None:
    with db.write() as connection:
        facts = read_participation(connection, plan_participation(connection, keys, plan))
    assert keys.box(facts.id).public_key().public_bytes_raw() == facts.box_public_key
    assert keys.has(facts.id, "link")
    assert keys.has(facts.id, "contact")


@pytest.mark.parametrize(
    ("region", "opens", "closes"),
    [
        ("rijnmeer", datetime(2026, 5, 3, 22, tzinfo=UTC), datetime(2026, 6, 5, 22, tzinfo=UTC)),
        ("westereiland", datetime(2026, 5, 4, tzinfo=UTC), datetime(2026, 6, 6, tzinfo=UTC)),
    ],
)
def test_days_begin_and_end_at_midnight_in_the_region(
    plan: Plan, keys: KeyDirectory, region: str, opens: datetime, closes: datetime
) -> None:
    with db.write() as connection:
        made = plan_participation(connection, keys, replace(plan, region=region))
        facts = read_participation(connection, made)
    assert (facts.opens_at, facts.closes_at) == (opens, closes)
    assert facts.last_day == date(2026, 6, 5)


def test_a_window_over_the_change_of_the_clock_keeps_its_days(plan: Plan, keys: KeyDirectory) -> None:
    first = date(2026, 10, 20)
    days = [datetime(2026, 10, 20 + number, 9) for number in (0, 3, 9)]  # noqa: DTZ001 - local to the region
    autumn = replace(
        plan, first_day=first, last_day=date(2026, 10, 31), moments=dict(zip(KINDS, days, strict=True))
    )
    with db.write() as connection:
        identity = plan_participation(connection, keys, autumn)
        facts = read_participation(connection, identity)
        moments = read_moments(connection, identity)
    assert facts.closes_at - facts.opens_at == timedelta(days=12, hours=1)
    assert [moment.hour for moment in moments.values()] == [7, 7, 8]


def test_moments_come_back_in_order_in_utc(plan: Plan, keys: KeyDirectory, clock: FixedClock) -> None:
    with db.write() as connection:
        moments = read_moments(connection, plan_participation(connection, keys, plan))
    assert moments == {kind: clock() + timedelta(days=8 * place) for place, kind in enumerate(KINDS)}
    assert list(moments) == list(KINDS)


def test_a_second_region_joins_the_same_wave(plan: Plan, keys: KeyDirectory) -> None:
    with db.write() as connection:
        plan_participation(connection, keys, plan)
        plan_participation(connection, keys, replace(plan, region="westereiland"))
        assert connection.execute(select(Wave.code)).scalars().all() == ["2026"]
        assert len(connection.execute(select(Participation.id)).all()) == 2


def test_a_region_has_one_place_in_a_wave(plan: Plan, keys: KeyDirectory) -> None:
    with db.write() as connection:
        plan_participation(connection, keys, plan)
    with pytest.raises(StateError, match="already has a place"), db.write() as connection:
        plan_participation(connection, keys, plan)


def test_an_unknown_region_is_named_with_what_to_do(plan: Plan, keys: KeyDirectory) -> None:
    with pytest.raises(NotFoundError, match=r"no region nergens.*aoj regions add"), db.write() as connection:
        plan_participation(connection, keys, replace(plan, region="nergens"))


def reordered(plan: Plan) -> dict[str, datetime]:
    moments = list(plan.moments.values())
    return dict(zip(KINDS, [moments[0], moments[2], moments[1]], strict=True))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        (lambda plan: {"wave": "20 26"}, "wave's code"),
        (lambda plan: {"wave": "../2026"}, "wave's code"),
        (lambda plan: {"wave": ""}, "wave's code"),
        (lambda plan: {"last_day": plan.first_day - timedelta(days=1)}, "ends .* before it begins"),
        (lambda plan: {"questionnaires": {}}, "no role has a questionnaire"),
        (lambda plan: {"moments": {}}, "mail moments are needed for exactly"),
        (lambda plan: {"moments": {"invitation": plan.moments["invitation"]}}, "are needed for exactly"),
        (lambda plan: {"moments": reordered(plan)}, "must follow each other"),
        (
            lambda plan: {"moments": dict.fromkeys(KINDS, plan.moments["invitation"])},
            "must follow each other",
        ),
        (lambda plan: {"first_day": plan.first_day + timedelta(days=1)}, "within the window"),
        (lambda plan: {"last_day": plan.first_day + timedelta(days=15)}, "within the window"),
        (lambda plan: {"approval": "nobody"}, "approval is two_people or delay"),
    ],
)
def test_a_plan_that_contradicts_itself_is_refused(
    plan: Plan, keys: KeyDirectory, changes: Any, reason: str
) -> None:
    before = snapshot()
    folders = sorted(keys.path.iterdir())
    with pytest.raises(StateError, match=reason), db.write() as connection:
        plan_participation(connection, keys, replace(plan, **changes(plan)))
    assert snapshot() == before
    assert sorted(keys.path.iterdir()) == folders


def test_all_faults_of_a_plan_are_told_at_once(plan: Plan, keys: KeyDirectory) -> None:
    bad = replace(plan, wave="!", questionnaires={}, approval="nobody")
    with pytest.raises(StateError) as caught, db.write() as connection:
        plan_participation(connection, keys, bad)
    assert str(caught.value).count(";") == 2


def test_a_window_of_one_day_is_a_window(plan: Plan, keys: KeyDirectory) -> None:
    start = datetime.combine(plan.first_day, datetime.min.time())
    moments = {kind: start + timedelta(hours=8 + place) for place, kind in enumerate(KINDS)}
    with db.write() as connection:
        made = plan_participation(connection, keys, replace(plan, last_day=plan.first_day, moments=moments))
        assert read_participation(connection, made).last_day == plan.first_day
