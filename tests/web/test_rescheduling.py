"""Changing the schedule on a page: what is typed, refused in words, kept in the audit, and never lost."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from aoj_survey.db import db
from aoj_survey.fieldwork import close_participation
from aoj_survey.waves import (
    ParticipationFacts,
    Wave,
    list_acts,
    move_mail,
    read_moments,
    read_participation,
)
from aoj_survey.web.rescheduling import read_day, read_time
from tests.conftest import FixedClock
from tests.staging import ALLOWED, ZONE
from tests.web.browsing import Browser, log_in
from tests.web.conftest import PASSWORD

PLACE = "/coordinator/2026/rijnmeer/schedule"
MOVE = f"{PLACE}/move/second_reminder"


@pytest.fixture
def coordinator(app: Flask, facts: ParticipationFacts) -> Browser:
    with db.write() as connection:
        connection.execute(update(Wave).values(deadline=date(2026, 6, 30)))
    browser = log_in(app, PASSWORD)
    browser.get(PLACE)
    return browser


def read(facts: ParticipationFacts) -> ParticipationFacts:
    with db.read() as connection:
        return read_participation(connection, facts.id)


def moment(facts: ParticipationFacts, kind: str = "second_reminder") -> str:
    with db.read() as connection:
        return f"{read_moments(connection, facts.id)[kind].astimezone(ZONE):%Y-%m-%d %H:%M}"


def acts(facts: ParticipationFacts) -> list[tuple[Any, ...]]:
    with db.read() as connection:
        found = list_acts(connection, facts.id)
    assert {act.made_by for act in found if act != ALLOWED} <= {"coordinator"}
    return [(act.code, *act.values.values()) for act in found if act.code != ALLOWED.code]


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("26-5-2026", date(2026, 5, 26)),
        ("26-05-2026", date(2026, 5, 26)),
        ("2026-05-26", date(2026, 5, 26)),
        ("26/5/2026", date(2026, 5, 26)),
        ("31-2-2026", None),
        ("26 mei", None),
        ("", None),
        ("²-5-2026", None),
    ],
)
def test_days_are_read_as_people_type_them(typed: str, day: date | None) -> None:
    assert read_day(typed) == day


@pytest.mark.parametrize(
    ("typed", "time"),
    [("9.00", "09:00"), ("9:05", "09:05"), ("23.59", "23:59"), ("24.00", None), ("9", None)],
)
def test_times_are_read_as_people_type_them(typed: str, time: str | None) -> None:
    found = read_time(typed)
    assert (f"{found:%H:%M}" if found else None) == time


# Moving


def test_the_form_holds_the_moment_there_is(coordinator: Browser) -> None:
    page = coordinator.get(MOVE).text
    assert 'value="20-5-2026"' in page
    assert 'value="9.30"' in page
    assert "Toch op deze dag" not in page


def test_a_mail_moves_and_the_schedule_shows_it(coordinator: Browser, facts: ParticipationFacts) -> None:
    sent = coordinator.post(MOVE, day="27-5-2026", time="9.00")
    assert (sent.status_code, sent.headers["Location"]) == (303, PLACE)
    assert moment(facts) == "2026-05-27 09:00"
    assert "woensdag 27 mei 2026, 9.00 uur" in coordinator.get(PLACE).text
    assert acts(facts) == [("mail_moved", "second_reminder", "2026-05-27 09:00")]


def test_a_holiday_is_refused_with_the_reason_a_better_day_and_a_way_around(
    coordinator: Browser, facts: ParticipationFacts
) -> None:
    sent = coordinator.post(MOVE, day="25-5-2026", time="9.00")
    assert sent.status_code == 422
    assert "maandag 25 mei is Tweede Pinksterdag." in sent.text
    assert "Kies een andere dag, bijvoorbeeld dinsdag 26 mei." in sent.text
    assert 'value="25-5-2026"' in sent.text
    assert 'name="anyway"' in sent.text
    assert moment(facts) == "2026-05-20 09:30"
    assert coordinator.post(MOVE, day="25-5-2026", time="9.00", anyway="1").status_code == 303
    assert moment(facts) == "2026-05-25 09:00"
    assert acts(facts) == [("mail_moved_anyway", "second_reminder", "2026-05-25 09:00", "public_holiday")]


@pytest.mark.parametrize(
    ("day", "time", "words"),
    [
        ("morgen", "9.00", "Vul een dag in, bijvoorbeeld 26-5-2026"),
        ("27-5-2026", "negen uur", "Vul een tijd in, bijvoorbeeld 9.00"),
        ("13-5-2026", "9.00", "Deze dag kan niet."),
        ("9-6-2026", "9.00", "Deze dag kan niet."),
        ("1-5-2026", "9.00", "Deze dag kan niet."),
        ("27-5-9998", "9.00", "Deze dag kan niet."),
    ],
)
def test_a_fault_is_told_twice_and_what_was_typed_stays(
    coordinator: Browser, facts: ParticipationFacts, day: str, time: str, words: str
) -> None:
    sent = coordinator.post(MOVE, day=day, time=time)
    assert sent.status_code == 422
    assert sent.text.count(words) == 2
    assert f'value="{day}"' in sent.text
    assert f'value="{time}"' in sent.text
    assert "<title>Fout:" in sent.text
    assert moment(facts) == "2026-05-20 09:30"
    assert acts(facts) == []


def test_a_mail_that_went_out_is_not_moved(coordinator: Browser, facts: ParticipationFacts) -> None:
    place = f"{PLACE}/move/invitation"
    assert coordinator.get(place).headers["Location"] == PLACE
    assert coordinator.post(place, day="27-5-2026", time="9.00").status_code == 422
    assert moment(facts, "invitation") == "2026-05-04 09:30"
    assert 'move/invitation"' not in coordinator.get(PLACE).text


@pytest.mark.parametrize("method", ["get", "post"])
def test_no_other_kinds(coordinator: Browser, method: str) -> None:
    assert getattr(coordinator, method)(f"{PLACE}/move/moved").status_code == 404


def test_what_the_page_does_the_command_sees(
    coordinator: Browser, facts: ParticipationFacts, clock: FixedClock
) -> None:
    coordinator.post(MOVE, day="27-5-2026", time="9.00")
    with db.write() as connection:
        at = datetime(2026, 5, 28, 9, tzinfo=ZONE)
        move_mail(connection, facts, "second_reminder", at, clock(), ALLOWED)
    assert 'value="28-5-2026"' in coordinator.get(MOVE).text


# Extending


def test_the_last_day_becomes_a_later_one(coordinator: Browser, facts: ParticipationFacts) -> None:
    page = coordinator.get(f"{PLACE}/extend").text
    assert "tot en met vrijdag 5 juni 2026" in page
    assert "De meting eindigt op dinsdag 30 juni 2026." in page
    assert coordinator.post(f"{PLACE}/extend", day="12-6-2026").status_code == 303
    assert read(facts).last_day == date(2026, 6, 12)
    assert acts(facts) == [("extended", "2026-06-05", "2026-06-12")]


@pytest.mark.parametrize("day", ["", "straks", "5-6-2026", "1-7-2026", "1-1-9998"])
def test_another_last_day_is_refused_in_words(
    coordinator: Browser, facts: ParticipationFacts, day: str
) -> None:
    sent = coordinator.post(f"{PLACE}/extend", day=day)
    assert sent.status_code == 422
    assert f'value="{day}"' in sent.text
    assert '<a href="#day">' in sent.text
    assert read(facts).last_day == date(2026, 6, 5)
    assert acts(facts) == []


def test_where_no_later_day_can_be_there_is_no_form(coordinator: Browser, facts: ParticipationFacts) -> None:
    with db.write() as connection:
        connection.execute(update(Wave).values(deadline=facts.last_day))
    page = coordinator.get(f"{PLACE}/extend").text
    assert "Een latere dag kan dus niet." in page
    assert 'name="day"' not in page


# Pausing


def test_a_pause_begins_and_ends_with_a_page_of_its_own(
    coordinator: Browser, facts: ParticipationFacts
) -> None:
    assert "Er gaat geen mail uit tot u de pauze stopt" in coordinator.get(f"{PLACE}/pause").text
    assert coordinator.post(f"{PLACE}/pause", what="pause").status_code == 303
    assert read(facts).paused
    assert "Gepauzeerd: er gaat geen mail uit" in coordinator.get(PLACE).text
    assert "Niemand krijgt dezelfde mail twee keer" in coordinator.get(f"{PLACE}/pause").text
    assert coordinator.post(f"{PLACE}/pause", what="resume").status_code == 303
    assert not read(facts).paused
    assert sorted(acts(facts)) == [("paused",), ("resumed",)]


@pytest.mark.parametrize("what", ["pause", "resume"])
def test_pressed_twice_it_stays_as_it_was(coordinator: Browser, facts: ParticipationFacts, what: str) -> None:
    coordinator.post(f"{PLACE}/pause", what="pause")
    for _ in range(2):
        assert coordinator.post(f"{PLACE}/pause", what=what).status_code == 303
    assert read(facts).paused is (what == "pause")
    assert acts(facts).count(("paused",)) == 1


# The goal


def test_a_goal_is_kept_shown_and_taken_away(coordinator: Browser, facts: ParticipationFacts) -> None:
    assert coordinator.post(f"{PLACE}/goal", goal="60 %").status_code == 303
    assert read(facts).goal == 60
    assert 'value="60"' in coordinator.get(PLACE).text
    assert coordinator.post(f"{PLACE}/goal", goal="").status_code == 303
    assert read(facts).goal is None
    assert sorted(acts(facts)) == [("goal_removed",), ("goal_set", 60)]


@pytest.mark.parametrize("typed", ["0", "101", "veel", "-5", "²", "9" * 50])
def test_what_is_no_percentage_is_refused_and_stays_typed(
    coordinator: Browser, facts: ParticipationFacts, typed: str
) -> None:
    sent = coordinator.post(f"{PLACE}/goal", goal=typed)
    assert sent.status_code == 422
    assert sent.text.count("Vul een percentage in van 1 tot en met 100, of laat het leeg") == 2
    assert f'value="{typed}"' in sent.text
    assert read(facts).goal is None
    assert acts(facts) == []


# After the close


def test_after_the_close_pages_lead_back_and_forms_change_nothing(
    coordinator: Browser, facts: ParticipationFacts, clock: FixedClock
) -> None:
    clock.pass_time(days=2)
    with db.write() as connection:
        close_participation(connection, facts, clock())
    for place in (MOVE, f"{PLACE}/extend", f"{PLACE}/pause"):
        assert coordinator.get(place).headers["Location"] == PLACE
    coordinator.post(MOVE, day="27-5-2026", time="9.00")
    coordinator.post(f"{PLACE}/extend", day="12-6-2026")
    coordinator.post(f"{PLACE}/pause", what="pause")
    after = read(facts)
    assert (moment(facts), after.last_day, after.paused) == ("2026-05-20 09:30", facts.last_day, False)
    assert acts(facts) == []
    assert clock() - facts.opens_at > timedelta(days=1)
