"""Moving mails, a later last day, the wave's deadline and the goal: what is allowed, and what is refused."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, insert, select, update

from aoj_survey.db import db
from aoj_survey.errors import NotFoundError, StateError
from aoj_survey.fieldwork import close_participation, start_participation
from aoj_survey.keys import KeyDirectory
from aoj_survey.responses import Draft
from aoj_survey.waves import (
    KINDS,
    Act,
    ActCode,
    Participation,
    ParticipationFacts,
    Wave,
    extend_participation,
    find_days_off,
    list_acts,
    load_calendar,
    local_days,
    move_mail,
    read_deadline,
    read_moments,
    read_participation,
    set_deadline,
    set_goal,
)
from aoj_survey.waves.planning import find_moment_faults
from tests.conftest import FixedClock
from tests.staging import QUESTIONNAIRES, ZONE, make_plan, plan_wave

# The clock stands at Monday 4 May 2026, 9.30; mails go out then, on 12 and on 20 May; the last day is 5 June.


@pytest.fixture
def planned(app: Flask, keys: KeyDirectory, clock: FixedClock) -> ParticipationFacts:
    with db.write() as connection:
        return plan_wave(connection, keys, make_plan(clock(), {"ib": 1}), {"ib": 3})


@pytest.fixture
def running(planned: ParticipationFacts, clock: FixedClock) -> ParticipationFacts:
    """Started, with room to extend: the wave ends on 30 June."""
    with db.write() as connection:
        set_deadline(connection, planned.wave, date(2026, 6, 30), 30)
        start_participation(connection, planned, QUESTIONNAIRES, clock())
        return read_participation(connection, planned.id)


def at(day: int, hour: int = 9, month: int = 5) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=ZONE)


def act(clock: FixedClock, code: ActCode = "told") -> Act:
    return Act(clock(), "coordinator", code)


def move(facts: ParticipationFacts, kind: str, moment: datetime, clock: FixedClock) -> dict[str, datetime]:
    with db.write() as connection:
        move_mail(connection, facts, kind, moment, clock(), act(clock, "mail_moved"))
        return read_moments(connection, facts.id)


def read(facts: ParticipationFacts) -> ParticipationFacts:
    with db.read() as connection:
        return read_participation(connection, facts.id)


def codes(facts: ParticipationFacts) -> list[str]:
    with db.read() as connection:
        return [line.code for line in list_acts(connection, facts.id)]


# Moving mails


def test_a_reminder_moves_and_leaves_a_line(running: ParticipationFacts, clock: FixedClock) -> None:
    moments = move(running, "second_reminder", at(26), clock)
    assert moments["second_reminder"] == at(26)
    assert list(moments) == list(KINDS)
    assert "mail_moved" in codes(running)


def test_a_moment_without_zone_is_meant_in_the_region(running: ParticipationFacts, clock: FixedClock) -> None:
    moments = move(running, "second_reminder", datetime(2026, 5, 26, 9), clock)  # noqa: DTZ001 - local to the region
    assert moments["second_reminder"] == datetime(2026, 5, 26, 7, tzinfo=UTC)


def test_the_invitation_of_a_plan_moves_too(planned: ParticipationFacts, clock: FixedClock) -> None:
    with pytest.raises(StateError, match="has been going out since"):
        move(planned, "invitation", at(5), clock)
    clock.pass_time(days=-3)
    moments = move(planned, "invitation", at(5), clock)
    assert moments["invitation"] == at(5)


@pytest.mark.parametrize(
    ("kind", "moment", "reason"),
    [
        ("invitation", at(6), "has been going out since its moment"),
        ("first_reminder", at(2), "is over; give one that is still to come"),
        ("first_reminder", at(4, 9), "is over; give one that is still to come"),
        ("first_reminder", at(8), "at least 7 days apart"),
        ("first_reminder", at(14), "at least 7 days apart"),
        ("first_reminder", at(27), "must follow each other"),
        ("second_reminder", at(8, month=6), "must lie within the window"),
        ("second_reminder", datetime(2999, 5, 4, tzinfo=UTC), "between 2000 and 2099"),
    ],
)
def test_a_moment_that_cannot_be_is_refused_and_nothing_changes(
    running: ParticipationFacts, clock: FixedClock, kind: str, moment: datetime, reason: str
) -> None:
    with db.read() as connection:
        before = read_moments(connection, running.id)
    with pytest.raises(StateError, match=reason):
        move(running, kind, moment, clock)
    with db.read() as connection:
        assert read_moments(connection, running.id) == before
    assert "mail_moved" not in codes(running)


def test_an_unknown_kind_is_refused(running: ParticipationFacts, clock: FixedClock) -> None:
    with pytest.raises(NotFoundError, match="There are: invitation, first_reminder, second_reminder"):
        move(running, "third_reminder", at(28), clock)


def test_nothing_moves_in_what_is_over(running: ParticipationFacts, clock: FixedClock) -> None:
    with db.write() as connection:
        close_participation(connection, running, clock())
    with pytest.raises(StateError, match="is over"):
        move(running, "second_reminder", at(26), clock)
    clock.pass_time(days=33)
    with db.write() as connection:
        connection.execute(update(Participation).values(status="running"))
    with pytest.raises(StateError, match="is over"):
        move(running, "second_reminder", at(26), clock)


@given(st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 40)), max_size=8))
def test_however_mails_are_moved_they_stay_a_week_apart_in_order_and_within_the_window(
    moves: list[tuple[str, int]],
) -> None:
    # Without a database: the rule alone, by brute force over the same checks.
    first, last = date(2026, 5, 4), date(2026, 6, 5)
    moments = {kind: at(4 + 8 * place) for place, kind in enumerate(KINDS)}
    for kind, day in moves:
        changed = moments | {kind: at(4) + timedelta(days=day)}
        if not list(find_moment_faults(changed, first, last, ZONE)):
            moments = changed
    days = [moment.date() for moment in moments.values()]
    assert all((after - before).days >= 7 for before, after in pairwise(days))
    assert first <= days[0]
    assert days[-1] <= last


# A later last day


def test_a_participation_lasts_longer_and_keeps_what_was_promised(
    running: ParticipationFacts, clock: FixedClock
) -> None:
    with db.write() as connection:
        connection.execute(insert(Draft).values(id=uuid4(), participation_id=running.id, ciphertext=b"x"))
        extend_participation(connection, running, date(2026, 6, 12), clock(), act(clock, "extended"))
        drafts = connection.execute(select(Draft.id)).all()
    longer = read(running)
    assert (longer.first_day, longer.last_day) == (running.first_day, date(2026, 6, 12))
    assert longer.purge_on == running.purge_on == date(2026, 7, 30)
    assert len(drafts) == 1
    assert "extended" in codes(running)
    assert longer.phase(datetime(2026, 6, 12, 21, 59, tzinfo=UTC)) == "open"
    assert longer.phase(datetime(2026, 6, 12, 22, 0, tzinfo=UTC)) == "closed"


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (date(2026, 6, 5), "is 2026-06-05 already"),
        (date(2026, 6, 1), "is 2026-06-05 already"),
        (date(2026, 7, 1), "ends on 2026-06-30: that was promised"),
        (date(2999, 1, 1), "between 2000 and 2099"),
    ],
)
def test_a_last_day_that_cannot_be_is_refused(
    running: ParticipationFacts, clock: FixedClock, day: date, reason: str
) -> None:
    with pytest.raises(StateError, match=reason), db.write() as connection:
        extend_participation(connection, running, day, clock(), act(clock))
    assert read(running).last_day == running.last_day


def test_the_deadline_itself_is_a_last_day(running: ParticipationFacts, clock: FixedClock) -> None:
    with db.write() as connection:
        extend_participation(connection, running, date(2026, 6, 30), clock(), act(clock))
    assert read(running).last_day == date(2026, 6, 30)


def test_a_plan_without_a_promise_may_last_as_long_as_it_likes(
    planned: ParticipationFacts, clock: FixedClock
) -> None:
    with db.write() as connection:
        extend_participation(connection, planned, date(2026, 9, 1), clock(), act(clock))
    assert read(planned).last_day == date(2026, 9, 1)


def test_what_is_closed_does_not_open_again(running: ParticipationFacts, clock: FixedClock) -> None:
    with db.write() as connection:
        close_participation(connection, running, clock())
    with pytest.raises(StateError, match="is over"), db.write() as connection:
        extend_participation(connection, running, date(2026, 6, 12), clock(), act(clock))


def test_what_ended_a_minute_ago_does_not_open_again_either(
    running: ParticipationFacts, clock: FixedClock
) -> None:
    clock.moment = running.closes_at
    with pytest.raises(StateError, match="is over"), db.write() as connection:
        extend_participation(connection, running, date(2026, 6, 12), clock(), act(clock))


# The wave's deadline


def test_a_deadline_set_before_the_start_is_the_promise(running: ParticipationFacts) -> None:
    with db.read() as connection:
        assert read_deadline(connection, running.wave) == date(2026, 6, 30)
        assert connection.execute(select(Wave.purge_on)).scalar_one() == date(2026, 7, 30)


def test_without_it_the_first_start_makes_the_promise(planned: ParticipationFacts, clock: FixedClock) -> None:
    with db.write() as connection:
        start_participation(connection, planned, QUESTIONNAIRES, clock())
        assert read_deadline(connection, planned.wave) == planned.last_day
    with pytest.raises(StateError, match="that was promised"), db.write() as connection:
        extend_participation(connection, planned, date(2026, 6, 6), clock(), act(clock))


def refuse_deadline(connection: Connection, day: date) -> None:
    set_deadline(connection, "2026", day, 30)


def test_a_promise_is_not_changed(running: ParticipationFacts) -> None:
    with pytest.raises(StateError, match="was started"), db.write() as connection:
        refuse_deadline(connection, date(2026, 8, 1))


def test_a_deadline_holds_every_plan(planned: ParticipationFacts) -> None:
    with pytest.raises(StateError, match="takes part until 2026-06-05, later"), db.write() as connection:
        refuse_deadline(connection, date(2026, 6, 4))
    with db.write() as connection:
        refuse_deadline(connection, date(2026, 6, 5))


def test_an_unknown_wave_has_no_deadline(app: Flask) -> None:
    with pytest.raises(NotFoundError, match="There is no wave 2026"), db.write() as connection:
        refuse_deadline(connection, date(2026, 6, 4))


# The goal


@pytest.mark.parametrize("goal", [1, 60, 100, None])
def test_a_goal_is_kept_or_taken_away(
    planned: ParticipationFacts, clock: FixedClock, goal: int | None
) -> None:
    with db.write() as connection:
        set_goal(connection, planned.id, 45, act(clock))
        set_goal(connection, planned.id, goal, act(clock, "goal_set"))
    assert read(planned).goal == goal
    assert "goal_set" in codes(planned)


@pytest.mark.parametrize("goal", [0, -1, 101])
def test_what_is_no_percentage_is_no_goal(planned: ParticipationFacts, clock: FixedClock, goal: int) -> None:
    with pytest.raises(StateError, match="percentage from 1 to 100"), db.write() as connection:
        set_goal(connection, planned.id, goal, act(clock))


# Days off


def test_mails_on_days_off_come_with_a_better_day(planned: ParticipationFacts) -> None:
    moments: dict[str, Any] = {
        "invitation": at(4),
        "first_reminder": at(14),
        "second_reminder": at(25),
    }
    found = find_days_off(load_calendar(), "zuid", local_days(moments, planned))
    assert [(mail.kind, mail.off.names["nl"], mail.proposed) for mail in found] == [
        ("first_reminder", "Hemelvaartsdag", date(2026, 5, 15)),
        ("second_reminder", "Tweede Pinksterdag", date(2026, 5, 26)),
    ]


def test_days_are_those_of_the_region_not_of_utc(planned: ParticipationFacts) -> None:
    late = datetime(2026, 5, 24, 22, 30, tzinfo=UTC)
    assert local_days({"invitation": late}, planned) == {"invitation": date(2026, 5, 25)}
