"""For every attempt, a database that was damaged so that it succeeds: then the report says so, loudly."""

import gzip
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import Connection, func, insert, select, update

from aoj_survey.db import db
from aoj_survey.disclosure import AREA_SIGN
from aoj_survey.installation import Installation
from aoj_survey.invitations import Invitation, ResumeCode, derive_handle
from aoj_survey.open_answers import OpenAnswer
from aoj_survey.relinking import Means, read_storage_order
from aoj_survey.relinking.order import _classes_of_people
from aoj_survey.responses import Ballot, Draft, DraftContent, Response, keep_draft
from aoj_survey.statistics import ResponseRow, ResponseTable, RoleCount
from aoj_survey.tracking import DailyCount
from aoj_survey.waves import Act, FinalCount, ParticipationFacts, StoredCaptureClass, record_act
from tests.anonymity.test_order import allow_rowids, keep_order
from tests.anonymity.test_xmin import store_after_a_savepoint, store_plainly
from tests.conftest import FixedClock
from tests.responses.boxes import close, close_and_open, read_rows, restore_rows
from tests.staging import ANSWERS, list_people, start_wave

from .waves import attack, back_up, find, name_succeeded, open_wave, run_wave

EMPTY = json.dumps({"format": 1, "instruments": [], "answers": {}})
Damage = Callable[[Connection, ParticipationFacts], None]


def first(
    connection: Connection,
    table: type[Ballot] | type[Draft] | type[Response] | type[OpenAnswer] | type[Invitation],
) -> UUID:
    return connection.execute(select(table.id).order_by(table.id)).scalars().first() or uuid4()


def share_an_id(connection: Connection, _facts: ParticipationFacts) -> None:
    known = first(connection, Invitation)
    connection.execute(update(Ballot).where(Ballot.id == first(connection, Ballot)).values(id=known))


def store_an_answer_readable(connection: Connection, _facts: ParticipationFacts) -> None:
    place = Ballot.id == first(connection, Ballot)
    sealed = connection.execute(select(Ballot.ciphertext).where(place)).scalar_one()
    readable = json.dumps({"beter": "meer tijd"}).encode().ljust(len(sealed))
    connection.execute(update(Ballot).where(place).values(ciphertext=readable))


def store_a_draft_readable(connection: Connection, _facts: ParticipationFacts) -> None:
    connection.execute(update(Draft).values(ciphertext=json.dumps({"beter": "tijd"}).encode().ljust(4125)))


def store_a_response_beside_the_box(connection: Connection, facts: ParticipationFacts) -> None:
    connection.execute(
        insert(Response).values(id=uuid4(), participation_id=facts.id, stratum="ib", content=EMPTY)
    )


def lengthen_a_ballot(connection: Connection, _facts: ParticipationFacts) -> None:
    place = Ballot.id == first(connection, Ballot)
    sealed = connection.execute(select(Ballot.ciphertext).where(place)).scalar_one()
    connection.execute(update(Ballot).where(place).values(ciphertext=sealed + b"\x07"))


def freeze_a_class_of_three(connection: Connection, facts: ParticipationFacts) -> None:
    connection.execute(
        update(StoredCaptureClass).where(StoredCaptureClass.role == "ib").values(class_code="x", invited=3)
    )


def freeze_a_class_of_seven_in_an_area(connection: Connection, facts: ParticipationFacts) -> None:
    connection.execute(
        update(StoredCaptureClass)
        .where(StoredCaptureClass.role == "ib")
        .values(class_code=f"ib{AREA_SIGN}dorp", invited=7)
    )


def show_a_row_of_four(connection: Connection, facts: ParticipationFacts) -> None:
    connection.execute(insert(DailyCount).values(**daily(facts, "swv", 4, days=0)))


def count_three_people_more(connection: Connection, facts: ParticipationFacts) -> None:
    connection.execute(insert(DailyCount).values(**daily(facts, "ib", 19, days=1)))


def split_a_row(connection: Connection, facts: ParticipationFacts) -> None:
    connection.execute(insert(DailyCount).values(**daily(facts, "ib zoco", 20, days=1)))


