"""The installation itself: clock, disk, keys, backups, address and worker, each right and wrong."""

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask

from aoj_survey.config import make_settings
from aoj_survey.db import db
from aoj_survey.fieldwork import finish_openings
from aoj_survey.installation import Installation
from aoj_survey.invitations import write_note
from aoj_survey.keys import KeyDirectory
from aoj_survey.preflight import Finding, machine
from aoj_survey.preflight.machine import (
    MEGABYTE,
    check_address,
    check_backup,
    check_clock,
    check_disk,
    check_keys,
    check_worker,
)
from aoj_survey.waves import ParticipationFacts
from tests.conftest import FixedClock
from tests.responses.boxes import close, close_and_open, fill_box
from tests.staging import start_wave

# Clock


def look_at_clock(clock: FixedClock) -> Finding:
    with db.read() as connection:
        return check_clock(connection, clock())


@pytest.mark.parametrize(
    ("kept", "level", "code"), [(True, "ok", "clock_ok"), (False, "advice", "clock_alone")]
)
def test_the_kernel_says_whether_the_clock_is_kept_right(
    sqlite_app: Flask,
    clock: FixedClock,
    monkeypatch: pytest.MonkeyPatch,
    level: str,
    code: str,
    *,
    kept: bool,
) -> None:
    monkeypatch.setattr(machine, "is_kept_right", lambda: kept)
    found = look_at_clock(clock)
    assert (found.level, found.code) == (level, code)


@pytest.mark.parametrize(("answer", "kept"), [(0, True), (5, False)])
def test_the_answer_of_the_kernel_is_understood(
    monkeypatch: pytest.MonkeyPatch, answer: int, *, kept: bool
) -> None:
    library = SimpleNamespace(adjtimex=lambda _buffer: answer)
    monkeypatch.setattr(machine.ctypes, "CDLL", lambda _name: library)
    assert machine.is_kept_right() is kept


def test_the_kernel_of_this_machine_can_be_asked() -> None:
    assert machine.is_kept_right() in {True, False}


def test_a_kernel_that_cannot_be_asked_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine.ctypes, "CDLL", lambda _name: SimpleNamespace())
    assert machine.is_kept_right()


def test_a_clock_behind_what_was_written_is_a_fault(app: Flask, clock: FixedClock) -> None:
    with db.write() as connection:
        write_note(connection, "worker", clock() + timedelta(seconds=90))
    found = look_at_clock(clock)
    assert (found.level, found.code, found.values) == ("fault", "clock_behind", {"seconds": 90})
    clock.pass_time(seconds=45)
    assert look_at_clock(clock).code != "clock_behind"


def test_a_clock_that_differs_from_the_database_is_a_fault(postgresql_app: Flask, clock: FixedClock) -> None:
    assert look_at_clock(clock).code == "clock_apart"
    with db.read() as connection:
        clock.moment = connection.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
    assert look_at_clock(clock).code in {"clock_ok", "clock_alone"}


# Disk


@pytest.mark.parametrize(
    ("free", "level"), [(5000, "ok"), (1000, "ok"), (999, "advice"), (200, "advice"), (199, "fault")]
)
def test_room_on_the_disk_is_judged(
    installation: Installation, monkeypatch: pytest.MonkeyPatch, free: int, level: str
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=free * MEGABYTE))
    found = check_disk(installation.settings)
    assert (found.level, found.values["free"]) == (level, free)


def test_a_large_database_needs_as_much_room_as_it_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    with (folder / "aoj.sqlite3").open("wb") as file:
        file.truncate(3000 * MEGABYTE)
    settings = make_settings(tmp_path, {"database_url": f"sqlite:///{folder / 'aoj.sqlite3'}"})
    free = {tmp_path: 9000, folder: 2999}
    monkeypatch.setattr(
        shutil, "disk_usage", lambda place: SimpleNamespace(free=free[Path(place)] * MEGABYTE)
    )
    assert check_disk(settings).code == "disk_full"
    free[folder] = 5999
    assert (check_disk(settings).code, check_disk(settings).values["wanted"]) == ("disk_low", 6000)
    free[folder] = 6000
    assert check_disk(settings).code == "disk_ok"


# Keys


def look_at_keys(installation: Installation) -> Finding:
    with db.read() as connection:
        return check_keys(connection, installation.keys, installation.settings, installation.now())


