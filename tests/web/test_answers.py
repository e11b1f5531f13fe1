"""The review desk on pages: two accounts, or nothing is released; nobody else sees an answer."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from aoj_survey.accounts import add_account
from aoj_survey.db import db
from aoj_survey.keys import KeyDirectory
from aoj_survey.open_answers import OpenAnswer
from aoj_survey.responses import open_together
from aoj_survey.reviewing import Place, list_progress, read_released
from aoj_survey.waves import ParticipationFacts, list_acts
from aoj_survey.web import answers
from tests.conftest import FixedClock
from tests.open_answers.test_texts import MEETS
from tests.responses.boxes import close_and_open, make_small, read_rows
from tests.staging import Person, send
from tests.web.browsing import Browser, log_in
from tests.web.conftest import PASSWORD
from tests.web.places import crawl, find_values, list_places

PAGE = "/coordinator/2026/rijnmeer/answers"
MARKER = "zeldzaamwoord"


@pytest.fixture
def opened(
    keys: KeyDirectory, facts: ParticipationFacts, people: list[Person], clock: FixedClock
) -> ParticipationFacts:
    """Twelve people wrote something, two of whom named a school."""
    for number, person in enumerate(people[:12]):
        words = f"{MARKER} op school {number}, bel 0612345678" if number in (3, 5) else f"{MARKER} {number}"
        assert send(person, {**MEETS, "visie_hoe": words}, clock()) == "sent"
    return close_and_open(keys, facts, clock())


def visitor(app: Flask, name: str, *rights: str) -> Browser:
    with db.write() as connection:
        token = add_account(connection, name, rights)[1]
    return log_in(app, token)


@pytest.fixture
def first(app: Flask, opened: ParticipationFacts) -> Browser:
    return visitor(app, "Verzonnen Een", "review")


@pytest.fixture
def second(app: Flask, opened: ParticipationFacts) -> Browser:
    return visitor(app, "Verzonnen Twee", "approve")


def list_answers() -> dict[str, str]:
    """The key of each answer on the page, by its text."""
    return {row["text"]: row["id"].hex for row in read_rows(OpenAnswer)}


def list_released(facts: ParticipationFacts) -> list[str]:
    with db.read() as connection:
        return [answer.text for answer in read_released(connection, Place(facts.id))]


def choose(browser: Browser, **choices: str) -> int:
    browser.get(f"{PAGE}/visie_hoe")
    return browser.post(f"{PAGE}/visie_hoe", **choices).status_code


def decide_all(browser: Browser, choice: str) -> int:
    """Make one choice for every proposal on the page."""
    page = browser.get(f"{PAGE}/visie_hoe/decide").text
    seals = dict(part.split('" value="')[0:2] for part in page.split('name="seal-')[1:])
    sent = {f"seal-{key}": value.partition('"')[0] for key, value in seals.items()}
    sent |= {f"choice-{key}": choice for key in seals}
    return browser.post(f"{PAGE}/visie_hoe/decide", **sent).status_code


def test_one_proposes_and_another_releases_shortens_and_drops(
    opened: ParticipationFacts, first: Browser, second: Browser
) -> None:
    known = list_answers()
    named = f"{MARKER} op school 3, bel 0612345678"
    page = first.get(f"{PAGE}/visie_hoe").text
    assert "Hoe maakt u samen een visie?" in page
    shown = [key for key in known.values() if f"choice-{key}" in page]
    assert len(shown) == 10
    sent = {
        f"choice-{known[f'{MARKER} 0']}": "release",
        f"choice-{known[f'{MARKER} 1']}": "drop",
        f"choice-{known[named]}": "redact",
        f"text-{known[named]}": f"{MARKER} op […], bel […]",
    }
    assert choose(first, **sent) == 303
    assert list_released(opened) == [], "one person released"
    looked = second.get(f"{PAGE}/visie_hoe/decide").text
    assert "Verzonnen Een stelt voor om dit vrij te geven" in looked
    assert '<mark>0612345678<span class="hidden"> (lijkt op: telefoonnummer)</span></mark>' in looked
    assert f"{MARKER} op […], bel […]" in looked
    assert decide_all(second, "agree") == 303
    assert sorted(list_released(opened)) == [f"{MARKER} 0", f"{MARKER} op […], bel […]"]
    assert f"{MARKER} 1" not in list_answers()
    with db.read() as connection:
        [decided] = [act for act in list_acts(connection, opened.id) if act.code == "answers_decided"]
    assert (decided.made_by, dict(decided.values)) == (
        "Verzonnen Twee",
        {"name": "visie_hoe", "released": 1, "redacted": 1, "dropped": 1, "words": "Verzonnen Een"},
    )
    assert "Beslist: 3 van 12" in first.get(PAGE).text


def test_what_looks_like_a_name_or_number_is_marked_and_left_out_of_what_is_proposed(first: Browser) -> None:
    for text, key in list_answers().items():
        if text.endswith("5678"):
            continue
        choose(first, **{f"choice-{key}": "release"})
    pages = first.get(f"{PAGE}/visie_hoe").text
    assert '<mark>school 3<span class="hidden"> (lijkt op: organisatie)</span></mark>' in pages
    assert '<mark>0612345678<span class="hidden"> (lijkt op: telefoonnummer)</span></mark>' in pages
    assert f"{MARKER} op […], bel […]</textarea>" in pages


def test_words_that_were_not_there_come_back_with_what_to_do(first: Browser) -> None:
    key = min(list_answers().values())  # the first on the page
    first.get(f"{PAGE}/visie_hoe")
    sent = {f"choice-{key}": "redact", f"text-{key}": f"{MARKER} gelogen"}
    answer = first.post(f"{PAGE}/visie_hoe", **sent)
    assert answer.status_code == 422
    assert "Het woord “gelogen” staat niet op die plek" in answer.text
    assert f"{MARKER} gelogen</textarea>" in answer.text


def confirm_alone(opened: ParticipationFacts, browser: Browser) -> None:
    """Propose, and decide on what one proposed oneself by sending the form of the other's page."""
    choose(browser, **{f"choice-{key}": "release" for key in list_answers().values()})
    page = browser.get(f"{PAGE}/visie_hoe/decide").text
    assert MARKER not in page, "somebody decides on own proposals"
    with db.read() as connection:
        rows = connection.execute(select(OpenAnswer)).mappings().all()
    seals = {f"seal-{row['id'].hex}": "0" * 16 for row in rows}
    browser.post(f"{PAGE}/visie_hoe/decide", **seals, **{f"choice-{row['id'].hex}": "agree" for row in rows})
    assert list_released(opened) == [], "somebody decides on own proposals"


