"""Acts are kept as a code with values and said in the language of the page."""

from typing import get_args

import pytest
from flask import Flask
from flask_babel import force_locale

from aoj_survey.db import db
from aoj_survey.waves import OWN_MAILBOX, Act, ActCode, Value, allow_sending, read_participation
from aoj_survey.web.acts import SENTENCES, describe_acts, say_act
from tests.conftest import FixedClock
from tests.factories import MOMENT, make_participation
from tests.staging import start_wave
from tests.web.browsing import log_in
from tests.web.conftest import PASSWORD

VALUES: dict[str, tuple[dict[str, Value], str]] = {
    "list_put_in": ({"rows": 12, "people": 10}, "(rijen: 12, mensen erbij: 10)"),
    "list_imported": ({"people": 193}, "mensen erbij: 193"),
    "mail_moved": (
        {"kind": "second_reminder", "moment": "2026-05-26 09:00"},
        "de tweede herinnering naar dinsdag 26 mei om 9.00 uur",
    ),
    "mail_moved_anyway": (
        {"kind": "first_reminder", "moment": "2026-05-25 09:00", "reason": "public_holiday"},
        "maandag 25 mei om 9.00 uur, al is dat geen werkdag (feestdag)",
    ),
    "mail_planned_anyway": (
        {"kind": "invitation", "day": "2026-05-03", "reason": "weekend"},
        "de uitnodiging op zondag 3 mei 2026, al is dat geen werkdag (weekend)",
    ),
    "extended": (
        {"before": "2026-06-05", "day": "2026-06-12"},
        "van vrijdag 5 juni 2026 tot en met vrijdag 12 juni 2026",
    ),
    "goal_set": ({"percent": 60}, "60%"),
    "sending_overruled": ({"words": "100 % sure,\nwe tried"}, "100 % sure,\nwe tried"),
    "links_made": ({"words": "ib: 20"}, "(ib: 20)"),
    "released": ({"name": "aoj_rijnmeer_2026_v1"}, "aoj_rijnmeer_2026_v1 vrij"),
    "withdrawn": ({"name": "aoj_rijnmeer_2026_v1", "words": "a typo"}, "aoj_rijnmeer_2026_v1 in (a typo)"),
    "answers_proposed": ({"name": "beter", "number": 7}, "7 open antwoorden op beter"),
    "answers_decided": (
        {"name": "beter", "released": 5, "redacted": 2, "dropped": 1, "words": "An Een"},
        "op beter vrij: 5 heel, 2 ingekort, 1 weggegooid (voorgesteld door An Een)",
    ),
    "answers_sent_back": ({"name": "beter", "number": 1}, "1 open antwoorden op beter terug"),
    "account_added": ({"person": "An Een", "rights": "approve"}, "voor An Een met het recht approve"),
    "account_renewed": ({"person": "An Een"}, "van An Een"),
    "account_removed": ({"person": "An Een"}, "van An Een"),
    "custodians_set": ({"words": "An, Bo, Cé"}, "van de bus: An, Bo, Cé"),
    "custodians_tested": ({"words": "An, Bo"}, "proefbriefje: An, Bo"),
    "box_opened": ({"words": "An, Bo"}, "goedgekeurd door An, Bo"),
    "told": ({"words": "moved it by 100 %"}, "moved it by 100 %"),
}
"""The values of an act that has any, with what its Dutch must hold."""


@pytest.mark.parametrize("code", get_args(ActCode))
def test_every_act_is_said_in_dutch_with_its_values(sqlite_app: Flask, code: ActCode) -> None:
    values, holds = VALUES.get(code, ({}, ""))
    act = Act(MOMENT, "coordinator", code, values)
    with db.write() as connection:
        facts = read_participation(connection, make_participation(connection))
    with sqlite_app.test_request_context(), force_locale("nl"):
        said = say_act(act, facts)
    with sqlite_app.test_request_context(), force_locale("en"):
        plain = say_act(act, facts)
    assert holds in said
    assert (said == plain) is (code == "told")
    assert "%(" not in plain


def test_there_are_values_for_every_sentence_that_takes_any(sqlite_app: Flask) -> None:
    with sqlite_app.test_request_context(), force_locale("en"):
        assert {code for code, words in SENTENCES.items() if "%(" in words} == set(VALUES)


MAKERS = {
    "coordinator": "coördinator",
    "supplier": "aanleveraar",
    "command": "beheerder",
    "worker": "vanzelf",
    "demonstration": "de demonstratie",
    "Verzonnen Een": "Verzonnen Een",
}


def test_why_the_demonstration_sends_without_a_test_is_said_in_the_language_of_the_page(
    sqlite_app: Flask, clock: FixedClock
) -> None:
    facts = start_wave(sqlite_app.extensions["aoj"].keys, clock(), {"ib": 12})
    act = Act(clock(), "demonstration", "sending_overruled", {"words": OWN_MAILBOX})
    with db.write() as connection:
        allow_sending(connection, facts.id, act, reason=OWN_MAILBOX)
    browser = log_in(sqlite_app, PASSWORD)
    page = browser.get("/coordinator/2026/rijnmeer/schedule").text
    assert (
        "Besloten door de demonstratie op maandag 4 mei 2026: de demonstratie mailt alleen zichzelf" in page
    )
    assert OWN_MAILBOX not in page
    assert "demonstration" not in page
    browser.language = "en"
    assert "the demonstration mails itself only" in browser.get("/coordinator/2026/rijnmeer/schedule").text


def test_who_did_it_is_named(sqlite_app: Flask) -> None:
    acts = [Act(MOMENT, name, "paused") for name in MAKERS]
    with db.write() as connection:
        facts = read_participation(connection, make_participation(connection))
    with sqlite_app.test_request_context(), force_locale("nl"):
        lines = describe_acts(acts, facts)
    assert [line.made_by for line in lines] == list(MAKERS.values())
    assert {line.text for line in lines} == {"zette alle mail stil"}
    assert lines[0].moment == "maandag 4 mei 2026"
