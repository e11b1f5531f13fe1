"""The database: models' base, and the two doors through which everything reads and writes.

`db.read()` and `db.write()` give a SQLAlchemy Core connection inside one transaction. On SQLite a
transaction that reads first and writes later fails at once with *database is locked* when another process
wrote in between, whatever the busy timeout; so `write()` takes the write lock at its beginning. And since
SQLite gives the lock to whoever happens to ask, threads of one process queue for it in order of arrival. Who
waited `BUSY_SECONDS` in all gets a `BusyError`, as during a long opening in another process.
"""

import sqlite3
import threading
import time
from collections import deque
from collections.abc import Generator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from functools import cache
from typing import Any

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask, current_app
from flask_migrate import Migrate, upgrade
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, DateTime, Dialect, Engine, MetaData, RootTransaction, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

from .config import ROOT
from .errors import BusyError

BUSY_SECONDS = 20
PATIENT_SECONDS = 900
"""How long a process waits to write that nobody looks at."""

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of all models; constraint names are set once, here."""

    metadata = MetaData(naming_convention=NAMES)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, stored in UTC; refuses a time without zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC (naive on SQLite, which stores no zone)."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = f"a moment needs a time zone: {value!r}"
            raise ValueError(message)
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment with its zone, UTC."""
        del dialect  # SQLAlchemy's signature
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


SAY_BUSY = (
    "Somebody else is writing in the database, such as a long opening. Nothing was changed; try again soon."
)


class FairLock:
    """A lock that serves threads in the order in which they came."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._queue: deque[threading.Lock] = deque()
        self._held = False

    @contextmanager
    def turn(self, seconds: float = -1) -> Generator[None]:
        """Wait for one's turn and hold the lock.

        Raises:
            BusyError: others held it for so many seconds; by default one waits for ever.
        """
        self._acquire(seconds)
        try:
            yield
        finally:
            self._release()

    def _acquire(self, seconds: float) -> None:
        with self._guard:
            if not self._held:
                self._held = True
                return
            ticket = threading.Lock()
            ticket.acquire()
            self._queue.append(ticket)
        if ticket.acquire(timeout=seconds):
            return
        with self._guard:
            # Who is not in the queue any more got the turn at the very last moment.
            if ticket in self._queue:
                self._queue.remove(ticket)
                raise BusyError(SAY_BUSY)

    def _release(self) -> None:
        with self._guard:
            if self._queue:
                self._queue.popleft().release()
            else:
                self._held = False


class Database(SQLAlchemy):
    """Flask-SQLAlchemy with the two doors."""

    def init_app(self, app: Flask) -> None:
        """Attach to an application and prepare its engine."""
        super().init_app(app)
        Migrate(app, self, directory=str(ROOT / "migrations"))
        app.extensions["aoj_write_turn"] = FairLock()
        with app.app_context():
            prepare_engine(self.engine)

    @contextmanager
    def read(self) -> Generator[Connection]:
        """A connection for reading; whatever was written on it is rolled back."""
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Generator[Connection]:
        """A connection for one short write transaction, committed durably at the end of the block.

        Raises:
            BusyError: somebody else wrote in the file of SQLite all the time; nothing was done.
        """
        # PostgreSQL needs no queue: its writers wait for rows, not for the whole file.
        lock: FairLock = current_app.extensions["aoj_write_turn"]
        patience: float = current_app.extensions.get("aoj_patience", BUSY_SECONDS)
        end = time.monotonic() + patience
        turn = lock.turn(patience) if self.engine.dialect.name == "sqlite" else nullcontext()
        with turn, self.engine.connect() as plain:
            left = max(0, round((end - time.monotonic()) * 1000))
            connection = plain.execution_options(aoj_waits=left)
            with _begin(connection):
                yield connection

    def be_patient(self, app: Flask) -> None:
        """Let writes of this process wait as long as a long opening takes; for one without pages."""
        app.extensions["aoj_patience"] = PATIENT_SECONDS


def _begin(connection: Connection) -> RootTransaction:
    try:
        return connection.begin()
    except OperationalError as error:
        if getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:
            raise BusyError(SAY_BUSY) from error
        raise


def upgrade_database() -> None:
    """Bring the database of the current application to the newest migration; harmless when it is there."""
    upgrade()


@cache
def _newest_migration() -> str | None:
    return ScriptDirectory(str(ROOT / "migrations")).get_current_head()


def is_up_to_date(connection: Connection) -> bool:
    """Return whether the newest migration of this code was applied to the database."""
    return MigrationContext.configure(connection).get_current_revision() == _newest_migration()


def prepare_engine(engine: Engine) -> None:
    """Set what durability and erasure need on every connection of an engine."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "connect", _prepare_postgresql)


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # The driver's own transaction control would begin too late; `_begin_sqlite` does it.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON", "foreign_keys = ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    waits = connection.get_execution_options().get("aoj_waits")
    if waits is None:
        connection.exec_driver_sql("BEGIN")
        return
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {waits}")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")


def _prepare_postgresql(connection: Any, _record: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = on")
    connection.commit()


db = Database(model_class=Base)
