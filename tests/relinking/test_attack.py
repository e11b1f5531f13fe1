"""A wave as it should be: nothing can be linked, whatever state it is in."""

from pathlib import Path

import pytest
from flask import Flask

from aoj_survey.db import db
from aoj_survey.errors import NotFoundError
from aoj_survey.fieldwork import purge_due
from aoj_survey.installation import Installation
from aoj_survey.relinking import Means, copy_rows, describe_report, relink_wave
from tests.conftest import FixedClock
from tests.responses.boxes import close
from tests.staging import make_plan, plan_wave

from .waves import INVITED, attack, back_up, list_outcomes, name_succeeded, on_postgresql, open_wave, run_wave


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    folder = tmp_path / "logs"
    folder.mkdir()
    (folder / "worker.log").write_text("2026-05-04 09:00 12 mails sent\n", encoding="utf-8")
    return folder


def test_while_it_runs_nothing_can_be_linked(
    installation: Installation, clock: FixedClock, tmp_path: Path, logs: Path
) -> None:
    run_wave(installation, clock)
    report = attack(installation, clock, Means(back_up(installation, tmp_path), logs, others=()))
    assert name_succeeded(report) == []
    tried = {name for name, outcome in list_outcomes(report).items() if outcome == "unlinked"}
    assert tried == {
        *(("statements",) if on_postgresql() else ()),
        *("schema", "traces", "shared_values", "readable", "lengths", "classes", "counts"),
        *("database", "backup", "logs", "files"),
    }


def test_once_opened_nothing_can_be_linked(
    installation: Installation, clock: FixedClock, tmp_path: Path, logs: Path
) -> None:
    facts = run_wave(installation, clock)
    backup = back_up(installation, tmp_path)
    open_wave(installation, clock, facts)
    report = attack(installation, clock, Means(backup, logs, others=()))
    assert name_succeeded(report) == []
    untried = {name for name, outcome in list_outcomes(report).items() if outcome == "not_tried"}
    assert untried == {
        *(() if on_postgresql() else ("transactions", "statements")),
        *("readable", "lengths", "write_ahead_log", "purge"),
    }
    [old] = [attempt for attempt in report.attempts if attempt.name == "old_backup"]
    assert old.measure["ballots"] == 29


def test_after_the_purge_nothing_is_left_to_look_for(installation: Installation, clock: FixedClock) -> None:
    open_wave(installation, clock, run_wave(installation, clock))
    clock.pass_time(days=90)
    assert purge_due(db, installation.keys, clock()) == 1
    report = attack(installation, clock)
    assert name_succeeded(report) == []
    outcomes = list_outcomes(report)
    assert [outcomes[name] for name in ("shared_values", "pairing", "database")] == ["not_tried"] * 3
    assert outcomes["order"] == outcomes["leftovers"] == "unlinked"


def test_a_closed_box_and_a_wave_that_is_only_planned_are_no_trouble(
    installation: Installation, clock: FixedClock
) -> None:
    close(run_wave(installation, clock), clock())
    with db.write() as connection:
        plan_wave(connection, installation.keys, make_plan(clock(), INVITED, region="zuidvaart"), INVITED)
    report = attack(installation, clock)
    assert name_succeeded(report) == []
    assert report.regions == ("rijnmeer", "zuidvaart")


def test_the_attack_changes_nothing(app: Flask, installation: Installation, clock: FixedClock) -> None:
    open_wave(installation, clock, run_wave(installation, clock))
    first, second = (describe_report(attack(installation, clock)) for _ in range(2))
    assert first == second


def test_an_unknown_wave_is_refused_with_those_there_are(
    installation: Installation, clock: FixedClock
) -> None:
    run_wave(installation, clock)
    with pytest.raises(NotFoundError, match=r"There is no wave 2031\. Known: 2026\."):
        relink_wave(db, installation.keys, "2031", Means(), clock())


def test_rows_of_the_server_are_copied(postgresql_app: Flask, clock: FixedClock) -> None:
    installation: Installation = postgresql_app.extensions["aoj"]
    run_wave(installation, clock)
    assert b"rijnmeer" in copy_rows(db.engine)


def test_what_the_key_holder_can_do_is_told_and_no_failure(
    installation: Installation, clock: FixedClock
) -> None:
    run_wave(installation, clock)
    report = attack(installation, clock, Means(with_keys=True))
    told = report.attempts[-1]
    assert (told.name, told.outcome, told.succeeded) == ("key_holder", "linked", False)
    assert told.measure == {
        "people": 30,
        "addresses": 30,
        "opened": 28,
        "matched": 28 if on_postgresql() else 0,
    }
    assert name_succeeded(report) == []


def test_without_keys_the_key_holder_can_do_nothing(installation: Installation, clock: FixedClock) -> None:
    facts = run_wave(installation, clock)
    installation.keys.destroy(facts.id, "box", "contact", "link")
    told = attack(installation, clock, Means(with_keys=True)).attempts[-1]
    assert told.outcome == "unlinked"
