"""Test 5: ciphertexts of a participation have one size, whatever was answered by whomever."""

import pytest
from flask import Flask

from aoj_survey.db import db
from aoj_survey.keys import KeyDirectory
from aoj_survey.questionnaire import Answers
from aoj_survey.responses import Ballot, Draft, DraftContent, Payload, keep_draft, seal_ballot
from aoj_survey.responses.envelope import _write_payload
from aoj_survey.waves import ParticipationFacts
from tests.conftest import FixedClock
from tests.responses.boxes import read_rows
from tests.staging import ANSWERS, list_people, send, start_wave

ALL_SORTS: tuple[Answers, ...] = (
    {"overleg": "nee"},
    ANSWERS,
    {"overleg": "ja", "sturing": ("visie", "inkoop", "anders"), "visie_hoe": "x" * 500},
    {"overleg": "ja", "sturing": ("visie",), "visie_hoe": "\N{GRINNING FACE}" * 400},
    {"overleg": "ja", "sturing": ("visie",), "visie_hoe": '"\\' * 200},
    {"overleg": "ja", "cijfer": 5, "beter": "é" * 40},
)


@pytest.fixture
def facts(app: Flask, keys: KeyDirectory, clock: FixedClock) -> ParticipationFacts:
    """Roles of several classes, whose codes differ in length."""
    return start_wave(keys, clock(), {"ib": 5, "jeugdhulp": 3, "zoco": 3, "beleid_gem": 6, "swv": 6})


def play(keys: KeyDirectory, facts: ParticipationFacts, clock: FixedClock) -> None:
    """Everybody answers, each something else."""
    for number, person in enumerate(list_people(keys, facts)):
        assert send(person, ALL_SORTS[number % len(ALL_SORTS)], clock()) == "sent"


def keep_drafts(keys: KeyDirectory, facts: ParticipationFacts) -> None:
    """Everybody keeps a draft, each of something else."""
    for number, person in enumerate(list_people(keys, facts)):
        with db.write() as connection:
            keep_draft(connection, person.token, facts.id, DraftContent(ALL_SORTS[number % len(ALL_SORTS)]))


def check_one_size(table: type[Ballot] | type[Draft]) -> None:
    sizes = {len(row["ciphertext"]) for row in read_rows(table)}
    assert len(sizes) == 1


def test_every_ballot_has_the_same_size(
    facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    play(keys, facts, clock)
    check_one_size(Ballot)


def test_every_draft_of_ordinary_answers_has_the_same_size(
    facts: ParticipationFacts, keys: KeyDirectory
) -> None:
    keep_drafts(keys, facts)
    check_one_size(Draft)


def test_twin_ballots_without_padding_tell_how_much_was_answered(
    facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def seal_unpadded(place: ParticipationFacts, payload: Payload, _size: int) -> bytes:
        return seal_ballot(place.box_public_key, place.id, payload, len(_write_payload(payload)))

    monkeypatch.setattr("aoj_survey.responses.submission.seal_for", seal_unpadded)
    play(keys, facts, clock)
    with pytest.raises(AssertionError):
        check_one_size(Ballot)


def test_twin_drafts_without_padding_tell_how_much_was_answered(
    facts: ParticipationFacts, keys: KeyDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aoj_survey.responses.drafts.BLOCK", 1)
    keep_drafts(keys, facts)
    with pytest.raises(AssertionError):
        check_one_size(Draft)


def test_twin_a_size_by_class_tells_the_class(
    facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def seal_by_class(place: ParticipationFacts, payload: Payload, size: int) -> bytes:
        return seal_ballot(place.box_public_key, place.id, payload, size + len(payload.class_code))

    monkeypatch.setattr("aoj_survey.responses.submission.seal_for", seal_by_class)
    play(keys, facts, clock)
    with pytest.raises(AssertionError):
        check_one_size(Ballot)
