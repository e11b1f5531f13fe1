"""PostgreSQL's write-ahead log: what it tells while a wave runs, and that it links nothing that can be read."""

import shutil
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask

from aoj_survey.db import db
from aoj_survey.installation import Installation
from aoj_survey.relinking import Means, find_write_ahead_log, loot
from aoj_survey.relinking.attempts import Attempt
from aoj_survey.relinking.statements import note_log_elsewhere
from aoj_survey.waves import Act, record_act
from tests.anonymity.test_xmin import store_after_a_savepoint, store_plainly
from tests.conftest import FixedClock

from .waves import attack, find, open_wave, run_wave

NAME = "write_ahead_log"


class Log:
    """The server's log from now on. It is one for all tests, so each plays under a region of its own."""

    def __init__(self, installation: Installation, clock: FixedClock, folder: Path) -> None:
        self.region = f"r{uuid4().hex[:12]}"
        self._installation, self._clock, self._folder = installation, clock, folder
        self._begin = self._tell_place()

    def _tell_place(self) -> str:
        with db.read() as connection:
            return connection.exec_driver_sql("SELECT pg_walfile_name(pg_current_wal_lsn())").scalar_one()

    def carry_off(self) -> Path:
        """Copy what was written since, as an archive would."""
        source = find_write_ahead_log(db.engine)
        if source is None:
            pytest.skip("the log of this PostgreSQL cannot be read from here")
        end = self._tell_place()
        for path in source.iterdir():
            if self._begin <= path.name <= end:
                shutil.copy(path, self._folder)
        return self._folder

    def attack(self) -> Attempt:
        """Let the attacker loose on it."""
        return find(attack(self._installation, self._clock, Means(wal=self.carry_off())), NAME)


@pytest.fixture
def log(postgresql_app: Flask, clock: FixedClock, tmp_path: Path) -> Log:
    folder = tmp_path / "wal"
    folder.mkdir()
    return Log(postgresql_app.extensions["aoj"], clock, folder)


@pytest.fixture
def installation(postgresql_app: Flask) -> Installation:
    found: Installation = postgresql_app.extensions["aoj"]
    return found


def test_while_it_runs_the_log_tells_who_sent_when_and_nothing_of_what(
    installation: Installation, clock: FixedClock, log: Log
) -> None:
    run_wave(installation, clock, region=log.region)
    attempt = log.attack()
    assert attempt.outcome == "unlinked"
    assert attempt.measure["read"] == attempt.measure["segments"] >= 1
    assert (attempt.measure["moments"], attempt.measure["matched"]) == (28, 0)
    assert attempt.measure["ballots"] >= 28
    assert "Of 28 sendings the log tells who and when" in attempt.words.en


def test_after_the_opening_no_transaction_in_the_log_has_an_answer_and_a_person(
    installation: Installation, clock: FixedClock, log: Log
) -> None:
    open_wave(installation, clock, run_wave(installation, clock, region=log.region))
    attempt = log.attack()
    assert (attempt.outcome, attempt.measure["matched"], attempt.measure["moments"]) == ("unlinked", 0, 28)


@pytest.mark.parametrize("submit", [store_plainly, store_after_a_savepoint])
def test_twin_answers_stored_readable_are_matched_in_the_log(
    installation: Installation,
    clock: FixedClock,
    log: Log,
    monkeypatch: pytest.MonkeyPatch,
    submit: Callable[..., object],
) -> None:
    monkeypatch.setattr("tests.staging.submit", submit)
    run_wave(installation, clock, region=log.region)
    attempt = log.attack()
    assert (attempt.outcome, attempt.measure["matched"]) == ("linked", 28)


@pytest.mark.parametrize("found", ["addresses", "organisations"])
def test_twin_what_was_written_and_taken_back_stands_in_the_log(
    installation: Installation, clock: FixedClock, log: Log, found: str
) -> None:
    facts = run_wave(installation, clock, region=log.region)
    text = {
        "addresses": f"mailed post@{log.region}-ib-3.example",
        "organisations": f"called School 3 {log.region}",
    }[found]
    with db.engine.connect() as connection:
        record_act(connection, facts.id, Act(clock(), "Verzonnen Een", "told", {"words": text}))
        # Somebody else's commit puts on disk what this one wrote.
        with db.write() as other:
            record_act(other, facts.id, Act(clock(), "Verzonnen Twee", "told"))
        connection.rollback()
    attempt = log.attack()
    assert (attempt.outcome, attempt.measure[found]) == ("linked", 1)


def test_without_a_reader_of_the_log_it_says_what_was_not_done(
    installation: Installation, clock: FixedClock, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loot, "_find_dump_log", lambda _: None)
    run_wave(installation, clock, region=log.region)
    attempt = log.attack()
    assert (attempt.outcome, attempt.measure["moments"]) == ("unlinked", 0)
    assert "There is no pg_waldump that can read this log" in attempt.words.en


def test_a_file_that_the_server_renamed_in_the_meantime_is_said(
    installation: Installation, clock: FixedClock, log: Log
) -> None:
    run_wave(installation, clock, region=log.region)
    folder = log.carry_off()
    (folder / ("F" * 24)).symlink_to(folder / "renamed")
    attempt = find(attack(installation, clock, Means(wal=folder)), NAME)
    assert attempt.outcome == "unlinked"
    assert "renamed files of this log" in attempt.words.en


def test_copies_elsewhere_and_packed_pages_are_said(postgresql_app: Flask) -> None:
    with db.read() as connection:
        assert note_log_elsewhere(connection) == ()
        connection.exec_driver_sql("SET LOCAL wal_compression = on")
        assert note_log_elsewhere(connection) == ("packed_pages",)
    slot = f"aoj_{uuid4().hex}"
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"SELECT pg_create_physical_replication_slot('{slot}')")
        try:
            assert note_log_elsewhere(connection) == ("log_elsewhere",)
        finally:
            connection.exec_driver_sql(f"SELECT pg_drop_replication_slot('{slot}')")


def test_what_cannot_be_read_or_is_not_there_is_not_tried(
    installation: Installation, clock: FixedClock
) -> None:
    run_wave(installation, clock)
    assert find(attack(installation, clock), NAME).outcome == "not_tried"
