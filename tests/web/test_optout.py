"""No more mail: asked with a GET, done with a POST, also by one click of a mail program."""

import pytest
from flask import Flask
from sqlalchemy import select

from aoj_survey.db import db
from aoj_survey.fieldwork import close_participation
from aoj_survey.invitations import Invitation, Invitee, derive_token
from aoj_survey.keys import KeyDirectory
from aoj_survey.waves import ParticipationFacts
from tests.conftest import FixedClock
from tests.staging import Person
from tests.web.browsing import Browser


@pytest.fixture
def address(keys: KeyDirectory, facts: ParticipationFacts, people: list[Person]) -> str:
    return "/o/" + derive_token(keys.link(facts.id), "optout", people[0].invitation, 0)


def list_opted_out() -> list[str]:
    query = select(Invitation.id).join(Invitee, Invitee.id == Invitation.invitee_id).where(Invitee.opted_out)
    with db.read() as connection:
        return [str(identity) for identity in connection.execute(query).scalars()]


def test_the_page_asks_and_changes_nothing(browser: Browser, address: str) -> None:
    page = browser.get(address)
    assert "Wilt u geen mail meer over dit onderzoek?" in page.text
    assert list_opted_out() == []


def test_the_button_ends_mail_for_this_person_only(
    browser: Browser, address: str, people: list[Person]
) -> None:
    browser.get(address)
    done = browser.post(address)
    assert "U krijgt geen mail meer over dit onderzoek" in done.text
    assert "Vraag het projectteam om uw link: dat is de enige mail die u nog kunt krijgen." in done.text
    assert list_opted_out() == [str(people[0].invitation)]
    assert browser.post(address).status_code == 200


def test_one_click_of_a_mail_program_works_without_a_form_token(
    app: Flask, address: str, people: list[Person]
) -> None:
    response = app.test_client().post(address, data={"List-Unsubscribe": "One-Click"})
    assert response.status_code == 200
    assert list_opted_out() == [str(people[0].invitation)]


def test_any_other_post_without_a_form_token_is_refused(app: Flask, address: str) -> None:
    assert app.test_client().post(address, data={}).status_code == 400
    assert list_opted_out() == []


def test_who_wants_no_mail_can_still_answer(browser: Browser, address: str, people: list[Person]) -> None:
    browser.get(address)
    browser.post(address)
    assert browser.place(browser.begin(people[0])) == "p/overleg"


def test_after_the_close_nobody_is_told_to_take_part_still(
    browser: Browser, address: str, facts: ParticipationFacts, clock: FixedClock
) -> None:
    assert "Meedoen kan nog tot en met vrijdag 5 juni 2026" in browser.get(address).text
    assert "Dat kan tot en met vrijdag 5 juni 2026" in browser.post(address).text
    clock.pass_time(days=2)
    with db.write() as connection:
        close_participation(connection, facts, clock())
    for page in (browser.get(address), browser.post(address)):
        assert "Meedoen kon tot en met woensdag 6 mei 2026." in page.text
        assert "5 juni" not in page.text


def test_an_unknown_link_says_so_and_the_personal_link_is_no_optout(
    browser: Browser, people: list[Person]
) -> None:
    browser.get("/coordinator/login")
    for token in ("a" * 26, "x", people[0].token):
        assert browser.get(f"/o/{token}").status_code == 404
        assert browser.post(f"/o/{token}").status_code == 404
    assert list_opted_out() == []
