"""Starting: what is stored rules from then on; what does not fit is refused and changes nothing."""

import threading
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

from aoj_survey.db import db
from aoj_survey.errors import NotFoundError, QuestionnaireError, StateError
from aoj_survey.fieldwork import start_participation
from aoj_survey.invitations import (
    FrameRow,
    Invitation,
    Invitee,
    add_person,
    count_invited,
    withdraw_person,
)
from aoj_survey.keys import KeyDirectory
from aoj_survey.questionnaire import digest_instrument, load_questionnaire
from aoj_survey.responses import measure_ballots
from aoj_survey.waves import (
    ParticipationFacts,
    StoredCaptureClass,
    StoredInstrument,
    Wave,
    read_instrument,
    role_digests,
)
from tests.conftest import FixedClock
from tests.responses.boxes import reread, snapshot
from tests.staging import QUESTIONNAIRES, make_plan, plan_wave

INVITED = {"ib": 20, "zoco": 3, "jeugdhulp": 4, "beleid_gem": 6, "swv": 6}
MIXED = {"ib": ("widths", "1"), "beleid_gem": ("beleid", "1")}


def plan(
    keys: KeyDirectory, clock: FixedClock, invited: dict[str, int], **changes: Any
) -> ParticipationFacts:
    made = replace(make_plan(clock(), invited or {"ib": 1}), **changes)
    with db.write() as connection:
        return plan_wave(connection, keys, made, invited)


def start(facts: ParticipationFacts, clock: FixedClock, folder: Path = QUESTIONNAIRES) -> ParticipationFacts:
    with db.write() as connection:
        start_participation(connection, facts, folder, clock())
    return reread(facts.id)


def refuse(facts: ParticipationFacts, clock: FixedClock, reason: str) -> None:
    before = snapshot()
    with pytest.raises(StateError, match=reason):
        start(facts, clock)
    assert snapshot() == before


def read_classes(facts: ParticipationFacts) -> dict[str, str]:
    query = select(StoredCaptureClass.role, StoredCaptureClass.class_code).where(
        StoredCaptureClass.participation_id == facts.id
    )
    with db.read() as connection:
        return {row.role: row.class_code for row in connection.execute(query)}


def test_a_start_freezes_the_classes(app: Flask, keys: KeyDirectory, clock: FixedClock) -> None:
    started = start(plan(keys, clock, INVITED), clock)
    assert started.status == "running"
    assert read_classes(started) == {
        "ib": "ib",
        "zoco": "jeugdhulp+zoco",
        "jeugdhulp": "jeugdhulp+zoco",
        "beleid_gem": "beleid_gem",
        "swv": "swv",
    }


def test_a_start_freezes_how_many_of_each_role_were_on_the_list(
    app: Flask, keys: KeyDirectory, clock: FixedClock
) -> None:
    invited = {**INVITED, "beleid_gem": 0}
    started = start(plan(keys, clock, invited), clock)
    with db.write() as connection:
        [first, *_] = connection.execute(select(Invitee.id).join(Invitation).where(Invitation.role == "ib"))
        withdraw_person(connection, started.id, first.id, "ineligible")
        add_person(connection, keys, started.id, FrameRow("laat@vuurtoren.example", "swv", "De Haven", "nl"))
        query = select(StoredCaptureClass.role, StoredCaptureClass.invited)
        assert {row.role: row.invited for row in connection.execute(query)} == invited
        assert count_invited(connection, started.id) == {"ib": 19, "zoco": 3, "jeugdhulp": 4, "swv": 7}


def test_the_day_of_the_purge_follows_the_setting_of_the_first_start(
    app: Flask, keys: KeyDirectory, clock: FixedClock
) -> None:
    first = plan(keys, clock, {"ib": 6})
    with db.write() as connection:
        start_participation(connection, first, QUESTIONNAIRES, clock(), purge_days=10)
    assert reread(first.id).purge_on == first.last_day + timedelta(days=10)
    other = plan(keys, clock, {"ib": 6}, region="duinstreek")
    assert start(other, clock).purge_on == first.last_day + timedelta(days=10)


