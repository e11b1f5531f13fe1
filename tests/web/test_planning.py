"""The page *Inviting*: what goes when to how many, in words; the very mail; never how many are done."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from aoj_survey.db import db
from aoj_survey.fieldwork import close_participation
from aoj_survey.installation import Installation
from aoj_survey.invitations import Message, send_due
from aoj_survey.regions import Region
from aoj_survey.waves import (
    Act,
    MailMoment,
    Participation,
    ParticipationFacts,
    load_calendar,
    pause_participation,
    read_participation,
)
from aoj_survey.web.planning import describe_day, describe_turn
from tests.conftest import FixedClock
from tests.smtp_server import SmtpServer
from tests.staging import ANSWERS, Person, send, start_wave
from tests.web.browsing import Browser, log_in
from tests.web.conftest import PASSWORD, PASSWORD_HASH

PLACE = "/coordinator/2026/rijnmeer/schedule"
OURS = load_calendar()


@pytest.fixture
def post() -> Iterator[SmtpServer]:
    server = SmtpServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def settings_values(post: SmtpServer) -> dict[str, Any]:
    return {"coordinator_password_hash": PASSWORD_HASH, "smtp_port": post.port}


@pytest.fixture
def coordinator(app: Flask, facts: ParticipationFacts) -> Browser:
    return log_in(app, PASSWORD)


def change(**values: Any) -> None:
    with db.write() as connection:
        connection.execute(update(Participation).values(**values))


def move(kind: str, at: datetime) -> None:
    with db.write() as connection:
        connection.execute(update(MailMoment).where(MailMoment.kind == kind).values(at=at))


def read_steps(browser: Browser) -> list[str]:
    """The numbered list, one text for each step."""
    page = browser.get(PLACE).text
    steps = page.partition('<ol class="steps">')[2].partition("</ol>")[0].split("<li")[1:]
    return [" ".join(re.sub(r"<[^>]+>", " ", f"<{step}").split()) for step in steps]


# The schedule


def test_the_list_says_what_goes_when_to_how_many(
    coordinator: Browser, people: Sequence[Person], installation: Installation
) -> None:
    assert read_steps(coordinator)[0].startswith("Uitnodiging wacht maandag 4 mei 2026, 9.30 uur · naar")
    send_due(installation.now, installation.keys, installation.settings)
    steps = read_steps(coordinator)
    assert len(steps) == 4
    assert steps[0].startswith("Uitnodiging verstuurd maandag 4 mei 2026, 9.30 uur · naar")
    assert f"naar {len(people)} mensen · {len(people)} aangekomen" in steps[0]
    assert steps[1].startswith("Eerste herinnering gepland dinsdag 12 mei 2026, 9.30 uur")
    assert f"naar wie dan nog niet klaar is, van de {len(people)} mensen op de lijst" in steps[2]
    assert steps[3].startswith("Vragenlijst sluit vrijdag 5 juni 2026, 23.59 uur Sluitdatum wijzigen")


def test_invitations_are_counted_and_reminders_never(
    coordinator: Browser, installation: Installation, people: Sequence[Person], clock: FixedClock
) -> None:
    send_due(installation.now, installation.keys, installation.settings)
    assert f"{len(people)} aangekomen" in read_steps(coordinator)[0]
    clock.pass_time(days=9)
    send_due(installation.now, installation.keys, installation.settings)
    assert "aangekomen" not in " ".join(read_steps(coordinator)[1:])


def test_the_page_is_the_same_whoever_is_done(
    coordinator: Browser, installation: Installation, people: Sequence[Person], clock: FixedClock
) -> None:
    send_due(installation.now, installation.keys, installation.settings)
    clock.pass_time(days=10)
    before = read_steps(coordinator)
    send(people[0], ANSWERS, clock())
    send_due(installation.now, installation.keys, installation.settings)
    assert read_steps(coordinator) == before


def test_mail_that_came_back_did_not_arrive(
    coordinator: Browser, installation: Installation, people: Sequence[Person]
) -> None:
    send_due(installation.now, installation.keys, installation.settings)
    with db.write() as connection:
        connection.execute(
            update(Message)
            .where(Message.invitation_id == people[0].invitation, Message.kind == "invitation")
            .values(state="undelivered")
        )
    assert f"{len(people) - 1} aangekomen" in read_steps(coordinator)[0]


@pytest.mark.parametrize(
    ("values", "tag"),
    [({"sending": "off"}, "wacht"), ({"paused": True}, "wacht")],
)
def test_what_does_not_go_out_says_so(coordinator: Browser, values: dict[str, Any], tag: str) -> None:
    change(**values)
    assert read_steps(coordinator)[0].startswith(f"Uitnodiging {tag}")


def test_a_pause_holds_back_only_what_had_not_gone_out(
    coordinator: Browser, facts: ParticipationFacts, installation: Installation, clock: FixedClock
) -> None:
    send_due(installation.now, installation.keys, installation.settings)
    clock.pass_time(days=9)
    send_due(installation.now, installation.keys, installation.settings)
    clock.pass_time(days=1)
    with db.write() as connection:
        pause_participation(connection, facts, Act(clock(), "coordinator", "paused"))
    clock.pass_time(days=9)
    tags = [step.partition(" 2026")[0].split()[-4] for step in read_steps(coordinator)[:3]]
    assert tags == ["verstuurd", "verstuurd", "wacht"]


@pytest.mark.parametrize(
    ("status", "days", "waits", "tone"),
    [
        ("planned", (1, 0), False, "planned"),
        ("planned", (1, 2), False, "waits"),
        ("running", (1, 0), True, "planned"),
        ("running", (1, 2), False, "sent"),
        ("running", (1, 2), True, "waits"),
        ("closed", (1, 4), False, "sent"),
        ("closed", (5, 4), False, "not sent"),
        ("closed", (5, 9), False, "not sent"),
    ],
)
def test_the_tag_goes_by_the_clock(
    sqlite_app: Flask, clock: FixedClock, status: str, days: tuple[int, int], waits: bool, tone: str
) -> None:
    """`days` after the first: the mail's moment, and now; what is closed was closed after three."""
    facts = start_wave(sqlite_app.extensions["aoj"].keys, clock(), {"ib": 3})
    first = facts.opens_at
    change(status=status, closed_at=first + timedelta(days=3) if status == "closed" else None)
    at, now = (first + timedelta(days=number) for number in days)
    with db.read() as connection:
        changed = read_participation(connection, facts.id)
    with sqlite_app.test_request_context(headers={"Accept-Language": "en"}):
        assert describe_turn(changed, at, now, waits=waits).text == tone


