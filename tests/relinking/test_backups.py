"""A backup of before the opening: it stays shut, it is said when there is nothing to read in it; each with a twin."""

import bz2
import gzip
import lzma
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask

from aoj_survey.db import db
from aoj_survey.fieldwork import purge_due
from aoj_survey.installation import Installation
from aoj_survey.relinking import LootError, Means
from aoj_survey.waves import ParticipationFacts
from tests.conftest import FixedClock
from tests.responses.custodians import pair, start_twice
from tests.staging import start_wave

from .waves import (
    attack,
    back_up,
    back_up_with_keys,
    find,
    name_succeeded,
    open_wave,
    run_wave,
)


@dataclass(frozen=True)
class Sealing:
    """How a box is sealed: how it starts, and whose passphrases open it."""

    start: Callable[..., ParticipationFacts]
    passphrases: Mapping[int, str] | None = None


@pytest.fixture(params=[Sealing(start_wave), Sealing(start_twice, pair(1, 3))], ids=["server", "custodians"])
def sealing(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Sealing:
    monkeypatch.setattr("aoj_survey.responses.custodians.COST", 2**4)
    found: Sealing = request.param
    return found


def test_who_holds_all_keys_reads_a_running_box_that_custodians_did_not_seal(
    installation: Installation, clock: FixedClock, sealing: Sealing
) -> None:
    run_wave(installation, clock, start=sealing.start)
    report = attack(installation, clock, Means(with_keys=True))
    # What the installation's own keys open is told, and is no failure: no attacker has them.
    assert name_succeeded(report) == []
    assert find(report, "key_holder").measure["opened"] == (0 if sealing.passphrases else 28)


def test_a_backup_of_before_the_opening_stays_shut(
    installation: Installation, clock: FixedClock, tmp_path: Path, sealing: Sealing
) -> None:
    facts = run_wave(installation, clock, start=sealing.start)
    backup = back_up(installation, tmp_path)
    open_wave(installation, clock, facts, sealing.passphrases)
    report = attack(installation, clock, Means(backup))
    assert name_succeeded(report) == []
    old = find(report, "old_backup")
    assert (old.outcome, old.measure["ballots"], old.measure["opened"]) == ("unlinked", 29, 0)
    assert old.gaps == ()


def test_twin_a_key_kept_beside_the_backup_takes_the_seal_off(
    installation: Installation, clock: FixedClock, tmp_path: Path, sealing: Sealing
) -> None:
    facts = run_wave(installation, clock, start=sealing.start)
    backups = tmp_path / "backups"
    backups.mkdir()
    backup = back_up_with_keys(installation, backups)
    open_wave(installation, clock, facts, sealing.passphrases)
    report = attack(installation, clock, Means(backup))
    assert name_succeeded(report) == ["old_backup"]
    assert find(report, "old_backup").measure["opened"] == 29


def pass_purge(installation: Installation, clock: FixedClock) -> None:
    """Let the promised day pass, and the worker do its work."""
    clock.pass_time(days=90)
    assert purge_due(db, installation.keys, clock()) == 1


def test_after_the_purge_a_backup_of_before_names_nobody(
    installation: Installation, clock: FixedClock, tmp_path: Path
) -> None:
    facts = run_wave(installation, clock)
    backup = back_up(installation, tmp_path)
    open_wave(installation, clock, facts)
    assert find(attack(installation, clock, Means(backup)), "purge").outcome == "not_tried"
    pass_purge(installation, clock)
    report = attack(installation, clock, Means(backup))
    assert name_succeeded(report) == []
    assert find(report, "purge").measure == {"rows": 0, "keys": 0, "sealed": 30, "opened": 0}


def test_twin_keys_kept_beside_the_backup_tell_who_was_asked(
    installation: Installation, clock: FixedClock, tmp_path: Path
) -> None:
    facts = run_wave(installation, clock)
    backups = tmp_path / "backups"
    backups.mkdir()
    backup = back_up_with_keys(installation, backups)
    open_wave(installation, clock, facts)
    pass_purge(installation, clock)
    report = attack(installation, clock, Means(backup))
    assert name_succeeded(report) == ["old_backup", "purge"]
    assert find(report, "purge").measure == {"rows": 0, "keys": 0, "sealed": 30, "opened": 30}


def test_twin_a_purge_that_was_not_done_is_noticed(installation: Installation, clock: FixedClock) -> None:
    open_wave(installation, clock, run_wave(installation, clock))
    clock.pass_time(days=90)
    report = attack(installation, clock)
    assert name_succeeded(report) == ["purge"]
    assert find(report, "purge").measure["keys"] == 2
    assert find(report, "purge").measure["rows"] > 60


# What cannot be read is never taken for clean


def pack_in_zip(content: bytes) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("backup", content)
    return packed.getvalue()


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, pack_in_zip])
def test_a_backup_that_a_common_program_packed_is_read(
    sqlite_app: Flask, clock: FixedClock, tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    installation: Installation = sqlite_app.extensions["aoj"]
    facts = run_wave(installation, clock)
    backup = back_up(installation, tmp_path)
    backup.write_bytes(pack(backup.read_bytes()))
    open_wave(installation, clock, facts)
    report = attack(installation, clock, Means(backup))
    assert find(report, "backup").outcome == "unlinked"
    assert find(report, "old_backup").measure["ballots"] == 29


def test_a_backup_in_which_nothing_can_be_read_is_not_looked_at(
    sqlite_app: Flask, clock: FixedClock, tmp_path: Path
) -> None:
    installation: Installation = sqlite_app.extensions["aoj"]
    facts = run_wave(installation, clock)
    scrambled = bytes(sign ^ 0x55 for sign in back_up(installation, tmp_path).read_bytes())
    (tmp_path / "backup.age").write_bytes(scrambled)
    (tmp_path / "other.sql").write_text("-- of another database\n", encoding="utf-8")
    open_wave(installation, clock, facts)
    for name in ("backup.age", "other.sql"):
        report = attack(installation, clock, Means(tmp_path / name))
        assert find(report, "backup").outcome == "not_tried"
        assert "holds nothing of this participation" in find(report, "old_backup").words.en
        assert any("holds nothing of this participation" in gap.en for gap in report.gaps)


def test_a_backup_of_after_the_opening_is_said_to_hold_no_ballots(
    sqlite_app: Flask, clock: FixedClock, tmp_path: Path
) -> None:
    installation: Installation = sqlite_app.extensions["aoj"]
    open_wave(installation, clock, run_wave(installation, clock))
    report = attack(installation, clock, Means(back_up(installation, tmp_path)))
    assert "holds no sealed answer of this box" in find(report, "old_backup").words.en


def test_a_damaged_backup_is_refused_with_what_to_do(
    sqlite_app: Flask, clock: FixedClock, tmp_path: Path
) -> None:
    installation: Installation = sqlite_app.extensions["aoj"]
    facts = run_wave(installation, clock)
    backup = back_up(installation, tmp_path)
    open_wave(installation, clock, facts)
    content = backup.read_bytes()
    backup.write_bytes(content[: len(content) // 2])
    with pytest.raises(LootError, match="damaged backup"):
        attack(installation, clock, Means(backup))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "are empty"),
        (b"\x28\xb5\x2f\xfd packed", "were packed in a way"),
        (b"LPKSHHRH of systemd", "were packed in a way"),
    ],
)
def test_logs_in_which_nothing_can_be_read_are_said(
    sqlite_app: Flask, clock: FixedClock, tmp_path: Path, content: bytes, said: str
) -> None:
    installation: Installation = sqlite_app.extensions["aoj"]
    run_wave(installation, clock)
    logs = tmp_path / "logs"
    logs.mkdir()
    (logs / "access.log").write_bytes(content)
    report = attack(installation, clock, Means(logs=logs))
    assert any(said in gap.en for gap in report.gaps)


def test_files_of_the_database_that_may_not_be_read_are_said(
    sqlite_app: Flask, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    installation: Installation = sqlite_app.extensions["aoj"]
    run_wave(installation, clock)
    read = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name.endswith("-wal"):
            raise PermissionError
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    attempt = find(attack(installation, clock), "database")
    assert "may not read some files" in attempt.words.en
    assert attempt.gaps
