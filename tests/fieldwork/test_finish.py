"""What follows an opening is tried again until it is done: the rewrite of tables, the end of the key."""

import resource
import shutil
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from aoj_survey.db import db
from aoj_survey.fieldwork import TurnError, finish_openings
from aoj_survey.keys import KeyDirectory
from aoj_survey.responses import Opening, record_bundle
from aoj_survey.waves import ParticipationFacts, list_acts
from tests.conftest import FixedClock
from tests.responses.boxes import close_and_open, fill_box, read_rows
from tests.staging import start_wave


def make_opened(keys: KeyDirectory, clock: FixedClock, region: str = "rijnmeer") -> ParticipationFacts:
    facts = start_wave(keys, clock(), {"ib": 12}, region=region)
    fill_box(keys, facts, clock(), 10)
    return close_and_open(keys, facts, clock())


@pytest.fixture
def opened(app: Flask, keys: KeyDirectory, clock: FixedClock) -> ParticipationFacts:
    return make_opened(keys, clock)


def test_tables_are_rewritten_once(
    opened: ParticipationFacts, keys: KeyDirectory, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert finish_openings(db, keys, clock())
    assert read_rows(Opening)[0]["tables_rewritten"] is True

    def fail(_engine: object) -> bool:
        pytest.fail("rewritten again")

    monkeypatch.setattr("aoj_survey.fieldwork.finish.rewrite_tables", fail)
    assert finish_openings(db, keys, clock())


def test_without_openings_there_is_nothing_to_do(app: Flask, keys: KeyDirectory, clock: FixedClock) -> None:
    assert finish_openings(db, keys, clock())


def test_the_key_goes_when_the_bundle_is_verified(
    opened: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    finish_openings(db, keys, clock())
    assert keys.has(opened.id, "box")
    with db.write() as connection:
        record_bundle(connection, opened.id, "d" * 64)
    finish_openings(db, keys, clock())
    assert not keys.has(opened.id, "box")
    assert read_rows(Opening)[0]["key_destroyed_at"] == clock()


def test_the_key_goes_after_seven_days_anyway(
    opened: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    finish_openings(db, keys, clock() + timedelta(days=7, seconds=-1))
    assert keys.has(opened.id, "box")
    finish_openings(db, keys, clock() + timedelta(days=7))
    assert not keys.has(opened.id, "box")


def test_a_rewrite_that_waits_is_tried_again_and_the_key_does_not_wait(
    opened: ParticipationFacts, keys: KeyDirectory, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.pass_time(days=7)
    with monkeypatch.context() as patched:
        patched.setattr("aoj_survey.fieldwork.finish.rewrite_tables", lambda _: False)
        assert not finish_openings(db, keys, clock())
    [record] = read_rows(Opening)
    assert record["tables_rewritten"] is False
    assert record["key_destroyed_at"] == clock()
    assert finish_openings(db, keys, clock())
    assert read_rows(Opening)[0]["tables_rewritten"] is True


@contextmanager
def full_disk(room: int) -> Generator[None]:
    """Let no file of this process grow over so many bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_keeps_the_rewrite_waiting_and_not_the_end_of_the_key(
    sqlite_app: Flask, clock: FixedClock, tmp_path: Path
) -> None:
    keys = KeyDirectory(tmp_path / "keys")
    facts = make_opened(keys, clock)
    clock.pass_time(days=7)
    with (
        full_disk((tmp_path / "aoj.sqlite3-wal").stat().st_size + 100_000),
        pytest.raises(sqlite3.OperationalError),
    ):
        finish_openings(db, keys, clock())
    assert not keys.has(facts.id, "box")
    [record] = read_rows(Opening)
    assert (record["key_destroyed_at"], record["tables_rewritten"]) == (clock(), False)
    assert finish_openings(db, keys, clock())
    assert read_rows(Opening)[0]["tables_rewritten"] is True


def list_ends(facts: ParticipationFacts) -> list[str]:
    with db.read() as connection:
        return [act.code for act in list_acts(connection, facts.id) if act.code.startswith("box_key")]


def test_a_key_that_comes_back_from_a_backup_is_destroyed_again(
    opened: ParticipationFacts, keys: KeyDirectory, clock: FixedClock, tmp_path: Path
) -> None:
    shutil.copytree(keys.path, tmp_path / "backup")
    clock.pass_time(days=7)
    finish_openings(db, keys, clock())
    destroyed = clock()
    clock.pass_time(hours=1)
    finish_openings(db, keys, clock())
    assert list_ends(opened) == ["box_key_destroyed"]
    shutil.copytree(tmp_path / "backup", keys.path, dirs_exist_ok=True)
    finish_openings(db, keys, clock())
    assert not keys.has(opened.id, "box")
    assert list_ends(opened) == ["box_key_destroyed_again", "box_key_destroyed"]
    assert read_rows(Opening)[0]["key_destroyed_at"] == destroyed


def test_twin_without_looking_again_a_key_from_a_backup_stays(
    sqlite_app: Flask, clock: FixedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = KeyDirectory(tmp_path / "keys")
    facts = make_opened(keys, clock)
    shutil.copytree(keys.path, tmp_path / "backup")
    clock.pass_time(days=7)
    finish_openings(db, keys, clock())
    shutil.copytree(tmp_path / "backup", keys.path, dirs_exist_ok=True)
    monkeypatch.setattr("aoj_survey.fieldwork.finish.destroyed_keys", lambda _: ())
    finish_openings(db, keys, clock())
    assert keys.has(facts.id, "box")


def test_a_reader_on_sqlite_delays_the_rewrite_only(
    sqlite_app: Flask, clock: FixedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aoj_survey.db.BUSY_SECONDS", 0)
    db.engine.dispose()
    keys = KeyDirectory(tmp_path / "keys")
    make_opened(keys, clock)
    reader = sqlite3.connect(tmp_path / "aoj.sqlite3", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM response").fetchone()
    assert not finish_openings(db, keys, clock())
    assert read_rows(Opening)[0]["tables_rewritten"] is False
    reader.close()
    assert finish_openings(db, keys, clock())
    assert read_rows(Opening)[0]["tables_rewritten"] is True


def test_one_key_that_cannot_be_destroyed_does_not_keep_another(
    opened: ParticipationFacts, keys: KeyDirectory, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_opened(keys, clock, "duinstreek")
    stuck = min(opened.id, other.id)
    destroy = KeyDirectory.destroy

    def destroy_all_but_one(self: KeyDirectory, participation: object, *names: str) -> None:
        if participation != stuck:
            destroy(self, other.id if stuck == opened.id else opened.id, *names)

    monkeypatch.setattr(KeyDirectory, "destroy", destroy_all_but_one)
    clock.pass_time(days=7)
    with pytest.raises(TurnError, match="still opens ballots"):
        finish_openings(db, keys, clock())
    recorded = {row["participation_id"]: row["key_destroyed_at"] for row in read_rows(Opening)}
    assert recorded[stuck] is None
    assert [moment for place, moment in recorded.items() if place != stuck] == [clock()]
