"""Audit lines are kept in English and shown in the language of the page, whatever wrote them."""

import pytest
from flask import Flask
from flask_babel import force_locale

from aoj_survey.db import db
from aoj_survey.waves import Act, read_participation
from aoj_survey.web.acts import SENTENCES, describe_acts, say_act
from tests.factories import MOMENT, make_participation

STORED = {
    "put a person on the list": "",
    "had the link sent again to one person": "",
    "changed the address of one person": "",
    "corrected what the list says of one person": "",
    "took a person off the list who does not belong on it": "",
    "took a person off the list at own request": "",
    "put in a list of 12 rows: 10 people were added": "van 12 rijen toe: 10 mensen",
    "imported a list: 193 people were added": "193 mensen",
    "took the list along as a file": "",
    "made a page for a supplier": "",
    "removed the page of a supplier": "",
    "recorded that parents of young people were informed": "",
    "recorded that parents of young people gave permission": "",
    "moved the second reminder to 2026-05-26 09:00": "de tweede herinnering naar dinsdag 26 mei om 9.00 uur",
    (
        "moved the first reminder to 2026-05-25 09:00, though that is no working day (public holiday)"
    ): "maandag 25 mei om 9.00 uur, al is dat geen werkdag (feestdag)",
    (
        "planned the invitation on 2026-05-03, though that is no working day (weekend)"
    ): "de uitnodiging op zondag 3 mei 2026, al is dat geen werkdag (weekend)",
    "extended from 2026-06-05 to 2026-06-12": "van vrijdag 5 juni 2026 tot en met vrijdag 12 juni 2026",
    "paused all mail": "",
    "resumed mail": "",
    "set the goal to 60 %": "60%",
    "took the goal away": "",
    "allowed sending: a test mail arrived and the checks found no fault": "",
    "allowed sending without a confirmed test mail: 100 % sure,\nwe tried": "100 % sure,\nwe tried",
    "made links for the region to mail itself (ib: 20)": "(ib: 20)",
}
"""A line of each kind as it is stored, with what its Dutch must hold."""


@pytest.mark.parametrize("text", STORED)
def test_every_kind_of_line_is_said_in_dutch_with_its_values(sqlite_app: Flask, text: str) -> None:
    with db.write() as connection:
        facts = read_participation(connection, make_participation(connection))
    with sqlite_app.test_request_context(), force_locale("nl"):
        said = say_act(text, facts)
    assert said != text
    assert STORED[text] in said
    with sqlite_app.test_request_context(), force_locale("en"):
        assert "%" not in say_act(text, facts).replace("60 %", "").replace("100 % sure", "")


def test_there_is_an_example_of_every_sentence() -> None:
    assert len(STORED) == len(SENTENCES)


def test_a_line_that_is_none_of_ours_stays_and_the_maker_is_named(sqlite_app: Flask) -> None:
    acts = [
        Act(MOMENT, "coordinator", "did something new"),
        Act(MOMENT, "supplier", "paused all mail"),
        Act(MOMENT, "command", "paused all mail"),
        Act(MOMENT, "Verzonnen Een", "paused all mail"),
    ]
    with db.write() as connection:
        facts = read_participation(connection, make_participation(connection))
    with sqlite_app.test_request_context(), force_locale("nl"):
        lines = describe_acts(acts, facts)
    assert [(line.made_by, line.text) for line in lines] == [
        ("coördinator", "did something new"),
        ("aanleveraar", "zette alle mail stil"),
        ("beheerder", "zette alle mail stil"),
        ("Verzonnen Een", "zette alle mail stil"),
    ]
    assert lines[0].moment == "maandag 4 mei 2026"
