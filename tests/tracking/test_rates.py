"""Dispositions frozen at the close and the rates made of them."""

from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import Connection, delete, insert, select, update

from aoj_survey.db import db
from aoj_survey.invitations import Invitation, Invitee, add_group, mark_started
from aoj_survey.keys import KeyDirectory
from aoj_survey.statistics import Rates
from aoj_survey.tracking import (
    freeze_dispositions,
    read_final_counts,
    read_overview,
    read_rates,
    read_wave_rates,
    sum_dispositions,
)
from aoj_survey.waves import FinalDisposition, ParticipationFacts, read_participation
from tests.conftest import FixedClock
from tests.factories import make_invitation, make_invitee, make_message, make_participation
from tests.responses.boxes import close, fill_box
from tests.staging import start_wave


def put_on_list(
    connection: Connection, place: UUID, number: int = 1, *, mail: str | None = "sent", **given: Any
) -> list[UUID]:
    """People of one kind of organisation and role, whose invitation is in a state."""
    people: dict[str, Any] = {
        name: given.pop(name) for name in ("sector", "withdrawn", "opted_out") if name in given
    }
    made: list[UUID] = []
    for _ in range(number):
        invitee = make_invitee(connection, place, **people)
        invitation = make_invitation(connection, place, invitee_id=invitee, **given)
        if mail:
            make_message(connection, place, invitation, state=mail)
        made.append(invitation)
    return made


def read_dispositions() -> dict[tuple[str, str, str], int]:
    with db.read() as connection:
        rows = connection.execute(
            select(
                FinalDisposition.role,
                FinalDisposition.sector,
                FinalDisposition.disposition,
                FinalDisposition.people,
            )
        )
        return {(row[0], row[1], row[2]): row[3] for row in rows}


def test_everybody_on_the_list_gets_a_disposition_by_role_and_kind(app: Flask) -> None:
    with db.write() as connection:
        place = make_participation(connection, status="closed")
        put_on_list(connection, place, 3, sector="po", status="done", started=True)
        put_on_list(connection, place, 2, sector="po", started=True)
        put_on_list(connection, place, 4, sector="vo", role="zoco")
        put_on_list(connection, place, sector="vo", opted_out=True)
        put_on_list(connection, place, withdrawn="removed", status="withdrawn")
        put_on_list(connection, place, withdrawn="ineligible", status="withdrawn")
        put_on_list(connection, place, mail="failed")
        put_on_list(connection, place, mail="undelivered", status="done", started=True)
        put_on_list(connection, place, mail="due")
        put_on_list(connection, place, mail="claimed")
        put_on_list(connection, place, 2, mail="uncertain")
        freeze_dispositions(connection, place)
    assert read_dispositions() == {
        ("ib", "po", "1.1"): 3,
        ("ib", "po", "2.12"): 2,
        ("zoco", "vo", "2.20"): 4,
        ("ib", "vo", "2.11"): 1,
        ("ib", "", "2.11"): 1,
        ("ib", "", "4.10"): 1,
        ("ib", "", "3.30"): 1,
        ("ib", "", "1.1/3.30"): 1,
        ("ib", "", "3.11"): 1,
        ("ib", "", "3.19"): 3,
    }


def test_reminders_do_not_tell_what_became_of_somebody(app: Flask) -> None:
    with db.write() as connection:
        place = make_participation(connection)
        reminded, *_ = put_on_list(connection, place, 2, mail="undelivered")
        make_message(connection, place, reminded, kind="first_reminder", state="sent")
        freeze_dispositions(connection, place)
    assert read_dispositions() == {("ib", "", "3.30"): 2}


