"""Never lose an answer: a page is kept while somebody is busy with it, also on two devices at once."""

import re
from collections.abc import Sequence

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from aoj_survey.responses import DraftContent, Marks, Merged
from aoj_survey.waves import ParticipationFacts
from aoj_survey.web.static import FOLDER
from tests.conftest import FixedClock
from tests.staging import Person
from tests.web.browsing import SEND_ALL, Browser
from tests.web.test_respondent import read_kept

pytestmark = pytest.mark.both_databases

WAS = re.compile(r'name="was_" value="([^"]*)"')
TOLD = "Op een ander apparaat was de vorige vraag intussen ook ingevuld."


def look(browser: Browser, page: str) -> str:
    """Open a page and return the marks it carries."""
    found = WAS.search(browser.get(f"p/{page}").text)
    assert found is not None
    return found[1]


def keep(browser: Browser, page: str, **data: object) -> TestResponse:
    """What the script sends while somebody is busy with a page."""
    return browser.post(f"p/{page}/keep", **data)


@pytest.fixture
def phone(app: Flask, browser: Browser, people: Sequence[Person]) -> Browser:
    """A second device of the same person; both have begun."""
    browser.begin(people[0])
    browser.answer("overleg", overleg="ja")
    second = Browser(app)
    second.begin(people[0])
    return second


# While somebody is busy


def test_what_is_filled_in_is_kept_before_the_page_is_sent(
    browser: Browser, people: Sequence[Person], facts: ParticipationFacts
) -> None:
    browser.begin(people[0])
    kept = keep(browser, "overleg", overleg="ja", was_=look(browser, "overleg"))
    assert kept.status_code == 200
    assert kept.json == {"kept": True, "other": False, "was": look(browser, "overleg")}
    assert read_kept(people[0], facts) == DraftContent({"overleg": "ja"})


def test_a_page_that_is_half_right_keeps_that_half_and_says_so(
    browser: Browser, people: Sequence[Person], facts: ParticipationFacts
) -> None:
    browser.begin(people[0])
    browser.answer("overleg", overleg="ja")
    kept = keep(browser, "jaren", jaren="tien", was_=look(browser, "jaren"))
    assert kept.json is not None
    assert kept.json["kept"] is False
    assert "Fout" not in kept.text
    assert read_kept(people[0], facts) == DraftContent({"overleg": "ja"})


def test_keeping_an_empty_page_asks_nothing_and_counts_as_no_prompt(
    browser: Browser, people: Sequence[Person], facts: ParticipationFacts
) -> None:
    browser.begin(people[0])
    browser.answer("overleg", overleg="ja")
    keep(browser, "jaren", was_=look(browser, "jaren"))
    assert read_kept(people[0], facts) == DraftContent({"overleg": "ja"})
    assert browser.answer("jaren").status_code == 200, "the prompt still comes"


def test_keeping_needs_the_token_of_the_form(
    browser: Browser, people: Sequence[Person], facts: ParticipationFacts
) -> None:
    browser.begin(people[0])
    assert keep(browser, "overleg", overleg="ja", csrf_token="").status_code == 400
    assert read_kept(people[0], facts) is None


def test_what_cannot_be_kept_any_more_says_so_without_a_page(
    browser: Browser, people: Sequence[Person], facts: ParticipationFacts, clock: FixedClock
) -> None:
    browser.begin(people[0])
    look(browser, "overleg")
    clock.pass_time(days=40)
    for place in ("overleg", "no_such_page"):
        refused = keep(browser, place, overleg="ja")
        assert (refused.status_code, refused.json) == (409, {"kept": False})
    assert read_kept(people[0], facts) is None


def test_a_question_page_carries_where_to_keep_it_and_words_for_each_state(
    browser: Browser, people: Sequence[Person]
) -> None:
    browser.begin(people[0])
    page = browser.get("p/overleg").text
    assert f'data-keep="{browser.base}p/overleg/keep" autocomplete="off"' in page
    for said in (
        'data-kept="Bewaard"',
        'data-not="Nog niet bewaard"',
        'data-offline="Nog niet bewaard: geen verbinding. We proberen het opnieuw."',
    ):
        assert said in page
    assert 'id="kept" role="status"' in page