def test_nobody_decides_on_own_proposals(opened: ParticipationFacts, first: Browser) -> None:
    confirm_alone(opened, first)


def test_twin_a_page_that_shows_own_proposals_is_noticed(
    opened: ParticipationFacts, first: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed: Callable[..., object] = answers.list_proposed
    monkeypatch.setattr(
        answers,
        "list_proposed",
        lambda connection, place, item, _name, *rest: listed(connection, place, item, "", *rest),
    )
    with pytest.raises(AssertionError, match="own proposals"):
        confirm_alone(opened, first)


def test_who_approves_decides_and_proposes_nothing(second: Browser, first: Browser) -> None:
    assert second.get(f"{PAGE}/visie_hoe").status_code == 403
    second.get(PAGE)
    assert second.post(f"{PAGE}/visie_hoe").status_code == 403
    assert first.get(f"{PAGE}/visie_hoe/decide").status_code == 200


def test_what_is_sent_back_waits_again(opened: ParticipationFacts, first: Browser, second: Browser) -> None:
    choose(first, **{f"choice-{key}": "drop" for key in list_answers().values()})
    assert decide_all(second, "back") == 303
    with db.read() as connection:
        [progress] = list_progress(connection, Place(opened.id))
    assert (progress.waiting, progress.proposed, progress.dropped) == (10, 2, 0)


def test_an_unknown_question_and_nonsense_are_no_trouble(first: Browser) -> None:
    assert first.get(f"{PAGE}/onbekend").status_code == 404
    nonsense = {f"choice-{key}": "release" for key in ("x", "0" * 32, "g" * 32, "")}
    assert choose(first, **nonsense, **{"choice-1": "?"}) == 303
    assert first.get(f"{PAGE}/visie_hoe?after=nonsense").status_code == 200


def test_what_is_left_for_later_does_not_hide_the_next(first: Browser, second: Browser) -> None:
    keys = sorted(list_answers().values())
    page = first.get(f"{PAGE}/visie_hoe").text
    follow = f"{PAGE}/visie_hoe?after={keys[9]}"
    assert f'href="{follow}"' in page
    rest = first.get(follow).text
    assert [key for key in keys if f"choice-{key}" in rest] == keys[10:]
    assert "?after=" not in rest
    answer = first.post(follow, **{f"choice-{keys[11]}": "drop"})
    assert answer.headers["Location"] == follow
    answer = first.post(follow, **{f"choice-{keys[10]}": "drop"})
    assert answer.headers["Location"] == f"{PAGE}/visie_hoe"
    choose(first, **{f"choice-{key}": "drop" for key in keys[:10]})
    looked = second.get(f"{PAGE}/visie_hoe/decide").text
    assert f'href="{PAGE}/visie_hoe/decide?after={keys[9]}"' in looked
    assert f"choice-{keys[10]}" in second.get(f"{PAGE}/visie_hoe/decide?after={keys[9]}").text


def look_for_answers(app: Flask, keys: KeyDirectory, facts: ParticipationFacts, people: list[Person]) -> None:
    """Everybody but those of the desk looks everywhere: no answer in own words may be seen."""
    with db.write() as connection:
        token = add_account(connection, "Verzonnen Analist", ["download"])[1]
    browsers = [Browser(app), log_in(app, PASSWORD), log_in(app, token), Browser(app, token=token)]
    places = list_places(app, find_values(keys, facts, people[0]))
    assert f"{PAGE}/visie_hoe/decide" in places
    for browser in browsers:
        found = [place for place, text in crawl(browser, places).items() if MARKER in text]
        assert not found, "an answer is shown"


def test_nobody_else_sees_an_answer(
    app: Flask, keys: KeyDirectory, opened: ParticipationFacts, people: list[Person], first: Browser
) -> None:
    choose(first, **{f"choice-{key}": "release" for key in list_answers().values()})
    look_for_answers(app, keys, opened, people)


def test_twin_a_desk_open_to_the_coordinator_is_noticed(
    app: Flask,
    keys: KeyDirectory,
    opened: ParticipationFacts,
    people: list[Person],
    first: Browser,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    choose(first, **{f"choice-{key}": "release" for key in list_answers().values()})
    monkeypatch.setattr(answers, "may_decide", lambda _who: True)
    with pytest.raises(AssertionError, match="an answer is shown"):
        look_for_answers(app, keys, opened, people)


def test_those_of_small_boxes_have_a_page_together(
    app: Flask, keys: KeyDirectory, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.responses.boxes.ANSWERS", {**MEETS, "visie_hoe": MARKER})
    for region in ("duinstreek", "heuvelland"):
        make_small(keys, clock, region, 6)
    with db.write() as connection:
        open_together(connection, keys, "2026", clock())
    browser = visitor(app, "Verzonnen Een", "review")
    assert "/coordinator/2026/joint/answers" in browser.get("/coordinator/2026/duinstreek/answers").text
    assert "Hoe maakt u samen een visie?" in browser.get("/coordinator/2026/joint/answers").text
    page = browser.get("/coordinator/2026/joint/answers/visie_hoe")
    assert page.text.count(f">{MARKER}<") >= 10
