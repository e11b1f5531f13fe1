"""The role check: another role gives other questions and another class, and nobody else can see it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeAlias

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from aoj_survey.db import db
from aoj_survey.fieldwork import close_participation, start_participation
from aoj_survey.invitations import Invitation, correct_role, count_progress
from aoj_survey.keys import KeyDirectory
from aoj_survey.responses import Ballot, Payload, open_ballot, read_draft
from aoj_survey.tracking import DailyCount, count_day, read_final_counts
from aoj_survey.waves import ParticipationFacts, read_participation
from tests.conftest import FixedClock
from tests.staging import QUESTIONNAIRES, Person, make_plan, plan_wave
from tests.web.browsing import Browser, log_in
from tests.web.conftest import PASSWORD
from tests.web.places import crawl, find_values, list_places

Look: TypeAlias = Callable[..., dict[str, str]]
INVITED = {"beleid_gem": 12, "ib": 12, "zoco": 11}


@pytest.fixture
def facts(app: Flask, keys: KeyDirectory, clock: FixedClock) -> ParticipationFacts:
    """Two questionnaires: `widths` for professionals, `beleid` for policy staff; nobody was invited as swv."""
    del app
    plan = make_plan(clock(), INVITED)
    policy = {"beleid_gem": ("beleid", "1"), "swv": ("beleid", "1")}
    plan = replace(plan, questionnaires={**plan.questionnaires, **policy})
    with db.write() as connection:
        made = plan_wave(connection, keys, plan, INVITED)
        start_participation(connection, made, QUESTIONNAIRES, clock())
        return read_participation(connection, made.id)


@pytest.fixture
def person(people: Sequence[Person]) -> Person:
    """Somebody on the list as `ib`."""
    return next(person for person in people if person.role == "ib")


def read_role(person: Person) -> tuple[str, str | None]:
    query = select(Invitation.role, Invitation.answering_role).where(Invitation.id == person.invitation)
    with db.read() as connection:
        row = connection.execute(query).one()
    return row.role, row.answering_role


def send_as(browser: Browser, person: Person, role: str) -> None:
    """Correct the role of a person and send the questionnaire that belongs to it."""
    browser.begin(person)
    browser.post("role", role=role)
    browser.post("start")
    for page, data in (
        ("overleg", {"overleg": "nee"}),
        ("jaren", {"jaren": "3"}),
        ("regie", {"regie": "ja"}),
        ("cijfer", {"cijfer": "7"}),
    ):
        assert browser.answer(page, **data).status_code == 303
    assert browser.place(browser.post("send")) == "thanks"


def open_only_ballot(keys: KeyDirectory, facts: ParticipationFacts) -> Payload:
    with db.read() as connection:
        ballot = connection.execute(select(Ballot.ciphertext)).scalar_one()
    return open_ballot(keys.box(facts.id), facts.id, ballot)


def test_the_welcome_page_leads_to_the_roles_of_this_wave(browser: Browser, person: Person) -> None:
    assert "Klopt dit niet?" in browser.open(person).text
    page = browser.get("role").text
    for shown in (
        "intern begeleider",
        "zorgcoördinator",
        "beleidsmedewerker gemeente",
        "samenwerkingsverband",
    ):
        assert shown in page
    assert "jeugdhulpverlener" not in page
    assert page.count(" checked") == 1
    assert read_role(person) == ("ib", None)


def test_another_role_gives_its_own_questions_and_keeps_shared_answers(
    browser: Browser, person: Person, facts: ParticipationFacts
) -> None:
    browser.begin(person)
    browser.answer("overleg", overleg="nee")
    browser.answer("jaren", jaren="4")
    assert browser.place(browser.post("role", role="swv")) == ""
    assert "directeur of coördinator samenwerkingsverband" in browser.get("").text
    assert read_role(person) == ("ib", "swv")
    with db.read() as connection:
        draft = read_draft(connection, person.token, facts.id)
    assert draft is not None
    # `jaren` has the same code in both, but asks something else.
    assert draft.answers == {"overleg": "nee"}
    assert browser.place(browser.post("start")) == "p/jaren?resumed=1"
    assert "Hoeveel jaar maakt u beleid?" in browser.get("p/jaren").text


def test_the_corrected_role_rules_questionnaire_class_and_final_counts(
    browser: Browser, person: Person, facts: ParticipationFacts, keys: KeyDirectory, clock: FixedClock
) -> None:
    send_as(browser, person, "swv")
    payload = open_only_ballot(keys, facts)
    assert payload.answers == {"overleg": "nee", "jaren": 3, "regie": "ja", "cijfer": 7}
    assert "beleid" in payload.class_code
    with db.write() as connection:
        close_participation(connection, facts, clock())
        counts = {
            count.role: (count.invited, count.done) for count in read_final_counts(connection, facts.id)
        }
    assert counts == {"ib": (11, 0), "zoco": (11, 0), "beleid_gem": (12, 0), "swv": (1, 1)}


def test_choosing_the_role_of_the_list_again_leaves_no_trace(browser: Browser, person: Person) -> None:
    browser.begin(person)
    browser.post("role", role="zoco")
    browser.post("role", role="ib")
    assert read_role(person) == ("ib", None)


def test_another_function_changes_nothing_and_says_whom_to_ask(browser: Browser, person: Person) -> None:
    browser.open(person)
    browser.get("role")
    answer = browser.post("role", role="other")
    assert answer.status_code == 200
    assert "Uw functie staat er niet bij" in answer.text
    assert read_role(person) == ("ib", None)


@pytest.mark.parametrize("sent", [{}, {"role": "jeugdhulp"}, {"role": "'; DROP TABLE"}])
def test_a_role_that_is_not_offered_is_an_error_and_nothing_changes(
    browser: Browser, person: Person, sent: dict[str, str]
) -> None:
    browser.open(person)
    browser.get("role")
    answer = browser.post("role", **sent)
    assert (answer.status_code, "Kies uw functie" in answer.text) == (422, True)
    assert "<title>Fout: " in answer.text
    assert read_role(person) == ("ib", None)


def test_after_sending_no_role_is_corrected(browser: Browser, person: Person) -> None:
    send_as(browser, person, "swv")
    assert "al ingevuld" in browser.post("role", role="zoco").text
    with db.write() as connection:
        assert not correct_role(connection, person.invitation, "zoco")
    assert read_role(person) == ("ib", "swv")


# Nobody else sees it


@pytest.fixture
def look(
    app: Flask, keys: KeyDirectory, facts: ParticipationFacts, people: Sequence[Person], clock: FixedClock
) -> Look:
    """What a coordinator gets everywhere, after today's count, with these values for one invitation."""
    corrected = next(person for person in people if person.role == "ib")
    other = next(person for person in people if person.role == "zoco")

    def look(**values: str | None) -> dict[str, str]:
        with db.write() as connection:
            connection.execute(
                update(Invitation).where(Invitation.id == corrected.invitation).values(**values)
            )
            connection.execute(delete(DailyCount))
            count_day(connection, facts.id, clock().date())
        return crawl(log_in(app, PASSWORD), list_places(app, find_values(keys, facts, other)))

    return look


