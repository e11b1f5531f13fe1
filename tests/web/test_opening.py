"""The page of the opening: two different people approve, after the close; it tells no more than counts."""

import html
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import get_args

import pytest
from flask import Flask
from sqlalchemy import Connection, delete

from aoj_survey.accounts import add_account, remove_account, renew_token
from aoj_survey.db import db
from aoj_survey.fieldwork import destroy_small_boxes, open_asked, start_participation
from aoj_survey.hooks import load_hooks
from aoj_survey.invitations import write_note
from aoj_survey.keys import KeyDirectory
from aoj_survey.responses import (
    AskedOpening,
    Ballot,
    Refusal,
    list_approvals,
    list_asked_openings,
    refuse_opening,
    request_opening,
)
from aoj_survey.waves import ParticipationFacts, list_acts
from aoj_survey.web import opening
from aoj_survey.web.standing import say_refusal
from tests.conftest import FixedClock
from tests.responses.boxes import (
    POLICY,
    approve,
    close,
    fill_box,
    make_small,
    open_now,
    read_rows,
    restore_rows,
)
from tests.responses.custodians import start_twice
from tests.staging import ANSWERS, QUESTIONNAIRES, list_people, make_plan, plan_wave, send, start_wave
from tests.web.browsing import TOKEN, Browser, log_in
from tests.web.conftest import PASSWORD

PAGE = "/coordinator/2026/rijnmeer/opening"
BUTTON = "Geef akkoord om te openen"
BOTH = "Geef akkoord en open de bus"
ASK = ">Open de bus<"
ASKED = {"open": "1"}


def officer(app: Flask, name: str = "Verzonnen Functionaris", right: str = "approve") -> Browser:
    with db.write() as connection:
        token = add_account(connection, name, [right])[1]
    return log_in(app, token)


def approved(facts: ParticipationFacts) -> Sequence[str]:
    with db.read() as connection:
        return list_approvals(connection, facts.id)


def test_two_people_approve_after_the_close_and_then_it_can_be_opened(
    app: Flask, keys: KeyDirectory, facts: ParticipationFacts, clock: FixedClock
) -> None:
    fill_box(keys, facts, clock(), 12)
    closed = close(facts, clock())
    first, second = log_in(app, PASSWORD), officer(app)
    assert "<dd>12</dd>" in first.get(PAGE).text
    assert "dat klopt" in first.get(PAGE).text
    for _ in range(2):
        assert first.post(PAGE).status_code == 303
    assert approved(facts) == ("coordinator",)
    page = first.get(PAGE).text
    assert "U heeft akkoord gegeven" in page
    assert BUTTON not in page
    assert second.get("/coordinator/").headers["Location"] == PAGE
    assert BOTH in second.get(PAGE).text
    second.post(PAGE)
    assert ASK in second.get(PAGE).text
    with db.read() as connection:
        acts = [act.made_by for act in list_acts(connection, facts.id) if act.code == "opening_approved"]
    assert sorted(acts) == ["Verzonnen Functionaris", "coordinator"]
    assert open_now(keys, closed, clock()) == 12
    assert "De aantallen klopten" in first.get(PAGE).text
    assert "<p>De bus is geopend.</p>" in first.get(PAGE).text


