"""The two doors to the database."""

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from flask import Flask
from sqlalchemy import insert, select, text
from sqlalchemy.exc import StatementError

from aoj_survey.db import FairLock, db
from aoj_survey.errors import BusyError
from aoj_survey.invitations import ServiceNote


def test_a_write_is_kept_and_a_read_is_rolled_back(app: Flask) -> None:
    moment = datetime(2026, 5, 4, 9, 0, tzinfo=timezone(timedelta(hours=2)))
    with db.write() as connection:
        connection.execute(insert(ServiceNote).values(name="kept", at=moment, text=""))
    with db.read() as connection:
        connection.execute(insert(ServiceNote).values(name="lost", at=moment, text=""))
    with db.read() as connection:
        rows = connection.execute(select(ServiceNote.name, ServiceNote.at)).all()
    assert [tuple(row) for row in rows] == [("kept", datetime(2026, 5, 4, 7, 0, tzinfo=UTC))]


def test_a_failed_write_leaves_nothing(app: Flask) -> None:
    with pytest.raises(RuntimeError), db.write() as connection:  # noqa: PT012 — the failure is the second step
        connection.execute(
            insert(ServiceNote).values(name="lost", at=datetime(2026, 5, 4, tzinfo=UTC), text="")
        )
        raise RuntimeError
    with db.read() as connection:
        assert connection.execute(select(ServiceNote.name)).all() == []


def test_a_moment_without_zone_is_refused(app: Flask) -> None:
    naive = datetime(2026, 5, 4)  # noqa: DTZ001
    with pytest.raises(StatementError, match="time zone"), db.write() as connection:
        connection.execute(insert(ServiceNote).values(name="naive", at=naive, text=""))


def test_sqlite_is_durable_and_erases(sqlite_app: Flask) -> None:
    with db.read() as connection:
        values = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "secure_delete", "foreign_keys")
        }
    assert values == {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1, "foreign_keys": 1}


def test_postgresql_commits_durably(postgresql_app: Flask) -> None:
    with db.read() as connection:
        assert connection.execute(text("SHOW synchronous_commit")).scalar_one() == "on"


def test_many_writers_read_then_write_without_a_locked_database(app: Flask) -> None:
    def count_up() -> None:
        with app.app_context():
            for _ in range(10):
                with db.write() as connection:
                    found = connection.execute(
                        select(ServiceNote.text).where(ServiceNote.name == "n").with_for_update()
                    ).scalar_one()
                    connection.execute(
                        ServiceNote.__table__.update().values(text=str(int(found) + 1))  # type: ignore[attr-defined]
                    )

    with db.write() as connection:
        connection.execute(
            insert(ServiceNote).values(name="n", at=datetime(2026, 5, 4, tzinfo=UTC), text="0")
        )
    threads = [threading.Thread(target=count_up) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with db.read() as connection:
        assert connection.execute(select(ServiceNote.text)).scalar_one() == "60"


def test_the_fair_lock_serves_in_order_of_arrival() -> None:
    lock, served, threads = FairLock(), list[int](), list[threading.Thread]()

    def take(number: int, queued: threading.Event) -> None:
        queued.set()
        with lock.turn():
            served.append(number)

    with lock.turn():
        for number in range(8):
            queued = threading.Event()
            thread = threading.Thread(target=take, args=(number, queued))
            thread.start()
            queued.wait()
            while len(lock._queue) <= number:
                pass
            threads.append(thread)
    for thread in threads:
        thread.join()
    assert served == list(range(8))


def test_who_waits_too_long_for_the_fair_lock_leaves_the_queue() -> None:
    lock = FairLock()
    with lock.turn():
        with pytest.raises(BusyError, match="Nothing was changed"), lock.turn(0.01):
            pytest.fail("held by two")
        assert not lock._queue
    with lock.turn(0.01):
        pass
