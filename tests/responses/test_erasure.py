"""After an opening: the files keep nothing of the box, its key is gone, older backups are worthless."""

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event, insert, select

from aoj_survey.config import make_settings
from aoj_survey.db import db
from aoj_survey.errors import KeyFileError
from aoj_survey.keys import KeyDirectory
from aoj_survey.questionnaire import Answers
from aoj_survey.responses import (
    Approval,
    Ballot,
    DraftContent,
    ErasureError,
    Opening,
    Response,
    destroy_box_key,
    keep_draft,
    keys_to_destroy,
    open_box,
    openings_to_rewrite,
    record_bundle,
    record_rewrite,
    rewrite_tables,
)
from aoj_survey.waves import Act, Participation, ParticipationFacts, list_acts
from tests.conftest import FixedClock, make_app
from tests.factories import make_opening, make_participation
from tests.responses.boxes import approve, close, fill_box, open_now, read_rows, restore_box
from tests.staging import list_people, start_wave

MARKER = "zeldzame-markering-voor-de-doos"
TOLD: Answers = {"overleg": "ja", "sturing": ("visie",), "visie_hoe": MARKER}


@pytest.fixture
def ready(app: Flask, keys: KeyDirectory, clock: FixedClock) -> ParticipationFacts:
    """Closed, with ten ballots, approved by two."""
    return make_ready(keys, clock)


def make_ready(keys: KeyDirectory, clock: FixedClock) -> ParticipationFacts:
    facts = start_wave(keys, clock(), {"ib": 15})
    fill_box(keys, facts, clock(), 10, TOLD)
    closed = close(facts, clock())
    approve(closed)
    return closed


# Rewriting tables


def test_rewriting_keeps_every_response(
    ready: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    open_now(keys, ready, clock())
    before = read_rows(Response)
    assert rewrite_tables(db.engine)
    assert read_rows(Response) == before


def test_the_order_of_the_steps_is_kept_per_participation(app: Flask, clock: FixedClock) -> None:
    with db.write() as connection:
        first = make_participation(connection)
        second = make_participation(connection, region_code="duinstreek")
        make_opening(connection, first)
        make_opening(connection, second)
        assert set(openings_to_rewrite(connection)) == {first, second}
        record_rewrite(connection, first)
        assert openings_to_rewrite(connection) == (second,)


def test_after_the_rewrite_no_page_of_the_file_holds_a_ballot(
    sqlite_app: Flask, clock: FixedClock, tmp_path: Path
) -> None:
    keys = KeyDirectory(tmp_path / "keys")
    facts = make_ready(keys, clock)
    sealed = [row["ciphertext"] for row in read_rows(Ballot)]
    assert any(ballot[:64] in read_files(tmp_path) for ballot in sealed)
    open_now(keys, facts, clock())
    assert rewrite_tables(db.engine)
    held = read_files(tmp_path)
    assert not any(ballot[:64] in held or ballot[-64:] in held for ballot in sealed)
    assert held.count(MARKER.encode()) == 10


def count_free_pages() -> int:
    with db.read() as connection:
        return connection.execute(sa.text("PRAGMA freelist_count")).scalar_one()


def test_the_rewrite_leaves_no_free_page_in_the_file(
    sqlite_app: Flask, clock: FixedClock, tmp_path: Path
) -> None:
    keys = KeyDirectory(tmp_path / "keys")
    open_now(keys, make_ready(keys, clock), clock())
    assert count_free_pages() > 0
    assert rewrite_tables(db.engine)
    assert count_free_pages() == 0


def measure_table(table: str) -> int:
    """How much of the disk the rows of a table take on PostgreSQL, those that were deleted and long values included."""
    with db.read() as connection:
        return connection.execute(
            sa.text(
                "SELECT pg_relation_size(oid) + coalesce(pg_relation_size(nullif(reltoastrelid, 0)), 0) FROM pg_class "
                "WHERE relname = :table"
            ),
            {"table": table},
        ).scalar_one()


def test_the_rewrite_leaves_nothing_of_ballots_and_drafts_on_postgresql(
    postgresql_app: Flask, clock: FixedClock
) -> None:
    keys = postgresql_app.extensions["aoj"].keys
    facts = start_wave(keys, clock(), {"ib": 15})
    with db.write() as connection:
        for person in list_people(keys, facts):
            keep_draft(connection, person.token, facts.id, DraftContent(TOLD))
    fill_box(keys, facts, clock(), 10, TOLD)
    closed = close(facts, clock())
    approve(closed)
    open_now(keys, closed, clock())
    assert min(measure_table(table) for table in ("ballot", "draft")) > 0
    assert rewrite_tables(db.engine)
    assert [measure_table(table) for table in ("ballot", "draft")] == [0, 0]


def test_twin_without_the_rewrite_the_log_still_holds_ballots(
    sqlite_app: Flask, clock: FixedClock, tmp_path: Path
) -> None:
    keys = KeyDirectory(tmp_path / "keys")
    facts = make_ready(keys, clock)
    sealed = [row["ciphertext"] for row in read_rows(Ballot)]
    open_now(keys, facts, clock())
    held = read_files(tmp_path)
    assert any(ballot[:64] in held or ballot[-64:] in held for ballot in sealed)


def read_files(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.glob("aoj.sqlite3*")))