def test_the_script_leaves_nothing_in_the_browser() -> None:
    for script in FOLDER.glob("*.js"):
        text = script.read_text(encoding="utf-8")
        for store in (
            "localStorage",
            "sessionStorage",
            "indexedDB",
            "caches",
            "serviceWorker",
            "cookie",
            "history.",
        ):
            assert store not in text, (script.name, store)


# Two devices at once


def test_what_another_device_filled_in_meanwhile_stays(
    browser: Browser, phone: Browser, people: Sequence[Person], facts: ParticipationFacts
) -> None:
    """Each of two statements on one device; the page of the second still shows the first as empty."""
    first, second = look(browser, "kennen"), look(phone, "kennen")
    assert browser.answer("kennen", taken="ja", was_=first, step_="skip").status_code == 303
    sent = phone.answer("kennen", afspraken="nee", was_=second, step_="skip")
    assert phone.place(sent) == "p/sturing"
    kept = read_kept(people[0], facts)
    assert kept is not None
    assert kept.answers == {"overleg": "ja", "taken": "ja", "afspraken": "nee"}


def test_twin_without_putting_together_the_answer_of_the_other_device_is_lost(
    browser: Browser,
    phone: Browser,
    people: Sequence[Person],
    facts: ParticipationFacts,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def overwrite(_codes: object, _shown: object, sent: dict[str, str], *_: object, yields: bool) -> Merged:
        del yields
        marks: Marks = {}
        return Merged(dict(sent), frozenset(), dict(marks))

    monkeypatch.setattr("aoj_survey.web.replies.merge_answers", overwrite)
    with pytest.raises(AssertionError):
        test_what_another_device_filled_in_meanwhile_stays(browser, phone, people, facts)


@pytest.mark.parametrize("newer", ["browser", "phone"])
def test_where_both_answered_the_newer_page_wins_and_its_reader_is_told(
    browser: Browser, phone: Browser, people: Sequence[Person], facts: ParticipationFacts, newer: str
) -> None:
    devices = {"browser": (browser, "11"), "phone": (phone, "22")}
    marks = {name: look(device, "jaren") for name, (device, _) in devices.items()}
    older = next(name for name in devices if name != newer)
    device, typed = devices[older]
    assert device.place(device.answer("jaren", jaren=typed, was_=marks[older])) == "p/kennen"
    device, typed = devices[newer]
    place = device.place(device.answer("jaren", jaren=typed, was_=marks[newer]))
    assert place == "p/kennen?other=1"
    assert TOLD in device.get(place).text
    assert TOLD not in device.get("p/kennen").text
    kept = read_kept(people[0], facts)
    assert kept is not None
    assert kept.answers["jaren"] == int(typed)


def test_who_is_told_on_the_page_of_what_is_kept_and_on_the_check(
    browser: Browser, phone: Browser, people: Sequence[Person]
) -> None:
    was = look(phone, "jaren")
    browser.answer("jaren", jaren="11")
    place = phone.place(phone.answer("jaren", jaren="22", was_=was, step_="later"))
    assert place == "saved?other=1"
    assert TOLD in phone.get(place).text
    phone.begin(people[0])
    browser.get("p/jaren")
    browser.answer_all()
    was = look(browser, "jaren?to=check")
    phone.get("p/jaren")
    phone.answer("jaren", jaren="33")
    place = browser.place(browser.post("p/jaren?to=check", jaren="44", was_=was))
    assert place == "check?other=1"
    assert TOLD in browser.get(place).text


def test_a_prompt_shows_what_the_other_device_filled_in(browser: Browser, phone: Browser) -> None:
    was = look(browser, "kennen")
    phone.answer("kennen", taken="ja", step_="skip")
    page = browser.answer("kennen", was_=was)
    assert browser.place(page) == "p/sturing", "asked once already, on the other device"
    assert 'name="taken" value="ja" checked' in browser.get("p/kennen").text


def test_an_error_leaves_open_what_the_reader_saw_last(browser: Browser, phone: Browser) -> None:
    was = look(browser, "jaren")
    phone.answer("jaren", jaren="22")
    refused = browser.answer("jaren", jaren="tien", was_=was)
    found = WAS.search(refused.text)
    assert found is not None
    assert found[1] == was
    assert browser.place(browser.answer("jaren", jaren="10", was_=found[1])) == "p/kennen?other=1"


def test_the_script_is_told_and_then_its_page_wins(
    browser: Browser, phone: Browser, people: Sequence[Person], facts: ParticipationFacts
) -> None:
    was = look(browser, "jaren")
    phone.answer("jaren", jaren="22")
    told = keep(browser, "jaren", jaren="11", was_=was)
    assert told.json is not None
    assert told.json["other"] is True
    again = keep(browser, "jaren", jaren="11", was_=told.json["was"])
    assert again.json is not None
    assert (again.json["kept"], again.json["other"]) == (True, False)
    kept = read_kept(people[0], facts)
    assert kept is not None
    assert kept.answers["jaren"] == 11
    assert browser.place(browser.answer("jaren", jaren="11", was_=again.json["was"])) == "p/kennen"


def test_what_the_script_sent_before_and_comes_in_after_the_page_changes_nothing(
    browser: Browser, people: Sequence[Person], facts: ParticipationFacts
) -> None:
    browser.begin(people[0])
    for page, data in SEND_ALL[:4]:
        browser.answer(page, **data)
    was = look(browser, "visie_hoe")
    browser.answer("visie_hoe", visie_hoe="samen om tafel", was_=was)
    keep(browser, "visie_hoe", visie_hoe="samen o", was_=was)
    kept = read_kept(people[0], facts)
    assert kept is not None
    assert kept.answers["visie_hoe"] == "samen om tafel"


@pytest.mark.parametrize("was", ["", "jaren", "jaren:", "jaren:zz x:y", "<script>", ":" * 50])
def test_marks_that_are_none_break_nothing(
    browser: Browser, people: Sequence[Person], facts: ParticipationFacts, was: str
) -> None:
    browser.begin(people[0])
    browser.answer("overleg", overleg="ja")
    assert browser.answer("jaren", jaren="5", was_=was).status_code == 303
    assert "<script>al" not in browser.answer("jaren", jaren="x", was_=was).text
    kept = read_kept(people[0], facts)
    assert kept is not None
    assert kept.answers["jaren"] == 5


# The way back


@pytest.mark.parametrize("page", [page for page, _ in SEND_ALL])
def test_without_its_cookie_the_link_leads_back_to_the_same_page_with_all_answers(
    app: Flask, browser: Browser, people: Sequence[Person], page: str
) -> None:
    browser.begin(people[0])
    for code, data in SEND_ALL:
        if code == page:
            break
        browser.answer(code, **data)
    browser.client.delete_cookie("aoj", path=browser.base)
    assert browser.get(f"p/{page}").status_code == 403
    again = Browser(app)
    back = again.place(again.begin(people[0]))
    # Who had answered nothing yet begins, and is not welcomed back.
    assert back == (f"p/{page}" if page == SEND_ALL[0][0] else f"p/{page}?resumed=1")
    for code, data in SEND_ALL:
        if code == page:
            break
        for given in data.values():
            for value in given if isinstance(given, list) else [given]:
                assert value in again.get(f"p/{code}").text


def test_the_language_switch_of_a_page_one_came_back_to_stays_on_it(
    browser: Browser, people: Sequence[Person]
) -> None:
    browser.begin(people[0])
    browser.answer("overleg", overleg="ja")
    assert f'href="{browser.base}language/en?next=p/jaren"' in browser.get("p/jaren?resumed=1").text