def test_no_page_of_a_coordinator_shows_a_correction(look: Look) -> None:
    assert look(answering_role=None) == look(answering_role="swv")


def test_twin_a_correction_of_the_list_itself_would_show(look: Look) -> None:
    assert look(role="ib") != look(role="swv")


def test_the_count_of_a_day_stays_by_the_list(facts: ParticipationFacts, person: Person) -> None:
    with db.read() as connection:
        before = count_progress(connection, facts.id)
    with db.write() as connection:
        correct_role(connection, person.invitation, "swv")
    with db.read() as connection:
        assert count_progress(connection, facts.id) == before
        assert count_progress(connection, facts.id, answering=True) != before


# From the check


def test_the_check_shows_the_role_and_leads_to_what_another_still_asks(
    browser: Browser, person: Person
) -> None:
    browser.begin(person)
    for page, data in (
        ("overleg", {"overleg": "nee"}),
        ("jaren", {"jaren": "4"}),
        ("kennen", {"taken": "ja"}),
        ("cijfer", {"cijfer": "7"}),
        ("beter", {"beter": "meer tijd"}),
    ):
        assert browser.answer(page, **data).status_code == 303
    check = browser.get("check").text
    assert "Uw functie" in check
    assert "<dd>intern begeleider</dd>" in check
    page = browser.get("role?to=check").text
    assert "Terug naar al uw antwoorden" in page
    assert browser.place(browser.post("role?to=check", role="ib")) == "check"
    assert browser.place(browser.post("role?to=check", role="swv")) == "check"
    assert browser.place(browser.get("check")).startswith("p/jaren")
