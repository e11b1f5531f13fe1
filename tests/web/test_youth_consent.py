"""The coordinator's page that records what parents know: filled in, corrected, replaced, closed."""

import re
from typing import Any

import pytest
from flask import Flask

from aoj_survey.db import db
from aoj_survey.invitations import Consent, read_consent, youth
from aoj_survey.waves import ParticipationFacts, list_acts
from tests.conftest import FixedClock
from tests.responses.boxes import close
from tests.web.browsing import Browser, log_in
from tests.web.conftest import PASSWORD
from tests.web.test_statements import SENT, SHOWN, check
from tests.web.test_weight import count_statements

PLACE = "/coordinator/2026/rijnmeer/youth"
FILLED = {
    "how": "permission",
    "age_from": "12",
    "age_to": "18",
    "text": "Brief van 1 april <aan alle ouders>.",
    "recorded_by": "Verzonnen Een",
}


@pytest.fixture
def coordinator(app: Flask, facts: ParticipationFacts) -> Browser:
    browser = log_in(app, PASSWORD)
    browser.get(PLACE)
    return browser


def read(facts: ParticipationFacts) -> Consent | None:
    with db.read() as connection:
        return read_consent(connection, facts.id)


def test_what_is_filled_in_is_recorded_and_shown_with_day_and_name(
    coordinator: Browser, facts: ParticipationFacts, clock: FixedClock
) -> None:
    assert "Leg het vast" in coordinator.get(PLACE).text
    sent = coordinator.post(PLACE, **FILLED)
    assert (sent.status_code, sent.headers["Location"]) == (303, PLACE)
    today = clock().astimezone(facts.zone).date()
    assert read(facts) == Consent("permission", 12, FILLED["text"], "Verzonnen Een", today, 18)
    page = coordinator.get(PLACE).text
    assert "Verzonnen Een, maandag 4 mei 2026" in page
    assert "12 tot en met 18 jaar" in page
    assert "Brief van 1 april &lt;aan alle ouders&gt;." in page
    assert "Leg het opnieuw vast" in page


def test_what_is_recorded_anew_takes_its_place_and_the_audit_keeps_both(
    coordinator: Browser, facts: ParticipationFacts
) -> None:
    coordinator.post(PLACE, **FILLED)
    coordinator.post(PLACE, **{**FILLED, "how": "informed", "age_to": ""})
    recorded = read(facts)
    assert recorded is not None
    assert (recorded.how, recorded.age_to) == ("informed", None)
    assert "vanaf 12 jaar" in coordinator.get(PLACE).text
    with db.read() as connection:
        acts = list_acts(connection, facts.id)
    said = [(act.code, dict(act.values)) for act in acts if "parents" in act.code]
    assert sorted(said) == [("parents_informed", {}), ("parents_permitted", {})]


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("how", "", "Kies wat ouders deden"),
        ("how", "guessed", "Kies wat ouders deden"),
        ("age_from", "twaalf", "Vul een laagste leeftijd in van 8 tot en met 23"),
        ("age_from", "", "Vul een laagste leeftijd in van 8 tot en met 23"),
        ("age_from", "²", "Vul een laagste leeftijd in van 8 tot en met 23"),
        ("age_to", "11", "Vul een hoogste leeftijd in tot en met 23"),
        ("age_to", "9" * 5000, "Vul een hoogste leeftijd in tot en met 23"),
        ("text", " ", "Vul in wat ouders hoorden"),
        ("recorded_by", "", "Vul uw naam in"),
    ],
)
def test_a_fault_is_told_above_and_beside_its_field_and_keeps_what_was_typed(
    coordinator: Browser, facts: ParticipationFacts, field: str, typed: str, words: str
) -> None:
    sent = coordinator.post(PLACE, **{**FILLED, field: typed})
    assert sent.status_code == 422
    assert len(re.findall(re.escape(words), sent.text)) == 2
    place = "how-informed" if field == "how" else field
    assert f'<li><a href="#{place}">' in sent.text
    assert f'id="{place}"' in sent.text
    assert f'id="{field}-fault"' in sent.text
    others = [value for name, value in FILLED.items() if name not in {field, "text", "how"}]
    assert all(f'value="{value}"' in sent.text for value in others)
    assert read(facts) is None


def test_nothing_is_recorded_after_the_close(
    coordinator: Browser, facts: ParticipationFacts, clock: FixedClock, app: Flask
) -> None:
    clock.pass_time(days=40)
    close(facts, clock())
    page = coordinator.get(PLACE).text
    assert "<textarea" not in page
    assert "Er is niets vastgelegd" in page
    assert coordinator.post(PLACE, **FILLED).status_code == 303
    assert read(facts) is None


def test_only_who_gave_the_password_gets_the_page(app: Flask, facts: ParticipationFacts) -> None:
    browser = Browser(app)
    assert browser.get(PLACE).status_code == 303
    browser.get("/coordinator/login")
    assert browser.post(PLACE, **FILLED).headers["Location"].endswith("/login")
    assert read(facts) is None


@pytest.mark.parametrize("place", ["2026/nergens", "1999/rijnmeer", "2026/%3Cb%3E"])
def test_a_place_that_is_not_there_has_no_page(coordinator: Browser, place: str) -> None:
    assert coordinator.get(f"/coordinator/{place}/youth").status_code == 404
    assert coordinator.post(f"/coordinator/{place}/youth", **FILLED).status_code == 404


def test_the_list_of_group_links_leads_there(coordinator: Browser) -> None:
    assert f'<a href="{PLACE}">Jongeren: wat ouders weten</a>' in coordinator.get(PLACE[:-5] + "groups").text


def test_it_asks_the_database_no_more_than_other_pages(coordinator: Browser) -> None:
    with count_statements() as shown:
        coordinator.get(PLACE)
    with count_statements() as sent:
        coordinator.post(PLACE, **FILLED)
    check(shown, SHOWN)
    check(sent, SENT)


def test_twin_without_limits_any_age_is_recorded(
    coordinator: Browser, facts: ParticipationFacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(youth, "AGES", range(200))
    sent: Any = coordinator.post(PLACE, **{**FILLED, "age_from": "99", "age_to": ""})
    assert sent.status_code == 303
    recorded = read(facts)
    assert recorded is not None
    assert recorded.age_from == 99