def test_the_roles_that_are_joined_stand_there_before_and_after_the_opening(
    sqlite_app: Flask, clock: FixedClock
) -> None:
    keys: KeyDirectory = sqlite_app.extensions["aoj"].keys
    invited = {"ib": 14, "beleid_gem": 8, "swv": 9}
    policy = {"beleid_gem": ("beleid", "1"), "swv": ("beleid", "1")}
    plan = make_plan(clock(), invited)
    with db.write() as connection:
        plan = replace(plan, questionnaires={**plan.questionnaires, **policy})
        facts = plan_wave(connection, keys, plan, invited)
        start_participation(connection, facts, QUESTIONNAIRES, clock())
    browser = log_in(sqlite_app, PASSWORD)
    page = browser.get(PAGE).text
    assert "Op grond van alleen de lijst verwachten we deze:" in page
    assert "samenwerkingsverband worden samen “beleid”." in page
    people = list_people(keys, facts)
    for role, number in (("ib", 8), ("beleid_gem", 4), ("swv", 6)):
        for person in [one for one in people if one.role == role][:number]:
            assert send(person, ANSWERS if role == "ib" else POLICY, clock()) == "sent"
    # The form's token holds the moment it was made.
    assert TOKEN.sub("", browser.get(PAGE).text) == TOKEN.sub("", page), "the page tells who answers"
    closed = close(facts, clock())
    joined = (
        "beleidsmedewerkers gemeente (4), directeuren en coördinatoren samenwerkingsverband (6) worden samen "
        "“beleid” (10)."
    )
    assert joined in browser.get(PAGE).text
    approve(closed)
    open_now(keys, closed, clock())
    page = browser.get(PAGE).text
    assert "Deze functies zijn samengevoegd:" in page
    assert joined in page


def test_where_no_role_is_too_small_that_is_said(sqlite_app: Flask, clock: FixedClock) -> None:
    keys: KeyDirectory = sqlite_app.extensions["aoj"].keys
    facts = start_wave(keys, clock(), {"ib": 14})
    fill_box(keys, facts, clock(), 12)
    close(facts, clock())
    assert "Geen functie is te klein" in log_in(sqlite_app, PASSWORD).get(PAGE).text


def approve_too_early(app: Flask, facts: ParticipationFacts) -> None:
    browser = officer(app)
    page = browser.get(PAGE).text
    assert BUTTON not in page
    assert "na de sluiting vergeleken" in page
    browser.post(PAGE)
    assert approved(facts) == (), "approved before the close"


def test_nobody_approves_before_the_close(app: Flask, facts: ParticipationFacts) -> None:
    approve_too_early(app, facts)


