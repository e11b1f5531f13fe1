"""Links that a region mails itself: what respondents read of that, and what coordinators do not see."""

from collections.abc import Sequence
from datetime import date

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import delete

from aoj_survey.config import ROOT
from aoj_survey.db import db
from aoj_survey.invitations import Consent, record_consent
from aoj_survey.keys import KeyDirectory
from aoj_survey.tracking import DailyCount, count_day
from aoj_survey.waves import ParticipationFacts, read_participation
from aoj_survey.web.language import full_day
from tests.conftest import FixedClock
from tests.invitations.handouts import start_handout
from tests.staging import ANSWERS, Person, send
from tests.web.browsing import Browser, log_in
from tests.web.conftest import PASSWORD
from tests.web.places import find_values, list_places
from tests.web.test_secrecy import exchange_who_is_done, listen_everywhere
from tests.web.test_statements import SENT, SHOWN, check
from tests.web.test_weight import count_statements
from tests.web.test_youth import FORMAL

OVERVIEW = "/coordinator/2026/rijnmeer"
WANTED = {"ib": 12, "zoco": 12}
Stage = tuple[ParticipationFacts, Sequence[Person]]


@pytest.fixture
def stage(app: Flask, keys: KeyDirectory, clock: FixedClock) -> Stage:
    return start_handout(keys, clock(), WANTED)


@pytest.fixture
def facts(stage: Stage) -> ParticipationFacts:
    return stage[0]


@pytest.fixture
def people(stage: Stage) -> Sequence[Person]:
    return stage[1]


KNOWS = {
    "nl": "De regio kan dus weten dat de link van u is. Wie uw link heeft, kan zien of u heeft meegedaan.",
    "en": "it may know that the link is yours. Whoever has your link can see whether you took part,",
}
NOT_TRUE = {
    "nl": ("uw coördinator ziet dat niet", "wissen we uw mailadres"),
    "en": ("your coordinator does not see that", "we delete your mail address"),
}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_first_page_says_what_the_region_may_know(
    app: Flask, browser: Browser, people: Sequence[Person], facts: ParticipationFacts, language: str
) -> None:
    browser.open(people[0])
    browser.get(f"language/{language}")
    page = browser.get("").text
    assert KNOWS[language] in page
    assert not [words for words in NOT_TRUE[language] if words in page]
    assert facts.purge_on is not None
    with app.test_request_context(), force_locale(language):
        assert full_day(facts.purge_on) in page


def test_twin_where_we_mail_ourselves_it_says_otherwise(
    sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch, clock: FixedClock
) -> None:
    keys: KeyDirectory = sqlite_app.extensions["aoj"].keys
    _, people = start_handout(keys, clock(), WANTED)
    browser = Browser(sqlite_app)
    with db.write() as connection:
        connection.exec_driver_sql("UPDATE participation SET sender = 'installation'")
    page = browser.open(people[0]).text
    assert KNOWS["nl"] not in page
    assert all(words in page for words in NOT_TRUE["nl"])


def test_whoever_has_the_link_can_see_what_the_page_says(app: Flask, people: Sequence[Person]) -> None:
    own, other = Browser(app), Browser(app)
    own.begin(people[0])
    own.answer_all()
    other.open(people[0])
    assert "samen om tafel" in other.get("p/visie_hoe").text
    own.get("check")
    assert own.place(own.post("send")) == "thanks"
    assert "al ingevuld" in other.get("").text
    assert "samen om tafel" not in other.get("p/visie_hoe").text


def test_the_thanks_promise_no_reminders_and_nothing_about_the_region(
    browser: Browser, people: Sequence[Person]
) -> None:
    browser.begin(people[0])
    browser.answer_all()
    browser.get("check")
    browser.post("send")
    page = browser.get("thanks").text
    assert "Wie uw link heeft, kan zien dat u heeft meegedaan." in page
    assert "geen herinneringen" not in page
    assert "uw coördinator ziet dat niet" not in page


def test_young_people_read_it_with_their_own_words(sqlite_app: Flask, clock: FixedClock) -> None:
    keys: KeyDirectory = sqlite_app.extensions["aoj"].keys
    facts, people = start_handout(
        keys,
        clock(),
        {"jongere": 12},
        questionnaire=("aoj-jongeren", "2021"),
        folder=ROOT / "questionnaires",
    )
    browser = Browser(sqlite_app)
    assert "Je kunt nog niet meedoen" in browser.open(people[0]).text
    with db.write() as connection:
        record_consent(
            connection, facts, Consent("informed", 12, "Brief.", "Verzonnen Een", date(2026, 5, 4))
        )
    page = browser.open(people[0]).text
    assert "De regio kan dus weten dat de link van jou is." in page
    assert "We hebben je mailadres niet." in page
    main = page.partition("<main")[2].partition("</main>")[0]
    assert not FORMAL.search(main)


