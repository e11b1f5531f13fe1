"""What went wrong in another survey engine when we measured it (LimeSurvey), and must not here."""

import re
import threading
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask

from aoj_survey.installation import Installation
from aoj_survey.responses import Ballot, Draft
from tests.anonymity.test_crash import state, visit
from tests.staging import Person
from tests.web.browsing import SEND_ALL, Browser
from tests.web.test_respondent import count, read_status

pytestmark = pytest.mark.both_databases

BYTES, REQUESTS = 100_000, 6
"""Of the first question. There it weighed 1.42 MB in 30 requests."""


# The same link in a new browser started empty, and made a second row


def go_on_in_another_browser(app: Flask, browser: Browser, person: Person) -> None:
    browser.begin(person)
    for page, data in SEND_ALL[:3]:
        browser.answer(page, **data)
    other = Browser(app)
    assert other.place(other.begin(person)) == "p/sturing?resumed=1"
    assert 'value="10"' in other.get("p/jaren").text
    for page, data in SEND_ALL[3:]:
        other.answer(page, **data)
    assert count(Draft) == 1
    other.get("check")
    assert other.place(other.post("send")) == "thanks"
    assert (count(Draft), count(Ballot)) == (0, 1)
    assert "al ingevuld" in browser.get("").text


def test_the_same_link_in_a_new_browser_goes_on_and_makes_no_second_row(
    app: Flask, browser: Browser, people: Sequence[Person]
) -> None:
    go_on_in_another_browser(app, browser, people[0])


def test_twin_answers_kept_by_browser_would_start_empty(
    app: Flask, browser: Browser, people: Sequence[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    def draw(_token: str) -> UUID:
        return uuid4()

    monkeypatch.setattr("aoj_survey.responses.drafts.derive_draft_id", draw)
    with pytest.raises(AssertionError):
        go_on_in_another_browser(app, browser, people[0])


# A kill during the final post left the answer sent with its link open, which took a second questionnaire


def check_not_sent_with_an_open_link(person: Person) -> None:
    status, ballots, drafts = state(person)
    assert (status, ballots, drafts) in {("open", 0, 1), ("done", 1, 0)}


@pytest.mark.parametrize("point", ["before_commit", "after_commit"])
def test_killed_in_the_final_post_no_answer_is_sent_while_its_link_stays_open(
    installation: Installation, people: Sequence[Person], point: str
) -> None:
    assert visit(installation, people[0], point) == "the line went dead"
    check_not_sent_with_an_open_link(people[0])


def test_after_a_kill_that_came_too_late_the_link_takes_no_second_questionnaire(
    browser: Browser, people: Sequence[Person], installation: Installation
) -> None:
    assert visit(installation, people[0], "after_commit") == "the line went dead"
    assert "al ingevuld" in browser.open(people[0]).text
    browser.get("/coordinator/login")  # any page with a form token
    for place in ("start", "p/overleg", "p/overleg/keep", "send"):
        browser.post(place, overleg="nee")
    assert state(people[0]) == ("done", 1, 0)


def test_twin_an_answer_sent_without_using_up_its_link_is_noticed(
    browser: Browser, people: Sequence[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aoj_survey.responses.submission.mark_done", lambda *_: True)
    browser.begin(people[0])
    browser.answer_all()
    browser.get("check")
    browser.post("send")
    with pytest.raises(AssertionError):
        check_not_sent_with_an_open_link(people[0])


# Two final posts at once made two rows


def send_from_two_devices_at_once(app: Flask, person: Person) -> list[int]:
    """Return the statuses of both final posts."""
    devices = [Browser(app), Browser(app)]
    devices[0].begin(person)
    devices[0].answer_all()
    for device in devices:
        device.open(person)
        device.get("check")
    together, statuses = threading.Barrier(2), list[int]()

    def press(device: Browser) -> None:
        together.wait(60)
        statuses.append(device.post("send").status_code)

    threads = [threading.Thread(target=press, args=(device,)) for device in devices]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(statuses)


def test_two_final_posts_at_once_make_one_row_and_no_error(app: Flask, people: Sequence[Person]) -> None:
    for person in people[:4]:
        assert send_from_two_devices_at_once(app, person) == [200, 303]
        assert read_status(person) == ("done", True)
    assert (count(Ballot), count(Draft)) == (4, 0)


def test_twin_a_link_that_is_not_used_up_makes_two(
    app: Flask, people: Sequence[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(*_: Any) -> bool:
        return True

    monkeypatch.setattr("aoj_survey.responses.submission.mark_done", nothing)
    monkeypatch.setattr("aoj_survey.responses.submission.delete_draft", nothing)
    send_from_two_devices_at_once(app, people[0])
    assert count(Ballot) == 2


# The first question weighed 1.42 MB in 30 requests


def weigh(browser: Browser, place: str) -> dict[str, int]:
    """Bytes of a page and of each file a browser fetches for it, uncompressed; fonts for Latin script."""
    page = browser.get(place)
    weights = {place: len(page.data)}
    for address in re.findall(r'(?:<link|<script)[^>]*?(?:href|src)="([^"]+)"', page.text):
        weights[address] = len(browser.get(address).data)
        if address.endswith(".css"):
            folder = address.rpartition("/")[0]
            for font in re.findall(r'url\("?([^")]+latin\.woff2)"?\)', browser.get(address).text):
                weights[f"{folder}/{font}"] = len(browser.get(f"{folder}/{font}").data)
    return weights


def test_the_first_question_is_light_and_takes_few_requests(
    browser: Browser, people: Sequence[Person]
) -> None:
    browser.begin(people[0])
    weights = weigh(browser, "p/overleg")
    assert {address.rpartition(".")[2] for address in weights} > {"css", "js", "svg", "woff2"}
    assert len(weights) <= REQUESTS, weights
    assert sum(weights.values()) < BYTES, weights


def test_twin_a_heavy_first_question_is_noticed(
    browser: Browser, people: Sequence[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    def pad(*_: Any, **__: Any) -> str:
        return "<p>" + " " * BYTES

    monkeypatch.setattr("aoj_survey.web.respondent.show_question_page", pad)
    browser.begin(people[0])
    assert sum(weigh(browser, "p/overleg").values()) > BYTES
