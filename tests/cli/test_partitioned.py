"""`aoj exports partitioned`; `aoj exports write` is in test_commands and the rehearsal."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
from click.testing import Result

from tests.conftest import FixedClock
from tests.history.places import DATA, EARLIER, MAPPING, copy_wave

from .test_exports import open_wave

Aoj = Callable[..., Result]
WORDS = ("exports", "partitioned", "--of", "2026", "rijnmeer", "--to")


def test_data_of_an_unopened_box_are_refused(planned: Aoj, tmp_path: Path) -> None:
    result = planned(*WORDS, tmp_path / "stapel")
    assert (result.exit_code, "was not opened yet" in result.output) == (1, True)
    assert not (tmp_path / "stapel").exists()


def test_unknown_participation_is_answered_with_the_known_ones(planned: Aoj, tmp_path: Path) -> None:
    result = planned("exports", "partitioned", "--of", "2027", "rijnmeer", "--to", tmp_path / "stapel")
    assert (result.exit_code, "Known: 2026 rijnmeer" in result.output) == (1, True)


def test_without_a_participation_it_says_what_is_missing(planned: Aoj, tmp_path: Path) -> None:
    result = planned("exports", "partitioned", "--to", tmp_path / "stapel")
    assert (result.exit_code, "at least one wave and region" in result.output) == (1, True)


def test_earlier_wave_is_written_beside_ours(
    aoj: Aoj, instance: Path, clock: FixedClock, tmp_path: Path
) -> None:
    open_wave(instance, clock)
    result = aoj(*WORDS[:-1], "--imported", EARLIER / MAPPING, "--to", tmp_path / "stapel")
    assert "Wrote 62 rows of 2 waves and regions" in result.output
    found = pl.scan_parquet(tmp_path / "stapel" / "data", hive_partitioning=True).collect()
    assert found.group_by("wave").len().sort("wave").rows() == [(2020, 44), (2026, 18)]


def test_faults_of_all_earlier_waves_are_told_and_nothing_is_written(planned: Aoj, tmp_path: Path) -> None:
    broken = [copy_wave(tmp_path / name, MAPPING, "column: v7", "column: v77") for name in ("a", "b")]
    named = [word for mapping in broken for word in ("--imported", mapping)]
    result = planned("exports", "partitioned", *named, "--to", tmp_path / "stapel")
    assert result.exit_code == 1
    assert all(f"{mapping}:21:19: unknown-column" in result.output for mapping in broken)
    assert not (tmp_path / "stapel").exists()


def test_opened_participation_is_written_and_read_back(
    aoj: Aoj, instance: Path, clock: FixedClock, tmp_path: Path
) -> None:
    open_wave(instance, clock)
    result = aoj(*WORDS, tmp_path / "stapel")
    assert result.exit_code == 0, result.output
    assert "Wrote 18 rows of 1 waves and regions" in result.output
    found = pl.read_parquet(tmp_path / "stapel" / "data")
    assert found.group_by("stratum").len().sort("stratum").rows() == [(1, 12), (2, 6)]
    # All gave one mark, so it is protected; and everybody said the same of meetings.
    assert (set(found["cijfer"]), set(found["overleg"])) == ({-6}, {2})


def test_a_stack_that_gives_away_beside_what_was_released_is_not_written(
    aoj: Aoj, instance: Path, clock: FixedClock, tmp_path: Path
) -> None:
    open_wave(instance, clock)
    aoj("exports", "write", "2026", "rijnmeer")
    aoj("exports", "release", "2026", "rijnmeer")
    assert aoj(*WORDS, tmp_path / "same").exit_code == 0
    aoj("datasets", "import", EARLIER / MAPPING, "--to", instance / "bundles")
    aoj("exports", "release", "2020", "rijnmeer")
    changed = copy_wave(tmp_path / "changed", DATA, "\n2;1;heel", "\n2;4;heel")
    refused = aoj(*WORDS[:-1], "--imported", changed, "--to", tmp_path / "other")
    assert (refused.exit_code, "about few people" in refused.output) == (1, True)
    assert not (tmp_path / "other").exists()
