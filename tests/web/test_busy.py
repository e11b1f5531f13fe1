"""While another process goes on writing, as a long opening does: no answer is lost and no page breaks."""

import subprocess
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask

from aoj_survey.db import db
from aoj_survey.errors import BusyError
from aoj_survey.responses import Ballot
from aoj_survey.waves import ParticipationFacts
from tests.conftest import FixedClock
from tests.responses.boxes import count_rows
from tests.staging import Person, list_people, start_wave
from tests.web.browsing import SEND_ALL, Browser
from tests.web.test_respondent import read_kept

WRITER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("writing", flush=True)
sys.stdin.readline()
"""
TYPED = "iets dat niemand twee keer typt"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for a tenth of a second, not twenty."""
    monkeypatch.setattr("aoj_survey.db.BUSY_SECONDS", 0.1)


@pytest.fixture
def facts(sqlite_app: Flask, clock: FixedClock) -> ParticipationFacts:
    """On SQLite: writers of PostgreSQL wait for rows, not for a file."""
    return start_wave(sqlite_app.extensions["aoj"].keys, clock(), {"ib": 12})


@pytest.fixture
def people(sqlite_app: Flask, facts: ParticipationFacts) -> list[Person]:
    return list_people(sqlite_app.extensions["aoj"].keys, facts)


@pytest.fixture
def browser(sqlite_app: Flask) -> Browser:
    return Browser(sqlite_app)


@contextmanager
def somebody_writing(folder: Path) -> Generator[None]:
    """Let another process hold the file of the database."""
    command = [sys.executable, "-c", WRITER, str(folder / "aoj.sqlite3")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == "writing\n"
        try:
            yield
        finally:
            process.stdin.close()


def check_page_keeps_what_was_typed(
    browser: Browser, person: Person, facts: ParticipationFacts, folder: Path
) -> None:
    browser.begin(person)
    for page, data in SEND_ALL[:4]:
        browser.answer(page, **data)
    asked = browser.get("p/visie_hoe")
    with somebody_writing(folder):
        refused = browser.answer("visie_hoe", visie_hoe=TYPED)
    assert refused.status_code == 503
    assert "Deze pagina is nog niet bewaard" in refused.text
    assert TYPED in refused.text
    assert asked.text.count("<form") == refused.text.count("<form")
    assert browser.answer("visie_hoe", visie_hoe=TYPED).status_code == 303
    kept = read_kept(person, facts)
    assert kept is not None
    assert kept.answers["visie_hoe"] == TYPED


def test_a_page_that_cannot_be_kept_comes_back_with_all_that_was_typed(
    browser: Browser, people: Sequence[Person], facts: ParticipationFacts, tmp_path: Path
) -> None:
    check_page_keeps_what_was_typed(browser, people[0], facts, tmp_path)


def test_twin_without_showing_the_page_again_what_was_typed_is_lost(
    browser: Browser,
    people: Sequence[Person],
    facts: ParticipationFacts,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("aoj_survey.web.respondent.BusyError", KeyError)
    with pytest.raises(AssertionError):
        check_page_keeps_what_was_typed(browser, people[0], facts, tmp_path)


def test_answers_that_cannot_be_sent_now_are_sent_once_later(
    browser: Browser, people: Sequence[Person], facts: ParticipationFacts, tmp_path: Path
) -> None:
    browser.begin(people[0])
    browser.answer_all()
    browser.get("check")
    with somebody_writing(tmp_path):
        refused = browser.post("send")
        assert refused.status_code == 503
        assert "Deze antwoorden zijn nog niet verstuurd" in refused.text
        assert "samen om tafel" in refused.text
        assert "Verstuur mijn antwoorden" in refused.text
    assert (count_rows(Ballot), read_kept(people[0], facts) is None) == (0, False)
    assert browser.place(browser.post("send")) == "thanks"
    assert count_rows(Ballot) == 1


def test_the_script_is_told_to_try_again(browser: Browser, people: Sequence[Person], tmp_path: Path) -> None:
    browser.begin(people[0])
    with somebody_writing(tmp_path):
        assert browser.post("p/overleg/keep", overleg="ja").status_code == 503
    assert browser.post("p/overleg/keep", overleg="ja").status_code == 200


def press_start(browser: Browser, person: Person, folder: Path) -> None:
    browser.open(person)
    with somebody_writing(folder):
        refused = browser.post("start")
    assert refused.status_code == 503
    assert "Er is niets veranderd. Ga terug, wacht een minuut" in refused.text


def test_any_other_form_says_that_nothing_was_changed(
    browser: Browser, people: Sequence[Person], tmp_path: Path
) -> None:
    press_start(browser, people[0], tmp_path)


def test_twin_without_knowing_a_busy_database_the_page_breaks(
    browser: Browser, people: Sequence[Person], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aoj_survey.db._begin", lambda connection: connection.begin())
    with pytest.raises(AssertionError):
        press_start(browser, people[0], tmp_path)


def test_pages_can_be_read_meanwhile(browser: Browser, people: Sequence[Person], tmp_path: Path) -> None:
    with somebody_writing(tmp_path):
        assert browser.open(people[0]).status_code == 200


def test_a_worker_waits_where_a_page_gives_up(sqlite_app: Flask, tmp_path: Path) -> None:
    with somebody_writing(tmp_path), pytest.raises(BusyError), db.write():
        pytest.fail("wrote at the same time")
    db.be_patient(sqlite_app)
    assert sqlite_app.extensions["aoj_patience"] > 60