# Days


@pytest.mark.parametrize(
    ("day", "area", "words"),
    [
        (date(2026, 5, 25), "zuid", "maandag 25 mei is Tweede Pinksterdag."),
        (
            date(2026, 5, 26),
            "zuid",
            "maandag 25 mei is Tweede Pinksterdag. Daarom staat deze mail op dinsdag 26 mei.",
        ),
        (date(2026, 5, 23), "", "Deze dag valt in een weekend."),
        (date(2027, 10, 27), "zuid", "Deze dag valt in de schoolvakantie van uw regio (Herfstvakantie)."),
        (date(2027, 10, 27), "noord", ""),
        (date(2031, 3, 5), "noord", "De vakanties van dat jaar kennen we nog niet."),
        (date(2026, 5, 27), "zuid", ""),
    ],
)
def test_a_day_says_why(app: Flask, day: date, area: str, words: str) -> None:
    with app.test_request_context(headers={"Accept-Language": "nl"}):
        assert describe_day(OURS, day, area) == words


def test_the_page_says_so_beside_the_mail(coordinator: Browser) -> None:
    move("second_reminder", datetime(2026, 5, 26, 7, tzinfo=UTC))
    assert (
        "25 mei is Tweede Pinksterdag. Daarom staat deze mail op dinsdag 26 mei."
        in read_steps(coordinator)[2]
    )


def test_a_region_without_area_is_told(coordinator: Browser) -> None:
    assert "We kennen de schoolvakanties van uw regio niet." in coordinator.get(PLACE).text
    with db.write() as connection:
        connection.execute(update(Region).values(school_area="zuid"))
    assert "We kennen de schoolvakanties van uw regio niet." not in coordinator.get(PLACE).text


