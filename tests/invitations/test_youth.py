"""Consent for young people: recorded with a name, a day and an age, replaced when recorded anew."""

from dataclasses import replace
from datetime import date, datetime
from functools import cache
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from aoj_survey.db import db
from aoj_survey.errors import StateError
from aoj_survey.fieldwork import start_participation
from aoj_survey.invitations import (
    AGES,
    YOUTH_ROLES,
    Consent,
    YouthConsent,
    claim_message,
    due,
    find_due,
    list_consent_faults,
    read_consent,
    record_consent,
)
from aoj_survey.keys import KeyDirectory
from aoj_survey.questionnaire import ROLES
from aoj_survey.waves import ParticipationFacts, read_participation
from tests.conftest import FixedClock
from tests.responses.boxes import close, count_rows
from tests.staging import QUESTIONNAIRES, WIDTHS, make_plan, plan_wave, start_wave

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
    later = replace(CONSENT, how="permission", age_from=16, age_to=18)
    record(facts, later)
    assert read(facts) == later
    assert count_rows(YouthConsent) == 1


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"how": "guessed"}, "informed, permission"),
        ({"age_from": 7}, "between 8 and 23"),
        ({"age_from": 24}, "between 8 and 23"),
        ({"age_to": 11}, "between the lowest and 23"),
        ({"age_to": 24}, "between the lowest and 23"),
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


def test_all_that_is_wrong_is_listed_in_the_order_of_the_form() -> None:
    wrong = replace(CONSENT, how="guessed", age_from=7, age_to=24, text="", recorded_by=" ")
    assert list_consent_faults(wrong) == ("how", "age_from", "age_to", "text", "recorded_by")
    assert list_consent_faults(CONSENT) == ()


@given(first=st.integers(0, 30), last=st.none() | st.integers(0, 30))
def test_ages_stand_when_some_young_person_can_take_part(first: int, last: int | None) -> None:
    faults = list_consent_faults(replace(CONSENT, age_from=first, age_to=last))
    highest = AGES[-1] if last is None else last
    stands = first in AGES and highest in AGES and any(first <= age <= highest for age in AGES)
    assert (faults == ()) == stands


# Mail


@pytest.fixture
def mixed(app: Flask, keys: KeyDirectory, clock: FixedClock) -> ParticipationFacts:
    """A wave with young people among others."""
    invited = {"ib": 2, "jongere": 3}
    plan = replace(make_plan(clock(), invited), questionnaires={"ib": WIDTHS, "jongere": ("youth", "1")})
    with db.write() as connection:
        facts = plan_wave(connection, keys, plan, invited)
        start_participation(connection, facts, QUESTIONNAIRES, clock())
        return read_participation(connection, facts.id)


def claim_all(now: datetime) -> list[str]:
    """The roles of everybody a mail would go to now."""
    with db.write() as connection:
        claims = [claim_message(connection, candidate, now) for candidate in find_due(connection, now)]
    return sorted(message.role for message in claims if message)


def test_mails_to_young_people_wait_until_it_is_recorded(
    mixed: ParticipationFacts, clock: FixedClock
) -> None:
    assert claim_all(clock()) == ["ib", "ib"]
    record(mixed, CONSENT)
    assert claim_all(clock()) == ["jongere"] * 3


def test_twin_mails_to_other_roles_do_not_wait(
    mixed: ParticipationFacts, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(due, "YOUTH_ROLES", frozenset[str]())
    for statement in (due._select_due, due._select_one):
        monkeypatch.setattr(due, statement.__name__, cache(statement.__wrapped__))
    assert claim_all(clock()) == ["ib", "ib", "jongere", "jongere", "jongere"]


def test_consent_of_another_region_does_not_count(
    mixed: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    record(start_wave(keys, clock(), {"ib": 1}, region="zandzee"), CONSENT)
    assert "jongere" not in claim_all(clock())
