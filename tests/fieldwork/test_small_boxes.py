"""A box with fewer than ten ballots is never opened; 90 days after the close it is destroyed, with its key."""

from datetime import timedelta

import pytest
from flask import Flask

from aoj_survey.db import db
from aoj_survey.fieldwork import TurnError, destroy_small_boxes
from aoj_survey.keys import KeyDirectory
from aoj_survey.responses import Ballot, OpeningRefusedError
from aoj_survey.waves import Act, ParticipationFacts, list_acts, read_participation
from tests.conftest import FixedClock
from tests.responses.boxes import approve, close, count_rows, fill_box, open_now
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


def test_refusing_to_open_says_what_will_happen(app: Flask, keys: KeyDirectory, clock: FixedClock) -> None:
    facts = make_closed(keys, clock, 9)
    approve(facts)
    with pytest.raises(OpeningRefusedError, match="destroyed 90 days after the close"):
        open_now(keys, facts, clock())
