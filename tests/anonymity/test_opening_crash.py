"""An opening killed (-9) at each of its steps: the box is as it was or whole, and the next run does the rest."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from aoj_survey.db import db
from aoj_survey.errors import KeyFileError
from aoj_survey.installation import Installation
from aoj_survey.keys import KeyDirectory
from aoj_survey.responses import Ballot, Opening, Response, read_responses
from aoj_survey.waves import ParticipationFacts, list_acts
from tests.conftest import FixedClock
from tests.killable_opening import carry_out
from tests.responses.boxes import (
    approve,
    close,
    count_rows,
    fill_box,
    open_now,
    read_rows,
    reread,
    restore_box,
    snapshot,
)
from tests.staging import ANSWERS, start_wave

ROOT = Path(__file__).parents[2]
CHILD = [sys.executable, "-m", "tests.killable_opening"]
BEFORE_THE_COMMIT = ("claimed", "merged", "written", "emptied", "recorded", "told")
AFTER_THE_COMMIT = ("opened", "rewriting", "rewritten", "overwritten", "unlinked", "key_recorded")


def make_ready(app: Flask, clock: FixedClock) -> ParticipationFacts:
    """Closed, with ten ballots, approved by two."""
    keys = app.extensions["aoj"].keys
    facts = start_wave(keys, clock(), {"ib": 15})
    fill_box(keys, facts, clock(), 10)
    closed = close(facts, clock())
    approve(closed)
    return closed


def kill_at(app: Flask, facts: ParticipationFacts, point: str) -> None:
    """Open and finish in a process of its own, which is killed on the way."""
    settings = app.extensions["aoj"].settings
    words = (str(settings.instance), settings.database_url, facts.wave, facts.region, point)
    done = subprocess.run([*CHILD, *words], cwd=ROOT, check=False, timeout=120, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr


def check_whole(facts: ParticipationFacts) -> None:
    """Expect that all was opened, once."""
    assert reread(facts.id).status == "opened"
    assert (count_rows(Ballot), count_rows(Response), count_rows(Opening)) == (0, 10, 1)
    with db.read() as connection:
        assert [item.answers for item in read_responses(connection, facts.id)] == [ANSWERS] * 10


def check_as_it_was_or_whole(facts: ParticipationFacts, before: dict[str, list[str]]) -> None:
    if snapshot() != before:
        check_whole(facts)


def check_finished(
    keys: KeyDirectory, facts: ParticipationFacts, ballots: list[dict[str, object]], clock: FixedClock
) -> None:
    """Expect every step done and recorded once, and nothing to open in a backup from before."""
    check_whole(facts)
    [record] = read_rows(Opening)
    assert record["tables_rewritten"] is True
    assert record["key_destroyed_at"] is not None
    with db.read() as connection:
        acts = sorted(act.code for act in list_acts(connection, facts.id) if act.code.startswith("box"))
    assert acts == ["box_key_destroyed", "box_opened"]
    restore_box(facts, ballots)
    with pytest.raises(KeyFileError):
        open_now(keys, facts, clock())


def check_a_kill(app: Flask, clock: FixedClock, point: str) -> None:
    """Kill at a point, look at what is there, and let the next run do the rest."""
    ready = make_ready(app, clock)
    before, ballots = snapshot(), read_rows(Ballot)
    kill_at(app, ready, point)
    if point in BEFORE_THE_COMMIT:
        assert snapshot() == before
    else:
        check_whole(ready)
    installation: Installation = app.extensions["aoj"]
    carry_out(installation, ready.wave, ready.region)
    check_finished(installation.keys, ready, ballots, clock)


@pytest.mark.parametrize("point", [*BEFORE_THE_COMMIT, *AFTER_THE_COMMIT])
def test_killed_at_a_step_the_box_is_as_it_was_or_whole_and_the_next_run_finishes(
    sqlite_app: Flask, clock: FixedClock, point: str
) -> None:
    check_a_kill(sqlite_app, clock, point)


@pytest.mark.parametrize("point", ["written", "told", "rewriting", "unlinked"])
def test_killed_at_a_step_on_postgresql_too(postgresql_app: Flask, clock: FixedClock, point: str) -> None:
    check_a_kill(postgresql_app, clock, point)


def test_twin_with_responses_in_a_commit_of_their_own_a_kill_leaves_half(
    sqlite_app: Flask, clock: FixedClock
) -> None:
    ready = make_ready(sqlite_app, clock)
    before = snapshot()
    kill_at(sqlite_app, ready, "between_two_commits")
    with pytest.raises(AssertionError):
        check_as_it_was_or_whole(ready, before)
