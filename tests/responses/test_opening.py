"""Opening: all at once, once, or not at all and then everything is as it was (test 10 of the promise)."""

import json
import threading
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, event, insert, update

from aoj_survey.db import db
from aoj_survey.disclosure import CaptureClass, DisclosureRule
from aoj_survey.errors import KeyFileError
from aoj_survey.fieldwork import start_participation
from aoj_survey.keys import KeyDirectory
from aoj_survey.questionnaire import Answers, Instrument
from aoj_survey.responses import (
    Approval,
    Ballot,
    BallotError,
    Opening,
    OpeningRefusedError,
    Response,
    approve_opening,
    open_box,
    read_responses,
    read_strata,
)
from aoj_survey.waves import Act, ParticipationFacts, Stratum, list_acts, read_participation, role_digests
from tests.conftest import FixedClock
from tests.factories import make_participation
from tests.responses.boxes import (
    PEOPLE,
    approve,
    close,
    close_and_open,
    count_rows,
    fill_box,
    open_now,
    read_rows,
    reread,
    snapshot,
)
from tests.staging import ANSWERS, QUESTIONNAIRES, list_people, make_plan, plan_wave, send, start_wave

INVITED_2015 = {"ib": 138, "zoco": 29, "jeugdhulp": 9, "beleid_gem": 8, "swv": 9}
ANSWERED_2015 = {"ib": 59, "zoco": 14, "jeugdhulp": 5, "beleid_gem": 4, "swv": 9}


@pytest.fixture
def running(app: Flask, keys: KeyDirectory, clock: FixedClock) -> ParticipationFacts:
    return start_wave(keys, clock(), {"ib": 15})


@pytest.fixture
def ready(running: ParticipationFacts, keys: KeyDirectory, clock: FixedClock) -> ParticipationFacts:
    """Closed, with ten ballots, approved by two."""
    fill_box(keys, running, clock(), 10)
    closed = close(running, clock())
    approve(closed)
    return closed


def refuse(keys: KeyDirectory, facts: ParticipationFacts, clock: FixedClock, reason: str) -> None:
    """Expect a refusal that leaves everything as it was."""
    before = snapshot()
    with pytest.raises(OpeningRefusedError, match=reason):
        open_now(keys, facts, clock())
    assert snapshot() == before


