"""Who comes on the list late is in no daily count until ten wait; or else one count tells what one person did."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, insert, select, update

from aoj_survey.db import db
from aoj_survey.invitations import (
    FrameRow,
    Invitation,
    Invitee,
    Message,
    add_group,
    add_invitations,
    correct_person,
    count_waiting,
    list_groups,
    withdraw_person,
)
from aoj_survey.invitations import list_people as list_listed
from aoj_survey.keys import KeyDirectory
from aoj_survey.tracking import DailyCount, Overview, count_day, cut_series, read_overview
from aoj_survey.tracking import counts as counting
from aoj_survey.waves import ParticipationFacts
from tests.conftest import FixedClock
from tests.factories import make_daily_count
from tests.responses.boxes import read_rows
from tests.staging import start_wave

FIRST_DAY = date(2026, 5, 4)
INVITED = {"ib": 30, "zoco": 12, "jeugdhulp": 5, "swv": 6}


@pytest.fixture
def facts(app: Flask, keys: KeyDirectory, clock: FixedClock) -> ParticipationFacts:
    return start_wave(keys, clock(), INVITED)


def count(facts: ParticipationFacts, day: int) -> Overview:
    with db.write() as connection:
        count_day(connection, facts.id, FIRST_DAY + timedelta(days=day))
        return read_overview(connection, facts)


def add_late(keys: KeyDirectory, facts: ParticipationFacts, role: str, number: int = 1) -> list[UUID]:
    """Put people on the list; return their invitations."""
    with db.write() as connection:
        known = set(connection.execute(select(Invitation.id)).scalars())
        listed = len(known)
        rows = [
            FrameRow(f"laat{listed + place}@{role.replace('_', '-')}.example", role, "school", "nl")
            for place in range(number)
        ]
        add_invitations(connection, keys, facts.id, rows)
        everybody = connection.execute(select(Invitation.id)).scalars()
        return [invitation for invitation in everybody if invitation not in known]


def answer(invitation: UUID, *, done: bool) -> None:
    """What somebody may do on a day: nothing, or receive the mail, start and send."""
    with db.write() as connection:
        connection.execute(
            update(Message)
            .where(Message.invitation_id == invitation, Message.kind == "invitation")
            .values(state="sent")
        )
        if done:
            connection.execute(
                update(Invitation).where(Invitation.id == invitation).values(status="done", started=True)
            )


def show(overview: Overview) -> list[tuple[str, int, int, int, int]]:
    return [(" ".join(row.roles), row.invited, row.delivered, row.started, row.done) for row in overview.rows]


# The leak


def watch_somebody_added_late(keys: KeyDirectory, facts: ParticipationFacts) -> None:
    """See a day's counts before somebody comes on the list and on the days after: twice, done and not done."""
    seen: list[list[Overview]] = []
    late: list[UUID] = []
    before = count(facts, 0)
    for done in (True, False):
        if not late:
            late = add_late(keys, facts, "ib")
        answer(late[0], done=done)
        seen.append([before, count(facts, 1), count(facts, 2)])
        with db.write() as connection:
            connection.execute(delete(DailyCount).where(DailyCount.day > FIRST_DAY))
            connection.execute(
                update(Invitation).where(Invitation.id.in_(late)).values(status="open", started=False)
            )
    assert seen[0] == seen[1], "a daily count tells what somebody did"


def test_no_daily_count_tells_what_somebody_added_late_did(
    facts: ParticipationFacts, keys: KeyDirectory
) -> None:
    watch_somebody_added_late(keys, facts)


