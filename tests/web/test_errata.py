"""A mended text reaches who answers at once."""

from flask import Flask

from aoj_survey.db import db
from aoj_survey.keys import KeyDirectory
from aoj_survey.questionnaire import Erratum
from aoj_survey.waves import make_erratum
from tests.conftest import FixedClock
from tests.staging import list_people, start_wave

from .browsing import Browser


def test_the_next_page_shows_the_mended_text_and_a_draft_goes_on(
    app: Flask, keys: KeyDirectory, clock: FixedClock
) -> None:
    facts = start_wave(keys, clock(), {"ib": 12})
    person = list_people(keys, facts)[0]
    browser = Browser(app)
    browser.begin(person)
    browser.answer("overleg", overleg="nee")
    assert "Hoeveel jaar doet u dit werk?" in browser.get("p/jaren").text
    erratum = Erratum("item.jaren", "nl", "Hoeveel jaar werkt u al?", "Een woord ontbrak.")
    with db.write() as connection:
        make_erratum(connection, facts, "widths@1", erratum, "Redactie", clock().date())
    browser.open(person)
    mended = browser.get("p/jaren").text
    assert "Hoeveel jaar werkt u al?" in mended
    assert "Hoeveel jaar doet u dit werk?" not in mended
    browser.answer_all()
    assert browser.get("check").text.count("Hoeveel jaar werkt u al?") > 0
