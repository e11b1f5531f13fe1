"""A box with fewer than ten ballots is never opened; 90 days after the close it is destroyed, with its key."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete

from aoj_survey.db import db
from aoj_survey.fieldwork import TurnError, destroy_small_boxes, open_asked
from aoj_survey.hooks import load_hooks
from aoj_survey.keys import KeyDirectory
from aoj_survey.responses import (
    Ballot,
    OpeningRefusedError,
    destroy_box,
    list_asked_openings,
    open_together,
    request_opening,
)
from aoj_survey.waves import Act, ParticipationFacts, list_acts, read_participation
from tests.conftest import FixedClock
from tests.responses.boxes import approve, close, count_rows, fill_box, make_small, open_now, read_rows
from tests.staging import start_wave

NINETY_DAYS = timedelta(days=90)


def make_closed(keys: KeyDirectory, clock: FixedClock, answered: int) -> ParticipationFacts:
    facts = start_wave(keys, clock(), {"ib": 12})
    fill_box(keys, facts, clock(), answered)
    return close(facts, clock())


def test_a_small_box_is_kept_for_ninety_days(app: Flask, keys: KeyDirectory, clock: FixedClock) -> None:
    facts = make_closed(keys, clock, 9)
    assert destroy_small_boxes(db, keys, clock() + NINETY_DAYS - timedelta(seconds=1)) == 0
    assert (count_rows(Ballot), keys.has(facts.id, "box")) == (9, True)


def test_a_small_box_is_destroyed_with_its_key_once(
    app: Flask, keys: KeyDirectory, clock: FixedClock
) -> None:
    facts = make_closed(keys, clock, 9)
    moment = clock() + NINETY_DAYS
    assert destroy_small_boxes(db, keys, moment) == 1
    assert (count_rows(Ballot), keys.has(facts.id, "box")) == (0, False)
    with db.read() as connection:
        assert read_participation(connection, facts.id).box_destroyed_at == moment
        assert list_acts(connection, facts.id)[0] == Act(moment, "worker", "box_destroyed")
    assert destroy_small_boxes(db, keys, moment) == 0


def test_a_key_that_stays_is_not_recorded_as_destroyed(
    app: Flask, keys: KeyDirectory, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = make_closed(keys, clock, 9)
    monkeypatch.setattr(KeyDirectory, "destroy", lambda *_: None)
    with pytest.raises(TurnError, match="still opens ballots"):
        destroy_small_boxes(db, keys, clock() + NINETY_DAYS)
    with db.read() as connection:
        assert read_participation(connection, facts.id).box_destroyed_at is None
    assert count_rows(Ballot) == 9


def test_an_empty_box_goes_too(app: Flask, keys: KeyDirectory, clock: FixedClock) -> None:
    facts = make_closed(keys, clock, 0)
    assert destroy_small_boxes(db, keys, clock() + NINETY_DAYS) == 1
    assert not keys.has(facts.id, "box")


def test_a_box_that_can_be_opened_is_kept(app: Flask, keys: KeyDirectory, clock: FixedClock) -> None:
    facts = make_closed(keys, clock, 10)
    assert destroy_small_boxes(db, keys, clock() + NINETY_DAYS) == 0
    assert (count_rows(Ballot), keys.has(facts.id, "box")) == (10, True)


def lose_ballots(left: int) -> None:
    """What a backup put back too early may lose."""
    with db.write() as connection:
        for row in read_rows(Ballot)[left:]:
            connection.execute(delete(Ballot).where(Ballot.id == row["id"]))


def test_a_box_that_lost_ballots_is_not_small(app: Flask, keys: KeyDirectory, clock: FixedClock) -> None:
    facts = make_closed(keys, clock, 11)
    approve(facts)
    lose_ballots(4)
    assert destroy_small_boxes(db, keys, clock() + NINETY_DAYS) == 0
    assert keys.has(facts.id, "box")
    with db.write() as connection:
        request_opening(connection, facts, "Verzonnen Een", clock())
    assert open_asked(db, keys, load_hooks(), clock()) == 0
    with db.read() as connection:
        assert [asked.refused for asked in list_asked_openings(connection)] == ["numbers"]


def test_twin_by_its_ballots_alone_a_box_that_lost_some_ends_as_a_small_one(
    sqlite_app: Flask, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = sqlite_app.extensions["aoj"].keys
    make_closed(keys, clock, 11)
    lose_ballots(4)
    monkeypatch.setattr("aoj_survey.responses.opening.count_done", lambda *_: 0)
    assert destroy_small_boxes(db, keys, clock() + NINETY_DAYS) == 1


def test_a_small_box_that_lost_all_its_ballots_is_missed_at_the_opening_together(
    app: Flask, keys: KeyDirectory, clock: FixedClock
) -> None:
    approve(make_closed(keys, clock, 4))
    lose_ballots(0)
    for region in ("duinstreek", "heuvelrug"):
        make_small(keys, clock, region, 7)
    with pytest.raises(OpeningRefusedError, match="holds 0 ballots, but 4 people are done"):
        open_small(keys, clock)


def open_small(keys: KeyDirectory, clock: FixedClock) -> None:
    with db.write() as connection:
        open_together(connection, keys, "2026", clock())


def test_a_box_that_was_opened_meanwhile_is_not_destroyed(
    app: Flask, keys: KeyDirectory, clock: FixedClock
) -> None:
    facts = make_closed(keys, clock, 10)
    approve(facts)
    open_now(keys, facts, clock())
    with db.write() as connection:
        destroy_box(connection, facts, keys, clock())
        assert read_participation(connection, facts.id).box_destroyed_at is None
    assert keys.has(facts.id, "box")


def test_refusing_to_open_says_what_will_happen(app: Flask, keys: KeyDirectory, clock: FixedClock) -> None:
    facts = make_closed(keys, clock, 9)
    approve(facts)
    with pytest.raises(OpeningRefusedError, match="destroyed 90 days after the close"):
        open_now(keys, facts, clock())
