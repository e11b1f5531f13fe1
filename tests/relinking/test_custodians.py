"""A box that custodians sealed too: a backup of before the opening stays shut once the key of the box is destroyed."""

import shutil
from pathlib import Path

import pytest

from aoj_survey.db import db
from aoj_survey.fieldwork import finish_openings
from aoj_survey.installation import Installation
from aoj_survey.relinking import Means
from aoj_survey.responses import open_box, record_bundle, unlock_key
from aoj_survey.waves import ParticipationFacts
from tests.conftest import FixedClock
from tests.responses.boxes import approve, close
from tests.responses.custodians import pair, start_twice

from .test_attack import back_up
from .waves import attack, find, name_succeeded, run_wave


@pytest.fixture(autouse=True)
def cheap_passphrases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aoj_survey.responses.custodians.COST", 2**4)


def open_with_two(installation: Installation, clock: FixedClock, facts: ParticipationFacts) -> None:
    """Close, open with two of the three, and finish: the key of the box is destroyed."""
    clock.pass_time(days=1)
    closed = close(facts, clock())
    approve(closed)
    with db.read() as connection:
        key = unlock_key(connection, closed, pair(1, 3))
    with db.write() as connection:
        open_box(connection, installation.keys, closed, clock(), key)
        record_bundle(connection, closed.id, "0" * 64)
    assert finish_openings(db, installation.keys, clock())


def test_before_the_opening_the_key_holder_reads_no_answer(
    installation: Installation, clock: FixedClock
) -> None:
    run_wave(installation, clock, start=start_twice)
    report = attack(installation, clock, Means(with_keys=True))
    assert name_succeeded(report) == []
    assert find(report, "key_holder").measure["opened"] == 0


def test_a_backup_of_before_the_opening_stays_shut(
    installation: Installation, clock: FixedClock, tmp_path: Path
) -> None:
    facts = run_wave(installation, clock, start=start_twice)
    backup = back_up(installation, tmp_path)
    open_with_two(installation, clock, facts)
    report = attack(installation, clock, Means(backup))
    assert name_succeeded(report) == []
    old = find(report, "old_backup")
    assert (old.outcome, old.measure["ballots"], old.measure["opened"]) == ("unlinked", 29, 0)


def test_twin_a_key_kept_beside_the_backup_leaves_the_custodians_seal_only(
    installation: Installation, clock: FixedClock, tmp_path: Path
) -> None:
    facts = run_wave(installation, clock, start=start_twice)
    backups = tmp_path / "backups"
    backups.mkdir()
    backup = back_up(installation, backups)
    shutil.copytree(installation.keys.path, backups / "keys")
    open_with_two(installation, clock, facts)
    report = attack(installation, clock, Means(backup))
    assert name_succeeded(report) == ["old_backup"]
    assert find(report, "old_backup").measure["opened"] == 29