def test_pages_ask_the_database_no_more_often(browser: Browser, people: Sequence[Person]) -> None:
    browser.begin(people[0])
    for place in ("", "p/overleg", "check"):
        with count_statements() as shown:
            browser.get(place)
        check(shown, SHOWN)
    browser.answer_all()
    browser.get("check")
    with count_statements() as sent:
        assert browser.place(browser.post("send")) == "thanks"
    check(sent, SENT)


# What coordinators see


def test_the_coordinator_reads_that_nothing_is_known_of_what_arrived(
    app: Flask, facts: ParticipationFacts, people: Sequence[Person], clock: FixedClock
) -> None:
    for person in people[:12]:
        send(person, ANSWERS, clock())
    with db.write() as connection:
        count_day(connection, facts.id, clock().date())
    page = log_in(app, PASSWORD).get(OVERVIEW).text
    assert "Deze regio mailt de links zelf." in page
    assert "de regio mailt zelf" in page
    assert '<td data-l="Aangekomen">\u2013</td>' in page
    assert "Wie het bestand met links heeft, kan wel zien welke links zijn gebruikt." in page
    assert "Dat blijft geheim" not in page
    assert f'href="{OVERVIEW}/people"' not in page
    assert "uitnodiging op" not in page
    assert "Onzeker" not in page


def test_no_link_is_shown_on_any_page(
    app: Flask, keys: KeyDirectory, facts: ParticipationFacts, people: Sequence[Person]
) -> None:
    browser = log_in(app, PASSWORD)
    for place in list_places(app, find_values(keys, facts, people[0])):
        if place.startswith("/coordinator"):
            page = browser.get(place).text
            assert not [person for person in people if person.token in page], place


def test_no_page_changes_when_two_of_a_role_change_places(
    app: Flask, keys: KeyDirectory, facts: ParticipationFacts, people: Sequence[Person], clock: FixedClock
) -> None:
    exchange_who_is_done(app, keys, facts, people, clock)


def test_twin_a_list_of_links_with_their_status_fails_the_swap(
    app: Flask, keys: KeyDirectory, facts: ParticipationFacts, people: Sequence[Person], clock: FixedClock
) -> None:
    def show_used() -> str:
        with db.read() as connection:
            rows = connection.exec_driver_sql("SELECT id, status FROM invitation ORDER BY id")
            return "\n".join(f"{row.id} {row.status}" for row in rows)

    app.add_url_rule("/coordinator/links", view_func=show_used)
    with pytest.raises(AssertionError, match="somebody could see the exchange"):
        exchange_who_is_done(app, keys, facts, people, clock)


def test_no_page_of_any_account_holds_an_answer(
    app: Flask, keys: KeyDirectory, facts: ParticipationFacts, people: Sequence[Person], clock: FixedClock
) -> None:
    listen_everywhere(app, keys, facts, people, clock)
    with db.write() as connection:
        connection.execute(delete(DailyCount))


@pytest.mark.usefixtures("stage")
def test_the_overview_promises_no_reminder(app: Flask) -> None:
    page = log_in(app, PASSWORD).get(OVERVIEW).text
    assert "we sturen geen herinneringen" in page
    assert "De herinnering gaat naar iedereen" not in page


def test_its_pages_offer_no_list_and_no_mail_days_and_say_why(
    app: Flask, facts: ParticipationFacts, people: Sequence[Person]
) -> None:
    browser = log_in(app, PASSWORD)
    schedule = browser.get(f"{OVERVIEW}/schedule").text
    assert "Dus staan hier geen maildagen, geen lijst en geen voorbeeld" in schedule
    assert schedule.count("<h3>") == 1, "only the close is planned"
    assert "Sluitdatum wijzigen" in schedule
    for words in ("Datum wijzigen", "Op de lijst", "Bekijk de mail", "Stuur een test", "Zet alle mail stil"):
        assert words not in schedule
    for place in ("move/invitation", "pause"):
        assert browser.get(f"{OVERVIEW}/schedule/{place}").headers["Location"] == f"{OVERVIEW}/schedule"
    assert browser.post(f"{OVERVIEW}/schedule/pause", what="pause").status_code == 303
    with db.read() as connection:
        assert not read_participation(connection, facts.id).paused
    for place in (
        "people",
        "people/new",
        f"people/{people[0].invitation}",
        "import",
        "suppliers",
        "list.csv",
    ):
        answer = browser.get(f"{OVERVIEW}/{place}")
        assert answer.status_code == 404
        assert "Deze regio mailt de links zelf. Wij kennen dus geen adressen" in answer.text
    assert browser.post(f"{OVERVIEW}/people/new", address="a@b.example", role="ib").status_code == 404
