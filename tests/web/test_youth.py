"""Young people: nobody calls them *u*, from the mail to the thanks."""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from flask_babel import Domain
from sqlalchemy import delete, select, update

from aoj_survey.config import ROOT
from aoj_survey.db import db
from aoj_survey.fieldwork import start_participation
from aoj_survey.invitations import (
    YOUTH_ROLES,
    Consent,
    Invitation,
    YouthConsent,
    derive_token,
    find_invitation,
    record_consent,
)
from aoj_survey.keys import KeyDirectory
from aoj_survey.responses import Draft
from aoj_survey.waves import ParticipationFacts, read_participation
from aoj_survey.web import language
from tests.conftest import FixedClock
from tests.staging import Person, make_plan, plan_wave
from tests.web.browsing import TOKEN, Browser
from tests.web.test_statements import SENT, SHOWN, check
from tests.web.test_weight import count_statements

EDITION = ("aoj-jongeren", "2021")
FORMAL = re.compile(r"(?<![\w./=&?-])([Uu]|[Uu]w|[Uu]zelf)(?![\w./=&?-])")
CONTROL = re.compile(r'<input type="(?:radio|checkbox)"[^>]* name="([^"]+)" value="([^"]+)"')
CONSENT = Consent("informed", 12, "Brief van 1 april aan alle ouders.", "Verzonnen Een", date(2026, 5, 4))


@pytest.fixture
def facts(app: Flask, keys: KeyDirectory, clock: FixedClock) -> ParticipationFacts:
    """A wave for young people, whose parents were informed."""
    plan = make_plan(clock(), {"jongere": 12}, questionnaire=EDITION)
    with db.write() as connection:
        planned = plan_wave(connection, keys, plan, {"jongere": 12})
        record_consent(connection, planned, CONSENT)
        start_participation(connection, planned, ROOT / "questionnaires", clock())
        return read_participation(connection, planned.id)


def find_formal(pages: dict[str, str]) -> dict[str, list[str]]:
    """The places that call the reader *u*, each with the words around it."""
    found: dict[str, list[str]] = {}
    for place, page in pages.items():
        text = html.unescape(TOKEN.sub("", page))
        if around := [text[max(0, hit.start() - 30) : hit.end() + 30] for hit in FORMAL.finditer(text)]:
            found[place] = around
    return found


def choose_first(page: str) -> dict[str, str]:
    """The first answer to everything on a page that is answered by choosing."""
    answers: dict[str, str] = {}
    for name, value in CONTROL.findall(page):
        answers.setdefault(name, value)
    return answers


def travel(browser: Browser, person: Person) -> Iterator[tuple[str, str]]:
    """Every page of a whole journey with its prompts and errors, by what it is called."""
    yield "welcome", browser.open(person).text
    place = browser.place(browser.post("start"))
    while place != "check":
        page = browser.get(place).text
        yield place, page
        yield f"{place}, empty", browser.post(place).text
        yield f"{place}, wrong", browser.post(place, **dict.fromkeys(choose_first(page), "wrong")).text
        for name in re.findall(r'<textarea id="(\w+)"', page):
            yield f"{place}, long", browser.post(place, **{name: "x" * 5000}).text
        place = browser.place(browser.post(place, step_="skip", **choose_first(page)))
    for place in (
        "check",
        "role",
        "abbreviations",
        "p/jongere_hulp?to=check",
        "p/jongere_hulp?resumed=1",
        "",
    ):
        yield place or "welcome again", browser.get(place).text
    yield "other role", browser.post("role", role="other").text
    yield "saved", browser.get("saved").text
    browser.open(person)
    browser.get("check")
    browser.post("send")
    yield "thanks", browser.get("thanks").text
    yield "already", browser.get("").text


def collect(
    app: Flask, keys: KeyDirectory, facts: ParticipationFacts, people: Sequence[Person], clock: FixedClock
) -> dict[str, str]:
    """All that a young person can get to see."""
    browser = Browser(app)
    pages = dict(travel(browser, people[0]))
    assert len(pages) > 25
    for address, name in re.findall(r'<a href="(/(privacy|accessibility)\?[^"]+)"', pages["thanks"]):
        pages[name] = browser.get(html.unescape(address)).text
    optout = derive_token(keys.link(facts.id), "optout", people[0].invitation, 0)
    pages["opt-out"] = browser.get(f"/o/{optout}").text
    pages["opted out"] = browser.post(f"/o/{optout}").text
    quitter = Browser(app)
    quitter.begin(people[2])
    quitter.answer("jongere_hulp", jongere_hulp="geen")
    pages["stop"] = quitter.get("stop").text
    quitter.post("stop")
    pages["erased"] = quitter.get("erased").text
    for days, name in ((-3, "not open"), (40, "closed")):
        clock.pass_time(days=days)
        pages[name] = browser.open(people[1]).text
        pages[f"opt-out, {name}"] = browser.get(f"/o/{optout}").text
    clock.pass_time(days=-37)
    withdraw_consent()
    pages["parents first"] = browser.open(people[1]).text.partition("Voor het projectteam")[0]
    return pages | {
        "unknown": browser.get(f"/l/{'a' * 26}").text,
        "lost": browser.get(f"/v/{'a' * 16}/").text,
        "no page": browser.get("/no-such-page").text,
        "no form": browser.post("/privacy").text,
        "too much": browser.post(f"/o/{optout}", words="x" * 300_000).text,
    }