# The mail


def test_the_very_mail_is_shown_with_a_link_that_opens_nothing(
    coordinator: Browser, people: Sequence[Person]
) -> None:
    page = coordinator.get(f"{PLACE}?mail=first_reminder&role=ib&language=nl").text
    assert "Voorbeeld: Eerste herinnering" in page
    assert "Beste intern begeleider van basisschool De Vuurtoren" in page
    assert "/l/voorbeeld" in page
    assert not any(person.token in page for person in people)
    assert coordinator.get("/l/voorbeeld").status_code == 404


def test_the_mail_comes_in_every_language_and_kind(coordinator: Browser) -> None:
    texts = {
        coordinator.get(f"{PLACE}/mail/{kind}?role=ib&language={language}").text
        for kind in ("invitation", "first_reminder", "second_reminder")
        for language in ("nl", "en")
    }
    assert len(texts) == 6
    assert all("De Vuurtoren" in text for text in texts)


def test_the_mail_runs_nothing_and_may_stand_in_our_frame_only(coordinator: Browser) -> None:
    policy = coordinator.get(f"{PLACE}/mail/invitation").headers["Content-Security-Policy"]
    assert policy.startswith("sandbox allow-popups")
    assert "default-src 'none'" in policy
    assert policy.endswith("frame-ancestors 'self'")
    assert "frame-src 'self'" in coordinator.get(PLACE).headers["Content-Security-Policy"]


@pytest.mark.parametrize("asked", ["?mail=x&role=x&language=x", "?mail=&role=&language=", "?role=<b>"])
def test_an_unknown_wish_shows_the_first_there_is(coordinator: Browser, asked: str) -> None:
    page = coordinator.get(PLACE + asked)
    assert page.status_code == 200
    assert "Voorbeeld: Uitnodiging" in page.text
    assert "<b>" not in page.text


def test_no_other_mails_are_shown(coordinator: Browser) -> None:
    assert coordinator.get(f"{PLACE}/mail/moved").status_code == 404


def test_a_mail_that_cannot_be_made_leaves_the_page(
    coordinator: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aoj_survey.web.planning.compose_example", lambda *_: None)
    page = coordinator.get(PLACE)
    assert page.status_code == 200
    assert "Deze mail kan niet worden gemaakt." in page.text
    assert coordinator.get(f"{PLACE}/mail/invitation").status_code == 404


# Others


def test_only_who_gave_the_password_gets_any_of_it(app: Flask, facts: ParticipationFacts) -> None:
    for place in (PLACE, f"{PLACE}/mail/invitation", f"{PLACE}/move/first_reminder", f"{PLACE}/extend"):
        assert Browser(app).get(place).headers["Location"].endswith("/login"), place


@pytest.mark.parametrize(
    "place", ["/coordinator/2026/nergens/schedule", "/coordinator/x%20y/rijnmeer/schedule"]
)
def test_no_page_of_what_is_not_there(coordinator: Browser, place: str) -> None:
    assert coordinator.get(place).status_code == 404


def test_after_the_close_nothing_can_be_changed(
    coordinator: Browser, facts: ParticipationFacts, clock: FixedClock
) -> None:
    clock.pass_time(days=9)
    with db.write() as connection:
        close_participation(connection, facts, clock())
    page = coordinator.get(PLACE).text
    assert "Eerste herinnering" in page
    assert read_steps(coordinator)[2].startswith("Tweede herinnering niet verstuurd")
    for words in ("Datum wijzigen", "Sluitdatum wijzigen", "Pauzeer", "Bewaar het doel", "Stuur een test"):
        assert words not in page


def test_english_readers_read_english(app: Flask, facts: ParticipationFacts) -> None:
    browser = Browser(app, "en")
    browser.get("/coordinator/login")
    browser.post("/coordinator/login", password=PASSWORD)
    page = browser.get(PLACE).text
    assert "Inviting and reminding" in page
    assert "Monday 4 May 2026, 9:30" in page
