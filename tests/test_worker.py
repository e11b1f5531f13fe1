"""The worker: every job when due, in a process of its own that ends cleanly."""

import logging
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from aoj_survey import worker
from aoj_survey.db import PATIENT_SECONDS, db
from aoj_survey.installation import Installation
from aoj_survey.invitations import Invitee, count_messages, read_note, write_note
from aoj_survey.keys import KeyDirectory
from aoj_survey.preflight import read_checked_at
from aoj_survey.responses import Ballot
from aoj_survey.tracking import DailyCount
from aoj_survey.waves import ParticipationFacts, read_participation
from aoj_survey.worker import JOBS, WORKER_NOTE, Job, run_job, run_once

from .conftest import FixedClock
from .responses.boxes import close, close_and_open, count_rows, fill_box
from .smtp_server import Mailbox, SmtpServer
from .staging import ANSWERS, list_people, send, start_wave

ROOT = Path(__file__).parents[1]
SCRIPT = """
import sys
from pathlib import Path
from aoj_survey.app import create_app
from aoj_survey.config import make_settings
from aoj_survey.worker import run_worker
settings = make_settings(Path(sys.argv[1]), {"smtp_port": int(sys.argv[2]), "smtp_timeout": 5})
run_worker(create_app(settings))
print("ended")
"""


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    made = SmtpServer()
    made.start()
    yield made
    made.stop()


@pytest.fixture
def mailbox(server: SmtpServer) -> Mailbox:
    return server.mailbox


@pytest.fixture
def settings_values(server: SmtpServer) -> dict[str, Any]:
    return {"smtp_port": server.port, "smtp_timeout": 2}


def count_days(facts: ParticipationFacts) -> int:
    with db.read() as connection:
        place = DailyCount.participation_id == facts.id
        days: int = connection.execute(
            select(func.count(DailyCount.day.distinct())).where(place)
        ).scalar_one()
    return days


def test_one_turn_does_all_that_is_due_and_a_second_nothing_more(
    app: Flask, keys: KeyDirectory, clock: FixedClock, mailbox: Mailbox
) -> None:
    facts = start_wave(keys, clock(), {"ib": 12})
    assert run_once(app)
    assert run_once(app)
    assert len(mailbox.taken) == 12
    assert count_days(facts) == 1
    with db.read() as connection:
        note = read_note(connection, WORKER_NOTE)
    assert note is not None
    assert note.at == clock()


def read_rows() -> dict[str, list[str]]:
    """Every row of every table."""
    with db.read() as connection:
        return {
            table.name: sorted(repr(tuple(row)) for row in connection.execute(select(table)))
            for table in db.metadata.sorted_tables
        }


def run_twice(app: Flask, jobs: Sequence[Job], clock: FixedClock) -> list[str]:
    """Run every job through a wave, each time once more at once; return those whose second time did something."""
    harmful: list[str] = []
    for _ in range(14):
        for job in jobs:
            assert run_job(app, job, lambda: False), job.name
            before = read_rows()
            assert run_job(app, job, lambda: False), job.name
            if read_rows() != before:
                harmful.append(job.name)
        clock.pass_time(days=7)
    return harmful


def test_every_job_is_harmless_when_run_twice(
    app: Flask, keys: KeyDirectory, clock: FixedClock, mailbox: Mailbox
) -> None:
    facts = start_wave(keys, clock(), {"ib": 12})
    people = list_people(keys, facts)
    for person in people[:11]:
        send(person, ANSWERS, clock())
    assert run_twice(app, JOBS, clock) == []
    assert max(mailbox.ids().values()) == 1
    with db.read() as connection:
        assert read_participation(connection, facts.id).status == "closed"
        assert connection.execute(select(func.count()).select_from(Invitee)).scalar_one() == 0


def test_twin_a_job_that_does_more_each_time_is_found(sqlite_app: Flask, clock: FixedClock) -> None:
    def add_note(_installation: Installation, _stop: Callable[[], bool]) -> None:
        with db.write() as connection:
            write_note(connection, secrets.token_hex(8), clock())

    assert run_twice(sqlite_app, (*JOBS[:1], Job("greedy", add_note, 1)), clock) == ["greedy"] * 14


def test_turns_of_cron_keep_the_sign_of_life_and_the_findings_fresh(
    sqlite_app: Flask, clock: FixedClock, mailbox: Mailbox
) -> None:
    checked: set[datetime | None] = set()
    for _ in range(13):
        assert run_once(sqlite_app)
        with db.read() as connection:
            note = read_note(connection, WORKER_NOTE)
            checked.add(read_checked_at(connection))
        assert note is not None
        assert note.at == clock()
        clock.pass_time(minutes=5)
    # The first and the last turn lie an hour apart.
    assert len(checked) == 2
    assert mailbox.lines == 2


def test_a_window_that_is_over_is_closed(app: Flask, keys: KeyDirectory, clock: FixedClock) -> None:
    facts = start_wave(keys, clock(), {"ib": 12})
    clock.moment = facts.closes_at
    assert run_once(app)
    with db.read() as connection:
        assert read_participation(connection, facts.id).status == "closed"


