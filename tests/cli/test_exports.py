"""`aoj exports partitioned`; `aoj exports write` is in test_commands and the rehearsal."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from click.testing import Result

from aoj_survey.datasets import WaveDataset
from aoj_survey.waves import ParticipationFacts
from tests.exports.waves import make_wave

Aoj = Callable[..., Result]
WORDS = ("exports", "partitioned", "--of", "2026", "rijnmeer", "--to")


def test_data_of_an_unopened_box_are_refused(planned: Aoj, tmp_path: Path) -> None:
    result = planned(*WORDS, tmp_path / "stapel")
    assert (result.exit_code, "was not opened yet" in result.output) == (1, True)
    assert not (tmp_path / "stapel").exists()


def test_unknown_participation_is_answered_with_the_known_ones(planned: Aoj, tmp_path: Path) -> None:
    result = planned("exports", "partitioned", "--of", "2027", "rijnmeer", "--to", tmp_path / "stapel")
    assert (result.exit_code, "Known: 2026 rijnmeer" in result.output) == (1, True)


def test_without_a_participation_it_says_what_is_missing(aoj: Aoj, tmp_path: Path) -> None:
    result = aoj("exports", "partitioned", "--to", tmp_path / "stapel")
    assert (result.exit_code, "'--of'" in result.output) == (2, True)


def test_opened_participation_is_written_and_read_back(
    planned: Aoj, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(_: object, facts: ParticipationFacts, **__: object) -> WaveDataset:
        return make_wave(facts.wave, facts.region)

    monkeypatch.setattr("aoj_survey.cli.exports.read_dataset", read)
    result = planned(*WORDS, tmp_path / "stapel")
    assert result.exit_code == 0, result.output
    assert "Wrote 5 rows of 1 participations" in result.output
    assert len(pl.read_parquet(tmp_path / "stapel" / "data")) == 5