def test_twin_an_approval_at_any_time_is_noticed(
    app: Flask, facts: ParticipationFacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = officer(app, "Verzonnen Vroeg")
    browser.get(PAGE)
    monkeypatch.setattr(opening, "may_be_approved", lambda _facts: True)
    monkeypatch.setattr("aoj_survey.responses.consents.hold_box", lambda *_: "closed")
    with pytest.raises(AssertionError):
        approve_too_early(app, facts)


@pytest.mark.parametrize("right", ["download", "review"])
def test_who_may_not_approve_sees_no_page_and_changes_nothing(
    app: Flask, facts: ParticipationFacts, clock: FixedClock, right: str
) -> None:
    close(facts, clock())
    browser = officer(app, right=right)
    assert browser.get(PAGE).status_code == 403
    browser.get("/coordinator/login")
    assert browser.post(PAGE).status_code == 403
    assert approved(facts) == ()


@pytest.mark.parametrize("change", [remove_account, renew_token])
def test_who_lost_the_account_meanwhile_approves_nothing(
    sqlite_app: Flask, clock: FixedClock, change: Callable[[Connection, str], object]
) -> None:
    facts = start_wave(sqlite_app.extensions["aoj"].keys, clock(), {"ib": 12})
    close(facts, clock())
    browser = officer(sqlite_app)
    browser.get(PAGE)
    with db.write() as connection:
        change(connection, "Verzonnen Functionaris")
    assert browser.post(PAGE, **ASKED).headers["Location"].endswith("/coordinator/login")
    assert approved(facts) == ()


def test_with_a_delay_nobody_is_asked(app: Flask, keys: KeyDirectory, clock: FixedClock) -> None:
    close(start_wave(keys, clock(), {"ib": 12}, approval="delay"), clock())
    page = log_in(app, PASSWORD).get(PAGE).text
    assert "Die zijn voorbij op donderdag 7 mei om 9.30 uur" in page
    assert BUTTON not in page


def test_a_box_too_small_to_tell_of_shows_no_numbers(
    app: Flask, keys: KeyDirectory, facts: ParticipationFacts, clock: FixedClock
) -> None:
    fill_box(keys, facts, clock(), 1)
    close(facts, clock())
    page = log_in(app, PASSWORD).get(PAGE).text
    assert (
        "Er is niets te zien: de groep is te klein" in page or "<dl class=" not in page.partition("2. Wat")[0]
    )


def list_asked() -> list[AskedOpening]:
    with db.read() as connection:
        return list(list_asked_openings(connection))


def make_ready(
    keys: KeyDirectory, facts: ParticipationFacts, clock: FixedClock, answered: int = 12
) -> ParticipationFacts:
    """Close a box and let two people approve its opening."""
    fill_box(keys, facts, clock(), answered)
    closed = close(facts, clock())
    approve(closed)
    return closed


def ask_without_approval(app: Flask, facts: ParticipationFacts, clock: FixedClock) -> None:
    close(facts, clock())
    browser = officer(app)
    browser.get(PAGE)
    for _ in range(2):
        browser.post(PAGE, **ASKED)
    assert list_asked() == [], "asked without a second person"


def test_one_person_alone_asks_for_nothing(app: Flask, facts: ParticipationFacts, clock: FixedClock) -> None:
    ask_without_approval(app, facts, clock)


def test_twin_asking_by_one_person_is_noticed(
    app: Flask, facts: ParticipationFacts, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aoj_survey.responses.consents.APPROVERS", 1)
    with pytest.raises(AssertionError, match="second person"):
        ask_without_approval(app, facts, clock)


def test_with_a_delay_it_is_asked_for_after_72_hours(
    app: Flask, keys: KeyDirectory, clock: FixedClock
) -> None:
    make_ready(keys, start_wave(keys, clock(), {"ib": 12}, approval="delay"), clock)
    browser = log_in(app, PASSWORD)
    assert ASK not in browser.get(PAGE).text
    browser.post(PAGE, **ASKED)
    assert list_asked() == []
    clock.pass_time(hours=72)
    assert ASK in browser.get(PAGE).text
    browser.post(PAGE, **ASKED)
    assert [asked.person for asked in list_asked()] == ["coordinator"]


@pytest.mark.both_databases
def test_two_people_press_at_once_and_it_opens_once(
    app: Flask, keys: KeyDirectory, facts: ParticipationFacts, clock: FixedClock
) -> None:
    make_ready(keys, facts, clock)
    pages = [officer(app, "Verzonnen Links"), officer(app, "Verzonnen Rechts")]
    for browser in pages:
        assert ASK in browser.get(PAGE).text
    together, answers = threading.Barrier(2), list[int]()

    def press(browser: Browser) -> None:
        together.wait(20)
        answers.extend(browser.post(PAGE, **ASKED).status_code for _ in range(2))

    threads = [threading.Thread(target=press, args=(browser,)) for browser in pages]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [303] * 4
    assert len(list_asked()) == 1
    with db.read() as connection:
        assert [act.code for act in list_acts(connection, facts.id)].count("opening_asked") == 1
    assert open_asked(db, keys, load_hooks(), clock()) == 12
    for browser in pages:
        assert browser.post(PAGE, **ASKED).status_code == 303
        assert "<p>De bus is geopend.</p>" in browser.get(PAGE).text
    assert list_asked() == []


def test_while_it_is_being_opened_the_page_says_so_and_whether_the_worker_runs(
    app: Flask, keys: KeyDirectory, facts: ParticipationFacts, clock: FixedClock
) -> None:
    make_ready(keys, facts, clock)
    browser = log_in(app, PASSWORD)
    browser.get(PAGE)
    browser.post(PAGE, **ASKED)
    assert "Het programma dat de bus opent, draait niet" in browser.get(PAGE).text
    with db.write() as connection:
        write_note(connection, "worker", clock())
    page = browser.get(PAGE).text
    assert "De bus wordt geopend" in page
    assert ASK not in page


def test_what_was_refused_is_said_with_what_to_do_and_tried_again(
    app: Flask, keys: KeyDirectory, facts: ParticipationFacts, clock: FixedClock
) -> None:
    closed = make_ready(keys, facts, clock)
    [first, *_] = read_rows(Ballot)
    with db.write() as connection:
        connection.execute(delete(Ballot).where(Ballot.id == first["id"]))
        request_opening(connection, closed, "Verzonnen Vrager", clock())
    open_asked(db, keys, load_hooks(), clock())
    browser = log_in(app, PASSWORD)
    page = browser.get(PAGE).text
    assert "Er zitten niet evenveel antwoorden in de bus" in page
    assert "Vraag uw beheerder om te kijken" in page
    restore_rows(Ballot, [first])
    browser.post(PAGE, **ASKED)
    assert open_asked(db, keys, load_hooks(), clock()) == 12


def test_each_refusal_has_words_of_its_own(
    app: Flask, keys: KeyDirectory, facts: ParticipationFacts, clock: FixedClock
) -> None:
    closed = make_ready(keys, facts, clock, 3)
    with db.write() as connection:
        request_opening(connection, closed, "Verzonnen Vrager", clock())
    browser = log_in(app, PASSWORD)
    causes: set[str] = set()
    for code in (*get_args(Refusal), "fault"):
        with db.write() as connection:
            refuse_opening(connection, facts.id, code)
        with app.test_request_context(headers={"Accept-Language": "nl"}):
            cause, advice = say_refusal(code)
        page = html.unescape(browser.get(PAGE).text)
        assert f"<p>{cause}</p><p>{advice}</p>" in page
        assert "Probeer opnieuw te openen" in page
        causes.add(cause)
    assert len(causes) == len(get_args(Refusal)) + 1


def test_a_small_box_says_what_it_waits_for_and_then_that_it_opened_together(
    app: Flask, keys: KeyDirectory, facts: ParticipationFacts, clock: FixedClock
) -> None:
    make_ready(keys, facts, clock, 7)
    browser = log_in(app, PASSWORD)
    assert ASK in browser.get(PAGE).text
    browser.post(PAGE, **ASKED)
    with db.write() as connection:
        write_note(connection, "worker", clock())
    assert open_asked(db, keys, load_hooks(), clock()) == 0
    page = browser.get(PAGE).text
    assert "Hij wacht op de laatste opening van deze meting" in page
    assert "wordt geopend" not in page
    other = make_small(keys, clock, "duinstreek", 4)
    with db.write() as connection:
        request_opening(connection, other, "Verzonnen Vrager", clock())
    assert open_asked(db, keys, load_hooks(), clock()) == 11
    assert "Deze bus ging open samen met andere kleine" in browser.get(PAGE).text


def test_a_box_that_was_destroyed_asks_for_nothing(
    app: Flask, keys: KeyDirectory, facts: ParticipationFacts, clock: FixedClock
) -> None:
    fill_box(keys, facts, clock(), 4)
    close(facts, clock())
    clock.pass_time(days=90)
    assert destroy_small_boxes(db, keys, clock()) == 1
    browser = log_in(app, PASSWORD)
    page = browser.get(PAGE).text
    assert "De bus is vernietigd" in page
    assert BUTTON not in page
    browser.post(PAGE, **ASKED)
    assert approved(facts) == ()


def test_custodians_are_told_where_they_open(app: Flask, keys: KeyDirectory, clock: FixedClock) -> None:
    facts = start_twice(keys, clock(), {"ib": 12})
    fill_box(keys, facts, clock(), 12)
    close(facts, clock())
    first, second = log_in(app, PASSWORD), officer(app)
    for browser in (first, second):
        assert BUTTON in browser.get(PAGE).text
        browser.post(PAGE, **ASKED)
    page = first.get(PAGE).text
    assert "aoj responses open 2026 rijnmeer" in page
    assert ASK not in page
    assert list_asked() == []
