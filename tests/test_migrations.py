"""Migrations: an empty database brought up to date is what the models say, and can be brought back to empty."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade

from aoj_survey.config import ROOT, make_settings
from aoj_survey.db import db, upgrade_database
from aoj_survey.waves import list_acts
from tests.conftest import make_app

VERSIONS = "alembic_version"


@pytest.fixture
def empty_database(request: pytest.FixtureRequest, worker_id: str) -> Iterator[str]:
    """The address of an empty database; empty for the SQLite file of the instance."""
    if request.param == "sqlite":
        yield ""
        return
    server: str = request.getfixturevalue("postgresql_server")
    name = f"aoj_migrations_{worker_id}"
    admin = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name}")
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    yield sa.make_url(server).set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name}")
    admin.dispose()


@pytest.fixture
def empty_app(empty_database: str, tmp_path: Path) -> Iterator[Flask]:
    """An application on an empty database, inside its context."""
    values: dict[str, Any] = {"database_url": empty_database} if empty_database else {}
    app = make_app(make_settings(tmp_path, values))
    with app.app_context():
        yield app
        db.engine.dispose()


on_both = pytest.mark.parametrize("empty_database", ["sqlite", "postgresql"], indirect=True)


def table_names() -> set[str]:
    with db.read() as connection:
        return set(sa.inspect(connection).get_table_names())


def differences(connection: sa.Connection) -> list[Any]:
    """What Alembic would put in a new migration; it does not look at checks."""
    return compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), db.metadata)


def check_checks(connection: sa.Connection) -> None:
    """Expect the same named checks in the database as in the models."""
    found = sa.inspect(connection)
    for table in db.metadata.sorted_tables:
        declared = {check.name for check in table.constraints if isinstance(check, sa.CheckConstraint)}
        assert {check["name"] for check in found.get_check_constraints(table.name)} == declared


@on_both
def test_migrations_and_models_agree(empty_app: Flask) -> None:
    assert table_names() == set()
    upgrade_database()
    assert table_names() == {*db.metadata.tables, VERSIONS}
    with db.read() as connection:
        assert differences(connection) == []
        check_checks(connection)


@on_both
def test_an_upgrade_run_twice_is_harmless(empty_app: Flask) -> None:
    upgrade_database()
    upgrade_database()
    with db.read() as connection:
        assert differences(connection) == []


@on_both
def test_down_to_nothing_and_up_again(empty_app: Flask) -> None:
    upgrade_database()
    downgrade(revision="base")
    assert table_names() == {VERSIONS}
    upgrade_database()
    with db.read() as connection:
        assert differences(connection) == []
        check_checks(connection)


INSERTS = (
    "INSERT INTO region (code, name, time_zone) VALUES ('rijnmeer', 'Rijnmeer', 'Europe/Amsterdam')",
    "INSERT INTO wave (code) VALUES ('2026')",
    (
        "INSERT INTO participation (id, wave_code, region_code, name, status, opens_at, closes_at, contact_mail,"
        " contact_phone, approval, box_public_key) VALUES ({id}, '2026', 'rijnmeer', 'voorjaar', 'running',"
        " '2026-05-03', '2026-06-05', 'monitor@rijnmeer.example', '085', 'two_people', {bytes})"
    ),
    (
        "INSERT INTO invitee (id, participation_id, address_hash, contact, language, opted_out)"
        " VALUES ({id}, {id}, {bytes}, {bytes}, 'nl', {no})"
    ),
    (
        "INSERT INTO invitation (id, participation_id, invitee_id, role, generation, token_hash, optout_hash, status,"
        " started) VALUES ({id}, {id}, {id}, 'ib', 0, {bytes}, {bytes}, 'done', {no})"
    ),
    (
        "INSERT INTO message (id, participation_id, invitation_id, kind, state, attempts)"
        " VALUES ({id}, {id}, {id}, 'invitation', 'sent', 1)"
    ),
    (
        "INSERT INTO final_count (participation_id, role, invited, delivered, started, done)"
        " VALUES ({id}, 'ib', 1, 1, 1, 1)"
    ),
)
"""A person with a mail and a count, as the tables were before group links."""


def insert_rows(inserts: Sequence[str]) -> None:
    """Put rows in as either database writes them."""
    with db.write() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        forms = {
            "id": "'" + ("a" * 32 if is_sqlite else "aaaaaaaa-" + "aaaa-" * 3 + "a" * 12) + "'",
            "bytes": "x'00'" if is_sqlite else "'\\x00'",
            "no": "0" if is_sqlite else "false",
        }
        for insert in inserts:
            connection.exec_driver_sql(insert.format(**forms))


@on_both
def test_group_links_come_to_tables_with_people_in_them_and_leave_again(empty_app: Flask) -> None:
    upgrade(revision="0004")
    insert_rows(INSERTS)
    upgrade_database()
    counted = sa.text("SELECT i.status, m.state, f.estimated FROM invitation i, message m, final_count f")
    with db.read() as connection:
        assert [tuple(row) for row in connection.execute(counted)] == [("done", "sent", False)]
    downgrade(revision="0004")
    with db.read() as connection:
        assert connection.exec_driver_sql("SELECT status FROM invitation").scalar_one() == "done"


@on_both
def test_what_was_done_before_there_were_codes_stays_readable(empty_app: Flask) -> None:
    upgrade(revision="0004")
    insert_rows(INSERTS[:3])
    upgrade(revision="0007")
    insert_rows(
        [
            (
                "INSERT INTO audit_line (id, participation_id, at, made_by, text)"
                " VALUES ({id}, {id}, '2026-05-04 09:00:00', 'Verzonnen Een', 'paused all mail')"
            )
        ]
    )
    upgrade_database()
    with db.read() as connection:
        [act] = list_acts(connection, UUID("a" * 32))
    assert (act.code, act.values, act.made_by) == ("told", {"words": "paused all mail"}, "Verzonnen Een")
    downgrade(revision="0007")
    with db.read() as connection:
        assert connection.exec_driver_sql("SELECT text FROM audit_line").scalar_one() == "paused all mail"


@on_both
def test_what_was_released_keeps_its_wave_and_region(empty_app: Flask) -> None:
    upgrade(revision="0004")
    insert_rows(INSERTS[:3])
    upgrade(revision="0019")
    insert_rows(
        [
            (
                "INSERT INTO release (id, participation_id, name, version, profile, digest, document, released_at)"
                " VALUES ({id}, {id}, 'aoj_rijnmeer_2026_v1', 1, 'onderzoek', 'ab', '{{}}', '2026-05-04 09:00:00')"
            )
        ]
    )
    upgrade_database()
    with db.read() as connection:
        found = connection.exec_driver_sql("SELECT wave, region FROM release")
        assert [tuple(row) for row in found] == [("2026", "rijnmeer")]
    downgrade(revision="0019")
    with db.read() as connection:
        assert connection.exec_driver_sql("SELECT name FROM release").scalar_one() == "aoj_rijnmeer_2026_v1"


@on_both
@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE wave ADD COLUMN extra INTEGER",
        "ALTER TABLE participation DROP COLUMN contact_phone",
        "CREATE TABLE extra (id INTEGER PRIMARY KEY)",
        "DROP INDEX ix_ballot_participation_id",
    ],
)
def test_twin_a_database_that_differs_from_the_models_is_noticed(empty_app: Flask, change: str) -> None:
    upgrade_database()
    with db.write() as connection:
        connection.exec_driver_sql(change)
    with db.read() as connection:
        assert differences(connection) != []


@pytest.mark.parametrize("empty_database", ["postgresql"], indirect=True)
def test_twin_another_type_or_a_lost_check_is_noticed(empty_app: Flask) -> None:
    upgrade_database()
    with db.write() as connection:
        connection.exec_driver_sql("ALTER TABLE wave ALTER COLUMN deadline TYPE TIMESTAMP")
        connection.exec_driver_sql("ALTER TABLE invitation DROP CONSTRAINT ck_invitation_status")
    with db.read() as connection:
        assert differences(connection) != []
        with pytest.raises(AssertionError):
            check_checks(connection)


def test_there_is_one_newest_migration() -> None:
    assert len(ScriptDirectory(str(ROOT / "migrations")).get_heads()) == 1
