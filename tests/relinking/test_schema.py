"""Ways back that the tables themselves could offer: moments, keys, rules, samples, ids in other tables; each planted."""

from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import insert, select

from aoj_survey.db import db
from aoj_survey.installation import Installation
from aoj_survey.invitations import Supplier
from aoj_survey.relinking import copy_rows, inspect_live
from aoj_survey.relinking.schema import SAMPLED_NEVER
from aoj_survey.relinking.statements import try_statements
from aoj_survey.responses import Ballot, Response
from aoj_survey.waves import Act, record_act
from tests.conftest import FixedClock
from tests.responses.boxes import close_and_open
from tests.staging import ANSWERS, list_people, send, start_wave

from .waves import attack, find, name_succeeded, open_wave, run_wave


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("ALTER TABLE invitation ADD COLUMN updated_at TIMESTAMP", "invitation.updated_at holds a moment"),
        ("ALTER TABLE invitee ADD COLUMN last_visit DATE", "invitee.last_visit holds a moment"),
        ("ALTER TABLE invitation ADD COLUMN opened VARCHAR(30)", "invitation.opened holds a moment"),
        ("CREATE TABLE shadow (answer {id} REFERENCES ballot (id))", "shadow points to ballot"),
    ],
)
def test_twin_a_moment_beside_people_or_a_key_to_answers_is_noticed(
    app: Flask, change: str, fault: str
) -> None:
    with db.read() as connection:
        assert inspect_live(connection) == []
        identity = "CHAR(32)" if connection.dialect.name == "sqlite" else "UUID"
        connection.exec_driver_sql(change.replace("{id}", identity))
        assert inspect_live(connection) == [fault]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (
            "CREATE RULE note AS ON INSERT TO ballot DO ALSO UPDATE wave SET deadline = now()",
            "there is a rule note",
        ),
        (
            "CREATE TRIGGER note BEFORE UPDATE ON ballot EXECUTE FUNCTION suppress_redundant_updates_trigger()",
            "there is a trigger note",
        ),
        (
            "ALTER TABLE open_answer ALTER COLUMN text SET STATISTICS 50",
            "values of open_answer.text are kept for the planner",
        ),
    ],
)
def test_twin_what_only_postgresql_has_is_noticed(postgresql_app: Flask, change: str, fault: str) -> None:
    with db.read() as connection:
        assert inspect_live(connection) == []
        connection.exec_driver_sql(change)
        assert inspect_live(connection) == [fault]


# Samples that the planner keeps


def analyze(*tables: str) -> None:
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"ANALYZE {', '.join(tables)}")


def test_the_planner_keeps_no_values_of_answers_and_addresses(
    postgresql_app: Flask, clock: FixedClock
) -> None:
    installation: Installation = postgresql_app.extensions["aoj"]
    facts = run_wave(installation, clock)
    analyze(*SAMPLED_NEVER)
    open_wave(installation, clock, facts)
    analyze(*SAMPLED_NEVER)
    with db.read() as connection:
        kept = connection.exec_driver_sql(
            "SELECT tablename, attname FROM pg_stats"
            " WHERE most_common_vals IS NOT NULL OR histogram_bounds IS NOT NULL"
        ).all()
    assert {(table, column) for table, column in kept if column in SAMPLED_NEVER.get(table, ())} == set()
    assert ("invitee", "id") in {tuple(row) for row in kept}


def test_twin_samples_of_rows_that_are_gone_are_carried_off(postgresql_app: Flask, clock: FixedClock) -> None:
    address = f"post@{uuid4().hex}.example"
    with db.write() as connection:
        for number in range(3):
            connection.exec_driver_sql(
                "INSERT INTO service_note VALUES (%(name)s, now(), %(text)s)",
                {"name": f"note {number}", "text": f"{number} mails to {address}"},
            )
    analyze("service_note")
    with db.write() as connection:
        connection.exec_driver_sql("DELETE FROM service_note")
    assert address.encode() in copy_rows(db.engine)


def test_twin_a_table_that_is_not_ours_is_carried_off_too(postgresql_app: Flask) -> None:
    address = f"post@{uuid4().hex}.example"
    with db.write() as connection:
        connection.exec_driver_sql("CREATE TABLE shadow (note TEXT)")
        connection.exec_driver_sql("INSERT INTO shadow VALUES (%(note)s)", {"note": address})
    try:
        assert address.encode() in copy_rows(db.engine)
    finally:
        with db.write() as connection:
            connection.exec_driver_sql("DROP TABLE shadow")


# Statements


@pytest.mark.parametrize(
    "setting",
    [
        "log_statement = 'mod'",
        "log_statement = 'all'",
        "log_duration = on",
        "log_min_duration_statement = 250",
        "log_min_duration_sample = 0",
        "log_transaction_sample_rate = 0.5",
    ],
)
def test_twin_a_server_that_writes_statements_down_is_noticed(postgresql_app: Flask, setting: str) -> None:
    with db.read() as connection:
        assert try_statements(connection).outcome == "unlinked"
        connection.exec_driver_sql(f"SET LOCAL {setting}")
        assert try_statements(connection).succeeded


# Values that stand elsewhere too


@pytest.mark.parametrize("opened", [False, True])
def test_twin_the_id_of_an_answer_in_another_table_is_found(
    installation: Installation, clock: FixedClock, opened: bool
) -> None:
    facts = run_wave(installation, clock)
    if opened:
        open_wave(installation, clock, facts)
    with db.write() as connection:
        identity = connection.execute(select((Response if opened else Ballot).id).limit(1)).scalar_one()
        record_act(connection, facts.id, Act(clock(), "Verzonnen Een", "told", {"words": f"read {identity}"}))
    report = attack(installation, clock)
    assert name_succeeded(report) == ["traces"]
    assert find(report, "traces").measure["tables_with"] == 1


def test_twin_a_table_that_is_not_ours_is_searched_too(sqlite_app: Flask, clock: FixedClock) -> None:
    installation: Installation = sqlite_app.extensions["aoj"]
    run_wave(installation, clock)
    with db.write() as connection:
        connection.exec_driver_sql("CREATE TABLE shadow AS SELECT id, CURRENT_TIMESTAMP FROM ballot")
    assert name_succeeded(attack(installation, clock)) == ["traces"]


def test_twin_what_a_supplier_has_beside_an_answer_is_found(
    installation: Installation, clock: FixedClock
) -> None:
    facts = run_wave(installation, clock)
    with db.write() as connection:
        place = connection.execute(select(Ballot.id).limit(1)).scalar_one()
        sealed = connection.execute(select(Ballot.ciphertext).where(Ballot.id == place)).scalar_one()
        connection.execute(
            insert(Supplier).values(participation_id=facts.id, name="verzonnen", token_hash=sealed[-32:])
        )
    assert name_succeeded(attack(installation, clock)) == ["shared_values"]


# No false alarms


def test_somebody_elsewhere_who_sends_next_to_an_opening_is_no_link(
    postgresql_app: Flask, clock: FixedClock
) -> None:
    installation: Installation = postgresql_app.extensions["aoj"]
    facts = run_wave(installation, clock)
    other = start_wave(installation.keys, clock(), {"ib": 12}, region="zuidvaart")
    close_and_open(installation.keys, facts, clock())
    assert send(list_people(installation.keys, other)[0], ANSWERS, clock()) == "sent"
    attempts = [one for one in attack(installation, clock).attempts if one.name == "transactions"]
    outcomes = {one.region: one.outcome for one in attempts}
    assert outcomes == {"rijnmeer": "unlinked", "zuidvaart": "not_tried"}
