"""The coordinator's page: behind a password, counts only, as they were this morning."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import and_, delete, select, update

from aoj_survey.db import db
from aoj_survey.fieldwork import close_due, close_participation, purge_due
from aoj_survey.invitations import MAIL_NOTE, Invitation, Invitee, Message, receivers
from aoj_survey.keys import KeyDirectory
from aoj_survey.tracking import count_day
from aoj_survey.waves import Participation, ParticipationFacts
from aoj_survey.web import coordinator
from aoj_survey.web.budget import Budget
from tests.conftest import FixedClock
from tests.factories import make_service_note
from tests.staging import ANSWERS, Person, list_people, make_plan, plan_wave, send, start_wave
from tests.web.browsing import Browser, log_in
from tests.web.conftest import PASSWORD
from tests.web.places import find_values, list_places

OVERVIEW = "/coordinator/2026/rijnmeer"


def count_today(facts: ParticipationFacts, clock: FixedClock) -> None:
    with db.write() as connection:
        count_day(connection, facts.id, clock().date())


# The password


def test_every_page_of_the_coordinator_needs_the_password(app: Flask, browser: Browser) -> None:
    places = [
        rule.rule.replace("<wave>", "2026").replace("<region>", "rijnmeer")
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("coordinator.") and "GET" in (rule.methods or ())
    ]
    assert set(places) == {"/coordinator/", "/coordinator/login", OVERVIEW}
    for place in places:
        if place != "/coordinator/login":
            refused = browser.get(place)
            assert (refused.status_code, refused.headers["Location"]) == (303, "/coordinator/login")


def test_the_right_password_opens_and_logging_out_closes(app: Flask, facts: ParticipationFacts) -> None:
    browser = log_in(app, PASSWORD)
    assert browser.get(OVERVIEW).status_code == 200
    browser.post("/coordinator/logout")
    assert browser.get(OVERVIEW).status_code == 303


def test_a_wrong_password_is_refused_in_words(browser: Browser) -> None:
    browser.get("/coordinator/login")
    refused = browser.post("/coordinator/login", password="geraden")
    assert refused.status_code == 422
    assert "Vul het juiste wachtwoord of de juiste persoonlijke code in" in refused.text
    assert "geraden" not in refused.text


def test_after_ten_wrong_passwords_everybody_waits_a_while(
    app: Flask, browser: Browser, clock: FixedClock
) -> None:
    browser.get("/coordinator/login")
    for _ in range(10):
        assert browser.post("/coordinator/login", password="geraden").status_code == 422
    assert browser.post("/coordinator/login", password=PASSWORD).status_code == 429
    other = Browser(app)
    other.get("/coordinator/login")
    assert other.post("/coordinator/login", password=PASSWORD).status_code == 429
    clock.pass_time(minutes=5)
    assert other.post("/coordinator/login", password=PASSWORD).status_code == 303


def test_a_budget_frees_one_try_at_a_time() -> None:
    budget, start = Budget(2, timedelta(minutes=5)), datetime.fromisoformat("2026-05-04T09:00+02:00")
    budget.spend(start)
    budget.spend(start + timedelta(minutes=2))
    assert budget.is_spent(start + timedelta(minutes=4))
    assert not budget.is_spent(start + timedelta(minutes=5))
    budget.spend(start + timedelta(minutes=5))
    assert budget.is_spent(start + timedelta(minutes=6))


class TestWithoutPassword:
    """An installation whose password was never set."""

    @pytest.fixture
    def settings_values(self) -> dict[str, str]:
        return {}

    def test_the_pages_are_closed_to_any_password(self, app: Flask) -> None:
        browser = Browser(app)
        browser.get("/privacy")
        page = browser.get("/coordinator/login")
        assert "er is geen wachtwoord ingesteld" in page.text
        browser.get("/coordinator/2026/rijnmeer")
        assert "<form" not in page.text


# The overview


def test_one_participation_is_shown_at_once_and_more_as_a_list(
    app: Flask, keys: KeyDirectory, facts: ParticipationFacts, clock: FixedClock
) -> None:
    browser = log_in(app, PASSWORD)
    assert browser.get("/coordinator/").headers["Location"] == OVERVIEW
    start_wave(keys, clock(), {"ib": 12}, region="heuvelland")
    listed = browser.get("/coordinator/")
    assert listed.status_code == 200
    assert 'href="/coordinator/2026/heuvelland"' in listed.text
    assert browser.get("/coordinator/2026/elders").status_code == 404


def test_it_shows_this_mornings_counts_with_small_roles_joined(
    app: Flask, facts: ParticipationFacts, people: Sequence[Person], clock: FixedClock
) -> None:
    assert "Nog niet geteld" in log_in(app, PASSWORD).get(OVERVIEW).text
    done = [person for person in people if person.role == "ib"][:7]
    for person in done:
        send(person, ANSWERS, clock())
    count_today(facts, clock)
    page = log_in(app, PASSWORD).get(OVERVIEW)
    assert "Bijgewerkt: maandag 4 mei 2026" in page.text
    assert "Open · nog 32 dagen, tot en met vrijdag 5 juni" in page.text
    assert "Volgende stap: de uitnodiging gaat nu de deur uit" in page.text
    assert "intern begeleiders" in page.text
    assert re.search("kleine functies samen: (intern begeleiders|zorgcoördinatoren), jeugdhulpv", page.text)
    assert "25% van 28" in page.text
    assert "in 3 functies" in page.text
    assert page.text.count("nog minder dan 10") == 2


def test_live_counts_are_not_shown(
    app: Flask, facts: ParticipationFacts, people: Sequence[Person], clock: FixedClock
) -> None:
    count_today(facts, clock)
    browser = log_in(app, PASSWORD)
    before = browser.get(OVERVIEW).text
    send(people[0], ANSWERS, clock())
    assert _without_token(browser.get(OVERVIEW).text) == _without_token(before)


def _without_token(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if "csrf_token" not in line)


def test_a_group_below_ten_is_not_shown_and_that_is_said(
    app: Flask, keys: KeyDirectory, clock: FixedClock
) -> None:
    facts = start_wave(keys, clock(), {"ib": 6, "swv": 3})
    count_today(facts, clock)
    page = log_in(app, PASSWORD).get(OVERVIEW).text
    assert "Er is niets te tonen: de groep is te klein. Zolang de vragenlijst open is" in page
    assert "Respons per functie" not in page
    assert "Nog niet geteld" not in page


@pytest.mark.parametrize(("done", "shown"), [(2, False), (3, True)])
def test_one_or_two_people_done_are_not_shown_after_the_close(
    app: Flask, facts: ParticipationFacts, people: Sequence[Person], clock: FixedClock, done: int, shown: bool
) -> None:
    for person in people[:done]:
        send(person, ANSWERS, clock())
    close_now(facts, clock)
    page = log_in(app, PASSWORD).get(OVERVIEW).text
    assert ("We tonen cijfers als er minstens 3 mensen klaar zijn" in page) is not shown
    assert ("Respons per functie" in page) is shown
    assert ("Eerste herinnering" in page) is shown


# Mail


def count_mail(page: str) -> dict[str, str]:
    """What the page says of each kind of mail that was sent."""
    rows = re.findall(r'<th scope="row">([\w ]+)</th><td (?:data-l="Verstuurd"|colspan[^>]*)>([^<]+)<', page)
    return dict(rows)


def test_reminders_are_counted_after_the_close_only(
    app: Flask, facts: ParticipationFacts, people: Sequence[Person], clock: FixedClock
) -> None:
    browser = log_in(app, PASSWORD)
    count_today(facts, clock)
    for person in people[:3]:
        send(person, ANSWERS, clock())
    clock.pass_time(days=8)
    with db.write() as connection:
        for kind in ("invitation", "first_reminder"):
            connection.execute(update(Message).where(Message.kind == kind).values(state="sent"))
    assert count_mail(browser.get(OVERVIEW).text) == {
        "Uitnodiging": "28",
        "Eerste herinnering": "gaat uit sinds dinsdag 12 mei om 9.30 uur",
        "Tweede herinnering": "gepland voor woensdag 20 mei om 9.30 uur",
    }
    close_now(facts, clock)
    assert count_mail(browser.get(OVERVIEW).text) == {
        "Uitnodiging": "28",
        "Eerste herinnering": "28",
        "Tweede herinnering": "0",
    }


APART: dict[str, tuple[type[Any], dict[str, Any]]] = {
    "wants no mail": (Invitee, {"opted_out": True}),
    "was taken off the list": (Invitee, {"withdrawn": "removed"}),
    "never had the invitation": (Message, {"state": "undelivered"}),
    "came on the list late": (Invitation, {"counted": False}),
}


def set_apart(person: Person, table: type[Any], values: dict[str, Any]) -> None:
    """Make one person stand out by what a coordinator sees on the list."""
    mine = {
        Invitee: Invitee.id.in_(select(Invitation.invitee_id).where(Invitation.id == person.invitation)),
        Invitation: Invitation.id == person.invitation,
        Message: and_(Message.invitation_id == person.invitation, Message.kind == "invitation"),
    }
    with db.write() as connection:
        connection.execute(update(table).where(mine[table]).values(**values))


def see_reminders(
    app: Flask,
    facts: ParticipationFacts,
    people: Sequence[Person],
    clock: FixedClock,
    apart: tuple[type[Any], dict[str, Any]],
) -> dict[str, str]:
    """What the page says after the close when one person stood apart: who is done was not reminded."""
    count_today(facts, clock)
    for person in people[:3]:
        send(person, ANSWERS, clock())
    with db.write() as connection:
        connection.execute(update(Message).where(Message.kind == "invitation").values(state="sent"))
        first = update(Message).where(Message.kind == "first_reminder")
        reminded = [person.invitation for person in people[4:]]
        connection.execute(first.where(Message.invitation_id.in_(reminded)).values(state="sent"))
    set_apart(people[3], *apart)
    close_now(facts, clock)
    return count_mail(log_in(app, PASSWORD).get(OVERVIEW).text)


@pytest.mark.parametrize("apart", APART.values(), ids=APART)
def test_reminders_are_not_counted_where_one_person_stands_apart(
    app: Flask,
    facts: ParticipationFacts,
    people: Sequence[Person],
    clock: FixedClock,
    apart: tuple[type[Any], dict[str, Any]],
) -> None:
    seen = see_reminders(app, facts, people, clock, apart)
    words = "niet getoond: dat kan verraden wie meedeed"
    assert (seen["Eerste herinnering"], seen["Tweede herinnering"]) == (words, words)


@pytest.mark.parametrize("apart", APART.values(), ids=APART)
def test_twin_counted_all_the_same_they_tell_that_this_person_was_not_done(
    app: Flask,
    facts: ParticipationFacts,
    people: Sequence[Person],
    clock: FixedClock,
    apart: tuple[type[Any], dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(coordinator, "are_alike", lambda *_anything: True)
    seen = see_reminders(app, facts, people, clock, apart)
    # 28 people, 3 done, 24 reminded: one more is not done, and only one was not to be reminded.
    assert 28 - 3 - int(seen["Eerste herinnering"]) == 1


def test_of_a_long_list_reminders_are_not_counted_for_that_takes_a_look_at_everybody(
    sqlite_app: Flask, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = sqlite_app.extensions["aoj"].keys
    facts = start_wave(keys, clock(), {"ib": 12})
    count_today(facts, clock)
    for person in list_people(keys, facts)[:3]:
        send(person, ANSWERS, clock())
    with db.write() as connection:
        connection.execute(update(Message).values(state="sent"))
    close_now(facts, clock)
    browser = log_in(sqlite_app, PASSWORD)
    assert count_mail(browser.get(OVERVIEW).text)["Eerste herinnering"] == "12"
    monkeypatch.setattr(receivers, "LONGEST", 12)
    assert count_mail(browser.get(OVERVIEW).text)["Eerste herinnering"].startswith("niet getoond")


def test_between_the_last_minute_and_the_close_reminders_are_not_counted(
    app: Flask, facts: ParticipationFacts, clock: FixedClock
) -> None:
    browser = log_in(app, PASSWORD)
    clock.pass_time(days=33)
    assert count_mail(browser.get(OVERVIEW).text) == {"Uitnodiging": "0"}


def test_mails_that_were_erased_are_not_said_to_be_none(
    app: Flask, facts: ParticipationFacts, clock: FixedClock
) -> None:
    browser = log_in(app, PASSWORD)
    close_now(facts, clock)
    with db.write() as connection:
        connection.execute(delete(Message))
    assert "Uitnodiging" not in browser.get(OVERVIEW).text


# The close


def close_now(facts: ParticipationFacts, clock: FixedClock) -> None:
    with db.write() as connection:
        close_participation(connection, facts, clock())


def test_an_early_close_is_said_to_be_on_its_own_day(
    app: Flask, facts: ParticipationFacts, clock: FixedClock
) -> None:
    clock.pass_time(days=2)
    close_now(facts, clock)
    assert "Gesloten op woensdag 6 mei 2026" in log_in(app, PASSWORD).get(OVERVIEW).text


def test_after_the_close_each_role_has_its_own_row(
    app: Flask, facts: ParticipationFacts, people: Sequence[Person], clock: FixedClock
) -> None:
    for role in ("ib", "zoco", "jeugdhulp"):
        for person in [person for person in people if person.role == role][:3]:
            send(person, ANSWERS, clock())
    clock.pass_time(days=33)
    with db.write() as connection:
        close_due(connection, clock())
    page = log_in(app, PASSWORD).get(OVERVIEW)
    assert "kleine functies samen" not in page.text
    assert "jeugdhulpverleners" in page.text
    assert "Gesloten op vrijdag 5 juni 2026" in page.text
    assert "minder dan 10 mensen stuurden antwoorden op, dus deze bus wacht" in page.text
    assert "dan vernietigen we hem op vrijdag 4 september 2026" in page.text


def test_a_box_with_ten_ballots_can_be_opened(
    app: Flask, facts: ParticipationFacts, people: Sequence[Person], clock: FixedClock
) -> None:
    for person in people[:10]:
        send(person, ANSWERS, clock())
    close_now(facts, clock)
    assert "de bus kan open" in log_in(app, PASSWORD).get(OVERVIEW).text


SILENT = "Het programma dat mail verstuurt, draait niet."


def hear_worker(clock: FixedClock, seconds: int) -> None:
    with db.write() as connection:
        make_service_note(connection, name="worker", at=clock() - timedelta(seconds=seconds))


def test_a_worker_that_is_silent_is_an_alarm(
    app: Flask, facts: ParticipationFacts, clock: FixedClock
) -> None:
    hear_worker(clock, 181)
    page = log_in(app, PASSWORD).get(OVERVIEW).text
    assert '<div class="note alarm" role="alert">' in page
    assert SILENT in page


def test_a_worker_heard_within_three_minutes_is_no_trouble(
    app: Flask, facts: ParticipationFacts, clock: FixedClock
) -> None:
    hear_worker(clock, 180)
    page = log_in(app, PASSWORD).get(OVERVIEW).text
    assert "note alarm" not in page
    assert "note warn" not in page


def test_a_worker_that_was_never_heard_is_an_alarm_once_the_fieldwork_runs(
    app: Flask, facts: ParticipationFacts, clock: FixedClock
) -> None:
    browser = log_in(app, PASSWORD)
    assert SILENT in browser.get(OVERVIEW).text
    clock.pass_time(days=-2)
    assert SILENT not in browser.get(OVERVIEW).text


@pytest.mark.parametrize(
    ("status", "days", "words"),
    [
        ("planned", 0, "Concept · nog niet gestart"),
        ("running", -2, "Gaat open op maandag 4 mei"),
        ("running", 31, "Open · nog 1 dag, tot en met vrijdag 5 juni"),
        ("running", 32, "Open · vandaag is de laatste dag"),
        ("running", 33, "Gesloten op vrijdag 5 juni 2026"),
        ("opened", 40, "De bus is geopend"),
    ],
)
def test_the_status_is_said_in_words(
    app: Flask, facts: ParticipationFacts, clock: FixedClock, status: str, days: int, words: str
) -> None:
    browser = log_in(app, PASSWORD)
    with db.write() as connection:
        query = update(Participation).where(Participation.id == facts.id).values(status=status)
        connection.execute(query)
    clock.pass_time(days=days)
    assert words in browser.get(OVERVIEW).text


@pytest.mark.parametrize(
    ("days", "step"),
    [
        (-1, "uitnodiging op maandag 4 mei om 9.30 uur"),
        (1, "eerste herinnering op dinsdag 12 mei om 9.30 uur"),
        (9, "tweede herinnering op woensdag 20 mei om 9.30 uur"),
        (20, "de vragenlijst sluit na vrijdag 5 juni"),
    ],
)
def test_the_next_step_follows_the_schedule(
    app: Flask, facts: ParticipationFacts, clock: FixedClock, days: int, step: str
) -> None:
    browser = log_in(app, PASSWORD)
    clock.pass_time(days=days)
    send_invitations()
    page = browser.get(OVERVIEW).text
    assert f"Volgende stap: {step}" in page
    assert ("De herinnering gaat naar iedereen" in page) is ("herinnering op" in step)


def send_invitations() -> None:
    with db.write() as connection:
        connection.execute(update(Message).where(Message.kind == "invitation").values(state="sent"))


@pytest.mark.parametrize(
    ("values", "step"),
    [
        ({"paused": False}, "de uitnodiging gaat nu de deur uit"),
        ({"sending": "off"}, "stuur een test naar uzelf. Tot die aankomt, gaat er geen mail uit"),
        ({"paused": True}, "hef de pauze op. Tot dan gaat er geen mail uit"),
        ({"status": "planned"}, "uw beheerder start deze meting. Tot dan wacht de uitnodiging"),
    ],
)
def test_what_keeps_the_invitation_waiting_is_the_next_step(
    app: Flask, facts: ParticipationFacts, values: dict[str, Any], step: str
) -> None:
    browser = log_in(app, PASSWORD)
    with db.write() as connection:
        connection.execute(update(Participation).where(Participation.id == facts.id).values(**values))
    page = browser.get(OVERVIEW).text
    assert f"Volgende stap: {step}" in page
    assert "De herinnering gaat naar iedereen" not in page


def test_the_invitation_waits_until_sending_works_again(sqlite_app: Flask, clock: FixedClock) -> None:
    start_wave(sqlite_app.extensions["aoj"].keys, clock(), {"ib": 12})
    with db.write() as connection:
        make_service_note(connection, name=MAIL_NOTE, text="The mail server cannot be reached")
    page = log_in(sqlite_app, PASSWORD).get(OVERVIEW).text
    assert "Volgende stap: de uitnodiging gaat de deur uit zodra versturen weer lukt" in page


def test_without_people_the_next_step_is_a_list(app: Flask, facts: ParticipationFacts) -> None:
    with db.write() as connection:
        connection.execute(delete(Message))
        connection.execute(update(Participation).values(status="planned"))
    page = log_in(app, PASSWORD).get(OVERVIEW).text
    assert "Volgende stap: zet mensen op de lijst, of maak een groepslink" in page


# Planned, and never started


def test_what_never_started_is_told_so_before_and_after_its_list_was_destroyed(
    app: Flask, keys: KeyDirectory, clock: FixedClock
) -> None:
    with db.write() as connection:
        facts = plan_wave(connection, keys, make_plan(clock(), {"ib": 3}), {"ib": 3})
    people = list_people(keys, facts)
    browser = log_in(app, PASSWORD)
    clock.pass_time(days=33)
    page = browser.get(OVERVIEW).text
    assert "Niet gestart" in page
    assert "dit kan niet meer starten; op zondag 5 juli 2026 wissen we de lijst met mensen" in page
    assert "Op zondag 5 juli 2026 wissen we deze lijst." in browser.get(f"{OVERVIEW}/people").text
    values = find_values(keys, facts, people[0])
    clock.pass_time(days=30)
    assert purge_due(db, keys, clock()) == 1
    assert "Niet gestart" in browser.get(OVERVIEW).text
    people_page = browser.get(f"{OVERVIEW}/people").text
    assert "wiste de lijst met mensen: dit is nooit gestart" in people_page
    assert "de lijst is gewist zoals beloofd" in people_page
    answers = {place: browser.get(place).status_code for place in list_places(app, values)}
    assert not [place for place, status in answers.items() if status >= 500]
