"""`aoj exports partitioned`; `aoj exports write` is in test_commands and the rehearsal."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from click.testing import Result

from aoj_survey.datasets import WaveDataset
from aoj_survey.waves import ParticipationFacts
from tests.exports.waves import make_wave
from tests.history.places import EARLIER, MAPPING, copy_wave

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
    planned: Aoj, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(_: object, facts: ParticipationFacts, *__: object) -> WaveDataset:
        return make_wave(facts.wave, facts.region)

    monkeypatch.setattr("aoj_survey.cli.exports.read_dataset", read)
    result = planned(*WORDS[:-1], "--imported", EARLIER / MAPPING, "--to", tmp_path / "stapel")
    assert "Wrote 49 rows of 2 waves and regions" in result.output
    found = pl.scan_parquet(tmp_path / "stapel" / "data", hive_partitioning=True).collect()
    assert sorted(found["wave"].unique()) == [2020, 2026]


def test_faults_of_all_earlier_waves_are_told_and_nothing_is_written(planned: Aoj, tmp_path: Path) -> None:
    broken = [copy_wave(tmp_path / name, MAPPING, "column: v7", "column: v77") for name in ("a", "b")]
    named = [word for mapping in broken for word in ("--imported", mapping)]
    result = planned("exports", "partitioned", *named, "--to", tmp_path / "stapel")
    assert result.exit_code == 1
    assert all(f"{mapping}:21:19: unknown-column" in result.output for mapping in broken)
    assert not (tmp_path / "stapel").exists()


def test_opened_participation_is_written_and_read_back(
    planned: Aoj, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(_: object, facts: ParticipationFacts, *__: object) -> WaveDataset:
        return make_wave(facts.wave, facts.region)

    monkeypatch.setattr("aoj_survey.cli.exports.read_dataset", read)
    result = planned(*WORDS, tmp_path / "stapel")
    assert result.exit_code == 0, result.output
    assert "Wrote 5 rows of 1 waves and regions" in result.output
    assert len(pl.read_parquet(tmp_path / "stapel" / "data")) == 5
