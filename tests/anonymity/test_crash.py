"""A web process killed around sending: after the retry the answers lie in the box exactly once."""

import contextlib
from http.client import HTTPException

import pytest
from flask import Flask
from sqlalchemy import func, select

from aoj_survey.db import db
from aoj_survey.demo import Browser, BrowserError, answer_questionnaire
from aoj_survey.installation import Installation
from aoj_survey.invitations import Invitation
from aoj_survey.keys import KeyDirectory
from aoj_survey.responses import Ballot, Draft, open_ballot
from aoj_survey.waves import ParticipationFacts
from tests.conftest import FixedClock
from tests.serving import serve_in_child
from tests.staging import ANSWERS, Person, list_people, start_wave


@pytest.fixture
def facts(app: Flask, keys: KeyDirectory, clock: FixedClock) -> ParticipationFacts:
    return start_wave(keys, clock(), {"ib": 12})


def visit(installation: Installation, person: Person, kill_at: str = "") -> str:
    """Answer and send through a web process of its own; return the last address, or how it ended."""
    settings = installation.settings
    with serve_in_child(settings.instance, settings.database_url, kill_at) as (port, _process):
        base = f"http://127.0.0.1:{port}"
        browser = Browser(base)
        try:
            return answer_questionnaire(browser, f"{base}/l/{person.token}", ANSWERS).url
        except (OSError, HTTPException):
            return "the line went dead"
        finally:
            browser.close()


def state(person: Person) -> tuple[str, int, int]:
    with db.read() as connection:
        return (
            connection.execute(
                select(Invitation.status).where(Invitation.id == person.invitation)
            ).scalar_one(),
            connection.execute(select(func.count()).select_from(Ballot)).scalar_one(),
            connection.execute(select(func.count()).select_from(Draft)).scalar_one(),
        )


def send_with_a_kill_and_again(
    installation: Installation, person: Person, point: str
) -> tuple[str, int, int]:
    """Send, be cut off by a kill, send again; return the state after the kill."""
    assert visit(installation, person, point) == "the line went dead"
    killed = state(person)
    with contextlib.suppress(BrowserError):
        visit(installation, person)
    return killed


def check_sent_once(installation: Installation, facts: ParticipationFacts, person: Person) -> None:
    assert state(person) == ("done", 1, 0)
    with db.read() as connection:
        ballot = connection.execute(select(Ballot.ciphertext)).scalar_one()
    assert open_ballot(installation.keys.box(facts.id), facts.id, ballot).answers == ANSWERS


@pytest.mark.parametrize(
    ("point", "after_the_kill"),
    [
        ("before_writing", ("open", 0, 1)),
        ("before_commit", ("open", 0, 1)),
        ("after_commit", ("done", 1, 0)),
    ],
)
def test_killed_while_sending_the_answers_are_in_the_box_exactly_once_after_the_retry(
    installation: Installation, facts: ParticipationFacts, point: str, after_the_kill: tuple[str, int, int]
) -> None:
    person = list_people(installation.keys, facts)[0]
    assert send_with_a_kill_and_again(installation, person, point) == after_the_kill
    check_sent_once(installation, facts, person)


def test_twin_with_the_mark_in_a_commit_of_its_own_the_answers_are_lost(
    installation: Installation, facts: ParticipationFacts
) -> None:
    person = list_people(installation.keys, facts)[0]
    assert send_with_a_kill_and_again(installation, person, "between_two_commits") == ("done", 0, 1)
    with pytest.raises(AssertionError):
        check_sent_once(installation, facts, person)