def daily(facts: ParticipationFacts, roles: str, invited: int, *, days: int) -> dict[str, Any]:
    place: dict[str, Any] = {
        "participation_id": facts.id,
        "day": facts.first_day + timedelta(days=days),
        "roles": roles,
    }
    return place | {"invited": invited, "delivered": 0, "started": 1, "done": 1, "estimated": False}


@pytest.mark.parametrize(
    ("damage", "succeeds"),
    [
        (share_an_id, "shared_values"),
        (store_an_answer_readable, "readable"),
        (store_a_draft_readable, "readable"),
        (store_a_response_beside_the_box, "readable"),
        (lengthen_a_ballot, "lengths"),
        (freeze_a_class_of_three, "classes"),
        (freeze_a_class_of_seven_in_an_area, "classes"),
        (show_a_row_of_four, "counts"),
        (count_three_people_more, "counts"),
        (split_a_row, "counts"),
    ],
)
def test_twin_a_running_wave_that_was_damaged_is_linked(
    installation: Installation, clock: FixedClock, damage: Damage, succeeds: str
) -> None:
    facts = run_wave(installation, clock)
    with db.write() as connection:
        damage(connection, facts)
    assert succeeds in name_succeeded(attack(installation, clock))


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE response ADD COLUMN moment TIMESTAMP",
        "CREATE TRIGGER note AFTER INSERT ON ballot BEGIN UPDATE wave SET deadline = CURRENT_DATE; END",
    ],
)
def test_twin_a_time_or_trigger_is_a_way_back(sqlite_app: Flask, clock: FixedClock, change: str) -> None:
    installation: Installation = sqlite_app.extensions["aoj"]
    run_wave(installation, clock)
    with db.write() as connection:
        connection.exec_driver_sql(change)
    assert name_succeeded(attack(installation, clock)) == ["schema"]


# Order and transactions


@pytest.mark.parametrize("submit", [store_plainly, store_after_a_savepoint])
def test_twin_readable_answers_are_joined_by_their_transaction(
    postgresql_app: Flask, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, submit: Callable[..., object]
) -> None:
    monkeypatch.setattr("tests.staging.submit", submit)
    installation: Installation = postgresql_app.extensions["aoj"]
    run_wave(installation, clock)
    report = attack(installation, clock)
    assert {"readable", "transactions"} <= set(name_succeeded(report))
    measure = find(report, "transactions").measure
    assert (measure["rows"], measure["transactions"]) == (28, 28)
    assert measure["matched" if submit is store_plainly else "near"] == 28