def test_an_opened_box_is_empty_and_its_answers_can_be_read(
    ready: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    assert open_now(keys, ready, clock()) == 10
    assert reread(ready.id).status == "opened"
    assert count_rows(Ballot) == 0
    with db.read() as connection:
        responses = read_responses(connection, ready.id)
        digests = role_digests(connection, ready.id)
        assert read_strata(connection, ready.id) == (CaptureClass("ib", ("ib",), 15, 10),)
    assert [(item.stratum, item.answers) for item in responses] == [("ib", ANSWERS)] * 10
    assert {item.instruments for item in responses} == {(digests["ib"],)}


def test_an_opening_keeps_what_follows_from_it(
    ready: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    open_now(keys, ready, clock())
    [record] = read_rows(Opening)
    assert record == {
        "participation_id": ready.id,
        "opened_at": clock(),
        "responses": 10,
        "joint": False,
        "tables_rewritten": False,
        "bundle_digest": None,
        "key_destroyed_at": None,
    }


def test_answers_are_stored_with_a_format_and_nothing_of_the_sealed_class(
    ready: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    open_now(keys, ready, clock())
    documents = [json.loads(row["content"]) for row in read_rows(Response)]
    assert {tuple(sorted(document)) for document in documents} == {("answers", "format", "instruments")}
    assert {document["format"] for document in documents} == {2}


def test_responses_are_inserted_in_the_order_of_their_new_random_ids(
    ready: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    inserted: list[list[dict[str, Any]]] = []

    def note(*arguments: Any) -> None:
        _connection, clause, rows, _one, _options = arguments
        if clause.is_insert and clause.table.name == "response":
            inserted.append(rows)

    sealed = {row["id"] for row in read_rows(Ballot)}
    event.listen(db.engine, "before_execute", note)
    open_now(keys, ready, clock())
    [rows] = inserted
    identities = [row["id"] for row in rows]
    assert identities == sorted(identities, key=lambda identity: identity.bytes)
    assert {identity.version for identity in identities} == {4}
    assert not sealed & set(identities)


# What is refused, and leaves everything as it was


def test_a_box_that_is_not_closed_stays_shut(
    running: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    fill_box(keys, running, clock(), 10)
    with db.write() as connection:
        connection.execute(
            insert(Approval), [{"participation_id": running.id, "person": name} for name in PEOPLE]
        )
    refuse(keys, running, clock, "not closed")


def test_a_box_opens_once(ready: ParticipationFacts, keys: KeyDirectory, clock: FixedClock) -> None:
    open_now(keys, ready, clock())
    refuse(keys, ready, clock, "opened before")


def test_fewer_than_ten_ballots_stay_sealed(
    running: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    fill_box(keys, running, clock(), 9)
    closed = close(running, clock())
    approve(closed)
    refuse(keys, closed, clock, "holds 9 ballots; with fewer than 10")


def test_twin_without_the_minimum_nine_answers_would_be_readable(
    running: ParticipationFacts, keys: KeyDirectory, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aoj_survey.responses.opening.MINIMUM", 0)
    fill_box(keys, running, clock(), 9)
    closed = close(running, clock())
    approve(closed)
    with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE"):
        refuse(keys, closed, clock, "fewer than 10")


@pytest.mark.parametrize("change", ["lost", "added"])
def test_numbers_that_differ_keep_the_box_shut(
    ready: ParticipationFacts, keys: KeyDirectory, clock: FixedClock, change: str
) -> None:
    change_number_in_box(change)
    refuse(keys, ready, clock, "but 10 people are done. Nothing was opened")


@pytest.mark.parametrize("change", ["lost", "added"])
def test_twin_without_the_count_a_lost_or_added_ballot_is_not_noticed(
    ready: ParticipationFacts,
    keys: KeyDirectory,
    clock: FixedClock,
    change: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("aoj_survey.responses.opening._check_numbers", lambda *_: None)
    change_number_in_box(change)
    with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE"):
        refuse(keys, ready, clock, "Nothing was opened")


def change_number_in_box(change: str) -> None:
    [first, *_] = read_rows(Ballot)
    with db.write() as connection:
        if change == "lost":
            connection.execute(delete(Ballot).where(Ballot.id == first["id"]))
        else:
            copied = {name: value for name, value in first.items() if name != "id"}
            connection.execute(Ballot.__table__.insert().values(copied))  # pyright: ignore[reportAttributeAccessIssue]


@pytest.mark.parametrize("people", [(), ("Verzonnen Een",), ("Verzonnen Een", "  verzonnen   een ")])
def test_two_people_must_approve(
    running: ParticipationFacts, keys: KeyDirectory, clock: FixedClock, people: tuple[str, ...]
) -> None:
    fill_box(keys, running, clock(), 10)
    closed = close(running, clock())
    approve(closed, people)
    refuse(keys, closed, clock, f"{len(people[:1])} did so far")


def test_twin_without_the_approval_anybody_can_open(
    running: ParticipationFacts, keys: KeyDirectory, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aoj_survey.responses.consents.APPROVERS", 0)
    fill_box(keys, running, clock(), 10)
    closed = close(running, clock())
    with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE"):
        refuse(keys, closed, clock, "did so far")


def approve_as(*names: str) -> list[int]:
    """Approve the opening of a closed box by these names; return how many people it were after each."""
    with db.write() as connection:
        place = make_participation(connection, status="closed")
        return [approve_opening(connection, place, name) for name in names]


ALIKE = ("José Een", "JOSÉ  een", "Jose\u0301 Een", "\uff2aosé Een ")


def test_an_approval_counts_once_per_person(app: Flask) -> None:
    assert approve_as(*ALIKE, "Bo Twee", "Bo Twee") == [1, 1, 1, 1, 2, 2]
    assert sorted(row["person"] for row in read_rows(Approval)) == ["Bo Twee", "José Een"]


def test_twin_by_the_letters_as_they_were_typed_one_person_would_be_two(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aoj_survey.responses.consents.clean_name", str)
    assert approve_as(*ALIKE) != [1, 1, 1, 1]


@pytest.mark.parametrize("name", ["  \n", "An\u200bEen", "An\x00Een", "x" * 201])
def test_an_approval_needs_a_name_that_can_be_read(sqlite_app: Flask, name: str) -> None:
    with pytest.raises(OpeningRefusedError, match="needs the name"):
        approve_as(name)
    assert read_rows(Approval) == []


@pytest.mark.parametrize("status", ["planned", "running", "opened", "lapsed"])
def test_nobody_approves_but_between_close_and_opening(sqlite_app: Flask, status: str) -> None:
    with db.write() as connection:
        place = make_participation(connection, status=status)
        with pytest.raises(OpeningRefusedError, match="not closed, or was opened before"):
            approve_opening(connection, place, "Verzonnen Een")
    assert read_rows(Approval) == []


def test_who_works_alone_waits_72_hours(app: Flask, keys: KeyDirectory, clock: FixedClock) -> None:
    facts = start_wave(keys, clock(), {"ib": 15}, approval="delay")
    fill_box(keys, facts, clock(), 10)
    closed = close(facts, clock())
    approve(closed)
    clock.pass_time(hours=72, seconds=-1)
    refuse(keys, closed, clock, "72 hours since the close")
    clock.pass_time(seconds=1)
    assert open_now(keys, closed, clock()) == 10


@pytest.mark.parametrize("place", [0, 5, 60, -1])
def test_a_changed_ballot_keeps_the_box_shut(
    ready: ParticipationFacts, keys: KeyDirectory, clock: FixedClock, place: int
) -> None:
    [first, *_] = read_rows(Ballot)
    changed = bytearray(first["ciphertext"])
    changed[place] ^= 1
    with db.write() as connection:
        connection.execute(update(Ballot).where(Ballot.id == first["id"]).values(ciphertext=bytes(changed)))
    before = snapshot()
    with pytest.raises(BallotError):
        open_now(keys, ready, clock())
    assert snapshot() == before


def test_without_the_key_nothing_opens(
    ready: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    keys.destroy(ready.id, "box")
    before = snapshot()
    with pytest.raises(KeyFileError):
        open_now(keys, ready, clock())
    assert snapshot() == before


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO stratum",
        "INSERT INTO response",
        "DELETE FROM ballot",
        "INSERT INTO opening",
    ],
)
def test_a_crash_halfway_leaves_the_box_and_the_next_attempt_succeeds(
    ready: ParticipationFacts, keys: KeyDirectory, clock: FixedClock, statement: str
) -> None:
    def crash(*arguments: Any) -> None:
        if arguments[2].startswith(statement):
            raise RuntimeError(statement)

    before = snapshot()
    event.listen(db.engine, "after_cursor_execute", crash)
    with pytest.raises(RuntimeError, match=statement):
        open_now(keys, ready, clock())
    assert snapshot() == before
    event.remove(db.engine, "after_cursor_execute", crash)
    assert open_now(keys, ready, clock()) == 10


def test_two_openings_at_once_are_one(
    app: Flask, ready: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    outcomes: list[int | str] = []
    together = threading.Barrier(2)

    def open_too() -> None:
        with app.app_context():
            together.wait(20)
            try:
                outcomes.append(open_now(keys, ready, clock()))
            except OpeningRefusedError:
                outcomes.append("refused")

    threads = [threading.Thread(target=open_too) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(outcomes) == {10: 1, "refused": 1}
    assert count_rows(Response) == 10


def test_other_regions_stay_sealed(ready: ParticipationFacts, keys: KeyDirectory, clock: FixedClock) -> None:
    other = start_wave(keys, clock(), {"ib": 6}, region="duinstreek")
    fill_box(keys, other, clock(), 3)
    open_now(keys, ready, clock())
    assert [row["participation_id"] for row in read_rows(Ballot)] == [other.id] * 3
    assert {row["participation_id"] for row in read_rows(Response)} == {ready.id}


# Classes (test 11)


def test_small_classes_are_merged_before_anything_can_be_read(
    app: Flask, keys: KeyDirectory, clock: FixedClock
) -> None:
    facts = start_wave(keys, clock(), INVITED_2015)
    left = dict(ANSWERED_2015)
    for person in list_people(keys, facts):
        if left[person.role]:
            left[person.role] -= 1
            assert send(person, ANSWERS, clock()) == "sent"
    close_and_open(keys, facts, clock())
    with db.read() as connection:
        strata = read_strata(connection, facts.id)
        responses = read_responses(connection, facts.id)
    assert {item.code: (item.invited, item.answered) for item in strata} == {
        "beleid": (17, 13),
        "ib": (138, 59),
        "jeugdhulp": (9, 5),
        "zoco": (29, 14),
    }
    assert Counter(item.stratum for item in responses) == {"ib": 59, "zoco": 14, "jeugdhulp": 5, "beleid": 13}


@pytest.fixture
def mixed(app: Flask, keys: KeyDirectory, clock: FixedClock) -> ParticipationFacts:
    """Ten of ib and four of beleid_gem answered; too few for a class of their own, with another questionnaire."""
    invited = {"ib": 12, "beleid_gem": 6}
    plan = make_plan(clock(), invited)
    plan = replace(plan, questionnaires={"ib": ("widths", "1"), "beleid_gem": ("beleid", "1")})
    with db.write() as connection:
        facts = plan_wave(connection, keys, plan, invited)
        start_participation(connection, facts, QUESTIONNAIRES, clock())
        facts = read_participation(connection, facts.id)
    left = {"ib": 10, "beleid_gem": 4}
    own = {"ib": ANSWERS, "beleid_gem": {"overleg": "ja", "jaren": 9, "regie": "ja", "cijfer": 5}}
    for person in list_people(keys, facts):
        if left[person.role]:
            left[person.role] -= 1
            assert send(person, own[person.role], clock()) == "sent"
    return facts


def check_no_answer_tells_the_questionnaire() -> None:
    """In a class of both roles, no response may hold an item that one role only was asked."""
    documents = [json.loads(row["content"]) for row in read_rows(Response)]
    assert {tuple(document["answers"]) for document in documents} == {("cijfer", "overleg")}
    assert len({tuple(document["instruments"]) for document in documents}) == 1


def test_a_class_of_roles_with_different_questionnaires_keeps_shared_items_only(
    mixed: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    close_and_open(keys, mixed, clock())
    assert [row["code"] for row in read_rows(Stratum)] == ["region"]
    check_no_answer_tells_the_questionnaire()


def keep_every_item(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the protection away: nothing is dropped at the opening."""

    def keep_all(instruments: list[Instrument], _: object) -> frozenset[str]:
        return frozenset(item.code for instrument in instruments for item in instrument.items())

    monkeypatch.setattr("aoj_survey.disclosure.routing.find_shared", keep_all)


def test_twin_with_all_items_kept_the_answers_tell_the_role(
    mixed: ParticipationFacts, keys: KeyDirectory, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_every_item(monkeypatch)
    close_and_open(keys, mixed, clock())
    with pytest.raises(AssertionError):
        check_no_answer_tells_the_questionnaire()


ROUTED = """
format: 1
questionnaire: routes
edition: "1"
languages: [nl]
title: Een proef
purpose: Deze vragen proberen het uit.
roles: [ib, zoco]
themes:
  - code: start
    title: Start
    items:
      - {code: jaren, kind: number, min: 0, max: 9, text: Hoeveel jaar?}
      - {code: po, kind: open, ask_if: role == "ib", text: Hoe gaat dat op school?}
      - {code: meer, kind: number, min: 0, max: 9, ask_if: has(po), text: Hoe vaak?}
      - {code: samen, kind: number, min: 0, max: 9, ask_if: group == "professionals", text: Hoeveel samen?}
"""


@pytest.fixture
def routed(app: Flask, keys: KeyDirectory, clock: FixedClock, tmp_path: Path) -> ParticipationFacts:
    """Ten of ib and three of zoco answered one questionnaire that asks ib more; they are kept as one class."""
    invited = {"ib": 12, "zoco": 12}
    (tmp_path / "routes").mkdir()
    (tmp_path / "routes" / "1.yaml").write_text(ROUTED, encoding="utf-8")
    with db.write() as connection:
        facts = plan_wave(
            connection, keys, make_plan(clock(), invited, questionnaire=("routes", "1")), invited
        )
        start_participation(connection, facts, tmp_path, clock())
        facts = read_participation(connection, facts.id)
    left = {"ib": 10, "zoco": 3}
    for person in list_people(keys, facts):
        if left[person.role]:
            left[person.role] -= 1
            own: Answers = {"po": "goed", "meer": 3} if person.role == "ib" else {}
            assert send(person, {"jaren": 4, **own, "samen": 5}, clock()) == "sent"
    return facts


def list_answered() -> set[tuple[str, ...]]:
    """Which questions the stored responses hold answers to."""
    return {tuple(json.loads(row["content"])["answers"]) for row in read_rows(Response)}


def test_a_class_of_roles_on_different_routes_keeps_what_all_were_asked_in_one_way(
    routed: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    close_and_open(keys, routed, clock())
    assert [row["code"] for row in read_rows(Stratum)] == ["professionals"]
    assert list_answered() == {("jaren", "samen")}


def test_twin_with_all_items_kept_the_route_tells_the_role(
    routed: ParticipationFacts, keys: KeyDirectory, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_every_item(monkeypatch)
    close_and_open(keys, routed, clock())
    assert list_answered() == {("jaren", "samen"), ("jaren", "meer", "po", "samen")}


@pytest.mark.parametrize(("k", "answered"), [(5, {10, 6}), (8, {16})])
def test_classes_merge_until_each_has_what_the_region_asks(
    k: int, answered: set[int], app: Flask, keys: KeyDirectory, clock: FixedClock
) -> None:
    facts = start_wave(keys, clock(), {"ib": 12, "zoco": 8})
    left = {"ib": 10, "zoco": 6}
    for person in list_people(keys, facts):
        if left[person.role]:
            left[person.role] -= 1
            assert send(person, ANSWERS, clock()) == "sent"
    closed = close(facts, clock())
    approve(closed)
    with db.write() as connection:
        open_box(connection, keys, closed, clock(), rule=DisclosureRule(k=k))
    assert {row["answered"] for row in read_rows(Stratum)} == answered


def test_the_people_who_approve_are_named_in_the_record_only(
    ready: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    with db.write() as connection:
        open_box(connection, keys, ready, clock() + timedelta(days=1))
    rows = snapshot()
    named = {table for table, lines in rows.items() for line in lines if PEOPLE[0] in line}
    assert named == {"approval", "audit_line"}


@pytest.mark.parametrize("approval", ["two_people", "delay"])
def test_an_opening_is_recorded_with_what_allowed_it(
    app: Flask, keys: KeyDirectory, clock: FixedClock, approval: str
) -> None:
    facts = start_wave(keys, clock(), {"ib": 15}, approval=approval)
    fill_box(keys, facts, clock(), 10)
    closed = close(facts, clock())
    if approval == "two_people":
        approve(closed)
    clock.pass_time(hours=72)
    open_now(keys, closed, clock())
    with db.read() as connection:
        [act] = list_acts(connection, facts.id)[:1]
    expected = {
        "two_people": Act(clock(), "command", "box_opened", {"words": "Verzonnen Een, Verzonnen Twee"}),
        "delay": Act(clock(), "command", "box_opened_late"),
    }
    assert act == expected[approval]


def test_progress_is_told_of_both_halves_of_the_work(
    ready: ParticipationFacts, keys: KeyDirectory, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("opening", "writing"):
        monkeypatch.setattr(f"aoj_survey.responses.{module}.AT_ONCE", 4)
    told: list[int] = []
    with db.write() as connection:
        assert open_box(connection, keys, ready, clock(), tell=told.append) == 10
    assert told == [4, 4, 2, 4, 4, 2]
    with db.read() as connection:
        assert [item.answers for item in read_responses(connection, ready.id)] == [ANSWERS] * 10