def test_those_withdrawn_before_the_start_do_not_count(
    app: Flask, keys: KeyDirectory, clock: FixedClock
) -> None:
    facts = plan(keys, clock, {"ib": 6, "zoco": 6})
    with db.write() as connection:
        some = select(Invitee.id).join(Invitation).where(Invitation.role == "zoco").limit(2)
        for (invitee,) in connection.execute(some).all():
            withdraw_person(connection, facts.id, invitee, "ineligible")
    assert set(read_classes(start(facts, clock)).values()) == {"professionals"}


def test_a_start_stores_each_instrument_once_by_its_digest(
    app: Flask, keys: KeyDirectory, clock: FixedClock
) -> None:
    facts = plan(keys, clock, {"ib": 6, "beleid_gem": 6}, questionnaires=MIXED)
    other = plan(keys, clock, {"ib": 6}, region="duinstreek", questionnaires={"ib": MIXED["ib"]})
    start(facts, clock)
    start(other, clock)
    with db.read() as connection:
        digests = role_digests(connection, facts.id)
        rows = connection.execute(select(StoredInstrument.digest, StoredInstrument.document)).all()
        stored = read_instrument(connection, digests["beleid_gem"])
    assert set(digests) == set(MIXED)
    assert all(digest_instrument(row.document) == row.digest for row in rows)
    assert stored == load_questionnaire(QUESTIONNAIRES / "beleid" / "1.yaml", "rijnmeer")


def test_the_size_of_ballots_fits_the_largest_questionnaire_and_class(
    app: Flask, keys: KeyDirectory, clock: FixedClock
) -> None:
    facts = plan(keys, clock, {"ib": 6, "beleid_gem": 6}, questionnaires=MIXED)
    widest = load_questionnaire(QUESTIONNAIRES / "widths" / "1.yaml", "rijnmeer")
    assert start(facts, clock).ballot_size == measure_ballots([("d" * 64, widest)], ["ib", "beleid_gem"])


def test_what_is_stored_rules_though_the_file_changes(
    app: Flask, keys: KeyDirectory, clock: FixedClock, tmp_path: Path
) -> None:
    folder = tmp_path / "questionnaires"
    (folder / "demo").mkdir(parents=True)
    text = (QUESTIONNAIRES / "demo" / "1.yaml").read_text(encoding="utf-8")
    (folder / "demo" / "1.yaml").write_text(text, encoding="utf-8")
    facts = plan(keys, clock, {"ib": 6}, questionnaires={"ib": ("demo", "1")})
    start(facts, clock, folder)
    (folder / "demo" / "1.yaml").write_text(text.replace("Gaat het snel?", "Anders?"), encoding="utf-8")
    with db.read() as connection:
        instrument = read_instrument(connection, role_digests(connection, facts.id)["ib"])
    assert "Gaat het snel?" in {item.text["nl"] for item in instrument.items()}


# Promises of the wave


def test_the_first_start_sets_deadline_and_purge_date(
    app: Flask, keys: KeyDirectory, clock: FixedClock
) -> None:
    facts = start(plan(keys, clock, {"ib": 6}), clock)
    with db.read() as connection:
        deadline = connection.execute(select(Wave.deadline)).scalar_one()
    assert deadline == facts.last_day == date(2026, 6, 5)
    assert facts.purge_on == date(2026, 7, 5)


def test_a_later_start_keeps_the_promise(app: Flask, keys: KeyDirectory, clock: FixedClock) -> None:
    first = plan(keys, clock, {"ib": 6})
    start(first, clock)
    shorter = plan(keys, clock, {"ib": 6}, region="duinstreek", last_day=first.last_day - timedelta(days=2))
    assert start(shorter, clock).purge_on == date(2026, 7, 5)


def test_a_window_after_the_deadline_is_refused(app: Flask, keys: KeyDirectory, clock: FixedClock) -> None:
    first = plan(keys, clock, {"ib": 6})
    start(first, clock)
    longer = plan(keys, clock, {"ib": 6}, region="duinstreek", last_day=first.last_day + timedelta(days=1))
    refuse(longer, clock, "ends on 2026-06-05; this window ends on 2026-06-06")


