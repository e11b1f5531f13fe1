"""Personal links in the browser: the cookie, and two links that never mix (16) with its twin."""

from collections.abc import Sequence

import pytest
from flask import Flask

from aoj_survey.invitations import derive_handle
from aoj_survey.responses import DraftContent
from aoj_survey.waves import ParticipationFacts
from tests.staging import Person
from tests.web.browsing import Browser
from tests.web.test_respondent import read_kept


def test_the_cookie_is_for_its_own_pages_only(browser: Browser, people: Sequence[Person]) -> None:
    opened = browser.get(f"/l/{people[0].token}")
    handle = derive_handle(people[0].token)
    assert opened.status_code == 303
    assert opened.headers["Location"] == f"/v/{handle}/"
    assert people[0].token not in opened.headers["Location"]
    assert opened.headers["Set-Cookie"] == (
        f"aoj={people[0].token}.nl; HttpOnly; Path=/v/{handle}/; SameSite=Lax"
    )


def test_a_token_is_taken_as_people_type_it(browser: Browser, people: Sequence[Person]) -> None:
    token = people[0].token.upper()
    assert browser.get(f"/l/{token[:13]}-{token[13:]}").status_code == 303


def answer_two_links_in_turn(browser: Browser, people: Sequence[Person], facts: ParticipationFacts) -> None:
    """One browser, two links, pages in turn: each keeps its own answers."""
    browser.begin(people[0])
    first = browser.base
    browser.begin(people[1])
    second = browser.base
    assert first != second
    assert browser.post(f"{first}p/overleg", overleg="ja").status_code == 303
    assert browser.post(f"{second}p/overleg", overleg="nee").status_code == 303
    assert browser.post(f"{first}p/jaren", jaren="1").status_code == 303
    assert browser.post(f"{second}p/jaren", jaren="2").status_code == 303
    assert read_kept(people[0], facts) == DraftContent({"overleg": "ja", "jaren": 1})
    assert read_kept(people[1], facts) == DraftContent({"overleg": "nee", "jaren": 2})


def test_two_links_in_one_browser_never_mix(
    browser: Browser, people: Sequence[Person], facts: ParticipationFacts
) -> None:
    answer_two_links_in_turn(browser, people, facts)


def test_twin_one_cookie_for_all_pages_mixes_them(
    browser: Browser, people: Sequence[Person], facts: ParticipationFacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aoj_survey.web.links._path", lambda handle: "/")  # pyright: ignore[reportUnknownArgumentType]
    with pytest.raises(AssertionError):
        answer_two_links_in_turn(browser, people, facts)


def test_a_cookie_of_another_link_opens_nothing(
    app: Flask, browser: Browser, people: Sequence[Person]
) -> None:
    browser.open(people[0])
    other = derive_handle(people[1].token)
    browser.client.set_cookie("aoj", f"{people[0].token}.nl", path=f"/v/{other}/")
    assert browser.get(f"/v/{other}/").status_code == 403


def test_twin_without_the_check_of_the_handle_it_would(
    browser: Browser, people: Sequence[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.open(people[0])
    other = derive_handle(people[1].token)
    browser.client.set_cookie("aoj", f"{people[0].token}.nl", path=f"/v/{other}/")
    monkeypatch.setattr("aoj_survey.web.links.hmac.compare_digest", lambda *_: True)
    assert browser.get(f"/v/{other}/").status_code == 200
