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
from aoj_survey.errors import DisclosureError
from aoj_survey.releases import read_ledger
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
            **{
                key: "'" + (one * 32 if is_sqlite else str(UUID(one * 32))) + "'"
                for key, one in (("id", "a"), ("other", "b"))
            },
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


DUINSTREEK = (
    "INSERT INTO region (code, name, time_zone) VALUES ('duinstreek', 'Duinstreek', 'Europe/Amsterdam')",
    (
        "INSERT INTO participation (id, wave_code, region_code, name, status, opens_at, closes_at, contact_mail,"
        " contact_phone, approval, box_public_key) VALUES ({other}, '2026', 'duinstreek', 'voorjaar', 'running',"
        " '2026-05-03', '2026-06-05', 'monitor@duinstreek.example', '085', 'two_people', {bytes})"
    ),
)
RELEASED = [
    (
        "INSERT INTO release (id, participation_id, wave, region, name, version, profile, digest, document, released_at)"
        f" VALUES ({{{key}}}, {{{key}}}, '2026', '{region}', 'aoj_{region}_2026_v1', 1, 'onderzoek', 'ab', '{{{{}}}}',"
        f" '2026-05-0{day} 09:00:00')"
    )
    for key, region, day in (("id", "rijnmeer", 5), ("other", "duinstreek", 4))
]
FORMER = [
    (
        '{"banded": true, "counts": false, "digest": "e060132e97fc070701cce818d9ea8ec849f7ac137bf49f14934a539a698b1dac",'
        ' "format": 1, "name": "aoj_rijnmeer_2026_v1/data", "plans": [{"groups": {"beleid": ["beleid_gem", "swv"],'
        ' "ib": ["ib"]}, "measure": "strata"}], "profile": "besloten", "threshold": 5}'
    ),
    (
        '{"banded": false, "counts": false, "digest": "face0ad859b5d0f5a38add4279f2c14e7e5dcd7ba655a4d757918ce2cf7c8dce",'
        ' "format": 1, "name": "aoj_duinstreek_2026_v1/data", "plans": [{"groups": {"ib": ["ib"]}, "measure":'
        ' "strata"}], "profile": "openbaar", "threshold": 10}'
    ),
]
"""Entries in the ledgers of two participations, as they were before a wave had one."""


def enter_formers(formers: Sequence[str]) -> None:
    upgrade(revision="0004")
    insert_rows([*INSERTS[:3], *DUINSTREEK])
    upgrade(revision="0023")
    insert_rows(RELEASED)
    doubled = [text.replace("{", "{{").replace("}", "}}") for text in formers]
    insert_rows(
        [
            f"INSERT INTO ledger_entry (participation_id, number, document) VALUES ({{{key}}}, 1, '{text}')"
            for key, text in zip(("id", "other"), doubled, strict=True)
        ]
    )


@on_both
def test_ledgers_of_participations_become_one_of_the_wave_and_part_again(empty_app: Flask) -> None:
    enter_formers(FORMER)
    upgrade_database()
    with db.read() as connection:
        ledger = read_ledger(connection, "2026")
    assert [release.name for release in ledger.releases] == [
        "aoj_duinstreek_2026_v1/data",
        "aoj_rijnmeer_2026_v1/data",
    ]
    assert ledger.releases[1].plans[0].groups == {
        "rijnmeer/beleid": {"rijnmeer/beleid_gem", "rijnmeer/swv"},
        "rijnmeer/ib": {"rijnmeer/ib"},
    }
    downgrade(revision="0023")
    with db.read() as connection:
        found = connection.exec_driver_sql("SELECT document FROM ledger_entry ORDER BY participation_id")
        assert found.scalars().all() == FORMER


@on_both
def test_a_ledger_that_was_changed_before_is_found_so_afterwards(empty_app: Flask) -> None:
    enter_formers([FORMER[0].replace('"threshold": 5', '"threshold": 6'), FORMER[1]])
    upgrade_database()
    with (
        db.read() as connection,
        pytest.raises(DisclosureError, match=r"rijnmeer_2026_v1/data.*not as it was entered"),
    ):
        read_ledger(connection, "2026")


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