# What is refused


def test_starting_twice_is_refused(app: Flask, keys: KeyDirectory, clock: FixedClock) -> None:
    facts = start(plan(keys, clock, {"ib": 6}), clock)
    refuse(facts, clock, "started before")


def test_starting_twice_with_old_facts_is_refused_too(
    app: Flask, keys: KeyDirectory, clock: FixedClock
) -> None:
    facts = plan(keys, clock, {"ib": 6})
    start(facts, clock)
    refuse(facts, clock, "started before")


def test_two_starts_at_once_are_one(app: Flask, keys: KeyDirectory, clock: FixedClock) -> None:
    facts = plan(keys, clock, {"ib": 6})
    outcomes: list[str] = []
    together = threading.Barrier(2)

    def start_too() -> None:
        with app.app_context():
            together.wait(20)
            try:
                outcomes.append(start(facts, clock).status)
            except StateError:
                outcomes.append("refused")

    threads = [threading.Thread(target=start_too) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(outcomes) == {"running": 1, "refused": 1}


def test_nobody_on_the_list_is_refused(app: Flask, keys: KeyDirectory, clock: FixedClock) -> None:
    refuse(plan(keys, clock, {}), clock, r"nobody on the list.*aoj frame import")


def test_a_role_without_questionnaire_is_refused(app: Flask, keys: KeyDirectory, clock: FixedClock) -> None:
    facts = plan(keys, clock, {"ib": 6, "zoco": 6}, questionnaires={"ib": ("widths", "1")})
    refuse(facts, clock, "no questionnaire: zoco")


def test_a_questionnaire_made_for_other_roles_is_refused(
    app: Flask, keys: KeyDirectory, clock: FixedClock
) -> None:
    facts = plan(keys, clock, {"ib": 6}, questionnaires={"ib": ("beleid", "1")})
    refuse(facts, clock, "beleid@1 is not made for the role ib")


def test_a_window_that_is_over_is_refused(app: Flask, keys: KeyDirectory, clock: FixedClock) -> None:
    facts = plan(keys, clock, {"ib": 6})
    clock.moment = facts.closes_at
    refuse(facts, clock, "is over since 2026-06-05")


def test_a_questionnaire_that_does_not_compile_is_refused(
    app: Flask, keys: KeyDirectory, clock: FixedClock, tmp_path: Path
) -> None:
    (tmp_path / "widths").mkdir()
    (tmp_path / "widths" / "1.yaml").write_text("format: 1\nquestionnaire: widths\n")
    facts = plan(keys, clock, {"ib": 6})
    before = snapshot()
    with pytest.raises(QuestionnaireError, match=r"1\.yaml:\d"):
        start(facts, clock, tmp_path)
    assert snapshot() == before


def test_a_questionnaire_that_is_not_there_is_refused(
    app: Flask, keys: KeyDirectory, clock: FixedClock, tmp_path: Path
) -> None:
    facts = plan(keys, clock, {"ib": 6})
    before = snapshot()
    with pytest.raises(NotFoundError, match=r"widths/1\.yaml: cannot be read"):
        start(facts, clock, tmp_path)
    assert snapshot() == before


@pytest.mark.parametrize("statement", ["INSERT INTO instrument", "INSERT INTO capture_class", "UPDATE wave"])
def test_a_crash_halfway_leaves_it_planned(
    app: Flask, keys: KeyDirectory, clock: FixedClock, statement: str
) -> None:
    def crash(*arguments: Any) -> None:
        if arguments[2].startswith(statement):
            raise RuntimeError(statement)

    facts = plan(keys, clock, {"ib": 6})
    before = snapshot()
    event.listen(db.engine, "after_cursor_execute", crash)
    with pytest.raises(RuntimeError, match=statement):
        start(facts, clock)
    event.remove(db.engine, "after_cursor_execute", crash)
    assert snapshot() == before
    assert start(facts, clock).status == "running"