def test_nobody_calls_a_young_person_u(
    app: Flask, keys: KeyDirectory, facts: ParticipationFacts, people: Sequence[Person], clock: FixedClock
) -> None:
    pages = collect(app, keys, facts, people, clock)
    assert find_formal(pages) == {}
    assert "Je mag vragen overslaan of stoppen." in pages["welcome"]
    assert "Je antwoorden zijn gewist" in pages["erased"]
    assert "Bedankt! Je antwoorden zijn verstuurd" in pages["thanks"]
    assert "Terwijl je invult" in pages["privacy"]


def test_twin_without_their_own_sentences_they_are_called_u(
    app: Flask,
    keys: KeyDirectory,
    facts: ParticipationFacts,
    people: Sequence[Person],
    clock: FixedClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(language, "YOUTH", Domain([str(language.CATALOGUES)], "messages"))
    found = find_formal(collect(app, keys, facts, people, clock))
    assert {"welcome", "saved", "check", "thanks", "already", "closed", "opted out"} <= set(found)


# Parents first


def withdraw_consent() -> None:
    with db.write() as connection:
        connection.execute(delete(YouthConsent))


def keep_out(app: Flask, person: Person) -> None:
    """Nothing of a personal link answers before it was recorded that parents know of it."""
    browser = Browser(app)
    page = browser.open(person)
    assert page.status_code == 200
    assert "Je kunt nog niet meedoen" in page.text
    assert 'Wanneer kan het wel? Vraag het aan het projectteam: <a href="mailto:monitor@' in page.text
    browser.get("/coordinator/login")  # any page with a form token
    for place in ("start", "p/jongere_hulp", "check", "send"):
        assert "Je kunt nog niet meedoen" in browser.post(place, jongere_hulp="geen").text, place
    with db.read() as connection:
        assert connection.execute(select(Invitation.started).where(Invitation.started)).all() == []
        assert connection.execute(select(Draft.id)).all() == []


def test_a_personal_link_waits_until_parents_know(app: Flask, people: Sequence[Person]) -> None:
    withdraw_consent()
    keep_out(app, people[0])


def test_twin_without_the_guard_it_does_not_wait(
    app: Flask, people: Sequence[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    withdraw_consent()
    monkeypatch.setattr("aoj_survey.web.visits.YOUTH_ROLES", frozenset[str]())
    with pytest.raises(AssertionError):
        keep_out(app, people[0])


def test_who_started_before_waits_too_once_it_is_taken_back(app: Flask, people: Sequence[Person]) -> None:
    browser = Browser(app)
    browser.begin(people[0])
    withdraw_consent()
    assert "Je kunt nog niet meedoen" in browser.answer("jongere_hulp", jongere_hulp="geen").text


def test_the_welcome_says_from_which_age_and_what_parents_did(
    browser: Browser, people: Sequence[Person]
) -> None:
    page = browser.open(people[0]).text
    assert "<strong>Je kunt meedoen als je 12 jaar of ouder bent.</strong>" in page
    assert "Je ouders of verzorgers zijn ingelicht." in page


def test_the_welcome_says_up_to_which_age_where_that_was_recorded(
    browser: Browser, people: Sequence[Person], facts: ParticipationFacts
) -> None:
    with db.write() as connection:
        record_consent(connection, facts, replace(CONSENT, age_to=18))
    assert (
        "<strong>Je kunt meedoen als je 12 tot en met 18 jaar bent.</strong>" in browser.open(people[0]).text
    )
    browser.get("language/en")
    assert "<strong>You can take part if you are 12 to 18 years old.</strong>" in browser.get("").text


def test_pages_of_young_people_ask_the_database_no_more_often(
    browser: Browser, people: Sequence[Person]
) -> None:
    browser.begin(people[0])
    while (place := browser.place(browser.post("start"))) != "check":
        with count_statements() as shown:
            page = browser.get(place).text
        with count_statements() as kept:
            browser.post(place, step_="skip", **choose_first(page))
        check(shown, SHOWN)
        check(kept, SENT)
    with count_statements() as sent:
        assert browser.place(browser.post("send")) == "thanks"
    check(sent, SENT)


def test_who_is_no_young_person_any_more_needs_no_parents(browser: Browser, people: Sequence[Person]) -> None:
    with db.read() as connection:
        young = find_invitation(connection, people[0].token)
    assert young is not None
    assert young.consent == CONSENT
    with db.write() as connection:
        connection.execute(update(Invitation).values(answering_role="ib"))
        older = find_invitation(connection, people[0].token)
    assert older is not None
    assert older.consent is None


# Others


def test_others_are_called_u_also_after_a_young_person(
    app: Flask, keys: KeyDirectory, clock: FixedClock, people: Sequence[Person], facts: ParticipationFacts
) -> None:
    browser = Browser(app)
    browser.open(people[0])
    assert "Lees de hele privacyverklaring" in browser.get("").text
    assert "Zo gaan we met uw antwoorden om" in browser.get("/privacy").text


def test_english_has_one_word_for_all(browser: Browser, people: Sequence[Person]) -> None:
    browser.open(people[0])
    browser.get("language/en")
    assert "You may skip questions or stop." in browser.get("").text


def test_the_language_of_a_visit_goes_along_to_pages_for_everybody(
    browser: Browser, people: Sequence[Person]
) -> None:
    browser.open(people[0])
    browser.get("language/en")
    link = re.search(r'href="(/privacy[^"]*)"', browser.get("").text)
    assert link is not None
    assert '<html lang="en"' in browser.get(html.unescape(link[1])).text
    assert '<html lang="nl"' in browser.get("/privacy?lang=xx").text


def test_people_in_youth_roles_are_these(people: Sequence[Person]) -> None:
    assert {person.role for person in people} == set(YOUTH_ROLES)