def test_whom_the_link_sent_again_reached_was_asked_after_all(app: Flask) -> None:
    with db.write() as connection:
        place = make_participation(connection)
        for mail, again in (("undelivered", "sent"), ("failed", "undelivered"), ("uncertain", "sent")):
            [person] = put_on_list(connection, place, mail=mail)
            make_message(connection, place, person, kind="link_again", number=1, state=again)
        [done] = put_on_list(connection, place, mail="undelivered", status="done", started=True)
        for number, again in ((1, "sent"), (2, "sent")):
            make_message(connection, place, done, kind="link_again", number=number, state=again)
        freeze_dispositions(connection, place)
    assert read_dispositions() == {("ib", "", "2.20"): 2, ("ib", "", "3.30"): 1, ("ib", "", "1.1"): 1}


def test_whoever_corrected_the_role_counts_in_the_new_one(app: Flask) -> None:
    with db.write() as connection:
        place = make_participation(connection)
        put_on_list(connection, place, answering_role="zoco")
        freeze_dispositions(connection, place)
    assert read_dispositions() == {("zoco", "", "2.20"): 1}


@pytest.fixture
def facts(app: Flask, keys: KeyDirectory, clock: FixedClock) -> ParticipationFacts:
    return start_wave(keys, clock(), {"ib": 12, "zoco": 6})