def test_a_box_that_stayed_too_small_is_destroyed(
    sqlite_app: Flask, clock: FixedClock, server: SmtpServer
) -> None:
    del server
    keys = sqlite_app.extensions["aoj"].keys
    facts = start_wave(keys, clock(), {"ib": 12})
    fill_box(keys, facts, clock(), 3)
    clock.moment = facts.closes_at
    assert run_once(sqlite_app)
    clock.pass_time(days=90)
    assert run_once(sqlite_app)
    assert (count_rows(Ballot), keys.has(facts.id, "box")) == (0, False)


def test_a_key_that_does_not_end_keeps_no_small_box(
    sqlite_app: Flask, clock: FixedClock, server: SmtpServer, caplog: pytest.LogCaptureFixture
) -> None:
    del server
    keys = sqlite_app.extensions["aoj"].keys
    large, small = (start_wave(keys, clock(), {"ib": 12}, region=code) for code in ("aa", "bb"))
    for facts, answered in ((large, 10), (small, 3)):
        fill_box(keys, facts, clock(), answered)
    close_and_open(keys, large, clock())
    close(small, clock())
    (keys.path / "copy").write_bytes((keys.path / str(large.id) / "box.key").read_bytes())
    clock.pass_time(days=90)
    assert not run_once(sqlite_app)
    assert (count_rows(Ballot), keys.has(small.id, "box")) == (0, False)
    assert f"still opens ballots: {keys.path / 'copy'}" in caplog.text


def test_the_worker_waits_for_a_long_opening_elsewhere(sqlite_app: Flask) -> None:
    assert "aoj_patience" not in sqlite_app.extensions
    assert run_once(sqlite_app)
    assert sqlite_app.extensions["aoj_patience"] == PATIENT_SECONDS


def test_a_whole_window_of_turns_sends_three_mails_and_counts_every_day(
    sqlite_app: Flask, clock: FixedClock, mailbox: Mailbox
) -> None:
    facts = start_wave(sqlite_app.extensions["aoj"].keys, clock(), {"ib": 10})
    for _ in range(20):
        assert run_once(sqlite_app)
        clock.pass_time(days=1)
    assert len(mailbox.taken) == 30
    assert count_days(facts) == 20


def fail_with_an_address(_installation: Installation, _stop: Callable[[], bool]) -> None:
    message = "550 <post@geheim.example> unknown"
    raise ValueError(message)


def test_a_job_that_fails_is_logged_without_its_words_and_the_others_go_on(
    sqlite_app: Flask, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(worker, "JOBS", (Job("broken", fail_with_an_address, 1), *JOBS))
    with caplog.at_level(logging.DEBUG):
        assert not run_once(sqlite_app)
    assert "the job 'broken' failed: ValueError at" in caplog.text
    assert "test_worker.py" in caplog.text
    assert "geheim" not in caplog.text
    with db.read() as connection:
        assert read_note(connection, WORKER_NOTE) is not None


def test_a_job_learns_that_the_worker_is_to_end(sqlite_app: Flask) -> None:
    asked: list[bool] = []
    assert run_job(sqlite_app, Job("curious", lambda _, stop: asked.append(stop()), 1), lambda: True)
    assert asked == [True]


def test_the_timetable_names_each_job_once() -> None:
    assert [job.name for job in JOBS] == [
        "sign of life",
        "links",
        "mail",
        "test mails",
        "mail that came back",
        "fieldwork",
        "openings",
        "erasure",
        "purge",
        "unfinished lists",
        "daily count",
        "preflight",
    ]
    assert all(0 < job.seconds <= 3600 for job in JOBS)


def wait_for(condition: Callable[[], bool], seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "nothing happened"
        time.sleep(0.01)


def start_process(app: Flask, server: SmtpServer) -> subprocess.Popen[str]:
    folder = str(app.extensions["aoj"].settings.instance)
    command = [sys.executable, "-W", "error", "-c", SCRIPT, folder, str(server.port)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_process_ends_after_the_message_in_hand(
    sqlite_app: Flask, server: SmtpServer, mailbox: Mailbox, number: signal.Signals
) -> None:
    # The process reads the real clock, so this wave is one of today.
    facts = start_wave(sqlite_app.extensions["aoj"].keys, datetime.now(UTC) - timedelta(hours=1), {"ib": 200})
    mailbox.pause = 0.05
    process = start_process(sqlite_app, server)
    wait_for(lambda: len(mailbox.taken) >= 3)
    process.send_signal(number)
    words, faults = process.communicate(timeout=30)
    assert (process.returncode, words, faults) == (0, "ended\n", "")
    with db.read() as connection:
        counts = count_messages(connection, facts.id)
    assert counts["invitation", "sent"] == len(mailbox.taken) < 200
    assert counts["invitation", "due"] == 200 - len(mailbox.taken)