def count_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the waiting away."""
    monkeypatch.setattr(counting, "SMALL_ROLE", 1)


def test_twin_counted_at_once_it_tells(
    facts: ParticipationFacts, keys: KeyDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    count_at_once(monkeypatch)
    with pytest.raises(AssertionError, match="a daily count tells what somebody did"):
        watch_somebody_added_late(keys, facts)


# Ten together


def test_nine_wait_and_with_the_tenth_all_come_in(facts: ParticipationFacts, keys: KeyDirectory) -> None:
    first = show(count(facts, 0))
    assert first == [("ib", 30, 0, 0, 0), ("zoco", 12, 0, 0, 0), ("jeugdhulp swv", 11, 0, 0, 0)]
    for invitation in add_late(keys, facts, "ib", 9):
        answer(invitation, done=True)
    assert show(count(facts, 1)) == first
    add_late(keys, facts, "ib")
    assert show(count(facts, 2)) == [("ib", 40, 9, 9, 9), *first[1:]]


def test_ten_wait_for_each_other_in_one_row_and_not_in_several(
    facts: ParticipationFacts, keys: KeyDirectory
) -> None:
    first = show(count(facts, 0))
    add_late(keys, facts, "ib", 9)
    add_late(keys, facts, "zoco", 9)
    assert show(count(facts, 1)) == first
    # A joined row is one row.
    add_late(keys, facts, "jeugdhulp", 4)
    add_late(keys, facts, "swv", 6)
    assert sorted(show(count(facts, 2))) == sorted([*first[:2], ("jeugdhulp swv", 21, 0, 0, 0)])


def test_roles_in_no_row_wait_for_each_other(facts: ParticipationFacts, keys: KeyDirectory) -> None:
    first = show(count(facts, 0))
    add_late(keys, facts, "jgz", 6)
    assert show(count(facts, 1)) == first
    add_late(keys, facts, "beleid_gem", 4)
    assert sorted(row[1] for row in show(count(facts, 2))) == [12, 21, 30]


def test_until_there_are_rows_nobody_is_counted_apart(
    app: Flask, keys: KeyDirectory, clock: FixedClock
) -> None:
    facts = start_wave(keys, clock(), {"ib": 6, "swv": 3})
    assert show(count(facts, 0)) == []
    add_late(keys, facts, "ib")
    assert show(count(facts, 1)) == [("ib swv", 10, 0, 0, 0)]
    with db.read() as connection:
        assert count_waiting(connection, facts.id) == {}


def test_people_of_another_participation_make_no_cohort(
    facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    other = start_wave(keys, clock(), {"ib": 30}, region="duinstreek")
    first = show(count(facts, 0))
    add_late(keys, facts, "ib", 6)
    assert show(count(other, 0)) == [("ib", 30, 0, 0, 0)]
    assert show(count(facts, 1)) == first


# Changes to the list


def test_whoever_waits_and_does_not_belong_on_the_list_makes_no_tenth(
    facts: ParticipationFacts, keys: KeyDirectory
) -> None:
    first = show(count(facts, 0))
    late = add_late(keys, facts, "ib", 10)
    with db.write() as connection:
        invitee = connection.execute(
            select(Invitation.invitee_id).where(Invitation.id == late[0])
        ).scalar_one()
        assert invitee is not None
        withdraw_person(connection, facts.id, invitee, "ineligible")
    assert show(count(facts, 1)) == first


def test_whoever_gets_another_role_waits_again(facts: ParticipationFacts, keys: KeyDirectory) -> None:
    count(facts, 0)
    with db.write() as connection:
        person = next(one for one in list_listed(connection, keys, facts.id) if one.role == "zoco")
        row = FrameRow(person.address, "ib", person.organisation, person.language)
        correct_person(connection, keys, facts.id, person.id, row)
        assert count_waiting(connection, facts.id) == {"ib": 1}
    assert {row[0]: row[1] for row in show(count(facts, 1))} == {"ib": 30, "zoco": 11, "jeugdhulp swv": 11}


def test_a_list_of_before_this_rule_comes_in_with_its_next_count(
    facts: ParticipationFacts, keys: KeyDirectory
) -> None:
    first = show(count(facts, 0))
    with db.write() as connection:
        connection.execute(update(Invitation).values(counted=False))
    assert show(count(facts, 1)) == first


# Day by day


Additions = Mapping[str, int]


def subtract_days(app: Flask, keys: KeyDirectory, clock: FixedClock, days: list[Additions]) -> None:
    """From one count to the next, a row holds none or ten more people than before."""
    facts = start_wave(keys, clock(), {"ib": 14, "zoco": 11, "jeugdhulp": 4})
    earlier = {row[0]: row[1] for row in show(count(facts, 0))}
    for number, added in enumerate(days, start=1):
        for role, people in added.items():
            add_late(keys, facts, role, people)
        today = {row[0]: row[1] for row in show(count(facts, number))}
        known = sum(earlier.values())
        for name, invited in today.items():
            more = invited - sum(
                before for roles, before in earlier.items() if set(roles.split()) <= set(name.split())
            )
            assert more == 0 or more >= 10, f"{more} people can be worked out"
        assert sum(today.values()) >= known
        earlier = today


def forget_everything() -> None:
    with db.write() as connection:
        for table in reversed(db.metadata.sorted_tables):
            connection.execute(delete(table))


additions = st.lists(
    st.dictionaries(st.sampled_from(["ib", "zoco", "jeugdhulp", "swv"]), st.integers(1, 11), max_size=3),
    min_size=1,
    max_size=4,
)


def try_additions(sqlite_app: Flask, check: Callable[[list[Additions]], None], examples: int) -> None:
    @settings(max_examples=examples)
    @given(additions)
    def tried(days: list[Additions]) -> None:
        forget_everything()
        check(days)

    tried()


def test_between_two_days_no_row_grows_by_fewer_than_ten(sqlite_app: Flask, clock: FixedClock) -> None:
    keys: KeyDirectory = sqlite_app.extensions["aoj"].keys
    try_additions(sqlite_app, lambda days: subtract_days(sqlite_app, keys, clock, days), 15)


def test_twin_counted_at_once_rows_grow_by_one(
    sqlite_app: Flask, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    count_at_once(monkeypatch)
    keys: KeyDirectory = sqlite_app.extensions["aoj"].keys
    with pytest.raises(AssertionError, match="1 people can be worked out"):
        subtract_days(sqlite_app, keys, clock, [{"ib": 1}])


def test_the_mark_is_no_moment_and_no_status(facts: ParticipationFacts) -> None:
    count(facts, 0)
    assert {row["counted"] for row in read_rows(Invitation)} == {True}
    with db.read() as connection:
        assert connection.execute(select(func.count(Invitee.id))).scalar_one() == sum(INVITED.values())


# Group links made later


def test_people_of_a_link_made_later_wait_with_the_others_and_come_in_together(
    facts: ParticipationFacts, keys: KeyDirectory
) -> None:
    first = show(count(facts, 0))
    with db.write() as connection:
        add_group(connection, keys, facts, "De Verzonnen Vuurtoren", {"ib": 6})
        [group] = list_groups(connection, facts.id)
        connection.execute(
            insert(Invitation).values(
                participation_id=facts.id,
                group_id=group.id,
                role="ib",
                token_hash=b"t" * 32,
                status="done",
                started=True,
            )
        )
    assert show(count(facts, 1)) == first
    add_late(keys, facts, "ib", 4)
    assert show(count(facts, 2)) == [("ib", 40, 0, 1, 1), *first[1:]]


# After the close


def close_with(facts: ParticipationFacts, done: Sequence[int], late: int) -> list[int]:
    """The days that stay after a close, as numbers, when so many were done on each and so many came after the first."""
    with db.write() as connection:
        connection.execute(delete(DailyCount))
        for number, people in enumerate(done):
            make_daily_count(
                connection,
                facts.id,
                day=FIRST_DAY + timedelta(days=number),
                done=people,
                whole=not late or not number,
            )
        cut_series(connection, facts.id, done[-1])
        days = connection.execute(select(DailyCount.day).order_by(DailyCount.day)).scalars()
        return [(day - FIRST_DAY).days for day in days]


def test_after_the_close_no_count_stays_that_leaves_somebody_out_or_lies_near_the_last(
    facts: ParticipationFacts, keys: KeyDirectory
) -> None:
    count(facts, 0)
    assert close_with(facts, (5, 9, 15), late=0) == [0, 1, 2]
    add_late(keys, facts, "ib")
    assert close_with(facts, (5, 9, 15), late=1) == [0]
    assert close_with(facts, (6, 9, 15), late=1) == []
    add_late(keys, facts, "zoco", 9)
    add_late(keys, facts, "ib", 2)
    assert close_with(facts, (3, 9, 15), late=1) == [0]
    assert close_with(facts, (4, 9, 15), late=1) == []


def test_whom_the_list_names_wrongly_is_left_out_too(facts: ParticipationFacts, keys: KeyDirectory) -> None:
    count(facts, 0)
    [late] = add_late(keys, facts, "ib")
    with db.write() as connection:
        invitee = connection.execute(select(Invitation.invitee_id).where(Invitation.id == late)).scalar_one()
        assert invitee is not None
        withdraw_person(connection, facts.id, invitee, "ineligible")
    count(facts, 1)
    assert [row["whole"] for row in read_rows(DailyCount)] == [True] * 3 + [False] * 3
    assert close_with(facts, (6, 9, 15), late=1) == []