def test_people_of_group_links_are_asked_as_declared(
    facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    with db.write() as connection:
        group = add_group(connection, keys, facts, "School De Verzonnen Vuurtoren", {"ib": 8})
        for number in range(3):
            connection.execute(
                insert(Invitation).values(
                    participation_id=facts.id,
                    group_id=group,
                    role="ib",
                    token_hash=bytes([number]) * 32,
                    status="done" if number < 2 else "open",
                    started=True,
                )
            )
        freeze_dispositions(connection, facts.id)
    found = read_dispositions()
    assert (found["ib", "", "1.1"], found["ib", "", "2.12"], found["ib", "", "2.20"]) == (2, 1, 5)
    assert found["ib", "", "3.11"] == 12


def test_a_link_that_a_region_mails_itself_is_asked_though_we_sent_nothing(app: Flask) -> None:
    with db.write() as connection:
        place = make_participation(connection)
        make_invitation(connection, place)
        connection.execute(update(Invitation).values(invitee_id=None))
        freeze_dispositions(connection, place)
    assert read_dispositions() == {("ib", "", "2.20"): 1}


def test_the_close_freezes_dispositions_that_add_up_to_the_final_counts(
    facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    fill_box(keys, facts, clock(), 5)
    closed = close(facts, clock())
    with db.read() as connection:
        counts = read_final_counts(connection, facts.id)
        outcomes = sum_dispositions(connection, closed)
    assert outcomes == {"1.1": 5, "3.11": 13}
    assert sum(outcomes.values()) == sum(count.invited for count in counts)


def test_rates_hold_the_same_people_as_the_response_table(
    facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    fill_box(keys, facts, clock(), 4)
    with db.write() as connection:
        put_on_list(connection, facts.id, 4, withdrawn="ineligible", status="done", started=True)
        put_on_list(connection, facts.id, 2, withdrawn="removed", status="withdrawn")
        put_on_list(connection, facts.id, 3, mail="undelivered", sector="po")
        made = [make_invitation(connection, facts.id, role="zoco") for _ in range(5)]
        connection.execute(update(Invitation).where(Invitation.id.in_(made)).values(invitee_id=None))
    closed = close(facts, clock())
    with db.read() as connection:
        overview, rates = read_overview(connection, closed), read_rates(connection, facts.id)
    assert [(row.roles, row.invited, row.done) for row in overview.rows] == [
        (row.names, row.invited, row.done) for row in rates.roles
    ]
    assert rates.total is not None
    assert (rates.total.invited, rates.total.done) == (overview.total.invited, overview.total.done)


def test_what_is_frozen_no_longer_changes(
    facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    fill_box(keys, facts, clock(), 5)
    close(facts, clock())
    with db.write() as connection:
        before = read_rates(connection, facts.id)
        connection.execute(update(Invitation).values(status="done"))
        connection.execute(update(Invitee).values(opted_out=True))
        assert read_rates(connection, facts.id) == before


def test_while_it_runs_there_are_no_rates(facts: ParticipationFacts) -> None:
    with db.read() as connection:
        assert read_rates(connection, facts.id) == Rates()
        assert read_wave_rates(connection, "2026") == Rates()
        assert sum_dispositions(connection, facts) == {}


def test_rates_of_a_region_and_over_the_wave(app: Flask) -> None:
    with db.write() as connection:
        for region, done in (("rijnmeer", 4), ("duinstreek", 5), ("zeekant", 1)):
            place = make_participation(connection, region_code=region, status="closed")
            put_on_list(connection, place, done, status="done", started=True)
            put_on_list(connection, place, 10 - done, mail="sent")
            put_on_list(connection, place, 2, mail="undelivered")
            freeze_dispositions(connection, place)
        other = make_participation(connection, wave_code="2027", status="closed")
        put_on_list(connection, other, 9, status="done", started=True)
        freeze_dispositions(connection, other)
        running = make_participation(connection, region_code="heuvelland", status="running")
        put_on_list(connection, running, 9, status="done", started=True)
        one = read_rates(connection, place)
        wave = read_wave_rates(connection, "2026")
    assert one == Rates()
    assert [(row.names, row.invited, row.reached, row.done) for row in wave.regions] == [
        (("duinstreek",), 12, 10, 5),
        (("rijnmeer",), 12, 10, 4),
    ]
    assert wave.total is not None
    assert (wave.total.rr1, wave.total.rr5) == (38, 45)


def test_people_of_group_links_make_an_estimate(
    facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    with db.write() as connection:
        add_group(connection, keys, facts, "School De Verzonnen Vuurtoren", {"ib": 8})
    people = fill_box(keys, facts, clock(), 18)
    assert {person.role for person in people} == {"ib", "zoco"}
    close(facts, clock())
    with db.read() as connection:
        rates = read_rates(connection, facts.id)
    assert [(row.names, row.estimated) for row in rates.roles] == [(("ib",), True), (("zoco",), False)]


def exchange_who_is_done(place: UUID, first: UUID, second: UUID) -> tuple[Rates, Rates]:
    """The rates with the first of two done, and with the second."""
    found: list[Rates] = []
    for done in (first, second):
        with db.write() as connection:
            connection.execute(
                update(Invitation)
                .where(Invitation.id.in_((first, second)))
                .values(status="open", started=False)
            )
            mark_started(connection, done)
            connection.execute(update(Invitation).where(Invitation.id == done).values(status="done"))
            connection.execute(delete(FinalDisposition))
            freeze_dispositions(connection, place)
            found.append(read_rates(connection, place))
    return found[0], found[1]


@pytest.mark.parametrize(
    "given",
    [{"mail": "undelivered"}, {"mail": "due"}, {"withdrawn": "ineligible"}, {"opted_out": True}],
)
def test_rates_do_not_tell_whether_somebody_answered_whose_mail_state_is_known(
    app: Flask, given: dict[str, Any]
) -> None:
    with db.write() as connection:
        place = make_participation(connection, status="closed")
        known, *_ = put_on_list(connection, place, **given)
        other, *_ = put_on_list(connection, place)
        put_on_list(connection, place, 4, status="done", started=True)
        put_on_list(connection, place, 6)
        read_participation(connection, place)
    before, after = exchange_who_is_done(place, known, other)
    assert before.total is not None
    assert before == after


def test_twin_rates_of_aapors_codes_alone_tell_it(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def judge_plainly(standing: str, *, started: bool, done: bool) -> str:
        return "1.1" if done else {"undelivered": "3.30"}.get(standing, "2.12" if started else "2.20")

    monkeypatch.setattr("aoj_survey.invitations.dispositions.judge_disposition", judge_plainly)
    with db.write() as connection:
        place = make_participation(connection, status="closed")
        known, *_ = put_on_list(connection, place, mail="undelivered")
        other, *_ = put_on_list(connection, place)
        put_on_list(connection, place, 4, status="done", started=True)
    before, after = exchange_who_is_done(place, known, other)
    assert before != after
