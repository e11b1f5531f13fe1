"""What keeps mail from going out: a sentence per cause, without the servers and files that a note names."""

import smtplib
import ssl
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from aoj_survey.db import db
from aoj_survey.errors import KeyFileError
from aoj_survey.invitations import (
    MAIL_NOTE,
    MAILBOX_NOTE,
    REMINDERS_NOTE,
    record_consent,
    send_due,
    write_note,
)
from aoj_survey.invitations.line import Line
from aoj_survey.keys import KeyDirectory, read_private_file
from aoj_survey.preflight import Finding, store_findings
from aoj_survey.waves import Participation, ParticipationFacts
from tests.conftest import FixedClock
from tests.factories import make_service_note
from tests.invitations.groups import begin, make_group
from tests.staging import start_wave
from tests.web.browsing import log_in
from tests.web.conftest import PASSWORD
from tests.web.test_youth import CONSENT

OVERVIEW = "/coordinator/2026/rijnmeer"


def note_of(app: Flask, fault: OSError) -> str:
    """What sending notes of a fault."""
    return Line(app.extensions["aoj"].settings)._describe(fault)


def show_note(app: Flask, clock: FixedClock, words: str, name: str = MAIL_NOTE) -> str:
    """The page of a coordinator with this note, in one line."""
    with db.write() as connection:
        write_note(connection, name, clock(), words)
    page = log_in(app, PASSWORD).get(OVERVIEW).text
    assert words not in page
    assert app.extensions["aoj"].settings.smtp_host not in page
    return page


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (ConnectionRefusedError(), "De mailserver is niet te bereiken. We blijven het proberen."),
        (smtplib.SMTPAuthenticationError(535, b"no"), "De mailserver weigert ons account."),
        (smtplib.SMTPSenderRefused(550, b"no", "x@y.example"), "De mailserver weigert ons afzenderadres."),
        (ssl.SSLError(), "Het certificaat van de mailserver is niet te vertrouwen."),
    ],
)
def test_each_fault_of_the_mail_server_has_its_sentence(
    app: Flask, facts: ParticipationFacts, clock: FixedClock, fault: OSError, words: str
) -> None:
    assert f"Versturen lukt nu niet. {words}" in show_note(app, clock, note_of(app, fault))


def test_a_reminder_that_fails_is_not_spoken_of_for_it_tells_who_was_not_done(
    sqlite_app: Flask, clock: FixedClock
) -> None:
    start_wave(sqlite_app.extensions["aoj"].keys, clock(), {"ib": 12})
    words = note_of(sqlite_app, ConnectionRefusedError())
    page = show_note(sqlite_app, clock, words, REMINDERS_NOTE)
    assert "Versturen lukt nu niet" not in page
    assert "Volgende stap: de uitnodiging gaat nu de deur uit" in page
    assert "Versturen lukt nu niet" in show_note(sqlite_app, clock, words)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("smtp_unreachable", "De mailserver is niet te bereiken."),
        ("smtp_certificate", "Het certificaat van de mailserver is niet te vertrouwen."),
        ("smtp_login", "De mailserver weigert ons account."),
        ("smtp_sender", "De mailserver weigert ons afzenderadres."),
        ("smtp_password", "Een sleutel of wachtwoord ontbreekt of is niet te lezen."),
        ("smtp_lacks", "De mailserver neemt geen mail van ons aan."),
        ("smtp_open", ""),
    ],
)
def test_what_the_checks_of_each_hour_found_at_the_mail_server_is_told(
    sqlite_app: Flask, clock: FixedClock, code: str, words: str
) -> None:
    start_wave(sqlite_app.extensions["aoj"].keys, clock(), {"ib": 12})
    with db.write() as connection:
        store_findings(connection, [Finding("smtp", "fault", code)], clock())
    page = log_in(sqlite_app, PASSWORD).get(OVERVIEW).text
    assert ("Versturen lukt nu niet" in page) is bool(words)
    assert words in page
    assert ("zodra versturen weer lukt" in page) is bool(words)


def test_a_missing_key_is_no_fault_of_the_mail_server(
    app: Flask, facts: ParticipationFacts, clock: FixedClock, tmp_path: Path
) -> None:
    with pytest.raises(KeyFileError) as raised:
        read_private_file(tmp_path / "contact.key")
    page = show_note(app, clock, str(raised.value))
    assert "Versturen lukt nu niet. Een sleutel of wachtwoord ontbreekt of is niet te lezen." in page
    assert "mailserver" not in page.partition("Versturen lukt nu niet.")[2].partition("</p>")[0]
    assert str(tmp_path) not in page


