"""The worker does not start when a key it needs is missing or readable by others."""

import pytest
from flask import Flask

from aoj_survey.db import db
from aoj_survey.errors import KeyFileError
from aoj_survey.fieldwork import purge_due
from aoj_survey.keys import KeyDirectory
from aoj_survey.waves import ParticipationFacts
from aoj_survey.worker import run_once, run_worker
from tests.conftest import FixedClock
from tests.responses.boxes import close
from tests.staging import start_wave


@pytest.fixture
def facts(app: Flask, keys: KeyDirectory, clock: FixedClock) -> ParticipationFacts:
    return start_wave(keys, clock(), {"ib": 12})


@pytest.mark.parametrize("name", ["link", "contact"])
def test_a_missing_key_stops_the_worker(
    app: Flask, keys: KeyDirectory, facts: ParticipationFacts, name: str
) -> None:
    keys.destroy(facts.id, name)
    for start in (run_once, run_worker):
        with pytest.raises(KeyFileError, match=f"{name}.key is missing"):
            start(app)


@pytest.mark.parametrize("name", ["link", "contact"])
def test_a_readable_key_stops_the_worker(
    app: Flask, keys: KeyDirectory, facts: ParticipationFacts, name: str
) -> None:
    (keys.path / str(facts.id) / f"{name}.key").chmod(0o644)
    with pytest.raises(KeyFileError, match="chmod 600"):
        run_once(app)


def test_an_open_key_directory_stops_worker_and_web(
    app: Flask, keys: KeyDirectory, facts: ParticipationFacts
) -> None:
    keys.path.chmod(0o755)
    with pytest.raises(KeyFileError, match="chmod 700"):
        run_once(app)
    with pytest.raises(KeyFileError, match="chmod 700"):
        keys.secret()


def test_keys_that_were_purged_are_not_missed(
    app: Flask, keys: KeyDirectory, facts: ParticipationFacts, clock: FixedClock
) -> None:
    close(facts, clock())
    clock.pass_time(days=70)
    assert purge_due(db, keys, clock()) == 1
    assert run_once(app)
