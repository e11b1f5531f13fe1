"""Stop and erase: only a POST erases, only what was not sent, and the way back stays open."""

from collections.abc import Sequence

import pytest
from flask import Flask

from aoj_survey.responses import Ballot, Draft
from tests.conftest import FixedClock
from tests.staging import Person
from tests.web.browsing import Browser
from tests.web.test_respondent import count, read_status


def begin_and_answer(browser: Browser, person: Person) -> None:
    browser.begin(person)
    browser.answer("overleg", overleg="ja")


def test_erasing_says_what_it_does_and_leaves_the_invitation_open(
    app: Flask, browser: Browser, people: Sequence[Person]
) -> None:
    begin_and_answer(browser, people[0])
    asked = browser.get("stop")
    assert "Stoppen en uw antwoorden wissen?" in asked.text
    assert "U kunt uw antwoorden niet terughalen." in asked.text
    assert count(Draft) == 1, "looking erases nothing"
    assert browser.place(browser.post("stop")) == "erased"
    assert (count(Draft), count(Ballot)) == (0, 0)
    assert read_status(people[0]) == ("open", True)
    erased = browser.get("erased")
    assert "Uw antwoorden zijn gewist" in erased.text
    assert "vrijdag 5 juni 2026" in erased.text
    assert browser.get("p/overleg").status_code == 403, "the browser forgot the link"
    again = Browser(app)
    assert "Start de vragenlijst" in again.open(people[0]).text
    assert again.place(again.post("start")) == "p/overleg"


@pytest.mark.parametrize("method", ["get", "head"])
def test_twin_a_page_that_is_only_opened_erases_nothing(
    browser: Browser, people: Sequence[Person], method: str
) -> None:
    begin_and_answer(browser, people[0])
    for place in ("stop", "erased"):
        getattr(browser, method)(place)
    assert count(Draft) == 1


def test_erasing_needs_the_token_of_the_form(browser: Browser, people: Sequence[Person]) -> None:
    begin_and_answer(browser, people[0])
    assert browser.post("stop", csrf_token="").status_code == 400
    assert count(Draft) == 1


def test_who_kept_nothing_is_offered_nothing_to_erase(browser: Browser, people: Sequence[Person]) -> None:
    assert "Stop en wis" not in browser.open(people[0]).text
    browser.post("start")
    assert "Stop en wis" not in browser.get("p/overleg").text
    assert browser.place(browser.get("stop")) == ""


def test_the_page_of_erased_answers_is_not_shown_while_there_are_any(
    browser: Browser, people: Sequence[Person]
) -> None:
    begin_and_answer(browser, people[0])
    assert browser.place(browser.get("erased")) == ""


def test_it_is_offered_on_every_page_once_there_is_something_to_erase_and_told_where_one_leaves(
    browser: Browser, people: Sequence[Person]
) -> None:
    browser.begin(people[0])
    browser.answer_all()
    for place in ("", "p/overleg", "p/beter", "check"):
        assert f'href="{browser.base}stop"' in browser.get(place).text
    assert "Stop en wis mijn antwoorden" in browser.get("saved").text


def test_the_check_and_the_page_of_what_is_kept_say_that_nothing_was_sent(
    browser: Browser, people: Sequence[Person]
) -> None:
    browser.begin(people[0])
    browser.answer_all()
    for place in ("check", "saved"):
        assert "nog niet verstuurd" in browser.get(place).text


def test_what_was_sent_cannot_be_erased_and_the_page_says_so(
    browser: Browser, people: Sequence[Person]
) -> None:
    browser.begin(people[0])
    browser.answer_all()
    browser.get("check")
    browser.post("send")
    for refused in (browser.post("stop"), browser.get("stop"), browser.get("erased")):
        assert refused.status_code == 200
        assert "niet meer bekijken, veranderen of wissen" in refused.text
    assert count(Ballot) == 1
    assert read_status(people[0]) == ("done", True)


def test_after_the_close_nothing_can_be_erased_by_hand(
    browser: Browser, people: Sequence[Person], clock: FixedClock
) -> None:
    begin_and_answer(browser, people[0])
    clock.pass_time(days=40)
    assert browser.post("stop").status_code == 410
