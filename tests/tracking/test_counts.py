"""Counts: once a day at six, small roles joined while it runs, full rows after the close; never a person."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from aoj_survey.db import db
from aoj_survey.invitations import (
    FrameRow,
    Message,
    add_invitations,
    count_dispositions,
    count_progress,
    mark_started,
)
from aoj_survey.keys import KeyDirectory
from aoj_survey.statistics import ResponseRow, count_response
from aoj_survey.tracking import DailyCount, count_day, count_days_due, read_final_counts, read_overview
from aoj_survey.waves import ParticipationFacts, read_participation
from tests.conftest import FixedClock
from tests.factories import (
    make_daily_count,
    make_final_count,
    make_invitation,
    make_invitee,
    make_message,
    make_participation,
    make_region,
)
from tests.responses.boxes import close, count_rows, read_rows
from tests.staging import ANSWERS, list_people, send, start_wave

INVITED = {"ib": 30, "zoco": 12, "jeugdhulp": 4, "swv": 3}
FIRST_DAY = date(2026, 5, 4)


@pytest.fixture
def facts(app: Flask, keys: KeyDirectory, clock: FixedClock) -> ParticipationFacts:
    return start_wave(keys, clock(), INVITED)


def count(facts: ParticipationFacts, day: date = FIRST_DAY) -> bool:
    with db.write() as connection:
        return count_day(connection, facts.id, day)


def count_due(now: datetime) -> int:
    with db.write() as connection:
        return count_days_due(connection, now)


def test_a_day_is_counted_once_though_more_happens(
    facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    assert count(facts)
    before = read_rows(DailyCount)
    send(list_people(keys, facts)[0], ANSWERS, clock())
    assert not count(facts)
    assert read_rows(DailyCount) == before
    assert count(facts, FIRST_DAY + timedelta(days=1))
    assert sum(row["done"] for row in read_rows(DailyCount)) == 1


def test_small_roles_are_stored_joined(facts: ParticipationFacts) -> None:
    count(facts)
    rows = {row["roles"]: row["invited"] for row in read_rows(DailyCount)}
    assert rows == {"ib": 30, "zoco jeugdhulp swv": 19}


ROWS = {"ib": 30, "zoco": 12, "jeugdhulp": 5, "swv": 11}


def add_people(facts: ParticipationFacts, keys: KeyDirectory, role: str, number: int) -> None:
    rows = [FrameRow(f"laat{place}@{role}.example", role, "school", "nl") for place in range(number)]
    with db.write() as connection:
        add_invitations(connection, keys, facts.id, rows)


def test_the_rows_of_the_first_day_stay_when_people_are_added(
    app: Flask, keys: KeyDirectory, clock: FixedClock
) -> None:
    facts = start_wave(keys, clock(), ROWS)
    count(facts)
    add_people(facts, keys, "swv", 10)
    assert count(facts, FIRST_DAY + timedelta(days=1))
    rows = [(row["day"].day, row["roles"], row["invited"]) for row in read_rows(DailyCount)]
    assert sorted(rows) == [
        (4, "ib", 30),
        (4, "jeugdhulp swv", 16),
        (4, "zoco", 12),
        (5, "ib", 30),
        (5, "jeugdhulp swv", 26),
        (5, "zoco", 12),
    ]


def test_who_got_the_link_again_at_a_corrected_address_counts_as_reached_as_in_the_rates(app: Flask) -> None:
    with db.write() as connection:
        place = make_participation(connection, status="running")
        for state, *again in (
            ("sent",),
            ("sent", "sent", "sent"),
            ("undelivered", "sent"),
            ("undelivered", "undelivered", "sent"),
            ("failed", "failed"),
            ("undelivered",),
        ):
            invitee = make_invitee(connection, place)
            person = make_invitation(connection, place, invitee_id=invitee)
            make_message(connection, place, person, state=state)
            for number, later in enumerate(again, 1):
                make_message(connection, place, person, kind="link_again", number=number, state=later)
        [count] = count_progress(connection, place)
        people: Counter[str] = Counter()
        for (_role, _kind, disposition), number in count_dispositions(connection, place).items():
            people[disposition] += number
    assert (count.invited, count.delivered) == (6, 4)
    assert count_response(people).reached == count.delivered


def test_a_day_before_the_newest_count_is_counted_no_more(facts: ParticipationFacts) -> None:
    assert count(facts)
    assert not count(facts, FIRST_DAY - timedelta(days=1))
    assert count_rows(DailyCount) == 2


def test_fewer_than_ten_people_in_all_are_counted_once_they_are_ten(
    app: Flask, keys: KeyDirectory, clock: FixedClock
) -> None:
    facts = start_wave(keys, clock(), {"ib": 6, "swv": 3})
    assert not count(facts)
    assert count_rows(DailyCount) == 0
    with db.read() as connection:
        overview = read_overview(connection, facts)
    assert (overview.day, overview.rows, overview.too_small) == (None, (), True)
    add_people(facts, keys, "swv", 1)
    with db.read() as connection:
        assert not read_overview(connection, facts).too_small
    assert count(facts)
    assert [row["invited"] for row in read_rows(DailyCount)] == [10]


def test_without_people_nothing_is_stored(app: Flask) -> None:
    with db.write() as connection:
        assert not count_day(connection, make_participation(connection), FIRST_DAY)
    assert count_rows(DailyCount) == 0


@pytest.mark.parametrize(
    ("moment", "counted"),
    [
        (datetime(2026, 5, 5, 3, 59, tzinfo=UTC), 0),
        (datetime(2026, 5, 5, 4, 0, tzinfo=UTC), 1),
        (datetime(2026, 5, 5, 21, 0, tzinfo=UTC), 1),
        (datetime(2026, 5, 3, 21, 0, tzinfo=UTC), 0),
        (datetime(2026, 6, 5, 21, 59, tzinfo=UTC), 1),
        (datetime(2026, 6, 6, 6, 0, tzinfo=UTC), 0),
    ],
)
def test_the_count_is_due_from_six_in_the_region_within_the_window(
    facts: ParticipationFacts, moment: datetime, counted: int
) -> None:
    assert count_due(moment) == counted
    assert count_due(moment) == 0


def test_the_day_is_that_of_the_region(app: Flask, keys: KeyDirectory, clock: FixedClock) -> None:
    with db.write() as connection:
        make_region(connection, code="westereiland", time_zone="Pacific/Auckland")
    facts = start_wave(keys, clock(), {"ib": 12}, region="westereiland")
    assert count_due(datetime(2026, 5, 5, 19, 0, tzinfo=UTC)) == 1
    assert {row["day"] for row in read_rows(DailyCount)} == {date(2026, 5, 6)}
    assert facts.time_zone == "Pacific/Auckland"


def test_every_running_participation_is_counted(
    facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    start_wave(keys, clock(), {"ib": 12}, region="duinstreek")
    ended = start_wave(keys, clock(), {"ib": 12}, region="zeekant")
    close(ended, clock())
    assert count_due(clock()) == 2
    assert ended.id not in {row["participation_id"] for row in read_rows(DailyCount)}


# The overview


def test_before_the_first_count_there_is_nothing_to_see(facts: ParticipationFacts) -> None:
    with db.read() as connection:
        overview = read_overview(connection, facts)
    assert (overview.day, overview.rows, overview.total.invited) == (None, (), 0)
    assert not overview.too_small


def test_the_newest_count_is_shown_and_nothing_newer(
    facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    people = list_people(keys, facts)
    send(people[0], ANSWERS, clock())
    count(facts)
    send(people[1], ANSWERS, clock())
    count(facts, FIRST_DAY + timedelta(days=1))
    send(people[2], ANSWERS, clock())
    with db.read() as connection:
        overview = read_overview(connection, facts)
    assert overview.day == FIRST_DAY + timedelta(days=1)
    assert [row.roles for row in overview.rows] == [("ib",), ("zoco", "jeugdhulp", "swv")]
    assert (overview.total.invited, overview.total.done, overview.total.rate) == (49, 2, 4)


def test_counts_hold_delivered_and_started(facts: ParticipationFacts, keys: KeyDirectory) -> None:
    first, second, *_ = list_people(keys, facts)
    with db.write() as connection:
        for person, kind in ((first, "invitation"), (second, "first_reminder")):
            connection.execute(
                update(Message)
                .where(Message.invitation_id == person.invitation, Message.kind == kind)
                .values(state="sent")
            )
        mark_started(connection, first.invitation)
        mark_started(connection, first.invitation)
        count_day(connection, facts.id, FIRST_DAY)
        overview = read_overview(connection, facts)
    assert overview.rows[0] == ResponseRow(("ib",), 30, 1, 1, 0)


def test_after_the_close_every_role_has_its_row(
    facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    count(facts)
    for person in list_people(keys, facts):
        if person.role != "ib":
            send(person, ANSWERS, clock())
    for person in list_people(keys, facts)[:3]:
        send(person, ANSWERS, clock())
    clock.pass_time(days=1)
    closed = close(facts, clock())
    with db.read() as connection:
        overview = read_overview(connection, closed)
    assert overview.day == date(2026, 5, 5)
    assert [row.roles for row in overview.rows] == [("ib",), ("zoco",), ("jeugdhulp",), ("swv",)]
    assert overview.total.done == sum(row.done for row in overview.rows) == 22


@pytest.mark.parametrize(("done", "too_small"), [(2, True), (3, False)])
def test_one_or_two_people_done_have_no_row_after_the_close(
    facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock, done: int, too_small: bool
) -> None:
    for person in list_people(keys, facts)[:done]:
        send(person, ANSWERS, clock())
    closed = close(facts, clock())
    with db.read() as connection:
        overview = read_overview(connection, closed)
    assert (overview.too_small, overview.total.done) == (too_small, 0 if too_small else done)


def test_a_daily_count_of_another_region_stays_out(app: Flask) -> None:
    with db.write() as connection:
        place = make_participation(connection)
        other = make_participation(connection, region_code="duinstreek")
        make_daily_count(connection, place, day=FIRST_DAY)
        make_daily_count(connection, other, day=FIRST_DAY + timedelta(days=3), invited=99)
        overview = read_overview(connection, read_participation(connection, place))
    assert (overview.day, overview.total.invited) == (FIRST_DAY, 20)


def test_final_counts_are_read_per_role(app: Flask) -> None:
    with db.write() as connection:
        place = make_participation(connection, status="closed")
        make_final_count(connection, place, role="zoco", done=3)
        make_final_count(connection, place)
        counts = read_final_counts(connection, place)
    assert [(item.role, item.done) for item in counts] == [("ib", 10), ("zoco", 3)]


def test_a_close_without_a_moment_counts_as_the_last_day(app: Flask) -> None:
    with db.write() as connection:
        place = make_participation(connection, status="closed")
        make_final_count(connection, place)
        facts = read_participation(connection, place)
        assert read_overview(connection, facts).day == facts.last_day