def test_twin_rows_in_the_order_of_the_box_are_no_longer_in_that_of_their_ids(
    postgresql_app: Flask, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_order(monkeypatch)
    installation: Installation = postgresql_app.extensions["aoj"]
    open_wave(installation, clock, run_wave(installation, clock))
    assert name_succeeded(attack(installation, clock)) == ["order", "pairing"]


def test_twin_numbered_rows_show_the_order(
    sqlite_app: Flask, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow_rowids()
    keep_order(monkeypatch)
    installation: Installation = sqlite_app.extensions["aoj"]
    open_wave(installation, clock, run_wave(installation, clock))
    assert name_succeeded(attack(installation, clock)) == ["schema", "order", "pairing"]


def test_twin_the_file_shows_the_order_that_the_table_hides(
    sqlite_app: Flask, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_order(monkeypatch)
    # Longer rows would leave too few in one page to tell an order by.
    monkeypatch.setattr("tests.relinking.waves.WRITES", ANSWERS)
    installation: Installation = sqlite_app.extensions["aoj"]
    close_and_open(installation.keys, run_wave(installation, clock), clock())
    with db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    attempt = find(attack(installation, clock), "order")
    assert attempt.outcome == "linked"
    assert attempt.measure["by_ids"] == 1


def test_twin_ids_that_count_show_the_order(
    installation: Installation, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = run_wave(installation, clock)
    numbers = iter(range(10**6))
    monkeypatch.setattr("aoj_survey.responses.writing.uuid4", lambda: UUID(int=next(numbers)))
    open_wave(installation, clock, facts)
    report = attack(installation, clock)
    assert "order" in name_succeeded(report)
    assert find(report, "order").measure["not_random"] == 28


def test_twin_answers_in_the_order_of_the_people_are_paired_with_them(
    installation: Installation, clock: FixedClock
) -> None:
    facts = open_wave(installation, clock, run_wave(installation, clock))
    with db.write() as connection:
        classes = _classes_of_people(connection, facts.id)
        for place, code in zip(read_storage_order(connection, facts.id), classes, strict=True):
            connection.execute(update(Response).where(Response.id == place).values(stratum=code))
    report = attack(installation, clock)
    assert "pairing" in name_succeeded(report)
    assert find(report, "pairing").measure["hits"] == 28


# Open answers


def keep_the_text(connection: Connection, _facts: ParticipationFacts) -> None:
    content = {"format": 1, "instruments": ["0" * 64], "answers": {"visie_hoe": "aan tafel, met koffie"}}
    place = Response.id == first(connection, Response)
    digests = json.loads(connection.execute(select(Response.content).where(place)).scalar_one())[
        "instruments"
    ]
    document = json.dumps({**content, "instruments": digests})
    connection.execute(update(Response).where(place).values(content=document))


def share_the_id(connection: Connection, _facts: ParticipationFacts) -> None:
    place = OpenAnswer.id == first(connection, OpenAnswer)
    connection.execute(update(OpenAnswer).where(place).values(id=first(connection, Response)))


def ask_a_few_only(connection: Connection, _facts: ParticipationFacts) -> None:
    connection.execute(
        update(Response)
        .where(Response.id != first(connection, Response))
        .values(content=func.replace(Response.content, '"sturing":["visie"]', '"sturing":["inkoop"]'))
    )


@pytest.mark.parametrize(
    ("damage", "what"),
    [(keep_the_text, "in_responses"), (share_the_id, "shared"), (ask_a_few_only, "few")],
)
def test_twin_a_text_that_leads_to_a_response_is_found(
    installation: Installation, clock: FixedClock, damage: Damage, what: str
) -> None:
    facts = open_wave(installation, clock, run_wave(installation, clock))
    with db.write() as connection:
        damage(connection, facts)
    report = attack(installation, clock)
    assert "open_answers" in name_succeeded(report)
    assert find(report, "open_answers").measure[what] > 0


# Links and addresses


def test_twin_an_address_or_link_in_a_row_is_found(installation: Installation, clock: FixedClock) -> None:
    facts = run_wave(installation, clock)
    token = list_people(installation.keys, facts)[0].token
    for text in ("mailed post@rijnmeer-ib-3.example again", f"sent /l/{token.upper()}"):
        with db.write() as connection:
            record_act(connection, facts.id, Act(clock(), "Verzonnen Een", "told", {"words": text}))
    report = attack(installation, clock)
    assert name_succeeded(report) == ["database"]
    assert find(report, "database").measure["addresses"] >= 1
    assert find(report, "database").measure["links"] >= 1


def test_twin_what_was_erased_without_care_is_found_in_the_file_or_its_log(
    sqlite_app: Flask, clock: FixedClock
) -> None:
    installation: Installation = sqlite_app.extensions["aoj"]
    run_wave(installation, clock)
    path = installation.settings.instance / "aoj.sqlite3"
    careless = sqlite3.connect(path)
    careless.execute("PRAGMA secure_delete = OFF")
    careless.execute("INSERT INTO service_note VALUES ('x', '2026-05-04', 'post@rijnmeer-ib-3.example')")
    careless.commit()
    careless.execute("DELETE FROM service_note")
    careless.commit()
    assert name_succeeded(attack(installation, clock)) == ["database"]
    careless.close()


def test_a_link_is_known_by_its_hash_where_the_key_of_links_is_gone(
    installation: Installation, clock: FixedClock, tmp_path: Path
) -> None:
    facts = run_wave(installation, clock)
    token = list_people(installation.keys, facts)[0].token
    installation.keys.destroy(facts.id, "link", "contact")
    backup = tmp_path / "backup.sql"
    backup.write_text(f"-- {token}\n", encoding="utf-8")
    attempt = find(attack(installation, clock, Means(backup)), "backup")
    assert (attempt.outcome, attempt.measure["links"]) == ("linked", 1)
    assert "Addresses were not sought" in attempt.words.en


def test_twin_an_address_in_the_backup_is_found_in_hex_too(
    installation: Installation, clock: FixedClock, tmp_path: Path
) -> None:
    run_wave(installation, clock)
    backup = tmp_path / "backup.sql"
    backup.write_text(f"\\\\x{b'post@rijnmeer-ib-3.example'.hex()}\n", encoding="utf-8")
    assert name_succeeded(attack(installation, clock, Means(backup))) == ["backup"]


def test_the_own_address_of_the_monitor_may_stand_anywhere(
    installation: Installation, clock: FixedClock, tmp_path: Path
) -> None:
    run_wave(installation, clock)
    backup = tmp_path / "backup.sql"
    backup.write_text("post@rijnmeer-ib-3.example\n", encoding="utf-8")
    means = Means(backup, own=("Post@rijnmeer-ib-3.example",))
    assert name_succeeded(attack(installation, clock, means)) == []


def test_twin_an_organisation_of_the_list_in_a_row_is_found(
    installation: Installation, clock: FixedClock
) -> None:
    facts = run_wave(installation, clock)
    with db.write() as connection:
        record_act(connection, facts.id, Act(clock(), "Verzonnen Een", "told", {"words": "called School 3"}))
    report = attack(installation, clock)
    assert name_succeeded(report) == ["database"]
    assert find(report, "database").measure["organisations"] >= 1


def test_twin_the_log_beside_a_backup_is_searched_and_its_ballots_are_tried(
    sqlite_app: Flask, clock: FixedClock, tmp_path: Path
) -> None:
    installation: Installation = sqlite_app.extensions["aoj"]
    backups = tmp_path / "backups"
    backups.mkdir()
    backup = back_up(installation, backups)
    facts = run_wave(installation, clock)
    with db.write() as connection:
        words = {"words": "mailed post@rijnmeer-ib-3.example"}
        record_act(connection, facts.id, Act(clock(), "Verzonnen Een", "told", words))
    shutil.copy(installation.settings.instance / "aoj.sqlite3-wal", f"{backup}-wal")
    report = attack(installation, clock, Means(backup))
    assert name_succeeded(report) == ["database", "backup"]
    shutil.copytree(installation.keys.path, backups / "keys")
    open_wave(installation, clock, facts)
    assert find(attack(installation, clock, Means(backup)), "old_backup").measure["opened"] == 29


@pytest.mark.parametrize(
    "found", ["links", "addresses", "organisations", "ids", "paths", "visits", "answers"]
)
def test_twin_whatever_tells_who_came_is_found_in_a_log(
    installation: Installation, clock: FixedClock, tmp_path: Path, found: str
) -> None:
    facts = open_wave(installation, clock, run_wave(installation, clock))
    token = list_people(installation.keys, facts)[0].token
    with db.write() as connection:
        identity = first(connection, Response)
        content = json.dumps({"format": 1, "instruments": [], "answers": {"beter": "Meer tijd om te praten"}})
        if found == "answers":
            connection.execute(update(Response).where(Response.id == identity).values(content=content))
    line = {
        "links": f"GET /?t={token}",
        "addresses": "to=post%40rijnmeer-ib-3.example",
        "organisations": "list of School 3 taken in",
        "ids": f"stored {identity}",
        "paths": f"GET /v/{derive_handle(token)}/2",
        "visits": "203.0.113.9 - - GET /v/(left out)/p/2 200",
        "answers": "could not store: meer tijd om te praten",
    }[found]
    with gzip.open(tmp_path / "access.log.1.gz", "wt", encoding="utf-8") as log:
        log.write(line)
    folder = tmp_path / "logs"
    folder.mkdir()
    shutil.move(tmp_path / "access.log.1.gz", folder)
    report = attack(installation, clock, Means(logs=folder))
    # Writing an answer anew leaves traces of its own on PostgreSQL, which other attempts find.
    traces = {"transactions", "order"} if found == "answers" else set[str]()
    assert set(name_succeeded(report)) - traces == {"logs"}
    assert find(report, "logs").measure[found] == 1


# What should be gone


def test_twin_a_draft_after_the_close_is_noticed(installation: Installation, clock: FixedClock) -> None:
    facts = run_wave(installation, clock)
    close(facts, clock())
    with db.write() as connection:
        keep_draft(
            connection, list_people(installation.keys, facts)[-1].token, facts.id, DraftContent(ANSWERS)
        )
    assert name_succeeded(attack(installation, clock)) == ["drafts"]


def test_twin_a_code_to_go_on_after_the_close_is_noticed(
    installation: Installation, clock: FixedClock
) -> None:
    facts = run_wave(installation, clock)
    close(facts, clock())
    with db.write() as connection:
        connection.execute(
            insert(ResumeCode).values(id=uuid4(), participation_id=facts.id, sealed=b"\x07" * 64)
        )
    report = attack(installation, clock)
    assert name_succeeded(report) == ["drafts"]
    assert find(report, "drafts").measure == {"drafts": 0, "codes": 1}


def count_plainly(counts: Iterable[RoleCount]) -> ResponseTable:
    """A row for each role, however few."""
    return ResponseTable(
        tuple(ResponseRow((one.role,), one.invited, one.delivered, one.started, one.done) for one in counts)
    )


def test_twin_a_final_row_of_two_people_is_noticed(
    installation: Installation, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = run_wave(installation, clock)
    close(facts, clock())
    with db.write() as connection:
        connection.execute(update(FinalCount).where(FinalCount.role == "ib").values(done=2))
    assert name_succeeded(attack(installation, clock)) == []
    monkeypatch.setattr("aoj_survey.tracking.counts.response_table", count_plainly)
    assert name_succeeded(attack(installation, clock)) == ["counts"]


def test_twin_ballots_that_came_back_after_the_opening_are_noticed(
    installation: Installation, clock: FixedClock
) -> None:
    facts = run_wave(installation, clock)
    rows = read_rows(Ballot)
    open_wave(installation, clock, facts)
    restore_rows(Ballot, rows)
    report = attack(installation, clock)
    assert name_succeeded(report) == ["leftovers"]
    assert find(report, "leftovers").measure["rows"] == 28


def test_twin_traces_of_the_box_before_the_rewrite_are_noticed(
    installation: Installation, clock: FixedClock
) -> None:
    close_and_open(installation.keys, run_wave(installation, clock), clock())
    attempt = find(attack(installation, clock), "leftovers")
    assert (attempt.outcome, attempt.measure["rows"]) == ("linked", 0)
    assert attempt.measure["traces"] > 0


def test_twin_a_class_of_two_answers_is_too_small(installation: Installation, clock: FixedClock) -> None:
    facts = open_wave(installation, clock, run_wave(installation, clock))
    with db.write() as connection:
        for place in read_storage_order(connection, facts.id)[:2]:
            connection.execute(update(Response).where(Response.id == place).values(stratum="swv"))
    assert "classes" in name_succeeded(attack(installation, clock))


def test_fewer_than_ten_are_no_class_for_their_box_never_opens(
    installation: Installation, clock: FixedClock
) -> None:
    start_wave(installation.keys, clock(), {"ib": 4})
    assert find(attack(installation, clock), "classes").outcome == "not_tried"


def test_the_key_holders_part_never_counts_as_a_success(
    installation: Installation, clock: FixedClock
) -> None:
    run_wave(installation, clock)
    told = attack(installation, clock, Means(with_keys=True)).attempts[-1]
    assert not told.succeeded
    assert replace(told, by_key_holder=False).succeeded
