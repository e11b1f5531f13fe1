"""Planning: a window in local days, a questionnaire per role, three moments, keys; or a refusal that says why."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

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
    planning,
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
    days = [datetime(2026, 10, 20, 9) + timedelta(days=number) for number in (0, 7, 15)]  # noqa: DTZ001 - local to the region
    autumn = replace(
        plan, first_day=first, last_day=date(2026, 11, 5), moments=dict(zip(KINDS, days, strict=True))
    )
    with db.write() as connection:
        identity = plan_participation(connection, keys, autumn)
        facts = read_participation(connection, identity)
        moments = read_moments(connection, identity)
    assert facts.closes_at - facts.opens_at == timedelta(days=17, hours=1)
    assert [moment.hour for moment in moments.values()] == [7, 8, 8]


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


def at(text: str) -> datetime:
    """A moment on the clock of the region."""
    return datetime.fromisoformat(text)


def schedule(plan: Plan, *moments: str) -> Plan:
    """The plan with these mail moments, in a window from the first of them to a week after the last."""
    places = [at(text) for text in moments]
    return replace(
        plan,
        first_day=places[0].date(),
        last_day=places[-1].date() + timedelta(days=7),
        moments=dict(zip(KINDS, places, strict=True)),
    )


def refuse(plan: Plan, keys: KeyDirectory) -> str:
    """Try a plan that is to be refused; return why. Nothing may be left of it."""
    before, folders = snapshot(), sorted(keys.path.iterdir())
    with pytest.raises(StateError) as caught, db.write() as connection:
        plan_participation(connection, keys, plan)
    assert snapshot() == before
    assert sorted(keys.path.iterdir()) == folders
    return str(caught.value)


def test_the_shortest_window_holds_three_mails_a_week_apart(plan: Plan, keys: KeyDirectory) -> None:
    short = schedule(plan, "2026-05-04 23:59", "2026-05-11 23:59", "2026-05-18 23:59")
    with db.write() as connection:
        made = plan_participation(connection, keys, replace(short, last_day=date(2026, 5, 18)))
        assert read_participation(connection, made).last_day == date(2026, 5, 18)


@pytest.mark.parametrize(
    "moments",
    [
        ("2026-05-04 09:00", "2026-05-11 08:59", "2026-05-26 09:00"),
        ("2026-05-04 09:00", "2026-05-12 09:00", "2026-05-14 09:00"),
        ("2026-05-04 09:00", "2026-05-04 10:00", "2026-05-04 11:00"),
    ],
)
def test_mails_less_than_a_week_apart_are_refused(
    plan: Plan, keys: KeyDirectory, moments: tuple[str, str, str]
) -> None:
    assert "at least 7 days apart: people need time to answer" in refuse(schedule(plan, *moments), keys)


def test_a_week_over_the_change_of_the_clock_is_a_week(plan: Plan, keys: KeyDirectory) -> None:
    spring = schedule(plan, "2027-03-22 09:00", "2027-03-29 09:00", "2027-04-05 09:00")
    with db.write() as connection:
        moments = list(read_moments(connection, plan_participation(connection, keys, spring)).values())
    assert [after - before for before, after in pairwise(moments)] == [
        timedelta(days=7, hours=-1),
        timedelta(days=7),
    ]


def test_moments_are_compared_in_utc_where_the_clock_goes_back(plan: Plan, keys: KeyDirectory) -> None:
    # 2.50 in summer time comes before 2.10 in winter time, though the clock says otherwise.
    autumn = schedule(plan, "2026-10-25 02:50", "2026-10-25 02:10", "2026-11-25 09:00")
    later = {**autumn.moments, KINDS[1]: autumn.moments[KINDS[1]].replace(fold=1)}
    assert "must follow each other" in refuse(autumn, keys)
    why = refuse(replace(autumn, moments=later), keys)
    assert "must follow each other" not in why
    assert "7 days apart" in why


@pytest.mark.parametrize(("clock_says", "exists"), [("01:59", True), ("02:00", False), ("02:59", False)])
def test_a_moment_in_the_hour_that_the_clock_skips_is_refused(
    plan: Plan, keys: KeyDirectory, clock_says: str, exists: bool
) -> None:
    spring = schedule(plan, f"2027-03-28 {clock_says}", "2027-04-05 09:00", "2027-04-12 09:00")
    if exists:
        with db.write() as connection:
            plan_participation(connection, keys, spring)
    else:
        assert f"invitation at 2027-03-28 {clock_says} falls in an hour that the clock skips" in refuse(
            spring, keys
        )
        # Elsewhere that hour is there.
        with db.write() as connection:
            plan_participation(connection, keys, replace(spring, region="westereiland"))


@pytest.mark.parametrize(
    ("moment", "within"),
    [
        (datetime(2026, 5, 18, 21, 59, tzinfo=UTC), True),
        (datetime(2026, 5, 18, 22, 0, tzinfo=UTC), False),
    ],
)
def test_moments_lie_within_the_window_on_the_clock_of_the_region(
    plan: Plan, keys: KeyDirectory, moment: datetime, within: bool
) -> None:
    made = schedule(plan, "2026-05-04 09:00", "2026-05-11 09:00", "2026-05-18 23:00")
    made = replace(made, last_day=date(2026, 5, 18), moments={**made.moments, KINDS[2]: moment})
    if within:
        with db.write() as connection:
            plan_participation(connection, keys, made)
    else:
        assert "must lie within the window" in refuse(made, keys)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"last_day": date(9999, 12, 31)}, "between 2000 and 2099"),
        ({"first_day": date(1, 1, 1)}, "between 2000 and 2099"),
        ({"moments": dict.fromkeys(KINDS, datetime.max.replace(tzinfo=UTC))}, "between 2000 and 2099"),
        ({"moments": dict.fromkeys(KINDS, datetime.min.replace(tzinfo=UTC))}, "between 2000 and 2099"),
        ({"name": ""}, "the name is missing"),
        ({"name": "x" * 201}, "name is longer than 200"),
        ({"name": "voorjaar\0"}, "name holds a line break or an invisible"),
        ({"name": "voorjaar\nBcc: x@y.example"}, "name holds a line break"),
        ({"name": "voorjaar \udcff"}, "name holds a line break or an invisible"),
        ({"contact_phone": " "}, "phone number is missing"),
        ({"contact_phone": "0" * 41}, "phone number is longer than 40"),
        ({"contact_phone": "085\0"}, "phone number holds a line break"),
        ({"contact_mail": ""}, "contact address '' is no mail address"),
        ({"contact_mail": "monitor rijnmeer"}, "is no mail address"),
        ({"contact_mail": "a@b.example, c@d.example"}, "is no mail address"),
        ({"contact_mail": "müller@rijnmeer.example"}, "is no mail address"),
        ({"contact_mail": "monitor@größe.example"}, "must be written as monitor@xn--"),
        ({"contact_mail": "a" * 300 + "@x.example"}, "is no mail address"),
        ({"questionnaires": {"kok": WIDTHS}}, "there is no role 'kok'; there are: ib, "),
        ({"questionnaires": {"r" * 40: WIDTHS}}, "there is no role 'rrr"),
        ({"questionnaires": {"ib": ("../../etc", "passwd")}}, "is no questionnaire and edition"),
        ({"questionnaires": {"ib": ("widths", "../1")}}, "is no questionnaire and edition"),
        ({"questionnaires": {"ib": ("widths", "1\0")}}, "is no questionnaire and edition"),
        ({"questionnaires": {"ib": ("w" * 65, "1")}}, "is no questionnaire and edition"),
        ({"questionnaires": {"ib": ("widths", "1" * 33)}}, "is no questionnaire and edition"),
    ],
)
def test_what_cannot_be_kept_or_sent_is_refused(
    plan: Plan, keys: KeyDirectory, changes: dict[str, Any], reason: str
) -> None:
    assert reason in refuse(replace(plan, **changes), keys)


@pytest.mark.parametrize("region", ["rijn\0meer", "x" * 300, ""])
def test_a_region_that_cannot_be_is_unknown(plan: Plan, keys: KeyDirectory, region: str) -> None:
    with pytest.raises(NotFoundError, match="no region"), db.write() as connection:
        plan_participation(connection, keys, replace(plan, region=region))


def test_what_fits_exactly_is_kept(plan: Plan, keys: KeyDirectory) -> None:
    long = replace(
        plan,
        name="x" * 200,
        contact_phone="0" * 40,
        contact_mail="a" * 64 + "@" + "b" * 50 + ".example",
        questionnaires={"beleid_gem": ("w" * 64, "A" * 32)},
    )
    with db.write() as connection:
        facts = read_participation(connection, plan_participation(connection, keys, long))
    assert (facts.name, facts.contact_mail) == (long.name, long.contact_mail)


def test_what_the_database_refuses_leaves_no_keys(
    plan: Plan, keys: KeyDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "KINDS", ("invitation", "second", "third"))
    folders = sorted(keys.path.iterdir())
    wrong = replace(plan, moments=dict(zip(planning.KINDS, plan.moments.values(), strict=True)))
    with pytest.raises(IntegrityError), db.write() as connection:
        plan_participation(connection, keys, wrong)
    assert sorted(keys.path.iterdir()) == folders


def test_a_window_that_is_over_is_refused_with_what_to_do(
    plan: Plan, keys: KeyDirectory, clock: FixedClock
) -> None:
    now = clock() + timedelta(days=33)
    with db.write() as connection, pytest.raises(StateError) as refused:
        plan_participation(connection, keys, plan, now=now)
    words = "the window ended on 2026-06-05, and nobody could answer; give a last day from 2026-06-06 on"
    assert words in str(refused.value)
    with db.write() as connection:
        assert plan_participation(connection, keys, plan, now=now - timedelta(days=1))
