"""Test 6: thirty people press Send eight times at the same moment; thirty ballots, and friendly words for the rest."""

import threading
from collections import Counter

import pytest
from flask import Flask

from aoj_survey.keys import KeyDirectory
from aoj_survey.responses import Ballot, Outcome, open_ballot
from aoj_survey.waves import ParticipationFacts
from tests.conftest import FixedClock
from tests.responses.boxes import close_and_open, read_rows
from tests.staging import ANSWERS, list_people, send, start_wave

PEOPLE, DEVICES = 30, 8


@pytest.fixture
def facts(app: Flask, keys: KeyDirectory, clock: FixedClock) -> ParticipationFacts:
    return start_wave(keys, clock(), {"ib": PEOPLE})


def race(
    app: Flask, keys: KeyDirectory, facts: ParticipationFacts, clock: FixedClock
) -> Counter[Outcome | str]:
    """Let everybody send from eight devices at once; return how it ended for each attempt."""
    people, outcomes = list_people(keys, facts), list[Outcome | str]()
    together = threading.Barrier(DEVICES)

    def send_for_everybody(device: int) -> None:
        with app.app_context():
            for person in people:
                together.wait(60)
                try:
                    outcomes.append(send(person, {**ANSWERS, "jaren": device}, clock()))
                except Exception as fault:  # noqa: BLE001 - counted: it would be shown as an error page
                    outcomes.append(type(fault).__name__)

    devices = [threading.Thread(target=send_for_everybody, args=(number,)) for number in range(DEVICES)]
    for device in devices:
        device.start()
    for device in devices:
        device.join()
    return Counter(outcomes)


def check_each_once(outcomes: Counter[Outcome | str]) -> None:
    assert outcomes == {"sent": PEOPLE, "already": PEOPLE * (DEVICES - 1)}
    assert len(read_rows(Ballot)) == PEOPLE


def test_of_eight_attempts_each_one_counts(
    app: Flask, keys: KeyDirectory, facts: ParticipationFacts, clock: FixedClock
) -> None:
    check_each_once(race(app, keys, facts, clock))
    ballots = [row["ciphertext"] for row in read_rows(Ballot)]
    key = keys.box(facts.id)
    assert all(open_ballot(key, facts.id, ballot).answers["overleg"] == "nee" for ballot in ballots)
    assert close_and_open(keys, facts, clock()).status == "opened"


def test_twin_without_the_single_use_of_an_invitation_answers_count_more_than_once(
    app: Flask,
    keys: KeyDirectory,
    facts: ParticipationFacts,
    clock: FixedClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("aoj_survey.responses.submission.mark_done", lambda *_: True)
    outcomes = race(app, keys, facts, clock)
    with pytest.raises(AssertionError):
        check_each_once(outcomes)