def test_a_reader_in_the_way_is_told_on_sqlite(
    sqlite_app: Flask, clock: FixedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aoj_survey.db.BUSY_SECONDS", 0)
    db.engine.dispose()
    keys = KeyDirectory(tmp_path / "keys")
    open_now(keys, make_ready(keys, clock), clock())
    with reader(tmp_path / "aoj.sqlite3"):
        assert not rewrite_tables(db.engine)
    assert rewrite_tables(db.engine)


def test_a_writer_in_the_way_is_told_on_sqlite(
    sqlite_app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aoj_survey.db.BUSY_SECONDS", 0)
    db.engine.dispose()
    other = sqlite3.connect(tmp_path / "aoj.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert not rewrite_tables(db.engine)
    other.close()
    assert rewrite_tables(db.engine)


class reader:  # noqa: N801 - used as a context, like a function
    """Another process that reads, in a transaction it does not end."""

    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None)

    def __enter__(self) -> None:
        self.connection.execute("BEGIN")
        self.connection.execute("SELECT count(*) FROM response").fetchone()

    def __exit__(self, *_: object) -> None:
        self.connection.close()


@pytest.fixture
def impatient(postgresql_app: Flask) -> Iterator[None]:
    """Connections that give up waiting for a lock after a tenth of a second."""

    def give_up_soon(connection: Any, _record: Any) -> None:
        connection.execute("SET lock_timeout = '100ms'")
        connection.commit()

    db.engine.dispose()
    event.listen(db.engine, "connect", give_up_soon)
    yield
    event.remove(db.engine, "connect", give_up_soon)


def fail_halfway() -> None:
    with db.write() as connection:
        make_participation(connection)
        raise RuntimeError("halfway")


@pytest.mark.usefixtures("impatient")
def test_a_rewrite_that_fails_leaves_transactions_whole_on_postgresql() -> None:
    other = sa.create_engine(db.engine.url)
    with other.connect() as blocking:
        blocking.exec_driver_sql("LOCK TABLE response IN ACCESS SHARE MODE")
        assert not rewrite_tables(db.engine)
    other.dispose()
    with pytest.raises(RuntimeError, match="halfway"):
        fail_halfway()
    assert read_rows(Participation) == []
    assert rewrite_tables(db.engine)


# The key


def test_the_key_must_go_when_the_bundle_is_verified_or_after_seven_days(
    app: Flask, clock: FixedClock
) -> None:
    with db.write() as connection:
        verified = make_participation(connection)
        waiting = make_participation(connection, region_code="duinstreek")
        for place in (verified, waiting):
            make_opening(connection, place, opened_at=clock())
        assert keys_to_destroy(connection, clock()) == ()
        record_bundle(connection, verified, "d" * 64)
        assert keys_to_destroy(connection, clock()) == (verified,)
        clock.pass_time(days=7, seconds=-1)
        assert keys_to_destroy(connection, clock()) == (verified,)
        clock.pass_time(seconds=1)
        assert set(keys_to_destroy(connection, clock())) == {verified, waiting}


def test_the_first_bundle_stays_on_record(app: Flask) -> None:
    with db.write() as connection:
        place = make_participation(connection)
        make_opening(connection, place)
        record_bundle(connection, place, "1" * 64)
        record_bundle(connection, place, "2" * 64)
        assert connection.execute(select(Opening.bundle_digest)).scalar_one() == "1" * 64


def destroy(keys: KeyDirectory, facts: ParticipationFacts, clock: FixedClock) -> None:
    with db.write() as connection:
        destroy_box_key(connection, keys, facts, clock())


def test_a_destroyed_key_is_recorded_and_no_longer_due(
    ready: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    open_now(keys, ready, clock())
    clock.pass_time(days=7)
    destroy(keys, ready, clock)
    [record] = read_rows(Opening)
    assert record["key_destroyed_at"] == clock()
    destroy(keys, ready, clock)
    with db.read() as connection:
        done = [act for act in list_acts(connection, ready.id) if act.code == "box_key_destroyed"]
    assert done == [Act(clock(), "worker", "box_key_destroyed")]
    assert not keys.has(ready.id, "box")
    assert keys.has(ready.id, "link")
    with db.read() as connection:
        assert keys_to_destroy(connection, clock()) == ()


def test_destruction_is_finished_after_a_crash_between_file_and_record(
    ready: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    open_now(keys, ready, clock())
    keys.destroy(ready.id, "box")
    destroy(keys, ready, clock)
    assert read_rows(Opening)[0]["key_destroyed_at"] == clock()


def test_a_key_that_still_opens_ballots_is_not_recorded_as_destroyed(
    ready: ParticipationFacts, keys: KeyDirectory, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_now(keys, ready, clock())
    monkeypatch.setattr(KeyDirectory, "destroy", lambda *_: None)
    with pytest.raises(ErasureError, match="still opens ballots"):
        destroy(keys, ready, clock)
    assert read_rows(Opening)[0]["key_destroyed_at"] is None


def test_a_key_that_others_can_read_is_not_taken_for_a_destroyed_one(
    ready: ParticipationFacts, keys: KeyDirectory, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_now(keys, ready, clock())
    monkeypatch.setattr(KeyDirectory, "destroy", lambda *_: None)
    (keys.path / str(ready.id) / "box.key").chmod(0o644)
    with pytest.raises(ErasureError, match="still"):
        destroy(keys, ready, clock)
    assert read_rows(Opening)[0]["key_destroyed_at"] is None


def list_recorded() -> list[object]:
    return [row["key_destroyed_at"] for row in read_rows(Opening)]


def leave_copy(keys: KeyDirectory, facts: ParticipationFacts) -> Path:
    """What a careful administrator may do before an opening."""
    copy = keys.path / "box.key.bak"
    shutil.copy(keys.path / str(facts.id) / "box.key", copy)
    return copy


def test_a_copy_of_the_key_beside_it_is_found_and_nothing_recorded(
    ready: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    open_now(keys, ready, clock())
    copy = leave_copy(keys, ready)
    with pytest.raises(ErasureError, match=r"still opens ballots: .*box\.key\.bak"):
        destroy(keys, ready, clock)
    assert list_recorded() == [None]
    copy.unlink()
    destroy(keys, ready, clock)
    assert list_recorded() == [clock()]


def test_twin_without_the_failed_decryption_a_copy_of_the_key_is_missed(
    ready: ParticipationFacts, keys: KeyDirectory, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_now(keys, ready, clock())
    leave_copy(keys, ready)
    monkeypatch.setattr("aoj_survey.responses.erasure._opens", lambda *_: False)
    destroy(keys, ready, clock)
    assert list_recorded() == [clock()]


def test_a_key_on_a_disk_that_is_not_mounted_is_not_recorded_as_destroyed(
    ready: ParticipationFacts, keys: KeyDirectory, clock: FixedClock, tmp_path: Path
) -> None:
    open_now(keys, ready, clock())
    keys.path.rename(tmp_path / "unmounted")
    for folder in (None, keys.path):
        if folder:
            folder.mkdir(mode=0o700)
        with pytest.raises(KeyFileError, match="nobody can tell whether its keys are gone"):
            destroy(keys, ready, clock)
    assert list_recorded() == [None]
    keys.path.rmdir()
    (tmp_path / "unmounted").rename(keys.path)
    destroy(keys, ready, clock)
    assert list_recorded() == [clock()]


def test_after_the_destruction_nobody_is_told_to_put_the_key_back(
    ready: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    ballots = read_rows(Ballot)
    open_now(keys, ready, clock())
    destroy(keys, ready, clock)
    restore_box(ready, ballots)
    with pytest.raises(KeyFileError, match="If it was destroyed after an opening, this is an older backup"):
        open_now(keys, ready, clock())


# Older backups


def check_backup_cannot_be_opened(keys: KeyDirectory, facts: ParticipationFacts, clock: FixedClock) -> None:
    try:
        opened = open_now(keys, facts, clock())
    except KeyFileError:
        opened = 0
    assert opened == 0


def test_a_restored_backup_cannot_be_opened_after_the_key_is_destroyed(
    ready: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    ballots = read_rows(Ballot)
    open_now(keys, ready, clock())
    destroy(keys, ready, clock)
    restore_box(ready, ballots)
    check_backup_cannot_be_opened(keys, ready, clock)


def test_twin_without_the_destruction_a_restored_backup_opens(
    ready: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    ballots = read_rows(Ballot)
    open_now(keys, ready, clock())
    restore_box(ready, ballots)
    with pytest.raises(AssertionError):
        check_backup_cannot_be_opened(keys, ready, clock)


@pytest.mark.parametrize("destroyed", [True, False])
def test_a_copied_database_file_opens_only_while_the_key_lives(
    sqlite_app: Flask, clock: FixedClock, tmp_path: Path, destroyed: bool
) -> None:
    keys = KeyDirectory(tmp_path / "keys")
    facts = make_ready(keys, clock)
    backup = tmp_path / "backup"
    backup.mkdir()
    with sqlite3.connect(tmp_path / "aoj.sqlite3") as source, sqlite3.connect(backup / "aoj.sqlite3") as copy:
        source.backup(copy)
    source.close()
    copy.close()
    open_now(keys, facts, clock())
    if destroyed:
        clock.pass_time(days=7)
        destroy(keys, facts, clock)
    shutil.copytree(tmp_path / "keys", backup / "keys")
    restored = make_app(make_settings(backup, {}), clock)
    with restored.app_context():
        if destroyed:
            check_backup_cannot_be_opened(KeyDirectory(backup / "keys"), facts, clock)
        else:
            with db.write() as connection:
                assert open_box(connection, KeyDirectory(backup / "keys"), facts, clock()) == 10
        db.engine.dispose()


def test_an_approval_in_an_old_backup_does_not_help(
    ready: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    ballots = read_rows(Ballot)
    open_now(keys, ready, clock())
    clock.pass_time(days=8)
    destroy(keys, ready, clock)
    restore_box(ready, ballots)
    with db.write() as connection:
        connection.execute(insert(Approval).values(participation_id=ready.id, person="Verzonnen Drie"))
    check_backup_cannot_be_opened(keys, ready, clock)
