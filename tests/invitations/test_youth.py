"""Consent for young people: recorded with a name, a day and an age, replaced when recorded anew."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from flask import Flask

from aoj_survey.db import db
from aoj_survey.errors import StateError
from aoj_survey.invitations import YOUTH_ROLES, Consent, YouthConsent, read_consent, record_consent
from aoj_survey.keys import KeyDirectory
from aoj_survey.questionnaire import ROLES
from aoj_survey.waves import ParticipationFacts
from tests.conftest import FixedClock
from tests.responses.boxes import close, count_rows
from tests.staging import start_wave

CONSENT = Consent("informed", 12, "Brief van 1 april aan alle ouders.", "Verzonnen Een", date(2026, 5, 4))


@pytest.fixture
def facts(app: Flask, keys: KeyDirectory, clock: FixedClock) -> ParticipationFacts:
    return start_wave(keys, clock(), {"ib": 12})


def record(facts: ParticipationFacts, consent: Consent) -> None:
    with db.write() as connection:
        record_consent(connection, facts, consent)


def read(facts: ParticipationFacts) -> Consent | None:
    with db.read() as connection:
        return read_consent(connection, facts.id)


def test_youth_roles_are_roles() -> None:
    assert set(ROLES) > YOUTH_ROLES == {"jongere"}


def test_what_is_recorded_can_be_read_and_is_replaced(facts: ParticipationFacts) -> None:
    assert read(facts) is None
    record(facts, CONSENT)
    assert read(facts) == CONSENT
    later = replace(CONSENT, how="permission", age_from=16)
    record(facts, later)
    assert read(facts) == later
    assert count_rows(YouthConsent) == 1


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"how": "guessed"}, "informed, permission"),
        ({"age_from": 7}, "between 8 and 23"),
        ({"age_from": 24}, "between 8 and 23"),
        ({"text": "  "}, "what parents were told"),
        ({"text": "x" * 2001}, "2000"),
        ({"recorded_by": ""}, "who records it"),
    ],
)
def test_what_cannot_be_is_refused(facts: ParticipationFacts, change: dict[str, Any], what: str) -> None:
    with pytest.raises(StateError, match=what):
        record(facts, replace(CONSENT, **change))
    assert read(facts) is None


def test_nothing_is_recorded_after_the_close(facts: ParticipationFacts, clock: FixedClock) -> None:
    with pytest.raises(StateError, match="closed"):
        record(close(facts, clock()), CONSENT)