def test_keys_inside_the_instance_and_outside_are_told_apart(
    installation: Installation, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert look_at_keys(installation).code == "keys_inside"
    elsewhere = tmp_path_factory.mktemp("vault") / "keys"
    shutil.copytree(installation.keys.path, elsewhere)
    elsewhere.chmod(0o700)
    found = look_at_keys(replace(installation, keys=KeyDirectory(elsewhere)))
    assert (found.level, found.code) == ("advice", "keys_confirm")


def remove(name: str) -> Callable[[Path, ParticipationFacts], None]:
    return lambda folder, facts: (folder / str(facts.id) / f"{name}.key").unlink()


def expose(name: str) -> Callable[[Path, ParticipationFacts], None]:
    return lambda folder, facts: (folder / str(facts.id) / f"{name}.key").chmod(0o644)


HARM: tuple[Callable[[Path, ParticipationFacts], None], ...] = (
    remove("link"),
    remove("contact"),
    remove("box"),
    expose("link"),
    lambda folder, _facts: folder.chmod(0o755),
    lambda folder, _facts: (folder / "secret.key").chmod(0o640),
    lambda folder, _facts: (folder / "optout.key").unlink(),
)


@pytest.mark.parametrize("harm", HARM)
def test_a_key_that_is_missing_or_open_to_others_is_a_fault(
    sqlite_app: Flask, clock: FixedClock, harm: Callable[[Path, ParticipationFacts], None]
) -> None:
    installation: Installation = sqlite_app.extensions["aoj"]
    facts = start_wave(installation.keys, clock(), {"ib": 12})
    assert look_at_keys(installation).level == "advice"
    harm(installation.keys.path, facts)
    found = look_at_keys(installation)
    assert (found.level, found.code) == ("fault", "keys_missing")
    assert str(installation.keys.path) in found.detail
    assert str(installation.keys.path) not in found.text


def test_after_the_close_only_the_key_of_the_box_is_needed(sqlite_app: Flask, clock: FixedClock) -> None:
    installation: Installation = sqlite_app.extensions["aoj"]
    facts = close(start_wave(installation.keys, clock(), {"ib": 12}), clock())
    installation.keys.destroy(facts.id, "link", "contact")
    assert look_at_keys(installation).level == "advice"
    installation.keys.destroy(facts.id, "box")
    assert look_at_keys(installation).level == "fault"


def test_a_key_of_another_box_is_a_fault(sqlite_app: Flask, clock: FixedClock) -> None:
    installation: Installation = sqlite_app.extensions["aoj"]
    first, second = (start_wave(installation.keys, clock(), {"ib": 12}, region=code) for code in ("aa", "bb"))
    shutil.copy(*(installation.keys.path / str(facts.id) / "box.key" for facts in (first, second)))
    found = look_at_keys(installation)
    assert (found.code, "is not that of the ballot box of bb in 2026" in found.detail) == (
        "keys_missing",
        True,
    )


def test_a_box_key_that_should_be_gone_is_a_fault(sqlite_app: Flask, clock: FixedClock) -> None:
    installation: Installation = sqlite_app.extensions["aoj"]
    facts = start_wave(installation.keys, clock(), {"ib": 12})
    fill_box(installation.keys, facts, clock(), 10)
    close_and_open(installation.keys, facts, clock())
    clock.pass_time(days=8, seconds=-1)
    assert look_at_keys(installation).level == "advice"
    clock.pass_time(seconds=1)
    found = look_at_keys(installation)
    assert (found.level, found.code, "rijnmeer in 2026" in found.detail) == ("fault", "keys_overdue", True)
    finish_openings(db, installation.keys, clock())
    assert look_at_keys(installation).level == "advice"


# Backups


@pytest.mark.parametrize(
    ("hours", "level", "code"),
    [(0, "ok", "backup_ok"), (47.9, "ok", "backup_ok"), (48, "fault", "backup_old")],
)
def test_the_last_backup_is_at_most_two_days_old(
    tmp_path: Path, clock: FixedClock, hours: float, level: str, code: str
) -> None:
    marker = tmp_path / "backup"
    marker.touch()
    moment = (clock() - timedelta(hours=hours)).timestamp()
    os.utime(marker, (moment, moment))
    found = check_backup(make_settings(tmp_path, {"backup_marker": str(marker)}), clock())
    assert (found.level, found.code, found.values) == (level, code, {"hours": int(hours)})


def test_no_marker_is_advice_and_one_that_never_came_a_fault(tmp_path: Path, clock: FixedClock) -> None:
    assert check_backup(make_settings(tmp_path, {}), clock()).level == "advice"
    missing = make_settings(tmp_path, {"backup_marker": str(tmp_path / "nooit")})
    assert check_backup(missing, clock()).code == "backup_missing"


# Address and worker


@pytest.mark.parametrize(
    ("address", "level"), [("https://monitor.rijnmeer.example", "ok"), ("http://127.0.0.1:8000", "fault")]
)
def test_links_open_for_others_over_https(tmp_path: Path, address: str, level: str) -> None:
    assert check_address(make_settings(tmp_path, {"public_url": address})).level == level


def test_the_worker_is_heard_late_or_never(app: Flask, clock: FixedClock) -> None:
    def look() -> Finding:
        with db.read() as connection:
            return check_worker(connection, clock())

    assert look().code == "worker_never"
    with db.write() as connection:
        write_note(connection, "worker", clock())
    clock.pass_time(seconds=180)
    assert look().code == "worker_ok"
    clock.pass_time(seconds=180)
    assert (look().level, look().values) == ("fault", {"minutes": 6})
