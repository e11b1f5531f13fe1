"""A language that is read from right to left: nobody sees its catalogue until a speaker has checked it."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from flask import Flask
from flask_babel import Domain

from aoj_survey.config import CATALOGUES, make_settings
from aoj_survey.errors import SettingsError
from aoj_survey.waves import ParticipationFacts
from tests.staging import Person
from tests.web.asking import STEPS, answer_until
from tests.web.browsing import Browser
from tests.web.conftest import PASSWORD_HASH
from tests.web.test_language import NOT_FOR_YOUTH, VARIABLE, extract, list_texts, read_catalogue
from tests.web.test_texts import ARABIC, read_languages, switch

CHECKED = {"languages_checked": "ar: Verzonnen Vertaler", "coordinator_password_hash": PASSWORD_HASH}
FOR_OTHERS = re.compile("/web/accessibility[.]py|/web/templates/(optout|pages)/|/invitations/mails/")
"""Files whose sentences respondents read in Dutch or English only."""

LATIN = re.compile("[A-Za-z]{3,}")
ADDRESS = re.compile(
    r"\S+@\S+|https?://\S+|\b(IB|JGZ|MDO|OOGO|SWV|ZAT|ZOCO)\b|Rijnmeer|voorjaar 2026|thuis|<b>eten</b>"
)


@pytest.fixture
def settings_values() -> dict[str, Any]:
    return CHECKED


@pytest.fixture
def facts(facts_of_kinds: ParticipationFacts) -> ParticipationFacts:
    return facts_of_kinds


def travel(browser: Browser, person: Person) -> dict[str, str]:
    """Every page of a whole journey in Arabic, with prompts and errors."""
    browser.open(person)
    switch(browser, "ar")
    pages = {"welcome": browser.get("").text}
    browser.post("start")
    pages |= {f"prompt {page}": browser.answer(page).text for page, _ in STEPS}
    pages["error"] = browser.answer("jaren", jaren="x").text
    pages["error in a date"] = browser.answer("laatste", laatste=["9", "9", "x"]).text
    answer_until(browser, "check")
    places = (*(f"p/{page}" for page, _ in STEPS), "check", "role", "abbreviations", "stop", "saved")
    pages |= {place: browser.get(place).text for place in places}
    browser.open(person)
    switch(browser, "ar")
    browser.get("check")
    browser.post("send")
    pages |= {"thanks": browser.get("thanks").text, "already": browser.get("").text}
    # What only explains is not asked again: it leads on.
    return {place: page for place, page in pages.items() if "<body" in page}


def find_half(pages: dict[str, str]) -> list[tuple[str, str]]:
    """The texts of our own that are not Arabic, or are marked as something they are not."""
    found: list[tuple[str, str]] = []
    for place, page in pages.items():
        for text, language, direction in read_languages(page):
            words = ADDRESS.sub("", text)
            if ARABIC.search(words):
                wrong = language not in {"", "ar"}
            else:
                wrong = bool(LATIN.search(words)) and language not in {"nl", "en"} and direction != "auto"
            if wrong:
                found.append((place, text))
    return found


def test_a_whole_journey_is_in_arabic_and_right_to_left(browser: Browser, people: Sequence[Person]) -> None:
    pages = travel(browser, people[0])
    assert find_half(pages) == []
    assert len(pages) > 25
    assert [place for place, page in pages.items() if '<html lang="ar" dir="rtl">' not in page] == []
    assert "ابدأ الاستبيان" in pages["welcome"]
    assert "شكرا لك! أرسلت إجاباتك" in pages["thanks"]
    assert 'lang="nl" dir="ltr">Volgende' not in pages["p/waar"]


def test_twin_without_the_catalogue_it_would_be_half_english(
    browser: Browser, people: Sequence[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = Domain([str(Path(__file__).parent)], "messages")
    monkeypatch.setattr("aoj_survey.web.language.get_everybody", lambda: empty)
    assert ("welcome", "Start the questionnaire") in find_half(travel(browser, people[0]))


def test_pages_without_a_link_do_not_speak_it(app: Flask) -> None:
    assert '<html lang="nl"' in Browser(app, "ar").get("/coordinator/login").text


@pytest.mark.parametrize(
    "text", ["ar", "ar:", "ar: ", ": Verzonnen", "nl: Verzonnen", "tr: Verzonnen", "ar: A; xx: B"]
)
def test_a_language_is_checked_by_somebody_and_has_a_catalogue(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsError, match="languages_checked must look like"):
        make_settings(tmp_path, {"languages_checked": text})


def test_by_default_no_more_languages_are_spoken(tmp_path: Path) -> None:
    assert make_settings(tmp_path, {}).own_languages == ()
    assert make_settings(tmp_path, CHECKED).own_languages == ("ar",)


def list_lacking(sources: Catalog, arabic: Catalog) -> list[str]:
    """The sentences for respondents that the catalogue lacks."""
    own = {(str(message.id), message.context) for message in arabic if all(list_texts(message.string))}
    return [
        str(message.id)
        for message in sources
        if message.id
        and (str(message.id), message.context) not in own
        and not all(
            NOT_FOR_YOUTH.search(f"/{file}") or FOR_OTHERS.search(f"/{file}") for file, _ in message.locations
        )
    ]


def test_the_catalogue_has_every_sentence_for_respondents_and_keeps_their_variables(tmp_path: Path) -> None:
    sources, arabic = extract(tmp_path), read_catalogue("ar")
    assert list_lacking(sources, arabic) == []
    for message in arabic:
        for text in list_texts(message.string) if message.id else ():
            assert set(VARIABLE.findall(text)) == set(VARIABLE.findall(list_texts(message.id)[-1])), (
                message.id
            )
            assert not LATIN.search(VARIABLE.sub("", text).replace("strong", "")), message.id


def test_twin_a_sentence_that_is_lacking_is_found(tmp_path: Path) -> None:
    sources, arabic = extract(tmp_path), read_catalogue("ar")
    arabic.delete("Next")
    assert list_lacking(sources, arabic) == ["Next"]


def test_it_says_that_nobody_checked_it() -> None:
    head = (CATALOGUES / "ar" / "LC_MESSAGES" / "messages.po").read_text(encoding="utf-8")[:300]
    assert "NOT YET CHECKED" in head