def test_a_server_that_refuses_everybody_has_its_sentence(
    app: Flask, facts: ParticipationFacts, clock: FixedClock
) -> None:
    words = Line(app.extensions["aoj"].settings).describe_refusals()
    assert "De mailserver neemt geen mail van ons aan." in show_note(app, clock, words)


def test_a_mail_that_cannot_be_made_has_its_sentence(
    app: Flask, keys: KeyDirectory, facts: ParticipationFacts, clock: FixedClock
) -> None:
    with db.write() as connection:
        connection.execute(update(Participation).values(contact_mail="no\naddress"))
    report = send_due(clock, keys, app.extensions["aoj"].settings)
    assert "Een mail is niet te maken." in show_note(app, clock, report.trouble)


def test_any_other_cause_is_left_to_the_administrator(
    app: Flask, facts: ParticipationFacts, clock: FixedClock
) -> None:
    page = show_note(app, clock, "post@school.example broke something")
    assert "De oorzaak staat in het logboek van het verzendprogramma." in page
    assert "post@school.example" not in page


# Held back by choice


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"paused": True}, "Alle mail staat stil. Links blijven werken."),
        ({"sending": "off"}, "Er gaat nog geen mail uit. Stuur eerst een testmail naar uzelf."),
        ({}, ""),
        ({"paused": True, "sender": "region"}, ""),
    ],
)
def test_mail_that_is_held_back_is_said_with_the_page_to_change_it(
    app: Flask, facts: ParticipationFacts, clock: FixedClock, values: dict[str, Any], words: str
) -> None:
    with db.write() as connection:
        make_service_note(connection, name="worker", at=clock())
        connection.execute(update(Participation).values(name="voorjaar 2026", **values))
    page = log_in(app, PASSWORD).get(OVERVIEW).text
    assert ("note warn" in page) is bool(words)
    if words:
        assert f'{words} <a href="{OVERVIEW}/' in page


# Young people wait for their parents

WAITS = {
    "nl": "Uitnodigingen aan jongeren wachten. Leg eerst vast hoe ouders zijn ingelicht of toestemming gaven.",
    "en": "Invitations to young people wait. First record how parents were informed or gave permission.",
}


def record(facts: ParticipationFacts) -> None:
    with db.write() as connection:
        record_consent(connection, facts, CONSENT)


@pytest.mark.parametrize("language", WAITS)
def test_coordinators_read_that_young_people_wait_and_what_to_do(
    app: Flask, keys: KeyDirectory, clock: FixedClock, language: str
) -> None:
    facts = start_wave(keys, clock(), {"jongere": 12}, questionnaire=("youth", "1"))
    browser = log_in(app, PASSWORD)
    browser.language = language
    page = browser.get(OVERVIEW).text
    assert WAITS[language] in page
    assert f'<a href="{OVERVIEW}/youth">' in page
    record(facts)
    assert WAITS[language] not in browser.get(OVERVIEW).text


def test_nothing_waits_after_the_close(app: Flask, keys: KeyDirectory, clock: FixedClock) -> None:
    start_wave(keys, clock(), {"jongere": 12}, questionnaire=("youth", "1"))
    clock.pass_time(days=40)
    assert WAITS["nl"] not in log_in(app, PASSWORD).get(OVERVIEW).text


def test_nothing_waits_without_young_people_on_the_list(
    app: Flask, keys: KeyDirectory, facts: ParticipationFacts
) -> None:
    assert WAITS["nl"] not in log_in(app, PASSWORD).get(OVERVIEW).text


def test_a_group_link_of_young_people_makes_no_mail_wait(
    app: Flask, keys: KeyDirectory, facts: ParticipationFacts
) -> None:
    begin(make_group(keys, facts, {"ib": 20}), "jongere")
    assert WAITS["nl"] not in log_in(app, PASSWORD).get(OVERVIEW).text


# Mail that came back


def test_a_mailbox_that_cannot_be_read_is_told_without_its_name(
    app: Flask, facts: ParticipationFacts, clock: FixedClock
) -> None:
    words = "We kunnen niet lezen welke mails terugkwamen."
    assert words not in log_in(app, PASSWORD).get(OVERVIEW).text
    with db.write() as connection:
        write_note(connection, MAILBOX_NOTE, clock(), "imap.rijnmeer.example does not answer")
    page = log_in(app, PASSWORD).get(OVERVIEW).text
    assert words in page
    assert "imap.rijnmeer.example" not in page
